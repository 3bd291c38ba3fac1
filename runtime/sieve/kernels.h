/*
 * kernels.h - what the sieve's kernels share. Each is a file, compiled for its own processor (kernels.mk);
 * sieve.c chooses among those that the compiler could make. All give the same results.
 */
#ifndef TRAIL_SIEVE_KERNELS_H
#define TRAIL_SIEVE_KERNELS_H

#include "sieve.h"

enum {
    SIEVE_PRINT = 3,                 /* bytes of a needle that are looked for first: its print */
    SIEVE_HEADS = 256,               /* prints are looked up by a hash of so many values */
    SIEVE_OWN = TRAIL_PRINT_CLASSES, /* behind the pack's classes that of the sieve's own, */
    SIEVE_JOINT = SIEVE_OWN + 1,     /* and two of braces behind which more may begin than a line's end */
    SIEVE_TALLY = 64,                /* blocks of which a tally holds the brackets */
    SIEVE_FORMS = 6,                 /* keys that make of an object something else than a record */
};

enum sieve_kind {
    SIEVE_OF_PACK,
    SIEVE_BEGINNING, /* how records begin: where it stands in one, quotes may be others than they seem */
    SIEVE_FORM,      /* a key of the root, with an object or an array behind it */
};

/* A needle that has been chosen. Its first and last eight bytes are compared at once: (bytes | fold) & mask
 * == text. */
struct sieve_needle {
    uint64_t head, head_fold, head_mask;
    uint64_t tail, tail_fold; /* of needles longer than eight */
    const struct trail_needle *needle;
    uint32_t n, at;
    uint16_t next; /* 1 + index of the next one of the same hash; 0: none */
    uint8_t kind;  /* enum sieve_kind */
};

/* Where prints may stand: a byte's classes are bits, and a print stands where the three bytes have one in
 * common. */
struct sieve_classes {
    uint8_t of[SIEVE_PRINT][128];
    uint8_t few[SIEVE_PRINT][64];  /* the same by the six lower bits of a byte, */
    uint8_t low[SIEVE_PRINT][16];  /* or by its halves, */
    uint8_t high[SIEVE_PRINT][16]; /* and seldom a little more */
};

struct trail_sieve {
    struct sieve_classes classes;
    bool letters[128];            /* those in the pack's texts */
    uint16_t heads[SIEVE_HEADS];  /* 1 + index of the first needle with that hash; 0: none */
    struct sieve_needle *needles; /* the pack's, then the sieve's own */
    size_t n, n_own;
    bool in_array;                 /* records are elements of one, not lines */
    char start[TRAIL_SIEVE_START]; /* how they begin */
    struct trail_needle beginning; /* its text is `start` */
    const struct trail_pack *pack;
    struct trail_match *match;
    uint64_t *chosen;   /* alerts that are wanted */
    uint64_t *known;    /* those that every record meets and whoever asks knows of */
    uint64_t *beyond;   /* those of which the needles say nothing in a record that is not all ASCII */
    uint64_t *possible; /* of the last record that some alert may want */
    const struct sieve_kernel *kernel;
};

typedef enum trail_sieved sieve_fn(const struct trail_sieve *, const char *p, size_t n,
                                   struct trail_sifted *);

struct sieve_kernel {
    const char *name;
    bool (*works)(void);
    sieve_fn *sieve;
};

extern const struct sieve_kernel sieve_kernel_avx512, sieve_kernel_avx2, sieve_kernel_sse, sieve_kernel_neon,
    sieve_kernel_plain;

/* What is special in a block, as bits of its bytes. */
struct marks {
    uint64_t odd;   /* no record that the sieve judges has it */
    uint64_t high;  /* a letter beyond ASCII */
    uint64_t hides; /* an escape that may stand for a letter of the pack's texts */
    unsigned due;   /* of the next block: see struct carry */
};

/* \/ and \uXXXX, at the bytes of `rare` from p on: of what letter, and is it in the pack's
 * texts? Of digits that
 * go on in the next block, where `due` says so, nothing is known. */
struct marks sieve_judge_escapes(const struct trail_sieve *, const char *p, uint64_t rare, unsigned due);

/*
 * What notes alerts as possible. Of most records none is noted, and these are spared whatever goes over all
 * alerts: v->possible is another record's until the first is. Then *noted is set.
 */

/* All that want the needle are possible. */
void sieve_note_all(const struct trail_sieve *v, const struct trail_needle *, bool *noted);

/* Those that the value at p, of a root's key, makes candidates are. */
void sieve_note_asked(const struct trail_sieve *v, const struct trail_needle *, const char *p,
                      const char *end, bool *noted);

/* Those of which the needles say nothing are: any, where an escape may hide one; else where the record is
 * not all ASCII, some. */
void sieve_note_unsure(const struct trail_sieve *v, bool hides, bool *noted);

/* Whether a value, or a blank before one, may begin with the byte. */
static inline bool sieve_begins_value(char c)
{
    return c == '{' || c == '[' || c == ' ' || c == '"' || c == '-' || (c >= '0' && c <= '9') || c == 't' ||
           c == 'f' || c == 'n';
}

/* The hash of three bytes, whatever their case; x has them in its lowest bits. */
static inline unsigned sieve_hash(uint32_t x)
{
    return ((x | 0x202020) & 0xFFFFFF) * UINT32_C(0x9E3779B1) >> 24;
}

#endif
