#!/bin/sh
# peers.sh TOOLS SCANNER FILE [--label]: do the peers find what the scanner finds in FILE, NDJSON of tests/day?
# Prints for each peer a line: `same NAME: N hits`, `differs NAME: …` or `missing NAME: why`. Exit 1 when one differs.
# TOOLS holds the simdjson peer and node/ with DuckDB, where they are there. --label: the input is prod-trail.
set -eu
tools=$1 scanner=$2 file=$3 label=${4:-}
here=$(cd "$(dirname "$0")" && pwd)
found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
tab=$(printf '\t')
differs=0

"$scanner" -j1 --hits ${label:+--application prod-trail} "$file" |
    sed "s/^{\"id\":\"\([^\"]*\)\".*\"event_id\":\"\([^\"]*\)\".*/\1$tab\2/" | LC_ALL=C sort >"$found/scanner"
[ -s "$found/scanner" ] || { echo "differs scanner: no hits at all, so nothing to compare"; exit 1; }

# NAME COMMAND...
hold_against() {
    name=$1
    shift
    if ! "$@" 2>"$found/errors" >"$found/unsorted"; then
        echo "differs $name: it failed: $(grep . "$found/errors" | head -n 1)"
        differs=1
    elif LC_ALL=C sort "$found/unsorted" | cmp -s - "$found/scanner"; then
        echo "same $name: $(wc -l <"$found/scanner") hits"
    else
        echo "differs $name: $(LC_ALL=C sort "$found/unsorted" | LC_ALL=C comm -3 - "$found/scanner" | wc -l) hits are only its own or only the scanner's, such as:"
        LC_ALL=C sort "$found/unsorted" | LC_ALL=C comm -3 - "$found/scanner" | head -n 4 | sed 's/^/    /'
        differs=1
    fi
}

if [ -x "$tools/simdjson" ]; then
    hold_against simdjson "$tools/simdjson" --hits $label "$file"
else
    echo "missing simdjson: it is not built"
fi
if command -v jq >/dev/null 2>&1; then
    hold_against jq jq -r --argjson every "$([ -n "$label" ] && echo true || echo false)" -f "$here/peers/alerts.jq" "$file"
else
    echo "missing jq: no jq"
fi
if [ -d "$tools/node/node_modules/@duckdb/node-api" ] && command -v node >/dev/null 2>&1; then
    hold_against duckdb node "$here/peers/duckdb.mjs" "$tools/node" --hits $label "$file"
else
    echo "missing duckdb: it is not installed in $tools/node"
fi
exit "$differs"
