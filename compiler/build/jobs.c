/*
 * jobs.c - commands in parallel, and the directory they work in.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "build/build.h"
#include "trailc.h"

extern char **environ;

static void keep_failure(struct compile *c, const char *text)
{
    if (!c->failure.n)
        c->failure = slice_copy(c, text, strlen(text));
}

bool tool_failed(struct compile *c, const char *format, ...)
{
    char text[4096];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fprintf(stderr, "trailc: %s\n", text);
    keep_failure(c, text);
    return false;
}

static bool start(struct compile *c, const struct jobs *jobs, const struct job *job, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, job->log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (job->out)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, job->out, O_WRONLY | O_CREAT | O_TRUNC,
                                         0600);
    else
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    int error = posix_spawnp(pid, job->argv[0], &actions, NULL, job->argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error && jobs->progress)
        trail_progress_clear(jobs->progress);
    if (error)
        tool_failed(c, "cannot run %s: %s%s", job->argv[0], strerror(error),
                    error == ENOENT ? " (is it installed?)" : "");
    return error == 0;
}

static void show_failure(struct compile *c, const struct job *job, int status)
{
    bool killed = WIFSIGNALED(status);
    const char *how = diag_format(c, "(%s %d)", killed ? "signal" : "exit code",
                                  killed ? WTERMSIG(status) : WEXITSTATUS(status))
                          .p;
    fputs("trailc: failed:", stderr);
    for (size_t i = 0; job->argv[i]; i++)
        fprintf(stderr, " %s", job->argv[i]);
    fprintf(stderr, " %s\n", how);
    FILE *log = fopen(job->log, "r");
    char piece[4096];
    bool first = !c->failure.n;
    keep_failure(c, diag_format(c, "%s failed %s", job->argv[0], how).p);
    for (size_t n; log && (n = fread(piece, 1, sizeof piece, log)) > 0; first = false) {
        fwrite(piece, 1, n, stderr);
        if (first)
            c->failure_output = slice_copy(c, piece, n);
    }
    if (log)
        fclose(log);
}

/* One of the running jobs has ended. False: it failed. */
static bool finish(struct compile *c, const struct jobs *jobs, const struct job *job, int status)
{
    if (status == 0)
        return true;
    if (jobs->progress)
        trail_progress_clear(jobs->progress);
    show_failure(c, job, status);
    return false;
}

bool jobs_run(struct compile *c, const struct jobs *jobs)
{
    size_t n = jobs->n, started = 0, running = 0;
    pid_t *pids = NEW_ARRAY(c, pid_t, n);
    bool fine = true;
    while (running || (fine && started < n)) {
        while (fine && started < n && running < jobs->parallel) {
            if (jobs->progress && jobs->doing)
                progress_show(jobs->progress, jobs->doing, started + 1, n, jobs->list[started].name);
            fine = start(c, jobs, &jobs->list[started], &pids[started]);
            running += fine;
            started += fine;
        }
        if (!running)
            break;
        int status;
        pid_t done = wait(&status);
        if (done < 0 && errno == EINTR)
            continue;
        for (size_t i = 0; i < started; i++) {
            if (pids[i] != done)
                continue;
            running--;
            fine = finish(c, jobs, &jobs->list[i], status) && fine;
        }
    }
    return fine;
}

char *directory_temporary(struct compile *c)
{
    const char *base = getenv("TMPDIR");
    struct buffer b = {.c = c};
    buffer_printf(&b, "%s/trailc-XXXXXX", base && *base ? base : "/tmp");
    if (!mkdtemp(b.p)) {
        tool_failed(c, "cannot make a directory in %s: %s", base && *base ? base : "/tmp", strerror(errno));
        return NULL;
    }
    return b.p;
}

void directory_remove(struct compile *c, const char *directory)
{
    DIR *d = opendir(directory);
    for (struct dirent *e; d && (e = readdir(d));)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            unlink(diag_format(c, "%s/%s", directory, e->d_name).p);
    if (d)
        closedir(d);
    rmdir(directory);
}
