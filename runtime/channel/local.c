/*
 * local.c - what needs no waiting: a line at the end of a file, a datagram to a log.
 *
 * The file is opened for each line, so one that was renamed or removed (logrotate) is simply made anew. A
 * line stands in it whole or not at all, and is on the disk when it counts as sent.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "address.h"
#include "transfer.h"

static void failed(struct trail_transfer *t, const char *what)
{
    char buffer[96];
    trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true, "%s: %s", what,
                      strerror_r(errno, buffer, sizeof buffer));
}

/* ---- a file ------------------------------------------------------------------------------- */

static void append(struct trail_transfer *t, int file)
{
    struct stat status;
    if (fstat(file, &status) != 0) {
        failed(t, t->channel->path);
    } else if (!S_ISREG(status.st_mode)) {
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true, "%s is no file (a pipe or a device)",
                          t->channel->path);
    } else {
        ssize_t n = write(file, t->body.p, t->body.n);
        if (n == (ssize_t)t->body.n && fdatasync(file) == 0)
            return;
        if (n >= 0 && n < (ssize_t)t->body.n)
            errno = ENOSPC;
        failed(t, t->channel->path);
        if (n > 0 && ftruncate(file, status.st_size) != 0)
            failed(t, t->channel->path);
    }
}

void trail_file_send(struct trail_transfer *t)
{
    struct trail_slice body = trail_plain_body(&t->message);
    trail_text_add(&t->body, body.p, body.n);
    trail_text_add(&t->body, "\n", 1);
    if (t->body.failed)
        return;
    int file =
        open(t->channel->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0640);
    if (file < 0) {
        failed(t, t->channel->path);
        return;
    }
    append(t, file);
    if (close(file) != 0 && t->outcome.delivery == TRAIL_DELIVERY_SENT)
        failed(t, t->channel->path);
}

/* ---- syslog by datagrams ------------------------------------------------------------------ */

union any_address {
    struct sockaddr any;
    struct sockaddr_un local;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

static socklen_t address_of(union any_address *to, const struct trail_channel *c)
{
    *to = (union any_address){0};
    if (*c->address == '/') {
        to->local.sun_family = AF_UNIX;
        if (strlen(c->address) >= sizeof to->local.sun_path)
            return 0;
        strcpy(to->local.sun_path, c->address);
        return sizeof to->local;
    }
    if (inet_pton(AF_INET, c->host, &to->four.sin_addr) == 1) {
        to->four.sin_family = AF_INET;
        to->four.sin_port = htons((uint16_t)c->port);
        return sizeof to->four;
    }
    if (inet_pton(AF_INET6, c->host, &to->six.sin6_addr) != 1)
        return 0;
    to->six.sin6_family = AF_INET6;
    to->six.sin6_port = htons((uint16_t)c->port);
    return sizeof to->six;
}

void trail_datagram_send(struct trail_transfer *t, int64_t now)
{
    union any_address address;
    socklen_t n = address_of(&address, t->channel);
    trail_syslog_body(t->channel, &t->message, now, &t->body);
    if (t->body.failed)
        return;
    if (!n) {
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true, "%s is no address", t->channel->address);
        return;
    }
    if (address.any.sa_family != AF_UNIX &&
        trail_address_refused(&address.any, &t->channel->allow_addresses)) {
        trail_outcome_refused(&t->outcome, t->channel->host);
        return;
    }
    int s = socket(address.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s < 0 || connect(s, &address.any, n) != 0 ||
        send(s, t->body.p, t->body.n, MSG_NOSIGNAL) != (ssize_t)t->body.n)
        failed(t, t->channel->address);
    if (s >= 0)
        close(s);
}
