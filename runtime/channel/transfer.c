/*
 * transfer.c - what all attempts have in common. See transfer.h.
 */
#include "transfer.h"

#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "address.h"
#include "escape.h"
#include "window/timestamp.h"

enum { READ_MOST = 256 * 1024 }; /* bytes of an answer, before it is cut off */

void trail_outcome_set(struct trail_outcome *outcome, enum trail_delivery delivery, bool busy,
                       const char *format, ...)
{
    va_list args;
    outcome->delivery = delivery;
    outcome->busy = busy;
    va_start(args, format);
    vsnprintf(outcome->reason, sizeof outcome->reason, format, args);
    va_end(args);
}

void trail_outcome_refused(struct trail_outcome *outcome, const char *address)
{
    trail_outcome_set(outcome, TRAIL_DELIVERY_RETRY, true,
                      "not sent to %s, a link-local or metadata address (allow_addresses: permits it)",
                      address);
}

bool trail_channel_needs_curl(const struct trail_channel *channel)
{
    switch (channel->type) {
    case TRAIL_CHANNEL_EXEC:
    case TRAIL_CHANNEL_FILE: return false;
    case TRAIL_CHANNEL_SYSLOG: return strncmp(channel->address, "t", 1) == 0; /* tcp, tls */
    default: return true;
    }
}

/* ---- what every handle gets --------------------------------------------------------------- */

static curl_socket_t open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct trail_transfer *t = user;
    const struct trail_channel *c = t->channel;
    bool local_only = c->type == TRAIL_CHANNEL_EMAIL && c->tls == TRAIL_TLS_NONE;
    if (purpose != CURLSOCKTYPE_IPCXN || trail_address_refused(&address->addr, &c->allow_addresses) ||
        (local_only && !trail_address_is_loopback(&address->addr))) {
        trail_address_print(t->refused, sizeof t->refused, &address->addr);
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Keeps an answer's first bytes; an endless one is cut off. */
static size_t take_response(char *p, size_t size, size_t n, void *user)
{
    struct trail_transfer *t = user;
    size_t bytes = size * n, room = TRAIL_RESPONSE - t->n_response, keep = bytes < room ? bytes : room;
    memcpy(t->response + t->n_response, p, keep);
    t->n_response += keep;
    t->n_read += bytes;
    return t->n_read > READ_MOST ? 0 : bytes;
}

bool trail_easy_start(struct trail_transfer *t, const char *protocols)
{
    const struct trail_curl *c = t->curl;
    CURL *e = t->easy = c->curl_easy_init();
    if (!e) {
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true, "out of memory");
        return false;
    }
    bool set =
        c->curl_easy_setopt(e, CURLOPT_PRIVATE, t) == CURLE_OK &&
        c->curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error) == CURLE_OK &&
        c->curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
        c->curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
        c->curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
        c->curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
        c->curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)t->channel->connect_timeout) == CURLE_OK &&
        c->curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)t->channel->timeout) == CURLE_OK &&
        c->curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
        c->curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t) == CURLE_OK &&
        c->curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_response) == CURLE_OK &&
        c->curl_easy_setopt(e, CURLOPT_WRITEDATA, t) == CURLE_OK &&
        /* Not by way of a proxy that the environment names: the address would be checked there. */
        c->curl_easy_setopt(e, CURLOPT_PROXY, "") == CURLE_OK &&
        /* A connection that another channel's rules allowed is not this one's. */
        c->curl_easy_setopt(e, CURLOPT_FORBID_REUSE, t->channel->allow_addresses.n ? 1L : 0L) == CURLE_OK;
    if (set && c->curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, protocols) != CURLE_OK)
        set = c->curl_easy_setopt(e, CURLOPT_PROTOCOLS, /* before libcurl 7.85 */
                                  strncmp(protocols, "smtp", 4) == 0
                                      ? (long)(CURLPROTO_SMTP | CURLPROTO_SMTPS)
                                      : (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS)) == CURLE_OK;
    if (set && t->channel->ca_file)
        set = c->curl_easy_setopt(e, CURLOPT_CAINFO, t->channel->ca_file) == CURLE_OK;
    if (!set)
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true, "libcurl does not take its settings");
    return set;
}

const char *trail_easy_error(const struct trail_transfer *t, CURLcode code)
{
    return *t->error ? t->error : t->curl->curl_easy_strerror(code);
}

void trail_transfer_quote(const struct trail_transfer *t, char *to, size_t room)
{
    char text[TRAIL_RESPONSE + 1];
    struct trail_text line = {0};
    memcpy(text, t->response, t->n_response);
    text[t->n_response] = '\0';
    trail_config_redact(t->config, text);
    size_t n = strcspn(text, "\r\n"), start = strspn(text, " \r\n\t");
    if (n <= start)
        n = start + strcspn(text + start, "\r\n");
    trail_escape_plain(&line, (struct trail_slice){text + start, n - start}, 160);
    snprintf(to, room, "%.*s", (int)line.n, line.p ? line.p : "");
    trail_text_free(&line);
}

/* ---- an attempt --------------------------------------------------------------------------- */

static void start_by_type(struct trail_transfer *t, int64_t now)
{
    switch (t->channel->type) {
    case TRAIL_CHANNEL_EMAIL: trail_smtp_start(t, now); break;
    case TRAIL_CHANNEL_EXEC: trail_process_start(t, trail_time_now(CLOCK_MONOTONIC)); break;
    case TRAIL_CHANNEL_FILE: trail_file_send(t); break;
    case TRAIL_CHANNEL_SYSLOG:
        if (trail_channel_needs_curl(t->channel))
            trail_stream_start(t, now);
        else
            trail_datagram_send(t, now);
        break;
    default: trail_http_start(t, now); break;
    }
}

void trail_transfer_start(struct trail_transfer *t, const struct trail_curl *curl, int64_t now)
{
    t->curl = curl;
    t->kind = TRAIL_TRANSFER_DONE;
    t->process = t->errors = -1;
    t->outcome = (struct trail_outcome){.delivery = TRAIL_DELIVERY_SENT};
    if (!trail_message_read(&t->message, t->row.row.payload)) {
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_PARK, false, "the outbox holds what is no message");
        return;
    }
    start_by_type(t, now);
    if (t->body.failed) {
        t->kind = TRAIL_TRANSFER_DONE;
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true, "out of memory");
    }
}

/* The address that was refused says more than that nothing could be connected to. */
static bool was_refused(struct trail_transfer *t)
{
    if (!*t->refused)
        return false;
    if (t->channel->type == TRAIL_CHANNEL_EMAIL && t->channel->tls == TRAIL_TLS_NONE)
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true,
                          "not sent to %s: tls: none is for this machine alone", t->refused);
    else
        trail_outcome_refused(&t->outcome, t->refused);
    return true;
}

void trail_transfer_finish(struct trail_transfer *t, CURLcode code, int64_t now)
{
    t->kind = TRAIL_TRANSFER_DONE;
    t->error[sizeof t->error - 1] = '\0';
    trail_config_redact(t->config, t->error);
    if (code != CURLE_OK && was_refused(t))
        return;
    if (t->channel->type == TRAIL_CHANNEL_EMAIL)
        trail_smtp_finish(t, code);
    else if (t->channel->type == TRAIL_CHANNEL_SYSLOG)
        trail_stream_finish(t, code);
    else
        trail_http_finish(t, code, now);
}

void trail_transfer_free(struct trail_transfer *t)
{
    if (t->easy)
        t->curl->curl_easy_cleanup(t->easy);
    if (t->headers)
        t->curl->curl_slist_free_all(t->headers);
    if (t->recipients)
        t->curl->curl_slist_free_all(t->recipients);
    if (t->pid > 0) {
        kill(-t->pid, SIGKILL);
        waitpid(t->pid, NULL, 0);
    }
    if (t->process >= 0)
        close(t->process);
    if (t->errors >= 0)
        close(t->errors);
    if (t->body.p)
        explicit_bzero(t->body.p, t->body.room); /* it may hold a key */
    trail_text_free(&t->body);
    trail_outbox_message_free(&t->row);
    free(t);
}
