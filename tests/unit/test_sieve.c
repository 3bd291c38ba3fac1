/*
 * The sieve's kernels: each gives what a reading byte by byte gives, and reads no byte that is not there. (That no alert
 * loses a record by it, tests/sieve holds against compiled packs.)
 */
#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sieving.h"
#include "suite.h"

/* ---- a pack of three alerts, of which the third takes every record ---- */

static bool asks(struct trail_match *m, uint32_t number, const char *p, const char *end)
{
    bool wanted = number == 1 && end - p >= 7 && memcmp(p, "\"Wanted\"", 8) == 0;
    *m->candidates = wanted ? ~UINT64_C(0) << 1 | 1 : 0;
    return wanted;
}

static const uint32_t first[] = {0}, second[] = {1};
static const struct trail_needle list[] = {
    {.text = {"\"eventTime\"", 11}, .at = 6, .time = true, .root = true},
    {.text = {"\"eventName\"", 11}, .at = 4, .root = true, .number = 1, .n = 1, .alerts = first},
    {.text = {"zebra-crossing-9", 16}, .at = 0, .any_case = true, .n = 1, .alerts = second},
    {.text = {"q\"}", 3}, .at = 0, .n = 1, .alerts = second},
};
static const uint64_t always[1] = {4}, ascii[1] = {2};
static const struct trail_needles needles = {
    .n = 4, .list = list, .always = always, .every = always, .ascii = ascii, .asks = asks};
static const struct trail_pack pack = {.abi = TRAIL_ABI, .n_alerts = 3, .needles = &needles};

static uint64_t wanted = 3, candidates;
static struct trail_match match = {.alert_words = 1, .wanted = &wanted, .candidates = &candidates};
static struct trail_sieve *sieves[MOST_KERNELS];

/* ---- byte by byte ---- */

enum end { GOES_ON, ENDS, NO_RECORD };

/* A text, and what is known of its bytes as far as it has been read. */
static struct reading {
    const char *p;
    size_t known; /* so many bytes are looked at */
    bool in_array;
    bool beyond, hides; /* has letters beyond ASCII; has an escape that may hide a needle's letter */
    size_t size;        /* it ends */
    bool opens[TRAIL_SIEVE_MAX + 2];   /* a string begins with this quote */
    bool outside[TRAIL_SIEVE_MAX + 2]; /* of strings */
    long depth[TRAIL_SIEVE_MAX + 2]; /* before the byte: what has opened and not closed, outside of strings */
} r;

static bool is_letter_of_needles(unsigned long letter)
{
    for (size_t k = 0; k < needles.n; k++)
        for (size_t i = 0; i < list[k].text.n; i++) {
            unsigned char c = (unsigned char)list[k].text.p[i];
            if (letter == c || (list[k].any_case && letter < 0x80 && (unsigned long)toupper(c) == letter))
                return true;
        }
    return false;
}

/* A byte that stands in no record: a line ends there. */
static enum end meet_odd(size_t i, bool string)
{
    if (r.in_array || (r.p[i] != '\n' && r.p[i] != '\r'))
        return NO_RECORD;
    if (r.p[i] == '\r' && i + 1 >= r.known)
        return GOES_ON;
    if (string || (r.p[i] == '\r' && r.p[i + 1] != '\n'))
        return NO_RECORD;
    r.size = i;
    return ENDS;
}

/* *i is the place of a backslash in a string; then of the escape's last byte. ENDS: it is well. */
static enum end read_escape(size_t *i)
{
    if (++*i >= r.known)
        return GOES_ON;
    char kind = r.p[*i];
    if (kind != 'u') {
        r.hides |= kind == '/' && is_letter_of_needles('/');
        return kind && strchr("\"\\/bfnrt", kind) ? ENDS : meet_odd(*i, true);
    }
    bool in_two_blocks = (*i - 1) % 64 >= 60; /* then nothing is known of it */
    unsigned long letter = 0;
    for (int k = 0; k < 4; k++) {
        if (++*i >= r.known)
            return GOES_ON;
        char digit[2] = {r.p[*i], 0};
        if (!isxdigit((unsigned char)*digit))
            return meet_odd(*i, true);
        letter = letter * 16 + strtoul(digit, NULL, 16);
    }
    r.beyond |= !in_two_blocks && letter >= 0x80;
    r.hides |= in_two_blocks || (letter < 0x80 && is_letter_of_needles(letter));
    return ENDS;
}

/* Whether behind a brace of a line stands what no value of a member or an element has there. */
static bool goes_on(size_t i, size_t known)
{
    if (i + 2 >= known || (unsigned char)r.p[i + 2] < ' ' || (unsigned char)r.p[i + 2] >= 0x80)
        return false;
    char next = r.p[i + 1];
    return next == ',' ? strchr("{[ -0123456789tfn", r.p[i + 2]) != NULL
                       : next && strchr("{[ \"-0123456789tfn", next);
}

/* Where the record ends. */
static enum end find_end(void)
{
    bool string = false;
    long depth = 1;
    for (size_t i = 1; i < r.known; i++) {
        unsigned char c = (unsigned char)r.p[i];
        r.depth[i] = depth;
        r.opens[i] = c == '"' && !string;
        r.outside[i] = !string && c != '"';
        if (c < 0x20 || (!string && (c >= 0x80 || c == '\\')))
            return meet_odd(i, string);
        r.beyond |= c >= 0x80;
        if (c == '"') {
            string = !string;
            r.outside[i] = !string;
        } else if (string && c == '\\') {
            size_t from = i;
            enum end got = read_escape(&i);
            if (got != ENDS)
                return got;
            for (; from <= i; from++) {
                r.depth[from] = depth;
                r.opens[from] = r.outside[from] = false;
            }
        } else if (!string && (c == '{' || c == '[')) {
            depth++;
        } else if (!string && (c == '}' || c == ']')) {
            depth--;
            if (r.in_array && depth == 0) {
                r.size = i + 1;
                r.depth[i + 1] = 0;
                return ENDS;
            }
        }
    }
    return GOES_ON;
}

static bool stands(size_t i, const char *text)
{
    size_t n = strlen(text);
    return i + n <= r.size && memcmp(r.p + i, text, n) == 0;
}

/* Where the value of a key begins that ends before i, or the record's end. */
static size_t value_behind(size_t i)
{
    while (i < r.size && r.p[i] == ' ')
        i++;
    if (i >= r.size || r.p[i] != ':')
        return r.size;
    for (i++; i < r.size && r.p[i] == ' ';)
        i++;
    return i;
}

/* What stands at the place that matters. False: the sieve has no opinion of the record. */
static bool look_at(size_t i, struct verdict *v)
{
    if (stands(i, "{\"eventVersion\":"))
        return false;
    if (!r.in_array && r.p[i] == '}' && r.outside[i] && r.depth[i] <= 1 && goes_on(i, r.size))
        return false;
    if ((i + 16 <= r.size && strncasecmp(r.p + i, "zebra-crossing-9", 16) == 0) || stands(i, "q\"}"))
        v->possible |= 2;
    if (stands(i, "\"eventName\"")) {
        size_t at = value_behind(i + 11);
        if (at == r.size || r.p[at] == '{' || r.p[at] == '[')
            v->possible |= 1;
        else if (asks(&match, 1, r.p + at, r.p + r.size))
            v->possible |= candidates & wanted;
    }
    if (!stands(i, "\"eventTime\"") || !r.opens[i] || r.depth[i] != 1)
        return true;
    size_t at = value_behind(i + 11);
    if (at == r.size || v->end)
        return false;
    v->time = at++;
    if (isdigit((unsigned char)r.p[v->time]) || r.p[v->time] == '-') {
        while (at < r.size && (unsigned char)r.p[at] > ' ' && !strchr(",}]:\"", r.p[at]))
            at++;
        v->end = at;
        return true;
    }
    if (!r.opens[v->time])
        return false;
    while (!r.outside[at])
        at++;
    v->end = at + 1;
    return true;
}

/* By the rules that sieve.h states. */
static struct verdict read_slowly(const char *p, size_t n, bool in_array)
{
    static const struct verdict odd = {.got = TRAIL_SIEVE_ODD}, partly = {.got = TRAIL_SIEVE_PARTLY};
    r.p = p;
    r.known = n - 1 < TRAIL_SIEVE_MAX ? n : TRAIL_SIEVE_MAX + 1;
    r.in_array = in_array;
    r.beyond = r.hides = false;
    enum end end = find_end();
    for (size_t i = 1; end == GOES_ON && !in_array && i < r.known; i++)
        if (p[i] == '}' && r.outside[i] && r.depth[i] <= 1 && goes_on(i, r.known))
            return odd;
    if (end == GOES_ON)
        return n - 1 < TRAIL_SIEVE_MAX ? partly : odd;
    if (end == NO_RECORD || r.depth[r.size] != 0 || p[r.size - 1] != '}')
        return odd;
    struct verdict v = {.got = TRAIL_SIEVED_OUT, .size = r.size};
    for (size_t i = 1; i < r.size; i++)
        if (!look_at(i, &v))
            return odd;
    v.possible |= r.hides ? 3 : r.beyond ? 2 : 0;
    if (v.possible) {
        v.got = TRAIL_SIEVED_MAYBE;
        v.time = v.end = 0;
    }
    return v;
}

/* ---- held against each other ---- */

static void hold(const char *p, const struct verdict *want, size_t n, const char *where)
{
    for (size_t k = 0; sieves[k]; k++) {
        struct verdict got = verdict_of(sieves[k], p, n);
        ck_assert_msg(same_verdict(&got, want),
                      "%s, %s, %s: %d, size %zu, time %zu-%zu, possible %lx; not %d, %zu, %zu-%zu, %lx: %.*s",
                      trail_sieve_kernel(k), r.in_array ? "array" : "line", where, (int)got.got, got.size,
                      got.time, got.end, (unsigned long)got.possible, (int)want->got, want->size, want->time,
                      want->end, (unsigned long)want->possible, n < 3000 ? (int)n : 3000, p);
    }
}

static size_t seen[TRAIL_SIEVE_ODD + 1]; /* how many texts were what */

static void none_seen(void)
{
    memset(seen, 0, sizeof seen);
}

/* A test of random texts proves little if hardly any of them are records. */
static void assert_seen(size_t least)
{
    for (int got = 0; got <= TRAIL_SIEVE_ODD; got++)
        ck_assert_msg(seen[got] >= least, "%zu texts are %d", seen[got], got);
}

static struct verdict compare(const char *text, size_t n, bool in_array, char padding)
{
    const char *p = at_the_edge(text, n, padding);
    struct verdict want = read_slowly(p, n, in_array);
    seen[want.got]++;
    sieves_begin(sieves, in_array);
    hold(p, &want, n, "end of memory");
    hold(at_the_front(text, n, padding), &want, n, "its beginning");
    return want;
}

/* What is told early is not taken back when more has come. */
static void compare_cuts(const char *text, size_t n, bool in_array, char padding)
{
    struct verdict early = {.got = TRAIL_SIEVE_PARTLY};
    for (size_t cut = 1; cut <= n; cut++) {
        struct verdict got = compare(text, cut, in_array, padding);
        ck_assert_msg(early.got == TRAIL_SIEVE_PARTLY || same_verdict(&early, &got),
                      "%s: told too early, before byte %zu: %.*s", in_array ? "array" : "line", cut, (int)n,
                      text);
        early = got;
    }
}

/* ---- texts ---- */

static const char *const texts[] = {
    "{}",
    "{\"a\":1}",
    "{\"a\":[{},{\"b\":[1,2,{}]}]}",
    "{\"a\":{\"b\":{\"c\":[[[[]]]]}},\"eventTime\":\"2026-03-14T10:00:00Z\"}",
    "{\"eventName\":\"Wanted\",\"x\":\"\\\"\\\\\\\\\\n\"}",
    "{\"eventName\" : \"Other\",\"x\":\"{[\\\"]}\"}",
    "{\"a\":{\"eventName\":\"Wanted\"},\"b\":\"ZEBRA-Crossing-9\"}",
    "{\"a\":{\"eventName\":\"Wanted\"},\"b\":\"zebra-crossing-8\"}",
    "{\"a\":\"q\"}",
    "{\"a\":\"z\\u0065bra-crossing-\\u0039\",\"eventN\\u0061me\":\"Wanted\"}",
    "{\"a\":\"\\u003c\\/\\u003e\",\"b\":\"\\u00e4\\uD83D\\uDE00\",\"c\":[\"\\\\u12\"]}",
    "{\"a\":\"\\u003\",\"b\":\"\\u00g0\"}",
    "{\"a\": [ {\"b\" : 1 }, {\"c\":[ ] } ] }",
    "{\"a\":{\"eventVersion\":\"1.08\"}}",
    "{\"\xC3\xA4\":\"\xE2\x84\xAA \xFF\\n\x80\",\"b\":[\"\xF0\x9F\xA6\x93\"]}",
    "{\"a\":{\"eventVersion\": \"1.08\"},\"b\":[1,{}]}",
    "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"Root\",\"accountId\":\"123456789012\"},"
    "\"eventTime\":"
    "\"2026-03-14T10:00:00Z\",\"eventName\":\"Wanted\",\"requestParameters\":{\"a\":[{\"b\":\"c\"},{\"d\":"
    "null}]}}",
    /* brackets of which only the sum is right */
    "{\"a\":[},\"b\":{]}",
    "{\"a\":1]],\"b\":[[2}",
    "{\"a\":1},\"b\":{\"c\":2}",
    "{\"a\":1};[}",
    "{\"a\":1}p[}",
    "{\"a\":1}`[}",
    "{\"a\":1} {\"b\":2}",
    "{\"a\":1}{\"b\":2}",
    "{\"a\":1}}{}",
    "{\"a\":1},{\"b\":2}",
    "{\"a\":1}, \"b\":{\"c\":2}",
    "{\"a\":1},[}",
    "{\"a\":[1}",
    "{\"a\":1]",
    /* times */
    "{\"eventTime\" : \"then \\\"\" ,\"a\":{\"eventTime\":\"there\"}}",
    "{\"eventTime\":\"then\",\"a\":1,\"eventTime\":\"now\"}",
    "{\"eventTime\":7}",
    "{\"eventTime\":-1773482400000 ,\"a\":null}",
    "{\"eventTime\":1.5e3]",
    "{\"eventTime\":null}",
    "{\"eventTime\":[\"then\"]}",
    "{\"a\":\"eventTime\"}",
    "{\"a\":[\"eventTime\",{\"eventTime\":8}]}",
    "{\"x\\\"eventTime\":\"then\",\"a\":{\"eventTime\":\"there\"}}",
    "{\"a\":\"x\\\"eventTime\"}",
    /* what is odd outside of strings, and in them */
    "{\"a\":\\\"}",
    "{\"a\":\xC3\xA4}",
    "{\"a\":\"\\x\"}",
    "{\"a\":\"\t\"}",
    "{\"a\":\"\n\"}",
    "{\"a\":\"\\\n\"}",
    "{\"a\":\"\\u00\r\n\"}",
    "{\"a\":\"\r\n\",\"b\":\"\r\n\"}",
    "{\"a\":\"}, {\",\"b\":\"}\\\",{\"}",
};
enum { TEXTS = sizeof texts / sizeof *texts };

/* What may stand behind a record. */
static const char *const tails[] = {
    "",     "\n",    "\r\n",  "\r",     " \n",  "\r\r\n", "\n\n", "\t\n", "}\n",    "x\n",
    "{}\n", " {}\n", "\n\\u", "\n\x80", "\\\n", "\"\n",   ",",    "]",    " ",      ",{",
    ", {",  ",,",    ",}",    ",\"",    ",\n",  "]}",     "],",   "]]",   "] ",     "]{",
    "  ",   " ,",    " }",    " {",     " ]",   " \n",    "}",    "},{",  ",{\x80", "]}\\",
};
enum { TAILS = sizeof tails / sizeof *tails };

static const char filler[] = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                             "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

/* A text with so much put before it that it stands elsewhere in its blocks. */
static size_t write_text(char *to, size_t room, size_t shift, const char *text, const char *tail)
{
    return (size_t)snprintf(to, room, "{\"%.*s\":\"\",%s%s", (int)shift, filler, text + 1, tail);
}

START_TEST(every_place_and_cut)
{
    char text[1024];
    sieves_new(sieves, &pack, &match);
    for (size_t t = 0; t < TEXTS; t++) {
        for (size_t shift = 0; shift < 130; shift += FEW ? 9 : 1) {
            for (int in_array = 0; in_array < 2; in_array++) {
                for (size_t tail = 0; tail < TAILS; tail++) {
                    size_t n = write_text(text, sizeof text, shift, texts[t], tails[tail]);
                    compare(text, n, in_array, "\n\",}"[tail % 4]);
                    if ((shift + tail) % 63 == 0)
                        compare_cuts(text, n, in_array, "}\n{\0"[tail % 4]);
                }
            }
        }
    }
    sieves_free(sieves);
}
END_TEST

START_TEST(random_damage)
{
    static const char bytes[] = "\"\"\\\\{}[],:  \n\n\r\t\x01\0\xC3"
                                "aunz/9euf";
    sieves_new(sieves, &pack, &match);
    none_seen();
    for (unsigned i = 0; i < ROUNDS; i++) {
        char text[1024];
        size_t n = write_text(text, sizeof text, below(131), texts[below(TEXTS)], tails[below(TAILS)]);
        n += write_text(text + n, sizeof text - n, below(131), texts[below(TEXTS)], tails[below(TAILS)]);
        for (size_t k = below(6); k > 0; k--)
            text[1 + below(n - 1)] = bytes[below(sizeof bytes - 1)];
        compare(text, n - (below(3) ? 0 : below(n)), i % 2, "\n,x\""[below(4)]);
    }
    assert_seen(ROUNDS / 100);
    sieves_free(sieves);
}
END_TEST

/* ---- long records ---- */

static char big[TRAIL_SIEVE_MAX + 2000];

START_TEST(sizes)
{
    sieves_new(sieves, &pack, &match);
    for (size_t size = TRAIL_SIEVE_MAX - 140; size < TRAIL_SIEVE_MAX + 140; size++) {
        for (int in_array = 0; in_array < 2; in_array++) {
            static const char *const ends[] = {"\n", "\r\n", ",{", "]}"};
            for (size_t i = 0; i < 4; i++) {
                memcpy(big, "{\"a\":\"", 6);
                memset(big + 6, 'x', size - 8);
                memcpy(big + size - 2, "\"}", 2);
                memcpy(big + size, ends[i], strlen(ends[i]));
                size_t n = size + strlen(ends[i]), more = n + 300;
                memset(big + n, ' ', 300);
                struct verdict whole = compare(big, n, in_array, '}');
                struct verdict longer = compare(big, more, in_array, '}');
                ck_assert_msg(whole.got == TRAIL_SIEVE_PARTLY || same_verdict(&whole, &longer), "size %zu",
                              size);
                bool fits = in_array == (i > 1) && size <= TRAIL_SIEVE_MAX - 1;
                ck_assert_msg(!fits || whole.got == TRAIL_SIEVED_OUT, "%d of size %zu", (int)whole.got, size);
            }
        }
    }
    sieves_free(sieves);
}
END_TEST

/* The sum of brackets: as many as there is room for that open, then as many that close; or one off. */
START_TEST(deep)
{
    static const long steps[] = {1,   2,   63,  64,  65,   100,   127,   128,  129,
                                 200, 255, 256, 257, 8192, 16384, 20000, 32000};
    sieves_new(sieves, &pack, &match);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        for (long off = -1; off <= 1; off++) {
            size_t n = (size_t)sprintf(big, "{\"a\":");
            memset(big + n, '[', (size_t)steps[i]);
            n += (size_t)steps[i];
            memset(big + n, ']', (size_t)(steps[i] + off));
            n += (size_t)(steps[i] + off);
            memcpy(big + n, "}\n", 2);
            struct verdict got = compare(big, n + 2, false, '}');
            ck_assert(got.got == (off ? TRAIL_SIEVE_ODD : TRAIL_SIEVED_OUT));
            memcpy(big + n, "},{", 3);
            got = compare(big, n + 3, true, '}');
            ck_assert(got.got == (off < 0   ? TRAIL_SIEVE_PARTLY
                                  : off > 0 ? TRAIL_SIEVE_ODD
                                            : TRAIL_SIEVED_OUT));
        }
    }
    sieves_free(sieves);
}
END_TEST

/* Blocks of which each has one bracket, and all at the same place; beside it a string,
 * with brackets that do not count. */
static size_t write_lane(char *to, size_t lane, size_t blocks, char bracket)
{
    for (size_t b = 0; b < blocks; b++, to += 64) {
        memset(to, ' ', 64);
        to[lane] = bracket;
        char *string = lane < 32 ? to + lane + 1 : to + lane - 20;
        memset(string, "[]{}"[b % 4], 19);
        string[0] = string[18] = '"';
    }
    return blocks * 64;
}

/* More blocks than a byte can add up, and what is left over as often as a byte has values; behind them a key,
 * of which it is asked how deep it is. */
START_TEST(many_brackets_in_one_lane)
{
    static const size_t counts[] = {1, 63, 64, 65, 126, 127, 128, 129, 200, 255, 256, 257, 400, 500};
    sieves_new(sieves, &pack, &match);
    for (size_t lane = 0; lane < 64; lane += lane % 7 + 1) {
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
            static const long left_over[] = {0, 1, -1, 64, 128, -128, 256, -256};
            for (size_t k = 0; k < sizeof left_over / sizeof *left_over; k++) {
                long closing = (long)counts[i] - left_over[k];
                if (closing < 0 || closing > 510)
                    continue;
                size_t n = (size_t)sprintf(big, "{");
                n += write_lane(big + n, lane, counts[i], k % 2 ? '{' : '[');
                n += write_lane(big + n, lane, (size_t)closing, ']');
                n += (size_t)sprintf(big + n, "\"eventTime\":\"%zu\"", n);
                memcpy(big + n, "}\n", 2);
                struct verdict got = compare(big, n + 2, false, '[');
                ck_assert(got.got == (left_over[k] ? TRAIL_SIEVE_ODD : TRAIL_SIEVED_OUT));
                ck_assert(left_over[k] || got.end == n);
                memcpy(big + n, "}, {", 4);
                got = compare(big, n + 4, true, '[');
                ck_assert(got.got == (left_over[k] > 0   ? TRAIL_SIEVE_PARTLY
                                      : left_over[k] < 0 ? TRAIL_SIEVE_ODD
                                                         : TRAIL_SIEVED_OUT));
            }
        }
    }
    sieves_free(sieves);
}
END_TEST

/* Long records of all there is, with joints, times and ends anywhere. */
START_TEST(long_and_random)
{
    static const char *const parts[] = {
        "[",  "]",       "{",           "}",       "},{",          "}]",        "}, {",          "\"}\\\"{\"",
        ", ", "\"\\n\"", "\"\\u003c\"", "\"[[[\"", "{\"a\":[1]},", "\"\\\\\":", "\"\xC3\xA4\",", "[[],{}]",
        "{[", "]}",      "\"x\":1,",    "\"a\":{}"};
    sieves_new(sieves, &pack, &match);
    none_seen();
    for (unsigned i = 0; i < ROUNDS / 300; i++) {
        size_t n = (size_t)sprintf(big, "{"), length = below(i % 4 ? 3000 : TRAIL_SIEVE_MAX - 1000);
        long depth = 0;
        while (n < length) {
            const char *part = parts[below(sizeof parts / sizeof *parts)];
            n += (size_t)sprintf(big + n, "%s", part);
            if (below(8) == 0)
                n += (size_t)sprintf(big + n, "\"%.*s\",", (int)below(130), filler);
        }
        for (size_t at = 1, string = 0; at < n; at++) {
            string ^= big[at] == '"' && big[at - 1] != '\\';
            depth += string ? 0 : (big[at] == '{' || big[at] == '[') - (big[at] == '}' || big[at] == ']');
        }
        for (; depth > 0 && n < TRAIL_SIEVE_MAX - 10; depth--)
            big[n++] = ']';
        for (; depth < 0 && n < TRAIL_SIEVE_MAX - 10; depth++)
            big[n++] = '[';
        n += (size_t)sprintf(big + n, "}%s", tails[below(TAILS)]);
        compare(big, n, i % 2, '}');
    }
    ck_assert_msg(seen[TRAIL_SIEVED_OUT] && seen[TRAIL_SIEVED_MAYBE] && seen[TRAIL_SIEVE_ODD],
                  "hardly a long text is anything");
    sieves_free(sieves);
}
END_TEST

/* ---- what it is told of alerts and beginnings ---- */

static struct verdict line_of(const struct trail_sieve *s, const char *text)
{
    char line[512];
    size_t n = (size_t)snprintf(line, sizeof line, "%s\n", text);
    return verdict_of(s, at_the_edge(line, n, 'a'), n);
}

START_TEST(alerts_are_chosen)
{
    static const char text[] = "{\"a\":\"zebra-crossing-9\",\"eventTime\" : \"now\"}";
    struct trail_match m = {.alert_words = 1, .candidates = &candidates};
    uint64_t bits = 1;
    struct trail_sieve *s = trail_sieve_new(&pack, &m, "no such kernel");

    ck_assert_msg(!trail_sieve_choose(s, NULL), "all are wanted, and one of them is always");
    m.wanted = &bits;
    ck_assert(trail_sieve_choose(s, NULL));
    struct verdict got = line_of(s, text);
    ck_assert_int_eq(got.got, TRAIL_SIEVED_OUT);
    ck_assert_uint_eq(got.end - got.time, 5);
    ck_assert(memcmp(text + got.time, "\"now\"", 5) == 0);
    for (bits = 2; bits <= 3; bits++) {
        ck_assert(trail_sieve_choose(s, NULL));
        ck_assert_uint_eq(line_of(s, text).possible, 2);
    }
    bits = 6;
    ck_assert(trail_sieve_choose(s, always));
    ck_assert_msg(line_of(s, text).possible == 6, "what every record meets is possible");
    bits = 4;
    ck_assert(!trail_sieve_choose(s, NULL));
    ck_assert_msg(trail_sieve_choose(s, always), "every record meets it, and whoever asks knows");
    ck_assert_int_eq(line_of(s, text).got, TRAIL_SIEVED_OUT);
    ck_assert_msg(line_of(s, "{\"a\":\"\xC3\xA4\"}").got == TRAIL_SIEVED_OUT,
                  "the alert that it may meet is not wanted");
    trail_sieve_free(s);
}
END_TEST

/* To choose goes back to lines that begin as most do. */
START_TEST(choosing_starts_over)
{
    static const char list_text[] = "{\"a\":1},{\"b\":2},";
    sieves_new(sieves, &pack, &match);
    for (size_t k = 0; sieves[k]; k++) {
        const char *p = at_the_edge(list_text, sizeof list_text - 1, 0);
        ck_assert_int_eq(verdict_of(sieves[k], p, sizeof list_text - 1).got, TRAIL_SIEVE_ODD);
        trail_sieve_begin(sieves[k], (struct trail_slice){"{\"at\":", 6}, true, true);
        ck_assert_uint_eq(verdict_of(sieves[k], p, sizeof list_text - 1).size, 7);
        ck_assert(trail_sieve_choose(sieves[k], NULL));
        ck_assert_int_eq(verdict_of(sieves[k], p, sizeof list_text - 1).got, TRAIL_SIEVE_ODD);
        ck_assert_int_eq(line_of(sieves[k], "{\"a\":{\"at\":1},\"Records\":[]}").got, TRAIL_SIEVED_OUT);
    }
    sieves_free(sieves);
}
END_TEST

START_TEST(records_begin_otherwise)
{
    static const char *const wrappers[] = {
        "{\"at\":1,\"Records\":[{}]}",          "{\"at\":1,\"Events\" : [ ]}",
        "{\"at\":1,\"logEvents\":[{\"a\":1}]}", "{\"at\":1,\"hits\":{}}",
        "{\"at\":1,\"x\":{},\"detail\": {}}",   "{\"at\":1,\"_source\":{\"a\":1}}",
    };
    static const char *const records[] = {
        "{\"at\":1,\"a\":{\"eventVersion\":1}}",
        "{\"at\":1,\"a\":{\"Records\":[{}]}}",
        "{\"at\":1,\"detail\":\"more\"}",
        "{\"at\":1,\"a\":\"hits\",\"hits\":7}",
    };
    static const char twice[] = "{\"at\":1,\"a\":{\"at\":2}}", other[] = "{\"a\":{\"eventVersion\":1}}";
    sieves_new(sieves, &pack, &match);
    for (size_t k = 0; sieves[k]; k++) {
        struct trail_sieve *s = sieves[k];
        ck_assert_int_eq(line_of(s, twice).got, TRAIL_SIEVED_OUT);
        trail_sieve_begin(s, (struct trail_slice){"{\"at\":", 6}, true, false);
        ck_assert_int_eq(line_of(s, twice).got, TRAIL_SIEVE_ODD);
        for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
            ck_assert_msg(line_of(s, wrappers[i]).got == TRAIL_SIEVE_ODD, "%s: %s", trail_sieve_kernel(k),
                          wrappers[i]);
        for (size_t i = 0; i < sizeof records / sizeof *records; i++)
            ck_assert_msg(line_of(s, records[i]).got == TRAIL_SIEVED_OUT, "%s: %s", trail_sieve_kernel(k),
                          records[i]);
        trail_sieve_begin(s, (struct trail_slice){"{\"eventVersion\":", 16}, false, false);
        ck_assert_int_eq(line_of(s, other).got, TRAIL_SIEVE_ODD);
        ck_assert_int_eq(line_of(s, twice).got, TRAIL_SIEVED_OUT);
        ck_assert_msg(line_of(s, wrappers[0]).got == TRAIL_SIEVED_OUT,
                      "what CloudTrail's key begins is no wrapper");
        ck_assert_int_eq(line_of(s, "{\"a\":\"zebra-crossing-9\"}").got, TRAIL_SIEVED_MAYBE);
    }
    sieves_free(sieves);
}
END_TEST

/* What a record's escapes leave possible: of the alerts 1 and 2. */
START_TEST(escapes)
{
    sieves_new(sieves, &pack, &match);
    for (size_t k = 0; sieves[k]; k++) {
        const struct trail_sieve *s = sieves[k];
        ck_assert_int_eq(line_of(s, "{\"a\":\"\\u003cy\\u003E \\/ \\u0000\"}").got, TRAIL_SIEVED_OUT);
        ck_assert_uint_eq(line_of(s, "{\"a\":\"\\u00E4\"}").possible, 2);
        ck_assert_uint_eq(line_of(s, "{\"a\":\"\\ud83d\\ude00\"}").possible, 2);
        ck_assert_uint_eq(line_of(s, "{\"a\":\"\\u0065\"}").possible, 3);
        ck_assert_uint_eq(line_of(s, "{\"a\":\"\\u005A\"}").possible, 3);
        ck_assert_uint_eq(line_of(s, "{\"event\\u004eame\":\"Wanted\"}").possible, 3);
        ck_assert_msg(line_of(s, "{\"a\":1}\n{\"b\":\"\\u0065\"}").got == TRAIL_SIEVED_OUT,
                      "it is of the next record");
    }
    sieves_free(sieves);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sieve");
    TCase *t = tcase_create("sieve");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, every_place_and_cut);
    tcase_add_test(t, random_damage);
    tcase_add_test(t, sizes);
    tcase_add_test(t, deep);
    tcase_add_test(t, many_brackets_in_one_lane);
    tcase_add_test(t, long_and_random);
    tcase_add_test(t, alerts_are_chosen);
    tcase_add_test(t, choosing_starts_over);
    tcase_add_test(t, records_begin_otherwise);
    tcase_add_test(t, escapes);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}
