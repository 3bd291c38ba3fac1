#!/bin/sh
# What the compiler takes is in proportion to the pack: counted in instructions, not in seconds.
#
# Each kind of large pack is compiled (or formatted) with n, 2n and 4n of what it is large in, under callgrind. From 2n
# to 4n has to be twice the work of from n to 2n; a quadratic pass does four times as much. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
trailc=${TRAILC:-build/trailc}
case "${CFLAGS:-}" in
*-fsanitize*)
    echo "ok - scale # SKIP callgrind does not run what the sanitizers build"
    exit 0
    ;;
esac
if ! command -v valgrind >/dev/null 2>&1; then
    echo "ok - scale # SKIP no valgrind"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A pack of this kind, with n of it.
pack() { # KIND N
    awk -v kind="$1" -v n="$2" '
        function address(i) { return 1 + int(i / 65536) % 200 "." int(i / 256) % 256 "." i % 256 "." i * 7 % 256 }
        function header() { print "pack: large\nschema: none" }
        function list() {
            header()
            print "lists:\n  names:"
            for (i = 0; i < n; i++)
                print "    - arn:aws:iam::" 100000000000 + i ":role/name" i
            print "---\nalert: a\nfilter: who.keyword:@names"
            print "---\nalert: b\nfilter: who.keyword:/.*:role\\/name7.*/ OR who:\"aws iam\" OR who.keyword:[a TO b]"
        }
        function terms(before, after,    i) {
            header()
            print "---\nalert: a\nfilter: >\n  x:y"
            for (i = 0; i < n; i++)
                print "  OR " before i after
        }
        BEGIN {
            if (kind == "list of names")
                list()
            else if (kind == "list of addresses") {
                header()
                print "lists:\n  hosts:"
                for (i = 0; i < n; i++)
                    print "    - " address(i)
                print "---\nalert: a\nfilter: ip.ip:@hosts OR ip.ip:\"10.0.0.0/8\""
            } else if (kind == "terms")
                terms("f.keyword:name", "")
            else if (kind == "words of all fields")
                terms("name", "")
            else if (kind == "fields")
                terms("f", ":x")
            else if (kind == "fields that exist")
                terms("_exists_:f", "")
            else if (kind == "alerts" || kind == "formatted alerts")
                for (i = 0; i < n / 10; i++)
                    printf "---\n# alert %d\nalert: Alert %d\nfilter: eventName:Get%dUser AND NOT requestParameters.b:x%d  # end\n" \
                        "when: more than %d in 10m\ngroup_by: [userIdentity.userName]\n", i, i, i, i, i + 1
            else if (kind == "formatted keys") {
                print "alert: a\nfilter: a:b"
                for (i = 0; i < n; i++)
                    print "key" i ":  x"
            } else if (kind == "formatted list") {
                header()
                print "lists:\n  names:"
                for (i = 0; i < n; i++)
                    print "    -   name" i "  # of " i
            }
        }'
}

instructions() { # KIND N
    rm -rf "$work/pack" "$work/c"
    mkdir "$work/pack"
    if [ "$1" = files ]; then
        awk -v n="$2" -v dir="$work/pack" 'BEGIN {
            for (i = 0; i < n / 10; i++) {
                file = dir "/" i ".yaml"
                print "alert: Alert " i "\nfilter: requestParameters.userName:u" i >file
                close(file)
            }
        }'
    else
        pack "$1" "$2" >"$work/pack/pack.yaml"
    fi
    case $1 in
    formatted*) set -- fmt "$work/pack" ;;
    *) set -- emit -o "$work/c" "$work/pack" ;;
    esac
    valgrind --tool=callgrind --callgrind-out-file="$work/out" "$trailc" "$@" >"$work/log" 2>&1 ||
        sed 's/^/# /' "$work/log" | head -n 5
    sed -n 's/^\(summary\|totals\): *//p' "$work/out" | head -n 1
}

judge() { # KIND N
    a=$(instructions "$1" "$2") b=$(instructions "$1" $(($2 * 2))) c=$(instructions "$1" $(($2 * 4)))
    echo "$a $b $c" | awk -v kind="$1" -v n="$2" '
        NF != 3 || $2 - $1 < n { print "not ok - scale: " kind ": not counted: " $0; exit }
        {
            ratio = ($3 - $2) / ($2 - $1)
            printf "%s - scale: %s: %d instructions each, twice as many are %.2f times the work\n",
                (ratio > 1.6 && ratio < 2.6 ? "ok" : "not ok"), kind, ($3 - $2) / (2 * n), ratio
        }'
}

for kind in "list of names" "list of addresses" terms "words of all fields" fields "fields that exist" \
    alerts files "formatted alerts" "formatted keys" "formatted list"; do
    case ${1:-$kind} in *"$kind"*) judge "$kind" 1000 ;; esac
done
