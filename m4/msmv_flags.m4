# SPDX-License-Identifier: GPL-3.0-only
# MSMV_TRY_CFLAGS(VARIABLE, FLAGS)
# --------------------------------
# Appends to VARIABLE each flag that the C compiler accepts without a warning.
AC_DEFUN([MSMV_TRY_CFLAGS], [
for msmv_flag in m4_normalize([$2]); do
  msmv_save_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS -Werror $msmv_flag"
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])], [$1="$$1 $msmv_flag"])
  CFLAGS=$msmv_save_CFLAGS
done
])
