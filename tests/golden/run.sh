#!/bin/sh
# Golden files: NAME.yaml and what trailc makes of it, byte for byte.
#     NAME.err    what `trailc check` says (exit code in its last line)
#     NAME.plan   `trailc check --dump=plan`
#     NAME.tokens, NAME.ast, NAME.ir   --dump=tokens, --dump=ast, --dump=ir
#     NAME.lines, NAME.tree, NAME.colour, NAME.why   `trailc explain` with the events of NAME.ndjson: plain, -v,
#                 -v --color=always, --json
#     NAME.fixed  the file when the rewrites that it is offered are put in their places
#     NAME.other  the same with the other readings, which stand in the notes
#     NAME.c      every file that `trailc emit` writes, one behind the other
# BLESS=1 rewrites those that exist; look at the difference before you commit it.
set -u
cd "$(dirname "$0")/../.." || exit 2
trailc=${TRAILC:-build/trailc}
rewrites=${BUILD:-build}/tests/rewrites
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

made() { # NAME.yaml KIND
    case $2 in
    err) "$trailc" check --color=never "$1" 2>&1; echo "exit $?" ;;
    lines) explain "$1" --color=never ;;
    tree) explain "$1" --color=never -v ;;
    colour) explain "$1" --color=always -v --record 2 ;;
    why) explain "$1" --json ;;
    fixed) "$rewrites" "$1" ;;
    other) "$rewrites" "$1" reading ;;
    c)
        rm -rf "$work/c"
        "$trailc" emit "$1" -o "$work/c" 2>&1
        for file in "$work"/c/*; do
            echo "==== $(basename "$file")"
            cat "$file"
        done ;;
    *) "$trailc" check --color=never --dump="$2" "$1" 2>/dev/null ;;
    esac
}

explain() { # NAME.yaml OPTION...
    pack=$1
    shift
    "$trailc" explain "$@" "$pack" "${pack%.yaml}.ndjson" 2>/dev/null
    echo "exit $?"
}

for golden in $(find tests/golden -name '*.err' -o -name '*.plan' -o -name '*.tokens' -o -name '*.ast' -o -name '*.ir' -o -name '*.fixed' -o -name '*.other' -o -path '*/emit/*.c' -o -name '*.lines' -o -name '*.tree' -o -name '*.colour' -o -name '*.why' | LC_ALL=C sort); do
    kind=${golden##*.}
    yaml=${golden%.*}.yaml
    made "$yaml" "$kind" >"$work/made"
    if [ -n "${BLESS:-}" ]; then
        cp "$work/made" "$golden"
    fi
    if cmp -s "$work/made" "$golden"; then
        echo "ok - $golden"
    else
        echo "not ok - $golden: differs"
        diff "$golden" "$work/made" | head -n 10 | sed 's/^/    /'
    fi
done

# What looks like C in a rule is data: the pack compiles without a warning, and its alerts keep their names.
if "$trailc" build tests/golden/emit/hostile.yaml -o "$work/hostile" --cflags "${CFLAGS:--O0} -Wall -Wextra -Werror -Wno-unused-function -trigraphs" >"$work/log" 2>&1 &&
    "$work/hostile" --list | grep -q 'while'; then
    echo "ok - rule text does not become C"
else
    echo "not ok - rule text does not become C: $(head -n 5 "$work/log")"
fi

# What is committed under generated/ is what trailc makes of the shipped pack.
"$trailc" emit rules/cloudtrail-ten -o "$work/generated" || echo "not ok - emit rules/cloudtrail-ten"
[ -z "${BLESS:-}" ] || { rm -rf generated/cloudtrail-ten; cp -r "$work/generated" generated/cloudtrail-ten; }
if diff -r "$work/generated" generated/cloudtrail-ten >"$work/diff" 2>&1; then
    echo "ok - generated/cloudtrail-ten"
else
    echo "not ok - generated/cloudtrail-ten: differs from what trailc emits now"
    head -n 10 "$work/diff" | sed 's/^/    /'
fi
"$trailc" emit rules/cloudtrail-ten -o "$work/again" && diff -r "$work/generated" "$work/again" >/dev/null &&
    echo "ok - the same pack gives the same C" || echo "not ok - the same pack gives the same C"
