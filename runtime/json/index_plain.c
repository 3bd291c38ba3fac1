/*
 * index_plain.c - the index in plain C, for any processor.
 */
#include "kernels.h"

#include "index_body.h"

TRAIL_INLINE void block_read(const char *p, struct block *b)
{
    *b = (struct block){0};
    for (unsigned i = 0; i < 64; i++) {
        uint64_t bit = (uint64_t)1 << i;
        switch (p[i]) {
        case '"': b->quote |= bit; break;
        case '\\': b->backslash |= bit; break;
        case '{': b->open_brace |= bit; break;
        case '}': b->close_brace |= bit; break;
        case '[': b->open_bracket |= bit; break;
        case ']': b->close_bracket |= bit; break;
        case ',': b->comma |= bit; break;
        case ':': b->colon |= bit; break;
        case ' ': b->blank |= bit; break;
        case '.': b->dot |= bit; break;
        default: b->control |= (unsigned char)p[i] < 0x20 ? bit : 0; break;
        }
    }
}

static enum trail_indexed index_plain(const char *p, size_t n, struct trail_index *x)
{
    return index_object(p, n, x);
}

static bool works(void)
{
    return true;
}

const struct trail_kernel trail_kernel_plain = {"plain", works, index_plain};
