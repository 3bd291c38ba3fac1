#!/bin/bash
# The command line of `sentry report`: options, forms, exit codes, and what it counts. What the page is in a browser is tested in
# tests/browser. Prints TAP. Needs build/trailc.
set -u
export LC_ALL=C.UTF-8
root=$(cd "$(dirname "$0")/../.." && pwd)
trailc=${TRAILC:-$root/build/trailc}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1

cat >rules.yaml <<'YAML'
pack: small
schema: none
time: time
event_id: id
---
alert: Login failures
priority: P2
filter: name:login
when: more than 3 in 10m
group_by: [user]
breakdown: [from]
tags: [attack.t1110.001, attack.t9999, other]
---
alert: Root
priority: P1
filter: user:root
show: [user]
tags: [attack.t1078]
---
alert: Nothing
filter: name:nothing
YAML
"$trailc" build rules.yaml -o sentry 2>err || {
    echo "not ok - report: builds: $(cat err)"
    exit 1
}
# Four hours, a record a minute but for 30 minutes; six logins of alice within three minutes; two of root.
jq -nc 'range(240) | select(. < 100 or . >= 130) | {time: (1773446400 + . * 60), id: "m\(.)", name: "tick", user: "cron"}' >log.ndjson
jq -nc 'range(6) | {time: (1773446400 + 3000 + . * 30), id: "a\(.)", name: "login", user: "alice", from: "192.0.2.\(. % 2)"}' >>log.ndjson
jq -nc 'range(2) | {time: (1773446400 + 9000 + . * 30), id: "r\(.)", name: "login", user: "root", from: "=1+1"}' >>log.ndjson
sort log.ndjson >sorted.ndjson && jq -sc 'sort_by(.time)[]' sorted.ndjson >log.ndjson

check() { # NAME CONDITION…
    local name=$1
    shift
    if "$@"; then
        echo "ok - report: $name"
    else
        echo "not ok - report: $name: $*"
        sed 's/^/# out: /' out | cut -c 1-300 | head -5
        sed 's/^/# err: /' err | head -5
    fi
}
run() {
    ./sentry report "$@" >out 2>err </dev/null
    code=$?
}
is() { [ "$1" = "$2" ] || { echo "# $1, not $2"; return 1; }; }
has() { grep -qF -- "$2" "$1"; }
query() { is "$(jq -c "$1" out)" "$2"; }

# ---- forms ----
run log.ndjson --format json -o -
check "JSON: fine" is "$code" 0
check "JSON: the alerts, what they met and fired" query '[.alerts[] | [.id, .hits, .fired]]' '[["login-failures",8,1],["root",2,2],["nothing",0,0]]'
check "JSON: alerts in order of time, the newest first" query '[.fired[] | [.id, .group]]' '[["root",{}],["root",{}],["login-failures",{"user":"alice"}]]'
check "JSON: the event of an alert" query '[.fired[] | (.event // .fields).id]' '["r1","r0","a3"]'
check "JSON: what was read" query '[.inputs.records, .inputs.matched, .inputs.outside]' '[218,8,0]'
check "JSON: the gap" query '.gaps' '[{"from":"2026-03-14T01:40:00Z","to":"2026-03-14T02:10:00Z"}]'
check "JSON: all records are in the volume" query '.records.values | add' 218
check "JSON: counts of groups" query '[.series[0].lines[] | [.group.user, .events, .peak, .fired, (.actual | max)]]' '[["alice",6,6,1,6],["root",2,2,0,2]]'
check "JSON: the threshold" query '.series[0].thresholds' '[{"when":"more than 3","n":3,"priority":"P2"}]'
check "JSON: too little history to say what is usual" query '[.series[0].lines[0].usual, .series[0].lines[0].wait > 0, .series[0].lines[0].expected]' '["unknown",true,null]'
check "JSON: techniques and tactics" query '[.techniques[] | [.id, .name, (.tactics | length), .fired]]' '[["T1078","Valid Accounts",4,2],["T1110.001","Brute Force: Password Guessing",1,1],["T9999",null,0,1]]'
check "JSON: no date unless it is given" query '.date' null
cp out first
run log.ndjson --format=json -o-
check "the same bytes again" cmp -s first out
cat log.ndjson | ./sentry report --format json -o - >out 2>err
check "standard input" query '.inputs.records' 218
run -o all.json --format json --date 2026-03-15 --title 'A & B' log.ndjson
check "a file; date and title" is "$(jq -c '[.date, .title]' all.json)" '["2026-03-15","A & B"]'
run log.ndjson --format csv -o -
check "CSV: alerts" is "$(head -n 2 out | tail -n 1 | tr -d '\r' | cut -d , -f 1-6)" '"2026-03-14T02:30:30Z","root","Root","P1","firing","1 matching event"'
run log.ndjson --format csv --part groups -o -
check "CSV: groups" has out '"login-failures","events","10m","{""user"":""alice""}","6","1","6"'
run log.ndjson --format csv --part inputs -o -
check "CSV: inputs" has out '"gap","2026-03-14T01:40:00Z","2026-03-14T02:10:00Z","0"'
run log.ndjson --format csv --part series -o -
check "CSV: series" is "$(grep -c '"login-failures"' out)" 48
run log.ndjson --format svg -o -
check "SVG: the time line" has out 'Login failures'
run log.ndjson --format svg --part login-failures -o -
check "SVG: a count" has out 'more than 3'
run log.ndjson --format svg --part nothing -o -
check "SVG: of what was not counted there is none" is "$code" 2
run --format text log.ndjson
check "text: to standard output; what fired" is "$code $(sed -n 3,5p out | tr '\n' '|')" '0 2 of 3 alerts fired, with 3 notifications||P1  Root: 2 notifications, last 2026-03-14 02:30:30|'
# 24 windows in as many columns: alice's first login ends the fifth, the others are in the sixth and in windows that reach beyond it.
check "text: a bar for each window of the group to look at first" is "$(grep -A 1 'group ' out)" '  group    alice, first of 2
  actual   ▁▁▁▁▂█▇▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁'
check "text: nothing is expected yet" is "$(grep -c 'expected ' out) $(grep -c 'What is usual is not known yet: the log would have to be 21h' out)" '0 1'
for form in text html json; do
    run --since 2030-01-01 --format $form log.ndjson -o -
    check "$form: no time is named where nothing is" is "$code $(grep -c 1970 out)" "0 0"
done
run --format text log.ndjson -o text.txt
check "text: to a file" cmp -s text.txt <(./sentry report --format text log.ndjson)
run log.ndjson -o page.html
check "the page" has page.html '<h3 id="chart-0">'
check "a page leaves nothing beside it" is "$(ls page.html*)" page.html
run --since 2026-03-14T02:30:15Z log.ndjson --format json -o -
check "since" query '[.alerts[] | .fired]' '[0,1,0]'

# ---- wrong dates ----
{ jq -nc '{time: 86400, id: "old", name: "tick", user: "cron"}'; for i in 1 2 3 4 5; do jq -c ".id += \"x$i\"" log.ndjson; done; } >old.ndjson
jq -c . old.ndjson | head -n 1 >one && tail -n +2 old.ndjson | jq -sc 'sort_by(.time)[]' >rest && cat one rest >old.ndjson
run old.ndjson --format json -o -
check "a wrong date does not stretch the axis, and is told" query '[.from, .inputs.outside]' '["2026-03-14T00:00:00Z",1]'

# ---- a state ----
./sentry --state state log.ndjson >/dev/null 2>err
run --state state --format json -o -
check "a state: what fired" query '[.fired[] | .id]' '["root","root","login-failures"]'
check "a state: what is not known is null" query '[.inputs, .records, .series, .source, .alerts[0].hits]' '[null,null,[],"state",null]'
run --state state --since 2026-03-14T02:30:15Z --format json -o -
check "a state: since" query '[.fired[] | .id]' '["root"]'
# A pack from which an alert was taken has no name for what that alert told.
sed '/^alert: Root$/,/^---$/d' rules.yaml >fewer.yaml
"$trailc" build fewer.yaml -o fewer 2>err
./fewer report --state state --format json -o - >out 2>err
check "a state: alerts that the pack has no more" query '[.alerts[] | [.id, .fired]], [.fired[] | .id]' '[["login-failures",1],["nothing",0],["trail.memory",0],["trail.removed",2]]
["root","root","login-failures"]'
./fewer report --state state --format text >out 2>err
check "a state: they are none of the pack's" has out '1 of 2 alerts fired, with 3 notifications'
run --state missing --format json -o -
check "no such state" is "$code" 2

# ---- alerts that ask for what is usual, and such as have no counts ----
mkdir usual
cat >usual/rules.yaml <<'YAML'
pack: usual
schema: none
time: time
event_id: id
---
alert: Many
filter: name:login
when: more than usual in 10m by 50% at least 8
notify_every: 6h
---
alert: Nothing comes
filter: name:*
when: less than 1 in 30m
---
alert: A short silence
filter: name:*
when: less than 1 in 30s
applications: ["of-nobody-*"]
YAML
"$trailc" build usual/rules.yaml -o usual/sentry 2>err
# Five days, a login each two minutes; on the last two 40 more within a minute.
days() { # FROM TO BURST
    jq -nc --argjson from "$1" --argjson to "$2" --argjson burst "$3" \
        'range($from * 720; $to * 720) | ., (select(. % 720 == 400 and . / 720 >= $burst) | . as $at | range(40) | $at + . / 200) | {time: (1773446400 + . * 120), id: "\(.)", name: "login"}' |
        jq -sc 'to_entries[] | .value + {id: "e\(.key)-\(.value.id)"}'
}
days 0 5 3 >usual/log.ndjson
own() {
    usual/sentry report "$@" >out 2>err </dev/null
    code=$?
}
own usual/log.ndjson --format json -o -
check "usual: fires, with what was expected and its band" query '[.fired[] | select(.id == "many" and .state == "firing") | .expected > 4 and .expected < 6 and .band[1] < 20] | [length, all]' '[2,true]'
check "usual: its threshold in each bin" query '.series[0] | [.thresholds, (.lines[0].limits | length), .lines[0].limits[0].when, .lines[0].limits[0].priority]' '[[],1,"more than usual by 50%, at least 8","P3"]'
check "usual: it is the band's end, or further up by the margin" query '.series[0].lines[0] | [., .limits[0].values] as [$l, $v] | [range($v | length) | [$v[.], $l.high[.], $l.expected[.] * 1.5, 8] | .[0] as $own | (.[1:] | max) - $own | fabs < 0.2] | all' true
check "usual: what fired is above it" query '.series[0].lines[0] | [., .limits[0].values] as [$l, $v] | [range($v | length) | select($l.actual[.] > $v[.])] | length' 2
own usual/log.ndjson --format svg --part many -o -
check "usual: a line for the threshold" has out 'class="threshold limit"'
own usual/log.ndjson --format text
# Five days in 64 columns: bursts at 13:20 of the last two are in columns 46 and 59; five logins are usual.
check "usual: text has what was counted, and what was expected on the same scale" is "$(grep -E '^  (actual|expected) ' out | head -n 2 | sed 'y/▁▂▃▄▅▆▇█/12345678/' | awk '{ print $1, index($2, "8"), gsub(/[12]/, "", $2) }' | tr '\n' '|')" 'actual 46 62|expected 0 64|'
own usual/log.ndjson --format csv -o -
check "usual: CSV has what was expected" is "$(head -n 1 out | tr -d '\r' | cut -d , -f 13-) $(grep -c '","[0-9.]*","[0-9.]*","[0-9.]*".$' out)" "dedup_key,expected,low,high 2"
own usual/log.ndjson -o usual/page.html
check "usual: the page says what was expected with a notification" has usual/page.html '<dt>Expected</dt><dd>5'
check "usual: the chart's key has the condition" has usual/page.html 'threshold: more than usual by 50%, at least 8'
check "an alert whose window is less than a minute is named, and where to look" has usual/page.html 'windows of less than a minute: A short silence (less than 1 in 30s). When'
own usual/log.ndjson --format json -o -
check "events that only have to come are counted in each window" query '[.series[] | select(.alert == "nothing-comes") | .side, .events, (.lines[0].actual | length, unique)]' '["less",3680,240,[15,55]]'
{ days 0 1 9; days 2 3 9; } >usual/hole.ndjson
own usual/hole.ndjson --format json -o -
check "a day without any is zeros" query '[.series[] | select(.alert == "nothing-comes") | .lines[0].actual[48:96] | unique]' '[[0]]'
days 5 6 5 >usual/day.ndjson
own usual/day.ndjson --format json -o -
check "usual: a day teaches too little to fire" query '[.alerts[0] | .fired, .undecided]' '[0,true]'
days 0 5 9 >usual/before.ndjson
usual/sentry learn usual/before.ndjson -o usual/baseline.json >/dev/null 2>err
own usual/day.ndjson --baseline usual/baseline.json --format json -o -
check "usual: with a baseline file the alert fires by it" query '[.fired[] | select(.id == "many" and .state == "firing") | .expected > 4 and .expected < 6] | [length, all]' '[1,true]'
usual/sentry --state usual/state usual/log.ndjson >/dev/null 2>err
own --state usual/state -o usual/state.html
check "usual: a state remembers what was expected" has usual/state.html '<dt>Expected</dt><dd>5'

# ---- progress ----
if command -v script >/dev/null; then
    TRAIL_PROGRESS=0 TERM=xterm script -qec "stty cols 100; ./sentry report log.ndjson -o page.html; ./sentry learn log.ndjson -o b.json" /dev/null </dev/null >out 2>err
    check "progress: percent, bytes and alerts" grep -qE '[0-9]+%, .*B/s.* [0-9]+ alerts?' out
    check "progress: learn knows how much there is, too" test "$(grep -oE '[0-9]+%, ' out | wc -l)" -ge 2
else
    echo "ok - report: progress # SKIP no script(1)"
fi

# ---- what is damaged ----
{ cat log.ndjson; echo '{"time": 1773446400, "name": "lo'; } >torn.ndjson
run torn.ndjson --format json -o -
check "damaged input: written all the same, exit 3" is "$code" 3
check "damaged input: it is said in the report" query '[.problems.n, .inputs.rejected]' '[1,1]'
run nowhere.ndjson -o x.html
check "missing input: exit 3" is "$code" 3

# ---- wrong use ----
wrong() { # NAME MESSAGE ARGUMENT…
    local name=$1 message=$2
    shift 2
    run "$@"
    check "$name" has err "$message"
    [ "$code" = 2 ] || check "$name: exit 2" is "$code" 2
}
wrong "no output" '-o is missing' log.ndjson
wrong "an unknown form" "--format: 'pdf' is not html, text, json, csv or svg" --format pdf log.ndjson -o x
wrong "a part of a page" '--part goes with' --part series log.ndjson -o x
wrong "an unknown part" "--part: 'x' is not" --format csv --part x log.ndjson -o x
wrong "an unknown alert" "no alert 'x'" --format svg --part x log.ndjson -o x
wrong "a state and inputs" '--state has what fired' --state state log.ndjson -o x
wrong "what is no report's" 'report takes no' --hits log.ndjson -o x
wrong "an unknown option" 'there is no option --frmat' --frmat log.ndjson -o x
wrong "a missing value" '-o needs a value' log.ndjson -o
wrong "a folder that is not there" 'No such file or directory' log.ndjson -o nowhere/x.html
check "nothing was written" test ! -e x
run --help
check "help" has out 'Usage: sentry report'
check "help fits a screen" is "$(awk 'length > 80' out | wc -l) $([ "$(wc -l <out)" -le 24 ] && echo fits)" '0 fits'
run log.ndjson -o /proc/nowhere.html
check "a place that cannot be written: exit 2" is "$code" 2
./sentry report log.ndjson --format json -o - >/dev/full 2>err
code=$?
check "a full disk is said, and is no wrong use: exit 2" is "$code $(grep -c 'No space left' err) $(grep -c -- --help err)" '2 1 0'
wrong "a baseline that is not there" 'nowhere' --baseline nowhere log.ndjson -o x
wrong "a baseline that is none" 'log.ndjson' --baseline log.ndjson log.ndjson -o x
wrong "a baseline and a state" '--baseline goes with inputs' --baseline b --state state -o x
