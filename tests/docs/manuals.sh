#!/bin/sh
# The manual pages have no fault that mandoc knows, and --help fits a screen of 24 lines and 80 columns.
set -u
cd "$(dirname "$0")/../.." || exit 2
for page in compiler/*.[15] runtime/*.[15]; do
    # Line lengths are ours; whether other manuals are installed is the machine's affair.
    said=$(mandoc -T lint -W style "$page" | grep -v 'possible typo in section\|longer than 80 bytes\|referenced manual not found\|outdated mandoc.db\|lacks')
    [ -z "$said" ] && echo "ok - $page" || printf 'not ok - %s\n%s\n' "$page" "$said"
done
help=$("${TRAILC:-build/trailc}" --help)
lines=$(echo "$help" | wc -l)
width=$(echo "$help" | wc -L)
if [ "$lines" -le 24 ] && [ "$width" -le 80 ]; then
    echo "ok - trailc --help fits a screen"
else
    echo "not ok - trailc --help: $lines lines, $width columns"
fi
for option in $(echo "$help" | grep -o -- '--[a-z]*' | sort -u); do
    name=${option#--}
    grep -q "Fl -$name\|, -$name\|-$name " compiler/trailc.1 && echo "ok - trailc.1 has $option" || echo "not ok - trailc.1 has $option"
done
