/*
 * mail.c - a message as a mail: headers, a text and the same in HTML (RFC 5322, RFC 2046 multipart/alternative).
 *
 * What a log holds stands in the subject (RFC 2047) and in both bodies, never in another header. Mails of one
 * firing are one conversation: they refer to the same Message-ID (References, RFC 5322 3.6.4).
 */
#include <string.h>
#include <time.h>

#include "bodies.h"
#include "escape.h"

enum { SUBJECT = 200, VALUE = 2000, LABEL = 100, ROWS = 40, LABEL_COLUMNS = 24 };

static void add(struct trail_text *to, const char *text)
{
    trail_text_add(to, text, strlen(text));
}

/* Mon, 23 Nov 2026 00:37:05 +0000 */
static void add_date(struct trail_text *to, int64_t now)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[64];
    struct tm tm;
    time_t seconds = (time_t)(now / 1000);
    if (!gmtime_r(&seconds, &tm))
        return;
    snprintf(text, sizeof text, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday], tm.tm_mday,
             months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
    add(to, text);
}

/* Letters and digits of a key, which is ours, at the domain of the sender. */
static void add_message_id(struct trail_text *to, const char *header, const char *key,
                           const struct trail_channel *channel)
{
    const char *at = strchr(channel->from, '@');
    add(to, header);
    add(to, ": <");
    for (; *key; key++)
        if ((*key >= '0' && *key <= '9') || (*key >= 'a' && *key <= 'z') || (*key >= 'A' && *key <= 'Z') ||
            *key == '-')
            trail_text_add(to, key, 1);
    add(to, at ? at : "@localhost");
    add(to, ">\r\n");
}

static void add_headers(struct trail_text *to, const struct trail_channel *channel,
                        const struct trail_message *m, const struct trail_mail *mail, const char *boundary)
{
    struct trail_text subject = trail_message_subject(m);
    add(to, "From: ");
    if (channel->from_name) {
        struct trail_text name = {0};
        struct trail_slice plain = {channel->from_name, strlen(channel->from_name)};
        trail_escape_header(&name, plain, 60, strlen("From: \"\" <>") + strlen(channel->from));
        bool quote = name.n == plain.n && !strpbrk(channel->from_name, "\"\\");
        add(to, quote ? "\"" : "");
        trail_text_add(to, name.p, name.n);
        add(to, quote ? "\" <" : " <");
        trail_text_free(&name);
        add(to, channel->from);
        add(to, ">\r\n");
    } else {
        add(to, channel->from);
        add(to, "\r\n");
    }
    add(to, "To: ");
    add(to, mail->recipient);
    add(to, "\r\nSubject: ");
    trail_escape_header(to, (struct trail_slice){subject.p, subject.n}, SUBJECT, strlen("Subject: "));
    add(to, "\r\n");
    add_date(to, mail->now);
    add_message_id(to, "Message-ID", mail->key, channel);
    if (*mail->thread)
        add_message_id(to, "References", mail->thread, channel);
    add(to, trail_message_priority(m) == 1 && !trail_message_is_resolved(m) ? "X-Priority: 1\r\n" : "");
    add(to, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n "
            "boundary=\"");
    add(to, boundary);
    add(to, "\"\r\n\r\n");
    to->failed |= subject.failed;
    trail_text_free(&subject);
}

static void start_part(struct trail_text *to, const char *boundary, const char *type)
{
    add(to, "--");
    add(to, boundary);
    add(to, "\r\nContent-Type: ");
    add(to, type);
    add(to, "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
}

/* ---- text --------------------------------------------------------------------------------- */

static void add_text_row(void *user, struct trail_slice label, struct trail_slice value)
{
    struct trail_text *to = user;
    size_t before = to->n;
    trail_escape_plain(to, label, LABEL);
    size_t columns = to->n - before;
    do
        add(to, " ");
    while (++columns < LABEL_COLUMNS);
    trail_escape_plain(to, value, VALUE);
    add(to, "\n");
}

static void add_text_part(struct trail_text *to, const struct trail_message *m)
{
    struct trail_text text = {0}, subject = trail_message_subject(m);
    struct trail_row_sink sink = {&text, add_text_row};
    trail_escape_plain(&text, (struct trail_slice){subject.p, subject.n}, SUBJECT);
    add(&text, "\n\n");
    trail_message_rows(m, ROWS, &sink);
    trail_quoted_printable(to, (struct trail_slice){text.p, text.n});
    to->failed |= text.failed || subject.failed;
    trail_text_free(&text);
    trail_text_free(&subject);
}

/* ---- HTML --------------------------------------------------------------------------------- */

static void add_html_row(void *user, struct trail_slice label, struct trail_slice value)
{
    struct trail_text *to = user;
    add(to, "<tr><td style=\"padding:2px 12px 2px 0;color:#555;vertical-align:top\">");
    trail_escape_html(to, label, LABEL);
    add(to, "</td><td style=\"padding:2px 0;font-family:monospace;word-break:break-all\">");
    trail_escape_html(to, value, VALUE);
    add(to, "</td></tr>\n");
}

static void add_html_part(struct trail_text *to, const struct trail_message *m)
{
    static const char *const colours[] = {"#555", "#b00020", "#c43e00", "#9a6700", "#0b57d0", "#555"};
    struct trail_text html = {0}, subject = trail_message_subject(m);
    struct trail_row_sink sink = {&html, add_html_row};
    /* format-detection: mail programs are not to make links of what they find in the values */
    add(&html,
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><meta name=\"format-detection\" content=\""
        "telephone=no,date=no,address=no,email=no,url=no\"></head>\n<body "
        "style=\"font-family:sans-serif\">\n<p style"
        "=\"font-size:120%;font-weight:bold;color:");
    add(&html, trail_message_is_resolved(m) ? "#146c2e" : colours[trail_message_priority(m)]);
    add(&html, "\">");
    trail_escape_html(&html, (struct trail_slice){subject.p, subject.n}, SUBJECT);
    add(&html, "</p>\n<table style=\"border-collapse:collapse\">\n");
    trail_message_rows(m, ROWS, &sink);
    add(&html, "</table>\n</body></html>\n");
    trail_quoted_printable(to, (struct trail_slice){html.p, html.n});
    to->failed |= html.failed || subject.failed;
    trail_text_free(&html);
    trail_text_free(&subject);
}

void trail_mail_body(const struct trail_channel *channel, const struct trail_message *m,
                     const struct trail_mail *mail, struct trail_text *to)
{
    /* Quoted-printable never has `=_` in it (RFC 2045, 6.7), so no value ends a part. */
    static const char boundary[] = "=_trail-alternative";
    add_headers(to, channel, m, mail, boundary);
    start_part(to, boundary, "text/plain");
    add_text_part(to, m);
    add(to, "\r\n");
    start_part(to, boundary, "text/html");
    add_html_part(to, m);
    add(to, "\r\n--");
    add(to, boundary);
    add(to, "--\r\n");
}
