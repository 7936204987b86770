/* SPDX-License-Identifier: GPL-3.0-only */
/* Sources with a meson.build. */
#include "../app/app.h"

static const struct app_kind kind = {
	.name = "meson",
	.marker = "meson.build",
	.configure = "meson setup $BUILD",
	.tools = {"meson", "ninja"},
	.links_static = true,
};

static const char *const provides[] = {"build:meson"};

static const struct msmv_option options[] = {
	APP_COMMANDS("command that configures the source, by default meson setup $BUILD",
		"ninja -C $BUILD", "meson install -C $BUILD --no-rebuild"),
	APP_DEFINES,
	APP_OPTIONS,
};

static const struct msmv_port inputs[] = {APP_SOURCE, APP_SYSROOT};
static const struct msmv_port outputs[] = {APP_OUTPUTS};
static const char *const env[] = {APP_ENV};

APP_PLUGIN("meson-app", "builds a program or library with meson and ninja")
