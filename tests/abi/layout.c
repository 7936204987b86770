/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Prints where every member of the first interface is and what every number is, as
 * the header it is compiled with says. Both headers must say the same.
 */
#include <msmv/plugin.h>
#include <stddef.h>
#include <stdio.h>

#define AT(type, member) \
	printf("%s.%s %zu %zu\n", #type, #member, offsetof(struct type, member), \
		sizeof(((struct type *)0)->member))
#define IS(name) printf("%s %d\n", #name, (int)(name))

static void
tables(void)
{
	AT(msmv_option, name), AT(msmv_option, type), AT(msmv_option, flags);
	AT(msmv_option, fallback), AT(msmv_option, help), AT(msmv_option, unit);
	AT(msmv_option, choices), AT(msmv_option, min), AT(msmv_option, max);
	AT(msmv_port, name), AT(msmv_port, kind), AT(msmv_port, flags);
	AT(msmv_port, filename), AT(msmv_port, help);
	AT(msmv_pair, name), AT(msmv_pair, value);
	AT(msmv_table, rows), AT(msmv_table, count), AT(msmv_table, stride);
	AT(msmv_plugin, struct_size), AT(msmv_plugin, api_version), AT(msmv_plugin, kind);
	AT(msmv_plugin, flags), AT(msmv_plugin, name), AT(msmv_plugin, version);
	AT(msmv_plugin, summary), AT(msmv_plugin, provides), AT(msmv_plugin, options);
	AT(msmv_plugin, inputs), AT(msmv_plugin, outputs), AT(msmv_plugin, env);
	AT(msmv_plugin, arch), AT(msmv_plugin, check), AT(msmv_plugin, facts);
	AT(msmv_plugin, run);
	AT(msmv_stage, struct_size), AT(msmv_stage, host);
}

static void
arguments(void)
{
	AT(msmv_entry, struct_size), AT(msmv_entry, mode), AT(msmv_entry, uid);
	AT(msmv_entry, gid), AT(msmv_entry, major), AT(msmv_entry, minor);
	AT(msmv_entry, path), AT(msmv_entry, target), AT(msmv_entry, size);
	AT(msmv_entry, offset), AT(msmv_entry, fd), AT(msmv_entry, data);
	AT(msmv_command, struct_size), AT(msmv_command, flags), AT(msmv_command, argv);
	AT(msmv_command, dir), AT(msmv_command, env), AT(msmv_command, stdin_path);
	AT(msmv_command, stdout_path), AT(msmv_command, output);
	AT(msmv_command, timeout_s), AT(msmv_command, on_line);
	AT(msmv_command, on_line_arg);
}

static void
services(void)
{
	AT(msmv_host, struct_size), AT(msmv_host, api_version), AT(msmv_host, option);
	AT(msmv_host, option_int), AT(msmv_host, option_count), AT(msmv_host, option_at);
	AT(msmv_host, option_key), AT(msmv_host, arch), AT(msmv_host, env);
	AT(msmv_host, input_count), AT(msmv_host, input_path), AT(msmv_host, input_name);
	AT(msmv_host, input_extract), AT(msmv_host, unpack), AT(msmv_host, tree_open);
	AT(msmv_host, tree_next), AT(msmv_host, tree_create), AT(msmv_host, tree_add);
	AT(msmv_host, tree_close), AT(msmv_host, output_path), AT(msmv_host, output_tree);
	AT(msmv_host, output_name), AT(msmv_host, workdir), AT(msmv_host, scratch);
	AT(msmv_host, log), AT(msmv_host, progress), AT(msmv_host, note);
	AT(msmv_host, fail), AT(msmv_host, cancelled), AT(msmv_host, run);
	AT(msmv_host, jobs), AT(msmv_host, fact), AT(msmv_host, fact_tool);
	AT(msmv_host, fact_file), AT(msmv_host, fact_witness), AT(msmv_host, epoch);
}

static void
numbers(void)
{
	IS(MSMV_KIND_STAGE), IS(MSMV_KIND_ARCH), IS(MSMV_PLUGIN_ANY_ARCH);
	IS(MSMV_TYPE_STRING), IS(MSMV_TYPE_INT), IS(MSMV_TYPE_BOOL), IS(MSMV_TYPE_SIZE);
	IS(MSMV_TYPE_LIST), IS(MSMV_TYPE_MAP), IS(MSMV_TYPE_PATHS);
	IS(MSMV_OPT_REQUIRED), IS(MSMV_OPT_NO_KEY);
	IS(MSMV_PORT_FILE), IS(MSMV_PORT_TREE), IS(MSMV_PORT_MANY), IS(MSMV_PORT_OPTIONAL);
	IS(MSMV_LOG_ERROR), IS(MSMV_LOG_WARNING), IS(MSMV_LOG_INFO), IS(MSMV_LOG_DEBUG);
	IS(MSMV_FAIL_RECIPE), IS(MSMV_FAIL_INPUT), IS(MSMV_FAIL_TOOL);
	IS(MSMV_FAIL_NETWORK), IS(MSMV_FAIL_SYSTEM), IS(MSMV_CMD_QUIET);
}

int
main(void)
{
	tables();
	arguments();
	services();
	numbers();
	return 0;
}
