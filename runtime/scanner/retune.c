/*
 * retune.c - see retune.h. The files are read by libyaml, which tells where each value stands; inside the value the
 * number is looked for in the text as it is written.
 */
#include "retune.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

#include "file/replace.h"

enum { FILES = 10000, FILE_BYTES = 64 << 20 };

/* Digits to be replaced. */
struct place {
    size_t from, to;
    uint64_t n;
};

struct rule_file {
    char *path;
    char *bytes;
    size_t n, n_places;
    struct place *places; /* in the order of the file */
};

struct tuning {
    struct rule_file *files;
    size_t n_files, room_files;
    const struct retune *changes;
    size_t n_changes;
    unsigned *found; /* of each change */
    char *error;
    size_t room;
};

static bool wrong(struct tuning *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool wrong(struct tuning *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(t->error, t->room, format, args);
    va_end(args);
    return false;
}

/* ---- files ---- */

static bool is_rule_file(const char *name)
{
    static const char *const endings[] = {".yaml", ".yml", ".json"};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t m = strlen(endings[i]);
        if (n > m && name[0] != '.' && strcmp(name + n - m, endings[i]) == 0)
            return true;
    }
    return false;
}

static bool read_whole(struct tuning *t, struct rule_file *f)
{
    int fd = open(f->path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        int error = errno;
        if (fd >= 0)
            close(fd);
        return wrong(t, "%s: %s", f->path, strerror(error));
    }
    bool fits = S_ISREG(st.st_mode) && st.st_size <= FILE_BYTES;
    ssize_t got = 0;
    f->bytes = fits ? malloc((size_t)st.st_size + 1) : NULL;
    while (f->bytes && f->n < (size_t)st.st_size &&
           (got = read(fd, f->bytes + f->n, (size_t)st.st_size - f->n)) > 0)
        f->n += (size_t)got;
    close(fd);
    if (!f->bytes || f->n != (size_t)st.st_size)
        return wrong(t, "%s: cannot be read as a rule file", f->path);
    return true;
}

/* Links are followed: what is replaced is the file. */
static bool add_file(struct tuning *t, const char *path)
{
    if (t->n_files == t->room_files) {
        size_t room = t->room_files ? 2 * t->room_files : 16;
        struct rule_file *files = room <= 2 * FILES ? realloc(t->files, room * sizeof *files) : NULL;
        if (!files)
            return wrong(t, "too many files");
        t->files = files;
        t->room_files = room;
    }
    struct rule_file *f = &t->files[t->n_files];
    *f = (struct rule_file){.path = realpath(path, NULL)};
    if (!f->path)
        return wrong(t, "%s: %s", path, strerror(errno));
    t->n_files++;
    return read_whole(t, f);
}

static bool add_directory(struct tuning *t, const char *path)
{
    DIR *d = opendir(path);
    bool ok = true;
    if (!d)
        return wrong(t, "%s: %s", path, strerror(errno));
    for (struct dirent *e; ok && (e = readdir(d));) {
        if (!is_rule_file(e->d_name))
            continue;
        char *inside = malloc(strlen(path) + strlen(e->d_name) + 2);
        if (inside)
            sprintf(inside, "%s/%s", path, e->d_name);
        ok = inside ? add_file(t, inside) : wrong(t, "out of memory");
        free(inside);
    }
    closedir(d);
    return ok && (t->n_files > 0 || wrong(t, "%s has no rules: no *.yaml, *.yml or *.json", path));
}

/* ---- where the numbers are ---- */

/* The byte at which the character stands that libyaml has as its index. */
static size_t byte_of(const struct rule_file *f, size_t index)
{
    size_t at = f->n >= 3 && memcmp(f->bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    for (; index > 0 && at < f->n; index--)
        for (at++; at < f->n && ((unsigned char)f->bytes[at] & 0xC0) == 0x80;)
            at++;
    return at;
}

static bool is_word_end(const char *p, const char *end)
{
    return p == end || !(isalnum((unsigned char)*p) || *p == '_');
}

/* The digits between `than`, `least` or `most` and `in`. Only one such place is right. */
static bool find_number(const struct rule_file *f, size_t from, size_t to, struct place *place)
{
    static const char *const words[] = {"than", "least", "most"};
    const char *p = f->bytes + from, *end = f->bytes + to;
    unsigned found = 0;
    for (; p < end; p++)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            size_t n = strlen(words[i]);
            if ((size_t)(end - p) <= n || strncasecmp(p, words[i], n) != 0 || !isspace((unsigned char)p[n]))
                continue;
            const char *digits = p + n, *behind;
            while (digits < end && isspace((unsigned char)*digits))
                digits++;
            for (behind = digits; behind < end && isdigit((unsigned char)*behind);)
                behind++;
            const char *in = behind;
            while (in < end && isspace((unsigned char)*in))
                in++;
            if (behind == digits || in == behind || end - in < 2 || strncasecmp(in, "in", 2) != 0 ||
                !is_word_end(in + 2, end))
                continue;
            *place = (struct place){.from = (size_t)(digits - f->bytes), .to = (size_t)(behind - f->bytes)};
            found++;
        }
    return found == 1;
}

static const yaml_node_t *value_of(yaml_document_t *d, const yaml_node_t *map, const char *key)
{
    for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top; p++) {
        const yaml_node_t *k = yaml_document_get_node(d, p->key);
        if (k && k->type == YAML_SCALAR_NODE && k->data.scalar.length == strlen(key) &&
            memcmp(k->data.scalar.value, key, k->data.scalar.length) == 0)
            return yaml_document_get_node(d, p->value);
    }
    return NULL;
}

/* The text of the alert's condition; NULL: there is none where it should be. */
static const yaml_node_t *condition_of(yaml_document_t *d, const yaml_node_t *alert, unsigned number)
{
    const yaml_node_t *when = value_of(d, alert, "when");
    if (when && when->type == YAML_SEQUENCE_NODE) {
        yaml_node_item_t *item = when->data.sequence.items.start + number;
        when = item < when->data.sequence.items.top ? yaml_document_get_node(d, *item) : NULL;
    } else if (number > 0) {
        return NULL;
    }
    if (when && when->type == YAML_MAPPING_NODE)
        when = value_of(d, when, "when");
    return when && when->type == YAML_SCALAR_NODE ? when : NULL;
}

static bool add_place(struct rule_file *f, struct place place)
{
    struct place *places = realloc(f->places, (f->n_places + 1) * sizeof *places);
    if (!places)
        return false;
    f->places = places;
    size_t i = f->n_places++;
    for (; i > 0 && places[i - 1].from > place.from; i--)
        places[i] = places[i - 1];
    places[i] = place;
    return true;
}

static bool tune(struct tuning *t, struct rule_file *f, yaml_document_t *d, const yaml_node_t *alert,
                 const struct retune *change)
{
    const char *name = change->alert->name;
    const yaml_node_t *text = condition_of(d, alert, change->condition);
    struct place place;
    uint64_t n = change->alert->conditions[change->condition].n;
    if (!text)
        return wrong(t, "%s: the alert \"%s\" has no `when` of its own with this condition: write one",
                     f->path, name);
    if (!find_number(f, byte_of(f, text->start_mark.index), byte_of(f, text->end_mark.index), &place))
        return wrong(
            t, "%s:%zu: no single number stands in the `when` of \"%s\": write it as `more than N in D`",
            f->path, text->start_mark.line + 1, name);
    errno = 0;
    uint64_t has = strtoull(f->bytes + place.from, NULL, 10);
    if (errno != 0 || has != n)
        return wrong(t,
                     "%s:%zu: the `when` of \"%s\" has %" PRIu64 " where this scanner has %" PRIu64
                     ": build the scanner from this pack first",
                     f->path, text->start_mark.line + 1, name, has, n);
    place.n = change->n;
    for (size_t i = 0; i < f->n_places; i++)
        if (f->places[i].from == place.from)
            return wrong(t, "%s:%zu: two conditions share this `when`: write each its own", f->path,
                         text->start_mark.line + 1);
    return add_place(f, place) || wrong(t, "out of memory");
}

static bool tune_document(struct tuning *t, struct rule_file *f, yaml_document_t *d)
{
    const yaml_node_t *root = yaml_document_get_root_node(d);
    const yaml_node_t *name = root && root->type == YAML_MAPPING_NODE ? value_of(d, root, "alert") : NULL;
    if (!name || name->type != YAML_SCALAR_NODE)
        return true;
    for (size_t i = 0; i < t->n_changes; i++) {
        const char *wanted = t->changes[i].alert->name;
        if (name->data.scalar.length != strlen(wanted) ||
            memcmp(name->data.scalar.value, wanted, name->data.scalar.length) != 0)
            continue;
        if (t->found[i]++ > 0)
            return wrong(t, "%s: the alert \"%s\" is there twice", f->path, wanted);
        if (!tune(t, f, d, root, &t->changes[i]))
            return false;
    }
    return true;
}

static bool tune_file(struct tuning *t, struct rule_file *f)
{
    yaml_parser_t parser;
    yaml_document_t d;
    bool ok = true, more = true;
    if (!yaml_parser_initialize(&parser))
        return wrong(t, "out of memory");
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)f->bytes, f->n);
    while (ok && more) {
        if (!yaml_parser_load(&parser, &d)) {
            ok = wrong(t, "%s:%zu: this is no YAML: %s", f->path, parser.problem_mark.line + 1,
                       parser.problem ? parser.problem : "it cannot be read");
            break;
        }
        more = yaml_document_get_root_node(&d) != NULL;
        ok = tune_document(t, f, &d);
        yaml_document_delete(&d);
    }
    yaml_parser_delete(&parser);
    return ok;
}

/* ---- writing ---- */

static bool put(FILE *to, const char *p, size_t n)
{
    return fwrite(p, 1, n, to) == n;
}

static bool put_changed(FILE *to, const struct rule_file *f)
{
    size_t at = 0;
    for (size_t i = 0; i < f->n_places; i++) {
        if (!put(to, f->bytes + at, f->places[i].from - at) || fprintf(to, "%" PRIu64, f->places[i].n) < 0)
            return false;
        at = f->places[i].to;
    }
    return put(to, f->bytes + at, f->n - at);
}

static bool replace(struct tuning *t, const struct rule_file *f)
{
    struct replacing file;
    bool ok = replacing_start(&file, f->path, true) && put_changed(file.file, f);
    return replacing_end(&file, ok) || wrong(t, "%s: %s", f->path, strerror(errno));
}

static bool run(struct tuning *t, const char *pack, size_t *files)
{
    struct stat st;
    if (stat(pack, &st) != 0)
        return wrong(t, "%s: %s", pack, strerror(errno));
    if (!(S_ISDIR(st.st_mode) ? add_directory : add_file)(t, pack))
        return false;
    for (size_t i = 0; i < t->n_files; i++)
        if (!tune_file(t, &t->files[i]))
            return false;
    for (size_t i = 0; i < t->n_changes; i++)
        if (t->found[i] == 0)
            return wrong(t, "%s has no alert \"%s\": name the pack that the scanner was built from", pack,
                         t->changes[i].alert->name);
    for (size_t i = 0; i < t->n_files; i++) {
        if (t->files[i].n_places > 0 && !replace(t, &t->files[i]))
            return false;
        *files += t->files[i].n_places > 0;
    }
    return true;
}

bool retune_pack(const char *pack, const struct retune *changes, size_t n, size_t *files, char *error,
                 size_t room)
{
    struct tuning t = {.changes = changes, .n_changes = n, .error = error, .room = room};
    *files = 0;
    t.found = calloc(n + 1, sizeof *t.found);
    bool ok = t.found ? run(&t, pack, files) : wrong(&t, "out of memory");
    for (size_t i = 0; i < t.n_files; i++) {
        free(t.files[i].path);
        free(t.files[i].bytes);
        free(t.files[i].places);
    }
    free(t.files);
    free(t.found);
    return ok;
}
