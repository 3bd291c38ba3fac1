#!/bin/sh
# The baseline against plain ways of telling what is unusual, on labelled series: it wins, and the page shows what the
# program prints.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${BUILD:-$root/build}/tests/usual" >"$work/table" || { echo "not ok - usual: the program"; exit 1; }
sed 's/^/# /' "$work/table"

# The F1 of a way in a row: 0 the baseline, 1 a fixed number, 2 mean + 3 sigma, 3 any fixed number.
f1() { awk -v row="$1" -v way="$2" 'index($0, row) == 1 { print $(NF - 9 + 3 * way) }' "$work/table"; }
above() { # name, a, b
    if awk -v a="$2" -v b="$3" 'BEGIN { exit !(a > b) }'; then
        echo "ok - usual: $1"
    else
        echo "not ok - usual: $1: $2 is not above $3"
    fi
}
above "F1 beats that of a fixed number" "$(f1 all 0)" "$(f1 all 1)"
above "and that of mean + 3 sigma" "$(f1 all 0)" "$(f1 all 2)"
above "and that of the fixed number that would have been best" "$(f1 all 0)" "$(f1 all 3)"
above "by far" "$(f1 all 0)" 0.9
while read -r row; do
    above "$row: F1" "$(f1 "$row" 0)" 0.75
done <<'ROWS'
flat
daily season
weekly season
trend
level shift
gaps, holiday
low counts
over-dispersed
clusters
thousands
bursts in history
short history
window of 1d
drops (less)
ROWS
# The page's copy of it.
sed -n '/^precision recall/,/^all /p' "$root/runtime/baseline.md" >"$work/page"
if cmp -s "$work/table" "$work/page"; then
    echo "ok - usual: the page has this table"
else
    echo "not ok - usual: the page has this table: runtime/baseline.md"
    diff "$work/table" "$work/page" | sed 's/^/# /'
fi
