/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * run:qemu, the proof: boots what the stages before made and succeeds only when the
 * guest said that it is ready. README.md is its manual.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <msmv/plugin.h>

#include "../problem/problem.h"
#include "boot.h"
#include "check.h"
#include "ports.h"
#include "prepare.h"
#include "report.h"
#include "vm/accel.h"
#include "vm/machine.h"

/* A guest under KVM prints something before that, or it never will. */
enum { KVM_LIFE_MS = 8000 };
enum { PORT_TRIES = 5 };

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
	{ .name = name_, .kind = MSMV_PORT_FILE, .flags = MSMV_PORT_OPTIONAL, \
	  .help = help_ }

static const struct msmv_port inputs[] = {
	INPUT("kernel", "bzImage or Image"),
	INPUT("vmlinux", "the kernel as ELF, for a direct start on x86 (PVH)"),
	INPUT("initramfs", "cpio archive"),
	INPUT("disk", "image with the root file system, qcow2 or raw"),
	INPUT("uki", "kernel, initramfs and command line in one EFI program"),
	INPUT("config", "the kernel's .config: what else than QEMU it can boot under"),
};

static const struct msmv_port outputs[] = {
	{ .name = "report", .kind = MSMV_PORT_FILE, .filename = "boot.json",
	  .help = "how it booted and how long that took" },
	{ .name = "console", .kind = MSMV_PORT_FILE, .filename = "console.log",
	  .help = "everything the guest printed" },
};

/* The recipe's, if it is another one than the architecture's; else NULL. */
static const char *
qemu_chosen(struct msmv_stage *stage)
{
	const char *name = stage->host->option(stage, "qemu");
	const char *usual = stage->host->arch(stage, "qemu.binary");

	return name && *name && (!usual || strcmp(name, usual) != 0) ? name : NULL;
}

static const char *
qemu_name(struct msmv_stage *stage)
{
	const char *name = qemu_chosen(stage);

	return name ? name : stage->host->arch(stage, "qemu.binary");
}

static int
check_qemu(struct msmv_stage *stage)
{
	const char *name = qemu_name(stage);

	if (!name)
		return problem_at(stage, NULL, NULL, "set qemu",
		                  "the architecture names no QEMU program");
	if (*name != '/' && strchr(name, '/'))
		return problem_at(stage, "qemu", NULL,
		                  "write a name that is looked up in PATH, or an absolute path",
		                  "qemu: \"%s\" is a relative path", name);
	return 0;
}

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
check(struct msmv_stage *stage)
{
	int bad = check_qemu(stage);
	static struct checks checks;
	struct guest guest = { .form = NULL };

	bad |= check_machine(stage);
	bad |= check_memory(stage);
	bad |= checks_read(stage, &checks);
	bad |= ports_read(stage, &checks, &guest);
	return bad;
}

static int
is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* 1: it is the program; 0: it is not there, which the facts then rest on. */
static int
fact_at(struct msmv_stage *stage, const char *path)
{
	if (!is_program(path))
		return stage->host->fact_witness(stage, path);
	return stage->host->fact_file(stage, "qemu", path) < 0 ? -1 : 1;
}

/* A program of the recipe's choice is read and not run: a plan runs no such thing. */
static int
fact_chosen(struct msmv_stage *stage, const char *name)
{
	int found = *name == '/' ? fact_at(stage, name) : 0;
	const char *dirs = *name == '/' ? NULL : getenv("PATH");
	char path[PATH_MAX];

	while (!found && dirs && *dirs) {
		size_t n = strcspn(dirs, ":");

		snprintf(path, sizeof(path), "%.*s/%s", (int)n, dirs, name);
		found = fact_at(stage, path);
		dirs += n + (dirs[n] == ':');
	}
	if (found)
		return found < 0 ? -1 : 0;
	return stage->host->fail(stage, MSMV_FAIL_TOOL, "%s is not installed", name);
}

/*
 * Which accelerator a boot used is no fact: what boots under one boots under the
 * other, and a permission on /dev/kvm shall not ask for a new proof. The firmware is
 * one even for forms that do without, as the inputs are not known yet.
 */
static int
facts(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	const char *chosen = qemu_chosen(stage), *firmware;

	if (chosen ? fact_chosen(stage, chosen) < 0
	           : host->fact_tool(stage, "qemu", qemu_name(stage), "--version") < 0)
		return -1;
	firmware = firmware_find(stage, host->fact_witness);
	return firmware ? host->fact_file(stage, "firmware", firmware) : 0;
}

static void
rules_take(struct msmv_stage *stage, const struct guest *g, struct boot_rules *r)
{
	const struct msmv_host *host = stage->host;
	const char *expect = host->option(stage, "expect");
	const struct machine *m = machine_find(g->arch, g->machine, NULL, false);

	*r = (struct boot_rules){
		.timeout = host->option_int(stage, "timeout") * 1000,
		.silence = host->option_int(stage, "silence") * 1000,
		.linger = host->option_int(stage, "linger"),
		.expect = expect && *expect ? expect : NULL,
		.exit_code = host->option_int(stage, "exit_code"),
		.powerdown = host->option_int(stage, "powerdown") != 0,
		.button = !m || m->button,
	};
}

/* Says in one line which accelerator it is and why. True for KVM. */
static bool
accel_choose(struct msmv_stage *stage, struct accel *accel)
{
	bool kvm = accel_kvm(accel);

	stage->host->log(stage, MSMV_LOG_INFO, "accelerator: %s%s%s", kvm ? "kvm" : "tcg, not kvm: ",
	                 accel->why, accel->remembered ? "; as was found before" : "");
	return kvm;
}

/*
 * A number and a device for each boot: what a QEMU had is not to be had again. A device
 * that the guest has no driver for does no harm.
 */
static void
vsock_take(struct msmv_stage *stage, struct guest *guest, struct vsock_ready *vsock)
{
	vsock_ready_close(vsock);
	if (stage->host->option_int(stage, "vsock"))
		vsock_ready_open(vsock, 0);
	guest->vsock_cid = vsock->device >= 0 ? vsock->cid : 0;
	guest->vsock_fd = vsock->device;
}

static int
boot_once(struct boot *b, struct guest *guest, const char *accel)
{
	struct msmv_stage *stage = b->stage;
	const char *qemu = b->qemu_name;
	const struct boot_rules *rules = b->rules;
	struct checks *checks = b->checks;
	struct vsock_ready *vsock = b->vsock;
	int log = b->log;

	if (ftruncate(log, 0) < 0 || lseek(log, 0, SEEK_SET) < 0)
		return stage->host->fail(stage, MSMV_FAIL_SYSTEM,
		                         "cannot start the console's log: %s",
		                         strerror(errno));
	guest->accel = accel;
	guest->cpu = guest_cpu(stage, accel);
	*b = (struct boot){ .stage = stage, .guest = guest, .rules = rules, .checks = checks,
		            .vsock = vsock, .qemu_name = qemu, .log = log };
	checks_begin(checks);
	return boot_run(b);
}

/* A port that was free a moment ago may be another's: QEMU says so at once. */
static int
boot_at_ports(struct boot *b, struct guest *guest, const char *accel)
{
	for (int tries = 1;; tries++) {
		vsock_take(b->stage, guest, b->vsock);
		if (boot_once(b, guest, accel) == 0)
			return 0;
		if (tries == PORT_TRIES || !b->lifeless || !strstr(b->why, "host forwarding") ||
		    !ports_choose_again(guest))
			return -1;
		b->stage->host->log(b->stage, MSMV_LOG_INFO, "with other ports, as it fails: %s",
		                    b->why);
	}
}

/* vsock is an extra: where QEMU cannot have it, the guest boots without. */
static int
boot_with(struct boot *b, struct guest *guest, const char *accel)
{
	int rc = boot_at_ports(b, guest, accel);

	if (rc == 0 || !guest->vsock_cid || !b->lifeless || !strstr(b->why, "vsock"))
		return rc;
	b->stage->host->log(b->stage, MSMV_LOG_INFO, "without vsock, as it fails: %s", b->why);
	vsock_ready_close(b->vsock);
	guest->vsock_cid = 0;
	return boot_once(b, guest, accel);
}

/* One boot, or two: KVM may pass its test and fail at a real guest all the same. */
static int
boot_by_accel(struct boot *b, struct guest *guest, struct accel *accel)
{
	struct msmv_stage *stage = b->stage;
	const char *asked = stage->host->option(stage, "accel");
	struct boot_rules trial = *b->rules;
	const struct boot_rules *rules = b->rules;
	bool blamed;
	int rc;

	if (strcmp(asked, "auto") != 0)
		return boot_with(b, guest, asked);
	if (!accel_choose(stage, accel))
		return boot_with(b, guest, "tcg");
	trial.life = KVM_LIFE_MS;
	/* cppcheck-suppress autoVariables ; put back below, before trial goes */
	b->rules = &trial;
	rc = boot_with(b, guest, "kvm");
	if (rc == 0 || !b->lifeless)
		return rc;
	blamed = b->blames_kvm;
	snprintf(accel->why, sizeof(accel->why), "%.*s", ACCEL_WHY_MAX - 1, b->why);
	stage->host->log(stage, MSMV_LOG_INFO, "accelerator: tcg, as kvm fails: %s", accel->why);
	b->rules = rules;
	rc = boot_with(b, guest, "tcg");
	/* A guest that boots under neither says nothing of KVM, nor does a QEMU that had no
	   memory, or was killed. */
	if (rc == 0 && blamed)
		accel_distrust(accel, accel->why);
	return rc;
}

static void
note(struct boot *b, const char *not_kvm)
{
	char text[128];

	phases_text(&b->phases, text, sizeof(text));
	b->stage->host->note(b->stage, "%s%s%s", text, *not_kvm ? " · tcg: " : "", not_kvm);
}

static int
boot_and_report(struct msmv_stage *stage, struct guest *guest, struct checks *checks, int log)
{
	static struct vsock_ready vsock; /* until the process ends */
	struct boot_rules rules;
	struct boot boot = { .stage = stage, .rules = &rules, .checks = checks, .log = log,
		             .qemu_name = qemu_name(stage) };
	struct guest person;
	const char *folder = stage->host->option(stage, "accel_memory");
	struct accel accel = { .folder = folder && *folder ? folder : NULL,
		               .arch = guest->arch ? guest->arch : "",
		               .qemu = boot.qemu_name };

	rules_take(stage, guest, &rules);
	vsock = (struct vsock_ready){ .device = -1, .listener = -1, .peer = -1 };
	boot.vsock = &vsock;
	if (boot_by_accel(&boot, guest, &accel) < 0)
		return stage->host->fail(stage, boot.code ? boot.code : MSMV_FAIL_SYSTEM,
		                         "%s", boot.why);
	guest_for_person(stage, guest, &person);
	person.accel = guest->accel;
	person.cpu = guest->cpu;
	if (report_write(&boot, &person, accel.why) < 0)
		return -1;
	note(&boot, accel.why);
	return 0;
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
	rc = boot_and_report(stage, &guest, &checks, log);
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
	.facts = facts,
	.run = run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	(void)host_api;
	return &plugin;
}
