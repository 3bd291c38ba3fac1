/*
 * test_frame_damage.c - what one damaged byte costs: the record it is in, and how many beside it.
 *
 * Each byte of the middle record of an input is deleted, and changed to each byte that means something to
 * JSON; each time all other records must come out as they were, but for so many as the form may lose.
 */
#include "framing.h"
#include "suite.h"

static const char *const records[] = {
    "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::1:user/"
    "a\"},\"eventName\":\"One\","
    "\"requestParameters\":null,\"eventID\":\"1\"}",
    "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"Root\"},\"eventName\":\"Two\",\"readOnly\":true,"
    "\"eventID\":\"2\"}",
    /* the one that is damaged */
    "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"AssumedRole\",\"sessionContext\":{"
    "\"attributes\":{\"mfa\":\"false\"}}},"
    "\"eventTime\":\"2026-01-01T10:00:00Z\",\"requestParameters\":{\"items\":[{\"groupId\":\"sg-1\",\"p\":[]}"
    ",{\"groupId\":\"sg-2\"}],"
    "\"policy\":\"{\\\"a\\\":[1]}\\n\"},\"n\":-1.5e3,\"readOnly\":false,\"eventID\":\"3\"}",
    "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"IAMUser\"},\"eventName\":\"Four\",\"items\":[{"
    "\"a\":1},{\"b\":[2]}],\"eventID\":\"4\"}",
    "{\"eventVersion\":\"1.08\",\"eventName\":\"Five\",\"resources\":[],\"eventID\":\"5\"}",
};
#define N_RECORDS (sizeof records / sizeof *records)
#define DAMAGED   2

struct layout {
    const char *name, *head, *between, *tail;
    bool printed;
    bool renamed;    /* the first key is none of CloudTrail's */
    size_t may_lose; /* records other than the damaged one */
};

static const struct layout layouts[] = {
    {"ndjson", "", "\n", "\n", false, false, 0},
    {"concatenated", "", "", "", false, false, 1},
    {"printed one after another", "", "\n", "\n", true, false, 0},
    {"array", "[", ",", "]", false, false, 1},
    {"array of other records", "[", ",", "]", false, true, 1},
    {"S3 file", "{\"Records\":[", ",", "]}", false, false, 1},
    {"S3 file over lines", "{\n\"Records\": [\n", ",\n", "\n]\n}\n", true, false, 1},
    {"S3 file of other records over lines", "{\n\"Records\": [\n", ",\n", "\n]\n}\n", true, true, 1},
    {"S3 files on one line", "{\"Records\":[", "]}{\"Records\":[", "]}", false, false, 1},
};
#define N_LAYOUTS ((int)(sizeof layouts / sizeof *layouts))

static void add_printed(struct trail_text *t, const char *record)
{
    bool in_string = false;
    for (const char *p = record; *p; p++) {
        trail_text_add(t, p, 1);
        if (*p == '\\')
            trail_text_add(t, ++p, 1);
        else if (*p == '"')
            in_string = !in_string;
        else if (!in_string && strchr("{[,", *p))
            add(t, "\n    ");
    }
}

/* The input, and the bytes [*from, *to) of the record that is to be damaged. */
static struct trail_text laid_out(const struct layout *l, size_t *from, size_t *to)
{
    struct trail_text t = {0};
    add(&t, l->head);
    for (size_t i = 0; i < N_RECORDS; i++) {
        add(&t, i ? l->between : "");
        if (i == DAMAGED)
            *from = t.n;
        if (l->printed)
            add_printed(&t, records[i]);
        else
            add(&t, records[i]);
        if (i == DAMAGED)
            *to = t.n;
    }
    add(&t, l->tail);
    for (char *p = t.p; l->renamed && (p = memmem(p, t.n - (size_t)(p - t.p), "eventVersion", 12));)
        *p = 'z';
    return t;
}

/* How many of the undamaged records did not come out as they were. */
static size_t lost(const struct framed *f, bool renamed)
{
    size_t n = 0;
    for (size_t i = 0; i < N_RECORDS; i++) {
        char line[600];
        size_t length = (size_t)snprintf(line, sizeof line, "%s\n", records[i]);
        if (renamed)
            memcpy(line, "{\"zventVersion", 14);
        const char *at = f->records.p ? memmem(f->records.p, f->records.n, line, length) : NULL;
        n += i != DAMAGED && !(at && (at == f->records.p || at[-1] == '\n'));
    }
    return n;
}

/* How many records came out that are pieces of the damaged one. */
static size_t phantoms(const struct framed *f)
{
    size_t n = 0;
    const char *p = f->records.p, *end = p + f->records.n;
    for (const char *line; p < end; p = line + 1) {
        line = memchr(p, '\n', (size_t)(end - p));
        bool whole = (size_t)(line - p) > strlen(records[DAMAGED]) / 2;
        for (size_t i = 0; i < N_RECORDS; i++) /* but for the first key, which may be another */
            whole =
                whole || (p + 10 < line && strncmp(p + 10, records[i] + 10, (size_t)(line - p) - 10) == 0);
        n += !whole;
    }
    return n;
}

/* The losses over all kinds of damage; what is over the limit is said with the bytes around it. */
struct toll {
    size_t inputs, losses, worst, most_rejected;
};

static void frame_damaged(const struct layout *l, struct bytes input, size_t at, struct feeding how,
                          struct toll *toll)
{
    struct framed f = frame_pushed(input, how);
    size_t n = lost(&f, l->renamed);
    toll->inputs++;
    toll->losses += n;
    toll->worst = n > toll->worst ? n : toll->worst;
    toll->most_rejected = f.rejected > toll->most_rejected ? f.rejected : toll->most_rejected;
    bool silent = l->may_lose < N_RECORDS && f.accepted < N_RECORDS && f.rejected + f.damaged == 0;
    bool strange = *l->head && l->may_lose < N_RECORDS && phantoms(&f);
    if (n > l->may_lose || silent || strange)
        ck_abort_msg("%s: %zu others lost at %zu, <%.*s>:\n%s", l->name, n, at, 60,
                     (const char *)input.p + (at > 30 ? at - 30 : 0), f.all.p);
    framed_free(&f);
}

static const char changes[] = "\"{}[],:\\\n\tx0-\xFF ";

/* Damage to the bytes [from, to). */
static void assert_toll(const struct layout *l, const struct trail_text *t, size_t from, size_t to,
                        struct feeding how)
{
    struct toll toll = {0};
    for (size_t i = from; i < to; i++) {
        struct bytes less = bytes_of(t->p, t->n - 1);
        memcpy(less.p + i, t->p + i + 1, t->n - i - 1);
        frame_damaged(l, less, i, how, &toll);
        free(less.p);
        struct bytes changed = bytes_of(t->p, t->n);
        for (size_t c = 0; c < sizeof changes; c++) { /* with the NUL at its end */
            changed.p[i] = (unsigned char)changes[c];
            if (changed.p[i] != (unsigned char)t->p[i])
                frame_damaged(l, changed, i, how, &toll);
        }
        free(changed.p);
    }
    if (getenv("TRAIL_TOLL"))
        fprintf(
            stderr,
            "# %s: %zu damaged inputs, %zu other records lost, at most %zu in one, at most %zu rejected\n",
            l->name, toll.inputs, toll.losses, toll.worst, toll.most_rejected);
}

START_TEST(damage_in_a_record_costs_that_record)
{
    size_t from, to;
    struct trail_text t = laid_out(&layouts[_i], &from, &to);
    assert_toll(&layouts[_i], &t, from, to, (struct feeding){SIZE_MAX, 0});
    trail_text_free(&t);
}
END_TEST

START_TEST(so_it_does_in_pieces)
{
    size_t from, to;
    struct trail_text t = laid_out(&layouts[_i], &from, &to);
    assert_toll(&layouts[_i], &t, from, to, (struct feeding){13, 64});
    trail_text_free(&t);
}
END_TEST

START_TEST(damage_anywhere_is_survived)
{
    size_t from, to;
    struct layout l = layouts[_i];
    struct trail_text t = laid_out(&l, &from, &to);
    l.may_lose = N_RECORDS;
    assert_toll(&l, &t, 0, t.n, (struct feeding){SIZE_MAX, 0});
    trail_text_free(&t);
}
END_TEST

START_TEST(pieces_do_not_matter)
{
    size_t from, to;
    struct trail_text t = laid_out(&layouts[_i], &from, &to);
    for (size_t i = 0; i < t.n; i += 2) {
        char old = t.p[i];
        t.p[i] = changes[i / 2 % sizeof changes];
        struct framed want = frame_text(t.p, t.n),
                      got = frame_pushed(bytes_in(&t), (struct feeding){i % 5 + 1, 30});
        if (got.all.n != want.all.n || memcmp(got.all.p, want.all.p, got.all.n) != 0)
            ck_abort_msg("%s, byte %zu:\n%s\nexpected\n%s", layouts[_i].name, i, got.all.p, want.all.p);
        framed_free(&want);
        framed_free(&got);
        t.p[i] = old;
    }
    trail_text_free(&t);
}
END_TEST

START_TEST(every_truncation_keeps_what_was_whole)
{
    size_t from, to;
    struct trail_text t = laid_out(&layouts[_i], &from, &to);
    size_t before = 0;
    for (size_t n = 0; n <= t.n; n++) {
        struct framed f = frame_text(t.p, n);
        if (f.accepted < before || f.accepted > before + 1 || f.rejected > 1)
            ck_abort_msg("%s, %zu bytes: %s", layouts[_i].name, n, f.all.p ? f.all.p : "");
        before = f.accepted;
        framed_free(&f);
    }
    ck_assert_uint_eq(before, N_RECORDS);
    trail_text_free(&t);
}
END_TEST

START_TEST(truncated_gzip_gives_what_can_be_inflated)
{
    size_t from, to;
    struct trail_text t = laid_out(&layouts[_i], &from, &to);
    struct bytes packed = gzip_of(t.p, t.n);
    for (size_t n = 18; n < packed.n; n++) {
        struct framed f =
            frame_pushed((struct bytes){packed.p, n}, (struct feeding){n % 2 ? SIZE_MAX : 3, 100});
        if (!f.damaged || !strstr(f.all.p, "truncated gzip data") || f.rejected > 1)
            ck_abort_msg("%s, %zu bytes: %s", layouts[_i].name, n, f.all.p ? f.all.p : "");
        framed_free(&f);
    }
    free(packed.p);
    trail_text_free(&t);
}
END_TEST

/* Lines that open what nothing closes. */
static const struct {
    const char *text;
    int may_lose; /* lines behind it */
} openers[] = {
    {"[", 0},
    {"{", 0},
    {"{[", 0},
    {"[{", 0},
    {"[1,", 0},
    {"[[],", 0},
    {"[{\"a\":", 0},
    {"{\"a\":[", 0},
    {"\"", 0},
    {"[\"", 0},
    {"{\"Records\":[", 0},
    {"{\"Records\":[{", 0},
    {"{\"Events\":[", 0},
    {"[{\"a\":1},{\"b\"", 1}, /* an array that has begun well */
};
#define N_OPENERS ((int)(sizeof openers / sizeof *openers))

/* Adds good lines, numbered; their first keys differ. */
static void add_good(struct trail_text *t, int from, int to)
{
    char line[100];
    for (int i = from; i < to; i++) {
        snprintf(line, sizeof line, "{\"k%d\":\"x\",\"list\":[%d,{\"q\":\"}\"}]}\n", i, i);
        add(t, line);
    }
}

/* The first n good lines come out as they were, but for those that the opener may cost. */
static void assert_good(const struct framed *f, int n, int before, int opener, int times)
{
    for (int i = 0; i < n; i++) {
        if (i >= before && i < before + openers[opener].may_lose)
            continue;
        struct trail_text want = {0};
        add_good(&want, i, i + 1);
        if (!f->records.p || !memmem(f->records.p, f->records.n, want.p, want.n))
            ck_abort_msg("%d times %s: %.*s\n%s", times, openers[opener].text, (int)want.n, want.p, f->all.p);
        trail_text_free(&want);
    }
}

START_TEST(a_line_that_opens_too_much_hides_no_other)
{
    static const int counts[] = {1, 2, 4, 5, 8, 9, 127, 128, 129, 136, 137, 200};
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        for (int before = 0; before < 3; before++) {
            struct trail_text t = {0};
            add_good(&t, 0, before);
            for (int i = 0; i < counts[c]; i++)
                add(&t, openers[_i].text);
            add(&t, "\n");
            add_good(&t, before, 20);
            struct framed whole = frame_text(t.p, t.n);
            assert_good(&whole, 20, before, _i, counts[c]);
            ck_assert_uint_ge(whole.rejected + whole.damaged, 1);
            struct framed pieces = frame_pushed(bytes_in(&t), (struct feeding){(size_t)before * 3 + 1, 30});
            if (pieces.all.n != whole.all.n || memcmp(pieces.all.p, whole.all.p, whole.all.n) != 0)
                ck_abort_msg("%d times %s:\n%s\nexpected\n%s", counts[c], openers[_i].text, pieces.all.p,
                             whole.all.p);
            framed_free(&whole);
            framed_free(&pieces);
            trail_text_free(&t);
        }
    }
}
END_TEST

/* A truncation loses no line that was whole. */
START_TEST(so_it_is_in_every_prefix)
{
    struct trail_text t = {0};
    add_good(&t, 0, 1);
    for (int i = 0; i < 140; i++)
        add(&t, openers[_i].text);
    add(&t, "\n");
    size_t from = t.n;
    add_good(&t, 1, 5);
    for (size_t n = 0, good = 0; n <= t.n; n++) {
        struct framed f = frame_text(t.p, n);
        good += n && t.p[n - 1] == '\n' && n != from;
        assert_good(&f, (int)good, 1, _i, 140);
        framed_free(&f);
    }
    trail_text_free(&t);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("frame_damage");
    TCase *t = tcase_create("damage");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, damage_in_a_record_costs_that_record, 0, N_LAYOUTS);
    tcase_add_loop_test(t, so_it_does_in_pieces, 0, N_LAYOUTS);
    tcase_add_loop_test(t, damage_anywhere_is_survived, 0, N_LAYOUTS);
    tcase_add_loop_test(t, pieces_do_not_matter, 0, N_LAYOUTS);
    tcase_add_loop_test(t, every_truncation_keeps_what_was_whole, 0, N_LAYOUTS);
    tcase_add_loop_test(t, truncated_gzip_gives_what_can_be_inflated, 0, N_LAYOUTS);
    tcase_add_loop_test(t, a_line_that_opens_too_much_hides_no_other, 0, N_OPENERS);
    tcase_add_loop_test(t, so_it_is_in_every_prefix, 0, N_OPENERS);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_tap(suite());
}
