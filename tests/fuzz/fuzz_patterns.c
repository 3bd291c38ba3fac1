/*
 * fuzz_patterns.c - any bytes as a record's JSON, and as a file of patterns. A pattern is bounded, plain, and
 * the same again; what a file is taken for is plain, too; and so is every rule that is suggested.
 */
#include <stdlib.h>
#include <string.h>

#include "patterns/set.h"
#include "patterns/shape.h"
#include "patterns/store.h"
#include "patterns/suggest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_plain(struct trail_slice text)
{
    for (size_t i = 0; i < text.n; i++)
        require(text.p[i] >= ' ' && text.p[i] <= '~' && text.p[i] != '\\');
}

static void check_suggestion(const struct set_pattern *p)
{
    struct trail_text text = {0};
    suggest_add(&text, p);
    require(!text.failed);
    for (size_t i = 0; i < text.n; i++)
        require(text.p[i] == '\n' || (text.p[i] >= ' ' && text.p[i] <= '~'));
    trail_text_free(&text);
}

/* An object that a framer would hand on. */
static void check_record(const char *p, size_t n)
{
    size_t at, n_fields, again;
    if (!n || *p != '{' || trail_json_check(p, n, &at) != TRAIL_JSON_OK)
        return;
    char *padded = calloc(1, n + TRAIL_PADDING);
    require(padded != NULL);
    memcpy(padded, p, n);
    struct trail_text one = {0}, two = {0};
    pattern_add(&one, (struct trail_slice){padded, n}, &n_fields);
    pattern_add(&two, (struct trail_slice){padded, n}, &again);
    require(!one.failed && one.n == two.n && memcmp(one.p, two.p, one.n) == 0 && n_fields == again);
    require(one.n <= PATTERN_FIELDS * (PATTERN_VALUE + SHAPE_KEY) + 2 * SHAPE_TEXT + 256);
    check_plain((struct trail_slice){one.p, one.n});
    struct set *s = set_new(10);
    struct set_event e = {.text = {one.p, one.n},
                          .n_fields = n_fields,
                          .hash = set_hash(s, (struct trail_slice){one.p, one.n})};
    require(s && set_add(s, &e) && set_n(s) == 1);
    check_suggestion(set_at(s, 0));
    set_free(s);
    trail_text_free(&one);
    trail_text_free(&two);
    free(padded);
}

static void check_file(const char *p, size_t n)
{
    char error[STORE_ERROR];
    char *text = malloc(n + 1);
    struct set *s = set_new(1000);
    require(text && s);
    memcpy(text, p, n);
    text[n] = 0;
    if (store_read(s, text, n, error))
        for (size_t i = 0; i < set_n(s); i++) {
            check_plain((struct trail_slice){set_at(s, i)->text, set_at(s, i)->n_text});
            check_suggestion(set_at(s, i));
        }
    set_free(s);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    check_record((const char *)data, n);
    check_file((const char *)data, n);
    return 0;
}
