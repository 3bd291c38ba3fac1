/*
 * resync.c - where the next record begins behind a damaged one.
 *
 * Needs: the text from the damaged value's first byte on, with the rule of where it stood.
 * Guarantees: ends at the first of the places below; each byte is passed once, with a bounded look ahead.
 *
 *   - A line end (top level), as the rule says.
 *   - The value's end by its brackets, if what follows is what may follow there.
 *   - A brace and a key that begins records: inside a string its quote would be escaped, so it is found
 *     whatever the damage did to the quotes. It is not taken where an undamaged value may have it: behind a
 *     colon, or in an inner array. But eventVersion, which no inner object has, is taken in an array too,
 *     and at top level even as the first in one: an S3 file whose beginning is damaged.
 *   - In an array, a line that begins with a brace and a key where no valid text has an object, behind
 * another such line: that is one record a line. In an array that began on the line of the damage and has had
 * no record, the first such line, wherever it stands: the array itself may be the damage.
 *
 * When quotes or brackets do not match any more, what they say of inner arrays is not believed.
 */
#include "resync.h"

#include "shape.h"

#define MAX_BLANKS 4096

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static bool same(struct trail_slice a, struct trail_slice b)
{
    if (a.n != b.n || a.n == 0)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (a.p[i] != b.p[i])
            return false;
    return true;
}

/* A line of the damaged text. */
enum { LINE_FIRST, LINE_OTHER, LINE_RECORD };

enum verdict { NO, YES, UNKNOWN }; /* UNKNOWN: more bytes are needed */

/* Where a valid value could hold an object: nowhere, in an array, as a member. */
enum inner { NOT_INNER, IN_ARRAY, IN_MEMBER };

/* Whether a record may begin with this key, behind a byte like the last one. */
static bool is_first_key(const struct trail_resync *r, struct trail_slice key)
{
    struct trail_slice version = {"eventVersion", 12};
    if (same(key, r->first_key) || same(key, version))
        return true;
    /* where it is not the first, CloudTrail's keys come in an order of their own */
    bool between = r->last == ',' || r->last == '}' || r->last == ']';
    bool shuffled = !r->first_key.n || (trail_is_record_key(r->first_key) && !same(r->first_key, version));
    return between && shuffled && trail_is_record_key(key);
}

/* Whether the brace at p, with what is behind it, begins a record; *file: it begins a trail's S3 file. */
static enum verdict begins_record(const struct trail_resync *r, enum inner inner, struct trail_slice text,
                                  bool over, bool *file)
{
    struct trail_slice key;
    size_t behind;
    switch (trail_key_at(text.p + 1, text.n - 1, &key, &behind)) {
    case TRAIL_KEY_PARTLY: return over ? NO : UNKNOWN;
    case TRAIL_KEY_NONE: return NO;
    case TRAIL_KEYED: break;
    }
    if (inner == IN_ARRAY)
        return (r->last == ',' || r->rule != TRAIL_RESYNC_LIST) &&
                       same(key, (struct trail_slice){"eventVersion", 12})
                   ? YES
                   : NO;
    *file = same(key, (struct trail_slice){"Records", 7}) && text.p[1 + behind] == '[';
    return *file || is_first_key(r, key) ? YES : NO;
}

/* Whether a valid value could hold an object at this brace. */
static enum inner may_be_inner(const struct trail_resync *r)
{
    if (r->last == ':')
        return IN_MEMBER;
    if (r->last == '[')
        return IN_ARRAY;
    bool trusted = !r->broken && !r->skim.in_string && r->skim.depth;
    return trusted && r->last == ',' && r->skim.open[r->skim.depth - 1] == '[' ? IN_ARRAY : NOT_INNER;
}

/* Whether the line behind the newline at p begins as the rule wants. */
static enum verdict line_follows(const struct trail_resync *r, const char *p, size_t n, bool over)
{
    if (r->rule == TRAIL_RESYNC_LINE)
        return YES;
    if (r->rule == TRAIL_RESYNC_LIST)
        return NO;
    size_t i = 1;
    while (i < n && i <= r->indent && (p[i] == ' ' || p[i] == '\t'))
        i++;
    if (i == n)
        return over ? NO : UNKNOWN;
    return i == r->indent + 1 && (p[i] == '{' || p[i] == '[') ? YES : NO;
}

static size_t pass_space(const char *p, size_t n, size_t i)
{
    while (i < n && i < MAX_BLANKS && is_space(p[i]))
        i++;
    return i;
}

/* In an array, behind an element: a comma and an object, or the array's end. Where brackets have not matched,
 * the object must begin like the records, and the end be that of the outer form too. */
static enum verdict follows_element(const struct trail_resync *r, const char *p, size_t n, bool over)
{
    size_t i = pass_space(p, n, 0), next = i < n ? pass_space(p, n, i + 1) : n;
    if (i == n || (next == n && !over))
        return over ? YES : UNKNOWN;
    char c = next < n ? p[next] : 0;
    bool file;
    if (p[i] == ']')
        return !r->broken || !c || c == '}' || c == '{' ? YES : NO;
    if (p[i] != ',' || c != '{')
        return NO;
    if (!r->broken || !r->first_key.n)
        return YES;
    return begins_record(r, NOT_INNER, (struct trail_slice){p + next, n - next}, over, &file);
}

/* At top level, behind a value: the line's end, or another value. */
static enum verdict follows_value(const char *p, size_t n, bool over)
{
    size_t i = 0;
    while (i < n && i < MAX_BLANKS && is_space(p[i]) && p[i] != '\n')
        i++;
    if (i == n)
        return over ? YES : UNKNOWN;
    return p[i] == '\n' || p[i] == '{' || p[i] == '[' ? YES : NO;
}

/* Whether nothing but arrays is open: they hold what no record does. */
static bool only_arrays(const struct trail_skim *s)
{
    for (unsigned i = 0; i < s->depth; i++)
        if (s->open[i] != '[')
            return false;
    return !s->in_string;
}

/* In an array: whether the brace at p begins a line that is a record, in spite of the brackets before it. */
static enum verdict line_begins_record(struct trail_resync *r, enum inner inner, struct trail_slice text,
                                       bool over)
{
    if (r->rule != TRAIL_RESYNC_LIST || !r->on_line)
        return NO;
    if (text.n == 1)
        return over ? NO : UNKNOWN;
    struct trail_slice key;
    size_t behind;
    enum trail_keyed keyed = trail_key_at(text.p + 1, text.n - 1, &key, &behind);
    if (text.p[1] != '"' || keyed == TRAIL_KEY_NONE || (keyed == TRAIL_KEY_PARTLY && over))
        return NO;
    if (keyed == TRAIL_KEY_PARTLY)
        return UNKNOWN;
    bool misfit = inner == NOT_INNER || only_arrays(&r->skim), behind_another = r->lines[1] == LINE_RECORD;
    r->lines[0] = LINE_RECORD;
    return (misfit && behind_another) || (r->new_place && (misfit || r->lines[1] == LINE_FIRST)) ? YES : NO;
}

/* What begins with the brace at p. */
static enum trail_resynced at_brace(struct trail_resync *r, struct trail_slice text, bool over, bool *stop)
{
    bool file = false;
    enum inner inner = may_be_inner(r);
    enum verdict v = NO;
    if (r->skim.begun && inner != IN_MEMBER)
        v = begins_record(r, inner, text, over, &file);
    if (r->skim.begun && v == NO)
        v = line_begins_record(r, inner, text, over);
    *stop = v != NO;
    if (v == UNKNOWN)
        return TRAIL_RESYNC_MORE;
    if (file)
        return TRAIL_RESYNC_TOP;
    bool listed =
        r->last == ',' || r->last == '[' || r->rule == TRAIL_RESYNC_LIST || r->rule == TRAIL_RESYNC_TAIL;
    return listed ? TRAIL_RESYNC_RECORD : TRAIL_RESYNC_BEHIND;
}

/* Whether an element that is no object ends in front of c. */
static bool ends_scalar(struct trail_resync *r, char c)
{
    if (r->rule != TRAIL_RESYNC_LIST || r->open || r->skim.depth || r->skim.in_string || !r->skim.begun)
        return false;
    r->colon = r->colon || c == ':';
    return (c == ',' || c == ']') && !r->colon;
}

/* Whether the damaged text ends in front of the byte at p, or with it when that is a line's end. */
static enum trail_resynced stops_at(struct trail_resync *r, struct trail_slice text, bool over, bool *stop)
{
    *stop = false;
    if (*text.p == '{')
        return at_brace(r, text, over, stop);
    *stop = ends_scalar(r, *text.p);
    if (*stop)
        return TRAIL_RESYNC_BEHIND;
    if (*text.p != '\n' || !r->skim.begun)
        return TRAIL_RESYNC_MORE;
    enum verdict v = line_follows(r, text.p, text.n, over);
    *stop = v != NO;
    if (v != YES)
        return TRAIL_RESYNC_MORE;
    return r->rule == TRAIL_RESYNC_TAIL ? TRAIL_RESYNC_TOP : TRAIL_RESYNC_BEHIND;
}

/* A bracket has just been passed that may have been the value's last. */
static enum trail_resynced closed(struct trail_resync *r, const char *p, size_t n, bool over, bool *stop)
{
    size_t behind = r->skim.at + 1;
    bool list = r->rule == TRAIL_RESYNC_LIST;
    enum verdict v =
        list ? follows_element(r, p + behind, n - behind, over) : follows_value(p + behind, n - behind, over);
    *stop = v != NO;
    if (v == YES)
        r->skim.at = behind;
    if (v == NO)
        r->broken = true;
    return v == YES ? TRAIL_RESYNC_BEHIND : TRAIL_RESYNC_MORE;
}

enum trail_resynced trail_resync(struct trail_resync *r, const char *p, size_t n, bool over)
{
    for (; r->skim.at < n; r->skim.at++) {
        bool stop;
        struct trail_slice text = {p + r->skim.at, n - r->skim.at};
        enum trail_resynced result = stops_at(r, text, over, &stop);
        if (stop)
            return result;
        char c = *text.p;
        if (!r->skim.begun)
            r->open = c == '{' || c == '[';
        unsigned depth = r->skim.depth;
        trail_skim_lenient(&r->skim, (unsigned char)c, &r->broken);
        bool may_close = !r->skim.in_string && (c == '}' || c == ']') && (depth || c == '}');
        if (may_close && !r->skim.depth && r->rule != TRAIL_RESYNC_TAIL) {
            result = closed(r, p, n, over, &stop);
            if (stop && result == TRAIL_RESYNC_MORE)
                r->skim.depth = depth; /* look at this byte again when more is there */
            if (stop)
                return result;
        }
        r->on_line = c == '\n' || (r->on_line && is_space(c));
        if (c == '\n') {
            r->lines[1] = r->lines[0];
            r->lines[0] = LINE_OTHER;
        }
        if (!is_space(c))
            r->last = (unsigned char)c;
    }
    return over ? TRAIL_RESYNC_BEHIND : TRAIL_RESYNC_MORE;
}
