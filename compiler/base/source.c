/*
 * source.c - files as they were read: rule files, and the files of lists.
 *
 * Guarantees: the text is UTF-8 without control characters (but tab and the line ends), at most MAX_SOURCE
 * bytes, so that every later pass may take places in it for granted.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pack/document.h"
#include "trail/text.h"

static const struct loc nowhere = {NOWHERE, 0, 0};

uint32_t source_bom(struct slice text)
{
    return text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static bool is_utf16(struct slice t)
{
    return t.n >= 2 &&
           (memcmp(t.p, "\xFF\xFE", 2) == 0 || memcmp(t.p, "\xFE\xFF", 2) == 0 || !t.p[0] || !t.p[1]);
}

/* Says what is wrong with the bytes at `at`; the first such place is enough. */
static bool refuse(struct compile *c, uint32_t source, uint32_t at)
{
    struct slice text = c->sources[source].text;
    unsigned char byte = (unsigned char)text.p[at];
    struct loc loc = {source, at, 1};
    if (is_utf16(text))
        diag(c, E001, (struct loc){source, 0, 0}, "this is UTF-16; save the file as UTF-8");
    else if (byte >= 0x80)
        diag(c, E001, loc, "byte 0x%02X is not UTF-8; save the file as UTF-8", byte);
    else
        diag(c, E001, loc, "control character 0x%02X in the file", byte);
    return false;
}

bool source_add(struct compile *c, const char *name, struct slice text, uint32_t *source)
{
    *source = (uint32_t)c->n_sources;
    *PUSH(c, c->sources, c->n_sources) = (struct source){name, text};
    if (text.n > MAX_SOURCE) {
        c->sources[*source].text.n = 0;
        diag(c, E001, nowhere, "%s is larger than %d MiB: divide it", name, MAX_SOURCE / (1024 * 1024));
        return false;
    }
    const unsigned char *p = (const unsigned char *)text.p, *end = p + text.n;
    for (unsigned n; p < end; p += n) {
        uint32_t ch = trail_decode(p, end, &n);
        bool control = (ch < 0x20 && ch != '\t' && ch != '\n' && ch != '\r') || ch == 0x7F;
        bool broken = ch >= 0xD800 && ch <= 0xDFFF;
        if (control || broken)
            return refuse(c, *source, (uint32_t)(p - (const unsigned char *)text.p));
    }
    return true;
}

struct slice stream_read(struct compile *c, FILE *file)
{
    struct buffer text = {.c = c};
    char piece[16 * 1024];
    size_t n;
    while (text.n <= MAX_SOURCE && (n = fread(piece, 1, sizeof piece, file)) > 0)
        buffer_add(&text, piece, n);
    return text.n ? buffer_slice(&text) : SLICE("");
}

bool source_read(struct compile *c, const char *path, uint32_t *source)
{
    if (c->edited.path && strcmp(path, c->edited.path) == 0)
        return source_add(c, c->edited.path, c->edited.text, source);
    FILE *file = fopen(path, "rb");
    if (!file) {
        diag(c, E001, nowhere, "cannot read %s: %s", path, strerror(errno));
        return false;
    }
    struct slice text = stream_read(c, file);
    int failed = ferror(file) ? errno : 0;
    fclose(file);
    if (failed) {
        diag(c, E001, nowhere, "cannot read %s: %s", path, strerror(failed));
        return false;
    }
    return source_add(c, slice_copy(c, path, strlen(path)).p, text, source);
}

const char *source_beside(struct compile *c, uint32_t source, struct slice file)
{
    const char *name = c->sources[source].name, *slash = strrchr(name, '/');
    struct buffer path = {.c = c};
    if (slash)
        buffer_add(&path, name, (size_t)(slash - name) + 1);
    buffer_add(&path, file.p, file.n);
    return buffer_slice(&path).p;
}
