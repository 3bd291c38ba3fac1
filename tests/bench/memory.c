/*
 * memory.c - a pack over bytes in memory: what libtrail does with them, without opening and without a process.
 *
 *     memory [--label] FILE
 *
 * Loads the file, then times one scan of it on one thread: fed to the library, with --label as a log of the application
 * prod-trail, which the alert on silence wants. Alerts are made and thrown away. Linked with the C that
 * `trailc emit` makes of rules/cloudtrail-ten.
 */
#include <string.h>

#include "pack.h"
#include "peers/memory.h"
#include "trail/trail.h"

enum { PIECE = 1 << 20 };

static void count_alert(void *user, const struct trail_fired *fired)
{
    (void)fired;
    ++*(size_t *)user;
}

static void fail(const char *what)
{
    fprintf(stderr, "memory: %s\n", what);
    exit(1);
}

static enum trail_status feed(struct trail *t, bool label, const char *p, size_t n)
{
    struct trail_input_labels labels = {.application = {"prod-trail", strlen("prod-trail")}};
    trail_feed_begin(t, NULL, label ? &labels : NULL);
    for (size_t at = 0; at < n; at += PIECE)
        trail_feed(t, p + at, n - at < PIECE ? n - at : PIECE);
    return trail_feed(t, NULL, 0);
}

int main(int argc, char **argv)
{
    bool label = argc > 2 && strcmp(argv[1], "--label") == 0;
    if (argc != 2 + label) {
        fputs("usage: memory [--label] FILE\n", stderr);
        return 2;
    }
    size_t n, alerts = 0;
    char *p = peer_load(argv[argc - 1], &n);
    struct trail_options options = {.on_alert = count_alert, .user = &alerts, .threads = 1};

    double start = peer_now();
    struct trail *t = trail_new(&cloudtrail_ten_pack, &options, NULL);
    if (!t)
        fail("cannot start");
    enum trail_status status = feed(t, label, p, n);
    if (status == TRAIL_OK)
        status = trail_finish(t);
    peer_tell(peer_now() - start);

    struct trail_stats stats;
    trail_stats(t, &stats);
    printf("%llu records, %llu matched, %zu alerts\n", (unsigned long long)stats.records,
           (unsigned long long)stats.matched, alerts);
    trail_free(t);
    free(p);
    return status == TRAIL_OK && stats.records > 0 ? 0 : 1;
}
