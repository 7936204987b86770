/* SPDX-License-Identifier: GPL-3.0-only */
/* Shared by the files of the YAML reader only. */
#ifndef MSMV_RECIPE_YAML_PARTS_H
#define MSMV_RECIPE_YAML_PARTS_H

#include <yaml.h>

#include "recipe/yaml.h"

/* ---- yaml_place.c: libyaml counts characters, places count bytes. ------ */

struct yaml_place {
	const char *text, *end;
	const char *at;   /* character number index */
	size_t index;
	VEC(const char *) lines; /* where each begins */
	int file;
};

void yaml_place_open(struct yaml_place *p, int file, const char *text, size_t len);
/* Takes time in proportion to the way from the place asked for before. */
struct pos yaml_place_of(struct yaml_place *p, const yaml_mark_t *mark);
/* The same for a number of bytes. */
struct pos yaml_place_at(const struct yaml_place *p, size_t offset);
void yaml_place_release(struct yaml_place *p);

/* ---- yaml_scalar.c: the core schema of YAML 1.2. ------------------------ */

/* A text of len bytes that stands there without quotes; NULL after a report. */
struct value *yaml_scalar(const char *s, size_t len, struct pos pos, struct diags *diags);
/* What a plain text is: VALUE_STRING when it is nothing else. null: true for null. */
enum value_kind yaml_plain_kind(const char *s, size_t len, bool *null);

/* ---- yaml_alias.c: what has a name, and copies of it. ------------------- */

struct yaml_anchors {
	struct map nodes; /* name -> struct value *, not owned; OPEN while it is read */
	size_t copied;    /* bytes */
};

/* The node of this name is v from here on; NULL: it has begun, but not ended. */
void yaml_anchor(struct yaml_anchors *a, const char *name, struct value *v);
/* A copy of what the name stands for; NULL after a report. */
struct value *yaml_alias(struct yaml_anchors *a, const char *name, struct pos pos,
	size_t room, struct diags *diags);
void yaml_anchors_release(struct yaml_anchors *a);

#endif
