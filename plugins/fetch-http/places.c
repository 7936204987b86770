/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The policy: which place is tried when, how long to wait between, and what is said
 * when none of them gives the file.
 */
#include "places.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <curl/curl.h>

#include "local.h"
#include "outcome.h"
#include "partial.h"
#include "signature.h"
#include "transfer.h"
#include "url.h"

#define WAIT_MS_FIRST 250
#define WAIT_MS_MAX 8000
#define WAIT_S_ASKED_MAX 30 /* a server may ask for so much patience, no more */

/* Sleeps, but not through a person's Ctrl-C. */
static void
place_wait(struct msmv_stage *stage, unsigned ms)
{
	const struct timespec step = {0, 50 * 1000000L};

	for (unsigned done = 0; done < ms && !stage->host->cancelled(stage); done += 50)
		nanosleep(&step, NULL);
}

static void
place_note(struct msmv_stage *stage, uint64_t size)
{
	if (size >= 100000)
		stage->host->note(stage, "%.1f MB", (double)size / 1e6);
	else if (size >= 1000)
		stage->host->note(stage, "%.1f KB", (double)size / 1e3);
	else
		stage->host->note(stage, "%llu bytes", (unsigned long long)size);
}

/* By its sum, if the recipe has one, and by its signature, if it has one of those. */
static int
try_verify(const struct want *want, struct candidate *c, struct partial *p)
{
	int r = partial_verify(p, want, c->shown, &c->last);

	return r ? r : signature_prove(want->signature, want, p->data, c->shown, &c->last);
}

/*
 * One try over the network. Bytes that were continued from an earlier try and turn
 * out wrong as a whole prove nothing against the server: once more, from none.
 */
static int
try_remote(CURL *curl, const struct want *want, struct candidate *c, struct partial *p,
	const char *out)
{
	struct outcome *o = &c->last;
	int r = transfer_run(curl, want, c, p, o);

	if (r)
		return r;
	r = try_verify(want, c, p);
	if (r && p->resumed && o->verdict != VERDICT_STOP) {
		r = partial_reset(p, o);
		if (!r)
			r = transfer_run(curl, want, c, p, o);
		if (!r)
			r = try_verify(want, c, p);
	}
	if (r)
		return r;
	place_note(want->stage, p->size);
	return partial_publish(p, out, o);
}

/*
 * Tries one place until it is done, is hopeless, or brings nothing more: as long as
 * bytes keep coming a broken line is taken up again where it broke, at once.
 */
static void
try_candidate(CURL *curl, const struct want *want, struct candidate *c, unsigned retries,
	const char *out)
{
	struct outcome *o = &c->last;
	struct partial p;
	uint64_t before;

	if (partial_open(&p, want, c->id, c->url, o)) {
		partial_close(&p);
		return;
	}
	do {
		o->wait_s = 0;
		before = p.size;
		c->tries++;
		try_remote(curl, want, c, &p, out);
		if (o->verdict == VERDICT_LATER)
			p.resumed = p.size > 0;
	} while (o->verdict == VERDICT_LATER && c->tries <= retries && p.size > before);
	if (o->verdict == VERDICT_DEAD || o->disk_full || p.size == 0)
		partial_discard(&p);
	partial_close(&p);
}

static void
try_local(const struct want *want, struct candidate *c, const char *out)
{
	const char *why = NULL;
	char *path = c->local ? strdup(c->url) : url_file_path(c->url, &why);
	uint64_t size = 0;

	c->tries++;
	if (!path)
		outcome_set(&c->last, VERDICT_DEAD, MSMV_FAIL_RECIPE, "%s: %s", c->shown,
			why ? why : "out of memory");
	else if (!local_fetch(want, path, out, &size, &c->last))
		place_note(want->stage, size);
	free(path);
}

/* Says what went wrong with every place in one message. */
static int
place_fail(struct msmv_stage *stage, const struct candidate *list, size_t n)
{
	static const int weight[] = {
		MSMV_FAIL_INPUT, MSMV_FAIL_SYSTEM, MSMV_FAIL_NETWORK, MSMV_FAIL_RECIPE};
	char text[4096];
	size_t at = 0;
	int code = 0;

	for (size_t w = 0; !code && w < sizeof(weight) / sizeof(weight[0]); w++)
		for (size_t i = 0; i < n; i++)
			if (list[i].last.code == weight[w])
				code = weight[w];
	if (n == 1)
		return list[0].tries > 1 ?
			       stage->host->fail(stage, code, "%s (%u tries)",
				       list[0].last.why, list[0].tries) :
			       stage->host->fail(stage, code, "%s", list[0].last.why);
	for (size_t i = 0; i < n && at < sizeof(text) - 1; i++) {
		int k = snprintf(text + at, sizeof(text) - at, "\n  %s", list[i].last.why);
		at += k < 0 ? 0 : (size_t)k;
	}
	return stage->host->fail(stage, code, "none of the %zu places gives the file:%s", n,
		text);
}

/* 1: settled, with the file or without hope; 0: worth another round. */
static int
place_round(CURL *curl, const struct want *want, struct candidate *list, size_t n,
	unsigned retries, const char *out, unsigned *wait_s)
{
	int open = 0;

	for (size_t i = 0; i < n; i++) {
		struct candidate *c = &list[i];
		if (c->last.verdict != VERDICT_LATER || c->tries > retries)
			continue;
		if (c->local || url_scheme(c->url) == SCHEME_FILE)
			try_local(want, c, out);
		else if (want->offline)
			outcome_set(&c->last, VERDICT_DEAD, MSMV_FAIL_NETWORK,
				"%s: not tried, as the network is not to be used (offline)",
				c->shown);
		else
			try_candidate(curl, want, c, retries, out);
		if (c->last.verdict == VERDICT_DONE || c->last.verdict == VERDICT_STOP)
			return 1;
		want->stage->host->log(want->stage, MSMV_LOG_INFO, "try %u: %s", c->tries,
			c->last.why);
		if (c->last.verdict == VERDICT_LATER && c->tries <= retries)
			open = 1;
		if (c->last.wait_s > *wait_s)
			*wait_s = c->last.wait_s;
	}
	return !open;
}

/* Every place once, then after a pause those that may have recovered, and so on. */
int
places_try(void *curl, const struct want *want, struct candidate *list, size_t n,
	unsigned retries, const char *out)
{
	unsigned pause = WAIT_MS_FIRST, asked = 0;

	while (!place_round(curl, want, list, n, retries, out, &asked)) {
		asked = asked > WAIT_S_ASKED_MAX ? WAIT_S_ASKED_MAX : asked;
		place_wait(want->stage, asked * 1000 > pause ? asked * 1000 : pause);
		pause = pause * 2 > WAIT_MS_MAX ? WAIT_MS_MAX : pause * 2;
		asked = 0;
	}
	for (size_t i = 0; i < n; i++) {
		if (list[i].last.verdict == VERDICT_DONE)
			return 0;
		if (list[i].last.verdict == VERDICT_STOP)
			return place_fail(want->stage, &list[i], 1);
	}
	return place_fail(want->stage, list, n);
}
