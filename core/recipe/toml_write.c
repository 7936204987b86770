/* SPDX-License-Identifier: GPL-3.0-only */
/* One way to write each kind; what a person would write where there is a choice. */
#include "recipe/toml_write.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void
write_byte(struct str *out, unsigned char c)
{
	static const char bytes[] = "\b\t\n\f\r\"\\", names[] = "btnfr\"\\";
	const char *at = c ? strchr(bytes, c) : NULL;

	if (at)
		str_addf(out, "\\%c", names[at - bytes]);
	else if (c < 0x20 || c == 0x7f)
		str_addf(out, "\\u%04X", c);
	else
		str_addc(out, (char)c);
}

void
toml_write_string(struct str *out, const char *s, size_t len)
{
	str_addc(out, '"');
	for (size_t i = 0; i < len; i++)
		write_byte(out, (unsigned char)s[i]);
	str_addc(out, '"');
}

void
toml_write_key(struct str *out, const char *key)
{
	static const char bare[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_-";

	if (*key && !key[strspn(key, bare)]) {
		str_add(out, key);
		return;
	}
	str_addc(out, '"');
	for (; *key; key++) {
		bool nul = (unsigned char)key[0] == 0xc0 && (unsigned char)key[1] == 0x80;

		write_byte(out, nul ? '\0' : (unsigned char)*key);
		key += nul;
	}
	str_addc(out, '"');
}

/* As few digits as give the same number again. */
static void
write_real(struct str *out, double d)
{
	cleanup_free char *digits = NULL;

	if (isnan(d) || isinf(d)) {
		str_add(out, isnan(d) ? "nan" : d < 0 ? "-inf" : "inf");
		return;
	}
	for (int n = 15; n <= 17; n++) {
		free(digits);
		digits = xasprintf("%.*g", n, d);
		if (strtod(digits, NULL) == d)
			break;
	}
	str_addf(out, "%s%s", digits, strpbrk(digits, ".e") ? "" : ".0");
}

static void
write_array(struct str *out, const struct value *v)
{
	str_addc(out, '[');
	for (size_t i = 0; i < v->array.len; i++) {
		if (i)
			str_add(out, ", ");
		toml_write_value(out, v->array.v[i]);
	}
	str_addc(out, ']');
}

static void
write_braces(struct str *out, const struct value *v)
{
	str_addc(out, '{');
	for (size_t i = 0; i < v->table.len; i++) {
		str_add(out, i ? ", " : " ");
		toml_write_key(out, v->table.items[i].key);
		str_add(out, " = ");
		toml_write_value(out, v->table.items[i].value);
	}
	str_add(out, v->table.len ? " }" : "}");
}

void
toml_write_value(struct str *out, const struct value *v)
{
	switch (v->kind) {
	case VALUE_STRING:
		toml_write_string(out, v->string.s, v->string.len);
		break;
	case VALUE_INT:
		str_addf(out, "%" PRId64, v->integer);
		break;
	case VALUE_FLOAT:
		write_real(out, v->real);
		break;
	case VALUE_BOOL:
		str_add(out, v->boolean ? "true" : "false");
		break;
	case VALUE_DATETIME:
		str_addn(out, v->string.s, v->string.len);
		break;
	case VALUE_ARRAY:
		write_array(out, v);
		break;
	case VALUE_TABLE:
		write_braces(out, v);
		break;
	}
}
