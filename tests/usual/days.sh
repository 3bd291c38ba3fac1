#!/bin/sh
# The same comparison on generated CloudTrail: six weeks of days, the roles assumed in them as a real scanner finds them,
# bursts added. `days.sh --print` prints the row alone.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD:-$root/build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 TZ=UTC
mkdir "$work/pack"
printf 'alert: Roles assumed\nfilter: eventName:AssumeRole\n' >"$work/pack/roles.yaml"
"${TRAILC:-$build/trailc}" build "$work/pack" -o "$work/sentry" || { echo "not ok - days: build"; exit 1; }
day=0
while [ $day -lt 42 ]; do
    date=$(date -u -d "2026-03-02 + $day days" +%F)
    "$build/tests/day" --format ndjson --records 6000 --seed $((day + 1)) --date "$date" --out - 2>/dev/null |
        "$work/sentry" --hits --now 2027-01-01 - 2>/dev/null | sed -n 's/.*"time":"\([^"]*\)".*/\1/p' | sort
    day=$((day + 1))
done | sort >"$work/times"
"$build/tests/usual" times <"$work/times" >"$work/row" || { echo "not ok - days: the program"; exit 1; }
if [ "${1:-}" = --print ]; then
    cat "$work/row"
    exit
fi
sed 's/^/# /' "$work/row"
awk '/^CloudTrail/ {
    for (way = 1; way < 4; way++) {
        name = way == 1 ? "a fixed number" : way == 2 ? "mean + 3 sigma" : "any fixed number"
        if ($(NF - 9) >= $(NF - 9 + 3 * way)) print "ok - days: F1 is not below that of " name
        else print "not ok - days: F1 is not below that of " name ": " $(NF - 9) " and " $(NF - 9 + 3 * way)
    }
}' "$work/row"
if grep -qxF "$(tail -n 1 "$work/row")" "$root/runtime/baseline.md"; then
    echo "ok - days: the page has this row"
else
    echo "not ok - days: the page has this row: runtime/baseline.md"
fi
