/* SPDX-License-Identifier: GPL-3.0-only */
/* Looks into a .deb for the source tarball that it carries. */
#ifndef FETCH_APT_DEB_H
#define FETCH_APT_DEB_H

#include "request.h"

/*
 * Writes the tarball under usr/src of the package at path to out. 1: found, got has
 * its name, size and sum. 0: none there; *meta is 1 if the package holds nothing but
 * documentation, so what it depends on may be meant. -1: recorded failure.
 */
int deb_extract(struct msmv_stage *stage, const char *path, const char *package,
	const char *out, struct got *got, int *meta);

#endif
