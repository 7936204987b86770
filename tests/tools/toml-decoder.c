/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * TOML on standard input to the tagged JSON that conformance suites for TOML expect;
 * exit 1 with the report on standard error if the reader refuses the document.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "recipe/toml.h"

static void write_value(struct str *out, const struct value *v);

static void
write_text(struct str *out, const char *s, size_t n)
{
	str_addc(out, '"');
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f)
			str_addf(out, "\\u%04x", c);
		else
			str_addc(out, s[i]);
	}
	str_addc(out, '"');
}

/* In a key the bytes C0 80 stand for NUL. */
static void
write_key(struct str *out, const char *s)
{
	cleanup_str struct str key = STR_INIT;

	for (; *s; s++) {
		bool nul = s[0] == '\xc0' && s[1] == '\x80';

		str_addc(&key, nul ? '\0' : *s);
		s += nul;
	}
	write_text(out, str_text(&key), key.len);
}

static void
write_tagged(struct str *out, const char *type, const char *text, size_t n)
{
	str_addf(out, "{\"type\":\"%s\",\"value\":", type);
	write_text(out, text, n);
	str_addc(out, '}');
}

static void
write_real(struct str *out, double d)
{
	char text[64];

	if (isnan(d))
		snprintf(text, sizeof(text), "nan");
	else if (isinf(d))
		snprintf(text, sizeof(text), d < 0 ? "-inf" : "inf");
	else
		snprintf(text, sizeof(text), "%.17g", d);
	write_tagged(out, "float", text, strlen(text));
}

static void
write_scalar(struct str *out, const struct value *v)
{
	static const char *const dates[] = {
		[DT_OFFSET] = "datetime",
		[DT_LOCAL] = "datetime-local",
		[DT_DATE] = "date-local",
		[DT_TIME] = "time-local",
	};
	char text[32];

	if (v->kind == VALUE_STRING) {
		write_tagged(out, "string", v->string.s, v->string.len);
	} else if (v->kind == VALUE_DATETIME) {
		write_tagged(out, dates[v->datetime_kind], v->string.s, v->string.len);
	} else if (v->kind == VALUE_FLOAT) {
		write_real(out, v->real);
	} else if (v->kind == VALUE_BOOL) {
		write_tagged(out, "bool", v->boolean ? "true" : "false", v->boolean ? 4 : 5);
	} else {
		snprintf(text, sizeof(text), "%" PRId64, v->integer);
		write_tagged(out, "integer", text, strlen(text));
	}
}

static void
write_array(struct str *out, const struct value *v)
{
	str_addc(out, '[');
	for (size_t i = 0; i < v->array.len; i++) {
		str_add(out, i ? "," : "");
		write_value(out, v->array.v[i]);
	}
	str_addc(out, ']');
}

static void
write_table(struct str *out, const struct value *v)
{
	str_addc(out, '{');
	for (size_t i = 0; i < v->table.len; i++) {
		str_add(out, i ? "," : "");
		write_key(out, v->table.items[i].key);
		str_addc(out, ':');
		write_value(out, v->table.items[i].value);
	}
	str_addc(out, '}');
}

static void
write_value(struct str *out, const struct value *v)
{
	if (v->kind == VALUE_ARRAY)
		write_array(out, v);
	else if (v->kind == VALUE_TABLE)
		write_table(out, v);
	else
		write_scalar(out, v);
}

int
main(void)
{
	cleanup_diags struct diags diags = DIAGS_INIT;
	cleanup_value struct value *root = toml_parse_file("-", &diags);
	cleanup_free char *report = diags_text(&diags);
	cleanup_str struct str out = STR_INIT;

	if (!root) {
		fputs(report, stderr);
		return EXIT_FAILURE;
	}
	write_value(&out, root);
	str_addc(&out, '\n');
	fwrite(out.p, 1, out.len, stdout);
	return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
}
