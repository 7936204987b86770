/* SPDX-License-Identifier: GPL-3.0-only */
/* Sources with a makefile and nothing in front of it. */
#include "../app/app.h"

static const struct app_kind kind = {.name = "make", .configure = "", .links_static = true};

static const char *const provides[] = {"build:make"};

static const struct msmv_option options[] = {
	APP_COMMANDS("command that runs before make, as \"make defconfig\"", "make",
		"make install"),
	APP_MAKE_FLAGS,
	APP_OPTIONS,
};

static const struct msmv_port inputs[] = {APP_SOURCE, APP_SYSROOT};
static const struct msmv_port outputs[] = {APP_OUTPUTS};
static const char *const env[] = {APP_ENV};

APP_PLUGIN("make-app", "builds a program or library that has a makefile alone")
