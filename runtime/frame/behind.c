/*
 * behind.c - behind a valid object: may what follows it follow? Then its record is given, out of what wraps it.
 *
 * Needs: an object of `size` bytes at `at`. Guarantees: what is given is valid JSON, one object, and no
 * longer than TRAIL_MAX_RECORD.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"

/* The first key of good objects is where the next one is found behind a damaged one. */
static void remember_first_key(struct trail_framer *f)
{
    struct trail_slice key;
    size_t behind;
    if (f->n_first_key > 0 && begins_alike(f)) {
        f->inherited = false;
        return;
    }
    bool keyed = trail_key_at(here(f) + 1, f->size - 1, &key, &behind) == TRAIL_KEYED;
    if (!keyed || key.n > TRAIL_MAX_FIRST_KEY)
        return;
    f->inherited = false;
    memcpy(f->first_key, key.p, key.n);
    f->n_first_key = key.n;
    framer_make_start(f);
}

/* In an array: a comma and what can be an element, or the end. An object without its comma is let pass; one
 * with a member behind it was closed too early. */
static enum verdict follows_element(const char *p, size_t n, bool over)
{
    size_t i = 0;
    while (i < n && i < MAX_BLANKS && is_space(p[i]))
        i++;
    if (i == MAX_BLANKS || (i == n && over))
        return FITS;
    if (i == n)
        return UNKNOWN;
    if (p[i] != ',')
        return p[i] == ']' || p[i] == '{' ? FITS : FITS_NOT;
    struct trail_slice key;
    size_t behind;
    switch (trail_key_at(p + i + 1, n - i - 1, &key, &behind)) {
    case TRAIL_KEYED: return FITS_NOT;
    case TRAIL_KEY_PARTLY: return over ? FITS : UNKNOWN;
    default: return FITS;
    }
}

/* At top level: the line's end, or another value. */
static enum verdict follows_value(const char *p, size_t n, bool over)
{
    size_t i = 0;
    while (i < n && i < MAX_BLANKS && is_blank(p[i]))
        i++;
    if (i == MAX_BLANKS || (i == n && over))
        return FITS;
    if (i == n)
        return UNKNOWN;
    return p[i] == '\n' || p[i] == '{' || p[i] == '[' || p[i] == '\xEF' ? FITS : FITS_NOT;
}

static bool text_room(struct trail_framer *f, size_t n)
{
    if (n + TRAIL_PADDING <= f->text_room)
        return true;
    size_t room = n + n / 2 + TRAIL_PADDING;
    char *text = realloc(f->text, room);
    if (!text)
        return false;
    f->text = text;
    f->text_room = room;
    return true;
}

/* The object is passed and its record is no good. */
static enum step refuse(struct trail_framer *f)
{
    f->damaged_from = offset_of(f, 0);
    f->at += f->size;
    framer_settle(f);
    return REJECT;
}

static enum step refuse_for(struct trail_framer *f, const char *reason)
{
    snprintf(f->reason, sizeof f->reason, "%s", reason);
    return refuse(f);
}

/* Gives a valid object of the window or the text buffer, out of the wrappers that are in it. */
static enum step give(struct trail_framer *f, struct trail_slice object, struct trail_record *out)
{
    if (object.n > TRAIL_MAX_RECORD) {
        snprintf(f->reason, sizeof f->reason, "longer than %d bytes", TRAIL_MAX_RECORD);
        return refuse(f);
    }
    out->p = object.p;
    out->n = object.n;
    f->at += f->size;
    framer_settle(f);
    return GIVE;
}

/* A record that is text in the object: undoes the escapes and checks what they hid. */
static enum step give_text(struct trail_framer *f, struct trail_slice string, struct trail_record *out)
{
    struct trail_slice inside = {string.p + 1, string.n - 2};
    if (!text_room(f, inside.n))
        return NO_MEMORY;
    out->offset = offset_of(f, (size_t)(inside.p - here(f)));
    struct trail_slice object = {f->text, trail_json_unescape(f->text, inside.p, inside.n)};
    memset(f->text + object.n, 0, TRAIL_PADDING);
    size_t at;
    enum trail_json_error error = trail_json_check(object.p, object.n, &at);
    while (object.n && is_space(*object.p))
        object.p++, object.n--;
    while (object.n && is_space(object.p[object.n - 1]))
        object.n--;
    if (object.n && *object.p != '{')
        return refuse_for(f, "no JSON object in the text");
    if (error) {
        snprintf(f->reason, sizeof f->reason, "not JSON: %s, at byte %zu of the text",
                 trail_json_error_text(error), at);
        return refuse(f);
    }
    return give(f, trail_unwrap(object), out);
}

/* An element that has its record in a member. */
static enum step give_member(struct trail_framer *f, struct trail_record *out)
{
    static const struct trail_slice names[] = {
        [TRAIL_CARRY_TRAIL] = {"CloudTrailEvent", 15}, [TRAIL_CARRY_MESSAGE] = {"message", 7}};
    static const char control[] = "\"CWL CONTROL MESSAGE";
    struct trail_slice object = {here(f), f->size}, value;
    struct trail_slice name = names[carried(f)];
    if (!trail_member(object, name, &value) || (*value.p != '"' && *value.p != '{')) {
        snprintf(f->reason, sizeof f->reason, "no text or object in \"%s\"", name.p);
        return refuse(f);
    }
    if (carried(f) == TRAIL_CARRY_MESSAGE && value.n >= sizeof control &&
        memcmp(value.p, control, sizeof control - 1) == 0) {
        f->at += f->size;
        return framer_settle(f);
    }
    if (*value.p == '"')
        return give_text(f, value, out);
    value = trail_unwrap(value);
    out->offset = offset_of(f, (size_t)(value.p - here(f)));
    return give(f, value, out);
}

enum step framer_step_behind(struct trail_framer *f, struct trail_record *out)
{
    const char *p = here(f) + f->size;
    size_t n = left(f) - f->size;
    switch (f->n_places ? follows_element(p, n, f->over) : follows_value(p, n, f->over)) {
    case UNKNOWN: return MORE;
    case FITS_NOT: return framer_reject_invalid(f, TRAIL_JSON_TRAILING, f->size);
    default: break;
    }
    remember_first_key(f);
    if (f->shape == TRAIL_SHAPE_CONTROL) {
        f->at += f->size;
        return framer_settle(f);
    }
    if (carried(f) != TRAIL_CARRY_RECORD)
        return give_member(f, out);
    struct trail_slice object = {here(f), f->size};
    if (f->shape == TRAIL_SHAPE_WRAPPER) {
        object = trail_unwrap((struct trail_slice){here(f) + f->walk.inner, f->walk.n_inner});
    } else {
        out->possible = f->possible;
        out->index = f->indexed && f->index.plain ? &f->index : NULL;
    }
    out->offset = offset_of(f, (size_t)(object.p - here(f)));
    return give(f, object, out);
}
