/*
 * class.c - reads what stands for one symbol: `[…]`, `\d`, `\n`, `\.`.
 */
#include <string.h>

#include "trail/text.h"
#include "tree.h"

/* ---- escapes --------------------------------------------------------------------------------- */

/* White space as every Lucene reads it: before 9, `\t` is a letter there, too. */
#define SPACE " \t\n\r"

/* In brackets a class is spelled without its own. */
static const struct class_of_letter {
    char letter;
    const char *shown;                   /* in messages, which have no control characters */
    const char *members, *lower_members; /* as the dialect of the rewrite spells it */
    struct range ranges[4];
} classes[] = {
    {'d', "0-9", "0-9", "0-9", {{'0', '9'}}},
    {'w', "A-Za-z0-9_", "A-Za-z0-9_", "a-z0-9_", {{'A', 'Z'}, {'a', 'z'}, {'0', '9'}, {'_', '_'}}},
    {'s', " \\t\\n\\r", SPACE, SPACE, {{'\t', '\n'}, {'\r', '\r'}, {' ', ' '}}},
};

static void warn_class(struct reader *r, size_t from, char letter, const struct class_of_letter *class,
                       bool in_brackets)
{
    bool token = r->dialect == REGEX_TOKEN;
    const char *members = token ? class->lower_members : class->members;
    bool negated = letter < 'a';
    if (in_brackets && negated)
        r->beyond = true;
    else if (in_brackets)
        reader_repair(r, from, r->at, "%s", members);
    else
        reader_repair(r, from, r->at, "[%s%s]", negated ? "^" : "", members);
    if (r->escapes & 1U << (letter & 31))
        return;
    r->escapes |= 1U << (letter & 31);
    reader_say(r, W203, from, r->at, "`\\%c` is `[%s%s]` here, and the letter to Elasticsearch before 9",
               letter, negated ? "^" : "", letter == 's' || letter == 'S' ? class->shown : members);
}

const struct charset *class_escape(struct reader *r, size_t from, bool in_brackets)
{
    char letter = r->at < r->to ? r->s.p[r->at] : '\0';
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if ((letter | 0x20) != classes[i].letter)
            continue;
        r->at++;
        struct charset_builder b = {.c = r->c};
        for (size_t j = 0; j < 4 && classes[i].ranges[j].last; j++)
            charset_add(&b, classes[i].ranges[j].first, classes[i].ranges[j].last);
        const struct charset *set = reader_set(r, charset_build(&b));
        warn_class(r, from, letter, &classes[i], in_brackets);
        return letter < 'a' ? charset_not(r->c, set) : set;
    }
    return NULL;
}

static bool is_letter(uint32_t c)
{
    return (c | 0x20) - 'a' < 26;
}

static const char *why_no_escape(char letter)
{
    switch (letter) {
    case 'b':
    case 'B': return "word boundaries are what the text view is for: a regex there is matched with each word";
    case 'A':
    case 'z':
    case 'Z': return "a regex matches the whole value, or the whole token: anchors are not needed";
    case 'p':
    case 'P': return "classes of Unicode are not part of the language: list the characters in brackets";
    case 'Q':
    case 'E': return "put a backslash before each character that is to stand for itself";
    case 'x':
    case 'u':
    case 'U': return "write the character itself";
    default:
        return "escapes of letters are \\d \\D \\w \\W \\s \\S \\t \\n \\r; another letter stands for itself";
    }
}

/* `\p{L}`, `\x{41}`: what is in the braces belongs to the escape. */
static void pass_argument(struct reader *r, char letter)
{
    bool takes = letter == 'p' || letter == 'P' || letter == 'x' || letter == 'u' || letter == 'U';
    if (!takes || r->at >= r->to || r->s.p[r->at] != '{')
        return;
    const char *close = memchr(r->s.p + r->at, '}', r->to - r->at);
    if (close)
        r->at = (size_t)(close - r->s.p) + 1;
}

/* `\t`, `\n`, `\r`: to no Lucene are they more than letters. */
static uint32_t control(struct reader *r, size_t from, char letter)
{
    char symbol = letter == 't' ? '\t' : letter == 'n' ? '\n' : '\r';
    const char *name = letter == 't' ? "a tab" : letter == 'n' ? "a line feed" : "a carriage return";
    reader_repair(r, from, r->at, "%c", symbol);
    if (!(r->escapes & 1U << (letter & 31)))
        reader_say(r, W203, from, r->at, "`\\%c` is %s here, and the letter to Elasticsearch", letter, name);
    r->escapes |= 1U << (letter & 31);
    return (uint32_t)symbol;
}

uint32_t class_escaped_symbol(struct reader *r, size_t from)
{
    if (r->at >= r->to) {
        reader_repair(r, from, r->at, "\\\\");
        reader_say(r, E105, from, r->at, "a backslash with nothing after it");
        return '\\';
    }
    uint32_t symbol = reader_next(r);
    switch (symbol) {
    case 't':
    case 'n':
    case 'r': return control(r, from, (char)symbol);
    default: break;
    }
    if (symbol - '0' < 10) {
        r->beyond = true;
        reader_note(
            reader_say(r, E109, from, r->at, "`\\%c` refers back to a group, which no DFA can", (char)symbol),
            "a regex that has to compare two parts of a value is not regular; a digit needs no backslash");
    } else if (is_letter(symbol)) {
        if (symbol == 'A' || symbol == 'z' || symbol == 'Z')
            reader_repair(r, from, r->at, "%s", "");
        else
            r->beyond = true;
        pass_argument(r, (char)symbol);
        reader_note(reader_say(r, E109, from, r->at, "`\\%c` is no escape of this language", (char)symbol),
                    why_no_escape((char)symbol));
        return symbol | 0x20; /* what stands for it has no case of its own */
    }
    return symbol;
}

void class_check_capital(struct reader *r, size_t from, uint32_t symbol)
{
    if (r->dialect != REGEX_TOKEN || r->wildcard || (symbol >= 0xD800 && symbol <= 0xDFFF) ||
        trail_lower(symbol) == symbol)
        return;
    char lower[5] = {0};
    trail_encode(lower, trail_lower(symbol));
    reader_repair(r, from, r->at, "%s", lower);
    if (r->capital)
        return;
    r->capital = true;
    struct slice text = reader_quote(r, from, r->at);
    reader_note(reader_say(r, W202, from, r->at,
                           "a capital, `%.*s`, in a regex on the text view, whose tokens are in lower case",
                           (int)text.n, text.p),
                "any case matches here; Elasticsearch would never match it");
}

/* ---- brackets --------------------------------------------------------------------------------- */

/* What a bracket has so far. */
struct class
{
    size_t from;
    bool negated;
    struct charset_builder symbols; /* as written: the dialect has yet to look at them */
    struct charset_builder classes;
};

/* `[:alpha:]` in brackets. */
static bool posix_class(struct reader *r)
{
    static const struct {
        const char *name, *members, *lower_members;
    } names[] = {
        {"alpha", "A-Za-z", "a-z"}, {"digit", "0-9", "0-9"}, {"alnum", "A-Za-z0-9", "a-z0-9"},
        {"upper", "A-Z", "a-z"},    {"lower", "a-z", "a-z"}, {"xdigit", "0-9A-Fa-f", "0-9a-f"},
        {"space", SPACE, SPACE},    {"blank", " \t", " \t"}, {"word", "A-Za-z0-9_", "a-z0-9_"},
    };
    const char *start = r->s.p + r->at;
    if (r->to - r->at < 4 || start[0] != '[' || start[1] != ':')
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t n = strlen(names[i].name);
        if (r->to - r->at < n + 4 || memcmp(start + 2, names[i].name, n) != 0 ||
            memcmp(start + 2 + n, ":]", 2) != 0)
            continue;
        size_t from = r->at;
        r->at += n + 4;
        reader_repair(r, from, r->at, "%s",
                      r->dialect == REGEX_TOKEN ? names[i].lower_members : names[i].members);
        reader_note(reader_say(r, E109, from, r->at, "`[:%s:]` is no class of this language", names[i].name),
                    "Lucene reads its characters one by one");
        return true;
    }
    return false;
}

/* One end of a range, or a symbol by itself; false for a class such as `\d`, which was added. */
static bool read_end(struct reader *r, struct class *k, uint32_t *symbol)
{
    size_t from = r->at;
    *symbol = reader_next(r);
    if (*symbol == '\\') {
        const struct charset *set = class_escape(r, from, true);
        if (set) {
            charset_add_all(&k->classes, set);
            return false;
        }
        *symbol = class_escaped_symbol(r, from);
    }
    class_check_capital(r, from, *symbol);
    return true;
}

/* Surrogates are no symbols, and broken bytes only by themselves. */
static void add_range(struct charset_builder *b, uint32_t first, uint32_t last)
{
    bool broken = first >= FIRST_BROKEN && last <= LAST_BROKEN;
    if (broken || last < 0xD800 || first > 0xDFFF) {
        charset_add(b, first, last);
        return;
    }
    charset_add(b, first, 0xD7FF);
    charset_add(b, 0xE000, last);
}

/* `z-a` as `a-z`; its capitals, which the text view has not, in lower case. */
static void turn_range(struct reader *r, size_t from, size_t minus)
{
    struct slice text = diag_format(r->c, "%.*s-%.*s", (int)(r->at - minus - 1), r->s.p + minus + 1,
                                    (int)(minus - from), r->s.p + from);
    for (size_t i = 0; i < text.n && r->dialect == REGEX_TOKEN; i++)
        if (text.p[i] >= 'A' && text.p[i] <= 'Z')
            ((char *)text.p)[i] |= 0x20;
    reader_repair(r, from, r->at, "%.*s", (int)text.n, text.p);
}

static void read_item(struct reader *r, struct class *k)
{
    size_t from = r->at, repairs = r->n_repairs;
    uint32_t first, last;
    if (posix_class(r) || !read_end(r, k, &first))
        return;
    bool range = reader_ahead(r, '-') && r->at + 1 < r->to && r->s.p[r->at + 1] != ']';
    if (!range) {
        add_range(&k->symbols, first, first);
        return;
    }
    size_t minus = r->at++;
    if (!read_end(r, k, &last)) {
        r->beyond = true;
        reader_say(r, E105, from, r->at, "a range between a character and a class");
        return;
    }
    if (first > last) {
        struct slice text = reader_quote(r, from, r->at);
        r->n_repairs = repairs;
        turn_range(r, from, minus);
        reader_note(
            reader_say(r, E108, from, r->at, "an inverted range: `%.*s` holds nothing", (int)text.n, text.p),
            "the smaller character comes first; a `-` that stands for itself is written `\\-`");
        return;
    }
    add_range(&k->symbols, first, last);
}

/* `[]` and `[^]`: nothing, or, as elsewhere, a `]` as the first member. */
static bool starts_empty(struct reader *r, const struct class *k)
{
    if (!reader_ahead(r, ']'))
        return false;
    size_t at = r->at++;
    if (memchr(r->s.p + r->at, ']', r->to - r->at))
        reader_repair(r, at, at + 1, "\\]");
    else
        r->beyond = true;
    reader_note(reader_say(r, E105, k->from, r->at, "empty brackets"), "a `]` in brackets is written `\\]`");
    return true;
}

/* W202 for capitals that nobody wrote: those between the ends of a range, if their other case is not in the
 * brackets. */
static void check_ranges(struct reader *r, const struct class *k, const struct charset *symbols)
{
    if (r->dialect != REGEX_TOKEN || r->capital ||
        !charset_meets(charset_lower(r->c, symbols), charset_not(r->c, symbols)))
        return;
    r->capital = r->beyond = true;
    struct slice text = reader_quote(r, k->from, r->at);
    reader_note(
        reader_say(
            r, W202, k->from, r->at,
            "a range with capitals, `%.*s`, in a regex on the text view, whose tokens are in lower case",
            (int)text.n, text.p),
        "any case matches here; Elasticsearch would match none of the capitals");
}

const struct tree *class_read(struct reader *r)
{
    struct class k = {.from = r->at++, .symbols = {.c = r->c}, .classes = {.c = r->c}};
    k.negated = reader_ahead(r, '^');
    r->at += k.negated;
    starts_empty(r, &k);
    while (r->at < r->to && !reader_ahead(r, ']'))
        read_item(r, &k);
    if (r->at >= r->to) {
        reader_repair(r, k.from, k.from + 1, "\\[");
        reader_note(reader_say(r, E105, k.from, k.from + 1, "`[` without `]`"),
                    "a bracket that stands for itself is written `\\[`");
        return NULL;
    }
    r->at++;
    const struct charset *symbols = charset_build(&k.symbols);
    check_ranges(r, &k, symbols);
    const struct charset *set = charset_union(r->c, reader_set(r, symbols), charset_build(&k.classes));
    return tree_set(r->c, k.negated ? charset_not(r->c, set) : set, k.from, r->at);
}
