/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A stranger's shared object is looked at before it is believed. Each case is a small
 * plugin, compiled here from one source with one thing wrong.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "catalog/catalog.h"
#include "msmv/plugin.h"
#include "unit/tmpdir.h"
#include "unit/unit.h"
#include "worker/worker.h"

static const char source[] =
	"#include <msmv/plugin.h>\n"
	"#ifndef NAME\n#define NAME \"fixture\"\n#endif\n"
	"#ifndef EXTRA\n#define EXTRA\n#endif\n"
	"static int run(struct msmv_stage *s) { (void)s; return 0; }\n"
	"static const struct msmv_option options[] = { { OPTION, TYPE, 0, \"1\", \"h\", 0, 0, 0, 9 } };\n"
	"static const struct msmv_port ports[] = { { PORT, KIND, 0, 0, 0 } };\n"
	"static const char *const texts[] = { TEXT };\n"
	"static const struct msmv_pair pairs[] = { PAIR };\n"
	"static const struct msmv_plugin plugin = {\n"
	"	.struct_size = sizeof(plugin), .api_version = 1, .kind = MSMV_KIND_STAGE,\n"
	"	.name = NAME, .version = \"1\", .summary = \"s\",\n"
	"	.provides = MSMV_TABLE(texts), .env = MSMV_TABLE(texts),\n"
	"	.options = MSMV_TABLE(options), .inputs = MSMV_TABLE(ports),\n"
	"	.outputs = MSMV_TABLE(ports), .arch = MSMV_TABLE(pairs), .run = run, EXTRA };\n"
	"#ifndef NO_ENTRY\n"
	"const struct msmv_plugin *msmv_plugin_entry(uint32_t v)\n"
	"{ (void)v; return RETURN; }\n"
	"#endif\n";

#define GOOD \
	" -w -DOPTION='\"o\"' -DTYPE=20 -DPORT='\"p\"' -DKIND=10 -DTEXT='\"T\"'" \
	" -DPAIR='{\"a\",\"b\"}' -DRETURN='&plugin'"

static char *
build(const char *flags)
{
	static int n;
	cleanup_free char *name = xasprintf("fixture%d.so", n++);
	cleanup_free char *c = tmpdir_file("fixture.c", source, strlen(source));
	const char *cc = getenv("CC"), *top = getenv("top_srcdir");
	char *so = tmpdir_path(name);
	cleanup_free char *command = xasprintf("%s -shared -fPIC -I'%s/core/include'" GOOD
		" %s -o '%s' '%s'", cc && *cc ? cc : "cc", top ? top : ".", flags, so, c);

	ck_assert_msg(system(command) == 0, "%s", command);
	return so;
}

/* What the worker says of it; NULL if it is fine. */
static char *
complaint(const char *so)
{
	struct err err = ERR_INIT;
	const struct msmv_plugin *p = plugin_load(so, &err);
	struct plugin_info *info = p ? plugin_describe(p, &err) : NULL;
	cleanup_record struct record r = RECORD_INIT;

	if (!info) {
		ck_assert_ptr_nonnull(err.msg);
		return err.msg;
	}
	ck_assert_ptr_null(err.msg);
	plugin_info_write(info, &r);
	plugin_info_free(info);
	info = plugin_info_read(&r, &err);
	ck_assert_msg(info, "%s", err_msg(&err));
	plugin_info_free(info);
	return NULL;
}

static const struct {
	const char *flags, *text; /* NULL: fine */
} cases[] = {
	{ "", NULL },
	{ "-DEXTRA='.kind=20,.run=0'", NULL },
	{ "-DEXTRA='.options={0,0,0},.inputs={0,0,0},.outputs={0,0,0},.arch={0,0,0}'", NULL },
	{ "-DNO_ENTRY", "exports no msmv_plugin_entry" },
	{ "-URETURN -DRETURN=0", "refuses plugin interface version 1" },
	{ "-DEXTRA=.api_version=0", "needs plugin interface version 0, this msmv has 1" },
	{ "-DEXTRA=.api_version=2", "needs plugin interface version 2, this msmv has 1" },
	{ "-DEXTRA='.struct_size=offsetof(struct msmv_plugin,conflicts)-1'", "version 1 has" },
	{ "-DEXTRA='.conflicts=MSMV_TABLE(pairs)'", "conflict 0: it wants two options" },
	{ "-DEXTRA='.conflicts={pairs,1,1}'", "table of conflicts is malformed" },
	{ "-DEXTRA=.struct_size=0", "its description is 0 bytes" },
	{ "-DEXTRA=.kind=11", "unknown kind 11" },
	{ "-DEXTRA=.run=0", "a stage plugin needs run()" },
	{ "-DEXTRA=.version=0", "version or summary is missing" },
	{ "-DNAME=0", "its name has other characters" },
	{ "-DNAME='\"\"'", "its name has other characters" },
	{ "-DNAME='\"../x\"'", "its name has other characters" },
	{ "-DNAME='\"Upper\"'", "its name has other characters" },
	{ "-UOPTION -DOPTION=0", "option 0: bad name" },
	{ "-UOPTION -DOPTION='\"a-b\"'", "option 0: bad name" },
	{ "-UOPTION -DOPTION='\"a=b\"'", "option 0: bad name" },
	{ "-UTYPE -DTYPE=15", "unknown type 15" },
	{ "-UTYPE -DTYPE=80", "unknown type 80" },
	{ "-UPORT -DPORT='\"a/b\"'", "port 0: bad name" },
	{ "-UKIND -DKIND=30", "unknown kind" },
	{ "-UTEXT -DTEXT=0", "capability 0: bad text" },
	{ "-UTEXT -DTEXT='\"a\\nb\"'", "capability 0: bad text" },
	{ "-DEXTRA='.provides={0,0,0},.env={(const char*[]){0},1,8}'", "variable 0: bad name" },
	{ "-UPAIR -DPAIR='{0,\"b\"}'", "fact 0: bad name or no value" },
	{ "-UPAIR -DPAIR='{\"a\",0}'", "fact 0: bad name or no value" },
	{ "-UPAIR -DPAIR='{\"a=b\",\"c\"}'", "fact 0: bad name or no value" },
	{ "-DEXTRA='.options={0,3,64}'", "table of options is malformed" },
	{ "-DEXTRA='.inputs={ports,1,8}'", "table of input is malformed" },
	{ "-DEXTRA='.outputs={ports,4294967295u,40}'", "table of output is malformed" },
	{ "-DEXTRA='.env={0,1,8}'", "table of variables is malformed" },
	{ "-DEXTRA='.arch={pairs,1,1}'", "table of facts is malformed" },
};

START_TEST(fixtures)
{
	cleanup_free char *so = build(cases[_i].flags);
	cleanup_free char *text = complaint(so);

	if (!cases[_i].text)
		ck_assert_msg(!text, "%s: %s", cases[_i].flags, text);
	else
		ck_assert_msg(text && strstr(text, cases[_i].text), "%s: %s, not %s",
			cases[_i].flags, text, cases[_i].text);
}
END_TEST

/* Rows and structs of a later header are longer; what is known of them is read. */
START_TEST(later_header)
{
	static const char longer[] =
		"-DEXTRA='.struct_size=sizeof(plugin)+64,"
		".options={(const struct { struct msmv_option o; long more[3]; }[]){"
		"{{\"one\",20},{1}},{{\"two\",30},{2}}},2,sizeof(struct msmv_option)+24}'";
	cleanup_free char *so = build(longer);
	cleanup_err struct err err = ERR_INIT;
	const struct msmv_plugin *p = plugin_load(so, &err);
	struct plugin_info *info = p ? plugin_describe(p, &err) : NULL;

	ck_assert_msg(info, "%s", err_msg(&err));
	ck_assert_uint_eq(info->options.len, 2);
	ck_assert_str_eq(info->options.v[1].name, "two");
	ck_assert_uint_eq(info->options.v[1].type, 30);
	plugin_info_free(info);
}
END_TEST

/* Each of two options learns of the other; what a struct does not cover is not read. */
START_TEST(conflicts)
{
	static const char two[] =
		"-DPAIR='{\"one\",\"two\"},{\"two\",\"three\"}' "
		"-DEXTRA='.conflicts=MSMV_TABLE(pairs),.arch={0},.options={"
		"(const struct msmv_option[]){{\"one\",10},{\"two\",10},{\"three\",10}},"
		"3,sizeof(struct msmv_option)}%s'";
	static const char *const sizes[] = { "",
		",.struct_size=offsetof(struct msmv_plugin,conflicts)" };

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		cleanup_free char *flags = xasprintf(two, sizes[i]);
		cleanup_free char *so = build(flags);
		cleanup_err struct err err = ERR_INIT;
		const struct msmv_plugin *p = plugin_load(so, &err);
		struct plugin_info *info = p ? plugin_describe(p, &err) : NULL;

		ck_assert_msg(info, "%s", err_msg(&err));
		if (i) {
			ck_assert_ptr_null(info->options.v[0].conflicts);
		} else {
			ck_assert_str_eq(info->options.v[0].conflicts, "two");
			ck_assert_str_eq(info->options.v[1].conflicts, "one|three");
			ck_assert_str_eq(info->options.v[2].conflicts, "two");
		}
		plugin_info_free(info);
	}
}
END_TEST

START_TEST(not_an_object)
{
	static const char *const texts[] = { "", "text", "\177ELF", "\177ELF\2\1\1" };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		cleanup_free char *so = tmpdir_file("bad.so", texts[i], strlen(texts[i]));
		cleanup_free char *text = complaint(so);

		ck_assert_msg(text && strstr(text, "cannot load: "), "%s", text);
		ck_assert_ptr_nonnull(strstr(text, so));
	}
}
END_TEST

START_TEST(not_there)
{
	cleanup_free char *text = complaint("/nonexistent/x.so");

	ck_assert_ptr_nonnull(strstr(text, "/nonexistent/x.so"));
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("load");

	tmpdir_use(t);
	tcase_add_loop_test(t, fixtures, 0, (int)ARRAY_LEN(cases));
	tcase_add_test(t, later_header);
	tcase_add_test(t, conflicts);
	tcase_add_test(t, not_an_object);
	tcase_add_test(t, not_there);
	return unit_run("load", t);
}
