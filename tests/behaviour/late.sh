#!/bin/sh
# An event that is late begins no silence: one bad date in a log does not raise alerts for two thousand years. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'schema: none\n---\nalert: Silence\nfilter: "*"\nwhen: less than 1 in 30m\n' >"$work/pack.yaml"
printf '{"a":1,"eventTime":"%s"}\n' 2026-01-01T00:00:00Z 0001-01-01T00:00:00Z 2026-01-01T00:40:00Z >"$work/log"
"${TRAILC:-build/trailc}" build "$work/pack.yaml" -o "$work/sentry" || { echo "not ok - late: the pack builds"; exit 1; }
"$work/sentry" -o json --stats "$work/log" >"$work/out" 2>"$work/stats"
if [ "$(jq -r .last_event,.window.from "$work/out" 2>/dev/null | head -n 2 | tail -n 1)" = 2026-01-01T00:00:00Z ] && [ "$(wc -l <"$work/out")" = 1 ]; then
    echo "ok - late: one silence, of this year"
else
    echo "not ok - late: one silence, of this year: $(head -c 600 "$work/out")"
fi
if jq -e '.late == 1 and .alerts.silence.fired == 1' "$work/stats" >/dev/null; then
    echo "ok - late: the late event is counted as such"
else
    echo "not ok - late: the late event is counted as such: $(cat "$work/stats")"
fi
# The same for whole blocks of a file that several threads share: only the blocks before say that they are late.
awk 'BEGIN {
    for (i = 0; i < 300000; i++) {
        date = i >= 100000 && i < 200000 ? "0001-01-01T00:00:00Z" : i == 299999 ? "2026-01-01T01:00:00Z" : "2026-01-01T00:00:00Z"
        printf "{\"a\":%d,\"eventTime\":\"%s\",\"padding\":\"%s\"}\n", i, date, "0123456789012345678901234567890123456789"
    } }' >"$work/long"
for threads in 1 2 4; do
    "$work/sentry" -o json -j $threads "$work/long" >"$work/long.$threads" 2>&1
done
if [ -s "$work/long.1" ] && ! grep -q "\"from\":\"0" "$work/long.1" && cmp -s "$work/long.1" "$work/long.2" && cmp -s "$work/long.1" "$work/long.4"; then
    echo "ok - late: any number of threads begins no silence"
else
    echo "not ok - late: any number of threads begins no silence: $(cat "$work"/long.[124] | head -c 600)"
fi
