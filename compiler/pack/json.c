/*
 * json.c - YAML values as JSON texts: how the events of an alert's tests reach the scanner.
 *
 * Guarantees: valid JSON on one line, of the same values; numbers are spelled as written.
 */
#include "document.h"

static size_t digits(struct slice s, size_t i)
{
    size_t from = i;
    while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
        i++;
    return i - from;
}

bool json_is_number(struct slice s)
{
    size_t i = s.n && s.p[0] == '-', n = digits(s, i);
    if (!n || (n > 1 && s.p[i] == '0'))
        return false;
    i += n;
    if (i < s.n && s.p[i] == '.') {
        n = digits(s, i + 1);
        if (!n)
            return false;
        i += 1 + n;
    }
    if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
        i++;
        i += i < s.n && (s.p[i] == '+' || s.p[i] == '-');
        n = digits(s, i);
        if (!n)
            return false;
        i += n;
    }
    return i == s.n;
}

static void add_text(struct buffer *b, struct slice s)
{
    buffer_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if (ch == '"' || ch == '\\') {
            buffer_char(b, '\\');
            buffer_char(b, (char)ch);
        } else if (ch < 0x20) {
            buffer_printf(b, "\\u%04x", ch);
        } else {
            buffer_char(b, (char)ch);
        }
    }
    buffer_char(b, '"');
}

void json_add(struct buffer *b, const struct yaml *value)
{
    switch (value->kind) {
    case YAML_NULL: buffer_text(b, "null"); return;
    case YAML_BOOL: buffer_text(b, (value->text.s.p[0] | 0x20) == 't' ? "true" : "false"); return;
    case YAML_NUMBER: buffer_add(b, value->text.s.p, value->text.s.n); return;
    case YAML_TEXT: add_text(b, value->text.s); return;
    case YAML_LIST:
    case YAML_MAP: break;
    }
    bool map = value->kind == YAML_MAP;
    buffer_char(b, map ? '{' : '[');
    for (size_t i = 0; i < value->n; i++) {
        if (i)
            buffer_char(b, ',');
        if (map) {
            add_text(b, value->entries[i].key->text.s);
            buffer_char(b, ':');
        }
        json_add(b, value->entries[i].value);
    }
    buffer_char(b, map ? '}' : ']');
}
