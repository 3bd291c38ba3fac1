#!/bin/sh
# Packs whose own tests are the behaviour tests: a rule, an event, a verdict each. `trailc test` runs them.
set -u
cd "$(dirname "$0")/../.." || exit 2
trailc=${TRAILC:-build/trailc}
for pack in tests/behaviour/packs/* rules/*; do
    out=$("$trailc" test -v --color=never "$pack" 2>&1)
    status=$?
    echo "$out" | sed -n 's/^passed /ok - /p; s/^\(.*\): FAILED /not ok - \1: /p'
    [ "$status" -eq 0 ] || echo "not ok - $pack: trailc test ended with $status: $(echo "$out" | tail -n 3)"
done
