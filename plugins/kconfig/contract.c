/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The kernel's configuration program drops without a word what it cannot give.
 * A kernel that lacks an asked option must not be built at all, so each request
 * is compared with the result here, before any compiling, and each difference
 * is told with its reason.
 */
#include "contract.h"

#include <string.h>

enum { SHOWN = 20 };

struct count {
	size_t asked, held, waived, broken;
};

static const char *
member(const json_t *request, const char *name)
{
	const char *text = json_string_value(json_object_get(request, name));

	return text ? text : "";
}

static void
add_repair(const json_t *request, struct text *to)
{
	const json_t *setting;
	size_t i;

	json_array_foreach(json_object_get(request, "repair"), i, setting)
		text_addf(to, "%s%s=%s", i ? " " : "", member(setting, "name"),
			member(setting, "value"));
}

/* "UNIX: asked y (recipe), got n: it needs NET (NET=n) [net/unix/Kconfig:6]" */
static void
add_line(const json_t *request, struct text *to)
{
	text_addf(to, "%s: asked %s (%s), got %s: %s", member(request, "name"),
		member(request, "asked"), member(request, "origin"), member(request, "got"),
		member(request, "why"));
	if (*member(request, "at"))
		text_addf(to, " [%s]", member(request, "at"));
}

static void
add_hint(const json_t *request, const char *before, struct text *to)
{
	cleanup_text struct text repair = { 0 };

	add_repair(request, &repair);
	if (repair.len)
		text_addf(to, "%swould hold with: %s", before, repair.p);
}

/* The key by which the recipe asks for the option: with CONFIG_ or without. */
static const char *
recipe_key(struct msmv_stage *s, const char *name)
{
	for (size_t i = 0; i < s->host->option_count(s, "options"); i++) {
		const char *key = s->host->option_key(s, "options", i);

		if (strcmp(request_bare(key), name) == 0)
			return key;
	}
	return NULL;
}

/* Points at the request's place in the recipe, where the host can. */
static void
point(const struct requests *r, const json_t *request)
{
	static const char profile[] = "profile ";
	struct msmv_stage *s = r->stage;
	const char *origin = member(request, "origin");
	bool by_profile = strncmp(origin, profile, sizeof(profile) - 1) == 0;
	cleanup_text struct text line = { 0 }, hint = { 0 };

	if (!MSMV_HAS(s->host, problem))
		return;
	add_line(request, &line);
	add_hint(request, "", &hint);
	if (hint.len)
		text_add(&hint, "\nmsmv kconfig fix asks for that");
	else if (strcmp(member(request, "kind"), "unknown") == 0)
		text_add(&hint, "spell it as the kernel does, or leave it out");
	else
		text_add(&hint, "nothing further makes it hold; ask otherwise, or name it in "
			"options_unchecked");
	if (by_profile)
		s->host->problem(s, "profiles", request_profile(r, origin + sizeof(profile) - 1),
			line.p, hint.p);
	else if (strcmp(origin, "recipe") == 0)
		s->host->problem(s, "options", recipe_key(s, member(request, "name")), line.p,
			hint.p);
	else
		s->host->problem(s, NULL, NULL, line.p, hint.p);
}

static void
check_one(const struct requests *r, const json_t *request, struct count *n, struct text *report)
{
	struct msmv_stage *s = r->stage;
	cleanup_text struct text line = { 0 };
	bool waived = json_is_true(json_object_get(request, "waived"));

	n->asked++;
	if (json_is_true(json_object_get(request, "holds"))) {
		n->held++;
		return;
	}
	add_line(request, &line);
	add_hint(request, "; ", &line);
	s->host->log(s, MSMV_LOG_INFO, "%s%s", waived ? "waived: " : "", line.p);
	if (waived)
		n->waived++;
	else if (n->broken++ < SHOWN)
		text_addf(report, "\n  %s", line.p);
}

/* Says what is wrong, at its places and in one text for hosts that know no places. */
static int
refuse(const struct requests *r, const json_t *answer, const struct count *n,
	const char *version, struct text *report)
{
	const json_t *request;
	size_t i;

	json_array_foreach(json_object_get(answer, "requests"), i, request) {
		if (!json_is_true(json_object_get(request, "holds")) &&
		    !json_is_true(json_object_get(request, "waived")))
			point(r, request);
	}
	if (n->broken > SHOWN)
		text_addf(report, "\n  and %zu more, all in the log", n->broken - SHOWN);
	return r->stage->host->fail(r->stage, MSMV_FAIL_RECIPE,
		"Linux %s gives %zu of %zu options otherwise than asked:%s\nAsk for what they need "
		"in [kernel.options] (msmv kconfig fix does it), or name them in "
		"kernel.options_unchecked", version, n->broken, n->asked, report->p);
}

static void
note(struct msmv_stage *s, const struct count *n, const char *version)
{
	if (n->broken)
		s->host->note(s, "Linux %s: %zu options asked, %zu hold, %zu do not", version,
			n->asked, n->held, n->broken);
	else if (n->waived)
		s->host->note(s, "Linux %s: %zu options asked, %zu hold, %zu waived", version,
			n->asked, n->held, n->waived);
	else
		s->host->note(s, "Linux %s: %zu options asked, %zu hold", version, n->asked,
			n->held);
}

int
contract_check(const struct requests *r, const json_t *answer, const char *version,
	bool enforce)
{
	struct msmv_stage *s = r->stage;
	cleanup_text struct text report = { 0 };
	const json_t *request;
	struct count n = { 0 };
	size_t i;

	json_array_foreach(json_object_get(answer, "requests"), i, request)
		check_one(r, request, &n, &report);
	if (n.broken && enforce)
		return refuse(r, answer, &n, version, &report);
	note(s, &n, version);
	return 0;
}
