/*
 * token.c - the language of tokens.
 *
 * The text view's segments as text.re has them, built of the same classes: so a regex that no token is in can
 * be refused. Lower-casing leaves every code point in its class, so the language is the same before and after
 * it; the limit on a token's length is left out.
 */
#include <string.h>

#include "trail/text.h"
#include "tree.h"

struct token_row {
    uint32_t first, last;
    char symbol;
};

#include "token_table.h"

enum { N_ROWS = sizeof token_rows / sizeof *token_rows };

static const struct tree *set(struct compile *c, const struct charset *chars)
{
    return tree_set(c, chars, 0, 0);
}

static const struct tree *class_of(struct compile *c, const char *symbols)
{
    struct charset_builder b = {.c = c};
    for (size_t i = 0; i < N_ROWS; i++)
        if (strchr(symbols, token_rows[i].symbol))
            charset_add(&b, token_rows[i].first, token_rows[i].last);
    return set(c, charset_build(&b));
}

static const struct tree *star(struct compile *c, const struct tree *t)
{
    return tree_repeat(c, t, 0, UNBOUNDED, 0, 0);
}

static const struct tree *plus(struct compile *c, const struct tree *t)
{
    return tree_repeat(c, t, 1, UNBOUNDED, 0, 0);
}

static const struct tree *maybe(struct compile *c, const struct tree *t)
{
    return tree_repeat(c, t, 0, 1, 0, 0);
}

/* Lists of trees that end with NULL. */
static const struct tree *list(struct compile *c, bool alternatives, const struct tree *const *items)
{
    const struct tree **kids = NULL;
    size_t n = 0;
    for (; *items; items++)
        *PUSH(c, kids, n) = *items;
    return alternatives ? tree_alt(c, n, kids, 0, 0) : tree_cat(c, n, kids, 0, 0);
}

#define CAT(...) list(c, false, (const struct tree *const[]){__VA_ARGS__, NULL})
#define ALT(...) list(c, true, (const struct tree *const[]){__VA_ARGS__, NULL})

/* Runs of letters and digits, with connectors and middle characters. */
static const struct tree *words(struct compile *c)
{
    const struct tree *x = star(c, class_of(c, TOKEN_EXTENDER));
    const struct tree *hebrew = CAT(class_of(c, TOKEN_HEBREW), x);
    const struct tree *digits = plus(c, CAT(class_of(c, TOKEN_NUMBER), x));
    const struct tree *letters = plus(c, CAT(class_of(c, TOKEN_LETTER), x));
    const struct tree *figure = CAT(digits, star(c, CAT(class_of(c, TOKEN_MID_NUMBER), x, digits)));
    const struct tree *name = CAT(letters, star(c, CAT(class_of(c, TOKEN_MID_LETTER), x, letters)));
    const struct tree *geresh = CAT(hebrew, class_of(c, TOKEN_SINGLE_QUOTE), x);
    const struct tree *acronym = CAT(hebrew, class_of(c, TOKEN_DOUBLE_QUOTE), x, hebrew);
    const struct tree *run =
        ALT(plus(c, ALT(figure, name, geresh, acronym)), plus(c, CAT(class_of(c, TOKEN_KATAKANA), x)));
    const struct tree *join = plus(c, CAT(class_of(c, TOKEN_CONNECTOR), x));
    return CAT(maybe(c, join), run, star(c, CAT(join, run)), maybe(c, join));
}

static const struct tree *pictographs(struct compile *c)
{
    const struct tree *x = star(c, class_of(c, TOKEN_EXTENDER));
    const struct tree *xs = star(c, class_of(c, TOKEN_EXTENDER_BUT_SELECTOR));
    const struct tree *selector = maybe(c, class_of(c, TOKEN_EMOJI_SELECTOR));
    const struct tree *joiner = class_of(c, TOKEN_JOINER), *joiners = star(c, joiner);
    const struct tree *modified =
        CAT(maybe(c, CAT(joiners, class_of(c, TOKEN_EMOJI_BASE), xs)), class_of(c, TOKEN_EMOJI_MODIFIER), xs);
    const struct tree *base = ALT(CAT(joiners, class_of(c, TOKEN_EMOJI), xs, selector), modified);
    const struct tree *tags = CAT(plus(c, class_of(c, TOKEN_TAG)), class_of(c, TOKEN_TAG_END));
    const struct tree *capped = CAT(class_of(c, TOKEN_KEY), xs, selector, class_of(c, TOKEN_KEY_CAP), xs);
    const struct tree *flag = CAT(class_of(c, TOKEN_FLAG), x);
    return ALT(CAT(base, ALT(star(c, CAT(joiner, base)), tags)), capped, CAT(flag, flag));
}

const struct tree *token_language(struct compile *c)
{
    const struct tree *x = star(c, class_of(c, TOKEN_EXTENDER));
    const struct tree *ideograph = CAT(ALT(class_of(c, TOKEN_HAN), class_of(c, TOKEN_HIRAGANA)), x);
    return ALT(words(c), pictographs(c), plus(c, CAT(class_of(c, TOKEN_COMPLEX_CONTEXT), x)), ideograph);
}

bool token_has(uint32_t symbol)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (symbol >= token_rows[i].first && symbol <= token_rows[i].last)
            return trail_lower(symbol) == symbol;
    return false;
}
