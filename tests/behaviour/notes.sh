#!/bin/sh
# What `trailc test` notes beside a verdict: events that no count can take, so that a test may pass for the wrong reason.
set -u
cd "$(dirname "$0")/../.." || exit 2
trailc=${TRAILC:-build/trailc}
pack=$(mktemp) || exit 2
trap 'rm -f "$pack" "$pack".*' EXIT
cat >"$pack" <<'P'
pack: notes
schema: none
time: when.at
---
alert: Counted
filter: a:x
when: more than 1 in 10m
tests:
  - name: dated
    events: [{a: x, when: {at: "2026-01-01T10:00:00Z"}}, {a: x, when: {at: "2026-01-01T10:00:01Z"}}]
    fires: true
  - name: undated
    events: [{a: x, eventTime: "2026-01-01T10:00:00Z"}, {a: x}]
    fires: false
  - name: past now
    events: [{a: x, when: {at: "2026-01-01T10:00:00Z"}}]
    now: "2026-01-01T09:00:00Z"
    fires: false
  - name: not matching
    events: [{a: y}]
    fires: false
---
alert: At once
filter: a:(x OR y)
tests:
  - {name: no time, events: [{a: x}], fires: true}
P
"$trailc" test --color=never "$pack" >"$pack.out" 2>&1
is() { # name made expected
    if [ "$2" = "$3" ]; then echo "ok - notes: $1"; else printf 'not ok - notes: %s: %s instead of %s\n' "$1" "$2" "$3"; fi
}
is "events without a readable time" "$(grep 'counted: undated: ' "$pack.out")" \
    "$pack:12: note counted: undated: no readable time in when.at (the pack's \`time\`): 2 matching events are in no count"
is "events past the clock" "$(grep 'counted: past now: ' "$pack.out")" \
    "$pack:15: note counted: past now: dated more than 5m past the test's \`now\`: 1 matching event is in no count"
pack_usual=$pack.usual.yaml
cat >"$pack_usual" <<'P'
schema: none
---
alert: Usual
filter: a:x
when: more than usual in 1h
tests:
  - {name: short, events: [{a: x, eventTime: "2026-01-01T10:00:00Z"}], fires: false}
P
"$trailc" test --color=never "$pack_usual" >"$pack_usual.out" 2>&1
is "a test without history of what is usual" "$(grep note "$pack_usual.out")" \
    "$pack_usual:7: note usual: short: what is usual is not known: the test's events have to bring a day of history, or more"
is "nothing else is worth a note" "$(grep -c note "$pack.out")" 2
is "a note fails no test" "$(tail -n 1 "$pack.out")" "$pack: 5 passed, 0 failed"
