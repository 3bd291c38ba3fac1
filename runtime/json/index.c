/*
 * index.c - which kernel.
 */
#include <string.h>

#include "kernels.h"

const struct trail_kernel *const trail_kernels[] = {
#if defined(__x86_64__)
    &trail_kernel_avx512, &trail_kernel_avx2,
    &trail_kernel_sse,
#elif defined(__aarch64__)
    &trail_kernel_neon,
#endif
    &trail_kernel_plain,  NULL,
};

const struct trail_kernel *trail_kernel_find(const char *name)
{
    for (const struct trail_kernel *const *k = trail_kernels; *k; k++)
        if ((!name || strcmp((*k)->name, name) == 0) && (*k)->works())
            return *k;
    return NULL;
}
