/* SPDX-License-Identifier: GPL-3.0-only */
/* A folder's tar says nothing of who made it, when, or in which order. */
#include "unit/tree.h"

#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include "base/sha256.h"
#include "tree/pack.h"

static char *
folder(const char *name)
{
	char *path = tmpdir_path(name);

	fs_remove(path, NULL);
	ck_assert_int_eq(fs_mkdirs(path, 0755, NULL), 0);
	return path;
}

static void
file(const char *dir, const char *name, const char *text, mode_t mode)
{
	cleanup_free char *path = path_join(dir, name);

	ck_assert_int_eq(fs_write(path, text, strlen(text), false, NULL), 0);
	ck_assert_int_eq(chmod(path, mode), 0);
}

static void
pack(const char *dir, char hex[SHA256_HEX])
{
	cleanup_free char *tar = tmpdir_path("packed.tar");
	cleanup_err struct err err = ERR_INIT;

	ck_assert_msg(tree_pack(dir, tar, EPOCH, &err) == 0, "%s", err_msg(&err));
	ck_assert_int_eq(sha256_file(tar, hex, NULL, NULL), 0);
}

/* The same members, made in another order at another time by another user. */
START_TEST(same_bytes)
{
	static const char *const names[] = { "b", "a", "z.1", "z/", "z/x", "z-" };
	cleanup_free char *one = folder("one");
	cleanup_free char *two = folder("two");
	char first[SHA256_HEX], second[SHA256_HEX];
	const struct timespec times[2] = { { 1, 2 }, { 3, 4 } };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		cleanup_free char *dir = path_join(one, names[i]);

		if (str_ends(names[i], "/"))
			ck_assert_int_eq(mkdir(dir, 0750), 0);
		else
			file(one, names[i], names[i], 0640);
	}
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		cleanup_free char *path = path_join(two, names[(i + 3) % ARRAY_LEN(names)]);

		if (str_ends(path, "/"))
			ck_assert_int_eq(mkdir(path, 0750), 0);
		else
			file(two, names[(i + 3) % ARRAY_LEN(names)],
				names[(i + 3) % ARRAY_LEN(names)], 0640);
		utimensat(AT_FDCWD, path, times, 0);
		if (geteuid() == 0)
			ck_assert_int_eq(chown(path, 12345, 54321), 0);
	}
	pack(one, first);
	pack(two, second);
	ck_assert_str_eq(first, second);
	file(two, "a", "a", 0600);
	pack(two, second);
	ck_assert_str_ne(first, second);
}
END_TEST

/* The first name by path holds the data, whichever was made first. */
START_TEST(hard_links)
{
	cleanup_free char *dir = folder("hard");
	cleanup_free char *z = path_join(dir, "z"), *a = path_join(dir, "a"), *out = NULL;
	struct entries e = ENTRIES_INIT;

	file(dir, "z", "data", 0644);
	ck_assert_int_eq(link(z, a), 0);
	out = tmpdir_path("alone");
	unlink(out);
	file(dir, "other", "x", 0644);
	{
		cleanup_free char *other = path_join(dir, "other");

		ck_assert_int_eq(link(other, out), 0);
	}
	ck_assert_int_eq(tree_scan(dir, &e, NULL), 0);
	ck_assert_uint_eq(e.list.len, 3);
	ck_assert_ptr_null(find_entry(&e, "a")->target);
	ck_assert_uint_eq(find_entry(&e, "a")->size, 4);
	ck_assert_str_eq(find_entry(&e, "z")->target, "a");
	ck_assert_uint_eq(find_entry(&e, "z")->size, 0);
	/* Its other name is elsewhere. */
	ck_assert_ptr_null(find_entry(&e, "other")->target);
	entries_release(&e);
}
END_TEST

START_TEST(links_are_not_followed)
{
	cleanup_free char *dir = folder("links");
	cleanup_free char *loop = path_join(dir, "loop"), *up = path_join(dir, "up");
	struct entries e = ENTRIES_INIT;

	ck_assert_int_eq(symlink("loop", loop), 0);
	ck_assert_int_eq(symlink("..", up), 0);
	ck_assert_int_eq(tree_scan(dir, &e, NULL), 0);
	ck_assert_uint_eq(e.list.len, 2);
	ck_assert_str_eq(find_entry(&e, "up")->target, "..");
	entries_release(&e);
}
END_TEST

START_TEST(root_may_be_a_link)
{
	cleanup_free char *dir = folder("real");
	cleanup_free char *link = tmpdir_path("link");
	struct entries e = ENTRIES_INIT;
	cleanup_err struct err err = ERR_INIT;

	file(dir, "f", "x", 0644);
	unlink(link);
	ck_assert_int_eq(symlink(dir, link), 0);
	ck_assert_msg(tree_scan(link, &e, &err) == 0, "%s", err_msg(&err));
	ck_assert_uint_eq(e.list.len, 1);
	entries_release(&e);
}
END_TEST

START_TEST(a_socket_is_refused)
{
	cleanup_free char *dir = folder("sock");
	cleanup_free char *tar = tmpdir_path("sock.tar");
	cleanup_err struct err err = ERR_INIT;
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	cleanup_close int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	ck_assert_int_lt(snprintf(at.sun_path, sizeof(at.sun_path), "%s/s", dir),
		(int)sizeof(at.sun_path));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(tree_pack(dir, tar, EPOCH, &err), -1);
	ck_assert_str_eq(err_msg(&err), "s: a socket cannot be in a tree");
}
END_TEST

START_TEST(device_nodes)
{
	cleanup_free char *dir = folder("dev");
	cleanup_free char *node = path_join(dir, "vda");
	struct entries e = ENTRIES_INIT;

	if (geteuid() != 0 || mknod(node, S_IFBLK | 0600, makedev(254, 70000)) < 0)
		return; /* only root may; tar.c writes them without */
	ck_assert_int_eq(tree_scan(dir, &e, NULL), 0);
	ck_assert_uint_eq(find_entry(&e, "vda")->major, 254);
	ck_assert_uint_eq(find_entry(&e, "vda")->minor, 70000);
	entries_release(&e);
}
END_TEST

START_TEST(missing_folder)
{
	cleanup_err struct err err = ERR_INIT;
	struct entries e = ENTRIES_INIT;

	ck_assert_int_eq(tree_scan("/nonexistent/x", &e, &err), -1);
	ck_assert_str_eq(err_msg(&err),
		"open folder /nonexistent/x: No such file or directory");
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("pack");

	tmpdir_use(t);
	tcase_add_test(t, same_bytes);
	tcase_add_test(t, hard_links);
	tcase_add_test(t, links_are_not_followed);
	tcase_add_test(t, root_may_be_a_link);
	tcase_add_test(t, a_socket_is_refused);
	tcase_add_test(t, device_nodes);
	tcase_add_test(t, missing_folder);
	return unit_run("pack", t);
}
