/*
 * The pack loader: what each key means, and what is said, where, of every way to get one wrong.
 *
 * `said` is every message as `CODE line:column write REWRITE`, by place.
 */
#include "pack/zone.h"
#include "packs.h"

#define ALERT             "alert: a\nfilter: x\n" /* two lines */
#define LOOP(test, table) tcase_add_loop_test(tcase, test, 0, sizeof(table) / sizeof *(table))

/* ---- what is wrong, and where ----------------------------------------------------------------- */

static const struct {
    const char *yaml, *said;
} bad[] = {
    /* E002: unknown keys */
    {ALERT "filtr: y\n", "E002 3:1 write filter"},
    {ALERT "Priority: P1\n", "E002 3:1 write priority"},
    {ALERT "group-by: [a]\n", "E002 3:1 write group_by"},
    {ALERT "severity: high\n", "E002 3:1 write priority"},
    {ALERT "notfy: [x]\ndescripton: y\n", "E002 3:1 write notify; E002 4:1 write description"},
    {ALERT "<<: {priority: P1}\n", "E002 3:1"},
    {ALERT "time: eventTime\n", "E002 3:1"},
    {"alrt: a\nfilter: x\n", "E002 1:1 write alert"},
    {"alert: a\nfliter: x\n", "E002 2:1 write filter"},
    {"pack: p\nalerts: []\n", "E002 2:1"},
    {"pack: p\npriority: P1\n---\n" ALERT, "E002 2:1"},
    {"pack: p\nevent-id: x\n---\n" ALERT, "E002 2:1 write event_id"},
    {"pack: p\ndefaults: {alert: x, id: y, prioriti: P1}\n---\n" ALERT,
     "E002 2:12; E002 2:22; E002 2:29 write priority"},
    {ALERT "active: {day: Mon, tz: UTC}\n", "E002 3:10 write days; E002 3:20"},
    {ALERT "when: [{when: immediately, prio: P1}]\n", "E002 3:28"},
    {ALERT "tests: [{name: n, event: [], fires: true}]\n", "E002 3:19 write events"},
    {ALERT "tests: [{events: [], fires: [{tme: x}]}]\n", "E002 3:31 write time"},
    {ALERT "applications: [{nott: x}]\n", "E002 3:17 write not"},
    {"lists: {l: {fil: x}}\n---\n" ALERT, "E002 1:13 write file"},

    /* E003: duplicates */
    {ALERT "filter: y\n", "E003 3:1"},
    {ALERT "tests:\n  - {events: [{a: 1, a: 2}], fires: true}\n", "E003 4:22"},
    {"pack: p\n---\n" ALERT "---\npack: q\n", "E003 6:1"},
    {"lists: {a: [x], a: [y]}\n---\n" ALERT, "E003 1:17"},

    /* E004: ill-typed values */
    {"- a\n", "E004 1:1"},
    {"just text\n", "E004 1:1"},
    {"alert: [a]\nfilter: x\n", "E004 1:8"},
    {"alert: 404\nfilter: x\n", "E004 1:8 write \"404\""},
    {"alert: true\nfilter: x\n", "E004 1:8 write \"true\""},
    {"alert: ''\nfilter: x\n", "E004 1:8"},
    {"alert: \" \"\nfilter: x\n", "E004 1:8"},
    {"alert:\nfilter: x\n", "E004 1:7"},
    {"alert: \"a\\nb\"\nfilter: x\n", "E004 1:10"},
    {"alert: \"a\\0b\"\nfilter: x\n", "E004 1:10"},
    {"alert: a\nfilter:\n", "E004 2:8"},
    {"alert: a\nfilter: ''\n", "E004 2:9"},
    {"alert: a\nfilter: |\n\n", "E004 2:9"},
    {"alert: a\nfilter: 5\n", "E004 2:9 write \"5\""},
    {"alert: a\nfilter: {eventName: x}\n", "E004 2:9"},
    {"alert: a\nfilter: [x]\n", "E004 2:9"},
    {ALERT "priority: P6\n", "E004 3:11"},
    {ALERT "priority: 2\n", "E004 3:11 write P2"},
    {ALERT "priority: p3\n", "E004 3:11 write P3"},
    {ALERT "priority: [P1]\n", "E004 3:11"},
    {ALERT "priority: high\n", "E004 3:11 write P2"},
    {ALERT "priority:\n", "E004 3:10"},
    {ALERT "id: New admin\n", "E004 3:5 write new-admin"},
    {ALERT "id: a--b\n", "E004 3:5 write a-b"},
    {ALERT "id: -a\n", "E004 3:5 write a"},
    {ALERT "id: 7\n", "E004 3:5 write \"7\""},
    {ALERT "description: [x]\n", "E004 3:14"},
    {ALERT "description: \"a\\ab\"\n", "E004 3:16"},
    {ALERT "group_by: userName\n", "E004 3:11 write [userName]"},
    {ALERT "group_by: [a, [b]]\n", "E004 3:15"},
    {ALERT "group_by: [a, b, a]\n", "E004 3:18"},
    {ALERT "group_by: [a..b]\n", "E004 3:14"},
    {ALERT "group_by: [.a]\n", "E004 3:12"},
    {ALERT "group_by: [a.]\n", "E004 3:13"},
    {ALERT "group_by: [a.*]\n", "E004 3:14"},
    {ALERT "group_by: ['a .b']\n", "E004 3:14"},
    {ALERT "group_by: ['']\n", "E004 3:12"},
    {ALERT "group_by: [user.name.keyword]\n", "E004 3:21 write user.name"},
    {ALERT "breakdown: [a.ip]\n", "E004 3:14 write a"},
    {ALERT "show: [1]\n", "E004 3:8 write \"1\""},
    {ALERT "applications: prod\n", "E004 3:15 write [prod]"},
    {ALERT "applications: [{not: [a]}]\n", "E004 3:22"},
    {ALERT "subsystems: ['']\n", "E004 3:14"},
    {ALERT "notify: security-mail\n", "E004 3:9 write [security-mail]"},
    {ALERT "notify: [a b]\n", "E004 3:10"},
    {ALERT "notify: [../x]\n", "E004 3:10"},
    {ALERT "notify_every: 10\n", "E004 3:15"},
    {ALERT "notify_every: 10 minutes\n", "E004 3:15 write 10m"},
    {ALERT "retire: 1 Day\n", "E004 3:9 write 1d"},
    {ALERT "retire: []\n", "E004 3:9"},
    {ALERT "retire: ''\n", "E004 3:9"},
    {ALERT "retire: 1 day or so\n", "E004 3:9"},
    {ALERT "notify_every: 0s\n", "E004 3:15"},
    {ALERT "retire: -1h\n", "E004 3:9"},
    {ALERT "notify_resolved: yes\n", "E004 3:18 write true"},
    {ALERT "notify_resolved: Off\n", "E004 3:18 write false"},
    {ALERT "notify_resolved: 1\n", "E004 3:18"},
    {ALERT "tags: a\n", "E004 3:7 write [a]"},
    {ALERT "tags: [a, '', 5]\n", "E004 3:11; E004 3:15 write \"5\""},
    {ALERT "when: []\n", "E004 3:7"},
    {ALERT "when: 5\n", "E004 3:7"},
    {ALERT "when: {when: immediately}\n", "E004 3:7"},
    {ALERT "when: [immediately]\n", "E004 3:8 write {when: immediately}"},
    {ALERT "when: [{when: [x]}]\n", "E004 3:15"},
    {ALERT "active: always\n", "E004 3:9"},
    {ALERT "active: {days: []}\n", "E004 3:16"},
    {ALERT "active: {days: 5}\n", "E004 3:16 write \"5\""},
    {ALERT "active: {from: [1]}\n", "E004 3:16"},
    {ALERT "active: {timezone: 1}\n", "E004 3:20 write \"1\""},
    {ALERT "active: [Mon]\n", "E004 3:10"},
    {ALERT "tests: {}\n", "E004 3:8"},
    {ALERT "tests: [{events: {}, fires: true}]\n", "E004 3:18"},
    {ALERT "tests: [{events: ['{}'], fires: true}]\n", "E004 3:19"},
    {ALERT "tests: [{events: [], fires: maybe}]\n", "E004 3:29"},
    {ALERT "tests: [{events: [], fires: -1}]\n", "E004 3:29"},
    {ALERT "tests: [{events: [], fires: 1.5}]\n", "E004 3:29"},
    {ALERT "tests: [{events: [], fires: []}]\n", "E004 3:29"},
    {ALERT "tests: [{events: [], fires: [{count: x, time: now, group: [1]}]}]\n",
     "E004 3:38; E004 3:47; E004 3:59"},
    {ALERT "tests: [{events: [], fires: [{group: {a: {b: 1}}}]}]\n", "E004 3:42"},
    {ALERT "tests: [{events: [], fires: true, now: 2026-13-01T00:00:00Z}]\n", "E004 3:40"},
    {ALERT "tests: [{events: [], file: x.json, fires: true}]\n", "E004 3:28"},
    {ALERT "tests: [{file: nowhere.json, fires: true}]\n", "E004 3:16"},
    {ALERT "tests: [{file: ../x.json, fires: true}]\n", "E004 3:16"},
    {ALERT "tests: [{file: /etc/passwd, fires: true}]\n", "E004 3:16"},
    {ALERT "tests: [{file: a/../../x.json, fires: true}]\n", "E004 3:16"},
    {"pack: 5\n---\n" ALERT, "E004 1:7 write \"5\""},
    {"version: [1]\n---\n" ALERT, "E004 1:10"},
    {"schema: cloudwatch\n---\n" ALERT, "E004 1:9"},
    {"time: [eventTime]\n---\n" ALERT, "E004 1:7"},
    {"application: a b.\n---\n" ALERT, "E004 1:17"},
    {"lists: [a]\n---\n" ALERT, "E004 1:8"},
    {"lists: {a: x}\n---\n" ALERT, "E004 1:12"},
    {"lists: {a: []}\n---\n" ALERT, "E004 1:9"},
    {"lists: {a: [[b], {}, ~, '']}\n---\n" ALERT, "E004 1:13; E004 1:18; E004 1:22; E004 1:25"},
    {"lists: {a b: [x], 1a: [y]}\n---\n" ALERT, "E004 1:9; E004 1:19"},
    {"lists: {a: {file: no.txt}}\n---\n" ALERT, "E004 1:19"},
    {"lists: {a: {file: ../no.txt}}\n---\n" ALERT, "E004 1:19"},
    {"defaults: []\n---\n" ALERT, "E004 1:11"},
    {"defaults: {priority: 9}\n---\n" ALERT "---\nalert: b\nfilter: y\n", "E004 1:22"},

    /* E005: what must be there */
    {"alert: a\n", "E005 1:8 write filter: '*'"},
    {"filter: x\npriority: P1\n", "E005 1:1"},
    {"{filter: x}\n", "E005 1:1"},
    {ALERT "when: [{priority: P1}]\n", "E005 3:8"},
    {ALERT "tests: [{name: n, events: []}]\n", "E005 3:9"},
    {ALERT "tests: [{fires: true}]\n", "E005 3:9"},
    {ALERT "tests:\n  - name: n\n    fires: true\n", "E005 4:5"},
    {ALERT "applications: [{}]\n", "E005 3:16"},
    {"lists: {a: {}}\n---\n" ALERT, "E005 1:12"},
    {"", "E005 1:1"},
    {"# nothing\n---\n---\n", "E005 1:1"},
    {"pack: p\n", "E005 1:1"},

    /* E006: names that are taken */
    {ALERT "---\n" ALERT, "E006 4:8"},
    {ALERT "---\n" ALERT "---\n" ALERT, "E006 4:8; E006 7:8"},
    {"alert: New admin\nfilter: x\n---\nalert: New-Admin\nfilter: y\n", "E006 4:8"},
    {"alert: New admin\nfilter: x\n---\nalert: b\nid: new-admin\nfilter: y\n", "E006 4:8"},

    /* E007, E008: conditions, at the words to blame */
    {ALERT "when: more then 5 in 10m\n", "E007 3:12 write more than 5 in 10m"},
    {ALERT "when: \"more than 5 in 10x\"\n", "E007 3:23"},
    {ALERT "when: >-\n  more than 5\n  in 10x\n", "E007 5:6"},
    {ALERT "when:\n  - when: less than 0 in 1m\n    priority: P1\n", "E007 4:21"},
    {ALERT "when: ''\n", "E007 3:8"},
    {ALERT "when: more than usual in 1s\n", "E007 3:26 write 1m"},
    {ALERT "when: new sourceIPAddress in 1h\n", "E008 3:7"},
    {"defaults: {when: never}\n---\n" ALERT, "E007 1:18"},

    /* E009: zones, days, hours */
    {ALERT "active: {timezone: Europe/Berlim}\n", "E009 3:20 write Europe/Berlin"},
    {ALERT "active: {timezone: Berlin}\n", "E009 3:20 write Europe/Berlin"},
    {ALERT "active: {timezone: ../../etc/passwd}\n", "E009 3:20"},
    {ALERT "active: {days: monday}\n", "E009 3:16 write Mon"},
    {ALERT "active: {days: [mon-FRI, Sonntag]}\n", "E009 3:17 write Mon-Fri; E009 3:26"},
    {ALERT "active: {days: 'Mon,Tue'}\n", "E009 3:16"},
    {ALERT "active: {days: Mon-}\n", "E009 3:16"},
    {ALERT "active: {from: 9, to: 17}\n", "E009 3:16 write \"09:00\"; E009 3:23 write \"17:00\""},
    {ALERT "active: {from: '9:30'}\n", "E009 3:16 write \"09:30\""},
    {ALERT "active: {from: '24:00'}\n", "E009 3:16"},
    {ALERT "active: {to: '24:01'}\n", "E009 3:14"},
    {ALERT "active: {to: '25:00'}\n", "E009 3:14"},
    {ALERT "active: {from: '12:60'}\n", "E009 3:16"},
    {ALERT "active: {from: 8am}\n", "E009 3:16"},
    {ALERT "active: {from: '08:00', to: '08:00'}\n", "E009 3:29"},
    {ALERT "active:\n  - {days: Mon}\n  - {to: '00:00'}\n", "E009 5:10"},

    /* not YAML */
    {ALERT "show: [a\n", "E001 3:7"},
    {ALERT "description: a: b\n", "E001 3:15 write 'a: b'"},

    /* all in one run */
    {"alert: a\nfilter: x\npriority: 9\nwhen: never\nactive: {days: x}\n---\nfilter: y\n---\nalert: c\n",
     "E004 3:11; E007 4:7; E009 5:16; E005 7:1; E005 9:8 write filter: '*'"},
};

START_TEST(says)
{
    struct compile *c = load(bad[_i].yaml);
    ck_assert_msg(strcmp(said(c), bad[_i].said) == 0, "%s: %s", bad[_i].yaml, said(c));
    end_compile(c);
}
END_TEST

/* ---- what is right ---------------------------------------------------------------------------- */

static const char *const good[] = {
    ALERT,
    "{\"alert\":\"a\",\"filter\":\"x\"}",
    "alert: a\nfilter: '*'\n",
    "pack: p\nversion: 1.10\nschema: none\n---\n" ALERT,
    ALERT "---\npack: p\n",
    "defaults: {filter: y}\n---\nalert: a\n",
    ALERT
    "group_by: []\nbreakdown: []\nshow: []\nnotify: []\ntags: []\ntests: []\napplications: []\nactive: []\n",
    ALERT "group_by: ['a.\\keyword', keyword, aws:SourceVpce, 'x y']\n",
    ALERT "notify_resolved: True\n",
    ALERT "active: {}\n",
    ALERT "active: {from: 22:00, to: 06:00}\n",
    ALERT "active: {from: \"22:00\", to: \"00:00\", timezone: UTC}\n",
    ALERT "tests: [{events: [], fires: 0}]\n",
    ALERT "tests: [{events: [{}], fires: [{}], now: 2024-02-29T23:59:60.5+05:30}]\n",
    "lists: {a: [1, true, x, 012345678901], b-c_d: ['']}\n---\n" ALERT,
    "defaults: &d {priority: P1}\n---\n" ALERT,
    "\xEF\xBB\xBF" ALERT,
};

START_TEST(fine)
{
    struct compile *c = load(good[_i]);
    /* One of them has a list with an empty value, the only thing that is wrong in it. */
    const char *expected = strstr(good[_i], "['']") ? "E004 1:48" : "";
    ck_assert_msg(strcmp(said(c), expected) == 0, "%s: %s", good[_i], said(c));
    end_compile(c);
}
END_TEST

START_TEST(defaults_of_the_language)
{
    struct compile *c = load(ALERT);
    struct alert *a = only_alert(c);
    ck_assert_str_eq(a->name.p, "a");
    ck_assert_uint_eq(a->priority, 3);
    ck_assert_uint_eq(a->n_when, 1);
    ck_assert_int_eq(a->when[0].kind, WHEN_IMMEDIATELY);
    ck_assert_uint_eq(a->when[0].priority, 3);
    ck_assert(slice_eq(a->when[0].text.s, SLICE("immediately")));
    ck_assert_int_eq(a->notify_every, 0);
    ck_assert_int_eq(a->retire, 86400000);
    ck_assert(!a->notify_resolved);
    ck_assert_uint_eq(a->n_active + a->n_show + a->n_group_by + a->n_notify, 0);
    ck_assert_int_eq(c->pack.schema, SCHEMA_CLOUDTRAIL);
    ck_assert_str_eq(c->pack.name.p, "test");
    ck_assert_str_eq(c->pack.time->name.p, "eventTime");
    ck_assert_str_eq(c->pack.event_id->name.p, "eventID");
    ck_assert_ptr_null(c->pack.application);
    ck_assert_uint_eq(c->n_zones, 0);
    end_compile(c);
}
END_TEST

static const char whole[] =
    "pack: p\nversion: 1.10\nschema: none\ntime: at\nevent_id: key.id\napplication: app\nsubsystem: sub\n"
    "lists: {admins: [alice, 012345678901, 5]}\n"
    "---\n"
    "alert: Too many logins!\nid: logins\ndescription: |\n  Two\n  lines\npriority: P2\nfilter: x\n"
    "when: [{when: more than 100 in 10m, priority: P1}, {when: at least 10 in 1h}]\n"
    "group_by: [user.name]\nbreakdown: [ip]\nshow: [user.name, request]\n"
    "active: [{days: [Mon-Wed, Sat-Sun], from: 22:30, to: 06:00, timezone: Europe/Berlin}, {days: Fri-Mon}]\n"
    "applications: [prod-*, {not: prod-test}]\nsubsystems: [{not: iam?}]\n"
    "notify: [mail, slack.ops]\nnotify_every: 30m\nnotify_resolved: true\nretire: 2d\ntags: [t1, t2]\n"
    "tests:\n"
    "  - {name: one, events: [{a: 1}, {b: \"\\ud83d\\ude00\"}], fires: 2, application: prod-x, subsystem: s,"
    " now: 2026-01-01T00:00:00Z}\n"
    "  - {events: [], fires: [{time: 2026-01-01T00:00:00Z, group: {user.name: bob}, count: 101}, {group: "
    "bob}]}\n"
    "  - {events: [], fires: false}\n"
    "  - {events: [], fires: true}\n";

START_TEST(header)
{
    struct compile *c = load(whole);
    only_alert(c);
    ck_assert_str_eq(c->pack.name.p, "p");
    ck_assert_str_eq(c->pack.version.p, "1.10");
    ck_assert_int_eq(c->pack.schema, SCHEMA_NONE);
    ck_assert_str_eq(c->pack.time->name.p, "at");
    ck_assert_str_eq(c->pack.event_id->name.p, "key.id");
    ck_assert_uint_eq(c->pack.event_id->n, 2);
    ck_assert_str_eq(c->pack.application->name.p, "app");
    ck_assert_str_eq(c->pack.subsystem->name.p, "sub");
    ck_assert_uint_eq(c->pack.n_lists, 1);
    ck_assert_uint_eq(c->pack.lists[0].n, 3);
    ck_assert_str_eq(c->pack.lists[0].values[1].s.p, "012345678901");
    ck_assert_str_eq(c->pack.lists[0].values[2].s.p, "5");
    end_compile(c);
}
END_TEST

START_TEST(alert)
{
    struct compile *c = load(whole);
    struct alert *a = only_alert(c);
    ck_assert_str_eq(a->name.p, "Too many logins!");
    ck_assert_str_eq(a->id.p, "logins");
    ck_assert_str_eq(a->symbol.p, "logins");
    ck_assert_str_eq(a->description.p, "Two\nlines\n");
    ck_assert_uint_eq(a->priority, 2);
    ck_assert_uint_eq(a->n_when, 2);
    ck_assert_uint_eq(a->when[0].n, 100);
    ck_assert_int_eq(a->when[0].span, 600000);
    ck_assert_uint_eq(a->when[0].priority, 1);
    ck_assert_int_eq(a->when[1].kind, WHEN_AT_LEAST);
    ck_assert_uint_eq(a->when[1].priority, 2);
    ck_assert_str_eq(a->group_by[0]->name.p, "user.name");
    ck_assert_str_eq(a->breakdown[0]->name.p, "ip");
    ck_assert_uint_eq(a->n_show, 2);
    ck_assert_ptr_eq(a->show[0], a->group_by[0]);
    ck_assert_uint_eq(a->n_notify, 2);
    ck_assert_str_eq(a->notify[1].p, "slack.ops");
    ck_assert_int_eq(a->notify_every, 1800000);
    ck_assert(a->notify_resolved);
    ck_assert_int_eq(a->retire, 172800000);
    ck_assert_str_eq(a->tags[1].p, "t2");
    end_compile(c);
}
END_TEST

START_TEST(hours_and_labels)
{
    struct compile *c = load(whole);
    struct alert *a = only_alert(c);
    ck_assert_uint_eq(a->n_active, 2);
    ck_assert_uint_eq(a->active[0].days, 0x67);
    ck_assert_uint_eq(a->active[0].from, 1350);
    ck_assert_uint_eq(a->active[0].to, 360);
    ck_assert_str_eq(a->active[0].zone->name.p, "Europe/Berlin");
    ck_assert_uint_eq(a->active[1].days, 0x71);
    ck_assert_uint_eq(a->active[1].from, 0);
    ck_assert_uint_eq(a->active[1].to, 1440);
    ck_assert_str_eq(a->active[1].zone->name.p, "UTC");
    ck_assert_uint_eq(a->n_applications, 2);
    ck_assert(!a->applications[0].exclude && a->applications[1].exclude);
    ck_assert_str_eq(a->applications[1].pattern.p, "prod-test");
    ck_assert(a->subsystems[0].exclude);
    end_compile(c);
}
END_TEST

START_TEST(tests_of_an_alert)
{
    struct compile *c = load(whole);
    struct test *t = only_alert(c)->tests;
    ck_assert_uint_eq(c->pack.alerts[0].n_tests, 4);
    ck_assert_str_eq(t[0].name.p, "one");
    ck_assert_uint_eq(t[0].n_events, 2);
    ck_assert_str_eq(t[0].events[0].p, "{\"a\":1}");
    ck_assert_str_eq(t[0].events[1].p, "{\"b\":\"\xF0\x9F\x98\x80\"}");
    ck_assert_int_eq(t[0].kind, TEST_COUNT);
    ck_assert_uint_eq(t[0].count, 2);
    ck_assert_str_eq(t[0].application.p, "prod-x");
    ck_assert_str_eq(t[0].now.p, "2026-01-01T00:00:00Z");
    ck_assert_str_eq(t[1].name.p, "test 2");
    ck_assert_int_eq(t[1].kind, TEST_LIST);
    ck_assert_uint_eq(t[1].n_expected, 2);
    ck_assert_str_eq(t[1].expected[0].group.p, "{\"user.name\":\"bob\"}");
    ck_assert_int_eq(t[1].expected[0].count, 101);
    ck_assert_str_eq(t[1].expected[1].group.p, "bob");
    ck_assert_int_eq(t[1].expected[1].count, -1);
    ck_assert_int_eq(t[2].kind, TEST_SILENT);
    ck_assert_int_eq(t[3].kind, TEST_FIRES);
    end_compile(c);
}
END_TEST

/* An alert's own key wins over the defaults; the rest is taken from them, wherever the header stands. */
START_TEST(defaults_of_the_pack)
{
    struct compile *c =
        load("alert: a\nfilter: x\npriority: P1\nnotify: []\n---\nalert: b\n---\n"
             "defaults: {priority: P5, notify: [n], filter: y, when: at least 2 in 1m, retire: 1h}\n");
    ck_assert_str_eq(said(c), "");
    struct alert *a = &c->pack.alerts[0], *b = &c->pack.alerts[1];
    ck_assert_uint_eq(a->priority, 1);
    ck_assert_uint_eq(a->n_notify, 0);
    ck_assert(slice_eq(a->filter.s, SLICE("x")));
    ck_assert_uint_eq(a->when[0].priority, 1);
    ck_assert_int_eq(a->retire, 3600000);
    ck_assert_uint_eq(b->priority, 5);
    ck_assert_uint_eq(b->n_notify, 1);
    ck_assert(slice_eq(b->filter.s, SLICE("y")));
    ck_assert_uint_eq(b->when[0].priority, 5);
    ck_assert_uint_eq(b->when[0].n, 2);
    end_compile(c);
}
END_TEST

/* The place of a filter's word, through a folded and an escaped scalar. */
START_TEST(place_in_a_filter)
{
    struct compile *c = load("alert: a\nfilter: >-\n  eventName:\xC3\x84 AND\n  user:\xC3\xA9ve\n");
    struct text *filter = &only_alert(c)->filter;
    size_t word = (size_t)(strstr(filter->s.p, "user") - filter->s.p);
    struct loc loc = text_loc(filter, word, word + 9);
    ck_assert_uint_eq(loc.n, 9);
    ck_assert(memcmp(c->sources[0].text.p + loc.at, "user:\xC3\xA9ve", 9) == 0);
    end_compile(c);
    c = load("alert: a\nfilter: \"a:\\\"b\\\" AND\\u0020c:d\"\n");
    filter = &only_alert(c)->filter;
    word = (size_t)(strstr(filter->s.p, "c:d") - filter->s.p);
    loc = text_loc(filter, word, word + 3);
    ck_assert(loc.n == 3 && memcmp(c->sources[0].text.p + loc.at, "c:d", 3) == 0);
    end_compile(c);
}
END_TEST

static const struct {
    const char *name, *id, *symbol;
} names[] = {
    {"New admin", "new-admin", "new_admin"},
    {"  A  (b) -- C!  ", "a-b-c", "a_b_c"},
    {"404 errors", "404-errors", "alert_404_errors"},
    {"Switch", "switch", "alert_switch"},
    {"Caf\xC3\xA9 \xC3\xA0 Paris", "caf-paris", "caf_paris"},
    {"\xD0\x9A\xD0\xBE\xD0\xBD\xD1\x82\xD1\x80\xD0\xBE\xD0\xBB\xD1\x8C", "alert-4ee952a1", "alert_4ee952a1"},
    {"*/ #define \" ?"
     "?/",
     "define", "define"},
};

START_TEST(id_and_symbol)
{
    struct compile *c = new_compile();
    struct slice text = diag_format(c, "alert: '%s'\nfilter: x\n", names[_i].name);
    pack_load_text(c, "t.yaml", text);
    struct alert *a = only_alert(c);
    ck_assert_str_eq(a->id.p, names[_i].id);
    ck_assert_str_eq(a->symbol.p, names[_i].symbol);
    end_compile(c);
}
END_TEST

START_TEST(symbols_are_unique)
{
    struct compile *c = load("alert: 1\nfilter: x\n");
    ck_assert_str_eq(said(c), "E004 1:8 write \"1\"");
    end_compile(c);
    c = load("alert: '7 days'\nfilter: x\n---\nalert: Alert 7 days\nfilter: y\n");
    ck_assert_str_eq(said(c), "");
    ck_assert_str_ne(c->pack.alerts[0].symbol.p, c->pack.alerts[1].symbol.p);
    end_compile(c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pack");
    TCase *tcase = tcase_create("pack");
    LOOP(says, bad);
    LOOP(fine, good);
    tcase_add_test(tcase, defaults_of_the_language);
    tcase_add_test(tcase, header);
    tcase_add_test(tcase, alert);
    tcase_add_test(tcase, hours_and_labels);
    tcase_add_test(tcase, tests_of_an_alert);
    tcase_add_test(tcase, defaults_of_the_pack);
    tcase_add_test(tcase, place_in_a_filter);
    LOOP(id_and_symbol, names);
    tcase_add_test(tcase, symbols_are_unique);
    suite_add_tcase(suite, tcase);
    return run_tap(suite);
}
