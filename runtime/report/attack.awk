# attack.txt as a table in C.
BEGIN { print "/* Made from attack.txt by attack.awk. */"; print "#include \"report/attack.h\""; print "const struct attack_technique attack_techniques[] = {" }
/^T[0-9]/ {
    name = $0
    sub(/^[^ ]* [^ ]* /, "", name)
    printf "    {\"%s\", \"%s\", \"%s\"},\n", $1, $2, name
    n++
}
END { print "};"; printf "const size_t n_attack_techniques = %d;\n", n }
