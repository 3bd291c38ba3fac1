#!/bin/sh
# The command line of trailc: words and options that it has not, options that a command does not take, and what
# several packs print.
set -u
cd "$(dirname "$0")/../.." || exit 2
trailc=${TRAILC:-$PWD/build/trailc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/good.yaml" <<'YAML'
alert: good
filter: eventName:"AddUserToGroup"
YAML
cat >"$work/bad.yaml" <<'YAML'
alert: bad
filter: eventName:(A B)
YAML
cd "$work" || exit 2

# wrong TEXT ARG…: exit code 2, nothing on standard output, TEXT on standard error.
wrong() {
    text=$1
    shift
    "$trailc" "$@" >out 2>err
    code=$?
    if [ $code -eq 2 ] && [ ! -s out ] && grep -qF -- "trailc: $text" err && grep -qF 'Try `trailc --help`.' err; then
        echo "ok - trailc $*"
    else
        echo "not ok - trailc $*: exit $code, $(head -n 1 err)"
    fi
}

is() { # name made expected
    if [ "$2" = "$3" ]; then echo "ok - $1"; else printf 'not ok - %s: %s instead of %s\n' "$1" "$2" "$3"; fi
}

wrong 'no command `frob`: there are build, check' frob
wrong 'no command `frob`: there are build, check' frob good.yaml
wrong 'no command `chekc`: is `check` meant?' chekc good.yaml
wrong 'no command `Build`: is `build` meant?' Build good.yaml
wrong 'schema takes no PACK' schema extra
wrong 'no command given'
wrong 'check: no PACK given' check
wrong 'build needs -o' build good.yaml
wrong 'check takes no -o: that is for build, emit' check -o x good.yaml
wrong 'check takes no -j: that is for build, test' check --jobs 2 good.yaml
wrong 'explain takes --json, --record and labels with events' explain --json good.yaml
wrong 'explain takes --json, --record and labels with events' explain good.yaml good --record 2
wrong 'build takes no --tap: that is for test' build --tap good.yaml -o x
wrong 'test takes no --record: that is for explain' test --record 1 good.yaml
wrong 'emit takes no --keep: that is for build, test' emit good.yaml -o x --keep y
wrong 'build takes no --dump: that is for check' build good.yaml -o x --dump=ir
wrong 'build takes no -v: that is for test' build -v good.yaml -o x
wrong 'schema takes no --werror' schema --werror
wrong '--json and --dump do not go together' check --json --dump=ast good.yaml
wrong 'there is no option --jsn: is --json meant?' check --jsn good.yaml
wrong 'there is no option --frobnicate' check --frobnicate good.yaml
wrong 'there is no option -q' check -q good.yaml
wrong '-o needs a value' build good.yaml -o
wrong '--keep needs a value' build good.yaml -o x --keep
wrong '--json takes no value' check --json=1 good.yaml
wrong '--dump takes tokens, ast, ir or plan, not `c`' check --dump=c good.yaml
is "a wrong command line builds nothing" "$(ls)" "$(printf 'bad.yaml\nerr\ngood.yaml\nout')"

"$trailc" check --json good.yaml bad.yaml good.yaml bad.yaml >out
is "check --json fails if one pack does" $? 1
is "check --json is one document" "$(jq -cs 'map(.diagnostics | map(.code + " " + .file))' out)" '[["E103 bad.yaml","E103 bad.yaml"]]'
is "its objects have these keys" "$(jq -c '.diagnostics[0] | keys_unsorted' out)" \
    '["code","severity","file","line","column","endLine","endColumn","message","rewrite","note","fix"]'
is "check --json of nothing wrong" "$("$trailc" check --json good.yaml good.yaml | jq -c .)" '{"diagnostics":[],"errors":0,"warnings":0}'
is "--dump=tokens of a filter with errors" "$("$trailc" check --dump=tokens bad.yaml 2>err)" 'bad: (field "eventName") ( (word "A") (word "B") )'

if command -v script >/dev/null; then
    NO_COLOR=1 TRAIL_PROGRESS=0 TERM=xterm script -qec "'$trailc' build good.yaml -o scanner" /dev/null </dev/null >out 2>err
    is "build tells on a terminal which unit of how many" "$(tr '\r' '\n' <out | grep -c '^.\[Kcc [0-9]* of [0-9]*: [a-z_0-9]*\.[a-z]*$' | sed 's/[1-9][0-9]*/some/')" some
    is "build erases it" "$(tail -c 4 out | od -An -c | tr -d ' ')" '\r033[K'
    TRAIL_PROGRESS=0 TERM=xterm script -qec "stty cols 8; '$trailc' build good.yaml -o scanner" /dev/null </dev/null >out 2>err
    is "build's line fits a narrow terminal" "$(tr '\r' '\n' <out | sed 's/^.\[K//' | awk '{ if (length($0) > n) n = length($0) } END { print n }')" 7
    for term in dumb ''; do
        TRAIL_PROGRESS=0 TERM=$term script -qec "'$trailc' build good.yaml -o scanner" /dev/null </dev/null >out 2>err
        is "build is quiet with TERM='$term'" "$(cat out)" ''
    done
    TRAIL_PROGRESS=0 TERM=xterm script -qec "CC=false '$trailc' build good.yaml -o scanner" /dev/null </dev/null >out 2>err
    is "build erases the line before a message" "$(tr '\r' '\n' <out | grep -c '^.\[Ktrailc: failed: false')" 1
    { printf 'schema: none\n---\nalert: many\nfilter: x:y\ntests:\n'; awk 'BEGIN { for (i = 1; i <= 400; i++) printf "  - {name: t%d, events: [{x: y}], fires: true}\n", i }'; } >many.yaml
    TRAIL_PROGRESS=0 TERM=xterm script -qec "'$trailc' test many.yaml" /dev/null </dev/null >out 2>err
    is "test tells which test of how many, and nothing else" \
        "$(tr '\r' '\n' <out | grep ' of ' | sed 's/^.\[K//; s/^test [0-9]* of 400: t[0-9]*$/fine/; /^\(re2c\|cc\|link\) [0-9]* of [0-9]*: [a-z_0-9.]*$/d' | sort -u)" fine
    rm -f scanner many.yaml
else
    echo "ok - trailc: build tells which unit of how many # SKIP no script(1)"
fi
