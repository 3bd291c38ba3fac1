/*
 * fuzz_json.c - any bytes as JSON: checked, cut, rewritten, quoted, unescaped.
 *
 * The bytes lie in an allocation of exactly their size.
 */
#include <stdlib.h>
#include <string.h>

#include "frame/skim.h"
#include "trail/index.h"
#include "trail/json.h"
#include "trail/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool accepted(const char *p, size_t n)
{
    size_t at;
    return trail_json_check(p, n, &at) == TRAIL_JSON_OK;
}

/* What is in front of an error decides that it is one; what is in front of an end goes on. */
static void check_cuts(const char *p, size_t n)
{
    size_t at, again;
    enum trail_json_error error = trail_json_check(p, n, &at);
    require(at <= n);
    if (error == TRAIL_JSON_EMPTY || error == TRAIL_JSON_TRUNCATED)
        require(at == n);
    else if (error)
        require(at < n && trail_json_check(p, at + 1, &again) == error && again == at);
    else if (n > 1 && (*p == '{' || *p == '[') && (p[n - 1] == '}' || p[n - 1] == ']'))
        require(trail_json_check(p, n - 1, &again) == TRAIL_JSON_TRUNCATED);
}

/* A skim finds the end that the check finds, in pieces too. */
static void check_skim(const char *p, size_t n)
{
    size_t at;
    if (!n || (*p != '{' && *p != '[' && *p != '"') || trail_json_value(p, n, &at) != TRAIL_JSON_OK)
        return;
    struct trail_skim skim = {0};
    enum trail_skimmed got = TRAIL_SKIM_MORE;
    for (size_t m = 1; got == TRAIL_SKIM_MORE && m <= n; m++)
        got = trail_skim(&skim, p, m);
    require(got == TRAIL_SKIM_END && skim.at == at);
}

/* Every kernel takes the objects that the check takes, and no other. The padding is of the same bytes. */
static void check_index(const char *p, size_t n)
{
    if (!n || *p != '{')
        return;
    char *padded = malloc(n + TRAIL_PADDING);
    struct trail_index *x = malloc(sizeof *x);
    require(padded && x);
    memcpy(padded, p, n);
    for (size_t i = 0; i < TRAIL_PADDING; i++)
        padded[n + i] = p[i % n];
    size_t at;
    bool valid = trail_json_value(p, n, &at) == TRAIL_JSON_OK;
    for (size_t k = 0; trail_kernels[k]; k++)
        if (trail_kernels[k]->works()) {
            bool indexed = trail_kernels[k]->index(padded, n, x) == TRAIL_INDEXED;
            require(indexed == valid && (!valid || x->size == at));
        }
    free(x);
    free(padded);
}

static void check_rewriting(const char *p, size_t n)
{
    struct trail_text once = {0}, twice = {0}, quoted = {0};
    trail_json_rewrite(&once, (struct trail_slice){p, n});
    require(!once.failed && accepted(once.p, once.n));
    trail_json_rewrite(&twice, (struct trail_slice){once.p, once.n});
    require(once.n == twice.n && memcmp(once.p, twice.p, once.n) == 0);
    trail_json_quote(&quoted, (struct trail_slice){p, n});
    require(accepted(quoted.p, quoted.n) && *quoted.p == '"');
    trail_text_free(&once);
    trail_text_free(&twice);
    trail_text_free(&quoted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char *p = malloc(n ? n : 1), *to = malloc(n ? n : 1);
    require(p && to);
    if (n)
        memcpy(p, data, n);
    check_cuts(p, n);
    check_skim(p, n);
    check_index(p, n);
    check_rewriting(p, n);
    require(trail_json_unescape(to, p, n) <= n);
    free(p);
    free(to);
    return 0;
}
