#!/bin/sh
# Large sets of values: a scanner finds each, and none beside them. Prints TAP.
#
# A list of 300 values, or an OR of as many, is a table in the scanner; here every value is looked for, and those
# that are nearly one.
set -u
cd "$(dirname "$0")/../.." || exit 2
trailc=${TRAILC:-build/trailc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

expect() { # NAME EXPECTED ACTUAL
    if [ "$2" = "$3" ]; then
        echo "ok - sets: $1"
    else
        echo "not ok - sets: $1: expected \`$2\`, got \`$3\`"
    fi
}

# Names of several lengths, blocks that touch, lie in each other or stand alone, and numbers.
awk 'BEGIN { for (i = 0; i < 300; i++) print "Name" i * i " é" }' >"$work/names"
awk 'BEGIN { for (i = 0; i < 300; i++) print "Word" i * i }' >"$work/words"
{
    awk 'BEGIN { for (i = 0; i < 150; i++) print "10." i ".0.0/16" }'
    awk 'BEGIN { for (i = 0; i < 150; i++) print "10.200." i ".7" }'
    printf '10.0.0.0/15\n10.160.0.0/12\n10.161.0.0/16\n10.3.4.5\n2001:db8::/32\nffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff\n::1\n'
} >"$work/blocks"
awk 'BEGIN { for (i = 0; i < 300; i++) print i * 3 ".5" }' >"$work/numbers"
{
    printf 'pack: sets\nschema: none\nlists:\n'
    for list in names words blocks numbers; do printf '  %s: {file: %s}\n' $list $list; done
    printf -- '---\nalert: name\nfilter: a.keyword:@names\n'
    printf -- '---\nalert: word\nfilter: a:@words\n'
    printf -- '---\nalert: block\nfilter: a.ip:@blocks\n'
    printf -- '---\nalert: number\nfilter: a.numeric:@numbers\n'
    printf -- '---\nalert: anywhere\nfilter: b.c:x OR a:@words\n'
    printf -- '---\nalert: either\nfilter: b.keyword:@names OR b.ip:@blocks\n'
    printf -- '---\nalert: not\nfilter: _exists_:d AND NOT d.json:@names AND NOT d.keyword:@names\n'
    printf -- '---\nalert: written out\nfilter: >\n  e.keyword:x\n'
    awk 'BEGIN { for (i = 0; i < 100; i++) print "  OR e.keyword:v" i * i }'
    printf -- '---\nalert: some of them\nfilter: e.keyword:(v0 OR v1 OR v4)\n'
} >"$work/pack.yaml"

hits() { # events on standard input; `alert count` of each that had any
    "$work/scanner" --hits --threads=1 - 2>"$work/err" | sed 's/^{"id":"\([^"]*\)".*/\1/' | sort | uniq -c |
        awk '{ printf "%s%s %s", sep, $2, $1; sep = ", " }'
}

if ! "$trailc" build "$work/pack.yaml" -o "$work/scanner" >"$work/log" 2>&1; then
    echo "not ok - sets: the pack builds: $(head -n 1 "$work/log")"
    exit 1
fi
events() { # FIELD FILE
    awk -v field="$1" '{ printf "{\"%s\":\"%s\"}\n", field, $0 }' "$2"
}

expect "each name" "name 300" "$(events a "$work/names" | hits)"
expect "no name that is longer, shorter or other" "" \
    "$(sed 's/$/x/; p; s/..$//; p; s/Name/name/' "$work/names" | events a - | hits)"
expect "each word, in any case" "anywhere 300, word 300" \
    "$(tr a-z A-Z <"$work/words" | sed 's/.*/(&), twice &/' | events a - | hits)"
expect "no part of a word" "" "$(sed 's/.*/x& &x/' "$work/words" | events a - | hits)"
expect "each address" "block 307" "$(sed 's/\/.*//; s/^::1$/0:0::1/' "$work/blocks" | events a - | hits)"
expect "the ends of blocks" "block 6" \
    "$(printf '10.0.0.0\n10.175.9.9\n10.149.255.255\n10.200.149.7\n2001:db8:ffff:ffff:ffff:ffff:ffff:ffff\n10.3.4.5\n' | events a - | hits)"
expect "what is just outside" "" \
    "$(printf '9.255.255.255\n10.150.0.0\n10.200.149.6\n10.200.149.8\n2001:db7:ffff::\n2001:db9::\n::2\n::\n10.3\n10.3.4.5x\n' | events a - | hits)"
expect "each number, however spelled" "number 300" "$(sed 's/.*/0&00e0/' "$work/numbers" | events a - | hits)"
expect "numbers beside them" "" "$(sed 's/\.5/.25/' "$work/numbers" | events a - | hits)"
expect "two sets in one filter" "either 607" "$({ events b "$work/names"; sed 's/\/.*//' "$work/blocks" | events b -; } | hits)"
expect "negated" "not 1" "$({ events d "$work/names"; echo '{"d":"Name"}'; } | hits)"
expect "written out, with some of them in another filter" "some-of-them 2, written-out 99" \
    "$(awk 'BEGIN { for (i = 0; i < 100; i++) print "v" i * i; print "v2" }' | events e - | sed 's/v4"/v5"/' | hits)"

# ---- what is too much ----
{
    printf 'pack: large\nschema: none\nlists:\n  names: {file: names}\n'
    printf -- '---\nalert: phrases\nfilter: who:@names\n'
} >"$work/pack.yaml"
awk 'BEGIN { for (i = 0; i < 3000; i++) print "one two " i }' >"$work/names"
expect "phrases that are too many" 'error[E112] phrases of 9000 words on `who`: at most 8000 on one field' \
    "$("$trailc" check "$work/pack.yaml" 2>&1 | sed -n 's/.*yaml:7:[0-9]*: \(error.E112.\):/\1/p')"
head -n 2000 "$work/names" >"$work/fewer" && mv "$work/fewer" "$work/names"
expect "as many as there may be" "" "$("$trailc" check "$work/pack.yaml" 2>&1)"
head -c 17000000 /dev/zero | tr '\0' 'x' >"$work/names"
expect "a list that is too large is not called empty, too" "trailc: error[E001]: $work/names is larger than 16 MiB: divide it" \
    "$("$trailc" check --color=never "$work/pack.yaml" 2>&1)"
