/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A typed growing array:
 *
 *	VEC(struct stage *) stages = VEC_INIT;
 *	vec_push(&stages, s);
 *	for (size_t i = 0; i < stages.len; i++) use(stages.v[i]);
 *	vec_release(&stages);            (frees the array, not what it points to)
 */
#ifndef MSMV_BASE_VEC_H
#define MSMV_BASE_VEC_H

#include <stddef.h>
#include <stdlib.h>

#include "base/mem.h"

#define VEC(type) \
	struct { \
		type *v; \
		size_t len, cap; \
	}

#define VEC_INIT { NULL, 0, 0 }

#define vec_push(vec, item) \
	do { \
		if ((vec)->len == (vec)->cap) { \
			(vec)->cap = (vec)->cap ? (vec)->cap * 2 : 8; \
			/* NOLINTNEXTLINE(bugprone-sizeof-expression): of pointers, too */ \
			(vec)->v = xreallocarray((vec)->v, (vec)->cap, sizeof(*(vec)->v)); \
		} \
		(vec)->v[(vec)->len++] = (item); \
	} while (0)

#define vec_release(vec) \
	do { \
		free((vec)->v); \
		(vec)->v = NULL; \
		(vec)->len = (vec)->cap = 0; \
	} while (0)

#endif
