/*
 * fixture_pack.h - a pack written by hand, for tests of what is behind the filters: its match() looks for
 * texts anywhere in the record, its fields are the first member of that name.
 */
#ifndef FIXTURE_PACK_H
#define FIXTURE_PACK_H

#include <string.h>

#include <trail/match.h>
#include <trail/trail.h>

enum { FIXTURE_ADMIN, FIXTURE_FAILURES, FIXTURE_SILENCE, FIXTURE_PROD, FIXTURE_TAGS, FIXTURE_ALERTS };

enum {
    FIXTURE_USER = TRAIL_FIELDS_FIXED,
    FIXTURE_PARAMETERS,
    FIXTURE_ADDRESS,
    FIXTURE_TAG,
    FIXTURE_FIELDS,
};

static const char *const fixture_fields[] = {
    "eventTime",         "eventID",         NULL,  NULL, "userIdentity.userName",
    "requestParameters", "sourceIPAddress", "tags"};

/* The same with labels in the record. */
static const char *const fixture_labelled_fields[] = {
    "eventTime",         "eventID",         "app", "sub", "userIdentity.userName",
    "requestParameters", "sourceIPAddress", "tags"};

static const uint16_t fixture_user[] = {FIXTURE_USER};
static const uint16_t fixture_address[] = {FIXTURE_ADDRESS};
static const uint16_t fixture_tag_user[] = {FIXTURE_TAG, FIXTURE_USER};
static const uint16_t fixture_shown[] = {FIXTURE_USER, FIXTURE_PARAMETERS};
static const char *const fixture_tags[] = {"attack.t1098"};

static const struct trail_condition fixture_immediately[] = {{TRAIL_IMMEDIATELY, 1, 0, 0, 0}};
static const struct trail_condition fixture_more[] = {{TRAIL_MORE_THAN, 2, 3, 600000, 0}};
static const struct trail_condition fixture_less[] = {{TRAIL_LESS_THAN, 2, 1, 1800000, 0}};
static const struct trail_condition fixture_two[] = {{TRAIL_AT_LEAST, 4, 2, 3600000, 0}};

static const struct trail_label fixture_prod[] = {{false, {"prod-*", 6}}};
static const struct trail_label fixture_trail[] = {{false, {"prod-trail", 10}}};

static const struct trail_alert fixture_alerts[] = {
    [FIXTURE_ADMIN] = {.id = "new-admin",
                       .name = "New admin",
                       .description = "Somebody became an administrator.",
                       .filter = "eventName:AddUserToGroup",
                       .when = "immediately",
                       .priority = 1,
                       .n_conditions = 1,
                       .conditions = fixture_immediately,
                       .show = {2, fixture_shown},
                       .tags = {1, fixture_tags},
                       .retire = TRAIL_RETIRE,
                       .hash = "a0"},
    [FIXTURE_FAILURES] = {.id = "login-failures",
                          .name = "Too many login failures",
                          .description = "",
                          .filter = "eventName:ConsoleLogin",
                          .when = "more than 3 in 10m",
                          .priority = 2,
                          .n_conditions = 1,
                          .conditions = fixture_more,
                          .group_by = {1, fixture_user},
                          .breakdown = {1, fixture_address},
                          .show = {1, fixture_user},
                          .retire = TRAIL_RETIRE,
                          .hash = "a1"},
    [FIXTURE_SILENCE] = {.id = "no-logs",
                         .name = "No logs",
                         .description = "",
                         .filter = "*",
                         .when = "less than 1 in 30m",
                         .priority = 2,
                         .n_conditions = 1,
                         .conditions = fixture_less,
                         .applications = {1, fixture_trail},
                         .retire = TRAIL_RETIRE,
                         .hash = "a2"},
    [FIXTURE_PROD] = {.id = "trail-deleted",
                      .name = "Trail deleted",
                      .description = "",
                      .filter = "eventName:DeleteTrail\n  AND NOT  x:y\n",
                      .when = "immediately",
                      .priority = 1,
                      .n_conditions = 1,
                      .conditions = fixture_immediately,
                      .applications = {1, fixture_prod},
                      .retire = TRAIL_RETIRE,
                      .hash = "a3"},
    [FIXTURE_TAGS] = {.id = "tagged",
                      .name = "Tagged",
                      .description = "",
                      .filter = "_exists_:tags",
                      .when = "at least 2 in 1h",
                      .priority = 4,
                      .n_conditions = 1,
                      .conditions = fixture_two,
                      .group_by = {2, fixture_tag_user},
                      .show = {1, fixture_user},
                      .retire = TRAIL_RETIRE,
                      .hash = "a4"},
};

/* The value of the first member of this name in the text; n 0: none. */
static struct trail_slice fixture_member(const char *record, size_t n, const char *name)
{
    char quoted[64];
    const char *end = record + n;
    size_t length = (size_t)snprintf(quoted, sizeof quoted, "\"%s\"", name);
    const char *p = memmem(record, n, quoted, length);
    if (!p)
        return (struct trail_slice){NULL, 0};
    p = trail_space(p + length, end);
    if (p == end || *p != ':')
        return (struct trail_slice){NULL, 0};
    p = trail_space(p + 1, end);
    const char *to = trail_value_end(p, end);
    return (struct trail_slice){p, to ? (size_t)(to - p) : 0};
}

static void fixture_match(struct trail_match *m, const char *record, size_t n)
{
    static const char *const texts[] = {"AddUserToGroup", "ConsoleLogin", "{", "DeleteTrail", "\"tags\""};
    memset(m->hits, 0, m->alert_words * sizeof *m->hits);
    m->time = fixture_member(record, n, "eventTime");
    for (size_t i = 0; i < FIXTURE_ALERTS; i++)
        if ((!m->wanted || trail_get(m->wanted, i)) && (!m->possible || trail_get(m->possible, i)) &&
            memmem(record, n, texts[i], strlen(texts[i])))
            trail_set(m->hits, i);
}

static void fixture_pass(const char *const *fields, const char *record, size_t n, trail_field_fn *fn,
                         void *user)
{
    for (unsigned i = 0; i < FIXTURE_FIELDS; i++) {
        const char *dot = fields[i] ? strrchr(fields[i], '.') : NULL;
        struct trail_slice value = {NULL, 0};
        if (fields[i])
            value = fixture_member(record, n, dot ? dot + 1 : fields[i]);
        if (value.n)
            fn(user, i, value);
    }
}

static void fixture_fields_of(struct trail_match *m, const char *record, size_t n, trail_field_fn *fn,
                              void *user)
{
    (void)m;
    fixture_pass(fixture_fields, record, n, fn, user);
}

static void fixture_labelled_fields_of(struct trail_match *m, const char *record, size_t n,
                                       trail_field_fn *fn, void *user)
{
    (void)m;
    fixture_pass(fixture_labelled_fields, record, n, fn, user);
}

/* What match() looks for; the silence takes every record. */
static const uint32_t fixture_wanting[] = {FIXTURE_ADMIN, FIXTURE_FAILURES, FIXTURE_PROD, FIXTURE_TAGS};
static const uint64_t fixture_every[] = {1u << FIXTURE_SILENCE};
static const struct trail_needle fixture_list[] = {
    {.text = {"\"eventTime\"", 11}, .at = 6, .root = true, .time = true},
    {.text = {"AddUserToGroup", 14}, .at = 0, .n = 1, .alerts = &fixture_wanting[0]},
    {.text = {"ConsoleLogin", 12}, .at = 0, .n = 1, .alerts = &fixture_wanting[1]},
    {.text = {"DeleteTrail", 11}, .at = 0, .n = 1, .alerts = &fixture_wanting[2]},
    {.text = {"\"tags\"", 6}, .at = 0, .n = 1, .alerts = &fixture_wanting[3]},
};
static const uint64_t fixture_ascii[] = {0};
static const struct trail_needles fixture_needles = {
    .n = sizeof fixture_list / sizeof *fixture_list,
    .list = fixture_list,
    .always = fixture_every,
    .every = fixture_every,
    .ascii = fixture_ascii,
};

static const struct trail_pack fixture_pack = {.abi = TRAIL_ABI,
                                               .name = "fixture",
                                               .version = "1.0",
                                               .hash = "00112233",
                                               .n_alerts = FIXTURE_ALERTS,
                                               .alerts = fixture_alerts,
                                               .n_fields = FIXTURE_FIELDS,
                                               .fields = fixture_fields,
                                               .match = fixture_match,
                                               .fields_of = fixture_fields_of,
                                               .needles = &fixture_needles};

static const struct trail_pack fixture_labelled_pack = {.abi = TRAIL_ABI,
                                                        .name = "fixture-labelled",
                                                        .version = "",
                                                        .hash = "44556677",
                                                        .n_alerts = FIXTURE_ALERTS,
                                                        .alerts = fixture_alerts,
                                                        .n_fields = FIXTURE_FIELDS,
                                                        .fields = fixture_labelled_fields,
                                                        .match = fixture_match,
                                                        .fields_of = fixture_labelled_fields_of};

#endif
