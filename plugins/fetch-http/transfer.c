/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * One GET, and the checks that make a continued download as good as a fresh one.
 * Redirects are followed here and not by libcurl, since each hop needs a rule that
 * libcurl has only for the first: never off http(s), never from https to http.
 */
#include "transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "answer.h"
#include "url.h"

#define HOPS_MAX 8
#define SLOW_BYTES 1024L        /* below so many bytes a second a server stalls */
enum { ERROR_BODY_MAX = 64 * 1024 }; /* of a redirect or an error page: not wanted */
#define BUFFER_BYTES (256L * 1024)

struct transfer {
	CURL *curl;
	const struct want *want;
	const struct candidate *c;
	struct partial *p;
	struct outcome *o;
	char now[512];  /* the hop's url, for messages */
	int asked;      /* a Range was sent */
	uint64_t from;  /* and it starts here */
	int begun;      /* the first byte of the file was accepted */
	int refused;    /* o says why the body was not */
	size_t ignored; /* bytes of an unwanted body */
	struct answer a;
};

static size_t
on_header(char *data, size_t one, size_t n, void *arg)
{
	struct transfer *t = arg;
	size_t len = one * n;

	answer_line(&t->a, data, len);
	return len;
}

/* The server continues the file: is it the same file, at the right place? */
static int
begin_continued(struct transfer *t)
{
	struct partial *p = t->p;
	uint64_t from = 0, total = 0;

	if (!t->asked)
		return outcome_set(t->o, VERDICT_DEAD, MSMV_FAIL_INPUT,
			"%s sent a part of the file when all of it was asked for", t->now);
	if (answer_range(&t->a, &from, &total) || from != t->from ||
		(total && p->total && total != p->total) ||
		(t->a.etag[0] && p->etag[0] && strcmp(t->a.etag, p->etag) != 0)) {
		if (!partial_reset(p, t->o))
			outcome_set(t->o, VERDICT_LATER, MSMV_FAIL_NETWORK,
				"%s answered a request to continue at byte %llu with "
				"\"%s\", which does not fit: starting over",
				t->now, (unsigned long long)t->from, t->a.range);
		return -1;
	}
	if (total)
		p->total = total;
	return 0;
}

/* The server sends the file from its start, asked or not. */
static int
begin_fresh(struct transfer *t)
{
	struct partial *p = t->p;

	if (p->size || p->resumed) {
		t->want->stage->host->log(t->want->stage, MSMV_LOG_INFO,
			"%s starts over: the file changed or the server cannot continue",
			t->now);
		if (partial_reset(p, t->o))
			return -1;
	}
	memcpy(p->etag, t->a.etag, sizeof(p->etag));
	memcpy(p->modified, t->a.modified, sizeof(p->modified));
	p->total = strtoull(t->a.length, NULL, 10);
	return partial_describe(p, t->c->url, t->o);
}

static int
transfer_begin(struct transfer *t)
{
	if (t->a.lengths_differ)
		return outcome_set(t->o, VERDICT_DEAD, MSMV_FAIL_INPUT,
			"%s gave two different lengths for one file", t->now);
	return t->a.status == 206 ? begin_continued(t) : begin_fresh(t);
}

static int
status_has_file(long status)
{
	return status == 200 || status == 206;
}

static size_t
on_body(char *data, size_t one, size_t n, void *arg)
{
	struct transfer *t = arg;
	size_t len = one * n;

	if (!status_has_file(t->a.status)) {
		t->ignored += len;
		return t->ignored > ERROR_BODY_MAX ? 0 : len;
	}
	if (!t->begun) {
		t->refused = transfer_begin(t) != 0;
		t->begun = !t->refused;
	}
	if (!t->refused && partial_write(t->p, data, len, t->o))
		t->refused = 1;
	return t->refused ? 0 : len;
}

static int
on_progress(void *arg, curl_off_t total, curl_off_t now, curl_off_t up_total,
	curl_off_t up_now)
{
	struct transfer *t = arg;
	const struct msmv_host *host = t->want->stage->host;

	(void)total, (void)now, (void)up_total, (void)up_now;
	if (t->begun)
		host->progress(t->want->stage, t->p->size, t->p->total, t->want->label);
	return host->cancelled(t->want->stage);
}

static void
set_protocols(CURL *curl)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

static void
set_options(struct transfer *t, char *errors, struct curl_slist *headers)
{
	CURL *c = t->curl;
	const struct want *w = t->want;

	curl_easy_reset(c); /* keeps connections and the TLS session */
	set_protocols(c);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(c, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "msmv/0.1");
	curl_easy_setopt(c, CURLOPT_BUFFERSIZE, BUFFER_BYTES);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, errors);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, w->connect_s);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, w->timeout_s);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, w->stall_s);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, t);
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	if (w->proxy)
		curl_easy_setopt(c, CURLOPT_PROXY, w->proxy);
	if (w->no_proxy)
		curl_easy_setopt(c, CURLOPT_NOPROXY, w->no_proxy);
	if (w->ca_file)
		curl_easy_setopt(c, CURLOPT_CAINFO, w->ca_file);
}

/*
 * Asks to continue where the partial file ends. If-Range makes a server whose file
 * has changed send all of it. A weak ETag cannot vouch for bytes, and without any
 * validator only a sha256 can tell afterwards.
 */
static int
ask_range(struct transfer *t, struct curl_slist **headers)
{
	const struct partial *p = t->p;
	const char *validator = p->etag[0] ? p->etag : p->modified;
	char line[PARTIAL_FIELD + 32];
	struct curl_slist *more;

	t->asked = p->size && (validator[0] || t->want->sha256);
	t->from = p->size;
	if (!t->asked)
		return 0;
	snprintf(line, sizeof(line), "%llu-", (unsigned long long)p->size);
	curl_easy_setopt(t->curl, CURLOPT_RANGE, line);
	if (!validator[0])
		return 0;
	snprintf(line, sizeof(line), "If-Range: %s", validator);
	more = curl_slist_append(*headers, line);
	if (!more)
		return outcome_set(t->o, VERDICT_STOP, MSMV_FAIL_SYSTEM, "out of memory");
	*headers = more;
	curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, more);
	return 0;
}

static int
code_is_transient(CURLcode code)
{
	static const CURLcode rows[] = {CURLE_COULDNT_RESOLVE_PROXY,
		CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT,
		CURLE_OPERATION_TIMEDOUT, CURLE_SSL_CONNECT_ERROR, CURLE_SEND_ERROR,
		CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_HTTP2,
		CURLE_HTTP2_STREAM, CURLE_WEIRD_SERVER_REPLY};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i] == code)
			return 1;
	return 0;
}

static int
curl_failed(struct transfer *t, CURLcode code, const char *errors)
{
	const char *cause = errors[0] ? errors : curl_easy_strerror(code);

	if (t->want->stage->host->cancelled(t->want->stage))
		return outcome_set(t->o, VERDICT_STOP, MSMV_FAIL_SYSTEM, "cancelled");
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return outcome_set(t->o, VERDICT_DEAD, MSMV_FAIL_INPUT,
			"%s: the server's certificate is not trusted: %s", t->now, cause);
	if (code == CURLE_SSL_CACERT_BADFILE)
		return outcome_set(t->o, VERDICT_DEAD, MSMV_FAIL_SYSTEM,
			"%s: no certificates to check the server with: %s (install "
			"ca-certificates or set ca_file)",
			t->now, cause);
	return outcome_set(t->o, code_is_transient(code) ? VERDICT_LATER : VERDICT_DEAD,
		MSMV_FAIL_NETWORK, "%s: %s", t->now, cause);
}

/* An HTTP status that is neither the file nor a redirect. */
static int
status_failed(struct transfer *t)
{
	static const struct {
		long from, to;
		enum verdict verdict;
		int code;
		const char *means;
	} rows[] = {
		{401, 401, VERDICT_DEAD, MSMV_FAIL_RECIPE, " (needs a log-in)"},
		{403, 403, VERDICT_DEAD, MSMV_FAIL_RECIPE, " (forbidden)"},
		{404, 404, VERDICT_DEAD, MSMV_FAIL_RECIPE, " (no such file)"},
		{408, 408, VERDICT_LATER, MSMV_FAIL_NETWORK, " (request time-out)"},
		{410, 410, VERDICT_DEAD, MSMV_FAIL_RECIPE, " (the file is gone)"},
		{425, 425, VERDICT_LATER, MSMV_FAIL_NETWORK, ""},
		{429, 429, VERDICT_LATER, MSMV_FAIL_NETWORK, " (too many requests)"},
		{501, 501, VERDICT_DEAD, MSMV_FAIL_NETWORK, ""},
		{505, 505, VERDICT_DEAD, MSMV_FAIL_NETWORK, ""},
		{500, 599, VERDICT_LATER, MSMV_FAIL_NETWORK, " (the server is in trouble)"},
		{0, 999999, VERDICT_DEAD, MSMV_FAIL_NETWORK, ""},
	};
	size_t i = 0;

	while (t->a.status < rows[i].from || t->a.status > rows[i].to)
		i++;
	t->o->wait_s = t->a.wait_s;
	return outcome_set(t->o, rows[i].verdict, rows[i].code, "%s: HTTP %ld%s", t->now,
		t->a.status, rows[i].means);
}

/* 416: what we hold is not a beginning of what the server has. */
static int
range_refused(struct transfer *t)
{
	if (partial_reset(t->p, t->o))
		return -1;
	return outcome_set(t->o, VERDICT_LATER, MSMV_FAIL_NETWORK,
		"%s cannot continue at byte %llu: starting over", t->now,
		(unsigned long long)t->from);
}

/* The whole answer is here. 0: so is the file. */
static int
transfer_finish(struct transfer *t)
{
	struct partial *p = t->p;

	if (t->a.status == 416 && t->asked)
		return range_refused(t);
	if (!status_has_file(t->a.status))
		return status_failed(t);
	if (!t->begun)
		return outcome_set(t->o, VERDICT_DEAD, MSMV_FAIL_INPUT,
			"%s gave an empty file", t->now);
	if (p->total && p->size != p->total)
		return outcome_set(t->o, VERDICT_LATER, MSMV_FAIL_NETWORK,
			"%s sent %llu of %llu bytes", t->now, (unsigned long long)p->size,
			(unsigned long long)p->total);
	if (!p->total)
		p->total = p->size;
	return 0;
}

static int
status_redirects(long status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 ||
	       status == 308;
}

/* May the redirect from one url to the next be followed? */
static int
hop_check(struct transfer *t, char *const *seen, size_t n, const char *next)
{
	enum scheme was = url_scheme(seen[n - 1]), is = url_scheme(next);
	char shown[512];

	url_show(next, shown, sizeof(shown));
	if (is != SCHEME_HTTP && is != SCHEME_HTTPS)
		return outcome_set(t->o, VERDICT_DEAD, MSMV_FAIL_INPUT,
			"%s redirects to %s: only http and https are followed", t->now,
			shown);
	if (was == SCHEME_HTTPS && is == SCHEME_HTTP)
		return outcome_set(t->o, VERDICT_DEAD, MSMV_FAIL_INPUT,
			"%s redirects from https down to %s: refused", t->now, shown);
	for (size_t i = 0; i < n; i++)
		if (seen[i] && next && !strcmp(seen[i], next))
			return outcome_set(t->o, VERDICT_DEAD, MSMV_FAIL_NETWORK,
				"%s: redirect loop, back at %s", t->c->shown, shown);
	if (n > HOPS_MAX)
		return outcome_set(t->o, VERDICT_DEAD, MSMV_FAIL_NETWORK,
			"%s: more than %d redirects", t->c->shown, HOPS_MAX);
	return 0;
}

/* One request. 1: *next is where the server redirects to. */
static int
transfer_hop(struct transfer *t, const char *url, char **next)
{
	char errors[CURL_ERROR_SIZE] = "";
	struct curl_slist *headers = NULL;
	char *to = NULL;
	CURLcode code;
	int r;

	answer_clear(&t->a);
	t->ignored = 0;
	url_show(url, t->now, sizeof(t->now));
	set_options(t, errors, NULL);
	curl_easy_setopt(t->curl, CURLOPT_URL, url);
	if (ask_range(t, &headers))
		return -1;
	code = curl_easy_perform(t->curl);
	curl_slist_free_all(headers);
	/* A long error page is cut off on purpose; its status is what counts. */
	if (code == CURLE_WRITE_ERROR && !t->refused && !status_has_file(t->a.status))
		code = CURLE_OK;
	if (t->refused)
		return -1;
	if (code != CURLE_OK)
		return curl_failed(t, code, errors);
	if (!status_redirects(t->a.status))
		return transfer_finish(t);
	curl_easy_getinfo(t->curl, CURLINFO_REDIRECT_URL, &to);
	if (!to)
		return outcome_set(t->o, VERDICT_DEAD, MSMV_FAIL_NETWORK,
			"%s: HTTP %ld without a place to go to", t->now, t->a.status);
	*next = strdup(to);
	r = *next ? 1 : -1;
	if (r < 0)
		outcome_set(t->o, VERDICT_STOP, MSMV_FAIL_SYSTEM, "out of memory");
	return r;
}

int
transfer_run(void *curl, const struct want *want, const struct candidate *c,
	struct partial *p, struct outcome *o)
{
	struct transfer t = {.curl = curl, .want = want, .c = c, .p = p, .o = o};
	char *seen[HOPS_MAX + 2] = {strdup(c->url)};
	size_t n = 1;
	int r = -1;

	if (!seen[0])
		return outcome_set(o, VERDICT_STOP, MSMV_FAIL_SYSTEM, "out of memory");
	for (;;) {
		char *next = NULL;
		r = transfer_hop(&t, seen[n - 1], &next);
		if (r != 1)
			break;
		r = hop_check(&t, seen, n, next);
		if (r) {
			free(next);
			break;
		}
		seen[n++] = next;
	}
	while (n)
		free(seen[--n]);
	return r;
}
