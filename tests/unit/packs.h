/*
 * packs.h - loads rule texts from memory, and spells what was said about them: `E002 3:1 write filter`,
 * joined with
 * `; ` in the order of places. Shared by the tests of the pack loader.
 */
#ifndef PACKS_H
#define PACKS_H

#include <check.h>
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pack/document.h"
#include "suite.h"

static inline struct compile *new_compile(void)
{
    struct compile *c = calloc(1, sizeof *c);
    c->arena = arena_new();
    return c;
}

static inline void end_compile(struct compile *c)
{
    arena_free(c->arena);
    free(c);
}

static inline const char *said(struct compile *c)
{
    char *json = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&json, &n);
    diag_print_json(c, f);
    fclose(f);
    cJSON *document = cJSON_Parse(json), *array = cJSON_GetObjectItem(document, "diagnostics"), *item;
    struct buffer b = {.c = c};
    cJSON_ArrayForEach(item, array)
    {
        const cJSON *line = cJSON_GetObjectItem(item, "line");
        const char *rewrite = cJSON_GetStringValue(cJSON_GetObjectItem(item, "rewrite"));
        buffer_printf(&b, "%s%s", b.n ? "; " : "", cJSON_GetStringValue(cJSON_GetObjectItem(item, "code")));
        if (cJSON_IsNumber(line))
            buffer_printf(&b, " %d:%d", line->valueint, cJSON_GetObjectItem(item, "column")->valueint);
        if (rewrite)
            buffer_printf(&b, " write %s", rewrite);
    }
    cJSON_Delete(document);
    free(json);
    return buffer_slice(&b).p;
}

static inline struct compile *load(const char *yaml)
{
    struct compile *c = new_compile();
    pack_load_text(c, "dir/test.yaml", slice_of(yaml));
    return c;
}

/* The one alert of a text that is fine. */
static inline struct alert *only_alert(struct compile *c)
{
    ck_assert_str_eq(said(c), "");
    ck_assert_uint_eq(c->pack.n_alerts, 1);
    return &c->pack.alerts[0];
}

#endif
