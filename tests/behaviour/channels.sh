#!/bin/sh
# The command line around channels: -c, --check-config, `channels`, `channels test`; and what libcurl costs those who send nothing.
set -u
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/../.." || exit 2
trailc=${TRAILC:-$PWD/build/trailc}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
"$trailc" build examples/channels/rules.yaml -o "$dir/sentry" || { echo "not ok - channels: no scanner"; exit 1; }
cp examples/channels/events.ndjson "$dir"
cd "$dir" || exit 1
cat >good.yaml <<'YAML'
channels:
  log: {type: file, path: log.ndjson}
  bad: {type: file, path: /nonexistent/log}
  slack: {type: slack, url: {env: SLACK}}
routes: {names: {security-mail: [log], soar: []}, defaults: {any: [log]}}
inputs: [{path: events.ndjson, application: prod-trail}]
YAML

ok() { echo "ok - channels: $1"; }
run() { ./sentry "$@" >out 2>err </dev/null; code=$?; }
# check NAME CODE TEXT-OF-OUT TEXT-OF-ERR
check() {
    if [ "$code" = "$2" ] && { [ -z "$3" ] || grep -qF -- "$3" out; } && { [ -z "$4" ] && [ ! -s err ] || grep -qF -- "${4:-nothing}" err; }; then
        ok "$1"
    else
        echo "not ok - channels: $1: exit code $code"
        sed 's/^/    /' out err | head -n 8
    fi
}

export SLACK=https://hooks.slack.com/services/T0/B0/geheim
run -c good.yaml --check-config
check "a good configuration" 0 "good.yaml: fine: 3 channels, 1 inputs, 0 mutes" ""
(unset SLACK; ./sentry -c good.yaml --check-config >out 2>err; echo $? >code)
code=$(cat code)
check "a secret that is not there" 2 "" "good.yaml:4:35: error: channel slack: url: the environment has no variable SLACK"
sed 's/soar: \[\]/sora: []/' good.yaml >lost.yaml
run -c lost.yaml events.ndjson
check "a notify that nobody hears of" 2 "" "lost.yaml:1:1: error: the alert root-login notifies 'soar', and there is no channel of that name"
grep -q . out && echo "not ok - channels: and nothing is scanned: $(cat out)" || ok "and nothing is scanned"
run -c missing.yaml
check "no such file" 2 "" "missing.yaml:1:1: error: cannot read it: No such file or directory"
run --check-config
check "nothing to check" 2 "" "--check-config goes with --config FILE"
run -c good.yaml -o json
check "the configuration's inputs, with their label" 0 '"id":"many-login-failures"' ""
run -c good.yaml -o json events.ndjson
check "the label of an input that is named" 0 '"id":"many-login-failures"' ""
run -c good.yaml -o json --application test events.ndjson
check "unless it has one" 0 '"id":"root-login"' ""
grep -q many-login-failures out && echo "not ok - channels: of its own" || ok "of its own"

(unset SLACK; ./sentry channels -c good.yaml >out 2>err; echo $? >code)
code=$(cat code)
check "a list needs no secrets" 0 "slack  slack           0 alerts  (a secret URL)" ""
run channels -c good.yaml -o json
check "a list as JSON" 0 '{"channel":"log","type":"file","destination":"log.ndjson","alerts":2}' ""
cat >two.yaml <<'YAML'
pack: two
---
alert: Logins
filter: eventName:ConsoleLogin
when:
  - {when: more than 10 in 10m, priority: P2}
  - {when: more than 100 in 10m, priority: P1}
YAML
cat >two-conf.yaml <<'YAML'
channels: {pager: {type: file, path: p}, mail: {type: file, path: m}, other: {type: file, path: o}}
routes: {defaults: {P1: [pager], P2: [mail], P3: [other]}}
YAML
"$trailc" build two.yaml -o two 2>err || echo "not ok - channels: no scanner of two priorities: $(cat err)"
./two channels -c two-conf.yaml -o json >out 2>err
code=$?
check "an alert goes where each of its priorities goes" 0 '"alerts":1}' ""
[ "$(jq -r '"\(.channel) \(.alerts)"' out | paste -sd,)" = "pager 1,mail 1,other 0" ] && ok "and nowhere else" || echo "not ok - channels: and nowhere else: $(cat out)"
sed 's/P2/P4/' two-conf.yaml >two-lost.yaml
./two channels -c two-lost.yaml >out 2>err
code=$?
check "a priority that goes nowhere is told" 0 "" "the alert logins goes to no channel: it has no notify, and routes: has no default for P2"
run channels test log -c good.yaml
check "a sample" 0 "log: sent" ""
[ "$(jq -r .id log.ndjson)" = test ] && ok "which has come" || echo "not ok - channels: which has come: $(cat log.ndjson)"
run channels test log bad -c good.yaml
check "a sample that does not arrive" 1 "bad: not sent: /nonexistent/log: No such file or directory" ""
run channels test nobody -c good.yaml
check "a channel that is not there" 2 "" "the configuration has no channel nobody"
run channels test -c good.yaml
check "no name" 2 "" "test needs the name of a channel"
run channels
check "no configuration" 2 "" "it needs a configuration: -c FILE"
run channels events.ndjson -c good.yaml
check "a file, perhaps" 2 "" "a file of that name is ./channels"
run channels --what -c good.yaml
check "an option that is none" 2 "" "there is no option --what"
grep -rq geheim out err log.ndjson && echo "not ok - channels: a secret is shown" || ok "no secret is shown"

# Who sends nothing does not load libcurl; who lacks it is told.
ldd ./sentry | grep -q curl && echo "not ok - channels: the scanner is linked to libcurl" || ok "the scanner is not linked to libcurl"
cat >net.yaml <<'YAML'
channels: {hook: {type: webhook, url: "http://127.0.0.1:9/"}}
routes: {names: {security-mail: [], soar: []}, defaults: {any: []}}
YAML
LD_DEBUG=files LD_DEBUG_OUTPUT=debug ./sentry channels test log -c good.yaml >out 2>err
grep -q libcurl debug.* && echo "not ok - channels: a file needs no libcurl" || ok "a file needs no libcurl"
rm -f debug.*
LD_DEBUG=files LD_DEBUG_OUTPUT=debug ./sentry channels test hook -c net.yaml >out 2>err
grep -q libcurl debug.* && ok "a request does" || echo "not ok - channels: a request does"
