/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Neither monitor runs without KVM, so none is tried here: what is said rests on the
 * kernel's configuration and on what these programs say of themselves.
 */
#include "elsewhere.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel_config.h"
#include "vm/argv.h"
#include "vm/machine.h"

static bool
kernel_fits(const struct guest *g, const struct vmm *v, const char *config, char *why,
            size_t size)
{
	const struct need disk[] = {
		{ v->name, v->arch, "VIRTIO_BLK", "y" },
		{ v->name, v->arch, v->bus, "y" },
	};

	for (size_t i = 0; i < need_count + 2; i++) {
		const struct need *n = i < need_count ? &needs[i] : &disk[i - need_count];

		if (strcmp(n->vmm, v->name) != 0 || strcmp(n->arch, v->arch) != 0 ||
		    (i >= need_count && !g->disk_count) ||
		    kernel_config_has(config, n->name, n->value))
			continue;
		snprintf(why, size, "the kernel has no %s=%s", n->name, n->value);
		return false;
	}
	return true;
}

static json_t *
command(char **argv)
{
	char *text = argv ? argv_text(argv) : NULL;
	json_t *o = text ? json_string(text) : NULL;

	free(text);
	argv_free(argv);
	return o;
}

static void
add_command(json_t *report, json_t *commands, const struct guest *person,
            const struct vmm *v)
{
	json_t *run;

	if (strcmp(v->name, "firecracker") != 0) {
		json_object_set_new(commands, v->name,
		                    command(guest_cloud_hypervisor(person, NULL)));
		return;
	}
	json_object_set_new(report, "firecracker_config", guest_firecracker(person));
	run = command(guest_firecracker_argv("firecracker.json", NULL));
	json_object_set_new(commands, v->name,
	                    json_sprintf("jq .firecracker_config boot.json >firecracker.json && %s",
	                                 json_string_value(run)));
	json_decref(run);
}

void
elsewhere_report(json_t *report, const struct guest *person, const char *config,
                 const char *qemu)
{
	json_t *commands = json_object(), *unfit = json_object();
	char *text = config ? kernel_config_read(config) : NULL;
	char why[128];

	json_object_set_new(commands, "qemu", command(guest_argv(person, qemu, NULL)));
	for (size_t i = 0; vmm_at(i); i++) {
		const struct vmm *v = vmm_at(i);

		if (!person->arch || strcmp(v->arch, person->arch) != 0)
			continue;
		if (!text)
			snprintf(why, sizeof(why), "the kernel's configuration is not known");
		else if (guest_fits(person, v->name, why, sizeof(why)) &&
		         kernel_fits(person, v, text, why, sizeof(why)))
			add_command(report, commands, person, v);
		if (why[0])
			json_object_set_new(unfit, v->name, json_string(why));
	}
	free(text);
	json_object_set_new(report, "commands", commands);
	json_object_set_new(report, "unfit", unfit);
}
