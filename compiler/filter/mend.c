/*
 * mend.c - values as people write them, and what is wrong with them.
 *
 * Needs: lexemes in their order. Guarantees: for each field and each value the tokens that the grammar wants.
 * Says E104 (no value), E105 (quotes, slashes, brackets), E107 (unescaped characters inside a value) and
 * E111; in a word with `||` inside, E103. What was said once is not said again in other words: the run of
 * bytes that is in doubt is taken as one broken value.
 */
#include <string.h>

#include "base/near.h"
#include "mend.h"
#include "quantity.h"

static size_t start_of(const struct lexeme *field, size_t value)
{
    return field ? field->from : value;
}

/* ---- runs ------------------------------------------------------------------------------------ */

/* Takes all that is written without a gap from `from` on, as one broken value of the field. */
static struct slice take_run(struct parse *p, const struct lexeme *field, size_t from)
{
    size_t to = lex_run(p->s.p, p->s.n, from);
    if (to < p->at)
        to = p->at;
    p->at = to;
    if (field)
        push(p, *field);
    push_bad(p, from, to);
    return raw(p, from, to);
}

/* `f:10.0.0.0/8` as a block of addresses: its digits as words are never meant. n 0: it is none, or the field has a view. */
static struct slice block_clause(const struct parse *p, const struct lexeme *field, struct slice run)
{
    uint8_t low[16], high[16];
    struct slice name = field ? raw(p, field->in_from, field->in_to) : (struct slice){0};
    if (!name.n || !memchr(run.p, '/', run.n) || !address_parse(run, low, high))
        return (struct slice){0};
    /* requestParameters.cidrIp holds blocks. */
    for (size_t i = 0; i + 4 <= name.n; i++)
        if (word_distance((struct slice){name.p + i, 4}, SLICE("cidr")) == 0)
            return (struct slice){0};
    for (enum view v = VIEW_KEYWORD; v <= VIEW_JSON; v++) {
        size_t n = strlen(view_name(v));
        if (name.n > n && name.p[name.n - n - 1] == '.' && memcmp(name.p + name.n - n, view_name(v), n) == 0)
            return (struct slice){0};
    }
    return diag_format(p->c, "%.*s.ip:\"%.*s\"", SHOW(name), SHOW(run));
}

/* A character that ends a word stands, at `at`, inside of the value that starts at `from`. */
static struct diag *say_inside(struct parse *p, const struct lexeme *field, size_t from, size_t at)
{
    struct diag *d = say(p, E107, at, at + 1, "unescaped `%c` inside a value", p->s.p[at]);
    struct slice run = take_run(p, field, from);
    if (*run.p == '"')
        return d;
    struct slice block = block_clause(p, field, run);
    if (block.n) {
        suggest_for(p, d, block, TRY_CHECK, start_of(field, from), p->at);
        return d;
    }
    suggest_for(p, d, clause_text(p, field, as_value(p->c, run)), TRY_CHECK, start_of(field, from), p->at);
    if (d->rewrite.n == 0) /* the `?` of a web address is no wildcard */
        suggest_for(p, d, clause_text(p, field, quoted(p->c, run)), TRY_CHECK, start_of(field, from), p->at);
    struct slice name = field ? raw(p, field->in_from, field->in_to) : (struct slice){0};
    if (d->rewrite.n == 0 && name.n > 3 && memcmp(name.p + name.n - 3, ".ip", 3) == 0)
        d->note = SLICE("a block of addresses ends with /0 to /32, of IPv6 with /0 to /128");
    d->fix.certain = true;
    return d;
}

/* The first && or || of [from, to) that no backslash takes away; `to` when there is none. */
static size_t find_operator(const struct parse *p, size_t from, size_t to)
{
    for (size_t i = from; i + 1 < to; i++) {
        if (p->s.p[i] == '\\')
            i++;
        else if ((p->s.p[i] == '&' || p->s.p[i] == '|') && p->s.p[i + 1] == p->s.p[i])
            return i;
    }
    return to;
}

/* `f:a||b` as `f:(a OR b)`; `f:a||f:b` as `f:a OR f:b`. */
static struct slice split_operators(const struct parse *p, const struct lexeme *field, struct slice run)
{
    struct buffer b = {.c = p->c};
    bool grouped = field && !memchr(run.p, ':', run.n);
    if (field)
        buffer_printf(&b, "%.*s:%s", SHOW(raw(p, field->in_from, field->in_to)), grouped ? "(" : "");
    size_t end = (size_t)(run.p - p->s.p) + run.n;
    for (size_t at = end - run.n; at < end;) {
        size_t found = find_operator(p, at, end);
        buffer_add(&b, p->s.p + at, found - at);
        if (found < end)
            buffer_text(&b, p->s.p[found] == '&' ? " AND " : " OR ");
        at = found < end ? found + 2 : end;
    }
    if (grouped)
        buffer_char(&b, ')');
    return buffer_slice(&b);
}

/* `a||b` is one word to Lucene. Whether there is one in the run at `from`. */
static bool refuse_operator_inside(struct parse *p, const struct lexeme *field, size_t from)
{
    size_t end = lex_run(p->s.p, p->s.n, from), at = find_operator(p, from, end);
    if (at == end)
        return false;
    struct slice glued = raw(p, at, at + 2);
    struct diag *d = say(p, E103, at, at + 2, "no spaces around `%.*s`", SHOW(glued));
    d->note = diag_format(p->c, "Lucene takes `%.*s` for a part of the word", SHOW(glued));
    struct slice run = take_run(p, field, from);
    suggest_for(p, d, split_operators(p, field, run), TRY_CHECK, start_of(field, from), p->at);
    return true;
}

/* ---- ~ and ^ ------------------------------------------------------------------------------------- */

static void say_mark(struct parse *p, struct lexeme mark, bool of_phrase, struct slice without, size_t from)
{
    struct diag *d;
    if (mark.kind == LEX_BOOST) {
        d = say(p, E111, mark.from, mark.to, "a boost (`^`): an alert ranks nothing");
        d->note = SLICE(
            "a boost changes the order of search results, never which ones match; write a caret as `\\^`");
    } else if (of_phrase) {
        d = say(p, E111, mark.from, mark.to, "a proximity search (`~`): words near each other, in any order");
        d->note =
            SLICE("an alert says which words it means; for words that may stand apart, join them with AND");
    } else {
        d = say(p, E111, mark.from, mark.to, "a fuzzy search (`~`): words spelled nearly alike");
        d->note =
            SLICE("an alert says which words it means; list them with OR, or write a wildcard or a regex");
    }
    suggest_for(p, d, without, TRY_CHECK, from, p->at);
}

void take_marks(struct parse *p, const struct lexeme *field, size_t from)
{
    size_t to = p->at;
    struct lexeme mark = peek(p);
    if (mark.from != to || (mark.kind != LEX_FUZZY && mark.kind != LEX_BOOST))
        return;
    p->at = lex_run(p->s.p, p->s.n, mark.from);
    struct slice without = spaced(p, start_of(field, from), to);
    say_mark(p, mark, p->s.p[to - 1] == '"', without, start_of(field, from));
}

/* ---- quotes, slashes, brackets -------------------------------------------------------------------- */

static void take_open_phrase(struct parse *p, const struct lexeme *field, struct lexeme l)
{
    struct diag *d = say(p, E105, l.from, l.from + 1, "the quote is never closed");
    bool one_word = true;
    for (size_t i = l.from; i < l.to; i++)
        one_word = one_word && !lex_is_space(p->s.p[i]) && p->s.p[i] != ')';
    if (one_word)
        suggest_for(p, d, clause_text(p, field, as_value(p->c, raw(p, l.in_from, l.to))), TRY_CHECK,
                    start_of(field, l.from), l.to);
    p->cut = true;
}

static void take_open_regex(struct parse *p, const struct lexeme *field, struct lexeme l)
{
    struct diag *d = say(p, E105, l.from, l.from + 1, "the regex is never closed");
    d->note = SLICE("a regex ends with a slash; a value that begins with one goes in quotes");
    p->at = lex_run(p->s.p, p->s.n, l.from);
    suggest_for(p, d, clause_text(p, field, as_value(p->c, raw(p, l.from, p->at))), TRY_CHECK,
                start_of(field, l.from), p->at);
}

/* “…” and '…' */
static void take_other_quotes(struct parse *p, const struct lexeme *field, struct lexeme l)
{
    size_t end = p->at > l.to ? p->at : l.to;
    struct diag *d =
        say(p, E105, l.from, l.to,
            l.kind == LEX_SMART ? "typographic quotes do not quote" : "single quotes do not quote");
    d->note = SLICE("to Lucene they are letters of the word");
    bool closed = l.in_to < l.to;
    /* Around the whole filter they were to be YAML's. */
    if (closed && !field && l.from == 0 && l.to == p->s.n && memchr(p->s.p, ':', p->s.n))
        suggest_for(p, d, raw(p, l.in_from, l.in_to), TRY_CHECK, l.from, l.to);
    else if (closed || l.to == p->s.n)
        suggest_for(p, d, clause_text(p, field, as_value(p->c, raw(p, l.in_from, l.in_to))), TRY_CHECK,
                    start_of(field, l.from), l.to);
    d->fix.certain = closed;
    p->at = end;
    p->hopeless = !closed; /* where it ends, nobody knows */
}

static bool is_separator(const struct parse *p, size_t at)
{
    char c = p->s.p[at];
    return lex_is_space(c) || c == ',' || c == ';' ||
           (c == '.' && (p->s.p[at + 1] == '.' || p->s.p[at - 1] == '.'));
}

static bool is_to(struct slice s)
{
    return s.n == 2 && among("tT", s.p[0]) && among("oO", s.p[1]);
}

/* The two bounds of something like a range, [from, to) without its brackets: `a to b`, `a, b`, `a..b`, `a b`.
 */
static struct slice guess_range(const struct parse *p, size_t from, size_t to, char close)
{
    struct slice part[3] = {{0}};
    size_t n = 0;
    for (size_t i = from; i < to;) {
        size_t start = i;
        while (i < to && !is_separator(p, i))
            i++;
        if (i == start) {
            i++;
            continue;
        }
        if (n == 3)
            return (struct slice){0};
        part[n++] = raw(p, start, i);
    }
    if ((n > 0 && is_to(part[0])) || (n > 1 && is_to(part[n - 1])))
        return (struct slice){0};
    if (n != 2 && !(n == 3 && is_to(part[1])))
        return (struct slice){0};
    return diag_format(p->c, "%c%.*s TO %.*s%c", p->s.p[from - 1], SHOW(part[0]), SHOW(part[n - 1]), close);
}

static void take_bad_range(struct parse *p, const struct lexeme *field, struct lexeme l)
{
    char open = p->s.p[l.from], last = p->s.p[l.to - 1];
    bool closed = l.to > l.from + 1 && (last == ']' || last == '}');
    struct diag *d = say(p, E105, l.from, closed ? l.to : l.from + 1,
                         closed ? "not a range: one is written [low TO high]" : "`%c` is never closed", open);
    char close = closed ? last : open == '[' ? ']' : '}';
    struct slice range = guess_range(p, l.from + 1, closed ? l.to - 1 : l.to, close);
    if (range.n)
        suggest_for(p, d, clause_text(p, field, range), TRY_CHECK, start_of(field, l.from), l.to);
}

/* ---- values --------------------------------------------------------------------------------------- */

/* `n:>= 5`: Lucene takes the operator for a word, and the number for another. */
static void take_lone_comparison(struct parse *p, const struct lexeme *field, struct lexeme l)
{
    struct lexeme bound = peek(p);
    struct slice sign = raw(p, l.from, l.to);
    struct slice name = field ? raw(p, field->in_from, field->in_to) : SLICE("");
    struct slice better = {0};
    size_t to = l.to;
    if (bound.kind == LEX_PHRASE) {
        to = bound.to;
        struct slice text = raw(p, bound.from, bound.to);
        char open = sign.n == 2 ? '[' : '{', close = sign.n == 2 ? ']' : '}';
        better = *sign.p == '>'
                     ? diag_format(p->c, "%.*s:%c%.*s TO *%c", SHOW(name), open, SHOW(text), close)
                     : diag_format(p->c, "%.*s:%c* TO %.*s%c", SHOW(name), open, SHOW(text), close);
    } else if (bound.kind == LEX_WORD || bound.kind == LEX_FIELD || bound.kind == LEX_MINUS) {
        to = lex_run(p->s.p, p->s.n, bound.from);
        struct slice text = escaped(p->c, raw(p, bound.from, to));
        if (*text.p == '\\')
            text = (struct slice){text.p + 1, text.n - 1}; /* a minus needs none behind the operator */
        better = diag_format(p->c, "%.*s:%.*s%.*s", SHOW(name), SHOW(sign), SHOW(text));
    }
    struct diag *d = say(p, E104, l.from, to, "no value right behind `%.*s`", SHOW(sign));
    if (better.n) {
        d->note = diag_format(p->c, "Lucene takes `%.*s` for a clause of its own", SHOW(sign));
        suggest_for(p, d, field ? better : (struct slice){0}, TRY_CHECK, start_of(field, l.from), to);
        d->fix.certain = true;
    }
    p->at = to;
}

/* An operator of comparison without its number. */
static bool is_comparison(const struct parse *p, struct lexeme l)
{
    size_t n = l.to - l.from;
    return l.kind == LEX_WORD && among("<>", p->s.p[l.from]) &&
           (n == 1 || (n == 2 && p->s.p[l.from + 1] == '='));
}

/* Where a character that cannot be there stands glued to the value; SIZE_MAX when nothing does. */
static size_t find_inside(const struct parse *p, struct lexeme l)
{
    struct lexeme glued = peek(p);
    if (glued.from != l.to || is_comparison(p, l))
        return SIZE_MAX;
    enum lexeme_kind k = glued.kind;
    bool pattern = k == LEX_REGEX || k == LEX_REGEX_CUT || k == LEX_COLON || k == LEX_PATTERN_FIELD;
    if (l.kind == LEX_WORD && (pattern || k == LEX_BRACKET || k == LEX_PHRASE || k == LEX_RANGE ||
                               k == LEX_RANGE_BAD || k == LEX_NOT || k == LEX_BACKSLASH))
        return glued.from;
    if (l.kind == LEX_REGEX &&
        (pattern || k == LEX_WORD || k == LEX_FIELD || k == LEX_MINUS || k == LEX_PLUS))
        return l.from;
    return (l.kind == LEX_PHRASE || l.kind == LEX_RANGE) && k == LEX_COLON ? glued.from : SIZE_MAX;
}

/* `f:=5`, `f:=>5`: no comparison to Lucene, but the word `=5`. */
static void take_equals(struct parse *p, const struct lexeme *field, struct lexeme l)
{
    struct diag *d = say(p, E107, l.from, l.from + 1, "unescaped `=` at the start of a value");
    d->note = SLICE("Lucene takes it for a part of the word");
    size_t from = l.from;
    while (from < l.to && p->s.p[from] == '=')
        from++;
    struct slice rest = raw(p, from, l.to);
    if (rest.n > 1 && among("<>", *rest.p) && rest.p[1] != '=')
        rest = diag_format(p->c, "%c=%.*s", *rest.p, (int)rest.n - 1, rest.p + 1);
    suggest_for(p, d, clause_text(p, field, rest), TRY_CHECK, start_of(field, l.from), l.to);
}

/* Values of which something is wrong at first sight: said, and taken whole. */
static bool take_broken(struct parse *p, const struct lexeme *field, struct lexeme l)
{
    struct slice text = raw(p, l.from, l.to);
    if (l.kind == LEX_PHRASE_CUT)
        take_open_phrase(p, field, l);
    else if (l.kind == LEX_REGEX_CUT)
        take_open_regex(p, field, l);
    else if (l.kind == LEX_RANGE_BAD)
        take_bad_range(p, field, l);
    else if (l.kind == LEX_SMART || l.kind == LEX_SINGLE)
        take_other_quotes(p, field, l);
    else if (is_comparison(p, l))
        take_lone_comparison(p, field, l);
    else if (field && l.kind == LEX_WORD && *text.p == '=')
        take_equals(p, field, l);
    else if (l.kind == LEX_WORD && slice_eq(text, SLICE("@")))
        say(p, E104, l.from, l.to, "`@` without the name of a list");
    else
        return false;
    if (field)
        push(p, *field);
    push_bad(p, l.from, p->at);
    return true;
}

/* `"eventName": "x"`, as in JSON. */
static bool take_quoted_field(struct parse *p, struct lexeme l)
{
    struct lexeme colon = peek(p);
    if (l.kind != LEX_PHRASE || colon.kind != LEX_COLON)
        return false;
    struct diag *d = say(p, E107, l.from, l.to, "a field's name takes no quotes");
    struct lexeme value = lex(p->s.p, p->s.n, colon.to);
    bool clear = value.kind == LEX_WORD || value.kind == LEX_PHRASE || value.kind == LEX_REGEX;
    p->at = clear ? value.to : colon.to;
    struct slice name = escaped(p->c, raw(p, l.in_from, l.in_to));
    if (clear)
        suggest_for(p, d, diag_format(p->c, "%.*s:%.*s", SHOW(name), SHOW(raw(p, value.from, value.to))),
                    TRY_CHECK, l.from, value.to);
    d->fix.certain = true;
    push_bad(p, l.from, p->at);
    return true;
}

void take_value(struct parse *p, const struct lexeme *field, struct lexeme l)
{
    if (l.kind == LEX_WORD && refuse_operator_inside(p, field, l.from))
        return;
    if (!field && take_quoted_field(p, l))
        return;
    size_t inside = find_inside(p, l);
    if (inside != SIZE_MAX) {
        /* `http://…`: the scheme is no field */
        struct slice name = field ? raw(p, field->in_from, field->in_to) : SLICE("");
        bool url = l.kind == LEX_REGEX && l.in_from == l.in_to &&
                   (slice_eq(name, SLICE("http")) || slice_eq(name, SLICE("https")));
        say_inside(p, url ? NULL : field, url ? field->from : l.from, url ? field->to - 1 : inside);
        return;
    }
    if (take_broken(p, field, l))
        return;
    take_marks(p, field, l.from);
    if (field)
        push(p, *field);
    push(p, l);
}

/* ---- fields --------------------------------------------------------------------------------------- */

static struct diag *say_no_value(struct parse *p, struct lexeme field)
{
    struct slice name = clipped(p->c, raw(p, field.in_from, field.in_to));
    struct diag *d = say(p, E104, field.from, field.to, "no value after `%.*s:`", SHOW(name));
    d->note = diag_format(p->c, "`%.*s:*` matches any value", SHOW(name));
    push(p, field);
    push_bad(p, field.to, field.to);
    return d;
}

/* `f:-…` and `f:!…`: a value that wants a backslash, a negation in the wrong place, or none of them. */
static void take_signed_value(struct parse *p, struct lexeme field, struct lexeme l)
{
    struct lexeme behind = lex(p->s.p, p->s.n, l.to);
    bool glued = behind.from == l.to;
    if (glued && (behind.kind == LEX_WORD || behind.kind == LEX_FIELD)) {
        struct diag *d = say_inside(p, &field, l.from, l.from);
        d->note = SLICE("to negate, write NOT before the field");
        struct slice value = raw(p, l.to, p->at);
        if (p->s.p[l.from] == '!') {
            suggest_for(p, d, diag_format(p->c, "NOT %.*s", SHOW(clause_text(p, &field, value))), TRY_CHECK,
                        field.from, p->at);
            d->note = SLICE("a `!` that is part of the value is written `\\!`");
        }
        return;
    }
    struct diag *d = say_no_value(p, field);
    if (behind.kind == LEX_OPEN)
        return; /* what follows is judged by itself */
    p->at = lex_run(p->s.p, p->s.n, l.from);
    if (behind.kind == LEX_PHRASE && l.kind != LEX_PLUS)
        suggest_for(
            p, d, diag_format(p->c, "NOT %.*s", SHOW(clause_text(p, &field, raw(p, behind.from, behind.to)))),
            TRY_CHECK, field.from, p->at);
}

/* An operator behind the colon: no value, but for a word that wants quotes. */
static void take_operator_value(struct parse *p, struct lexeme field, struct lexeme l)
{
    if (l.from != field.to) {
        say_no_value(p, field);
    } else if (l.to - l.from == 1) {
        take_signed_value(p, field, l);
    } else {
        struct diag *d = say_no_value(p, field);
        p->at = lex_run(p->s.p, p->s.n, l.from);
        suggest_for(p, d, clause_text(p, &field, quoted(p->c, raw(p, l.from, p->at))), TRY_CHECK, field.from,
                    p->at);
    }
}

/* A second name right behind the colon: `a:b:c`. */
static void take_field_value(struct parse *p, struct lexeme field, struct lexeme l)
{
    struct slice name = raw(p, field.in_from, field.in_to);
    bool whole = slice_eq(name, SLICE("arn")); /* an ARN with no field before it */
    if (l.from != field.to)
        say_no_value(p, field);
    else if (!refuse_operator_inside(p, &field, l.from))
        say_inside(p, whole ? NULL : &field, whole ? field.from : l.from, whole ? field.to - 1 : l.to - 1);
}

void take_field(struct parse *p, struct lexeme field)
{
    size_t found = find_operator(p, field.in_from, field.in_to);
    if (found < field.in_to && refuse_operator_inside(p, NULL, field.from))
        return;
    struct lexeme l = peek(p);
    switch (l.kind) {
    case LEX_AND:
    case LEX_OR:
    case LEX_NOT:
    case LEX_PLUS:
    case LEX_MINUS: take_operator_value(p, field, l); break;
    case LEX_FIELD:
    case LEX_PATTERN_FIELD: take_field_value(p, field, l); break;
    case LEX_OPEN:
    case LEX_BACKSLASH: push(p, field); break;
    case LEX_END:
    case LEX_CLOSE: say_no_value(p, field); break;
    case LEX_ALL: say_inside(p, &field, l.from, l.from + 1); break;
    case LEX_COLON: say_inside(p, &field, l.from, l.from); break;
    case LEX_FUZZY:
    case LEX_BOOST:
    case LEX_BRACKET:
        say_no_value(p, field);
        p->at = lex_run(p->s.p, p->s.n, l.from);
        break;
    default:
        p->at = l.to;
        take_value(p, &field, l);
        break;
    }
}

/* ---- strays --------------------------------------------------------------------------------------- */

static void say_pattern_field(struct parse *p, struct lexeme l)
{
    struct diag *d = say(p, E107, l.to - 1, l.to, "`:` behind a pattern: a field's name has no wildcards");
    d->note = SLICE("write a clause for each field, or leave the field out to look in all of them");
}

void take_stray(struct parse *p, struct lexeme l)
{
    char c = p->s.p[l.from];
    if (l.kind == LEX_PATTERN_FIELD)
        say_pattern_field(p, l);
    else if (l.kind == LEX_FUZZY || l.kind == LEX_BOOST)
        say_mark(p, l, false, (struct slice){0}, l.from);
    else if (l.kind == LEX_COLON)
        say(p, E107, l.from, l.to, "`:` with no field's name before it");
    else if (l.kind == LEX_BRACKET)
        say(p, E105, l.from, l.to, "`%c` closes nothing", c);
    else
        say(p, E107, l.from, l.to, "a backslash that escapes nothing: write `\\\\` for a backslash");
    size_t to = lex_run(p->s.p, p->s.n, l.from);
    if (to > p->at)
        p->at = to;
    if (p->need)
        push_bad(p, l.from, p->at);
}
