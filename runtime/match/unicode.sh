#!/bin/sh
# Makes the pieces of source that come from the Unicode Character Database:
#
#   runtime/match/text_classes.inc   re2c: the character classes of word segmentation (text.re)
#   runtime/match/lowercase_table.h  simple lower case (lowercase.c)
#   compiler/regex/fold_table.h      simple case folding (charset.c)
#   compiler/regex/token_table.h     the same classes in C (token.c)
#
# Usage: runtime/match/unicode.sh [DIRECTORY]   from the project's root; default /usr/share/unicode (Debian: unicode-data)
#
# The results are committed: a build needs no Unicode data. Run it again for a new version of Unicode, set
# TRAIL_UNICODE_VERSION in text.h to it, and run the tests.
set -eu
LC_ALL=C
export LC_ALL
ucd=${1:-/usr/share/unicode}
word=auxiliary/WordBreakProperty.txt
emoji=emoji/emoji-data.txt
version=$(sed -n '1s/.*-\([0-9.]*\)\.txt/\1/p' "$ucd/$word")

# awk without GNU's strtonum.
hex='function hex(s,   i, n) {
    n = 0; s = toupper(s)
    for (i = 1; i <= length(s); i++) n = n * 16 + index("0123456789ABCDEF", substr(s, i, 1)) - 1
    return n
}'

# The head of a file: WHAT its rows are.
made() {
    cat <<EOF
/*
 * Made by runtime/match/unicode.sh of the Unicode Character Database, version $version: not to be changed by hand.
 * To make it again, install Debian's unicode-data and run the script from the project's root.
 *
 * $1
 */
EOF
}

# ---- lists of ranges: lines of "first last", in decimal ----

# FILE VALUE...: the code points of a UCD property file that have one of the values.
having() {
    file=$1
    shift
    awk -F'[ ;#]+' -v want=" $* " "$hex"'
        /^[0-9A-F]/ && index(want, " " $2 " ") {
            n = split($1, r, /\.\./)
            print hex(r[1]), hex(r[n])
        }' "$ucd/$file"
}

# The code points U+... or U+...-...
points() {
    printf '%s\n' "$@" | awk -F- "$hex"'{ print hex($1), hex($NF) }'
}

# U+...: leaves those out of the list read.
without() {
    { points "$@"; echo; cat; } | awk '
        NF == 0 { rest = 1; next }
        { for (c = $1; c <= $2; c++) if (!rest) gone[c]; else if (!(c in gone)) print c, c }'
}

# ---- word segmentation ----

keys='23 2A 30-39'                # [#*0-9], which a key cap can surround
fullwidth_digits=FF10-FF19        # to Lucene these are digits, whatever their word-break property

# Emoji of their own accord: not flags, not what is plain text without a selector, not skin tones.
emoji_characters() {
    having $emoji Extended_Pictographic
    having $emoji Emoji | without 1F1E6-1F1FF $keys A9 AE 2122 3030 303D 1F3FB-1F3FF
}

# NAME: makes lines "name first last".
class() {
    sed "s/^/$1 /"
}

# The classes overlap.
all_classes() {
    having $word Extend Format ZWJ | class extender
    having $word Extend Format ZWJ | without FE0E FE0F | class extender_but_selector
    having $word ZWJ | class joiner
    points FE0F | class emoji_selector
    points E0020-E007E | class tag
    points E007F | class tag_end
    points 20E3 | class key_cap
    points $keys | class key
    having $word ALetter Hebrew_Letter | class letter
    having $word Hebrew_Letter | class hebrew
    { having $word Numeric; points $fullwidth_digits; } | class number
    having $word Katakana | class katakana
    having $word Single_Quote | class single_quote
    having $word Double_Quote | class double_quote
    having $word MidLetter MidNumLet Single_Quote | class mid_letter
    having $word MidNum MidNumLet Single_Quote | class mid_number
    having $word ExtendNumLet | class connector
    having Scripts.txt Han | class han
    having Scripts.txt Hiragana | class hiragana
    having LineBreak.txt SA | class complex_context
    having $word Regional_Indicator | class flag
    emoji_characters | class emoji
    having $emoji Emoji_Modifier | class emoji_modifier
    having $emoji Emoji_Modifier_Base | class emoji_base
}

# Code points that are in the same classes are one symbol, a letter. Lines "first last symbol", in order, then
# "class NAME SYMBOLS".
symbols() {
    all_classes | awk '
        !($1 in id) { id[$1] = ++n; print -n, $1 }
        { for (c = $2 + 0; c <= $3; c++) if (!index(of[c], "." id[$1] ".")) of[c] = of[c] "." id[$1] "." }
        END { for (c in of) print c, of[c] }' |
    sort -n | awk -v alphabet=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz '
        $1 < 0 { name[-$1] = $2; classes++; next }
        !($2 in symbol) { symbol[$2] = substr(alphabet, ++symbols, 1); members[symbols] = $2 }
        symbol[$2] != now || $1 != last + 1 { if (now) print first, last, now; first = $1; now = symbol[$2] }
        { last = $1 }
        END {
            print first, last, now
            for (i = classes; i >= 1; i--) {
                set = ""
                for (j = 1; j <= symbols; j++) if (index(members[j], "." i ".")) set = set substr(alphabet, j, 1)
                print "class", name[i], set
            }
        }'
}

# For re2c: which symbol a code point is, and the classes as sets of symbols.
classes() {
    made "Code points that word segmentation does not tell apart are one symbol; its classes are sets of symbols."
    symbols | awk '
        function esc(c) { return c > 65535 ? sprintf("\\U%08x", c) : sprintf("\\u%04x", c) }
        $1 == "class" { sets = sets $2 " = [" $3 "];\n"; next }
        !($3 in line) { order = order $3; line[$3] = "    = [" }
        {
            item = esc($1) ($1 < $2 ? "-" esc($2) : "")
            if (length(line[$3]) + length(item) > 100) { full[$3] = full[$3] line[$3] "]\n"; line[$3] = "    | [" }
            line[$3] = line[$3] item
        }
        END {
            print "/*!rules:re2c:symbols"
            for (i = 1; i <= length(order); i++) { s = substr(order, i, 1); print "symbol_" s "\n" full[s] line[s] "];" }
            for (i = 1; i <= length(order); i++) { s = substr(order, i, 1); print "symbol_" s " { return \047" s "\047; }" }
            print "*/\n/*!re2c\n" sets "*/"
        }'
}

# The same for C.
tokens() {
    made "{first, last, symbol}: code points that word segmentation does not tell apart are one symbol."
    echo "/* clang-format off */"
    echo 'static const struct token_row token_rows[] = {'
    symbols | awk '
        $1 == "class" { sets = sets "#define TOKEN_" toupper($2) " \"" $3 "\"\n"; next }
        { printf "    {0x%04x, 0x%04x, \047%s\047},\n", $1, $2, $3 }
        END { print "};\n"; printf "%s", sets }'
}

# ---- letter case ----

# Reads "from to": rows {first, last, step, delta}, a run of code points one or two apart with one distance.
runs() {
    sort -n | awk '
        function close_run() { if (n) printf "    {0x%04x, 0x%04x, %d, %d},\n", first, last, step, delta }
        {
            gap = $1 - last
            if (n && $2 - $1 == delta && (n == 1 ? gap <= 2 : gap == step)) { step = gap; last = $1; n++; next }
            close_run()
            first = last = $1; delta = $2 - $1; step = 1; n = 1
        }
        END { close_run() }'
}

lower() {
    made "{first, last, step, delta}: every step-th code point from first to last becomes itself plus delta."
    echo "/* clang-format off */"
    echo 'static const struct case_run lower_runs[] = {'
    awk -F';' "$hex"' $14 != "" { print hex($1), hex($14) }' "$ucd/UnicodeData.txt" | runs
    echo '};'
}

# Simple folding: statuses C and S.
fold() {
    made "{first, last, step, delta}: every step-th code point from first to last becomes itself plus delta."
    echo "/* clang-format off */"
    echo 'static const struct case_run fold_runs[] = {'
    awk -F'[ ;]+' "$hex"'/^[0-9A-F]/ && ($2 == "C" || $2 == "S") { print hex($1), hex($3) }' "$ucd/CaseFolding.txt" | runs
    echo '};'
}

classes >runtime/match/text_classes.inc
lower >runtime/match/lowercase_table.h
fold >compiler/regex/fold_table.h
tokens >compiler/regex/token_table.h
