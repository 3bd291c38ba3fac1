/*
 * layout.c - items as lines.
 *
 * Needs: items with their comments, keys in order. Guarantees: two columns a level; texts that are too wide
 * folded; one empty line at most, where the author had some.
 */
#include <string.h>

#include "format.h"

static const struct slice none = {NULL, 0};

struct writer {
    struct layout *l;
    struct lines out;
};

static void write_value(struct writer *, const struct item *, size_t indent);

/* ---- comments --------------------------------------------------------------------------------- */

static void write_remarks(struct writer *w, const struct remarks *remarks, size_t indent, bool *any)
{
    for (size_t i = 0; i < remarks->n; i++) {
        if (remarks->list[i]->blank && *any)
            lines_blank(&w->out);
        lines_begin(&w->out, indent);
        buffer_add(&w->out.now, remarks->list[i]->text.p, remarks->list[i]->text.n);
        lines_end(&w->out, none);
        *any = true;
    }
}

static struct slice first_remark(const struct remarks *remarks)
{
    return remarks->n ? remarks->list[0]->text : none;
}

/* Ends a line with what is remarked on it; what goes on below stands in the same column. */
static void end_line(struct writer *w, const struct remarks *remarks)
{
    lines_end(&w->out, first_remark(remarks));
    for (size_t i = 1; i < remarks->n; i++)
        lines_end(&w->out, remarks->list[i]->text);
}

/* ---- folded and literal texts ----------------------------------------------------------------- */

/* A break may stand for this one space. */
static bool is_joint(struct slice s, size_t i)
{
    return i > 0 && i + 1 < s.n && s.p[i] == ' ' && !strchr(" \n", s.p[i - 1]) && !strchr(" \n", s.p[i + 1]);
}

static bool broken_by_author(const struct layout *l, const struct text *text, size_t i)
{
    for (uint32_t at = text->at[i]; at < text->at[i + 1]; at++)
        if (l->text.p[at] == '\n')
            return true;
    return false;
}

static size_t next_joint(struct slice s, size_t from, size_t to)
{
    while (from < to && !is_joint(s, from))
        from++;
    return from;
}

/* Whether one of the author's lines is: then all of the paragraph is folded anew. */
static bool is_too_wide(const struct layout *l, const struct text *text, size_t from, size_t to,
                        size_t indent)
{
    size_t column = indent;
    for (size_t i = from; i < to; i++) {
        bool broken = is_joint(text->s, i) && broken_by_author(l, text, i);
        column = broken ? indent : column + (((unsigned char)text->s.p[i] & 0xC0) != 0x80);
        if (column > FORMAT_WIDTH)
            return true;
    }
    return false;
}

/* One paragraph, bytes [from, to) of the text. */
static void fold_paragraph(struct writer *w, const struct text *text, size_t from, size_t to, size_t indent)
{
    size_t column = indent, at = from;
    bool kept = !is_too_wide(w->l, text, from, to, indent);
    lines_begin(&w->out, indent);
    while (at < to) {
        size_t end = next_joint(text->s, at, to);
        size_t width = width_of_text((struct slice){text->s.p + at, end - at});
        if (at > from &&
            (column + 1 + width > FORMAT_WIDTH || (kept && broken_by_author(w->l, text, at - 1)))) {
            lines_end(&w->out, none);
            lines_begin(&w->out, indent);
            column = indent;
        } else if (at > from) {
            buffer_char(&w->out.now, ' ');
            column++;
        }
        buffer_add(&w->out.now, text->s.p + at, end - at);
        column += width;
        at = end + 1;
    }
    lines_end(&w->out, none);
}

/* Lines that begin with a blank would not be joined with their neighbours. */
static bool can_fold(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\t' || (s.p[i] == ' ' && (i == 0 || s.p[i - 1] == '\n')))
            return false;
    return s.n > 0 && s.p[0] != '\n';
}

static void write_folded(struct writer *w, const struct text *text, size_t n, size_t indent)
{
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from; to < n && text->s.p[to] != '\n';)
            to++;
        fold_paragraph(w, text, from, to, indent);
        for (; to < n && text->s.p[to] == '\n'; to++) {
            lines_begin(&w->out, 0);
            lines_end(&w->out, none);
        }
    }
}

static void write_literal(struct writer *w, struct slice s, size_t indent)
{
    for (size_t from = 0, to; from <= s.n; from = to + 1) {
        for (to = from; to < s.n && s.p[to] != '\n';)
            to++;
        lines_begin(&w->out, to > from ? indent : 0);
        buffer_add(&w->out.now, s.p + from, to - from);
        lines_end(&w->out, none);
    }
}

/* ---- scalars ---------------------------------------------------------------------------------- */

static size_t column_at(const struct writer *w)
{
    return width_of_text(buffer_slice(&w->out.now));
}

/* What goes on below a line's end would be text within a block: it goes above the line at hand. */
static void raise_remarks(struct writer *w, const struct remarks *remarks)
{
    struct buffer line = w->out.now;
    size_t indent = 0;
    while (indent < line.n && line.p[indent] == ' ')
        indent++;
    for (size_t i = 1; i < remarks->n; i++) {
        lines_begin(&w->out, indent);
        buffer_add(&w->out.now, remarks->list[i]->text.p, remarks->list[i]->text.n);
        lines_end(&w->out, none);
    }
    w->out.now = line;
}

/* `>-`, `|`, …: what the text's end needs. The dash or key stands on the line at hand. */
static void begin_block(struct writer *w, const struct item *item, char style, bool indicator, size_t ends)
{
    raise_remarks(w, &item->behind);
    buffer_printf(&w->out.now, " %c%s%s", style, indicator ? "2" : "",
                  ends == 0   ? "-"
                  : ends == 1 ? ""
                              : "+");
    lines_end(&w->out, first_remark(&item->behind));
}

static void write_inline(struct writer *w, const struct item *item)
{
    struct slice s = scalar_spelled(w->l, item->value, item->type, false);
    if (s.n) {
        buffer_char(&w->out.now, ' ');
        buffer_add(&w->out.now, s.p, s.n);
    }
    end_line(w, &item->behind);
}

/* Whether the text is too wide for the line at hand, by how it would be spelled had it been in a block: so it
 * is when it is read again. */
static bool is_wide(const struct writer *w, const struct item *item, size_t width)
{
    struct yaml block = *item->value;
    block.style = SCALAR_FOLDED;
    return column_at(w) + 1 + width_of_text(scalar_spelled(w->l, &block, item->type, false)) > width;
}

static bool write_filter(struct writer *w, const struct item *item, size_t indent)
{
    struct slice s = scalar_text(w->l, item->value, item->type);
    struct slice spelled = filter_spelled(w->l->c, item->value->text.s);
    if (!slice_eq(s, spelled))
        return false; /* no filter: as any text */
    bool wide = is_wide(w, item, FORMAT_FILTER_WIDTH);
    size_t n = 0;
    struct slice *lines = filter_lines(w->l->c, s, FORMAT_FILTER_WIDTH - indent, &n);
    if (!wide || n < 2 || !is_printable(s, false)) {
        write_inline(w, item);
        return true;
    }
    begin_block(w, item, '>', false, 0);
    for (size_t i = 0; i < n; i++) {
        lines_begin(&w->out, indent);
        buffer_add(&w->out.now, lines[i].p, lines[i].n);
        lines_end(&w->out, none);
    }
    return true;
}

static bool has_author_breaks(const struct layout *l, const struct text *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_joint(text->s, i) && broken_by_author(l, text, i))
            return true;
    return false;
}

/* A text over several lines: folded if it was, or is too wide; literal when it has line ends of its own.
 * False: better on one line. */
static bool write_block_text(struct writer *w, const struct item *item, size_t indent)
{
    const struct text *text = &item->value->text;
    bool was_folded = item->value->style == SCALAR_FOLDED, was_literal = item->value->style == SCALAR_LITERAL;
    size_t n = text->s.n, ends = 0;
    for (; n > 0 && text->s.p[n - 1] == '\n'; n--)
        ends++;
    struct slice body = {text->s.p, n};
    if (!n || !is_printable(body, true))
        return false;
    bool own_lines = memchr(body.p, '\n', n) != NULL;
    bool wide = is_wide(w, item, FORMAT_WIDTH) && next_joint(body, 0, n) < n;
    bool keeps = was_folded && can_fold(body) && has_author_breaks(w->l, text, n);
    if (!own_lines && !ends && !wide && !keeps)
        return false;
    bool folded = can_fold(body) && (own_lines ? was_folded : !was_literal || !ends);
    begin_block(w, item, folded ? '>' : '|', !folded && strchr(" \t\n", body.p[0]), ends);
    if (folded)
        write_folded(w, text, n, indent);
    else
        write_literal(w, body, indent);
    for (; ends > 1; ends--) {
        lines_begin(&w->out, 0);
        lines_end(&w->out, none);
    }
    return true;
}

static void write_scalar(struct writer *w, const struct item *item, size_t indent)
{
    const struct yaml *value = item->value;
    bool written = value->kind == YAML_TEXT && is_filter(item->type) && write_filter(w, item, indent);
    if (!written &&
        (value->kind != YAML_TEXT || is_condition(item->type) || !write_block_text(w, item, indent)))
        write_inline(w, item);
}

/* ---- lists and mappings ----------------------------------------------------------------------- */

static void write_raw(struct writer *w, const struct item *item)
{
    const char *p = w->l->text.p + item->value->loc.at, *end = w->l->text.p + item->value->to;
    for (;;) {
        const char *line = memchr(p, '\n', (size_t)(end - p));
        buffer_add(&w->out.now, p, (size_t)((line ? line : end) - p));
        if (!line)
            break;
        lines_end(&w->out, none);
        lines_begin(&w->out, 0);
        p = line + 1;
    }
    end_line(w, &item->behind);
}

/* Whether the value's first entry stands behind the dash. */
static bool is_compact(struct layout *l, const struct item *item)
{
    return !item->key && is_block(item) && !item->value->anchor.n && !item->behind_key.n &&
           !flow_fits(l, item, 0);
}

/* Remarks on the entries that share a dash's line stand above it. */
static void write_before(struct writer *w, const struct item *item, size_t indent, bool *any)
{
    write_remarks(w, &item->before, indent, any);
    for (; is_compact(w->l, item); item = &item->items[0])
        write_remarks(w, &item->items[0].before, indent, any);
}

static void write_key(struct writer *w, const struct item *item)
{
    struct slice key = key_spelled(w->l, item, false);
    buffer_add(&w->out.now, key.p, key.n);
    buffer_char(&w->out.now, ':');
}

static void write_entries(struct writer *w, const struct item *parent, size_t indent, bool compact, bool any)
{
    for (size_t i = 0; i < parent->n; i++) {
        const struct item *item = &parent->items[i];
        bool joined = compact && i == 0;
        if (!joined)
            write_before(w, item, indent, &any);
        if (item->blank && any && !joined)
            lines_blank(&w->out);
        lines_begin(&w->out, indent);
        if (item->key)
            write_key(w, item);
        else
            buffer_char(&w->out.now, '-');
        write_value(w, item, indent + 2);
        any = true;
    }
    write_remarks(w, &parent->tail, indent, &any);
}

static void write_value(struct writer *w, const struct item *item, size_t indent)
{
    const struct yaml *value = item->value;
    if (!value || value->anchor.n)
        buffer_printf(&w->out.now, value ? " &%s" : " *%s", value ? value->anchor.p : item->alias.p);
    if (!value) {
        end_line(w, &item->behind);
    } else if (item->raw) {
        buffer_char(&w->out.now, ' ');
        write_raw(w, item);
    } else if (value->kind != YAML_LIST && value->kind != YAML_MAP) {
        write_scalar(w, item, indent);
    } else if (!is_block(item) || flow_fits(w->l, item, column_at(w) + 3)) {
        buffer_char(&w->out.now, ' ');
        flow_add(w->l, &w->out, item, item->key ? indent - 2 : indent);
        end_line(w, &item->behind);
    } else if (is_compact(w->l, item)) {
        w->out.open = true;
        write_entries(w, item, indent, true, true);
    } else {
        end_line(w, &item->behind_key);
        write_entries(w, item, indent, false, false);
    }
}

/* ---- documents -------------------------------------------------------------------------------- */

static void write_root(struct writer *w, const struct part *part, bool any)
{
    const struct item *root = &part->root;
    if (!root->value)
        return;
    if (part->head_blank)
        lines_blank(&w->out);
    if (is_block(root)) {
        write_entries(w, root, 0, false, false);
        return;
    }
    lines_begin(&w->out, 0);
    write_raw(w, root);
    write_remarks(w, &root->tail, 0, &any);
}

struct slice layout_text(struct layout *l, const struct part *parts, size_t n)
{
    struct writer w = {.l = l, .out = {.c = l->c, .now = {.c = l->c}}};
    for (size_t i = 0; i < n; i++) {
        bool any = false;
        write_remarks(&w, &parts[i].above, 0, &any);
        if (parts[i].marked) {
            lines_begin(&w.out, 0);
            buffer_text(&w.out.now, "---");
            lines_end(&w.out, none);
        }
        any = false;
        write_remarks(&w, &parts[i].head, 0, &any);
        write_root(&w, &parts[i], any);
    }
    return lines_text(&w.out);
}
