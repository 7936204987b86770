/* SPDX-License-Identifier: GPL-3.0-only */
/* Comments go along: from TOML to YAML and back they stand at the same keys. */
#include "recipe/notes.h"

#include <string.h>

#include "base/mem.h"
#include "recipe/toml.h"
#include "recipe/toml_document.h"
#include "recipe/yaml.h"
#include "recipe/yaml_document.h"
#include "unit/unit.h"

static const char toml[] =
	"# what it is\n"
	"\n"
	"# about general\n"
	"[general] # the first\n"
	"name = \"x\" # its name\n"
	"\n"
	"[kernel]\n"
	"list = [\n"
	"  1, # the item\n"
	"]\n"
	"# the script\n"
	"script = '''\n"
	"# no comment\n"
	"y'''\n"
	"# the end\n";

static const char yaml[] =
	"# what it is\n"
	"\n"
	"# about general\n"
	"# the first\n"
	"general:\n"
	"  # its name\n"
	"  name: x\n"
	"\n"
	"kernel:\n"
	"  # the item\n"
	"  list: [1]\n"
	"  # the script\n"
	"  script: |-\n"
	"    # no comment\n"
	"    y\n"
	"# the end\n";

START_TEST(to_yaml)
{
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_notes struct notes n = NOTES_INIT;
	cleanup_str struct str out = STR_INIT;
	cleanup_value struct value *v = toml_parse("t", toml, strlen(toml), &d);

	ck_assert_ptr_nonnull(v);
	notes_toml(&n, toml, strlen(toml));
	ck_assert_uint_eq(notes_left(&n), 7);
	notes_settle(&n, v);
	yaml_write_document(&out, v, &n);
	ck_assert_str_eq(str_text(&out), yaml);
	ck_assert_uint_eq(notes_left(&n), 0);
}
END_TEST

START_TEST(and_back)
{
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_notes struct notes n = NOTES_INIT;
	cleanup_str struct str out = STR_INIT;
	cleanup_value struct value *v = yaml_parse("t.yaml", yaml, strlen(yaml), &d);

	ck_assert_ptr_nonnull(v);
	notes_yaml(&n, yaml, strlen(yaml));
	notes_settle(&n, v);
	toml_write_document(&out, v, &n);
	ck_assert_uint_eq(notes_left(&n), 0);
	ck_assert_str_eq(str_text(&out),
		"# what it is\n"
		"\n"
		"# about general\n"
		"# the first\n"
		"[general]\n"
		"# its name\n"
		"name = \"x\"\n"
		"\n"
		"[kernel]\n"
		"# the item\n"
		"list = [1]\n"
		"# the script\n"
		"script = \"\"\"\n# no comment\ny\"\"\"\n"
		"# the end\n");
}
END_TEST

/* A table of tables alone, its end, and the marks of a document. */
START_TEST(everywhere)
{
	static const char text[] = "# start\n---\n# about a\na:\n  # about b\n  b:\n    c: 1\n"
		"  # end of a\nd:\n  # in d\n  - 1 # item\n# last\n...\n# after\n";
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_notes struct notes n = NOTES_INIT;
	cleanup_str struct str out = STR_INIT;
	cleanup_value struct value *v = yaml_parse("t.yaml", text, strlen(text), &d);

	ck_assert_ptr_nonnull(v);
	notes_yaml(&n, text, strlen(text));
	notes_settle(&n, v);
	toml_write_document(&out, v, &n);
	ck_assert_uint_eq(notes_left(&n), 0);
	ck_assert_str_eq(str_text(&out), "# end of a\n# in d\n# item\nd = [1]\n\n"
		"# start\n# about a\n# about b\n[a.b]\nc = 1\n# last\n# after\n");
}
END_TEST

/* In the rest of a line, not in texts; also after characters of several bytes. */
START_TEST(comments_of_yaml)
{
	static const char text[] = "a: \"# no\" # one\n\"\xc3\xbc#\": 'x' # two\nb:\n  - 1 # three\n";
	cleanup_notes struct notes n = NOTES_INIT;
	cleanup_str struct str out = STR_INIT;

	notes_yaml(&n, text, strlen(text));
	notes_take(&n, 1, 2, &out);
	notes_take(&n, 1, 2, &out);
	notes_take(&n, 2, 0, &out);
	ck_assert_str_eq(str_text(&out), "  # one\n# two\n");
	ck_assert_uint_eq(notes_left(&n), 1);
}
END_TEST

static const char *const values[] = {
	"a = \"yes\"\nb = \"6.1\"\nc = \"\"\nd = \"a: b\"\ne = \"~\"\nf = \"# x\"\n",
	"a = \"\\u0000\\u0001\\u0085\\u00a0\\u2028\\ufeff\\t\"\n",
	"a = \"line\\nline\\n\"\nb = \"line\\nline\"\nc = \" x\\ny\"\nd = \"x\\n\\n\"\ne = \"a \\nb\"\n",
	"a = [1, -2, 3.5, true, \"x\", []]\nb = {}\nc = [{ d = 1, e = { f = [] } }]\n",
	"a = inf\nb = -inf\nc = 1e300\nd = -0.0\n",
	"\"\" = 1\n\"a b\" = 2\n\"true\" = 3\n\"1\" = 4\n\n[\"x.y\".\"#\"]\nz = 1\n",
	("a = [\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", \"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\", "
		"\"cccccccccccccccccccccc\"]\n"),
};

START_TEST(round_trips)
{
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		cleanup_diags struct diags d = DIAGS_INIT;
		cleanup_str struct str there = STR_INIT, back = STR_INIT;
		cleanup_value struct value *v = toml_parse("t", values[i], strlen(values[i]), &d);
		cleanup_value struct value *y = NULL, *t = NULL;
		cleanup_free char *report = NULL;

		ck_assert_msg(v != NULL, "%s", values[i]);
		yaml_write_document(&there, v, NULL);
		y = yaml_parse("t.yaml", str_text(&there), there.len, &d);
		report = diags_text(&d);
		ck_assert_msg(y && value_equal(v, y), "%s\n%s%s", values[i], str_text(&there),
			report);
		toml_write_document(&back, y, NULL);
		t = toml_parse("t", str_text(&back), back.len, &d);
		ck_assert_msg(t && value_equal(v, t), "%s", str_text(&back));
	}
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("notes");

	tcase_add_test(t, to_yaml);
	tcase_add_test(t, and_back);
	tcase_add_test(t, everywhere);
	tcase_add_test(t, comments_of_yaml);
	tcase_add_test(t, round_trips);
	return unit_run("notes", t);
}
