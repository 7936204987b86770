# SPDX-License-Identifier: GPL-3.0-only
# Turns the oracle's sources into a C table: each line of a file becomes a string, as one
# string for a whole file is longer than C promises to take.
BEGIN {
	print "/* Made from plugins/kconfig/oracle by sources.awk. */"
	print "#include \"oracle.h\""
	print ""
}
FNR == 1 {
	if (NR > 1)
		print "\tNULL\n};"
	name = FILENAME
	sub(/.*\//, "", name)
	names[++count] = name
	printf "static const char *const lines_%d[] = {\n", count
}
{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\\&")
	gsub(/\?/, "\\?")
	printf "\t\"%s\\n\",\n", $0
}
END {
	print "\tNULL\n};"
	print ""
	print "const struct oracle_source oracle_sources[] = {"
	for (i = 1; i <= count; i++)
		printf "\t{ \"%s\", lines_%d },\n", names[i], i
	print "};"
	print "const size_t oracle_source_count = sizeof(oracle_sources) / sizeof(oracle_sources[0]);"
}
