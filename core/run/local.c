/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A digest is kept with the identity (inode, size, times) of each file that went
 * into it. A file changed within the clock's grain of being read could keep its
 * identity, so what is not settled is never remembered.
 */
#include "run/local.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/witness.h"
#include "tree/pack.h"

enum { CACHE_MAX = 64 * 1024 * 1024 };

static char *
cache_path(const struct context *ctx, const char *path)
{
	char hex[SHA256_HEX];

	sha256_bytes(path, strlen(path), hex);
	return xasprintf("%s/facts/local-%.32s", ctx->store.dir, hex);
}

/* What is at path now, without reading contents: one line a member. */
static int
list(const char *path, struct entries *e, struct err *err)
{
	struct stat st;

	if (witness_stat(path, &st) < 0)
		return err_errno(err, "%s", path);
	if (S_ISDIR(st.st_mode))
		return tree_scan(path, e, err);
	if (!S_ISREG(st.st_mode))
		return err_set(err, "%s is neither a file nor a folder", path);
	entries_add(e, "")->source = xstrdup(path);
	e->list.v[0].mode = st.st_mode;
	return 0;
}

/* A field each: a name may hold anything, also what looks like the next field. */
static void
add_member(struct record *out, const struct entry *e, mode_t mode, const char *content)
{
	record_add(out, "path", e->path);
	record_addf(out, "mode", "%o", (unsigned)mode);
	record_add(out, "target", e->target ? e->target : "");
	record_add(out, "content", content);
}

static void
identities(const struct entries *e, struct record *out, bool *racy)
{
	time_t looked = time(NULL);

	for (size_t i = 0; i < e->list.len; i++) {
		const struct entry *x = &e->list.v[i];
		cleanup_free char *id = NULL;
		struct stat st;

		if (x->source) {
			id = fs_identity(x->source);
			if (stat(x->source, &st) < 0 || !fs_is_settled(&st, looked))
				*racy = true;
		}
		add_member(out, x, x->mode, id ? id : "");
	}
}

static int
digest_all(const struct entries *e, char digest[SHA256_HEX], struct err *err)
{
	cleanup_record struct record r = RECORD_INIT;
	cleanup_str struct str text = STR_INIT;

	for (size_t i = 0; i < e->list.len; i++) {
		const struct entry *x = &e->list.v[i];
		char hex[SHA256_HEX] = "";

		if (x->source && sha256_file(x->source, hex, NULL, err) < 0)
			return -1;
		add_member(&r, x, S_ISDIR(x->mode) ? S_IFDIR : x->mode & (S_IFMT | 0111), hex);
	}
	record_write(&r, &text);
	sha256_bytes(str_text(&text), text.len, digest);
	return 0;
}

/* Same members with the same identities as when the cache was written? */
static bool
remembered(const char *cache, const struct record *now, char digest[SHA256_HEX])
{
	cleanup_record struct record old = RECORD_INIT;
	cleanup_str struct str text = STR_INIT;
	const char *known;

	if (fs_recall(cache, CACHE_MAX, &text) < 0 ||
	    record_parse(&old, str_text(&text), text.len, NULL) < 0 || old.len != now->len + 1)
		return false;
	for (size_t i = 0; i < now->len; i++)
		if (!streq(old.fields[i + 1].name, now->fields[i].name) ||
		    !streq(old.fields[i + 1].value, now->fields[i].value))
			return false;
	known = record_get(&old, "digest");
	if (!known || !sha256_valid(known))
		return false;
	memcpy(digest, known, SHA256_HEX);
	return true;
}

static void
remember(const struct context *ctx, const char *cache, const struct record *now,
	const char *digest)
{
	cleanup_record struct record r = RECORD_INIT;
	cleanup_str struct str text = STR_INIT;

	record_add(&r, "digest", digest);
	for (size_t i = 0; i < now->len; i++)
		record_add(&r, now->fields[i].name, now->fields[i].value);
	record_write(&r, &text);
	store_write(&ctx->store, cache, text.p, text.len, NULL);
}

int
local_digest(const struct context *ctx, const char *path, char digest[SHA256_HEX],
	struct err *err)
{
	cleanup_free char *cache = cache_path(ctx, path);
	cleanup_record struct record now = RECORD_INIT;
	struct entries e = ENTRIES_INIT;
	bool racy = false;
	int result = list(path, &e, err);

	if (result == 0) {
		identities(&e, &now, &racy);
		if (!remembered(cache, &now, digest)) {
			result = digest_all(&e, digest, err);
			if (result == 0 && !racy)
				remember(ctx, cache, &now, digest);
		}
	}
	entries_release(&e);
	return result;
}
