/*
 * spill.c - see spill.h. The runs are an external merge sort: a new run has level 0; sixteen of a level are
 * merged into one of the next, so a hit is written once for each level, which are few.
 *
 * A hit in a file is a struct head and its texts. The file is this process's own, so it is in the machine's
 * form, with source.path as the pointer that it is.
 */
#include "spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXTS = 4, BUFFER = 1 << 16 };

struct head {
    int64_t time, until;
    uint64_t record_hash[2];
    struct trail_source source;
    size_t n[TEXTS]; /* bytes of group, event ID, breakdown, fields; 0 also for none */
    uint32_t alert;
};

struct run {
    FILE *file;
    unsigned level;
    uint64_t n;    /* hits that are left, `first` among them */
    uint64_t lost; /* that could not be read */
    struct waiting first;
    off_t at, next; /* where `first` is, and where it ends */
    char buffer[BUFFER];
};

/* ---- files ---- */

const char *spill_directory(void)
{
    const char *directory = getenv("TMPDIR");
    return directory && *directory ? directory : "/tmp";
}

/* Where the file system has no files without a name, one is made and its name taken away. */
static int open_named(const char *directory)
{
    static const char name[] = "/trail-XXXXXX";
    size_t n = strlen(directory);
    char *path = malloc(n + sizeof name);
    if (!path)
        return -1;
    memcpy(path, directory, n);
    memcpy(path + n, name, sizeof name);
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    int error = errno;
    free(path);
    errno = error;
    return fd;
}

FILE *spill_file(void)
{
    const char *directory = spill_directory();
    int fd = open(directory, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0)
        fd = open_named(directory);
    if (fd < 0)
        return NULL;
    FILE *file = fdopen(fd, "w+");
    if (!file) {
        int error = errno;
        close(fd);
        errno = error;
    }
    return file;
}

/* `texts`: NULL when they go, too. */
static void close_run(struct run *r, struct shared_table *texts)
{
    if (!r)
        return;
    if (texts)
        waiting_drop(&r->first, texts);
    if (r->file)
        fclose(r->file);
    free(r);
}

/* NULL: see errno. */
static struct run *open_run(unsigned level)
{
    struct run *r = malloc(sizeof *r);
    if (!r)
        return NULL;
    *r = (struct run){.level = level, .file = spill_file()};
    if (!r->file) {
        int error = errno;
        free(r);
        errno = error;
        return NULL;
    }
    __fsetlocking(r->file, FSETLOCKING_BYCALLER);
    setvbuf(r->file, r->buffer, _IOFBF, sizeof r->buffer);
    return r;
}

/* ---- writing ---- */

static bool write_hit(struct run *r, const struct waiting *w)
{
    const struct shared *texts[TEXTS] = {w->group, w->event_id, w->breakdown, w->fields};
    struct head h;
    memset(&h, 0, sizeof h); /* its gaps are written, too */
    h.time = w->time;
    h.until = w->until;
    h.record_hash[0] = w->record_hash[0];
    h.record_hash[1] = w->record_hash[1];
    h.source = w->source;
    h.alert = w->alert;
    for (size_t i = 0; i < TEXTS; i++)
        h.n[i] = shared_text(texts[i]).n;
    bool ok = fwrite(&h, sizeof h, 1, r->file) == 1;
    for (size_t i = 0; ok && i < TEXTS; i++)
        ok = h.n[i] == 0 || fwrite(texts[i]->p, h.n[i], 1, r->file) == 1;
    r->n += ok;
    return ok;
}

/* Room for the longest text, so that reading needs none. */
static bool make_room(struct spill *s, const struct pending *q)
{
    size_t longest = s->longest;
    for (size_t i = 0; i < q->n; i++) {
        uint32_t place;
        const struct waiting *w = pending_nth(q, i, &place);
        const struct shared *texts[TEXTS] = {w->group, w->event_id, w->breakdown, w->fields};
        for (size_t k = 0; k < TEXTS; k++)
            if (shared_text(texts[k]).n > longest)
                longest = shared_text(texts[k]).n;
    }
    if (longest == s->longest)
        return true;
    char *text = realloc(s->text, longest);
    if (!text)
        return false;
    s->text = text;
    s->longest = longest;
    return true;
}

/* ---- reading ---- */

/* The next text of n bytes into s->text; NULL in *to where n is 0. False: failed, or no memory: see errno. */
static bool read_text(struct spill *s, struct run *r, size_t n, struct shared_table *texts, bool intern,
                      struct shared **to)
{
    if (n == 0)
        return true;
    if (n > s->longest || fread(s->text, n, 1, r->file) != 1) {
        errno = ferror(r->file) && errno ? errno : EIO;
        return false;
    }
    struct trail_slice text = {s->text, n};
    *to = intern ? shared_intern(texts, text) : shared_copy(texts, text);
    if (!*to)
        errno = ENOMEM;
    return *to != NULL;
}

/* The hit at r->next, into *to. */
static bool read_hit(struct spill *s, struct run *r, struct waiting *to, off_t *end,
                     struct shared_table *texts)
{
    struct head h;
    errno = 0;
    if (fread(&h, sizeof h, 1, r->file) != 1) {
        errno = ferror(r->file) && errno ? errno : EIO;
        return false;
    }
    *to = (struct waiting){.time = h.time,
                           .until = h.until,
                           .alert = h.alert,
                           .record_hash = {h.record_hash[0], h.record_hash[1]},
                           .source = h.source};
    *end = r->next + (off_t)sizeof h;
    for (size_t i = 0; i < TEXTS; i++)
        *end += (off_t)h.n[i];
    if (read_text(s, r, h.n[0], texts, true, &to->group) &&
        read_text(s, r, h.n[1], texts, false, &to->event_id) &&
        read_text(s, r, h.n[2], texts, true, &to->breakdown) &&
        read_text(s, r, h.n[3], texts, false, &to->fields))
        return true;
    int error = errno;
    waiting_drop(to, texts);
    errno = error;
    return false;
}

/* The rest of the run cannot be read. */
static void lose(struct spill *s, struct run *r, int error)
{
    if (!s->read_error)
        s->read_error = error;
    r->lost += r->n;
    s->lost += r->n;
    s->n -= r->n;
    r->n = 0;
}

/* Makes r->first the hit at r->next. False: no memory. */
static bool load(struct spill *s, struct run *r, struct shared_table *texts)
{
    struct waiting next;
    off_t end;
    if (read_hit(s, r, &next, &end, texts)) {
        r->first = next;
        r->at = r->next;
        r->next = end;
        return true;
    }
    if (errno == ENOMEM)
        return false;
    lose(s, r, errno);
    return true;
}

/* From `at` on, where the first of n hits is. False: no memory. */
static bool start_reading(struct spill *s, struct run *r, off_t at, uint64_t n, struct shared_table *texts)
{
    waiting_drop(&r->first, texts);
    r->n = n;
    r->next = at;
    clearerr(r->file);
    if (n == 0)
        return true;
    if (fseeko(r->file, at, SEEK_SET) == 0)
        return load(s, r, texts);
    lose(s, r, errno);
    return true;
}

/* Past the first hit, whose texts are somebody else's now or dropped. False: no memory. */
static bool step(struct spill *s, struct run *r, struct shared_table *texts)
{
    r->first = (struct waiting){0};
    r->n--;
    return r->n == 0 || load(s, r, texts);
}

/* The one of these with the first hit; `n`: none has any. */
static size_t first_of(struct run *const *run, size_t n)
{
    size_t first = n;
    for (size_t i = 0; i < n; i++)
        if (run[i]->n > 0 && (first == n || waiting_before(&run[i]->first, &run[first]->first)))
            first = i;
    return first;
}

/* ---- merging ---- */

static bool is_full(const struct spill *s)
{
    return s->n_runs >= SPILL_FAN && s->run[s->n_runs - SPILL_FAN]->level == s->run[s->n_runs - 1]->level;
}

/* All that is in the runs goes to `out`, in order. What is written nowhere else stays in their files. */
static enum spill_status merge_into(struct spill *s, struct run *out, struct run *const *from,
                                    struct shared_table *texts)
{
    for (size_t i; (i = first_of(from, SPILL_FAN)) < SPILL_FAN;) {
        if (!write_hit(out, &from[i]->first))
            return SPILL_FAILED;
        waiting_drop(&from[i]->first, texts);
        if (!step(s, from[i], texts))
            return SPILL_NO_MEMORY;
    }
    return fflush(out->file) == 0 ? SPILL_TAKEN : SPILL_FAILED;
}

/* Puts the run behind the others, if anything is in it. False: no memory. */
static bool append(struct spill *s, struct run *r, struct shared_table *texts)
{
    s->run[s->n_runs++] = r;
    return start_reading(s, r, 0, r->n, texts);
}

/* The last runs, which are of one level, become one. Where that cannot be written, they stay as they were.
 * False: no memory. */
static bool merge(struct spill *s, struct shared_table *texts)
{
    struct run **from = &s->run[s->n_runs - SPILL_FAN];
    struct {
        off_t at;
        uint64_t n;
    } start[SPILL_FAN];
    for (size_t i = 0; i < SPILL_FAN; i++) {
        start[i].at = from[i]->at;
        start[i].n = from[i]->n + from[i]->lost;
    }
    unsigned level = from[0]->level + 1 < SPILL_LEVELS ? from[0]->level + 1 : from[0]->level;
    struct run *out = open_run(level);
    enum spill_status status = out               ? merge_into(s, out, from, texts)
                               : errno == ENOMEM ? SPILL_NO_MEMORY
                                                 : SPILL_FAILED;
    if (status == SPILL_TAKEN) {
        for (size_t i = 0; i < SPILL_FAN; i++)
            close_run(from[i], texts);
        s->n_runs -= SPILL_FAN;
        return append(s, out, texts);
    }
    s->error = errno;
    close_run(out, texts);
    bool ok = status == SPILL_FAILED;
    for (size_t i = 0; ok && i < SPILL_FAN; i++)
        ok = start_reading(s, from[i], start[i].at, start[i].n - from[i]->lost, texts);
    return ok;
}

/* ---- in and out ---- */

/* Closes what is empty, and finds the first hit. */
static void settle(struct spill *s, struct shared_table *texts)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->n_runs; i++)
        if (s->run[i]->n > 0)
            s->run[kept++] = s->run[i];
        else
            close_run(s->run[i], texts);
    s->n_runs = kept;
    s->first = first_of(s->run, s->n_runs);
}

static enum spill_status write_run(struct run *r, const struct pending *q)
{
    for (size_t i = 0; i < q->n; i++) {
        uint32_t place;
        if (!write_hit(r, pending_nth(q, i, &place)))
            return SPILL_FAILED;
    }
    return fflush(r->file) == 0 ? SPILL_TAKEN : SPILL_FAILED;
}

enum spill_status spill_add(struct spill *s, const struct pending *q, struct shared_table *texts)
{
    if (s->error)
        return SPILL_FAILED;
    if (!make_room(s, q))
        return SPILL_NO_MEMORY;
    struct run *r = open_run(0);
    if (!r && errno == ENOMEM)
        return SPILL_NO_MEMORY;
    if (!r || write_run(r, q) != SPILL_TAKEN) {
        s->error = errno;
        close_run(r, texts);
        return SPILL_FAILED;
    }
    s->n += r->n;
    s->taken += r->n;
    bool ok = append(s, r, texts);
    while (ok && !s->error && is_full(s))
        ok = merge(s, texts);
    if (!ok)
        return SPILL_NO_MEMORY;
    settle(s, texts);
    return SPILL_TAKEN;
}

const struct waiting *spill_first(const struct spill *s)
{
    return s->n > 0 ? &s->run[s->first]->first : NULL;
}

bool spill_pop(struct spill *s, struct waiting *to, struct shared_table *texts)
{
    struct run *r = s->run[s->first];
    *to = r->first;
    s->n--;
    bool ok = step(s, r, texts);
    if (ok && r->n == 0)
        settle(s, texts);
    else if (ok)
        s->first = first_of(s->run, s->n_runs);
    return ok;
}

/* Passes what is left of a run, and puts it back to where it was. */
static enum spill_status each_of(struct spill *s, struct run *r,
                                 bool (*each)(void *user, const struct waiting *), void *user,
                                 struct shared_table *texts)
{
    off_t at = r->at, end = r->at;
    enum spill_status status = SPILL_TAKEN;
    clearerr(r->file);
    if (fseeko(r->file, at, SEEK_SET) != 0)
        status = SPILL_FAILED;
    r->next = at;
    for (uint64_t i = 0; i < r->n && status == SPILL_TAKEN; i++) {
        struct waiting x;
        if (!read_hit(s, r, &x, &end, texts)) {
            status = errno == ENOMEM ? SPILL_NO_MEMORY : SPILL_FAILED;
            break;
        }
        r->next = end;
        if (!each(user, &x))
            status = SPILL_FAILED;
        waiting_drop(&x, texts);
    }
    return start_reading(s, r, at, r->n, texts) ? status : SPILL_NO_MEMORY;
}

enum spill_status spill_each(struct spill *s, bool (*each)(void *user, const struct waiting *), void *user,
                             struct shared_table *texts)
{
    enum spill_status status = SPILL_TAKEN;
    for (size_t i = 0; i < s->n_runs && status == SPILL_TAKEN; i++)
        if (s->run[i]->n > 0)
            status = each_of(s, s->run[i], each, user, texts);
    settle(s, texts);
    return status;
}

void spill_free(struct spill *s)
{
    for (size_t i = 0; i < s->n_runs; i++)
        close_run(s->run[i], NULL);
    free(s->text);
    *s = (struct spill){0};
}
