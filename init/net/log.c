/* SPDX-License-Identifier: GPL-3.0-only */
/* One write(2) a line, so that lines of several processes do not mix. */
#include "log.h"

#include <stdarg.h>
#include <unistd.h>

#include "clock.h"
#include "out.h"

static enum net_level level = NET_WARN;

void
net_log_level(enum net_level to)
{
	level = to;
}

/* "net: [    0.123] warn: text" */
void
net_log(enum net_level of, const char *fmt, ...)
{
	static const char *const names[] = {"error", "warn", "info", "debug"};
	uint64_t ms = clock_now();
	char text[512];
	struct out o;
	va_list ap;

	if (of > level)
		return;
	out_init(&o, text, sizeof(text) - 1);
	out_str(&o, "net: [");
	for (uint64_t pad = 10000; pad > 1 && ms / 1000 < pad; pad /= 10)
		out_byte(&o, ' ');
	out_num(&o, ms / 1000);
	out_byte(&o, '.');
	for (uint64_t pad = 100; pad > 1 && ms % 1000 < pad; pad /= 10)
		out_byte(&o, '0');
	out_num(&o, ms % 1000);
	out_fmt(&o, "] %s: ", names[of]);
	va_start(ap, fmt);
	out_vfmt(&o, fmt, ap);
	va_end(ap);
	text[o.len] = '\n';
	/* A console that takes nothing must not stop the network. */
	if (write(STDERR_FILENO, text, o.len + 1) < 0)
		level = of < level ? level : of;
}
