/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * times COUNT COMMAND [ARGS] [-- COMMAND [ARGS]] ...: what the commands take, in turn, so
 * that a machine that gets slower meanwhile is slower for all. A line each: the medians of
 * wall time and of processor time in microseconds. What they print is thrown away.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

enum { COMMANDS_MAX = 8, COUNT_MAX = 10000 };

struct command {
	char **argv;
	long *wall, *cpu; /* microseconds, of each run */
};

static long
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static long
us(struct timeval tv)
{
	return tv.tv_sec * 1000000 + tv.tv_usec;
}

static int
run_once(char **argv, long *wall, long *cpu)
{
	posix_spawn_file_actions_t fa;
	long begin = now_us();
	struct rusage ru;
	int status = 0;
	pid_t pid;

	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&fa, 2, "/dev/null", O_WRONLY, 0);
	errno = posix_spawnp(&pid, argv[0], &fa, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	if (errno || wait4(pid, &status, 0, &ru) < 0 || status) {
		fprintf(stderr, "times: %s: %s\n", argv[0], errno ? strerror(errno) : "failed");
		return -1;
	}
	*wall = now_us() - begin;
	*cpu = us(ru.ru_utime) + us(ru.ru_stime);
	return 0;
}

static int
by_number(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

static long
median(long *v, int n)
{
	qsort(v, (size_t)n, sizeof(*v), by_number);
	return v[n / 2];
}

/* The words up to each "--". */
static int
split(char **words, struct command *c, int count)
{
	int n = 0;

	while (*words && n < COMMANDS_MAX) {
		c[n].argv = words;
		c[n].wall = calloc((size_t)count, sizeof(long));
		c[n].cpu = calloc((size_t)count, sizeof(long));
		if (!c[n].wall || !c[n].cpu)
			return 0;
		n++;
		while (*words && strcmp(*words, "--") != 0)
			words++;
		if (*words)
			*words++ = NULL;
	}
	return n;
}

int
main(int argc, char **argv)
{
	int count = argc > 2 ? atoi(argv[1]) : 0, n;
	struct command c[COMMANDS_MAX];
	long wall, cpu;

	if (count < 1 || count > COUNT_MAX || (n = split(argv + 2, c, count)) < 1) {
		fputs("usage: times COUNT COMMAND [ARGS] [-- COMMAND [ARGS]] ...\n", stderr);
		return 2;
	}
	for (int k = 0; k < n; k++) /* once for the caches */
		if (run_once(c[k].argv, &wall, &cpu) < 0)
			return 1;
	for (int i = 0; i < count; i++)
		for (int k = 0; k < n; k++)
			if (run_once(c[k].argv, &c[k].wall[i], &c[k].cpu[i]) < 0)
				return 1;
	for (int k = 0; k < n; k++)
		printf("%ld %ld\n", median(c[k].wall, count), median(c[k].cpu, count));
	return 0;
}
