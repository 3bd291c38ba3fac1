/*
 * sender.c - see sender.h.
 *
 * A round: start what may be started, channel by channel; wait for libcurl's sockets, the processes and the
 * bell; end what is over. The clock decides what is due; libcurl's timeouts and those of processes are the
 * machine's own time.
 */
#include "sender.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

#include "window/timestamp.h"

enum {
    BACKOFF_FIRST = 1000,
    BACKOFF_MOST = 300000,
    IDLE = 60000, /* the longest wait of trail_sender_run(), should a bell be missed */
    STORAGE_PAUSE = 5000,
    KEPT_ALIVE = 7 * 86400000, /* after its last notification */
    MAX_WAITS = 256,           /* descriptors besides libcurl's */
    LOUD = 64 * 1024,          /* bytes after which a program that talks is listened to but now and then */
};

/* A channel at work. */
struct line {
    const struct trail_channel *channel;
    unsigned in_flight;
    unsigned failures;    /* one after the other */
    int64_t paused_until; /* by the clock */
    double tokens;        /* messages that the rate lets through now */
    int64_t filled;       /* when they were counted */
};

/* A configuration that is in use; the first of the list is the current one. */
struct generation {
    struct generation *next;
    const struct trail_config *config;
    size_t in_flight;
    struct line lines[];
};

/* What became of a message, when the storage could not take it. */
struct unstored {
    struct unstored *next;
    int64_t id, due, again;
    enum trail_delivery delivery;
    char reason[]; /* "" when it was sent */
};

struct trail_sender {
    const struct trail_outbox *outbox;
    struct unstored *unstored; /* nothing is begun beside them: so they are as many as were in flight */
    int64_t store_at;          /* when it is tried again, by the clock */
    bool recovers;             /* messages that nobody has in flight may stand as such */
    struct trail_sender_options options;
    struct trail_curl curl;
    bool complained; /* of libcurl */
    CURLM *multi;
    struct generation *generations;
    struct trail_transfer *transfers;
    size_t in_flight;
    int bell;
    uint64_t random;
    pthread_mutex_t mutex; /* of what follows */
    const struct trail_config *reload;
    bool stopping;
    int64_t stop_at; /* by the monotonic clock */
};

/* ---- clocks and chance -------------------------------------------------------------------- */

static int64_t wall(struct trail_sender *s)
{
    return s->options.now ? s->options.now(s->options.user) : trail_time_now(CLOCK_REALTIME);
}

/* xorshift64 */
static uint64_t chance(struct trail_sender *s)
{
    s->random ^= s->random << 13;
    s->random ^= s->random >> 7;
    s->random ^= s->random << 17;
    return s->random;
}

/* Between a half and all of 1 s, 2 s, 4 s … 5 min. */
static int64_t backoff(struct trail_sender *s, unsigned failures)
{
    int64_t most = failures > 9 ? BACKOFF_MOST : (int64_t)BACKOFF_FIRST << (failures ? failures - 1 : 0);
    most = most > BACKOFF_MOST ? BACKOFF_MOST : most;
    return most / 2 + (int64_t)(chance(s) % (uint64_t)(most / 2 + 1));
}

/* ---- configurations ----------------------------------------------------------------------- */

static bool add_generation(struct trail_sender *s, const struct trail_config *config)
{
    struct generation *g = calloc(1, sizeof *g + config->n_channels * sizeof *g->lines);
    if (!g)
        return false;
    g->config = config;
    g->next = s->generations;
    for (size_t i = 0; i < config->n_channels; i++)
        g->lines[i] = (struct line){.channel = &config->channels[i], .tokens = config->channels[i].rate.n};
    s->generations = g;
    return true;
}

/* Lets go of old configurations of which nothing is in flight. */
static void release(struct trail_sender *s, bool all)
{
    struct generation **at = all ? &s->generations : s->generations ? &s->generations->next : &s->generations;
    while (*at) {
        struct generation *g = *at;
        if (g->in_flight) {
            at = &g->next;
            continue;
        }
        *at = g->next;
        if (!all && s->options.on_released)
            s->options.on_released(s->options.user, g->config);
        free(g);
    }
}

static void take_reload(struct trail_sender *s)
{
    pthread_mutex_lock(&s->mutex);
    const struct trail_config *config = s->reload;
    s->reload = NULL;
    pthread_mutex_unlock(&s->mutex);
    if (config && !add_generation(s, config)) {
        pthread_mutex_lock(&s->mutex);
        s->reload = s->reload ? s->reload : config; /* tried again in the next round */
        pthread_mutex_unlock(&s->mutex);
    }
    release(s, false);
}

static struct line *line_of(struct trail_sender *s, const struct trail_transfer *t, struct generation **of)
{
    for (struct generation *g = s->generations; g; g = g->next)
        if (g->config == t->config) {
            *of = g;
            return &g->lines[t->channel - g->config->channels];
        }
    return NULL;
}

/* ---- the end of an attempt ---------------------------------------------------------------- */

/* An alert whose end is never told (its rule was changed, say) is not kept alive for ever. */
static int64_t again_at(const struct trail_transfer *t, int64_t now)
{
    if (t->channel->type != TRAIL_CHANNEL_ALERTMANAGER || now - t->row.row.created > KEPT_ALIVE)
        return 0;
    return trail_alertmanager_again(t->channel, &t->message, now);
}

/* A reason with what led to it, when a message is given up. */
static void give_up(struct trail_transfer *t)
{
    char last[sizeof t->outcome.reason];
    memcpy(last, t->outcome.reason, sizeof last);
    trail_outcome_set(&t->outcome, TRAIL_DELIVERY_PARK, t->outcome.busy,
                      "given up after %u attempts; the last: %s", t->row.row.attempts, last);
}

/* Ended by us, before it was over. */
static bool was_abandoned(const struct trail_transfer *t)
{
    return t->kind != TRAIL_TRANSFER_DONE;
}

/* False: the storage failed, and has said why. */
static bool put_down(struct trail_sender *s, const struct unstored *u, const char *reason, int64_t now)
{
    const struct trail_outbox *o = s->outbox;
    enum trail_outbox_result stored = TRAIL_OUTBOX_OK;
    switch (u->delivery) {
    case TRAIL_DELIVERY_SENT: stored = o->sent(o->user, u->id, now, u->again); break;
    case TRAIL_DELIVERY_RETRY: stored = o->retry(o->user, u->id, now, u->due, reason); break;
    case TRAIL_DELIVERY_PARK: stored = o->park(o->user, u->id, now, reason); break;
    }
    return stored != TRAIL_OUTBOX_FAILED;
}

static void store(struct trail_sender *s, struct trail_transfer *t, const struct line *line, int64_t now)
{
    const struct trail_outbox_row *row = &t->row.row;
    struct unstored u = {.id = row->id, .delivery = t->outcome.delivery, .again = again_at(t, now)};
    u.due = was_abandoned(t) ? now : now + backoff(s, row->attempts);
    if (line && line->paused_until > u.due)
        u.due = line->paused_until;
    if (put_down(s, &u, t->outcome.reason, now))
        return;
    /* A message that was sent is not to be sent again, and one that was not is not to be forgotten. */
    size_t n = strlen(t->outcome.reason) + 1;
    struct unstored *kept = malloc(sizeof *kept + n);
    s->store_at = now + STORAGE_PAUSE;
    s->recovers |= !kept;
    if (!kept)
        return;
    *kept = u;
    memcpy(kept->reason, t->outcome.reason, n);
    kept->next = s->unstored;
    s->unstored = kept;
}

/* Tries again to store what could not be, and to take back what nobody has in flight. ms until the next
 * attempt; 0: all is well. */
static int64_t store_again(struct trail_sender *s)
{
    int64_t now = wall(s);
    if (!s->unstored && !s->recovers)
        return 0;
    if (now < s->store_at && s->store_at - now <= STORAGE_PAUSE)
        return s->store_at - now;
    s->store_at = now + STORAGE_PAUSE;
    while (s->unstored) {
        struct unstored *u = s->unstored;
        if (!put_down(s, u, u->reason, now))
            return STORAGE_PAUSE;
        s->unstored = u->next;
        free(u);
    }
    if (s->recovers && !s->in_flight)
        s->recovers = s->outbox->recover(s->outbox->user, now) == TRAIL_OUTBOX_FAILED;
    return s->recovers ? STORAGE_PAUSE : 0;
}

static void pace(struct trail_sender *s, struct line *line, const struct trail_outcome *outcome, int64_t now)
{
    int64_t pause = 0;
    line->in_flight--;
    if (outcome->delivery == TRAIL_DELIVERY_SENT) {
        line->failures = 0;
        line->paused_until = now < line->paused_until ? line->paused_until : 0;
        return;
    }
    if (outcome->busy && outcome->delivery == TRAIL_DELIVERY_RETRY)
        pause = backoff(s, ++line->failures);
    pause = outcome->wait > pause ? outcome->wait : pause;
    if (now + pause > line->paused_until)
        line->paused_until = now + pause;
}

static void tell(struct trail_sender *s, const struct trail_transfer *t)
{
    const struct trail_sent sent = {.channel = t->channel->name,
                                    .recipient = t->row.row.recipient,
                                    .dedup_key = t->row.row.dedup_key,
                                    .delivery = t->outcome.delivery,
                                    .attempts = t->row.row.attempts,
                                    .reason = t->outcome.reason};
    if (s->options.on_sent)
        s->options.on_sent(s->options.user, &sent);
}

/* Stores what became of it, and frees it. It is in no list any more. */
static void end_transfer(struct trail_sender *s, struct trail_transfer *t)
{
    int64_t now = wall(s);
    struct generation *g = NULL;
    struct line *line = line_of(s, t, &g);
    trail_config_redact(t->config, t->outcome.reason);
    if (t->outcome.delivery == TRAIL_DELIVERY_RETRY && !t->row.row.repeats && !was_abandoned(t) &&
        now - t->row.row.created >= t->channel->give_up)
        give_up(t);
    if (line) {
        pace(s, line, &t->outcome, now);
        g->in_flight--;
    }
    s->in_flight--;
    store(s, t, line, now);
    tell(s, t);
    if (s->multi && t->easy)
        s->curl.curl_multi_remove_handle(s->multi, t->easy);
    trail_transfer_free(t);
}

static void unlink_transfer(struct trail_sender *s, struct trail_transfer *t)
{
    struct trail_transfer **at = &s->transfers;
    while (*at && *at != t)
        at = &(*at)->next;
    if (*at)
        *at = t->next;
}

/* ---- its beginning ------------------------------------------------------------------------ */

/* libcurl, and the handle for all transfers; false: it is not to be had, and was said. */
static bool has_curl(struct trail_sender *s, struct trail_outcome *outcome)
{
    char why[300] = "out of memory";
    if (s->multi)
        return true;
    if (trail_curl_load(&s->curl, why, sizeof why))
        s->multi = s->curl.curl_multi_init();
    if (s->multi)
        return true;
    trail_outcome_set(outcome, TRAIL_DELIVERY_RETRY, true, "%s", why);
    if (!s->complained && s->options.on_problem)
        s->options.on_problem(s->options.user, why);
    s->complained = true;
    return false;
}

static void begin(struct trail_sender *s, struct generation *g, struct line *line, struct trail_transfer *t,
                  int64_t now)
{
    t->config = g->config;
    t->channel = line->channel;
    t->process = t->errors = -1;
    line->in_flight++;
    g->in_flight++;
    s->in_flight++;
    if (!trail_channel_needs_curl(line->channel) || has_curl(s, &t->outcome))
        trail_transfer_start(t, &s->curl, now);
    if (t->kind == TRAIL_TRANSFER_CURL && s->curl.curl_multi_add_handle(s->multi, t->easy) != CURLM_OK) {
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true, "libcurl takes no more");
        t->kind = TRAIL_TRANSFER_DONE;
    }
    if (t->kind == TRAIL_TRANSFER_DONE) {
        end_transfer(s, t);
        return;
    }
    t->next = s->transfers;
    s->transfers = t;
}

static void fill(struct line *line, int64_t now)
{
    const struct trail_rate *rate = &line->channel->rate;
    int64_t elapsed = now - line->filled;
    if (!rate->n)
        return;
    if (line->filled && elapsed > 0)
        line->tokens += (double)elapsed * rate->n / (double)rate->per;
    line->tokens = line->tokens > rate->n ? rate->n : line->tokens;
    line->filled = now;
}

/* ms until the channel may begin another message; 0: now; INT64_MAX: when one of its own has ended. */
static int64_t until_free(struct line *line, int64_t now)
{
    unsigned most = line->failures ? 1 : line->channel->parallel;
    const struct trail_rate *rate = &line->channel->rate;
    if (line->in_flight >= most)
        return INT64_MAX;
    if (line->paused_until > now + 2 * 86400000LL)
        line->paused_until = now; /* the clock went back by days */
    int64_t wait = line->paused_until > now ? line->paused_until - now : 0;
    fill(line, now);
    if (rate->n && line->tokens < 1) {
        int64_t token = (int64_t)((1 - line->tokens) * (double)rate->per / rate->n) + 1;
        wait = token > wait ? token : wait;
    }
    return wait;
}

/* Begins the channel's next message. */
static enum trail_outbox_result begin_next(struct trail_sender *s, struct generation *g, struct line *line,
                                           int64_t now)
{
    struct trail_transfer *t = calloc(1, sizeof *t);
    enum trail_outbox_result taken =
        t ? s->outbox->take(s->outbox->user, line->channel->name, now, &t->row) : TRAIL_OUTBOX_FAILED;
    if (taken == TRAIL_OUTBOX_OK) {
        line->tokens -= line->channel->rate.n ? 1 : 0;
        begin(s, g, line, t, now);
        return taken;
    }
    free(t);
    if (taken == TRAIL_OUTBOX_FAILED) {
        line->paused_until = now + STORAGE_PAUSE;
        s->store_at = now + STORAGE_PAUSE;
        s->recovers = true; /* it may have been taken all the same */
    }
    return taken;
}

/* Begins what the channel may begin; ms until it may go on. */
static int64_t serve(struct trail_sender *s, struct generation *g, struct line *line)
{
    for (;;) {
        int64_t now = wall(s), wait = until_free(line, now);
        int64_t due =
            wait == INT64_MAX ? INT64_MAX : s->outbox->next_due(s->outbox->user, line->channel->name);
        if (due == INT64_MAX)
            return INT64_MAX;
        if (due > now || wait > 0)
            return due - now > wait ? due - now : wait;
        switch (begin_next(s, g, line, now)) {
        case TRAIL_OUTBOX_OK: break;
        case TRAIL_OUTBOX_FAILED: return STORAGE_PAUSE;
        case TRAIL_OUTBOX_NONE: /* held back by an older message of its thread */
            return line->in_flight ? INT64_MAX : IDLE;
        }
    }
}

/* ---- waiting ------------------------------------------------------------------------------ */

/* Descriptors of ours: the bell, and processes with what they say. */
static unsigned list_descriptors(const struct trail_sender *s, struct curl_waitfd *list, bool *unwatched)
{
    unsigned n = 0;
    list[n++] = (struct curl_waitfd){.fd = s->bell, .events = CURL_WAIT_POLLIN};
    for (const struct trail_transfer *t = s->transfers; t; t = t->next) {
        if (t->kind != TRAIL_TRANSFER_PROCESS)
            continue;
        bool loud = t->n_read > LOUD;
        *unwatched |= t->process < 0 || loud || n + 2 > MAX_WAITS;
        if (t->process >= 0 && n < MAX_WAITS)
            list[n++] = (struct curl_waitfd){.fd = t->process, .events = CURL_WAIT_POLLIN};
        if (t->errors >= 0 && !loud && n < MAX_WAITS)
            list[n++] = (struct curl_waitfd){.fd = t->errors, .events = CURL_WAIT_POLLIN};
    }
    return n;
}

static int64_t until_deadline(const struct trail_sender *s, int64_t most)
{
    int64_t now = trail_time_now(CLOCK_MONOTONIC);
    for (const struct trail_transfer *t = s->transfers; t; t = t->next)
        if (t->kind == TRAIL_TRANSFER_PROCESS && t->deadline - now < most)
            most = t->deadline - now;
    return most < 0 ? 0 : most;
}

static void wait_for(struct trail_sender *s, int64_t most)
{
    struct curl_waitfd list[MAX_WAITS];
    struct pollfd plain[MAX_WAITS];
    uint64_t rings;
    bool unwatched = false;
    unsigned n = list_descriptors(s, list, &unwatched);
    most = until_deadline(s, most);
    most = unwatched && most > 50 ? 50 : most;
    if (s->multi) {
        s->curl.curl_multi_poll(s->multi, list, n, (int)most, NULL);
    } else {
        for (unsigned i = 0; i < n; i++)
            plain[i] = (struct pollfd){.fd = list[i].fd, .events = POLLIN};
        poll(plain, n, (int)most);
    }
    if (read(s->bell, &rings, sizeof rings) < 0)
        return; /* nobody rang */
}

static void end_requests(struct trail_sender *s)
{
    int running, left;
    CURLMsg *message;
    if (!s->multi)
        return;
    s->curl.curl_multi_perform(s->multi, &running);
    while ((message = s->curl.curl_multi_info_read(s->multi, &left))) {
        void *user = NULL;
        CURLcode code = message->data.result;
        if (message->msg != CURLMSG_DONE)
            continue;
        s->curl.curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &user);
        struct trail_transfer *t = user;
        trail_transfer_finish(t, code, wall(s));
        unlink_transfer(s, t);
        end_transfer(s, t);
    }
}

static void end_processes(struct trail_sender *s)
{
    int64_t now = trail_time_now(CLOCK_MONOTONIC);
    for (struct trail_transfer *t = s->transfers, *next; t; t = next) {
        next = t->next;
        if (t->kind == TRAIL_TRANSFER_PROCESS && trail_transfer_process(t, now)) {
            unlink_transfer(s, t);
            end_transfer(s, t);
        }
    }
}

/* Everything in flight goes back to the outbox. */
static void abandon(struct trail_sender *s)
{
    while (s->transfers) {
        struct trail_transfer *t = s->transfers;
        s->transfers = t->next;
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, false, "stopped before an answer came");
        end_transfer(s, t);
    }
}

static bool is_stopping(struct trail_sender *s, int64_t *left)
{
    pthread_mutex_lock(&s->mutex);
    bool stopping = s->stopping;
    *left = s->stop_at - trail_time_now(CLOCK_MONOTONIC);
    pthread_mutex_unlock(&s->mutex);
    return stopping;
}

/* A receiver that goes away is no reason to end: TLS writes to its socket without a word about signals. */
static void block_pipe_signal(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

int64_t trail_sender_round(struct trail_sender *s, int64_t most)
{
    int64_t next = INT64_MAX, left;
    block_pipe_signal();
    take_reload(s);
    bool stopping = is_stopping(s, &left);
    if (stopping)
        most = left < most ? left : most;
    int64_t stored = store_again(s);
    if (stored > 0)
        next = stored;
    for (size_t i = 0; !stopping && !s->unstored && i < s->generations->config->n_channels; i++) {
        int64_t wait = serve(s, s->generations, &s->generations->lines[i]);
        next = wait < next ? wait : next;
    }
    size_t before = s->in_flight;
    end_requests(s);
    if (s->in_flight == before && (s->in_flight || most > 0))
        wait_for(s, next < most ? next : most < 0 ? 0 : most);
    end_requests(s);
    end_processes(s);
    return s->in_flight < before ? 0 : next;
}

size_t trail_sender_in_flight(const struct trail_sender *s)
{
    return s->in_flight;
}

void trail_sender_run(struct trail_sender *s)
{
    int64_t left;
    s->recovers = true;
    while (!is_stopping(s, &left) || (s->in_flight && left > 0))
        trail_sender_round(s, IDLE);
    abandon(s);
}

/* ---- from other threads ------------------------------------------------------------------- */

void trail_sender_wake(struct trail_sender *s)
{
    uint64_t one = 1;
    if (write(s->bell, &one, sizeof one) < 0)
        return; /* it has rung so often that it cannot be missed */
}

void trail_sender_stop(struct trail_sender *s, int64_t grace)
{
    pthread_mutex_lock(&s->mutex);
    s->stopping = true;
    s->stop_at = trail_time_now(CLOCK_MONOTONIC) + grace;
    pthread_mutex_unlock(&s->mutex);
    trail_sender_wake(s);
}

void trail_sender_reload(struct trail_sender *s, const struct trail_config *config)
{
    pthread_mutex_lock(&s->mutex);
    const struct trail_config *never_used = s->reload;
    s->reload = config;
    pthread_mutex_unlock(&s->mutex);
    if (never_used && s->options.on_released)
        s->options.on_released(s->options.user, never_used);
    trail_sender_wake(s);
}

/* ---- its life ----------------------------------------------------------------------------- */

struct trail_sender *trail_sender_new(const struct trail_config *config, const struct trail_outbox *outbox,
                                      const struct trail_sender_options *options)
{
    struct trail_sender *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->outbox = outbox;
    s->options = *options;
    s->random = options->seed;
    if (!s->random && getrandom(&s->random, sizeof s->random, GRND_NONBLOCK) != (ssize_t)sizeof s->random)
        s->random = (uint64_t)trail_time_now(CLOCK_REALTIME);
    s->random |= 1;
    pthread_mutex_init(&s->mutex, NULL);
    s->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (s->bell >= 0 && add_generation(s, config))
        return s;
    trail_sender_free(s);
    return NULL;
}

void trail_sender_free(struct trail_sender *s)
{
    if (!s)
        return;
    abandon(s);
    release(s, true);
    s->store_at = 0;
    /* For the last time: at the next start what is left counts as in flight, and is sent again. */
    store_again(s);
    while (s->unstored) {
        struct unstored *next = s->unstored->next;
        free(s->unstored);
        s->unstored = next;
    }
    if (s->multi)
        s->curl.curl_multi_cleanup(s->multi);
    if (s->bell >= 0)
        close(s->bell);
    pthread_mutex_destroy(&s->mutex);
    free(s);
}
