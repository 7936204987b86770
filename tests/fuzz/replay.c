/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Runs a fuzz target over files without a fuzzer: arguments as libFuzzer takes them.
 * The name goes out before each file, so that a crash shows which one it was.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The data has exactly its size, so that a read past the end is seen. */
static int
replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *data;
	size_t n;

	fprintf(stderr, "Running: %s\n", path);
	if (!f || fstat(fileno(f), &st) < 0 || !S_ISREG(st.st_mode)) {
		fprintf(stderr, "%s: %s\n", path, f ? "no regular file" : strerror(errno));
		if (f)
			fclose(f);
		return EXIT_FAILURE;
	}
	data = malloc(st.st_size ? (size_t)st.st_size : 1);
	n = data ? fread(data, 1, (size_t)st.st_size, f) : 0;
	fclose(f);
	if (n == (size_t)st.st_size)
		LLVMFuzzerTestOneInput(data, n);
	free(data);
	return n == (size_t)st.st_size ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	int result = argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;

	if (argc < 2)
		fprintf(stderr, "usage: %s FILE...\n", argv[0]);
	for (int i = 1; i < argc; i++)
		if (replay(argv[i]) != EXIT_SUCCESS)
			result = EXIT_FAILURE;
	return result;
}
