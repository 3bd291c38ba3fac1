/*
 * compiled.c - the functions of a sample of regexes against verdicts: lines `NUMBER VERDICT TEXT` on standard
 * input, the text in hexadecimal. regexes.sh links it with what regexes.c wrote.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"

static bool (*const regexes[])(const char *, size_t) = {REGEXES};

static int digit(int c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

int main(void)
{
    static char line[1 << 16];
    size_t pairs = 0, differ = 0;
    while (fgets(line, sizeof line, stdin)) {
        size_t number;
        int want, at = 0;
        if (sscanf(line, "%zu %d %n", &number, &want, &at) != 2 || number >= sizeof regexes / sizeof *regexes)
            abort();
        size_t n = strcspn(line + at, "\n") / 2;
        char *text = malloc(n + 1); /* exactly so long that a sanitizer sees what is read behind it */
        for (size_t i = 0; text && i < n; i++)
            text[i] = (char)(digit(line[at + 2 * (int)i]) * 16 + digit(line[at + 2 * (int)i + 1]));
        if (regexes[number](text, n) != (want == 1) && differ++ < 5)
            printf("not ok - regex_%zu: not %d for text %s", number, want, line + at);
        free(text);
        pairs++;
    }
    printf("%s - %zu pairs of %zu regexes: the compiled code agrees, too\n",
           differ || !pairs ? "not ok" : "ok", pairs, sizeof regexes / sizeof *regexes);
    return differ || !pairs;
}
