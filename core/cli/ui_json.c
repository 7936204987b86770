/* SPDX-License-Identifier: GPL-3.0-only */
/* A run for programs: one JSON object a line. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "cli/json.h"
#include "cli/ui_part.h"

void
ui_json_event(struct ui *ui, const char *event, const struct job *j, const char *text)
{
	json_t *o = json_object();
	const char *color;
	char *line;

	json_object_set_new(o, "event", json_text(event));
	json_object_set_new(o, "stage", json_text(j->stage->name));
	if (streq(event, "finished"))
		json_object_set_new(o, "status", json_text(ui_word(j->state, &color)));
	if (*j->key)
		json_object_set_new(o, "key", json_text(j->key));
	if (j->ended_ms)
		json_object_set_new(o, "duration_ms", json_integer(j->ended_ms - j->started_ms));
	if (text)
		json_object_set_new(o, "text", json_text(text));
	if (j->message)
		json_object_set_new(o, "message", json_text(j->message));
	if (j->note)
		json_object_set_new(o, "note", json_text(j->note));
	if (j->problems.len)
		json_object_set_new(o, "problems", ui_problems_json(j));
	if (j->state == JOB_FAILED)
		json_object_set_new(o, "log", json_text(j->log_path));
	line = json_dumps(o, JSON_COMPACT);
	if (line)
		fprintf(ui->out, "%s\n", line);
	free(line);
	json_decref(o);
	fflush(ui->out);
}

/* What the run cost: all of it, its longest chain of stages, and the engine itself. */
void
ui_json_end(struct ui *ui, const struct run *r, int code, int64_t wall_ms)
{
	json_t *o = json_object();
	struct rusage ru;
	char *line;

	getrusage(RUSAGE_SELF, &ru);
	json_object_set_new(o, "event", json_text("end"));
	json_object_set_new(o, "exit", json_integer(code));
	json_object_set_new(o, "ran", json_integer((json_int_t)ui->ran));
	json_object_set_new(o, "cached", json_integer((json_int_t)ui->cached));
	json_object_set_new(o, "wall_ms", json_integer(wall_ms));
	json_object_set_new(o, "critical_path_ms", json_integer(run_critical_path_ms(r)));
	json_object_set_new(o, "engine_cpu_us", json_integer(
		(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1000000 + ru.ru_utime.tv_usec +
		ru.ru_stime.tv_usec));
	json_object_set_new(o, "engine_peak_kb", json_integer(ru.ru_maxrss));
	line = json_dumps(o, JSON_COMPACT);
	if (line)
		fprintf(ui->out, "%s\n", line);
	free(line);
	json_decref(o);
}
