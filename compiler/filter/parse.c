/*
 * parse.c - a filter's text becomes a tree.
 *
 * Needs: pack (of the alerts, their filters' texts). Guarantees: every alert has a tree, or errors E101-E107,
 * E111 were said. All errors of a filter are said in one run: the lexemes are mended on the way to the
 * grammar, a value that is missing or broken by one that stands for it, so that the rest is judged as if it
 * were whole.
 *
 * Lucene's readings that messages mention are those of its classic query parser, with the default operator
 * OR.
 */
#include <stdarg.h>
#include <string.h>

#include "foreign.h"
#include "mend.h"
#include "trail/text.h"

struct diag *say(struct parse *p, enum code code, size_t from, size_t to, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    char *message = arena_alloc(p->c->arena, (size_t)n + 1);
    vsnprintf(message, (size_t)n + 1, format, again);
    va_end(again);
    va_end(args);
    if (p->c->trial)
        p->hopeless = true; /* one error is enough to drop a rewrite */
    return diag(p->c, code, text_loc(p->text, from, to), "%s", message);
}

/* ---- tokens ---------------------------------------------------------------------------------- */

struct lexeme peek(const struct parse *p)
{
    return lex(p->s.p, p->s.n, p->at);
}

struct lexeme next(struct parse *p)
{
    struct lexeme l = peek(p);
    p->at = l.to;
    return l;
}

const struct lexeme *push(struct parse *p, struct lexeme l)
{
    struct lexeme *kept = NEW(p->c, struct lexeme);
    *kept = l;
    *PUSH(p->c, p->tokens, p->n_tokens) = kept;
    p->need = l.kind < LEX_CLOSE || l.kind == LEX_FIELD;
    return kept;
}

void push_bad(struct parse *p, size_t from, size_t to)
{
    push(p, (struct lexeme){.kind = LEX_BAD, .from = from, .to = to});
}

static enum lexeme_kind last_kind(const struct parse *p)
{
    return p->n_tokens ? p->tokens[p->n_tokens - 1]->kind : LEX_END;
}

static bool is_sign(enum lexeme_kind kind)
{
    return kind == LEX_NOT || kind == LEX_PLUS || kind == LEX_MINUS;
}

/* The filter with bytes [from, to) replaced. */
static struct slice replaced(const struct parse *p, size_t from, size_t to, const char *by)
{
    if (!wants_rewrite(p->c))
        return (struct slice){0};
    struct buffer b = {.c = p->c};
    buffer_add(&b, p->s.p, from);
    buffer_text(&b, by);
    while (b.n == 0 && to < p->s.n && lex_is_space(p->s.p[to]))
        to++;
    buffer_add(&b, p->s.p + to, p->s.n - to);
    struct slice text = buffer_slice(&b);
    while (text.n && lex_is_space(text.p[text.n - 1]))
        text.n--;
    return text;
}

/* ---- operators --------------------------------------------------------------------------------- */

/* AND and OR. One that has no operand on its left is said and left out. */
static void take_join(struct parse *p, struct lexeme l)
{
    if (!p->need) {
        push(p, l);
        return;
    }
    enum lexeme_kind before = last_kind(p);
    struct slice name = raw(p, l.from, l.to);
    struct diag *d;
    if (before == LEX_END || before == LEX_OPEN)
        d = say(p, E105, l.from, l.to, "`%.*s` has nothing on its left", SHOW(name));
    else
        d = say(p, E105, l.from, l.to, "two operators in a row");
    size_t to = l.to;
    while (to < p->s.n && lex_is_space(p->s.p[to]))
        to++;
    if (!is_sign(before))
        suggest_for(p, d, replaced(p, l.from, to, ""), TRY_PARSE, 0, p->s.n);
}

/* `NOT NOT a`, `+ -a`: the second one is left out. */
static void say_two_signs(struct parse *p, const struct lexeme *first, struct lexeme second)
{
    bool negations = first->kind != LEX_PLUS && second.kind != LEX_PLUS;
    struct diag *d =
        say(p, E105, first->from, second.to, "two %s in a row", negations ? "negations" : "signs");
    size_t to = second.to;
    while (to < p->s.n && lex_is_space(p->s.p[to]))
        to++;
    if (negations)
        suggest_for(p, d, replaced(p, first->from, to, ""), TRY_PARSE, 0, p->s.n);
}

/* Whether a one-letter sign stands apart from its operand: Lucene takes it for a word then. */
static bool is_loose(const struct parse *p, struct lexeme l)
{
    return l.to - l.from == 1 && l.to < p->s.n && lex_is_space(p->s.p[l.to]);
}

static void take_sign(struct parse *p, struct lexeme l)
{
    if (p->n_tokens && is_sign(last_kind(p))) {
        say_two_signs(p, p->tokens[p->n_tokens - 1], l);
        return;
    }
    struct lexeme operand = peek(p);
    push(p, l);
    if (!is_loose(p, l) || operand.kind == LEX_END || operand.kind == LEX_CLOSE)
        return;
    struct diag *d = say(p, E105, l.from, l.to, "`%c` stands apart from its clause", p->s.p[l.from]);
    d->note = diag_format(p->c, "Lucene takes a `%c` before a space for a word", p->s.p[l.from]);
    suggest_for(p, d,
                l.kind == LEX_PLUS ? replaced(p, l.from, operand.from, "+")
                                   : replaced(p, l.from, operand.from, "NOT "),
                TRY_PARSE, 0, p->s.n);
}

/* ---- parentheses ------------------------------------------------------------------------------- */

static void take_open(struct parse *p, struct lexeme l)
{
    if (p->n_open == MAX_PARENTHESES) {
        say(p, E105, l.from, l.to, "parentheses nested deeper than %d", MAX_PARENTHESES);
        p->hopeless = true;
        return;
    }
    p->open[p->n_open++] = l.from;
    push(p, l);
}

/* An operand is due, and there is none before `at`. */
static void say_no_operand(struct parse *p, size_t at)
{
    const struct lexeme *before = p->n_tokens ? p->tokens[p->n_tokens - 1] : NULL;
    if (before && before->kind != LEX_OPEN) {
        struct slice name = raw(p, before->from, before->to);
        size_t from = before->from;
        while (from > 0 && lex_is_space(p->s.p[from - 1]))
            from--;
        struct diag *d =
            say(p, E105, before->from, before->to, "`%.*s` has nothing on its right", SHOW(name));
        if (!is_sign(before->kind))
            suggest_for(p, d, replaced(p, from, at, ""), TRY_PARSE, 0, p->s.n);
    }
    push_bad(p, at, at);
}

/* The field of the parenthesis that was just closed; NULL without. */
static const struct lexeme *field_of_open(const struct parse *p)
{
    size_t i = p->n_tokens;
    while (i > 0 && p->tokens[i - 1]->from > p->open[p->n_open])
        i--;
    return i > 1 && p->tokens[i - 2]->kind == LEX_FIELD ? p->tokens[i - 2] : NULL;
}

static void take_close(struct parse *p, struct lexeme l)
{
    if (p->n_open == 0) {
        struct diag *d = say(p, E105, l.from, l.to, "`)` closes nothing");
        suggest_for(p, d, replaced(p, l.from, l.to, ""), TRY_PARSE, 0, p->s.n);
        return;
    }
    if (last_kind(p) == LEX_OPEN) {
        bool of_field = p->n_tokens > 1 && p->tokens[p->n_tokens - 2]->kind == LEX_FIELD;
        size_t from = of_field ? p->tokens[p->n_tokens - 2]->from : p->open[p->n_open - 1];
        say(p, of_field ? E104 : E105, from, l.to,
            of_field ? "no value in the parentheses" : "empty parentheses");
    }
    if (p->need)
        say_no_operand(p, l.from);
    p->n_open--;
    push(p, l);
    take_marks(p, field_of_open(p), p->open[p->n_open]);
}

/* ---- the end ----------------------------------------------------------------------------------- */

static void say_never_closed(struct parse *p)
{
    size_t at = p->open[p->n_open - 1];
    struct diag *d = p->n_open == 1 ? say(p, E105, at, at + 1, "`(` is never closed")
                                    : say(p, E105, at, at + 1, "%zu parentheses are never closed", p->n_open);
    struct buffer b = {.c = p->c};
    size_t n = p->s.n;
    while (n > 0 && lex_is_space(p->s.p[n - 1]))
        n--;
    buffer_add(&b, p->s.p, n);
    for (size_t i = 0; i < p->n_open; i++)
        buffer_char(&b, ')');
    if (!p->need)
        suggest_for(p, d, buffer_slice(&b), TRY_PARSE, 0, p->s.n);
}

static void take_end(struct parse *p, size_t said)
{
    size_t n = p->s.n;
    if (p->n_tokens == 0 && p->c->n_diags == said) {
        struct diag *d = say(p, E104, 0, n, "the filter is empty");
        d->note = SLICE("`*` matches every event");
    }
    if (p->n_open > 0 && !p->cut)
        say_never_closed(p);
    if (p->need)
        say_no_operand(p, n);
    for (; p->n_open > 0; p->n_open--)
        push(p, (struct lexeme){.kind = LEX_CLOSE, .from = n, .to = n});
}

/* ---- characters that nobody sees ------------------------------------------------------------------ */

enum { VISIBLE, SPACE, NOTHING };

/* What a code point that is not seen looks like: a space, or nothing at all. */
static int look(uint32_t c)
{
    if (c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
        c == 0x202F || c == 0x205F || c == 0x3000 || c < 0x20 || c == 0x7F || c == 0x85)
        return SPACE;
    if (c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
        (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF)
        return NOTHING;
    return VISIBLE;
}

/* Copies a lexeme; unseen code points become what they look like. Returns where the first one is, or `to`. */
static size_t make_visible(const struct parse *p, struct buffer *b, struct lexeme l, uint32_t *which)
{
    size_t first = l.to;
    const unsigned char *s = (const unsigned char *)p->s.p;
    for (size_t at = l.from; at < l.to;) {
        unsigned n;
        uint32_t c = trail_decode(s + at, s + l.to, &n);
        int seen = lex_is_space(p->s.p[at]) ? VISIBLE : look(c);
        if (seen == VISIBLE)
            buffer_add(b, p->s.p + at, n);
        else if (seen == SPACE)
            buffer_char(b, ' ');
        if (seen != VISIBLE && first == l.to) {
            first = at;
            *which = c;
        }
        at += n;
    }
    return first;
}

/* An unseen character in a word makes a filter other than it looks: the rest is not judged. Quotes and
 * regexes may hold any. */
static void refuse_unseen(struct parse *p)
{
    struct buffer b = {.c = p->c};
    size_t at = p->s.n;
    uint32_t which = 0;
    struct lexeme l;
    for (size_t end = 0; (l = lex(p->s.p, p->s.n, end)).kind != LEX_END; end = l.to) {
        buffer_add(&b, p->s.p + end, l.from - end);
        uint32_t found = 0;
        size_t first = l.to;
        if (l.kind == LEX_PHRASE || l.kind == LEX_REGEX)
            buffer_add(&b, p->s.p + l.from, l.to - l.from);
        else
            first = make_visible(p, &b, l, &found);
        if (first < l.to && at == p->s.n) {
            at = first;
            which = found;
        }
    }
    if (at == p->s.n)
        return;
    unsigned n;
    trail_decode((const unsigned char *)p->s.p + at, (const unsigned char *)p->s.p + p->s.n, &n);
    struct diag *d = say(p, E107, at, at + n, "an unseen character in a word: U+%04X", (unsigned)which);
    d->note = SLICE("if it is meant, put the value in quotes");
    suggest_for(p, d, buffer_slice(&b), TRY_PARSE, 0, p->s.n);
    p->hopeless = true;
}

/* ---- the filter -------------------------------------------------------------------------------- */

static void take(struct parse *p, struct lexeme l)
{
    switch (l.kind) {
    case LEX_AND:
    case LEX_OR: take_join(p, l); break;
    case LEX_NOT:
    case LEX_PLUS:
    case LEX_MINUS: take_sign(p, l); break;
    case LEX_OPEN: take_open(p, l); break;
    case LEX_CLOSE: take_close(p, l); break;
    case LEX_FIELD: take_field(p, l); break;
    case LEX_PATTERN_FIELD:
    case LEX_COLON:
    case LEX_BRACKET:
    case LEX_FUZZY:
    case LEX_BOOST:
    case LEX_BACKSLASH: take_stray(p, l); break;
    default: take_value(p, NULL, l); break;
    }
}

static void mend(struct parse *p)
{
    size_t said = p->c->n_diags;
    p->need = true;
    refuse_unseen(p);
    if (!p->hopeless && !refuse_pattern(p))
        refuse_foreign(p);
    while (!p->hopeless) {
        struct lexeme l = next(p);
        if (l.kind == LEX_END) {
            take_end(p, said);
            return;
        }
        take(p, l);
    }
}

struct node *parse_filter(struct compile *c, const struct text *text)
{
    struct parse p = {.c = c, .text = text, .s = slice_copy(c, text->s.p, text->s.n)};
    size_t said = c->n_diags;
    mend(&p);
    if (p.hopeless)
        return NULL;
    filter_group(&p);
    struct node *tree = p.root ? group_node(&p, p.root, NULL) : NULL;
    return c->n_diags == said ? tree : NULL;
}

bool parse(struct compile *c)
{
    size_t errors = diag_errors(c);
    for (size_t i = 0; i < c->pack.n_alerts; i++) {
        struct alert *alert = &c->pack.alerts[i];
        size_t said = c->n_diags;
        alert->tree = parse_filter(c, &alert->filter);
        note_quotes(c, &alert->filter, said);
    }
    return diag_errors(c) == errors;
}
