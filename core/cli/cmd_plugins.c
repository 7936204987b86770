/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv plugins: what is there, and each one's options and ports. */
#include <jansson.h>
#include <msmv/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/suggest.h"
#include "cli/json.h"
#include "cli/session.h"

static const struct cmd_option options[] = {
	{ 0, "store", "DIR", "where descriptions are cached (default ~/.cache/msmv)" },
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};

static const char *
type_name(uint32_t type)
{
	static const char *const names[] = { "text", "number", "yes/no", "size", "list", "table",
		"files" };

	return type >= 10 && type <= 70 ? names[type / 10 - 1] : "?";
}

static json_t *
strings_json(char *const *v, size_t n)
{
	json_t *a = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(a, json_text(v[i]));
	return a;
}

static json_t *
ports_json(const struct port_info *v, size_t n)
{
	json_t *a = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(a, json_pack("{s:s, s:s, s:b, s:b, s:s*}", "name", v[i].name,
			"kind", v[i].kind == MSMV_PORT_TREE ? "tree" : "file",
			"many", (v[i].flags & MSMV_PORT_MANY) != 0,
			"optional", (v[i].flags & MSMV_PORT_OPTIONAL) != 0, "help", v[i].help));
	return a;
}

static json_t *
plugin_json(const struct plugin_info *p)
{
	json_t *opts = json_array();

	for (size_t i = 0; i < p->options.len; i++) {
		const struct option_info *o = &p->options.v[i];

		json_array_append_new(opts, json_pack("{s:s, s:s, s:b, s:b, s:s*, s:s*, s:s*, s:s*}",
			"name", o->name, "type", type_name(o->type),
			"required", (o->flags & MSMV_OPT_REQUIRED) != 0,
			"in_key", (o->flags & MSMV_OPT_NO_KEY) == 0, "default", o->fallback,
			"unit", o->unit, "choices", o->choices, "help", o->help));
	}
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "name",
		p->name, "version", p->version, "summary", p->summary,
		"kind", p->kind == MSMV_KIND_ARCH ? "arch" : "stage", "path", json_text(p->path),
		"digest", p->digest, "provides", strings_json(p->provides.v, p->provides.len),
		"env", strings_json(p->env.v, p->env.len), "options", opts,
		"inputs", ports_json(p->inputs.v, p->inputs.len),
		"outputs", ports_json(p->outputs.v, p->outputs.len));
}

static int
list(const struct registry *r, bool json)
{
	json_t *all = json ? json_array() : NULL;

	for (size_t i = 0; i < r->catalog.plugins.len; i++) {
		const struct plugin_info *p = r->catalog.plugins.v[i];

		if (json)
			json_array_append_new(all, plugin_json(p));
		else
			printf("%-16s %-8s %s\n", p->name, p->version, p->summary);
	}
	if (json)
		json_print(all);
	for (size_t i = 0; i < r->bad.len; i++)
		fprintf(stderr, "msmv: warning: %s: %s\n", r->bad.v[i].path, r->bad.v[i].why);
	return EXIT_DONE;
}

static void
print_option(const struct option_info *o)
{
	printf("  %-24s %-7s %s", o->name, type_name(o->type), o->help ? o->help : "");
	if (o->unit)
		printf(" [%s]", o->unit);
	if (o->choices)
		printf(" (%s)", o->choices);
	if (o->flags & MSMV_OPT_REQUIRED)
		printf(" (required)");
	else if (o->fallback && *o->fallback)
		printf(" (default %s)", o->fallback);
	putchar('\n');
}

static void
print_ports(const char *title, const struct port_info *v, size_t n)
{
	if (n)
		printf("%s:\n", title);
	for (size_t i = 0; i < n; i++)
		printf("  %-24s %-7s %s%s%s\n", v[i].name,
			v[i].kind == MSMV_PORT_TREE ? "tree" : "file", v[i].help ? v[i].help : "",
			v[i].flags & MSMV_PORT_MANY ? " (any number)" : "",
			v[i].flags & MSMV_PORT_OPTIONAL ? " (optional)" : "");
}

static void
print_strings(const char *title, char *const *v, size_t n)
{
	if (!n)
		return;
	printf("%s:", title);
	for (size_t i = 0; i < n; i++)
		printf(" %s", v[i]);
	putchar('\n');
}

static int
no_such_plugin(const struct registry *r, const char *name)
{
	VEC(const char *) names = VEC_INIT;
	const char *near;

	for (size_t i = 0; i < r->bad.len; i++)
		if (strstr(r->bad.v[i].path, name))
			complain(EXIT_FAILED, "%s: %s", r->bad.v[i].path, r->bad.v[i].why);
	for (size_t i = 0; i < r->catalog.plugins.len; i++)
		vec_push(&names, r->catalog.plugins.v[i]->name);
	near = suggest(name, names.v, names.len);
	complain(EXIT_FAILED, "there is no plugin '%s'%s%s%s (msmv plugins list)", name,
		near ? ": did you mean " : "", near ? near : "", near ? "?" : "");
	vec_release(&names);
	return EXIT_FAILED;
}

static int
info(const struct registry *r, const char *name, bool json)
{
	const struct plugin_info *p = catalog_find(&r->catalog, name);

	if (!p)
		return no_such_plugin(r, name);
	if (json) {
		json_print(plugin_json(p));
		return EXIT_DONE;
	}
	printf("%s %s: %s\n%s\nsha256 %s\n", p->name, p->version, p->summary, p->path, p->digest);
	print_strings("provides", p->provides.v, p->provides.len);
	print_strings("environment", p->env.v, p->env.len);
	if (p->options.len)
		printf("options:\n");
	for (size_t i = 0; i < p->options.len; i++)
		print_option(&p->options.v[i]);
	print_ports("inputs", p->inputs.v, p->inputs.len);
	print_ports("outputs", p->outputs.v, p->outputs.len);
	for (size_t i = 0; i < p->arch.len; i++)
		printf("%s%s = %s\n", i ? "" : "facts:\n", p->arch.fields[i].name,
			p->arch.fields[i].value);
	return EXIT_DONE;
}

static int
run(const struct args *args)
{
	const char *verb = args->words.v[0];
	bool json = args_has(args, "json"), is_list = streq(verb, "list");
	struct session s;
	int code;

	if (!is_list && !streq(verb, "info"))
		return complain(EXIT_USAGE, "usage: msmv plugins list | info NAME");
	if (is_list != (args->words.len == 1))
		return complain(EXIT_USAGE, "usage: msmv plugins list | info NAME");
	code = session_open(&s, args);
	if (code == 0)
		code = session_plugins(&s);
	if (code == 0)
		code = is_list ? list(&s.registry, json)
			       : info(&s.registry, args->words.v[1], json);
	session_close(&s);
	return code;
}

const struct cmd cmd_plugins = {
	.name = "plugins",
	.synopsis = "list | info NAME [OPTIONS]",
	.help = "List the plugins, or show one's options and ports",
	.text = "Plugins are looked for in $MSMV_PLUGIN_PATH, then in the user's folder\n"
		"(~/.local/share/msmv/plugins), then where msmv is installed.\n",
	.options = options,
	.min_words = 1,
	.max_words = 2,
	.run = run,
};
