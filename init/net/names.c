/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A name from the network goes into resolv.conf and may become the machine's own: only
 * letters, digits, - _ and . pass, so that no server can write lines of its own there.
 */
#include "names.h"

#include <string.h>

#define NAME_MAX_BYTES 253 /* of a domain name as text */

static int
is_plain(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

struct reader {
	const uint8_t *data;
	size_t size, at;
	int compressed;
};

/* Adds "label." to the name; -1: too long for one, or not plain (*odd). */
static int
label_add(const uint8_t *label, size_t n, char *name, size_t *len, int *odd)
{
	if (*len + n + 1 > NAME_MAX_BYTES + 1)
		return -1;
	for (size_t i = 0; i < n; i++) {
		*odd |= !is_plain(label[i]);
		name[(*len)++] = (char)label[i];
	}
	name[(*len)++] = '.';
	return 0;
}

/* One name, without the last dot; -1 when it is malformed. A pointer must lead back. */
static int
name_read(struct reader *r, char *name, size_t *len, int *odd)
{
	size_t at = r->at, floor = at, after = 0;

	*len = 0;
	*odd = 0;
	while (at < r->size) {
		size_t n = r->data[at++];

		if (n == 0) {
			r->at = after ? after : at;
			*len -= *len > 0;
			return 0;
		}
		if (n >= 0xc0 && r->compressed && at < r->size) {
			size_t to = (n & 0x3f) << 8 | r->data[at];

			after = after ? after : at + 1;
			if (to >= floor)
				return -1;
			at = floor = to;
			continue;
		}
		if (n > 63 || n > r->size - at || label_add(r->data + at, n, name, len, odd))
			return -1;
		at += n;
	}
	return -1;
}

int
names_decode(const uint8_t *data, size_t size, int compressed, char to[NAMES_BYTES])
{
	struct reader r = {.data = data, .size = size, .compressed = compressed};
	char name[NAME_MAX_BYTES + 2];
	size_t used = 0, len;
	int odd;

	to[0] = '\0';
	while (r.at < size) {
		if (name_read(&r, name, &len, &odd) != 0) {
			to[0] = '\0';
			return -1;
		}
		if (len == 0)
			break;
		if (odd || used + len + 2 > NAMES_BYTES)
			continue;
		if (used > 0)
			to[used++] = ' ';
		memcpy(to + used, name, len);
		used += len;
		to[used] = '\0';
	}
	return 0;
}

int
name_take(const uint8_t *text, size_t size, char *to, size_t room)
{
	to[0] = '\0';
	/* Some servers count the NUL of their own strings. */
	while (size > 0 && text[size - 1] == '\0')
		size--;
	while (size > 0 && text[size - 1] == '.')
		size--;
	if (size == 0 || size >= room || text[0] == '.' || text[0] == '-')
		return -1;
	for (size_t i = 0; i < size; i++)
		if (!is_plain(text[i]) && (text[i] != '.' || text[i - 1] == '.'))
			return -1;
	memcpy(to, text, size);
	to[size] = '\0';
	return 0;
}
