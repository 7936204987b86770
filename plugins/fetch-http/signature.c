/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A signature is fetched like any file, before the file, so that a missing one costs
 * no large download; and it is checked for each place that gives the file, so that a
 * mirror with another file only makes the next place be tried.
 */
#include "signature.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "armor.h"
#include "candidate.h"
#include "gpgv.h"
#include "places.h"
#include "stream.h"
#include "url.h"

enum { SIGNATURE_MAX = 256 * 1024 }; /* a hundred people's */

static size_t
count(struct msmv_stage *stage, const char *option)
{
	return stage->host->option_count(stage, option);
}

int
signature_wanted(struct msmv_stage *stage)
{
	return count(stage, "signature") || count(stage, "signature_path");
}

int
signature_check(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	int wanted = signature_wanted(stage);

	if (count(stage, "signature") && count(stage, "signature_path"))
		return host->fail(stage, MSMV_FAIL_RECIPE,
			"signature and signature_path exclude each other: keep one");
	if (count(stage, "signature_path") > 1)
		return host->fail(stage, MSMV_FAIL_RECIPE,
			"signature names %zu files beside the recipe, but a source has one",
			count(stage, "signature_path"));
	if (wanted && !count(stage, "keyring"))
		return host->fail(stage, MSMV_FAIL_RECIPE,
			"signature without keyring proves nothing: name the file with the "
			"signer's public key, keyring = \"signer.asc\"");
	if (!wanted && count(stage, "keyring"))
		return host->fail(stage, MSMV_FAIL_RECIPE,
			"keyring without signature checks nothing: name the signature's url");
	return 0;
}

/* ---- Keyring ---------------------------------------------------------- */

/* The whole file, malloc'd; NULL with *why. */
static char *
keyring_read(const char *path, size_t *n, const char **why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	char *text = NULL;
	ssize_t k = 0;

	*n = 0;
	if (fd < 0 || fstat(fd, &st))
		*why = strerror(errno);
	else if (!S_ISREG(st.st_mode))
		*why = "is no file: name the files with the public keys, each by itself";
	else if (st.st_size > ARMOR_SIZE_MAX)
		*why = "is larger than any keyring";
	else if (!(text = malloc((size_t)st.st_size + 1)))
		*why = "does not fit into memory";
	while (text && *n < (size_t)st.st_size &&
		(k = read(fd, text + *n, (size_t)st.st_size - *n)) > 0)
		*n += (size_t)k;
	if (fd >= 0)
		close(fd);
	return text;
}

/* Adds one file's keys to out, or only looks at them if out is NULL. */
static int
keyring_add(struct msmv_stage *stage, const char *path, FILE *out)
{
	const char *why = NULL;
	size_t n, len = 0;
	char *text = keyring_read(path, &n, &why);
	unsigned char *keys = text ? armor_keys(text, n, &len, &why) : NULL;
	int r = keys ? 0 : -1;

	if (!keys)
		stage->host->fail(stage, MSMV_FAIL_RECIPE, "keyring %s %s", path, why);
	else if (out && fwrite(keys, 1, len, out) != len)
		r = stage->host->fail(stage, MSMV_FAIL_SYSTEM, "writing the keyring: %s",
			strerror(errno));
	free(keys);
	free(text);
	return r;
}

/* All files' keys as the one binary keyring that gpgv reads. */
static int
keyring_make(struct msmv_stage *stage, const char *path)
{
	FILE *out = fopen(path, "we");
	int r = 0;

	if (!out)
		return stage->host->fail(stage, MSMV_FAIL_SYSTEM, "opening %s: %s", path,
			strerror(errno));
	for (size_t i = 0; !r && i < count(stage, "keyring"); i++)
		r = keyring_add(stage, stage->host->option_at(stage, "keyring", i), out);
	if (fclose(out) && !r)
		r = stage->host->fail(stage, MSMV_FAIL_SYSTEM, "writing %s: %s", path,
			strerror(errno));
	return r;
}

int
signature_facts(struct msmv_stage *stage)
{
	const struct msmv_host *host = stage->host;
	char path[4096];

	if (!signature_wanted(stage))
		return 0;
	for (size_t i = 0; i < count(stage, "keyring"); i++)
		if (keyring_add(stage, host->option_at(stage, "keyring", i), NULL))
			return -1;
	if (!gpgv_path(path, sizeof(path)))
		return host->fail(stage, MSMV_FAIL_TOOL,
			"gpgv is not installed, and the recipe wants a signature checked "
			"(package gpgv)");
	return host->fact_witness(stage, path);
}

/* ---- Signature -------------------------------------------------------- */

/*
 * "linux-6.9.4.tar.sign" for "linux-6.9.4.tar.xz": its name is that of what the file
 * decompresses to.
 */
static int
is_over_content(const char *signature, const char *file)
{
	static const char *const ends[] = {".sign", ".sig", ".asc", ".gpg"};
	size_t n = strlen(signature), plain = stream_name(file);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t e = strlen(ends[i]);
		if (n > e && !strcmp(signature + n - e, ends[i]))
			return plain && n - e == plain &&
			       !strncmp(signature, file, plain);
	}
	return 0;
}

static int
fetch(struct signature *s, void *curl, const struct want *like)
{
	struct msmv_stage *stage = like->stage;
	struct want want = *like;
	struct candidate *list;
	size_t n = 0;
	int r;

	list = candidates_new(stage, "signature", "signature_path", &n);
	if (!list)
		return -1;
	want.label = s->name;
	want.kind = "signature";
	want.sha256 = NULL;
	want.signature = NULL;
	want.limit = SIGNATURE_MAX;
	r = places_try(curl, &want, list, n,
		(unsigned)stage->host->option_int(stage, "retries"), s->file);
	candidates_free(list, n);
	return r;
}

int
signature_get(struct signature *s, void *curl, const struct want *like)
{
	struct msmv_stage *stage = like->stage;
	const struct msmv_host *host = stage->host;
	const char *first = host->option(stage, "signature");
	const char *dir = host->workdir(stage);
	char *name;

	memset(s, 0, sizeof(*s));
	if (!dir)
		return -1;
	if (snprintf(s->file, sizeof(s->file), "%s/signature", dir) >= (int)sizeof(s->file) ||
		snprintf(s->keyring, sizeof(s->keyring), "%s/keyring.gpg", dir) >=
			(int)sizeof(s->keyring))
		return host->fail(stage, MSMV_FAIL_SYSTEM,
			"the work folder's name is too long: %s", dir);
	name = url_basename(first ? first : host->option(stage, "signature_path"));
	if (!name)
		return host->fail(stage, MSMV_FAIL_SYSTEM, "out of memory");
	snprintf(s->name, sizeof(s->name), "%s", name);
	s->uncompressed = is_over_content(name, like->label);
	free(name);
	return keyring_make(stage, s->keyring) || fetch(s, curl, like) ? -1 : 0;
}

/* ---- Proof ------------------------------------------------------------ */

static int
prove_stream(struct gpgv *g, const struct signature *s, const struct want *want,
	const char *path, const char *shown, struct outcome *o)
{
	struct stream stream;
	int r;

	if (stream_open(&stream, path))
		return outcome_errno(o, "decompressing", path);
	r = gpgv_run(g, want->stage, s->keyring, s->file, stream.path);
	/* It breaks off on purpose where gpgv needed no more. */
	if (stream_close(&stream) && r != -2)
		return outcome_set(o, VERDICT_DEAD, MSMV_FAIL_INPUT,
			"%s cannot be decompressed, which its signature %s needs", shown,
			s->name);
	return r;
}

int
signature_prove(struct signature *s, const struct want *want, const char *path,
	const char *shown, struct outcome *o)
{
	struct gpgv g = {.said = 0};
	int r;

	if (!s)
		return 0;
	want->stage->host->progress(want->stage, 0, 0, "checking the signature");
	o->why[0] = '\0';
	r = s->uncompressed ? prove_stream(&g, s, want, path, shown, o) :
			      gpgv_run(&g, want->stage, s->keyring, s->file, path);
	if (!r)
		snprintf(s->signer, sizeof(s->signer), "%s", g.signer);
	if (!r || o->why[0])
		return r ? -1 : 0;
	if (r == -2) /* recorded already: no place would help */
		return outcome_set(o, VERDICT_STOP, MSMV_FAIL_TOOL, "gpgv could not run");
	return outcome_set(o, VERDICT_DEAD, MSMV_FAIL_INPUT,
		"%s is not proven by its signature %s%s: %s", shown, s->name,
		s->uncompressed ? " (of the uncompressed file)" : "", g.trouble);
}

int
signature_tell(const struct signature *s, struct msmv_stage *stage)
{
	const char *path = stage->host->output_path(stage, "signer");
	FILE *f = path ? fopen(path, "we") : NULL;
	int bad;

	if (!f)
		return stage->host->fail(stage, MSMV_FAIL_SYSTEM, "writing signer: %s",
			strerror(errno));
	bad = fprintf(f, "%s\n", s->signer) < 0;
	if (fclose(f) || bad)
		return stage->host->fail(stage, MSMV_FAIL_SYSTEM, "writing signer: %s",
			strerror(errno));
	return 0;
}
