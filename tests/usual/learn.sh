#!/bin/bash
# `learn`, as people use it: what it says of other thresholds is what scanners with these thresholds find; what it
# writes; what it refuses.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
export LC_ALL=C.UTF-8 TZ=UTC
trailc=${TRAILC:-$root/build/trailc}

check() {
    local name=$1
    shift
    if "$@" >detail 2>&1; then
        echo "ok - learn: $name"
    else
        echo "not ok - learn: $name: $*"
        cut -c1-200 out | sed 's/^/# out: /' | head -20
        sed 's/^/# err: /' err | head -20
    fi
}
run() {
    "$@" >out 2>err </dev/null
    code=$?
}
has() { grep -qF -- "$2" "$1"; }
is() { [ "$1" = "$2" ]; }
events() { awk -v DAYS="$1" -v GAP="${2-}" -v FROM="${3-0}" -f "$root/tests/usual/history.awk"; }

mkdir pack
printf 'pack: learncheck\r\nversion: "7"\r\n' >pack/pack.yaml
cat >pack/a.yaml <<'YAML'
# Größen stehen hier: ≤ 100 vor dem Wert, damit Zeichen und Bytes nicht dasselbe sind.
alert: Zu viele Anmeldungen
filter: eventName:ConsoleLogin
when:   "more  than 100 in 1h"   # 100, a guess
group_by: [userIdentity.userName]
notify_every: 20m
---
alert: Two steps
filter: eventName:ConsoleLogin
when:
  - {when: at least 40 in 30m, priority: P2}
  - when: More Than 200 In 30m
    priority: P1
---
alert: Quiet
filter: eventName:ListUsers
when: less than 3 in 6h
active: {days: [Mon-Fri]}
---
alert: No log
filter: "*"
when: less than 1 in 2h
---
alert: Each
filter: eventName:ListUsers
YAML
"$trailc" build pack -o sentry 2>err || { cat err; echo "not ok - learn: build"; exit 1; }
events 21 >history.ndjson

run ./sentry learn --format json --per-week 2 -o baseline.json history.ndjson
check "a history is learnt" is $code 0
cp out learnt
check "each condition that counts has an answer, and no other" is "$(sed 's/.*"id":"\([^"]*\)","condition":\([0-9]*\).*/\1 \2/' out | tr '\n' ,)" \
    "zu-viele-anmeldungen 0,two-steps 0,two-steps 1,quiet 0,no-log 0,"
check "by hour of the week, from two weeks on" is "$(grep -c '"season":"weekly"' out)" 4

# ---- what is said of an N is what a scanner with that N says ----
number_of() { # id condition: N, firings and notifications of what was tried
    grep "\"id\":\"$1\",\"condition\":$2," learnt | grep -o '{"n":[^}]*}' | sed 's/{"n":\([0-9]*\),"firings":\([0-9]*\),"fired":\([0-9]*\)}/\1 \2 \3/'
}
mkdir others
: >wanted
hold() { # id condition rest: an alert for each N
    local n firings fired
    while read -r n firings fired; do
        printf 'alert: %s %s\n%s\n---\n' "$1" "$n" "${3//@/$n}" >>others/all.yaml
        echo "$1-$n $firings $fired" >>wanted
    done < <(number_of "$1" "$2")
}
hold zu-viele-anmeldungen 0 'filter: eventName:ConsoleLogin
when: more than @ in 1h
group_by: [userIdentity.userName]
notify_every: 20m'
hold two-steps 0 'filter: eventName:ConsoleLogin
when: at least @ in 30m'
hold quiet 0 'filter: eventName:ListUsers
when: less than @ in 6h
active: {days: [Mon-Fri]}'
"$trailc" build others -o all 2>err
./all history.ndjson >all.out
while read -r id _; do
    grep -F "\"id\":\"$id\"" all.out | grep '"state":"firing"' >one
    echo "$id $(grep -o '"dedup_key":"[^"]*"' one | sort -u | wc -l) $(wc -l <one)"
done <wanted >found
check "scanners with other thresholds find what was said" diff wanted found
check "of more than a few" test "$(wc -l <wanted)" -ge 25

# ---- the proposal ----
proposal() { grep "\"id\":\"$1\",\"condition\":$2," learnt | sed -n 's/.*"proposed":\([0-9]*\).*/\1/p'; }
firings() { number_of "$1" "$2" | awk -v n="$3" '$1 == n { print $2 }'; }
best=$(proposal zu-viele-anmeldungen 0)
check "the proposal fires as often as is wanted, or less" test "$(firings zu-viele-anmeldungen 0 "$best")" -le 6
check "and one less would fire more often" test "$(firings zu-viele-anmeldungen 0 $((best - 1)))" -gt 6
check "what fires today is said, too" grep -q '"n":100,"firings":[0-9]' learnt
run ./sentry learn --format json --per-week 0 history.ndjson
cp out learnt
best=$(proposal two-steps 1)
check "none a week: the least that never fires" is "$(firings two-steps 1 "$best") $(($(firings two-steps 1 $((best - 1))) > 0))" "0 1"
run ./sentry learn --format text --per-week 2 history.ndjson
check "people get a table" grep -q '^ *[0-9]* *[0-9]* *[0-9]*   proposed$' out
check "and bars" has out ▇
check "and hear of what is only there or not" has out "asks only whether there are events"

# ---- writing them ----
cp -R pack before
chmod 640 pack/a.yaml
run ./sentry learn --format json --per-week 2 --write pack history.ndjson
check "--write writes" is "$code" 0
check "and says so" has err "numbers written into 1 file"
best=$(sed -n '/zu-viele/s/.*"proposed":\([0-9]*\).*/\1/p' out)
low=$(sed -n '/two-steps","condition":0/s/.*"proposed":\([0-9]*\).*/\1/p' out)
high=$(sed -n '/two-steps","condition":1/s/.*"proposed":\([0-9]*\).*/\1/p' out)
quiet=$(sed -n '/"quiet"/s/.*"proposed":\([0-9]*\).*/\1/p' out)
sed -e "s/than 100 in/than $best in/" -e "s/least 40 in/least $low in/" -e "s/Than 200 In/Than $high In/" \
    -e "s/less than 3 in/less than $quiet in/" before/a.yaml >wanted
check "nothing but the numbers changes" cmp wanted pack/a.yaml
check "another file stays as it is" cmp before/pack.yaml pack/pack.yaml
check "its mode stays" is "$(stat -c %a pack/a.yaml)" 640
check "nothing is left beside it" is "$(ls pack | tr '\n' ' ')" "a.yaml pack.yaml "
check "the pack is fine" "$trailc" check pack
run ./sentry learn --write pack history.ndjson
check "a pack that has other numbers by now is refused" is "$code" 2
check "with what to do" has err "build the scanner from this pack first"
check "and stays" cmp wanted pack/a.yaml
mkdir other
sed 's/Zu viele/Sehr viele/' before/a.yaml >other/a.yaml
run ./sentry learn --write other history.ndjson
check "a pack without the alert is refused" has err 'has no alert "Zu viele Anmeldungen"'
sed 's/"more  than 100 in 1h"/"more than \\x3100 in 1h"/' before/a.yaml >other/a.yaml
cp other/a.yaml was
run ./sentry learn --write other history.ndjson
check "a number that cannot be told for sure is refused" has err "no single number"
check "and all stays" cmp was other/a.yaml
cp before/a.yaml other/a.yaml
cp before/a.yaml other/b.yaml
run ./sentry learn --write other history.ndjson
check "an alert that is there twice is refused" has err "is there twice"

# ---- the file ----
check "the baseline has the busy groups" grep -q '"group":{"userIdentity.userName":"alice"},"samples":[0-9]' baseline.json
run ./sentry learn -o again.json -j1 history.ndjson
check "the same history is the same file" cmp baseline.json again.json
events 12 >first.ndjson
events 21 "" 12 >second.ndjson
run ./sentry learn -o part.json first.ndjson
run ./sentry learn -o whole.json --merge part.json second.ndjson
check "two parts are merged" is "$code" 0
check "without a word, for they are of other times" is "$(cat err)" ''
# The last step of the first part, and the windows over the seam, are no samples of either.
sizes() { grep -o '"samples":[0-9]*' "$1" | awk -F: '{ n += $2 } END { print n }'; }
check "into about the same" test $(($(sizes baseline.json) - $(sizes whole.json))) -le 40
check "and no more" test "$(sizes whole.json)" -le "$(sizes baseline.json)"
run ./sentry learn --merge baseline.json history.ndjson
check "the same time twice is told" has err "counts twice"
run ./sentry learn --groups 2 -o few.json history.ndjson
check "the groups with the most events stay" is "$(grep -c '"group":{"userI' few.json)" 2
check "it is said how many are left out" grep -q '"groups":2,"groups_left_out":1,' out
events 30 "9 12" >gaps.ndjson
run ./sentry learn --format text -o gaps.json gaps.ndjson
check "gaps are told" has out "no log from 2026-03-10T23:"
head -c 1500 baseline.json >torn.json
run ./sentry learn --merge torn.json history.ndjson
check "a torn file is refused" is "$code" 2
check "with the place" has err "torn.json: no file that learn wrote, or a damaged one: ends too early, at byte 1500"
echo '{"a":1}' >foreign.json
run ./sentry learn --merge foreign.json history.ndjson
check "another file, too" has err "this is no baseline"
sed 's/"version":1/"version":2/' baseline.json >newer.json
run ./sentry learn --merge newer.json history.ndjson
check "and one of another version" has err "of another version"

# ---- use ----
run ./sentry learn -o '' history.ndjson
check "--output wants a name" has err "--output wants the name of a file"
run ./sentry learn --per-week often history.ndjson
check "--per-week wants a number" has err "'often' is no number"
run ./sentry learn --follow history.ndjson
check "what is for scanning is refused" has err "--follow is for scanning"
run ./sentry learn missing.ndjson
check "what cannot be read is told by the exit code" is "$code" 3
printf '%s\n' '{"eventTime":"2026-03-02T10:00:00Z","eventName":"ConsoleLogin","eventID":"x","userIdentity":{"userName":"\u001b[31mred"}}' >hostile.ndjson
run ./sentry learn --format text hostile.ndjson
check "a name from the log does nothing to the terminal" sh -c '! grep -q "$(printf "\033")" out'
check "a short history says how long still" has out "of history are missing"
run ./sentry learn --format text history.ndjson
check "what is usual is told in whole events" grep -qE '^  usual    from [0-9]+ to [0-9]+ at the end of this history, [0-9.]+ expected [(](plain|daily|weekly)[)]$' out
run ./sentry learn --help
check "--help fits a screen" test "$(wc -l <out)" -le 24
TMPDIR=/nonexistent ./sentry learn --format json history.ndjson >small 2>&1
check "what fits into memory needs no temporary file" grep -q '"proposed"' small
