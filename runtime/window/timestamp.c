/*
 * timestamp.c - see timestamp.h. Calendar arithmetic counts days from 1 March of the year 0 (proleptic
 * Gregorian), so that the leap day is a year's last.
 */
#include "timestamp.h"
#include <trail/json.h>

#include <stdio.h>
#include <string.h>

enum { MAX_TEXT = 128 }; /* bytes of the longest text that can be a time: an RFC 3339 fraction may be long */

#define FIRST_MOMENT INT64_C(-62167219200000) /* 0000-01-01T00:00:00Z */
#define LAST_MOMENT  INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */
#define MILLISECONDS INT64_C(100000000000)    /* from this magnitude on a number is milliseconds */

struct cursor {
    const char *p, *end;
};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes exactly n digits; -1 when they are not there. */
static int digits(struct cursor *c, int n)
{
    if (c->end - c->p < n)
        return -1;
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (!digit(c->p[i]))
            return -1;
        value = value * 10 + (c->p[i] - '0');
    }
    c->p += n;
    return value;
}

static bool take(struct cursor *c, char wanted)
{
    if (c->p >= c->end || *c->p != wanted)
        return false;
    c->p++;
    return true;
}

static int64_t days_of(int year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool date_exists(int year, int month, int day)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 0 || month < 1 || month > 12 || day < 1)
        return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= length[month - 1] + (month == 2 && leap);
}

/* `.123456`: the milliseconds in it; 0 without one; -1 when a stop has no digit behind it. */
static int fraction(struct cursor *c)
{
    if (!take(c, '.'))
        return 0;
    int ms = 0, scale = 100;
    const char *first = c->p;
    for (; c->p < c->end && digit(*c->p); c->p++, scale /= 10)
        ms += scale * (*c->p - '0');
    return c->p > first ? ms : -1;
}

/* `Z`, `+02:00`, `+0200`, `+02` at the end of the text: seconds east of UTC. False: none of these. */
static bool offset(struct cursor *c, int *seconds)
{
    *seconds = 0;
    if (take(c, 'Z') || take(c, 'z'))
        return c->p == c->end;
    int sign = take(c, '+') ? 1 : take(c, '-') ? -1 : 0;
    if (sign == 0)
        return false;
    int hours = digits(c, 2), minutes = 0;
    if (c->p < c->end) {
        take(c, ':');
        minutes = digits(c, 2);
    }
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || c->p != c->end)
        return false;
    *seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

static int64_t parse_rfc3339(struct cursor c)
{
    int year = digits(&c, 4);
    bool dashes = take(&c, '-');
    int month = digits(&c, 2);
    dashes = take(&c, '-') && dashes;
    int day = digits(&c, 2);
    if (!dashes || !date_exists(year, month, day) || !(take(&c, 'T') || take(&c, 't') || take(&c, ' ')))
        return TRAIL_NO_TIME;
    int hour = digits(&c, 2);
    bool colons = take(&c, ':');
    int minute = digits(&c, 2);
    colons = take(&c, ':') && colons;
    int second = digits(&c, 2), ms = fraction(&c), east;
    if (!colons || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 ||
        ms < 0 || !offset(&c, &east))
        return TRAIL_NO_TIME;
    int64_t at = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - east;
    if (second == 60 && at % 86400 != 0) /* a leap second is the day's last, in UTC */
        return TRAIL_NO_TIME;
    at = at * 1000 + ms;
    return at >= FIRST_MOMENT && at <= LAST_MOMENT ? at : TRAIL_NO_TIME;
}

/* The common form, `2026-01-01T10:00:00Z`: 20 bytes. TRAIL_NO_TIME: ask parse_rfc3339. */
static int64_t parse_common(const char *p)
{
    static const char form[] = "0000-00-00T00:00:00Z";
    unsigned wrong = 0;
    for (int i = 0; i < 20; i++)
        wrong |= form[i] == '0' ? (unsigned)((unsigned char)(p[i] - '0') > 9) : (unsigned)(p[i] ^ form[i]);
    if (wrong)
        return TRAIL_NO_TIME;
#define TWO(i) ((p[i] - '0') * 10 + (p[(i) + 1] - '0'))
    int year = TWO(0) * 100 + TWO(2), month = TWO(5), day = TWO(8);
    int hour = TWO(11), minute = TWO(14), second = TWO(17);
#undef TWO
    if (hour > 23 || minute > 59 || second > 59 || !date_exists(year, month, day))
        return TRAIL_NO_TIME;
    return (days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second) * 1000;
}

/* A JSON number by its digits: `17.5e3` has the digits 175 and a point behind the fourth. */
struct number {
    bool negative;
    char digit[MAX_TEXT];
    int n, point;
};

static bool number_exponent(struct cursor *c, int *exponent)
{
    *exponent = 0;
    if (!take(c, 'e') && !take(c, 'E'))
        return true;
    bool negative = take(c, '-');
    if (!negative)
        take(c, '+');
    const char *first = c->p;
    for (; c->p < c->end && digit(*c->p); c->p++)
        if (*exponent < 10000)
            *exponent = *exponent * 10 + (*c->p - '0');
    if (negative)
        *exponent = -*exponent;
    return c->p > first;
}

/* JSON's form of a number (RFC 8259, section 6) over the whole text; leading zeros of the digits are dropped.
 */
static bool number_scan(struct cursor c, struct number *out)
{
    *out = (struct number){.negative = take(&c, '-')};
    const char *whole = c.p;
    for (; c.p < c.end && digit(*c.p); c.p++)
        if (out->n > 0 || *c.p != '0')
            out->digit[out->n++] = *c.p;
    if (c.p == whole || (*whole == '0' && c.p - whole > 1))
        return false;
    out->point = out->n;
    if (take(&c, '.')) {
        const char *part = c.p;
        for (; c.p < c.end && digit(*c.p); c.p++) {
            if (out->n > 0 || *c.p != '0')
                out->digit[out->n++] = *c.p;
            else
                out->point--;
        }
        if (c.p == part)
            return false;
    }
    int exponent;
    if (!number_exponent(&c, &exponent) || c.p != c.end)
        return false;
    out->point += exponent;
    return true;
}

/* The number times 10^shift, cut off towards minus infinity. Needs: fewer than 18 digits before the point. */
static int64_t number_floor(const struct number *x, int shift)
{
    int64_t value = 0;
    int point = x->point + shift;
    for (int i = 0; i < point; i++)
        value = value * 10 + (i < x->n ? x->digit[i] - '0' : 0);
    bool rest = false;
    for (int i = point > 0 ? point : 0; i < x->n; i++)
        rest = rest || x->digit[i] != '0';
    return x->negative ? -value - rest : value;
}

static int64_t parse_number(struct cursor c)
{
    struct number x;
    if (!number_scan(c, &x))
        return TRAIL_NO_TIME;
    if (x.n == 0)
        return 0;
    if (x.point > 15)
        return TRAIL_NO_TIME;
    struct number size = x;
    size.negative = false;
    bool seconds = number_floor(&size, 0) < MILLISECONDS;
    int64_t at = number_floor(&x, seconds ? 3 : 0);
    return at >= FIRST_MOMENT && at <= LAST_MOMENT ? at : TRAIL_NO_TIME;
}

int64_t trail_time_parse_text(struct trail_slice text)
{
    if (text.n == 20) {
        int64_t at = parse_common(text.p);
        if (at != TRAIL_NO_TIME)
            return at;
    }
    if (text.n == 0 || text.n > MAX_TEXT)
        return TRAIL_NO_TIME;
    struct cursor c = {text.p, text.p + text.n};
    if (text.n > 5 && text.p[4] == '-' && digit(text.p[0]))
        return parse_rfc3339(c);
    return parse_number(c);
}

int64_t trail_time_parse_given(struct trail_slice text)
{
    static const char midnight[] = "T00:00:00Z";
    char whole[] = "2026-01-31T00:00:00Z";
    if (text.n != strlen("2026-01-31") || text.p[4] != '-')
        return trail_time_parse_text(text);
    memcpy(whole, text.p, text.n);
    memcpy(whole + text.n, midnight, sizeof midnight);
    return trail_time_parse_text((struct trail_slice){whole, strlen(whole)});
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

int64_t trail_time_parse(struct trail_slice json)
{
    while (json.n > 0 && blank(*json.p))
        json.p++, json.n--;
    while (json.n > 0 && blank(json.p[json.n - 1]))
        json.n--;
    if (json.n == 0)
        return TRAIL_NO_TIME;
    if (*json.p != '"') /* a number; nothing else begins with a digit or a minus */
        return json.n <= MAX_TEXT ? parse_number((struct cursor){json.p, json.p + json.n}) : TRAIL_NO_TIME;
    if (json.n < 2 || json.p[json.n - 1] != '"')
        return TRAIL_NO_TIME;
    struct trail_slice inside = {json.p + 1, json.n - 2};
    char text[MAX_TEXT * 6];
    if (inside.n > 0 && inside.n <= sizeof text && memchr(inside.p, '\\', inside.n)) {
        inside.n = trail_json_unescape(text, inside.p, inside.n);
        inside.p = text;
    }
    return trail_time_parse_text(inside);
}

/* The inverse of days_of. */
static void date_of(int64_t days, int *year, int *month, int *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(y + era * 400 + (*month <= 2));
}

/* Writes n digits of a value and one byte behind them. */
static char *put(char *to, int value, int n, char behind)
{
    for (int i = n - 1; i >= 0; i--, value /= 10)
        to[i] = (char)('0' + value % 10);
    to[n] = behind;
    return to + n + 1;
}

size_t trail_time_format(char to[TRAIL_TIME_ROOM], int64_t ms)
{
    to[0] = '\0';
    if (ms < FIRST_MOMENT || ms > LAST_MOMENT)
        return 0;
    int64_t days = ms / 86400000 - (ms % 86400000 < 0);
    int of_day = (int)(ms - days * 86400000), year, month, day;
    date_of(days, &year, &month, &day);
    char *p = put(to, year, 4, '-');
    p = put(p, month, 2, '-');
    p = put(p, day, 2, 'T');
    p = put(p, of_day / 3600000, 2, ':');
    p = put(p, of_day / 60000 % 60, 2, ':');
    int thousandths = of_day % 1000;
    p = put(p, of_day / 1000 % 60, 2, thousandths ? '.' : 'Z');
    if (thousandths)
        p = put(p, thousandths, 3, 'Z');
    *p = '\0';
    return (size_t)(p - to);
}

static const struct {
    const char *name;
    int64_t ms, at_least; /* trail_duration_format uses the unit from so many ms on */
} units[] = {
    {"w", 604800000, INT64_MAX}, {"d", 86400000, 172800000}, {"h", 3600000, 3600000},
    {"m", 60000, 60000},         {"s", 1000, 1000},          {"ms", 1, 0},
};
enum { N_UNITS = sizeof units / sizeof *units };

int64_t trail_duration_parse(struct trail_slice text)
{
    int64_t value = 0;
    size_t i = 0;
    for (; i < text.n && digit(text.p[i]); i++) {
        if (value > (INT64_MAX - (text.p[i] - '0')) / 10)
            return -1;
        value = value * 10 + (text.p[i] - '0');
    }
    if (i == 0)
        return -1;
    for (size_t u = 0; u < N_UNITS; u++)
        if (text.n - i == strlen(units[u].name) && memcmp(text.p + i, units[u].name, text.n - i) == 0)
            return value <= INT64_MAX / units[u].ms ? value * units[u].ms : -1;
    return -1;
}

size_t trail_duration_format(char to[TRAIL_TIME_ROOM], int64_t ms)
{
    if (ms == 0)
        return (size_t)snprintf(to, TRAIL_TIME_ROOM, "0s");
    size_t u = 0;
    while (ms % units[u].ms != 0 || ms < units[u].at_least)
        u++;
    return (size_t)snprintf(to, TRAIL_TIME_ROOM, "%lld%s", (long long)(ms / units[u].ms), units[u].name);
}

int64_t trail_time_add(int64_t a, int64_t b)
{
    if (b > 0 && a > INT64_MAX - b)
        return INT64_MAX;
    if (b < 0 && a <= INT64_MIN - b)
        return INT64_MIN + 1;
    return a == TRAIL_NO_TIME && b == 0 ? INT64_MIN + 1 : a + b;
}

bool trail_time_is_future(int64_t time, int64_t clock)
{
    return time != TRAIL_NO_TIME && clock != TRAIL_NO_TIME && time > trail_time_add(clock, TRAIL_FUTURE);
}

int64_t trail_time_now(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
