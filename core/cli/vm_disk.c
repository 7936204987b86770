/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv vm disk: disks of a VM that runs. */
#include "cli/vm_plug.h"

#include <string.h>

#include "base/mem.h"
#include "cli/json.h"

/* Those from the start have names of QEMU's own: "virtio0", a path behind "peripheral-anon". */
static json_t *
disk_row(const json_t *told)
{
	const json_t *inserted = json_object_get(told, "inserted");
	const char *qdev = vm_text(told, "qdev"), *hot = strstr(qdev, "/peripheral/");
	const char *id = hot ? hot + strlen("/peripheral/") : vm_text(told, "device");

	if (!inserted)
		return NULL;
	return json_pack("{s:o, s:s, s:s, s:b}", "id", json_stringn(id, strcspn(id, "/")), "file",
		vm_text(inserted, "file"), "format", vm_text(inserted, "drv"), "readonly",
		json_is_true(json_object_get(inserted, "ro")));
}

static int
back_disk(struct plug *p, struct vm_plan *plan, json_t *device)
{
	const struct guest_disk *d = &plan->guest.disks[0];
	int code = plan_disk(plan, p->text);

	if (code == 0 && !json_can_hold(d->path))
		code = complain(EXIT_FAILED, "'%s' is no UTF-8, and so no name for QEMU", d->path);
	if (code == 0 && d->discard)
		code = complain(EXIT_USAGE, "discard is for disks that are there from the start");
	if (code)
		return code;
	json_object_set_new(device, "drive", json_string(p->id));
	if (d->serial)
		json_object_set_new(device, "serial", json_text(d->serial));
	return plug_call(p, "blockdev-add", json_pack("{s:s, s:s, s:b, s:{s:s, s:s}}", "driver", d->format,
		"node-name", p->id, "read-only", (int)d->readonly, "file", "driver", "file", "filename",
		d->path), NULL);
}

static const struct noun disk = {
	.name = "disk",
	.plural = "disks",
	.what = "FILE[,...]",
	.ids = "hot-disk",
	.driver = "virtio-blk-pci",
	.remove = "blockdev-del",
	.remove_key = "node-name",
	.back = back_disk,
	.query = "query-block",
	.row = disk_row,
};

static int
run(const struct args *args)
{
	return plug_run(&disk, args);
}

const struct cmd cmd_vm_disk = {
	.name = "vm disk",
	.json = CMD_JSON_DOCUMENT,
	.synopsis = "add NAME FILE[,...] | rm NAME ID | list NAME [OPTIONS]",
	.help = "Plug a disk into a VM that runs, or take it out",
	.text = "FILE is as --disk of msmv vm start has it. " PLUG_TEXT,
	.options = plug_options,
	.min_words = 2,
	.max_words = 3,
	.run = run,
};
