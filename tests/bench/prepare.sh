# Sourced by bench.sh: the programs and the data that it measures. Needs $build, $work (for data, removed at the
# end) and $tools (for programs, kept).

# NAME: why a peer is not there. Kept in $work/missing, a line each: name, tab, reason.
missing() {
    printf '%s\t%s\n' "$1" "$2" >>"$work/missing"
}

# NAME: the reason, and true, if the peer is missing.
why_missing() {
    grep "^$1	" "$work/missing" 2>/dev/null | cut -f2 | grep .
}

compile_peers() {
    flags="-std=c11 -O3 -D_GNU_SOURCE -march=native"
    cc $flags -o "$tools/read" tests/bench/peers/read.c
    cc $flags -o "$tools/inflate" tests/bench/peers/inflate.c -lisal
    cc $flags -o "$tools/groups" tests/bench/groups.c
    rm -f "$tools/simdjson"
    if ! command -v g++ >/dev/null 2>&1; then
        missing simdjson "no g++"
    elif ! [ -f /usr/include/simdjson.h ] && ! echo '#include <simdjson.h>' | g++ -E -x c++ - >/dev/null 2>&1; then
        missing simdjson "no simdjson.h (Debian: libsimdjson-dev)"
    else
        g++ -std=c++17 -O3 -march=native -o "$tools/simdjson" tests/bench/peers/simdjson.cpp -lsimdjson
    fi
    command -v rg >/dev/null 2>&1 || missing ripgrep "no rg"
    command -v jq >/dev/null 2>&1 || missing jq "no jq"
}

# DuckDB comes as a package of npm's, into a folder of its own.
install_duckdb() {
    if ! command -v npm >/dev/null 2>&1 || ! command -v node >/dev/null 2>&1; then
        missing duckdb "no npm"
    elif ! [ -d "$tools/node/node_modules/@duckdb/node-api" ] &&
        ! (mkdir -p "$tools/node" && cd "$tools/node" && npm install --no-audit --no-fund @duckdb/node-api@1.5.6-r.1) >"$work/npm.log" 2>&1; then
        missing duckdb "npm could not install @duckdb/node-api: $(grep -i error "$work/npm.log" | head -n 1)"
    elif ! node tests/bench/peers/duckdb.mjs "$tools/node" --version >"$tools/duckdb.version" 2>"$work/duckdb.log"; then
        missing duckdb "it does not start: $(grep . "$work/duckdb.log" | head -n 1)"
    fi
}

# The ten alerts' C, with memory.c in place of the scanner's main, by the pack's own recipe.
compile_memory() {
    rm -rf "$tools/memory.d"
    mkdir -p "$tools/memory.d/prefix/lib"
    ln -s "$build/include" "$tools/memory.d/prefix/include"
    ln -s "$build/libtrail.a" "$tools/memory.d/prefix/lib/libtrail.a"
    "$build/trailc" emit rules/cloudtrail-ten -o "$tools/memory.d"
    cp tests/bench/memory.c "$tools/memory.d/main.c"
    make -s -C "$tools/memory.d" -f pack.mk TRAIL="$tools/memory.d/prefix" SCANNER="$tools/memory" \
        CPPFLAGS="-D_GNU_SOURCE -I$PWD/tests/bench"
}

compile_scanners() {
    "$build/trailc" build rules/cloudtrail-ten -o "$tools/ten"
    tests/bench/rules.sh 100 >"$work/rules-100.yaml"
    tests/bench/rules.sh 1000 >"$work/rules-1000.yaml"
    "$build/trailc" build "$work/rules-100.yaml" -o "$tools/rules-100"
    from=$(date +%s%N)
    CCACHE_DISABLE=1 "$build/trailc" build "$work/rules-1000.yaml" -o "$tools/rules-1000"
    seconds_1000=$(($(date +%s%N) - from))
    "$build/trailc" build tests/bench/packs/text.yaml -o "$tools/text"
    "$build/trailc" build tests/bench/packs/groups.yaml -o "$tools/groups-scanner"
}

# FILE: written anew in large pieces. The page cache keeps a file in pieces as large as it was written in, and
# reading it from small ones makes a whole scan half as long again: files that are compared have to lie there alike.
rewrite() {
    dd if="$1" of="$1.new" bs=1M 2>/dev/null
    mv "$1.new" "$1"
}

# The day in every form that is measured, all of it in the page cache, for it was just written. Files for rows that
# are not wanted are left out.
make_data() {
    "$build/tests/day" --format ndjson --records "$records" --out "$work/day.ndjson" >/dev/null
    rewrite "$work/day.ndjson"
    bytes=$(wc -c <"$work/day.ndjson")
    head -n $((records / 10)) "$work/day.ndjson" >"$work/tenth.ndjson"
    rewrite "$work/tenth.ndjson"
    mkdir "$work/records" "$work/gzip" "$work/small"
    : >"$work/empty.ndjson"
    if wanted records || wanted gzip || wanted threads; then make_records; fi
    if wanted small; then make_small; fi
    if wanted groups; then make_groups; fi
}

make_records() {
    awk -v dir="$work/records" '
        NR % 5000 == 1 { if (file) print "]}" >file; close(file); file = sprintf("%s/%04d.json", dir, NR / 5000); printf "{\"Records\":[" >file; comma = "" }
        { printf "%s%s", comma, $0 >file; comma = "," }
        END { print "]}" >file }' "$work/day.ndjson"
    for file in "$work"/records/*; do
        rewrite "$file"
        gzip -c "$file" >"$work/gzip/$(basename "$file").gz"
    done
    inflated=$("$tools/inflate" "$work/gzip")
}

make_small() {
    day=0
    while [ "$day" -lt "$days" ]; do
        "$build/tests/day" --seed $((day + 1)) --date "$(date -u -d "2026-01-01 +$day days" +%F)" --out "$work/small/$(printf %03d "$day")"
        day=$((day + 1))
    done
    small_files=$(find "$work/small" -type f ! -path '*CloudTrail-Digest*' | wc -l)
    small_bytes=$("$tools/inflate" "$work/small")
}

make_groups() {
    "$tools/groups" "$groups" >"$work/groups.ndjson"
    rewrite "$work/groups.ndjson"
    "$tools/groups" $((groups / 10)) >"$work/groups-tenth.ndjson"
    rewrite "$work/groups-tenth.ndjson"
    groups_bytes=$(wc -c <"$work/groups.ndjson")
}
