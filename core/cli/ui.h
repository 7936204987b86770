/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What a person sees of a run. On a terminal running stages redraw in place below
 * the finished ones; in a pipe there is one plain line an event; with --json one
 * object a line.
 */
#ifndef MSMV_CLI_UI_H
#define MSMV_CLI_UI_H

#include <stdio.h>

#include "base/map.h"
#include "recipe/diag.h"
#include "run/runner.h"

enum ui_mode { UI_PLAIN, UI_TERMINAL, UI_JSON };

struct ui {
	FILE *out;
	enum ui_mode mode;
	bool color;
	bool quiet;         /* cached stages are not shown */
	bool unclaimed;     /* that was said */
	bool elsewhere;     /* it is msmv verify's second run: msmv run would show nothing of it */
	int live;           /* lines on the screen that will be redrawn */
	int columns, rows;
	size_t name_width;
	struct map running; /* stage name -> struct ui_stage */
	int64_t drawn_ms;
	size_t ran, cached; /* counted */
	struct str said;    /* by ui_say, all of it */
};

/* Chooses the mode by out and the environment (NO_COLOR, TERM). */
void ui_init(struct ui *ui, FILE *out, bool json);
void ui_header(struct ui *ui, const struct pipeline *p, size_t stages);
struct observer ui_observer(struct ui *ui);
/* For out, and kept: all that a run says when it has nothing to do. */
void ui_say(struct ui *ui, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Colour only where there is a terminal; "" otherwise. */
const char *ui_paint(const struct ui *ui, const char *code);
/* What a plugin finds wrong in the recipe whose sources d has. */
void ui_problems_add(struct diags *d, const struct job *j);
/* After a run_open that failed: what plugins find wrong in the recipe, on standard error,
   and for programs on ui's output too. ui may be NULL. */
void ui_show_problems(struct ui *ui, const struct run *r);
/* The last object of --json. */
void ui_json_end(struct ui *ui, const struct run *r, int code, int64_t wall_ms);
void ui_release(struct ui *ui);

#endif
