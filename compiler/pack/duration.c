/*
 * duration.c - `90s`, `10m`, `36h`, `7d` and sums such as `1h30m`.
 */
#include <string.h>

#include "trailc.h"

static const struct {
    const char *name;
    int64_t ms;
} units[] = {{"w", 604800000}, {"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};

enum { N_UNITS = sizeof units / sizeof *units };

#define MAX_DURATION (INT64_C(3660) * 86400000) /* ten years */

/* The unit that begins at p, or N_UNITS. `ms` begins as `m` does: the longest that fits. */
static size_t unit_at(const char *p, size_t n)
{
    size_t found = N_UNITS;
    for (size_t i = 0; i < N_UNITS; i++)
        if (strlen(units[i].name) <= n && memcmp(units[i].name, p, strlen(units[i].name)) == 0)
            found = i;
    return found;
}

int64_t duration_parse(struct slice s)
{
    int64_t sum = 0;
    size_t previous =
        0; /* index of the first unit that may still come: each at most once, larger ones first */
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        int64_t number = 0;
        for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++) {
            number = number * 10 + (s.p[i] - '0');
            if (number > MAX_DURATION)
                return -1;
        }
        size_t unit = unit_at(s.p + i, s.n - i);
        if (i == from || unit == N_UNITS || unit < previous || number > MAX_DURATION / units[unit].ms)
            return -1;
        sum += number * units[unit].ms;
        if (sum > MAX_DURATION)
            return -1;
        i += strlen(units[unit].name);
        previous = unit + 1;
    }
    return sum > 0 ? sum : -1;
}
