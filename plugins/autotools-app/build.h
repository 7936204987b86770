/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One build: what every part of this plugin needs to know about it.
 *
 *   WORK/source    the unpacked, patched source; commands run here (or in subdir)
 *   WORK/sysroot   headers and libraries of everything it may link with
 *   WORK/tools     compiler and binutils under the target's names, first in PATH
 *   WORK/dest      DESTDIR: becomes the root output
 *   WORK/develop   headers and libraries taken from dest: becomes the sysroot output
 */
#ifndef AUTOTOOLS_BUILD_H
#define AUTOTOOLS_BUILD_H

#include <msmv/plugin.h>

#include "mem.h"

struct build {
	struct msmv_stage *stage;
	const struct msmv_host *host;
	struct pool pool;
	const char *work;
	const char *source;
	const char *sysroot;
	const char *tools;
	const char *dest;
	const char *develop;
	bool has_sysroot;    /* something was put into sysroot */
	bool musl;           /* sysroot carries a C library of its own */
	bool cross;          /* programs made here do not run on this machine */
	const char *triplet; /* what programs are made for, e.g. aarch64-linux-musl */
	struct words cc;     /* the real compiler, absolute, with its own arguments */
	bool clang;          /* it takes no spec files */
	struct words env;    /* NAME=VALUE for every command of the recipe */
};

#endif
