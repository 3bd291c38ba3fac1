#!/bin/sh
# Every command that the documentation shows with a prompt is run, and prints what the page says.
#
# A block holds commands behind `$ ` and, below each, its output. A line `...` stands for any
# number of lines, and `...` within a line for any text. (tests/examples does the same for the examples.)
# Commands run in a copy of the tree as it is after `make`, with trailc in the PATH for the pages that take it
# for installed, one page after the other, each in a copy of its own directory.
set -u
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build=${BUILD:-$PWD/build}
PATH=$(dirname "${TRAILC:-$build/trailc}"):$PATH
LC_ALL=C.UTF-8
export PATH LC_ALL
unset MAKEFLAGS MAKELEVEL MAKEOVERRIDES MFLAGS B # the pages' make is nobody's child
mkdir "$work/tree"
cp -Rp README.md compiler runtime rules examples Makefile "$work/tree/"
mkdir "$work/tree/tests"
cp -Rp tests/day "$work/tree/tests/"
ln -s "$build" "$work/tree/build"

# Commands and outputs of one page, into files: 001.command, 001.expected, …
split_page() {
    awk -v dir="$2" '
        /^```/ { inside = !inside; file = ""; next }
        inside && /^\$ / { n++; file = sprintf("%s/%03d", dir, n); print substr($0, 3) > (file ".command"); printf "" > (file ".expected"); next }
        inside && file != "" && /^> / { print substr($0, 3) >> (file ".command"); next }
        inside && file != "" { print >> (file ".expected") }
    ' "$1"
}

# expected (with ...) against made
same() {
    awk '
        function fits(pattern, line,   at, rest) {
            at = index(pattern, "...")
            if (!at) return pattern == line
            if (substr(line, 1, at - 1) != substr(pattern, 1, at - 1)) return 0
            rest = substr(pattern, at + 3)
            return length(line) >= at - 1 + length(rest) && (rest == "" || substr(line, length(line) - length(rest) + 1) == rest || index(rest, "..."))
        }
        NR == FNR { made[++m] = $0; next }
        { expected[++e] = $0 }
        END {
            i = 1
            for (k = 1; k <= e; k++) {
                if (expected[k] == "...") {
                    if (k == e) exit 0
                    while (i <= m && !fits(expected[k + 1], made[i])) i++
                    continue
                }
                if (i > m || !fits(expected[k], made[i])) exit 1
                i++
            }
            exit i <= m
        }' "$2" "$1"
}

for page in README.md compiler/*.md runtime/*.md rules/*/README.md; do
    [ -f "$page" ] || continue
    commands=$work/commands
    rm -rf "$commands"
    mkdir "$commands"
    split_page "$page" "$commands"
    for command in "$commands"/*.command; do
        [ -f "$command" ] || continue
        shown=$(head -n 1 "$command")
        (cd "$work/tree/$(dirname "$page")" && sh "$command") >"$work/made" 2>&1
        if same "${command%.command}.expected" "$work/made"; then
            echo "ok - $page: $shown"
        else
            echo "not ok - $page: $shown"
            diff "${command%.command}.expected" "$work/made" | head -n 12 | sed 's/^/    /'
        fi
    done
done
