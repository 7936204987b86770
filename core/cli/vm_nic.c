/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv vm nic: network cards of a VM that runs. */
#include "cli/vm_plug.h"

#include "base/mem.h"
#include "cli/json.h"

static json_t *
nic_row(const json_t *told)
{
	return json_pack("{s:s, s:s}", "id", vm_text(told, "name"), "mac", vm_text(told, "main-mac"));
}

static int
back_nic(struct plug *p, struct vm_plan *plan, json_t *device)
{
	const struct guest_nic *nic = &plan->guest.nics[0];
	int code = plan_nic(plan, p->text);

	if (code == 0 && nic->vhost_user)
		code = complain(EXIT_USAGE, "vhost-user is for cards that are there from the start");
	if (code)
		return code;
	json_object_set_new(device, "netdev", json_string(p->id));
	json_object_set_new(device, "mac", json_string(nic->mac));
	if (!nic->tap)
		return plug_call(p, "netdev_add", json_pack("{s:s, s:s}", "type", "user", "id", p->id), NULL);
	return plug_call(p, "netdev_add", json_pack("{s:s, s:s, s:o, s:s, s:s}", "type", "tap", "id", p->id,
		"ifname", json_text(nic->tap), "script", "no", "downscript", "no"), NULL);
}

static const struct noun nic = {
	.name = "nic",
	.plural = "nics",
	.what = "KIND[,...]",
	.ids = "hot-nic",
	.driver = "virtio-net-pci",
	.remove = "netdev_del",
	.remove_key = "id",
	.back = back_nic,
	.query = "query-rx-filter",
	.row = nic_row,
};

static int
run(const struct args *args)
{
	return plug_run(&nic, args);
}

const struct cmd cmd_vm_nic = {
	.name = "vm nic",
	.json = CMD_JSON_DOCUMENT,
	.synopsis = "add NAME user|tap=INTERFACE[,mac=MAC] | rm NAME ID | list NAME [OPTIONS]",
	.help = "Plug a network card into a VM that runs, or take it out",
	.text = PLUG_TEXT,
	.options = plug_options,
	.min_words = 2,
	.max_words = 3,
	.run = run,
};
