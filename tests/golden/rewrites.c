/*
 * rewrites.c - a rule file as its author leaves it who does what the messages say.
 *
 *     rewrites FILE [reading]       the edited file, on standard output
 *
 * A message has a fix: a place, and what is put there. With `reading`, the other rewrite in its note is taken: "or `…`"
 * stands for what the rewrite stands for, "`…` means" for the mark itself. Of places that overlap the first is
 * edited. Exit code 3: there is nothing to edit.
 */
#include <stdlib.h>
#include <string.h>

#include "pack/document.h"

enum { NOTHING = 3 };

static const struct slice nothing;

static bool begins(struct slice s, struct slice with)
{
    return s.n >= with.n && memcmp(s.p, with.p, with.n) == 0;
}

static bool ends(struct slice s, struct slice with)
{
    return s.n >= with.n && memcmp(s.p + s.n - with.n, with.p, with.n) == 0;
}

/* What a note has between the two; n 0 when it has not. */
static struct slice between(struct slice note, const char *before, const char *after)
{
    const char *from = note.n ? memmem(note.p, note.n, before, strlen(before)) : NULL;
    if (!from)
        return nothing;
    from += strlen(before);
    const char *to = memmem(from, note.n - (size_t)(from - note.p), after, strlen(after));
    return to ? (struct slice){from, (size_t)(to - from)} : nothing;
}

/* A rewrite shows more than what the fix replaces, such as the field before it: the same is around the other one. */
static bool take_other(struct diag *d, struct slice other)
{
    const char *at = memmem(d->rewrite.p, d->rewrite.n, d->fix.text.p, d->fix.text.n);
    if (!at)
        return false;
    struct slice before = {d->rewrite.p, (size_t)(at - d->rewrite.p)};
    struct slice after = {at + d->fix.text.n, d->rewrite.n - before.n - d->fix.text.n};
    if (!begins(other, before) || !ends(other, after))
        return false;
    d->fix.text = (struct slice){other.p + before.n, other.n - before.n - after.n};
    return true;
}

/* Makes the fix that of the note's reading; false when there is none. */
static bool take_reading(struct diag *d)
{
    struct slice other = between(d->note, "or `", "`"), exact = between(d->note, "`", "` means");
    if (other.n)
        return d->fix.text.n && take_other(d, other);
    d->fix = (struct fix){.loc = d->loc, .text = exact, .inside = true};
    return exact.n > 0;
}

static int by_place(const void *left, const void *right)
{
    const struct fix *a = left, *b = right;
    return (a->loc.at > b->loc.at) - (a->loc.at < b->loc.at);
}

static size_t fixes_of(struct compile *c, bool reading, struct fix **fixes)
{
    size_t n = 0, n_diags = c->n_diags;
    for (size_t i = 0; i < n_diags; i++) {
        struct diag d = c->diags[i];
        struct fix fix;
        if (d.loc.source == 0 && (!reading || take_reading(&d)) && fix_resolve(c, &d, &fix))
            *PUSH(c, *fixes, n) = fix;
    }
    if (n)
        qsort(*fixes, n, sizeof **fixes, by_place);
    return n;
}

static void print_edited(struct slice file, const struct fix *fixes, size_t n)
{
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        if (fixes[i].loc.at < at)
            continue;
        fwrite(file.p + at, 1, fixes[i].loc.at - at, stdout);
        fwrite(fixes[i].text.p, 1, fixes[i].text.n, stdout);
        at = (size_t)fixes[i].loc.at + fixes[i].loc.n;
    }
    fwrite(file.p + at, 1, file.n - at, stdout);
}

int main(int argc, char **argv)
{
    struct compile c = {.arena = arena_new()};
    struct fix *fixes = NULL;
    if (argc < 2) {
        fputs("usage: rewrites FILE [reading]\n", stderr);
        return 2;
    }
    pack_load(&c, argv[1]);
    parse(&c);
    check(&c);
    recognise(&c);
    size_t n = c.n_sources ? fixes_of(&c, argc > 2, &fixes) : 0;
    if (n)
        print_edited(c.sources[0].text, fixes, n);
    arena_free(c.arena);
    return n ? 0 : NOTHING;
}
