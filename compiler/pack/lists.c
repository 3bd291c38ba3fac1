/*
 * lists.c - `lists:` of the header: named values that filters use as `@name`, written in place or in a file.
 *
 * A list's file holds one value a line. Blanks around a value are dropped, and so are comments: `#` at the
 * beginning of a line or behind a blank, up to the line's end.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "document.h"

bool read_file_name(struct compile *c, const struct key *key, const struct yaml *value, struct slice *out)
{
    if (!read_line(c, key, value, out))
        return false;
    struct slice s = *out;
    bool leaves = s.p[0] == '/';
    for (size_t i = 0; i + 1 < s.n; i++) {
        bool first = i == 0 || s.p[i - 1] == '/', last = i + 2 == s.n || s.p[i + 2] == '/';
        leaves = leaves || (first && last && s.p[i] == '.' && s.p[i + 1] == '.');
    }
    if (leaves) {
        struct diag *d = diag(c, E004, value->loc, "`%s` is outside the pack's directory", shown(c, s));
        d->note = SLICE("give a path below the rule file's own directory");
    }
    return !leaves;
}

/* ---- a list's file ---------------------------------------------------------------------------- */

static void add_value(struct compile *c, struct list *list, uint32_t source, uint32_t from, uint32_t to)
{
    uint32_t *at = NEW_ARRAY(c, uint32_t, (size_t)(to - from) + 1);
    for (uint32_t i = from; i <= to; i++)
        at[i - from] = i;
    struct slice s = {c->sources[source].text.p + from, to - from};
    *PUSH(c, list->values, list->n) = (struct text){s, source, at};
}

static bool is_blank(char ch)
{
    return ch == ' ' || ch == '\t';
}

static void read_lines(struct compile *c, struct list *list, uint32_t source)
{
    struct slice text = c->sources[source].text;
    uint32_t n = (uint32_t)text.n;
    for (uint32_t i = source_bom(text); i < n;) {
        while (i < n && is_blank(text.p[i]))
            i++;
        uint32_t from = i, to = i;
        bool comment = false;
        for (; i < n && text.p[i] != '\n' && text.p[i] != '\r'; i++) {
            comment = comment || (text.p[i] == '#' && (i == from || is_blank(text.p[i - 1])));
            if (!comment && !is_blank(text.p[i]))
                to = i + 1;
        }
        if (to > from)
            add_value(c, list, source, from, to);
        i++;
    }
}

/* An entry of `lists` that is a mapping: {file: …}. */
struct list_file {
    struct list *list;
};

static void read_list_file(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    struct list *list = ((struct list_file *)to)->list;
    struct slice file;
    uint32_t source;
    if (!read_file_name(c, key, value, &file))
        return;
    const char *path = source_beside(c, value->loc.source, file);
    struct stat status;
    int error = stat(path, &status) == 0 ? 0 : errno;
    if (error || !S_ISREG(status.st_mode))
        diag(c, E004, value->loc, "cannot read %s: %s", path, error ? strerror(error) : "not a file");
    else if (source_read(c, path, &source))
        read_lines(c, list, source);
}

const struct type type_list_file = {"a file beside the rule file", SCHEMA_FILE, read_list_file};

/* ---- lists ------------------------------------------------------------------------------------ */

static bool is_list_name(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_';
        bool other = (ch >= '0' && ch <= '9') || ch == '-';
        if (!letter && !(other && i > 0))
            return false;
    }
    return s.n > 0 && s.n <= MAX_NAME;
}

static void read_values(struct compile *c, const struct key *key, const struct yaml *value, struct list *list)
{
    for (size_t i = 0; i < value->n; i++) {
        const struct yaml *item = value->entries[i].value;
        if (item->kind == YAML_LIST || item->kind == YAML_MAP || item->kind == YAML_NULL ||
            item->text.s.n == 0)
            diag(c, E004, item->loc, "a value of `%s` is a text or a number", key->name);
        else
            *PUSH(c, list->values, list->n) = item->text;
    }
}

static void read_list(struct compile *c, const struct key *key, const struct yaml *value, struct list *list)
{
    size_t before = c->n_diags;
    if (value->kind == YAML_MAP) {
        struct list_file file = {list};
        shape_read(c, &shape_list_file, value, &file);
    } else if (value->kind == YAML_LIST) {
        read_values(c, key, value, list);
    } else {
        struct diag *d = diag(c, E004, value->loc, "a list is `[value, …]` or `{file: name}`");
        d->note = diag_format(c, "for example `%s: %s`", key->name, key->example);
    }
    list->broken = c->n_diags > before;
    if (!list->n && !list->broken)
        diag(c, E004, list->loc, "the list `%s` is empty: no event could meet it", shown(c, list->name));
}

static void read_lists(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    struct list *lists = NULL;
    size_t n = 0;
    if (!is_kind(c, key, value, YAML_MAP))
        return;
    for (size_t i = 0; i < value->n; i++) {
        const struct yaml *name = value->entries[i].key;
        struct list list = {.name = name->text.s, .loc = name->loc};
        if (!is_list_name(name->text.s)) {
            struct diag *d = diag(c, E004, name->loc, "`%s` cannot name a list", shown(c, name->text.s));
            d->note = SLICE("a list's name is a letter or `_`, then letters, digits, `_` and `-`");
        }
        read_list(c, key, value->entries[i].value, &list);
        *PUSH(c, lists, n) = list;
    }
    RESULT(struct list *, key, to) = lists;
    RESULT_COUNT(key, to) = n;
}

const struct type type_lists = {
    "a mapping of names to lists",
    "{\"type\":\"object\",\"propertyNames\":{\"pattern\":\"^[A-Za-z_][A-Za-z0-9_-]*$\",\"maxLength\":200},"
    "\"additionalProperties\":{\"oneOf\":[{\"$ref\":\"#/definitions/"
    "list_file\"},{\"type\":\"array\",\"minItems\":1,"
    "\"items\":{\"type\":[\"string\",\"number\",\"boolean\"],\"minLength\":1}}]}}",
    read_lists};
