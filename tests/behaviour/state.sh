#!/bin/bash
# A scanner with a state, as people use it: directories that grow, refusals, the history and the outbox.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'cd /; chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 2
export LC_ALL=C.UTF-8 TZ=UTC
unset TRAIL_COMMIT

check() {
    local name=$1
    shift
    if "$@" >detail 2>&1; then
        echo "ok - state: $name"
    else
        echo "not ok - state: $name: $*"
        sed 's/^/# out: /' out
        sed 's/^/# err: /' err
    fi
}
run() { # at the end of a pipe, so that what is read is a file's
    "$@" >out 2>err </dev/null
    code=$?
}
has() { grep -qF -- "$2" "$1"; }
is() { [ "$1" = "$2" ]; }
lines() { [ "$(wc -l <"$1")" = "$2" ]; }

mkdir pack
cat >pack/a.yaml <<'YAML'
pack: statecheck
---
alert: New admin
priority: P1
filter: eventName:AddUserToGroup
show: [userIdentity.userName]
tags: [attack.t1098]
---
alert: Many failures
filter: eventName:ConsoleLogin
when: more than 2 in 10m
group_by: [userIdentity.userName]
YAML
"${TRAILC:-$root/build/trailc}" build pack -o sentry 2>err || { cat err; echo "not ok - state: build"; exit 1; }

event() { # minute, name, user
    printf '{"eventTime":"2026-01-01T10:%02d:00Z","eventName":"%s","eventID":"%s-%s-%s","userIdentity":{"userName":"%s"}}\n' \
        "$1" "$2" "$1" "$2" "$3" "$3"
}
mkdir logs
event 1 AddUserToGroup ann >logs/a.log
event 2 ConsoleLogin bob >>logs/a.log
event 3 ConsoleLogin bob >>logs/a.log

run ./sentry --state st -o json logs
check "the first scan tells what it finds" lines out 1
check "and its exit code says that all was read" is $code 0
check "the file is the owner's alone" is "$(stat -c %a st)" 600
run ./sentry --state st --stats -o json logs
check "the second finds nothing new" lines out 0
check "and reads nothing" has err '"inputs":0,"bytes":0'

event 4 ConsoleLogin bob | gzip >logs/b.log.gz
event 50 ConsoleLogin eve >logs/c.log
run ./sentry --state st -o json logs
check "counts go on" has out '3 in 10m, more than 2'
check "once" lines out 1
run ./sentry --state st -o json logs
check "and no more" lines out 0

mv logs/a.log logs/a.log.1
event 51 AddUserToGroup zoe >logs/a.log
run ./sentry --state st -o json logs
check "what was rotated is known" lines out 1
check "what took its place is read" has out '"userIdentity.userName":"zoe"'

run ./sentry history --state st -o json
check "the history has them all" lines out 3
run ./sentry history --state st -o json --alert new-admin --since 2026-01-01T10:30:00Z
check "of one alert, since a moment" lines out 1
run ./sentry history --state st -o json --group bob --firing
check "of one group" lines out 1
run ./sentry history --state st -o csv
check "as a table" is "$(head -1 out)" "priority,group,time,id,alert,state,reason,count,muted,dedup_key,stored"
run ./sentry history --state st -o text
check "for people" has out "P1  firing    new-admin"
ids() { jq -r '[.id,(.group|tostring)]|join(" ")' out | paste -sd, ; }
run ./sentry history --state st -o json --alert 'new-*'
check "of alerts whose ID is so" is "$(ids)" 'new-admin {},new-admin {}'
run ./sentry history --state st -o json --alert 'Many fail?res'
check "of alerts whose name is so" is "$(ids)" 'many-failures {"userIdentity.userName":"bob"}'
run ./sentry history --state st -o json --alert many-fialures
check "a name that no alert has" is "$code $(cat out err)" "0 sentry: no alert of the pack has the ID or the name 'many-fialures' (--list names them)"
run ./sentry history --state st -o json --alert $'\033[31m'
check "hostile, too" bash -c '! grep -q "$(printf "\033")" err'
run ./sentry history --state st -o json --alert many-failures --resolved
check "a name with nothing to tell is no mistake" is "$(cat out err)" ""
for group in 'b?b' 'userIdentity.userName=bob' 'userIdentity.userName=b*'; do
    run ./sentry history --state st -o json --group "$group"
    check "of groups: $group" is "$(ids)" 'many-failures {"userIdentity.userName":"bob"}'
done
for group in bo 'userName=bob' 'userIdentity.userName=eve'; do
    run ./sentry history --state st -o json --group "$group"
    check "of no group: $group" lines out 0
done
run ./sentry history --state st -o json --priority P1
check "of one priority" lines out 2
run ./sentry history --state st -o json --priority P3,P5,P1
check "of several" lines out 3
run ./sentry history --state st -o json --tag 'attack.t10*'
check "with a tag" is "$(ids)" 'new-admin {},new-admin {}'
run ./sentry history --state st -o json --newest
check "the newest first" is "$(jq -r .first_event out | paste -sd' ')" "$(./sentry history --state st -o json | jq -r .first_event | tac | paste -sd' ')"
run ./sentry history --state st -o json --newest -n1
check "the newest alone" has out '"userIdentity.userName":"zoe"'
run ./sentry history --state st -o json --limit=2
check "the first two" lines out 2
run ./sentry history --state st -o json --muted
check "what nobody heard of" lines out 0
run ./sentry history --state st -o json --told
check "what somebody heard of" lines out 3
run ./sentry history --state st -o json --until 1000w
check "before so long ago" lines out 0
run ./sentry history --state st -o json --since 1000w
check "since so long ago" lines out 3
for wrong in "--priority P6" "--priority P1," "--priority 1" "--limit 0" "--since soon" "--since 2026-01-02 --until 2026-01-01" \
    "--muted --told" "-o xml" "--nothing" "input" "--alert"; do
    run ./sentry history --state st $wrong
    check "wrong: $wrong" is "$code $(grep -c "^Try 'sentry history --help'" err)" "2 1"
done
run ./sentry history --help
check "help fits a screen" bash -c '[ "$(wc -l <out)" -le 24 ] && [ "$(wc -L <out)" -le 80 ]'
for option in $(grep -o -- '--[a-z][a-z-]*' out | sort -u); do
    check "the manual has $option" grep -qE "(Fl |, )-${option#--}( |$)" "$root/runtime/trailc-scanner.1"
done
run ./sentry history --state nowhere
check "of no state" has err "sentry: nowhere: cannot be opened: No such file or directory"
check "is wrong use" is $code 2
run ./sentry history
check "a history needs its state" has err "--state is missing"
run ./sentry outbox list --state st
check "nothing is to be sent" lines out 0
run ./sentry outbox retry --state st
check "retry wants to know what" has err "retry: name messages by their numbers, or --all"
run ./sentry outbox drop --state st 7
check "there is no such message" has err "no message 7 is there to be dropped"

event 52 AddUserToGroup =cmd >logs/d.log
run ./sentry --state st -o json logs
sqlite3 st "UPDATE history SET muted = '=1+1' WHERE id = 4" 2>/dev/null || echo "# no sqlite3"
run ./sentry history --state st -o csv
if command -v sqlite3 >/dev/null; then
    ./sentry history --state st -o json --muted >out 2>err
    check "what was muted" is "$(jq -r .muted out)" =1+1
    ./sentry history --state st -o csv >out 2>err
else
    echo "ok - state: what was muted # SKIP no sqlite3"
fi
check "no formula in a table" bash -c '! grep -qE "(^|,)\"[=+@-]" out'

# Damage costs the silence of the windows that begin before it was found, and no more.
mkdir quiet
printf 'pack: quiet\n---\nalert: Silence\nfilter: "*"\nwhen: less than 1 in 10m\napplications: [prod]\nnotify_every: 2h\n' >quiet.yaml
"${TRAILC:-$root/build/trailc}" build quiet.yaml -o quietly 2>err
quietly() { run ./quietly --state qt --lateness 1m --stats -o json --application prod quiet; }
event 0 x a >quiet/a.log
event 1 x b >>quiet/a.log
printf '{"eventTime":"2026-01-01T10:02:00Z","eventName":"x"}\n' | gzip | head -c 30 >quiet/b.gz
event 15 x c >quiet/c.log
quietly
check "what cannot be read leaves silence undecided" has err 'an input could not be read to its end: the silence of silence is not decided'
check "and the numbers say so" has err '"undecided":true'
check "none is told" lines out 0
event 40 x d >>quiet/c.log
event 59 x e >>quiet/c.log
quietly
check "what came since is judged" is "$(jq -r '.state + " " + (.window.to // "")' out | head -1)" "firing 2026-01-01T10:25:00Z"
quietly
check "and is decided" has err '"silence":{"hits":0,"fired":0}'

# Another build of the pack.
sed -i 's/more than 2 in 10m/more than 5 in 10m/' pack/a.yaml
"${TRAILC:-$root/build/trailc}" build pack -o sentry2 2>err
event 53 AddUserToGroup kim >logs/e.log
run ./sentry2 --state st -o json logs
check "an alert that was changed begins anew" has err "counted afresh: many-failures"
check "the others go on" lines out 1
sed -i 's/pack: statecheck/pack: other/' pack/a.yaml
"${TRAILC:-$root/build/trailc}" build pack -o sentry3 2>err
run ./sentry3 --state st logs
check "another pack is refused" has err "the state of the pack statecheck, and this scanner is of other"
check "with exit code 2" is $code 2

# What may not be written is refused before anything is read. Root may write everything, so somebody else runs it.
mkdir kept
cp sentry2 kept/sentry
event 5 AddUserToGroup pat >kept/one.log
chmod 755 . kept kept/sentry
chmod 644 kept/one.log
as=() why=
if [ "$(id -u)" = 0 ]; then
    as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
    command -v setpriv >/dev/null && chown nobody:nogroup kept || why="root, and no setpriv to run it as nobody"
fi
if [ -z "$why" ] && ! "${as[@]}" kept/sentry --version >/dev/null 2>&1; then
    why="nobody may not run what lies in $work"
fi
refused() { # name, what is said, arguments
    local name=$1 said=$2
    shift 2
    run "${as[@]}" kept/sentry "$@"
    check "$name is refused" is "$(cat err)" "sentry: $said"
    check "$name: exit code 2, and nothing is told" is "$code $(wc -c <out)" "2 0"
    check "$name is left as it is" is "$(ls kept | paste -sd' ') $(cksum <kept/st)" "one.log sentry st $before"
}
if [ -n "$why" ]; then
    echo "ok - state: what may not be written is refused # SKIP $why"
else
    run "${as[@]}" kept/sentry --state kept/st -o json kept/one.log
    check "nobody has a state, too" is "$code $(wc -l <out) $(wc -c <err)" "0 1 0"
    before=$(cksum <kept/st)
    event 6 AddUserToGroup lee >>kept/one.log
    chmod 400 kept/st
    refused "a read-only state" "kept/st: cannot be opened for writing: Permission denied" --state kept/st kept/one.log
    chmod 600 kept/st
    chmod 555 kept
    beside="no file can be made beside it (-wal, -shm): its directory is read-only"
    refused "a state in a read-only directory" "kept/st: cannot be used: $beside" --state kept/st kept/one.log
    refused "a new state there" "kept/new: cannot be opened for writing: Permission denied" --state kept/new kept/one.log
    refused "looking at the history there" "kept/st: cannot be used: $beside" history --state kept/st
    chmod 755 kept
    run "${as[@]}" kept/sentry --state kept/st -o json kept/one.log
    check "with leave to write, what came since is told" has out '"userIdentity.userName":"lee"'
    check "once" lines out 1
fi

# A file system that can take no more, if there is one.
run ./sentry --state st --hits logs
check "no state of hits" has err "--state is for alerts"
run ./sentry --state "$work" logs
check "a directory is no state" has err "a directory"
if [ "$(id -u)" = 0 ] && mkdir full && mount -t tmpfs -o size=12m none full 2>/dev/null; then
    ./sentry2 --state full/st -o json logs >out 2>err
    for i in $(seq 1 2000); do event 55 AddUserToGroup "user$i"; done >logs/f.log
    dd if=/dev/zero of=full/filler bs=1k count=11700 2>/dev/null
    run ./sentry2 --state full/st -o json logs
    check "a full disk is told, once" is "$(grep -c 'the disk is full' err)" 1
    check "with exit code 3" is $code 3
    check "and nothing is printed that is not stored" lines out 0
    rm full/filler
    run ./sentry2 --state full/st -o json logs
    check "with room again, all of it is there" lines out 2000
    umount full
else
    echo "ok - state: a full disk # SKIP no file system can be mounted"
fi
