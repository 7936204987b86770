/* SPDX-License-Identifier: GPL-3.0-only */
/* What plugins find wrong with a recipe's options, at the place where it is written. */
#include <jansson.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cli/json.h"
#include "cli/ui_part.h"
#include "recipe/diag.h"

/* Of the item, else of the option, else of the stage. */
static struct pos
place_of(const struct stage *s, const struct problem *p)
{
	const struct stage_option *o = p->option ? stage_option_get(s, p->option) : NULL;

	struct pos pos = o ? stage_option_place(o, p->item) : POS_NONE;

	return pos.line ? pos : s->pos;
}

/* Whose key it is: a stage may have options of several sections. */
static const char *
section_of(const struct stage *s, const struct problem *p)
{
	const struct stage_option *o = p->option ? stage_option_get(s, p->option) : NULL;
	const char *section = o ? stage_option_section(o, p->item) : NULL;

	return section ? section : s->section;
}

static void
add_problem(struct diags *d, const struct stage *s, const struct problem *p)
{
	const char *section = section_of(s, p);

	diag_error(d, place_of(s, p), "%s%s%s", section ? section : "", section ? " " : "",
		p->text);
	if (p->hint)
		diag_hint(d, "%s", p->hint);
}

void
ui_problems_add(struct diags *d, const struct job *j)
{
	for (size_t i = 0; i < j->problems.len; i++)
		add_problem(d, j->stage, &j->problems.v[i]);
}

char *
ui_problems_text(const struct job *j)
{
	cleanup_diags struct diags d = DIAGS_INIT;

	sources_copy(&d.sources, &j->pipeline->sources);
	ui_problems_add(&d, j);
	if (j->problems.seen > j->problems.len)
		d.errors = j->problems.seen;
	return diags_text(&d);
}

static void
put(json_t *o, const char *name, const char *text)
{
	if (text)
		json_object_set_new(o, name, json_text(text));
}

json_t *
ui_problems_json(const struct job *j)
{
	json_t *all = json_array();

	for (size_t i = 0; i < j->problems.len; i++) {
		const struct problem *p = &j->problems.v[i];
		struct pos pos = place_of(j->stage, p);
		const struct source *source = sources_get(&j->pipeline->sources, pos.file);
		json_t *o = json_object();

		put(o, "file", source ? source->file : NULL);
		if (pos.line > 0) {
			json_object_set_new(o, "line", json_integer(pos.line));
			json_object_set_new(o, "column", json_integer(pos.column));
		}
		put(o, "section", section_of(j->stage, p));
		put(o, "option", p->option);
		put(o, "item", p->item);
		put(o, "text", p->text);
		put(o, "hint", p->hint);
		json_array_append_new(all, o);
	}
	return all;
}

void
ui_show_problems(struct ui *ui, const struct run *r)
{
	for (size_t i = 0; r->jobs && i < r->graph.len; i++) {
		const struct job *j = &r->jobs[i];
		cleanup_free char *text = NULL;

		if (!j->problems.len)
			continue;
		if (ui && ui->mode == UI_JSON)
			ui_json_event(ui, "problems", j, NULL);
		text = ui_problems_text(j);
		fputs(text, stderr);
	}
}
