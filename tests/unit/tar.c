/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One tree has one spelling, other programs can read it, and what a liar wrote in its
 * place is refused before anybody follows a path in it.
 */
#include <errno.h>
#include <spawn.h>
#include <sys/wait.h>

#include "unit/tree.h"

extern char **environ;

/* A name of n letters, in parts that a file system takes. */
static char *
long_name(size_t n)
{
	char *s = xmalloc(n + 1);

	for (size_t i = 0; i < n; i++)
		s[i] = i % 200 == 199 && i + 1 < n ? '/' : (char)('a' + i % 26);
	s[n] = '\0';
	return s;
}

static void
add_odd_members(struct entries *e)
{
	static const size_t lengths[] = { 1, 98, 99, 100, 101, 154, 155, 156, 255, 256, 257, 3000 };
	struct entry *x;

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		cleanup_free char *name = long_name(lengths[i]);
		cleanup_free char *file = xasprintf("f%zu/%s", i, name);
		cleanup_free char *dir = xasprintf("d%zu/%s", i, name);
		cleanup_free char *link = xasprintf("l%zu", i);

		put_data_entry(e, file, name);
		put_entry(e, dir, S_IFDIR | 0711, NULL);
		put_entry(e, link, S_IFLNK | 0777, name);
	}
	put_data_entry(e, "new\nline", "1");
	put_data_entry(e, "sch\xc3\xb6n", "2");
	put_data_entry(e, "latin\xe9", "3");
	put_data_entry(e, "hard0", "four");
	put_entry(e, "hard1", S_IFREG | 0644, "hard0");
	put_data_entry(e, "setuid", "5")->mode = S_IFREG | 06755;
	put_data_entry(e, "empty", "")->uid = 07777777;
	x = put_data_entry(e, "large-ids", "6");
	x->uid = 010000000;
	x->gid = UINT32_MAX;
	x = put_entry(e, "console", S_IFCHR | 0600, NULL);
	x->major = 5;
	x->minor = 07777777;
	put_entry(e, "vda", S_IFBLK | 0660, NULL)->major = 254;
	put_entry(e, "fifo", S_IFIFO | 0600, NULL);
}

static void
expect_data(const struct entry *want, const struct entry *got)
{
	cleanup_str struct str text = STR_INIT;
	cleanup_free char *now = xmalloc(got->size + 1);

	ck_assert_uint_eq(got->size, want->size);
	if (!want->size)
		return;
	ck_assert_int_eq(fs_read(want->source, 1 << 20, &text, NULL), 0);
	ck_assert_int_eq(pread(got->fd, now, got->size, (off_t)got->offset), (ssize_t)got->size);
	ck_assert_mem_eq(now, text.p, got->size);
}

static void
expect_same(const struct entries *want, const struct entries *got)
{
	ck_assert_uint_eq(got->list.len, want->list.len);
	for (size_t i = 0; i < want->list.len; i++) {
		const struct entry *a = &want->list.v[i], *b = &got->list.v[i];

		ck_assert_str_eq(b->path, a->path);
		ck_assert_pstr_eq(b->target, a->target);
		ck_assert_uint_eq(b->mode, a->mode);
		ck_assert_uint_eq(b->uid, a->uid);
		ck_assert_uint_eq(b->gid, a->gid);
		ck_assert_uint_eq(b->major, a->major);
		ck_assert_uint_eq(b->minor, a->minor);
		expect_data(a, b);
	}
}

START_TEST(round_trip)
{
	struct entries e = ENTRIES_INIT, back = ENTRIES_INIT;
	cleanup_err struct err err = ERR_INIT;
	cleanup_free char *path = NULL;
	cleanup_free char *again = tmpdir_path("again.tar");
	cleanup_close int fd = -1;
	cleanup_close int out = open(again, O_RDWR | O_CREAT | O_TRUNC, 0644);
	cleanup_str struct str one = STR_INIT;
	cleanup_str struct str two = STR_INIT;

	add_odd_members(&e);
	path = write_tree(&e, "round.tar");
	ck_assert_msg(read_tree(path, &back, &fd, &err) == 0, "%s", err_msg(&err));
	expect_same(&e, &back);
	ck_assert_int_eq(tar_write(out, &back, EPOCH, &err), 0);
	ck_assert_int_eq(fs_read(path, 1 << 24, &one, NULL), 0);
	ck_assert_int_eq(fs_read(again, 1 << 24, &two, NULL), 0);
	ck_assert_uint_eq(one.len, two.len);
	ck_assert_mem_eq(one.p, two.p, one.len);
	entries_release(&e);
	entries_release(&back);
}
END_TEST

/* Members in the opposite order give the same bytes. */
START_TEST(order_does_not_matter)
{
	struct entries e = ENTRIES_INIT, r = ENTRIES_INIT;
	cleanup_free char *one = NULL;
	cleanup_free char *two = NULL;
	cleanup_str struct str a = STR_INIT;
	cleanup_str struct str b = STR_INIT;

	add_odd_members(&e);
	for (size_t i = e.list.len; i-- > 0;) {
		const struct entry *x = &e.list.v[i];
		struct entry *y = put_entry(&r, x->path, x->mode, x->target);

		y->uid = x->uid;
		y->gid = x->gid;
		y->major = x->major;
		y->minor = x->minor;
		y->size = x->size;
		y->source = x->source ? xstrdup(x->source) : NULL;
	}
	one = write_tree(&e, "one.tar");
	two = write_tree(&r, "two.tar");
	fs_read(one, 1 << 24, &a, NULL);
	fs_read(two, 1 << 24, &b, NULL);
	ck_assert_uint_eq(a.len, b.len);
	ck_assert_mem_eq(a.p, b.p, a.len);
	entries_release(&e);
	entries_release(&r);
}
END_TEST

/* The exit status of "PROGRAM -tf PATH" and what it prints. */
static int
list_with(const char *program, const char *path, struct str *out)
{
	cleanup_free char *to = tmpdir_path("list");
	char *argv[] = { (char *)(uintptr_t)program, (char *)(uintptr_t)"-tf",
		(char *)(uintptr_t)path, NULL };
	posix_spawn_file_actions_t fa;
	pid_t pid;
	int status = -1, code;

	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 1, to, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	code = posix_spawnp(&pid, program, &fa, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	ck_assert_int_eq(code, 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	fs_read(to, 1 << 20, out, NULL);
	return status;
}

static size_t
count_lines(const struct str *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->len; i++)
		n += s->p[i] == '\n';
	return n;
}

START_TEST(others_can_read_it)
{
	static const char *const programs[] = { "tar", "bsdtar" };
	struct entries e = ENTRIES_INIT;
	cleanup_free char *path = NULL;

	add_odd_members(&e);
	path = write_tree(&e, "others.tar");
	for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
		cleanup_free char *at = fs_which(programs[i], getenv("PATH"));
		cleanup_str struct str out = STR_INIT;

		if (!at && !getenv("CI"))
			continue;
		ck_assert_msg(at, "%s is not installed", programs[i]);
		ck_assert_int_eq(list_with(programs[i], path, &out), 0);
		/* Both escape a newline in a name, so it is one line a member. */
		ck_assert_uint_eq(count_lines(&out), e.list.len);
	}
	entries_release(&e);
}
END_TEST

/* The header of a file too large for octal; its data is a hole, which nobody copies. */
START_TEST(huge_sizes)
{
	static const uint64_t sizes[] = { (uint64_t)8 << 30, ((uint64_t)8 << 30) - 1,
		(uint64_t)1 << 40 };

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct tar_header h = header(i == 1 ? '0' : 'x', "a", ""), f = header('0', "a", "");
		cleanup_free char *path = tmpdir_path("huge.tar");
		cleanup_close int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
		struct entries e = ENTRIES_INIT;
		cleanup_err struct err err = ERR_INIT;
		char pax[512] = "";
		off_t at = 512;

		if (i == 1) {
			memcpy(h.size, "77777777777", 12);
		} else {
			int n = snprintf(pax, sizeof(pax), "%d size=%llu\n",
				9 + (int)snprintf(NULL, 0, "%llu", (unsigned long long)sizes[i]),
				(unsigned long long)sizes[i]);

			snprintf(h.size, sizeof(h.size), "%011o", (unsigned)n);
			ck_assert_int_eq(pwrite(fd, pax, 512, 512), 512);
			ck_assert_int_eq(pwrite(fd, &f, 512, 1024), 512);
			at = 1536;
		}
		seal(&h);
		ck_assert_int_eq(pwrite(fd, &h, 512, 0), 512);
		ck_assert_int_eq(ftruncate(fd, at + (off_t)((sizes[i] + 511) & ~511ull) + 1024), 0);
		ck_assert_msg(tar_read(fd, 0, &e, &err) == 0, "%s", err_msg(&err));
		ck_assert_uint_eq(e.list.v[0].size, sizes[i]);
		ck_assert_uint_eq(e.list.v[0].offset, (uint64_t)at);
		entries_release(&e);
	}
}
END_TEST

START_TEST(empty_tree)
{
	struct entries e = ENTRIES_INIT, back = ENTRIES_INIT;
	cleanup_free char *path = write_tree(&e, "empty.tar");
	cleanup_close int fd = -1;
	struct stat st;

	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_size, 1024);
	ck_assert_int_eq(read_tree(path, &back, &fd, NULL), 0);
	ck_assert_uint_eq(back.list.len, 0);
}
END_TEST

/* Neither a socket nor a number that seven digits do not hold. */
START_TEST(refused_when_written)
{
	static const struct {
		mode_t mode;
		uint32_t minor;
		const char *text;
	} cases[] = {
		{ S_IFSOCK | 0600, 0, "bad: a socket cannot be in a tree" },
		{ S_IFCHR | 0600, 010000000, "bad: device number 0:2097152 is too large" },
		{ S_IFREG | 0600, 0, "bad: no data" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct entries e = ENTRIES_INIT;
		cleanup_err struct err err = ERR_INIT;
		cleanup_close int fd = open("/dev/null", O_WRONLY);
		struct entry *x = put_entry(&e, "bad", cases[i].mode, NULL);

		x->minor = cases[i].minor;
		x->size = S_ISREG(x->mode) ? 3 : 0;
		ck_assert_int_eq(tar_write(fd, &e, EPOCH, &err), -1);
		ck_assert_str_eq(err_msg(&err), cases[i].text);
		entries_release(&e);
	}
}
END_TEST

START_TEST(a_file_that_shrank)
{
	struct entries e = ENTRIES_INIT;
	cleanup_err struct err err = ERR_INIT;
	cleanup_close int fd = open("/dev/null", O_WRONLY);

	put_data_entry(&e, "a", "1234")->size = 5;
	ck_assert_int_eq(tar_write(fd, &e, EPOCH, &err), -1);
	ck_assert_str_eq(err_msg(&err), "a: file shrank while it was packed");
	entries_release(&e);
}
END_TEST

/* ---- What a liar may write ------------------------------------------ */

static int
read_bytes(const void *data, size_t n, struct entries *e, struct err *err)
{
	cleanup_free char *path = tmpdir_file("lie.tar", data, n);
	cleanup_close int fd = open(path, O_RDONLY);

	return tar_read(fd, 0, e, err);
}

static void
refuse_header(struct tar_header *h, const char *text)
{
	struct entries e = ENTRIES_INIT;
	cleanup_err struct err err = ERR_INIT;
	char file[3 * TAR_BLOCK] = { 0 };

	memcpy(file, h, TAR_BLOCK);
	ck_assert_int_eq(read_bytes(file, sizeof(file), &e, &err), -1);
	ck_assert_msg(strstr(err_msg(&err), text), "%s, not %s", err_msg(&err), text);
	entries_release(&e);
}

START_TEST(unsafe_names)
{
	static const char *const names[] = { "/etc/passwd", "../a", "a/../../b", "a/..", ".", "..",
		"./a", "a//b", "a/./b", "", "/", "//", "a//" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct tar_header h = header('0', names[i], "");

		refuse_header(&h, "unsafe path");
	}
}
END_TEST

START_TEST(unsafe_links)
{
	static const char *const targets[] = { "/etc/passwd", "../a", "a/..", "", "./a" };

	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		struct tar_header h = header('1', "a", targets[i]);

		refuse_header(&h, "unsafe link");
	}
	{
		struct tar_header h = header('2', "a", "");

		refuse_header(&h, "unsafe link");
	}
}
END_TEST

START_TEST(malformed_headers)
{
	static const struct {
		size_t offset;
		const char *bytes, *text;
	} cases[] = {
		{ offsetof(struct tar_header, mode), "8", "malformed header" },
		{ offsetof(struct tar_header, uid), "-1", "malformed header" },
		{ offsetof(struct tar_header, size), "\200\377\377", "malformed header" },
		{ offsetof(struct tar_header, size), "77777777777", "beyond the end" },
		{ offsetof(struct tar_header, size), "00000002001", "beyond the end" },
		{ offsetof(struct tar_header, type), "L", "malformed header" },
		{ offsetof(struct tar_header, type), "S", "malformed header" },
		{ offsetof(struct tar_header, type), "g", "malformed header" },
		{ offsetof(struct tar_header, magic), "ustar  ", "malformed header" },
		{ offsetof(struct tar_header, prefix), "usr", "malformed header" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct tar_header h = header('0', "a", "");

		memcpy((char *)&h + cases[i].offset, cases[i].bytes, strlen(cases[i].bytes));
		seal(&h);
		refuse_header(&h, cases[i].text);
		h.checksum[3] ^= 1;
		refuse_header(&h, "bad checksum");
	}
}
END_TEST

START_TEST(malformed_pax)
{
	static const char *const cases[] = { "9 path=a", "8 path=a\n", "11 path=a\n", "path=a\n",
		"0 path=a\n", "-3 path=a\n", "99999999999999999999 path=a\n", "9 pathxa\n",
		"9 PATH=a\n", "14 size=9x9999\n", "25 uid=99999999999999999\n", "18 uid=4294967296\n",
		"12 size=-1\n", "31 size=18446744073709551615\n", " 9 path=a\n",
		"16 path=../../x\n", "10 path=/a\n", "8 path=\n" };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct tar_header h = header('x', "././@PaxHeader", ""), f = header('0', "b", "");
		struct entries e = ENTRIES_INIT;
		cleanup_err struct err err = ERR_INIT;
		char file[5 * TAR_BLOCK] = { 0 };

		snprintf(h.size, sizeof(h.size), "%011o", (unsigned)strlen(cases[i]));
		seal(&h);
		memcpy(file, &h, TAR_BLOCK);
		memcpy(file + TAR_BLOCK, cases[i], strlen(cases[i]));
		memcpy(file + 2 * TAR_BLOCK, &f, TAR_BLOCK);
		ck_assert_msg(read_bytes(file, sizeof(file), &e, &err) == -1, "taken: %s", cases[i]);
		ck_assert_ptr_nonnull(err.msg);
		entries_release(&e);
	}
}
END_TEST

/* Cut anywhere but after the first block of zeros it is refused, and never crashes. */
START_TEST(cut_off)
{
	struct entries whole = ENTRIES_INIT;
	cleanup_free char *path = NULL;
	cleanup_str struct str text = STR_INIT;

	add_odd_members(&whole);
	path = write_tree(&whole, "whole.tar");
	ck_assert_int_eq(fs_read(path, 1 << 24, &text, NULL), 0);
	for (size_t n = 0; n + 2 * TAR_BLOCK < text.len; n += n % 512 == 511 ? 1 : n % 97 + 1) {
		struct entries e = ENTRIES_INIT;
		cleanup_err struct err err = ERR_INIT;

		ck_assert_int_eq(read_bytes(text.p, n, &e, &err), -1);
		ck_assert_ptr_nonnull(err.msg);
		entries_release(&e);
	}
	entries_release(&whole);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("tar");

	tmpdir_use(t);
	tcase_add_test(t, round_trip);
	tcase_add_test(t, order_does_not_matter);
	tcase_add_test(t, others_can_read_it);
	tcase_add_test(t, huge_sizes);
	tcase_add_test(t, empty_tree);
	tcase_add_test(t, refused_when_written);
	tcase_add_test(t, a_file_that_shrank);
	tcase_add_test(t, unsafe_names);
	tcase_add_test(t, unsafe_links);
	tcase_add_test(t, malformed_headers);
	tcase_add_test(t, malformed_pax);
	tcase_add_test(t, cut_off);
	return unit_run("tar", t);
}
