/*
 * emit_ranges.c - ranges of strings, numbers and addresses. A value is read as a number, or as an address, once for all
 * tests of it:
 *
 *     struct trail_number number;
 *     if (trail_number_read(p, n, &number)) {
 *         static const struct trail_number_range range_7 = {
 *             ...
 *         };
 *         if (trail_number_within(&number, &range_7)) {
 *
 * Needs: predicates of one place. Ranges look at the whole value, or at its JSON text; sets of them are emit_sets()'s.
 */
#include "emit.h"

/* ---- constants -------------------------------------------------------------------------------------- */

static const char *bound_name(const struct bound *b)
{
    return b->open ? "TRAIL_OPEN" : b->inclusive ? "TRAIL_INCLUSIVE" : "TRAIL_EXCLUSIVE";
}

static void emit_slice(struct buffer *b, struct slice s)
{
    buffer_char(b, '{');
    emit_string(b, s);
    buffer_printf(b, ", %zu}", s.n);
}

static void emit_decimal(struct buffer *b, const struct decimal *d)
{
    buffer_printf(b, "{.negative = %s, .exponent = %jd, .digits = ", d->negative ? "true" : "false",
                  d->digits.n ? (intmax_t)(d->exponent + (int64_t)d->digits.n) : (intmax_t)0);
    emit_slice(b, d->digits);
    buffer_char(b, '}');
}

void emit_address(struct buffer *b, const uint8_t ip[16])
{
    buffer_char(b, '{');
    for (size_t i = 0; i < 16; i++)
        buffer_printf(b, "%s%u", i ? ", " : "", ip[i]);
    buffer_char(b, '}');
}

void emit_number_range(struct buffer *b, const struct pred *p)
{
    buffer_printf(b, "{.low_bound = %s, .high_bound = %s, .low = ", bound_name(&p->low),
                  bound_name(&p->high));
    emit_decimal(b, &p->low_number);
    buffer_text(b, ", .high = ");
    emit_decimal(b, &p->high_number);
    buffer_char(b, '}');
}

/* ---- tests ------------------------------------------------------------------------------------------ */

/* How ranges of a kind are asked. */
struct asking {
    enum test_kind kind;
    const char *type;            /* struct trail_TYPE_range */
    const char *variable, *read; /* the value as it is read, and what reads it; NULL: its text is compared */
    const char *holds;           /* the test, up to the range */
};

static const struct asking kinds[] = {
    {TEST_STRING_RANGE, "string", NULL, NULL, "trail_string_in(p, n"},
    {TEST_NUMBER_RANGE, "number", "struct trail_number number", "trail_number_read(p, n, &number)",
     "trail_number_within(&number"},
    {TEST_IP_RANGE, "ip", "uint8_t address[16]", "trail_ip_read(p, n, address)", "trail_ip_within(address"},
};

static void emit_bound(struct buffer *b, const struct pred *p, bool high)
{
    if (p->kind == TEST_IP_RANGE)
        emit_address(b, high ? p->high_ip : p->low_ip);
    else if (p->kind == TEST_NUMBER_RANGE)
        emit_decimal(b, high ? &p->high_number : &p->low_number);
    else
        emit_slice(b, high ? p->high.value : p->low.value);
}

static void emit_range(const struct compile *c, struct buffer *b, const struct asking *kind,
                       const struct pred *p)
{
    unsigned indent = kind->read ? 2 : 1;
    int margin = (int)indent * 4;
    buffer_printf(b, "%*sstatic const struct trail_%s_range range_%u = {\n", margin, "", kind->type, p->id);
    if (p->kind != TEST_IP_RANGE)
        buffer_printf(b, "%*s    .low_bound = %s,\n%*s    .high_bound = %s,\n", margin, "",
                      bound_name(&p->low), margin, "", bound_name(&p->high));
    buffer_printf(b, "%*s    .low = ", margin, "");
    emit_bound(b, p, false);
    buffer_printf(b, ",\n%*s    .high = ", margin, "");
    emit_bound(b, p, true);
    buffer_printf(b, ",\n%*s};\n%*sif (%s, &range_%u)) {\n", margin, "", margin, "", kind->holds, p->id);
    emit_hold(c, b, indent + 1, p);
    buffer_printf(b, "%*s}\n", margin, "");
}

bool emit_is_range(const struct pred *p)
{
    return p->kind == TEST_STRING_RANGE || p->kind == TEST_NUMBER_RANGE || p->kind == TEST_IP_RANGE;
}

static void emit_kind(struct compile *c, struct buffer *b, const struct asking *kind, size_t n,
                      struct pred *const *preds)
{
    struct pred **sets = NULL;
    size_t n_sets = 0;
    if (kind->read)
        buffer_printf(b, "    %s;\n    if (%s) {\n", kind->variable, kind->read);
    for (size_t i = 0; i < n; i++)
        if (emit_in_set(preds[i]))
            *PUSH(c, sets, n_sets) = preds[i];
    emit_sets(c, b, n_sets, sets);
    for (size_t i = 0; i < n; i++)
        if (!emit_in_set(preds[i]))
            emit_range(c, b, kind, preds[i]);
    if (kind->read)
        buffer_text(b, "    }\n");
}

void emit_range_tests(struct compile *c, struct buffer *b, size_t n, struct pred *const *preds, bool json)
{
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        struct pred **list = NULL;
        size_t n_list = 0;
        for (size_t i = 0; i < n; i++)
            if (preds[i]->kind == kinds[k].kind && (preds[i]->view == VIEW_JSON) == json)
                *PUSH(c, list, n_list) = preds[i];
        if (n_list)
            emit_kind(c, b, &kinds[k], n_list, list);
    }
}
