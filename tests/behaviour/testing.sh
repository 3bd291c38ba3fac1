#!/bin/sh
# `trailc test`: where tests may stand, what a failure says, TAP, JUnit's XML, the coverage of clauses.
set -u
cd "$(dirname "$0")/../.." || exit 2
trailc=${TRAILC:-$PWD/build/trailc}
schema=$PWD/tests/behaviour/junit.xsd
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

is() { # name made expected
    if [ "$2" = "$3" ]; then echo "ok - testing: $1"; else printf 'not ok - testing: %s: %s instead of %s\n' "$1" "$2" "$3"; fi
}
has() { # name file part
    if grep -qF -- "$3" "$2"; then echo "ok - testing: $1"; else printf 'not ok - testing: %s: no %s in\n' "$1" "$3"; sed 's/^/    /' "$2"; fi
}
trailc_test() { # OPTION… PACK
    "$trailc" test --cflags "${CFLAGS:--O0}" --color=never "$@"
}

# ---- a pack whose tests pass and fail, inline, in a file, in a directory -----------------------
mkdir -p "$work/pack/events/more"
cat >"$work/pack/one.yaml" <<'END'
pack: tested
schema: none
---
alert: New admin
filter: eventName:AddUserToGroup AND group:/.*admin.*/ AND NOT userName:root
tests:
  - name: 'hostile <&> "x" # skip \ ]]>'
    events:
      - {eventName: AddUserToGroup, group: super-users}
      - {eventName: ConsoleLogin, group: "\e[31m\u202e", eventTime: "2026-01-01T00:00:00Z"}
    fires: true
  - name: an admin
    events: [{eventName: AddUserToGroup, group: super-admins}]
    fires: true
  - name: should be silent
    events: [{eventName: AddUserToGroup, group: "super-admins \u202e\u007f\ufffe"}]
    fires: false
---
alert: Many
filter: eventName:x
applications: [prod-*]
when: more than 2 in 10m
group_by: [user.name]
END
cat >"$work/pack/one.test.yaml" <<'END'
alert: many
tests:
  - name: not labelled
    file: events/
    fires: true
  - name: a directory
    application: prod-1
    file: events
    fires: [{group: bob, count: 3, time: "2026-01-01T00:00:04Z"}]
  - name: a file of it
    application: prod-1
    file: events/1.json
    fires: false
  - name: too many
    application: prod-1
    file: events
    fires: 0
  - name: another group
    application: prod-1
    file: events
    fires: [{group: alice}]
END
printf '%s\n' '{"eventName":"x","user":{"name":"bob"},"eventTime":"2026-01-01T00:00:01Z"}' \
    '{"eventName":"x","user":{"name":"bob"},"eventTime":"2026-01-01T00:00:02Z"}' >"$work/pack/events/1.json"
printf '{"Records":[%s,%s]}' '{"eventName":"x","user":{"name":"bob"},"eventTime":"2026-01-01T00:00:04Z"}' \
    '{"eventName":"y\u001b[31m","user":{"name":"bob"},"eventTime":"2026-01-01T00:00:04Z"}' | gzip >"$work/pack/events/more/2.json.gz"

(cd "$work" && trailc_test -v --junit junit.xml pack) >"$work/out" 2>"$work/err"
is "failed tests: exit code" $? 1
has "the sum" "$work/out" "pack: 3 passed, 5 failed"
has "a test beside the rule file has its own place" "$work/out" "pack/one.test.yaml:3: FAILED many: not labelled"
has "why: how many events match" "$work/out" "    0 of 2 events match the filter"
has "why: the clause that is false, and its value" "$work/out" "    event 1 does not match: group is \`super-users\`, without a word like \`/.*admin.*/\`"
has "why: the field that a clause is about" "$work/out" "    event 2 does not match: eventName is \`ConsoleLogin\`, not \`AddUserToGroup\`"
has "why: labels" "$work/out" "    it cannot fire: no application; the alert takes \`prod-*\`"
has "why: the file and record" "$work/out" "    pack/events/more/2.json.gz, record 2 does not match: eventName is \`y\\x1b[31m\`, without the word \`x\`"
has "why: what matched" "$work/out" "    event 1 matches: eventName is \`AddUserToGroup\`;"
has "why: what fired" "$work/out" '    it fired: {"reason":"3 in 10m, more than 2","group":{"user.name":"bob"},"count":3'
has "why: the missing alert" "$work/out" "FAILED many: another group: expected an alert with group \`alice\`, and there is none"
is "the report is the same each time" "$(cd "$work" && trailc_test -v pack 2>&1 | md5sum)" "$(md5sum <"$work/out")"
is "nothing of a log or a rule is raw" "$(LC_ALL=C tr -d '\n -~' <"$work/out" | wc -c)" 0

# ---- JUnit ------------------------------------------------------------------------------------
xpath() { xmllint --xpath "string($1)" "$2"; }
xmllint --noout --schema "$schema" "$work/junit.xml" 2>"$work/err"
is "the XML is valid: $(head -n 1 "$work/err")" $? 0
is "tests in the XML" "$(xpath 'count(//testcase)' "$work/junit.xml"),$(xpath '/testsuites/@tests' "$work/junit.xml"),$(xpath '//testsuite/@tests' "$work/junit.xml")" 8,8,8
is "failures in the XML" "$(xpath 'count(//failure)' "$work/junit.xml"),$(xpath '/testsuites/@failures' "$work/junit.xml"),$(xpath '//testsuite/@failures' "$work/junit.xml")" 5,5,5
is "a hostile name in the XML" "$(xpath '//testcase[1]/@name' "$work/junit.xml")" 'hostile <&> "x" # skip \ ]]>'
is "a class in the XML" "$(xpath '//testcase[1]/@classname' "$work/junit.xml")" pack.new-admin
is "a place in the XML" "$(xpath '//testcase[1]/failure' "$work/junit.xml" | head -n 1)" pack/one.yaml:7

# ---- TAP --------------------------------------------------------------------------------------
(cd "$work" && trailc_test --tap pack) >"$work/tap" 2>&1
is "TAP: the version" "$(head -n 1 "$work/tap")" "TAP version 13"
is "TAP: the plan" "$(tail -n 1 "$work/tap")" 1..8
is "TAP: the numbers" "$(grep -oE '^(not )?ok [0-9]+' "$work/tap" | grep -oE '[0-9]+' | tr '\n' ' ')" "1 2 3 4 5 6 7 8 "
is "TAP: passed and failed" "$(grep -c '^ok ' "$work/tap"),$(grep -c '^not ok ' "$work/tap")" 3,5
has "TAP: no name is a directive" "$work/tap" 'not ok 1 - pack: new-admin: hostile <&> "x" \# skip \\ ]]>'
has "TAP: the reason" "$work/tap" '  message: "expected it to fire, and it did not"'
is "TAP: blocks open and close" "$(grep -c '^  ---$' "$work/tap"),$(grep -c '^  \.\.\.$' "$work/tap")" 5,5
printf '#!/bin/sh\ncat "%s"\nexit 1\n' "$work/tap" >"$work/program"
chmod +x "$work/program"
is "TAP: a reader's sum" "$(tests/run "$work/logs" "$work/program" | tail -n 1)" "3 passed, 5 failed, 0 skipped"
if command -v prove >"$work/prove" 2>&1; then
    is "TAP: prove's sum" "$(prove "$work/program" >"$work/out" 2>&1; grep -c 'Failed 5/8 subtests' "$work/out"),$(grep -ci 'parse errors' "$work/out")" 1,0
else
    echo "ok - testing: TAP: prove's sum # SKIP no prove"
fi

# ---- a pack with errors, several packs --------------------------------------------------------
mkdir "$work/broken"
echo 'alert: x' >"$work/broken/x<&>.yaml"
(cd "$work" && trailc_test --tap --junit both.xml broken 'broken/x<&>.yaml' pack) >"$work/tap" 2>"$work/err"
is "a pack with errors: exit code" $? 1
is "TAP: a pack with errors is a failure" "$(grep -c '^not ok [12] - broken.*: the pack compiles$' "$work/tap"),$(tail -n 1 "$work/tap")" 2,1..10
xmllint --noout --schema "$schema" "$work/both.xml" 2>"$work/err"
is "XML of a pack with errors is valid: $(head -n 1 "$work/err")" $? 0
is "the kind of an error" "$(xpath '//error[1]/@type' "$work/both.xml"),$(xpath '//error[1]/@message' "$work/both.xml")" "pack,the pack has 1 error"
has "the diagnostic in the XML" "$work/both.xml" ">broken/x&lt;&amp;&gt;.yaml:1:8: error[E005]: "
has "the diagnostic in TAP" "$work/tap" '    broken/x<&>.yaml:1:8: error[E005]: '
printf 'alert: "\\e[31m]]>\xef\xbf\xbf"\nfilter: "a\xef\xbf\xbf</error> b"\n' >"$work/hostile.yaml"
(cd "$work" && trailc_test --tap --junit hostile.xml hostile.yaml) >"$work/out" 2>/dev/null
xmllint --noout --schema "$schema" "$work/hostile.xml" 2>"$work/err"
is "XML of a hostile error is valid: $(head -n 1 "$work/err")" $? 0
is "nothing of an error is raw" "$(LC_ALL=C tr -d '\n -~' <"$work/out" | wc -c),$(LC_ALL=C tr -d '\n -~' <"$work/hostile.xml" | wc -c)" 0,0
if command -v prove >"$work/prove" 2>&1; then
    (cd "$work" && prove -e cat tap) >"$work/out" 2>&1
    is "TAP: prove's sum of packs with errors" "$(grep -c 'Failed 7/10 subtests' "$work/out"),$(grep -ci 'parse errors' "$work/out")" 1,0
else
    echo "ok - testing: TAP: prove's sum of packs with errors # SKIP no prove"
fi

# ---- tools that fail --------------------------------------------------------------------------
printf '#!/bin/sh\necho "a <broken> & tool" >&2\nexit 7\n' >"$work/no-tool"
chmod +x "$work/no-tool"
stopped() { # NAME TYPE-OF-MESSAGE COMMAND…
    name=$1 message=$2
    shift 2
    (cd "$work" && "$@" pack pack) >"$work/tap" 2>"$work/err"
    is "$name: exit code" $? 2
    is "$name: TAP bails out, and ends" "$(grep -c '^Bail out! pack: ' "$work/tap"),$(tail -n 1 "$work/tap" | cut -c 1-9),$(grep -cE '^(not )?ok' "$work/tap")" "1,Bail out!,0"
    has "$name: TAP says why" "$work/tap" "$message"
    xmllint --noout --schema "$schema" "$work/stopped.xml" 2>"$work/err"
    is "$name: the XML is valid: $(head -n 1 "$work/err")" $? 0
    is "$name: the XML says what" "$(xpath '//testcase/@name' "$work/stopped.xml"),$(xpath '//error/@type' "$work/stopped.xml"),$(xpath '/testsuites/@errors' "$work/stopped.xml")" runs,tool,1
    is "$name: the XML says why" "$(xpath "contains(//error/@message, '$message')" "$work/stopped.xml")" true
    if command -v prove >"$work/prove" 2>&1; then
        is "$name: prove stops" "$(cd "$work" && prove -e cat tap 2>&1 | grep -c 'Bailout called')" 1
    else
        echo "ok - testing: $name: prove stops # SKIP no prove"
    fi
}
stopped "no cc" "cannot run no-such-cc" "$trailc" test --cc no-such-cc --tap --junit stopped.xml
stopped "cc fails" "no-tool failed (exit code 7)" "$trailc" test --cc "$work/no-tool" --tap --junit stopped.xml
is "cc fails: what it said" "$(xpath '//error' "$work/stopped.xml")" 'a <broken> & tool'
has "cc fails: what it said, in TAP" "$work/tap" '# a <broken> & tool'
stopped "re2c fails" "no-tool failed (exit code 7)" env RE2C="$work/no-tool" "$trailc" test --tap --junit stopped.xml
stopped "no room to work in" "cannot make a directory in $work/nowhere" env TMPDIR="$work/nowhere" "$trailc" test --tap --junit stopped.xml
(cd "$work" && "$trailc" test --cc no-such-cc --junit stopped.xml pack broken pack) >"$work/out" 2>&1
is "a tool, and a pack with errors: exit code" $? 2
is "a tool, and a pack with errors: both in the XML" "$(xpath 'count(//error[@type="tool"])' "$work/stopped.xml"),$(xpath 'count(//error[@type="pack"])' "$work/stopped.xml")" 2,1

is "errors in the XML" "$(xpath '/testsuites/@errors' "$work/both.xml"),$(xpath 'count(//error)' "$work/both.xml"),$(xpath '/testsuites/@tests' "$work/both.xml")" 2,2,10
trailc_test --junit "$work/no/such/directory.xml" "$work/broken" >"$work/out" 2>&1
is "XML that cannot be written: exit code" $? 2

# ---- notes ------------------------------------------------------------------------------------
printf 'schema: none\n---\nalert: N\nfilter: a:1\nwhen: at least 1 in 1h\ntests: [{name: t, events: [{a: 1}], fires: false}, {name: u, events: [{a: 1}], fires: true}]\n' >"$work/noted.yaml"
(cd "$work" && trailc_test --tap --junit noted.xml noted.yaml) >"$work/tap" 2>&1
xmllint --noout --schema "$schema" "$work/noted.xml" 2>"$work/err"
is "XML with notes is valid: $(head -n 1 "$work/err")" $? 0
note='note: no readable time in eventTime (the pack'"'"'s `time`): 1 matching event is in no count'
is "notes in the XML" "$(xpath '//testcase[1]/system-out' "$work/noted.xml"),$(xpath '//testcase[2]/system-out' "$work/noted.xml")" "$note,$note"
is "notes in TAP are comments" "$(grep -cxF "# $note" "$work/tap")" 2

# ---- coverage ---------------------------------------------------------------------------------
mkdir "$work/covered"
cat >"$work/covered/a.yaml" <<'END'
schema: none
---
alert: Covered
filter: a:1 AND (b:2 OR c:3) AND NOT d:4
tests:
  - {name: all but d, events: [{a: 1, b: 2}], fires: true}
  - {name: without a, events: [{b: 2}], fires: false}
  - {name: both b and c, events: [{a: 1, b: 2, c: 3}], fires: true}
  - {name: neither, events: [{a: 1}, {a: 1, b: 2, d: 4}], fires: false}
  - {name: nothing at all, events: [{d: 4}], fires: false}
---
alert: Untested
filter: a:1
END
(cd "$work" && trailc_test --coverage --junit covered.xml covered) >"$work/out" 2>&1
is "coverage: exit code" $? 0
sed -n '/clauses/,$p' "$work/out" >"$work/made"
cat >"$work/expected" <<'END'
covered: 3 of 5 clauses decided a test both when true and when false
    true  false  tests that the clause decided, alone
covered
       2      1  a:1
       1      1  b:2
       0      1  c:3  never decided when true
       1      2  d:4
untested
       0      0  a:1  never decided
END
is "coverage: the table" "$(cat "$work/made")" "$(cat "$work/expected")"
xmllint --noout --schema "$schema" "$work/covered.xml" 2>"$work/err"
is "XML with coverage is valid: $(head -n 1 "$work/err")" $? 0
is "coverage in the XML" "$(xpath '//property[@name="coverage"]/@value' "$work/covered.xml")" "3 of 5"
is "a clause in the XML" "$(xpath '//property[@name="coverage:covered:c:3"]/@value' "$work/covered.xml")" "true 0, false 1"
is "coverage: what is complete is left out" "$(printf 'schema: none\n---\nalert: B\nfilter: a:1\ntests: [{events: [{a: 1}], fires: true}, {events: [{b: 1}], fires: false}]\n' >"$work/whole.yaml"
    trailc_test --coverage "$work/whole.yaml" | tail -n 1)" "and 1 alert with no clause that did not (-v lists it)"
(cd "$work" && trailc_test --coverage --tap covered) >"$work/tap" 2>&1
has "coverage in TAP" "$work/tap" "# covered: c:3  never decided when true"

# ---- tests beside rule files ------------------------------------------------------------------
check() { "$trailc" check --color=never "$@" 2>&1; }
mkdir "$work/beside"
printf 'schema: none\n---\nalert: A\nfilter: a:1\n---\nalert: Second\nfilter: b:1\n' >"$work/beside/ab.yaml"
printf 'tests: [{events: [{a: 1}], fires: true}]\n' >"$work/beside/ab.test.yaml"
check "$work/beside" >"$work/out"
has "beside: which of two alerts" "$work/out" "ab.yaml has 2 alerts; say whose tests these are"
printf 'alert: Secnd\ntests: [{events: [{a: 1}], fires: true}]\n' >"$work/beside/ab.test.yaml"
check "$work/beside" >"$work/out"
has "beside: no such alert" "$work/out" "has no alert \`Secnd\`"
has "beside: the alert that it may be" "$work/out" "write: Second"
printf 'alert: Second\ntests: [{name: t, events: [{b: 1}], fires: true}]\n---\nalert: a\ntests: [{name: u, events: [{a: 1}], fires: true}]\n' >"$work/beside/ab.test.yaml"
is "beside: by name and by ID" "$(trailc_test -v "$work/beside" | grep -c '^passed')" 2
is "beside: of a single file" "$(trailc_test -v "$work/beside/ab.yaml" | grep -c '^passed')" 2
is "beside: --strict knows them" "$(check --strict "$work/beside" | grep -c 'no .tests.')" 0
printf 'alert: Second\ntests: [{events: [{b: 1}], fires: true}]\n' >"$work/beside/ab.test.yml"
check "$work/beside" >"$work/out"
has "beside: tests in two places" "$work/out" "the alert \`Second\` has tests in $work/beside/ab.test.yaml already"
rm "$work/beside/ab.test.yml"
printf 'alert: C\nfilter: c:1\n' >"$work/beside/ab.yml"
check "$work/beside" >"$work/out"
has "beside: two rule files" "$work/out" "these may be the tests of two rule files: $work/beside/ab.yaml, .yml or .json"
rm "$work/beside/ab.yml"
mv "$work/beside/ab.test.yaml" "$work/beside/ba.test.yaml"
check "$work/beside" >"$work/out"
has "beside: no rule file" "$work/out" "tests without rules: there is no $work/beside/ba.yaml"
check "$work/beside/ba.test.yaml" >"$work/out"
has "beside: tests are no pack" "$work/out" "ba.test.yaml has tests only; give the rule file beside it"
printf 'alert: A\nfilter: a:1\ntests: []\n' >"$work/beside/ab.test.yaml"
check "$work/beside/ab.yaml" >"$work/out"
has "beside: keys of rules" "$work/out" "\`filter\` is not a key of a document of a file of tests"
