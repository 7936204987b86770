/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A recipe may be made of several files. Each value keeps the place it was written at,
 * so a report names the file that is to be mended.
 */
#include "recipe/read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text_file.h"
#include "recipe/toml.h"
#include "recipe/yaml.h"

/* ---- One file -------------------------------------------------------- */

static bool
is_yaml(const char *path)
{
	return str_ends(path, ".yaml") || str_ends(path, ".yml");
}

/* name: of the include that asks for it, or NULL. */
static struct value *
parse(const char *path, const struct value *name, struct diags *diags)
{
	cleanup_str struct str text = STR_INIT;
	cleanup_err struct err err = ERR_INIT;

	if (text_file_read(path, TOML_SIZE + 4, &text, &err) < 0) {
		if (name)
			diag_error(diags, name->pos, "include: cannot read %s: %s",
				name->string.s, err_msg(&err));
		else
			diag_file(diags, path, &err);
		return NULL;
	}
	return (is_yaml(path) ? yaml_parse : toml_parse)(
		path, str_text(&text), text.len, diags);
}

struct value *
recipe_read_file(const char *path, struct diags *diags)
{
	return streq(path, "-") ? toml_parse_file(path, diags)
				: parse(path, NULL, diags);
}

/* ---- Merging --------------------------------------------------------- */

/*
 * The members of from are given away one by one, so from is left with none. A table
 * stands where it was first, or (move) where from has it.
 */
static void
merge_tables(struct value *into, struct value *from, const char *skip, bool move)
{
	for (size_t i = 0; i < from->table.len; i++) {
		struct map_item *item = &from->table.items[i];
		struct value *v, *have = value_get(into, item->key);

		if (skip && streq(item->key, skip))
			continue;
		v = take(item->value);
		if (!have || have->kind != VALUE_TABLE || v->kind != VALUE_TABLE) {
			value_put(into, item->key, v);
			continue;
		}
		if (move) {
			have->pos = v->pos;
			have->key_pos = v->key_pos;
		}
		merge_tables(have, v, NULL, move);
		value_free(v);
	}
}

void
recipe_merge(struct value *into, struct value *from)
{
	merge_tables(into, from, NULL, false);
	value_free(from);
}

/* ---- Files that name files ------------------------------------------- */

struct known_file {
	char *path; /* without symbolic links */
	bool open;  /* it is being read: what names it now goes round in a circle */
};

struct reading {
	struct diags *diags;
	const char *top;     /* the recipe's folder, without symbolic links */
	VEC(struct known_file) files; /* all that were read */
	size_t depth;
};

static struct value *read_with_includes(
	struct reading *r, const char *path, const struct value *name);

/* The file's place among those that were read, or -1. */
static ssize_t
find_known(const struct reading *r, const char *real)
{
	for (size_t i = 0; i < r->files.len; i++)
		if (streq(r->files.v[i].path, real))
			return (ssize_t)i;
	return -1;
}

/* Where an included file really is; NULL after a report. The caller frees. */
static char *
find_file(struct reading *r, const char *path, const struct value *name)
{
	cleanup_free char *real = fs_real(path);

	if (!real) {
		diag_error(r->diags, name->pos, "include: cannot read %s: %s",
			name->string.s, strerror(errno));
		return NULL;
	}
	if (!path_is_inside(real, r->top)) {
		diag_error(r->diags, name->pos, "include: %s is outside the recipe's folder",
			name->string.s);
		diag_hint(r->diags, "a recipe reads nothing but what lies beside and below it");
		return NULL;
	}
	return take(real);
}

/* Two files may need a third: it counts once, where it was named first. */
static struct value *
include_again(struct reading *r, const struct value *name, size_t i)
{
	if (!r->files.v[i].open)
		return value_new(VALUE_TABLE, name->pos);
	diag_error(r->diags, name->pos, "include: %s is what includes it, in a circle",
		name->string.s);
	return NULL;
}

static struct value *
include_new(struct reading *r, char *real, const char *path, const struct value *name)
{
	size_t i = r->files.len;
	struct known_file file = { real, true };
	struct value *v;

	vec_push(&r->files, file);
	v = read_with_includes(r, path, name);
	r->files.v[i].open = false;
	return v;
}

/* One file that the file at path names. */
static struct value *
include_one(struct reading *r, const char *by, const struct value *name)
{
	cleanup_free char *dir = path_dir(by), *path = NULL, *real = NULL;
	ssize_t known;

	if (name->kind != VALUE_STRING || !*name->string.s ||
		strlen(name->string.s) != name->string.len) {
		diag_error(r->diags, name->pos, "include wants names of files");
		return NULL;
	}
	path = strchr(by, '/') ? path_join(dir, name->string.s) : xstrdup(name->string.s);
	real = find_file(r, path, name);
	if (!real)
		return NULL;
	known = find_known(r, real);
	if (known >= 0)
		return include_again(r, name, (size_t)known);
	if (r->depth == READ_DEPTH || r->files.len == READ_FILES) {
		diag_error(r->diags, name->pos, "include: more than %d files%s",
			r->depth == READ_DEPTH ? READ_DEPTH : READ_FILES,
			r->depth == READ_DEPTH ? " within each other" : "");
		return NULL;
	}
	return include_new(r, take(real), path, name);
}

static int
include_all(struct reading *r, const char *by, const struct value *names,
	struct value *into)
{
	bool list = names->kind == VALUE_ARRAY;
	int result = 0;

	for (size_t i = 0; i < (list ? names->array.len : 1); i++) {
		struct value *v = include_one(r, by, list ? names->array.v[i] : names);

		if (v)
			recipe_merge(into, v);
		else
			result = -1;
	}
	return result;
}

static struct value *
read_with_includes(struct reading *r, const char *path, const struct value *name)
{
	struct value *own = parse(path, name, r->diags);
	struct value *names = value_get(own, "include");
	cleanup_value struct value *all = NULL;
	int result;

	if (!names)
		return own;
	all = value_new(VALUE_TABLE, own->pos);
	r->depth++;
	result = include_all(r, path, names, all);
	r->depth--;
	merge_tables(all, own, "include", true);
	value_free(own);
	return result < 0 ? NULL : take(all);
}

struct value *
recipe_read(const char *path, struct diags *diags)
{
	cleanup_free char *dir = path_dir(path), *top = fs_real(dir);
	struct reading r = { .diags = diags, .top = top };
	char *real = fs_real(path);
	struct value *root;

	/* What cannot be found is reported by the reader, in its words. */
	if (!real || !top || streq(path, "-")) {
		free(real);
		return recipe_read_file(path, diags);
	}
	vec_push(&r.files, ((struct known_file){ real, true }));
	root = read_with_includes(&r, path, NULL);
	for (size_t i = 0; i < r.files.len; i++)
		free(r.files.v[i].path);
	vec_release(&r.files);
	return root;
}
