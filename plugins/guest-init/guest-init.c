/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Compiles msmv-init for the guest: /init for an initramfs, and /sbin/init,
 * where a kernel that mounts a disk looks first; and msmv-net where it is needed.
 */
#include <fcntl.h>
#include <limits.h>
#include <msmv/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build.h"
#include "compiler.h"
#include "elf.h"

static const char *const provides[] = {"build:init"};
static const char *const env[] = {"CC"};

static const struct msmv_option options[] = {
	{.name = "source",
		.type = MSMV_TYPE_PATHS,
		.flags = MSMV_OPT_REQUIRED,
		.help = "init's C files, or the folder that holds them"},
	{.name = "net_helper",
		.type = MSMV_TYPE_BOOL,
		.fallback = "false",
		.help = "also compile msmv-net, for a network that is more than one static "
			"address"},
	{.name = "cflags",
		.type = MSMV_TYPE_STRING,
		.help = "more flags for the compiler, split at blanks"},
};

static const struct msmv_port inputs[] = {
	{"sysroot", MSMV_PORT_TREE, MSMV_PORT_MANY | MSMV_PORT_OPTIONAL, NULL,
		"C library to link, under usr/; the compiler's own if there is none"},
};

static const struct msmv_port outputs[] = {
	{"root", MSMV_PORT_TREE, 0, NULL, "/init, /sbin/init, and with net_helper /sbin/msmv-net"},
};

/* A file of the compiler that ends up in the program, by its content. */
static int
fact_part(struct msmv_stage *s, const struct compiler *c, const char *field,
	const char *question)
{
	const char *path = compiler_ask(s, c, question);

	/* A compiler that has no such file repeats its bare name. */
	if (!path || path[0] != '/' || access(path, R_OK) != 0)
		return s->host->fact(s, field, "none");
	return s->host->fact_file(s, field, path);
}

static int
guest_init_facts(struct msmv_stage *s)
{
	const char *prefix = s->host->arch(s, "cross.prefix");
	struct compiler c;
	char field[32], ld[128];

	if (compiler_find(s, &c) != 0)
		return -1;
	/* CC may be "ccache gcc": each program in it counts. */
	for (size_t i = 0; i < c.count; i++) {
		snprintf(field, sizeof(field), "compiler.%zu", i);
		if (c.words[i][0] != '-' && program_exists(c.words[i]) &&
			s->host->fact_tool(s, field, c.words[i], "--version") != 0)
			return -1;
	}
	snprintf(ld, sizeof(ld), "%sld", prefix ? prefix : "");
	if (!program_exists(ld))
		snprintf(ld, sizeof(ld), "ld");
	if (program_exists(ld) && s->host->fact_tool(s, "linker", ld, "--version") != 0)
		return -1;
	if (fact_part(s, &c, "libgcc", "-print-libgcc-file-name") != 0)
		return -1;
	return fact_part(s, &c, "libc", "-print-file-name=libc.a");
}

/* All trees of the sysroot port in one folder; *dir stays NULL when there are none. */
static int
extract_sysroot(struct msmv_stage *s, char *room, size_t size, const char **dir)
{
	size_t n = s->host->input_count(s, "sysroot");
	char file[PATH_MAX];

	*dir = NULL;
	if (n == 0)
		return 0;
	snprintf(room, size, "%s/sysroot", s->host->workdir(s));
	if (mkdir(room, 0755) != 0)
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "cannot make %s", room);
	for (size_t i = 0; i < n; i++)
		if (s->host->input_extract(s, "sysroot", i, room) != 0)
			return -1;
	*dir = room;
	if ((size_t)snprintf(file, sizeof(file), "%s/usr/lib/libc.a", room) >=
			sizeof(file) ||
		access(file, R_OK) != 0)
		return s->host->fail(s, MSMV_FAIL_INPUT,
			"the sysroot of %s has no usr/lib/libc.a to link init with",
			s->host->input_name(s, "sysroot", 0));
	return 0;
}

/* A program that was made, and where it goes in the image. */
struct made {
	enum guest_program which;
	const char *path; /* in the tree */
	char file[PATH_MAX];
	uint64_t size;
};

static int
add_program(struct msmv_stage *s, struct msmv_tree *tree, struct made *m)
{
	struct msmv_entry e = {
		.struct_size = sizeof(e), .mode = S_IFREG | 0755, .path = m->path};
	struct stat st;
	int failed;

	e.fd = open(m->file, O_RDONLY | O_CLOEXEC);
	if (e.fd < 0 || fstat(e.fd, &st) != 0) {
		if (e.fd >= 0)
			close(e.fd);
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "cannot read %s", m->file);
	}
	e.size = m->size = (uint64_t)st.st_size;
	failed = s->host->tree_add(tree, &e);
	close(e.fd);
	return failed;
}

static int
write_root(struct msmv_stage *s, struct made *list, size_t n, const char *library)
{
	struct msmv_tree *tree = s->host->tree_create(s, "root");
	struct msmv_entry link = {.struct_size = sizeof(link),
		.mode = S_IFLNK | 0777,
		.path = "sbin/init",
		.target = "../init",
		.fd = -1};
	uint64_t size = 0;
	int failed;

	if (!tree)
		return -1;
	failed = add_program(s, tree, &list[0]) != 0 || s->host->tree_add(tree, &link) != 0;
	for (size_t i = 1; !failed && i < n; i++)
		failed = add_program(s, tree, &list[i]);
	if (s->host->tree_close(tree) != 0 || failed)
		return -1;
	for (size_t i = 0; i < n; i++)
		size += list[i].size;
	s->host->note(s, "static, %s, %llu KB", library,
		(unsigned long long)((size + 1023) / 1024));
	return 0;
}

static int
make_program(struct msmv_stage *s, const struct compiler *c, const char *sysroot, struct made *m)
{
	const char *machine = s->host->arch(s, "elf.machine"), *complaint;

	snprintf(m->file, sizeof(m->file), "%s/program.%d", s->host->workdir(s), m->which);
	if (build_program(s, c, m->which, sysroot, m->file) != 0)
		return -1;
	complaint = elf_complaint(m->file, strtol(machine, NULL, 10));
	if (!complaint)
		return 0;
	return s->host->fail(s, MSMV_FAIL_TOOL,
		"the program that %s made %s; set CC to a compiler for the guest", c->words[0],
		complaint);
}

static int
guest_init_run(struct msmv_stage *s)
{
	struct made list[] = {{PROGRAM_INIT, "init", "", 0}, {PROGRAM_NET, "sbin/msmv-net", "", 0}};
	size_t n = s->host->option_int(s, "net_helper") ? 2 : 1;
	const char *sysroot;
	char room[PATH_MAX];
	struct compiler c;

	if (!s->host->arch(s, "elf.machine"))
		return s->host->fail(s, MSMV_FAIL_RECIPE,
			"the architecture's plugin does not say elf.machine");
	if (compiler_find(s, &c) != 0 ||
		extract_sysroot(s, room, sizeof(room), &sysroot) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (make_program(s, &c, sysroot, &list[i]) != 0)
			return -1;
	return write_root(s, list, n, sysroot ? "linked with the sysroot" : "system's libc");
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.name = "guest-init",
	.version = "1",
	.summary = "compiles msmv-init, the guest's first process, and its helper",
	.provides = MSMV_TABLE(provides),
	.options = MSMV_TABLE(options),
	.inputs = MSMV_TABLE(inputs),
	.outputs = MSMV_TABLE(outputs),
	.env = MSMV_TABLE(env),
	.facts = guest_init_facts,
	.run = guest_init_run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	return host_api >= MSMV_API_VERSION ? &plugin : NULL;
}
