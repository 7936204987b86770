/* SPDX-License-Identifier: GPL-3.0-only */
/* Sources with a CMakeLists.txt. */
#include "../app/app.h"

static const struct app_kind kind = {
	.name = "cmake",
	.marker = "CMakeLists.txt",
	.configure = "cmake -S . -B $BUILD",
	.tools = {"cmake"},
	.links_static = true,
};

static const char *const provides[] = {"build:cmake"};

static const struct msmv_option options[] = {
	APP_COMMANDS("command that configures the source, by default cmake -S . -B $BUILD",
		"cmake --build $BUILD", "cmake --install $BUILD"),
	APP_DEFINES,
	APP_MAKE_FLAGS,
	APP_OPTIONS,
};

static const struct msmv_port inputs[] = {APP_SOURCE, APP_SYSROOT};
static const struct msmv_port outputs[] = {APP_OUTPUTS};
static const char *const env[] = {APP_ENV};

APP_PLUGIN("cmake-app", "builds a program or library with cmake")
