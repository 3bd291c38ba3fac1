# The bench's tables as one JSON object: machine, sizes, versions (key and value in a line each), rows.tsv, commands.tsv, in this order.
function text(x) {
    gsub(/\\/, "\\\\", x)
    gsub(/"/, "\\\"", x)
    gsub(/[^ -~]/, " ", x)
    return "\"" x "\""
}
function number(x) { return x == "-" || x == "" ? "null" : x + 0 == int(x) ? sprintf("%.0f", x) : sprintf("%.6g", x) }
function value(x) { return x ~ /^[0-9]+(\.[0-9]+)?$/ ? number(x) : text(x) }
function reached() {
    if ($5 == "-" || $4 == "-")
        return "null"
    return ($3 == ">=" ? $5 + 0 >= $4 + 0 : $5 + 0 <= $4 + 0) ? "true" : "false"
}

function speed() { return $3 + 0 == 0 || $4 + 0 == 0 ? "null" : number($3 / $4 / 1e6) }
FNR == 1 {
    part = FILENAME
    sub(/.*\//, "", part)
    sub(/\.tsv$/, "", part)
    listed = part == "rows" || part == "commands"
    printf "%s%s:%s", (closing == "" ? "{\n" : closing ",\n"), text(part), (listed ? "[" : "{")
    closing = listed ? "]" : "}"
}
{ printf "%s\n ", (FNR == 1 ? "" : ",") }
part == "rows" {
    printf "{\"work\":%s,\"against\":%s,\"sense\":%s,\"target\":%s,\"measured\":%s,\"least\":%s,\"most\":%s,\"unit\":%s,\"reached\":%s,\"note\":%s}",
        text($1), $2 == "-" ? "null" : text($2), $3 == "-" ? "null" : text($3), number($4), number($5), number($6), number($7), text($8), reached(), text($9)
    next
}
part == "commands" {
    printf "{\"group\":%s,\"name\":%s,\"bytes\":%s,\"seconds\":%s,\"least\":%s,\"most\":%s,\"mb_per_second\":%s,\"peak_kib\":%s,\"ratio\":%s,\"ratio_least\":%s,\"ratio_most\":%s}",
        text($1), text($2), number($3), number($4), number($5), number($6), speed(),
        number($7), number($8), number($9), number($10)
    next
}
{ printf "%s:%s", text($1), value($2) }
END { print closing "}" }
