/* SPDX-License-Identifier: GPL-3.0-only */
/* The arguments of bubblewrap; the order counts: what is mounted later lies on top. */
#include "run/sandbox.h"

#include <msmv/plugin.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "run/sandbox_part.h"

/* The number is nobody's, so that a build does not take itself for root. */
static const char *const walls[] = {
	"--die-with-parent", "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-uts",
	"--unshare-cgroup-try", "--uid", "1000", "--gid", "1000", "--hostname", "msmv",
	"--ro-bind", "/usr", "/usr", "--tmpfs", "/usr/local", "--proc", "/proc", "--dev", "/dev",
	"--tmpfs", "/tmp",
};

/* How a toolchain finds its parts. */
static const char *const toolchain[] = { "/etc/alternatives", "/etc/ld.so.cache",
	"/etc/ld.so.conf", "/etc/ld.so.conf.d" };

/* How a fetcher finds others and whom it trusts. */
static const char *const network[] = { "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf",
	"/etc/gai.conf", "/etc/ssl", "/etc/ca-certificates", "/etc/pki", "/etc/apt",
	"/etc/dpkg", "/var/lib/apt", "/var/lib/dpkg" };

static const char *const machine_devices[] = { "/dev/kvm", "/dev/vhost-vsock", "/dev/vhost-net",
	"/dev/net/tun" };

void
words_release(struct words *w)
{
	for (size_t i = 0; i < w->len; i++)
		free(w->v[i]);
	vec_release(w);
}

static void
add(struct words *w, const char *text)
{
	vec_push(w, xstrdup(text));
}

static void
bind(struct words *w, const char *how, const char *from, const char *to)
{
	add(w, how);
	add(w, from);
	add(w, to);
}

static void
bind_list(struct words *w, const char *how, const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bind(w, how, paths[i], paths[i]);
}

/* /bin and its like are folders, or links into /usr. */
static void
add_top_folders(struct words *w)
{
	static const char *const names[] = { "/bin", "/sbin", "/lib", "/lib32", "/lib64",
		"/libx32" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char target[256];
		ssize_t n = readlink(names[i], target, sizeof(target) - 1);

		if (n > 0) {
			target[n] = '\0';
			bind(w, "--symlink", target, names[i]);
		} else {
			bind(w, "--ro-bind-try", names[i], names[i]);
		}
	}
}

/* Users and hosts are the same ones everywhere; sandbox_prove wrote them. */
static void
add_etc(const struct context *ctx, struct words *w)
{
	static const char *const names[] = { "passwd", "group", "hosts" };

	bind_list(w, "--ro-bind-try", toolchain, ARRAY_LEN(toolchain));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		cleanup_free char *from = xasprintf("%s/etc/%s", ctx->store.tmp, names[i]);
		cleanup_free char *to = xasprintf("/etc/%s", names[i]);

		bind(w, "--ro-bind", from, to);
	}
}

void
sandbox_begin(const struct context *ctx, struct words *w)
{
	add(w, ctx->bwrap);
	for (size_t i = 0; i < ARRAY_LEN(walls); i++)
		add(w, walls[i]);
	add_top_folders(w);
	add_etc(ctx, w);
	for (size_t i = 0; i < ctx->see.len; i++)
		bind(w, "--ro-bind-try", ctx->see.v[i], ctx->see.v[i]);
	bind(w, "--ro-bind", ctx->worker, ctx->worker);
}

void
sandbox_end(struct words *w, const char *program, const char *verb)
{
	add(w, "--");
	add(w, program);
	add(w, verb);
}

/* ---- What is this stage's alone -------------------------------------- */

static bool
provides(const struct stage *s, const char *prefix)
{
	for (size_t i = 0; i < s->plugin->provides.len; i++)
		if (str_starts(s->plugin->provides.v[i], prefix))
			return true;
	return false;
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0'
		: (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* The file that "file:///a%20b" or "/a b" is, or NULL; the caller frees. */
static char *
local_file(const char *url)
{
	struct str s = STR_INIT;

	if (*url == '/')
		return xstrdup(url);
	if (!str_starts(url, "file:"))
		return NULL;
	url += strlen("file:");
	url += str_starts(url, "//localhost/") ? strlen("//localhost")
		: str_starts(url, "//") ? 2 : 0;
	for (; *url; url++) {
		int high = *url == '%' ? hex_digit(url[1]) : -1;
		int low = high >= 0 ? hex_digit(url[2]) : -1;

		str_addc(&s, low >= 0 ? (char)(high << 4 | low) : *url);
		url += low >= 0 ? 2 : 0;
	}
	return str_take(&s);
}

/* Files that urls and mirrors name, an emulator that is not the system's. */
static void
add_named_files(const struct stage *s, struct words *w)
{
	for (size_t i = 0; i < s->options.len; i++) {
		const struct stage_option *o = &s->options.v[i];

		for (size_t k = 0; k < o->count; k++) {
			cleanup_free char *path = local_file(o->values[k]);

			if (path && *path == '/')
				bind(w, "--ro-bind-try", path, path);
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
				bind(w, "--ro-bind-try", word, word);
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
		bind(w, "--dev-bind", device, o->values[0]);
}

static void
add_recipe_files(const struct stage *s, struct words *w)
{
	for (size_t i = 0; i < s->options.len; i++) {
		const struct stage_option *o = &s->options.v[i];

		for (size_t k = 0; o->type == MSMV_TYPE_PATHS && k < o->count; k++)
			bind(w, "--ro-bind", o->values[k], o->values[k]);
	}
}

/* Compilers' answers, if they are kept: only in the store, whatever a recipe says. */
static void
add_ccache(const struct context *ctx, const struct stage *s, struct words *w)
{
	const struct stage_option *o = stage_option_get(s, "ccache");
	cleanup_free char *ours = store_path(&ctx->store, "ccache");

	if (o && o->count && streq(o->values[0], ours) && fs_mkdirs(ours, 0755, NULL) == 0)
		bind(w, "--bind", ours, ours);
}

static void
replace(char **at, char *text)
{
	free(*at);
	*at = text;
}

static void
add_places(const char *dir, struct request *q, struct words *w)
{
	bind(w, "--bind", dir, "/msmv/job");
	bind(w, "--bind", q->scratch, "/msmv/scratch");
	bind(w, "--ro-bind", q->plugin, q->plugin);
	bind(w, "--ro-bind", q->unpacker, q->unpacker);
	replace(&q->workdir, xstrdup("/msmv/job/work"));
	replace(&q->scratch, xstrdup("/msmv/scratch"));
	for (size_t i = 0; i < q->inputs.len; i++) {
		char *inside = xasprintf("/msmv/in/%zu", i);

		bind(w, "--ro-bind", q->inputs.v[i].path, inside);
		replace(&q->inputs.v[i].path, inside);
	}
	for (size_t i = 0; i < q->outputs.len; i++)
		replace(&q->outputs.v[i].path,
			xasprintf("/msmv/job/%s", path_base(q->outputs.v[i].path)));
	add(w, "--chdir");
	add(w, q->workdir);
}

void
sandbox_enter(const struct context *ctx, const struct stage *s, const char *dir,
	struct request *q, struct words *w)
{
	bool runs = provides(s, "run:"), fetches = stage_fetches(s);

	sandbox_begin(ctx, w);
	if (fetches)
		bind_list(w, "--ro-bind-try", network, ARRAY_LEN(network));
	else
		add(w, "--unshare-net");
	if (runs)
		bind_list(w, "--dev-bind-try", machine_devices, ARRAY_LEN(machine_devices));
	if (fetches || runs)
		add_named_files(s, w);
	add_tools(&q->env, w);
	add_terminal(s, w);
	add_recipe_files(s, w);
	add_ccache(ctx, s, w);
	add_places(dir, q, w);
	sandbox_end(w, ctx->worker, "serve");
	add(w, "inside");
	vec_push(w, NULL);
}
