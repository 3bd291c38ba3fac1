/*
 * limits.c - what a field can be asked for at once.
 *
 * Needs: expressions. Guarantees: the words of phrases on one field are no more than a scanner can follow at a good
 * pace, and a C compiler in a few seconds: each is a bit that moves with every word of a value; or E112 was said.
 */
#include "trailc.h"

enum { MAX_PHRASE_WORDS = 8000 };

/* The clause with the most phrases on the path. Recursion is bounded by the parser's limit on parentheses. */
static void find_most(const struct node *node, const struct path *path, size_t *most,
                      const struct clause **found)
{
    const struct clause *clause = node->clause;
    for (size_t i = 0; i < node->n; i++)
        find_most(node->kids[i], path, most, found);
    if (!clause || clause->path != path || clause->view != VIEW_TEXT || clause->n_literals <= *most)
        return;
    *most = clause->n_literals;
    *found = clause;
}

static void refuse(struct compile *c, const struct path *path, size_t words)
{
    const struct clause *clause = NULL;
    size_t most = 0;
    for (size_t i = 0; i < c->pack.n_alerts; i++)
        find_most(c->pack.alerts[i].tree, path, &most, &clause);
    struct slice name = path ? path->name : SLICE("every value");
    struct diag *d = diag(c, E112, clause ? clause->value_loc : (struct loc){NOWHERE, 0, 0},
                          "phrases of %zu words on `%.*s`: at most %d on one field", words, (int)name.n,
                          name.p, MAX_PHRASE_WORDS);
    d->note = path ? diag_format(c, "`%.*s.keyword:` compares whole values, however many there are",
                                 (int)name.n, name.p)
                   : SLICE("name the field, and compare whole values: `field.keyword:@list`");
}

bool limits(struct compile *c)
{
    size_t *words = NEW_ARRAY(c, size_t, c->n_paths + 1); /* by path; at the end those of no path */
    bool good = true;
    for (size_t i = 0; i < c->n_preds; i++) {
        const struct pred *p = c->preds[i];
        if (p->kind == TEST_TOKENS && p->literal.n_tokens > 1)
            words[p->path ? p->path->id : c->n_paths] += p->literal.n_tokens;
    }
    for (size_t i = 0; i <= c->n_paths; i++) {
        if (words[i] <= MAX_PHRASE_WORDS)
            continue;
        refuse(c, i < c->n_paths ? c->paths[i] : NULL, words[i]);
        good = false;
    }
    return good;
}
