/*
 * regexes.c - random regexes and texts: the compiler's simulation and its DFA against PCRE2, and a sample of
 * them for the compiled code (compiled.c, regexes.sh).
 *
 *     regexes DIRECTORY SEED PAIRS
 *
 * A regex is drawn in two spellings at once, the language's and PCRE2's, with a text that it matches; the text
 * is then changed at random. PCRE2 matches anchored at both ends, over code points, with `.` for every one.
 *
 * PCRE2 cannot match what is no UTF-8, so a byte b that is part of no well-formed sequence (by libunistring's
 * decoder, not ours) is given to it as the code point U+10FF00 + b, in texts and in regexes. That is faithful:
 * no regex and no text drawn here has one of these 128 code points (all drawn are below U+20000, and so are
 * the ends of all ranges, so that a range has a broken byte for neither), none of them has another case, all
 * are in `.`, \D, \W, \S and every negated set of others, as the bytes are, and they have the bytes' order.
 *
 * PCRE2's classes differ and are written out: \s has neither \v nor \f here, and under `i` \w is [A-Za-z0-9_]
 * with any case, which has U+017F and U+212A in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <unistr.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "emit/emit.h"
#include "plan/literals.h"
#include "random.h"
#include "regex/automaton.h"
#include "trail/text.h"

enum {
    TEXTS = 20,     /* of a regex */
    SAMPLE = 20,    /* one in so many regexes is compiled, too */
    LARGE = 300,    /* states: these are, as well … */
    MAX_LARGE = 20, /* … up to so many */
    MAX_DEPTH = 2,
    MAX_TEXT = 2000,
};

struct drawn {
    struct random *random;
    bool any_case;
    struct draft ours, theirs, text;
};

/* ---- drawing --------------------------------------------------------------------------------------- */

static void both(struct drawn *d, const char *s)
{
    draft_text(&d->ours, s);
    draft_text(&d->theirs, s);
}

static void cut(struct draft *d, size_t n)
{
    d->n = n;
    if (d->p)
        d->p[n] = '\0';
}

/* A character of the alphabet, or bytes that begin no sequence and so can stand before any other: a surrogate, an
 * overlong form, one past U+10FFFF, single ones. */
static const char *random_character(struct random *r)
{
    static const char *const list[] = {
        "a",
        "b",
        "c",
        "A",
        "B",
        "k",
        "s",
        "i",
        "1",
        "7",
        "_",
        "-",
        " ",
        "\t",
        ",",
        "\x7F",
        "\xC3\xA9",
        "\xC3\x89",
        "\xC3\x9F",
        "\xC5\xBF",
        "\xC4\xB0",
        "\xC4\xB1",
        "\xCF\x83",
        "\xCF\x82",
        "\xCE\xA3",
        "\xC2\xB5",
        "\xCE\xBC",
        "\xC7\x84",
        "\xC7\x85",
        "\xC7\x86",
        "\v",
        "\f",
        "z",
        "x",
        "\xE2\x84\xAA",
        "\xE2\x82\xAC",
        "\xEF\xBF\xBD",
        "\xEE\x80\x80",
        "\xED\x9F\xBF",
        "\xF0\x9F\x98\x80",
        "\xF0\x90\x90\x80",
        "\xF0\x90\x90\xA8",
        "\xED\xA0\x80",
        "\xC0\xAF",
        "\xF4\x90\x80\x80",
        "\x80",
        "\xBF",
        "\xFF",
        "\xC0",
        "\xF8",
        "\x9F",
    };
    return RANDOM_OF(r, list);
}

/* The code points of bytes, as PCRE2 is told. */
static void translate(struct draft *to, const char *p, size_t n)
{
    for (size_t at = 0; at < n;) {
        ucs4_t c;
        uint8_t utf8[6];
        int length = u8_mbtoucr(&c, (const uint8_t *)p + at, n - at);
        if (length <= 0) {
            c = 0x10FF00U + (unsigned char)p[at];
            length = 1;
        }
        int width = u8_uctomb(utf8, c, sizeof utf8);
        draft_add(to, (const char *)utf8, (size_t)width);
        at += (size_t)length;
    }
}

static void put_symbol(struct drawn *d, const char *symbol, bool in_text)
{
    if (strchr("!,-_", *symbol)) {
        draft_char(&d->ours, '\\');
        draft_char(&d->theirs, '\\');
    }
    draft_text(&d->ours, symbol);
    translate(&d->theirs, symbol, strlen(symbol));
    if (in_text)
        draft_text(&d->text, symbol);
}

/* An escape's spelling for PCRE2: outside of brackets, and inside without and with `i`. */
static const struct escape {
    const char *ours, *theirs, *members, *members_any;
    const char *text;
} escapes[] = {
    {"\\d", "[0-9]", "0-9", "0-9", "7"},
    {"\\D", "[^0-9]", "\\x{0}-/:-\\x{10FFFF}", "\\x{0}-/:-\\x{10FFFF}", "\xFF"},
    {"\\w", "[A-Za-z0-9_]", "A-Za-z0-9_", "A-Za-z0-9_", "k"},
    {"\\W", "[^A-Za-z0-9_]", "\\x{0}-/:-@\\x{5B}-^`\\x{7B}-\\x{10FFFF}",
     "\\x{0}-/:-@\\x{5B}-^`\\x{7B}-\\x{17E}\\x{180}-\\x{2129}\\x{212B}-\\x{10FFFF}", "\xC3\xA9"},
    {"\\s", "[\\t\\n\\r\\x20]", "\\t\\n\\r\\x20", "\\t\\n\\r\\x20", "\n"},
    {"\\S", "[^\\t\\n\\r\\x20]", "\\x{0}-\\x{8}\\x{B}-\\x{C}\\x{E}-\\x{1F}!-\\x{10FFFF}",
     "\\x{0}-\\x{8}\\x{B}-\\x{C}\\x{E}-\\x{1F}!-\\x{10FFFF}", "\v"},
    {"\\t", "\\t", "\\t", "\\t", "\t"},
    {"\\n", "\\n", "\\n", "\\n", "\n"},
    {"\\r", "\\r", "\\r", "\\r", "\r"},
    {"\\.", "\\.", "\\.", "\\.", "."},
    {"\\\\", "\\\\", "\\\\", "\\\\", "\\"},
    {"\\]", "\\]", "\\]", "\\]", "]"},
    {"\\*", "\\*", "\\*", "\\*", "*"},
    {"\\@", "@", "@", "@", "@"},
};

/* Ranges: first, last and one between. Broken bytes are a range of their own. */
static const char *const ranges[][3] = {
    {"a", "c", "b"},
    {"A", "Z", "K"},
    {"0", "9", "1"},
    {"a", "z", "x"},
    {"\xC3\xA0", "\xC3\xBF", "\xC3\xA9"},
    {"z", "\xE2\x84\xAA", "\xC3\x89"},
    {"\xC4\x80", "\xCF\xBF", "\xC7\x85"},
    {"\xED\x9F\xBF", "\xEE\x80\x80", "\xEE\x80\x80"},
    {"!", "\xF0\x9F\x98\x80", "\xEF\xBF\xBD"},
    {"\x80", "\xFF", "\x9F"},
    {"\xF0\x90\x90\x80", "\xF0\x90\x90\xA7", "\xF0\x90\x90\x80"},
};

static void random_set(struct drawn *d)
{
    struct random *r = d->random;
    bool negated = random_one_in(r, 3);
    const char *in = "";
    both(d, negated ? "[^" : "[");
    for (unsigned left = 1 + random_below(r, 3); left > 0; left--) {
        if (random_one_in(r, 3)) {
            const char *const *range = RANDOM_OF(r, ranges);
            put_symbol(d, range[0], false);
            both(d, "-");
            put_symbol(d, range[1], false);
            in = range[2];
        } else if (random_one_in(r, 3)) {
            const struct escape *e = &RANDOM_OF(r, escapes);
            draft_text(&d->ours, e->ours);
            draft_text(&d->theirs, d->any_case ? e->members_any : e->members);
            in = e->text;
        } else {
            in = random_character(r);
            put_symbol(d, in, false);
        }
    }
    both(d, "]");
    draft_text(&d->text, negated ? random_character(r) : in);
}

static void random_symbol(struct drawn *d)
{
    struct random *r = d->random;
    switch (random_below(r, 8)) {
    case 0:
        both(d, ".");
        draft_text(&d->text, random_character(r));
        break;
    case 1:
    case 2: random_set(d); break;
    case 3: {
        const struct escape *e = &RANDOM_OF(r, escapes);
        draft_text(&d->ours, e->ours);
        draft_text(&d->theirs, e->theirs);
        draft_text(&d->text, e->text);
        break;
    }
    default: put_symbol(d, random_character(r), true);
    }
}

static void random_regex(struct drawn *d, unsigned depth);

static void random_repeated(struct drawn *d, unsigned depth)
{
    static const struct {
        const char *spelled;
        unsigned times;
    } counts[] = {
        {"*", 0},   {"*", 3},    {"+", 1},     {"+", 4},     {"?", 0},
        {"?", 1},   {"{2}", 2},  {"{0,2}", 1}, {"{1,3}", 3}, {"{2,}", 4},
        {"{0}", 0}, {"{0,}", 5}, {"{1}", 1},   {"{3,7}", 5}, {"{9,12}", 10},
    };
    struct random *r = d->random;
    size_t from = d->text.n;
    bool group = depth > 0 && random_one_in(r, 3);
    if (group) {
        draft_text(&d->ours, "(");
        draft_text(&d->theirs, "(?:");
        random_regex(d, depth - 1);
        both(d, ")");
    } else {
        random_symbol(d);
    }
    if (random_below(r, 3))
        return;
    /* Of the last two a group would often have too large a DFA. */
    unsigned i = random_below(r, sizeof counts / sizeof *counts - (group ? 2 : 0));
    both(d, counts[i].spelled);
    size_t once = d->text.n - from;
    if (counts[i].times == 0)
        cut(&d->text, from);
    for (unsigned n = 1; n < counts[i].times && d->text.n + once < MAX_TEXT; n++) {
        char *copy = malloc(once + 1);
        if (!copy)
            abort();
        memcpy(copy, d->text.p + from, once);
        draft_add(&d->text, copy, once);
        free(copy);
    }
}

static void random_regex(struct drawn *d, unsigned depth)
{
    struct random *r = d->random;
    unsigned n = random_one_in(r, 4) ? 2 + random_below(r, 2) : 1, chosen = random_below(r, n);
    for (unsigned i = 0; i < n; i++) {
        size_t from = d->text.n;
        both(d, i ? "|" : "");
        for (unsigned left = 1 + random_below(r, 4); left > 0; left--)
            random_repeated(d, depth);
        if (i != chosen)
            cut(&d->text, from);
    }
}

/* One whose DFA is too large for re2c: of the last few symbols each counts. */
static void random_large(struct drawn *d)
{
    struct random *r = d->random;
    bool all = random_one_in(r, 2);
    const char *any = all ? "." : "[a-z0-9]";
    unsigned times = 8 + random_below(r, 3);
    char count[16];
    snprintf(count, sizeof count, "{%u}", times);
    both(d, any);
    both(d, "*[a-k]");
    draft_text(&d->text, "b");
    both(d, any);
    both(d, count);
    for (unsigned i = 0; i < times; i++)
        draft_text(&d->text, all ? random_character(r) : i % 2 ? "k" : "7");
}

/* Changes, drops or adds bytes, wherever that cuts. */
static void change(struct random *r, struct draft *text)
{
    size_t at = text->n ? random_below(r, (unsigned)text->n + 1) : 0, rest = text->n - at;
    size_t dropped = random_one_in(r, 2) ? 0 : random_below(r, 4);
    dropped = dropped < rest ? dropped : rest;
    const char *added = random_one_in(r, 3) ? "" : random_character(r);
    struct draft changed = {0};
    draft_add(&changed, text->p, at);
    draft_text(&changed, added);
    draft_add(&changed, text->p + at + dropped, rest - dropped);
    free(text->p);
    *text = changed;
}

/* ---- the three ---------------------------------------------------------------------------------------- */

struct trial {
    struct compile *c; /* of the sample */
    struct regexes sample;
    FILE *pairs;
    uint64_t n_regexes, n_pairs, n_matches, n_refused, n_given_up, n_large, n_sampled;
};

static struct regex *ours_of(struct compile *c, const struct drawn *d)
{
    struct text text = {.s = {d->ours.p, d->ours.n}, .source = NOWHERE};
    uint32_t *at = NEW_ARRAY(c, uint32_t, d->ours.n + 1);
    text.at = at;
    return regex_parse(c, &text, 0, d->ours.n, d->any_case ? REGEX_KEYWORD_ANY : REGEX_KEYWORD);
}

static void print_visible(const struct draft *text)
{
    for (size_t i = 0; i < text->n; i++) {
        unsigned char c = (unsigned char)text->p[i];
        printf(c >= ' ' && c < 0x7F ? "%c" : "<%02x>", c);
    }
}

static pcre2_code *theirs_of(const struct drawn *d)
{
    uint32_t options = PCRE2_UTF | PCRE2_DOTALL | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NO_AUTO_CAPTURE |
                       (d->any_case ? PCRE2_CASELESS : 0);
    int error;
    PCRE2_SIZE at;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)d->theirs.p, d->theirs.n, options, &error, &at, NULL);
    if (!code) {
        printf("Bail out! PCRE2 error %d at %zu of /", error, (size_t)at);
        print_visible(&d->theirs);
        printf("/\n");
        exit(2);
    }
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return code;
}

/* 1, 0, or -1: it gave up. */
static int theirs_matches(pcre2_code *code, const struct draft *text)
{
    static pcre2_match_context *context;
    if (!context) {
        context = pcre2_match_context_create(NULL);
        pcre2_set_match_limit(context, 200000);
    }
    struct draft subject = {0};
    draft_text(&subject, "");
    translate(&subject, text->p, text->n);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    int result = pcre2_match(code, (PCRE2_SPTR)subject.p, subject.n, 0, 0, data, context);
    pcre2_match_data_free(data);
    free(subject.p);
    return result >= 0 ? 1 : result == PCRE2_ERROR_NOMATCH ? 0 : -1;
}

static void print_hex(FILE *f, const struct draft *text)
{
    for (size_t i = 0; i < text->n; i++)
        fprintf(f, "%02x", (unsigned char)text->p[i]);
}

/* By the DFA that becomes code. */
static bool dfa_matches(const struct dfa *dfa, const struct draft *text)
{
    const unsigned char *at = (const unsigned char *)text->p, *end = at + text->n;
    const struct atoms *a = dfa->atoms;
    uint32_t state = dfa->start;
    while (at < end) {
        unsigned width;
        uint32_t symbol = trail_decode(at, end, &width);
        size_t range = a->n_ranges - 1;
        while (a->starts[range] > symbol)
            range--;
        uint32_t move = dfa->first[state], last = dfa->first[state + 1];
        while (move < last && dfa->moves[move].atom != a->atom_of[range])
            move++;
        if (move == last)
            return false;
        state = dfa->moves[move].to;
        at += width;
    }
    return dfa->match[state];
}

/* A text that matches has one of the strings that the regex is said to need: of ASCII's letters, in any case. */
static bool has_literal(struct compile *c, const struct drawn *d, const struct regex *regex)
{
    struct pred pred = {.kind = TEST_REGEX, .view = VIEW_KEYWORD, .regex = regex};
    struct literals needed = literals_of(c, &pred);
    bool beyond = false;
    for (size_t i = 0; i < d->text.n; i++)
        beyond = beyond || (unsigned char)d->text.p[i] >= 0x80;
    if (needed.n == 0 || (needed.ascii && beyond))
        return true;
    for (size_t i = 0; i < needed.n; i++)
        for (size_t at = 0; at + needed.list[i].n <= d->text.n; at++)
            if (strncasecmp(d->text.p + at, needed.list[i].p, needed.list[i].n) == 0)
                return true;
    printf("not ok - /");
    print_visible(&d->ours);
    printf("/%s and text ", d->any_case ? "i" : "");
    print_hex(stdout, &d->text);
    printf(" (hexadecimal) match, but none of the needed strings is in it, such as %s\n", needed.list[0].p);
    return false;
}

/* False: they differ. */
static bool compare(struct trial *t, struct compile *c, const struct drawn *d, const struct regex *regex,
                    pcre2_code *code, size_t sampled)
{
    int want = theirs_matches(code, &d->text);
    if (want < 0) {
        t->n_given_up++;
        return true;
    }
    bool got = regex_match(c, regex, (struct slice){d->text.p, d->text.n});
    bool by_dfa = dfa_matches(regex_dfa(regex), &d->text);
    t->n_pairs++;
    t->n_matches += got;
    if (got && !has_literal(c, d, regex))
        return false;
    if (got != want || by_dfa != want) {
        printf("not ok - /");
        print_visible(&d->ours);
        printf("/%s and text ", d->any_case ? "i" : "");
        print_hex(stdout, &d->text);
        printf(" (hexadecimal): %d, its DFA %d, PCRE2 %d\n", got, by_dfa, want);
    }
    if (sampled) {
        fprintf(t->pairs, "%zu %d ", sampled - 1, want);
        print_hex(t->pairs, &d->text);
        fputc('\n', t->pairs);
        t->n_sampled++;
    }
    return got == want && by_dfa == want;
}

/* The number of the regex's function + 1; 0: it is none of the sample. */
static size_t sample(struct trial *t, const struct drawn *d, const struct regex *regex)
{
    bool large = regex_states(regex) > LARGE && t->n_large < MAX_LARGE;
    if (!large && t->n_regexes % SAMPLE != 0)
        return 0;
    t->n_large += large;
    struct pred *pred = NEW(t->c, struct pred);
    *pred = (struct pred){.kind = TEST_REGEX, .regex = ours_of(t->c, d)};
    *PUSH(t->c, t->sample.first, t->sample.n) = pred;
    return t->sample.n;
}

/* One regex and its texts; false: a verdict differs. */
static bool try_regex(struct trial *t, struct random *r)
{
    struct drawn d = {.random = r, .any_case = random_one_in(r, 3)};
    struct compile c = {.arena = arena_new(), .trial = true}; /* what to write instead is not asked */
    bool same = true;
    draft_text(&d.text, "");
    if (random_one_in(r, 100))
        random_large(&d);
    else
        random_regex(&d, MAX_DEPTH);
    struct regex *regex = ours_of(&c, &d);
    if (regex) {
        pcre2_code *code = theirs_of(&d);
        size_t number = sample(t, &d, regex);
        for (unsigned i = 0; i < TEXTS && same; i++) {
            if (i)
                change(r, &d.text);
            same = compare(t, &c, &d, regex, code, number);
        }
        pcre2_code_free(code);
        t->n_regexes++;
    } else {
        enum code said = c.n_diags ? c.diags[c.n_diags - 1].code : (enum code)0;
        same = said == E110 || said == E108; /* too large; a set of nothing */
        if (!same) {
            printf("not ok - E%d was said of /", (int)said);
            print_visible(&d.ours);
            printf("/\n");
        }
        t->n_refused++;
    }
    free(d.ours.p);
    free(d.theirs.p);
    free(d.text.p);
    arena_free(c.arena);
    return same;
}

/* ---- the sample's files --------------------------------------------------------------------------------- */

static FILE *create(const char *directory, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *f = fopen(path, "wb");
    if (!f) {
        perror(path);
        exit(2);
    }
    return f;
}

static void write_sample(struct trial *t, const char *directory)
{
    emit_regexes(t->c, &t->sample);
    for (size_t i = 0; i < t->c->n_files; i++) {
        struct slice text = buffer_slice(&t->c->files[i].text);
        FILE *f = create(directory, t->c->files[i].name);
        fwrite(text.p, 1, text.n, f);
        fclose(f);
    }
    FILE *f = create(directory, "pack.h");
    fprintf(f, "#include <stdbool.h>\n#include <stddef.h>\n\n");
    for (size_t i = 0; i < t->sample.n; i++)
        fprintf(f, "bool regex_%zu(const char *p, size_t n);\n", i);
    fprintf(f, "#define REGEXES");
    for (size_t i = 0; i < t->sample.n; i++)
        fprintf(f, "%s regex_%zu", i ? "," : "", i);
    fprintf(f, "\n");
    fclose(f);
}

static int result(bool ok, const char *what)
{
    printf("%s - %s\n", ok ? "ok" : "not ok", what);
    return !ok;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: regexes DIRECTORY SEED PAIRS\n");
        return 2;
    }
    struct random random = {.state = strtoull(argv[2], NULL, 10)};
    struct compile c = {.arena = arena_new()};
    struct trial t = {.c = &c, .pairs = create(argv[1], "pairs")};
    uint64_t wanted = strtoull(argv[3], NULL, 10);
    bool same = true;
    while (t.n_pairs < wanted && same)
        same = try_regex(&t, &random);
    write_sample(&t, argv[1]);
    fclose(t.pairs);
    printf("# %ju regexes, %ju refused; %ju matches; PCRE2 gave up %ju times; %zu regexes and %ju pairs are "
           "compiled, "
           "too, %ju of them large\n",
           (uintmax_t)t.n_regexes, (uintmax_t)t.n_refused, (uintmax_t)t.n_matches, (uintmax_t)t.n_given_up,
           t.sample.n, (uintmax_t)t.n_sampled, (uintmax_t)t.n_large);
    char what[200];
    snprintf(what, sizeof what,
             "SEED=%s: %ju pairs of a regex and a text: the simulation, the DFA and PCRE2 agree", argv[2],
             (uintmax_t)t.n_pairs);
    int status = result(same && t.n_pairs >= wanted, what);
    status |= result(t.n_matches > t.n_pairs / 20 && t.n_matches < t.n_pairs - t.n_pairs / 20,
                     "both verdicts are common");
    status |= result(t.n_given_up < t.n_pairs / 200 && t.n_refused < t.n_regexes / 10, "few are left out");
    arena_free(c.arena);
    return status;
}
