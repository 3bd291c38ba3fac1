/*
 * index_body.h - one pass over an object, 64 bytes at a time: is it JSON, where does it end, where are its
 * keys. Compiled once for each kernel, behind that kernel's block_read().
 *
 * A block is 64 bytes; a mask has a bit for each of them. Which bytes are quotes, braces, commas… the
 * processor's vector compares tell (block_read); the rest is arithmetic on masks, the same for all kernels:
 *
 *   - Strings. A running XOR over the quotes that no backslash takes away is 1 inside strings (Langdale and
 *     Lemire, "Parsing Gigabytes of JSON per Second", 2019).
 *   - Grammar. What may stand behind what, outside of strings, is a question of two neighbours: a value
 *     behind `[`, `:` and the commas of arrays, a key behind `{` and the commas of objects, a colon behind
 *     a key and nowhere else, `,` `}` and `]` behind a value. follows() moves a mask to the neighbours: a
 *     shift, and over white space an addition that carries.
 *   - Keys. Adding a string's first bit to the string's bits carries to its closing quote: so the closing
 *     quotes of keys are told from those of values without a loop.
 *   - Nesting. Brackets are few and are gone through one by one, with a stack of bits.
 *   - Numbers, words and escapes are fewer, and looked at each by itself.
 *
 * Anything wrong, and anything rare, is left to json.c, which knows the place and the reason.
 */
#ifndef TRAIL_INDEX_BODY_H
#define TRAIL_INDEX_BODY_H

#include <string.h>

#include "masks.h"
#include "trail/index.h"
#include "trail/kernel.h"
#include "trail/limits.h"

/* What the vectors tell of 64 bytes. */
struct block {
    uint64_t quote, backslash, control /* below 0x20 */, open_brace, close_brace, open_bracket, close_bracket,
        comma, colon, blank /* a space */, dot;
};

TRAIL_INLINE void block_read(const char *p, struct block *);

/* What goes from one block to the next. Masks of all ones or none: in_string, in_array, at_root. The others
 * are 1 or 0; the last four say what the last byte was, white space left out (see follows). */
struct carry {
    uint64_t in_string, in_array, at_root;
    uint64_t escaped;   /* the first byte is behind a backslash */
    uint64_t in_key;    /* the string that goes on is a key */
    uint64_t in_scalar; /* a number or word goes on */
    uint64_t values_next, keys_next, behind, key;
};

enum { MAX_SCALARS = 64 };

struct nesting {
    unsigned depth;
    uint64_t low, high; /* a bit for each level, the innermost lowest: 1 for an array */
};

_Static_assert(TRAIL_MAX_DEPTH <= 128, "a bit for each level");

/* ---- the few ----------------------------------------------------------------------------------------- */

TRAIL_INLINE bool is_digit_at(const char *p)
{
    return *p >= '0' && *p <= '9';
}

/* p is at a number, true, false or null: the byte behind it, or NULL. Padding ends every one. */
static const char *scalar_end(const char *p)
{
    switch (*p) {
    case 't': return memcmp(p, "true", 4) == 0 ? p + 4 : NULL;
    case 'f': return memcmp(p, "false", 5) == 0 ? p + 5 : NULL;
    case 'n': return memcmp(p, "null", 4) == 0 ? p + 4 : NULL;
    case '-': p++; break;
    default: break;
    }
    if (!is_digit_at(p))
        return NULL;
    bool zero = *p++ == '0';
    if (zero && is_digit_at(p))
        return NULL;
    return p;
}

/* The rest of a number, up to `end`. */
static const char *number_end(const char *p, const char *end)
{
    while (p < end && is_digit_at(p))
        p++;
    if (p < end && *p == '.') {
        if (++p == end || !is_digit_at(p))
            return NULL;
        while (p < end && is_digit_at(p))
            p++;
    }
    if (p < end && (*p | 0x20) == 'e') {
        if (++p < end && (*p == '+' || *p == '-'))
            p++;
        if (p == end || !is_digit_at(p))
            return NULL;
        while (p < end && is_digit_at(p))
            p++;
    }
    return p;
}

/* Whether a number or word at p is one, and is followed by what may follow it. */
static bool is_scalar(const char *p, const char *end)
{
    bool number = *p == '-' || is_digit_at(p);
    p = scalar_end(p);
    if (p && number)
        p = number_end(p, end);
    if (!p || p >= end)
        return false;
    return *p == ',' || *p == '}' || *p == ']' || *p == ' ' || *p == '\n' || *p == '\r' || *p == '\t';
}

/* Whether an escape at p is one that JSON has. */
static bool is_escape(const char *p)
{
    switch (p[1]) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't': return true;
    case 'u': break;
    default: return false;
    }
    for (int i = 2; i < 6; i++) {
        char c = (char)(p[i] | 0x20);
        if (!is_digit_at(p + i) && (c < 'a' || c > 'f'))
            return false;
    }
    return true;
}

/* Which of these control characters are white space. */
static uint64_t white_control(const char *p, uint64_t control)
{
    uint64_t white = 0;
    for (; control; control &= control - 1) {
        char byte = p[__builtin_ctzll(control)];
        if (byte == '\n' || byte == '\r' || byte == '\t')
            white |= control & -control;
    }
    return white;
}

/* The bytes behind backslashes that count. *wrong: the backslashes that begin no escape. */
static uint64_t find_escaped(const char *p, uint64_t backslash, uint64_t *carry, uint64_t *wrong)
{
    uint64_t escaped = *carry;
    *carry = 0;
    for (; backslash; backslash &= backslash - 1) {
        unsigned i = (unsigned)__builtin_ctzll(backslash);
        if (escaped >> i & 1)
            continue;
        if (!is_escape(p + i))
            *wrong |= (uint64_t)1 << i;
        if (i == 63)
            *carry = 1;
        else
            escaped |= (uint64_t)2 << i;
    }
    return escaped;
}

/* ---- nesting ------------------------------------------------------------------------------------------ */

/* What the brackets of a block make of it. */
struct levels {
    uint64_t in_array; /* bytes right inside an array */
    uint64_t at_root;  /* bytes right inside the outermost object */
    uint64_t end;      /* the bit of the brace that closes it, or 0 */
};

/* False: brackets that do not fit, or too many. `array`: which of them are an array's. */
TRAIL_INLINE bool nest(struct nesting *n, uint64_t opener, uint64_t closer, uint64_t array,
                       struct levels *out)
{
    for (uint64_t brackets = opener | closer; brackets; brackets &= brackets - 1) {
        uint64_t bit = brackets & -brackets, from_here = -bit;
        bool was_array = n->low & 1, was_root = n->depth == 1, is_array = array & bit;
        if (opener & bit) {
            if (n->depth == TRAIL_MAX_DEPTH)
                return false;
            n->depth++;
            n->high = n->high << 1 | n->low >> 63;
            n->low = n->low << 1 | is_array;
        } else {
            if (is_array != was_array)
                return false;
            if (--n->depth == 0) {
                out->end = bit;
                return true;
            }
            n->low = n->low >> 1 | n->high << 63;
            n->high >>= 1;
        }
        out->in_array ^= (n->low & 1) != was_array ? from_here : 0;
        out->at_root ^= (n->depth == 1) != was_root ? from_here : 0;
    }
    return true;
}

/* ---- one block ---------------------------------------------------------------------------------------- */

/* What is being read of one object. */
struct reading {
    struct carry carry;
    struct nesting nesting;
    struct trail_index *index;
    unsigned n_scalars;
    uint32_t scalars[MAX_SCALARS + 64]; /* places of numbers and words that were not looked at yet */
};

static bool are_scalars(const struct reading *r, const char *p, const char *end)
{
    for (unsigned i = 0; i < r->n_scalars; i++)
        if (!is_scalar(p + r->scalars[i], end))
            return false;
    return true;
}

/* p is the object, block `base` bytes into it; `there` the bytes that are part of the text. */
TRAIL_INLINE enum trail_indexed index_block(struct reading *r, const char *p, uint32_t base, uint64_t there,
                                            const char *end)
{
    struct carry *c = &r->carry;
    struct trail_index *x = r->index;
    struct block b;
    block_read(p + base, &b);

    uint64_t escaped = c->escaped, no_escape = 0;
    if (b.backslash & there)
        escaped = find_escaped(p + base, b.backslash & there, &c->escaped, &no_escape);
    else
        c->escaped = 0;
    uint64_t quote = b.quote & ~escaped;
    uint64_t string = parity_up_to(quote) ^ c->in_string; /* opening quotes are in, closing ones out */
    uint64_t open = quote & string, close = quote & ~string, outside = ~(string | close);
    c->in_string = (uint64_t)((int64_t)string >> 63);

    uint64_t white = b.blank & outside;
    if (b.control & outside & there)
        white |= white_control(p + base, b.control & outside & there);
    uint64_t opener = (b.open_brace | b.open_bracket) & outside;
    uint64_t closer = (b.close_brace | b.close_bracket) & outside;
    uint64_t comma = b.comma & outside, colon = b.colon & outside;
    uint64_t scalar = outside & ~(opener | closer | comma | colon | white);
    uint64_t scalar_start = scalar & ~(scalar << 1 | c->in_scalar);
    c->in_scalar = scalar >> 63;

    struct levels levels = {c->in_array, c->at_root, 0};
    if ((opener | closer) & there) {
        if (!nest(&r->nesting, opener & there, closer & there, b.open_bracket | b.close_bracket, &levels))
            return TRAIL_INDEX_ODD;
        c->in_array = (uint64_t)((int64_t)levels.in_array >> 63);
        c->at_root = (uint64_t)((int64_t)levels.at_root >> 63);
    }
    uint64_t keep = levels.end ? levels.end | (levels.end - 1) : there;

    uint64_t brace = opener & b.open_brace;
    uint64_t keys_next = follows(brace | (comma & ~levels.in_array), white, &c->keys_next);
    uint64_t values_next =
        follows((opener ^ brace) | colon | (comma & levels.in_array), white, &c->values_next);
    uint64_t key_open = open & keys_next, sum;
    c->in_key = add(key_open, string, c->in_key, &sum);
    uint64_t key_close = close & sum, in_key = string & ~sum;
    uint64_t behind = follows((close ^ key_close) | opener | closer | scalar, white, &c->behind);
    uint64_t wrong = no_escape | (b.control & string) | ((opener | scalar_start) & ~values_next) |
                     (open & ~(keys_next | values_next)) | (comma & (keys_next | values_next)) |
                     ((comma | closer) & ~behind) | (colon ^ follows(key_close, white, &c->key));
    if (wrong & keep)
        return TRAIL_INDEX_ODD;
    if ((b.dot | b.backslash) & in_key & levels.at_root & keep)
        x->plain = false;
    for (uint64_t bits = scalar_start & keep; bits; bits &= bits - 1)
        r->scalars[r->n_scalars++] = base + (unsigned)__builtin_ctzll(bits);
    x->n = add_places(x->keys, x->n, (key_open | key_close) & levels.at_root & keep, base);
    if (x->n > 2 * TRAIL_INDEX_KEYS) {
        x->plain = false;
        x->n = 0;
    }
    if (r->n_scalars > MAX_SCALARS || levels.end) {
        if (!are_scalars(r, p, end))
            return TRAIL_INDEX_ODD;
        r->n_scalars = 0;
    }
    if (!levels.end)
        return TRAIL_INDEX_PARTLY;
    x->size = base + (unsigned)__builtin_ctzll(levels.end) + 1;
    x->n /= 2;
    return TRAIL_INDEXED;
}

TRAIL_INLINE enum trail_indexed index_object(const char *p, size_t n, struct trail_index *x)
{
    struct reading r;
    r.carry = (struct carry){.values_next = 1};
    r.nesting = (struct nesting){0};
    r.index = x;
    r.n_scalars = 0;
    x->plain = true;
    x->n = 0;
    x->size = 0;
    enum trail_indexed got = TRAIL_INDEX_PARTLY;
    size_t base = 0;
    for (; base + 64 <= n && got == TRAIL_INDEX_PARTLY; base += 64)
        got = index_block(&r, p, (uint32_t)base, ~UINT64_C(0), p + n);
    if (got == TRAIL_INDEX_PARTLY && base < n)
        got = index_block(&r, p, (uint32_t)base, ((uint64_t)1 << (n - base)) - 1, p + n);
    return got;
}

#endif
