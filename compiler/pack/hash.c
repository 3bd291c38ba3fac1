/*
 * hash.c - what identifies a pack and an alert, whatever they are written like.
 *
 * Needs: a loaded pack. A hash covers meanings, not spellings: YAML's quotes, order of keys, comments, tests
 * and the division into files do not count; a filter counts as it is spelled by `trailc fmt`. Time
 * zones count by their offsets too, since these come from the machine that compiles.
 */
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "pack/zone.h"

/* Every part is a name, a length and its bytes: no two different packs give one text. */
static void add(struct buffer *b, const char *name, struct slice s)
{
    buffer_printf(b, "%s %zu:", name, s.n);
    buffer_add(b, s.p ? s.p : "", s.n);
    buffer_char(b, '\n');
}

static void add_number(struct buffer *b, const char *name, int64_t n)
{
    buffer_printf(b, "%s %jd\n", name, (intmax_t)n);
}

static void add_paths(struct buffer *b, const char *name, struct path *const *paths, size_t n)
{
    add_number(b, name, (int64_t)n);
    for (size_t i = 0; i < n; i++)
        add(b, "path", paths[i]->name);
}

static void add_path(struct buffer *b, const char *name, struct path *path)
{
    add_paths(b, name, &path, path ? 1 : 0);
}

static void add_slices(struct buffer *b, const char *name, const struct slice *list, size_t n)
{
    add_number(b, name, (int64_t)n);
    for (size_t i = 0; i < n; i++)
        add(b, "text", list[i]);
}

static void add_labels(struct buffer *b, const char *name, const struct label *labels, size_t n)
{
    add_number(b, name, (int64_t)n);
    for (size_t i = 0; i < n; i++)
        add(b, labels[i].exclude ? "not" : "label", labels[i].pattern);
}

static void add_hours(struct buffer *b, const struct hours *hours)
{
    const struct zone *zone = hours->zone;
    buffer_printf(b, "hours %x %u %u\n", hours->days, hours->from, hours->to);
    add(b, "zone", zone->name);
    for (size_t i = 0; i < zone->n; i++)
        buffer_printf(b, "%jd %jd\n", (intmax_t)zone->from[i], (intmax_t)zone->offset[i]);
}

/* A filter uses a list as `@name`; one that merely holds these bytes counts too. */
static bool mentions(struct compile *c, struct slice filter, struct slice list)
{
    struct slice use = diag_format(c, "@%.*s", (int)list.n, list.p);
    return filter.n && memmem(filter.p, filter.n, use.p, use.n) != NULL;
}

static void add_lists(struct buffer *b, const struct alert *a)
{
    const struct pack *pack = &b->c->pack;
    for (size_t i = 0; i < pack->n_lists; i++) {
        const struct list *list = &pack->lists[i];
        if (!mentions(b->c, a->filter.s, list->name))
            continue;
        add(b, "list", list->name);
        for (size_t k = 0; k < list->n; k++)
            add(b, "value", list->values[k].s);
    }
}

/* What decides whether the alert fires, and what its windows hold. */
static void add_verdict(struct buffer *b, const struct alert *a)
{
    add(b, "filter", filter_spelled(b->c, a->filter.s));
    add_lists(b, a);
    for (size_t i = 0; i < a->n_when; i++) {
        buffer_printf(b, "when %d %ju %jd\n", (int)a->when[i].kind, (uintmax_t)a->when[i].n,
                      (intmax_t)a->when[i].span);
        if (a->when[i].margin)
            add_number(b, "margin", a->when[i].margin);
    }
    add_paths(b, "group_by", a->group_by, a->n_group_by);
    add_paths(b, "breakdown", a->breakdown, a->n_breakdown);
    for (size_t i = 0; i < a->n_active; i++)
        add_hours(b, &a->active[i]);
    add_labels(b, "applications", a->applications, a->n_applications);
    add_labels(b, "subsystems", a->subsystems, a->n_subsystems);
    add_number(b, "retire", a->retire);
}

/* What is said when it does. */
static void add_notification(struct buffer *b, const struct alert *a)
{
    add(b, "alert", a->name);
    add(b, "id", a->id);
    add(b, "description", a->description);
    add_number(b, "priority", a->priority);
    for (size_t i = 0; i < a->n_when; i++)
        add_number(b, "priority", a->when[i].priority);
    add_paths(b, "show", a->show, a->n_show);
    add_slices(b, "notify", a->notify, a->n_notify);
    add_slices(b, "tags", a->tags, a->n_tags);
    add_number(b, "notify_every", a->notify_every);
    add_number(b, "notify_resolved", a->notify_resolved);
}

/* How the header reads events. */
static void add_header(struct buffer *b)
{
    const struct pack *pack = &b->c->pack;
    add_path(b, "time", pack->time);
    add_path(b, "event_id", pack->event_id);
    add_path(b, "application", pack->application);
    add_path(b, "subsystem", pack->subsystem);
}

struct slice alert_hash(struct compile *c, const struct alert *a)
{
    struct buffer b = {.c = c};
    add_header(&b);
    add_verdict(&b, a);
    return sha256_hex(c, buffer_slice(&b));
}

static int by_id(const void *left, const void *right)
{
    const struct alert *const *a = left, *const *b = right;
    return slice_cmp((*a)->id, (*b)->id);
}

struct slice pack_hash(struct compile *c)
{
    const struct pack *pack = &c->pack;
    const struct alert **alerts = NEW_ARRAY(c, const struct alert *, pack->n_alerts);
    struct buffer b = {.c = c};
    add(&b, "pack", pack->name);
    add(&b, "version", pack->version);
    add_number(&b, "schema", pack->schema);
    add_header(&b);
    for (size_t i = 0; i < pack->n_alerts; i++)
        alerts[i] = &pack->alerts[i];
    qsort(alerts, pack->n_alerts, sizeof *alerts, by_id);
    for (size_t i = 0; i < pack->n_alerts; i++) {
        add_verdict(&b, alerts[i]);
        add_notification(&b, alerts[i]);
    }
    return sha256_hex(c, buffer_slice(&b));
}
