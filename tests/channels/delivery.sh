#!/bin/sh
# Delivery: what becomes of a message at receivers that misbehave, as the outbox shows it. The clock is the test's own.
name=delivery
# shellcheck source=tests/channels/common
. "$(dirname "$0")/common"
servers
export TOKEN=tok-3n-of-the-hook SIGNING=key-of-the-signature HOOK="http://127.0.0.1:$http/ok/secret-path-of-the-hook"

channel() { # NAME PATH [KEYS]: a webhook that nothing slows down
    echo "  $1: {type: webhook, url: 'http://127.0.0.1:$http$2', timeout: 2s${3:+, $3}}"
}
{
    echo "channels:"
    channel fine /ok
    channel busy /status/429/7
    channel dated /date/503
    channel broken /status/500
    channel gone /status/404
    channel bad /status/400
    channel slow408 /status/408
    channel redirect /redirect
    channel huge /huge
    channel reset /reset
    channel drop /drop
    channel early /early
    channel halfclose /halfclose
    channel delay /delay
    channel flaky /flaky/3
    channel limited /ok/limited "rate: 2 per 1m"
    channel hopeless /status/500 "give_up: 1h"
    channel echo /echo "headers: {Authorization: {env: TOKEN}}"
    channel echo500 /echo/500 "headers: {Authorization: {env: TOKEN}}"
    echo "  metadata: {type: webhook, url: 'http://169.254.169.254/latest/meta-data', timeout: 2s}"
    echo "  integer: {type: webhook, url: 'http://2852039166/latest', timeout: 2s}"
    echo "  mapped: {type: webhook, url: 'http://[::ffff:169.254.169.254]/', timeout: 2s}"
    echo "  nobody: {type: webhook, url: 'http://127.0.0.1:$free/', timeout: 2s}"
    echo "  untrusted: {type: webhook, url: 'https://localhost:$https/ok', timeout: 2s}"
    echo "  trusted: {type: webhook, url: 'https://localhost:$https/ok/tls', timeout: 2s, ca_file: $dir/ca.pem}"
    echo "  wrongname: {type: webhook, url: 'https://[::1]:$https/', timeout: 2s, ca_file: $dir/ca.pem}"
    echo "  secret: {type: webhook, url: {env: HOOK}, method: PUT, headers: {X-Team: blue, Authorization: {env: TOKEN}},"
    echo "           sign: {secret: {env: SIGNING}}, body: {t: '{{subject}}', n: '{{count}}', k: '{{window.to}}',"
    echo "           who: '{{group.userIdentity.userName | upper}}', none: '{{held_back | default(0)}}', list: ['{{tags}}', 7]}}"
    echo "  pager: {type: pagerduty, url: 'http://127.0.0.1:$http/ok/pager', routing_key: {env: TOKEN}}"
} >"$dir/config.yaml"

run() { "$deliver" "$dir/config.yaml" >"$dir/out" 2>&1; }
sent() { grep "^sent $1 " "$dir/out" | sed "s/^sent $1 - //"; }
row() { grep "^row [0-9]* $1 " "$dir/out" | tail -n 1 | sed "s/^row [0-9]* $1 - //"; }

{
    for c in fine busy dated broken gone bad slow408 redirect huge reset drop early halfclose delay metadata integer \
        mapped nobody untrusted trusted wrongname echo echo500; do
        echo "fire $c 00aa once \"alice\""
    done
    echo send
    echo rows
} | run

is "2xx has arrived" "$(sent fine)" "sent attempts=1 "
has "the key goes with it" "$(jq -r 'select(.path == "/ok") | .headers["idempotency-key"] | length' "$dir/http")" 32
is "JSON, as the scanner prints it" "$(jq -r 'select(.path == "/ok") | .body | fromjson | .group["userIdentity.userName"]' "$dir/http")" alice
has "429 is tried again" "$(sent busy)" "retry attempts=1 answered 429: no: 429"
is "when it asks: 7 s" "$(row busy | grep -o 'in=[0-9]*')" "in=7000"
has "503 is tried again" "$(sent dated)" "retry attempts=1 answered 503"
is "when it asks, by a date" "$(row dated | grep -o 'in=[0-9]*')" "in=120000"
has "500 is tried again" "$(sent broken)" "retry"
row broken | grep -qE 'in=([5-9][0-9][0-9]|1000) ' && ok "after a second at most" || not_ok "after a second at most" "$(row broken)"
has "408 is tried again" "$(sent slow408)" "retry"
has "404 is for good" "$(sent gone)" "park attempts=1 answered 404: no: 404"
has "and parked with the reason" "$(row gone)" "parked attempts=1"
has "400 is for good" "$(sent bad)" "park"
has "redirects are not followed" "$(sent redirect)" "park attempts=1 answered 302, a redirect"
is "nothing went where it led" "$(jq -r 'select(.path == "/ok") | .method' "$dir/http" | wc -l)" 1
is "an endless answer is cut off, and 200 has arrived" "$(sent huge)" "sent attempts=1 "
has "a reset is tried again" "$(sent reset)" "retry"
has "a dropped connection is tried again" "$(sent drop)" "retry"
has "half a status line is tried again" "$(sent early)" "retry"
is "200 and half a body has arrived" "$(sent halfclose)" "sent attempts=1 "
has "too slow an answer is tried again" "$(sent delay)" "retry attempts=1"
has "nobody listens: tried again" "$(sent nobody)" "retry attempts=1 Failed to connect"
for c in metadata integer mapped; do
    has "$c: the address is refused" "$(sent $c)" "retry attempts=1 not sent to "
    has "$c: and named" "$(sent $c)" "169.254.169.254, a link-local or metadata address"
done
has "a certificate of nobody we know" "$(sent untrusted)" "retry attempts=1 SSL certificate problem"
is "one of our own authority" "$(sent trusted)" "sent attempts=1 "
has "one for another name, or nobody there" "$(sent wrongname)" "retry"
lacks "a secret that comes back in an answer is not shown" "$(cat "$dir/out")" "$TOKEN"
has "but the answer is" "$(sent echo)" '"authorization": "***"'
has "also of one to be tried again" "$(row echo500)" '"authorization": "***"'

# Backoff: twice as long each time, up to five minutes, whatever the clock does in between.
{
    echo 'fire broken 00bb once "bob"'
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
        echo send
        echo rows
        echo "clock 400000"
    done
} | run
grep '^row 1 ' "$dir/out" | sed 's/.* in=\([0-9]*\) .*/\1/' |
    awk '{ most = 1000 * 2 ^ (NR - 1); if (most > 300000) most = 300000; if ($1 < most / 2 || $1 > most) bad = bad " " NR ":" $1 }
        END { exit bad != "" || NR != 12 }' && ok "waits double up to five minutes, with jitter" ||
    not_ok "waits double up to five minutes, with jitter" "$(grep '^row 1 ' "$dir/out" | sed 's/.* in=//')"

{
    echo 'fire flaky 00cc once "carol"'
    for _ in 1 2 3 4; do
        echo send
        echo "clock 60000"
    done
    echo rows
} | run
is "the fourth try arrives" "$(sent flaky | cut -d' ' -f1-2 | tr '\n' ' ')" "retry attempts=1 retry attempts=2 retry attempts=3 sent attempts=4 "
is "with the same key each time" "$(jq -r 'select(.path == "/flaky/3") | .headers["idempotency-key"]' "$dir/http" | sort -u | wc -l)" 1

{
    echo 'fire hopeless 00dd once "dave"'
    echo send
    echo 'clock 3600001'
    echo send
    echo rows
} | run
has "after its time it is given up" "$(row hopeless)" "parked attempts=2"
has "and why is said" "$(row hopeless)" "given up after 2 attempts; the last: answered 500"

{
    for i in 1 2 3 4 5; do echo "fire limited 00e$i once \"eve\""; done
    echo send
    echo "clock 29000"
    echo send
    echo "clock 1100"
    echo send
    echo rows
} | run
is "a rate of 2 a minute: two, and the third after half a minute" "$(sent limited | wc -l)" 3
is "the others wait" "$(grep -c 'row .* limited .* waiting' "$dir/out")" 2

# A channel that hangs, with more messages than may be in flight, holds nobody up; what fails is asked seldom.
{
    for i in 1 2 3 4; do echo "fire delay 00f$i once \"x\""; echo "fire fine 00f$i once \"x\""; done
    echo send
    echo rows
} | run
is "four arrive beside a channel that hangs" "$(grep -c '^sent fine - sent' "$dir/out")" 4
is "before it gives up" "$(grep '^sent' "$dir/out" | head -n 4 | grep -c '^sent fine')" 4
is "two in flight, and then no third at once" "$(sent delay | wc -l)" 2

# Messages of one firing go in order; those of others pass them.
{
    echo 'fire broken 1111 firing "a"'
    echo send
    echo 'fire broken 1111 resolved "a"'
    echo send
    echo rows
} | run
is "the end waits for the beginning" "$(grep -c '^sent' "$dir/out")" 1
{
    echo 'fire gone 1111 firing "a"'
    echo send
    echo 'fire gone 1111 resolved "a"'
    echo send
    echo rows
} | run
is "not for one that is parked" "$(grep -c '^sent gone - park' "$dir/out")" 2

# Stopping in flight.
{
    echo 'fire delay 2222 firing "a"'
    echo start
    echo start
    echo restart
    echo rows
} | run
has "what was in flight waits again" "$(row delay)" "waiting attempts=1"
has "and says why" "$(row delay)" "stopped before an answer came"

{ echo 'fire secret 3333 firing "alice \"x\" \u2028"'; echo send; echo rows; } | run
is "a template: its fields" "$(last http | jq -c '.body | fromjson')" '{"t":"[P1] New admin: alice \"x\" '"$(printf '\342\200\250')"'","n":4,"k":"2026-01-01T10:00:00Z","who":"ALICE \"X\" '"$(printf '\342\200\250')"'","none":"2","list":[["attack.t1098"],7]}'
is "method and headers" "$(last http | jq -r '.method + " " + .headers["x-team"] + " " + .headers.authorization')" "PUT blue $TOKEN"
stamp=$(last http | jq -r '.headers["x-trail-signature"]' | sed 's/t=\([0-9]*\),v1=.*/\1/')
is "the time of the signature" "$stamp" 1767261600
is "the signature" "$(last http | jq -r '.headers["x-trail-signature"]' | sed 's/.*v1=//')" \
    "$(last http | jq -rj '.body' | { printf '%s.' "$stamp"; cat; } | openssl dgst -sha256 -hmac "$SIGNING" | sed 's/.*= //')"

{ echo 'fire pager 4444 firing "alice"'; echo 'fire pager 4444 resolved "alice"'; echo send; } | run
is "pagerduty: trigger and resolve, one key" "$(jq -c 'select(.path == "/ok/pager") | .body | fromjson | [.event_action, .dedup_key, .payload.severity]' "$dir/http" | tr '\n' ' ')" \
    '["trigger","4444","critical"] ["resolve","4444","critical"] '
is "pagerduty: the key" "$(last http | jq -r '.body | fromjson | .routing_key')" "$TOKEN"

# Another configuration, while the old one still has something in flight.
sed 's/  fine: /  finer: /' "$dir/config.yaml" >"$dir/other.yaml"
{
    echo 'fire delay 5555 once "x"'
    echo start
    echo start
    echo "reload $dir/other.yaml"
    echo 'fire finer 5555 once "x"'
    echo send
    echo rows
} | run
is "the new channel is there" "$(sent finer)" "sent attempts=1 "
is "the old one is let go of once, when nothing is in flight" "$(grep -n . "$dir/out" | grep -c released)" 1
has "what the old one had in flight is tried again" "$(sent delay)" "retry"
