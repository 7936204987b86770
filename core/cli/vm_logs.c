/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv vm logs, events: what is kept in files, and what is added to them. */
#include "cli/vm.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "cli/json.h"
#include "cli/vm_lines.h"
#include "vm/folder.h"

struct follow {
	const char *path;
	int fd;
	struct stat file;
	/* What is done with bytes. */
	void (*show)(struct follow *f, const char *bytes, size_t n);
	const char *vm;  /* only its events; NULL: all */
	struct str line; /* of events: its beginning */
	struct vm_lines lines; /* of a log, for programs */
};

static void
print_bytes(struct follow *f, const char *bytes, size_t n)
{
	(void)f;
	fwrite(bytes, 1, n, stdout);
}

/* What a guest printed must not draw on a person's terminal, nor answer for the person. */
static void
print_clean(struct follow *f, const char *bytes, size_t n)
{
	(void)f;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7f))
			putchar(c);
		else if (c == 0x1b)
			putchar('^');
	}
}

static void
print_lines(struct follow *f, const char *bytes, size_t n)
{
	cleanup_str struct str out = STR_INIT;

	vm_lines_feed(&f->lines, bytes, n, &out);
	fwrite(str_text(&out), 1, out.len, stdout);
}

/* Events are of the VM that is asked for if they say so. */
static void
print_event(const struct follow *f, const char *line)
{
	json_t *o = json_loads(line, 0, NULL);

	if (o && (!f->vm || streq(vm_text(o, "vm"), f->vm)))
		puts(line);
	json_decref(o);
}

static void
print_events(struct follow *f, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] != '\n') {
			str_addc(&f->line, bytes[i]);
			continue;
		}
		print_event(f, str_text(&f->line));
		str_reset(&f->line);
	}
}

static void
read_on(struct follow *f)
{
	char buffer[16384];
	ssize_t n;

	while (f->fd >= 0 && (n = read(f->fd, buffer, sizeof(buffer))) > 0)
		f->show(f, buffer, (size_t)n);
	fflush(stdout);
}

/* The file may have been turned over, or not be there yet. */
static void
reopen(struct follow *f)
{
	struct stat now;

	if (stat(f->path, &now) < 0 || (f->fd >= 0 && now.st_ino == f->file.st_ino &&
			now.st_dev == f->file.st_dev))
		return;
	read_on(f); /* the rest of the old one */
	if (f->fd >= 0)
		close(f->fd);
	f->fd = open(f->path, O_RDONLY | O_CLOEXEC);
	if (f->fd >= 0)
		fstat(f->fd, &f->file);
	read_on(f);
}

/* Adds what comes, until the VM has ended (NULL: for ever) or nobody reads. */
static void
follow_on(struct follow *f, const struct vm *until)
{
	static const struct timespec step = { .tv_nsec = 100000000 };

	while (!ferror(stdout)) {
		bool over = until && !vm_held(until->root, until->name);

		read_on(f);
		reopen(f);
		if (over)
			return;
		nanosleep(&step, NULL);
	}
}

static void
print_old(struct follow *f, const char *path)
{
	cleanup_free char *old = xasprintf("%s.1", path);

	f->fd = open(old, O_RDONLY | O_CLOEXEC);
	read_on(f);
	if (f->fd >= 0)
		close(f->fd);
	f->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (f->fd >= 0)
		fstat(f->fd, &f->file);
	read_on(f);
}

static void
run_follow(struct follow *f, const char *path, bool on, const struct vm *until)
{
	f->path = path;
	print_old(f, path);
	f->lines.now = true;
	if (on)
		follow_on(f, until);
	if (f->fd >= 0)
		close(f->fd);
	str_release(&f->line);
}

static void
end_lines(struct follow *f)
{
	cleanup_str struct str out = STR_INIT;

	vm_lines_end(&f->lines, &out);
	fwrite(str_text(&out), 1, out.len, stdout);
}

static int
print_path(const char *path, bool json)
{
	if (json)
		json_print_line(json_pack("{s:i, s:o}", "v", 1, "file", json_text(path)));
	else
		puts(path);
	return EXIT_DONE;
}

static int
run_logs(const struct args *args)
{
	cleanup_vm struct vm vm = VM_INIT;
	cleanup_free char *path = NULL;
	bool json = args_has(args, "json");
	struct follow f = { .fd = -1, .show = json ? print_lines
		: isatty(STDOUT_FILENO) ? print_clean : print_bytes };
	int code = vm_open_named(&vm, args->words.v[0]);

	if (code)
		return code;
	path = vm_path(vm.root, vm.name, args_has(args, "qemu") ? "qemu.log" : "console.log");
	if (args_has(args, "path"))
		return print_path(path, json);
	run_follow(&f, path, args_has(args, "follow"), &vm);
	end_lines(&f);
	return EXIT_DONE;
}

static int
run_events(const struct args *args)
{
	cleanup_vm struct vm vm = VM_INIT;
	cleanup_free char *path = NULL;
	struct follow f = { .fd = -1, .show = print_events,
		.vm = args->words.len ? args->words.v[0] : NULL };
	int code = vm_open_root(&vm);

	if (code)
		return code;
	path = path_join(vm.root, ".events");
	run_follow(&f, path, args_has(args, "follow"), NULL);
	return EXIT_DONE;
}

static const struct cmd_option logs_options[] = {
	{ 'f', "follow", NULL, "and what it prints from now on, until it ends" },
	{ 0, "qemu", NULL, "what QEMU itself printed instead" },
	{ 0, "path", NULL, "print where the file is instead" },
	{ 0, "json", NULL, "an object a line, with its time where that is known" },
	{ 0, NULL, NULL, NULL },
};

static const struct cmd_option events_options[] = {
	{ 'f', "follow", NULL, "and those from now on" },
	{ 0, "json", NULL, "one object a line, as always" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd cmd_vm_logs = {
	.name = "vm logs",
	.json = CMD_JSON_LINES,
	.synopsis = "NAME [OPTIONS]",
	.help = "What its console printed",
	.text = "Of all its runs, the last 16 MB at most.\n",
	.options = logs_options,
	.min_words = 1,
	.max_words = 1,
	.run = run_logs,
};

const struct cmd cmd_vm_events = {
	.name = "vm events",
	.json = CMD_JSON_LINES,
	.synopsis = "[NAME] [OPTIONS]",
	.help = "What happened to them, a JSON object a line",
	.text = "created, started, ready, paused, resumed, reset, exit (an application's), halt (the\n"
		"guest's last word), crashed, stopping, forced, shutdown (QEMU's reason), off (and\n"
		"QEMU stays), disk-added, disk-removed, nic-added, nic-removed, stopped, died, deleted.\n",
	.options = events_options,
	.max_words = 1,
	.run = run_events,
};
