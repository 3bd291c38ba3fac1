#!/bin/sh
# The time of a regex is in proportion to the value, whatever the regex: counted in instructions, not in seconds.
#
# Each event has values of n characters on which a matcher that goes back takes exponential or quadratic time. A
# scanner runs under callgrind with n, 2n and 4n. What it does from 2n to 4n has to be twice what it does from n to
# 2n; a quadratic algorithm does four times as much. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
trailc=${TRAILC:-build/trailc}
case "${CFLAGS:-}" in
*-fsanitize*)
    echo "ok - linear # SKIP callgrind does not run what the sanitizers build"
    exit 0
    ;;
esac
if ! command -v valgrind >/dev/null 2>&1; then
    echo "ok - linear # SKIP no valgrind"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# FIELD REGEX LETTER: the value is the letter, n times. No two are the same language, which would be one function.
# The last one's DFA has 8,192 states and is walked as data.
cat >"$work/regexes" <<'E1'
f0 (a+)+b a
f1 (c|c)*d c
f2 (e|ee)+f e
f3 (.*)*g a
f4 (h+h+)+i h
f5 .*.*.*=.* a
f6 .*a[^b].*c.*[^d]d a
f7 (k?){30}k*m k
f8 .*p.{12} q
E1

{
    echo 'pack: linear'
    echo 'schema: none'
    while read -r field regex letter; do
        printf -- '---\nalert: %s\nfilter: "%s.keyword:/%s/"\n' "$field" "$field" "$regex"
    done <"$work/regexes"
} >"$work/pack.yaml"
if ! "$trailc" build "$work/pack.yaml" -o "$work/scanner" >"$work/log" 2>&1; then
    echo "not ok - linear: the pack builds: $(head -n 1 "$work/log")"
    exit 1
fi

n=20000
for times in 1 2 4; do
    while read -r field regex letter; do
        printf '{"%s":"%s"}\n' "$field" "$(head -c $((n * times)) /dev/zero | tr '\0' "$letter")"
    done <"$work/regexes" >"$work/events"
    valgrind --tool=callgrind --callgrind-out-file="$work/out" "$work/scanner" --threads=1 --now=2026-01-01T00:00:00Z \
        "$work/events" >"$work/log" 2>&1 || {
        echo "not ok - linear: the scanner runs: $(tail -n 3 "$work/log")"
        exit 1
    }
    # Instructions of each function regex_0, …, with those that it calls; and of all.
    callgrind_annotate --inclusive=yes --threshold=100 "$work/out" |
        awk -v times=$times '{ gsub(",", "", $1) }
            /PROGRAM TOTALS/ { print "all", times, $1 }
            match($0, /:regex_[0-9]+/) { print substr($0, RSTART + 1, RLENGTH - 1), times, $1 }'
done >"$work/counts"

awk -v n=$n '
    NR == FNR { regex[NR - 1] = $2; regexes = NR; next }
    { count[$1, $2] = $3 }
    function judge(name, what,    first, second, ratio) {
        first = count[name, 2] - count[name, 1]
        second = count[name, 4] - count[name, 2]
        # Less than one instruction for each character: not read, or not counted.
        if (first < n) {
            printf "not ok - linear: %s: %d instructions for %d characters\n", what, first, n
            return
        }
        ratio = second / first
        printf "%s - linear: %s: %.1f instructions a character, twice the text is %.2f times the work\n",
            (ratio > 1.8 && ratio < 2.2 ? "ok" : "not ok"), what, first / n, ratio
    }
    END {
        for (i = 0; i < regexes; i++)
            judge("regex_" i, "/" regex[i] "/")
        judge("all", "the whole scanner")
    }' "$work/regexes" "$work/counts"
