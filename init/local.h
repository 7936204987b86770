/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv-init FOLDER [PORT]: without a machine. */
#ifndef INIT_LOCAL_H
#define INIT_LOCAL_H

struct line;

/* Reads the arguments: 0, or an exit status with what is wrong on standard error. */
int local_begin(int argc, char **argv);
/* Whether it is so. */
int is_local(void);
/* The path of a file of the folder; the line keeps it. */
const char *local_file(struct line *path, const char *name);
/* Opens the way to us: 0, or an errno value with what it would have been. */
int local_control(struct line *what);

#endif
