/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A stage plugin that makes trees for tests of what reads trees: members as a
 * list says them, or any number of files of made-up content, in either order.
 * It needs no root for device nodes and owners, and its bytes are always the same.
 */
#include <msmv/plugin.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char members_help[] =
	"\"TYPE PATH MODE UID GID ...\": dir; fifo; char|block MAJOR MINOR; slink|link "
	"TARGET; "
	"file text TEXT, file random SIZE, file zero SIZE, file holes SIZE";

static const struct msmv_option options[] = {
	{ .name = "members", .type = MSMV_TYPE_LIST, .help = members_help },
	{ .name = "count",
		.type = MSMV_TYPE_INT,
		.max = 1000000,
		.help = "files to make up" },
	{ .name = "size", .type = MSMV_TYPE_SIZE, .help = "bytes of all of them" },
	{ .name = "reverse",
		.type = MSMV_TYPE_BOOL,
		.fallback = "false",
		.help = "add the last member first" },
};

static const struct msmv_port outputs[] = {
	{ .name = "root", .kind = MSMV_PORT_TREE, .help = "the tree" },
};

struct maker {
	struct msmv_stage *stage;
	const struct msmv_host *host;
	struct msmv_tree *tree;
	uint64_t state; /* of the made-up bytes */
};

#define WORDS 64

/* xorshift: no randomness is wanted, only bytes that do not compress to nothing */
static uint64_t
maker_next(struct maker *m)
{
	m->state ^= m->state << 13;
	m->state ^= m->state >> 7;
	m->state ^= m->state << 17;
	return m->state;
}

static void
maker_seed(struct maker *m, uint64_t seed)
{
	m->state = seed * 0x9e3779b97f4a7c15U + 1;
	maker_next(m);
}

/* Half of the blocks are noise and half are words, as programs and texts are. */
static void
maker_fill(struct maker *m, unsigned char *p, size_t size)
{
	static const char words[WORDS + 1] =
		"the config of a kernel is read and then it boots from one disk. ";

	for (size_t at = 0; at < size;) {
		uint64_t v = maker_next(m);
		size_t n = size - at < 8 ? size - at : 8;

		if (at / 4096 % 2)
			memcpy(p + at, words + v % (WORDS - 8), n);
		else
			memcpy(p + at, &v, n);
		at += n;
	}
}

/* Large data goes through a file of its own, which stays sparse where it can. */
static int
maker_file(struct maker *m, struct msmv_entry *e, const char *kind)
{
	static unsigned char buf[1 << 20];
	char name[] = "mktree.XXXXXX";
	int rc = 0;

	if (chdir(m->host->workdir(m->stage)))
		return m->host->fail(m->stage, MSMV_FAIL_SYSTEM, "no work folder");
	e->fd = mkstemp(name);
	if (e->fd < 0 || unlink(name) || ftruncate(e->fd, (off_t)e->size))
		return m->host->fail(m->stage, MSMV_FAIL_SYSTEM, "no temporary file");
	for (uint64_t at = 0; strcmp(kind, "zero") && at < e->size; at += sizeof(buf)) {
		size_t n =
			e->size - at < sizeof(buf) ? (size_t)(e->size - at) : sizeof(buf);

		if (!strcmp(kind, "holes") && n > 5000)
			n = 5000;
		maker_fill(m, buf, n);
		if (pwrite(e->fd, buf, n, (off_t)at) != (ssize_t)n)
			rc = m->host->fail(m->stage, MSMV_FAIL_SYSTEM, "disk full");
	}
	if (!rc)
		rc = m->host->tree_add(m->tree, e);
	close(e->fd);
	return rc;
}

static int
maker_data(struct maker *m, struct msmv_entry *e, char *rest)
{
	char *kind = strsep(&rest, " ");

	if (!rest)
		return m->host->fail(
			m->stage, MSMV_FAIL_RECIPE, "%s: no content", e->path);
	if (!strcmp(kind, "text")) {
		e->data = rest;
		e->size = strlen(rest);
		return m->host->tree_add(m->tree, e);
	}
	e->size = strtoull(rest, NULL, 0);
	maker_seed(m, e->size);
	return maker_file(m, e, kind);
}

static uint32_t
number(char **rest, int base)
{
	char *word = strsep(rest, " ");

	return word ? (uint32_t)strtoul(word, NULL, base) : 0;
}

static const struct {
	const char *name;
	uint32_t type;
} types[] = {
	{ "dir", S_IFDIR },
	{ "fifo", S_IFIFO },
	{ "char", S_IFCHR },
	{ "block", S_IFBLK },
	{ "slink", S_IFLNK },
	{ "link", S_IFREG },
	{ "file", S_IFREG },
};

static int
maker_member(struct maker *m, char *line)
{
	struct msmv_entry e = { .struct_size = sizeof(e), .fd = -1 };
	const char *type = strsep(&line, " ");

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(types[i].name, type))
			e.mode = types[i].type;
	e.path = strsep(&line, " ");
	if (!e.mode || !e.path)
		return m->host->fail(m->stage, MSMV_FAIL_RECIPE, "bad member: %s", type);
	e.mode |= number(&line, 8);
	e.uid = number(&line, 10);
	e.gid = number(&line, 10);
	if (!strcmp(type, "file"))
		return maker_data(m, &e, line);
	if (S_ISCHR(e.mode) || S_ISBLK(e.mode)) {
		e.major = number(&line, 10);
		e.minor = number(&line, 10);
	}
	if (!strcmp(type, "slink") || !strcmp(type, "link"))
		e.target = line ? line : "";
	return m->host->tree_add(m->tree, &e);
}

static int
maker_listed(struct maker *m, size_t i)
{
	char *line = strdup(m->host->option_at(m->stage, "members", i));
	int rc = line ? maker_member(m, line) : -1;

	free(line);
	return rc;
}

/* File i of count: sizes differ, but add up to about the size asked for. */
static int
maker_made_up(struct maker *m, int64_t i, int64_t count, int64_t size)
{
	struct msmv_entry e = {
		.struct_size = sizeof(e), .fd = -1, .mode = S_IFREG | 0644
	};
	char path[64];
	unsigned char *data;
	int rc;

	maker_seed(m, (uint64_t)i + 1);
	e.size = maker_next(m) % (uint64_t)(2 * size / count + 1);
	data = malloc(e.size + 1);
	if (!data)
		return m->host->fail(m->stage, MSMV_FAIL_SYSTEM, "out of memory");
	maker_fill(m, data, e.size);
	snprintf(
		path, sizeof(path), "data/d%lld/f%lld", (long long)i / 100, (long long)i);
	e.path = path;
	e.data = data;
	rc = m->host->tree_add(m->tree, &e);
	free(data);
	return rc;
}

static int
mktree_run(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	struct maker m = { .stage = stage, .host = host };
	int64_t listed = (int64_t)host->option_count(stage, "members");
	int64_t count = host->option_int(stage, "count"), all = listed + count;
	int64_t size = host->option_int(stage, "size");
	int reverse = host->option_int(stage, "reverse") != 0, rc = 0;

	m.tree = host->tree_create(stage, "root");
	if (!m.tree)
		return -1;
	for (int64_t i = 0; !rc && i < all; i++) {
		int64_t at = reverse ? all - 1 - i : i;

		rc = at < listed ? maker_listed(&m, (size_t)at)
				 : maker_made_up(&m, at - listed, count, size);
	}
	return host->tree_close(m.tree) || rc ? -1 : 0;
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.name = "mktree",
	.version = "1",
	.summary = "makes trees for tests",
	.options = MSMV_TABLE(options),
	.outputs = MSMV_TABLE(outputs),
	.run = mktree_run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	(void)host_api;
	return &plugin;
}
