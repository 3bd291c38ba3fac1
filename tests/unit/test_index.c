/*
 * test_index.c - every kernel's index against the check byte by byte: what it takes for JSON is, it ends
 * there, and its keys are the object's own. All kernels say the same of the same bytes.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "json_cases.h"
#include "suite.h"
#include "trail/index.h"
#include "trail/json.h"
#include "trail/limits.h"

static uint64_t state;

static unsigned below(unsigned n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(state >> 33) % n;
}

/* ---- memory with nothing behind its padding ----------------------------------------------------------- */

enum { ROOM = 1 << 16 };

static char *pages; /* the last byte of `pages + ROOM` is the last one that may be read */

static void map_pages(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    pages = mmap(NULL, ROOM + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(pages != MAP_FAILED && mprotect(pages + ROOM, page, PROT_NONE) == 0);
}

static void unmap_pages(void)
{
    munmap(pages, ROOM + (size_t)sysconf(_SC_PAGESIZE));
}

/* The text so that its padding is the last that can be read; the padding holds what would do most harm. */
static const char *at_the_edge(const char *text, size_t n)
{
    static const char harm[] = "\"}]\\u{[,:tfn1-";
    char *p = pages + ROOM - TRAIL_PADDING - n;
    memcpy(p, text, n);
    for (size_t i = 0; i < TRAIL_PADDING; i++)
        p[n + i] = harm[(i + n) % (sizeof harm - 1)];
    return p;
}

/* ---- the reference: keys by a walk -------------------------------------------------------------------- */

static size_t string_end(const char *p, size_t i) /* behind the quote at i: the closing one */
{
    for (i++; p[i] != '"'; i++)
        i += p[i] == '\\';
    return i;
}

/* The members' keys of a valid object of n bytes; how many places. */
static unsigned keys_of(const char *p, size_t n, uint32_t *places, bool *plain)
{
    unsigned depth = 0, found = 0;
    bool key = false;
    *plain = true;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '"') {
            size_t end = string_end(p, i);
            if (key && depth == 1) {
                if (found < 2 * TRAIL_INDEX_KEYS) {
                    places[found] = (uint32_t)i;
                    places[found + 1] = (uint32_t)end;
                }
                found += 2;
                *plain &= !memchr(p + i, '.', end - i) && !memchr(p + i, '\\', end - i);
            }
            i = end;
            key = false;
        } else if (p[i] == '{' || p[i] == '[') {
            depth++;
            key = p[i] == '{';
        } else if (p[i] == '}' || p[i] == ']') {
            depth--;
            key = false;
        } else if (p[i] == ',') {
            key = true;
        }
    }
    *plain &= found <= 2 * TRAIL_INDEX_KEYS;
    return found;
}

/* ---- one text ----------------------------------------------------------------------------------------- */

static struct trail_index results[8];

/* Whether the text's first value is an object that the check accepts (then so has every kernel to). */
static bool compare(const char *text, size_t n)
{
    const char *p = at_the_edge(text, n);
    static uint32_t places[2 * TRAIL_INDEX_KEYS];
    size_t end = 0;
    bool valid = trail_json_value(p, n, &end) == TRAIL_JSON_OK, plain = false;
    unsigned found = valid ? keys_of(p, end, places, &plain) : 0;
    for (size_t k = 0; trail_kernels[k]; k++) {
        struct trail_index *x = &results[k];
        const char *name = trail_kernels[k]->name;
        if (!trail_kernels[k]->works())
            continue;
        enum trail_indexed got = trail_kernels[k]->index(p, n, x);
        ck_assert_msg((got == TRAIL_INDEXED) == valid, "%s: %d of %zu bytes, valid %d: %.*s", name, (int)got,
                      n, valid, (int)n, text);
        if (!valid)
            continue;
        ck_assert_msg(x->size == end, "%s: size %zu, not %zu: %.*s", name, x->size, end, (int)n, text);
        ck_assert_msg(x->plain == plain, "%s: plain %d: %.*s", name, x->plain, (int)n, text);
        if (plain)
            ck_assert_msg(2 * x->n == found && memcmp(x->keys, places, found * sizeof *places) == 0,
                          "%s: %u keys, not %u: %.*s", name, x->n, found / 2, (int)n, text);
    }
    return valid;
}

/* An object whose end is missing is no more than that, unless something is wrong in front of it. */
static void compare_partly(const char *text, size_t n)
{
    const char *p = at_the_edge(text, n);
    for (size_t k = 0; trail_kernels[k]; k++)
        if (trail_kernels[k]->works())
            ck_assert_msg(trail_kernels[k]->index(p, n, &results[k]) != TRAIL_INDEXED, "%s takes %.*s",
                          trail_kernels[k]->name, (int)n, text);
}

/* ---- texts -------------------------------------------------------------------------------------------- */

START_TEST(cases_of_the_grammar)
{
    const struct json_case *c = &json_cases[_i];
    char text[4096];
    if (c->n + 64 > sizeof text)
        return;
    if (c->n && c->text[0] == '{')
        compare(c->text, c->n);
    /* as a value, and as an element, with the blocks' border at each place of it */
    for (size_t pad = 0; pad < 70; pad++) {
        size_t n = (size_t)snprintf(text, 80, "{\"%.*s\":", (int)pad,
                                    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        memcpy(text + n, c->text, c->n);
        text[n + c->n] = '}';
        compare(text, n + c->n + 1);
        text[n + c->n] = ',';
        memcpy(text + n + c->n + 1, "\"b\":[", 5);
        memcpy(text + n + c->n + 6, c->text, c->n);
        memcpy(text + n + 2 * c->n + 6, "]}", 2);
        compare(text, n + 2 * c->n + 8);
    }
}
END_TEST

static char text[ROOM / 2];
static size_t text_n;

static void add(const char *piece)
{
    size_t n = strlen(piece);
    if (text_n + n < sizeof text) {
        memcpy(text + text_n, piece, n);
        text_n += n;
    }
}

static void add_white(unsigned often)
{
    static const char *const white[] = {" ", "\n", "\t", "\r\n", "    ", "          "};
    if (often && below(often) == 0)
        add(white[below(6)]);
}

static void add_string(void)
{
    static const char *const pieces[] = {"a",    "eventName", "\\\"", "\\\\", "\\u0041",  "{",   "}",
                                         "[",    "],",        ":",    ",",    ".",        "\\/", "é",
                                         "\x7f", "\\n\\t",    "true", " ",    "\\\\\\\"", "x.y", "\xff"};
    add("\"");
    for (unsigned i = below(8); i > 0; i--)
        add(pieces[below(sizeof pieces / sizeof *pieces)]);
    if (below(20) == 0)
        for (unsigned i = below(200); i > 0; i--)
            add(below(9) ? "a" : "\\\\");
    add("\"");
}

static void add_value(unsigned depth, unsigned white)
{
    static const char *const scalars[] = {"0",    "-1",    "12.5e-3", "1E9",
                                          "true", "false", "null",    "123456789012"};
    unsigned what = below(depth ? 10 : 6);
    if (what < 4) {
        add_string();
    } else if (what < 6) {
        add(scalars[below(8)]);
    } else {
        bool object = what < 9;
        add(object ? "{" : "[");
        add_white(white);
        for (unsigned n = below(depth > 3 ? 12 : 4), i = 0; i < n; i++) {
            if (i)
                add(",");
            add_white(white);
            if (object) {
                add_string();
                add_white(white);
                add(":");
                add_white(white);
            }
            add_value(depth - 1, white);
            add_white(white);
        }
        add(object ? "}" : "]");
    }
}

static void draw(unsigned white)
{
    do {
        text_n = 0;
        add_value(6, white);
    } while (text[0] != '{' || text_n > 4000);
}

static uint64_t seed_of_run(void)
{
    const char *given = getenv("SEED");
    return given ? strtoull(given, NULL, 10) : 20260314;
}

START_TEST(random_objects)
{
    state = seed_of_run();
    for (unsigned i = 0; i < 4000; i++) {
        draw(i % 3 ? 0 : 4);
        ck_assert_msg(compare(text, text_n), "SEED=%ju: not JSON: %.*s", (uintmax_t)seed_of_run(),
                      (int)text_n, text);
        if (i % 10 == 0)
            for (size_t n = 0; n < text_n; n++)
                compare_partly(text, n);
        add(" ,{\"next\":1}");
        compare(text, text_n);
    }
}
END_TEST

START_TEST(random_damage)
{
    static const char bytes[] = "\"\\{}[],: \n\x01\x1f"
                                "0a-e.tu\xff";
    size_t valid = 0, damaged = 0;
    state = seed_of_run() + 1;
    for (unsigned i = 0; i < 3000; i++) {
        draw(i % 3 ? 0 : 4);
        static char good[sizeof text];
        size_t n = text_n;
        memcpy(good, text, n);
        for (unsigned k = 0; k < 40; k++) {
            memcpy(text, good, n);
            for (unsigned changes = 1 + below(2); changes > 0 && n > 1; changes--)
                text[1 + below((unsigned)n - 1)] = bytes[below(sizeof bytes - 1)];
            if (compare(text, n))
                valid++;
            else
                damaged++;
        }
    }
    ck_assert_uint_gt(valid, 1000);
    ck_assert_uint_gt(damaged, 20000);
}
END_TEST

START_TEST(depth_is_bounded)
{
    for (unsigned depth = TRAIL_MAX_DEPTH - 2; depth <= TRAIL_MAX_DEPTH + 2; depth++) {
        text_n = 0;
        for (unsigned i = 0; i < depth; i++)
            add(i == 0 ? "{\"a\":" : i % 3 ? "[" : "{\"b\":");
        add("1");
        for (unsigned i = depth; i > 0; i--)
            add(i == 1 ? "}" : (i - 1) % 3 ? "]" : "}");
        ck_assert_int_eq(compare(text, text_n), depth <= TRAIL_MAX_DEPTH);
    }
}
END_TEST

START_TEST(many_keys)
{
    for (unsigned keys = TRAIL_INDEX_KEYS - 2; keys < TRAIL_INDEX_KEYS + 300; keys += keys < 132 ? 1 : 50) {
        text_n = 0;
        add("{");
        for (unsigned i = 0; i < keys; i++)
            add(i ? ",\"\":1" : "\"\":1");
        add("}");
        ck_assert(compare(text, text_n));
        ck_assert_int_eq(results[0].plain || !trail_kernels[0]->works(),
                         keys <= TRAIL_INDEX_KEYS || !trail_kernels[0]->works());
    }
}
END_TEST

START_TEST(kernels_are_found_by_name)
{
    ck_assert_ptr_nonnull(trail_kernel_find(NULL));
    ck_assert_str_eq(trail_kernel_find("plain")->name, "plain");
    ck_assert_ptr_null(trail_kernel_find("abacus"));
    for (size_t k = 0; trail_kernels[k]; k++) {
        if (trail_kernels[k]->works())
            ck_assert_ptr_eq(trail_kernel_find(trail_kernels[k]->name), trail_kernels[k]);
        printf("# %s: %s\n", trail_kernels[k]->name,
               trail_kernels[k]->works() ? "tested" : "this processor has not got it");
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("index");
    TCase *t = tcase_create("index");
    tcase_set_timeout(t, 0);
    tcase_add_unchecked_fixture(t, map_pages, unmap_pages);
    tcase_add_test(t, kernels_are_found_by_name);
    tcase_add_loop_test(t, cases_of_the_grammar, 0, (int)n_json_cases);
    tcase_add_test(t, random_objects);
    tcase_add_test(t, random_damage);
    tcase_add_test(t, depth_is_bounded);
    tcase_add_test(t, many_keys);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}
