/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * /etc/msmv/init.ini, what msmv-init reads. Everything that it would refuse
 * at boot is refused here, before anything is built.
 */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/config.h"
#include "../../init/line.h"
#include "../problem/problem.h"
#include "network.h"
#include "text.h"
#include "words.h"

#define WAIT_MS 10000 /* init's own of network_wait_ms */
#define SYSCTL_NAME "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-"

const char *
map_get(struct msmv_stage *s, const char *option, const char *key)
{
	size_t n;

	if (MSMV_HAS(s->host, option_get))
		return s->host->option_get(s, option, key);
	n = s->host->option_count(s, option);
	for (size_t i = 0; i < n; i++)
		if (strcmp(s->host->option_key(s, option, i), key) == 0)
			return s->host->option_at(s, option, i);
	return NULL;
}

int
map_keys_are_apps(struct msmv_stage *s, const char *option)
{
	size_t n = s->host->option_count(s, option);
	int bad = 0;

	for (size_t i = 0; i < n; i++) {
		const char *key = s->host->option_key(s, option, i);

		if (!map_get(s, "app", key))
			bad = problem_at(s, option, key,
				"it is one with output_executable_path",
				"%s: there is no application \"%s\" that init starts",
				option + strlen("app_"), key);
	}
	return bad;
}

void
hostname_get(struct msmv_stage *s, char name[HOSTNAME_MAX + 1])
{
	const char *given = s->host->option(s, "hostname");
	size_t n = 0;

	for (; given && *given != '\0' && n < HOSTNAME_MAX; given++) {
		int fits = (*given >= 'a' && *given <= 'z') ||
			   (*given >= 'A' && *given <= 'Z') ||
			   (*given >= '0' && *given <= '9') || *given == '.';

		/* A name neither begins with - nor has two for one gap. */
		if (fits || (n > 0 && name[n - 1] != '-'))
			name[n++] = fits ? *given : '-';
	}
	while (n > 0 && name[n - 1] == '-')
		n--;
	name[n] = '\0';
	if (n == 0)
		snprintf(name, HOSTNAME_MAX + 1, "msmv");
}

static int
init_sysctl(struct msmv_stage *s, struct text *t)
{
	size_t n = s->host->option_count(s, "sysctl");
	int bad = 0;

	text_str(t, n > 0 ? "sysctl =" : "");
	for (size_t i = 0; i < n; i++) {
		const char *name = s->host->option_key(s, "sysctl", i);
		struct text pair = {0};

		if (*name == '\0' || name[strspn(name, SYSCTL_NAME)] != '\0' ||
			strstr(name, ".."))
			bad = problem_at(s, "sysctl", name, NULL,
				"sysctl: \"%s\" is not the name of a setting", name);
		text_fmt(&pair, "%s=%s", name, s->host->option_at(s, "sysctl", i));
		text_str(t, " ");
		if (pair.data)
			word_quote(t, pair.data);
		t->failed |= pair.failed;
		text_release(&pair);
	}
	text_str(t, n > 0 ? "\n" : "");
	return bad;
}

static int
init_seed(struct msmv_stage *s, struct text *t)
{
	const char *seed = s->host->option(s, "seed");

	if (!seed)
		return 0;
	if (!guest_path_is_right(seed))
		return problem_at(s, "seed", NULL, NULL, "seed: \"%s\" is not an absolute path",
			seed);
	text_str(t, "seed = ");
	word_quote(t, seed);
	text_str(t, "\n");
	return 0;
}

/* What the recipe says of init; else msmv-net has the shorter patience of the two, so that
 * its own words are heard. */
static void
init_network_wait(struct msmv_stage *s, struct text *t)
{
	long long ms = (long long)s->host->option_int(s, "network_wait_ms");

	if (ms == WAIT_MS && network_wanted(s) && s->host->option_int(s, "net_helper"))
		ms = network_wait_ms(s) + 1000;
	if (ms != WAIT_MS)
		text_fmt(t, "network_wait_ms = %lld\n", ms);
}

static int
ini_init(struct msmv_stage *s, struct text *t)
{
	size_t n = s->host->option_count(s, "env");
	char name[HOSTNAME_MAX + 1];
	int bad = 0;

	hostname_get(s, name);
	text_fmt(t, "# Read by msmv-init.\n[init]\nhostname = %s\n", name);
	text_fmt(t, "grace_ms = %lld\n", (long long)s->host->option_int(s, "grace_ms"));
	init_network_wait(s, t);
	text_fmt(t, "log = %s\nhalt = %s\n", s->host->option(s, "log"),
		s->host->option(s, "halt"));
	if (n > 0)
		text_str(t, "env =");
	for (size_t i = 0; i < n; i++) {
		const char *key = s->host->option_key(s, "env", i);
		struct text pair = {0};

		if (*key == '\0' || strchr(key, '='))
			bad = problem_at(s, "env", key, NULL,
				"env: \"%s\" is not the name of a variable", key);
		text_fmt(&pair, "%s=%s", key, s->host->option_at(s, "env", i));
		text_str(t, " ");
		if (pair.data)
			word_quote(t, pair.data);
		t->failed |= pair.failed;
		text_release(&pair);
	}
	if (n > 0)
		text_str(t, "\n");
	bad |= init_sysctl(s, t);
	bad |= init_seed(s, t);
	return bad;
}

/* init's own reader has the last word: one that refuses this text would do it at boot. */
static int
ini_read(struct msmv_stage *s, const struct text *t)
{
	struct config *c = t->failed ? NULL : calloc(1, sizeof(*c));
	char *copy = c ? malloc(t->len + 1) : NULL;
	struct line why;
	int bad = 0;

	line_clear(&why);
	if (!copy) {
		bad = s->host->fail(s, MSMV_FAIL_SYSTEM, "out of memory");
	} else if (t->len > CONFIG_BYTES) {
		bad = problem_at(s, "app", NULL, NULL,
			"init.ini has %zu bytes, and init has room for %d", t->len,
			CONFIG_BYTES);
	} else {
		memcpy(copy, t->data, t->len);
		config_init(c, NULL);
		if (config_parse(c, copy, t->len, "init.ini", &why) != 0)
			bad = problem_at(s, "app", NULL, NULL,
				"init would not take what this recipe makes of it: %s",
				why.text);
	}
	free(copy);
	free(c);
	return bad;
}

int
ini_write(struct msmv_stage *s, struct text *t)
{
	int bad = ini_init(s, t) | ini_network(s, t) | ini_volumes(s, t) | ini_apps(s, t);

	return bad ? bad : ini_read(s, t);
}
