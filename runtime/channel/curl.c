/*
 * curl.c - see curl.h.
 */
#include "curl.h"

#include <dlfcn.h>
#include <stdio.h>

static bool load_functions(struct trail_curl *curl, const char **missing)
{
#define LOAD(name)                                              \
    *missing = #name;                                           \
    if (!(*(void **)&curl->name = dlsym(curl->library, #name))) \
        return false;
    TRAIL_CURL_FUNCTIONS(LOAD)
#undef LOAD
    return true;
}

bool trail_curl_load(struct trail_curl *curl, char *why, size_t room)
{
    const char *missing;
    if (curl->library)
        return true;
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        library = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(why, room,
                 "libcurl.so.4 cannot be loaded, which sends mail and requests: install libcurl4 (%s)",
                 dlerror());
        return false;
    }
    curl->library = library;
    if (!load_functions(curl, &missing)) {
        snprintf(why, room, "libcurl is too old: it has no %s (7.66 or later is needed)", missing);
    } else if (curl->curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        snprintf(why, room, "libcurl cannot be initialised");
    } else {
        return true;
    }
    curl->library = NULL;
    dlclose(library);
    return false;
}
