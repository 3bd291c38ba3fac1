/*
 * route.c - see route.h.
 */
#include "route.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "payload.h"
#include "window/hours.h"
#include "window/labels.h"
#include "window/siphash.h"
#include "window/timestamp.h"
#include "json/elements.h"

/* A channel's interval of grouping. */
struct interval {
    int64_t from;
    unsigned n;
    bool changed; /* and not remembered yet */
};

struct trail_router {
    const struct trail_config *config;
    const struct trail_pack *pack;
    const struct trail_outbox *outbox;
    struct trail_router_options options;
    struct interval *intervals; /* of each channel */
    bool *chosen;               /* the same, while a notification is routed */
};

/* A notification on its way. */
struct notice {
    struct trail_router *r;
    const struct trail_fired *fired;
    struct trail_slice payload, json; /* json: the notification within */
    int64_t now;
};

static int64_t now_of(const struct trail_router *r)
{
    return r->options.now ? r->options.now(r->options.user) : trail_time_now(CLOCK_REALTIME);
}

/* ---- mutes and quiet hours ---------------------------------------------------------------- */

static bool has_channel(const struct trail_channels *channels, size_t channel)
{
    for (size_t i = 0; i < channels->n; i++)
        if (channels->list[i] == channel)
            return true;
    return false;
}

/* Whether a member of the object is a text that fits. */
static bool member_fits(struct trail_slice object, const struct trail_pair *pair)
{
    struct trail_slice json = trail_json_member(object, pair->name);
    struct trail_text text = {0};
    trail_value_text(&text, json);
    const struct trail_label label = {false, {pair->value, strlen(pair->value)}};
    const struct trail_labels labels = {1, &label};
    bool fits = json.n && !text.failed && trail_labels_accept(&labels, (struct trail_slice){text.p, text.n});
    trail_text_free(&text);
    return fits;
}

static bool mute_holds(const struct trail_mute *mute, const struct notice *n, size_t channel)
{
    const struct trail_fired *f = n->fired;
    if (n->now >= mute->until || (mute->channels.n && !has_channel(&mute->channels, channel)))
        return false;
    if (mute->alert && !trail_pattern_fits(mute->alert, f->alert->id) &&
        !trail_pattern_fits(mute->alert, f->alert->name))
        return false;
    if (mute->tag && !trail_has_tag(f->alert, mute->tag))
        return false;
    for (size_t i = 0; i < mute->n_group; i++)
        if (!member_fits(f->group, &mute->group[i]) && !member_fits(f->fields, &mute->group[i]))
            return false;
    return true;
}

static const struct trail_mute *mute_of(const struct notice *n, size_t channel)
{
    const struct trail_config *config = n->r->config;
    for (size_t i = 0; i < config->n_mutes; i++)
        if (mute_holds(&config->mutes[i], n, channel))
            return &config->mutes[i];
    return NULL;
}

/* The first minute from `now` on that is not quiet. */
static int64_t end_of(const struct trail_alert *hours, int64_t now)
{
    enum { MINUTE = 60000, MOST = 8 * 24 * 60 };
    int64_t t = now - now % MINUTE;
    for (int i = 0; i < MOST && trail_hours_active(hours, t); i++)
        t += MINUTE;
    return t > now ? t : now;
}

/* The quiet hours that hold; *end when they are over. */
static const struct trail_quiet *quiet_of(const struct notice *n, size_t channel, int64_t *end)
{
    const struct trail_config *config = n->r->config;
    for (size_t i = 0; i < config->n_quiets; i++) {
        const struct trail_quiet *q = &config->quiets[i];
        const struct trail_alert hours = {.n_active = q->n_hours, .active = q->hours};
        bool meant = q->channels.n ? has_channel(&q->channels, channel)
                                   : q->drop || trail_channel_groups(&config->channels[channel]);
        if (!meant || !q->priorities[n->fired->priority % 6] || !trail_hours_active(&hours, n->now))
            continue;
        *end = end_of(&hours, n->now);
        return q;
    }
    return NULL;
}

/* ---- rows --------------------------------------------------------------------------------- */

static void key_add(struct siphash *s, const char *text)
{
    siphash_add(s, text, strlen(text) + 1);
}

/* The same for the same notification to the same place, however often it is routed. */
static void print_key(char to[33], const struct notice *n, const struct trail_outbox_row *row)
{
    struct siphash s;
    uint64_t h[2];
    char number[64];
    siphash128_start(&s, &SIPHASH_FIXED);
    key_add(&s, row->channel);
    key_add(&s, row->recipient);
    key_add(&s, row->bunch);
    key_add(&s, n->fired->dedup_key);
    snprintf(number, sizeof number, "%d %" PRId64 " %" PRId64, (int)n->fired->state, n->fired->time,
             n->fired->window_to);
    key_add(&s, number);
    siphash128_end(&s, h);
    snprintf(to, 33, "%016" PRIx64 "%016" PRIx64, h[0], h[1]);
}

static enum trail_outbox_result add_row(const struct notice *n, struct trail_outbox_row *row)
{
    char key[33];
    print_key(key, n, row);
    row->dedup_key = key;
    row->created = n->now;
    row->due = row->due ? row->due : n->now;
    row->last_error = row->last_error ? row->last_error : "";
    return n->r->outbox->add(n->r->outbox->user, row);
}

/* One more in a message that still grows: `why` becomes part of it. */
static enum trail_outbox_result add_to_bunch(const struct notice *n, struct trail_outbox_row *row,
                                             const char *why)
{
    const struct trail_outbox *o = n->r->outbox;
    struct trail_outbox_message old = {0};
    struct trail_message message;
    struct trail_text payload = {0};
    const struct trail_storm_entry entry = {
        .why = why, .fired = n->fired, .notification = n->json, .now = n->now};
    enum trail_outbox_result result =
        o->find(o->user, row->channel, row->recipient, row->bunch, n->now, &old);
    bool grows = result == TRAIL_OUTBOX_OK && trail_message_read(&message, old.row.payload) &&
                 message.kind == TRAIL_MESSAGE_STORM;
    if (result == TRAIL_OUTBOX_FAILED)
        return result;
    trail_payload_storm(&payload, grows ? &message : NULL, &entry);
    row->payload = (struct trail_slice){payload.p, payload.n};
    if (payload.failed)
        result = TRAIL_OUTBOX_FAILED;
    else if (grows)
        result = o->replace(o->user, old.row.id, n->now, row->payload);
    else
        result = add_row(n, row);
    trail_outbox_message_free(&old);
    trail_text_free(&payload);
    return result;
}

/* What is to happen at one channel. */
struct verdict {
    enum trail_routed routed;
    char bunch[64];
    char why[400];
    int64_t due;
};

static void judge_mute(struct verdict *v, const struct trail_mute *mute)
{
    char until[TRAIL_TIME_ROOM];
    uint64_t h =
        siphash(&SIPHASH_FIXED, mute->reason, strlen(mute->reason)); /* known again after a change of lines */
    trail_time_format(until, mute->until);
    v->routed = TRAIL_ROUTED_MUTED;
    snprintf(v->bunch, sizeof v->bunch, "mute %016" PRIx64 " %" PRId64, h, mute->until);
    snprintf(v->why, sizeof v->why, "muted until %s: %s", until, mute->reason);
}

static void judge_quiet(struct verdict *v, const struct trail_quiet *quiet, int64_t end)
{
    char text[TRAIL_TIME_ROOM];
    trail_time_format(text, end);
    v->routed = quiet->drop ? TRAIL_ROUTED_QUIET : TRAIL_ROUTED_GROUPED;
    v->due = end;
    snprintf(v->bunch, sizeof v->bunch, "quiet %" PRId64, end);
    snprintf(v->why, sizeof v->why, "%s, until %s", quiet->name, text);
}

/* Whether the interval's share is used up; false takes some of it. */
static bool is_storm(struct verdict *v, struct interval *interval, const struct trail_rate *group,
                     int64_t now)
{
    char every[TRAIL_TIME_ROOM];
    if (!group->per)
        return false;
    if (now >= interval->from + group->per || now < interval->from)
        *interval = (struct interval){now, 0, true};
    if (interval->n < group->n) {
        interval->n++;
        interval->changed = true;
        return false;
    }
    trail_duration_format(every, group->per);
    v->routed = TRAIL_ROUTED_GROUPED;
    v->due = interval->from + group->per;
    snprintf(v->bunch, sizeof v->bunch, "storm");
    snprintf(v->why, sizeof v->why, "what came beyond the first %u in %s", group->n, every);
    return true;
}

static void judge(struct verdict *v, const struct notice *n, size_t channel)
{
    const struct trail_config *config = n->r->config;
    const struct trail_channel *c = &config->channels[channel];
    const struct trail_mute *mute = mute_of(n, channel);
    const struct trail_quiet *quiet;
    int64_t end = n->now;
    *v = (struct verdict){.routed = TRAIL_ROUTED_SENT};
    if (n->fired->state == TRAIL_RESOLVED && !trail_channel_groups(c))
        return; /* who keeps a state of his own is always told that it is over */
    if (mute) {
        judge_mute(v, mute);
    } else if ((quiet = quiet_of(n, channel, &end))) {
        judge_quiet(v, quiet, end);
    } else if (!is_storm(v, &n->r->intervals[channel], &c->group, n->now) &&
               n->r->outbox->waiting(n->r->outbox->user, c->name) >= config->limits.outbox) {
        v->routed = TRAIL_ROUTED_FULL;
        v->due = n->now + 60000;
        snprintf(v->bunch, sizeof v->bunch, "full");
        snprintf(v->why, sizeof v->why, "%" PRIu64 " messages waited for this channel already",
                 config->limits.outbox);
    }
}

static enum trail_outbox_result put(const struct notice *n, const struct trail_channel *channel,
                                    const char *recipient, const struct verdict *v)
{
    bool held = v->routed == TRAIL_ROUTED_MUTED || v->routed == TRAIL_ROUTED_QUIET;
    struct trail_outbox_row row = {.channel = channel->name,
                                   .recipient = recipient,
                                   .thread = "",
                                   .bunch = v->bunch,
                                   .due = v->due,
                                   .state = held ? TRAIL_OUTBOX_HELD : TRAIL_OUTBOX_WAITING,
                                   .last_error = held ? v->why : ""};
    if (v->routed != TRAIL_ROUTED_SENT)
        return add_to_bunch(n, &row, v->why);
    row.thread = n->fired->dedup_key;
    row.payload = n->payload;
    return add_row(n, &row);
}

static enum trail_outbox_result put_all(const struct notice *n, size_t index)
{
    const struct trail_channel *channel = &n->r->config->channels[index];
    enum trail_outbox_result result = TRAIL_OUTBOX_OK;
    struct verdict v;
    judge(&v, n, index);
    if (channel->type != TRAIL_CHANNEL_EMAIL)
        result = put(n, channel, "", &v);
    else
        for (size_t i = 0; i < channel->to.n && result == TRAIL_OUTBOX_OK; i++)
            result = put(n, channel, channel->to.list[i], &v);
    if (result == TRAIL_OUTBOX_OK && n->r->options.on_routed)
        n->r->options.on_routed(n->r->options.user, channel->name, v.routed);
    return result;
}

/* ---- intervals ---------------------------------------------------------------------------- */

static bool remember(struct trail_router *r, size_t channel)
{
    struct interval *i = &r->intervals[channel];
    char text[48];
    if (!i->changed || !r->options.remember)
        return true;
    snprintf(text, sizeof text, "%" PRId64 " %u", i->from, i->n);
    i->changed = !r->options.remember(r->options.user, r->config->channels[channel].name, text);
    return !i->changed;
}

/* As the configuration before has it, or the run before. */
static struct interval recall(const struct trail_router *r, const char *channel)
{
    struct interval i = {0};
    const struct trail_channel *known = r->config ? trail_config_channel(r->config, channel) : NULL;
    if (known)
        return r->intervals[known - r->config->channels];
    char *text = r->options.recall ? r->options.recall(r->options.user, channel) : NULL;
    if (text && sscanf(text, "%" SCNd64 " %u", &i.from, &i.n) != 2)
        i = (struct interval){0};
    free(text);
    return i;
}

enum trail_outbox_result trail_router_route(struct trail_router *r, const struct trail_fired *fired)
{
    struct trail_text payload = {0};
    struct notice n = {.r = r, .fired = fired, .now = now_of(r)};
    memset(r->chosen, 0, r->config->n_channels * sizeof *r->chosen);
    trail_config_choose(r->config, fired->alert, fired->priority, r->chosen);
    trail_payload_alert(&payload, r->pack, fired, "alert");
    enum trail_outbox_result result = payload.failed ? TRAIL_OUTBOX_FAILED : TRAIL_OUTBOX_OK;
    if (!payload.failed) {
        n.payload = (struct trail_slice){payload.p, payload.n};
        n.json = trail_json_member(n.payload, "notification");
    }
    for (size_t i = 0; i < r->config->n_channels && result == TRAIL_OUTBOX_OK; i++)
        if (r->chosen[i]) {
            result = put_all(&n, i);
            if (!remember(r, i))
                result = TRAIL_OUTBOX_FAILED;
        }
    trail_text_free(&payload);
    return result;
}

/* ---- its life ----------------------------------------------------------------------------- */

bool trail_router_reload(struct trail_router *r, const struct trail_config *config)
{
    struct interval *intervals = calloc(config->n_channels + 1, sizeof *intervals);
    bool *chosen = calloc(config->n_channels + 1, sizeof *chosen);
    if (!intervals || !chosen) {
        free(intervals);
        free(chosen);
        return false;
    }
    for (size_t i = 0; i < config->n_channels; i++)
        intervals[i] = recall(r, config->channels[i].name);
    free(r->intervals);
    free(r->chosen);
    r->intervals = intervals;
    r->chosen = chosen;
    r->config = config;
    return true;
}

struct trail_router *trail_router_new(const struct trail_config *config, const struct trail_pack *pack,
                                      const struct trail_outbox *outbox,
                                      const struct trail_router_options *options)
{
    struct trail_router *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->pack = pack;
    r->outbox = outbox;
    r->options = *options;
    if (trail_router_reload(r, config))
        return r;
    free(r);
    return NULL;
}

void trail_router_free(struct trail_router *r)
{
    if (!r)
        return;
    free(r->intervals);
    free(r->chosen);
    free(r);
}
