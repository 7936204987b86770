/* SPDX-License-Identifier: GPL-3.0-only */
/* What a person sees of a run, played with made-up stages into memory. */
#include "cli/ui.h"

#include <msmv/plugin.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cli/ui_part.h"
#include "unit/unit.h"

static struct plugin_info plugin = { .name = (char *)(uintptr_t)"trial" };

struct play {
	struct ui ui;
	struct observer see;
	struct pipeline pipeline;
	struct stage *stage;
	struct job job;
	char *text;
	size_t len;
};

static void
open_play(struct play *p, bool json)
{
	*p = (struct play){ .pipeline = PIPELINE_INIT };
	ui_init(&p->ui, open_memstream(&p->text, &p->len), json);
	p->see = ui_observer(&p->ui);
	p->pipeline.name = xstrdup("demo");
	p->pipeline.recipe = xstrdup("/r/demo.toml");
	p->pipeline.arch = xstrdup("x86_64");
	p->stage = stage_new("kernel.build", &plugin);
	vec_push(&p->pipeline.stages, p->stage);
	p->job = (struct job){ .pipeline = &p->pipeline, .stage = p->stage,
		.proc = { .wire = -1 }, .log_path = xstrdup("/nowhere/kernel.build.log") };
}

static void
close_play(struct play *p)
{
	FILE *out = p->ui.out;

	ui_release(&p->ui);
	fclose(out);
	job_release(&p->job);
	pipeline_release(&p->pipeline);
	free(p->text);
}

static const char *
seen(struct play *p)
{
	fflush(p->ui.out);
	return p->text;
}

START_TEST(plain_lines)
{
	struct play p;

	open_play(&p, false);
	ck_assert_int_eq(p.ui.mode, UI_PLAIN);
	ck_assert_str_eq(ui_paint(&p.ui, "\033[1m"), "");
	ui_header(&p.ui, &p.pipeline, 1);
	p.job.why = xstrdup("it never ran here");
	p.job.started_ms = 1000;
	p.see.started(p.see.arg, &p.job);
	p.job.state = JOB_DONE;
	p.job.ended_ms = 73000;
	p.job.note = xstrdup("two\nlines");
	p.see.finished(p.see.arg, &p.job);
	ck_assert_str_eq(seen(&p), "demo \xc2\xb7 x86_64 \xc2\xb7 1 stage\n"
		"  run      kernel.build  it never ran here\n"
		"  done     kernel.build  1:12     two?lines\n");
	ck_assert_uint_eq(p.ui.ran, 1);
	close_play(&p);
}
END_TEST

START_TEST(cached_shows_size)
{
	struct play p;

	open_play(&p, false);
	p.job.state = JOB_CACHED;
	record_add(&p.job.result, "out", "image");
	record_add(&p.job.result, "size", "853000");
	p.see.finished(p.see.arg, &p.job);
	ck_assert_str_eq(seen(&p), "  cached   kernel.build  853 KB   \n");
	close_play(&p);
}
END_TEST

START_TEST(quiet_leaves_cached_out)
{
	struct play p;

	open_play(&p, false);
	p.ui.quiet = true;
	p.job.state = JOB_CACHED;
	p.see.finished(p.see.arg, &p.job);
	ck_assert_str_eq(seen(&p), "");
	ck_assert_uint_eq(p.ui.cached, 1);
	close_play(&p);
}
END_TEST

START_TEST(failure_tells_where_to_look)
{
	struct play p;

	open_play(&p, false);
	p.job.state = JOB_FAILED;
	p.job.started_ms = p.job.ended_ms = 1;
	p.job.message = xstrdup("make ended with status 2");
	p.see.finished(p.see.arg, &p.job);
	ck_assert_ptr_nonnull(strstr(seen(&p), "error: kernel.build: make ended with status 2\n"));
	ck_assert_ptr_nonnull(strstr(p.text, "whole log: /nowhere/kernel.build.log\n"));
	ck_assert_ptr_nonnull(strstr(p.text, "/r/demo.toml"));
	ck_assert_ptr_nonnull(strstr(p.text, "--until kernel.build"));
	close_play(&p);
}
END_TEST

/* A plugin's warning reaches the person; its progress does not flood a pipe. */
START_TEST(frames)
{
	cleanup_record struct record progress = RECORD_INIT;
	cleanup_record struct record warning = RECORD_INIT;
	struct play p;

	open_play(&p, false);
	p.job.started_ms = 1;
	p.see.started(p.see.arg, &p.job);
	record_add(&progress, "type", "progress");
	record_add(&progress, "done", "5");
	record_add(&progress, "total", "10");
	for (int i = 0; i < 50; i++)
		p.see.frame(p.see.arg, &p.job, &progress);
	record_add(&warning, "type", "log");
	record_add(&warning, "level", "warning");
	record_add(&warning, "text", "slow \033[2Jmirror");
	p.see.frame(p.see.arg, &p.job, &warning);
	ck_assert_ptr_nonnull(strstr(seen(&p), "kernel.build: slow ?[2Jmirror\n"));
	ck_assert_ptr_null(strstr(p.text, "50 %"));
	close_play(&p);
}
END_TEST

START_TEST(json_lines)
{
	struct play p;

	open_play(&p, true);
	ck_assert_int_eq(p.ui.mode, UI_JSON);
	ui_header(&p.ui, &p.pipeline, 1);
	p.job.started_ms = 1000;
	p.see.started(p.see.arg, &p.job);
	p.job.state = JOB_DONE;
	p.job.ended_ms = 1500;
	p.see.finished(p.see.arg, &p.job);
	ck_assert_str_eq(seen(&p),
		"{\"event\":\"started\",\"stage\":\"kernel.build\"}\n"
		"{\"event\":\"finished\",\"stage\":\"kernel.build\",\"status\":\"done\","
		"\"duration_ms\":500}\n");
	close_play(&p);
}
END_TEST

START_TEST(words_of_states)
{
	static const struct {
		enum job_state state;
		const char *word;
	} table[] = { { JOB_CACHED, "cached" }, { JOB_DONE, "done" }, { JOB_FAILED, "failed" },
		{ JOB_CANCELLED, "skipped" }, { JOB_RUNNING, "run" } };
	const char *color;

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		ck_assert_str_eq(ui_word(table[i].state, &color), table[i].word);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("ui");

	tcase_add_test(t, plain_lines);
	tcase_add_test(t, cached_shows_size);
	tcase_add_test(t, quiet_leaves_cached_out);
	tcase_add_test(t, failure_tells_where_to_look);
	tcase_add_test(t, frames);
	tcase_add_test(t, json_lines);
	tcase_add_test(t, words_of_states);
	return unit_run("ui", t);
}
