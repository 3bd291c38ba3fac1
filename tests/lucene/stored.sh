#!/bin/sh
# Compiled code and the naive evaluator against Lucene's verdicts on thousands of filters, as stored in verdicts.txt.
# Prints TAP. `make check-lucene` asks Lucene itself.
#     KEEP=DIR   keeps what was made
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build}
export TRAILC="${TRAILC:-$build/trailc}" REAL_CC="${CC:-cc}" CC=tests/lucene/cc
work=${KEEP:-$(mktemp -d)}
mkdir -p "$work"
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
# Under sanitizers everything takes a multiple: a part has to do there.
case ${CFLAGS:-} in
    *-fsanitize=*) filters=400 ;;
    *) filters=1000000 ;;
esac
"$build/tests/lucene" records "$work/records.ndjson" &&
    "$build/tests/lucene" replay "$work/records.ndjson" "$work" "$filters" tests/lucene/verdicts.txt
