/* SPDX-License-Identifier: GPL-3.0-only */
/* The limits of newc and of the kernel's unpacker, which no test can afford to reach for
 * real. */
#include "../../plugins/cpio/newc.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "../unit/unit.h"

static char failure[PATH_MAX + 200];

/* The host and the sink that newc.c sees: they remember and count. */
static int __attribute__((format(printf, 3, 4)))
host_fail(struct msmv_stage *stage, int code, const char *fmt, ...)
{
	va_list args;

	(void)stage;
	(void)code;
	va_start(args, fmt);
	vsnprintf(failure, sizeof(failure), fmt, args);
	va_end(args);
	return -1;
}

int
sink_put(struct sink *sink, const void *data, size_t size)
{
	(void)data;
	sink->taken += size;
	return 0;
}

int
sink_zeros(struct sink *sink, size_t size)
{
	sink->taken += size;
	return 0;
}

int
sink_copy(struct sink *sink, int fd, uint64_t offset, uint64_t size, const char *name)
{
	(void)fd;
	(void)offset;
	(void)name;
	sink->taken += size;
	return 0;
}

static const struct msmv_host host = { .struct_size = sizeof(host), .fail = host_fail };
static struct msmv_stage stage = { .struct_size = sizeof(stage), .host = &host };

static struct msmv_entry
entry(const char *path, uint32_t mode, uint64_t size, const char *target)
{
	return (struct msmv_entry){ .struct_size = sizeof(struct msmv_entry),
		.path = path,
		.mode = mode,
		.size = size,
		.target = target,
		.fd = 7 };
}

static int
measure(struct msmv_entry e)
{
	struct newc newc = { .stage = &stage };
	int rc = newc_measure(&newc, &e);

	newc_release(&newc);
	return rc;
}

static void
refused(struct msmv_entry e, const char *why)
{
	failure[0] = '\0';
	ck_assert_int_eq(measure(e), -1);
	ck_assert_msg(strstr(failure, why), "'%s' does not say '%s'", failure, why);
	ck_assert_msg(strstr(failure, e.path), "'%s' does not name the path", failure);
}

START_TEST(large_file)
{
	ck_assert_int_eq(measure(entry("big", S_IFREG | 0644, UINT32_MAX, NULL)), 0);
	refused(entry("var/big", S_IFREG | 0644, (uint64_t)UINT32_MAX + 1, NULL),
		"4 GiB");
}
END_TEST

START_TEST(long_name)
{
	static char name[PATH_MAX + 1];

	memset(name, 'n', PATH_MAX - 1);
	ck_assert_int_eq(measure(entry(name, S_IFREG | 0644, 0, NULL)), 0);
	ck_assert_int_eq(measure(entry("l", S_IFLNK | 0777, 0, name)), 0);
	name[PATH_MAX - 1] = 'n';
	refused(entry(name, S_IFREG | 0644, 0, NULL), "4095");
	refused(entry("link", S_IFLNK | 0777, 0, name), "4095");
}
END_TEST

START_TEST(odd_members)
{
	refused(entry("TRAILER!!!", S_IFREG | 0644, 0, NULL), "end mark");
	ck_assert_int_eq(measure(entry("a/TRAILER!!!", S_IFREG | 0644, 0, NULL)), 0);
	refused(entry("nowhere", S_IFLNK | 0777, 0, ""), "no target");
}
END_TEST

/* What the first pass announces is what the last one writes: compressors rely on it. */
START_TEST(size_holds)
{
	const struct msmv_entry all[] = {
		entry("a", S_IFDIR | 0755, 0, NULL),
		entry("a/0-before-its-file", S_IFREG | 0644, 0, "a/file"),
		entry("a/file", S_IFREG | 0600, 4001, NULL),
		entry("a/link", S_IFLNK | 0777, 0, "file"),
		entry("a/name", S_IFREG | 0644, 0, "a/file"),
		entry("b", S_IFCHR | 0644, 0, NULL),
		entry("c", S_IFREG | 0644, 3, NULL),
	};
	struct sink sink = { .stage = &stage };
	struct newc newc = { .stage = &stage, .sink = &sink };
	const size_t n = sizeof(all) / sizeof(all[0]);

	for (size_t i = 0; i < n; i++)
		ck_assert_int_eq(newc_measure(&newc, &all[i]), 0);
	newc_measured(&newc);
	for (size_t i = 0; i < n; i++)
		ck_assert_int_eq(newc_learn(&newc, &all[i]), 0);
	for (size_t i = 0; i < n; i++)
		ck_assert_int_eq(newc_add(&newc, &all[i]), 0);
	ck_assert_int_eq(newc_close(&newc), 0);
	ck_assert_uint_eq(sink.taken, newc.size);
	ck_assert_uint_eq(sink.taken % 512, 0);
	ck_assert_uint_eq(newc.inodes, 5);
	newc_release(&newc);
}
END_TEST

START_TEST(lost_file)
{
	struct msmv_entry link = entry("name", S_IFREG | 0644, 0, "gone");
	struct sink sink = { .stage = &stage };
	struct newc newc = { .stage = &stage, .sink = &sink };

	ck_assert_int_eq(newc_measure(&newc, &link), 0);
	newc_measured(&newc);
	ck_assert_int_eq(newc_add(&newc, &link), 0);
	ck_assert_int_eq(newc_close(&newc), -1);
	ck_assert_ptr_nonnull(strstr(failure, "/gone"));
	newc_release(&newc);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("newc");

	tcase_add_test(c, large_file);
	tcase_add_test(c, long_name);
	tcase_add_test(c, odd_members);
	tcase_add_test(c, size_holds);
	tcase_add_test(c, lost_file);
	return unit_run("newc", c);
}
