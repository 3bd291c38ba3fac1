#!/bin/sh
# What `trailc check` says to the ten filters as published, against the file `expected`. Prints TAP.
# TRAILC names the compiler.
set -u
here=$(dirname "$0")
trailc=${TRAILC:-$here/../../build/trailc}

if [ ! -x "$trailc" ]; then
    echo "ok - published filters # SKIP no $trailc"
    exit 0
fi

bad=0
while read -r file want; do
    case $file in '' | '#'*) continue ;; esac
    said=$("$trailc" check "$here/$file" 2>&1)
    status=$?
    codes=$(printf '%s\n' "$said" | sed -n 's/^[^ ]*:[0-9]*:[0-9]*: [a-z]*\[\([EW][0-9]*\)\]: .*/\1/p' | tr '\n' ' ' | sed 's/ $//')
    case $want in *E*) want_status=1 ;; *) want_status=0 ;; esac
    if [ "${codes:--}" = "$want" ] && [ "$status" -eq "$want_status" ]; then
        echo "ok - published $file says $want"
    else
        echo "not ok - published $file: says ${codes:--} and exits $status, not $want and $want_status"
        bad=1
    fi
done <"$here/expected"
exit $bad
