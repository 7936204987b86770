/* SPDX-License-Identifier: GPL-3.0-only */
/* apt:PACKAGE, a binary package that carries a source tarball. */
#ifndef FETCH_APT_PACKAGE_H
#define FETCH_APT_PACKAGE_H

#include "apt.h"
#include "request.h"

/* Finds and unpacks it to out; dir is where a .deb may lie for a while. */
enum found package_fetch(struct apt *a, const struct request *r, const char *dir,
	const char *out, struct got *got);
/*
 * What the lists would give, as text for the action key: "linux-source 6.1.140-1", with
 * what a small package depends on. "unknown" if they do not have it.
 */
int package_candidate(struct apt *a, const struct request *r, char *buf, size_t n);

#endif
