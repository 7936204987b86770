/* SPDX-License-Identifier: GPL-3.0-only */
/* Inside msmv-unpack: what a member may be called and where a link may lead. */
#ifndef MSMV_WORKER_UNPACK_H
#define MSMV_WORKER_UNPACK_H

#include <archive_entry.h>

#include "base/err.h"

#define UNPACK_TMP ".msmv-unpack"

/* Cleans path, link and mode in place: 1 to write it, 0 to leave it out, -1 if it must not be. */
int unpack_check_member(struct archive_entry *e, struct err *err);
/*
 * After all is written: no link under dir leads out of it, also not by way of other
 * links. Only here is it known what strip took away and what hard links joined.
 */
int unpack_check_links(const char *dir, struct err *err);

#endif
