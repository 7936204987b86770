/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Runs a program and lets one of its system calls go wrong:
 *
 *	fault count SET COMMAND...        how many calls of the set it makes, on fd 3
 *	fault kill N SET COMMAND...       SIGKILL instead of the N-th of them
 *	fault tear N SET COMMAND...       a write does half of its work, then SIGKILL
 *	fault EIO|ENOSPC N SET COMMAND... the N-th fails so
 *
 * SET: all, or writes (what changes a file system, and syncs it). Processes that the
 * program forks and its threads count with it; what it spawns (its workers) is left alone. The exit status
 * is the program's; 137 if it was killed.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum action { COUNT, KILL, TEAR, FAIL };

static enum action action;
static long nth, seen;
static int error_number;
static int only_writes;
static pid_t program;

/* Those that wait for the end of the call that fails. */
static pid_t failing;

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

#if defined(__x86_64__)
static int
changes_files(long call)
{
	static const long calls[] = { SYS_write, SYS_pwrite64, SYS_writev, SYS_fsync,
		SYS_fdatasync, SYS_rename, SYS_renameat, SYS_renameat2, SYS_mkdir, SYS_mkdirat,
		SYS_unlink, SYS_unlinkat, SYS_rmdir, SYS_ftruncate, SYS_copy_file_range,
		SYS_sendfile, SYS_fchmod, SYS_chmod, SYS_link, SYS_symlink, SYS_utimensat };

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i] == call)
			return 1;
	return 0;
}

static void
regs_get(pid_t pid, struct user_regs_struct *regs)
{
	if (ptrace(PTRACE_GETREGS, pid, NULL, regs) < 0)
		die("registers");
}

static void
regs_set(pid_t pid, struct user_regs_struct *regs)
{
	if (ptrace(PTRACE_SETREGS, pid, NULL, regs) < 0)
		die("set registers");
}

/* The kernel gets no call to do; the answer is written when it "returns". */
static void
begin_failure(pid_t pid)
{
	struct user_regs_struct regs;

	regs_get(pid, &regs);
	regs.orig_rax = (unsigned long long)-1;
	regs_set(pid, &regs);
	failing = pid;
}

static void
end_failure(pid_t pid)
{
	struct user_regs_struct regs;

	regs_get(pid, &regs);
	regs.rax = (unsigned long long)(long long)-error_number;
	regs_set(pid, &regs);
	failing = 0;
}

static void
halve(pid_t pid)
{
	struct user_regs_struct regs;

	regs_get(pid, &regs);
	if (regs.orig_rax == SYS_write || regs.orig_rax == SYS_pwrite64) {
		regs.rdx /= 2;
		regs_set(pid, &regs);
	}
}
#else
/* The registers of other machines are not known here: nothing can be made to fail. */
static int
changes_files(long call)
{
	return call >= 0;
}

static void
begin_failure(pid_t pid)
{
	failing = pid;
}

static void
end_failure(pid_t pid)
{
	failing = pid;
	die("fail a system call on this machine");
}

static void
halve(pid_t pid)
{
	failing = pid;
}
#endif

static void
act(pid_t pid)
{
	switch (action) {
	case COUNT:
		break;
	case KILL:
		kill(pid, SIGKILL);
		break;
	case TEAR:
		halve(pid);
		failing = pid;
		break;
	case FAIL:
		begin_failure(pid);
		break;
	}
}

static void
at_entry(pid_t pid, long call)
{
	if (call < 0 || (only_writes && !changes_files(call)))
		return;
	seen++;
	if (seen == nth)
		act(pid);
}

static void
at_exit(pid_t pid)
{
	if (pid != failing)
		return;
	if (action == TEAR)
		kill(pid, SIGKILL);
	else
		end_failure(pid);
	failing = 0;
}

static void
at_syscall(pid_t pid)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) < 0)
		return; /* it was killed meanwhile */
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		at_entry(pid, (long)info.entry.nr);
	else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
		at_exit(pid);
}

/* A signal that is the tracer's own business is not handed on. */
static int
signal_for(int status)
{
	int sig = WSTOPSIG(status);

	if (status >> 16 || sig == (SIGTRAP | 0x80) || sig == SIGTRAP || sig == SIGSTOP)
		return 0;
	return sig;
}

static int
trace(void)
{
	int status, result = 2;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFEXITED(status) || WIFSIGNALED(status)) {
			if (pid == program)
				result = WIFEXITED(status) ? WEXITSTATUS(status)
							   : 128 + WTERMSIG(status);
			continue;
		}
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			at_syscall(pid);
		ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)signal_for(status));
	}
	return result;
}

static void
start(char **argv)
{
	int status;

	program = fork();
	if (program < 0)
		die("fork");
	if (program == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execvp(argv[0], argv);
		die(argv[0]);
	}
	if (waitpid(program, &status, 0) < 0)
		die("wait");
	if (ptrace(PTRACE_SETOPTIONS, program, NULL,
		    (void *)(long)(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
				   PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)) < 0)
		die("options");
	ptrace(PTRACE_SYSCALL, program, NULL, NULL);
}

static int
usage(void)
{
	fputs("usage: fault count SET COMMAND | fault kill|tear|EIO|ENOSPC N SET COMMAND\n", stderr);
	return 2;
}

int
main(int argc, char **argv)
{
	int status;

	if (argc < 4)
		return usage();
	argv++;
	if (strcmp(*argv, "kill") == 0)
		action = KILL;
	else if (strcmp(*argv, "tear") == 0)
		action = TEAR;
	else if (strcmp(*argv, "EIO") == 0 || strcmp(*argv, "ENOSPC") == 0)
		action = FAIL;
	else if (strcmp(*argv, "count") != 0)
		return usage();
	error_number = strcmp(*argv, "EIO") == 0 ? EIO : ENOSPC;
	argv++;
	if (action != COUNT)
		nth = atol(*argv++);
	only_writes = strcmp(*argv++, "writes") == 0;
	if (!*argv)
		return usage();
	start(argv);
	status = trace();
	if (action == COUNT)
		dprintf(3, "%ld\n", seen);
	return status;
}
