/*
 * patterns_list.c - patterns as text, JSON or CSV.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "notify/terminal.h"
#include "patterns.h"
#include "window/timestamp.h"
#include "json/elements.h"

static struct trail_slice slice(const char *text)
{
    return (struct trail_slice){text, strlen(text)};
}

static void add(struct listing *l, const char *text)
{
    trail_text_add(&l->a.line, text, strlen(text));
}

static void add_number(struct listing *l, const char *before, uint64_t n)
{
    char text[64];
    snprintf(text, sizeof text, "%s%" PRIu64, before, n);
    add(l, text);
}

static struct trail_slice text_of(const struct set_pattern *p)
{
    return (struct trail_slice){p->text, p->n_text};
}

static double share_of(const struct listing *l, const struct set_pattern *p)
{
    uint64_t events = set_events(l->found);
    return events ? (double)p->count / (double)events : 0;
}

/* ---- JSON --------------------------------------------------------------------------------- */

static void add_alerts(struct listing *l, const struct set_pattern *p)
{
    add(l, ",\"alerts\":{");
    for (unsigned i = 0; i < p->n_alerts; i++) {
        if (i)
            add(l, ",");
        trail_json_quote(&l->a.line, slice(l->pack->alerts[p->alerts[i].alert].id));
        add_number(l, ":", p->alerts[i].hits);
    }
    add(l, p->more_alerts ? "},\"more_alerts\":true" : "}");
}

static void add_json(struct listing *l, const struct set_pattern *p)
{
    char id[PATTERN_ID], share[32];
    pattern_id(id, text_of(p));
    snprintf(share, sizeof share, ",\"share\":%.6f", share_of(l, p));
    asking_member(&l->a, "{", "pattern", id);
    add(l, ",");
    trail_text_add(&l->a.line, p->text, p->n_text);
    add_number(l, ",\"count\":", p->count);
    add(l, share);
    asking_member_time(&l->a, ",", "first_seen", p->first);
    asking_member_time(&l->a, ",", "last_seen", p->last);
    add_number(l, ",\"covered\":", p->covered);
    add_alerts(l, p);
    add(l, ",\"example\":{\"path\":");
    trail_json_quote(&l->a.line, slice(p->path ? p->path : ""));
    add_number(l, ",\"record\":", p->record);
    if (p->event) {
        add(l, ",\"event\":");
        trail_json_rewrite(&l->a.line, slice(p->event));
    }
    add(l, "}}");
}

/* ---- CSV ---------------------------------------------------------------------------------- */

/* `eventSource=iam.amazonaws.com eventName=AddUserToGroup`; `values`: without the names. */
static void add_members(struct trail_text *to, struct trail_slice object, const char *between, bool values)
{
    struct trail_elements e;
    struct trail_slice name, value;
    size_t n = 0;
    trail_members_start(&e, object);
    while (trail_members_next(&e, &name, &value)) {
        value = trail_inside(value);
        if (n++)
            trail_text_add(to, " ", 1);
        if (!values)
            trail_text_add(to, name.p, name.n);
        trail_text_add(to, between, values ? 0 : strlen(between));
        trail_text_add(to, value.p, value.n);
    }
}

static void add_field(struct listing *l, struct trail_text *text, bool last)
{
    asking_field(&l->a, (struct trail_slice){text->n ? text->p : "", text->n}, last);
    text->n = 0;
}

static void add_csv(struct listing *l, const struct set_pattern *p)
{
    char id[PATTERN_ID], number[32], time[TRAIL_TIME_ROOM];
    struct trail_text text = {0};
    pattern_id(id, text_of(p));
    asking_field(&l->a, slice(id), false);
    snprintf(number, sizeof number, "%" PRIu64, p->count);
    asking_field(&l->a, slice(number), false);
    snprintf(number, sizeof number, "%.6f", share_of(l, p));
    asking_field(&l->a, slice(number), false);
    trail_time_format(time, p->first);
    asking_field(&l->a, slice(time), false);
    trail_time_format(time, p->last);
    asking_field(&l->a, slice(time), false);
    add_members(&text, pattern_fields(text_of(p)), "=", false);
    add_field(l, &text, false);
    add_members(&text, pattern_shapes(text_of(p)), "=", false);
    add_field(l, &text, false);
    snprintf(number, sizeof number, "%" PRIu64, p->covered);
    asking_field(&l->a, slice(number), false);
    for (unsigned i = 0; i < p->n_alerts; i++) {
        const char *name = l->pack->alerts[p->alerts[i].alert].id;
        trail_text_add(&text, " ", i > 0);
        trail_text_add(&text, name, strlen(name));
    }
    add_field(l, &text, false);
    asking_field(&l->a, slice(p->path ? p->path : ""), false);
    snprintf(number, sizeof number, "%" PRIu64, p->record);
    asking_field(&l->a, slice(number), true);
    l->a.line.failed |= text.failed;
    trail_text_free(&text);
}

/* ---- text --------------------------------------------------------------------------------- */

/* One line of a pattern, safe and not wider than the terminal. */
static void end_text(struct listing *l, struct trail_text *text)
{
    struct trail_slice s = {text->n ? text->p : "", text->n};
    if (l->width)
        trail_terminal_clip(&l->a.line, s, l->width);
    else
        trail_terminal_add(&l->a.line, s);
    add(l, "\n");
    l->a.line.failed |= text->failed;
    text->n = 0;
}

static void put(struct trail_text *to, const char *text)
{
    trail_text_add(to, text, strlen(text));
}

static void put_times(struct trail_text *to, const struct set_pattern *p)
{
    char first[TRAIL_TIME_ROOM], last[TRAIL_TIME_ROOM], record[32];
    trail_time_format(first, p->first);
    trail_time_format(last, p->last);
    put(to, *first ? first : "no time");
    if (p->last != p->first) {
        put(to, " to ");
        put(to, *last ? last : "?");
    }
    if (p->path) {
        snprintf(record, sizeof record, ", record %" PRIu64, p->record);
        put(to, "; ");
        put(to, p->path);
        put(to, record);
    }
}

static void put_alerts(struct listing *l, struct trail_text *to, const struct set_pattern *p)
{
    char hits[32];
    put(to, p->n_alerts ? "alerts " : "no alert");
    for (unsigned i = 0; i < p->n_alerts; i++) {
        snprintf(hits, sizeof hits, " (%" PRIu64 ")", p->alerts[i].hits);
        put(to, i ? ", " : "");
        put(to, l->pack->alerts[p->alerts[i].alert].id);
        put(to, p->alerts[i].hits < p->count ? hits : "");
    }
    put(to, p->more_alerts ? " and others" : "");
}

static const char INDENT[] = "                   ";

static void add_text(struct listing *l, const struct set_pattern *p)
{
    char head[80], id[PATTERN_ID];
    struct trail_text text = {0};
    struct trail_slice pattern = text_of(p), name, shape;
    struct trail_elements e;
    pattern_id(id, pattern);
    snprintf(head, sizeof head, "%8" PRIu64 "  %5.1f%%  ", p->count, share_of(l, p) * 100);
    put(&text, head);
    put(&text, id);
    put(&text, "  ");
    add_members(&text, pattern_fields(pattern), "=", pattern_is_cloudtrail(pattern));
    end_text(l, &text);
    trail_members_start(&e, pattern_shapes(pattern));
    while (trail_members_next(&e, &name, &shape)) {
        shape = trail_inside(shape);
        put(&text, INDENT);
        trail_text_add(&text, name.p, name.n == 1 ? 0 : name.n);
        put(&text, name.n == 1 ? "shapes of many kinds" : " ");
        trail_text_add(&text, shape.p, name.n == 1 ? 0 : shape.n);
        end_text(l, &text);
    }
    put(&text, INDENT);
    put_times(&text, p);
    end_text(l, &text);
    put(&text, INDENT);
    put_alerts(l, &text, p);
    end_text(l, &text);
    if (p->event) {
        put(&text, INDENT);
        trail_json_rewrite(&text, slice(p->event));
        end_text(l, &text);
    }
    l->a.line.failed |= text.failed;
    trail_text_free(&text);
}

/* ---- the list ----------------------------------------------------------------------------- */

/* A kind of event with more shapes than are told apart is known with all of them. */
static bool is_known(const struct listing *l, const struct set_pattern *p, struct trail_text *others)
{
    if (!l->known)
        return false;
    if (set_find(l->known, text_of(p)))
        return true;
    others->n = 0;
    pattern_add_others(others, (struct trail_slice){p->text, p->n_fields});
    return !others->failed && set_find(l->known, (struct trail_slice){others->p, others->n});
}

static void add_summary(struct listing *l)
{
    char text[200];
    snprintf(text, sizeof text, "%zu of %zu pattern%s in %" PRIu64 " event%s", l->listed, set_n(l->found),
             set_n(l->found) == 1 ? "" : "s", set_events(l->found), set_events(l->found) == 1 ? "" : "s");
    add(l, text);
}

bool listing_print(struct listing *l)
{
    static const char columns[] =
        "pattern,count,share,first_seen,last_seen,fields,shapes,covered,alerts,path,record\n";
    struct trail_text others = {0};
    size_t *order = set_order(l->found, l->order);
    bool fine = order != NULL;
    if (l->a.output == ASKING_CSV)
        fputs(columns, stdout);
    for (size_t i = 0; fine && i < set_n(l->found) && (!l->limit || l->listed < l->limit); i++) {
        const struct set_pattern *p = set_at(l->found, order[i]);
        if ((l->uncovered && p->covered > 0) || is_known(l, p, &others))
            continue;
        l->listed++;
        (l->a.output == ASKING_TEXT ? add_text : l->a.output == ASKING_CSV ? add_csv : add_json)(l, p);
        fine = asking_end_line(&l->a);
    }
    if (fine && l->a.output == ASKING_TEXT) {
        add_summary(l);
        fine = asking_end_line(&l->a);
    }
    l->a.line.failed |= others.failed || !order;
    trail_text_free(&others);
    free(order);
    return fine;
}
