/*
 * delivery.c - see delivery.h.
 */
#include "delivery.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel/sender.h"
#include "notify/terminal.h"
#include "route/route.h"
#include "state/look.h"

enum { GRACE = 5000 }; /* ms for what is in flight at the end */

/* What became of the messages of one channel, whatever the configuration. */
struct account {
    struct account *next;
    uint64_t held, sent, retried, refused;
    char name[];
};

struct delivery {
    struct delivery_config config;
    struct trail_config *current;
    struct trail_outbox *memory; /* where no other outbox is given */
    const struct trail_outbox *outbox;
    struct trail_router *router;
    struct trail_sender *sender;
    pthread_t thread;
    bool runs;
    pthread_mutex_t mutex;    /* of what follows */
    struct account *accounts; /* in no order; they stay to the end */
    const struct trail_config **released;
    size_t n_released;
};

/* ---- what is counted ---- */

/* Needs the mutex. NULL: no memory. */
static struct account *account_of(struct delivery *d, const char *channel)
{
    struct account *a = d->accounts;
    while (a && strcmp(a->name, channel) != 0)
        a = a->next;
    if (a)
        return a;
    size_t n = strlen(channel) + 1;
    a = calloc(1, sizeof *a + n);
    if (!a)
        return NULL;
    memcpy(a->name, channel, n);
    a->next = d->accounts;
    d->accounts = a;
    return a;
}

static void on_sent(void *user, const struct trail_sent *sent)
{
    struct delivery *d = user;
    pthread_mutex_lock(&d->mutex);
    struct account *a = account_of(d, sent->channel);
    if (a)
        switch (sent->delivery) {
        case TRAIL_DELIVERY_SENT: a->sent++; break;
        case TRAIL_DELIVERY_RETRY: a->retried++; break;
        case TRAIL_DELIVERY_PARK: a->refused++; break;
        }
    pthread_mutex_unlock(&d->mutex);
}

static void on_routed(void *user, const char *channel, enum trail_routed routed)
{
    struct delivery *d = user;
    pthread_mutex_lock(&d->mutex);
    struct account *a = account_of(d, channel);
    if (a && (routed == TRAIL_ROUTED_MUTED || routed == TRAIL_ROUTED_QUIET))
        a->held++;
    pthread_mutex_unlock(&d->mutex);
}

/* A fact of the state, for a channel. */
static const char *name_fact(char to[160], const char *channel)
{
    snprintf(to, 160, "interval.%.140s", channel);
    return to;
}

static char *recall(void *user, const char *channel)
{
    const struct delivery *d = user;
    char key[160], *interval = NULL;
    if (d->config.state && !state_get(d->config.state, name_fact(key, channel), &interval))
        return NULL; /* as if there were none: at worst a message more */
    return interval;
}

static bool remember(void *user, const char *channel, const char *interval)
{
    const struct delivery *d = user;
    char key[160];
    return !d->config.state || state_set(d->config.state, name_fact(key, channel), interval) == TRAIL_OK;
}

static void on_problem(void *user, const char *message)
{
    struct delivery *d = user;
    d->config.say(d->config.user, message);
}

struct metrics_channel *delivery_channels(struct delivery *d, size_t *n)
{
    *n = d->current->n_channels;
    struct metrics_channel *list = calloc(*n + 1, sizeof *list);
    pthread_mutex_lock(&d->mutex);
    for (size_t i = 0; list && i < *n; i++) {
        struct account *a = account_of(d, d->current->channels[i].name);
        if (a)
            list[i] = (struct metrics_channel){.name = a->name,
                                               .held = a->held,
                                               .sent = a->sent,
                                               .retried = a->retried,
                                               .refused = a->refused};
        else
            list[i].name = "";
    }
    pthread_mutex_unlock(&d->mutex);
    for (size_t i = 0; list && i < *n; i++)
        list[i].waiting = d->outbox->waiting(d->outbox->user, d->current->channels[i].name);
    return list;
}

/* ---- configurations ---- */

/* On the sender's thread: nobody looks at it any more but, perhaps, a router that is being given another one. So it
 * is freed later. */
static void on_released(void *user, const struct trail_config *config)
{
    struct delivery *d = user;
    pthread_mutex_lock(&d->mutex);
    const struct trail_config **list = realloc(d->released, (d->n_released + 1) * sizeof(*list));
    if (list) {
        d->released = list;
        list[d->n_released++] = config;
    }
    pthread_mutex_unlock(&d->mutex);
}

static void free_released(struct delivery *d)
{
    pthread_mutex_lock(&d->mutex);
    for (size_t i = 0; i < d->n_released; i++)
        if (d->released[i] != d->config.config && d->released[i] != d->current)
            trail_config_free((struct trail_config *)d->released[i]);
    d->n_released = 0;
    pthread_mutex_unlock(&d->mutex);
}

/* Messages that nobody will send, as the configuration has no such channel any more. */
static void tell_stray(void *user, const char *channel, uint64_t n)
{
    struct delivery *d = user;
    struct trail_text text = {0};
    char head[64];
    if (trail_config_channel(d->current, channel))
        return;
    snprintf(head, sizeof head, "%" PRIu64 " message%s for the channel ", n, n == 1 ? " waits" : "s wait");
    trail_text_add(&text, head, strlen(head));
    trail_terminal_add(&text, (struct trail_slice){channel, strlen(channel)});
    static const char tail[] =
        ", which the configuration does not have: bring it back, or see outbox list and drop";
    trail_text_add(&text, tail, sizeof tail);
    if (!text.failed)
        on_problem(d, text.p);
    trail_text_free(&text);
}

static void tell_all_stray(struct delivery *d)
{
    if (d->config.state)
        state_waiting_messages(d->config.state, tell_stray, d);
}

bool delivery_reload(struct delivery *d, struct trail_config *config)
{
    if (!trail_router_reload(d->router, config))
        return false;
    d->current = config;
    trail_sender_reload(d->sender, config);
    free_released(d);
    tell_all_stray(d);
    return true;
}

/* ---- routing and sending ---- */

bool delivery_route(struct delivery *d, const struct trail_fired *fired)
{
    return trail_router_route(d->router, fired) != TRAIL_OUTBOX_FAILED;
}

void delivery_wake(struct delivery *d)
{
    trail_sender_wake(d->sender);
}

static void *run(void *sender)
{
    trail_sender_run(sender);
    return NULL;
}

bool delivery_start(struct delivery *d)
{
    d->runs = pthread_create(&d->thread, NULL, run, d->sender) == 0;
    return d->runs;
}

/* ---- life ---- */

struct delivery *delivery_new(const struct delivery_config *config)
{
    struct delivery *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    const struct trail_sender_options sender = {
        .user = d, .on_sent = on_sent, .on_problem = on_problem, .on_released = on_released};
    const struct trail_router_options router = {
        .user = d, .on_routed = on_routed, .recall = recall, .remember = remember};
    d->config = *config;
    d->current = config->config;
    pthread_mutex_init(&d->mutex, NULL);
    if (!config->outbox)
        d->memory = trail_outbox_memory_new();
    d->outbox = config->outbox ? config->outbox : d->memory;
    if (d->outbox) {
        d->router = trail_router_new(config->config, config->pack, d->outbox, &router);
        d->sender = trail_sender_new(config->config, d->outbox, &sender);
    }
    if (d->router && d->sender) {
        tell_all_stray(d);
        return d;
    }
    delivery_free(d);
    return NULL;
}

void delivery_free(struct delivery *d)
{
    if (!d)
        return;
    if (d->runs) {
        trail_sender_stop(d->sender, GRACE);
        pthread_join(d->thread, NULL);
    }
    if (d->sender)
        trail_sender_free(d->sender);
    if (d->router)
        trail_router_free(d->router);
    free_released(d);
    if (d->current != d->config.config)
        trail_config_free(d->current);
    if (d->memory)
        trail_outbox_memory_free(d->memory);
    while (d->accounts) {
        struct account *next = d->accounts->next;
        free(d->accounts);
        d->accounts = next;
    }
    free(d->released);
    pthread_mutex_destroy(&d->mutex);
    free(d);
}
