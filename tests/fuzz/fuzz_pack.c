/*
 * fuzz_pack.c - any bytes as a rule file, through every pass of the compiler.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "emit/output.h"
#include "logic/redundant.h"
#include "trailc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static char path[32];
    static FILE *f;
    if (!f) {
        int fd = memfd_create("pack", 0);
        f = fd < 0 ? NULL : fdopen(fd, "wb");
        if (!f)
            abort();
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    rewind(f);
    if (ftruncate(fileno(f), 0) != 0 || fwrite(data, 1, n, f) != n || fflush(f) != 0)
        abort();

    struct arena *arena = arena_new();
    struct compile *c = arena_alloc(arena, sizeof *c);
    c->arena = arena;
    if (pack_load(c, path) && parse(c) && check(c) && recognise(c) && !diag_errors(c)) {
        lower(c);
        redundant(c);
        plan(c);
        emit(c);
    }
    arena_free(arena);
    return 0;
}
