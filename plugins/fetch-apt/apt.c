/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Every call of apt goes through here, with the same settings in the same order: the
 * machine's configuration first (proxies, mirrors, log-ins and pins of its owner),
 * then ours, which keep apt in our folders and never let it take what is unsigned.
 */
#include "apt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/*
 * #clear works in a file only. The hooks belong to updates of the machine's lists, and
 * some of them delete downloads. The package cache is worth its disk: several
 * questions follow one another. APT::Sandbox::User: as root apt would hand downloads to
 * a user that may not enter our folders; the stage's own sandbox is around it.
 */
static const char settings[] = "#clear APT::Update::Pre-Invoke;\n"
			       "#clear APT::Update::Post-Invoke;\n"
			       "#clear APT::Update::Post-Invoke-Success;\n"
			       "#clear APT::Architectures;\n"
			       "APT::Update::Error-Mode \"any\";\n"
			       "APT::Sandbox::User \"root\";\n"
			       "APT::Get::AllowUnauthenticated \"false\";\n"
			       "Acquire::AllowInsecureRepositories \"false\";\n"
			       "Acquire::AllowWeakRepositories \"false\";\n"
			       "Acquire::AllowDowngradeToInsecureRepositories \"false\";\n"
			       "Acquire::Languages \"none\";\n"
			       "Acquire::PDiffs \"false\";\n"
			       "Acquire::GzipIndexes \"true\";\n"
			       "APT::Color \"false\";\n"
			       "Dir::Cache::pkgcache \"pkgcache.bin\";\n"
			       "Dir::Cache::srcpkgcache \"\";\n";

struct args {
	const char *v[APT_ARGS_MAX];
	char *made[APT_ARGS_MAX]; /* the ones to free */
	size_t n, n_made;
};

static void
args_add(struct args *a, const char *arg)
{
	if (a->n < APT_ARGS_MAX - 1)
		a->v[a->n++] = arg;
}

/* -o NAME=VALUE; the value may hold any byte, as no file is parsed. */
static void
args_set(struct args *a, const char *name, const char *value, const char *more)
{
	char *s = NULL;

	if (asprintf(&s, "%s=%s%s", name, value, more) < 0 || a->n_made == APT_ARGS_MAX)
		return;
	a->made[a->n_made++] = s;
	args_add(a, "-o");
	args_add(a, s);
}

static void
args_release(struct args *a)
{
	while (a->n_made)
		free(a->made[--a->n_made]);
}

static void
args_own(struct args *args, const struct apt *a)
{
	args_set(args, "Dir::State::lists", a->lists, "/");
	args_set(args, "Dir::Etc::sourcelist", "/dev/null", "");
	args_set(args, "Dir::Etc::sourceparts", a->parts, "/");
	if (a->arch[0]) /* no lists of foreign architectures */
		args_set(args, "APT::Architectures", a->arch, "");
}

static void
args_places(struct args *args, const struct apt *a)
{
	const struct msmv_host *host = a->stage->host;
	const char *proxy = host->option(a->stage, "proxy");

	/* What is installed here has no say in what the archive offers. */
	args_set(args, "Dir::State::status", "/dev/null", "");
	if (!a->folders) { /* apt keeps its cache in memory */
		args_set(args, "Dir::Cache::pkgcache", "", "");
		args_set(args, "Dir::Cache::srcpkgcache", "", "");
		return;
	}
	args_set(args, "Dir::Cache", host->workdir(a->stage),
		a->lists[0] ? "/apt-own/" : "/apt-system/");
	if (a->lists[0])
		args_own(args, a);
	if (proxy) {
		args_set(args, "Acquire::http::Proxy", proxy[0] ? proxy : "DIRECT", "");
		args_set(args, "Acquire::https::Proxy", proxy[0] ? proxy : "DIRECT", "");
	}
}

static void
args_fill(struct args *args, const struct apt *a, const char *const *given)
{
	char *conf = NULL;

	memset(args, 0, sizeof(*args));
	args_add(args, *given++);
	if (a->folders &&
		asprintf(&conf, "%s/apt.conf", a->stage->host->workdir(a->stage)) >= 0) {
		args->made[args->n_made++] = conf;
		args_add(args, "-c");
		args_add(args, conf);
	}
	args_places(args, a);
	while (*given)
		args_add(args, *given++);
}

char *
apt_ask(struct apt *a, int *status, const char *const *argv)
{
	struct args args;
	char *out = NULL;

	args_fill(&args, a, argv);
	struct msmv_command c = {.struct_size = sizeof(c),
		.flags = MSMV_CMD_QUIET,
		.argv = args.v,
		.dir = "/",
		.output = &out};
	*status = a->stage->host->run(a->stage, &c);
	args_release(&args);
	return out;
}

/* "Err:1 URL ..." and, indented on the next line, why. */
static void
take_trouble(struct apt *a, const char *line)
{
	size_t used = strlen(a->trouble);

	if (a->in_trouble && line[0] == ' ') {
		line += strspn(line, " ");
		snprintf(a->trouble + used, sizeof(a->trouble) - used, ": %s", line);
	}
	a->in_trouble = 0;
	if (used || strncmp(line, "Err:", 4) != 0)
		return;
	line += strcspn(line, " ");
	line += strspn(line, " ");
	snprintf(a->trouble, sizeof(a->trouble), "%s", line);
	a->in_trouble = 1;
}

/* "dlstatus:ITEM:PERCENT:TEXT" comes twice a second. */
static void
on_line(struct msmv_stage *stage, const char *line, void *arg)
{
	struct apt *a = arg;
	const char *at;

	if (strncmp(line, "dlstatus:", 9) != 0) {
		take_trouble(a, line);
		return;
	}
	at = strchr(line + 9, ':');
	if (!at)
		return;
	double part = strtod(at + 1, NULL) / 100;
	uint64_t total = a->total ? a->total : 10000;
	if (part >= 0 && part <= 1)
		stage->host->progress(
			stage, (uint64_t)((double)total * part), total, a->label);
}

int
apt_transfer(struct apt *a, const char *dir, const char *const *argv)
{
	struct args args;
	int status;

	a->trouble[0] = '\0';
	a->in_trouble = 0;
	args_fill(&args, a, argv);
	args_set(&args, "APT::Status-Fd", "1", "");
	struct msmv_command c = {.struct_size = sizeof(c),
		.flags = MSMV_CMD_QUIET,
		.argv = args.v,
		.dir = dir,
		.on_line = on_line,
		.on_line_arg = a};
	status = a->stage->host->run(a->stage, &c);
	args_release(&args);
	return status;
}

const char *
apt_trouble(const struct apt *a)
{
	return a->trouble[0] ? a->trouble : "apt-get failed, its log says why";
}

int
text_write(struct msmv_stage *stage, const char *path, const char *text)
{
	FILE *f = fopen(path, "we");
	int bad = !f || fputs(text, f) < 0;

	if (f)
		bad |= fclose(f) != 0;
	if (!bad)
		return 0;
	return stage->host->fail(
		stage, MSMV_FAIL_SYSTEM, "writing %s: %s", path, strerror(errno));
}

int
folders_make(struct msmv_stage *stage, const char *base, const char *const *names)
{
	char path[4096];

	for (; *names; names++) {
		snprintf(path, sizeof(path), "%s/%s", base, *names);
		if (mkdir(path, 0755) && errno != EEXIST)
			return stage->host->fail(stage, MSMV_FAIL_SYSTEM,
				"making the folder %s: %s", path, strerror(errno));
	}
	return 0;
}

void
apt_bare(struct apt *a, struct msmv_stage *stage, int source)
{
	memset(a, 0, sizeof(*a));
	a->stage = stage;
	a->source = source;
}

int
apt_system(struct apt *a, struct msmv_stage *stage, int source)
{
	static const char *const names[] = {"apt-own", "apt-own/archives",
		"apt-own/archives/partial", "apt-system", "apt-system/archives",
		"apt-system/archives/partial", NULL};
	const char *work = stage->host->workdir(stage);
	char path[4096];

	apt_bare(a, stage, source);
	a->folders = 1;
	snprintf(path, sizeof(path), "%s/apt.conf", work);
	if (folders_make(stage, work, names))
		return -1;
	return text_write(stage, path, settings);
}
