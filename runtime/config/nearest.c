/*
 * nearest.c - see nearest.h.
 */
#include "nearest.h"

#include <stdint.h>
#include <string.h>

enum { MAX_WORD = 40 };

/* Letters put in, left out or changed between two words of at most MAX_WORD bytes. */
static size_t distance(const char *a, const char *b)
{
    size_t row[MAX_WORD + 1], n_a = strlen(a), n_b = strlen(b);
    for (size_t j = 0; j <= n_b; j++)
        row[j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            best = diagonal + 1 < best ? diagonal + 1 : best;
            row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
        }
    }
    return row[n_b];
}

const char *trail_nearest(const char *word, const char *const *candidates)
{
    const char *best = NULL;
    size_t n = strlen(word), least = (n + 2) / 3 + 1;
    for (; n && n <= MAX_WORD && *candidates; candidates++) {
        size_t far = strlen(*candidates) <= MAX_WORD ? distance(word, *candidates) : SIZE_MAX;
        if (far < least) {
            least = far;
            best = *candidates;
        }
    }
    return best;
}
