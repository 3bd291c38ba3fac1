/*
 * scene.h - for tests of the window stage: a pack of a few alerts, hits by their essentials, and what was
 * said about them as lines of text.
 */
#ifndef SCENE_H
#define SCENE_H

#include "suite.h"
#include "window/siphash.h"
#include "window/timestamp.h"
#include "window/window.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELD_USER = TRAIL_FIELDS_FIXED, FIELD_IP, N_FIELDS };

static const char *const scene_fields[N_FIELDS] = {"eventTime", "eventID", NULL, NULL, "user", "ip"};
static const uint16_t scene_user[] = {FIELD_USER}, scene_ip[] = {FIELD_IP};

/* 2026-01-05, a Monday, 10:00 in UTC. */
#define DAY_START INT64_C(1767571200000)
#define START     (DAY_START + INT64_C(36000000))
#define SECOND    INT64_C(1000)
#define MINUTE    INT64_C(60000)
#define HOUR      INT64_C(3600000)

struct scene {
    struct trail_pack pack;
    struct window *w;
    int64_t watermark, from, newest; /* as an engine would keep them */
    uint64_t records;
    char *lines[100000];
    char *keys[100000]; /* dedup_key of each line */
    size_t n;
    char problem[256];
    size_t problems;
};

static inline struct trail_slice str(const char *s)
{
    return (struct trail_slice){s, s ? strlen(s) : 0};
}

/* Times in lines are seconds since START, with ms as decimals where there are any. */
static inline const char *scene_time(int64_t t, char *to)
{
    if (t == TRAIL_NO_TIME)
        strcpy(to, "-");
    else if (t < -START || t > INT64_MAX / 2)
        sprintf(to, "%lldms", (long long)t);
    else if ((t - START) % 1000 == 0)
        sprintf(to, "%lld", (long long)((t - START) / 1000));
    else
        sprintf(to, "%.3f", (double)(t - START) / 1000);
    return to;
}

/* `60 a FIRING P3 {} "101 in 10m, more than 100" (0,60] 5..60 ids=[…] by={…} fields={…} record=7 held=0` */
static inline char *scene_line(const struct trail_fired *f)
{
    char t[32], from[32], to[32], first[32], last[32], *line = NULL;
    int n = asprintf(
        &line,
        "%s %s %s P%u %.*s \"%s\" n=%llu (%s,%s] %s..%s ids=%.*s by=%.*s fields=%.*s record=%llu%s held=%llu",
        scene_time(f->time, t), f->alert->id, f->state == TRAIL_FIRING ? "FIRING" : "RESOLVED", f->priority,
        (int)f->group.n, f->group.p, f->reason, (unsigned long long)f->count,
        scene_time(f->window_from, from), scene_time(f->window_to, to), scene_time(f->first_event, first),
        scene_time(f->last_event, last), (int)f->event_ids.n, f->event_ids.p, (int)f->breakdown.n,
        f->breakdown.p, (int)f->fields.n, f->fields.p, (unsigned long long)f->source.record,
        f->source.application ? f->source.application : "", (unsigned long long)f->held_back);
    ck_assert_int_ge(n, 0);
    return line;
}

static inline void scene_alert(void *user, const struct trail_fired *f)
{
    struct scene *s = user;
    ck_assert_uint_lt(s->n, sizeof s->lines / sizeof *s->lines);
    s->lines[s->n] = scene_line(f);
    s->keys[s->n++] = strdup(f->dedup_key);
}

static inline void scene_problem(void *user, const char *message)
{
    struct scene *s = user;
    snprintf(s->problem, sizeof s->problem, "%s", message);
    s->problems++;
}

/* Alerts need only what a case is about; ids and priorities of 3 are filled in. */
static inline struct scene *scene_new(struct trail_alert *alerts, size_t n, size_t pending_bytes,
                                      size_t seen_limit)
{
    struct scene *s = calloc(1, sizeof *s);
    for (size_t i = 0; i < n; i++)
        if (!alerts[i].id)
            alerts[i].id = alerts[i].name = "a";
    s->pack = (struct trail_pack){.abi = TRAIL_ABI,
                                  .name = "scene",
                                  .n_alerts = n,
                                  .alerts = alerts,
                                  .n_fields = N_FIELDS,
                                  .fields = scene_fields};
    struct window_config config = {.pack = &s->pack,
                                   .on_alert = scene_alert,
                                   .on_problem = scene_problem,
                                   .user = s,
                                   .pending_bytes = pending_bytes,
                                   .seen_limit = seen_limit};
    enum trail_status status;
    s->w = window_new(&config, &status);
    ck_assert_int_eq(status, TRAIL_OK);
    s->from = s->newest = TRAIL_NO_TIME;
    return s;
}

static inline void scene_free(struct scene *s)
{
    window_free(s->w);
    for (size_t i = 0; i < s->n; i++) {
        free(s->lines[i]);
        free(s->keys[i]);
    }
    free(s);
}

/* A hit of alert 0 at `t` in group {}, with the ID given (NULL: none) and a record of its own. */
static inline struct hit scene_hit(int64_t t, const char *id)
{
    struct hit h = {.time = t, .event_id = str(id), .group = str("{}"), .fields = str("{}")};
    h.source.path = "log";
    siphash128(h.record_hash, &SIPHASH_FIXED, id ? id : "", id ? strlen(id) : 0);
    return h;
}

/* The log has an event of this date. */
static inline void scene_saw(struct scene *s, int64_t t)
{
    s->from = s->from == TRAIL_NO_TIME || t < s->from ? t : s->from;
    s->newest = s->newest == TRAIL_NO_TIME || t > s->newest ? t : s->newest;
}

/* Every second hit is expected beforehand, which must make no difference. */
static inline unsigned scene_push(struct scene *s, struct hit h)
{
    unsigned what;
    struct hit_hashes hashes;
    h.source.record = ++s->records;
    if (s->records % 2 == 0 && h.event_id.n > 0) {
        window_expect(s->w, &h, 1, &hashes);
        h.hashes = &hashes;
    }
    ck_assert_int_eq(window_hit(s->w, &h, &what), TRAIL_OK);
    if (h.time != TRAIL_NO_TIME && !h.future)
        scene_saw(s, h.time);
    return what;
}

/* One at `seconds` past START with the ID `eSECONDS`. */
static inline unsigned scene_at(struct scene *s, int64_t seconds)
{
    char id[32];
    snprintf(id, sizeof id, "e%lld", (long long)seconds);
    return scene_push(s, scene_hit(START + seconds * SECOND, id));
}

static inline void scene_advance(struct scene *s, int64_t lateness)
{
    ck_assert_int_eq(window_advance(s->w, s->from, s->newest - lateness), TRAIL_OK);
}

/* Finishes at `to` (ms; TRAIL_NO_TIME: the newest event). */
static inline void scene_finish(struct scene *s, int64_t to)
{
    ck_assert_int_eq(window_finish(s->w, s->from, to == TRAIL_NO_TIME ? s->newest : to), TRAIL_OK);
}

/* What was said, with the parts of a line that `from` … names left in: compares line beginnings. */
static inline void scene_expect(const struct scene *s, const char *const *lines, size_t n)
{
    for (size_t i = 0; i < s->n && i < n; i++)
        ck_assert_msg(strncmp(s->lines[i], lines[i], strlen(lines[i])) == 0, "line %zu is\n%s\nnot\n%s", i,
                      s->lines[i], lines[i]);
    ck_assert_msg(s->n == n, "%zu lines, not %zu; the last: %s", s->n, n, s->n > 0 ? s->lines[s->n - 1] : "");
}

#define EXPECT(scene, ...)                                              \
    do {                                                                \
        const char *const wanted_[] = {__VA_ARGS__};                    \
        scene_expect(scene, wanted_, sizeof wanted_ / sizeof *wanted_); \
    } while (0)
#define EXPECT_NOTHING(scene) ck_assert_msg((scene)->n == 0, "%s", (scene)->lines[0])

/* ---- alerts, as short as a case can say them ---- */

#define ALERT(...) ((struct trail_alert){__VA_ARGS__})
#define WHEN(...)                                                                                     \
    .n_conditions = sizeof((struct trail_condition[]){__VA_ARGS__}) / sizeof(struct trail_condition), \
    .conditions = (struct trail_condition[])                                                          \
    {                                                                                                 \
        __VA_ARGS__                                                                                   \
    }
#define MORE_THAN(n, d)             \
    {                               \
        TRAIL_MORE_THAN, 3, n, d, 0 \
    }
#define AT_LEAST(n, d)             \
    {                              \
        TRAIL_AT_LEAST, 3, n, d, 0 \
    }
#define LESS_THAN(n, d)             \
    {                               \
        TRAIL_LESS_THAN, 3, n, d, 0 \
    }
#define AT_MOST(n, d)             \
    {                             \
        TRAIL_AT_MOST, 3, n, d, 0 \
    }
#define IMMEDIATELY                   \
    {                                 \
        TRAIL_IMMEDIATELY, 3, 0, 0, 0 \
    }
#define BY_USER .group_by = {1, scene_user}
#define BY_IP   .breakdown = {1, scene_ip}

#define NEVER INT64_C(1000000) /* seconds between repeats where a case is about something else */

static inline struct scene *scene_of(struct trail_alert *alert)
{
    return scene_new(alert, 1, 0, 0);
}

/* One at `seconds` past START in the group of a user, with an ID of its own. */
static inline unsigned push_user(struct scene *s, int64_t seconds, const char *user)
{
    char group[64], id[64];
    snprintf(group, sizeof group, "{\"user\":\"%s\"}", user);
    snprintf(id, sizeof id, "%s%lld", user, (long long)seconds);
    struct hit h = scene_hit(START + seconds * SECOND, id);
    h.group = str(group);
    return scene_push(s, h);
}

#endif
