/*
 * Active hours: days, midnight, both ends of summer time; and, minute by minute, against the C library's
 * calendar.
 */
#include "suite.h"
#include "window/hours.h"
#include "window/timestamp.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MON = 1, TUE = 2, WED = 4, THU = 8, FRI = 16, SAT = 32, SUN = 64, WEEKDAYS = 31, ALL = 127 };

/* Berlin in 2025 and 2026; Lord Howe Island, whose summer time is half an hour. */
static const int64_t berlin_from[] = {0, 1743296400, 1761440400, 1774746000, 1792890000};
static const int32_t berlin_offset[] = {3600, 7200, 3600, 7200, 3600};
static const struct trail_zone berlin = {"Europe/Berlin", 5, berlin_from, berlin_offset};
static const int64_t howe_from[] = {0, 1759591800, 1775314800};
static const int32_t howe_offset[] = {37800, 39600, 37800};
static const struct trail_zone howe = {"Australia/Lord_Howe", 3, howe_from, howe_offset};
static const struct trail_zone utc = {"UTC", 0, NULL, NULL};

static int64_t at(const char *text)
{
    int64_t t = trail_time_parse_text((struct trail_slice){text, strlen(text)});
    ck_assert_msg(t != TRAIL_NO_TIME, "%s", text);
    return t;
}

#define HM(h, m) ((h)*60 + (m))

static const struct {
    const char *name;
    struct trail_hours hours;
    const char *t;
    bool active;
    const char *next; /* NULL: t itself */
} cases[] = {
    {"at the start", {ALL, HM(9, 0), HM(17, 0), &utc}, "2026-01-05T09:00:00Z", true, NULL},
    {"a ms before",
     {ALL, HM(9, 0), HM(17, 0), &utc},
     "2026-01-05T08:59:59.999Z",
     false,
     "2026-01-05T09:00:00Z"},
    {"the end is exclusive",
     {ALL, HM(9, 0), HM(17, 0), &utc},
     "2026-01-05T17:00:00Z",
     false,
     "2026-01-06T09:00:00Z"},
    {"a ms before the end", {ALL, HM(9, 0), HM(17, 0), &utc}, "2026-01-05T16:59:59.999Z", true, NULL},
    {"no zone is UTC", {ALL, HM(9, 0), HM(17, 0), NULL}, "2026-01-05T09:00:00Z", true, NULL},
    {"until midnight", {ALL, HM(23, 0), 1440, &utc}, "2026-01-05T23:59:59.999Z", true, NULL},
    {"from midnight", {ALL, 0, HM(23, 0), &utc}, "2026-01-05T23:00:00Z", false, "2026-01-06T00:00:00Z"},
    {"the day before 1970", {THU, 0, 0, &utc}, "1969-12-31T12:00:00Z", false, "1970-01-01T00:00:00Z"},
    {"Wednesday before 1970", {WED, 0, 0, &utc}, "1969-12-31T12:00:00Z", true, NULL},

    {"Monday", {MON, HM(9, 0), HM(17, 0), &utc}, "2026-01-05T10:00:00Z", true, NULL},
    {"not on Sunday",
     {WEEKDAYS, HM(9, 0), HM(17, 0), &utc},
     "2026-01-04T10:00:00Z",
     false,
     "2026-01-05T09:00:00Z"},
    {"Friday evening",
     {WEEKDAYS, HM(9, 0), HM(17, 0), &utc},
     "2026-01-09T17:00:00Z",
     false,
     "2026-01-12T09:00:00Z"},
    {"a week later", {MON, HM(9, 0), HM(17, 0), &utc}, "2026-01-05T17:00:00Z", false, "2026-01-12T09:00:00Z"},
    {"no day at all", {0, 0, 0, &utc}, "2026-01-05T17:00:00Z", false, "never"},

    {"whole day", {MON, 0, 0, &utc}, "2026-01-05T23:59:59.999Z", true, NULL},
    {"whole day, other ends", {MON, HM(9, 0), HM(9, 0), &utc}, "2026-01-05T08:00:00Z", true, NULL},
    {"whole day is over",
     {MON, HM(9, 0), HM(9, 0), &utc},
     "2026-01-06T00:00:00Z",
     false,
     "2026-01-12T00:00:00Z"},

    {"over midnight, before", {FRI, HM(22, 0), HM(6, 0), &utc}, "2026-01-09T23:00:00Z", true, NULL},
    {"over midnight, after", {FRI, HM(22, 0), HM(6, 0), &utc}, "2026-01-10T05:59:59.999Z", true, NULL},
    {"over midnight, end",
     {FRI, HM(22, 0), HM(6, 0), &utc},
     "2026-01-10T06:00:00Z",
     false,
     "2026-01-16T22:00:00Z"},
    {"belongs to its first day",
     {FRI, HM(22, 0), HM(6, 0), &utc},
     "2026-01-09T05:00:00Z",
     false,
     "2026-01-09T22:00:00Z"},
    {"Sunday into Monday", {SUN, HM(22, 0), HM(6, 0), &utc}, "2026-01-12T01:00:00Z", true, NULL},
    {"ends at midnight", {FRI, HM(22, 0), 0, &utc}, "2026-01-10T00:00:00Z", false, "2026-01-16T22:00:00Z"},
    {"from 24:00", {FRI, 1440, HM(6, 0), &utc}, "2026-01-09T23:00:00Z", false, "2026-01-10T00:00:00Z"},

    {"winter", {ALL, HM(9, 0), HM(17, 0), &berlin}, "2026-01-05T08:00:00Z", true, NULL},
    {"summer", {ALL, HM(9, 0), HM(17, 0), &berlin}, "2026-07-06T07:00:00Z", true, NULL},
    {"summer, before",
     {ALL, HM(9, 0), HM(17, 0), &berlin},
     "2026-07-06T06:59:00Z",
     false,
     "2026-07-06T07:00:00Z"},
    {"the local day", {MON, 0, HM(1, 0), &berlin}, "2026-01-04T23:30:00Z", true, NULL},

    /* 2026-03-29: 02:00 becomes 03:00 at 01:00Z. */
    {"the gap has no 02:30",
     {ALL, HM(2, 15), HM(2, 45), &berlin},
     "2026-03-29T00:30:00Z",
     false,
     "2026-03-30T00:15:00Z"},
    {"into the gap", {ALL, HM(1, 30), HM(2, 30), &berlin}, "2026-03-29T00:59:59.999Z", true, NULL},
    {"cut by the gap",
     {ALL, HM(1, 30), HM(2, 30), &berlin},
     "2026-03-29T01:00:00Z",
     false,
     "2026-03-29T23:30:00Z"},
    {"out of the gap",
     {ALL, HM(2, 30), HM(4, 0), &berlin},
     "2026-03-29T00:30:00Z",
     false,
     "2026-03-29T01:00:00Z"},
    {"across the gap", {ALL, HM(1, 0), HM(4, 0), &berlin}, "2026-03-29T01:30:00Z", true, NULL},
    {"the night of the gap", {SAT, HM(22, 0), HM(4, 0), &berlin}, "2026-03-29T01:59:59Z", true, NULL},
    {"the night of the gap ends",
     {SAT, HM(22, 0), HM(4, 0), &berlin},
     "2026-03-29T02:00:00Z",
     false,
     "2026-04-04T20:00:00Z"},

    /* 2026-10-25: 03:00 becomes 02:00 at 01:00Z. */
    {"the overlap, once", {ALL, HM(2, 15), HM(2, 45), &berlin}, "2026-10-25T00:15:00Z", true, NULL},
    {"the overlap, between",
     {ALL, HM(2, 15), HM(2, 45), &berlin},
     "2026-10-25T00:45:00Z",
     false,
     "2026-10-25T01:15:00Z"},
    {"the overlap, twice", {ALL, HM(2, 15), HM(2, 45), &berlin}, "2026-10-25T01:20:00Z", true, NULL},
    {"the overlap is over",
     {ALL, HM(2, 15), HM(2, 45), &berlin},
     "2026-10-25T01:45:00Z",
     false,
     "2026-10-26T01:15:00Z"},
    {"up to three, again", {ALL, 0, HM(3, 0), &berlin}, "2026-10-25T01:59:59Z", true, NULL},

    {"half an hour of summer", {ALL, HM(9, 0), HM(10, 0), &howe}, "2025-12-31T22:00:00Z", true, NULL},
    {"and of winter",
     {ALL, HM(9, 0), HM(10, 0), &howe},
     "2026-06-30T22:15:00Z",
     false,
     "2026-06-30T22:30:00Z"},
    {"before the first entry", {ALL, HM(9, 0), HM(10, 0), &berlin}, "1960-01-01T08:30:00Z", true, NULL},
};

START_TEST(active)
{
    struct trail_alert alert = {.n_active = 1, .active = &cases[_i].hours};
    int64_t t = at(cases[_i].t), next = trail_hours_next(&alert, t);
    ck_assert_msg(trail_hours_active(&alert, t) == cases[_i].active, "%s", cases[_i].name);
    int64_t wanted = !cases[_i].next                        ? t
                     : strcmp(cases[_i].next, "never") == 0 ? TRAIL_NO_TIME
                                                            : at(cases[_i].next);
    char got[TRAIL_TIME_ROOM];
    trail_time_format(got, next);
    ck_assert_msg(next == wanted, "%s: next is %s", cases[_i].name, got);
}
END_TEST

START_TEST(without_entries_always)
{
    struct trail_alert alert = {0};
    ck_assert(trail_hours_active(&alert, 12345));
    ck_assert(trail_hours_active(&alert, INT64_MAX));
    ck_assert(trail_hours_next(&alert, 12345) == 12345);
}
END_TEST

START_TEST(several_entries_are_any_of_them)
{
    const struct trail_hours list[] = {{MON, HM(9, 0), HM(10, 0), &utc}, {MON, HM(8, 0), HM(8, 30), &berlin}};
    struct trail_alert alert = {.n_active = 2, .active = list};
    ck_assert(trail_hours_active(&alert, at("2026-01-05T09:30:00Z")));
    ck_assert(trail_hours_active(&alert, at("2026-01-05T07:10:00Z")));
    ck_assert(!trail_hours_active(&alert, at("2026-01-05T08:10:00Z")));
    ck_assert(trail_hours_next(&alert, at("2026-01-05T07:30:00Z")) == at("2026-01-05T09:00:00Z"));
    ck_assert(trail_hours_next(&alert, at("2026-01-05T10:00:00Z")) == at("2026-01-12T07:00:00Z"));
}
END_TEST

START_TEST(absurd_moments_are_survived)
{
    const struct trail_hours h = {ALL, 0, 0, &berlin};
    struct trail_alert alert = {.n_active = 1, .active = &h};
    const int64_t moments[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX, INT64_MIN / 64, INT64_MAX / 64};
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        ck_assert(!trail_hours_active(&alert, moments[i]));
        ck_assert(trail_hours_next(&alert, moments[i]) == TRAIL_NO_TIME);
    }
    ck_assert(trail_hours_active(&alert, INT64_MAX / 64 - 1));
    ck_assert(trail_hours_active(&alert, INT64_MIN / 64 + 1));
}
END_TEST

/* What the local clock shows, by the C library's calendar. */
static bool naive(const struct trail_hours *h, int64_t t)
{
    const struct trail_zone *z = h->zone;
    int32_t offset = z->n > 0 ? z->offset[0] : 0;
    for (size_t i = 0; i < z->n; i++)
        if (t / 1000 >= z->from[i])
            offset = z->offset[i];
    time_t local = (time_t)(t / 1000 + offset);
    struct tm tm;
    gmtime_r(&local, &tm);
    unsigned minute = (unsigned)(tm.tm_hour * 60 + tm.tm_min);
    unsigned today = h->days >> (tm.tm_wday + 6) % 7 & 1, yesterday = h->days >> (tm.tm_wday + 5) % 7 & 1;
    if (h->from == h->to)
        return today;
    if (h->from < h->to)
        return today && minute >= h->from && minute < h->to;
    return (today && minute >= h->from) || (yesterday && minute < h->to);
}

/* Nine days around a change of the clock, each quarter of an hour and some odd moments, backwards so that the
 * next one is known. */
START_TEST(agrees_with_a_calendar)
{
    static const struct trail_zone *const zones[] = {&berlin, &howe, &utc};
    for (unsigned seed = 1; seed <= 400; seed++) {
        srand(seed);
        struct trail_hours list[2];
        size_t n = 1 + (size_t)rand() % 2;
        for (size_t i = 0; i < n; i++)
            list[i] = (struct trail_hours){(unsigned)rand() % 128, (unsigned)rand() % 49 * 30,
                                           (unsigned)rand() % 49 * 30, zones[rand() % 3]};
        struct trail_alert alert = {.n_active = n, .active = list};
        const struct trail_zone *z = rand() % 2 ? &berlin : &howe;
        int64_t middle = z->from[1 + (size_t)rand() % (z->n - 1)] * 1000, quarter = 900000;
        int64_t next = TRAIL_NO_TIME; /* the earliest quarter known to be active */
        for (int64_t t = middle + 9 * 96 * quarter; t > middle - 9 * 96 * quarter; t -= quarter) {
            bool wanted = false;
            for (size_t i = 0; i < n; i++)
                wanted = wanted || naive(&list[i], t);
            if (trail_hours_active(&alert, t) != wanted)
                ck_abort_msg("seed %u: %lld", seed, (long long)t);
            if (trail_hours_active(&alert, t + 899999) != wanted)
                ck_abort_msg("seed %u: %lld", seed, (long long)t);
            if (wanted)
                next = t;
            if (next != TRAIL_NO_TIME) {
                if (trail_hours_next(&alert, t) != next)
                    ck_abort_msg("seed %u: next of %lld", seed, (long long)t);
                int64_t odd = t + 1 + rand() % 899999;
                int64_t after = wanted ? odd : next;
                if (trail_hours_next(&alert, odd) != after)
                    ck_abort_msg("seed %u: next of %lld", seed, (long long)odd);
            }
        }
    }
}
END_TEST

START_TEST(offsets)
{
    ck_assert_int_eq(trail_zone_offset(&berlin, at("1950-01-01T00:00:00Z")), 3600);
    ck_assert_int_eq(trail_zone_offset(&berlin, at("2026-03-29T00:59:59.999Z")), 3600);
    ck_assert_int_eq(trail_zone_offset(&berlin, at("2026-03-29T01:00:00Z")), 7200);
    ck_assert_int_eq(trail_zone_offset(&berlin, at("2090-01-01T00:00:00Z")), 3600);
    ck_assert_int_eq(trail_zone_offset(&utc, 0), 0);
    ck_assert_int_eq(trail_zone_offset(NULL, 0), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hours");
    TCase *t = tcase_create("hours");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, active, 0, (int)(sizeof cases / sizeof *cases));
    tcase_add_test(t, without_entries_always);
    tcase_add_test(t, several_entries_are_any_of_them);
    tcase_add_test(t, absurd_moments_are_survived);
    tcase_add_test(t, offsets);
    tcase_add_test(t, agrees_with_a_calendar);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}
