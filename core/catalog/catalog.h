/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What the plugins say of themselves, as data: the recipe is checked and lowered
 * against this, without any plugin being loaded. run/registry.c fills it.
 */
#ifndef MSMV_CATALOG_CATALOG_H
#define MSMV_CATALOG_CATALOG_H

#include <stdint.h>

#include "base/record.h"
#include "base/vec.h"

/* One row of an option table; type and flags are msmv/plugin.h's numbers. */
struct option_info {
	char *name;
	uint32_t type, flags;
	char *fallback, *help, *unit, *choices; /* may be NULL */
	char *conflicts; /* "a|b": options that must not be given with it; or NULL */
	int64_t min, max;
};

struct port_info {
	char *name;
	uint32_t kind, flags;
	char *filename, *help; /* may be NULL */
};

struct plugin_info {
	char *name, *version, *summary;
	char *path;      /* of the .so */
	char *identity;  /* of the .so when it was looked at (fs_identity); may be NULL */
	char digest[65]; /* SHA-256 of the .so */
	uint32_t kind;   /* enum msmv_kind */
	uint32_t flags;  /* enum msmv_plugin_flags */
	uint32_t wants_facts; /* 1: has check() or facts(), to be called before its key */
	VEC(char *) provides;
	VEC(char *) env;
	VEC(struct option_info) options;
	VEC(struct port_info) inputs;
	VEC(struct port_info) outputs;
	struct record arch; /* facts of an MSMV_KIND_ARCH plugin */
};

struct catalog {
	VEC(struct plugin_info *) plugins; /* in search order: the first of a name counts */
};

#define CATALOG_INIT { VEC_INIT }

const struct plugin_info *catalog_find(const struct catalog *c, const char *name);
/* The first plugin that provides a capability such as "output:qcow2", or NULL. */
const struct plugin_info *catalog_provider(const struct catalog *c, const char *capability);
const struct option_info *plugin_option(const struct plugin_info *p, const char *name);
const struct port_info *plugin_input(const struct plugin_info *p, const char *name);
const struct port_info *plugin_output(const struct plugin_info *p, const char *name);

/* A description as the worker sends it and the cache keeps it. */
void plugin_info_write(const struct plugin_info *p, struct record *out);
/* A new plugin_info; path and digest are the caller's to set. NULL with err. */
struct plugin_info *plugin_info_read(const struct record *r, struct err *err);
void plugin_info_free(struct plugin_info *p);
void catalog_release(struct catalog *c);

#endif
