/*
 * stream.c - syslog over TCP (RFC 6587, with counted octets) and over TLS (RFC 5425). libcurl resolves,
 * connects and shakes hands, then the message is written to the connection as it is.
 *
 * Syslog has no answer: that it was written to a connection is all that can be known.
 */
#include <string.h>

#include "transfer.h"

void trail_stream_start(struct trail_transfer *t, int64_t now)
{
    const struct trail_curl *c = t->curl;
    struct trail_text message = {0};
    char url[400], count[32];
    bool six = strchr(t->channel->host, ':');
    trail_syslog_body(t->channel, &t->message, now, &message);
    snprintf(count, sizeof count, "%zu ", message.n);
    trail_text_add(&t->body, count, strlen(count));
    trail_text_add(&t->body, message.p, message.n);
    t->body.failed |= message.failed;
    trail_text_free(&message);
    if (t->body.failed || !trail_easy_start(t, "http,https"))
        return;
    snprintf(url, sizeof url, "%s://%s%s%s:%u",
             strncmp(t->channel->address, "tls", 3) == 0 ? "https" : "http", six ? "[" : "", t->channel->host,
             six ? "]" : "", t->channel->port);
    bool set = c->curl_easy_setopt(t->easy, CURLOPT_URL, url) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_SSL_ENABLE_ALPN, 0L) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_CONNECT_ONLY, 1L) == CURLE_OK;
    if (set)
        t->kind = TRAIL_TRANSFER_CURL;
    else
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true, "libcurl does not take the connection");
}

/* The connection is there: a message fits into its buffer. */
void trail_stream_finish(struct trail_transfer *t, CURLcode code)
{
    for (int tries = 0; code == CURLE_OK && t->sent < t->body.n && tries < 100; tries++) {
        size_t n = 0;
        code = t->curl->curl_easy_send(t->easy, t->body.p + t->sent, t->body.n - t->sent, &n);
        t->sent += n;
    }
    if (code == CURLE_OK && t->sent == t->body.n)
        return;
    trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true, "%s",
                      code == CURLE_OK ? "the connection takes no more" : trail_easy_error(t, code));
}
