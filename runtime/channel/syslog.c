/*
 * syslog.c - a message of RFC 5424: what machines look for as structured data, one line for people.
 */
#include <string.h>
#include <unistd.h>

#include "bodies.h"
#include "escape.h"
#include "window/timestamp.h"
#include "json/elements.h"

enum {
    MESSAGE = 300,
    PARAMETER = 120
}; /* characters: all within the 2,048 bytes that receivers take, as a rule */

static void add(struct trail_text *to, const char *text)
{
    trail_text_add(to, text, strlen(text));
}

static void add_parameter(struct trail_text *to, const char *name, struct trail_slice json)
{
    struct trail_text text = {0};
    if (!json.n || (json.n == 2 && *json.p != '"'))
        return;
    trail_value_text(&text, json);
    add(to, " ");
    add(to, name);
    add(to, "=");
    trail_escape_syslog(to, (struct trail_slice){text.p, text.n}, PARAMETER);
    to->failed |= text.failed;
    trail_text_free(&text);
}

static void add_header(const struct trail_channel *channel, const struct trail_message *m, int64_t now,
                       struct trail_text *to)
{
    static const unsigned severities[] = {6, 2, 3, 4, 5, 6};
    char head[64], host[256] = "-", time[TRAIL_TIME_ROOM];
    unsigned severity = trail_message_is_resolved(m) ? 5 : severities[trail_message_priority(m)];
    if (gethostname(host, sizeof host - 1) != 0 || !*host)
        strcpy(host, "-");
    trail_time_format(time, now);
    snprintf(head, sizeof head, "<%u>1 %s ", channel->facility * 8 + severity, *time ? time : "-");
    add(to, head);
    add(to, host);
    add(to, " ");
    add(to, channel->app_name);
    snprintf(head, sizeof head, " %ld %s ", (long)getpid(),
             m->kind == TRAIL_MESSAGE_STORM ? "storm" : "alert");
    add(to, head);
}

void trail_syslog_body(const struct trail_channel *channel, const struct trail_message *m, int64_t now,
                       struct trail_text *to)
{
    struct trail_text subject = trail_message_subject(m), line = {0};
    char priority[8] = {'"', 'P', (char)('0' + trail_message_priority(m)), '"', 0};
    add_header(channel, m, now, to);
    /* 32473 is the number that RFC 5612 keeps for those who have none of their own. */
    add(to, "[trail@32473");
    add_parameter(to, "priority", (struct trail_slice){priority, 4});
    add_parameter(to, "id", m->one.id);
    add_parameter(to, "state", m->one.state);
    add_parameter(to, "count",
                  m->kind == TRAIL_MESSAGE_STORM ? trail_json_member(m->json, "count") : m->one.count);
    add_parameter(to, "group", m->one.group);
    add_parameter(to, "source", trail_json_member(m->one.source, "path"));
    add_parameter(to, "dedup_key", m->one.dedup_key);
    add(to, "] \xEF\xBB\xBF");
    trail_text_add(&line, subject.p, subject.n);
    if (m->one.reason.n) {
        add(&line, " - ");
        trail_value_text(&line, m->one.reason);
    }
    trail_escape_plain(to, (struct trail_slice){line.p, line.n}, MESSAGE);
    to->failed |= subject.failed || line.failed;
    trail_text_free(&subject);
    trail_text_free(&line);
}
