/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * QEMU's command line, from nothing up: no defaults, no user's configuration, only
 * the devices that are asked for, so that a boot here is a boot anywhere.
 */
#include "vm/guest.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct machine {
	const char *name;
	const char *value; /* of -machine */
	const char *bus;   /* of virtio devices, unless the recipe chooses */
	bool firmware;     /* can start a UKI */
};

/*
 * microvm without ACPI: with it a kernel under TCG finds no timer to calibrate
 * against and hangs. Its PIT, PIC and serial port stay on: without PIT and PIC the
 * same happens. The option ROMs serve devices that it does not have.
 */
static const struct machine machines[] = {
	{ "microvm", "microvm,acpi=off,x-option-roms=off", "mmio", false },
	{ "q35", "q35", "pci", true },
	{ "pc", "pc", "pci", true },
	{ "virt", "virt", "mmio", true },
};

static const struct machine *
machine_find(const char *name)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (strcmp(machines[i].name, name) == 0)
			return &machines[i];
	return NULL;
}

bool
machine_has_firmware(const char *machine)
{
	const struct machine *m = machine_find(machine);

	return m && m->firmware;
}

struct args {
	char **item;
	size_t count, room;
	bool failed; /* no memory: everything after is ignored */
};

static void
args_take(struct args *args, char *text)
{
	if (args->count + 2 > args->room) {
		size_t room = args->room ? args->room * 2 : 32;
		char **item = realloc(args->item, room * sizeof(*item));

		if (!item) {
			args->failed = true;
			free(text);
			return;
		}
		args->item = item;
		args->room = room;
	}
	args->item[args->count++] = text;
	args->item[args->count] = NULL;
}

__attribute__((format(printf, 2, 3))) static void
args_add(struct args *args, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		args->failed = true;
	else
		args_take(args, text);
}

/* Two arguments, most often "-option", "value". */
static void
args_pair(struct args *args, const char *option, const char *value)
{
	args_add(args, "%s", option);
	args_add(args, "%s", value);
}

/* A file name inside an option list: QEMU wants its commas doubled. */
static void
args_file(struct args *args, const char *before, const char *path)
{
	char *text = malloc(strlen(before) + 2 * strlen(path) + 1);
	char *p;

	if (!text) {
		args->failed = true;
		return;
	}
	p = stpcpy(text, before);
	for (; *path; path++) {
		if (*path == ',')
			*p++ = ',';
		*p++ = *path;
	}
	*p = '\0';
	args_take(args, text);
}

static void
add_machine(struct args *args, const struct guest *g, const struct machine *m)
{
	args_pair(args, "-machine", g->special ? g->special : m ? m->value : g->machine);
	args_pair(args, "-accel", g->accel);
	args_pair(args, "-cpu", g->cpu);
	args_add(args, "-m");
	args_add(args, "%lldM", (long long)(g->memory >> 20));
	args_add(args, "-smp");
	args_add(args, "%lld", (long long)g->cpus);
	args_add(args, "-nodefaults");
	args_add(args, "-no-user-config");
	args_pair(args, "-display", "none");
	args_add(args, "-no-reboot"); /* a guest without power-off ends by reset */
}

static void
add_consoles(struct args *args, const struct guest_sockets *s)
{
	if (!s) {
		args_pair(args, "-serial", "stdio");
		return;
	}
	args_add(args, "-chardev");
	args_add(args, "socket,id=qmp,fd=%d", s->qmp);
	args_pair(args, "-mon", "chardev=qmp,mode=control");
	args_add(args, "-chardev");
	args_add(args, "socket,id=console,fd=%d", s->console);
	args_pair(args, "-serial", "chardev:console");
	args_add(args, "-S"); /* nothing runs before someone listens */
}

/* Nothing that the guest writes reaches the image: it goes to a file that is gone. */
static void
add_disk(struct args *args, const struct guest *g, const char *suffix)
{
	char before[96];

	snprintf(before, sizeof(before), "id=disk,if=none,format=%s,snapshot=on,file=",
	         g->disk_format);
	args_add(args, "-drive");
	args_file(args, before, g->disk);
	args_add(args, "-device");
	args_add(args, "virtio-blk-%s,drive=disk", suffix);
}

static void
add_firmware(struct args *args, const struct guest *g)
{
	if (!g->vars) {
		args_pair(args, "-bios", g->firmware);
		return;
	}
	args_add(args, "-drive");
	args_file(args, "if=pflash,unit=0,format=raw,readonly=on,file=", g->firmware);
	args_add(args, "-drive");
	args_file(args, "if=pflash,unit=1,format=raw,snapshot=on,file=", g->vars);
}

static void
add_files(struct args *args, const struct guest *g, const char *suffix)
{
	if (g->firmware)
		add_firmware(args, g);
	if (g->kernel || (g->uki && !g->esp))
		args_pair(args, "-kernel", g->kernel ? g->kernel : g->uki);
	if (g->initramfs)
		args_pair(args, "-initrd", g->initramfs);
	if (g->cmdline && *g->cmdline)
		args_pair(args, "-append", g->cmdline);
	if (g->disk)
		add_disk(args, g, suffix);
	if (g->esp) {
		args_add(args, "-drive");
		args_file(args, "id=esp,if=none,format=raw,readonly=on,file=fat:",
		          g->esp);
		args_add(args, "-device");
		args_add(args, "virtio-blk-%s,drive=esp", suffix);
	}
	if (g->network) {
		args_pair(args, "-netdev", "user,id=net");
		args_add(args, "-device");
		args_add(args, "virtio-net-%s,netdev=net", suffix);
	}
}

char **
guest_argv(const struct guest *g, const char *qemu, const struct guest_sockets *sockets)
{
	const struct machine *m = machine_find(g->machine);
	const char *bus = strcmp(g->bus, "auto") != 0 ? g->bus : m ? m->bus : "pci";
	struct args args = { .item = NULL };

	args_add(&args, "%s", qemu);
	add_machine(&args, g, m);
	add_consoles(&args, sockets);
	add_files(&args, g, strcmp(bus, "pci") == 0 ? "pci" : "device");
	for (size_t i = 0; g->more && g->more[i]; i++)
		args_add(&args, "%s", g->more[i]);
	if (!args.failed)
		return args.item;
	argv_free(args.item);
	return NULL;
}

void
argv_free(char **argv)
{
	for (size_t i = 0; argv && argv[i]; i++)
		free(argv[i]);
	free(argv);
}

/* One word for a shell, at p; returns the end. */
static char *
quote(char *p, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,:=+@%";

	if (*word && word[strspn(word, plain)] == '\0')
		return stpcpy(p, word);
	*p++ = '\'';
	for (; *word; word++) {
		if (*word == '\'')
			p = stpcpy(p, "'\\''");
		else
			*p++ = *word;
	}
	*p++ = '\'';
	*p = '\0';
	return p;
}

char *
argv_text(char *const *argv)
{
	size_t size = 1;
	char *text, *p;

	for (size_t i = 0; argv[i]; i++)
		size += 4 * strlen(argv[i]) + 3;
	text = p = malloc(size);
	if (!text)
		return NULL;
	*p = '\0';
	for (size_t i = 0; argv[i]; i++) {
		if (i > 0)
			p = stpcpy(p, " ");
		p = quote(p, argv[i]);
	}
	return text;
}
