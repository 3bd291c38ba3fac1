/*
 * siphash_avx2.c - four lanes a register.
 */
#if defined(__AVX2__)
#define WIDTH 4
#include "siphash_body.h"

static bool works(void)
{
    return __builtin_cpu_supports("avx2");
}

const struct siphash_kernel siphash_kernel_avx2 = {"avx2", works, run, finish};
#else
typedef int no_avx2; /* a file must declare something */
#endif
