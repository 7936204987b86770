/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A recipe may come from anybody: what it names is run when its guest is booted, in the
 * stage's sandbox, and never to say what would be done.
 */
#include "program.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../problem/problem.h"
#include "firmware.h"

/* The recipe's, if it is another one than the architecture's; else NULL. */
static const char *
program_chosen(struct msmv_stage *stage)
{
	const char *name = stage->host->option(stage, "qemu");
	const char *usual = stage->host->arch(stage, "qemu.binary");

	return name && *name && (!usual || strcmp(name, usual) != 0) ? name : NULL;
}

const char *
program_name(struct msmv_stage *stage)
{
	const char *name = program_chosen(stage);

	return name ? name : stage->host->arch(stage, "qemu.binary");
}

int
program_check(struct msmv_stage *stage)
{
	const char *name = program_name(stage);

	if (!name)
		return problem_at(stage, NULL, NULL, "set qemu",
		                  "the architecture names no QEMU program");
	if (*name != '/' && strchr(name, '/'))
		return problem_at(stage, "qemu", NULL,
		                  "write a name that is looked up in PATH, or an absolute path",
		                  "qemu: \"%s\" is a relative path", name);
	return 0;
}

static int
is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* 1: it is the program; 0: it is not there, which the facts then rest on. */
static int
fact_at(struct msmv_stage *stage, const char *path)
{
	if (!is_program(path))
		return stage->host->fact_witness(stage, path);
	return stage->host->fact_file(stage, "qemu", path) < 0 ? -1 : 1;
}

/* A program of the recipe's choice is read and not run: a plan runs no such thing. */
static int
fact_chosen(struct msmv_stage *stage, const char *name)
{
	int found = *name == '/' ? fact_at(stage, name) : 0;
	const char *dirs = *name == '/' ? NULL : getenv("PATH");
	char path[PATH_MAX];

	while (!found && dirs && *dirs) {
		size_t n = strcspn(dirs, ":");

		snprintf(path, sizeof(path), "%.*s/%s", (int)n, dirs, name);
		found = fact_at(stage, path);
		dirs += n + (dirs[n] == ':');
	}
	if (found)
		return found < 0 ? -1 : 0;
	return stage->host->fail(stage, MSMV_FAIL_TOOL, "%s is not installed", name);
}

/*
 * Which accelerator a boot used is no fact: what boots under one boots under the
 * other, and a permission on /dev/kvm shall not ask for a new proof. The firmware is
 * one even for forms that do without, as the inputs are not known yet.
 */
int
program_facts(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	const char *chosen = program_chosen(stage), *firmware;

	if (chosen ? fact_chosen(stage, chosen) < 0
	           : host->fact_tool(stage, "qemu", program_name(stage), "--version") < 0)
		return -1;
	firmware = firmware_find(stage, host->fact_witness);
	return firmware ? host->fact_file(stage, "firmware", firmware) : 0;
}
