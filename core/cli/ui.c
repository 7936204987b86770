/* SPDX-License-Identifier: GPL-3.0-only */
/* The three ways to show a run; see ui.h. */
#include "cli/ui.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/text.h"
#include "cli/ui_part.h"

enum { TICK_MS = 100 };

void
ui_init(struct ui *ui, FILE *out, bool json)
{
	const char *term = getenv("TERM"), *plain = getenv("NO_COLOR");
	bool tty = isatty(fileno(out)) && term && !streq(term, "dumb");
	struct winsize ws;

	*ui = (struct ui){ .out = out, .columns = 80, .rows = 24 };
	setvbuf(out, NULL, tty ? _IOFBF : _IOLBF, BUFSIZ);
	ui->mode = json ? UI_JSON : tty ? UI_TERMINAL : UI_PLAIN;
	ui->color = tty && !json && !(plain && *plain);
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

void
ui_say(struct ui *ui, const char *fmt, ...)
{
	size_t before = ui->said.len;
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&ui->said, fmt, ap);
	va_end(ap);
	fwrite(ui->said.p + before, 1, ui->said.len - before, ui->out);
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
	ui_say(ui, "%s%s%s%s%s \xc2\xb7 %zu stage%s\n", ui_paint(ui, BOLD), p->name,
		ui_paint(ui, PLAIN), p->arch ? " \xc2\xb7 " : "", p->arch ? p->arch : "", stages,
		stages == 1 ? "" : "s");
	fflush(ui->out);
}

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
		ui_running_line(ui, &s, ui->running.items[i].value);
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

		ui_line_head(ui, &s, JOB_RUNNING, j->stage->name);
		text_clean(&s, j->why ? j->why : "");
		fprintf(ui->out, "%s\n", str_text(&s));
	} else if (ui->mode == UI_JSON) {
		ui_json_event(ui, "started", j, j->why);
	}
	erase(ui);
	draw(ui);
}

static void
waiting(void *arg, const struct job *j)
{
	static const char why[] = "another msmv makes it";
	struct ui *ui = arg;
	cleanup_str struct str s = STR_INIT;

	if (ui->mode == UI_JSON) {
		ui_json_event(ui, "waiting", j, why);
	} else {
		ui_line_head(ui, &s, JOB_WAITING, j->stage->name);
		erase(ui);
		fprintf(ui->out, "%s%s\n", str_text(&s), why);
		draw(ui);
	}
}

/* Of every stage, so once is enough. */
static void
unclaimed(void *arg, const struct job *j, const char *why)
{
	struct ui *ui = arg;

	(void)j;
	if (ui->unclaimed)
		return;
	ui->unclaimed = true;
	erase(ui);
	fprintf(stderr, "msmv: note: what another msmv makes at the same time may be made twice: "
		"%s\n", why);
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
		ui_json_event(ui, "log", j, text);
	} else if (type && streq(type, "log") && text) {
		cleanup_str struct str s = STR_INIT;

		text_clean(&s, text);
		erase(ui);
		fprintf(ui->out, "  %s%s%s: %s\n", ui_paint(ui, YELLOW), j->stage->name,
			ui_paint(ui, PLAIN), str_text(&s));
		draw(ui);
	}
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
		ui_json_event(ui, "finished", j, NULL);
		return;
	}
	erase(ui);
	if (!(ui->quiet && j->state == JOB_CACHED)) {
		ui_finished_line(ui, &s, j);
		ui_say(ui, "%s\n", str_text(&s));
	}
	if (j->state == JOB_FAILED)
		ui_show_failure(ui, j);
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
		.waiting = waiting,
		.unclaimed = unclaimed,
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
	str_release(&ui->said);
}
