#!/bin/bash
# Alerts that ask for what is usual, through a built scanner: seasons, bursts, drops, gaps, files of baselines, states.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'cd /; rm -rf "$work"' EXIT
cd "$work" || exit 2
export LC_ALL=C.UTF-8 TZ=UTC

check() {
    local name=$1
    shift
    if "$@" >detail 2>&1; then
        echo "ok - usual: $name"
    else
        echo "not ok - usual: $name: $*"
        head -c 1500 out | sed 's/^/# out: /'
        head -c 600 err | sed 's/^/# err: /'
    fi
}
run() {
    "$@" >out 2>err </dev/null
    code=$?
}
has() { grep -qF -- "$2" "$1"; }
is() { [ "$1" = "$2" ]; }
# state, reason and window's end of what was told
told() { jq -r '[.id, .state, .window.to] | join(" ")' "$@"; }

cat >pack.yaml <<'YAML'
pack: usual
schema: none
time: t
event_id: id
---
alert: Many
filter: e:login
when: more than usual in 10m
notify_every: 7d
---
alert: Few
filter: e:order
when: less than usual in 1h
notify_every: 7d
notify_resolved: true
YAML
"${TRAILC:-$root/build/trailc}" build pack.yaml -o sentry 2>err || { cat err; echo "not ok - usual: build"; exit 1; }

# DAYS from Monday 2026-01-05 on, as one event a line: on working days from 9 to 17 forty logins an hour, else four; thirty
# orders an hour at all times; something else every five minutes. burst, drop and gap: a day and hour (of two hours; of two days),
# counted from 0.
log() { # days [burst] [drop] [gap]
    awk -v days="$1" -v burst="${2:--1}" -v drop="${3:--1}" -v gap="${4:--1}" '
        function random() { return (seed = (seed * 16807) % 2147483647) / 2147483647 }
        function event(at, e) { printf "{\"t\":%d,\"id\":\"%d\",\"e\":\"%s\"}\n", start + at, ++id, e }
        BEGIN {
            seed = 7; start = 1767571200
            for (t = 0; t < days * 86400; t += 15) {
                hour = int(t / 3600)
                day = int(hour / 24)
                if (gap >= 0 && hour >= gap && hour < gap + 48)
                    continue
                work = day % 7 < 5 && hour % 24 >= 9 && hour % 24 < 17
                if (random() < (work ? 40 : 4) / 240)
                    event(t, "login")
                if (random() < 30 / 240 && !(drop >= 0 && hour >= drop && hour < drop + 2))
                    event(t, "order")
                if (t % 300 == 0)
                    event(t, "other")
                if (hour == burst && t % 3600 < 600)
                    event(t, "login")
            }
        }' </dev/null
}
at() { echo $(($1 * 24 + $2)); } # day, hour

# ---- seasons ----------------------------------------------------------------------------------------------------

log 28 >quiet.log
run ./sentry --stats -o json quiet.log
check "a scan learns as it reads" is $code 0
jq -c 'select(.window.to >= "2026-01-19")' out >late
check "from the third week on, ordinary weeks tell nothing" is "$(wc -l <late)" 0
check "then it is decided" is "$(jq -c '[.alerts[].undecided]' err)" '[null,null]'

log 28 "$(at 20 3)" "$(at 22 12)" >events.log # a Sunday's night, a Tuesday
run ./sentry -o json events.log
cp out whole
check "a burst at night is told, though working days have as many" has <(told out) "many firing 2026-01-25T03:"
check "a drop is told at the end of its step" has <(told out) "few firing 2026-01-27T13:00:00Z"
check "and that it is over" has <(told out) "few resolved 2026-01-27T15:00:00Z"
jq -c 'select(.id == "many" and .window.to > "2026-01-25")' out >burst
check "with what is expected, and the band" jq -e '.expected < 5 and .band[0] <= .expected and .expected <= .band[1] and
    .count > .band[1] and (.reason | test("^[0-9]+ in 10m, more than usual: [0-9.]+ expected, at most [0-9]+$"))' burst
run ./sentry -o text --color=never events.log
check "and as text with bars" bash -c "grep -A4 'Many  2026-01-25' out | grep -qE 'expected +.* \([0-9.]+ – [0-9.]+\)'"

# ---- the same, however it comes ----------------------------------------------------------------------------------

without_place() { jq -c 'del(.source)' "$1"; }
for threads in 1 3; do
    run ./sentry -o json -j $threads events.log
    check "$threads threads" cmp out whole
done
split -n l/5 events.log part.
run ./sentry -o json part.*
check "five files" cmp <(without_place out) <(without_place whole)
awk 'NR % 7 == 0 { held = $0; next } { print } NR % 7 == 5 && held != "" { print held; held = "" } END { if (held != "") print held }' \
    events.log >disorder.log
run ./sentry -o json disorder.log
check "another order within the lateness" cmp <(without_place out) <(without_place whole)

# ---- a state -----------------------------------------------------------------------------------------------------

# Pieces of the log appended between runs: each is told what the scan in one go tells.
rm -f grown.log state
split -n l/4 events.log step.
: >stated
for step in step.*; do
    cat "$step" >>grown.log
    run ./sentry -o json --state state grown.log
    cat out >>stated
done
run ./sentry -o json --state state --now 2026-02-02T00:00:00Z grown.log
cat out >>stated
check "a state goes on where it was" cmp <(without_place stated) <(without_place whole)
check "that was something" bash -c '[ "$(wc -l <whole)" -ge 3 ]'
sed 's/e:login/e:login OR e:other/' pack.yaml >other.yaml
"${TRAILC:-$root/build/trailc}" build other.yaml -o other 2>err || echo "not ok - usual: build"
run ./other -o json --stats --state state grown.log
check "an alert that is another starts anew" is "$(tail -n 1 err | jq -c '[.alerts.many.undecided, .alerts.few.undecided]')" \
    '[true,null]'
check "and says how long it needs" grep -qE 'many: what is usual is not known yet: .+ more of the log' err

# ---- gaps --------------------------------------------------------------------------------------------------------

log 28 "$(at 20 3)" -1 "$(at 15 0)" >gap.log # two days without any log
run ./sentry -o json gap.log
jq -c 'select(.window.to > "2026-01-22T12")' out >late
check "a gap of the log teaches nothing: what comes after is judged as ever" is "$(told late | cut -c 1-27)" \
    "many firing 2026-01-25T03:0"

# ---- short history -------------------------------------------------------------------------------------------------

log 1 "$(at 0 12)" >short.log
run ./sentry -o json --stats short.log
check "before there is history nothing is told" is "$(cat out)" ""
check "that is undecided" is "$(tail -n 1 err | jq -c '[.alerts[].undecided]')" '[true,true]'
check "and said, with how long still" grep -qE '^sentry: many: what is usual is not known yet: ([0-9]+[mh])+ more of the log' err

# ---- a file, and frozen --------------------------------------------------------------------------------------------

run ./sentry -o json --baseline nowhere.json short.log
check "a baseline that is not there is an error" is $code 2
check "and named" has err "nowhere.json"
echo '{"no":"baseline"}' >wrong.json
run ./sentry -o json --baseline wrong.json short.log
check "a file that is no baseline is an error" is $code 2
check "and named with what is wrong" has err "wrong.json"
run ./sentry -o json --stats --frozen quiet.log
check "frozen, and without a file, nothing is ever known" is "$(tail -n 1 err | jq -c '[.alerts[].undecided]')" '[true,true]'
check "and that is said" has err "with --frozen nothing is learnt: give --baseline"
if ./sentry learn --help >/dev/null 2>&1; then
    run ./sentry learn quiet.log -o baseline.json
    check "learn makes a file" is $code 0
    log 30 "$(at 28 3)" | tail -n 900 >new.log
    run ./sentry -o json --stats --frozen --baseline baseline.json new.log
    check "with it the first event can be judged" is "$(tail -n 1 err | jq -c '[.alerts[].undecided]')" '[null,null]'
fi

# ---- following -----------------------------------------------------------------------------------------------------

mkdir live
cp events.log live/a.log
timeout 60 ./sentry --follow --idle 1s -o json live >out 2>err &
pid=$!
for _ in $(seq 100); do
    [ "$(wc -l <out)" -ge "$(wc -l <whole)" ] && break
    sleep 0.1
done
kill -TERM $pid
wait $pid
check "--follow tells the same" cmp <(head -n "$(wc -l <whole)" out | without_place /dev/stdin) <(without_place whole)
