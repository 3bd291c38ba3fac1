# Makes tables.c (see tables.h) of fields.txt, events.txt and apis.txt, in this order.

BEGIN {
    n_fields = n_names = n_words = n_sources = n_sets = n_lists = n_rows = n_numbers = 0
}

function fail(message) {
    print FILENAME ":" FNR ": " message >"/dev/stderr"
    failed = 1
    exit 1
}

# ---- sorting: merge sort, for no awk but GNU's has one ----

function sort(list, n,    width, from, middle, to, i, j, k) {
    for (width = 1; width < n; width *= 2) {
        for (from = 1; from <= n; from += 2 * width) {
            middle = from + width > n + 1 ? n + 1 : from + width
            to = from + 2 * width > n + 1 ? n + 1 : from + 2 * width
            i = from
            j = middle
            for (k = from; k < to; k++)
                merged[k] = i < middle && (j >= to || list[i] <= list[j]) ? list[i++] : list[j++]
        }
        for (k = 1; k <= n; k++)
            list[k] = merged[k]
    }
}

# ---- what is read ----

# The index of a list of sources among all, and its sources noted.
function set_of(sources,    list, n, i) {
    if (!(sources in set_at)) {
        set_at[sources] = n_sets++
        sets[n_sets - 1] = sources
        n = split(sources, list, ",")
        for (i = 1; i <= n; i++)
            if (!(list[i] in source_seen)) {
                source_seen[list[i]] = 1
                source_list[++n_sources] = list[i]
            }
    }
    return set_at[sources]
}

function note_words(parameters,    list, n, i) {
    n = split(parameters, list, /[ {},]+/)
    for (i = 1; i <= n; i++)
        if (list[i] != "" && !(list[i] in word_seen)) {
            word_seen[list[i]] = 1
            word_list[++n_words] = list[i]
        }
}

function add_api(name, sources, parameters) {
    if (!(name in name_seen)) {
        name_seen[name] = 1
        name_list[++n_names] = name
        n_of[name] = 0
    }
    n_of[name]++
    api_set[name, n_of[name]] = set_of(sources)
    if (!(parameters in list_seen)) {
        list_seen[parameters] = n_lists
        lists[n_lists++] = parameters
        note_words(substr(parameters, 2))
    }
    api_list[name, n_of[name]] = list_seen[parameters]
}

/^#/ || NF == 0 {
    if (FILENAME ~ /apis\.txt$/ && sub(/^# Made by models.sh from /, "")) {
        sub(/; facts alone.*/, "")
        from = $0
    }
    next
}

FILENAME ~ /fields\.txt$/ {
    if (NF != 3 || $2 !~ /^(text|boolean|number|time|object|array|open)$/)
        fail("not `path kind version`: " $0)
    fields[n_fields++] = "{\"" $1 "\", FIELD_" toupper($2) "}"
    next
}

FILENAME ~ /events\.txt$/ {
    if (NF != 2)
        fail("not `name sources`: " $0)
    by_hand[$1 " " $2] = 1
    add_api($1, $2, "*")
    next
}

{
    if (NF < 3 || $3 !~ /^[=~*]$/)
        fail("not `name sources how parameters`: " $0)
    if (!(($1 " " $2) in by_hand)) {
        rest = $0
        sub(/^[^ ]+ [^ ]+ /, "", rest)
        add_api($1, $2, rest)
    }
}

# ---- what is written ----

function shared(a, b,    n) {
    for (n = 0; n < length(a) && n < 200 && substr(a, n + 1, 1) == substr(b, n + 1, 1); n++)
        ;
    return n
}

function print_coded(name, list, n,    i, common) {
    print "static const char *const " name "_blocks[] = {"
    for (i = 1; i <= n; i++) {
        common = (i - 1) % 16 == 0 ? 0 : shared(list[i - 1], list[i])
        # Two literals: a digit behind an octal escape would be taken for part of it.
        printf "%s\"\\%03o\" \"%s%s\"", (i - 1) % 16 == 0 ? "    " : " ", common + 1, substr(list[i], common + 1), \
            i % 16 == 0 || i == n ? "" : "\\000"
        if (i % 16 == 0 || i == n)
            print ","
    }
    print "};"
    print "const struct coded tables_" name " = {" n ", " name "_blocks};"
}

# A list of parameters as numbers; n_numbers counts them.
function numbers(parameters,    mode, line, text, word) {
    mode = substr(parameters, 1, 1)
    line = mode == "=" ? "EXACT" : mode == "~" ? "LIKELY" : "UNKNOWN"
    n_numbers++
    text = substr(parameters, 2)
    while (text != "") {
        if (match(text, /^[A-Za-z0-9_]+/)) {
            line = line ", " word_at[substr(text, 1, RLENGTH)]
            n_numbers++
        } else if (text ~ /^[{}]/) {
            line = line ", " (substr(text, 1, 1) == "{" ? "LIST_OPEN" : "LIST_CLOSE")
            n_numbers++
            RLENGTH = 1
        } else {
            RLENGTH = 1
        }
        text = substr(text, RLENGTH + 1)
    }
    n_numbers++
    return line ", LIST_END"
}

END {
    if (failed)
        exit 1
    sort(name_list, n_names)
    sort(word_list, n_words)
    sort(source_list, n_sources)
    if (n_names > 65535 || n_words > 65000 || n_sets > 65535 || n_lists > 65535)
        fail("more than the tables' numbers can count")
    for (i = 1; i <= n_words; i++)
        word_at[word_list[i]] = i
    for (i = 1; i <= n_sources; i++)
        source_at[source_list[i]] = i

    print "/* Made by tables.awk. */"
    print "#include \"catalogue/tables.h\"\n"
    print "const char tables_from[] = \"" from "\";\n"
    print "const struct field tables_fields[] = {"
    for (i = 0; i < n_fields; i++)
        print "    " fields[i] ","
    print "};\nconst size_t tables_n_fields = " n_fields ";\n"
    print_coded("names", name_list, n_names)
    print_coded("words", word_list, n_words)

    print "const char *const tables_sources[] = {"
    for (i = 1; i <= n_sources; i++)
        print "    \"" source_list[i] "\","
    print "};\nconst size_t tables_n_sources = " n_sources ";\n"
    print "const uint16_t tables_source_sets[][MAX_SOURCES] = {"
    for (i = 0; i < n_sets; i++) {
        n = split(sets[i], list, ",")
        if (n > 3)
            fail("more than three sources: " sets[i])
        line = source_at[list[1]]
        for (j = 2; j <= n; j++)
            line = line ", " source_at[list[j]]
        print "    {" line "},"
    }
    print "};\n"

    print "const struct row tables_rows[] = {"
    for (i = 1; i <= n_names; i++)
        for (j = 1; j <= n_of[name_list[i]]; j++) {
            print "    {" i - 1 ", " api_set[name_list[i], j] ", " api_list[name_list[i], j] "},"
            n_rows++
        }
    print "};\nconst size_t tables_n_rows = " n_rows ";\n"

    print "const uint16_t tables_parameters[] = {"
    for (i = 0; i < n_lists; i++) {
        at[i] = n_numbers
        print "    " numbers(lists[i]) ","
    }
    print "};\n"
    print "const uint32_t tables_parameters_at[] = {"
    for (i = 0; i < n_lists; i++)
        print "    " at[i] ","
    print "};"
}
