/*
 * field.c - E120: fields that no CloudTrail record has, and the nearest that it has; W206.
 *
 * People misspell a field (`userIdentity.accountid`), leave out where it lies (`userName`), put something before it
 * (`detail.eventName`), or write it as another product does (`user_identity.arn`). So two paths are compared as the
 * letters and digits of their keys, in any case, from any key of either on: what is left out or put before costs,
 * and so does each letter that differs. The cheapest few are offered.
 */
#include <string.h>

#include "base/near.h"
#include "recognise.h"
#include "trail/limits.h"

enum {
    MAX_LETTERS = 160, /* of a path; longer ones are near to nothing */
    MAX_OFFERS = 3,
    LEAST_PARAMETER = 3, /* letters of a key that may be meant as a parameter */

    /* what makes a path unlike another */
    COST_LETTER = 3,  /* one letter more, less, or another */
    COST_CASE = 1,    /* the letters are the same, but for their case */
    COST_WITHIN = 2,  /* each key that was left out */
    COST_BEFORE = 4,  /* each key that was put before */
    COST_OPEN = 1,    /* it lies below an open field: it is in some records only */
    COST_RARER = 1,   /* keys were left out, and it is not about who did it */
    COST_FURTHER = 2, /* an offer that costs more than the best by this is none */
};

/* ---- paths as letters ------------------------------------------------------------------------------------ */

struct letters {
    size_t n, keys;
    size_t starts[TRAIL_MAX_DEPTH + 1]; /* where each key starts; its end is the next one's */
    char p[MAX_LETTERS];
};

static bool is_letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || (unsigned char)ch >= 0x80;
}

/* False when there are too many. */
static bool letters_of(struct slice path, struct letters *out)
{
    out->n = 0;
    out->keys = 1;
    out->starts[0] = 0;
    for (size_t i = 0; i < path.n; i++) {
        char ch = path.p[i];
        ch = (char)(ch >= 'A' && ch <= 'Z' ? ch + 32 : ch);
        if (out->n == MAX_LETTERS || out->keys == TRAIL_MAX_DEPTH)
            return false;
        if (ch == '.')
            out->starts[out->keys++] = out->n;
        else if (is_letter(ch))
            out->p[out->n++] = ch;
    }
    out->starts[out->keys] = out->n;
    return true;
}

static struct slice from_key(const struct letters *l, size_t key)
{
    return (struct slice){l->p + l->starts[key], l->n - l->starts[key]};
}

static struct slice key_of(const struct letters *l, size_t key)
{
    return (struct slice){l->p + l->starts[key], l->starts[key + 1] - l->starts[key]};
}

/* ---- how unlike two paths are ---------------------------------------------------------------------------- */

/* Of two texts; SIZE_MAX: too much. A path that was moved may be misspelt less. */
static size_t spelling_cost(struct slice a, struct slice b, bool moved)
{
    size_t longer = a.n > b.n ? a.n : b.n, shorter = a.n > b.n ? b.n : a.n;
    size_t most = longer < 4 ? 0 : moved ? longer / 8 : (longer + 1) / 4;
    if (longer - shorter > most)
        return SIZE_MAX;
    size_t distance = word_distance(a, b);
    return distance > most ? SIZE_MAX : distance * COST_LETTER;
}

/* When all keys of `a`, as they are, are keys of `b` in their order, the last one its last: those that it leaves out. */
static size_t gaps_cost(const struct letters *a, const struct letters *b)
{
    size_t matched = 0;
    if (!slice_eq(key_of(a, a->keys - 1), key_of(b, b->keys - 1)))
        return SIZE_MAX;
    for (size_t i = 0; i < b->keys && matched < a->keys; i++)
        matched += slice_eq(key_of(a, matched), key_of(b, i));
    bool who = slice_eq(key_of(b, 0), SLICE("useridentity"));
    return matched < a->keys ? SIZE_MAX : (b->keys - a->keys) * COST_WITHIN + (who ? 0 : COST_RARER);
}

/* Whether each key is near the one in its place, where there are as many. */
static bool keys_are_near(const struct letters *a, const struct letters *b)
{
    for (size_t i = 0; i < a->keys && a->keys == b->keys; i++) {
        struct slice x = key_of(a, i), y = key_of(b, i);
        if (word_distance(x, y) > ((x.n > y.n ? x.n : y.n) + 2) / 3)
            return false;
    }
    return true;
}

static size_t path_cost(const struct letters *a, const struct letters *b)
{
    bool who = slice_eq(key_of(b, 0), SLICE("useridentity"));
    size_t best = gaps_cost(a, b);
    for (size_t i = 0; i < a->keys; i++) {
        for (size_t k = 0; k < b->keys; k++) {
            size_t cost = spelling_cost(from_key(a, i), from_key(b, k), i + k > 0);
            if ((i + k == 0 && !keys_are_near(a, b)) || (i > 0 && k > 0 && cost > 0))
                cost = SIZE_MAX;
            if (cost != SIZE_MAX)
                cost += i * COST_BEFORE + k * COST_WITHIN + (k > 0 && !who ? COST_RARER : 0);
            best = cost < best ? cost : best;
        }
    }
    return best;
}

/* ---- offers ------------------------------------------------------------------------------------------------ */

struct offers {
    size_t n;
    struct offer {
        struct slice path;
        size_t cost;
    } list[MAX_OFFERS];
};

static void offer(struct offers *offers, struct slice path, size_t cost)
{
    size_t at = offers->n;
    for (size_t i = 0; i < offers->n; i++)
        if (slice_eq(offers->list[i].path, path))
            return;
    while (at > 0 && offers->list[at - 1].cost > cost)
        at--;
    if (at == MAX_OFFERS)
        return;
    if (offers->n < MAX_OFFERS)
        offers->n++;
    for (size_t i = offers->n - 1; i > at; i--)
        offers->list[i] = offers->list[i - 1];
    offers->list[at] = (struct offer){path, cost};
}

static bool ends_in_key(struct slice path, struct slice key)
{
    return path.n >= key.n && memcmp(path.p + path.n - key.n, key.p, key.n) == 0;
}

static void offer_fields(const struct path *path, const struct letters *written, struct offers *offers)
{
    size_t n;
    const struct field *fields = catalogue_fields(&n);
    for (size_t i = 0; i < n; i++) {
        struct slice name = slice_of(fields[i].path);
        struct letters known;
        size_t cost = letters_of(name, &known) ? path_cost(written, &known) : SIZE_MAX;
        if (cost == SIZE_MAX)
            continue;
        cost += ends_in_key(name, path->keys[path->n - 1]) ? 0 : COST_CASE;
        const char *dot = strrchr(fields[i].path, '.');
        struct path above = {.name = {name.p, dot ? (size_t)(dot - name.p) : 0}};
        bool below_open = dot && catalogue_field(&above)->kind == FIELD_OPEN;
        offer(offers, name, cost + (below_open ? COST_OPEN : 0));
    }
}

/* A single key that some API has as a parameter; as it is written, if one has it so. */
static void offer_parameter(struct compile *c, const struct path *path, const struct letters *written,
                            struct offers *offers)
{
    const struct catalogue *known = catalogue(c);
    struct slice best = {0};
    bool same = false;
    for (size_t i = 0; i < known->n_words && path->n == 1 && written->n >= LEAST_PARAMETER && !same; i++) {
        struct letters word;
        if (known->words[i].n < written->n || !letters_of(known->words[i], &word) ||
            !slice_eq(from_key(&word, 0), from_key(written, 0)))
            continue;
        best = known->words[i];
        same = slice_eq(best, path->keys[0]);
    }
    if (best.n > 0)
        offer(offers, diag_format(c, "requestParameters.%.*s", SHOW(best)),
              COST_WITHIN + COST_RARER + (same ? 0 : COST_CASE));
}

/* What lies below a misspelt open field is taken as it is, unless a known one is as near. */
static void offer_open(struct compile *c, const struct path *path, const struct letters *written,
                       struct offers *offers)
{
    size_t n;
    const struct field *fields = catalogue_fields(&n);
    for (size_t i = 0; i < n && path->n > 1; i++) {
        struct letters root;
        if (fields[i].kind != FIELD_OPEN || strchr(fields[i].path, '.') ||
            !letters_of(slice_of(fields[i].path), &root))
            continue;
        size_t cost = spelling_cost(key_of(written, 0), from_key(&root, 0), false);
        struct slice rest = {path->name.p + path->keys[0].n, path->name.n - path->keys[0].n};
        bool best =
            cost != SIZE_MAX && (offers->n == 0 || cost + COST_CASE + COST_OPEN < offers->list[0].cost);
        if (best)
            offer(offers, diag_format(c, "%s%.*s", fields[i].path, SHOW(rest)), cost + COST_CASE + COST_OPEN);
    }
}

/* What Elastic's agents and others call CloudTrail's fields. */
static void offer_synonym(const struct path *path, struct offers *offers)
{
    static const char *const synonyms[][2] = {
        {"@timestamp", "eventTime"},
        {"timestamp", "eventTime"},
        {"_time", "eventTime"},
        {"event.action", "eventName"},
        {"event.provider", "eventSource"},
        {"event.id", "eventID"},
        {"source", "sourceIPAddress"}, /* of source.ip, the last part is a view */
        {"source.address", "sourceIPAddress"},
        {"src_ip", "sourceIPAddress"},
        {"src", "sourceIPAddress"},
        {"user.name", "userIdentity.userName"},
        {"user.id", "userIdentity.principalId"},
        {"user", "userIdentity.userName"},
        {"user_agent.original", "userAgent"},
        {"http_user_agent", "userAgent"},
        {"cloud.region", "awsRegion"},
        {"region", "awsRegion"},
        {"cloud.account.id", "recipientAccountId"},
        {"account", "recipientAccountId"},
        {"error.code", "errorCode"},
        {"error.message", "errorMessage"},
    };
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        if (slice_eq(path->name, slice_of(synonyms[i][0])))
            offer(offers, slice_of(synonyms[i][1]), 0);
}

/* ---- E120 -------------------------------------------------------------------------------------------------- */

/* Paths are interned by their use in a pack; this one is only shown. */
static struct path shown_path(struct compile *c, struct slice name)
{
    struct path path = {.name = name};
    for (size_t from = 0, i = 0; i <= name.n; i++) {
        if (i < name.n && name.p[i] != '.')
            continue;
        *PUSH(c, path.keys, path.n) = (struct slice){name.p + from, i - from};
        from = i + 1;
    }
    return path;
}

/* The first key that is not known. */
static size_t unknown_key(const struct path *path)
{
    size_t to = path->keys[0].n;
    for (size_t i = 0; i + 1 < path->n; i++) {
        struct path above = {.name = {path->name.p, to}};
        if (!catalogue_field(&above))
            return i;
        to += 1 + path->keys[i + 1].n;
    }
    return path->n - 1;
}

struct slice field_as_is(struct compile *c, const struct path *path, size_t depth, const char *view)
{
    struct buffer b = {.c = c};
    for (size_t i = 0; i < path->n; i++) {
        struct path one = {.n = 1, .keys = &path->keys[i]};
        struct slice key = field_text(c, &one, "");
        buffer_printf(&b, "%s%s%.*s", i ? "." : "", i == depth ? "\\" : "", SHOW(key));
    }
    buffer_printf(&b, "%s%s", *view ? "." : "", view);
    return buffer_slice(&b);
}

static void say_unknown(struct compile *c, const struct named_path *named)
{
    const struct path *path = named->path;
    const char *view = named->view == VIEW_TEXT ? "" : view_name(named->view);
    struct slice name = clipped(c, path->name);
    struct slice marked = clipped(c, field_as_is(c, path, unknown_key(path), ""));
    const char *other =
        diag_format(c,
                    "`%.*s` is taken as it is, for a field that is new; `schema: none` in the pack's "
                    "header takes every field, of any log",
                    SHOW(marked))
            .p;
    struct diag *d = diag(c, E120, named->loc, "no CloudTrail record has a field `%.*s`", SHOW(name));
    struct letters written;
    struct offers offers = {0};
    d->note = slice_of(other);
    if (slice_eq(path->name, SLICE("_missing_"))) {
        d->note = SLICE("a field that is not there is `NOT _exists_:field`");
        return;
    }
    if (!wants_rewrite(c) || !letters_of(path->name, &written))
        return;
    offer_synonym(path, &offers);
    offer_fields(path, &written, &offers);
    offer_parameter(c, path, &written, &offers);
    offer_open(c, path, &written, &offers);
    bool moved = offers.n > 0 && offers.list[0].cost > COST_CASE;
    struct buffer note = {.c = c};
    for (size_t i = 0; i < offers.n; i++) {
        struct path near = shown_path(c, offers.list[i].path);
        struct slice field = named->key ? near.name : field_text(c, &near, view);
        if (i == 0)
            d->rewrite = field;
        else if (moved && offers.list[i].cost <= offers.list[0].cost + COST_FURTHER)
            buffer_printf(&note, "%s%.*s", i == 1 ? "or " : ", ", SHOW(field));
    }
    if (d->rewrite.n)
        d->fix = (struct fix){.loc = named->loc, .text = d->rewrite, .inside = true};
    buffer_printf(&note, "%s%s", note.n ? "; " : "", other);
    d->note = buffer_slice(&note);
}

/* Filters that have other errors have no tree, but their fields were read. */
void recognise_named(struct compile *c)
{
    for (size_t i = 0; i < c->n_named; i++) {
        const struct named_path *named = &c->named[i];
        /* Labels are what a pipeline adds to a record. */
        bool label =
            named->key && (strcmp(named->key, "application") == 0 || strcmp(named->key, "subsystem") == 0);
        if (!label && !named->as_is && !catalogue_field(named->path))
            say_unknown(c, named);
    }
}

/* ---- W206 -------------------------------------------------------------------------------------------------- */

static void add_bound(struct buffer *b, const struct bound *bound, bool in_quotes)
{
    const char *quote = in_quotes && !bound->open ? "\"" : "";
    buffer_printf(b, "%s%.*s%s", quote, bound->open ? 1 : (int)bound->value.n,
                  bound->open ? "*" : bound->value.p, quote);
}

static struct slice range_text(struct compile *c, const struct clause *clause, bool in_quotes)
{
    struct buffer b = {.c = c};
    buffer_char(&b, clause->low.inclusive || clause->low.open ? '[' : '{');
    add_bound(&b, &clause->low, in_quotes);
    buffer_text(&b, " TO ");
    add_bound(&b, &clause->high, in_quotes);
    buffer_char(&b, clause->high.inclusive || clause->high.open ? ']' : '}');
    return buffer_slice(&b);
}

static void check_bounds(const struct recognise *r, const struct clause *clause, const struct field *field)
{
    if (clause->kind != CLAUSE_RANGE || clause->view != VIEW_TEXT || !clause->numeric)
        return;
    if (field->kind != FIELD_TEXT && field->kind != FIELD_TIME)
        return;
    struct slice name = clipped(r->c, clause->path->name);
    struct diag *d = diag(r->c, W206, clause->value_loc, "`%.*s` is %s, and the bounds are numbers",
                          SHOW(name), field->kind == FIELD_TIME ? "a time" : "text");
    struct slice number = range_text(r->c, clause, false), text = range_text(r->c, clause, true);
    struct slice plain = field_text(r->c, clause->path, "");
    struct slice by_value = diag_format(r->c, "%.*s.numeric:%.*s", SHOW(plain), SHOW(number));
    struct slice by_text = diag_format(r->c, "%.*s:%.*s", SHOW(plain), SHOW(text));
    suggest(r->c, d, field->kind == FIELD_TIME ? by_text : by_value, TRY_CHECK);
    fix_clause(r->c, clause, d);
    d->note = field->kind == FIELD_TIME
                  ? SLICE("the rewrite compares as text, as Elasticsearch does: times in order")
                  : diag_format(r->c, "the rewrite compares numbers; `%.*s` text, as Elasticsearch does",
                                SHOW(by_text));
}

void recognise_field(const struct recognise *r, const struct clause *clause)
{
    const struct field *field = catalogue_field(clause->path);
    if (field && slice_eq(slice_of(field->path), clause->path->name))
        check_bounds(r, clause, field);
}

struct slice field_with_key(struct compile *c, const struct clause *clause, size_t depth, struct slice key)
{
    struct path path = {.n = clause->path->n, .keys = NEW_ARRAY(c, struct slice, clause->path->n)};
    memcpy(path.keys, clause->path->keys, path.n * sizeof *path.keys);
    path.keys[depth] = key;
    return field_text(c, &path, clause->view == VIEW_TEXT ? "" : view_name(clause->view));
}

void note_as_is(struct compile *c, struct diag *d, const struct clause *clause, size_t depth)
{
    const char *view = clause->view == VIEW_TEXT ? "" : view_name(clause->view);
    struct slice field = clipped(c, field_as_is(c, clause->path, depth, view));
    d->note = diag_format(c, "%.*s%s`%.*s:` is not held against what trailc knows", SHOW(d->note),
                          d->note.n ? "; " : "", SHOW(field));
}
