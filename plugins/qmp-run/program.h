/* SPDX-License-Identifier: GPL-3.0-only */
/* The QEMU that boots the guest: which one it is, and what of it the proof rests on. */
#ifndef QMP_RUN_PROGRAM_H
#define QMP_RUN_PROGRAM_H

#include <msmv/plugin.h>

/* A name in PATH or an absolute path; NULL: neither recipe nor architecture name one. */
const char *program_name(struct msmv_stage *stage);
/* -1 after what is wrong was said at its place. */
int program_check(struct msmv_stage *stage);
/* Facts of QEMU and of the firmware that it may need. */
int program_facts(struct msmv_stage *stage);

#endif
