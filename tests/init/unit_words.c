/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Words go from a recipe to the guest through two programs that share no code:
 * the rootfs plugin quotes, init reads. So both are linked here, and random
 * words must come out as they went in.
 */
#include "unit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../init/ini.h"
#include "../../plugins/rootfs/text.h"
#include "../../plugins/rootfs/words.h"

#define WORDS 8
#define ROUNDS 20000

static const struct {
	const char *value;
	int count; /* -1: an error, which word holds */
	const char *words[4];
} splits[] = {
	{"", 0, {NULL}},
	{"a", 1, {"a"}},
	{" a \t b ", 2, {"a", "b"}},
	{"\"\"", 1, {""}},
	{"\"a b\" c", 2, {"a b", "c"}},
	{"\"\\\"\\\\\\n\\r\\t\\x41\\xfF\"", 1, {"\"\\\n\r\tA\377"}},
	{"it's $HOME", 2, {"it's", "$HOME"}},
	{"\303\244\"", -1, {"a quote or backslash in a bare word"}},
	{"a\\b", -1, {"a quote or backslash in a bare word"}},
	{"\"a", -1, {"a quoted word does not end"}},
	{"\"a\\", -1, {"an unknown escape in a quoted word"}},
	{"\"\\q\"", -1, {"an unknown escape in a quoted word"}},
	{"\"\\x4\"", -1, {"an unknown escape in a quoted word"}},
	{"\"\\x00\"", -1, {"an unknown escape in a quoted word"}},
	{"\"a\"b", -1, {"a quoted word is not followed by a blank"}},
	{"\"a\"\"b\"", -1, {"a quoted word is not followed by a blank"}},
	{"a b c d", -1, {"too many words"}},
};

START_TEST(split_row)
{
	const char *error = NULL;
	char *words[3], *value = strdup(splits[_i].value);
	int n = words_split(value, words, 3, &error);

	ck_assert_int_eq(n, splits[_i].count);
	if (n < 0)
		ck_assert_str_eq(error, splits[_i].words[0]);
	for (int i = 0; i < n; i++)
		ck_assert_str_eq(words[i], splits[_i].words[i]);
	free(value);
}
END_TEST

static const struct {
	const char *line;
	int count; /* -1: refused */
	const char *words[4];
} lines[] = {
	{"/bin/a", 1, {"/bin/a"}},
	{"  /bin/a\tb\n c ", 3, {"/bin/a", "b", "c"}},
	{"'a b' \"c d\" e\\ f", 3, {"a b", "c d", "e f"}},
	{"a'b'\"c\"d", 1, {"abcd"}},
	{"'' \"\"", 2, {"", ""}},
	{"'\\n' \"\\n\" \\n", 3, {"\\n", "\\n", "n"}},
	{"\"\\\"\\\\\\$\\`\"", 1, {"\"\\$`"}},
	{"'$HOME `ls` | &'", 1, {"$HOME `ls` | &"}},
	{"--a=b,c:d+e@f%g^h", 1, {"--a=b,c:d+e@f%g^h"}},
	{"", 0, {NULL}},
	{"'a", -1, {NULL}},
	{"\"a", -1, {NULL}},
	{"\"a\\", -1, {NULL}},
	{"a\\", -1, {NULL}},
	{"a | b", -1, {NULL}},
	{"a > b", -1, {NULL}},
	{"a; b", -1, {NULL}},
	{"a &", -1, {NULL}},
	{"$HOME", -1, {NULL}},
	{"\"$HOME\"", -1, {NULL}},
	{"a*", -1, {NULL}},
};

START_TEST(line_row)
{
	const char *error = NULL;
	struct words w;
	int result = words_parse(&w, lines[_i].line, &error);

	ck_assert_int_eq(result, lines[_i].count < 0 ? -1 : 0);
	ck_assert_int_eq(error != NULL, result < 0);
	for (int i = 0; i < lines[_i].count; i++) {
		ck_assert_uint_eq(w.count, (size_t)lines[_i].count);
		ck_assert_str_eq(w.items[i], lines[_i].words[i]);
	}
	words_release(&w);
}
END_TEST

static uint32_t
next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Mostly bytes that quoting is about; never NUL. */
static void
random_word(uint32_t *state, char *to)
{
	static const char hard[] = " \t\n\r\"\\'=#;[]$x0nrt\177\001\377";
	size_t n = next_random(state) % 12;

	for (size_t i = 0; i < n; i++) {
		uint32_t r = next_random(state);

		to[i] = r & 1 ? hard[(r >> 8) % (sizeof(hard) - 1)]
			      : (char)(1 + (r >> 8) % 255);
	}
	to[n] = '\0';
}

/* Through a whole file, as trimming and comments must not touch the words either. */
START_TEST(round_trip)
{
	uint32_t state = 2463534242u;

	for (int round = 0; round < ROUNDS; round++) {
		size_t count = next_random(&state) % (WORDS + 1);
		char words[WORDS][16], *got[WORDS];
		const char *error = NULL;
		struct text t = {0};
		struct ini_item item;
		struct ini ini;

		text_str(&t, "argv =");
		for (size_t i = 0; i < count; i++) {
			random_word(&state, words[i]);
			text_str(&t, " ");
			word_quote(&t, words[i]);
		}
		text_str(&t, "\n");
		ini_init(&ini, t.data, t.len);
		ck_assert_int_eq(ini_next(&ini, &item), INI_KEY);
		ck_assert_int_eq(words_split(item.value, got, WORDS, &error), (int)count);
		for (size_t i = 0; i < count; i++)
			ck_assert_str_eq(got[i], words[i]);
		ck_assert_int_eq(ini_next(&ini, &item), INI_END);
		text_release(&t);
	}
}
END_TEST

Suite *
words_suite(void)
{
	Suite *s = suite_create("init-words");
	TCase *c = tcase_create("words");

	tcase_add_loop_test(c, split_row, 0, (int)(sizeof(splits) / sizeof(splits[0])));
	tcase_add_loop_test(c, line_row, 0, (int)(sizeof(lines) / sizeof(lines[0])));
	tcase_add_test(c, round_trip);
	suite_add_tcase(s, c);
	return s;
}
