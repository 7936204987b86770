/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Inside one worker process: the stage handle and the services behind it. There
 * is one stage per process, so strings handed to the plugin are never freed.
 */
#ifndef MSMV_WORKER_WORKER_H
#define MSMV_WORKER_WORKER_H

#include <msmv/plugin.h>
#include <stdbool.h>

#include "base/record.h"
#include "catalog/catalog.h"
#include "wire/options.h"
#include "wire/request.h"

struct worker {
	struct msmv_stage stage; /* first: the plugin's handle is the worker */
	const struct msmv_plugin *plugin;
	struct plugin_info *info;
	struct request request;
	struct options options; /* of the request */
	int wire;
	bool failed;
	int fail_code;
	char *fail_text;
	struct record names; /* output_name: port -> file name */
	int64_t progress_ms; /* when the last progress frame went out */
	VEC(char *) kept;    /* strings that live as long as the process */
	VEC(int) locks;      /* scratch folders that are held */
};

/* host_*.c fill their part of the table. */
void host_data_fill(struct msmv_host *h);
void host_tree_fill(struct msmv_host *h);
void host_report_fill(struct msmv_host *h);
void host_command_fill(struct msmv_host *h);
void host_fact_fill(struct msmv_host *h);
void host_place_fill(struct msmv_host *h);

struct worker *worker_of(struct msmv_stage *stage);
/* Keeps a string until the process ends and returns it. */
const char *worker_keep(struct worker *w, char *s);
/* Records err's text as the stage's failure; -1. */
int worker_fail(struct worker *w, int code, struct err *err);
void worker_send(struct worker *w, const struct record *r);
/* True once SIGTERM came. */
bool worker_cancelled(void);
/* Tries to call 127.0.0.1:port, to see path, to write to /usr; 0 if all of it fails. */
int prove(int port, const char *path);

/* load.c: dlopens a plugin and checks its description. NULL with err. */
const struct msmv_plugin *plugin_load(const char *path, struct err *err);
/* The same as data, names checked, rows cut to what both sides know. */
struct plugin_info *plugin_describe(const struct msmv_plugin *p, struct err *err);

#endif
