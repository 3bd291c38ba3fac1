/*
 * misread.c - what most often lies behind a text that YAML does not read, or not as a text, and how to write it.
 *
 * Needs: a source, and the place where YAML gave up. Guarantees: a message in our words, and a rewrite only where the
 * source with it reads on, with the text there that its author wrote: without the comment behind it, without a tag
 * of YAML's own, its lines joined as YAML joins them.
 */
#include <string.h>

#include "base/near.h"
#include "document.h"
#include "format/format.h"

enum { MAX_OFFERS = 40 }; /* each reads the file again; more messages than this are not shown */

/* ---- lines ------------------------------------------------------------------------------------ */

/* A line of the form `- key: value`, of which each part may be missing. */
struct row {
    uint32_t from, first, end; /* its bytes; its first one that is no blank */
    uint32_t key, key_end;     /* equal: it has no key */
    uint32_t value;            /* where one begins, or would */
    bool item;                 /* begins with `- ` */
};

static bool is_in(struct slice text, uint32_t i, uint32_t end, const char *characters)
{
    return i < end && text.p[i] && strchr(characters, text.p[i]);
}

static uint32_t skip(struct slice text, uint32_t i, uint32_t end, const char *characters)
{
    while (is_in(text, i, end, characters))
        i++;
    return i;
}

static bool is_letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

static bool is_break(struct slice text, uint32_t i)
{
    return is_in(text, i, (uint32_t)text.n, "\r\n");
}

static struct row row_of(struct slice text, uint32_t at)
{
    static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    struct row l = {.from = at, .end = at};
    while (l.from > 0 && !is_break(text, l.from - 1))
        l.from--;
    while (l.end < text.n && !is_break(text, l.end))
        l.end++;
    if (l.from == 0)
        l.from = source_bom(text);
    l.first = l.value = skip(text, l.from, l.end, " \t");
    while (is_in(text, l.value, l.end, "-") && is_in(text, l.value + 1, l.end, " ")) {
        l.value = skip(text, l.value + 1, l.end, " ");
        l.item = true;
    }
    uint32_t key_end = skip(text, l.value, l.end, name), colon = skip(text, key_end, l.end, " ");
    l.key = l.key_end = l.value;
    if (key_end > l.key && is_in(text, colon, l.end, ":") &&
        (colon + 1 == l.end || is_in(text, colon + 1, l.end, " \t"))) {
        l.key_end = key_end;
        l.value = skip(text, colon + 1, l.end, " \t");
    }
    return l;
}

/* The line that the one of `at` goes on from: the nearest above it that has a key or is an item, and less indented. */
static struct row row_of_value(struct slice text, uint32_t at)
{
    struct row here = row_of(text, at), l = here;
    while (l.key == l.key_end && !l.item && l.from > source_bom(text)) {
        struct row above = row_of(text, l.from - 1);
        if (above.first == above.end || above.from == l.from)
            break;
        l = above;
    }
    bool found = (l.key < l.key_end || l.item) && l.first - l.from < here.first - here.from;
    return l.from == here.from || found ? l : here;
}

/* ---- the text that its author wrote ----------------------------------------------------------- */

struct written {
    uint32_t from, to; /* bytes of the source */
    struct slice text;
    bool flow; /* within brackets */
    bool bare; /* what stood before it is left out: a tag of YAML's own, or the sign of a block */
};

uint32_t misread_core_tag(struct slice text, uint32_t at)
{
    static const char *const tags[] = {"str", "int", "float",     "bool", "null",  "map",
                                       "seq", "set", "timestamp", "omap", "pairs", "binary"};
    static const char full[] = "!<tag:yaml.org,2002:";
    uint32_t end = (uint32_t)text.n;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        for (int spelling = 0; spelling < 2; spelling++) {
            const char *before = spelling ? full : "!!", *after = spelling ? ">" : "";
            size_t b = strlen(before), n = strlen(tags[i]), a = strlen(after);
            if (end - at < b + n + a || memcmp(text.p + at, before, b) != 0 ||
                memcmp(text.p + at + b, tags[i], n) != 0 || memcmp(text.p + at + b + n, after, a) != 0)
                continue;
            uint32_t behind = at + (uint32_t)(b + n + a);
            if (behind == end || is_in(text, behind, end, " \t\r\n"))
                return skip(text, behind, end, " \t");
        }
    return at;
}

/* Where the text on a line ends that begins at `from`: before a comment, or the bracket or comma of a list it is in. A
 * double quote that is closed on the line holds both. */
static uint32_t text_end(struct slice text, uint32_t from, uint32_t end, bool flow)
{
    for (uint32_t i = from; i < end; i++) {
        bool apart = i > from && is_in(text, i - 1, end, " \t");
        if ((text.p[i] == '#' && apart) || (flow && is_in(text, i, end, ",]}"))) {
            end = i;
            break;
        }
        if (text.p[i] == '\\')
            i++;
        else if (text.p[i] == '"') {
            const char *close = memchr(text.p + i + 1, '"', end - i - 1);
            i = close ? (uint32_t)(close - text.p) : i;
        }
    }
    while (end > from && is_in(text, end - 1, end, " \t"))
        end--;
    return end;
}

/* In a list or a mapping in brackets, where the element begins that holds `at`; else `value`. */
static uint32_t element_at(struct slice text, uint32_t value, uint32_t at, bool *flow)
{
    *flow = is_in(text, value, at, "[{");
    if (!*flow)
        return value;
    uint32_t from = value;
    for (uint32_t i = value; i < at; i++) {
        if (is_in(text, i, at, "[{,") || (text.p[i] == ':' && is_in(text, i + 1, at, " ")))
            from = i + 1;
    }
    return skip(text, from, at, " \t");
}

/* The value that holds, or begins at, a place, with the lines that YAML would join to it. False: none does. */
static bool written_at(struct compile *c, struct slice text, uint32_t at, struct written *w)
{
    struct row l = row_of_value(text, at);
    if (l.value > at || l.value >= l.end || (l.key == l.key_end && !l.item))
        return false;
    struct buffer b = {.c = c};
    w->from = element_at(text, l.value, at, &w->flow);
    uint32_t from = misread_core_tag(text, w->from);
    uint32_t line_end = row_of(text, from).end; /* an element in brackets may be on a line further down */
    if (from >= line_end || is_in(text, from, line_end, "#"))
        return false;
    /* What follows | or > has begun a line too early. */
    if (is_in(text, from, line_end, "|>") && !w->flow)
        from = skip(text, skip(text, from, line_end, "|>+-"), line_end, " \t");
    w->bare = from > w->from;
    w->to = text_end(text, from, line_end, w->flow);
    buffer_add(&b, text.p + from, w->to - from);
    while (!w->flow && skip(text, w->to, line_end, " \t") == line_end && line_end < text.n) {
        struct row next = row_of(text, skip(text, line_end, (uint32_t)text.n, "\r\n"));
        bool deeper = next.first - next.from > l.first - l.from;
        if (!deeper || next.first == next.end || next.item || next.key < next.key_end ||
            memchr(text.p + next.from, '\t', next.first - next.from) || text.p[next.first] == '#')
            break;
        line_end = next.end;
        w->to = text_end(text, next.first, line_end, false);
        buffer_char(&b, ' ');
        buffer_add(&b, text.p + next.first, w->to - next.first);
    }
    w->text = buffer_slice(&b);
    return w->text.n > 0;
}

/* ---- what is offered -------------------------------------------------------------------------- */

static const struct slice anything;

/* Whether the source reads on with `by` in the place of some bytes, to the end of their line at least: there may be
 * faults behind it. `holds` is the text that has to be there then, or anything. */
static bool reads(struct compile *c, struct loc loc, struct slice by, struct slice holds)
{
    const struct source *source = &c->sources[loc.source];
    size_t behind = (size_t)loc.at + loc.n, rest = row_of(source->text, (uint32_t)behind).end - behind;
    struct buffer b = {.c = c};
    buffer_add(&b, source->text.p, loc.at);
    buffer_add(&b, by.p, by.n);
    buffer_add(&b, source->text.p + behind, source->text.n - behind);
    struct slice start = {b.p, loc.at + by.n + rest};
    /* The place of the value itself, or of the first one of a list. */
    uint32_t at = skip(buffer_slice(&b), loc.at, (uint32_t)b.n, " [");
    const struct yaml *scalar = scalar_of(c, source->name, start, at);
    if (!scalar)
        scalar = scalar_of(c, source->name, buffer_slice(&b), at);
    return scalar && (!holds.n || slice_eq(scalar->text.s, holds));
}

static void offer(struct compile *c, struct diag *d, struct loc loc, struct slice by, struct slice holds)
{
    if (c->trial || c->n_diags > MAX_OFFERS || !reads(c, loc, by, holds))
        return;
    d->rewrite = by;
    diag_fix_source(d, loc, by, false);
}

void misread_quote(struct compile *c, struct diag *d, uint32_t source, uint32_t at)
{
    struct written w;
    if (!written_at(c, c->sources[source].text, at, &w))
        return;
    struct loc loc = {source, w.from, w.to - w.from};
    if (w.bare && strchr("'\"", w.text.p[0]))
        offer(c, d, loc, w.text, anything);
    else
        offer(c, d, loc, w.bare && is_plain(w.text, w.flow) ? w.text : quoted_text(c, w.text, true), w.text);
}

/* The key that a word is, or is nearest to. */
static struct slice key_of(struct slice word)
{
    struct nearest near = {.word = word};
    for (const struct shape *const *shape = all_shapes; *shape; shape++)
        for (size_t i = 0; i < (*shape)->n; i++)
            nearest_try(&near, slice_of((*shape)->keys[i].name));
    return near.best;
}

/* A line without a colon behind what is a key somewhere. */
static void offer_colon(struct compile *c, struct diag *d, uint32_t source, uint32_t at)
{
    struct slice text = c->sources[source].text;
    struct row l = row_of(text, at);
    uint32_t to = l.value, end = text_end(text, l.value, l.end, false);
    while (to < end && !is_in(text, to, end, " \t=:"))
        to++;
    struct slice key = key_of((struct slice){text.p + l.value, to - l.value});
    uint32_t value = skip(text, to, end, " \t=:");
    struct slice rest = {text.p + value, end - value};
    if (!key.n || !rest.n)
        return;
    struct slice by = is_plain(rest, false) ? rest : quoted_text(c, rest, true);
    by = diag_format(c, "%.*s: %.*s", (int)key.n, key.p, (int)by.n, by.p);
    d->note = SLICE("a key ends with a colon and a space");
    offer(c, d, (struct loc){source, l.value, end - l.value}, by, anything);
}

/* A quote that is open to the end of the file, or to one that opened something else: closed on its own line. */
static void offer_end(struct compile *c, struct diag *d, uint32_t source, uint32_t at)
{
    struct slice text = c->sources[source].text;
    uint32_t end = text_end(text, at, row_of(text, at).end, false);
    struct slice whole = {text.p + at, end - at};
    struct slice by = diag_format(c, "%.*s%c", (int)whole.n, whole.p, text.p[at]);
    offer(c, d, (struct loc){source, at, end - at}, by, anything);
}

static void tab(struct compile *c, struct diag *d, uint32_t source, uint32_t at)
{
    struct slice text = c->sources[source].text;
    uint32_t end = skip(text, at, (uint32_t)text.n, "\t ");
    bool indents = row_of(text, at).first >= at;
    d->message = SLICE("not YAML: a tab where YAML takes spaces only");
    d->note = indents ? SLICE("indent with spaces, not with tabs") : SLICE("write a space in its place");
    static const char *const spaces[] = {"  ", ""};
    struct loc loc = {source, at, end - at};
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces && !c->trial && !d->rewrite.n; i++) {
        struct slice by = slice_of(indents ? spaces[i] : " ");
        if (!reads(c, loc, by, anything))
            continue;
        d->rewrite = diag_format(c, "%s%.*s", by.p, (int)(row_of(text, at).end - end), text.p + end);
        diag_fix_source(d, loc, by, false);
    }
}

/* ---- what was misread ------------------------------------------------------------------------- */

static bool says(const struct misread *m, const char *words)
{
    return strstr(m->problem, words) != NULL;
}

static bool begins_line(struct slice text, uint32_t at)
{
    return row_of(text, at).first == at;
}

/* A line that is indented deeper than its neighbours: in their column. */
static void offer_column(struct compile *c, struct diag *d, const struct misread *m, const struct row *here)
{
    struct slice text = c->sources[m->source].text;
    struct row above = *here;
    while (above.from > source_bom(text) && above.first - above.from >= here->first - here->from)
        above = row_of(text, above.from - 1);
    uint32_t indent = above.first - above.from;
    if (above.key == above.key_end || indent >= here->first - here->from)
        return;
    struct loc loc = {m->source, here->from, here->first - here->from};
    struct slice by = {text.p + above.from, indent}, rest = {text.p + here->first, here->end - here->first};
    if (c->trial || !reads(c, loc, by, anything))
        return;
    d->rewrite = rest;
    diag_fix_source(d, loc, by, false);
}

static void second_colon(struct compile *c, struct diag *d, const struct misread *m)
{
    struct row l = row_of_value(c->sources[m->source].text, m->at);
    struct slice text = c->sources[m->source].text;
    struct row here = row_of(text, m->at);
    struct row above = here.from > source_bom(text) ? row_of(text, here.from - 1) : here;
    bool level = above.from < here.from && above.first - above.from == here.first - here.from;
    if (level && above.key == above.key_end && !above.item && is_letter(text.p[above.first])) {
        d->loc = (struct loc){m->source, above.first, 1};
        d->message = SLICE("not YAML: this line is no `key: value`");
        offer_colon(c, d, m->source, above.first);
    } else if (here.key < here.key_end && m->at < here.value) {
        d->loc = (struct loc){m->source, here.key, here.key_end - here.key};
        d->message = SLICE("not YAML: a key in the middle of a text");
        d->note = SLICE("this line is indented as if it belonged to the value above it");
        offer_column(c, d, m, &here);
    } else if (l.value < m->at) {
        d->message = SLICE("not YAML: `: ` within a text");
        d->note = SLICE("a text that holds `: ` needs quotes");
        misread_quote(c, d, m->source, m->at);
    }
}

/* A text goes on behind its closing quote, or a key begins in another column than its neighbours. */
static void no_key(struct compile *c, struct diag *d, const struct misread *m)
{
    struct slice text = c->sources[m->source].text;
    struct row first = row_of(text, m->last.at), here = row_of(text, m->at);
    bool quoted = m->last.n && is_in(text, m->last.at, (uint32_t)text.n, "'\"");
    if (quoted && first.from != here.from && m->last.at + m->last.n > here.from) {
        d->loc = (struct loc){m->source, m->last.at, 1};
        d->message = SLICE("not YAML: the quote that begins here is closed lines below");
        offer_end(c, d, m->source, m->last.at);
    } else if (quoted && first.from == here.from) {
        d->message = SLICE("not YAML: text behind a closing quote");
        d->note = SLICE("text goes on behind a closing quote: put quotes around all of it");
        misread_quote(c, d, m->source, m->last.at);
    } else if (begins_line(text, m->at)) {
        d->message = SLICE("not YAML: this line begins in another column than those that it belongs to");
        d->note = SLICE("the keys of one mapping, and the items of one list, begin in one column");
    }
}

static void sign(struct compile *c, struct diag *d, const struct misread *m)
{
    struct slice text = c->sources[m->source].text;
    char ch = text.p[m->at];
    d->message = diag_format(c, "not YAML: a text cannot begin with `%c`", ch);
    d->note = diag_format(c, "a text that begins with `%c` needs quotes", ch);
    misread_quote(c, d, m->source, m->at);
}

/* `tags: - one`: a list on the line of its key. But a filter may begin with a minus. */
static void item(struct compile *c, struct diag *d, const struct misread *m)
{
    struct slice text = c->sources[m->source].text;
    struct row l = row_of(text, m->at);
    struct slice key = {text.p + l.key, l.key_end - l.key};
    if (slice_eq(key, SLICE("filter"))) {
        sign(c, d, m);
        return;
    }
    uint32_t end = text_end(text, l.value, l.end, false), from = skip(text, l.value, end, "- ");
    d->message = SLICE("not YAML: a list that begins on the line of its key");
    d->note = SLICE("or put each item on a line of its own, below the key");
    offer(c, d, (struct loc){m->source, l.value, end - l.value},
          diag_format(c, "[%.*s]", (int)(end - from), text.p + from), anything);
}

static void unclosed(struct compile *c, struct diag *d, const struct misread *m)
{
    struct slice text = c->sources[m->source].text;
    d->note = SLICE("what begins here is not closed");
    if (!is_in(text, m->at, (uint32_t)text.n, "'\"[{"))
        return;
    d->message = diag_format(c, "not YAML: the `%c` that begins here is never closed", text.p[m->at]);
    d->note = (struct slice){NULL, 0};
    if (text.p[m->at] == '"' || text.p[m->at] == '\'')
        offer_end(c, d, m->source, m->at);
}

void misread(struct compile *c, struct diag *d, const struct misread *m)
{
    struct slice text = c->sources[m->source].text;
    char ch = m->at < text.n ? text.p[m->at] : '\0';
    if (ch == '\t')
        tab(c, d, m->source, m->at);
    else if ((says(m, "alphabetic or numeric") || says(m, "scanning an a")) && ch && strchr("*&", ch))
        sign(c, d, m);
    else if (says(m, "cannot start any token") && ch > 0x20)
        sign(c, d, m);
    else if (says(m, "mapping keys are not") || (says(m, "expected node content") && ch && strchr(",]}", ch)))
        sign(c, d, m);
    else if (says(m, "expected whitespace or line break"))
        misread_quote(c, d, m->source, m->at);
    else if (says(m, "block sequence entries are not"))
        item(c, d, m);
    else if (says(m, "mapping values are not allowed"))
        second_colon(c, d, m);
    else if (says(m, "expected comment or line break")) {
        d->message = SLICE("not YAML: text on the line of `|` or `>`");
        d->note = SLICE("a text of several lines begins below it; one of one line needs neither");
        misread_quote(c, d, m->source, m->at);
    } else if (says(m, "expected ':'")) {
        d->message = SLICE("not YAML: this line is no `key: value`");
        offer_colon(c, d, m->source, m->at);
    } else if (m->unclosed)
        unclosed(c, d, m);
    else if (says(m, "expected key") || says(m, "expected <document start>") ||
             says(m, "expected '-' indicator"))
        no_key(c, d, m);
}
