/*
 * A service that follows logs and tells two channels is ended at any step that it takes with a file, and at any
 * moment of a send, and started again, until all is told: each message has arrived, none more often than it was in
 * flight when the service ended, and with the same key; the history is what an undisturbed service has. And the
 * steps fail, and memory does.
 *
 *     test_service_crash [KILLS [SEED]]
 *
 * The receiver is this process: it can tell the moments of a request apart, and strike there.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <poll.h>
#include <sys/socket.h>

#include "crash.h"
#include "window/timestamp.h"

enum {
    KEYS = 200,   /* messages */
    STALL = 400,  /* ms without news after which a service that fails is told to end */
    LOST = 15000, /* ms without news: nothing more will come */
    PARALLEL = 2, /* requests in flight */
    CONNECTIONS = 8,
};

/* ---- the receiver ---- */

enum moment { NEVER, ACCEPTED, HALF_READ, READ, ANSWERED, MOMENTS };

struct message {
    char key[80];
    char *body;
    unsigned times;
};

static struct {
    int listener, port;
    struct {
        int fd;
        struct trail_text in;
    } connections[CONNECTIONS];
    struct message messages[KEYS];
    unsigned n, again;
    pid_t service;
    enum moment strike_at;
    long countdown; /* moments of that kind before it strikes */
} receiver;

static void at_moment(enum moment moment)
{
    if (moment != receiver.strike_at || --receiver.countdown > 0)
        return;
    kill(receiver.service, SIGKILL);
    receiver.strike_at = NEVER;
}

static void listen_here(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof a;
    receiver.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    ck_assert_int_eq(bind(receiver.listener, (struct sockaddr *)&a, n), 0);
    ck_assert_int_eq(listen(receiver.listener, 64), 0);
    ck_assert_int_eq(getsockname(receiver.listener, (struct sockaddr *)&a, &n), 0);
    receiver.port = ntohs(a.sin_port);
    for (size_t i = 0; i < CONNECTIONS; i++)
        receiver.connections[i].fd = -1;
}

static void hang_up(size_t i)
{
    if (receiver.connections[i].fd >= 0)
        close(receiver.connections[i].fd);
    receiver.connections[i].fd = -1;
    receiver.connections[i].in.n = 0;
}

static void note_message(const char *key, const char *body)
{
    struct message *m = receiver.messages;
    unsigned i = 0;
    while (i < receiver.n && strcmp(m[i].key, key) != 0)
        i++;
    ck_assert_uint_lt(i, KEYS);
    if (i < receiver.n) {
        ck_assert_msg(strcmp(m[i].body, body) == 0, "one key, two messages: %s and %s", m[i].body, body);
        m[i].times++;
        receiver.again++;
        return;
    }
    for (unsigned k = 0; k < receiver.n; k++)
        ck_assert_msg(strcmp(m[k].body, body) != 0, "one message, two keys: %s", body);
    snprintf(m[i].key, sizeof m[i].key, "%s", key);
    m[i].body = strdup(body);
    m[i].times = 1;
    receiver.n++;
}

/* Takes a whole request out of what has come. False: it is not whole. */
static bool take_request(size_t i)
{
    struct trail_text *in = &receiver.connections[i].in;
    char key[80] = "";
    trail_text_add(in, "", 1);
    in->n--;
    char *end = strstr(in->p, "\r\n\r\n"), *length = strcasestr(in->p, "\r\ncontent-length:"),
         *name = strcasestr(in->p, "\r\nidempotency-key: ");
    if (!end)
        return false;
    size_t head = (size_t)(end + 4 - in->p),
           body = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
    if (in->n < head + body)
        return false;
    ck_assert(name && name < end);
    sscanf(name + 19, "%79[^\r\n]", key);
    char *text = strndup(in->p + head, body);
    note_message(key, text);
    free(text);
    memmove(in->p, in->p + head + body, in->n - head - body);
    in->n -= head + body;
    return true;
}

static void serve_connection(size_t i)
{
    static const char fine[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    char piece[65536];
    ssize_t n = recv(receiver.connections[i].fd, piece, sizeof piece, MSG_DONTWAIT);
    if (n <= 0) {
        if (n == 0 || errno != EAGAIN)
            hang_up(i);
        return;
    }
    at_moment(HALF_READ);
    trail_text_add(&receiver.connections[i].in, piece, (size_t)n);
    if (!take_request(i))
        return;
    at_moment(READ);
    if (send(receiver.connections[i].fd, fine, sizeof fine - 1, MSG_NOSIGNAL) < 0)
        hang_up(i);
    at_moment(ANSWERED);
}

/* A moment of the receiver's life. */
static void serve_all(int ms)
{
    struct pollfd fds[CONNECTIONS + 1] = {{.fd = receiver.listener, .events = POLLIN}};
    for (size_t i = 0; i < CONNECTIONS; i++)
        fds[i + 1] = (struct pollfd){.fd = receiver.connections[i].fd, .events = POLLIN};
    if (poll(fds, CONNECTIONS + 1, ms) <= 0)
        return;
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (fds[i + 1].revents && receiver.connections[i].fd >= 0)
            serve_connection(i);
    for (size_t i = 0; fds[0].revents && i < CONNECTIONS; i++)
        if (receiver.connections[i].fd < 0) {
            receiver.connections[i].fd = accept4(receiver.listener, NULL, NULL, SOCK_CLOEXEC);
            at_moment(ACCEPTED);
            break;
        }
}

static void forget_all(void)
{
    for (unsigned i = 0; i < receiver.n; i++)
        free(receiver.messages[i].body);
    for (size_t i = 0; i < CONNECTIONS; i++)
        hang_up(i);
    receiver.n = receiver.again = 0;
}

/* ---- the log, and what is wanted ---- */

static void make_log(void)
{
    char id[32];
    for (int i = 0; i < 8; i++) {
        snprintf(id, sizeof id, "a%d", i);
        event(i * 20, "AddUserToGroup", i % 2 ? "ann" : "bob", id, "");
        snprintf(id, sizeof id, "l%d", i);
        event(i * 20 + 1, "ConsoleLogin", "ann", id, ",\"sourceIPAddress\":\"198.51.100.7\"");
    }
    event(4000, "ConsoleLogin", "cid", "later", "");
    write_file("a.log");
    for (int i = 0; i < 8; i++) {
        snprintf(id, sizeof id, "b%d", i);
        event(4100 + i, "AddUserToGroup", "dan", id, "");
    }
    event(9000, "ConsoleLogin", "cid", "last", "");
    write_file("b.log");
}

/* libcurl and what it needs are loaded here, once: what those libraries do without memory while they are
 * loaded is theirs. */
static void load_curl(void)
{
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    long (*init)(long) = NULL;
    ck_assert_msg(library != NULL, "%s", dlerror());
    *(void **)&init = dlsym(library, "curl_global_init");
    ck_assert(init && init(3) == 0);
}

/* Configuration and log: what all runs have in common. */
static void make_all(void)
{
    load_curl();
    listen_here();
    make_log();
    line("channels:\n"
         "  hook: {type: webhook, url: 'http://127.0.0.1:%d/', parallel: %d}\n"
         "  lines: {type: file, path: lines}\n"
         "routes: {defaults: {any: [hook, lines]}}\n",
         receiver.port, PARALLEL);
    write_file("conf.yaml");
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The lines of a text in order; *twice: how many were there before. A last line without an end is none. */
static char *sort_lines(char *text, unsigned *twice)
{
    char *lines[KEYS * 8], *save;
    size_t n = 0;
    struct trail_text sorted = {0};
    char *end = strrchr(text, '\n');
    if (end)
        end[1] = 0;
    for (char *l = end ? strtok_r(text, "\n", &save) : NULL; l && n < KEYS * 8;
         l = strtok_r(NULL, "\n", &save)) {
        char *whole = strstr(l + 1, "{\"alert\":"); /* behind one that was torn off */
        lines[n++] = whole ? whole : l;
    }
    if (n > 0)
        qsort(lines, n, sizeof *lines, by_text);
    *twice = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && strcmp(lines[i], lines[i - 1]) == 0) {
            ++*twice;
            continue;
        }
        trail_text_add(&sorted, lines[i], strlen(lines[i]));
        trail_text_add(&sorted, "\n", 1);
    }
    trail_text_add(&sorted, "", 1);
    free(text);
    return sorted.p;
}

static char *wanted; /* the history, in order, which is what each channel is to get */
static unsigned n_wanted;
static long steps_of_all, allocations_of_all;

/* ---- a run ---- */

static void start(void)
{
    sigset_t end, before;
    fflush(NULL);
    /* Told to end before it listens, it is to hear of it all the same. */
    sigemptyset(&end);
    sigaddset(&end, SIGTERM);
    sigprocmask(SIG_BLOCK, &end, &before);
    receiver.service = fork();
    if (receiver.service != 0)
        sigprocmask(SIG_SETMASK, &before, NULL);
    ck_assert_int_ge(receiver.service, 0);
    if (receiver.service > 0)
        return;
    for (size_t i = 0; i < CONNECTIONS; i++)
        hang_up(i);
    close(receiver.listener);
    int out = open("out", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int err = open("messages", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    signal(SIGTERM, SIG_DFL); /* the test library's own ends the whole group */
    signal(SIGINT, SIG_DFL);
    char *argv[] = {"sentry", "--follow", "--state", "state", "-c", "conf.yaml",
                    "-o",     "json",     "a.log",   "b.log", NULL};
    become_scanner(10, argv);
}

static long size_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (long)st.st_size : 0;
}

/* Whether everybody has heard of everything. */
static bool is_told(void)
{
    unsigned twice;
    if (n_wanted == 0 || receiver.n < n_wanted || size_of("lines") < (long)strlen(wanted))
        return false;
    char *lines = sort_lines(read_all("lines"), &twice);
    bool all = strcmp(lines, wanted) == 0;
    free(lines);
    return all;
}

/* Until it ends by itself, all is told, or nothing has come for so long; then it is told to end. Its wait status;
 * *stalled: nothing has come. */
static int watch(int patience, bool *stalled)
{
    int status;
    bool asked = false;
    unsigned heard = 0;
    long lines = 0;
    int64_t news = trail_time_now(CLOCK_MONOTONIC);
    *stalled = false;
    for (;;) {
        serve_all(2);
        pid_t ended = waitpid(receiver.service, &status, WNOHANG);
        ck_assert_int_ge(ended, 0);
        if (ended > 0)
            break;
        if (receiver.n + receiver.again != heard || size_of("lines") != lines) {
            heard = receiver.n + receiver.again;
            lines = size_of("lines");
            news = trail_time_now(CLOCK_MONOTONIC);
        }
        if (!asked && ((*stalled = trail_time_now(CLOCK_MONOTONIC) - news > patience) || is_told())) {
            kill(receiver.service, SIGTERM);
            asked = true;
        }
        ck_assert_msg(trail_time_now(CLOCK_MONOTONIC) - news < 2 * LOST, "it does not end");
    }
    serve_all(0); /* what was sent before */
    for (size_t i = 0; i < CONNECTIONS; i++)
        hang_up(i);
    return status;
}

static void begin_anew(void)
{
    static const char *const names[] = {"state", "state-wal", "state-shm", "state-journal", "lines", "out"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(names[i]);
    forget_all();
    receiver.strike_at = NEVER;
    shim.kill_at = shim.fail_at = 0;
    scarce.fail_at = 0;
}

/* Nobody disturbs it: what is wanted. */
static void undisturbed(void)
{
    bool stalled;
    unsigned twice;
    n_wanted = 0;
    begin_anew();
    start();
    int status = watch(2000, &stalled); /* nobody knows yet how many they are */
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %x: %s", (unsigned)status,
                  read_all("messages"));
    free(wanted);
    wanted = sort_lines(rows_of("state", "SELECT json FROM history"), &twice);
    ck_assert_uint_eq(twice, 0);
    n_wanted = count(wanted, "\n");
    ck_assert_uint_ge(n_wanted, 17);
    ck_assert(is_told());
    ck_assert_uint_eq(receiver.again, 0);
    steps_of_all = read_number("steps");
    allocations_of_all = read_number("allocations");
}

/* What the state holds, for who looks into a failure. */
static char *in_short(void)
{
    return rows_of("state",
                   "SELECT channel || ' ' || state || ' ' || attempts || ' ' || last_error FROM outbox WHERE"
                   " state <> 2 UNION ALL SELECT count(*) || ' notifications' FROM history UNION ALL"
                   " SELECT CAST(path AS TEXT) || ' to ' || position FROM inputs");
}

/* All has arrived, with these repeats at most. */
static void compare(unsigned crashes, const char *what, long which)
{
    unsigned twice;
    char *lines = sort_lines(read_all("lines"), &twice), *out, *history;
    ck_assert_msg(receiver.n == n_wanted, "%s %ld: %u of %u requests; %s", what, which, receiver.n, n_wanted,
                  receiver.n == n_wanted ? "" : in_short());
    ck_assert_msg(receiver.again <= crashes * PARALLEL, "%s %ld: %u repeats, %u ends", what, which,
                  receiver.again, crashes);
    for (unsigned i = 0; i < receiver.n; i++)
        ck_assert_msg(receiver.messages[i].times <= 1 + crashes, "%s %ld: %u times %s", what, which,
                      receiver.messages[i].times, receiver.messages[i].key);
    ck_assert_msg(strcmp(lines, wanted) == 0, "%s %ld: other lines: %s", what, which, lines);
    ck_assert_msg(twice <= crashes, "%s %ld: %u lines again, %u ends", what, which, twice, crashes);
    free(lines);
    history = sort_lines(rows_of("state", "SELECT json FROM history"), &twice);
    ck_assert_msg(strcmp(history, wanted) == 0 && twice == 0, "%s %ld: another history: %s", what, which,
                  history);
    out = sort_lines(read_all("out"), &twice);
    ck_assert_msg(strcmp(out, wanted) == 0, "%s %ld: other output: %s", what, which, out);
    free(history);
    free(out);
}

/* Starts it, and again, until it comes to its end. How often it was killed. */
static unsigned go_through(const char *what, long which, unsigned *random)
{
    for (unsigned crashes = 0;; crashes++) {
        bool stalled;
        start();
        int status = watch(LOST, &stalled);
        ck_assert_msg(!stalled, "%s %ld: nothing comes any more: %u of %u: %s", what, which, receiver.n,
                      n_wanted, read_all("messages"));
        if (!was_killed(status)) {
            ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s %ld: status %x: %s", what, which,
                          (unsigned)status, read_all("messages"));
            compare(crashes, what, which);
            return crashes;
        }
        receiver.strike_at = NEVER;
        shim.kill_at = crashes < 2 ? 1 + (long)rand_r(random) % steps_of_all : 0;
    }
}

START_TEST(ended_anywhere_it_goes_on)
{
    unsigned random = seed;
    long done = 0, runs = 0;
    undisturbed();
    ck_assert_int_gt(steps_of_all, 200);
    for (; done < kills / 2; runs++) {
        begin_anew();
        shim.kill_at = 1 + runs * 7919 % steps_of_all;
        done += go_through("step", shim.kill_at, &random);
    }
    printf("# %ld steps; %ld services ended %ld times\n", steps_of_all, runs, done);
}
END_TEST

START_TEST(ended_while_it_sends_it_goes_on)
{
    unsigned random = seed;
    long done = 0, runs = 0;
    undisturbed();
    for (; done < kills / 2; runs++) {
        begin_anew();
        receiver.strike_at = ACCEPTED + (enum moment)(runs % (MOMENTS - 1));
        receiver.countdown = receiver.strike_at == ACCEPTED ? 1 : 1 + runs / 4 % n_wanted;
        done += go_through("send", runs, &random);
    }
    printf("# %ld services ended %ld times at moments of a send, and behind\n", runs, done);
}
END_TEST

/* ---- what fails ---- */

/* It may end by itself, or stand still and be told to end: but not by a signal, and not without a word. Then
 * one that nobody disturbs tells all. */
static void recover_from(const char *what, long which)
{
    bool stalled;
    start();
    int status = watch(STALL, &stalled);
    char *messages = read_all("messages");
    /* There are allocations without which the C library itself aborts. */
    bool library =
        WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && strstr(messages, "\nUnexpected error.\n");
    ck_assert_msg(WIFEXITED(status) || library, "%s %ld: status %x: %s", what, which, (unsigned)status,
                  messages);
    int code = library ? 2 : WEXITSTATUS(status);
    ck_assert_msg(code == 0 || code == 2 || code == 3, "%s %ld: code %d: %s", what, which, code, messages);
    ck_assert_msg(code == 0 || strlen(messages) > 10, "%s %ld: code %d without a word", what, which, code);
    free(messages);
    shim.fail_at = scarce.fail_at = 0;
    start();
    status = watch(LOST, &stalled);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s %ld, again: status %x: %s", what, which,
                  (unsigned)status, read_all("messages"));
    compare(2, what, which); /* what was sent and could not be stored is sent again */
}

START_TEST(any_step_may_fail)
{
    static const int errors[] = {SQLITE_IOERR_WRITE, SQLITE_FULL};
    undisturbed();
    long apart = kills >= 10000 ? 1 : steps_of_all / 16, n = 0;
    for (long step = 1; step <= steps_of_all; step += apart, n++) {
        begin_anew();
        shim.fail_at = step;
        shim.for_good = n % 2;
        shim.error = errors[n / 2 % 2];
        recover_from("failing step", step);
    }
    printf("# %ld of %ld steps failed\n", n, steps_of_all);
}
END_TEST

#ifndef __SANITIZE_ADDRESS__

START_TEST(any_allocation_may_fail)
{
    undisturbed();
    ck_assert_int_gt(allocations_of_all, 500);
    /* Most of them are libcurl's: those of the state and of the router all fail in tests of their own. */
    long tries = kills >= 10000 ? allocations_of_all / 10 : 48;
    for (long i = 0; i < tries; i++) {
        begin_anew();
        scarce.fail_at = 1 + i * allocations_of_all / tries;
        scarce.for_good = i % 4 == 3;
        recover_from("allocation", scarce.fail_at);
    }
    printf("# %ld of %ld allocations failed\n", tries, allocations_of_all);
}
END_TEST

#endif

int main(int argc, char **argv)
{
    TCase *t = tcase_create("service");
    tcase_set_timeout(t, 7200);
    tcase_add_unchecked_fixture(t, make_all, NULL);
    tcase_add_test(t, ended_anywhere_it_goes_on);
    tcase_add_test(t, ended_while_it_sends_it_goes_on);
    tcase_add_test(t, any_step_may_fail);
#ifndef __SANITIZE_ADDRESS__
    tcase_add_test(t, any_allocation_may_fail);
#endif
    int bad = run_crashes(t, argc, argv, 400);
    free(wanted);
    return bad;
}
