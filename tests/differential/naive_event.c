/*
 * naive_event.c - an event as a flat list of its values.
 *
 * cJSON reads the event. It keeps neither the spelling of numbers nor where a value stands in the text, so a
 * walk over the text goes along with the walk over cJSON's tree: both meet the same values in the same order.
 */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <unistr.h>
#include <uniwbrk.h>

#include "naive.h"
#include "trail/limits.h"

static void *more(void *old, size_t n, size_t size)
{
    void *p = realloc(old, n * size);
    if (!p)
        abort();
    return p;
}

static char *copy(const char *p, size_t n)
{
    char *s = more(NULL, n + 1, 1);
    memcpy(s, p, n);
    s[n] = '\0';
    return s;
}

/* ---- words ------------------------------------------------------------------------------------ */

static bool begins_word(ucs4_t c)
{
    switch (uc_wordbreak_property(c)) {
    case WBP_ALETTER:
    case WBP_HL:
    case WBP_NUMERIC:
    case WBP_KATAKANA: return true;
    default: break;
    }
    return uc_is_property_ideographic(c) || uc_is_property_extended_pictographic(c) ||
           (c >= 0x3041 && c <= 0x3096);
}

/* A segment becomes a word if a letter, digit, ideograph or pictograph is in it. */
static void add_segment(struct naive_words *words, const uint8_t *p, size_t n)
{
    uint8_t *lower = more(NULL, n * 2 + 8, 1);
    size_t used = 0;
    bool word = false;
    for (size_t i = 0; i < n;) {
        ucs4_t c;
        i += (size_t)u8_mbtouc(&c, p + i, n - i);
        word = word || begins_word(c);
        used += (size_t)u8_uctomb(lower + used, uc_tolower(c), 6);
    }
    if (word) {
        words->list = more(words->list, words->n + 1, sizeof *words->list);
        words->list[words->n++] = copy((const char *)lower, used);
    }
    free(lower);
}

/* The bytes of the first `count` code points. */
static size_t first_points(const uint8_t *p, size_t n, size_t count)
{
    size_t i = 0;
    for (; i < n && count > 0; count--) {
        ucs4_t c;
        i += (size_t)u8_mbtouc(&c, p + i, n - i);
    }
    return i;
}

/* Valid UTF-8. No word is longer than TRAIL_MAX_TOKEN code points, so no segment looks further than that. */
static void add_words(struct naive_words *words, const uint8_t *p, size_t n)
{
    while (n > 0) {
        size_t window = first_points(p, n, TRAIL_MAX_TOKEN), to = 0;
        char *breaks = more(NULL, window + 1, 1);
        u8_wordbreaks(p, window, breaks);
        breaks[window] = 1;
        /* If the window is all that is left, so are its segments; else only the first is sure. */
        do {
            size_t from = to++;
            while (!breaks[to])
                to++;
            add_segment(words, p + from, to - from);
        } while (window == n && to < n);
        free(breaks);
        p += to;
        n -= to;
    }
}

struct naive_words naive_words_of(const char *text, size_t n)
{
    struct naive_words words = {0, NULL};
    const uint8_t *p = (const uint8_t *)text, *end = p + n;
    while (p < end) {
        const uint8_t *broken = u8_check(p, (size_t)(end - p));
        add_words(&words, p, (size_t)((broken ? broken : end) - p));
        p = broken ? broken + 1 : end;
    }
    return words;
}

void naive_words_free(struct naive_words *words)
{
    for (size_t i = 0; i < words->n; i++)
        free(words->list[i]);
    free(words->list);
}

/* ---- the walk --------------------------------------------------------------------------------- */

struct walk {
    struct naive_event *event;
    const char *at;
    const char *member; /* where the value at `at` begins, its key included */
};

static void pass_space(struct walk *w)
{
    while (*w->at && strchr(" \t\r\n", *w->at))
        w->at++;
}

static void pass_string(struct walk *w)
{
    for (w->at++; *w->at != '"'; w->at++)
        if (*w->at == '\\')
            w->at++;
    w->at++;
}

static struct naive_value *value_new(struct walk *w, const char *path, const cJSON *item)
{
    struct naive_event *e = w->event;
    e->values = more(e->values, e->n + 1, sizeof *e->values);
    struct naive_value *v = &e->values[e->n++];
    *v = (struct naive_value){.path = copy(path, strlen(path)),
                              .kind = NAIVE_SCALAR,
                              .json = {w->at, 0},
                              .key = (size_t)(w->at - w->member)};
    if (cJSON_IsString(item))
        v->kind = NAIVE_STRING;
    else if (cJSON_IsNull(item))
        v->kind = NAIVE_NULL;
    else if (cJSON_IsObject(item))
        v->kind = NAIVE_OBJECT;
    else if (cJSON_IsArray(item))
        v->kind = NAIVE_ARRAY;
    return v;
}

static void pass_leaf(struct walk *w, struct naive_value *v, const cJSON *item)
{
    const char *from = w->at;
    if (v->kind == NAIVE_STRING) {
        pass_string(w);
        v->text = copy(item->valuestring, strlen(item->valuestring));
        v->words = naive_words_of(v->text, strlen(v->text));
    } else {
        w->at += strcspn(w->at, ",]} \t\r\n");
        v->text = copy(from, (size_t)(w->at - from));
        char *word = copy(v->text, strlen(v->text));
        for (char *p = word; *p; p++)
            *p = *p == 'E' ? 'e' : *p;
        v->words.list = more(NULL, 1, sizeof *v->words.list);
        v->words.list[v->words.n++] = word;
    }
    v->json.n = (size_t)(w->at - from);
}

/* The children of a container, whose opening bracket has been passed. Events are not deep. */
static void pass_value(struct walk *w, const char *path, const cJSON *item);

static void pass_children(struct walk *w, const char *path, const cJSON *container)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, container)
    {
        pass_space(w);
        const char *member = w->at;
        char *name = copy(path, strlen(path));
        if (cJSON_IsObject(container)) {
            pass_string(w);
            pass_space(w);
            w->at++; /* : */
            pass_space(w);
            name = more(name, strlen(path) + strlen(item->string) + 2, 1);
            strcat(strcat(name, "."), item->string);
        }
        w->member = member;
        pass_value(w, name, item);
        free(name);
        pass_space(w);
        w->at += *w->at == ',';
    }
    pass_space(w);
    w->at++; /* ] or } */
}

static void pass_value(struct walk *w, const char *path, const cJSON *item)
{
    size_t index = w->event->n;
    const char *from = w->at;
    struct naive_value *v = value_new(w, path, item);
    if (v->kind != NAIVE_OBJECT && v->kind != NAIVE_ARRAY) {
        pass_leaf(w, v, item);
        return;
    }
    w->at++;
    pass_children(w, path, item);
    w->event->values[index].json.n = (size_t)(w->at - from);
}

struct naive_event *naive_event_read(const char *json, size_t n)
{
    cJSON *root = cJSON_ParseWithLength(json, n);
    if (!root)
        return NULL;
    struct naive_event *e = more(NULL, 1, sizeof *e);
    *e = (struct naive_event){.json = {json, n}};
    char *text = copy(json, n); /* terminated, for the walk */
    struct walk w = {e, text, text};
    pass_space(&w);
    w.at++;
    pass_children(&w, "", root);
    for (size_t i = 0; i < e->n; i++)
        e->values[i].json.p = json + (e->values[i].json.p - text);
    free(text);
    cJSON_Delete(root);
    return e;
}

void naive_event_free(struct naive_event *e)
{
    for (size_t i = 0; i < e->n; i++) {
        free(e->values[i].path);
        free(e->values[i].text);
        naive_words_free(&e->values[i].words);
    }
    free(e->values);
    free(e);
}
