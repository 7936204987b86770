/* SPDX-License-Identifier: GPL-3.0-only */
/* Folders of this machine that a guest sees: --share DIR=TAG[,readonly][,virtiofs], and
   --cloud-init DIR. */
#include "cli/vm_plan.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "vm/folder.h"
#include "vm/machine.h"

/* Where the packages of several systems put it. NULL: none is here. */
static const char *
virtiofsd(struct vm_plan *p)
{
	static const char *const usual[] = { "/usr/libexec/virtiofsd", "/usr/lib/qemu/virtiofsd",
		"/usr/lib/virtiofsd", "/usr/libexec/qemu/virtiofsd" };
	const char *path = getenv("PATH");
	cleanup_free char *copy = xstrdup(path ? path : "");
	char *rest, *dir;

	for (dir = strtok_r(copy, ":", &rest); dir; dir = strtok_r(NULL, ":", &rest)) {
		cleanup_free char *file = path_join(dir, "virtiofsd");

		if (access(file, X_OK) == 0)
			return plan_keep(p, take(file));
	}
	for (size_t i = 0; i < ARRAY_LEN(usual); i++)
		if (access(usual[i], X_OK) == 0)
			return usual[i];
	return NULL;
}

/* One virtiofsd for each folder, which the supervisor starts. */
static int
take_virtiofs(struct vm_plan *p, struct guest_share *s)
{
	if (!p->virtiofsd)
		p->virtiofsd = virtiofsd(p);
	if (!p->virtiofsd)
		return complain(EXIT_FAILED, "no virtiofsd is installed: --share without ,virtiofs is"
			" 9p, for which QEMU needs none");
	if (s->readonly)
		return complain(EXIT_FAILED, "not each virtiofsd can share read-only: 9p can, which is"
			" --share without ,virtiofs");
	if (strchr(s->path, ','))
		return complain(EXIT_FAILED, "virtiofsd takes no path with a comma: %s", s->path);
	s->fd = VM_FD_SHARE + (int)p->guest.share_count;
	return 0;
}

static int
share_words(struct guest_share *s, char *rest, bool *virtiofs)
{
	const char *word;

	while ((word = plan_word(&rest)))
		if (streq(word, "readonly") || streq(word, "ro"))
			s->readonly = true;
		else if (streq(word, "virtiofs"))
			*virtiofs = true;
		else
			return complain(EXIT_USAGE, "--share has no '%s': readonly, virtiofs", word);
	return 0;
}

int
plan_share(struct vm_plan *p, const char *text)
{
	cleanup_free char *copy = xstrdup(text);
	char *equals = strrchr(copy, '='), *rest;
	struct guest_share s = { .tag = NULL };
	bool virtiofs = false;
	struct stat st;

	if (!equals || equals == copy || !equals[1])
		return complain(EXIT_USAGE, "--share wants DIR=TAG[,readonly], not '%s'", text);
	*equals = '\0';
	rest = equals + 1;
	plan_word(&rest);
	if (share_words(&s, rest, &virtiofs) != 0)
		return EXIT_USAGE;
	if (stat(copy, &st) < 0 || !S_ISDIR(st.st_mode))
		return complain(EXIT_FAILED, "--share %s: it is no folder", copy);
	if (p->guest.share_count == GUEST_SHARES_MAX)
		return complain(EXIT_USAGE, "at most %d shared folders", GUEST_SHARES_MAX);
	s.path = plan_path(p, copy);
	s.tag = plan_keep(p, xstrdup(equals + 1));
	if (virtiofs && take_virtiofs(p, &s) != 0)
		return EXIT_FAILED;
	p->guest.shares[p->guest.share_count++] = s;
	return 0;
}

/* A small disk by the name that cloud-init looks for; QEMU makes it of the folder. */
int
plan_seed(struct vm_plan *p, const char *dir)
{
	const struct machine *m = machine_find(p->guest.arch, p->guest.machine, p->guest.accel,
		p->guest.acpi);
	cleanup_str struct str word = STR_INIT;
	const char *path = plan_path(p, dir);
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return complain(EXIT_FAILED, "--cloud-init %s: it is no folder", dir);
	str_add(&word, "driver=vvfat,node-name=seed,label=CIDATA,read-only=on,dir=");
	for (const char *c = path; *c; c++)
		str_add(&word, *c == ',' ? ",," : (char[]){ *c, '\0' });
	vec_push(&p->more, "-blockdev");
	vec_push(&p->more, plan_keep(p, str_take(&word)));
	vec_push(&p->more, "-device");
	vec_push(&p->more, m && streq(m->bus, "mmio") ? "virtio-blk-device,drive=seed"
						      : "virtio-blk-pci,drive=seed");
	return 0;
}
