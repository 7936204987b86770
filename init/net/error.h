/* SPDX-License-Identifier: GPL-3.0-only */
#ifndef NET_ERROR_H
#define NET_ERROR_H

/* What an errno value means; valid until the next call. */
const char *error_text(int error);

#endif
