/*
 * test_kernel.c - the ends of strings and containers, found by blocks of bytes, against a search byte by byte.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "suite.h"
#include "trail/kernel.h"
#include "json/json_text.h"

static uint64_t random_state;

static unsigned random_below(unsigned n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)(random_state >> 20) % n;
}

static const char *naive_string_end(const char *p, const char *end, bool *escaped)
{
    for (*escaped = false; p < end; p++) {
        if (*p == '"')
            return p;
        if (*p == '\\') {
            *escaped = true;
            if (++p == end)
                return NULL;
        }
    }
    return NULL;
}

static const char *naive_container_end(const char *p, const char *end)
{
    size_t depth = 0;
    bool escaped;
    for (; p < end; p++) {
        if (*p == '{' || *p == '[')
            depth++;
        if ((*p == '}' || *p == ']') && --depth == 0)
            return p + 1;
        if (*p == '"' && !(p = naive_string_end(p + 1, end, &escaped)))
            return NULL;
    }
    return NULL;
}

/* Now and then a run of one letter, so that blocks without any mark are met. */
static void draw(char *p, size_t n, unsigned backslashes)
{
    static const char marks[] = "{}[]\"\"\",:";
    for (size_t i = 0; i < n; i++) {
        unsigned kind = random_below(40);
        if (kind == 0)
            for (size_t run = random_below(100); run && i + 1 < n; run--)
                p[i++] = 'x';
        p[i] = kind < 8 ? marks[random_below(sizeof marks - 1)] : 'x';
        if (random_below(100) < backslashes)
            p[i] = '\\';
    }
}

START_TEST(test_ends)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(pages, MAP_FAILED);
    ck_assert_int_eq(mprotect(pages + page, page, PROT_NONE), 0);
    random_state = 20240917 + (uint64_t)_i;
    unsigned found = 0;
    for (unsigned i = 0; i < 40000; i++) {
        size_t n = 1 + random_below(500);
        char *p = pages + page - n, *end = pages + page;
        bool escaped, want_escaped;
        draw(p, n, (unsigned)_i);
        const char *to = trail_string_end(p, end, &escaped), *want = naive_string_end(p, end, &want_escaped);
        if (to != want || (to && escaped != want_escaped))
            ck_abort_msg("string: `%.*s`", (int)n, p);
        p[0] = random_below(2) ? '{' : '[';
        to = trail_container_end(p, end);
        want = naive_container_end(p, end);
        if (to != want)
            ck_abort_msg("container: `%.*s`", (int)n, p);
        found += to != NULL;
    }
    ck_assert_uint_gt(found, 1000);
    munmap(pages, 2 * page);
}
END_TEST

/* Every byte ends a run or does not, wherever it stands in texts of any length. */
START_TEST(test_safe_runs)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(pages, MAP_FAILED);
    ck_assert_int_eq(mprotect(pages + page, page, PROT_NONE), 0);
    for (size_t n = 0; n <= 50; n++) {
        char *p = pages + page - n, *end = pages + page;
        memset(p, '~', n);
        ck_assert_uint_eq(trail_json_safe_run(p, end), n);
        for (size_t at = 0; at < n; at++, p[at - 1] = ' ') {
            for (int byte = 0; byte < 256; byte++) {
                p[at] = (char)byte;
                bool safe = byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
                ck_assert_msg(trail_json_safe_run(p, end) == (safe ? n : at), "byte %d at %zu of %zu", byte,
                              at, n);
            }
        }
    }
    munmap(pages, 2 * page);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernel");
    TCase *tcase = tcase_create("kernel");
    tcase_add_loop_test(tcase, test_ends, 0, 4); /* percent of backslashes */
    tcase_add_test(tcase, test_safe_runs);
    suite_add_tcase(suite, tcase);
    return run_tap(suite);
}
