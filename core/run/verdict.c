/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What became of a stage: a table over what the worker said and how it ended. The
 * worker runs foreign code, so its word alone never makes a result.
 */
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <msmv/plugin.h>

#include "base/fs.h"
#include "base/mem.h"
#include "run/job.h"
#include "run/local.h"

enum { LOG_MAX = 64 * 1024 };

/* All outputs that are not optional must be there, as plain files. */
static bool
outputs_made(struct job *j)
{
	const struct plugin_info *p = j->stage->plugin;

	for (size_t i = 0; i < p->outputs.len; i++) {
		const struct port_info *port = &p->outputs.v[i];
		cleanup_free char *path = xasprintf("%s/out.%s", j->dir, port->name);
		struct stat st;

		if (lstat(path, &st) == 0 && S_ISREG(st.st_mode))
			continue;
		if (port->flags & MSMV_PORT_OPTIONAL && lstat(path, &st) < 0)
			continue;
		job_fail(j, "plugin %s says it succeeded, but did not make its output '%s'",
			p->name, port->name);
		return false;
	}
	return true;
}

/* A file beside the recipe that changed meanwhile is not what the key says. */
static bool
inputs_unchanged(struct context *ctx, struct job *j)
{
	for (size_t i = 0; i < j->stage->options.len; i++) {
		const struct stage_option *o = &j->stage->options.v[i];

		for (size_t k = 0; o->type == MSMV_TYPE_PATHS && k < o->count; k++) {
			cleanup_free char *field = xasprintf("option.%s.%zu", o->name, k);
			const char *was = record_get(&j->action, field);
			char now[SHA256_HEX];

			if (o->flags & MSMV_OPT_NO_KEY)
				continue;
			if (local_digest(ctx, o->values[k], now, NULL) < 0 || !was ||
			    !strstr(was, now)) {
				job_fail(j, "%s changed while the stage ran: run again",
					o->values[k]);
				return false;
			}
		}
	}
	return true;
}

/* A plugin that was built anew meanwhile made what no key says. */
static bool
plugin_unchanged(struct job *j)
{
	const struct plugin_info *p = j->stage->plugin;
	cleanup_free char *now = fs_identity(p->path);
	char digest[SHA256_HEX];

	if (!p->identity || streq(now, p->identity))
		return true;
	if (sha256_file(p->path, digest, NULL, NULL) == 0 && streq(digest, p->digest))
		return true;
	job_fail(j, "%s changed while the stage ran: run again", p->path);
	return false;
}

static void
judge_signal(struct job *j, int sig)
{
	if (j->timed_out)
		job_fail(j, "took longer than its limit: stopped (--timeout gives it more)");
	else
		job_fail(j, "crashed: SIG%s (%s) in plugin %s", sigabbrev_np(sig), strsignal(sig),
			j->stage->plugin->name);
}

/* bubblewrap says as a shell does which signal ended the worker. */
static int
signal_of(const struct context *ctx, int status)
{
	if (WIFSIGNALED(status))
		return WTERMSIG(status);
	return ctx->sandbox && WEXITSTATUS(status) > 128 ? WEXITSTATUS(status) - 128 : 0;
}

/* Its complaint is all that the log has, if it could not let the worker in. */
static bool
kept_out(const struct context *ctx, struct job *j)
{
	cleanup_str struct str text = STR_INIT;

	if (!ctx->sandbox || j->answered || fs_read(j->live_log, LOG_MAX, &text, NULL) < 0 ||
	    !str_starts(str_text(&text), "bwrap: "))
		return false;
	job_fail(j, "the sandbox cannot be entered: %.*s", (int)strcspn(text.p + 7, "\n"),
		text.p + 7);
	return true;
}

bool
job_judge(struct context *ctx, struct job *j, int status)
{
	int sig = signal_of(ctx, status);

	j->ended_ms = clock_ms();
	if (j->over) {
		job_fail(j, "was stopped: it used %s ([limits] in msmv.conf)", j->over);
		return false;
	}
	if (j->killed && !j->timed_out) {
		j->state = JOB_CANCELLED;
		return false;
	}
	if (sig || j->timed_out) {
		judge_signal(j, sig ? sig : SIGKILL);
		return false;
	}
	if (kept_out(ctx, j))
		return false;
	if (j->broken || !j->answered)
		job_fail(j, "plugin %s broke the protocol: it ended with status %d and %s",
			j->stage->plugin->name, WEXITSTATUS(status),
			j->broken ? "sent a malformed frame" : "no result");
	else if (!j->answered_ok)
		job_fail(j, "no cause given");
	else if (WEXITSTATUS(status) != 0)
		job_fail(j, "plugin %s said it succeeded, then ended with status %d",
			j->stage->plugin->name, WEXITSTATUS(status));
	else
		return outputs_made(j) && inputs_unchanged(ctx, j) && plugin_unchanged(j);
	return false;
}
