#!/bin/sh
# `trailc explain` with events: whatever a scanner reads, with the scanner's own verdicts, and nothing of a log raw.
set -u
cd "$(dirname "$0")/../.." || exit 2
trailc=${TRAILC:-build/trailc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

is() { # name made expected
    if [ "$2" = "$3" ]; then echo "ok - explain: $1"; else printf 'not ok - explain: %s: %s instead of %s\n' "$1" "$2" "$3"; fi
}
has() { # name text part
    case $2 in *"$3"*) echo "ok - explain: $1" ;; *) printf 'not ok - explain: %s: no %s in %s\n' "$1" "$3" "$2" ;; esac
}

cat >"$work/rule.yaml" <<'END'
pack: rule
schema: none
---
alert: One
filter: eventName.keyword:ConsoleLogin
---
alert: Two
filter: a.b:x AND NOT c:[2 TO 4]
END
one='{"eventName":"ConsoleLogin","a":{"b":"x"}}'
two='{"eventName":"AssumeRole","a.b":["y","X z"],"c":5}'
three='{"eventName":"Console\u004cogin","c":3,"a":{"b":"\ud83d\ude00"}}'

# ---- one event, or several --------------------------------------------------------------------
printf '%s' "$one" >"$work/one.json"
out=$("$trailc" explain "$work/rule.yaml" one "$work/one.json")
is "one event ends with exit code 0" $? 0
has "one event is shown as a tree" "$out" "  yes  eventName.keyword:ConsoleLogin"
has "and says in words what it is" "$out" "matches and fires: eventName is \`ConsoleLogin\`"
is "an alert goes by its name, too" "$("$trailc" explain "$work/rule.yaml" One "$work/one.json")" "$out"
is "without an alert all are explained" "$("$trailc" explain "$work/rule.yaml" "$work/one.json" | grep -c '^[a-z]')" 2
is "standard input is -" "$("$trailc" explain "$work/rule.yaml" one - <"$work/one.json" | tail -n 1)" "$(echo "$out" | tail -n 1)"

printf '%s\n%s\n%s\n' "$one" "$two" "$three" >"$work/lines.ndjson"
printf '{"Records":[%s,\n%s,%s]}' "$one" "$two" "$three" >"$work/s3.json"
printf '[%s,%s,%s]' "$one" "$two" "$three" >"$work/array.json"
gzip -c "$work/s3.json" >"$work/s3.json.gz"
mkdir "$work/tree"
cp "$work/lines.ndjson" "$work/tree"
for file in lines.ndjson s3.json array.json s3.json.gz tree; do
    is "verdicts of $file" "$("$trailc" explain --json "$work/rule.yaml" "$work/$file" | jq -c '[.alert,.source.record,.matches]' | tr '\n' ' ')" \
        '["one",1,true] ["two",1,true] ["one",2,false] ["two",2,true] ["one",3,true] ["two",3,false] '
done
out=$("$trailc" explain "$work/rule.yaml" two "$work/lines.ndjson")
is "several events have a line each, and a sum" "$(echo "$out" | wc -l)" 5
has "a line says where" "$out" "$work/lines.ndjson:3: two does not match: a.b is"
has "the sum" "$out" "two: 2 of 3 events match"
is "--record chooses" "$("$trailc" explain "$work/rule.yaml" two "$work/lines.ndjson" --record 2 | grep -c ', record 2$')" 1
is "-v shows every tree" "$("$trailc" explain -v "$work/rule.yaml" two "$work/lines.ndjson" | grep -c '^  .*  AND$')" 3

# A number is one word, as it is spelled but for capitals; a phrase of a list stands in a row.
printf 'pack: p\nschema: none\nlists: {l: [x y z, "1e5"]}\n---\nalert: N\nfilter: n:1e5 OR n:@l\n' >"$work/number.yaml"
printf '{"n":1E5}\n{"n":"1E5"}\n{"n":100000}\n{"n":"x y y z"}\n{"n":"x x y z"}\n' >"$work/numbers"
is "words of numbers and phrases of lists" "$("$trailc" explain --json "$work/number.yaml" "$work/numbers" | jq -c .matches | tr '\n' ' ')" "true true false false true "

# ---- what goes wrong --------------------------------------------------------------------------
out=$("$trailc" explain "$work/rule.yaml" three 2>&1)
is "an unknown alert: exit code" $? 1
has "an unknown alert" "$out" "is no alert of this pack, and no file"
"$trailc" explain "$work/rule.yaml" one "$work/lines.ndjson" --record 9 >"$work/out" 2>&1
is "an unknown record: exit code" $? 2
has "an unknown record" "$(cat "$work/out")" "no event with the number 9"
printf '%s\n{"eventName":\n%s\n' "$one" "$two" >"$work/damaged"
"$trailc" explain --json "$work/rule.yaml" one "$work/damaged" >"$work/out" 2>"$work/err"
is "a damaged record: exit code" $? 2
is "a damaged record leaves the others" "$(wc -l <"$work/out")" 2
has "a damaged record is named" "$(cat "$work/err")" "$work/damaged: record 2: not JSON"
"$trailc" explain "$work/rule.yaml" one --record 0 "$work/one.json" >"$work/out" 2>&1
is "--record 0: exit code" $? 2
: >"$work/empty"
"$trailc" explain "$work/rule.yaml" one "$work/empty" >"$work/out" 2>&1
is "no event: exit code" $? 2
is "and is said" "$(cat "$work/out")" "trailc: there is no event to explain"
out=$("$trailc" explain "$work/rule.yaml" one "$work/x.json" 2>&1)
is "a file that is not there: exit code" $? 2
is "a file that is not there" "$out" "trailc: cannot open $work/x.json: No such file or directory"
is "and beside us" "$("$trailc" explain "$work/rule.yaml" x.json 2>&1)" "trailc: cannot open x.json: No such file or directory"
for i in 1 2 3 4 5 6 7; do printf 'noise %s\n' $i; done >"$work/noise"
"$trailc" explain "$work/rule.yaml" one "$work/noise" 2>"$work/err"
is "noise: exit code" $? 2
is "of noise a few are named" "$(grep -c 'noise: record [123]: no JSON object' "$work/err") $(wc -l <"$work/err")" "3 4"
is "and the others counted" "$(tail -n 1 "$work/err")" "trailc: $work/noise: 4 more that are no events"
gzip -c "$work/lines.ndjson" | head -c 100 >"$work/cut.gz"
"$trailc" explain "$work/rule.yaml" one "$work/cut.gz" >"$work/out" 2>"$work/err"
is "a damaged file: exit code" $? 2
is "a damaged file is said once" "$(cat "$work/err")" "trailc: $work/cut.gz: truncated gzip data, at byte 100 of the compressed input"
head -c 12 "$work/cut.gz" >"$work/head.gz"
is "and so is one without an event" "$("$trailc" explain "$work/rule.yaml" one "$work/head.gz" 2>&1)" \
    "trailc: $work/head.gz: truncated gzip data, at byte 12 of the compressed input"
printf 'alert: W\nfilter: a:b\nwhen: more than 1 in 5m\n---\nschema: none\n' >"$work/windows.yaml"
out=$(echo '{"a":"b","eventTime":"yester\u001bday"}' | "$trailc" explain "$work/windows.yaml" - | tail -n 1)
has "a time that is none" "$out" "eventTime is \`yester\\x1bday\`, which is no time"
has "and what one is" "$out" "like \`2026-01-31T10:00:00Z\`, or seconds"
has "no time at all" "$(echo '{"a":"b"}' | "$trailc" explain "$work/windows.yaml" - | tail -n 1)" "has no time in \`eventTime\`"

# ---- hostile logs -----------------------------------------------------------------------------
printf '{"eventName":"\\u001b[2J\\u202e\\u0000\\u009b\302\233\377","a\\u001b":{"b":"\\u0007"},"a\\u001b":{"b":"y"}}' >"$work/hostile.json"
for option in -v --color=always --json; do
    "$trailc" explain $option "$work/rule.yaml" "$work/hostile.json" >"$work/out" 2>&1
    is "a hostile event with $option: exit code" $? 0
    # Only our own colours may have an escape.
    is "a hostile event with $option stays quiet" "$(sed 's/\x1b\[[0-9;]*m//g' "$work/out" | LC_ALL=C tr -d '\n -~' | LC_ALL=C tr -d '\302\240-\377' | wc -c)" 0
done
is "--json is JSON" "$("$trailc" explain --json "$work/rule.yaml" "$work/hostile.json" | jq -s length)" 2
NO_COLOR=1 "$trailc" explain "$work/rule.yaml" "$work/one.json" >"$work/out"
is "no colour in a file" "$(grep -c "$(printf '\033')" "$work/out")" 0
deep=$(awk 'BEGIN { for (i = 0; i < 127; i++) printf "{\"a\":"; printf "{}"; for (i = 0; i < 127; i++) printf "}" }')
printf '%s' "$deep" >"$work/deep.json"
is "as deep as a record may be" "$("$trailc" explain --json "$work/rule.yaml" one "$work/deep.json" | jq .matches)" false

# ---- the scanner's verdicts -------------------------------------------------------------------
"$trailc" build rules/cloudtrail-ten -o "$work/sentry" --cflags "${CFLAGS:--O1}" || echo "not ok - explain: no scanner"
"${BUILD:-build}/tests/day" --format ndjson --records 1500 --duplicates 0 --out "$work/day.ndjson"
# An event counts once in a scanner, so events go by their ID; the alert on silence matches all of them.
"$work/sentry" --hits -o json --application prod-trail "$work/day.ndjson" | jq -r '[.id,.event_id] | @tsv' | LC_ALL=C sort -u >"$work/hits"
"$trailc" explain --json rules/cloudtrail-ten "$work/day.ndjson" | jq -r 'select(.matches) | [.alert,.event_id] | @tsv' | LC_ALL=C sort -u >"$work/explained"
is "hits of every alert to compare" "$(cut -f1 "$work/hits" | sort -u | wc -l)" 10
is "a day of logs matches as in the scanner" "$(md5sum <"$work/explained")" "$(md5sum <"$work/hits")"

# ---- a large pack -----------------------------------------------------------------------------
# What is said of one alert is not found by going through all others' texts: that took gigabytes.
for view in keyword text; do
    awk -v field="$([ $view = keyword ] && echo p.agent.keyword || echo p.agent)" 'BEGIN {
        print "pack: large\nschema: none"
        for (i = 0; i < 1500; i++) printf "---\nalert: A%d\nfilter: %s:/.*agent%d.*/\n", i, field, i
    }' >"$work/large.yaml"
    case "${CFLAGS:-}" in
    *-fsanitize*) echo "ok - explain: 1,500 regexes on one field's $view # SKIP sanitizers take memory of their own" ;;
    *)
        is "1,500 regexes on one field's $view" \
            "$(ulimit -v 1000000 && "$trailc" explain "$work/large.yaml" 2>&1 | grep -c 'in every record: walks p; looks for strings in p.agent')" 1500
        ;;
    esac
done
