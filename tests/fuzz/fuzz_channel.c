/*
 * fuzz_channel.c - any bytes as a configuration, and any value of a log in a message of each kind.
 *
 * What comes out keeps the form of its destination: JSON is JSON, a mail has the headers that it has and
 * ASCII in short lines, syslog has no control characters.
 */
#include <stdlib.h>
#include <string.h>

#include "channel/bodies.h"
#include "channel/template.h"
#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_json(struct trail_text *text)
{
    size_t at;
    enum trail_json_error error = trail_json_check(text->p, text->n, &at);
    require(error == TRAIL_JSON_OK || error == TRAIL_JSON_DEPTH);
    text->n = 0;
}

static void check_mail(struct trail_text *text)
{
    static const char *const headers[] = {
        "From: ",       "To: ",         "Subject: ",        "Date: ",         "Message-ID: ",
        "References: ", "X-Priority: ", "Auto-Submitted: ", "MIME-Version: ", "Content-Type: "};
    size_t line = 0;
    trail_text_add(text, "", 1);
    for (const char *p = text->p; *p; p++) {
        line = *p == '\n' ? 0 : line + 1;
        require(line < 200 && ((*p >= ' ' && *p <= '~') || *p == '\r' || *p == '\n'));
        require((*p == '\r') == (p[1] == '\n') || *p == '\n');
    }
    for (const char *p = text->p; strncmp(p, "\r\n", 2) != 0; p = strstr(p, "\r\n") + 2) {
        bool known = *p == ' ';
        for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
            known = known || strncmp(p, headers[i], strlen(headers[i])) == 0;
        require(known);
    }
    text->n = 0;
}

static void check_line(struct trail_text *text)
{
    for (size_t i = 0; i < text->n; i++)
        require((unsigned char)text->p[i] >= ' ' && text->p[i] != 0x7f);
    text->n = 0;
}

static void check_bodies(const struct trail_message *m)
{
    static const struct trail_channel channel = {
        .routing_key = {"k", true}, .from = "a@example.com", .app_name = "x", .resend = 60000};
    static const struct trail_template_piece pieces[] = {
        {.literal = "<"}, {.field = "group.u"}, {.field = "text"}};
    static const struct trail_template template = {.n_pieces = 3, .pieces = pieces};
    const struct trail_mail mail = {.recipient = "x@example.com", .key = "k1", .thread = "t1"};
    struct trail_text text = {0};
    trail_slack_body(m, &text);
    check_json(&text);
    trail_teams_body(m, &text);
    check_json(&text);
    trail_pagerduty_body(&channel, m, "t1", &text);
    check_json(&text);
    trail_alertmanager_body(&channel, m, 1000000, &text);
    check_json(&text);
    trail_template_write(&template, m, &text);
    check_json(&text);
    trail_mail_body(&channel, m, &mail, &text);
    check_mail(&text);
    trail_syslog_body(&channel, m, 1000000, &text);
    check_line(&text);
    trail_text_free(&text);
}

/* The bytes as a log's value in each place that has one: as JSON if they are it, else as a text. */
static void check_value(struct trail_slice bytes)
{
    struct trail_text value = {0}, payload = {0};
    struct trail_message m;
    trail_json_rewrite(&value, bytes);
    static const char *const parts[] = {
        "{\"kind\":\"alert\",\"about\":",
        ",\"description\":\"d\",\"resolves\":true,\"notification\":{\"id\":\"a\",\"alert\":\"A\","
        "\"group\":{\"u\":",
        "},\"fields\":{\"f\":",
        ",\"g\":",
        "},\"breakdown\":{\"b\":{\"x\":1}},\"event_ids\":[",
        "],\"source\":{\"path\":",
        ",\"record\":1},\"window\":null}}"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        trail_text_add(&payload, parts[i], strlen(parts[i]));
        if (i + 1 < sizeof parts / sizeof *parts)
            trail_text_add(&payload, value.p, value.n);
    }
    require(trail_message_read(&m, (struct trail_slice){payload.p, payload.n}));
    check_bodies(&m);
    if (trail_message_read(&m, bytes)) /* and as a payload of their own */
        check_bodies(&m);
    trail_text_free(&value);
    trail_text_free(&payload);
}

static void check_config(struct trail_slice bytes)
{
    struct trail_text messages = {0};
    struct trail_config *config =
        trail_config_parse("c.yaml", bytes, TRAIL_CONFIG_WITHOUT_SECRETS, &messages);
    require(config || messages.n);
    for (size_t i = 0; i < messages.n; i++)
        require((unsigned char)messages.p[i] >= ' ' || messages.p[i] == '\n');
    trail_config_free(config);
    trail_text_free(&messages);
}

/* The bytes lie in an allocation of exactly their size. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char *copy = malloc(n ? n : 1);
    if (!copy)
        return 0;
    if (n)
        memcpy(copy, data, n);
    check_config((struct trail_slice){copy, n});
    check_value((struct trail_slice){copy, n});
    free(copy);
    return 0;
}
