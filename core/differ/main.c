/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv-differ A B: says where they differ. A process of its own: it reads what a build
 * made, and msmv itself starts faster without the libraries that this needs.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "differ/differ.h"

enum { SAME = 0, DIFFERENT = 1, FAILED = 2 };

static int
map_file(const char *path, struct bytes *out)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -1;
	*out = (struct bytes){ (const unsigned char *)"", 0 };
	if (!st.st_size)
		return 0;
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return -1;
	*out = (struct bytes){ p, (size_t)st.st_size };
	return 0;
}

int
main(int argc, char **argv)
{
	cleanup_str struct str text = STR_INIT;
	struct bytes files[2];

	if (argc != 3) {
		fputs("usage: msmv-differ A B\n", stderr);
		return FAILED;
	}
	for (int i = 0; i < 2; i++) {
		if (map_file(argv[i + 1], &files[i]) < 0) {
			fprintf(stderr, "%s: %s\n", argv[i + 1], strerror(errno));
			return FAILED;
		}
	}
	if (!differ(files[0], files[1], 0, &text))
		return SAME;
	puts(str_text(&text));
	return DIFFERENT;
}
