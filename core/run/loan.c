/* SPDX-License-Identifier: GPL-3.0-only */
/* A stage may take long, so nobody waits here: the loop tries again from time to time. */
#include "run/loan.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "wire/wire.h"

/* A folder is moved to whom it is lent to, which another file system does not allow. */
static bool
can_be_moved(const char *from, const char *to)
{
	struct stat a, b;

	return stat(from, &a) < 0 || stat(to, &b) < 0 || a.st_dev == b.st_dev;
}

int
loans_open(struct loans *l, const struct store *s, const char *dir, struct err *err)
{
	cleanup_free char *all = store_path(s, "scratch");

	l->store = s;
	l->in_place = !can_be_moved(all, dir);
	l->into = l->in_place ? take(all) : xasprintf("%s.scratch", dir);
	if (l->in_place || mkdir(l->into, 0755) == 0)
		return 0;
	return err_errno(err, "mkdir %s", l->into);
}

void
loan_ask(struct loans *l, const struct record *frame)
{
	const char *hex = record_get(frame, "folder");

	if (!l->store || !hex)
		return;
	free(l->wanted);
	l->wanted = xstrdup(hex);
}

static bool
has(const struct loans *l, const char *hex)
{
	for (size_t i = 0; i < l->list.len; i++)
		if (streq(l->list.v[i].hex, hex))
			return true;
	return false;
}

/* False: it is to be tried again. */
static bool
lend(struct loans *l, struct err *err)
{
	struct loan loan;

	if (!scratch_valid(l->wanted)) {
		err_set(err, "that is no name of a scratch folder");
		return true;
	}
	if (has(l, l->wanted))
		return true;
	loan.fd = scratch_lend(l->store, l->wanted, l->into, err);
	if (loan.fd < 0)
		return err->msg != NULL;
	memcpy(loan.hex, l->wanted, sizeof(loan.hex));
	vec_push(&l->list, loan);
	return true;
}

void
loan_try(struct loans *l, int wire)
{
	cleanup_record struct record reply = RECORD_INIT;
	cleanup_err struct err err = ERR_INIT;

	if (!l->wanted || !lend(l, &err))
		return;
	record_add(&reply, "type", "scratch");
	if (err.msg)
		record_add(&reply, "problem", err_msg(&err));
	wire_send(wire, &reply, NULL); /* who is gone needs none */
	free(l->wanted);
	l->wanted = NULL;
}

void
loans_close(struct loans *l)
{
	for (size_t i = 0; i < l->list.len; i++)
		scratch_return(l->store, l->list.v[i].hex, l->into, l->list.v[i].fd);
	if (l->into && !l->in_place)
		fs_empty(l->into, NULL);
	vec_release(&l->list);
	free(l->wanted);
	free(l->into);
	memset(l, 0, sizeof(*l));
}
