#!/bin/sh
# Two hundred worlds of logs, rotations, pauses and crashes. Another seed: build/tests/simulation SEED. Prints TAP.
set -u
exec "${BUILD:-build}/tests/simulation" 1 200
