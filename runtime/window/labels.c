/*
 * labels.c - see labels.h. The wildcard matcher remembers the last `*` alone: going back further can never
 * help.
 */
#include "labels.h"

/* The bytes of the UTF-8 sequence at p; a byte that starts no whole one counts alone. */
static size_t sequence(const char *p, const char *end)
{
    unsigned char lead = (unsigned char)*p;
    size_t n = lead < 0xc2 || lead > 0xf4 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if ((size_t)(end - p) < n)
        return 1;
    for (size_t i = 1; i < n; i++)
        if (((unsigned char)p[i] & 0xc0) != 0x80)
            return 1;
    return n;
}

bool trail_glob(struct trail_slice pattern, struct trail_slice text)
{
    const char *p = pattern.p, *pe = p + pattern.n, *t = text.p, *te = t + text.n;
    const char *star = NULL, *from = NULL; /* behind the last `*`, and where it stops taking text */
    while (t < te) {
        if (p < pe && *p == '*') {
            star = ++p;
            from = t;
        } else if (p < pe && *p == '?') {
            p++;
            t += sequence(t, te);
        } else if (p < pe && *p == *t) {
            p++;
            t++;
        } else if (star) {
            p = star;
            from += sequence(from, te);
            t = from;
        } else {
            return false;
        }
    }
    while (p < pe && *p == '*')
        p++;
    return p == pe;
}

bool trail_labels_accept(const struct trail_labels *labels, struct trail_slice label)
{
    if (!label.p)
        label = (struct trail_slice){"", 0};
    bool including = false, included = false;
    for (size_t i = 0; i < labels->n; i++) {
        const struct trail_label *l = &labels->patterns[i];
        if (!l->exclude)
            including = true;
        if ((l->exclude || !included) && trail_glob(l->pattern, label)) {
            if (l->exclude)
                return false;
            included = true;
        }
    }
    return included || !including;
}

bool trail_alert_accepts(const struct trail_alert *alert, struct trail_slice application,
                         struct trail_slice subsystem)
{
    return trail_labels_accept(&alert->applications, application) &&
           trail_labels_accept(&alert->subsystems, subsystem);
}

bool trail_labels_declare(const struct trail_labels *labels, size_t i)
{
    const struct trail_label *l = &labels->patterns[i];
    if (l->exclude)
        return false;
    for (size_t k = 0; k < l->pattern.n; k++)
        if (l->pattern.p[k] == '*' || l->pattern.p[k] == '?')
            return false;
    return trail_labels_accept(labels, l->pattern);
}
