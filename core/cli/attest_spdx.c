/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * SPDX 2.3: the image, the sources it was made from as packages, the files that were made,
 * and of the kernel's sources those that were compiled, which the kernel is GENERATED_FROM.
 */
#include <ctype.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "cli/attest.h"
#include "cli/json.h"
#include "config.h"

static const char nobody_says[] = "NOASSERTION";

struct spdx {
	const struct attest *a;
	json_t *packages, *files, *relationships;
};

/* "SPDXRef-KIND-name" of letters, digits, '.' and '-'. */
static char *
reference(const char *kind, const char *name)
{
	struct str s = STR_INIT;

	str_addf(&s, "SPDXRef-%s-", kind);
	for (; *name; name++)
		str_addc(&s, isalnum((unsigned char)*name) || *name == '.' ? *name : '-');
	return str_take(&s);
}

static void
add_checksum(json_t *list, const char *algorithm, const char *value)
{
	json_t *o = json_object();

	json_object_set_new(o, "algorithm", json_string(algorithm));
	json_object_set_new(o, "checksumValue", json_text(value));
	json_array_append_new(list, o);
}

static void
relate(struct spdx *x, const char *from, const char *how, const char *to)
{
	json_t *o = json_object();

	json_object_set_new(o, "spdxElementId", json_text(from));
	json_object_set_new(o, "relationshipType", json_string(how));
	json_object_set_new(o, "relatedSpdxElement", json_text(to));
	json_array_append_new(x->relationships, o);
}

static json_t *
element(const char *id)
{
	json_t *o = json_object();

	json_object_set_new(o, "SPDXID", json_text(id));
	json_object_set_new(o, "copyrightText", json_string(nobody_says));
	json_object_set_new(o, "licenseConcluded", json_string(nobody_says));
	return o;
}

/* ---- Packages -------------------------------------------------------- */

static json_t *
package(const char *id, const char *name, const char *version, const char *url,
	const char *license)
{
	json_t *o = element(id);

	json_object_set_new(o, "name", json_text(name));
	if (version)
		json_object_set_new(o, "versionInfo", json_text(version));
	json_object_set_new(o, "downloadLocation", json_text(url && *url ? url : nobody_says));
	json_object_set_new(o, "filesAnalyzed", json_false());
	json_object_set_new(o, "licenseDeclared", json_text(license ? license : nobody_says));
	return o;
}

static void
add_source(struct spdx *x, const struct component *c)
{
	cleanup_free char *id = reference("Source", c->id);
	json_t *o = package(id, c->name, c->version, c->url, c->license);

	if (c->sha256) {
		json_t *sums = json_array();

		add_checksum(sums, "SHA256", c->sha256);
		json_object_set_new(o, "checksums", sums);
		json_object_set_new(o, "packageFileName", json_text(c->file));
	}
	json_object_set_new(o, "primaryPackagePurpose",
		json_string(streq(c->id, "kernel") ? "OPERATING_SYSTEM" : "SOURCE"));
	if (streq(c->id, "kernel") && *x->a->config_sha256) {
		cleanup_free char *text = xasprintf("configured by the file with the sha256 %s",
			x->a->config_sha256);

		json_object_set_new(o, "sourceInfo", json_text(text));
	}
	json_array_append_new(x->packages, o);
	relate(x, "SPDXRef-Image", "GENERATED_FROM", id);
}

/* ---- Files ----------------------------------------------------------- */

/* SPDX wants the SHA-1 of every file. */
static void
sha1_file(const char *path, char out[41])
{
	cleanup_str struct str data = STR_INIT;
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	fs_read(path, (size_t)4 << 30, &data, NULL);
	EVP_Digest(str_text(&data), data.len, sum, &n, EVP_sha1(), NULL);
	for (size_t i = 0; i < 20; i++)
		snprintf(out + 2 * i, 3, "%02x", sum[i]);
}

static void
add_file(struct spdx *x, const char *id, const char *name, const char *sha1, const char *sha256)
{
	json_t *o = element(id), *sums = json_array();
	cleanup_free char *path = xasprintf("./%s", name);

	add_checksum(sums, "SHA1", sha1);
	add_checksum(sums, "SHA256", sha256);
	json_object_set_new(o, "fileName", json_text(path));
	json_object_set_new(o, "checksums", sums);
	json_array_append_new(x->files, o);
}

static void
add_output(struct spdx *x, const struct exported *e)
{
	cleanup_free char *id = reference("File", e->file);
	cleanup_free char *path = store_blob_path(&x->a->run->ctx->store, e->digest);
	char sha1[41] = "";

	sha1_file(path, sha1);
	add_file(x, id, e->file, sha1, e->digest);
	relate(x, "SPDXRef-Image", "CONTAINS", id);
}

static void
add_compiled(struct spdx *x, size_t i)
{
	const struct compiled *c = &x->a->compiled.v[i];
	cleanup_free char *id = xasprintf("SPDXRef-Kernel-%zu", i);
	cleanup_free char *name = xasprintf("linux/%s", c->path);

	add_file(x, id, name, c->sha1, c->sha256);
	relate(x, id, "GENERATES", "SPDXRef-Image");
}

json_t *
attest_spdx(const struct attest *a)
{
	struct spdx x = { a, json_array(), json_array(), json_array() };
	json_t *o = json_object(), *info = json_object();
	cleanup_free char *space = xasprintf("urn:uuid:%s", a->uuid);
	json_t *image = package("SPDXRef-Image", a->session->pipeline.name, NULL, NULL, NULL);

	json_array_append_new(x.packages, image);
	relate(&x, "SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Image");
	for (size_t i = 0; i < a->components.len; i++)
		add_source(&x, &a->components.v[i]);
	for (size_t i = 0; i < a->exports->len; i++)
		add_output(&x, &a->exports->v[i]);
	for (size_t i = 0; i < a->compiled.len; i++)
		add_compiled(&x, i);
	json_object_set_new(info, "created", json_text(a->when));
	json_object_set_new(info, "creators", json_pack("[s]", "Tool: msmv-" PACKAGE_VERSION));
	json_object_set_new(o, "spdxVersion", json_string("SPDX-2.3"));
	json_object_set_new(o, "dataLicense", json_string("CC0-1.0"));
	json_object_set_new(o, "SPDXID", json_string("SPDXRef-DOCUMENT"));
	json_object_set_new(o, "name", json_text(a->session->pipeline.name));
	json_object_set_new(o, "documentNamespace", json_text(space));
	json_object_set_new(o, "creationInfo", info);
	json_object_set_new(o, "packages", x.packages);
	json_object_set_new(o, "files", x.files);
	json_object_set_new(o, "relationships", x.relationships);
	return o;
}
