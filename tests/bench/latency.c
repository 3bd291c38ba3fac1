/*
 * latency EVENTS_A_SECOND SECONDS FILE COMMAND…
 *
 * Appends events to the file at an even pace, and notes when each one's alert comes out of the command's standard
 * output. Prints the delays' percentiles, from the end of the write to the read of the alert's line.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static pid_t start(char **command, int *out)
{
    int ends[2];
    if (pipe(ends) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execv(command[0], command);
        _exit(127);
    }
    close(ends[1]);
    *out = ends[0];
    return pid;
}

/* Notes the alerts whose lines are complete. Returns how many. */
static long take_alerts(int fd, const int64_t *written, int64_t *delay, long n)
{
    static char buffer[1 << 20];
    static size_t have;
    long seen = 0;
    ssize_t got = read(fd, buffer + have, sizeof buffer - have - 1);
    if (got <= 0)
        return -1;
    have += (size_t)got;
    buffer[have] = 0;
    int64_t at = now();
    char *line = buffer, *end;
    for (; (end = strchr(line, '\n')); line = end + 1) {
        *end = 0;
        char *id = strstr(line, "\"event_ids\":[\"");
        long i = id ? strtol(id + strlen("\"event_ids\":[\""), NULL, 10) : -1;
        if (i >= 0 && i < n && delay[i] < 0) {
            delay[i] = at - written[i];
            seen++;
        }
    }
    have -= (size_t)(line - buffer);
    memmove(buffer, line, have);
    return seen;
}

int main(int argc, char **argv)
{
    long rate = argc > 4 ? strtol(argv[1], NULL, 10) : 0,
         n = rate * (argc > 4 ? strtol(argv[2], NULL, 10) : 0), seen = 0;
    int out = -1, file = argc > 4 ? open(argv[3], O_WRONLY | O_APPEND) : -1;
    int64_t *written = calloc((size_t)n + 1, sizeof *written), *delay = calloc((size_t)n + 1, sizeof *delay);
    if (n <= 0 || file < 0 || !written || !delay) {
        fputs("usage: latency EVENTS_A_SECOND SECONDS FILE COMMAND...\n", stderr);
        return 2;
    }
    pid_t pid = start(argv + 4, &out);
    for (long i = 0; i < n; i++)
        delay[i] = -1;
    int64_t begin = now() + 1000000;
    for (long i = 0; seen >= 0 && (i < n || (seen < n && now() < begin + n * 1000000 / rate + 30000000));) {
        int64_t due = i < n ? begin + i * 1000000 / rate : now() + 100000, left = due - now();
        struct pollfd p = {.fd = out, .events = POLLIN};
        if (left > 0 && poll(&p, 1, (int)(left / 1000)) > 0) {
            long more = take_alerts(out, written, delay, n);
            if (more < 0)
                break;
            seen += more;
        } else if (left <= 1000 && i < n) {
            char line[160];
            int m = snprintf(line, sizeof line, "{\"t\":%lld,\"id\":\"%ld\",\"name\":\"hit\"}\n",
                             (long long)time(NULL), i);
            if (write(file, line, (size_t)m) != m)
                return 2;
            written[i++] = now();
        }
    }
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    qsort(delay, (size_t)n, sizeof *delay, by_size);
    printf("%ld events, %ld alerts; ms: median %.2f, 99%% within %.2f, all within %.2f\n", n, seen,
           (double)delay[n / 2] / 1000, (double)delay[n - 1 - n / 100] / 1000, (double)delay[n - 1] / 1000);
    return seen == n ? 0 : 1;
}
