/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv kconfig diff: the options that two configurations do not agree on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/vec.h"
#include "cli/dotconfig.h"
#include "cli/json.h"
#include "cli/kconfig_part.h"
#include "cli/text.h"

enum { DIFFERENT = 1, TROUBLE = 2 }; /* as diff(1) ends */

struct difference {
	const char *name, *a, *b;
};
typedef VEC(struct difference) differences;

static bool
is_recipe(const char *path)
{
	static const char *const endings[] = { ".toml", ".yaml", ".yml", ".json" };

	for (size_t i = 0; i < ARRAY_LEN(endings); i++)
		if (str_ends(path, endings[i]))
			return true;
	return false;
}

static int
read_config(const char *path, const char *shown, struct map *to)
{
	cleanup_str struct str text = STR_INIT;
	struct err err = ERR_INIT;
	int code = 0;

	if (fs_read(path, DOTCONFIG_MAX, &text, &err) < 0)
		code = complain(TROUBLE, "%s", err_msg(&err));
	else if (dotconfig_parse(to, str_text(&text), text.len, &err) < 0)
		code = complain(TROUBLE, "%s: %s", shown, err_msg(&err));
	err_clear(&err);
	return code;
}

static int
load(const struct args *args, const char *path, struct map *to)
{
	struct kconfig k;
	int code;

	if (!is_recipe(path))
		return read_config(path, path, to);
	code = kconfig_open(&k, args, path);
	if (code == 0)
		code = kconfig_run(&k);
	if (code == 0)
		code = read_config(k.config, path, to);
	kconfig_close(&k);
	return code == 0 || code == EXIT_INTERRUPTED ? code : TROUBLE;
}

/* An option that is not there is as good as one that is off. */
static bool
same(const char *a, const char *b)
{
	return streq(a ? a : "n", b ? b : "n");
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct difference *)a)->name, ((const struct difference *)b)->name);
}

static void
compare(const struct map *a, const struct map *b, differences *to)
{
	for (size_t i = 0; i < a->len; i++) {
		struct difference d = { a->items[i].key, a->items[i].value,
			map_get(b, a->items[i].key) };

		if (!same(d.a, d.b))
			vec_push(to, d);
	}
	for (size_t i = 0; i < b->len; i++) {
		struct difference d = { b->items[i].key, NULL, b->items[i].value };

		if (!map_get(a, d.name) && !same(NULL, d.b))
			vec_push(to, d);
	}
	if (to->len)
		qsort(to->v, to->len, sizeof(*to->v), by_name);
}

static void
print_text(const differences *all)
{
	for (size_t i = 0; i < all->len; i++) {
		const struct difference *d = &all->v[i];
		cleanup_str struct str line = STR_INIT;

		text_clean(&line, d->a ? d->a : "n");
		str_add(&line, " -> ");
		text_clean(&line, d->b ? d->b : "n");
		printf("%s: %s\n", d->name, str_text(&line));
	}
}

static void
print_json(const differences *all)
{
	json_t *list = json_array();
	char *text;

	for (size_t i = 0; i < all->len; i++) {
		json_t *o = json_object();

		json_object_set_new(o, "name", json_text(all->v[i].name));
		json_object_set_new(o, "a", json_text(all->v[i].a));
		json_object_set_new(o, "b", json_text(all->v[i].b));
		json_array_append_new(list, o);
	}
	text = json_dumps(list, JSON_INDENT(2));
	if (text)
		puts(text);
	free(text);
	json_decref(list);
}

int
kconfig_diff(const struct args *args, const char *const *words)
{
	struct map a = MAP_INIT, b = MAP_INIT;
	differences all = VEC_INIT;
	int code = load(args, words[0], &a);

	if (code == 0)
		code = load(args, words[1], &b);
	if (code == 0) {
		compare(&a, &b, &all);
		if (args_has(args, "json"))
			print_json(&all);
		else
			print_text(&all);
		code = all.len ? DIFFERENT : EXIT_DONE;
	}
	vec_release(&all);
	map_release(&a, free);
	map_release(&b, free);
	return code;
}
