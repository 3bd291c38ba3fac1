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
say "4. $demo/sentry report: three weeks before that day, the same day, one alert more (examples/report)"
cp -R rules/cloudtrail-ten "$demo/pack"
sed "1,/^---/d" examples/report/rules.yaml >"$demo/pack/11-calls-that-fail.yaml"
"$build/trailc" build "$demo/pack" -o "$demo/reporter"
mkdir "$demo/weeks"
day=21
while [ "$day" -gt 0 ]; do
    "$build/tests/day" --everyday --records 4000 --seed $((100 + day)) --date "$(date -u -d "2026-03-14 -$day days" +%F)" \
        --format ndjson --out "$demo/weeks/$(printf %02d $((21 - day))).ndjson"
    day=$((day - 1))
done
"$build/tests/day" --records 4000 --format ndjson --out "$demo/weeks/21.ndjson"
"$demo/reporter" report --application prod-trail --title "Three weeks of CloudTrail" "$demo/weeks" -o "$demo/report.html"
rm -r "$demo/weeks"
printf '%s: open it in a browser (%s)\n' "$demo/report.html" "$(du -h "$demo/report.html" | cut -f1)"

say "$fired of $alerts alerts fired"
cat "$demo/stats.json"
[ "$fired" -eq "$alerts" ]
