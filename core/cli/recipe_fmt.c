/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv recipe fmt: one layout for all recipes; proved to mean the same before writing. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text_file.h"
#include "cli/recipe.h"
#include "recipe/toml.h"
#include "recipe/toml_format.h"

static const struct cmd_option options[] = {
	{ 0, "check", NULL, "change nothing; fail if a recipe is laid out otherwise" },
	{ 0, "stdout", NULL, "change nothing; write the result to standard output" },
	{ 0, NULL, NULL, NULL },
};

/* "-" is standard input. */
static int
read_text(const char *path, struct str *text)
{
	struct err err = ERR_INIT;

	if (text_file_read(path, RECIPE_SIZE, text, &err) == 0)
		return 0;
	complain(EXIT_FAILED, "%s: %s", path, err_msg(&err));
	err_clear(&err);
	return -1;
}

/* The laid out text, which must read as the old one does. */
static int
lay_out(const char *path, const struct str *text, struct str *out)
{
	cleanup_diags struct diags diags = DIAGS_INIT, again = DIAGS_INIT;
	cleanup_value struct value *before = NULL, *after = NULL;

	before = toml_parse(path, str_text(text), text->len, &diags);
	if (!before) {
		cleanup_free char *report = diags_text(&diags);

		fputs(report, stderr);
		return EXIT_FAILED;
	}
	if (toml_format(str_text(text), text->len, out) == 0)
		after = toml_parse(path, str_text(out), out->len, &again);
	if (!after || !value_equal(before, after))
		return complain(EXIT_FAILED, "%s: laid out it would mean something else; "
			"nothing was changed (this is a fault of msmv)", path);
	return 0;
}

static int
write_back(const char *path, const struct str *out)
{
	struct err err = ERR_INIT;
	int code = EXIT_DONE;

	if (text_file_write(path, str_text(out), out->len, &err) < 0)
		code = complain(EXIT_FAILED, "%s: %s", path, err_msg(&err));
	else
		printf("%s\n", path);
	err_clear(&err);
	return code;
}

static int
format_one(const char *path, const struct args *args)
{
	cleanup_str struct str text = STR_INIT, out = STR_INIT;
	int code;
	bool same;

	if (recipe_is_yaml(path))
		return complain(EXIT_FAILED, "%s: fmt lays out TOML only; YAML stays as it is "
			"(msmv recipe convert makes TOML of it)", path);
	if (read_text(path, &text) < 0)
		return EXIT_FAILED;
	code = lay_out(path, &text, &out);
	if (code)
		return code;
	same = out.len == text.len && memcmp(str_text(&out), str_text(&text), out.len) == 0;
	if (args_has(args, "stdout") || streq(path, "-")) {
		fwrite(str_text(&out), 1, out.len, stdout);
		return EXIT_DONE;
	}
	if (args_has(args, "check"))
		return same ? EXIT_DONE
			    : complain(EXIT_FAILED, "%s: not laid out; msmv recipe fmt does it",
				      path);
	return same ? EXIT_DONE : write_back(path, &out);
}

static int
run(const struct args *args)
{
	int code = EXIT_DONE;

	if (args_has(args, "check") && args_has(args, "stdout"))
		return complain(EXIT_USAGE, "--check and --stdout exclude each other");
	for (size_t i = 0; i < args->words.len; i++) {
		int one = format_one(args->words.v[i], args);

		code = one ? one : code;
	}
	return code;
}

const struct cmd cmd_recipe_fmt = {
	.name = "recipe fmt",
	.synopsis = "RECIPE... [OPTIONS]",
	.help = "Lay recipes out the one way",
	.text = "Blanks around = and in brackets, one empty line between tables, an item a line in\n"
		"arrays of several lines. Keys, values, their order and comments stay. The names\n"
		"of changed files are printed.\n",
	.options = options,
	.min_words = 1,
	.max_words = 100000,
	.run = run,
};
