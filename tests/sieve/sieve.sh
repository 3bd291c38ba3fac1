#!/bin/sh
# The sieve against what it spares: no record that an alert wants is lost, and the scan without --strict finds what the
# strict one does. Prints TAP.
#     SEED=N           repeats a run's random packs and inputs
#     INPUTS=N         random inputs for each kernel (300; 100,000 are some million records)
#     KEEP=1           prints inputs that differ
set -u
cd "$(dirname "$0")/../.." || exit 2
here=$PWD
build=${BUILD:-$PWD/build}
trailc=${TRAILC:-$build/trailc}
seed=${SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "# SEED=$seed"

mkdir -p "$work/prefix/lib"
ln -s "$build/include" "$work/prefix/include"
ln -s "$build/libtrail.a" "$work/prefix/lib/libtrail.a"

# NAME RULES PROGRAM: the pack's C with a program of this folder in place of its main.
link_with() {
    mkdir -p "$work/$1-$3"
    "$trailc" emit "$2" -o "$work/$1-$3" >"$work/log" 2>&1 || { echo "not ok - sieve: $1: emit"; cat "$work/log"; exit 1; }
    cp "tests/sieve/$3.c" "$work/$1-$3/main.c"
    pack=$(sed -n 's/^extern const struct trail_pack \(.*\);$/\1/p' "$work/$1-$3/pack.h")
    make -s -C "$work/$1-$3" -f pack.mk TRAIL="$work/prefix" SCANNER="$work/$1.$3" \
        CPPFLAGS="-D_GNU_SOURCE -DPACK=$pack -I$here/runtime" CFLAGS="-O1 ${CFLAGS:-}" LDFLAGS="${LDFLAGS:-}" >"$work/log" 2>&1 ||
        { echo "not ok - sieve: $1: $3 is built"; head -n 20 "$work/log"; exit 1; }
}

"$build/tests/day" --format ndjson --records 600 --out "$work/day.ndjson" >/dev/null
jq -c 'to_entries | reverse | from_entries' "$work/day.ndjson" >"$work/reversed.ndjson"
sed 's/":/": /g; s/,"/, "/g' "$work/day.ndjson" >"$work/blanks.ndjson"
# Records that begin with a key that CloudTrail does not have, as another log's do.
sed 's/^{"eventVersion":"[^"]*"/{"log":"x"/' "$work/day.ndjson" >"$work/other.ndjson"

link_with ten rules/cloudtrail-ten sound
"$work/ten.sound" "$work/day.ndjson" "$work/reversed.ndjson" "$work/blanks.ndjson" "$work/other.ndjson" rules/cloudtrail-ten/tests/*.ndjson
link_with beyond tests/sieve/beyond.yaml sound
"$work/beyond.sound" tests/sieve/beyond.ndjson
link_with within tests/sieve/within.yaml sound
"$work/within.sound" tests/sieve/within.ndjson | sed '/; within 0$/s/^ok/not ok/'
# Many rules: values in a table of wholes, texts that many alerts want, prints that share classes.
sh tests/bench/rules.sh 300 >"$work/many.yaml"
awk -f tests/sieve/many.awk "$work/many.yaml" >"$work/many.ndjson"
link_with many "$work/many.yaml" sound
"$work/many.sound" "$work/many.ndjson" | sed '/; within 0$/s/^ok/not ok/'
for kind in random narrow hostile; do
    mkdir "$work/$kind"
    option=$kind
    [ "$kind" != random ] || option=
    "$build/tests/differential" write "$work/$kind" "$seed" "${FILTERS:-100}" "${EVENTS:-150}" $option >/dev/null
    # The same events once more without what the sieve hands on in any case.
    cat "$work/$kind"/*.ndjson | jq -c . 2>/dev/null | LC_ALL=C tr -d "\200-\377" >"$work/$kind.plain"
    link_with $kind "$work/$kind/pack.yaml" sound
    "$work/$kind.sound" "$work/$kind"/*.ndjson "$work/$kind.plain" | sed "s/^\(not \)*ok - /&SEED=$seed: /"
done

# What is no record like the others stands behind one on the same line: lists, values, texts that hold events.
R='{"eventVersion":"1.08","eventTime":"2026-03-14T10:00:00Z"}'
W='{"Events":[{"CloudTrailEvent":"{\\"eventVersion\\":\\"1.08\\",\\"eventTime\\":\\"2026-03-14T10:00:05Z\\",\\"eventName\\":\\"DeleteTrail\\"}"}]}'
L=${W#?}
L=${L%?}
printf '%s\n' 'alert: Trail' 'filter: eventName:DeleteTrail' 'when: immediately' >"$work/trail.yaml"
printf '%s\n' 'alert: All' 'filter: "*"' 'when: less than 1 in 1h' >"$work/all.yaml"
for pack in trail all; do
    "$trailc" build "$work/$pack.yaml" -o "$work/$pack.scan" >"$work/log" 2>&1 || { echo "not ok - sieve: $pack is built"; cat "$work/log"; exit 1; }
done
number=0
while IFS= read -r text; do
    number=$((number + 1))
    for pack in trail all; do
        for option in "" --strict; do
            printf '%s\n' "$text" |
                "$work/$pack.scan" --hits --stats --now=2026-03-14T16:00:00Z $option - 2>"$work/err" |
                cat >"$work/hits$option"
            grep -o '"undated":[0-9]*' "$work/err" >>"$work/hits$option"
        done
        if grep -q undated "$work/hits" && cmp -s "$work/hits" "$work/hits--strict"; then
            echo "ok - sieve: behind a record, $number, $pack: as with --strict"
        else
            echo "not ok - sieve: behind a record, $number, $pack: not as with --strict: $text"
        fi
    done
done <<END
{"Records":[$R],$L}
{"Records":[$R,$R],"x":1,$L}
{"Records":[$R,[],$W]}
{"Records":[$R,null,$W]}
{"Records":[$R,"x",$W]}
{"Records":[$R ]}$W
[$R][$W,$R]
$R[$W]{"x":1}
$R[]{"Events":[],"x":{}}$W
$R[]{"a":1}
$R{"a":1}$W
{"Records":[{"eventVersion":"1.08"}],"m":[{"eventTime":"2030-01-01T00:00:00Z"}]}
{"eventVersion":"1.08","\u0065ventTime":"2026-03-14T15:00:00Z"}
{"eventVersion":"1.08","eventTime":"2026-03-14T14:00:00Z","\u0065ventTime":"2026-03-14T15:00:00Z"}
END

link_with ten rules/cloudtrail-ten strict
for kernel in $(TRAIL_KERNEL=none "$work/ten.strict" 2>/dev/null; echo avx512 avx2 sse4.2 neon plain); do
    for log in day other; do
        TRAIL_KERNEL=$kernel "$work/ten.strict" "$seed" "${INPUTS:-300}" "$work/$log.ndjson" |
            sed "s/^\(not \)*ok - /&SEED=$seed: $kernel, $log: /"
    done
done
