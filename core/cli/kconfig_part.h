/* SPDX-License-Identifier: GPL-3.0-only */
/* What the commands of msmv kconfig share: a recipe's kernel configuration and report. */
#ifndef MSMV_CLI_KCONFIG_PART_H
#define MSMV_CLI_KCONFIG_PART_H

#include <jansson.h>

#include "base/map.h"
#include "cli/session.h"

struct kconfig {
	struct session session;
	struct stage *stage; /* configures the kernel; made to report instead of to fail */
	bool quiet;          /* what runs is not shown */
	json_t *report;      /* of the last kconfig_run */
	char *config;        /* its .config, a path */
};

/* One command each; words without the verb. */
int kconfig_check(const struct args *args, const char *const *words);
int kconfig_fix(const struct args *args, const char *const *words);
int kconfig_menuconfig(const struct args *args, const char *const *words);
int kconfig_diff(const struct args *args, const char *const *words);

/* ---- kconfig_run.c --------------------------------------------------- */

/* Reads the recipe and finds the stage. An exit code; 0: go on. Close in any case. */
int kconfig_open(struct kconfig *k, const struct args *args, const char *recipe);
/* Sets an option of the stage to one text, instead of what the recipe says. */
void kconfig_set(struct kconfig *k, const char *option, const char *value);
/* Asks for a kernel option, over what the recipe says of it. */
void kconfig_ask(struct kconfig *k, const char *name, const char *value);
/* The recipe's own spelling of a kernel option: with CONFIG_ or without. */
char *kconfig_key(const struct kconfig *k, const char *name);
/* Runs up to the stage and reads its report. An exit code; 0: there is a report. */
int kconfig_run(struct kconfig *k);
void kconfig_close(struct kconfig *k);

/* ---- kconfig_report.c ------------------------------------------------ */

/* Never NULL; "" if it is no text. */
const char *report_text(const json_t *o, const char *key);
/* Requests that do not hold and are not waived. */
size_t report_broken(const json_t *report);
bool report_boots(const json_t *report, const char *machine);
/* Does the recipe itself ask for another value of the option? */
bool report_refuses(const json_t *report, const char *name, const char *value);
void report_print(const json_t *report);
/* Which values would mend it: name -> owned text. NULL machine: none is wanted. */
void report_repair(const json_t *report, const char *machine, struct map *to);

/* ---- kconfig_edit.c -------------------------------------------------- */

/* Writes values into [kernel.options] of the recipe, or only shows what would change. */
int kconfig_edit(const struct kconfig *k, const struct map *values, bool dry_run);

#endif
