/* SPDX-License-Identifier: GPL-3.0-only */
/* A plugin can write to the wire itself: frames of any kind, in any pieces. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "wire/request.h"
#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(int holds)
{
	if (!holds)
		abort();
}

/* A request that was taken says the same when it is written and read again. */
static void
check_request(const struct record *r)
{
	cleanup_record struct record once = RECORD_INIT;
	cleanup_record struct record twice = RECORD_INIT;
	cleanup_str struct str a = STR_INIT;
	cleanup_str struct str b = STR_INIT;
	cleanup_err struct err err = ERR_INIT;
	struct request q = { .jobs = 0 }, again = { .jobs = 0 };
	int result = request_read(&q, r, &err);

	must((result < 0) == (err.msg != NULL));
	if (result == 0) {
		request_write(&q, &once);
		must(request_read(&again, &once, NULL) == 0);
		request_write(&again, &twice);
		record_write(&once, &a);
		record_write(&twice, &b);
		must(streq(str_text(&a), str_text(&b)));
	}
	request_release(&q);
	request_release(&again);
}

/* Frames until the data ends or one is malformed; all that they held, as text. */
static int
take_all(const uint8_t *data, size_t size, size_t piece, struct str *all)
{
	struct wire_reader in = WIRE_READER_INIT;
	int got = 0;

	for (size_t at = 0; got >= 0 && at < size; at += piece) {
		str_addn(&in.buf, data + at, size - at < piece ? size - at : piece);
		for (;;) {
			cleanup_record struct record r = RECORD_INIT;
			cleanup_err struct err err = ERR_INIT;

			got = wire_next(&in, &r, &err);
			must((got < 0) == (err.msg != NULL));
			if (got <= 0)
				break;
			record_write(&r, all);
			str_addc(all, '\n');
			check_request(&r);
		}
	}
	wire_release(&in);
	return got;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_str struct str whole = STR_INIT;
	cleanup_str struct str pieces = STR_INIT;
	size_t piece = size ? data[size - 1] % 17 + 1u : 1;

	must(take_all(data, size, size ? size : 1, &whole) ==
		take_all(data, size, piece, &pieces));
	must(streq(str_text(&whole), str_text(&pieces)));
	return 0;
}
