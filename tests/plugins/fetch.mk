# SPDX-License-Identifier: GPL-3.0-only
# The fetchers' tests and the server that they are tried on.
check_PROGRAMS += tests/tools/hostile-http
tests_tools_hostile_http_SOURCES = tests/tools/hostile-http.c
TESTS += tests/plugins/fetch-apt.sh tests/plugins/fetch-http.sh tests/plugins/signature.sh
EXTRA_DIST += tests/bench/fetch.sh tests/plugins/fetch-apt.sh tests/plugins/fetch-http.sh \
	tests/plugins/signature.sh
