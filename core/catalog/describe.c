/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A plugin's description outlives the process that loaded it: as a record it goes
 * over the wire and into a cache, and comes back here. What comes back was written
 * by a stranger's plugin, so reading checks every name, number and type; the rest
 * of msmv relies on that.
 */
#include "catalog/catalog.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "msmv/plugin.h"

enum member_kind { TEXT, U32, I64 };

/* A field of the record and where it goes in the struct that it describes. */
struct member {
	const char *field;
	enum member_kind kind;
	size_t offset;
};

static const struct member plugin_members[] = {
	{ "name", TEXT, offsetof(struct plugin_info, name) },
	{ "version", TEXT, offsetof(struct plugin_info, version) },
	{ "summary", TEXT, offsetof(struct plugin_info, summary) },
	{ "kind", U32, offsetof(struct plugin_info, kind) },
	{ "flags", U32, offsetof(struct plugin_info, flags) },
	{ "wants_facts", U32, offsetof(struct plugin_info, wants_facts) },
};

/* Each belongs to the "option" field before it. */
static const struct member option_members[] = {
	{ "option.type", U32, offsetof(struct option_info, type) },
	{ "option.flags", U32, offsetof(struct option_info, flags) },
	{ "option.fallback", TEXT, offsetof(struct option_info, fallback) },
	{ "option.help", TEXT, offsetof(struct option_info, help) },
	{ "option.unit", TEXT, offsetof(struct option_info, unit) },
	{ "option.choices", TEXT, offsetof(struct option_info, choices) },
	{ "option.conflicts", TEXT, offsetof(struct option_info, conflicts) },
	{ "option.min", I64, offsetof(struct option_info, min) },
	{ "option.max", I64, offsetof(struct option_info, max) },
};

/* Each belongs to the "input" or "output" field before it. */
static const struct member port_members[] = {
	{ "port.kind", U32, offsetof(struct port_info, kind) },
	{ "port.flags", U32, offsetof(struct port_info, flags) },
	{ "port.filename", TEXT, offsetof(struct port_info, filename) },
	{ "port.help", TEXT, offsetof(struct port_info, help) },
};

/* ---- Writing --------------------------------------------------------- */

static void
write_members(struct record *out, const struct member *m, size_t n, const void *row)
{
	for (size_t i = 0; i < n; i++) {
		const char *at = (const char *)row + m[i].offset;
		const char *text;
		int64_t number;

		if (m[i].kind == TEXT) {
			memcpy(&text, at, sizeof(text));
			if (text)
				record_add(out, m[i].field, text);
			continue;
		}
		number = m[i].kind == U32 ? *(const uint32_t *)(const void *)at
					  : *(const int64_t *)(const void *)at;
		if (number)
			record_add_int(out, m[i].field, number);
	}
}

static void
write_ports(struct record *out, const char *field, const struct port_info *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		record_add(out, field, v[i].name);
		write_members(out, port_members, ARRAY_LEN(port_members), &v[i]);
	}
}

void
plugin_info_write(const struct plugin_info *p, struct record *out)
{
	write_members(out, plugin_members, ARRAY_LEN(plugin_members), p);
	for (size_t i = 0; i < p->provides.len; i++)
		record_add(out, "provides", p->provides.v[i]);
	for (size_t i = 0; i < p->env.len; i++)
		record_add(out, "env", p->env.v[i]);
	for (size_t i = 0; i < p->options.len; i++) {
		record_add(out, "option", p->options.v[i].name);
		write_members(out, option_members, ARRAY_LEN(option_members),
			&p->options.v[i]);
	}
	write_ports(out, "input", p->inputs.v, p->inputs.len);
	write_ports(out, "output", p->outputs.v, p->outputs.len);
	for (size_t i = 0; i < p->arch.len; i++) {
		cleanup_free char *name = xasprintf("arch.%s", p->arch.fields[i].name);

		record_add(out, name, p->arch.fields[i].value);
	}
}

/* ---- Reading --------------------------------------------------------- */

static int
read_number(
	const struct field *f, int64_t min, int64_t max, int64_t *out, struct err *err)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(f->value, &end, 10);
	if (!*f->value || *end || errno || n < min || n > max)
		return err_set(
			err, "%s: \"%s\" is not a number in range", f->name, f->value);
	*out = n;
	return 0;
}

static int
read_member(const struct member *m, const struct field *f, void *row, struct err *err)
{
	char *at = (char *)row + m->offset;
	char *text;
	int64_t n = 0;

	if (m->kind == TEXT) {
		memcpy(&text, at, sizeof(text));
		if (text)
			return err_set(err, "%s stands twice", f->name);
		text = xstrdup(f->value);
		memcpy(at, &text, sizeof(text));
		return 0;
	}
	if (m->kind == I64)
		return read_number(f, INT64_MIN, INT64_MAX, (int64_t *)(void *)at, err);
	if (read_number(f, 0, UINT32_MAX, &n, err) < 0)
		return -1;
	*(uint32_t *)(void *)at = (uint32_t)n;
	return 0;
}

static const struct member *
find_member(const struct member *m, size_t n, const char *field)
{
	for (size_t i = 0; i < n; i++)
		if (streq(m[i].field, field))
			return &m[i];
	return NULL;
}

#define FIND_MEMBER(table, field) find_member((table), ARRAY_LEN(table), (field))

static bool
name_is_valid(const char *name, const char *joints)
{
	const char *s = name;

	while ((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') ||
		(*s && strchr(joints, *s)))
		s++;
	return s > name && !*s;
}

/* "option", "input" or "output": starts a row; -1 if the name is bad or taken. */
static int
start_row(struct plugin_info *p, const struct field *f, struct port_info **port,
	struct err *err)
{
	const char *name = f->value;
	bool taken;

	if (!name_is_valid(name, "_"))
		return err_set(err, "%s name \"%s\" is not made of a-z 0-9 _", f->name,
			name);
	if (streq(f->name, "option")) {
		taken = plugin_option(p, name) != NULL;
		vec_push(&p->options, (struct option_info){ .name = xstrdup(name) });
	} else if (streq(f->name, "input")) {
		taken = plugin_input(p, name) != NULL;
		vec_push(&p->inputs, (struct port_info){ .name = xstrdup(name) });
		*port = &p->inputs.v[p->inputs.len - 1];
	} else {
		taken = plugin_output(p, name) != NULL;
		vec_push(&p->outputs, (struct port_info){ .name = xstrdup(name) });
		*port = &p->outputs.v[p->outputs.len - 1];
	}
	return taken ? err_set(err, "%s %s stands twice", f->name, name) : 0;
}

static bool
starts_row(const char *field)
{
	return streq(field, "option") || streq(field, "input") || streq(field, "output");
}

static int
read_field(struct plugin_info *p, const struct field *f, struct port_info **port,
	struct err *err)
{
	const struct member *m;

	if (starts_row(f->name))
		return start_row(p, f, port, err);
	if (streq(f->name, "provides")) {
		vec_push(&p->provides, xstrdup(f->value));
		return 0;
	}
	if (streq(f->name, "env")) {
		vec_push(&p->env, xstrdup(f->value));
		return 0;
	}
	if (str_starts(f->name, "arch.")) {
		record_add(&p->arch, f->name + strlen("arch."), f->value);
		return 0;
	}
	if ((m = FIND_MEMBER(plugin_members, f->name)))
		return read_member(m, f, p, err);
	if (p->options.len && (m = FIND_MEMBER(option_members, f->name)))
		return read_member(m, f, &p->options.v[p->options.len - 1], err);
	if (*port && (m = FIND_MEMBER(port_members, f->name)))
		return read_member(m, f, *port, err);
	return err_set(err, "unexpected field %s", f->name);
}

static bool
one_of(uint32_t n, const uint32_t *known, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (known[i] == n)
			return true;
	return false;
}

static int
check_ports(const char *what, const struct port_info *v, size_t n, struct err *err)
{
	static const uint32_t kinds[] = { MSMV_PORT_FILE, MSMV_PORT_TREE };

	for (size_t i = 0; i < n; i++)
		if (!one_of(v[i].kind, kinds, ARRAY_LEN(kinds)))
			return err_set(err, "%s %s has the unknown kind %u", what,
				v[i].name, v[i].kind);
	return 0;
}

static int
check(const struct plugin_info *p, struct err *err)
{
	static const uint32_t kinds[] = { MSMV_KIND_STAGE, MSMV_KIND_ARCH };
	static const uint32_t types[] = { MSMV_TYPE_STRING, MSMV_TYPE_INT, MSMV_TYPE_BOOL,
		MSMV_TYPE_SIZE, MSMV_TYPE_LIST, MSMV_TYPE_MAP, MSMV_TYPE_PATHS };

	if (!p->name || !name_is_valid(p->name, "-_"))
		return err_set(err, "plugin name \"%s\" is not made of a-z 0-9 - _",
			p->name ? p->name : "");
	if (!one_of(p->kind, kinds, ARRAY_LEN(kinds)))
		return err_set(err, "unknown kind of plugin: %u", p->kind);
	for (size_t i = 0; i < p->options.len; i++)
		if (!one_of(p->options.v[i].type, types, ARRAY_LEN(types)))
			return err_set(err, "option %s has the unknown type %u",
				p->options.v[i].name, p->options.v[i].type);
	if (check_ports("input", p->inputs.v, p->inputs.len, err) < 0)
		return -1;
	return check_ports("output", p->outputs.v, p->outputs.len, err);
}

struct plugin_info *
plugin_info_read(const struct record *r, struct err *err)
{
	struct plugin_info *p = xcalloc(1, sizeof(*p));
	struct port_info *port = NULL;

	for (size_t i = 0; i < r->len; i++)
		if (read_field(p, &r->fields[i], &port, err) < 0)
			goto fail;
	if (check(p, err) == 0)
		return p;
fail:
	err_wrap(err, "plugin description");
	plugin_info_free(p);
	return NULL;
}
