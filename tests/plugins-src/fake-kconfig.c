/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A kconfig for tests of the command line: it knows a kernel of four options and
 * writes the report that the real one writes.
 *
 *	UNIX   needs NET (and then holds); without it the report has the repair NET=y
 *	NET    needs CORE; the report knows that only once NET is asked for
 *	X86    is always y
 *	other  does not exist
 *
 * The machine box boots with CORE=y. In its menus a person types NAME=value lines.
 */
#include <msmv/plugin.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

static const struct msmv_option options[] = {
	{ "options", MSMV_TYPE_MAP, 0, NULL, "of the kernel", NULL, NULL, 0, 0 },
	{ "contract", MSMV_TYPE_STRING, 0, "enforce", "or report", NULL, "enforce|report", 0, 0 },
	{ "machines", MSMV_TYPE_LIST, 0, NULL, "to report on", NULL, NULL, 0, 0 },
	{ "menu_tty", MSMV_TYPE_STRING, 0, NULL, "a terminal", NULL, NULL, 0, 0 },
	{ "menu_term", MSMV_TYPE_STRING, MSMV_OPT_NO_KEY, NULL, "its kind", NULL, NULL, 0, 0 },
};

static const struct msmv_port outputs[] = {
	{ "config", MSMV_PORT_FILE, 0, ".config", "the configuration" },
	{ "report", MSMV_PORT_FILE, MSMV_PORT_OPTIONAL, "kconfig.json", "and why" },
};

static const char *const provides[] = { "config:fake" };

/* What is asked of an option; NULL: nothing. */
static const char *
asked(struct msmv_stage *s, const char *name)
{
	const char *found = NULL;

	for (size_t i = 0; i < s->host->option_count(s, "options"); i++) {
		const char *key = s->host->option_key(s, "options", i);

		if (strcmp(strncmp(key, "CONFIG_", 7) == 0 ? key + 7 : key, name) == 0)
			found = s->host->option_at(s, "options", i);
	}
	return found;
}

static int
on(struct msmv_stage *s, const char *name)
{
	const char *value = asked(s, name);

	return value && strcmp(value, "y") == 0;
}

static int
has(struct msmv_stage *s, const char *name)
{
	if (strcmp(name, "UNIX") == 0)
		return on(s, "UNIX") && has(s, "NET");
	if (strcmp(name, "NET") == 0)
		return on(s, "NET") && on(s, "CORE");
	return strcmp(name, "X86") == 0 || (strcmp(name, "CORE") == 0 && on(s, "CORE"));
}

static const struct {
	const char *name, *needs, *why;
} known[] = {
	{ "UNIX", "NET", "it needs NET (NET=n)" }, { "NET", "CORE", "it needs CORE (CORE=n)" },
	{ "CORE", NULL, "" }, { "X86", NULL, "it is selected by 64BIT=y" },
};

static void
request(struct msmv_stage *s, FILE *f, const char *name, const char *value)
{
	const char *got, *why = "this kernel has no such option", *needs = NULL;

	got = has(s, name) ? "y" : "n";
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].name, name) != 0)
			continue;
		why = known[i].why;
		needs = known[i].needs && !on(s, known[i].needs) ? known[i].needs : NULL;
	}
	fprintf(f, "{\"name\": \"%s\", \"asked\": \"%s\", \"got\": \"%s\", \"origin\": \"recipe\", "
		"\"holds\": %s, \"waived\": false, \"kind\": \"other\", \"why\": \"%s\", "
		"\"near\": [], \"at\": \"Kconfig:1\", \"repair\": ", name, value, got,
		strcmp(got, value) == 0 ? "true" : "false", why);
	if (needs)
		fprintf(f, "[{\"name\": \"%s\", \"value\": \"y\"}]}", needs);
	else
		fputs("null}", f);
}

static void
write_requests(struct msmv_stage *s, FILE *f)
{
	for (size_t i = 0; i < s->host->option_count(s, "options"); i++) {
		const char *key = s->host->option_key(s, "options", i);

		fputs(i ? ", " : "", f);
		request(s, f, strncmp(key, "CONFIG_", 7) == 0 ? key + 7 : key,
			s->host->option_at(s, "options", i));
	}
}

static void
write_machines(struct msmv_stage *s, FILE *f)
{
	for (size_t i = 0; i < s->host->option_count(s, "machines"); i++) {
		fprintf(f, "%s{\"name\": \"box\", \"boots\": %s, \"missing\": [", i ? ", " : "",
			has(s, "CORE") ? "true" : "false");
		if (!has(s, "CORE"))
			fputs("{\"name\": \"CORE\", \"want\": \"y\", \"got\": \"n\", "
			      "\"why\": \"nobody asked\"}", f);
		fputs("]}", f);
	}
}

/* "size 80x24", then what is typed until "end" or Ctrl-C, which is a byte there. */
static int
menus(struct msmv_stage *s, FILE *f)
{
	const char *path = s->host->option(s, "menu_tty");
	FILE *tty = path ? fopen(path, "r+") : NULL;
	struct winsize size = { 0 };
	char line[128];
	int n = 0;

	if (!tty)
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "cannot open the terminal");
	ioctl(fileno(tty), TIOCGWINSZ, &size);
	fprintf(tty, "menus %s %dx%d\n", s->host->option(s, "menu_term"), size.ws_col, size.ws_row);
	while (fgets(line, sizeof(line), tty) && strcmp(line, "end\n") != 0) {
		char *value = strchr(line, '=');

		if (!value)
			continue;
		*value = '\0';
		value[strcspn(value + 1, "\n") + 1] = '\0';
		fprintf(f, "%s{\"name\": \"%s\", \"value\": \"%s\"}", n++ ? ", " : "", line,
			value + 1);
	}
	fclose(tty);
	return 0;
}

static int
write_report(struct msmv_stage *s)
{
	FILE *f = fopen(s->host->output_path(s, "report"), "w");

	if (!f)
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "cannot write the report");
	fputs("{\"v\": 1, \"kernel\": \"9.8.7\", \"arch\": \"x86\", \"requests\": [", f);
	write_requests(s, f);
	fputs("], \"repair\": null, \"machines\": [", f);
	write_machines(s, f);
	fputs("], \"changed\": [", f);
	if (s->host->option(s, "menu_tty") && menus(s, f) < 0) {
		fclose(f);
		return -1;
	}
	fputs("]}\n", f);
	return fclose(f) == 0 ? 0 : s->host->fail(s, MSMV_FAIL_SYSTEM, "cannot write the report");
}

static int
run(struct msmv_stage *s)
{
	FILE *f = fopen(s->host->output_path(s, "config"), "w");

	if (!f)
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "cannot write the output");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (has(s, known[i].name))
			fprintf(f, "CONFIG_%s=y\n", known[i].name);
		else
			fprintf(f, "# CONFIG_%s is not set\n", known[i].name);
	}
	if (fclose(f) != 0)
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "cannot write the output");
	return write_report(s);
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.name = "fake-kconfig",
	.version = "1",
	.summary = "a kernel of four options",
	.provides = MSMV_TABLE(provides),
	.options = MSMV_TABLE(options),
	.outputs = MSMV_TABLE(outputs),
	.run = run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	(void)host_api;
	return &plugin;
}
