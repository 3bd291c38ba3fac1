/*
 * output.c - what the callbacks get, as text: a line of JSON, or a block for a person's terminal.
 *
 * Needs texts as trail.h describes them. Guarantees that nothing that a log put into them is more than data
 * in the result: JSON strings are quoted by trail_json_quote(), everything for a terminal goes through
 * terminal.h.
 *
 * A block:
 *
 *     ● P2  Too many console login failures  2026-01-01T10:09:00Z
 *           101 in 10m, more than 100
 *           first event          2026-01-01T10:00:12Z
 *           sourceIPAddress      198.51.100.7  ████████████████████████  98
 *                                203.0.113.9   ▊                         3
 *           requestParameters    groupName: super-admins
 *                                userName: build-bot
 *           source               logs/a.json.gz, record 17
 *
 * A hit is a line, with the event's fields below it as in a block when they are asked for:
 *
 *     2026-01-01T10:09:00Z  new-admin  6f1c0e9a-…  logs/a.json.gz, record 17
 */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "terminal.h"
#include "trail/trail.h"
#include "window/timestamp.h"
#include "json/elements.h"

static struct trail_slice text_of(const char *s)
{
    return (struct trail_slice){s, s ? strlen(s) : 0};
}

/* ---- JSON --------------------------------------------------------------------------------- */

/* An object that is being built; `failed` once memory ran out. */
struct object {
    cJSON *json;
    struct trail_text scratch;
    bool failed;
};

static void add_item(struct object *o, const char *key, cJSON *item)
{
    if (!item || !cJSON_AddItemToObjectCS(o->json, key, item)) {
        cJSON_Delete(item);
        o->failed = true;
    }
}

/* Takes the scratch text as a value. */
static cJSON *take_scratch(struct object *o)
{
    trail_text_add(&o->scratch, "", 1);
    cJSON *item = o->scratch.failed ? NULL : cJSON_CreateRaw(o->scratch.p);
    o->scratch.n = 0;
    return item;
}

static cJSON *quoted(struct object *o, struct trail_slice text)
{
    trail_json_quote(&o->scratch, text);
    return take_scratch(o);
}

static void add_raw(struct object *o, const char *key, struct trail_slice json)
{
    trail_text_add(&o->scratch, json.p, json.n);
    add_item(o, key, take_scratch(o));
}

static void add_text(struct object *o, const char *key, struct trail_slice text)
{
    add_item(o, key, quoted(o, text));
}

/* cJSON's own numbers are doubles. */
static void add_number(struct object *o, const char *key, uint64_t n)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, n);
    add_item(o, key, cJSON_CreateRaw(digits));
}

/* `12`, `3.5`: with a decimal where it is not 0. */
static int format_real(char text[32], double x)
{
    uint64_t tenths = x < 1e17 ? (uint64_t)(x * 10 + 0.5) : (uint64_t)1e18;
    int n = snprintf(text, 32, "%" PRIu64, tenths / 10);
    return tenths % 10 ? n + snprintf(text + n, 32 - (size_t)n, ".%" PRIu64, tenths % 10) : n;
}

static void add_usual(struct object *o, const struct trail_usual *usual)
{
    char text[32];
    const double band[] = {usual->low, usual->high};
    format_real(text, usual->expected);
    add_item(o, "expected", cJSON_CreateRaw(text));
    cJSON *array = cJSON_CreateArray();
    for (size_t i = 0; array && i < 2; i++) {
        format_real(text, band[i]);
        if (!cJSON_AddItemToArray(array, cJSON_CreateRaw(text)))
            o->failed = true;
    }
    add_item(o, "band", array);
}

static void add_time(struct object *o, const char *key, int64_t time)
{
    char text[TRAIL_TIME_ROOM];
    if (time == TRAIL_NO_TIME)
        add_item(o, key, cJSON_CreateNull());
    else
        add_text(o, key, (struct trail_slice){text, trail_time_format(text, time)});
}

static void add_strings(struct object *o, const char *key, const struct trail_strings *strings)
{
    cJSON *array = cJSON_CreateArray();
    for (size_t i = 0; array && i < strings->n; i++)
        if (!cJSON_AddItemToArray(array, quoted(o, text_of(strings->list[i]))))
            o->failed = true;
    add_item(o, key, array);
}

/* An object inside another: begin, add its members to `inner`, end. */
static struct object begin_object(void)
{
    struct object o = {.json = cJSON_CreateObject()};
    o.failed = !o.json;
    return o;
}

static void end_object(struct object *outer, const char *key, struct object *inner)
{
    add_item(outer, key, inner->json);
    trail_text_free(&inner->scratch);
    outer->failed |= inner->failed;
}

static void add_source(struct object *o, const struct trail_source *source)
{
    if (!source->path) {
        add_item(o, "source", cJSON_CreateNull());
        return;
    }
    struct object inner = begin_object();
    add_text(&inner, "path", text_of(source->path));
    add_number(&inner, "record", source->record);
    if (source->application)
        add_text(&inner, "application", text_of(source->application));
    end_object(o, "source", &inner);
}

static void add_window(struct object *o, int64_t from, int64_t to)
{
    if (from == TRAIL_NO_TIME) {
        add_item(o, "window", cJSON_CreateNull());
        return;
    }
    struct object inner = begin_object();
    add_time(&inner, "from", from);
    add_time(&inner, "to", to);
    end_object(o, "window", &inner);
}

/* Adds the object's text to `to` and frees it. */
static void finish_json(struct object *o, struct trail_text *to)
{
    char *line = o->failed ? NULL : cJSON_PrintUnformatted(o->json);
    if (line)
        trail_text_add(to, line, strlen(line));
    else
        to->failed = true;
    cJSON_free(line);
    cJSON_Delete(o->json);
    trail_text_free(&o->scratch);
}

void trail_fired_json(const struct trail_pack *pack, const struct trail_fired *f, struct trail_text *to)
{
    struct object o = begin_object();
    char priority[] = {'P', (char)('0' + f->priority % 10), 0};
    add_text(&o, "alert", text_of(f->alert->name));
    add_text(&o, "id", text_of(f->alert->id));
    add_text(&o, "priority", text_of(priority));
    add_text(&o, "state", text_of(f->state == TRAIL_FIRING ? "firing" : "resolved"));
    add_text(&o, "reason", text_of(f->reason));
    add_raw(&o, "group", f->group);
    add_number(&o, "count", f->count);
    if (f->usual)
        add_usual(&o, f->usual);
    if (f->held_back)
        add_number(&o, "held_back", f->held_back);
    add_window(&o, f->window_from, f->window_to);
    add_time(&o, "first_event", f->first_event);
    add_time(&o, "last_event", f->last_event);
    add_raw(&o, "breakdown", f->breakdown);
    add_raw(&o, "fields", f->fields);
    add_raw(&o, "event_ids", f->event_ids);
    add_text(&o, "dedup_key", text_of(f->dedup_key));
    add_source(&o, &f->source);
    add_strings(&o, "tags", &f->alert->tags);
    struct object inner = begin_object();
    add_text(&inner, "name", text_of(pack->name));
    add_text(&inner, "hash", text_of(pack->hash));
    end_object(&o, "pack", &inner);
    finish_json(&o, to);
}

void trail_hit_json(const struct trail_hit *hit, bool with_event, struct trail_text *to)
{
    struct object o = begin_object();
    add_text(&o, "id", text_of(hit->alert->id));
    add_time(&o, "time", hit->time);
    add_source(&o, &hit->source);
    if (hit->event_id.n)
        add_text(&o, "event_id", hit->event_id);
    else
        add_item(&o, "event_id", cJSON_CreateNull());
    if (with_event) {
        trail_json_rewrite(&o.scratch, hit->event);
        add_item(&o, "event", take_scratch(&o));
    }
    finish_json(&o, to);
}

/* ---- for a terminal ----------------------------------------------------------------------- */

enum {
    LABEL_COLUMNS = 36, /* of a row's name */
    VALUE_COLUMNS = 90, /* of a row's value: one that is wider is broken into its members, or cut */
    VALUE_ROWS = 6,     /* of one field */
    EVENT_ROWS = 16,    /* of a whole event */
    BAR_ROWS = 10,
    BAR_COLUMNS = 24,
    INDENT = 6,
};

/* A block that is being written: rows of a name and a value. */
struct block {
    struct trail_text *to;
    bool colour;
    size_t names;           /* columns of the widest name */
    struct trail_text name; /* of the next row; empty once written */
};

static void put(struct block *b, const char *text)
{
    trail_text_add(b->to, text, strlen(text));
}

static void put_spaces(struct block *b, size_t n)
{
    while (n--)
        trail_text_add(b->to, " ", 1);
}

/* Starts and ends a style: SGR parameters. */
static void style(struct block *b, const char *sgr)
{
    if (!b->colour)
        return;
    put(b, "\033[");
    put(b, sgr);
    put(b, "m");
}

static void put_styled(struct block *b, const char *sgr, struct trail_slice text)
{
    style(b, sgr);
    trail_terminal_clip(b->to, text, VALUE_COLUMNS);
    style(b, "0");
}

static struct trail_slice slice_of(const struct trail_text *text)
{
    return (struct trail_slice){text->p, text->n};
}

/* What a JSON value reads like: a string without quotes and escapes, else its text. Free the result. */
static struct trail_text plain(struct trail_slice json)
{
    struct trail_text text = {0};
    struct trail_slice inside = trail_inside(json);
    trail_text_add(&text, inside.p, inside.n);
    if (trail_is_string(json) && !text.failed)
        text.n = trail_json_unescape(text.p, inside.p, inside.n);
    return text;
}

static void put_plain(struct block *b, struct trail_slice json, size_t columns)
{
    struct trail_text text = plain(json);
    trail_terminal_clip(b->to, slice_of(&text), columns);
    b->to->failed |= text.failed;
    trail_text_free(&text);
}

/* Sets the next row's name, from a JSON string's inside. */
static void name_row(struct block *b, struct trail_slice key)
{
    struct trail_text text = {0};
    trail_text_add(&text, key.p, key.n);
    if (!text.failed)
        text.n = trail_json_unescape(text.p, key.p, key.n);
    b->name.n = 0;
    trail_terminal_clip(&b->name, slice_of(&text), LABEL_COLUMNS);
    trail_text_free(&text);
}

/* Starts a line of the block: the row's name on its first, nothing on those that follow. */
static void start_row(struct block *b)
{
    size_t columns = trail_terminal_columns(slice_of(&b->name));
    put_spaces(b, INDENT);
    if (columns) {
        style(b, "2");
        trail_text_add(b->to, b->name.p, b->name.n);
        style(b, "0");
    }
    put_spaces(b, b->names + 2 - (columns < b->names ? columns : b->names));
    b->name.n = 0;
}

static void end_row(struct block *b)
{
    put(b, "\n");
}

/* The width that names take: what the widest key of the object needs. */
static void measure_names(struct block *b, struct trail_slice object)
{
    struct trail_elements e;
    struct trail_slice key, value;
    trail_members_start(&e, object);
    while (trail_members_next(&e, &key, &value)) {
        name_row(b, key);
        size_t columns = trail_terminal_columns(slice_of(&b->name));
        if (columns > b->names)
            b->names = columns;
    }
}

static void put_more(struct block *b, size_t n)
{
    char text[48];
    snprintf(text, sizeof text, "… %zu more", n);
    start_row(b);
    put_styled(b, "2", text_of(text));
    end_row(b);
}

/* Whether a value says anything: null, [] and {} do not. */
static bool says_something(struct trail_slice json)
{
    struct trail_elements e;
    struct trail_slice value;
    trail_values_start(&e, json);
    return trail_values_next(&e, &value);
}

/* An object's members, one a row: "groupName: super-admins". */
static void put_members(struct block *b, struct trail_slice object)
{
    struct trail_elements e;
    struct trail_slice key, value;
    size_t n = 0;
    trail_members_start(&e, object);
    while (trail_members_next(&e, &key, &value)) {
        if (!says_something(value) || n++ >= VALUE_ROWS)
            continue;
        start_row(b);
        trail_terminal_clip(b->to, key, LABEL_COLUMNS);
        put(b, ": ");
        put_plain(b, value, VALUE_COLUMNS);
        end_row(b);
    }
    if (n > VALUE_ROWS)
        put_more(b, n - VALUE_ROWS);
}

static void put_value(struct block *b, struct trail_slice json)
{
    struct trail_elements e;
    struct trail_slice key, value;
    trail_members_start(&e, json);
    if (trail_is_object(json) && trail_members_next(&e, &key, &value)) {
        put_members(b, json);
        return;
    }
    start_row(b);
    put_plain(b, json, VALUE_COLUMNS);
    end_row(b);
}

/* An object's members as rows, a whole event's if it is one. */
static void put_fields(struct block *b, struct trail_slice fields)
{
    struct trail_elements e;
    struct trail_slice key, value;
    size_t n = 0;
    trail_members_start(&e, fields);
    while (trail_members_next(&e, &key, &value)) {
        if (!says_something(value) || n++ >= EVENT_ROWS)
            continue;
        name_row(b, key);
        put_value(b, value);
    }
    if (n > EVENT_ROWS)
        put_more(b, n - EVENT_ROWS);
}

static void put_group(struct block *b, struct trail_slice group)
{
    struct trail_elements e;
    struct trail_slice key, value;
    trail_members_start(&e, group);
    while (trail_members_next(&e, &key, &value)) {
        name_row(b, key);
        start_row(b);
        style(b, "1");
        put_plain(b, value, VALUE_COLUMNS);
        style(b, "0");
        end_row(b);
    }
}

static uint64_t number_of(struct trail_slice json)
{
    uint64_t n = 0;
    for (size_t i = 0; i < json.n && json.p[i] >= '0' && json.p[i] <= '9' && n < UINT64_MAX / 16; i++)
        n = n * 10 + (uint64_t)(json.p[i] - '0');
    return n;
}

/* A bar of n of max, in eighths of a column. */
static void put_bar(struct block *b, uint64_t n, uint64_t max)
{
    static const char *const part[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    size_t eighths = max ? (size_t)((double)n / (double)max * BAR_COLUMNS * 8) : 0;
    if (eighths > BAR_COLUMNS * 8)
        eighths = BAR_COLUMNS * 8;
    if (n && !eighths)
        eighths = 1;
    for (size_t i = 0; i < eighths / 8; i++)
        put(b, "█");
    put(b, part[eighths % 8]);
    put_spaces(b, BAR_COLUMNS - (eighths + 7) / 8);
}

/* The values of one field and how often each was there. */
static void put_distribution(struct block *b, struct trail_slice counts)
{
    struct trail_elements e;
    struct trail_slice key, value;
    uint64_t max = 0;
    size_t keys = 0, n = 0;
    trail_members_start(&e, counts);
    while (trail_members_next(&e, &key, &value)) {
        struct trail_text text = {0};
        trail_terminal_clip(&text, key, LABEL_COLUMNS);
        size_t columns = trail_terminal_columns(slice_of(&text));
        if (n++ < BAR_ROWS && columns > keys)
            keys = columns;
        if (number_of(value) > max)
            max = number_of(value);
        trail_text_free(&text);
    }
    n = 0;
    trail_members_start(&e, counts);
    for (; trail_members_next(&e, &key, &value); n++) {
        if (n >= BAR_ROWS)
            continue;
        start_row(b);
        size_t before = b->to->n;
        trail_terminal_clip(b->to, key, LABEL_COLUMNS);
        if (!b->to->failed)
            put_spaces(
                b, keys + 2 -
                       trail_terminal_columns((struct trail_slice){b->to->p + before, b->to->n - before}));
        style(b, "36");
        put_bar(b, number_of(value), max);
        style(b, "0");
        put(b, "  ");
        put_plain(b, value, VALUE_COLUMNS);
        end_row(b);
    }
    if (n > BAR_ROWS)
        put_more(b, n - BAR_ROWS);
}

static void put_breakdown(struct block *b, struct trail_slice breakdown)
{
    struct trail_elements e;
    struct trail_slice key, value;
    trail_members_start(&e, breakdown);
    while (trail_members_next(&e, &key, &value)) {
        name_row(b, key);
        put_distribution(b, value);
    }
}

/* A row whose name is ours. */
static void put_row(struct block *b, const char *name, struct trail_slice value)
{
    name_row(b, text_of(name));
    start_row(b);
    trail_terminal_add(b->to, value);
    end_row(b);
}

/* "logs/a.json, record 17 of prod-trail". Free the result. */
static struct trail_text source_text(const struct trail_source *source)
{
    struct trail_text text = {0};
    char record[48];
    const char *path = strcmp(source->path, "-") == 0 ? "standard input" : source->path;
    int n = snprintf(record, sizeof record, ", record %" PRIu64, source->record);
    trail_text_add(&text, path, strlen(path));
    trail_text_add(&text, record, (size_t)n);
    if (source->application) {
        trail_text_add(&text, " of ", 4);
        trail_text_add(&text, source->application, strlen(source->application));
    }
    return text;
}

static void put_source(struct block *b, const struct trail_source *source)
{
    if (!source->path)
        return;
    struct trail_text text = source_text(source);
    put_row(b, "source", slice_of(&text));
    trail_text_free(&text);
}

static void put_times(struct block *b, const struct trail_fired *f)
{
    char text[2 * TRAIL_TIME_ROOM + 8];
    if (f->window_from == TRAIL_NO_TIME)
        return;
    size_t n = trail_time_format(text, f->window_from);
    n += (size_t)snprintf(text + n, 8, " – ");
    n += trail_time_format(text + n, f->window_to);
    put_row(b, "window", (struct trail_slice){text, n});
}

static void put_held_back(struct block *b, uint64_t n)
{
    char text[48];
    if (!n)
        return;
    snprintf(text, sizeof text, "%" PRIu64 " since the last notice", n);
    put_row(b, "held back", text_of(text));
}

/* The count beside what is usual, as bars. */
static void put_usual(struct block *b, const struct trail_fired *f)
{
    char band[80] = " (";
    if (!f->usual)
        return;
    const double value[] = {(double)f->count, f->usual->expected};
    double most = value[0] > f->usual->high ? value[0] : f->usual->high;
    int n = 2 + format_real(band + 2, f->usual->low);
    n += snprintf(band + n, 8, " – ");
    n += format_real(band + n, f->usual->high);
    snprintf(band + n, sizeof band - (size_t)n, ")");
    for (int i = 0; i < 2; i++) {
        char text[32];
        format_real(text, value[i]);
        name_row(b, text_of(i ? "expected" : "count"));
        start_row(b);
        style(b, "36");
        put_bar(b, (uint64_t)(value[i] * 16), (uint64_t)(most * 16));
        style(b, "0");
        put(b, "  ");
        put(b, text);
        put(b, i ? band : "");
        end_row(b);
    }
}

static void put_head(struct block *b, const struct trail_fired *f)
{
    static const char *const styles[] = {"0", "1;97;41", "1;31", "1;33", "1;36", "2"};
    const char *sgr = f->state == TRAIL_RESOLVED ? "1;32" : styles[f->priority <= 5 ? f->priority : 0];
    char priority[] = {' ', 'P', (char)('0' + f->priority % 10), ' ', 0};
    char time[TRAIL_TIME_ROOM];
    put(b, f->state == TRAIL_RESOLVED ? "○" : "●");
    put_styled(b, sgr, text_of(priority));
    put(b, " ");
    put_styled(b, "1", text_of(f->alert->name));
    if (f->state == TRAIL_RESOLVED)
        put_styled(b, "32", text_of("  resolved"));
    if (f->time != TRAIL_NO_TIME) {
        put(b, "  ");
        put_styled(b, "2", (struct trail_slice){time, trail_time_format(time, f->time)});
    }
    put(b, "\n");
    put_spaces(b, INDENT);
    trail_terminal_add(b->to, text_of(f->reason));
    put(b, "\n");
}

void trail_fired_text(const struct trail_pack *pack, const struct trail_fired *f, struct trail_text *to,
                      bool colour)
{
    (void)pack;
    struct block b = {.to = to, .colour = colour, .names = strlen("held back")};
    measure_names(&b, f->group);
    measure_names(&b, f->breakdown);
    measure_names(&b, f->fields);
    put_head(&b, f);
    put_held_back(&b, f->held_back);
    put_times(&b, f);
    put_usual(&b, f);
    put_group(&b, f->group);
    put_breakdown(&b, f->breakdown);
    put_fields(&b, f->fields);
    put_source(&b, &f->source);
    trail_text_free(&b.name);
}

void trail_hit_text(const struct trail_hit *hit, bool with_event, struct trail_text *to, bool colour)
{
    struct block b = {.to = to, .colour = colour};
    struct trail_text source = source_text(&hit->source), event = {0};
    char time[TRAIL_TIME_ROOM] = "-";
    size_t n = hit->time == TRAIL_NO_TIME ? 1 : trail_time_format(time, hit->time);
    put_styled(&b, "2", (struct trail_slice){time, n});
    put(&b, "  ");
    put_styled(&b, "1", text_of(hit->alert->id));
    put(&b, "  ");
    trail_terminal_clip(to, hit->event_id.n ? hit->event_id : text_of("-"), VALUE_COLUMNS);
    put(&b, "  ");
    trail_terminal_add(to, slice_of(&source));
    put(&b, "\n");
    if (with_event) {
        trail_json_rewrite(&event, hit->event);
        measure_names(&b, slice_of(&event));
        put_fields(&b, slice_of(&event));
    }
    to->failed |= source.failed || event.failed;
    trail_text_free(&source);
    trail_text_free(&event);
    trail_text_free(&b.name);
}
