/*
 * output.h - the files that emit makes.
 */
#ifndef EMIT_OUTPUT_H
#define EMIT_OUTPUT_H

#include "base/arena.h"

struct output_file {
    const char *name; /* `match.c` */
    struct buffer text;
};

/* Guarantees: compile.files, the same bytes for the same pack. */
void emit(struct compile *);

#endif
