/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * kbuild notes in .conf.cmd by which command it linked conf. The oracle is linked by
 * the same words, with its own sources in the place of conf.o (which it includes), and
 * then takes conf's place: make finds it newer than its objects and leaves it alone.
 */
#include "oracle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../kernel/run.h"

#define CONF "scripts/kconfig/conf"

static int
fail_errno(struct msmv_stage *s, const char *path)
{
	return s->host->fail(s, MSMV_FAIL_SYSTEM, "%s: %s", path, strerror(errno));
}

/* All of the sources: what was built from the same text need not be built again. */
static void
sources_text(struct text *to)
{
	for (size_t i = 0; i < oracle_source_count; i++) {
		text_addf(to, "/* %s */\n", oracle_sources[i].name);
		for (const char *const *line = oracle_sources[i].lines; *line; line++)
			text_add(to, *line);
	}
}

static int
sources_write(struct msmv_stage *s, const char *folder)
{
	if (folder_renew(folder) < 0)
		return fail_errno(s, folder);
	for (size_t i = 0; i < oracle_source_count; i++) {
		cleanup_free char *path = xformat("%s/%s", folder, oracle_sources[i].name);
		cleanup_text struct text text = { 0 };

		for (const char *const *line = oracle_sources[i].lines; *line; line++)
			text_add(&text, *line);
		if (file_write(path, text.p, text.len) < 0)
			return fail_errno(s, path);
	}
	return 0;
}

static bool
file_has(const char *path, const char *words)
{
	cleanup_text struct text bytes = { 0 };

	return file_read(path, &bytes) == 0 && strstr(bytes.p, words);
}

static int
run_words(struct msmv_stage *s, const struct list *argv, const char *what)
{
	struct kernel_run run = { .argv = argv, .what = what };

	s->host->progress(s, 0, 0, what);
	return kernel_run(s, &run);
}

/* Builds the tree's own conf and the objects that it is made of. */
static int
conf_build(struct msmv_stage *s, const struct list *make, const char *src, const char *base)
{
	cleanup_free char *path = xformat("%s/scripts/kconfig/Makefile", src);
	cleanup_list struct list argv = { 0 };

	for (size_t i = 0; i < make->len; i++)
		list_add(&argv, make->v[i]);
	/* Since Linux 5.13 this target builds conf and runs nothing. */
	list_add(&argv, file_has(path, "build_$(1)") ? "build_config" : base);
	return run_words(s, &argv, "make conf");
}

/* The words after ":=" of the noted command. */
static int
link_words(struct msmv_stage *s, const char *obj, struct list *words)
{
	cleanup_free char *path = xformat("%s/scripts/kconfig/.conf.cmd", obj);
	cleanup_text struct text bytes = { 0 };
	char *command;

	if (file_read(path, &bytes) < 0)
		return fail_errno(s, path);
	command = strstr(bytes.p, ":= ");
	if (!command)
		return s->host->fail(s, MSMV_FAIL_TOOL, "%s does not say how conf was linked",
			path);
	command += 3;
	command[strcspn(command, "\n")] = '\0';
	list_add_words(words, command);
	return 0;
}

/* What has changed in scripts/kconfig over the years; oracle/oracle.h tells of it. */
static void
add_features(struct list *argv, const char *src)
{
	static const struct {
		const char *words, *flag;
	} features[] = {
		{ "*filename;", "-DORACLE_FILENAME" },
		{ "choice_members;", "-DORACLE_CHOICE_ORDER" },
	};
	cleanup_free char *path = xformat("%s/scripts/kconfig/expr.h", src);

	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
		if (file_has(path, features[i].words))
			list_add(argv, features[i].flag);
	}
}

static int
oracle_link(struct msmv_stage *s, const char *src, const char *obj)
{
	cleanup_free char *fresh = xformat("%s/" CONF ".new", obj);
	cleanup_free char *conf = xformat("%s/" CONF, obj);
	cleanup_list struct list words = { 0 }, argv = { 0 };

	if (link_words(s, obj, &words) < 0)
		return -1;
	for (size_t i = 0; i < words.len; i++) {
		if (strcmp(words.v[i], CONF) == 0)
			list_add(&argv, fresh);
		else if (strncmp(words.v[i], "scripts/", 8) != 0)
			list_add(&argv, words.v[i]);
		else if (strcmp(words.v[i], CONF ".o") != 0)
			list_addf(&argv, "%s/%s", obj, words.v[i]);
	}
	for (size_t i = 0; i < oracle_source_count; i++) {
		if (strstr(oracle_sources[i].name, ".c"))
			list_addf(&argv, "%s/oracle/%s", obj, oracle_sources[i].name);
	}
	list_add(&argv, "-O1");
	list_addf(&argv, "-I%s/oracle", obj);
	list_addf(&argv, "-I%s/scripts/kconfig", src);
	list_addf(&argv, "-I%s/scripts/include", src);
	add_features(&argv, src);
	if (run_words(s, &argv, "linking conf with the oracle") < 0)
		return -1;
	return rename(fresh, conf) < 0 ? fail_errno(s, conf) : 0;
}

int
oracle_build(struct msmv_stage *s, const struct list *argv, const char *src,
	const char *obj, const char *base)
{
	cleanup_free char *folder = xformat("%s/oracle", obj);
	cleanup_free char *stamp = xformat("%s/oracle/whole", obj);
	cleanup_text struct text here = { 0 }, there = { 0 };

	sources_text(&here);
	if (file_read(stamp, &there) == 0 && here.p && there.p &&
	    strcmp(here.p, there.p) == 0)
		return 0;
	if (conf_build(s, argv, src, base) < 0 || sources_write(s, folder) < 0 ||
	    oracle_link(s, src, obj) < 0)
		return -1;
	return file_write(stamp, here.p, here.len) < 0 ? fail_errno(s, stamp) : 0;
}
