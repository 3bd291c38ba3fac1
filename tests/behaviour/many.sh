#!/bin/sh
# Many regexes over one field, which are found by their strings: what could hide a string. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
trailc=${TRAILC:-build/trailc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

{
    echo 'pack: many'
    echo 'schema: none'
    for word in mask kiosk task 'ok[0-9]+sky' 'a.b' tusk; do
        printf -- '---\nalert: any %s\nfilter: "f.keyword:/.*%s.*/i"\n' "$word" "$word"
        printf -- '---\nalert: word %s\nfilter: "f:/.*%s.*/"\n' "$word" "$word"
        printf -- '---\nalert: exact %s\nfilter: "f.keyword:/.*%s.*/"\n' "$word" "$word"
    done
} >"$work/pack.yaml"
"$trailc" build "$work/pack.yaml" -o "$work/scanner" 2>"$work/log" || { echo "not ok - the pack builds"; sed 's/^/    /' "$work/log"; exit 1; }

status=0
# NAME VALUE ALERTS: of an event whose f has this JSON value.
meets() {
    got=$(printf '{"f":%s}\n' "$2" | "$work/scanner" --hits -o json - 2>/dev/null | sed 's/.*"id":"\([^"]*\)".*/\1/' | sort | tr '\n' ' ')
    if [ "${got% }" = "$3" ]; then
        echo "ok - $1"
    else
        echo "not ok - $1: $2 met \`${got% }\`, not \`$3\`"
        status=1
    fi
}
meets "as written" '"my mask"' 'any-mask exact-mask word-mask'
meets "capitals" '"a MASK"' 'any-mask word-mask'
meets "the Kelvin sign is a k" '"mas\u212a"' 'any-mask word-mask'
meets "the long s is an s" '"ma\u017fk"' 'any-mask'
meets "behind what is not ASCII" '"é mask"' 'any-mask exact-mask word-mask'
meets "escapes" '"\u006da\u0073k"' 'any-mask exact-mask word-mask'
meets "in an array, beside others" '["x","kiosk and tusk"]' 'any-kiosk any-tusk exact-kiosk exact-tusk word-kiosk word-tusk'
meets "over the middle of a regex" '"OK12sky"' 'any-ok-0-9-sky word-ok-0-9-sky'
meets "a regex whose strings are too short" '"a-b"' 'any-a-b exact-a-b'
meets "a string alone does not do" '"oksky, mas-k"' ''
meets "as long as the string" '"task"' 'any-task exact-task word-task'
meets "a number" '5' ''
exit $status
