/* SPDX-License-Identifier: GPL-3.0-only */
/* POSIX.1-1988 ustar header, one block of 512 bytes. */
#ifndef MSMV_TREE_TAR_HEADER_H
#define MSMV_TREE_TAR_HEADER_H

enum { TAR_BLOCK = 512 };

struct tar_header {
	char name[100];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char mtime[12];
	char checksum[8];
	char type;
	char link[100];
	char magic[8]; /* "ustar", NUL, "00" */
	char uname[32];
	char gname[32];
	char major[8];
	char minor[8];
	char prefix[155];
	char pad[12];
};

_Static_assert(sizeof(struct tar_header) == TAR_BLOCK, "a tar header is one block");

#endif
