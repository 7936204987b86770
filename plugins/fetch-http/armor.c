/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * gpgv reads binary keyrings only, while people publish armored ones. So the armor is
 * taken off here, with its checksum, and whatever is no public key is named for what
 * it is: gpgv would only say that a key is missing.
 */
#include "armor.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BEGIN "-----BEGIN PGP "
#define END "-----END PGP PUBLIC KEY BLOCK-----"
#define PUBLIC "PUBLIC KEY BLOCK-----"
#define PRIVATE "PRIVATE KEY BLOCK-----"

enum { TAG_SECRET_KEY = 5, TAG_PUBLIC_KEY = 6 };

struct line {
	const char *s;
	size_t n; /* without the line's end and blanks before it */
};

/* Takes the next line off the text; 0 at its end. */
static int
line_next(const char **text, const char *end, struct line *l)
{
	const char *nl;

	if (*text == end)
		return 0;
	nl = memchr(*text, '\n', (size_t)(end - *text));
	l->s = *text;
	l->n = (size_t)((nl ? nl : end) - *text);
	*text = nl ? nl + 1 : end;
	while (l->n && strchr(" \t\r", l->s[l->n - 1]) && l->s[l->n - 1])
		l->n--;
	return 1;
}

static int
line_starts(const struct line *l, const char *text)
{
	size_t n = strlen(text);

	return l->n >= n && !memcmp(l->s, text, n);
}

/* ---- Base64 and its checksum, as RFC 9580 has them --------------------- */

static int
digit(char c)
{
	static const char all[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(all, c) : NULL;

	return at ? (int)(at - all) : -1;
}

struct base64 {
	unsigned char *out;
	size_t n;
	uint32_t bits;
	int have; /* digits in bits */
	int over; /* padding was seen: nothing may follow */
};

static void
base64_flush(struct base64 *b)
{
	int bytes = b->have - 1;

	b->bits <<= 6 * (4 - b->have);
	for (int i = 0; i < bytes; i++)
		b->out[b->n++] = (unsigned char)(b->bits >> (16 - 8 * i));
	b->bits = 0;
	b->have = 0;
}

/* -1 for anything but digits, four by four, and one padding at the end of all. */
static int
base64_line(struct base64 *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int d = digit(s[i]);

		if (b->over || (d < 0 && (s[i] != '=' || b->have < 2)))
			return -1;
		if (d < 0) {
			b->over = 1;
			/* The rest is as much padding as there is room for. */
			if (n - i != (size_t)(4 - b->have) || s[n - 1] != '=')
				return -1;
			base64_flush(b);
			return 0;
		}
		b->bits = b->bits << 6 | (uint32_t)d;
		if (++b->have == 4)
			base64_flush(b);
	}
	return 0;
}

static uint32_t
crc24(const unsigned char *p, size_t n)
{
	uint32_t crc = 0xb704ce;

	for (size_t i = 0; i < n; i++) {
		crc ^= (uint32_t)p[i] << 16;
		for (int k = 0; k < 8; k++) {
			crc <<= 1;
			if (crc & 0x1000000)
				crc ^= 0x1864cfb;
		}
	}
	return crc;
}

/* "=njUN": does it fit what was read? */
static int
crc_fits(const struct line *l, const unsigned char *p, size_t n)
{
	unsigned char sum[3] = {0};
	struct base64 b = {.out = sum};

	if (l->n != 5 || base64_line(&b, l->s + 1, 4) || b.n != 3 || b.over)
		return 0;
	return crc24(p, n) == ((uint32_t)sum[0] << 16 | (uint32_t)sum[1] << 8 | sum[2]);
}

/* ---- Blocks ----------------------------------------------------------- */

/* One block behind its BEGIN line. NULL if it is good, else what is wrong. */
static const char *
block_read(const char **text, const char *end, struct base64 *out)
{
	struct base64 b = {.out = out->out + out->n};
	struct line l;
	int summed = 0;

	do { /* the block's headers, up to an empty line */
		if (!line_next(text, end, &l))
			return "is cut off";
	} while (l.n && memchr(l.s, ':', l.n));
	if (l.n && base64_line(&b, l.s, l.n)) /* some leave the empty line out */
		return "is damaged: there is something in its armor that is not base64";
	while (line_next(text, end, &l)) {
		if (line_starts(&l, END)) {
			if (b.have)
				return "is damaged: a line of its armor is too short";
			out->n += b.n;
			return NULL;
		}
		if (!summed && l.n && l.s[0] == '=') {
			summed = 1;
			if (b.have || !crc_fits(&l, b.out, b.n))
				return "is damaged: its checksum is wrong";
		} else if (l.n && (summed || base64_line(&b, l.s, l.n))) {
			return "is damaged: there is something in its armor that is not "
			       "base64";
		}
	}
	return "is cut off";
}

static const char *
blocks_read(const char *text, size_t n, struct base64 *out)
{
	const char *end = text + n;
	const char *why = NULL;
	struct line l;
	int blocks = 0;

	while (!why && line_next(&text, end, &l)) {
		if (line_starts(&l, BEGIN PRIVATE))
			return "holds a secret key: keep it away from here, and use what "
			       "gpg --export gives";
		if (!line_starts(&l, BEGIN PUBLIC))
			continue;
		blocks++;
		why = block_read(&text, end, out);
	}
	if (!why && !blocks)
		return "holds no public keys, binary or armored";
	return why;
}

/* NULL if the packets begin as exported public keys do, else what they are. */
static const char *
packets_check(const unsigned char *p, size_t n)
{
	int tag = !n || !(p[0] & 0x80) ? 0 : p[0] & 0x40 ? p[0] & 0x3f : (p[0] & 0x3c) >> 2;

	if (tag == TAG_SECRET_KEY)
		return "holds a secret key: keep it away from here, and use what gpg "
		       "--export gives";
	if (tag != TAG_PUBLIC_KEY)
		return "begins with no public key";
	return NULL;
}

unsigned char *
armor_keys(const char *text, size_t n, size_t *len, const char **why)
{
	struct base64 out = {.out = malloc(n + 1)};

	*why = out.out ? NULL : "does not fit into memory";
	if (!*why && n >= 12 && !memcmp(text + 8, "KBXf", 4))
		*why = "is a keybox of GnuPG's own: use what gpg --export gives";
	if (!*why && n && text[0] & 0x80) {
		memcpy(out.out, text, n);
		out.n = n;
	} else if (!*why) {
		*why = blocks_read(text, n, &out);
	}
	if (!*why)
		*why = packets_check(out.out, out.n);
	if (*why) {
		free(out.out);
		return NULL;
	}
	*len = out.n;
	return out.out;
}
