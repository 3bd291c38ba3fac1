/*
 * extract.c - renders what hits carry.
 *
 * The record's fields are collected once for all of its hits. A whole event that several alerts show is
 * rendered once.
 */
#include "extract.h"

#include <stdlib.h>
#include <string.h>

#include "window/window.h"
#include "json/elements.h"
#include "json/json_text.h"

/* One value of a field, as it stands in the record. */
struct value {
    unsigned field;
    struct trail_slice json;
    bool plain; /* a string of printable ASCII without escapes: canonical as it stands */
};

/* The different values of one field, rendered one behind the other. */
struct distinct {
    struct trail_text bytes;
    struct part at[TRAIL_MAX_TUPLES];
    size_t n;
};

/* What does not change from hit to hit of an alert. */
struct traits {
    bool by_application; /* the input's label is its group */
    bool renders_fields; /* some condition fires on an event */
    uint64_t *fields;    /* that its hits carry, a bit for each */
};

struct extract {
    const struct trail_pack *pack;
    bool render, failed;
    bool events; /* whole, behind the fields */
    struct traits *traits;
    struct trail_text names; /* of fields, as `"name":`, one behind the other */
    struct part *name;       /* of each field, in `names` */
    size_t words;            /* of a set of fields */
    uint64_t *sets;          /* the traits' sets, and `wanted` */
    uint64_t *wanted;        /* of the record that is being read */
    struct trail_slice record;
    struct part whole; /* the record rendered, in the chunk that gets its hits; n 0: not yet */
    struct value *values;
    size_t n, room;
    struct trail_text scratch;
    size_t max_group;
    struct distinct *group; /* max_group */
    size_t *at;             /* max_group: the tuple that is being written */
    struct distinct breakdown;
};

static struct traits traits_of(const struct trail_alert *alert)
{
    struct traits traits = {.by_application = window_by_application(alert)};
    for (size_t i = 0; i < alert->n_conditions; i++)
        if (alert->conditions[i].when != TRAIL_LESS_THAN && alert->conditions[i].when != TRAIL_AT_MOST)
            traits.renders_fields = true;
    return traits;
}

static void add_fields_to(uint64_t *set, const struct trail_fields *fields)
{
    for (size_t i = 0; i < fields->n; i++)
        trail_set(set, fields->ids[i]);
}

/* Which fields each alert's hits carry. False: no memory. */
static bool find_fields(struct extract *x)
{
    x->words = x->pack->n_fields / 64 + 1;
    x->sets = calloc((x->pack->n_alerts + 1) * x->words, sizeof *x->sets);
    if (!x->sets)
        return false;
    for (size_t i = 0; i < x->pack->n_alerts; i++) {
        const struct trail_alert *a = &x->pack->alerts[i];
        struct traits *traits = &x->traits[i];
        traits->fields = x->sets + i * x->words;
        add_fields_to(traits->fields, &a->group_by);
        if (x->render)
            add_fields_to(traits->fields, &a->breakdown);
        if (x->render && traits->renders_fields)
            add_fields_to(traits->fields, &a->show);
        for (unsigned field = 0; field < TRAIL_FIELDS_FIXED; field++)
            trail_set(traits->fields, field);
    }
    x->wanted = x->sets + x->pack->n_alerts * x->words;
    return true;
}

/* Every field's name as the key of an object. False: no memory. */
static bool write_names(struct extract *x)
{
    x->name = calloc(x->pack->n_fields + 1, sizeof *x->name);
    for (size_t i = 0; x->name && i < x->pack->n_fields; i++) {
        const char *field = x->pack->fields[i];
        x->name[i].at = x->names.n;
        if (field) {
            trail_json_quote(&x->names, (struct trail_slice){field, strlen(field)});
            trail_text_add(&x->names, ":", 1);
        }
        x->name[i].n = x->names.n - x->name[i].at;
    }
    return x->name && !x->names.failed;
}

struct extract *extract_new(const struct trail_pack *pack, bool render)
{
    struct extract *x = calloc(1, sizeof *x);
    if (!x)
        return NULL;
    x->pack = pack;
    x->render = render;
    x->max_group = 1;
    for (size_t i = 0; i < pack->n_alerts; i++)
        if (pack->alerts[i].group_by.n > x->max_group)
            x->max_group = pack->alerts[i].group_by.n;
    x->group = calloc(x->max_group, sizeof *x->group);
    x->at = calloc(x->max_group, sizeof *x->at);
    x->traits = calloc(pack->n_alerts + 1, sizeof *x->traits);
    if (!x->group || !x->at || !x->traits) {
        extract_free(x);
        return NULL;
    }
    for (size_t i = 0; i < pack->n_alerts; i++)
        x->traits[i] = traits_of(&pack->alerts[i]);
    if (!find_fields(x) || !write_names(x)) {
        extract_free(x);
        return NULL;
    }
    return x;
}

void extract_with_events(struct extract *x)
{
    x->events = true;
}

void extract_free(struct extract *x)
{
    if (!x)
        return;
    for (size_t i = 0; x->group && i < x->max_group; i++)
        trail_text_free(&x->group[i].bytes);
    trail_text_free(&x->breakdown.bytes);
    trail_text_free(&x->scratch);
    trail_text_free(&x->names);
    free(x->name);
    free(x->group);
    free(x->at);
    free(x->traits);
    free(x->sets);
    free(x->values);
    free(x);
}

/* ---- collecting --------------------------------------------------------------------------- */

/* value.plain */
static bool is_plain(struct trail_slice json)
{
    if (json.n < 2 || *json.p != '"')
        return false;
    const char *end = json.p + json.n - 1;
    return trail_json_safe_run(json.p + 1, end) == json.n - 2 && *end == '"';
}

static void collect(void *user, unsigned field, struct trail_slice json)
{
    struct extract *x = user;
    if (x->n == x->room) {
        size_t room = x->room ? x->room * 2 : 64;
        struct value *grown = realloc(x->values, room * sizeof *grown);
        if (!grown) {
            x->failed = true;
            return;
        }
        x->values = grown;
        x->room = room;
    }
    x->values[x->n++] = (struct value){field, json, is_plain(json)};
}

bool extract_record(struct extract *x, struct trail_match *m, const char *record, size_t n)
{
    x->record = (struct trail_slice){record, n};
    x->whole = (struct part){0, 0};
    x->n = 0;
    x->failed = false;
    memset(x->wanted, 0, x->words * sizeof *x->wanted);
    for (size_t word = 0; word <= x->pack->n_alerts / 64; word++)
        for (uint64_t bits = m->hits[word]; bits; bits &= bits - 1)
            for (size_t w = 0; w < x->words; w++)
                x->wanted[w] |= x->traits[word * 64 + (size_t)__builtin_ctzll(bits)].fields[w];
    m->fields = x->wanted;
    x->pack->fields_of(m, record, n, collect, x);
    return !x->failed;
}

/* ---- rendering ---------------------------------------------------------------------------- */

static void add(struct trail_text *to, const char *text)
{
    trail_text_add(to, text, strlen(text));
}

static void add_key(const struct extract *x, struct trail_text *to, unsigned field)
{
    trail_text_add(to, x->names.p + x->name[field].at, x->name[field].n);
}

/* Undoes a string's escapes into x->scratch; any other value as it is. */
static struct trail_slice plain_text(struct extract *x, struct trail_slice json)
{
    struct trail_slice inside = trail_inside(json);
    if (!trail_is_string(json) || !memchr(inside.p, '\\', inside.n))
        return inside;
    x->scratch.n = 0;
    trail_text_add(&x->scratch, inside.p, inside.n);
    if (x->scratch.failed) {
        x->failed = true;
        return (struct trail_slice){"", 0};
    }
    return (struct trail_slice){x->scratch.p, trail_json_unescape(x->scratch.p, inside.p, inside.n)};
}

/* A value so that equal ones are equal bytes. */
static void add_canonical(struct extract *x, struct trail_text *to, struct trail_slice json)
{
    if (trail_is_string(json))
        trail_json_quote(to, plain_text(x, json));
    else
        trail_json_rewrite(to, json);
}

/* Whether the last text of d was there before. */
static bool is_repeated(const struct distinct *d, struct part last)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->at[i].n == last.n && memcmp(d->bytes.p + d->at[i].at, d->bytes.p + last.at, last.n) == 0)
            return true;
    return false;
}

/* The text behind `from` is one more value, unless it was there before. */
static void note_value(struct extract *x, struct distinct *d, size_t from)
{
    struct part last = {from, d->bytes.n - from};
    if (d->bytes.failed)
        x->failed = true;
    else if (is_repeated(d, last))
        d->bytes.n = from;
    else
        d->at[d->n++] = last;
}

/* Adds the different ones of the values that a field's JSON stands for. */
static void add_distinct(struct extract *x, struct distinct *d, const struct value *of)
{
    struct trail_elements e;
    struct trail_slice value;
    size_t from = d->bytes.n;
    if (of->plain) {
        if (d->n == TRAIL_MAX_TUPLES)
            return;
        trail_text_add(&d->bytes, of->json.p, of->json.n);
        note_value(x, d, from);
        return;
    }
    trail_values_start(&e, of->json);
    while (d->n < TRAIL_MAX_TUPLES && !x->failed && trail_values_next(&e, &value)) {
        from = d->bytes.n;
        add_canonical(x, &d->bytes, value);
        note_value(x, d, from);
    }
}

static void find_distinct(struct extract *x, unsigned field, struct distinct *d)
{
    d->n = d->bytes.n = 0;
    for (size_t i = 0; i < x->n && !x->failed; i++)
        if (x->values[i].field == field)
            add_distinct(x, d, &x->values[i]);
}

/* The first that a field's JSON stands for. False: there is none. */
static bool first_value(const struct value *of, struct trail_slice *to)
{
    struct trail_elements e;
    *to = of->json;
    if (of->plain)
        return true;
    trail_values_start(&e, of->json);
    return trail_values_next(&e, to);
}

bool extract_text(struct extract *x, unsigned field, struct trail_text *to)
{
    struct trail_slice value;
    to->n = 0;
    for (size_t i = 0; i < x->n; i++) {
        if (x->values[i].field != field)
            continue;
        if (!first_value(&x->values[i], &value))
            continue;
        value = plain_text(x, value);
        trail_text_add(to, value.p, value.n);
        break;
    }
    return !to->failed && !x->failed;
}

/* ---- what a hit carries ------------------------------------------------------------------- */

/* {"sourceIPAddress":["192.0.2.1"]}; n 0 when no field has a value. */
static struct part add_breakdown(struct extract *x, const struct trail_alert *alert, struct chunk *c)
{
    size_t from = c->bytes.n, found = 0;
    for (size_t i = 0; i < alert->breakdown.n; i++) {
        struct distinct *d = &x->breakdown;
        find_distinct(x, alert->breakdown.ids[i], d);
        if (d->n == 0)
            continue;
        add(&c->bytes, found++ ? "," : "{");
        add_key(x, &c->bytes, alert->breakdown.ids[i]);
        for (size_t k = 0; k < d->n; k++) {
            add(&c->bytes, k ? "," : "[");
            trail_text_add(&c->bytes, d->bytes.p + d->at[k].at, d->at[k].n);
        }
        add(&c->bytes, "]");
    }
    if (found)
        add(&c->bytes, "}");
    return chunk_part(c, from);
}

/* The values of one shown field: one as it is, several as an array. How many there were. */
static size_t add_shown(struct extract *x, struct trail_text *to, unsigned field, bool first)
{
    size_t n = 0, open = 0;
    for (size_t i = 0; i < x->n; i++) {
        struct trail_slice any;
        if (x->values[i].field != field)
            continue;
        if (!first_value(&x->values[i], &any))
            continue;
        if (n == 0) {
            add(to, first ? "{" : ",");
            add_key(x, to, field);
            open = to->n;
        } else if (n == 1) {
            trail_text_add(to, " ", 1); /* room for the bracket */
            if (to->failed)
                return n;
            memmove(to->p + open + 1, to->p + open, to->n - 1 - open);
            to->p[open] = '[';
        }
        if (n)
            add(to, ",");
        if (x->values[i].plain)
            trail_text_add(to, x->values[i].json.p, x->values[i].json.n);
        else
            trail_json_rewrite(to, x->values[i].json);
        n++;
    }
    if (n > 1)
        add(to, "]");
    return n;
}

/* The whole event, rendered once for all hits. */
static struct part whole_event(struct extract *x, struct chunk *c)
{
    size_t from = c->bytes.n;
    if (x->whole.n == 0) {
        trail_json_rewrite(&c->bytes, x->record);
        x->whole = chunk_part(c, from);
    }
    return x->whole;
}

static struct part add_fields(struct extract *x, const struct trail_alert *alert, struct chunk *c)
{
    if (alert->show.n == 0)
        return whole_event(x, c);
    size_t from = c->bytes.n, shown = 0;
    for (size_t i = 0; i < alert->show.n; i++)
        shown += add_shown(x, &c->bytes, alert->show.ids[i], shown == 0) > 0;
    add(&c->bytes, shown ? "}" : "{}");
    if (x->events)
        trail_json_rewrite(&c->bytes, x->record);
    return chunk_part(c, from);
}

/* One tuple of group values: x->at[i] is the index of the i-th field's. An absent value is null. */
static struct part add_tuple(struct extract *x, const struct trail_alert *alert, struct chunk *c)
{
    size_t from = c->bytes.n;
    add(&c->bytes, "{");
    for (size_t i = 0; i < alert->group_by.n; i++) {
        const struct distinct *d = &x->group[i];
        if (i)
            add(&c->bytes, ",");
        add_key(x, &c->bytes, alert->group_by.ids[i]);
        if (d->n)
            trail_text_add(&c->bytes, d->bytes.p + d->at[x->at[i]].at, d->at[x->at[i]].n);
        else
            add(&c->bytes, "null");
    }
    add(&c->bytes, "}");
    return chunk_part(c, from);
}

static bool add_found(struct chunk *c, const struct found *found)
{
    struct found *f = chunk_add_found(c);
    if (f)
        *f = *found;
    return f != NULL;
}

/* All tuples, the last field's values changing fastest, within the bounds of extract.h. */
static void add_tuples(struct extract *x, const struct trail_alert *alert, struct found found,
                       struct chunk *c)
{
    size_t from = c->bytes.n;
    for (size_t i = 0; i < alert->group_by.n; i++) {
        find_distinct(x, alert->group_by.ids[i], &x->group[i]);
        x->at[i] = 0;
    }
    for (size_t tuple = 0; tuple < TRAIL_MAX_TUPLES && c->bytes.n - from <= TRAIL_MAX_RECORD; tuple++) {
        found.group = add_tuple(x, alert, c);
        if (x->failed || !add_found(c, &found))
            return;
        size_t i = alert->group_by.n;
        while (i && ++x->at[i - 1] >= x->group[i - 1].n)
            x->at[--i] = 0;
        if (i == 0)
            return;
    }
}

/* The group of an alert that has no group_by. */
static struct part add_label(const struct traits *traits, struct trail_slice application, struct chunk *c)
{
    if (!traits->by_application)
        return chunk_add_text(c, (struct trail_slice){"{}", 2});
    size_t from = c->bytes.n;
    window_add_application(&c->bytes, application);
    return chunk_part(c, from);
}

bool extract_presence(struct extract *x, size_t alert, struct trail_slice application, struct chunk *c)
{
    struct found found = {.alert = alert, .presence = true};
    found.group = add_label(&x->traits[alert], application, c);
    return add_found(c, &found) && !c->bytes.failed;
}

bool extract_hits(struct extract *x, size_t alert, struct trail_slice application, struct chunk *c)
{
    const struct trail_alert *a = &x->pack->alerts[alert];
    struct found found = {.alert = alert};
    if (x->render) {
        found.breakdown = add_breakdown(x, a, c);
        if (x->traits[alert].renders_fields)
            found.fields = add_fields(x, a, c);
        else
            found.fields = chunk_add_text(c, (struct trail_slice){"{}", 2});
    } else {
        found.fields = chunk_add_text(c, (struct trail_slice){"{}", 2});
    }
    if (a->group_by.n) {
        add_tuples(x, a, found, c);
    } else {
        found.group = add_label(&x->traits[alert], application, c);
        add_found(c, &found);
    }
    return !x->failed && !c->failed && !c->bytes.failed;
}
