/*
 * emit_tables.c - the pack's constants, as trail/pack.h describes them.
 */
#include "emit.h"
#include "pack/zone.h"

/* Prefix of an alert's constants: `new_admin`. */
static void emit_name(struct buffer *b, const struct alert *a, const char *what)
{
    emit_lower(b, a->symbol);
    buffer_printf(b, "_%s", what);
}

static void emit_fields_list(struct compile *c, struct buffer *b, const struct alert *a, const char *what,
                             size_t n, struct path *const *paths)
{
    if (!n)
        return;
    buffer_text(b, "static const uint16_t ");
    emit_name(b, a, what);
    buffer_text(b, "[] = {");
    for (size_t i = 0; i < n; i++)
        buffer_printf(b, "%s%zu", i ? ", " : "", plan_field(c, paths[i]));
    buffer_text(b, "};\n");
}

static void emit_strings(struct buffer *b, const struct alert *a, const char *what, size_t n,
                         const struct slice *list)
{
    if (!n)
        return;
    buffer_text(b, "static const char *const ");
    emit_name(b, a, what);
    buffer_text(b, "[] = {");
    for (size_t i = 0; i < n; i++) {
        buffer_text(b, i ? ", " : "");
        emit_string(b, list[i]);
    }
    buffer_text(b, "};\n");
}

static void emit_labels(struct buffer *b, const struct alert *a, const char *what, size_t n,
                        const struct label *labels)
{
    if (!n)
        return;
    buffer_text(b, "static const struct trail_label ");
    emit_name(b, a, what);
    buffer_text(b, "[] = {\n");
    for (size_t i = 0; i < n; i++) {
        buffer_printf(b, "    {.exclude = %s, .pattern = {", labels[i].exclude ? "true" : "false");
        emit_string(b, labels[i].pattern);
        buffer_printf(b, ", %zu}},\n", labels[i].pattern.n);
    }
    buffer_text(b, "};\n");
}

static void emit_conditions(struct buffer *b, const struct alert *a)
{
    static const char *const names[] = {
        [WHEN_IMMEDIATELY] = "TRAIL_IMMEDIATELY",
        [WHEN_MORE_THAN] = "TRAIL_MORE_THAN",
        [WHEN_AT_LEAST] = "TRAIL_AT_LEAST",
        [WHEN_LESS_THAN] = "TRAIL_LESS_THAN",
        [WHEN_AT_MOST] = "TRAIL_AT_MOST",
        [WHEN_MORE_THAN_USUAL] = "TRAIL_MORE_THAN_USUAL",
        [WHEN_LESS_THAN_USUAL] = "TRAIL_LESS_THAN_USUAL",
    };
    buffer_text(b, "static const struct trail_condition ");
    emit_name(b, a, "when");
    buffer_text(b, "[] = {\n");
    for (size_t i = 0; i < a->n_when; i++) {
        buffer_printf(b, "    {.when = %s, .priority = %u, .n = UINT64_C(%ju), .span = INT64_C(%jd)",
                      names[a->when[i].kind], a->when[i].priority, (uintmax_t)a->when[i].n,
                      (intmax_t)a->when[i].span);
        if (a->when[i].margin)
            buffer_printf(b, ", .margin = %u", (unsigned)a->when[i].margin);
        buffer_text(b, "},\n");
    }
    buffer_text(b, "};\n");
}

static size_t zone_index(const struct compile *c, const struct zone *zone)
{
    size_t i = 0;
    while (c->zones[i] != zone)
        i++;
    return i;
}

static void emit_active(struct compile *c, struct buffer *b, const struct alert *a)
{
    if (!a->n_active)
        return;
    buffer_text(b, "static const struct trail_hours ");
    emit_name(b, a, "active");
    buffer_text(b, "[] = {\n");
    for (size_t i = 0; i < a->n_active; i++)
        buffer_printf(b, "    {.days = 0x%x, .from = %u, .to = %u, .zone = &zone_%zu},\n", a->active[i].days,
                      a->active[i].from, a->active[i].to, zone_index(c, a->active[i].zone));
    buffer_text(b, "};\n");
}

static void emit_zone(struct buffer *b, const struct zone *zone, size_t number)
{
    enum { A_LINE = 6 };
    buffer_printf(b, "static const int64_t zone_%zu_from[] = {", number);
    for (size_t i = 0; i < zone->n; i++) {
        buffer_text(b, i % A_LINE ? " " : "\n    ");
        if (zone->from[i] == INT64_MIN)
            buffer_text(b, "INT64_MIN,");
        else
            buffer_printf(b, "INT64_C(%jd),", (intmax_t)zone->from[i]);
    }
    buffer_printf(b, "\n};\nstatic const int32_t zone_%zu_offset[] = {", number);
    for (size_t i = 0; i < zone->n; i++)
        buffer_printf(b, "%s%d,", i % (A_LINE * 2) ? " " : "\n    ", (int)zone->offset[i]);
    buffer_printf(b, "\n};\nstatic const struct trail_zone zone_%zu = {", number);
    emit_string(b, zone->name);
    buffer_printf(b, ", %zu, zone_%zu_from, zone_%zu_offset};\n\n", zone->n, number, number);
}

static void emit_member(struct buffer *b, const struct alert *a, const char *member, const char *what,
                        size_t n)
{
    if (!n)
        return;
    buffer_printf(b, "        .%s = {%zu, ", member, n);
    emit_name(b, a, what);
    buffer_text(b, "},\n");
}

static void emit_text_member(struct buffer *b, const char *member, struct slice text)
{
    buffer_printf(b, "        .%s = ", member);
    emit_string(b, text);
    buffer_text(b, ",\n");
}

static struct slice when_text(struct compile *c, const struct alert *a)
{
    struct buffer b = {.c = c};
    for (size_t i = 0; i < a->n_when; i++) {
        buffer_text(&b, i ? "; " : "");
        buffer_add(&b, a->when[i].text.s.p, a->when[i].text.s.n);
    }
    return buffer_slice(&b);
}

static void emit_alert(struct compile *c, struct buffer *b, const struct alert *a)
{
    buffer_printf(b, "    [ALERT_%s] = {\n", a->symbol.p);
    emit_text_member(b, "id", a->id);
    emit_text_member(b, "name", a->name);
    emit_text_member(b, "description", a->description);
    emit_text_member(b, "filter", a->filter.s);
    emit_text_member(b, "when", when_text(c, a));
    buffer_printf(b, "        .priority = %u,\n        .n_conditions = %zu,\n        .conditions = ",
                  a->priority, a->n_when);
    emit_name(b, a, "when");
    buffer_text(b, ",\n");
    emit_member(b, a, "group_by", "group_by", a->n_group_by);
    emit_member(b, a, "breakdown", "breakdown", a->n_breakdown);
    emit_member(b, a, "show", "show", a->n_show);
    if (a->n_active) {
        buffer_printf(b, "        .n_active = %zu,\n        .active = ", a->n_active);
        emit_name(b, a, "active");
        buffer_text(b, ",\n");
    }
    emit_member(b, a, "applications", "applications", a->n_applications);
    emit_member(b, a, "subsystems", "subsystems", a->n_subsystems);
    emit_member(b, a, "notify", "notify", a->n_notify);
    emit_member(b, a, "tags", "tags", a->n_tags);
    if (a->notify_every)
        buffer_printf(b, "        .notify_every = INT64_C(%jd),\n", (intmax_t)a->notify_every);
    buffer_printf(b, "        .notify_resolved = %s,\n        .retire = INT64_C(%jd),\n",
                  a->notify_resolved ? "true" : "false", (intmax_t)a->retire);
    emit_text_member(b, "hash", alert_hash(c, a));
    buffer_text(b, "    },\n");
}

static void emit_alert_lists(struct compile *c, struct buffer *b, const struct alert *a)
{
    emit_conditions(b, a);
    emit_fields_list(c, b, a, "group_by", a->n_group_by, a->group_by);
    emit_fields_list(c, b, a, "breakdown", a->n_breakdown, a->breakdown);
    emit_fields_list(c, b, a, "show", a->n_show, a->show);
    emit_active(c, b, a);
    emit_labels(b, a, "applications", a->n_applications, a->applications);
    emit_labels(b, a, "subsystems", a->n_subsystems, a->subsystems);
    emit_strings(b, a, "notify", a->n_notify, a->notify);
    emit_strings(b, a, "tags", a->n_tags, a->tags);
    buffer_char(b, '\n');
}

void emit_tables(struct compile *c, struct buffer *b)
{
    const struct pack *pack = &c->pack;
    buffer_text(
        b, "/* pack.c - the pack's constants; trail/pack.h says what they mean. */\n#include \"pack.h\"\n\n");
    buffer_text(b, "static const char *const fields[] = {\n");
    for (size_t i = 0; i < c->plan.n_names; i++) {
        buffer_text(b, "    ");
        if (c->plan.names[i])
            emit_string(b, c->plan.names[i]->name);
        else
            buffer_text(b, "NULL");
        buffer_text(b, ",\n");
    }
    buffer_text(b, "};\n\n");
    for (size_t i = 0; i < c->n_zones; i++)
        emit_zone(b, c->zones[i], i);
    for (size_t i = 0; i < pack->n_alerts; i++)
        emit_alert_lists(c, b, &pack->alerts[i]);
    buffer_text(b, "static const struct trail_alert alerts[ALERTS] = {\n");
    for (size_t i = 0; i < pack->n_alerts; i++)
        emit_alert(c, b, &pack->alerts[i]);
    buffer_text(b, "};\n\n");
    emit_needles(c, b);
    buffer_printf(
        b, "const struct trail_pack %s = {\n    .abi = TRAIL_ABI,\n    .name = ", emit_pack_symbol(c).p);
    emit_string(b, pack->name);
    buffer_text(b, ",\n    .version = ");
    emit_string(b, pack->version);
    buffer_text(b, ",\n    .hash = ");
    emit_string(b, pack->hash);
    buffer_text(b, ",\n    .n_alerts = ALERTS,\n    .alerts = alerts,\n    .n_tests = TESTS,\n"
                   "    .n_fields = sizeof fields / sizeof *fields,\n    .fields = fields,\n"
                   "    .match = match,\n    .fields_of = fields_of,\n");
    buffer_text(b, c->plan.sieves ? "    .needles = &needles,\n};\n" : "};\n");
}
