/*
 * chat.c - messages for Slack and Teams.
 *
 * Nothing that a log holds is given to either as markup. Slack: blocks of plain_text, in which neither
 * mentions nor links are formed, with & < > as entities (docs.slack.dev, "Formatting message text" and "Block
 * Kit"); the line for notifications, `text`, is defused in addition. Teams: TextRun of a RichTextBlock, which
 * knows no Markdown (adaptivecards.io, schema explorer).
 *
 * Lengths: Slack takes 150 characters in a header, 2,000 in a field of a section, 10 fields a section, 50 blocks a
 * message. Teams takes 28 kB in all.
 */
#include <string.h>

#include "bodies.h"
#include "escape.h"
#include "json/elements.h"

enum {
    SLACK_HEADER = 150,
    SLACK_VALUE = 500,
    SLACK_FIELDS = 10,
    SLACK_ROWS = 60,
    TEAMS_VALUE = 300,
    TEAMS_ROWS = 24,
    TEAMS_BYTES = 20000, /* of rows; room is left for the last, and for what is around them */
    LABEL = 80,
    SUBJECT = 200,
};

struct trail_slice trail_plain_body(const struct trail_message *m)
{
    return m->kind == TRAIL_MESSAGE_STORM ? m->json : m->one.json;
}

static void add(struct trail_text *to, const char *text)
{
    trail_text_add(to, text, strlen(text));
}

/* A message whose rows are being written. */
struct chat {
    struct trail_text *to;
    size_t rows;
};

/* ---- Slack -------------------------------------------------------------------------------- */

/* A field of a section: the label, a line break, the value. */
static void slack_row(void *user, struct trail_slice label, struct trail_slice value)
{
    struct chat *c = user;
    struct trail_text whole = {0};
    if (c->rows >= SLACK_ROWS)
        return;
    if (c->rows++ % SLACK_FIELDS == 0)
        add(c->to,
            c->rows > 1 ? "]},{\"type\":\"section\",\"fields\":[" : ",{\"type\":\"section\",\"fields\":[");
    else
        add(c->to, ",");
    add(c->to, "{\"type\":\"plain_text\",\"emoji\":false,\"text\":");
    trail_escape_slack(&whole, label, LABEL, false);
    if (!whole.failed) {
        whole.n--; /* the closing quote */
        add(&whole, "\\n");
        size_t end = whole.n;
        trail_escape_slack(&whole, value, SLACK_VALUE, false);
        if (!whole.failed) { /* nor the opening one */
            memmove(whole.p + end, whole.p + end + 1, whole.n - end - 1);
            whole.n--;
        }
    }
    trail_text_add(c->to, whole.p, whole.n);
    c->to->failed |= whole.failed;
    add(c->to, "}");
    trail_text_free(&whole);
}

void trail_slack_body(const struct trail_message *m, struct trail_text *to)
{
    struct trail_text subject = trail_message_subject(m);
    struct trail_slice line = {subject.p, subject.n};
    struct chat c = {.to = to};
    struct trail_row_sink sink = {&c, slack_row};
    add(to, "{\"text\":");
    trail_escape_slack(to, line, SUBJECT, true);
    add(to, ",\"mrkdwn\":false,\"unfurl_links\":false,\"unfurl_media\":false,\"blocks\":[{\"type\":"
            "\"header\",\"text\":"
            "{\"type\":\"plain_text\",\"emoji\":false,\"text\":");
    trail_escape_slack(to, line, SLACK_HEADER, false);
    add(to, "}}");
    trail_message_rows(m, 20, &sink);
    add(to, c.rows ? "]}]}" : "]}");
    to->failed |= subject.failed;
    trail_text_free(&subject);
}

/* ---- Teams -------------------------------------------------------------------------------- */

static void teams_row(void *user, struct trail_slice label, struct trail_slice value)
{
    struct chat *c = user;
    if (c->rows++ >= TEAMS_ROWS || c->to->n > TEAMS_BYTES)
        return;
    add(c->to,
        ",{\"type\":\"RichTextBlock\",\"spacing\":\"Small\",\"inlines\":[{\"type\":\"TextRun\",\"weight\":"
        "\"Bolder\",\"text\":");
    trail_escape_json(c->to, label, LABEL);
    add(c->to, "},{\"type\":\"TextRun\",\"text\":\"  "
               "\"},{\"type\":\"TextRun\",\"fontType\":\"Monospace\",\"text\":");
    trail_escape_json(c->to, value, TEAMS_VALUE);
    add(c->to, "}]}");
}

void trail_teams_body(const struct trail_message *m, struct trail_text *to)
{
    static const char *const colours[] = {"Default", "Attention", "Attention",
                                          "Warning", "Accent",    "Default"};
    struct trail_text subject = trail_message_subject(m);
    struct chat c = {.to = to};
    struct trail_row_sink sink = {&c, teams_row};
    add(to,
        "{\"type\":\"message\",\"attachments\":[{\"contentType\":\"application/vnd.microsoft.card.adaptive\","
        "\"contentUrl\":null,\"content\":{\"$schema\":\"http://adaptivecards.io/schemas/adaptive-card.json\","
        "\"type\":\"AdaptiveCard\",\"version\":\"1.4\",\"msteams\":{\"width\":\"Full\"},\"body\":[{\"type\":"
        "\"RichTextBlock\",\"inlines\":[{\"type\":\"TextRun\",\"weight\":\"Bolder\",\"size\":\"Large\","
        "\"color\":\"");
    add(to, trail_message_is_resolved(m) ? "Good" : colours[trail_message_priority(m)]);
    add(to, "\",\"text\":");
    trail_escape_json(to, (struct trail_slice){subject.p, subject.n}, SUBJECT);
    add(to, "}]}");
    trail_message_rows(m, 15, &sink);
    add(to, "]}}]}");
    to->failed |= subject.failed;
    trail_text_free(&subject);
}
