/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv-worker: the process that a plugin runs in.
 *
 *	msmv-worker describe PLUGIN.so     its description as a record on stdout
 *	msmv-worker serve [inside]         one request on descriptor 3; inside: of a sandbox
 *	msmv-worker prove PORT PATH        that neither can be reached from here
 *
 * It trusts the engine and nothing else; the engine does not trust it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "wire/wire.h"
#include "worker/worker.h"

static volatile sig_atomic_t stop;
static bool inside; /* in a sandbox, which ends with the engine by itself */

bool
worker_cancelled(void)
{
	return stop;
}

/* The engine sends SIGTERM to the group; if the engine itself died, nobody else will. */
static void
on_term(int sig)
{
	(void)sig;
	stop = 1;
	if (!inside && getppid() == 1)
		kill(0, SIGKILL);
}

struct worker *
worker_of(struct msmv_stage *stage)
{
	return (struct worker *)(void *)stage;
}

const char *
worker_keep(struct worker *w, char *s)
{
	vec_push(&w->kept, s);
	return s;
}

void
worker_send(struct worker *w, const struct record *r)
{
	wire_send(w->wire, r, NULL);
}

/* Of each process; over all of the stage the engine counts. */
static void
set_limit(int what, int64_t most)
{
	struct rlimit limit = { (rlim_t)most, (rlim_t)most };

	if (most > 0)
		setrlimit(what, &limit);
}

static int
receive(struct worker *w, struct err *err)
{
	cleanup_record struct record r = RECORD_INIT;
	struct wire_reader in = WIRE_READER_INIT;
	int got;

	while ((got = wire_next(&in, &r, err)) == 0) {
		ssize_t n = wire_read(&in, w->wire);

		if (n <= 0) {
			got = err_set(err, "no request came");
			break;
		}
	}
	wire_release(&in);
	if (got < 0 || request_read(&w->request, &r, err) < 0)
		return -1;
	options_init(&w->options, &w->request);
	set_limit(RLIMIT_DATA, w->request.memory);
	set_limit(RLIMIT_NPROC, w->request.processes);
	return 0;
}

static const struct msmv_host *
host_table(void)
{
	static struct msmv_host h = { .struct_size = sizeof(h), .api_version = MSMV_API_VERSION };

	host_data_fill(&h);
	host_tree_fill(&h);
	host_report_fill(&h);
	host_command_fill(&h);
	host_fact_fill(&h);
	host_place_fill(&h);
	return &h;
}

static int
load(struct worker *w, struct err *err)
{
	w->plugin = plugin_load(w->request.plugin, err);
	if (!w->plugin)
		return -1;
	w->info = plugin_describe(w->plugin, err);
	return w->info ? 0 : -1;
}

/* Calls the plugin; whatever it returns, a recorded failure counts. */
static int
call(struct worker *w)
{
	const struct msmv_plugin *p = w->plugin;
	int result = 0;

	if (!streq(w->request.mode, "facts"))
		result = p->run(&w->stage);
	else {
		if (p->check)
			result = p->check(&w->stage);
		if (result == 0 && p->facts)
			result = p->facts(&w->stage);
	}
	if (result != 0 && !w->failed)
		w->stage.host->fail(&w->stage, MSMV_FAIL_SYSTEM,
			"plugin %s failed without saying why", p->name);
	return w->failed ? -1 : 0;
}

/* Of the largest process of the stage: the engine cannot see into a sandbox. */
static long
peak_kb(void)
{
	struct rusage self, children;

	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	return self.ru_maxrss > children.ru_maxrss ? self.ru_maxrss : children.ru_maxrss;
}

static void
answer(struct worker *w)
{
	cleanup_record struct record r = RECORD_INIT;

	record_add(&r, "type", "result");
	record_add(&r, "status", w->failed ? "failed" : "ok");
	record_add_int(&r, "peak_kb", peak_kb());
	if (w->failed) {
		record_add_int(&r, "code", w->fail_code);
		record_add(&r, "message", w->fail_text);
	}
	for (size_t i = 0; i < w->names.len; i++) {
		record_add(&r, "name.port", w->names.fields[i].name);
		record_add(&r, "name.file", w->names.fields[i].value);
	}
	worker_send(w, &r);
}

static void
catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_term };
	sigset_t none;

	sigaction(SIGTERM, &sa, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (!inside && getppid() == 1)
		_exit(1);
}

static int
serve(void)
{
	struct worker *w = xcalloc(1, sizeof(*w));
	struct err err = ERR_INIT;

	setvbuf(stdout, NULL, _IOLBF, 0);
	umask(022);
	w->wire = WIRE_FD;
	fcntl(WIRE_FD, F_SETFD, FD_CLOEXEC);
	w->stage = (struct msmv_stage){ .struct_size = sizeof(w->stage), .host = host_table() };
	catch_signals();
	if (receive(w, &err) < 0) {
		fprintf(stderr, "msmv-worker: %s\n", err_msg(&err));
		return 2;
	}
	if (load(w, &err) < 0)
		worker_fail(w, MSMV_FAIL_SYSTEM, &err);
	else
		call(w);
	answer(w);
	return w->failed;
}

static int
describe(const char *path)
{
	cleanup_record struct record r = RECORD_INIT;
	cleanup_str struct str text = STR_INIT;
	cleanup_err struct err err = ERR_INIT;
	const struct msmv_plugin *p = plugin_load(path, &err);
	struct plugin_info *info = p ? plugin_describe(p, &err) : NULL;

	if (!info) {
		fprintf(stderr, "%s\n", err_msg(&err));
		return 1;
	}
	plugin_info_write(info, &r);
	record_write(&r, &text);
	plugin_info_free(info);
	return fwrite(text.p, 1, text.len, stdout) == text.len && fflush(stdout) == 0 ? 0 : 1;
}

#if defined(__SANITIZE_ADDRESS__)
/* What the plugin was given lives as long as the process, on purpose; and a crash shall
   end the worker as it does without a sanitizer. */
const char *__asan_default_options(void);

MSMV_EXPORT const char *
__asan_default_options(void)
{
	return "detect_leaks=0:handle_segv=0:handle_abort=0:verify_asan_link_order=0";
}
#endif

int
main(int argc, char **argv)
{
	if (argc == 3 && streq(argv[1], "describe"))
		return describe(argv[2]);
	inside = argc == 3 && streq(argv[2], "inside");
	if (argc == 2 + inside && streq(argv[1], "serve"))
		return serve();
	if (argc == 4 && streq(argv[1], "prove"))
		return prove(atoi(argv[2]), argv[3]);
	fputs("msmv-worker is started by msmv; it does nothing by itself\n", stderr);
	return 2;
}
