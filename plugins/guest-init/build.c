/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Against a C library in a sysroot the program is linked by hand, start files
 * and all: a compiler that was built for glibc would bring glibc's headers and
 * start files with it. Nothing of where it was built gets into the program.
 */
#include "build.h"

#include <dirent.h>
#include <limits.h>
#include <msmv/plugin.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compiler.h"

#define ARGS_MAX 512

struct args {
	const char *argv[ARGS_MAX + 1];
	size_t count;
	struct msmv_stage *stage;
	int failed;
};

/* Small, and the same bytes on every machine with the same compiler. */
static const char *const compile_flags[] = {
	"-std=gnu17",
	"-D_GNU_SOURCE",
	"-Os",
	"-fno-pie",
	"-ffunction-sections",
	"-fdata-sections",
	"-fno-asynchronous-unwind-tables",
	"-fno-unwind-tables",
	"-fno-stack-protector",
	"-fno-ident",
	"-U_FORTIFY_SOURCE",
	"-frandom-seed=msmv-init",
};

static const char *const link_flags[] = {
	"-static",
	"-no-pie",
	"-s",
	"-Wl,--gc-sections",
	"-Wl,--build-id=none",
	"-Wl,-z,noseparate-code",
	/* It would align the data in the file to 64 KB pages, where a machine has them. */
	"-Wl,-z,norelro",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
add(struct args *a, const char *arg)
{
	if (a->count < ARGS_MAX && arg)
		a->argv[a->count++] = arg;
	else
		a->failed = 1;
}

static void
add_all(struct args *a, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add(a, list[i]);
}

/* The text lives as long as the process, which runs one stage. */
static void __attribute__((format(printf, 2, 3)))
add_fmt(struct args *a, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	if (a->count == ARGS_MAX) {
		free(text);
		text = NULL;
	}
	add(a, text);
}

static int
is_source(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 2 && strcmp(e->d_name + n - 2, ".c") == 0;
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* In a fixed order. */
static void
add_folder(struct args *a, const char *dir)
{
	struct dirent **list = NULL;
	int n = scandir(dir, &list, is_source, by_bytes);

	for (int i = 0; i < n; i++) {
		add_fmt(a, "%s/%s", dir, list[i]->d_name);
		free(list[i]);
	}
	free(list);
}

/* What msmv-net has in common with init. */
static const char *const shared_files[] = {"file.c", "ini.c", "words.c"};

static void
add_net(struct args *a, const char *dir)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s/net", dir);
	add_folder(a, folder);
	for (size_t i = 0; i < COUNT(shared_files); i++)
		add_fmt(a, "%s/%s", dir, shared_files[i]);
}

/* *found: files beside the options that come with them. */
static int
add_source(struct args *a, enum guest_program which, const char *path, size_t *found)
{
	struct msmv_stage *s = a->stage;
	struct stat st;
	size_t before;

	if (stat(path, &st) != 0)
		return s->host->fail(s, MSMV_FAIL_RECIPE, "source: there is no %s", path);
	if (S_ISDIR(st.st_mode))
		add_fmt(a, "-ffile-prefix-map=%s=init", path);
	before = a->count;
	if (S_ISDIR(st.st_mode) && which == PROGRAM_NET)
		add_net(a, path);
	else if (S_ISDIR(st.st_mode))
		add_folder(a, path);
	else if (which == PROGRAM_INIT)
		add(a, path);
	*found += a->count - before;
	return 0;
}

static int
add_sources(struct args *a, enum guest_program which)
{
	struct msmv_stage *s = a->stage;
	size_t paths = s->host->option_count(s, "source"), found = 0;

	for (size_t i = 0; i < paths; i++)
		if (add_source(a, which, s->host->option_at(s, "source", i), &found) != 0)
			return -1;
	if (found > (which == PROGRAM_NET ? paths * COUNT(shared_files) : 0))
		return 0;
	return s->host->fail(s, MSMV_FAIL_RECIPE,
		which == PROGRAM_NET ? "source: no folder net with msmv-net in it"
				     : "source: no C file in it");
}

static void
add_cflags(struct args *a)
{
	const char *word = a->stage->host->option(a->stage, "cflags");
	size_t n;

	for (; word && *word != '\0'; word += n) {
		word += strspn(word, " \t");
		n = strcspn(word, " \t");
		if (n > 0)
			add_fmt(a, "%.*s", (int)n, word);
	}
}

/* The compiler's own headers stay: stddef.h and stdarg.h are its, not the library's. */
static int
add_headers(struct args *a, const struct compiler *c, const char *sysroot)
{
	const char *include = compiler_ask(a->stage, c, "-print-file-name=include");

	if (!include || include[0] != '/')
		return a->stage->host->fail(a->stage, MSMV_FAIL_TOOL,
			"%s does not know where its own headers are "
			"(-print-file-name=include)",
			c->words[0]);
	add(a, "-nostdinc");
	add_fmt(a, "-isystem%s/usr/include", sysroot);
	add_fmt(a, "-isystem%s", include);
	return 0;
}

static int
add_library(struct args *a, const struct compiler *c, const char *sysroot)
{
	const char *libgcc = compiler_ask(a->stage, c, "-print-libgcc-file-name");

	if (!libgcc || libgcc[0] != '/')
		return a->stage->host->fail(a->stage, MSMV_FAIL_TOOL,
			"%s does not know where its libgcc is (-print-libgcc-file-name)",
			c->words[0]);
	add_fmt(a, "%s/usr/lib/libc.a", sysroot);
	add(a, libgcc);
	add_fmt(a, "%s/usr/lib/libc.a", sysroot);
	add_fmt(a, "%s/usr/lib/crtn.o", sysroot);
	return 0;
}

int
build_program(struct msmv_stage *s, const struct compiler *c, enum guest_program which,
	const char *sysroot, const char *program)
{
	static const char *const env[] = {"SOURCE_DATE_EPOCH=0", NULL};
	struct args a = {.stage = s};
	struct msmv_command cmd = {
		.struct_size = sizeof(cmd), .argv = a.argv, .env = env};

	add_all(&a, c->words, c->count);
	add_all(&a, compile_flags, COUNT(compile_flags));
	if (sysroot && add_headers(&a, c, sysroot) != 0)
		return -1;
	add_cflags(&a);
	add_all(&a, link_flags, COUNT(link_flags));
	add(&a, "-o");
	add(&a, program);
	if (sysroot) {
		add(&a, "-nostdlib");
		add_fmt(&a, "%s/usr/lib/crt1.o", sysroot);
		add_fmt(&a, "%s/usr/lib/crti.o", sysroot);
	}
	if (add_sources(&a, which) != 0 || (sysroot && add_library(&a, c, sysroot) != 0))
		return -1;
	if (a.failed)
		return s->host->fail(s, MSMV_FAIL_SYSTEM,
			"the compiler's command line is too long or memory ran out");
	return s->host->run(s, &cmd) == 0 ? 0 : -1;
}
