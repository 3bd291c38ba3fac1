/*
 * memory.c - a pack over bytes in memory: what libtrail does with them, without opening and without a process.
 *
 *     memory [--label] FILE
 *
 * Loads the file, then times one scan of it on one thread: fed to the library, or, with --label, as a scan of a
 * file that lives in memory alone (memfd), for what is fed has no labels, and an alert on silence wants one. Alerts are
 * made and thrown away. Linked with the C that `trailc emit` makes of rules/cloudtrail-ten.
 */
#include <string.h>
#include <sys/mman.h>

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

static enum trail_status feed(struct trail *t, const char *p, size_t n)
{
    for (size_t at = 0; at < n; at += PIECE)
        trail_feed(t, p + at, n - at < PIECE ? n - at : PIECE);
    return trail_feed(t, NULL, 0);
}

/* A path of a file in memory with these bytes. */
static const char *keep(const char *p, size_t n)
{
    static char path[64];
    int fd = memfd_create("input", MFD_CLOEXEC);
    for (size_t at = 0; fd >= 0 && at < n;) {
        ssize_t got = write(fd, p + at, n - at);
        if (got <= 0)
            fail("no room for the input");
        at += (size_t)got;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return path;
}

static enum trail_status scan(struct trail *t, const char *path)
{
    struct trail_input_labels labels = {.application = {"prod-trail", strlen("prod-trail")}};
    return trail_scan(t, path, &labels);
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
    const char *path = label ? keep(p, n) : NULL;
    struct trail_options options = {.on_alert = count_alert, .user = &alerts, .threads = 1};

    double start = peer_now();
    struct trail *t = trail_new(&cloudtrail_ten_pack, &options, NULL);
    if (!t)
        fail("cannot start");
    enum trail_status status = label ? scan(t, path) : feed(t, p, n);
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
