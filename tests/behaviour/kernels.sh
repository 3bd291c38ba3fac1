#!/bin/sh
# Every kernel that works here gives the same alerts, hits and counts, byte for byte: over a generated day, as S3 files,
# as lines, pretty-printed, with its keys shuffled and with blanks behind colons and commas, and over damaged files; with the alert that takes every record, and without, when the sieve is at work.
# Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-$PWD/build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${TRAILC:-$build/trailc}" build rules/cloudtrail-ten -o "$work/sentry" || { echo "not ok - kernels: the pack builds"; exit 1; }
"$build/tests/day" --format ndjson --records 4000 --out "$work/day.ndjson" >/dev/null
"$build/tests/day" --records 4000 --out "$work/s3" >/dev/null
jq . "$work/day.ndjson" >"$work/pretty.json"
jq -cS . "$work/day.ndjson" >"$work/sorted.ndjson"
jq -c 'to_entries | reverse | from_entries' "$work/day.ndjson" >"$work/reversed.ndjson"
jq -c '{a: {b: [1, {c: .}]}, "x.y": .userIdentity} + .' "$work/day.ndjson" >"$work/dotted.ndjson"
sed 's/":/" : /g; s/,"/ ,\t"/g' "$work/day.ndjson" >"$work/blanks.ndjson"
# A byte is changed in every third record, another line is cut, and a file ends in the middle.
awk 'NR % 3 == 0 { at = (NR * 7919) % length($0); $0 = substr($0, 1, at) substr("\"{}[],:\\x1", NR % 10 + 1, 1) substr($0, at + 2) }
     NR % 50 == 0 { $0 = substr($0, 1, length($0) / 2) } { print }' "$work/day.ndjson" >"$work/damaged.ndjson"
head -c 1000003 "$work/day.ndjson" >"$work/cut.ndjson"

# KERNEL INPUT: everything that the scanner says.
scan() {
    for mode in "-o json" "--hits -o json" "--application prod-trail -o json" "--application prod-trail --hits -o json"; do
        TRAIL_KERNEL=$1 "$work/sentry" -j1 --stats $mode "$2" 2>&1 | sed 's/"seconds":[0-9.]*//'
        echo "mode $mode"
    done
}

kernels=$(TRAIL_KERNEL=none "$work/sentry" 2>&1 | sed -n 's/.*work here: *//p')
case " $kernels " in
*" plain "*) echo "ok - kernels: $kernels" ;;
*) echo "not ok - kernels: no kernel is named: $kernels" ;;
esac
for input in day.ndjson s3 pretty.json sorted.ndjson reversed.ndjson dotted.ndjson blanks.ndjson damaged.ndjson cut.ndjson; do
    scan plain "$work/$input" >"$work/expected"
    [ "$(wc -l <"$work/expected")" -gt 20 ] || echo "not ok - kernels: $input: too little to compare"
    for kernel in $kernels; do
        scan "$kernel" "$work/$input" >"$work/got"
        if cmp -s "$work/expected" "$work/got"; then
            echo "ok - kernels: $kernel: $input"
        else
            echo "not ok - kernels: $kernel: $input: differs from plain"
            diff "$work/expected" "$work/got" | head -n 6 | cut -c1-300 | sed 's/^/    /'
        fi
    done
done
