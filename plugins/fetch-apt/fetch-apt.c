/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Gets a source tarball through the machine's package archive, with apt's own chain of
 * signatures and without root. This file holds the tables and the order of trying;
 * README.md is the manual.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <msmv/plugin.h>

#include "../problem/problem.h"
#include "apt.h"
#include "lists.h"
#include "package.h"
#include "request.h"
#include "source.h"
#include "suggest.h"

static const char *const provides[] = {"fetch:apt", "fetch:apt-src"};

static const struct msmv_option options[] = {
	{"url", MSMV_TYPE_LIST, MSMV_OPT_REQUIRED, NULL,
		"apt:PACKAGE or apt-src:SOURCE, each also =VERSION, tried in order", NULL,
		NULL, 0, 0},
	{"version", MSMV_TYPE_STRING, 0, NULL,
		"version to take where the url names none", NULL, NULL, 0, 0},
	{"sha256", MSMV_TYPE_STRING, 0, NULL, "the tarball's SHA-256, 64 hex digits", NULL,
		NULL, 0, 0},
	{"sources", MSMV_TYPE_PATHS, 0, NULL,
		"package source files (.list, .sources) to use instead of the machine's",
		NULL, NULL, 0, 0},
	{"exact", MSMV_TYPE_STRING, MSMV_OPT_NO_KEY, NULL,
		"what url stood for when its sha256 was taken, tried first", NULL, NULL, 0,
		0},
	{"proxy", MSMV_TYPE_STRING, MSMV_OPT_NO_KEY, NULL,
		"proxy url for http and https; empty for none", NULL, NULL, 0, 0},
};

static const struct msmv_port outputs[] = {
	{"file", MSMV_PORT_FILE, 0, NULL, "the source tarball"},
	{"exact", MSMV_PORT_FILE, MSMV_PORT_OPTIONAL | MSMV_PORT_ASIDE, NULL,
		"the url with the version that it stood for"},
};

/* ---- check ------------------------------------------------------------ */

static int
request_at(struct msmv_stage *stage, size_t i, struct request *r)
{
	const struct msmv_host *host = stage->host;
	const char *url = host->option_at(stage, "url", i);
	const char *bad = request_parse(r, url, host->option(stage, "version"));

	return bad ? problem_at(stage, "url", url, NULL, "url \"%s\": %s", url, bad) : 0;
}

static int
check_exact(struct msmv_stage *stage, const char *sum)
{
	const char *exact = stage->host->option(stage, "exact"), *bad;
	struct request r;

	if (!exact)
		return 0;
	bad = request_parse(&r, exact, NULL);
	if (!bad && sum)
		return 0;
	return problem_at(stage, "exact", NULL, NULL, "exact \"%s\": %s", exact,
		bad ? bad : "it needs the sha256 that goes with it");
}

static int
fetch_check(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	const char *sum = host->option(stage, "sha256");
	struct request r;
	int bad = check_exact(stage, sum);

	for (size_t i = 0; i < host->option_count(stage, "url"); i++)
		bad |= request_at(stage, i, &r);
	if (host->option_count(stage, "url") == 0)
		bad = problem_at(stage, NULL, NULL, NULL, "nothing to fetch: set url");
	if (sum && (strlen(sum) != 64 || strspn(sum, "0123456789abcdefABCDEF") != 64))
		bad = problem_at(stage, "sha256", NULL, NULL,
			"sha256 must be 64 hex digits, but \"%s\" is not", sum);
	return bad;
}

/* ---- facts ------------------------------------------------------------ */

static int
witness_file(const char *path, void *arg)
{
	struct msmv_stage *stage = arg;

	return stage->host->fact_witness(stage, path);
}

/* What the machine's lists say holds until these change. */
static int
fact_witnesses(struct msmv_stage *stage)
{
	static const char *const pins[] = {"/etc/apt/preferences", "/etc/apt/preferences.d"};
	const struct msmv_host *host = stage->host;
	struct sources_place place;
	char state[512];
	struct apt a;
	int r;

	apt_bare(&a, stage, 0);
	r = lists_place(&a, &place, state, sizeof(state));
	if (!r)
		r = host->fact_witness(stage, state) ||
		    host->fact_witness(stage, place.list) ||
		    host->fact_witness(stage, place.parts) ||
		    host->fact_witness(stage, pins[0]) ||
		    host->fact_witness(stage, pins[1]);
	return r || sources_each(&place, witness_file, stage) ? -1 : 0;
}

/*
 * "The current version" changes without the recipe changing, so the version that this
 * machine knows goes into the key. A sum or a version in the recipe settles it, and the
 * recipe's own package sources are not among the machine's lists.
 */
static int
fetch_facts(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	int open = 0;

	if (host->option(stage, "sha256") || host->option_count(stage, "sources"))
		return 0;
	for (size_t i = 0; i < host->option_count(stage, "url"); i++) {
		char field[32], value[1024];
		struct request r;
		struct apt a;
		if (request_at(stage, i, &r))
			return -1;
		if (r.version[0])
			continue;
		open = 1;
		apt_bare(&a, stage, r.source);
		if ((r.source ? source_candidate : package_candidate)(
			    &a, &r, value, sizeof(value)))
			return -1;
		snprintf(field, sizeof(field), "candidate%zu", i);
		if (host->fact(stage, field, value))
			return -1;
	}
	return open ? fact_witnesses(stage) : 0;
}

/* ---- run -------------------------------------------------------------- */

struct attempt {
	struct apt apt;
	enum found found;
	int gone; /* lists named it, but the archive did not have it */
	char trouble[512];
};

static enum found
look(struct attempt *t, const struct request *r, const char *dir, const char *out,
	struct got *got)
{
	struct apt *a = &t->apt;

	t->found = (r->source ? source_fetch : package_fetch)(a, r, dir, out, got);
	if (t->found == FOUND_STUCK) {
		t->gone = 1;
		snprintf(t->trouble, sizeof(t->trouble), "%s", apt_trouble(a));
		a->stage->host->log(a->stage, MSMV_LOG_INFO, "%s: %s", r->name, t->trouble);
	}
	return t->found;
}

/*
 * The machine's lists first: they are there and are what the key was made from. Then
 * lists of ours, and once more after a refresh if these were made a while ago.
 */
static enum found
look_everywhere(struct attempt *t, struct msmv_stage *stage, const struct request *r,
	const char *dir, const char *out, struct got *got)
{
	int fetched = 0;

	memset(t, 0, sizeof(*t));
	if (!stage->host->option_count(stage, "sources")) {
		if (apt_system(&t->apt, stage, r->source))
			return t->found = FOUND_FAILED;
		if (look(t, r, dir, out, got) == FOUND || t->found == FOUND_FAILED)
			return t->found;
	}
	for (int fresh = 0; fresh < 2 && !fetched; fresh++) {
		if (lists_own(&t->apt, stage, r->source, fresh, &fetched))
			return t->found = FOUND_FAILED;
		if (t->apt.lists_failed && !t->trouble[0])
			snprintf(t->trouble, sizeof(t->trouble), "%s",
				apt_trouble(&t->apt));
		if (look(t, r, dir, out, got) == FOUND || t->found == FOUND_FAILED)
			return t->found;
	}
	return t->found;
}

/* Not found anywhere: was it the network, or is there no such package? */
static int
not_found(struct msmv_stage *stage, struct attempt *t, const struct request *r)
{
	const struct msmv_host *host = stage->host;
	const char *kind = r->source ? "source package" : "package";
	char spec[260], hint[512] = "";

	request_spec(r->name, r->version, spec, sizeof(spec));
	if (t->apt.lists_failed)
		return host->fail(stage, MSMV_FAIL_NETWORK,
			"%s cannot be fetched: the package lists could not be brought up to "
			"date: %s",
			spec, t->trouble);
	if (t->gone)
		return host->fail(stage, MSMV_FAIL_NETWORK, "%s cannot be fetched: %s",
			spec, t->trouble);
	if (!r->version[0])
		suggest(&t->apt, r, hint, sizeof(hint));
	else
		snprintf(hint, sizeof(hint), "; leave the version out for the current one");
	return host->fail(stage, MSMV_FAIL_RECIPE, "there is no %s %s in %s%s", kind, spec,
		host->option_count(stage, "sources") ? "the recipe's package sources" :
						       "this machine's package sources",
		hint);
}

static int
sum_differs(struct msmv_stage *stage, const struct got *got)
{
	const char *want = stage->host->option(stage, "sha256");

	if (!want || !strcasecmp(want, got->sha256))
		return 0;
	return stage->host->fail(stage, MSMV_FAIL_INPUT,
		"%s of %s is not the promised file: sha256 expected %s, got %s", got->file,
		got->what, want, got->sha256);
}

/* "apt:linux-source-6.1=6.1.192-2": got->what has the name and the version. */
static int
tell_exact(struct msmv_stage *stage, const struct request *r, const struct got *got)
{
	const char *path = stage->host->output_path(stage, "exact");
	int name = (int)strcspn(got->what, " ");
	FILE *f = path ? fopen(path, "we") : NULL;
	int bad;

	if (!f)
		return stage->host->fail(
			stage, MSMV_FAIL_SYSTEM, "writing the output exact fails");
	bad = fprintf(f, "%s:%.*s=%s\n", r->source ? "apt-src" : "apt", name, got->what,
		      got->what + name + 1) < 0;
	return fclose(f) || bad ? stage->host->fail(stage, MSMV_FAIL_SYSTEM,
					  "writing the output exact fails") :
				  0;
}

static int
fetch_one(struct msmv_stage *stage, const struct request *r, int last, const char *out)
{
	const struct msmv_host *host = stage->host;
	char key[300];
	struct attempt t;
	struct got got = {.size = 0};
	const char *dir;

	snprintf(key, sizeof(key), "fetch-apt-download-%s-%s", r->source ? "src" : "deb",
		r->name);
	dir = host->scratch(stage, key);
	if (!dir)
		return -1;
	switch (look_everywhere(&t, stage, r, dir, out, &got)) {
	case FOUND:
		break;
	case FOUND_FAILED:
		return -1;
	case FOUND_NOT:
	case FOUND_STUCK:
		if (last)
			return not_found(stage, &t, r);
		host->log(stage, MSMV_LOG_WARNING, "%s is not to be had: trying the next url",
			r->name);
		return 1;
	}
	if (sum_differs(stage, &got) || host->output_name(stage, "file", got.file) ||
		tell_exact(stage, r, &got))
		return -1;
	host->note(stage, "%s, %.1f MB", got.what, (double)got.size / 1e6);
	return 0;
}

static int
fetch_run(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	const char *out = host->output_path(stage, "file");
	size_t n = host->option_count(stage, "url");
	const char *exact = host->option(stage, "exact");
	struct request q;
	int r = 1;

	if (!out)
		return -1;
	if (exact && !request_parse(&q, exact, NULL))
		r = fetch_one(stage, &q, 0, out);
	for (size_t i = 0; r == 1 && i < n; i++) {
		if (request_at(stage, i, &q))
			return -1;
		r = fetch_one(stage, &q, i + 1 == n, out);
	}
	return r;
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.flags = MSMV_PLUGIN_ANY_ARCH,
	.name = "fetch-apt",
	.version = "0.1.0",
	.summary = "gets a source tarball from Debian's or Ubuntu's package archive",
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
