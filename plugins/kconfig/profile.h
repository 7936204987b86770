/* SPDX-License-Identifier: GPL-3.0-only */
/* Profiles: named sets of options, compiled in from profiles/ so that the plugin's digest
 * stands for them in every key. */
#ifndef KCONFIG_PROFILE_H
#define KCONFIG_PROFILE_H

#include "request.h"

/* One file: "serial", or "serial.x86" for one architecture only. */
struct profile {
	const char *name;
	const char *text;
};

extern const struct profile profiles[];
extern const size_t profile_count;

/* 0 if there is such a profile for the target, else -1 and the reason is recorded. */
int profile_check(struct requests *r, const char *name);
/* Asks for all that the profile and those it includes say; -1: no such profile. */
int profile_ask(struct requests *r, const char *name);
/* Adds what the machine needs to boot at all, the lines with "!", to the question. */
int profile_need(struct requests *r, const char *machine);
/* The machines of the architecture: profiles that have such lines. */
void profile_machines(const char *arch, struct list *names);

#endif
