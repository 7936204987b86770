/* SPDX-License-Identifier: GPL-3.0-only */
/* Which plugins take a section's keys. */
#include "recipe/sections.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "recipe/schema_type.h"
#include "unit/unit.h"

static bool
takes(const char *section, const char *first, const char *second)
{
	cleanup_free char *a = xstrdup(first), *b = second ? xstrdup(second) : NULL;
	char *provides[] = { a, b };

	return section_takes(section_info(section), provides, second ? 2 : 1);
}

START_TEST(takers)
{
	ck_assert(takes("kernel", "fetch:https", NULL));
	ck_assert(takes("kernel", "build:kernel", NULL));
	ck_assert(!takes("kernel", "build:kernels", NULL));
	ck_assert(!takes("kernel", "build:cmake", NULL));
	ck_assert(takes("applications", "build:cmake", "build:meson"));
	ck_assert(!takes("applications", "build:rootfs", NULL));
	ck_assert(!takes("files", "output:cpio", NULL));
	ck_assert(!takes("boot.network", "build:rootfs", NULL));
}
END_TEST

START_TEST(table)
{
	ck_assert_ptr_null(section_info("kernels"));
	for (const struct section_info *s = section_table; s->name; s++) {
		ck_assert_ptr_eq(section_info(s->name), s);
		ck_assert_ptr_nonnull(s->help);
		for (const struct section_key *k = s->keys; k && k->name; k++)
			ck_assert_msg(k->help && k->type, "%s %s", s->name, k->name);
	}
}
END_TEST

/* ---- recipes/REFERENCE.md -------------------------------------------- */

static void
write_key(struct str *out, const struct section_key *k)
{
	str_addf(out, "| `%s` | %s | %s | %s", k->name, schema_type_name(k->type),
		k->flags & SECTION_REQUIRED ? "required" : k->fallback ? k->fallback : "",
		k->help);
	if (k->choices && *k->choices != '@')
		for (const char *s = k->choices; *s;) {
			size_t n = strcspn(s, "|");

			str_addf(out, "%s `%.*s`", s == k->choices ? ":" : ",", (int)n, s);
			s += n + (s[n] == '|');
		}
	else if (k->choices)
		str_addf(out, "; `msmv plugins list` shows what provides %sNAME", k->choices + 1);
	str_add(out, " |\n");
}

/* Whose README says more. */
static const struct {
	const char *capability, *plugins;
} manuals[] = {
	{ "fetch:https", "fetch-http fetch-apt" },
	{ "config:kconfig", "kconfig" },
	{ "build:kernel", "kbuild" },
	{ "build:autotools", "autotools-app make-app cmake-app meson-app script-app" },
	{ "build:init", "guest-init" },
	{ "build:rootfs", "rootfs" },
	{ "output:cpio", "cpio qcow2 uki manifest" },
	{ "run:qemu", "qmp-run" },
};

static bool
is_about(const struct section_info *s, const char *capability)
{
	char text[32];
	char *provides[] = { text };

	snprintf(text, sizeof(text), "%s", capability);
	return section_takes(s, provides, 1) || (s->prefix && streq(s->prefix_of, capability));
}

static void
write_manuals(struct str *out, const struct section_info *s)
{
	const char *before = "\nManuals: ";

	for (size_t i = 0; i < ARRAY_LEN(manuals); i++)
		for (const char *p = manuals[i].plugins; *p && is_about(s, manuals[i].capability);) {
			int n = (int)strcspn(p, " ");

			str_addf(out, "%s[%.*s](../plugins/%.*s/README.md)", before, n, p, n, p);
			before = ", ";
			p += n + (p[n] == ' ');
		}
	if (*before == ',')
		str_add(out, "\n");
}

/* The section that a line opens, or NULL: [init.app] is of init, [run.checks.a] of run.checks. */
static const struct section_info *
opened_by(const char *line)
{
	const struct section_info *best = NULL;

	for (const struct section_info *s = section_table; s->name; s++) {
		size_t n = strlen(s->name);

		if (*line == '[' && strncmp(line + 1, s->name, n) == 0 &&
			(line[n + 1] == ']' || line[n + 1] == '.') &&
			(!best || n > strlen(best->name)))
			best = s;
	}
	return best;
}

/* What a whole recipe, which tests/recipe/recipes.sh checks, has of the section. */
static void
write_example(struct str *out, const struct section_info *s, const char *recipe)
{
	const struct section_info *in = NULL;
	size_t from = out->len;

	for (const char *line = recipe; *line;) {
		size_t n = strcspn(line, "\n") + 1;
		const struct section_info *next = opened_by(line);

		in = next ? next : in;
		if (in == s && out->len == from)
			str_add(out, "\n```toml\n");
		if (in == s)
			str_addf(out, "%.*s", (int)n, line);
		line += n;
	}
	if (out->len == from)
		return;
	while (out->p[out->len - 1] == '\n')
		out->len--;
	str_add(out, "\n```\n");
}

static void
write_section(struct str *out, const struct section_info *s, const char *recipe)
{
	str_addf(out, "\n## [%s%s]\n\n%s.\n", s->name, s->many ? ".NAME" : "", s->help);
	if (s->lone)
		str_addf(out, "A text instead of a table is its `%s`.\n", s->lone);
	if (s->keys && s->keys->name)
		str_add(out, "\n| key | type | default | what it is |\n|---|---|---|---|\n");
	for (const struct section_key *k = s->keys; k && k->name; k++)
		write_key(out, k);
	if (s->takers)
		str_addf(out, "\nOther keys are options of the plugins that provide: %s\n",
			streq(s->takers, "*") ? "what `plugin` names" : s->takers);
	if (s->prefix)
		str_addf(out, "\nA key `K` may also be the option `%s_K` of what provides %s.\n",
			s->prefix, s->prefix_of);
	write_manuals(out, s);
	write_example(out, s, recipe);
}

/* With UPDATE set it is written instead. */
START_TEST(reference)
{
	const char *src = getenv("top_srcdir");
	cleanup_free char *path = path_join(src ? src : ".", "recipes/REFERENCE.md");
	cleanup_free char *example = path_join(src ? src : ".", "tests/data/reference.toml");
	cleanup_str struct str want = STR_INIT, got = STR_INIT, recipe = STR_INIT;
	cleanup_err struct err err = ERR_INIT;

	ck_assert_msg(fs_read(example, 1 << 20, &recipe, &err) == 0, "%s", err_msg(&err));
	str_add(&want, "# Sections and keys of a recipe\n\n"
		"What msmv reads itself. All other keys are options of the plugins that a section "
		"uses:\n`msmv plugins info NAME` and `msmv recipe schema` tell those.\n"
		"[README.md](../README.md) has `include`, `[variables]`, `[arch.NAME]` and "
		"`[profile.NAME]`.\nThe examples are one recipe; a manual has every option of its "
		"plugin.\n");
	for (const struct section_info *s = section_table; s->name; s++)
		write_section(&want, s, str_text(&recipe));
	if (getenv("UPDATE"))
		ck_assert_int_eq(fs_write(path, want.p, want.len, false, &err), 0);
	ck_assert_msg(fs_read(path, 1 << 20, &got, &err) == 0, "%s", err_msg(&err));
	ck_assert_str_eq(str_text(&got), want.p);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("sections");

	tcase_add_test(t, takers);
	tcase_add_test(t, table);
	tcase_add_test(t, reference);
	return unit_run("sections", t);
}
