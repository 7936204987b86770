#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# A fault at every single call of a run from an empty store.
TRIALS=all
export TRIALS
exec "${top_srcdir:?}/tests/system/fault.sh"
