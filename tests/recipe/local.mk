# SPDX-License-Identifier: GPL-3.0-only
check_PROGRAMS += tests/tools/toml-compare tests/tools/toml-decoder tests/tools/toml-linear \
	tests/tools/recipe-linear
tests_tools_toml_compare_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_tools_toml_compare_LDADD = core/libmsmv.la $(JANSSON_LIBS)
tests_tools_toml_compare_SOURCES = tests/tools/toml-compare.c
tests_tools_toml_decoder_LDADD = core/libmsmv.la
tests_tools_toml_decoder_SOURCES = tests/tools/toml-decoder.c
tests_tools_recipe_linear_LDADD = core/libmsmv.la
tests_tools_recipe_linear_SOURCES = tests/tools/recipe-linear.c tests/tools/catalog.h
tests_tools_toml_linear_LDADD = core/libmsmv.la
tests_tools_toml_linear_SOURCES = tests/tools/toml-linear.c tests/tools/nasty.h

RECIPE_TESTS = tests/recipe/files.sh tests/recipe/linear.sh tests/recipe/lower.sh \
	tests/recipe/many.sh tests/recipe/matrix.sh tests/recipe/mutate.sh tests/recipe/overlays.sh \
	tests/recipe/recipes.sh tests/recipe/toml-suite.sh
TESTS += $(RECIPE_TESTS)
EXTRA_DIST += $(RECIPE_TESTS)
