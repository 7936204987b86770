/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Shows that reading and lowering a recipe takes time in proportion to its lines, in
 * both notations, and that one full of mistakes costs no more than twice what a right
 * one of its size does. Exit 1 if a figure says otherwise.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "recipe/matrix.h"
#include "recipe/toml.h"
#include "recipe/yaml.h"
#include "tools/catalog.h"

#define LINES 10000
#define SMALL 2500
#define ROUNDS 3
#define TRIES 5
#define NOISE 0.004 /* seconds that a short run may be off by */

static struct catalog catalog = CATALOG_INIT;

static void
head(struct str *s)
{
	str_add(s, "[general]\nname = \"n\"\n[kernel]\nversion = \"6.1\"\n");
}

/* ---- Recipes of n lines, right or (bad) with a mistake in each item ----- */

static void
options(struct str *s, size_t n, bool bad)
{
	head(s);
	str_add(s, "[kernel.options]\n");
	for (size_t i = 0; i < n; i++)
		str_addf(s, bad ? "OPTION_%zu = 1.5\n" : "OPTION_%zu = \"y\"\n", i);
}

static void
applications(struct str *s, size_t n, bool bad)
{
	head(s);
	str_addf(s, "[applications.app%zu]\nurl = \"https://example.org/all.tar\"\n", n / 5);
	for (size_t i = 0; i < n / 5; i++)
		str_addf(s, "[applications.app%zu]\nurl = \"https://example.org/%zu.tar\"\n"
			"output_executable_path = \"/bin/%zu\"\nuser = \"u\"\n"
			"depends = [\"%s%zu\"]\n", i, i, i, bad ? "apq" : "app",
			bad ? i : n / 5);
}

static void
keys(struct str *s, size_t n, bool bad)
{
	head(s);
	for (size_t i = 0; i < n / 5; i++)
		str_addf(s, "[applications.app%zu]\nurl = \"https://example.org/%zu.tar\"\n"
			"output_executable_path = \"/bin/%zu\"\n%s = \"make\"\n"
			"install = true\n", i, i, i, bad ? "biuld_command" : "build_command");
}

static void
stages(struct str *s, size_t n, bool bad)
{
	for (size_t i = 0; i < n / 3; i++)
		str_addf(s, "[stage.s%zu]\nplugin = \"fetch-http\"\n%s = \"s%zu\"\n", i,
			bad ? "needs" : i ? "needs" : "sha256", bad ? i + n : i ? i - 1 : 0);
}

static void
sections(struct str *s, size_t n, bool bad)
{
	head(s);
	for (size_t i = 0; i < n; i++)
		str_addf(s, bad ? "[kernle%zu]\n" : "[profile.p%zu]\n", i);
}

static void
formats(struct str *s, size_t n, bool bad)
{
	head(s);
	str_add(s, "[output]\nformat = [\n");
	for (size_t i = 0; i < n; i++)
		str_addf(s, bad ? "\"qcow%zu\",\n" : "\"qcow2\",\n", i);
	str_add(s, "]\n");
}

static void
variables(struct str *s, size_t n, bool bad)
{
	head(s);
	str_add(s, "[variables]\n");
	for (size_t i = 0; i < n / 2; i++)
		str_addf(s, "variable_%zu = \"v{{arch}}\"\n", i);
	str_add(s, "[kernel.options]\n");
	for (size_t i = 0; i < n / 2; i++)
		str_addf(s, "OPTION_%zu = \"{{%s_%zu}}\"\n", i, bad ? "varaible" : "variable",
			i);
}

static const struct {
	const char *name;
	void (*make)(struct str *s, size_t n, bool bad);
} cases[] = {
	{ "kernel options", options }, { "applications", applications }, { "keys", keys },
	{ "stages", stages }, { "sections", sections }, { "formats", formats },
	{ "variables", variables },
};

/* ---- The same as YAML ------------------------------------------------ */

static void
write_yaml(struct str *out, const struct value *v)
{
	bool table = v->kind == VALUE_TABLE;
	size_t n = table ? v->table.len : v->kind == VALUE_ARRAY ? v->array.len : 0;

	if (v->kind == VALUE_STRING)
		str_addf(out, "\"%s\"", v->string.s);
	else if (v->kind == VALUE_INT)
		str_addf(out, "%lld", (long long)v->integer);
	else if (v->kind == VALUE_FLOAT)
		str_addf(out, "%.1f", v->real);
	else if (v->kind == VALUE_BOOL)
		str_add(out, v->boolean ? "true" : "false");
	else
		str_addc(out, table ? '{' : '[');
	for (size_t i = 0; i < n; i++) {
		if (table)
			str_addf(out, "%s: ", v->table.items[i].key);
		write_yaml(out, table ? v->table.items[i].value : v->array.v[i]);
		str_add(out, ",\n");
	}
	if (table || v->kind == VALUE_ARRAY)
		str_addc(out, table ? '}' : ']');
}

static void
to_yaml(const struct str *toml, struct str *out)
{
	cleanup_diags struct diags d = DIAGS_INIT;
	cleanup_value struct value *root = toml_parse("t", toml->p, toml->len, &d);

	write_yaml(out, root);
}

/* ---- Time ------------------------------------------------------------ */

static double
one_round(const struct str *text, bool yaml, bool bad)
{
	struct lower_env env = { "/r/r.toml", "/data", "x86_64", NULL, NULL };
	struct choices none = { NULL, NULL, NULL };
	struct pipeline p = PIPELINE_INIT;
	struct diags d = DIAGS_INIT;
	clock_t from = clock(), to;
	struct value *root = (yaml ? yaml_parse : toml_parse)("r", text->p, text->len, &d);
	int result = root ? recipe_lower(root, &catalog, &env, &none, &p, &d, NULL) : -2;
	char *report = diags_text(&d);

	to = clock();
	if (result != (bad ? -1 : 0)) {
		fprintf(stderr, "%.2000s\n", report);
		exit(EXIT_FAILURE);
	}
	free(report);
	value_free(root);
	pipeline_release(&p);
	diags_release(&d);
	return (double)(to - from) / CLOCKS_PER_SEC;
}

/* Of the fastest round: the others were disturbed. */
static double
seconds(void (*make)(struct str *s, size_t n, bool bad), size_t n, bool yaml, bool bad)
{
	cleanup_str struct str toml = STR_INIT, other = STR_INIT;
	double best = 1e9;

	make(&toml, n, bad);
	if (yaml)
		to_yaml(&toml, &other);
	for (int i = 0; i < ROUNDS; i++) {
		double took = one_round(yaml ? &other : &toml, yaml, bad);

		best = took < best ? took : best;
	}
	return best;
}

/* Says the figures; true if they are in order. */
static bool
measure(size_t i, bool yaml)
{
	double small = seconds(cases[i].make, SMALL, yaml, false);
	double right = seconds(cases[i].make, LINES, yaml, false);
	double small_bad = seconds(cases[i].make, SMALL, yaml, true);
	double bad = seconds(cases[i].make, LINES, yaml, true);
	double times = (double)LINES / SMALL;
	bool slow = right > small * times * 2 + NOISE || bad > small_bad * times * 2 + NOISE ||
		bad > right * 2 + NOISE;

	printf("%s %-15s %d lines %7.1f ms, with mistakes %7.1f ms; x%.0f lines: x%.1f, x%.1f%s\n",
		yaml ? "yaml" : "toml", cases[i].name, LINES, right * 1000, bad * 1000, times,
		right / small, bad / small_bad, slow ? "  SLOW" : "");
	return !slow;
}

/* Other work on the machine makes a figure worse, never better: one good one is proof. */
static bool
settles(size_t i, bool yaml)
{
	for (int tries = 0; tries < TRIES; tries++)
		if (measure(i, yaml))
			return true;
	return false;
}

int
main(int argc, char **argv)
{
	int result = EXIT_SUCCESS;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FOLDER-OF-CATALOG\n", argv[0]);
		return EXIT_FAILURE;
	}
	catalog_read(&catalog, argv[1]);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (int yaml = 0; yaml < 2; yaml++)
			if (!settles(i, yaml))
				result = EXIT_FAILURE;
	return result;
}
