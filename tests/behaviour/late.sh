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
