#!/bin/bash
# The command line of a scanner: options, outputs, exit codes. The scanner is made from the library and the pack
# that is written by hand in tests/unit/fixture_pack.h; give SCANNER to test another build of the same.
#
# Prints TAP. Run from anywhere; needs build/libtrail.a.
set -u
export LC_ALL=C.UTF-8
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1

if [ -n "${SCANNER:-}" ]; then
    cp "$SCANNER" sentry
else
    cat >sentry.c <<'C'
#include "fixture_pack.h"
int main(int argc, char **argv)
{
    struct trail_pack pack = getenv("FIXTURE_ABI") ? fixture_labelled_pack : fixture_pack;
    if (getenv("FIXTURE_ABI"))
        pack.abi = (uint32_t)atoi(getenv("FIXTURE_ABI"));
    return trail_main(&pack, argc, argv);
}
C
    ${CC:-cc} -std=c11 -O1 -g ${CFLAGS:-} -D_GNU_SOURCE -include stdlib.h -I"$root/runtime/include" -I"$root/tests/unit" \
        -o sentry sentry.c "${BUILD:-$root/build}/libtrail.a" ${LDFLAGS:-} -lisal -ldeflate -lzstd -lcjson -lyaml -lsqlite3 -lpthread || {
        echo "not ok - scanner: builds"
        exit 1
    }
fi

failed=0

# check NAME CONDITION…: the condition is a command.
check() {
    local name=$1
    shift
    if "$@"; then
        echo "ok - scanner: $name"
    else
        failed=1
        echo "not ok - scanner: $name: $*"
        sed 's/^/# out: /' out | head -5
        sed 's/^/# err: /' err | head -5
    fi
}

# run ARG…: output to out and err, the exit code to $code.
run() {
    ./sentry "$@" >out 2>err </dev/null
    code=$?
}

is() { [ "$1" = "$2" ]; }
has() { grep -qF -- "$2" "$1"; }
lacks() { ! grep -qF -- "$2" "$1"; }
lines() { [ "$(wc -l <"$1")" -eq "$2" ]; }
matches() { grep -qE -- "$2" "$1"; }
every_line_is_json() { jq -c . "$1" >/dev/null; }
no_controls() { ! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$1"; }

# event SECONDS NAME USER ID [MORE]
event() {
    printf '{"eventTime":%d,"eventName":"%s","userIdentity":{"userName":"%s"},"eventID":"%s"%s}\n' \
        $((1672567200 + $1)) "$2" "$3" "$4" "${5:-}"
}

event 0 ListUsers alice q1 >quiet
event 1 AddUserToGroup alice a1 ',"requestParameters":{"groupName":"admins"}' >admin
for i in 0 1 2 3; do event $((i * 60)) ConsoleLogin bob "l$i" ',"sourceIPAddress":"192.0.2.7"'; done >logins
event 2 DeleteTrail mallory d1 >deleted
{
    cat admin
    echo '{"eventName":AddUserToGroup}'
    cat quiet
} >damaged
mkdir -p logs/b logs/.hidden
cp quiet logs/b/quiet.json
cp admin logs/a.json
cp admin logs/.hidden/x.json

# ---- help and other words -------------------------------------------------------------------------------------
run --help
check "--help exits with 0" is $code 0
check "--help says how to use it" has out "Usage: sentry [OPTION...] [INPUT...]"
check "--help fits 80 columns" awk 'length($0) > 80 { bad = 1 } END { exit bad }' out
check "--help fits 24 lines" test "$(wc -l <out)" -lt 24
check "--help names every option" bash -c 'for o in output application subsystem threads since until now lateness hits \
    events list stats exit-code color help version; do grep -q -- "--$o" out || exit 1; done'
check "--help names --state" has out "--state=FILE"
cp out help
for command in channels history outbox patterns; do
    check "--help names $command" matches help "^COMMAND: .*\b$command\b"
    check "the manual has a section on $command" grep -qx ".Ss $command" "$root/runtime/trailc-scanner.1"
    run $command --help
    check "$command has a --help" is "$code $(head -1 out | cut -d' ' -f1-3)" "0 Usage: sentry $command"
    check "$command --help fits a screen" bash -c '[ "$(wc -l <out)" -le 24 ] && [ "$(wc -L <out)" -le 80 ]'
done
run -h
check "-h is --help" has out "Usage:"
run --version
check "--version names the pack" has out "sentry: pack fixture 1.0"
check "--version names hash and ABI" matches out '^ABI [0-9]+, trailc [0-9]'
run --list
check "--list is a table" matches out '^login-failures  P2    more than 3 in 10m  eventName:ConsoleLogin$'
check "--list has all alerts" lines out 6
check "--list has a filter of several lines on one" matches out 'eventName:DeleteTrail AND NOT  x:y$'
run --list -o json
check "--list -o json is JSON lines" every_line_is_json out
check "--list -o json has filters" has out '"filter":"eventName:AddUserToGroup"'

# ---- alerts -----------------------------------------------------------------------------------------------------
run admin
check "an alert exits with 0" is $code 0
check "an alert is one line" lines out 1
check "an alert is JSON when not on a terminal" every_line_is_json out
check "nothing is said but that labels are missing" is "$(cut -d' ' -f2-7 err)" 'no input has an application label'
check "an alert has its keys in order" is \
    "$(jq -r 'keys_unsorted | join(" ")' out)" \
    "alert id priority state reason group count window first_event last_event breakdown fields event_ids dedup_key source tags pack"
check "an alert carries its fields" is "$(jq -c .fields out)" '{"userIdentity.userName":"alice","requestParameters":{"groupName":"admins"}}'
run --exit-code admin
check "--exit-code is 1 when anything fired" is $code 1
run --exit-code quiet
check "--exit-code is 0 when nothing fired" is $code 0
run -o text admin
check "-o text is for people" has out "● P1  New admin  2023-01-01T10:00:01Z"
check "-o text has no colour in a file" no_controls out
run -o text --color=always admin
check "--color=always colours" has out $'\033['
run logins
check "a count fires once" lines out 1
check "a count has its breakdown" is "$(jq -c .breakdown out)" '{"sourceIPAddress":{"192.0.2.7":4}}'
check "a count has its window" is "$(jq -r .window.to out)" "2023-01-01T10:03:00Z"
run -o text logins
check "a breakdown is bars" has out "192.0.2.7  ████████████████████████  4"

# ---- inputs ------------------------------------------------------------------------------------------------------
run logs
check "a directory is walked without hidden files" is "$(jq -r .source.path out)" logs/a.json
./sentry <admin >out 2>err
check "standard input is the default" is "$(jq -r .source.path out)" -
./sentry - <admin >out 2>err
check "- is standard input" is "$(jq -r .source.path out)" -
gzip -c admin >admin.gz
run admin.gz
check "gzip is recognised" lines out 1
run nowhere admin
check "a missing input exits with 3" is $code 3
check "a missing input is named" has err "sentry: nowhere: "
check "a missing input does not end the scan" lines out 1
run damaged
check "a damaged record exits with 3" is $code 3
check "a damaged record is named with its offset" matches err "^sentry: damaged:$(wc -c <admin): "
head -c 60 admin.gz >cut.gz
run cut.gz
check "a truncated gzip exits with 3" is $code 3
check "a truncated gzip is named" matches err '^sentry: cut\.gz:[0-9]+: '
run --exit-code damaged
check "damage outranks --exit-code" is $code 3
for i in $(seq 50); do echo '{"a":}'; done >many
run --hits many
check "problems of one file are limited" lines err 21
check "the others are counted" has err "sentry: many: 30 more problems"
printf '%s\n' '{"a":}' >$'evil\033[31m\n.json'
run $'evil\033[31m\n.json'
check "a hostile name cannot reach the terminal" has err 'sentry: evil\x1b[31m\n.json:0: '
{ sleep 0.3; cat quiet; } | { cat admin; cat; } | ./sentry >out 2>err
check "a pipe is read to its end" lines out 1
mkfifo logs/pipe logs/b/pipe
run logs
check "a pipe in a directory is left out" is "$(jq -r .source.path out)" logs/a.json
check "that is no damage" is $code 0
check "it is told once" is "$(grep -c pipe err)" 1
check "the first is named" has err "sentry: logs/b/pipe: is a pipe, a socket or a device: left out, like 1 more"
rm logs/pipe logs/b/pipe
mkfifo slow
{ cat admin; sleep 3; } >slow &
./sentry <slow >early 2>err &
waited=0
while [ ! -s early ] && [ $waited -lt 20 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
check "an alert comes while its pipe is still open" test $waited -lt 20
wait

# ---- labels ------------------------------------------------------------------------------------------------------
run deleted
check "no label, no alert for a label" lines out 0
run --application prod-eu deleted
check "a label chooses alerts" lines out 1
run --application=test deleted --application=prod-eu admin
check "labels hold for the inputs that follow" is "$(jq -r .id out)" new-admin
run --application test --application prod-eu deleted
check "of two labels in a row the last counts" lines out 1
run --application prod-eu --subsystem iam -- deleted
check "inputs behind -- have labels" lines out 1
run deleted --application prod-eu
check "a label behind all inputs is an error" is $code 2
check "it says why" has err "--application stands behind all inputs"
./sentry --application prod-eu <deleted >out 2>err
check "without inputs a label is standard input's" lines out 1

# ---- time --------------------------------------------------------------------------------------------------------
run --since 2023-01-01T10:00:02Z admin
check "--since leaves out" lines out 0
run --since 2023-01-01 --until 2023-01-02 --hits admin
check "dates are midnights" lines out 1
run --application elsewhere --until 1672567201 --stats admin
check "--until is exclusive, and seconds are a time" lines out 0
check "what is left out is unmatched" is "$(jq -c '[.records,.matched,.unmatched]' err)" '[1,0,1]'
run --application prod-trail --now 2023-01-01T10:35:00Z quiet
check "--now finds silence" is "$(jq -r .id out)" no-logs

# A login in the year 1 and one in 9999: both are absurd, neither may cost much.
login_of() { printf '{"eventTime":"%s","eventName":"ConsoleLogin","eventID":"%s"}\n' "$1" "$2"; }
{ login_of 0001-01-01T00:00:00Z y1; cat logins; login_of 9999-12-31T23:59:59Z y9; } >absurd
run --application prod-trail --stats absurd
check "a date in the year 1 floods nothing" test "$(wc -l <out)" -lt 170
check "it is a silence all the same" test "$(wc -l <out)" -gt 145
check "a date in the year 9999 is the future's" is "$(grep '^{' err | jq .future)" 1
check "it is named" has err "sentry: absurd:$(head -n 5 absurd | wc -c): dated 9999-12-31T23:59:59Z, more than 5m past the file's own time"
run --application prod-trail --now 9999-12-31T23:59:59Z absurd
check "from the first year to the last is some lines" test "$(wc -l <out)" -lt 400

# ---- what is not counted, and not decided ----------------------------------------------------------------------
sed 's/"eventTime":[0-9]*,//' logins >undated
run --application prod-eu --stats undated
check "events without a time exit with 0" is $code 0
check "events without a time are named" has err 'sentry: undated:0: no readable time in eventTime (the pack'"'"'s `time`): the event is in no count'
check "they are counted" has err "sentry: 4 matching events have no readable time in eventTime and are in no count"
check "--stats has them" is "$(grep '^{' err | jq -c '[.matched,.undated,.future,.late]')" '[4,4,0,0]'
run --application prod-eu --hits undated
check "--hits counts nothing, so nothing is missing" test ! -s err
run --stats quiet
check "an undecided silence is told" has err "sentry: no input has an application label (--application): the silence of no-logs is not decided"
check "--stats has it" is "$(grep '^{' err | jq -c '.alerts["no-logs"]')" '{"hits":0,"fired":0,"undecided":true}'
run --stats --application prod-trail cut.gz quiet
check "an unreadable input leaves silence undecided" has err "sentry: an input could not be read to its end: the silence of no-logs is not decided"
check "--stats has that, too" is "$(grep '^{' err | jq -c '.alerts["no-logs"].undecided')" true
run --stats --application prod-trail quiet
check "a decided silence is not called undecided" is "$(grep '^{' err | jq -c '.alerts["no-logs"].undecided')" null

# ---- hits and stats ----------------------------------------------------------------------------------------------
run --hits admin
check "--hits is one line an event" is "$(cat out)" \
    '{"id":"new-admin","time":"2023-01-01T10:00:01Z","source":{"path":"admin","record":1},"event_id":"a1"}'
run --hits --events logins
check "--events adds the event" is "$(jq -r .event.eventID out | tr '\n' ' ')" "l0 l1 l2 l3 "
run --hits -o text admin
check "--hits -o text is a line for people" is "$(cat out)" "2023-01-01T10:00:01Z  new-admin  a1  admin, record 1"
run --hits --events -o text admin
check "--hits --events -o text shows the event" matches out '^ +requestParameters +groupName: admins$'
event 1 AddUserToGroup $'al\\u001b[31m\\u202ece' $'a\\u001b[2J\\n1' >hostile
run --hits --events -o text hostile
check "a hit's text cannot reach the terminal" no_controls out
check "a hit's text is spelled out" has out 'a\x1b[2J\n1  hostile, record 1'
run --hits -o text --color=always admin
check "a hit's text has colour when asked" has out $'\033[1mnew-admin'
run --stats logins damaged
check "--stats is one object" is "$(grep '^{' err | jq -c 'keys_unsorted')" \
    '["inputs","bytes","records","matched","unmatched","rejected","late","duplicates","undated","future","early","lost","forgotten","seconds","alerts"]'
check "--stats balances" is "$(grep '^{' err | jq -c '[.inputs,.records,.matched,.unmatched,.rejected]')" '[2,7,5,1,1]'
check "--stats counts inflated bytes" is "$(grep '^{' err | jq .bytes)" "$(cat logins damaged | wc -c)"
check "--stats counts alerts" is "$(grep '^{' err | jq -c '.alerts["login-failures"]')" '{"hits":4,"fired":1}'

# ---- threads -----------------------------------------------------------------------------------------------------
mkdir tree
for i in $(seq 40); do
    for k in $(seq $((i % 7 * 20))); do
        event $((i * 3 + k)) AddUserToGroup "u$k" "t$i-$k"
        [ $((k % 50)) = 9 ] && echo '{"broken":}'
    done >tree/$i.json
done
./sentry -j 1 tree >one 2>one.err
for n in 2 4; do
    ./sentry -j $n tree >more 2>more.err
    check "$n threads print the same alerts" cmp -s one more
    check "$n threads print the same problems" cmp -s one.err more.err
done

# ---- more hits wait than memory has room for ----------------------------------------------------------------------
# Two of bob's four logins are in each file; in the first, 78 MB of other people's wait for the second.
awk 'BEGIN {
    for (x = "x"; length(x) < 500000;) x = x x
    for (i = 0; i < 150; i++)
        printf "{\"eventTime\":%d,\"eventName\":\"ConsoleLogin\",\"userIdentity\":{\"userName\":\"u%d\"},\"eventID\":\"w%d\",\"sourceIPAddress\":\"%s%d\"}\n", \
            1672567200 + i * 60, i, i, x, i
}' | gzip -1 >first.gz
head -2 logins | gzip >>first.gz
tail -2 logins >second
mkdir tmp
TMPDIR=$dir/tmp ./sentry --stats first.gz second >out 2>err
check "what waits on disk is no problem" is $? 0
check "what waits on disk is counted" matches out '"group":{"userIdentity.userName":"bob"},"count":4'
check "what waits on disk comes in time" is "$(grep '^{' err | jq -c '[.matched,.late,.early,.lost]')" '[154,0,0,0]'
check "nothing stays on disk" is "$(ls -A tmp)" ""
TMPDIR=$dir/missing ./sentry --stats first.gz second >out 2>err
check "no room for what waits exits with 3" is $? 3
check "no room for what waits is said" has err "sentry: temporary file in \"$dir/missing\": No such file or directory; too many matching events wait"
check "no room for what waits is said once" is "$(grep -c 'temporary file' err)" 1
check "no room for what waits: what to do" has err "Set TMPDIR to a directory with more room"
check "no room for what waits is in the stats" is "$(grep '^{' err | jq '.early > 0 and .late > 0 and .lost == 0')" true
(
    trap '' XFSZ
    ulimit -f 1000
    TMPDIR=$dir/tmp ./sentry --stats first.gz second 2>err | cat >out
    exit "${PIPESTATUS[0]}"
)
check "a disk that fills up exits with 3" is $? 3
check "a disk that fills up is said" has err "sentry: temporary file in \"$dir/tmp\": File too large; "
check "a disk that fills up is in the stats" is "$(grep '^{' err | jq '.early > 0 and .lost == 0')" true

# ---- wrong use ---------------------------------------------------------------------------------------------------
# wrong TEXT ARG…: exit code 2 and a message with TEXT.
wrong() {
    local text=$1
    shift
    run "$@"
    check "wrong use: $*" is $code 2
    check "wrong use says: $text" has err "sentry: $text"
}
wrong "there is no option --fellow: is --follow meant?" --fellow admin
wrong "there is no option -x" -x y admin
wrong "--threads: '0' is not a number from 1 to 256" -j0 admin
wrong "--threads: '99999999999999999999'" -j 99999999999999999999 admin
wrong "--output: 'xml' is neither json nor text" -o xml admin
wrong "--color: 'blue' is not auto, always or never" --color=blue admin
wrong "--since: 'noon' is not a time" --since noon admin
wrong "--lateness: '-5m' is not a duration" --lateness=-5m admin
wrong "--since needs a value" admin --since
wrong "--hits=1 takes no value" --hits=1 admin
wrong "--events goes with --hits" --events admin
wrong "--since is not before --until" --since 2023-01-02 --until 2023-01-01 admin
wrong "there is no option --application-name: is --application meant?" --application-name=x admin
wrong "there is no option --hts: is --hits meant?" --hts admin
wrong "there is no option --frobnicate" --frobnicate admin
check "nothing far is offered" lacks err "meant"
cp admin learn
wrong "'learn' is a command, and those come first; a file of that name is ./learn" -o text learn
run ./learn
check "a file of a kept name is read by ./" lines out 1
run -- learn
check "a file of a kept name is read behind --" lines out 1
run admin learn
check "a kept word is a file's name behind the first" lines out 1
wrong "--follow=1 takes no value" --follow=1 admin
# Each command reads its options by the same rules.
wrong "--follow is for scanning: learn takes no such option" learn --follow admin
wrong "--baseline is for scanning: learn takes no such option" learn --baseline b admin
wrong "--threads is for scanning: history takes no such option" history -j 2
wrong "there is no option --titel: is --title meant?" report --titel x admin
wrong "there is no option --per-weak: is --per-week meant?" learn --per-weak=1 admin
wrong "--rare=1 takes no value" patterns --rare=1 admin
wrong "-o needs a value" channels -o
wrong "--since: 'noon' is not a time (write 2026-01-31, 2026-01-31T10:00:00Z, seconds since 1970, or 24h" history --since noon
wrong "-o is missing" report --title -h admin # the value of an option is none
check "and it is told which command's --help helps" has err "Try 'sentry report --help'."
for command in channels history learn outbox patterns report; do
    run $command --help
    check "--help of $command" has out "Usage: sentry $command"
    check "--help of $command exits with 0" is $code 0
    TRAIL_KERNEL=none run $command --help
    check "TRAIL_KERNEL is looked at before $command" has err "TRAIL_KERNEL names none of the kernels that work here"
done
run --bad
check "wrong use points to --help" has err "Try 'sentry --help'."
run $'--bad\033[31m'
check "a hostile option cannot reach the terminal" no_controls err
FIXTURE_ABI=99 ./sentry admin >out 2>err
check "another ABI exits with 2" is $? 2
check "another ABI is named" matches err '^sentry: built for ABI 99, this runtime speaks [0-9]+: rebuild the scanner with trailc build$'

# ---- standard output that goes away, terminals ---------------------------------------------------------------------
for i in $(seq 3000); do event "$i" AddUserToGroup alice "s$i"; done >stream
./sentry stream 2>err | head -1 >out
check "a closed pipe is quiet" test ! -s err
(trap '' PIPE; ./sentry stream 2>err | head -1 >out)
check "a closed pipe is quiet where SIGPIPE is ignored" test ! -s err
if [ -w /dev/full ]; then
    ./sentry stream >/dev/full 2>err
    check "a full disk exits with 2" is $? 2
    check "a full disk is told" has err "sentry: standard output: No space left on device"
    ./sentry admin >/dev/full 2>err
    check "a full disk is told at the end, too" is $? 2
    ./sentry --help >/dev/full 2>err
    check "a full disk is told of help" is $? 2
else
    echo "ok - scanner: a full disk exits with 2 # SKIP no /dev/full"
fi
if command -v script >/dev/null; then
    TERM=xterm script -qec "./sentry" /dev/null </dev/null >out 2>err
    check "no input on a terminal is wrong use" has out "sentry: no input: name files or directories"
    env -u NO_COLOR TERM=xterm script -qec "./sentry admin" /dev/null </dev/null >out 2>err
    check "text and colour on a terminal" has out $'\033[1mNew admin\033[0m'
    NO_COLOR=1 TERM=xterm script -qec "./sentry admin" /dev/null </dev/null >out 2>err
    check "NO_COLOR on a terminal" bash -c 'grep -q "New admin" out && ! grep -q "$(printf "\033")" out'
    TERM=xterm script -qec "./sentry -o json admin" /dev/null </dev/null >out 2>err
    check "-o json on a terminal" has out '{"alert":"New admin"'
    TERM=xterm script -qec "bash -c '{ sleep 1.3; cat quiet; sleep 0.3; cat damaged; } | ./sentry'" /dev/null </dev/null >out 2>err
    check "progress on a terminal" has out " records, "
    check "progress of a pipe has no total" bash -c '! grep -qE "[0-9]%|left" out'
    check "progress is erased before other lines" has out $'\r\033[K●'
    mkdir far
    for i in 1 2 3; do cp stream "far/$i.json"; done
    gzip -k far/3.json
    NO_COLOR=1 TRAIL_PROGRESS=0 TERM=xterm script -qec "stty cols 80; ./sentry --hits far" /dev/null </dev/null >out 2>err
    check "progress of files has a total" matches out $'\r\033\\[K[0-9]+%, [^\r]*B/s, [^\r]*left, [0-9]+ records, [0-9]+ hits'
    TRAIL_PROGRESS=0 TERM=xterm script -qec "stty cols 20; ./sentry --hits -j1 far 2>&1 >/dev/null" /dev/null </dev/null >out 2>err
    check "progress fits a narrow terminal" matches out $'\r\033\\[K[0-9]+%, [0-9]+ hits?\r'
    for term in dumb ""; do
        TRAIL_PROGRESS=0 TERM=$term script -qec "./sentry --hits far 2>&1 >/dev/null" /dev/null </dev/null >out 2>err
        check "no progress with TERM='$term'" test ! -s out
    done
    TRAIL_PROGRESS=0 TERM=xterm script -qec "./sentry --hits far 2>messages >/dev/null" /dev/null </dev/null >out 2>err
    check "no progress into a file" test ! -s messages
else
    echo "ok - scanner: text and colour on a terminal # SKIP no script(1)"
fi
exit $failed
