/*
 * http.c - requests to Slack, Teams, PagerDuty, Alertmanager and webhooks.
 *
 * An answer of 2xx is an arrival, even when its body then breaks off. 408, 425, 429 and 5xx are worth another try,
 * other answers are not: the receiver has understood, and refuses.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hash/sha256.h"
#include "template.h"
#include "transfer.h"

enum { DAY = 86400000 };

/* ---- Retry-After -------------------------------------------------------------------------- */

static int month_of(const char *name)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char *found = strlen(name) == 3 ? strstr(names, name) : NULL;
    return found && (found - names) % 3 == 0 ? (int)(found - names) / 3 : -1;
}

/* Sun, 06 Nov 1994 08:49:37 GMT in milliseconds; -1: it is none. */
static int64_t http_date(const char *text)
{
    struct tm tm = {0};
    char month[4] = "";
    const char *comma = strchr(text, ',');
    if (!comma || sscanf(comma + 1, " %2d %3s %4d %2d:%2d:%2d", &tm.tm_mday, month, &tm.tm_year, &tm.tm_hour,
                         &tm.tm_min, &tm.tm_sec) != 6)
        return -1;
    tm.tm_mon = month_of(month);
    tm.tm_year -= 1900;
    return tm.tm_mon < 0 ? -1 : (int64_t)timegm(&tm) * 1000;
}

int64_t trail_retry_after(const char *text, int64_t now)
{
    int64_t wait;
    text += strspn(text, " \t");
    if (*text >= '0' && *text <= '9')
        wait = strlen(text) > 8 ? DAY : (int64_t)strtol(text, NULL, 10) * 1000;
    else
        wait = http_date(text) - now;
    return wait < 0 ? 0 : wait > DAY ? DAY : wait;
}

static size_t take_header(char *p, size_t size, size_t n, void *user)
{
    static const char name[] = "retry-after:";
    struct trail_transfer *t = user;
    size_t bytes = size * n, skip = sizeof name - 1, length = 0;
    if (bytes > skip && strncasecmp(p, name, skip) == 0) {
        for (size_t i = skip; i < bytes && length + 1 < sizeof t->retry_after && p[i] >= ' '; i++)
            t->retry_after[length++] = p[i];
        t->retry_after[length] = '\0';
    }
    return bytes;
}

/* ---- the request -------------------------------------------------------------------------- */

static void add_header(struct trail_transfer *t, const char *name, const char *value)
{
    struct trail_text line = {0};
    trail_text_add(&line, name, strlen(name));
    trail_text_add(&line, ": ", 2);
    trail_text_add(&line, value, strlen(value));
    trail_text_add(&line, "", 1);
    struct curl_slist *list = line.failed ? NULL : t->curl->curl_slist_append(t->headers, line.p);
    if (list)
        t->headers = list;
    else
        t->body.failed = true;
    if (line.p)
        explicit_bzero(line.p, line.n);
    trail_text_free(&line);
}

/* t=SECONDS,v1=HEX: HMAC-SHA256 of "SECONDS." and the body. */
static void sign(struct trail_transfer *t, int64_t now)
{
    unsigned char hash[TRAIL_SHA256];
    char seconds[32], hex[TRAIL_SHA256_HEX], value[128];
    const struct trail_setting *secret = &t->channel->sign_secret;
    snprintf(seconds, sizeof seconds, "%lld.", (long long)(now / 1000));
    struct trail_bytes pieces[] = {{seconds, strlen(seconds)}, {t->body.p, t->body.n}};
    trail_hmac_sha256(hash, secret->text, strlen(secret->text), pieces, 2);
    trail_sha256_print(hex, hash);
    snprintf(value, sizeof value, "t=%lld,v1=%s", (long long)(now / 1000), hex);
    add_header(t, t->channel->sign_header, value);
}

static void add_headers(struct trail_transfer *t, int64_t now)
{
    const struct trail_channel *c = t->channel;
    add_header(t, "Content-Type", "application/json");
    add_header(t, "Idempotency-Key", t->row.row.dedup_key);
    add_header(t, "User-Agent", "trailc/" TRAIL_VERSION);
    for (size_t i = 0; i < c->n_headers; i++)
        add_header(t, c->headers[i].name, c->headers[i].value.text);
    if (c->sign_secret.text)
        sign(t, now);
    struct curl_slist *list = t->curl->curl_slist_append(t->headers, "Expect:"); /* one round trip less */
    t->headers = list ? list : t->headers;
}

static void write_body(struct trail_transfer *t, int64_t now)
{
    const struct trail_channel *c = t->channel;
    const struct trail_message *m = &t->message;
    const char *thread = *t->row.row.thread ? t->row.row.thread : t->row.row.dedup_key;
    switch (c->type) {
    case TRAIL_CHANNEL_SLACK: trail_slack_body(m, &t->body); break;
    case TRAIL_CHANNEL_TEAMS: trail_teams_body(m, &t->body); break;
    case TRAIL_CHANNEL_PAGERDUTY: trail_pagerduty_body(c, m, thread, &t->body); break;
    case TRAIL_CHANNEL_ALERTMANAGER: trail_alertmanager_body(c, m, now, &t->body); break;
    default:
        if (c->body)
            trail_template_write(c->body, m, &t->body);
        else
            trail_text_add(&t->body, trail_plain_body(m).p, trail_plain_body(m).n);
        break;
    }
}

/* Alertmanager's is given as its root. */
static void add_url(struct trail_text *to, const struct trail_channel *c)
{
    static const char api[] = "/api/v2/alerts";
    size_t n = strlen(c->url.text);
    bool whole = n >= sizeof api && strcmp(c->url.text + n - (sizeof api - 1), api) == 0;
    if (c->type == TRAIL_CHANNEL_ALERTMANAGER && !whole) {
        while (n && c->url.text[n - 1] == '/')
            n--;
        trail_text_add(to, c->url.text, n);
        trail_text_add(to, api, sizeof api);
    } else {
        trail_text_add(to, c->url.text, n + 1);
    }
}

void trail_http_start(struct trail_transfer *t, int64_t now)
{
    const struct trail_curl *c = t->curl;
    struct trail_text url = {0};
    write_body(t, now);
    if (t->body.failed || !trail_easy_start(t, "http,https"))
        return;
    add_headers(t, now);
    add_url(&url, t->channel);
    bool set = !url.failed && !t->body.failed &&
               c->curl_easy_setopt(t->easy, CURLOPT_URL, url.p) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body.n) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, t->body.p) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, t->channel->method) == CURLE_OK;
    if (url.p)
        explicit_bzero(url.p, url.n);
    trail_text_free(&url);
    if (set)
        t->kind = TRAIL_TRANSFER_CURL;
    else
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true, "libcurl does not take the request");
}

/* ---- the answer --------------------------------------------------------------------------- */

static bool is_worth_a_try(long status)
{
    return status == 408 || status == 425 || status == 429 || status >= 500 || status < 200;
}

static void judge_status(struct trail_transfer *t, long status, int64_t now)
{
    char said[200];
    trail_transfer_quote(t, said, sizeof said);
    if (status >= 200 && status < 300)
        return;
    if (status >= 300 && status < 400)
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_PARK, false,
                          "answered %ld, a redirect: redirects are not followed, write the final URL",
                          status);
    else
        trail_outcome_set(&t->outcome, is_worth_a_try(status) ? TRAIL_DELIVERY_RETRY : TRAIL_DELIVERY_PARK,
                          is_worth_a_try(status), "answered %ld%s%s", status, *said ? ": " : "", said);
    if (is_worth_a_try(status))
        t->outcome.wait = trail_retry_after(t->retry_after, now);
}

void trail_http_finish(struct trail_transfer *t, CURLcode code, int64_t now)
{
    long status = 0;
    t->curl->curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status)
        judge_status(t, status, now);
    else if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_PARK, false, "%s", trail_easy_error(t, code));
    else
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true, "%s",
                          code == CURLE_OK ? "no answer" : trail_easy_error(t, code));
}
