#!/bin/bash
# The page of `sentry report` in a real browser: what it shows, what it asks for, who can use it, and what a hostile log can do
# to it. Prints TAP. Needs build/trailc, build/tests/day, Chromium, and what package.json names (.ci/deps test installs it);
# SHOTS=DIRECTORY keeps pictures of the page, light and dark.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$(cd "${BUILD:-build}" && pwd) || exit 1
skip() {
    echo "ok - report in a browser # SKIP $1"
    exit 0
}
chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$chromium" ] || skip "no Chromium (Debian: chromium)"
command -v node >/dev/null 2>&1 || skip "no node"
[ -d "$build/browser/node_modules/puppeteer-core" ] || skip "no puppeteer-core in $build/browser (.ci/deps test installs it with npm)"

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

# A month: three weeks of everyday records, a day with ten situations, a week without anything, and that day again.
mkdir "$dir/month"
for day in $(seq 1 22); do
    "$build/tests/day" --everyday --records 1500 --seed $((100 + day)) --date "$(date -u -d "2026-02-14 +$day days" +%F)" \
        --format ndjson --out "$dir/month/$(printf %02d "$day").ndjson" || exit 1
done
"$build/tests/day" --records 1500 --seed 7 --date 2026-03-09 --format ndjson --out "$dir/month/23.ndjson" || exit 1
"$build/tests/day" --records 1500 --seed 8 --date 2026-03-17 --format ndjson --out "$dir/month/24.ndjson" || exit 1

cp -R rules/cloudtrail-ten "$dir/pack"
sed '1,/^---/d' examples/report/rules.yaml | sed 's/more than 40 in 1h/more than 8 in 1h/' >"$dir/pack/11-calls-that-fail.yaml"
sed -e 's/^alert: .*/alert: More logins fail than usual/' -e 's/more than 100 in 10m/more than usual in 10m by 50% at least 8/' \
    -e '/^tests:/,$d' "$dir/pack/09-too-many-login-failures.yaml" >"$dir/pack/12-more-than-usual.yaml"
"$build/trailc" build "$dir/pack" -o "$dir/sentry" || exit 1
"$build/trailc" build tests/browser/hostile.yaml -o "$dir/hostile" || exit 1

say() { # NAME CONDITION…
    name=$1
    shift
    if "$@"; then echo "ok - report: $name"; else echo "not ok - report: $name"; fi
}
"$dir/sentry" report --application prod-trail "$dir/month" -o "$dir/month.html" || exit 1
"$dir/sentry" report --application prod-trail "$dir/month" --format json -o "$dir/month.json" || exit 1
"$dir/sentry" report -j 1 --application prod-trail "$dir/month" -o "$dir/again.html" || exit 1
say "the same log gives the same page, with any number of threads" cmp -s "$dir/month.html" "$dir/again.html"
say "a month is less than 1 MB" [ "$(wc -c <"$dir/month.html")" -lt 1000000 ]
"$dir/sentry" --application prod-trail --state "$dir/state" "$dir/month" >/dev/null || exit 1
"$dir/sentry" report --state "$dir/state" -o "$dir/state.html" || exit 1
node tests/browser/hostile.mjs >"$dir/hostile.ndjson" || exit 1
for format in html text json csv svg; do
    "$dir/hostile" report "$dir/hostile.ndjson" --format $format -o "$dir/hostile.$format" 2>"$dir/err" || exit 1
done
"$dir/hostile" report "$dir/hostile.ndjson" --format svg --part many-agents -o "$dir/hostile-counts.svg" 2>"$dir/err" || exit 1
"$dir/hostile" report "$dir/hostile.ndjson" --format csv --part groups -o "$dir/hostile-groups.csv" 2>"$dir/err" || exit 1

say "a hostile log's text is for a terminal" sh -c '! LC_ALL=C.UTF-8 grep -qP "[\x00-\x08\x0b-\x1f\x7f]|\x{202e}|\x{2028}" "$1" && [ "$(wc -l <"$1")" -gt 5 ]' - "$dir/hostile.text"
[ -z "${SHOTS:-}" ] || mkdir -p "$SHOTS"
NODE_PATH="$build/browser/node_modules" CHROMIUM="$chromium" HOME="$dir" node tests/browser/report.cjs "$dir"
