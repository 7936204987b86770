/* SPDX-License-Identifier: GPL-3.0-only */
/* Between folders on disk and trees. */
#ifndef MSMV_TREE_PACK_H
#define MSMV_TREE_PACK_H

#include "tree/entry.h"

/* Adds all that is under dir, owned by root; hard links are found. Sockets are errors. */
int tree_scan(const char *dir, struct entries *e, struct err *err);
/* scan, settle and write as a canonical tar to a new file at path. */
int tree_pack(const char *dir, const char *path, int64_t epoch, struct err *err);
/*
 * Makes the members under dir: folders, files, symbolic and hard links. Owners
 * and device nodes are skipped. Links in the way are followed inside dir only.
 */
int tree_extract(const struct entries *e, const char *dir, struct err *err);

#endif
