/* SPDX-License-Identifier: GPL-3.0-only */
/* What a guest says of its time and memory: the slowest initcalls in order, names of few
   characters, and texts that end. The first bytes are the numbers of a ready record. */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../plugins/qmp-run/phases.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
on_line(void *owner, char *line)
{
	struct phases *p = owner;
	struct record r;

	phases_line(p, line);
	if (record_parse(line, &r) && strcmp(r.type, "steps") == 0)
		phases_steps(p, &r);
}

static void
check_names(const struct phase *phase, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!memchr(phase[i].name, '\0', sizeof(phase[i].name)) || phase[i].us < 0)
			abort();
		for (const char *s = phase[i].name; *s; s++)
			if (!isalnum((unsigned char)*s) && !strchr("_.-", *s))
				abort();
	}
}

static void
check(const struct phases *p)
{
	char text[160], little[7];
	json_t *json = phases_json(p);

	if (!json || p->initcall_count > INITCALLS_MAX || p->step_count > STEPS_MAX)
		abort();
	json_decref(json);
	check_names(p->initcalls, p->initcall_count);
	check_names(p->steps, p->step_count);
	for (size_t i = 1; i < p->initcall_count; i++)
		if (p->initcalls[i].us > p->initcalls[i - 1].us)
			abort();
	if (p->available_kib > p->memory_kib || phases_firmware_us(p) < 0 ||
	    phases_kernel_us(p) < 0)
		abort();
	phases_text(p, text, sizeof(text));
	phases_blame(p, text, sizeof(text));
	phases_blame(p, little, sizeof(little));
	phases_text(p, little, sizeof(little));
	if (strlen(text) >= sizeof(text) || strlen(little) >= sizeof(little))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct console console;
	struct phases p = { .qemu_ms = 5, .ready_ms = 1000 };
	uint32_t n[2];

	if (size < sizeof(n))
		return 0;
	memcpy(n, data, sizeof(n));
	p.boottime_us = n[0];
	p.init_us = n[1];
	console = (struct console){ .on_line = on_line, .owner = &p };
	console_feed(&console, (const char *)data + sizeof(n), size - sizeof(n));
	console_flush(&console);
	check(&p);
	return 0;
}
