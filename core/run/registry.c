/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * No plugin is loaded here: a worker describes it once, and the description is
 * kept with the file's identity and digest, so a start costs one stat a plugin.
 */
#include "run/registry.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/witness.h"
#include "run/capture.h"

enum { DESCRIPTION_MAX = 4 * 1024 * 1024, LOAD_SECONDS = 10 };

static char *
cache_path(const struct context *ctx, const char *so)
{
	char hex[SHA256_HEX];

	sha256_bytes(so, strlen(so), hex);
	return xasprintf("%s/facts/plugin-%.32s", ctx->store.dir, hex);
}

/* All that the worker prints; its complaint, if it fails, becomes the error. */
static int
ask_worker(const struct context *ctx, const char *so, struct str *out, struct err *err)
{
	const char *argv[] = { ctx->worker, "describe", so, NULL };
	int status = capture(argv, LOAD_SECONDS, out, err); /* a constructor may hang */

	if (status <= 0)
		return status;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		return err_set(err, "takes longer than %d s to load", LOAD_SECONDS);
	if (WIFSIGNALED(status))
		return err_set(err, "crashes when loaded: %s", strsignal(WTERMSIG(status)));
	return err_set(err, "%s", str_text(out));
}

static struct plugin_info *
parse(const char *text, size_t len, struct err *err)
{
	cleanup_record struct record r = RECORD_INIT;

	if (record_parse(&r, text, len, err) < 0)
		return NULL;
	return plugin_info_read(&r, err);
}

/* The first two lines of a cache file are the identity and the digest; it says where it ends. */
static const char cache_end[] = "end\n";

static struct plugin_info *
read_cache(const char *cache, const char *identity)
{
	cleanup_str struct str text = STR_INIT;
	struct plugin_info *p;
	const char *rest;
	size_t n = strlen(identity);

	if (fs_recall(cache, DESCRIPTION_MAX, &text) < 0 || text.len < n + 66 ||
	    memcmp(text.p, identity, n) != 0 || text.p[n] != '\n' || text.p[n + 65] != '\n')
		return NULL;
	rest = text.p + n + 66;
	if (!str_ends(rest, cache_end))
		return NULL;
	p = parse(rest, text.len - n - 66 - strlen(cache_end), NULL);
	if (p)
		memcpy(p->digest, text.p + n + 1, 64);
	return p;
}

/* text: what the worker said, which stays. */
static struct plugin_info *
ask(const struct context *ctx, const char *so, struct str *text, struct err *err)
{
	struct plugin_info *p;

	if (ask_worker(ctx, so, text, err) < 0)
		return NULL;
	p = parse(str_text(text), text->len, err);
	if (p && sha256_file(so, p->digest, NULL, err) < 0) {
		plugin_info_free(p);
		p = NULL;
	}
	return p;
}

static void
remember(const struct context *ctx, const char *cache, const char *identity, const char *digest,
	const struct str *text)
{
	cleanup_str struct str file = STR_INIT;

	str_addf(&file, "%s\n%s\n", identity, digest);
	str_addn(&file, text->p, text->len);
	str_add(&file, cache_end);
	store_write(&ctx->store, cache, file.p, file.len, NULL);
}

/* One that was built just now may be built once more and keep its times: it is asked anew. */
static struct plugin_info *
describe(const struct context *ctx, const char *so, struct err *err)
{
	cleanup_free char *cache = cache_path(ctx, so), *identity = NULL;
	cleanup_str struct str text = STR_INIT;
	time_t looked = time(NULL);
	struct plugin_info *p;
	struct stat st;

	if (witness_stat(so, &st) < 0) {
		err_errno(err, "%s", so);
		return NULL;
	}
	identity = fs_identity_of(&st);
	p = read_cache(cache, identity);
	if (!p) {
		p = ask(ctx, so, &text, err);
		if (p && fs_is_settled(&st, looked))
			remember(ctx, cache, identity, p->digest, &text);
	}
	if (p) {
		p->path = xstrdup(so);
		p->identity = take(identity);
	}
	return p;
}

/* NAME.so must call itself NAME: what a person types is what is loaded. */
static int
check_name(const struct plugin_info *p, struct err *err)
{
	cleanup_free char *want = xasprintf("%s.so", p->name);

	if (streq(path_base(p->path), want))
		return 0;
	return err_set(err, "calls itself %s: its file must be %s", p->name, want);
}

static void
add(struct registry *r, const struct context *ctx, const char *so)
{
	struct err err = ERR_INIT;
	struct plugin_info *p = describe(ctx, so, &err);

	if (p && check_name(p, &err) < 0) {
		plugin_info_free(p);
		p = NULL;
	}
	if (p && catalog_find(&r->catalog, p->name)) {
		plugin_info_free(p);
	} else if (p) {
		vec_push(&r->catalog.plugins, p);
	} else {
		struct bad_plugin bad = { xstrdup(so), xstrdup(err_msg(&err)) };

		witnesses_spoil(); /* why it does not load, such as a library, is not seen here */
		vec_push(&r->bad, bad);
	}
	err_clear(&err);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
add_folder(struct registry *r, const struct context *ctx, const char *dir)
{
	DIR *d = opendir(dir);
	struct stat st;
	VEC(char *) names = VEC_INIT;

	witness_stat(dir, &st); /* as it is before it is read */
	for (struct dirent *e; d && (e = readdir(d));)
		if (str_ends(e->d_name, ".so") && e->d_name[0] != '.')
			vec_push(&names, path_join(dir, e->d_name));
	if (d)
		closedir(d);
	if (names.len)
		qsort(names.v, names.len, sizeof(*names.v), by_text);
	for (size_t i = 0; i < names.len; i++) {
		add(r, ctx, names.v[i]);
		free(names.v[i]);
	}
	vec_release(&names);
}

static void
add_folders(struct registry *r, const struct context *ctx, const char *list)
{
	while (list && *list) {
		size_t n = strcspn(list, ":");
		cleanup_free char *raw = xstrndup(list, n);
		cleanup_free char *dir = path_absolute(raw);

		if (n)
			add_folder(r, ctx, dir);
		list += n + (list[n] == ':');
	}
}

int
registry_load(struct registry *r, const struct context *ctx, struct err *err)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	const char *builtin = getenv("MSMV_BUILTIN_PLUGINS");
	cleanup_free char *user = data && *data ? xasprintf("%s/msmv/plugins", data)
		: home && *home ? xasprintf("%s/.local/share/msmv/plugins", home)
				: NULL;

	if (!fs_exists(ctx->worker) || access(ctx->worker, X_OK) < 0)
		return err_errno(err, "the worker program %s", ctx->worker);
	add_folders(r, ctx, getenv("MSMV_PLUGIN_PATH"));
	if (user)
		add_folder(r, ctx, user);
	add_folders(r, ctx, builtin && *builtin ? builtin : MSMV_PLUGINDIR);
	return 0;
}

void
registry_release(struct registry *r)
{
	catalog_release(&r->catalog);
	for (size_t i = 0; i < r->bad.len; i++) {
		free(r->bad.v[i].path);
		free(r->bad.v[i].why);
	}
	vec_release(&r->bad);
}
