/*
 * layouts.c - `trailc fmt` on rule files in any layout: nothing changes but the layout.
 *
 *     layouts SEED PACKS [FILE...]
 *
 * Writes random packs (random filters, keys in any order, quotes, blocks, brackets, indentation, comments
 * everywhere), and damages the given files (lines moved, doubled, lost, bytes changed). Of each it holds:
 * formatted, it compiles to the same plan and hash or has the same errors; every comment is there once;
 * formatted again, it is the same.
 */
#include <stdlib.h>
#include <string.h>

#include "differential/random.h"
#include "explain/plan_text.h"
#include "format/format.h"

/* ---- what a text compiles to ------------------------------------------------------------------ */

static struct compile *new_compile(void)
{
    struct arena *arena = arena_new();
    struct compile *c = arena_alloc(arena, sizeof *c);
    c->arena = arena;
    return c;
}

static int by_code(const void *a, const void *b)
{
    const struct diag *const *x = a, *const *y = b;
    if ((*x)->code != (*y)->code)
        return (*x)->code < (*y)->code ? -1 : 1;
    return slice_cmp((*x)->message, (*y)->message);
}

/* The plan without the filters' texts, which it repeats as they are written. */
static void add_plan(struct buffer *b, struct slice plan)
{
    for (size_t from = 0, to; from < plan.n; from = to) {
        for (to = from; to < plan.n && plan.p[to] != '\n';)
            to++;
        to += to < plan.n;
        if (to - from < 10 || memcmp(plan.p + from, "  filter: ", 10) != 0)
            buffer_add(b, plan.p + from, to - from);
    }
}

/* The errors by code, or the plan and the hash; then the tests. */
static struct slice made_of(struct compile *c, struct slice text)
{
    struct buffer b = {.c = c};
    bool loaded = pack_load_text(c, "pack.yaml", text), parsed = parse(c), checked = check(c);
    if (loaded && parsed && checked) {
        lower(c);
        plan(c);
        struct buffer printed = {.c = c};
        plan_print(c, &printed);
        add_plan(&b, buffer_slice(&printed));
        buffer_printf(&b, "hash %s\n", c->pack.hash.p);
    }
    struct diag **list = NEW_ARRAY(c, struct diag *, c->n_diags + 1);
    for (size_t i = 0; i < c->n_diags; i++)
        list[i] = &c->diags[i];
    qsort(list, c->n_diags, sizeof *list, by_code);
    /* A message may repeat a part of a filter as it was written: the codes are what counts. */
    for (size_t i = 0; i < c->n_diags; i++)
        buffer_printf(&b, "%u\n", (unsigned)list[i]->code);
    for (size_t i = 0; i < c->pack.n_alerts; i++)
        for (size_t k = 0; k < c->pack.alerts[i].n_tests; k++)
            for (size_t e = 0; e < c->pack.alerts[i].tests[k].n_events; e++)
                buffer_printf(&b, "%s\n", c->pack.alerts[i].tests[k].events[e].p);
    return buffer_slice(&b);
}

/* ---- random packs ----------------------------------------------------------------------------- */

struct writing {
    struct random *r;
    struct draft out;
    unsigned comments; /* so many; each has its number */
    bool anchored;     /* the document has an anchor `a` */
};

static void add(struct writing *w, const char *text)
{
    draft_text(&w->out, text);
}

static void add_comment(struct writing *w)
{
    char text[64];
    snprintf(text, sizeof text, "# c%u. key: [", w->comments++);
    add(w, text);
}

static void indent(struct writing *w, unsigned n)
{
    while (n-- > 0)
        draft_char(&w->out, ' ');
}

/* Ends a line, perhaps with a comment, and perhaps puts lines of comments or nothing behind it. */
static void end_line(struct writing *w, unsigned column)
{
    if (random_one_in(w->r, 8)) {
        indent(w, 1 + random_below(w->r, 3));
        add_comment(w);
    }
    add(w, random_one_in(w->r, 30) ? " \n" : "\n");
    while (random_one_in(w->r, 6)) {
        if (random_one_in(w->r, 2)) {
            indent(w, random_one_in(w->r, 3) ? random_below(w->r, 12) : column);
            add_comment(w);
        }
        add(w, "\n");
    }
}

/* One byte of a scalar on one line; a space that is alone may be a line end, where there is a column to go
 * to. */
static void add_byte(struct writing *w, const char *text, size_t i, unsigned column)
{
    bool joint = text[i] == ' ' && i > 0 && text[i - 1] != ' ' && text[i + 1] && text[i + 1] != ' ';
    if (column && joint && random_one_in(w->r, 12)) {
        draft_char(&w->out, '\n');
        indent(w, column + random_below(w->r, 3));
    } else {
        draft_char(&w->out, text[i]);
    }
}

static void add_quoted(struct writing *w, const char *text, char quote, unsigned column)
{
    draft_char(&w->out, quote);
    for (size_t i = 0; text[i]; i++) {
        if (text[i] == quote || (quote == '"' && text[i] == '\\'))
            draft_char(&w->out, quote == '"' ? '\\' : quote);
        if (text[i] == '\n')
            add(w, "\\n");
        else
            add_byte(w, text, i, column);
    }
    draft_char(&w->out, quote);
}

static bool can_be_plain(const char *text)
{
    if (!*text || strpbrk(text, "\n#,[]{}\"'\\") || strchr("-?:&*!|>%@` ", *text) ||
        text[strlen(text) - 1] == ' ')
        return false;
    if (strstr(text, ": ") || text[strlen(text) - 1] == ':')
        return false;
    return (text[0] | 0x20) >= 'a' && (text[0] | 0x20) <= 'z' && strcmp(text, "true") != 0 &&
           strcmp(text, "false") != 0;
}

/* Over lines of this column, or on one: column 0. */
static void add_scalar(struct writing *w, const char *text, unsigned column)
{
    bool newline = strchr(text, '\n') != NULL;
    if (can_be_plain(text) && !random_one_in(w->r, 4))
        for (size_t i = 0; text[i]; i++)
            add_byte(w, text, i, column);
    else
        add_quoted(w, text, newline || random_one_in(w->r, 2) ? '"' : '\'', column);
}

/* As a block scalar, where the text can be one. */
static bool add_block(struct writing *w, const char *text, unsigned column)
{
    size_t n = strlen(text);
    bool folded = random_one_in(w->r, 2);
    if (!n || text[0] == ' ' || text[0] == '\n' || strstr(text, "\n ") || (folded && strchr(text, '\n')))
        return false;
    bool ends = text[n - 1] == '\n';
    add(w, folded ? ">" : "|");
    add(w, ends ? "" : "-");
    if (random_one_in(w->r, 6)) {
        add(w, " ");
        add_comment(w);
    }
    add(w, "\n");
    indent(w, column);
    for (size_t i = 0; i + ends < n; i++) {
        bool joint = text[i] == ' ' && i > 0 && text[i - 1] != ' ' && i + 1 < n && text[i + 1] != ' ';
        if (text[i] == '\n' || (folded && joint && random_one_in(w->r, 5))) {
            add(w, "\n");
            indent(w, column);
        } else {
            draft_char(&w->out, text[i]);
        }
    }
    add(w, "\n");
    return true;
}

static void text_value(struct writing *w, const char *text, unsigned column)
{
    add(w, " ");
    if (random_one_in(w->r, 3) && add_block(w, text, column + 1 + random_below(w->r, 4)))
        return;
    add_scalar(w, text, column + 1);
    end_line(w, column);
}

static const char *a_text(struct random *r)
{
    static const char *const texts[] = {
        "one word",
        "it's \"quoted\" \\ and # not: a comment",
        "true",
        "12",
        "- dash",
        "a: b",
        "Somebody did something that nobody should do, and so somebody else has to look at it, "
        "which takes a while, and is not a joy at all for them.",
        "two lines\nof text",
        "lines and an end\n",
        "a\n\nparagraph  with  blanks",
        "ünïcode — “quotes” 😀",
        "on",
        "2026-01-01",
        "x"};
    return RANDOM_OF(r, texts);
}

static const char *a_name(struct random *r)
{
    static const char *const names[] = {"userIdentity.arn",  "eventName", "a.b",
                                        "requestParameters", "x_1",       "tag"};
    return RANDOM_OF(r, names);
}

/* A list of different names in brackets or lines. */
static void names_value(struct writing *w, unsigned column)
{
    unsigned n = 1 + random_below(w->r, 3);
    const char *first = a_name(w->r);
    if (random_one_in(w->r, 2)) {
        add(w, random_one_in(w->r, 3) ? " [ " : " [");
        for (unsigned i = 0; i < n; i++) {
            char name[64];
            snprintf(name, sizeof name, "%s%u", first, i);
            add(w, i == 0 ? "" : random_one_in(w->r, 3) ? ",\n      " : random_one_in(w->r, 2) ? "," : " , ");
            if (i > 0 && random_one_in(w->r, 20)) {
                add_comment(w);
                add(w, "\n   ");
            }
            add_scalar(w, name, 0);
        }
        add(w, random_one_in(w->r, 4) ? " ]" : "]");
        end_line(w, column);
        return;
    }
    end_line(w, column);
    unsigned inner = column + random_below(w->r, 3);
    for (unsigned i = 0; i < n; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s%u", first, i);
        indent(w, inner);
        add(w, random_one_in(w->r, 5) ? "-   " : "- ");
        add_scalar(w, name, 0);
        end_line(w, inner);
    }
}

/* Data of any shape. */
static void flow_data(struct writing *w, unsigned depth)
{
    static const char *const atoms[] = {"1", "-0.5e3", "true", "null", "~", "plain", "12:30"};
    if (w->anchored && random_one_in(w->r, 10)) {
        add(w, "*a ");
        return;
    }
    switch (random_below(w->r, depth > 2 ? 2 : 4)) {
    case 0: add(w, RANDOM_OF(w->r, atoms)); return;
    case 1: add_scalar(w, a_text(w->r), random_one_in(w->r, 2) ? 8 : 0); return;
    case 2:
        add(w, "[");
        for (unsigned n = random_below(w->r, 4), i = 0; i < n; i++) {
            add(w, i == 0 && !random_one_in(w->r, 4) ? ""
                   : i == 0                          ? "\n       "
                   : random_one_in(w->r, 3)          ? ",\n     "
                                                     : ",  ");
            flow_data(w, depth + 1);
        }
        add(w, "]");
        return;
    default:
        add(w, "{");
        for (unsigned n = random_below(w->r, 5), i = 0; i < n; i++) {
            char key[16];
            snprintf(key, sizeof key, random_one_in(w->r, 2) ? "\"k%u\": " : "k%u:  ", i);
            add(w, i == 0 && !random_one_in(w->r, 4) ? ""
                   : i == 0                          ? "\n       "
                   : random_one_in(w->r, 3)          ? ",\n     "
                                                     : ", ");
            add(w, key);
            flow_data(w, depth + 1);
        }
        add(w, "}");
    }
}

static void block_data(struct writing *w, unsigned column, unsigned depth)
{
    unsigned n = 1 + random_below(w->r, 3);
    for (unsigned i = 0; i < n; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%u:", i);
        indent(w, i || depth ? column : 0);
        add(w, key);
        if (depth < 2 && random_one_in(w->r, 3)) {
            end_line(w, column);
            block_data(w, column + 1 + random_below(w->r, 3), depth + 1);
        } else if (random_one_in(w->r, 20)) {
            add(w, " &a");
            text_value(w, a_text(w->r), column);
            w->anchored = true;
        } else if (random_one_in(w->r, 2)) {
            text_value(w, a_text(w->r), column);
        } else {
            bool anchor = random_one_in(w->r, 20);
            add(w, anchor ? " &a [1, &b {k:  &c 2}, " : " ");
            flow_data(w, 1);
            add(w, anchor ? "]" : "");
            w->anchored = w->anchored || anchor;
            end_line(w, column);
        }
    }
}

static void events_value(struct writing *w, unsigned column)
{
    unsigned inner = column + random_below(w->r, 3);
    end_line(w, column);
    for (unsigned n = 1 + random_below(w->r, 3); n > 0; n--) {
        indent(w, inner);
        add(w, "- ");
        if (random_one_in(w->r, 3)) {
            block_data(w, inner + 2, 0);
        } else {
            add(w, "{eventName: CreateUser, data: ");
            flow_data(w, 1);
            add(w, "}");
            end_line(w, inner);
        }
    }
}

struct entry {
    const char *name;
    enum { TEXT, FIXED, FILTER, NAMES, TESTS, DATA } kind;
    const char *values[4];
};

static void write_entries(struct writing *, const struct entry *, unsigned n, unsigned column, bool dash,
                          unsigned keep);

static const struct entry test_entries[] = {
    {"name", FIXED, {"one", "'a test: of it'", "x", "y"}},
    {"fires", FIXED, {"true", "false", "3", "true"}},
    {"events", DATA, {0}},
    {"application", FIXED, {"prod", "'a b'", "x", "y"}},
};

static void tests_value(struct writing *w, unsigned column)
{
    unsigned inner = column + random_below(w->r, 3);
    end_line(w, column);
    for (unsigned n = 1 + random_below(w->r, 2); n > 0; n--) {
        indent(w, inner);
        add(w, "- ");
        write_entries(w, test_entries, 4, inner + 2, true, 3);
    }
}

static void filter_value(struct writing *w, unsigned column)
{
    struct draft filter = {0};
    random_filter(w->r, &filter, false);
    text_value(w, filter.p, column);
    free(filter.p);
}

static void write_entry(struct writing *w, const struct entry *e, unsigned column)
{
    add(w, e->name);
    add(w, ":");
    switch (e->kind) {
    case TEXT: text_value(w, a_text(w->r), column); break;
    case FIXED:
        add(w, " ");
        add(w, e->values[random_below(w->r, 4)]);
        end_line(w, column);
        break;
    case FILTER: filter_value(w, column); break;
    case NAMES: names_value(w, column); break;
    case TESTS: tests_value(w, column); break;
    case DATA: events_value(w, column); break;
    }
}

/* Some of the entries in any order; the first `keep` are always there. */
static void write_entries(struct writing *w, const struct entry *entries, unsigned n, unsigned column,
                          bool dash, unsigned keep)
{
    unsigned order[16], count = 0;
    for (unsigned i = 0; i < n; i++)
        if (i < keep || random_one_in(w->r, 2))
            order[count++] = i;
    for (unsigned i = count; i > 1 && !random_one_in(w->r, 4); i--) {
        unsigned k = random_below(w->r, i), swap = order[i - 1];
        order[i - 1] = order[k];
        order[k] = swap;
    }
    for (unsigned i = 0; i < count; i++) {
        indent(w, dash && i == 0 ? 0 : column);
        write_entry(w, &entries[order[i]], column);
    }
}

static const struct entry alert_entries[] = {
    {"filter", FILTER, {0}},
    {"description", TEXT, {0}},
    {"priority", FIXED, {"P1", "'P2'", "P3", "\"P4\""}},
    {"when",
     FIXED,
     {"immediately", "More  THAN 5 in 10m", "'at least 3 in 1h'", "more than usual in 1h by 20%"}},
    {"group_by", NAMES, {0}},
    {"show", NAMES, {0}},
    {"tags", NAMES, {0}},
    {"notify_every", FIXED, {"10m", "1h30m", "'7d'", "90s"}},
    {"active",
     FIXED,
     {"{to: '18:00', from: \"08:00\"}", "[{days: [Mon-Fri]}]", "{days: Sat}", "{ days: [Mon,Tue] }"}},
    {"tests", TESTS, {0}},
    {"tests_", DATA, {0}}, /* an unknown key */
};

static void write_lists(struct writing *w)
{
    add(w, "lists:\n");
    for (size_t i = 0; i < RANDOM_LISTS; i++) {
        indent(w, 1);
        add(w, random_lists[i].name);
        add(w, ": [");
        for (const char *const *v = random_lists[i].values; *v; v++) {
            add(w, v == random_lists[i].values ? "" : ", ");
            add_quoted(w, *v, '"', 0);
        }
        add(w, "]\n");
    }
}

static struct draft random_pack(struct random *r, unsigned *comments)
{
    struct writing w = {.r = r};
    if (random_one_in(r, 4))
        end_line(&w, 0);
    add(&w, random_one_in(r, 4) ? "---\n" : "");
    add(&w, "pack: random\n");
    write_lists(&w);
    for (unsigned n = 1 + random_below(r, 3), i = 0; i < n; i++) {
        char name[32];
        add(&w, "---");
        end_line(&w, 0);
        w.anchored = false;
        snprintf(name, sizeof name, "alert: alert %u", i);
        bool first = random_one_in(r, 2);
        if (first) {
            add(&w, name);
            end_line(&w, 0);
        }
        write_entries(&w, alert_entries, random_one_in(r, 8) ? 11 : 10, 0, false, 1);
        if (!first) {
            add(&w, name);
            end_line(&w, 0);
        }
    }
    *comments = w.comments;
    if (!random_one_in(r, 8))
        return w.out;
    struct draft crlf = {0};
    for (size_t i = 0; i < w.out.n; i++) {
        if (w.out.p[i] == '\n')
            draft_char(&crlf, '\r');
        draft_char(&crlf, w.out.p[i]);
    }
    free(w.out.p);
    return crlf;
}

/* ---- damage ----------------------------------------------------------------------------------- */

static struct draft damaged(struct random *r, struct slice text)
{
    struct draft d = {0};
    for (size_t from = 0, to; from < text.n; from = to) {
        for (to = from; to < text.n && text.p[to] != '\n';)
            to++;
        to += to < text.n;
        unsigned what = random_below(r, 150);
        if (what == 0)
            continue;
        if (what == 1)
            draft_add(&d, text.p + from, to - from);
        if (what == 2)
            draft_text(&d, "  ");
        if (what == 3)
            draft_text(&d, "      # a comment\n");
        if (what == 4)
            draft_text(&d, "\n");
        size_t cut = what == 5 ? from + random_below(r, (unsigned)(to - from)) : to;
        draft_add(&d, text.p + from, cut - from);
        if (what == 5)
            draft_char(&d, "#:-'\"[]{},& \n|>"[random_below(r, 15)]);
        draft_add(&d, text.p + cut, to - cut);
    }
    draft_text(&d, "");
    return d;
}

/* ---- judging ---------------------------------------------------------------------------------- */

static size_t times(struct slice text, const char *what)
{
    size_t n = 0, k = strlen(what);
    for (size_t i = 0; i + k <= text.n; i++)
        n += memcmp(text.p + i, what, k) == 0;
    return n;
}

/* NULL, or what is wrong. `done` counts what was formatted. */
static const char *judge(struct slice text, unsigned comments, size_t *done)
{
    struct compile *c = new_compile(), *one = new_compile(), *two = new_compile();
    struct slice out = {0}, again = {0};
    const char *why = NULL, *wrong = NULL;
    enum format_result result = format_text(c, "pack.yaml", text, &out, &why);
    if (result == FORMAT_BUG)
        wrong = "the net under the formatter caught it";
    if (getenv("VERBOSE") && result != FORMAT_DONE) {
        printf("==== not formatted: %s\n", why ? why : "");
        diag_print(c, stdout, false);
    }
    if (result == FORMAT_DONE) {
        ++*done;
        if (format_text(c, "pack.yaml", out, &again, &why) != FORMAT_DONE || !slice_eq(out, again))
            wrong = "formatted again, it changes";
        struct slice before = made_of(one, text), after = made_of(two, out);
        if (!slice_eq(before, after) && getenv("VERBOSE"))
            printf("==== made of it before\n%s==== after\n%s", before.p, after.p);
        if (!slice_eq(before, after))
            wrong = "another plan, hash or set of messages";
        for (unsigned i = 0; i < comments && !wrong; i++) {
            char comment[64];
            snprintf(comment, sizeof comment, "# c%u.", i);
            if (times(out, comment) != 1)
                wrong = "a comment is lost or doubled";
        }
    }
    if (wrong && getenv("VERBOSE"))
        printf("==== before\n%.*s==== after\n%.*s", (int)text.n, text.p, (int)out.n, out.n ? out.p : "");
    arena_free(c->arena);
    arena_free(one->arena);
    arena_free(two->arena);
    return wrong;
}

static void report(const char *name, const char *wrong, unsigned long seed, size_t done, size_t all)
{
    if (wrong)
        printf("not ok - %s: SEED=%lu: %s\n", name, seed, wrong);
    else if (done == 0)
        printf("not ok - %s: none of %zu was formatted\n", name, all);
    else
        printf("ok - %s: %zu of %zu formatted\n", name, done, all);
}

int main(int argc, char **argv)
{
    unsigned long seed = argc > 1 ? strtoul(argv[1], NULL, 10) : 1,
                  packs = argc > 2 ? strtoul(argv[2], NULL, 10) : 100;
    const char *wrong = NULL;
    size_t done = 0;
    unsigned long at = seed;
    for (unsigned long i = 0; i < packs && !wrong; i++) {
        struct random r = {.state = at = seed + i};
        unsigned comments;
        struct draft d = random_pack(&r, &comments);
        wrong = judge((struct slice){d.p, d.n}, comments, &done);
        free(d.p);
    }
    report("random packs", wrong, at, done, packs);
    for (int i = 3; i < argc; i++) {
        struct compile *c = new_compile();
        uint32_t source;
        done = 0;
        wrong = source_read(c, argv[i], &source) ? judge(c->sources[source].text, 0, &done) : NULL;
        for (unsigned long k = 0; c->n_diags == 0 && k < packs / 20 && !wrong; k++) {
            struct random r = {.state = at = seed + k};
            struct draft d = damaged(&r, c->sources[source].text);
            wrong = judge((struct slice){d.p, d.n}, 0, &done);
            free(d.p);
        }
        if (wrong || done)
            report(argv[i], wrong, at, done, packs / 20 + 1);
        arena_free(c->arena);
    }
    return 0;
}
