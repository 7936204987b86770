/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Unpacks the kernel's sources where later runs find them again: 1.5 GB and
 * 15 s that a changed option shall not cost. The folder's key holds the content
 * of all that goes in, and a stamp written last tells a whole tree from the
 * remains of an interrupted run.
 */
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

/* Change it when the same inputs shall give another tree. */
#define TREE_LAYOUT "linux-tree 1"

static int
digest_file(EVP_MD_CTX *md, const char *path)
{
	cleanup_free char *chunk = xrealloc(NULL, 1 << 20);
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	while ((n = read(fd, chunk, 1 << 20)) != 0) {
		if (n > 0)
			EVP_DigestUpdate(md, chunk, (size_t)n);
		else if (errno != EINTR)
			break;
	}
	close(fd);
	return n < 0 ? -1 : 0;
}

static int
digest_all(struct msmv_stage *s, EVP_MD_CTX *md, const char *archive)
{
	const struct msmv_host *host = s->host;
	const char *arch = host->arch(s, "kernel.arch");

	if (digest_file(md, archive) < 0)
		return host->fail(s, MSMV_FAIL_INPUT, "%s: %s", archive, strerror(errno));
	for (size_t i = 0; i < host->option_count(s, "patches"); i++) {
		const char *patch = host->option_at(s, "patches", i);

		EVP_DigestUpdate(md, "patch", 5);
		if (digest_file(md, patch) < 0)
			return host->fail(s, MSMV_FAIL_RECIPE, "patch %s: %s", patch,
				strerror(errno));
	}
	EVP_DigestUpdate(md, arch, strlen(arch));
	return 0;
}

static int
key_make(struct msmv_stage *s, const char *archive, struct kernel_tree *tree)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	int bad;

	if (!md || !EVP_DigestInit_ex(md, EVP_sha256(), NULL)) {
		EVP_MD_CTX_free(md);
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "cannot start a SHA-256");
	}
	bad = digest_all(s, md, archive);
	EVP_DigestFinal_ex(md, sum, NULL);
	EVP_MD_CTX_free(md);
	for (size_t i = 0; i < 16; i++)
		snprintf(tree->key + 2 * i, 3, "%02x", sum[i]);
	return bad;
}

static int
patch_apply(struct msmv_stage *s, const char *src, const char *patch)
{
	/* No fuzz: a patch that is nearly right may go to the wrong place without a word. */
	const char *argv[] = { "patch", "-p1", "--batch", "--forward", "--fuzz=0",
		"--no-backup-if-mismatch", "-i", patch, NULL };
	struct msmv_command c = { .struct_size = sizeof(c), .flags = MSMV_CMD_QUIET,
		.argv = argv, .dir = src };
	int status = s->host->run(s, &c);

	if (status > 0)
		return s->host->fail(s, MSMV_FAIL_RECIPE, "patch %s does not apply to the kernel's "
			"sources; the log shows which part", patch);
	return status;
}

static int
tree_fill(struct msmv_stage *s, struct kernel_tree *tree, const char *archive)
{
	const struct msmv_host *host = s->host;
	cleanup_free char *probe = xformat("%s/scripts/kconfig/Makefile", tree->src);

	if (folder_renew(tree->src) < 0)
		return host->fail(s, MSMV_FAIL_SYSTEM, "%s: %s", tree->src, strerror(errno));
	host->progress(s, 0, 0, "unpacking the sources");
	if (host->unpack(s, archive, tree->src, 1) < 0)
		return -1;
	if (access(probe, R_OK) < 0)
		return host->fail(s, MSMV_FAIL_INPUT, "%s is not an archive of Linux sources: it "
			"has no scripts/kconfig/Makefile; look at kernel.url",
			host->input_name(s, "source", 0));
	for (size_t i = 0; i < host->option_count(s, "patches"); i++) {
		if (patch_apply(s, tree->src, host->option_at(s, "patches", i)) != 0)
			return -1;
	}
	return 0;
}

int
kernel_tree_open(struct msmv_stage *s, struct kernel_tree *tree)
{
	const char *archive = s->host->input_path(s, "source", 0);
	cleanup_text struct text found = { 0 };
	cleanup_free char *stamp = NULL;
	const char *folder;

	if (key_make(s, archive, tree) < 0)
		return -1;
	stamp = xformat(TREE_LAYOUT " %s", tree->key);
	folder = s->host->scratch(s, stamp);
	if (!folder)
		return -1;
	tree->folder = xcopy(folder);
	tree->src = xformat("%s/src", folder);
	cleanup_free char *path = xformat("%s/whole", folder);
	if (file_read(path, &found) == 0 && strcmp(found.p, stamp) == 0)
		return 0;
	unlink(path);
	if (tree_fill(s, tree, archive) < 0)
		return -1;
	if (file_write(path, stamp, strlen(stamp)) < 0)
		return s->host->fail(s, MSMV_FAIL_SYSTEM, "%s: %s", path, strerror(errno));
	return 0;
}

void
kernel_tree_release(struct kernel_tree *tree)
{
	free(tree->folder);
	free(tree->src);
	*tree = (struct kernel_tree){ 0 };
}
