#!/bin/sh
# From a line's last byte to its alert, on standard output and at a channel's receiver, without a state and with one: see
# README.md. LATENCY_SECONDS (10), LATENCY_DIR for the log and the state (a directory of its own in TMPDIR).
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD:-$PWD/build}
work=$(mktemp -d ${LATENCY_DIR:+-p "$LATENCY_DIR"})
trap 'rm -rf "$work"' EXIT
printf 'schema: none\ntime: t\nevent_id: id\n---\nalert: Hit\nfilter: name:hit\n' >"$work/pack.yaml"
"$build/trailc" build "$work/pack.yaml" -o "$work/sentry"
cd "$work"
bad=0
# row NAME EVERY CONFIG [OPTION...]
row() {
    name=$1 every=$2 config=$3
    shift 3
    rm -f log state*
    : >log
    [ "$config" = - ] || set -- "$@" -c "$config"
    printf '%-34s' "$name"
    "$build/tests/latency" 1000 "${LATENCY_SECONDS:-10}" "$every" log "$config" ./sentry --follow -o json "$@" log || bad=1
}
row 'standard output' 1 -
row 'standard output, with a state' 1 - --state state
row 'a request' 20 conf.yaml
row 'a request, with a state' 20 conf.yaml --state state
exit $bad
