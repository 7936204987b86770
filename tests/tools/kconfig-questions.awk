# SPDX-License-Identifier: GPL-3.0-only
# Turns the rows for one version and architecture into questions for the oracle; with
# repairs (one line of "NAME=value ..." for each row) into the same with those applied.
# The first question is empty: conf itself runs for it.
function ask(kind, from, words,   n, w, i, eq) {
	n = split(words, w, " ")
	for (i = 1; i <= n; i++) {
		eq = index(w[i], "=")
		printf "%s\t%s\t%s\t%s\t%s\n", w[i] ~ /^[?]/ ? "maybe" : "ask", kind,
			bare(substr(w[i], 1, eq - 1)), from, substr(w[i], eq + 1)
	}
}
function bare(name) {
	sub(/^[?!]+/, "", name)
	return name
}
# The lines of a profile and of those that it includes, as words.
function profile(name,   words, file, line, k, names) {
	split(name ".config " name "." arch ".config", names, " ")
	for (k = 1; k <= 2; k++) {
		file = profiles "/" names[k]
		while ((getline line < file) > 0) {
			if (line ~ /^include /)
				words = words " " profile(substr(line, 9))
			else if (line ~ /=/ && line !~ /^#/)
				words = words " " line
		}
		close(file)
	}
	return words
}
BEGIN { FS = "|"; print "base\toff" }
/^#/ || $1 != version || $2 != arch { next }
{
	print "next"
	print "base\t" ($3 == "off" ? "off" : bases "/" $3)
	ask("a", "architecture", "64BIT=y")
	n = split($4, list, ",")
	for (i = 1; i <= n; i++)
		ask("p", "profile " list[i], profile(list[i]))
	ask("r", "recipe", $5)
	if (repairs && (getline line < repairs) > 0)
		ask("r", "recipe", line)
}
