/*
 * flow.c - lists and mappings in brackets.
 *
 * A line end of the author's between two entries stays, unless a line of the same brackets is too wide: then these
 * are filled anew. Lines hang behind the bracket, or, when the bracket ends its line, two columns deeper than the line
 * that it is on:
 *
 *     - {eventName: ConsoleLogin,        events: [
 *        userIdentity: {type: Root}}       {eventName: ConsoleLogin}
 *                                        ]
 */
#include <string.h>

#include "format.h"

enum piece_kind { PIECE_TEXT, PIECE_OPEN, PIECE_BREAK, PIECE_CLOSE };

struct piece {
    enum piece_kind kind;
    struct slice text; /* TEXT; OPEN and CLOSE: the bracket */
    bool line; /* BREAK: the author's line end; OPEN and CLOSE: the bracket stands apart from what is in it */
    bool anew; /* OPEN: its lines are filled, whatever the author's were */
};

struct pieces {
    struct layout *l;
    size_t n;
    struct piece *list;
};

static void add(struct pieces *p, enum piece_kind kind, struct slice text, bool line)
{
    *PUSH(p->l->c, p->list, p->n) = (struct piece){.kind = kind, .text = text, .line = line};
}

/* ---- values as pieces ------------------------------------------------------------------------- */

static void add_item(struct pieces *, const struct item *);

static void add_key(struct pieces *p, const struct item *item)
{
    add(p, PIECE_TEXT, key_spelled(p->l, item, true), false);
    add(p, PIECE_TEXT, SLICE(": "), false);
}

static void add_entries(struct pieces *p, const struct item *item)
{
    bool map = item->value->kind == YAML_MAP, apart = item->n > 0 && item->value->flow && item->apart;
    add(p, PIECE_OPEN, map ? SLICE("{") : SLICE("["), apart);
    for (size_t i = 0; i < item->n; i++) {
        const struct item *entry = &item->items[i];
        if (i > 0) {
            add(p, PIECE_TEXT, SLICE(","), false);
            add(p, PIECE_BREAK, SLICE(""), entry->broken && item->value->flow);
        }
        if (map)
            add_key(p, entry);
        add_item(p, entry);
    }
    add(p, PIECE_CLOSE, map ? SLICE("}") : SLICE("]"), apart);
}

static void add_item(struct pieces *p, const struct item *item)
{
    struct compile *c = p->l->c;
    if (!item->value) {
        add(p, PIECE_TEXT, diag_format(c, "*%s", item->alias.p), false);
        return;
    }
    if (item->value->anchor.n)
        add(p, PIECE_TEXT, diag_format(c, "&%s ", item->value->anchor.p), false);
    if (item->value->kind == YAML_LIST || item->value->kind == YAML_MAP)
        add_entries(p, item);
    else
        add(p, PIECE_TEXT, scalar_spelled(p->l, item->value, item->type, true), false);
}

/* ---- pieces as lines -------------------------------------------------------------------------- */

struct level {
    size_t inside, outside; /* columns of its lines, and of its closing bracket */
    size_t lines;           /* written when the entry at hand began */
    struct piece *open;
};

struct flow {
    struct pieces *pieces;
    bool overflows; /* a line was too wide */
    struct lines *out;
    size_t base;  /* column that the line at hand counts from */
    bool hanging; /* the last bracket that was opened did not end its line */
    size_t n;
    struct level levels[MAX_NESTING + 1];
};

static size_t column(const struct flow *f)
{
    return width_of_text(buffer_slice(&f->out->now));
}

static void new_line(struct flow *f, size_t indent)
{
    lines_end(f->out, (struct slice){NULL, 0});
    lines_begin(f->out, indent);
    f->base = indent;
}

/* Columns that the entry from piece i on takes, with what closes behind it, or up to the first line end that is in it;
 * no more are counted than matter. */
static size_t run_from(const struct flow *f, size_t i)
{
    const struct piece *open[MAX_NESTING + 1];
    size_t n = 0, depth = 0;
    bool closed = false; /* the entry and its brackets are: only what closes may follow */
    for (; i < f->pieces->n && n <= FORMAT_WIDTH; i++) {
        const struct piece *p = &f->pieces->list[i];
        bool entry_ends = p->kind == PIECE_BREAK && (closed || depth == 0);
        if (entry_ends || (p->kind == PIECE_BREAK && p->line && !open[depth - 1]->anew) ||
            (p->kind == PIECE_CLOSE && p->line))
            break;
        n += p->kind == PIECE_BREAK ? 1 : width_of_text(p->text);
        if (p->kind == PIECE_OPEN && p->line)
            break;
        if (p->kind == PIECE_OPEN)
            open[depth++] = p;
        else if (p->kind == PIECE_CLOSE && depth)
            depth--;
        else if (p->kind == PIECE_CLOSE)
            closed = true;
    }
    return n;
}

static void open_level(struct flow *f, struct piece *p)
{
    const struct level *outer = f->n ? &f->levels[f->n - 1] : NULL;
    struct level *level = &f->levels[f->n++];
    size_t hanging = outer && f->hanging ? outer->inside + 2 : column(f) + 1;
    *level = (struct level){p->line ? f->base + 2 : hanging, f->base, f->out->n, p};
    f->hanging = !p->line;
    buffer_add(&f->out->now, p->text.p, p->text.n);
    if (p->line)
        new_line(f, level->inside);
    level->lines = f->out->n;
}

static void close_level(struct flow *f, const struct piece *p)
{
    const struct level *level = &f->levels[--f->n];
    if (p->line)
        new_line(f, level->outside);
    buffer_add(&f->out->now, p->text.p, p->text.n);
}

static void place_break(struct flow *f, size_t i)
{
    struct level *level = &f->levels[f->n - 1];
    bool wide = column(f) + 1 + run_from(f, i + 1) > FORMAT_WIDTH;
    bool author = f->pieces->list[i].line && !level->open->anew;
    if (wide && !author && !level->open->anew)
        level->open->anew = f->overflows = true;
    /* What took several lines is followed by nothing on its last one. */
    if (wide || author || (level->open->anew && f->out->n > level->lines))
        new_line(f, level->inside);
    else
        buffer_char(&f->out->now, ' ');
    level->lines = f->out->n;
}

static void place(struct flow *f)
{
    for (size_t i = 0; i < f->pieces->n; i++) {
        struct piece *p = &f->pieces->list[i];
        switch (p->kind) {
        case PIECE_TEXT: buffer_add(&f->out->now, p->text.p, p->text.n); break;
        case PIECE_OPEN: open_level(f, p); break;
        case PIECE_CLOSE: close_level(f, p); break;
        case PIECE_BREAK: place_break(f, i); break;
        }
    }
}

/* Places all on lines that are thrown away, to find what is too wide; what is inside may be so only then. */
static void find_overflows(struct pieces *pieces, const struct lines *out, size_t base)
{
    enum { MAX_ROUNDS = 8 };
    bool more = true;
    for (int round = 0; more && round < MAX_ROUNDS; round++) {
        struct lines trial = {.c = out->c, .now = {.c = out->c}};
        buffer_add(&trial.now, out->now.p ? out->now.p : "", out->now.n);
        struct flow flow = {.pieces = pieces, .out = &trial, .base = base};
        place(&flow);
        more = flow.overflows;
    }
}

void flow_add(struct layout *l, struct lines *out, const struct item *item, size_t base)
{
    struct pieces pieces = {.l = l};
    add_entries(&pieces, item); /* its anchor stands on the line already */
    find_overflows(&pieces, out, base);
    struct flow flow = {.pieces = &pieces, .out = out, .base = base};
    place(&flow);
}

/* ---- lists of names --------------------------------------------------------------------------- */

static bool is_name(struct layout *l, const struct item *item, bool first)
{
    bool remarked = item->before.n || item->behind.n;
    return item->value && item->value->kind == YAML_TEXT && !item->value->anchor.n && !remarked &&
           (first || !item->blank) && is_printable(scalar_text(l, item->value, item->type), false);
}

bool flow_fits(struct layout *l, const struct item *item, size_t at)
{
    const struct type *type = item->type;
    bool names = type == &type_paths || type == &type_channels || type == &type_tags ||
                 type == &type_labels || type == &type_days;
    if (!names || item->value->kind != YAML_LIST || item->tail.n || item->behind_key.n ||
        item->value->anchor.n)
        return false;
    for (size_t i = 0; i < item->n; i++) {
        if (!is_name(l, &item->items[i], i == 0))
            return false;
        at += width_of_text(scalar_spelled(l, item->items[i].value, type, true)) + 2;
    }
    return at <= FORMAT_WIDTH;
}
