#!/bin/sh
# What the messages offer, put in its place by `rewrites` (run.sh compares it): the rule files NAME.fixed compile without a
# word, and their tests pass, which say what the author meant; the other readings, NAME.other, compile as well, and
# mean something else.
set -u
cd "$(dirname "$0")/../.." || exit 2
trailc=${TRAILC:-build/trailc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check() { # FILE: compiles, and nothing is said of it
    cp "$1" "$work/rules.yaml"
    if "$trailc" check "$work/rules.yaml" >"$work/said" 2>&1 && [ ! -s "$work/said" ]; then
        echo "ok - $1 compiles"
    else
        echo "not ok - $1 compiles"
        sed 's/^/    /' "$work/said"
    fi
}

# All edited rules are one pack, with the header that every file has.
mkdir "$work/pack"
for file in tests/golden/filter/*.fixed; do
    check "$file"
    name=$(basename "$file" .fixed)
    awk '/^---/ { rule = 1 } rule' "$file" >"$work/pack/$name.yaml"
    cp "$file" "$work/last"
done
awk '/^---/ { exit } { print }' "$work/last" >"$work/pack/pack.yaml"
"$trailc" test "$work/pack" >"$work/said" 2>"$work/warned"
wanted=$(cat tests/golden/filter/*.fixed | grep -c '^  - {name:')
if tail -n 1 "$work/said" | grep -q ": $wanted passed, 0 failed\$"; then
    echo "ok - every rewrite means what its author meant"
else
    echo "not ok - every rewrite means what its author meant: $wanted tests"
    grep -h 'FAILED\|error\[\|passed' "$work/said" "$work/warned" | head -n 20 | sed 's/^/    /'
fi

# One line an alert.
expressions() {
    cp "$1" "$work/rules.yaml"
    "$trailc" check --dump=ir "$work/rules.yaml" 2>/dev/null
}
for file in tests/golden/filter/*.other; do
    check "$file"
    expressions "$file" >"$work/other"
    expressions "${file%.other}.fixed" >"$work/fixed"
    same=$(grep -Fxf "$work/fixed" "$work/other")
    [ -s "$work/other" ] && [ -z "$same" ] && echo "ok - $file means something else" ||
        echo "not ok - $file means something else: $same"
done
