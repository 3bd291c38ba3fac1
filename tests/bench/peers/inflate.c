/*
 * inflate.c - opens gzip files, reads and inflates them with ISA-L, and does nothing with what comes out: what is
 * left of a scanner's time when reading is all it does.
 *
 *     inflate PATH...        files, or directories, walked in the order of names, without digests, as a scanner does
 *
 * Prints the bytes that came out. Reads into buffers of the runtime's size that stay in the processor's cache.
 */
#include <fcntl.h>
#include <fts.h>
#include <isa-l/igzip_lib.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { IN_BYTES = 256 << 10, OUT_BYTES = 256 << 10 };

static uint8_t in[IN_BYTES], out[OUT_BYTES];

/* Bytes of the file, inflated; -1: it cannot be read, or is no gzip to its end. */
static long long inflate_file(const char *path)
{
    static struct inflate_state state;
    long long total = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool fine = fd >= 0;
    isal_inflate_init(&state);
    state.crc_flag = ISAL_GZIP;
    state.avail_in = 0;
    while (fine) {
        if (state.avail_in == 0) {
            ssize_t n = read(fd, in, sizeof in);
            if (n <= 0)
                break;
            state.next_in = in;
            state.avail_in = (uint32_t)n;
        }
        if (state.block_state == ISAL_BLOCK_FINISH) { /* another member */
            isal_inflate_reset(&state);
            state.crc_flag = ISAL_GZIP;
        }
        do {
            state.next_out = out;
            state.avail_out = sizeof out;
            fine = isal_inflate(&state) == ISAL_DECOMP_OK;
            total += (long long)(sizeof out - state.avail_out);
        } while (fine && state.avail_out == 0 && state.block_state != ISAL_BLOCK_FINISH);
    }
    fine &= state.block_state == ISAL_BLOCK_FINISH;
    if (fd >= 0)
        close(fd);
    return fine ? total : -1;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: inflate PATH...\n", stderr);
        return 2;
    }
    long long total = 0;
    FTS *tree = fts_open(argv + 1, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    for (FTSENT *entry; tree && (entry = fts_read(tree));) {
        if (entry->fts_info == FTS_D && strcmp(entry->fts_name, "CloudTrail-Digest") == 0)
            fts_set(tree, entry, FTS_SKIP);
        if (entry->fts_info != FTS_F)
            continue;
        long long n = inflate_file(entry->fts_path);
        if (n < 0) {
            fprintf(stderr, "inflate: %s: not gzip, or cut\n", entry->fts_path);
            return 1;
        }
        total += n;
    }
    if (!tree || fts_close(tree) != 0)
        return 1;
    printf("%lld\n", total);
    return 0;
}
