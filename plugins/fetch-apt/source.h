/* SPDX-License-Identifier: GPL-3.0-only */
/* apt-src:NAME, the upstream tarball of a source package. */
#ifndef FETCH_APT_SOURCE_H
#define FETCH_APT_SOURCE_H

#include "apt.h"
#include "request.h"

/* Fetches it to out; dir is where apt may put it first. */
enum found source_fetch(struct apt *a, const struct request *r, const char *dir,
	const char *out, struct got *got);
/* What the lists would give, for the action key; "unknown" if they do not know. */
int source_candidate(struct apt *a, const struct request *r, char *buf, size_t n);

#endif
