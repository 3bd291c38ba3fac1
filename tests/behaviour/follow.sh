#!/bin/sh
# A scanner that follows logs, on real parts: files that logrotate rotates under a writer, a tree as S3 fills it,
# standard input that pauses, signals, the supervisor's socket, the HTTP server. Waits for what has to come, never
# for a time. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
root=$PWD
build=${BUILD:-$root/build}
work=$(mktemp -d)
pid=
trap 'stop; rm -rf "$work"' EXIT
stop() { [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null; pid=; }

printf 'schema: none\ntime: t\nevent_id: id\n---\nalert: Hit\nfilter: name:hit\n' >"$work/pack.yaml"
"${TRAILC:-$build/trailc}" build "$work/pack.yaml" -o "$work/sentry" || { echo "not ok - follow: the pack builds"; exit 1; }
cd "$work" || exit 2

# within COMMAND...: until it succeeds; a minute is more than anything here takes.
within() {
    tries=0
    until "$@" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || return 1
        sleep 0.1
    done
}
event() { printf '{"t":"%s","id":"%s","name":"hit","n":%s}\n' "$(date -u +%FT%TZ)" "$1" "$1"; }
start() { # ARGUMENTS: in the background, into out and err
    ./sentry -f -o json "$@" >>out 2>>err </dev/null &
    pid=$!
}
told() { grep -c '"state":"firing"' out; }
has() { [ "$(told)" -ge "$1" ]; }
# verdict NAME: by the last command
verdict() {
    if [ $? -eq 0 ]; then
        echo "ok - follow: $1"
    else
        echo "not ok - follow: $1: $(told) alerts; $(tail -n 3 err | tr '\n' ' ')"
    fi
}
fresh() { stop; rm -rf out err logs app.log* state*; : >out; : >err; mkdir logs; }
# all_once N: each event from 1 to N was told, and none twice
all_once() { [ "$(jq -r '.event_ids[0]' out | sort -n | uniq | wc -l)" = "$1" ] && [ "$(told)" = "$1" ]; }

# ---- files that grow, rotate, appear ----

for mode in rename copytruncate; do
    fresh
    : >app.log
    { echo "$work/app.log {"; echo "rotate 50"; [ $mode = copytruncate ] && echo copytruncate || echo create; echo "}"; } >rotate.conf
    chmod 600 rotate.conf
    start app.log --state state
    n=0
    for round in 1 2 3 4 5 6; do
        # Who has seen nothing of a file cannot know that it was copied and emptied: so the first event is waited for.
        n=$((n + 1))
        event $n >>app.log
        [ $mode$round != rename1 ] && [ $mode != copytruncate ] || within has $n
        for i in 1 2 3 4; do n=$((n + 1)); event $n >>app.log; done
        logrotate -f -s "$work/rotate.status" rotate.conf >>err 2>&1
    done
    for i in 1 2 3; do n=$((n + 1)); event $n >>app.log; done
    within has $n
    all_once $n
    verdict "logrotate, $mode, while it runs"

    kill -TERM "$pid"
    wait "$pid"
    [ $? -eq 0 ]
    verdict "$mode: SIGTERM ends it with 0"
    pid=
    for round in 1 2; do
        for i in 1 2 3; do n=$((n + 1)); event $n >>app.log; done
        logrotate -f -s "$work/rotate.status" rotate.conf >>err 2>&1
    done
    n=$((n + 1))
    event $n >>app.log
    start app.log --state state
    within has $n
    all_once $n
    verdict "logrotate, $mode, while it is down"
done

for told in inotify polling; do
    fresh
    [ $told = polling ] && export TRAIL_POLL=1
    start logs
    event 1 >logs/a.log
    within has 1
    printf '%s' "$(event 2)" | head -c 20 >>logs/a.log
    day=logs/AWSLogs/111122223333/CloudTrail/eu-central-1/2026/03/14
    mkdir -p $day
    { printf '{"Records":['; event 3; printf ','; event 4; printf ']}'; } | gzip >whole.gz
    mv whole.gz $day/one.json.gz
    within has 3
    event 5 | gzip >two.gz
    head -c 20 two.gz >$day/two.json.gz
    event 6 >>logs/b.log
    within has 4
    tail -c +21 two.gz >>$day/two.json.gz
    mv logs/AWSLogs logs/Moved
    event 7 >$(echo $day | sed s/AWSLogs/Moved/)/three.json
    within has 6
    [ "$(jq -r '.event_ids[0]' out | sort | tr '\n' ' ')" = "1 3 4 5 6 7 " ]
    verdict "$told: new files and directories, pieces of gzip, half a line waits"
    stop
    unset TRAIL_POLL
done

# ---- what fails ----

fresh
event 1 >app.log
start app.log
within has 1
mv app.log away
within grep -q 'app.log: cannot be opened' err
event 2 >app.log
within grep -q 'app.log: can be read again' err && within has 2
[ "$(grep -c 'cannot be opened' err)" = 1 ]
verdict "an input that goes away is told once, and when it is back"

fresh
mkdir logs/sub
gzip -c </dev/null >logs/sub/x
event 1 | gzip | head -c 30 >logs/cut.gz
start logs/cut.gz
within grep -q . /proc/$pid/stat
kill -TERM $pid
wait $pid
[ $? -eq 0 ] && ! grep -q truncated err
pid=
verdict "gzip that is being written is not called damaged"

# ---- standard input ----

fresh
mkfifo in
./sentry -f -o json - <in >out 2>err &
pid=$!
exec 3>in
event 1 >&3
within has 1
printf '%s' "$(event 2)" | head -c 10 >&3
sleep 0.3
event 3 | cut -c 11- >&3 2>/dev/null
event 4 >&3
within has 2
exec 3>&-
wait "$pid"
[ $? -ne 1 ] && has 2
verdict "standard input that pauses, in pieces, and ends"
pid=
rm -f in

# ---- a service ----

fresh
cat >conf.yaml <<'END'
channels:
  heard: {type: file, path: heard.out}
routes: {defaults: {any: [heard]}}
END
rm -f heard.out
: >app.log
start -c conf.yaml --state state app.log
event 1 >>app.log
within grep -q '"1"' heard.out
verdict "an alert goes through the outbox to a channel"
echo 'channels: {heard: {type: nonsense}}' >conf.yaml
kill -HUP "$pid"
within grep -q 'stays what it was' err && event 2 >>app.log && within grep -q '"2"' heard.out
verdict "SIGHUP: a wrong configuration is told, and the old one stays"
cat >conf.yaml <<'END'
channels:
  other: {type: file, path: other.out}
routes: {defaults: {any: [other]}}
END
kill -HUP "$pid"
within grep -q 'was read again' err && event 3 >>app.log && within grep -q '"3"' other.out
verdict "SIGHUP: another configuration"
kill -KILL "$pid"
wait "$pid" 2>/dev/null
event 4 >>app.log
start -c conf.yaml --state state app.log
within grep -q '"4"' other.out
# What was being sent when it was ended may come once more, with the same key, and behind what came meanwhile.
[ "$(cat heard.out other.out | jq -r '.dedup_key + " " + .event_ids[0]' | awk '!seen[$0]++' | cut -d ' ' -f 2 | tr '\n' ' ')" = "1 2 3 4 " ]
verdict "after SIGKILL it goes on where it was"

fresh
: >app.log
cat >conf.yaml <<'END'
channels:
  "gone": {type: exec, command: [/bin/false]}
  file: {type: file, path: heard.out}
routes: {defaults: {any: [gone, file]}}
END
rm -f heard.out
start -c conf.yaml --state state --application prod app.log
event 1 >>app.log
within grep -q '"1"' heard.out
[ "$(jq -r .source.application heard.out)" = prod ]
verdict "the label of the input is in the notification"
sed -i '/gone/d' conf.yaml
echo 'routes: {defaults: {any: [file]}}' >>conf.yaml
kill -HUP "$pid"
within grep -q '1 message waits for the channel gone, which the configuration does not have' err
verdict "messages for a channel that is no more are told of"
kill -TERM "$pid"
wait "$pid"
pid=
: >err
./sentry -c conf.yaml --state state app.log >out 2>err
grep -q 'a scan prints what fires; channels are told with --follow' err
verdict "a scan says that it tells no channel"

fresh
: >app.log
: >err
export JOURNAL_STREAM="$(stat -c %d:%i err)"
start -c conf.yaml --http 127.0.0.1:0 app.log missing.log
within grep -q '^<6>sentry: listening at' err && within grep -q '^<4>sentry: missing.log: cannot be opened' err
echo 'channels: {heard: {type: nonsense}}' >conf.yaml
kill -HUP "$pid"
within grep -q '^<3>conf.yaml:1:.* error: ' err
verdict "lines for the journal have levels"
unset JOURNAL_STREAM

fresh
: >app.log
echo 'channels: {heard: {type: file, path: heard.out}, mail-1: {type: syslog}}' >conf.yaml
echo 'routes: {defaults: {any: [heard]}}' >>conf.yaml
start -c conf.yaml --http 127.0.0.1:0 app.log
within grep -q 'listening at' err
url=$(sed -n 's/.*listening at //p' err)
event 1 >>app.log
within has 1
curl -fsS "$url/metrics" >metrics && grep -q 'trailc_alerts_total{alert="hit"} 1' metrics &&
    grep -q 'trailc_sends_total{channel="heard",result="sent"}' metrics && grep -q 'trailc_outbox_messages{channel="mail-1"} 0' metrics
verdict "/metrics counts"
if command -v promtool >/dev/null; then
    promtool check metrics <metrics >promtool 2>&1
    [ $? -eq 0 ] && [ ! -s promtool ]
    verdict "promtool finds nothing wrong with the metrics"
else
    echo "ok - follow: promtool # SKIP there is none"
fi
[ "$(curl -s "$url/healthz")$(curl -s "$url/readyz")" = okok ]
verdict "/healthz and /readyz"
[ "$(curl -s -o nothing -w '%{http_code}' -X POST "$url/metrics")$(curl -s -o nothing -w '%{http_code}' "$url/x")" = 405404 ]
verdict "the server takes GET and HEAD of what it has, nothing else"

cc -std=c11 -D_GNU_SOURCE -o notified -x c - <<'END'
/* Prints the datagrams that come to a socket: its path, or @ and an abstract name. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
int main(int argc, char **argv)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    char text[4096];
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    size_t n = argc > 1 ? strlen(argv[1]) : 0;
    memcpy(a.sun_path, argv[1], n);
    if (*argv[1] == '@')
        a.sun_path[0] = 0;
    if (bind(fd, (struct sockaddr *)&a, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) != 0)
        return 1;
    for (ssize_t m; (m = recv(fd, text, sizeof text - 1, 0)) > 0; fflush(stdout))
        printf("%.*s\n", (int)m, text);
}
END
for socket in "$work/notify" "@trailc-test-$$"; do
    fresh
    : >app.log
    ./notified "$socket" >told &
    listener=$!
    sleep 0.2
    export NOTIFY_SOCKET="$socket" WATCHDOG_USEC=200000
    start app.log
    unset NOTIFY_SOCKET WATCHDOG_USEC
    within grep -q READY=1 told && within grep -q STATUS= told && within grep -q WATCHDOG=1 told
    kill -HUP "$pid"
    within grep -q RELOADING=1 told && grep -q MONOTONIC_USEC told
    kill -TERM "$pid"
    wait "$pid"
    pid=
    within grep -q STOPPING=1 told
    verdict "the supervisor is told, at ${socket%%[a-z]*}..."
    kill "$listener"
done

unit=$work/trailc@.service
sed "s|@PREFIX@/bin/%i|$work/sentry|" "$root/runtime/trailc@.service" >"$unit"
if command -v systemd-analyze >/dev/null; then
    cp "$unit" "$work/trailc@sentry.service"
    systemd-analyze verify --man=no "$work/trailc@sentry.service" >verify 2>&1
    if grep -qi 'failed to connect\|no such file or directory.*bus\|Failed to initialize manager' verify; then
        echo "ok - follow: systemd-analyze verify --man=no # SKIP $(head -n 1 verify)"
    else
        ! grep -i 'trailc@' verify
        verdict "systemd finds nothing wrong with the unit"
    fi
    if systemd-analyze security --offline=true --threshold=25 "$work/trailc@sentry.service" >security 2>&1; then
        echo "ok - follow: systemd calls the unit well hardened"
    elif grep -qi 'failed to\|unrecognized' security; then
        echo "ok - follow: systemd-analyze security # SKIP $(head -n 1 security)"
    else
        echo "not ok - follow: systemd calls the unit well hardened: $(tail -n 1 security)"
    fi
else
    echo "ok - follow: the unit # SKIP no systemd-analyze"
fi

# ---- a disk that is full ----

fresh
if [ "$(id -u)" = 0 ] && mkdir -p full && mount -t tmpfs -o size=16m none full 2>/dev/null; then
    echo 'channels: {heard: {type: file, path: heard.out}}' >conf.yaml
    echo 'routes: {defaults: {any: [heard]}}' >>conf.yaml
    rm -f heard.out
    : >app.log
    start -c conf.yaml --state full/state --http 127.0.0.1:0 app.log
    event 1 >>app.log
    within grep -q '"1"' heard.out
    dd if=/dev/zero of=full/filler bs=1k count=20000 2>/dev/null
    for i in $(seq 2 60); do event "$i" >>app.log; done
    within grep -q 'the disk is full' err
    url=$(sed -n 's/.*listening at //p' err)
    [ "$(curl -s -o nothing -w '%{http_code}' "$url/readyz")" = 503 ]
    verdict "a full disk is told, and /readyz says so"
    rm full/filler
    within grep -q 'can be written again; nothing is lost' err
    heard_once() { [ "$(jq -r '.event_ids[0]' heard.out | sort -nu | wc -l)" = 60 ]; }
    within all_once 60 && within heard_once && [ "$(wc -l <heard.out)" = 60 ]
    verdict "with room again everything is told, once"
    stop
    sleep 0.2
    umount full
else
    echo "ok - follow: a full disk # SKIP no file system can be mounted"
fi

# ---- limits: a channel that is down, and too many groups ----

fresh
printf 'pack: limits\nschema: none\ntime: t\nevent_id: id\n---\nalert: Hit\nfilter: name:hit\n---\nalert: Many\nfilter: name:grp\nwhen: more than 5 in 10m\ngroup_by: [u]\n' >limits.yaml
"${TRAILC:-$build/trailc}" build limits.yaml -o limited 2>>err
cat >conf.yaml <<'END'
channels:
  down: {type: exec, command: [/bin/false]}
  file: {type: file, path: heard.out}
routes: {defaults: {P2: [file], any: [down]}}
limits: {groups: 1MiB, outbox: 50}
END
rm -f heard.out
{
    for i in $(seq 300); do event "$i"; done
    awk -v t="$(date -u +%FT%TZ)" 'BEGIN { for (i = 0; i < 20000; i++) printf "{\"t\":\"%s\",\"id\":\"g%d\",\"name\":\"grp\",\"u\":\"u%d\"}\n", t, i, i }'
} >app.log
./limited -f -o json -c conf.yaml --state state --lateness 1s --idle 1s app.log >>out 2>>err </dev/null &
pid=$!
within grep -q '"id":"trail.memory"' heard.out
[ "$(jq -r '.breakdown.alert.many > 0' heard.out | head -n 1)" = true ]
verdict "groups beyond the configuration's limit: an alert of its own goes to its channel"
[ "$(./limited outbox list --state state -o json | jq -s 'map(if .message.kind == "storm" then .message.count else 1 end) | add')" = 300 ]
verdict "a channel that is down: what is beyond the outbox's limit is counted in one message"
[ "$(./limited outbox list --state state -o json | wc -l)" = 51 ]
verdict "and takes no more room"

# ---- wrong use ----

for wrong in "--now 2026-01-01 -f x" "--idle 0s -f x" "--idle 1m x" "--http 1 x"; do
    ./sentry $wrong >out 2>err
    [ $? -eq 2 ] || false
    verdict "refuses $wrong"
done
./sentry -f --http nonsense app.log >out 2>err
[ $? -eq 2 ] && grep -q 'not an address' err
verdict "an address that is none"
