/*
 * metrics.c - see metrics.h. Names and units follow Prometheus' conventions, which `promtool check metrics` holds
 * them to.
 */
#include "metrics.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { HEALTHY = 60000 }; /* ms since the engine came by: it does so each ten seconds at least */

bool metrics_start(struct metrics *m, const struct trail_pack *pack)
{
    *m = (struct metrics){.pack = pack, .stores = true};
    m->alerts = calloc(pack->n_alerts + 1, sizeof *m->alerts);
    return m->alerts && pthread_mutex_init(&m->mutex, NULL) == 0;
}

void metrics_end(struct metrics *m)
{
    pthread_mutex_destroy(&m->mutex);
    free(m->alerts);
    free(m->channels);
}

void metrics_take(struct metrics *m, const struct live *l, struct metrics_channel *channels,
                  size_t n_channels, const struct trail_clock *clock)
{
    struct live_stats before = m->stats;
    pthread_mutex_lock(&m->mutex);
    live_stats(l, &m->stats);
    for (size_t i = 0; i < m->pack->n_alerts; i++) {
        struct trail_counts counts = live_counts(l, i);
        m->alerts[i] = (struct metrics_alert){counts.hits, counts.fired, counts.undecided};
    }
    free(m->channels);
    m->channels = channels;
    m->n_channels = n_channels;
    if (m->started == 0)
        m->started = clock->now(clock->user);
    m->steady = clock->steady(clock->user);
    if (m->stats.commits != before.commits || m->stats.failed_commits != before.failed_commits)
        m->stores = m->stats.failed_commits == before.failed_commits;
    pthread_mutex_unlock(&m->mutex);
}

bool metrics_is_healthy(struct metrics *m, int64_t steady)
{
    pthread_mutex_lock(&m->mutex);
    bool healthy = steady - m->steady < HEALTHY;
    pthread_mutex_unlock(&m->mutex);
    return healthy;
}

bool metrics_is_ready(struct metrics *m)
{
    pthread_mutex_lock(&m->mutex);
    bool ready = m->stats.caught_up && m->stores;
    pthread_mutex_unlock(&m->mutex);
    return ready;
}

/* ---- the text ---- */

static void head(struct trail_text *to, const char *name, const char *type, const char *help)
{
    trail_text_addf(to, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* A label's value: backslash, quote and line feed are escaped, as the format says. */
static void add_label(struct trail_text *to, const char *label, const char *value)
{
    trail_text_addf(to, "{%s=\"", label);
    for (const char *p = value; *p; p++) {
        if (*p == '\\' || *p == '"')
            trail_text_add(to, "\\", 1);
        if (*p == '\n')
            trail_text_add(to, "\\n", 2);
        else
            trail_text_add(to, p, 1);
    }
    trail_text_add(to, "\"}", 2);
}

static void add_sample(struct trail_text *to, const char *name, const char *label, const char *value,
                       uint64_t n)
{
    trail_text_add(to, name, strlen(name));
    add_label(to, label, value);
    trail_text_addf(to, " %" PRIu64 "\n", n);
}

static void number(struct trail_text *to, const char *name, const char *type, uint64_t n, const char *help)
{
    head(to, name, type, help);
    trail_text_addf(to, "%s %" PRIu64 "\n", name, n);
}

static void seconds(struct trail_text *to, const char *name, int64_t ms, const char *help)
{
    head(to, name, "gauge", help);
    trail_text_addf(to, "%s %.3f\n", name, (double)ms / 1000);
}

static void print_events(const struct metrics *m, struct trail_text *to)
{
    const struct trail_stats *s = &m->stats.stats;
    static const char records[] = "trailc_records_total";
    head(to, records, "counter", "Records read, by what became of them.");
    add_sample(to, records, "verdict", "matched", s->matched);
    add_sample(to, records, "verdict", "unmatched", s->unmatched);
    add_sample(to, records, "verdict", "rejected", s->rejected);
    number(to, "trailc_input_bytes_total", "counter", s->bytes, "Bytes read, inflated.");
    number(to, "trailc_late_total", "counter", s->late, "Matching events that came too late to be counted.");
    number(to, "trailc_duplicates_total", "counter", s->duplicates, "Matching events that had come before.");
    number(to, "trailc_undated_total", "counter", s->undated, "Matching events without a readable time.");
    number(to, "trailc_future_total", "counter", s->future, "Matching events dated past the clock.");
    number(to, "trailc_early_total", "counter", s->early,
           "Matching events counted before their turn, because there was no room to wait.");
    number(to, "trailc_lost_total", "counter", s->lost,
           "Matching events that waited on disk and could not be read back.");
}

static void print_alerts(const struct metrics *m, struct trail_text *to)
{
    head(to, "trailc_hits_total", "counter", "Matching events, by alert.");
    for (size_t i = 0; i < m->pack->n_alerts; i++)
        add_sample(to, "trailc_hits_total", "alert", m->pack->alerts[i].id, m->alerts[i].hits);
    head(to, "trailc_alerts_total", "counter", "Notifications that something fires, by alert.");
    for (size_t i = 0; i < m->pack->n_alerts; i++)
        add_sample(to, "trailc_alerts_total", "alert", m->pack->alerts[i].id, m->alerts[i].fired);
    head(to, "trailc_alert_undecided", "gauge", "Whether the alert's silence has no answer.");
    for (size_t i = 0; i < m->pack->n_alerts; i++)
        add_sample(to, "trailc_alert_undecided", "alert", m->pack->alerts[i].id, m->alerts[i].undecided);
}

static void print_inputs(const struct metrics *m, int64_t now, struct trail_text *to)
{
    const struct live_stats *s = &m->stats;
    number(to, "trailc_files", "gauge", s->files, "Files that are followed.");
    number(to, "trailc_open_files", "gauge", s->open_files, "Those of them that are open.");
    number(to, "trailc_waiting_files", "gauge", s->waiting, "Those of them that may have more to be read.");
    number(to, "trailc_failing_inputs", "gauge", s->failing, "Inputs that cannot be read.");
    number(to, "trailc_groups", "gauge", s->groups, "Groups that are counted.");
    number(to, "trailc_pending_hits", "gauge", s->pending,
           "Matching events that wait for their turn to be counted.");
    if (s->newest != TRAIL_NO_TIME)
        seconds(to, "trailc_lag_seconds", now - s->newest, "How far the newest event is behind the clock.");
    if (s->watermark != TRAIL_NO_TIME)
        seconds(to, "trailc_watermark_timestamp_seconds", s->watermark,
                "Up to here everything is decided, in the events' time.");
    number(to, "trailc_commits_total", "counter", s->commits, "Batches that were stored.");
    number(to, "trailc_failed_commits_total", "counter", s->failed_commits,
           "Batches that could not be stored at first.");
}

static void print_channels(const struct metrics *m, struct trail_text *to)
{
    static const char outbox[] = "trailc_outbox_messages", sends[] = "trailc_sends_total",
                      held[] = "trailc_held_total";
    if (m->n_channels == 0)
        return;
    head(to, outbox, "gauge", "Messages that wait to be sent, by channel.");
    for (size_t i = 0; i < m->n_channels; i++)
        add_sample(to, outbox, "channel", m->channels[i].name, m->channels[i].waiting);
    head(to, held, "counter", "Notifications that a mute or quiet hours held back, by channel.");
    for (size_t i = 0; i < m->n_channels; i++)
        add_sample(to, held, "channel", m->channels[i].name, m->channels[i].held);
    head(to, sends, "counter", "Messages that were sent, by channel and result.");
    for (size_t i = 0; i < m->n_channels; i++) {
        const struct metrics_channel *c = &m->channels[i];
        const struct {
            const char *result;
            uint64_t n;
        } results[] = {{"sent", c->sent}, {"retried", c->retried}, {"refused", c->refused}};
        for (size_t j = 0; j < sizeof results / sizeof *results; j++) {
            struct trail_text label = {0};
            add_label(&label, "channel", c->name);
            if (label.n > 0 && !label.failed)
                trail_text_addf(to, "%s%.*s,result=\"%s\"} %" PRIu64 "\n", sends, (int)label.n - 1, label.p,
                                results[j].result, results[j].n);
            trail_text_free(&label);
        }
    }
}

static uint64_t count_descriptors(void)
{
    uint64_t n = 0;
    DIR *d = opendir("/proc/self/fd");
    for (struct dirent *e; d && (e = readdir(d));)
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n > 0 ? n - 1 : 0; /* its own */
}

static uint64_t resident_bytes(void)
{
    unsigned long long size = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f)
        return 0;
    if (fscanf(f, "%llu %llu", &size, &resident) != 2)
        resident = 0;
    fclose(f);
    return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void print_process(const struct metrics *m, struct trail_text *to)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    head(to, "process_cpu_seconds_total", "counter", "Processor time.");
    trail_text_addf(to, "process_cpu_seconds_total %.3f\n",
                    (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
                        (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6);
    number(to, "process_resident_memory_bytes", "gauge", resident_bytes(), "Memory in use.");
    number(to, "process_open_fds", "gauge", count_descriptors(), "Open file descriptors.");
    head(to, "process_start_time_seconds", "gauge", "When the process began, in seconds since 1970.");
    trail_text_addf(to, "process_start_time_seconds %.3f\n", (double)m->started / 1000);
}

void metrics_print(struct metrics *m, int64_t now, struct trail_text *to)
{
    pthread_mutex_lock(&m->mutex);
    head(to, "trailc_pack_info", "gauge", "The pack that was compiled in.");
    trail_text_add(to, "trailc_pack_info", strlen("trailc_pack_info"));
    add_label(to, "pack", m->pack->name);
    to->n -= to->failed ? 0 : 1; /* the brace */
    trail_text_addf(to, ",hash=\"%s\"} 1\n", m->pack->hash);
    print_events(m, to);
    print_alerts(m, to);
    print_inputs(m, now, to);
    print_channels(m, to);
    pthread_mutex_unlock(&m->mutex);
    print_process(m, to);
}
