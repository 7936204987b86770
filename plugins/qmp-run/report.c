/* SPDX-License-Identifier: GPL-3.0-only */
/* The report of a boot that succeeded; one that failed makes no output at all. */
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "blank.h"
#include "budget.h"
#include "elsewhere.h"
#include "files.h"

static json_t *
exits(const struct boot *b)
{
	json_t *list = json_array();

	for (size_t i = 0; i < b->exit_count; i++) {
		const struct boot_exit *e = &b->exits[i];

		json_array_append_new(
			list, json_pack("{s:s, s:I, s:I, s:s}", "app", e->app, "code",
		                        (json_int_t)e->code, "signal",
		                        (json_int_t)e->signal, "then", e->then));
	}
	return list;
}

static json_t *
sizes(const struct guest *g)
{
	struct file files[FILES_MAX];
	size_t n = files_booted(g, files);
	json_t *object = json_object();

	for (size_t i = 0; i < n; i++)
		json_object_set_new(object, files[i].name,
		                    json_integer((json_int_t)files[i].size));
	return object;
}

/* A text that was cut in the middle of a character is cut before it. */
static json_t *
text(const char *s)
{
	size_t n = strlen(s);
	json_t *string;

	while (!(string = json_stringn(s, n)) && n > 0)
		n--;
	return string;
}

static json_t *
checks(const struct boot *b)
{
	json_t *list = json_array();

	for (size_t i = 0; b->checks && i < b->checks->count; i++) {
		const struct check *c = &b->checks->item[i];
		char expected[384];

		check_expected(c, expected, sizeof(expected));
		json_array_append_new(list, json_pack("{s:s, s:o, s:I, s:I}", "name", c->name,
		                                      "expected", text(expected), "passed_ms",
		                                      (json_int_t)c->passed_ms, "tries",
		                                      (json_int_t)c->tries));
	}
	return list;
}

static json_t *
budget(const struct boot *b)
{
	struct budget budgets[BUDGETS_MAX];
	size_t n = budget_measure(b, budgets);
	json_t *object = json_object();

	for (size_t i = 0; i < n; i++) {
		json_t *one = json_pack("{s:I}", "is", (json_int_t)budgets[i].is);

		if (one && budgets[i].limit)
			json_object_set_new(one, "limit", json_integer((json_int_t)budgets[i].limit));
		json_object_set_new(object, budgets[i].name, one);
	}
	return object;
}

static json_t *
ports(const struct guest *g)
{
	json_t *list = json_array();

	for (size_t i = 0; i < g->nic_count; i++)
		for (size_t k = 0; k < g->nics[i].forward_count; k++) {
			const struct guest_forward *f = &g->nics[i].forwards[k];

			json_array_append_new(list, json_pack("{s:i, s:i, s:s}", "host", f->host,
			                                      "guest", f->guest, "protocol",
			                                      f->udp ? "udp" : "tcp"));
		}
	return list;
}

/* What the guest and its QEMU did, beside the description of the machine. */
static json_t *
course(const struct boot *b)
{
	const struct phases *p = &b->phases;
	json_t *o = json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:s, s:s, s:I, s:o}", "ready_ms",
	                      (json_int_t)b->ready_ms, "end_ms", (json_int_t)b->end_ms,
	                      "boottime_us", (json_int_t)p->boottime_us, "init_us",
	                      (json_int_t)p->init_us, "apps", (json_int_t)b->apps, "exits",
	                      exits(b), "halt", b->halt, "end", b->end, "qemu_rss_kib",
	                      (json_int_t)b->rss_kib, "split", phases_json(p));

	if (o && b->vsock_ready_ms)
		json_object_set_new(o, "vsock_ready_ms",
		                    json_integer((json_int_t)b->vsock_ready_ms));
	if (o && p->memory_kib)
		json_object_set_new(o, "memory",
		                    json_pack("{s:I, s:I}", "kernel_sees_kib",
		                              (json_int_t)p->memory_kib, "available_kib",
		                              (json_int_t)p->available_kib));
	return o;
}

static json_t *
args(const struct guest *g)
{
	json_t *list = json_array();

	for (size_t i = 0; g->more && g->more[i]; i++)
		json_array_append_new(list, json_string(g->more[i]));
	return list;
}

/* What it had to mount that no recipe makes. */
static void
add_blanks(json_t *json, const struct guest *g)
{
	json_t *disks = json_array(), *shares = json_array();

	for (size_t i = 0; i < g->disk_count; i++)
		if (blank_is(&g->disks[i]))
			json_array_append_new(disks,
			                      json_integer((json_int_t)blank_size(&g->disks[i])));
	for (size_t i = 0; i < g->share_count; i++)
		json_array_append_new(shares, json_string(g->shares[i].tag));
	json_object_set_new(json, "disks", disks);
	json_object_set_new(json, "shares", shares);
}

static json_t *
report(const struct boot *b, const struct guest *person, const char *accel_why)
{
	const struct guest *g = b->guest;
	const struct msmv_host *host = b->stage->host;
	const char *config = host->input_count(b->stage, "config")
	                             ? host->input_path(b->stage, "config", 0)
	                             : NULL;
	json_t *json = json_pack(
		"{s:i, s:s, s:s, s:b, s:s, s:s, s:s*, s:s, s:I, s:I, s:s, s:o, s:s, s:o, s:o,"
		" s:o, s:o, s:o}", "v", 1, "form", g->form, "machine", g->machine, "acpi", (int)g->acpi, "bus",
		guest_bus(g), "accel", g->accel, "accel_why", *accel_why ? accel_why : NULL,
		"cpu", g->cpu, "cpus", (json_int_t)g->cpus, "memory", (json_int_t)g->memory,
		"network", g->nic_count ? "user" : "none", "args", args(g), "qemu",
		b->qemu_version, "sizes", sizes(g), "boot", course(b), "checks", checks(b),
		"budget", budget(b), "ports", ports(g));

	if (!json)
		return NULL;
	add_blanks(json, g);
	elsewhere_report(json, person, config, b->qemu_name);
	/* What it was called before there were several. */
	json_object_set(json, "command",
	                json_object_get(json_object_get(json, "commands"), "qemu"));
	return json;
}

int
report_write(const struct boot *b, const struct guest *person, const char *accel_why)
{
	const struct msmv_host *host = b->stage->host;
	const char *path = host->output_path(b->stage, "report");
	json_t *json;
	int rc;

	if (!path)
		return -1;
	json = report(b, person, accel_why);
	rc = json ? json_dump_file(json, path, JSON_INDENT(2)) : -1;
	json_decref(json);
	if (rc < 0)
		return host->fail(b->stage, MSMV_FAIL_SYSTEM, "cannot write %s: %s", path,
		                  strerror(errno));
	return 0;
}
