/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Makes a unified kernel image: kernel, initramfs and command line in one EFI
 * program on systemd's stub, which firmware starts like any other.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image.h"
#include "kernel.h"
#include "osrel.h"

static const char *const provides[] = { "output:uki" };

static const struct msmv_option options[] = {
	{ .name = "cmdline",
		.type = MSMV_TYPE_STRING,
		.fallback = "",
		.help = "the kernel's command line, fixed in the image" },
	{ .name = "stub",
		.type = MSMV_TYPE_PATHS,
		.help = "the EFI stub; default: systemd's for the target machine" },
	{ .name = "os_name",
		.type = MSMV_TYPE_STRING,
		.fallback = "msmv",
		.help = "name that boot menus show" },
	{ .name = "os_version",
		.type = MSMV_TYPE_STRING,
		.help = "version that boot menus show" },
	{ .name = "uname",
		.type = MSMV_TYPE_STRING,
		.help = "the kernel's release; default: what the image says" },
};

static const struct msmv_port inputs[] = {
	{ .name = "kernel",
		.kind = MSMV_PORT_FILE,
		.help = "bzImage or Image with an EFI stub" },
	{ .name = "initramfs",
		.kind = MSMV_PORT_FILE,
		.flags = MSMV_PORT_OPTIONAL,
		.help = "the first root file system" },
};

static const struct msmv_port outputs[] = {
	{ .name = "efi",
		.kind = MSMV_PORT_FILE,
		.filename = "uki.efi",
		.help = "the unified kernel image" },
};

static int
uki_check(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	const char *cmdline = host->option(stage, "cmdline");

	if (cmdline && strpbrk(cmdline, "\r\n"))
		return host->fail(stage, MSMV_FAIL_RECIPE,
			"cmdline has a line break; the kernel's command line is one "
			"line");
	if (host->option_count(stage, "stub") > 1)
		return host->fail(
			stage, MSMV_FAIL_RECIPE, "stub is one file, not several");
	return 0;
}

/* The first of the machine's stubs that is there; the caller frees it. NULL: none. */
static char *
find_stub(struct msmv_stage *stage)
{
	const char *list = stage->host->arch(stage, "efi.stub");

	while (list && *(list += strspn(list, " "))) {
		size_t n = strcspn(list, " ");
		char *path = strndup(list, n);

		if (path && access(path, R_OK) == 0)
			return path;
		free(path);
		list += n;
	}
	return NULL;
}

/* A stub that is not there yet may come: then the facts must be taken again. */
static int
watch_stubs(struct msmv_stage *stage)
{
	const char *list = stage->host->arch(stage, "efi.stub");
	int rc = 0;

	while (!rc && list && *(list += strspn(list, " "))) {
		size_t n = strcspn(list, " ");
		char *path = strndup(list, n);

		rc = path ? stage->host->fact_witness(stage, path) : -1;
		free(path);
		list += n;
	}
	return rc;
}

static int
no_stub(struct msmv_stage *stage)
{
	const char *list = stage->host->arch(stage, "efi.stub");

	return stage->host->fail(stage, MSMV_FAIL_TOOL,
		"no EFI stub for this target here (looked for %s): install "
		"systemd-boot-efi, or name one with stub",
		list ? list : "none");
}

static int
uki_facts(struct msmv_stage *stage)
{
	char *path;
	int rc;

	if (stage->host->option_count(stage, "stub"))
		return 0; /* its content is in the key already */
	if (watch_stubs(stage))
		return -1;
	path = find_stub(stage);
	rc = path ? stage->host->fact_file(stage, "stub", path) : no_stub(stage);
	free(path);
	return rc;
}

static int
same_machine(
	struct msmv_stage *stage, const struct stub *stub, const struct kernel *kernel)
{
	if (stub->machine == kernel->machine)
		return 0;
	return stage->host->fail(stage, MSMV_FAIL_INPUT,
		"the kernel is for %s, but the stub %s is for %s: one firmware cannot "
		"start "
		"both",
		pe_machine_name(kernel->machine), stub->path,
		pe_machine_name(stub->machine));
}

static int
uki_make(struct msmv_stage *stage, struct stub *stub, const struct kernel *kernel)
{
	const struct msmv_host *host = stage->host;
	const char *cmdline = host->option(stage, "cmdline");
	const char *uname = host->option(stage, "uname");
	char osrel[4096];
	struct section sections[5];
	size_t n = 0;

	uname = uname ? uname : kernel->release;
	sections[n++] = (struct section){ .name = ".osrel",
		.data = osrel,
		.size = osrel_make(osrel, sizeof(osrel), host->option(stage, "os_name"),
			host->option(stage, "os_version")) };
	if (cmdline && *cmdline)
		sections[n++] = (struct section){
			.name = ".cmdline", .data = cmdline, .size = strlen(cmdline)
		};
	if (*uname)
		sections[n++] = (struct section){
			.name = ".uname", .data = uname, .size = strlen(uname)
		};
	if (host->input_count(stage, "initramfs"))
		sections[n++] = (struct section){ .name = ".initrd",
			.path = host->input_path(stage, "initramfs", 0) };
	/* last, as nothing must lie where a kernel grows that is unpacked in place */
	sections[n++] = (struct section){ .name = ".linux",
		.path = host->input_path(stage, "kernel", 0) };
	if (!sections[0].size)
		return host->fail(
			stage, MSMV_FAIL_RECIPE, "os_name or os_version is too long");
	return image_write(stage, stub, sections, n, host->output_path(stage, "efi"));
}

static int
uki_run(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	const char *given = host->option_at(stage, "stub", 0);
	char *path = given ? strdup(given) : find_stub(stage);
	struct stub stub = { .path = path };
	struct kernel kernel = { 0 };
	int rc = path ? kernel_read(&kernel, stage, host->input_path(stage, "kernel", 0))
		      : no_stub(stage);

	if (!rc)
		rc = stub_load(&stub, stage, path);
	if (!rc)
		rc = same_machine(stage, &stub, &kernel);
	if (!rc)
		rc = uki_make(stage, &stub, &kernel);
	if (!rc)
		host->note(stage, "%s, Linux %s", pe_machine_name(kernel.machine),
			*kernel.release ? kernel.release : "of unknown release");
	stub_release(&stub);
	free(path);
	return rc;
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.name = "uki",
	.version = "1",
	.summary = "puts kernel, initramfs and command line in one EFI program",
	.provides = MSMV_TABLE(provides),
	.options = MSMV_TABLE(options),
	.inputs = MSMV_TABLE(inputs),
	.outputs = MSMV_TABLE(outputs),
	.check = uki_check,
	.facts = uki_facts,
	.run = uki_run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	return host_api >= MSMV_API_VERSION ? &plugin : NULL;
}
