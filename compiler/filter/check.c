/*
 * check.c - clauses completed: what each means on its view.
 *
 * Needs: trees of parse.c, lists of the pack. Guarantees: literals with the tokens, numbers or addresses that
 * their view compares, regexes, bounds by value; or errors E104, E108-E112 were said. Says W201. Trees keep
 * their shape.
 *
 * A rule's words are split by the machine that splits a log's values (trail/text.h).
 */
#include <string.h>

#include "base/near.h"
#include "parse.h"
#include "quantity.h"
#include "regex/regex.h"
#include "trail/limits.h"
#include "trail/text.h"

struct check {
    struct compile *c;
    const struct text *text;
};

/* ---- texts ------------------------------------------------------------------------------------------ */

static struct slice written(const struct check *k, const struct clause *clause)
{
    return value_text(k->c, k->text, clause);
}

/* The clause's field as one writes it, with another view. */
static struct slice field_on(const struct check *k, const struct clause *clause, const char *view)
{
    return field_text(k->c, clause->path, view);
}

static struct slice name_of(const struct check *k, const struct clause *clause)
{
    if (!clause->path)
        return SLICE("every value");
    return clipped(k->c, clause->path->name);
}

/* Offers the clause on another view; "" is text. */
static void suggest_view(const struct check *k, const struct clause *clause, struct diag *d, const char *view)
{
    if (!clause->path)
        return;
    struct slice field = field_on(k, clause, view), value = written(k, clause);
    suggest(k->c, d, diag_format(k->c, "%.*s:%.*s", SHOW(field), SHOW(value)), TRY_CHECK);
    fix_clause(k->c, clause, d);
}

/* ---- literals ----------------------------------------------------------------------------------------- */

static struct literal *add_literal(const struct check *k, struct clause *clause, struct slice value)
{
    struct literal *literal = PUSH(k->c, clause->literals, clause->n_literals);
    literal->whole = value;
    return literal;
}

/* False, with a message, when the value has no token or too many. */
static bool split(const struct check *k, struct literal *literal, struct loc loc)
{
    struct trail_tokens walk;
    trail_tokens_start(&walk, literal->whole.p, literal->whole.n);
    while (trail_tokens_next(&walk)) {
        if (literal->n_tokens == TRAIL_MAX_PHRASE) {
            diag(k->c, E112, loc, "a phrase of more than %d words", TRAIL_MAX_PHRASE);
            return false;
        }
        *PUSH(k->c, literal->tokens, literal->n_tokens) = slice_copy(k->c, walk.p, walk.n);
    }
    if (literal->n_tokens > 0)
        return true;
    if (literal->whole.n == 0)
        diag(k->c, E104, loc, "an empty value: no word to look for");
    else
        diag(k->c, E108, loc, "can never match: no letter or digit, so no word of the text view");
    return false;
}

static struct slice tokens_text(const struct check *k, const struct literal *literal)
{
    struct buffer b = {.c = k->c};
    for (size_t i = 0; i < literal->n_tokens; i++) {
        if (i > 0)
            buffer_char(&b, ' ');
        buffer_add(&b, literal->tokens[i].p, literal->tokens[i].n);
    }
    return clipped(k->c, buffer_slice(&b));
}

/* `f:a,b`, `f:a|b` with words that split there: as clauses that are joined by OR. n 0: it is none such. */
static struct slice listed(const struct check *k, const struct clause *clause)
{
    struct slice text = written(k, clause);
    struct buffer b = {.c = k->c};
    if (!clause->path || (!memchr(text.p, ',', text.n) && !memchr(text.p, '|', text.n)))
        return (struct slice){0};
    /* Who escapes a blank means one value. */
    if (memmem(text.p, text.n, "\\ ", 2))
        return (struct slice){0};
    struct slice field = field_on(k, clause, "");
    buffer_printf(&b, "%.*s:(", SHOW(field));
    for (size_t from = 0, to; from <= text.n; from = to + 1) {
        for (to = from; to < text.n && text.p[to] != ',' && text.p[to] != '|';)
            to += text.p[to] == '\\' ? 2 : 1;
        to = to < text.n ? to : text.n;
        if (to == from)
            return (struct slice){0};
        buffer_text(&b, from ? " OR " : "");
        buffer_add(&b, text.p + from, to - from);
    }
    buffer_char(&b, ')');
    return buffer_slice(&b);
}

/* E103: Elasticsearch takes either word, and that is what is meant; a phrase is not. */
static bool refuse_list(const struct check *k, const struct clause *clause)
{
    struct slice list = listed(k, clause);
    if (list.n == 0)
        return false;
    struct diag *d =
        diag(k->c, E103, clause->value_loc, "a comma or `|` is no operator: values are joined by OR");
    suggest(k->c, d, list, TRY_CHECK);
    fix_clause(k->c, clause, d);
    struct slice phrase = clipped(k->c, quoted(k->c, written(k, clause)));
    d->note = diag_format(k->c, "`%.*s` means the words in a row", SHOW(phrase));
    return true;
}

/* W201: the author may not know that the word is several. */
static void warn_phrase(const struct check *k, const struct clause *clause, const struct literal *literal)
{
    struct slice words = tokens_text(k, literal), whole = clipped(k->c, literal->whole);
    struct diag *d = diag(k->c, W201, clause->value_loc, "`%.*s` is %zu words: read as the phrase \"%.*s\"",
                          SHOW(whole), literal->n_tokens, SHOW(words));
    struct slice phrase = clipped(k->c, quoted(k->c, written(k, clause)));
    if (clause->path) {
        d->note =
            diag_format(k->c, "the rewrite compares the whole value; `%.*s` means the phrase", SHOW(phrase));
        suggest_view(k, clause, d, "keyword");
    } else {
        suggest(k->c, d, quoted(k->c, written(k, clause)), TRY_CHECK);
        fix_clause(k->c, clause, d);
    }
}

/* Whether the field holds an address by its name: sourceIPAddress. Others, such as cidrIp, hold the block itself. */
static bool is_address(const struct path *path)
{
    struct slice last = path->keys[path->n - 1];
    return last.n >= 9 && word_distance((struct slice){last.p + last.n - 9, 9}, SLICE("ipaddress")) == 0;
}

/* W201: `sourceIPAddress:"10.0.0.0/8"`, which no address has in it. */
static void warn_block(const struct check *k, const struct clause *clause)
{
    uint8_t low[16], high[16];
    if (!is_address(clause->path) || !memchr(clause->value.p, '/', clause->value.n) ||
        !address_parse(clause->value, low, high))
        return;
    struct slice block = clipped(k->c, clause->value);
    struct diag *d = diag(k->c, W201, clause->value_loc,
                          "`%.*s` is a block of addresses, read as the phrase of its digits", SHOW(block));
    suggest(k->c, d, diag_format(k->c, "%.*s:\"%.*s\"", SHOW(field_on(k, clause, "ip")), SHOW(clause->value)),
            TRY_CHECK);
    fix_clause(k->c, clause, d);
}

/*
 * A logged number is one token, spelled as in the log, in lower case; a word that is one may split otherwise
 * (`-3` into `3`). As in Elasticsearch it means both.
 */
static void add_spelling(const struct check *k, struct clause *clause, struct slice value)
{
    const struct literal *words = &clause->literals[clause->n_literals - 1];
    if (!number_is_json(value))
        return;
    struct slice lower = slice_copy(k->c, value.p, value.n);
    char *e = memchr(lower.p, 'E', lower.n);
    if (e)
        *e = 'e';
    if (words->n_tokens == 1 && slice_eq(words->tokens[0], lower))
        return;
    struct literal *spelled = add_literal(k, clause, value);
    *PUSH(k->c, spelled->tokens, spelled->n_tokens) = lower;
}

static bool check_text(const struct check *k, struct clause *clause)
{
    struct literal *literal = add_literal(k, clause, clause->value);
    size_t said = k->c->n_diags;
    if (!split(k, literal, clause->value_loc)) {
        struct diag *d = &k->c->diags[said];
        if (d->code != E112)
            suggest_view(k, clause, d, "keyword");
        return false;
    }
    if (clause->kind == CLAUSE_PHRASE && clause->path)
        warn_block(k, clause);
    if (clause->kind == CLAUSE_WORD && literal->n_tokens > 1) {
        if (refuse_list(k, clause))
            return false;
        warn_phrase(k, clause, literal);
    }
    add_spelling(k, clause, clause->value);
    return true;
}

/* ---- numbers and addresses ---------------------------------------------------------------------------- */

static bool read_number(const struct check *k, struct slice value, struct loc loc, struct decimal *out)
{
    enum decimal_status status = decimal_parse(k->c, value, out);
    struct slice shown = clipped(k->c, value);
    if (status == DECIMAL_NO_NUMBER)
        diag(k->c, E112, loc, "`%.*s` is not a number", SHOW(shown));
    else if (status == DECIMAL_TOO_LARGE)
        diag(k->c, E112, loc, "`%.*s` is out of range", SHOW(shown));
    return status == DECIMAL_FINE;
}

static bool read_address(const struct check *k, struct slice value, struct loc loc, uint8_t low[16],
                         uint8_t high[16])
{
    if (address_parse(value, low, high))
        return true;
    struct slice shown = clipped(k->c, value);
    diag(k->c, E112, loc, "`%.*s` is not an address or a CIDR block", SHOW(shown));
    return false;
}

/* One value on a view that compares by value. */
static bool check_point(const struct check *k, struct literal *literal, enum view view, struct loc loc)
{
    return view == VIEW_IP ? read_address(k, literal->whole, loc, literal->low_ip, literal->high_ip)
                           : read_number(k, literal->whole, loc, &literal->number);
}

static bool check_value(const struct check *k, struct clause *clause)
{
    if (clause->view == VIEW_TEXT)
        return check_text(k, clause);
    struct literal *literal = add_literal(k, clause, clause->value);
    if (clause->view == VIEW_KEYWORD || clause->view == VIEW_JSON)
        return true;
    if (!check_point(k, literal, clause->view, clause->value_loc))
        return false;
    clause->numeric = clause->view == VIEW_NUMERIC;
    clause->low = clause->high =
        (struct bound){.inclusive = true, .value = clause->value, .loc = clause->value_loc};
    clause->low_number = clause->high_number = literal->number;
    memcpy(clause->low_ip, literal->low_ip, sizeof clause->low_ip);
    memcpy(clause->high_ip, literal->high_ip, sizeof clause->high_ip);
    return true;
}

/* ---- lists --------------------------------------------------------------------------------------------- */

static const struct list *find_list(const struct check *k, const struct clause *clause)
{
    struct nearest near = {.word = clause->value};
    for (size_t i = 0; i < k->c->pack.n_lists; i++) {
        const struct list *list = &k->c->pack.lists[i];
        if (slice_eq(list->name, clause->value))
            return list;
        nearest_try(&near, list->name);
    }
    if (k->c->headless)
        return NULL;
    struct slice name = clipped(k->c, clause->value);
    struct diag *d = diag(k->c, E112, clause->value_loc, "no list `%.*s` in this pack", SHOW(name));
    if (near.best.n == 0)
        return NULL;
    struct slice best = escaped(k->c, near.best);
    struct slice field =
        clause->path ? field_on(k, clause, clause->view ? view_name(clause->view) : "") : SLICE("");
    suggest(k->c, d, diag_format(k->c, "%.*s%s@%.*s", SHOW(field), field.n ? ":" : "", SHOW(best)),
            TRY_CHECK);
    if (d->rewrite.n)
        d->fix = (struct fix){clause->value_loc, diag_format(k->c, "@%.*s", SHOW(best)), true, false};
    return NULL;
}

static bool check_listed(const struct check *k, struct clause *clause, struct literal *literal,
                         struct loc loc)
{
    struct slice value = literal->whole;
    if (!split(k, literal, loc))
        return false;
    add_spelling(k, clause, value);
    return true;
}

static bool check_list(const struct check *k, struct clause *clause)
{
    const struct list *list = find_list(k, clause);
    if (!list)
        return false;
    if (list->n == 0 && list->broken)
        return false;
    if (list->n == 0) {
        struct slice name = clipped(k->c, list->name);
        diag(k->c, E108, clause->value_loc, "can never match: the list `%.*s` is empty", SHOW(name));
        return false;
    }
    bool fine = true;
    for (size_t i = 0; i < list->n; i++) {
        const struct text *value = &list->values[i];
        struct loc loc = text_loc(value, 0, value->s.n);
        struct literal *literal = add_literal(k, clause, value->s);
        if (clause->view == VIEW_TEXT)
            fine = check_listed(k, clause, literal, loc) && fine;
        else if (clause->view == VIEW_NUMERIC || clause->view == VIEW_IP)
            fine = check_point(k, literal, clause->view, loc) && fine;
    }
    return fine;
}

/* ---- ranges -------------------------------------------------------------------------------------------- */

/* A bound as one writes it between brackets. */
static void add_bound(const struct check *k, struct buffer *b, const struct bound *bound)
{
    bool plain = !bound->quoted && !slice_eq(bound->value, SLICE("*")); /* which would be open */
    for (size_t i = 0; i < bound->value.n; i++)
        plain = plain && !among("]}\"\\", bound->value.p[i]) && !lex_is_space(bound->value.p[i]);
    struct slice s = plain ? bound->value : quoted(k->c, bound->value);
    buffer_add(b, s.p, s.n);
}

static struct slice turned(const struct check *k, const struct clause *clause)
{
    struct buffer b = {.c = k->c};
    struct slice field = field_on(k, clause, clause->view == VIEW_TEXT ? "" : view_name(clause->view));
    buffer_printf(&b, "%.*s:%c", SHOW(field), clause->high.inclusive ? '[' : '{');
    add_bound(k, &b, &clause->high);
    buffer_text(&b, " TO ");
    add_bound(k, &b, &clause->low);
    buffer_char(&b, clause->low.inclusive ? ']' : '}');
    return buffer_slice(&b);
}

/* `order` is that of the bounds. Says E108 when nothing lies between them. */
static bool check_order(const struct check *k, const struct clause *clause, int order)
{
    if (order < 0 || (order == 0 && clause->low.inclusive && clause->high.inclusive))
        return true;
    struct diag *d = diag(k->c, E108, clause->value_loc, "can never match: nothing lies between the bounds");
    if (order > 0)
        suggest(k->c, d, turned(k, clause), TRY_CHECK);
    fix_clause(k->c, clause, d);
    return false;
}

static bool check_numbers(const struct check *k, struct clause *clause)
{
    clause->numeric = true;
    bool low = clause->low.open || read_number(k, clause->low.value, clause->low.loc, &clause->low_number);
    bool high =
        clause->high.open || read_number(k, clause->high.value, clause->high.loc, &clause->high_number);
    if (!low || !high)
        return false;
    return clause->low.open || clause->high.open ||
           check_order(k, clause, decimal_cmp(&clause->low_number, &clause->high_number));
}

/* One end of a range of addresses, made inclusive. */
static bool read_end(const struct check *k, const struct bound *bound, uint8_t end[16], int inwards)
{
    uint8_t low[16], high[16];
    if (bound->open) {
        memset(end, inwards > 0 ? 0x00 : 0xFF, 16);
        return true;
    }
    if (!read_address(k, bound->value, bound->loc, low, high))
        return false;
    if (memcmp(low, high, 16) != 0) {
        diag(k->c, E112, bound->loc, "a block cannot be the bound of a range");
        return false;
    }
    memcpy(end, low, 16);
    if (bound->inclusive || address_step(end, inwards))
        return true;
    diag(k->c, E108, bound->loc, "can never match: no address lies beyond this one");
    return false;
}

static bool check_addresses(const struct check *k, struct clause *clause)
{
    bool low = read_end(k, &clause->low, clause->low_ip, 1);
    bool high = read_end(k, &clause->high, clause->high_ip, -1);
    if (!low || !high)
        return false;
    bool both = !clause->low.open && !clause->high.open;
    if (both && address_is_v4(clause->low_ip) != address_is_v4(clause->high_ip)) {
        diag(k->c, E112, clause->value_loc, "one bound is an IPv4 address, the other an IPv6 address");
        return false;
    }
    return check_order(k, clause, memcmp(clause->low_ip, clause->high_ip, 16) > 0 ? 1 : -1);
}

static bool is_number(const struct check *k, const struct bound *bound)
{
    struct decimal number;
    return bound->open || (!bound->quoted && decimal_parse(k->c, bound->value, &number) != DECIMAL_NO_NUMBER);
}

/* `now-1h`: date math, which would be compared as text. */
static bool is_now(const struct bound *bound)
{
    struct slice s = bound->value;
    return !bound->open && !bound->quoted && s.n >= 3 && memcmp(s.p, "now", 3) == 0 &&
           (s.n == 3 || strchr("+-/|", s.p[3]));
}

static bool refuse_now(const struct check *k, const struct clause *clause)
{
    const struct bound *bound = is_now(&clause->low) ? &clause->low : &clause->high;
    if (!is_now(bound))
        return false;
    struct slice shown = clipped(k->c, bound->value);
    struct diag *d = diag(k->c, E112, bound->loc, "`%.*s` is no time: a filter has no clock", SHOW(shown));
    d->note = SLICE("how far back an alert looks is in its condition: `when: more than 5 in 1h`");
    return true;
}

static bool check_range(const struct check *k, struct clause *clause)
{
    if (!clause->path) {
        diag(k->c, E112, clause->value_loc, "a range needs a field: `field:[low TO high]`");
        return false;
    }
    if (refuse_now(k, clause))
        return false;
    if (clause->view == VIEW_IP)
        return check_addresses(k, clause);
    if (clause->view == VIEW_NUMERIC)
        return check_numbers(k, clause);
    if (clause->low.open && clause->high.open) {
        struct diag *d = diag(k->c, E112, clause->value_loc, "a range without bounds");
        struct slice field = field_on(k, clause, clause->view == VIEW_TEXT ? "" : view_name(clause->view));
        suggest(k->c, d, diag_format(k->c, "%.*s:*", SHOW(field)), TRY_CHECK);
        fix_clause(k->c, clause, d);
        return false;
    }
    if (clause->view == VIEW_TEXT && is_number(k, &clause->low) && is_number(k, &clause->high))
        return check_numbers(k, clause);
    return clause->low.open || clause->high.open ||
           check_order(k, clause, slice_cmp(clause->low.value, clause->high.value));
}

/* ---- patterns -------------------------------------------------------------------------------------------
 */

/* The pattern fits no word, but may fit the whole value. */
static void suggest_whole(const struct check *k, const struct clause *clause, struct diag *d,
                          struct slice pattern)
{
    struct slice field = field_on(k, clause, "keyword");
    bool any = pattern.p[pattern.n - 1] == 'i';
    suggest(k->c, d, diag_format(k->c, "%.*s:%.*s%s", SHOW(field), SHOW(pattern), any ? "" : "i"), TRY_CHECK);
    fix_clause(k->c, clause, d);
    if (d->rewrite.n && !d->note.n)
        d->note = SLICE("no word of the text view is like this; `.keyword` sees the whole value");
}

/* A message on the pattern offers another pattern, or none: the clause is written around it, or moved to
 * .keyword. */
static void complete_rewrite(const struct check *k, const struct clause *clause, struct diag *d)
{
    struct slice pattern = d->rewrite, value = pattern;
    d->rewrite = (struct slice){0};
    if (pattern.n > 0 && clause->path) {
        struct slice field = field_on(k, clause, clause->view == VIEW_TEXT ? "" : view_name(clause->view));
        pattern = diag_format(k->c, "%.*s:%.*s", SHOW(field), SHOW(pattern));
    }
    suggest(k->c, d, pattern, TRY_CHECK);
    /* What a warning offers has the same matches. */
    if (d->rewrite.n)
        d->fix = (struct fix){clause->value_loc, value, true, !code_is_error(d->code)};
    if (d->rewrite.n == 0 && d->code == E108 && clause->view == VIEW_TEXT)
        suggest_view(k, clause, d, "keyword");
    else if (d->rewrite.n == 0 && value.n && clause->path && clause->view == VIEW_TEXT)
        suggest_whole(k, clause, d, value);
}

static bool check_pattern(const struct check *k, struct clause *clause)
{
    enum regex_dialect dialect = clause->view == VIEW_TEXT ? REGEX_TOKEN
                                 : clause->any_case        ? REGEX_KEYWORD_ANY
                                                           : REGEX_KEYWORD;
    size_t said = k->c->n_diags;
    clause->regex = clause->kind == CLAUSE_REGEX
                        ? regex_parse(k->c, k->text, clause->from, clause->to, dialect)
                        : regex_wildcard(k->c, k->text, clause->from, clause->to, dialect);
    for (size_t i = said; i < k->c->n_diags; i++)
        complete_rewrite(k, clause, &k->c->diags[i]);
    return clause->regex != NULL;
}

/* ---- clauses --------------------------------------------------------------------------------------------
 */

static bool fits(enum clause_kind kind, enum view view)
{
    bool by_value = view == VIEW_NUMERIC || view == VIEW_IP;
    return !by_value || (kind != CLAUSE_WILDCARD && kind != CLAUSE_REGEX && kind != CLAUSE_EXISTS);
}

static void say_misfit(const struct check *k, const struct clause *clause)
{
    static const char *const names[] = {
        [CLAUSE_WILDCARD] = "a wildcard",
        [CLAUSE_REGEX] = "a regex",
        [CLAUSE_EXISTS] = "`*`",
    };
    struct slice name = name_of(k, clause);
    bool ip = clause->view == VIEW_IP;
    struct diag *d = diag(k->c, E112, clause->value_loc, "`%.*s.%s` does not take %s", SHOW(name),
                          view_name(clause->view), names[clause->kind]);
    d->note = ip ? SLICE("it takes an address, a CIDR block in quotes, a range or a list of them")
                 : SLICE("it takes a number, a range or a list of numbers");
    if (clause->kind == CLAUSE_EXISTS)
        suggest(k->c, d, diag_format(k->c, "%.*s:*", SHOW(field_on(k, clause, ""))), TRY_CHECK);
    else
        suggest_view(k, clause, d, "keyword");
    fix_clause(k->c, clause, d);
}

static bool check_clause(const struct check *k, struct clause *clause)
{
    if (!fits(clause->kind, clause->view)) {
        say_misfit(k, clause);
        return false;
    }
    switch (clause->kind) {
    case CLAUSE_WORD:
    case CLAUSE_PHRASE: return check_value(k, clause);
    case CLAUSE_WILDCARD:
    case CLAUSE_REGEX: return check_pattern(k, clause);
    case CLAUSE_RANGE: return check_range(k, clause);
    case CLAUSE_LIST: return check_list(k, clause);
    case CLAUSE_EXISTS: return true;
    }
    return false;
}

/* Recursion is bounded by the parser's limit on parentheses. */
static bool check_node(const struct check *k, struct node *node)
{
    if (node->kind == NODE_CLAUSE)
        return check_clause(k, node->clause);
    bool fine = true;
    for (size_t i = 0; i < node->n; i++)
        fine = check_node(k, node->kids[i]) && fine;
    return fine;
}

bool check_filter(struct compile *c, const struct text *text, struct node *tree)
{
    struct check k = {.c = c, .text = text};
    size_t errors = diag_errors(c);
    return check_node(&k, tree) && diag_errors(c) == errors;
}

bool check(struct compile *c)
{
    size_t errors = diag_errors(c);
    for (size_t i = 0; i < c->pack.n_alerts; i++) {
        struct alert *alert = &c->pack.alerts[i];
        size_t said = c->n_diags;
        if (alert->tree)
            check_filter(c, &alert->filter, alert->tree);
        note_quotes(c, &alert->filter, said);
    }
    return diag_errors(c) == errors;
}
