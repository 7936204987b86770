/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Plays the cases in tests/data/graph: each file is one pipeline and what must come
 * of it. The format is told in tests/data/graph/README.
 */
#include "graph/graph.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/str.h"
#include "msmv/plugin.h"
#include "unit/unit.h"

#define WORDS 32

struct test_case {
	struct plugin_info plugin;
	struct pipeline pipeline;
	struct graph graph;
	struct err err;
	struct map weights; /* stage -> its number as text */
	struct map fails;   /* stages that fail when run */
	bool built;
	size_t slots;
	struct str started, done, cancelled;
	uint64_t span;
	size_t expectations;
};

static void
make_plugin(struct plugin_info *p)
{
	static char name[] = "test";
	static char in[] = "in", one[] = "one", trees[] = "trees", out[] = "out",
		    tree[] = "tree";

	p->name = name;
	vec_push(&p->inputs, ((struct port_info){ .name = in, .kind = MSMV_PORT_FILE,
				     .flags = MSMV_PORT_MANY | MSMV_PORT_OPTIONAL }));
	vec_push(&p->inputs, ((struct port_info){ .name = one, .kind = MSMV_PORT_FILE,
				     .flags = MSMV_PORT_OPTIONAL }));
	vec_push(&p->inputs, ((struct port_info){ .name = trees, .kind = MSMV_PORT_TREE,
				     .flags = MSMV_PORT_MANY }));
	vec_push(
		&p->outputs, ((struct port_info){ .name = out, .kind = MSMV_PORT_FILE }));
	vec_push(&p->outputs,
		((struct port_info){ .name = tree, .kind = MSMV_PORT_TREE }));
}

static size_t
split(char *line, char *words[WORDS])
{
	size_t n = 0;

	for (char *save, *w = strtok_r(line, " \t", &save); w;
		w = strtok_r(NULL, " \t", &save)) {
		ck_assert_uint_lt(n, WORDS);
		words[n++] = w;
	}
	return n;
}

/* "port=stage:port", or "stage" for in=stage:out. */
static void
add_input(struct stage *s, char *word)
{
	char *eq = strchr(word, '='), *colon = strchr(word, ':');

	if (colon)
		*colon = '\0';
	if (eq)
		*eq = '\0';
	stage_connect(s, eq ? word : "in", eq ? eq + 1 : word, colon ? colon + 1 : "out");
}

static void
add_stage(struct test_case *t, char **words, size_t n)
{
	struct stage *s = stage_new(words[1], &t->plugin);
	bool needs = false;

	for (size_t i = 2; i < n; i++) {
		if (streq(words[i], "needs"))
			needs = true;
		else if (streq(words[i], "from"))
			needs = false;
		else if (needs)
			vec_push(&s->needs, xstrdup(words[i]));
		else
			add_input(s, words[i]);
	}
	vec_push(&t->pipeline.stages, s);
}

static void
build(struct test_case *t)
{
	if (t->built)
		return;
	t->built = true;
	if (graph_build(&t->graph, &t->pipeline, &t->err) < 0)
		return;
	for (size_t i = 0; i < t->graph.len; i++) {
		const char *w = map_get(&t->weights, t->graph.nodes[i].stage->name);

		if (w)
			t->graph.nodes[i].weight = strtoull(w, NULL, 10);
	}
}

static void
append(struct str *s, const char *word)
{
	str_addf(s, "%s%s", s->len ? " " : "", word);
}

static void
finish(struct test_case *t, struct graph_node *n)
{
	graph_nodes gone = VEC_INIT;

	if (map_get(&t->fails, n->stage->name)) {
		graph_fail(&t->graph, n, &gone);
	} else {
		graph_done(&t->graph, n);
		append(&t->done, n->stage->name);
	}
	for (size_t i = 0; i < gone.len; i++) {
		ck_assert_int_eq(gone.v[i]->state, GRAPH_CANCELLED);
		append(&t->cancelled, gone.v[i]->stage->name);
	}
	vec_release(&gone);
}

/* A run without processes: what is running ends in the order of its end times. */
static void
play(struct test_case *t)
{
	struct {
		struct graph_node *node;
		uint64_t end;
	} running[WORDS];
	size_t n = 0;

	build(t);
	ck_assert_msg(!t->err.msg, "%s", err_msg(&t->err));
	graph_start(&t->graph);
	for (;;) {
		struct graph_node *next;
		size_t first = 0;

		while (n < t->slots && (next = graph_next_ready(&t->graph))) {
			ck_assert_int_eq(next->state, GRAPH_RUNNING);
			append(&t->started, next->stage->name);
			running[n].node = next;
			running[n++].end = t->span + next->weight;
		}
		if (!n)
			break;
		for (size_t i = 1; i < n; i++)
			if (running[i].end < running[first].end)
				first = i;
		t->span = running[first].end;
		next = running[first].node;
		/* Keeps the order of starting, which breaks ties. */
		memmove(&running[first], &running[first + 1],
			(--n - first) * sizeof(running[0]));
		finish(t, next);
	}
	ck_assert(graph_finished(&t->graph));
}

static void
select_stage(struct test_case *t, char **words)
{
	enum graph_select how = streq(words[0], "only") ? GRAPH_ONLY : GRAPH_UNTIL;

	build(t);
	ck_assert_msg(!t->err.msg, "%s", err_msg(&t->err));
	graph_select(&t->graph, words[1], how, &t->err);
}

static const char *
actual(struct test_case *t, const char *what, struct str *out)
{
	if (streq(what, "error"))
		str_add(out, err_msg(&t->err));
	else if (streq(what, "start"))
		str_add(out, str_text(&t->started));
	else if (streq(what, "done"))
		str_add(out, str_text(&t->done));
	else if (streq(what, "cancelled"))
		str_add(out, str_text(&t->cancelled));
	else if (streq(what, "span"))
		str_addf(out, "%llu", (unsigned long long)t->span);
	else if (streq(what, "topo"))
		for (size_t i = 0; i < t->graph.len; i++)
			append(out, t->graph.topo[i]->stage->name);
	else
		ck_abort_msg("unknown expectation %s", what);
	return str_text(out);
}

static void
expect(struct test_case *t, const char *file, const char *what, const char *text)
{
	cleanup_str struct str got = STR_INIT;

	build(t);
	if (!streq(what, "error"))
		ck_assert_msg(!t->err.msg, "%s: %s", file, err_msg(&t->err));
	actual(t, what, &got);
	ck_assert_msg(streq(str_text(&got), text), "%s: %s is\n  %s\nnot\n  %s", file,
		what, str_text(&got), text);
	t->expectations++;
}

static void
obey(struct test_case *t, const char *file, char *line)
{
	char *words[WORDS];
	size_t n;

	if (str_starts(line, "expect ")) {
		char *what = line + strlen("expect ");
		char *text = what + strcspn(what, " ");

		if (*text)
			*text++ = '\0';
		expect(t, file, what, text);
		return;
	}
	n = split(line, words);
	if (!n || *words[0] == '#')
		return;
	if (streq(words[0], "run")) {
		t->slots = n > 1 ? (size_t)atoi(words[1]) : 1;
		play(t);
		return;
	}
	ck_assert_msg(n >= 2, "%s: %s wants a word", file, words[0]);
	if (streq(words[0], "stage"))
		add_stage(t, words, n);
	else if (streq(words[0], "weight"))
		free(map_put(&t->weights, words[1], xstrdup(words[2])));
	else if (streq(words[0], "fails"))
		map_put(&t->fails, words[1], t);
	else if (streq(words[0], "until") || streq(words[0], "only"))
		select_stage(t, words);
	else
		ck_abort_msg("%s: unknown line: %s", file, words[0]);
}

static void
release(struct test_case *t)
{
	graph_release(&t->graph);
	pipeline_release(&t->pipeline);
	map_release(&t->weights, free);
	map_release(&t->fails, NULL);
	err_clear(&t->err);
	str_release(&t->started);
	str_release(&t->done);
	str_release(&t->cancelled);
	vec_release(&t->plugin.inputs);
	vec_release(&t->plugin.outputs);
}

static void
play_file(const char *dir, const char *file)
{
	struct test_case t = { .pipeline = PIPELINE_INIT, .graph = GRAPH_INIT };
	cleanup_free char *path = path_join(dir, file);
	cleanup_str struct str text = STR_INIT;

	make_plugin(&t.plugin);
	ck_assert_int_eq(fs_read(path, 1 << 20, &text, &t.err), 0);
	for (char *save, *line = strtok_r(text.p, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		obey(&t, file, line);
	ck_assert_msg(t.expectations > 0, "%s expects nothing", file);
	release(&t);
}

static int
is_case(const struct dirent *d)
{
	return str_ends(d->d_name, ".graph");
}

static char data_dir[4096];
static struct dirent **cases;

START_TEST(data_case)
{
	play_file(data_dir, cases[_i]->d_name);
}
END_TEST

/* A chain and a fan of this size must take no noticeable time and no deep stack. */
START_TEST(large)
{
	enum { N = 50000 };
	struct test_case t = {
		.pipeline = PIPELINE_INIT, .graph = GRAPH_INIT, .slots = 4
	};
	struct graph_node *n;
	size_t done = 0;

	make_plugin(&t.plugin);
	for (int i = 0; i < N; i++) {
		cleanup_free char *name = xasprintf("s%d", i);
		cleanup_free char *last = xasprintf("s%d", i - 1);
		struct stage *s = stage_new(name, &t.plugin);

		if (i)
			stage_connect(s, "in", i % 2 ? last : "s0", "out");
		vec_push(&t.pipeline.stages, s);
	}
	build(&t);
	ck_assert_msg(!t.err.msg, "%s", err_msg(&t.err));
	graph_start(&t.graph);
	while ((n = graph_next_ready(&t.graph))) {
		graph_done(&t.graph, n);
		done++;
	}
	ck_assert_uint_eq(done, N);
	release(&t);
}
END_TEST

START_TEST(large_cycle)
{
	enum { N = 50000 };
	struct test_case t = { .pipeline = PIPELINE_INIT, .graph = GRAPH_INIT };

	make_plugin(&t.plugin);
	for (int i = 0; i < N; i++) {
		cleanup_free char *name = xasprintf("s%d", i);
		cleanup_free char *next = xasprintf("s%d", (i + 1) % N);
		struct stage *s = stage_new(name, &t.plugin);

		stage_connect(s, "in", next, "out");
		vec_push(&t.pipeline.stages, s);
	}
	build(&t);
	ck_assert(t.err.msg != NULL);
	ck_assert_ptr_nonnull(strstr(t.err.msg, "s49999 -> s0 (each"));
	release(&t);
}
END_TEST

int
main(void)
{
	const char *src = getenv("top_srcdir");
	TCase *c = tcase_create("graph");
	int n;

	snprintf(data_dir, sizeof(data_dir), "%s/tests/data/graph", src ? src : ".");
	n = scandir(data_dir, &cases, is_case, alphasort);
	if (n <= 0) {
		printf("Bail out! no cases in %s\n", data_dir);
		return 1;
	}
	tcase_add_loop_test(c, data_case, 0, n);
	tcase_add_test(c, large);
	tcase_add_test(c, large_cycle);
	unit_run("graph", c);
	for (int i = 0; i < n; i++)
		free(cases[i]);
	free(cases);
	return 0;
}
