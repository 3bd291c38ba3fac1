/*
 * counted.c - see counted.h. On the tape an event is its group's number and the time since the one before.
 */
#include "counted.h"

#include <stdlib.h>
#include <string.h>

#include "window/siphash.h"
#include "window/spill.h"
#include "window/tape.h"

struct counted_group {
    struct trail_slice key;
    uint64_t events;
};

struct counted {
    struct siphash_key secret; /* whoever writes the log chooses the groups */
    struct counted_group *groups;
    uint32_t *table; /* numbers + 1, by the key's hash */
    size_t n, room;  /* of groups; the table is twice the room */
    struct trail_text tape;
    FILE *file; /* what came before the tape; NULL: nothing */
    int64_t last;
    uint64_t events, left_out;
};

struct counted *counted_new(void)
{
    struct counted *c = calloc(1, sizeof *c);
    if (c)
        c->secret = siphash_random();
    return c;
}

void counted_free(struct counted *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->n; i++)
        free((char *)c->groups[i].key.p);
    free(c->groups);
    free(c->table);
    trail_text_free(&c->tape);
    if (c->file)
        fclose(c->file);
    free(c);
}

/* ---- groups ---- */

static uint32_t *place(const struct counted *c, struct trail_slice key)
{
    size_t mask = 2 * c->room - 1, i = siphash(&c->secret, key.p, key.n) & mask;
    for (; c->table[i]; i = (i + 1) & mask) {
        struct trail_slice k = c->groups[c->table[i] - 1].key;
        if (k.n == key.n && memcmp(k.p, key.p, k.n) == 0)
            break;
    }
    return &c->table[i];
}

static bool grow(struct counted *c)
{
    size_t room = c->room ? 2 * c->room : 64;
    struct counted_group *groups = realloc(c->groups, room * sizeof *groups);
    uint32_t *table = groups ? calloc(2 * room, sizeof *table) : NULL;
    if (groups)
        c->groups = groups;
    if (!table)
        return false;
    free(c->table);
    c->table = table;
    c->room = room;
    for (size_t i = 0; i < c->n; i++)
        *place(c, c->groups[i].key) = (uint32_t)i + 1;
    return true;
}

/* The group's number + 1; 0: no memory. */
static uint32_t number_of(struct counted *c, struct trail_slice key)
{
    uint32_t *at = c->room ? place(c, key) : NULL;
    if (at && *at)
        return *at;
    if (c->n == c->room) {
        if (!grow(c))
            return 0;
        at = place(c, key);
    }
    char *text = malloc(key.n + 1);
    if (!text)
        return 0;
    memcpy(text, key.p, key.n);
    c->groups[c->n] = (struct counted_group){.key = {text, key.n}};
    return *at = (uint32_t)++c->n;
}

static bool is_known(const struct counted *c, struct trail_slice key)
{
    return c->room && *place(c, key);
}

/* ---- events ---- */

static bool put_away(struct counted *c)
{
    if (!c->file && !(c->file = spill_file()))
        return false;
    bool ok = fwrite(c->tape.p, 1, c->tape.n, c->file) == c->tape.n;
    c->tape.n = 0;
    return ok;
}

bool counted_add(struct counted *c, struct trail_slice group, int64_t time)
{
    if (c->n >= COUNTED_GROUPS && !is_known(c, group)) {
        c->left_out++;
        return true;
    }
    uint32_t number = number_of(c, group);
    if (number == 0)
        return false;
    if (c->events == 0)
        c->last = 0;
    tape_number(&c->tape, number - 1);
    tape_signed(&c->tape, time - c->last);
    c->last = time;
    c->groups[number - 1].events++;
    c->events++;
    return !c->tape.failed && (c->tape.n < COUNTED_MEMORY || put_away(c));
}

uint64_t counted_events(const struct counted *c)
{
    return c->events;
}

uint64_t counted_left_out(const struct counted *c)
{
    return c->left_out;
}

size_t counted_groups(const struct counted *c)
{
    return c->n;
}

struct trail_slice counted_key(const struct counted *c, size_t group)
{
    return c->groups[group].key;
}

uint64_t counted_of(const struct counted *c, size_t group)
{
    return c->groups[group].events;
}

/* ---- walks ---- */

struct walk {
    bool (*each)(void *user, size_t group, int64_t time);
    void *user;
    int64_t time;
    bool ended;
};

/* The events that are whole in [p, p + n); what was used. `all`: no more comes behind. */
static size_t walk_bytes(struct walk *w, const char *p, size_t n, bool all)
{
    enum { LONGEST = 20 }; /* two numbers */
    struct tape tape = {p, p + n, false};
    while (!w->ended && tape.p < tape.end && (all || tape.end - tape.p >= LONGEST)) {
        size_t group = tape_get_number(&tape);
        w->time += tape_get_signed(&tape);
        w->ended = tape.bad || !w->each(w->user, group, w->time);
    }
    return (size_t)(tape.p - p);
}

static bool walk_file(struct walk *w, FILE *f)
{
    static const size_t room = 1 << 18;
    char *buffer = malloc(room);
    size_t n = 0, used;
    bool ok = buffer && fflush(f) == 0 && fseeko(f, 0, SEEK_SET) == 0;
    while (ok && !w->ended) {
        size_t more = fread(buffer + n, 1, room - n, f);
        ok = !ferror(f);
        n += more;
        used = walk_bytes(w, buffer, n, more == 0);
        memmove(buffer, buffer + used, n - used);
        n -= used;
        if (more == 0)
            break;
    }
    free(buffer);
    return fseeko(f, 0, SEEK_END) == 0 && ok;
}

bool counted_walk(struct counted *c, bool (*each)(void *user, size_t group, int64_t time), void *user)
{
    struct walk w = {.each = each, .user = user};
    if (c->file && !walk_file(&w, c->file))
        return false;
    if (c->tape.n > 0)
        walk_bytes(&w, c->tape.p, c->tape.n, true);
    return true;
}
