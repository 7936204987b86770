#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# Every kernel profile holds, alone on its machine too, on each kernel that we name.
PROFILES_VERSIONS='6.1 6.12'
PROFILES_ALONE=yes
export PROFILES_VERSIONS PROFILES_ALONE
. "${top_srcdir:?}/tests/system/profiles.sh"
