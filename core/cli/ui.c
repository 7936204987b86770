/* SPDX-License-Identifier: GPL-3.0-only */
/* The three ways to show a run; see ui.h. */
#include "cli/ui.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "cli/text.h"

enum { TICK_MS = 100, TAIL_LINES = 15, LOG_TAIL_BYTES = 16384 };

#define RED "\033[31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define BOLD "\033[1m"
#define DIM "\033[2m"
#define PLAIN "\033[0m"

struct ui_stage {
	const struct job *job;
	uint64_t done, total;
	char *what;
};

static const struct {
	enum job_state state;
	const char *word, *color;
} words[] = {
	{ JOB_CACHED, "cached", DIM },
	{ JOB_DONE, "done", GREEN },
	{ JOB_FAILED, "failed", RED },
	{ JOB_CANCELLED, "skipped", YELLOW },
	{ JOB_RUNNING, "run", BOLD },
};

void
ui_init(struct ui *ui, FILE *out, bool json)
{
	const char *term = getenv("TERM");
	bool tty = isatty(fileno(out)) && term && !streq(term, "dumb");
	struct winsize ws;

	*ui = (struct ui){ .out = out, .columns = 80, .rows = 24 };
	setvbuf(out, NULL, tty ? _IOFBF : _IOLBF, BUFSIZ);
	ui->mode = json ? UI_JSON : tty ? UI_TERMINAL : UI_PLAIN;
	ui->color = tty && !json && !(getenv("NO_COLOR") && *getenv("NO_COLOR"));
	if (tty && ioctl(fileno(out), TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0) {
		ui->columns = ws.ws_col;
		ui->rows = ws.ws_row > 2 ? ws.ws_row : 24;
	}
}

const char *
ui_paint(const struct ui *ui, const char *code)
{
	return ui->color ? code : "";
}

static const char *
word_of(enum job_state state, const char **color)
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
ui_header(struct ui *ui, const struct pipeline *p, size_t stages)
{
	for (size_t i = 0; i < p->stages.len; i++) {
		size_t n = strlen(p->stages.v[i]->name);

		if (n > ui->name_width)
			ui->name_width = n;
	}
	if (ui->mode == UI_JSON)
		return;
	fprintf(ui->out, "%s%s%s%s%s \xc2\xb7 %zu stage%s\n", ui_paint(ui, BOLD), p->name,
		ui_paint(ui, PLAIN), p->arch ? " \xc2\xb7 " : "", p->arch ? p->arch : "", stages,
		stages == 1 ? "" : "s");
	fflush(ui->out);
}

/* ---- One line a stage ------------------------------------------------ */

static void
line_head(const struct ui *ui, struct str *s, enum job_state state, const char *name)
{
	const char *color, *word = word_of(state, &color);

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

static void
finished_line(const struct ui *ui, struct str *s, const struct job *j)
{
	cleanup_str struct str time = STR_INIT;

	line_head(ui, s, j->state, j->stage->name);
	if (j->state == JOB_CACHED)
		add_size(&time, j);
	else if (j->started_ms)
		text_duration(&time, j->ended_ms - j->started_ms);
	str_addf(s, "%-9s", str_text(&time));
	if (j->state == JOB_FAILED || j->state == JOB_CANCELLED)
		return;
	if (j->note)
		text_clean(s, j->note);
	else if (j->state == JOB_DONE)
		add_size(s, j);
}

static void
running_line(const struct ui *ui, struct str *s, const struct ui_stage *u)
{
	int64_t ms = clock_ms() - u->job->started_ms;
	cleanup_str struct str time = STR_INIT;

	line_head(ui, s, JOB_RUNNING, u->job->stage->name);
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

/* ---- The terminal ---------------------------------------------------- */

static void
erase(struct ui *ui)
{
	if (ui->live)
		fprintf(ui->out, "\033[%dA\033[J", ui->live);
	ui->live = 0;
}

static void
draw(struct ui *ui)
{
	if (ui->mode != UI_TERMINAL)
		return;
	for (size_t i = 0; i < ui->running.len && ui->live < ui->rows - 2; i++) {
		cleanup_str struct str s = STR_INIT;

		if (!ui->running.items[i].value)
			continue;
		running_line(ui, &s, ui->running.items[i].value);
		/* Colour codes take no columns; two of them are in every line. */
		text_cut(&s, (size_t)ui->columns - 1 + (ui->color ? 8 : 0));
		fprintf(ui->out, "%s\n", str_text(&s));
		ui->live++;
	}
	fflush(ui->out);
	ui->drawn_ms = clock_ms();
}

static void
tick(void *arg)
{
	struct ui *ui = arg;

	if (clock_ms() - ui->drawn_ms < TICK_MS)
		return;
	erase(ui);
	draw(ui);
}

/* ---- JSON ------------------------------------------------------------ */

static void
json_event(struct ui *ui, const char *event, const struct job *j, const char *text)
{
	json_t *o = json_object();
	const char *color;
	char *line;

	json_object_set_new(o, "event", json_string(event));
	json_object_set_new(o, "stage", json_string(j->stage->name));
	if (streq(event, "finished"))
		json_object_set_new(o, "status", json_string(word_of(j->state, &color)));
	if (*j->key)
		json_object_set_new(o, "key", json_string(j->key));
	if (j->ended_ms)
		json_object_set_new(o, "duration_ms", json_integer(j->ended_ms - j->started_ms));
	if (text)
		json_object_set_new(o, "text", json_string(text));
	if (j->message)
		json_object_set_new(o, "message", json_string(j->message));
	if (j->note)
		json_object_set_new(o, "note", json_string(j->note));
	if (j->state == JOB_FAILED)
		json_object_set_new(o, "log", json_string(j->log_path));
	line = json_dumps(o, JSON_COMPACT);
	if (line)
		fprintf(ui->out, "%s\n", line);
	free(line);
	json_decref(o);
	fflush(ui->out);
}

/* ---- Events ---------------------------------------------------------- */

static void
started(void *arg, const struct job *j)
{
	struct ui *ui = arg;
	struct ui_stage *u = xcalloc(1, sizeof(*u));

	u->job = j;
	free(map_put(&ui->running, j->stage->name, u));
	if (ui->mode == UI_PLAIN) {
		cleanup_str struct str s = STR_INIT;

		line_head(ui, &s, JOB_RUNNING, j->stage->name);
		str_add(&s, j->why ? j->why : "");
		fprintf(ui->out, "%s\n", str_text(&s));
	} else if (ui->mode == UI_JSON) {
		json_event(ui, "started", j, j->why);
	}
	erase(ui);
	draw(ui);
}

static void
frame(void *arg, const struct job *j, const struct record *r)
{
	struct ui *ui = arg;
	struct ui_stage *u = map_get(&ui->running, j->stage->name);
	const char *type = record_get(r, "type"), *text = record_get(r, "text");

	if (type && streq(type, "progress") && u) {
		const char *what = record_get(r, "what");

		u->done = (uint64_t)record_get_int(r, "done", 0);
		u->total = (uint64_t)record_get_int(r, "total", 0);
		free(u->what);
		u->what = what && *what ? xstrdup(what) : NULL;
	} else if (type && streq(type, "log") && text && ui->mode == UI_JSON) {
		json_event(ui, "log", j, text);
	} else if (type && streq(type, "log") && text) {
		cleanup_str struct str s = STR_INIT;

		text_clean(&s, text);
		erase(ui);
		fprintf(ui->out, "  %s%s%s: %s\n", ui_paint(ui, YELLOW), j->stage->name,
			ui_paint(ui, PLAIN), str_text(&s));
		draw(ui);
	}
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

static void
show_failure(struct ui *ui, const struct job *j)
{
	fprintf(ui->out, "%serror:%s %s: %s\n", ui_paint(ui, RED BOLD), ui_paint(ui, PLAIN),
		j->stage->name, j->message ? j->message : "failed");
	if (!j->started_ms)
		return;
	fprintf(ui->out, "  the end of its log:\n");
	show_tail(ui, j->log_path);
	fprintf(ui->out, "  whole log: %s\n  run it again: msmv run %s --until %s\n", j->log_path,
		j->pipeline->recipe, j->stage->name);
}

static void
finished(void *arg, const struct job *j)
{
	struct ui *ui = arg;
	struct ui_stage *u = map_put(&ui->running, j->stage->name, NULL);
	cleanup_str struct str s = STR_INIT;

	if (u)
		free(u->what);
	free(u);
	ui->ran += j->state == JOB_DONE;
	ui->cached += j->state == JOB_CACHED;
	if (ui->mode == UI_JSON) {
		json_event(ui, "finished", j, NULL);
		return;
	}
	erase(ui);
	if (!(ui->quiet && j->state == JOB_CACHED)) {
		finished_line(ui, &s, j);
		fprintf(ui->out, "%s\n", str_text(&s));
	}
	if (j->state == JOB_FAILED)
		show_failure(ui, j);
	draw(ui);
}

static void
interrupted(void *arg)
{
	struct ui *ui = arg;

	if (ui->mode == UI_JSON)
		return;
	erase(ui);
	fprintf(ui->out, "stopping: finished stages are kept, the next run goes on from there\n");
	draw(ui);
}

struct observer
ui_observer(struct ui *ui)
{
	return (struct observer){ .arg = ui,
		.started = started,
		.frame = frame,
		.finished = finished,
		.tick = ui->mode == UI_TERMINAL ? tick : NULL,
		.tick_ms = TICK_MS,
		.interrupted = interrupted };
}

static void
free_stage(void *p)
{
	struct ui_stage *u = p;

	if (u)
		free(u->what);
	free(u);
}

void
ui_release(struct ui *ui)
{
	erase(ui);
	fflush(ui->out);
	map_release(&ui->running, free_stage);
}
