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

/* "it needs NET (NET=n) [net/unix/Kconfig:6]; would hold with: NET=y" */
static void
add_reason(const json_t *request, struct text *to)
{
	cleanup_text struct text repair = { 0 };

	text_add(to, member(request, "why"));
	if (*member(request, "at"))
		text_addf(to, " [%s]", member(request, "at"));
	add_repair(request, &repair);
	if (repair.len)
		text_addf(to, "; would hold with: %s", repair.p);
}

static void
add_line(const json_t *request, struct text *to)
{
	text_addf(to, "%s: asked %s (%s), got %s: ", member(request, "name"),
		member(request, "asked"), member(request, "origin"), member(request, "got"));
	add_reason(request, to);
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
	s->host->log(s, MSMV_LOG_INFO, "%s%s", waived ? "waived: " : "", line.p);
	if (waived)
		n->waived++;
	else if (n->broken++ < SHOWN)
		text_addf(report, "\n  %s", line.p);
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
	if (n.broken > SHOWN)
		text_addf(&report, "\n  and %zu more, all in the log", n.broken - SHOWN);
	if (n.broken && enforce)
		return s->host->fail(s, MSMV_FAIL_RECIPE,
			"Linux %s gives %zu of %zu options otherwise than asked:%s\nAsk for what they "
			"need in [kernel.options] (msmv kconfig fix does it), or name them in "
			"kernel.options_unchecked", version, n.broken, n.asked, report.p);
	note(s, &n, version);
	return 0;
}
