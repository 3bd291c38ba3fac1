#!/bin/bash
# `sentry patterns`: what it lists, what is new, what has no rule, the rule it suggests, and what hostile logs can do to it.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
trailc=${TRAILC:-$root/build/trailc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
export LC_ALL=C.UTF-8 TZ=UTC
unset TRAIL_PROGRESS

check() {
    local name=$1
    shift
    if "$@" >detail 2>&1; then
        echo "ok - patterns: $name"
    else
        echo "not ok - patterns: $name: $*"
        sed 's/^/# out: /' out | head -5
        sed 's/^/# err: /' err | head -5
    fi
}
run() {
    ./sentry patterns "$@" >out 2>err </dev/null
    code=$?
}
has() { grep -qF -- "$2" "$1"; }
matches() { grep -qE -- "$2" "$1"; }
is() { [ "$1" = "$2" ]; }
lines() { [ "$(wc -l <"$1")" = "$2" ]; }

mkdir pack
cat >pack/a.yaml <<'YAML'
pack: patterns
---
alert: New admin
filter: eventName.keyword:AddUserToGroup AND NOT _exists_:errorCode
---
alert: Failures
filter: errorCode:*
when: more than 5 in 1h
---
alert: Silence
filter: "*"
when: less than 1 in 30m
YAML
"$trailc" build pack -o sentry 2>err || { cat err; echo "not ok - patterns: build"; exit 1; }

event() { # minute, name, more
    printf '{"eventTime":"2026-01-01T10:%02d:00Z","eventSource":"iam.amazonaws.com","eventName":"%s","eventID":"%s","userIdentity":{"type":"IAMUser","userName":"ann"}%s}\n' \
        "$1" "$2" "$RANDOM$1" "${3:-}"
}
{
    for i in 1 2 3; do event $i ListUsers ',"requestParameters":null'; done
    event 4 AddUserToGroup ',"requestParameters":{"userName":"bob","groupName":"admins"}'
    event 5 AddUserToGroup ',"requestParameters":{"groupName":"admins","userName":"eve"}'
    event 6 AddUserToGroup ',"errorCode":"AccessDenied","requestParameters":{"groupName":"admins","userName":"eve"}'
} >log

# ---- what is listed ----
run log
check "exits with 0" is $code 0
check "one line for each kind of event" lines out 3
check "the most frequent first" is "$(jq -c '[.fields.eventName,.fields.errorCode,.count]' out | paste -sd' ')" \
    '["ListUsers",null,3] ["AddUserToGroup",null,2] ["AddUserToGroup","AccessDenied",1]'
check "keys in any order are one shape" is "$(jq -r 'select(.count==2).shapes.requestParameters' out)" '{groupName:string,userName:string}'
check "first and last seen, share, example" is \
    "$(jq -c 'select(.count==2)|[.first_seen,.last_seen,.share,.example]' out)" \
    '["2026-01-01T10:04:00Z","2026-01-01T10:05:00Z",0.333333,{"path":"log","record":4}]'
check "alerts that want them, silence aside" is "$(jq -c '[.alerts,.covered]' out | paste -sd' ')" '[{},0] [{"new-admin":2},2] [{"failures":1},1]'
cp out all
run --rare log
check "--rare" is "$(jq .count out | paste -sd' ')" '1 2 3'
run --uncovered log
check "--uncovered" is "$(jq -r .fields.eventName out)" ListUsers
run -n1 log
check "--limit" lines out 1
run --examples log
check "--examples" is "$(jq -r 'select(.count==2).example.event.requestParameters.userName' out)" bob
run --since 2026-01-01T10:04:00Z --until 2026-01-01T10:06:00Z log
check "--since, --until" is "$(jq -c '[.fields.eventName,.count]' out)" '["AddUserToGroup",2]'
run --since 1h log
check "--since so long ago" lines out 0
run -o text log
check "text" matches out '^       2   33\.3%  [0-9a-f]{16}  iam.amazonaws.com AddUserToGroup IAMUser$'
check "text says which alerts" has out "alerts new-admin"
check "text says where there is none" has out "no alert"
check "text sums up" has out "3 of 3 patterns in 6 events"
run -o csv log
check "CSV" has out ',"2","0.333333","2026-01-01T10:04:00Z","2026-01-01T10:05:00Z","eventSource=iam.amazonaws.com eventName=AddUserToGroup userIdentity.type=IAMUser","userIdentity={type:string,userName:string} requestParameters={groupName:string,userName:string}","2","new-admin","log","4"'

# ---- forms of input, threads ----
gzip -c log >log.gz
jq -sc '{Records:.}' log >records.json
jq -s . log >pretty.json
for form in log.gz records.json pretty.json; do
    run "$form"
    check "the same of $form" is "$(jq -cS 'del(.example)' out)" "$(jq -cS 'del(.example)' all)"
done
./sentry patterns <log >out 2>err
check "the same of standard input" is "$(jq -cS 'del(.example)' out)" "$(jq -cS 'del(.example)' all)"
for i in $(seq 3000); do event $((i % 60)) "Call$(printf '%d' $((i % 7)) | tr 0-9 a-j)" ",\"requestParameters\":{\"k$((i % 9))\":$i}"; done >long
./sentry patterns -j1 long >one 2>err
for j in 2 5; do
    run -j$j long
    check "the same with $j threads" cmp one out
done
{ cat log; echo '{"eventName":}'; } >torn
run torn
check "a damaged record is told" has err "sentry: torn:"
check "and the exit code says so" is $code 3
check "and the rest is listed" lines out 3

# ---- what is new ----
run --save known.json log
check "--save" is "$(jq -c '[.trailc,.version,(.patterns|length)]' known.json)" '["patterns",1,3]'
run --known known.json log
check "nothing is new of what is known" is "$code $(cat out)" "0 "
{ cat log; event 7 DeleteUser; event 8 ListUsers ',"requestParameters":{"maxItems":5}'; } >more
run --known known.json --exit-code more
check "what is new is listed" is "$(jq -r .fields.eventName out | sort | paste -sd' ')" 'DeleteUser ListUsers'
check "--exit-code" is $code 1
run --known known.json --exit-code log
check "--exit-code of nothing new" is $code 0
run --known known.json --save known.json more
check "what is new is listed before it is saved" lines out 2
check "sets are merged, counts added" is "$(jq -c '[(.patterns|length),([.patterns[].count]|add)]' known.json)" '[5,14]'
check "in an order that makes small differences" is "$(jq -r '.patterns[].fields.eventName' known.json)" "$(jq -r '.patterns[].fields.eventName' known.json | sort)"
run --known known.json --known known.json more
check "several sets are known" is "$code $(cat out)" "0 "
head -c 300 known.json >cut.json
for file in "cut.json is damaged" "log is no set of patterns" "missing cannot be opened" "pack is no file"; do
    run --known "${file%% *}" more
    check "refused: $file" matches err "^sentry: ${file%% *}: ${file#* }"
    check "with exit code 2: $file" is $code 2
done
sed 's/"version":1/"version":9/' known.json >newer.json
run --known newer.json log
check "a newer set is refused" has err "newer.json: was written by a newer version"
run --save no/such/directory log
check "a set that cannot be written" matches err '^sentry: no/such/directory: cannot be written: No such file'
check "exits with 2" is $code 2

# ---- rules ----
id=$(jq -r 'select(.count==2).pattern' all)
run --suggest "$id" log
cp out rule.yaml
"$trailc" check --werror rule.yaml >out 2>err
check "--suggest prints a rule that trailc takes" is $? 0
mkdir suggested
cp rule.yaml suggested/
printf 'pack: suggested\nschema: cloudtrail\n' >suggested/pack.yaml
"$trailc" build suggested -o suggested-scanner 2>err
./suggested-scanner --hits log >out 2>err
check "and that finds the pattern's events" lines out 2
run --known known.json --suggest "${id:0:6}"
check "--suggest of a set, by the beginning of a name" is $code 0
grep -v '^# Pattern' rule.yaml >a
grep -v '^# Pattern' out >b
check "which is the same rule" cmp a b
run --suggest 0000aaaa log
check "--suggest of what is not there" is "$code $(head -1 err)" "2 sentry: --suggest: no pattern 0000aaaa is in what was read"
run --suggest "x y" log
check "--suggest of no name" has err "is no pattern's name"
# Values and keys that would be something else in YAML, in a filter, on a terminal or in a spreadsheet.
{
    printf '%s\n' '{"eventSource":"a: b # c","eventName":"x\u0022 OR _exists_:y"}' '{"eventSource":"- @l","eventName":"&a *b !c %d @e `f"}' \
        '{"eventSource":"{a: [b","eventName":"'"'"' \" \\ \n alert: x"}' '{"eventSource":"=1+1","eventName":" lead and trail ","userIdentity":{"type":"*"}}' \
        '{"eventSource":"(a OR b) AND NOT c","eventName":"/re/ w* ~1 ^2 [1 TO 2]"}' '{"eventSource":"\u001b[31m","eventName":"\u202e\u0000"}' \
        '{"eventSource":"","eventName":"","errorCode":""}' '{"type":"'"'"'#: -","level":"a\u000ab","event":{"action":"@x"}}' '{"a\nalert: y":{"\u001b":1,"#x: {":2}}' '{}'
} >hostile
run hostile
check "hostile values are patterns, too" lines out 10
check "and nothing of them reaches a terminal" bash -c '! LC_ALL=C grep -q "[^ -~]" out'
n=0
for id in $(jq -r .pattern out); do
    n=$((n + 1))
    ./sentry patterns --suggest "$id" hostile >"hostile$n.yaml" 2>err
    "$trailc" check "hostile$n.yaml" >out 2>err
    check "a rule for hostile values is a rule ($n)" is $? 0
    mkdir "h$n"
    cp "hostile$n.yaml" "h$n/"
    echo 'schema: none' >"h$n/pack.yaml"
    "$trailc" build "h$n" -o "hs$n" 2>err
    ./sentry patterns --suggest "$id" hostile >/dev/null 2>err
    check "and finds at least its event ($n)" bash -c "[ \$(./hs$n --hits hostile 2>/dev/null | wc -l) -ge 1 ]"
done
run -o csv hostile
check "no formula for a spreadsheet" bash -c '! grep -qE "(^|,)\"?[=+@-]" out'
run -o text hostile
check "text of hostile values is plain" bash -c '! LC_ALL=C grep -q "[^ -~]" out'

# ---- bounds ----
awk 'BEGIN { for (i = 0; i < 5000; i++) { k = ""; for (n = i; n > 0; n = int(n / 26)) k = k sprintf("%c", 97 + n % 26); printf "{\"type\":\"a\",\"zz%s\":1}\n", k } }' >keys
run keys
check "keys of an attacker's making are a hundred patterns and one" lines out 101
check "and all events are counted" is "$(jq .count out | paste -sd+ | bc)" 5000
awk 'BEGIN { for (i = 0; i < 5000; i++) printf "{\"type\":\"a\",\"map\":{\"i-%08x\":1,\"arn:aws:x:%d\":2}}\n", i * 7919, i }' >data
run data
check "keys that look like data are one" is "$(jq -c '[.count,.shapes.event]' out)" '[5000,"{map:{*:number},type:string}"]'
awk 'BEGIN { for (i = 0; i < 5000; i++) { k = ""; for (n = i; n > 0; n = int(n / 26)) k = k sprintf("%c", 97 + n % 26); printf "{\"type\":\"t%s\"}\n", k } }' >types
run --max 1000 types
check "patterns beyond --max are counted" has err "4000 events are of patterns beyond the first 1000: left out"
check "and the exit code says so" is $code 3

# ---- the command line ----
run --help
check "--help fits a screen" bash -c '[ "$(wc -l <out)" -le 24 ] && [ "$(wc -L <out)" -le 80 ]'
for option in $(grep -o -- '--[a-z][a-z-]*' out | sort -u); do
    check "the manual has $option" grep -qE "(Fl |, )-${option#--}( |$)" "$root/runtime/trailc-scanner.1"
done
for wrong in "--limit 0" "--max x" "--max 1000001" "-j 0" "-o xml" "--since soon" "--nothing" "--since 2026-01-02 --until 2026-01-01" "--suggest aaaa --save x"; do
    run $wrong log
    check "wrong: $wrong" is "$code $(grep -c "^Try 'sentry patterns --help'" err)" "2 1"
done
run --known
check "wrong: --known alone" has err "--known needs a value"
if [ -w /dev/full ]; then
    ./sentry patterns log >/dev/full 2>err
    check "a full disk is told" is "$? $(cat err)" "2 sentry: standard output: No space left on device"
else
    echo "ok - patterns: a full disk is told # SKIP no /dev/full"
fi
(trap '' PIPE; ./sentry patterns long 2>err | head -1 >out)
check "a closed pipe is quiet" test ! -s err
if command -v script >/dev/null; then
    TRAIL_PROGRESS=0 TERM=xterm script -qec "stty cols 60; ./sentry patterns -n1 long" /dev/null </dev/null >out 2>err
    check "progress counts patterns" matches out '[0-9]+%, .*[0-9]+ patterns'
    check "text on a terminal, as wide as it is" bash -c 'tr -d "\r" <out | sed "s/.*\x1b\[K//" | grep -q "% .*Call" && [ "$(tr -d "\r" <out | sed "s/.*\x1b\[K//" | wc -L)" -le 60 ]'
else
    echo "ok - patterns: progress # SKIP no script(1)"
fi
