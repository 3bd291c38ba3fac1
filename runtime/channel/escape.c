/*
 * escape.c - see escape.h.
 */
#include "escape.h"

#include <string.h>

#include "hash/base64.h"
#include "notify/terminal.h"

static void add(struct trail_text *to, const char *text)
{
    trail_text_add(to, text, strlen(text));
}

static struct trail_slice slice_of(const struct trail_text *text)
{
    return (struct trail_slice){text->p, text->n};
}

void trail_escape_plain(struct trail_text *to, struct trail_slice text, size_t most)
{
    trail_terminal_clip(to, text, most);
}

struct trail_slice trail_clip(struct trail_slice text, size_t most)
{
    size_t i = 0;
    for (; i < text.n; i++)
        if (((unsigned char)text.p[i] & 0xc0) != 0x80 && most-- == 0)
            break;
    return (struct trail_slice){text.p, i};
}

/* Adds a plain line with some characters replaced: `names` has what stands for the character at the same
 * place in `characters`. */
static void add_replaced(struct trail_text *to, struct trail_slice text, size_t most, const char *characters,
                         const char *const *names)
{
    struct trail_text plain = {0};
    trail_terminal_clip(&plain, text, most);
    for (size_t i = 0; i < plain.n; i++) {
        const char *found = strchr(characters, plain.p[i]);
        if (found)
            add(to, names[found - characters]);
        else
            trail_text_add(to, plain.p + i, 1);
    }
    to->failed |= plain.failed;
    trail_text_free(&plain);
}

void trail_escape_html(struct trail_text *to, struct trail_slice text, size_t most)
{
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    add_replaced(to, text, most, "&<>\"'", names);
}

void trail_escape_syslog(struct trail_text *to, struct trail_slice text, size_t most)
{
    static const char *const names[] = {"\\\"", "\\\\", "\\]"};
    add(to, "\"");
    add_replaced(to, text, most, "\"\\]", names);
    add(to, "\"");
}

void trail_escape_json(struct trail_text *to, struct trail_slice text, size_t most)
{
    struct trail_text plain = {0};
    trail_terminal_clip(&plain, text, most);
    trail_json_quote(to, slice_of(&plain));
    to->failed |= plain.failed;
    trail_text_free(&plain);
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (unsigned char)c >= 0x80;
}

/* Whether the byte at i begins or joins what is read as a mention, a channel or a link. */
static bool joins(struct trail_slice s, size_t i)
{
    char c = s.p[i], after = i + 1 < s.n ? s.p[i + 1] : ' ';
    return c == '@' || c == '#' || (c == ':' && (after == '/' || is_word(after))) ||
           (c == '.' && is_word(after));
}

static void mark(struct trail_text *to, struct trail_slice s, bool markup)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '&' || c == '<' || c == '>')
            add(to, c == '&' ? "&amp;" : c == '<' ? "&lt;" : "&gt;");
        else
            trail_text_add(to, &c, 1);
        if (markup && joins(s, i))
            add(to, "\u2060");
    }
}

/* Units of UTF-16: what a limit in characters may mean. */
static size_t units_of(const struct trail_text *text)
{
    size_t units = 0;
    for (size_t i = 0; i < text->n; i++) {
        unsigned char c = (unsigned char)text->p[i];
        units += (size_t)((c & 0xc0) != 0x80) + (c >= 0xf0);
    }
    return units;
}

void trail_escape_slack(struct trail_text *to, struct trail_slice text, size_t most, bool markup)
{
    struct trail_text plain = {0}, marked = {0};
    for (size_t room = most; room; room -= (room + 7) / 8) {
        plain.n = marked.n = 0;
        trail_terminal_clip(&plain, text, room);
        mark(&marked, slice_of(&plain), markup);
        if (units_of(&marked) <= most)
            break;
    }
    trail_json_quote(to, slice_of(&marked));
    to->failed |= plain.failed || marked.failed;
    trail_text_free(&plain);
    trail_text_free(&marked);
}

/* ---- mail --------------------------------------------------------------------------------- */

/* Whether the text can stand in a header as it is, on one line. */
static bool is_simple(struct trail_slice s, size_t used)
{
    bool simple = used + s.n <= 76;
    for (size_t i = 0; i < s.n; i++)
        simple = simple && s.p[i] >= ' ' && s.p[i] <= '~';
    /* What would be read as an encoded word, or as white space around the value, is encoded itself. */
    return simple && !memmem(s.p ? s.p : "", s.n, "=?", 2) &&
           (!s.n || (s.p[0] != ' ' && s.p[s.n - 1] != ' '));
}

void trail_escape_header(struct trail_text *to, struct trail_slice text, size_t most, size_t used)
{
    enum { BYTES = 39 }; /* of an encoded word: 52 characters, within 75 with =?UTF-8?B??= */
    struct trail_text plain = {0};
    trail_terminal_clip(&plain, text, most);
    struct trail_slice rest = slice_of(&plain);
    if (is_simple(rest, used)) {
        trail_text_add(to, rest.p, rest.n);
        rest.n = 0;
    }
    for (bool first = true; rest.n; first = false) {
        size_t n = rest.n < BYTES ? rest.n : BYTES;
        while (n < rest.n && n > 1 && ((unsigned char)rest.p[n] & 0xc0) == 0x80)
            n--; /* whole characters */
        add(to, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
        trail_base64_add(to, rest.p, n);
        add(to, "?=");
        rest.p += n;
        rest.n -= n;
    }
    to->failed |= plain.failed;
    trail_text_free(&plain);
}

void trail_quoted_printable(struct trail_text *to, struct trail_slice s)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t column = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '\n') {
            add(to, "\r\n");
            column = 0;
            continue;
        }
        bool last = i + 1 == s.n || s.p[i + 1] == '\n';
        /* A dot at a line's start is data to SMTP, and a blank at its end may get lost. */
        bool plain = c >= ' ' && c <= '~' && c != '=' && !(c == ' ' && last) && !(c == '.' && column == 0);
        if (column + (plain ? 1 : 3) > 75) {
            add(to, "=\r\n");
            column = 0;
            plain = plain && c != '.';
        }
        char encoded[3] = {'=', digits[c >> 4], digits[c & 15]};
        trail_text_add(to, plain ? s.p + i : encoded, plain ? 1 : 3);
        column += plain ? 1 : 3;
    }
}
