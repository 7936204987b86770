/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * CycloneDX 1.6: the image is the subject; its components are the kernel with its options
 * and the sources that were compiled, and each application with what it is built against.
 */
#include <string.h>

#include "base/mem.h"
#include "cli/attest.h"
#include "cli/json.h"
#include "config.h"

static json_t *
hash(const char *algorithm, const char *content)
{
	json_t *o = json_object();

	json_object_set_new(o, "alg", json_string(algorithm));
	json_object_set_new(o, "content", json_text(content));
	return o;
}

static json_t *
file(const char *name, const char *sha1, const char *sha256)
{
	json_t *o = json_object(), *hashes = json_array();

	if (sha1)
		json_array_append_new(hashes, hash("SHA-1", sha1));
	json_array_append_new(hashes, hash("SHA-256", sha256));
	json_object_set_new(o, "type", json_string("file"));
	json_object_set_new(o, "name", json_text(name));
	json_object_set_new(o, "hashes", hashes);
	return o;
}

static void
add_property(json_t *list, const char *name, const char *value)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", json_text(name));
	json_object_set_new(o, "value", json_text(value));
	json_array_append_new(list, o);
}

/* What makes this kernel another than the next one of its version. */
static void
add_kernel(const struct attest *a, json_t *o)
{
	json_t *properties = json_array(), *sources = json_array();

	if (*a->config_sha256)
		add_property(properties, "linux:config:sha256", a->config_sha256);
	for (size_t i = 0; i < a->config.len; i++) {
		cleanup_free char *name = xasprintf("linux:%s", a->config.fields[i].name);

		add_property(properties, name, a->config.fields[i].value);
	}
	for (size_t i = 0; i < a->compiled.len; i++) {
		const struct compiled *c = &a->compiled.v[i];

		json_array_append_new(sources, file(c->path, c->sha1, c->sha256));
	}
	json_object_set_new(o, "properties", properties);
	json_object_set_new(o, "components", sources);
}

static json_t *
source_reference(const struct component *c)
{
	json_t *o = json_object(), *list = json_array(), *hashes = json_array();

	json_array_append_new(hashes, hash("SHA-256", c->sha256));
	json_object_set_new(o, "type", json_string("source-distribution"));
	json_object_set_new(o, "url", json_text(c->url));
	json_object_set_new(o, "hashes", hashes);
	json_array_append_new(list, o);
	return list;
}

static json_t *
component(const struct attest *a, const struct component *c)
{
	bool kernel = streq(c->id, "kernel");
	json_t *o = json_object();

	json_object_set_new(o, "type", json_string(kernel ? "operating-system"
		: streq(c->id, "musl") ? "library" : "application"));
	json_object_set_new(o, "bom-ref", json_text(c->id));
	json_object_set_new(o, "name", json_text(c->name));
	if (c->version)
		json_object_set_new(o, "version", json_text(c->version));
	if (c->license)
		json_object_set_new(o, "licenses",
			json_pack("[{s:s}]", "expression", c->license));
	if (c->url && *c->url)
		json_object_set_new(o, "externalReferences", source_reference(c));
	if (kernel)
		add_kernel(a, o);
	return o;
}

/* ---- Who needs whom -------------------------------------------------- */

static const struct component *
find(const struct attest *a, const char *id)
{
	for (size_t i = 0; i < a->components.len; i++)
		if (streq(a->components.v[i].id, id))
			return &a->components.v[i];
	return NULL;
}

/* ID.build's inputs from other builds. */
static json_t *
depends_on(const struct attest *a, const struct component *c)
{
	cleanup_free char *build = xasprintf("%s.build", c->id);
	const struct job *j = run_job(a->run, build);
	json_t *list = json_array();

	for (size_t i = 0; j && i < j->stage->inputs.len; i++) {
		const char *from = j->stage->inputs.v[i].from_stage;
		cleanup_free char *id = xstrndup(from, strcspn(from, "."));

		if (!streq(id, c->id) && find(a, id))
			json_array_append_new(list, json_text(id));
	}
	return list;
}

static void
add_dependency(json_t *list, const char *ref, json_t *on)
{
	json_t *o = json_object();

	json_object_set_new(o, "ref", json_text(ref));
	json_object_set_new(o, "dependsOn", on);
	json_array_append_new(list, o);
}

static json_t *
dependencies(const struct attest *a)
{
	json_t *list = json_array(), *all = json_array();

	for (size_t i = 0; i < a->components.len; i++) {
		json_array_append_new(all, json_text(a->components.v[i].id));
		add_dependency(list, a->components.v[i].id,
			depends_on(a, &a->components.v[i]));
	}
	add_dependency(list, "image", all);
	return list;
}

/* ---- The document ---------------------------------------------------- */

static json_t *
metadata(const struct attest *a)
{
	json_t *o = json_object(), *image = json_object(), *files = json_array();

	for (size_t i = 0; i < a->exports->len; i++)
		json_array_append_new(files, file(a->exports->v[i].file, NULL,
			a->exports->v[i].digest));
	json_object_set_new(image, "type", json_string("operating-system"));
	json_object_set_new(image, "bom-ref", json_string("image"));
	json_object_set_new(image, "name", json_text(a->session->pipeline.name));
	json_object_set_new(image, "components", files);
	json_object_set_new(o, "timestamp", json_text(a->when));
	json_object_set_new(o, "tools", json_pack("{s:[{s:s, s:s, s:s}]}", "components", "type",
		"application", "name", "msmv", "version", PACKAGE_VERSION));
	json_object_set_new(o, "component", image);
	return o;
}

json_t *
attest_cyclonedx(const struct attest *a)
{
	json_t *o = json_object(), *components = json_array();
	cleanup_free char *serial = xasprintf("urn:uuid:%s", a->uuid);

	for (size_t i = 0; i < a->components.len; i++)
		json_array_append_new(components, component(a, &a->components.v[i]));
	json_object_set_new(o, "bomFormat", json_string("CycloneDX"));
	json_object_set_new(o, "specVersion", json_string("1.6"));
	json_object_set_new(o, "serialNumber", json_text(serial));
	json_object_set_new(o, "version", json_integer(1));
	json_object_set_new(o, "metadata", metadata(a));
	json_object_set_new(o, "components", components);
	json_object_set_new(o, "dependencies", dependencies(a));
	return o;
}
