/*
 * rewrite.c - what to write instead.
 *
 * A rewrite is set only after it went through the front end itself: what a message offers compiles.
 */
#include <string.h>

#include "parse.h"

enum {
    MAX_SHOWN = 60,   /* bytes of the filter that a message repeats */
    MAX_TRIALS = 100, /* diagnostics of a compile whose rewrites are tried */
};

bool among(const char *chars, char c)
{
    return c != '\0' && strchr(chars, c);
}

bool escapable(char c)
{
    return among("+-=&|><!(){}[]^\"~*?:\\/@ ", c);
}

struct slice raw(const struct parse *p, size_t from, size_t to)
{
    return (struct slice){p->s.p + from, to - from};
}

struct slice clipped(struct compile *c, struct slice s)
{
    if (s.n <= MAX_SHOWN)
        return s;
    size_t n = MAX_SHOWN;
    while (n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    return diag_format(c, "%.*s…", (int)n, s.p);
}

struct slice spaced(const struct parse *p, size_t from, size_t to)
{
    struct buffer b = {.c = p->c};
    for (size_t at = from; at < to;) {
        struct lexeme l = lex(p->s.p, to, at);
        if (l.kind == LEX_END)
            break;
        if (l.from > at && b.n)
            buffer_char(&b, ' ');
        buffer_add(&b, p->s.p + l.from, l.to - l.from);
        at = l.to;
    }
    return buffer_slice(&b);
}

struct slice unescaped(struct compile *c, struct slice text)
{
    if (text.n == 0 || !memchr(text.p, '\\', text.n))
        return text;
    struct buffer b = {.c = c};
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\\' && i + 1 < text.n && escapable(text.p[i + 1]))
            i++;
        buffer_char(&b, text.p[i]);
    }
    return buffer_slice(&b);
}

struct slice quoted(struct compile *c, struct slice text)
{
    struct slice plain = unescaped(c, text);
    struct buffer b = {.c = c};
    buffer_char(&b, '"');
    for (size_t i = 0; i < plain.n; i++) {
        if (plain.p[i] == '"' || plain.p[i] == '\\')
            buffer_char(&b, '\\');
        buffer_char(&b, plain.p[i]);
    }
    buffer_char(&b, '"');
    return buffer_slice(&b);
}

/* Wildcards, and < > at the start, stay what they are. */
struct slice escaped(struct compile *c, struct slice text)
{
    struct buffer b = {.c = c};
    for (size_t i = 0; i < text.n; i++) {
        char at = text.p[i];
        if (at == '\\' && i + 1 < text.n && escapable(text.p[i + 1])) {
            buffer_char(&b, at);
            at = text.p[++i];
        } else if (at == '\\' || among("!():^[]\"{}~/", at) || lex_is_space(at) ||
                   (i == 0 && (at == '-' || at == '+'))) {
            buffer_char(&b, '\\');
        }
        buffer_char(&b, at);
    }
    return buffer_slice(&b);
}

static bool has_wildcard(struct slice text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\\')
            i++;
        else if (text.p[i] == '*' || text.p[i] == '?')
            return true;
    }
    return false;
}

struct slice as_value(struct compile *c, struct slice text)
{
    bool keep = has_wildcard(text) || (text.n && among("<>-+!@", text.p[0]));
    return keep ? escaped(c, text) : quoted(c, text);
}

struct slice clause_text(const struct parse *p, const struct lexeme *field, struct slice value)
{
    if (!field)
        return value;
    struct slice name = raw(p, field->in_from, field->in_to);
    return diag_format(p->c, "%.*s:%.*s", SHOW(name), SHOW(value));
}

struct slice field_text(struct compile *c, const struct path *path, const char *view)
{
    struct buffer b = {.c = c};
    for (size_t i = 0; i < path->n; i++) {
        bool last = i + 1 == path->n && !*view && path->n > 1;
        struct slice key = escaped(c, path->keys[i]);
        if (i > 0)
            buffer_char(&b, '.');
        for (enum view v = VIEW_KEYWORD; last && v <= VIEW_JSON; v++)
            if (slice_eq(key, slice_of(view_name(v))))
                buffer_char(&b, '\\');
        buffer_add(&b, key.p, key.n);
    }
    buffer_printf(&b, "%s%s", *view ? "." : "", view);
    return buffer_slice(&b);
}

struct slice value_text(struct compile *c, const struct text *text, const struct clause *clause)
{
    struct slice s = {text->s.p + clause->from, clause->to - clause->from};
    return clause->kind == CLAUSE_PHRASE  ? diag_format(c, "\"%.*s\"", SHOW(s))
           : clause->kind == CLAUSE_REGEX ? diag_format(c, "/%.*s/%s", SHOW(s), clause->any_case ? "i" : "")
                                          : s;
}

bool wants_rewrite(const struct compile *c)
{
    return !c->trial && !c->counted && c->n_diags <= MAX_TRIALS;
}

void suggest(struct compile *c, struct diag *d, struct slice rewrite, int how)
{
    if (!wants_rewrite(c) || rewrite.n == 0)
        return;
    struct compile trial = {.arena = arena_new(), .trial = true, .pack = c->pack};
    uint32_t *at = NEW_ARRAY(&trial, uint32_t, rewrite.n + 1);
    for (size_t i = 0; i <= rewrite.n; i++)
        at[i] = (uint32_t)i;
    struct text text = {.s = rewrite, .source = NOWHERE, .at = at};
    struct node *tree = parse_filter(&trial, &text);
    if (tree && (how == TRY_PARSE || check_filter(&trial, &text, tree)))
        d->rewrite = rewrite;
    arena_free(trial.arena);
}

/* ---- as it stands in YAML --------------------------------------------------------------------------- */

/* Whether YAML would take quotes around the filter for its own: it has none yet, or double ones, and is no block. */
static bool loses_quotes(const struct compile *c, const struct text *text)
{
    if (text->source >= c->n_sources || !text->at)
        return false;
    struct slice file = c->sources[text->source].text;
    size_t at = text->at[0];
    if (at > 0 && at <= file.n && file.p[at - 1] == '"')
        return true;
    while (at > 0 && at <= file.n && lex_is_space(file.p[at - 1]))
        at--;
    return at > 0 && at <= file.n && file.p[at - 1] == ':';
}

static bool is_one_phrase(struct compile *c, struct slice text)
{
    struct slice copy = slice_copy(c, text.p, text.n);
    struct lexeme l = lex(copy.p, copy.n, 0);
    return l.kind == LEX_PHRASE && l.from == 0 && l.to == copy.n;
}

void note_quotes(struct compile *c, const struct text *text, size_t said)
{
    struct slice filter = slice_copy(c, text->s.p, text->s.n);
    struct lexeme l = lex(filter.p, filter.n, 0);
    size_t end = lex_run(filter.p, filter.n, l.from);
    end = l.to > end ? l.to : end;
    while (end < filter.n && lex_is_space(filter.p[end]))
        end++;
    if (c->trial || end < filter.n || !loses_quotes(c, text))
        return;
    for (size_t i = said; i < c->n_diags; i++) {
        struct diag *d = &c->diags[i];
        if (!is_one_phrase(c, d->rewrite))
            continue;
        struct buffer b = {.c = c};
        if (d->note.n)
            buffer_printf(&b, "%.*s; ", SHOW(d->note));
        buffer_text(&b, "YAML drops quotes around a whole text: write '");
        for (size_t k = 0; k < d->rewrite.n; k++)
            buffer_text(&b, d->rewrite.p[k] == '\'' ? "''" : (char[]){d->rewrite.p[k], '\0'});
        buffer_char(&b, '\'');
        d->note = buffer_slice(&b);
    }
}

void suggest_for(const struct parse *p, struct diag *d, struct slice rewrite, int how, size_t from, size_t to)
{
    suggest(p->c, d, rewrite, how);
    while (to > from && lex_is_space(p->s.p[to - 1]))
        to--;
    diag_fix(d, p->text, from, to, d->rewrite, false);
}

void fix_clause(struct compile *c, const struct clause *clause, struct diag *d)
{
    struct loc field = clause->field_loc, value = clause->value_loc;
    if (!d->rewrite.n || value.source >= c->n_sources)
        return;
    if (!clause->path) {
        field = value;
    } else if (field.source != value.source || field.at > value.at) {
        return;
    }
    const char *text = c->sources[value.source].text.p;
    uint32_t i = field.at + field.n;
    while (i < value.at && strchr(": \t\r\n", text[i]))
        i++;
    if (i < value.at && text[i] != '(')
        return;
    /* Within the parentheses of a field a clause may name its own. */
    uint32_t from = i < value.at ? value.at : field.at;
    d->fix = (struct fix){
        .loc = {value.source, from, value.at + value.n - from}, .text = d->rewrite, .inside = true};
}
