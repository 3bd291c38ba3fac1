#!/bin/sh
# The ten alerts over generated days: what fires, and when, is what `day --list` says, from files and from NDJSON, for
# any seed, number of records and number of threads. Prints TAP.
set -u
build=${BUILD:-$PWD/build}
trailc=${TRAILC:-$build/trailc}
root=$(dirname "$0")/../..
if [ ! -x "$trailc" ]; then
    echo "ok - found # SKIP no $trailc"
    exit 0
fi
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
bad=0

if ! "$trailc" build "$root/rules/cloudtrail-ten" -o "$tmp/sentry" >"$tmp/said" 2>&1; then
    echo "not ok - found: the pack does not build: $(head -n 1 "$tmp/said")"
    exit 1
fi

# found NAME DATE [OPTION...] INPUT: what the scanner says of the input against the list of that date.
found() {
    name=$1 date=$2
    shift 2
    "$build/tests/day" --list --date "$date" | awk '$1 == "fires" {print $2, $3}' | sort >"$tmp/want"
    "$tmp/sentry" --application prod-trail --output json "$@" |
        jq -r 'select(.state == "firing") | "\(.id) \(.window.to // .last_event)"' | sort >"$tmp/got"
    if difference=$(diff "$tmp/want" "$tmp/got"); then
        echo "ok - found: $name"
    else
        echo "not ok - found: $name"
        printf '%s\n' "$difference" | sed 's/^/    /' | head -n 10
        bad=1
    fi
}

"$build/tests/day" --out "$tmp/s3"
"$build/tests/day" --out "$tmp/other" --seed 7 --records 3000
"$build/tests/day" --out "$tmp/summer" --date 2026-07-14 --records 3000
"$build/tests/day" --format ndjson --out "$tmp/day.ndjson"
"$build/tests/day" --format ndjson --duplicates 100 --records 500 --out "$tmp/twice.ndjson"
found "in the files of a trail" 2026-03-14 "$tmp/s3"
found "with one thread" 2026-03-14 --threads 1 "$tmp/s3"
found "with another seed" 2026-03-14 "$tmp/other"
found "in summer" 2026-07-14 "$tmp/summer"
found "in NDJSON" 2026-03-14 "$tmp/day.ndjson"
found "with every record twice" 2026-03-14 "$tmp/twice.ndjson"
"$build/tests/day" --everyday --format ndjson --date 2026-03-08 --records 8000 --out "$tmp/everyday.ndjson"
none=$("$tmp/sentry" --application prod-trail --output json "$tmp/everyday.ndjson" | jq -r .id | sort -u | tr "\n" " ")
if [ -z "$none" ]; then
    echo "ok - found: nothing in an everyday"
else
    echo "not ok - found: nothing in an everyday: $none"
    bad=1
fi
exit $bad
