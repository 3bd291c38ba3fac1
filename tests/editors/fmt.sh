#!/bin/sh
# `trailc fmt`: what it writes, that it changes nothing but the layout, and how it treats files.
#     SEED=N, PACKS=N     repeats a run of random packs, or makes it longer
set -u
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
seed=${SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}

expect() { # NAME EXPECTED ACTUAL
    if [ "$2" = "$3" ]; then
        echo "ok - $1"
    else
        echo "not ok - $1: expected \`$2\`, got \`$3\`"
    fi
}

# ---- what it writes ----

for untidy in tests/editors/fmt/*.yaml; do
    "$TRAILC" fmt - <"$untidy" >"$work/out"
    [ -z "${BLESS:-}" ] || cp "$work/out" "${untidy%.yaml}.tidy"
    if diff "${untidy%.yaml}.tidy" "$work/out" >"$work/diff"; then
        echo "ok - $untidy"
    else
        echo "not ok - $untidy: differs"
        sed 's/^/    /' "$work/diff"
    fi
done

shipped="rules/cloudtrail-ten examples/first-rule/rules.yaml examples/windows/rules.yaml examples/lists-and-regexes/pack"
expect "what ships is formatted" "" "$("$TRAILC" fmt --check $shipped 2>&1)"

# ---- nothing else changes ----

"$BUILD/tests/layouts" "$seed" "${PACKS:-2000}" $(find rules examples tests -name '*.yaml' | LC_ALL=C sort) || echo "not ok - layouts, seed $seed: exit code $?"

# The plan, and the C with its hashes, without the filters as they are written.
plan() { # PACK
    "$TRAILC" check --dump=plan "$1" 2>/dev/null | grep -v '^  filter: '
    rm -rf "$work/c"
    "$TRAILC" emit "$1" -o "$work/c" >/dev/null 2>&1 && cat "$work"/c/* | grep -v -e '^ \*' -e '\.filter = '
}
for pack in $shipped tests/behaviour/packs/* tests/golden/emit/*.yaml tests/editors/fmt/order.yaml; do
    rm -rf "$work/pack"
    cp -R "$pack" "$work/pack"
    [ -d "$work/pack" ] || mv "$work/pack" "$work/pack.yaml"
    copy=$([ -d "$work/pack" ] && echo "$work/pack" || echo "$work/pack.yaml")
    before=$(plan "$copy")
    "$TRAILC" fmt "$copy" 2>"$work/err" || echo "not ok - fmt $pack: $(cat "$work/err")"
    if [ -n "$before" ] && [ "$before" = "$(plan "$copy")" ]; then
        echo "ok - the plan and the C of $pack"
    else
        echo "not ok - the plan and the C of $pack: they differ, or there are none"
    fi
done

# ---- files ----

rules=$work/rules
mkdir "$rules"
printf 'filter: a:x\nalert:  one\n' >"$rules/a.yaml"
printf 'alert: two\nfilter: a:y\n' >"$rules/b.yaml"
printf '{"filter": "a:z",   "alert": "three"}\n' >"$rules/c.json"
printf 'not a rule\n' >"$rules/notes.txt"
cp "$rules/c.json" "$work/c.json"
chmod 640 "$rules/a.yaml"
expect "--check names what would change" "$rules/a.yaml" "$("$TRAILC" fmt --check "$rules")"
"$TRAILC" fmt --check "$rules" >/dev/null
expect "and exits 1" 1 $?
expect "and changes nothing" "filter: a:x" "$(head -n 1 "$rules/a.yaml")"
"$TRAILC" fmt "$rules"
expect "fmt exits 0" 0 $?
expect "fmt writes" "alert: one" "$(head -n 1 "$rules/a.yaml")"
expect "the mode is kept" "-rw-r-----" "$(ls -l "$rules/a.yaml" | cut -c1-10)"
cmp -s "$rules/c.json" "$work/c.json" && echo "ok - JSON stays JSON" || echo "not ok - JSON stays JSON"
expect "nothing is left beside" "a.yaml b.yaml c.json notes.txt" "$(ls -A "$rules" | tr '\n' ' ' | sed 's/ $//')"
"$TRAILC" fmt --check "$rules" >/dev/null
expect "--check exits 0 then" 0 $?

printf 'filter: a:x\nalert:  one\n' >"$work/target.yaml"
ln -s target.yaml "$work/link.yaml"
"$TRAILC" fmt "$work/link.yaml"
expect "a link stays a link" "target.yaml alert: one" "$(readlink "$work/link.yaml") $(head -n 1 "$work/target.yaml")"

printf 'filter: a:x\nalert: one\nfilter: [\n' >"$work/broken.yaml"
cp "$work/broken.yaml" "$work/broken.before"
"$TRAILC" fmt "$work/broken.yaml" 2>"$work/err"
expect "a broken file: exit" 1 $?
cmp -s "$work/broken.yaml" "$work/broken.before" && echo "ok - a broken file keeps its bytes" || echo "not ok - a broken file keeps its bytes"
grep -q 'error\[E001\]' "$work/err" && echo "ok - and the error is said" || echo "not ok - and the error is said: $(cat "$work/err")"
expect "a broken file on standard input gives nothing" "" "$("$TRAILC" fmt - <"$work/broken.yaml" 2>/dev/null)"

printf '%%YAML 1.1\n---\nfilter: a:x\nalert:  one\n' >"$work/odd.yaml"
cp "$work/odd.yaml" "$work/odd.before"
"$TRAILC" fmt "$work/odd.yaml" 2>"$work/err"
expect "what it does not lay out: exit" 0 $?
cmp -s "$work/odd.yaml" "$work/odd.before" && grep -q 'stays as it is' "$work/err" &&
    echo "ok - it stays, and why is said" || echo "not ok - it stays, and why is said: $(cat "$work/err")"

"$TRAILC" fmt "$work/nowhere.yaml" 2>/dev/null
expect "a file that is not there: exit" 1 $?
expect "standard input named .json" '{"alert":   "x"}' "$(echo '{"alert":   "x"}' | "$TRAILC" fmt --stdin-filename r.json -)"
printf 'filter: a:x\r\nalert: one # c\r\n' | "$TRAILC" fmt - >"$work/out"
expect "line ends become LF" "alert: one  # c|filter: a:x|" "$(tr '\n' '|' <"$work/out")"
printf 'alert: M\303\274ller # who\n              # and why\nfilter: a:x\n' | "$TRAILC" fmt - >"$work/out"
expect "remarks in one column, behind letters beyond ASCII" "alert: Müller  # who|               # and why|filter: a:x|" \
    "$(tr '\n' '|' <"$work/out")"
printf 'alert: |\n T\n  \nfilter: a:x\n' | "$TRAILC" fmt - >"$work/out" 2>&1
expect "a text whose last line holds blanks" "alert: ||  T|   |filter: a:x|" "$(tr '\n' '|' <"$work/out")"
long=$(printf 'k%.0s' $(seq 97))
printf '%s: "more than 5 within 1h"\nr: "x"\n' "$long" | "$TRAILC" fmt - >"$work/out" 2>&1
"$TRAILC" fmt - <"$work/out" >"$work/again"
expect "a text that is too wide with quotes alone" "$long: \"more than 5 within 1h\"|r: \"x\"|" "$(tr '\n' '|' <"$work/again")"
printf ' --- a: 1\n ...b: --- z\n' | "$TRAILC" fmt - >"$work/out" 2>&1
expect "what would be between documents" '"--- a": 1|"...b": "--- z"|' "$(tr '\n' '|' <"$work/out")"
printf 'application: [p, "t:?"]\n' | "$TRAILC" fmt - >"$work/out" 2>&1
expect "a colon that ends a key in a list" 'application: [p, "t:?"]' "$(cat "$work/out")"
printf '\n \357\273\277alert: a\n filter: a:x\n' >"$work/mark.yaml"
cp "$work/mark.yaml" "$work/mark.before"
"$TRAILC" fmt "$work/mark.yaml" 2>"$work/err"
expect "a byte order mark within" "trailc: $work/mark.yaml stays as it is: it has a byte order mark where a text begins" "$(cat "$work/err")"
cmp -s "$work/mark.yaml" "$work/mark.before" && echo "ok - that file keeps its bytes" || echo "not ok - that file keeps its bytes"
printf '# nothing but this\n\n\n' | "$TRAILC" fmt - >"$work/out"
expect "a file of comments" "# nothing but this" "$(cat "$work/out")"
: | "$TRAILC" fmt - >"$work/out"
expect "an empty file" 0 "$(wc -c <"$work/out" | tr -d ' ')"
