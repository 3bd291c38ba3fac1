/*
 * latency EVENTS_A_SECOND SECONDS EVERY FILE CONFIG COMMAND…
 *
 * Appends events to the file at an even pace, one of EVERY a hit, and notes when each hit is told: in the command's standard
 * output where CONFIG is `-`; else in a request to a webhook, of which CONFIG is written, and whose receiver is this
 * process. Prints the delays' percentiles, from the end of the write to the last byte of the line or the request.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS = 8, BUFFER = 1 << 20 };

/* Where alerts come in: the output's pipe, or connections. */
struct stream {
    int fd;
    size_t have;
    char *buffer;
};

static struct {
    long n, every;
    int64_t *written, *delay; /* of each event; delay -1: not told */
    long told;
    bool requests;
    int listener;
    struct stream streams[CONNECTIONS];
} m;

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

static bool open_stream(int fd)
{
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (m.streams[i].fd < 0) {
            m.streams[i].fd = fd;
            m.streams[i].have = 0;
            if (!m.streams[i].buffer)
                m.streams[i].buffer = malloc(BUFFER);
            return m.streams[i].buffer;
        }
    return false;
}

/* Listens on a port of the system's choice, and writes a configuration that tells it. */
static bool start_receiver(const char *path)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof a;
    m.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    FILE *f = fopen(path, "w");
    if (!f || m.listener < 0 || bind(m.listener, (struct sockaddr *)&a, size) != 0 ||
        listen(m.listener, 64) != 0 || getsockname(m.listener, (struct sockaddr *)&a, &size) != 0)
        return false;
    fprintf(f,
            "channels: {hook: {type: webhook, url: 'http://127.0.0.1:%d/'}}\n"
            "routes: {defaults: {any: [hook]}}\n",
            ntohs(a.sin_port));
    m.requests = true;
    return fclose(f) == 0;
}

static pid_t start(char **command, int *out)
{
    int ends[2];
    if (pipe(ends) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        int nowhere = m.requests ? open("/dev/null", O_WRONLY) : -1;
        dup2(m.requests ? nowhere : ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execv(command[0], command);
        _exit(127);
    }
    close(ends[1]);
    *out = ends[0];
    return pid;
}

/* The event that the text tells of. */
static void note(const char *text, int64_t at)
{
    const char *id = strstr(text, "\"event_ids\":[\"");
    long i = id ? strtol(id + strlen("\"event_ids\":[\""), NULL, 10) : -1;
    if (i >= 0 && i < m.n && m.delay[i] < 0) {
        m.delay[i] = at - m.written[i];
        m.told++;
    }
}

/* Takes a line, or a request that it answers, off the beginning. The bytes; 0: it is not whole. */
static size_t take_one(struct stream *s, int64_t at)
{
    static const char fine[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    char *end = strstr(s->buffer, m.requests ? "\r\n\r\n" : "\n");
    size_t n = end ? (size_t)(end - s->buffer) + (m.requests ? 4 : 1) : 0;
    if (n == 0)
        return 0;
    char *length = m.requests ? strcasestr(s->buffer, "\r\ncontent-length:") : NULL;
    n += length && length < end ? strtoul(length + strlen("\r\ncontent-length:"), NULL, 10) : 0;
    if (n > s->have)
        return 0;
    char behind = s->buffer[n];
    s->buffer[n] = 0;
    note(s->buffer, at);
    s->buffer[n] = behind;
    if (m.requests && send(s->fd, fine, sizeof fine - 1, MSG_NOSIGNAL) < 0)
        perror("latency: an answer");
    return n;
}

/* False: the stream has ended. */
static bool take_all(struct stream *s)
{
    ssize_t got = read(s->fd, s->buffer + s->have, BUFFER - s->have - 1);
    if (got <= 0)
        return false;
    int64_t at = now();
    s->have += (size_t)got;
    s->buffer[s->have] = 0;
    for (size_t n; (n = take_one(s, at)) > 0;) {
        s->have -= n;
        memmove(s->buffer, s->buffer + n, s->have + 1);
    }
    return true;
}

/* Waits so many µs at most, and takes what has come. False: the command has ended. */
static bool listen_for(int64_t left)
{
    struct pollfd fds[CONNECTIONS + 1] = {{.fd = m.listener, .events = POLLIN}};
    const struct timespec time = {left / 1000000, left % 1000000 * 1000};
    for (size_t i = 0; i < CONNECTIONS; i++)
        fds[i + 1] = (struct pollfd){.fd = m.streams[i].fd, .events = POLLIN};
    if (ppoll(fds, CONNECTIONS + 1, &time, NULL) <= 0)
        return true;
    if (fds[0].revents && !open_stream(accept4(m.listener, NULL, NULL, SOCK_CLOEXEC)))
        return false;
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (fds[i + 1].revents && !take_all(&m.streams[i])) {
            close(m.streams[i].fd);
            m.streams[i].fd = -1;
            if (!m.requests)
                return false;
        }
    return true;
}

static bool write_event(int file, long i)
{
    char line[160];
    int n = snprintf(line, sizeof line, "{\"t\":%lld,\"id\":\"%ld\",\"name\":\"%s\"}\n",
                     (long long)time(NULL), i, i % m.every ? "miss" : "hit");
    if (write(file, line, (size_t)n) != n)
        return false;
    m.written[i] = now();
    return true;
}

static bool measure(int file, long rate)
{
    long hits = (m.n + m.every - 1) / m.every;
    int64_t begin = now() + 1000000, end = begin + m.n * 1000000 / rate + 30000000;
    for (long i = 0; i < m.n || (m.told < hits && now() < end);) {
        int64_t left = i < m.n ? begin + i * 1000000 / rate - now() : 100000;
        if (left > 0 && !listen_for(left))
            return true;
        if (left <= 0 && !write_event(file, i++))
            return false;
    }
    return true;
}

/* The delays of those that were told, in order, and behind them nothing. */
static long sort_delays(void)
{
    long n = 0;
    for (long i = 0; i < m.n; i += m.every)
        if (m.delay[i] >= 0)
            m.delay[n++] = m.delay[i];
    qsort(m.delay, (size_t)n, sizeof *m.delay, by_size);
    return n;
}

int main(int argc, char **argv)
{
    long rate = argc > 6 ? strtol(argv[1], NULL, 10) : 0;
    int out = -1, file = argc > 6 ? open(argv[4], O_WRONLY | O_APPEND | O_CLOEXEC) : -1;
    m.n = rate * (argc > 6 ? strtol(argv[2], NULL, 10) : 0);
    m.every = argc > 6 ? strtol(argv[3], NULL, 10) : 0;
    m.written = calloc((size_t)(m.n > 0 ? m.n : 0) + 1, sizeof *m.written);
    m.delay = calloc((size_t)(m.n > 0 ? m.n : 0) + 1, sizeof *m.delay);
    m.listener = -1;
    for (size_t i = 0; i < CONNECTIONS; i++)
        m.streams[i].fd = -1;
    if (m.n <= 0 || m.every <= 0 || file < 0 || !m.written || !m.delay ||
        (strcmp(argv[5], "-") != 0 && !start_receiver(argv[5]))) {
        fputs("usage: latency EVENTS_A_SECOND SECONDS EVERY FILE CONFIG COMMAND...\n", stderr);
        return 2;
    }
    pid_t pid = start(argv + 6, &out);
    if (!m.requests && !open_stream(out))
        return 2;
    for (long i = 0; i < m.n; i++)
        m.delay[i] = -1;
    bool fine = measure(file, rate);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    long hits = (m.n + m.every - 1) / m.every, n = sort_delays();
    if (n > 0)
        printf("%ld events, %ld hits, %ld told; ms: median %.2f, 99%% within %.2f, all within %.2f\n", m.n,
               hits, n, (double)m.delay[n / 2] / 1000, (double)m.delay[n - 1 - n / 100] / 1000,
               (double)m.delay[n - 1] / 1000);
    else
        puts("nothing was told");
    return fine && n == hits ? 0 : 1;
}
