/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv recipe convert: TOML to YAML and back, with the same meaning or not at all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/text_file.h"
#include "cli/recipe.h"
#include "recipe/toml.h"
#include "recipe/toml_document.h"
#include "recipe/yaml.h"
#include "recipe/yaml_document.h"

static const struct cmd_option options[] = {
	{ 'o', "output", "FILE", "the new recipe, not named as a word (- for standard output)" },
	{ 0, "force", NULL, "write over a file that is there" },
	{ 0, NULL, NULL, NULL },
};

static struct value *
parse(const char *path, bool yaml, const struct str *text, struct diags *diags)
{
	return (yaml ? yaml_parse : toml_parse)(path, str_text(text), text->len, diags);
}

/* Standard output has no name that says it: the notation that from has not. */
static bool
to_yaml(const char *from, const char *to)
{
	return streq(to, "-") ? !recipe_is_yaml(from) : recipe_is_yaml(to);
}

static int
show(const struct diags *diags)
{
	cleanup_free char *report = diags_text(diags);

	fputs(report, stderr);
	return EXIT_FAILED;
}

/* What YAML has no way to say, at its place in the recipe. -1 if there is any. */
static int
check_yaml(const struct value *v, struct diags *diags)
{
	bool table = v->kind == VALUE_TABLE;
	size_t n = table ? v->table.len : v->kind == VALUE_ARRAY ? v->array.len : 0;
	int result = 0;

	if (v->kind == VALUE_DATETIME)
		return diag_error(diags, v->pos,
			"YAML cannot say dates: put this one in quotes first");
	for (size_t i = 0; i < n; i++) {
		const struct value *inner = table ? v->table.items[i].value : v->array.v[i];

		/* A NUL in a key is kept as these two bytes. */
		if (table && strstr(v->table.items[i].key, "\xc0\x80"))
			result = diag_error(diags, inner->key_pos,
				"this key holds a NUL byte, which YAML cannot say");
		if (check_yaml(inner, diags) < 0)
			result = -1;
	}
	return result;
}

/* The text for it; it is read again, since that alone proves it. */
static int
convert(const char *from, const struct str *text, bool yaml, struct str *out)
{
	cleanup_diags struct diags diags = DIAGS_INIT, again = DIAGS_INIT;
	cleanup_value struct value *before = NULL, *after = NULL;
	cleanup_notes struct notes notes = NOTES_INIT;
	size_t left;

	before = parse(from, recipe_is_yaml(from), text, &diags);
	if (!before || (yaml && check_yaml(before, &diags) < 0))
		return show(&diags);
	(recipe_is_yaml(from) ? notes_yaml : notes_toml)(&notes, str_text(text), text->len);
	notes_settle(&notes, before);
	(yaml ? yaml_write_document : toml_write_document)(out, before, &notes);
	after = parse(from, yaml, out, &again);
	if (!after || !value_equal(before, after))
		return complain(EXIT_FAILED, "%s: it holds values that %s cannot say", from,
			yaml ? "YAML" : "TOML");
	left = notes_left(&notes);
	if (left)
		fprintf(stderr, "msmv: warning: %s: %zu comments stand inside values and were "
			"left out\n", from, left);
	return 0;
}

static int
write_new(const char *path, const struct str *out, bool force)
{
	struct err err = ERR_INIT;
	int code = EXIT_DONE;

	if (streq(path, "-")) {
		fwrite(str_text(out), 1, out->len, stdout);
		return EXIT_DONE;
	}
	if (!force && fs_exists(path))
		return complain(EXIT_FAILED, "%s is there already (--force writes over it)", path);
	if (text_file_write(path, str_text(out), out->len, &err) < 0)
		code = complain(EXIT_FAILED, "%s: %s", path, err_msg(&err));
	err_clear(&err);
	return code;
}

static int
run(const struct args *args)
{
	const char *from = args->words.v[0], *option = args_get(args, "output", 0);
	const char *to = option ? option : args->words.len > 1 ? args->words.v[1] : NULL;
	cleanup_str struct str text = STR_INIT, out = STR_INIT;
	struct err err = ERR_INIT;
	int code = EXIT_DONE;

	if (!to || (option && args->words.len > 1))
		return complain(EXIT_USAGE, "usage: msmv recipe convert %s",
			cmd_recipe_convert.synopsis);
	if (text_file_read(from, RECIPE_SIZE, &text, &err) < 0)
		code = complain(EXIT_FAILED, "%s: %s", from, err_msg(&err));
	err_clear(&err);
	if (code == 0)
		code = convert(from, &text, to_yaml(from, to), &out);
	return code ? code : write_new(to, &out, args_has(args, "force"));
}

const struct cmd cmd_recipe_convert = {
	.name = "recipe convert",
	.synopsis = "FROM TO [OPTIONS]",
	.help = "Write a recipe in the other notation",
	.text = "Names that end in .yaml or .yml are YAML, all others TOML; standard output gets\n"
		"the notation that FROM has not. The new recipe means the same; comments go along,\n"
		"those inside a value above its key.\n",
	.options = options,
	.min_words = 1,
	.max_words = 2,
	.run = run,
};
