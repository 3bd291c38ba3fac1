/*
 * zone.c - time zones, as the moments at which their offset from UTC changes.
 *
 * Needs: the system's tz database (package tzdata), under $TZDIR or /usr/share/zoneinfo; `UTC` works without.
 * Guarantees: every change from 1970 to 2100, found by asking the C library day by day and halving the
 * days in which the offset changes. The process's own time zone is the same afterwards.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/near.h"
#include "pack/zone.h"
#include "trailc.h"

enum { DAY = 86400, MAX_ZONE_NAME = 64 };

#define YEAR_2100 INT64_C(4102444800)

static const char *database(void)
{
    const char *directory = getenv("TZDIR");
    return directory && *directory ? directory : "/usr/share/zoneinfo";
}

static bool starts_with(struct slice s, const char *prefix)
{
    size_t n = strlen(prefix);
    return s.n >= n && memcmp(s.p, prefix, n) == 0;
}

/* Names of the IANA database: letters, digits, `_ + -`, in parts joined by slashes. Not the database's own
 * copies with leap seconds, nor the machine's local time. */
static bool is_zone_name(struct slice s)
{
    if (s.n == 0 || s.n > MAX_ZONE_NAME || s.p[0] == '/' || s.p[s.n - 1] == '/')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        bool alnum = (s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'z') ||
                     (s.p[i] >= 'A' && s.p[i] <= 'Z');
        if (!alnum && !(s.p[i] && strchr("_+-/", s.p[i])))
            return false;
    }
    return !starts_with(s, "right/") && !starts_with(s, "posix/") && !slice_eq(s, SLICE("posixrules")) &&
           !slice_eq(s, SLICE("localtime")) && !slice_eq(s, SLICE("Factory"));
}

static bool is_in_database(struct compile *c, struct slice name)
{
    char magic[4];
    struct slice path = diag_format(c, "%s/%.*s", database(), (int)name.n, name.p);
    FILE *file = fopen(path.p, "rb");
    if (!file)
        return false;
    bool good = fread(magic, 1, sizeof magic, file) == sizeof magic && memcmp(magic, "TZif", 4) == 0;
    fclose(file);
    return good;
}

bool zone_database(struct compile *c)
{
    return is_in_database(c, SLICE("UTC")) || is_in_database(c, SLICE("Etc/UTC"));
}

static int32_t offset_at(int64_t seconds)
{
    time_t t = (time_t)seconds;
    struct tm local;
    return localtime_r(&t, &local) ? (int32_t)local.tm_gmtoff : 0;
}

static void add_change(struct compile *c, struct zone *zone, int64_t from, int32_t offset)
{
    size_t n = zone->n;
    *PUSH(c, zone->from, zone->n) = from;
    *PUSH(c, zone->offset, n) = offset;
}

/* The first second of another offset in (low, high], where the two ends' offsets differ. */
static int64_t change_between(int64_t low, int64_t high)
{
    int32_t before = offset_at(low);
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (offset_at(middle) == before)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* The process's zone is the one that is asked for. */
static void find_changes(struct compile *c, struct zone *zone)
{
    add_change(c, zone, 0, offset_at(0));
    for (int64_t day = 0; day < YEAR_2100; day += DAY)
        for (int64_t at = day; offset_at(at) != offset_at(day + DAY);) {
            at = change_between(at, day + DAY);
            add_change(c, zone, at, offset_at(at));
        }
}

/* Runs find_changes() under TZ=name. */
static void read_zone(struct compile *c, struct zone *zone)
{
    const char *old = getenv("TZ");
    struct slice saved = old ? slice_copy(c, old, strlen(old)) : (struct slice){NULL, 0};
    setenv("TZ", diag_format(c, ":%s/%.*s", database(), (int)zone->name.n, zone->name.p).p, 1);
    tzset();
    find_changes(c, zone);
    if (saved.p)
        setenv("TZ", saved.p, 1);
    else
        unsetenv("TZ");
    tzset();
}

struct zone *zone_find(struct compile *c, struct slice name)
{
    for (size_t i = 0; i < c->n_zones; i++)
        if (slice_eq(c->zones[i]->name, name))
            return c->zones[i];
    bool utc = slice_eq(name, SLICE("UTC"));
    if (!utc && !(is_zone_name(name) && is_in_database(c, name)))
        return NULL;
    struct zone *zone = NEW(c, struct zone);
    zone->name = slice_copy(c, name.p, name.n);
    if (utc)
        add_change(c, zone, 0, 0);
    else
        read_zone(c, zone);
    *PUSH(c, c->zones, c->n_zones) = zone;
    return zone;
}

/* ---- names ------------------------------------------------------------------------------------ */

/* `Berlin` of `Europe/Berlin`. */
static struct slice city_of(struct slice name)
{
    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '/')
            return (struct slice){name.p + i, name.n - i};
    return name;
}

/* A line of tzdata.zi names a zone as `Z NAME …` or as `L TARGET NAME`; in *second the link's name. */
static struct slice name_on_line(struct slice line)
{
    bool link = line.n > 2 && line.p[0] == 'L' && line.p[1] == ' ';
    if (!link && !(line.n > 2 && line.p[0] == 'Z' && line.p[1] == ' '))
        return (struct slice){NULL, 0};
    size_t from = 2, to = 2;
    for (int word = 0; word <= (link ? 1 : 0); word++) {
        from = word ? to + 1 : to;
        to = from;
        while (to < line.n && line.p[to] != ' ' && line.p[to] != '\n')
            to++;
    }
    return from < to ? (struct slice){line.p + from, to - from} : (struct slice){NULL, 0};
}

static bool closer(struct nearest *near, struct slice name)
{
    struct slice before = near->best;
    nearest_try(near, name);
    return !slice_eq(before, near->best);
}

struct slice zone_nearest(struct compile *c, struct slice name)
{
    FILE *file = fopen(diag_format(c, "%s/tzdata.zi", database()).p, "r");
    struct slice best = {NULL, 0}, by_city = {NULL, 0};
    struct nearest whole = {.word = name}, city = {.word = city_of(name)};
    char line[256];
    while (file && fgets(line, sizeof line, file)) {
        struct slice found = name_on_line(slice_of(line));
        if (!found.n)
            continue;
        found = slice_copy(c, found.p, found.n);
        if (closer(&whole, found))
            best = found;
        if (closer(&city, city_of(found)))
            by_city = found;
    }
    if (file)
        fclose(file);
    /* A name that is wrong in its region only is better known by its city. */
    return best.n && (!by_city.n || whole.distance <= city.distance) ? best : by_city;
}
