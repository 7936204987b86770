/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * inih splits the lines, but it would end a name at the ':' of a URL, take an indented
 * line for the rest of the one before, and cut a long one in two. So the lines go to it
 * through next_line, which guards against all three.
 */
#include "recipe/conf.h"

#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/suggest.h"
#include "recipe/schema_type.h"

#define CONF_SIZE ((size_t)1024 * 1024)
#define COLON '\x1f' /* what a ':' in a name is while inih has the line */

/* One file while it is read. */
struct reading {
	const char *path;
	const char *s; /* what is left of it */
	int line;
	struct conf conf;
	struct err err;
};

static int wrong(struct reading *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Returns 0: inih's word for an error. */
static int
wrong(struct reading *r, const char *fmt, ...)
{
	cleanup_str struct str text = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	err_set(&r->err, "%s:%d: %s", r->path, r->line, str_text(&text));
	return 0;
}

/* ---- Settings -------------------------------------------------------- */

static int
set_mirror(struct reading *r, const char *name, const char *value)
{
	if (record_get(&r->conf.mirrors, name))
		return wrong(r, "[mirrors] %s is set twice", name);
	if (!strstr(name, "://"))
		return wrong(r, "[mirrors] %s is no beginning of a URL, such as https://host/",
			name);
	record_add(&r->conf.mirrors, name, value);
	return 1;
}

static int
set_store_dir(struct reading *r, const char *name, const char *value)
{
	const char *home = getenv("HOME");

	if (r->conf.store_dir)
		return wrong(r, "[store] %s is set twice", name);
	if (str_starts(value, "~/") && home && *home)
		r->conf.store_dir = path_join(home, value + 2);
	else if (*value == '/')
		r->conf.store_dir = xstrdup(value);
	else
		return wrong(r, "[store] %s wants a path from / or ~/, not %s", name, value);
	return 1;
}

/* *at is unset while it is -1 or, for what begins at 1, 0. */
static int
set_number(struct reading *r, const char *name, const char *value, int low, int high, int *at)
{
	char *end;
	long n = strtol(value, &end, 10);

	if (*at > 0 || (*at == 0 && low == 0))
		return wrong(r, "[run] %s is set twice", name);
	if (*end || n < low || n > high)
		return wrong(r, "[run] %s wants a number from %d to %d, not %s", name, low, high,
			value);
	*at = (int)n;
	return 1;
}

static int
set_jobs(struct reading *r, const char *name, const char *value)
{
	return set_number(r, name, value, 1, CONF_JOBS_MAX, &r->conf.jobs);
}

static int
set_nice(struct reading *r, const char *name, const char *value)
{
	return set_number(r, name, value, 0, CONF_NICE_MAX, &r->conf.nice);
}

static int
set_ionice(struct reading *r, const char *name, const char *value)
{
	if (r->conf.ionice)
		return wrong(r, "[run] %s is set twice", name);
	r->conf.ionice = streq(value, "idle") ? CONF_IONICE_IDLE
		: streq(value, "best-effort") ? CONF_IONICE_BEST_EFFORT : CONF_IONICE_UNSET;
	return r->conf.ionice ? 1
		: wrong(r, "[run] %s is best-effort or idle, not %s", name, value);
}

/* 1: true, -1: false; 0 is left for "nobody said". */
static int
set_flag(struct reading *r, const char *section, const char *name, const char *value, int *at)
{
	if (*at)
		return wrong(r, "[%s] %s is set twice", section, name);
	if (!streq(value, "true") && !streq(value, "false"))
		return wrong(r, "[%s] %s wants true or false, not %s", section, name, value);
	*at = streq(value, "true") ? 1 : -1;
	return 1;
}

static int
set_ccache(struct reading *r, const char *name, const char *value)
{
	return set_flag(r, "run", name, value, &r->conf.ccache);
}

static int
set_sandbox(struct reading *r, const char *name, const char *value)
{
	return set_flag(r, "sandbox", name, value, &r->conf.sandbox);
}

/* Absolute paths with a space between. */
static int
set_sandbox_read(struct reading *r, const char *name, const char *value)
{
	if (r->conf.sandbox_read)
		return wrong(r, "[sandbox] %s is set twice", name);
	for (const char *s = value; *s; s += strcspn(s, " "), s += strspn(s, " "))
		if (*s != '/')
			return wrong(r, "[sandbox] %s wants paths from /, not %.*s", name,
				(int)strcspn(s, " "), s);
	r->conf.sandbox_read = xstrdup(value);
	return 1;
}

static int
set_fetch(struct reading *r, const char *name, const char *value)
{
	if (record_get(&r->conf.fetch, name))
		return wrong(r, "[fetch] %s is set twice", name);
	record_add(&r->conf.fetch, name, value);
	return 1;
}

/* Kept only where it says something, in the form that options have. */
static int
set_offline(struct reading *r, const char *name, const char *value)
{
	if (streq(value, "true"))
		return set_fetch(r, name, "1");
	return streq(value, "false") ? 1
		: wrong(r, "[fetch] %s wants true or false, not %s", name, value);
}

/* "memory" in [limits], "kernel.build memory" in [limits.kernel.build]: in plain numbers. */
static int
set_limit(struct reading *r, const char *section, const char *name, const char *value)
{
	static const char all[] = "limits", one[] = "limits.";
	bool size = streq(name, "memory") || streq(name, "disk");
	const char *stage = str_starts(section, one) ? section + strlen(one) : NULL;
	cleanup_free char *field = stage ? xasprintf("%s %s", stage, name) : xstrdup(name);
	int64_t number = 0;

	if (!size && !streq(name, "time") && !streq(name, "processes"))
		return wrong(r, "[%s] has no %s: there are time, memory, processes and disk",
			section, name);
	if (record_get(&r->conf.limits, field))
		return wrong(r, "[%s] %s is set twice", stage ? section : all, name);
	if (schema_type_size(value, &number) < 0 || number < 1 ||
	    (!size && value[strspn(value, "0123456789")]))
		return wrong(r, "[%s] %s wants %s, not %s", section, name, size
			? "bytes, or a number with K, M, G or T" : "a number from 1", value);
	record_add_int(&r->conf.limits, field, number);
	return 1;
}

static const struct setting {
	const char *section, *name; /* name NULL: any */
	int (*set)(struct reading *r, const char *name, const char *value);
} settings[] = {
	{ "mirrors", NULL, set_mirror },
	{ "store", "dir", set_store_dir },
	{ "run", "jobs", set_jobs },
	{ "run", "ccache", set_ccache },
	{ "run", "nice", set_nice },
	{ "run", "ionice", set_ionice },
	{ "sandbox", "enable", set_sandbox },
	{ "sandbox", "read", set_sandbox_read },
	{ "fetch", "proxy", set_fetch },
	{ "fetch", "no_proxy", set_fetch },
	{ "fetch", "ca_file", set_fetch },
	{ "fetch", "offline", set_offline },
};

static int
unknown(struct reading *r, const char *section, const char *name)
{
	const char *known[ARRAY_LEN(settings)], *near;
	bool right_section = false;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(settings); i++)
		right_section = right_section || streq(settings[i].section, section);
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		if (!right_section)
			known[n++] = settings[i].section;
		else if (streq(settings[i].section, section))
			known[n++] = settings[i].name;
	}
	near = suggest(right_section ? name : section, known, n);
	if (!*section)
		return wrong(r, "%s stands before any [section]", name);
	return wrong(r, "%s%s%s%s%s%s%s", right_section ? "[" : "there is no [", section,
		right_section ? "] has no " : "]", right_section ? name : "",
		near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static int
take_setting(void *user, const char *section, const char *name, const char *value)
{
	cleanup_free char *plain = xstrdup(name);
	struct reading *r = user;

	for (char *s = plain; (s = strchr(s, COLON)); s++)
		*s = ':';
	if (!*value)
		return wrong(r, "%s has no value", plain);
	if (streq(section, "limits") || str_starts(section, "limits."))
		return set_limit(r, section, plain, value);
	for (size_t i = 0; i < ARRAY_LEN(settings); i++)
		if (streq(settings[i].section, section) &&
			(!settings[i].name || streq(settings[i].name, plain)))
			return settings[i].set(r, plain, value);
	return unknown(r, section, plain);
}

/* ---- Lines ----------------------------------------------------------- */

/* What inih reads with, as fgets would be. */
static char *
next_line(char *buf, int size, void *user)
{
	struct reading *r = user;
	char *equals;
	size_t n;

	if (!*r->s || r->err.msg)
		return NULL;
	r->line++;
	r->s += strspn(r->s, " \t");
	n = strcspn(r->s, "\n");
	if (n + 2 > (size_t)size) {
		wrong(r, "a line here has at most %d bytes", size - 2);
		return NULL;
	}
	memcpy(buf, r->s, n);
	memcpy(buf + n, "\n", 2);
	r->s += n + (r->s[n] == '\n');
	if (!strchr("[;#", *buf)) {
		equals = buf + strcspn(buf, "=");
		for (char *s = buf; (s = memchr(s, ':', (size_t)(equals - s)));)
			*s = COLON;
	}
	return buf;
}

/* 0 if inih or a setting refused something; r->err says what. */
static int
read_text(struct reading *r, const struct str *text)
{
	static const char spaces[] = "\t\n\r";
	int line;

	for (size_t i = 0; i < text->len; i++) {
		r->line += i == 0 || text->p[i - 1] == '\n';
		if ((unsigned char)text->p[i] < 0x20 && !strchr(spaces, text->p[i]))
			return wrong(r, "holds a control character; this is no text");
		if (!text->p[i])
			return wrong(r, "holds a NUL byte; this is no text");
	}
	r->line = 0;
	r->s = str_text(text);
	line = ini_parse_stream(next_line, r, take_setting, r);
	/* inih goes on after a line that it cannot read; that line is the first error. */
	if (line > 0 && (!r->err.msg || line < r->line)) {
		err_clear(&r->err);
		r->line = line;
		wrong(r, "is neither NAME = VALUE nor [SECTION]");
	}
	return !r->err.msg;
}

/* What the new file sets and have does not have. */
static void
merge_records(struct record *have, const struct record *more)
{
	for (size_t i = 0; i < more->len; i++)
		if (!record_get(have, more->fields[i].name))
			record_add(have, more->fields[i].name, more->fields[i].value);
}

static void
merge(struct conf *c, struct conf *more)
{
	merge_records(&c->mirrors, &more->mirrors);
	merge_records(&c->fetch, &more->fetch);
	merge_records(&c->limits, &more->limits);
	if (!c->store_dir)
		c->store_dir = take(more->store_dir);
	if (!c->jobs)
		c->jobs = more->jobs;
	if (!c->ccache)
		c->ccache = more->ccache;
	if (c->nice < 0)
		c->nice = more->nice;
	if (!c->ionice)
		c->ionice = more->ionice;
	if (!c->sandbox)
		c->sandbox = more->sandbox;
	if (!c->sandbox_read)
		c->sandbox_read = take(more->sandbox_read);
}

int
conf_read(struct conf *c, const char *path, struct err *err)
{
	struct reading r = { path, "", 0, CONF_INIT, ERR_INIT };
	cleanup_str struct str text = STR_INIT;
	int result = 0;

	if (fs_read(path, CONF_SIZE, &text, err) < 0)
		return -1;
	if (read_text(&r, &text))
		merge(c, &r.conf);
	else
		result = err_set(err, "%s", err_msg(&r.err));
	conf_release(&r.conf);
	err_clear(&r.err);
	return result;
}

/* ---- Where the files are --------------------------------------------- */

static char *
user_file(void)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	/* The XDG standard wants relative ones ignored. */
	if (config && *config == '/')
		return path_join(config, "msmv/msmv.conf");
	return home && *home ? path_join(home, ".config/msmv/msmv.conf") : NULL;
}

int
conf_load(struct conf *c, struct err *err)
{
	const char *only = getenv("MSMV_CONF");
	cleanup_free char *user = only ? NULL : user_file();

	if (only)
		return *only ? conf_read(c, only, err) : 0;
	if (user && fs_exists(user) && conf_read(c, user, err) < 0)
		return -1;
	return fs_exists(MSMV_SYSCONFDIR "/msmv.conf")
		? conf_read(c, MSMV_SYSCONFDIR "/msmv.conf", err) : 0;
}

void
conf_release(struct conf *c)
{
	record_release(&c->mirrors);
	record_release(&c->fetch);
	record_release(&c->limits);
	free(c->store_dir);
	free(c->sandbox_read);
	*c = (struct conf)CONF_INIT;
}
