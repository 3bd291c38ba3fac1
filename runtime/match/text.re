/*
 * text.re - the text view: a value's tokens, in order.
 *
 * Needs: any bytes. Guarantees: the tokens that Elasticsearch's standard analyzer makes of the same text, in time
 * linear in its length; nothing outside the value is read.
 *
 * Two machines. The first reads one code point of UTF-8 and says its symbol: a letter for the set of classes that it is
 * in. The second reads symbols, and is Unicode Standard Annex #29 (word boundaries), turned from rules about
 * places between characters into the language of one segment, with these additions of Lucene's StandardTokenizer:
 *
 *   - only segments with a letter, digit, ideograph or emoji are tokens;
 *   - every ideograph and every Hiragana letter is a token of its own;
 *   - a run of Thai, Lao, Khmer or Myanmar (line-break class SA) is one token;
 *   - emoji sequences (Unicode Technical Standard #51) are tokens: joined by ZWJ, key caps, tagged and national flags;
 *   - a token is the longest segment among the next TRAIL_MAX_TOKEN code points; the rest of a longer word goes on
 *     from there. (Lucene counts UTF-16 units, so differs for long words outside the BMP.)
 */
#include "match/text_scan.h"

/*!include:re2c "text_classes.inc" */

/* What a code point that is in no class is to the second machine; so is a byte that is not UTF-8. */
#define NO_SYMBOL '-'
/* What it reads at its limit. */
#define NO_MORE '$'

/* Reads one code point and moves *from behind it; a byte at a time where there is no symbol. */
static char read_symbol(const unsigned char **from, const unsigned char *end)
{
    const unsigned char *at = *from, *accepted = at;
    /*!use:re2c:symbols
        re2c:encoding:utf8 = 1;
        re2c:api = custom;
        re2c:api:style = free-form;
        re2c:define:YYCTYPE = "unsigned char";
        re2c:define:YYPEEK = "(at < end ? *at : 0xFF)"; // no code point's encoding has 0xFF
        re2c:define:YYSKIP = "*from = ++at;";
        re2c:define:YYBACKUP = "accepted = at;";
        re2c:define:YYRESTORE = "*from = at = accepted;";
        re2c:yyfill:enable = 0;
        * { return NO_SYMBOL; }
    */
}

/* A place in the value, and how many code points may still be read from there. */
struct reader {
    const unsigned char *at, *next, *end;
    size_t left;
};

static char peek(struct reader *r)
{
    if (r->left == 0 || r->at >= r->end)
        return NO_MORE;
    r->next = r->at;
    return read_symbol(&r->next, r->end);
}

static void skip(struct reader *r)
{
    r->at = r->next;
    r->left--;
}

/*!re2c
    re2c:api = custom;
    re2c:api:style = free-form;
    re2c:define:YYCTYPE = "char";
    re2c:define:YYPEEK = "peek(&r)";
    re2c:define:YYSKIP = "skip(&r);";
    re2c:define:YYBACKUP = "accepted = r;";
    re2c:define:YYRESTORE = "r = accepted;";
    re2c:yyfill:enable = 0;

    x  = extender*;  // WB4: belongs to what it follows
    xs = extender_but_selector*;

    // WB5 to WB13: runs of letters and digits, with a middle character between two of a kind.
    digits  = (number x)+;
    letters = (letter x)+;
    figure  = digits (mid_number x digits)*;
    name    = letters (mid_letter x letters)*;
    geresh  = hebrew x single_quote x;
    acronym = hebrew x double_quote x hebrew x;
    run     = (figure | name | geresh | acronym)+ | (katakana x)+;
    join    = (connector x)+;
    word    = join? run (join run)* join?;

    base    = joiner* emoji xs emoji_selector? | (joiner* emoji_base xs)? emoji_modifier xs;
    pictograph = base ((joiner base)* | tag+ tag_end);
    capped  = key xs emoji_selector? key_cap xs;
    nation  = flag x flag x;

    // Of use only to what may follow, and nothing in it begins a token.
    inert   = (extender \ complex_context \ emoji_modifier)*;
    idle    = (connector inert)* connector | joiner+;
*/

enum segment {
    SEGMENT_TOKEN,
    SEGMENT_IDLE,  /* connectors or joiners: part of a token only if a letter, digit or emoji follows */
    SEGMENT_OTHER, /* one code point that begins no token */
};

/* The longest segment at *from among the next TRAIL_MAX_TOKEN code points; moves *from behind it. */
static enum segment read_segment(const unsigned char **from, const unsigned char *end)
{
    struct reader r = {*from, *from, end, TRAIL_MAX_TOKEN}, accepted = r;
    /*!re2c
        word | pictograph | capped | nation { *from = r.at; return SEGMENT_TOKEN; }
        (complex_context x)+                { *from = r.at; return SEGMENT_TOKEN; }
        (han | hiragana) x                  { *from = r.at; return SEGMENT_TOKEN; }
        idle                                { *from = r.at; return SEGMENT_IDLE; }
        *                                   { *from = r.at; return SEGMENT_OTHER; }
    */
}

/*
 * The place up to which no token begins, given that the segment at `at` is idle. As long as the next
 * TRAIL_MAX_TOKEN code points are all idle none does, so the run is passed at once: trying each of its places would
 * take time that is quadratic.
 */
static const unsigned char *pass_idle(const unsigned char *at, const unsigned char *end)
{
    struct reader r = {at, at, end, SIZE_MAX}, accepted = r;
    /*!re2c
        idle { goto counted; }
        *    { return at + 1; }
    */
counted:;
    size_t n = SIZE_MAX - r.left;
    if (n < TRAIL_MAX_TOKEN)
        return r.at;
    for (n -= TRAIL_MAX_TOKEN - 1; n > 0; n--)
        read_symbol(&at, end);
    return at;
}

static void lower_into(struct trail_tokens *t, const unsigned char *at, const unsigned char *end)
{
    size_t n = 0;
    while (at < end) {
        unsigned length;
        uint32_t c = trail_decode(at, end, &length);
        n += trail_encode(t->buf + n, trail_lower(c));
        at += length;
    }
    t->p = t->buf;
    t->n = n;
}

bool trail_tokens_next_unicode(struct trail_tokens *t)
{
    while (t->at < t->end) {
        const unsigned char *from = t->at;
        switch (read_segment(&t->at, t->end)) {
        case SEGMENT_TOKEN: lower_into(t, from, t->at); return true;
        case SEGMENT_IDLE: t->at = pass_idle(from, t->end); break;
        case SEGMENT_OTHER: break;
        }
    }
    return false;
}

void trail_tokens_start(struct trail_tokens *t, const char *p, size_t n)
{
    t->at = (const unsigned char *)p;
    t->end = t->at + n;
    t->p = t->buf;
    t->n = 0;
}

/* ---- ASCII, which logs are made of ------------------------------------------------------------- */

enum ascii {
    A_NONE = 0,
    A_LETTER = 1,
    A_DIGIT = 2,
    A_CONNECTOR = 4,  /* _ */
    A_MID_LETTER = 8, /* between letters: : . ' */
    A_MID_DIGIT = 16, /* between digits: , ; . ' */
    A_MARK = 32,      /* # *: a key cap, if more follows */
    A_BEYOND = 64,    /* not ASCII */
};

static const unsigned char ascii_kind[128] = {
    /* clang-format off */
    ['0'] = A_DIGIT, ['1'] = A_DIGIT, ['2'] = A_DIGIT, ['3'] = A_DIGIT, ['4'] = A_DIGIT,
    ['5'] = A_DIGIT, ['6'] = A_DIGIT, ['7'] = A_DIGIT, ['8'] = A_DIGIT, ['9'] = A_DIGIT,
    ['A'] = A_LETTER, ['B'] = A_LETTER, ['C'] = A_LETTER, ['D'] = A_LETTER, ['E'] = A_LETTER, ['F'] = A_LETTER,
    ['G'] = A_LETTER, ['H'] = A_LETTER, ['I'] = A_LETTER, ['J'] = A_LETTER, ['K'] = A_LETTER, ['L'] = A_LETTER,
    ['M'] = A_LETTER, ['N'] = A_LETTER, ['O'] = A_LETTER, ['P'] = A_LETTER, ['Q'] = A_LETTER, ['R'] = A_LETTER,
    ['S'] = A_LETTER, ['T'] = A_LETTER, ['U'] = A_LETTER, ['V'] = A_LETTER, ['W'] = A_LETTER, ['X'] = A_LETTER,
    ['Y'] = A_LETTER, ['Z'] = A_LETTER,
    ['a'] = A_LETTER, ['b'] = A_LETTER, ['c'] = A_LETTER, ['d'] = A_LETTER, ['e'] = A_LETTER, ['f'] = A_LETTER,
    ['g'] = A_LETTER, ['h'] = A_LETTER, ['i'] = A_LETTER, ['j'] = A_LETTER, ['k'] = A_LETTER, ['l'] = A_LETTER,
    ['m'] = A_LETTER, ['n'] = A_LETTER, ['o'] = A_LETTER, ['p'] = A_LETTER, ['q'] = A_LETTER, ['r'] = A_LETTER,
    ['s'] = A_LETTER, ['t'] = A_LETTER, ['u'] = A_LETTER, ['v'] = A_LETTER, ['w'] = A_LETTER, ['x'] = A_LETTER,
    ['y'] = A_LETTER, ['z'] = A_LETTER,
    ['_'] = A_CONNECTOR, [':'] = A_MID_LETTER, [','] = A_MID_DIGIT, [';'] = A_MID_DIGIT,
    ['.'] = A_MID_LETTER | A_MID_DIGIT, ['\''] = A_MID_LETTER | A_MID_DIGIT,
    ['#'] = A_MARK, ['*'] = A_MARK,
    /* clang-format on */
};

static unsigned kind_at(const unsigned char *at, const unsigned char *end)
{
    if (at >= end)
        return A_NONE;
    return *at < 0x80 ? ascii_kind[*at] : A_BEYOND;
}

/* What a middle character stands between: two letters, or two digits. */
static unsigned joined_by(unsigned mid, unsigned before)
{
    if (mid & A_MID_LETTER && before == A_LETTER)
        return A_LETTER;
    return mid & A_MID_DIGIT && before == A_DIGIT ? A_DIGIT : A_NONE;
}

/*
 * The segment at t->at, when it and the place behind it are ASCII and it is short enough; else A_BEYOND: the machine
 * has to look. A_NONE: only connectors, which are passed. A_LETTER: a token.
 */
static enum ascii ascii_segment(struct trail_tokens *t)
{
    const unsigned char *at = t->at;
    unsigned before = A_NONE;
    bool word = false;
    for (; at - t->at <= TRAIL_MAX_TOKEN; at++) {
        unsigned kind = kind_at(at, t->end);
        if (kind & (A_LETTER | A_DIGIT | A_CONNECTOR)) {
            word |= kind != A_CONNECTOR;
            before = kind;
        } else if (kind == A_BEYOND) {
            return A_BEYOND;
        } else {
            unsigned joined = joined_by(kind, before), next = kind_at(at + 1, t->end);
            if (joined && next == A_BEYOND)
                return A_BEYOND;
            if (!joined || next != joined)
                break;
        }
        /* Only letters have 0x40 set and 0x20 not: `_` is 0x5F. */
        t->buf[at - t->at] = (char)(*at | (before == A_LETTER && kind == A_LETTER ? 0x20 : 0));
    }
    size_t n = (size_t)(at - t->at);
    if (n > TRAIL_MAX_TOKEN)
        return A_BEYOND;
    t->at = at;
    t->p = t->buf;
    t->n = n;
    return word ? A_LETTER : A_NONE;
}

bool trail_tokens_next(struct trail_tokens *t)
{
    while (t->at < t->end) {
        unsigned kind = kind_at(t->at, t->end);
        if (kind & (A_LETTER | A_DIGIT | A_CONNECTOR)) {
            kind = ascii_segment(t);
            if (kind == A_LETTER)
                return true;
        } else if (kind == A_MARK) {
            kind = kind_at(t->at + 1, t->end);
            t->at += kind != A_BEYOND;
        } else if (kind != A_BEYOND) {
            t->at++;
        }
        if (kind == A_BEYOND)
            return trail_tokens_next_unicode(t);
    }
    return false;
}
