/*
 * number.c - decimals by value, exact: nothing is rounded, whatever the number of digits.
 */
#include <string.h>

#include "quantity.h"

enum { MAX_EXPONENT = 1000000000 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits_from(struct slice s, size_t at)
{
    while (at < s.n && is_digit(s.p[at]))
        at++;
    return at;
}

/* e+10; false when nothing of the kind stands at `at`. Beyond every bound it stops growing. */
static bool read_exponent(struct slice s, size_t at, int64_t *exponent)
{
    bool negative = at < s.n && s.p[at] == '-';
    if (at < s.n && (s.p[at] == '-' || s.p[at] == '+'))
        at++;
    size_t end = digits_from(s, at);
    if (end == at || end != s.n)
        return false;
    int64_t e = 0;
    for (; at < end; at++)
        if (e <= MAX_EXPONENT)
            e = e * 10 + (s.p[at] - '0');
    *exponent = negative ? -e : e;
    return true;
}

/* Digits with a point among them, of which `fraction` are behind it, become the decimal's. */
static void set_digits(struct compile *c, struct slice s, size_t fraction, struct decimal *out)
{
    struct buffer digits = {.c = c};
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '.' && (digits.n > 0 || s.p[i] != '0'))
            buffer_char(&digits, s.p[i]);
    size_t n = digits.n;
    while (n > 0 && digits.p[n - 1] == '0')
        n--;
    out->exponent += (int64_t)(digits.n - n) - (int64_t)fraction;
    out->digits = (struct slice){n ? digits.p : "", n};
    if (n == 0)
        *out = (struct decimal){.digits = out->digits};
}

enum decimal_status decimal_parse(struct compile *c, struct slice s, struct decimal *out)
{
    *out = (struct decimal){.negative = s.n > 0 && s.p[0] == '-'};
    size_t start = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+');
    size_t at = digits_from(s, start), fraction = 0;
    if (at == start)
        return DECIMAL_NO_NUMBER;
    if (at < s.n && s.p[at] == '.') {
        size_t end = digits_from(s, at + 1);
        fraction = end - at - 1;
        if (fraction == 0)
            return DECIMAL_NO_NUMBER;
        at = end;
    }
    struct slice mantissa = {s.p + start, at - start};
    if (at < s.n && ((s.p[at] != 'e' && s.p[at] != 'E') || !read_exponent(s, at + 1, &out->exponent)))
        return DECIMAL_NO_NUMBER;
    bool large = out->exponent > MAX_EXPONENT || out->exponent < -MAX_EXPONENT;
    set_digits(c, mantissa, fraction, out);
    return large && out->digits.n > 0 ? DECIMAL_TOO_LARGE : DECIMAL_FINE;
}

static int sign_of(const struct decimal *d)
{
    return d->digits.n == 0 ? 0 : d->negative ? -1 : 1;
}

int decimal_cmp(const struct decimal *a, const struct decimal *b)
{
    int sign = sign_of(a);
    if (sign != sign_of(b))
        return sign < sign_of(b) ? -1 : 1;
    if (sign == 0)
        return 0;
    int64_t a_size = a->exponent + (int64_t)a->digits.n, b_size = b->exponent + (int64_t)b->digits.n;
    if (a_size != b_size)
        return a_size < b_size ? -sign : sign;
    int order = slice_cmp(a->digits, b->digits);
    return order < 0 ? -sign : order > 0 ? sign : 0;
}

bool number_is_json(struct slice s)
{
    size_t at = s.n > 0 && s.p[0] == '-', end = digits_from(s, at);
    if (end == at || (s.p[at] == '0' && end - at > 1))
        return false;
    at = end;
    if (at < s.n && s.p[at] == '.') {
        end = digits_from(s, at + 1);
        if (end == at + 1)
            return false;
        at = end;
    }
    int64_t exponent;
    return at == s.n || ((s.p[at] == 'e' || s.p[at] == 'E') && read_exponent(s, at + 1, &exponent));
}
