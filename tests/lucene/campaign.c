/*
 * campaign.c - a draw of filters: compiled code, the naive evaluator and Lucene, held against each other.
 *
 * A filter that departs nowhere: all three say the same. One that departs: compiled code is what Lucene says
 * of its reading, in which the departing clauses alone are written otherwise; and, where the message of W202
 * or W203 has a rewrite, of that one, too. A clause refused with E108 matches nothing in Lucene. What has two
 * readings and is refused: Lucene reads it as the message says.
 */
#include <stdlib.h>
#include <string.h>

#include "lucene.h"

/* A filter that Lucene is asked about; each once. */
struct questions {
    size_t n;
    char **list;
    struct verdict *verdicts;
};

/* Its number. */
static size_t ask(struct questions *q, const char *text)
{
    q->list = realloc(q->list, (q->n + 1) * sizeof *q->list);
    if (!q->list)
        abort();
    q->list[q->n] = strdup(text);
    return q->n++;
}

/* What there is to an accepted filter. */
struct subject {
    const char *text;
    unsigned departures, said;        /* said: the warnings that were given, bits from W201 on */
    bool single;                      /* of one clause */
    size_t plain, reading, rewritten; /* questions; rewritten: NOT_ASKED */
    struct verdict compiled, naive;
};
#define NOT_ASKED SIZE_MAX

/* A refused filter with two readings, and what the message says. */
struct ambiguous {
    const char *text;
    size_t plain, first, second,
        lucene; /* questions: the filter, the rewrites, what Lucene is said to read */
    enum code code;
};

struct state {
    const struct corpus *corpus;
    struct draw draw;
    struct questions questions;
    struct subject *subjects;
    struct ambiguous *ambiguous;
    size_t *never;
    size_t shown;
    bool good;
};

static void *array_of(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);
    if (!p)
        abort();
    return p;
}

/* ---- asking ----------------------------------------------------------------------------------- */

static void add_subject(struct state *s, size_t i)
{
    struct subject *subject = &s->subjects[i];
    struct filter f = filter_read(s->draw.accepted.list[i]);
    struct reading reading = reading_of(&f);
    subject->text = s->draw.accepted.list[i];
    subject->departures = reading.departures;
    subject->single = f.tree->kind == NODE_CLAUSE;
    for (enum code code = W201; code <= W203; code++)
        subject->said |= (unsigned)filter_said(&f, code) << (code - W201);
    subject->plain = ask(&s->questions, subject->text);
    subject->reading = reading.departures ? ask(&s->questions, reading.text.p) : subject->plain;
    bool rewrites =
        reading.departures & (1u << ANY_CASE | 1u << CLASSES | 1u << CONTROLS) && reading.rewritten.n > 0;
    subject->rewritten = rewrites ? ask(&s->questions, reading.rewritten.p) : NOT_ASKED;
    subject->naive = verdict_naive(&f, s->corpus);
    free(reading.text.p);
    free(reading.rewritten.p);
    filter_free(&f);
}

/* The text between backquotes that follows `before` in the note. */
static size_t ask_quoted(struct questions *q, struct slice note, const char *before)
{
    char text[1000];
    snprintf(text, sizeof text, "%.*s", (int)note.n, note.p ? note.p : "");
    char *at = strstr(text, before), *end = at ? strchr(at + strlen(before), '`') : NULL;
    if (!end)
        return NOT_ASKED;
    *end = '\0';
    at += strlen(before);
    return strstr(at, "…") ? NOT_ASKED : ask(q, at); /* what is long is shortened in a message */
}

static void add_ambiguous(struct state *s, size_t i)
{
    struct ambiguous *a = &s->ambiguous[i];
    struct filter f = filter_read(s->draw.two.list[i]);
    a->text = s->draw.two.list[i];
    a->plain = ask(&s->questions, a->text);
    a->first = a->second = a->lucene = NOT_ASKED;
    if (f.c->n_diags > 0) {
        const struct diag *d = &f.c->diags[0];
        char rewrite[1000];
        snprintf(rewrite, sizeof rewrite, "%.*s", (int)d->rewrite.n, d->rewrite.n ? d->rewrite.p : "");
        a->code = d->code;
        a->first = d->rewrite.n ? ask(&s->questions, rewrite) : NOT_ASKED;
        a->second = ask_quoted(&s->questions, d->note, "or `");
        a->lucene = ask_quoted(&s->questions, d->note, "Lucene reads `");
    }
    filter_free(&f);
}

/* Whether it is a regex, or a `*` or `?` stands in it without a backslash. */
static bool is_pattern(const char *value)
{
    bool pattern = *value == '/';
    for (const char *p = value; *p && !pattern; p++) {
        if (*p == '\\' && p[1])
            p++;
        else
            pattern = *p == '*' || *p == '?';
    }
    return pattern;
}

/* In this index a number is one token as it is spelled, sign and all, which a pattern may meet. The message
 * speaks of words: to Elasticsearch a number has none. */
static size_t ask_never(struct questions *q, const char *clause)
{
    struct draft d = {0};
    size_t field = strcspn(clause, ":");
    draft_text(&d, clause);
    if (is_pattern(clause + field + 1)) {
        draft_text(&d, " AND NOT ");
        draft_add(&d, clause, field);
        draft_text(&d, ".numeric:[* TO *]");
    }
    size_t number = ask(q, d.p);
    free(d.p);
    return number;
}

/* ---- judging: accepted filters ---------------------------------------------------------------- */

static void show_first(const struct state *s, const struct verdict *a, const struct verdict *b,
                       const char *names)
{
    for (size_t i = 0; a->hits && b->hits && i < s->corpus->n; i++) {
        if (a->hits[i] == b->hits[i])
            continue;
        struct slice json = s->corpus->records[i]->json;
        printf("    %s: %d %d, of record %zu: %.*s\n", names, a->hits[i], b->hits[i], i + 1,
               (int)(json.n < 1500 ? json.n : 1500), json.p);
        return;
    }
}

/* A disagreement: shown, as long as they are few. */
static void blame(struct state *s, const struct subject *subject, const char *what, const struct verdict *a,
                  const struct verdict *b, size_t question)
{
    s->good = false;
    if (s->shown++ >= 25)
        return;
    printf("not ok - %s: %s\n    departures: %s\n", what, subject->text, marks_of(subject->departures).text);
    if (question != NOT_ASKED && question != subject->plain)
        printf("    given to Lucene: %s\n", s->questions.list[question]);
    if (b->error)
        printf("    Lucene: %s\n", b->error);
    show_first(s, a, b, what);
}

/* The warnings that departures are due. Several kinds may share one. */
static unsigned warnings_of(unsigned departures)
{
    unsigned codes = 0;
    for (enum departure_kind kind = 0; kind < N_DEPARTURES; kind++)
        if (departures >> kind & 1 && departure_code(kind))
            codes |= 1u << (departure_code(kind) - W201);
    return codes;
}

static bool judge(struct state *s, const struct subject *subject)
{
    const struct verdict *answers = s->questions.verdicts, *compiled = &subject->compiled;
    size_t n = s->corpus->n, shown = s->shown;
    if (!verdict_eq(compiled, &subject->naive, n))
        blame(s, subject, "compiled code and the naive evaluator", compiled, &subject->naive, NOT_ASKED);
    if (!verdict_eq(compiled, &answers[subject->reading], n))
        blame(s, subject, "compiled code and Lucene", compiled, &answers[subject->reading], subject->reading);
    if (subject->rewritten != NOT_ASKED && !verdict_eq(compiled, &answers[subject->rewritten], n))
        blame(s, subject, "compiled code and the rewrite in Lucene", compiled, &answers[subject->rewritten],
              subject->rewritten);
    if (warnings_of(subject->departures) != subject->said)
        blame(s, subject, "a departure and its warning", compiled, compiled, NOT_ASKED);
    return s->shown == shown;
}

/* A phrase's records are among those of its words. */
static bool is_among(const struct verdict *a, const struct verdict *b, size_t n)
{
    bool among = a->hits && b->hits;
    for (size_t i = 0; among && i < n; i++)
        among = !a->hits[i] || b->hits[i];
    return among;
}

static void report_kind(struct state *s, enum departure_kind kind)
{
    size_t n = 0, differ = 0, single = 0, within = 0;
    const struct verdict *answers = s->questions.verdicts;
    for (size_t i = 0; i < s->draw.accepted.n; i++) {
        const struct subject *subject = &s->subjects[i];
        const struct verdict *plain = &answers[subject->plain];
        n += subject->departures >> kind & 1;
        if (subject->departures != 1u << kind || !subject->compiled.hits)
            continue;
        differ += !verdict_eq(&subject->compiled, plain, s->corpus->n);
        single += subject->single;
        within += subject->single && is_among(&subject->compiled, plain, s->corpus->n);
    }
    enum code code = departure_code(kind);
    bool good = kind != PHRASE || within == single;
    printf("%s - %s%s", good ? "ok" : "not ok", departure_name(kind), code ? ", as warned" : "");
    printf(": %zu filters; %zu of those that depart by it alone are not what Lucene makes of them as they "
           "stand\n",
           n, differ);
    s->good = s->good && good;
}

/* A regex that re2c, or Lucene's automata, find too large: rare, and not what this is about. */
static bool is_dropped(const struct state *s, const struct subject *subject)
{
    const char *error = s->questions.verdicts[subject->reading].error;
    return subject->compiled.error || (error && strncmp(error, "Determinizing ", 14) == 0);
}

static void judge_accepted(struct state *s)
{
    size_t plain = 0, departing = 0, bad = 0, dropped = 0, matching = 0;
    for (size_t i = 0; i < s->draw.accepted.n; i++) {
        const struct subject *subject = &s->subjects[i];
        if (is_dropped(s, subject)) {
            dropped++;
            continue;
        }
        plain += !subject->departures;
        departing += subject->departures != 0;
        bad += !judge(s, subject);
        size_t count = verdict_count(&subject->compiled, s->corpus->n);
        matching += count > 0 && count < s->corpus->n;
    }
    size_t n = plain + departing;
    printf("%s - %zu filters over %zu records: compiled code, the naive evaluator and Lucene agree on %zu\n",
           bad ? "not ok" : "ok", n, s->corpus->n, n - bad);
    printf("%s - %zu filters say yes and no: %zu\n", matching * 5 >= n ? "ok" : "not ok", n, matching);
    printf("# %zu as they stand, %zu in the reading that was announced, %zu left out: a regex too large\n",
           plain, departing, dropped);
    s->good = s->good && matching * 5 >= n && dropped * 100 < n;
    for (enum departure_kind kind = 0; kind < N_DEPARTURES; kind++)
        report_kind(s, kind);
}

/* ---- judging: refused ones -------------------------------------------------------------------- */

static void judge_never(struct state *s)
{
    size_t n = s->draw.never.n, bad = 0;
    for (size_t i = 0; i < n; i++) {
        const struct verdict *v = &s->questions.verdicts[s->never[i]];
        if (verdict_count(v, s->corpus->n) == 0)
            continue;
        if (bad++ < 10)
            printf("not ok - refused as never matching, and Lucene matches: %s\n", s->draw.never.list[i]);
    }
    printf("%s - %zu clauses are refused with E108; Lucene matches nothing with %zu\n", bad ? "not ok" : "ok",
           n, n - bad);
    s->good = s->good && !bad;
}

static bool differs(const struct state *s, size_t a, size_t b)
{
    const struct verdict *answers = s->questions.verdicts;
    return b != NOT_ASKED && !verdict_eq(&answers[a], &answers[b], s->corpus->n);
}

static void judge_ambiguous(struct state *s, enum code code)
{
    size_t n = 0, bad = 0, other = 0;
    for (size_t i = 0; i < s->draw.two.n; i++) {
        const struct ambiguous *a = &s->ambiguous[i];
        if (a->code != code)
            continue;
        n++;
        other += differs(s, a->plain, a->first) || differs(s, a->plain, a->second);
        if (differs(s, a->plain, a->lucene) && bad++ < 5)
            printf("not ok - E%u on %s: Lucene does not read %s\n", (unsigned)code, a->text,
                   s->questions.list[a->lucene]);
    }
    bool good = other > 0 && !bad;
    printf("%s - E%u: %zu filters; Lucene reads %zu as the message says, and %zu unlike a rewrite that it "
           "offers\n",
           good ? "ok" : "not ok", (unsigned)code, n, n - bad, other);
    s->good = s->good && good;
}

/* ---- the whole -------------------------------------------------------------------------------- */

static bool store(const struct state *s, const char *path, uint64_t seed)
{
    struct stored stored = {.lines = array_of(s->draw.accepted.n, sizeof *stored.lines)};
    for (size_t i = 0; i < s->draw.accepted.n; i++) {
        const struct subject *subject = &s->subjects[i];
        const struct verdict *lucene = &s->questions.verdicts[subject->reading];
        if (!is_dropped(s, subject))
            stored.lines[stored.n++] =
                (struct stored_line){marks_of(subject->departures), verdict_count(lucene, s->corpus->n),
                                     verdict_hash(lucene, s->corpus->n), strdup(subject->text)};
    }
    bool good = stored_write(path, &stored, seed, s->corpus);
    stored_free(&stored);
    return good;
}

static bool compile_all(struct state *s, const struct site *site)
{
    size_t n = s->draw.accepted.n;
    struct verdict *compiled = array_of(n, sizeof *compiled);
    bool good =
        verdicts_compiled(site, n, (const char *const *)s->draw.accepted.list, s->corpus->n, compiled);
    for (size_t i = 0; i < n; i++)
        s->subjects[i].compiled = compiled[i];
    free(compiled);
    return good;
}

static void state_free(struct state *s)
{
    for (size_t i = 0; i < s->draw.accepted.n; i++) {
        verdict_free(&s->subjects[i].compiled);
        verdict_free(&s->subjects[i].naive);
    }
    for (size_t i = 0; i < s->questions.n; i++) {
        verdict_free(&s->questions.verdicts[i]);
        free(s->questions.list[i]);
    }
    free(s->questions.list);
    free(s->questions.verdicts);
    free(s->subjects);
    free(s->ambiguous);
    free(s->never);
    draw_free(&s->draw);
}

bool campaign(const struct site *site, const struct corpus *corpus, uint64_t seed, size_t n, const char *path)
{
    struct state s = {.corpus = corpus, .good = true};
    s.draw = draw_filters(corpus, seed, n);
    s.subjects = array_of(s.draw.accepted.n, sizeof *s.subjects);
    s.ambiguous = array_of(s.draw.two.n, sizeof *s.ambiguous);
    s.never = array_of(s.draw.never.n, sizeof *s.never);
    for (size_t i = 0; i < s.draw.accepted.n; i++)
        add_subject(&s, i);
    for (size_t i = 0; i < s.draw.never.n; i++)
        s.never[i] = ask_never(&s.questions, s.draw.never.list[i]);
    for (size_t i = 0; i < s.draw.two.n; i++)
        add_ambiguous(&s, i);
    s.questions.verdicts = array_of(s.questions.n, sizeof *s.questions.verdicts);
    if (verdicts_lucene(site, s.questions.n, (const char *const *)s.questions.list, corpus->n,
                        s.questions.verdicts) &&
        compile_all(&s, site)) {
        judge_accepted(&s);
        judge_never(&s);
        static const enum code codes[] = {E101, E102, E103, E106};
        for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
            judge_ambiguous(&s, codes[i]);
        s.good = (!path || store(&s, path, seed)) && s.good;
    } else {
        s.good = false;
    }
    state_free(&s);
    return s.good;
}
