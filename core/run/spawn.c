/* SPDX-License-Identifier: GPL-3.0-only */
/* posix_spawn, since it does not copy the engine's page tables for every stage. */
#include "run/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "wire/wire.h"

enum { TOKEN_READ = 4, TOKEN_WRITE = 5, HIGH_FD = 20 };

struct environment {
	char *v[8];
	size_t n;
};

static void
env_add(struct environment *e, char *text)
{
	e->v[e->n++] = text;
	e->v[e->n] = NULL;
}

static void
env_fill(struct environment *e, const struct context *ctx, const struct request *q,
	const int *tokens)
{
	env_add(e, xstrdup("PATH=" STAGE_PATH));
	env_add(e, xstrdup(ctx->elsewhere ? "LC_ALL=C.UTF-8" : "LC_ALL=C"));
	env_add(e, xstrdup(ctx->elsewhere ? "TZ=XXX-13:45" : "TZ=UTC"));
	env_add(e, xasprintf("HOME=%s", q->workdir ? q->workdir : "/"));
	env_add(e, xasprintf("TMPDIR=%s", q->workdir ? q->workdir : "/tmp"));
	env_add(e, xasprintf("SOURCE_DATE_EPOCH=%" PRId64, q->epoch));
	if (tokens)
		env_add(e, xasprintf("MAKEFLAGS= -j%d --jobserver-auth=%d,%d", ctx->jobs,
			TOKEN_READ, TOKEN_WRITE));
}

static void
env_release(struct environment *e)
{
	for (size_t i = 0; i < e->n; i++)
		free(e->v[i]);
}

/* dup2 onto the same number would keep close-on-exec, so sources are moved high first. */
static int
lift(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, HIGH_FD);
}

/*
 * A session of its own, so that no stage can type into the person's terminal. bubblewrap
 * never sees a SIGTERM: it would take the worker down before that could clear up. What the
 * caller of msmv may have ignored is heard again.
 */
static void
set_attributes(posix_spawnattr_t *at, bool sandbox)
{
	static const int heard[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGCHLD, SIGUSR1,
		SIGUSR2, SIGALRM };
	sigset_t mask, reset;

	sigemptyset(&reset);
	for (size_t i = 0; i < ARRAY_LEN(heard); i++)
		sigaddset(&reset, heard[i]);
	sigemptyset(&mask);
	if (sandbox)
		sigaddset(&mask, SIGTERM);
	posix_spawnattr_setsigmask(at, &mask);
	posix_spawnattr_setsigdefault(at, &reset);
	posix_spawnattr_setflags(at,
		POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static int
spawn(const struct context *ctx, char *const *inside, char **env, int log_fd, int wire,
	const int *tokens, pid_t *pid, struct err *err)
{
	char *plain[] = { ctx->worker, (char *)(uintptr_t)"serve", NULL };
	char *const *argv = inside ? inside : plain;
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t at;
	int code;

	posix_spawn_file_actions_init(&fa);
	posix_spawnattr_init(&at);
	posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&fa, log_fd, 1);
	posix_spawn_file_actions_adddup2(&fa, log_fd, 2);
	posix_spawn_file_actions_adddup2(&fa, wire, WIRE_FD);
	if (tokens) {
		posix_spawn_file_actions_adddup2(&fa, tokens[0], TOKEN_READ);
		posix_spawn_file_actions_adddup2(&fa, tokens[1], TOKEN_WRITE);
	}
	set_attributes(&at, inside != NULL);
	code = posix_spawn(pid, argv[0], &fa, &at, argv, env);
	posix_spawn_file_actions_destroy(&fa);
	posix_spawnattr_destroy(&at);
	errno = code;
	return code ? err_errno(err, "start %s", argv[0]) : 0;
}

static int
spawn_lifted(const struct context *ctx, char *const *inside, char **env, int log_fd, int wire,
	const int *tokens, pid_t *pid, struct err *err)
{
	cleanup_close int log = lift(log_fd);
	cleanup_close int w = lift(wire);
	cleanup_close int r = tokens ? lift(tokens[0]) : -1;
	cleanup_close int t = tokens ? lift(tokens[1]) : -1;
	int pair[2] = { r, t };

	if (log < 0 || w < 0 || (tokens && (r < 0 || t < 0)))
		return err_errno(err, "dup");
	return spawn(ctx, inside, env, log, w, tokens ? pair : NULL, pid, err);
}

int
worker_spawn(const struct context *ctx, const struct request *q, char *const *inside,
	int log_fd, const int *tokens, struct worker_proc *p, struct err *err)
{
	cleanup_record struct record frame = RECORD_INIT;
	struct environment env = { .n = 0 };
	int pair[2], result;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_errno(err, "socketpair");
	env_fill(&env, ctx, q, tokens);
	result = spawn_lifted(ctx, inside, env.v, log_fd, pair[1], tokens, &p->pid, err);
	env_release(&env);
	close(pair[1]);
	if (result < 0) {
		close(pair[0]);
		return -1;
	}
	p->wire = pair[0];
	request_write(q, &frame);
	/* A worker that died at once is seen by its exit status, not here. */
	wire_send(p->wire, &frame, NULL);
	return 0;
}
