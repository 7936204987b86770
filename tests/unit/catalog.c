/* SPDX-License-Identifier: GPL-3.0-only */
/* A description survives the record form, and a lying one does not get in. */
#include "catalog/catalog.h"

#include <string.h>

#include "base/str.h"
#include "msmv/plugin.h"
#include "unit/unit.h"

static const char full[] =
	"name=fetch-http_2\n"
	"version=1\n"
	"summary=Downloads = much\\nmore\n"
	"kind=10\n"
	"wants_facts=1\n"
	"provides=fetch:http\n"
	"provides=fetch:https\n"
	"env=HTTP_PROXY\n"
	"option=url\n"
	"option.type=50\n"
	"option.flags=1\n"
	"option.help=where it is\n"
	"option=retries\n"
	"option.type=20\n"
	"option.fallback=3\n"
	"option.unit=times\n"
	"option.choices=1|3\n"
	"option.conflicts=url|x\n"
	"option.min=-1\n"
	"option.max=9223372036854775807\n"
	"input=keyring\n"
	"port.kind=10\n"
	"port.flags=2\n"
	"output=file\n"
	"port.kind=10\n"
	"port.filename=download\n"
	"port.help=the file\n"
	"arch.kernel.arch=x86\n";

static struct plugin_info *
read_text(const char *text, struct err *err)
{
	cleanup_record struct record r = RECORD_INIT;

	ck_assert_int_eq(record_parse(&r, text, strlen(text), err), 0);
	return plugin_info_read(&r, err);
}

START_TEST(round_trip)
{
	cleanup_err struct err err = ERR_INIT;
	cleanup_record struct record r = RECORD_INIT;
	cleanup_str struct str text = STR_INIT;
	struct plugin_info *p = read_text(full, &err);
	const struct option_info *o;

	ck_assert_msg(p != NULL, "%s", err_msg(&err));
	ck_assert_str_eq(p->summary, "Downloads = much\nmore");
	ck_assert_uint_eq(p->provides.len, 2);
	o = plugin_option(p, "retries");
	ck_assert_int_eq(o->min, -1);
	ck_assert_int_eq(o->max, INT64_MAX);
	ck_assert_str_eq(o->choices, "1|3");
	ck_assert_str_eq(o->conflicts, "url|x");
	ck_assert_ptr_null(o->help);
	ck_assert_uint_eq(plugin_option(p, "url")->flags, MSMV_OPT_REQUIRED);
	ck_assert_ptr_null(plugin_option(p, "file"));
	ck_assert_uint_eq(plugin_input(p, "keyring")->flags, MSMV_PORT_OPTIONAL);
	ck_assert_ptr_null(plugin_input(p, "file"));
	ck_assert_str_eq(plugin_output(p, "file")->filename, "download");
	ck_assert_str_eq(record_get(&p->arch, "kernel.arch"), "x86");
	plugin_info_write(p, &r);
	record_write(&r, &text);
	ck_assert_str_eq(str_text(&text), full);
	plugin_info_free(p);
}
END_TEST

#define STAGE "name=x\nkind=10\n"

static const struct {
	const char *text, *error;
} lies[] = {
	{ "kind=10\n", "plugin name \"\" is not" },
	{ "name=Big\nkind=10\n", "plugin name \"Big\" is not" },
	{ "name=../b\nkind=10\n", "plugin name \"../b\" is not" },
	{ "name=\nkind=10\n", "plugin name \"\" is not" },
	{ "name=x\n", "unknown kind of plugin: 0" },
	{ "name=x\nkind=11\n", "unknown kind of plugin: 11" },
	{ "name=x\nname=y\nkind=10\n", "name stands twice" },
	{ STAGE "option=a-b\noption.type=10\n", "option name \"a-b\" is not made of" },
	{ STAGE "option=a\noption.type=11\n", "option a has the unknown type 11" },
	{ STAGE "option=a\n", "option a has the unknown type 0" },
	{ STAGE "option=a\noption.type=10\noption=a\noption.type=10\n",
		"option a stands twice" },
	{ STAGE "option=a\noption.type=ten\n", "option.type: \"ten\" is not a number" },
	{ STAGE "option=a\noption.type=-1\n", "option.type: \"-1\" is not a number" },
	{ STAGE "option=a\noption.type=10\noption.max=9223372036854775808\n",
		"is not a number in range" },
	{ STAGE "option.type=10\n", "unexpected field option.type" },
	{ STAGE "port.kind=10\n", "unexpected field port.kind" },
	{ STAGE "input=a\nport.kind=30\n", "input a has the unknown kind 30" },
	{ STAGE "output=a\n", "output a has the unknown kind 0" },
	{ STAGE "output=a\nport.kind=10\noutput=a\nport.kind=10\n",
		"output a stands twice" },
	{ STAGE "output=\n", "output name \"\" is not made of" },
	{ STAGE "colour=red\n", "unexpected field colour" },
};

START_TEST(lie)
{
	cleanup_err struct err err = ERR_INIT;

	ck_assert_ptr_null(read_text(lies[_i].text, &err));
	ck_assert_msg(strstr(err_msg(&err), lies[_i].error) != NULL,
		"\"%s\" lacks \"%s\"", err_msg(&err), lies[_i].error);
	ck_assert(str_starts(err_msg(&err), "plugin description: "));
}
END_TEST

START_TEST(first_of_a_name)
{
	struct catalog c = CATALOG_INIT;
	struct plugin_info *mine, *theirs, *other;

	mine = read_text("name=qcow2\nkind=10\nprovides=output:qcow2\n", NULL);
	theirs = read_text(
		"name=qcow2\nkind=10\nprovides=output:qcow2\nprovides=output:img\n",
		NULL);
	other = read_text(
		"name=vmdk\nkind=10\nprovides=output:qcow2\nprovides=output:vmdk\n",
		NULL);
	vec_push(&c.plugins, mine);
	vec_push(&c.plugins, theirs);
	vec_push(&c.plugins, other);
	ck_assert_ptr_eq(catalog_find(&c, "qcow2"), mine);
	ck_assert_ptr_eq(catalog_find(&c, "vmdk"), other);
	ck_assert_ptr_null(catalog_find(&c, "vdi"));
	ck_assert_ptr_eq(catalog_provider(&c, "output:qcow2"), mine);
	ck_assert_ptr_eq(catalog_provider(&c, "output:vmdk"), other);
	/* Only the hidden plugin provides it. */
	ck_assert_ptr_null(catalog_provider(&c, "output:img"));
	catalog_release(&c);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("catalog");

	tcase_add_test(c, round_trip);
	tcase_add_loop_test(c, lie, 0, ARRAY_LEN(lies));
	tcase_add_test(c, first_of_a_name);
	return unit_run("catalog", c);
}
