/*
 * siphash_body.h - the rounds over WIDTH lanes at a time. Each kernel sets WIDTH, 1 to SIPHASH_LANES, to what
 * its registers hold, and includes this once.
 */
#include <string.h>

#include "siphash_kernels.h"

typedef uint64_t lanes __attribute__((vector_size(8 * WIDTH)));

#define INLINE static inline __attribute__((always_inline))

INLINE lanes load(const uint64_t *p)
{
    lanes x;
    memcpy(&x, p, sizeof x);
    return x;
}

#define ROTATED(x, bits) ((x) << (bits) | (x) >> (64 - (bits)))

INLINE void round_of(lanes v[4])
{
    v[0] += v[1], v[1] = ROTATED(v[1], 13), v[1] ^= v[0], v[0] = ROTATED(v[0], 32);
    v[2] += v[3], v[3] = ROTATED(v[3], 16), v[3] ^= v[2];
    v[0] += v[3], v[3] = ROTATED(v[3], 21), v[3] ^= v[0];
    v[2] += v[1], v[1] = ROTATED(v[1], 17), v[1] ^= v[2], v[2] = ROTATED(v[2], 32);
}

INLINE void compress(lanes v[4], lanes word)
{
    v[3] ^= word;
    round_of(v);
    round_of(v);
    v[0] ^= word;
}

/* As far as all lanes go, and then each as far as it does. */
INLINE void run_some(const struct siphash_lanes *l, size_t from, uint64_t state[4][SIPHASH_LANES])
{
    lanes v[4] = {load(&state[0][from]), load(&state[1][from]), load(&state[2][from]), load(&state[3][from])};
    uint64_t ends[WIDTH];
    size_t least = SIPHASH_WORDS, most = 0, i = 0;
    for (size_t k = 0; k < WIDTH; k++) {
        size_t words = l->words[from + k];
        ends[k] = words;
        least = words < least ? words : least;
        most = words > most ? words : most;
    }
    for (; i < least; i++)
        compress(v, load(&l->word[i][from]));
    lanes end = load(ends);
    for (; i < most; i++) {
        lanes on = (lanes)(end > i), next[4] = {v[0], v[1], v[2], v[3]};
        compress(next, load(&l->word[i][from]));
        for (size_t k = 0; k < 4; k++)
            v[k] = (next[k] & on) | (v[k] & ~on);
    }
    for (size_t k = 0; k < 4; k++)
        memcpy(&state[k][from], &v[k], sizeof v[k]);
}

static void run(const struct siphash_lanes *l, uint64_t state[4][SIPHASH_LANES])
{
    for (size_t from = 0; from < l->n; from += WIDTH)
        run_some(l, from, state);
}

static void finish(uint64_t state[4][SIPHASH_LANES])
{
    for (size_t from = 0; from < SIPHASH_LANES; from += WIDTH) {
        lanes v[4] = {load(&state[0][from]), load(&state[1][from]), load(&state[2][from]),
                      load(&state[3][from])};
        for (int i = 0; i < 4; i++)
            round_of(v);
        for (size_t k = 0; k < 4; k++)
            memcpy(&state[k][from], &v[k], sizeof v[k]);
    }
}
