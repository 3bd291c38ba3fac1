/*
 * memory.h - what the programs share that are timed over bytes in memory: a file, loaded, and the time told.
 *
 * For C and C++. A message and an end with code 1 when something fails.
 */
#ifndef PEERS_MEMORY_H
#define PEERS_MEMORY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PEER_PADDING = 64, PEER_TIME = 3 };

/* The file's bytes, with PEER_PADDING zero bytes behind them. The pages are there already: reading wrote them. */
static inline char *peer_load(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    long end = f && fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    char *p = end >= 0 ? (char *)calloc((size_t)end + PEER_PADDING, 1) : NULL;
    if (!p || fseek(f, 0, SEEK_SET) != 0 || fread(p, 1, (size_t)end, f) != (size_t)end) {
        perror(path);
        exit(1);
    }
    fclose(f);
    *n = (size_t)end;
    return p;
}

/* The clock that measure.c is asked for. */
static inline double peer_now(void)
{
    const char *clock = getenv("MEASURE_CLOCK");
    struct timespec t;
    clock_gettime(clock && strcmp(clock, "cpu") == 0 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Tells measure.c the seconds, where it listens; otherwise they are for nobody. */
static inline void peer_tell(double seconds)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%.6f\n", seconds);
    if (write(PEER_TIME, text, (size_t)n) != n)
        return;
}

#endif
