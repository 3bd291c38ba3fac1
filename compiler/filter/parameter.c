/*
 * parameter.c - W207: a request parameter that none of the APIs has which the filter pins.
 *
 * Said only where every API is known by name and its parameters by its service model; what lies deeper than a model's
 * second level, or in a text, is not looked at.
 */
#include "base/near.h"
#include "recognise.h"

enum { MAX_TOLD = 8 /* parameters that a note lists */ };

/* Parameters of an API, on their way to a message. */
struct told {
    struct nearest near;
    struct buffer list;
    size_t n;
};

static void tell(void *to, struct slice name)
{
    struct told *told = to;
    nearest_try(&told->near, name);
    if (told->n++ < MAX_TOLD)
        buffer_printf(&told->list, "%s%.*s", told->n > 1 ? ", " : "", SHOW(name));
}

/* Whether no API of the set has the parameter. `*depth` is the deepest key at which one has nothing of that name, `*row`
 * that API. */
static bool none_has(const struct recognise *r, struct rows rows, const struct path *path, size_t *depth,
                     size_t *row)
{
    bool none = rows.known && rows.n > 0;
    *row = SIZE_MAX;
    for (size_t i = 0; i < rows.n && none; i++) {
        size_t at = 0;
        none = !row_has_parameter(r->catalogue, rows.list[i], path->keys + 1, path->n - 1, &at);
        if (*row == SIZE_MAX || at > *depth) {
            *depth = at;
            *row = rows.list[i];
        }
    }
    return none;
}

static bool one_name(struct rows rows)
{
    return row_name(rows.list[0]) == row_name(rows.list[rows.n - 1]);
}

static struct slice who(const struct recognise *r, struct rows rows)
{
    if (one_name(rows))
        return diag_format(r->c, "`%.*s` has no", SHOW(r->catalogue->names[row_name(rows.list[0])]));
    return SLICE("none of the pinned events has a");
}

void recognise_parameter(const struct recognise *r, const struct clause *clause, const struct scene *scene)
{
    const struct path *path = clause->path;
    size_t depth = 0, row;
    if (path->n < 2 || !slice_eq(path->keys[0], SLICE("requestParameters")) || !scene->names.known)
        return;
    struct rows rows = rows_both(r->c, scene->names, scene->sources);
    if (!none_has(r, rows, path, &depth, &row))
        return;
    struct slice subject = who(r, rows), name = clipped(r->c, path->name);
    struct diag *d = diag(r->c, W207, clause->field_loc, "%.*s parameter `%.*s`%s", SHOW(subject), SHOW(name),
                          outcome(scene));
    struct told told = {.near = {.word = path->keys[depth + 1]}, .list = {.c = r->c}};
    for (size_t i = 0; i < rows.n; i++)
        row_parameters(r->catalogue, rows.list[i], path->keys + 1, depth, tell, &told);
    if (told.near.best.n > 0) {
        d->rewrite = field_with_key(r->c, clause, depth + 1, told.near.best);
        d->fix = (struct fix){.loc = clause->field_loc, .text = d->rewrite, .inside = true};
    } else if (told.n > 0 && one_name(rows)) {
        struct slice list = buffer_slice(&told.list);
        d->note = diag_format(r->c, "it has %.*s%s", SHOW(list), told.n > MAX_TOLD ? ", …" : "");
    }
    note_as_is(r->c, d, clause, depth + 1);
}
