/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What lowering makes of a recipe: stages with typed options and named edges.
 * Values are normalised texts: an INT or SIZE is decimal (bytes), a BOOL is "0"
 * or "1", a PATHS item is an absolute path, a MAP item
 * has its key beside it, as PATHS have that came as a table.
 */
#ifndef MSMV_GRAPH_STAGE_H
#define MSMV_GRAPH_STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "catalog/catalog.h"
#include "value/source.h"
#include "value/value.h"

struct stage_option {
	char *name;
	uint32_t type, flags; /* from the plugin's option table */
	size_t count;
	char **keys; /* count of them, for a MAP and named PATHS; else NULL */
	char **values;
	struct pos *places; /* count of them: of each key or item; as pos */
	char **sections;    /* count of them, each NULL where section says it */
	char *section; /* that gives it: "[boot.network]"; NULL: the stage's */
	struct pos pos; /* in the recipe; line 0 for a default or a built-in value */
};

struct stage_input {
	char *port;       /* this stage's input port */
	char *from_stage; /* the producer */
	char *from_port;  /* its output port */
	char *file; /* the recipe's name for it, where the port wants one; else NULL */
};

struct stage {
	char *name; /* "kernel.build" */
	char *section; /* of the recipe: "[kernel]"; NULL: none */
	const struct plugin_info *plugin;
	char *arch; /* "x86_64"; NULL: of every architecture */
	const struct plugin_info *arch_plugin;
	VEC(struct stage_option) options; /* every option of the plugin that has a value */
	VEC(struct stage_input) inputs;   /* in the order the recipe gives */
	VEC(char *) needs;                /* stages that must succeed first */
	char *label, *version, *license;  /* of a source, as the recipe says; or NULL */
	char *locked;                     /* the sum that the recipe's lock wants, or NULL */
	struct pos pos;                   /* where in the recipe it comes from */
};

/* A stage's output that is copied to the output folder. */
struct export {
	char *stage, *port;
	char *filename; /* NULL: what the stage or its port table says */
	char *folder;   /* in the output folder; NULL: right in it */
};

struct pipeline {
	char *name;    /* general.name */
	char *recipe;  /* absolute path */
	char *arch;    /* "x86_64", or several with ", " between */
	const struct plugin_info *arch_plugin; /* of the one */
	VEC(struct stage *) stages; /* in the order of lowering */
	VEC(struct export) exports;
	struct sources sources; /* that positions point into */
};

#define PIPELINE_INIT { NULL, NULL, NULL, NULL, VEC_INIT, VEC_INIT, SOURCES_INIT }

struct stage *stage_new(const char *name, const struct plugin_info *plugin);
void stage_free(struct stage *s);
/* A new option with no values yet; the pointer holds until the next call. */
struct stage_option *stage_add_option(struct stage *s, const char *name, uint32_t type,
	uint32_t flags);
void stage_option_add(struct stage_option *o, const char *key, const char *value);
/* The same for what stands in the recipe. */
void stage_option_add_at(struct stage_option *o, const char *key, const char *value,
	struct pos pos);
/* Where the item stands that has this key (of a MAP) or text; else the option. */
struct pos stage_option_place(const struct stage_option *o, const char *item);
/* The recipe's section that gives the item, or the option; NULL: the stage's. */
const char *stage_option_section(const struct stage_option *o, const char *item);
/* The newest item comes from this section. */
void stage_option_from(struct stage_option *o, const char *section);
const struct stage_option *stage_option_get(const struct stage *s, const char *name);
void stage_connect(struct stage *s, const char *port, const char *from_stage,
	const char *from_port);
/* True if the plugin provides a capability that begins so: "run:", "output:qcow2". */
bool stage_provides(const struct stage *s, const char *prefix);
/* True if the plugin provides "fetch:..." of some kind: what it makes comes from outside. */
bool stage_fetches(const struct stage *s);
struct stage *pipeline_find(const struct pipeline *p, const char *name);
/* True for the stage of this name, and for NAME@ARCH if name is NAME. */
bool stage_is(const struct stage *s, const char *name);
void export_release(struct export *e);
void pipeline_release(struct pipeline *p);

#endif
