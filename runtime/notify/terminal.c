/*
 * terminal.c - escaping for terminals, and the colour decision.
 *
 * Needs any bytes. Guarantees that what is added is valid UTF-8 without a control, format or invisible
 * character, so that a log's text can neither move the cursor, nor reorder or hide what stands beside it.
 */
#include "terminal.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trail/text.h"

struct range {
    uint32_t from, to;
};

/* Controls, format characters, fillers that show nothing, and non-characters; sorted. */
static const struct range unsafe[] = {
    {0x00, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},     {0x34f, 0x34f},   {0x61c, 0x61c},
    {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f}, {0x200b, 0x200f}, {0x2028, 0x202e},
    {0x2060, 0x206f},   {0x3164, 0x3164},   {0xd800, 0xdfff}, {0xfdd0, 0xfdef}, {0xfe00, 0xfe0f},
    {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb}, {0xfffe, 0xffff}, {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

static bool is_unsafe(uint32_t c)
{
    if (c >= 0x20 && c < 0x7f)
        return false;
    for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe && unsafe[i].from <= c; i++)
        if (c <= unsafe[i].to)
            return true;
    return (c & 0xfffe) == 0xfffe;
}

/* Spells out one unsafe code point; a byte that is not UTF-8 comes as 0xDC00 + the byte. Returns the length.
 */
static size_t spell(char to[16], uint32_t c)
{
    static const char names[] = "\aa\bb\tt\nn\vv\ff\rr";
    const char *name = c && c < 0x20 ? strchr(names, (int)c) : NULL;
    int n;
    if (name)
        n = snprintf(to, 16, "\\%c", name[1]);
    else if (c < 0x80)
        n = snprintf(to, 16, "\\x%02x", (unsigned)c);
    else if (c >= 0xdc80 && c <= 0xdcff)
        n = snprintf(to, 16, "\\x%02x", (unsigned)(c - 0xdc00));
    else
        n = snprintf(to, 16, "\\u{%x}", (unsigned)c);
    return (size_t)n;
}

/* Escapes at most `columns` characters; true when all of the text fitted. */
static bool add_columns(struct trail_text *to, struct trail_slice s, size_t columns)
{
    const unsigned char *p = (const unsigned char *)(s.n ? s.p : ""), *end = p + s.n, *plain = p;
    while (p < end) {
        unsigned n;
        char spelled[16];
        uint32_t c = trail_decode(p, end, &n);
        size_t wide = is_unsafe(c) ? spell(spelled, c) : 0;
        if (columns < (wide ? wide : 1))
            break;
        columns -= wide ? wide : 1;
        if (wide) {
            trail_text_add(to, (const char *)plain, (size_t)(p - plain));
            trail_text_add(to, spelled, wide);
            plain = p + n;
        }
        p += n;
    }
    trail_text_add(to, (const char *)plain, (size_t)(p - plain));
    return p == end;
}

void trail_terminal_add(struct trail_text *to, struct trail_slice s)
{
    add_columns(to, s, SIZE_MAX);
}

void trail_terminal_clip(struct trail_text *to, struct trail_slice s, size_t columns)
{
    size_t before = to->n;
    if (add_columns(to, s, columns) || to->failed)
        return;
    to->n = before;
    add_columns(to, s, columns - 1);
    trail_text_add(to, "…", strlen("…"));
}

size_t trail_terminal_columns(struct trail_slice s)
{
    size_t columns = 0;
    for (size_t i = 0; i < s.n; i++)
        columns += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return columns;
}

bool trail_terminal_colour(enum trail_colour wish, int descriptor)
{
    if (wish != TRAIL_COLOUR_AUTO)
        return wish == TRAIL_COLOUR_ALWAYS;
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    return !(no_color && *no_color) && !(term && strcmp(term, "dumb") == 0) && isatty(descriptor);
}
