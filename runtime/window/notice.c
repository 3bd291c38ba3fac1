/*
 * notice.c - a notification's texts, from what a hit or a group holds. Everything in them is escaped already,
 * or is escaped here.
 */
#include "stage.h"
#include "timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void start(struct notice *n)
{
    n->breakdown.n = n->event_ids.n = 0;
    tally_clear(&n->tally);
}

void notice_free(struct notice *n)
{
    trail_text_free(&n->breakdown);
    trail_text_free(&n->event_ids);
    tally_free(&n->tally);
    free(n->breakdowns);
    n->breakdowns = NULL;
    n->room = 0;
}

static struct trail_slice slice(const struct trail_text *text)
{
    return (struct trail_slice){text->p, text->n};
}

static void add(struct trail_text *out, const char *text)
{
    trail_text_add(out, text, strlen(text));
}

/* ---- the key that is the same for the same firing ---- */

/* With its length before it, so that no two lists of texts look the same. */
static void key_add(struct siphash *s, const void *p, size_t n)
{
    unsigned char length[8];
    for (unsigned i = 0; i < 8; i++)
        length[i] = (unsigned char)((uint64_t)n >> 8 * i & 0xff);
    siphash_add(s, length, sizeof length);
    siphash_add(s, p, n);
}

static void key_number(struct siphash *s, uint64_t value)
{
    unsigned char bytes[8];
    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(value >> 8 * i & 0xff);
    key_add(s, bytes, sizeof bytes);
}

static void key_start(struct siphash *s, const struct window *w, const struct trail_alert *alert,
                      struct trail_slice group, const char *kind)
{
    const char *pack = w->pack->name ? w->pack->name : "";
    siphash128_start(s, &SIPHASH_FIXED);
    key_add(s, pack, strlen(pack));
    key_add(s, alert->id, strlen(alert->id));
    key_add(s, group.p, group.n);
    key_add(s, kind, strlen(kind));
}

static void key_end(struct siphash *s, char out[33])
{
    uint64_t h[2];
    siphash128_end(s, h);
    snprintf(out, 33, "%016llx%016llx", (unsigned long long)h[0], (unsigned long long)h[1]);
}

/* ---- saying it ---- */

static bool tell(struct window *w, const struct trail_alert *alert, uint64_t *count,
                 struct trail_fired *fired)
{
    struct notice *n = &w->notice;
    if (n->breakdown.failed || n->event_ids.failed || n->tally.failed)
        return false;
    fired->alert = alert;
    fired->reason = n->reason;
    fired->breakdown = slice(&n->breakdown);
    fired->event_ids = slice(&n->event_ids);
    fired->dedup_key = n->dedup_key;
    if (w->muted)
        return true;
    *count += fired->state == TRAIL_FIRING;
    w->stats.fired += fired->state == TRAIL_FIRING;
    if (w->config.on_alert)
        w->config.on_alert(w->config.user, fired);
    return true;
}

static bool say(struct window *w, struct rule *rule, struct trail_fired *fired)
{
    struct notice *n = &w->notice;
    tally_print(&n->tally, &rule->alert->breakdown, w->pack->fields, &n->breakdown);
    return tell(w, rule->alert, &rule->fired, fired);
}

bool notice_hit(struct window *w, const struct hit *hit, uint64_t held_back)
{
    struct rule *rule = &w->rules[hit->alert];
    struct notice *n = &w->notice;
    start(n);
    add(&n->event_ids, "[");
    if (hit->event_id.n > 0)
        trail_json_quote(&n->event_ids, hit->event_id);
    add(&n->event_ids, "]");
    tally_add(&n->tally, hit->breakdown, 1);

    if (held_back > 0)
        snprintf(n->reason, sizeof n->reason, "1 matching event, %llu held back",
                 (unsigned long long)held_back);
    else
        snprintf(n->reason, sizeof n->reason, "1 matching event");

    struct siphash s;
    key_start(&s, w, rule->alert, hit->group, "event");
    key_add(&s, hit->event_id.p, hit->event_id.n);
    key_number(&s, hit->record_hash[0]);
    key_number(&s, hit->record_hash[1]);
    key_end(&s, n->dedup_key);

    struct trail_fired fired = {.state = TRAIL_FIRING,
                                .priority = rule->immediate->priority,
                                .group = hit->group,
                                .count = 1,
                                .held_back = held_back,
                                .time = hit->time,
                                .window_from = TRAIL_NO_TIME,
                                .window_to = TRAIL_NO_TIME,
                                .first_event = hit->time,
                                .last_event = hit->time,
                                .fields = hit->fields,
                                .source = hit->source};
    return say(w, rule, &fired);
}

/* ---- counts ---- */

static const char *in_words(enum trail_when when)
{
    switch (when) {
    case TRAIL_MORE_THAN: return "more than";
    case TRAIL_AT_LEAST: return "at least";
    case TRAIL_LESS_THAN: return "less than";
    case TRAIL_AT_MOST: return "at most";
    case TRAIL_MORE_THAN_USUAL: return "more than usual";
    case TRAIL_LESS_THAN_USUAL: return "less than usual";
    case TRAIL_IMMEDIATELY: break;
    }
    return "";
}

/* `101 in 10m, more than 100`; `at least 1000 in 10m, …` when more events came than are kept. */
static void reason(struct notice *n, const struct trail_condition *c, enum trail_state state, size_t count,
                   bool has_more)
{
    char span[TRAIL_TIME_ROOM];
    trail_duration_format(span, c->span);
    snprintf(n->reason, sizeof n->reason, "%s%zu in %s, %s%s %llu", has_more ? "at least " : "", count, span,
             state == TRAIL_RESOLVED ? "no longer " : "", in_words(c->when), (unsigned long long)c->n);
}

/* `12`, `3.5`. */
static void format_expected(char out[32], double n)
{
    uint64_t tenths = (uint64_t)(n * 10 + 0.5);
    if (tenths >= 100)
        snprintf(out, 32, "%.0f", n);
    else
        snprintf(out, 32, tenths % 10 ? "%.1f" : "%.0f", n);
}

/* `63 in 10m, more than usual: 12 expected, at most 25`. */
static void reason_usual(struct notice *n, const struct trail_condition *c, enum trail_state state,
                         const struct usual_sight *s, bool known)
{
    char span[TRAIL_TIME_ROOM], expected[32];
    bool less = c->when == TRAIL_LESS_THAN_USUAL;
    trail_duration_format(span, c->span);
    int used = snprintf(n->reason, sizeof n->reason, "%llu in %s, %s%s", (unsigned long long)s->count, span,
                        state == TRAIL_RESOLVED ? "no longer " : "", in_words(c->when));
    if (!known)
        return;
    uint64_t limit = (uint64_t)s->limit;
    limit += less && (double)limit < s->limit;
    format_expected(expected, s->usual.expected);
    snprintf(n->reason + used, sizeof n->reason - (size_t)used, ": %s expected, at %s %llu", expected,
             less ? "least" : "most", (unsigned long long)limit);
}

static int by_address(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t) * (const struct shared *const *)a,
              y = (uintptr_t) * (const struct shared *const *)b;
    return (x > y) - (x < y);
}

/* Of the events [first, last). Equal breakdowns are one text: each is read once. */
static bool count_breakdowns(struct notice *n, const struct group *g, size_t first, size_t last)
{
    size_t list = 0;
    if (last - first > n->room) {
        const struct shared **more = realloc(n->breakdowns, (last - first) * sizeof *more);
        if (!more)
            return false;
        n->breakdowns = more;
        n->room = last - first;
    }
    for (size_t i = first; i < last; i++)
        if (group_entry(g, i)->breakdown)
            n->breakdowns[list++] = group_entry(g, i)->breakdown;
    if (list > 1)
        qsort(n->breakdowns, list, sizeof *n->breakdowns, by_address);
    for (size_t i = 0, end; i < list; i = end) {
        for (end = i + 1; end < list && n->breakdowns[end] == n->breakdowns[i]; end++)
            ;
        tally_add(&n->tally, shared_text(n->breakdowns[i]), end - i);
    }
    return true;
}

static void list_event_ids(struct notice *n, const struct group *g, size_t first, size_t last)
{
    size_t listed = 0;
    add(&n->event_ids, "[");
    for (size_t i = last; i > first && last - i < RULE_EVENT_IDS; i--) {
        const struct shared *id = group_entry(g, i - 1)->event_id;
        if (!id)
            continue;
        add(&n->event_ids, listed++ > 0 ? "," : "");
        trail_json_quote(&n->event_ids, shared_text(id));
    }
    add(&n->event_ids, "]");
}

/* The group's events up to the end of a window, and those of them that are in it: [*first, returned). */
static size_t events_between(const struct group *g, int64_t t, const struct usual_sight *s, size_t *first)
{
    *first = g->n - group_count(g, t, trail_time_add(t, -s->from));
    return g->n - group_count(g, t, trail_time_add(t, -s->to));
}

bool notice_count(struct window *w, const struct group *g, const struct trail_condition *c,
                  enum trail_state state, int64_t t)
{
    struct rule *rule = &w->rules[g->rule];
    struct notice *n = &w->notice;
    struct usual_sight s = {group_count(g, t, c->span), trail_time_add(t, -c->span), t, {0, 0, 0}, 0};
    bool usual = condition_is_usual(c), known = false;
    if (usual)
        known = usual_seen(rule, (size_t)(c - rule->alert->conditions), g, t, &s);
    size_t first, last = events_between(g, t, &s, &first);
    start(n);
    if (!count_breakdowns(n, g, first, last))
        return false;
    list_event_ids(n, g, first, last);
    /* Where only presence matters, not every event of a moment is counted. */
    if (usual)
        reason_usual(n, c, state, &s, known);
    else
        reason(n, c, state, (size_t)s.count,
               group_has_more(g, t, c->span) || (rule->presence && s.count > 0));

    struct siphash hash;
    key_start(&hash, w, rule->alert, shared_text(g->key), "count");
    key_number(&hash, (uint64_t)group_state(g)->since);
    key_end(&hash, n->dedup_key);

    struct trail_fired fired = {.state = state,
                                .priority = c->priority,
                                .group = shared_text(g->key),
                                .count = s.count,
                                .time = t,
                                .window_from = s.from,
                                .window_to = s.to,
                                .first_event = last > first ? group_entry(g, first)->time : TRAIL_NO_TIME,
                                .last_event = last > first ? group_entry(g, last - 1)->time : TRAIL_NO_TIME,
                                .fields = {"{}", 2},
                                .usual = known ? &s.usual : NULL};
    const struct detail *detail = group_state(g)->detail;
    if (detail && !condition_is_silence(c)) {
        fired.fields = shared_text(detail->fields);
        fired.source = detail->source;
    }
    return say(w, rule, &fired);
}

/* ---- memory ---- */

static const struct trail_alert memory_alert = {
    .id = "trail.memory",
    .name = "Too many groups for the memory",
    .description =
        "Groups of alerts that count were forgotten, those furthest from firing first. Their counts "
        "begin anew, and what they would have told may not be told. Raise the limit, or look for "
        "what makes so many different values.",
    .filter = "",
    .when = "",
    .priority = 2,
    .hash = "",
};

/* {"alert":{"ID":12,…}}: whose groups they were, in the pack's order. */
static void list_forgotten(struct window *w, struct trail_text *out)
{
    char number[32];
    const char *before = "{\"alert\":{";
    for (size_t i = 0; i < w->pack->n_alerts; i++) {
        struct rule *rule = &w->rules[i];
        if (rule->forgotten == 0)
            continue;
        add(out, before);
        trail_json_quote(out, (struct trail_slice){rule->alert->id, strlen(rule->alert->id)});
        snprintf(number, sizeof number, ":%llu", (unsigned long long)rule->forgotten);
        add(out, number);
        before = ",";
        rule->forgotten = 0;
    }
    add(out, "}}");
}

bool notice_forgotten(struct window *w, int64_t t)
{
    struct notice *n = &w->notice;
    struct siphash s;
    start(n);
    list_forgotten(w, &n->breakdown);
    add(&n->event_ids, "[]");
    snprintf(n->reason, sizeof n->reason, "%llu group%s forgotten: %zu %s of memory for groups are full",
             (unsigned long long)w->memory.unsaid, w->memory.unsaid == 1 ? "" : "s",
             w->config.groups_limit >> 20 ? w->config.groups_limit >> 20 : w->config.groups_limit,
             w->config.groups_limit >> 20 ? "MiB" : "bytes");
    key_start(&s, w, &memory_alert, (struct trail_slice){"{}", 2}, "memory");
    key_number(&s, (uint64_t)t);
    key_end(&s, n->dedup_key);
    struct trail_fired fired = {.state = TRAIL_FIRING,
                                .priority = memory_alert.priority,
                                .group = {"{}", 2},
                                .count = w->memory.unsaid,
                                .time = t,
                                .window_from = TRAIL_NO_TIME,
                                .window_to = TRAIL_NO_TIME,
                                .first_event = TRAIL_NO_TIME,
                                .last_event = TRAIL_NO_TIME,
                                .fields = {"{}", 2}};
    uint64_t ignored = 0;
    return tell(w, &memory_alert, &ignored, &fired);
}
