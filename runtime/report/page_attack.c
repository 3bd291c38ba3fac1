/*
 * page_attack.c - the techniques that the pack's alerts are about, as a matrix, and which of them were seen.
 */
#include <string.h>

#include "parts.h"

static struct technique *find(struct technique *list, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i].tag.id, id) == 0)
            return &list[i];
    return NULL;
}

/* In the order of their IDs. */
static struct technique *insert(struct technique *list, size_t n, const struct attack_tag *tag)
{
    size_t at = n;
    while (at > 0 && strcmp(list[at - 1].tag.id, tag->id) > 0)
        at--;
    memmove(list + at + 1, list + at, (n - at) * sizeof *list);
    list[at] = (struct technique){.tag = *tag};
    return &list[at];
}

size_t list_techniques(const struct report *r, struct technique *list, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < r->config.pack->n_alerts; i++) {
        const struct trail_strings *tags = &r->config.pack->alerts[i].tags;
        for (size_t k = 0; k < tags->n; k++) {
            struct attack_tag tag;
            if (!attack_read(tags->list[k], &tag))
                continue;
            struct technique *t = find(list, n, tag.id);
            if (!t && n < room) {
                t = insert(list, n, &tag);
                n++;
            }
            if (!t)
                continue;
            t->alerts++;
            t->fired += r->alerts[i].fired;
        }
    }
    return n;
}

static void cell(struct trail_text *to, const struct technique *t)
{
    putf(to, "<li class=\"%s\"><a class=\"pick-tag\" href=\"#alerts\" data-tag=\"%s\">",
         t->fired ? "seen" : "unseen", t->tag.id);
    putf(to, "<b>%s</b> ", t->tag.id);
    put(to, t->tag.technique ? t->tag.technique->name : "not in the table");
    put(to, "</a><span>");
    if (t->fired) {
        put_counted(to, t->fired, "notification");
    } else {
        put_counted(to, t->alerts, "alert");
        put(to, ", quiet");
    }
    put(to, "</span></li>");
}

void page_attack(struct trail_text *to, const struct report *r)
{
    struct technique list[TECHNIQUES_MOST];
    size_t n = list_techniques(r, list, TECHNIQUES_MOST);
    put(to, "<section id=\"techniques\" aria-labelledby=\"h-attack\"><h2 id=\"h-attack\">ATT&amp;CK "
            "techniques</h2>\n");
    if (n == 0) {
        put(to, "<p>No alert has a tag such as <code>attack.t1098</code>.</p></section>\n");
        return;
    }
    put(to, "<p class=\"quiet\">By the tags of the alerts; what fired is filled. Tactics and names are those "
            "of MITRE ATT&amp;CK for "
            "Enterprise, version 18.</p>\n<div class=\"matrix\" tabindex=\"0\" role=\"group\" "
            "aria-label=\"Techniques by tactic\">");
    for (size_t tactic = 0; tactic < ATTACK_TACTICS; tactic++) {
        size_t of = 0;
        for (size_t i = 0; i < n; i++) {
            if (!attack_is_of(&list[i].tag, tactic))
                continue;
            if (of++ == 0) {
                putf(to, "<div class=\"tactic\"><h3>%s</h3><ul>", attack_tactics[tactic].name);
            }
            cell(to, &list[i]);
        }
        put(to, of ? "</ul></div>\n" : "");
    }
    put(to, "</div></section>\n");
}
