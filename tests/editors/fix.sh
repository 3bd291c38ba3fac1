#!/bin/sh
# `trailc check --fix` writes what is certain into the files, and nothing else. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
trailc=${TRAILC:-build/trailc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

is() { # NAME CONDITION...
    name=$1
    shift
    if "$@"; then
        echo "ok - --fix: $name"
    else
        echo "not ok - --fix: $name: $*"
    fi
}

cat >"$work/pack.yaml" <<'END'
schema: none   # a comment stays
---
alert: One
filter: "userName:(alice and bob)"   # and so does this one
---
alert: Two
filter: >-
  a.keyword:/\d+/ and
  not b:x
---
alert: Three
filter: a:x OR b:y AND c:z
END
cat >"$work/expected" <<'END'
schema: none   # a comment stays
---
alert: One
filter: "userName:(alice AND bob)"   # and so does this one
---
alert: Two
filter: >-
  a.keyword:/[0-9]+/ AND
  NOT b:x
---
alert: Three
filter: a:x OR b:y AND c:z
END
chmod 640 "$work/pack.yaml"
"$trailc" check --fix --color=never "$work/pack.yaml" 2>"$work/said"
is "what is left is said, and fails" test $? -eq 1
is "certain fixes are written, and nothing else" cmp "$work/expected" "$work/pack.yaml"
is "the mode is kept" test "$(stat -c %a "$work/pack.yaml")" = 640
is "how many" grep -q "pack.yaml: [0-9]* fixed" "$work/said"
is "what two readings has is left" grep -q 'error\[E101\]' "$work/said"
is "what was fixed is said no more" sh -c "! grep -q 'E106\|W203' '$work/said'"
head -n 9 "$work/expected" >"$work/fine.yaml"
cp "$work/fine.yaml" "$work/before.yaml"
"$trailc" check --fix "$work/fine.yaml" 2>/dev/null
is "without faults nothing is written" cmp "$work/before.yaml" "$work/fine.yaml"
"$trailc" check --fix - <"$work/fine.yaml" 2>"$work/said"
is "standard input is no file" test $? -eq 2
cp "$work/fine.yaml" "$work/wrong.yaml"
sed -i 's/ AND$/ and/' "$work/wrong.yaml"
"$trailc" check --json --fix "$work/wrong.yaml" 2>/dev/null | jq -e '.errors == 0' >/dev/null
is "with --json what is left is JSON" test $? -eq 0
"$trailc" build --fix "$work/fine.yaml" -o "$work/s" 2>"$work/said"
is "is check's alone" test $? -eq 2
# Every certain fix of the diagnostics' goldens makes a file that says less.
for golden in tests/golden/filter/*.yaml; do
    cp "$golden" "$work/golden.yaml"
    before=$("$trailc" check --json "$work/golden.yaml" 2>/dev/null | jq '.diagnostics | length')
    certain=$("$trailc" check --json "$work/golden.yaml" 2>/dev/null | jq '[.diagnostics[] | select(.fix.certain)] | length')
    "$trailc" check --fix "$work/golden.yaml" >/dev/null 2>&1
    after=$("$trailc" check --json "$work/golden.yaml" 2>/dev/null | jq '.diagnostics | length')
    is "$(basename "$golden"): $before messages, $certain certain, $after left" test "$after" -le "$((before - certain))"
done
