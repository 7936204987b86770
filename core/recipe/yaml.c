/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * From libyaml's events to the tree. It stops at the first error, since what follows
 * one slip in a document is mostly noise.
 */
#include "recipe/yaml.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "recipe/yaml_parts.h"

struct reader {
	yaml_parser_t parser;
	struct yaml_place place;
	struct yaml_anchors anchors;
	struct diags *diags;
	size_t depth; /* tables and lists that are open */
};

#define cleanup_event __attribute__((cleanup(yaml_event_delete)))

static struct value *read_node(struct reader *r, const yaml_event_t *first);

static struct pos
place(struct reader *r, const yaml_event_t *e)
{
	return yaml_place_of(&r->place, &e->start_mark);
}

/* ---- Events ---------------------------------------------------------- */

/* What libyaml has against the text, in its words. */
static int
syntax_error(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *problem = p->problem ? p->problem : "it is no YAML";
	struct pos pos;

	if (p->error == YAML_READER_ERROR)
		pos = yaml_place_at(&r->place, p->problem_offset);
	else
		pos = yaml_place_of(&r->place, &p->problem_mark);
	diag_error(r->diags, pos, "%s", problem);
	if (p->context && p->context_mark.index != p->problem_mark.index)
		diag_hint(r->diags, "%s, which begins at line %d", p->context,
			yaml_place_of(&r->place, &p->context_mark).line);
	return -1;
}

static int
next(struct reader *r, yaml_event_t *e)
{
	return yaml_parser_parse(&r->parser, e) ? 0 : syntax_error(r);
}

/* ---- Nodes ----------------------------------------------------------- */

static int
refuse_tag(struct reader *r, struct pos pos, const yaml_char_t *tag)
{
	if (!tag)
		return 0;
	diag_error(r->diags, pos, "a recipe has no tags");
	diag_hint(r->diags, "a text is put in quotes, a number is not");
	return -1;
}

static struct value *
read_scalar(struct reader *r, const yaml_event_t *e)
{
	const char *s = (const char *)e->data.scalar.value;
	const char *anchor = (const char *)e->data.scalar.anchor;
	struct pos pos = place(r, e);
	struct value *v;

	if (refuse_tag(r, pos, e->data.scalar.tag) < 0)
		return NULL;
	if (e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		v = yaml_scalar(s, e->data.scalar.length, pos, r->diags);
	else
		v = value_string(s, e->data.scalar.length, pos);
	if (v && anchor)
		yaml_anchor(&r->anchors, anchor, v);
	return v;
}

static int
go_down(struct reader *r, struct pos pos)
{
	if (++r->depth <= YAML_DEPTH)
		return 0;
	return diag_error(r->diags, pos, "more than %d levels of tables and lists", YAML_DEPTH);
}

static struct value *
read_list(struct reader *r, const yaml_event_t *first)
{
	const char *anchor = (const char *)first->data.sequence_start.anchor;
	struct pos pos = place(r, first);
	cleanup_value struct value *list = NULL;

	if (refuse_tag(r, pos, first->data.sequence_start.tag) < 0 || go_down(r, pos) < 0)
		return NULL;
	list = value_new(VALUE_ARRAY, pos);
	if (anchor)
		yaml_anchor(&r->anchors, anchor, NULL);
	for (;;) {
		cleanup_event yaml_event_t e = { .type = YAML_NO_EVENT };
		struct value *item;

		if (next(r, &e) < 0)
			return NULL;
		if (e.type == YAML_SEQUENCE_END_EVENT)
			break;
		item = read_node(r, &e);
		if (!item)
			return NULL;
		value_push(list, item);
	}
	if (anchor)
		yaml_anchor(&r->anchors, anchor, list);
	r->depth--;
	return take(list);
}

/* A key must be a text, and each key stands once. */
static int
check_key(struct reader *r, const yaml_event_t *e, struct pos pos, const struct value *table)
{
	const char *s = (const char *)e->data.scalar.value;
	const struct value *before;
	bool null, plain;

	if (e->type != YAML_SCALAR_EVENT)
		return diag_error(r->diags, pos, "a key is a text, not %s",
			e->type == YAML_ALIAS_EVENT ? "an alias" : "a table or a list");
	if (refuse_tag(r, pos, e->data.scalar.tag) < 0)
		return -1;
	if (strlen(s) != e->data.scalar.length)
		return diag_error(r->diags, pos, "this key holds a NUL byte");
	plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	if (plain && (yaml_plain_kind(s, strlen(s), &null) != VALUE_STRING || null))
		return diag_error(r->diags, pos, *s ? "the key %s is no text; put it in quotes"
			: "a key is wanted here%s", s);
	before = value_get(table, s);
	if (!before)
		return 0;
	diag_error(r->diags, pos, "%s is set twice", s);
	diag_hint(r->diags, "it is at line %d: %s", before->key_pos.line,
		value_kind_name(before->kind));
	return -1;
}

/* One key with its value; 1 for the end of the table. */
static int
read_pair(struct reader *r, struct value *table)
{
	cleanup_event yaml_event_t key = { .type = YAML_NO_EVENT };
	cleanup_event yaml_event_t e = { .type = YAML_NO_EVENT };
	struct pos pos;
	struct value *v;

	if (next(r, &key) < 0)
		return -1;
	if (key.type == YAML_MAPPING_END_EVENT)
		return 1;
	pos = place(r, &key);
	if (check_key(r, &key, pos, table) < 0 || next(r, &e) < 0)
		return -1;
	if (key.data.scalar.anchor)
		return diag_error(r->diags, pos, "a key has no name of its own");
	v = read_node(r, &e);
	if (!v)
		return -1;
	v->key_pos = pos;
	value_put(table, (const char *)key.data.scalar.value, v);
	return 0;
}

static struct value *
read_table(struct reader *r, const yaml_event_t *first)
{
	const char *anchor = (const char *)first->data.mapping_start.anchor;
	struct pos pos = place(r, first);
	cleanup_value struct value *table = NULL;
	int result;

	if (refuse_tag(r, pos, first->data.mapping_start.tag) < 0 || go_down(r, pos) < 0)
		return NULL;
	table = value_new(VALUE_TABLE, pos);
	if (anchor)
		yaml_anchor(&r->anchors, anchor, NULL);
	do
		result = read_pair(r, table);
	while (result == 0);
	if (result < 0)
		return NULL;
	if (anchor)
		yaml_anchor(&r->anchors, anchor, table);
	r->depth--;
	return take(table);
}

static struct value *
read_node(struct reader *r, const yaml_event_t *first)
{
	struct value *v;

	switch (first->type) {
	case YAML_SCALAR_EVENT:
		return read_scalar(r, first);
	case YAML_SEQUENCE_START_EVENT:
		return read_list(r, first);
	case YAML_MAPPING_START_EVENT:
		return read_table(r, first);
	case YAML_ALIAS_EVENT:
		v = yaml_alias(&r->anchors, (const char *)first->data.alias.anchor,
			place(r, first), YAML_DEPTH - r->depth, r->diags);
		if (v)
			v->pos = place(r, first);
		return v;
	default:
		diag_error(r->diags, place(r, first), "a value is wanted here");
		return NULL;
	}
}

/* ---- The document ---------------------------------------------------- */

/* Events that carry nothing, up to the first that does. */
static int
skip_starts(struct reader *r, yaml_event_t *e)
{
	do {
		yaml_event_delete(e);
		if (next(r, e) < 0)
			return -1;
	} while (e->type == YAML_STREAM_START_EVENT || e->type == YAML_DOCUMENT_START_EVENT);
	return 0;
}

/* Nothing may follow the one document. */
static int
check_end(struct reader *r)
{
	cleanup_event yaml_event_t end = { .type = YAML_NO_EVENT };
	cleanup_event yaml_event_t last = { .type = YAML_NO_EVENT };

	if (next(r, &end) < 0 || next(r, &last) < 0)
		return -1;
	if (last.type == YAML_STREAM_END_EVENT)
		return 0;
	return diag_error(r->diags, place(r, &last), "a recipe is one document, not several");
}

static struct value *
read_document(struct reader *r)
{
	cleanup_event yaml_event_t first = { .type = YAML_NO_EVENT };
	cleanup_value struct value *root = NULL;

	if (skip_starts(r, &first) < 0)
		return NULL;
	if (first.type == YAML_STREAM_END_EVENT)
		return value_new(VALUE_TABLE, yaml_place_at(&r->place, 0));
	root = read_node(r, &first);
	if (!root)
		return NULL;
	if (root->kind != VALUE_TABLE) {
		diag_error(r->diags, root->pos, "a recipe is a table of sections, not %s",
			value_kind_name(root->kind));
		return NULL;
	}
	return check_end(r) < 0 ? NULL : take(root);
}

struct value *
yaml_parse(const char *file, const char *text, size_t len, struct diags *diags)
{
	static const char bom[] = "\xef\xbb\xbf";
	struct reader r = { .diags = diags };
	struct value *root;
	struct pos whole = POS_NONE;

	if (len >= 3 && memcmp(text, bom, 3) == 0) {
		text += 3;
		len -= 3;
	}
	whole.file = diags_source(diags, file, len > YAML_SIZE ? NULL : text, len);
	if (len > YAML_SIZE) {
		diag_error(diags, whole, "larger than %d MiB; that is no recipe",
			YAML_SIZE >> 20);
		return NULL;
	}
	if (!yaml_parser_initialize(&r.parser)) {
		diag_error(diags, whole, "out of memory");
		return NULL;
	}
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, len);
	yaml_place_open(&r.place, whole.file, text, len);
	root = read_document(&r);
	yaml_place_release(&r.place);
	yaml_anchors_release(&r.anchors);
	yaml_parser_delete(&r.parser);
	return root;
}
