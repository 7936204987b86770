/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The options signature, signature_path and keyring: whose word is needed for a file
 * before it counts as fetched.
 */
#ifndef FETCH_HTTP_SIGNATURE_H
#define FETCH_HTTP_SIGNATURE_H

#include "outcome.h"
#include "want.h"

struct signature {
	char file[4096], keyring[4096]; /* both in the stage's work folder */
	char name[256];                 /* of the signature, for messages */
	int uncompressed;               /* it is over what the file decompresses to */
	char signer[128];               /* once it is proven */
};

/* 1 if the recipe asks for one. */
int signature_wanted(struct msmv_stage *stage);
/* Do the options fit each other? */
int signature_check(struct msmv_stage *stage);
/* Are the keyrings readable, and is gpgv there? */
int signature_facts(struct msmv_stage *stage);
/* Gets the signature and makes the keyring; file is fetched as like is. */
int signature_get(struct signature *s, void *curl, const struct want *like);
/* Is the file at path signed? shown names where it is from. 0, or -1 with o. */
int signature_prove(struct signature *s, const struct want *want, const char *path,
	const char *shown, struct outcome *o);
/* Writes the output signer. */
int signature_tell(const struct signature *s, struct msmv_stage *stage);

#endif
