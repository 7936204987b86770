/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * YAML: libyaml says where keys and values begin and end. Block tables get and lose
 * whole lines, tables in braces members. What has a name (&x) or is one (*x) is not
 * understood here: the text that comes of it reads otherwise, and is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "recipe/edit_part.h"
#include "recipe/yaml_document.h"
#include "recipe/yaml_parts.h"

/* A pair of a table, or the root, which has no key. Numbers are offsets in the text. */
struct node {
	char *key;
	size_t key_start, key_end;
	size_t start, end; /* of the value; end: of the last text in it */
	bool table, flow, block; /* block: a table or list in lines */
	VEC(struct node *) pairs;
};

struct tree {
	yaml_parser_t parser;
	struct yaml_place place;
	size_t skip; /* a byte order mark */
	struct node *root;
};

static void
node_free(struct node *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->pairs.len; i++)
		node_free(n->pairs.v[i]);
	vec_release(&n->pairs);
	free(n->key);
	free(n);
}

static size_t
offset(struct tree *t, const yaml_mark_t *mark)
{
	yaml_place_of(&t->place, mark);
	return (size_t)(t->place.at - t->place.text) + t->skip;
}

/* ---- Reading --------------------------------------------------------- */

static int read_value(struct tree *t, struct node *n, const yaml_event_t *first);

static int
read_pair(struct tree *t, struct node *table, const yaml_event_t *key)
{
	struct node *n = xcalloc(1, sizeof(*n));
	yaml_event_t e;
	int result;

	vec_push(&table->pairs, n);
	if (key->type != YAML_SCALAR_EVENT)
		return -1;
	n->key = xstrdup((const char *)key->data.scalar.value);
	n->key_start = offset(t, &key->start_mark);
	n->key_end = offset(t, &key->end_mark);
	if (!yaml_parser_parse(&t->parser, &e))
		return -1;
	result = read_value(t, n, &e);
	yaml_event_delete(&e);
	if (!table->flow && n->end > table->end)
		table->end = n->end;
	return result;
}

/* The members of a table or list, up to its end. */
static int
read_members(struct tree *t, struct node *n, bool list)
{
	int result = 0;
	bool more = true;

	while (result == 0 && more) {
		yaml_event_t e;

		if (!yaml_parser_parse(&t->parser, &e))
			return -1;
		more = e.type != YAML_MAPPING_END_EVENT && e.type != YAML_SEQUENCE_END_EVENT;
		if (!more && n->flow) {
			n->end = offset(t, &e.end_mark);
		} else if (more && list) {
			struct node *item = xcalloc(1, sizeof(*item));

			result = read_value(t, item, &e);
			n->end = item->end > n->end ? item->end : n->end;
			node_free(item);
		} else if (more) {
			result = read_pair(t, n, &e);
		}
		yaml_event_delete(&e);
	}
	return result;
}

/* Behind the last byte that is no white space: a text in lines ends with its newline. */
static size_t
trimmed(const struct tree *t, size_t start, size_t end)
{
	const char *s = t->place.text;

	while (end > start && strchr(" \t\r\n", s[end - t->skip - 1]))
		end--;
	return end;
}

static int
read_value(struct tree *t, struct node *n, const yaml_event_t *first)
{
	n->start = offset(t, &first->start_mark);
	n->end = trimmed(t, n->start, offset(t, &first->end_mark));
	switch (first->type) {
	case YAML_SCALAR_EVENT:
	case YAML_ALIAS_EVENT:
		return 0;
	case YAML_SEQUENCE_START_EVENT:
		n->flow = first->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
		n->block = !n->flow;
		return read_members(t, n, true);
	case YAML_MAPPING_START_EVENT:
		n->table = true;
		n->flow = first->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
		n->block = !n->flow;
		return read_members(t, n, false);
	default:
		return -1;
	}
}

static int
read_root(struct tree *t)
{
	int result = 0;
	bool found = false;

	while (result == 0 && !found) {
		yaml_event_t e;

		if (!yaml_parser_parse(&t->parser, &e))
			return -1;
		if (e.type == YAML_STREAM_END_EVENT) {
			found = true;
		} else if (e.type == YAML_MAPPING_START_EVENT) {
			found = true;
			result = read_value(t, t->root, &e);
		} else if (e.type != YAML_STREAM_START_EVENT &&
			e.type != YAML_DOCUMENT_START_EVENT) {
			result = -1;
		}
		yaml_event_delete(&e);
	}
	return result;
}

static int
tree_open(struct tree *t, const struct edit_job *job)
{
	*t = (struct tree){ .skip = job->len >= 3 && memcmp(job->text, "\xef\xbb\xbf", 3) == 0
			? 3 : 0 };
	t->root = xcalloc(1, sizeof(*t->root));
	yaml_place_open(&t->place, 0, job->text + t->skip, job->len - t->skip);
	if (!yaml_parser_initialize(&t->parser))
		return -1;
	yaml_parser_set_encoding(&t->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&t->parser,
		(const unsigned char *)job->text + t->skip, job->len - t->skip);
	return read_root(t);
}

static void
tree_release(struct tree *t)
{
	yaml_parser_delete(&t->parser);
	yaml_place_release(&t->place);
	node_free(t->root);
}

#define cleanup_tree __attribute__((cleanup(tree_release)))

/* The value under the first n keys; NULL if no table of this text leads there. */
static struct node *
find(const struct tree *t, const char *const *keys, size_t n)
{
	struct node *at = t->root;

	for (size_t i = 0; i < n && at; i++) {
		struct node *next = NULL;

		for (size_t k = 0; k < at->pairs.len; k++)
			if (streq(at->pairs.v[k]->key, keys[i]))
				next = at->pairs.v[k];
		at = next;
	}
	return at;
}

/* ---- Writing --------------------------------------------------------- */

static void
splice(const struct edit_job *job, size_t from, size_t to, const char *with)
{
	str_addn(job->out, job->text, from);
	str_add(job->out, with);
	str_addn(job->out, job->text + to, job->len - to);
}

static size_t
line_start(const struct edit_job *job, size_t at)
{
	while (at && job->text[at - 1] != '\n')
		at--;
	return at;
}

static size_t
line_end(const struct edit_job *job, size_t at)
{
	const char *newline = memchr(job->text + at, '\n', job->len - at);

	return newline ? (size_t)(newline - job->text) + 1 : job->len;
}

/* A value in lines gives way to one on the line of its key. */
static void
put_value(const struct edit_job *job, const struct node *n, const char *text)
{
	cleanup_free char *spaced = xasprintf(" %s", text);
	const char *colon = memchr(job->text + n->key_end, ':', n->start - n->key_end);

	if (n->block && colon)
		splice(job, (size_t)(colon - job->text) + 1, n->end, spaced);
	else
		splice(job, n->start, n->end, text);
}

int
edit_yaml_replace(const struct edit_job *job)
{
	cleanup_tree struct tree t;
	cleanup_str struct str value = STR_INIT;
	struct node *n;

	if (tree_open(&t, job) < 0 || !(n = find(&t, job->keys, job->nkeys)))
		return -1;
	yaml_write_value(&value, job->v);
	put_value(job, n, str_text(&value));
	return 0;
}

/* The new keys below the table that is there, as a table of one key, of one key ... */
static struct value *
wrapped(const struct edit_job *job)
{
	struct value *v = value_copy(job->v);

	for (size_t i = job->nkeys; i-- > job->existing;) {
		struct value *table = value_new(VALUE_TABLE, POS_NONE);

		v->key_pos = POS_NONE;
		value_put(table, job->keys[i], v);
		v = table;
	}
	return v;
}

static void
add_member(const struct edit_job *job, const struct node *table, const struct value *pair)
{
	cleanup_str struct str text = STR_INIT;
	size_t n = table->pairs.len, at = n ? table->pairs.v[n - 1]->end : table->start + 1;

	/* "{key: value}" without its braces. */
	yaml_write_value(&text, pair);
	text.p[text.len - 1] = '\0';
	str_addn(job->out, job->text, at);
	str_addf(job->out, "%s%s", n ? ", " : "", text.p + 1);
	str_addn(job->out, job->text + at, job->len - at);
}

int
edit_yaml_add(const struct edit_job *job)
{
	cleanup_tree struct tree t;
	cleanup_value struct value *pair = NULL;
	cleanup_str struct str lines = STR_INIT;
	struct node *table;
	size_t start;

	if (tree_open(&t, job) < 0 || !(table = find(&t, job->keys, job->existing)))
		return -1;
	pair = wrapped(job);
	if (table->flow) {
		add_member(job, table, pair);
		return 0;
	}
	if (!table->pairs.len) {
		yaml_write_pairs(&lines, pair, 0);
		edit_insert(job, job->len, str_text(&lines));
		return table == t.root ? 0 : -1;
	}
	start = line_start(job, table->pairs.v[0]->key_start);
	start = start < t.skip ? t.skip : start;
	/* Sections are apart from each other. */
	if (!job->existing && ((struct value *)pair->table.items[0].value)->kind == VALUE_TABLE)
		str_addc(&lines, '\n');
	yaml_write_pairs(&lines, pair, (int)(table->pairs.v[0]->key_start - start));
	edit_insert(job, line_end(job, table->end), str_text(&lines));
	return 0;
}

/* A member goes with one comma: the one before it, or else the one after it. */
static void
remove_member(const struct edit_job *job, const struct node *table, const struct node *n)
{
	size_t i = 0, from = n->key_start, to = n->end;

	while (table->pairs.v[i] != n)
		i++;
	if (i > 0)
		from = table->pairs.v[i - 1]->end;
	else if (table->pairs.len > 1)
		to = table->pairs.v[1]->key_start;
	splice(job, from, to, "");
}

int
edit_yaml_remove(const struct edit_job *job)
{
	cleanup_tree struct tree t;
	struct node *n, *table;

	if (tree_open(&t, job) < 0 || !(n = find(&t, job->keys, job->nkeys)) ||
		!(table = find(&t, job->keys, job->nkeys - 1)))
		return -1;
	if (table->flow)
		remove_member(job, table, n);
	else if (table->pairs.len == 1 && table != t.root)
		put_value(job, table, "{}");
	else
		splice(job, line_start(job, n->key_start), line_end(job, n->end), "");
	return 0;
}
