/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * cmake and meson look for compilers and libraries by ways of their own, so the folder
 * of tools and the variables that lead a configure are not enough for them. On the
 * target's own architecture neither is told that it cross compiles: what it builds runs
 * here.
 */
#include "toolchain.h"

#include <string.h>

#include "wrapper.h"

const char *
toolchain_cmake(struct build *build)
{
	return pool_fmt(&build->pool, "%s/toolchain.cmake", build->tools);
}

const char *
toolchain_meson(struct build *build)
{
	return pool_fmt(&build->pool, "%s/meson.ini", build->tools);
}

/* "x86_64" of "x86_64-linux-musl": cmake and meson call processors as GNU does. */
static const char *
processor(struct build *build)
{
	return pool_dup(&build->pool, build->triplet, strcspn(build->triplet, "-"));
}

/* Each program under the target's name, as a line that fmt makes of its two names. */
static const char *
tool_lines(struct build *build, const char *before, const char *between, const char *after,
	const char *const table[][2], size_t n)
{
	struct words lines = {0};

	for (size_t i = 0; i < n; i++)
		words_fmt(&build->pool, &lines, "%s%s%s%s/%s-%s%s", before, table[i][0], between,
			build->tools, build->triplet, table[i][1], after);
	return words_join(&build->pool, &lines, "");
}

static int
cmake_write(struct build *build)
{
	static const char *const tools[][2] = {
		{"CMAKE_C_COMPILER", "gcc"}, {"CMAKE_CXX_COMPILER", "g++"},
		{"CMAKE_ASM_COMPILER", "gcc"}, {"CMAKE_AR", "ar"}, {"CMAKE_NM", "nm"},
		{"CMAKE_OBJCOPY", "objcopy"}, {"CMAKE_OBJDUMP", "objdump"},
		{"CMAKE_RANLIB", "ranlib"}, {"CMAKE_READELF", "readelf"},
		{"CMAKE_STRIP", "strip"}, {"PKG_CONFIG_EXECUTABLE", "pkg-config"},
	};
	const char *cross = pool_fmt(&build->pool,
		"set(CMAKE_SYSTEM_NAME Linux)\nset(CMAKE_SYSTEM_PROCESSOR %s)\n",
		processor(build));
	const char *text = pool_fmt(&build->pool,
		"%s%s"
		"set(CMAKE_FIND_ROOT_PATH \"%s\")\n"
		"set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)\n"
		"set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)\n"
		"set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)\n"
		"set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)\n"
		"set(CMAKE_FIND_USE_PACKAGE_REGISTRY OFF)\n"
		"set(CMAKE_EXPORT_NO_PACKAGE_REGISTRY ON)\n"
		"set(CMAKE_SKIP_INSTALL_RPATH ON)\n",
		build->cross ? cross : "",
		tool_lines(build, "set(", " \"", "\" CACHE FILEPATH \"\")\n", tools,
			sizeof(tools) / sizeof(tools[0])),
		build->sysroot);

	return file_write(build, toolchain_cmake(build), text, 0644);
}

static int
meson_write(struct build *build)
{
	static const char *const tools[][2] = {
		{"c", "gcc"}, {"cpp", "g++"}, {"ar", "ar"}, {"nm", "nm"},
		{"objcopy", "objcopy"}, {"ranlib", "ranlib"}, {"strip", "strip"},
		{"pkgconfig", "pkg-config"}, {"pkg-config", "pkg-config"},
	};
	const char *cross = pool_fmt(&build->pool,
		"[properties]\nneeds_exe_wrapper = true\nsys_root = '%s'\n"
		"[host_machine]\nsystem = 'linux'\ncpu_family = '%s'\ncpu = '%s'\n"
		"endian = 'little'\n",
		build->sysroot, processor(build), processor(build));
	const char *text = pool_fmt(&build->pool, "[binaries]\n%s%s",
		tool_lines(build, "", " = '", "'\n", tools, sizeof(tools) / sizeof(tools[0])),
		build->cross ? cross : "");

	return file_write(build, toolchain_meson(build), text, 0644);
}

int
toolchain_install(struct build *build)
{
	words_fmt(&build->pool, &build->env, "CMAKE_TOOLCHAIN_FILE=%s", toolchain_cmake(build));
	return cmake_write(build) || meson_write(build);
}
