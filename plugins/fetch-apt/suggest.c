/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Reads the names out of the lists on the disk, of which there are tens of thousands:
 * more than apt-cache's output may take, and quick enough for a failure.
 */
#include "suggest.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEEP 3

struct near {
	const char *want;
	char name[KEEP][128];
	unsigned distance[KEEP];
	size_t n;
	char builder[128]; /* the source package that makes a binary of this name */
};

static unsigned
min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

/* Edit distance, or more than limit as soon as it is sure to be. */
static unsigned
distance(const char *a, const char *b, unsigned limit)
{
	unsigned row[128];
	size_t la = strlen(a), lb = strlen(b);

	if (la >= 128 || lb >= 128 || (la > lb ? la - lb : lb - la) > limit)
		return limit + 1;
	for (unsigned j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		unsigned diagonal = row[0], least;
		row[0] = least = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned up = row[j];
			row[j] = min3(up + 1, row[j - 1] + 1,
				diagonal + (a[i - 1] != b[j - 1]));
			diagonal = up;
			least = row[j] < least ? row[j] : least;
		}
		if (least > limit)
			return limit + 1;
	}
	return row[lb];
}

static void
near_take(struct near *s, const char *name)
{
	size_t len = strlen(s->want);
	unsigned limit = len < 4 ? 1 : len < 9 ? 2 : 3;
	unsigned d = distance(s->want, name, limit);
	size_t at;

	if (d > limit || strlen(name) >= sizeof(s->name[0]))
		return;
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->name[i], name))
			return;
	for (at = s->n < KEEP ? s->n : KEEP; at > 0 && s->distance[at - 1] > d; at--)
		if (at < KEEP) {
			memcpy(s->name[at], s->name[at - 1], sizeof(s->name[0]));
			s->distance[at] = s->distance[at - 1];
		}
	if (at == KEEP)
		return;
	strcpy(s->name[at], name);
	s->distance[at] = d;
	s->n += s->n < KEEP;
}

/* 1 if the comma-separated list holds the name. */
static int
has_word(const char *list, const char *name)
{
	size_t n = strlen(name);

	while (*list) {
		list += strspn(list, " ,\n");
		size_t w = strcspn(list, " ,\n");
		if (w == n && !strncmp(list, name, n))
			return 1;
		list += w;
	}
	return 0;
}

static void
near_file(struct near *s, const char *path)
{
	FILE *f = fopen(path, "re");
	char *line = NULL, package[128] = "";
	int binaries = 0;
	size_t room = 0;

	while (f && getline(&line, &room, f) >= 0) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "Package: ", 9)) {
			snprintf(package, sizeof(package), "%s", line + 9);
			near_take(s, package);
		}
		binaries = !strncmp(line, "Binary:", 7) || (binaries && line[0] == ' ');
		if (binaries && has_word(line + strcspn(line, " "), s->want))
			snprintf(s->builder, sizeof(s->builder), "%s", package);
	}
	free(line);
	if (f)
		fclose(f);
}

/* The lists are kept compressed, in whatever way apt likes: it also undoes it. */
static void
near_lists(struct near *s, struct apt *a)
{
	const struct msmv_host *host = a->stage->host;
	const char *index = a->source ? "_Sources" : "_Packages";
	DIR *d = opendir(a->lists);
	struct dirent *e;
	char path[1024], plain[4096];

	snprintf(plain, sizeof(plain), "%s/names", host->workdir(a->stage));
	while (d && (e = readdir(d))) {
		if (!strstr(e->d_name, index))
			continue;
		snprintf(path, sizeof(path), "%s/%s", a->lists, e->d_name);
		const char *argv[] = {"/usr/lib/apt/apt-helper", "cat-file", path, NULL};
		struct msmv_command c = {.struct_size = sizeof(c),
			.flags = MSMV_CMD_QUIET,
			.argv = argv,
			.dir = "/",
			.stdout_path = plain};
		if (access(argv[0], X_OK) || host->run(a->stage, &c) != 0)
			continue;
		near_file(s, plain);
		unlink(plain);
	}
	if (d)
		closedir(d);
}

const char *
suggest(struct apt *a, const struct request *r, char *buf, size_t n)
{
	struct near s = {.want = r->name};
	size_t at = 0;

	buf[0] = '\0';
	near_lists(&s, a);
	if (s.builder[0]) {
		snprintf(buf, n, "; the package of that name is built from apt-src:%s",
			s.builder);
		return buf;
	}
	for (size_t i = 0; i < s.n && at < n; i++)
		at += (size_t)snprintf(buf + at, n - at, "%s%s",
			i == 0		   ? "; did you mean " :
				i + 1 < s.n ? ", " :
					      " or ",
			s.name[i]);
	if (s.n && at + 1 < n)
		strcpy(buf + at, "?");
	return buf;
}
