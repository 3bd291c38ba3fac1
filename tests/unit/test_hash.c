/* Hashes of packs and alerts: what they tell apart, and what they do not. */
#include "packs.h"

#define HEAD "pack: p\nlists: {l: [x, y], m: [z]}\n---\n"

/* Two packs whose pack hash and whose only alert's hash are equal or differ. */
static const struct {
    const char *name, *left, *right;
    bool pack_same, alert_same;
} pairs[] = {
    {"spelling", HEAD "alert: a\nfilter: 'b:c'\npriority: P1\n",
     "---\n{\"priority\":\"P1\",\"alert\":\"a\",\"filter\":\"b:c\"}\n---\n# note\npack: p\nlists: {l: [x, "
     "y], m: [z]}\n",
     true, true},
    {"tests", HEAD "alert: a\nfilter: b\n", HEAD "alert: a\nfilter: b\ntests: [{events: [], fires: false}]\n",
     true, true},
    {"blanks around a filter", HEAD "alert: a\nfilter: b\n", HEAD "alert: a\nfilter: |\n  b\n", true, true},
    {"a default that is given", HEAD "alert: a\nfilter: b\n",
     HEAD "alert: a\nfilter: b\nwhen: immediately\npriority: P3\nretire: 1d\n", true, true},
    {"defaults of the pack", "pack: p\ndefaults: {priority: P1}\n---\nalert: a\nfilter: b\n",
     "pack: p\n---\nalert: a\nfilter: b\npriority: P1\n", true, true},
    {"durations", HEAD "alert: a\nfilter: b\nwhen: more than 5 in 60m\n",
     HEAD "alert: a\nfilter: b\nwhen: MORE than 05 in 1h\n", true, true},
    {"an unused list", HEAD "alert: a\nfilter: b\n", "pack: p\n---\nalert: a\nfilter: b\n", true, true},

    {"filter", HEAD "alert: a\nfilter: b\n", HEAD "alert: a\nfilter: c\n", false, false},
    {"blanks within a filter", HEAD "alert: a\nfilter: '\"b c\"'\n", HEAD "alert: a\nfilter: '\"b  c\"'\n",
     false, false},
    {"a value of a used list", HEAD "alert: a\nfilter: b:@l\n",
     "pack: p\nlists: {l: [x, w]}\n---\nalert: a\nfilter: b:@l\n", false, false},
    {"kind", HEAD "alert: a\nfilter: b\nwhen: more than 5 in 1h\n",
     HEAD "alert: a\nfilter: b\nwhen: at least 5 in 1h\n", false, false},
    {"number", HEAD "alert: a\nfilter: b\nwhen: more than 5 in 1h\n",
     HEAD "alert: a\nfilter: b\nwhen: more than 6 in 1h\n", false, false},
    {"span", HEAD "alert: a\nfilter: b\nwhen: more than 5 in 1h\n",
     HEAD "alert: a\nfilter: b\nwhen: more than 5 in 2h\n", false, false},
    {"group_by", HEAD "alert: a\nfilter: b\ngroup_by: [x]\n", HEAD "alert: a\nfilter: b\ngroup_by: [y]\n",
     false, false},
    {"order of group_by", HEAD "alert: a\nfilter: b\ngroup_by: [x, y]\n",
     HEAD "alert: a\nfilter: b\ngroup_by: [y, x]\n", false, false},
    {"group_by or breakdown", HEAD "alert: a\nfilter: b\ngroup_by: [x]\n",
     HEAD "alert: a\nfilter: b\nbreakdown: [x]\n", false, false},
    {"breakdown", HEAD "alert: a\nfilter: b\n", HEAD "alert: a\nfilter: b\nbreakdown: [x]\n", false, false},
    {"subsystems", HEAD "alert: a\nfilter: b\n", HEAD "alert: a\nfilter: b\nsubsystems: [x]\n", false, false},
    {"hours", HEAD "alert: a\nfilter: b\nactive: {to: '20:00'}\n",
     HEAD "alert: a\nfilter: b\nactive: {to: '21:00'}\n", false, false},
    {"zone", HEAD "alert: a\nfilter: b\nactive: {timezone: UTC}\n",
     HEAD "alert: a\nfilter: b\nactive: {timezone: Asia/Tokyo}\n", false, false},
    {"labels", HEAD "alert: a\nfilter: b\napplications: [x]\n",
     HEAD "alert: a\nfilter: b\napplications: [{not: x}]\n", false, false},
    {"applications or subsystems", HEAD "alert: a\nfilter: b\napplications: [x]\n",
     HEAD "alert: a\nfilter: b\nsubsystems: [x]\n", false, false},
    {"time", "pack: p\n---\nalert: a\nfilter: b\n", "pack: p\ntime: t\n---\nalert: a\nfilter: b\n", false,
     false},
    {"retire", HEAD "alert: a\nfilter: b\n", HEAD "alert: a\nfilter: b\nretire: 2h\n", false, false},

    {"name", HEAD "alert: a\nfilter: b\n", HEAD "alert: A\nfilter: b\n", false, true},
    {"pack's name", HEAD "alert: a\nfilter: b\n", "pack: q\n---\nalert: a\nfilter: b\n", false, true},
    {"version", "pack: p\n---\nalert: a\nfilter: b\n", "pack: p\nversion: 1\n---\nalert: a\nfilter: b\n",
     false, true},
    {"description", HEAD "alert: a\nfilter: b\n", HEAD "alert: a\nfilter: b\ndescription: x\n", false, true},
    {"priority", HEAD "alert: a\nfilter: b\n", HEAD "alert: a\nfilter: b\npriority: P1\n", false, true},
    {"show", HEAD "alert: a\nfilter: b\n", HEAD "alert: a\nfilter: b\nshow: [x]\n", false, true},
    {"notify", HEAD "alert: a\nfilter: b\nnotify: [x]\n", HEAD "alert: a\nfilter: b\ntags: [x]\n", false,
     true},
    {"notify_every", HEAD "alert: a\nfilter: b\n", HEAD "alert: a\nfilter: b\nnotify_every: 1h\n", false,
     true},
    {"notify_resolved", HEAD "alert: a\nfilter: b\n", HEAD "alert: a\nfilter: b\nnotify_resolved: true\n",
     false, true},
};

START_TEST(tells_apart)
{
    struct compile *left = load(pairs[_i].left), *right = load(pairs[_i].right);
    struct alert *a = only_alert(left), *b = only_alert(right);
    ck_assert_msg(slice_eq(left->pack.hash, right->pack.hash) == pairs[_i].pack_same, "pack: %s",
                  pairs[_i].name);
    ck_assert_msg(slice_eq(alert_hash(left, a), alert_hash(right, b)) == pairs[_i].alert_same, "alert: %s",
                  pairs[_i].name);
    ck_assert_uint_eq(left->pack.hash.n, 64);
    end_compile(left);
    end_compile(right);
}
END_TEST

START_TEST(order_of_alerts)
{
    struct compile *left = load("pack: p\n---\nalert: a\nfilter: b\n---\nalert: c\nfilter: d\n");
    struct compile *right = load("alert: c\nfilter: d\n---\npack: p\n---\nalert: a\nfilter: b\n");
    ck_assert(slice_eq(left->pack.hash, right->pack.hash));
    end_compile(left);
    end_compile(right);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hash");
    TCase *tcase = tcase_create("hash");
    tcase_add_loop_test(tcase, tells_apart, 0, sizeof pairs / sizeof *pairs);
    tcase_add_test(tcase, order_of_alerts);
    suite_add_tcase(suite, tcase);
    return run_tap(suite);
}
