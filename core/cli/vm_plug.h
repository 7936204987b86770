/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv vm disk and nic: devices that come and go while the VM runs. They are the running
 * machine's and not the description's: a VM that is started again has none of them.
 */
#ifndef MSMV_CLI_VM_PLUG_H
#define MSMV_CLI_VM_PLUG_H

#include "cli/vm_plan.h"

struct plug;

/* "disk", "nic": how one is described to QEMU. */
struct noun {
	const char *name, *plural;
	const char *what;   /* add takes */
	const char *ids;    /* how the names of such devices begin */
	const char *driver;
	const char *remove; /* QMP's command for what is behind the device, and its argument */
	const char *remove_key;
	/* Makes what is behind the device, and says the rest of the device's arguments. */
	int (*back)(struct plug *p, struct vm_plan *plan, json_t *device);
	const char *query;  /* QMP's command that tells of all of them */
	json_t *(*row)(const json_t *told);
};

struct plug {
	const struct noun *noun;
	struct vm vm;
	struct link link;
	json_t *config;
	char id[64];      /* of the device, and of what is behind it */
	const char *text; /* a person's */
	int timeout_ms;
	bool json;
};

/* add, rm and list of this noun. An exit code. */
int plug_run(const struct noun *noun, const struct args *args);
/* One command of QMP's. An exit code. */
int plug_call(struct plug *p, const char *command, json_t *arguments, json_t **value);

extern const struct cmd_option plug_options[];

#define PLUG_TEXT \
	"It is the running machine's: a VM that is started again does not have it. The machine is\n" \
	"pc, or q35 or virt started with --slots N.\n"

#endif
