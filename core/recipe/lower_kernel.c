/* SPDX-License-Identifier: GPL-3.0-only */
/* [kernel], and how a url becomes a stage that fetches it, here and for applications. */
#include "recipe/lower_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "msmv/plugin.h"

/* "https" of "https://...", or "path" for a file beside the recipe; the caller frees. */
static char *
scheme_of(const char *url)
{
	size_t n = 0;

	if (isalpha((unsigned char)url[0]))
		while (isalnum((unsigned char)url[n]) ||
			(url[n] && strchr("+.-", url[n])))
			n++;
	return n && url[n] == ':' ? xstrndup(url, n) : xstrdup("path");
}

static const struct plugin_info *
fetcher(struct lower *l, const struct section *sec, const struct value *url,
	const char *scheme)
{
	cleanup_free char *capability = xasprintf("fetch:%s", scheme);

	return lower_provider(l, sec->name, url->pos, capability);
}

/* All urls of a list are tried by one stage, so one plugin must know all of them. */
static const struct plugin_info *
common_fetcher(struct lower *l, const struct section *sec, const texts *urls, bool *path)
{
	const struct plugin_info *first = NULL;

	for (size_t i = 0; i < urls->len; i++) {
		const struct value *url = urls->v[i];
		cleanup_free char *scheme = scheme_of(url->string.s);
		const struct plugin_info *p = fetcher(l, sec, url, scheme);

		if (!p)
			return NULL;
		if (!i)
			*path = streq(scheme, "path");
		if (i && (p != first || streq(scheme, "path") != *path)) {
			diag_error(l->diags, url->pos,
				"%s url: \"%s\" cannot stand in one list with \"%s\", "
				"which is "
				"fetched another way",
				sec->name, url->string.s, urls->v[0]->string.s);
			return NULL;
		}
		first = p;
	}
	return first;
}

/* The texts in urls; a wrong one was reported. */
static int
list_urls(
	struct lower *l, const struct section *sec, const struct value *urls, texts *out)
{
	size_t n = urls->kind == VALUE_ARRAY ? urls->array.len : 1;

	for (size_t i = 0; i < n; i++) {
		const struct value *v =
			urls->kind == VALUE_ARRAY ? urls->array.v[i] : urls;

		if (v->kind != VALUE_STRING) {
			diag_error(l->diags, v->pos, "%s url wants a text, not %s",
				sec->name, value_kind_name(v->kind));
			return -1;
		}
		vec_push(out, v);
	}
	if (!n)
		diag_error(l->diags, urls->pos, "%s url is an empty list", sec->name);
	return n ? 0 : -1;
}

/* A signature without a scheme is a file beside the recipe, as a url is. */
static void
take_signature(struct lower *l, struct section *sec, struct stage *s)
{
	const struct option_info *o = plugin_option(s->plugin, "signature_path");
	const struct value *v = value_get(sec->table, "signature");
	const struct value *first = v && v->kind == VALUE_ARRAY
		? (v->array.len ? v->array.v[0] : NULL) : v;
	cleanup_free char *scheme = first && first->kind == VALUE_STRING
		? scheme_of(first->string.s) : NULL;

	if (!o || !scheme || !streq(scheme, "path"))
		return;
	schema_take(&l->schema, sec->name, "signature", o, v, s);
	vec_push(&sec->done, "signature");
}

/* That it is a text is section_keys' matter. */
static char *
word_to_people(const struct section *sec, const char *key)
{
	const struct value *v = value_get(sec->table, key);

	return v && v->kind == VALUE_STRING ? xstrdup(v->string.s) : NULL;
}

/* What the recipe says of it to people, attestations say on. */
static void
describe(const struct section *sec, struct stage *s)
{
	s->label = word_to_people(sec, "name");
	s->version = word_to_people(sec, "version");
	s->license = word_to_people(sec, "license");
}

struct stage *
lower_source(struct lower *l, struct section *sec, const char *name,
	const struct value *urls)
{
	texts list = VEC_INIT;
	const struct plugin_info *p = NULL;
	const struct option_info *o;
	struct stage *s = NULL;
	const char *key;
	bool path = false;

	if (list_urls(l, sec, urls, &list) == 0)
		p = common_fetcher(l, sec, &list, &path);
	vec_release(&list);
	if (!p)
		goto out;
	key = path ? "path" : "url";
	o = plugin_option(p, key);
	s = o ? lower_stage(l, sec, name, lower_pos(urls), p) : NULL;
	if (!o)
		diag_error(l->diags, urls->pos,
			"plugin %s fetches by %s but has no such option", p->name, key);
	if (s)
		schema_take(&l->schema, sec->name, "url", o, urls, s);
	if (s) {
		take_signature(l, sec, s);
		describe(sec, s);
	}
out:
	l->incomplete |= !s;
	section_add(sec, s);
	return s;
}

/* kernel.org's folder of a version: v6.x, but v2.6 and older by their minor number. */
static size_t
folder_length(const char *version, size_t major)
{
	if (version[0] > '2' || major > 1)
		return major;
	return major + 1 + strspn(version + major + 1, "0123456789");
}

/* "https://cdn.kernel.org/.../v6.x/linux-6.9.4.tar.xz", or NULL after a report. */
static struct value *
kernel_url(struct lower *l)
{
	const char *version = section_text(l, &l->kernel, "version");
	size_t major = version ? strspn(version, "0123456789") : 0, folder;
	cleanup_free char *url = NULL;

	if (!version) {
		if (!section_has(&l->kernel, "version") && !l->kernel.incomplete)
			diag_error(l->diags, l->kernel.pos,
				"%s needs a url or a version, such as version = "
				"\"6.9.4\"",
				l->kernel.name);
		return NULL;
	}
	if (!major || version[major] != '.' || !isdigit((unsigned char)version[major + 1]) ||
		version[strspn(version, "0123456789.")]) {
		diag_error(l->diags, value_get(l->kernel.table, "version")->pos,
			"%s version \"%s\" is no released kernel's; give its url",
			l->kernel.name, version);
		return NULL;
	}
	folder = folder_length(version, major);
	url = xasprintf("https://cdn.kernel.org/pub/linux/kernel/v%.*s%s/linux-%s.tar.xz",
		(int)folder, version, folder == major ? ".x" : "", version);
	return value_string(url, strlen(url), value_get(l->kernel.table, "version")->pos);
}

static struct stage *
make(struct lower *l, const char *name, const char *capability)
{
	struct section *sec = &l->kernel;
	const struct plugin_info *p = lower_provider(l, sec->name, sec->pos, capability);
	struct stage *s = p ? lower_stage(l, sec, name, sec->pos, p) : NULL;

	section_add(sec, s);
	return s;
}

void
lower_kernel(struct lower *l)
{
	const struct value *url = value_get(l->kernel.table, "url");
	struct value *made = NULL;
	struct stage *source = NULL, *config;

	section_keys(l, &l->kernel, "kernel");
	if (!url)
		url = made = kernel_url(l);
	else
		section_text(l, &l->kernel, "version");
	if (url)
		source = lower_source(l, &l->kernel, "kernel.source", url);
	else
		l->incomplete = l->kernel.incomplete = true;
	value_free(made);
	config = l->kernel_config = make(l, "kernel.config", "config:kconfig");
	l->kernel_build = make(l, "kernel.build", "build:kernel");
	if (source && !source->license)
		source->license = xstrdup("GPL-2.0-only WITH Linux-syscall-note");
	lower_connect(config, "source", source, "file");
	lower_connect(l->kernel_build, "source", source, "file");
	lower_connect(l->kernel_build, "config", config, "config");
	lower_export(l, l->kernel_build, "image", NULL);
	/* What Firecracker and cloud-hypervisor boot, and QEMU through PVH. */
	lower_export(l, l->kernel_build, "vmlinux", NULL);
}
