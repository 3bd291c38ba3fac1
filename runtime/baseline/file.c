/*
 * file.c - a pack's baselines as a file: JSON, one line for each group, whose histograms are a tape in base64.
 *
 *     {"format":"trailc baseline","version":1,"pack":{"name":"…","hash":"…"},
 *     "coverage":[1767225600000,1769904000000],"conditions":[
 *     {"alert":"…","condition":0,"side":"more","span":600000,"subject":"…","dropped":0,"groups":[
 *     {"group":{…},"samples":17,"data":"…"},
 *     …]}]}
 *
 * What is read is somebody's file: it is checked to be JSON as a whole, then each value to be what it should.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "hash/base64.h"
#include "inside.h"
#include "window/timestamp.h"
#include "json/elements.h"

static const char FORMAT[] = "trailc baseline";
enum { VERSION = 1 };

/* ---- writing ---- */

static void add(struct trail_text *to, const char *text)
{
    trail_text_add(to, text, strlen(text));
}

static void add_quoted(struct trail_text *to, const char *text)
{
    trail_json_quote(to, (struct trail_slice){text, strlen(text)});
}

static void add_head(struct trail_text *to, const struct trail_pack *pack, const struct coverage *c)
{
    char version[32];
    snprintf(version, sizeof version, "\",\"version\":%d", VERSION);
    add(to, "{\"format\":\"");
    add(to, FORMAT);
    add(to, version);
    add(to, ",\"pack\":{\"name\":");
    add_quoted(to, pack->name);
    add(to, ",\"hash\":");
    add_quoted(to, pack->hash);
    add(to, "},\n\"coverage\":[");
    for (size_t i = 0; i < c->n; i++) {
        char times[64];
        snprintf(times, sizeof times, "%s%" PRId64 ",%" PRId64, i ? "," : "", c->list[i].from, c->list[i].to);
        add(to, times);
    }
    add(to, "],\"conditions\":[");
}

static void add_group(struct trail_text *to, const struct baseline_group *g)
{
    struct trail_text tape = {0};
    char samples[48];
    baseline_save(&g->baseline, &tape);
    add(to, "{\"group\":");
    trail_text_add(to, g->key.p, g->key.n);
    snprintf(samples, sizeof samples, ",\"samples\":%" PRIu64 ",\"data\":\"", g->baseline.samples);
    add(to, samples);
    trail_base64_add(to, tape.p, tape.n);
    add(to, "\"}");
    to->failed |= tape.failed;
    trail_text_free(&tape);
}

static void add_set_head(struct trail_text *to, const struct baseline_set *s)
{
    char numbers[160];
    add(to, "\n{\"alert\":");
    add_quoted(to, s->alert);
    snprintf(numbers, sizeof numbers,
             ",\"condition\":%u,\"side\":\"%s\",\"span\":%" PRId64 ",\"subject\":\"%s\",\"dropped\":%" PRIu64
             ",\"groups\":[",
             s->condition, s->side == BASELINE_MORE ? "more" : "less", s->span, s->subject, s->dropped);
    add(to, numbers);
}

/* Writes the line and empties it. */
static bool put(FILE *f, struct trail_text *line)
{
    bool ok = !line->failed && fwrite(line->p, 1, line->n, f) == line->n;
    if (line->failed)
        errno = ENOMEM;
    line->n = 0;
    return ok;
}

/* Groups by key: the same baselines are the same file. */
static bool write_set(const struct baseline_set *s, FILE *f, struct trail_text *line)
{
    struct baseline_group **sorted = malloc((s->n_groups + 1) * sizeof *sorted);
    if (!sorted)
        return false;
    for (size_t i = 0; i < s->n_groups; i++)
        sorted[i] = s->groups[i];
    qsort(sorted, s->n_groups, sizeof *sorted, baseline_groups_by_key);
    add_set_head(line, s);
    bool ok = true;
    for (size_t i = 0; i < s->n_groups && ok; i++) {
        add(line, i ? ",\n" : "\n");
        add_group(line, sorted[i]);
        ok = put(f, line);
    }
    free(sorted);
    add(line, "]}");
    return ok && put(f, line);
}

bool baselines_write(const struct baselines *b, const struct trail_pack *pack, FILE *f)
{
    struct trail_text line = {0};
    add_head(&line, pack, baselines_coverage((struct baselines *)b));
    bool ok = put(f, &line);
    for (size_t i = 0; i < baselines_count(b) && ok; i++) {
        if (i > 0)
            add(&line, ",");
        ok = write_set(baselines_at(b, i), f, &line);
    }
    add(&line, "]}\n");
    ok = ok && put(f, &line);
    trail_text_free(&line);
    return ok;
}

/* ---- reading ---- */

struct reading {
    const char *begin;
    struct baselines *b;
    char *error;
    size_t room;
    bool bad;
};

static bool is_text(struct trail_slice json, const char *text)
{
    struct trail_slice inside = trail_inside(json);
    return trail_is_string(json) && inside.n == strlen(text) && memcmp(inside.p, text, inside.n) == 0;
}

/* False, and says so: what stands at `where` is not what it should be. */
static bool wrong(struct reading *r, const char *where, const char *what)
{
    if (!r->bad)
        snprintf(r->error, r->room, "%s, at byte %zu", what, (size_t)(where - r->begin));
    r->bad = true;
    return false;
}

static bool no_memory(struct reading *r)
{
    if (!r->bad)
        snprintf(r->error, r->room, "no memory");
    r->bad = true;
    return false;
}

/* The member; n 0, at the object's place, when there is none. */
static struct trail_slice member(struct trail_slice object, const char *name)
{
    struct trail_slice value = trail_json_member(object, name);
    return value.n > 0 ? value : (struct trail_slice){object.p, 0};
}

/* A whole number; false: none. */
static bool number(struct trail_slice json, int64_t *to)
{
    char text[24];
    char *end;
    if (json.n == 0 || json.n >= sizeof text || (*json.p != '-' && (*json.p < '0' || *json.p > '9')))
        return false;
    memcpy(text, json.p, json.n);
    text[json.n] = 0;
    errno = 0;
    *to = strtoll(text, &end, 10);
    return *end == 0 && errno == 0;
}

static bool natural(struct reading *r, struct trail_slice object, const char *name, int64_t most, int64_t *to)
{
    struct trail_slice value = member(object, name);
    char what[80];
    if (number(value, to) && *to >= 0 && *to <= most)
        return true;
    snprintf(what, sizeof what, "\"%s\" is missing, or no number that it can be", name);
    return wrong(r, value.p, what);
}

/* A string of letters, digits and such: no escape. The caller frees it. */
static char *text_of(struct reading *r, struct trail_slice object, const char *name)
{
    struct trail_slice value = member(object, name), inside = trail_inside(value);
    char what[80], *to;
    snprintf(what, sizeof what, "\"%s\" is missing, or no string", name);
    if (!trail_is_string(value)) {
        wrong(r, value.p, what);
        return NULL;
    }
    if (!(to = malloc(inside.n + 1))) {
        no_memory(r);
        return NULL;
    }
    size_t n = trail_json_unescape(to, inside.p, inside.n);
    to[n] = 0;
    if (strlen(to) == n)
        return to;
    free(to);
    wrong(r, value.p, what);
    return NULL;
}

static bool read_data(struct reading *r, struct baseline *b, struct trail_slice value)
{
    struct trail_slice s = trail_inside(value);
    char *bytes = malloc(s.n + 1);
    struct baseline read = {0};
    if (!bytes)
        return no_memory(r);
    size_t n = trail_is_string(value) ? trail_base64_read(bytes, s) : SIZE_MAX;
    struct tape tape = {bytes, bytes + (n == SIZE_MAX ? 0 : n), n == SIZE_MAX};
    bool ok = baseline_load(&read, &tape);
    tape.bad |= tape.p != tape.end;
    free(bytes);
    if (ok && !tape.bad)
        ok = baseline_merge(b, &read);
    baseline_free(&read);
    return tape.bad ? wrong(r, value.p, "\"data\" is damaged") : ok || no_memory(r);
}

static bool read_group(struct reading *r, struct baseline_set *s, struct trail_slice json)
{
    struct trail_slice key = member(json, "group");
    struct trail_text safe = {0};
    if (!trail_is_object(key))
        return wrong(r, key.p, "\"group\" is missing, or no object");
    trail_json_rewrite(&safe, key);
    struct trail_slice group = {safe.p, safe.n};
    bool twice = !safe.failed && baseline_group_find(s, group);
    struct baseline_group *g = safe.failed || twice ? NULL : baseline_group_make(s, group);
    trail_text_free(&safe);
    if (twice)
        return wrong(r, key.p, "a group is there twice");
    return g ? read_data(r, &g->baseline, member(json, "data")) : no_memory(r);
}

static bool read_groups(struct reading *r, struct baseline_set *s, struct trail_slice list)
{
    struct trail_elements e;
    struct trail_slice group;
    if (!trail_is_array(list))
        return wrong(r, list.p, "\"groups\" is missing, or no array");
    trail_values_start(&e, list);
    while (trail_values_next(&e, &group))
        if (!read_group(r, s, group))
            return false;
    return true;
}

static bool read_set(struct reading *r, struct trail_slice json)
{
    int64_t condition, span, dropped;
    struct trail_slice side = member(json, "side");
    if (!natural(r, json, "condition", 1000, &condition) ||
        !natural(r, json, "span", BASELINE_TIME_MOST, &span) ||
        !natural(r, json, "dropped", INT64_MAX, &dropped))
        return false;
    if (span == 0 || !(is_text(side, "more") || is_text(side, "less")))
        return wrong(r, side.p, "\"side\" is neither \"more\" nor \"less\", or \"span\" is 0");
    char *alert = text_of(r, json, "alert"), *subject = text_of(r, json, "subject");
    struct baseline_set *s = NULL;
    if (alert && subject && (strlen(subject) != 32 || strspn(subject, "0123456789abcdef") != 32))
        wrong(r, json.p, "\"subject\" is not 32 hexadecimal digits");
    else if (alert && subject && !(s = baselines_add_set(r->b, alert, subject)))
        no_memory(r);
    free(alert);
    free(subject);
    if (!s)
        return false;
    s->condition = (unsigned)condition;
    s->span = span;
    s->side = is_text(side, "more") ? BASELINE_MORE : BASELINE_LESS;
    s->dropped = (uint64_t)dropped;
    return read_groups(r, s, member(json, "groups"));
}

static bool read_coverage(struct reading *r, struct trail_slice list)
{
    struct trail_elements e;
    struct trail_slice from, to;
    if (!trail_is_array(list))
        return wrong(r, list.p, "\"coverage\" is missing, or no array");
    trail_values_start(&e, list);
    while (trail_values_next(&e, &from)) {
        int64_t a, b;
        if (!trail_values_next(&e, &to) || !number(from, &a) || !number(to, &b) || a > b ||
            a < -BASELINE_TIME_MOST || b > BASELINE_TIME_MOST)
            return wrong(r, from.p, "\"coverage\" has something other than pairs of times in milliseconds");
        if (!coverage_add(baselines_coverage(r->b), a, b))
            return no_memory(r);
    }
    return true;
}

static bool read_file(struct reading *r, struct trail_slice json)
{
    struct trail_elements e;
    struct trail_slice set, list = member(json, "conditions");
    int64_t version;
    if (!trail_is_object(json) || !is_text(member(json, "format"), FORMAT))
        return wrong(r, json.p, "this is no baseline: `learn` writes them");
    if (!natural(r, json, "version", INT64_MAX, &version))
        return false;
    if (version != VERSION)
        return wrong(r, json.p, "the baseline is of another version of trailc: learn it again");
    if (!read_coverage(r, member(json, "coverage")))
        return false;
    if (!trail_is_array(list))
        return wrong(r, list.p, "\"conditions\" is missing, or no array");
    trail_values_start(&e, list);
    while (trail_values_next(&e, &set))
        if (!read_set(r, set))
            return false;
    return true;
}

struct baselines *baselines_parse(const char *p, size_t n, char *error, size_t room)
{
    struct reading r = {.begin = p, .b = baselines_new(), .error = error, .room = room};
    size_t at;
    if (!r.b) {
        no_memory(&r);
        return NULL;
    }
    enum trail_json_error what = trail_json_check(p, n, &at);
    struct trail_slice json = {p, n};
    while (json.n > 0 && strchr(" \t\r\n", *json.p)) {
        json.p++;
        json.n--;
    }
    if (what != TRAIL_JSON_OK) {
        char text[160];
        snprintf(text, sizeof text, "no file that learn wrote, or a damaged one: %s",
                 trail_json_error_text(what));
        wrong(&r, p + at, text);
    } else
        read_file(&r, json);
    if (!r.bad)
        return r.b;
    baselines_free(r.b);
    return NULL;
}

/* The whole file, NULL: see errno. */
static char *whole(const char *path, size_t *n)
{
    enum { PIECE = 1 << 20 };
    FILE *f = fopen(path, "rbe");
    char *p = NULL;
    size_t room = 0;
    *n = 0;
    while (f && !feof(f)) {
        char *more = room - *n < PIECE ? realloc(p, room + room / 2 + 2 * PIECE) : p;
        if (!more)
            break;
        room += more == p && room - *n >= PIECE ? 0 : room / 2 + 2 * PIECE;
        p = more;
        *n += fread(p + *n, 1, PIECE, f);
        if (ferror(f))
            break;
    }
    bool ok = f && feof(f);
    int cause = errno;
    if (f)
        fclose(f);
    if (!ok) {
        free(p);
        errno = cause;
        return NULL;
    }
    return p;
}

struct baselines *baselines_read(const char *path, char *error, size_t room)
{
    size_t n;
    char what[200];
    errno = 0;
    char *p = whole(path, &n);
    if (!p) {
        snprintf(error, room, "%s: %s", path, strerror(errno ? errno : EIO));
        return NULL;
    }
    struct baselines *b = baselines_parse(p, n, what, sizeof what);
    if (!b)
        snprintf(error, room, "%s: %s", path, what);
    free(p);
    return b;
}
