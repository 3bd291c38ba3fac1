#!/bin/sh
# Compiled filters against the stored verdicts of the real Lucene, where they are at hand. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build}
trailc=${TRAILC:-$build/trailc}
lucene=../shared/lucene
if [ ! -r "$lucene/cases.jsonl" ]; then
    echo "ok - Lucene's verdicts # SKIP they are not at hand"
    exit 0
fi
work=${KEEP:-$(mktemp -d)}
mkdir -p "$work"
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
if "$build/tests/lucene-cases" write "$lucene" "$work" &&
    "$trailc" build "$work/pack.yaml" -o "$work/scanner" --cflags "-O1 ${CFLAGS:-}" >"$work/build.log" 2>&1; then
    "$build/tests/lucene-cases" compare "$lucene" "$work"
else
    echo "not ok - the pack of Lucene's filters builds"
    head -n 40 "$work/build.log" | sed 's/^/    /'
    exit 1
fi
