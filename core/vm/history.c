/* SPDX-License-Identifier: GPL-3.0-only */
/* One write a line to a file opened for appending: the kernel keeps them apart. */
#include "vm/history.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "vm/journal.h"

enum { HISTORY_MAX = 4 << 20 };

json_t *
history_time(void)
{
	char text[64];
	struct timespec now;
	struct tm utc;
	size_t n;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	n = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(text + n, sizeof(text) - n, ".%03ldZ", now.tv_nsec / 1000000);
	return json_string(text);
}

/* A disk that was full, or a host that went, has cut the last line off: the next is none of it. */
static bool
is_cut_off(const char *path)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	char last = '\n';

	return fd >= 0 && lseek(fd, -1, SEEK_END) >= 0 && read(fd, &last, 1) == 1 && last != '\n';
}

void
history_add(const char *root, const char *vm, const char *event, json_t *more)
{
	json_t *o = json_pack("{s:i, s:o, s:s, s:s}", "v", 1, "time", history_time(), "vm", vm,
		"event", event);
	cleanup_free char *path = path_join(root, ".events");
	cleanup_str struct str line = STR_INIT;
	struct journal j = JOURNAL_INIT;
	char *text;

	if (more)
		json_object_update_missing(o, more);
	json_decref(more);
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	if (text && journal_open(&j, path, HISTORY_MAX) == 0) {
		str_addf(&line, "%s%s\n", is_cut_off(path) ? "\n" : "", text);
		journal_write(&j, line.p, line.len);
	}
	journal_close(&j);
	free(text);
}
