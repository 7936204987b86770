/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A person's terminal lent to a program of a stage: the stage gets a terminal of its
 * own (a pseudo terminal), and what is typed and drawn passes between the two, Ctrl-C
 * and changes of the window's size too. However it ends, the person's terminal is as
 * before.
 */
#ifndef MSMV_CLI_RELAY_H
#define MSMV_CLI_RELAY_H

#include <sys/types.h>
#include <termios.h>

#include "base/err.h"

struct relay {
	char *dir;  /* private; holds the link */
	char *tty;  /* a link to the terminal for the stage, of a name never used before */
	int slave;  /* kept open, so that the terminal lives until relay_close */
	pid_t pid;  /* the process that passes bytes on */
	struct termios before;
};

#define RELAY_INIT { NULL, NULL, -1, 0, { 0 } }

/* Standard input and output must be a terminal. */
int relay_open(struct relay *r, struct err *err);
void relay_close(struct relay *r);

#endif
