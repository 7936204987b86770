/* SPDX-License-Identifier: GPL-3.0-only */
/* Nothing here decides what runs: losing it costs an explanation and an estimate. */
#include "run/state.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"

enum { STATE_MAX = 16 * 1024 * 1024 };

/* Of a name that stands twice the first counts. */
static void
know(struct state *s, size_t i)
{
	const char *name = s->record.fields[i].name;

	if (!map_get(&s->places, name))
		map_put(&s->places, name, (void *)(uintptr_t)(i + 1));
}

int
state_load(struct state *s, const struct context *ctx, const char *recipe, struct err *err)
{
	cleanup_free char *path = NULL;
	cleanup_str struct str text = STR_INIT;
	char id[SHA256_HEX];

	sha256_bytes(recipe, strlen(recipe), id);
	s->store = &ctx->store;
	s->dir = xasprintf("%s/runs/%.32s", ctx->store.dir, id);
	if (fs_mkdirs(s->dir, 0755, err) < 0)
		return -1;
	path = path_join(s->dir, "state");
	if (fs_read(path, STATE_MAX, &text, NULL) == 0 &&
	    record_parse(&s->record, str_text(&text), text.len, NULL) < 0)
		record_release(&s->record);
	for (size_t i = 0; i < s->record.len; i++)
		know(s, i);
	return 0;
}

/* NULL if there is none. */
static struct field *
find(const struct state *s, const char *name)
{
	uintptr_t place = (uintptr_t)map_get(&s->places, name);

	return place ? &s->record.fields[place - 1] : NULL;
}

static const char *
get(const struct state *s, const char *kind, const char *stage)
{
	cleanup_free char *name = xasprintf("%s.%s", kind, stage);
	const struct field *f = find(s, name);

	return f ? f->value : NULL;
}

const char *
state_key(const struct state *s, const char *stage)
{
	return get(s, "key", stage);
}

int64_t
state_ms(const struct state *s, const char *stage)
{
	const char *text = get(s, "ms", stage);
	char *end;
	long long ms = text ? strtoll(text, &end, 10) : 0;

	return text && *text && !*end ? ms : 0;
}

const char *
state_why(const struct state *s, const char *stage)
{
	return get(s, "why", stage);
}

static void
set(struct state *s, char *name, char *value)
{
	struct field *f = find(s, name);

	if (f) {
		s->changed |= !streq(f->value, value);
		free(f->value);
		f->value = value;
		free(name);
		return;
	}
	record_add(&s->record, name, value);
	know(s, s->record.len - 1);
	s->changed = true;
	free(name);
	free(value);
}

void
state_set(struct state *s, const char *stage, const char *key, int64_t ms)
{
	set(s, xasprintf("key.%s", stage), xstrdup(key));
	if (ms >= 0)
		set(s, xasprintf("ms.%s", stage), xasprintf("%lld", (long long)ms));
}

void
state_set_why(struct state *s, const char *stage, const char *why)
{
	set(s, xasprintf("why.%s", stage), xstrdup(why));
}

char *
state_log_path(const struct state *s, const char *stage)
{
	return xasprintf("%s/%s.log", s->dir, stage);
}

int
state_save(struct state *s, struct err *err)
{
	cleanup_free char *path = path_join(s->dir, "state");
	cleanup_str struct str text = STR_INIT;

	if (!s->changed)
		return 0;
	record_write(&s->record, &text);
	s->changed = false;
	return store_write(s->store, path, str_text(&text), text.len, err);
}

void
state_release(struct state *s)
{
	free(s->dir);
	record_release(&s->record);
	map_release(&s->places, NULL);
	*s = (struct state)STATE_INIT;
}

static char *
last_path(const struct context *ctx, const char *folder)
{
	char id[SHA256_HEX];

	sha256_bytes(folder, strlen(folder), id);
	return xasprintf("%s/runs/in-%.32s", ctx->store.dir, id);
}

char *
state_last_recipe(const struct context *ctx, const char *folder)
{
	cleanup_free char *path = last_path(ctx, folder);
	struct str text = STR_INIT;

	if (fs_read(path, 65536, &text, NULL) < 0 || !text.len) {
		str_release(&text);
		return NULL;
	}
	return str_take(&text);
}

void
state_set_last_recipe(const struct context *ctx, const char *folder, const char *recipe)
{
	cleanup_free char *path = last_path(ctx, folder);
	cleanup_free char *now = state_last_recipe(ctx, folder);

	if (!now || !streq(now, recipe))
		store_write(&ctx->store, path, recipe, strlen(recipe), NULL);
}
