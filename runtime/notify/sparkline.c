/*
 * sparkline.c - see sparkline.h.
 */
#include "sparkline.h"

#include <stdbool.h>
#include <string.h>

static void add(struct trail_text *to, const char *text)
{
    trail_text_add(to, text, strlen(text));
}

/* Eight heights of a bar; a blank where nothing is known. */
static void add_row(struct trail_text *to, const char *name, const double *values, size_t n, double most)
{
    add(to, name);
    for (size_t i = 0; i < n; i++) {
        char bar[] = "\xE2\x96\x81"; /* U+2581, the lowest */
        double height = values[i] / most * 7 + 0.5;
        bar[2] = (char)(0x81 + (height >= 7 ? 7 : height > 0 ? (int)height : 0));
        add(to, values[i] < 0 ? " " : bar);
    }
    add(to, "\n");
}

double trail_sparklines(struct trail_text *to, const double *actual, const double *expected, size_t n)
{
    double most = 0;
    bool known = false;
    for (size_t i = 0; i < n; i++) {
        most = actual[i] > most ? actual[i] : most;
        most = expected[i] > most ? expected[i] : most;
        known |= expected[i] >= 0;
    }
    if (most <= 0)
        return 0;
    add_row(to, "  actual   ", actual, n, most);
    if (known)
        add_row(to, "  expected ", expected, n, most);
    return most;
}
