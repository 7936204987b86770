/* SPDX-License-Identifier: GPL-3.0-only */
/* The machine's power button, by which a host asks for the end through QMP. */
#ifndef INIT_BUTTON_H
#define INIT_BUTTON_H

void button_open(void);
int button_is_there(void);
/* Asks wait.c for it. */
void button_wait(void);

#endif
