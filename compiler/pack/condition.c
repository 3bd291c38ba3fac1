/*
 * condition.c - `when:`: the conditions of an alert.
 *
 * Guarantees: a condition that the runtime can run, with numbers and durations in range and not one that
 * never or always holds; or E007 or E008 was said, at the words that are to blame.
 */
#include <string.h>

#include "base/near.h"
#include "condition.h"

enum {
    MAX_COUNT = 1000000,
    MAX_EDITS = 3, /* letters in which a text may differ from the form that is offered instead */
};

struct slice slice_of_word(struct slice s, struct word word)
{
    return (struct slice){s.p + word.from, word.to - word.from};
}

/* ---- what was meant --------------------------------------------------------------------------- */

/* What a rewrite may be, N and D standing for a number and a duration. */
static const char *const forms[] = {"immediately",      "more than N in D", "at least N in D",
                                    "less than N in D", "at most N in D",   NULL};

/* Words of other languages for ours. Without them `fewer` would be as near to `more` as to `less`. */
static const char *const synonyms[][2] = {
    {"fewer", "less"}, {"greater", "more"}, {"larger", "more"}, {"within", "in"},   {"per", "in"},
    {"every", "in"},   {"over", "in"},      {">", "more than"}, {"<", "less than"}, {">=", "at least"},
    {"<=", "at most"}, {"count", ""},       {"events", ""},     {"times", ""}};

/* `10 minutes`, `10min`, `10 m`: the unit that is meant; NULL: none. */
static const char *unit_meant(struct slice word)
{
    static const char *const spellings[][2] = {
        {"s", "s"},   {"sec", "s"},  {"secs", "s"},   {"second", "s"},  {"seconds", "s"}, {"m", "m"},
        {"min", "m"}, {"mins", "m"}, {"minute", "m"}, {"minutes", "m"}, {"h", "h"},       {"hr", "h"},
        {"hrs", "h"}, {"hour", "h"}, {"hours", "h"},  {"d", "d"},       {"day", "d"},     {"days", "d"},
        {"w", "w"},   {"week", "w"}, {"weeks", "w"}};
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        if (strlen(spellings[i][0]) == word.n && word_distance(word, slice_of(spellings[i][0])) == 0)
            return spellings[i][1];
    return NULL;
}

/* A text with its first number and its first duration taken out. */
struct sketch {
    struct buffer text; /* `more then n in d` */
    struct slice number, duration;
};

static struct slice synonym(struct slice word)
{
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        if (word_distance(word, slice_of(synonyms[i][0])) == 0)
            return slice_of(synonyms[i][1]);
    return word;
}

static void sketch_word(struct sketch *sketch, struct slice word)
{
    if (!word.n)
        return;
    if (sketch->text.n)
        buffer_char(&sketch->text, ' ');
    buffer_add(&sketch->text, word.p, word.n);
}

struct slice duration_of(struct compile *c, struct slice digits, struct slice unit)
{
    size_t n = 0;
    while (n < digits.n && digits.p[n] >= '0' && digits.p[n] <= '9')
        n++;
    if (duration_parse(digits) > 0)
        return digits;
    const char *name = unit_meant(n < digits.n ? (struct slice){digits.p + n, digits.n - n} : unit);
    struct slice meant = diag_format(c, "%.*s%s", (int)n, digits.p, name ? name : "");
    return duration_parse(meant) > 0 ? meant : (struct slice){NULL, 0};
}

struct slice duration_meant(struct compile *c, struct slice s)
{
    struct word first = word_at(s.p, s.n, 0), second = word_at(s.p, s.n, first.to);
    bool two = second.kind != WORD_END, more = two && word_at(s.p, s.n, second.to).kind != WORD_END;
    if (more || first.kind == WORD_END || (two && !unit_meant(slice_of_word(s, second))))
        return (struct slice){NULL, 0};
    return duration_of(c, slice_of_word(s, first), two ? slice_of_word(s, second) : (struct slice){NULL, 0});
}

static struct sketch sketch_of(struct compile *c, struct slice s)
{
    struct sketch sketch = {.text = {.c = c}};
    for (struct word word = word_at(s.p, s.n, 0), next; word.kind != WORD_END; word = next) {
        next = word_at(s.p, s.n, word.to);
        struct slice text = slice_of_word(s, word), unit = slice_of_word(s, next);
        bool two = word.kind == WORD_NUMBER && next.kind != WORD_END && unit_meant(unit);
        struct slice duration = {NULL, 0};
        if (two || word.kind == WORD_DURATION)
            duration = duration_of(c, text, two ? unit : (struct slice){NULL, 0});
        if (two && duration.n)
            next = word_at(s.p, s.n, next.to);
        if (duration.n && !sketch.duration.n)
            sketch.duration = duration;
        if (word.kind == WORD_NUMBER && !duration.n && !sketch.number.n)
            sketch.number = text;
        sketch_word(&sketch, duration.n ? SLICE("D") : word.kind == WORD_NUMBER ? SLICE("N") : synonym(text));
    }
    return sketch;
}

/* The form with the sketch's number and duration, or n 0 when it has too few. */
static struct slice filled(struct compile *c, struct slice form, const struct sketch *sketch)
{
    struct buffer b = {.c = c};
    for (size_t i = 0; i < form.n; i++) {
        bool hole = form.p[i] == 'N' || form.p[i] == 'D';
        struct slice value = form.p[i] == 'N' ? sketch->number : sketch->duration;
        if (hole && !value.n)
            return (struct slice){NULL, 0};
        if (hole)
            buffer_add(&b, value.p, value.n);
        else
            buffer_char(&b, form.p[i]);
    }
    return buffer_slice(&b);
}

static struct slice meant(struct compile *c, struct slice s)
{
    if (s.n > 80)
        return (struct slice){NULL, 0};
    struct sketch sketch = sketch_of(c, s);
    struct nearest near = {.word = buffer_slice(&sketch.text)};
    for (size_t i = 0; forms[i]; i++)
        if (filled(c, slice_of(forms[i]), &sketch).n)
            nearest_try(&near, slice_of(forms[i]));
    return near.best.n && near.distance <= MAX_EDITS ? filled(c, near.best, &sketch)
                                                     : (struct slice){NULL, 0};
}

/* ---- judging ---------------------------------------------------------------------------------- */

struct diag *condition_say(struct compile *c, const struct text *text, struct word word, const char *message)
{
    struct loc loc = text_loc(text, word.from, word.to);
    struct slice s = slice_of_word(text->s, word);
    return diag(c, E007, loc, "`%.*s`%s %s", s.n > 60 ? 60 : (int)s.n, s.p, s.n > 60 ? "…" : "", message);
}

/* A text that begins with no word of ours is wrong from there on, unless it names alerts. */
static struct word to_blame(struct slice s, struct word at)
{
    struct word first = word_at(s.p, s.n, 0);
    bool alerts = false;
    for (struct word word = first; word.kind != WORD_END; word = word_at(s.p, s.n, word.to))
        alerts = alerts || word.kind >= WORD_THEN;
    bool foreign = first.kind != WORD_END && first.kind <= WORD_OTHER;
    return foreign && !alerts ? first : at;
}

static bool unknown(struct compile *c, const struct text *text, struct word at)
{
    struct diag *d;
    at = to_blame(text->s, at);
    if (at.from == at.to)
        d = diag(c, E007, text_loc(text, at.from, at.to), "the condition is not complete");
    else
        d = condition_say(c, text, at, "does not fit here");
    bool usual = usual_meant(c, text->s, &d->rewrite);
    if (!usual)
        d->rewrite = meant(c, text->s);
    diag_fix(d, text, 0, text->s.n, d->rewrite, false);
    bool alerts = memmem(text->s.p, text->s.n, "within", 6) != NULL;
    d->note =
        usual ? SLICE("what is usual is asked as `more than usual in 1h` or `less than usual in 1h`, with "
                      "`by 50%` "
                      "and `at least 20` behind it, in this order, where they are wanted")
        : alerts
            ? SLICE("alerts are named by their ID, or in quotes: `\"New admin\" then create-key within 1h`")
            : SLICE(
                  "conditions are `immediately`, `more than N in D`, `at least N in D`, `less than N in D`, "
                  "`at most N in D`, `more than usual in D`, `less than usual in D`");
    return false;
}

/* The value of digits, or MAX_COUNT + 1 when it is larger. */
static uint64_t number_of(struct slice digits)
{
    uint64_t n = 0;
    for (size_t i = 0; i < digits.n && n <= MAX_COUNT; i++)
        n = n * 10 + (uint64_t)(digits.p[i] - '0');
    return n > MAX_COUNT ? MAX_COUNT + 1 : n;
}

static bool good_number(struct compile *c, const struct text *text, const struct condition *condition,
                        uint64_t *n)
{
    *n = condition->number.kind == WORD_END ? 0 : number_of(slice_of_word(text->s, condition->number));
    if (*n > MAX_COUNT)
        condition_say(c, text, condition->number, "is more than a window holds: the limit is 1000000");
    else if (*n == 0 && condition->kind == WHEN_LESS_THAN)
        condition_say(c, text, condition->number, "can never hold: no window has less than 0 events")->note =
            SLICE("for silence, write `less than 1`");
    else if (*n == 0 && condition->kind == WHEN_AT_LEAST)
        condition_say(c, text, condition->number, "always holds: every window has at least 0 events");
    else
        return true;
    return false;
}

static bool good_span(struct compile *c, const struct text *text, struct word word, int64_t *span)
{
    struct slice s = slice_of_word(text->s, word);
    *span = duration_parse(s);
    if (*span > 0)
        return true;
    struct diag *d = condition_say(c, text, word, "is not a duration");
    d->rewrite = duration_of(c, s, (struct slice){NULL, 0});
    diag_fix(d, text, word.from, word.to, d->rewrite, false);
    d->note = SLICE("durations are such as 90s, 10m, 36h, 7d and 1h30m, up to ten years");
    return false;
}

bool when_parse(struct compile *c, const struct text *text, struct when *out)
{
    struct condition condition = {.s = text->s};
    condition_parse(&condition);
    if (condition.wrong)
        return unknown(c, text, condition.at);
    out->kind = condition.kind;
    out->text = *text;
    if (condition.kind > WHEN_LESS_THAN_USUAL) {
        diag(c, E008, text_loc(text, 0, text->s.n),
             "this condition is in the language, but this runtime cannot run it yet");
        return false;
    }
    if (condition.kind == WHEN_IMMEDIATELY)
        return true;
    bool number = good_number(c, text, &condition, &out->n);
    bool span = good_span(c, text, condition.span, &out->span);
    return span && (condition.kind <= WHEN_AT_MOST || usual_judge(c, text, &condition, out)) && number;
}
