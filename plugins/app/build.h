/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One build: what every part of these plugins needs to know about it.
 *
 *   WORK/source    the unpacked, patched source; commands run here (or in subdir)
 *   WORK/sysroot   headers and libraries of everything it may link with
 *   WORK/tools     compiler and binutils under the target's names, first in PATH
 *   WORK/dest      DESTDIR: becomes the root output
 *   WORK/build     where cmake and meson keep what they make, $BUILD
 *   WORK/develop   headers and libraries taken from dest: becomes the sysroot output
 */
#ifndef APP_BUILD_H
#define APP_BUILD_H

#include <msmv/plugin.h>

#include "../ccache/ccache.h"
#include "mem.h"

struct app_kind;

struct build {
	const struct app_kind *kind;
	struct msmv_stage *stage;
	const struct msmv_host *host;
	struct pool pool;
	const char *work;
	const char *source;
	const char *sysroot;
	const char *tools;
	const char *dest;
	const char *develop;
	const char *folder; /* of the commands that configure and compile elsewhere: $BUILD */
	bool has_sysroot;    /* something was put into sysroot */
	bool musl;           /* sysroot carries a C library of its own */
	bool cross;          /* programs made here do not run on this machine */
	const char *triplet; /* what programs are made for, e.g. aarch64-linux-musl */
	struct words cc;     /* the real compiler, absolute, with its own arguments */
	struct words cxx;    /* the same for C++; empty where there is none */
	bool clang;          /* cc takes no spec files */
	struct ccache ccache;
	struct words env;    /* NAME=VALUE for every command of the recipe */
};

#endif
