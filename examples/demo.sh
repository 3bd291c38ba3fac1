#!/bin/sh
# make demo: a day of CloudTrail with ten situations in it, the pack that finds them, and what it finds.
set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build}
demo=$build/demo
rm -rf "$demo"
mkdir -p "$demo"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || say() { printf '\n%s\n' "$*"; }

say "1. A day of CloudTrail, as a trail delivers it to S3 (made up, always the same)"
"$build/tests/day" --out "$demo/logs" >/dev/null
printf '%s files, %s\n' "$(find "$demo/logs" -type f | wc -l)" "$(du -sh "$demo/logs" | cut -f1)"

say "2. trailc build rules/cloudtrail-ten -o $demo/sentry"
"$build/trailc" build rules/cloudtrail-ten -o "$demo/sentry"
"$demo/sentry" --list

say "3. $demo/sentry --application prod-trail $demo/logs"
"$demo/sentry" --output text --application prod-trail "$demo/logs"

"$demo/sentry" --output json --stats --application prod-trail "$demo/logs" >"$demo/alerts.ndjson" 2>"$demo/stats.json"
fired=$(sed -n 's/.*"id":"\([^"]*\)".*/\1/p' "$demo/alerts.ndjson" | sort -u | wc -l)
alerts=$(ls rules/cloudtrail-ten/[0-9]*.yaml | wc -l)
say "$fired of $alerts alerts fired"
cat "$demo/stats.json"
[ "$fired" -eq "$alerts" ]
