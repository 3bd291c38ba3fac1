/*
 * drive.c - a fuzz target without a fuzzer: the files that are named, and random changes of them. For machines
 * that have no libFuzzer.
 *
 *     drive SEED CHANGES FILE...
 *
 * Prints how many inputs it ran; a target that finds a fault aborts.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { MAX_INPUT = 1 << 16 };

static uint64_t state;

static size_t below(size_t n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(state >> 33) % n;
}

int main(int argc, char **argv)
{
    static const uint8_t bytes[] = "\"\\{}[],:. \n\t0-1eEtfnu\x01\x1f\x80\xff";
    static uint8_t good[MAX_INPUT], changed[MAX_INPUT];
    size_t inputs = 0;
    if (argc < 4)
        return 2;
    state = strtoull(argv[1], NULL, 10);
    for (int i = 3; i < argc; i++) {
        FILE *f = fopen(argv[i], "rb");
        if (!f)
            return 2;
        size_t n = fread(good, 1, sizeof good, f);
        fclose(f);
        LLVMFuzzerTestOneInput(good, n);
        inputs++;
        for (unsigned long k = strtoul(argv[2], NULL, 10); k > 0 && n > 0; k--, inputs++) {
            memcpy(changed, good, n);
            for (size_t changes = 1 + below(3); changes > 0; changes--)
                changed[below(n)] = bytes[below(sizeof bytes - 1)];
            LLVMFuzzerTestOneInput(changed, n - (below(4) == 0 ? below(n) : 0));
        }
    }
    printf("%zu inputs\n", inputs);
    return 0;
}
