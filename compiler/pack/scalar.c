/*
 * scalar.c - where each byte of a YAML scalar was written.
 *
 * The YAML library gives a scalar's value and the places of its two ends. This file reads the same bytes
 * again by the rules of YAML 1.2 (chapters 7.3 and 8.1) and notes, for each byte of the value, the offset
 * that it came from. The result is compared with the library's value; should they ever differ, the library's
 * value stands and all its bytes are placed at the scalar's start.
 *
 * One thing is read that the library refuses: a pair of \u escapes that is one character outside the Basic
 * Multilingual Plane, which JSON writes so. The library sees other digits in their place (see yaml.c).
 */
#include <string.h>

#include "document.h"
#include "trail/text.h"

struct reading {
    const char *p; /* the whole source */
    uint32_t i, end;
    char *out;
    uint32_t *at;
    size_t n;
    bool half; /* half a surrogate pair was met */
    uint32_t bad;
};

static void put(struct reading *r, char byte, uint32_t at)
{
    r->out[r->n] = byte;
    r->at[r->n++] = at;
}

static void put_code_point(struct reading *r, uint32_t ch, uint32_t at)
{
    char bytes[4];
    unsigned n = trail_encode(bytes, ch);
    for (unsigned k = 0; k < n; k++)
        put(r, bytes[k], at);
}

/* ---- line ends -------------------------------------------------------------------------------- */

static bool is_blank(const struct reading *r, uint32_t i)
{
    return i < r->end && (r->p[i] == ' ' || r->p[i] == '\t');
}

static bool is(const struct reading *r, uint32_t i, const char *bytes)
{
    size_t n = strlen(bytes);
    return r->end - i >= n && memcmp(r->p + i, bytes, n) == 0;
}

/* The length of the line end at i: CR, LF, CR LF, NEL, or the line and paragraph separators; 0 when there is
 * none. */
static uint32_t break_at(const struct reading *r, uint32_t i)
{
    if (i >= r->end)
        return 0;
    if (is(r, i, "\r\n") || is(r, i, "\xC2\x85"))
        return 2;
    if (is(r, i, "\xE2\x80\xA8") || is(r, i, "\xE2\x80\xA9"))
        return 3;
    return r->p[i] == '\n' || r->p[i] == '\r';
}

/* The separators stay what they are; the others become a newline. */
static void put_break(struct reading *r, uint32_t at)
{
    if (break_at(r, at) == 3)
        for (uint32_t k = 0; k < 3; k++)
            put(r, r->p[at + k], at + k);
    else
        put(r, '\n', at);
}

static void put_breaks(struct reading *r, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to;) {
        uint32_t n = break_at(r, i);
        if (n)
            put_break(r, i);
        i += n ? n : 1;
    }
}

/* ---- flow scalars: plain, '…', "…" ------------------------------------------------------------ */

/* Blanks and line ends within a flow scalar: kept on one line; over lines, one line end is a space and more
 * are one fewer. */
static void fold(struct reading *r, bool escaped)
{
    uint32_t from = r->i, first = 0, n = 0;
    bool broken = escaped;
    while (is_blank(r, r->i) || (n = break_at(r, r->i))) {
        if (!is_blank(r, r->i)) {
            if (!broken)
                first = r->i;
            broken = true;
        }
        r->i += is_blank(r, r->i) ? 1 : n;
    }
    if (!broken) {
        for (uint32_t i = from; i < r->i; i++)
            put(r, r->p[i], i);
        return;
    }
    if (escaped) {
        put_breaks(r, from, r->i);
        return;
    }
    uint32_t rest = first + break_at(r, first);
    size_t before = r->n;
    if (break_at(r, first) == 3)
        put_break(r, first);
    put_breaks(r, rest, r->i);
    if (r->n == before)
        put(r, ' ', first);
}

static uint32_t hex(const struct reading *r, uint32_t i, unsigned digits)
{
    uint32_t value = 0;
    for (unsigned k = 0; k < digits && i + k < r->end; k++) {
        unsigned char ch = (unsigned char)r->p[i + k];
        value = value << 4 | (uint32_t)(ch <= '9' ? ch - '0' : (ch | 0x20) - 'a' + 10);
    }
    return value;
}

static uint32_t simple_escape(char letter)
{
    static const char letters[] = "0abtnvfre \"/\\N_LP\t";
    static const uint16_t values[] = {0,   7,   8,   9,    10,   11,   12,     13,     27,
                                      ' ', '"', '/', '\\', 0x85, 0xA0, 0x2028, 0x2029, '\t'};
    const char *found = letter ? strchr(letters, letter) : NULL;
    return found ? values[found - letters] : 0;
}

/* r->i is at a backslash that no line end follows. */
static void escape(struct reading *r)
{
    uint32_t at = r->i;
    char letter = at + 1 < r->end ? r->p[at + 1] : '\0';
    unsigned digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    uint32_t ch = digits ? hex(r, at + 2, digits) : simple_escape(letter);
    r->i += 2 + digits;
    if (ch >= 0xD800 && ch <= 0xDBFF && digits == 4 && is(r, r->i, "\\u")) {
        uint32_t low = hex(r, r->i + 2, 4);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            ch = 0x10000 + ((ch - 0xD800) << 10) + (low - 0xDC00);
            r->i += 6;
        }
    }
    if (r->i > r->end)
        r->i = r->end;
    if (ch >= 0xD800 && ch <= 0xDFFF) {
        if (!r->half)
            r->bad = at;
        r->half = true;
        ch = 0xFFFD;
    }
    put_code_point(r, ch, at);
}

static void read_flow(struct reading *r, enum scalar_style style)
{
    if (style != SCALAR_PLAIN && r->end - r->i >= 2) {
        r->i++;
        r->end--;
    }
    while (r->i < r->end) {
        if (is_blank(r, r->i) || break_at(r, r->i)) {
            fold(r, false);
        } else if (style == SCALAR_DOUBLE && r->p[r->i] == '\\') {
            uint32_t n = break_at(r, r->i + 1);
            if (n) {
                r->i += 1 + n;
                fold(r, true);
            } else {
                escape(r);
            }
        } else {
            put(r, r->p[r->i], r->i);
            /* Two quotes within quotes are one. */
            r->i += style == SCALAR_SINGLE && is(r, r->i, "''") ? 2 : 1;
        }
    }
}

/* ---- block scalars: | and > ------------------------------------------------------------------- */

struct block {
    uint32_t body;   /* offset of the first line behind the header */
    uint32_t indent; /* spaces that belong to no line's text */
    char chomp;      /* '+', '-', or 0 */
};

/* Spaces at the beginning of the first line that holds anything else; where the indentation usually is. */
static uint32_t likely_indent(const struct reading *r, uint32_t body)
{
    uint32_t spaces = 0;
    for (uint32_t i = body; i < r->end;) {
        uint32_t n = break_at(r, i);
        if (!n && r->p[i] != ' ')
            break;
        spaces = n ? 0 : spaces + 1;
        i += n ? n : 1;
    }
    return spaces;
}

static struct block block_header(const struct reading *r)
{
    struct block b = {.body = r->i + 1};
    while (b.body < r->end && !break_at(r, b.body)) {
        char ch = r->p[b.body];
        if (ch == '#')
            break;
        if (ch == '+' || ch == '-')
            b.chomp = ch;
        b.body++;
    }
    while (b.body < r->end && !break_at(r, b.body))
        b.body++;
    b.body += break_at(r, b.body);
    b.indent = likely_indent(r, b.body);
    return b;
}

/* Passes the empty lines, and the next line's indentation; returns the column it stopped at. */
static uint32_t skip_empty_lines(struct reading *r, uint32_t indent, uint32_t *last_break_end)
{
    for (;;) {
        uint32_t column = 0;
        while (column < indent && r->i < r->end && r->p[r->i] == ' ') {
            r->i++;
            column++;
        }
        uint32_t n = break_at(r, r->i);
        if (!n)
            return column;
        r->i += n;
        *last_break_end = r->i;
    }
}

static void read_block(struct reading *r, struct block b, bool folded)
{
    uint32_t breaks = b.body,
             line_end = 0; /* empty lines from `breaks`; the line end before them, 0 for none */
    bool was_blank = false;
    r->i = b.body;
    uint32_t empty_to = b.body;
    while (skip_empty_lines(r, b.indent, &empty_to) == b.indent && r->i < r->end) {
        bool blank = is_blank(r, r->i), has_break = line_end != 0;
        bool joins = folded && has_break && break_at(r, line_end) != 3 && !was_blank && !blank;
        if (joins && breaks == empty_to)
            put(r, ' ', line_end);
        else if (has_break && !joins)
            put_break(r, line_end);
        put_breaks(r, breaks, empty_to);
        was_blank = blank;
        while (r->i < r->end && !break_at(r, r->i)) {
            put(r, r->p[r->i], r->i);
            r->i++;
        }
        line_end = break_at(r, r->i) ? r->i : 0;
        r->i += break_at(r, r->i);
        breaks = empty_to = r->i;
    }
    if (line_end && b.chomp != '-')
        put_break(r, line_end);
    if (b.chomp == '+')
        put_breaks(r, breaks, empty_to);
}

/* ---- the whole -------------------------------------------------------------------------------- */

enum { LIKELY = UINT8_MAX }; /* an indentation: what block_header() takes it to be */

static void read_again(struct reading *r, const struct scalar *s, const char *p, uint32_t indent)
{
    r->p = p;
    r->i = s->from;
    r->end = s->to;
    r->n = 0;
    if (s->style < SCALAR_LITERAL) {
        read_flow(r, s->style);
    } else {
        struct block b = block_header(r);
        if (indent != LIKELY)
            b.indent = indent;
        read_block(r, b, s->style == SCALAR_FOLDED);
    }
}

static bool equals(const struct reading *r, struct slice value)
{
    return slice_eq((struct slice){r->out, r->n}, value);
}

/*
 * Reads the scalar so that it gives the library's value. A block whose first lines are indented deeper than
 * the rest says so in its header, but by a number relative to its parent, which is not known here: so all are
 * tried.
 */
static bool read_to_match(struct reading *r, const struct scalar *s, uint32_t *indent)
{
    *indent = LIKELY;
    read_again(r, s, s->seen, LIKELY);
    if (s->style < SCALAR_LITERAL)
        return equals(r, s->value);
    for (uint32_t i = 0; !equals(r, s->value); i++) {
        if (i == 2 * MAX_NESTING)
            return false;
        *indent = i;
        read_again(r, s, s->seen, i);
    }
    return true;
}

bool scalar_map(struct compile *c, const struct scalar *s, struct text *out, uint32_t *bad)
{
    const char *written = c->sources[s->source].text.p;
    /* An escape of two characters makes three bytes at most; nothing else grows. */
    size_t room = (size_t)(s->to - s->from) * (s->style == SCALAR_DOUBLE ? 2 : 1);
    room = (room > s->value.n ? room : s->value.n) + 1;
    struct reading r = {.out = arena_alloc(c->arena, room), .at = NEW_ARRAY(c, uint32_t, room)};
    uint32_t indent;
    if (!read_to_match(&r, s, &indent)) {
        r.n = 0;
        for (size_t i = 0; i < s->value.n; i++)
            put(&r, s->value.p[i], s->from);
    } else if (s->seen != written) {
        read_again(&r, s, written, indent);
    }
    uint32_t last = r.n ? r.at[r.n - 1] + 1 : s->from;
    r.at[r.n] = s->style < SCALAR_LITERAL ? r.end : last;
    r.out[r.n] = '\0';
    *out = (struct text){{r.out, r.n}, s->source, r.at};
    *bad = r.bad;
    return !r.half;
}
