/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What the plugins for applications have in common. A plugin is a table of options
 * and a struct app_kind: how sources of its kind are configured, compiled, installed.
 */
#ifndef APP_APP_H
#define APP_APP_H

#include <msmv/plugin.h>

#include "../ccache/ccache.h"
#include "build.h"

struct app_kind {
	const char *name;        /* as in build = "cmake" */
	const char *marker;      /* the file that makes a source one of this kind, or NULL */
	const char *configure;   /* commands where the recipe has no config_script; NULL:
	                            ./configure where the source has one */
	const char *tools[4];    /* programs it calls besides compiler and make */
	bool links_static;       /* programs are static with any C library */
	int (*check)(struct msmv_stage *stage); /* of its own options, or NULL */
	int (*run)(struct build *build);        /* instead of the three commands, or NULL */
};

/* The struct msmv_plugin's three functions for a kind. */
int app_check(struct msmv_stage *stage, const struct app_kind *kind);
int app_facts(struct msmv_stage *stage, const struct app_kind *kind);
int app_run(struct msmv_stage *stage, const struct app_kind *kind);

/* Rows of the three commands. */
#define APP_COMMANDS(configure_help, compile, install) \
	{.name = "config_script", .type = MSMV_TYPE_STRING, .help = configure_help}, \
	{.name = "build_command", .type = MSMV_TYPE_STRING, .fallback = compile, \
		.help = "command that compiles; make stands for $MAKE_COMMAND"}, \
	{.name = "install_command", .type = MSMV_TYPE_STRING, .fallback = install, \
		.help = "command that installs under $DESTDIR"}

#define APP_MAKE_FLAGS \
	{.name = "make_flags", .type = MSMV_TYPE_LIST, .help = "arguments added to every make"}

#define APP_DEFINES \
	{.name = "options", .type = MSMV_TYPE_MAP, \
		.help = "the source's own options, each given as -DNAME=VALUE"}

/* Rows that mean the same to every kind. */
#define APP_OPTIONS \
	{.name = "output_executable_path", .type = MSMV_TYPE_STRING, \
		.help = "program that must come out, and its arguments in the guest"}, \
	{.name = "patches", .type = MSMV_TYPE_PATHS, \
		.help = "patches (-p1) for the source, or folders of them, in order"}, \
	{.name = "subdir", .type = MSMV_TYPE_STRING, \
		.help = "folder in the source where the commands run"}, \
	{.name = "env", .type = MSMV_TYPE_MAP, \
		.help = "environment variables for the commands"}, \
	{.name = "tools", .type = MSMV_TYPE_LIST, \
		.help = "other programs of this machine that the build calls"}, \
	{.name = "strip", .type = MSMV_TYPE_BOOL, .fallback = "true", \
		.help = "drop symbols and debug information"}, \
	{.name = "docs", .type = MSMV_TYPE_BOOL, .fallback = "false", \
		.help = "keep manuals and translations in the image"}, \
	{.name = "development", .type = MSMV_TYPE_BOOL, .fallback = "false", \
		.help = "keep headers and static libraries in the image"}, \
	{.name = "remove", .type = MSMV_TYPE_LIST, \
		.help = "patterns of installed paths that stay out of the image"}, \
	CCACHE_OPTION

#define APP_SOURCE \
	{.name = "source", .kind = MSMV_PORT_FILE, .help = "archive of the source"}

#define APP_SYSROOT \
	{.name = "sysroot", .kind = MSMV_PORT_TREE, \
		.flags = MSMV_PORT_MANY | MSMV_PORT_OPTIONAL, \
		.help = "headers and libraries to build with"}

#define APP_OUTPUTS \
	{.name = "root", .kind = MSMV_PORT_TREE, .filename = "root.tar", \
		.help = "what belongs in the image"}, \
	{.name = "sysroot", .kind = MSMV_PORT_TREE, .flags = MSMV_PORT_OPTIONAL, \
		.filename = "sysroot.tar", \
		.help = "headers and libraries for other stages"}

#define APP_ENV "CC", "CXX", "LD", "MAKE_COMMAND"

/* The rest of a plugin's file: its description, from the tables named as here. */
#define APP_PLUGIN(plugin_name, text) \
	static int \
	kind_check(struct msmv_stage *stage) \
	{ \
		return app_check(stage, &kind); \
	} \
	static int \
	kind_facts(struct msmv_stage *stage) \
	{ \
		return app_facts(stage, &kind); \
	} \
	static int \
	kind_run(struct msmv_stage *stage) \
	{ \
		return app_run(stage, &kind); \
	} \
	static const struct msmv_plugin plugin = { \
		.struct_size = sizeof(plugin), \
		.api_version = MSMV_API_VERSION, \
		.kind = MSMV_KIND_STAGE, \
		.name = plugin_name, \
		.version = "1", \
		.summary = text, \
		.provides = MSMV_TABLE(provides), \
		.options = MSMV_TABLE(options), \
		.inputs = MSMV_TABLE(inputs), \
		.outputs = MSMV_TABLE(outputs), \
		.env = MSMV_TABLE(env), \
		.check = kind_check, \
		.facts = kind_facts, \
		.run = kind_run, \
	}; \
	const struct msmv_plugin * \
	msmv_plugin_entry(uint32_t host_api) \
	{ \
		return host_api >= 1 ? &plugin : NULL; \
	}

#endif
