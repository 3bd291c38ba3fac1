/*
 * kernels.h - the implementations of trail/index.h. Each is a file, compiled for its own processor (the
 * Makefile has the options); index.c chooses among those that the compiler could make.
 */
#ifndef TRAIL_KERNELS_H
#define TRAIL_KERNELS_H

#include "trail/index.h"

extern const struct trail_kernel trail_kernel_avx512, trail_kernel_avx2, trail_kernel_sse, trail_kernel_neon,
    trail_kernel_plain;

#endif
