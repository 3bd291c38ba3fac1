/*
 * service.c - see service.h.
 */
#include "service.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "http.h"

enum { STATUS = 10000 }; /* ms between status lines for the supervisor */

struct run {
    const struct service *service;
    struct live *live;
    int signals; /* a signalfd */
    sigset_t before;
    struct metrics metrics;
    struct http *http;
    bool ending;
    int64_t watchdog, next_watchdog, next_status;
};

static int64_t steady(const struct run *r)
{
    const struct trail_clock *c = r->service->live.clock;
    return c->steady(c->user);
}

/* ---- signals ---- */

static bool take_signals(struct run *r)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &set, &r->before) != 0)
        return false;
    r->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return r->signals >= 0;
}

/* From now on they do what they do anywhere: a second one ends the process. */
static void give_signals_back(struct run *r)
{
    if (r->signals >= 0)
        close(r->signals);
    r->signals = -1;
    sigprocmask(SIG_SETMASK, &r->before, NULL);
}

static void reload(struct run *r)
{
    const struct service *s = r->service;
    supervisor_tell_reloading();
    if (!s->reload)
        s->say(s->user, SUPERVISOR_WARNING, "SIGHUP: there is no configuration to be read again");
    else if (s->reload(s->user))
        s->say(s->user, SUPERVISOR_INFO, "the configuration was read again");
    supervisor_tell("READY=1");
}

static void handle_signals(struct run *r)
{
    struct signalfd_siginfo info;
    while (r->signals >= 0 && read(r->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGHUP) {
            reload(r);
            continue;
        }
        r->ending = true;
        give_signals_back(r);
    }
}

/* ---- the supervisor ---- */

static void tell_supervisor(struct run *r)
{
    int64_t now = steady(r);
    if (r->watchdog > 0 && now >= r->next_watchdog) {
        supervisor_tell("WATCHDOG=1");
        r->next_watchdog = now + r->watchdog;
    }
    if (now < r->next_status)
        return;
    struct live_stats stats;
    char text[200];
    live_stats(r->live, &stats);
    snprintf(text, sizeof text, "STATUS=%zu files, %llu events, %llu matched, %zu inputs fail%s", stats.files,
             (unsigned long long)stats.stats.records, (unsigned long long)stats.stats.matched, stats.failing,
             stats.caught_up ? "" : "; reading what was there");
    supervisor_tell(text);
    r->next_status = now + STATUS;
}

static int64_t due(const struct run *r)
{
    return r->watchdog > 0 && r->next_watchdog < r->next_status ? r->next_watchdog : r->next_status;
}

/* ---- running ---- */

/* A picture for those who ask; nobody can where there is no server. */
static void take_metrics(struct run *r)
{
    const struct service *s = r->service;
    size_t n = 0;
    if (!s->http)
        return;
    struct metrics_channel *channels = s->delivery ? delivery_channels(s->delivery, &n) : NULL;
    metrics_take(&r->metrics, r->live, channels, channels ? n : 0, s->live.clock);
}

static void rounds(struct run *r)
{
    const struct service *s = r->service;
    while (!r->ending) {
        struct pollfd fds[] = {{.fd = r->signals, .events = POLLIN}};
        enum live_went went = live_turn(r->live, fds, 1, due(r));
        s->flush(s->user);
        take_metrics(r);
        tell_supervisor(r);
        handle_signals(r);
        if (went != LIVE_ON)
            return;
    }
}

/* False: it was said why. */
static bool start_server(struct run *r)
{
    const struct service *s = r->service;
    char why[256], text[160];
    take_metrics(r);
    if (!s->http)
        return true;
    r->http = http_start(s->http, &r->metrics, s->live.clock, why);
    if (!r->http) {
        s->say(s->user, SUPERVISOR_ERROR, why);
        return false;
    }
    snprintf(text, sizeof text, "listening at %s", http_url(r->http));
    s->say(s->user, SUPERVISOR_INFO, text);
    return true;
}

static enum trail_status end(struct run *r)
{
    const struct service *s = r->service;
    supervisor_tell("STOPPING=1");
    give_signals_back(r);
    live_drain(r->live);
    live_finish(r->live);
    s->flush(s->user);
    enum trail_status status = live_outcome(r->live);
    /* What was damaged or failed on the way was said then: a service that is told to end has done its work. */
    return r->ending && status == TRAIL_DAMAGED ? TRAIL_OK : status;
}

/* Needs the signals. */
static enum trail_status serve(struct run *r)
{
    const struct service *s = r->service;
    enum trail_status status;
    r->live = live_new(s->pack, &s->live, &status);
    *s->engine = r->live;
    if (!r->live)
        return status;
    if (!start_server(r))
        return TRAIL_INVALID;
    if (s->delivery && !delivery_start(s->delivery)) {
        s->say(s->user, SUPERVISOR_ERROR, "no thread can be made to send what alerts say");
        return TRAIL_INVALID;
    }
    r->watchdog = supervisor_watchdog();
    supervisor_tell("READY=1");
    rounds(r);
    return end(r);
}

enum trail_status service_run(const struct service *s)
{
    struct run r = {.service = s, .signals = -1};
    if (!take_signals(&r)) {
        s->say(s->user, SUPERVISOR_ERROR, "signals cannot be taken");
        return TRAIL_INVALID;
    }
    enum trail_status status = metrics_start(&r.metrics, s->pack) ? serve(&r) : TRAIL_NO_MEMORY;
    http_stop(r.http);
    metrics_end(&r.metrics);
    if (r.signals >= 0)
        give_signals_back(&r);
    return status;
}
