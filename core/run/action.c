/* SPDX-License-Identifier: GPL-3.0-only */
/* What is not a field of the action cannot matter; what is a field has a name to blame. */
#include "run/action.h"

#include <msmv/plugin.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "run/local.h"

enum { ACTION_FORMAT = 1 };

/* Field names hold no '=' and no newline; map keys (paths, urls) may. */
static char *
field_key(const char *prefix, const char *key)
{
	struct str s = STR_INIT;

	str_addf(&s, "option.%s.", prefix);
	for (; *key; key++) {
		if (*key == '=' || *key == '%' || *key == '\n')
			str_addf(&s, "%%%02X", (unsigned)*key);
		else
			str_addc(&s, *key);
	}
	return str_take(&s);
}

static void
add_map(struct record *out, const struct stage_option *o)
{
	cleanup_str struct str order = STR_INIT;
	cleanup_free char *name = xasprintf("option.%s.order", o->name);

	for (size_t i = 0; i < o->count; i++) {
		cleanup_free char *field = field_key(o->name, o->keys[i]);

		record_add(out, field, o->values[i]);
		str_addf(&order, "%s%s", i ? "," : "", o->keys[i]);
	}
	record_add(out, name, str_text(&order));
}

static int
add_paths(const struct context *ctx, struct record *out, const struct stage_option *o,
	struct err *err)
{
	for (size_t i = 0; i < o->count; i++) {
		cleanup_free char *field = xasprintf("option.%s.%zu", o->name, i);
		char digest[SHA256_HEX];

		if (local_digest(ctx, o->values[i], digest, err) < 0)
			return err_wrap(err, "%s", o->name);
		record_addf(out, field, "%s %s", path_base(o->values[i]), digest);
		if (o->keys) {
			cleanup_free char *key = xasprintf("%s.key", field);

			record_add(out, key, o->keys[i]);
		}
	}
	return 0;
}

static int
add_option(const struct context *ctx, struct record *out, const struct stage_option *o,
	struct err *err)
{
	cleanup_free char *field = xasprintf("option.%s", o->name);

	if (o->flags & MSMV_OPT_NO_KEY)
		return 0;
	if (o->type == MSMV_TYPE_PATHS)
		return add_paths(ctx, out, o, err);
	if (o->type == MSMV_TYPE_MAP) {
		add_map(out, o);
	} else if (o->type == MSMV_TYPE_LIST) {
		for (size_t i = 0; i < o->count; i++) {
			cleanup_free char *nth = xasprintf("%s.%zu", field, i);

			record_add(out, nth, o->values[i]);
		}
	} else if (o->count) {
		record_add(out, field, o->values[0]);
	}
	return 0;
}

static void
add_group(struct record *out, const char *prefix, const struct record *group)
{
	for (size_t i = 0; group && i < group->len; i++) {
		cleanup_free char *field = xasprintf("%s.%s", prefix, group->fields[i].name);

		record_add(out, field, group->fields[i].value);
	}
}

static void
add_environment(struct record *out, const struct plugin_info *p)
{
	for (size_t i = 0; i < p->env.len; i++) {
		const char *value = getenv(p->env.v[i]);
		cleanup_free char *field = xasprintf("env.%s", p->env.v[i]);

		if (value && *value)
			record_add(out, field, value);
	}
}

int
action_begin(const struct context *ctx, const struct stage *s, const struct record *facts,
	struct record *out, struct err *err)
{
	record_add_int(out, "format", ACTION_FORMAT);
	record_add(out, "plugin", s->plugin->name);
	record_add(out, "plugin.version", s->plugin->version);
	record_add(out, "plugin.so", s->plugin->digest);
	record_add_int(out, "epoch", ctx->epoch);
	if (!(s->plugin->flags & MSMV_PLUGIN_ANY_ARCH)) {
		if (s->arch)
			record_add(out, "arch", s->arch);
		if (s->arch_plugin)
			add_group(out, "arch", &s->arch_plugin->arch);
	}
	for (size_t i = 0; i < s->options.len; i++)
		if (add_option(ctx, out, &s->options.v[i], err) < 0)
			return -1;
	add_environment(out, s->plugin);
	add_group(out, "fact", facts);
	return 0;
}

void
action_add_input(struct record *action, const char *port, size_t n, const char *digest,
	const char *file)
{
	cleanup_free char *field = xasprintf("input.%s.%zu", port, n);
	cleanup_free char *named = xasprintf("name.%s.%zu", port, n);

	record_add(action, field, digest);
	if (file)
		record_add(action, named, file);
}

void
action_key(struct record *action, char key[SHA256_HEX])
{
	cleanup_str struct str text = STR_INIT;

	record_sort(action);
	record_write(action, &text);
	sha256_bytes(str_text(&text), text.len, key);
}

enum { SHOWN_WHOLE = 40, SHOWN = 12, SHOWN_BEFORE = 8, SHOWN_BEHIND = 24 };

/* Where the two begin to differ, at the first byte of a letter. */
static size_t
same_start(const char *a, const char *b)
{
	size_t n = 0;

	while (a && b && a[n] && a[n] == b[n])
		n++;
	while (n && ((unsigned char)a[n] & 0xc0) == 0x80)
		n--;
	return n;
}

/* Digests and long texts are cut, to where they differ. */
static void
add_value(struct str *out, const char *value, size_t same)
{
	size_t n = value ? strlen(value) : 0, from = same > SHOWN_BEFORE ? same - SHOWN_BEFORE : 0;

	if (!value) {
		str_add(out, "(none)");
	} else if (n <= SHOWN_WHOLE) {
		str_add(out, *value ? value : "\"\"");
	} else if (!from) {
		str_addf(out, "%.*s...", SHOWN, value);
	} else {
		while (from && ((unsigned char)value[from] & 0xc0) == 0x80)
			from--;
		str_addf(out, "...%.*s%s", SHOWN_BEFORE + SHOWN_BEHIND, value + from,
			n - from > SHOWN_BEFORE + SHOWN_BEHIND ? "..." : "");
	}
}

static void
add_change(struct str *out, size_t n, const char *name, const char *was, const char *is)
{
	size_t same = same_start(was, is);

	if (n >= 3)
		return;
	str_addf(out, "%s%s: ", n ? ", " : "", name);
	add_value(out, was, same);
	str_add(out, " \xe2\x86\x92 ");
	add_value(out, is, same);
}

char *
action_difference(const struct record *a, const struct record *b)
{
	size_t i = 0, j = 0, changes = 0, equal = 0;
	struct str out = STR_INIT;

	while (i < a->len || j < b->len) {
		int c = i == a->len ? 1
			: j == b->len ? -1
				      : strcmp(a->fields[i].name, b->fields[j].name);

		if (c == 0 && streq(a->fields[i].value, b->fields[j].value))
			equal++;
		else
			add_change(&out, changes++,
				c <= 0 ? a->fields[i].name : b->fields[j].name,
				c <= 0 ? a->fields[i].value : NULL,
				c >= 0 ? b->fields[j].value : NULL);
		i += c <= 0;
		j += c >= 0;
	}
	if (changes > 3)
		str_addf(&out, " and %zu more", changes - 3);
	if (changes)
		str_addf(&out, "; %zu other field%s equal", equal, equal == 1 ? " is" : "s are");
	return changes ? str_take(&out) : NULL;
}
