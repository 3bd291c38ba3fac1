#!/bin/sh
# Tests of the generator of a day of CloudTrail: the same bytes every time, valid JSON, the shape of a
# trail's records, each situation in it once and none in the background. Prints TAP.
set -u
day=${BUILD:-build}/tests/day
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
bad=0

# check NAME COMMAND...: one result; what the command printed is the detail.
check() {
    name=$1
    shift
    if detail=$("$@" 2>&1); then
        echo "ok - day: $name"
    else
        echo "not ok - day: $name: $(printf '%s' "$detail" | head -n 3 | tr '\n' ' ')"
        bad=1
    fi
}
# same A B: two texts, equal.
same() { [ "$1" = "$2" ] || { echo "$1, not $2"; return 1; }; }
# between N LOW HIGH
between() { [ "${1:-x}" -ge "$2" ] && [ "$1" -le "$3" ] || { echo "$1 is not from $2 to $3"; return 1; }; }
refused() { "$day" "$@" >/dev/null 2>&1; same "$?" 2; }

"$day" --out "$tmp/a" --records 4000 --stats 2>"$tmp/shape"
"$day" --out "$tmp/b" --records 4000
"$day" --out "$tmp/c" --records 4000 --seed 2
"$day" --format ndjson --records 4000 >"$tmp/day.ndjson"
"$day" --format ndjson --records 4000 --out "$tmp/again.ndjson"
"$day" --format ndjson --records 4000 --seed 2 >"$tmp/other.ndjson"
find "$tmp/a" -path '*/CloudTrail/*.json.gz' | sort >"$tmp/files"
xargs zcat <"$tmp/files" | jq -c '.Records[]' >"$tmp/delivered"

check "two runs give the same tree" diff -r "$tmp/a" "$tmp/b"
check "and the same NDJSON" cmp "$tmp/day.ndjson" "$tmp/again.ndjson"
differ() { ! cmp -s "$1" "$2"; }
check "another seed gives other records" differ "$tmp/day.ndjson" "$tmp/other.ndjson"
moments() { # the events of the situations, without what the seed decides
    jq -r 'select(.eventName == "ConsoleLogin" and .responseElements.ConsoleLogin == "Failure" or .eventName == "CreateDeployment") | .eventTime' "$1" | sort
}
check "at the same moments" same "$(moments "$tmp/other.ndjson")" "$(moments "$tmp/day.ndjson")"

check "every line is one JSON object" same "$(jq -r type "$tmp/day.ndjson" | sort | uniq -c | awk '{print $1, $2}')" "4234 object"
check "every file is one line without newline" same "$(xargs zcat <"$tmp/files" | wc -l)" 0
check "every file holds its Records alone" same "$(xargs zcat <"$tmp/files" | jq -c keys | sort -u)" '["Records"]'
jq -cS . "$tmp/day.ndjson" | sort >"$tmp/want"
jq -cS . "$tmp/delivered" | sort -u >"$tmp/got"
check "the files hold the same records as the NDJSON" cmp "$tmp/want" "$tmp/got"
check "keys in CloudTrail's order" same \
    "$(jq -c 'keys_unsorted | [.[0:8][] | select(. != "errorCode" and . != "errorMessage")]' "$tmp/day.ndjson" | sort -u)" \
    '["eventVersion","userIdentity","eventTime","eventSource","eventName","awsRegion","sourceIPAddress","userAgent"]'
check "no event ID twice" same "$(jq -r .eventID "$tmp/day.ndjson" | sort | uniq -d | wc -l)" 0
check "files lie where a trail puts them" same \
    "$(sed "s|$tmp/a/||; s|/[^/]*\$||" "$tmp/files" | sed 's|[0-9]*/[0-9]*/[0-9]*$||' | sort -u | tr '\n' ' ')" \
    "AWSLogs/123456789012/CloudTrail/eu-central-1/ AWSLogs/123456789012/CloudTrail/us-east-1/ "
check "files are named as a trail names them" same \
    "$(grep -cvE '/([0-9]{12})_CloudTrail_[a-z0-9-]+_[0-9]{8}T[0-9]{3}[05]Z_[A-Za-z0-9]{16}\.json\.gz$' "$tmp/files")" 0

twice() { sort "$1" | uniq -c | awk '{n[$1]++} END {printf "%d %d", n[2] * 100 / (n[1] + n[2]), n[3] + n[4]}'; }
check "records come twice, byte for byte, in about 19 of 100" between "$(twice "$tmp/delivered" | cut -d' ' -f1)" 16 22
check "none comes three times" same "$(twice "$tmp/delivered" | cut -d' ' -f2)" 0
same_file() { xargs zcat <"$tmp/files" | jq "[.Records[].eventID] | length - (unique | length) | select(. > 0)" | wc -l; }
check "never twice in one file" same "$(same_file)" 0
check "no duplicates without them" same "$("$day" --out "$tmp/d" --records 600 --duplicates 0 --stats 2>&1 | grep twice)" "records delivered twice: 0.0%"
late() { # the most seconds that a record stands behind a newer one, in the order of the file names of a region
    grep "/$1/" "$tmp/files" | xargs zcat | jq -r '.Records[].eventTime | fromdate' |
        awk '$1 > newest {newest = $1} newest - $1 > most {most = newest - $1} END {print most + 0}'
}
check "out of order, but by less than fifteen minutes" between "$(late us-east-1)" 60 899

line() { sed -n "s/^$1: .*$2 \([0-9]*\).*/\1/p" "$tmp/shape"; }
percent() { sed -n "s/^$1: \([0-9]*\)\..*/\1/p" "$tmp/shape"; }
check "the median record is about 1.5 kB" between "$(line 'bytes a record' median)" 1200 1700
check "the smallest as in real files" between "$(line 'bytes a record' smallest)" 500 900
check "the largest as in real files" between "$(line 'bytes a record' largest)" 3000 6000
check "responseElements mostly null" between "$(percent 'responseElements null')" 65 85
check "some errors" between "$(percent errorCode)" 6 10
check "backslashes" between "$(percent 'a backslash')" 13 20
check "services call most" between "$(percent 'from AWS services')" 50 90
check "files hold few records" between "$(line 'records a file' median)" 2 8
sed 's/^/# /' "$tmp/shape"

count() { same "$(jq -r "select($1) | .eventTime" "$tmp/day.ndjson" | tr '\n' ' ')" "$2"; }
ours='IN("123456789012", "111122223333")'
check "one administrator's policy given" count '.eventName == "AttachUserPolicy" and .errorCode == null and .requestParameters.policyArn == "arn:aws:iam::aws:policy/AdministratorAccess"' "2026-03-14T09:41:07Z "
check "one call refused" count '.errorCode // "" | test("Denied|Unauthorized|AuthFailure|Forbidden|AuthorizationError")' "2026-03-14T11:02:44Z "
check "one new administrator" count '.eventName == "AddUserToGroup" and (.requestParameters.groupName | test("admin"; "i"))' "2026-03-14T14:07:31Z "
check "one change of a critical group" count '.requestParameters.groupId? == "sg-0a11bcd22ef334455" and .errorCode == null' "2026-03-14T16:20:10Z "
check "one role assumed from outside" count ".eventName == \"AssumeRole\" and .userIdentity.accountId != null and (.userIdentity.accountId | $ours | not)" "2026-03-14T05:12:33Z "
check "one grant to outside" count ".eventName == \"CreateGrant\" and (.requestParameters.granteePrincipal | capture(\"::(?<a>[0-9]{12}):\") | .a | $ours | not)" "2026-03-14T18:33:02Z "
check "two deployments, one in the hour for it" count '.eventName == "CreateDeployment"' "2026-03-14T15:30:00Z 2026-03-14T22:30:00Z "
check "one login of a watched user" count '.eventName == "ConsoleLogin" and (.userIdentity.userName | IN("break-glass", "billing-root"))' "2026-03-14T02:03:04Z "
failures() { # the most failed logins in ten minutes that begin in the hours from $1 to $2
    jq -r 'select(.responseElements.ConsoleLogin? == "Failure") | .eventTime | fromdate % 86400' "$tmp/day.ndjson" |
        awk -v from="$1" -v to="$2" '$1 >= from * 3600 && $1 < to * 3600 {t[n + 0] = $1; n++}
            END {k = 0; for (i = 0; i < n; i++) {while (t[i] - t[k] >= 600) k++; if (i - k + 1 > most) most = i - k + 1} print most + 0}'
}
check "90 failed logins at night" same "$(failures 0 12)" 90
check "120 at noon" same "$(failures 12 24)" 120
gaps() {
    jq -r '.eventTime | fromdate % 86400' "$1" | sort -n | awk 'NR > 1 && $1 - p >= 1800 {print p, $1} {p = $1}'
}
check "one silence, from 03:20 to 04:00" same "$(gaps "$tmp/day.ndjson")" "12000 14400"
"$day" --format ndjson --records 500 --seed 9 >"$tmp/few.ndjson"
check "no other even with the fewest records" same "$(gaps "$tmp/few.ndjson")" "12000 14400"
listed() { "$day" --list | awk '$1 == "fires" {print $2}' | sort | uniq -c | awk '$1 == 1' | wc -l; }
check "--list names ten alerts, once each" same "$(listed)" 10
check "in summer the allowed hour moves" same "$("$day" --list --date 2026-07-14 | sed -n 's/.*\(2026.*Z\)  .*23:30.*/\1/p')" "2026-07-14T21:30:00Z"


# A week of everyday: Monday 2026-03-02 is a working day, the 8th a Sunday.
"$day" --everyday --format ndjson --records 4000 --date 2026-03-02 >"$tmp/monday.ndjson"
"$day" --everyday --format ndjson --records 4000 --date 2026-03-02 >"$tmp/again.ndjson"
"$day" --everyday --format ndjson --records 4000 --date 2026-03-08 >"$tmp/sunday.ndjson"
people() { jq -r 'select(.userIdentity.type == "IAMUser") | .eventTime[11:13] | tonumber' "$1" | awk "{n++; office += \$1 >= 7 && \$1 < 17} END {print $2}"; }
called() { jq -c "select($2)" "$1" | wc -l; }
check "an everyday is the same each time" cmp "$tmp/monday.ndjson" "$tmp/again.ndjson"
check "without a silence" same "$(gaps "$tmp/monday.ndjson")" ""
check "people work in office hours" between "$(people "$tmp/monday.ndjson" "int(office * 100 / n)")" 75 95
check "and hardly on Sundays" between "$(($(people "$tmp/monday.ndjson" n) / $(people "$tmp/sunday.ndjson" n)))" 5 20
check "programs rest less" between "$(($(called "$tmp/sunday.ndjson" '.eventName == "Decrypt"') * 100 / $(called "$tmp/monday.ndjson" '.eventName == "Decrypt"')))" 50 90
nightly='.eventName == "AssumeRole" and .eventTime[11:13] == "01"'
"$day" --everyday --format ndjson --records 4000 --date 2026-03-03 >"$tmp/tuesday.ndjson"
check "a batch runs behind working days" between "$(($(called "$tmp/tuesday.ndjson" "$nightly") - $(called "$tmp/monday.ndjson" "$nightly")))" 20 60
check "and a report on Sundays" between "$(called "$tmp/sunday.ndjson" '.eventName == "GetParameters" and .eventTime[11:13] == "04"')" 60 240

check "a used directory is refused" sh -c "! '$day' --out '$tmp/a' 2>/dev/null"
check "bad numbers are refused" refused --out "$tmp/x" --records 12x
check "too few records are refused" refused --out "$tmp/x" --records 499
check "a date that is none is refused" refused --out "$tmp/x" --date 2026-02-30
check "no destination is refused" refused
exit $bad
