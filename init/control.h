/* SPDX-License-Identifier: GPL-3.0-only */
/* Lines to and from the host, over virtio-serial and vsock. */
#ifndef INIT_CONTROL_H
#define INIT_CONTROL_H

#include <stddef.h>
#include <stdint.h>

#define CONTROL_PORT 1026 /* init listens there */
#define REPORT_PORT 1025  /* and says there, on the host's side, that it is ready */
#define CONTROL_LINE 63   /* bytes of a host's line */

struct line;

/* Opens all ways that this machine has. */
void control_open(void);
/* In their place: a socket at a path of this machine, or with a port one of TCP. 0 or -1
   with errno. */
int control_open_local(const char *path, unsigned port);
/* A SIGIO came: the host opened or left the serial port. */
void control_changed(void);
/* Asks wait.c for what a host may send; *due becomes no later than the next try of what
   did not work. */
void control_wait(uint64_t *due);
/* Tells everybody who listens. Never waits. */
void control_record(const struct line *);
/* Nothing more will be said: waits a moment until hosts on vsock have heard all of it, and
   removes the socket. */
void control_end(void);
/* "button,serial,vsock" or less, "none": how a host may ask for the end. */
const char *control_names(void);

/* A host's line, as it comes in pieces. */
struct control_input {
	char text[CONTROL_LINE + 1];
	size_t size; /* more than CONTROL_LINE: it is too long */
};

/* Takes one byte. The answer to the line that it ends, or NULL. */
const char *control_byte(struct control_input *, char byte);

#endif
