/*
 * value.c - numbers and addresses by value.
 *
 * Numbers are compared as decimals, digit by digit: a log's 20-digit identifier is not rounded to
 * a double's 53 bits, and 1e400 is not infinite.
 */
#include "trail/value.h"

#include <arpa/inet.h>
#include <string.h>

/* ---- decimals ---------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* An exponent beyond any that a record could hold is as good as the largest; ten times it still fits. */
static const int64_t EXPONENT_MAX = INT64_C(1) << 59;

static const char *exponent_of(const char *p, const char *end, int64_t *exponent)
{
    bool negative = false;
    if (p < end && (*p == '+' || *p == '-'))
        negative = *p++ == '-';
    const char *digits = p;
    int64_t e = 0;
    for (; p < end && is_digit(*p); p++)
        if (e < EXPONENT_MAX)
            e = e * 10 + (*p - '0');
    if (e > EXPONENT_MAX)
        e = EXPONENT_MAX;
    *exponent = negative ? -e : e;
    return p > digits ? p : NULL;
}

bool trail_number_read(const char *p, size_t n, struct trail_number *out)
{
    const char *end = p + n, *point = NULL, *first = NULL, *last = NULL, *whole;
    out->negative = false;
    if (p < end && (*p == '+' || *p == '-'))
        out->negative = *p++ == '-';
    whole = p;
    for (; p < end && (is_digit(*p) || (*p == '.' && !point)); p++) {
        if (*p == '.') {
            point = p;
        } else if (*p != '0') {
            first = first ? first : p;
            last = p;
        }
    }
    const char *stop = point ? point : p;
    if (stop == whole || (point && p == point + 1))
        return false;
    int64_t exponent = 0;
    if (p < end && (*p == 'e' || *p == 'E')) {
        p = exponent_of(p + 1, end, &exponent);
        if (!p)
            return false;
    }
    if (p != end)
        return false;
    out->p = first;
    out->end = first ? last + 1 : NULL;
    /* 12.5 has its point two digits behind its first digit, 0.05 one digit before it. */
    out->exponent = !first ? 0 : exponent + (first < stop ? stop - first : stop + 1 - first);
    return true;
}

/* -1, 0 or 1: digits as fractions, 0.p against 0.q. */
static int compare_digits(const char *p, const char *p_end, struct trail_slice q)
{
    size_t i = 0;
    for (; p < p_end; p++) {
        if (*p == '.')
            continue;
        if (i == q.n)
            return 1;
        if (*p != q.p[i])
            return *p < q.p[i] ? -1 : 1;
        i++;
    }
    return i < q.n ? -1 : 0;
}

static int compare(const struct trail_number *a, const struct trail_decimal *b)
{
    bool a_zero = a->p == a->end, b_zero = b->digits.n == 0;
    int a_sign = a_zero ? 0 : a->negative ? -1 : 1;
    int b_sign = b_zero ? 0 : b->negative ? -1 : 1;
    if (a_sign != b_sign)
        return a_sign < b_sign ? -1 : 1;
    if (a_sign == 0)
        return 0;
    int size = a->exponent != b->exponent ? (a->exponent < b->exponent ? -1 : 1)
                                          : compare_digits(a->p, a->end, b->digits);
    return a_sign * size;
}

static bool above(enum trail_bound bound, int order)
{
    return bound == TRAIL_OPEN || order > 0 || (bound == TRAIL_INCLUSIVE && order == 0);
}

bool trail_number_within(const struct trail_number *number, const struct trail_number_range *range)
{
    return (range->low_bound == TRAIL_OPEN || above(range->low_bound, compare(number, &range->low))) &&
           (range->high_bound == TRAIL_OPEN || above(range->high_bound, -compare(number, &range->high)));
}

bool trail_number_in(const char *p, size_t n, const struct trail_number_range *range)
{
    struct trail_number number;
    return trail_number_read(p, n, &number) && trail_number_within(&number, range);
}

/* ---- strings ----------------------------------------------------------------------------------- */

static int compare_bytes(const char *p, size_t n, struct trail_slice other)
{
    size_t common = n < other.n ? n : other.n;
    int order = common ? memcmp(p, other.p, common) : 0;
    return order ? order : (n > other.n) - (n < other.n);
}

bool trail_string_in(const char *p, size_t n, const struct trail_string_range *range)
{
    return (range->low_bound == TRAIL_OPEN || above(range->low_bound, compare_bytes(p, n, range->low))) &&
           (range->high_bound == TRAIL_OPEN || above(range->high_bound, -compare_bytes(p, n, range->high)));
}

/* ---- addresses --------------------------------------------------------------------------------- */

bool trail_ip_read(const char *p, size_t n, uint8_t address[16])
{
    char text[INET6_ADDRSTRLEN];
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (n >= sizeof text || memchr(p, '\0', n))
        return false;
    memcpy(text, p, n);
    text[n] = '\0';
    memcpy(address, mapped, sizeof mapped);
    return inet_pton(AF_INET, text, address + 12) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

bool trail_ip_within(const uint8_t address[16], const struct trail_ip_range *range)
{
    return memcmp(address, range->low, 16) >= 0 && memcmp(address, range->high, 16) <= 0;
}

bool trail_ip_in(const char *p, size_t n, const struct trail_ip_range *range)
{
    uint8_t address[16];
    return trail_ip_read(p, n, address) && trail_ip_within(address, range);
}

/* ---- large sets -------------------------------------------------------------------------------- */

bool trail_is_among(const char *p, size_t n, const char *texts, size_t rows)
{
    size_t low = 0, high = rows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(p, texts + middle * (n + 1), n);
        if (order == 0)
            return true;
        if (order > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool trail_ip_is_among(const uint8_t address[16], const struct trail_ip_range *list, size_t ranges)
{
    size_t low = 0, high = ranges; /* those before low begin at the address or below it */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(list[middle].low, address, 16) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && memcmp(address, list[low - 1].high, 16) <= 0;
}

bool trail_number_is_among(const struct trail_number *number, const struct trail_number_range *list,
                           size_t ranges)
{
    for (size_t i = 0; i < ranges; i++)
        if (trail_number_within(number, &list[i]))
            return true;
    return false;
}
