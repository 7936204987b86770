/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A stage plugin for tests of the engine: it writes what it is told to, counts how
 * often it ran, and crashes, hangs, lies or breaks the protocol when asked.
 */
#include <msmv/plugin.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct msmv_option options[] = {
	{ "text", MSMV_TYPE_STRING, 0, "", "written to the output", NULL, NULL, 0, 0 },
	{ "act", MSMV_TYPE_STRING, 0, "write", "what to do", NULL,
		"write|crash|abort|hang|lie|silent|garbage|exit|fail|sleep|orphan|fork|"
		"grow|breed|fill", 0, 0 },
	{ "sleep_ms", MSMV_TYPE_INT, MSMV_OPT_NO_KEY, "0", "wait before the end", "ms", NULL, 0,
		3600000 },
	{ "count", MSMV_TYPE_STRING, MSMV_OPT_NO_KEY, NULL, "file that gets a line a run", NULL,
		NULL, 0, 0 },
	{ "size", MSMV_TYPE_SIZE, 0, "0", "bytes of zeros after the text", NULL, NULL, 0, 0 },
	{ "files", MSMV_TYPE_PATHS, 0, NULL, "copied to the output", NULL, NULL, 0, 0 },
	{ "tool", MSMV_TYPE_STRING, 0, NULL, "its --version becomes a fact", NULL, NULL, 0, 0 },
};

static const struct msmv_port inputs[] = {
	{ "in", MSMV_PORT_FILE, MSMV_PORT_MANY | MSMV_PORT_OPTIONAL, NULL, "copied first" },
};

static const struct msmv_port outputs[] = {
	{ "out", MSMV_PORT_FILE, 0, "trial.txt", "inputs, text, files" },
	{ "extra", MSMV_PORT_FILE, MSMV_PORT_OPTIONAL, NULL, "made when text is extra" },
};

static const char *const env[] = { "TRIAL" };
static const char *const provides[] = { "output:trial", "fetch:trial" };

static int
copy(struct msmv_stage *s, FILE *out, const char *path)
{
	FILE *in = fopen(path, "r");
	char buf[65536];
	size_t n;

	if (!in)
		return s->host->fail(s, MSMV_FAIL_INPUT, "%s: cannot open", path);
	while ((n = fread(buf, 1, sizeof(buf), in)) > 0)
		fwrite(buf, 1, n, out);
	fclose(in);
	return 0;
}

static int
write_zeros(struct msmv_stage *s, FILE *out)
{
	static const char zeros[65536];

	for (int64_t n = s->host->option_int(s, "size"); n > 0; n -= (int64_t)sizeof(zeros)) {
		size_t part = n < (int64_t)sizeof(zeros) ? (size_t)n : sizeof(zeros);

		if (fwrite(zeros, 1, part, out) != part)
			return s->host->fail(s, MSMV_FAIL_SYSTEM, "cannot write the output: disk full?");
	}
	return 0;
}

static int
write_output(struct msmv_stage *s)
{
	const struct msmv_host *h = s->host;
	FILE *out = fopen(h->output_path(s, "out"), "w");

	if (!out)
		return h->fail(s, MSMV_FAIL_SYSTEM, "cannot create the output");
	for (size_t i = 0; i < h->input_count(s, "in"); i++)
		if (copy(s, out, h->input_path(s, "in", i)) < 0)
			return -1;
	fputs(h->option(s, "text"), out);
	for (size_t i = 0; i < h->option_count(s, "files"); i++)
		if (copy(s, out, h->option_at(s, "files", i)) < 0)
			return -1;
	if (h->env(s, "TRIAL"))
		fputs(h->env(s, "TRIAL"), out);
	if (write_zeros(s, out) < 0)
		return -1;
	if (fclose(out) != 0)
		return h->fail(s, MSMV_FAIL_SYSTEM, "cannot write the output: disk full?");
	return 0;
}

static void
count_run(struct msmv_stage *s)
{
	const char *path = s->host->option(s, "count");
	FILE *f = path ? fopen(path, "a") : NULL;

	if (!f)
		return;
	fputs("ran\n", f);
	fclose(f);
}

static int
act_crash(struct msmv_stage *s)
{
	(void)s;
	raise(SIGSEGV);
	return 0;
}

static int
act_abort(struct msmv_stage *s)
{
	(void)s;
	abort();
}

static int
act_hang(struct msmv_stage *s)
{
	(void)s;
	signal(SIGTERM, SIG_IGN);
	while (pause() < 0)
		;
	return 0;
}

static int
act_lie(struct msmv_stage *s)
{
	(void)s;
	return 0; /* success, with no output */
}

static int
act_silent(struct msmv_stage *s)
{
	(void)s;
	return -1; /* failure, with no cause */
}

static int
act_garbage(struct msmv_stage *s)
{
	(void)s;
	(void)!write(3, "\377\377\377\377garbage", 11);
	return 0;
}

static int
act_exit(struct msmv_stage *s)
{
	(void)s;
	_exit(7);
}

static int
act_fail(struct msmv_stage *s)
{
	return s->host->fail(s, MSMV_FAIL_RECIPE, "%s", s->host->option(s, "text"));
}

static int
act_sleep(struct msmv_stage *s)
{
	const char *argv[] = { "sleep", "1000", NULL };
	struct msmv_command c = { .struct_size = sizeof(c), .argv = argv };

	return s->host->run(s, &c);
}

/* Leaves a process behind; the engine must end it. */
static int
act_orphan(struct msmv_stage *s)
{
	if (fork() == 0) {
		execlp("sleep", "sleep", "987", (char *)NULL);
		_exit(1);
	}
	return write_output(s);
}

static int
act_fork(struct msmv_stage *s)
{
	const char *argv[] = { "true", NULL };
	struct msmv_command c = { .struct_size = sizeof(c), .argv = argv };

	return s->host->run(s, &c) == 0 ? write_output(s) : -1;
}

/* These three take more and more, in small steps; they end by themselves, but late. */
static int
act_grow(struct msmv_stage *s)
{
	for (int i = 0; i < 300; i++) {
		char *p = malloc(4 << 20);

		if (!p)
			return s->host->fail(s, MSMV_FAIL_SYSTEM, "no memory after %d MB", i * 4);
		memset(p, i + 1, 4 << 20);
		usleep(50000);
	}
	return write_output(s);
}

static int
act_breed(struct msmv_stage *s)
{
	for (int i = 0; i < 300; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return s->host->fail(s, MSMV_FAIL_SYSTEM, "no process after %d", i);
		if (pid == 0) {
			setsid(); /* to be found even so */
			sleep(60);
			_exit(0);
		}
		usleep(50000);
	}
	return write_output(s);
}

static int
act_fill(struct msmv_stage *s)
{
	static char block[1 << 20];
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/full", s->host->workdir(s));
	f = fopen(path, "w");
	memset(block, 'x', sizeof(block));
	for (int i = 0; f && i < 300; i++) {
		fwrite(block, 1, sizeof(block), f);
		fflush(f);
		usleep(50000);
	}
	return write_output(s);
}

static const struct {
	const char *name;
	int (*act)(struct msmv_stage *);
} acts[] = {
	{ "write", write_output }, { "crash", act_crash }, { "abort", act_abort },
	{ "hang", act_hang }, { "lie", act_lie }, { "silent", act_silent },
	{ "garbage", act_garbage }, { "exit", act_exit }, { "fail", act_fail },
	{ "sleep", act_sleep }, { "orphan", act_orphan }, { "fork", act_fork },
	{ "grow", act_grow }, { "breed", act_breed }, { "fill", act_fill },
};

static int
facts(struct msmv_stage *s)
{
	const char *tool = s->host->option(s, "tool");

	return tool ? s->host->fact_tool(s, "tool", tool, "--version") : 0;
}

static int
run(struct msmv_stage *s)
{
	const char *act = s->host->option(s, "act");

	count_run(s);
	printf("trial: %s\n", act);
	usleep((useconds_t)s->host->option_int(s, "sleep_ms") * 1000);
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (strcmp(acts[i].name, act) == 0)
			return acts[i].act(s);
	return s->host->fail(s, MSMV_FAIL_RECIPE, "unknown act %s", act);
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.name = "trial",
	.version = "1",
	.summary = "does what a test asks for",
	.provides = MSMV_TABLE(provides),
	.options = MSMV_TABLE(options),
	.inputs = MSMV_TABLE(inputs),
	.outputs = MSMV_TABLE(outputs),
	.env = MSMV_TABLE(env),
	.facts = facts,
	.run = run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	(void)host_api;
	return &plugin;
}
