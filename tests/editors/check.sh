#!/bin/sh
# `trailc check --json`, as an editor uses it: a text on standard input in place of its file, ranges, and fixes that fix.
set -u
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

expect() { # NAME EXPECTED ACTUAL
    if [ "$2" = "$3" ]; then
        printf 'ok - %s\n' "$1"
    else
        printf 'not ok - %s: expected `%s`, got `%s`\n' "$1" "$2" "$3"
    fi
}

# ---- the document ----

printf '{alert: "é😀", filter: "ü:x AND  y:[9 TO 1]"}\n---\nschema: none\n' >"$work/one.yaml"
"$TRAILC" check --json "$work/one.yaml" >"$work/one.json"
expect "exit" 1 $?
expect "its keys" "diagnostics errors warnings" "$(jq -r 'keys | join(" ")' "$work/one.json")"
expect "a diagnostic's keys" "code column endColumn endLine file fix line message note rewrite severity" \
    "$(jq -r '.diagnostics[0] | keys | join(" ")' "$work/one.json")"
expect "counts" "1 0" "$(jq -r '"\(.errors) \(.warnings)"' "$work/one.json")"
expect "columns are code points" "E108 1:35-1:43" \
    "$(jq -r '.diagnostics[0] | "\(.code) \(.line):\(.column)-\(.endLine):\(.endColumn)"' "$work/one.json")"
expect "the fix's range and text" "1:33-1:43 y:[1 TO 9]" \
    "$(jq -r '.diagnostics[0].fix | "\(.range.line):\(.range.column)-\(.range.endLine):\(.range.endColumn) \(.text)"' "$work/one.json")"
expect "a pack without faults" '{"diagnostics":[],"errors":0,"warnings":0}' \
    "$("$TRAILC" check --json rules/cloudtrail-ten | jq -c .)"
expect "two packs are one document" 1 "$("$TRAILC" check --json rules/cloudtrail-ten "$work/one.yaml" | jq -s length)"
printf 'alert: a\nfilter: sg-a1\n' >"$work/warning.yaml"
expect "warnings are counted" "0 1" "$("$TRAILC" check --json "$work/warning.yaml" | jq -r '"\(.errors) \(.warnings)"')"
expect "as errors with --werror" "1 0" "$("$TRAILC" check --json --werror "$work/warning.yaml" | jq -r '"\(.errors) \(.warnings)"')"

# ---- standard input ----

pack=$work/pack
mkdir "$pack"
printf 'pack: p\nschema: none\nlists: {admins: [alice], readers: {file: readers.txt}}\ndefaults: {filter: "*"}\n' >"$pack/pack.yaml"
printf 'bob\n' >"$pack/readers.txt"
printf 'alert: one\nfilter: a:x\n' >"$pack/one.yaml"
printf 'alert: two\nfilter: a:y\n' >"$pack/two.yaml"
stdin() { # NAME, the text on standard input
    "$TRAILC" check --json --stdin-filename "$1" - | jq -r '.diagnostics[] | "\(.code) \(.file) \(.line)"' | tr '\n' ' '
}
expect "lists and defaults of the pack are known" "" "$(echo 'alert: new' | stdin "$pack/new.yaml")"
expect "and a list's file" "" "$(printf 'alert: new\nfilter: u:@readers\n' | stdin "$pack/new.yaml")"
expect "the text stands for the file" "" "$(printf 'alert: one\nfilter: b:z\n' | stdin "$pack/one.yaml")"
expect "other alerts count" "E006 $pack/two.yaml 1 " "$(printf 'alert: two\nfilter: b:z\n' | stdin "$pack/one.yaml")"
expect "a fault has the file's name" "E112 $pack/one.yaml 2 " "$(printf 'alert: one\nfilter: b:@no\n' | stdin "$pack/one.yaml")"
expect "the header, edited" "E112 $pack/one.yaml 2 " "$(
    printf 'alert: one\nfilter: b:@admins\n' >"$pack/one.yaml"
    printf 'pack: p\nschema: none\n' | stdin "$pack/pack.yaml"
)"
printf 'alert: one\nfilter: a:x\n' >"$pack/one.yaml"
expect "files beside the working directory" "" \
    "$(cd "$pack" && printf 'alert: new\nfilter: u:@readers\n' | "$TRAILC" check --json --stdin-filename new.yaml - | jq -r '.diagnostics[]')"
expect "without a name the text is all" "E005 - 1" \
    "$(cd "$pack" && echo 'alert: new' | "$TRAILC" check --json - | jq -r '.diagnostics[] | "\(.code) \(.file) \(.line)"')"
expect "for people, too" "-:2:9: error[E104]" "$(printf 'alert: a\nfilter: eventName:()\n' | "$TRAILC" check --color=never - 2>&1 | head -n 1 | cut -c1-18)"
expect "a text of nothing has the same name" "E005 - 1" \
    "$(: | "$TRAILC" check --json - | jq -r '.diagnostics[] | "\(.code) \(.file) \(.line)"')"
expect "and the name that is given" "E005 nowhere/new.yaml 1 " "$(: | stdin nowhere/new.yaml)"
echo 'alert: new' | "$TRAILC" check --json --stdin-filename "$pack/new.yaml" - >/dev/null
expect "exit 0 without errors" 0 $?

# ---- fixes ----

# Applies the one fix of a document to a text, by lines and columns.
apply() { # TEXT DOCUMENT
    jq -Rsj --slurpfile document "$2" '
        def place($line; $column): ([split("\n")[:$line - 1][] | length + 1] | add // 0) + $column - 1;
        . as $text | ($document[0].diagnostics | map(select(.fix)) | .[0].fix) as $fix | $fix.range as $r
        | ($text | place($r.line; $r.column)) as $from | ($text | place($r.endLine; $r.endColumn)) as $to
        | $text[:$from] + $fix.text + $text[$to:]' "$1"
}

# One rule in each of the ways to write a filter in YAML, with something other than ASCII before it.
write() { # STYLE SCHEMA FILTER
    escaped=$(printf '%s' "$3" | sed 's/[\\"]/\\&/g')
    doubled=$(printf '%s' "$3" | sed "s/'/''/g")
    case $1 in
    double) printf '{alert: "é😀 ü", filter: "%s", tests: []}\n' "$escaped" ;;
    single) printf "{alert: 'é😀 ü', filter: '%s', tests: []}\n" "$doubled" ;;
    folded) printf 'alert: é\nfilter: >-\n    %s\n# é\ntests: []\n' "$(printf '%s' "$3" | sed 's/ /\n    /')" ;;
    literal) printf 'alert: é\nfilter: | # é\n  %s\n' "$3" ;;
    esac
    printf -- '---\npack: p\nschema: %s\nlists: {admins: [alice]}\n' "$2"
}

grep -v '^#' tests/editors/faults | while IFS='|' read -r certain schema filter; do
    for style in double single folded literal; do
        write "$style" "$schema" "$filter" >"$work/rule.yaml"
        "$TRAILC" check --json "$work/rule.yaml" >"$work/before.json"
        name="$style: $filter"
        if [ "$(jq '[.diagnostics[] | select(.fix)] | length' "$work/before.json")" -eq 0 ]; then
            printf 'not ok - %s: no fix: %s\n' "$name" "$(jq -c '.diagnostics' "$work/before.json")"
            continue
        fi
        apply "$work/rule.yaml" "$work/before.json" >"$work/fixed.yaml"
        "$TRAILC" check --json "$work/fixed.yaml" >"$work/after.json"
        if [ "$(jq .errors "$work/after.json")" -gt 0 ]; then
            printf 'not ok - %s: fixed, it has errors: %s\n' "$name" "$(cat "$work/fixed.yaml")"
        elif [ "$(jq '.diagnostics | length' "$work/after.json")" -ge "$(jq '.diagnostics | length' "$work/before.json")" ]; then
            printf 'not ok - %s: the fix fixes nothing: %s\n' "$name" "$(cat "$work/fixed.yaml")"
        else
            expect "$name: certain" "$certain" \
                "$(jq -r '[.diagnostics[] | select(.fix)][0].fix.certain | if . then "yes" else "no" end' "$work/before.json")"
        fi
    done
done

# Faults of the rule file: fixed, they are gone.
grep -v '^#' <<'END' | while IFS='|' read -r certain line; do
yes|prioritiy: P1
yes|priority: 2
yes|priority: p1
yes|tags: one
yes|applications: [prod, not:x]
yes|subsystems: ['not: *x']
yes|active: {days: Monday}
yes|active: {from: 9:00}
yes|group_by: [eventName.keyword]
no|id: New Admin
no|active: {timezone: Europe/Berlim}
no|when: more than 5 within 1h
no|when: more than 5 in 10min
no|description: !important
no|description: *starred
END
    printf 'alert: é\nfilter: eventName:CreateUser\n%s\n' "$line" >"$work/rule.yaml"
    "$TRAILC" check --json "$work/rule.yaml" >"$work/before.json"
    apply "$work/rule.yaml" "$work/before.json" >"$work/fixed.yaml"
    expect "$line" "0 $certain" "$("$TRAILC" check --json "$work/fixed.yaml" | jq .errors) $(
        jq -r '[.diagnostics[] | select(.fix)][0].fix.certain | if . then "yes" else "no" end' "$work/before.json")"
done
