#!/bin/sh
# From a line's last byte to its alert: see README.md.
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD:-$PWD/build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'schema: none\ntime: t\nevent_id: id\n---\nalert: Hit\nfilter: name:hit\n' >"$work/pack.yaml"
"$build/trailc" build "$work/pack.yaml" -o "$work/sentry"
cd "$work"
: >log
"$build/tests/latency" 1000 10 log ./sentry --follow -o json ${LATENCY_STATE:+--state state} log
