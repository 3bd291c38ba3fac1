/*
 * smtp.c - mail, by SMTP (RFC 5321): one recipient a transaction, so that each has a fate of its own.
 *
 * A reply of 5xx to the mail is for good, 4xx and everything that fails before (names, connections, TLS, the
 * password) is worth another try.
 */
#include <string.h>
#include <unistd.h>

#include "transfer.h"

static size_t give_mail(char *to, size_t size, size_t n, void *user)
{
    struct trail_transfer *t = user;
    size_t room = size * n, rest = t->body.n - t->sent, bytes = rest < room ? rest : room;
    memcpy(to, t->body.p + t->sent, bytes);
    t->sent += bytes;
    return bytes;
}

/* The server's replies come as headers: the last line is kept, or the first that refuses. */
static size_t take_reply(char *p, size_t size, size_t n, void *user)
{
    struct trail_transfer *t = user;
    size_t bytes = size * n;
    if (t->n_response && (*t->response == '4' || *t->response == '5'))
        return bytes;
    t->n_response = bytes < TRAIL_RESPONSE ? bytes : TRAIL_RESPONSE;
    memcpy(t->response, p, t->n_response);
    return bytes;
}

/* smtps://mail.example.com:465/our-name: what stands behind the slash is said in EHLO. */
static void print_url(char *to, size_t room, const struct trail_channel *c)
{
    char self[256] = "localhost";
    bool six = strchr(c->host, ':');
    if (gethostname(self, sizeof self - 1) != 0 || !*self || strpbrk(self, "/?#%@ "))
        strcpy(self, "localhost");
    snprintf(to, room, "%s://%s%s%s:%u/%s", c->tls == TRAIL_TLS_DIRECT ? "smtps" : "smtp", six ? "[" : "",
             c->host, six ? "]" : "", c->port, self);
}

static bool set_account(struct trail_transfer *t)
{
    const struct trail_curl *c = t->curl;
    if (!t->channel->user.text)
        return true;
    return c->curl_easy_setopt(t->easy, CURLOPT_USERNAME, t->channel->user.text) == CURLE_OK &&
           c->curl_easy_setopt(t->easy, CURLOPT_PASSWORD, t->channel->password.text) == CURLE_OK;
}

void trail_smtp_start(struct trail_transfer *t, int64_t now)
{
    const struct trail_curl *c = t->curl;
    const struct trail_mail mail = {.recipient = t->row.row.recipient,
                                    .key = t->row.row.dedup_key,
                                    .thread = t->row.row.thread,
                                    .now = t->row.row.created ? t->row.row.created : now};
    char url[700];
    trail_mail_body(t->channel, &t->message, &mail, &t->body);
    if (t->body.failed || !trail_easy_start(t, "smtp,smtps"))
        return;
    print_url(url, sizeof url, t->channel);
    t->recipients = c->curl_slist_append(NULL, t->row.row.recipient);
    bool set = t->recipients && set_account(t) &&
               c->curl_easy_setopt(t->easy, CURLOPT_URL, url) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_USE_SSL,
                                   t->channel->tls == TRAIL_TLS_NONE ? (long)CURLUSESSL_NONE
                                                                     : (long)CURLUSESSL_ALL) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_MAIL_FROM, t->channel->from) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_MAIL_RCPT, t->recipients) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)t->body.n) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_READFUNCTION, give_mail) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_READDATA, t) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, take_reply) == CURLE_OK &&
               c->curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t) == CURLE_OK;
    if (set)
        t->kind = TRAIL_TRANSFER_CURL;
    else
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true, "libcurl does not take the mail");
}

void trail_smtp_finish(struct trail_transfer *t, CURLcode code)
{
    long reply = 0;
    char said[200];
    if (code == CURLE_OK)
        return;
    t->curl->curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &reply);
    trail_transfer_quote(t, said, sizeof said);
    /* Only what the server said to the mail itself is an answer to this message. */
    bool answered = code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY ||
                    code == CURLE_QUOTE_ERROR || code == CURLE_UPLOAD_FAILED;
    if (code == CURLE_LOGIN_DENIED)
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true, "user and password were refused: %s",
                          said);
    else if (answered && reply >= 500 && reply < 600)
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_PARK, false, "the server answered %s",
                          *said ? said : trail_easy_error(t, code));
    else if (answered && reply >= 400)
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, reply == 421, "the server answered %s",
                          *said ? said : trail_easy_error(t, code));
    else
        trail_outcome_set(&t->outcome, TRAIL_DELIVERY_RETRY, true, "%s", trail_easy_error(t, code));
}
