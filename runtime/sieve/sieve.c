/*
 * sieve.c - which needles to look for, and with which kernel.
 *
 * Needs: a pack, and which of its alerts are wanted.
 * Guarantees: tables from which every needle of these alerts is found; of bytes that are no needle's, some,
 * too.
 */
#include "sieve.h"

#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "trail/json.h"
#include "trail/kernel.h"
#include "trail/match.h"

static const struct sieve_kernel *const kernels[] = {
#if defined(__x86_64__)
    &sieve_kernel_avx512, &sieve_kernel_avx2,
    &sieve_kernel_sse,
#elif defined(__aarch64__)
    &sieve_kernel_neon,
#endif
    &sieve_kernel_plain,  NULL,
};

static const char most_begin[] = "{\"eventVersion\":";

/* Of the keys by which frame/shape.h tells wrappers from records, those that all of them have one of. */
static const struct trail_needle forms[SIEVE_FORMS] = {
    {.text = {"\"Records\"", 9}, .root = true},    {.text = {"\"Events\"", 8}, .root = true},
    {.text = {"\"logEvents\"", 11}, .root = true}, {.text = {"\"hits\"", 6}, .root = true},
    {.text = {"\"detail\"", 8}, .root = true},     {.text = {"\"_source\"", 9}, .root = true},
};

const char *trail_sieve_kernel(size_t i)
{
    for (const struct sieve_kernel *const *k = kernels; *k; k++)
        if ((*k)->works() && i-- == 0)
            return (*k)->name;
    return NULL;
}

/* The one of that name or, where it does not work, the next slower one. */
static const struct sieve_kernel *find_kernel(const char *name)
{
    const struct sieve_kernel *const *k = kernels;
    for (const struct sieve_kernel *const *named = kernels; name && *named; named++)
        if (strcmp((*named)->name, name) == 0)
            k = named;
    while (!(*k)->works())
        k++;
    return *k;
}

struct trail_sieve *trail_sieve_new(const struct trail_pack *pack, struct trail_match *match,
                                    const char *kernel)
{
    struct trail_sieve *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->pack = pack;
    s->match = match;
    s->kernel = find_kernel(kernel);
    s->needles = calloc((pack->needles ? pack->needles->n : 0) + 1 + SIEVE_FORMS, sizeof *s->needles);
    s->chosen = calloc(match->alert_words, sizeof *s->chosen);
    s->known = calloc(match->alert_words, sizeof *s->known);
    s->beyond = calloc(match->alert_words, sizeof *s->beyond);
    s->possible = calloc(match->alert_words, sizeof *s->possible);
    if (!s->needles || !s->chosen || !s->known || !s->beyond || !s->possible) {
        trail_sieve_free(s);
        return NULL;
    }
    return s;
}

void trail_sieve_free(struct trail_sieve *s)
{
    if (!s)
        return;
    free(s->needles);
    free(s->chosen);
    free(s->known);
    free(s->beyond);
    free(s->possible);
    free(s);
}

/* ---- choosing ---------------------------------------------------------------------------------------- */

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool wants(const uint64_t *wanted, const struct trail_needle *needle)
{
    bool any = needle->time || (needle->n && !wanted);
    for (size_t i = 0; i < needle->n && !any; i++)
        any = trail_get(wanted, needle->alerts[i]);
    return any;
}

/* Up to eight bytes of the text, as a word reads them from memory, and what makes its letters small. */
static void pack_bytes(const struct trail_needle *needle, size_t from, uint64_t *word, uint64_t *fold,
                       uint64_t *mask)
{
    char bytes[8] = {0}, folds[8] = {0}, masks[8] = {0};
    for (size_t i = 0; i < 8 && from + i < needle->text.n; i++) {
        bytes[i] = needle->text.p[from + i];
        folds[i] = needle->any_case && is_letter(bytes[i]) ? 0x20 : 0;
        masks[i] = (char)0xFF;
    }
    memcpy(word, bytes, 8);
    memcpy(fold, folds, 8);
    memcpy(mask, masks, 8);
}

static const char *print_of(const struct trail_needle *needle)
{
    return needle->text.p + needle->at;
}

static unsigned hash_of(const struct trail_needle *needle)
{
    const unsigned char *p = (const unsigned char *)print_of(needle);
    return sieve_hash(p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16);
}

static void add_needle(struct trail_sieve *s, struct sieve_needle *x, const struct trail_needle *needle,
                       enum sieve_kind kind)
{
    uint64_t ignored;
    *x = (struct sieve_needle){
        .needle = needle, .n = (uint32_t)needle->text.n, .at = needle->at, .kind = (uint8_t)kind};
    pack_bytes(needle, 0, &x->head, &x->head_fold, &x->head_mask);
    if (needle->text.n > 8)
        pack_bytes(needle, needle->text.n - 8, &x->tail, &x->tail_fold, &ignored);
    uint16_t *head = &s->heads[hash_of(needle)];
    x->next = *head;
    *head = (uint16_t)(x - s->needles + 1);
}

static void add_byte(struct sieve_classes *c, int k, unsigned char byte, unsigned class)
{
    uint8_t bit = (uint8_t)(1 << class);
    c->of[k][byte] |= bit;
    c->few[k][byte % 64] |= bit;
    c->low[k][byte & 0x0F] |= bit;
    c->high[k][byte >> 4] |= bit;
}

/* The needle's print is found as one of the class. */
static void add_print(struct sieve_classes *c, const struct trail_needle *needle, unsigned class)
{
    for (int k = 0; k < SIEVE_PRINT; k++) {
        unsigned char byte = (unsigned char)print_of(needle)[k];
        add_byte(c, k, byte, class);
        if (needle->any_case && is_letter((char)byte))
            add_byte(c, k, byte & 0xDF, class);
    }
}

static void drop_class(struct sieve_classes *c, unsigned class)
{
    uint8_t *all = &c->of[0][0], bit = (uint8_t)(1 << class);
    for (size_t i = 0; i < sizeof *c; i++)
        all[i] &= (uint8_t)~bit;
}

/* ---- how records begin ------------------------------------------------------------------------------- */

static void add_own(struct trail_sieve *s, const struct trail_needle *needle, enum sieve_kind kind)
{
    add_needle(s, &s->needles[s->n + s->n_own++], needle, kind);
    add_print(&s->classes, needle, SIEVE_OWN);
}

/* The sieve's own were added last. */
static void drop_own(struct trail_sieve *s)
{
    while (s->n_own) {
        const struct sieve_needle *x = &s->needles[s->n + --s->n_own];
        s->heads[hash_of(x->needle)] = x->next;
    }
    drop_class(&s->classes, SIEVE_OWN);
}

/* Where a line's record may end before its line does: a brace, and what begins a value behind it, or the
 * next of a list. (Behind a comma a text is most often a member's key.) */
static void make_joints(struct trail_sieve *s)
{
    struct sieve_classes *c = &s->classes;
    drop_class(c, SIEVE_JOINT);
    drop_class(c, SIEVE_JOINT + 1);
    if (s->in_array)
        return;
    add_byte(c, 0, '}', SIEVE_JOINT);
    add_byte(c, 0, '}', SIEVE_JOINT + 1);
    add_byte(c, 1, ',', SIEVE_JOINT + 1);
    for (unsigned char byte = ' '; byte < 128; byte++) {
        bool begins = sieve_begins_value((char)byte);
        add_byte(c, 2, byte, SIEVE_JOINT);
        if (begins)
            add_byte(c, 1, byte, SIEVE_JOINT);
        if (begins && byte != '"')
            add_byte(c, 2, byte, SIEVE_JOINT + 1);
    }
}

static void set_beginning(struct trail_sieve *s, struct trail_slice start, bool foreign)
{
    drop_own(s);
    memcpy(s->start, start.p, start.n);
    s->beginning = (struct trail_needle){.text = {s->start, start.n}};
    add_own(s, &s->beginning, SIEVE_BEGINNING);
    for (size_t i = 0; foreign && i < SIEVE_FORMS; i++)
        add_own(s, &forms[i], SIEVE_FORM);
}

void trail_sieve_begin(struct trail_sieve *s, struct trail_slice start, bool foreign, bool in_array)
{
    if (in_array != s->in_array) {
        s->in_array = in_array;
        make_joints(s);
    }
    if (start.n != s->beginning.text.n || !trail_same(start.p, s->start, start.n))
        set_beginning(s, start, foreign);
}

/* ---- which alerts ------------------------------------------------------------------------------------ */

static void add_letters(struct trail_sieve *s, struct trail_slice text, bool any_case)
{
    for (size_t k = 0; k < text.n; k++) {
        unsigned char c = (unsigned char)text.p[k];
        if (c < 0x80)
            s->letters[c] = true;
        if (any_case && is_letter((char)c))
            s->letters[c & 0xDF] = true;
    }
}

/* The letters that stand in the pack's texts. (An escape is in none of the sieve's own.) */
static void make_letters(struct trail_sieve *s)
{
    const struct trail_needles *needles = s->pack->needles;
    memset(s->letters, 0, sizeof s->letters);
    for (size_t i = 0; i < s->n; i++)
        add_letters(s, s->needles[i].needle->text, s->needles[i].needle->any_case);
    for (size_t i = 0; needles->within && i < s->pack->n_alerts; i++) {
        if (!needles->within_of[i])
            continue;
        const struct trail_within *within = &needles->within[needles->within_of[i] - 1];
        add_letters(s, within->key, false);
        add_letters(s, within->name, false);
    }
}

bool trail_sieve_choose(struct trail_sieve *s, const uint64_t *known)
{
    const struct trail_needles *needles = s->pack->needles;
    const uint64_t *wanted = s->match->wanted;
    if (!needles)
        return false;
    memset(s->chosen, 0, s->match->alert_words * sizeof *s->chosen);
    memset(s->known, 0, s->match->alert_words * sizeof *s->known);
    for (size_t i = 0; i < s->pack->n_alerts; i++) {
        if (wanted && !trail_get(wanted, i))
            continue;
        trail_set(s->chosen, i);
        if (!trail_get(needles->always, i))
            continue;
        if (!known || !trail_get(known, i) || !trail_get(needles->every, i))
            return false;
        trail_set(s->known, i);
    }
    for (size_t w = 0; w < s->match->alert_words; w++)
        s->beyond[w] = needles->ascii[w] & s->chosen[w];
    s->n = s->n_own = 0;
    for (size_t i = 0; i < needles->n; i++)
        if (wants(wanted, &needles->list[i]))
            s->needles[s->n++].needle = &needles->list[i];
    make_letters(s);
    memset(&s->classes, 0, sizeof s->classes);
    memset(s->heads, 0, sizeof s->heads);
    s->in_array = false;
    make_joints(s);
    for (size_t i = 0; i < s->n; i++) {
        const struct trail_needle *needle = s->needles[i].needle;
        add_needle(s, &s->needles[i], needle, SIEVE_OF_PACK);
        add_print(&s->classes, needle, needle->print_class);
    }
    set_beginning(s, (struct trail_slice){most_begin, sizeof most_begin - 1}, false);
    return true;
}

/* ---- possible alerts --------------------------------------------------------------------------------- */

static void note_some(const struct trail_sieve *v, bool *noted)
{
    if (!*noted)
        memcpy(v->possible, v->known, v->match->alert_words * sizeof *v->possible);
    *noted = true;
}

void sieve_note_all(const struct trail_sieve *v, const struct trail_needle *needle, bool *noted)
{
    note_some(v, noted);
    for (size_t i = 0; i < needle->n; i++)
        if (trail_get(v->chosen, needle->alerts[i]))
            trail_set(v->possible, needle->alerts[i]);
}

/* Whether the value may be one of those that are wanted. An escape may stand for anything. */
static bool may_be_wanted(const struct trail_needle *needle, const char *p, const char *end)
{
    if (!needle->wholes || *p != '"' || end - p <= TRAIL_WHOLE || memchr(p, '\\', TRAIL_WHOLE + 1))
        return true;
    return trail_get(needle->wholes, trail_whole_bit(p + 1, needle->whole_bits));
}

void sieve_note_asked(const struct trail_sieve *v, const struct trail_needle *needle, const char *p,
                      const char *end, bool *noted)
{
    if (!may_be_wanted(needle, p, end) || !v->pack->needles->asks(v->match, needle->number, p, end))
        return;
    note_some(v, noted);
    for (size_t w = 0; w < v->match->alert_words; w++)
        v->possible[w] |= v->match->candidates[w] & v->chosen[w];
}

void sieve_note_unsure(const struct trail_sieve *v, bool hides, bool *noted)
{
    const uint64_t *unsure = hides ? v->chosen : v->beyond;
    note_some(v, noted);
    for (size_t w = 0; w < v->match->alert_words; w++)
        v->possible[w] |= unsure[w];
}

/* ---- escapes ------------------------------------------------------------------------------------------ */

/* The digits of a \uXXXX from p[from] on, as far as they are in the block; whether they all are. */
static bool read_digits(const char *p, unsigned from, unsigned n, uint32_t *letter, uint64_t *odd)
{
    for (unsigned i = from; i < from + n && i < 64; i++) {
        int value = trail_json_hex((unsigned char)p[i]);
        *odd |= (uint64_t)(value < 0) << i;
        *letter = *letter << 4 | (value & 15);
    }
    return from + n <= 64;
}

struct marks sieve_judge_escapes(const struct trail_sieve *v, const char *p, uint64_t rare, unsigned due)
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

enum trail_sieved trail_sieve(const struct trail_sieve *s, const char *p, size_t n, struct trail_sifted *out)
{
    return s->kernel->sieve(s, p, n, out);
}
