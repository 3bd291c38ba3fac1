/*
 * skim.c - quotes and brackets, counted.
 *
 * Needs: text from a value's first byte on.
 * Guarantees: each byte is looked at once over all calls; a stack of TRAIL_MAX_DEPTH bytes, no recursion.
 */
#include "skim.h"

static bool is_space(unsigned char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Passes bytes of a string up to its end; returns the last byte's offset or n. */
static enum trail_skimmed in_string(struct trail_skim *s, const unsigned char *p, size_t n)
{
    if (s->escaped && s->at < n) {
        if (p[s->at] < 0x20)
            return TRAIL_SKIM_BROKEN;
        s->escaped = false;
        s->at++;
    }
    while (s->at < n) {
        while (s->at < n && p[s->at] != '"' && p[s->at] != '\\' && p[s->at] >= 0x20)
            s->at++;
        if (s->at == n)
            break;
        unsigned char c = p[s->at];
        if (c < 0x20)
            return TRAIL_SKIM_BROKEN;
        s->at++;
        if (c == '"') {
            s->in_string = false;
            return TRAIL_SKIM_END;
        }
        if (s->at == n) {
            s->escaped = true;
            break;
        }
        if (p[s->at] < 0x20)
            return TRAIL_SKIM_BROKEN;
        s->at++;
    }
    return TRAIL_SKIM_MORE;
}

/* A container may begin behind a colon, a bracket, a comma in an array, and at the very beginning. */
static bool may_open(const struct trail_skim *s)
{
    if (s->before == ':' || s->before == '[' || !s->begun)
        return true;
    return s->before == ',' && s->depth && s->open[s->depth - 1] == '[';
}

/* One byte outside strings, no white space. */
static enum trail_skimmed structure(struct trail_skim *s, unsigned char c)
{
    switch (c) {
    case '"': s->in_string = true; break;
    case '{':
    case '[':
        if (!may_open(s) || s->depth == TRAIL_MAX_DEPTH)
            return TRAIL_SKIM_BROKEN;
        s->open[s->depth++] = c;
        break;
    case '}':
    case ']':
        if (!s->depth || s->open[s->depth - 1] != (c == '}' ? '{' : '['))
            return TRAIL_SKIM_BROKEN;
        s->depth--;
        break;
    default:
        if (!s->depth)
            return TRAIL_SKIM_BROKEN;
        break;
    }
    s->before = c;
    s->begun = true;
    s->at++;
    return s->depth || s->in_string ? TRAIL_SKIM_MORE : TRAIL_SKIM_END;
}

static bool ends_scalar(unsigned char c)
{
    return is_space(c) || c == ',' || c == ':' || c == '}' || c == ']' || c == '{' || c == '[' || c == '"';
}

/* A number or word that is the whole value. */
static enum trail_skimmed scalar(struct trail_skim *s, const unsigned char *p, size_t n)
{
    s->begun = true;
    while (s->at < n && !ends_scalar(p[s->at]))
        s->at++;
    return s->at < n ? TRAIL_SKIM_END : TRAIL_SKIM_MORE;
}

enum trail_skimmed trail_skim(struct trail_skim *s, const char *text, size_t n)
{
    const unsigned char *p = (const unsigned char *)text;
    while (s->at < n) {
        enum trail_skimmed got;
        if (s->in_string) {
            got = in_string(s, p, n);
            if (got == TRAIL_SKIM_END && s->depth)
                continue;
        } else if (is_space(p[s->at]) && (s->depth || !s->begun)) {
            s->at++;
            continue;
        } else if (!s->depth && (s->begun || !ends_scalar(p[s->at]))) {
            got = scalar(s, p, n);
        } else {
            got = structure(s, p[s->at]);
            if (got == TRAIL_SKIM_MORE)
                continue;
        }
        return got;
    }
    return TRAIL_SKIM_MORE;
}

/* A bracket that does not fit: one that closes what was opened further out closes that; any other is passed
 * over. */
static void close_lenient(struct trail_skim *s, unsigned char opener, bool *broken)
{
    unsigned depth = s->depth;
    if (depth && s->open[depth - 1] != opener)
        *broken = true;
    while (depth && s->open[depth - 1] != opener)
        depth--;
    if (depth)
        s->depth = depth - 1;
    else
        *broken = true;
}

/* Whether c may follow: where it may not, quotes have been taken the wrong way round. */
static bool fits(unsigned char before, unsigned char c)
{
    if (before == '"')
        return c == ':' || c == ',' || c == '}' || c == ']';
    return before != '{' || c == '"' || c == '}';
}

void trail_skim_lenient(struct trail_skim *s, unsigned char c, bool *broken)
{
    s->begun = true;
    if (s->in_string) {
        if (c < 0x20 && c != '\t') { /* no string goes on over a line: its end is what is missing */
            s->in_string = s->escaped = false;
            *broken = true;
        } else if (s->escaped) {
            s->escaped = false;
        } else if (c == '\\') {
            s->escaped = true;
        } else if (c == '"') {
            s->in_string = false;
        }
        return;
    }
    if (is_space(c))
        return;
    if (!fits(s->before, c))
        *broken = true;
    if (c == '"') {
        s->in_string = true;
    } else if (c == '{' || c == '[') {
        if (s->depth == TRAIL_MAX_DEPTH)
            *broken = true;
        else
            s->open[s->depth++] = c;
    } else if (c == '}' || c == ']') {
        close_lenient(s, c == '}' ? '{' : '[', broken);
    }
    s->before = c;
}
