/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Compares two files of tagged JSON by meaning: order of members, spelling of floats
 * and trailing zeros of seconds do not count. Exit 1 and the place if they differ.
 */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"

static int compare(json_t *a, json_t *b, const char *at);

static int
differ(const char *at, const char *why)
{
	fprintf(stderr, "%s: %s\n", at, why);
	return 1;
}

static int
is_tagged(json_t *v)
{
	return json_object_size(v) == 2 && json_is_string(json_object_get(v, "type")) &&
		json_is_string(json_object_get(v, "value"));
}

static int
same_float(const char *a, const char *b)
{
	double x = strtod(a, NULL), y = strtod(b, NULL);

	return (isnan(x) && isnan(y)) || (x <= y && x >= y);
}

/* "07:32:00.500Z" and "07:32:00.5z" are one time. */
static void
normalize_time(const char *from, char *to, size_t size)
{
	size_t n = 0, fraction = 0;

	for (; *from && n + 1 < size; from++) {
		char c = *from == 't' || *from == ' ' ? 'T' : *from == 'z' ? 'Z' : *from;

		if (fraction && (c < '0' || c > '9')) {
			while (to[n - 1] == '0' || to[n - 1] == '.')
				if (to[--n] == '.')
					break;
			fraction = 0;
		}
		fraction = fraction || c == '.';
		to[n++] = c;
	}
	while (fraction && (to[n - 1] == '0' || to[n - 1] == '.'))
		if (to[--n] == '.')
			break;
	to[n] = '\0';
	if (n > 6 && strcmp(to + n - 6, "+00:00") == 0)
		memcpy(to + n - 6, "Z", 2);
}

static int
same_time(const char *a, const char *b)
{
	char x[80], y[80];

	normalize_time(a, x, sizeof(x));
	normalize_time(b, y, sizeof(y));
	return strcmp(x, y) == 0;
}

static int
compare_tagged(json_t *a, json_t *b, const char *at)
{
	json_t *va = json_object_get(a, "value"), *vb = json_object_get(b, "value");
	const char *type = json_string_value(json_object_get(a, "type"));
	const char *x = json_string_value(va), *y = json_string_value(vb);
	int same;

	if (strcmp(type, json_string_value(json_object_get(b, "type"))) != 0)
		return differ(at, "types differ");
	if (strcmp(type, "float") == 0)
		same = same_float(x, y);
	else if (strstr(type, "date") || strstr(type, "time"))
		same = same_time(x, y);
	else
		same = json_equal(va, vb);
	return same ? 0 : differ(at, "values differ");
}

static int
compare_objects(json_t *a, json_t *b, const char *at)
{
	void *it = json_object_iter(a);
	int result = 0;

	for (; it && !result; it = json_object_iter_next(a, it)) {
		const char *key = json_object_iter_key(it);
		json_t *other = json_object_get(b, key);

		result = other ? compare(json_object_iter_value(it), other, key)
			       : differ(key, "is in the first only");
	}
	if (!result && json_object_size(a) != json_object_size(b))
		result = differ(at, "the second has more members");
	return result;
}

static int
compare(json_t *a, json_t *b, const char *at)
{
	if (json_typeof(a) != json_typeof(b) || is_tagged(a) != is_tagged(b))
		return differ(at, "kinds differ");
	if (is_tagged(a))
		return compare_tagged(a, b, at);
	if (json_is_object(a))
		return compare_objects(a, b, at);
	if (!json_is_array(a))
		return differ(at, "is not tagged");
	if (json_array_size(a) != json_array_size(b))
		return differ(at, "lengths differ");
	for (size_t i = 0; i < json_array_size(a); i++)
		if (compare(json_array_get(a, i), json_array_get(b, i), at))
			return 1;
	return 0;
}

/* jansson takes no NUL in names, so both sides get a character that nobody uses. */
static void
replace_nul(char *text)
{
	for (char *s = text; (s = strchr(s, '\\')) && s[1]; s += 2)
		if (strncmp(s, "\\u0000", 6) == 0)
			memcpy(s, "\\uf8ff", 6);
}

static json_t *
load(const char *path)
{
	cleanup_str struct str text = STR_INIT;
	cleanup_err struct err err = ERR_INIT;
	json_error_t error;
	json_t *v;

	if (fs_read(path, SIZE_MAX, &text, &err) < 0) {
		fprintf(stderr, "%s\n", err_msg(&err));
		return NULL;
	}
	str_addc(&text, '\n');
	replace_nul(text.p);
	v = json_loads(text.p, 0, &error);
	if (!v)
		fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
	return v;
}

int
main(int argc, char **argv)
{
	json_t *a = argc == 3 ? load(argv[1]) : NULL;
	json_t *b = argc == 3 ? load(argv[2]) : NULL;
	int result = a && b ? compare(a, b, "document") : 2;

	if (argc != 3)
		fputs("usage: toml-compare A.json B.json\n", stderr);
	json_decref(a);
	json_decref(b);
	return result;
}
