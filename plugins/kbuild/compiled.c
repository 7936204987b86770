/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * vmlinux.a lists the objects that were linked, and beside each kbuild keeps a .cmd file
 * with the source's name. Objects of earlier configurations are not in the archive.
 */
#include "compiled.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../kernel/make.h"
#include "../kernel/text.h"

/* ---- Names ----------------------------------------------------------- */

/* "dir/.name.o.cmd" of "dir/name.o". */
static char *
command_file(const char *object)
{
	const char *slash = strrchr(object, '/');
	const char *base = slash ? slash + 1 : object;

	return xformat("%.*s.%s.cmd", (int)(base - object), object, base);
}

/* "source_init/main.o := /src/init/main.c": what follows, up to the line's end. */
static char *
source_of(const char *commands)
{
	const char *at = strncmp(commands, "source_", 7) == 0 ? commands
							      : strstr(commands, "\nsource_");
	const char *sign = at ? strstr(at, " := ") : NULL;

	if (!sign || memchr(at + 1, '\n', (size_t)(sign - at - 1)))
		return NULL;
	sign += 4;
	return xcopy_n(sign, strcspn(sign, "\n"));
}

/* The path in the kernel's tree, or NULL for what the build itself made. */
static const char *
in_tree(const char *source, const char *src)
{
	size_t n = strlen(src);

	if (strncmp(source, src, n) == 0 && source[n] == '/')
		return source + n + 1;
	return NULL;
}

static void
take_object(const char *object, const char *src, struct list *found)
{
	cleanup_free char *file = command_file(object);
	cleanup_text struct text commands = { 0 };
	cleanup_free char *source = file_read(file, &commands) == 0 ? source_of(commands.p) : NULL;
	const char *path = source ? in_tree(source, src) : NULL;

	if (path)
		list_add(found, path);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The archive's members, a line each; relative ones are below obj. */
static void
read_members(struct text *lines, const char *src, const char *obj, struct list *found)
{
	for (char *line = lines->p, *end; line && *line; line = end + 1) {
		cleanup_free char *object = NULL;

		end = line + strcspn(line, "\n");
		object = *line == '/' ? xcopy_n(line, (size_t)(end - line))
				      : xformat("%s/%.*s", obj, (int)(end - line), line);
		take_object(object, src, found);
		if (!*end)
			break;
	}
	if (found->len)
		qsort(found->v, found->len, sizeof(*found->v), by_text);
}

/* ---- Sums ------------------------------------------------------------ */

static void
add_digest(struct text *out, const struct text *file, const EVP_MD *kind)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	EVP_Digest(file->p ? file->p : "", file->len, sum, &n, kind, NULL);
	for (unsigned i = 0; i < n; i++)
		text_addf(out, "%02x", sum[i]);
	text_add(out, " ");
}

static int
add_line(struct msmv_stage *s, struct text *out, const char *src, const char *path)
{
	cleanup_free char *full = xformat("%s/%s", src, path);
	cleanup_text struct text file = { 0 };

	if (file_read(full, &file) < 0)
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "%s: %s", full, strerror(errno));
	add_digest(out, &file, EVP_sha1());
	add_digest(out, &file, EVP_sha256());
	text_addf(out, "%s\n", path);
	return 0;
}

static int
list_members(struct msmv_stage *s, const char *archive, const char *to)
{
	cleanup_free char *ar = xformat("%sar", kernel_cross(s));
	const char *const argv[] = { ar, "t", archive, NULL };
	struct msmv_command c = { .struct_size = sizeof(c), .argv = argv, .stdout_path = to };

	return s->host->run(s, &c) == 0 ? 0 : -1;
}

int
compiled_publish(struct msmv_stage *s, const char *src, const char *obj)
{
	cleanup_free char *archive = xformat("%s/vmlinux.a", obj);
	cleanup_free char *members = xformat("%s/members", s->host->workdir(s));
	cleanup_text struct text lines = { 0 }, out = { 0 };
	cleanup_list struct list found = { 0 };
	const char *to = s->host->output_path(s, "sources");

	if (!to)
		return -1;
	if (access(archive, F_OK) < 0)
		return 0;
	if (list_members(s, archive, members) < 0)
		return -1;
	if (file_read(members, &lines) < 0)
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "%s: %s", members, strerror(errno));
	read_members(&lines, src, obj, &found);
	for (size_t i = 0; i < found.len; i++)
		if ((!i || strcmp(found.v[i], found.v[i - 1]) != 0) &&
		    add_line(s, &out, src, found.v[i]) < 0)
			return -1;
	if (!out.len)
		return 0;
	return file_write(to, out.p, out.len) == 0 ? 0
		: s->host->fail(s, MSMV_FAIL_SYSTEM, "%s: %s", to, strerror(errno));
}
