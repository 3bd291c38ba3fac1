/*
 * outbox_memory.c - an outbox in memory, for `channels test` and for tests. See outbox.h for what it has to do.
 *
 * Rows stay in one array in the order of their ids, sent ones too; everything is a walk over it.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "outbox.h"

struct memory {
    struct trail_outbox outbox;
    pthread_mutex_t mutex;
    size_t n, room;
    struct trail_outbox_message *messages;
    struct trail_outbox_row *rows; /* what was shown last */
};

/* ---- messages ----------------------------------------------------------------------------- */

enum { TEXTS = 6 };

/* The texts of a row, in one order. */
static void texts_of(struct trail_outbox_row *row, const char **texts[TEXTS])
{
    texts[0] = &row->channel;
    texts[1] = &row->recipient;
    texts[2] = &row->dedup_key;
    texts[3] = &row->thread;
    texts[4] = &row->bunch;
    texts[5] = &row->last_error;
}

bool trail_outbox_message_copy(struct trail_outbox_message *to, const struct trail_outbox_row *from)
{
    const char **texts[TEXTS];
    size_t room = from->payload.n + 1;
    *to = (struct trail_outbox_message){.row = *from};
    texts_of(&to->row, texts);
    for (size_t i = 0; i < TEXTS; i++)
        room += (*texts[i] ? strlen(*texts[i]) : 0) + 1;
    char *p = to->memory = malloc(room);
    if (!p)
        return false;
    for (size_t i = 0; i < TEXTS; i++) {
        size_t n = *texts[i] ? strlen(*texts[i]) : 0;
        if (n)
            memcpy(p, *texts[i], n);
        p[n] = '\0';
        *texts[i] = p;
        p += n + 1;
    }
    if (from->payload.n)
        memcpy(p, from->payload.p, from->payload.n);
    p[from->payload.n] = '\0';
    to->row.payload.p = p;
    return true;
}

void trail_outbox_message_free(struct trail_outbox_message *message)
{
    free(message->memory);
    *message = (struct trail_outbox_message){0};
}

/* ---- rows --------------------------------------------------------------------------------- */

static bool same_place(const struct trail_outbox_row *a, const struct trail_outbox_row *b)
{
    return strcmp(a->channel, b->channel) == 0 && strcmp(a->recipient, b->recipient) == 0;
}

static bool same_thread(const struct trail_outbox_row *a, const struct trail_outbox_row *b)
{
    return *a->thread && same_place(a, b) && strcmp(a->thread, b->thread) == 0;
}

static struct trail_outbox_row *row_of(struct memory *m, int64_t id)
{
    return id > 0 && (uint64_t)id <= m->n ? &m->messages[id - 1].row : NULL;
}

/* Takes a copy of `row` in place of what is there. */
static bool set(struct trail_outbox_message *message, const struct trail_outbox_row *row)
{
    struct trail_outbox_message copy;
    if (!trail_outbox_message_copy(&copy, row))
        return false;
    trail_outbox_message_free(message);
    *message = copy;
    return true;
}

static bool grow(struct memory *m)
{
    if (m->n < m->room)
        return true;
    size_t room = m->room ? 2 * m->room : 64;
    struct trail_outbox_message *more = realloc(m->messages, room * sizeof *more);
    if (!more)
        return false;
    m->messages = more;
    m->room = room;
    return true;
}

static enum trail_outbox_result add_row(struct memory *m, const struct trail_outbox_row *row)
{
    struct trail_outbox_message message;
    if (!trail_outbox_message_copy(&message, row) || !grow(m)) {
        free(message.memory);
        return TRAIL_OUTBOX_FAILED;
    }
    message.row.id = (int64_t)m->n + 1;
    message.row.attempts = 0;
    message.row.repeats = false;
    message.row.updated = row->created;
    for (size_t i = 0; i < m->n; i++) {
        struct trail_outbox_row *old = &m->messages[i].row;
        if (same_place(old, &message.row) && strcmp(old->dedup_key, message.row.dedup_key) == 0) {
            trail_outbox_message_free(&message);
            return TRAIL_OUTBOX_OK;
        }
    }
    for (size_t i = 0; i < m->n; i++) {
        struct trail_outbox_row *old = &m->messages[i].row;
        if (same_thread(old, &message.row) && old->repeats && old->state == TRAIL_OUTBOX_WAITING)
            old->state = TRAIL_OUTBOX_SENT;
    }
    m->messages[m->n++] = message;
    return TRAIL_OUTBOX_OK;
}

static bool may_grow(const struct trail_outbox_row *row, int64_t now)
{
    return row->state == TRAIL_OUTBOX_HELD ||
           (row->state == TRAIL_OUTBOX_WAITING && row->attempts == 0 && row->due > now);
}

static struct trail_outbox_row *bunch_of(struct memory *m, const struct trail_outbox_row *like, int64_t now)
{
    for (size_t i = m->n; i-- > 0;) {
        struct trail_outbox_row *row = &m->messages[i].row;
        if (same_place(row, like) && strcmp(row->bunch, like->bunch) == 0 && may_grow(row, now))
            return row;
    }
    return NULL;
}

/* Whether an older message of the thread has to go first. */
static bool has_to_wait(const struct memory *m, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        const struct trail_outbox_row *old = &m->messages[i].row;
        if (same_thread(old, &m->messages[index].row) &&
            (old->state == TRAIL_OUTBOX_SENDING || (old->state == TRAIL_OUTBOX_WAITING && !old->repeats)))
            return true;
    }
    return false;
}

static struct trail_outbox_row *ready(struct memory *m, const char *channel, int64_t now)
{
    struct trail_outbox_row *best = NULL;
    for (size_t i = 0; i < m->n; i++) {
        struct trail_outbox_row *row = &m->messages[i].row;
        if (row->state == TRAIL_OUTBOX_WAITING && row->due <= now && strcmp(row->channel, channel) == 0 &&
            (!best || row->due < best->due) && !has_to_wait(m, i))
            best = row;
    }
    return best;
}

static bool has_newer(const struct memory *m, const struct trail_outbox_row *row)
{
    for (size_t i = (size_t)row->id; i < m->n; i++)
        if (same_thread(&m->messages[i].row, row))
            return true;
    return false;
}

/* ---- the interface ------------------------------------------------------------------------ */

static struct memory *enter(void *user)
{
    struct memory *m = user;
    pthread_mutex_lock(&m->mutex);
    return m;
}

static enum trail_outbox_result leave(struct memory *m, enum trail_outbox_result result)
{
    pthread_mutex_unlock(&m->mutex);
    return result;
}

static enum trail_outbox_result memory_add(void *user, const struct trail_outbox_row *row)
{
    struct memory *m = enter(user);
    return leave(m, add_row(m, row));
}

static enum trail_outbox_result memory_find(void *user, const char *channel, const char *recipient,
                                            const char *bunch, int64_t now, struct trail_outbox_message *to)
{
    struct memory *m = enter(user);
    struct trail_outbox_row like = {.channel = channel, .recipient = recipient, .bunch = bunch};
    struct trail_outbox_row *row = bunch_of(m, &like, now);
    if (!row)
        return leave(m, TRAIL_OUTBOX_NONE);
    return leave(m, trail_outbox_message_copy(to, row) ? TRAIL_OUTBOX_OK : TRAIL_OUTBOX_FAILED);
}

static enum trail_outbox_result memory_replace(void *user, int64_t id, int64_t now,
                                               struct trail_slice payload)
{
    struct memory *m = enter(user);
    struct trail_outbox_row *row = row_of(m, id);
    if (!row)
        return leave(m, TRAIL_OUTBOX_NONE);
    struct trail_outbox_row changed = *row;
    changed.payload = payload;
    changed.updated = now;
    return leave(m, set(&m->messages[id - 1], &changed) ? TRAIL_OUTBOX_OK : TRAIL_OUTBOX_FAILED);
}

static uint64_t memory_waiting(void *user, const char *channel)
{
    struct memory *m = enter(user);
    uint64_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        const struct trail_outbox_row *row = &m->messages[i].row;
        bool on_its_way = row->state == TRAIL_OUTBOX_WAITING || row->state == TRAIL_OUTBOX_SENDING;
        n += on_its_way && !row->repeats && strcmp(row->channel, channel) == 0;
    }
    leave(m, TRAIL_OUTBOX_OK);
    return n;
}

static enum trail_outbox_result memory_recover(void *user, int64_t now)
{
    struct memory *m = enter(user);
    for (size_t i = 0; i < m->n; i++) {
        struct trail_outbox_row *row = &m->messages[i].row;
        if (row->state == TRAIL_OUTBOX_SENDING) {
            row->state = TRAIL_OUTBOX_WAITING;
            row->due = row->updated = now;
        }
    }
    return leave(m, TRAIL_OUTBOX_OK);
}

static enum trail_outbox_result memory_take(void *user, const char *channel, int64_t now,
                                            struct trail_outbox_message *to)
{
    struct memory *m = enter(user);
    struct trail_outbox_row *row = ready(m, channel, now);
    if (!row)
        return leave(m, TRAIL_OUTBOX_NONE);
    struct trail_outbox_row taken = *row;
    taken.state = TRAIL_OUTBOX_SENDING;
    taken.attempts++;
    taken.updated = now;
    if (!trail_outbox_message_copy(to, &taken))
        return leave(m, TRAIL_OUTBOX_FAILED);
    row->state = taken.state;
    row->attempts = taken.attempts;
    row->updated = now;
    return leave(m, TRAIL_OUTBOX_OK);
}

/* Ends a send: the row's new state, and the reason. */
static enum trail_outbox_result end_send(struct memory *m, int64_t id, const struct trail_outbox_row *to)
{
    struct trail_outbox_row *row = row_of(m, id);
    if (!row || row->state != TRAIL_OUTBOX_SENDING)
        return TRAIL_OUTBOX_NONE;
    struct trail_outbox_row changed = *row;
    changed.state = to->state;
    changed.updated = to->updated;
    changed.last_error = to->last_error;
    if (to->due) {
        changed.due = to->due;
        changed.repeats = changed.repeats || to->repeats;
    }
    if (to->repeats)
        changed.attempts = 0;
    return set(&m->messages[id - 1], &changed) ? TRAIL_OUTBOX_OK : TRAIL_OUTBOX_FAILED;
}

static enum trail_outbox_result memory_sent(void *user, int64_t id, int64_t now, int64_t again)
{
    struct memory *m = enter(user);
    struct trail_outbox_row to = {.state = TRAIL_OUTBOX_SENT, .updated = now, .last_error = ""};
    const struct trail_outbox_row *row = row_of(m, id);
    if (again && row && !has_newer(m, row)) {
        to.state = TRAIL_OUTBOX_WAITING;
        to.due = again;
        to.repeats = true;
    }
    return leave(m, end_send(m, id, &to));
}

static enum trail_outbox_result memory_retry(void *user, int64_t id, int64_t now, int64_t due,
                                             const char *error)
{
    struct memory *m = enter(user);
    struct trail_outbox_row to = {
        .state = TRAIL_OUTBOX_WAITING, .updated = now, .due = due, .last_error = error};
    return leave(m, end_send(m, id, &to));
}

static enum trail_outbox_result memory_park(void *user, int64_t id, int64_t now, const char *error)
{
    struct memory *m = enter(user);
    struct trail_outbox_row to = {.state = TRAIL_OUTBOX_PARKED, .updated = now, .last_error = error};
    return leave(m, end_send(m, id, &to));
}

static int64_t memory_next_due(void *user, const char *channel)
{
    struct memory *m = enter(user);
    int64_t due = INT64_MAX;
    for (size_t i = 0; i < m->n; i++) {
        const struct trail_outbox_row *row = &m->messages[i].row;
        if (row->state == TRAIL_OUTBOX_WAITING && row->due < due && strcmp(row->channel, channel) == 0)
            due = row->due;
    }
    leave(m, TRAIL_OUTBOX_OK);
    return due;
}

struct trail_outbox *trail_outbox_memory_new(void)
{
    struct memory *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    pthread_mutex_init(&m->mutex, NULL);
    m->outbox = (struct trail_outbox){.user = m,
                                      .add = memory_add,
                                      .find = memory_find,
                                      .replace = memory_replace,
                                      .waiting = memory_waiting,
                                      .recover = memory_recover,
                                      .take = memory_take,
                                      .sent = memory_sent,
                                      .retry = memory_retry,
                                      .park = memory_park,
                                      .next_due = memory_next_due};
    return &m->outbox;
}

void trail_outbox_memory_free(struct trail_outbox *outbox)
{
    struct memory *m = outbox ? outbox->user : NULL;
    if (!m)
        return;
    for (size_t i = 0; i < m->n; i++)
        trail_outbox_message_free(&m->messages[i]);
    pthread_mutex_destroy(&m->mutex);
    free(m->messages);
    free(m->rows);
    free(m);
}

size_t trail_outbox_memory_rows(const struct trail_outbox *outbox, const struct trail_outbox_row **rows)
{
    struct memory *m = enter(outbox->user);
    free(m->rows);
    m->rows = calloc(m->n + 1, sizeof *m->rows);
    size_t n = m->rows ? m->n : 0;
    for (size_t i = 0; i < n; i++)
        m->rows[i] = m->messages[i].row;
    *rows = m->rows;
    leave(m, TRAIL_OUTBOX_OK);
    return n;
}
