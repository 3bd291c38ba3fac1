/*
 * stored.c - see stored.h.
 */
#include "stored.h"

#include <stdlib.h>
#include <string.h>

#include "frame/shape.h"
#include "window/timestamp.h"
#include "json/elements.h"

/* The line's members, and room for texts without their escapes: no longer than the line. */
struct reading {
    struct trail_slice line;
    char *room;
    bool bad;
};

static struct trail_slice member_of(struct trail_slice object, const char *name)
{
    struct trail_slice value;
    if (object.n == 0 || *object.p != '{' ||
        !trail_member(object, (struct trail_slice){name, strlen(name)}, &value))
        return (struct trail_slice){"", 0};
    return value;
}

static struct trail_slice object_of(struct reading *r, const char *name)
{
    struct trail_slice value = member_of(r->line, name);
    r->bad = r->bad || value.n == 0;
    return value;
}

/* A string's text; "" for what is none. */
static const char *text_in(struct reading *r, struct trail_slice value)
{
    char *text = r->room;
    size_t n = 0;
    if (value.n >= 2 && *value.p == '"')
        n = trail_json_unescape(text, value.p + 1, value.n - 2);
    text[n] = 0;
    r->room += n + 1;
    return text;
}

static const char *text_of(struct reading *r, const char *name)
{
    return text_in(r, object_of(r, name));
}

static uint64_t number_in(struct trail_slice value)
{
    uint64_t n = 0;
    for (size_t i = 0; i < value.n && value.p[i] >= '0' && value.p[i] <= '9'; i++)
        n = n * 10 + (uint64_t)(value.p[i] - '0');
    return n;
}

static double real_in(struct trail_slice value)
{
    double x = 0, scale = 0;
    for (size_t i = 0; i < value.n && ((value.p[i] >= '0' && value.p[i] <= '9') || value.p[i] == '.'); i++) {
        if (value.p[i] == '.')
            scale = 1;
        else if (scale > 0)
            x += (value.p[i] - '0') * (scale /= 10);
        else
            x = x * 10 + (value.p[i] - '0');
    }
    return x;
}

/* `expected` and `band`, where the alert asks for what is usual. */
static void read_usual(struct trail_stored *s, struct trail_slice line)
{
    struct trail_elements e;
    struct trail_slice expected = member_of(line, "expected"), band = member_of(line, "band"), value;
    if (expected.n == 0 || band.n == 0)
        return;
    trail_values_start(&e, band);
    s->usual = (struct trail_usual){.expected = real_in(expected)};
    s->usual.low = trail_values_next(&e, &value) ? real_in(value) : 0;
    s->usual.high = trail_values_next(&e, &value) ? real_in(value) : 0;
    s->fired.usual = &s->usual;
}

static int64_t time_in(struct trail_slice value)
{
    return value.n > 0 && *value.p == '"' ? trail_time_parse(value) : TRAIL_NO_TIME;
}

static const struct trail_alert *find_alert(struct trail_stored *s, const struct trail_pack *pack,
                                            const char *id, const char *name)
{
    for (size_t i = 0; pack && i < pack->n_alerts; i++)
        if (strcmp(pack->alerts[i].id, id) == 0)
            return &pack->alerts[i];
    s->alert =
        (struct trail_alert){.id = id, .name = name, .description = "", .filter = "", .when = "", .hash = ""};
    return &s->alert;
}

static void read_source(struct reading *r, struct trail_source *to)
{
    struct trail_slice source = object_of(r, "source");
    if (source.n == 0 || *source.p != '{')
        return;
    to->path = text_in(r, member_of(source, "path"));
    to->record = number_in(member_of(source, "record"));
    if (member_of(source, "application").n)
        to->application = text_in(r, member_of(source, "application"));
}

bool trail_stored_read(struct trail_stored *s, const struct trail_pack *pack, struct trail_slice line)
{
    struct trail_fired *f = &s->fired;
    *s = (struct trail_stored){0};
    s->memory = malloc(line.n + 16); /* each text is shorter than the member it stands in */
    struct reading r = {line, s->memory, line.n == 0 || *line.p != '{'};
    if (!s->memory || r.bad)
        return false;
    const char *id = text_of(&r, "id"), *name = text_of(&r, "alert");
    f->alert = find_alert(s, pack, id, name);
    const char *priority = text_of(&r, "priority");
    f->priority = *priority == 'P' ? (unsigned)number_in((struct trail_slice){priority + 1, 1}) : 0;
    f->state = strcmp(text_of(&r, "state"), "resolved") == 0 ? TRAIL_RESOLVED : TRAIL_FIRING;
    f->reason = text_of(&r, "reason");
    f->group = object_of(&r, "group");
    f->count = number_in(object_of(&r, "count"));
    read_usual(s, line);
    f->held_back = number_in(member_of(line, "held_back"));
    struct trail_slice window = object_of(&r, "window");
    f->window_from = time_in(member_of(window, "from"));
    f->window_to = time_in(member_of(window, "to"));
    f->first_event = time_in(object_of(&r, "first_event"));
    f->last_event = time_in(object_of(&r, "last_event"));
    f->time = f->window_to != TRAIL_NO_TIME ? f->window_to : f->last_event;
    f->breakdown = object_of(&r, "breakdown");
    f->fields = object_of(&r, "fields");
    f->event_ids = object_of(&r, "event_ids");
    f->dedup_key = text_of(&r, "dedup_key");
    read_source(&r, &f->source);
    return !r.bad && *id;
}

void trail_stored_free(struct trail_stored *s)
{
    free(s->memory);
    s->memory = NULL;
}
