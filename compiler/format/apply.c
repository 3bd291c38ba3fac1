/*
 * apply.c - `trailc check --fix`: what messages offer with certainty, written into the rule files.
 *
 * Needs: the diagnostics of a pack. Guarantees: a file is changed by fixes alone that are certain and that
 * fix_resolve() has proven; of two that touch, the first is made, and the other is left for another round. A file is
 * replaced as a whole or not at all.
 */
#include <stdlib.h>

#include "format.h"

static int by_place(const void *left, const void *right)
{
    const struct fix *a = left, *b = right;
    if (a->loc.at != b->loc.at)
        return a->loc.at < b->loc.at ? -1 : 1;
    return a->loc.n < b->loc.n ? -1 : a->loc.n > b->loc.n;
}

/* The certain fixes of one source, in the order of their places, none touching another. */
static struct fix *fixes_of(struct compile *c, uint32_t source, size_t *n)
{
    struct fix *list = NEW_ARRAY(c, struct fix, c->n_diags + 1);
    size_t found = 0;
    for (size_t i = 0; i < c->n_diags; i++) {
        const struct diag *d = &c->diags[i];
        if (d->fix.loc.source == source && d->fix.certain && fix_resolve(c, d, &list[found]))
            found++;
    }
    qsort(list, found, sizeof *list, by_place);
    *n = 0;
    for (size_t i = 0; i < found; i++) {
        const struct fix *last = *n ? &list[*n - 1] : NULL;
        if (!last || last->loc.at + last->loc.n < list[i].loc.at)
            list[(*n)++] = list[i];
    }
    return list;
}

static struct slice fixed(struct compile *c, struct slice text, const struct fix *list, size_t n)
{
    struct buffer b = {.c = c};
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        buffer_add(&b, text.p + at, list[i].loc.at - at);
        buffer_add(&b, list[i].text.p, list[i].text.n);
        at = (size_t)list[i].loc.at + list[i].loc.n;
    }
    buffer_add(&b, text.p + at, text.n - at);
    return b.n ? buffer_slice(&b) : SLICE("");
}

int fix_files(struct compile *c, size_t *made)
{
    *made = 0;
    for (uint32_t i = 0; i < c->n_sources; i++) {
        size_t n;
        const struct fix *list = fixes_of(c, i, &n);
        int result = n ? file_replace(c, c->sources[i].name, fixed(c, c->sources[i].text, list, n)) : 0;
        if (result)
            return result;
        *made += n;
    }
    return 0;
}
