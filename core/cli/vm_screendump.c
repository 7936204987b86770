/* SPDX-License-Identifier: GPL-3.0-only */
/* msmv vm screendump: what its screen shows, if it has one. */
#include "cli/vm.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "cli/json.h"

static const struct cmd_option options[] = {
	{ 0, "json", NULL, "one JSON document, for programs" },
	{ 0, NULL, NULL, NULL },
};

static int
run(const struct args *args)
{
	cleanup_vm struct vm vm = VM_INIT;
	cleanup_err struct err err = ERR_INIT;
	cleanup_free char *path = path_absolute(args->words.v[1]);
	const char *format = str_ends(path, ".png") ? "png" : "ppm";
	enum link_result result;
	struct link link;
	int code = vm_open(&vm, args->words.v[0]);

	if (code == 0 && !json_can_hold(path))
		code = complain(EXIT_FAILED, "'%s' is no UTF-8, and so no name for QEMU", path);
	if (code)
		return code;
	code = vm_connect(&vm, &link);
	if (code == 0) {
		result = link_call(&link, "screendump", json_pack("{s:s, s:s}", "filename", path,
			"format", format), 30000, NULL, &err);
		if (result == LINK_REFUSED && strstr(err_msg(&err), "no console"))
			code = complain(EXIT_QMP, "%s has no screen: start it with --screen, on a"
				" machine that can have one", args->words.v[0]);
		else if (result != LINK_DONE)
			code = vm_failed(result, &err);
		else if (args_has(args, "json"))
			json_print(json_pack("{s:i, s:o, s:s}", "v", 1, "file", json_text(path),
				"format", format));
		else
			printf("%s\n", path);
	}
	link_close(&link);
	return code;
}

const struct cmd cmd_vm_screendump = {
	.name = "vm screendump",
	.json = CMD_JSON_DOCUMENT,
	.synopsis = "NAME|SOCKET FILE [OPTIONS]",
	.help = "Write what its screen shows to FILE.png or FILE.ppm",
	.options = options,
	.min_words = 2,
	.max_words = 2,
	.run = run,
};
