/*
 * query.c - what other query languages put around a condition: `source logs | filter …`, `… | stats count by x`,
 * `SELECT * FROM t WHERE … LIMIT 5`, `count(…) > 5`, braces around the whole.
 *
 * Needs: a filter's text, not read yet. Guarantees: the bytes of the condition in it, the whole when there is nothing
 * around it. That a pipe is one is only taken for sure where a known command follows it.
 */
#include <string.h>
#include <strings.h>

#include "foreign.h"

/* Those that are followed by a condition, and those that are not. */
static const char *const conditions[] = {"filter", "where", "search", "lucene", "find", "wildfind", NULL};
static const char *const commands[] = {
    "stats",       "table",     "sort",      "group",   "groupby", "orderby",  "order",        "count",
    "countby",     "eval",      "rename",    "dedup",   "head",    "tail",     "limit",        "top",
    "rare",        "timechart", "chart",     "extract", "project", "fields",   "keep",         "parse",
    "choose",      "aggregate", "bin",       "bucket",  "rex",     "spath",    "lookup",       "join",
    "transaction", "source",    "summarize", "take",    "display", "distinct", "multigroupby", "eventstats",
    "streamstats", "fillnull",  "create",    NULL};
static const char *const ends_of_select[] = {"group", "order", "limit", "having", NULL};

static size_t pass_space(struct slice s, size_t at, size_t end)
{
    while (at < end && lex_is_space(s.p[at]))
        at++;
    return at;
}

/* The letters at `at`. */
static struct slice letters_at(struct slice s, size_t at, size_t end)
{
    size_t to = at;
    while (to < end && (s.p[to] | 0x20) >= 'a' && (s.p[to] | 0x20) <= 'z')
        to++;
    return (struct slice){s.p + at, to - at};
}

static bool is_one_of(struct slice word, const char *const *list)
{
    for (; *list; list++)
        if (word.n == strlen(*list) && strncasecmp(word.p, *list, word.n) == 0)
            return true;
    return false;
}

static bool is(struct slice word, const char *text)
{
    return is_one_of(word, (const char *const[]){text, NULL});
}

/* Where the next lexeme that is one of the words begins, alone between spaces; `end` when there is none. */
static size_t find_word(struct slice s, size_t at, size_t end, const char *const *words)
{
    for (struct lexeme l = lex(s.p, s.n, at); l.kind != LEX_END && l.from < end; l = lex(s.p, s.n, l.to))
        if (l.kind == LEX_WORD && is_one_of((struct slice){s.p + l.from, l.to - l.from}, words))
            return l.from;
    return end;
}

/* ---- pipes ---------------------------------------------------------------------------------------------- */

static size_t find_pipe(struct slice s, size_t at, size_t end)
{
    return find_word(s, at, end, (const char *const[]){"|", NULL});
}

/* One part of a pipeline: narrows [*from, to) to its condition; false when it has none. */
static bool has_condition(struct slice s, size_t *from, size_t to, bool first)
{
    struct slice word = letters_at(s, *from, to);
    bool apart = *from + word.n < to && lex_is_space(s.p[*from + word.n]);
    if (apart && is_one_of(word, conditions)) {
        *from = pass_space(s, *from + word.n, to);
        return *from < to;
    }
    return first && !(apart && is(word, "source"));
}

/* Whether the query is a pipeline; a condition is left when just one part has one. */
static bool take_pipes(struct slice s, struct query *q)
{
    size_t first = find_pipe(s, q->from, q->to), found = 0;
    struct query one = *q;
    if (first == q->to)
        return false;
    struct slice word = letters_at(s, pass_space(s, first + 1, q->to), q->to);
    if (!is_one_of(word, conditions) && !is_one_of(word, commands))
        return false;
    for (size_t at = q->from, pipe; at < q->to; at = pass_space(s, pipe + 1, q->to)) {
        pipe = find_pipe(s, at, q->to);
        if (has_condition(s, &at, pipe, at == q->from)) {
            one.from = at;
            one.to = pipe;
            found++;
        }
        if (pipe == q->to)
            break;
    }
    one.kind = QUERY_PIPED;
    one.mark_from = first;
    one.mark_to = first + 1;
    one.certain = found == 1;
    *q = one;
    return true;
}

/* ---- the rest ------------------------------------------------------------------------------------------- */

static void take_braces(struct slice s, struct query *q)
{
    if (q->from < q->to && s.p[q->from] == '{' && s.p[q->to - 1] == '}') {
        q->to--;
        q->from = pass_space(s, q->from + 1, q->to);
    }
}

/* `SELECT … WHERE` and `WHERE` before the condition; what is behind it. */
static void take_select(struct slice s, struct query *q)
{
    struct slice word = letters_at(s, q->from, q->to);
    bool select = is(word, "select");
    size_t where = select ? find_word(s, q->from, q->to, (const char *const[]){"where", NULL}) : q->from;
    word = letters_at(s, where, q->to);
    if (where == q->to || !is(word, "where") || !lex_is_space(s.p[where + word.n]))
        return;
    size_t mark = q->from;
    q->from = pass_space(s, where + word.n, q->to);
    if (!select)
        return;
    q->to = find_word(s, q->from, q->to, ends_of_select);
    q->kind = QUERY_SELECT;
    q->mark_from = mark;
    q->mark_to = mark + strlen("select");
}

/* `count(…) > 5` */
static void take_count(struct slice s, struct query *q)
{
    struct slice word = letters_at(s, q->from, q->to);
    size_t open = q->from + word.n, depth = 0;
    if (!is(word, "count") || open >= q->to || s.p[open] != '(')
        return;
    for (struct lexeme l = lex(s.p, s.n, open); l.kind != LEX_END && l.from < q->to;
         l = lex(s.p, s.n, l.to)) {
        depth += l.kind == LEX_OPEN;
        depth -= l.kind == LEX_CLOSE;
        if (depth > 0)
            continue;
        size_t behind = pass_space(s, l.to, q->to);
        if (behind == q->to || !strchr("<>=", s.p[behind]))
            return;
        q->kind = QUERY_COUNTED;
        q->mark_from = q->from;
        q->mark_to = open;
        q->from = open + 1;
        q->to = l.from;
        return;
    }
}

struct query query_of(const struct parse *p)
{
    struct query q = {.to = p->s.n, .certain = true};
    while (q.to > 0 && lex_is_space(p->s.p[q.to - 1]))
        q.to--;
    q.from = pass_space(p->s, 0, q.to);
    take_braces(p->s, &q);
    struct slice word = letters_at(p->s, q.from, q.to);
    if (!take_pipes(p->s, &q))
        take_count(p->s, &q);
    /* `filter $d.…`: a path of DataPrime is behind it, not a word of Lucene. */
    size_t behind = pass_space(p->s, q.from + word.n, q.to);
    if (q.kind == QUERY_PLAIN && is_one_of(word, conditions) && behind < q.to && p->s.p[behind] == '$')
        q.from = behind;
    take_select(p->s, &q);
    while (q.to > q.from && lex_is_space(p->s.p[q.to - 1]))
        q.to--;
    return q;
}
