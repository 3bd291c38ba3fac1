/*
 * list.c - see list.h.
 */
#include "list.h"

#include <string.h>

#include "notify/terminal.h"

static void pad(struct trail_text *to, size_t columns, size_t width)
{
    while (columns++ < width)
        trail_text_add(to, " ", 1);
}

/* Adds a cell of a table and fills it up to its width. */
static void add_cell(struct trail_text *to, const char *text, size_t width)
{
    size_t from = to->n;
    trail_terminal_add(to, (struct trail_slice){text, strlen(text)});
    if (!to->failed)
        pad(to, trail_terminal_columns((struct trail_slice){to->p + from, to->n - from}), width + 2);
}

/* A filter that is written over several lines, on one. */
static void add_filter(struct trail_text *to, const char *filter)
{
    while (*filter) {
        size_t n = strcspn(filter, "\n");
        while (n && filter[n] && filter[n - 1] == ' ')
            n--;
        trail_terminal_add(to, (struct trail_slice){filter, n});
        filter += n;
        n = strspn(filter, " \n\r\t");
        if (n)
            trail_text_add(to, " ", filter[n] != 0);
        filter += n;
    }
}

void list_text(const struct trail_pack *pack, struct trail_text *to)
{
    size_t id = strlen("ID"), when = strlen("WHEN");
    for (size_t i = 0; i < pack->n_alerts; i++) {
        const struct trail_alert *a = &pack->alerts[i];
        id = strlen(a->id) > id ? strlen(a->id) : id;
        when = strlen(a->when) > when ? strlen(a->when) : when;
    }
    add_cell(to, "ID", id);
    add_cell(to, "PRIO", 4);
    add_cell(to, "WHEN", when);
    trail_text_add(to, "FILTER\n", 7);
    for (size_t i = 0; i < pack->n_alerts; i++) {
        const struct trail_alert *a = &pack->alerts[i];
        char priority[] = {'P', (char)('0' + a->priority % 10), 0};
        add_cell(to, a->id, id);
        add_cell(to, priority, 4);
        add_cell(to, a->when, when);
        add_filter(to, a->filter);
        trail_text_add(to, "\n", 1);
    }
}

void list_json(const struct trail_pack *pack, struct trail_text *to)
{
    for (size_t i = 0; i < pack->n_alerts; i++) {
        const struct trail_alert *a = &pack->alerts[i];
        char priority[] = {'P', (char)('0' + a->priority % 10), 0};
        trail_json_add_member(to, "{", "id", a->id);
        trail_json_add_member(to, ",", "alert", a->name);
        trail_json_add_member(to, ",", "priority", priority);
        trail_json_add_member(to, ",", "when", a->when);
        trail_json_add_member(to, ",", "filter", a->filter);
        trail_text_add(to, "}\n", 2);
    }
}
