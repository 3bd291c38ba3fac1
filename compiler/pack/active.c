/*
 * active.c - `active:`: on which days, in which hours, by which clock an alert may fire.
 */
#include <string.h>

#include "base/near.h"
#include "document.h"
#include "pack/zone.h"

enum { EVERY_DAY = 127, MINUTES = 1440 };

#define DAY   "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
#define CLOCK "([01][0-9]|2[0-3]):[0-5][0-9]"

/* ---- days ------------------------------------------------------------------------------------- */

static const char *const day_names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const long_names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                         "Friday", "Saturday", "Sunday"};

static int day_of(struct slice s)
{
    for (int i = 0; i < 7; i++)
        if (slice_eq(s, slice_of(day_names[i])))
            return i;
    return -1;
}

/* `Monday`, `MON`, `mon`: which day is meant by another spelling; -1: none. */
static int day_meant(struct slice s)
{
    for (int i = 0; i < 7; i++)
        if (s.n >= 3 && s.n <= strlen(long_names[i]) &&
            word_distance(s, (struct slice){long_names[i], s.n}) == 0)
            return i;
    return -1;
}

/* `Mon` or `Mon-Fri`; a range may pass Sunday. The ends as day_of gives them. */
static void split_days(struct slice s, int (*day)(struct slice), int *from, int *to)
{
    const char *hyphen = memchr(s.p, '-', s.n);
    size_t n = hyphen ? (size_t)(hyphen - s.p) : s.n;
    *from = day((struct slice){s.p, n});
    *to = hyphen ? day((struct slice){hyphen + 1, s.n - n - 1}) : *from;
}

static unsigned days_between(int from, int to)
{
    unsigned days = 1u << from;
    for (int day = from; day != to;) {
        day = (day + 1) % 7;
        days |= 1u << day;
    }
    return days;
}

static unsigned read_day(struct compile *c, const struct key *key, const struct yaml *value)
{
    int from, to;
    if (!is_kind(c, key, value, YAML_TEXT))
        return 0;
    struct slice s = value->text.s;
    split_days(s, day_of, &from, &to);
    if (from >= 0 && to >= 0)
        return days_between(from, to);
    struct diag *d = diag(c, E009, value->loc, "`%s` is not a weekday", shown(c, s));
    d->note = SLICE("weekdays are Mon Tue Wed Thu Fri Sat Sun, a range such as Mon-Fri, or a list of these");
    split_days(s, day_meant, &from, &to);
    if (from >= 0 && to >= 0)
        d->rewrite =
            from == to ? slice_of(day_names[from]) : diag_format(c, "%s-%s", day_names[from], day_names[to]);
    diag_fix_source(d, value->loc, d->rewrite, true);
    return 0;
}

static void read_days(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    unsigned days = 0;
    if (value->kind != YAML_LIST)
        days = read_day(c, key, value);
    else if (value->n == 0)
        wrong_type(c, key, value);
    else
        for (size_t i = 0; i < value->n; i++)
            days |= read_day(c, key, value->entries[i].value);
    RESULT(unsigned, key, to) = days;
}

const struct type type_days = {"a weekday, a range such as Mon-Fri, or a list of these",
                               "{\"oneOf\":[{\"type\":\"string\",\"pattern\":\"^" DAY "(-" DAY
                               ")?$\"},{\"type\":\"array\",\"minItems\":1,"
                               "\"items\":{\"type\":\"string\",\"pattern\":\"^" DAY "(-" DAY ")?$\"}}]}",
                               read_days};

/* ---- hours ------------------------------------------------------------------------------------ */

static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

/* Minutes of `HH:MM`, or -1. */
static int minutes_of(struct slice s)
{
    if (s.n != 5 || s.p[2] != ':' || !is_digit(s.p[0]) || !is_digit(s.p[1]) || !is_digit(s.p[3]) ||
        !is_digit(s.p[4]))
        return -1;
    int hours = (s.p[0] - '0') * 10 + (s.p[1] - '0'), minutes = (s.p[3] - '0') * 10 + (s.p[4] - '0');
    return hours <= 24 && minutes < 60 && hours * 60 + minutes <= MINUTES ? hours * 60 + minutes : -1;
}

/* `9` and `9:30` for what has to be 09:00 and 09:30; n 0: nothing like it. */
static struct slice hour_meant(struct compile *c, struct slice s)
{
    bool hour_only = (s.n == 1 || s.n == 2) && is_digit(s.p[0]) && is_digit(s.p[s.n - 1]);
    struct slice padded = hour_only ? diag_format(c, "%s%.*s:00", s.n == 1 ? "0" : "", (int)s.n, s.p)
                          : s.n == 4 && s.p[1] == ':' ? diag_format(c, "0%.*s", (int)s.n, s.p)
                                                      : (struct slice){"", 0};
    return minutes_of(padded) >= 0 ? diag_format(c, "\"%.*s\"", (int)padded.n, padded.p)
                                   : (struct slice){"", 0};
}

static void read_clock(struct compile *c, const struct key *key, const struct yaml *value, void *to, int last)
{
    bool scalar = value->kind == YAML_TEXT || value->kind == YAML_NUMBER;
    int minutes = value->kind == YAML_TEXT ? minutes_of(value->text.s) : -1;
    if (minutes >= 0 && minutes <= last) {
        RESULT(unsigned, key, to) = (unsigned)minutes;
    } else if (!scalar) {
        wrong_type(c, key, value);
    } else {
        struct diag *d =
            diag(c, E009, value->loc, "`%s` is not %s", shown(c, value->text.s), key->type->takes);
        d->rewrite = hour_meant(c, value->text.s);
        diag_fix_source(d, value->loc, d->rewrite, true);
    }
}

static void read_from(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    read_clock(c, key, value, to, MINUTES - 1);
}

const struct type type_from = {"an hour from \"00:00\" to \"23:59\"",
                               "{\"type\":\"string\",\"pattern\":\"^" CLOCK "$\"}", read_from};

static void read_to(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    read_clock(c, key, value, to, MINUTES);
}

const struct type type_to = {"an hour from \"00:00\" to \"24:00\"",
                             "{\"type\":\"string\",\"pattern\":\"^(" CLOCK "|24:00)$\"}", read_to};

/* ---- zones ------------------------------------------------------------------------------------ */

/* `GMT+1`, `UTC-5`: the zones of that name have the other sign, as POSIX has it. */
static bool offset_meant(struct compile *c, struct diag *d, struct slice s)
{
    bool utc = s.n >= 5 && s.n <= 6 && (memcmp(s.p, "GMT", 3) == 0 || memcmp(s.p, "UTC", 3) == 0);
    if (!utc || !strchr("+-", s.p[3]) || !is_digit(s.p[4]) || (s.n == 6 && !is_digit(s.p[5])))
        return false;
    struct slice name = diag_format(c, "Etc/GMT%c%.*s", s.p[3] == '+' ? '-' : '+', (int)(s.n - 4), s.p + 4);
    if (!zone_find(c, name))
        return false;
    d->rewrite = name;
    d->note =
        diag_format(c, "the sign of these names is the other way round; a place knows its summer time: %s",
                    "Europe/Berlin");
    return true;
}

static void read_zone(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    if (!is_kind(c, key, value, YAML_TEXT))
        return;
    struct zone *zone = zone_find(c, value->text.s);
    RESULT(struct zone *, key, to) = zone;
    if (zone)
        return;
    bool database = zone_database(c);
    struct diag *d = diag(c, E009, value->loc,
                          database ? "no time zone is named `%s`"
                                   : "this machine has no time zone database, so `%s` cannot be looked up",
                          shown(c, value->text.s));
    d->note = database ? SLICE("zones have IANA names, such as Europe/Berlin or UTC")
                       : SLICE("install the package tzdata, or set TZDIR; UTC works without");
    if (database && !offset_meant(c, d, value->text.s))
        d->rewrite = zone_nearest(c, value->text.s);
    diag_fix_source(d, value->loc, d->rewrite, false);
}

const struct type type_zone = {
    "the IANA name of a time zone",
    "{\"type\":\"string\",\"maxLength\":64,\"pattern\":\"^(?!(right|posix)/|posixrules$|localtime$|Factory$)"
    "[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$\"}",
    read_zone};

/* ---- the whole -------------------------------------------------------------------------------- */

static bool read_hours(struct compile *c, const struct yaml *value, struct hours *hours)
{
    *hours = (struct hours){.days = EVERY_DAY, .from = 0, .to = MINUTES};
    if (!shape_read(c, &shape_hours, value, hours))
        return false;
    if (!hours->zone)
        hours->zone = zone_find(c, SLICE("UTC"));
    if (hours->from != hours->to)
        return true;
    const struct yaml *to = yaml_get(value, "to");
    struct diag *d = diag(c, E009, to ? to->loc : value->loc, "`from` and `to` are the same hour");
    d->note = SLICE("leave both out for the whole day");
    return false;
}

static void read_active(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    struct hours *list = NULL, hours;
    size_t n = 0;
    if (value->kind != YAML_LIST && value->kind != YAML_MAP) {
        wrong_type(c, key, value);
        return;
    }
    for (size_t i = 0; i < (value->kind == YAML_MAP ? 1 : value->n); i++)
        if (read_hours(c, value->kind == YAML_MAP ? value : value->entries[i].value, &hours))
            *PUSH(c, list, n) = hours;
    RESULT(struct hours *, key, to) = list;
    RESULT_COUNT(key, to) = n;
}

const struct type type_active = {
    "a mapping of days, from, to and timezone, or a list of such",
    "{\"oneOf\":[{\"$ref\":\"#/definitions/hours\"},{\"type\":\"array\",\"items\":{\"$ref\":\"#/definitions/"
    "hours\"}}]}",
    read_active};
