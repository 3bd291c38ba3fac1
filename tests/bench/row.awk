# A row of rows.tsv as a line of the table; with -v head=1 the table's head.
function print_line(what, against, target, measured, spread, verdict) {
    printf "%-42s %-28s %10s %10s  %-15s %s\n", what, against, target, measured, spread, verdict
}
# Three digits that count, and no more.
function short(x) { return x == "-" ? "-" : x + 0 >= 100 ? sprintf("%.0f", x) : sprintf("%.3g", x) }

BEGIN {
    if (head)
        print_line("what", "against", "target", "measured", "least-most", "")
}
{
    target = $4 == "-" ? "-" : $3 " " $4 " " $8
    spread = $6 == "-" ? "" : short($6) "-" short($7)
    if ($5 == "-")
        verdict = $9
    else if ($4 == "-")
        verdict = "no target"
    else
        verdict = ($3 == ">=" ? $5 + 0 >= $4 + 0 : $5 + 0 <= $4 + 0) ? "reached" : "not reached"
    if ($5 != "-" && $9 != "")
        verdict = verdict " (" $9 ")"
    print_line($1, $2 == "-" ? "" : $2, target, $5 == "-" ? "-" : short($5) " " $8, spread, verdict)
}
