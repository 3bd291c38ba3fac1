/*
 * template.c - writes a webhook's body. See template.h.
 */
#include "template.h"

#include <string.h>

#include "escape.h"
#include "json/elements.h"

static struct trail_slice slice_of(const struct trail_text *text)
{
    return (struct trail_slice){text->p, text->n};
}

/* A list's elements as one text. */
static void join(struct trail_text *to, struct trail_slice json, const char *between)
{
    struct trail_elements e;
    struct trail_slice value;
    size_t n = 0;
    trail_values_start(&e, json);
    while (json.n && trail_values_next(&e, &value)) {
        trail_text_add(to, between, n++ ? strlen(between) : 0);
        trail_value_text(to, value);
    }
}

static void change_case(struct trail_text *text, char first, int by)
{
    for (size_t i = 0; i < text->n; i++)
        if (text->p[i] >= first && text->p[i] < first + 26)
            text->p[i] = (char)(text->p[i] + by);
}

static void truncate_text(struct trail_text *text, size_t most)
{
    struct trail_slice whole = slice_of(text), cut = trail_clip(whole, most);
    if (cut.n == whole.n)
        return;
    text->n = trail_clip(whole, most - 1).n;
    trail_text_add(text, "…", strlen("…"));
}

/* A field as a text, through its filters. */
static void add_field(struct trail_text *to, const struct trail_template_piece *piece,
                      const struct trail_message *m)
{
    struct trail_text scratch = {0}, text = {0};
    struct trail_slice json = trail_message_field(m, piece->field, &scratch);
    bool null = json.n == 4 && memcmp(json.p, "null", 4) == 0;
    if (!null)
        trail_value_text(&text, json);
    for (size_t i = 0; i < piece->n_filters; i++) {
        switch (piece->filters[i].filter) {
        case TRAIL_FILTER_TEXT: break;
        case TRAIL_FILTER_JSON:
            text.n = 0;
            trail_text_add(&text, json.n ? json.p : "null", json.n ? json.n : 4);
            break;
        case TRAIL_FILTER_UPPER: change_case(&text, 'a', 'A' - 'a'); break;
        case TRAIL_FILTER_LOWER: change_case(&text, 'A', 'a' - 'A'); break;
        case TRAIL_FILTER_TRUNCATE: truncate_text(&text, piece->filters[i].n); break;
        case TRAIL_FILTER_DEFAULT:
            if (!text.n)
                trail_text_add(&text, piece->filters[i].text, strlen(piece->filters[i].text));
            break;
        case TRAIL_FILTER_JOIN:
            text.n = 0;
            join(&text, json, piece->filters[i].text);
            break;
        case TRAIL_FILTERS: break;
        }
    }
    trail_text_add(to, text.p, text.n);
    to->failed |= text.failed || scratch.failed;
    trail_text_free(&text);
    trail_text_free(&scratch);
}

static void write_text(const struct trail_template *t, const struct trail_message *m, struct trail_text *to)
{
    struct trail_text text = {0};
    if (t->n_pieces == 1 && t->pieces[0].field && !t->pieces[0].n_filters) {
        struct trail_slice json = trail_message_field(m, t->pieces[0].field, &text);
        trail_text_add(to, json.n ? json.p : "null", json.n ? json.n : 4);
    } else {
        for (size_t i = 0; i < t->n_pieces; i++) {
            if (t->pieces[i].literal)
                trail_text_add(&text, t->pieces[i].literal, strlen(t->pieces[i].literal));
            else
                add_field(&text, &t->pieces[i], m);
        }
        trail_json_quote(to, slice_of(&text));
    }
    to->failed |= text.failed;
    trail_text_free(&text);
}

/* As deep as the configuration, which is bounded. */
void trail_template_write(const struct trail_template *t, const struct trail_message *m,
                          struct trail_text *to)
{
    bool map = t->kind == TRAIL_TEMPLATE_MAP;
    if (t->kind == TRAIL_TEMPLATE_TEXT) {
        write_text(t, m, to);
        return;
    }
    if (t->kind == TRAIL_TEMPLATE_RAW) {
        trail_text_add(to, t->raw, strlen(t->raw));
        return;
    }
    trail_text_add(to, map ? "{" : "[", 1);
    for (size_t i = 0; i < t->n; i++) {
        trail_text_add(to, ",", i > 0);
        if (map) {
            trail_json_quote(to, (struct trail_slice){t->keys[i], strlen(t->keys[i])});
            trail_text_add(to, ":", 1);
        }
        trail_template_write(t->values[i], m, to);
    }
    trail_text_add(to, map ? "}" : "]", 1);
}
