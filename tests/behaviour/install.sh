#!/bin/sh
# make install and make uninstall, into directories whose names hold spaces and quotes: the installed trailc
# finds its runtime and its rules, builds, and the scanner scans; what was installed goes, and nothing else.
set -u
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Each line: where the machine's root is taken to be, and the prefix below it.
while IFS='|' read -r name destdir prefix; do
    root=$work/$destdir
    to=$root$prefix
    mkdir -p "$to/bin"
    echo 'not ours' >"$to/bin/other"
    if ! make -s install B="${BUILD:-build}" DESTDIR="$root" PREFIX="$prefix" >"$work/log" 2>&1; then
        echo "not ok - $name: make install: $(head -n 2 "$work/log" | tr '\n' ' ')"
        continue
    fi
    echo "ok - $name: make install"
    if (cd "$work" && "$to/bin/trailc" build "$to/share/trailc/rules/cloudtrail-ten" -o "$to/sentry" --cflags "-O0 ${CFLAGS:-}") \
        >"$work/log" 2>&1; then
        echo "ok - $name: the installed trailc builds"
    else
        echo "not ok - $name: the installed trailc builds: $(head -n 2 "$work/log" | tr '\n' ' ')"
    fi
    echo '{"eventTime":"2026-03-14T08:00:00Z","eventName":"AddUserToGroup","requestParameters":{"groupName":"Admins"}}' >"$work/event"
    "$to/sentry" -o json "$work/event" >"$work/out" 2>"$work/log"
    grep -q '"id":"new-admin"' "$work/out" && echo "ok - $name: its scanner scans" ||
        echo "not ok - $name: its scanner scans: $(head -n 1 "$work/log")"
    rm -f "$to/sentry"
    make -s uninstall B="${BUILD:-build}" DESTDIR="$root" PREFIX="$prefix" >"$work/log" 2>&1
    left=$(find "$to" -type f | sed "s|.*/||" | tr '\n' ' ')
    [ "$left" = "other " ] && echo "ok - $name: make uninstall leaves what is not its own" ||
        echo "not ok - $name: make uninstall leaves: $left"
done <<'WHERE'
plain|root|/usr/local
spaces|a root|/opt/trail c
quotes|it's a "root"|/opt/trail (c) & more
WHERE
