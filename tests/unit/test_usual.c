/* Conditions that ask for what is usual, in the window: what they learn, what they tell, and when. */
#include "scene.h"

#define DAY (24 * HOUR)
#define MORE_USUAL(n, d)                  \
    {                                     \
        TRAIL_MORE_THAN_USUAL, 3, n, d, 0 \
    }
#define LESS_USUAL(n, d)                  \
    {                                     \
        TRAIL_LESS_THAN_USUAL, 3, n, d, 0 \
    }

/* The log has something, of no alert, in every quarter of an hour of [from, to), in seconds. */
static void hum(struct scene *s, int64_t from, int64_t to)
{
    for (int64_t t = from; t < to; t += 900) {
        ck_assert_int_eq(window_heard(s->w, START + t * SECOND), TRAIL_OK);
        if (s->newest == TRAIL_NO_TIME || s->newest < START + t * SECOND)
            s->newest = START + t * SECOND;
        if (s->from == TRAIL_NO_TIME)
            s->from = START + t * SECOND;
    }
}

/* n events in the minutes behind a moment, in seconds. */
static void events(struct scene *s, int64_t at, int n)
{
    for (int i = 0; i < n; i++)
        scene_push(s, scene_hit(START + at * SECOND + i * 1000, NULL));
}

START_TEST(a_burst)
{
    struct trail_alert alert = ALERT(WHEN(MORE_USUAL(0, 10 * MINUTE)));
    struct scene *s = scene_of(&alert);
    for (int64_t hour = 0; hour < 24 * 5; hour++) {
        hum(s, hour * 3600, hour * 3600 + 3600);
        events(s, hour * 3600 + 600, 2);
        scene_advance(s, 0);
    }
    ck_assert_uint_eq(s->n, 0);
    events(s, 24 * 5 * 3600, 60);
    scene_finish(s, TRAIL_NO_TIME);
    for (size_t i = 0; i < s->n; i++)
        printf("# %s\n", s->lines[i]);
    scene_free(s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("usual");
    TCase *tcase = tcase_create("usual");
    tcase_add_test(tcase, a_burst);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
