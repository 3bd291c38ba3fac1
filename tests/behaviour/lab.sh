#!/bin/sh
# Real records: the delivery files of a trail, read in every form and order that they may come in. Skipped where they are not.
set -u
cd "$(dirname "$0")/../.." || exit 2
trailc=${TRAILC:-build/trailc}
data=../shared/data/cloudtrail
if [ ! -d "$data/s3" ]; then
    echo "ok - lab # SKIP no records beside the project"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$trailc" build rules/cloudtrail-ten -o "$work/sentry" || { echo "not ok - lab: no scanner"; exit 1; }

is() { # name made expected
    if [ "$2" = "$3" ]; then echo "ok - lab: $1"; else printf 'not ok - lab: %s: %s instead of %s\n' "$1" "$2" "$3"; fi
}

# Alerts without where they were found, in an order of their own.
alerts() {
    "$work/sentry" --application prod-trail -o json "$@" 2>>"$work/err" | jq -cS 'del(.source)' | sort
}

find "$data/s3" -name '*.json.gz' | LC_ALL=C sort >"$work/files"
mkdir "$work/plain" "$work/zst"
while read -r file; do
    name=$(basename "$file" .gz)
    gzip -dc "$file" >"$work/plain/$name"
    touch -r "$file" "$work/plain/$name"
    zstd -q "$work/plain/$name" -o "$work/zst/$name.zst"
done <"$work/files"
while read -r file; do gzip -dc "$file"; done <"$work/files" >"$work/concatenated"
jq -c '.Records[]' "$work/concatenated" >"$work/day.ndjson"

"$work/sentry" --stats --application prod-trail "$data/s3" >"$work/out" 2>"$work/err"
is "2,900 records, none rejected" "$(jq -c '[.records,.rejected]' "$work/err")" '[2900,0]'
is "read = matched + unmatched + rejected" "$(jq '.records == .matched + .unmatched + .rejected' "$work/err")" true
is "a second thread changes no byte" "$("$work/sentry" -j2 --application prod-trail "$data/s3" | md5sum)" "$("$work/sentry" -j1 --application prod-trail "$data/s3" | md5sum)"

: >"$work/err"
alerts "$data/s3" >"$work/expected"
is "there are alerts" "$(test -s "$work/expected" && echo yes)" yes
compare() {
    name=$1
    shift
    alerts "$@" >"$work/made"
    if cmp -s "$work/expected" "$work/made"; then
        echo "ok - lab: the same alerts: $name"
    else
        echo "not ok - lab: the same alerts: $name"
        diff "$work/expected" "$work/made" | head -n 4 | cut -c1-300 | sed 's/^/    /'
    fi
}
compare "plain files" "$work/plain"
compare "zstd" "$work/zst"
compare "NDJSON" "$work/day.ndjson"
compare "one thread" -j1 "$data/s3"
compare "two threads" -j2 "$data/s3"
for seed in 1 2 3; do
    # shellcheck disable=SC2046
    compare "files in another order ($seed)" $(awk -v seed="$seed" 'BEGIN { srand(seed) } { print rand() "\t" $0 }' "$work/files" | sort | cut -f2)
done
"$work/sentry" --application prod-trail -o json - <"$work/day.ndjson" 2>>"$work/err" | jq -cS 'del(.source)' | sort >"$work/made"
is "the same alerts: NDJSON on standard input" "$(md5sum <"$work/made")" "$(md5sum <"$work/expected")"
"$work/sentry" --application prod-trail -o json <"$work/concatenated" 2>>"$work/err" | jq -cS 'del(.source)' | sort >"$work/made"
is "the same alerts: all files one behind the other on standard input" "$(md5sum <"$work/made")" "$(md5sum <"$work/expected")"
is "nothing is complained about" "$(cat "$work/err")" ""

for file in "$data"/samples/*.ndjson; do
    lines=$(grep -c . "$file")
    is "$(basename "$file"): every line a record" "$("$work/sentry" --hits --stats "$file" 2>&1 >/dev/null | jq -c '[.records,.rejected]')" "[$lines,0]"
done
