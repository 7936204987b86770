/* SPDX-License-Identifier: GPL-3.0-only */
/* Keys: "a.b.c", each part bare or in quotes. */
#include "recipe/toml_key.h"

#include <stdlib.h>
#include <string.h>

#include "recipe/toml.h"

void
key_release(struct key *k)
{
	for (size_t i = 0; i < k->parts.len; i++)
		free(k->parts.v[i].name);
	vec_release(&k->parts);
}

char *
key_text(const struct key *k, size_t n)
{
	struct str s = STR_INIT;

	for (size_t i = 0; i < n; i++)
		str_addf(&s, "%s%s", i ? "." : "", k->parts.v[i].name);
	return str_take(&s);
}

static bool
is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		c == '_' || c == '-';
}

/* The name as value.h wants it, without a NUL inside. */
static char *
key_name(struct str *text)
{
	struct str out = STR_INIT;

	if (!text->len || !memchr(text->p, '\0', text->len))
		return str_take(text);
	for (size_t i = 0; i < text->len; i++) {
		if (text->p[i])
			str_addc(&out, text->p[i]);
		else
			str_add(&out, "\xc0\x80");
	}
	str_release(text);
	return str_take(&out);
}

static int
scan_part(struct key *k, struct scan *sc)
{
	struct key_part part = { NULL, scan_pos(sc) };
	cleanup_str struct str text = STR_INIT;
	const char *from = sc->s;
	char c = scan_peek(sc);

	if (c == '"' || c == '\'') {
		if (scan_quoted_key(sc, &text) < 0)
			return -1;
	} else {
		while (is_bare(scan_peek(sc)))
			sc->s++;
		if (sc->s == from)
			return scan_wants(sc, "a key");
		str_addn(&text, from, (size_t)(sc->s - from));
	}
	part.name = key_name(&text);
	vec_push(&k->parts, part);
	return 0;
}

int
key_scan(struct key *k, struct scan *sc)
{
	do {
		scan_space(sc);
		if (scan_part(k, sc) < 0)
			return -1;
		scan_space(sc);
	} while (k->parts.len < TOML_DEPTH + 2 && scan_take(sc, '.'));
	return 0;
}
