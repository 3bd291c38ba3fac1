#!/bin/sh
# Runs each example as its README says, in a copy, and compares with its `expected`; its rules' own tests run
# first. Prints TAP.
set -u
build=${BUILD:-$PWD/build}
root=$(dirname "$0")/../..
if [ ! -x "$build/trailc" ]; then
    echo "ok - examples # SKIP no $build/trailc"
    exit 0
fi
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
cp -R "$root/examples" "$tmp/examples"
export PATH="$build:$PATH" INCLUDE="$build/include" LIBTRAIL="$build/libtrail.a"
bad=0

result() { # NAME, and whether it went well ($?); what was printed is in $tmp/said
    if [ "$2" -eq 0 ]; then
        echo "ok - example $1"
    else
        echo "not ok - example $1"
        sed 's/^/    /' "$tmp/said" | head -n 20
        bad=1
    fi
}

for command in "$tmp"/examples/*/command; do
    directory=$(dirname "$command")
    name=$(basename "$directory")
    cd "$directory" || exit 1
    for rules in rules.yaml pack/pack.yaml; do
        [ -e "$rules" ] || continue
        case $rules in pack/*) rules=pack ;; esac
        trailc check --werror "$rules" >"$tmp/said" 2>&1
        result "$name: its rules compile without a warning" $?
        trailc test "$rules" >"$tmp/said" 2>&1
        result "$name: its rules' own tests" $?
    done
    sh -e command >"$tmp/out" 2>"$tmp/err"
    status=$?
    { diff expected "$tmp/out" && [ "$status" -eq 0 ]; } >"$tmp/said"
    fine=$?
    cat "$tmp/err" >>"$tmp/said"
    result "$name: prints what is expected" $fine
    sed 's/^/$ /' command | cat - expected >"$tmp/lines"
    missing=$(grep -vxFf README.md "$tmp/lines" | grep -v '^\$ make')
    printf '%s\n' "$missing" >"$tmp/said"
    [ -z "$missing" ]
    result "$name: the README shows the same" $?
done
exit $bad
