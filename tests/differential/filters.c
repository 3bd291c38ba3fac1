/*
 * filters.c - see filters.h.
 */
#include "filters.h"

#include <stdlib.h>
#include <string.h>

/* ---- files ------------------------------------------------------------------------------------ */

char *file_read(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    struct draft d = {0};
    char piece[65536];
    draft_text(&d, "");
    for (size_t got; f && (got = fread(piece, 1, sizeof piece, f)) > 0;)
        draft_add(&d, piece, got);
    bool good = f && !ferror(f);
    if (f)
        fclose(f);
    if (!good) {
        free(d.p);
        return NULL;
    }
    *n = d.n;
    return d.p;
}

bool file_write(const char *path, const char *p, size_t n)
{
    FILE *f = fopen(path, "wb");
    bool good = f && fwrite(p, 1, n, f) == n;
    if (f && fclose(f) != 0)
        good = false;
    if (!good)
        fprintf(stderr, "cannot write %s\n", path);
    return good;
}

/* ---- filters ---------------------------------------------------------------------------------- */

static struct text text_in(struct compile *c, const char *p)
{
    struct text t = {.s = slice_copy(c, p, strlen(p))};
    uint32_t *at = NEW_ARRAY(c, uint32_t, t.s.n + 1);
    for (size_t i = 0; i <= t.s.n; i++)
        at[i] = (uint32_t)i;
    t.at = at;
    t.source = (uint32_t)c->n_sources;
    *PUSH(c, c->sources, c->n_sources) = (struct source){"filter", t.s};
    return t;
}

static void add_lists(struct compile *c)
{
    for (size_t i = 0; i < RANDOM_LISTS; i++) {
        struct list *list = PUSH(c, c->pack.lists, c->pack.n_lists);
        list->name = slice_of(random_lists[i].name);
        for (const char *const *v = random_lists[i].values; *v; v++)
            *PUSH(c, list->values, list->n) = text_in(c, *v);
    }
}

struct filter filter_read(const char *text)
{
    struct filter f = {0};
    struct arena *arena = arena_new();
    f.c = arena_alloc(arena, sizeof *f.c);
    f.c->arena = arena;
    f.text = text_in(f.c, text);
    add_lists(f.c);
    f.tree = parse_filter(f.c, &f.text);
    if (f.tree && !check_filter(f.c, &f.text, f.tree))
        f.tree = NULL;
    return f;
}

void filter_free(struct filter *f)
{
    arena_free(f->c->arena);
}

bool filter_said(const struct filter *f, enum code code)
{
    for (size_t i = 0; i < f->c->n_diags; i++)
        if (f->c->diags[i].code == code)
            return true;
    return false;
}

/* ---- packs ------------------------------------------------------------------------------------ */

/* A YAML scalar in double quotes. */
static void add_scalar(struct draft *d, const char *text)
{
    draft_char(d, '"');
    for (const char *p = text; *p; p++) {
        char escape[8];
        if (*p == '"' || *p == '\\')
            draft_char(d, '\\');
        if ((unsigned char)*p < 0x20 || *p == 0x7F) {
            snprintf(escape, sizeof escape, "\\x%02X", (unsigned)(unsigned char)*p);
            draft_text(d, escape);
        } else {
            draft_char(d, *p);
        }
    }
    draft_char(d, '"');
}

static void add_header(struct draft *d)
{
    draft_text(d, "pack: differential\nschema: none\nevent_id: no.such.field\nlists:\n");
    for (size_t i = 0; i < RANDOM_LISTS; i++) {
        draft_text(d, "  ");
        draft_text(d, random_lists[i].name);
        draft_text(d, ": [");
        for (const char *const *v = random_lists[i].values; *v; v++) {
            draft_text(d, v == random_lists[i].values ? "" : ", ");
            add_scalar(d, *v);
        }
        draft_text(d, "]\n");
    }
}

/* `show` takes no empty keys, no asterisk, and nothing but one line. */
static bool can_be_shown(const char *path)
{
    for (const char *p = path; *p; p++)
        if (*p == '*' || (unsigned char)*p < 0x20 || (*p == '.' && (p == path || p[1] == '.' || !p[1])))
            return false;
    return true;
}

/* A field as `show` takes it: a backslash before what would be a view, or no letter of the key. */
static void add_shown(struct draft *d, const char *path)
{
    struct draft name = {0};
    for (const char *p = path; *p; p++) {
        if (*p == '\\' && (p == path || p[-1] == '.'))
            draft_char(&name, '\\');
        draft_char(&name, *p);
    }
    add_scalar(d, name.p);
    free(name.p);
}

bool pack_write(const char *path, size_t n, const char *const *filters, const char *const *shown)
{
    struct draft d = {0};
    add_header(&d);
    const char *before = "defaults: {show: [";
    for (size_t i = 0; shown && shown[i]; i++) {
        if (!can_be_shown(shown[i]))
            continue;
        draft_text(&d, before);
        add_shown(&d, shown[i]);
        before = ", ";
    }
    draft_text(&d, shown ? "]}\n" : "");
    for (size_t i = 0; i < n; i++) {
        char head[64];
        if (!filters[i])
            continue;
        snprintf(head, sizeof head, "---\nalert: F %zu\nfilter: ", i);
        draft_text(&d, head);
        add_scalar(&d, filters[i]);
        draft_char(&d, '\n');
    }
    bool good = file_write(path, d.p, d.n);
    free(d.p);
    return good;
}

/* ---- hits ------------------------------------------------------------------------------------- */

/* One line of the scanner's output. There are millions: it is not parsed as a whole. */
static bool take_hit(const char *line, size_t n_alerts, size_t n_records, bool *hits)
{
    static const char id[] = "{\"id\":\"f-", record[] = "\"record\":";
    const char *at = strstr(line, record);
    bool good = strncmp(line, id, sizeof id - 1) == 0 && at;
    size_t alert = good ? strtoul(line + sizeof id - 1, NULL, 10) : 0;
    size_t number = good ? strtoul(at + sizeof record - 1, NULL, 10) : 0;
    good = good && alert < n_alerts && number >= 1 && number <= n_records;
    if (good)
        hits[(number - 1) * n_alerts + alert] = true;
    else
        fprintf(stderr, "not a hit: %s\n", line);
    return good;
}

bool hits_read(const char *scanner, const char *input, size_t n_alerts, size_t n_records, bool *hits)
{
    char command[4096];
    snprintf(command, sizeof command, "'%s' --hits --output json '%s'", scanner, input);
    FILE *f = popen(command, "r");
    char *line = NULL;
    size_t room = 0;
    bool good = f != NULL;
    memset(hits, 0, n_alerts * n_records * sizeof *hits);
    while (good && getline(&line, &room, f) > 0)
        good = take_hit(line, n_alerts, n_records, hits);
    free(line);
    int status = f ? pclose(f) : -1;
    if (status != 0)
        fprintf(stderr, "%s: exit status %d\n", command, status);
    return good && status == 0;
}
