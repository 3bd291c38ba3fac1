#!/bin/sh
# What `make demo` shows: ten of ten. And the strict check that the shipped pack has to pass.
set -u
cd "$(dirname "$0")/../.." || exit 2
out=$(mktemp)
trap 'rm -f "$out"' EXIT
if examples/demo.sh >"$out" 2>&1 && grep -q '^10 of 10 alerts fired$' "$out"; then
    echo "ok - demo: ten of ten"
else
    echo "not ok - demo: $(tail -n 3 "$out")"
fi
if "${TRAILC:-build/trailc}" check --strict --color=never rules/cloudtrail-ten >"$out" 2>&1; then
    echo "ok - trailc check --strict rules/cloudtrail-ten"
else
    echo "not ok - trailc check --strict rules/cloudtrail-ten: $(head -n 1 "$out")"
fi
printf 'alert: a\nfilter: x:y\n' >"$out.yaml"
if "${TRAILC:-build/trailc}" check --strict --color=never "$out.yaml" 2>&1 | grep -c 'error\[E010\]' | grep -qx 2; then
    echo "ok - --strict wants a description and tests"
else
    echo "not ok - --strict wants a description and tests"
fi
rm -f "$out.yaml"
