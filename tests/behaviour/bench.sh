#!/bin/sh
# What make bench stands on, without timing anything: the peers find the same hits as the scanner, the made-up packs compile, the
# programs do the work that they are timed for, and the table says what was measured. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-$PWD/build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tools=$work/tools
mkdir "$tools"
: >"$work/missing"

is() { # name made expected
    if [ "$2" = "$3" ]; then echo "ok - bench: $1"; else printf 'not ok - bench: %s: %s instead of %s\n' "$1" "$2" "$3"; fi
}

. tests/bench/prepare.sh
compile_peers >"$work/log" 2>&1 && compile_memory >>"$work/log" 2>&1 || {
    echo "not ok - bench: the peers compile: $(tail -n 3 "$work/log")"
    exit 1
}
# DuckDB is make bench's to install.
[ ! -d "$build/bench/node" ] || ln -s "$build/bench/node" "$tools/node"
"$build/trailc" build rules/cloudtrail-ten -o "$tools/ten" || exit 1
"$build/tests/day" --format ndjson --records 2000 --out "$work/day.ndjson" >/dev/null

# ---- the peers ----

for label in "" --label; do
    tests/bench/peers.sh "$tools" "$tools/ten" "$work/day.ndjson" $label >"$work/peers"
    sed -n "s/^same \(.*\)/ok - bench: the same hits ${label:+labelled }as \1/p
            s/^missing \([a-z]*\): \(.*\)/ok - bench: the same hits ${label:+labelled }as \1 # SKIP \2/p
            s/^differs \(.*\)/not ok - bench: the same hits ${label:+labelled }as \1/p" "$work/peers"
done
sed 's/"AttachUserPolicy"/"DetachUserPolicy"/' "$work/day.ndjson" >"$work/other.ndjson"
printf '#!/bin/sh\nexec "%s" -j1 --hits "%s"\n' "$tools/ten" "$work/other.ndjson" >"$work/liar"
chmod +x "$work/liar"
is "a peer that differs is named" "$(tests/bench/peers.sh "$tools" "$work/liar" "$work/day.ndjson" | grep -c '^differs')" \
    "$(grep -c '^same' "$work/peers")"

matched=$("$tools/ten" -j1 --stats "$work/day.ndjson" 2>&1 >/dev/null | sed -n 's/.*"matched":\([0-9]*\).*/\1/p')
lines=$(wc -l <"$work/day.ndjson")
is "in memory as from a file" "$("$tools/memory" "$work/day.ndjson" | cut -d, -f1-2)" "$lines records, $matched matched"
is "in memory, labelled" "$("$tools/memory" --label "$work/day.ndjson" | cut -d, -f1-2)" "$lines records, $lines matched"

"$build/tests/day" --records 600 --out "$work/s3" >/dev/null
is "what ISA-L inflates alone" "$("$tools/inflate" "$work/s3")" "$(find "$work/s3" -type f ! -path '*CloudTrail-Digest*' -exec gzip -dc {} + | wc -c)"
head -c 200 "$(find "$work/s3" -type f ! -path '*CloudTrail-Digest*' -size +1 | head -n 1)" >"$work/cut.gz"
is "a cut file is no gzip" "$("$tools/inflate" "$work/cut.gz" 2>&1; echo $?)" "inflate: $work/cut.gz: not gzip, or cut
1"
printf '%0300d' 0 >"$work/zeros"
is "every byte is read" "$("$tools/read" "$work/zeros")" $((0x0606060606060600 + 44 * 0x30))

# ---- the packs ----

tests/bench/rules.sh 1000 >"$work/rules-1000.yaml"
is "a thousand made-up rules, and nothing to say about them" "$("$build/trailc" check "$work/rules-1000.yaml" 2>&1; echo $?)" 0
is "a tenth of them names no event" "$(grep -c '^  eventName' "$work/rules-1000.yaml")" 900
tests/bench/rules.sh 100 >"$work/rules-100.yaml"
is "a hundred of them compile" "$("$build/trailc" build "$work/rules-100.yaml" -o "$work/many" 2>&1 && "$work/many" --list | grep -c eventName)" 90
for pack in text groups; do
    is "the pack $pack compiles" "$("$build/trailc" build "tests/bench/packs/$pack.yaml" -o "$work/$pack" 2>&1; echo $?)" 0
done
"$tools/groups" 500 >"$work/groups.ndjson"
is "a fifth of the records counts" "$("$work/groups" -j1 --stats "$work/groups.ndjson" 2>&1 | sed -n 's/.*"records":\([0-9]*\),"matched":\([0-9]*\).*/\1 \2/p')" "2500 500"
is "each in a group of its own" "$(grep GetSecretValue "$work/groups.ndjson" | sed 's/.*accessKeyId":"\([^"]*\).*/\1/' | sort -u | wc -l)" 500

# ---- measuring and telling ----

is "a command may tell its own time, and the ratio is of bytes a second" \
    "$("$build/tests/measure" 3 ours 100 'echo 2 >&3' theirs 50 'echo 4 >&3' | cut -f1-5,7-9 | tr '\t' ' ')" \
    "ours 100 2.000000 2.000000 2.000000 1.0000 1.0000 1.0000
theirs 50 4.000000 4.000000 4.000000 4.0000 4.0000 4.0000"
is "a command that fails is no figure" "$("$build/tests/measure" 1 ours 1 'exit 3' 2>&1; echo $?)" "measure: failed: exit 3
1"

printf 'a\tb\t>=\t2\t2.5\t1\t3\tx\t\nc\t-\t<=\t5\t7\t-\t-\tms\tonce\nd\te\t>=\t9\t-\t-\t-\tx\tmissing: no "d"\n' >"$work/rows.tsv"
is "the table's verdicts" "$(awk -F '\t' -f tests/bench/row.awk "$work/rows.tsv" | sed 's/  */ /g; s/ $//')" \
    'a b >= 2 x 2.5 x 1-3 reached
c <= 5 ms 7 ms not reached (once)
d e >= 9 x - missing: no "d"'
printf 'processors\t2\n' >"$work/machine"
printf 'g\tours\t1000000\t2\t1\t3\t512\t1\t1\t1\n' >"$work/commands.tsv"
is "the same as JSON" "$(awk -F '\t' -f tests/bench/json.awk "$work/machine" "$work/rows.tsv" "$work/commands.tsv" |
    jq -c '[.machine.processors, (.rows[] | [.measured, .reached, .note]), .commands[0].mb_per_second]')" \
    '[2,[2.5,true,""],[7,false,"once"],[null,null,"missing: no \"d\""],0.5]'
