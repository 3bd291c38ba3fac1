/*
 * test_config.c - configurations: what they may hold, what is said to mistakes, secrets, zones, and whether they
 * fit a pack.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "config/config.h"
#include "config/reading.h"
#include "suite.h"
#include "window/hours.h"
#include "window/timestamp.h"

static struct trail_text said;

static struct trail_config *parse(const char *text)
{
    trail_text_free(&said);
    struct trail_config *config =
        trail_config_parse("c.yaml", (struct trail_slice){text, strlen(text)}, 0, &said);
    trail_text_add(&said, "", 1);
    return config;
}

/* ---- mistakes: the file, and what is said of it ---- */

#define FILE_CHANNEL "channels:\n  log: {type: file, path: /tmp/x}\n"

static const struct {
    const char *text, *says;
} mistakes[] = {
    {"channels: [", "c.yaml:2:1: error: not YAML"},
    {"a: 1\n---\nb: 2\n", "c.yaml:2:1: error: a second document"},
    {"chanels: {}", "c.yaml:1:1: error: the configuration has no key 'chanels': is channels meant?"},
    {"channels: {}\nchannels: {}",
     "c.yaml:2:1: error: the key 'channels' is here a second time; line 1 has it first"},
    {"channels: []", "c.yaml:1:11: error: channels is a list"},
    {"channels: {a: &x {type: file}}", "c.yaml:1:15: error: an anchor (&x) has no meaning here"},
    {"channels: {a: *x}", "c.yaml:1:15: error: an alias (*) has no meaning"},
    {"channels: {a: !x y}", "c.yaml:1:15: error: a tag (!) has no meaning"},
    {"[a]", "c.yaml:1:1: error: the configuration is a list: it needs a mapping"},
    {"? [a]\n: b", "error: a key is a text, not a list"},
    {"channels: {a: {path: /x}}", "c.yaml:1:15: error: channel a has no type (email, slack,"},
    {"channels: {a: {type: sms}}", "c.yaml:1:22: error: channel a: type is none of email, slack, webhook"},
    {"channels: {a: {type: file}}", "error: channel a needs the key path"},
    {"channels: {a: {type: file, path: }}", "channel a: path is empty: it needs a text"},
    {"channels: {a: {type: file, path: [x]}}", "channel a: path is a list: it needs a text"},
    {"channels: {a: {type: file, paht: /x}}", "a file channel has no key 'paht': is path meant?"},
    {"channels: {a: {type: file, path: /x, path: /y}}", "the key 'path' is here a second time"},
    {"channels: {a: {type: file, path: /x, url: http://x/}}",
     "a file channel has no key 'url'; it has type, path"},
    {"channels: {'a b': {type: file, path: /x}}", "c.yaml:1:12: error: 'a b' is no name of a channel"},
    {"channels: {a: {type: slack, url: 'https://hooks.slack.com/services/T/B/x'}}",
     "channel a: url is a secret, and does not stand in a configuration: write {env: NAME}, {file: PATH} or"},
    {"channels: {a: {type: pagerduty, routing_key: R0UT1NG}}", "routing_key is a secret"},
    {"channels: {a: {type: email, server: m, from: a@b.c, to: d@e.f, user: u, password: pw}}",
     "password is a secret"},
    {"channels: {a: {type: webhook, url: 'https://x/', headers: {Authorization: Bearer x}}}",
     "headers is a secret"},
    {"channels: {a: {type: webhook, url: 'https://x/', headers: {X-Api-Key: abc}}}", "headers is a secret"},
    {"channels: {a: {type: slack, url: {env: UNSET_OF_TEST}}}",
     "the environment has no variable UNSET_OF_TEST"},
    {"channels: {a: {type: slack, url: {file: /nonexistent/x}}}", "cannot read /nonexistent/x: No such file"},
    {"channels: {a: {type: slack, url: {credential: x}}}", "$CREDENTIALS_DIRECTORY is not set"},
    {"channels: {a: {type: slack, url: {vault: x}}}", "has no key 'vault'; it has env, file, credential"},
    {"channels: {a: {type: slack, url: {env: A, file: B}}}", "one of env, file and credential"},
    {"channels: {a: {type: webhook, url: 'ftp://x/'}}",
     "ftp://x/ begins neither with https:// nor with http://"},
    {"channels: {a: {type: webhook, url: 'https://u:p@x/'}}", "a URL with a password in it"},
    {"channels: {a: {type: webhook, url: 'https://x/{{group}}'}}", "a URL takes no {{field}}"},
    {"channels: {a: {type: webhook, url: 'https:///x'}}", "is no host"},
    {"channels: {a: {type: webhook, url: 'https://x:99999/'}}", "is no host"},
    {"channels: {a: {type: webhook, url: 'https://x/', headers: {Host: y}}}",
     "Host is written by the scanner itself"},
    {"channels: {a: {type: webhook, url: 'https://x/', headers: {'a b': y}}}", "'a b' is no header's name"},
    {"channels: {a: {type: webhook, url: 'https://x/', headers: {X-A: \"a\\r\\nB: c\"}}}",
     "has a line break in it"},
    {"channels: {a: {type: webhook, url: 'https://x/', method: GET}}", "method is none of POST, PUT, PATCH"},
    {"channels: {a: {type: webhook, url: 'https://x/', body: {t: '{{alrt}}'}}}",
     "there is no field {{alrt}}: is {{alert}} meant?"},
    {"channels: {a: {type: webhook, url: 'https://x/', body: ['{{alert | uper}}']}}",
     "there is no filter 'uper'"},
    {"channels: {a: {type: webhook, url: 'https://x/', body: '{{alert | truncate}}'}}",
     "needs a value in parentheses"},
    {"channels: {a: {type: webhook, url: 'https://x/', body: '{{alert | truncate(x)}}'}}",
     "a number from 1 to 100000"},
    {"channels: {a: {type: webhook, url: 'https://x/', body: '{{alert | upper(3)}}'}}",
     "upper takes no value"},
    {"channels: {a: {type: webhook, url: 'https://x/', body: '{{alert'}}", "a {{ without its }}"},
    {"channels: {a: {type: webhook, url: 'https://x/', sign: {}}}", "sign needs a secret"},
    {"channels: {a: {type: email, server: m, from: a@b.c, to: []}}", "to: nobody is named"},
    {"channels: {a: {type: email, server: m, from: a@b.c, to: x}}", "'x' is no address"},
    {"channels: {a: {type: email, server: m, from: a@b.c, to: \"x@y.z\\r\\nBcc: q@r.s\"}}", "is no address"},
    {"channels: {a: {type: email, server: m, from: 'Me <a@b.c', to: x@y.z}}", "is no sender"},
    {"channels: {a: {type: email, server: m, tls: none, from: a@b.c, to: x@y.z}}",
     "tls: none is for a server on this machine"},
    {"channels: {a: {type: email, server: 'm:x', from: a@b.c, to: x@y.z}}", "'m:x' is no host with a port"},
    {"channels: {a: {type: email, server: '::1', from: a@b.c, to: x@y.z}}", "is no host with a port"},
    {"channels: {a: {type: email, server: m, user: u, from: a@b.c, to: x@y.z}}",
     "user and password go together"},
    {"channels: {a: {type: exec, command: 'mail root'}}", "is a list, the program with its path first"},
    {"channels: {a: {type: exec, command: [mail]}}", "'mail' is no whole path (write /usr/local/bin/mail)"},
    {"channels: {a: {type: syslog, address: 'udp://log.example.com'}}",
     "udp:// needs an address, not a name"},
    {"channels: {a: {type: syslog, address: log}}", "'log' is no log"},
    {"channels: {a: {type: syslog, facility: lokal0}}", "facility is none of kern, user"},
    {"channels: {a: {type: file, path: /x, rate: 30/m}}", "is no rate (write 30 per 1m)"},
    {"channels: {a: {type: file, path: /x, rate: 0 per 1m}}", "is no rate"},
    {"channels: {a: {type: exec, command: [/x], timeout: 1}}", "is no duration from 1s to 10m"},
    {"channels: {a: {type: exec, command: [/x], parallel: 99}}", "is no number from 1 to 16"},
    {"channels: {a: {type: pagerduty, routing_key: {env: HOME}, grouping: off}}", "has no key 'grouping'"},
    {"channels: {a: {type: webhook, url: 'https://x/', allow_addresses: [metadata]}}",
     "'metadata' is no network"},
    {FILE_CHANNEL "routes: {defaults: {P6: log}}", "routes: defaults has no key 'P6'"},
    {FILE_CHANNEL "routes: {defaults: {P1: logs}}",
     "c.yaml:3:25: error: there is no channel 'logs': is log meant?"},
    {FILE_CHANNEL "routes: {names: {log: log}}", "'log' is the name of a channel already"},
    {FILE_CHANNEL "mutes: [{alert: a}]", "a mute needs an end: until:"},
    {FILE_CHANNEL "mutes: [{alert: a, until: 2026-01-01}]", "a mute needs a reason"},
    {FILE_CHANNEL "mutes: [{until: 2026-01-01, reason: x}]", "a mute says what it mutes"},
    {FILE_CHANNEL "mutes: [{alert: a, until: tomorrow, reason: x}]", "until is no time"},
    {FILE_CHANNEL "mutes: {alert: a}", "mutes is a mapping: it needs a list"},
    {FILE_CHANNEL "quiet_hours: [{from: 22:00, to: '25:00'}]", "to as a time of day"},
    {FILE_CHANNEL "quiet_hours: [{from: '22:00', to: '06:00', timezone: Europe/Berln}]",
     "no time zone 'Europe/Berln'"},
    {FILE_CHANNEL "quiet_hours: [{from: '22:00', to: '06:00', timezone: ../../etc/passwd}]", "no time zone"},
    {FILE_CHANNEL "quiet_hours: [{from: '22:00', to: '06:00', days: Mo}]", "'Mo' are no days"},
    {FILE_CHANNEL "quiet_hours: [{from: '22:00', to: '06:00', priorities: P5-P3}]",
     "'P5-P3' are no priorities"},
    {"channels: {p: {type: pagerduty, routing_key: {env: HOME}}}\nquiet_hours: [{from: '22:00', to: '06:00', "
     "channels: p}]",
     "p cannot take one message for many"},
    {"inputs: [{application: x}]", "an input needs a path"},
    {"limits: {waiting: 64MB}", "waiting is no size (write 512KiB"},
    {"limits: {waiting: 99999999999999GiB}", "waiting is no size"},
    {"limits: {groups: -1}", "groups is no size"},
    {"http: {listen: '127.0.0.1:0'}", "is no host with a port"},
    {"http: {}", "http needs an address"},
};

START_TEST(mistakes_are_told)
{
    ck_assert_ptr_null(parse(mistakes[_i].text));
    ck_assert_msg(strstr(said.p, mistakes[_i].says) != NULL, "%s\nsays: %s\nnot: %s", mistakes[_i].text,
                  said.p, mistakes[_i].says);
    ck_assert(strncmp(said.p, "c.yaml:", 7) == 0);
}
END_TEST

START_TEST(all_mistakes_at_once)
{
    ck_assert_ptr_null(parse("channels:\n  a: {type: file}\n  b: {type: exec}\nlimits: {x: 1}\n"));
    ck_assert_ptr_nonnull(strstr(said.p, "channel a needs"));
    ck_assert_ptr_nonnull(strstr(said.p, "channel b needs"));
    ck_assert_ptr_nonnull(strstr(said.p, "limits has no key 'x'"));
}
END_TEST

/* A mistake's message cannot move the reader's cursor, nor can a hundred of them fill the screen. */
START_TEST(messages_are_bounded_and_safe)
{
    struct trail_text many = {0};
    trail_text_add(&many, "limits: {\"\\e[31m\": 1", 20);
    for (int i = 0; i < 200; i++) {
        char key[32];
        int n = snprintf(key, sizeof key, ", k%d: 1", i);
        trail_text_add(&many, key, (size_t)n);
    }
    trail_text_add(&many, "}", 2);
    ck_assert_ptr_null(parse(many.p));
    ck_assert_ptr_null(strchr(said.p, '\033'));
    size_t lines = 0;
    for (const char *p = said.p; (p = strchr(p, '\n')); p++)
        lines++;
    ck_assert_uint_eq(lines, 21);
    ck_assert_ptr_nonnull(strstr(said.p, "181 more errors"));
    trail_text_free(&many);
}
END_TEST

/* ---- what is right ---- */

START_TEST(everything)
{
    setenv("TEST_URL", "https://hooks.example.com/services/T0/secret-part", 1);
    struct trail_config *config =
        parse("channels:\n"
              "  mail:\n"
              "    type: email\n"
              "    server: '[2001:db8::1]'\n"
              "    tls: direct\n"
              "    from: \"Zoë's sentry <sentry@example.com>\"\n"
              "    to: [a@example.com, b+c@example.co.uk]\n"
              "  chat: {type: slack, url: {env: TEST_URL}, grouping: {after: 3, every: 1m}}\n"
              "  log: {type: syslog, address: 'tcp://log.example.com', facility: local7, grouping: off}\n"
              "routes:\n"
              "  names: {security-mail: mail, nobody: []}\n"
              "  defaults: {P1: [mail, chat], any: log}\n"
              "  tags: {'attack.*': chat}\n"
              "quiet_hours:\n"
              "  - {days: [Sat-Mon], from: \"22:00\", to: \"06:00\", timezone: Europe/Berlin, priorities: "
              "[P3-P5], then: drop}\n"
              "mutes:\n"
              "  - {tag: noisy, group: {userIdentity.userName: 'build-*'}, until: 2026-02-01, reason: "
              "migration, channels: chat}\n"
              "inputs:\n"
              "  - {path: /var/log/cloudtrail, application: prod-trail}\n"
              "limits: {groups: 256MiB, waiting: 128MiB, outbox: 500}\n"
              "http: {listen: '[::1]'}\n");
    ck_assert_msg(config != NULL, "%s", said.p);
    const struct trail_channel *mail = trail_config_channel(config, "mail"),
                               *chat = trail_config_channel(config, "chat"),
                               *log = trail_config_channel(config, "log");
    ck_assert_str_eq(mail->host, "2001:db8::1");
    ck_assert_uint_eq(mail->port, 465);
    ck_assert_str_eq(mail->from, "sentry@example.com");
    ck_assert_str_eq(mail->from_name, "Zoë's sentry");
    ck_assert_uint_eq(mail->to.n, 2);
    ck_assert_uint_eq(mail->group.n, 10);
    ck_assert(chat->url.secret);
    ck_assert_uint_eq(chat->group.n, 3);
    ck_assert_int_eq(chat->group.per, 60000);
    ck_assert_uint_eq(log->port, 601);
    ck_assert_uint_eq(log->facility, 23);
    ck_assert_int_eq(log->group.per, 0);
    ck_assert(config->routes.has_default[0] && config->routes.has_default[1] &&
              !config->routes.has_default[2]);
    ck_assert_uint_eq(config->routes.defaults[1].n, 2);
    ck_assert_uint_eq(config->routes.names[1].to.n, 0);
    ck_assert_uint_eq(config->quiets[0].hours->days, 1u << 5 | 1u << 6 | 1u);
    ck_assert(!config->quiets[0].priorities[2] && config->quiets[0].priorities[3] && config->quiets[0].drop);
    ck_assert_int_eq(config->mutes[0].until, INT64_C(1769904000000));
    ck_assert_uint_eq(config->limits.groups, (size_t)256 << 20);
    ck_assert_uint_eq(config->limits.waiting, (size_t)128 << 20);
    ck_assert_uint_eq(config->limits.outbox, 500);
    ck_assert_str_eq(config->http.host, "::1");
    ck_assert_uint_eq(config->http.port, 9464);
    trail_config_free(config);
}
END_TEST

START_TEST(nothing)
{
    struct trail_config *config = parse("");
    ck_assert_ptr_nonnull(config);
    ck_assert_uint_eq(config->n_channels, 0);
    trail_config_free(config);
}
END_TEST

/* ---- secrets ---- */

START_TEST(secrets_are_taken_out)
{
    char directory[] = "/tmp/trail-config-XXXXXX", path[64], text[300];
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/key", directory);
    FILE *file = fopen(path, "w");
    fputs("k3y-from-a-file\n", file);
    fclose(file);
    chmod(path, 0600);
    setenv("TEST_URL", "https://hooks.example.com/services/T0/secret-part", 1);
    setenv("CREDENTIALS_DIRECTORY", directory, 1);
    struct trail_config *config = parse("channels:\n  a: {type: slack, url: {env: TEST_URL}}\n  b: {type: "
                                        "pagerduty, routing_key: {credential: key}}\n");
    ck_assert_msg(config != NULL, "%s", said.p);
    ck_assert_str_eq(trail_config_channel(config, "b")->routing_key.text, "k3y-from-a-file");
    strcpy(text, "x k3y-from-a-file y k3y-from-a-filek3y-from-a-file POST /services/T0/secret-part "
                 "https://hooks.example.com/"
                 "services/T0/secret-part, cut: k3y-fro");
    trail_config_redact(config, text);
    ck_assert_str_eq(text, "x *** y ****** POST *** ***, cut: ***");
    strcpy(text, "nothing to hide");
    trail_config_redact(config, text);
    ck_assert_str_eq(text, "nothing to hide");
    trail_config_free(config);

    chmod(path, 0644);
    config = parse("channels: {b: {type: pagerduty, routing_key: {credential: key}}}");
    ck_assert_ptr_nonnull(config);
    ck_assert_ptr_nonnull(
        strstr(said.p, "warning: channel b: routing_key: every user of the machine can read"));
    trail_config_free(config);
    unsetenv("CREDENTIALS_DIRECTORY");

    file = fopen(path, "w");
    fputs("two\nlines", file);
    fclose(file);
    snprintf(text, sizeof text, "channels: {b: {type: pagerduty, routing_key: {file: '%s'}}}", path);
    ck_assert_ptr_null(parse(text));
    ck_assert_ptr_nonnull(strstr(said.p, "the secret is no single line of text"));
    ck_assert_ptr_null(strstr(said.p, "two"));
    unlink(path);
    rmdir(directory);
}
END_TEST

START_TEST(secrets_may_stay_unread)
{
    static const char text[] = "channels: {a: {type: slack, url: {env: UNSET_OF_TEST}}}";
    trail_text_free(&said);
    struct trail_config *config = trail_config_parse("c.yaml", (struct trail_slice){text, sizeof text - 1},
                                                     TRAIL_CONFIG_WITHOUT_SECRETS, &said);
    ck_assert_ptr_nonnull(config);
    ck_assert(config->channels[0].url.secret);
    trail_config_free(config);
}
END_TEST

/* ---- zones ---- */

/* The C library's answer, day by day, also past the years that a file lists. */
START_TEST(zones_are_the_systems)
{
    static const char *const names[] = {
        "Europe/Berlin",     "America/New_York",  "Australia/Lord_Howe", "Asia/Kolkata",
        "America/Sao_Paulo", "Africa/Casablanca", "Europe/Dublin",       "UTC"};
    struct trail_arena arena = {0};
    struct trail_zone *zone = trail_zone_read(&arena, names[_i]);
    char setting[64];
    ck_assert_ptr_nonnull(zone);
    snprintf(setting, sizeof setting, ":%s", names[_i]);
    setenv("TZ", setting, 1);
    tzset();
    for (int64_t t = 0; t < INT64_C(4102444800); t += 86400 / 2) {
        time_t seconds = (time_t)t;
        struct tm local;
        localtime_r(&seconds, &local);
        ck_assert_msg(trail_zone_offset(zone, t * 1000) == local.tm_gmtoff, "%s at %lld: %d, not %ld",
                      names[_i], (long long)t, (int)trail_zone_offset(zone, t * 1000), local.tm_gmtoff);
    }
    unsetenv("TZ");
    tzset();
    trail_arena_free(&arena);
}
END_TEST

/* ---- the pack ---- */

static const char *const names_nobody_has[] = {"security-mail"};
static const struct trail_alert alerts[] = {
    {.id = "new-admin", .name = "New admin", .priority = 1, .notify = {1, names_nobody_has}},
    {.id = "silent", .name = "Silent", .priority = 4}};
static const struct trail_pack pack = {.n_alerts = 2, .alerts = alerts};

START_TEST(notify_without_a_channel)
{
    struct trail_config *config = parse(FILE_CHANNEL);
    trail_text_free(&said);
    ck_assert(!trail_config_fits(config, &pack, &said));
    trail_text_add(&said, "", 1);
    ck_assert_ptr_nonnull(
        strstr(said.p, "error: the alert new-admin notifies 'security-mail', and there is no channel"));
    ck_assert_ptr_nonnull(strstr(said.p, "names: {security-mail: [channel, …]}, or [] for nobody"));
    ck_assert_ptr_nonnull(strstr(said.p, "warning: the alert silent goes to no channel"));
    trail_config_free(config);
}
END_TEST

START_TEST(notify_for_nobody_is_said)
{
    struct trail_config *config =
        parse(FILE_CHANNEL "routes: {names: {security-mail: []}, defaults: {any: []}}\n"
                           "mutes: [{alert: neu-admin, until: 2026-01-01, reason: x}]\n");
    trail_text_free(&said);
    ck_assert(trail_config_fits(config, &pack, &said));
    trail_text_add(&said, "", 1);
    ck_assert_str_eq(said.p, "c.yaml:4:1: warning: no alert of the pack is called 'neu-admin'\n");
    trail_config_free(config);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("config");
    TCase *t = tcase_create("config");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, mistakes_are_told, 0, sizeof mistakes / sizeof *mistakes);
    tcase_add_test(t, all_mistakes_at_once);
    tcase_add_test(t, messages_are_bounded_and_safe);
    tcase_add_test(t, everything);
    tcase_add_test(t, nothing);
    tcase_add_test(t, secrets_are_taken_out);
    tcase_add_test(t, secrets_may_stay_unread);
    tcase_add_loop_test(t, zones_are_the_systems, 0, 8);
    tcase_add_test(t, notify_without_a_channel);
    tcase_add_test(t, notify_for_nobody_is_said);
    suite_add_tcase(s, t);
    int failed = run_tap(s);
    trail_text_free(&said);
    return failed;
}
