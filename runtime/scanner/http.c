/*
 * http.c - see http.h.
 */
#include "http.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS = 16, TIMEOUT = 10 }; /* at once; seconds */

#define FUNCTIONS(X)                   \
    X(MHD_start_daemon)                \
    X(MHD_stop_daemon)                 \
    X(MHD_get_daemon_info)             \
    X(MHD_create_response_from_buffer) \
    X(MHD_add_response_header)         \
    X(MHD_queue_response)              \
    X(MHD_destroy_response)

struct http {
    void *library;
#define DECLARE(name) __typeof__(&name) name;
    FUNCTIONS(DECLARE)
#undef DECLARE
    struct MHD_Daemon *daemon;
    struct metrics *metrics;
    const struct trail_clock *clock;
    char url[96];
};

static bool load(struct http *h, char why[256])
{
    h->library = dlopen("libmicrohttpd.so.12", RTLD_NOW | RTLD_LOCAL);
    if (!h->library) {
        snprintf(why, 256,
                 "libmicrohttpd.so.12 cannot be loaded, which serves --http: install libmicrohttpd12");
        return false;
    }
#define LOAD(name)                                          \
    if (!(*(void **)&h->name = dlsym(h->library, #name))) { \
        snprintf(why, 256, "libmicrohttpd has no " #name);  \
        return false;                                       \
    }
    FUNCTIONS(LOAD)
#undef LOAD
    return true;
}

/* ---- answers ---- */

static enum MHD_Result answer(struct http *h, struct MHD_Connection *c, unsigned code, const char *type,
                              const struct trail_slice body)
{
    struct MHD_Response *r =
        h->MHD_create_response_from_buffer(body.n, (void *)body.p, MHD_RESPMEM_MUST_COPY);
    if (!r)
        return MHD_NO;
    h->MHD_add_response_header(r, "Content-Type", type);
    h->MHD_add_response_header(r, "Cache-Control", "no-store");
    if (code == MHD_HTTP_METHOD_NOT_ALLOWED)
        h->MHD_add_response_header(r, "Allow", "GET, HEAD");
    enum MHD_Result done = h->MHD_queue_response(c, code, r);
    h->MHD_destroy_response(r);
    return done;
}

static enum MHD_Result answer_text(struct http *h, struct MHD_Connection *c, unsigned code, const char *text)
{
    return answer(h, c, code, "text/plain; charset=utf-8", (struct trail_slice){text, strlen(text)});
}

static enum MHD_Result answer_metrics(struct http *h, struct MHD_Connection *c)
{
    struct trail_text text = {0};
    metrics_print(h->metrics, h->clock->now(h->clock->user), &text);
    enum MHD_Result done = text.failed ? answer_text(h, c, MHD_HTTP_INTERNAL_SERVER_ERROR, "out of memory\n")
                                       : answer(h, c, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8",
                                                (struct trail_slice){text.p, text.n});
    trail_text_free(&text);
    return done;
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *c, const char *url, const char *method,
                                  const char *version, const char *upload, size_t *n_upload, void **state)
{
    struct http *h = user;
    (void)version;
    (void)upload;
    (void)n_upload;
    (void)state;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return answer_text(h, c, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    if (strcmp(url, "/metrics") == 0)
        return answer_metrics(h, c);
    if (strcmp(url, "/healthz") == 0) {
        bool healthy = metrics_is_healthy(h->metrics, h->clock->steady(h->clock->user));
        return answer_text(h, c, healthy ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
                           healthy ? "ok\n" : "the engine stands still\n");
    }
    if (strcmp(url, "/readyz") == 0) {
        bool ready = metrics_is_ready(h->metrics);
        return answer_text(h, c, ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
                           ready ? "ok\n" : "not ready: what was there is being read, or cannot be stored\n");
    }
    return answer_text(h, c, MHD_HTTP_NOT_FOUND, "/metrics, /healthz or /readyz\n");
}

/* ---- where ---- */

/* Splits `[HOST]:PORT`, `HOST:PORT` or `PORT`. */
static bool split_address(const char *address, char host[64], char port[8])
{
    const char *colon = strrchr(address, ':'), *from = address, *p = colon ? colon + 1 : address;
    size_t n = colon ? (size_t)(colon - address) : 0;
    if (n > 1 && from[0] == '[' && from[n - 1] == ']') {
        from++;
        n -= 2;
    }
    if (n >= 64 || strlen(p) == 0 || strlen(p) > 5 || strspn(p, "0123456789") != strlen(p) || atoi(p) > 65535)
        return false;
    memcpy(host, n > 0 ? from : "127.0.0.1", n > 0 ? n : sizeof "127.0.0.1");
    if (n > 0)
        host[n] = 0;
    snprintf(port, 8, "%s", p);
    return true;
}

static struct addrinfo *resolve(const char *address, char host[64], char why[256])
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                             .ai_socktype = SOCK_STREAM},
                    *found = NULL;
    char port[8];
    if (split_address(address, host, port) && getaddrinfo(host, port, &hints, &found) == 0)
        return found;
    snprintf(why, 256, "--http: not an address: write 127.0.0.1:9464, [::1]:9464 or 9464");
    return NULL;
}

static bool listen_at(struct http *h, const char *address, char why[256])
{
    char host[64];
    struct addrinfo *at = resolve(address, host, why);
    if (!at)
        return false;
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | (at->ai_family == AF_INET6 ? MHD_USE_IPv6 : 0);
    errno = 0;
    h->daemon = h->MHD_start_daemon(flags, 0, NULL, NULL, on_request, h, MHD_OPTION_SOCK_ADDR, at->ai_addr,
                                    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
                                    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)TIMEOUT, MHD_OPTION_END);
    bool six = at->ai_family == AF_INET6;
    freeaddrinfo(at);
    if (!h->daemon) {
        char buffer[96];
        snprintf(why, 256, "--http: cannot listen at that address: %s",
                 errno ? strerror_r(errno, buffer, sizeof buffer) : "the library does not say why");
        return false;
    }
    const union MHD_DaemonInfo *info = h->MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT);
    snprintf(h->url, sizeof h->url, six ? "http://[%s]:%u" : "http://%s:%u", host, info ? info->port : 0u);
    return true;
}

struct http *http_start(const char *address, struct metrics *metrics, const struct trail_clock *clock,
                        char why[256])
{
    struct http *h = calloc(1, sizeof *h);
    if (!h) {
        snprintf(why, 256, "out of memory");
        return NULL;
    }
    h->metrics = metrics;
    h->clock = clock;
    if (load(h, why) && listen_at(h, address, why))
        return h;
    http_stop(h);
    return NULL;
}

void http_stop(struct http *h)
{
    if (!h)
        return;
    if (h->daemon)
        h->MHD_stop_daemon(h->daemon);
    if (h->library)
        dlclose(h->library);
    free(h);
}

const char *http_url(const struct http *h)
{
    return h->url;
}
