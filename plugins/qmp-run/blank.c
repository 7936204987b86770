/* SPDX-License-Identifier: GPL-3.0-only */
/* Sparse files and empty folders in the stage's work folder. */
#include "blank.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../problem/problem.h"
#include "prepare.h"

enum { MIB_MAX = 1 << 20, TAG_MAX = 31, BLANKS_MAX = 8 };

static const char begin[] = "blank";

/* "64M", "1G": bytes, or 0 for what is no such size. */
static int64_t
size_of(const char *text)
{
	char *end;
	long n = *text >= '1' && *text <= '9' ? strtol(text, &end, 10) : 0;
	long unit = n <= 0                 ? 0
	            : strcmp(end, "M") == 0 ? 1
	            : strcmp(end, "G") == 0 ? 1024
	                                    : 0;

	return unit && n <= MIB_MAX / unit ? (int64_t)n * unit << 20 : 0;
}

static bool
is_tag(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                        "0123456789_.-");

	return n > 0 && n <= TAG_MAX && !text[n] && *text != '.' && *text != '-';
}

static int
count_check(struct msmv_stage *stage, const char *option)
{
	size_t n = stage->host->option_count(stage, option);

	return n <= BLANKS_MAX ? 0
	                       : problem_at(stage, option, NULL, NULL, "%s: %zu are more than %d",
	                                    option, n, BLANKS_MAX);
}

static int
disk_check(struct msmv_stage *stage, size_t i)
{
	const char *text = stage->host->option_at(stage, "disks", i);

	return size_of(text) ? 0
	                     : problem_at(stage, "disks", text, "write \"64M\" or \"1G\"",
	                                  "disks: \"%s\" is no size from 1M to 1024G", text);
}

static int
share_check(struct msmv_stage *stage, size_t i)
{
	const struct msmv_host *host = stage->host;
	const char *tag = host->option_at(stage, "shares", i);

	if (!is_tag(tag))
		return problem_at(stage, "shares", tag, "write the tag that [init] mounts has",
		                  "shares: \"%s\" is no tag of 1 to %d letters, digits, _ . -", tag,
		                  TAG_MAX);
	for (size_t k = 0; k < i; k++)
		if (strcmp(host->option_at(stage, "shares", k), tag) == 0)
			return problem_at(stage, "shares", tag, NULL, "shares: \"%s\" is there twice",
			                  tag);
	return 0;
}

int
blank_check(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	int bad = count_check(stage, "disks") | count_check(stage, "shares");

	for (size_t i = 0; i < host->option_count(stage, "disks"); i++)
		bad |= disk_check(stage, i);
	for (size_t i = 0; i < host->option_count(stage, "shares"); i++)
		bad |= share_check(stage, i);
	return bad;
}

/* ---- Making ------------------------------------------------------------- */

static int
make_disk(struct msmv_stage *stage, struct guest *g, const char *dir, size_t i)
{
	const struct msmv_host *host = stage->host;
	const char *path = text_keep(stage, "%s/%s%zu.img", dir, begin, i + 1);
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
	int rc = fd < 0 ? -1 : ftruncate(fd, size_of(host->option_at(stage, "disks", i)));

	if (rc < 0)
		host->fail(stage, MSMV_FAIL_SYSTEM, "cannot make %s: %s", path ? path : "a disk",
		           strerror(errno));
	if (fd >= 0)
		close(fd);
	/* A boot that is tried again, another way, finds it blank. */
	g->disks[g->disk_count++] =
		(struct guest_disk){ .path = path, .format = "raw", .discard = true };
	return rc;
}

static int
make_share(struct msmv_stage *stage, struct guest *g, const char *dir, size_t i)
{
	const char *tag = stage->host->option_at(stage, "shares", i);
	const char *path = text_keep(stage, "%s/share-%s", dir, tag);

	if (!path)
		return -1;
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return stage->host->fail(stage, MSMV_FAIL_SYSTEM, "cannot make %s: %s", path,
		                         strerror(errno));
	g->shares[g->share_count++] = (struct guest_share){ .tag = tag, .path = path };
	return 0;
}

int
blank_take(struct msmv_stage *stage, struct guest *g)
{
	const struct msmv_host *host = stage->host;
	const char *dir = host->workdir(stage);

	if (!dir || blank_check(stage) < 0)
		return -1;
	for (size_t i = 0; i < host->option_count(stage, "disks"); i++)
		if (make_disk(stage, g, dir, i) < 0)
			return -1;
	for (size_t i = 0; i < host->option_count(stage, "shares"); i++)
		if (make_share(stage, g, dir, i) < 0)
			return -1;
	return 0;
}

/* ---- Telling ------------------------------------------------------------ */

const char *
blank_name(const struct guest_disk *d)
{
	const char *slash = strrchr(d->path, '/');

	return slash ? slash + 1 : d->path;
}

bool
blank_is(const struct guest_disk *d)
{
	return strncmp(blank_name(d), begin, sizeof(begin) - 1) == 0;
}

int64_t
blank_size(const struct guest_disk *d)
{
	struct stat st;

	return stat(d->path, &st) == 0 ? st.st_size : 0;
}
