#!/bin/sh
# Every number of threads says the same, byte for byte: a large file of each form in blocks, many small files, standard
# input, damage. And ThreadSanitizer finds no race in the threads' own tests. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-$PWD/build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${TRAILC:-$build/trailc}" build rules/cloudtrail-ten -o "$work/sentry" || { echo "not ok - threads: the pack builds"; exit 1; }
"$build/tests/day" --format ndjson --records 3000 --out "$work/day.ndjson" >/dev/null
"$build/tests/day" --records 3000 --out "$work/s3" >/dev/null
jq . "$work/day.ndjson" >"$work/pretty.json"
jq -cs '{Records: .}' "$work/day.ndjson" >"$work/records.json"
jq -s '{Records: .}' "$work/day.ndjson" >"$work/pretty-records.json"
jq -s . "$work/day.ndjson" >"$work/array.json"
{ printf '\357\273\277'; sed 's/$/\r/' "$work/day.ndjson"; } >"$work/crlf.ndjson"
cat "$work/records.json" "$work/day.ndjson" "$work/pretty.json" >"$work/mixed.json"
# A byte is changed in every third record, every fiftieth is cut, and the file ends in the middle of one.
awk 'NR % 3 == 0 { at = (NR * 7919) % length($0); $0 = substr($0, 1, at) substr("\"{}[],:\\x1", NR % 10 + 1, 1) substr($0, at + 2) }
     NR % 50 == 0 { $0 = substr($0, 1, length($0) / 2) } { print }' "$work/day.ndjson" | head -c 4000003 >"$work/damaged.ndjson"
gzip -c "$work/mixed.json" >"$work/mixed.json.gz"
split -b 700000 "$work/day.ndjson" "$work/part-"
for part in "$work"/part-*; do gzip -c "$part"; done >"$work/members.gz"
head -c "$(($(wc -c <"$work/mixed.json.gz") - 1000))" "$work/mixed.json.gz" >"$work/truncated.gz"
zstd -q -c "$work/day.ndjson" >"$work/day.zst"
: >"$work/empty"
rm "$work"/part-*
(cd "$work" && mkdir all && ln day.ndjson mixed.json.gz records.json damaged.ndjson empty all && cp -R s3 all)

# THREADS INPUT: everything that the scanner says.
scan() {
    for mode in "-o json" "--hits -o json" "--application prod-trail -o json"; do
        "$work/sentry" -j"$1" --stats $mode "$2" 2>&1 | sed 's/"seconds":[0-9.]*//'
        echo "mode $mode"
    done
}

# NAME EXPECTED GOT
compare() {
    if cmp -s "$2" "$3"; then
        echo "ok - threads: $1"
    else
        echo "not ok - threads: $1: differs from one thread"
        diff "$2" "$3" | head -n 6 | cut -c1-300 | sed 's/^/    /'
    fi
}

for input in day.ndjson pretty.json records.json pretty-records.json array.json crlf.ndjson mixed.json damaged.ndjson \
    mixed.json.gz members.gz truncated.gz day.zst s3 all; do
    scan 1 "$work/$input" >"$work/expected"
    [ "$(wc -l <"$work/expected")" -gt 20 ] || echo "not ok - threads: $input: too little to compare"
    for threads in 2 3 8; do
        scan $threads "$work/$input" >"$work/got"
        compare "$threads threads: $input" "$work/expected" "$work/got"
    done
done

for file in mixed.json.gz members.gz; do
    case $file in mixed*) plain=mixed.json ;; *) plain=day.ndjson ;; esac
    scan 1 "$work/$plain" >"$work/expected"
    scan 1 "$work/$file" | sed "s/$file/$plain/g" >"$work/got"
    compare "$file is read as what it holds" "$work/expected" "$work/got"
done

sentry="$work/sentry -j3 --stats -o json"
"$work/sentry" -j1 --stats -o json <"$work/damaged.ndjson" 2>&1 | sed 's/"seconds":[0-9.]*//' >"$work/expected"
$sentry <"$work/damaged.ndjson" 2>&1 | sed 's/"seconds":[0-9.]*//' >"$work/got"
compare "3 threads: standard input" "$work/expected" "$work/got"
cat "$work/damaged.ndjson" | $sentry 2>&1 | sed 's/"seconds":[0-9.]*//' >"$work/got"
compare "3 threads: a pipe" "$work/expected" "$work/got"

# ---- races ----

flags="-std=c11 -O1 -g -fsanitize=thread -D_GNU_SOURCE -iquote compiler -Iruntime -Iruntime/include"
echo 'int main(void) { return 0; }' >"$work/none.c"
if nm "$build/libtrail.a" 2>/dev/null | grep -q __asan_init; then
    echo "ok - threads: no races # SKIP the library has another sanitizer"
    exit
elif ! ${CC:-cc} $flags -o "$work/none" "$work/none.c" 2>/dev/null || ! setarch -R "$work/none" 2>/dev/null; then
    echo "ok - threads: no races # SKIP the compiler has no ThreadSanitizer that works here"
    exit
fi
objects=
for source in runtime/engine/*.c runtime/read/*.c runtime/frame/*.c; do
    object="$work/$(echo "$source" | tr / _).o"
    ${CC:-cc} $flags -c -o "$object" "$source" || echo "not ok - threads: $source does not compile"
    objects="$objects $object"
done
for test in "split 1 300" pool; do
    program="$work/test_${test%% *}"
    ${CC:-cc} $flags -o "$program" "tests/unit/test_${test%% *}.c" $objects "$build/libtrail.a" \
        -lcheck -lsubunit -lm -lrt -lisal -ldeflate -lzstd -lcjson -lyaml -lsqlite3 -lpthread || echo "not ok - threads: test_$test does not link"
    # shellcheck disable=SC2086 # the test's arguments
    if TSAN_OPTIONS=exitcode=66 setarch -R "$program" ${test#"${test%% *}"} >"$work/said" 2>&1; then
        echo "ok - threads: no races in test_$test"
    else
        echo "not ok - threads: test_$test under ThreadSanitizer"
        grep -v '^ok' "$work/said" | head -n 40 | cut -c1-200 | sed 's/^/    /'
    fi
done
