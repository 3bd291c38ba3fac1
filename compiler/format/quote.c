/*
 * quote.c - how a scalar is spelled on one line: plain where nobody could take it for something else, or
 * quoted.
 *
 * Needs: scalars of a source. Guarantees: the spelling reads back as the same text (same.c makes sure of it).
 *
 * Texts that other readers of YAML take for numbers, dates or truth values stay in quotes if they are in
 * quotes. Data (events, groups) stays as its author spelled it.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "format.h"
#include "pack/condition.h"
#include "trail/text.h"

enum { MAX_KEY = 1024 }; /* YAML's limit, in characters, for one that has no "?" */

/* ---- texts ------------------------------------------------------------------------------------ */

struct slice condition_spelled(struct compile *c, struct slice s)
{
    struct condition condition = {.s = s};
    struct buffer b = {.c = c};
    condition_parse(&condition);
    if (condition.wrong || condition.kind > WHEN_LESS_THAN_USUAL)
        return s;
    for (struct word w = word_at(s.p, s.n, 0); w.kind != WORD_END; w = word_at(s.p, s.n, w.to)) {
        if (b.n)
            buffer_char(&b, ' ');
        for (size_t i = w.from; i < w.to; i++) {
            bool capital = w.kind >= WORD_IMMEDIATELY && s.p[i] >= 'A' && s.p[i] <= 'Z';
            buffer_char(&b, capital ? (char)(s.p[i] + 32) : s.p[i]);
        }
    }
    return buffer_slice(&b);
}

struct slice scalar_text(struct layout *l, const struct yaml *value, const struct type *type)
{
    struct slice s = value->text.s;
    if (value->kind == YAML_TEXT && is_condition(type))
        return condition_spelled(l->c, s);
    if (value->kind != YAML_TEXT || !is_filter(type))
        return s;
    struct slice spelled = filter_spelled(l->c, s);
    return filter_same(l->c, s, spelled) ? spelled : s;
}

bool is_printable(struct slice s, bool newlines)
{
    const unsigned char *p = (const unsigned char *)s.p, *end = p + s.n;
    for (unsigned n; p < end; p += n) {
        uint32_t ch = trail_decode(p, end, &n);
        bool control = ch < 0x20 ? !newlines || (ch != '\n' && ch != '\t') : (ch >= 0x7F && ch < 0xA0);
        bool odd = ch == 0x2028 || ch == 0x2029 || ch == 0xFEFF || (ch & 0xFFFE) == 0xFFFE ||
                   (ch >= 0xD800 && ch <= 0xDFFF);
        if (control || odd)
            return false;
    }
    return true;
}

/* ---- plain ------------------------------------------------------------------------------------ */

/* At a line's beginning it would be between documents. */
static bool is_marker(struct slice s)
{
    return s.n >= 3 && (memcmp(s.p, "---", 3) == 0 || memcmp(s.p, "...", 3) == 0);
}

bool is_plain(struct slice s, bool flow)
{
    if (!s.n || !is_printable(s, false) || yaml_plain_kind(s) != YAML_TEXT)
        return false;
    if (strchr("-?:,[]{}#&*!|>'\"%@` ", s.p[0]) || s.p[s.n - 1] == ' ' || s.p[s.n - 1] == ':')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char next = i + 1 < s.n ? s.p[i + 1] : ' ';
        if ((s.p[i] == ':' && next == ' ') || (s.p[i] == ' ' && next == '#'))
            return false;
        if (flow && (strchr(",[]{}", s.p[i]) || (s.p[i] == ':' && next == '?')))
            return false;
    }
    return !is_marker(s);
}

/* Whether no reader of YAML takes a plain one for anything but a text. */
static bool is_word(struct slice s)
{
    static const char *const others[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
    unsigned char first = (unsigned char)s.p[0];
    bool letter = (first | 0x20) >= 'a' && (first | 0x20) <= 'z' && first < 0x80;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (s.n == strlen(others[i]) && strncasecmp(s.p, others[i], s.n) == 0)
            return false;
    return letter || first >= 0x80 || strchr("_/(@", (int)first);
}

/* ---- quoted ----------------------------------------------------------------------------------- */

static struct slice single_quoted(struct compile *c, struct slice s)
{
    struct buffer b = {.c = c};
    buffer_char(&b, '\'');
    for (size_t i = 0; i < s.n; i++) {
        buffer_char(&b, s.p[i]);
        if (s.p[i] == '\'')
            buffer_char(&b, '\'');
    }
    buffer_char(&b, '\'');
    return buffer_slice(&b);
}

static void add_escaped(struct buffer *b, uint32_t ch, const unsigned char *p, unsigned n)
{
    struct slice one = {(const char *)p, n};
    if (ch == '"' || ch == '\\')
        buffer_printf(b, "\\%c", (char)ch);
    else if (ch == '\n' || ch == '\t' || ch == '\r')
        buffer_text(b, ch == '\n' ? "\\n" : ch == '\t' ? "\\t" : "\\r");
    else if (is_printable(one, false))
        buffer_add(b, one.p, n);
    else if (ch < 0x100)
        buffer_printf(b, "\\x%02X", (unsigned)ch);
    else
        buffer_printf(b, ch < 0x10000 ? "\\u%04X" : "\\U%08X", (unsigned)ch);
}

static struct slice double_quoted(struct compile *c, struct slice s)
{
    struct buffer b = {.c = c};
    const unsigned char *p = (const unsigned char *)s.p, *end = p + s.n;
    buffer_char(&b, '"');
    for (unsigned n; p < end; p += n) {
        uint32_t ch = trail_decode(p, end, &n);
        add_escaped(&b, ch, p, n);
    }
    buffer_char(&b, '"');
    return buffer_slice(&b);
}

struct slice quoted_text(struct compile *c, struct slice s, bool filter)
{
    bool one = s.n && memchr(s.p, '\'', s.n), two = s.n && (memchr(s.p, '"', s.n) || memchr(s.p, '\\', s.n));
    bool single = filter ? !one || two : two;
    return single && is_printable(s, false) ? single_quoted(c, s) : double_quoted(c, s);
}

/* ---- the whole -------------------------------------------------------------------------------- */

struct slice scalar_spelled(struct layout *l, const struct yaml *value, const struct type *type, bool flow)
{
    struct slice s = scalar_text(l, value, type);
    struct slice written = {l->text.p + value->loc.at, value->loc.n};
    bool one_line = value->style < SCALAR_LITERAL && !memchr(written.p, '\n', written.n);
    if (value->kind != YAML_TEXT)
        return s.n || !flow ? s : SLICE("null");
    if (!type && one_line && !is_marker(written))
        return written;
    bool as_it_is = value->style == SCALAR_PLAIN && slice_eq(s, written) && one_line && !is_marker(s);
    if (as_it_is && (!flow || is_plain(s, true)))
        return s;
    bool was_plain = value->style == SCALAR_PLAIN;
    if (is_plain(s, flow) && (was_plain || is_word(s)))
        return s;
    return quoted_text(l->c, s, is_filter(type));
}

struct slice key_spelled(struct layout *l, const struct item *item, bool flow)
{
    struct slice key = scalar_spelled(l, item->key, item->key_is_data ? NULL : &type_name, flow);
    if (key.n > MAX_KEY)
        l->odd = "a key of over 1024 bytes";
    return key;
}
