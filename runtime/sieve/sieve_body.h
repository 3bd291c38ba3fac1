/*
 * sieve_body.h - the sieve's pass over one record, 64 bytes at a time. Compiled once for each kernel, behind
 * that kernel's struct vectors.
 *
 * A block is 64 bytes; a mask has a bit for each of them. As in json/index_body.h, strings are the running
 * parity of the quotes that no backslash takes away. Beyond that:
 *
 *   - Brackets outside of strings are added up; the sum says how deep a place is, where that is asked.
 *   - Where prints stand is noted without a branch; whether they are a needle's is asked at the end.
 *   - A record that is a line ends with it: at the first control character. Of one in an array the depth is
 *     followed from block to block, and brackets are gone through one by one where it could come to none.
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
    uint64_t found; /* the first byte of a print */
    struct special special;
    struct brackets brackets;
};

/* The kernel has struct vectors: the tables of struct sieve_classes in registers; struct special:
 * backslashes, control characters and bytes beyond ASCII; struct brackets: those of a block; struct tally:
 * a sum of brackets, nought when all of it is 0. */
TRAIL_INLINE void sieve_load(struct vectors *, const struct sieve_classes *);

/* Reads p[0] to p[65]. */
TRAIL_INLINE void sieve_read(const char *p, const struct vectors *, struct block *);
TRAIL_INLINE bool sieve_special(const struct special *); /* whether there are any */
TRAIL_INLINE void sieve_brackets(const char *p, const struct vectors *, struct brackets *);
TRAIL_INLINE uint64_t sieve_equal(const char *p, char byte);
TRAIL_INLINE uint64_t sieve_pair(const char *p,
                                 const char *bytes); /* where two bytes stand; reads p[64], too */
TRAIL_INLINE bool sieve_far_pair(const char *p,
                                 const char *bytes); /* whether they do; reads p[SIEVE_FAR], too */
TRAIL_INLINE uint64_t sieve_odd(const char *p);      /* control characters, and bytes beyond ASCII */
TRAIL_INLINE uint64_t sieve_high(const char *p);     /* bytes beyond ASCII */

/* The same as masks. */
TRAIL_INLINE void brackets_masks(const struct brackets *, uint64_t *open, uint64_t *close);

/* Adds those that open and takes away those that close, at the bytes of the mask. For SIEVE_TALLY blocks
 * at most. */
TRAIL_INLINE void tally_add(struct tally *, const struct brackets *, uint64_t mask);
TRAIL_INLINE int64_t tally_sum(const struct tally *);

enum {
    SIEVE_BLOCKS = TRAIL_SIEVE_MAX / 64,
    SIEVE_MARGIN = 66, /* bytes that sieve_read looks at from p on */
    SIEVE_FAR = 256,
    SIEVE_ASKED = 8, /* different texts that are looked for within values, of one record */
    SIEVE_TOLD = 16, /* of which it is remembered whether they are there */
};

/* What goes on from block to block. */
struct carry {
    uint64_t outside; /* all ones: the next byte is in no string; or none */
    uint64_t escaped; /* 1: the first byte is behind a backslash */
    unsigned due;     /* so many bytes are the last digits of a \uXXXX */
    int64_t depth;
    uint64_t high;  /* not 0: some letter is beyond ASCII */
    uint64_t hides; /* not 0: some escape may stand for a letter of the pack's texts */
};

/* A block, as far as it is asked about at the end. */
struct kept {
    uint64_t found;
    uint64_t outside; /* of strings; an opening quote is in, a closing one out */
};

struct sifting {
    const struct sieve_classes *classes;
    const char *p; /* behind the record's brace */
    bool noted;    /* some alert is possible; before, what is in `possible` is another record's */
    struct {
        size_t block;
        int64_t depth; /* before it */
    } asked;           /* where depth_at() was asked last: the next place is near */
    struct kept blocks[SIEVE_BLOCKS + 8];
};

/* Which of eight blocks have prints, as bits. */
TRAIL_INLINE unsigned sieve_which(const struct kept *);

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

/* Those of them that are not of the escapes whose letters are in no needle. Most are of quotes, of
 * backslashes, or of an n. */
TRAIL_INLINE uint64_t rare_escapes(const char *p, uint64_t escaped, uint64_t quote, uint64_t backslash)
{
    uint64_t rare = escaped & ~(quote | backslash | sieve_equal(p, 'n'));
    if (__builtin_expect(rare != 0, 0))
        rare &= ~(sieve_equal(p, 't') | sieve_equal(p, 'r') | sieve_equal(p, 'b') | sieve_equal(p, 'f'));
    return rare;
}

/* ---- brackets ------------------------------------------------------------------------------------------ */

/* What the blocks from `first` up to `end`, SIEVE_TALLY at most, add to the depth; of the last one the
 * bytes of the mask. */
TRAIL_INLINE int64_t depth_of(const struct sifting *s, const struct vectors *tables, size_t first, size_t end,
                              uint64_t mask)
{
    struct tally tally = {0};
    for (size_t b = first; b < end; b++) {
        struct brackets brackets;
        sieve_brackets(s->p + b * 64, tables, &brackets);
        tally_add(&tally, &brackets, s->blocks[b].outside & (b + 1 < end ? UINT64_MAX : mask));
    }
    return tally_sum(&tally);
}

/* How deep the place is: 1 is right in the record. */
static int64_t depth_at(struct sifting *s, size_t place)
{
    struct vectors tables;
    size_t block = place / 64;
    sieve_load(&tables, s->classes);
    while (s->asked.block > block) {
        size_t first = s->asked.block - block < SIEVE_TALLY ? block : s->asked.block - SIEVE_TALLY;
        s->asked.depth -= depth_of(s, &tables, first, s->asked.block, UINT64_MAX);
        s->asked.block = first;
    }
    while (s->asked.block < block) {
        size_t end = block - s->asked.block < SIEVE_TALLY ? block : s->asked.block + SIEVE_TALLY;
        s->asked.depth += depth_of(s, &tables, s->asked.block, end, UINT64_MAX);
        s->asked.block = end;
    }
    return s->asked.depth + depth_of(s, &tables, block, block + 1, ((uint64_t)1 << place % 64) - 1);
}

TRAIL_INLINE bool is_outside(const struct sifting *s, size_t place)
{
    return s->blocks[place / 64].outside >> place % 64 & 1;
}

/* Whether a quote at the place begins one of the record's own keys. */
static __attribute__((noinline)) bool is_root_key(struct sifting *s, size_t place)
{
    bool opens = !is_outside(s, place) && (place == 0 || is_outside(s, place - 1));
    return opens && depth_at(s, place) == 1;
}

/* Whether behind the brace at p, of `left` bytes, another value begins, or the next of a list that is no
 * text: in a line no closing brace of its record has that but the record's own. */
TRAIL_INLINE bool goes_on(const char *p, ptrdiff_t left)
{
    if (left <= 2 || (unsigned char)p[2] < ' ' || (unsigned char)p[2] >= 0x80)
        return false;
    return p[1] == ',' ? p[2] != '"' && sieve_begins_value(p[2]) : sieve_begins_value(p[1]);
}

/* Whether the brace at the place closes the record. */
static __attribute__((noinline)) bool closes(struct sifting *s, size_t place)
{
    return is_outside(s, place) && depth_at(s, place) <= 1;
}

/* Whether a line's record is closed before the place up to which the line is known. */
static __attribute__((noinline)) bool closed_early(struct sifting *s, size_t blocks, size_t known)
{
    for (size_t b = 0; b < blocks; b++) {
        for (uint64_t found = s->blocks[b].found; found; found &= found - 1) {
            size_t place = b * 64 + (unsigned)__builtin_ctzll(found);
            if (s->p[place] == '}' && goes_on(s->p + place, (ptrdiff_t)(known - place)) && closes(s, place))
                return true;
        }
    }
    return false;
}

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

/* Whether an element of an array, of which *depth brackets are open, ends in the block; else *depth goes
 * on. *upto: the bytes up to its end. */
TRAIL_INLINE bool element_ends(int64_t *depth, const struct brackets *brackets, uint64_t outside,
                               uint64_t *upto)
{
    uint64_t open, close;
    brackets_masks(brackets, &open, &close);
    open &= outside;
    close &= outside;
    int64_t closing = __builtin_popcountll(close);
    int64_t before =
        __builtin_popcountll(open & (close ^ (close - 1))); /* what opens before the first that closes */
    if (__builtin_expect(*depth + before - closing <= 0, 0)) {
        uint64_t end = find_end(*depth, open, close);
        *upto = end | (end - 1);
        if (end)
            return true;
    }
    *depth += __builtin_popcountll(open) - closing;
    return false;
}

/* ---- needles ------------------------------------------------------------------------------------------- */

TRAIL_INLINE uint64_t word_at(const char *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

/* Whether the needle stands at p. Eight bytes from p on are readable. */
TRAIL_INLINE bool stands_at(const struct sieve_needle *x, const char *p)
{
    if (((word_at(p) | x->head_fold) & x->head_mask) != x->head)
        return false;
    if (x->n <= 8)
        return true;
    if ((word_at(p + x->n - 8) | x->tail_fold) != x->tail)
        return false;
    for (uint32_t i = 8; i + 8 < x->n; i++) {
        char c = x->needle->text.p[i], here = p[i];
        if (here != c && !(x->needle->any_case && c >= 'a' && c <= 'z' && (here | 0x20) == c))
            return false;
    }
    return true;
}

/* Whether a backslash is among the eight bytes at p. */
TRAIL_INLINE bool has_escape(const char *p)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t x = word_at(p) ^ (ones * '\\');
    return ((x - ones) & ~x & (ones << 7)) != 0;
}

/* The value of a root's key that ends at p, or `end`. */
TRAIL_INLINE const char *value_behind(const char *p, const char *end)
{
    if (p < end && *p != ':')
        p = trail_space(p, end);
    if (p >= end || *p != ':')
        return end;
    p++;
    return p < end && *p == ' ' ? trail_space(p, end) : p;
}

/* A key that ends at p may be the root's: what does its value say? */
TRAIL_INLINE void note_value(const struct trail_sieve *v, struct sifting *s,
                             const struct trail_needle *needle, const char *p, const char *end)
{
    p = value_behind(p, end);
    if (p >= end || *p == '{' || *p == '[')
        sieve_note_all(v, needle, &s->noted);
    else if (!needle->values || *p != '"' || end - p <= 8 || has_escape(p + 1) ||
             trail_begins(needle->values, p + 1, needle->n_begin))
        sieve_note_asked(v, needle, p, end, &s->noted);
}

/* The event's time is behind p. False: the sieve had better not tell it. */
TRAIL_INLINE bool take_time(const char *p, const char *end, struct trail_sifted *out)
{
    bool escaped;
    p = value_behind(p, end);
    if (p >= end || out->time.n || (*p != '"' && *p != '-' && (*p < '0' || *p > '9')))
        return false;
    const char *to = *p == '"' ? trail_string_end(p + 1, end, &escaped) : trail_scalar_end(p, end);
    if (!to)
        return false;
    out->time = (struct trail_slice){p, (size_t)(to - p) + (*p == '"')};
    return true;
}

/* Whether the root's key that ends at p begins an object or an array. */
TRAIL_INLINE bool holds_more(const char *p, const char *end)
{
    p = value_behind(p, end);
    return p < end && (*p == '{' || *p == '[');
}

/* What stands at the place, with which the needle's text stands in the record. False: the record is odd. */
TRAIL_INLINE bool take_needle(const struct trail_sieve *v, const struct sieve_needle *x, struct sifting *s,
                              size_t place, const char *end, struct trail_sifted *out)
{
    const struct trail_needle *needle = x->needle;
    const char *behind = s->p + place + x->n;
    if (x->kind == SIEVE_BEGINNING)
        return false;
    if (x->kind == SIEVE_FORM)
        return !holds_more(behind, end) || !is_root_key(s, place);
    if (needle->time && is_root_key(s, place) && !take_time(behind, end, out))
        return false;
    if (!needle->root)
        sieve_note_all(v, needle, &s->noted);
    else if (needle->n)
        note_value(v, s, needle, behind, end);
    return true;
}

/* What a print at the place says of the record, which ends at `end`. False: it is odd. */
TRAIL_INLINE bool judge_print(const struct trail_sieve *v, struct sifting *s, size_t place, const char *end,
                              struct trail_sifted *out)
{
    const char *print = s->p + place;
    uint32_t bytes;
    memcpy(&bytes, print, sizeof bytes);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap32(bytes);
#endif
    if (*print == '}' && !v->in_array && goes_on(print, end - print) && closes(s, place))
        return false;
    for (unsigned next = v->heads[sieve_hash(bytes)]; next;) {
        const struct sieve_needle *x = &v->needles[next - 1];
        const char *at = print - x->at;
        next = x->next;
        if (place < x->at || end - at < (ptrdiff_t)x->n || !stands_at(x, at))
            continue;
        if (!take_needle(v, x, s, place - x->at, end, out))
            return false;
    }
    return true;
}

/* All that was found of prints. False: the record is odd. */
static bool judge(const struct trail_sieve *v, struct sifting *s, size_t blocks, const char *end,
                  struct trail_sifted *out)
{
    for (size_t first = 0; first < blocks; first += 8) {
        for (unsigned which = sieve_which(&s->blocks[first]); which; which &= which - 1) {
            size_t b = first + (unsigned)__builtin_ctz(which);
            for (uint64_t found = s->blocks[b].found; found; found &= found - 1)
                if (!judge_print(v, s, b * 64 + (unsigned)__builtin_ctzll(found), end, out))
                    return false;
        }
    }
    return true;
}

/* ---- within ----------------------------------------------------------------------------------------- */

/* Which two bytes of a key are looked for first: of `userIdentity` rI, which few other keys have. */
TRAIL_INLINE size_t rare_pair(struct trail_slice text)
{
    for (size_t i = 2; i < text.n; i++)
        if (text.p[i] >= 'A' && text.p[i] <= 'Z')
            return i - 1;
    return 0;
}

/* Where the text, of at least two bytes, stands first; or `end`. Reads less than TRAIL_PADDING bytes
 * behind that. */
static __attribute__((noinline)) const char *find_text(const char *p, const char *end,
                                                       struct trail_slice text)
{
    size_t pair = rare_pair(text);
    for (p += pair;; p += 64) {
        while (end - p >= SIEVE_FAR && !sieve_far_pair(p, text.p + pair))
            p += SIEVE_FAR;
        if (end - p < (ptrdiff_t)(text.n - pair))
            return end;
        for (uint64_t found = sieve_pair(p, text.p + pair); found; found &= found - 1) {
            const char *at = p + __builtin_ctzll(found) - pair;
            if (end - at < (ptrdiff_t)text.n)
                return end;
            if (memcmp(at, text.p, text.n) == 0)
                return at;
        }
    }
}

/* What the key at p, of which the needle is the beginning, has for a value; `end`: it may be any. */
TRAIL_INLINE const char *short_value(const char *p, const char *end)
{
    return end - p > 2 && p[0] == '"' && p[1] == ':' && p[2] != ' ' ? p + 2 : end;
}

/* Whether the record, from p on, may hold the text that is wanted within a value of its own. */
static __attribute__((noinline)) bool may_hold(const struct trail_within *w, const char *p, const char *end)
{
    if (w->name.n < 2)
        return true;
    while ((p = find_text(p, end, w->key)) < end) {
        const char *value = short_value(p + w->key.n, end);
        p = value < end ? trail_value_end(value, end) : NULL;
        if (!p || find_text(value, p, w->name) < p)
            return true;
    }
    return false;
}

/* Takes out of the possible alerts those of which something else does not stand in the record. Many want the
 * same, which is looked for once; where they want much, reading the record costs less. */
static __attribute__((noinline)) void look_within(const struct trail_sieve *v, const char *p, const char *end)
{
    const struct trail_needles *needles = v->pack->needles;
    struct {
        uint32_t of;
        bool holds;
    } told[SIEVE_TOLD] = {{0, false}}, *here;
    unsigned left = SIEVE_ASKED;
    for (size_t w = 0; w < v->match->alert_words; w++) {
        for (uint64_t bits = v->possible[w] & ~v->known[w]; bits; bits &= bits - 1) {
            uint32_t of = needles->within_of[w * 64 + (unsigned)__builtin_ctzll(bits)];
            if (!of)
                continue;
            here = &told[of % SIEVE_TOLD];
            if (here->of != of) {
                if (left-- == 0)
                    return;
                here->of = of;
                here->holds = may_hold(&needles->within[of - 1], p, end);
            }
            if (!here->holds)
                v->possible[w] &= ~(bits & -bits);
        }
    }
}

/* A block of which only the first `left` bytes are there, with blanks behind. */
static __attribute__((noinline)) const char *last_block(char *room, const char *p, size_t left)
{
    memset(room, ' ', SIEVE_MARGIN);
    memcpy(room, p, left);
    return room;
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
        const struct marks of_escapes = sieve_judge_escapes(v, p, rare, c->due);
        m = of_escapes;
        c->due = of_escapes.due;
    }
    *quote &= ~escaped;
    uint64_t outside = parity_up_to(*quote) ^ c->outside, high = sieve_high(p) & ~outside;
    m.high |= high;
    m.odd |= (sieve_odd(p) & ~high) | (backslash & outside);
    return m;
}

enum sifting_on { SIFT_ON, SIFT_END, SIFT_ODD };

/* Where in a block the line ends, of which the first `there` bytes are known: at its first bit that is
 * odd. */
TRAIL_INLINE enum sifting_on end_line(const char *p, uint64_t odd, size_t there, unsigned *last)
{
    *last = (unsigned)__builtin_ctzll(odd);
    if (p[*last] == '\n')
        return SIFT_END;
    if (p[*last] != '\r')
        return SIFT_ODD;
    return *last + 1 >= there ? SIFT_ON : p[*last + 1] == '\n' ? SIFT_END : SIFT_ODD;
}

/*
 * A block that has something special, or is behind one that has: what the loop leaves to itself. Of the
 * block and what is behind it `there` bytes are known. *last: the first byte behind the record.
 */
static __attribute__((noinline)) enum sifting_on sift_closely(const struct trail_sieve *v, struct carry *c,
                                                              struct sifting *s, size_t block, const char *p,
                                                              size_t there, unsigned *last)
{
    struct vectors tables;
    struct tally tally = {0};
    struct block b;
    struct marks m = {0};
    enum sifting_on got = SIFT_ON;
    uint64_t known = there < 64 ? ((uint64_t)1 << there) - 1 : UINT64_MAX;
    sieve_load(&tables, &v->classes);
    sieve_read(p, &tables, &b);
    if (sieve_special(&b.special) || (c->escaped | c->due) != 0)
        m = look_closely(v, c, p, &b.quote);
    uint64_t outside = parity_up_to(b.quote) ^ c->outside;
    m.odd &= known;
    s->blocks[block].outside = outside & known;
    s->blocks[block].found = b.found & known;
    uint64_t upto = UINT64_MAX;
    int64_t depth = c->depth;
    if (v->in_array && element_ends(&depth, &b.brackets, outside & known, &upto)) {
        *last = (unsigned)__builtin_popcountll(upto);
        got = SIFT_END;
    } else if (m.odd && v->in_array) {
        return SIFT_ODD;
    } else if (m.odd) {
        got = end_line(p, m.odd, there, last);
        upto = ((uint64_t)1 << *last) - 1;
        if (got == SIFT_END && !(outside >> *last & 1))
            return SIFT_ODD;
    }
    if (got == SIFT_END) {
        if (m.odd & upto)
            return SIFT_ODD;
        s->blocks[block].outside &= upto;
        s->blocks[block].found &= upto;
        m.high &= upto;
        m.hides &= upto;
    }
    c->high |= m.high;
    c->hides |= m.hides;
    c->outside = (uint64_t)((int64_t)outside >> 63);
    tally_add(&tally, &b.brackets, s->blocks[block].outside);
    c->depth += tally_sum(&tally);
    return got;
}

/* The record ends at the place: what is it? */
TRAIL_INLINE enum trail_sieved finish(const struct trail_sieve *v, const struct carry *c, struct sifting *s,
                                      size_t place, struct trail_sifted *out)
{
    size_t blocks = (place + 63) / 64, words = v->match->alert_words;
    uint64_t more = 0;
    if (c->depth != 0 || s->p[(ptrdiff_t)place - 1] != '}')
        return TRAIL_SIEVE_ODD;
    for (size_t i = 0; i < 8; i++)
        s->blocks[blocks + i].found = 0;
    if (!judge(v, s, blocks, s->p + place, out))
        return TRAIL_SIEVE_ODD;
    if (s->noted && v->pack->needles->within)
        look_within(v, s->p, s->p + place);
    if (__builtin_expect((c->high | c->hides) != 0, 0))
        sieve_note_unsure(v, c->hides != 0, &s->noted);
    for (size_t w = 0; s->noted && w < words; w++)
        more |= v->possible[w] & ~v->known[w];
    out->size = place + 1;
    out->possible = v->possible;
    return more | c->hides ? TRAIL_SIEVED_MAYBE : TRAIL_SIEVED_OUT;
}

/*
 * A block with what most special blocks have: the line's end, escapes of quotes, backslashes and an n, none
 * of them at its border. Takes the escaped quotes away. False: it has something else. *upto: the bytes before
 * the end; all, where the line goes on.
 */
TRAIL_INLINE bool is_plain(const char *p, uint64_t outside, uint64_t *quote, uint64_t *upto)
{
    uint64_t odd = sieve_odd(p), end = odd & -odd, backslash = sieve_equal(p, '\\') & (end - 1), carry = 0;
    if (backslash) {
        uint64_t escaped = find_escaped(backslash, &carry);
        if ((escaped & ~(*quote | backslash | sieve_equal(p, 'n'))) | carry)
            return false;
        *quote &= ~escaped;
        if (backslash & (parity_up_to(*quote) ^ outside))
            return false;
    }
    *upto = end - 1;
    return !odd || p[__builtin_ctzll(odd)] == '\n';
}

/* Why the loop over blocks stops: at the last of them, or at one with the record's end, or with what it
 * does not know. */
enum stop { STOP_LAST, STOP_END, STOP_CLOSELY };

/*
 * The loop: blocks from *block up to `stop`, SIEVE_TALLY of them at most; what it does not know comes in few.
 * *upto: the bytes of the block that are the record's. With SIEVE_TWO_LOOPS there is one for lines, and one
 * for elements of an array.
 */
TRAIL_INLINE enum stop sift_on(const struct vectors *tables, struct carry *c, struct sifting *s,
                               size_t *block, size_t stop, uint64_t *upto, bool in_array)
{
    struct tally tally = {0};
    struct kept *kept = &s->blocks[*block], *end = &s->blocks[stop];
    const char *p = s->p + *block * 64;
    uint64_t outside = c->outside, now = 0;
    struct block b;
    enum stop why = STOP_LAST;
    int64_t depth = c->depth; /* in an array; a line's is a tally */
    for (; kept < end; p += 64, kept++) {
        sieve_read(p, tables, &b);
        kept->found = b.found;
        now = parity_up_to(b.quote) ^ outside;
        if (__builtin_expect(sieve_special(&b.special), 0)) {
            if (!is_plain(p, outside, &b.quote, upto) || (in_array && *upto != UINT64_MAX)) {
                why = STOP_CLOSELY;
                break;
            }
            now = parity_up_to(b.quote) ^ outside;
            if (*upto != UINT64_MAX) {
                why = STOP_END;
                break;
            }
        }
        if (in_array && element_ends(&depth, &b.brackets, now, upto)) {
            why = STOP_END;
            break;
        }
        kept->outside = now;
        if (!in_array)
            tally_add(&tally, &b.brackets, now);
        outside = (uint64_t)((int64_t)now >> 63);
    }
    if (why == STOP_END) {
        __asm__("" ::: "memory"); /* so that no block has to keep `found` in a register, too, for this */
        kept->found &= *upto;
        kept->outside = now & *upto;
        tally_add(&tally, &b.brackets, kept->outside);
        outside = now;
    }
    c->outside = outside;
    c->depth = depth + tally_sum(&tally);
    *block = (size_t)(kept - s->blocks);
    return why;
}

/* The first `whole` blocks, of which all is there, and what follows them. Returns how many were passed;
 * SIFT_END: the last of them is the record's. */
TRAIL_INLINE size_t sift_whole(const struct trail_sieve *v, struct carry *c, struct sifting *s, size_t whole,
                               enum sifting_on *got, unsigned *last, bool in_array)
{
    struct vectors tables;
    size_t block = 0;
    uint64_t upto;
    sieve_load(&tables, &v->classes);
    while (block < whole && *got == SIFT_ON) {
        size_t stop = whole - block < SIEVE_TALLY ? whole : block + SIEVE_TALLY;
        switch (sift_on(&tables, c, s, &block, stop, &upto, in_array)) {
        case STOP_LAST: break;
        case STOP_END:
            *last = (unsigned)__builtin_popcountll(upto);
            *got = in_array || c->outside >> *last & 1 ? SIFT_END : SIFT_ODD;
            return block + 1;
        case STOP_CLOSELY:
            do
                *got = sift_closely(v, c, s, block, s->p + block * 64, SIEVE_MARGIN, last);
            while (++block < whole && *got == SIFT_ON && (c->escaped | c->due) != 0);
        }
    }
    return block;
}

TRAIL_INLINE enum trail_sieved sift(const struct trail_sieve *v, const char *p, size_t n,
                                    struct trail_sifted *out)
{
    struct sifting s;
    struct carry c = {.outside = UINT64_MAX, .depth = 1};
    enum sifting_on got = SIFT_ON;
    unsigned last = 0;
    out->time = (struct trail_slice){NULL, 0};
    s.classes = &v->classes;
    s.p = p + 1;
    s.noted = false;
    s.asked.block = 0;
    s.asked.depth = 1;
    size_t limit = n - 1 < TRAIL_SIEVE_MAX ? n - 1 : TRAIL_SIEVE_MAX, block;
    size_t whole = limit < SIEVE_MARGIN ? 0 : (limit - SIEVE_MARGIN) / 64 + 1;
    if (SIEVE_TWO_LOOPS)
        block = v->in_array ? sift_whole(v, &c, &s, whole, &got, &last, true)
                            : sift_whole(v, &c, &s, whole, &got, &last, false);
    else
        block = sift_whole(v, &c, &s, whole, &got, &last, v->in_array);
    while (got == SIFT_ON && block * 64 < limit) {
        char room[SIEVE_MARGIN];
        size_t rest = limit - block * 64, there = rest < SIEVE_MARGIN ? rest : SIEVE_MARGIN;
        got = sift_closely(v, &c, &s, block, last_block(room, s.p + block * 64, there), there, &last);
        block++;
    }
    if (got == SIFT_END)
        return finish(v, &c, &s, (block - 1) * 64 + last, out);
    if (got == SIFT_ON && !v->in_array && closed_early(&s, block, limit))
        return TRAIL_SIEVE_ODD;
    return got == SIFT_ON && n - 1 < TRAIL_SIEVE_MAX ? TRAIL_SIEVE_PARTLY : TRAIL_SIEVE_ODD;
}

#endif
