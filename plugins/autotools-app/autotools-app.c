/* SPDX-License-Identifier: GPL-3.0-only */
/* Sources that are configured by a script named configure, and built with make. */
#include "../app/app.h"

static const struct app_kind kind = {.name = "autotools"};

static const char *const provides[] = {"build:autotools"};

static const struct msmv_option options[] = {
	APP_COMMANDS("command that configures the source; without it ./configure where "
		     "there is one; \"\" for none", "make", "make install"),
	APP_MAKE_FLAGS,
	APP_OPTIONS,
};

static const struct msmv_port inputs[] = {APP_SOURCE, APP_SYSROOT};
static const struct msmv_port outputs[] = {APP_OUTPUTS};
static const char *const env[] = {APP_ENV};

APP_PLUGIN("autotools-app", "builds a program or library with configure and make")
