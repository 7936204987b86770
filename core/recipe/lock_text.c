/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The lock's text. It is read as strictly as a recipe, since whoever can change it
 * decides what is built; and written so that a change of one source is a change of a
 * few lines next to each other.
 */
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/sha256.h"
#include "recipe/lock.h"
#include "recipe/toml.h"

/* ---- Reading ---------------------------------------------------------- */

struct reading {
	struct diags *d;
	struct lock_source *s;
};

static int
wants(struct reading *r, const struct value *v, const char *what)
{
	return diag_error(r->d, v->pos, "wants %s, not %s", what, value_kind_name(v->kind));
}

static int
take_text(struct reading *r, const struct value *v, char **out)
{
	if (v->kind != VALUE_STRING || !v->string.len || strlen(v->string.s) != v->string.len)
		return wants(r, v, "a text");
	*out = xstrdup(v->string.s);
	return 0;
}

static int
take_stage(struct reading *r, const struct value *v)
{
	return take_text(r, v, &r->s->stage);
}

static int
take_exact(struct reading *r, const struct value *v)
{
	return take_text(r, v, &r->s->exact);
}

static int
take_file(struct reading *r, const struct value *v)
{
	return take_text(r, v, &r->s->file);
}

static int
take_signer(struct reading *r, const struct value *v)
{
	return take_text(r, v, &r->s->signer);
}

static int
take_url(struct reading *r, const struct value *v)
{
	if (v->kind != VALUE_ARRAY || !v->array.len)
		return wants(r, v, "a list of urls");
	for (size_t i = 0; i < v->array.len; i++) {
		char *url = NULL;

		if (take_text(r, v->array.v[i], &url) < 0)
			return -1;
		vec_push(&r->s->url, url);
	}
	return 0;
}

static int
take_sha256(struct reading *r, const struct value *v)
{
	if (v->kind != VALUE_STRING || !sha256_valid(v->string.s))
		return diag_error(r->d, v->pos, "wants 64 lower-case hexadecimal digits");
	memcpy(r->s->sha256, v->string.s, sizeof(r->s->sha256));
	return 0;
}

static int
take_size(struct reading *r, const struct value *v)
{
	if (v->kind != VALUE_INT || v->integer < 0)
		return diag_error(r->d, v->pos, "wants a number of bytes");
	r->s->size = (uint64_t)v->integer;
	return 0;
}

static const struct {
	const char *key;
	bool required;
	int (*read)(struct reading *, const struct value *);
} keys[] = {
	{ "stage", true, take_stage },
	{ "url", true, take_url },
	{ "exact", false, take_exact },
	{ "file", false, take_file },
	{ "sha256", true, take_sha256 },
	{ "size", true, take_size },
	{ "signer", false, take_signer },
};

static int
read_source(struct lock *l, const struct value *table, struct diags *d)
{
	struct lock_source s = { .stage = NULL };
	struct reading r = { d, &s };
	size_t taken = 0;
	int result = 0;

	if (table->kind != VALUE_TABLE)
		return diag_error(d, table->pos, "source wants tables, as [[source]]");
	for (size_t i = 0; result == 0 && i < ARRAY_LEN(keys); i++) {
		const struct value *v = value_get(table, keys[i].key);

		if (v)
			result = keys[i].read(&r, v);
		else if (keys[i].required)
			result = diag_error(d, table->pos, "a source has no %s", keys[i].key);
		taken += v != NULL;
	}
	if (result == 0 && taken != table->table.len)
		result = diag_error(d, table->pos, "a source has a key that msmv does not "
			"know: was the lock written by a newer one?");
	if (result == 0)
		vec_push(&l->sources, s);
	else
		lock_source_release(&s);
	return result;
}

static int
read_all(struct lock *l, const struct value *root, struct diags *d)
{
	const struct value *version = value_get(root, "version");
	const struct value *list = value_get(root, "source");

	if (!version || version->kind != VALUE_INT || version->integer != LOCK_VERSION)
		return diag_error(d, version ? version->pos : (struct pos){ 1, 1, 0 },
			"this lock is not of version %d, which this msmv reads", LOCK_VERSION);
	if (root->table.len != (list ? 2 : 1))
		return diag_error(d, (struct pos){ 1, 1, 0 },
			"a lock has version and [[source]], nothing else");
	if (list && list->kind != VALUE_ARRAY)
		return diag_error(d, list->pos, "source wants tables, as [[source]]");
	if (list && list->array.len > LOCK_SOURCES)
		return diag_error(d, list->pos, "has more than %d sources", LOCK_SOURCES);
	for (size_t i = 0; list && i < list->array.len; i++)
		if (read_source(l, list->array.v[i], d) < 0)
			return -1;
	return 0;
}

/* What is elsewhere is not msmv's to show, not even as the line of an error. */
static int
check_place(const char *path, struct diags *d)
{
	cleanup_free char *dir = path_dir(path), *top = fs_real(dir);
	cleanup_free char *real = fs_real(path);
	cleanup_err struct err err = ERR_INIT;

	if (real && top && path_is_inside(real, top))
		return 0;
	err_set(&err, "it is a symbolic link out of the recipe's folder");
	diag_file(d, path, &err);
	diag_hint(d, "a recipe reads nothing but what lies beside and below it");
	return -1;
}

int
lock_read(struct lock *l, const char *path, struct diags *d)
{
	struct value *root;
	int result;

	free(l->path);
	l->path = xstrdup(path);
	l->found = fs_exists(path);
	if (!l->found)
		return 0;
	if (check_place(path, d) < 0)
		return -1;
	root = toml_parse_file(path, d);
	result = root ? read_all(l, root, d) : -1;
	value_free(root);
	if (result < 0)
		diag_hint(d, "it is msmv's own file: remove it and run msmv lock again");
	return result;
}

/* ---- Writing ---------------------------------------------------------- */

static void
put_text(struct str *out, const char *s)
{
	str_addc(out, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			str_addf(out, "\\%c", *s);
		else if ((unsigned char)*s < 0x20 || *s == 0x7f)
			str_addf(out, "\\u%04X", (unsigned)*s);
		else
			str_addc(out, *s);
	}
	str_addc(out, '"');
}

static void
put_key(struct str *out, const char *key, const char *value)
{
	if (!value)
		return;
	str_addf(out, "%s = ", key);
	put_text(out, value);
	str_addc(out, '\n');
}

static void
put_source(struct str *out, const struct lock_source *s)
{
	str_add(out, "\n[[source]]\n");
	put_key(out, "stage", s->stage);
	str_add(out, "url = [");
	for (size_t i = 0; i < s->url.len; i++) {
		str_add(out, i ? ",\n\t" : "");
		put_text(out, s->url.v[i]);
	}
	str_add(out, "]\n");
	put_key(out, "exact", s->exact);
	put_key(out, "file", s->file);
	put_key(out, "sha256", s->sha256);
	str_addf(out, "size = %llu\n", (unsigned long long)s->size);
	put_key(out, "signer", s->signer);
}

static int
compare(const void *x, const void *y)
{
	const struct lock_source *a = x, *b = y;
	int c = strcmp(a->stage, b->stage);

	for (size_t i = 0; !c && i < a->url.len && i < b->url.len; i++)
		c = strcmp(a->url.v[i], b->url.v[i]);
	return c ? c : (a->url.len > b->url.len) - (a->url.len < b->url.len);
}

void
lock_write(struct lock *l, struct str *out)
{
	if (l->sources.len)
		qsort(l->sources.v, l->sources.len, sizeof(*l->sources.v), compare);
	str_add(out, "# The sources of a recipe, byte for byte. Written by msmv lock, which also changes\n"
		"# it: msmv lock RECIPE --update [STAGE...] takes what upstream has now.\n");
	str_addf(out, "version = %d\n", LOCK_VERSION);
	for (size_t i = 0; i < l->sources.len; i++)
		put_source(out, &l->sources.v[i]);
}
