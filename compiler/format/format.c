/*
 * format.c - one rule file's text in the one layout.
 *
 * Needs: any bytes. Guarantees: a text that holds the same values and comments, and that formatting again
 * does not change; or the reason why there is none. What the formatter made is read again and compared before
 * it is given out.
 */
#include <string.h>

#include "format.h"

static struct compile *compile_within(struct compile *c)
{
    struct compile *inner = NEW(c, struct compile);
    inner->arena = c->arena;
    return inner;
}

/* Without a byte order mark, line ends as \n. */
static struct slice with_newlines(struct compile *c, struct slice text)
{
    struct buffer b = {.c = c};
    for (size_t i = source_bom(text); i < text.n; i++)
        if (text.p[i] != '\r' || i + 1 == text.n || text.p[i + 1] != '\n')
            buffer_char(&b, text.p[i]);
    return b.n ? buffer_slice(&b) : SLICE("");
}

static struct layout *read_layout(struct compile *c, const char *name, struct slice text)
{
    struct layout *l = NEW(c, struct layout);
    uint32_t source;
    l->c = compile_within(c);
    l->text = with_newlines(c, text);
    if (!source_add(l->c, name, l->text, &source) ||
        !yaml_parse(l->c, source, &l->documents, &l->n_documents))
        return NULL;
    comments_find(l);
    return l;
}

/* YAML takes more than \n for a line's end; the formatter does not. */
static bool has_odd_line_ends(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\r' || (i + 1 < s.n && memcmp(s.p + i, "\xC2\x85", 2) == 0) ||
            (i + 2 < s.n &&
             (memcmp(s.p + i, "\xE2\x80\xA8", 3) == 0 || memcmp(s.p + i, "\xE2\x80\xA9", 3) == 0)))
            return true;
    return false;
}

static const char odd_mark[] = "a byte order mark where a text begins";

/* YAML's reader passes a byte order mark over at the beginning of any line. */
static bool has_mark_first(struct slice s)
{
    static const char mark[] = "\n\xEF\xBB\xBF";
    return source_bom(s) || (s.n && memmem(s.p, s.n, mark, sizeof mark - 1));
}

static struct slice lay_out(struct layout *l)
{
    size_t n;
    struct part *parts = tree_build(l, &n);
    if (has_odd_line_ends(l->text))
        l->odd = "a line end other than LF or CR LF";
    struct slice text = l->odd ? SLICE("") : layout_text(l, parts, n);
    if (has_mark_first(text))
        l->odd = odd_mark;
    return l->odd ? SLICE("") : text;
}

enum format_result format_text(struct compile *c, const char *name, struct slice text, struct slice *out,
                               const char **why)
{
    uint32_t source;
    struct yaml **documents = NULL;
    size_t n = 0;
    if (!source_add(c, name, text, &source) || !yaml_parse(c, source, &documents, &n))
        return FORMAT_FAILED;
    uint32_t mark = source_bom(text);
    *why = odd_mark;
    if (has_mark_first((struct slice){text.p + mark, text.n - mark}))
        return FORMAT_LEFT;
    struct layout *before = read_layout(c, name, text);
    if (!before)
        return FORMAT_BUG;
    *out = lay_out(before);
    *why = before->odd;
    if (before->odd)
        return FORMAT_LEFT;
    struct layout *after = read_layout(c, name, *out);
    if (!after || !layout_same(before, after))
        return FORMAT_BUG;
    struct slice again = lay_out(after);
    return after->odd || !slice_eq(*out, again) ? FORMAT_BUG : FORMAT_DONE;
}
