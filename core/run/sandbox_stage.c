/* SPDX-License-Identifier: GPL-3.0-only */
/* What one stage sees besides the toolchain: what its request and its options name. */
#include <msmv/plugin.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "run/sandbox_part.h"

/* How a fetcher finds others and whom it trusts. */
static const char *const network[] = { "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf",
	"/etc/gai.conf", "/etc/ssl", "/etc/ca-certificates", "/etc/pki", "/etc/apt",
	"/etc/dpkg", "/var/lib/apt", "/var/lib/dpkg" };

static const char *const machine_devices[] = { "/dev/kvm", "/dev/vhost-vsock", "/dev/vhost-net",
	"/dev/net/tun" };

/*
 * Files that urls and mirrors name, an emulator that is not the system's. A fetcher's maps
 * are mirrors; those of who boots are about the guest, where "/" is another one.
 */
static void
add_named_files(const struct stage *s, bool fetches, struct words *w)
{
	for (size_t i = 0; i < s->options.len; i++) {
		const struct stage_option *o = &s->options.v[i];

		if (o->type == MSMV_TYPE_PATHS || (o->type == MSMV_TYPE_MAP && !fetches))
			continue;
		for (size_t k = 0; k < o->count; k++) {
			cleanup_free char *in_url = path_of_url(o->values[k]);
			const char *path = in_url ? in_url : o->values[k];

			if (*path == '/')
				words_bind(w, "--ro-bind-try", path, path);
		}
	}
}

/* A person's CC=/opt/bin/cc is as declared as an option. */
static void
add_tools(const struct record *env, struct words *w)
{
	for (size_t i = 0; i < env->len; i++) {
		const char *s = env->fields[i].value;

		for (; *s; s += strspn(s, " ")) {
			cleanup_free char *word = xstrndup(s, strcspn(s, " "));

			if (*word == '/')
				words_bind(w, "--ro-bind-try", word, word);
			s += strlen(word);
		}
	}
}

/* The one terminal that a person is asked on, none of the others. */
static void
add_terminal(const struct stage *s, struct words *w)
{
	const struct stage_option *o = stage_option_get(s, "menu_tty");
	cleanup_free char *device = o && o->count ? realpath(o->values[0], NULL) : NULL;

	if (device && str_starts(device, "/dev/pts/"))
		words_bind(w, "--dev-bind", device, o->values[0]);
}

/* Folders that outlive a run because they hold no results: compilers' answers, whether KVM
   works. Only in the store, whatever a recipe says. */
static void
add_memory(const struct context *ctx, const struct stage *s, struct words *w)
{
	static const char *const table[][2] = { { "ccache", "ccache" }, { "accel_memory", "accel" } };

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct stage_option *o = stage_option_get(s, table[i][0]);
		cleanup_free char *ours = store_path(&ctx->store, table[i][1]);

		if (o && o->count && streq(o->values[0], ours) && fs_mkdirs(ours, 0755, NULL) == 0)
			words_bind(w, "--bind", ours, ours);
	}
}

static void
replace(char **at, char *text)
{
	free(*at);
	*at = text;
}

static void
add_places(const char *root, const char *dir, struct request *q, struct words *w)
{
	cleanup_free char *job = xasprintf("%s/job", root);
	char *scratch = xasprintf("%s/scratch", root);

	words_bind(w, "--bind", dir, job);
	words_bind(w, "--bind", q->scratch, scratch);
	words_bind(w, "--ro-bind", q->plugin, q->plugin);
	words_bind(w, "--ro-bind", q->unpacker, q->unpacker);
	replace(&q->workdir, xasprintf("%s/work", job));
	replace(&q->scratch, scratch);
	q->lent = true;
	for (size_t i = 0; i < q->inputs.len; i++) {
		char *inside = xasprintf("%s/in/%zu", root, i);

		words_bind(w, "--ro-bind", q->inputs.v[i].path, inside);
		replace(&q->inputs.v[i].path, inside);
	}
	for (size_t i = 0; i < q->outputs.len; i++)
		replace(&q->outputs.v[i].path,
			xasprintf("%s/%s", job, path_base(q->outputs.v[i].path)));
	words_add(w, "--chdir");
	words_add(w, q->workdir);
}

/* Where it is loaded from inside is none of the stage's folders. */
static void
add_preload(const struct context *ctx, struct words *w)
{
	words_bind(w, "--ro-bind", ctx->preload, "/tmp/.elsewhere.so");
	words_bind(w, "--setenv", "LD_PRELOAD", "/tmp/.elsewhere.so");
}

int
sandbox_enter(const struct context *ctx, const struct stage *s, const char *dir,
	struct request *q, struct words *w, struct err *err)
{
	cleanup_free char *copies = xasprintf("%s.files", dir);
	bool runs = stage_provides(s, "run:"), fetches = stage_fetches(s);

	sandbox_begin(ctx, w);
	if (fetches)
		words_bind_list(w, "--ro-bind-try", network, ARRAY_LEN(network));
	else
		words_add(w, "--unshare-net");
	if (runs)
		words_bind_list(w, "--dev-bind-try", machine_devices, ARRAY_LEN(machine_devices));
	if (fetches || runs)
		add_named_files(s, fetches, w);
	add_tools(&q->env, w);
	add_terminal(s, w);
	if (sandbox_files(s, copies, w, err) < 0)
		return -1;
	add_memory(ctx, s, w);
	add_places(sandbox_identity(ctx)->root, dir, q, w);
	if (ctx->elsewhere)
		add_preload(ctx, w);
	sandbox_end(w, ctx->worker, "serve");
	words_add(w, "inside");
	vec_push(w, NULL);
	return 0;
}
