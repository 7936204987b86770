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

static const char *const walls[] = {
	"--die-with-parent", "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-uts",
	"--unshare-cgroup-try", "--ro-bind", "/usr", "/usr", "--tmpfs", "/usr/local",
	"--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",
};

/* The number is nobody's, so that a build does not take itself for root. */
static const struct identity here = { "1000", "msmv", "/msmv" };
static const struct identity elsewhere = { "4711", "elsewhere", "/else/where/it/is" };

const struct identity *
sandbox_identity(const struct context *ctx)
{
	return ctx->elsewhere ? &elsewhere : &here;
}

/* How a toolchain finds its parts. */
static const char *const toolchain[] = { "/etc/alternatives", "/etc/ld.so.cache",
	"/etc/ld.so.conf", "/etc/ld.so.conf.d" };

void
words_release(struct words *w)
{
	for (size_t i = 0; i < w->len; i++)
		free(w->v[i]);
	vec_release(w);
}

void
words_add(struct words *w, const char *text)
{
	vec_push(w, xstrdup(text));
}

void
words_bind(struct words *w, const char *how, const char *from, const char *to)
{
	words_add(w, how);
	words_add(w, from);
	words_add(w, to);
}

static void
add_identity(const struct context *ctx, struct words *w)
{
	const struct identity *id = sandbox_identity(ctx);

	words_add(w, "--uid");
	words_add(w, id->number);
	words_add(w, "--gid");
	words_add(w, id->number);
	words_add(w, "--hostname");
	words_add(w, id->host);
}

void
words_bind_list(struct words *w, const char *how, const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		words_bind(w, how, paths[i], paths[i]);
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
			words_bind(w, "--symlink", target, names[i]);
		} else {
			words_bind(w, "--ro-bind-try", names[i], names[i]);
		}
	}
}

/* Users and hosts are the same ones everywhere; sandbox_prove wrote them. */
static void
add_etc(const struct context *ctx, struct words *w)
{
	static const char *const names[] = { "passwd", "group", "hosts" };

	words_bind_list(w, "--ro-bind-try", toolchain, ARRAY_LEN(toolchain));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		cleanup_free char *from = xasprintf("%s/etc/%s", ctx->store.tmp, names[i]);
		cleanup_free char *to = xasprintf("/etc/%s", names[i]);

		words_bind(w, "--ro-bind", from, to);
	}
}

void
sandbox_begin(const struct context *ctx, struct words *w)
{
	words_add(w, ctx->bwrap);
	for (size_t i = 0; i < ARRAY_LEN(walls); i++)
		words_add(w, walls[i]);
	add_identity(ctx, w);
	add_top_folders(w);
	add_etc(ctx, w);
	for (size_t i = 0; i < ctx->see.len; i++)
		words_bind(w, "--ro-bind-try", ctx->see.v[i], ctx->see.v[i]);
	words_bind(w, "--ro-bind", ctx->worker, ctx->worker);
}

void
sandbox_end(struct words *w, const char *program, const char *verb)
{
	words_add(w, "--");
	words_add(w, program);
	words_add(w, verb);
}
