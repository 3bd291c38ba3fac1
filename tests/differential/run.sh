#!/bin/sh
# Random filters over random events: compiled code against the naive evaluator. Prints TAP. Four packs: one of the
# whole language, in which every record is walked as a whole, one of narrow filters, in which most records are left early,
# one of the whole language over fields whose names are awkward to whoever makes C of them, and one of three times as many
# filters that all ask strings of the same few fields, as large packs do.
#     SEED=N                  repeats a run; without it each run has its own seed, which the results name
#     FILTERS=N, EVENTS=N     how many, for each pack
#     KEEP=DIR                keeps the packs, scanners and events
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build}
trailc=${TRAILC:-$build/trailc}
program=$build/tests/differential
seed=${SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
work=${KEEP:-$(mktemp -d)}
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT

round() { # NAME [narrow|hostile|dense]
    mkdir -p "$work/$1"
    filters=${FILTERS:-120}
    [ "$1" != dense ] || filters=$((filters * 3))
    if "$program" write "$work/$1" "$seed" "$filters" "${EVENTS:-250}" ${2:-} &&
        "$trailc" build "$work/$1/pack.yaml" -o "$work/$1/scanner" --cflags "-O1 ${CFLAGS:-}" >"$work/$1/log" 2>&1; then
        "$program" compare "$work/$1"
        return
    fi
    echo "not ok - SEED=$seed: the pack of $1 filters builds"
    head -n 40 "$work/$1/log" | sed 's/^/    /'
    return 1
}

echo "# SEED=$seed"
status=0
round random || status=1
round narrow narrow || status=1
round hostile hostile || status=1
round dense dense || status=1
# The hostile fields are shown, too: every alert is a line of JSON.
if "$work/hostile/scanner" -o json "$work/hostile/lines.ndjson" 2>&1 >"$work/hostile/alerts" | sed 's/^/# /' &&
    jq -es 'length > 0 and all(.[]; .fields | type == "object")' <"$work/hostile/alerts" >/dev/null; then
    echo "ok - SEED=$seed: alerts that show hostile fields are JSON"
else
    echo "not ok - SEED=$seed: alerts that show hostile fields are JSON"
    status=1
fi
exit $status
