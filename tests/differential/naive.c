/*
 * naive.c - verdicts: a filter's tree is walked, each clause asks every value of the event.
 */
#include "naive.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unistr.h>

#include "naive_pattern.h"

/* A value that a clause names: a word, a phrase, an entry of a list. */
struct literal_text {
    char *text;
    struct naive_words words;
};

struct naive {
    enum node_kind kind;
    size_t n;
    struct naive **kids;
    /* NODE_CLAUSE */
    const struct clause *clause;
    char *path; /* as in naive_value; NULL: every value */
    size_t n_literals;
    struct literal_text *literals;
    char *low, *high; /* bounds; NULL: open */
    struct naive_pattern *pattern;
};

static void *zeroed(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);
    if (!p)
        abort();
    return p;
}

static char *text_of(struct slice s)
{
    char *text = zeroed(s.n + 1, 1);
    if (s.n)
        memcpy(text, s.p, s.n);
    return text;
}

/* ---- preparing -------------------------------------------------------------------------------- */

static void add_literal(struct naive *f, struct slice s)
{
    f->literals = realloc(f->literals, (f->n_literals + 1) * sizeof *f->literals);
    if (!f->literals)
        abort();
    f->literals[f->n_literals++] = (struct literal_text){text_of(s), naive_words_of(s.p, s.n)};
}

static void add_list(struct naive *f, const struct compile *c, struct slice name)
{
    for (size_t i = 0; i < c->pack.n_lists; i++)
        if (slice_eq(c->pack.lists[i].name, name))
            for (size_t k = 0; k < c->pack.lists[i].n; k++)
                add_literal(f, c->pack.lists[i].values[k].s);
}

static void prepare_clause(struct naive *f, const struct compile *c, const struct text *text)
{
    const struct clause *clause = f->clause;
    struct slice source = {text->s.p + clause->from, clause->to - clause->from};
    bool any_case = clause->view == VIEW_TEXT || clause->any_case;
    if (clause->path) {
        f->path = zeroed(clause->path->name.n + 2, 1);
        f->path[0] = '.';
        memcpy(f->path + 1, clause->path->name.p, clause->path->name.n);
    }
    switch (clause->kind) {
    case CLAUSE_WORD:
    case CLAUSE_PHRASE: add_literal(f, clause->value); break;
    case CLAUSE_LIST: add_list(f, c, clause->value); break;
    case CLAUSE_WILDCARD: f->pattern = naive_wildcard(source, any_case); break;
    case CLAUSE_REGEX: f->pattern = naive_regex(source, any_case, clause->view == VIEW_TEXT); break;
    case CLAUSE_RANGE:
        f->low = clause->low.open ? NULL : text_of(clause->low.value);
        f->high = clause->high.open ? NULL : text_of(clause->high.value);
        break;
    case CLAUSE_EXISTS: break;
    }
}

struct naive *naive_new(const struct compile *c, const struct text *text, const struct node *node)
{
    struct naive *f = zeroed(1, sizeof *f);
    f->kind = node->kind;
    f->n = node->n;
    f->kids = zeroed(node->n, sizeof *f->kids);
    for (size_t i = 0; i < node->n; i++)
        f->kids[i] = naive_new(c, text, node->kids[i]);
    f->clause = node->clause;
    if (node->kind == NODE_CLAUSE)
        prepare_clause(f, c, text);
    return f;
}

void naive_free(struct naive *f)
{
    for (size_t i = 0; i < f->n; i++)
        naive_free(f->kids[i]);
    for (size_t i = 0; i < f->n_literals; i++) {
        free(f->literals[i].text);
        naive_words_free(&f->literals[i].words);
    }
    naive_pattern_free(f->pattern);
    free(f->literals);
    free(f->kids);
    free(f->path);
    free(f->low);
    free(f->high);
    free(f);
}

/* ---- numbers ---------------------------------------------------------------------------------- */

/* Digits without leading and trailing zeros, and the power of ten of the first. */
struct number {
    bool negative;
    char *digits;
    long long power;
};

static const char *pass_digits(const char *p)
{
    return p + strspn(p, "0123456789");
}

bool naive_is_number(const char *p)
{
    p += *p == '+' || *p == '-';
    const char *to = pass_digits(p);
    if (to == p)
        return false;
    if (*to == '.') {
        p = to + 1;
        to = pass_digits(p);
        if (to == p)
            return false;
    }
    if (*to == 'e' || *to == 'E') {
        p = to + 1;
        p += *p == '+' || *p == '-';
        to = pass_digits(p);
        if (to == p)
            return false;
    }
    return *to == '\0';
}

static struct number number_of(const char *p)
{
    struct number n = {.negative = *p == '-', .digits = zeroed(strlen(p) + 1, 1)};
    const char *mantissa_end = p + strcspn(p, "eE");
    const char *point = memchr(p, '.', (size_t)(mantissa_end - p));
    long long whole = (point ? point : mantissa_end) - p - (*p == '-' || *p == '+');
    size_t used = 0;
    long long position = 0; /* of the digit, from the left */
    for (; p < mantissa_end; p++) {
        if (*p < '0' || *p > '9')
            continue;
        if (used || *p != '0') {
            if (!used)
                n.power = whole - 1 - position;
            n.digits[used++] = *p;
        }
        position++;
    }
    while (used && n.digits[used - 1] == '0')
        n.digits[--used] = '\0';
    if (*mantissa_end) {
        long long e = strtoll(mantissa_end + 1, NULL, 10), limit = 1LL << 60; /* strtoll saturates */
        n.power += e > limit ? limit : e < -limit ? -limit : e;
    }
    if (!used)
        n.power = n.negative = 0;
    return n;
}

int naive_compare_numbers(const char *a, const char *b)
{
    struct number x = number_of(a), y = number_of(b);
    int sign, size;
    bool x_zero = !x.digits[0], y_zero = !y.digits[0];
    if (x.power != y.power && !x_zero && !y_zero)
        size = x.power < y.power ? -1 : 1;
    else
        size = strcmp(x.digits, y.digits);
    if (x.negative != y.negative)
        sign = x.negative ? -1 : 1;
    else
        sign = x.negative ? -size : size;
    free(x.digits);
    free(y.digits);
    return (sign > 0) - (sign < 0);
}

/* ---- addresses -------------------------------------------------------------------------------- */

struct address {
    unsigned char bytes[16];
};

static bool address_of(const char *text, struct address *out)
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (inet_pton(AF_INET6, text, out->bytes) == 1)
        return true;
    memcpy(out->bytes, mapped, sizeof mapped);
    return inet_pton(AF_INET, text, out->bytes + 12) == 1;
}

static int compare_addresses(const struct address *a, const struct address *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

/* An address or a block: whether the first `bits` bits are the same. */
static bool in_block(const char *block, const struct address *a)
{
    char *network = text_of(slice_of(block)), *slash = strchr(network, '/');
    struct address other;
    if (slash)
        *slash = '\0';
    bool good = address_of(network, &other);
    int bits = slash ? atoi(slash + 1) : 128;
    if (slash && !strchr(network, ':'))
        bits += 96;
    for (int i = 0; good && i < bits; i++)
        good = ((a->bytes[i / 8] ^ other.bytes[i / 8]) >> (7 - i % 8) & 1) == 0;
    free(network);
    return good;
}

/* ---- a clause and a value --------------------------------------------------------------------- */

static bool is_leaf(const struct naive_value *v)
{
    return v->kind == NAIVE_STRING || v->kind == NAIVE_SCALAR;
}

/* Whether words stand in a row in others. */
static bool in_a_row(const struct naive_words *row, const struct naive_words *words)
{
    for (size_t from = 0; from + row->n <= words->n; from++) {
        size_t i = 0;
        while (i < row->n && strcmp(row->list[i], words->list[from + i]) == 0)
            i++;
        if (i == row->n)
            return row->n > 0;
    }
    return false;
}

/* A number, true or false is one word, however it is spelled: `\-5` is not the word 5 there. */
static bool literal_is_word(const struct literal_text *l, const struct naive_value *v)
{
    if (v->kind == NAIVE_SCALAR && strcasecmp(l->text, v->text) == 0)
        return true;
    return in_a_row(&l->words, &v->words);
}

static bool literal_holds(const struct naive *f, const struct literal_text *l, const struct naive_value *v,
                          const char *whole)
{
    struct address a;
    switch (f->clause->view) {
    case VIEW_TEXT: return literal_is_word(l, v);
    case VIEW_KEYWORD:
    case VIEW_JSON: return strcmp(l->text, whole) == 0;
    case VIEW_NUMERIC: return naive_is_number(whole) && naive_compare_numbers(whole, l->text) == 0;
    case VIEW_IP: return address_of(whole, &a) && in_block(l->text, &a);
    }
    return false;
}

/* `order` is negative, zero or positive for a value below, at, above the bound. */
static bool above(const struct bound *bound, int order)
{
    return bound->open || order > 0 || (order == 0 && bound->inclusive);
}

static bool is_numeric_bound(const struct bound *bound, const char *text)
{
    return bound->open || (!bound->quoted && naive_is_number(text));
}

static bool range_holds(const struct naive *f, const char *whole)
{
    const struct clause *c = f->clause;
    struct address a, low, high;
    bool numeric =
        is_numeric_bound(&c->low, f->low) && is_numeric_bound(&c->high, f->high) && (f->low || f->high);
    if (c->view == VIEW_IP)
        return address_of(whole, &a) &&
               above(&c->low, f->low && address_of(f->low, &low) ? compare_addresses(&a, &low) : 0) &&
               above(&c->high, f->high && address_of(f->high, &high) ? compare_addresses(&high, &a) : 0);
    if (c->view == VIEW_NUMERIC || (c->view == VIEW_TEXT && numeric))
        return naive_is_number(whole) && above(&c->low, f->low ? naive_compare_numbers(whole, f->low) : 0) &&
               above(&c->high, f->high ? naive_compare_numbers(f->high, whole) : 0);
    return above(&c->low, f->low ? strcmp(whole, f->low) : 0) &&
           above(&c->high, f->high ? strcmp(f->high, whole) : 0);
}

static bool pattern_holds(const struct naive *f, const struct naive_value *v, const char *whole)
{
    if (f->clause->view != VIEW_TEXT)
        return naive_pattern_matches(f->pattern, whole);
    for (size_t i = 0; i < v->words.n; i++)
        if (naive_pattern_matches(f->pattern, v->words.list[i]))
            return true;
    return false;
}

/* `whole` is the value as the clause's view sees it. */
static bool value_holds(const struct naive *f, const struct naive_value *v, const char *whole)
{
    switch (f->clause->kind) {
    case CLAUSE_WORD:
    case CLAUSE_PHRASE:
    case CLAUSE_LIST:
        for (size_t i = 0; i < f->n_literals; i++)
            if (literal_holds(f, &f->literals[i], v, whole))
                return true;
        return false;
    case CLAUSE_WILDCARD:
    case CLAUSE_REGEX: return pattern_holds(f, v, whole);
    case CLAUSE_RANGE: return range_holds(f, whole);
    case CLAUSE_EXISTS: break;
    }
    return true;
}

/* ---- a clause and an event -------------------------------------------------------------------- */

/* {}, [] and null are absent. */
static bool is_absent(const struct naive_value *v)
{
    if (v->kind == NAIVE_NULL)
        return true;
    if (is_leaf(v))
        return false;
    size_t i = 1;
    while (strchr(" \t\r\n", v->json.p[i]))
        i++;
    return i + 1 == v->json.n;
}

static bool json_holds(const struct naive *f, const struct naive_value *v)
{
    char *text = text_of(v->json);
    bool holds = !is_absent(v) && value_holds(f, v, text);
    free(text);
    return holds;
}

static bool is_below(const char *path, const char *top)
{
    size_t n = strlen(top);
    return strncmp(path, top, n) == 0 && (path[n] == '\0' || path[n] == '.');
}

static bool clause_holds(const struct naive *f, const struct naive_event *e)
{
    for (size_t i = 0; i < e->n; i++) {
        const struct naive_value *v = &e->values[i];
        if (f->clause->kind == CLAUSE_EXISTS) {
            if (is_leaf(v) && is_below(v->path, f->path))
                return true;
        } else if (!f->path || strcmp(f->path, v->path) == 0) {
            if (f->clause->view == VIEW_JSON ? json_holds(f, v) : is_leaf(v) && value_holds(f, v, v->text))
                return true;
        }
    }
    return false;
}

bool naive_match(const struct naive *f, const struct naive_event *e)
{
    switch (f->kind) {
    case NODE_ALL: return true;
    case NODE_NOT: return !naive_match(f->kids[0], e);
    case NODE_CLAUSE: return clause_holds(f, e);
    case NODE_AND:
        for (size_t i = 0; i < f->n; i++)
            if (!naive_match(f->kids[i], e))
                return false;
        return true;
    case NODE_OR:
        for (size_t i = 0; i < f->n; i++)
            if (naive_match(f->kids[i], e))
                return true;
        return false;
    }
    return false;
}
