/*
 * match.c - the work space of matching.
 */
#include "trail/match.h"

#include <stdlib.h>

struct trail_match *trail_match_new(const struct trail_pack *pack)
{
    struct trail_match *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->test_words = pack->n_tests / 64 + 1;
    m->alert_words = pack->n_alerts / 64 + 1;
    m->tests = calloc(m->test_words, sizeof *m->tests);
    m->candidates = calloc(m->alert_words, sizeof *m->candidates);
    m->hits = calloc(m->alert_words, sizeof *m->hits);
    m->key_space = malloc(TRAIL_MAX_RECORD + TRAIL_PADDING);
    m->value_space = malloc(TRAIL_MAX_RECORD + TRAIL_PADDING);
    if (!m->tests || !m->candidates || !m->hits || !m->key_space || !m->value_space) {
        trail_match_free(m);
        return NULL;
    }
    return m;
}

void trail_match_free(struct trail_match *m)
{
    if (!m)
        return;
    free(m->tests);
    free(m->candidates);
    free(m->hits);
    free(m->key_space);
    free(m->value_space);
    free(m);
}
