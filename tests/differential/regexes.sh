#!/bin/sh
# Random regexes and texts: the compiler's simulation and its DFA against PCRE2, and of a sample the compiled code.
# Prints TAP.
#     SEED=N      repeats a run; without it each run has its own seed, which the results name
#     PAIRS=N     how many pairs of a regex and a text
#     KEEP=DIR    keeps the sample, its code and its texts
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build}
seed=${SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
work=${KEEP:-$(mktemp -d)}
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work"

echo "# SEED=$seed"
"$build/tests/regexes" "$work" "$seed" "${PAIRS:-120000}" || status=1

compile() {
    for file in "$work"/regexes*.re; do
        re2c -i -W -Werror --no-generation-date --no-version -o "${file%.re}.c" "$file" || return
    done
    ${CC:-cc} -std=c11 -O0 -Wall -Wextra -Werror ${CFLAGS:-} -I"$work" -Iruntime/include -o "$work/compiled" \
        tests/differential/compiled.c "$work"/regexes*.c "$build/libtrail.a" ${LDFLAGS:-}
}
if compile >"$work/log" 2>&1; then
    "$work/compiled" <"$work/pairs" || status=1
else
    echo "not ok - SEED=$seed: the sample compiles"
    head -n 20 "$work/log" | sed 's/^/    /'
    status=1
fi
exit ${status:-0}
