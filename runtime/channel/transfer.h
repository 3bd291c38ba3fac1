/*
 * transfer.h - one attempt to deliver one message, by whatever way its channel has.
 *
 * An attempt over a network is a libcurl handle in the sender's multi handle, a program is a process that is
 * waited for; files and local sockets are done at once. None of them blocks the sender's thread.
 */
#ifndef TRAIL_TRANSFER_H
#define TRAIL_TRANSFER_H

#include <sys/types.h>

#include "bodies.h"
#include "curl.h"
#include "outbox.h"

enum trail_delivery {
    TRAIL_DELIVERY_SENT,
    TRAIL_DELIVERY_RETRY, /* later it may work */
    TRAIL_DELIVERY_PARK,  /* it never will: refused by the receiver, or senseless */
};

/* How an attempt ended. */
struct trail_outcome {
    enum trail_delivery delivery;
    int64_t wait;     /* ms that the receiver asks to be left alone for; 0: it does not say */
    bool busy;        /* it is the channel that fails (down, slow, overloaded), not this message */
    char reason[400]; /* one line, without secrets; "" when it was sent */
};

enum { TRAIL_RESPONSE = 2048 }; /* bytes of an answer that are kept; of all TRAIL_RESPONSE_MOST are read */

enum trail_transfer_kind { TRAIL_TRANSFER_DONE, TRAIL_TRANSFER_CURL, TRAIL_TRANSFER_PROCESS };

struct trail_transfer {
    struct trail_transfer *next;
    const struct trail_config *config;
    const struct trail_channel *channel;
    struct trail_outbox_message row;
    struct trail_message message;
    enum trail_transfer_kind kind;
    struct trail_outcome outcome;
    struct trail_text body;
    size_t sent; /* bytes of the body that are gone */

    /* libcurl */
    const struct trail_curl *curl;
    CURL *easy;
    struct curl_slist *headers, *recipients;
    char error[CURL_ERROR_SIZE];
    char response[TRAIL_RESPONSE + 1]; /* of mail: the server's last line */
    size_t n_response, n_read;
    char retry_after[64];
    char refused[64]; /* an address that was not to be reached */

    /* a process */
    pid_t pid;
    int process, errors; /* descriptors: of the process, of what it says; -1: none */
    int64_t deadline;    /* by the monotonic clock */
};

/* Begins an attempt; ends it at once (kind DONE) where that can be. `now` is the wall clock's. */
void trail_transfer_start(struct trail_transfer *, const struct trail_curl *, int64_t now);

/* Reads libcurl's result into `outcome`. */
void trail_transfer_finish(struct trail_transfer *, CURLcode, int64_t now);

/* Looks after a process; true: it is over, and `outcome` is there. */
bool trail_transfer_process(struct trail_transfer *, int64_t monotonic);

/* Ends what is still going on, and frees all that it has. */
void trail_transfer_free(struct trail_transfer *);

void trail_outcome_set(struct trail_outcome *, enum trail_delivery, bool busy, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* By trail_address_refused(). */
void trail_outcome_refused(struct trail_outcome *, const char *address);

/* Whether a channel of this type needs libcurl. */
bool trail_channel_needs_curl(const struct trail_channel *);

/* Milliseconds that a Retry-After asks for: seconds, or a date (RFC 9110, 10.2.3), at most a day; 0: none. */
int64_t trail_retry_after(const char *text, int64_t now);

/* ---- one file a way ---- */

void trail_http_start(struct trail_transfer *, int64_t now); /* http.c */
void trail_http_finish(struct trail_transfer *, CURLcode, int64_t now);
void trail_smtp_start(struct trail_transfer *, int64_t now); /* smtp.c */
void trail_smtp_finish(struct trail_transfer *, CURLcode);
void trail_stream_start(struct trail_transfer *, int64_t now); /* stream.c: syslog over TCP and TLS */
void trail_stream_finish(struct trail_transfer *, CURLcode);
void trail_datagram_send(struct trail_transfer *, int64_t now);       /* local.c: syslog elsewhere */
void trail_file_send(struct trail_transfer *);                        /* local.c */
void trail_process_start(struct trail_transfer *, int64_t monotonic); /* exec.c */

/* A handle with what all of them have: timeouts, TLS, no redirects, addresses; false: `outcome` says why not. */
bool trail_easy_start(struct trail_transfer *, const char *protocols);
/* What libcurl says of a failure, for people. */
const char *trail_easy_error(const struct trail_transfer *, CURLcode);
/* An answer as one line, without secrets: at most some 200 characters. */
void trail_transfer_quote(const struct trail_transfer *, char *to, size_t room);

#endif
