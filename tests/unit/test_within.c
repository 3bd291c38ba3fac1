/*
 * test_within.c - the key that a record must hold within one of its root's keys. That records which match
 * have it is held on random packs by tests/sieve.
 */
#include <check.h>
#include <string.h>

#include "packs.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define K64 "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"

/* A filter behind `eventName.keyword:Zq AND`, and ROOT LAST, with `…` where the last key may go on; "":
 * nothing. */
static const struct {
    const char *filter, *within;
} cases[] = {
    /* each kind of question needs the path */
    {"u.acc.keyword:x", "u acc"},
    {"u.acc:x", "u acc"},
    {"u.acc:\\\"two words\\\"", "u acc"},
    {"u.acc:x*", "u acc"},
    {"u.acc.keyword:/.*/", "u acc"},
    {"u.acc:/[a-f]+/", "u acc"},
    {"u.acc.keyword:[a TO *]", "u acc"},
    {"u.acc:>7", "u acc"},
    {"u.acc.numeric:7", "u acc"},
    {"u.acc.ip:10.0.0.0\\\\/8", "u acc"},
    {"u.acc.json:x*", "u acc"},
    {"u.acc:@l", "u acc"},
    {"_exists_:u.acc", "u acc…"},
    {"u.acc:*", "u acc…"},
    {"u.s.attributes.mfa:x", "u mfa"},
    /* none or one key */
    {"_exists_:u", ""},
    {"u:x", ""},
    {"x", ""},
    {"/x.*/", ""},
    {"(u.acc:x OR y)", ""},
    /* NOT */
    {"NOT u.acc:x", ""},
    {"NOT _exists_:u.acc", ""},
    {"NOT (u.acc:x AND u.b:y)", ""},
    {"NOT (NOT (u.acc:x OR u.acc:y))", "u acc"},
    /* AND: any, the first */
    {"u.acc:x AND w.b:y", "u acc"},
    {"NOT u.acc:x AND w.b:y", "w b"},
    {"_exists_:u.acc AND NOT u.acc:y", "u acc…"},
    {"_exists_:u.acc AND u.acc:y", "u acc"},
    {"u.acc:y AND _exists_:u.acc", "u acc"},
    /* OR: what all have */
    {"u.acc:(x OR y OR z)", "u acc"},
    {"(u.acc:x OR u.b:x)", ""},
    {"(u.acc:x OR w.acc:x)", ""},
    {"(u.acc:x OR u.s.acc:x)", "u acc"},
    {"(u.acc:x OR _exists_:u.acc)", "u acc…"},
    {"(_exists_:u.acc OR u.acc:x)", "u acc…"},
    {"(u.acc:x OR u)", ""},
    {"(u.acc:x OR (NOT u.acc:y))", ""},
    {"((u.acc:x AND u.b:1) OR (u.c:y AND u.b:2))", "u b"},
    {"((u.acc:x AND u.b:1) OR (u.c:y AND (u.b:2 OR u.d:3)))", ""},
    {"((u.acc:x AND u.b:1) OR (u.c:y AND (u.b:2 OR u.b:3)))", "u b"},
    /* what nearly every record has comes last */
    {"u.type:x AND u.acc:x", "u acc"},
    {"u.arn:x AND u.principalId:y AND u.s.acc:x", "u acc"},
    {"u.type:x AND u.arn:y", "u type"},
    {"u.type:x", "u type"},
    /* keys that a record cannot hold as they are, or that are too long */
    {"ü.acc:x", ""},
    {"u.äcc:x", ""},
    {"u.ä.acc:x", "u acc"},
    {"u.a\\\\\\\"b:x", ""},
    {"u\\\\\\\"v.b:x", ""},
    {"u.a\\\\\\\\b:x", ""},
    {"u.acc:x AND u.äcc:y", "u acc"},
    {"u.äcc:x AND u.acc:y", "u acc"},
    {"(u.äcc:x OR u.äcc:y)", ""},
    {"u." K64 ":x", "u " K64},
    {"u." K64 "k:x", ""},
    {K64 "k.u:x", ""},
};

static struct compile *planned(const char *filter)
{
    char yaml[1024];
    snprintf(
        yaml, sizeof yaml,
        "pack: p\nschema: none\nlists: {l: [x, y]}\n---\nalert: a\nfilter: \"%s\"\n---\nalert: b\nfilter: "
        "zebra\n",
        filter);
    struct compile *c = load(yaml);
    ck_assert_msg(parse(c) && check(c) && !diag_errors(c), "%s: %s", filter, said(c));
    lower(c);
    plan(c);
    return c;
}

static const char *within_text(struct compile *c)
{
    const struct within *w = &c->plan.within[0];
    struct buffer b = {.c = c};
    if (!w->root.n)
        return "";
    buffer_printf(&b, "%.*s %.*s%s", (int)w->root.n, w->root.p, (int)w->last.n, w->last.p,
                  w->open ? "…" : "");
    return b.p;
}

START_TEST(filters_need_keys_below_the_root)
{
    char filter[512];
    snprintf(filter, sizeof filter, "eventName.keyword:Zq AND %s", cases[_i].filter);
    struct compile *c = planned(filter);
    const char *text = within_text(c);
    ck_assert_msg(strcmp(text, cases[_i].within) == 0, "%s\n  is   %s\n  not  %s", filter, text,
                  cases[_i].within);
    end_compile(c);
}
END_TEST

/* An alert that each record is read for has no use for it. */
START_TEST(an_alert_without_needles_has_none)
{
    struct compile *c = planned("u.b.ip:10.0.0.0\\\\/8");
    ck_assert(c->plan.unsifted[0]);
    ck_assert_str_eq(within_text(c), "");
    end_compile(c);
}
END_TEST

/* Of an AND with many fields some are forgotten, none made up. */
START_TEST(many_fields)
{
    struct compile *c = new_compile();
    struct buffer b = {.c = c};
    buffer_text(&b, "pack: p\nschema: none\n---\nalert: a\nfilter: eventName:x AND ((");
    for (unsigned i = 0; i < 100; i++)
        buffer_printf(&b, "%su.k%u:x", i ? " AND " : "", i);
    buffer_text(&b, ") OR (u.k99:x AND u.k3:x))\n");
    pack_load_text(c, "dir/test.yaml", buffer_slice(&b));
    ck_assert(parse(c) && check(c));
    lower(c);
    plan(c);
    ck_assert_str_eq(within_text(c), "u k3");
    end_compile(c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("within");
    TCase *t = tcase_create("within");
    tcase_add_loop_test(t, filters_need_keys_below_the_root, 0, (int)COUNT(cases));
    tcase_add_test(t, an_alert_without_needles_has_none);
    tcase_add_test(t, many_fields);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}
