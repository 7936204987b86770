/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A verdict is a file: the facts that it rests on, then one line. It is a cache: what
 * cannot be read or written is not remembered, and nothing else comes of it. A device
 * that cannot be opened is asked each time: that takes no time, and a permission may
 * come any moment. So is one of which nothing could be found out. A bad verdict is for a
 * day: one that was a mistake shall not slow down all that is booted here for long.
 */
#include "vm/accel.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "vm/kvm.h"

enum { DAY_S = 86400 };
enum { FACTS_MAX = 16384, VERDICT_MAX = FACTS_MAX + ACCEL_WHY_MAX + 64 };

/* Of the probe in kvm.c: a better one trusts no verdict of a former. */
static const char format[] = "msmv-accel 2\n";

/* ---- What it rests on ---------------------------------------------------- */

struct text {
	char *p;
	size_t used, size;
	bool full;
};

__attribute__((format(printf, 2, 3))) static void
put(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->p + t->used, t->size - t->used, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= t->size - t->used)
		t->full = true;
	else
		t->used += (size_t)n;
}

/* The processor's lines that do not change from one moment to the next. */
static void
put_processor(struct text *t)
{
	static const char *const stable[] = { "vendor_id", "cpu family", "model", "stepping",
		"microcode", "flags", "vmx flags", "bugs", "CPU ", "Features", "isa", "uarch" };
	FILE *f = fopen("/proc/cpuinfo", "re");
	char line[8192];

	/* The first processor ends with a blank line: the others are as it is. */
	while (f && fgets(line, sizeof(line), f) && *line != '\n')
		for (size_t i = 0; i < sizeof(stable) / sizeof(stable[0]); i++)
			if (strncmp(line, stable[i], strlen(stable[i])) == 0) {
				put(t, "%s", line);
				break;
			}
	if (f)
		fclose(f);
}

static void
put_boot(struct text *t)
{
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");
	char id[64] = "unknown\n";
	struct utsname uts;

	if (f) {
		if (!fgets(id, sizeof(id), f))
			t->full = true;
		fclose(f);
	}
	put(t, "boot %s", id);
	if (uname(&uts) == 0)
		put(t, "kernel %s %s\n", uts.release, uts.version);
}

/* No owner: a user namespace shows another one. A change of it changes the time. */
static void
put_file(struct text *t, const char *name, const char *path, const struct stat *st)
{
	put(t, "%s %s %llx:%llx %llx %lld %lld.%09ld\n", name, path,
	    (unsigned long long)st->st_dev, (unsigned long long)st->st_ino,
	    (unsigned long long)st->st_rdev, (long long)st->st_size,
	    (long long)st->st_ctim.tv_sec, st->st_ctim.tv_nsec);
}

/* As execvp finds it. */
static void
put_qemu(struct text *t, const char *name)
{
	const char *dirs = strchr(name, '/') ? "" : getenv("PATH");
	struct stat st;

	if (strchr(name, '/')) {
		if (stat(name, &st) == 0)
			put_file(t, "qemu", name, &st);
		return;
	}
	while (dirs && *dirs) {
		size_t n = strcspn(dirs, ":");
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "%.*s/%s", (int)n, dirs, name);
		if (access(path, X_OK) == 0 && stat(path, &st) == 0) {
			put_file(t, "qemu", path, &st);
			return;
		}
		dirs += n + (dirs[n] == ':');
	}
}

static const char *
device(const struct accel *a)
{
	return a->device ? a->device : "/dev/kvm";
}

bool
accel_facts(const struct accel *a, char *text, size_t size)
{
	struct text t = { .p = text, .size = size };
	struct stat kvm;

	if (stat(device(a), &kvm) < 0)
		return false;
	put(&t, "%s", format);
	put_boot(&t);
	put_file(&t, "device", device(a), &kvm);
	put_qemu(&t, a->qemu);
	put(&t, "guest %s\n", a->arch);
	put_processor(&t);
	return !t.full;
}

/* ---- The file -------------------------------------------------------------- */

/* One for each architecture and QEMU, so that two do not forget each other's. */
static void
file_name(const struct accel *a, char *path, size_t size)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (const char *p = a->qemu; *p; p++)
		hash = (hash ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
	snprintf(path, size, "%s/kvm-%s-%016llx", a->folder, a->arch,
	         (unsigned long long)hash);
}

/* At most size - 1 bytes; fresh: it was written within the last day. */
static size_t
read_text(const char *path, char *text, size_t size, bool *fresh)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	time_t now = time(NULL);
	size_t used = 0;
	struct stat st;
	ssize_t n = 1;

	*fresh = fd >= 0 && fstat(fd, &st) == 0 && st.st_mtime <= now + 1 &&
	         now - st.st_mtime < DAY_S;

	while (fd >= 0 && n > 0 && used < size - 1) {
		n = read(fd, text + used, size - 1 - used);
		used += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		close(fd);
	text[used] = '\0';
	return used;
}

/* KVM_UNKNOWN: nothing is remembered of these facts. */
static enum kvm_verdict
recall(struct accel *a, const char *facts)
{
	char path[PATH_MAX], *text = malloc(VERDICT_MAX), *line;
	enum kvm_verdict verdict = KVM_UNKNOWN;
	size_t n = strlen(facts);
	bool fresh;

	file_name(a, path, sizeof(path));
	if (text && read_text(path, text, VERDICT_MAX, &fresh) > n && memcmp(text, facts, n) == 0) {
		line = text + n;
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "kvm") == 0)
			verdict = KVM_WORKS;
		else if (strncmp(line, "not ", 4) == 0 && line[4] && fresh)
			verdict = KVM_FAILS;
		if (verdict == KVM_FAILS)
			snprintf(a->why, sizeof(a->why), "%s", line + 4);
	}
	free(text);
	return verdict;
}

/* Written aside and renamed: another process may read or write it now. */
static void
remember(const struct accel *a, const char *facts, const char *why)
{
	char path[PATH_MAX], temporary[PATH_MAX + 8];
	int fd, said;

	file_name(a, path, sizeof(path));
	snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
	mkdir(a->folder, 0755);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return;
	said = dprintf(fd, "%s%s%.*s\n", facts, *why ? "not " : "kvm",
	               (int)strcspn(why, "\n"), why);
	if (close(fd) < 0 || said < 0 || rename(temporary, path) < 0)
		unlink(temporary);
}

bool
accel_kvm(struct accel *a)
{
	char *facts = a->folder ? malloc(FACTS_MAX) : NULL;
	bool known = facts && access(device(a), R_OK | W_OK) == 0 &&
	             accel_facts(a, facts, FACTS_MAX);
	enum kvm_verdict verdict = KVM_UNKNOWN;

	a->why[0] = '\0';
	if (known)
		verdict = recall(a, facts);
	a->remembered = verdict != KVM_UNKNOWN;
	if (!a->remembered) {
		verdict = kvm_probe(a->arch, a->why, sizeof(a->why));
		if (known && verdict != KVM_UNKNOWN)
			remember(a, facts, a->why);
	}
	free(facts);
	return verdict == KVM_WORKS;
}

void
accel_distrust(const struct accel *a, const char *why)
{
	char *facts = a->folder ? malloc(FACTS_MAX) : NULL;

	if (facts && accel_facts(a, facts, FACTS_MAX))
		remember(a, facts, why);
	free(facts);
}
