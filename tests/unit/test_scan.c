/*
 * test_scan.c - many strings looked for at once: against a search for each.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "emit/emit.h"
#include "suite.h"
#include "trail/literals.h"

/* xorshift: the same sequence everywhere, from a seed that the message names. */
static uint64_t random_state;

static unsigned random_below(unsigned n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)(random_state >> 20) % n;
}

enum { TESTS = 130, ROOM = 96 };

struct subject {
    struct compile c;
    struct scan scan;
    struct trail_literals *table;
    uint64_t found[TESTS / 64 + 1], want[TESTS / 64 + 1];
};

/* A text of few letters, so that strings overlap, repeat, and nearly stand. */
static size_t draw(char *to, size_t n, bool capitals)
{
    static const char letters[] = "abc-1{\xC3\xA9";
    for (size_t i = 0; i < n; i++) {
        to[i] = letters[random_below(random_below(40) ? 4 : 8)];
        if (capitals && to[i] >= 'a' && to[i] <= 'c' && random_below(4) == 0)
            to[i] = (char)(to[i] - 'a' + 'A');
    }
    return n;
}

static void draw_scan(struct subject *s, size_t shortest)
{
    s->scan = (struct scan){.n = 1 + random_below(TESTS), .shortest = shortest, .ascii = random_below(2)};
    size_t n = s->scan.n + random_below(20);
    for (size_t i = 0; i < n; i++) {
        char text[ROOM];
        size_t length = draw(text, shortest + (i ? random_below(9) : 0), false);
        *PUSH(&s->c, s->scan.list, s->scan.n_list) =
            (struct scanned){slice_copy(&s->c, text, length), random_below((unsigned)s->scan.n)};
    }
    s->table = scan_table(&s->c, &s->scan);
}

static bool stands_in(struct slice text, const char *p, size_t n)
{
    for (size_t at = 0; at + text.n <= n; at++)
        if (strncasecmp(p + at, text.p, text.n) == 0)
            return true;
    return false;
}

static bool search_each(struct subject *s, const char *p, size_t n)
{
    bool any = false, all = false;
    memset(s->want, 0, sizeof s->want);
    for (size_t i = 0; i < n; i++)
        all = all || (s->scan.ascii && (unsigned char)p[i] >= 0x80);
    for (size_t i = 0; i < s->scan.n && all; i++)
        s->want[i / 64] |= (uint64_t)1 << i % 64;
    for (size_t i = 0; i < s->scan.n_list; i++)
        if (all || stands_in(s->scan.list[i].text, p, n)) {
            s->want[s->scan.list[i].test / 64] |= (uint64_t)1 << s->scan.list[i].test % 64;
            any = true;
        }
    return any || all;
}

/* The value ends where memory does. */
START_TEST(test_random)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(pages, MAP_FAILED);
    ck_assert_int_eq(mprotect(pages + page, page, PROT_NONE), 0);
    random_state = (uint64_t)_i * 7919 + 20240917;
    unsigned met = 0;
    for (unsigned round = 0; round < 60; round++) {
        struct subject s = {.c = {.arena = arena_new()}};
        draw_scan(&s, 3 + (size_t)_i);
        for (unsigned i = 0; i < 100; i++) {
            size_t n = random_below(ROOM);
            char *p = pages + page - n;
            draw(p, n, true);
            memset(s.found, 0, sizeof s.found);
            bool found = trail_literals_find(s.table, p, n, s.found), want = search_each(&s, p, n);
            met += want;
            if (found != want || memcmp(s.found, s.want, sizeof s.found) != 0)
                ck_abort_msg("strings of %d and more bytes, round %u: `%.*s`", _i + 3, round, (int)n, p);
        }
        arena_free(s.c.arena);
    }
    ck_assert_uint_gt(met, 100);
    munmap(pages, 2 * page);
}
END_TEST

/* What is not worth its while, and what a scan is enough for. */
START_TEST(test_which)
{
    struct compile c = {.arena = arena_new()};
    struct slice word = SLICE("curl"), two = SLICE("xq");
    struct pred words = {.view = VIEW_TEXT, .kind = TEST_TOKENS, .literal = {.tokens = &word, .n_tokens = 1}};
    struct pred letters = {
        .view = VIEW_TEXT, .kind = TEST_TOKENS, .literal = {.tokens = &two, .n_tokens = 1}};
    struct pred equals = {.view = VIEW_KEYWORD, .kind = TEST_EQUALS, .literal = {.whole = SLICE("curl")}};
    struct pred *preds[] = {&words, &equals, &letters};
    struct scan scan = scan_of(&c, VIEW_TEXT, 2, preds);
    ck_assert_uint_eq(scan.n, 1);
    ck_assert(scan.sufficient && scan.ascii && !scan_regexes(&scan));
    ck_assert_uint_eq(scan_of(&c, VIEW_KEYWORD, 2, preds).n, 0);
    ck_assert_uint_eq(scan_of(&c, VIEW_TEXT, 3, preds).n, 0); /* two letters: the value is split anyway */
    arena_free(c.arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scan");
    TCase *tcase = tcase_create("scan");
    tcase_add_loop_test(tcase, test_random, 0, 7);
    tcase_add_test(tcase, test_which);
    suite_add_tcase(suite, tcase);
    return run_tap(suite);
}
