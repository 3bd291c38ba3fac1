/*
 * diag.c - places, and what is said about them.
 *
 * Every pass reports through diag(); nothing is printed before main.c asks for it. Needs: compile.sources,
 * for the lines that are shown. Guarantees: messages in the order of their places, each said once, and
 * nothing that a rule file holds reaches the terminal as a control character.
 *
 * Lines and columns count from 1; a column is a code point, and so is a byte that is not valid UTF-8.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "trail/text.h"
#include "trailc.h"

enum {
    MAX_SHOWN = 20,    /* errors printed; and so many warnings */
    MAX_COLUMNS = 110, /* of a source line; a longer one is cut around its carets */
    TAB = 4,
};

/* ---- collecting ------------------------------------------------------------------------------ */

struct loc text_loc(const struct text *text, size_t from, size_t to)
{
    if (!text->at)
        return (struct loc){NOWHERE, 0, 0};
    if (to > text->s.n)
        to = text->s.n;
    if (from > to)
        from = to;
    uint32_t at = text->at[from], end = text->at[to];
    return (struct loc){text->source, at, end > at ? end - at : 0};
}

bool code_is_error(enum code code)
{
    return code < W201;
}

static struct slice format_slice(struct compile *c, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    size_t room = n > 0 ? (size_t)n : 0;
    char *p = arena_alloc(c->arena, room + 1);
    vsnprintf(p, room + 1, format, again);
    va_end(again);
    return (struct slice){p, room};
}

struct slice diag_format(struct compile *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct slice s = format_slice(c, format, args);
    va_end(args);
    return s;
}

struct diag *diag(struct compile *c, enum code code, struct loc loc, const char *format, ...)
{
    struct diag *d = PUSH(c, c->diags, c->n_diags);
    d->code = code;
    d->loc = loc;
    d->fix.loc.source = NOWHERE;
    va_list args;
    va_start(args, format);
    d->message = format_slice(c, format, args);
    va_end(args);
    return d;
}

void diag_fix(struct diag *d, const struct text *text, size_t from, size_t to, struct slice by, bool certain)
{
    if (d->rewrite.n)
        d->fix =
            (struct fix){.loc = text_loc(text, from, to), .text = by, .inside = true, .certain = certain};
}

void diag_fix_source(struct diag *d, struct loc loc, struct slice by, bool certain)
{
    if (d->rewrite.n)
        d->fix = (struct fix){.loc = loc, .text = by, .certain = certain};
}

static bool counts(const struct compile *c, const struct diag *d)
{
    return c->werror || code_is_error(d->code);
}

size_t diag_errors(const struct compile *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_diags; i++)
        n += counts(c, &c->diags[i]);
    return n;
}

/* ---- in the order of places ------------------------------------------------------------------ */

static int by_place(const void *left, const void *right)
{
    const struct diag *a = *(const struct diag *const *)left, *b = *(const struct diag *const *)right;
    if (a->loc.source != b->loc.source)
        return a->loc.source < b->loc.source ? -1 : 1;
    if (a->loc.at != b->loc.at)
        return a->loc.at < b->loc.at ? -1 : 1;
    if (a->code != b->code)
        return a->code < b->code ? -1 : 1;
    return (a > b) - (a < b); /* the order in which they were said */
}

static bool same(const struct diag *a, const struct diag *b)
{
    return a->code == b->code && a->loc.source == b->loc.source && a->loc.at == b->loc.at &&
           a->loc.n == b->loc.n && slice_eq(a->message, b->message);
}

/* The diagnostics by place, without what was said twice of one place (a default that many alerts share). */
static const struct diag **sorted(const struct compile *c, size_t *n)
{
    const struct diag **list = arena_alloc(c->arena, sizeof(struct diag *) * (c->n_diags + 1));
    for (size_t i = 0; i < c->n_diags; i++)
        list[i] = &c->diags[i];
    qsort(list, c->n_diags, sizeof *list, by_place);
    *n = 0;
    for (size_t i = 0; i < c->n_diags; i++)
        if (*n == 0 || !same(list[*n - 1], list[i]))
            list[(*n)++] = list[i];
    return list;
}

/* ---- lines and columns ----------------------------------------------------------------------- */

/* A place in a source, as people count. Moves only forward: diagnostics come sorted. */
struct cursor {
    uint32_t source;
    size_t at;
    size_t line, column;
    size_t line_start;
};

static const struct source *source_of(const struct compile *c, struct loc loc)
{
    return loc.source < c->n_sources ? &c->sources[loc.source] : NULL;
}

static unsigned step(struct slice text, size_t at, uint32_t *code_point)
{
    unsigned n = 1;
    *code_point =
        trail_decode((const unsigned char *)text.p + at, (const unsigned char *)text.p + text.n, &n);
    return n;
}

static void cursor_move(struct cursor *cursor, const struct source *source, uint32_t index, size_t to)
{
    if (cursor->line == 0 || cursor->source != index || cursor->at > to)
        *cursor = (struct cursor){.source = index, .line = 1, .column = 1};
    while (cursor->at < to && cursor->at < source->text.n) {
        uint32_t code_point;
        cursor->at += step(source->text, cursor->at, &code_point);
        cursor->column++;
        if (code_point == '\n') {
            cursor->line++;
            cursor->column = 1;
            cursor->line_start = cursor->at;
        }
    }
}

/* The line that starts at `start`, without its end. */
static struct slice line_at(struct slice text, size_t start)
{
    const char *p = text.p + start;
    size_t n = text.n - start;
    const char *end = n ? memchr(p, '\n', n) : NULL;
    if (end)
        n = (size_t)(end - p);
    while (n > 0 && p[n - 1] == '\r')
        n--;
    return (struct slice){p, n};
}

/* ---- text on a terminal ------------------------------------------------------------------------ */

/* Ranges of code points, ascending. */
struct range {
    uint32_t from, to;
};

/* Drawn two columns wide: East Asian Wide and Fullwidth, and emoji (UAX #11, by blocks). */
static const struct range wide[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};

/* Drawn over the character before: combining marks and variation selectors. */
static const struct range narrow[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20F0}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
};

/* Shown as an escape: controls, and what changes the order or the look of its neighbours unseen. */
static const struct range hidden[] = {
    {0x00, 0x1F},     {0x7F, 0x9F},     {0xA0, 0xA0},     {0xAD, 0xAD},     {0x061C, 0x061C},
    {0x1680, 0x1680}, {0x180E, 0x180E}, {0x2000, 0x200F}, {0x2028, 0x202F}, {0x205F, 0x206F},
    {0x3000, 0x3000}, {0xD800, 0xDFFF}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE0FFF},
};

static bool in_ranges(const struct range *ranges, size_t n, uint32_t code_point)
{
    for (size_t i = 0; i < n && ranges[i].from <= code_point; i++)
        if (code_point <= ranges[i].to)
            return true;
    return false;
}

#define IN(ranges, code_point) in_ranges((ranges), sizeof(ranges) / sizeof *(ranges), (code_point))

/* Writes to `to` (room for 16) what is shown for the n bytes at p; returns how many columns that takes. */
static size_t glyph(char *to, const char *p, unsigned n, uint32_t code_point, size_t column)
{
    if (code_point == '\t') {
        size_t width = TAB - column % TAB;
        memset(to, ' ', width);
        to[width] = '\0';
        return width;
    }
    if (IN(hidden, code_point)) {
        if (n == 1)
            return (size_t)snprintf(to, 16, "\\x%02X", (unsigned)(unsigned char)*p);
        return (size_t)snprintf(to, 16, "\\u{%X}", (unsigned)code_point);
    }
    memcpy(to, p, n);
    to[n] = '\0';
    return IN(narrow, code_point) ? 0 : IN(wide, code_point) ? 2 : 1;
}

/* Prints a text of one line; without a file it only measures. Columns outside [from, to) are left out. */
static size_t show(FILE *f, struct slice text, size_t from, size_t to)
{
    size_t column = 0;
    for (size_t at = 0; at < text.n && column < to;) {
        uint32_t code_point;
        char drawn[16];
        unsigned n = step(text, at, &code_point);
        size_t width = glyph(drawn, text.p + at, n, code_point, column);
        if (f && column >= from && column + width <= to)
            fputs(drawn, f);
        column += width;
        at += n;
    }
    return column;
}

static size_t width_of(struct slice text)
{
    return show(NULL, text, 0, SIZE_MAX);
}

/* ---- for people ------------------------------------------------------------------------------ */

struct printer {
    struct compile *c;
    FILE *f;
    bool colour;
    struct cursor cursor;
};

enum paint { PLAIN, BOLD, RED, YELLOW, GREEN, CYAN };

static void paint(const struct printer *p, enum paint colour)
{
    static const char *const codes[] = {"\033[0m",    "\033[1m",    "\033[1;31m",
                                        "\033[1;33m", "\033[1;32m", "\033[1;36m"};
    if (p->colour)
        fputs(codes[colour], p->f);
}

static void repeat(FILE *f, size_t n, char c)
{
    while (n-- > 0)
        fputc(c, f);
}

/* The line of a place, and carets under the part of the place that is on it. */
static void print_line(struct printer *p, const struct source *source, struct loc loc)
{
    struct slice line = line_at(source->text, p->cursor.line_start);
    size_t start = loc.at - p->cursor.line_start;
    if (start > line.n)
        start = line.n;
    size_t n = loc.n < line.n - start ? loc.n : line.n - start;

    size_t left = width_of((struct slice){line.p, start});
    size_t right = width_of((struct slice){line.p, start + n});
    size_t from = 0, all = width_of(line);
    if (all > MAX_COLUMNS && right > MAX_COLUMNS)
        from = left > MAX_COLUMNS / 3 ? left - MAX_COLUMNS / 3 : 0;
    size_t to = from + MAX_COLUMNS;
    if (right > to)
        right = to;

    fputs(from > 0 ? "   …" : "    ", p->f);
    size_t drawn = show(p->f, line, from, to);
    fputs(all > to && drawn >= to ? "…\n    " : "\n    ", p->f);
    repeat(p->f, left - from, ' ');
    paint(p, GREEN);
    fputc('^', p->f);
    if (right > left + 1)
        repeat(p->f, right - left - 1, '~');
    paint(p, PLAIN);
    fputc('\n', p->f);
}

static void print_extra(const struct printer *p, const char *label, struct slice text)
{
    if (text.n == 0)
        return;
    fputs("  = ", p->f);
    paint(p, CYAN);
    fputs(label, p->f);
    paint(p, PLAIN);
    fputs(": ", p->f);
    show(p->f, text, 0, SIZE_MAX);
    fputc('\n', p->f);
}

/* What a person writes. Control characters, which nobody can type, stand in the fix as YAML's escapes. */
static struct slice rewrite_shown(struct compile *c, const struct diag *d)
{
    struct fix fix;
    bool typed = true;
    for (size_t i = 0; i < d->rewrite.n; i++)
        typed = typed && (unsigned char)d->rewrite.p[i] >= 0x20;
    return !typed && fix_resolve(c, d, &fix) ? fix.text : d->rewrite;
}

static void print_one(struct printer *p, const struct diag *d)
{
    const struct source *source = source_of(p->c, d->loc);
    bool error = counts(p->c, d);
    paint(p, BOLD);
    if (source) {
        cursor_move(&p->cursor, source, d->loc.source, d->loc.at);
        show(p->f, slice_of(source->name), 0, SIZE_MAX);
        fprintf(p->f, ":%zu:%zu: ", p->cursor.line, p->cursor.column);
    } else {
        fputs("trailc: ", p->f);
    }
    paint(p, error ? RED : YELLOW);
    fprintf(p->f, "%s[%c%03u]: ", error ? "error" : "warning", code_is_error(d->code) ? 'E' : 'W',
            (unsigned)d->code);
    paint(p, BOLD);
    show(p->f, d->message, 0, SIZE_MAX);
    paint(p, PLAIN);
    fputc('\n', p->f);
    if (source)
        print_line(p, source, d->loc);
    print_extra(p, "write", rewrite_shown(p->c, d));
    print_extra(p, "note", d->note);
}

void diag_print(struct compile *c, FILE *f, bool colour)
{
    struct printer p = {.c = c, .f = f, .colour = colour};
    size_t n, errors = 0, warnings = 0;
    const struct diag **list = sorted(c, &n);
    for (size_t i = 0; i < n; i++) {
        size_t *said = counts(c, list[i]) ? &errors : &warnings;
        if ((*said)++ < MAX_SHOWN)
            print_one(&p, list[i]);
    }
    if (errors > MAX_SHOWN)
        fprintf(f, "trailc: %zu more error%s\n", errors - MAX_SHOWN, errors - MAX_SHOWN > 1 ? "s" : "");
    if (warnings > MAX_SHOWN)
        fprintf(f, "trailc: %zu more warning%s\n", warnings - MAX_SHOWN, warnings - MAX_SHOWN > 1 ? "s" : "");
}

/* ---- for editors ------------------------------------------------------------------------------- */

/* JSON is UTF-8: what is not becomes U+FFFD, and so does NUL, which ends cJSON's strings. NULL for an empty
 * text. */
static void add_text(struct compile *scratch, cJSON *object, const char *key, struct slice text)
{
    struct buffer b = {.c = scratch};
    for (size_t at = 0; at < text.n;) {
        uint32_t code_point;
        unsigned n = step(text, at, &code_point);
        if (code_point == 0 || (code_point >= 0xD800 && code_point <= 0xDFFF))
            buffer_text(&b, "\xEF\xBF\xBD");
        else
            buffer_add(&b, text.p + at, n);
        at += n;
    }
    if (b.n)
        cJSON_AddStringToObject(object, key, b.p);
    else
        cJSON_AddNullToObject(object, key);
}

static void add_place(cJSON *object, const char *line, const char *column, const struct cursor *cursor)
{
    cJSON_AddNumberToObject(object, line, (double)cursor->line);
    cJSON_AddNumberToObject(object, column, (double)cursor->column);
}

/* The four keys of a range; moves the cursor to its beginning. */
static void add_range(cJSON *object, const struct source *source, struct cursor *cursor, struct loc loc)
{
    cursor_move(cursor, source, loc.source, loc.at);
    add_place(object, "line", "column", cursor);
    struct cursor end = *cursor;
    cursor_move(&end, source, loc.source, (size_t)loc.at + loc.n);
    add_place(object, "endLine", "endColumn", &end);
}

static void add_fix(struct compile *scratch, struct compile *c, cJSON *object, const struct diag *d)
{
    struct fix fix;
    struct cursor cursor = {0};
    if (!fix_resolve(c, d, &fix)) {
        cJSON_AddNullToObject(object, "fix");
        return;
    }
    cJSON *made = cJSON_AddObjectToObject(object, "fix");
    add_range(cJSON_AddObjectToObject(made, "range"), source_of(c, fix.loc), &cursor, fix.loc);
    if (fix.text.n)
        add_text(scratch, made, "text", fix.text);
    else
        cJSON_AddStringToObject(made, "text", "");
    cJSON_AddBoolToObject(made, "certain", fix.certain);
}

static cJSON *diag_json(struct compile *scratch, struct compile *c, struct cursor *cursor,
                        const struct diag *d)
{
    cJSON *object = cJSON_CreateObject();
    const struct source *source = source_of(c, d->loc);
    add_text(scratch, object, "code",
             diag_format(scratch, "%c%03u", code_is_error(d->code) ? 'E' : 'W', (unsigned)d->code));
    cJSON_AddStringToObject(object, "severity", counts(c, d) ? "error" : "warning");
    if (source) {
        add_text(scratch, object, "file", slice_of(source->name));
        add_range(object, source, cursor, d->loc);
    } else {
        static const char *const keys[] = {"file", "line", "column", "endLine", "endColumn"};
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
            cJSON_AddNullToObject(object, keys[i]);
    }
    add_text(scratch, object, "message", d->message);
    add_text(scratch, object, "rewrite", d->rewrite);
    add_text(scratch, object, "note", d->note);
    add_fix(scratch, c, object, d);
    return object;
}

static void add_diags(cJSON *array, struct compile *c, size_t *errors)
{
    struct compile scratch = {.arena = c->arena};
    struct cursor cursor = {0};
    size_t n;
    const struct diag **list = sorted(c, &n);
    for (size_t i = 0; i < n; i++) {
        *errors += counts(c, list[i]);
        cJSON_AddItemToArray(array, diag_json(&scratch, c, &cursor, list[i]));
    }
}

void diag_print_json_all(size_t n, struct compile *const *list, FILE *f)
{
    cJSON *document = cJSON_CreateObject(), *array = cJSON_AddArrayToObject(document, "diagnostics");
    size_t errors = 0;
    for (size_t i = 0; i < n; i++)
        add_diags(array, list[i], &errors);
    cJSON_AddNumberToObject(document, "errors", (double)errors);
    cJSON_AddNumberToObject(document, "warnings", (double)((size_t)cJSON_GetArraySize(array) - errors));
    char *text = cJSON_Print(document);
    fprintf(f, "%s\n", text ? text : "{}");
    cJSON_free(text);
    cJSON_Delete(document);
}

void diag_print_json(struct compile *c, FILE *f)
{
    diag_print_json_all(1, &c, f);
}
