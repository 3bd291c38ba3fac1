#!/bin/sh
# bench.sh [--quick]: measures scanners beside their peers, prints a table of ratios and targets, and writes
# build/bench.json. tests/bench/README.md says what each row is, and how to read it.
#
# Settings: BENCH_RUNS (rounds, at least 7 for figures that are quoted), BENCH_RECORDS (of the day), BENCH_DAYS (of
# small files, some 2,400 a day), BENCH_GROUPS, BENCH_ONLY (the rows to measure: memory process records gzip small
# threads rules text groups learn compile rss report), BENCH_CLOCK (wall, or cpu: processor time, for a machine that
# others use, too; threads are always on wall), TMPDIR (for the data: 7 GB, or 600 MB with --quick).
set -eu
cd "$(dirname "$0")/../.."
case "${1:-}" in
"") full=1 ;;
--quick) full=0 ;;
*) echo "usage: bench.sh [--quick]" >&2; exit 2 ;;
esac
pick() { if [ "$full" = 1 ]; then echo "$1"; else echo "$2"; fi; }
build=$(cd "${BUILD:-build}" && pwd)
runs=${BENCH_RUNS:-$(pick 7 3)}
records=${BENCH_RECORDS:-$(pick 700000 40000)}
days=${BENCH_DAYS:-$(pick 42 2)}
groups=${BENCH_GROUPS:-$(pick 1000000 20000)}
only=${BENCH_ONLY:-memory process records gzip small threads rules text groups learn compile rss report}
tools=$build/bench
mkdir -p "$tools"
work=$(mktemp -d "${TMPDIR:-/tmp}/trail-bench-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
# What is compiled is compiled, not remembered.
export CCACHE_DISABLE=1
export MEASURE_CLOCK="${BENCH_CLOCK:-wall}"
unset TRAIL_KERNEL

. tests/bench/prepare.sh

# ---- measuring and telling -----------------------------------------------------------------------

wanted() { case " $only " in *" $1 "*) true ;; *) false ;; esac; }

# GROUP, then NAME BYTES COMMAND of each: measured in turn; the first is what the others are held against.
measure() {
    group=$1
    shift
    "$build/tests/measure" "$runs" "$@" >"$work/last"
    sed "s/^/$group	/" "$work/last" >>"$work/commands.tsv"
}

# NAME FIELD: of the last measurement.
last() {
    awk -F '\t' -v name="$1" -v field="$2" '$1 == name { print $field }' "$work/last"
}

# A row of the table: what, against what, `>=`, `<=` or `-`, target, value, least, most, unit, note. `-`: there is none.
row() {
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$@" >>"$work/rows.tsv"
    tail -n 1 "$work/rows.tsv" | awk -F '\t' -f tests/bench/row.awk
}

# WORK AGAINST TARGET NAME: how many times as fast as the peer NAME the first command of the last measurement was.
ratio() {
    sense=">="
    [ "$3" != - ] || sense=-
    if reason=$(why_missing "$4"); then
        row "$1" "$2" "$sense" "$3" - - - x "missing: $reason"
    else
        row "$1" "$2" "$sense" "$3" "$(last "$4" 7)" "$(last "$4" 8)" "$(last "$4" 9)" x ""
    fi
}

# WHAT AGAINST SENSE TARGET NAME: the seconds of a command.
seconds() {
    row "$1" "$2" "$3" "$4" "$(last "$5" 3)" "$(last "$5" 4)" "$(last "$5" 5)" s ""
}

divide() { awk -v a="$1" -v b="$2" -v digits="${3:-3}" 'BEGIN { printf "%.*f", digits, a / b }'; }

# ---- the rows ------------------------------------------------------------------------------------

ten="$tools/ten -o json --application prod-trail"

memory_rows() {
    for label in "--label" ""; do
        set -- scanner "$bytes" "$tools/memory $label $work/day.ndjson" read "$bytes" "$tools/read $work/day.ndjson"
        what="ten alerts, NDJSON in memory"
        [ -n "$label" ] || what="the same, unlabelled: nine alerts"
        why_missing simdjson >/dev/null || set -- "$@" simdjson "$bytes" "$tools/simdjson $label $work/day.ndjson 2>/dev/null"
        measure "memory${label:+, labelled}" "$@"
        ratio "$what" "simdjson On-Demand, by hand" 3 simdjson
        ratio "$what" "a plain vector read" 0.6 read
    done
}

process_rows() {
    cat >"$work/literals" <<'END'
AttachUserPolicy
AddUserToGroup
AssumeRole
CreateGrant
ConsoleLogin
CreateDeployment
StartDeployment
ContinueDeployment
CreateContainerServiceDeployment
AccessDenied
AuthorizationError
Client.AuthFailure
UnauthorizedOperation
ForbiddenException
UnauthorizedException
sg-0a11bcd22ef334455
sg-903004f8
END
    tenth=$(wc -c <"$work/tenth.ndjson")
    set -- scanner "$bytes" "$ten -j1 $work/day.ndjson"
    why_missing ripgrep >/dev/null || set -- "$@" ripgrep "$bytes" "rg -j1 -c -F -f $work/literals $work/day.ndjson"
    why_missing jq >/dev/null ||
        set -- "$@" jq "$tenth" "jq -r --argjson every false -f tests/bench/peers/alerts.jq $work/tenth.ndjson"
    why_missing duckdb >/dev/null ||
        set -- "$@" duckdb "$bytes" "node tests/bench/peers/duckdb.mjs $tools/node --label $work/day.ndjson"
    measure "process" "$@"
    ratio "ten alerts, a process over a file" "rg -c, the pack's literals" 1.3 ripgrep
    ratio "ten alerts, a process over a file" "jq" 100 jq
    ratio "ten alerts, a process over a file" "DuckDB, one thread" 12 duckdb
    set -- scanner "$bytes" "$tools/ten -o json -j1 $work/day.ndjson 2>/dev/null"
    why_missing ripgrep >/dev/null || set -- "$@" ripgrep "$bytes" "rg -j1 -c -F -f $work/literals $work/day.ndjson"
    measure "process, unlabelled" "$@"
    ratio "the same, unlabelled: nine alerts" "rg -c, the pack's literals" 1.3 ripgrep
}

report_rows() {
    measure report report "$bytes" "$tools/ten report -j1 --application prod-trail $work/day.ndjson -o $work/report.html" \
        scan "$bytes" "$ten -j1 $work/day.ndjson"
    ratio "report of a day" "a scan" 0.8 scan
}

records_rows() {
    measure records records "$inflated" "$ten -j1 $work/records" ndjson "$bytes" "$ten -j1 $work/day.ndjson"
    ratio "Records files" "NDJSON" 0.8 ndjson
}

gzip_rows() {
    measure gzip scanner "$inflated" "$ten -j1 $work/gzip" inflate "$inflated" "$tools/inflate $work/gzip"
    ratio "gzip, files of 5,000 records" "ISA-L, inflating alone" 0.95 inflate
    # An empty member at the end: so it is a stream at any size, for it says that nothing comes out.
    { cat "$work"/gzip/*; gzip </dev/null; } >"$work/one.gz"
    measure "gzip, a stream" scanner "$inflated" "$ten -j1 $work/one.gz" inflate "$inflated" "$tools/inflate $work/one.gz"
    ratio "gzip, one file, a stream" "ISA-L, inflating alone" 0.95 inflate
    [ "$(nproc)" -ge 2 ] || return 0
    MEASURE_CLOCK=wall
    measure "gzip, one file" scanner "$inflated" "$ten -j2 $work/one.gz" inflate "$inflated" "$tools/inflate $work/one.gz"
    ratio "gzip, one file, 2 threads" "ISA-L, inflating alone" 0.95 inflate
    MEASURE_CLOCK=${BENCH_CLOCK:-wall}
}

small_rows() {
    measure small scanner "$small_bytes" "$ten -j1 $work/small" inflate "$small_bytes" "$tools/inflate $work/small"
    ratio "$small_files small S3 files" "open, read, inflate alone" 0.85 inflate
}

threads_rows() {
    if [ "$(nproc)" -lt 2 ]; then
        row "2 threads" "1 thread" ">=" 1.85 - - - x "missing: one processor"
        return
    fi
    MEASURE_CLOCK=wall
    measure "threads, NDJSON" two "$bytes" "$ten -j2 $work/day.ndjson" one "$bytes" "$ten -j1 $work/day.ndjson"
    ratio "2 threads, NDJSON, one file" "1 thread" 1.85 one
    measure "threads, gzip" two "$inflated" "$ten -j2 $work/gzip" one "$inflated" "$ten -j1 $work/gzip"
    ratio "2 threads, gzip, several files" "1 thread" 1.85 one
    MEASURE_CLOCK=${BENCH_CLOCK:-wall}
}

rules_rows() {
    for n in 100 1000; do
        measure "rules $n" many "$bytes" "$tools/rules-$n -o json -j1 $work/day.ndjson" \
            ten "$bytes" "$tools/ten -o json -j1 $work/day.ndjson 2>/dev/null"
        ratio "$n rules" "ten rules, unlabelled" "$([ "$n" = 100 ] && echo 0.7 || echo 0.4)" ten
    done
}

text_rows() {
    measure text text "$bytes" "$tools/text -o json -j1 $work/day.ndjson" \
        ten "$bytes" "$tools/ten -o json -j1 $work/day.ndjson 2>/dev/null"
    ratio "words, regexes, wildcards in every record" "ten rules, unlabelled" - ten
}

# Of all that is measured the groups alone take much memory: some 500 bytes each, at most, that is touched before.
groups_rows() {
    export MEASURE_TOUCH=$((groups / 2048 + 1))
    measure groups groups "$groups_bytes" "$tools/groups-scanner -o json -j1 $work/groups.ndjson" \
        ten "$groups_bytes" "$tools/ten -o json -j1 $work/groups.ndjson 2>/dev/null" \
        tenth $((groups_bytes / 10)) "$tools/groups-scanner -o json -j1 $work/groups-tenth.ndjson"
    unset MEASURE_TOUCH
    ratio "20 % count, in $groups groups" "ten rules, unlabelled" 0.4 ten
    growth=$((($(last groups 6) - $(last tenth 6)) * 1024))
    row "bytes a group" "a tenth of the groups" "<=" 256 "$(divide $growth $((groups - groups / 10)) 0)" - - B ""
}

learn_rows() {
    measure learn learn "$bytes" "$tools/ten learn --format json -j1 --application prod-trail $work/day.ndjson" \
        scan "$bytes" "$ten -j1 $work/day.ndjson"
    ratio "learn, ten alerts" "a scan by the same" 0.8 scan
    read -r learners events _ learning size <<END
$("$build/tests/year" "$(pick 10000 500)")
END
    row "a year of counts, $learners groups, $((events / 1000000)) M events" - - - "$learning" - - s "once, processor time"
    row "bytes a group that is learnt" - "<=" 4096 "$size" - - B "the mean"
}

compile_rows() {
    measure compile ten 0 "$build/trailc build rules/cloudtrail-ten -o $tools/built"
    seconds "compile ten rules" - "<=" 2 ten
    row "compile 1,000 rules" - "<=" 60 "$(divide "$seconds_1000" 1000000000)" - - s "once"
    strip -o "$tools/stripped" "$tools/ten"
    row "scanner of ten rules, stripped" - "<=" 1 "$(divide "$(wc -c <"$tools/stripped")" 1000000)" - - MB ""
    measure start version 0 "exec $tools/stripped --version" empty 0 "exec $tools/stripped -j1 -o json --application prod-trail $work/empty.ndjson" shell 0 "exec true"
    for name in version empty; do
        row "start: $name" - "<=" 5 "$(divide "$(last $name 3)" 0.001)" "$(divide "$(last $name 4)" 0.001)" \
            "$(divide "$(last $name 5)" 0.001)" ms "a shell included"
    done
}

rss_rows() {
    measure rss tenth "$((bytes / 10))" "$ten -j1 $work/tenth.ndjson" whole "$bytes" "$ten -j1 $work/day.ndjson"
    for name in tenth whole; do
        size=$bytes
        [ "$name" = whole ] || size=$((bytes / 10))
        row "peak memory, $((size / 1000000)) MB of input" - "<=" 64 "$(divide "$(last $name 6)" 1024 1)" - - MiB ""
    done
}

# ---- the run -------------------------------------------------------------------------------------

: >"$work/rows.tsv"
: >"$work/commands.tsv"
: >"$work/missing"
compile_peers
install_duckdb
compile_memory
compile_scanners
make_data

# No figure of a peer that does something else.
"$build/tests/day" --format ndjson --records 4000 --out "$work/check.ndjson" >/dev/null
for label in "" --label; do
    tests/bench/peers.sh "$tools" "$tools/ten" "$work/check.ndjson" $label >"$work/peers" || {
        echo "bench: a peer finds other hits than the scanner; nothing is measured:" >&2
        cat "$work/peers" >&2
        exit 1
    }
done

{
    printf 'processor\t%s\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1 | grep . || uname -m)"
    printf 'processors\t%s\n' "$(nproc)"
    printf 'system\t%s\n' "$(uname -sr)"
    printf 'kernels\t%s\n' "$(TRAIL_KERNEL=none "$tools/ten" 2>&1 | sed -n 's/.*work here: *//p')"
    printf 'load\t%s\n' "$(cut -d' ' -f1 /proc/loadavg)"
    printf 'date\t%s\n' "$(date -u +%FT%TZ)"
} >"$work/machine"
{
    printf 'rounds\t%s\nclock\t%s\nday_records\t%s\nday_bytes\t%s\nsmall_files\t%s\nsmall_bytes\t%s\ngroups\t%s\ngroups_bytes\t%s\n' \
        "$runs" "$MEASURE_CLOCK" "$(wc -l <"$work/day.ndjson")" "$bytes" "${small_files:-0}" "${small_bytes:-0}" "$groups" "${groups_bytes:-0}"
} >"$work/sizes"
{
    printf 'trailc\t%s\n' "$("$build/trailc" --version | sed -n 1p)"
    printf 'cc\t%s\n' "$(cc --version | sed -n 1p)"
    why_missing simdjson >/dev/null || printf 'simdjson\t%s\n' "$("$tools/simdjson" --version)"
    why_missing ripgrep >/dev/null || printf 'ripgrep\t%s\n' "$(rg --version | sed -n 1p)"
    why_missing jq >/dev/null || printf 'jq\t%s\n' "$(jq --version)"
    why_missing duckdb >/dev/null || printf 'duckdb\t%s\n' "$(cat "$tools/duckdb.version")"
    printf 'isal\t%s\n' "$(dpkg-query -W -f 'ISA-L ${Version}' libisal-dev 2>/dev/null || echo ISA-L)"
    sed 's/\t/\tmissing: /' "$work/missing"
} >"$work/versions"
for part in machine sizes versions; do
    awk -F '\t' -v part="$part" '{ printf "%s%s: %s", (NR == 1 ? part ": " : "; "), $1, $2 } END { print "" }' "$work/$part"
done
awk 'BEGIN { exit !('"$(cut -d' ' -f1 /proc/loadavg)"' > 1.5) }' && echo "The machine is not quiet: others' work is in these figures."
echo

awk -F '\t' -v head=1 -f tests/bench/row.awk </dev/null
for part in memory process records gzip small threads rules text groups learn compile rss report; do
    ! wanted "$part" || "${part}_rows"
done
awk -F '\t' -f tests/bench/json.awk "$work/machine" "$work/sizes" "$work/versions" "$work/rows.tsv" "$work/commands.tsv" >"$work/bench.json"
mv "$work/bench.json" "$build/bench.json"
echo
echo "All of it as JSON: ${build#"$PWD"/}/bench.json"
