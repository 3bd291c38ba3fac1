/*
 * live.c - see live.h.
 */
#include "live.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/take.h"
#include "notify/terminal.h"
#include "window/timestamp.h"

enum {
    PIECE = 256 << 10, /* read at once */
    ROUND = 4 << 20,   /* bytes of a round: then time moves on, and others have their turn */
    GREEDY = 64 << 20, /* bytes of one file before the others have their turn */
    SETTLE = 60000,    /* ms: a compressed file that is cut off is waited for */
    COMMIT = 1000,     /* ms between commits while nothing urgent is there */
    MAX_WAIT = 60000,  /* ms: the clock may be set meanwhile */
    DRAIN = 5000,      /* ms: a writer may go on for ever */
    MAX_OTHERS = 16,   /* descriptors of the caller's */
};

/* An input that cannot be read from where one likes: standard input, a pipe, a device. */
struct pipe_input {
    const char *path;
    size_t given;
    int fd; /* -1: ended */
    struct stream stream;
    const char *kept;
    int64_t newest, moved_at;
};

/* Files that something is to be done for. */
struct tails {
    struct tail **at;
    size_t n, room;
};

struct live {
    struct live_config config;
    struct take take;
    struct worker *worker;
    struct tree *tree;
    struct pipe_input *pipes;
    size_t n_pipes;
    const char **roots;     /* of the tree */
    size_t *given, n_roots; /* which inputs these are */
    unsigned *failing;      /* of each input: how much of it fails */
    struct tails active;    /* read, and not idle */
    struct tails changed;   /* since the last commit */
    char *buffer;
    int64_t started; /* the clock at the start */
    int64_t watermark;
    bool caught_up;

    /* the input whose chunks are taken */
    int64_t *newest, *moved_at; /* of it */
    int64_t others;             /* the earliest of the newest times of the others that are not idle */
    bool advances;

    uint64_t told; /* alerts, or hits */
    bool urgent;   /* something was told since the last commit */
    int64_t committed_at;
    uint64_t commits, failed_commits;
};

static int64_t now_of(const struct live *l)
{
    return l->config.clock->now(l->config.clock->user);
}

static int64_t steady_of(const struct live *l)
{
    return l->config.clock->steady(l->config.clock->user);
}

static const struct trail_input_labels *labels_of(const struct live *l, size_t given)
{
    static const struct trail_input_labels none;
    return l->config.labels ? &l->config.labels[given] : &none;
}

/* ---- lists ---- */

static bool tails_add(struct tails *list, struct tail *f)
{
    if (list->n == list->room) {
        size_t room = list->room ? list->room * 2 : 64;
        struct tail **at = realloc(list->at, room * sizeof *at);
        if (!at)
            return false;
        list->at = at;
        list->room = room;
    }
    list->at[list->n++] = f;
    return true;
}

static void tails_drop(struct tails *list, const struct tail *f)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->at[i] == f)
            list->at[i--] = list->at[--list->n];
}

/* ---- time ---- */

static bool is_idle(const struct live *l, int64_t moved_at, int64_t now)
{
    return now - moved_at >= l->config.idle;
}

/* The earliest newest time of the inputs that are not idle, but one; TRAIL_NO_TIME: all are idle, or have
 * none. */
static int64_t earliest(const struct live *l, const int64_t *but)
{
    int64_t now = steady_of(l), least = TRAIL_NO_TIME;
    for (size_t i = 0; i < l->active.n; i++) {
        const struct tail *f = l->active.at[i];
        if (&f->newest != but && (f->queued || !is_idle(l, f->moved_at, now)))
            least = earlier_time(least, f->newest);
    }
    for (size_t i = 0; i < l->n_pipes; i++) {
        const struct pipe_input *p = &l->pipes[i];
        if (&p->newest != but && p->fd >= 0 && !is_idle(l, p->moved_at, now))
            least = earlier_time(least, p->newest);
    }
    return least;
}

static void move_to(struct live *l, int64_t watermark)
{
    if (watermark == TRAIL_NO_TIME || watermark <= l->watermark)
        return;
    l->watermark = watermark;
    take_note(&l->take,
              window_advance(l->take.window, earlier_time(take_from(&l->take), l->started), watermark));
}

/* The current input has come so far. */
static void come(void *user, int64_t oldest, int64_t newest)
{
    struct live *l = user;
    struct take *take = &l->take;
    take->oldest = earlier_time(take->oldest, oldest);
    take->newest = later_time(take->newest, newest);
    if (newest != TRAIL_NO_TIME && newest > *l->newest) {
        *l->newest = newest;
        *l->moved_at = steady_of(l);
    }
    if (l->advances && *l->newest != TRAIL_NO_TIME)
        move_to(l, trail_time_add(earlier_time(*l->newest, l->others), -take->lateness));
}

/* Forgets who is idle. Returns the steady time at which the next one is. */
static int64_t note_idle(struct live *l)
{
    int64_t now = steady_of(l), next = INT64_MAX;
    for (size_t i = 0; i < l->active.n; i++) {
        struct tail *f = l->active.at[i];
        int64_t idle_at = f->moved_at + l->config.idle, settled_at = f->read_at + SETTLE;
        if (f->cut && !f->told && settled_at < next)
            next = settled_at;
        if (f->queued || !is_idle(l, f->moved_at, now)) {
            next = idle_at < next ? idle_at : next;
        } else if (!f->cut || f->told) {
            f->active = false;
            l->active.at[i--] = l->active.at[--l->active.n];
        }
    }
    for (size_t i = 0; i < l->n_pipes; i++) {
        int64_t idle_at = l->pipes[i].moved_at + l->config.idle;
        if (l->pipes[i].fd >= 0 && idle_at > now && idle_at < next)
            next = idle_at;
    }
    return next;
}

/* The next moment that the clock decides: the windows', or that at which they begin. TRAIL_NO_TIME: none. */
static int64_t next_decision(const struct live *l)
{
    int64_t next = window_next(l->take.window), from = earlier_time(take_from(&l->take), l->started);
    return l->watermark == TRAIL_NO_TIME || l->watermark <= from ? earlier_time(next, from) : next;
}

/* Moves time on, by the inputs or by the clock. */
static void advance(struct live *l)
{
    if (!l->caught_up)
        return;
    int64_t least = earliest(l, NULL), next = next_decision(l);
    int64_t watermark = trail_time_add(least == TRAIL_NO_TIME ? now_of(l) : least, -l->take.lateness);
    /* The clock alone moves time only to where something is decided: else a service with nothing to do would
     * have something to store each time it looks. */
    if (least != TRAIL_NO_TIME || (next != TRAIL_NO_TIME && next < watermark))
        move_to(l, watermark);
}

/* Steady time at which the clock decides something; only when all inputs are idle. */
static int64_t next_moment(const struct live *l)
{
    int64_t next = next_decision(l), now = now_of(l);
    if (!l->caught_up || next == TRAIL_NO_TIME || earliest(l, NULL) != TRAIL_NO_TIME)
        return INT64_MAX;
    int64_t wall = trail_time_add(trail_time_add(next, l->take.lateness), 1);
    return wall <= now ? steady_of(l) : wall - now > MAX_WAIT ? INT64_MAX : steady_of(l) + (wall - now);
}

/* ---- what fails ---- */

static void say(struct live *l, const char *path, const char *what)
{
    struct trail_text message = {0};
    worker_message(&message, path, UINT64_MAX, what);
    take_text(&l->take, &message);
}

/* Silence of what an input feeds is unknown no more; of what others that fail feed it still is. */
static void trust(struct live *l, size_t given)
{
    take_read_again(&l->take, labels_of(l, given), now_of(l));
    for (size_t i = 0; i < l->config.n_inputs; i++)
        if (l->failing[i] > 0)
            take_unread(&l->take, labels_of(l, i));
}

static void fail(struct live *l, size_t given, const char *path, const char *what)
{
    say(l, path, what ? what : "can be read again");
    l->urgent = true;
    if (what) {
        l->take.damaged = true;
        if (l->failing[given]++ == 0)
            take_unread(&l->take, labels_of(l, given));
    } else if (l->failing[given] > 0 && --l->failing[given] == 0) {
        trust(l, given);
    }
}

static void on_failed(void *user, size_t root, const char *path, const char *what)
{
    struct live *l = user;
    fail(l, l->given[root], path, what);
}

static void on_notice(void *user, const char *message)
{
    struct live *l = user;
    take_problem(&l->take, message);
}

/* ---- what is stored ---- */

/* Something waits to be stored. */
static bool is_dirty(const struct live *l)
{
    const struct live_keeper *k = l->config.keeper;
    return l->changed.n > 0 || (k && k->is_dirty(k->user));
}

static bool is_full(const struct live *l)
{
    const struct live_keeper *k = l->config.keeper;
    return k && k->is_full(k->user);
}

/* ---- taking ---- */

static bool take_pushed(void *user, struct chunk **chunk)
{
    struct live *l = user;
    uint64_t told = l->told;
    bool go_on = take_chunk(&l->take, *chunk);
    l->urgent |= told != l->told;
    chunk_clear(*chunk);
    return go_on;
}

/* The next chunks are of this input. */
static void turn_to(struct live *l, size_t given, const char *path, const char *kept, int64_t *newest,
                    int64_t *moved_at)
{
    l->take.turn =
        (struct turn){.path = path, .labels = labels_of(l, given), .kept = kept, .newest = *newest};
    worker_set_late(l->worker, window_watermark(l->take.window));
    l->newest = newest;
    l->moved_at = moved_at;
    l->advances = l->caught_up || tree_waiting(l->tree) == 0;
    l->others = l->advances ? earliest(l, newest) : TRAIL_NO_TIME;
}

/* What was damaged is told; what comes now is whole. */
static void get_over(struct live *l, size_t given, uint64_t unread)
{
    if (l->take.unread != unread && l->failing[given] == 0)
        trust(l, given);
}

static void note_changed(struct live *l, struct tail *f)
{
    if (f->listed || !l->config.keeper)
        return;
    f->listed = tails_add(&l->changed, f);
    if (!f->listed)
        take_note(&l->take, TRAIL_NO_MEMORY);
}

static void push_file(struct live *l, struct tail *f, struct trail_slice bytes)
{
    size_t given = l->given[f->given];
    uint64_t unread = l->take.unread;
    if (!f->active) {
        f->moved_at = steady_of(l);
        f->active = tails_add(&l->active, f);
        if (!f->active)
            take_note(&l->take, TRAIL_NO_MEMORY);
    }
    turn_to(l, given, f->path, f->kept, &f->newest, &f->moved_at);
    if (bytes.p)
        worker_push_stream(l->worker, f->stream, f->path, labels_of(l, given), now_of(l), bytes, true);
    else
        worker_stream_problem(l->worker, f->stream, f->path, labels_of(l, given),
                              "cut off: the compressed data have no end; reading on when the rest comes");
    f->kept = l->take.turn.kept;
    tail_settle(f);
    f->cut = tail_is_cut(f);
    note_changed(l, f);
    get_over(l, given, unread);
}

/* Reads a file as far as it goes, or as its turn lasts. Returns the bytes. */
static size_t read_file(struct live *l, struct tail *f)
{
    size_t had = 0;
    while (had < ROUND && l->take.failure == TRAIL_OK && !l->take.stopped) {
        ssize_t n = f->stream->ended ? 0 : tail_read(f, l->buffer, PIECE);
        if (n < 0) {
            tree_failed(l->tree, f, errno);
            return had;
        }
        if (n == 0)
            return had;
        f->read_at = steady_of(l);
        push_file(l, f, (struct trail_slice){l->buffer, (size_t)n});
        had += (size_t)n;
        if (n < PIECE)
            return had;
    }
    f->greed += had;
    tree_again(l->tree, f, f->greed < GREEDY);
    if (f->greed >= GREEDY)
        f->greed = 0;
    return had;
}

static void read_files(struct live *l)
{
    size_t had = 0;
    struct tail *f;
    while (!is_full(l) && had < ROUND && l->take.failure == TRAIL_OK && !l->take.stopped &&
           (f = tree_next(l->tree)))
        had += read_file(l, f);
    if (tree_waiting(l->tree) == 0)
        l->caught_up = true;
    if (tree_is_short(l->tree))
        take_note(&l->take, TRAIL_NO_MEMORY);
}

/* Compressed files that are cut off, and stay so. */
static void tell_cut(struct live *l)
{
    int64_t now = steady_of(l);
    for (size_t i = 0; i < l->active.n; i++) {
        struct tail *f = l->active.at[i];
        if (!f->cut || f->told || f->queued || now - f->read_at < SETTLE)
            continue;
        if (f->stream)
            push_file(l, f, (struct trail_slice){NULL, 0});
        f->told = true;
    }
}

/* ---- pipes ---- */

static void end_pipe(struct live *l, struct pipe_input *p)
{
    turn_to(l, p->given, p->path, p->kept, &p->newest, &p->moved_at);
    worker_push_stream(l->worker, &p->stream, p->path, labels_of(l, p->given), now_of(l),
                       (struct trail_slice){NULL, 0}, true);
    if (p->fd > STDIN_FILENO)
        close(p->fd);
    p->fd = -1;
}

/* False: nothing was there. */
static bool read_pipe(struct live *l, struct pipe_input *p)
{
    char buffer[96], text[160];
    uint64_t unread = l->take.unread;
    ssize_t n = read(p->fd, l->buffer, PIECE);
    if (n < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK))
        return false;
    if (n > 0) {
        turn_to(l, p->given, p->path, p->kept, &p->newest, &p->moved_at);
        worker_push_stream(l->worker, &p->stream, p->path, labels_of(l, p->given), now_of(l),
                           (struct trail_slice){l->buffer, (size_t)n}, true);
        p->kept = l->take.turn.kept;
        get_over(l, p->given, unread);
        return true;
    }
    if (n < 0) {
        snprintf(text, sizeof text, "cannot be read: %s", strerror_r(errno, buffer, sizeof buffer));
        fail(l, p->given, p->path, text);
    }
    end_pipe(l, p);
    return false;
}

static bool is_ready(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return fd >= 0 && poll(&p, 1, 0) > 0;
}

static void read_pipes(struct live *l)
{
    for (size_t i = 0; i < l->n_pipes && !is_full(l); i++)
        for (size_t had = 0; had < ROUND && is_ready(l->pipes[i].fd) && l->take.failure == TRAIL_OK &&
                             !l->take.stopped && read_pipe(l, &l->pipes[i]);
             had += PIECE)
            ;
}

static bool has_ended(const struct live *l)
{
    for (size_t i = 0; i < l->n_pipes; i++)
        if (l->pipes[i].fd >= 0)
            return false;
    return l->n_roots == 0;
}

/* ---- commits ---- */

/* Whoever stops in the midst of a piece has not told all of it: the last commit stands. */
static void commit(struct live *l)
{
    const struct live_keeper *k = l->config.keeper;
    l->committed_at = steady_of(l);
    l->urgent = false;
    if (!k || l->take.stopped || l->take.failure != TRAIL_OK)
        return;
    for (size_t i = 0; i < l->changed.n; i++) {
        if (!k->taken(k->user, l->changed.at[i]))
            take_note(&l->take, TRAIL_NO_MEMORY);
        l->changed.at[i]->listed = false;
    }
    l->changed.n = 0;
    if (k->commit(k->user))
        l->commits++;
    else
        l->failed_commits++;
}

static bool is_due(const struct live *l)
{
    return l->urgent || (is_dirty(l) && steady_of(l) - l->committed_at >= COMMIT);
}

/* ---- a round ---- */

static enum live_went went(struct live *l)
{
    if (l->take.failure != TRAIL_OK || l->take.stopped)
        return LIVE_FAILED;
    return has_ended(l) ? LIVE_ENDED : LIVE_ON;
}

static void work(struct live *l)
{
    tree_notice(l->tree);
    read_pipes(l);
    read_files(l);
    tell_cut(l);
    advance(l);
    if (is_due(l))
        commit(l);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void wait(struct live *l, struct pollfd *fds, nfds_t n, int64_t until)
{
    struct pollfd all[MAX_OTHERS + 1 + MAX_OTHERS];
    nfds_t n_all = 0;
    until = least(until, least(note_idle(l), least(tree_due(l->tree), next_moment(l))));
    until = least(until, steady_of(l) + MAX_WAIT);
    bool full = is_full(l);
    if (is_dirty(l))
        until = least(until, l->committed_at + COMMIT);
    if (tree_waiting(l->tree) > 0 && !full)
        until = steady_of(l);
    for (; n_all < n && n_all < MAX_OTHERS; n_all++)
        all[n_all] = fds[n_all];
    all[n_all++] = (struct pollfd){.fd = tree_descriptor(l->tree), .events = POLLIN};
    for (size_t i = 0; i < l->n_pipes && i < MAX_OTHERS && !full; i++)
        all[n_all++] = (struct pollfd){.fd = l->pipes[i].fd, .events = POLLIN};
    if (l->config.clock->wait(l->config.clock->user, all, n_all, until) < 0)
        for (nfds_t i = 0; i < n_all; i++)
            all[i].revents = 0;
    for (nfds_t i = 0; i < n && i < MAX_OTHERS; i++)
        fds[i].revents = all[i].revents;
}

enum live_went live_turn(struct live *l, struct pollfd *fds, nfds_t n, int64_t until)
{
    enum live_went now = went(l);
    if (now != LIVE_ON)
        return now;
    wait(l, fds, n, until);
    work(l);
    return went(l);
}

void live_drain(struct live *l)
{
    int64_t until = steady_of(l) + DRAIN;
    tree_notice(l->tree);
    do {
        read_pipes(l);
        read_files(l);
    } while (tree_waiting(l->tree) > 0 && !is_full(l) && steady_of(l) < until &&
             l->take.failure == TRAIL_OK && !l->take.stopped);
    advance(l);
    commit(l);
}

void live_finish(struct live *l)
{
    struct take *take = &l->take;
    if (l->config.keeper || take->failure != TRAIL_OK || take->stopped)
        return;
    for (size_t i = 0; i < l->n_pipes; i++)
        if (l->pipes[i].fd >= 0)
            end_pipe(l, &l->pipes[i]);
    take_note(take, window_finish(take->window, take_from(take), take->newest));
    if (take->options.on_alert) {
        take_report_uncounted(take);
        take_report_forgotten(take);
        take_report_undecided(take, WINDOW_UNREAD | WINDOW_UNFED);
    }
}

/* ---- life ---- */

static void on_fired(void *user, const struct trail_fired *fired)
{
    struct live *l = user;
    l->told++;
    l->config.options.on_alert(l->config.options.user, fired);
}

static void on_hit(void *user, const struct trail_hit *hit)
{
    struct live *l = user;
    l->told++;
    l->config.options.on_hit(l->config.options.user, hit);
}

static void on_problem(void *user, const char *message)
{
    struct live *l = user;
    if (l->config.options.on_problem)
        l->config.options.on_problem(l->config.options.user, message);
}

static bool recall(void *user, const char *path, struct tree_known *known)
{
    struct live *l = user;
    return l->config.keeper->recall(l->config.keeper->user, path, known);
}

static void on_changed(void *user, struct tail *f)
{
    note_changed(user, f);
}

static void forget(void *user, const struct tail *f)
{
    struct live *l = user;
    tails_drop(&l->active, f);
    if (f->listed)
        tails_drop(&l->changed, f);
    if (l->config.keeper)
        l->config.keeper->forget(l->config.keeper->user, f);
}

static bool is_pipe(const char *path)
{
    struct stat st;
    if (strcmp(path, "-") == 0)
        return true;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

/* A named pipe is opened for writing, too: then it never ends, whoever comes and goes. */
static int open_pipe(const char *path)
{
    struct stat st;
    if (strcmp(path, "-") == 0)
        return STDIN_FILENO;
    bool named = stat(path, &st) == 0 && S_ISFIFO(st.st_mode);
    return open(path, (named ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

static bool add_pipe(struct live *l, size_t given)
{
    struct pipe_input *p = &l->pipes[l->n_pipes];
    *p = (struct pipe_input){.path = l->config.inputs[given], .given = given, .newest = TRAIL_NO_TIME};
    p->moved_at = steady_of(l);
    if (!framing_init(&p->stream.in, 0)) {
        framing_free(&p->stream.in);
        return false;
    }
    worker_stream_begin(&p->stream, &NOTHING_SO_FAR, 0);
    l->n_pipes++;
    p->fd = open_pipe(p->path);
    if (p->fd < 0) {
        char buffer[96], text[160];
        snprintf(text, sizeof text, "cannot be opened: %s", strerror_r(errno, buffer, sizeof buffer));
        fail(l, given, p->path, text);
    }
    return true;
}

static bool sort_inputs(struct live *l)
{
    size_t n = l->config.n_inputs;
    l->pipes = calloc(n + 1, sizeof *l->pipes);
    l->roots = calloc(n + 1, sizeof *l->roots);
    l->given = calloc(n + 1, sizeof *l->given);
    l->failing = calloc(n + 1, sizeof *l->failing);
    if (!l->pipes || !l->roots || !l->given || !l->failing)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!is_pipe(l->config.inputs[i])) {
            l->given[l->n_roots] = i;
            l->roots[l->n_roots++] = l->config.inputs[i];
        } else if (!add_pipe(l, i)) {
            return false;
        }
    }
    return true;
}

static bool open_inputs(struct live *l)
{
    struct worker_config worker = take_worker_config(&l->take);
    struct tree_config tree = {.n_roots = l->n_roots,
                               .roots = l->roots,
                               .clock = l->config.clock,
                               .tells = l->config.tells,
                               .quiet = l->config.idle,
                               .failed = on_failed,
                               .notice = on_notice,
                               .recall = l->config.keeper ? recall : NULL,
                               .changed = on_changed,
                               .forget = forget,
                               .user = l};
    worker.emit = take_pushed;
    worker.user = l;
    l->worker = worker_new(&worker);
    l->tree = tree_new(&tree);
    l->buffer = malloc(PIECE);
    if (!l->worker || !l->tree || !l->buffer)
        return false;
    take_labels(&l->take, l->config.labels ? l->config.n_inputs : 0, l->config.labels);
    if (l->config.options.on_alert)
        take_report_undecided(&l->take, WINDOW_NO_APPLICATION | WINDOW_NO_SUBSYSTEM | WINDOW_SHORT);
    tree_list(l->tree);
    commit(l); /* what is there is known from now on, whatever becomes of it */
    return true;
}

static enum trail_status begin(struct live *l, const struct trail_pack *pack)
{
    struct trail_options options = l->config.options;
    options.on_alert = options.on_alert ? on_fired : NULL;
    options.on_hit = options.on_hit ? on_hit : NULL;
    options.on_problem = on_problem;
    options.user = l;
    enum trail_status status = take_begin(&l->take, pack, &options);
    l->take.come = come;
    l->take.user = l;
    if (status == TRAIL_OK && l->config.keeper) {
        status = l->config.keeper->resume(l->config.keeper->user, l->take.window);
        l->watermark = window_watermark(l->take.window);
        /* What a former run could not read is told again if it still cannot be. */
        if (status == TRAIL_OK)
            status = window_known(l->take.window, NULL, NULL, l->started);
    }
    if (status != TRAIL_OK)
        return status;
    take_note(&l->take, window_advance(l->take.window, l->started, TRAIL_NO_TIME));
    return sort_inputs(l) && open_inputs(l) ? TRAIL_OK : TRAIL_NO_MEMORY;
}

struct live *live_new(const struct trail_pack *pack, const struct live_config *config,
                      enum trail_status *status)
{
    struct live *l = calloc(1, sizeof *l);
    *status = pack->abi != TRAIL_ABI ? TRAIL_ABI_MISMATCH : l ? TRAIL_OK : TRAIL_NO_MEMORY;
    if (*status != TRAIL_OK) {
        free(l);
        return NULL;
    }
    l->config = *config;
    l->config.idle = config->idle > 0 ? config->idle : LIVE_IDLE;
    l->watermark = TRAIL_NO_TIME;
    l->started = now_of(l);
    l->committed_at = steady_of(l);
    *status = begin(l, pack);
    if (*status == TRAIL_OK)
        return l;
    live_free(l);
    return NULL;
}

void live_free(struct live *l)
{
    if (!l)
        return;
    tree_free(l->tree);
    worker_free(l->worker);
    take_end(&l->take);
    for (size_t i = 0; i < l->n_pipes; i++) {
        if (l->pipes[i].fd > STDIN_FILENO)
            close(l->pipes[i].fd);
        framing_free(&l->pipes[i].stream.in);
    }
    free(l->pipes);
    free(l->roots);
    free(l->given);
    free(l->failing);
    free(l->active.at);
    free(l->changed.at);
    free(l->buffer);
    free(l);
}

void live_stop(struct live *l)
{
    l->take.stopped = true;
}

enum trail_status live_outcome(struct live *l)
{
    return take_outcome(&l->take);
}

void live_stats(const struct live *l, struct live_stats *to)
{
    struct window_stats window;
    window_stats(l->take.window, &window);
    *to = (struct live_stats){.files = tree_files(l->tree),
                              .open_files = tree_open_files(l->tree),
                              .waiting = tree_waiting(l->tree),
                              .groups = window.groups,
                              .pending = window.pending,
                              .newest = l->take.newest,
                              .watermark = l->watermark,
                              .commits = l->commits,
                              .failed_commits = l->failed_commits,
                              .caught_up = l->caught_up};
    take_stats(&l->take, &to->stats);
    for (size_t i = 0; i < l->config.n_inputs; i++)
        to->failing += l->failing[i] > 0;
}

struct trail_counts live_counts(const struct live *l, size_t alert)
{
    return take_counts(&l->take, alert);
}
