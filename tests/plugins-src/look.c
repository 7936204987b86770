/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A stage plugin for tests of the sandbox: its output says what can be reached from where
 * it runs, one line each; and it can try to spoil its input.
 */
#include <msmv/plugin.h>
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct msmv_option options[] = {
	{ "at", MSMV_TYPE_LIST, 0, NULL, "paths to look at", NULL, NULL, 0, 0 },
	{ "files", MSMV_TYPE_PATHS, 0, NULL, "of the recipe, looked at", NULL, NULL, 0, 0 },
	{ "spoil", MSMV_TYPE_BOOL, 0, "false", "write into the input", NULL, NULL, 0, 0 },
	{ "format_version", MSMV_TYPE_INT, 0, NULL, "of what is written", NULL, NULL, 1, 9 },
	{ "fail_elsewhere", MSMV_TYPE_BOOL, 0, "false", "fail unless the host is msmv", NULL, NULL,
		0, 0 },
	{ "text", MSMV_TYPE_STRING, 0, "", "changes nothing", NULL, NULL, 0, 0 },
	{ "scratch", MSMV_TYPE_LIST, 0, NULL, "keys of scratch folders to leave a line in", NULL,
		NULL, 0, 0 },
	{ "hold_ms", MSMV_TYPE_INT, MSMV_OPT_NO_KEY, "0", "keep them so long", "ms", NULL, 0,
		3600000 },
};

static const struct msmv_port inputs[] = {
	{ "in", MSMV_PORT_FILE, MSMV_PORT_OPTIONAL, NULL, "to be spoilt" },
};

static const struct msmv_port outputs[] = {
	{ "out", MSMV_PORT_FILE, 0, "look.txt", "what was seen" },
};

static void
look_at(FILE *out, const char *path)
{
	fprintf(out, "%s %s%s\n", path, access(path, F_OK) ? "absent" : "there",
		access(path, W_OK) ? "" : " writable");
}

static int
count(const char *dir, int (*wanted)(const char *name))
{
	DIR *d = opendir(dir);
	int n = 0;

	for (struct dirent *e; d && (e = readdir(d));)
		n += wanted(e->d_name);
	if (d)
		closedir(d);
	return n;
}

static int
is_number(const char *name)
{
	return isdigit((unsigned char)*name) != 0;
}

static int
is_name(const char *name)
{
	return *name != '.';
}

/* Besides lo; /proc/net/dev has two lines of heading. */
static int
interfaces(void)
{
	FILE *f = fopen("/proc/net/dev", "re");
	char line[512];
	int n = -3;

	while (f && fgets(line, sizeof(line), f))
		n++;
	if (f)
		fclose(f);
	return n;
}

static void
look_around(struct msmv_stage *s, FILE *out)
{
	char host[65] = "", dir[4096] = "";

	gethostname(host, sizeof(host) - 1);
	fprintf(out, "user %d group %d\n", (int)getuid(), (int)getgid());
	fprintf(out, "host %s\n", host);
	fprintf(out, "folder %s\n", getcwd(dir, sizeof(dir)) ? dir : "?");
	fprintf(out, "processes %d\n", count("/proc", is_number));
	fprintf(out, "homes %d\n", count("/home", is_name) + count("/root", is_name));
	fprintf(out, "format %d\n", (int)s->host->option_int(s, "format_version"));
	fprintf(out, "nice %d\n", getpriority(PRIO_PROCESS, 0));
	fprintf(out, "network %d\n", interfaces());
}

/* Its owner may write to a file that says read-only. */
static int
spoil(struct msmv_stage *s, FILE *out)
{
	const char *path = s->host->input_path(s, "in", 0);
	int fd;

	chmod(path, 0644);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	fprintf(out, "input %s\n", fd >= 0 && write(fd, "X", 1) == 1 ? "spoilt" : "safe");
	if (fd >= 0)
		close(fd);
	return 0;
}

/* How many runs were there before, and whether one is there now; how many folders are. */
static int
look_into(struct msmv_stage *s, FILE *out, const char *key)
{
	const char *dir = s->host->scratch(s, key);
	char path[4096], parent[4096];
	FILE *f;

	if (!dir)
		return -1;
	snprintf(path, sizeof(path), "%s/busy", dir);
	fprintf(out, "scratch %s %s%d\n", key, access(path, F_OK) ? "" : "busy ",
		count(dir, is_name));
	f = fopen(path, "w");
	if (!f || fclose(f))
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "cannot write to %s", dir);
	usleep((useconds_t)s->host->option_int(s, "hold_ms") * 1000);
	unlink(path);
	snprintf(path, sizeof(path), "%s/%s", dir, s->host->option(s, "text"));
	f = fopen(path, "w");
	if (f)
		fclose(f);
	snprintf(parent, sizeof(parent), "%s/..", dir);
	fprintf(out, "folders %d\n", count(parent, is_name));
	return 0;
}

static int
run(struct msmv_stage *s)
{
	const struct msmv_host *h = s->host;
	FILE *out = fopen(h->output_path(s, "out"), "w");
	char host[65] = "";

	gethostname(host, sizeof(host) - 1);
	if (h->option_int(s, "fail_elsewhere") && strcmp(host, "msmv") != 0)
		return h->fail(s, MSMV_FAIL_SYSTEM, "not here");
	if (!out)
		return h->fail(s, MSMV_FAIL_SYSTEM, "cannot create the output");
	look_around(s, out);
	for (size_t i = 0; i < h->option_count(s, "at"); i++)
		look_at(out, h->option_at(s, "at", i));
	for (size_t i = 0; i < h->option_count(s, "files"); i++)
		look_at(out, h->option_at(s, "files", i));
	if (h->option_int(s, "spoil"))
		spoil(s, out);
	for (size_t i = 0; i < h->option_count(s, "scratch"); i++)
		if (look_into(s, out, h->option_at(s, "scratch", i)) < 0)
			return -1;
	return fclose(out) == 0 ? 0 : h->fail(s, MSMV_FAIL_SYSTEM, "cannot write the output");
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.name = "look",
	.version = "1",
	.summary = "says what it can see",
	.options = MSMV_TABLE(options),
	.inputs = MSMV_TABLE(inputs),
	.outputs = MSMV_TABLE(outputs),
	.run = run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	(void)host_api;
	return &plugin;
}
