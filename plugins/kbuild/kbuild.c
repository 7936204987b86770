/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Compiles the kernel from its sources and a .config, in a folder of objects
 * that later runs go on with, and gives the bytes that a clean build would give.
 * README.md says how.
 */
#include <msmv/plugin.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../kernel/make.h"
#include "../kernel/run.h"
#include "../kernel/text.h"
#include "../kernel/tree.h"
#include "cached.h"
#include "compiled.h"
#include "objects.h"
#include "progress.h"
#include "vmlinux.h"

struct job {
	struct msmv_stage *stage;
	struct kernel_tree tree;
	struct objects objects;
	struct text config; /* the input's bytes */
	struct progress progress;
};

static int
fail_errno(struct msmv_stage *s, const char *path)
{
	return s->host->fail(s, MSMV_FAIL_SYSTEM, "%s: %s", path, strerror(errno));
}

/* Written only if it differs: a new date alone would make make look at every object. */
static int
place_config(struct job *j)
{
	const char *from = j->stage->host->input_path(j->stage, "config", 0);
	cleanup_free char *to = xformat("%s/.config", j->objects.obj);
	cleanup_text struct text old = { 0 };

	if (file_read(from, &j->config) < 0)
		return fail_errno(j->stage, from);
	if (file_read(to, &old) == 0 && old.len == j->config.len &&
	    memcmp(old.p, j->config.p, old.len) == 0)
		return 0;
	return file_write(to, j->config.p, j->config.len) < 0 ? fail_errno(j->stage, to) : 0;
}

/* make asks for what its own version finds new; then objects and input would disagree. */
static int
config_is_kept(struct job *j)
{
	cleanup_free char *path = xformat("%s/.config", j->objects.obj);
	cleanup_text struct text now = { 0 };

	if (file_read(path, &now) < 0)
		return fail_errno(j->stage, path);
	if (now.len == j->config.len && memcmp(now.p, j->config.p, now.len) == 0)
		return 0;
	return j->stage->host->fail(j->stage, MSMV_FAIL_INPUT, "the kernel's make changed the "
		"configuration that %s made: both must see the same compiler and make_flags",
		j->stage->host->input_name(j->stage, "config", 0));
}

/* Folders' names must not get into debug information; the recipe's own flags stay. */
static void
add_prefix_maps(struct job *j, struct list *argv)
{
	static const char *const names[] = { "KCFLAGS", "KAFLAGS" };
	const struct msmv_host *host = j->stage->host;

	for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
		const char *own = "";
		size_t len = strlen(names[k]);

		for (size_t i = 0; i < host->option_count(j->stage, "make_flags"); i++) {
			const char *flag = host->option_at(j->stage, "make_flags", i);

			if (strncmp(flag, names[k], len) == 0 && flag[len] == '=')
				own = flag + len + 1;
		}
		list_addf(argv, "%s=-fdebug-prefix-map=%s=. -fdebug-prefix-map=%s=. %s", names[k],
			j->tree.src, j->objects.obj, own);
	}
}

/* With the engine's jobserver make must not be told a number of its own. */
static void
add_jobs(struct job *j, struct list *argv)
{
	const char *flags = getenv("MAKEFLAGS");
	const char *command = j->stage->host->env(j->stage, "MAKE_COMMAND");

	if ((flags && strstr(flags, "--jobserver")) || (command && strstr(command, " -j")))
		return;
	list_addf(argv, "-j%d", j->stage->host->jobs(j->stage));
}

/* "KBUILD_BUILD_TIMESTAMP=Thu Jan  1 00:00:00 UTC 1970" */
static char *
timestamp(struct msmv_stage *s)
{
	time_t epoch = (time_t)s->host->epoch(s);
	char text[64];
	struct tm tm;

	gmtime_r(&epoch, &tm);
	strftime(text, sizeof(text), "%a %b %e %H:%M:%S UTC %Y", &tm);
	return xformat("KBUILD_BUILD_TIMESTAMP=%s", text);
}

/* What the kernel would say of the machine and the time it was built at. */
static void
add_environment(struct msmv_stage *s, struct list *env)
{
	cleanup_free char *when = timestamp(s);

	list_add(env, when);
	list_add(env, "KBUILD_BUILD_USER=msmv");
	list_add(env, "KBUILD_BUILD_HOST=msmv");
	list_add(env, "KBUILD_BUILD_VERSION=1");
}

static int
build(struct job *j)
{
	struct msmv_stage *s = j->stage;
	cleanup_list struct list argv = { 0 };
	struct cached cached = { 0 };
	int status;

	kernel_make(s, &argv, j->tree.src, j->objects.obj);
	add_prefix_maps(j, &argv);
	add_jobs(j, &argv);
	list_add(&argv, s->host->arch(s, "kernel.target"));
	if (cached_open(s, &cached, &argv) < 0) {
		cached_close(s, &cached);
		return -1;
	}
	add_environment(s, &cached.env);
	struct kernel_run run = { .argv = &argv,
		.env = (const char *const *)cached.env.v, .line = progress_line,
		.arg = &j->progress, .what = "building the kernel" };

	/* How many steps an earlier build leaves to do cannot be known. */
	j->progress.total = j->objects.fresh ? progress_recall(j->tree.folder) : 0;
	status = objects_begin(s, &j->objects) < 0 ? -1 : kernel_run(s, &run);
	cached_close(s, &cached);
	if (objects_end(s, &j->objects) < 0 || status < 0)
		return -1;
	if (j->objects.fresh)
		progress_remember(j->tree.folder, j->progress.done);
	return config_is_kept(j);
}

static int
copy(const char *from, const char *to, uint64_t *size)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ssize_t n = -1;

	*size = 0;
	while (in >= 0 && out >= 0 && (n = sendfile(out, in, NULL, 1 << 24)) > 0)
		*size += (uint64_t)n;
	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) < 0)
		n = -1;
	return n < 0 ? -1 : 0;
}

static int
publish_image(struct job *j, uint64_t *size)
{
	struct msmv_stage *s = j->stage;
	const char *inside = s->host->arch(s, "kernel.image");
	cleanup_free char *image = xformat("%s/%s", j->objects.obj, inside);
	const char *base = strrchr(inside, '/');
	const char *to = s->host->output_path(s, "image");

	if (!to || copy(image, to, size) < 0)
		return fail_errno(s, image);
	return s->host->output_name(s, "image", base ? base + 1 : inside);
}

static int
publish_vmlinux(struct job *j, uint64_t *size)
{
	cleanup_free char *from = xformat("%s/vmlinux", j->objects.obj);
	const char *to = j->stage->host->output_path(j->stage, "vmlinux");

	*size = 0;
	if (!to || vmlinux_pack(from, to, size) < 0)
		return fail_errno(j->stage, from);
	return 0;
}

static int
publish(struct job *j)
{
	struct msmv_stage *s = j->stage;
	uint64_t image = 0, elf = 0;

	if (publish_image(j, &image) < 0 || publish_vmlinux(j, &elf) < 0 ||
	    compiled_publish(s, j->tree.src, j->objects.obj) < 0)
		return -1;
	if (elf)
		s->host->note(s, "%s %llu KB, vmlinux %llu KB, %llu steps",
			s->host->arch(s, "kernel.target"), (unsigned long long)image / 1024,
			(unsigned long long)elf / 1024, (unsigned long long)j->progress.done);
	else
		s->host->note(s, "%s %llu KB, %llu steps", s->host->arch(s, "kernel.target"),
			(unsigned long long)image / 1024, (unsigned long long)j->progress.done);
	return 0;
}

static int
run(struct msmv_stage *s)
{
	struct job j = { .stage = s };
	int bad = kernel_cc_check(s) < 0 || kernel_tree_open(s, &j.tree) < 0 ||
		objects_open(s, &j.tree, &j.objects) < 0 || place_config(&j) < 0 ||
		build(&j) < 0 || publish(&j) < 0;

	text_release(&j.config);
	objects_release(&j.objects);
	kernel_tree_release(&j.tree);
	return bad ? -1 : 0;
}

/* Whichever of them the configuration asks for packs the image or describes its types. */
static int
facts(struct msmv_stage *s)
{
	static const char *const tools[] = { "gzip", "bzip2", "xz", "lzma", "lzop", "lz4", "zstd",
		"pahole" };

	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
		if (kernel_fact_optional(s, tools[i]) < 0)
			return -1;
	}
	return kernel_facts_toolchain(s);
}

static const char *const provides[] = { "build:kernel" };

static const struct msmv_option options[] = {
	{ .name = "patches", .type = MSMV_TYPE_PATHS,
	  .help = "patches to the kernel's sources (patch -p1), in order" },
	KERNEL_MAKE_FLAGS,
	CCACHE_OPTION,
	{ .name = "profiles", .type = MSMV_TYPE_LIST, .flags = MSMV_OPT_NO_KEY,
	  .help = "kernels with other profiles are compiled in a folder of their own" },
};

static const struct msmv_port inputs[] = {
	{ .name = "source", .kind = MSMV_PORT_FILE, .help = "archive of the kernel's sources" },
	{ .name = "config", .kind = MSMV_PORT_FILE, .help = "the kernel's .config" },
};

static const struct msmv_port outputs[] = {
	{ .name = "image", .kind = MSMV_PORT_FILE, .filename = "kernel",
	  .help = "the kernel as a boot loader wants it: bzImage, Image" },
	{ .name = "vmlinux", .kind = MSMV_PORT_FILE, .flags = MSMV_PORT_OPTIONAL,
	  .filename = "vmlinux",
	  .help = "the kernel as a small ELF file with a PVH note, if it has one" },
	{ .name = "sources", .kind = MSMV_PORT_FILE,
	  .flags = MSMV_PORT_OPTIONAL | MSMV_PORT_ASIDE,
	  .help = "the source files that are in it: SHA1 SHA256 PATH" },
};

static const char *const env[] = { KERNEL_ENV };

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.name = "kbuild",
	.version = "1",
	.summary = "the Linux kernel, from its sources and a configuration",
	.provides = MSMV_TABLE(provides),
	.options = MSMV_TABLE(options),
	.inputs = MSMV_TABLE(inputs),
	.outputs = MSMV_TABLE(outputs),
	.env = MSMV_TABLE(env),
	.facts = facts,
	.run = run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	(void)host_api;
	return &plugin;
}
