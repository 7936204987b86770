/* SPDX-License-Identifier: GPL-3.0-only */
/* Shared by the files of the user interface only. */
#ifndef MSMV_CLI_UI_PART_H
#define MSMV_CLI_UI_PART_H

#include <jansson.h>

#include "cli/ui.h"

#define RED "\033[31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define BOLD "\033[1m"
#define DIM "\033[2m"
#define PLAIN "\033[0m"

/* A stage that runs, as last heard of. */
struct ui_stage {
	const struct job *job;
	uint64_t done, total;
	char *what;
};

/* "done", "failed" ..., and its colour. */
const char *ui_word(enum job_state state, const char **color);
void ui_line_head(const struct ui *ui, struct str *s, enum job_state state, const char *name);
void ui_finished_line(const struct ui *ui, struct str *s, const struct job *j);
void ui_running_line(const struct ui *ui, struct str *s, const struct ui_stage *u);
/* As a person reads what a stage's plugin finds wrong in the recipe; the caller frees. */
char *ui_problems_text(const struct job *j);
json_t *ui_problems_json(const struct job *j);
/* Cause, the log's end, where all of it is, how to run it again. */
void ui_show_failure(struct ui *ui, const struct job *j);
void ui_json_event(struct ui *ui, const char *event, const struct job *j, const char *text);

#endif
