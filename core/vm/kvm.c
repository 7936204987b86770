/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The guest of the probe is a loop of 60,000 instructions in 64-bit mode, then one
 * byte to a port. A processor needs less than a tenth of a millisecond for it. It runs
 * in a child process, as a KVM that is broken may never come back.
 *
 * Only the processor time counts, so that a busy machine is not mistaken for a
 * slow KVM.
 */
#include "vm/kvm.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/kvm.h>

enum {
	ROUNDS = 20000, /* of three instructions */
	SLOW_US = 4000, /* 15 million instructions a second */
	HANG_S = 1,
	BUSY_US = 200000 /* a thousand times what it needs */
};

#ifdef __x86_64__

enum { PORT = 0x80, MEMORY = 0x10000, CODE = 0x1000, TABLES = 0x2000, DATA = 0x9000 };

struct probe {
	int kvm, vm, cpu;
	uint8_t *memory;
	struct kvm_run *run;
};

/* Returns what failed, or NULL. */
static const char *
probe_open(struct probe *p)
{
	struct kvm_userspace_memory_region region = { .memory_size = MEMORY };
	int size;

	p->vm = ioctl(p->kvm, KVM_CREATE_VM, 0);
	if (p->vm < 0)
		return "KVM_CREATE_VM";
	/* Processors without unrestricted guests need this; others ignore it. */
	(void)ioctl(p->vm, KVM_SET_TSS_ADDR, 0xfffbd000ul);
	p->memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
	                 -1, 0);
	if (p->memory == MAP_FAILED)
		return "mmap";
	region.userspace_addr = (uintptr_t)p->memory;
	if (ioctl(p->vm, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		return "KVM_SET_USER_MEMORY_REGION";
	p->cpu = ioctl(p->vm, KVM_CREATE_VCPU, 0);
	if (p->cpu < 0)
		return "KVM_CREATE_VCPU";
	size = ioctl(p->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (size <= 0)
		return "KVM_GET_VCPU_MMAP_SIZE";
	p->run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, p->cpu, 0);
	return p->run == MAP_FAILED ? "mmap" : NULL;
}

static void
probe_load(struct probe *p)
{
	static const uint8_t code[] = {
		0x48, 0x03, 0x03, /* again: add (%rbx), %rax */
		0xff, 0xc9,       /*        dec %ecx         */
		0x75, 0xf9,       /*        jnz again        */
		0xe6, PORT,       /*        out %al, $PORT   */
		0xf4              /*        hlt              */
	};
	/* One 2 MiB page at 0, through three tables: present, writable; then large. */
	static const uint64_t entry[] = { TABLES + 0x1003, TABLES + 0x2003, 0x83 };

	memcpy(p->memory + CODE, code, sizeof(code));
	for (size_t i = 0; i < sizeof(entry) / sizeof(entry[0]); i++)
		memcpy(p->memory + TABLES + i * 0x1000, &entry[i], sizeof(entry[i]));
}

/* 64-bit mode from the first instruction on: there is no firmware to enter it. */
static const char *
probe_registers(struct probe *p)
{
	struct kvm_regs regs = { .rip = CODE, .rcx = ROUNDS, .rbx = DATA, .rsp = DATA,
		                 .rflags = 2 };
	struct kvm_segment data = { .limit = 0xffffffff, .selector = 0x10, .type = 3,
		                    .present = 1, .db = 1, .s = 1, .g = 1 };
	struct kvm_sregs sregs;

	if (ioctl(p->cpu, KVM_GET_SREGS, &sregs) < 0)
		return "KVM_GET_SREGS";
	sregs.ds = sregs.es = sregs.ss = sregs.fs = sregs.gs = data;
	sregs.cs = data;
	sregs.cs.selector = 8;
	sregs.cs.type = 11;
	sregs.cs.l = 1;
	sregs.cs.db = 0;
	sregs.cr3 = TABLES;
	sregs.cr4 |= 0x20;       /* PAE */
	sregs.cr0 |= 0x80000001; /* PG, PE */
	sregs.efer |= 0x500;     /* LMA, LME */
	if (ioctl(p->cpu, KVM_SET_SREGS, &sregs) < 0)
		return "KVM_SET_SREGS";
	return ioctl(p->cpu, KVM_SET_REGS, &regs) < 0 ? "KVM_SET_REGS" : NULL;
}

static int64_t
cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* What another moment may see end otherwise. */
static bool
is_transient(int error)
{
	return error == EINTR || error == EAGAIN || error == ENOMEM || error == EBUSY;
}

static enum kvm_verdict
say(enum kvm_verdict verdict, int fd, const char *what)
{
	dprintf(fd, "%s fails: %s", what, strerror(errno));
	return verdict;
}

/* The child's whole life: what is wrong goes to fd. */
static enum kvm_verdict
probe_child(int kvm, int fd)
{
	struct probe p = { .kvm = kvm };
	const char *failed = probe_open(&p);
	int64_t us;

	if (!failed) {
		probe_load(&p);
		failed = probe_registers(&p);
	}
	if (failed)
		return say(KVM_UNKNOWN, fd, failed);
	us = cpu_us();
	if (ioctl(p.cpu, KVM_RUN, 0) < 0)
		return say(is_transient(errno) ? KVM_UNKNOWN : KVM_FAILS, fd, "KVM_RUN");
	us = cpu_us() - us;
	if (p.run->exit_reason != KVM_EXIT_IO || p.run->io.port != PORT)
		dprintf(fd, "a guest of four instructions ends with KVM exit %u",
		        p.run->exit_reason);
	else if (us > SLOW_US)
		dprintf(fd, "it emulates every instruction (%.1f million a second)",
		        3.0 * ROUNDS / (double)us);
	else
		return KVM_WORKS;
	return KVM_FAILS;
}

#else

/*
 * No probe for this architecture yet proven on hardware: QEMU itself is the probe
 * then, as the caller gives up on KVM when a guest shows no sign of life.
 */
static enum kvm_verdict
probe_child(int kvm, int fd)
{
	if (ioctl(kvm, KVM_CREATE_VM, 0) >= 0)
		return KVM_WORKS;
	dprintf(fd, "KVM_CREATE_VM fails: %s", strerror(errno));
	return KVM_UNKNOWN;
}

#endif

static bool
same_arch(const char *kernel_arch)
{
	static const struct {
		const char *machine, *arch;
	} table[] = {
		{ "x86_64", "x86" },
		{ "aarch64", "arm64" },
		{ "riscv64", "riscv" },
	};
	struct utsname uts;

	if (uname(&uts) < 0 || !kernel_arch)
		return false;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(uts.machine, table[i].machine) == 0)
			return strcmp(kernel_arch, table[i].arch) == 0;
	return false;
}

/*
 * How the child ended. One that the clock cut off hangs for sure only if it had the
 * processor meanwhile: on a busy machine it may not have come to its turn.
 */
static enum kvm_verdict
judge(int status, const struct rusage *used, char *why, size_t size)
{
	int64_t us = ((int64_t)used->ru_utime.tv_sec + used->ru_stime.tv_sec) * 1000000 +
	             used->ru_utime.tv_usec + used->ru_stime.tv_usec;

	if (WIFEXITED(status))
		return (enum kvm_verdict)WEXITSTATUS(status);
	if (WTERMSIG(status) != SIGALRM) {
		snprintf(why, size, "its probe is ended by signal %d", WTERMSIG(status));
		return KVM_UNKNOWN;
	}
	snprintf(why, size, "a guest of four instructions hangs");
	return us >= BUSY_US ? KVM_FAILS : KVM_UNKNOWN;
}

static enum kvm_verdict
probe_in_child(int kvm, char *why, size_t size)
{
	struct rusage used = { .ru_maxrss = 0 };
	int status = 0, verdict[2];
	ssize_t n;
	pid_t pid;

	if (pipe2(verdict, O_CLOEXEC) < 0) {
		snprintf(why, size, "no pipe for the probe: %s", strerror(errno));
		return KVM_UNKNOWN;
	}
	pid = fork();
	if (pid == 0) {
		signal(SIGALRM, SIG_DFL);
		alarm(HANG_S);
		_exit(probe_child(kvm, verdict[1]));
	}
	close(verdict[1]);
	n = pid < 0 ? -1 : read(verdict[0], why, size - 1);
	close(verdict[0]);
	why[n > 0 ? n : 0] = '\0';
	if (pid < 0) {
		snprintf(why, size, "no process for the probe: %s", strerror(errno));
		return KVM_UNKNOWN;
	}
	while (wait4(pid, &status, 0, &used) < 0)
		if (errno != EINTR) {
			snprintf(why, size, "the probe is lost: %s", strerror(errno));
			return KVM_UNKNOWN;
		}
	return judge(status, &used, why, size);
}

enum kvm_verdict
kvm_probe(const char *kernel_arch, char *why, size_t size)
{
	enum kvm_verdict verdict;
	int kvm;

	why[0] = '\0';
	if (!same_arch(kernel_arch)) {
		snprintf(why, size, "the guest is of another architecture");
		return KVM_UNKNOWN;
	}
	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm < 0) {
		snprintf(why, size, "/dev/kvm: %s", strerror(errno));
		return KVM_UNKNOWN;
	}
	verdict = probe_in_child(kvm, why, size);
	close(kvm);
	return verdict;
}
