/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One error object, last parameter of everything that can fail.
 *
 *	if (fd < 0)
 *		return err_errno(err, "open %s", path);
 *	...
 *	if (store_open(&store, dir, err) < 0)
 *		return err_wrap(err, "store");
 *
 * All makers return -1. The first error stays; a caller only wraps it. err may
 * be NULL where nobody wants the text.
 */
#ifndef MSMV_BASE_ERR_H
#define MSMV_BASE_ERR_H

struct err {
	int code;  /* an errno value, or 0 when the cause is not the system's */
	char *msg; /* NULL: no error; owned */
};

#define ERR_INIT { 0, NULL }
#define cleanup_err __attribute__((cleanup(err_clear)))

int err_set(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Appends ": " and strerror(errno), and keeps errno as the code. */
int err_errno(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The text of an errno value alone; where it happened is for the caller to say. */
int err_reason(struct err *err, int code);
/* Puts "TEXT: " before the message. */
int err_wrap(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void err_clear(struct err *err);
/* Never NULL. */
const char *err_msg(const struct err *err);

#endif
