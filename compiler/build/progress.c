/*
 * progress.c - the words of the line.
 */
#include "build/progress.h"

#include <stdio.h>

/* Cuts a text to so many columns, not in the midst of a character. */
static void cut(char *text, size_t columns)
{
    char *p = text;
    while (*p && columns > 0) {
        for (p++; ((unsigned char)*p & 0xC0) == 0x80; p++)
            ;
        columns--;
    }
    *p = 0;
}

void progress_show(struct trail_progress *p, const char *doing, size_t n, size_t of, struct slice name)
{
    char text[512];
    size_t columns = trail_progress_columns(p);
    if (columns == 0)
        return;
    snprintf(text, sizeof text, "%s %zu of %zu: %.*s", doing, n, of, (int)(name.n < 300 ? name.n : 300),
             name.p);
    cut(text, columns);
    trail_progress_draw(p, text);
}
