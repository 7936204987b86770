/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A recipe for one architecture: the recipe, over it the profiles that were asked for,
 * in order, over these [arch.NAME], and --set last. Then variables are put in.
 */
#ifndef MSMV_RECIPE_VARIANT_H
#define MSMV_RECIPE_VARIANT_H

#include "base/err.h"
#include "base/vec.h"
#include "recipe/diag.h"
#include "value/value.h"

/* What a person says on the command line; all members may be NULL, all lists end so. */
struct choices {
	const char *const *profiles;
	const char *const *archs; /* which of a recipe's several */
	const char *const *sets;  /* KEY=VALUE */
};

/* The architectures that a recipe is for, and where each is written. */
struct target {
	char *arch; /* owned; as arch plugins name it */
	const struct value *value; /* in variant_targets' root; NULL: the recipe names none */
};

struct targets {
	VEC(struct target) list;
	struct value *root; /* owned */
};

#define TARGETS_INIT { VEC_INIT, NULL }

/*
 * -1 after reports, or with err for what is wrong with the choices. host is the
 * architecture of a recipe that names none.
 */
int variant_targets(struct targets *t, const struct value *root, const struct choices *c,
	const char *host, struct diags *diags, struct err *err);
void targets_release(struct targets *t);
/* The recipe for one of its targets. NULL like above. */
struct value *variant_make(const struct value *root, const struct choices *c,
	const struct target *target, struct diags *diags, struct err *err);
/* "arm64" is aarch64, "amd64" and "x86" are x86_64. */
const char *arch_name(const char *name);

#endif
