/*
 * sieve_body.h - the sieve's pass over one record, 64 bytes at a time. Compiled once for each kernel, behind
 * that kernel's struct vectors.
 *
 * A block is 64 bytes; a mask has a bit for each of them. As in json/index_body.h, strings are the running
 * parity of the quotes that no backslash takes away, and what is outside of them is arithmetic on masks.
 * Beyond that:
 *
 *   - Depth is a count of brackets. Only where it could come down to the record's own are they gone
 *     through one by one, which in most records is at its end alone.
 *   - As many brackets close as open, and an even number of them is square.
 *   - Needles are found by three of their bytes, and where these stand is noted without a branch; whether it is
 *     the needle is asked at the end, too.
 */
#ifndef TRAIL_SIEVE_BODY_H
#define TRAIL_SIEVE_BODY_H

#include <string.h>

#include "kernels.h"
#include "trail/json.h"
#include "trail/match.h"
#include "json/masks.h"

/* What the vectors tell of 64 bytes. */
struct block {
    uint64_t quote;
    uint64_t special;     /* backslashes, control characters, bytes beyond ASCII */
    uint64_t open, close; /* braces and brackets */
    uint64_t square;      /* of those the brackets, or more */
    uint64_t found;       /* the first byte of a print */
};

/* The kernel has struct vectors: the tables of struct sieve_classes in registers. */
TRAIL_INLINE void sieve_load(struct vectors *, const struct sieve_classes *);

/* Reads p[-1] to p[65]. */
TRAIL_INLINE void sieve_read(const char *p, const struct vectors *, struct block *);
TRAIL_INLINE uint64_t sieve_equal(const char *p, char byte);
TRAIL_INLINE uint64_t sieve_odd(const char *p);  /* control characters, and bytes beyond ASCII */
TRAIL_INLINE uint64_t sieve_high(const char *p); /* bytes beyond ASCII */

enum {
    SIEVE_BLOCKS = TRAIL_SIEVE_MAX / 64,
    SIEVE_MARGIN = 66, /* bytes that sieve_read looks at from p on */
    SIEVE_DEPTH = 60,  /* before a block; with all that can open in it, less than TRAIL_MAX_DEPTH */
};

/* What goes on from block to block, in registers. */
struct carry {
    uint64_t in_string; /* all ones or none */
    uint64_t escaped;   /* 1: the first byte is behind a backslash */
    unsigned due;       /* so many bytes are the last digits of a \uXXXX */
    int64_t depth;
    uint64_t squares; /* an even number of bits: so many brackets, braces left out */
    uint64_t high;    /* not 0: some letter is beyond ASCII */
    uint64_t hides;   /* not 0: some escape may stand for a letter of a needle */
    size_t n_found;   /* blocks with prints */
};

/* A block, as far as it is asked about at the end. */
struct kept {
    uint64_t open, close, quote, found;
    int64_t depth; /* before it */
};

struct sifting {
    uint16_t found[SIEVE_BLOCKS + 1]; /* which blocks have prints; first, for most records have few blocks */
    struct kept blocks[SIEVE_BLOCKS + 1];
};

/* ---- strings ----------------------------------------------------------------------------------------- */

/* The bytes behind backslashes that count. Of a run of backslashes every second one is escaped: adding the
 * run's first bit carries through it, and comes out on an even or odd place. */
TRAIL_INLINE uint64_t find_escaped(uint64_t backslash, uint64_t *carry)
{
    const uint64_t even = UINT64_C(0x5555555555555555);
    backslash &= ~*carry;
    uint64_t follows = backslash << 1 | *carry, sum;
    uint64_t odd_starts = backslash & ~even & ~follows;
    *carry = __builtin_add_overflow(odd_starts, backslash, &sum);
    return (even ^ sum << 1) & follows;
}

/* Those of them that are not of the escapes whose letters are in no needle. Most are of quotes, of backslashes, or
 * of an n. */
TRAIL_INLINE uint64_t rare_escapes(const char *p, uint64_t escaped, uint64_t quote, uint64_t backslash)
{
    uint64_t rare = escaped & ~(quote | backslash | sieve_equal(p, 'n'));
    if (__builtin_expect(rare != 0, 0))
        rare &= ~(sieve_equal(p, 't') | sieve_equal(p, 'r') | sieve_equal(p, 'b') | sieve_equal(p, 'f'));
    return rare;
}

/* What is special in a block, as bits of its bytes. */
struct marks {
    uint64_t odd;   /* no record that the sieve judges has it */
    uint64_t high;  /* a letter beyond ASCII */
    uint64_t hides; /* an escape that may stand for a letter of a needle */
    unsigned due;   /* of the next block: see struct carry */
};

/* The digits of a \uXXXX from p[from] on, as far as they are in the block; whether they all are. */
TRAIL_INLINE bool read_digits(const char *p, unsigned from, unsigned n, uint32_t *letter, uint64_t *odd)
{
    for (unsigned i = from; i < from + n && i < 64; i++) {
        int value = trail_json_hex((unsigned char)p[i]);
        *odd |= (uint64_t)(value < 0) << i;
        *letter = *letter << 4 | (value & 15);
    }
    return from + n <= 64;
}

/* \/ and \uXXXX: of what letter, and is it in a needle? Of digits that go on in the next block nothing is known. */
static __attribute__((noinline)) struct marks judge_escapes(const struct trail_sieve *v, const char *p,
                                                            uint64_t rare, unsigned due)
{
    struct marks m = {0};
    uint32_t letter = 0;
    read_digits(p, 0, due, &letter, &m.odd);
    for (; rare; rare &= rare - 1) {
        unsigned place = (unsigned)__builtin_ctzll(rare);
        bool known = true;
        letter = '/';
        if (p[place] == 'u') {
            letter = 0;
            known = read_digits(p, place + 1, 4, &letter, &m.odd);
            m.due = known ? 0 : place + 5 - 64;
        } else if (p[place] != '/') {
            m.odd |= rare & -rare;
        }
        if (known && letter >= 0x80)
            m.high |= rare & -rare;
        else if (!known || v->letters[letter])
            m.hides |= rare & -rare;
    }
    return m;
}

/* ---- brackets ------------------------------------------------------------------------------------------ */

/* The closing bracket of a block with which the depth comes to none, as a bit; 0: it does not. */
TRAIL_INLINE uint64_t find_end(int64_t depth, uint64_t open, uint64_t close)
{
    for (; close; close &= close - 1) {
        uint64_t bit = close & -close;
        depth += __builtin_popcountll(open & (bit - 1));
        open &= ~(bit - 1);
        if (--depth == 0)
            return bit;
    }
    return 0;
}

/* ---- needles ------------------------------------------------------------------------------------------- */

TRAIL_INLINE uint64_t eight(const char *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

/* Whether the needle stands at p. Eight bytes from p on are readable. */
TRAIL_INLINE bool stands_at(const struct sieve_needle *x, const char *p)
{
    if (((eight(p) | x->head_fold) & x->head_mask) != x->head)
        return false;
    if (x->n <= 8)
        return true;
    if ((eight(p + x->n - 8) | x->tail_fold) != x->tail)
        return false;
    for (uint32_t i = 8; i + 8 < x->n; i++) {
        char c = x->needle->text.p[i], here = p[i];
        if (here != c && !(x->needle->any_case && c >= 'a' && c <= 'z' && (here | 0x20) == c))
            return false;
    }
    return true;
}

TRAIL_INLINE int64_t depth_at(const struct sifting *s, size_t place)
{
    uint64_t before = ((uint64_t)1 << place % 64) - 1;
    const struct kept *k = &s->blocks[place / 64];
    return k->depth + __builtin_popcountll(k->open & before) - __builtin_popcountll(k->close & before);
}

/* Whether a quote stands at the place that no backslash takes away. */
TRAIL_INLINE bool is_quote(const struct sifting *s, size_t place)
{
    return s->blocks[place / 64].quote >> place % 64 & 1;
}

/* All alerts that want the needle are possible. */
static __attribute__((noinline)) bool note_all(const struct trail_sieve *v, const struct trail_needle *needle)
{
    for (size_t i = 0; i < needle->n; i++)
        if (trail_get(v->chosen, needle->alerts[i]))
            trail_set(v->possible, needle->alerts[i]);
    return true;
}

/* Whether a backslash is among the eight bytes at p. */
TRAIL_INLINE bool has_escape(const char *p)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t x = eight(p) ^ (ones * '\\');
    return ((x - ones) & ~x & (ones << 7)) != 0;
}

/* Those that are candidates by the value at p are. */
TRAIL_INLINE bool note_asked(const struct trail_sieve *v, const struct trail_needle *needle, const char *p,
                             const char *end)
{
    if (!v->pack->needles->asks(v->match, needle->number, p, end))
        return false;
    for (size_t w = 0; w < v->match->alert_words; w++)
        v->possible[w] |= v->match->candidates[w] & v->chosen[w];
    return true;
}

/* Whether a string at the place may be one of the record's own keys. */
TRAIL_INLINE bool is_root_key(const struct sifting *s, size_t place)
{
    return is_quote(s, place) && depth_at(s, place) == 1;
}

/* The root's key has been found, and ends at p: what does its value say? */
TRAIL_INLINE bool root_wanted(const struct trail_sieve *v, const struct trail_needle *needle, const char *p,
                              const char *end, struct trail_sifted *out)
{
    if (p < end && *p != ':')
        p = trail_space(p, end);
    if (p >= end || *p != ':')
        return false;
    p++;
    if (p < end && *p == ' ')
        p = trail_space(p, end);
    if (p >= end || *p == '{' || *p == '[')
        return note_all(v, needle);
    if (needle->time) {
        bool escaped;
        if (out->time.n || *p != '"')
            return true;
        const char *to = trail_string_end(p + 1, end, &escaped);
        if (!to)
            return true;
        out->time = (struct trail_slice){p, (size_t)(to + 1 - p)};
    }
    if (!needle->n)
        return false;
    if (needle->values && *p == '"' && end - p > 8 && !trail_begins(needle->values, p + 1, needle->n_begin) &&
        !has_escape(p + 1))
        return false;
    return note_asked(v, needle, p, end);
}

/* Whether the root's key that ends at p begins an object or an array. */
TRAIL_INLINE bool holds_more(const char *p, const char *end)
{
    p = trail_space(p, end);
    if (p >= end || *p != ':')
        return false;
    p = trail_space(p + 1, end);
    return p < end && (*p == '{' || *p == '[');
}

/* What stands at a print says of the record: `p` is its second byte, `end` behind its last. */
TRAIL_INLINE enum trail_sieved judge_print(const struct trail_sieve *v, const struct sifting *s,
                                           const char *p, size_t place, const char *end,
                                           struct trail_sifted *out)
{
    const char *print = p + place;
    uint32_t bytes;
    memcpy(&bytes, print, sizeof bytes);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap32(bytes);
#endif
    enum trail_sieved got = TRAIL_SIEVED_OUT;
    for (unsigned next = v->heads[sieve_hash(bytes)]; next;) {
        const struct sieve_needle *x = &v->needles[next - 1];
        const char *at = print - x->at;
        next = x->next;
        if (place < x->at || end - at < (ptrdiff_t)x->n || !stands_at(x, at))
            continue;
        if (x->kind == SIEVE_BEGINNING)
            return TRAIL_SIEVE_ODD;
        if (x->needle->root && !is_root_key(s, place - x->at))
            continue;
        if (x->kind == SIEVE_FORM) {
            if (holds_more(at + x->n, end))
                return TRAIL_SIEVE_ODD;
            continue;
        }
        if (x->needle->root ? root_wanted(v, x->needle, at + x->n, end, out) : note_all(v, x->needle))
            got = TRAIL_SIEVED_MAYBE;
    }
    return got;
}

/* All that was found of prints: the beginning of another record outweighs that some alert may want this one. */
static enum trail_sieved judge(const struct trail_sieve *v, const struct sifting *s, size_t n_found,
                               const char *p, const char *end, struct trail_sifted *out)
{
    enum trail_sieved all = TRAIL_SIEVED_OUT;
    memcpy(v->possible, v->known, v->match->alert_words * sizeof *v->possible);
    for (size_t i = 0; i < n_found; i++) {
        size_t base = (size_t)s->found[i] * 64;
        for (uint64_t found = s->blocks[s->found[i]].found; found; found &= found - 1) {
            enum trail_sieved got = judge_print(v, s, p, base + (unsigned)__builtin_ctzll(found), end, out);
            if (got == TRAIL_SIEVE_ODD)
                return got;
            all = got == TRAIL_SIEVED_MAYBE ? got : all;
        }
    }
    return all;
}

/* A block of which only the first `left` bytes are there, and what comes before it, with blanks behind. */
static __attribute__((noinline)) const char *last_block(char *room, const char *p, size_t left)
{
    memset(room, ' ', 1 + SIEVE_MARGIN);
    memcpy(room, p - 1, left + 1);
    return room + 1;
}

/* ---- the index ------------------------------------------------------------------------------------- */

/* The bytes of a block that are right in the record, and in nothing in it. */
TRAIL_INLINE uint64_t at_root(int64_t depth, uint64_t open, uint64_t close)
{
    uint64_t root = depth == 1 ? UINT64_MAX : 0;
    for (uint64_t bits = open | close; bits; bits &= bits - 1) {
        uint64_t bit = bits & -bits;
        bool was_root = depth == 1;
        depth += open & bit ? 1 : -1;
        root ^= (depth == 1) != was_root ? -bit : 0;
    }
    return root;
}

/* The index of a record that is well closed, from what is known of it: keys are strings behind the root's
 * commas. */
static __attribute__((noinline)) void make_index(const struct sifting *s, const char *p, size_t size,
                                                 size_t blocks, struct trail_index *x)
{
    uint64_t next = 1, in_key = 0, in_string = 0;
    x->size = size + 1;
    x->plain = true;
    x->n = 0;
    for (size_t b = 0; b < blocks && x->plain; b++) {
        size_t base = b * 64, left = size - base;
        const char *at = p + base; /* what is behind the record is not at the root, and has no influence */
        uint64_t there = left < 64 ? ((uint64_t)1 << left) - 1 : UINT64_MAX;
        const struct kept *k = &s->blocks[b];
        if (k->depth - __builtin_popcountll(k->close) > 1) { /* all of it is in something in the record */
            in_string ^= -(uint64_t)(__builtin_popcountll(k->quote) & 1);
            next = in_key = 0;
            continue;
        }
        uint64_t quote = k->quote & there, string = parity_up_to(quote) ^ in_string, sum;
        uint64_t root = at_root(k->depth, k->open, k->close);
        in_string = (uint64_t)((int64_t)string >> 63);
        uint64_t comma = sieve_equal(at, ',') & ~string & root, white = sieve_equal(at, ' ') & ~string;
        uint64_t opens = quote & string & follows(comma, white, &next);
        in_key = add(opens, string, in_key, &sum);
        if ((sieve_equal(at, '.') | sieve_equal(at, '\\')) & string & ~sum & root)
            x->plain = false;
        x->n = add_places(x->keys, x->n, (opens | (quote & ~string & sum)) & root, (uint32_t)base + 1);
        if (x->n > 2 * TRAIL_INDEX_KEYS)
            x->plain = false;
    }
    x->n /= 2;
}

/* ---- the pass ------------------------------------------------------------------------------------------ */

/* A block with something special; takes the quotes behind backslashes away from *quote. */
TRAIL_INLINE struct marks look_closely(const struct trail_sieve *v, struct carry *c, const char *p,
                                       uint64_t *quote)
{
    struct marks m = {0};
    uint64_t backslash = sieve_equal(p, '\\'), escaped = find_escaped(backslash, &c->escaped);
    uint64_t rare = rare_escapes(p, escaped, *quote, backslash);
    if (__builtin_expect((rare | c->due) != 0, 0)) {
        const struct marks of_escapes = judge_escapes(v, p, rare, c->due);
        m = of_escapes;
        c->due = of_escapes.due;
    }
    *quote &= ~escaped;
    uint64_t string = parity_up_to(*quote) ^ c->in_string, high = sieve_high(p) & string;
    m.high |= high;
    m.odd |= (sieve_odd(p) & ~high) | (backslash & ~string);
    return m;
}

enum sifting_on { SIFT_ON, SIFT_END, SIFT_ODD, SIFT_SPECIAL };

/*
 * One block, of which the bytes `there` are of the input; *last: where in it the record ends. Most records have nothing
 * special in them, and all that it takes to follow escapes and letters beyond ASCII would be in the way: a block that
 * has is left as it is (SIFT_SPECIAL) but with `closely`, which is known when this is compiled.
 */
TRAIL_INLINE enum sifting_on sift_block(const struct trail_sieve *v, struct carry *c, struct sifting *s,
                                        size_t number, const char *p, uint64_t there,
                                        const struct vectors *tables, unsigned *last, bool closely)
{
    struct block b;
    sieve_read(p, tables, &b);
    struct marks m = {0};
    uint64_t quote = b.quote, ends = 0;
    if (!closely && __builtin_expect(b.special != 0, 0))
        return SIFT_SPECIAL;
    if (closely && (b.special | c->escaped | c->due) != 0) {
        m = look_closely(v, c, p, &quote);
        m.odd &= there;
    }
    uint64_t string = parity_up_to(quote) ^ c->in_string;
    uint64_t open = b.open & ~string, close = b.close & ~string, found = b.found;
    int64_t closing = __builtin_popcountll(close);
    struct kept *k = &s->blocks[number];
    uint64_t before = open & (close ^ (close - 1)); /* what opens before the first that closes */
    uint64_t rest = (uint64_t)(c->depth + __builtin_popcountll(before) - closing - 1); /* below 0: huge */
    if (__builtin_expect(rest > SIEVE_DEPTH, 0) || __builtin_expect(m.odd != 0, 0)) {
        if (c->depth > SIEVE_DEPTH) /* where the block is not all there, what comes may close enough */
            return ~there && (int64_t)rest > 0 && !m.odd ? SIFT_ON : SIFT_ODD;
        ends = find_end(c->depth, open, close);
        uint64_t upto = ends | (ends - 1); /* all, where there is none */
        if (m.odd & upto)
            return SIFT_ODD;
        open &= upto;
        close &= upto;
        found &= upto;
        m.high &= upto;
        m.hides &= upto;
        *last = (unsigned)__builtin_ctzll(ends | (uint64_t)1 << 63);
    }
    c->squares ^= b.square & (open | close);
    if (__builtin_expect((m.high | m.hides) != 0, 0)) {
        c->high |= m.high;
        c->hides |= m.hides;
    }
    k->depth = c->depth;
    k->quote = quote;
    k->open = open;
    k->close = close;
    k->found = found;
    s->found[c->n_found] = (uint16_t)number;
    c->n_found += found != 0;
    c->in_string = (uint64_t)((int64_t)string >> 63);
    c->depth += __builtin_popcountll(open) - closing;
    return __builtin_expect(ends != 0, 0) ? SIFT_END : SIFT_ON;
}

/* Alerts of which the needles say nothing: any, where an escape may hide one; else where the record is not all ASCII,
 * some. */
static __attribute__((noinline)) bool note_unsure(const struct trail_sieve *v, const struct carry *c)
{
    const uint64_t *unsure = c->hides ? v->chosen : v->beyond;
    uint64_t any = 0;
    for (size_t w = 0; w < v->match->alert_words; w++) {
        v->possible[w] |= unsure[w];
        any |= unsure[w];
    }
    return any != 0;
}

TRAIL_INLINE enum trail_sieved finish(const struct trail_sieve *v, const struct carry *c,
                                      const struct sifting *s, const char *p, size_t size, size_t blocks,
                                      struct trail_sifted *out)
{
    if (p[size - 1] != '}' || __builtin_popcountll(c->squares) % 2)
        return TRAIL_SIEVE_ODD;
    enum trail_sieved got = judge(v, s, c->n_found, p, p + size, out);
    if ((c->high | c->hides) && got != TRAIL_SIEVE_ODD && note_unsure(v, c))
        got = TRAIL_SIEVED_MAYBE;
    out->size = size + 1;
    out->possible = v->possible;
    if (got == TRAIL_SIEVED_MAYBE)
        make_index(s, p, size, blocks, out->index);
    return got;
}

TRAIL_INLINE enum trail_sieved sift(const struct trail_sieve *v, const char *p, size_t n,
                                    struct trail_sifted *out)
{
    struct vectors tables;
    struct sifting s;
    struct carry c = {.depth = 1};
    sieve_load(&tables, &v->classes);
    out->time = (struct trail_slice){NULL, 0};
    p++; /* behind the brace: then there is a byte before each */
    n--;
    size_t limit = n < TRAIL_SIEVE_MAX ? n : TRAIL_SIEVE_MAX, block = 0;
    unsigned last = 0;
    enum sifting_on got = SIFT_ON;
    while (block < limit / 64 && got == SIFT_ON) {
        got = sift_block(v, &c, &s, block, p + block * 64, UINT64_MAX, &tables, &last, false);
        block += got != SIFT_SPECIAL;
    }
    if (got == SIFT_SPECIAL)
        got = SIFT_ON;
    for (; block < limit / 64 && got == SIFT_ON; block++)
        got = sift_block(v, &c, &s, block, p + block * 64, UINT64_MAX, &tables, &last, true);
    if (got == SIFT_ON && n < TRAIL_SIEVE_MAX) {
        char room[1 + SIEVE_MARGIN];
        size_t rest = n - block * 64;
        got = sift_block(v, &c, &s, block, last_block(room, p + block * 64, rest), ((uint64_t)1 << rest) - 1,
                         &tables, &last, true);
        block++;
    }
    if (got == SIFT_END)
        return finish(v, &c, &s, p, (block - 1) * 64 + last + 1, block, out);
    return got == SIFT_ON && n < TRAIL_SIEVE_MAX ? TRAIL_SIEVE_PARTLY : TRAIL_SIEVE_ODD;
}

#endif
