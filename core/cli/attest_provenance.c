/* SPDX-License-Identifier: GPL-3.0-only */
/* in-toto Statement v1 with the predicate https://slsa.dev/provenance/v1. */
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "cli/attest.h"
#include "cli/json.h"
#include "config.h"

static json_t *
digest(const char *sha256)
{
	json_t *o = json_object();

	json_object_set_new(o, "sha256", json_text(sha256));
	return o;
}

static json_t *
descriptor(const char *name, const char *uri, const char *sha256)
{
	json_t *o = json_object();

	if (name)
		json_object_set_new(o, "name", json_text(name));
	if (uri && *uri)
		json_object_set_new(o, "uri", json_text(uri));
	json_object_set_new(o, "digest", digest(sha256));
	return o;
}

static json_t *
subjects(const struct attest *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < a->exports->len; i++)
		json_array_append_new(list, descriptor(a->exports->v[i].file, NULL,
			a->exports->v[i].digest));
	return list;
}

/* What a person chose. */
static json_t *
external_parameters(const struct attest *a)
{
	const struct pipeline *p = &a->session->pipeline;
	json_t *o = json_object();

	json_object_set_new(o, "recipe", json_text(path_base(p->recipe)));
	json_object_set_new(o, "name", json_text(p->name));
	json_object_set_new(o, "arch", json_text(p->arch));
	return o;
}

/* The action of each stage: its key stands for all that went in. */
static json_t *
internal_parameters(const struct attest *a)
{
	json_t *stages = json_array(), *o = json_object();

	for (size_t i = 0; i < a->run->graph.len; i++) {
		const struct job *j = a->run->graph.topo[i]->data;
		const char *sandbox = record_get(&j->result, "sandbox");
		json_t *stage = json_object();

		json_object_set_new(stage, "name", json_text(j->stage->name));
		json_object_set_new(stage, "plugin", json_text(j->stage->plugin->name));
		json_object_set_new(stage, "action", json_text(j->key));
		json_object_set_new(stage, "sandbox", json_text(sandbox ? sandbox : "off"));
		json_array_append_new(stages, stage);
	}
	json_object_set_new(o, "stages", stages);
	return o;
}

/* Sources, the recipe, and the plugins, each of which is code that ran. */
static json_t *
dependencies(const struct attest *a)
{
	const char *recipe = a->session->pipeline.recipe;
	json_t *list = json_array();
	struct map seen = MAP_INIT;
	char sum[SHA256_HEX];

	if (sha256_file(recipe, sum, NULL, NULL) == 0)
		json_array_append_new(list, descriptor(path_base(recipe), NULL, sum));
	for (size_t i = 0; i < a->components.len; i++) {
		const struct component *c = &a->components.v[i];

		if (c->sha256)
			json_array_append_new(list, descriptor(c->file, c->url, c->sha256));
	}
	for (size_t i = 0; i < a->run->graph.len; i++) {
		const struct plugin_info *p = a->run->jobs[i].stage->plugin;
		cleanup_free char *file = xasprintf("%s.so", p->name);

		if (!map_put(&seen, p->name, &seen))
			json_array_append_new(list, descriptor(file, NULL, p->digest));
	}
	map_release(&seen, NULL);
	return list;
}

static json_t *
build_definition(const struct attest *a)
{
	json_t *o = json_object();

	json_object_set_new(o, "buildType", json_string("urn:msmv:run:1"));
	json_object_set_new(o, "externalParameters", external_parameters(a));
	json_object_set_new(o, "internalParameters", internal_parameters(a));
	json_object_set_new(o, "resolvedDependencies", dependencies(a));
	return o;
}

static json_t *
run_details(const struct attest *a)
{
	json_t *builder = json_object(), *version = json_object(), *metadata = json_object();
	json_t *o = json_object();

	json_object_set_new(version, "msmv", json_string(PACKAGE_VERSION));
	json_object_set_new(builder, "id", json_string("urn:msmv:builder:local"));
	json_object_set_new(builder, "version", version);
	json_object_set_new(metadata, "invocationId", json_text(a->uuid));
	json_object_set_new(metadata, "startedOn", json_text(a->began));
	json_object_set_new(metadata, "finishedOn", json_text(a->when));
	json_object_set_new(o, "builder", builder);
	json_object_set_new(o, "metadata", metadata);
	return o;
}

json_t *
attest_provenance(const struct attest *a)
{
	json_t *predicate = json_object(), *o = json_object();

	json_object_set_new(predicate, "buildDefinition", build_definition(a));
	json_object_set_new(predicate, "runDetails", run_details(a));
	json_object_set_new(o, "_type", json_string("https://in-toto.io/Statement/v1"));
	json_object_set_new(o, "subject", subjects(a));
	json_object_set_new(o, "predicateType", json_string("https://slsa.dev/provenance/v1"));
	json_object_set_new(o, "predicate", predicate);
	return o;
}
