/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv store verify: hashes all that is kept; what is damaged is put aside and made again. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/session.h"
#include "cli/store.h"
#include "cli/text.h"
#include "run/resolve.h"
#include "store/index.h"

static const struct cmd_option options[] = {
	{ 0, "store", "DIR", "the store (default ~/.cache/msmv)" },
	{ 0, NULL, NULL, NULL },
};

struct verify {
	struct store *store;
	struct index index;
	size_t blobs, results; /* damaged */
	uint64_t bytes;        /* that were hashed */
};

static void
show_progress(const struct verify *v, size_t i)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%zu of %zu files%s", i, v->index.blobs.len,
			i == v->index.blobs.len ? "\n" : "");
}

static void
check_blobs(struct verify *v)
{
	for (size_t i = 0; i < v->index.blobs.len; i++) {
		struct index_blob *b = v->index.blobs.items[i].value;
		cleanup_err struct err err = ERR_INIT;

		show_progress(v, i);
		if (b->damaged || b->missing)
			continue;
		v->bytes += b->size;
		if (store_check_blob(v->store, b->name, &err) == 0)
			continue;
		b->missing = true;
		v->blobs++;
		printf("  %.12s  %s\n", b->name, err_msg(&err));
	}
	show_progress(v, v->index.blobs.len);
}

static bool
is_right(const struct verify *v, const struct index_result *r)
{
	cleanup_record struct record record = RECORD_INIT;
	bool right = store_get_result(v->store, r->key, &record) &&
		resolve_is_whole(&record, r->key);

	for (size_t i = 0; right && i < r->blobs.len; i++)
		right = !r->blobs.v[i]->missing;
	return right;
}

static int
check_results(struct verify *v, struct err *err)
{
	for (size_t i = 0; i < v->index.results.len; i++) {
		const struct index_result *r = &v->index.results.v[i];

		if (is_right(v, r))
			continue;
		if (store_drop_result(v->store, r->key, err) < 0)
			return -1;
		v->results++;
		printf("  %.12s  %s runs again: %s\n", r->key, r->stage ? r->stage : "a stage",
			r->stage ? "what it made is damaged or gone" : "its record is damaged");
	}
	return 0;
}

static int
verify(struct verify *v)
{
	cleanup_err struct err err = ERR_INIT;
	cleanup_str struct str size = STR_INIT;

	if (index_read(&v->index, v->store, &err) < 0)
		return complain(EXIT_FAILED, "%s", err_msg(&err));
	check_blobs(v);
	if (check_results(v, &err) < 0)
		return complain(EXIT_FAILED, "%s", err_msg(&err));
	text_size(&size, v->bytes);
	printf("%zu results, %s: ", v->index.results.len, size.p);
	if (v->blobs || v->results)
		printf("%zu files were damaged, %zu results are made again\n", v->blobs, v->results);
	else
		puts("all is whole");
	return v->blobs || v->results ? EXIT_FAILED : EXIT_DONE;
}

static int
run(const struct args *args)
{
	struct session s;
	struct verify v = { &s.ctx.store, INDEX_INIT, 0, 0, 0 };
	int code = session_open(&s, args);

	if (code == 0)
		code = verify(&v);
	index_release(&v.index);
	session_close(&s);
	return code;
}

const struct cmd cmd_store_verify = {
	.name = "store verify",
	.synopsis = "[OPTIONS]",
	.help = "Hash all that is kept, and put aside what is damaged",
	.text = "A file whose bytes are not those of its name is put aside, a result that names such\n"
		"a file or one that is gone is forgotten, so its stage runs again. Exit status 1 if\n"
		"there was any.\n",
	.options = options,
	.min_words = 0,
	.max_words = 0,
	.run = run,
};
