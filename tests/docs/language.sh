#!/bin/sh
# Every example of compiler/language.md: what trailc says to the filter, the rewrite in its message, and the verdicts of
# events, through one scanner for all of them; Elasticsearch's verdicts by Lucene, where its oracle is. A filter that is
# refused has the verdicts of its rewrite. The page's table lists the words of an example.
set -u
cd "$(dirname "$0")/../.." || exit 2
trailc=${TRAILC:-build/trailc}
page=compiler/language.md
oracle=../shared/oracle/oracle
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/examples" "$work/pack"

# 001.filter, .says, .write, .or, .line, .events (line, verdict, event)
awk -v dir="$work/examples" '
    function close_all(   i) { for (i in kinds) close(kinds[i]); split("", kinds) }
    function add(kind, text) { kinds[kind] = sprintf("%s/%03d.%s", dir, n, kind); print text >kinds[kind] }
    /^```/ { inside = !inside; next }
    !inside { next }
    /^filter  / { close_all(); n++; add("line", NR) }
    n && /^[A-Za-z]+  +[^ ]/ {
        word = $1
        text = substr($0, match($0, /  +[^ ]/) + RLENGTH - 1)
        if (word ~ /^(both|neither|trailc|Elasticsearch|yes|no)$/) add("events", NR " " word " " text)
        else if (word ~ /^(filter|says|write|or)$/) add(word, text)
        else print "not ok - " FILENAME ":" NR ": no word of an example: " word
    }' "$page"

header() { printf 'schema: none\nlists:\n  watched: [break-glass, root]\n'; }
rule() { # NAME FILTER-FILE
    printf -- '---\nalert: %s\nfilter: |-\n' "$1"
    sed 's/^/  /' "$2"
}
check() { # FILTER-FILE: its codes, each once, in $work/codes, rewrites in $work/rewrites
    { header; rule a "$1"; } >"$work/rule.yaml"
    "$trailc" check --color=never "$work/rule.yaml" >"$work/said" 2>&1
    sed -n 's/^[^ ]*:[0-9]*:[0-9]*: [a-z]*\[\([EW][0-9]*\)\]: .*/\1/p' "$work/said" | uniq | tr '\n' ' ' | sed 's/ $//' >"$work/codes"
    sed -n 's/^  = write: //p' "$work/said" | uniq >"$work/rewrites"
}

fail() { # DETAIL
    printf 'not ok - %s:%s: %s: %s\n' "$page" "$line" "$filter" "$1"
    bad=1
}

# What the compiler says to one example; its alert joins the pack.
example() { # NAME
    file=$work/examples/$1
    filter=$(cat "$file.filter") line=$(cat "$file.line") bad=0
    says=$(cat "$file.says" 2>/dev/null)
    check "$file.filter"
    [ "$(cat "$work/codes")" = "$says" ] || fail "says $(cat "$work/codes"), not $says"
    cat "$file.write" 2>/dev/null >"$work/wanted"
    cmp -s "$work/wanted" "$work/rewrites" || fail "has the rewrite $(cat "$work/rewrites")"
    if [ -f "$file.or" ]; then
        grep -qF "\`$(cat "$file.or")\`" "$work/said" || fail "has no other reading $(cat "$file.or")"
        check "$file.or"
        [ ! -s "$work/codes" ] || fail "the other reading says $(cat "$work/codes")"
    fi
    read_as=$file.filter
    case $says in E*) read_as=$file.write ;; esac
    if [ -f "$file.events" ] && [ -f "$read_as" ]; then
        join_pack "$1"
    elif [ -f "$file.events" ]; then
        fail "has events and no rewrite"
    fi
    [ $bad = 1 ] || printf 'ok - %s:%s: %s: %s\n' "$page" "$line" "$filter" "${says:-silent}"
}

join_pack() { # NAME
    rule "e$1" "$read_as"
    echo 'tests:'
    while read -r at word event; do
        printf '%s\n' "$event" >"$work/pack/$at.ndjson"
        case $word in both | trailc | yes) fires=true ;; *) fires=false ;; esac
        printf '  - {name: line %s, file: %s.ndjson, fires: %s}\n' "$at" "$at" $fires
    done <"$file.events"
} >>"$work/pack/rules.yaml"

header >"$work/pack/pack.yaml"
for file in "$work"/examples/*.filter; do
    example "$(basename "$file" .filter)"
done
[ "$(find "$work/examples" -name '*.filter' | wc -l)" -ge 60 ] || echo "not ok - $page: the examples are not found"

# Every diagnostic of filters has its example.
for code in E101 E102 E103 E104 E105 E106 E107 E108 E109 E110 E111 E112 W201 W202 W203 W205; do
    cat "$work"/examples/*.says | grep -q $code && echo "ok - $page: $code" || echo "not ok - $page: $code has no example"
done

# The words of a value, in the table of how a text is split.
grep '^| `.*` | `.*` |$' "$page" | sed -n '/^| `arn:aws:iam::aws/,$p' | awk -F'`' 'NF > 4 && $2 !~ /[*@"]/' >"$work/table"
while IFS='`' read -r _ value _ words; do
    printf 'f:"%s"\n' "$value" >"$work/phrase"
    { header; rule a "$work/phrase"; } >"$work/rule.yaml"
    wanted=$(printf '%s' "$words" | sed 's/` |$//; s/` `/" "/g')
    got=$("$trailc" check --dump=ast "$work/rule.yaml" 2>&1 | sed 's/.* => "\(.*\)")$/\1/')
    [ "$got" = "$wanted" ] && echo "ok - $page: the words of $value" || echo "not ok - $page: the words of $value: $got"
done <"$work/table"

"$trailc" test "$work/pack" >"$work/ran" 2>"$work/warned"
events=$(cat "$work"/examples/*.events | wc -l)
if tail -n 1 "$work/ran" | grep -q ": $events passed, 0 failed\$"; then
    echo "ok - $page: $events verdicts"
else
    echo "not ok - $page: $events verdicts"
    grep -h 'FAILED\|error\[\|passed' "$work/ran" "$work/warned" | sed 's/.*FAILED/    FAILED/' | head -n 20
fi

# ---- Elasticsearch ----

# One query and its events a line, as the oracle reads it.
ask() {
    for file in "$work"/examples/*.events; do
        awk -v id="$(basename "$file" .events)" '
            NR == FNR { gsub(/\\/, "\\\\\\\\"); gsub(/"/, "\\\""); printf "{\"id\":\"%s\",\"query\":\"%s\",\"docs\":[", id, $0; next }
            $2 != "yes" && $2 != "no" { sub(/^[0-9]+ [A-Za-z]+ /, ""); printf "%s%s", n++ ? "," : "", $0 }
            END { print "]}" }' "${file%.events}.filter" "$file"
    done | grep -v '"docs":\[\]'
}
# What the page says: the lines of the events, and the verdicts in order.
wanted() {
    for file in "$work"/examples/*.events; do
        awk -v id="$(basename "$file" .events)" '
            $2 == "both" || $2 == "Elasticsearch" { m = m (n++ ? "," : "") "true" }
            $2 == "neither" || $2 == "trailc" { m = m (n++ ? "," : "") "false" }
            END { if (n) print id, "[" m "]" }' "$file"
    done
}
ask >"$work/asked"
wanted >"$work/wanted"
if [ ! -x $oracle ] || ! command -v javac >/dev/null; then
    echo "ok - $page: Elasticsearch's verdicts # SKIP no shared data, or no Java"
elif ! $oracle --es "$work/asked" >"$work/answers" 2>"$work/warned" && ! [ -s "$work/answers" ]; then
    echo "ok - $page: Elasticsearch's verdicts # SKIP Lucene does not run here: $(head -n 1 "$work/warned")"
else
    sed 's/^{"id":"\([0-9]*\)".*"match":\(\[[a-z,]*\]\)}$/\1 \2/' "$work/answers" >"$work/got"
    if cmp -s "$work/wanted" "$work/got"; then
        echo "ok - $page: Elasticsearch's verdicts"
    else
        echo "not ok - $page: Elasticsearch's verdicts"
        diff "$work/wanted" "$work/got" | cat - "$work/warned" | head -n 30 | sed 's/^/    /'
    fi
fi
