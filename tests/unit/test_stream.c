/*
 * Inputs that come by and by, as --follow reads them: any pieces give the same, what was taken is passed over, and
 * records that no alert wants are sieved out.
 */
#include "engine/worker.h"
#include "recorder.h"

/* What a stream gave: a line for each event, an entry for each line. */
struct got {
    struct trail_text text;
    size_t line[4096]; /* where each begins */
    uint64_t number[4096];
    size_t n;
    uint64_t records, rejected;
};

static bool collect(void *user, struct chunk **chunk)
{
    struct got *g = user;
    struct chunk *c = *chunk;
    char line[128];
    for (size_t i = 0; i < c->n_entries; i++) {
        const struct entry *e = &c->entries[i];
        if (e->kind != ENTRY_EVENT)
            continue;
        struct trail_slice id = chunk_text(c, e->event_id);
        int n = snprintf(line, sizeof line, "%llu at %llu: %zu hits of %.*s\n",
                         (unsigned long long)e->source.record, (unsigned long long)e->source.offset,
                         e->n_hits, (int)id.n, id.p);
        ck_assert_uint_lt(g->n, 4096);
        g->line[g->n] = g->text.n;
        g->number[g->n++] = e->source.record;
        trail_text_add(&g->text, line, (size_t)n);
    }
    g->records += c->records;
    g->rejected += c->rejected;
    ck_assert(!c->failed);
    chunk_clear(c);
    return true;
}

static const struct trail_input_labels unlabelled = {{"", 0}, {"", 0}},
                                       labelled = {{"prod-trail", 10}, {"", 0}};

/* The first `skip` records were taken before. */
static void stream(struct got *g, const struct trail_text *log, size_t piece, uint64_t skip, bool strict,
                   const struct trail_input_labels *labels)
{
    struct worker_config config = {.pack = &fixture_pack,
                                   .now = 1700000000000,
                                   .late = INT64_MIN,
                                   .lateness = 900000,
                                   .strict = strict,
                                   .emit = collect,
                                   .user = g};
    struct worker *w = worker_new(&config);
    struct stream s = {0};
    *g = (struct got){0};
    ck_assert_ptr_nonnull(w);
    ck_assert(framing_init(&s.in, 0));
    worker_stream_begin(&s, &NOTHING_SO_FAR, skip);
    for (size_t at = 0; at < log->n; at += piece) {
        size_t n = log->n - at < piece ? log->n - at : piece;
        char *copy = malloc(n); /* so that a look at it after its time is seen */
        memcpy(copy, log->p + at, n);
        ck_assert(worker_push_stream(w, &s, "log", labels, config.now, (struct trail_slice){copy, n}, false));
        free(copy);
    }
    ck_assert(worker_push_stream(w, &s, "log", labels, config.now, (struct trail_slice){NULL, 0}, false));
    framing_free(&s.in);
    worker_free(w);
}

/* Records of all kinds, in lines or in a list: wanted or not, sound, torn, and wrong in what the sieve does not look at. */
static void write_log(struct trail_text *log, bool list, unsigned seed)
{
    static const char *const names[] = {"ListUsers", "ConsoleLogin", "GetObject", "AddUserToGroup",
                                        "DeleteTrail"};
    static const char *const rests[] = {"}",
                                        "}",
                                        "}",
                                        "}",
                                        "}",
                                        ",\"tags\":[1,{\"a\":2}]}",
                                        ",\"x\":[1 2]}",
                                        ",\"a\":{\"b\":[1}]}",
                                        ",\"n\":01}",
                                        ",\"a\":{\"b\":1],\"c\":[1}}",
                                        " \"y\":1}",
                                        ",\"a\":[},\"b\":{]}",
                                        ",\"broken\":}",
                                        ",\"open\":{"};
    char text[256];
    if (list)
        trail_text_add(log, "{\"Records\":[", 12);
    for (unsigned i = 0; i < 60; i++) {
        seed = seed * 1103515245 + 12345;
        int n = snprintf(
            text, sizeof text,
            "%s{\"eventVersion\":\"1.08\",\"eventTime\":\"%u\",\"eventName\":\"%s\",\"eventID\":\"e%u\"%s%s",
            list && i ? "," : "", 1690000000 + i, names[(seed >> 16) % 5], i,
            rests[(seed >> 20) % (sizeof rests / sizeof *rests)], list ? "" : "\n");
        trail_text_add(log, text, (size_t)n);
    }
    if (list)
        trail_text_add(log, "]}", 2);
}

static void assert_alike(const struct got *whole, const struct got *part, uint64_t skip, const char *what)
{
    size_t first = 0;
    while (first < whole->n && whole->number[first] <= skip)
        first++;
    size_t from = first < whole->n ? whole->line[first] : whole->text.n, n = whole->text.n - from;
    if (part->records + skip != whole->records || part->text.n != n ||
        (n && memcmp(part->text.p, whole->text.p + from, n) != 0))
        ck_abort_msg("%s: %llu records, %llu passed over, of %llu\n%.*swhere it had been\n%.*s", what,
                     (unsigned long long)part->records, (unsigned long long)skip,
                     (unsigned long long)whole->records, (int)part->text.n, part->text.n ? part->text.p : "",
                     (int)n, n ? whole->text.p + from : "");
}

START_TEST(any_pieces_give_the_same)
{
    static const size_t pieces[] = {1, 7, 100, 1000, 5000, 40000};
    for (unsigned seed = 0; seed < 16; seed++) {
        struct trail_text log = {0};
        struct got whole, part;
        while (log.n < 60000)
            write_log(&log, seed % 2, seed);
        stream(&whole, &log, log.n, 0, false, &unlabelled);
        ck_assert_uint_gt(whole.n, 20);
        for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
            stream(&part, &log, pieces[i], 0, false, &unlabelled);
            ck_assert_uint_eq(part.rejected, whole.rejected);
            assert_alike(&whole, &part, 0, seed % 2 ? "list" : "lines");
            trail_text_free(&part.text);
        }
        trail_text_free(&whole.text);
        trail_text_free(&log);
    }
}
END_TEST

START_TEST(what_was_taken_is_passed_over)
{
    for (unsigned seed = 0; seed < 30; seed++) {
        struct trail_text log = {0};
        struct got whole, part;
        write_log(&log, seed % 2, seed);
        stream(&whole, &log, log.n, 0, false, &unlabelled);
        for (uint64_t skip = 0; skip <= whole.records; skip++) {
            stream(&part, &log, 900, skip, false, &unlabelled);
            assert_alike(&whole, &part, skip, seed % 2 ? "list" : "lines");
            trail_text_free(&part.text);
        }
        trail_text_free(&whole.text);
        trail_text_free(&log);
    }
}
END_TEST

/* Wrong in the grammar alone, and in a word that matters. */
START_TEST(what_no_alert_wants_is_sieved_out)
{
    static const char lines[] =
        "{\"eventTime\":\"1690000000\",\"eventName\":\"ListUsers\",\"eventID\":\"e1\" \"x\":1}\n"
        "{\"eventTime\":\"1690000000\",\"eventName\":\"ListUsers\",\"eventID\":\"e2\" \"x\":1}\n"
        "{\"eventTime\":\"1690000000\",\"eventName\":\"DeleteTrail\",\"eventID\":\"e3\" \"x\":1}\n"
        "{\"eventTime\":\"1690000000\",\"eventName\":\"DeleteTrail\",\"eventID\":\"e4\"}\n";
    struct trail_text log = {0};
    struct got sieved, strict, other;
    trail_text_add(&log, "{\"eventTime\":\"1690000000\"}\n", 27);
    trail_text_add(&log, lines, sizeof lines - 1);
    stream(&sieved, &log, log.n, 0, false, &labelled);
    stream(&other, &log, log.n, 0, false, &unlabelled); /* to which DeleteTrail is nothing */
    stream(&strict, &log, log.n, 0, true, &labelled);
    ck_assert_uint_eq(sieved.records, 5);
    ck_assert_uint_eq(sieved.rejected, 1);
    ck_assert_uint_eq(other.rejected, 0);
    ck_assert_uint_eq(strict.rejected, 3);
    ck_assert_ptr_nonnull(strstr(sieved.text.p, "5 at "));
    trail_text_free(&sieved.text);
    trail_text_free(&other.text);
    trail_text_free(&strict.text);
    trail_text_free(&log);
}
END_TEST

START_TEST(a_record_is_told_with_its_end)
{
    static const char record[] =
        "{\"eventVersion\":\"1.08\",\"eventTime\":\"1690000000\",\"eventName\":\"DeleteTrail\"}";
    struct got g = {0};
    struct worker_config config = {
        .pack = &fixture_pack, .now = 1700000000000, .late = INT64_MIN, .emit = collect, .user = &g};
    struct worker *w = worker_new(&config);
    struct stream s = {0};
    ck_assert_ptr_nonnull(w);
    ck_assert(framing_init(&s.in, 0));
    worker_stream_begin(&s, &NOTHING_SO_FAR, 0);
    for (size_t i = 0; i < 5; i++) {
        worker_push_stream(w, &s, "log", &labelled, 0, (struct trail_slice){record, sizeof record - 1}, true);
        ck_assert_uint_eq(g.n, i);
        worker_push_stream(w, &s, "log", &labelled, 0, (struct trail_slice){"\n", 1}, true);
        ck_assert_uint_eq(g.n, i + 1);
    }
    framing_free(&s.in);
    worker_free(w);
    trail_text_free(&g.text);
}
END_TEST

/* What other streams bring meanwhile changes nothing of a record that waits for more. */
START_TEST(a_record_waits_while_another_stream_goes_on)
{
    static const char record[] =
        "{\"Records\":[{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-03-14T10:00:00Z\","
        "\"eventName\":\"DeleteTrail\"}, ",
                      rest[] = "{\"eventVersion\":\"1.08\"}]}",
                      other[] = "{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-03-14T10:00:00Z\","
                                "\"eventName\":\"ConsoleLogin\"}\n";
    struct got g = {0};
    struct worker_config config = {
        .pack = &fixture_pack, .now = 1800000000000, .late = INT64_MIN, .emit = collect, .user = &g};
    struct worker *w = worker_new(&config);
    struct stream s[2] = {0};
    ck_assert_ptr_nonnull(w);
    for (size_t i = 0; i < 2; i++) {
        ck_assert(framing_init(&s[i].in, 0));
        worker_stream_begin(&s[i], &NOTHING_SO_FAR, 0);
    }
    worker_push_stream(w, &s[0], "first", &labelled, 0, (struct trail_slice){record, sizeof record - 1},
                       true);
    ck_assert_msg(g.n == 0, "what follows the record is not known");
    worker_push_stream(w, &s[1], "second", &labelled, 0, (struct trail_slice){other, sizeof other - 1}, true);
    ck_assert_uint_eq(g.n, 1);
    worker_push_stream(w, &s[0], "first", &labelled, 0, (struct trail_slice){rest, sizeof rest - 1}, true);
    ck_assert_msg(strstr(g.text.p, "1 at 12: 2 hits"), "%.*s", (int)g.text.n, g.text.p);
    for (size_t i = 0; i < 2; i++)
        framing_free(&s[i].in);
    worker_free(w);
    trail_text_free(&g.text);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("stream");
    TCase *t = tcase_create("stream");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, any_pieces_give_the_same);
    tcase_add_test(t, what_was_taken_is_passed_over);
    tcase_add_test(t, what_no_alert_wants_is_sieved_out);
    tcase_add_test(t, a_record_is_told_with_its_end);
    tcase_add_test(t, a_record_waits_while_another_stream_goes_on);
    suite_add_tcase(s, t);
    return run_suite(s);
}
