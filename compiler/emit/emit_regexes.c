/*
 * emit_regexes.c - the pack's regexes as re2c and C text: of each its own minimal DFA.
 *
 * re2c is given the DFA, not the regex. Its construction minds the order in which a regex's alternatives are
 * tried, so that it tells states apart that are one, and a regex whose DFA is small may pass its limit of
 * 100,000 (re2c 3.0, src/constants.h). Of a DFA it is asked for no more than the code of one state at a time:
 * each state is a block of rules.
 *
 * Two things are shorter than that. A state from which only one way leads on, and to which only one leads, is
 * written within its neighbour's rule, so that a word is one rule. And nothing is read in a state from which
 * everything matches.
 *
 * A DFA that a C compiler would take more than a second or two for is written as data for trail_dfa_match().
 */
#include "emit.h"
#include "regex/automaton.h"
#include "regex/regex.h"

enum {
    MAX_RULES = 500,                  /* of a regex in re2c: ways from state to state */
    MAX_RANGES = 4 * MAX_RULES,       /* of symbols, in them all */
    MAX_RANGE_WORK = 500 * MAX_RULES, /* to find them */
    REGEXES_A_FILE = 24,              /* so few that a C compiler's job is short … */
    RULES_A_FILE = 1500               /* … however long they are */
};

/* ---- ways: a state's moves, those to one state together --------------------------------------------- */

struct way {
    uint32_t to;
    const struct charset *set;
};

struct ways {
    size_t n;
    struct way *list; /* in the order of their least symbols */
};

struct listing {
    struct compile *c;
    const struct dfa *dfa;
    size_t n_rules, n_ranges;
    struct ways *ways; /* by state */
    uint32_t *n_into;  /* by state: ways that lead to it */
    uint32_t *label;   /* by state; NONE: it has no block */
};

/* Adds the moves of a state. `sets` is as long as the DFA has states, and empty before and after. */
static void find_ways(struct listing *l, uint32_t state, struct charset_builder *sets)
{
    const struct dfa *dfa = l->dfa;
    const struct atoms *a = dfa->atoms;
    struct ways *ways = &l->ways[state];
    uint32_t *to = NEW_ARRAY(l->c, uint32_t, a->n);
    for (uint32_t i = dfa->first[state]; i < dfa->first[state + 1]; i++)
        to[dfa->moves[i].atom] = dfa->moves[i].to + 1;
    for (size_t i = 0; i < a->n_ranges; i++) {
        if (a->atom_of[i] == NONE || to[a->atom_of[i]] == 0)
            continue;
        struct charset_builder *set = &sets[to[a->atom_of[i]] - 1];
        struct range range = atoms_range(a, i);
        if (set->n == 0)
            *PUSH(l->c, ways->list, ways->n) = (struct way){.to = to[a->atom_of[i]] - 1};
        charset_add(set, range.first, range.last);
    }
    for (size_t i = 0; i < ways->n; i++) {
        struct way *w = &ways->list[i];
        w->set = charset_build(&sets[w->to]);
        l->n_into[w->to]++;
        l->n_rules++;
        l->n_ranges += w->set->n;
    }
}

/* NULL: too large for re2c and cc. */
static struct listing *listing_new(struct compile *c, const struct dfa *dfa)
{
    struct listing *l = NEW(c, struct listing);
    *l = (struct listing){.c = c, .dfa = dfa};
    if (dfa->n > MAX_RULES || dfa->n_moves + dfa->n * dfa->atoms->n_ranges > MAX_RANGE_WORK)
        return NULL;
    struct charset_builder *sets = NEW_ARRAY(c, struct charset_builder, dfa->n);
    l->ways = NEW_ARRAY(c, struct ways, dfa->n);
    l->n_into = NEW_ARRAY(c, uint32_t, dfa->n);
    l->label = NEW_ARRAY(c, uint32_t, dfa->n);
    for (uint32_t s = 0; s < dfa->n; s++)
        sets[s].c = c;
    for (uint32_t s = 0; s < dfa->n; s++)
        find_ways(l, s, sets);
    return l->n_rules > MAX_RULES || l->n_ranges > MAX_RANGES ? NULL : l;
}

/* Everything that follows matches. */
static bool is_sure(const struct listing *l, uint32_t state)
{
    const struct ways *w = &l->ways[state];
    return l->dfa->match[state] && w->n == 1 && w->list[0].to == state &&
           charset_eq(w->list[0].set, charset_any(l->c));
}

/* Only the end may follow. */
static bool is_last(const struct listing *l, uint32_t state)
{
    return l->ways[state].n == 0;
}

/* It is written within the rule that leads to it. */
static bool is_inner(const struct listing *l, uint32_t state)
{
    const struct ways *w = &l->ways[state];
    return state != l->dfa->start && !l->dfa->match[state] && w->n == 1 && l->n_into[state] == 1;
}

static void label_blocks(struct listing *l)
{
    uint32_t n = 0;
    for (uint32_t s = 0; s < l->dfa->n; s++)
        l->label[s] = is_sure(l, s) || is_inner(l, s) || (is_last(l, s) && s != l->dfa->start) ? NONE : n++;
}

/* ---- the listing ------------------------------------------------------------------------------------- */

/* What is read on the way, up to a state that is not inner; *to becomes that state. */
static const struct tree *path_of(const struct listing *l, const struct way *way, uint32_t *to)
{
    const struct tree **kids = NULL;
    size_t n = 0;
    for (;;) {
        const struct tree *set = tree_set(l->c, way->set, 0, 0);
        const struct way *next = way;
        unsigned times = 0;
        do {
            way = next;
            times++;
            next = is_inner(l, way->to) ? l->ways[way->to].list : NULL;
        } while (next && charset_eq(next->set, way->set));
        *PUSH(l->c, kids, n) = times > 2 ? tree_repeat(l->c, set, times, times, 0, 0) : set;
        if (times == 2)
            *PUSH(l->c, kids, n) = set;
        if (!next)
            break;
        way = next;
    }
    *to = way->to;
    return tree_cat(l->c, n, kids, 0, 0);
}

static void emit_rule(struct buffer *b, const struct listing *l, const struct tree *path, uint32_t to)
{
    bool last = is_last(l, to), group = last && path->kind == RE_ALT;
    buffer_text(b, group ? "        (" : "        ");
    tree_print(b, path);
    buffer_text(b, group ? ")" : "");
    if (last)
        buffer_text(b, " end { return true; }\n");
    else if (is_sure(l, to))
        buffer_text(b, " { return true; }\n");
    else
        buffer_printf(b, " { goto s%u; }\n", (unsigned)l->label[to]);
}

static void emit_block(struct buffer *b, const struct listing *l, uint32_t state)
{
    const struct ways *ways = &l->ways[state];
    uint32_t *to = NEW_ARRAY(l->c, uint32_t, ways->n);
    const struct tree **paths = NEW_ARRAY(l->c, const struct tree *, ways->n);
    for (size_t i = 0; i < ways->n; i++)
        paths[i] = path_of(l, &ways->list[i], &to[i]);
    if (state == l->dfa->start && l->n_into[state] == 0)
        buffer_text(b, "    /*!re2c\n");
    else
        buffer_printf(b, "s%u: /*!re2c\n", (unsigned)l->label[state]);
    for (size_t i = 0; i < ways->n; i++) {
        const struct tree **together = NULL;
        size_t n = 0;
        for (size_t j = i; j < ways->n; j++) {
            if (to[j] != to[i] || !paths[j])
                continue;
            *PUSH(l->c, together, n) = paths[j];
            if (j > i)
                paths[j] = NULL;
        }
        if (paths[i])
            emit_rule(b, l, tree_alt(l->c, n, together, 0, 0), to[i]);
    }
    if (l->dfa->match[state])
        buffer_text(b, "        end { return true; }\n");
    buffer_text(b, "        * { return false; }\n    */\n");
}

static void emit_listing(struct buffer *b, struct listing *l)
{
    if (is_sure(l, l->dfa->start)) {
        buffer_text(b, "    (void)p;\n    (void)n;\n    return true;\n");
        return;
    }
    label_blocks(l);
    buffer_text(b, "    const unsigned char *at = (const unsigned char *)p, *end = at + n;\n");
    for (uint32_t s = 0; s < l->dfa->n; s++)
        if (l->label[s] != NONE)
            emit_block(b, l, s);
}

/* ---- data ------------------------------------------------------------------------------------------- */

static bool *sure_states(struct compile *c, const struct dfa *dfa)
{
    bool *sure = NEW_ARRAY(c, bool, dfa->n), whole = atoms_are_all(dfa->atoms);
    for (uint32_t s = 0; s < dfa->n; s++) {
        sure[s] = whole && dfa->match[s] && dfa->first[s + 1] - dfa->first[s] == dfa->atoms->n;
        for (uint32_t i = dfa->first[s]; i < dfa->first[s + 1] && sure[s]; i++)
            sure[s] = dfa->moves[i].to == s;
    }
    return sure;
}

/* The rows of all states' moves, laid into each other: each state's begins where its moves fall on free
 * places, and a place says whose it is. What most classes of a state go to is said once and takes no place. */
struct table {
    struct compile *c;
    const struct dfa *dfa;
    struct place_of_move {
        uint32_t state, to; /* state NONE: free */
    } * places;
    size_t n_places, first_free;
    uint32_t *start, *otherwise; /* by state: where its row begins, and what takes no place */
    uint32_t *count, *counted; /* by state: moves there of the state that was last counted; that state + 1 */
    size_t n_row;
    struct move *row; /* of the state at hand: what takes places */
};

enum { TRIES = 50 /* beginnings of a row that are tried before the end is taken */ };

/* Where most classes go from a state. NONE: nowhere. */
static uint32_t most_common(struct table *t, uint32_t state)
{
    const struct dfa *dfa = t->dfa;
    size_t best = dfa->atoms->n - (dfa->first[state + 1] - dfa->first[state]);
    uint32_t to = NONE;
    for (uint32_t i = dfa->first[state]; i < dfa->first[state + 1]; i++) {
        uint32_t next = dfa->moves[i].to;
        t->count[next] = t->counted[next] == state + 1 ? t->count[next] + 1 : 1;
        t->counted[next] = state + 1;
        if (t->count[next] > best) {
            best = t->count[next];
            to = next;
        }
    }
    return to;
}

static void find_row(struct table *t, uint32_t state)
{
    const struct dfa *dfa = t->dfa;
    uint32_t next = 0, otherwise = most_common(t, state);
    t->otherwise[state] = otherwise;
    t->n_row = 0;
    for (uint32_t i = dfa->first[state]; i <= dfa->first[state + 1]; i++) {
        bool last = i == dfa->first[state + 1];
        uint32_t atom = last ? (uint32_t)dfa->atoms->n : dfa->moves[i].atom;
        for (; next < atom && otherwise != NONE; next++)
            *PUSH(t->c, t->row, t->n_row) = (struct move){next, NONE};
        if (!last && dfa->moves[i].to != otherwise)
            *PUSH(t->c, t->row, t->n_row) = dfa->moves[i];
        next = atom + 1;
    }
}

static bool is_free(const struct table *t, size_t start)
{
    for (size_t i = 0; i < t->n_row; i++) {
        size_t at = start + t->row[i].atom;
        if (at < t->n_places && t->places[at].state != NONE)
            return false;
    }
    return true;
}

static void lay_row(struct table *t, uint32_t state)
{
    while (t->first_free < t->n_places && t->places[t->first_free].state != NONE)
        t->first_free++;
    size_t least = t->n_row ? t->row[0].atom : 0, start = t->first_free > least ? t->first_free - least : 0;
    for (unsigned tries = 0; tries < TRIES && !is_free(t, start); tries++)
        start++;
    if (!is_free(t, start))
        start = t->n_places;
    while (t->n_places < start + t->dfa->atoms->n)
        PUSH(t->c, t->places, t->n_places)->state = NONE;
    for (size_t i = 0; i < t->n_row; i++)
        t->places[start + t->row[i].atom] = (struct place_of_move){state, t->row[i].to};
    t->start[state] = (uint32_t)start;
}

static struct table *table_new(struct compile *c, const struct dfa *dfa)
{
    struct table *t = NEW(c, struct table);
    *t = (struct table){.c = c, .dfa = dfa};
    t->start = NEW_ARRAY(c, uint32_t, dfa->n);
    t->otherwise = NEW_ARRAY(c, uint32_t, dfa->n);
    t->count = NEW_ARRAY(c, uint32_t, dfa->n);
    t->counted = NEW_ARRAY(c, uint32_t, dfa->n);
    for (uint32_t s = 0; s < dfa->n; s++) {
        find_row(t, s);
        lay_row(t, s);
    }
    return t;
}

static void next_number(struct buffer *b, size_t i)
{
    enum { A_LINE = 16 };
    buffer_text(b, i % A_LINE ? " " : "\n    ");
}

/* A state as the table's entries name it. */
static void emit_state(struct buffer *b, uint32_t state, const bool *sure)
{
    if (state == NONE)
        buffer_text(b, "TRAIL_DFA_NO");
    else if (sure[state])
        buffer_text(b, "TRAIL_DFA_YES");
    else
        buffer_printf(b, "%u", (unsigned)state);
}

static void emit_classes(struct buffer *b, const struct atoms *a, size_t number)
{
    buffer_printf(b, "static const struct trail_class regex_%zu_classes[] = {", number);
    for (size_t i = 0; i < a->n_ranges; i++) {
        next_number(b, i);
        buffer_printf(b, "{%u, %u},", (unsigned)a->starts[i],
                      a->atom_of[i] == NONE ? 0 : (unsigned)a->atom_of[i] + 1);
    }
    buffer_printf(b, "\n};\nstatic const uint32_t regex_%zu_ascii[128] = {", number);
    for (uint32_t symbol = 0, i = 0; symbol < 128; symbol++) {
        while (i + 1 < a->n_ranges && a->starts[i + 1] <= symbol)
            i++;
        next_number(b, symbol);
        buffer_printf(b, "%u,", a->atom_of[i] == NONE ? 0 : (unsigned)a->atom_of[i] + 1);
    }
    buffer_text(b, "\n};\n");
}

static void emit_data(struct compile *c, struct buffer *b, const struct dfa *dfa, size_t number)
{
    const struct table *t = table_new(c, dfa);
    const bool *sure = sure_states(c, dfa);
    emit_classes(b, dfa->atoms, number);
    buffer_printf(b, "static const struct trail_state regex_%zu_states[] = {", number);
    for (uint32_t s = 0; s < dfa->n; s++) {
        next_number(b, s);
        buffer_printf(b, "{%u, ", (unsigned)t->start[s]);
        emit_state(b, t->otherwise[s], sure);
        buffer_printf(b, ", %d},", dfa->match[s]);
    }
    buffer_printf(b, "\n};\nstatic const struct trail_move regex_%zu_moves[] = {", number);
    for (size_t i = 0; i < t->n_places; i++) {
        next_number(b, i);
        buffer_char(b, '{');
        emit_state(b, t->places[i].state, sure);
        buffer_text(b, ", ");
        emit_state(b, t->places[i].state == NONE ? NONE : t->places[i].to, sure);
        buffer_text(b, "},");
    }
    buffer_text(b, "\n};\n");
}

static void emit_walk(struct buffer *b, const struct dfa *dfa, size_t number)
{
    buffer_printf(b,
                  "    static const struct trail_dfa dfa = {regex_%zu_ascii,  %zu, regex_%zu_classes,\n"
                  "                                         regex_%zu_states, regex_%zu_moves};\n"
                  "    return trail_dfa_match(&dfa, p, n);\n",
                  number, dfa->atoms->n_ranges, number, number, number);
}

/* ---- the files ----------------------------------------------------------------------------------------- */

static const char head[] = "/* regexes.re - one DFA a regex, over code points; see trail/regex.h. */\n"
                           "#include \"pack.h\"\n\n#include \"trail/regex.h\"\n\n"
                           "/*!re2c\n"
                           "    re2c:encoding:utf32 = 1;\n"
                           "    re2c:encoding-policy = ignore;\n"
                           "    re2c:yyfill:enable = 0;\n"
                           "    re2c:sentinel = 55296;\n"
                           "    re2c:api = custom;\n"
                           "    re2c:api:style = free-form;\n"
                           "    re2c:define:YYCTYPE = uint32_t;\n"
                           "    re2c:define:YYPEEK = \"trail_next(&at, end)\";\n"
                           "    re2c:define:YYSKIP = \"\";\n"
                           "    re2c:define:YYBACKUP = \"\";\n"
                           "    re2c:define:YYRESTORE = \"\";\n\n"
                           "    end = [\\ud800];\n"
                           "*/\n";

static void emit_regex(struct compile *c, struct buffer *b, const struct pred *pred, struct listing *l,
                       size_t number)
{
    const struct dfa *dfa = regex_dfa(pred->regex);
    buffer_char(b, '\n');
    if (!l)
        emit_data(c, b, dfa, number);
    buffer_text(b, "/*\n");
    emit_comment(b, pred->kind == TEST_TOKEN_REGEX ? " * A token of " : " * A value of ",
                 pred->path ? pred->path->name : SLICE("any field"));
    buffer_text(b, " *     "); /* of letters that are harmless in a comment */
    regex_print(b, pred->regex);
    buffer_printf(b, "\n */\nbool regex_%zu(const char *p, size_t n)\n{\n", number);
    if (l)
        emit_listing(b, l);
    else
        emit_walk(b, dfa, number);
    buffer_text(b, "}\n");
}

void emit_regexes(struct compile *c, const struct regexes *regexes)
{
    struct buffer *b = NULL;
    size_t files = 0, here = 0, rules = 0;
    for (size_t i = 0; i < regexes->n; i++) {
        struct listing *l = listing_new(c, regex_dfa(regexes->first[i]->regex));
        size_t more = l ? l->n_rules : 0;
        if (!b || here == REGEXES_A_FILE || rules + more > RULES_A_FILE) {
            b = emit_file(c, files ? diag_format(c, "regexes_%zu.re", files).p : "regexes.re");
            buffer_text(b, head);
            files++;
            here = rules = 0;
        }
        emit_regex(c, b, regexes->first[i], l, i);
        here++;
        rules += more;
    }
}
