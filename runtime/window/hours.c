/*
 * hours.c - see hours.h.
 *
 * Between two changes of a zone the local clock runs evenly, so the next active moment is found one such
 * stretch after the other, and within one by looking at the days of a week. The compiler lists changes up to
 * 2100: a few hundred stretches at most.
 */
#include "hours.h"
#include "timestamp.h"

enum { MINUTE = 60000, DAY = 86400000, WEEK = 7 };

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* The stretch of the zone that t is in: the last one that begins at or before t. */
static size_t stretch_of(const struct trail_zone *zone, int64_t t)
{
    int64_t seconds = floor_div(t, 1000);
    size_t low = 0, high = zone->n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->from[middle] <= seconds)
            low = middle;
        else
            high = middle;
    }
    return low;
}

int32_t trail_zone_offset(const struct trail_zone *zone, int64_t t)
{
    return zone && zone->n > 0 ? zone->offset[stretch_of(zone, t)] : 0;
}

/* 1970-01-01 was a Thursday; Monday is 0. */
static bool on_day(const struct trail_hours *h, int64_t day)
{
    int64_t weekday = (day + 3) % WEEK;
    return h->days >> (weekday < 0 ? weekday + WEEK : weekday) & 1;
}

/*
 * The parts of local day `day` that the entry covers, in local milliseconds: up to two, in order.
 * Returns how many there are.
 */
static size_t parts_of_day(const struct trail_hours *h, int64_t day, int64_t part[2][2])
{
    size_t n = 0;
    int64_t midnight = day * DAY, from = (int64_t)h->from * MINUTE, to = (int64_t)h->to * MINUTE;
    if (from == to) {
        from = 0;
        to = DAY;
    }
    if (from < to) {
        if (on_day(h, day)) {
            part[n][0] = midnight + from;
            part[n++][1] = midnight + to;
        }
        return n;
    }
    if (on_day(h, day - 1)) {
        part[n][0] = midnight;
        part[n++][1] = midnight + to;
    }
    if (on_day(h, day)) {
        part[n][0] = midnight + from;
        part[n++][1] = midnight + DAY;
    }
    return n;
}

/* The first local moment ≥ local that the entry covers, as if the clock ran evenly; TRAIL_NO_TIME: never. */
static int64_t next_local(const struct trail_hours *h, int64_t local)
{
    int64_t today = floor_div(local, DAY);
    for (int64_t day = today; day <= today + WEEK + 1; day++) {
        int64_t part[2][2];
        size_t n = parts_of_day(h, day, part);
        for (size_t i = 0; i < n; i++)
            if (part[i][0] < part[i][1] && local < part[i][1])
                return local > part[i][0] ? local : part[i][0];
    }
    return TRAIL_NO_TIME;
}

/* Moments that the arithmetic of days can take without overflow: some million years around 1970. */
static bool in_reach(int64_t t)
{
    return t > INT64_MIN / 64 && t < INT64_MAX / 64;
}

static int64_t next_of(const struct trail_hours *h, int64_t t)
{
    const struct trail_zone *zone = h->zone && h->zone->n > 0 ? h->zone : NULL;
    for (size_t i = zone ? stretch_of(zone, t) : 0;; i++) {
        int64_t offset = zone ? (int64_t)zone->offset[i] * 1000 : 0;
        int64_t local = next_local(h, t + offset);
        if (local == TRAIL_NO_TIME)
            return TRAIL_NO_TIME;
        bool last = !zone || i + 1 >= zone->n;
        if (last || local - offset < zone->from[i + 1] * 1000)
            return local - offset;
        t = zone->from[i + 1] * 1000;
    }
}

bool trail_hours_active(const struct trail_alert *alert, int64_t t)
{
    if (alert->n_active == 0)
        return true;
    if (!in_reach(t))
        return false;
    for (size_t i = 0; i < alert->n_active; i++) {
        const struct trail_hours *h = &alert->active[i];
        int64_t local = t + (int64_t)trail_zone_offset(h->zone, t) * 1000;
        int64_t part[2][2];
        size_t n = parts_of_day(h, floor_div(local, DAY), part);
        for (size_t k = 0; k < n; k++)
            if (local >= part[k][0] && local < part[k][1])
                return true;
    }
    return false;
}

int64_t trail_hours_next(const struct trail_alert *alert, int64_t t)
{
    if (alert->n_active == 0)
        return t;
    if (!in_reach(t))
        return TRAIL_NO_TIME;
    int64_t next = TRAIL_NO_TIME;
    for (size_t i = 0; i < alert->n_active; i++) {
        int64_t n = next_of(&alert->active[i], t);
        if (n != TRAIL_NO_TIME && (next == TRAIL_NO_TIME || n < next))
            next = n;
    }
    return next;
}
