/* SPDX-License-Identifier: GPL-3.0-only */
/* A sandbox that is none is seen through; bubblewrap's part is played by scripts. */
#include "run/sandbox.h"

#include <string.h>
#include <sys/stat.h>

#include "unit/tmpdir.h"
#include "unit/unit.h"

static struct context ctx;

static void
setup(void)
{
	cleanup_free char *dir = tmpdir_path("store");
	cleanup_err struct err err = ERR_INIT;

	ctx = (struct context){ .sandbox = true };
	fs_remove(dir, NULL);
	ck_assert_msg(store_open(&ctx.store, dir, &err) == 0, "%s", err_msg(&err));
}

static void
teardown(void)
{
	store_close(&ctx.store);
	free(ctx.worker);
	free(ctx.bwrap);
}

static void
script(char **at, const char *name, const char *text)
{
	*at = tmpdir_file(name, text, strlen(text));
	ck_assert_int_eq(chmod(*at, 0755), 0);
}

static void
refused(const char *why)
{
	cleanup_err struct err err = ERR_INIT;

	ck_assert_int_eq(sandbox_prove(&ctx, &err), -1);
	ck_assert_msg(strstr(err_msg(&err), why) != NULL, "%s", err_msg(&err));
	ck_assert_msg(strstr(err_msg(&err), "--sandbox=off") != NULL, "%s", err_msg(&err));
	ck_assert(!ctx.proven);
}

START_TEST(it_may_be_missing)
{
	refused("bubblewrap is not installed");
}
END_TEST

START_TEST(it_may_not_start)
{
	script(&ctx.worker, "worker", "#!/bin/sh\nexit 0\n");
	script(&ctx.bwrap, "bwrap", "#!/bin/sh\necho 'bwrap: No permissions' >&2\nexit 1\n");
	refused("does not hold here: bwrap: No permissions");
}
END_TEST

/* Whatever the one inside finds is the cause that a person is told. */
START_TEST(it_may_leak)
{
	script(&ctx.worker, "worker", "#!/bin/sh\necho \"$1 leaks\"\nexit 1\n");
	script(&ctx.bwrap, "bwrap",
		"#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done\nshift\nexec \"$@\"\n");
	refused("does not hold here: prove leaks");
}
END_TEST

START_TEST(it_may_die)
{
	script(&ctx.worker, "worker", "#!/bin/sh\nexit 0\n");
	script(&ctx.bwrap, "bwrap", "#!/bin/sh\nkill -SEGV $$\n");
	refused("ended by signal 11");
}
END_TEST

/* Asked once; and not at all where nobody wants it. */
START_TEST(it_may_hold)
{
	cleanup_err struct err err = ERR_INIT;

	script(&ctx.worker, "worker", "#!/bin/sh\nexit 0\n");
	script(&ctx.bwrap, "bwrap", "#!/bin/sh\nexit 0\n");
	ck_assert_int_eq(sandbox_prove(&ctx, &err), 0);
	ck_assert(ctx.proven);
	ck_assert_int_eq(fs_remove(ctx.bwrap, NULL), 0);
	ck_assert_int_eq(sandbox_prove(&ctx, &err), 0);
	ctx.proven = ctx.sandbox = false;
	ck_assert_int_eq(sandbox_prove(&ctx, &err), 0);
	ck_assert(!ctx.proven);
}
END_TEST

int
main(void)
{
	TCase *tests = tcase_create("sandbox_prove");

	tmpdir_use(tests);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, it_may_be_missing);
	tcase_add_test(tests, it_may_not_start);
	tcase_add_test(tests, it_may_leak);
	tcase_add_test(tests, it_may_die);
	tcase_add_test(tests, it_may_hold);
	return unit_run("sandbox_prove", tests);
}
