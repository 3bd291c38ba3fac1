/*
 * rewrites.c - a rule file as its author leaves it who does what the messages say.
 *
 *     trailc check --json FILE | rewrites FILE [reading]       the edited file, on standard output
 *
 * A message has a mark and a rewrite; with `reading`, the other one in its note is taken: "or `…`" and "`…` means".
 * The author puts it where it belongs: in the place of that part of the filter around the mark that it is most like, and
 * with which there is less to say; what means something goes to the mark itself. A part begins and ends at a
 * space, a parenthesis or an end of the filter. YAML's quoting is kept, or put around the filter where it has
 * none and needs some. Places that overlap are edited once. Exit code 3: there is nothing to edit.
 */
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "trailc.h"

enum { NOTHING = 3, MAX_EDITS = 256, MAX_LIKE = 1024 };

struct edit {
    const struct text *filter;
    size_t from, to; /* bytes of the filter */
    const char *by;
};

static _Noreturn void fail(const char *what, const char *which)
{
    fprintf(stderr, "rewrites: %s: %s\n", what, which);
    exit(2);
}

static char *read_all(FILE *f, size_t *n)
{
    char *p = NULL;
    size_t room = 0;
    for (*n = 0;; *n += fread(p + *n, 1, room - *n - 1, f)) {
        if (room - *n < 2)
            p = realloc(p, room = room ? 2 * room : 1 << 16);
        if (!p || feof(f) || ferror(f))
            break;
    }
    if (!p || ferror(f))
        fail("cannot read", "input");
    p[*n] = '\0';
    return p;
}

/* ---- places -------------------------------------------------------------------------------------- */

/* The byte of a line and a column in code points, both from 1. */
static uint32_t byte_at(struct slice text, int line, int column)
{
    size_t at = 0;
    for (; line > 1 && at < text.n; at++)
        line -= text.p[at] == '\n';
    for (; column > 1 && at < text.n; column--)
        for (at++; at < text.n && ((unsigned char)text.p[at] & 0xC0) == 0x80;)
            at++;
    return (uint32_t)at;
}

/* The byte of the filter's value that was written at `at`, or behind the last one before it. */
static size_t inside(const struct text *filter, uint32_t at)
{
    size_t i = 0;
    while (i < filter->s.n && filter->at[i] < at)
        i++;
    return i;
}

static const struct text *filter_at(const struct compile *c, uint32_t at)
{
    for (size_t i = 0; i < c->pack.n_alerts; i++) {
        const struct text *filter = &c->pack.alerts[i].filter;
        if (filter->s.n && at >= filter->at[0] && at <= filter->at[filter->s.n])
            return filter;
    }
    return NULL;
}

/* ---- what a rewrite stands for ---------------------------------------------------------------------- */

/* How far b is from a. To lose what was written costs more than to add to it. */
static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
    enum { ADDED = 1, LOST = 3 };
    static size_t row[MAX_LIKE + 1];
    if (m > MAX_LIKE)
        return SIZE_MAX;
    for (size_t j = 0; j <= m; j++)
        row[j] = j * ADDED;
    for (size_t i = 1; i <= n; i++) {
        size_t corner = row[0];
        row[0] = i * LOST;
        for (size_t j = 1; j <= m; j++) {
            size_t best = corner + (a[i - 1] == b[j - 1] ? 0 : ADDED + LOST);
            best = row[j] + LOST < best ? row[j] + LOST : best;
            best = row[j - 1] + ADDED < best ? row[j - 1] + ADDED : best;
            corner = row[j];
            row[j] = best;
        }
    }
    return row[m];
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n';
}

static bool begins(struct slice s, size_t at)
{
    bool edge = at == 0 || is_space(s.p[at - 1]) || s.p[at - 1] == '(' || s.p[at] == '(';
    return edge && at < s.n && !is_space(s.p[at]);
}

static bool ends(struct slice s, size_t at)
{
    bool edge = at == s.n || is_space(s.p[at]) || s.p[at] == ')' || s.p[at - 1] == ')';
    return edge && at > 0 && !is_space(s.p[at - 1]);
}

/* How many messages the front end has for a filter. */
static size_t faults(const struct compile *c, struct slice filter)
{
    struct compile trial = {.arena = arena_new(), .pack = c->pack};
    uint32_t *at = NEW_ARRAY(&trial, uint32_t, filter.n + 1);
    struct text text = {.s = filter, .source = NOWHERE, .at = at};
    struct node *tree = parse_filter(&trial, &text);
    if (tree)
        check_filter(&trial, &text, tree);
    size_t n = trial.n_diags;
    arena_free(trial.arena);
    return n;
}

static bool mends(struct compile *c, const struct edit *e, size_t from, size_t to)
{
    struct slice s = e->filter->s;
    struct slice edited = diag_format(c, "%.*s%s%.*s", (int)from, s.p, e->by, (int)(s.n - to), s.p + to);
    return faults(c, edited) < faults(c, s);
}

/* Sets the part around the mark that e->by is most like, of those that leave less to say; of equals, the smallest. */
static void find_part(struct compile *c, struct edit *e)
{
    struct slice s = e->filter->s;
    size_t best = SIZE_MAX, mark = e->from, end = e->to;
    for (size_t from = mark + 1; from-- > 0;) {
        for (size_t to = end; begins(s, from) && to <= s.n; to++) {
            size_t d = ends(s, to) ? distance(s.p + from, to - from, e->by, strlen(e->by)) : SIZE_MAX;
            if (d >= best || !mends(c, e, from, to))
                continue;
            best = d;
            e->from = from;
            e->to = to;
        }
    }
    if (best == SIZE_MAX)
        fail("there is no place for", e->by);
}

/* ---- YAML ---------------------------------------------------------------------------------------------- */

enum style { PLAIN, SINGLE, DOUBLE, BLOCK };

static enum style style_of(struct slice file, const struct text *filter)
{
    size_t at = filter->at[0];
    if (at > 0 && file.p[at - 1] == '"')
        return DOUBLE;
    if (at > 0 && file.p[at - 1] == '\'')
        return SINGLE;
    while (at > 0 && strchr(" \n", file.p[at - 1]))
        at--;
    return at > 0 && strchr("|>-", file.p[at - 1]) ? BLOCK : PLAIN;
}

static void put(const char *text, enum style style)
{
    for (; *text; text++) {
        if (style == DOUBLE && strchr("\"\\", *text))
            putchar('\\');
        if (style == SINGLE && *text == '\'')
            putchar('\'');
        putchar(*text);
    }
}

static bool is_plain(const char *text)
{
    return !strchr("!&*-?{}[],|>@`\"'%#: ", *text) && !strstr(text, ": ") && !strstr(text, " #");
}

/* Whether the filter with these edits can do without quotes. */
static bool stays_plain(const struct edit *edits, size_t n)
{
    const struct text *filter = edits[0].filter;
    bool plain = is_plain(edits[0].from == 0 ? edits[0].by : filter->s.p);
    for (size_t i = 0; i < n && edits[i].filter == filter; i++)
        plain = plain && is_plain(edits[i].by + (edits[i].from > 0 && *edits[i].by == '"'));
    return plain;
}

/* Prints the file with the edits, which are in the order of their places. */
static void print_edited(struct slice file, const struct edit *edits, size_t n)
{
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        const struct text *filter = edits[i].filter;
        enum style style = style_of(file, filter);
        bool first = i == 0 || edits[i - 1].filter != filter,
             last = i + 1 == n || edits[i + 1].filter != filter;
        static bool quotes;
        if (first)
            quotes = style == PLAIN && !stays_plain(edits + i, n - i);
        if (first && quotes) {
            fwrite(file.p + at, 1, filter->at[0] - at, stdout);
            at = filter->at[0];
            putchar('\'');
        }
        fwrite(file.p + at, 1, filter->at[edits[i].from] - at, stdout);
        put(edits[i].by, quotes ? SINGLE : style);
        at = filter->at[edits[i].to];
        if (last && quotes) {
            fwrite(file.p + at, 1, filter->at[filter->s.n] - at, stdout);
            at = filter->at[filter->s.n];
            putchar('\'');
        }
    }
    fwrite(file.p + at, 1, file.n - at, stdout);
}

/* ---- messages ---------------------------------------------------------------------------------------------- */

/* What a note has between the two; NULL when it has not. */
static const char *between(struct compile *c, const char *note, const char *before, const char *after)
{
    const char *from = strstr(note, before), *to = from ? strstr(from + strlen(before), after) : NULL;
    if (!to)
        return NULL;
    from += strlen(before);
    return slice_copy(c, from, (size_t)(to - from)).p;
}

/* What a message offers; *exact: in the place of the mark itself. NULL: nothing. */
static const char *offer(struct compile *c, const cJSON *message, bool reading, bool *exact)
{
    *exact = false;
    if (!reading)
        return cJSON_GetStringValue(cJSON_GetObjectItem(message, "rewrite"));
    const char *note = cJSON_GetStringValue(cJSON_GetObjectItem(message, "note"));
    const char *other = note ? between(c, note, "or `", "`") : NULL;
    if (!note || other)
        return other;
    other = between(c, note, "`", "` means");
    *exact = other != NULL;
    return other;
}

static uint32_t number(const cJSON *message, struct slice file, const char *line, const char *column)
{
    return byte_at(file, cJSON_GetObjectItem(message, line)->valueint,
                   cJSON_GetObjectItem(message, column)->valueint);
}

static size_t read_edits(struct compile *c, struct slice file, const cJSON *messages, bool reading,
                         struct edit *edits)
{
    size_t n = 0;
    const cJSON *message;
    cJSON_ArrayForEach(message, messages)
    {
        bool exact;
        const char *by = offer(c, message, reading, &exact);
        uint32_t at = number(message, file, "line", "column");
        struct edit e = {.filter = filter_at(c, at), .by = by};
        if (!by || !e.filter)
            continue;
        e.from = inside(e.filter, at);
        e.to = inside(e.filter, number(message, file, "endLine", "endColumn"));
        if (!exact)
            find_part(c, &e);
        if (n > 0 && edits[n - 1].filter == e.filter && edits[n - 1].to > e.from)
            continue;
        if (n == MAX_EDITS)
            fail("too many messages", c->sources[0].name);
        edits[n++] = e;
    }
    return n;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        fail("usage", "trailc check --json FILE | rewrites FILE [reading]");
    FILE *f = fopen(argv[1], "r");
    if (!f)
        fail("cannot read", argv[1]);
    size_t n_file, n_said;
    char *text = read_all(f, &n_file), *said = read_all(stdin, &n_said);
    fclose(f);
    struct slice file = {text, n_file};
    cJSON *json = cJSON_Parse(said);
    const cJSON *list = cJSON_IsObject(json) ? cJSON_GetObjectItem(json, "diagnostics") : json;

    struct compile c = {.arena = arena_new()};
    struct edit edits[MAX_EDITS];
    pack_load_text(&c, argv[1], file);
    size_t n = read_edits(&c, file, list, argc > 2, edits);
    print_edited(file, edits, n);
    cJSON_Delete(json);
    arena_free(c.arena);
    free(said);
    free(text);
    return n ? 0 : NOTHING;
}
