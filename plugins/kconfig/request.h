/* SPDX-License-Identifier: GPL-3.0-only */
/* What a recipe asks of the kernel's configuration: the architecture's needs, profiles, options. */
#ifndef KCONFIG_REQUEST_H
#define KCONFIG_REQUEST_H

#include <msmv/plugin.h>

#include "symbol.h"

struct requests {
	struct msmv_stage *stage;
	struct symbols *all;
	struct symbol **asked; /* in the order of asking; some may have been taken back */
	size_t len, cap;
	struct list origins; /* owns the origins' texts */
};

/* Collects all requests of the stage, later ones over earlier ones. */
int requests_collect(struct requests *r);
/* One more. name may start with CONFIG_; origin must outlive the requests. */
int request_add(struct requests *r, const char *name, const char *value, const char *origin);
/* Does this kernel have the option? */
bool requests_known(const struct requests *r, const char *name);
/* The requests as lines of a .config file. */
void requests_text(const struct requests *r, struct text *to);
void requests_release(struct requests *r);

#endif
