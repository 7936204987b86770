/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A sandbox is believed only after something inside has tried to get out: to a listener
 * of ours, to a file of ours, and into the toolchain's folder.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "run/capture.h"
#include "run/sandbox_part.h"

enum { PROOF_SECONDS = 20 };

/* What the people and hosts are inside; PATH is where a name is looked up. */
static const struct {
	const char *name, *text;
} etc[] = {
	{ "passwd", "root:x:0:0:root:/root:/bin/sh\n"
		    "msmv:x:1000:1000:msmv:/msmv/job/work:/bin/sh\n"
		    "other:x:4711:4711:other:/else:/bin/sh\n"
		    "nobody:x:65534:65534:nobody:/:/bin/false\n" },
	{ "group", "root:x:0:\nmsmv:x:1000:\nother:x:4711:\nnogroup:x:65534:\n" },
	{ "hosts", "127.0.0.1 localhost msmv elsewhere\n::1 localhost msmv elsewhere\n" },
};

static int
write_etc(const struct context *ctx, struct err *err)
{
	cleanup_free char *dir = xasprintf("%s/etc", ctx->store.tmp);

	if (fs_mkdirs(dir, 0755, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(etc); i++) {
		cleanup_free char *path = path_join(dir, etc[i].name);

		if (fs_write(path, etc[i].text, strlen(etc[i].text), false, err) < 0)
			return -1;
	}
	return 0;
}

/* Somebody to call at 127.0.0.1; the port is the answer. A machine without has no network. */
static int
listener(int *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*port = 0;
	if (fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0 && listen(fd, 1) == 0 &&
	    getsockname(fd, (struct sockaddr *)&a, &len) == 0)
		*port = ntohs(a.sin_port);
	return fd;
}

/* The worker inside says what it could reach, or bubblewrap why there is no inside. */
static int
try(const struct context *ctx, struct err *err)
{
	cleanup_free char *secret = xasprintf("%s/etc/hosts", ctx->store.tmp);
	cleanup_str struct str text = STR_INIT;
	struct words argv = WORDS_INIT;
	int port, status;
	cleanup_close int fd = listener(&port);

	(void)fd; /* open as long as this */
	sandbox_begin(ctx, &argv);
	vec_push(&argv, xstrdup("--unshare-net"));
	sandbox_end(&argv, ctx->worker, "prove");
	vec_push(&argv, xasprintf("%d", port));
	vec_push(&argv, xstrdup(secret));
	vec_push(&argv, NULL);
	status = capture((const char *const *)argv.v, PROOF_SECONDS, &text, err);
	words_release(&argv);
	if (status <= 0)
		return status;
	if (WIFSIGNALED(status))
		return err_set(err, "ended by signal %d (%s)", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	return err_set(err, "%s", text.len ? text.p : "no cause given");
}

int
sandbox_prove(struct context *ctx, struct err *err)
{
	cleanup_err struct err cause = ERR_INIT;

	if (!ctx->sandbox || ctx->proven)
		return 0;
	if (!ctx->bwrap)
		return err_set(err, "stages run in a sandbox, and bubblewrap is not installed\n"
			"  install the package bubblewrap, or go without: --sandbox=off");
	if (write_etc(ctx, err) < 0)
		return -1;
	if (try(ctx, &cause) < 0)
		return err_set(err, "the sandbox for stages does not hold here: %s\n"
			"  let this user make namespaces (in a container: its security profile "
			"forbids it), or go without: --sandbox=off", err_msg(&cause));
	ctx->proven = true;
	return 0;
}
