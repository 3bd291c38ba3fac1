/*
 * foreign.c - comparisons as other query languages spell them: `eventName = X`, `eventName IN (A, B)`,
 * `{ $.eventName = "X" }`. What stands around the whole is query.c's.
 *
 * Needs: a filter's text, not read yet. Guarantees: a filter with such a comparison is refused with one
 * message, at the first of them, and with the whole filter as it is written here, where that is certain; the
 * rest of it is not judged. A filter without one is left alone.
 *
 * Lucene takes most of them for words to be found in any field. They are looked for only where an operand may
 * begin; quotes and escapes keep them words. `name OP value` with spaces has no operator between its words
 * and is no filter anyhow; without spaces it is one word (`a=b`) that does not mean what it says.
 */
#include <string.h>
#include <strings.h>

#include "foreign.h"
#include "mend.h"

enum comparison {
    EQUAL,
    DIFFERENT,
    BOUND,
    SEARCH,
    PATTERN,
    PART,
    BEGIN,
    FINISH,
    ONE_OF,
    NONE_OF,
    THERE,
    ABSENT
};

static const struct {
    const char *text;
    enum comparison comparison;
} symbols[] =
    {
        /* longer ones first */
        {"===", EQUAL}, {"!==", DIFFERENT}, {"==", EQUAL},     {"=~", SEARCH},
        {"=>", BOUND},  {"!=", DIFFERENT},  {"<>", DIFFERENT}, {"<=", BOUND},
        {">=", BOUND},  {"=", EQUAL},       {"<", BOUND},      {">", BOUND},
},
  words[] = {
      {"is not", DIFFERENT}, {"is", EQUAL},          {"equals", EQUAL},    {"eq", EQUAL},
      {"ne", DIFFERENT},     {"like", PATTERN},      {"ilike", PATTERN},   {"contains", PART},
      {"startswith", BEGIN}, {"starts with", BEGIN}, {"endswith", FINISH}, {"ends with", FINISH},
      {"matches", SEARCH},   {"not in", NONE_OF},    {"in", ONE_OF},       {"exists", THERE},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* One way through a filter, with what it would be here. */
struct foreign {
    struct parse *p;
    size_t at, end;
    struct buffer out;
    bool wrapped; /* NOT in parentheses, for a place beside OR */
    bool certain;

    /* the first comparison */
    bool found;
    enum { FOUND_SYMBOL, FOUND_WORD, FOUND_COMMA, FOUND_BETWEEN, FOUND_PATH } what;
    struct query query;
    size_t from, to; /* its operator */
};

/* A comparison that is being read. */
struct reading {
    struct slice name, op;
    enum comparison comparison;
    bool by_word, json_path; /* `$.name` */
    bool negated;            /* `NOT LIKE` */
    struct slice value;      /* as it would be written here; n 0: null */
    struct slice plain;      /* without its quotes */
    enum { VALUE_WORD, VALUE_QUOTED, VALUE_REGEX, VALUE_LIST, VALUE_NULL } kind;
};

/* ---- bytes -------------------------------------------------------------------------------------- */

static char byte(const struct foreign *f, size_t at)
{
    return at < f->end ? f->p->s.p[at] : '\0';
}

static size_t pass_space(const struct foreign *f, size_t at)
{
    while (at < f->end && lex_is_space(byte(f, at)))
        at++;
    return at;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool in_name(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || (c && among("_.-@$", c));
}

/* Whether the words of `text` stand at `at`, in any case and however far apart; *to is behind them. */
static bool stands(const struct foreign *f, size_t at, const char *text, size_t *to)
{
    for (; *text; text++) {
        if (*text == ' ') {
            size_t gap = pass_space(f, at);
            if (gap == at)
                return false;
            at = gap;
        } else if ((byte(f, at++) | 0x20) != *text) {
            return false;
        }
    }
    *to = at;
    return !in_name(byte(f, at));
}

static bool is_one_of(struct slice s, const char *const *list)
{
    for (; *list; list++)
        if (s.n == strlen(*list) && strncasecmp(s.p, *list, s.n) == 0)
            return true;
    return false;
}

static bool is_operator(struct slice s)
{
    static const char *const operators[] = {"and", "or", "not", "&&", "||", NULL};
    return is_one_of(s, operators);
}

/* ---- name, operator ----------------------------------------------------------------------------------- */

/* How long `$.` of a JSON path is, or `$d.` of DataPrime's; 0: there is none. */
static size_t root_length(struct slice name)
{
    if (name.n > 2 && memcmp(name.p, "$.", 2) == 0)
        return 2;
    return name.n > 3 && name.p[0] == '$' && among("dlm", name.p[1]) && name.p[2] == '.' ? 3 : 0;
}

static bool read_name(const struct foreign *f, size_t *at, struct reading *r)
{
    size_t from = *at, to = from;
    if (byte(f, from) != '$' && byte(f, from) != '_' && byte(f, from) != '@' && !is_letter(byte(f, from)))
        return false;
    while (to < f->end && in_name(byte(f, to)))
        to++;
    r->name = raw(f->p, from, to);
    if (among("-.", r->name.p[r->name.n - 1]) || is_operator(r->name))
        return false;
    size_t root = root_length(r->name);
    r->json_path = root > 0;
    r->name = (struct slice){r->name.p + root, r->name.n - root};
    *at = to;
    return true;
}

static bool read_symbol(const struct foreign *f, size_t *at, struct reading *r)
{
    /* DataPrime's `~` finds a part; elsewhere it is Lucene's. */
    if (r->json_path && byte(f, *at) == '~') {
        r->op = raw(f->p, *at, *at + 1);
        r->comparison = PART;
        ++*at;
        return true;
    }
    for (size_t i = 0; i < COUNT(symbols); i++) {
        size_t n = strlen(symbols[i].text);
        if (*at + n > f->end || memcmp(f->p->s.p + *at, symbols[i].text, n) != 0)
            continue;
        r->op = raw(f->p, *at, *at + n);
        r->comparison = symbols[i].comparison;
        *at += n;
        return true;
    }
    return false;
}

static bool read_word(const struct foreign *f, size_t *at, struct reading *r)
{
    size_t to;
    r->by_word = true;
    if (r->json_path && stands(f, *at, "not exists", &to)) {
        r->comparison = ABSENT;
        r->op = raw(f->p, *at, to);
        *at = to;
        return true;
    }
    size_t from = *at;
    if (stands(f, from, "not", &to) && lex_is_space(byte(f, to)))
        from = pass_space(f, to);
    for (size_t i = 0; i < COUNT(words); i++) {
        bool part = words[i].comparison >= SEARCH && words[i].comparison <= FINISH;
        if (!stands(f, *at, words[i].text, &to) && !(part && stands(f, from, words[i].text, &to)))
            continue;
        r->negated = part && from > *at;
        r->op = raw(f->p, *at, to);
        r->comparison = words[i].comparison;
        *at = to;
        return true;
    }
    return false;
}

/* ---- values ----------------------------------------------------------------------------------------- */

/* Whether the text is one word of a filter, which needs no quotes. */
static bool is_word(const struct foreign *f, struct slice text)
{
    struct slice copy = slice_copy(f->p->c, text.p, text.n);
    struct lexeme l = lex(copy.p, copy.n, 0);
    return l.kind == LEX_WORD && l.from == 0 && l.to == copy.n && !is_operator(text) &&
           !among("<>@=", *text.p);
}

/* A text between quotes of either kind. */
static bool read_quoted(const struct foreign *f, size_t *at, struct reading *r)
{
    char quote = byte(f, *at);
    size_t from = *at + 1, to = from;
    while (to < f->end && byte(f, to) != quote)
        to += byte(f, to) == '\\' ? 2 : 1;
    if (to >= f->end)
        return false;
    struct slice inside = raw(f->p, from, to);
    r->kind = VALUE_QUOTED;
    r->plain = quote == '"' ? unescaped(f->p->c, inside) : inside;
    r->value = quote == '"' ? raw(f->p, *at, to + 1) : quoted(f->p->c, inside);
    *at = to + 1;
    return inside.n > 0;
}

/* All that is written without a gap, up to an operator or one of the bytes that end it here. */
static bool read_run(const struct foreign *f, size_t *at, const char *ends, struct reading *r)
{
    static const char *const nulls[] = {"null", "nil", "none", NULL};
    size_t from = *at, to = from;
    for (; to < f->end && !lex_is_space(byte(f, to)) && !among("()\"", byte(f, to)); to++) {
        bool joins = among("&|", byte(f, to)) && byte(f, to + 1) == byte(f, to);
        if (joins || among(ends, byte(f, to)))
            break;
        if (byte(f, to) == '\\' && to + 1 < f->end)
            to++;
    }
    struct slice text = raw(f->p, from, to);
    if (text.n == 0 || byte(f, to) == '"' || is_operator(text))
        return false;
    r->kind = is_one_of(text, nulls) ? VALUE_NULL : VALUE_WORD;
    r->plain = text;
    r->value = is_word(f, text) ? text : as_value(f->p->c, text);
    *at = to;
    return true;
}

static bool read_one(const struct foreign *f, size_t *at, const char *ends, struct reading *r)
{
    if (byte(f, *at) == '"' || byte(f, *at) == '\'')
        return read_quoted(f, at, r);
    if (byte(f, *at) != '/')
        return read_run(f, at, ends, r);
    struct lexeme l = lex(f->p->s.p, f->end, *at);
    r->kind = VALUE_REGEX;
    r->value = r->plain = raw(f->p, l.from, l.to);
    *at = l.to;
    return l.kind == LEX_REGEX;
}

/* `(A, B)` or `[A, B]`, also with OR, as `(A OR B)`. *comma: with commas that no filter has. */
static bool read_list(const struct foreign *f, size_t *at, struct reading *r, bool *comma)
{
    char close = byte(f, *at) == '[' ? ']' : ')';
    struct buffer b = {.c = f->p->c};
    *comma = false;
    buffer_char(&b, '(');
    for (size_t i = pass_space(f, *at + 1), n = 0;; n++) {
        struct reading item = {0};
        bool apart = byte(f, i) == '"' || byte(f, i) == '\'';
        if (!read_one(f, &i, close == ']' ? ",]" : ",", &item) || item.kind == VALUE_NULL)
            return false;
        buffer_printf(&b, "%s%.*s", n ? " OR " : "", SHOW(item.value));
        size_t gap = pass_space(f, i);
        if (byte(f, gap) == close) {
            *at = gap + 1;
            break;
        }
        size_t next = gap + 1;
        if (byte(f, gap) == ',') {
            size_t behind = pass_space(f, next);
            *comma = *comma || apart || gap > i || behind > next;
            i = behind;
        } else if (gap > i && stands(f, gap, "or", &next) && lex_is_space(byte(f, next))) {
            i = pass_space(f, next);
        } else {
            return false;
        }
    }
    buffer_char(&b, ')');
    r->kind = VALUE_LIST;
    r->value = r->plain = buffer_slice(&b);
    return true;
}

/* What stands behind the operator, as far as it fits that. */
static bool read_value(const struct foreign *f, size_t *at, struct reading *r)
{
    bool comma, list = r->comparison == ONE_OF || r->comparison == NONE_OF;
    if (list && byte(f, *at) == '@')
        return read_run(f, at, "", r);
    if (byte(f, *at) == '(' || (list && byte(f, *at) == '['))
        return (list || r->comparison <= DIFFERENT) && read_list(f, at, r, &comma);
    if (list || !read_one(f, at, "", r))
        return false;
    bool number = r->plain.n && ((*r->plain.p >= '0' && *r->plain.p <= '9') || among("-.", *r->plain.p));
    return r->comparison != BOUND || (number && r->kind <= VALUE_QUOTED);
}

/* Nothing but an operator, a parenthesis or the end follows. */
static bool ends_clause(const struct foreign *f, size_t at)
{
    size_t next = pass_space(f, at), to = next;
    while (to < f->end && !lex_is_space(byte(f, to)) && !among("()", byte(f, to)))
        to++;
    return next == f->end || byte(f, next) == ')' || is_operator(raw(f->p, next, to));
}

static bool read_comparison(const struct foreign *f, size_t *at, struct reading *r)
{
    size_t i = *at;
    if (!read_name(f, &i, r))
        return false;
    size_t behind = pass_space(f, i);
    if (!read_symbol(f, &behind, r) && (behind == i || !read_word(f, &behind, r)))
        return false;
    i = pass_space(f, behind);
    if (r->comparison != THERE && r->comparison != ABSENT) {
        if ((r->by_word && i == behind) || !read_value(f, &i, r))
            return false;
    } else {
        i = behind;
    }
    *at = i;
    return ends_clause(f, i) || byte(f, i) == '&' || byte(f, i) == '|' || !r->by_word;
}

/* `exists(name)` */
static bool read_exists(const struct foreign *f, size_t *at, struct reading *r)
{
    size_t i;
    if (!stands(f, *at, "exists", &i) || byte(f, i) != '(')
        return false;
    r->op = raw(f->p, *at, i);
    r->by_word = true;
    r->comparison = THERE;
    i = pass_space(f, i + 1);
    if (!read_name(f, &i, r))
        return false;
    i = pass_space(f, i);
    *at = i + 1;
    return byte(f, i) == ')';
}

/* ---- as it is written here ------------------------------------------------------------------------------ */

/* The field on its whole value, unless it names its view. */
static struct slice whole_field(const struct foreign *f, const struct reading *r)
{
    for (enum view v = VIEW_KEYWORD; v <= VIEW_JSON; v++) {
        size_t n = strlen(view_name(v));
        if (r->name.n > n && r->name.p[r->name.n - n - 1] == '.' &&
            memcmp(r->name.p + r->name.n - n, view_name(v), n) == 0)
            return r->name;
    }
    return diag_format(f->p->c, "%.*s.keyword", SHOW(r->name));
}

/* A pattern of the whole value; without a wildcard, the value itself. */
static void add_pattern(struct foreign *f, const struct reading *r, const char *before, const char *after)
{
    struct slice field = whole_field(f, r);
    struct buffer pattern = {.c = f->p->c};
    buffer_text(&pattern, before);
    for (size_t i = 0; i < r->plain.n; i++)
        buffer_char(&pattern, r->comparison == PATTERN && r->plain.p[i] == '%' ? '*' : r->plain.p[i]);
    buffer_text(&pattern, after);
    struct slice text = buffer_slice(&pattern);
    bool wild = memchr(text.p, '*', text.n) || memchr(text.p, '?', text.n);
    struct slice value = wild ? escaped(f->p->c, text) : is_word(f, text) ? text : quoted(f->p->c, text);
    buffer_printf(&f->out, "%.*s:%.*s", SHOW(field), SHOW(value));
}

static void add_not(struct foreign *f, const char *between, struct slice name, struct slice value)
{
    buffer_printf(&f->out, "%sNOT %.*s%s%.*s%s", f->wrapped ? "(" : "", SHOW(name), between, SHOW(value),
                  f->wrapped ? ")" : "");
}

static void add_bound(struct foreign *f, const struct reading *r)
{
    bool above = memchr(r->op.p, '>', r->op.n) != NULL, inclusive = r->op.n == 2;
    if (r->kind == VALUE_WORD)
        buffer_printf(&f->out, "%.*s:%c%s%.*s", SHOW(r->name), above ? '>' : '<', inclusive ? "=" : "",
                      SHOW(r->plain));
    else if (above)
        buffer_printf(&f->out, "%.*s:%c%.*s TO *]", SHOW(r->name), inclusive ? '[' : '{', SHOW(r->value));
    else
        buffer_printf(&f->out, "%.*s:[* TO %.*s%c", SHOW(r->name), SHOW(r->value), inclusive ? ']' : '}');
}

static void add_negated_pattern(struct foreign *f, const struct reading *r)
{
    buffer_text(&f->out, f->wrapped ? "(NOT " : "NOT ");
    add_pattern(f, r, "", "");
    buffer_text(&f->out, f->wrapped ? ")" : "");
}

static void add_comparison(struct foreign *f, const struct reading *r)
{
    if (r->negated) {
        struct reading positive = *r;
        positive.negated = false;
        buffer_text(&f->out, f->wrapped ? "(NOT " : "NOT ");
        add_comparison(f, &positive);
        buffer_text(&f->out, f->wrapped ? ")" : "");
        return;
    }
    bool null = r->kind == VALUE_NULL;
    struct slice exists = SLICE("_exists_");
    bool wild = (r->json_path || r->kind == VALUE_QUOTED) && r->plain.n && r->kind <= VALUE_QUOTED &&
                memchr(r->plain.p, '*', r->plain.n);
    switch (r->comparison) {
    case BOUND: add_bound(f, r); return;
    case PATTERN: add_pattern(f, r, "", ""); return;
    case PART: add_pattern(f, r, "*", "*"); return;
    case BEGIN: add_pattern(f, r, "", "*"); return;
    case FINISH: add_pattern(f, r, "*", ""); return;
    case THERE: buffer_printf(&f->out, "_exists_:%.*s", SHOW(r->name)); return;
    case ABSENT: add_not(f, ":", exists, r->name); return;
    case NONE_OF: add_not(f, ":", r->name, r->value); return;
    case DIFFERENT:
        if (null)
            buffer_printf(&f->out, "_exists_:%.*s", SHOW(r->name));
        else if (wild)
            add_negated_pattern(f, r);
        else
            add_not(f, ":", r->name, r->value);
        return;
    case SEARCH:
        f->certain = f->certain && r->kind == VALUE_REGEX && !r->by_word; /* it may mean a part */
    /* fall through */
    case EQUAL:
        if (null) {
            add_not(f, ":", exists, r->name);
            return;
        }
        if (wild) {
            add_pattern(f, r, "", "");
            return;
        }
    /* fall through */
    case ONE_OF: buffer_printf(&f->out, "%.*s:%.*s", SHOW(r->name), SHOW(r->value)); return;
    }
}

/* ---- the filter ------------------------------------------------------------------------------------------ */

static void note_found(struct foreign *f, struct slice op, int what)
{
    if (f->found)
        return;
    f->found = true;
    f->what = what;
    f->from = (size_t)(op.p - f->p->s.p);
    f->to = f->from + op.n;
}

/* A comparison at an operand's place; with one before it and nothing between them, as Splunk has it, AND is meant. */
static bool take_comparison(struct foreign *f, bool operand)
{
    struct reading r = {0}, e = {0};
    size_t at = f->at;
    if (operand && read_exists(f, &at, &e)) {
        r = e;
    } else {
        at = f->at;
        if (!read_comparison(f, &at, &r) || (!operand && r.by_word))
            return false;
    }
    note_found(f, r.op, r.by_word ? FOUND_WORD : FOUND_SYMBOL);
    if (!operand)
        buffer_text(&f->out, "AND ");
    add_comparison(f, &r);
    f->at = at;
    return true;
}

/* `f:(A, B)` behind the field's colon. */
static bool take_list(struct foreign *f, size_t open)
{
    struct reading r = {0};
    size_t at = open;
    bool comma;
    if (!read_list(f, &at, &r, &comma) || (!comma && byte(f, open) == '('))
        return false;
    if (!memchr(f->p->s.p + open, ',', at - open))
        return false;
    size_t first = open;
    while (byte(f, first) != ',')
        first++;
    note_found(f, raw(f->p, first, first + 1), FOUND_COMMA);
    buffer_add(&f->out, r.value.p, r.value.n);
    f->at = at;
    return true;
}

/* `and` where a comparison of another language is, means AND. */
static bool take_small_operator(struct foreign *f, struct lexeme l)
{
    struct slice text = raw(f->p, l.from, l.to);
    if (l.kind != LEX_WORD || !f->found || !is_operator(text))
        return false;
    buffer_text(&f->out, (*text.p | 0x20) == 'a' ? "AND" : (*text.p | 0x20) == 'o' ? "OR" : "NOT");
    return true;
}

/* A lexeme as it is, but for a field's `$.`; operators get the spaces that they need. */
static void add_lexeme(struct foreign *f, struct lexeme l)
{
    struct slice text = raw(f->p, l.from, l.to);
    size_t root = l.kind == LEX_FIELD ? root_length(text) : 0;
    if (root && text.p[root] != ':') {
        note_found(f, raw(f->p, l.from, l.from + root), FOUND_PATH);
        l.from += root;
    }
    bool join = f->found && (l.kind == LEX_AND || l.kind == LEX_OR);
    if (join && f->out.n && !lex_is_space(f->out.p[f->out.n - 1]))
        buffer_char(&f->out, ' ');
    buffer_add(&f->out, f->p->s.p + l.from, l.to - l.from);
    if (join && !lex_is_space(byte(f, l.to)))
        buffer_char(&f->out, ' ');
}

/* `[1, 5]`, `["2026-01-01", …]`: numbers and times in brackets were to be bounds. */
static bool begins_range(const struct foreign *f, size_t open)
{
    size_t at = pass_space(f, open + 1);
    char c = byte(f, at + (byte(f, at) == '"'));
    return (c >= '0' && c <= '9') || c == '-';
}

/* `&` or `|` alone, `word,` before another clause: an operator is meant. */
static bool take_between(struct foreign *f, struct lexeme l)
{
    char last = byte(f, l.to - 1);
    bool alone = l.to == l.from + 1 && among("&|", last), ends = l.to > l.from + 1 && among(",;", last);
    size_t next = pass_space(f, l.to);
    struct lexeme behind = lex(f->p->s.p, f->end, next);
    if (l.kind != LEX_WORD || next == l.to || (!alone && !ends) || next >= f->end)
        return false;
    if (behind.kind != LEX_FIELD && behind.kind != LEX_NOT && behind.kind != LEX_OPEN)
        return false;
    note_found(f, raw(f->p, l.to - 1, l.to), FOUND_BETWEEN);
    buffer_add(&f->out, f->p->s.p + l.from, l.to - 1 - l.from);
    buffer_text(&f->out, alone ? last == '&' ? "AND" : "OR" : " AND");
    f->at = l.to;
    return true;
}

/* Goes through the filter once, from f->at to f->end. */
static void translate(struct foreign *f)
{
    bool operand = true;
    size_t depth = 0, of_field = 0; /* the outermost parenthesis of a field, from 1 */
    for (;;) {
        size_t next = pass_space(f, f->at);
        buffer_add(&f->out, f->p->s.p + f->at, next - f->at);
        f->at = next;
        if (!of_field && (operand || f->found) && take_comparison(f, operand)) {
            operand = false;
            continue;
        }
        struct lexeme l = lex(f->p->s.p, f->end, f->at);
        if (l.kind == LEX_END || l.from >= f->end)
            return;
        char c = byte(f, l.from);
        if (l.kind == LEX_WORD && f->found && !operand && among("&|", c) && byte(f, l.from + 1) == c) {
            l.kind = LEX_AND; /* or OR: `a=b&&c=d`, which lex() takes for a word */
            l.to = l.from + 2;
        }
        l.to = l.to < f->end ? l.to : f->end; /* of braces around the whole, the last is behind the end */
        f->at = l.to;
        if (take_small_operator(f, l) || (!of_field && take_between(f, l))) {
            operand = true;
            continue;
        }
        add_lexeme(f, l);
        operand = (l.kind >= LEX_AND && l.kind <= LEX_OPEN);
        char opening = l.kind == LEX_FIELD ? byte(f, pass_space(f, l.to)) : '\0';
        if (opening == '[' && !begins_range(f, pass_space(f, l.to)) && take_list(f, pass_space(f, l.to)))
            continue;
        if (opening == '(') {
            size_t open = pass_space(f, l.to);
            if (take_list(f, open))
                continue;
            of_field = of_field ? of_field : depth + 1;
        }
        depth += l.kind == LEX_OPEN;
        depth -= l.kind == LEX_CLOSE && depth > 0;
        if (depth < of_field && l.kind == LEX_CLOSE)
            of_field = 0;
    }
}

static struct foreign translated(struct parse *p, bool wrapped)
{
    struct foreign f = {.p = p, .out = {.c = p->c}, .wrapped = wrapped, .query = query_of(p)};
    f.at = f.query.from;
    f.end = f.query.to;
    f.certain = f.query.certain;
    translate(&f);
    while (f.out.n && lex_is_space(f.out.p[f.out.n - 1]))
        f.out.n--;
    return f;
}

static struct diag *say_query(const struct foreign *f)
{
    struct parse *p = f->p;
    const struct query *q = &f->query;
    static const char counts[] = "counting is the alert's: `when: more than 10 in 10m`, by `group_by`";
    struct diag *d;
    if (q->kind == QUERY_PIPED)
        d = say(p, E103, q->mark_from, q->mark_to, "a filter is one condition, and no pipeline");
    else if (q->kind == QUERY_COUNTED)
        d = say(p, E103, q->mark_from, q->mark_to, "a filter is about one event, and counts nothing");
    else
        d = say(p, E103, q->mark_from, q->mark_to, "a filter is the condition alone");
    if (q->kind != QUERY_SELECT)
        d->note = slice_of(counts);
    return d;
}

static struct diag *say_foreign(const struct foreign *f)
{
    static const char quotes[] = "words that are to be found as they stand, in any field, go in quotes";
    struct parse *p = f->p;
    struct slice op = clipped(p->c, raw(p, f->from, f->to));
    struct diag *d = NULL;
    switch (f->what) {
    case FOUND_COMMA: return say(p, E103, f->from, f->to, "a comma is no operator: values are joined by OR");
    case FOUND_BETWEEN:
        return say(p, E103, f->from, f->to, "`%.*s` is no operator: write AND or OR", SHOW(op));
    case FOUND_PATH:
        d = say(p, E107, f->from, f->to, "`%.*s` is no part of a field: it is its keys, joined with dots",
                SHOW(op));
        d->note = SLICE("a key that really begins with `$` is written `\\$`");
        return d;
    case FOUND_WORD:
        d = say(p, E103, f->from, f->to, "`%.*s` compares nothing: a field is written `field:value`",
                SHOW(op));
        break;
    case FOUND_SYMBOL:
        d = say(p, E107, f->from, f->to, "`%.*s` compares nothing: a field is written `field:value`",
                SHOW(op));
        break;
    }
    d->note = slice_of(quotes);
    return d;
}

bool refuse_foreign(struct parse *p)
{
    struct foreign f = translated(p, false);
    if (!f.found && f.query.kind == QUERY_PLAIN)
        return false;
    struct diag *d = f.query.kind == QUERY_PLAIN ? say_foreign(&f) : say_query(&f);
    if (f.certain && f.out.n) {
        suggest_for(p, d, buffer_slice(&f.out), TRY_CHECK, 0, p->s.n);
        if (d->rewrite.n == 0) {
            f = translated(p, true);
            suggest_for(p, d, buffer_slice(&f.out), TRY_CHECK, 0, p->s.n);
        }
    }
    p->hopeless = true;
    return true;
}
