/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Sections are added by ourselves, as objcopy takes addresses from its caller,
 * who guesses, and lets sections overlap. Each lies on the next free page:
 *
 *   DOS | PE headers | section table + ours | stub's sections | ours ...
 */
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"

#define SECTION_FLAGS 0x40000040U /* initialized data, readable */
#define PE_CHECKSUM 64            /* places in the optional header */
#define PE_DATA_SIZE 8
#define PE_IMAGE_SIZE 56
#define PE_DIRECTORIES 108
#define PE_CERTIFICATES 144 /* the fifth directory: address and size */
#define SIZE_MOST (UINT64_C(1) << 31)

struct image {
	struct msmv_stage *stage;
	const char *path;
	int fd;
	uint64_t size; /* written so far */
	uint64_t sum;  /* of all 16-bit words so far */
	uint64_t total;
};

static uint64_t
align_up(uint64_t v, uint64_t unit)
{
	return (v + unit - 1) & ~(unit - 1);
}

static int
image_fail(struct image *image, int error)
{
	return image->stage->host->fail(image->stage, MSMV_FAIL_SYSTEM,
		"cannot write %s: %s", image->path, strerror(error));
}

/* Every piece starts at an even place: they are padded to the file alignment. */
static void
image_sum(struct image *image, const unsigned char *p, size_t size)
{
	for (size_t i = 0; i + 1 < size; i += 2)
		image->sum += le16_get(p + i);
	if (size % 2)
		image->sum += p[size - 1];
}

static int
image_put(struct image *image, const void *data, size_t size)
{
	const unsigned char *p = data;

	image_sum(image, p, size);
	image->size += size;
	while (size) {
		ssize_t n = write(image->fd, p, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return image_fail(image, errno);
		p += n;
		size -= (size_t)n;
	}
	return 0;
}

static int
image_pad(struct image *image, uint32_t unit)
{
	static const unsigned char zeros[1 << 16];
	uint64_t size = image->size;

	/* an odd byte was summed as a word whose other half is the first zero */
	return image_put(image, zeros, (size_t)(align_up(size, unit) - size));
}

static int
image_copy(struct image *image, const struct section *section)
{
	static unsigned char buf[256 << 10];
	const struct msmv_host *host = image->stage->host;
	int fd = open(section->path, O_RDONLY | O_CLOEXEC), rc = 0;
	uint64_t left = section->size;

	while (!rc && left) {
		size_t want = left < sizeof(buf) ? (size_t)left : sizeof(buf), got = 0;
		ssize_t n = 1;

		while (fd >= 0 && got < want && n > 0) {
			n = read(fd, buf + got, want - got);
			got += n > 0 ? (size_t)n : 0;
		}
		if (got < want)
			rc = host->fail(image->stage, MSMV_FAIL_INPUT,
				"cannot read all of %s for section %s", section->path,
				section->name);
		else
			rc = image_put(image, buf, want);
		left -= want;
		host->progress(image->stage, image->size, image->total, NULL);
	}
	if (fd >= 0)
		close(fd);
	return rc;
}

static int
find_sizes(struct msmv_stage *stage, struct section *sections, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct stat st;

		if (!sections[i].path)
			continue;
		if (stat(sections[i].path, &st))
			return stage->host->fail(stage, MSMV_FAIL_INPUT,
				"cannot read %s for section %s: %s", sections[i].path,
				sections[i].name, strerror(errno));
		sections[i].size = (uint64_t)st.st_size;
	}
	return 0;
}

/* What the table in the headers says of the added sections. */
static int
place_sections(struct msmv_stage *stage, struct stub *stub,
	const struct section *sections, size_t count, uint64_t *file_end)
{
	uint64_t memory = stub->memory_end, file = align_up(stub->size, stub->file_align);
	uint64_t data = le32_get(stub->optional + PE_DATA_SIZE);

	for (size_t i = 0; i < count; i++) {
		unsigned char *s = stub->sections + (stub->count + i) * PE_SECTION_SIZE;
		uint64_t stored = align_up(sections[i].size, stub->file_align);

		if (file + stored > SIZE_MOST || memory + stored > SIZE_MOST)
			return stage->host->fail(stage, MSMV_FAIL_INPUT,
				"with section %s the UKI is larger than the 2 GiB that "
				"firmware loads",
				sections[i].name);
		memset(s, 0, PE_SECTION_SIZE);
		memcpy(s, sections[i].name, strnlen(sections[i].name, 8));
		le32_put(s + 8, (uint32_t)sections[i].size);
		le32_put(s + 12, (uint32_t)memory);
		le32_put(s + 16, (uint32_t)stored);
		le32_put(s + 20, (uint32_t)file);
		le32_put(s + 36, SECTION_FLAGS);
		memory = align_up(memory + stored, stub->memory_align);
		file += stored;
		data += stored;
	}
	le32_put(stub->optional + PE_IMAGE_SIZE, (uint32_t)memory);
	le32_put(stub->optional + PE_DATA_SIZE, (uint32_t)data);
	*file_end = file;
	return 0;
}

/* Symbols and signature are gone; the time is everybody's. */
static void
fix_headers(struct stub *stub, size_t added, int64_t epoch)
{
	le16_put(stub->coff + 2, stub->count + (uint32_t)added);
	le32_put(stub->coff + 4, (uint32_t)epoch);
	memset(stub->coff + 8, 0, 8);
	memset(stub->optional + PE_CHECKSUM, 0, 4);
	if (le32_get(stub->optional + PE_DIRECTORIES) > 4 &&
		le16_get(stub->coff + 16) >= PE_CERTIFICATES + 8)
		memset(stub->optional + PE_CERTIFICATES, 0, 8);
}

static int
put_checksum(struct image *image, const struct stub *stub)
{
	off_t at = (stub->optional - stub->data) + PE_CHECKSUM;
	unsigned char field[4];
	uint64_t sum = image->sum;

	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	le32_put(field, (uint32_t)(sum + image->size));
	return pwrite(image->fd, field, sizeof(field), at) == (ssize_t)sizeof(field)
		       ? 0
		       : image_fail(image, errno);
}

static int
put_all(struct image *image, const struct stub *stub, const struct section *sections,
	size_t count)
{
	if (image_put(image, stub->data, stub->size) ||
		image_pad(image, stub->file_align))
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct section *s = &sections[i];

		if (s->path ? image_copy(image, s)
			    : image_put(image, s->data, (size_t)s->size))
			return -1;
		if (image_pad(image, stub->file_align))
			return -1;
	}
	return put_checksum(image, stub);
}

int
image_write(struct msmv_stage *stage, struct stub *stub, struct section *sections,
	size_t count, const char *path)
{
	const struct msmv_host *host = stage->host;
	struct image image = { .stage = stage, .path = path };
	int rc;

	if (stub->count + count > stub->room)
		return host->fail(stage, MSMV_FAIL_TOOL,
			"the headers of %s have room for %u more sections, and a UKI "
			"adds "
			"%zu: take systemd's stub",
			stub->path, stub->room - stub->count, count);
	for (size_t i = 0; i < count; i++)
		if (stub_has(stub, sections[i].name))
			return host->fail(stage, MSMV_FAIL_TOOL,
				"%s has a section %s already: it is a whole UKI, not a "
				"stub",
				stub->path, sections[i].name);
	if (find_sizes(stage, sections, count) ||
		place_sections(stage, stub, sections, count, &image.total))
		return -1;
	fix_headers(stub, count, host->epoch(stage));
	image.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (image.fd < 0)
		return image_fail(&image, errno);
	rc = put_all(&image, stub, sections, count);
	if (close(image.fd) && !rc)
		rc = image_fail(&image, errno);
	return rc;
}
