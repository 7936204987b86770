/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's conf, taken in whole, with two steps more: once the Kconfig files are
 * read, the requests become the file that conf starts from; once .config is written,
 * the questions are answered. Without a question in the environment it is just conf.
 */
#include "oracle.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void parse_and_prepare(const char *name);
int conf_main(int argc, char **argv);

#define conf_parse parse_and_prepare
#define main conf_main
#include "conf.c"
#undef main
#undef conf_parse

void state_all_off(void);

static struct question *questions;

void
die(const char *what)
{
	fprintf(stderr, "error: %s: %s\n", what, strerror(errno));
	exit(1);
}

void
state_all_off(void)
{
	conf_set_all_new_symbols(def_no);
}

/* Where conf will look: the seed of allnoconfig, or .config itself. */
static void
seed_write(void)
{
	const char *seed = getenv("KCONFIG_ALLCONFIG");
	const char *path = questions->off && seed ? seed : conf_get_configname();
	struct out o = { 0 };
	FILE *f = fopen(path, "w");

	state_text(questions, &questions->wishes, &o);
	if (!f || fwrite(o.p, 1, o.len, f) != o.len || fclose(f) != 0)
		die(path);
	out_free(&o);
}

static void
parse_and_prepare(const char *name)
{
	const char *path = getenv("ORACLE_QUESTION");

	conf_parse(name);
	if (!path)
		return;
	questions = question_read(path);
	seed_write();
}

static void
request_answer(const struct question *q, const struct wish *w, struct out *json)
{
	struct symbol *sym = tree_find(w->name);
	bool holds = state_holds(w);

	out_add(json, "{\"name\": ");
	out_json(json, w->name);
	out_add(json, ", \"asked\": ");
	out_json(json, w->value);
	out_add(json, ", \"got\": ");
	out_json(json, sym ? state_value(sym) : "n");
	out_add(json, ", \"origin\": ");
	out_json(json, w->from);
	out_addf(json, ", \"holds\": %s, \"waived\": %s", holds ? "true" : "false",
		w->waived ? "true" : "false");
	if (!holds)
		why_add(q, w, json);
}

static void
requests_answer(const struct question *q, struct out *json)
{
	const char *comma = "";
	struct out *each = need_memory(NULL, (q->wishes.len + 1) * sizeof(*each));

	/* All that tells of the state first: looking for repairs changes it. */
	for (size_t i = 0; i < q->wishes.len; i++) {
		each[i] = (struct out){ 0 };
		if (!q->wishes.v[i].dropped)
			request_answer(q, &q->wishes.v[i], &each[i]);
	}
	out_add(json, "\"requests\": [");
	for (size_t i = 0; i < q->wishes.len; i++) {
		if (q->wishes.v[i].dropped)
			continue;
		out_addf(json, "%s%s", comma, each[i].p);
		if (strstr(each[i].p, "\"holds\": false"))
			repair_add(q, &q->wishes.v[i], json);
		out_add(json, "}");
		comma = ",\n";
		out_free(&each[i]);
	}
	out_add(json, "]");
	free(each);
}

static void
need_answer(const struct question *q, const struct need *n, struct out *json)
{
	struct wish w = { .name = n->name, .value = n->value, .from = n->machine };

	out_add(json, "{\"machine\": ");
	out_json(json, n->machine);
	out_add(json, ", \"name\": ");
	out_json(json, n->name);
	out_add(json, ", \"want\": ");
	out_json(json, n->value);
	out_add(json, ", \"got\": ");
	out_json(json, tree_find(n->name) ? state_value(tree_find(n->name)) : "n");
	out_addf(json, ", \"holds\": %s", state_holds(&w) ? "true" : "false");
	if (!state_holds(&w))
		why_add(q, &w, json);
	out_add(json, "}");
}

static void
answer(const struct question *q, FILE *to)
{
	struct out json = { 0 };

	out_add(&json, "{\"needs\": [");
	for (const struct need *n = q->needs; n; n = n->next) {
		need_answer(q, n, &json);
		out_add(&json, n->next ? ",\n" : "");
	}
	out_add(&json, "], ");
	requests_answer(q, &json);
	repair_add(q, NULL, &json);
	if (q->person)
		person_add(q, &json);
	fprintf(to, "%s}\n", json.p);
	out_free(&json);
}

static void
answer_all(void)
{
	const char *path = getenv("ORACLE_ANSWER");
	FILE *to = path ? fopen(path, "w") : NULL;
	int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int keep = dup(STDERR_FILENO);

	if (!to)
		die("ORACLE_ANSWER");
	/* Trying things out warns of things that nobody asked for. */
	fflush(stderr);
	dup2(quiet, STDERR_FILENO);
	conf_set_message_callback(NULL);
	for (struct question *q = questions; q; q = q->next) {
		if (q != questions)
			state_make(q, &q->wishes);
		answer(q, to);
	}
	dup2(keep, STDERR_FILENO);
	if (fclose(to) != 0)
		die(path);
}

int
main(int argc, char **argv)
{
	int status = conf_main(argc, argv);

	if (status == 0 && questions)
		answer_all();
	return status;
}
