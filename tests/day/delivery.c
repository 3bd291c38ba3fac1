/*
 * delivery.c - brings records to where a scanner finds them.
 *
 * Needs: items in order of time. Guarantees, for S3: what a trail does. A file belongs to one
 * region, is named after the five minutes it was delivered in, holds `{"Records":[…]}` on one line
 * without newline, few records mostly, in an order that is not that of time. A record comes 1 to 13
 * minutes after its event, some come twice, byte for byte, in two files. The files carry the dates of their
 * delivery.
 */
#include "day.h"

#include <errno.h>
#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SLOT_SECONDS = 300 };

/* ---- writing ---- */

static bool failed(const char *path)
{
    fprintf(stderr, "day: %s: %s\n", path, strerror(errno));
    return false;
}

/* Makes the directories above a file. */
static bool make_parents(const char *path)
{
    char part[4096];
    size_t n = strlen(path);
    if (n >= sizeof part) {
        errno = ENAMETOOLONG;
        return failed(path);
    }
    for (size_t i = 1; i < n; i++) {
        if (path[i] != '/')
            continue;
        memcpy(part, path, i);
        part[i] = 0;
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return failed(part);
    }
    return true;
}

/* A replay takes the file's own time for its clock: nothing in the file may lie in its future. */
static bool date_file(const char *path, int64_t time)
{
    const struct timespec t[2] = {{.tv_sec = (time_t)time}, {.tv_sec = (time_t)time}};
    return utimensat(AT_FDCWD, path, t, 0) == 0 ? true : failed(path);
}

static bool write_file(const char *path, const char *p, size_t n)
{
    FILE *f = fopen(path, "wb");
    if (!f && errno == ENOENT) {
        if (!make_parents(path))
            return false;
        f = fopen(path, "wb");
    }
    if (!f)
        return failed(path);
    size_t written = fwrite(p, 1, n, f);
    return fclose(f) == 0 && written == n ? true : failed(path);
}

struct packer {
    struct isal_zstream stream;
    uint8_t level[ISAL_DEF_LVL1_DEFAULT];
    uint8_t *room;
    size_t size;
};

/* One gzip member; the bytes are the packer's until the next call. The header holds no time. */
static size_t pack(struct packer *z, const struct out *text)
{
    size_t need = text->n + text->n / 8 + 4096;
    if (z->size < need) {
        z->size = need;
        z->room = checked(realloc(z->room, need));
    }
    isal_deflate_init(&z->stream);
    z->stream.gzip_flag = IGZIP_GZIP;
    z->stream.end_of_stream = 1;
    z->stream.level = 1;
    z->stream.level_buf = z->level;
    z->stream.level_buf_size = sizeof z->level;
    z->stream.next_in = (uint8_t *)text->p;
    z->stream.avail_in = (uint32_t)text->n;
    z->stream.next_out = z->room;
    z->stream.avail_out = (uint32_t)z->size;
    if (isal_deflate(&z->stream) != COMP_OK || z->stream.avail_in) {
        fputs("day: compression failed\n", stderr);
        exit(1);
    }
    return z->stream.total_out;
}

/* ---- S3 ---- */

/* One coming of a record. */
struct arrival {
    int64_t time;
    const struct item *item;
    bool again; /* the second one */
};

struct arrivals {
    struct arrival *list;
    size_t n;
};

static int earlier(const void *a, const void *b)
{
    const struct arrival *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    return x->again - y->again;
}

static struct arrivals arrivals_of(const struct delivery *d, const struct items *items, const char *region)
{
    struct arrivals a = {checked(malloc((2 * items->n + 1) * sizeof *a.list)), 0};
    for (size_t i = 0; i < items->n; i++) {
        const struct item *item = &items->list[i];
        if (strcmp(item_region(item), region) != 0)
            continue;
        struct random r = {random_mix(item->seed, 6)};
        int64_t first = item->time + 60 + (int64_t)random_below(&r, 720);
        int64_t second = item->time + 60 + (int64_t)random_below(&r, 720);
        bool twice = item->twice || random_below(&r, 1000) < d->duplicates;
        a.list[a.n++] = (struct arrival){first, item, false};
        if (twice && d->duplicates)
            a.list[a.n++] = (struct arrival){second, item, true};
    }
    qsort(a.list, a.n, sizeof *a.list, earlier);
    return a;
}

/* How many records a file holds: 6 in the median, 622 at most. */
static size_t file_size(struct random *r)
{
    uint64_t u = random_below(r, 1000);
    if (u < 500)
        return 1 + random_below(r, 9);
    if (u < 900)
        return 7 + random_below(r, 24);
    if (u < 990)
        return 31 + random_below(r, 100);
    return 131 + random_below(r, 492);
}

struct tree {
    const struct delivery *d;
    const char *region;
    struct random random;
    struct scribe *scribe;
    struct packer *packer;
    struct out text;
};

static void file_name(struct tree *t, int64_t slot, const char *folder, char *path, size_t room)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    char random[17] = {0};
    for (int i = 0; i < 16; i++)
        random[i] = alphabet[random_below(&t->random, 62)];
    struct date w = date_of(slot);
    snprintf(path, room,
             "%s/AWSLogs/" ACCOUNT "/%s/%s/%04d/%02d/%02d/" ACCOUNT
             "_%s_%s_%04d%02d%02dT%02d%02dZ_%s.json.gz",
             t->d->out, folder, t->region, w.year, w.month, w.day, folder, t->region, w.year, w.month, w.day,
             w.hour, w.minute, random);
}

static bool write_packed(struct tree *t, int64_t slot, const char *folder)
{
    char path[4096];
    file_name(t, slot, folder, path, sizeof path);
    size_t n = pack(t->packer, &t->text);
    return write_file(path, (const char *)t->packer->room, n) && date_file(path, slot + SLOT_SECONDS);
}

static bool write_records(struct tree *t, int64_t slot, const struct arrival *const *list, size_t n)
{
    t->text.n = 0;
    out_text(&t->text, "{\"Records\":[");
    for (size_t i = 0; i < n; i++) {
        if (i)
            out_text(&t->text, ",");
        size_t from = t->text.n;
        scribe_write(t->scribe, &t->text, list[i]->item);
        if (t->d->shape && !list[i]->again)
            shape_record(t->d->shape, t->text.p + from, t->text.n - from);
    }
    out_text(&t->text, "]}");
    if (t->d->shape)
        shape_file(t->d->shape, n);
    return write_packed(t, slot, "CloudTrail");
}

static bool holds(const struct arrival *const *list, size_t n, const struct item *item)
{
    for (size_t i = 0; i < n; i++)
        if (list[i]->item == item)
            return true;
    return false;
}

/* The files of one five minutes. A second coming that falls into the file of the first gets a file of its
 * own. */
static bool write_slot(struct tree *t, int64_t slot, const struct arrival *list, size_t n)
{
    const struct arrival *file[700], *alone[700];
    for (size_t at = 0; at < n;) {
        size_t size = file_size(&t->random), n_file = 0, n_alone = 0;
        for (; at < n && n_file < size; at++) {
            if (holds(file, n_file, list[at].item)) {
                if (n_alone == sizeof alone / sizeof *alone)
                    break;
                alone[n_alone++] = &list[at];
            } else {
                file[n_file++] = &list[at];
            }
        }
        if (!write_records(t, slot, file, n_file) || (n_alone && !write_records(t, slot, alone, n_alone)))
            return false;
    }
    return true;
}

/* A trail's digest lies beside its records and holds none; a scanner leaves it alone. */
static bool write_digest(struct tree *t, int64_t day)
{
    char start[21], end[21];
    time_print(start, day);
    time_print(end, day + 3600);
    t->text.n = 0;
    const char *const parts[] = {"{\"awsAccountId\":\"" ACCOUNT "\",\"digestStartTime\":\"", start,
                                 "\",\"digestEndTime\":\"", end,
                                 "\",\"digestS3Bucket\":\"amzn-s3-demo-bucket\",\"digestSignatureAlgorithm\":"
                                 "\"SHA256withRSA\",\"previousDigestSignature\":null,\"logFiles\":[]}"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        out_text(&t->text, parts[i]);
    return write_packed(t, day + 3600, "CloudTrail-Digest");
}

static bool deliver_region(struct tree *t, const struct items *items, int64_t day)
{
    struct arrivals a = arrivals_of(t->d, items, t->region);
    bool fine = write_digest(t, day);
    for (size_t from = 0, to; fine && from < a.n; from = to) {
        int64_t slot = a.list[from].time / SLOT_SECONDS;
        for (to = from; to < a.n && a.list[to].time / SLOT_SECONDS == slot; to++)
            ;
        fine = write_slot(t, slot * SLOT_SECONDS, a.list + from, to - from);
    }
    free(a.list);
    return fine;
}

bool deliver_s3(const struct delivery *d, const struct items *items, int64_t day)
{
    static const char *const regions[] = {"eu-central-1", "us-east-1"};
    char path[4096];
    struct stat st;
    snprintf(path, sizeof path, "%s/AWSLogs", d->out);
    if (stat(path, &st) == 0) {
        fprintf(stderr, "day: %s is there already: two days in one tree would be neither\n", path);
        return false;
    }
    struct packer *packer = checked(calloc(1, sizeof *packer));
    struct scribe *scribe = scribe_new();
    struct tree t = {.d = d, .scribe = scribe, .packer = packer};
    bool fine = true;
    for (size_t i = 0; fine && i < sizeof regions / sizeof *regions; i++) {
        t.region = regions[i];
        t.random = (struct random){random_mix(d->seed, 100 + i)};
        fine = deliver_region(&t, items, day);
    }
    scribe_free(scribe);
    free(packer->room);
    free(packer);
    free(t.text.p);
    return fine;
}

/* ---- NDJSON ---- */

enum { FLUSH = 1 << 20 };

static bool flush(FILE *f, struct out *text)
{
    bool fine = fwrite(text->p, 1, text->n, f) == text->n;
    text->n = 0;
    return fine;
}

static bool ndjson(const struct delivery *d, const struct items *items, FILE *f)
{
    struct scribe *scribe = scribe_new();
    struct out text = {0};
    bool fine = true;
    for (size_t i = 0; fine && i < items->n; i++) {
        const struct item *item = &items->list[i];
        struct random r = {random_mix(item->seed, 6)};
        bool twice = d->duplicates && (item->twice || random_below(&r, 1000) < d->duplicates);
        for (int copy = 0; copy <= twice; copy++) {
            size_t from = text.n;
            scribe_write(scribe, &text, item);
            if (d->shape && copy == 0)
                shape_record(d->shape, text.p + from, text.n - from);
            out_text(&text, "\n");
        }
        if (text.n >= FLUSH)
            fine = flush(f, &text);
    }
    fine = fine && flush(f, &text);
    scribe_free(scribe);
    free(text.p);
    return fine;
}

bool deliver_ndjson(const struct delivery *d, const struct items *items)
{
    bool standard = strcmp(d->out, "-") == 0;
    FILE *f = standard ? stdout : fopen(d->out, "wb");
    if (!f)
        return failed(d->out);
    setvbuf(f, NULL, _IONBF, 0);
    bool fine = ndjson(d, items, f);
    if (!fine)
        failed(standard ? "standard output" : d->out);
    if (standard)
        return fine;
    if (fclose(f) != 0)
        return fine ? failed(d->out) : false;
    struct stat st;
    bool file = stat(d->out, &st) == 0 && S_ISREG(st.st_mode);
    return fine && (!file || items->n == 0 || date_file(d->out, items->list[items->n - 1].time));
}
