/*
 * world.c - what happens in the world: its clock, and who writes which logs.
 */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <isa-l/igzip_lib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* splitmix64 (Steele, Lea, Flood 2014). */
uint64_t draw(struct world *w, uint64_t below)
{
    uint64_t z = w->random += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (z ^ z >> 31) % below;
}

static void fail(const char *what, const char *path)
{
    fprintf(stderr, "simulation: %s %s: %s\n", what, path, strerror(errno));
    exit(2);
}

static void note(const struct world *w, const char *what, const char *path)
{
    if (w->verbose)
        printf("# %7lld %s %s\n", (long long)(w->now - BEGIN) / 1000, what, path);
}

/* ---- events ---- */

/* A new event, dated no longer ago than it may be late. Returns its line. */
static size_t make_event(struct world *w, char *to, size_t room)
{
    if (w->n_events == MAX_EVENTS)
        return 0;
    struct event *e = &w->events[w->n_events++];
    uint64_t delay = draw(w, 4) ? draw(w, 6) : draw(w, (uint64_t)(w->lateness / TICK) - 1);
    bool crowd = draw(w, 3) > 0;
    *e = (struct event){.kind = crowd ? LOGIN : (enum kind)(draw(w, 5) ? OTHER : ADMIN),
                        .user = (unsigned)draw(w, N_USERS),
                        .id = w->n_events,
                        .time = w->now / TICK * TICK - (int64_t)delay * TICK};
    char what[64];
    snprintf(what, sizeof what, "e%u of %lld, kind %d, u%u", e->id, (long long)(e->time - BEGIN) / 1000,
             (int)e->kind, e->user);
    note(w, "event", what);
    static const char *const names[] = {"ConsoleLogin", "AddUserToGroup", "ListUsers"};
    return (size_t)snprintf(to, room,
                            "{\"eventTime\":\"%" PRId64
                            "\",\"eventName\":\"%s\",\"eventID\":\"e%u\",\"userIdentity\":"
                            "{\"userName\":\"u%u\"}}\n",
                            e->time / 1000, names[e->kind], e->id, e->user);
}

/* ---- files ---- */

static void put(const char *path, int flags, const char *bytes, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644);
    if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
        fail("write", path);
    close(fd);
}

static void append(const char *path, const char *bytes, size_t n)
{
    put(path, O_APPEND, bytes, n);
}

/* The rest of a line that was half written. */
static void finish_line(struct writer *f)
{
    append(f->path, f->rest, strlen(f->rest));
    f->rest[0] = 0;
}

static void write_events(struct world *w, struct writer *f)
{
    char line[256];
    note(w, "append", f->path);
    f->filled = f->filled ? f->filled : w->now;
    finish_line(f);
    for (uint64_t n = 1 + draw(w, 6); n > 0; n--) {
        size_t m = make_event(w, line, sizeof line), half = m;
        if (n == 1 && m > 0 && draw(w, 3) == 0)
            half = 1 + draw(w, m - 1);
        append(f->path, line, half);
        snprintf(f->rest, sizeof f->rest, "%s", line + half);
    }
}

static void shift(struct writer *f)
{
    char from[128], to[128];
    for (unsigned i = f->rotated; i > 0; i--) {
        snprintf(from, sizeof from, "%s.%u", f->path, i);
        snprintf(to, sizeof to, "%s.%u", f->path, i + 1);
        if (rename(from, to) != 0)
            fail("rename", from);
    }
    f->rotated++;
}

static void rotate_by_name(struct world *w, struct writer *f)
{
    char to[128];
    note(w, "rename", f->path);
    if (access(f->path, F_OK) != 0)
        return;
    shift(f);
    f->filled = 0;
    snprintf(to, sizeof to, "%s.1", f->path);
    if (rename(f->path, to) != 0)
        fail("rename", f->path);
    append(to, f->rest, strlen(f->rest)); /* the writer still has the old one open */
    f->rest[0] = 0;
    if (f == &w->log || draw(w, 2))
        put(f->path, 0, "", 0);
}

static size_t read_whole(const char *path, char **to)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0)
        fail("open", path);
    *to = malloc((size_t)st.st_size + 1);
    if (!*to || read(fd, *to, (size_t)st.st_size) != st.st_size)
        fail("read", path);
    close(fd);
    return (size_t)st.st_size;
}

static void rotate_by_copy(struct world *w, struct writer *f)
{
    char to[128], *bytes;
    /* Who has never seen anything in a file cannot know that it was emptied. */
    if (f->filled == 0 || w->now - f->filled < 2000)
        return;
    note(w, "copytruncate", f->path);
    finish_line(f);
    if (draw(w, 2))
        write_events(w, f); /* what nobody has read when it is copied */
    finish_line(f);
    shift(f);
    snprintf(to, sizeof to, "%s.1", f->path);
    size_t n = read_whole(f->path, &bytes);
    put(to, O_TRUNC, bytes, n);
    put(f->path, O_TRUNC, "", 0);
    f->filled = 0;
    free(bytes);
    if (draw(w, 2))
        write_events(w, f);
}

static void write_file(struct world *w, struct writer *f)
{
    switch (draw(w, 12)) {
    case 0: rotate_by_name(w, f); break;
    case 1: rotate_by_copy(w, f); break;
    default: write_events(w, f);
    }
}

/* ---- deliveries ---- */

static size_t deflate_gzip(const char *from, size_t n, char *to, size_t room)
{
    struct isal_zstream s;
    isal_deflate_init(&s);
    s.gzip_flag = IGZIP_GZIP;
    s.end_of_stream = 1;
    s.next_in = (uint8_t *)(uintptr_t)from;
    s.avail_in = (uint32_t)n;
    s.next_out = (uint8_t *)to;
    s.avail_out = (uint32_t)room;
    if (isal_deflate(&s) != COMP_OK)
        fail("deflate", "");
    return room - s.avail_out;
}

/* A file of a trail, as S3 brings it: whole by a rename, in pieces, or twice. */
static void deliver(struct world *w)
{
    char text[4096] = "{\"Records\":[", packed[8192], path[160], other[176];
    size_t n = strlen(text);
    unsigned first = w->n_events;
    for (uint64_t i = 1 + draw(w, 8); i > 0; i--) {
        size_t m = make_event(w, text + n, sizeof text - n - 8);
        if (m > 0)
            n += m - 1;
        text[n++] = i > 1 && m > 0 ? ',' : ' ';
    }
    while (text[n - 1] == ',' || text[n - 1] == ' ')
        n--;
    n += (size_t)snprintf(text + n, sizeof text - n, "]}");
    n = deflate_gzip(text, n, packed, sizeof packed);
    snprintf(path, sizeof path, "%s/tree/s3-%" PRIu64, w->directory, draw(w, 4));
    mkdir(path, 0755);
    snprintf(path + strlen(path), sizeof path - strlen(path), "/%u.json.gz", ++w->delivered);
    note(w, "deliver", path);
    if (draw(w, 2)) {
        snprintf(other, sizeof other, "%s/coming", w->directory);
        put(other, O_TRUNC, packed, n);
        if (rename(other, path) != 0)
            fail("rename", other);
    } else {
        put(path, 0, packed, n / 2);
        append(path, packed + n / 2, n - n / 2);
    }
    if (draw(w, 5) == 0) {
        snprintf(other, sizeof other, "%s.again.gz", path);
        put(other, O_TRUNC, packed, n);
        for (unsigned i = first; i < w->n_events; i++)
            w->twice += w->events[i].kind != OTHER;
    }
}

static void pour(struct world *w)
{
    char line[256];
    note(w, "pipe", "");
    size_t n = make_event(w, line, sizeof line);
    if (write(w->fifo, line, n) != (ssize_t)n)
        fail("write", "pipe");
}

/* ---- the clock ---- */

/* Nobody keeps half a line for long: its event would be late. */
static bool finish_lines(struct world *w)
{
    struct writer *all[] = {&w->log, &w->tree[0], &w->tree[1], &w->tree[2]};
    bool any = false;
    for (unsigned i = 0; i < 4; i++)
        any |= all[i]->rest[0] != 0;
    for (unsigned i = 0; i < 4 && any; i++)
        if (all[i]->rest[0])
            finish_line(all[i]);
    return any;
}

static void happen(struct world *w)
{
    if (draw(w, 2))
        finish_lines(w);
    if (w->crashes && !w->down && draw(w, 12) == 0) {
        w->down = true;
        w->orderly = draw(w, 3) == 0;
        note(w, w->orderly ? "end" : "crash", "");
    }
    switch (draw(w, w->crashes ? 8 : 10)) {
    case 0:
    case 1:
    case 2: write_file(w, &w->log); break;
    case 3:
    case 4:
    case 5: write_file(w, &w->tree[draw(w, 3)]); break;
    case 6:
    case 7: deliver(w); break;
    default: pour(w);
    }
    static const int64_t gaps[] = {100, 1000, 20000, 2 * MINUTE, 20 * MINUTE, 70 * MINUTE};
    w->next = w->now + 1 + (int64_t)draw(w, (uint64_t)gaps[draw(w, 5 + (draw(w, 4) == 0))]);
    if (w->next > w->now + 2000 && finish_lines(w))
        note(w, "finish", "");
}

static int64_t get_now(void *user)
{
    return ((const struct world *)user)->now;
}

static int64_t get_steady(void *user)
{
    return ((const struct world *)user)->steady;
}

static void pass(struct world *w, int64_t to)
{
    if (to > w->now) {
        w->steady += to - w->now;
        w->now = to;
    }
}

static int wait(void *user, struct pollfd *fds, nfds_t n, int64_t until)
{
    struct world *w = user;
    int ready = poll(fds, n, 0);
    if (ready > 0)
        return ready;
    int64_t wall = until - w->steady > HOUR ? w->now + HOUR : w->now + until - w->steady;
    if (w->next <= wall && w->next < w->until - 5 * MINUTE) {
        pass(w, w->next);
        happen(w);
    } else if (wall < w->until) {
        pass(w, wall);
    } else {
        pass(w, w->until);
        w->over = true;
    }
    return poll(fds, n, 0);
}

void world_restart(struct world *w)
{
    /* Not so long that what is written meanwhile is late when it is read. */
    int64_t up = w->now + (int64_t)draw(w, 90000);
    finish_lines(w);
    while (w->next <= up && w->next < w->until - 5 * MINUTE) {
        pass(w, w->next);
        happen(w);
    }
    finish_lines(w);
    pass(w, up);
    note(w, "start", "");
    w->down = w->orderly = false;
}

void world_begin(struct world *w, uint64_t seed, const char *directory, bool verbose)
{
    char path[96];
    *w = (struct world){.seed = seed, .random = seed, .now = BEGIN, .steady = 1000000, .verbose = verbose};
    snprintf(w->directory, sizeof w->directory, "%s", directory);
    w->lateness = (2 + (int64_t)draw(w, 14)) * MINUTE;
    w->clock = (struct trail_clock){w, get_now, get_steady, wait};
    w->tells = draw(w, 8) > 0;
    w->crashes = seed % 2 == 0;
    w->log_bytes = draw(w, 2) ? 1 : 0;
    snprintf(w->log.path, sizeof w->log.path, "%s/app.log", directory);
    snprintf(path, sizeof path, "%s/tree", directory);
    mkdir(directory, 0755);
    mkdir(path, 0755);
    for (unsigned i = 0; i < 3; i++)
        snprintf(w->tree[i].path, sizeof w->tree[i].path, "%s/tree/host%u.log", directory, i);
    snprintf(path, sizeof path, "%s/pipe", directory);
    if (mkfifo(path, 0600) != 0 || (w->fifo = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK)) < 0)
        fail("mkfifo", path);
    for (uint64_t n = draw(w, 4); n > 0; n--)
        write_events(w, draw(w, 2) ? &w->log : &w->tree[draw(w, 3)]);
    put(w->log.path, 0, "", 0);
    w->next = w->now + 1;
    w->until = BEGIN + HOUR + (int64_t)draw(w, w->tells ? 6 * 60 : 10) * MINUTE;
}

void world_end(struct world *w)
{
    char command[96];
    close(w->fifo);
    snprintf(command, sizeof command, "rm -rf '%s'", w->directory);
    if (system(command) != 0)
        fail("rm", w->directory);
}
