/* Time zones: changes of the clock that are known, and the C library as the oracle for all others. */
#include <time.h>

#include "pack/zone.h"
#include "packs.h"

static int64_t moment(const char *utc)
{
    struct tm tm = {0};
    ck_assert_int_eq(
        sscanf(utc, "%d-%d-%d %d:%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min), 5);
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    return timegm(&tm);
}

static int32_t offset_of(const struct zone *zone, int64_t t)
{
    size_t i = zone->n - 1;
    while (i > 0 && zone->from[i] > t)
        i--;
    return zone->offset[i];
}

static struct zone *find(struct compile *c, const char *name)
{
    struct zone *zone = zone_find(c, slice_of(name));
    ck_assert_msg(zone != NULL, "%s", name);
    return zone;
}

static const struct {
    const char *zone, *utc;
    int32_t before, after; /* minutes */
} changes[] = {
    {"Europe/Berlin", "1980-04-06 01:00", 60, 120}, /* the first summer time after 1949 */
    {"Europe/Berlin", "2025-03-30 01:00", 60, 120},
    {"Europe/Berlin", "2025-10-26 01:00", 120, 60},
    {"Europe/Berlin", "2099-03-29 01:00", 60, 120},
    {"Europe/London", "1971-10-31 02:00", 60, 0}, /* the end of British Standard Time */
    {"America/New_York", "2025-03-09 07:00", -300, -240},
    {"America/New_York", "2025-11-02 06:00", -240, -300},
    {"America/New_York", "1974-01-06 07:00", -300, -240},  /* the oil crisis */
    {"Australia/Lord_Howe", "2025-04-05 15:00", 660, 630}, /* half an hour */
    {"Australia/Lord_Howe", "2025-10-04 15:30", 630, 660},
    {"America/Santiago", "2025-04-06 03:00", -180, -240},
    {"America/Santiago", "2025-09-07 04:00", -240, -180},
    {"Pacific/Auckland", "2025-04-05 14:00", 780, 720},
    {"Pacific/Auckland", "2025-09-27 14:00", 720, 780},
    {"Africa/Casablanca", "2024-03-10 02:00", 60, 0}, /* Ramadan */
    {"Africa/Casablanca", "2024-04-14 02:00", 0, 60},
    {"Pacific/Apia", "2011-12-30 10:00", -600, 840}, /* a day that never was */
};

START_TEST(known_change)
{
    struct compile *c = new_compile();
    struct zone *zone = find(c, changes[_i].zone);
    int64_t t = moment(changes[_i].utc);
    bool starts = false;
    for (size_t i = 0; i < zone->n; i++)
        starts = starts || zone->from[i] == t;
    ck_assert_msg(starts, "%s: no change at %s", changes[_i].zone, changes[_i].utc);
    ck_assert_int_eq(offset_of(zone, t - 1), changes[_i].before * 60);
    ck_assert_int_eq(offset_of(zone, t), changes[_i].after * 60);
    end_compile(c);
}
END_TEST

START_TEST(without_changes)
{
    struct compile *c = new_compile();
    struct zone *kolkata = find(c, "Asia/Kolkata"), *utc = find(c, "UTC");
    ck_assert_uint_eq(kolkata->n, 1);
    ck_assert_int_eq(kolkata->offset[0], 19800);
    ck_assert_int_eq(kolkata->from[0], 0);
    ck_assert_uint_eq(utc->n, 1);
    ck_assert_int_eq(utc->offset[0], 0);
    end_compile(c);
}
END_TEST

START_TEST(ascends)
{
    struct compile *c = new_compile();
    struct zone *zone = find(c, "Europe/Berlin");
    ck_assert_uint_gt(zone->n, 100);
    for (size_t i = 1; i < zone->n; i++) {
        ck_assert_int_lt(zone->from[i - 1], zone->from[i]);
        ck_assert_int_ne(zone->offset[i - 1], zone->offset[i]);
    }
    end_compile(c);
}
END_TEST

/* At random moments from 1970 to 2099 the table gives what the C library gives. */
static const char *const compared[] = {"Europe/Berlin",
                                       "America/New_York",
                                       "Australia/Lord_Howe",
                                       "America/Sao_Paulo",
                                       "Africa/Casablanca",
                                       "Asia/Kathmandu",
                                       "America/Argentina/San_Luis",
                                       "Antarctica/Troll",
                                       "EST5EDT"};

START_TEST(as_the_c_library)
{
    struct compile *c = new_compile();
    struct zone *zone = find(c, compared[_i]);
    setenv("TZ", compared[_i], 1);
    tzset();
    uint64_t seed = 42;
    for (int k = 0; k < 20000; k++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        time_t t = (time_t)((seed >> 16) % UINT64_C(4102444800));
        struct tm tm;
        localtime_r(&t, &tm);
        ck_assert_msg(tm.tm_gmtoff == offset_of(zone, t), "%s at %jd", compared[_i], (intmax_t)t);
    }
    for (size_t i = 1; i < zone->n; i++) {
        time_t before = (time_t)zone->from[i] - 1, from = (time_t)zone->from[i];
        struct tm tm;
        ck_assert_int_eq(localtime_r(&before, &tm)->tm_gmtoff, zone->offset[i - 1]);
        ck_assert_int_eq(localtime_r(&from, &tm)->tm_gmtoff, zone->offset[i]);
    }
    unsetenv("TZ");
    tzset();
    end_compile(c);
}
END_TEST

static const char *const no_zones[] = {"",
                                       "Europe/Berlim",
                                       "europe/berlin",
                                       "/etc/localtime",
                                       "../zoneinfo/UTC",
                                       "Europe/../UTC",
                                       "Europe",
                                       "Europe/",
                                       "tzdata.zi",
                                       "right/UTC",
                                       "posix/Europe/Berlin",
                                       "localtime",
                                       "Factory",
                                       "UTC\n",
                                       "Europe//Berlin.",
                                       "CET-1CEST",
                                       "zone.tab"};

START_TEST(no_zone)
{
    struct compile *c = new_compile();
    ck_assert_msg(zone_find(c, slice_of(no_zones[_i])) == NULL, "`%s`", no_zones[_i]);
    end_compile(c);
}
END_TEST

START_TEST(embedded_nul)
{
    struct compile *c = new_compile();
    ck_assert_ptr_null(zone_find(c, SLICE("UTC\0x")));
    ck_assert_ptr_null(zone_find(c, SLICE("Europe/Berlin\0")));
    end_compile(c);
}
END_TEST

START_TEST(interned)
{
    struct compile *c = new_compile();
    ck_assert_ptr_eq(find(c, "Europe/Berlin"), find(c, "Europe/Berlin"));
    ck_assert_uint_eq(c->n_zones, 1);
    end_compile(c);
}
END_TEST

START_TEST(restores_the_process)
{
    struct compile *c = new_compile();
    setenv("TZ", "Asia/Tokyo", 1);
    tzset();
    find(c, "Europe/Berlin");
    ck_assert_str_eq(getenv("TZ"), "Asia/Tokyo");
    time_t t = 0;
    struct tm tm;
    ck_assert_int_eq(localtime_r(&t, &tm)->tm_gmtoff, 32400);
    unsetenv("TZ");
    find(c, "Europe/Paris");
    ck_assert_ptr_null(getenv("TZ"));
    end_compile(c);
}
END_TEST

static const struct {
    const char *name, *nearest;
} near[] = {
    {"europe/berlin", "Europe/Berlin"},
    {"Europe/Berlim", "Europe/Berlin"},
    {"Berlin", "Europe/Berlin"},
    {"Europe/Tokyo", "Asia/Tokyo"},
    {"America/NewYork", "America/New_York"},
    {"Asia/Calcuta", "Asia/Calcutta"},
    {"utc", "UTC"},
    {"Middle-earth/Minas_Tirith", ""},
};

START_TEST(nearest)
{
    struct compile *c = new_compile();
    struct slice found = zone_nearest(c, slice_of(near[_i].name));
    ck_assert_msg(slice_eq(found, slice_of(near[_i].nearest)), "%s: %.*s", near[_i].name, (int)found.n,
                  found.p);
    end_compile(c);
}
END_TEST

/* Without the database only UTC is known, and it is said what to install. */
START_TEST(no_database)
{
    setenv("TZDIR", "/nonexistent", 1);
    struct compile *c = load("alert: a\nfilter: x\nactive: {timezone: Europe/Berlin}\n");
    ck_assert_str_eq(said(c), "E009 3:20");
    ck_assert_ptr_nonnull(strstr(c->diags[0].note.p, "tzdata"));
    ck_assert(!zone_database(c));
    ck_assert_ptr_nonnull(zone_find(c, SLICE("UTC")));
    end_compile(c);
    unsetenv("TZDIR");
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(tcase, test, 0, sizeof(table) / sizeof *(table))

int main(void)
{
    Suite *suite = suite_create("zone");
    TCase *tcase = tcase_create("zone");
    LOOP(known_change, changes);
    tcase_add_test(tcase, without_changes);
    tcase_add_test(tcase, ascends);
    LOOP(as_the_c_library, compared);
    LOOP(no_zone, no_zones);
    tcase_add_test(tcase, embedded_nul);
    tcase_add_test(tcase, interned);
    tcase_add_test(tcase, restores_the_process);
    LOOP(nearest, near);
    tcase_add_test(tcase, no_database);
    suite_add_tcase(suite, tcase);
    return run_tap(suite);
}
