/*
 * test_channel.c - the pieces that messages are made of: escaping at its limits, signatures, dates of Retry-After,
 * addresses that are not to be reached.
 */
#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "channel/address.h"
#include "channel/bodies.h"
#include "channel/escape.h"
#include "channel/transfer.h"
#include "hash/sha256.h"
#include "suite.h"

static struct trail_text made;

static struct trail_slice text(const char *s)
{
    return (struct trail_slice){s, strlen(s)};
}

static const char *done(void)
{
    trail_text_add(&made, "", 1);
    ck_assert(!made.failed);
    made.n = 0;
    return made.p;
}

/* ---- escaping ---- */

START_TEST(header_lines_are_short)
{
    char subject[400];
    memset(subject, 'x', sizeof subject);
    memcpy(subject + 100, "日本語のとても長い件名", 33);
    trail_escape_header(&made, (struct trail_slice){subject, sizeof subject}, 200, 9);
    const char *p = done();
    size_t line = 9;
    ck_assert(strncmp(p, "=?UTF-8?B?", 10) == 0);
    for (; *p; p++) {
        line = *p == '\n' ? 0 : line + 1;
        ck_assert_uint_le(line, 78);
        ck_assert((*p >= ' ' && *p <= '~') || *p == '\r' || *p == '\n');
        if (*p == '\n')
            ck_assert_int_eq(p[1], ' ');
    }
}
END_TEST

START_TEST(header_as_it_is)
{
    trail_escape_header(&made, text("[P1] New admin: build-bot"), 200, 9);
    ck_assert_str_eq(done(), "[P1] New admin: build-bot");
    trail_escape_header(&made, text("x\r\nBcc: y"), 200, 9);
    ck_assert_str_eq(done(), "x\\r\\nBcc: y");
    trail_escape_header(&made, text("=?UTF-8?B?QQ==?="), 200, 9);
    ck_assert_str_eq(done(), "=?UTF-8?B?PT9VVEYtOD9CP1FRPT0/PQ==?=");
    trail_escape_header(&made, text(""), 200, 9);
    ck_assert_str_eq(done(), "");
}
END_TEST

START_TEST(quoted_printable_lines)
{
    trail_quoted_printable(&made, text("a=b \n.dot\nZo\xc3\xab\n"));
    ck_assert_str_eq(done(), "a=3Db=20\r\n=2Edot\r\nZo=C3=AB\r\n");
    char longer[300];
    memset(longer, '.', sizeof longer);
    trail_quoted_printable(&made, (struct trail_slice){longer, sizeof longer});
    size_t line = 0;
    bool start = true;
    for (const char *p = done(); *p; p++) {
        ck_assert_msg(!start || *p != '.', "a dot begins a line");
        start = *p == '\n';
        line = start ? 0 : line + 1;
        ck_assert_uint_le(line, 77); /* with the \r */
    }
}
END_TEST

START_TEST(slack_counts_entities)
{
    char value[600];
    memset(value, '<', sizeof value);
    trail_escape_slack(&made, (struct trail_slice){value, sizeof value}, 150, false);
    const char *p = done();
    ck_assert_uint_le(strlen(p), 150 + 2 + 3);
    ck_assert_ptr_nonnull(strstr(p, "…\""));
    trail_escape_slack(&made, text("see evil.example @here <!here>"), 150, true);
    ck_assert_str_eq(done(), "\"see evil.\u2060example @\u2060here &lt;!here&gt;\"");
}
END_TEST

START_TEST(html_and_syslog)
{
    trail_escape_html(&made, text("<a href=\"x\">'&\x1b"), 100);
    ck_assert_str_eq(done(), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;\\x1b");
    trail_escape_syslog(&made, text("a\"b\\c]d"), 100);
    ck_assert_str_eq(done(), "\"a\\\"b\\\\c\\]d\"");
    ck_assert_uint_eq(trail_clip(text("日本語"), 2).n, 6);
    ck_assert_uint_eq(trail_clip(text("ab"), 9).n, 2);
}
END_TEST

/* ---- signatures: RFC 4231, cases 1, 2, 6 and 7 ---- */

static const char *hmac(const char *key, size_t n, const char *data)
{
    static char hex[TRAIL_SHA256_HEX];
    unsigned char hash[TRAIL_SHA256];
    struct trail_bytes pieces[] = {{data, 3}, {data + 3, strlen(data) - 3}};
    trail_hmac_sha256(hash, key, n, pieces, 2);
    trail_sha256_print(hex, hash);
    return hex;
}

START_TEST(hmac_vectors)
{
    char key[131];
    memset(key, 0x0b, 20);
    ck_assert_str_eq(hmac(key, 20, "Hi There"),
                     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    ck_assert_str_eq(hmac("Jefe", 4, "what do ya want for nothing?"),
                     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    ck_assert_str_eq(hmac(key, sizeof key, "Test Using Larger Than Block-Size Key - Hash Key First"),
                     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    ck_assert_str_eq(
        hmac(key, sizeof key,
             "This is a test using a larger than block-size key and a larger than block-size data. The "
             "key needs to be hashed before being used by the HMAC algorithm."),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}
END_TEST

/* ---- Retry-After ---- */

START_TEST(retry_after)
{
    const int64_t now = INT64_C(784111777000); /* Sun, 06 Nov 1994 08:49:37 GMT */
    ck_assert_int_eq(trail_retry_after("120", now), 120000);
    ck_assert_int_eq(trail_retry_after("0", now), 0);
    ck_assert_int_eq(trail_retry_after("99999999999999999999", now), 86400000);
    ck_assert_int_eq(trail_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", now), 60000);
    ck_assert_int_eq(trail_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), 0);
    ck_assert_int_eq(trail_retry_after("Sun, 06 Nov 2094 08:00:00 GMT", now), 86400000);
    ck_assert_int_eq(trail_retry_after("Sun, 06 Foo 1994 08:50:37 GMT", now), 0);
    ck_assert_int_eq(trail_retry_after("soon", now), 0);
    ck_assert_int_eq(trail_retry_after("", now), 0);
    ck_assert_int_eq(trail_retry_after("-5", now), 0);
}
END_TEST

/* ---- addresses ---- */

static const struct {
    const char *address;
    bool refused;
} addresses[] = {{"169.254.169.254", true},
                 {"169.254.0.1", true},
                 {"169.255.0.1", false},
                 {"100.100.100.200", true},
                 {"100.100.100.201", false},
                 {"168.63.129.16", true},
                 {"192.0.0.192", true},
                 {"127.0.0.1", false},
                 {"10.0.0.1", false},
                 {"198.51.100.7", false},
                 {"fe80::1", true},
                 {"febf::1", true},
                 {"fec0::1", false},
                 {"fd00:ec2::254", true},
                 {"fd00:ec2::253", false},
                 {"fd20:ce::254", true},
                 {"::1", false},
                 {"::ffff:169.254.169.254", true},
                 {"64:ff9b::a9fe:a9fe", true},
                 {"::ffff:8.8.8.8", false},
                 {"2001:db8::1", false}};

static bool is_refused(const char *address, const char *allow)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    const struct trail_strings list = {allow != NULL, &allow};
    if (inet_pton(AF_INET, address, &four.sin_addr) == 1)
        return trail_address_refused((struct sockaddr *)&four, &list);
    ck_assert_int_eq(inet_pton(AF_INET6, address, &six.sin6_addr), 1);
    return trail_address_refused((struct sockaddr *)&six, &list);
}

START_TEST(addresses_refused)
{
    ck_assert_msg(is_refused(addresses[_i].address, NULL) == addresses[_i].refused, "%s",
                  addresses[_i].address);
}
END_TEST

START_TEST(addresses_allowed)
{
    ck_assert(!is_refused("169.254.10.7", "169.254.10.0/24"));
    ck_assert(is_refused("169.254.11.7", "169.254.10.0/24"));
    ck_assert(!is_refused("169.254.10.7", "169.254.10.7"));
    ck_assert(is_refused("169.254.10.8", "169.254.10.7"));
    ck_assert(!is_refused("fe80::1", "fe80::/10"));
    ck_assert(is_refused("fe80::1", "169.254.0.0/16"));
    ck_assert(!is_refused("::ffff:169.254.10.7", "169.254.0.0/16"));
    const struct sockaddr unknown = {.sa_family = AF_UNIX};
    const struct trail_strings none = {0, NULL};
    ck_assert(trail_address_refused(&unknown, &none));
}
END_TEST

/* ---- payloads that are none ---- */

START_TEST(foreign_payloads)
{
    static const char *const payloads[] = {"",
                                           "{",
                                           "[]",
                                           "{}",
                                           "null",
                                           "{\"kind\":\"alert\"}",
                                           "{\"kind\":\"storm\"}",
                                           "{\"kind\":\"alert\",\"notification\":[]}",
                                           "{\"kind\":\"storm\",\"alerts\":{}}"};
    struct trail_message m;
    for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++)
        ck_assert_msg(!trail_message_read(&m, text(payloads[i])), "%s", payloads[i]);
}
END_TEST

/* Values of kinds that nobody expects do no harm. */
START_TEST(odd_payloads)
{
    static const char *const payloads[] = {
        "{\"kind\":\"alert\",\"notification\":{\"id\":1,\"alert\":[],\"group\":3,\"fields\":\"x\","
        "\"breakdown\":[1],"
        "\"event_ids\":{},\"source\":[],\"window\":7,\"priority\":9,\"tags\":5}}",
        "{\"kind\":\"storm\",\"alerts\":[1,\"x\",{\"id\":[]}],\"notifications\":[7,[]],\"count\":\"many\"}"};
    const struct trail_channel channel = {
        .type = TRAIL_CHANNEL_ALERTMANAGER, .routing_key = {"k", true}, .from = "a@b.c", .app_name = "x"};
    const struct trail_mail mail = {.recipient = "x@y.z", .key = "k", .thread = "t"};
    struct trail_message m;
    size_t at;
    for (size_t i = 0; i < 2; i++) {
        ck_assert(trail_message_read(&m, text(payloads[i])));
        void (*const bodies[])(const struct trail_message *, struct trail_text *) = {trail_slack_body,
                                                                                     trail_teams_body};
        for (size_t k = 0; k < 2; k++) {
            made.n = 0;
            bodies[k](&m, &made);
            ck_assert_int_eq(trail_json_check(made.p, made.n, &at), TRAIL_JSON_OK);
        }
        made.n = 0;
        trail_pagerduty_body(&channel, &m, "t", &made);
        ck_assert_int_eq(trail_json_check(made.p, made.n, &at), TRAIL_JSON_OK);
        made.n = 0;
        trail_alertmanager_body(&channel, &m, 1000, &made);
        ck_assert_int_eq(trail_json_check(made.p, made.n, &at), TRAIL_JSON_OK);
        trail_mail_body(&channel, &m, &mail, &made);
        trail_syslog_body(&channel, &m, 1000, &made);
        ck_assert(!made.failed);
        made.n = 0;
    }
}
END_TEST

/* Where it comes from stands before what the log says. */
START_TEST(a_subject_has_the_label)
{
    struct trail_message m;
    ck_assert(trail_message_read(
        &m,
        text("{\"kind\":\"alert\",\"about\":\"ann (test)\",\"notification\":{\"id\":\"a\",\"alert\":\"A\","
             "\"priority\":\"P1\",\"source\":{\"path\":\"x\",\"record\":1,\"application\":\"prod\"}}}")));
    struct trail_text subject = trail_message_subject(&m);
    trail_text_add(&subject, "", 1);
    ck_assert_str_eq(subject.p, "[P1] A (prod): ann (test)");
    trail_text_free(&subject);
    trail_message_lines(&m, &made);
    ck_assert_ptr_nonnull(strstr(done(), "\napplication: prod\n"));
}
END_TEST

static void put(struct trail_text *to, const char *s)
{
    trail_text_add(to, s, strlen(s));
}

/* What the length of a name does to the lengths that receivers take. */
START_TEST(long_values_fit)
{
    struct trail_text payload = {0};
    struct trail_message m;
    put(&payload, "{\"kind\":\"alert\",\"about\":\"");
    for (int i = 0; i < 3000; i++)
        put(&payload, "😀");
    put(&payload, "\",\"notification\":{\"id\":\"a\",\"alert\":\"A\",\"fields\":{");
    for (int i = 0; i < 100; i++) {
        char name[32];
        int n = snprintf(name, sizeof name, "%s\"f%d\":\"", i ? "," : "", i);
        trail_text_add(&payload, name, (size_t)n);
        for (int k = 0; k < 3000; k++)
            put(&payload, "😀");
        put(&payload, "\"");
    }
    put(&payload, "}}}");
    ck_assert(trail_message_read(&m, (struct trail_slice){payload.p, payload.n}));
    trail_teams_body(&m, &made);
    ck_assert_uint_lt(made.n, 28000);
    made.n = 0;
    trail_slack_body(&m, &made);
    trail_text_add(&made, "", 1);
    const char *header = strstr(made.p, "\"header\""), *text_at = strstr(header, "\"text\":\"") + 8;
    size_t units = 0;
    for (const char *p = text_at; *p != '"'; p++)
        units += (size_t)((*p & 0xc0) != 0x80) + ((unsigned char)*p >= 0xf0);
    ck_assert_uint_le(units, 150);
    ck_assert_uint_ge(units, 120);
    made.n = 0;
    trail_text_free(&payload);
}
END_TEST

/* As deep as a record may be, which is deeper here. */
START_TEST(deep_events)
{
    struct trail_text payload = {0};
    struct trail_message m;
    put(&payload, "{\"kind\":\"alert\",\"notification\":{\"id\":\"a\",\"fields\":{\"x\":");
    for (int i = 0; i < TRAIL_MAX_DEPTH; i++)
        put(&payload, "[");
    for (int i = 0; i < TRAIL_MAX_DEPTH; i++)
        put(&payload, "]");
    put(&payload, "},\"alert\":\"A\"}}");
    ck_assert(trail_message_read(&m, (struct trail_slice){payload.p, payload.n}));
    ck_assert_uint_eq(m.one.alert.n, 3);
    trail_slack_body(&m, &made);
    ck_assert(!made.failed);
    made.n = 0;
    trail_text_free(&payload);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("channel");
    TCase *t = tcase_create("channel");
    tcase_add_test(t, header_lines_are_short);
    tcase_add_test(t, header_as_it_is);
    tcase_add_test(t, quoted_printable_lines);
    tcase_add_test(t, slack_counts_entities);
    tcase_add_test(t, html_and_syslog);
    tcase_add_test(t, hmac_vectors);
    tcase_add_test(t, retry_after);
    tcase_add_loop_test(t, addresses_refused, 0, sizeof addresses / sizeof *addresses);
    tcase_add_test(t, addresses_allowed);
    tcase_add_test(t, foreign_payloads);
    tcase_add_test(t, odd_payloads);
    tcase_add_test(t, a_subject_has_the_label);
    tcase_add_test(t, long_values_fit);
    tcase_add_test(t, deep_events);
    suite_add_tcase(s, t);
    int failed = run_tap(s);
    trail_text_free(&made);
    return failed;
}
