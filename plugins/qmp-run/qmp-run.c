/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * run:qemu, the proof: boots what the stages before made and succeeds only when the
 * guest said that it is ready. README.md is its manual.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <msmv/plugin.h>

#include "../problem/problem.h"
#include "blank.h"
#include "check.h"
#include "ports.h"
#include "prepare.h"
#include "program.h"
#include "proof.h"
#include "vm/machine.h"

static const char *const provides[] = { "run:qemu" };

#define ROW(name_, type_, flags_, fallback_, help_, ...) \
	{ .name = name_, .type = MSMV_TYPE_##type_, .flags = flags_, \
	  .fallback = fallback_, .help = help_, __VA_ARGS__ }
#define CHECK(name_, flags_, help_) \
	ROW("check_" name_, MAP, flags_, NULL, "of a check: " help_, )
#define DAY 86400

static const struct msmv_option options[] = {
	ROW("machine", STRING, 0, NULL, "QEMU machine; default: the architecture's",
	    .choices = "microvm|q35|pc|virt"),
	ROW("cpu", STRING, 0, NULL, "QEMU CPU model; default: the accelerator's best", ),
	ROW("memory", SIZE, 0, NULL, "the guest's memory; default: 128M, for a UKI 256M",
	    .unit = "bytes", .min = 1 << 20, .max = INT64_C(1) << 40),
	ROW("cpus", INT, 0, "1", "number of processors", .min = 1, .max = 255),
	ROW("cmdline", STRING, 0, NULL,
	    "kernel command line; console=, root=, reboot= are added when missing", ),
	ROW("accel", STRING, 0, "auto", "auto: KVM if it proves to work, else TCG",
	    .choices = "auto|kvm|tcg"),
	ROW("accel_memory", STRING, MSMV_OPT_NO_KEY, NULL,
	    "folder where it is remembered whether KVM works", ),
	ROW("acpi", BOOL, 0, "false",
	    "microvm has ACPI and a power button; under KVM only, if the kernel has ACPI", ),
	ROW("rng", BOOL, 0, "true", "a virtio device with entropy of this machine", ),
	ROW("vsock", BOOL, 0, "true",
	    "a vsock device if this machine has one; the guest says there too that it is ready", ),
	ROW("bus", STRING, 0, "auto", "of virtio devices; auto: as the machine has it",
	    .choices = "auto|mmio|pci"),
	ROW("network", STRING, 0, "none", "user: a NAT network through virtio-net",
	    .choices = "none|user"),
	ROW("ports", LIST, 0, NULL,
	    "ports of this machine that lead to the guest: [ADDRESS:][HOST:]GUEST[/udp]", ),
	ROW("disks", LIST, 0, NULL, "sizes of blank disks that the guest has besides, as 64M", ),
	ROW("shares", LIST, 0, NULL, "tags of empty folders that the guest can mount by 9p", ),
	ROW("firmware", STRING, 0, NULL, "UEFI image for a UKI; default: the system's", ),
	ROW("qemu", STRING, 0, NULL, "QEMU program; default: the architecture's", ),
	ROW("qemu_args", LIST, 0, NULL, "more arguments for QEMU", ),
	ROW("expect", STRING, 0, NULL, "text that must appear on the console", ),
	ROW("exit_code", INT, 0, "0",
	    "status of an application that ends within linger; -1: any", .min = -1,
	    .max = 255),
	ROW("powerdown", BOOL, 0, "false", "the guest must follow the power button", ),
	ROW("linger", INT, 0, "500", "listens on for so long after ready", .unit = "ms",
	    .max = 600000),
	ROW("initcalls", BOOL, 0, "false", "what the kernel did first is timed; it takes longer", ),
	CHECK("tcp", 0, "the guest's port that answers"),
	CHECK("http", 0, "what to GET from the guest, a path"),
	CHECK("command", 0, "script of /bin/sh that succeeds here"),
	CHECK("console", 0, "text in a line of the console"),
	CHECK("console_regex", 0, "what a line of the console matches"),
	CHECK("port", 0, "of http; 80"),
	CHECK("status", 0, "of http; 200"),
	CHECK("send", 0, "what tcp says"),
	CHECK("exit_code", 0, "of command; 0"),
	CHECK("text", 0, "text in the answer, page or output"),
	CHECK("regex", 0, "what the answer, page or output matches"),
	CHECK("timeout", MSMV_OPT_NO_KEY, "seconds until it fails; 10"),
	ROW("budget_ready_ms", INT, 0, NULL, "milliseconds to ready at most", .unit = "ms",
	    .min = 1, .max = DAY * INT64_C(1000)),
	ROW("budget_rss", SIZE, 0, NULL, "memory that QEMU takes at most", .unit = "bytes",
	    .min = 1, .max = INT64_C(1) << 50),
	ROW("budget_image", SIZE, 0, NULL, "kernel, initramfs and disk together at most",
	    .unit = "bytes", .min = 1, .max = INT64_C(1) << 50),
	ROW("timeout", INT, MSMV_OPT_NO_KEY, "120", "ready (and expect) at the latest",
	    .unit = "s", .min = 1, .max = DAY),
	ROW("silence", INT, MSMV_OPT_NO_KEY, "60", "longest time without console output",
	    .unit = "s", .min = 1, .max = DAY),
};

#define INPUT(name_, help_) \
	{ .name = name_, .kind = MSMV_PORT_FILE, \
	  .flags = MSMV_PORT_OPTIONAL | MSMV_PORT_NAMED, .help = help_ }

static const struct msmv_port inputs[] = {
	INPUT("kernel", "bzImage or Image"),
	INPUT("vmlinux", "the kernel as ELF, for a direct start on x86 (PVH)"),
	INPUT("initramfs", "cpio archive"),
	INPUT("disk", "image with the root file system, qcow2 or raw"),
	INPUT("uki", "kernel, initramfs and command line in one EFI program"),
	{ .name = "config", .kind = MSMV_PORT_FILE, .flags = MSMV_PORT_OPTIONAL,
	  .help = "the kernel's .config: what else than QEMU it can boot under" },
};

static const struct msmv_port outputs[] = {
	{ .name = "report", .kind = MSMV_PORT_FILE, .filename = "boot.json",
	  .help = "how it booted and how long that took" },
	{ .name = "console", .kind = MSMV_PORT_FILE, .filename = "console.log",
	  .help = "everything the guest printed" },
};

static int
check_memory(struct msmv_stage *stage)
{
	long long memory = stage->host->option_int(stage, "memory");

	if (memory % (1 << 20) == 0)
		return 0;
	return problem_at(stage, "memory", NULL, NULL,
	                  "memory: %lld bytes are no multiple of 1M, as QEMU wants it", memory);
}

/* A word of a list with ", " between. */
static int
is_among(const char *list, const char *word)
{
	for (size_t n = strlen(word); *list; list += strspn(list, ", ")) {
		if (strcspn(list, ",") == n && strncmp(list, word, n) == 0)
			return 1;
		list += strcspn(list, ",");
	}
	return 0;
}

/* QEMU would say so only when all is built. Of an architecture that is not here it is
   QEMU's to know. */
static int
check_machine(struct msmv_stage *stage)
{
	const char *machine = stage->host->option(stage, "machine");
	const char *arch = stage->host->arch(stage, "kernel.arch");
	const char *triplet = stage->host->arch(stage, "gnu.triplet");
	char names[128] = "";

	if (arch)
		machine_names(arch, names, sizeof(names));
	if (!machine || !names[0] || is_among(names, machine))
		return 0;
	return problem_at(stage, "machine", NULL, NULL,
	                  "machine: %s is no machine of %.*s, whose machines are %s", machine,
	                  triplet ? (int)strcspn(triplet, "-") : 0, triplet ? triplet : "",
	                  names);
}

static int
check_expect(struct msmv_stage *stage)
{
	const char *text = stage->host->option(stage, "expect");

	if (!text || !text[strcspn(text, "\r\n")])
		return 0;
	return problem_at(stage, "expect", NULL, "checks of [run.checks] look for one line each",
	                  "expect has a line end, and no line of the console holds one");
}

static int
check(struct msmv_stage *stage)
{
	int bad = program_check(stage);
	static struct checks checks;
	struct guest guest = { .form = NULL };

	bad |= check_machine(stage);
	bad |= check_memory(stage);
	bad |= check_expect(stage);
	bad |= blank_check(stage);
	bad |= checks_read(stage, &checks);
	bad |= ports_read(stage, &checks, &guest);
	return bad;
}

static int
run(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	const char *path = host->output_path(stage, "console");
	const char *dir = host->workdir(stage);
	static struct guest guest; /* its strings live as long as the process */
	static struct checks checks;
	int log, rc;

	if (!path || !dir || checks_read(stage, &checks) < 0 ||
	    guest_prepare(stage, &checks, &guest) < 0)
		return -1;
	/* Where QEMU puts what a guest writes to its disk. */
	setenv("TMPDIR", dir, 1);
	log = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (log < 0)
		return host->fail(stage, MSMV_FAIL_SYSTEM, "cannot write %s: %s", path,
		                  strerror(errno));
	rc = proof_make(stage, &guest, &checks, log);
	if (close(log) < 0 && rc == 0)
		rc = host->fail(stage, MSMV_FAIL_SYSTEM, "cannot write %s: %s", path,
		                strerror(errno));
	return rc;
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.name = "qmp-run",
	.version = "1",
	.summary = "boots an image in QEMU until its guest says that it is ready",
	.provides = MSMV_TABLE(provides),
	.options = MSMV_TABLE(options),
	.inputs = MSMV_TABLE(inputs),
	.outputs = MSMV_TABLE(outputs),
	.check = check,
	.facts = program_facts,
	.run = run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	(void)host_api;
	return &plugin;
}
