/*
 * siphash_avx512.c - eight lanes a register, and a rotation is one instruction.
 */
#if defined(__AVX512F__)
#define WIDTH 8
#include "siphash_body.h"

static bool works(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw");
}

const struct siphash_kernel siphash_kernel_avx512 = {"avx512", works, run, finish};
#else
typedef int no_avx512; /* a file must declare something */
#endif
