# SPDX-License-Identifier: GPL-3.0-only
# MSMV_CORE_DIR
# -------------
# configure removes core dumps with "rm -f core ..." and so warns about, or trips
# over, a source folder of that name. Call right after AC_CONFIG_HEADERS: from
# there on, a literal operand "core" is dropped before rm sees it.
AC_DEFUN([MSMV_CORE_DIR], [
AS_REQUIRE_SHELL_FN([msmv_rm], [AS_FUNCTION_DESCRIBE([msmv_rm], [], [rm without a literal core])], [:])
rm ()
{
  msmv_rm_n=$[]@%:@
  while test "$msmv_rm_n" -gt 0; do
    msmv_rm_a=$[]1; shift
    test "x$msmv_rm_a" = xcore || set -- "$[]@" "$msmv_rm_a"
    msmv_rm_n=`expr "$msmv_rm_n" - 1`
  done
  command rm "$[]@"
}
])
