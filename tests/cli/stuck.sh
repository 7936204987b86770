#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Plugins that wait for ever in other places than run(): the engine does not wait with
# them, and says so.
# Functions are called by name through check and refuse.
# shellcheck disable=SC2317,SC2016
. "${top_srcdir:?}/tests/lib.sh"
MSMV_PLUGIN_PATH=$T/w
printf '[stage.a]\nplugin = "stuck"\n' >r.toml

# plugin BODY: stuck.so, whose functions are given.
plugin()
{
	cat >stuck.c <<-EOF
		#include <msmv/plugin.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <signal.h>
		#include <unistd.h>
		static const struct msmv_port outputs[] = { { "out", MSMV_PORT_FILE, 0, 0, 0 } };
		static int done(struct msmv_stage *s)
		{
			FILE *f = fopen(s->host->output_path(s, "out"), "w");
			return f && fputs("done", f) >= 0 && fclose(f) == 0 ? 0 : -1;
		}
		$1
		static const struct msmv_plugin plugin = { sizeof(plugin), MSMV_API_VERSION,
			MSMV_KIND_STAGE, 0, "stuck", "1", "waits", .outputs = MSMV_TABLE(outputs),
			$2 };
		const struct msmv_plugin *msmv_plugin_entry(uint32_t v)
		{
			(void)v;
			return &plugin;
		}
	EOF
	# shellcheck disable=SC2086
	${CC:-cc} -shared -fPIC -I"$top_srcdir/core/include" -o stuck.so stuck.c
}

# A limit of its own: a test that waits for ever fails nothing.
soon()
{
	timeout -s KILL 60 "$@"
}

# A process that holds the wire: a child that never execs, in a session of its own.
check "a plugin whose child keeps the wire" plugin \
	'static int run(struct msmv_stage *s)
	{ if (fork() == 0) { setsid(); alarm(100); for (;;) pause(); } return done(s); }' \
	'.run = run'
check "ends with its stage" soon "$MSMV" run r.toml
expect "and its output is there" "done" "$(cat out/out)"

check "a plugin that hangs when asked for facts" plugin \
	'static int facts(struct msmv_stage *s) { (void)s; signal(SIGTERM, SIG_IGN);
	for (;;) pause(); }' '.run = done, .facts = facts'
refuse "is given up" 'a: the plugin gave no answer in time' soon "$MSMV" run r.toml --timeout 1
expect "nothing is left in the store" "" "$(ls "$MSMV_STORE/tmp")"

check "a plugin that dies when asked" plugin \
	'static int facts(struct msmv_stage *s) { (void)s; abort(); }' \
	'.run = done, .facts = facts'
refuse "is named" 'a: the plugin died while it was asked' soon "$MSMV" run r.toml

check "a plugin whose fact has no good name" plugin \
	'static int facts(struct msmv_stage *s) { return s->host->fact(s, "a=b", "c"); }' \
	'.run = done, .facts = facts'
refuse "is refused" "a: .*bad name 'a=b'" soon "$MSMV" run r.toml

# A program that leaves its output open to a child: the program's end counts.
check "a plugin whose program leaves a child" plugin \
	'static int run(struct msmv_stage *s)
	{ const char *argv[] = { "sh", "-c", "echo said; sleep 100 &", 0 }; char *out = 0;
	struct msmv_command c = { .struct_size = sizeof(c), .argv = argv, .output = &out };
	if (s->host->run(s, &c) != 0) return -1;
	s->host->note(s, "%s", out); return done(s); }' '.run = run'
check "ends with the program" sh -c 'timeout -s KILL 60 "$0" run r.toml >"$1"' "$MSMV" "$T/said"
check "and what it said is there" grep -q said "$T/said"

check "a plugin that hangs when it is loaded" plugin \
	'__attribute__((constructor)) static void hang(void) { for (;;) pause(); }' '.run = done'
refuse "is named" 'stuck.so is no usable plugin: takes longer than' soon "$MSMV" run r.toml
finish
