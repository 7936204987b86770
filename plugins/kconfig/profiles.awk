# SPDX-License-Identifier: GPL-3.0-only
# Turns the profile files into a C table: each line of a file becomes a string.
BEGIN {
	print "/* Made from plugins/kconfig/profiles by profiles.awk. */"
	print "#include \"profile.h\""
	print ""
	print "const struct profile profiles[] = {"
}
FNR == 1 {
	if (NR > 1)
		print "\t},"
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.config$/, "", name)
	printf "\t{ \"%s\",\n", name
}
{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\\&")
	printf "\t  \"%s\\n\"\n", $0
}
END {
	print "\t},"
	print "};"
	print "const size_t profile_count = sizeof(profiles) / sizeof(profiles[0]);"
}
