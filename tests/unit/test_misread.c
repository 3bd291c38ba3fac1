/*
 * Filters that YAML itself misreads: one message on each, and its rewrite, put in the place that the message gives, makes a
 * file that compiles without an error, with the filter in it that its author wrote.
 */
#include "packs.h"

static const struct {
    const char *written, *meant; /* behind `filter: `; NULL: as it was written */
} scalars[] = {
    /* alias, anchor */
    {"*", NULL},
    {"*:*", NULL},
    {"*:* # all of them", "*:*"},
    {"*foo*", NULL},
    {"*foo", NULL},
    {"*foo AND x", NULL},
    {"*foo* AND x # note", "*foo* AND x"},
    {"*foo AND x   # a 'note'", "*foo AND x"},
    {"*foo AND\n  a:x\n  AND b:y", "*foo AND a:x AND b:y"},
    {"*foo* AND\n    a:x # c", "*foo* AND a:x"},
    {"*it's* AND \"a # b\" # c", "*it's* AND \"a # b\""},
    {"*a\\\"b* # c", "*a\\\"b*"},
    {"*x # c", "*x"},
    {"*x\r\n", "*x"},
    {"&x a:b", NULL},
    {"&x\n  a:b", "&x a:b"},
    /* a tag */
    {"!a:b", NULL},
    {"!a:b AND c:d # no", "!a:b AND c:d"},
    {"!(a:b OR c:d)", NULL},
    {"!\"a b\"", NULL},
    {"!a", NULL},
    {"! a:b", NULL},
    {"!a:b AND\n  c:d", "!a:b AND c:d"},
    {"!a:\"it's\" AND c:/x\\/y/", NULL},
    {"!!str a:1 OR b:2   # tail", "a:1 OR b:2"},
    {"!!str a:1 OR\n  b:2", "a:1 OR b:2"},
    {"!!str 5", "5"},
    {"!!str \"a:1\"", "a:1"},
    {"!!str 'a:1' # c", "a:1"},
    {"!!str true", "true"},
    {"!<tag:yaml.org,2002:str> a:1", "a:1"},
    {"!!binary a:1", "a:1"},
    {"!!str *foo*", "*foo*"},
    {"!!str @list # c", "@list"},
    /* other signs */
    {"%x", NULL},
    {"%x # y", "%x"},
    {"@list", NULL},
    {"@list OR a:b # y", "@list OR a:b"},
    {"`a` # t", "`a`"},
    {"- a:b", NULL},
    {"- a:b # c", "- a:b"},
    {", a", NULL},
    {"] a", NULL},
    {"> a:b", "a:b"},
    {">- a:b", "a:b"},
    {"| a:b # c", "a:b"},
    {"| a:b AND\n  c:d", "a:b AND c:d"},
    {"> a:\"b c\" AND *x*", "a:\"b c\" AND *x*"},
    /* quotes and colons */
    {"\"a\" OR b:\"c\"", NULL},
    {"\"a\" OR b:\"c\" # x", "\"a\" OR b:\"c\""},
    {"\"a b\" AND\n  c:d", "\"a b\" AND c:d"},
    {"\"a\" AND b:it's", NULL},
    {"\"a\\\\b\" AND c:d # 'e'", "\"a\\\\b\" AND c:d"},
    {"'a' OR b:c", NULL},
    {"a: b", NULL},
    {"a: b # x", "a: b"},
    {"a:b AND c: \"d\"", NULL},
    {"a: \"it's\"", NULL},
    {"a:b AND\n  NOT c: d # e", "a:b AND NOT c: d"},
    {"a: \"b # c\" # d", "a: \"b # c\""},
    {"a: \"b", NULL},
    {"\xC3\xA9: \xC3\xBC # x", "\xC3\xA9: \xC3\xBC"},
};
enum { N_SCALARS = sizeof scalars / sizeof *scalars };

static const char *const layouts[] = {
    "alert: one\nfilter: %s\npriority: P2\n---\nschema: none\nlists: {list: [x]}\n",
    "# c\n alert: one\n priority: P2\n filter: %s",
    "defaults: {priority: P1}\nschema: none\nlists: {list: [x]}\n---\nfilter:    %s\nalert: \xC3\xBC\n",
};
enum { N_LAYOUTS = sizeof layouts / sizeof *layouts };

/* The file with the fix of its only message. */
static struct slice mended(struct compile *c, struct slice text, const char *why)
{
    struct fix fix;
    ck_assert_msg(c->n_diags == 1, "%s: %zu messages: %s", why, c->n_diags, said(c));
    ck_assert_msg(c->diags[0].code == E001 || c->diags[0].code == E004, "%s: %s", why, said(c));
    ck_assert_msg(fix_resolve(c, &c->diags[0], &fix), "%s: no fix: %s", why, said(c));
    ck_assert_msg(slice_eq(fix.text, c->diags[0].rewrite), "%s: the fix is not the rewrite", why);
    struct buffer b = {.c = c};
    buffer_add(&b, text.p, fix.loc.at);
    buffer_add(&b, fix.text.p, fix.text.n);
    buffer_add(&b, text.p + fix.loc.at + fix.loc.n, text.n - fix.loc.at - fix.loc.n);
    return buffer_slice(&b);
}

START_TEST(rewrites)
{
    const char *written = scalars[_i / N_LAYOUTS].written, *meant = scalars[_i / N_LAYOUTS].meant;
    const char *layout = strstr(layouts[_i % N_LAYOUTS], "%s");
    struct compile *c = new_compile(), *after = new_compile();
    struct slice text = diag_format(c, "%.*s%s%s", (int)(layout - layouts[_i % N_LAYOUTS]),
                                    layouts[_i % N_LAYOUTS], written, layout + 2);
    pack_load_text(c, "t.yaml", text);
    struct slice fixed = mended(c, text, text.p);
    pack_load_text(after, "t.yaml", fixed);
    ck_assert_msg(after->n_diags == 0, "%s\nbecame\n%s\n%s", text.p, fixed.p, said(after));
    ck_assert_uint_eq(after->pack.n_alerts, 1);
    struct slice filter = after->pack.alerts[0].filter.s;
    ck_assert_msg(slice_eq(filter, slice_of(meant ? meant : written)), "%s\nbecame\n%s", text.p, filter.p);
    end_compile(after);
    end_compile(c);
}
END_TEST

/* Where YAML gives up, in our words; and what is said of what hangs on what was lost. */
static const struct {
    const char *yaml, *said;
} others[] = {
    {"alert: a\nfilter a:b\n", "E001 2:1 write filter: a:b"},
    {"alert: a\nfiltr a:b\nid: a\n", "E001 2:1 write filter: a:b"},
    {"alert: a\nfilter = a:b # c\nid: a\n", "E001 2:1 write filter: a:b"},
    {"alert: a\nfilter: a:b\n  id: c # d\n", "E001 3:3 write id: c # d"},
    {"alert: a\nfilter: a:b\n id: c\n", "E001 3:2 write id: c"},
    {"alert: a\nactive:\n\tdays: Mon\nfilter: a:b\n", "E001 3:1 write   days: Mon"},
    {"alert: a\nfilter: \"a:b\nid: \"x\"\n", "E001 2:9 write \"a:b\""},
    {"alert: a\nfilter: \"a:b\nid: x\n", "E001 2:9 write \"a:b\""},
    {"alert: a\nfilter: 'a:b # c\n---\nid: x\n", "E001 2:9 write 'a:b'"},
    {"alert: a\ntags: - one\nfilter: a:b", "E001 2:7 write [one]"},
    {"alert: a\ntags: [@one, two]\nfilter: a:b", "E001 2:8 write '@one'"},
    {"alert: a\ntags:\n  - *one*  # c\n  - two\nfilter: a:b", "E001 3:5 write '*one*'"},
    {"  alert: a\n filter: a:b\n", "E001 2:2"},
    /* the header is lost: it may have had the list, and another schema */
    {"alert: a\nfilter: a:@list OR f:x\n---\nalert: b\nfilter: *\n---\nlists: {list: [x]}\n",
     "E001 5:9 write '*'"},
    /* it is not */
    {"schema: none\n---\nalert: a\nfilter: a:@list\n---\nalert: b\nfilter: *\n",
     "E112 4:11; E001 7:9 write '*'"},
};

START_TEST(messages)
{
    struct compile *c = new_compile();
    pack_load_text(c, "t.yaml", slice_of(others[_i].yaml));
    parse(c);
    check(c);
    recognise(c);
    ck_assert_msg(strcmp(said(c), others[_i].said) == 0, "%s: %s", others[_i].yaml, said(c));
    end_compile(c);
}
END_TEST

/* Each rewrite reads the file again: a file of nothing but faults takes no longer for it. */
START_TEST(many)
{
    struct compile *c = new_compile();
    struct buffer b = {.c = c};
    buffer_text(&b, "alert: a\nfilter: a:b\ntags:\n");
    for (int i = 0; i < 2000; i++)
        buffer_text(&b, "  - *x\n");
    pack_load_text(c, "t.yaml", buffer_slice(&b));
    size_t offered = 0;
    for (size_t i = 0; i < c->n_diags; i++)
        offered += c->diags[i].rewrite.n > 0;
    ck_assert_uint_gt(c->n_diags, 1999);
    ck_assert_uint_ge(offered, 20);
    ck_assert_uint_lt(offered, 100);
    end_compile(c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("misread");
    TCase *t = tcase_create("misread");
    tcase_add_loop_test(t, rewrites, 0, N_SCALARS * N_LAYOUTS);
    tcase_add_loop_test(t, messages, 0, sizeof others / sizeof *others);
    tcase_add_test(t, many);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}
