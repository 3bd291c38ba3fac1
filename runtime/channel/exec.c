/*
 * exec.c - a program of one's own: its words as they are, no shell; the notification on standard input.
 *
 * Standard input is a file in memory, so nobody waits for a program that does not read. It runs in a process
 * group of its own, with few variables of the environment, and no other descriptor of ours. When its time is
 * over the whole group is killed. Exit codes: 0 it has arrived; 64 (EX_USAGE) and 65 (EX_DATAERR) it never
 * will; any other, a signal, too long a time, or a program that cannot be run: another try.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "transfer.h"

enum { INHERITED = 5, SAID_MOST = 64 * 1024 };
static const char *const inherited[INHERITED] = {"PATH", "HOME", "LANG", "TZ", "TMPDIR"};

/* "NAME=VALUE" of each; free the list, its texts and its end. NULL: out of memory. */
static char **environment_of(const struct trail_channel *c)
{
    char **list = calloc(INHERITED + c->n_environment + 1, sizeof *list);
    size_t n = 0;
    bool failed = !list;
    for (size_t i = 0; !failed && i < INHERITED + c->n_environment; i++) {
        const char *name = i < INHERITED ? inherited[i] : c->environment[i - INHERITED].name;
        const char *value = i < INHERITED ? getenv(name) : c->environment[i - INHERITED].value.text;
        if (value)
            failed = asprintf(&list[n++], "%s=%s", name, value) < 0;
    }
    if (failed && list)
        list[n ? n - 1 : 0] = NULL;
    return list;
}

static void free_environment(char **list)
{
    for (char **p = list; p && *p; p++) {
        explicit_bzero(*p, strlen(*p));
        free(*p);
    }
    free(list);
}

/* The body as a file to read from; -1: errno says why not. */
static int input_of(const struct trail_transfer *t)
{
    int file = memfd_create("notification", MFD_CLOEXEC);
    for (size_t done = 0; file >= 0 && done < t->body.n;) {
        ssize_t n = write(file, t->body.p + done, t->body.n - done);
        if (n <= 0) {
            close(file);
            return -1;
        }
        done += (size_t)n;
    }
    if (file >= 0)
        lseek(file, 0, SEEK_SET);
    return file;
}

/* Starts it; an errno, or 0. */
static int spawn(struct trail_transfer *t, int input, int errors)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, usual;
    char **environment = environment_of(t->channel);
    if (!environment)
        return ENOMEM;
    sigemptyset(&none);
    sigfillset(&usual);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    int error = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    error =
        error ? error : posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    error = error ? error : posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    error = error ? error : posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    if (!error)
        error = posix_spawn(&t->pid, t->channel->command.list[0], &actions, &attributes,
                            (char *const *)(uintptr_t)t->channel->command.list, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    free_environment(environment);
    if (error)
        t->pid = 0;
    return error;
}

void trail_process_start(struct trail_transfer *t, int64_t monotonic)
{
    struct trail_slice body = trail_plain_body(&t->message);
    int says[2] = {-1, -1}, input, error;
    char buffer[96];
    trail_text_add(&t->body, body.p, body.n);
    trail_text_add(&t->body, "\n", 1);
    if (t->body.failed)
        return;
    input = input_of(t);
    error = input < 0 || pipe2(says, O_CLOEXEC) != 0 ? errno : spawn(t, input, says[1]);
    if (input >= 0)
        close(input);
    if (says[1] >= 0)
        close(says[1]);
    if (error) {
        if (says[0] >= 0)
            close(says[0]);
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true, "cannot run %s: %s",
                          t->channel->command.list[0], strerror_r(error, buffer, sizeof buffer));
        return;
    }
    fcntl(says[0], F_SETFL, O_NONBLOCK); /* our end alone */
    t->errors = says[0];
    t->process = (int)syscall(SYS_pidfd_open, t->pid, 0u);
    t->deadline = monotonic + t->channel->timeout;
    t->kind = TRAIL_TRANSFER_PROCESS;
}

/* What it says on standard error: the first bytes are kept. */
static void listen_to(struct trail_transfer *t)
{
    char piece[1024];
    ssize_t n = 1;
    size_t before = t->n_read;
    while (t->errors >= 0 && (n = read(t->errors, piece, sizeof piece)) > 0) {
        size_t room = TRAIL_RESPONSE - t->n_response, keep = (size_t)n < room ? (size_t)n : room;
        memcpy(t->response + t->n_response, piece, keep);
        t->n_response += keep;
        t->n_read += (size_t)n;
        if (t->n_read - before > SAID_MOST)
            break; /* enough for now: others wait, too */
    }
    if (n == 0) { /* closed: it would wake us for as long as the program runs */
        close(t->errors);
        t->errors = -1;
    }
}

static void judge_exit(struct trail_transfer *t, int status)
{
    char said[200];
    trail_transfer_quote(t, said, sizeof said);
    if (WIFSIGNALED(status)) {
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true, "ended by signal %d%s%s", WTERMSIG(status),
                          *said ? ": " : "", said);
        return;
    }
    int code = WEXITSTATUS(status);
    bool never = code == 64 || code == 65;
    if (code)
        trail_outcome_set(&t->outcome, never ? TRAIL_DELIVERY_PARK : TRAIL_DELIVERY_RETRY, !never,
                          "exit code %d%s%s", code, *said ? ": " : "", said);
}

bool trail_transfer_process(struct trail_transfer *t, int64_t monotonic)
{
    int status;
    listen_to(t);
    pid_t ended = waitpid(t->pid, &status, WNOHANG);
    if (ended == 0 && monotonic < t->deadline)
        return false;
    t->kind = TRAIL_TRANSFER_DONE;
    if (ended == t->pid) {
        t->pid = 0;
        listen_to(t);
        judge_exit(t, status);
        return true;
    }
    kill(-t->pid, SIGKILL);
    waitpid(t->pid, NULL, 0);
    t->pid = 0;
    trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true,
                      "took longer than its timeout, and was killed");
    return true;
}
