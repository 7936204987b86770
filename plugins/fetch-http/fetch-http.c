/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Gets one file from a url, a list of them, or from beside the recipe. This file
 * holds the tables and the policy: which place is tried when, and what is said when
 * none of them gives the file. README.md is the manual.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>
#include <msmv/plugin.h>

#include "candidate.h"
#include "digest.h"
#include "local.h"
#include "outcome.h"
#include "partial.h"
#include "transfer.h"
#include "url.h"
#include "want.h"

#define WAIT_MS_FIRST 250
#define WAIT_MS_MAX 8000
#define WAIT_S_ASKED_MAX 30 /* a server may ask for so much patience, no more */

static const char *const provides[] = {
	"fetch:http", "fetch:https", "fetch:file", "fetch:path"};

static const struct msmv_option options[] = {
	{"url", MSMV_TYPE_LIST, 0, NULL, "http, https or file urls, tried in order", NULL,
		NULL, 0, 0},
	{"path", MSMV_TYPE_PATHS, 0, NULL, "a file beside the recipe, instead of url", NULL,
		NULL, 0, 0},
	{"sha256", MSMV_TYPE_STRING, 0, NULL, "the file's SHA-256, 64 hex digits", NULL,
		NULL, 0, 0},
	{"mirrors", MSMV_TYPE_MAP, MSMV_OPT_NO_KEY, NULL,
		"url prefix = replacement to try first; longest prefix first", NULL, NULL,
		0, 0},
	{"retries", MSMV_TYPE_INT, MSMV_OPT_NO_KEY, "3",
		"further tries per url after a transient error", NULL, NULL, 0, 100},
	{"timeout", MSMV_TYPE_INT, MSMV_OPT_NO_KEY, "0",
		"longest time for one try, 0 for no limit", "s", NULL, 0, 864000},
	{"connect", MSMV_TYPE_INT, MSMV_OPT_NO_KEY, "20",
		"longest time to reach the server", "s", NULL, 1, 3600},
	{"stall", MSMV_TYPE_INT, MSMV_OPT_NO_KEY, "30",
		"give a try up after so long below 1 KiB/s", "s", NULL, 1, 3600},
	{"proxy", MSMV_TYPE_STRING, MSMV_OPT_NO_KEY, NULL,
		"proxy url for http and https; empty for none", NULL, NULL, 0, 0},
	{"no_proxy", MSMV_TYPE_STRING, MSMV_OPT_NO_KEY, NULL,
		"hosts to reach without the proxy, comma-separated", NULL, NULL, 0, 0},
	{"ca_file", MSMV_TYPE_STRING, MSMV_OPT_NO_KEY, NULL,
		"PEM file of the authorities to trust instead of the system's", NULL, NULL,
		0, 0},
};

static const struct msmv_port outputs[] = {
	{"file", MSMV_PORT_FILE, 0, NULL, "the file as it was fetched"},
};

/* ---- check ------------------------------------------------------------ */

static int
check_url(struct msmv_stage *stage, const char *url)
{
	const struct msmv_host *host = stage->host;
	const char *why = NULL;
	char *path;

	for (const char *p = url; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return host->fail(stage, MSMV_FAIL_RECIPE,
				"url \"%s\" has a blank or a control character: write %%20 "
				"for a blank",
				url);
	switch (url_scheme(url)) {
	case SCHEME_HTTP:
	case SCHEME_HTTPS:
		return 0;
	case SCHEME_FILE:
		path = url_file_path(url, &why);
		free(path);
		return path ? 0 :
			      host->fail(stage, MSMV_FAIL_RECIPE, "url \"%s\": %s", url, why);
	case SCHEME_OTHER:
		break;
	}
	return host->fail(stage, MSMV_FAIL_RECIPE,
		"url \"%s\": fetch-http takes http://, https:// and file:// only%s", url,
		strncmp(url, "apt", 3) ? "" : "; an apt: url cannot share a list with them");
}

static int
check_sha256(struct msmv_stage *stage)
{
	const char *sum = stage->host->option(stage, "sha256");

	if (!sum || (strlen(sum) == DIGEST_HEX &&
			    strspn(sum, "0123456789abcdefABCDEF") == DIGEST_HEX))
		return 0;
	return stage->host->fail(stage, MSMV_FAIL_RECIPE,
		"sha256 must be %d hex digits, but \"%s\" is not", DIGEST_HEX, sum);
}

static int
fetch_check(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	size_t urls = host->option_count(stage, "url");
	size_t paths = host->option_count(stage, "path");

	if (urls && paths)
		return host->fail(stage, MSMV_FAIL_RECIPE,
			"url and path exclude each other: keep one");
	if (paths > 1)
		return host->fail(stage, MSMV_FAIL_RECIPE,
			"path names %zu files, but a source is one file", paths);
	if (!urls && !paths)
		return host->fail(stage, MSMV_FAIL_RECIPE,
			"nothing to fetch: set url, or path for a file beside the recipe");
	for (size_t i = 0; i < urls; i++)
		if (check_url(stage, host->option_at(stage, "url", i)))
			return -1;
	for (size_t i = 0; i < host->option_count(stage, "mirrors"); i++)
		if (check_url(stage, host->option_at(stage, "mirrors", i)))
			return -1;
	return check_sha256(stage);
}

/* ---- facts ------------------------------------------------------------ */

/*
 * A file:// url names content that may change under the same name, so the content
 * goes into the key, unless the recipe's sha256 already says what it must be.
 */
static int
fact_local(struct msmv_stage *stage, const char *url, size_t i)
{
	const struct msmv_host *host = stage->host;
	const char *why = NULL;
	char *path = url_file_path(url, &why);
	char field[32];
	int r;

	if (!path)
		return host->fail(stage, MSMV_FAIL_RECIPE, "url \"%s\": %s", url, why);
	snprintf(field, sizeof(field), "file%zu", i);
	if (access(path, R_OK) == 0)
		r = host->fact_file(stage, field, path);
	else /* run says so, unless another url of the list has the file */
		r = host->fact(stage, field, "absent") || host->fact_witness(stage, path) ?
			    -1 :
			    0;
	free(path);
	return r;
}

static int
fetch_facts(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;

	if (host->option(stage, "sha256"))
		return 0;
	for (size_t i = 0; i < host->option_count(stage, "url"); i++) {
		const char *url = host->option_at(stage, "url", i);
		if (url_scheme(url) == SCHEME_FILE && fact_local(stage, url, i))
			return -1;
	}
	return 0;
}

/* ---- run -------------------------------------------------------------- */

/* Sleeps, but not through a person's Ctrl-C. */
static void
fetch_wait(struct msmv_stage *stage, unsigned ms)
{
	const struct timespec step = {0, 50 * 1000000L};

	for (unsigned done = 0; done < ms && !stage->host->cancelled(stage); done += 50)
		nanosleep(&step, NULL);
}

static void
fetch_note(struct msmv_stage *stage, uint64_t size)
{
	if (size >= 100000)
		stage->host->note(stage, "%.1f MB", (double)size / 1e6);
	else if (size >= 1000)
		stage->host->note(stage, "%.1f KB", (double)size / 1e3);
	else
		stage->host->note(stage, "%llu bytes", (unsigned long long)size);
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
	r = partial_verify(p, want, c->shown, o);
	if (r && p->resumed) {
		r = partial_reset(p, o);
		if (!r)
			r = transfer_run(curl, want, c, p, o);
		if (!r)
			r = partial_verify(p, want, c->shown, o);
	}
	if (r)
		return r;
	fetch_note(want->stage, p->size);
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
		fetch_note(want->stage, size);
	free(path);
}

/* Says what went wrong with every place in one message. */
static int
fetch_fail(struct msmv_stage *stage, const struct candidate *list, size_t n)
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
		return stage->host->fail(stage, code, "%s%s", list[0].last.why,
			list[0].tries > 1 ? " (tried several times)" : "");
	for (size_t i = 0; i < n && at < sizeof(text) - 1; i++) {
		int k = snprintf(text + at, sizeof(text) - at, "\n  %s", list[i].last.why);
		at += k < 0 ? 0 : (size_t)k;
	}
	return stage->host->fail(stage, code, "none of the %zu places gives the file:%s", n,
		text);
}

/* 1: settled, with the file or without hope; 0: worth another round. */
static int
fetch_round(CURL *curl, const struct want *want, struct candidate *list, size_t n,
	unsigned retries, const char *out, unsigned *wait_s)
{
	int open = 0;

	for (size_t i = 0; i < n; i++) {
		struct candidate *c = &list[i];
		if (c->last.verdict != VERDICT_LATER || c->tries > retries)
			continue;
		if (c->local || url_scheme(c->url) == SCHEME_FILE)
			try_local(want, c, out);
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
static int
fetch_all(CURL *curl, const struct want *want, struct candidate *list, size_t n,
	unsigned retries, const char *out)
{
	unsigned pause = WAIT_MS_FIRST, asked = 0;

	while (!fetch_round(curl, want, list, n, retries, out, &asked)) {
		asked = asked > WAIT_S_ASKED_MAX ? WAIT_S_ASKED_MAX : asked;
		fetch_wait(want->stage, asked * 1000 > pause ? asked * 1000 : pause);
		pause = pause * 2 > WAIT_MS_MAX ? WAIT_MS_MAX : pause * 2;
		asked = 0;
	}
	for (size_t i = 0; i < n; i++) {
		if (list[i].last.verdict == VERDICT_DONE)
			return 0;
		if (list[i].last.verdict == VERDICT_STOP)
			return fetch_fail(want->stage, &list[i], 1);
	}
	return fetch_fail(want->stage, list, n);
}

/* The scratch folder is named after what is fetched, so that only this resumes it. */
static const char *
fetch_scratch(struct msmv_stage *stage, const struct candidate *c)
{
	char key[32] = "fetch-http-";

	if (digest_name(c->url, key + strlen(key), 16)) {
		stage->host->fail(stage, MSMV_FAIL_SYSTEM,
			"libcrypto cannot compute SHA-256 on this machine");
		return NULL;
	}
	return stage->host->scratch(stage, key);
}

static void
lower(char *s)
{
	for (; *s; s++)
		if (*s >= 'A' && *s <= 'F')
			*s = (char)(*s - 'A' + 'a');
}

/* Reads the options; sum has room for the lower-case digest. */
static void
want_init(struct want *w, struct msmv_stage *stage, char sum[DIGEST_HEX + 1])
{
	const struct msmv_host *host = stage->host;
	const char *given = host->option(stage, "sha256");

	memset(w, 0, sizeof(*w));
	w->stage = stage;
	if (given) {
		snprintf(sum, DIGEST_HEX + 1, "%s", given);
		lower(sum);
		w->sha256 = sum;
	}
	w->connect_s = (long)host->option_int(stage, "connect");
	w->stall_s = (long)host->option_int(stage, "stall");
	w->timeout_s = (long)host->option_int(stage, "timeout");
	w->proxy = host->option(stage, "proxy");
	w->no_proxy = host->option(stage, "no_proxy");
	w->ca_file = host->option(stage, "ca_file");
}

static int
fetch_with(CURL *curl, struct msmv_stage *stage, struct candidate *list, size_t n)
{
	const struct msmv_host *host = stage->host;
	const char *out = host->output_path(stage, "file");
	const char *first = host->option(stage, "url");
	char sum[DIGEST_HEX + 1];
	struct want want;
	char *name;
	int r;

	want_init(&want, stage, sum);
	want.scratch = fetch_scratch(stage, &list[n - 1]);
	if (!want.scratch || !out)
		return -1;
	/* The recipe's first url names the file, whichever place it came from. */
	name = url_basename(first ? first : list[0].url);
	if (!name)
		return host->fail(stage, MSMV_FAIL_SYSTEM, "out of memory");
	want.label = name;
	want.archive = name_is_archive(name);
	r = host->output_name(stage, "file", name);
	if (!r)
		r = fetch_all(curl, &want, list, n,
			(unsigned)host->option_int(stage, "retries"), out);
	free(name);
	return r;
}

static int
fetch_run(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	struct candidate *list;
	CURL *curl = NULL;
	size_t n = 0;
	int r = -1;

	list = candidates_new(stage, &n);
	if (!list)
		return -1;
	if (!curl_global_init(CURL_GLOBAL_DEFAULT))
		curl = curl_easy_init();
	if (curl)
		r = fetch_with(curl, stage, list, n);
	else
		host->fail(stage, MSMV_FAIL_SYSTEM, "libcurl cannot be started");
	curl_easy_cleanup(curl);
	curl_global_cleanup();
	candidates_free(list, n);
	return r;
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.flags = MSMV_PLUGIN_ANY_ARCH,
	.name = "fetch-http",
	.version = "0.1.0",
	.summary = "gets a file from http, https, file urls or beside the recipe",
	.provides = MSMV_TABLE(provides),
	.options = MSMV_TABLE(options),
	.outputs = MSMV_TABLE(outputs),
	.check = fetch_check,
	.facts = fetch_facts,
	.run = fetch_run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	return host_api >= 1 ? &plugin : NULL;
}
