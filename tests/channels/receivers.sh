#!/bin/sh
# What the receivers get, each value of tests/channels/hostile at each of them: mail, Slack, Teams, PagerDuty,
# Alertmanager, webhooks, programs, files, syslog.
name=receivers
# shellcheck source=tests/channels/common
. "$(dirname "$0")/common"
servers
export PASSWORD=s3cret-of-the-mail TOKEN=tok-3n-of-the-pager
export SLACK="http://127.0.0.1:$http/slack/T0/B0/secret-of-slack" TEAMS="http://127.0.0.1:$http/teams/secret-of-teams"

printf 'route: {receiver: nobody, group_wait: 1s}\nreceivers: [{name: nobody}]\n' >"$dir/alertmanager.yml"
prometheus-alertmanager --config.file="$dir/alertmanager.yml" --storage.path="$dir/alertmanager" \
    --web.listen-address="127.0.0.1:$free" --cluster.listen-address= >"$dir/alertmanager.log" 2>&1 &
pids="$pids $!"
api=http://127.0.0.1:$free/api/v2/alerts

cat >"$dir/config.yaml" <<YAML
channels:
  mail:
    type: email
    server: localhost:$smtp
    user: sentry
    password: {env: PASSWORD}
    from: "Sentry <sentry@example.com>"
    to: oncall@example.com
    ca_file: $dir/ca.pem
    grouping: off
    parallel: 1
    rate: 1000 per 1s
  chat: {type: slack, url: {env: SLACK}, grouping: off, parallel: 1, rate: 1000 per 1s}
  cards: {type: teams, url: {env: TEAMS}, grouping: off, parallel: 1, rate: 1000 per 1s}
  pager: {type: pagerduty, url: "http://127.0.0.1:$http/pager", routing_key: {env: TOKEN}, parallel: 1}
  manager: {type: alertmanager, url: "http://127.0.0.1:$free", labels: {team: blue}}
  hook:
    type: webhook
    url: http://127.0.0.1:$http/hook
    parallel: 1
    body: {who: "{{group.userIdentity.userName}}", in: "<{{group.userIdentity.userName}}>", all: "{{text}}"}
  program: {type: exec, command: [/bin/sh, -c, 'cat >>"\$1"', sh, "$dir/program"], parallel: 1}
  file: {type: file, path: "$dir/file"}
  log: {type: syslog, address: "$dir/log.socket", app_name: sentry}
YAML

tries=0
until curl -sf -o "$dir/ready" "http://127.0.0.1:$free/-/ready" || [ $tries -ge 300 ]; do
    tries=$((tries + 1))
    sleep 0.1
done

channels="mail chat cards pager manager hook program file log"
{
    echo "clock real"
    grep -v '^#' "$here/hostile" | cut -f2 | awk -v channels="$channels" '
        BEGIN { n = split(channels, channel, " ") }
        { for (i = 1; i <= n; i++) printf "fire %s key%02d once %s\n", channel[i], NR, $0; print "send" }'
    echo rows
} | "$deliver" "$dir/config.yaml" >"$dir/out" 2>&1
values=$(grep -vc '^#' "$here/hostile")
is "everything has arrived" "$(grep -c '^sent .* sent ' "$dir/out")" $((values * 9))
received syslog "$values"

# The table as JSON: name, value as the log means it, line for people. jq knows no half of a pair: it is U+FFFD.
grep -v '^#' "$here/hostile" | jq -R 'split("\t") | {name: .[0], value: (.[1] | sub("ud800"; "ufffd") | fromjson), line: (.[2] | fromjson)}' >"$dir/table"

# at DESTINATION LOG FILTER: each line of the log (in order) with its row of the table as $v; FILTER gives null or what is wrong.
at() {
    jq -rn --arg at "$1" --slurpfile table "$dir/table" --slurpfile got "$2" '
        range($table | length) as $i | $table[$i] as $v | $got[$i] |
        (if . == null then "nothing came" else ('"$3"') end) as $wrong |
        if $wrong == null then "ok - receivers: \($at): \($v.name)"
        else "not ok - receivers: \($at): \($v.name): \($wrong | tojson)" end' || not_ok "$1" "jq"
}
part() { jq -c "select(.path | startswith(\"/$1\")) | .body | fromjson" "$dir/http" >"$dir/got-$1"; }
part slack
part teams
part pager
part hook
curl -s "$api" | jq -c 'sort_by(.labels.firing) | .[]' >"$dir/got-manager"

at "mail subject" "$dir/mail" 'if .subject == "[P1] New admin: " + $v.line then null else .subject end'
at "mail headers" "$dir/mail" '[.headers[][0]] as $h | if $h == ["From","To","Subject","Date","Message-ID","References","X-Priority",
    "Auto-Submitted","MIME-Version","Content-Type"] and .defects == [] and .ascii and .longest < 100 and .to == ["oncall@example.com"]
    then null else [$h, .defects, .longest] end'
at "mail text" "$dir/mail" '(.text | gsub("\r"; "")) as $t | if ($t | split("\n") | any(. == "userIdentity.userName   " + $v.line)) and
    ($t | explode | all(. >= 32 and . != 127 or . == 10)) then null else .text end'
at "mail HTML" "$dir/mail" '($v.line | @html | gsub("&apos;"; "&#39;")) as $e | if (.html | contains(">" + $e + "</td>")) and
    (.html | gsub("</?(html|head|meta|body|p|table|tr|td|!DOCTYPE)[^<>]*>"; "") | contains("<") | not) then null else .html end'
at "slack" "$dir/got-slack" '($v.line | gsub("&"; "&amp;") | gsub("<"; "&lt;") | gsub(">"; "&gt;")) as $e |
    if ([.blocks[].fields // [] | .[].text] | any(. == "userIdentity.userName\n" + $e)) and
        (.blocks[0].text.text == "[P1] New admin: " + $e) and ([.. | objects | .type?] - ["header","section","plain_text",null] | length == 0)
    then null else . end'
at "slack notification" "$dir/got-slack" 'if (.text | test("[<>]|@[a-zA-Z]|://|[.][a-z]|<!") | not) and
    (.text | gsub("\u2060"; "") | gsub("&lt;"; "<") | gsub("&gt;"; ">") | gsub("&amp;"; "&")) == "[P1] New admin: " + $v.line
    then null else .text end'
at "teams" "$dir/got-teams" '[.. | objects | select(.type? == "TextRun") | .text] as $t |
    if ($t | any(. == $v.line)) and $t[0] == "[P1] New admin: " + $v.line and
        ([.. | objects | .type?] - ["message","AdaptiveCard","RichTextBlock","TextRun",null] | length == 0) then null else $t end'
at "pagerduty" "$dir/got-pager" 'if .payload.custom_details["userIdentity.userName"] == $v.line and
    .payload.summary == "[P1] New admin: " + $v.line and .payload.severity == "critical" then null else .payload end'
at "alertmanager" "$dir/got-manager" 'if .labels.group_userIdentity_userName == $v.line and .labels.alertname == "New admin" and
    .labels.team == "blue" and .labels.priority == "P1" and .annotations.summary == "[P1] New admin: " + $v.line
    then null else .labels end'
at "webhook" "$dir/got-hook" 'if .who == $v.value and .in == "<" + $v.value + ">" and (keys == ["all","in","who"]) and
    (.all | contains("userIdentity.userName: " + $v.value)) then null else . end'
at "program" "$dir/program" 'if .group["userIdentity.userName"] == $v.value and .priority == "P1" then null else . end'
at "file" "$dir/file" 'if .group["userIdentity.userName"] == $v.value and .priority == "P1" then null else . end'
at "syslog" "$dir/syslog" 'if .message == "[P1] New admin: " + $v.line + " - 4 in 10m, more than 3" and .bom and .app == "sentry" and
    .priority == "<34>1" and .element == "trail@32473" and
    (.parameters | keys == ["count","dedup_key","group","id","priority","source","state"]) then null else . end'
is "one line a notification: program, file" "$(wc -l <"$dir/program") $(wc -l <"$dir/file")" "$values $values"
is "no shell read anything" "$(find . "$dir" -maxdepth 1 -name x)" ""
is "nothing that steers in a file's bytes" "$(LC_ALL=C tr -d '\n\040-\176\200-\377' <"$dir/file" | wc -c)" 0

# ---- secrets: nowhere but where they belong ----

for secret in "$PASSWORD" "$TOKEN" secret-of-slack secret-of-teams; do
    lacks "secret not in outbox or output: $secret" "$(cat "$dir/out")" "$secret"
    is "secret not in files and logs: $secret" "$(grep -l "$secret" "$dir/file" "$dir/program" "$dir/syslog" "$dir/alertmanager.log" "$dir/mail" 2>/dev/null)" ""
done
is "the pager's key went to the pager alone" "$(grep -F "$TOKEN" "$dir/http" | jq -r .path | sort -u)" /pager

# ---- mail ----

is "STARTTLS, and the user of the configuration" "$(last mail | jq -c '[.tls, .from]')" '[true,"sentry@example.com"]'
has "the sender's name" "$(last mail | jq -r '.headers[] | select(.[0] == "From") | .[1]')" "Sentry <sentry@example.com>"
is "mails of one firing are one conversation" "$(jq -r '.headers[] | select(.[0] == "References") | .[1]' "$dir/mail" | sort -u | wc -l)" "$values"
is "each has its own ID" "$(jq -r '.headers[] | select(.[0] == "Message-ID") | .[1]' "$dir/mail" | sort -u | wc -l)" "$values"
has "what happened" "$(last mail | jq -r .text)" "Somebody became an administrator."
has "how many" "$(last mail | jq -r .text)" "4 in 10m, more than 3"
has "where from" "$(last mail | jq -r .text)" "logs/a.json.gz, record 17"
has "events" "$(last mail | jq -r .text)" "e-1, e-2"
has "held back" "$(last mail | jq -r .text)" "held back               2"

cat >"$dir/mail.yaml" <<YAML
channels:
  three: {type: email, server: "localhost:$smtp", user: sentry, password: {env: PASSWORD}, from: s@example.com,
          to: [good@example.com, bad@example.com, later@example.com], ca_file: $dir/ca.pem}
  wrong: {type: email, server: "localhost:$smtp", user: sentry, password: {env: TOKEN}, from: s@example.com,
          to: x@example.com, ca_file: $dir/ca.pem}
  stripped: {type: email, server: "localhost:$smtp_plain", from: s@example.com, to: stripped@example.com, ca_file: $dir/ca.pem}
  unknown: {type: email, server: "localhost:$smtp", from: s@example.com, to: unknown@example.com}
  direct: {type: email, server: "127.0.0.1:$smtps", tls: direct, from: s@example.com, to: direct@example.com, ca_file: $dir/ca.pem}
  local: {type: email, server: "127.0.0.1:$smtp_plain", tls: none, from: s@example.com, to: local@example.com}
YAML
before=$(count mail)
{
    for c in three wrong stripped unknown direct local; do echo "fire $c 00aa once \"x\""; done
    echo send
    echo rows
} | "$deliver" "$dir/mail.yaml" >"$dir/out" 2>&1
sent() { grep "^sent $1 " "$dir/out" | sed "s/^sent $1 //"; }
has "each recipient its own fate: one arrives" "$(sent three)" "good@example.com sent"
has "one is refused for good, with the server's words" "$(sent three)" "bad@example.com park attempts=1 the server answered 550 5.1.1 there is no such user"
has "one is tried again" "$(sent three)" "later@example.com retry attempts=1 the server answered 451 4.3.0 try again later"
has "a wrong password is tried again" "$(sent wrong)" "retry attempts=1 user and password were refused: 535"
lacks "and is not shown" "$(cat "$dir/out")" "$TOKEN"
has "no STARTTLS: nothing is sent" "$(sent stripped)" "retry"
has "a certificate of nobody we know: nothing is sent" "$(sent unknown)" "retry attempts=1 SSL certificate problem"
has "TLS from the start" "$(sent direct)" "sent"
has "without TLS on this machine" "$(sent local)" "sent"
is "so three mails have come" "$(tail -n +$((before + 1)) "$dir/mail" | jq -c '[.to[0], .tls]' | sort | tr '\n' ' ')" \
    '["direct@example.com",true] ["good@example.com",true] ["local@example.com",false] '

# ---- alertmanager: kept alive, and resolved ----

cat >"$dir/am.yaml" <<YAML
channels:
  manager: {type: alertmanager, url: "http://127.0.0.1:$free/", resend: 30s}
YAML
alive() { curl -s "$api?filter=group_userIdentity_userName=%22$1%22" | jq -c '[.[].status.state]'; }
printf 'clock real\nfire manager 77aa firing "keep"\nsend\nrows\n' | "$deliver" "$dir/am.yaml" >"$dir/out" 2>&1
has "a firing alert is sent again in time" "$(cat "$dir/out")" "waiting attempts=0 in=30000 repeats=1"
is "it is active there" "$(alive keep)" '["active"]'
printf 'clock real\nfire manager 77bb firing "keep2"\nsend\nclock 30000\nsend\nrows\nfire manager 77bb resolved "keep2"\nsend\nclock 60000\nsend\nrows\n' |
    "$deliver" "$dir/am.yaml" >"$dir/out" 2>&1
is "once, again, and the end; then no more" "$(grep -c '^sent manager - sent' "$dir/out")" 3
is "nothing waits any more" "$(tail -n 2 "$dir/out" | grep -c ' sent attempts=.*repeats=')" 2
printf 'clock real\nfire manager 77cc firing "over"\nsend\nfire manager 77cc resolved "over"\nsend\n' | "$deliver" "$dir/am.yaml" >"$dir/out" 2>&1
is "resolved there" "$(alive over)" '[]'

# ---- programs ----

cat >"$dir/exec.yaml" <<YAML
channels:
  hangs: {type: exec, command: [/bin/sh, -c, 'sleep 300 & echo \$! >"\$1"; wait', sh, "$dir/child"], timeout: 1s}
  fails: {type: exec, command: [/bin/sh, -c, 'echo no way >&2; exit 1']}
  refuses: {type: exec, command: [/bin/sh, -c, 'exit 65']}
  missing: {type: exec, command: [/nonexistent/program]}
  deaf: {type: exec, command: [/bin/true]}
  loud: {type: exec, command: [/bin/sh, -c, 'yes x >&2'], timeout: 1s}
  words: {type: exec, command: [/bin/sh, -c, 'printf "%s|" "\$@" >"\$0"; env | sort >>"\$0"; ls /proc/self/fd | wc -l >>"\$0"', "$dir/words", '\$(id) \`id\`; x'],
          environment: {KEY: {env: TOKEN}}}
  pipe: {type: file, path: "$dir/fifo"}
  rotated: {type: file, path: "$dir/rotated"}
YAML
mkfifo "$dir/fifo"
{
    for c in hangs fails refuses missing deaf loud words pipe rotated; do echo "fire $c 00aa once \"x\""; done
    echo send
    echo rows
} | "$deliver" "$dir/exec.yaml" >"$dir/out" 2>&1
has "a program that hangs is killed" "$(sent hangs)" "retry attempts=1 took longer than its timeout"
is "with its children" "$(sed 's/.*) //; s/^[ZX] .*//' "/proc/$(cat "$dir/child")/stat" 2>/dev/null)" ""
has "exit code 1 is tried again, with what it said" "$(sent fails)" "retry attempts=1 exit code 1: no way"
has "exit code 65 is for good" "$(sent refuses)" "park attempts=1 exit code 65"
has "a program that is not there" "$(sent missing)" "retry attempts=1 cannot run /nonexistent/program: No such file"
has "one that reads nothing" "$(sent deaf)" "sent"
has "one that never stops talking" "$(sent loud)" "retry attempts=1 took longer"
# shellcheck disable=SC2016
has "its words are taken as they are" "$(cat "$dir/words")" '$(id) `id`; x|'
has "its own variables are there" "$(cat "$dir/words")" "KEY=$TOKEN"
lacks "those of the scanner are not" "$(cat "$dir/words")" "PASSWORD"
is "nor its descriptors" "$(tail -n 1 "$dir/words")" 4
has "a pipe is no file" "$(sent pipe)" "retry attempts=1 $dir/fifo"
mv "$dir/rotated" "$dir/rotated.1"
printf 'fire rotated 00bb once "y"\nsend\n' | "$deliver" "$dir/exec.yaml" >"$dir/out" 2>&1
is "a file that was renamed is made anew" "$(wc -l <"$dir/rotated.1") $(wc -l <"$dir/rotated")" "1 1"
is "nobody else reads it" "$(stat -c %a "$dir/rotated")" 640

# ---- syslog elsewhere ----

cat >"$dir/syslog.yaml" <<YAML
channels:
  udp: {type: syslog, address: "udp://127.0.0.1:$syslog_udp", facility: local3}
  tcp: {type: syslog, address: "tcp://127.0.0.1:$syslog_tcp"}
  tls: {type: syslog, address: "tls://localhost:$syslog_tls", ca_file: $dir/ca.pem}
  untrusted: {type: syslog, address: "tls://localhost:$syslog_tls"}
  nolog: {type: syslog, address: "$dir/no.socket"}
YAML
before=$(count syslog)
{
    for c in udp tcp tls untrusted nolog; do echo "fire $c 00aa once \"x\""; done
    echo send
} | "$deliver" "$dir/syslog.yaml" >"$dir/out" 2>&1
received syslog $((before + 3))
is "datagram, TCP and TLS" "$(tail -n +$((before + 1)) "$dir/syslog" | jq -r .via | sort | tr '\n' ' ')" "datagram tcp tls "
has "the facility" "$(tail -n 3 "$dir/syslog")" '<154>1'
has "a certificate of nobody we know" "$(sent untrusted)" "retry attempts=1 SSL certificate problem"
has "a socket that is not there" "$(sent nolog)" "retry attempts=1 $dir/no.socket: No such file"

# ---- storms ----

cat >"$dir/storm.yaml" <<YAML
channels:
  mail: {type: email, server: "localhost:$smtp", from: s@example.com, to: x@example.com, ca_file: $dir/ca.pem,
         grouping: {after: 1, every: 1m}}
  chat: {type: slack, url: {env: SLACK}, grouping: {after: 1, every: 1m}}
YAML
before=$(count mail)
{
    for i in 1 2 3 4 5 6 7 8; do echo "fire mail 0$i firing \"user-$i <b>\""; echo "fire chat 0$i firing \"user-$i <!here>\""; done
    echo send
    echo "clock 60000"
    echo send
} | "$deliver" "$dir/storm.yaml" >"$dir/out" 2>&1
is "a storm is two mails: the first, and one for the rest" "$(($(count mail) - before))" 2
is "its subject counts" "$(last mail | jq -r .subject)" "[P1] 7 notifications: New admin"
has "its alerts are counted" "$(last mail | jq -r .text)" "P1 New admin            7 firing"
has "some are there as examples" "$(last mail | jq -r .text)" "for instance            New admin: user-2 <b>, 4 in 10m, more than 3"
lacks "escaped" "$(last mail | jq -r .html)" "<b>"
has "and in Slack" "$(last http | jq -r '.body | fromjson | [.blocks[].fields // [] | .[].text] | join("|")')" "New admin: user-2 &lt;!here&gt;, 4 in 10m"
