/* SPDX-License-Identifier: GPL-3.0-only */
/* What runs as an application in the tests of init: shows what it got, or misbehaves. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* Every argument and variable with its NUL, so that a test can compare bytes. */
static int
show(int argc, char **argv)
{
	FILE *f = fopen(argv[2], "w");

	if (!f)
		return 1;
	for (int i = 3; i < argc; i++)
		fwrite(argv[i], strlen(argv[i]) + 1, 1, f);
	if (fclose(f) != 0)
		return 1;
	f = fopen("/data/env", "w");
	for (char **e = environ; f && *e; e++)
		fprintf(f, "%s\n", *e);
	return !f || fclose(f) != 0;
}

/* How many processes there are in state Z; -1 if /proc cannot be read. */
static int
zombies(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;
	int n = 0;

	if (!proc)
		return -1;
	while ((e = readdir(proc)) != NULL) {
		char path[300], text[600], *paren;
		FILE *f;

		snprintf(path, sizeof(path), "/proc/%s/stat", e->d_name);
		f = e->d_name[0] >= '1' && e->d_name[0] <= '9' ? fopen(path, "r") : NULL;
		if (!f)
			continue;
		paren = fgets(text, sizeof(text), f) ? strrchr(text, ')') : NULL;
		n += paren && paren[2] == 'Z';
		fclose(f);
	}
	closedir(proc);
	return n;
}

/* How many there are at all. */
static int
processes(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;
	int n = 0;

	if (!proc)
		return -1;
	while ((e = readdir(proc)) != NULL)
		n += e->d_name[0] >= '1' && e->d_name[0] <= '9';
	closedir(proc);
	return n;
}

/* Leaves count grandchildren to init, half of them ended by a signal. */
static int
orphans(int count)
{
	int left = -1;

	for (int i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return 1;
		if (pid == 0) {
			pid = fork();
			if (pid == 0) {
				usleep(1000u * (unsigned)(i % 20));
				if (i % 2)
					raise(SIGKILL);
				_exit(i % 256);
			}
			_exit(pid < 0);
		}
		if (waitpid(pid, NULL, 0) != pid)
			return 1;
	}
	for (int i = 0; i < 100 && left != 0; i++) {
		usleep(50000);
		left = zombies();
	}
	printf("orphans %d zombies %d\n", count, left);
	return left != 0;
}

static long long
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* An orphan: ends with all the others, when the pipe is closed, and says when. */
static void __attribute__((noreturn))
orphan(const int *go, long long *end)
{
	char byte;

	close(go[1]);
	if (read(go[0], &byte, 1) != 0)
		_exit(1);
	*end = now_us();
	_exit(0);
}

/* The time from the end of the last of count orphans until none is left. */
static int
reaped(int count)
{
	long long *ends = mmap(NULL, (size_t)count * sizeof(*ends), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long long last = 0, gone;
	int go[2];

	if (ends == MAP_FAILED || pipe(go) != 0)
		return 1;
	for (int i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid == 0 && fork() == 0)
			orphan(go, &ends[i]);
		if (pid == 0)
			_exit(0);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			return 1;
	}
	close(go[1]);
	/* Init and this program stay. */
	while (processes() > 2)
		usleep(1000);
	gone = now_us();
	for (int i = 0; i < count; i++) {
		if (ends[i] == 0)
			return 1;
		last = ends[i] > last ? ends[i] : last;
	}
	printf("reaped %d in %lld us, zombies %d\n", count, gone - last, zombies());
	return 0;
}

/* How often process 1 has been switched to, as a number in its status. */
static long
switches(void)
{
	FILE *f = fopen("/proc/1/status", "r");
	char line[200];
	long n = -1;

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "voluntary_ctxt_switches:", 24) == 0)
			n = strtol(line + 24, NULL, 10);
	if (f)
		fclose(f);
	return n;
}

static int
wakeups(void)
{
	long before;

	usleep(200000);
	before = switches();
	usleep(2000000);
	printf("wakeups %ld\n", before < 0 ? -1 : switches() - before);
	return 0;
}

static int
ids(void)
{
	gid_t groups[8];
	char dir[200];
	int n = getgroups(8, groups);

	printf("ids uid=%d gid=%d groups=%d:%d dir=%s", (int)getuid(), (int)getgid(), n,
		n > 0 ? (int)groups[0] : -1, getcwd(dir, sizeof(dir)) ? dir : "?");
	for (int i = 1; i < n; i++)
		printf("%s%d", i == 1 ? " more=" : ",", (int)groups[i]);
	putchar('\n');
	return 0;
}

/* Ignores what it can; says what came. */
static void
said(int signal)
{
	char text[] = "got signal 00\n";

	text[11] = (char)('0' + signal / 10);
	text[12] = (char)('0' + signal % 10);
	if (write(1, text, sizeof(text) - 1) < 0)
		_exit(1);
}

static int
stubborn(void)
{
	signal(SIGTERM, said);
	signal(SIGQUIT, said);
	signal(SIGHUP, said);
	printf("stubborn runs\n");
	fflush(stdout);
	while (pause() < 0)
		;
	return 0;
}

/* Session, group, terminal, signal mask and descriptors as the program finds them. */
static int
state(void)
{
	sigset_t set;
	int blocked = 0, fds = 0;

	sigprocmask(SIG_SETMASK, NULL, &set);
	for (int s = 1; s < 32; s++)
		blocked += sigismember(&set, s) == 1;
	for (int fd = 0; fd < 256; fd++)
		fds += fcntl(fd, F_GETFD) >= 0;
	printf("state leader=%d blocked=%d fds=%d foreground=%d\n", getsid(0) == getpid(),
		blocked, fds, tcgetpgrp(0) == getpgrp());
	return 0;
}

/* A terminal that is nobody's: prints its name, then all that is written to it. */
static int
terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	char text[4096];
	ssize_t n;

	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		return 1;
	printf("%s\n", ptsname(master));
	fflush(stdout);
	/* Held open, or the first close of a guest would end it. */
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	while (slave >= 0 && (n = read(master, text, sizeof(text))) > 0)
		if (write(1, text, (size_t)n) != n)
			break;
	return 1;
}

static int
third_time(const char *path)
{
	char text[64];
	ssize_t n;
	int fd = open(path, O_RDWR | O_CREAT, 0644);

	n = fd < 0 ? -1 : read(fd, text, sizeof(text));
	if (n < 0 || write(fd, "x", 1) != 1)
		return 1;
	/* The third start ends well. */
	return n < 2 ? 7 : 0;
}

/* Listens on the port as soon as the file is there; at most for a minute. */
static int
listen_after(const char *port, const char *file)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons((unsigned short)atoi(port)),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	printf("port runs\nport listens later\n");
	fflush(stdout);
	for (int i = 0; i < 1200 && access(file, F_OK) != 0; i++)
		usleep(50000);
	printf("port opens\n");
	fflush(stdout);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(fd, 1) != 0)
		return 1;
	return pause();
}

static int
port_at(const char *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons((unsigned short)atoi(port)),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0 ? fd : -1;
}

/* A socket's path, or a TCP port. */
static int
socket_at(const char *path, int listener)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = *path >= '0' && *path <= '9' ? -1 : socket(AF_UNIX, SOCK_STREAM, 0);

	if (*path >= '0' && *path <= '9')
		return port_at(path);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	if (fd < 0)
		return -1;
	if (!listener)
		return connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0 ? fd : -1;
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(fd, 1) != 0)
		return -1;
	return accept(fd, NULL, NULL);
}

/* How many lines end in what came that are answers and no records. */
static int
answers(const char *text, ssize_t n, int *record, int *column)
{
	static const char head[] = "msmv: ";
	int count = 0;

	for (ssize_t i = 0; i < n; i++) {
		if (*column == 0)
			*record = 1;
		if (*column < 6 && text[i] != head[*column])
			*record = 0;
		*column = text[i] == '\n' ? 0 : *column + 1;
		count += text[i] == '\n' && !*record;
	}
	return count;
}

/* A host: says lines, then prints what comes, until the other side has gone or, if it is in a
   hurry, each line was answered. */
static int
host(int fd, char **lines, int hurry)
{
	char text[4096];
	int asked = 0, record = 0, column = 0;
	ssize_t n;

	signal(SIGPIPE, SIG_IGN);
	for (; fd >= 0 && *lines; lines++) {
		/* Who has left may have said why. */
		if (write(fd, *lines, strlen(*lines)) < 0 || write(fd, "\n", 1) != 1)
			break;
		for (const char *c = *lines; *c; c++)
			asked += *c == '\n';
		asked++;
	}
	if (fd < 0)
		return 1;
	while ((!hurry || asked > 0) && (n = read(fd, text, sizeof(text))) > 0) {
		if (write(1, text, (size_t)n) != n)
			return 1;
		asked -= answers(text, n, &record, &column);
	}
	return 0;
}

/* Runs a program for which the kernel lacks what small ones leave out. */
static int
without(char **argv)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_signalfd4, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_inotify_init1, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {sizeof(code) / sizeof(code[0]), code};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
		return 1;
	execv(argv[0], argv);
	return 1;
}

static int
cat(char **paths)
{
	char text[4096];
	ssize_t n;

	for (; *paths; paths++) {
		int fd = open(*paths, O_RDONLY);

		if (fd < 0)
			return 1;
		while ((n = read(fd, text, sizeof(text))) > 0)
			if (write(1, text, (size_t)n) != n)
				return 1;
		close(fd);
	}
	return 0;
}

/* How often it has been started, which a file keeps. */
static int
count_start(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_APPEND, 0644);

	if (fd < 0 || write(fd, "x", 1) != 1 || fsync(fd) != 0)
		return 1;
	printf("count %d\n", (int)lseek(fd, 0, SEEK_END));
	return 0;
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "show") == 0 && argc > 2)
		return show(argc, argv);
	if (strcmp(what, "orphans") == 0 && argc > 2)
		return orphans(atoi(argv[2]));
	if (strcmp(what, "reaped") == 0 && argc > 2)
		return reaped(atoi(argv[2]));
	if (strcmp(what, "exit") == 0 && argc > 2)
		return atoi(argv[2]);
	if (strcmp(what, "raise") == 0 && argc > 2)
		return raise(atoi(argv[2]));
	if (strcmp(what, "third") == 0 && argc > 2)
		return third_time(argv[2]);
	if (strcmp(what, "listen") == 0 && argc > 3)
		return listen_after(argv[2], argv[3]);
	if (strcmp(what, "without") == 0 && argc > 2)
		return without(argv + 2);
	if (strcmp(what, "ask") == 0 && argc > 2)
		return host(socket_at(argv[2], 0), argv + 3, 1);
	if (strcmp(what, "hear-all") == 0 && argc > 2)
		return host(socket_at(argv[2], 0), argv + 3, 0);
	if (strcmp(what, "cat") == 0)
		return cat(argv + 2);
	if (strcmp(what, "count") == 0 && argc > 2)
		return count_start(argv[2]);
	if (strcmp(what, "hear") == 0 && argc > 2)
		return host(socket_at(argv[2], 1), argv + 3, 0);
	if (strcmp(what, "silent") == 0 && argc > 2)
		return host(socket_at(argv[2], 0), argv + argc, 0);
	if (strcmp(what, "wakeups") == 0)
		return wakeups();
	if (strcmp(what, "ids") == 0)
		return ids();
	if (strcmp(what, "terminal") == 0)
		return terminal();
	if (strcmp(what, "state") == 0)
		return state();
	if (strcmp(what, "stubborn") == 0)
		return stubborn();
	fprintf(stderr, "guest-tool: unknown: %s\n", what);
	return 64;
}
