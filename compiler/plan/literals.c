/*
 * literals.c - strings one of which is in every text that passes a predicate.
 *
 * Of a regex they are read off its tree, from the leaves up: a part that stands for few strings is known whole
 * (`all`), parts in a row are joined while they are few, and where that ends the rarest strings that were met so far
 * are kept (`best`). `(Create|Delete)(User|Role).*admin` is known by `admin`, or by four strings, whichever is rarer.
 */
#include "literals.h"

#include <ctype.h>
#include <string.h>

#include "regex/tree.h"
#include "trail/text.h"

enum {
    MAX_STRINGS = 16, /* so many, or none */
    MAX_LENGTH = 48,  /* longer ones are rare enough */
    MAX_OF_A_SET = 4
};

/* ---- rarity ---------------------------------------------------------------------------------------- */

/* Counted in generated CloudTrail (tests/day): bits by which a byte is told from others. */
static unsigned bits_of(unsigned char ch)
{
    static const char *const by_bits[] = {
        [3] = "\"",          [4] = "eastnr", [5] = ":iocdm1,lu", [6] = "2-p04365vgbyfw897.",
        [7] = " hkz\\x/{}q", [8] = "j",      [9] = "_+",
    };
    for (unsigned bits = 3; bits < sizeof by_bits / sizeof *by_bits; bits++)
        if (ch && strchr(by_bits[bits], ch))
            return bits;
    return 10;
}

/* What nearly every record has in some place. */
static const char common[] =
    "arn:aws:iam:: arn:aws:sts:: arn:aws:s3::: arn:aws:kms: :assumed-role/aws :role/aws-service-role/ :user/ "
    ".amazonaws.com eu-central-1: us-east-1: eu-west-1: :us-west-2: mozilla/5.0 aws-cli/ aws-sdk- "
    "aws-internal/ console. 123456789012: policy/ root true false https://";

static unsigned window_rarity(const char *p, size_t n)
{
    if (n > 1 && memmem(common, sizeof common - 1, p, n))
        return 1;
    unsigned bits = 0;
    for (size_t i = 0; i < n; i++)
        bits += bits_of((unsigned char)p[i]);
    return bits;
}

size_t literal_rarest(struct slice s, size_t n)
{
    size_t best = 0;
    unsigned most = 0;
    for (size_t at = 0; at + n <= s.n; at++) {
        unsigned bits = window_rarity(s.p + at, n);
        if (bits > most) {
            most = bits;
            best = at;
        }
    }
    return best;
}

unsigned literal_rarity(struct slice s)
{
    enum { WINDOW = 6 }; /* what is rarer than six bytes is rare enough */
    size_t n = s.n < WINDOW ? s.n : WINDOW;
    return n ? window_rarity(s.p + literal_rarest(s, n), n) : 0;
}

/* ---- sets of strings --------------------------------------------------------------------------------- */

struct strings {
    size_t n;
    struct slice *list;
};

struct finder {
    struct compile *c;
    bool ascii; /* symbols beyond ASCII were left out */
};

/* What is known of a part of a regex. */
struct found {
    bool exact;          /* `all` is its language */
    struct strings all;  /* not empty when exact */
    struct strings best; /* one of these is in each string of it; n 0: nothing is known */
};

static bool has(const struct strings *set, struct slice s)
{
    for (size_t i = 0; i < set->n; i++)
        if (slice_eq(set->list[i], s))
            return true;
    return false;
}

static void add(struct finder *f, struct strings *set, struct slice s)
{
    if (!has(set, s))
        *PUSH(f->c, set->list, set->n) = s;
}

/* The weakest of them; 0 when one is empty, or there is none. */
static unsigned rarity(const struct strings *set)
{
    unsigned least = 0;
    for (size_t i = 0; i < set->n; i++) {
        unsigned bits = literal_rarity(set->list[i]);
        if (bits == 0)
            return 0;
        least = i == 0 || bits < least ? bits : least;
    }
    return least;
}

/* `best` becomes the rarer of the two; of equal ones the fewer. */
static void consider(struct strings *best, const struct strings *set)
{
    unsigned bits = rarity(set), now = rarity(best);
    if (bits > now || (bits == now && bits && set->n < best->n))
        *best = *set;
}

static struct strings only_empty(struct finder *f)
{
    struct strings set = {0};
    add(f, &set, SLICE(""));
    return set;
}

/* Each of a before each of b; false: too many, or too long. */
static bool join(struct finder *f, struct strings *a, const struct strings *b)
{
    struct strings joined = {0};
    if (a->n * b->n > MAX_STRINGS)
        return false;
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++) {
            struct buffer text = {.c = f->c};
            buffer_add(&text, a->list[i].p, a->list[i].n);
            buffer_add(&text, b->list[k].p, b->list[k].n);
            if (text.n > MAX_LENGTH)
                return false;
            add(f, &joined, buffer_slice(&text));
        }
    *a = joined;
    return true;
}

/* ---- regexes ----------------------------------------------------------------------------------------- */

static struct found find(struct finder *, const struct tree *);

static struct slice symbol_bytes(struct finder *f, uint32_t symbol)
{
    char bytes[4];
    size_t n = 1;
    if (symbol >= FIRST_BROKEN && symbol <= LAST_BROKEN)
        bytes[0] = (char)(symbol - FIRST_BROKEN + 0x80);
    else if (symbol < 0x80)
        bytes[0] = (char)tolower((int)symbol);
    else
        n = trail_encode(bytes, symbol);
    return slice_copy(f->c, bytes, n);
}

static struct found find_set(struct finder *f, const struct charset *set)
{
    struct found found = {.exact = true};
    bool beyond = false;
    for (size_t i = 0; i < set->n && found.exact; i++) {
        beyond = beyond || set->ranges[i].last >= 0x80;
        for (uint32_t s = set->ranges[i].first; s <= set->ranges[i].last && s < 0x80 && found.exact; s++) {
            add(f, &found.all, symbol_bytes(f, s));
            found.exact = found.all.n <= MAX_OF_A_SET;
        }
    }
    if (!found.exact)
        return found;
    if (found.all.n) {
        f->ascii = f->ascii || beyond;
        return found;
    }
    found.exact = set->n == 1 && set->ranges[0].first == set->ranges[0].last;
    if (found.exact)
        add(f, &found.all, symbol_bytes(f, set->ranges[0].first));
    return found;
}

static struct found find_cat(struct finder *f, const struct tree *t)
{
    struct found found = {.exact = true};
    struct strings run = only_empty(f);
    for (size_t i = 0; i < t->n; i++) {
        struct found kid = find(f, t->kids[i]);
        if (kid.exact && join(f, &run, &kid.all))
            continue;
        found.exact = false;
        consider(&found.best, &run);
        consider(&found.best, &kid.best);
        run = kid.exact ? kid.all : only_empty(f);
    }
    consider(&found.best, &run);
    found.all = run;
    return found;
}

static struct found find_alt(struct finder *f, const struct tree *t)
{
    struct found found = {.exact = true};
    bool known = true;
    struct strings best = {0};
    for (size_t i = 0; i < t->n; i++) {
        struct found kid = find(f, t->kids[i]);
        found.exact = found.exact && kid.exact;
        known = known && kid.best.n;
        for (size_t k = 0; k < kid.all.n && kid.exact; k++)
            add(f, &found.all, kid.all.list[k]);
        for (size_t k = 0; k < kid.best.n; k++)
            add(f, &best, kid.best.list[k]);
    }
    found.exact = found.exact && found.all.n <= MAX_STRINGS;
    if (known && best.n <= MAX_STRINGS)
        found.best = best;
    return found;
}

static struct found find_repeat(struct finder *f, const struct tree *t)
{
    struct found found = {.exact = false}, kid = find(f, t->kids[0]);
    if (t->min == 0) {
        found.exact = kid.exact && t->max == 1 && kid.all.n < MAX_STRINGS;
        found.all = only_empty(f);
        for (size_t i = 0; i < kid.all.n && found.exact; i++)
            add(f, &found.all, kid.all.list[i]);
        return found;
    }
    found.best = kid.best;
    if (!kid.exact)
        return found;
    struct strings run = kid.all;
    unsigned times = 1;
    while (times < t->min && join(f, &run, &kid.all))
        times++;
    found.exact = times == t->min && t->max == t->min;
    found.all = run;
    consider(&found.best, &run);
    return found;
}

/* Recursion is bounded by the limit on a regex's parentheses. */
static struct found find(struct finder *f, const struct tree *t)
{
    struct found found = {.exact = false};
    switch (t->kind) {
    case RE_EMPTY:
        found.exact = true;
        found.all = only_empty(f);
        break;
    case RE_SET: found = find_set(f, t->set); break;
    case RE_CAT: return find_cat(f, t);
    case RE_ALT: return find_alt(f, t);
    case RE_REPEAT: return find_repeat(f, t);
    }
    if (found.exact)
        consider(&found.best, &found.all);
    return found;
}

/* ---- predicates -------------------------------------------------------------------------------------- */

static struct slice lower_ascii(struct compile *c, struct slice s)
{
    struct buffer b = {.c = c};
    for (size_t i = 0; i < s.n; i++)
        buffer_char(&b, s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 0x20) : s.p[i]);
    return buffer_slice(&b);
}

struct literals literals_of(struct compile *c, const struct pred *pred)
{
    struct finder f = {.c = c, .ascii = pred->view == VIEW_TEXT};
    struct strings best = {0};
    if (pred->regex) {
        best = find(&f, pred->regex->tree).best;
    } else if (pred->kind == TEST_EQUALS || pred->kind == TEST_TOKENS) {
        bool whole = pred->kind == TEST_EQUALS;
        for (size_t i = 0; i < (whole ? 1 : pred->literal.n_tokens); i++) {
            struct strings one = {0};
            add(&f, &one, lower_ascii(c, whole ? pred->literal.whole : pred->literal.tokens[i]));
            consider(&best, &one);
        }
    }
    struct literals found = {.n = best.n, .list = best.list, .ascii = f.ascii};
    for (size_t i = 0; i < best.n; i++)
        if (i == 0 || best.list[i].n < found.shortest)
            found.shortest = best.list[i].n;
    return found;
}
