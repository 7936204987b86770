/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Makes the kernel's .config from a base, profiles and the recipe's options, and
 * holds the result to what was asked. The kernel's own configuration program
 * does the work; README.md has the options.
 */
#include <msmv/plugin.h>

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../kernel/make.h"
#include "../kernel/run.h"
#include "../kernel/tree.h"
#include "../problem/problem.h"
#include "answer.h"
#include "contract.h"
#include "menu.h"
#include "oracle.h"
#include "profile.h"
#include "request.h"

#define ALL_OFF "allnoconfig"

struct job {
	struct msmv_stage *stage;
	struct kernel_tree tree;
	struct requests requests;
	struct list machines;
	json_t *answer;
	char *obj;     /* make's object folder: the configuration program and .config */
	char *dot;     /* obj/.config */
	char *busy;    /* there while obj may hold half-made files */
	char *version; /* of the kernel: "6.1.192" */
};

static int
fail_errno(struct msmv_stage *s, const char *path)
{
	return s->host->fail(s, MSMV_FAIL_SYSTEM, "%s: %s", path, strerror(errno));
}

/* The number after "NAME =" at the start of a line. */
static unsigned
makefile_number(const char *text, const char *name)
{
	unsigned n = 0;

	for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		size_t len = strlen(name);

		if (strncmp(p, name, len) == 0 && sscanf(p + len, " = %u", &n) == 1)
			break;
	}
	return n;
}

/* "6.1.192", from the top of the kernel's Makefile. */
static char *
read_version(const char *src)
{
	cleanup_free char *path = xformat("%s/Makefile", src);
	cleanup_text struct text bytes = { 0 };

	if (file_read(path, &bytes) < 0)
		return xcopy("?");
	return xformat("%u.%u.%u", makefile_number(bytes.p, "VERSION"),
		makefile_number(bytes.p, "PATCHLEVEL"), makefile_number(bytes.p, "SUBLEVEL"));
}

/* What an interrupted run left half made must not be taken for whole. */
static int
folder_ready(struct job *j)
{
	if (access(j->busy, F_OK) == 0 && folder_remove(j->obj) < 0)
		return fail_errno(j->stage, j->obj);
	if (file_write(j->busy, "", 0) < 0)
		return fail_errno(j->stage, j->busy);
	if (mkdir(j->obj, 0755) < 0 && errno != EEXIST)
		return fail_errno(j->stage, j->obj);
	if (unlink(j->dot) < 0 && errno != ENOENT)
		return fail_errno(j->stage, j->dot);
	return 0;
}

static int
make_target(struct job *j, const char *target, const char *const *env)
{
	cleanup_list struct list argv = { 0 };
	cleanup_free char *what = xformat("make %s", target);

	kernel_make(j->stage, &argv, j->tree.src, j->obj);
	list_add(&argv, target);
	struct kernel_run run = { .argv = &argv, .env = env, .what = what };

	j->stage->host->progress(j->stage, 0, 0, what);
	return kernel_run(j->stage, &run);
}

static int
file_copy(struct msmv_stage *s, const char *from, const char *to)
{
	cleanup_text struct text bytes = { 0 };

	if (file_read(from, &bytes) < 0)
		return fail_errno(s, from);
	return file_write(to, bytes.p, bytes.len) < 0 ? fail_errno(s, to) : 0;
}

/* Runs conf with the question: conf writes .config and then answers. */
static int
ask(struct job *j, const char *base, const char *person)
{
	struct msmv_stage *s = j->stage;
	const char *work = s->host->workdir(s);
	bool off = strcmp(base, ALL_OFF) == 0;
	cleanup_list struct list env = { 0 };
	cleanup_text struct text question = { 0 };
	cleanup_free char *path = xformat("%s/question", work);
	cleanup_free char *answer = xformat("%s/answer", work);

	text_addf(&question, off ? "base\toff\n" : "base\t%s/base\n", work);
	text_add(&question, j->requests.lines.p);
	if (person)
		text_addf(&question, "person\t%s\n", person);
	if (file_write(path, question.p, question.len) < 0)
		return fail_errno(s, path);
	list_addf(&env, "ORACLE_QUESTION=%s", path);
	list_addf(&env, "ORACLE_ANSWER=%s", answer);
	if (off)
		list_addf(&env, "KCONFIG_ALLCONFIG=%s/seed", work);
	if (make_target(j, off ? ALL_OFF : "olddefconfig", (const char *const *)env.v) < 0)
		return -1;
	json_decref(j->answer);
	j->answer = answer_read(s, answer);
	return j->answer ? 0 : -1;
}

static int
configure(struct job *j)
{
	struct msmv_stage *s = j->stage;
	const char *base = s->host->option(s, "base");
	cleanup_free char *kept = xformat("%s/base", s->host->workdir(s));
	cleanup_list struct list argv = { 0 };

	kernel_make(s, &argv, j->tree.src, j->obj);
	if (oracle_build(s, &argv, j->tree.src, j->obj, base) < 0)
		return -1;
	if (strcmp(base, ALL_OFF) != 0 &&
	    (make_target(j, base, NULL) < 0 || file_copy(s, j->dot, kept) < 0))
		return -1;
	return ask(j, base, NULL);
}

/* Lets a person change the configuration in the menus, then finds out what they changed. */
static int
menu(struct job *j)
{
	struct msmv_stage *s = j->stage;
	cleanup_free char *mine = xformat("%s/mine", s->host->workdir(s));
	cleanup_free char *person = xformat("%s/person", s->host->workdir(s));
	cleanup_list struct list argv = { 0 };

	kernel_make(s, &argv, j->tree.src, j->obj);
	if (file_copy(s, j->dot, mine) < 0 || menu_run(s, &argv) < 0 ||
	    file_copy(s, j->dot, person) < 0)
		return -1;
	return ask(j, s->host->option(s, "base"), person);
}

/* The machines to look at: those named, or all of the architecture. */
static int
machines_collect(struct job *j)
{
	struct msmv_stage *s = j->stage;

	for (size_t i = 0; i < s->host->option_count(s, "machines"); i++) {
		const char *name = s->host->option_at(s, "machines", i);

		if (strcmp(name, "all") == 0)
			profile_machines(s->host->arch(s, "kernel.arch"), &j->machines);
		else if (!list_has(&j->machines, name))
			list_add(&j->machines, name);
	}
	for (size_t i = 0; i < j->machines.len; i++) {
		if (profile_need(&j->requests, j->machines.v[i]) < 0)
			return -1;
	}
	return 0;
}

static int
publish(struct job *j)
{
	struct msmv_stage *s = j->stage;
	bool enforce = strcmp(s->host->option(s, "contract"), "enforce") == 0;

	if (contract_check(&j->requests, j->answer, j->version, enforce) < 0 ||
	    answer_report(s, j->answer, j->version, &j->machines) < 0)
		return -1;
	return file_copy(s, j->dot, s->host->output_path(s, "config"));
}

static int
work(struct job *j)
{
	struct msmv_stage *s = j->stage;

	if (kernel_cc_check(s) < 0 || requests_collect(&j->requests) < 0 ||
	    machines_collect(j) < 0 || kernel_tree_open(s, &j->tree) < 0)
		return -1;
	j->obj = xformat("%s/config", j->tree.folder);
	j->dot = xformat("%s/.config", j->obj);
	j->busy = xformat("%s/config.busy", j->tree.folder);
	j->version = read_version(j->tree.src);
	if (folder_ready(j) < 0 || configure(j) < 0 ||
	    (s->host->option(s, "menu_tty") && menu(j) < 0))
		return -1;
	unlink(j->busy);
	return publish(j);
}

static int
run(struct msmv_stage *s)
{
	struct job j = { .stage = s };
	int bad;

	j.requests = (struct requests){ .stage = s };
	bad = work(&j);
	requests_release(&j.requests);
	list_release(&j.machines);
	json_decref(j.answer);
	kernel_tree_release(&j.tree);
	free_at(&j.obj);
	free_at(&j.dot);
	free_at(&j.busy);
	free_at(&j.version);
	return bad;
}

static int
check(struct msmv_stage *s)
{
	const char *base = s->host->option(s, "base");
	struct requests r = { .stage = s };
	size_t len = strlen(base);
	int bad = 0;

	for (const char *p = base; *p; p++) {
		if (!isalnum((unsigned char)*p) && !strchr("_-.", *p))
			len = 0;
	}
	if (len <= 6 || strcmp(base + len - 6, "config") != 0 || *base == '-')
		bad = problem_at(s, "base", NULL, NULL, "base: \"%s\" is not a configuration "
			"target of the kernel: tinyconfig, allnoconfig, defconfig or a named "
			"..._defconfig", base);
	for (size_t i = 0; i < s->host->option_count(s, "profiles"); i++)
		bad |= profile_check(&r, s->host->option_at(s, "profiles", i));
	return bad;
}

/* The file records what the tools can do, so their versions decide its bytes. */
static int
facts(struct msmv_stage *s)
{
	if (kernel_facts_toolchain(s) < 0 || kernel_fact_optional(s, "pahole") < 0)
		return -1;
	return kernel_fact_optional(s, "rustc");
}

static const char *const provides[] = { "config:kconfig" };

static const struct msmv_option options[] = {
	{ .name = "base", .type = MSMV_TYPE_STRING, .fallback = "tinyconfig",
	  .help = "configuration to start from: tinyconfig, allnoconfig, defconfig, "
	          "NAME_defconfig" },
	{ .name = "profiles", .type = MSMV_TYPE_LIST,
	  .help = "named sets of options, in order; later ones win" },
	{ .name = "options", .type = MSMV_TYPE_MAP,
	  .help = "kernel options, with or without CONFIG_; they win over profiles" },
	{ .name = "options_unchecked", .type = MSMV_TYPE_LIST,
	  .help = "options that may turn out otherwise than asked" },
	{ .name = "contract", .type = MSMV_TYPE_STRING, .fallback = "enforce",
	  .choices = "enforce|report",
	  .help = "report: options that do not hold are reported and fail nothing" },
	{ .name = "machines", .type = MSMV_TYPE_LIST,
	  .help = "machine profiles to hold the result against in the report, or all" },
	/* In the key: what a person did in the menus is the result of nothing else. */
	{ .name = "menu_tty", .type = MSMV_TYPE_STRING,
	  .help = "terminal on which a person changes the configuration in menus" },
	{ .name = "menu_term", .type = MSMV_TYPE_STRING, .flags = MSMV_OPT_NO_KEY,
	  .fallback = "linux", .help = "kind of that terminal, as in TERM" },
	{ .name = "patches", .type = MSMV_TYPE_PATHS,
	  .help = "patches to the kernel's sources (patch -p1), in order" },
	KERNEL_MAKE_FLAGS,
};

static const struct msmv_port inputs[] = {
	{ .name = "source", .kind = MSMV_PORT_FILE, .help = "archive of the kernel's sources" },
};

static const struct msmv_port outputs[] = {
	{ .name = "config", .kind = MSMV_PORT_FILE, .filename = ".config",
	  .help = "the kernel's configuration" },
	{ .name = "report", .kind = MSMV_PORT_FILE, .flags = MSMV_PORT_OPTIONAL,
	  .filename = "kconfig.json", .help = "what was asked, what holds, and why not" },
};

static const char *const env[] = { KERNEL_ENV };

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.name = "kconfig",
	.version = "2",
	.summary = "kernel configuration in which every asked option holds",
	.provides = MSMV_TABLE(provides),
	.options = MSMV_TABLE(options),
	.inputs = MSMV_TABLE(inputs),
	.outputs = MSMV_TABLE(outputs),
	.env = MSMV_TABLE(env),
	.check = check,
	.facts = facts,
	.run = run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	(void)host_api;
	return &plugin;
}
