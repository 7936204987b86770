/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What the files of the lowering share. Order of a lowering: each section's own file
 * makes its stages and connects them, then section_route hands the section's keys to
 * the stages, then lower.c fills in defaults and checks the whole.
 */
#ifndef MSMV_RECIPE_LOWER_PARTS_H
#define MSMV_RECIPE_LOWER_PARTS_H

#include <stdbool.h>

#include "base/map.h"
#include "base/vec.h"
#include "recipe/lower.h"
#include "recipe/schema.h"

/* One table of the recipe and the stages that its keys go to. */
struct section {
	char *name;                /* "[kernel]" */
	struct pos pos;            /* of the table */
	const struct value *table; /* NULL: not in the recipe */
	VEC(struct stage *) stages;
	VEC(const char *) known;   /* keys that are right even if no stage has them */
	VEC(const char *) done;    /* keys that a rule has used up */
	bool incomplete;           /* a stage is missing: unknown keys prove nothing */
};

/* Something that later stages may take by the name of their input port. */
struct offer {
	const char *port;                  /* as takers call it */
	const struct stage *from;
	const char *from_port;
};
typedef VEC(struct offer) offers;

/* Values that hold one text each. */
typedef VEC(const struct value *) texts;

struct app {
	const char *id;
	struct section section;
	const struct plugin_info *builder; /* NULL: reported */
	struct stage *source, *build;
	texts depends;
	const char *run; /* output_executable_path, or NULL for a library */
	bool install;
	const struct app *visited; /* whose walk over depends was here last */
	bool used;    /* another depends on it */
};

enum { FORMAT_VERSION = 1 };

struct lower {
	const struct value *root;
	const struct catalog *catalog;
	const struct lower_env *env;
	struct pipeline *out;
	struct diags *diags;
	char *dir; /* of the recipe */
	struct schema schema;
	struct map homes; /* stage -> name of its section, owned */
	bool incomplete;  /* a stage could not be made */

	struct section general, kernel, init, network, files, boot, output, run, budget;
	VEC(struct app) apps;
	struct map app_ids; /* id -> struct app *, once all are read */
	size_t edges;       /* between applications */
	bool musl;                  /* libc = "musl" */
	int format;                 /* format_version of the writers */
	struct stage *kernel_config; /* these are NULL until made */
	struct stage *kernel_build;
	struct stage *musl_build;
	struct stage *rootfs;
	offers roots; /* trees of the image */
};

/* ---- lower_make.c ---------------------------------------------------- */

/* The first plugin for a capability, or NULL after a report at pos. */
const struct plugin_info *lower_provider(struct lower *l, const char *section,
	struct pos pos, const char *capability);
/* Under the last report: what is there that begins like capability ("output:..."). */
void lower_hint_capability(struct lower *l, const char *capability);
/* A new stage in the pipeline; NULL after a report if the name is taken. */
struct stage *lower_stage(struct lower *l, const struct section *sec, const char *name,
	struct pos pos, const struct plugin_info *plugin);
/* Sets an option that the recipe left out, if the plugin has it. */
void lower_default(
	struct stage *s, const char *option, const char *key, const char *value);
/* The same for what a section says, with its place. */
void lower_entry(struct stage *s, const char *option, const char *key, const char *value,
	const struct section *sec, const struct value *from);
/* Connects if both ports exist. */
void lower_connect(struct stage *s, const char *port, const struct stage *from,
	const char *from_port);
/* Connects every input of s that an offer has the name of. */
void lower_connect_offers(struct stage *s, const offers *o);
void lower_export(struct lower *l, const struct stage *s, const char *port,
	const char *filename);
struct pos lower_pos(const struct value *v); /* of its key, else its own */

/* ---- lower_section.c ------------------------------------------------- */

/* table is a member of parent; a value that is no table is reported and left out. */
void section_open(struct lower *l, struct section *sec, const struct value *parent,
	const char *key, const char *name);
void section_release(struct section *sec);
/* s may be NULL: then something about it was reported already. */
void section_add(struct section *sec, struct stage *s);
/*
 * The keys that sections.c has for a section of that name: they are right, and those that
 * are not shared no stage is to have. What is for people alone is checked to be text.
 */
void section_keys(struct lower *l, struct section *sec, const char *name);
void section_know_plugin(struct section *sec, const struct plugin_info *p);
bool section_has(const struct section *sec, const char *key);
/* NULL if absent or reported as wrong. */
const char *section_text(struct lower *l, const struct section *sec, const char *key);
bool section_bool(
	struct lower *l, const struct section *sec, const char *key, bool fallback);
/* A string or an array of strings; whatever is neither is reported. */
void section_texts(
	struct lower *l, const struct section *sec, const char *key, texts *out);
void section_route(struct lower *l, struct section *sec);

/* ---- one file per group of sections ---------------------------------- */

/* The stage that fetches urls (one string or a list of them); NULL after a report. */
struct stage *lower_source(struct lower *l, struct section *sec, const char *name,
	const struct value *urls);
/* needed: the recipe describes a machine, which must have a name and a target. */
void lower_general(struct lower *l, bool needed);
void lower_kernel(struct lower *l);
void lower_apps(struct lower *l); /* with musl and init */
void lower_rootfs(struct lower *l);
void lower_files(struct lower *l, struct stage *rootfs);
/* After init.build is made: the network may need a program of it. rootfs may be NULL. */
void lower_network(struct lower *l, struct stage *rootfs);
/* What [applications.ID] says to the root file system: KEY is ID's entry in app_KEY. */
void lower_app_keys(struct lower *l);
/* Adds the keys that it could say so to what all knows: for a guess at a mistyped one. */
void lower_app_names(struct lower *l, struct section *all);
void lower_image(struct lower *l); /* with rootfs and boot */
void lower_boot(struct lower *l, const offers *kernel, struct stage *initramfs,
	struct stage *const *forms, const char *const *names, size_t n);
void lower_stages(struct lower *l); /* [stage.*] */
/* Where input (or need, or else the stage) is written. */
struct pos lower_stages_pos(const struct lower *l, const struct stage *s,
	const struct stage_input *input, const char *need);

#endif
