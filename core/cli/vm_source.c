/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What "msmv vm start" was given: a recipe is built, which leaves a folder; an image says
 * itself what it is.
 */
#include "cli/vm_plan.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "vm/image.h"

/* ---- A recipe ------------------------------------------------------------- */

/* Options that go on to msmv run, each as often as it was given. */
static const char *const handed_on[] = { "store", "set", "profile", "arch" };

static void
run_recipe(struct vm_plan *p, const char *out)
{
	VEC(char *) argv = VEC_INIT;

	vec_push(&argv, xstrdup("msmv"));
	vec_push(&argv, xstrdup("run"));
	vec_push(&argv, xstrdup(p->path));
	vec_push(&argv, xasprintf("--output=%s", out));
	vec_push(&argv, xstrdup("--quiet"));
	for (size_t i = 0; i < ARRAY_LEN(handed_on); i++)
		for (int k = 0; args_get(p->args, handed_on[i], k); k++)
			vec_push(&argv, xasprintf("--%s=%s", handed_on[i],
				args_get(p->args, handed_on[i], k)));
	vec_push(&argv, NULL);
	dup2(STDERR_FILENO, STDOUT_FILENO); /* standard output is for what start says */
	execv("/proc/self/exe", argv.v);
}

/* The msmv run that builds the recipe of this process. */
static volatile sig_atomic_t builder;

/* A terminal's Ctrl-C it hears itself: twice would be a second one. */
static void
hand_on(int number, siginfo_t *info, void *context)
{
	(void)context;
	if (builder > 0 && info->si_code <= 0)
		kill((pid_t)builder, number);
}

static const int handed_signals[] = { SIGINT, SIGTERM, SIGHUP };

/* In the child: it ends with the start that it belongs to, whatever ends that. */
static void
belong_to(pid_t parent, const struct sigaction *before)
{
	for (size_t i = 0; i < ARRAY_LEN(handed_signals); i++)
		sigaction(handed_signals[i], &before[i], NULL);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent)
		_exit(126);
}

static int
build(struct vm_plan *p, const char *out)
{
	struct sigaction handler = { .sa_sigaction = hand_on, .sa_flags = SA_SIGINFO };
	struct sigaction before[ARRAY_LEN(handed_signals)];
	pid_t pid, parent = getpid();
	int status = 0;

	fflush(stdout);
	for (size_t i = 0; i < ARRAY_LEN(handed_signals); i++)
		sigaction(handed_signals[i], &handler, &before[i]);
	pid = fork();
	if (pid == 0) {
		belong_to(parent, before);
		run_recipe(p, out);
		_exit(127);
	}
	builder = (sig_atomic_t)pid;
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	builder = 0;
	for (size_t i = 0; i < ARRAY_LEN(handed_signals); i++)
		sigaction(handed_signals[i], &before[i], NULL);
	if (pid < 0)
		return complain(EXIT_FAILED, "cannot start a process: %s", strerror(errno));
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return WTERMSIG(status) == SIGINT || WTERMSIG(status) == SIGTERM ? EXIT_INTERRUPTED
									: EXIT_FAILED;
}

static int
take_recipe(struct vm_plan *p)
{
	cleanup_free char *out = path_join(p->folder, "out");
	int code = build(p, out);

	if (code)
		return code;
	free(p->path);
	p->path = take(out);
	return plan_folder(p);
}

/* ---- An image ------------------------------------------------------------- */

static int
take_image(struct vm_plan *p, const struct image *image)
{
	struct guest *g = &p->guest;
	const char *kernel = args_get(p->args, "kernel", 0);
	struct image other = { IMAGE_UNKNOWN, NULL };

	g->form = "kernel";
	if (image->kind == IMAGE_KERNEL)
		g->kernel = p->path;
	else if (image->kind == IMAGE_ELF)
		g->elf = p->path;
	else if (image->kind == IMAGE_UKI)
		g->uki = p->path;
	else
		p->disk = p->path;
	if (g->uki || p->disk)
		g->form = g->uki ? "uki" : "disk";
	if (kernel && !p->disk)
		return complain(EXIT_USAGE, "--kernel goes with a disk; %s is a kernel", p->word);
	if (kernel && image_read(kernel, &other) < 0)
		return complain(EXIT_FAILED, "--kernel %s: %s", kernel, strerror(errno));
	if (kernel && other.kind == IMAGE_ELF)
		g->elf = plan_path(p, kernel);
	else if (kernel)
		g->kernel = plan_path(p, kernel);
	p->arch = kernel ? other.arch : image->arch;
	return 0;
}

static int
take_file(struct vm_plan *p)
{
	struct image image;

	if (str_ends(p->word, ".toml") || str_ends(p->word, ".yaml") || str_ends(p->word, ".yml"))
		p->kind = "recipe";
	else
		p->kind = "image";
	if (streq(p->kind, "recipe"))
		return take_recipe(p);
	if (image_read(p->path, &image) < 0)
		return complain(EXIT_FAILED, "%s: %s", p->word, strerror(errno));
	if (image.kind == IMAGE_UNKNOWN || image.kind == IMAGE_INITRAMFS)
		return complain(EXIT_FAILED, "%s is nothing that boots: a recipe (.toml, .yaml), a"
			" folder of images, a kernel, a UKI or a disk is%s", p->word,
			image.kind == IMAGE_INITRAMFS ? "; an initramfs goes with a kernel, as"
							" --initrd" : "");
	return take_image(p, &image);
}

/* What a person gives for one file more counts. */
static int
take_overrides(struct vm_plan *p)
{
	const char *initrd = args_get(p->args, "initrd", 0);
	const char *append = args_get(p->args, "append", 0);
	const char *arch = args_get(p->args, "arch", 0);

	if (initrd && access(initrd, R_OK) < 0)
		return complain(EXIT_FAILED, "--initrd %s: %s", initrd, strerror(errno));
	if (initrd)
		p->guest.initramfs = plan_path(p, initrd);
	if (append)
		p->guest.cmdline = append;
	if (!p->arch)
		p->arch = arch ? arch : "x86_64";
	return 0;
}

int
plan_source(struct vm_plan *p)
{
	struct stat st;
	int code;

	if (stat(p->path, &st) < 0)
		return complain(EXIT_FAILED, "%s: %s; and there is no VM of that name", p->word,
			strerror(errno));
	if (S_ISDIR(st.st_mode)) {
		p->kind = "folder";
		code = plan_folder(p);
	} else {
		code = take_file(p);
	}
	return code ? code : take_overrides(p);
}
