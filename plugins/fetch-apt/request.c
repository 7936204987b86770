/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Names and versions go to apt as arguments, and apt reads a leading dash as an
 * option and a trailing one as "remove"; so only what the archive's policy allows in
 * a name passes here.
 */
#include "request.h"

#include <stdio.h>
#include <string.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static const char *
take(char *to, size_t room, const char *from, size_t n, const char *allowed,
	const char *what)
{
	if (n == 0 || n >= room)
		return what;
	memcpy(to, from, n);
	to[n] = '\0';
	if (strspn(to, allowed) != n || !strchr(LOWER DIGITS UPPER, to[0]) ||
		to[n - 1] == '-')
		return what;
	return NULL;
}

const char *
request_parse(struct request *r, const char *url, const char *version)
{
	static const char *const schemes[] = {"apt:", "apt-src:"};
	const char *bad;
	size_t n;

	memset(r, 0, sizeof(*r));
	for (r->source = 1; r->source >= 0; r->source--)
		if (!strncmp(url, schemes[r->source], strlen(schemes[r->source])))
			break;
	if (r->source < 0)
		return "fetch-apt takes apt:PACKAGE and apt-src:SOURCE only";
	url += strlen(schemes[r->source]);
	n = strcspn(url, "=");
	bad = take(r->name, sizeof(r->name), url, n, LOWER DIGITS "+-.",
		"a package name has small letters, digits, + - and . only");
	if (bad)
		return bad;
	if (url[n] == '=')
		version = url + n + 1;
	if (!version)
		return NULL;
	return take(r->version, sizeof(r->version), version, strlen(version),
		LOWER UPPER DIGITS "+-.:~", "a version has letters, digits and + - . : ~ only");
}

const char *
request_spec(const char *name, const char *version, char *buf, size_t n)
{
	snprintf(buf, n, "%s%s%s", name, version[0] ? "=" : "", version);
	return buf;
}
