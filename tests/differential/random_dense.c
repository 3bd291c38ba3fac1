/*
 * random_dense.c - filters of which hundreds ask about the same few fields: words, wildcards and regexes, nearly all with
 * some string that they cannot do without.
 *
 * The strings are cut out of values that events have, so that they are met, nearly met, and overlap.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "random.h"

/* One has a few strings of a byte or two; the others are long enough that values are passed in strides. */
static const struct field {
    const char *name;
    unsigned least;
} fields[] = {{"eventName", 3}, {"user.name", 7}};

static size_t length_at(const char *p)
{
    size_t n = 1;
    while (((unsigned char)p[n] & 0xC0) == 0x80)
        n++;
    return n;
}

/* A piece of a value: a few characters, in a row; for a word, letters, digits and what is beyond ASCII. */
static void cut(struct random *r, const struct field *field, struct draft *d, bool word)
{
    size_t least = field->least == 3 && random_one_in(r, 12) ? 1 : field->least;
    do {
        struct draft value = {0};
        draft_text(&value, "");
        random_string(r, &value);
        d->n = 0;
        draft_text(d, "");
        if (u8_check((const uint8_t *)value.p, value.n) == NULL) {
            const char *p = value.p, *end = value.p + value.n;
            for (unsigned skip = random_below(r, 8); skip && p < end; skip--)
                p += length_at(p);
            for (unsigned n = random_below(r, 12) + field->least; n && p < end; n--, p += length_at(p))
                if ((unsigned char)*p >= 0x80 || isalnum((unsigned char)*p) ||
                    (!word && (unsigned char)*p >= ' '))
                    draft_add(d, p, length_at(p));
                else if (word)
                    break;
        }
        free(value.p);
    } while (d->n < least);
}

/* With a backslash before all that is neither letter nor digit. */
static void escape(struct draft *out, const struct draft *d)
{
    for (size_t i = 0; i < d->n; i++) {
        if ((unsigned char)d->p[i] < 0x80 && !isalnum((unsigned char)d->p[i]))
            draft_char(out, '\\');
        draft_char(out, d->p[i]);
    }
}

static void piece(struct random *r, const struct field *field, struct draft *out, bool word)
{
    struct draft d = {0};
    cut(r, field, &d, word);
    escape(out, &d);
    free(d.p);
}

static void regex(struct random *r, const struct field *field, struct draft *out, bool word)
{
    static const char *const between[] = {".*", ".?", "[0-9]*", "[a-z]+", "(x|-)?", ".{0,3}"};
    draft_text(out, random_one_in(r, 3) ? "/" : "/.*");
    if (random_one_in(r, 4)) {
        draft_char(out, '(');
        piece(r, field, out, word);
        draft_char(out, '|');
        piece(r, field, out, word);
        draft_char(out, ')');
    } else {
        piece(r, field, out, word);
    }
    if (random_one_in(r, 4)) {
        draft_text(out, RANDOM_OF(r, between));
        piece(r, field, out, word);
    }
    draft_text(out, random_one_in(r, 3) ? "/" : ".*/");
    if (!word && random_one_in(r, 3))
        draft_char(out, 'i');
}

static void clause(struct random *r, struct draft *out)
{
    bool word = random_one_in(r, 2);
    const struct field *field = &fields[random_below(r, 2)];
    draft_text(out, field->name);
    draft_text(out, word ? ":" : ".keyword:");
    switch (random_below(r, 5)) {
    case 0:
    case 1: regex(r, field, out, word); break;
    case 2:
        draft_text(out, "*");
        piece(r, field, out, word);
        draft_text(out, "*");
        break;
    case 3:
        piece(r, field, out, word);
        draft_text(out, "*");
        break;
    default: piece(r, field, out, word); break;
    }
}

void random_dense_filter(struct random *r, struct draft *out)
{
    static const char *const joints[] = {" AND ", " AND NOT ", " OR "};
    draft_text(out, "");
    if (random_one_in(r, 20))
        draft_text(out, "NOT ");
    clause(r, out);
    if (random_one_in(r, 3)) {
        draft_text(out, RANDOM_OF(r, joints));
        clause(r, out);
    }
}
