/*
 * A framer that begins in the middle: with the stand of one that has come there it goes on as that one does,
 * and with another stand it is known when that may have mattered.
 */
#include "framing.h"
#include "suite.h"

/* Frames what is left, or up to where it is to stop. */
static void frame(struct framed *f, struct trail_framer *framer)
{
    struct trail_record r;
    for (;;) {
        f->last = trail_frame_next(framer, &r);
        if (f->last == TRAIL_FRAME_NEED_MORE || f->last == TRAIL_FRAME_END ||
            f->last == TRAIL_FRAME_STOPPED || f->last == TRAIL_FRAME_NO_MEMORY)
            return;
        r.number = f->last == TRAIL_FRAME_DAMAGED ? 0 : f->accepted + f->rejected + 1; /* as a new input's */
        note(f, f->last, &r);
    }
}

static struct trail_reader *reader;
static struct trail_framer *framer;

static void begin(const char *text, size_t n, size_t at, const struct trail_stand *stand)
{
    trail_reader_open_at(reader, text + at, n - at, at);
    trail_framer_start_at(framer, stand);
}

static void finish(struct framed *f)
{
    trail_framer_stop_at(framer, UINT64_MAX);
    frame(f, framer);
    trail_reader_push(reader, NULL, 0);
    frame(f, framer);
    ck_assert_int_eq(f->last, TRAIL_FRAME_END);
    trail_text_add(&f->all, "", 1);
}

static const struct trail_stand BEGINNING;

static const char *const texts[] = {
    "{\"a\":1}\n{\"a\":2}\n{\"b\":3}\n{\"a\":[{\"b\":1},{\"b\":2}\n{\"b\":4}\n{\"b\":{\"c\":5}}\n",
    " {\"a\":1}\n  {\"a\":2} {\"a\":\n{\"x\":1}}\n {\"a\":\n3 4}\n {\"a\":\n{\"a\":5}} {\"a\":6}\n{\"a\":7}",
    "{\"Records\":[{\"k\":1},{\"k\":2},{\"k\":[{\"k\":3},{\"k\":4}},{\"k\":5}],\"x\":{\"k\":6}}\n{\"k\":7}",
    "[{\"q\":1},\n[{\"r\":2},{\"r\":3}],\n{\"r\":4,},{\"r\":5}]\n[\n{\"s\":6}\n,{\"s\":\"7}\n,{\"s\":8}\n]\n",
    "{\"hits\":{\"hits\":[{\"_source\":{\"a\":1},\"_id\":\"x\"},{\"_source\":{\"a\":2},\"_id\":\"y\"},{\"a\":"
    "[3}]}}",
    "[{\"a\":1},{\"a\":[\n{\"b\":2}\n{\"b\":3}\n{\"b\":4}]",
    "[{\"a\":1},{\"a\":}[{\n{\"b\":2,\"c\":[\n{\"b\":3}\n",
    "[{\"a\":1},[[[{\"a\":2}, {\"a\":3}]]],{\"a\":4}, {\"a\"5}, {\"a\":6}",
};

START_TEST(a_stand_is_all_that_a_framer_needs_to_go_on)
{
    unsigned stops = 0;
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        size_t n = strlen(texts[t]);
        char *text = calloc(1, n + TRAIL_PADDING);
        ck_assert_ptr_nonnull(text);
        memcpy(text, texts[t], n);
        for (size_t at = 0; at <= n; at++) {
            struct framed before = {0}, one = {0}, other = {0};
            begin(text, n, 0, &BEGINNING);
            trail_framer_stop_at(framer, at);
            frame(&before, framer);
            if (before.last == TRAIL_FRAME_STOPPED) {
                struct trail_stand stand = trail_framer_stand(framer);
                finish(&one);
                begin(text, n, at, &stand);
                finish(&other);
                ck_assert_msg(strcmp(one.all.p, other.all.p) == 0, "text %zu, at %zu:\n%s\nand\n%s", t, at,
                              one.all.p, other.all.p);
                ck_assert(trail_framer_guessed_well(framer, &stand, &stand));
                stops++;
            }
            framed_free(&before);
            framed_free(&one);
            framed_free(&other);
        }
        free(text);
    }
    ck_assert_uint_gt(stops, 40);
}
END_TEST

/* Frames a text from a guess. */
static bool well(const char *text, struct trail_stand guess, struct trail_stand truth)
{
    struct framed f = {0};
    char *copy = calloc(1, strlen(text) + TRAIL_PADDING);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text, strlen(text));
    begin(copy, strlen(text), 0, &guess);
    frame(&f, framer);
    bool result = trail_framer_guessed_well(framer, &guess, &truth);
    framed_free(&f);
    trail_reader_close(reader);
    free(copy);
    return result;
}

START_TEST(a_wrong_guess_is_known_where_it_may_matter)
{
    struct trail_stand a = {.n_first_key = 1, .first_key = "a"}, b = a, told = a, indented = a, list = a;
    b.first_key[0] = 'b';
    told.told = true;
    indented.indent = 3;
    list.places[list.n_places++] = (struct trail_place){true, TRAIL_CARRY_RECORD};
    struct trail_stand texts_of = list, indented_list = list, gave = list, old = list;
    gave.line_gave = true;
    old.old_places = 1;
    texts_of.places[0].carry = TRAIL_CARRY_TRAIL;
    indented_list.indent = 3;
    ck_assert(well("{\"c\":1}\n{\"c\":}\n", a, b)); /* a key of its own came first */
    ck_assert(!well("{\"c\":}\n{\"c\":1}\n", a, b));
    ck_assert(well("{\"c\":}\n{\"c\":1}\n", a, a));
    ck_assert(!well("{}\n", a, b)); /* the key is handed on */
    ck_assert(!well("{\"c\":1}\n", a, told));
    ck_assert(!well("{\"c\":1}\n", a, indented));
    ck_assert(!well("{\"c\":1}\n", a, list));
    ck_assert(!well("{\"c\":1}\n", list, a));
    ck_assert(!well("{\"c\":1}\n", list, texts_of));
    ck_assert(!well("{\"c\":1}\n", list, gave));
    ck_assert(!well("{\"c\":1}\n", list, old));
    ck_assert(well("{\"c\":1}\n", list, indented_list));
}
END_TEST

/* What is told at the end of a text that was framed from a stand. */
static size_t damage_at_end(const char *text, struct trail_stand stand)
{
    struct framed f = {0};
    char *copy = calloc(1, strlen(text) + TRAIL_PADDING);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text, strlen(text));
    begin(copy, strlen(text), 0, &stand);
    finish(&f);
    size_t damaged = f.damaged;
    framed_free(&f);
    free(copy);
    return damaged;
}

START_TEST(that_an_input_ends_too_early_is_told_once)
{
    struct trail_stand list = {.n_places = 1, .places = {{true, TRAIL_CARRY_RECORD}}};
    ck_assert_uint_eq(damage_at_end("{\"c\":1}", list), 1);
    ck_assert_uint_eq(damage_at_end("{\"c\":1}]", list), 0);
    list.told = true;
    ck_assert_uint_eq(damage_at_end("{\"c\":1}", list), 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("stand");
    TCase *t = tcase_create("stand");
    tcase_add_test(t, a_stand_is_all_that_a_framer_needs_to_go_on);
    tcase_add_test(t, a_wrong_guess_is_known_where_it_may_matter);
    tcase_add_test(t, that_an_input_ends_too_early_is_told_once);
    suite_add_tcase(s, t);
    reader = trail_reader_new(0, 0);
    framer = reader ? trail_framer_new(reader) : NULL;
    if (!framer)
        return 1;
    int bad = run_tap(s);
    trail_framer_free(framer);
    trail_reader_free(reader);
    return bad;
}
