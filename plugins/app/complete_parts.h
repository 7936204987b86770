/* SPDX-License-Identifier: GPL-3.0-only */
/* What complete.c and generator.c have in common. */
#ifndef APP_COMPLETE_PARTS_H
#define APP_COMPLETE_PARTS_H

#include "complete.h"

/* One command while it is completed. */
struct completion {
	struct build *build;
	enum step step;
	bool placed;
	struct words *argv;
	struct words *env;
};

/* For programs that take DESTDIR from their environment alone. */
void complete_destdir(struct completion *c);
/* The make_flags option. */
void complete_make_flags(struct completion *c);
/* Jobs come from the engine's jobserver, which make understands. */
bool complete_has_jobserver(void);

void complete_cmake(struct completion *c);
void complete_meson(struct completion *c);
void complete_ninja(struct completion *c);

#endif
