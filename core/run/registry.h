/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Finds plugins and learns what they say of themselves. Search order, the first of
 * a name counts: $MSMV_PLUGIN_PATH (colon-separated), the person's folder
 * ($XDG_DATA_HOME/msmv/plugins, else ~/.local/share/msmv/plugins), the installed
 * one ($MSMV_BUILTIN_PLUGINS in the build tree).
 */
#ifndef MSMV_RUN_REGISTRY_H
#define MSMV_RUN_REGISTRY_H

#include "base/vec.h"
#include "catalog/catalog.h"
#include "run/context.h"

/* A file that looks like a plugin and is none, with why. */
struct bad_plugin {
	char *path, *why;
};

struct registry {
	struct catalog catalog;
	VEC(struct bad_plugin) bad; /* they do no harm until somebody asks for them */
};

#define REGISTRY_INIT { CATALOG_INIT, VEC_INIT }

/* Descriptions are cached in the store by the file's identity. */
int registry_load(struct registry *r, const struct context *ctx, struct err *err);
void registry_release(struct registry *r);

#endif
