/*
 * pattern.c - an event pattern of EventBridge, `{"detail": {"eventName": ["CreateUser", {"prefix": "Delete"}]}}`, as a filter.
 *
 * Needs: any JSON. Guarantees: the filter that matches the records of the same events, or none where it has something
 * that no filter says. What is around `detail`, which is the record, is left out. Recursion is bounded by MAX_DEPTH.
 */
#include <string.h>

#include <cjson/cJSON.h>

#include "foreign.h"
#include "quantity.h"

enum { MAX_DEPTH = 16 };

static struct slice field_of(struct compile *c, struct slice path, const char *view)
{
    return diag_format(c, "%.*s.%s", SHOW(path), view);
}

/* Letters and digits need no quotes, unless they are an operator. */
static struct slice word(struct compile *c, struct slice text)
{
    bool plain = text.n > 0 && !slice_eq(text, SLICE("AND")) && !slice_eq(text, SLICE("OR")) &&
                 !slice_eq(text, SLICE("NOT"));
    for (size_t i = 0; i < text.n; i++) {
        char low = (char)(text.p[i] | 0x20);
        plain = plain && ((low >= 'a' && low <= 'z') || (text.p[i] >= '0' && text.p[i] <= '9'));
    }
    return plain ? text : quoted(c, text);
}

/* `f.keyword:value`; with `before` and `behind`, wildcards. */
static struct slice text_clause(struct compile *c, struct slice path, const char *value, const char *before,
                                const char *behind)
{
    struct slice text = slice_of(value), field = field_of(c, path, "keyword");
    bool wild = *before || *behind;
    struct slice written = wild ? escaped(c, text) : word(c, text);
    return diag_format(c, "%.*s:%s%.*s%s", SHOW(field), before, SHOW(written), behind);
}

static struct slice negated(struct compile *c, struct slice clause)
{
    return clause.n ? diag_format(c, "NOT %.*s", SHOW(clause)) : clause;
}

/* Clauses with an operator between them, in parentheses when they are several. */
static struct slice joined(struct compile *c, size_t n, const struct slice *clauses, const char *between)
{
    struct buffer b = {.c = c};
    for (size_t i = 0; i < n; i++) {
        bool apart =
            n > 1 && clauses[i].n > 4 && memcmp(clauses[i].p, "NOT ", 4) == 0 && strstr(between, "OR");
        buffer_printf(&b, "%s%s%.*s%s",
                      i       ? between
                      : n > 1 ? "("
                              : "",
                      apart ? "(" : "", SHOW(clauses[i]), apart ? ")" : "");
    }
    buffer_text(&b, n > 1 ? ")" : "");
    return buffer_slice(&b);
}

static struct slice value_clause(struct compile *, struct slice path, const cJSON *value);

static struct slice any_of(struct compile *c, struct slice path, const cJSON *list)
{
    struct slice *clauses = NULL;
    size_t n = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        struct slice clause = value_clause(c, path, item);
        if (!clause.n)
            return clause;
        *PUSH(c, clauses, n) = clause;
    }
    return n ? joined(c, n, clauses, " OR ") : (struct slice){0};
}

/* `{"prefix": "Delete"}` and its like. */
static struct slice test_clause(struct compile *c, struct slice path, const cJSON *test)
{
    const char *name = test->string, *text = cJSON_GetStringValue(test);
    if (text && strcmp(name, "prefix") == 0)
        return text_clause(c, path, text, "", "*");
    if (text && strcmp(name, "suffix") == 0)
        return text_clause(c, path, text, "*", "");
    uint8_t low[16], high[16];
    if (text && strcmp(name, "cidr") == 0 && address_parse(slice_of(text), low, high))
        return diag_format(c, "%.*s:\"%s\"", SHOW(field_of(c, path, "ip")), text);
    if (strcmp(name, "exists") == 0 && cJSON_IsBool(test))
        return diag_format(c, "%s_exists_:%.*s", cJSON_IsTrue(test) ? "" : "NOT ", SHOW(path));
    if (strcmp(name, "anything-but") == 0)
        return negated(c, cJSON_IsArray(test) ? any_of(c, path, test) : value_clause(c, path, test));
    return (struct slice){0};
}

static struct slice value_clause(struct compile *c, struct slice path, const cJSON *value)
{
    if (cJSON_IsString(value))
        return *value->valuestring ? text_clause(c, path, value->valuestring, "", "") : (struct slice){0};
    if (cJSON_IsNumber(value)) {
        char *number = cJSON_PrintUnformatted(value);
        struct slice clause =
            diag_format(c, "%.*s:%s", SHOW(field_of(c, path, "numeric")), number ? number : "");
        cJSON_free(number);
        return clause;
    }
    if (cJSON_IsBool(value))
        return diag_format(c, "%.*s:%s", SHOW(path), cJSON_IsTrue(value) ? "true" : "false");
    if (cJSON_IsObject(value) && value->child && !value->child->next &&
        !(cJSON_IsObject(value->child) && value->child->child))
        return test_clause(c, path, value->child);
    return (struct slice){0};
}

/* Adds the clauses of an object's keys; false when one cannot be said. */
static bool add_object(struct compile *c, struct slice path, const cJSON *object, unsigned depth,
                       struct slice **clauses, size_t *n)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        struct slice key = slice_of(member->string);
        struct slice below = path.n ? diag_format(c, "%.*s.%.*s", SHOW(path), SHOW(key)) : key;
        if (!key.n || *key.p == '$' || depth == MAX_DEPTH || strpbrk(member->string, " \t\n:()\"\\*?"))
            return false;
        if (cJSON_IsObject(member)) {
            if (!add_object(c, below, member, depth + 1, clauses, n))
                return false;
            continue;
        }
        struct slice clause = cJSON_IsArray(member) ? any_of(c, below, member) : (struct slice){0};
        if (!clause.n)
            return false;
        *PUSH(c, *clauses, *n) = clause;
    }
    return true;
}

struct slice pattern_filter(struct compile *c, struct slice json, bool *is_pattern)
{
    struct slice *clauses = NULL, filter = {0};
    size_t n = 0;
    struct slice text = slice_copy(c, json.p, json.n);
    cJSON *root = cJSON_Parse(text.p);
    const cJSON *detail = cJSON_GetObjectItemCaseSensitive(root, "detail");
    *is_pattern = cJSON_IsObject(root);
    if (*is_pattern &&
        add_object(c, (struct slice){0}, cJSON_IsObject(detail) ? detail : root, 0, &clauses, &n) && n > 0) {
        filter = joined(c, n, clauses, " AND ");
        if (*filter.p == '(') /* the outermost parentheses say nothing */
            filter = (struct slice){filter.p + 1, filter.n - 2};
    }
    cJSON_Delete(root);
    return filter.n ? slice_copy(c, filter.p, filter.n) : filter;
}

bool refuse_pattern(struct parse *p)
{
    struct lexeme l = lex(p->s.p, p->s.n, 0);
    bool is_pattern = false;
    if (l.from >= p->s.n || p->s.p[l.from] != '{')
        return false;
    struct slice filter = pattern_filter(p->c, p->s, &is_pattern);
    if (!is_pattern)
        return false;
    struct diag *d = say(p, E107, l.from, l.from + 1,
                         "JSON, as in a pattern of EventBridge: a field is written `field:value`");
    suggest_for(p, d, filter, TRY_CHECK, l.from, p->s.n);
    if (d->rewrite.n && memmem(p->s.p, p->s.n, "\"detail\"", 8))
        d->note =
            SLICE("`detail` is the record; what stands beside it, such as `source`, is not in the record");
    p->hopeless = true;
    return true;
}
