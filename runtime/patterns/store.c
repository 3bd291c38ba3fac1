/*
 * store.c - see store.h. What is loaded was written by anybody: it is checked until it is what a run could have found.
 */
#include "store.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file/replace.h"
#include "shape.h"
#include "window/timestamp.h"

#define MAX_EXACT 9007199254740992.0 /* a cJSON number is a double */

static bool refuse(char error[STORE_ERROR], const char *what)
{
    snprintf(error, STORE_ERROR, "%s", what);
    return false;
}

/* ---- reading ------------------------------------------------------------------------------ */

static const char DAMAGED[] = "is damaged: write it anew with --save";

static bool is_plain(const char *text, size_t most)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++)
        if (text[i] < ' ' || text[i] > '~' || text[i] == '"' || text[i] == '\\')
            return false;
    return n > 0 && n <= most;
}

static void add(struct trail_text *to, const char *text)
{
    trail_text_add(to, text, strlen(text));
}

/* An object of texts, as a pattern has it. False: it is none. */
static bool add_texts(struct trail_text *to, const cJSON *object, bool (*has)(const char *name), size_t most)
{
    const cJSON *item;
    size_t n = 0;
    if (!cJSON_IsObject(object))
        return false;
    add(to, "{");
    cJSON_ArrayForEach(item, object)
    {
        const char *value = cJSON_GetStringValue(item);
        if (!value || !has(item->string) || !is_plain(value, most) || n == PATTERN_FIELDS)
            return false;
        add(to, n++ ? ",\"" : "\"");
        add(to, item->string);
        add(to, "\":\"");
        add(to, value);
        add(to, "\"");
    }
    add(to, "}");
    return true;
}

/* A number ≥ 0 of the object; an absent one is 0. False: it is something else. */
static bool read_count(const cJSON *object, const char *key, uint64_t *to)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    *to = 0;
    if (!item)
        return true;
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0) || item->valuedouble > MAX_EXACT)
        return false;
    *to = (uint64_t)item->valuedouble;
    return true;
}

static bool read_time(const cJSON *object, const char *key, int64_t *to)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    const char *text = cJSON_GetStringValue(item);
    *to = TRAIL_NO_TIME;
    if (!item || cJSON_IsNull(item))
        return true;
    if (text)
        *to = trail_time_parse_text((struct trail_slice){text, strlen(text)});
    return *to != TRAIL_NO_TIME;
}

static bool read_pattern(struct set *set, const cJSON *item, char error[STORE_ERROR])
{
    struct trail_text text = {0};
    struct set_pattern p = {0};
    add(&text, "\"fields\":");
    bool fine =
        add_texts(&text, cJSON_GetObjectItemCaseSensitive(item, "fields"), pattern_has_field, PATTERN_VALUE);
    p.n_fields = text.n;
    add(&text, ",\"shapes\":");
    fine =
        fine &&
        add_texts(&text, cJSON_GetObjectItemCaseSensitive(item, "shapes"), pattern_has_shape, SHAPE_TEXT) &&
        read_count(item, "count", &p.count) && read_count(item, "record", &p.record) &&
        read_time(item, "first_seen", &p.first) && read_time(item, "last_seen", &p.last);
    p.text = text.p;
    p.n_text = text.n;
    p.path = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "path"));
    bool added = fine && !text.failed && set_merge(set, &p);
    if (!fine)
        refuse(error, DAMAGED);
    else if (!added)
        refuse(error, "out of memory");
    trail_text_free(&text);
    return added;
}

static bool read_document(struct set *set, const cJSON *document, char error[STORE_ERROR])
{
    const char *kind = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(document, "trailc"));
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(document, "version"), *item;
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(document, "patterns");
    if (!kind || strcmp(kind, "patterns") != 0)
        return refuse(error, "is no set of patterns, such as --save writes");
    if (cJSON_IsNumber(version) && version->valuedouble > STORE_VERSION)
        return refuse(error, "was written by a newer version: build the scanner with that one");
    if (!cJSON_IsNumber(version) || version->valuedouble != STORE_VERSION || !cJSON_IsArray(list))
        return refuse(error, DAMAGED);
    cJSON_ArrayForEach(item, list)
    {
        if (!read_pattern(set, item, error))
            return false;
        if (set_left_out(set) > 0)
            return refuse(error, "has more than a million patterns");
    }
    return true;
}

bool store_read(struct set *set, const char *text, size_t n, char error[STORE_ERROR])
{
    cJSON *document = cJSON_ParseWithLengthOpts(text, n + 1, NULL, true);
    /* What begins as a set, and ends too early, is one that was cut. */
    static const char begin[] = "{\"trailc\":\"patterns\"";
    if (!document)
        return refuse(error, n >= sizeof begin - 1 && memcmp(text, begin, sizeof begin - 1) == 0
                                 ? DAMAGED
                                 : "is no set of patterns, such as --save writes");
    bool fine = read_document(set, document, error);
    cJSON_Delete(document);
    return fine;
}

/* The file's bytes and a NUL; NULL: `error` says why. */
static char *read_file(const char *path, size_t *n, char error[STORE_ERROR])
{
    struct stat status;
    FILE *f = fopen(path, "rb");
    char *text = NULL;
    if (!f || fstat(fileno(f), &status) != 0)
        snprintf(error, STORE_ERROR, "cannot be opened: %s", strerror(errno));
    else if (!S_ISREG(status.st_mode))
        refuse(error, "is no file");
    else if ((uint64_t)status.st_size > STORE_BYTES)
        refuse(error, "is longer than 64 MiB: no set of patterns is");
    else if (!(text = malloc((size_t)status.st_size + 1)))
        refuse(error, "out of memory");
    if (text) {
        *n = fread(text, 1, (size_t)status.st_size, f);
        text[*n] = 0;
    }
    if (f)
        fclose(f);
    return text;
}

bool store_load(struct set *set, const char *path, char error[STORE_ERROR])
{
    size_t n = 0;
    char *text = read_file(path, &n, error);
    bool fine = text && store_read(set, text, n, error);
    free(text);
    return fine;
}

/* ---- writing ------------------------------------------------------------------------------ */

static void add_time(struct trail_text *to, const char *key, int64_t time)
{
    char text[TRAIL_TIME_ROOM];
    trail_time_format(text, time);
    add(to, key);
    add(to, *text ? "\"" : "null");
    add(to, text);
    add(to, *text ? "\"" : "");
}

static void add_pattern(struct trail_text *to, const struct set_pattern *p)
{
    char number[64];
    add(to, "{");
    trail_text_add(to, p->text, p->n_text);
    snprintf(number, sizeof number, ",\"count\":%" PRIu64, p->count);
    add(to, number);
    add_time(to, ",\"first_seen\":", p->first);
    add_time(to, ",\"last_seen\":", p->last);
    if (p->path) {
        add(to, ",\"path\":");
        trail_json_quote(to, (struct trail_slice){p->path, strlen(p->path)});
        snprintf(number, sizeof number, ",\"record\":%" PRIu64, p->record);
        add(to, number);
    }
    add(to, "}");
}

/* The whole file. False: no memory. */
static bool print(const struct set *set, struct trail_text *to)
{
    size_t *order = set_order(set, SET_BY_TEXT);
    add(to, "{\"trailc\":\"patterns\",\"version\":1,\"patterns\":[\n");
    for (size_t i = 0; order && i < set_n(set); i++) {
        add_pattern(to, set_at(set, order[i]));
        add(to, i + 1 < set_n(set) ? ",\n" : "\n");
    }
    add(to, "]}\n");
    free(order);
    return order && !to->failed;
}

static bool replace(const char *path, const struct trail_text *text)
{
    struct replacing file;
    bool ok = replacing_start(&file, path, false) && fwrite(text->p, 1, text->n, file.file) == text->n;
    return replacing_end(&file, ok);
}

bool store_save(const struct set *set, const char *path, char error[STORE_ERROR])
{
    struct trail_text text = {0};
    bool printed = print(set, &text), fine = printed && replace(path, &text);
    if (!printed)
        refuse(error, "out of memory");
    else if (!fine)
        snprintf(error, STORE_ERROR, "cannot be written: %s", strerror(errno));
    trail_text_free(&text);
    return fine;
}
