/* SPDX-License-Identifier: GPL-3.0-only */
/* Copies of the artifacts a person wants, in the output folder. */
#ifndef MSMV_CLI_EXPORT_H
#define MSMV_CLI_EXPORT_H

#include "base/vec.h"
#include "run/runner.h"

struct exported {
	char *file;
	char digest[SHA256_HEX];
	uint64_t size;
};

struct exports {
	struct exported *v;
	size_t len, cap;
};

/* Files that are there already and unchanged since are not copied again. */
int export_all(const struct run *r, const char *dir, struct exports *out, struct err *err);
/* Before hours of work: could the folder be made and written to? */
int export_check(const struct pipeline *p, const char *dir, struct err *err);
void exports_release(struct exports *x);

#endif
