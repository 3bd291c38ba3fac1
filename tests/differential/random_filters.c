/*
 * random_filters.c - filters of the whole language, as text: the real lexer and parser read them.
 *
 * Most are good. Some are refused by the compiler, as mixed operators or words that no token can be; those
 * are left out by whoever asks for filters.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "random.h"

struct maker {
    struct random *r;
    struct draft *out;
    bool fields_only; /* no clause about every value */
};

enum asked { TEXT, KEYWORD, NUMERIC, IP, JSON, ANYWHERE };

static void say(struct maker *m, const char *text)
{
    draft_text(m->out, text);
}

static bool chance(struct maker *m, unsigned n)
{
    return random_one_in(m->r, n);
}

/* ---- fields ----------------------------------------------------------------------------------- */

static bool is_unseen(unsigned char c)
{
    return c < 0x20;
}

/* Whether a filter can name it as `path:`: wildcards are none of a name, and no backslash makes a letter of
 * what is not seen. */
static bool can_be_field(const char *path)
{
    for (const char *p = path; *p; p++)
        if (*p == '*' || *p == '?' || is_unseen((unsigned char)*p) || strncmp(p, "\xE2\x80", 2) == 0)
            return false;
    return *path != '\0';
}

/* With a backslash before all that needs one. In quotes, blanks need none. */
static void write_name(struct maker *m, const char *path)
{
    for (const char *p = path; *p; p++) {
        /* A last key that is named as a view. */
        bool view = strcmp(p, "keyword") == 0 && (p == path || p[-1] == '.');
        if (view || strchr("+-!(){}[]^\"~*?:\\/ &|<>=@", *p))
            draft_char(m->out, '\\');
        draft_char(m->out, *p);
    }
}

static void write_path(struct maker *m)
{
    const char *path = random_path(m->r);
    while (!can_be_field(path))
        path = random_path(m->r);
    write_name(m, path);
}

/* `_exists_:name`, in quotes any name. */
static void write_exists(struct maker *m)
{
    const char *path = random_path(m->r);
    bool quoted = !can_be_field(path) || chance(m, 8);
    say(m, quoted ? "_exists_:\"" : "_exists_:");
    write_name(m, path);
    say(m, quoted ? "\"" : "");
}

static enum asked write_field(struct maker *m)
{
    static const enum asked views[] = {TEXT,    TEXT,    TEXT, TEXT, KEYWORD, KEYWORD,
                                       KEYWORD, NUMERIC, IP,   JSON, JSON};
    static const char *const names[] = {"", ".keyword", ".numeric", ".ip", ".json"};
    if (!m->fields_only && chance(m, 12))
        return ANYWHERE;
    enum asked view = RANDOM_OF(m->r, views);
    write_path(m);
    say(m, names[view]);
    say(m, chance(m, 30) ? " :" : chance(m, 30) ? ": " : ":");
    return view;
}

/* ---- values ----------------------------------------------------------------------------------- */

/* The value as a word: with a backslash before all that needs one, and some that do not. */
static void write_word(struct maker *m, const char *value)
{
    for (const char *p = value; *p; p++) {
        bool must = strchr("+-!(){}[]^\"~*?:\\/ ", *p) || (p == value && strchr("<>@&|=", *p));
        bool may = strchr("=&|><@", *p);
        if (must || (may && chance(m, 2)))
            draft_char(m->out, '\\');
        draft_char(m->out, *p);
    }
}

static void write_quoted(struct maker *m, const char *value)
{
    draft_char(m->out, '"');
    for (const char *p = value; *p; p++) {
        if (*p == '"' || *p == '\\' || (strchr(":/-*?", *p) && chance(m, 20)))
            draft_char(m->out, '\\');
        draft_char(m->out, *p);
    }
    draft_char(m->out, '"');
}

/* A string that may stand in a filter: short, of one line, valid UTF-8, not empty. */
static void choose_string(struct maker *m, struct draft *d)
{
    do {
        d->n = 0;
        if (chance(m, 3))
            draft_text(d, random_piece(m->r));
        else
            random_string(m->r, d);
    } while (d->n == 0 || d->n > 80 || strpbrk(d->p, "\n\t\r") || u8_check((const uint8_t *)d->p, d->n));
    bool shout = chance(m, 8);
    for (size_t i = 0; shout && i < d->n; i++)
        if (d->p[i] >= 'a' && d->p[i] <= 'z')
            d->p[i] = (char)(d->p[i] - 32);
}

/* The length of the character at p. */
static size_t length_at(const char *p)
{
    size_t n = 1;
    while (((unsigned char)p[n] & 0xC0) == 0x80)
        n++;
    return n;
}

/* A text with a mark (1: many characters, 2: one) in place of some of its characters. */
static void punch_holes(struct maker *m, const char *value, struct draft *d)
{
    bool open = chance(m, 2);
    if (open)
        draft_char(d, 1);
    for (const char *p = value; *p; p += length_at(p)) {
        unsigned dice = random_below(m->r, 14);
        if (dice == 0)
            draft_char(d, 1);
        else if (dice == 1)
            draft_char(d, 2);
        else if (dice == 2)
            draft_char(d, 1), draft_add(d, p, length_at(p));
        else
            draft_add(d, p, length_at(p));
    }
    if (chance(m, open ? 2 : 3))
        draft_char(d, 1);
}

static void write_wildcard(struct maker *m, const char *value)
{
    struct draft d = {0};
    punch_holes(m, value, &d);
    if (!strpbrk(d.p, "\1\2"))
        draft_char(&d, 1);
    for (const char *p = d.p; *p; p++) {
        if (strchr("+-!(){}[]^\"~*?:\\/ <>@&|=", *p))
            draft_char(m->out, '\\');
        draft_char(m->out, *p == 1 ? '*' : *p == 2 ? '?' : *p);
    }
    free(d.p);
}

/* One character of a regex that takes at least the character at p. */
static void write_regex_character(struct maker *m, const char *p)
{
    char c = *p;
    size_t n = length_at(p);
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'), digit = c >= '0' && c <= '9';
    unsigned dice = random_below(m->r, 20);
    if (dice == 0) {
        say(m, ".");
    } else if (dice == 1 && letter) {
        say(m, chance(m, 2) ? "[a-zA-Z]" : "\\w");
    } else if (dice == 1 && digit) {
        say(m, chance(m, 2) ? "[0-9]" : "\\d");
    } else if (dice == 2 && letter) {
        say(m, "[");
        say(m, (char[]){c, '\0'});
        say(m, chance(m, 2) ? "x-z_]" : "\\d\\-]");
    } else if (dice == 3) {
        say(m, chance(m, 3) ? "[^q]" : chance(m, 2) ? "\\S" : "[^0-1,]");
    } else {
        if (n == 1 && !letter && !digit &&
            (c != ' ' && c != '_' && c != ':' && c != ',' && c != '=' && c != '\'' && c != ';' && c != '%' &&
             c != '!' && c != '$'))
            say(m, "\\");
        else if (n == 1 && c == '$')
            say(m, "\\");
        draft_add(m->out, p, n);
    }
}

static void write_quantifier(struct maker *m, unsigned one_in)
{
    static const char *const some[] = {"*", "+", "?", "{1}", "{0,1}", "{1,}", "{0,3}", "{1,2}", "{2}"};
    if (chance(m, one_in))
        say(m, RANDOM_OF(m->r, some));
}

static void write_regex_of(struct maker *m, const char *value)
{
    static const char *const opens[] = {".*",     ".+",   "(.*[^a-z])?", "[\\s\\S]*",
                                        ".{0,4}", "\\W*", "(a|b|.)*",    "[^\\t]*"};
    if (chance(m, 3))
        say(m, RANDOM_OF(m->r, opens));
    const char *p = value;
    bool group = false;
    for (; *p; p += length_at(p)) {
        if (!group && chance(m, 10)) {
            say(m, "(");
            group = true;
        } else if (group && chance(m, 3)) {
            if (chance(m, 2)) {
                say(m, "|");
                write_regex_character(m, random_piece(m->r));
            }
            say(m, ")");
            write_quantifier(m, 12);
            group = false;
        }
        write_regex_character(m, p);
        write_quantifier(m, 12);
    }
    if (group)
        say(m, ")");
    if (chance(m, 2))
        say(m, RANDOM_OF(m->r, opens));
}

static void write_regex(struct maker *m, const char *value)
{
    say(m, "/");
    write_regex_of(m, value);
    if (chance(m, 4)) {
        say(m, "|");
        write_regex_of(m, random_piece(m->r));
    }
    say(m, chance(m, 5) ? "/i" : "/");
}

/* ---- regexes over few letters: many of their strings are drawn, too --------------------------- */

static void write_letter(struct maker *m)
{
    static const char *const some[] = {"a", "a",    "b",    "b",     "B",      "é",    "[^c-e]",
                                       ".", "[ab]", "[^a]", "[a-c]", "[^b-é]", "[éB]", "[!-_]"};
    say(m, RANDOM_OF(m->r, some));
}

static void write_letters_regex(struct maker *m, unsigned depth)
{
    for (unsigned branches = 1 + random_below(m->r, 3) / 2; branches > 0; branches--) {
        for (unsigned items = 1 + random_below(m->r, 3); items > 0; items--) {
            if (depth > 0 && chance(m, 3)) {
                say(m, "(");
                write_letters_regex(m, depth - 1);
                say(m, ")");
            } else {
                write_letter(m);
            }
            write_quantifier(m, 3);
        }
        if (branches > 1)
            say(m, "|");
    }
}

/* A clause about the field `letters`. */
static void write_letters_clause(struct maker *m)
{
    static const char *const marks[] = {"*", "?", "a", "b", "B", "é", "*a", "b?"};
    say(m, chance(m, 3) ? "letters:" : "letters.keyword:");
    if (chance(m, 4)) {
        say(m, "*");
        for (unsigned n = 1 + random_below(m->r, 4); n > 0; n--)
            say(m, RANDOM_OF(m->r, marks));
        return;
    }
    say(m, "/");
    write_letters_regex(m, 3);
    say(m, chance(m, 4) ? "/i" : "/");
}

/* ---- ranges ----------------------------------------------------------------------------------- */

static const char *const comparisons[] = {">", ">=", "<", "<="};

/* One bound of a kind that the view compares. */
static void choose_bound(struct maker *m, enum asked view, bool number, struct draft *d)
{
    static const char *const ends[] = {"10.0.0.0", "10.0.0.128", "10.255.255.255", "192.168.1.1",
                                       "203.0.113.7"};
    if (view == IP)
        draft_text(d, chance(m, 8) ? random_address(m->r) : RANDOM_OF(m->r, ends));
    else if (number)
        draft_text(d, random_number(m->r));
    else
        choose_string(m, d);
}

/* Whether the bounds stand in an order that can match, as far as that is easily told. */
static bool in_order(const char *low, const char *high, enum asked view, bool number)
{
    unsigned char a[4] = {0}, b[4] = {0};
    if (view == IP)
        return inet_pton(AF_INET, low, a) == 1 && inet_pton(AF_INET, high, b) == 1 && memcmp(a, b, 4) < 0;
    return number ? strtod(low, NULL) < strtod(high, NULL) : strcmp(low, high) < 0;
}

static void write_bound(struct maker *m, const char *value, bool number)
{
    if (strpbrk(value, " ]}\"\\") || chance(m, number ? 12 : 3))
        write_quoted(m, value);
    else
        draft_text(m->out, value);
}

static void write_range(struct maker *m, enum asked view)
{
    bool number = view == NUMERIC || chance(m, view == TEXT ? 2 : 4);
    struct draft low = {0}, high = {0};
    choose_bound(m, view, number, &low);
    choose_bound(m, view, number, &high);
    if (!in_order(low.p, high.p, view, number) && !chance(m, 12)) {
        struct draft swap = low;
        low = high;
        high = swap;
    }
    if (chance(m, 2)) {
        say(m, RANDOM_OF(m->r, comparisons));
        write_word(m, low.p);
    } else {
        bool open_low = chance(m, 5), open_high = !open_low && chance(m, 5);
        say(m, chance(m, 2) ? "[" : "{");
        if (open_low)
            say(m, "*");
        else
            write_bound(m, low.p, number);
        say(m, " TO ");
        if (open_high)
            say(m, "*");
        else
            write_bound(m, high.p, number);
        say(m, chance(m, 2) ? "]" : "}");
    }
    free(low.p);
    free(high.p);
}

/* ---- clauses ---------------------------------------------------------------------------------- */

static void write_block(struct maker *m)
{
    static const char *const blocks[] = {"10.0.0.0/8",    "10.0.0.0/24",   "192.168.0.0/16", "0.0.0.0/0",
                                         "10.0.0.1/32",   "2001:db8::/32", "::/0",           "::ffff:0:0/96",
                                         "10.0.0.128/25", "fe80::/10"};
    const char *block = chance(m, 3) ? random_address(m->r) : RANDOM_OF(m->r, blocks);
    if (chance(m, 2))
        write_quoted(m, block);
    else
        write_word(m, block);
}

static void write_list(struct maker *m, enum asked view)
{
    static const char *const texts[] = {"people", "phrases", "texts", "numbers", "sentences", "sentences"};
    draft_char(m->out, '@');
    say(m, view == IP ? "networks" : view == NUMERIC ? "numbers" : RANDOM_OF(m->r, texts));
}

/* The JSON text of a value, or a piece of one. */
static void choose_json(struct maker *m, struct draft *d)
{
    static const char *const pieces[] = {
        "\"name\"", "true", "5", "{\"name\":\"admin\"}", "[5]", "\"c\":", "\"admin\"", "null", "\"user\""};
    draft_text(d, RANDOM_OF(m->r, pieces));
}

static void write_literal(struct maker *m, const char *value)
{
    if (chance(m, 3) || strncmp(value, "//", 2) == 0)
        write_quoted(m, value);
    else
        write_word(m, value);
}

/* Where the text view splits long words. */
static const char *const long_words[] = {"/a{255}/", "/é{255}/", "/(ab){127}a/", "/(a_){127}a/", "/.{200,}/"};

static void write_value(struct maker *m, enum asked view)
{
    if ((view == TEXT || view == ANYWHERE) && chance(m, 30)) {
        say(m, RANDOM_OF(m->r, long_words));
        return;
    }
    unsigned dice = random_below(m->r, 20);
    bool by_value = view == NUMERIC || view == IP;
    struct draft d = {0};
    if (dice == 0 && (!by_value || chance(m, 10))) {
        say(m, "*");
    } else if (dice == 1) {
        write_list(m, view);
    } else if (dice < (view == NUMERIC ? 12 : 6) && (view != ANYWHERE || chance(m, 10))) {
        write_range(m, view);
    } else if (view == IP) {
        write_block(m);
    } else if (view == NUMERIC) {
        write_literal(m, random_number(m->r));
    } else if (view == JSON) {
        choose_json(m, &d);
    } else if (dice < 13 && (view == TEXT || view == ANYWHERE) && !chance(m, 8)) {
        draft_text(&d, random_piece(m->r)); /* what stands in one token */
    } else {
        choose_string(m, &d);
    }
    if (d.p && dice < 9)
        write_wildcard(m, d.p);
    else if (d.p && dice < 13)
        write_regex(m, d.p);
    else if (d.p)
        write_literal(m, d.p);
    free(d.p);
}

/* ---- operators -------------------------------------------------------------------------------- */

/* What stands between and before the operands of one group. `all`: joined by AND. */
static void write_operands(struct maker *m, bool all, void operand(struct maker *, void *), void *user)
{
    bool symbols = chance(m, 4), must = all && chance(m, 8);
    for (unsigned i = 0, n = 2 + random_below(m->r, all ? 2 : 3); i < n; i++) {
        bool negated = all && chance(m, 2);
        if (i)
            say(m, must ? " " : all ? (symbols ? " && " : " AND ") : symbols ? " || " : " OR ");
        if (must)
            say(m, negated ? "-" : "+");
        else if (negated)
            say(m, chance(m, 4) ? "!" : "NOT ");
        operand(m, user);
    }
}

static void write_in_group(struct maker *m, void *view);

static void write_values(struct maker *m, enum asked *view)
{
    draft_char(m->out, '(');
    write_operands(m, chance(m, 3), write_in_group, view);
    draft_char(m->out, ')');
}

static void write_in_group(struct maker *m, void *view)
{
    if (chance(m, 8))
        write_values(m, view);
    else
        write_value(m, *(enum asked *)view);
}

static void write_clause(struct maker *m)
{
    if (!m->fields_only && chance(m, 40)) {
        say(m, RANDOM_OF(m->r, long_words));
        return;
    }
    if (chance(m, 8)) {
        write_letters_clause(m);
        return;
    }
    if (chance(m, 30)) {
        say(m, chance(m, 2) ? "*" : "*:*");
        return;
    }
    if (chance(m, m->r->hostile ? 5 : 20)) {
        write_exists(m);
        return;
    }
    enum asked view = write_field(m);
    if (view != ANYWHERE && chance(m, 8))
        write_values(m, &view);
    else
        write_value(m, view);
}

static void write_operand(struct maker *m, void *depth)
{
    unsigned left = *(unsigned *)depth;
    if (left == 0 || chance(m, 2)) {
        write_clause(m);
        return;
    }
    left--;
    draft_char(m->out, '(');
    if (chance(m, 8)) {
        say(m, "NOT ");
        write_operand(m, &left);
    } else {
        write_operands(m, chance(m, 3), write_operand, &left);
    }
    draft_char(m->out, ')');
}

/* A clause about a field of the event itself, that comes often and holds at times. */
static void write_root_clause(struct maker *m)
{
    static const char *const some[] = {"letters:*",
                                       "letters.keyword:/a.*/",
                                       "letters:b*",
                                       "eventName:*",
                                       "eventName:(admin OR alice OR user)",
                                       "eventName:*a*",
                                       "n:[0 TO 100]",
                                       "n.keyword:*",
                                       "user.name:*",
                                       "user:*",
                                       "a:*",
                                       "list:*",
                                       "ip.ip:\"0.0.0.0/0\"",
                                       "eventSource:(a* OR u*)"};
    say(m, RANDOM_OF(m->r, some));
    if (chance(m, 6)) {
        say(m, " AND ");
        say(m, RANDOM_OF(m->r, some));
    }
}

void random_filter(struct random *r, struct draft *out, bool narrow)
{
    struct maker m = {r, out, narrow};
    unsigned depth = random_below(r, 3);
    draft_text(out, "");
    if (narrow) {
        write_root_clause(&m);
        say(&m, " AND (");
    }
    switch (random_below(r, 6)) {
    case 0:
        say(&m, "NOT ");
        write_operand(&m, &depth);
        break;
    case 1:
    case 2: write_operands(&m, chance(&m, 3), write_operand, &depth); break;
    default: write_clause(&m); break;
    }
    if (narrow)
        say(&m, ")");
}

void random_twin(struct random *r, const char *filter, struct draft *out)
{
    static const char from[] = "[]{}<>", to[] = "{}[]><";
    bool bracket = random_one_in(r, 2);
    draft_text(out, filter);
    for (unsigned tries = 0; tries < 60 && out->n > 0; tries++) {
        char *p = &out->p[random_below(r, (unsigned)out->n)];
        const char *at = strchr(from, *p);
        if (bracket && tries < 30 && !at)
            continue;
        if (at)
            *p = to[at - from];
        else if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z'))
            *p = (char)(*p ^ 0x20);
        else if (*p >= '0' && *p <= '9')
            *p = (char)('0' + random_below(r, 10));
        else
            continue;
        return;
    }
}
