/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Why libcurl: an answer may be chunked, compressed, or end in the middle, and what
 * most clients of the world see shall be what the check sees. It waits, so it is a process
 * of its own.
 */
#include "check.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

enum { BODY_MAX = 1 << 20, SHOWN_MAX = 200 };

struct body {
	char text[BODY_MAX];
	size_t used;
};

/* What is more is read and dropped: a check looks at the beginning of a page. */
static size_t
take(char *data, size_t one, size_t n, void *owner)
{
	struct body *body = owner;
	size_t room = sizeof(body->text) - 1 - body->used;
	size_t size = n < room ? n : room;

	(void)one;
	memcpy(body->text + body->used, data, size);
	body->used += size;
	return n;
}

/* A text is searched up to its first NUL: a binary page shall not end there. */
static void
make_text(struct body *body)
{
	for (size_t i = 0; i < body->used; i++)
		if (!body->text[i])
			body->text[i] = ' ';
	body->text[body->used] = '\0';
}

static void
show(long status, const char *body)
{
	printf("status %ld%s", status, *body ? ": " : ", no body");
	for (size_t i = 0; i < SHOWN_MAX && body[i]; i++)
		putchar(isprint((unsigned char)body[i]) ? body[i] : ' ');
	printf("%s\n", strlen(body) > SHOWN_MAX ? "..." : "");
}

static CURLcode
get(CURL *curl, const char *url, int64_t timeout_ms, struct body *body, char *why)
{
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "msmv");
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
	return curl_easy_perform(curl);
}

int
check_http(const struct check *c, int port, int64_t timeout_ms)
{
	static struct body body; /* the process makes one request and ends */
	char why[CURL_ERROR_SIZE] = "", *url = NULL;
	CURL *curl = curl_easy_init();
	CURLcode rc;
	long status = 0;

	if (!curl || asprintf(&url, "http://127.0.0.1:%d%s", port, c->what) < 0) {
		puts("no memory for the request");
		return 1;
	}
	rc = get(curl, url, timeout_ms, &body, why);
	make_text(&body);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (rc != CURLE_OK)
		printf("no answer: %s\n", *why ? why : curl_easy_strerror(rc));
	else
		show(status, body.text);
	curl_easy_cleanup(curl);
	free(url);
	return rc == CURLE_OK && status == c->status && check_text(c, body.text) ? 0 : 1;
}
