/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The report of a kernel's configuration: what was asked, what holds, and why not. It
 * is a plugin's work, so what is missing or of another kind is taken for absent.
 */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cli/kconfig_part.h"
#include "cli/text.h"

const char *
report_text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static bool
holds(const json_t *request)
{
	return json_is_true(json_object_get(request, "holds")) ||
		json_is_true(json_object_get(request, "waived"));
}

size_t
report_broken(const json_t *report)
{
	const json_t *request;
	size_t i, n = 0;

	json_array_foreach(json_object_get(report, "requests"), i, request)
		n += !holds(request);
	return n;
}

bool
report_boots(const json_t *report, const char *machine)
{
	const json_t *m;
	size_t i;

	json_array_foreach(json_object_get(report, "machines"), i, m)
		if (streq(report_text(m, "name"), machine))
			return json_is_true(json_object_get(m, "boots"));
	return false;
}

bool
report_refuses(const json_t *report, const char *name, const char *value)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(report, "requests"), i, one)
		if (streq(report_text(one, "name"), name) &&
		    streq(report_text(one, "origin"), "recipe"))
			return !streq(report_text(one, "asked"), value);
	return false;
}

/* What a plugin says must not drive the terminal. */
static void
print_clean(const char *s)
{
	cleanup_str struct str clean = STR_INIT;

	text_clean(&clean, s);
	fputs(str_text(&clean), stdout);
}

static void
print_values(const json_t *values)
{
	const json_t *v;
	size_t i;

	json_array_foreach(values, i, v) {
		fputs(i ? ", " : "", stdout);
		print_clean(report_text(v, "name"));
		putchar('=');
		print_clean(report_text(v, "value"));
	}
}

static void
print_request(const json_t *r)
{
	const json_t *repair = json_object_get(r, "repair"), *near = json_object_get(r, "near");
	const char *at = report_text(r, "at");

	fputs("  ", stdout);
	print_clean(report_text(r, "name"));
	fputs(": asked ", stdout);
	print_clean(report_text(r, "asked"));
	fputs(" (", stdout);
	print_clean(report_text(r, "origin"));
	fputs("), got ", stdout);
	print_clean(report_text(r, "got"));
	fputs(": ", stdout);
	print_clean(report_text(r, "why"));
	if (*at) {
		fputs(" [", stdout);
		print_clean(at);
		putchar(']');
	}
	putchar('\n');
	for (size_t i = 0; i < json_array_size(near); i++) {
		const char *near_name = json_string_value(json_array_get(near, i));

		fputs(i ? ", " : "      = near are: ", stdout);
		print_clean(near_name ? near_name : "");
	}
	fputs(json_array_size(near) ? "\n" : "", stdout);
	if (!json_array_size(repair))
		return;
	fputs("      = would hold with ", stdout);
	print_values(repair);
	putchar('\n');
}

static void
print_machine(const json_t *m)
{
	const json_t *missing = json_object_get(m, "missing"), *one;
	bool boots = json_is_true(json_object_get(m, "boots"));
	size_t i;

	print_clean(report_text(m, "name"));
	puts(boots ? ": boots" : ": does not boot, it lacks");
	json_array_foreach(missing, i, one) {
		fputs("  ", stdout);
		print_clean(report_text(one, "name"));
		putchar('=');
		print_clean(report_text(one, "want"));
		fputs(" (", stdout);
		print_clean(report_text(one, "got"));
		fputs(")", stdout);
		fputs(*report_text(one, "why") ? ": " : "", stdout);
		print_clean(report_text(one, "why"));
		putchar('\n');
	}
	if (!boots) {
		fputs("      = msmv kconfig fix --machine ", stdout);
		print_clean(report_text(m, "name"));
		puts(" asks for it");
	}
}

void
report_print(const json_t *report)
{
	const json_t *requests = json_object_get(report, "requests"), *one;
	size_t i, broken = report_broken(report);

	fputs("Linux ", stdout);
	print_clean(report_text(report, "kernel"));
	printf(": %zu option%s asked, %zu hold%s\n", json_array_size(requests),
		json_array_size(requests) == 1 ? "" : "s", json_array_size(requests) - broken,
		json_array_size(requests) - broken == 1 ? "s" : "");
	json_array_foreach(requests, i, one)
		if (!holds(one))
			print_request(one);
	json_array_foreach(json_object_get(report, "machines"), i, one)
		print_machine(one);
}

/* ---- What would mend it ---------------------------------------------- */

static void
put(struct map *to, const char *name, const char *value)
{
	if (*name && *value)
		free(map_put(to, name, xstrdup(value)));
}

static void
put_all(struct map *to, const json_t *values, const char *key)
{
	const json_t *v;
	size_t i;

	json_array_foreach(values, i, v)
		put(to, report_text(v, "name"), report_text(v, key));
}

void
report_repair(const json_t *report, const char *machine, struct map *to)
{
	const json_t *all = json_object_get(report, "repair"), *one;
	size_t i;

	/* All together is proven; each alone may contradict another. */
	if (json_array_size(all))
		put_all(to, all, "value");
	else
		json_array_foreach(json_object_get(report, "requests"), i, one)
			if (!holds(one))
				put_all(to, json_object_get(one, "repair"), "value");
	json_array_foreach(json_object_get(report, "machines"), i, one)
		if (machine && streq(report_text(one, "name"), machine))
			put_all(to, json_object_get(one, "missing"), "want");
}
