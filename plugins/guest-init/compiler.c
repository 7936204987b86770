/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Which compiler makes programs for the guest. CC is the person's word and is
 * used as it is; else the cross compiler of the architecture, as distributions
 * name it; else the plain one, when this machine is of that architecture.
 */
#include "compiler.h"

#include <limits.h>
#include <msmv/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

int
program_exists(const char *name)
{
	const char *path = getenv("PATH");
	char file[PATH_MAX];

	if (strchr(name, '/'))
		return access(name, X_OK) == 0;
	while (path && *path != '\0') {
		size_t n = strcspn(path, ":");

		snprintf(file, sizeof(file), "%.*s/%s", (int)n, path, name);
		if (n > 0 && access(file, X_OK) == 0)
			return 1;
		path += n + (path[n] == ':');
	}
	return 0;
}

/* Splits the text of CC at blanks. */
static int
take(struct msmv_stage *s, struct compiler *c, const char *text)
{
	char *save = NULL;

	c->count = 0;
	if (strlen(text) >= sizeof(c->text))
		return s->host->fail(s, MSMV_FAIL_RECIPE, "CC is too long");
	strcpy(c->text, text);
	for (char *w = strtok_r(c->text, " \t", &save); w;
		w = strtok_r(NULL, " \t", &save)) {
		if (c->count == COMPILER_WORDS)
			return s->host->fail(
				s, MSMV_FAIL_RECIPE, "CC has too many words: %s", text);
		c->words[c->count++] = w;
	}
	if (c->count > 0 && program_exists(c->words[0]))
		return 0;
	return s->host->fail(s, MSMV_FAIL_TOOL,
		"CC names the compiler \"%s\", which is not in PATH", text);
}

static int
machine_is(const char *triplet)
{
	size_t n = strcspn(triplet, "-");
	struct utsname u;

	return uname(&u) == 0 && strlen(u.machine) == n &&
	       memcmp(u.machine, triplet, n) == 0;
}

int
compiler_find(struct msmv_stage *s, struct compiler *c)
{
	const char *cc = s->host->env(s, "CC");
	const char *prefix = s->host->arch(s, "cross.prefix");
	const char *triplet = s->host->arch(s, "gnu.triplet");
	char name[128], package[128];

	if (cc && *cc != '\0')
		return take(s, c, cc);
	if (!prefix || !triplet)
		return s->host->fail(s, MSMV_FAIL_RECIPE,
			"the architecture's plugin does not say cross.prefix and "
			"gnu.triplet");
	snprintf(name, sizeof(name), "%sgcc", prefix);
	if (program_exists(name))
		return take(s, c, name);
	if (machine_is(triplet) && program_exists("gcc"))
		return take(s, c, "gcc");
	/* Package names have no underscores. */
	snprintf(package, sizeof(package), "gcc-%s", triplet);
	for (char *p = package; *p != '\0'; p++)
		*p = *p == '_' ? '-' : *p;
	return s->host->fail(s, MSMV_FAIL_TOOL,
		"there is no compiler %s; install it (Debian: apt install %s) or set CC",
		name, machine_is(triplet) ? "gcc" : package);
}

const char *
compiler_ask(struct msmv_stage *s, const struct compiler *c, const char *question)
{
	const char *argv[COMPILER_WORDS + 2] = {0};
	char *output = NULL;
	struct msmv_command ask = {.struct_size = sizeof(ask),
		.flags = MSMV_CMD_QUIET,
		.argv = argv,
		.dir = "/",
		.output = &output};

	for (size_t i = 0; i < c->count; i++)
		argv[i] = c->words[i];
	argv[c->count] = question;
	if (s->host->run(s, &ask) != 0 || !output)
		return NULL;
	output[strcspn(output, "\n")] = '\0';
	return output;
}
