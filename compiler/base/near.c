/*
 * near.c - the word that a misspelt one was meant to be.
 *
 * Distance is the number of letters put in, left out, changed or swapped with their neighbour (Damerau's,
 * with the restriction that no letter is edited twice), whatever their case. A word is near when at most a
 * third of it differs; of one or two letters, when none does.
 */
#include "base/near.h"
#include "trailc.h"

enum { MAX_WORD = 80 }; /* bytes; longer words are near to nothing */

static unsigned char small(char ch)
{
    return (unsigned char)(ch >= 'A' && ch <= 'Z' ? ch + 32 : ch);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t word_distance(struct slice a, struct slice b)
{
    size_t rows[3][MAX_WORD + 1];
    if (a.n > MAX_WORD || b.n > MAX_WORD)
        return SIZE_MAX;
    for (size_t j = 0; j <= b.n; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t *now = rows[i % 3], *above = rows[(i - 1) % 3], *two_above = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            unsigned char x = small(a.p[i - 1]), y = small(b.p[j - 1]);
            now[j] = least(above[j - 1] + (x != y), least(above[j], now[j - 1]) + 1);
            bool swapped = i > 1 && j > 1 && x == small(b.p[j - 2]) && y == small(a.p[i - 2]);
            if (swapped)
                now[j] = least(now[j], two_above[j - 2] + 1);
        }
    }
    return rows[a.n % 3][b.n];
}

void nearest_try(struct nearest *n, struct slice candidate)
{
    size_t distance = word_distance(n->word, candidate);
    size_t longer = n->word.n > candidate.n ? n->word.n : candidate.n;
    if (distance > (longer < 3 ? 0 : (longer + 2) / 3))
        return;
    if (n->best.n && distance >= n->distance)
        return;
    n->best = candidate;
    n->distance = distance;
}
