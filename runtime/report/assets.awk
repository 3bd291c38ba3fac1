# Files, as byte arrays in C: `awk -f assets.awk NAME=FILE ...`. Run with LC_ALL=C, so that a character is a byte.
BEGIN {
    for (i = 1; i < 256; i++)
        code[sprintf("%c", i)] = i
    print "/* Made from the files of page/ by assets.awk. */"
    print "#include \"report/assets.h\""
    for (a = 1; a < ARGC; a++) {
        at = index(ARGV[a], "=")
        name = substr(ARGV[a], 1, at - 1)
        file = substr(ARGV[a], at + 1)
        printf "static const unsigned char %s[] = {", name
        while ((status = (getline line <file)) > 0) {
            line = line "\n"
            for (i = 1; i <= length(line); i++)
                printf "%s%d,", i % 24 == 1 ? "\n" : "", code[substr(line, i, 1)]
        }
        if (status < 0) {
            print "assets.awk: " file " cannot be read" >"/dev/stderr"
            exit 1
        }
        close(file)
        printf "};\nconst struct trail_slice asset_%s = {(const char *)%s, sizeof %s};\n", name, name, name
    }
    exit 0
}
