/*
 * implies.c - which predicate follows from which.
 *
 * Needs: predicates. Guarantees: p implies q only if a value that passes p's test passes q's, or is one of
 * the values that q looks at in a wider way; certain for every event, duplicate keys and arrays included.
 */
#include <string.h>

#include "filter/quantity.h"
#include "logic.h"
#include "regex/regex.h"
#include "trail/text.h"

/* ---- one path below another ------------------------------------------------------------------------ */

/* Whether a value at `path` is inside what `_exists_` asks of `above`. */
static bool is_within(const struct path *path, const struct path *above)
{
    if (above->n > path->n)
        return false;
    for (size_t i = 0; i < above->n; i++)
        if (!slice_eq(path->keys[i], above->keys[i]))
            return false;
    return true;
}

/* ---- words ----------------------------------------------------------------------------------------- */

/* Whether the words of `part` stand in a row in those of `whole`. */
static bool in_a_row(const struct literal *part, const struct literal *whole)
{
    for (size_t i = 0; i + part->n_tokens <= whole->n_tokens; i++) {
        size_t k = 0;
        while (k < part->n_tokens && slice_eq(part->tokens[k], whole->tokens[i + k]))
            k++;
        if (k == part->n_tokens)
            return true;
    }
    return false;
}

static bool has_match(struct compile *c, const struct regex *regex, const struct literal *literal)
{
    for (size_t i = 0; i < literal->n_tokens; i++)
        if (regex_match(c, regex, literal->tokens[i]))
            return true;
    return false;
}

struct literal words_of(struct compile *c, struct slice whole)
{
    struct literal words = {.whole = whole};
    if (whole.n == 0 || !((whole.p[0] | 0x20) >= 'a' && (whole.p[0] | 0x20) <= 'z'))
        return words;
    struct trail_tokens walk;
    trail_tokens_start(&walk, whole.p, whole.n);
    while (trail_tokens_next(&walk))
        *PUSH(c, words.tokens, words.n_tokens) = slice_copy(c, walk.p, walk.n);
    return words;
}

/* ---- ranges ---------------------------------------------------------------------------------------- */

/* One side: whether what p lets through, q lets through too. `order` is p's bound against q's, turned so that
 * more is narrower. */
static bool bound_within(const struct bound *p, const struct bound *q, int order)
{
    if (q->open)
        return true;
    return !p->open && (order > 0 || (order == 0 && (q->inclusive || !p->inclusive)));
}

static bool strings_within(const struct pred *p, const struct pred *q)
{
    return bound_within(&p->low, &q->low, slice_cmp(p->low.value, q->low.value)) &&
           bound_within(&p->high, &q->high, slice_cmp(q->high.value, p->high.value));
}

static bool numbers_within(const struct pred *p, const struct pred *q)
{
    return bound_within(&p->low, &q->low, decimal_cmp(&p->low_number, &q->low_number)) &&
           bound_within(&p->high, &q->high, decimal_cmp(&q->high_number, &p->high_number));
}

static bool addresses_within(const struct pred *p, const struct pred *q)
{
    return memcmp(p->low_ip, q->low_ip, 16) >= 0 && memcmp(p->high_ip, q->high_ip, 16) <= 0;
}

/* ---- tests ----------------------------------------------------------------------------------------- */

/* p asks for one whole value. */
static bool equality_implies(struct compile *c, const struct pred *p, const struct pred *q)
{
    struct slice whole = p->literal.whole;
    if (p->view == q->view && q->kind == TEST_EQUALS)
        return slice_eq(whole, q->literal.whole);
    if (p->view == q->view && q->kind == TEST_REGEX)
        return regex_match(c, q->regex, whole);
    if (p->view == q->view && q->kind == TEST_STRING_RANGE) {
        struct bound value = {.inclusive = true, .value = whole};
        struct pred point = {.low = value, .high = value};
        return strings_within(&point, q);
    }
    if (p->view != VIEW_KEYWORD || q->view != VIEW_TEXT)
        return false;
    struct literal words = words_of(c, whole);
    return q->kind == TEST_TOKENS        ? in_a_row(&q->literal, &words)
           : q->kind == TEST_TOKEN_REGEX ? has_match(c, q->regex, &words)
                                         : false;
}

static bool test_implies(struct compile *c, const struct pred *p, const struct pred *q)
{
    if (p->kind == TEST_EQUALS)
        return equality_implies(c, p, q);
    if (p->view != q->view)
        return false;
    if (p->kind == TEST_TOKENS && q->kind == TEST_TOKEN_REGEX)
        return has_match(c, q->regex, &p->literal);
    if (p->kind != q->kind)
        return false;
    switch (p->kind) {
    case TEST_TOKENS: return in_a_row(&q->literal, &p->literal);
    case TEST_TOKEN_REGEX:
    case TEST_REGEX: return slice_eq(regex_canonical(c, p->regex), regex_canonical(c, q->regex));
    case TEST_STRING_RANGE: return strings_within(p, q);
    case TEST_NUMBER_RANGE: return numbers_within(p, q);
    case TEST_IP_RANGE: return addresses_within(p, q);
    case TEST_EXISTS:
    case TEST_EQUALS: break;
    }
    return false;
}

bool implies(struct compile *c, const struct pred *p, const struct pred *q)
{
    if (p == q)
        return true;
    /* JSON text can be there where no value is: [null]. */
    if (q->kind == TEST_EXISTS)
        return p->path && p->view != VIEW_JSON && is_within(p->path, q->path);
    if (p->kind == TEST_EXISTS || (q->path && p->path != q->path))
        return false;
    return test_implies(c, p, q);
}
