/* calendar.c - dates of the proleptic Gregorian calendar, without the C library's clock and locale. */
#include "day.h"

#include <string.h>

/* Days since 1970-01-01, and back: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
static int64_t days_from_date(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct date date_of(int64_t time)
{
    int64_t days = time / DAY_SECONDS - (time % DAY_SECONDS < 0), rest = time - days * DAY_SECONDS;
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct date){
        .year = (int)(yoe + era * 400 + (month <= 2)),
        .month = month,
        .day = (int)(doy - (153 * mp + 2) / 5 + 1),
        .hour = (int)(rest / 3600),
        .minute = (int)(rest / 60 % 60),
        .second = (int)(rest % 60),
    };
}

bool date_parse(const char *text, int64_t *time)
{
    int y, m, d;
    char rest;
    if (strlen(text) != 10 || sscanf(text, "%4d-%2d-%2d%c", &y, &m, &d, &rest) != 3)
        return false;
    if (y < 1971 || m < 1 || m > 12 || d < 1)
        return false;
    *time = days_from_date(y, m, d) * DAY_SECONDS;
    struct date back = date_of(*time);
    return back.month == m && back.day == d;
}

static int64_t last_sunday(int year, int month)
{
    int64_t last = days_from_date(year, month, 31); /* March and October have 31 days */
    int64_t weekday = (last + 4) % 7;               /* 0 is Sunday: 1970-01-01 was a Thursday */
    return (last - weekday) * DAY_SECONDS;
}

int64_t berlin_offset(int64_t time)
{
    int year = date_of(time).year;
    bool summer = time >= last_sunday(year, 3) + 3600 && time < last_sunday(year, 10) + 3600;
    return summer ? 7200 : 3600;
}

static void digits(char *to, int n, int value)
{
    while (n-- > 0) {
        to[n] = (char)('0' + value % 10);
        value /= 10;
    }
}

void time_print(char out[21], int64_t time)
{
    struct date d = date_of(time);
    memcpy(out, "0000-00-00T00:00:00Z", 21);
    digits(out, 4, d.year);
    digits(out + 5, 2, d.month);
    digits(out + 8, 2, d.day);
    digits(out + 11, 2, d.hour);
    digits(out + 14, 2, d.minute);
    digits(out + 17, 2, d.second);
}
