/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The recipe promises a program at output_executable_path. Whether it can start is
 * seen here, minutes before a guest would only say that it cannot.
 */
#include "install.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elf.h"
#include "split.h"

/* Where the loader looks for libraries. */
static const char *const library_folders[] = {"/lib", "/usr/lib", "/usr/local/lib", "/lib64",
	"/usr/lib64"};

/*
 * Follows path inside the installed tree as a guest would, symbolic links and all.
 * Returns the file's name on this machine, or NULL when the guest would not find it.
 */
static const char *
guest_path(struct build *build, const char *path)
{
	const char *done = "", *rest = path;
	int links = 0;

	while (*(rest += strspn(rest, "/"))) {
		size_t len = strcspn(rest, "/");
		const char *next = pool_fmt(&build->pool, "%s/%.*s", done, (int)len, rest);
		const char *full = pool_fmt(&build->pool, "%s%s", build->dest, next);
		char target[PATH_MAX];
		ssize_t n = readlink(full, target, sizeof(target) - 1);

		rest += len;
		if (len == 1 && rest[-1] == '.')
			continue;
		if (len == 2 && strncmp(rest - 2, "..", 2) == 0) {
			const char *slash = strrchr(done, '/');

			done = slash ? pool_dup(&build->pool, done, (size_t)(slash - done)) : "";
		} else if (n >= 0) {
			if (++links > 40)
				return NULL;
			target[n] = '\0';
			rest = pool_fmt(&build->pool, "%s/%s", target, rest);
			done = target[0] == '/' ? "" : done;
		} else if (access(full, F_OK)) {
			return NULL;
		} else {
			done = next;
		}
	}
	return pool_fmt(&build->pool, "%s%s", build->dest, done);
}

static bool
library_present(struct build *build, const char *name)
{
	size_t n = sizeof(library_folders) / sizeof(library_folders[0]);

	for (size_t i = 0; i < n; i++)
		if (guest_path(build,
			pool_fmt(&build->pool, "%s/%s", library_folders[i], name)))
			return true;
	return false;
}

static int
dynamic_fail(struct build *build, const char *path, const char *lacks)
{
	return build->host->fail(build->stage, MSMV_FAIL_RECIPE,
		"%s is dynamically linked and cannot start: it needs %s, which it does not "
		"install. Link it statically (LDFLAGS=-static in config_script)%s", path, lacks,
		build->musl ? "" : ", or use general.libc = \"musl\"");
}

static int
program_check(struct build *build, const char *path, const char *full, uintmax_t size)
{
	struct elf elf;

	if (elf_read(&build->pool, full, &elf))
		return build->host->fail(build->stage, MSMV_FAIL_SYSTEM, "cannot read %s: %s",
			full, strerror(errno));
	if (elf.class != ELF_PROGRAM)
		return build->host->fail(build->stage, MSMV_FAIL_RECIPE,
			"output_executable_path: %s is not a program that the kernel can "
			"start (it is no ELF executable)", path);
	if (elf.interpreter && !guest_path(build, elf.interpreter))
		return dynamic_fail(build, path, elf.interpreter);
	for (size_t i = 0; elf.interpreter && i < elf.needed.n; i++)
		if (!library_present(build, elf.needed.v[i]))
			return dynamic_fail(build, path, elf.needed.v[i]);
	build->host->note(build->stage, "%s, %ju KB", elf.interpreter ? "dynamic" : "static",
		(size + 1023) / 1024);
	return 0;
}

/* What a script names after "#!", or NULL; another stage may bring that program. */
static const char *
script_interpreter(struct build *build, const char *full)
{
	FILE *file = fopen(full, "re");
	char line[256] = "";

	if (file) {
		if (!fgets(line, sizeof(line), file))
			line[0] = '\0';
		fclose(file);
	}
	if (strncmp(line, "#!", 2) != 0)
		return NULL;
	return pool_dup(&build->pool, line + 2, strcspn(line + 2, "\n"));
}

/* Names of what can be started, for the person who mistyped one. */
static void
programs_list(struct build *build, const char *folder, struct words *found)
{
	const char *full = pool_fmt(&build->pool, "%s%s", build->dest, folder);
	struct dirent **entries;
	int n = scandir(full, &entries, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		const char *path = pool_fmt(&build->pool, "%s/%s", folder, name);
		const char *real = pool_fmt(&build->pool, "%s%s", build->dest, path);
		struct stat st;

		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !lstat(real, &st)) {
			if (S_ISDIR(st.st_mode))
				programs_list(build, path, found);
			else if (S_ISREG(st.st_mode) && (st.st_mode & 0111) && found->n < 6)
				words_push(&build->pool, found, path);
		}
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

static int
missing_fail(struct build *build, const char *path)
{
	struct words found = {0};

	programs_list(build, "", &found);
	return build->host->fail(build->stage, MSMV_FAIL_RECIPE,
		"output_executable_path: %s is not installed; what can be run there: %s", path,
		found.n ? words_join(&build->pool, &found, ", ") : "nothing");
}

int
install_check(struct build *build)
{
	const char *text = build->host->option(build->stage, "output_executable_path");
	const char *path, *full, *interpreter;
	struct split split;
	struct stat st;

	if (!text || !*text)
		return 0;
	/* check() has proved that the text splits. */
	if (split_text(&build->pool, text, NULL, 0, &split) || !split.n)
		return -1;
	path = split.commands[0].argv.v[0];
	full = guest_path(build, path);
	if (!full || stat(full, &st) || !S_ISREG(st.st_mode))
		return missing_fail(build, path);
	if (!(st.st_mode & 0111))
		return build->host->fail(build->stage, MSMV_FAIL_RECIPE,
			"output_executable_path: %s is installed without permission to "
			"execute (mode %04o)", path, (unsigned)(st.st_mode & 07777));
	interpreter = script_interpreter(build, full);
	if (!interpreter)
		return program_check(build, path, full, (uintmax_t)st.st_size);
	build->host->note(build->stage, "script for %s", interpreter);
	return 0;
}
