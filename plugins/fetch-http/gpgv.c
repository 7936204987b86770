/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * gpgv's exit status is 0 for a key that expired or was revoked, so only its status
 * lines count: one signature must be good, and none may be bad. A good one by somebody
 * who is not in the keyring is neither, since releases carry several people's.
 */
#include "gpgv.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "[GNUPG:] "
#define TIMEOUT_S 900 /* a tar of some gigabytes through a pipe, on a slow machine */

/* ---- Status lines ----------------------------------------------------- */

static void trouble(struct gpgv *g, int rank, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Keeps the gravest. */
static void
trouble(struct gpgv *g, int rank, const char *fmt, ...)
{
	va_list ap;

	if (rank < g->said)
		return;
	g->said = rank;
	va_start(ap, fmt);
	vsnprintf(g->trouble, sizeof(g->trouble), fmt, ap);
	va_end(ap);
}

static void
take_good(struct gpgv *g, const char *args)
{
	(void)args;
	g->pending = 1;
}

/* FINGERPRINT and eight more, then the primary key's fingerprint. */
static void
take_valid(struct gpgv *g, const char *args)
{
	const char *last = strrchr(args, ' ');

	if (!g->pending)
		return;
	g->pending = 0;
	last = last ? last + 1 : args;
	if (!*last || strspn(last, "0123456789ABCDEF") != strlen(last))
		return;
	if (!g->good++)
		snprintf(g->signer, sizeof(g->signer), "%s", last);
}

static void
take_bad(struct gpgv *g, const char *args)
{
	g->bad++;
	trouble(g, 9, "the signature of %s is for other bytes: the file or its signature was "
		"changed", args);
}

static void
take_revoked(struct gpgv *g, const char *args)
{
	trouble(g, 8, "the key %s was revoked by its owner", args);
}

static void
take_expired_key(struct gpgv *g, const char *args)
{
	trouble(g, 7, "the key %s has expired: get its owner's current one", args);
}

static void
take_expired(struct gpgv *g, const char *args)
{
	trouble(g, 6, "the signature of %s has expired", args);
}

static void
take_missing(struct gpgv *g, const char *args)
{
	trouble(g, 5, "it is signed with key %s, which is not in the keyring", args);
}

/* KEYID PUBKEY-ALGORITHM HASH-ALGORITHM CLASS TIME CAUSE; a missing key says more. */
static void
take_error(struct gpgv *g, const char *args)
{
	trouble(g, 4, "gpgv cannot check it: %s (the log has its words)", args);
}

static void
take_nothing(struct gpgv *g, const char *args)
{
	(void)args;
	trouble(g, 3, "there is no OpenPGP signature in it");
}

void
gpgv_line(struct gpgv *g, const char *line)
{
	static const struct {
		const char *word;
		void (*take)(struct gpgv *, const char *);
	} rows[] = {
		{"GOODSIG", take_good},
		{"VALIDSIG", take_valid},
		{"BADSIG", take_bad},
		{"REVKEYSIG", take_revoked},
		{"EXPKEYSIG", take_expired_key},
		{"EXPSIG", take_expired},
		{"NO_PUBKEY", take_missing},
		{"ERRSIG", take_error},
		{"NODATA", take_nothing},
	};
	size_t n;

	if (strncmp(line, PREFIX, strlen(PREFIX)) != 0)
		return;
	line += strlen(PREFIX);
	n = strcspn(line, " ");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strlen(rows[i].word) != n || strncmp(rows[i].word, line, n) != 0)
			continue;
		if (rows[i].take != take_valid)
			g->pending = 0; /* of the signature before */
		rows[i].take(g, line + n + (line[n] == ' '));
	}
}

/* ---- Running ---------------------------------------------------------- */

const char *
gpgv_path(char *buf, size_t n)
{
	const char *path = getenv("PATH");

	while (path && *path) {
		size_t len = strcspn(path, ":");
		int k = snprintf(buf, n, "%.*s/gpgv", (int)len, path);
		if (len && k > 0 && (size_t)k < n && access(buf, X_OK) == 0)
			return buf;
		path += len + (path[len] == ':');
	}
	return NULL;
}

static void
on_line(struct msmv_stage *stage, const char *line, void *arg)
{
	(void)stage;
	gpgv_line(arg, line);
}

int
gpgv_run(struct gpgv *g, struct msmv_stage *stage, const char *keyring,
	const char *signature, const char *data)
{
	const struct msmv_host *host = stage->host;
	const char *home = host->workdir(stage);
	const char *argv[] = {"gpgv", "--homedir", home, "--status-fd", "1", "--keyring",
		keyring, "--", signature, "-", NULL};
	struct msmv_command c = {.struct_size = sizeof(c),
		.flags = MSMV_CMD_QUIET,
		.argv = argv,
		.stdin_path = data,
		.timeout_s = TIMEOUT_S,
		.on_line = on_line,
		.on_line_arg = g};

	memset(g, 0, sizeof(*g));
	if (!home || host->run(stage, &c) < 0)
		return -2;
	if (g->good && !g->bad)
		return 0;
	if (!g->trouble[0])
		snprintf(g->trouble, sizeof(g->trouble),
			"gpgv found no good one (the log has its words)");
	return -1;
}
