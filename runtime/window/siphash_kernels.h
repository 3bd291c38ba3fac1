/*
 * siphash_kernels.h - the implementations of siphash_lanes.h. Each is a file, compiled for its own processor
 * (kernels.mk has the options).
 */
#ifndef TRAIL_SIPHASH_KERNELS_H
#define TRAIL_SIPHASH_KERNELS_H

#include "siphash_lanes.h"

extern const struct siphash_kernel siphash_kernel_avx512, siphash_kernel_avx2;

#endif
