/* SPDX-License-Identifier: GPL-3.0-only */
/* The lines of a run: one a stage, and what a person needs when one failed. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/text.h"
#include "cli/ui_part.h"

enum { TAIL_LINES = 15, LOG_TAIL_BYTES = 16384 };

static const struct {
	enum job_state state;
	const char *word, *color;
} words[] = {
	{ JOB_CACHED, "cached", DIM },
	{ JOB_DONE, "done", GREEN },
	{ JOB_FAILED, "failed", RED },
	{ JOB_CANCELLED, "skipped", YELLOW },
	{ JOB_RUNNING, "run", BOLD },
	{ JOB_WAITING, "waits", DIM },
};

const char *
ui_word(enum job_state state, const char **color)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (words[i].state == state) {
			*color = words[i].color;
			return words[i].word;
		}
	*color = "";
	return "?";
}

void
ui_line_head(const struct ui *ui, struct str *s, enum job_state state, const char *name)
{
	const char *color, *word = ui_word(state, &color);

	str_addf(s, "  %s%-8s%s %-*s  ", ui_paint(ui, color), word, ui_paint(ui, PLAIN),
		(int)ui->name_width, name);
}

static void
add_size(struct str *s, const struct job *j)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < j->result.len; i++)
		if (streq(j->result.fields[i].name, "size"))
			sum += strtoull(j->result.fields[i].value, NULL, 10);
	text_size(s, sum);
}

void
ui_finished_line(const struct ui *ui, struct str *s, const struct job *j)
{
	cleanup_str struct str time = STR_INIT;

	ui_line_head(ui, s, j->state, j->stage->name);
	if (j->state == JOB_CACHED)
		add_size(&time, j);
	else if (j->started_ms)
		text_duration(&time, j->ended_ms - j->started_ms);
	str_addf(s, "%-9s", str_text(&time));
	if (j->state == JOB_CANCELLED)
		text_clean(s, j->message ? j->message : "");
	if (j->state == JOB_FAILED || j->state == JOB_CANCELLED)
		return;
	if (j->note)
		text_clean(s, j->note);
	else if (j->state == JOB_DONE)
		add_size(s, j);
}

void
ui_running_line(const struct ui *ui, struct str *s, const struct ui_stage *u)
{
	int64_t ms = clock_ms() - u->job->started_ms;
	cleanup_str struct str time = STR_INIT;

	ui_line_head(ui, s, JOB_RUNNING, u->job->stage->name);
	text_duration(&time, ms);
	str_addf(s, "%-9s", str_text(&time));
	if (u->total)
		str_addf(s, "%3d %%  ", (int)(u->done * 100 / u->total));
	if (u->what)
		text_clean(s, u->what);
	if (u->total && u->done && u->done < u->total && ms > 3000) {
		str_reset(&time);
		text_duration(&time, (int64_t)((double)ms / (double)u->done *
					       (double)(u->total - u->done)));
		str_addf(s, "  eta %s", str_text(&time));
	}
}

/* What is wrong in the recipe is said at its place; the log adds nothing to it. */
static bool
show_problems(struct ui *ui, const struct job *j)
{
	cleanup_free char *text = NULL;

	if (!j->problems.len)
		return false;
	text = ui_problems_text(j);
	fputs(text, ui->out);
	return true;
}

/* The last lines of a log, indented. */
static void
show_tail(struct ui *ui, const char *path)
{
	FILE *f = fopen(path, "r");
	cleanup_free char *buf = xmalloc(LOG_TAIL_BYTES + 1);
	size_t n, start;
	int lines = 0;

	if (!f)
		return;
	if (fseek(f, -LOG_TAIL_BYTES, SEEK_END) < 0)
		rewind(f);
	n = fread(buf, 1, LOG_TAIL_BYTES, f);
	fclose(f);
	buf[n] = '\0';
	while (n && buf[n - 1] == '\n')
		buf[--n] = '\0';
	for (start = n; start > 0; start--)
		if (buf[start - 1] == '\n' && ++lines == TAIL_LINES)
			break;
	for (char *p = buf + start; n && p; ) {
		char *end = strchr(p, '\n');
		cleanup_str struct str s = STR_INIT;

		if (end)
			*end = '\0';
		text_clean(&s, p);
		fprintf(ui->out, "    %s| %s%s\n", ui_paint(ui, DIM), str_text(&s),
			ui_paint(ui, PLAIN));
		p = end ? end + 1 : NULL;
	}
}

/* What a person can do about it. */
static void
show_way_on(struct ui *ui, const struct job *j)
{
	const char *recipe = j->pipeline->recipe;
	const char *quote = strpbrk(recipe, " \t$&;()*?<>|\"") ? "'" : "";

	fprintf(ui->out, "  whole log: %s\n", j->log_path);
	if (ui->elsewhere)
		fprintf(ui->out, "  it was made here, so it takes the path, user, host, time, CPUs or "
			"order of files for granted\n  try again: msmv verify %s%s%s\n", quote,
			recipe, quote);
	else
		fprintf(ui->out, "  run it again: msmv run %s%s%s --until %s\n", quote, recipe,
			quote, j->stage->name);
}

void
ui_show_failure(struct ui *ui, const struct job *j)
{
	cleanup_str struct str cause = STR_INIT;
	bool placed = show_problems(ui, j);

	text_clean_lines(&cause, j->message ? j->message : "failed");
	if (!placed || !j->message || !problems_say(&j->problems, j->message))
		fprintf(ui->out, "%serror:%s %s: %s\n", ui_paint(ui, RED BOLD),
			ui_paint(ui, PLAIN), j->stage->name, str_text(&cause));
	if (!j->started_ms)
		return;
	if (!placed) {
		fprintf(ui->out, "  the end of its log:\n");
		show_tail(ui, j->log_path);
	}
	show_way_on(ui, j);
}
