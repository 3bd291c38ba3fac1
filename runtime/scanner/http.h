/*
 * http.h - a small server for those that watch the service: /metrics, /healthz, /readyz. It answers on a thread of
 * its own, by libmicrohttpd, which is loaded when a server is wanted and not before.
 */
#ifndef TRAIL_HTTP_H
#define TRAIL_HTTP_H

#include "metrics.h"

struct http;

/*
 * `address` is HOST:PORT, [HOST]:PORT or PORT alone, which is this machine's (127.0.0.1); hosts are numbers. Port 0:
 * any. NULL: `why` says why not, safe for a terminal. Borrows metrics and clock.
 */
struct http *http_start(const char *address, struct metrics *, const struct trail_clock *, char why[256]);
void http_stop(struct http *); /* NULL is allowed */

/* Where it listens: "http://127.0.0.1:9464". */
const char *http_url(const struct http *);

#endif
