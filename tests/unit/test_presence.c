/*
 * Events of which only the time matters: what is said is the same whether they are handed on one by one or as
 * stretches, for random streams of events: in disorder, late, in the future, without a time, twice; in
 * several files, pieces and calls, on several threads.
 *
 * A scan whose hits are all listed (on_hit) hands each on, and is what the others are held against.
 *
 *     test_presence [SEED [STREAMS]]
 */
#include "engine/pool.h"
#include "engine/presence.h"
#include "recorder.h"
#include "window/window.h"

enum { ADMIN, FAILURES, SILENT, LOGINS, SECONDS, FEW, HOURS, USERS, MIXED, ALERTS };

static const struct trail_condition one_30m[] = {{TRAIL_LESS_THAN, 2, 1, 1800000, 0}};
static const struct trail_condition none_twice[] = {{TRAIL_AT_MOST, 3, 0, 300000, 0},
                                                    {TRAIL_LESS_THAN, 1, 1, 1200000, 0}};
static const struct trail_condition none_90s[] = {{TRAIL_AT_MOST, 4, 0, 90000, 0}};
static const struct trail_condition two_10m[] = {{TRAIL_LESS_THAN, 4, 2, 600000, 0}};
static const struct trail_condition none_10s[] = {{TRAIL_LESS_THAN, 4, 1, 10000, 0}};
static const struct trail_condition mixed[] = {{TRAIL_IMMEDIATELY, 3, 0, 0, 0},
                                               {TRAIL_LESS_THAN, 2, 1, 1800000, 0}};
static const struct trail_label all_but_dev[] = {{true, {"dev", 3}}};
static const struct trail_label names[] = {{false, {"prod-trail", 10}}, {false, {"prod-*", 6}}};
static const int64_t always[] = {INT64_MIN};
static const int32_t utc[] = {0};
static const struct trail_zone zone = {"UTC", 1, always, utc};
static const struct trail_hours mornings[] = {{0x7f, 10 * 60, 12 * 60, &zone}};

#define SILENCE(ID, CONDITIONS)                                                        \
    .id = ID, .name = ID, .description = "", .filter = "*", .when = "", .priority = 2, \
    .n_conditions = sizeof CONDITIONS / sizeof *CONDITIONS, .conditions = CONDITIONS,  \
    .breakdown = {1, fixture_address}, .notify_resolved = true, .hash = ""

static struct trail_alert alerts[ALERTS] = {
    [SILENT] = {SILENCE("silent", one_30m), .subsystems = {2, names}, .retire = 7200000},
    [LOGINS] = {SILENCE("logins", none_twice), .applications = {2, names}, .retire = 7200000},
    [SECONDS] = {SILENCE("seconds", none_90s), .applications = {1, all_but_dev}, .retire = 600000},
    [FEW] = {SILENCE("few", two_10m), .retire = 3600000},
    [HOURS] = {SILENCE("hours", none_10s), .active = mornings, .n_active = 1, .notify_every = 3600000},
    [USERS] = {SILENCE("users", one_30m), .group_by = {1, fixture_user}, .retire = 7200000},
    [MIXED] = {SILENCE("mixed", mixed), .applications = {2, names}},
};

static void match(struct trail_match *m, const char *record, size_t n)
{
    static const char *const texts[] = {
        [ADMIN] = "Admin", [FAILURES] = "Login", [SILENT] = "{",    [LOGINS] = "Login", [SECONDS] = "\"a\"",
        [FEW] = "Admin",   [HOURS] = "{",        [USERS] = "Login", [MIXED] = "Admin"};
    memset(m->hits, 0, m->alert_words * sizeof *m->hits);
    m->time = fixture_member(record, n, "eventTime");
    for (size_t i = 0; i < ALERTS; i++)
        if (trail_get(m->wanted, i) && (!m->possible || trail_get(m->possible, i)) &&
            memmem(record, n, texts[i], strlen(texts[i])))
            trail_set(m->hits, i);
}

/* What match() looks for. Records without it are sieved out, and added to stretches in a way of their own. */
static const uint32_t of_admin[] = {ADMIN, FEW, MIXED}, of_login[] = {FAILURES, LOGINS, USERS},
                      of_a[] = {SECONDS};
static const uint64_t every[] = {1u << SILENT | 1u << HOURS}, ascii[] = {0};
static const struct trail_needle list[] = {
    {.text = {"\"eventTime\"", 11}, .at = 6, .root = true, .time = true},
    {.text = {"Admin", 5}, .at = 0, .n = 3, .alerts = of_admin},
    {.text = {"Login", 5}, .at = 0, .n = 3, .alerts = of_login},
    {.text = {"\"a\"", 3}, .at = 0, .n = 1, .alerts = of_a},
};
static const struct trail_needles needles = {
    .n = sizeof list / sizeof *list, .list = list, .always = every, .every = every, .ascii = ascii};

static struct trail_pack pack_of(bool labelled)
{
    struct trail_pack pack = labelled ? fixture_labelled_pack : fixture_pack;
    alerts[ADMIN] = fixture_alerts[FIXTURE_ADMIN];
    alerts[FAILURES] = fixture_alerts[FIXTURE_FAILURES];
    pack.n_alerts = ALERTS;
    pack.alerts = alerts;
    pack.match = match;
    pack.needles = &needles;
    return pack;
}

/* ---- random streams ---- */

static uint64_t state;

static uint64_t draw(uint64_t n)
{
    state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = state;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % n;
}

/* What a stream is like. */
struct random_stream {
    uint64_t pause;    /* ms between events, mostly less */
    uint64_t disorder; /* ms by which events are displaced; 0: none */
    bool odd;          /* some events have no time or one in the future, some lines are no events */
    bool twice;        /* some events come again */
    int64_t time;
    unsigned n;
};

static struct random_stream draw_stream(void)
{
    static const uint64_t pauses[] = {20, 2000, 12000, 400000},
                          disorders[] = {0, 100, 60000, 1500000, 9000000};
    struct random_stream s = {.time = T0 * 1000};
    s.pause = pauses[draw(4)];
    s.disorder = disorders[draw(5)];
    s.odd = draw(3) == 0;
    s.twice = !s.odd && draw(3) == 0; /* of odd ones the copies are counted in what is told, too */
    return s;
}

static void one_event(struct random_stream *s, const char *time)
{
    static const char *const kinds[] = {"ListUsers", "Login", "ListUsers", "Admin", "ListUsers"};
    static const char *const users[] = {"a", "b", "c"};
    static const char *const labels[] = {"prod-trail", "dev", "prod-2", ""};
    line("{\"eventTime\":%s,\"eventName\":\"%s\",\"userName\":\"%s\",\"eventID\":\"e%u\",\"app\":\"%s\","
         "\"sub\":\"%s\","
         "\"sourceIPAddress\":1}\n",
         time, kinds[draw(5)], users[draw(3)], s->n++, labels[draw(4)], labels[draw(4)]);
}

static void add_event(struct random_stream *s)
{
    char time[32];
    size_t from = file_text.n;
    s->time += (int64_t)draw(draw(50) ? s->pause : s->pause * 200);
    int64_t at = s->time;
    if (s->disorder > 0)
        at += (int64_t)draw(s->disorder) - (int64_t)(draw(10) ? 0 : s->disorder / 2);
    snprintf(time, sizeof time, "\"%" PRId64 "\"", at);
    if (s->odd && draw(20) == 0)
        snprintf(time, sizeof time, "%s", draw(2) ? "null" : "\"99999999999999\"");
    if (s->odd && draw(40) == 0)
        line("{]\n");
    one_event(s, time);
    if (s->twice && draw(5) == 0) {
        char again[512];
        snprintf(again, sizeof again, "%.*s", (int)(file_text.n - from), file_text.p + from);
        line("%s", again);
    }
}

/* ---- scans ---- */

static void count_hit(void *user, const struct trail_hit *hit)
{
    (void)hit;
    ((struct run *)user)->hits++;
}

/* How the files of a stream are scanned. */
struct plan {
    struct trail_pack pack;
    size_t files;
    int64_t lateness, since, until, now;
    size_t first_call; /* files; the others come in a second one */
    bool feeds;        /* the last file is fed in pieces, the others scanned meanwhile */
    uint64_t seed;
};

static struct trail_input_labels label(const char *application, const char *subsystem)
{
    return (struct trail_input_labels){{application, strlen(application)}, {subsystem, strlen(subsystem)}};
}

static void scan_files(struct run *r, size_t from, size_t to)
{
    static const char *const paths[] = {"f0", "f1", "f2", "f3"};
    struct trail_input_labels labels[] = {label("prod-trail", "prod-1"), label("dev", ""),
                                          label("", "prod-x"), label("prod-2", "dev")};
    enum trail_status status = trail_scan_all(r->t, to - from, paths + from, labels + from);
    r->status = status != TRAIL_OK ? status : r->status;
}

static void feed(struct run *r, const char *text, size_t n)
{
    while (n > 0) {
        size_t piece = 1 + draw(5000);
        piece = piece < n ? piece : n;
        trail_feed(r->t, text, piece);
        text += piece;
        n -= piece;
    }
}

static void feed_file(struct run *r, const struct plan *p)
{
    static char text[4 << 20];
    char path[32];
    snprintf(path, sizeof path, "f%zu", p->files - 1);
    FILE *f = fopen(path, "rb");
    ck_assert_ptr_nonnull(f);
    size_t n = fread(text, 1, sizeof text, f);
    ck_assert(feof(f));
    fclose(f);
    state = p->seed;
    size_t half = draw(n + 1);
    struct trail_input_labels labels = label("prod-trail", draw(2) ? "prod-1" : "dev");
    if (draw(2))
        trail_feed_begin(r->t, path, &labels);
    feed(r, text, half);
    scan_files(r, 0, p->files - 1);
    feed(r, text + half, n - half);
    trail_feed(r->t, NULL, 0);
}

static void run_plan(struct run *r, const struct plan *p)
{
    if (p->feeds) {
        feed_file(r, p);
    } else {
        scan_files(r, 0, p->first_call);
        if (p->first_call < p->files)
            scan_files(r, p->first_call, p->files);
    }
    finish(r);
}

/* Where nothing came twice, the numbers are the same, too. */
static void assert_numbers(const struct run *a, const struct run *b, bool twice)
{
    ck_assert_uint_eq(a->stats.records, b->stats.records);
    ck_assert_uint_eq(a->stats.matched, b->stats.matched);
    ck_assert_uint_eq(a->stats.undated, b->stats.undated);
    ck_assert_uint_eq(a->stats.future, b->stats.future);
    for (size_t i = 0; i < ALERTS; i++) {
        struct trail_counts x = trail_counts(a->t, i), y = trail_counts(b->t, i);
        ck_assert_uint_eq(x.fired, y.fired);
        ck_assert_uint_eq(x.undecided, y.undecided);
        if (!twice || window_presence(&fixture_pack, &alerts[i]) == 0)
            ck_assert_uint_eq(x.hits, y.hits);
        else
            ck_assert_uint_le(x.hits, y.hits);
    }
    if (twice)
        return;
    ck_assert_uint_eq(a->stats.late, b->stats.late);
    ck_assert_uint_eq(a->stats.duplicates, b->stats.duplicates);
}

static void assert_alike(const struct run *a, const struct run *b, bool twice, uint64_t seed)
{
    if (strcmp(a->said.p, b->said.p) != 0) {
        size_t same = 0;
        while (a->said.p[same] == b->said.p[same])
            same++;
        while (same > 0 && a->said.p[same - 1] != '\n')
            same--;
        ck_abort_msg("seed %" PRIu64 ": %.900s\nand\n%.900s", seed, a->said.p + same, b->said.p + same);
    }
    ck_assert_int_eq(a->status, b->status);
    assert_numbers(a, b, twice);
}

/* options.user has to be the run that lives on. */
static struct run *start(const struct plan *p, bool each_hit, unsigned threads, struct run *at)
{
    struct trail_options options = told(at);
    options.on_hit = each_hit ? count_hit : NULL;
    options.threads = threads;
    options.lateness = p->lateness;
    options.since = p->since;
    options.until = p->until;
    options.now = p->now;
    *at = new_run(&p->pack, options);
    return at;
}

static struct plan draw_plan(size_t files, const struct random_stream *s)
{
    static const int64_t latenesses[] = {0, -1, 60000, 3600000};
    struct plan p = {.pack = pack_of(draw(2) == 0), .files = files, .seed = state};
    p.lateness = latenesses[draw(4)];
    p.since = draw(4) ? 0 : T0 * 1000 + 100000;
    p.until = draw(4) ? 0 : s->time - 100000;
    if (p.since && p.until && p.until <= p.since)
        p.until = 0;
    p.now = !s->twice && draw(2) ? s->time : 0;
    p.first_call = draw(3) ? files : 1 + draw(files);
    p.feeds = draw(4) == 0;
    return p;
}

static void one_stream(uint64_t seed, unsigned events, size_t files)
{
    state = seed;
    struct random_stream s = draw_stream();
    for (size_t i = 0; i < files; i++) {
        char path[32];
        snprintf(path, sizeof path, "f%zu", i);
        if (draw(2))
            s.time = T0 * 1000 + (int64_t)draw(s.pause * 100);
        for (unsigned k = 0; k < events; k++)
            add_event(&s);
        if (s.twice && draw(2)) { /* the whole again, late */
            size_t n = file_text.n;
            char *copy = malloc(n + 1);
            memcpy(copy, file_text.p, n);
            trail_text_add(&file_text, copy, n);
            free(copy);
        }
        write_file(path);
    }
    struct plan p = draw_plan(files, &s);
    struct run expected, one, got;
    run_plan(start(&p, true, 1, &expected), &p);
    run_plan(start(&p, false, 1, &one), &p);
    assert_alike(&expected, &one, s.twice, seed);
    for (unsigned threads = 2; threads <= 3; threads++) {
        run_plan(start(&p, false, threads, &got), &p);
        assert_same(&one, &got);
        free_run(&got);
    }
    free_run(&one);
    free_run(&expected);
}

static uint64_t seed = 1;
static unsigned streams = 160;

START_TEST(stretches_say_what_single_hits_say)
{
    for (unsigned i = 0; i < streams; i++)
        one_stream(seed + i, 1 + (unsigned)(i % 7 * 30), 1 + i % 4);
}
END_TEST

/* Large enough for blocks of several threads. */
START_TEST(blocks_say_what_single_hits_say)
{
    for (unsigned i = 0; i < (streams + 19) / 20; i++)
        one_stream(seed + 1000000 + i, 12000, 1);
}
END_TEST

/* Dated by turns before and after the moment before which events are late, and not closer to it than `gap`. */
static void around(int64_t moment, int64_t gap, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        int64_t from = gap + (int64_t)i * 137 % 100000;
        line("{\"eventTime\":\"%" PRId64 "\",\"eventName\":\"ListUsers\",\"sourceIPAddress\":\"%60u\"}\n",
             i % 3 ? moment + from : moment - from - 1, i);
    }
}

static void assert_plan(struct plan p)
{
    struct run expected, got;
    p.pack = pack_of(false);
    run_plan(start(&p, true, 1, &expected), &p);
    ck_assert_uint_gt(expected.stats.late, 0);
    for (unsigned threads = 1; threads <= 3; threads++) {
        run_plan(start(&p, false, threads, &got), &p);
        assert_alike(&expected, &got, false, 0);
        free_run(&got);
    }
    free_run(&expected);
}

START_TEST(what_an_earlier_call_made_late_is_late)
{
    event(3600, "Login", "a", "e1", "");
    write_file("f0");
    around((T0 + 2700) * 1000, 0, 1000);
    write_file("f1");
    assert_plan((struct plan){.files = 2, .first_call = 1});
}
END_TEST

/* Where that moment lies within a stretch, and where it lies between two; the first late event begins a block. */
START_TEST(what_an_earlier_block_made_late_is_late)
{
    for (int64_t gap = 0; gap <= 70000; gap += 70000) {
        for (size_t size = 0; size == 0 || file_text.n + size <= TRAIL_BLOCK_BYTES;) {
            size_t from = file_text.n;
            line("{\"eventTime\":\"%" PRId64 "\",\"eventName\":\"ListUsers\",\"more\":\"%60d\"}\n",
                 T0 + (from ? 3600 : 0), 0);
            size = file_text.n - from;
        }
        around((T0 + 2700) * 1000, gap, 20000);
        write_file("f0");
        assert_plan((struct plan){.files = 1, .first_call = 1});
    }
}
END_TEST

/* More than a chunk tells of, all of it in one stretch of each. */
START_TEST(a_chunk_has_stretches_of_its_own)
{
    struct plan p = {.pack = pack_of(false), .files = 1, .first_call = 1};
    struct run expected, got;
    for (unsigned i = 0; file_text.n < 5 << 20; i++)
        line("{\"eventTime\":\"%" PRId64 "\",\"eventName\":\"ListUsers\",\"more\":\"%60u\"}\n",
             T0 * 1000 + i % 1000, i);
    write_file("f0");
    run_plan(start(&p, true, 1, &expected), &p);
    run_plan(start(&p, false, 1, &got), &p);
    assert_alike(&expected, &got, false, 0);
    free_run(&expected);
    free_run(&got);
}
END_TEST

/* ---- what is in a chunk ---- */

START_TEST(a_stretch_is_late_as_a_whole_or_not)
{
    struct so_far before = NOTHING_SO_FAR;
    struct chunk *c = chunk_new();
    *chunk_add_stretch(c) = (struct stretch){.alert = 0, .first = 1000, .last = 1002, .n = 3};
    ck_assert(chunk_can_rebase(c, &before, 500));
    for (before.newest = 1498; before.newest < 1506; before.newest++)
        ck_assert_int_eq(chunk_can_rebase(c, &before, 500), before.newest <= 1500 || before.newest > 1502);
    chunk_free(c);
}
END_TEST

START_TEST(a_stretch_is_shorter_than_the_window)
{
    struct trail_pack pack = pack_of(false);
    struct presence p;
    struct chunk *c = chunk_new();
    ck_assert(presence_init(&p, &pack));
    ck_assert(presence_has(&p, SECONDS) && !presence_has(&p, FEW) && !presence_has(&p, MIXED));
    for (int64_t t = 0; t < 3600000; t += 1000)
        ck_assert(presence_add(&p, c, SECONDS, T0 * 1000 + (t * 7919) % 1800000));
    uint64_t n = 0;
    for (size_t i = 0; i < c->n_stretches; i++) {
        ck_assert_int_lt(c->stretches[i].last - c->stretches[i].first, 90000);
        n += c->stretches[i].n;
    }
    ck_assert_uint_eq(n, 3600);
    ck_assert_uint_lt(c->n_stretches, 60);
    chunk_free(c);
    presence_free(&p);
}
END_TEST

/* Few are handed on, and what is known of an event's ID does not matter. */
START_TEST(an_event_that_comes_twice_is_two_hits)
{
    struct trail_pack pack = pack_of(false);
    struct run r = {0};
    for (int i = 0; i < 2; i++)
        event(0, "Admin", "alice", "e1", "");
    event(0, "Admin", "alice", "e1", ",\"other\":1");
    write_file("one");
    r.options = told(&r);
    scan(&r, &pack, NULL, PATHS("one"));
    ck_assert_uint_eq(trail_counts(r.t, HOURS).hits, 3);
    ck_assert_uint_eq(trail_counts(r.t, FEW).hits, 2);
    ck_assert_uint_eq(r.stats.matched, 3);
    free_run(&r);
}
END_TEST

/* An event each second, all alike: what ends within the minute of one ends there. */
START_TEST(like_events_end_where_time_does)
{
    enum { N = 700, FROM = 101, TO = 203, FUTURE = 300 };
    struct trail_pack pack = pack_of(false);
    for (int i = 0; i < N; i++)
        event(i, "ListUsers", "alice", "", "");
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    r.options.since = (T0 + FROM) * 1000;
    r.options.until = (T0 + TO) * 1000;
    scan(&r, &pack, NULL, PATHS("one"));
    ck_assert_uint_eq(r.stats.records, N);
    ck_assert_uint_eq(r.stats.matched, TO - FROM);
    ck_assert_uint_eq(trail_counts(r.t, HOURS).hits, TO - FROM);
    free_run(&r);

    set_file_time("one", T0);
    r = (struct run){0};
    r.options = told(&r);
    scan(&r, &pack, NULL, PATHS("one"));
    ck_assert_uint_eq(r.stats.matched, N);
    ck_assert_uint_eq(r.stats.future, N - FUTURE - 1);
    free_run(&r);
}
END_TEST

int main(int argc, char **argv)
{
    if (argc > 1)
        seed = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        streams = (unsigned)strtoul(argv[2], NULL, 10);
    Suite *s = suite_create("presence");
    TCase *t = tcase_create("presence");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, stretches_say_what_single_hits_say);
    tcase_add_test(t, blocks_say_what_single_hits_say);
    tcase_add_test(t, what_an_earlier_call_made_late_is_late);
    tcase_add_test(t, what_an_earlier_block_made_late_is_late);
    tcase_add_test(t, a_chunk_has_stretches_of_its_own);
    tcase_add_test(t, a_stretch_is_late_as_a_whole_or_not);
    tcase_add_test(t, a_stretch_is_shorter_than_the_window);
    tcase_add_test(t, an_event_that_comes_twice_is_two_hits);
    tcase_add_test(t, like_events_end_where_time_does);
    suite_add_tcase(s, t);
    return run_suite(s);
}
