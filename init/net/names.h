/* SPDX-License-Identifier: GPL-3.0-only */
/* Domain names out of packets: they end up in files that others believe. */
#ifndef NET_NAMES_H
#define NET_NAMES_H

#include <stddef.h>
#include <stdint.h>

#define NAMES_BYTES 256 /* of a list of names with blanks between them, with its NUL */
#define HOST_BYTES 65   /* of a host name, with its NUL */

/*
 * Names in DNS's own form, one behind the other; pointers to earlier bytes of data are
 * followed if compressed. An empty name is the end. Names that hold other characters
 * than host names do are left out, as are those that find no room. 0, or -1 when data
 * is malformed; to is then a list of none.
 */
int names_decode(const uint8_t *data, size_t size, int compressed, char to[NAMES_BYTES]);
/* Text that a server sent: taken if it is one host or domain name shorter than room. */
int name_take(const uint8_t *text, size_t size, char *to, size_t room);

#endif
