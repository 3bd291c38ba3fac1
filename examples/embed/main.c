/*
 * main.c - a scanner of one's own: reads a log from standard input, prints each alert in a line, and at the
 * end says who had most matching events. Rules come compiled from ../windows, reading and counting from
 * libtrail.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"
#include "trail/trail.h"

struct desk {
    size_t alerts;
    unsigned long hits[ALERTS]; /* enum alert of pack.h, in the order of the pack */
};

static void on_hit(void *user, const struct trail_hit *hit)
{
    struct desk *desk = user;
    desk->hits[hit->alert - windows_pack.alerts]++;
}

/* Texts that come from the log are escaped already: safe for a terminal. */
static void on_alert(void *user, const struct trail_fired *fired)
{
    struct desk *desk = user;
    desk->alerts++;
    printf("P%u %s: %s %.*s\n", fired->priority, fired->alert->name, fired->reason, (int)fired->group.n,
           fired->group.n ? fired->group.p : "");
}

static void on_problem(void *user, const char *message)
{
    (void)user;
    fprintf(stderr, "%s\n", message);
}

int main(void)
{
    struct desk desk = {0};
    struct trail_options options = {
        .on_hit = on_hit, .on_alert = on_alert, .on_problem = on_problem, .user = &desk, .threads = 1};
    enum trail_status status;
    struct trail *trail = trail_new(&windows_pack, &options, &status);
    if (!trail) {
        fprintf(stderr, "embed: cannot start (%d)\n", (int)status);
        return 2;
    }

    char piece[4096]; /* of any size: records need not end where pieces do */
    for (size_t n; (n = fread(piece, 1, sizeof piece, stdin)) > 0;)
        trail_feed(trail, piece, n);
    trail_feed(trail, NULL, 0);
    status = trail_finish(trail);

    struct trail_stats stats;
    trail_stats(trail, &stats);
    printf("%llu records, %zu alerts\n", (unsigned long long)stats.records, desk.alerts);
    for (size_t i = 0; i < windows_pack.n_alerts; i++)
        printf("%lu matching: %s\n", desk.hits[i], windows_pack.alerts[i].name);
    trail_free(trail);
    return status == TRAIL_OK ? 0 : 1;
}
