/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * msmv recipe new: a first recipe with its comments. What no option says is asked on a
 * terminal; without one the defaults count, so scripts are never left waiting.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/text_file.h"
#include "cli/recipe.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "recipe/toml_write.h"

static const struct cmd_option options[] = {
	{ 'o', "output", "FILE", "the recipe to write (default NAME.toml; - for standard output)" },
	{ 0, "arch", "ARCH", "the target, as x86_64 or aarch64 (default this machine's)" },
	{ 0, "kernel", "URL", "the kernel's source, or a release as 6.9.4" },
	{ 0, "app", "NAME=URL", "an application and its source; may stand several times" },
	{ 0, "format", "FORM", "initramfs, qcow2, uki ..." },
	{ 0, "machine", "TYPE", "QEMU's machine (default the architecture's)" },
	{ 0, "memory", "SIZE", "of the guest, as 128M" },
	{ 0, "network", "HOW", "auto (DHCP, and IPv6 as routers say), dhcp, or an address as 10.0.2.15/24" },
	{ 0, "force", NULL, "write over a file that is there" },
	{ 0, NULL, NULL, NULL },
};

/* One answer: from the option, from the person, or the default. */
struct question {
	const char *option, *text, *fallback;
	char *answer;
};

enum { NAME, ARCH, KERNEL, APP, FORMAT, MEMORY, NETWORK, QUESTIONS };

static char *
ask(const char *text, const char *fallback)
{
	char line[1024];

	printf("%s [%s]: ", text, fallback);
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return xstrdup(fallback);
	line[strcspn(line, "\n")] = '\0';
	return xstrdup(*line ? line : fallback);
}

static void
answer_all(struct question *q, const struct args *args, bool person)
{
	for (int i = 0; i < QUESTIONS; i++) {
		const char *given = i == NAME
			? (args->words.len ? args->words.v[0] : NULL)
			: args_get(args, q[i].option, 0);

		q[i].answer = given ? xstrdup(given)
			: person ? ask(q[i].text, q[i].fallback) : xstrdup(q[i].fallback);
	}
}

/* ---- The text -------------------------------------------------------- */

static void
pair(struct str *out, const char *key, const char *value)
{
	str_addf(out, "%s = ", key);
	toml_write_string(out, value, strlen(value));
	str_addc(out, '\n');
}

static bool
is_release(const char *s)
{
	return *s >= '0' && *s <= '9' && !s[strspn(s, "0123456789.")];
}

static void
write_kernel(struct str *out, const struct question *q)
{
	bool net = *q[NETWORK].answer, disk = !streq(q[FORMAT].answer, "initramfs");

	str_add(out, "\n[kernel]\n");
	pair(out, is_release(q[KERNEL].answer) ? "version" : "url", q[KERNEL].answer);
	str_addf(out,
		"# The smallest configuration, and what the machine and the image need of it.\n"
		"base = \"allnoconfig\"\n"
		"profiles = [\"base\", \"machine\", \"initramfs\"%s%s, \"size\"]\n"
		"\n"
		"# Single options, as the kernel names them.\n"
		"[kernel.options]\n"
		"# PRINTK_TIME = \"y\"\n",
		disk ? ", \"disk\"" : "", net ? ", \"net\"" : "");
}

static int
write_app(struct str *out, const char *app)
{
	const char *equals = strchr(app, '=');
	cleanup_free char *name = equals ? xstrndup(app, (size_t)(equals - app)) : NULL;
	cleanup_free char *path = NULL;

	if (!equals || equals == app || !equals[1])
		return complain(EXIT_USAGE, "'%s' is no application: it wants NAME=URL, as in "
			"hello=apt-src:hello", app);
	str_add(out, "\n[applications.");
	toml_write_key(out, name);
	str_add(out, "]\n");
	pair(out, "url", equals + 1);
	path = xasprintf("/usr/local/bin/%s", name);
	str_add(out, "# What is started at boot; a library has no such line.\n");
	pair(out, "output_executable_path", path);
	str_add(out, "# config_script = \"./configure CFLAGS=-static LDFLAGS=-static\"\n");
	return 0;
}

static int
write_apps(struct str *out, const struct question *q, const struct args *args)
{
	int code = 0;

	if (!args_get(args, "app", 0))
		return write_app(out, q[APP].answer);
	for (int i = 0; code == 0 && args_get(args, "app", i); i++)
		code = write_app(out, args_get(args, "app", i));
	return code;
}

/* What looks like no address is taken for a method, so that a wrong one is told as such. */
static void
write_network(struct str *out, const char *how)
{
	bool is_address = strpbrk(how, ".:") != NULL;

	if (!*how)
		return;
	str_add(out, "\n[boot.network]\n");
	pair(out, is_address ? "ip_address" : "method", how);
	str_add(out, is_address ? "# gateway = \"10.0.2.2\"\n"
				: "# Applications wait so long for an address, in ms.\n# wait_ms = 5000\n");
}

static void
write_rest(struct str *out, const struct question *q, const struct args *args)
{
	const char *machine = args_get(args, "machine", 0);

	write_network(out, q[NETWORK].answer);
	str_add(out, "\n[output]\n# initramfs boots fastest; qcow2 is a disk, uki one EFI file.\n");
	pair(out, "format", q[FORMAT].answer);
	str_add(out, "\n# The proof: the image is booted. With expect it must also say this.\n"
		     "[run]\n");
	if (machine)
		pair(out, "machine", machine);
	pair(out, "memory", q[MEMORY].answer);
	str_add(out, "# expect = \"Hello, world!\"\n");
}

static int
write_recipe(struct str *out, const struct question *q, const struct args *args,
	const char *file)
{
	int code;

	str_addf(out, "# Build it, boot it and prove it:  msmv run %s\n"
		"# All that can stand here:          msmv recipe schema, msmv plugins info NAME\n"
		"\n[general]\n", file);
	pair(out, "name", q[NAME].answer);
	pair(out, "target_arch", q[ARCH].answer);
	write_kernel(out, q);
	code = write_apps(out, q, args);
	write_rest(out, q, args);
	return code;
}

/* ---- Is it right? ---------------------------------------------------- */

/* What the stages that answer at once say of the answers: paths, addresses, machines. */
static int
ask_plugins(struct session *s, struct diags *diags)
{
	static const char *const quick[] = { "rootfs", "boot", NULL };
	struct run_options opt = { .only = quick };
	cleanup_err struct err err = ERR_INIT;
	struct run r;
	int code = EXIT_DONE;

	if (run_open(&r, &s->ctx, &s->pipeline, &opt, &err) < 0) {
		code = EXIT_USAGE;
		for (size_t i = 0; r.jobs && i < r.graph.len; i++)
			ui_problems_add(diags, &r.jobs[i]);
		if (!diags_failed(diags))
			diag_error(diags, POS_NONE, "%s", err_msg(&err));
	}
	run_close(&r);
	return code;
}

/* A recipe that run would refuse is not written. */
static int
check_text(const struct str *text, const char *file)
{
	static const struct args none;
	cleanup_diags struct diags diags = DIAGS_INIT;
	cleanup_free char *said = NULL;
	struct session s;
	int code = session_open(&s, &none);

	if (code == 0)
		code = session_plugins(&s);
	if (code == 0)
		code = session_lower_text(&s, file, text, &none, &diags);
	if (code == 0)
		code = ask_plugins(&s, &diags);
	said = diags_text(&diags);
	fputs(said, stderr);
	session_close(&s);
	return diags_failed(&diags) ? complain(EXIT_USAGE, "nothing was written: these answers make "
		"no recipe that could run") : code;
}

/* The first counts where only one can. */
static int
check_options(const struct args *args, const char *file)
{
	static const char *const single[] = { "arch", "kernel", "format", "machine", "memory",
		"network", "output" };

	for (size_t i = 0; i < ARRAY_LEN(single); i++)
		if (args_get(args, single[i], 1))
			return complain(EXIT_USAGE, "--%s is given twice: name one here, more in the "
				"recipe", single[i]);
	for (const char *c = file; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 127)
			return complain(EXIT_USAGE, "a name holds no control characters");
	return EXIT_DONE;
}

/* ---- The command ----------------------------------------------------- */

static bool
is_plain(const char *path)
{
	return !path[strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				  "._-+/@%:,=")] && *path != '-';
}

/* A shell's word. */
static void
print_next(const char *file)
{
	printf("%s written; next: msmv run ", file);
	if (is_plain(file)) {
		puts(file);
		return;
	}
	fputs(*file == '-' ? "'./" : "'", stdout);
	for (const char *c = file; *c; c++)
		if (*c == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*c);
	puts("'");
}

static int
save(const struct str *text, const char *file, bool force)
{
	struct err err = ERR_INIT;
	int code = EXIT_DONE;

	if (streq(file, "-")) {
		fwrite(str_text(text), 1, text->len, stdout);
		return EXIT_DONE;
	}
	if (!force && fs_exists(file))
		return complain(EXIT_FAILED, "%s is there already (--force writes over it)", file);
	if (text_file_write(file, str_text(text), text->len, &err) < 0)
		code = complain(EXIT_FAILED, "%s: %s", file, err_msg(&err));
	else
		print_next(file);
	err_clear(&err);
	return code;
}

static int
run(const struct args *args)
{
	struct utsname un;
	struct question q[QUESTIONS] = {
		[NAME] = { NULL, "name of the machine", "guest", NULL },
		[ARCH] = { "arch", "architecture", "x86_64", NULL },
		[KERNEL] = { "kernel", "kernel (url, or a release as 6.9.4)",
			"apt:linux-source-6.1", NULL },
		[APP] = { "app", "application (NAME=URL)", "hello=apt-src:hello", NULL },
		[FORMAT] = { "format", "form of the image", "initramfs", NULL },
		[MEMORY] = { "memory", "memory", "128M", NULL },
		[NETWORK] = { "network", "network: auto, dhcp or an address (nothing for none)", "", NULL },
	};
	const char *output = args_get(args, "output", 0);
	cleanup_str struct str text = STR_INIT;
	cleanup_free char *file = NULL;
	bool person = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	int code;

	if (uname(&un) == 0)
		q[ARCH].fallback = un.machine;
	answer_all(q, args, person && !(output && streq(output, "-")));
	file = output ? xstrdup(output) : xasprintf("%s.toml", q[NAME].answer);
	code = check_options(args, file);
	if (code == 0)
		code = write_recipe(&text, q, args, file);
	if (code == 0 && recipe_is_yaml(file))
		code = complain(EXIT_USAGE, "new writes TOML; msmv recipe convert makes YAML of it");
	if (code == 0)
		code = check_text(&text, file);
	if (code == 0)
		code = save(&text, file, args_has(args, "force"));
	for (int i = 0; i < QUESTIONS; i++)
		free(q[i].answer);
	return code;
}

const struct cmd cmd_recipe_new = {
	.name = "recipe new",
	.synopsis = "[NAME] [OPTIONS]",
	.help = "Write a first recipe, with comments",
	.text = "On a terminal it asks for what no option says; Enter takes the default.\n",
	.options = options,
	.max_words = 1,
	.run = run,
};
