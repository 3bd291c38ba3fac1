/*
 * doubt.c - what could not be read: silence that cannot be told, and is told again when the log is known again.
 *
 * Needs: the labels that what is not read may have had; NULL: any. Guarantees: a group of which something may
 * be missing is not called silent; one that fires goes on, and only an event ends it.
 */
#include "labels.h"
#include "stage.h"

static bool could_be(const struct trail_labels *labels, const struct trail_slice *label)
{
    return !label || trail_labels_accept(labels, *label);
}

void window_labelled(struct window *w, bool applications, bool subsystems)
{
    unsigned labelled =
        LABELLED_TOLD | (applications ? LABELLED_APPLICATIONS : 0u) | (subsystems ? LABELLED_SUBSYSTEMS : 0u);
    if (labelled != w->labelled) {
        w->labelled = labelled;
        record_labelled(w);
    }
    unsigned lacks = (applications ? 0 : WINDOW_NO_APPLICATION) | (subsystems ? 0 : WINDOW_NO_SUBSYSTEM);
    for (size_t i = 0; i < w->pack->n_alerts; i++)
        w->rules[i].lacks = w->rules[i].wants & lacks;
}

/* The groups of one application, or all, can get no answer from now on. False: no memory. */
static bool doubt(struct window *w, struct rule *rule, const struct trail_slice *application)
{
    if (!rule->by_application || !application) {
        rule->unknown = true;
        return true;
    }
    struct shared *key = window_application_key(w, *application);
    if (!key)
        return false;
    if (rule_add_unknown(rule, key, &w->texts))
        return true;
    shared_drop(&w->texts, key);
    return false;
}

enum trail_status window_unknown(struct window *w, const struct trail_slice *application,
                                 const struct trail_slice *subsystem)
{
    record_unknown(w, application, subsystem);
    for (size_t i = 0; i < w->pack->n_alerts; i++) {
        struct rule *rule = &w->rules[i];
        if (rule->silence && could_be(&rule->alert->applications, application) &&
            could_be(&rule->alert->subsystems, subsystem) && !doubt(w, rule, application))
            return window_outcome(w, false);
    }
    return window_outcome(w, true);
}

/* Takes back what doubt() did: the groups of a rule, or one key's, get answers again. */
struct restoring {
    struct window *w;
    const struct rule *rule;
    const struct shared *key; /* NULL: of all that were doubted */
    int64_t from;
    bool ok;
};

/* The silence of a group is decided again, in windows that begin at `from` or later. What fires goes on: only
 * an event ends it. */
static void trust(void *user, struct group *g)
{
    struct restoring *r = user;
    struct window *w = r->w;
    if (!r->ok || g->rule != r->rule->index || (r->key && g->key != r->key) || group_state(g)->firing ||
        !rule_is_unknown(r->rule, g->key))
        return;
    struct state *s = group_wake(&w->groups, g);
    int64_t next = later_of(w->watermark, w->now);
    if (s)
        s->start = later_of(s->start, r->from);
    r->ok = s && timers_set(&w->timers, g, next == TRAIL_NO_TIME ? s->start : next);
}

/* False: no memory. */
static bool restore(struct window *w, struct rule *rule, const struct trail_slice *application, int64_t from)
{
    struct shared *key = NULL;
    if (rule->by_application && application && !(key = window_application_key(w, *application)))
        return false;
    if (!w->begun && (rule->unknown || rule->n_unknown > 0))
        rule->known_from = later_of(rule->known_from, from);
    struct restoring r = {w, rule, key, from, true};
    if (rule->unknown || rule->n_unknown > 0)
        group_each(&w->groups, trust, &r);
    rule_forget_unknown(rule, key, &w->texts);
    shared_drop(&w->texts, key);
    return r.ok;
}

enum trail_status window_known(struct window *w, const struct trail_slice *application,
                               const struct trail_slice *subsystem, int64_t from)
{
    record_known(w, application, subsystem, from);
    for (size_t i = 0; i < w->pack->n_alerts; i++) {
        struct rule *rule = &w->rules[i];
        if (rule->silence && could_be(&rule->alert->applications, application) &&
            could_be(&rule->alert->subsystems, subsystem) && !restore(w, rule, application, from))
            return window_outcome(w, false);
    }
    return window_outcome(w, true);
}

unsigned window_undecided(const struct window *w, size_t alert)
{
    const struct rule *rule = &w->rules[alert];
    if (rule->lacks)
        return rule->lacks;
    unsigned why = rule->unknown || rule->n_unknown > 0 ? WINDOW_UNREAD : 0;
    if (rule->by_application && !rule->declares && !rule->fed)
        why |= WINDOW_UNFED;
    if (window_short(w, alert) > 0)
        why |= WINDOW_SHORT;
    return why;
}
