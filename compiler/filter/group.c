/*
 * group.c - what the operators of one pair of parentheses mean together.
 *
 * Needs: groups as they are written. Guarantees: nodes, with the field of `f:( … )` handed down, in which
 * every AND and OR is as written and NOT is a node. Says E101, E102, E103, E106: all that Lucene reads, but
 * not as it looks.
 *
 * Lucene has no AND and OR inside; each clause of a group is required, excluded or optional, and once one is
 * required the optional ones decide nothing. `AND` requires its neighbours, `OR` and nothing at all leave
 * them optional.
 */
#include <string.h>
#include <strings.h>

#include "parse.h"

/* A group while it is judged. */
struct judge {
    struct parse *p;
    const struct lexeme *field; /* handed down */
    size_t n;
    struct item *items; /* without the words that were meant as operators */
    size_t from, to;
    size_t n_words; /* of which E106 was said */
    const struct item **words;
    bool nested; /* in parentheses */
};

static bool is_broken(const struct item *item)
{
    return item->value && item->value->kind == LEX_BAD;
}

static enum join joined(const struct item *item)
{
    return item->join == JOIN_NONE && item->sign != SIGN_NONE ? JOIN_AND : item->join;
}

static size_t start_of(const struct item *item)
{
    return item->mark ? item->mark->from : item->operand;
}

/* ---- texts ---------------------------------------------------------------------------------------- */

static void add_operand(const struct judge *j, struct buffer *b, const struct item *item)
{
    struct slice s = spaced(j->p, item->operand, item->to);
    buffer_add(b, s.p, s.n);
}

static void add_item(const struct judge *j, struct buffer *b, const struct item *item)
{
    if (item->sign == SIGN_NOT)
        buffer_text(b, "NOT ");
    add_operand(j, b, item);
}

/* Items [from, to) joined by the operator, in parentheses when they need them beside the other operator. */
static void add_run(const struct judge *j, struct buffer *b, size_t from, size_t to, enum join join,
                    bool inner)
{
    bool parentheses = inner && to - from > 1;
    if (parentheses)
        buffer_char(b, '(');
    for (size_t i = from; i < to; i++) {
        if (i > from)
            buffer_text(b, join == JOIN_AND ? " AND " : " OR ");
        bool negated = j->items[i].sign == SIGN_NOT && (join == JOIN_OR || (inner && to - from == 1));
        bool wrapped = negated && (join == JOIN_OR ? to - from > 1 : true);
        if (wrapped)
            buffer_char(b, '(');
        add_item(j, b, &j->items[i]);
        if (wrapped)
            buffer_char(b, ')');
    }
    if (parentheses)
        buffer_char(b, ')');
}

/* The group as it would be written in its place: in the parentheses that it has there. */
static void open_group(const struct judge *j, struct buffer *b)
{
    if (j->field)
        buffer_printf(b, "%.*s:", SHOW(raw(j->p, j->field->in_from, j->field->in_to)));
    if (j->nested)
        buffer_char(b, '(');
}

/*
 * The group with parentheses, so that `first` binds tighter, and as a filter of its own. A missing operator
 * is read as `missing`.
 */
static struct slice reading(const struct judge *j, enum join first, enum join missing)
{
    struct buffer b = {.c = j->p->c};
    open_group(j, &b);
    enum join other = first == JOIN_AND ? JOIN_OR : JOIN_AND;
    bool mixed = false;
    for (size_t i = 1; i < j->n; i++) {
        enum join join = joined(&j->items[i]);
        mixed = mixed || (join == JOIN_NONE ? missing : join) == other;
    }
    for (size_t from = 0; from < j->n;) {
        size_t to = from + 1;
        for (; to < j->n; to++) {
            enum join join = joined(&j->items[to]);
            if ((join == JOIN_NONE ? missing : join) != first)
                break;
        }
        if (from > 0)
            buffer_text(&b, other == JOIN_AND ? " AND " : " OR ");
        add_run(j, &b, from, to, first, mixed);
        from = to;
    }
    if (j->nested)
        buffer_char(&b, ')');
    return buffer_slice(&b);
}

/* ---- Lucene's reading ------------------------------------------------------------------------------- */

enum occur { OPTIONAL, REQUIRED, EXCLUDED };

static enum occur occur_of(const struct judge *j, size_t i)
{
    const struct item *item = &j->items[i];
    if (item->sign == SIGN_NOT)
        return EXCLUDED;
    bool before = item->join == JOIN_AND, after = i + 1 < j->n && item[1].join == JOIN_AND;
    return item->sign == SIGN_MUST || before || after ? REQUIRED : OPTIONAL;
}

static size_t count(const struct judge *j, enum occur occur)
{
    size_t n = 0;
    for (size_t i = 0; i < j->n; i++)
        n += occur_of(j, i) == occur;
    return n;
}

static void add_all(const struct judge *j, struct buffer *b, enum occur occur, const char *between,
                    const char *before)
{
    for (size_t i = 0, n = 0; i < j->n; i++) {
        if (occur_of(j, i) != occur)
            continue;
        if (n++)
            buffer_text(b, between);
        buffer_text(b, before);
        add_operand(j, b, &j->items[i]);
    }
}

/* What Lucene reads, as a filter. */
static void add_reading(const struct judge *j, struct buffer *b)
{
    size_t required = count(j, REQUIRED), optional = count(j, OPTIONAL), excluded = count(j, EXCLUDED);
    if (required > 0) {
        add_all(j, b, REQUIRED, " AND ", "");
    } else {
        bool parentheses = optional > 1 && excluded > 0;
        buffer_text(b, parentheses ? "(" : "");
        add_all(j, b, OPTIONAL, " OR ", "");
        buffer_text(b, parentheses ? ")" : "");
    }
    if (excluded > 0 && required + optional > 0)
        buffer_text(b, " AND ");
    add_all(j, b, EXCLUDED, " AND ", "NOT ");
}

/* "Lucene reads `b AND c` and drops `a`". */
static struct slice lucene(const struct judge *j)
{
    struct buffer read = {.c = j->p->c}, dropped = {.c = j->p->c};
    add_reading(j, &read);
    if (count(j, REQUIRED) > 0)
        add_all(j, &dropped, OPTIONAL, " ", "");
    struct slice reads = clipped(j->p->c, buffer_slice(&read));
    if (dropped.n == 0)
        return diag_format(j->p->c, "Lucene reads `%.*s`", SHOW(reads));
    struct slice drops = clipped(j->p->c, buffer_slice(&dropped));
    return diag_format(j->p->c, "Lucene reads `%.*s` and drops `%.*s`", SHOW(reads), SHOW(drops));
}

/* ---- operators in lower case --------------------------------------------------------------------------- */

static bool is_word(const struct judge *j, const struct item *item, const char *word)
{
    return !item->field && !item->mark && item->value && item->value->kind == LEX_WORD &&
           item->to - item->operand == strlen(word) &&
           strncasecmp(j->p->s.p + item->operand, word, strlen(word)) == 0;
}

/* Whether the item is a word meant as an operator: and which. */
static bool meant(const struct judge *j, const struct item *items, size_t i, size_t n, enum join *join)
{
    bool left = i > 0 && items[i].join == JOIN_NONE;
    bool right = i + 1 < n && items[i + 1].join == JOIN_NONE;
    *join = is_word(j, &items[i], "and") ? JOIN_AND : is_word(j, &items[i], "or") ? JOIN_OR : JOIN_NONE;
    if (*join != JOIN_NONE)
        return left || right;
    return right && items[i + 1].sign == SIGN_NONE && is_word(j, &items[i], "not");
}

/* Copies the group's items without such words, and with what they mean. Returns where the first message is.
 */
static size_t take_words(struct judge *j, const struct group *group)
{
    size_t said = j->p->c->n_diags;
    j->items = NEW_ARRAY(j->p->c, struct item, group->n);
    enum join pending = JOIN_NONE;
    const struct lexeme *negation = NULL;
    for (size_t i = 0; i < group->n; i++) {
        struct item item = group->items[i];
        enum join join;
        if (meant(j, group->items, i, group->n, &join)) {
            struct slice word = raw(j->p, item.operand, item.to);
            *PUSH(j->p->c, j->words, j->n_words) = &group->items[i];
            say(j->p, E106, item.operand, item.to, "`%.*s` is a word here: operators are written in capitals",
                SHOW(word));
            if (join != JOIN_NONE) {
                pending = join;
            } else {
                pending = pending != JOIN_NONE ? pending : item.join;
                negation = item.value;
            }
            continue;
        }
        if (pending != JOIN_NONE && item.join == JOIN_NONE)
            item.join = pending;
        if (negation && item.sign == SIGN_NONE) {
            item.mark = negation;
            item.sign = SIGN_NOT;
        }
        pending = JOIN_NONE;
        negation = NULL;
        if (j->n == 0)
            item.join = JOIN_NONE;
        j->items[j->n++] = item;
    }
    return said;
}

/* ---- verdicts --------------------------------------------------------------------------------------------
 */

static bool is_plain_word(const struct judge *j, const struct item *item)
{
    return item->value && item->value->kind == LEX_WORD && !item->value->wild &&
           !among("<>@", j->p->s.p[item->value->from]);
}

/* Items [from, to) are a field's word and words with no field, which were meant to be one value. */
static bool is_unquoted(const struct judge *j, size_t from, size_t to)
{
    if (j->field || !j->items[from].field)
        return false;
    for (size_t i = from; i < to; i++)
        if (!is_plain_word(j, &j->items[i]) || (i > from && (j->items[i].field || j->items[i].mark)))
            return false;
    return true;
}

/* Writes those words as the field's one phrase. */
static struct slice in_quotes(const struct judge *j, size_t from, size_t to)
{
    struct buffer words = {.c = j->p->c}, b = {.c = j->p->c};
    for (size_t i = from; i < to; i++) {
        if (i > from)
            buffer_char(&words, ' ');
        const struct lexeme *value = j->items[i].value;
        buffer_add(&words, j->p->s.p + value->from, value->to - value->from);
    }
    const struct lexeme *field = j->items[from].field;
    struct slice phrase = quoted(j->p->c, buffer_slice(&words));
    buffer_printf(&b, "%.*s:%.*s", SHOW(raw(j->p, field->in_from, field->in_to)), SHOW(phrase));
    return buffer_slice(&b);
}

static struct slice with_quotes(const struct judge *j, size_t from, size_t to)
{
    struct buffer b = {.c = j->p->c};
    open_group(j, &b);
    for (size_t i = 0; i < j->n; i = i == from ? to : i + 1) {
        if (i > 0)
            buffer_text(&b, joined(&j->items[i]) == JOIN_OR ? " OR " : " AND ");
        if (i != from) {
            add_item(j, &b, &j->items[i]);
            continue;
        }
        if (j->items[i].sign == SIGN_NOT)
            buffer_text(&b, "NOT ");
        struct slice clause = in_quotes(j, from, to);
        buffer_add(&b, clause.p, clause.n);
    }
    if (j->nested)
        buffer_char(&b, ')');
    return buffer_slice(&b);
}

static bool has_join(const struct judge *j, enum join join)
{
    for (size_t i = 1; i < j->n; i++)
        if (joined(&j->items[i]) == join)
            return true;
    return false;
}

/* The first run of items with nothing between them, after the one before it; false when there is none. */
static bool find_missing(const struct judge *j, size_t *from, size_t *to)
{
    for (size_t i = 1; i < j->n; i++) {
        if (joined(&j->items[i]) != JOIN_NONE || is_broken(&j->items[i]) || is_broken(&j->items[i - 1]))
            continue;
        *from = i - 1;
        for (*to = i + 1; *to < j->n && joined(&j->items[*to]) == JOIN_NONE;)
            ++*to;
        return true;
    }
    return false;
}

/* The group rewritten: what stands between its parentheses becomes what stands between those of the rewrite. */
static void suggest_group(const struct judge *j, struct diag *d, struct slice rewrite)
{
    suggest(j->p->c, d, rewrite, TRY_PARSE);
    struct buffer opened = {.c = j->p->c};
    open_group(j, &opened);
    struct slice inner = {rewrite.p + opened.n, rewrite.n - opened.n - j->nested};
    if (d->rewrite.n)
        diag_fix(d, j->p->text, j->from, j->to, inner, false);
}

/* The word in capitals. */
static void fix_word(const struct judge *j, struct diag *d, const struct item *item)
{
    struct slice word = slice_copy(j->p->c, j->p->s.p + item->operand, item->to - item->operand);
    for (size_t i = 0; i < word.n; i++)
        ((char *)word.p)[i] &= (char)~0x20;
    diag_fix(d, j->p->text, item->operand, item->to, word, true);
}

static void suggest_capitals(struct judge *j, size_t said)
{
    struct parse *p = j->p;
    size_t end = p->c->n_diags;
    size_t from, to;
    if (said == end || j->n == 0 || find_missing(j, &from, &to))
        return;
    struct slice better = reading(j, JOIN_AND, JOIN_AND);
    for (size_t i = said; i < end; i++) {
        p->c->diags[i].note = SLICE("Lucene looks for the word, in every field");
        if (j->field)
            p->c->diags[i].note = SLICE("Lucene looks for the word, in this field");
        suggest(p->c, &p->c->diags[i], better, TRY_PARSE);
        fix_word(j, &p->c->diags[i], j->words[i - said]);
    }
}

static void say_missing(struct judge *j, size_t from, size_t to)
{
    struct compile *c = j->p->c;
    bool ands = has_join(j, JOIN_AND), ors = has_join(j, JOIN_OR), signs = false;
    for (size_t i = 0; i < j->n; i++)
        signs = signs || j->items[i].sign != SIGN_NONE;
    struct diag *d = say(j->p, E103, start_of(&j->items[from]), j->items[to - 1].to,
                         "no operator between clauses: write AND, OR or quotes");
    d->note = lucene(j);
    if (is_unquoted(j, from, to)) {
        struct slice words = spaced(j->p, j->items[from + 1].operand, j->items[to - 1].to);
        d->note = diag_format(c, "Lucene looks for `%.*s` in every field", SHOW(clipped(c, words)));
        suggest_group(j, d, with_quotes(j, from, to));
        if (d->rewrite.n == 0) /* something else is wrong beside it */
            suggest_for(j->p, d, in_quotes(j, from, to), TRY_PARSE, j->items[from].operand,
                        j->items[to - 1].to);
        if (d->rewrite.n)
            return;
    }
    enum join missing = signs || (ands && !ors) ? JOIN_AND : JOIN_OR;
    suggest_group(j, d, reading(j, JOIN_AND, missing));
}

/* `+a b`: Lucene makes b optional. */
static bool refuse_optional(struct judge *j)
{
    size_t first = j->n;
    bool must = false;
    for (size_t i = 0; i < j->n; i++) {
        must = must || j->items[i].sign == SIGN_MUST;
        if (first == j->n && occur_of(j, i) == OPTIONAL)
            first = i;
    }
    if (!must || first == j->n)
        return false;
    struct diag *d = say(j->p, E103, j->items[first].operand, j->items[first].to,
                         "a clause without `+` beside one with it: write AND or OR");
    d->note = lucene(j);
    suggest_group(j, d, reading(j, JOIN_AND, JOIN_AND));
    return true;
}

static void say_mixed(struct judge *j)
{
    struct compile *c = j->p->c;
    bool written = false;
    for (size_t i = 1; i < j->n; i++)
        written = written || j->items[i].join == JOIN_AND;
    /* `a OR b NOT c` has a reading in Lucene, and it is the second one. */
    enum join first = written ? JOIN_AND : JOIN_OR;
    struct slice better = reading(j, first, JOIN_OR);
    struct slice other = reading(j, first == JOIN_AND ? JOIN_OR : JOIN_AND, JOIN_OR);
    struct diag *d = say(j->p, E101, j->from, j->to, "AND and OR mixed without parentheses");
    suggest_group(j, d, better);
    if (d->rewrite.n == 0)
        return; /* something inside is broken: there are no readings yet */
    struct slice reads = lucene(j);
    d->note = diag_format(c, "or `%.*s`; %.*s", SHOW(other), SHOW(reads));
}

/* `+` beside OR: Lucene requires the one and drops the other. */
static bool refuse_must_or(struct judge *j)
{
    const struct item *must = NULL;
    for (size_t i = 0; i < j->n && !must; i++)
        must = j->items[i].sign == SIGN_MUST ? &j->items[i] : NULL;
    if (!must)
        return false;
    struct diag *d = say(j->p, E101, must->mark->from, must->to, "`+` (must) beside OR");
    d->note = lucene(j);
    suggest_group(j, d, reading(j, JOIN_OR, JOIN_OR));
    return true;
}

static void refuse_negated_or(struct judge *j)
{
    const struct item *negated = NULL;
    for (size_t i = 0; i < j->n && !negated; i++)
        negated = j->items[i].sign == SIGN_NOT ? &j->items[i] : NULL;
    if (!negated)
        return;
    struct diag *d =
        say(j->p, E102, start_of(negated), negated->to, "OR with NOT: put the negation in parentheses");
    struct buffer other = {.c = j->p->c};
    open_group(j, &other);
    add_reading(j, &other);
    d->note = diag_format(j->p->c, "or `%.*s%s`, which is what Lucene reads", SHOW(buffer_slice(&other)),
                          j->nested ? ")" : "");
    suggest_group(j, d, reading(j, JOIN_OR, JOIN_OR));
}

/* At most one message on the operators of a group. */
static void judge_operators(struct judge *j)
{
    size_t from, to;
    bool ands = has_join(j, JOIN_AND), ors = has_join(j, JOIN_OR);
    if (find_missing(j, &from, &to))
        say_missing(j, from, to);
    else if (ands && ors)
        say_mixed(j);
    else if (ors && !refuse_must_or(j))
        refuse_negated_or(j);
    else if (!ors)
        refuse_optional(j);
}

/* ---- nodes ------------------------------------------------------------------------------------------------
 */

static struct node *item_node(struct judge *j, const struct item *item)
{
    const struct lexeme *field = item->field ? item->field : j->field;
    struct node *node =
        item->group ? group_node(j->p, item->group, field) : clause_node(j->p, field, item->value);
    if (item->sign != SIGN_NOT || !node)
        return node;
    struct node *negation = NEW(j->p->c, struct node);
    negation->kind = NODE_NOT;
    negation->loc = text_loc(j->p->text, start_of(item), item->to);
    *PUSH(j->p->c, negation->kids, negation->n) = node;
    return negation;
}

struct node *group_node(struct parse *p, const struct group *group, const struct lexeme *field)
{
    struct judge j = {.p = p, .field = field, .nested = group != p->root};
    j.from = start_of(&group->items[0]);
    j.to = group->items[group->n - 1].to;
    size_t said = take_words(&j, group);
    suggest_capitals(&j, said);
    judge_operators(&j);

    struct node *node = NEW(p->c, struct node);
    node->kind = has_join(&j, JOIN_OR) ? NODE_OR : NODE_AND;
    node->loc = text_loc(p->text, j.from, j.to);
    for (size_t i = 0; i < j.n; i++) {
        struct node *kid = item_node(&j, &j.items[i]);
        if (kid)
            *PUSH(p->c, node->kids, node->n) = kid;
    }
    return node->n == 1 ? node->kids[0] : node;
}
