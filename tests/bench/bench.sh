#!/bin/sh
# make bench: the scanner of rules/cloudtrail-ten over generated CloudTrail, beside jq and ripgrep, in one run.
#
# What is compared is a whole process over a file in the page cache, one thread each:
#     sentry    the ten alerts, every record validated; labelled: with the alert that counts every record, too
#     rg -c     counts the lines that hold one of the pack's literals: far less work than an alert
#     jq        selects the records of five of the ten alerts' filters
# Settings: BENCH_RECORDS (default 300000), BENCH_RUNS (default 5).
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
records=${BENCH_RECORDS:-300000}
runs=${BENCH_RUNS:-5}
work=$(mktemp -d "${TMPDIR:-/tmp}/trail-bench-XXXXXX")
trap 'rm -rf "$work"' EXIT

"$build/trailc" build rules/cloudtrail-ten -o "$work/sentry"
"$build/tests/day" --format ndjson --records "$records" --out "$work/day.ndjson" >/dev/null
gzip -1 -k "$work/day.ndjson"
bytes=$(wc -c <"$work/day.ndjson")
lines=$(wc -l <"$work/day.ndjson")

cat >"$work/literals" <<'END'
AttachUserPolicy
AddUserToGroup
AssumeRole
CreateGrant
ConsoleLogin
CreateDeployment
AccessDenied
UnauthorizedOperation
sg-0a11bcd22ef334455
END
filter='select((.eventName == "AttachUserPolicy" and (.requestParameters.policyArn | tostring | endswith("policy/AdministratorAccess")))
    or (.eventName == "AddUserToGroup" and (.requestParameters.groupName | tostring | test("admin"; "i")))
    or (.eventName == "ConsoleLogin" and .responseElements.ConsoleLogin == "Failure")
    or (.eventName == "CreateGrant") or .errorCode == "AccessDenied") | .eventID'
printf '%s\n' "$filter" >"$work/filter.jq"

echo "machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) processors, $(uname -sr)"
echo "peers: $(jq --version), $(rg --version | head -n 1)"
echo "input: $lines records, $bytes bytes; $runs rounds, medians; x is the speed against sentry's over NDJSON"
"$build/tests/measure" "$runs" "$bytes" "$lines" \
    "sentry, NDJSON" "$work/sentry -j1 -o json $work/day.ndjson 2>/dev/null" \
    "sentry, NDJSON, labelled" "$work/sentry -j1 -o json --application prod-trail $work/day.ndjson" \
    "sentry, gzip" "$work/sentry -j1 -o json $work/day.ndjson.gz 2>/dev/null" \
    "gzip -dc alone" "gzip -dc $work/day.ndjson.gz" \
    "rg -c, literals" "rg -j1 -c -F -f $work/literals $work/day.ndjson" \
    "jq, five filters" "jq -r -f $work/filter.jq $work/day.ndjson"
