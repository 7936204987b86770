/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Gets one file from a url, a list of them, or from beside the recipe. This file
 * holds the tables, the checks and what of this machine belongs to the key; places.c
 * does the work. README.md is the manual.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <curl/curl.h>
#include <msmv/plugin.h>

#include "candidate.h"
#include "digest.h"
#include "places.h"
#include "signature.h"
#include "url.h"
#include "want.h"

static const char *const provides[] = {
	"fetch:http", "fetch:https", "fetch:file", "fetch:path"};

static const struct msmv_option options[] = {
	{"url", MSMV_TYPE_LIST, 0, NULL, "http, https or file urls, tried in order", NULL,
		NULL, 0, 0},
	{"path", MSMV_TYPE_PATHS, 0, NULL, "a file beside the recipe, instead of url", NULL,
		NULL, 0, 0},
	{"sha256", MSMV_TYPE_STRING, 0, NULL, "the file's SHA-256, 64 hex digits", NULL,
		NULL, 0, 0},
	{"signature", MSMV_TYPE_LIST, 0, NULL,
		"urls of the file's detached OpenPGP signature, tried in order", NULL, NULL,
		0, 0},
	{"signature_path", MSMV_TYPE_PATHS, 0, NULL,
		"the signature beside the recipe, instead of signature", NULL, NULL, 0, 0},
	{"keyring", MSMV_TYPE_PATHS, 0, NULL,
		"files with the public keys of those who may sign, armored or not", NULL,
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
	{"offline", MSMV_TYPE_BOOL, MSMV_OPT_NO_KEY, "false",
		"use files of this machine only, and say which url would be needed", NULL,
		NULL, 0, 0},
};

static const struct msmv_port outputs[] = {
	{"file", MSMV_PORT_FILE, 0, NULL, "the file as it was fetched"},
	{"signer", MSMV_PORT_FILE, MSMV_PORT_OPTIONAL | MSMV_PORT_ASIDE, NULL,
		"fingerprint of the key that signed it, if a signature was asked for"},
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
	for (size_t i = 0; i < host->option_count(stage, "signature"); i++)
		if (check_url(stage, host->option_at(stage, "signature", i)))
			return -1;
	return check_sha256(stage) || signature_check(stage) ? -1 : 0;
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
	struct stat st;
	int r;

	if (!path)
		return host->fail(stage, MSMV_FAIL_RECIPE, "url \"%s\": %s", url, why);
	snprintf(field, sizeof(field), "file%zu", i);
	if (!stat(path, &st) && S_ISREG(st.st_mode) && access(path, R_OK) == 0)
		r = host->fact_file(stage, field, path);
	else /* run says so, unless another url of the list has the file */
		r = host->fact(stage, field, "no file") || host->fact_witness(stage, path) ?
			    -1 :
			    0;
	free(path);
	return r;
}

static int
fetch_facts(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;

	if (signature_facts(stage))
		return -1;
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
	w->offline = host->option_int(stage, "offline") != 0;
}

static int
fetch_with(CURL *curl, struct msmv_stage *stage, struct candidate *list, size_t n)
{
	const struct msmv_host *host = stage->host;
	const char *out = host->output_path(stage, "file");
	const char *first = host->option(stage, "url");
	char sum[DIGEST_HEX + 1];
	struct signature signature;
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
	want.kind = name_is_archive(name) ? "archive" : NULL;
	r = host->output_name(stage, "file", name);
	if (!r && signature_wanted(stage)) {
		r = signature_get(&signature, curl, &want);
		want.signature = &signature;
	}
	if (!r)
		r = places_try(curl, &want, list, n,
			(unsigned)host->option_int(stage, "retries"), out);
	if (!r && want.signature)
		r = signature_tell(&signature, stage);
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

	list = candidates_new(stage, "url", "path", &n);
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

/* An older host lets both through; fetch_check then refuses them. */
static const struct msmv_pair conflicts[] = {{"url", "path"}};

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
	.conflicts = MSMV_TABLE(conflicts),
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	return host_api >= 1 ? &plugin : NULL;
}
