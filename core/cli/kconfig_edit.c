/* SPDX-License-Identifier: GPL-3.0-only */
/* New values of kernel options in a recipe's text, which else stays as the person wrote it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text_file.h"
#include "cli/kconfig_part.h"
#include "cli/line_diff.h"
#include "recipe/edit.h"

enum { RECIPE_MAX = 16 * 1024 * 1024 };

/* Numbers stand without quotes, as people write them. */
static struct value *
value_of(const char *text)
{
	char *end;
	long long n = strtoll(text, &end, 10);
	cleanup_free char *back = xasprintf("%lld", n);
	struct value *v;

	if (!*text || *end || !streq(back, text))
		return value_string(text, strlen(text), POS_NONE);
	v = value_new(VALUE_INT, POS_NONE);
	v->integer = n;
	return v;
}

static int
set_all(const struct kconfig *k, struct edit *e, const struct map *values, struct err *err)
{
	bool kernel = streq(k->stage->section ? k->stage->section : "", "[kernel]");

	for (size_t i = 0; i < values->len; i++) {
		cleanup_free char *key = kconfig_key(k, values->items[i].key);
		const char *const of_kernel[] = { "kernel", "options", key };
		const char *const of_stage[] = { "stage", k->stage->name, "options", key };
		cleanup_value struct value *v = value_of(values->items[i].value);

		if (edit_set(e, kernel ? of_kernel : of_stage, kernel ? 3 : 4, v, err) < 0)
			return err_wrap(err, "option %s", key);
	}
	return 0;
}

static int
edit(const struct kconfig *k, const struct map *values, bool dry_run, struct err *err)
{
	const char *recipe = k->session.pipeline.recipe;
	cleanup_str struct str before = STR_INIT;
	cleanup_str struct str diff = STR_INIT;
	cleanup_edit struct edit e = EDIT_INIT;

	if (text_file_read(recipe, RECIPE_MAX, &before, err) < 0)
		return err_wrap(err, "%s", recipe);
	if (edit_open(&e, recipe, str_text(&before), before.len, err) < 0 ||
	    set_all(k, &e, values, err) < 0)
		return -1;
	line_diff(&diff, str_text(&before), edit_text(&e));
	fputs(str_text(&diff), stdout);
	if (dry_run)
		return 0;
	if (text_file_write(recipe, edit_text(&e), e.text.len, err) < 0)
		return err_wrap(err, "%s", recipe);
	return 0;
}

int
kconfig_edit(const struct kconfig *k, const struct map *values, bool dry_run)
{
	struct err err = ERR_INIT;
	int code = EXIT_DONE;

	if (edit(k, values, dry_run, &err) < 0)
		code = complain(EXIT_FAILED, "%s", err_msg(&err));
	err_clear(&err);
	return code;
}
