#!/bin/sh
# Real records hold nothing that the catalogue does not know: every field of theirs is one of its fields or lies below an
# open one, every event is one of its events, and no parameter of theirs would be called wrong. Prints TAP.
set -u
here=$(cd "$(dirname "$0")" && pwd)
trailc=${TRAILC:-$here/../../build/trailc}
data=$here/../../../shared/data/cloudtrail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ ! -d "$data" ]; then
    for name in fields events parameters; do
        echo "ok - $name of real records # SKIP no shared data"
    done
    exit 0
fi

# All but the sample to whose records a forwarder has added keys.
{
    find "$data/samples" -name '*.ndjson' ! -name 'zmallen*' -exec cat {} +
    find "$data/s3" -name '*.gz' -exec gzip -dc {} + | jq -c '.Records[]'
} >"$work/records"

verdict() { # NAME CODES: nothing of these codes is said of the pack
    "$trailc" check --json "$work/$1.yaml" >"$work/$1.json"
    if ! jq -e ".diagnostics | type == \"array\"" "$work/$1.json" >/dev/null; then
        echo "not ok - $1 of real records: no diagnostics were read"
        return
    fi
    said=$(jq -r --arg codes "$2" '.diagnostics[] | select(.code | inside($codes)) | .message' "$work/$1.json" | sort -u)
    asked=$(grep -c "$3" "$work/$1.yaml")
    if [ "$asked" -lt 40 ]; then
        echo "not ok - $1 of real records: only $asked of them"
    elif [ -n "$said" ]; then
        echo "not ok - $1 of real records: $(printf '%s\n' "$said" | head -n 3 | tr '\n' ';')"
    else
        echo "ok - $1 of real records ($asked)"
    fi
}

jq -r 'paths(scalars) | map(strings) | select(.[0] | IN("requestParameters", "responseElements",
        "additionalEventData", "serviceEventDetails") | not) | join(".")' "$work/records" | sort -u >"$work/paths"
{
    echo "alert: fields"
    echo "filter: '*'"
    echo "show:"
    sed 's/.*/  - "&"/' "$work/paths"
} >"$work/fields.yaml"
verdict fields E120 '^  - '

jq -r '"filter: eventSource.keyword:\"\(.eventSource)\" AND eventName.keyword:\"\(.eventName)\""' "$work/records" |
    sort -u | awk '{ print "---\nalert: a" NR "\n" $0 }' >"$work/events.yaml"
verdict events E120,W204 '^filter'

# A key of letters and digits needs no escape in a filter.
jq -r '. as $r | .requestParameters | paths(scalars) | map(strings) | select(all(test("^[A-Za-z0-9_]+$"))) |
       select(.[-1] | IN("keyword", "json", "ip", "numeric") | not) | join(".") |
       "filter: eventSource.keyword:\"\($r.eventSource)\" AND eventName.keyword:\"\($r.eventName)\" AND requestParameters.\(.):*"' \
    "$work/records" | sort -u | awk '{ print "---\nalert: a" NR "\n" $0 }' >"$work/parameters.yaml"
verdict parameters E120,W204,W207 '^filter'
