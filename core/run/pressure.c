/* SPDX-License-Identifier: GPL-3.0-only */
/* PSI: "some avg10=1.25 avg60=..." in per cent. */
#include "run/pressure.h"

#include <stdlib.h>
#include <string.h>

#include "base/fs.h"

enum { FILE_MAX = 4096, HIGH_PERCENT = 10 };

bool
pressure_is_high(const char *file)
{
	static const char name[] = "some avg10=";
	cleanup_str struct str text = STR_INIT;
	const char *at;

	if (fs_read(file, FILE_MAX, &text, NULL) < 0)
		return false;
	at = strstr(str_text(&text), name);
	return at && strtod(at + strlen(name), NULL) >= HIGH_PERCENT;
}
