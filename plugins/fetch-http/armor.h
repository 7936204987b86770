/* SPDX-License-Identifier: GPL-3.0-only */
/* A file of public keys, as gpg --export writes it, in binary or ASCII-armored form. */
#ifndef FETCH_HTTP_ARMOR_H
#define FETCH_HTTP_ARMOR_H

#include <stddef.h>

enum { ARMOR_SIZE_MAX = 16 * 1024 * 1024 }; /* Debian's whole keyring has 4 MB */

/*
 * The keys in binary form, *len bytes, malloc'd. NULL with *why: what is wrong, to
 * follow "FILE ". An armored file may hold several blocks, with any text around them.
 */
unsigned char *armor_keys(const char *text, size_t n, size_t *len, const char **why);

#endif
