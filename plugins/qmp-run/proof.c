/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What is not the guest's fault is tried another way: under TCG if KVM fails at a real
 * guest, at other ports if another took one, without vsock where QEMU cannot have it.
 */
#include "proof.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "boot.h"
#include "prepare.h"
#include "program.h"
#include "ports.h"
#include "report.h"
#include "vm/accel.h"
#include "vm/machine.h"

/* A guest under KVM prints something before that, or it never will. */
enum { KVM_LIFE_MS = 8000 };
enum { PORT_TRIES = 5 };

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
	/* cppcheck-suppress autoVariables ; put back before trial goes */
	b->rules = &trial;
	rc = boot_with(b, guest, "kvm");
	b->rules = rules;
	if (rc == 0 || !b->lifeless)
		return rc;
	blamed = b->blames_kvm;
	snprintf(accel->why, sizeof(accel->why), "%.*s", ACCEL_WHY_MAX - 1, b->why);
	stage->host->log(stage, MSMV_LOG_INFO, "accelerator: tcg, as kvm fails: %s", accel->why);
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

int
proof_make(struct msmv_stage *stage, struct guest *guest, struct checks *checks, int log)
{
	static struct vsock_ready vsock; /* until the process ends */
	struct boot_rules rules;
	struct boot boot = { .stage = stage, .rules = &rules, .checks = checks, .log = log,
		             .qemu_name = program_name(stage) };
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
