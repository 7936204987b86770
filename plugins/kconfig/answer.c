/* SPDX-License-Identifier: GPL-3.0-only */
/* report.json: all that is known of the requests, for programs; README.md has its form. */
#include "answer.h"

#include <errno.h>
#include <string.h>

enum { FORM = 1 };

json_t *
answer_read(struct msmv_stage *s, const char *path)
{
	json_error_t e;
	json_t *answer = json_load_file(path, 0, &e);

	if (!answer || !json_is_array(json_object_get(answer, "requests"))) {
		s->host->fail(s, MSMV_FAIL_TOOL, "the kernel's configuration program gave no "
			"answer that can be read: %s", answer ? "no requests" : e.text);
		json_decref(answer);
		return NULL;
	}
	return answer;
}

static json_t *
missing_of(const json_t *answer, const char *machine)
{
	json_t *missing = json_array();
	json_t *need;
	size_t i;

	json_array_foreach(json_object_get(answer, "needs"), i, need) {
		const char *of = json_string_value(json_object_get(need, "machine"));
		json_t *copy;

		if (!of || strcmp(of, machine) != 0 ||
		    json_is_true(json_object_get(need, "holds")))
			continue;
		copy = json_copy(need);
		json_object_del(copy, "machine");
		json_object_del(copy, "holds");
		json_array_append_new(missing, copy);
	}
	return missing;
}

static json_t *
machines_of(const json_t *answer, const struct list *machines)
{
	json_t *all = json_array();

	for (size_t i = 0; i < machines->len; i++) {
		json_t *missing = missing_of(answer, machines->v[i]);

		json_array_append_new(all, json_pack("{s:s, s:b, s:o}", "name", machines->v[i],
			"boots", json_array_size(missing) == 0, "missing", missing));
	}
	return all;
}

int
answer_report(struct msmv_stage *s, const json_t *answer, const char *version,
	const struct list *machines)
{
	const char *path = s->host->output_path(s, "report");
	json_t *changed = json_object_get(answer, "changed");
	json_t *report = json_pack("{s:i, s:s, s:s, s:O, s:O, s:o}", "v", FORM, "kernel", version,
		"arch", s->host->arch(s, "kernel.arch"), "requests",
		json_object_get(answer, "requests"), "repair", json_object_get(answer, "repair"),
		"machines", machines_of(answer, machines));
	int bad;

	if (report && changed)
		json_object_set(report, "changed", changed);
	bad = !report || json_dump_file(report, path, JSON_INDENT(1)) < 0;
	json_decref(report);
	return bad ? s->host->fail(s, MSMV_FAIL_SYSTEM, "%s: %s", path, strerror(errno)) : 0;
}
