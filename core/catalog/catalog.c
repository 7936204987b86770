/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Lookups in what is known of the plugins. A few dozen of them with a few dozen
 * options each: walking the arrays is faster than keeping tables true.
 */
#include "catalog/catalog.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const struct plugin_info *
catalog_find(const struct catalog *c, const char *name)
{
	for (size_t i = 0; i < c->plugins.len; i++)
		if (streq(c->plugins.v[i]->name, name))
			return c->plugins.v[i];
	return NULL;
}

static bool
provides(const struct plugin_info *p, const char *capability)
{
	for (size_t i = 0; i < p->provides.len; i++)
		if (streq(p->provides.v[i], capability))
			return true;
	return false;
}

const struct plugin_info *
catalog_provider(const struct catalog *c, const char *capability)
{
	for (size_t i = 0; i < c->plugins.len; i++) {
		const struct plugin_info *p = c->plugins.v[i];

		/* A plugin hidden by an earlier one of its name provides nothing. */
		if (provides(p, capability) && catalog_find(c, p->name) == p)
			return p;
	}
	return NULL;
}

const struct option_info *
plugin_option(const struct plugin_info *p, const char *name)
{
	for (size_t i = 0; i < p->options.len; i++)
		if (streq(p->options.v[i].name, name))
			return &p->options.v[i];
	return NULL;
}

static const struct port_info *
find_port(const struct port_info *ports, size_t len, const char *name)
{
	for (size_t i = 0; i < len; i++)
		if (streq(ports[i].name, name))
			return &ports[i];
	return NULL;
}

const struct port_info *
plugin_input(const struct plugin_info *p, const char *name)
{
	return find_port(p->inputs.v, p->inputs.len, name);
}

const struct port_info *
plugin_output(const struct plugin_info *p, const char *name)
{
	return find_port(p->outputs.v, p->outputs.len, name);
}

static void
free_ports(struct port_info *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(v[i].name);
		free(v[i].filename);
		free(v[i].help);
	}
}

static void
free_options(struct option_info *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(v[i].name);
		free(v[i].fallback);
		free(v[i].help);
		free(v[i].unit);
		free(v[i].choices);
		free(v[i].conflicts);
	}
}

static void
free_texts(char **v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i]);
}

void
plugin_info_free(struct plugin_info *p)
{
	if (!p)
		return;
	free_texts(p->provides.v, p->provides.len);
	free_texts(p->env.v, p->env.len);
	free_options(p->options.v, p->options.len);
	free_ports(p->inputs.v, p->inputs.len);
	free_ports(p->outputs.v, p->outputs.len);
	vec_release(&p->provides);
	vec_release(&p->env);
	vec_release(&p->options);
	vec_release(&p->inputs);
	vec_release(&p->outputs);
	record_release(&p->arch);
	free(p->name);
	free(p->version);
	free(p->summary);
	free(p->path);
	free(p->identity);
	free(p);
}

void
catalog_release(struct catalog *c)
{
	for (size_t i = 0; i < c->plugins.len; i++)
		plugin_info_free(c->plugins.v[i]);
	vec_release(&c->plugins);
}
