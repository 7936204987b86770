/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What an image holds, a line a file, in the form that mtree(8) and bsdtar read: so that a
 * person can look for what should not be there, and a program can compare.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include <msmv/plugin.h>

static const char *const provides[] = { "output:manifest" };

static const struct msmv_port inputs[] = {
	{ .name = "root",
		.kind = MSMV_PORT_TREE,
		.flags = MSMV_PORT_MANY,
		.help = "the file trees, merged into one" },
};

static const struct msmv_port outputs[] = {
	{ .name = "manifest",
		.kind = MSMV_PORT_FILE,
		.filename = "manifest.mtree",
		.help = "every file of the image: type, mode, owner, size, SHA-256" },
};

struct manifest {
	struct msmv_stage *stage;
	FILE *file;
	EVP_MD_CTX *digest;
	unsigned long long files, bytes;
};

/* What could end a word or a line, or begin a comment, is \ooo. */
static void
put_path(FILE *f, const char *path)
{
	for (const unsigned char *c = (const unsigned char *)path; *c; c++)
		if (*c <= ' ' || *c >= 0x7f || strchr("\\#*?[=", *c))
			fprintf(f, "\\%03o", *c);
		else
			putc(*c, f);
}

static const char *
type_of(const struct msmv_entry *e)
{
	static const struct {
		mode_t mode;
		const char *name;
	} types[] = {
		{ S_IFREG, "file" }, { S_IFDIR, "dir" }, { S_IFLNK, "link" },
		{ S_IFCHR, "char" }, { S_IFBLK, "block" }, { S_IFIFO, "fifo" },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if ((e->mode & S_IFMT) == types[i].mode)
			return types[i].name;
	return "socket";
}

static int
digest_data(struct manifest *m, const struct msmv_entry *e)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	char data[1 << 16];
	unsigned n = 0;

	if (EVP_DigestInit_ex(m->digest, EVP_sha256(), NULL) != 1)
		return m->stage->host->fail(m->stage, MSMV_FAIL_SYSTEM, "no SHA-256 here");
	for (uint64_t done = 0; done < e->size;) {
		uint64_t left = e->size - done;
		ssize_t got = pread(e->fd, data, left < sizeof(data) ? (size_t)left : sizeof(data),
			(off_t)(e->offset + done));

		if (got <= 0)
			return m->stage->host->fail(m->stage, MSMV_FAIL_INPUT, "cannot read %s: %s",
				e->path, got < 0 ? strerror(errno) : "it is too short");
		EVP_DigestUpdate(m->digest, data, (size_t)got);
		done += (uint64_t)got;
	}
	EVP_DigestFinal_ex(m->digest, sum, &n);
	fputs(" sha256digest=", m->file);
	for (unsigned i = 0; i < n; i++)
		fprintf(m->file, "%02x", sum[i]);
	return 0;
}

/* What only some types have. */
static int
put_special(struct manifest *m, const struct msmv_entry *e)
{
	if (S_ISCHR(e->mode) || S_ISBLK(e->mode))
		fprintf(m->file, " device=linux,%u,%u", e->major, e->minor);
	if (e->target) {
		fputs(S_ISLNK(e->mode) ? " link=" : " contents=./", m->file);
		put_path(m->file, e->target);
	}
	if (!S_ISREG(e->mode) || e->target)
		return 0;
	fprintf(m->file, " size=%llu", (unsigned long long)e->size);
	m->bytes += e->size;
	return digest_data(m, e);
}

static int
put_entry(struct manifest *m, const struct msmv_entry *e)
{
	fputs("./", m->file);
	put_path(m->file, e->path);
	fprintf(m->file, " type=%s mode=%04o uid=%u gid=%u", type_of(e), e->mode & 07777, e->uid,
		e->gid);
	if (put_special(m, e) != 0)
		return -1;
	putc('\n', m->file);
	m->files++;
	return 0;
}

static int
put_all(struct manifest *m)
{
	const struct msmv_host *host = m->stage->host;
	struct msmv_tree *tree = host->tree_open(m->stage, "root");
	struct msmv_entry entry = { .struct_size = sizeof(entry) };
	int rc;

	if (!tree)
		return -1;
	fputs("#mtree\n", m->file);
	while ((rc = host->tree_next(tree, &entry)) == 1)
		if (put_entry(m, &entry) != 0) {
			rc = -1;
			break;
		}
	return host->tree_close(tree) || rc ? -1 : 0;
}

static int
run(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	const char *path = host->output_path(stage, "manifest");
	struct manifest m = { .stage = stage, .file = path ? fopen(path, "we") : NULL,
		.digest = EVP_MD_CTX_new() };
	int rc = m.file && m.digest ? put_all(&m) : -1;
	int failed = m.file ? ferror(m.file) | fclose(m.file) : 1;

	EVP_MD_CTX_free(m.digest);
	if (failed && (rc == 0 || !m.file))
		return host->fail(stage, MSMV_FAIL_SYSTEM, "cannot write %s: %s",
			path ? path : "the manifest", strerror(errno));
	if (rc == 0)
		host->note(stage, "%llu files and folders, %llu KB", m.files,
			(m.bytes + 1023) / 1024);
	return rc;
}

static const struct msmv_plugin plugin = {
	.struct_size = sizeof(plugin),
	.api_version = MSMV_API_VERSION,
	.kind = MSMV_KIND_STAGE,
	.flags = MSMV_PLUGIN_ANY_ARCH,
	.name = "manifest",
	.version = "1",
	.summary = "lists every file of the image, with owner, mode and SHA-256",
	.provides = MSMV_TABLE(provides),
	.inputs = MSMV_TABLE(inputs),
	.outputs = MSMV_TABLE(outputs),
	.run = run,
};

const struct msmv_plugin *
msmv_plugin_entry(uint32_t host_api)
{
	return host_api >= MSMV_API_VERSION ? &plugin : NULL;
}
