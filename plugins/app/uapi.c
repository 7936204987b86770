/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Many programs include <linux/...>: nano asks for linux/vt.h. The kernel never
 * breaks what these headers describe, so those which came with the compiler serve
 * every guest. Nothing else of the folder they lie in may be seen: it is the
 * machine's C library.
 */
#include "uapi.h"

#include <sys/stat.h>
#include <unistd.h>

/* Folders of the headers beside asm/, which has a place of its own. */
static const char *const folders[] = {
	"asm-generic", "drm", "linux", "misc", "mtd", "rdma", "sound", "video"};

struct uapi {
	const char *asm_folder;
	const char *base; /* of the other folders */
};

/* Where distributions put them: beside a cross compiler's library, or multiarch. */
static void
uapi_places(struct build *build, struct uapi places[2])
{
	const char *gnu = build->host->arch(build->stage, "gnu.triplet");
	struct pool *pool = &build->pool;

	places[0].base = pool_fmt(pool, "/usr/%s/include", gnu);
	places[0].asm_folder = pool_fmt(pool, "%s/asm", places[0].base);
	places[1].base = "/usr/include";
	places[1].asm_folder = pool_fmt(pool, "/usr/include/%s/asm", gnu);
}

static bool
uapi_find(struct build *build, struct uapi *uapi)
{
	struct uapi places[3];

	uapi_places(build, places);
	/* Elsewhere the machine's own headers lie flat. */
	places[2] = (struct uapi){"/usr/include/asm", "/usr/include"};
	for (size_t i = 0; i < (build->cross ? 2 : 3); i++) {
		*uapi = places[i];
		if (access(uapi->asm_folder, R_OK) == 0 &&
			access(pool_fmt(&build->pool, "%s/linux/version.h", uapi->base),
				R_OK) == 0)
			return true;
	}
	return false;
}

int
uapi_facts(struct build *build)
{
	struct uapi places[2], uapi;

	if (uapi_find(build, &uapi))
		return build->host->fact_file(build->stage, "uapi",
			pool_fmt(&build->pool, "%s/linux/version.h", uapi.base));
	uapi_places(build, places);
	for (size_t i = 0; i < 2; i++)
		if (build->host->fact_witness(build->stage, places[i].asm_folder))
			return -1;
	return build->host->fact(build->stage, "uapi", "none");
}

const char *
uapi_install(struct build *build)
{
	struct pool *pool = &build->pool;
	const char *folder = pool_fmt(pool, "%s/uapi", build->tools);
	struct uapi uapi;

	if (access(pool_fmt(pool, "%s/usr/include/linux", build->sysroot), F_OK) == 0)
		return NULL;
	if (!uapi_find(build, &uapi) || mkdir(folder, 0755) ||
		symlink(uapi.asm_folder, pool_fmt(pool, "%s/asm", folder))) {
		build->host->log(build->stage, MSMV_LOG_INFO,
			"no kernel headers for %s: a source with #include <linux/...> needs "
			"the package linux-libc-dev", build->triplet);
		return NULL;
	}
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		const char *from = pool_fmt(pool, "%s/%s", uapi.base, folders[i]);

		/* A missing folder is a header that the source will not find. */
		if (access(from, R_OK) == 0 &&
			symlink(from, pool_fmt(pool, "%s/%s", folder, folders[i])))
			return NULL;
	}
	return folder;
}
