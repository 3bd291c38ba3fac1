/* Conditions: what they mean, and what is said of those that mean nothing. */
#include "packs.h"

static struct text text_of(struct compile *c, const char *when)
{
    size_t n = strlen(when);
    uint32_t *at = NEW_ARRAY(c, uint32_t, n + 1);
    for (size_t i = 0; i <= n; i++)
        at[i] = (uint32_t)i;
    uint32_t source;
    source_add(c, "when", slice_of(when), &source);
    return (struct text){slice_of(when), source, at};
}

static const struct {
    const char *when;
    enum when_kind kind;
    uint64_t n;
    int64_t span;
    uint32_t margin;
} good[] = {
    {"immediately", WHEN_IMMEDIATELY, 0, 0, 0},
    {"  Immediately\n", WHEN_IMMEDIATELY, 0, 0, 0},
    {"more than 100 in 10m", WHEN_MORE_THAN, 100, 600000, 0},
    {"MORE THAN 100 IN 10m", WHEN_MORE_THAN, 100, 600000, 0},
    {"more  than\n0 in 1s", WHEN_MORE_THAN, 0, 1000, 0},
    {"at least 1 in 90s", WHEN_AT_LEAST, 1, 90000, 0},
    {"less than 1 in 36h", WHEN_LESS_THAN, 1, 129600000, 0},
    {"at most 0 in 7d", WHEN_AT_MOST, 0, 604800000, 0},
    {"at most 1000000 in 2w", WHEN_AT_MOST, 1000000, 1209600000, 0},
    {"more than 007 in 1h30m", WHEN_MORE_THAN, 7, 5400000, 0},
    {"at least 5 in 1d2h3m4s", WHEN_AT_LEAST, 5, 93784000, 0},
    {"at least 5 in 500ms", WHEN_AT_LEAST, 5, 500, 0},
    {"at least 5 in 3660d", WHEN_AT_LEAST, 5, INT64_C(316224000000), 0},
    {"more than usual in 10m", WHEN_MORE_THAN_USUAL, 0, 600000, 0},
    {"less than usual in 1h by 20%", WHEN_LESS_THAN_USUAL, 0, 3600000, 20000},
    {"More Than\nUsual in 1d at least 50", WHEN_MORE_THAN_USUAL, 50, 86400000, 0},
    {"more than usual in 1d by 12.5% at least 50", WHEN_MORE_THAN_USUAL, 50, 86400000, 12500},
    {"more than usual in 1m by 0.001%", WHEN_MORE_THAN_USUAL, 0, 60000, 1},
    {"more than usual in 7d by 100000%", WHEN_MORE_THAN_USUAL, 0, 604800000, 100000000},
    {"less than usual in 90m by 99.999% at least 1000000", WHEN_LESS_THAN_USUAL, 1000000, 5400000, 99999},
    {"less than usual in 1h by 0.50000%", WHEN_LESS_THAN_USUAL, 0, 3600000, 500},
};

START_TEST(means)
{
    struct compile *c = new_compile();
    struct text text = text_of(c, good[_i].when);
    struct when when = {.priority = 4};
    ck_assert_msg(when_parse(c, &text, &when), "%s: %s", good[_i].when, said(c));
    ck_assert_msg(when.kind == good[_i].kind && when.n == good[_i].n && when.span == good[_i].span &&
                      when.margin == good[_i].margin,
                  "%s: kind %d, %ju in %jd by %u", good[_i].when, (int)when.kind, (uintmax_t)when.n,
                  (intmax_t)when.span, (unsigned)when.margin);
    ck_assert_uint_eq(when.priority, 4);
    ck_assert_ptr_eq(when.text.s.p, good[_i].when);
    end_compile(c);
}
END_TEST

static const char *const later[] = {
    "more than 5 distinct sourceIPAddress in 10m",
    "at least 5 distinct userIdentity.userName in 1h",
    "new sourceIPAddress in 30d",
    "new new in 30d",
    "more than 3 distinct day in 1w",
    "ratio to \"eventName:ConsoleLogin\" more than 0.5 in 1h",
    "ratio to \"*\" less than 2 in 1h",
    "more than 2 times last hour",
    "more than 1.5 times same hour yesterday",
    "less than 2 times same hour last week",
    "at least 2 times same day last week",
    "new-admin then create-key within 1h",
    "a then b then c then d within 7d",
    "\"New admin\" then \"Code deployment\" within 1h30m",
    "a and b within 10m",
    "a and \"b c\" and d within 10m",
    "a without b within 10m",
};

START_TEST(cannot_run_yet)
{
    struct compile *c = new_compile();
    struct text text = text_of(c, later[_i]);
    struct when when;
    ck_assert_msg(!when_parse(c, &text, &when), "%s", later[_i]);
    ck_assert_msg(strcmp(said(c), "E008 1:1") == 0, "%s: %s", later[_i], said(c));
    end_compile(c);
}
END_TEST

static const struct {
    const char *when, *said;
} bad[] = {
    /* numbers that make no sense */
    {"less than 0 in 10m", "E007 1:11"},
    {"at least 0 in 10m", "E007 1:10"},
    {"more than 1000001 in 10m", "E007 1:11"},
    {"more than 99999999999999999999999999 in 10m", "E007 1:11"},
    {"more than -1 in 10m", "E007 1:11"},
    {"more than 1.5 in 10m", "E007 1:15"},
    {"more than 10% in 10m", "E007 1:11"},
    {"more than ten in 10m", "E007 1:11"},
    {"more than 1,000 in 10m", "E007 1:11"},
    /* durations */
    {"more than 5 in 0m", "E007 1:16"},
    {"more than 5 in 10x", "E007 1:16"},
    {"more than 5 in 10min", "E007 1:16 write 10m"},
    {"more than 5 in 30m1h", "E007 1:16"},
    {"more than 5 in 1m1m", "E007 1:16"},
    {"more than 5 in 3661d", "E007 1:16"},
    {"more than 5 in 99999999999999999999d", "E007 1:16"},
    {"less than 0 in 10x", "E007 1:11; E007 1:16"},
    /* near misses */
    {"more than 5 in 10 minutes", "E007 1:16 write more than 5 in 10m"},
    {"more than 5 in 1 hour", "E007 1:16 write more than 5 in 1h"},
    {"more than 5 in", "E007 1:15"},
    {"more than 5 in 10", "E007 1:16"},
    {"more then 5 in 10m", "E007 1:6 write more than 5 in 10m"},
    {"mroe than 5 in 10m", "E007 1:1 write more than 5 in 10m"},
    {"more than 5 within 10m", "E007 1:13 write more than 5 in 10m"},
    {"more than 5 per 10m", "E007 1:13 write more than 5 in 10m"},
    {"at lest 5 in 10m", "E007 1:4 write at least 5 in 10m"},
    {"fewer than 5 in 10m", "E007 1:1 write less than 5 in 10m"},
    {"imediately", "E007 1:1 write immediately"},
    {"immediately now", "E007 1:13"},
    {"> 5 in 10m", "E007 1:1 write more than 5 in 10m"},
    {"count > 5 over 10m", "E007 1:1 write more than 5 in 10m"},
    {"events <= 5 within 1h", "E007 1:8 write at most 5 in 1h"},
    {"", "E007 1:1"},
    {"   ", "E007 1:4"},
    {"more than 5 in 10m please", "E007 1:20"},
    {"New admin then b within 1h", "E007 1:11"},
    {"a then b", "E007 1:9"},
    {"a then b and c within 1h", "E007 1:10"},
    {"a without b without c within 1h", "E007 1:13"},
    {"\"open quote", "E007 1:1"},
    {"ratio to x more than 2 in 1h", "E007 1:10"},
    /* what is usual */
    {"more than usual in 59s", "E007 1:20 write 1m"},
    {"less than usual in 8d", "E007 1:20 write 7d"},
    {"more than usual in 10min", "E007 1:20 write 10m"},
    {"more than usual in 1h at least 1000001", "E007 1:32"},
    {"less than usual in 1h by 100%", "E007 1:26"},
    {"less than usual in 1h by 1000.5%", "E007 1:26"},
    {"more than usual in 1h by 1.2345%", "E007 1:26"},
    {"more than usual in 1h by 100000.001%", "E007 1:26"},
    {"more than usual in 1h by 99999999999999999999999%", "E007 1:26"},
    {"more than usual in 1s by 1.2345%", "E007 1:20 write 1m; E007 1:26"},
    {"more than usual", "E007 1:16 write more than usual in 1h"},
    {"less than usual in", "E007 1:19 write less than usual in 1h"},
    {"more than usual in 10", "E007 1:20 write more than usual in 1h"},
    {"more than usual in 1h by 50", "E007 1:26 write more than usual in 1h by 50%"},
    {"more than usual in 1h by 50 percent", "E007 1:26 write more than usual in 1h by 50%"},
    {"more than usual by 50% in 1h", "E007 1:17 write more than usual in 1h by 50%"},
    {"more than usual in 1h at least 10 by 20%", "E007 1:35 write more than usual in 1h by 20% at least 10"},
    {"more than usual at least 10 in 2 hours", "E007 1:17 write more than usual in 2h at least 10"},
    {"fewer than normal in 10 minutes", "E007 1:1 write less than usual in 10m"},
    {"less then usual in 1d", "E007 1:6 write less than usual in 1d"},
    {"more than usual within 1h", "E007 1:17 write more than usual in 1h"},
    {"above average", "E007 1:1 write more than usual in 1h"},
    {"unusual", "E007 1:1"},
    {"at least usual in 1h", "E007 1:10"},
    {"usual then b", "E007 1:13"},
};

START_TEST(says)
{
    struct compile *c = new_compile();
    struct text text = text_of(c, bad[_i].when);
    struct when when;
    ck_assert_msg(!when_parse(c, &text, &when), "%s", bad[_i].when);
    ck_assert_msg(strcmp(said(c), bad[_i].said) == 0, "%s: %s", bad[_i].when, said(c));
    end_compile(c);
}
END_TEST

static const struct {
    const char *s;
    int64_t ms;
} durations[] = {
    {"1s", 1000},
    {"90s", 90000},
    {"10m", 600000},
    {"36h", 129600000},
    {"7d", 604800000},
    {"1w", 604800000},
    {"1m30s", 90000},
    {"1ms", 1},
    {"1s1ms", 1001},
    {"3660d", INT64_C(316224000000)},
    {"", -1},
    {"0s", -1},
    {"1", -1},
    {"s", -1},
    {"1 s", -1},
    {"-1s", -1},
    {"1.5h", -1},
    {"1M", -1},
    {"1y", -1},
    {"1s1m", -1},
    {"1h1h", -1},
    {"1m1", -1},
    {"3661d", -1},
    {"3660d1ms", -1},
    {"9223372036854775807ms", -1},
    {"30500568905w", -1}, /* 2^64 and a little */
    {"18446744073709551617s", -1},
    {"1h ", -1},
};

START_TEST(duration)
{
    int64_t ms = duration_parse(slice_of(durations[_i].s));
    ck_assert_msg(ms == durations[_i].ms, "%s: %jd", durations[_i].s, (intmax_t)ms);
}
END_TEST

/* Any bytes are read to their end, and no two words overlap. */
START_TEST(survives_any_words)
{
    static const char *const pieces[] = {"more",   "than", "5",  "in",   "10m",   "\"",
                                         "within", "then", "%",  "a.b",  "usual", "by",
                                         "at",     "new",  "to", "\xff", "\x01",  "99999999999999999999"};
    uint32_t seed = 1;
    for (int round = 0; round < 5000; round++) {
        struct compile *c = new_compile();
        struct buffer b = {.c = c};
        for (int k = 0; k < 9; k++) {
            seed = seed * 1664525 + 1013904223;
            buffer_text(&b, pieces[(seed >> 16) % (sizeof pieces / sizeof *pieces)]);
            buffer_text(&b, (seed >> 8) & 1 ? " " : "");
        }
        struct slice s = buffer_slice(&b);
        uint32_t *at = NEW_ARRAY(c, uint32_t, s.n + 1);
        struct text text = {s, 0, at};
        struct when when;
        bool good_one = when_parse(c, &text, &when);
        ck_assert_msg(good_one == (c->n_diags == 0), "%s", s.p);
        end_compile(c);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("when");
    TCase *tcase = tcase_create("when");
    tcase_add_loop_test(tcase, means, 0, sizeof good / sizeof *good);
    tcase_add_loop_test(tcase, cannot_run_yet, 0, sizeof later / sizeof *later);
    tcase_add_loop_test(tcase, says, 0, sizeof bad / sizeof *bad);
    tcase_add_loop_test(tcase, duration, 0, sizeof durations / sizeof *durations);
    tcase_add_test(tcase, survives_any_words);
    suite_add_tcase(suite, tcase);
    return run_tap(suite);
}
