/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * strerror would be a twentieth of this program. These are what the kernel says of
 * interfaces, sockets and files; what else it may say is a number.
 */
#include "error.h"

#include <errno.h>

#include "out.h"

const char *
error_text(int error)
{
	static const struct {
		int error;
		char text[24];
	} known[] = {
		{EPERM, "not permitted"},
		{ENOENT, "no such file"},
		{EACCES, "permission denied"},
		{EEXIST, "is there already"},
		{ENODEV, "no such interface"},
		{EINVAL, "invalid"},
		{EFBIG, "too long"},
		{ENOSPC, "no space is left"},
		{EROFS, "read-only"},
		{EOPNOTSUPP, "not supported"},
		{EAFNOSUPPORT, "not in this kernel"},
		{EADDRINUSE, "in use"},
		{EADDRNOTAVAIL, "no such address"},
		{ENETDOWN, "the link is down"},
		{ENETUNREACH, "no route leads there"},
		{ENOBUFS, "no buffers are left"},
	};
	static char text[16];
	struct out o;

	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].error == error)
			return known[i].text;
	out_init(&o, text, sizeof(text));
	out_fmt(&o, "error %d", error);
	return text;
}
