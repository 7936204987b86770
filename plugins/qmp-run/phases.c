/* SPDX-License-Identifier: GPL-3.0-only */
/* All of it is what a guest says: numbers are bounded, names are cut and printable. */
#include "phases.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 4 };

/* ---- Listening ----------------------------------------------------------- */

/* The name of an initcall or step, up to what ends it. */
static void
take_name(struct phase *phase, const char *from, size_t n)
{
	size_t used = 0;

	for (size_t i = 0; i < n && used + 1 < sizeof(phase->name); i++)
		if (isalnum((unsigned char)from[i]) || strchr("_.-", from[i]))
			phase->name[used++] = from[i];
	phase->name[used] = '\0';
}

/* Keeps the slowest, in order. */
static void
keep_initcall(struct phases *p, const struct phase *call)
{
	size_t at = p->initcall_count;

	while (at > 0 && p->initcalls[at - 1].us < call->us)
		at--;
	if (at == INITCALLS_MAX)
		return;
	if (p->initcall_count < INITCALLS_MAX)
		p->initcall_count++;
	memmove(&p->initcalls[at + 1], &p->initcalls[at],
	        (p->initcall_count - 1 - at) * sizeof(p->initcalls[0]));
	p->initcalls[at] = *call;
}

/* "initcall pci_subsys_init+0x0/0x90 returned 0 after 1201 usecs" */
static void
take_initcall(struct phases *p, const char *line)
{
	static const char before[] = "initcall ", after[] = " after ";
	const char *name = strstr(line, before), *time = name ? strstr(name, after) : NULL;
	struct phase call;
	char *end;

	if (!time)
		return;
	name += sizeof(before) - 1;
	call.us = strtoll(time + sizeof(after) - 1, &end, 10);
	if (call.us <= 0 || strncmp(end, " usecs", 6) != 0)
		return;
	take_name(&call, name, strcspn(name, "+ "));
	if (call.name[0])
		keep_initcall(p, &call);
}

/* "Memory: 108576K/130552K available (8192K kernel code, ..." */
static void
take_memory(struct phases *p, const char *line)
{
	const char *at = strstr(line, "Memory: ");
	int64_t available, all;

	if (at && sscanf(at, "Memory: %" SCNd64 "K/%" SCNd64 "K available", &available, &all) == 2 &&
	    available >= 0 && all >= available) {
		p->available_kib = available;
		p->memory_kib = all;
	}
}

void
phases_line(struct phases *p, const char *line)
{
	take_initcall(p, line);
	if (!p->memory_kib)
		take_memory(p, line);
}

/* Every field NAME_us of it is a step. */
void
phases_steps(struct phases *p, const struct record *r)
{
	for (size_t i = 0; i < r->count && p->step_count < STEPS_MAX; i++) {
		const char *name = r->field[i].name;
		size_t n = strlen(name);
		struct phase step = { .us = record_int(r, name, -1) };

		if (n <= 3 || strcmp(name + n - 3, "_us") != 0 || step.us < 0)
			continue;
		take_name(&step, name, n - 3);
		p->steps[p->step_count++] = step;
	}
}

/* ---- Telling --------------------------------------------------------------- */

int64_t
phases_kernel_us(const struct phases *p)
{
	return p->init_us > 0 && p->boottime_us > p->init_us ? p->boottime_us - p->init_us : 0;
}

int64_t
phases_firmware_us(const struct phases *p)
{
	int64_t us = (p->ready_ms - p->qemu_ms) * 1000 - p->boottime_us;

	return p->boottime_us > 0 && us > 0 ? us : 0;
}

static void
parts(const struct phases *p, struct phase out[PARTS])
{
	const struct phase all[PARTS] = {
		{ "qemu", p->qemu_ms * 1000 },
		{ "firmware", phases_firmware_us(p) },
		{ "kernel", phases_kernel_us(p) },
		{ "init", p->init_us },
	};

	memcpy(out, all, sizeof(all));
}

static json_t *
list(const struct phase *phase, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, json_pack("{s:s, s:I}", "name", phase[i].name, "us",
		                                       (json_int_t)phase[i].us));
	return array;
}

json_t *
phases_json(const struct phases *p)
{
	json_t *o = json_object();
	struct phase all[PARTS];
	char name[PHASES_NAME_MAX + 4];

	parts(p, all);
	for (size_t i = 0; i < PARTS; i++) {
		snprintf(name, sizeof(name), "%.60s_us", all[i].name);
		if (all[i].us)
			json_object_set_new(o, name, json_integer((json_int_t)all[i].us));
	}
	if (p->initcall_count)
		json_object_set_new(o, "initcalls", list(p->initcalls, p->initcall_count));
	if (p->step_count)
		json_object_set_new(o, "steps", list(p->steps, p->step_count));
	return o;
}

void
phases_text(const struct phases *p, char *text, size_t size)
{
	int64_t firmware = phases_firmware_us(p), kernel = phases_kernel_us(p);
	char before[48] = "";

	if (!kernel) {
		snprintf(text, size, "ready after %.2f s", (double)p->ready_ms / 1e3);
		return;
	}
	if (firmware)
		snprintf(before, sizeof(before), "firmware %.2f s · ", (double)firmware / 1e6);
	snprintf(text, size, "%skernel %.2f s · init %.0f ms · ready", before,
	         (double)kernel / 1e6, (double)p->init_us / 1e3);
}

static int
slower(const void *a, const void *b)
{
	int64_t x = ((const struct phase *)a)->us, y = ((const struct phase *)b)->us;

	return x < y ? 1 : x > y ? -1 : 0;
}

static size_t
add_list(char *text, size_t used, size_t size, const char *before, const struct phase *phase,
         size_t n)
{
	for (size_t i = 0; i < n && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s %.1f ms",
		                         i ? ", " : before, phase[i].name,
		                         (double)phase[i].us / 1e3);
	return used < size ? used : size;
}

void
phases_blame(const struct phases *p, char *text, size_t size)
{
	struct phase all[PARTS], steps[STEPS_MAX];
	size_t n = 0, used, some;

	parts(p, all);
	qsort(all, PARTS, sizeof(all[0]), slower);
	while (n < PARTS && all[n].us > 0)
		n++;
	text[0] = '\0';
	used = add_list(text, 0, size, "", all, n);
	some = p->initcall_count < 3 ? p->initcall_count : 3;
	used = add_list(text, used, size, "; slowest initcalls: ", p->initcalls, some);
	memcpy(steps, p->steps, sizeof(steps));
	qsort(steps, p->step_count, sizeof(steps[0]), slower);
	some = p->step_count < 3 ? p->step_count : 3;
	add_list(text, used, size, "; slowest steps of init: ", steps, some);
}
