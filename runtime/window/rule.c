/*
 * rule.c - see rule.h.
 */
#include "rule.h"
#include "labels.h"
#include "window.h"

#include <stdlib.h>
#include <string.h>

bool condition_is_silence(const struct trail_condition *c)
{
    return c->when == TRAIL_LESS_THAN || c->when == TRAIL_AT_MOST || c->when == TRAIL_LESS_THAN_USUAL;
}

bool condition_is_usual(const struct trail_condition *c)
{
    return c->when == TRAIL_MORE_THAN_USUAL || c->when == TRAIL_LESS_THAN_USUAL;
}

size_t condition_threshold(const struct trail_condition *c)
{
    if (condition_is_usual(c))
        return RULE_COUNTED;
    uint64_t k = c->n;
    if ((c->when == TRAIL_MORE_THAN || c->when == TRAIL_AT_MOST) && k < UINT64_MAX)
        k++;
    if (!condition_is_silence(c) && k == 0)
        k = 1; /* "at least 0": there is nothing to say before an event */
    return k < UINT32_MAX ? (size_t)k : UINT32_MAX;
}

bool window_by_application(const struct trail_alert *alert)
{
    bool silence = false;
    for (size_t i = 0; i < alert->n_conditions; i++)
        silence = silence || condition_is_silence(&alert->conditions[i]);
    return silence && alert->group_by.n == 0 && alert->applications.n > 0;
}

static bool declares(const struct trail_labels *labels)
{
    for (size_t i = 0; i < labels->n; i++)
        if (trail_labels_declare(labels, i))
            return true;
    return false;
}

/* Patterns that take the empty label are fed by any input; a name wants an input of that name. */
static unsigned wanted_labels(const struct trail_alert *alert)
{
    static const struct trail_slice none = {"", 0};
    unsigned wants = 0;
    if (declares(&alert->applications) || !trail_labels_accept(&alert->applications, none))
        wants |= WINDOW_NO_APPLICATION;
    if (!trail_labels_accept(&alert->subsystems, none))
        wants |= WINDOW_NO_SUBSYSTEM;
    return wants;
}

/* The shortest window, when every condition is "none at all"; else 0. */
static int64_t presence_of(const struct trail_alert *alert)
{
    int64_t shortest = INT64_MAX;
    for (size_t i = 0; i < alert->n_conditions; i++) {
        const struct trail_condition *c = &alert->conditions[i];
        if (!condition_is_silence(c) || condition_threshold(c) > 1)
            return 0;
        if (c->span < shortest)
            shortest = c->span;
    }
    return alert->n_conditions > 0 ? shortest : 0;
}

int64_t window_presence(const struct trail_pack *pack, const struct trail_alert *alert)
{
    bool from_records = pack->fields[TRAIL_FIELD_APPLICATION] && alert->applications.n > 0;
    return alert->group_by.n > 0 || from_records ? 0 : presence_of(alert);
}

static void rule_add(struct rule *r, const struct trail_condition *c)
{
    if (c->when == TRAIL_IMMEDIATELY) {
        if (!r->immediate || c->priority < r->immediate->priority)
            r->immediate = c;
        return;
    }
    size_t k = condition_threshold(c);
    r->counts = true;
    if (condition_is_silence(c))
        r->silence = true;
    else
        r->above = true;
    if (!condition_is_silence(c) || k > 1)
        r->keeps_events = true; /* else its window is empty whenever it fires */
    if (c->span > r->longest)
        r->longest = c->span;
    if (k > r->keep)
        r->keep = k;
}

static uint64_t identity_of(const struct trail_alert *alert, uint64_t index)
{
    struct siphash s;
    siphash_start(&s, &SIPHASH_FIXED);
    siphash_add(&s, alert->id, strlen(alert->id) + 1);
    if (alert->hash)
        siphash_add(&s, alert->hash, strlen(alert->hash));
    else
        siphash_add(&s, &index, sizeof index);
    return siphash_end(&s);
}

void rule_start(struct rule *r, const struct trail_pack *pack, size_t index)
{
    const struct trail_alert *alert = &pack->alerts[index];
    *r = (struct rule){.alert = alert, .index = index, .keep = 1, .known_from = TRAIL_NO_TIME};
    r->identity = identity_of(alert, index);
    for (size_t i = 0; i < alert->n_conditions; i++)
        rule_add(r, &alert->conditions[i]);
    if (r->above && r->keep < RULE_COUNTED)
        r->keep = RULE_COUNTED;
    r->every = alert->notify_every > 0 ? alert->notify_every : TRAIL_NOTIFY_EVERY;
    r->retire = alert->retire > 0 ? alert->retire : TRAIL_RETIRE;
    if (r->retire < r->longest)
        r->retire = r->longest; /* a key is not forgotten before its silence could be told */
    if (r->immediate && r->retire < alert->notify_every)
        r->retire = alert->notify_every; /* nor while it holds notifications back */
    r->presence = presence_of(alert) > 0;
    r->joins = window_presence(pack, alert);
    r->by_application = window_by_application(alert);
    r->declares = r->by_application && declares(&alert->applications);
    if (r->silence)
        r->wants = wanted_labels(alert);
}

bool rule_learn(struct rule *r, size_t limit, bool frozen)
{
    const struct trail_alert *a = r->alert;
    bool asks = false;
    for (size_t i = 0; i < a->n_conditions; i++)
        asks = asks || condition_is_usual(&a->conditions[i]);
    if (!asks)
        return true;
    r->habits = calloc(a->n_conditions, sizeof *r->habits);
    for (size_t i = 0; r->habits && i < a->n_conditions; i++)
        if (condition_is_usual(&a->conditions[i]))
            habits_start(&r->habits[i], &a->conditions[i], limit, frozen);
    return r->habits;
}

void rule_free(struct rule *r)
{
    for (size_t i = 0; r->habits && i < r->alert->n_conditions; i++)
        habits_free(&r->habits[i]);
    free(r->habits);
    r->habits = NULL;
    free(r->unknown_keys);
    r->unknown_keys = NULL;
    r->n_unknown = 0;
}

bool rule_is_unknown(const struct rule *r, const struct shared *key)
{
    for (size_t i = 0; i < r->n_unknown; i++)
        if (r->unknown_keys[i] == key) /* equal keys are one text */
            return true;
    return r->unknown;
}

bool rule_add_unknown(struct rule *r, struct shared *key, struct shared_table *texts)
{
    if (rule_is_unknown(r, key)) {
        shared_drop(texts, key);
        return true;
    }
    struct shared **keys = realloc(r->unknown_keys, (r->n_unknown + 1) * sizeof(*keys));
    if (!keys)
        return false;
    keys[r->n_unknown++] = key;
    r->unknown_keys = keys;
    return true;
}

void rule_forget_unknown(struct rule *r, const struct shared *key, struct shared_table *texts)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->n_unknown; i++) {
        if (key && r->unknown_keys[i] != key)
            r->unknown_keys[kept++] = r->unknown_keys[i];
        else
            shared_drop(texts, r->unknown_keys[i]);
    }
    r->n_unknown = kept;
    if (!key)
        r->unknown = false;
}
