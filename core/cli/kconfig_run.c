/* SPDX-License-Identifier: GPL-3.0-only */
/* A recipe's pipeline, run up to its kernel's configuration, which reports and never fails. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "cli/kconfig_part.h"
#include "cli/ui.h"

#define PREFIX "CONFIG_"

enum { REPORT_MAX = 64 * 1024 * 1024 };

static struct stage_option *
option(struct stage *s, const char *name)
{
	for (size_t i = 0; i < s->options.len; i++)
		if (streq(s->options.v[i].name, name))
			return &s->options.v[i];
	return NULL;
}

/* As it would be if the recipe said nothing of it: with no value. */
static struct stage_option *
emptied(struct stage *s, const char *name)
{
	const struct option_info *info = plugin_option(s->plugin, name);
	struct stage_option *o = option(s, name);

	if (!o && info)
		return stage_add_option(s, info->name, info->type, info->flags);
	for (; o && o->count; o->count--) {
		free(o->values[o->count - 1]);
		free(o->sections[o->count - 1]);
	}
	if (o)
		free(o->values);
	if (o)
		free(o->places);
	if (o)
		free(o->sections);
	if (o)
		o->values = NULL, o->places = NULL, o->sections = NULL;
	return o;
}

void
kconfig_set(struct kconfig *k, const char *name, const char *value)
{
	struct stage_option *o = emptied(k->stage, name);

	if (o)
		stage_option_add(o, NULL, value);
}

static const char *
bare(const char *name)
{
	return str_starts(name, PREFIX) ? name + strlen(PREFIX) : name;
}

void
kconfig_ask(struct kconfig *k, const char *name, const char *value)
{
	const struct option_info *info = plugin_option(k->stage->plugin, "options");
	struct stage_option *o = option(k->stage, "options");

	if (!o && info)
		o = stage_add_option(k->stage, info->name, info->type, info->flags);
	if (!o)
		return;
	for (size_t i = 0; i < o->count; i++) {
		if (!streq(bare(o->keys[i]), name))
			continue;
		free(o->values[i]);
		o->values[i] = xstrdup(value);
		return;
	}
	stage_option_add(o, name, value);
}

char *
kconfig_key(const struct kconfig *k, const char *name)
{
	const struct stage_option *o = stage_option_get(k->stage, "options");

	for (size_t i = 0; o && i < o->count; i++)
		if (streq(bare(o->keys[i]), name))
			return xstrdup(o->keys[i]);
	return xstrdup(name);
}

/* That of [kernel], or one that the recipe makes itself. */
static int
find_stage(struct kconfig *k, const char *recipe)
{
	const struct pipeline *p = &k->session.pipeline;

	for (size_t i = 0; i < p->stages.len; i++) {
		if (!stage_provides(p->stages.v[i], "config:"))
			continue;
		if (k->stage)
			return complain(EXIT_USAGE, "%s makes several kernels (%s, %s): choose one "
				"with --arch", recipe, k->stage->name, p->stages.v[i]->name);
		k->stage = p->stages.v[i];
	}
	if (!k->stage)
		return complain(EXIT_FAILED, "%s makes no kernel: it has no [kernel]", recipe);
	if (plugin_output(k->stage->plugin, "report") &&
	    plugin_option(k->stage->plugin, "contract"))
		return 0;
	return complain(EXIT_FAILED, "plugin %s, which configures the kernel of %s, makes no "
		"report (msmv plugins info %s)", k->stage->plugin->name, recipe,
		k->stage->plugin->name);
}

int
kconfig_open(struct kconfig *k, const struct args *args, const char *recipe)
{
	int code;

	memset(k, 0, sizeof(*k));
	code = session_open(&k->session, args);
	if (code == 0)
		code = session_plugins(&k->session);
	if (code == 0)
		code = session_recipe(&k->session, recipe, args);
	if (code == 0)
		code = find_stage(k, recipe);
	if (code == 0)
		kconfig_set(k, "contract", "report");
	return code;
}

/* ---- Running --------------------------------------------------------- */

static int
read_report(struct kconfig *k, const struct job *j)
{
	const struct store *store = &k->session.ctx.store;
	const char *report = job_output(j, "report", "digest");
	const char *config = job_output(j, "config", "digest");
	cleanup_free char *path = report ? store_blob_path(store, report) : NULL;
	cleanup_str struct str text = STR_INIT;
	json_error_t e;

	if (!path || !config)
		return complain(EXIT_FAILED, "stage %s made no report", k->stage->name);
	if (fs_read(path, REPORT_MAX, &text, NULL) == 0)
		k->report = json_loadb(str_text(&text), text.len, 0, &e);
	if (!k->report || !json_is_array(json_object_get(k->report, "requests")))
		return complain(EXIT_FAILED, "the report of stage %s is malformed",
			k->stage->name);
	k->config = store_blob_path(store, config);
	return 0;
}

static void
forget(struct kconfig *k)
{
	json_decref(k->report);
	free(k->config);
	k->report = NULL;
	k->config = NULL;
}

/* What runs is shown on standard error: the answer alone is the output. */
static int
execute(struct kconfig *k, struct ui *ui, struct run *r)
{
	int code;

	code = run_execute(r);
	if (code == RUN_INTERRUPTED)
		return complain(EXIT_INTERRUPTED, "interrupted");
	if (code != RUN_OK)
		return EXIT_FAILED;
	fflush(ui->out);
	return read_report(k, run_job(r, k->stage->name));
}

int
kconfig_run(struct kconfig *k)
{
	const char *until[] = { k->stage->name, NULL };
	struct run_options opt = { .until = until };
	struct err err = ERR_INIT;
	const struct job *j;
	struct run r;
	struct ui ui;
	int code;

	forget(k);
	ui_init(&ui, stderr, false);
	ui.quiet = true;
	if (!k->quiet)
		opt.observer = ui_observer(&ui);
	if (run_open(&r, &k->session.ctx, &k->session.pipeline, &opt, &err) < 0) {
		ui_show_problems(NULL, &r);
		code = complain(EXIT_FAILED, "%s", err_msg(&err));
	} else {
		code = execute(k, &ui, &r);
	}
	j = r.jobs ? run_job(&r, k->stage->name) : NULL;
	if (k->quiet && code == EXIT_FAILED && j && j->message)
		complain(code, "%s", j->message);
	run_close(&r);
	ui_release(&ui);
	err_clear(&err);
	return code;
}

void
kconfig_close(struct kconfig *k)
{
	forget(k);
	session_close(&k->session);
}
