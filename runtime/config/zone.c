/*
 * zone.c - a time zone of the tz database, as the moments at which its offset changes.
 *
 * Needs: a TZif file (RFC 8536) under $TZDIR or /usr/share/zoneinfo; UTC needs none. Reads the file itself and
 * not through the C library, whose zone is the whole process's, since a configuration is read while other threads
 * run. Guarantees changes up to 2100: those of the file, then those of the rule at its end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reading.h"

enum { MAX_FILE = 256 * 1024, HEADER = 44, HOUR = 3600, DAY = 86400, LAST_YEAR = 2100 };

/* ---- the rule: CET-1CEST,M3.5.0,M10.5.0/3 ---- */

/* The w-th (5: last) weekday d (0 Sunday) of a month, at a time of that day. */
struct moment {
    int month, week, day;
    long time;
};

static const char *skip_name(const char *p)
{
    if (*p == '<') {
        p = strchr(p, '>');
        return p ? p + 1 : NULL;
    }
    while ((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'))
        p++;
    return p;
}

/* [+-]h[:m[:s]] in seconds. */
static const char *read_time(const char *p, long *seconds)
{
    long sign = *p == '-' ? -1 : 1, unit = HOUR;
    p += *p == '-' || *p == '+';
    *seconds = 0;
    for (int part = 0; part < 3 && *p >= '0' && *p <= '9'; part++, unit /= 60) {
        *seconds += strtol(p, (char **)&p, 10) * unit;
        if (*p != ':')
            break;
        p++;
    }
    *seconds *= sign;
    return p;
}

static const char *read_moment(const char *p, struct moment *m)
{
    int used = 0;
    if (sscanf(p, ",M%2d.%1d.%1d%n", &m->month, &m->week, &m->day, &used) != 3 || m->month < 1 ||
        m->month > 12 || m->week < 1 || m->week > 5 || m->day > 6)
        return NULL;
    m->time = 2 * HOUR;
    p += used;
    return *p == '/' ? read_time(p + 1, &m->time) : p;
}

/* Days from 1970-01-01 to the first of a month. */
static int64_t days_to(int64_t year, int month)
{
    int64_t y = month <= 2 ? year - 1 : year, era = y / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t second_of(const struct moment *m, int64_t year, long offset)
{
    int64_t first = days_to(year, m->month);
    int64_t next = m->month == 12 ? days_to(year + 1, 1) : days_to(year, m->month + 1);
    int64_t day = first + ((m->day - (first + 4) % 7) + 7) % 7 + 7 * (m->week - 1);
    while (day >= next)
        day -= 7;
    return day * DAY + m->time - offset;
}

/* ---- the file ---- */

static uint64_t big_endian(const unsigned char *p, size_t n)
{
    uint64_t value = 0;
    while (n--)
        value = value << 8 | *p++;
    return value;
}

struct counts {
    uint64_t is_utc, is_standard, leaps, times, types, letters;
};

/* Reads a header; false: it is none. */
static bool read_header(const unsigned char *p, size_t n, struct counts *c)
{
    if (n < HEADER || memcmp(p, "TZif", 4) != 0)
        return false;
    uint64_t *to[] = {&c->is_utc, &c->is_standard, &c->leaps, &c->times, &c->types, &c->letters};
    for (size_t i = 0; i < 6; i++)
        *to[i] = big_endian(p + 20 + 4 * i, 4);
    return true;
}

static uint64_t body_size(const struct counts *c, uint64_t width)
{
    return c->times * (width + 1) + c->types * 6 + c->letters + c->leaps * (width + 4) + c->is_standard +
           c->is_utc;
}

static void add(struct trail_zone *zone, int64_t *from, int32_t *offset, int64_t at, int64_t east)
{
    from[zone->n] = at;
    offset[zone->n++] = (int32_t)east;
}

/* What follows the file's own changes, by its last line. */
static void add_rule(struct trail_zone *zone, int64_t *from, int32_t *offset, const char *rule)
{
    struct moment start, end;
    long west, summer_west;
    int64_t last = zone->n ? from[zone->n - 1] : INT64_MIN;
    const char *p = skip_name(rule);
    p = p ? read_time(p, &west) : NULL;
    if (!p || p == rule || !*p)
        return;
    summer_west = west - HOUR;
    p = skip_name(p);
    if (p && *p && *p != ',')
        p = read_time(p, &summer_west);
    if (!p || !(p = read_moment(p, &start)) || !read_moment(p, &end))
        return;
    for (int64_t year = 1970; year <= LAST_YEAR; year++) {
        int64_t on = second_of(&start, year, -west), off = second_of(&end, year, -summer_west);
        for (int i = 0; i < 2; i++) {
            bool summer = (on < off) == (i == 0);
            int64_t at = summer ? on : off;
            if (at > last)
                add(zone, from, offset, at, summer ? -summer_west : -west);
        }
    }
}

static struct trail_zone *read_zone(struct trail_arena *arena, const unsigned char *p, size_t n)
{
    struct counts c;
    if (!read_header(p, n, &c) || p[4] < '2' || body_size(&c, 4) > n - HEADER)
        return NULL;
    size_t skip = HEADER + (size_t)body_size(&c, 4);
    p += skip;
    n -= skip;
    if (!read_header(p, n, &c) || body_size(&c, 8) > n - HEADER || !c.types)
        return NULL;
    const unsigned char *times = p + HEADER, *kinds = times + c.times * 8, *types = kinds + c.times;
    const unsigned char *footer = p + HEADER + body_size(&c, 8);
    size_t room = (size_t)c.times + 1 + 2 * (LAST_YEAR - 1969);
    struct trail_zone *zone = trail_arena_get(arena, sizeof *zone);
    int64_t *from = trail_arena_get(arena, room * sizeof *from);
    int32_t *offset = trail_arena_get(arena, room * sizeof *offset);
    if (arena->failed)
        return NULL;
    add(zone, from, offset, INT64_MIN / 4000, (int32_t)big_endian(types, 4));
    for (size_t i = 0; i < c.times; i++) {
        size_t type = kinds[i] < c.types ? kinds[i] : 0;
        add(zone, from, offset, (int64_t)big_endian(times + 8 * i, 8),
            (int32_t)big_endian(types + 6 * type, 4));
    }
    size_t rest = (size_t)(p + n - footer);
    if (rest > 2 && footer[0] == '\n' && memchr(footer + 1, '\n', rest - 1)) {
        const unsigned char *end = memchr(footer + 1, '\n', rest - 1);
        add_rule(zone, from, offset,
                 trail_arena_text(
                     arena, (struct trail_slice){(const char *)footer + 1, (size_t)(end - footer - 1)}));
    }
    zone->from = from;
    zone->offset = offset;
    return zone;
}

static bool is_zone_name(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    return *name && *name != '/' && strspn(name, letters) == strlen(name) && strlen(name) < 64;
}

struct trail_zone *trail_zone_read(struct trail_arena *arena, const char *name)
{
    static const int64_t since = INT64_MIN / 4000;
    static const int32_t no_offset = 0;
    const char *directory = getenv("TZDIR");
    char path[4096];
    struct trail_zone *zone = NULL;
    if (strcmp(name, "UTC") == 0) {
        zone = trail_arena_get(arena, sizeof *zone);
        *zone = (struct trail_zone){"UTC", 1, &since, &no_offset};
        return zone;
    }
    if (!is_zone_name(name))
        return NULL;
    snprintf(path, sizeof path, "%s/%s", directory && *directory ? directory : "/usr/share/zoneinfo", name);
    unsigned char *bytes = malloc(MAX_FILE);
    FILE *file = bytes ? fopen(path, "re") : NULL;
    if (file) {
        zone = read_zone(arena, bytes, fread(bytes, 1, MAX_FILE, file));
        fclose(file);
    }
    free(bytes);
    if (zone)
        zone->name = trail_arena_text(arena, (struct trail_slice){name, strlen(name)});
    return zone;
}
