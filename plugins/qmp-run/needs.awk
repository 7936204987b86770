# SPDX-License-Identifier: GPL-3.0-only
# What kernels need to boot at all under other monitors, from the profiles that kconfig
# checks kernels by: their lines "!NAME=value" become a C table.
BEGIN {
	print "/* Made from plugins/kconfig/profiles by needs.awk. */"
	print "#include \"elsewhere.h\""
	print ""
	print "const struct need needs[] = {"
}
FNR == 1 {
	name = FILENAME
	sub(/.*\//, "", name)
	split(name, part, ".")
}
/^!/ {
	split(substr($0, 2), option, "=")
	printf "\t{ \"%s\", \"%s\", \"%s\", \"%s\" },\n", part[1], part[2], option[1], option[2]
}
END {
	print "};"
	print "const size_t need_count = sizeof(needs) / sizeof(needs[0]);"
}
