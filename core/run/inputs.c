/* SPDX-License-Identifier: GPL-3.0-only */
/* The action names them: input.PORT.N = digest. */
#include "run/inputs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/mem.h"

/* The i-th field's digest if it is an input's, or NULL. */
static const char *
input_at(const struct job *j, size_t i)
{
	const struct field *f = &j->action.fields[i];

	return str_starts(f->name, "input.") && sha256_valid(f->value) ? f->value : NULL;
}

static bool
is_trusted(const struct context *ctx, const char *digest, const char *path)
{
	const char *known = map_get(&ctx->trusted, digest);
	cleanup_free char *now = known ? fs_identity(path) : NULL;

	return known && streq(known, now);
}

static void
set(struct context *ctx, const char *digest, char *id)
{
	free(map_put(&ctx->trusted, digest, id));
}

int
stored_check(struct context *ctx, const char *digest, struct err *err)
{
	cleanup_free char *path = store_blob_path(&ctx->store, digest);
	char *before = fs_identity(path);

	if (!is_trusted(ctx, digest, path) && store_check_blob(&ctx->store, digest, err) < 0) {
		free(before);
		return -1;
	}
	set(ctx, digest, before);
	return 0;
}

uint64_t
inputs_unread(const struct context *ctx, const struct job *j)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < j->action.len; i++) {
		const char *digest = input_at(j, i);
		cleanup_free char *path = digest ? store_blob_path(&ctx->store, digest) : NULL;
		struct stat st;

		if (path && !is_trusted(ctx, digest, path) && stat(path, &st) == 0)
			sum += (uint64_t)st.st_size;
	}
	return sum;
}

int
inputs_check(struct context *ctx, const struct job *j, struct err *err)
{
	for (size_t i = 0; i < j->action.len; i++)
		if (input_at(j, i) && stored_check(ctx, input_at(j, i), err) < 0)
			return -1;
	return 0;
}

void
inputs_note(const struct context *ctx, const struct job *j, struct record *seen)
{
	for (size_t i = 0; i < j->action.len; i++) {
		const char *digest = input_at(j, i);
		cleanup_free char *path = digest ? store_blob_path(&ctx->store, digest) : NULL;
		cleanup_free char *id = path ? fs_identity(path) : NULL;

		if (id)
			record_add(seen, digest, id);
	}
}

void
inputs_trust(struct context *ctx, const struct record *seen)
{
	for (size_t i = 0; i < seen->len; i++)
		set(ctx, seen->fields[i].name, xstrdup(seen->fields[i].value));
}

void
outputs_trust(struct context *ctx, const struct job *j)
{
	for (size_t i = 0; i < j->result.len; i++) {
		const struct field *f = &j->result.fields[i];
		cleanup_free char *path = streq(f->name, "digest")
			? store_blob_path(&ctx->store, f->value) : NULL;

		if (path)
			set(ctx, f->value, fs_identity(path));
	}
}
