/*
 * curl.h - libcurl, loaded when the first message needs it.
 *
 * A scanner that sends nothing over a network does not load it, and needs it nowhere. The functions keep
 * libcurl's names and types.
 */
#ifndef TRAIL_CURL_H
#define TRAIL_CURL_H

#define CURL_DISABLE_TYPECHECK
#define CURL_DISABLE_DEPRECATION
#include <curl/curl.h>
#include <stdbool.h>

#define TRAIL_CURL_FUNCTIONS(X) \
    X(curl_global_init)         \
    X(curl_easy_init)           \
    X(curl_easy_setopt)         \
    X(curl_easy_getinfo)        \
    X(curl_easy_cleanup)        \
    X(curl_easy_send)           \
    X(curl_easy_strerror)       \
    X(curl_multi_init)          \
    X(curl_multi_add_handle)    \
    X(curl_multi_remove_handle) \
    X(curl_multi_perform)       \
    X(curl_multi_poll)          \
    X(curl_multi_info_read)     \
    X(curl_multi_cleanup)       \
    X(curl_slist_append)        \
    X(curl_slist_free_all)

struct trail_curl {
    void *library;
#define TRAIL_CURL_FIELD(name) __typeof__(name) *name;
    TRAIL_CURL_FUNCTIONS(TRAIL_CURL_FIELD)
#undef TRAIL_CURL_FIELD
};

/* Loads it once for this table; false: it is missing, and `why` says so. It stays loaded. */
bool trail_curl_load(struct trail_curl *, char *why, size_t room);

#endif
