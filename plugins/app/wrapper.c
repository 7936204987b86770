/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The compilers and pkg-config that a source sees: scripts in the folder of tools.
 *
 * Flags in CFLAGS are lost as soon as a recipe or a makefile sets CFLAGS itself.
 * A compiler that adds them by itself cannot be argued with: every program comes
 * out static, against the sysroot, and free of this machine's folder names.
 *
 * With a C library in the sysroot, gcc is led to it by a spec file and clang,
 * which reads none, by spelling out the link. Without one, the real compiler's own
 * library stays in use, and the sysroot only adds to its search folders.
 */
#include "wrapper.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"
#include "tools.h"
#include "uapi.h"

/* Where a sysroot keeps headers and libraries, the first to be searched first. */
static const char *const prefixes[] = {"/usr/local", "/usr"};
#define N_PREFIXES (sizeof(prefixes) / sizeof(prefixes[0]))

/* What surrounds the arguments of a call. */
struct flags {
	struct words always; /* before them */
	struct words before; /* before them when it links */
	struct words after;  /* behind them when it links */
};

static const char *
shell_quote(struct pool *pool, const char *text)
{
	char *quoted = pool_alloc(pool, 4 * strlen(text) + 3);
	char *at = quoted;

	*at++ = '\'';
	for (; *text; text++) {
		if (*text == '\'')
			at = stpcpy(at, "'\\'");
		*at++ = *text;
	}
	*at = '\'';
	return quoted;
}

static const char *
quote_all(struct pool *pool, const struct words *words)
{
	struct words quoted = {0};

	for (size_t i = 0; i < words->n; i++)
		words_push(pool, &quoted, shell_quote(pool, words->v[i]));
	return words_join(pool, &quoted, " ");
}

int
file_write(struct build *build, const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "we");
	bool bad = !file || fputs(text, file) < 0;

	if (file && fclose(file))
		bad = true;
	if (bad || chmod(path, mode))
		return build->host->fail(build->stage, MSMV_FAIL_SYSTEM,
			"cannot write %s: %s", path, strerror(errno));
	return 0;
}

static void
flags_each_prefix(struct build *build, struct words *words, const char *flag,
	const char *folder)
{
	for (size_t i = 0; i < N_PREFIXES; i++) {
		words_push(&build->pool, words, flag);
		words_fmt(&build->pool, words, "%s%s%s", build->sysroot, prefixes[i], folder);
	}
}

/* Headers: the compiler's own first, then the C library's, and no others. */
static int
flags_headers(struct build *build, struct flags *flags)
{
	const char *own = tools_ask(build, "-print-file-name=include");
	const char *uapi = uapi_install(build);

	if (!own)
		return -1;
	words_push(&build->pool, &flags->always, "-nostdinc");
	words_push(&build->pool, &flags->always, "-idirafter");
	words_push(&build->pool, &flags->always, own);
	flags_each_prefix(build, &flags->always, "-idirafter", "/include");
	if (uapi) {
		words_push(&build->pool, &flags->always, "-idirafter");
		words_push(&build->pool, &flags->always, uapi);
	}
	words_push(&build->pool, &flags->always, "-static");
	words_push(&build->pool, &flags->always, "-fno-pie");
	words_push(&build->pool, &flags->always, "-no-pie");
	return 0;
}

/* Start files and search folders are gcc's only other roads out of the sysroot. */
static int
flags_gcc(struct build *build, struct flags *flags)
{
	const char *libgcc = tools_ask(build, "-print-libgcc-file-name");
	const char *path = pool_fmt(&build->pool, "%s/specs", build->tools);
	const char *root = build->sysroot;
	const char *slash = libgcc ? strrchr(libgcc, '/') : NULL;

	if (!slash)
		return -1;
	/* Where it links only: ccache would take a new file for a new compiler. */
	words_fmt(&build->pool, &flags->before, "-specs=%s", path);
	return file_write(build, path,
		pool_fmt(&build->pool,
			"*link_libgcc:\n-L%s/usr/local/lib -L%s/usr/lib -L%.*s\n\n"
			"*startfile:\n%s/usr/lib/crt1.o %s/usr/lib/crti.o crtbeginT.o%%s\n\n"
			"*endfile:\ncrtend.o%%s %s/usr/lib/crtn.o\n\n",
			root, root, (int)(slash - libgcc), libgcc, root, root, root),
		0644);
}

static int
flags_clang(struct build *build, struct flags *flags)
{
	const char *libgcc = tools_ask(build, "-print-libgcc-file-name");
	struct pool *pool = &build->pool;

	if (!libgcc)
		return -1;
	words_fmt(pool, &flags->always, "--sysroot=%s", build->sysroot);
	words_push(pool, &flags->before, "-nostdlib");
	words_fmt(pool, &flags->before, "%s/usr/lib/crt1.o", build->sysroot);
	words_fmt(pool, &flags->before, "%s/usr/lib/crti.o", build->sysroot);
	flags_each_prefix(build, &flags->after, "-L", "/lib");
	words_push(pool, &flags->after, "-Wl,--start-group");
	words_push(pool, &flags->after, "-lc");
	words_push(pool, &flags->after, libgcc);
	words_push(pool, &flags->after, "-Wl,--end-group");
	words_fmt(pool, &flags->after, "%s/usr/lib/crtn.o", build->sysroot);
	return 0;
}

static int
flags_make(struct build *build, struct flags *flags)
{
	words_fmt(&build->pool, &flags->always, "-ffile-prefix-map=%s=.", build->work);
	words_push(&build->pool, &flags->always, "-Wl,--build-id=none");
	if (build->clang)
		words_push(&build->pool, &flags->always, "-Qunused-arguments");
	if (build->musl)
		return flags_headers(build, flags) ||
		       (build->clang ? flags_clang : flags_gcc)(build, flags);
	if (build->has_sysroot) {
		flags_each_prefix(build, &flags->always, "-isystem", "/include");
		flags_each_prefix(build, &flags->after, "-L", "/lib");
	}
	return 0;
}

/*
 * A call links when it names a file and no option stops it earlier; only then do link
 * flags make sense. What would undo -static is taken out of static builds.
 */
static const char *
script_text(struct build *build, const struct flags *flags, const struct words *compiler)
{
	struct pool *pool = &build->pool;
	bool fixed = build->kind->links_static && !build->musl;
	const char *cache = build->ccache.program ? shell_quote(pool, build->ccache.program) : "";

	return pool_fmt(pool,
		"#!/bin/sh\n"
		"link= file= shared=\n"
		"for a do\n"
		"\tshift\n"
		"\tcase $a in\n"
		"%s%s"
		"\t-c | -S | -E | -M | -MM | -r | -fsyntax-only) link=no ;;\n"
		"\t-*) ;;\n"
		"\t*) file=yes ;;\n"
		"\tesac\n"
		"\tset -- \"$@\" \"$a\"\n"
		"done\n"
		"if [ \"$link$file\" = yes ]; then\n"
		"%s"
		"\texec %s %s %s \"$@\" %s\n"
		"fi\n"
		"exec %s %s %s \"$@\"\n",
		build->musl ? "\t-pie | -static-pie) continue ;;\n"
			      "\t-shared) echo \"$0: makes static programs only\" >&2; exit 1 ;;\n"
			    : "",
		fixed ? "\t-pie | -static-pie) continue ;;\n\t-shared) shared=yes ;;\n" : "",
		fixed ? "\t[ -n \"$shared\" ] || set -- -static \"$@\"\n" : "",
		quote_all(pool, compiler), quote_all(pool, &flags->always),
		quote_all(pool, &flags->before), quote_all(pool, &flags->after), cache,
		quote_all(pool, compiler), quote_all(pool, &flags->always));
}

/* TOOLS/TRIPLET-NAME, and the same under a second name. */
static int
script_install(struct build *build, const char *name, const char *alias, const char *text)
{
	const char *path = pool_fmt(&build->pool, "%s/%s-%s", build->tools, build->triplet, name);
	const char *link = pool_fmt(&build->pool, "%s/%s-%s", build->tools, build->triplet, alias);

	if (file_write(build, path, text, 0755))
		return -1;
	if (symlink(pool_fmt(&build->pool, "%s-%s", build->triplet, name), link))
		return build->host->fail(build->stage, MSMV_FAIL_SYSTEM,
			"cannot make %s: %s", link, strerror(errno));
	return 0;
}

/*
 * No C++ here: who tries gets told why. Preprocessing works as for C, since scripts of
 * libtool's test that much of every compiler and give up without it.
 */
static const char *
no_cxx_text(struct build *build)
{
	struct pool *pool = &build->pool;
	const char *package = build->cross ? tools_cross_package(build, "g++") : "g++";
	const char *why = build->musl
		? "there is no C++ library for musl; general.libc = \"system\" in the recipe "
		  "takes the compiler's own C and C++ libraries"
		: pool_fmt(pool, "there is no C++ compiler for %s here; Debian has it in the "
			"package %s", build->triplet, package);

	return pool_fmt(pool,
		"#!/bin/sh\n"
		"for a do\n"
		"\t[ \"$a\" != -E ] || exec %s/%s-gcc -x c \"$@\"\n"
		"done\n"
		"echo \"${0##*/}: error: \"%s >&2\n"
		"exit 1\n",
		build->tools, build->triplet, shell_quote(pool, why));
}

static int
cxx_install(struct build *build, struct flags *flags)
{
	if (build->musl || !build->cxx.n)
		return script_install(build, "g++", "c++", no_cxx_text(build));
	/* The guest has no libstdc++ to load. */
	if (!build->clang)
		words_push(&build->pool, &flags->before, "-static-libgcc");
	words_push(&build->pool, &flags->before, "-static-libstdc++");
	return script_install(build, "g++", "c++", script_text(build, flags, &build->cxx));
}

/* Only what the inputs brought: the machine's own libraries must not be found. */
static int
pkg_config_install(struct build *build)
{
	const char *real = tools_find(build, "pkg-config");
	const char *root = build->sysroot;
	const char *text = pool_fmt(&build->pool,
		"#!/bin/sh\n"
		"PKG_CONFIG_LIBDIR=%s/usr/local/lib/pkgconfig:%s/usr/local/share/pkgconfig:"
		"%s/usr/lib/pkgconfig:%s/usr/share/pkgconfig\n"
		"PKG_CONFIG_SYSROOT_DIR=%s\n"
		"PKG_CONFIG_PATH=\n"
		"export PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_PATH\n"
		"exec %s --static \"$@\"\n",
		root, root, root, root, root, real ? real : "pkg-config");

	return script_install(build, "pkg-config", "pkgconf", text);
}

int
wrapper_install(struct build *build)
{
	struct flags flags = {0};

	if (flags_make(build, &flags) ||
		script_install(build, "gcc", "cc", script_text(build, &flags, &build->cc)) ||
		pkg_config_install(build))
		return -1;
	return cxx_install(build, &flags);
}
