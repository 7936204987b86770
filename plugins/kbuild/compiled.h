/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Which of the kernel's sources are in it. The tarball has all of them, a kernel a few per
 * cent, and who asks whether a flaw of one concerns this image has to know which.
 */
#ifndef KBUILD_COMPILED_H
#define KBUILD_COMPILED_H

#include <msmv/plugin.h>

/*
 * Writes the output "sources": a line "SHA1 SHA256 PATH" for each source file that an
 * object of the kernel was compiled from, sorted by path. A tree too old to say (before
 * 6.1 there is no vmlinux.a) leaves the output unmade. src and obj are its two folders.
 */
int compiled_publish(struct msmv_stage *s, const char *src, const char *obj);

#endif
