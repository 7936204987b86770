/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What a worker is asked to do: one record, so that it can be logged, compared
 * and, later, sent to another machine. Field names:
 *
 *	mode=run|facts  stage= plugin=  plugin.digest=
 *	option=NAME key=K value=V      one triple per value, in order (key empty
 *	                               unless the option is a map)
 *	arch.FACT=  env.NAME=
 *	input=PORT from=STAGE path=FILE      one triple per artifact, digest=HEX and, where
 *	                               the port is NAMED, file=NAME behind it
 *	output=PORT path=FILE
 *	workdir= scratch= lent= unpacker= epoch= jobs= memory= processes=
 */
#ifndef MSMV_WIRE_REQUEST_H
#define MSMV_WIRE_REQUEST_H

#include <stdint.h>

#include "base/record.h"
#include "base/vec.h"

struct request_option {
	char *name, *key, *value;
};

struct request_input {
	char *port, *from, *path;
	char *digest; /* NULL until it is set */
	char *file;   /* its name in the output folder; NULL: not asked for */
};

struct request_output {
	char *port, *path;
};

struct request {
	char *mode, *stage, *plugin, *digest;
	char *workdir;  /* empty folder of this stage */
	char *scratch;  /* parent of the persistent scratch folders */
	bool lent;      /* the engine is to be asked for each of them, see host_place.c */
	char *unpacker; /* the msmv-unpack program */
	int64_t epoch;
	int jobs;
	int64_t memory, processes; /* limits of each process; 0: none */
	VEC(struct request_option) options;
	VEC(struct request_input) inputs;
	VEC(struct request_output) outputs;
	struct record arch, env;
};

void request_write(const struct request *q, struct record *out);
int request_read(struct request *q, const struct record *r, struct err *err);
void request_add_option(struct request *q, const char *name, const char *key,
	const char *value);
void request_add_input(struct request *q, const char *port, const char *from,
	const char *path);
/* Of the input that was added last. */
void request_set_digest(struct request *q, const char *digest);
void request_set_file(struct request *q, const char *file);
void request_add_output(struct request *q, const char *port, const char *path);
void request_release(struct request *q);

#endif
