/* SPDX-License-Identifier: GPL-3.0-only */
/* Gathers from the results of a run what the documents say, and writes them. */
#include "cli/attest.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <msmv/plugin.h>

#include "base/fs.h"
#include "base/mem.h"
#include "cli/json.h"
#include "config.h"

enum { BLOB_MAX = 64 * 1024 * 1024 };

/* The text of a stage's output, "" if it made none. */
static void
read_output(const struct attest *a, const struct job *j, const char *port, struct str *out)
{
	const char *digest = j ? job_output(j, port, "digest") : NULL;
	cleanup_free char *path = digest ? store_blob_path(&a->run->ctx->store, digest) : NULL;

	if (path)
		fs_read(path, BLOB_MAX, out, NULL);
}

/* ---- Sources --------------------------------------------------------- */

/* "2.10" of "hello-2.10.tar.gz" or "hello_2.10.orig.tar.gz"; NULL if there is none. */
static char *
version_in_name(const char *file)
{
	const char *s = file;
	size_t n;

	while ((s = strpbrk(s, "-_")) && !isdigit((unsigned char)s[1]))
		s++;
	if (!s)
		return NULL;
	n = strspn(++s, "0123456789.");
	while (n && s[n - 1] == '.')
		n--;
	return xstrndup(s, n);
}

/* "apt-src:hello=2.10-3" is what the url stood for; else the recipe's first. */
static char *
exact_url(const struct attest *a, const struct job *j)
{
	const struct stage_option *o = stage_option_get(j->stage, "url");
	struct str text = STR_INIT;

	read_output(a, j, "exact", &text);
	if (text.len)
		text.p[strcspn(text.p, "\n")] = '\0';
	if (!text.len || !*text.p)
		str_add(&text, o && o->count ? o->values[0] : "");
	return str_take(&text);
}

static char *
version_of(const struct component *c, const struct stage *s)
{
	const char *sign = c->url && str_starts(c->url, "apt") ? strchr(c->url, '=') : NULL;

	if (s->version)
		return xstrdup(s->version);
	return sign ? xstrdup(sign + 1) : version_in_name(c->file);
}

/* The first output that is the thing itself. */
static const struct port_info *
main_output(const struct plugin_info *p)
{
	for (size_t i = 0; i < p->outputs.len; i++)
		if (!(p->outputs.v[i].flags & MSMV_PORT_ASIDE))
			return &p->outputs.v[i];
	return NULL;
}

static void
add_component(struct attest *a, const struct job *j)
{
	const struct port_info *port = main_output(j->stage->plugin);
	struct component c = { .job = j };

	if (!port || !job_output(j, port->name, "digest"))
		return;
	c.file = job_output(j, port->name, "file");
	c.sha256 = job_output(j, port->name, "digest");
	c.id = xstrndup(j->stage->name, strcspn(j->stage->name, "."));
	c.name = xstrdup(j->stage->label ? j->stage->label
		: streq(c.id, "kernel") ? "linux" : c.id);
	c.url = exact_url(a, j);
	c.version = version_of(&c, j->stage);
	c.license = j->stage->license ? xstrdup(j->stage->license) : NULL;
	vec_push(&a->components, c);
}

/* msmv's own part of the image comes with msmv: no source of it is fetched. */
static void
add_init(struct attest *a, const struct job *j)
{
	struct component c = { .job = j, .id = xstrdup("init"), .name = xstrdup("msmv-init"),
		.version = xstrdup(PACKAGE_VERSION), .license = xstrdup("GPL-3.0-only") };

	vec_push(&a->components, c);
}

/* ---- The kernel ------------------------------------------------------ */

/* "SHA1 SHA256 PATH" */
static void
add_compiled(struct attest *a, const char *line, size_t n)
{
	struct compiled c = { .path = NULL };

	if (n < 40 + 1 + 64 + 2 || line[40] != ' ' || line[105] != ' ')
		return;
	memcpy(c.sha1, line, 40);
	memcpy(c.sha256, line + 41, 64);
	c.path = xstrndup(line + 106, n - 106);
	vec_push(&a->compiled, c);
}

static void
read_compiled(struct attest *a)
{
	cleanup_str struct str text = STR_INIT;

	read_output(a, run_job(a->run, "kernel.build"), "sources", &text);
	for (const char *s = str_text(&text); *s; s += strcspn(s, "\n"), s += *s == '\n')
		add_compiled(a, s, strcspn(s, "\n"));
}

/* "CONFIG_NET=y" */
static void
read_config(struct attest *a)
{
	const struct job *j = run_job(a->run, "kernel.config");
	const char *digest = j ? job_output(j, "config", "digest") : NULL;
	cleanup_str struct str text = STR_INIT;

	if (!digest)
		return;
	memcpy(a->config_sha256, digest, SHA256_HEX);
	read_output(a, j, "config", &text);
	for (const char *s = str_text(&text); *s; s += strcspn(s, "\n"), s += *s == '\n') {
		size_t n = strcspn(s, "\n"), name = strcspn(s, "=\n");
		cleanup_free char *key = xstrndup(s, name);
		cleanup_free char *value = name < n ? xstrndup(s + name + 1, n - name - 1) : NULL;

		if (value && str_starts(key, "CONFIG_"))
			record_add(&a->config, key, value);
	}
}

/* A tarball's name may not say it, or a patch has changed it; the kernel itself knows. */
static void
read_kernel_version(struct attest *a)
{
	cleanup_str struct str text = STR_INIT;
	json_t *report;
	const char *version;

	read_output(a, run_job(a->run, "kernel.config"), "report", &text);
	report = json_loadb(str_text(&text), text.len, 0, NULL);
	version = json_string_value(json_object_get(report, "kernel"));
	for (size_t i = 0; version && i < a->components.len; i++) {
		struct component *c = &a->components.v[i];

		if (!streq(c->id, "kernel"))
			continue;
		free(c->version);
		c->version = xstrdup(version);
	}
	json_decref(report);
}

/* ---- Documents ------------------------------------------------------- */

static void
format_time(char *out, size_t n, time_t t)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	struct tm tm;

	if (epoch && *epoch)
		t = (time_t)strtoll(epoch, NULL, 10);
	gmtime_r(&t, &tm);
	strftime(out, n, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* Version 8 (custom) of RFC 9562, from the images' digests. */
static void
make_uuid(struct attest *a)
{
	cleanup_str struct str all = STR_INIT;
	char hex[SHA256_HEX];

	str_add(&all, a->session->pipeline.name);
	for (size_t i = 0; i < a->exports->len; i++)
		str_addf(&all, " %s %s", a->exports->v[i].file, a->exports->v[i].digest);
	sha256_bytes(all.p, all.len, hex);
	snprintf(a->uuid, sizeof(a->uuid), "%.8s-%.4s-8%.3s-8%.3s-%.12s", hex, hex + 8, hex + 12,
		hex + 15, hex + 18);
}

static void
gather(struct attest *a)
{
	for (size_t i = 0; i < a->run->graph.len; i++) {
		const struct job *j = &a->run->jobs[i];

		if (j->node->selected && stage_fetches(j->stage))
			add_component(a, j);
		else if (j->node->selected && stage_provides(j->stage, "build:init"))
			add_init(a, j);
	}
	read_config(a);
	read_kernel_version(a);
	read_compiled(a);
	make_uuid(a);
}

static void
release(struct attest *a)
{
	for (size_t i = 0; i < a->components.len; i++) {
		struct component *c = &a->components.v[i];

		free(c->id);
		free(c->name);
		free(c->version);
		free(c->license);
		free(c->url);
	}
	for (size_t i = 0; i < a->compiled.len; i++)
		free(a->compiled.v[i].path);
	vec_release(&a->components);
	vec_release(&a->compiled);
	record_release(&a->config);
}

static int
write_document(const struct attest *a, const char *name, json_t *document, struct err *err)
{
	cleanup_free char *path = path_join(a->session->out_dir, name);
	char *text = json_dumps(document, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	cleanup_free char *lines = xasprintf("%s\n", text ? text : "");

	free(text);
	json_decref(document);
	return fs_write(path, lines, strlen(lines), false, err);
}

int
attest_write(const struct session *s, const struct run *r, const struct exports *x,
	time_t began, struct err *err)
{
	struct attest a = { .session = s, .run = r, .exports = x, .components = VEC_INIT,
		.compiled = VEC_INIT, .config = RECORD_INIT };
	int result;

	format_time(a.when, sizeof(a.when), time(NULL));
	format_time(a.began, sizeof(a.began), began);
	gather(&a);
	result = write_document(&a, "provenance.intoto.json", attest_provenance(&a), err);
	if (result == 0)
		result = write_document(&a, "sbom.spdx.json", attest_spdx(&a), err);
	if (result == 0)
		result = write_document(&a, "sbom.cdx.json", attest_cyclonedx(&a), err);
	release(&a);
	return result;
}
