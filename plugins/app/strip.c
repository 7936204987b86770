/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Debug information names folders and doubles sizes, and nothing in a microVM reads
 * it. The same walk meets every ELF file, so it also stops those that a build made
 * for the machine it ran on.
 */
#include "install.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "elf.h"
#include "tools.h"

enum { FILES_PER_CALL = 100 };

struct stripper {
	struct build *build;
	const char *root; /* folder being walked */
	struct words programs;
	struct words objects; /* and archives: the linker still needs their symbols */
};

static int
file_check(struct stripper *s, const char *path, const struct elf *elf)
{
	const char *want = s->build->host->arch(s->build->stage, "elf.machine");

	if (!want || elf->class == ELF_NOT || (unsigned)atoi(want) == elf->machine)
		return 0;
	return s->build->host->fail(s->build->stage, MSMV_FAIL_TOOL,
		"%s was built for another machine (ELF machine %u, %s is %s): the source's "
		"makefile calls a compiler of its own; give it $CC, for instance with "
		"make_flags = [\"CC=%s-gcc\"]", path + strlen(s->root), elf->machine,
		s->build->triplet, want, s->build->triplet);
}

static int
file_visit(struct stripper *s, const char *path)
{
	struct pool *pool = &s->build->pool;
	size_t len = strlen(path);
	struct elf elf;

	if (elf_read(pool, path, &elf))
		return s->build->host->fail(s->build->stage, MSMV_FAIL_SYSTEM,
			"cannot read %s: %s", path, strerror(errno));
	if (file_check(s, path, &elf))
		return -1;
	if (elf.class == ELF_PROGRAM)
		words_push(pool, &s->programs, path);
	else if (elf.class == ELF_OBJECT || (len > 2 && strcmp(path + len - 2, ".a") == 0))
		words_push(pool, &s->objects, path);
	return 0;
}

static int
folder_visit(struct stripper *s, const char *folder)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, NULL, alphasort), result = 0;

	if (n < 0)
		return s->build->host->fail(s->build->stage, MSMV_FAIL_SYSTEM,
			"cannot read %s: %s", folder, strerror(errno));
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		const char *path = pool_fmt(&s->build->pool, "%s/%s", folder, name);
		struct stat st;

		if (!result && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !lstat(path, &st)) {
			if (S_ISDIR(st.st_mode))
				result = folder_visit(s, path);
			else if (S_ISREG(st.st_mode))
				result = file_visit(s, path);
		}
		free(entries[i]);
	}
	free(entries);
	return result;
}

/* Calls strip with as many files as one command line surely takes. */
static int
strip_files(struct stripper *s, const struct words *files, const char *how)
{
	struct pool *pool = &s->build->pool;

	for (size_t i = 0; i < files->n;) {
		struct words argv = {0};
		struct msmv_command command = {.struct_size = sizeof(command)};

		words_fmt(pool, &argv, "%s/%s-strip", s->build->tools, s->build->triplet);
		words_push(pool, &argv, how);
		words_push(pool, &argv, "--enable-deterministic-archives");
		words_push(pool, &argv, "--remove-section=.comment");
		for (size_t n = 0; n < FILES_PER_CALL && i < files->n; n++)
			words_push(pool, &argv, files->v[i++]);
		command.argv = argv.v;
		if (s->build->host->run(s->build->stage, &command))
			return -1;
	}
	return 0;
}

int
install_strip(struct build *build)
{
	struct stripper s = {.build = build};
	const char *const roots[] = {build->dest, build->develop};

	for (size_t i = 0; i < 2; i++) {
		s.root = roots[i];
		if (folder_visit(&s, s.root))
			return -1;
	}
	if (!build->host->option_int(build->stage, "strip"))
		return 0;
	if (strip_files(&s, &s.programs, "--strip-unneeded"))
		return -1;
	return strip_files(&s, &s.objects, "--strip-debug");
}
