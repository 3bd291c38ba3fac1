#!/bin/sh
# What the compiler says of filters for every event (W205), held against random events.
#     SEED=N                  repeats a run; without it each run has its own seed, which the results name
#     FILTERS=N, EVENTS=N     how many
cd "$(dirname "$0")/../.." || exit 2
seed=${SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
exec "${BUILD:-build}/tests/logic" "$seed" "${FILTERS:-300}" "${EVENTS:-600}"
