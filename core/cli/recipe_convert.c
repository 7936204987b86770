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
	{ 'o', "output", "FILE", "the new recipe, instead of naming it as a word" },
	{ 0, "force", NULL, "write over a file that is there" },
	{ 0, NULL, NULL, NULL },
};

static struct value *
parse(const char *path, const struct str *text, struct diags *diags)
{
	return (recipe_is_yaml(path) ? yaml_parse : toml_parse)(
		path, str_text(text), text->len, diags);
}

static int
show(const struct diags *diags)
{
	cleanup_free char *report = diags_text(diags);

	fputs(report, stderr);
	return EXIT_FAILED;
}

/* The text for to; it is read again, since that alone proves it. */
static int
convert(const char *from, const struct str *text, const char *to, struct str *out)
{
	cleanup_diags struct diags diags = DIAGS_INIT, again = DIAGS_INIT;
	cleanup_value struct value *before = parse(from, text, &diags), *after = NULL;
	cleanup_notes struct notes notes = NOTES_INIT;
	size_t left;

	if (!before)
		return show(&diags);
	(recipe_is_yaml(from) ? notes_yaml : notes_toml)(&notes, str_text(text), text->len);
	(recipe_is_yaml(to) ? yaml_write_document : toml_write_document)(out, before, &notes);
	after = parse(to, out, &again);
	if (!after)
		return show(&again);
	if (!value_equal(before, after))
		return complain(EXIT_FAILED, "%s: it holds values that %s cannot say (dates, for "
			"YAML): put them in quotes first", from,
			recipe_is_yaml(to) ? "YAML" : "TOML");
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
		code = convert(from, &text, to, &out);
	return code ? code : write_new(to, &out, args_has(args, "force"));
}

const struct cmd cmd_recipe_convert = {
	.name = "recipe convert",
	.synopsis = "FROM TO [OPTIONS]",
	.help = "Write a recipe in the other notation",
	.text = "Names that end in .yaml or .yml are YAML, all others TOML. The new recipe means\n"
		"the same; comments go along, except those inside values.\n",
	.options = options,
	.min_words = 1,
	.max_words = 2,
	.run = run,
};
