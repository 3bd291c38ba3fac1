/*
 * regex.c - reads regexes and wildcards.
 *
 * Needs: a value's bytes in the filter's text. Guarantees: a tree in normal form whose DFA is within the
 * limit and in which, for the text view, some token is; or errors were said. Recursion is bounded by
 * MAX_DEPTH.
 */
#include <string.h>

#include "automaton.h"
#include "regex/regex.h"
#include "tree.h"

enum {
    MAX_DEPTH = 100,     /* groups in groups */
    MAX_COUNT = 1000000, /* in braces; the DFA's limit is far below */
};

static const struct tree *read_choice(struct reader *);

/* A literal symbol that stood at [from, at). */
static const struct tree *literal(struct reader *r, size_t from, uint32_t symbol)
{
    class_check_capital(r, from, symbol);
    return tree_set(r->c, reader_set(r, charset_one(r->c, symbol)), from, r->at);
}

static const struct tree *read_escape(struct reader *r)
{
    size_t from = r->at++;
    const struct charset *set = class_escape(r, from, false);
    return set ? tree_set(r->c, set, from, r->at) : literal(r, from, class_escaped_symbol(r, from));
}

/* ---- groups ------------------------------------------------------------------------------------ */

/* After `(?`: flags up to `)` or `:`. */
static void read_flags(struct reader *r, size_t from)
{
    bool known = true, any_case = false;
    while (r->at < r->to && !reader_ahead(r, ')') && !reader_ahead(r, ':')) {
        char flag = r->s.p[r->at++];
        any_case |= flag == 'i';
        known = known && (flag == 'i' || flag == 's'); /* `.` takes every character anyway */
    }
    bool whole = reader_ahead(r, ')') && from == r->from;
    r->at += r->at < r->to;
    if (known && whole)
        reader_repair(r, from, r->at, "%s", "");
    else
        r->beyond = true;
    r->any_case |= any_case && r->dialect == REGEX_KEYWORD;
    reader_note(reader_say(r, E109, from, r->at, "flags in a regex"),
                "any case: `/…/i` on `.keyword`; on the text view every regex is");
}

/* At `?` after `(`, which stood at `from`: what no DFA has, or what Lucene does not read. */
static void read_question(struct reader *r, size_t from)
{
    struct slice rest = {r->s.p + r->at, r->to - r->at};
    size_t name = rest.n > 1 && rest.p[1] == 'P' ? 2 : 1;
    bool behind = rest.n > 2 && rest.p[1] == '<' && memchr("=!", rest.p[2], 2);
    const char *close;
    if (rest.n > 1 && rest.p[1] == ':') {
        r->at += 2;
        reader_repair(r, from + 1, r->at, "%s", "");
        reader_say(r, E109, from, r->at, "`(?:` is a plain group here");
    } else if (behind || (rest.n > 1 && memchr("=!", rest.p[1], 2))) {
        r->at += behind ? 3 : 2;
        r->beyond = true;
        reader_note(reader_say(r, E109, from, r->at, "looking ahead or behind, which no DFA can"),
                    "write two clauses: `f:/…/ AND NOT f:/…/`");
    } else if (rest.n > name && rest.p[name] == '<' && (close = memchr(rest.p, '>', rest.n))) {
        r->at += (size_t)(close - rest.p) + 1;
        reader_repair(r, from + 1, r->at, "%s", "");
        reader_say(r, E109, from, r->at, "a group with a name: nothing refers to it");
    } else if (rest.n > 1 && rest.p[1] == '>') {
        r->at += 2;
        r->beyond = true;
        reader_say(r, E109, from, r->at,
                   "an atomic group: a DFA never goes back, so there is nothing to forbid");
    } else {
        r->at++;
        read_flags(r, from);
    }
}

static const struct tree *say_open(struct reader *r, size_t from)
{
    r->beyond = true;
    reader_note(reader_say(r, E105, from, from + 1, "`(` without `)`"),
                "a parenthesis that stands for itself is written `\\(`");
    return NULL;
}

static const struct tree *read_group(struct reader *r)
{
    size_t from = r->at++;
    if (reader_ahead(r, '?')) {
        bool flags = r->at + 1 < r->to && !memchr(":=!<>P", r->s.p[r->at + 1], 6);
        read_question(r, from);
        if (flags && r->s.p[r->at - 1] == ')')
            return tree_empty(r->c, from, r->at);
    }
    if (++r->depth > MAX_DEPTH) {
        reader_say(r, E110, from, from + 1, "more than %d groups in each other", MAX_DEPTH);
        return NULL;
    }
    if (reader_ahead(r, ')')) {
        r->at++;
        r->beyond = true;
        reader_note(reader_say(r, E105, from, r->at, "empty parentheses"),
                    "write `(a)?` for an `a` that may be missing");
        r->depth--;
        return tree_empty(r->c, from, r->at);
    }
    if (r->at >= r->to)
        return say_open(r, from);
    const struct tree *inside = read_choice(r);
    r->depth--;
    if (!inside)
        return NULL;
    if (!reader_ahead(r, ')'))
        return say_open(r, from);
    r->at++;
    return inside;
}

/* ---- atoms ------------------------------------------------------------------------------------------ */

static const char *lucene_meaning(char c)
{
    switch (c) {
    case '@': return "any string";
    case '#': return "nothing";
    case '&': return "an intersection";
    case '~': return "a complement";
    case '"': return "a quoted string";
    default: return "a range of numbers or a named automaton";
    }
}

static const struct tree *read_operator(struct reader *r)
{
    size_t from = r->at++;
    char c = r->s.p[from];
    reader_repair(r, from, r->at, "\\%c", c);
    reader_say(r, E109, from, r->at, "`%c` is an operator to Lucene (%s): write `\\%c`", c, lucene_meaning(c),
               c);
    return tree_set(r->c, charset_one(r->c, (unsigned char)c), from, r->at);
}

/* A repetition with nothing before it. */
static const struct tree *read_orphan(struct reader *r)
{
    size_t from = r->at++;
    char c = r->s.p[from];
    if (c == '*')
        reader_repair(r, from, r->at, ".*");
    else
        reader_repair(r, from, r->at, "\\%c", c);
    reader_note(reader_say(r, E105, from, r->at, "`%c` with nothing before it to repeat", c),
                "in a regex `.*` is any string");
    return tree_empty(r->c, from, r->at);
}

static const struct tree *read_atom(struct reader *r)
{
    size_t from = r->at;
    switch (r->s.p[from]) {
    case '(': return read_group(r);
    case '[': return class_read(r);
    case '\\': return read_escape(r);
    case '.': r->at++; return tree_set(r->c, charset_any(r->c), from, r->at);
    case '@':
    case '&':
    case '~':
    case '#':
    case '<':
    case '>':
    case '"': return read_operator(r);
    case '*':
    case '+':
    case '?':
    case '{': return read_orphan(r);
    default: return literal(r, from, reader_next(r));
    }
}

/* ---- repetition ---------------------------------------------------------------------------------------- */

static bool read_number(struct reader *r, unsigned *n)
{
    size_t from = r->at;
    *n = 0;
    while (r->at < r->to && r->s.p[r->at] >= '0' && r->s.p[r->at] <= '9') {
        *n = *n * 10 + (unsigned)(r->s.p[r->at++] - '0');
        if (*n > MAX_COUNT)
            *n = MAX_COUNT;
    }
    return r->at > from;
}

/* At `{`. */
static bool read_count(struct reader *r, unsigned *min, unsigned *max)
{
    size_t from = r->at++;
    bool lower = read_number(r, min), comma = reader_ahead(r, ',');
    r->at += comma;
    bool upper = comma && read_number(r, max);
    if (!reader_ahead(r, '}') || (!lower && !upper)) {
        r->at = from + 1;
        reader_repair(r, from, r->at, "\\{");
        reader_note(reader_say(r, E105, from, r->at, "`{` that starts no count"),
                    "a count is `{2}`, `{2,}` or `{2,5}`; a brace that stands for itself is written `\\{`");
        *min = *max = 1;
        return false;
    }
    r->at++;
    if (!lower) {
        reader_repair(r, from, from + 1, "{0");
        reader_say(r, E105, from, r->at, "a count with no lower bound");
    }
    if (!comma)
        *max = *min;
    else if (!upper)
        *max = UNBOUNDED;
    if (*min > *max) {
        reader_repair(r, from, r->at, "{%u,%u}", *max, *min);
        reader_say(r, E108, from, r->at, "an inverted count: at least %u and at most %u", *min, *max);
    }
    return true;
}

/* After a repetition of what stood at [from, times): `?` or `+` is another way to search, and `*` or `{`
 * repeats again. */
static void read_again(struct reader *r, size_t from, size_t times)
{
    size_t at = r->at;
    if (at >= r->to || !memchr("?+*{", r->s.p[at], 4))
        return;
    char c = r->s.p[at];
    if (c == '?' || c == '+') {
        r->at++;
        reader_repair(r, at, r->at, "%s", "");
        reader_note(reader_say(r, E109, at, r->at, "a %s repetition", c == '?' ? "lazy" : "possessive"),
                    "it changes where a search stops, not what matches: leave it out");
        return;
    }
    (void)times;
    reader_repair(r, from, from, "(");
    reader_repair(r, at, at, ")");
    reader_say(r, E105, at, at + 1, "a repetition of a repetition: put the first in parentheses");
}

static const struct tree *read_repeated(struct reader *r)
{
    size_t from = r->at;
    const struct tree *t = read_atom(r);
    while (t && r->at < r->to && memchr("*+?{", r->s.p[r->at], 4)) {
        unsigned min = 0, max = UNBOUNDED;
        size_t at = r->at;
        char c = r->s.p[at];
        if (c == '{') {
            if (!read_count(r, &min, &max))
                break;
        } else {
            r->at++;
            min = c == '+';
            max = c == '?' ? 1 : UNBOUNDED;
        }
        t = tree_repeat(r->c, t, min, max, from, r->at);
        read_again(r, from, at);
    }
    return t;
}

/* ---- sequences and alternatives ---------------------------------------------------------------------------
 */

static bool at_end(const struct reader *r)
{
    return r->at >= r->to || r->s.p[r->at] == '|' || r->s.p[r->at] == ')';
}

/* `^` where an alternative starts, `$` where it ends. */
static bool read_anchor(struct reader *r, bool first)
{
    bool last = r->at + 1 >= r->to || r->s.p[r->at + 1] == '|' || r->s.p[r->at + 1] == ')';
    if (!(first && reader_ahead(r, '^')) && !(last && reader_ahead(r, '$')))
        return false;
    size_t from = r->at++;
    reader_repair(r, from, r->at, "%s", "");
    reader_note(
        reader_say(r, E109, from, r->at, "`%c` stands for itself to Lucene: leave it out", r->s.p[from]),
        "a regex always matches the whole value; one that is to be found within needs `.*` around it");
    return true;
}

static const struct tree *read_sequence(struct reader *r)
{
    const struct tree **kids = NULL;
    size_t n = 0, from = r->at;
    bool anchored = false;
    while (!at_end(r)) {
        if (read_anchor(r, n == 0 && !anchored)) {
            anchored = true;
            continue;
        }
        const struct tree *kid = read_repeated(r);
        if (!kid)
            return NULL;
        *PUSH(r->c, kids, n) = kid;
    }
    if (n == 0 && !anchored) {
        r->beyond = true;
        reader_note(
            reader_say(r, E105, from, r->at < r->to ? r->at + 1 : r->at, "`|` with nothing on one side"),
            "write `(a|b)?` for one that may be missing");
    }
    return tree_cat(r->c, n, kids, from, r->at);
}

static const struct tree *read_choice(struct reader *r)
{
    const struct tree **kids = NULL;
    size_t n = 0, from = r->at;
    for (;;) {
        const struct tree *kid = read_sequence(r);
        if (!kid)
            return NULL;
        *PUSH(r->c, kids, n) = kid;
        if (!reader_ahead(r, '|'))
            break;
        r->at++;
    }
    return tree_alt(r->c, n, kids, from, r->at);
}

/* ---- the whole ------------------------------------------------------------------------------------- */

static struct reader reader_new(struct compile *c, const struct text *text, size_t from, size_t to,
                                enum regex_dialect dialect)
{
    return (struct reader){.c = c,
                           .text = text,
                           .s = text->s,
                           .from = from,
                           .at = from,
                           .to = to,
                           .dialect = dialect,
                           .first_diag = c->n_diags};
}

/* `*admin*`: a wildcard between slashes. */
static bool is_wildcard(const struct reader *r)
{
    bool plain = r->s.p[r->from] == '*';
    for (size_t i = r->from; i < r->to && plain; i++)
        plain = !memchr(".[](){}|+\\^$", r->s.p[i], 11);
    return plain;
}

static void say_wildcard(struct reader *r)
{
    for (size_t i = r->from; i < r->to; i++)
        if (r->s.p[i] == '*' || r->s.p[i] == '?')
            reader_repair(r, i, i + 1, r->s.p[i] == '*' ? ".*" : ".");
    reader_note(reader_say(r, E105, r->from, r->from + 1, "`*` with nothing before it to repeat"),
                "in a regex `.*` is any string and `.` any character; a wildcard stands without slashes");
    reader_rewrite(r, NULL);
}

struct regex *regex_parse(struct compile *c, const struct text *text, size_t from, size_t to,
                          enum regex_dialect dialect)
{
    struct reader r = reader_new(c, text, from, to, dialect);
    if (from >= to) {
        reader_note(reader_say(&r, E104, from > 0 ? from - 1 : from, to, "an empty regex"),
                    "`f:*` asks whether the field is there");
        return NULL;
    }
    if (is_wildcard(&r)) {
        say_wildcard(&r);
        return NULL;
    }
    const struct tree *tree = read_choice(&r);
    while (tree && r.at < r.to) {
        /* read_choice() stops early only at a parenthesis. */
        size_t at = r.at++;
        reader_repair(&r, at, r.at, "\\)");
        reader_note(reader_say(&r, E105, at, r.at, "`)` without `(`"),
                    "a parenthesis that stands for itself is written `\\)`");
        tree = r.at < r.to ? read_choice(&r) : tree;
    }
    struct regex *regex = tree && !r.bad ? reader_finish(&r, tree) : NULL;
    reader_rewrite(&r, regex);
    return regex;
}

struct regex *regex_wildcard(struct compile *c, const struct text *text, size_t from, size_t to,
                             enum regex_dialect dialect)
{
    struct reader r = reader_new(c, text, from, to, dialect);
    r.wildcard = true;
    const struct tree **kids = NULL;
    size_t n = 0;
    while (r.at < to) {
        size_t at = r.at;
        uint32_t symbol = reader_next(&r);
        const struct tree *kid;
        if (symbol == '*' || symbol == '?') {
            kid = tree_set(c, charset_any(c), at, r.at);
            if (symbol == '*')
                kid = tree_repeat(c, kid, 0, UNBOUNDED, at, r.at);
        } else {
            if (symbol == '\\' && r.at < to)
                symbol = reader_next(&r);
            kid = literal(&r, at, symbol);
        }
        *PUSH(c, kids, n) = kid;
    }
    return reader_finish(&r, tree_cat(c, n, kids, from, to));
}

struct slice regex_canonical(struct compile *c, const struct regex *regex)
{
    (void)c;
    return regex->canonical;
}

void regex_print(struct buffer *b, const struct regex *regex)
{
    tree_print(b, regex->tree);
}

size_t regex_states(const struct regex *regex)
{
    return dfa_states(regex->dfa);
}

const struct dfa *regex_dfa(const struct regex *regex)
{
    return regex->dfa;
}

bool regex_match(struct compile *c, const struct regex *regex, struct slice text)
{
    (void)c;
    return regex->dfa ? dfa_accepts(regex->dfa, text) : tree_matches(regex->tree, text);
}
