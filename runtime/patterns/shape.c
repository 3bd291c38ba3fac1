/*
 * shape.c - a tree of the keys, and the tree as text.
 */
#include "shape.h"

#include <string.h>

#include "json/elements.h"

/* What no name has: so many digits in a row, more than so many in all, so many hexadecimal ones, so many capitals. */
enum { ROW = 4, DIGITS = 6, HEX = 8, CAPITALS = 16 };

enum type { OBJECT = 1, BOOLEAN = 2, NUMBER = 4, STRING = 8, TYPES = 4 };

/* Keys of one object are a list in the order of their bytes. */
struct node {
    struct trail_slice key;
    unsigned types;          /* 0: absent */
    bool list;               /* an array has been there */
    bool wide;               /* too many keys */
    unsigned n, first, next; /* keys; places of nodes, 0: none */
};

struct shape {
    unsigned depth; /* levels that are looked at */
    bool full;      /* more nodes than there are */
    unsigned n;
    struct node nodes[SHAPE_NODES]; /* the first is the value itself */
};

/* ---- names -------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c)
{
    return is_capital(c) || (c >= 'a' && c <= 'z');
}

static bool is_hexadecimal(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Whether HEX digits stand in a row, a figure among them. */
static bool has_hexadecimal(struct trail_slice s)
{
    unsigned row = 0, digits = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool hexadecimal = is_hexadecimal(s.p[i]);
        row = hexadecimal ? row + 1 : 0;
        digits = hexadecimal ? digits + is_digit(s.p[i]) : 0;
        if (row >= HEX && digits > 0)
            return true;
    }
    return false;
}

bool shape_is_name(struct trail_slice s)
{
    unsigned digits = 0, row = 0, capitals = 0;
    if (s.n == 0 || s.n > SHAPE_KEY || !*s.p || !(is_letter(*s.p) || strchr("_$@", *s.p)))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        row = is_digit(c) ? row + 1 : 0;
        digits += is_digit(c);
        capitals += is_capital(c);
        bool belongs = is_letter(c) || is_digit(c) || c == '_' || c == '$' || c == '.' || c == '-' || i == 0;
        if (!belongs || row >= ROW || digits > DIGITS)
            return false;
    }
    return !(s.n >= CAPITALS && digits > 0 && digits + capitals == s.n) && !has_hexadecimal(s);
}

/* ---- the tree ----------------------------------------------------------------------------- */

static const struct trail_slice ANY = {"*", 1};

static int compare(struct trail_slice a, struct trail_slice b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = memcmp(a.p, b.p, n);
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

/* The place of an object's key; 0: there is no room for it. */
static unsigned child(struct shape *s, unsigned parent, struct trail_slice key)
{
    unsigned *at = &s->nodes[parent].first;
    int order = 1;
    while (*at && (order = compare(s->nodes[*at].key, key)) < 0)
        at = &s->nodes[*at].next;
    unsigned found = *at;
    if (found && order == 0)
        return found;
    if (s->nodes[parent].n == SHAPE_KEYS) {
        s->nodes[parent].wide = true;
        return 0;
    }
    if (s->n == SHAPE_NODES) {
        s->full = true;
        return 0;
    }
    unsigned place = s->n++;
    s->nodes[place] = (struct node){.key = key, .next = *at};
    s->nodes[parent].n++;
    *at = place;
    return place;
}

static unsigned scalar_type(char first)
{
    return first == '"' ? STRING : first == 't' || first == 'f' ? BOOLEAN : NUMBER;
}

/* As deep as s->depth. */
static void visit(struct shape *s, unsigned place, struct trail_slice json, unsigned depth)
{
    struct trail_elements values, members;
    struct trail_slice value, key, of_key;
    s->nodes[place].list |= trail_is_array(json);
    trail_values_start(&values, json);
    while (trail_values_next(&values, &value)) {
        if (!trail_is_object(value)) {
            s->nodes[place].types |= scalar_type(*value.p);
            continue;
        }
        s->nodes[place].types |= OBJECT;
        trail_members_start(&members, value);
        while (depth < s->depth && !s->full && !s->nodes[place].wide &&
               trail_members_next(&members, &key, &of_key)) {
            unsigned next = child(s, place, shape_is_name(key) ? key : ANY);
            if (next)
                visit(s, next, of_key, depth + 1);
        }
    }
}

/* ---- the text ----------------------------------------------------------------------------- */

static void add(struct trail_text *to, const char *text)
{
    trail_text_add(to, text, strlen(text));
}

static void print(struct trail_text *to, const struct shape *s, unsigned place, unsigned depth);

static void print_object(struct trail_text *to, const struct shape *s, const struct node *node,
                         unsigned depth)
{
    unsigned shown = 0;
    if (depth == s->depth) {
        add(to, "{...}");
        return;
    }
    if (node->wide) {
        add(to, "{*}");
        return;
    }
    add(to, "{");
    for (unsigned at = node->first; at; at = s->nodes[at].next) {
        if (s->nodes[at].types == 0)
            continue;
        if (shown++)
            add(to, ",");
        trail_text_add(to, s->nodes[at].key.p, s->nodes[at].key.n);
        add(to, ":");
        print(to, s, at, depth + 1);
    }
    add(to, "}");
}

static void print(struct trail_text *to, const struct shape *s, unsigned place, unsigned depth)
{
    static const char *const names[TYPES] = {NULL, "boolean", "number", "string"};
    const struct node *node = &s->nodes[place];
    unsigned shown = 0;
    if (node->list)
        add(to, "[");
    for (unsigned i = 0; i < TYPES; i++) {
        if (!(node->types & 1u << i))
            continue;
        if (shown++)
            add(to, "|");
        if (names[i])
            add(to, names[i]);
        else
            print_object(to, s, node, depth);
    }
    if (node->list)
        add(to, "]");
}

void shape_add(struct trail_text *to, struct trail_slice json)
{
    struct shape s;
    size_t from = to->n;
    for (unsigned depth = SHAPE_DEPTH;; depth /= 2) {
        s.depth = depth;
        s.full = false;
        s.n = 1;
        s.nodes[0] = (struct node){.key = {"", 0}};
        visit(&s, 0, json, 0);
        if (s.nodes[0].types == 0)
            return;
        to->n = from;
        if (s.full && depth > 0)
            continue;
        print(to, &s, 0, 0);
        if (to->n - from <= SHAPE_TEXT || depth == 0 || to->failed)
            return;
    }
}
