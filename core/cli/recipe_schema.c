/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv recipe schema: what editors need to complete and check a recipe while it is
 * written, made from the table of sections and from what the plugins declare.
 */
#include <errno.h>
#include <jansson.h>
#include <msmv/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/json.h"
#include "cli/recipe.h"
#include "cli/session.h"
#include "recipe/sections.h"

/* What the table and the plugins have in common. */
enum { ANY_SCALAR = UINT16_MAX, ANY_WORDS }; /* beside the types of msmv/plugin.h */

struct key {
	uint32_t type;
	int64_t min, max;
	const char *choices, *fallback, *help, *unit;
};

/* ---- Values ---------------------------------------------------------- */

/* A variable may stand for any value; what it holds is checked when the recipe is read. */
static json_t *
with_variables(json_t *first, json_t *second)
{
	json_t *any = json_array();

	json_array_append_new(any, first);
	if (second)
		json_array_append_new(any, second);
	json_array_append_new(any,
		json_pack("{s:s, s:s}", "type", "string", "pattern", "\\{\\{"));
	return json_pack("{s:o}", "anyOf", any);
}

static json_t *
text_json(const struct key *k, json_t *choices)
{
	if (choices)
		return with_variables(json_pack("{s:O}", "enum", choices), NULL);
	return k->type == MSMV_TYPE_PATHS
		? json_pack("{s:s}", "type", "string")
		: json_pack("{s:[s, s]}", "type", "string", "integer");
}

static json_t *
number_json(const struct key *k)
{
	json_t *n = json_pack("{s:s}", "type", "integer");
	bool bounded = k->min || k->max, size = k->type == MSMV_TYPE_SIZE;

	if (bounded || size)
		json_object_set_new(n, "minimum", json_integer(k->min));
	if (bounded && k->max >= k->min)
		json_object_set_new(n, "maximum", json_integer(k->max));
	return with_variables(n, json_pack("{s:s, s:s}", "type", "string", "pattern",
		size ? "^[0-9]+[KMGT]?$" : "^-?[0-9]+$"));
}

static json_t *
value_json(const struct key *k, json_t *choices)
{
	switch (k->type) {
	case MSMV_TYPE_INT:
	case MSMV_TYPE_SIZE:
		return number_json(k);
	case MSMV_TYPE_BOOL:
		return with_variables(json_pack("{s:s}", "type", "boolean"),
			json_pack("{s:[s, s]}", "enum", "true", "false"));
	case MSMV_TYPE_MAP:
		return json_pack("{s:s, s:{s:[s, s, s]}}", "type", "object",
			"additionalProperties", "type", "string", "integer", "boolean");
	case ANY_WORDS:
		return json_pack("{s:[s, s, s, s]}", "type", "string", "integer", "array", "object");
	case ANY_SCALAR:
		return json_pack("{s:[s, s, s]}", "type", "string", "integer", "boolean");
	case MSMV_TYPE_LIST:
	case MSMV_TYPE_PATHS:
		return json_pack("{s:[o, {s:s, s:o}]}", "anyOf", text_json(k, choices), "type",
			"array", "items", text_json(k, choices));
	default:
		return text_json(k, choices);
	}
}

static json_t *
default_json(const struct key *k)
{
	if (k->type == MSMV_TYPE_BOOL)
		return json_boolean(streq(k->fallback, "1") || streq(k->fallback, "true"));
	if (k->type == MSMV_TYPE_INT)
		return json_integer(strtoll(k->fallback, NULL, 10));
	return json_text(k->fallback);
}

/* "a|b", or with "@output:" the names that plugins provide after it. */
static json_t *
choices_json(const struct catalog *c, const char *choices)
{
	cleanup_free char *all = choices ? xstrdup(choices) : NULL;
	json_t *list = all ? json_array() : NULL;
	size_t prefix = all ? strlen(all) - 1 : 0;
	char *save;

	if (all && *all != '@')
		for (char *s = strtok_r(all, "|", &save); s; s = strtok_r(NULL, "|", &save))
			json_array_append_new(list, json_text(s));
	for (size_t i = 0; all && *all == '@' && i < c->plugins.len; i++)
		for (size_t k = 0; k < c->plugins.v[i]->provides.len; k++) {
			const char *name = c->plugins.v[i]->provides.v[k];

			if (strncmp(name, choices + 1, prefix) == 0)
				json_array_append_new(list, json_text(name + prefix));
		}
	return list;
}

static json_t *
key_json(const struct catalog *c, const struct key *k)
{
	json_t *choices = choices_json(c, k->choices), *o = value_json(k, choices);
	cleanup_str struct str help = STR_INIT;

	json_decref(choices);
	if (k->help)
		str_add(&help, k->help);
	if (k->unit)
		str_addf(&help, " [%s]", k->unit);
	if (help.len)
		json_object_set_new(o, "description", json_text(str_text(&help)));
	if (k->fallback && *k->fallback)
		json_object_set_new(o, "default", default_json(k));
	return o;
}

/* ---- Tables ---------------------------------------------------------- */

/* Two plugins may mean different things by one key: either is right then. */
static void
add_property(json_t *properties, const char *name, json_t *o)
{
	json_t *have = json_object_get(properties, name);

	if (have && !json_equal(have, o))
		json_object_set_new(properties, name, json_pack("{s:[O, O]}", "anyOf", have, o));
	else if (!have)
		json_object_set(properties, name, o);
	json_decref(o);
}

static void
add_options(json_t *properties, const struct catalog *c, const struct plugin_info *p,
	const char *prefix)
{
	size_t n = prefix ? strlen(prefix) : 0;

	for (size_t i = 0; i < p->options.len; i++) {
		const struct option_info *o = &p->options.v[i];
		struct key k = { o->type, o->min, o->max, o->choices, o->fallback, o->help,
			o->unit };

		if (prefix && (strncmp(o->name, prefix, n) != 0 || o->name[n] != '_'))
			continue;
		/* What is a table over all applications is a text of one, or words; of
		   files and checks, which keep the rules of a table's items, a number or
		   a switch too. */
		if (prefix && k.type == MSMV_TYPE_MAP)
			k.type = streq(prefix, "app") ? ANY_WORDS : ANY_SCALAR;
		add_property(properties, o->name + (prefix ? n + 1 : 0), key_json(c, &k));
	}
}

static json_t *
closed_table(json_t *properties, const char *help)
{
	return json_pack("{s:s, s:s, s:o, s:b}", "type", "object", "description", help,
		"properties", properties, "additionalProperties", 0);
}

static void
add_core_keys(json_t *properties, const struct catalog *c, const struct section_info *s)
{
	for (const struct section_key *k = s->keys; k && k->name; k++) {
		struct key key = { k->type, 0, 0, k->choices, NULL, k->help, NULL };
		json_t *o = key_json(c, &key);

		if (streq(s->name, "stage") && streq(k->name, "inputs"))
			json_object_set_new(o, "additionalProperties",
				json_pack("{s:[s, s]}", "type", "string", "array"));
		/* In words: what a key falls back to may depend on others. */
		if (k->fallback)
			json_object_set_new(o, "description",
				json_sprintf("%s (default: %s)", k->help, k->fallback));
		json_object_set_new(properties, k->name, o);
	}
}

static json_t *
reference(const char *name)
{
	return json_pack("{s:o}", "$ref", json_sprintf("#/$defs/%s", name));
}

/* What stands in a recipe for a section: its table, or a table of such. */
static json_t *
table_json(const struct section_info *s)
{
	return !s->many ? reference(s->name) : json_pack("{s:s, s:s, s:o}", "type", "object",
		"description", s->help, "additionalProperties", reference(s->name));
}

/* [boot.network] stands in [boot]. */
static void
add_inner_tables(json_t *properties, const struct section_info *outer)
{
	size_t n = strlen(outer->name);

	for (const struct section_info *s = section_table; s->name; s++)
		if (strncmp(s->name, outer->name, n) == 0 && s->name[n] == '.' &&
			!strchr(s->name + n + 1, '.'))
			json_object_set_new(properties, s->name + n + 1, table_json(s));
}

static json_t *
section_json(const struct catalog *c, const struct section_info *s)
{
	json_t *properties = json_object();
	const struct plugin_info *owner =
		s->prefix ? catalog_provider(c, s->prefix_of) : NULL;

	for (size_t i = 0; i < c->plugins.len; i++) {
		const struct plugin_info *p = c->plugins.v[i];

		if (section_takes(s, p->provides.v, p->provides.len))
			add_options(properties, c, p, NULL);
	}
	if (owner)
		add_options(properties, c, owner, s->prefix);
	add_core_keys(properties, c, s);
	add_inner_tables(properties, s);
	if (s->lone)
		return json_pack("{s:s, s:[{s:s}, o]}", "description", s->help, "anyOf", "type",
			"string", closed_table(properties, s->help));
	return closed_table(properties, s->help);
}

/* [stage.NAME] holds the keys of the table and the options of the plugin that it names. */
static json_t *
stage_json(const struct catalog *c, const struct section_info *s)
{
	json_t *all = json_array(), *names = json_array();

	for (size_t i = 0; i < c->plugins.len; i++) {
		const struct plugin_info *p = c->plugins.v[i];
		json_t *properties = json_object();

		if (p->kind != MSMV_KIND_STAGE || catalog_find(c, p->name) != p) {
			json_decref(properties);
			continue;
		}
		add_options(properties, c, p, NULL);
		add_core_keys(properties, c, s);
		json_array_append_new(names, json_text(p->name));
		json_array_append_new(all, json_pack("{s:{s:{s:{s:s}}}, s:o}", "if", "properties",
			"plugin", "const", p->name, "then", closed_table(properties, p->summary)));
	}
	return json_pack("{s:s, s:s, s:{s:{s:o}}, s:[s], s:o}", "type", "object", "description",
		s->help, "properties", "plugin", "enum", names, "required", "plugin", "allOf", all);
}

/* ---- The whole ------------------------------------------------------- */

/* The sections, as a recipe and as an overlay have them. */
static json_t *
sections_json(void)
{
	json_t *properties = json_object();

	for (const struct section_info *s = section_table; s->name; s++) {
		if (!strchr(s->name, '.'))
			json_object_set_new(properties, s->name, table_json(s));
	}
	json_object_set_new(properties, "run",
		json_pack("{s:[{s:s}, o]}", "anyOf", "type", "boolean", reference("run")));
	return properties;
}

static json_t *
overlays_json(const char *help)
{
	return json_pack("{s:s, s:s, s:o}", "type", "object", "description", help,
		"additionalProperties", reference("overlay"));
}

static json_t *
schema_json(const struct catalog *c)
{
	json_t *defs = json_object(), *top = sections_json(), *o;

	for (const struct section_info *s = section_table; s->name; s++)
		json_object_set_new(defs, s->name, streq(s->name, "stage")
			? stage_json(c, s) : section_json(c, s));
	json_object_set_new(defs, "overlay", closed_table(sections_json(),
		"values that replace those of the recipe"));
	json_object_set_new(top, "include", json_pack("{s:s, s:[{s:s}, {s:s, s:{s:s}}]}",
		"description", "recipes that this one is laid over", "anyOf", "type", "string",
		"type", "array", "items", "type", "string"));
	json_object_set_new(top, "variables", json_pack("{s:s, s:s, s:{s:[s, s, s]}}", "type",
		"object", "description", "NAME = what {{NAME}} stands for",
		"additionalProperties", "type", "string", "integer", "number"));
	json_object_set_new(top, "arch", overlays_json("[arch.NAME...]: for that target alone"));
	json_object_set_new(top, "profile", overlays_json("[profile.NAME...]: with --profile"));
	o = json_pack("{s:s, s:s, s:s, s:o, s:b, s:[{s:[s]}, {s:[s]}, {s:[s, s]}], s:o}",
		"$schema", "https://json-schema.org/draft/2020-12/schema", "title",
		"msmv recipe", "type", "object", "properties", top, "additionalProperties", 0,
		"anyOf", "required", "include", "required", "stage", "required", "general",
		"kernel", "$defs", defs);
	return o;
}

static int
run(const struct args *args)
{
	struct session s;
	int code = session_open(&s, args);

	if (code == 0)
		code = session_plugins(&s);
	if (code == 0) {
		json_t *o = schema_json(&s.registry.catalog);
		char *text = o ? json_dumps(o, JSON_INDENT(2)) : NULL;

		if (text)
			puts(text);
		else
			code = complain(EXIT_FAILED, "the schema cannot be said in JSON: a "
				"plugin declares text that is not UTF-8");
		free(text);
		json_decref(o);
	}
	session_close(&s);
	return code;
}

static const struct cmd_option options[] = {
	{ 0, "store", "DIR", "where descriptions are cached (default ~/.cache/msmv)" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd cmd_recipe_schema = {
	.name = "recipe schema",
	.synopsis = "[OPTIONS]",
	.help = "Print the JSON Schema of recipes, for editors",
	.text = "It covers the plugins that are installed. Editors complete and check with it:\n\n"
		"  msmv recipe schema >msmv.schema.json\n"
		"  #:schema ./msmv.schema.json                      first line of a .toml\n"
		"  # yaml-language-server: $schema=msmv.schema.json  first line of a .yaml\n",
	.options = options,
	.max_words = 0,
	.run = run,
};
