/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * An alias is a copy of what it names. Copies of copies grow without end from a few
 * lines of text, so all of them together have a limit, which is kept before any is made.
 */
#include "recipe/yaml_parts.h"

#include <string.h>

#include "base/mem.h"

/* A node that has begun but not ended: an alias inside it would hold itself. */
static struct value open_node;

void
yaml_anchor(struct yaml_anchors *a, const char *name, struct value *v)
{
	map_put(&a->nodes, name, v ? v : &open_node);
}

/* Counts a node with all that is in it; -1: too much, or more than room levels. */
static int
count(struct yaml_anchors *a, const struct value *v, size_t room)
{
	bool table = v->kind == VALUE_TABLE, many = table || v->kind == VALUE_ARRAY;
	size_t n = table ? v->table.len : v->kind == VALUE_ARRAY ? v->array.len : 0;

	a->copied += sizeof(*v) + (v->kind == VALUE_STRING ? v->string.len : 0);
	if (a->copied > YAML_COPIES || (many && !room))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (table)
			a->copied += strlen(v->table.items[i].key);
		if (count(a, table ? v->table.items[i].value : v->array.v[i], room - 1) < 0)
			return -1;
	}
	return 0;
}

struct value *
yaml_alias(struct yaml_anchors *a, const char *name, struct pos pos, size_t room,
	struct diags *diags)
{
	const struct value *from = map_get(&a->nodes, name);

	if (!from) {
		diag_error(diags, pos, "nothing before here is named &%s", name);
		return NULL;
	}
	if (from == &open_node) {
		diag_error(diags, pos, "*%s stands inside of what it names", name);
		return NULL;
	}
	if (count(a, from, room) == 0)
		return value_copy(from);
	if (a->copied > YAML_COPIES)
		diag_error(diags, pos, "aliases stand for more than %d KiB", YAML_COPIES >> 10);
	else
		diag_error(diags, pos, "more than %d levels of tables and lists", YAML_DEPTH);
	return NULL;
}

void
yaml_anchors_release(struct yaml_anchors *a)
{
	map_release(&a->nodes, NULL);
}
