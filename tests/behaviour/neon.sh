#!/bin/sh
# The kernels for 64-bit ARM, compiled by a cross compiler and run by an emulator: the fuzz target for JSON, which holds
# every kernel of the index to the check by bytes, over its corpus, generated records and random changes of both; and the unit
# tests of the sieve, which hold its kernels to a reading by bytes. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-$PWD/build}
cc=aarch64-linux-gnu-gcc
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for tool in $cc qemu-aarch64; do
    if ! command -v $tool >/dev/null; then
        echo "ok - neon: agrees with the check by bytes # SKIP no $tool"
        exit 0
    fi
done
if ! $cc -static -O2 -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -Iruntime -Iruntime/include -o "$work/drive" tests/fuzz/drive.c \
    tests/fuzz/fuzz_json.c runtime/json/*.c runtime/frame/skim.c runtime/match/utf8.c 2>"$work/log"; then
    echo "not ok - neon: compiles"
    head -n 20 "$work/log" | sed 's/^/    /'
    exit 1
fi
echo "ok - neon: compiles"
"$build/tests/day" --format ndjson --records 500 --out - 2>/dev/null | head -n 30 >"$work/day.ndjson"
split -l 1 "$work/day.ndjson" "$work/record-"
seed=${SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
if said=$(qemu-aarch64 "$work/drive" "$seed" "${CHANGES:-200}" tests/fuzz/corpus/fuzz_json/* "$work"/record-* 2>&1); then
    echo "ok - neon: agrees with the check by bytes: SEED=$seed, $said"
else
    echo "not ok - neon: agrees with the check by bytes: SEED=$seed: $said"
fi

# Check is not there for that processor: tests/unit/alone stands in for it.
for test in sieve sieve_within sieve_values; do
    if ! $cc -static -O2 -std=c11 -D_GNU_SOURCE -DROUNDS="${ROUNDS:-20000}" -Wall -Wextra -Werror -Itests/unit/alone -Iruntime -Iruntime/include \
        -o "$work/$test" tests/unit/test_$test.c runtime/sieve/*.c runtime/json/json.c \
        runtime/match/utf8.c 2>"$work/log"; then
        echo "not ok - neon: $test compiles"
        head -n 20 "$work/log" | sed 's/^/    /'
    elif said=$(qemu-aarch64 "$work/$test" 2>&1); then
        echo "ok - neon: $test agrees with the reading by bytes"
    else
        echo "not ok - neon: $test agrees with the reading by bytes: $said"
    fi
done
