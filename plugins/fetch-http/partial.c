/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Keeps what was downloaded so far, so that a broken line or Ctrl-C costs no
 * second download, without ever trusting bytes that may be wrong: a power cut can
 * leave a file of the right length full of zeros. With a sha256 in the recipe the
 * end tells; without one, bytes of an earlier boot of the machine are not used.
 */
#include "partial.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define META_MAGIC "msmv-partial 1"
enum { COPY_CHUNK = 256 * 1024 };

/* Which boot of the machine this is; "-" if the kernel does not say. */
static void
boot_id(char *buf, size_t n)
{
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");

	snprintf(buf, n, "-");
	if (!f)
		return;
	if (!fgets(buf, (int)n, f))
		snprintf(buf, n, "-");
	buf[strcspn(buf, "\n")] = '\0';
	fclose(f);
}

/* One line into buf; a line that does not fit makes the whole meta useless. */
static int
meta_line(FILE *f, char *buf, size_t n)
{
	if (!fgets(buf, (int)n, f))
		return -1;
	size_t len = strlen(buf);
	if (!len || buf[len - 1] != '\n')
		return -1;
	buf[len - 1] = '\0';
	return 0;
}

/* 1 if the bytes on disk may be continued for this url. */
static int
meta_load(struct partial *p, const char *url, int have_sum)
{
	char line[PARTIAL_FIELD], boot[PARTIAL_FIELD], now[PARTIAL_FIELD];
	char was[8192], *end;
	FILE *f = fopen(p->meta, "re");
	int ok;

	if (!f)
		return 0;
	ok = !meta_line(f, line, sizeof(line)) && !strcmp(line, META_MAGIC) &&
	     !meta_line(f, was, sizeof(was)) && !strcmp(was, url) &&
	     !meta_line(f, boot, sizeof(boot)) &&
	     !meta_line(f, p->etag, sizeof(p->etag)) &&
	     !meta_line(f, p->modified, sizeof(p->modified)) &&
	     !meta_line(f, line, sizeof(line));
	fclose(f);
	if (!ok)
		return 0;
	errno = 0;
	p->total = strtoull(line, &end, 10);
	if (errno || *end || end == line)
		return 0;
	boot_id(now, sizeof(now));
	return have_sum || (strcmp(now, "-") != 0 && !strcmp(now, boot));
}

/* Reads the bytes that are there once, for the sum and the first of them. */
static int
partial_take_up(struct partial *p, struct outcome *o)
{
	char *buf;
	ssize_t n = 0;
	uint64_t at = 0;

	buf = malloc(COPY_CHUNK);
	if (!buf)
		return outcome_set(o, VERDICT_STOP, MSMV_FAIL_SYSTEM, "out of memory");
	while ((n = pread(p->fd, buf, COPY_CHUNK, (off_t)at)) > 0) {
		if (at == 0) {
			p->head_len = (size_t)n < PARTIAL_HEAD ? (size_t)n : PARTIAL_HEAD;
			memcpy(p->head, buf, p->head_len);
		}
		at += (uint64_t)n;
		if (!p->hashing)
			break;
		if (digest_add(&p->digest, buf, (size_t)n)) {
			n = -1;
			break;
		}
	}
	free(buf);
	if (n < 0)
		return outcome_errno(o, "reading", p->data);
	return 0;
}

int
partial_open(struct partial *p, const struct want *want, const char *id, const char *url,
	struct outcome *o)
{
	struct stat st;

	memset(p, 0, sizeof(*p));
	p->hashing = want->sha256 != NULL;
	p->limit = want->limit;
	p->label = want->label;
	p->fd = -1;
	if (snprintf(p->data, sizeof(p->data), "%s/%s.part", want->scratch, id) >=
			(int)sizeof(p->data) ||
		snprintf(p->meta, sizeof(p->meta), "%s/%s.meta", want->scratch, id) >=
			(int)sizeof(p->meta))
		return outcome_set(o, VERDICT_STOP, MSMV_FAIL_SYSTEM,
			"the scratch folder's name is too long: %s", want->scratch);
	p->fd = open(p->data, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (p->fd < 0 || fstat(p->fd, &st))
		return outcome_errno(o, "opening", p->data);
	if (p->hashing && digest_start(&p->digest))
		return outcome_set(o, VERDICT_STOP, MSMV_FAIL_SYSTEM,
			"libcrypto cannot compute SHA-256 on this machine");
	if (st.st_size == 0 || !meta_load(p, url, p->hashing) ||
		(p->total && (uint64_t)st.st_size > p->total))
		return partial_reset(p, o);
	p->size = (uint64_t)st.st_size;
	p->resumed = 1;
	if (lseek(p->fd, 0, SEEK_END) < 0)
		return outcome_errno(o, "seeking in", p->data);
	return partial_take_up(p, o);
}

int
partial_reset(struct partial *p, struct outcome *o)
{
	if (unlink(p->meta) && errno != ENOENT)
		return outcome_errno(o, "removing", p->meta);
	if (ftruncate(p->fd, 0) || lseek(p->fd, 0, SEEK_SET) < 0)
		return outcome_errno(o, "emptying", p->data);
	p->size = p->total = 0;
	p->etag[0] = p->modified[0] = '\0';
	p->resumed = 0;
	p->head_len = 0;
	if (p->hashing && digest_start(&p->digest))
		return outcome_set(o, VERDICT_STOP, MSMV_FAIL_SYSTEM,
			"libcrypto cannot compute SHA-256 on this machine");
	return 0;
}

int
partial_describe(struct partial *p, const char *url, struct outcome *o)
{
	char boot[PARTIAL_FIELD];
	FILE *f = fopen(p->meta, "we");
	int bad;

	if (!f)
		return outcome_errno(o, "writing", p->meta);
	boot_id(boot, sizeof(boot));
	fprintf(f, "%s\n%s\n%s\n%s\n%s\n%llu\n", META_MAGIC, url, boot, p->etag,
		p->modified, (unsigned long long)p->total);
	bad = ferror(f);
	if (fclose(f) || bad)
		return outcome_errno(o, "writing", p->meta);
	return 0;
}

int
partial_write(struct partial *p, const void *data, size_t n, struct outcome *o)
{
	const char *at = data;
	size_t left = n;

	if (p->limit && p->size + n > p->limit)
		return outcome_set(o, VERDICT_DEAD, MSMV_FAIL_INPUT,
			"%s has more than %llu bytes: it is not what it should be", p->label,
			(unsigned long long)p->limit);
	if (p->head_len < PARTIAL_HEAD) {
		size_t take = PARTIAL_HEAD - p->head_len;
		take = take < n ? take : n;
		memcpy(p->head + p->head_len, data, take);
		p->head_len += take;
	}
	if (p->hashing && digest_add(&p->digest, data, n))
		return outcome_set(o, VERDICT_STOP, MSMV_FAIL_SYSTEM,
			"libcrypto cannot compute SHA-256 on this machine");
	while (left) {
		ssize_t w = write(p->fd, at, left);
		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return outcome_errno(o, "writing", p->data);
		at += w;
		left -= (size_t)w;
	}
	p->size += n;
	return 0;
}

/* 1 if the first bytes are a web page's. */
static int
head_is_html(const struct partial *p)
{
	char text[PARTIAL_HEAD + 1];
	const char *s = text;

	memcpy(text, p->head, p->head_len);
	text[p->head_len] = '\0';
	if (!strncmp(s, "\xef\xbb\xbf", 3))
		s += 3;
	s += strspn(s, " \t\r\n");
	return !strncasecmp(s, "<!doctype html", 14) || !strncasecmp(s, "<html", 5) ||
	       !strncasecmp(s, "<head", 5);
}

int
partial_verify(struct partial *p, const struct want *want, const char *shown,
	struct outcome *o)
{
	const char *html = head_is_html(p) ? "; it is a web page, perhaps an error or a "
					     "log-in page sent in place of the file" :
					     "";
	char got[DIGEST_HEX + 1];

	if (p->size == 0)
		return outcome_set(o, VERDICT_DEAD, MSMV_FAIL_INPUT,
			"%s gave an empty file", shown);
	if (!want->sha256) {
		if (!html[0] || !want->kind)
			return 0;
		return outcome_set(o, VERDICT_DEAD, MSMV_FAIL_INPUT, "%s gave no %s%s",
			shown, want->kind, html);
	}
	if (digest_finish(&p->digest, got))
		return outcome_set(o, VERDICT_STOP, MSMV_FAIL_SYSTEM,
			"libcrypto cannot compute SHA-256 on this machine");
	if (!strcmp(got, want->sha256))
		return 0;
	return outcome_set(o, VERDICT_DEAD, MSMV_FAIL_INPUT,
		"%s is not the promised file: sha256 expected %s, got %s%s", shown,
		want->sha256, got, html);
}

/* For an output on another file system than the scratch folder. */
static int
partial_copy(struct partial *p, const char *path, struct outcome *o)
{
	int out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	uint64_t at = 0;
	ssize_t n = 0, w = 0;
	char *buf;

	if (out < 0)
		return outcome_errno(o, "opening", path);
	buf = malloc(COPY_CHUNK);
	while (buf && (n = pread(p->fd, buf, COPY_CHUNK, (off_t)at)) > 0) {
		for (ssize_t done = 0; done < n; done += w) {
			w = write(out, buf + done, (size_t)(n - done));
			if (w < 0 && errno != EINTR)
				break;
			w = w < 0 ? 0 : w;
		}
		if (w < 0)
			break;
		at += (uint64_t)n;
	}
	if (!buf || n < 0 || w < 0)
		outcome_errno(o, "writing", path);
	free(buf);
	if (close(out) && at == p->size)
		return outcome_errno(o, "writing", path);
	return at == p->size ? 0 : -1;
}

int
partial_publish(struct partial *p, const char *path, struct outcome *o)
{
	if (fchmod(p->fd, 0644))
		return outcome_errno(o, "setting the mode of", p->data);
	if (rename(p->data, path)) {
		if (errno != EXDEV)
			return outcome_errno(o, "moving the file to", path);
		if (partial_copy(p, path, o))
			return -1;
	}
	partial_discard(p);
	return outcome_set(o, VERDICT_DONE, 0, "%s", "");
}

void
partial_discard(struct partial *p)
{
	unlink(p->meta);
	unlink(p->data);
}

void
partial_close(struct partial *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	digest_release(&p->digest);
}
