/*
 * pack.c - a directory or a file of rules as a struct pack.
 *
 * Needs: nothing. Guarantees: every document was read by the table of keys, defaults are filled in, names,
 * IDs and symbols are unique, and everything that was wrong has been said, in one run.
 *
 * The header is the one document with keys of a header and without `alert`; its file's name does not matter.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "document.h"
#include "trail/limits.h"

static const struct loc nowhere = {NOWHERE, 0, 0};

/* ---- documents -------------------------------------------------------------------------------- */

struct documents {
    size_t n;
    struct yaml **list;
    bool incomplete; /* a file could not be read to its end: what it lacks is not said */
};

bool is_rule_file(const char *name)
{
    static const char *const endings[] = {".yaml", ".yml", ".json"};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings && name[0] != '.'; i++) {
        size_t k = strlen(endings[i]);
        if (n > k && strcmp(name + n - k, endings[i]) == 0)
            return true;
    }
    return false;
}

static int by_name(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The paths of a pack's files, by byte order of their names. */
struct listing {
    size_t n, n_tests;
    const char **rules, **tests;
};

/* Whether a file is right in the directory, whose name ends with a slash or is followed by one. */
static bool is_within(const char *file, const char *directory, const char *slash)
{
    size_t n = strlen(directory);
    return file && strncmp(file, directory, n) == 0 && strncmp(file + n, slash, strlen(slash)) == 0 &&
           !strchr(file + n + strlen(slash), '/');
}

static bool has_name(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void list_name(struct compile *c, struct listing *list, const char *name)
{
    if (is_test_file(name))
        *PUSH(c, list->tests, list->n_tests) = name;
    else
        *PUSH(c, list->rules, list->n) = name;
}

static struct listing list_directory(struct compile *c, const char *path)
{
    struct listing list = {0};
    DIR *directory = opendir(path);
    if (!directory) {
        diag(c, E001, nowhere, "cannot read %s: %s", path, strerror(errno));
        return list;
    }
    const char *slash = *path && path[strlen(path) - 1] == '/' ? "" : "/";
    for (struct dirent *entry; (entry = readdir(directory));) {
        struct stat status;
        const char *name = diag_format(c, "%s%s%s", path, slash, entry->d_name).p;
        if (is_rule_file(entry->d_name) && (stat(name, &status) != 0 || !S_ISDIR(status.st_mode)))
            list_name(c, &list, name);
    }
    closedir(directory);
    /* What is being edited need not be there yet. */
    const char *edited = c->edited.path;
    if (is_within(edited, path, slash) && !has_name(list.rules, list.n, edited) &&
        !has_name(list.tests, list.n_tests, edited))
        list_name(c, &list, edited);
    if (!list.n)
        diag(c, E001, nowhere, "%s has no rules: no *.yaml, *.yml or *.json", path);
    if (list.n)
        qsort(list.rules, list.n, sizeof *list.rules, by_name);
    if (list.n_tests)
        qsort(list.tests, list.n_tests, sizeof *list.tests, by_name);
    return list;
}

const char **rule_files(struct compile *c, const char *directory, size_t *n)
{
    struct listing list = list_directory(c, directory);
    for (size_t i = 0; i < list.n_tests; i++)
        *PUSH(c, list.rules, list.n) = list.tests[i];
    *n = list.n;
    return list.rules;
}

static struct listing list_file(struct compile *c, const char *path)
{
    struct listing list = {0};
    if (is_test_file(path)) {
        diag(c, E001, nowhere, "%s has tests only; give the rule file beside it", path);
        return list;
    }
    *PUSH(c, list.rules, list.n) = path;
    list.n_tests = test_files_of(c, path, &list.tests);
    return list;
}

static void read_source(struct compile *c, uint32_t source, bool readable, struct documents *documents)
{
    if (!readable || !yaml_parse(c, source, &documents->list, &documents->n))
        documents->incomplete = true;
}

static void read_file(struct compile *c, const char *path, struct documents *documents)
{
    uint32_t source;
    bool readable = source_read(c, path, &source);
    read_source(c, source, readable, documents);
}

/* ---- the header ------------------------------------------------------------------------------- */

static size_t known_keys(const struct shape *shape, const struct yaml *document)
{
    size_t n = 0;
    for (size_t i = 0; i < document->n; i++)
        n += shape_key(shape, document->entries[i].key->text.s) != NULL;
    return n;
}

bool document_is_header(const struct yaml *document)
{
    if (document->kind != YAML_MAP || yaml_get(document, "alert"))
        return false;
    size_t header = known_keys(&shape_header, document);
    return header > 0 && header >= known_keys(&shape_alert, document);
}

static size_t line_of(const struct compile *c, struct loc loc)
{
    size_t line = 1;
    for (uint32_t i = 0; i < loc.at; i++)
        line += c->sources[loc.source].text.p[i] == '\n';
    return line;
}

static struct slice first_is_at(struct compile *c, struct loc loc)
{
    return diag_format(c, "the first is at %s:%zu", c->sources[loc.source].name, line_of(c, loc));
}

static const struct yaml *find_header(struct compile *c, const struct documents *documents)
{
    const struct yaml *header = NULL;
    for (size_t i = 0; i < documents->n; i++) {
        const struct yaml *document = documents->list[i];
        if (!document_is_header(document))
            continue;
        if (header)
            diag(c, E003, document->loc, "a pack has one header")->note = first_is_at(c, header->loc);
        else
            header = document;
    }
    return header;
}

static void read_defaults(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    if (is_kind(c, key, value, YAML_MAP))
        shape_read(c, &shape_defaults, value, &RESULT(struct alert, key, to));
}

const struct type type_defaults = {"a mapping of an alert's keys",
                                   "{\"allOf\":[{\"$ref\":\"#/definitions/defaults\"}]}", read_defaults};

static struct header read_header(struct compile *c, const struct yaml *document)
{
    struct header header = {.defaults = {.priority = 3, .retire = TRAIL_RETIRE}};
    if (document)
        shape_read(c, &shape_header, document, &header);
    if (!header.pack.time)
        header.pack.time = path_intern(c, SLICE("eventTime"));
    if (!header.pack.event_id)
        header.pack.event_id = path_intern(c, SLICE("eventID"));
    return header;
}

/* ---- alerts ----------------------------------------------------------------------------------- */

struct slice alert_slug(struct compile *c, struct slice name)
{
    struct buffer slug = {.c = c};
    bool gap = false;
    for (size_t i = 0; i < name.n && slug.n < MAX_NAME - 1; i++) {
        char ch = name.p[i];
        char lower = ch >= 'A' && ch <= 'Z' ? (char)(ch + 32) : ch;
        if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) {
            if (gap && slug.n)
                buffer_char(&slug, '-');
            buffer_char(&slug, lower);
            gap = false;
        } else {
            gap = true;
        }
    }
    /* A name in another script has none of these; its hash is as stable as the name. */
    return slug.n ? buffer_slice(&slug) : diag_format(c, "alert-%.8s", sha256_hex(c, name).p);
}

static void read_conditions(struct compile *c, struct alert *a)
{
    static const struct when immediately = {.kind = WHEN_IMMEDIATELY,
                                            .text = {.s = {"immediately", 11}, .source = NOWHERE}};
    const struct when *given = a->n_when ? a->when : &immediately;
    size_t n = a->n_when ? a->n_when : 1;
    /* Copied: alerts may share the defaults' conditions, but have priorities of their own. */
    struct when *own = NEW_ARRAY(c, struct when, n);
    for (size_t i = 0; i < n; i++) {
        own[i] = given[i];
        if (!own[i].priority)
            own[i].priority = a->priority;
    }
    a->when = own;
    a->n_when = n;
}

static void missing_filter(struct compile *c, const struct alert *a, const struct yaml *document)
{
    if (yaml_get(document, "filter") || shape_misspelt(&shape_alert, document, "filter"))
        return;
    struct diag *d = diag(c, E005, a->loc, "the alert has no filter");
    d->rewrite = SLICE("filter: '*'");
    d->note = SLICE("`*` takes every event");
}

/* What --strict asks of an alert: that the person whom it wakes knows why, and that it was seen to work. */
static void check_complete(struct compile *c, const struct alert *a)
{
    if (!a->description.n)
        diag(c, E010, a->loc, "the alert has no `description` (--strict)");
    if (!a->n_tests)
        diag(c, E010, a->loc, "the alert has no `tests` (--strict)");
}

static void read_alert(struct compile *c, const struct header *header, const struct yaml *document)
{
    struct alert a = header->defaults;
    shape_read(c, &shape_alert, document, &a);
    const struct yaml *name = yaml_get(document, "alert");
    if (!name || !a.name.n)
        return;
    a.loc = name->loc;
    if (!a.id.n)
        a.id = alert_slug(c, a.name);
    if (!a.filter.s.n) {
        missing_filter(c, &a, document);
        return;
    }
    read_conditions(c, &a);
    *PUSH(c, c->pack.alerts, c->pack.n_alerts) = a;
}

/* ---- names ------------------------------------------------------------------------------------ */

struct named {
    struct slice name;
    size_t index; /* of the alert */
};

static int by_named(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    int order = slice_cmp(a->name, b->name);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static void check_unique(struct compile *c, bool ids)
{
    struct pack *pack = &c->pack;
    struct named *named = NEW_ARRAY(c, struct named, pack->n_alerts);
    for (size_t i = 0; i < pack->n_alerts; i++)
        named[i] = (struct named){ids ? pack->alerts[i].id : pack->alerts[i].name, i};
    qsort(named, pack->n_alerts, sizeof *named, by_named);
    for (size_t i = 1; i < pack->n_alerts; i++) {
        const struct alert *a = &pack->alerts[named[i].index], *first = &pack->alerts[named[i - 1].index];
        if (!slice_eq(named[i].name, named[i - 1].name) || (ids && slice_eq(a->name, first->name)))
            continue;
        struct diag *d = ids ? diag(c, E006, a->loc, "another alert has the ID `%s` too", shown(c, a->id))
                             : diag(c, E006, a->loc, "another alert is named `%s` too", shown(c, a->name));
        d->note =
            diag_format(c, "%s%s", first_is_at(c, first->loc).p, ids ? "; set `id` to tell them apart" : "");
    }
}

static bool is_keyword(struct slice s)
{
    static const char *const keywords[] = {
        "auto",   "break",    "case",   "char",   "const",    "continue", "default", "do",
        "double", "else",     "enum",   "extern", "float",    "for",      "goto",    "if",
        "inline", "int",      "long",   "main",   "register", "restrict", "return",  "short",
        "signed", "sizeof",   "static", "struct", "switch",   "typedef",  "union",   "unsigned",
        "void",   "volatile", "while",  "asm",    "typeof",   "linux",    "unix",    NULL};
    for (size_t i = 0; keywords[i]; i++)
        if (slice_eq(s, slice_of(keywords[i])))
            return true;
    return false;
}

static struct slice symbol_of(struct compile *c, struct slice id)
{
    struct buffer symbol = {.c = c};
    if ((id.p[0] >= '0' && id.p[0] <= '9') || is_keyword(id))
        buffer_text(&symbol, "alert_");
    for (size_t i = 0; i < id.n; i++)
        buffer_char(&symbol, id.p[i] == '-' ? '_' : id.p[i]);
    return buffer_slice(&symbol);
}

/* IDs are unique; two can still give one symbol when one of them had to be prefixed. */
static void name_symbols(struct compile *c)
{
    struct pack *pack = &c->pack;
    struct named *named = NEW_ARRAY(c, struct named, pack->n_alerts);
    for (size_t i = 0; i < pack->n_alerts; i++)
        named[i] = (struct named){symbol_of(c, pack->alerts[i].id), i};
    qsort(named, pack->n_alerts, sizeof *named, by_named);
    for (size_t i = 0; i < pack->n_alerts; i++) {
        bool taken = i > 0 && slice_eq(named[i].name, named[i - 1].name);
        pack->alerts[named[i].index].symbol =
            taken ? diag_format(c, "%s__%zu", named[i].name.p, named[i].index) : named[i].name;
    }
}

/* ---- the whole -------------------------------------------------------------------------------- */

/* The last part of a path, without a rule file's ending. */
static struct slice base_name(struct compile *c, const char *path)
{
    char *real = realpath(path, NULL);
    const char *whole = real ? real : path, *slash = strrchr(whole, '/');
    const char *name = slash && slash[1] ? slash + 1 : whole;
    const char *dot = is_rule_file(name) ? strrchr(name, '.') : NULL;
    struct slice base = slice_copy(c, name, dot ? (size_t)(dot - name) : strlen(name));
    free(real);
    return base;
}

static void read_documents(struct compile *c, const struct documents *documents, struct slice name)
{
    const struct yaml *found = find_header(c, documents);
    struct header header = read_header(c, found);
    c->pack = header.pack;
    c->headless = documents->incomplete && !found;
    if (!c->pack.name.n)
        c->pack.name = name;
    for (size_t i = 0; i < documents->n; i++)
        if (!document_is_header(documents->list[i]))
            read_alert(c, &header, documents->list[i]);
    if (!c->pack.n_alerts && !documents->incomplete && !diag_errors(c))
        diag(c, E005, c->n_sources == 1 ? (struct loc){0, 0, 0} : nowhere, "the pack has no alert");
    check_unique(c, false);
    check_unique(c, true);
    name_symbols(c);
    c->pack.hash = pack_hash(c);
}

/* Last of all: tests may come from beside. */
static bool finish(struct compile *c)
{
    for (size_t i = 0; c->strict && i < c->pack.n_alerts; i++)
        check_complete(c, &c->pack.alerts[i]);
    return diag_errors(c) == 0;
}

bool pack_load(struct compile *c, const char *path)
{
    struct documents documents = {0};
    struct stat status;
    bool directory = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    struct listing list = directory ? list_directory(c, path) : list_file(c, path);
    for (size_t i = 0; i < list.n; i++)
        read_file(c, list.rules[i], &documents);
    documents.incomplete = documents.incomplete || !list.n;
    read_documents(c, &documents, base_name(c, path));
    test_files_read(c, list.n_tests, list.tests);
    return finish(c);
}

bool pack_load_text(struct compile *c, const char *name, struct slice text)
{
    struct documents documents = {0};
    uint32_t source;
    bool readable = source_add(c, name, text, &source);
    read_source(c, source, readable, &documents);
    read_documents(c, &documents, base_name(c, name));
    return finish(c);
}

bool pack_load_edited(struct compile *c, const char *name, struct slice text)
{
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    const char *directory = slash ? slice_copy(c, name, (size_t)(base - name)).p : "./";
    struct stat status;
    if (!is_rule_file(base) || stat(directory, &status) != 0 || !S_ISDIR(status.st_mode))
        return pack_load_text(c, name, text);
    c->edited.path = diag_format(c, "%s%s", directory, base).p;
    c->edited.text = text;
    bool good = pack_load(c, directory);
    /* In messages it has the name that it was given. */
    for (size_t i = 0; i < c->n_sources; i++)
        if (strcmp(c->sources[i].name, c->edited.path) == 0)
            c->sources[i].name = name;
    return good;
}
