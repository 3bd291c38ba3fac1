/*
 * regexes.h - one regex or wildcard, read as a filter's: for the tests of what matches, what is said, and how large the DFA
 * is.
 */
#ifndef REGEXES_H
#define REGEXES_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regex/tree.h"
#include "suite.h"
#include "trail/text.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Check writes a mark for every assertion, so in long loops only a failure makes one. */
#define MUST(condition, ...)           \
    do {                               \
        if (!(condition))              \
            ck_abort_msg(__VA_ARGS__); \
    } while (0)

/* xorshift: the same sequence everywhere, from a seed that the message names. */
static uint64_t random_state = 1;

static inline unsigned random_below(unsigned n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)(random_state >> 20) % n;
}

static inline uint64_t seed(void)
{
    const char *given = getenv("SEED");
    random_state = given ? strtoull(given, NULL, 10) | 1 : 20240917;
    return random_state;
}

/* One regex read from a filter `f:/…/`, or a wildcard from `f:…`. */
struct subject {
    struct compile c;
    struct source source;
    struct text text;
    struct regex *regex;
};

enum { WILDCARD = 16 };

static inline struct subject *subject_new(const char *pattern, size_t n, int how)
{
    struct subject *s = calloc(1, sizeof *s);
    bool wildcard = how & WILDCARD;
    enum regex_dialect dialect = (enum regex_dialect)(how & ~WILDCARD);
    s->c.arena = arena_new();
    struct buffer b = {.c = &s->c};
    buffer_text(&b, wildcard ? "f:" : "f:/");
    size_t from = b.n;
    buffer_add(&b, pattern, n);
    size_t to = b.n;
    buffer_text(&b, wildcard ? "" : "/");
    s->source = (struct source){"rule", buffer_slice(&b)};
    s->c.sources = &s->source;
    s->c.n_sources = 1;
    uint32_t *at = NEW_ARRAY(&s->c, uint32_t, b.n + 1);
    for (size_t i = 0; i <= b.n; i++)
        at[i] = (uint32_t)i;
    s->text = (struct text){s->source.text, 0, at};
    s->regex = wildcard ? regex_wildcard(&s->c, &s->text, from, to, dialect)
                        : regex_parse(&s->c, &s->text, from, to, dialect);
    return s;
}

static inline void subject_free(struct subject *s)
{
    arena_free(s->c.arena);
    free(s);
}

static inline const char *first_message(const struct subject *s)
{
    return s->c.n_diags ? s->c.diags[0].message.p : "nothing";
}

enum { K = REGEX_KEYWORD, I = REGEX_KEYWORD_ANY, T = REGEX_TOKEN, W = WILDCARD };

static inline int run_regex_tests(TCase *tcase)
{
    Suite *suite = suite_create("regex");
    tcase_set_timeout(tcase, 300);
    suite_add_tcase(suite, tcase);
    return run_tap(suite);
}

#endif
