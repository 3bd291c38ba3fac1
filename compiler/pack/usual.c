/*
 * usual.c - `more than usual in D [by P%] [at least N]` and `less than usual …`: its numbers, and what a text that is
 * none was meant to be.
 *
 * Guarantees: a window for which a baseline can be learnt (runtime/baseline), and a condition that can hold; or E007
 * was said, at the words that are to blame.
 */
#include <string.h>

#include "base/near.h"
#include "condition.h"

#define SHORTEST INT64_C(60000)     /* 1m: a window is counted in sixtieths */
#define LONGEST  INT64_C(604800000) /* 7d: the longest season is a week */

enum { MAX_PERCENT = 100000, SCALE = 1000 };

/* ---- judging ---------------------------------------------------------------------------------- */

/* Thousandths of the percent that `12.5%` says; UINT64_MAX: too many, or finer than that. */
static uint64_t margin_of(struct slice s)
{
    uint64_t n = 0, scale = SCALE;
    bool fraction = false;
    for (size_t i = 0; i + 1 < s.n; i++) { /* the last byte is the % */
        uint64_t digit = (uint64_t)(s.p[i] - '0');
        if (s.p[i] == '.') {
            fraction = true;
        } else if (!fraction) {
            n = n * 10 + digit * SCALE;
            if (n > (uint64_t)MAX_PERCENT * SCALE)
                return UINT64_MAX;
        } else {
            scale /= 10;
            if (scale == 0 && digit > 0)
                return UINT64_MAX;
            n += digit * scale;
        }
    }
    return n <= (uint64_t)MAX_PERCENT * SCALE ? n : UINT64_MAX;
}

static bool good_margin(struct compile *c, const struct text *text, const struct condition *condition,
                        struct when *out)
{
    uint64_t margin =
        condition->margin.kind == WORD_END ? 0 : margin_of(slice_of_word(text->s, condition->margin));
    struct diag *d = NULL;
    out->margin = (uint32_t)margin;
    if (margin > (uint64_t)MAX_PERCENT * SCALE) {
        d = condition_say(c, text, condition->margin, "is no margin");
        d->note = SLICE("a margin is up to 100000%, with at most three decimals");
    } else if (condition->kind == WHEN_LESS_THAN_USUAL && margin >= 100 * SCALE) {
        d = condition_say(c, text, condition->margin, "can never hold: no count is less than nothing");
        d->note = SLICE("for less than half of what is expected, write `by 50%`");
    }
    return !d;
}

static bool good_window(struct compile *c, const struct text *text, struct word word, int64_t span)
{
    struct diag *d = NULL;
    if (span < SHORTEST) {
        d = condition_say(c, text, word, "is too short to tell what is usual in it: at least 1m");
        d->rewrite = SLICE("1m");
    } else if (span > LONGEST) {
        d = condition_say(c, text, word,
                          "is too long: what is usual is learnt for each hour of the week, so at most 7d");
        d->rewrite = SLICE("7d");
    }
    if (d)
        diag_fix(d, text, word.from, word.to, d->rewrite, false);
    return !d;
}

bool usual_judge(struct compile *c, const struct text *text, const struct condition *condition,
                 struct when *out)
{
    bool margin = good_margin(c, text, condition, out);
    return good_window(c, text, condition->span, out->span) && margin;
}

/* ---- what was meant --------------------------------------------------------------------------- */

struct guess {
    enum { NEITHER, MORE, LESS } side;
    bool usual,
        alerts; /* asks for what is usual; is about several alerts, of which one may have such a name */
    struct slice duration, percent, floor; /* n 0: not there */
    bool floor_next, percent_next;         /* the next number is that */
};

static bool is_one_of(struct slice word, const char *const *list)
{
    for (; *list; list++)
        if (word_distance(word, slice_of(*list)) == 0)
            return true;
    return false;
}

static void guess_word(struct guess *g, struct slice word)
{
    static const char *const more[] = {"more", "greater", "larger", "higher", "above", "over", ">", NULL};
    static const char *const less[] = {"less", "fewer", "lower", "smaller", "below", "under", "<", NULL};
    static const char *const usual[] = {"usual",   "usually",   "normal",   "normally", "average", "expected",
                                        "typical", "typically", "baseline", "unusual",  NULL};
    static const char *const floor[] = {"least", "minimum", "min", ">=", NULL};
    g->usual |= is_one_of(word, usual);
    g->floor_next |= is_one_of(word, floor);
    g->percent_next |= word_distance(word, SLICE("by")) == 0;
    if (g->side == NEITHER)
        g->side = is_one_of(word, more) ? MORE : is_one_of(word, less) ? LESS : NEITHER;
}

static void guess_number(struct compile *c, struct guess *g, struct slice digits, bool percent)
{
    if (percent || (g->percent_next && !g->percent.n))
        g->percent = percent ? digits : diag_format(c, "%.*s%%", (int)digits.n, digits.p);
    else if (g->floor_next)
        g->floor = digits;
    g->percent_next = g->floor_next = false;
}

static struct guess guess_of(struct compile *c, struct slice s)
{
    struct guess g = {.usual = false};
    for (struct word word = word_at(s.p, s.n, 0), next; word.kind != WORD_END; word = next) {
        next = word_at(s.p, s.n, word.to);
        bool number = word.kind == WORD_NUMBER || word.kind == WORD_DECIMAL;
        struct slice text = slice_of_word(s, word), unit = slice_of_word(s, next), duration = {NULL, 0};
        if (word.kind == WORD_DURATION || (number && next.kind != WORD_END))
            duration = duration_of(c, text, word.kind == WORD_DURATION ? (struct slice){NULL, 0} : unit);
        if (duration.n && !g.duration.n)
            g.duration = duration;
        g.alerts |= word.kind == WORD_AND || word.kind == WORD_WITHOUT ||
                    (word.kind == WORD_THEN && g.side == NEITHER); /* not for `than` */
        if (duration.n && number)
            next = word_at(s.p, s.n, next.to);
        else if (word.kind == WORD_PERCENT || number)
            guess_number(c, &g, text, word.kind == WORD_PERCENT);
        else if (!duration.n)
            guess_word(&g, text);
    }
    return g;
}

bool usual_meant(struct compile *c, struct slice s, struct slice *rewrite)
{
    struct guess g = guess_of(c, s);
    struct buffer b = {.c = c};
    if (!g.usual || g.alerts)
        return false;
    if (g.side == NEITHER || s.n > 80)
        return true;
    buffer_text(&b, g.side == MORE ? "more than usual in " : "less than usual in ");
    buffer_add(&b, g.duration.n ? g.duration.p : "1h", g.duration.n ? g.duration.n : 2);
    if (g.percent.n)
        buffer_printf(&b, " by %.*s", (int)g.percent.n, g.percent.p);
    if (g.floor.n)
        buffer_printf(&b, " at least %.*s", (int)g.floor.n, g.floor.p);
    *rewrite = buffer_slice(&b);
    return true;
}
