/*
 * test_frame.c - which records are in an input: every form, in every packing and in pieces of any size.
 */
#include "framing.h"
#include "suite.h"

/* Records with what makes framing hard: escapes, brackets and quotes in strings, keys of the forms. */
static const char *const records[] = {
    "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":\"alice\"},\"eventTime\":"
    "\"2026-01-01T10:00:00Z\","
    "\"eventName\":\"GetObject\",\"readOnly\":true}",
    "{\"eventVersion\":\"1.08\",\"requestParameters\":{\"policy\":\"{\\\"Statement\\\":[{\\\"Effect\\\":"
    "\\\"Allow\\\"}]}\",\"x\":\"]}\"},\"eventName\":\"PutBucketPolicy\"}",
    "{\"eventVersion\":\"1.08\",\"userAgent\":\"\\u003cscript\\u003e \\\\\\\" \\ud83d\\ude00 "
    "\xC3\xA9\",\"eventName\":\"ConsoleLogin\",\"n\":-1.5e10}",
    "{\"awsRegion\":\"eu-central-1\",\"detail\":{\"a\":[]},\"message\":\"x\",\"source\":\"y\",\"Records\":[],"
    "\"eventName\":\"CreateGrant\"}",
    "{\"eventVersion\":\"1.08\",\"items\":[{\"eventVersion\":1},{\"id\":2},[[],[{}]]],\"eventID\":\"e-5\","
    "\"resources\":null}",
};

#define N_RECORDS (sizeof records / sizeof *records)

enum mode { TEXT, STRING, PRETTY };

/* Adds a record: as it is, as a JSON string, or over lines. */
static void add_record(struct trail_text *t, const char *record, enum mode mode)
{
    if (mode == STRING)
        trail_json_quote(t, (struct trail_slice){record, strlen(record)});
    if (mode == TEXT)
        add(t, record);
    if (mode != PRETTY)
        return;
    bool in_string = false;
    for (const char *p = record; *p; p++) {
        trail_text_add(t, p, 1);
        if (*p == '\\')
            trail_text_add(t, ++p, 1);
        else if (*p == '"')
            in_string = !in_string;
        else if (!in_string && strchr("{[,", *p))
            add(t, "\n    ");
        else if (!in_string && *p == ':')
            add(t, " ");
    }
}

/* What comes before all, around each record, between two, and behind all. */
struct form {
    const char *name, *head, *before, *after, *between, *tail;
    enum mode mode;
};

#define LOGS_HEAD                                                                               \
    "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"1\",\"logGroup\":\"g\",\"logStream\":\"s\"," \
    "\"subscriptionFilters\":[\"f\"],\"logEvents\":["
#define LOGS_EVENT "{\"id\":\"3\",\"timestamp\":1,\"message\":"
#define CONTROL                                                                                          \
    "{\"messageType\":\"CONTROL_MESSAGE\",\"owner\":\"CloudwatchLogs\",\"logGroup\":\"\",\"logStream\":" \
    "\"\",\"subscriptionFilters\":[],"                                                                   \
    "\"logEvents\":[{\"id\":\"\",\"timestamp\":1,\"message\":\"CWL CONTROL MESSAGE: Checking health\"}]}"
#define EVENT_HEAD                                                         \
    "{\"version\":\"0\",\"id\":\"6\",\"detail-type\":\"AWS API Call via "  \
    "CloudTrail\",\"source\":\"aws.s3\",\"account\":\"1\",\"time\":\"t\"," \
    "\"region\":\"r\",\"resources\":[],\"detail\":"
#define HIT_HEAD "{\"_index\":\"logs\",\"_id\":\"1\",\"_score\":1.0,\"_source\":"
#define LOOKUP_EVENT \
    "{\"EventId\":\"e\",\"EventName\":\"n\",\"Resources\":[{\"ResourceName\":\"]\"}],\"CloudTrailEvent\":"
#define FOUND_EVENT "{\"logStreamName\":\"s\",\"timestamp\":1,\"message\":"

static const struct form forms[] = {
    {"ndjson", "", "", "\n", "", "", TEXT},
    {"ndjson without a last newline", "", "", "", "\n", "", TEXT},
    {"ndjson with CRLF", "", "", "\r\n", "", "", TEXT},
    {"ndjson with blank lines", "\n\n \t\n", "", "\n", "\n \r\n", "\n\n", TEXT},
    {"ndjson behind a byte order mark", "\xEF\xBB\xBF", "", "\n", "", "", TEXT},
    {"concatenated", "", "", "", "", "", TEXT},
    {"printed one after another", "", "", "\n", "", "", PRETTY},
    {"printed, indented", "  ", "", "\n  ", "", "", PRETTY},
    {"array", "[", "", "", ",", "]", TEXT},
    {"array with a newline behind", "[", "", "", ",", "]\n", TEXT},
    {"array over lines", "[\n", "  ", "\n", ",\n", "]\n", PRETTY},
    {"array in an array", "[[", "", "", "],[", "]]", TEXT},
    {"S3 file", "{\"Records\":[", "", "", ",", "]}", TEXT},
    {"S3 file over lines", "{\n  \"Records\" : [\n", "  ", "\n", ",\n", "  ]\n}\n", PRETTY},
    {"S3 file behind a byte order mark", "\xEF\xBB\xBF{\"Records\":[", "", "", ",", "]}", TEXT},
    {"S3 file with other keys first", "{\"x\":{\"Records\":[{}]},\"y\":\"Records\",\"Records\":[", "", "",
     ",", "]}", TEXT},
    {"S3 file with other keys behind", "{\"Records\":[", "", "", ",", "],\"x\":[{\"a\":\"]}\"}],\"y\":1}",
     TEXT},
    {"S3 file with its list in parts", "{\"Records\":[", "", "", "],\"Records\":[", "]}", TEXT},
    {"S3 files on one line", "{\"Records\":[", "", "", "]}{\"Records\":[", "]}", TEXT},
    {"S3 files on lines", "{\"Records\":[", "", "", "]}\n{\"Records\":[", "]}\n", TEXT},
    {"S3 files in an array", "[{\"Records\":[", "", "", "]},{\"Records\":[", "]}]", TEXT},
    {"S3 files, some empty", "{\"Records\":[]}{\"Records\":[", "", "", ",", "]}{\"Records\":[ ]}", TEXT},
    {"lookup-events", "{\"Events\":[", LOOKUP_EVENT, "}", ",", "],\"NextToken\":\"x\"}", STRING},
    {"lookup-events, sorted keys", "{\"Events\":[",
     "{\"AccessKeyId\":\"A\",\"CloudTrailEvent\":", ",\"EventId\":\"e\"}", ",", "]}", STRING},
    {"lookup-events, token first", "{\"NextToken\":\"x\",\"Events\":[", LOOKUP_EVENT, "}", ",", "]}", STRING},
    {"lookup-events, parsed already", "{\"Events\":[", LOOKUP_EVENT, "}", ",", "]}", TEXT},
    {"lookup-events over lines", "{\n \"Events\": [\n", LOOKUP_EVENT, "\n}", ",\n", "\n]\n}\n", STRING},
    {"EventBridge lines", "", EVENT_HEAD, "}\n", "", "", TEXT},
    {"EventBridge concatenated", "", EVENT_HEAD, "}", "", "", TEXT},
    {"EventBridge array", "[", EVENT_HEAD, "}", ",", "]", TEXT},
    {"EventBridge, sorted keys", "", "{\"account\":\"1\",\"detail\":",
     ",\"detail-type\":\"d\",\"id\":\"i\",\"source\":\"s\"}", "\n", "", TEXT},
    {"EventBridge printed", "", EVENT_HEAD, "\n}\n", "", "", PRETTY},
    {"EventBridge with a forwarder's keys", "",
     "{\"@timestamp\":1,\"host\":\"h\",\"detail-type\":\"d\",\"source\":\"s\",\"detail\":", "}", "\n", "",
     TEXT},
    {"EventBridge in an S3 file", "{\"Records\":[", EVENT_HEAD, "}", ",", "]}", TEXT},
    {"CloudWatch Logs", "", LOGS_HEAD LOGS_EVENT, "}]}", "", "", STRING},
    {"CloudWatch Logs, several events", LOGS_HEAD, LOGS_EVENT, "}", ",", "]}", STRING},
    {"CloudWatch Logs lines", "", LOGS_HEAD LOGS_EVENT, "}]}\n", "", "", STRING},
    {"CloudWatch Logs array", "[", LOGS_HEAD LOGS_EVENT, "}]}", ",", "]", STRING},
    {"CloudWatch Logs with control", CONTROL "\n", LOGS_HEAD LOGS_EVENT, "}]}", CONTROL, CONTROL, STRING},
    {"CloudWatch Logs, sorted keys", "", "{\"logEvents\":[" LOGS_EVENT,
     "}],\"logGroup\":\"g\",\"messageType\":\"DATA_MESSAGE\"}", "\n", "", STRING},
    {"CloudWatch Logs of EventBridge", LOGS_HEAD, "{\"id\":\"3\",\"timestamp\":1,\"message\":" EVENT_HEAD,
     "}}", ",", "]}", TEXT},
    {"filter-log-events", "{\"events\":[", FOUND_EVENT, ",\"ingestionTime\":2,\"eventId\":\"3\"}", ",",
     "],\"searchedLogStreams\":[]}", STRING},
    {"filter-log-events over lines", "{\n \"events\": [\n", FOUND_EVENT, ",\n\"ingestionTime\":2}", ",\n",
     "\n]}\n", STRING},
    {"hits, lines", "", HIT_HEAD, "}\n", "", "", TEXT},
    {"hits, array", "[", HIT_HEAD, ",\"sort\":[1]}", ",", "]", TEXT},
    {"hits, source first", "", "{\"_source\":", ",\"_id\":\"1\"}", "\n", "", TEXT},
    {"hits, answer",
     "{\"took\":1,\"timed_out\":false,\"_shards\":{\"total\":1},\"hits\":{\"total\":{\"value\":5},\"max_"
     "score\":1.0,\"hits\":[",
     HIT_HEAD, "}", ",", "]}}", TEXT},
    {"hits, answer over lines", "{\n\"hits\": {\n\"hits\": [\n", HIT_HEAD, "\n}", ",\n", "\n]\n}\n}\n",
     PRETTY},
    {"hits, answer with aggregations", "{\"hits\":{\"hits\":[", HIT_HEAD, "}", ",",
     "],\"total\":5},\"aggregations\":{\"hits\":[{}]}}", TEXT},
    {"hits of EventBridge", "", HIT_HEAD EVENT_HEAD, "}}\n", "", "", TEXT},
};

#define N_FORMS ((int)(sizeof forms / sizeof *forms))

static struct trail_text in_form(const struct form *form)
{
    struct trail_text t = {0};
    add(&t, form->head);
    for (size_t i = 0; i < N_RECORDS; i++) {
        add(&t, i ? form->between : "");
        add(&t, form->before);
        add_record(&t, records[i], form->mode);
        add(&t, form->after);
    }
    add(&t, form->tail);
    return t;
}

static void assert_records(const char *what, const struct framed *f)
{
    struct trail_text want = {0};
    for (size_t i = 0; i < N_RECORDS; i++) {
        trail_json_rewrite(&want, (struct trail_slice){records[i], strlen(records[i])});
        add(&want, "\n");
    }
    ck_assert_msg(f->rejected + f->damaged == 0 && f->records.n == want.n &&
                      memcmp(f->records.p, want.p, want.n) == 0,
                  "%s:\n%.*s", what, (int)f->all.n, f->all.p);
    trail_text_free(&want);
}

START_TEST(form_gives_the_records)
{
    struct trail_text t = in_form(&forms[_i]);
    struct framed f = frame_text(t.p, t.n);
    assert_records(forms[_i].name, &f);
    framed_free(&f);
    trail_text_free(&t);
}
END_TEST

static void assert_same(const char *what, struct bytes input, const struct framed *want)
{
    size_t n;
    const struct feeding *how = feedings(&n);
    for (size_t i = 0; i < n; i++) {
        struct framed f = frame_pushed(input, how[i]);
        ck_assert_msg(f.all.n == want->all.n && (!f.all.n || memcmp(f.all.p, want->all.p, f.all.n) == 0),
                      "%s, pieces of %zu, window of %zu:\n%.*s\nexpected\n%.*s", what, how[i].piece,
                      how[i].window, (int)f.all.n, f.all.p ? f.all.p : "", (int)want->all.n,
                      want->all.p ? want->all.p : "");
        framed_free(&f);
    }
}

START_TEST(packing_and_pieces_change_nothing)
{
    struct trail_text t = in_form(&forms[_i]);
    struct framed f = frame_text(t.p, t.n);
    struct bytes packed[] = {bytes_of(t.p, t.n), gzip_of(t.p, t.n), pieces_of(gzip_of, t.p, t.n, 7),
                             zstd_of(t.p, t.n), pieces_of(zstd_of, t.p, t.n, 3)};
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++) {
        assert_same(forms[_i].name, packed[i], &f);
        free(packed[i].p);
    }
    framed_free(&f);
    trail_text_free(&t);
}
END_TEST

START_TEST(every_window_will_do)
{
    struct trail_text t = in_form(&forms[_i]);
    struct framed want = frame_text(t.p, t.n);
    for (size_t window = 1; window < 200; window += 3) {
        struct framed f = frame_pushed(bytes_in(&t), (struct feeding){window % 31 + 1, window});
        ck_assert_msg(f.all.n == want.all.n && memcmp(f.all.p, want.all.p, f.all.n) == 0, "window of %zu",
                      window);
        framed_free(&f);
    }
    framed_free(&want);
    trail_text_free(&t);
}
END_TEST

/* Wherever a comma too many stands, what is said of it is the same when it comes with the next piece. */
START_TEST(a_comma_too_many_in_pieces)
{
    struct trail_text t = in_form(&forms[_i]);
    unsigned told = 0;
    for (size_t at = 0; at < t.n && told < 200; at++) {
        if (t.p[at] != ',')
            continue;
        struct trail_text broken = {0};
        trail_text_add(&broken, t.p, at + 1);
        trail_text_add(&broken, t.p + at, t.n - at);
        struct framed want = frame_text(broken.p, broken.n);
        told += want.rejected + want.damaged > 0;
        for (size_t piece = 1; piece < 4; piece++) {
            struct framed f = frame_pushed(bytes_in(&broken), (struct feeding){piece, 1});
            ck_assert_msg(f.all.n == want.all.n && memcmp(f.all.p, want.all.p, f.all.n) == 0,
                          "%s, byte %zu, pieces of %zu:\n%.*s\nexpected\n%.*s", forms[_i].name, at, piece,
                          (int)f.all.n, f.all.p, (int)want.all.n, want.all.p);
            framed_free(&f);
        }
        framed_free(&want);
        trail_text_free(&broken);
    }
    ck_assert_uint_gt(told, 0);
    trail_text_free(&t);
}
END_TEST

START_TEST(forms_may_be_mixed)
{
    struct trail_text t = {0};
    for (int i = 0; i < N_FORMS; i++) {
        struct trail_text one = in_form(&forms[i]);
        trail_text_add(&t, one.p, one.n);
        add(&t, i % 2 ? "\n" : "");
        trail_text_free(&one);
    }
    struct framed f = frame_text(t.p, t.n);
    ck_assert_uint_eq(f.accepted, N_RECORDS * (size_t)N_FORMS);
    ck_assert_uint_eq(f.rejected + f.damaged, 0);
    assert_same("mixed", bytes_in(&t), &f);
    framed_free(&f);
    trail_text_free(&t);
}
END_TEST

/* ---- what is no wrapping ---- */

static const char *const ordinary[] = {
    "{}",
    "{\"detail\":{\"eventName\":\"x\"}}",
    "{\"detail\":{},\"detail-type\":\"x\"}",
    "{\"detail\":\"text\",\"detail-type\":\"x\",\"source\":\"s\"}",
    "{\"detail-type\":1,\"source\":\"s\",\"detail\":{}}",
    "{\"message\":\"{\\\"a\\\":1}\"}",
    "{\"message\":{\"eventName\":\"x\"},\"timestamp\":1}",
    "{\"_source\":{\"a\":1}}",
    "{\"_source\":[],\"_index\":\"i\"}",
    "{\"Records\":1}",
    "{\"Records\":[1,2]}",
    "{\"Records\":{\"a\":[]}}",
    "{\"records\":[{\"a\":1}]}",
    "{\"Events\":[{\"a\":1}]}",
    "{\"Events\":[\"x\"]}",
    "{\"events\":[{\"message\":\"x\"}]}",
    "{\"events\":[{\"message\":\"x\",\"timestamp\":1}]}",
    "{\"time\":1,\"events\":[{\"message\":\"x\",\"timestamp\":1,\"eventId\":\"e\"}]}",
    "{\"logEvents\":[{\"message\":\"x\"}]}",
    "{\"messageType\":\"CONTROL_MESSAGE\"}",
    "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":{}}",
    "{\"hits\":3}",
    "{\"hits\":{\"count\":3}}",
    "{\"hits\":{\"hits\":3}}",
    "{\"hits\":{\"hits\":[{\"x\":1}]}}",
    "{\"hits\":[{\"_source\":{}}]}",
    "{\"CloudTrailEvent\":\"{}\"}",
    "{\"eventVersion\":\"1\",\"Records\":[{\"a\":1}]}",
    "{\"resources\":[],\"eventName\":\"x\",\"Records\":[{\"a\":1}]}",
    "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"Records\":[{\"a\":1}]}",
    "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"detail-type\":\"d\",\"source\":\"s\",\"detail\":{}}",
    "{\"\\u0052ecords\":[{\"a\":1}]}",
    "{\"\":{},\"detail\":[]}",
    "{\"source\":\"s\",\"detail-type\":\"d\",\"detail\":{\"a\":1},\"_source\":{\"b\":2}}",
};

START_TEST(ordinary_records_stay_whole)
{
    const char *text = ordinary[_i];
    struct framed f = frame_text(text, strlen(text));
    ck_assert_msg(f.accepted == 1 && f.rejected + f.damaged == 0, "%s:\n%.*s", text, (int)f.all.n, f.all.p);
    ck_assert_msg(f.records.n == strlen(text) + 1 && memcmp(f.records.p, text, strlen(text)) == 0, "%s: %.*s",
                  text, (int)f.records.n, f.records.p);
    struct bytes input = bytes_of(text, strlen(text));
    assert_same(text, input, &f);
    free(input.p);
    framed_free(&f);
}
END_TEST

/* ---- results one by one ---- */

struct script {
    const char *input, *results;
};

static const struct script scripts[] = {
    {"", ""},
    {" \r\n\t\n", ""},
    {"\xEF\xBB\xBF", ""},
    {"[]", ""},
    {"{\"Records\":[]}", ""},
    {"{\"events\":[],\"searchedLogStreams\":[]}", ""},
    {"{\"hits\":{\"hits\":[]}}", ""},
    {CONTROL, ""},
    {"{\"a\":1}", "+ 1 0 {\"a\":1}\n"},
    {" {\"a\":1} ", "+ 1 1 {\"a\":1}\n"},
    {"[{\"a\":1}]", "+ 1 1 {\"a\":1}\n"},
    {"{\"a\":1}{\"a\":2}", "+ 1 0 {\"a\":1}\n+ 2 7 {\"a\":2}\n"},
    {"{\"Events\":[{\"CloudTrailEvent\":\" {\\\"a\\\":1}\\n\"}]}", "+ 1 31 {\"a\":1}\n"},
    {"1\n{\"a\":1}", "- 1 0 1 no JSON object\n+ 2 2 {\"a\":1}\n"},
    {"\"x\" {\"a\":1}\n{\"b\":1}", "- 1 0 11 no JSON object\n+ 2 12 {\"b\":1}\n"},
    {"null", "- 1 0 4 no JSON object\n"},
    {"[1,{\"a\":1},\"]x\",{\"b\":2},null]", "- 1 1 1 no JSON object\n+ 2 3 {\"a\":1}\n- 3 11 4 no JSON "
                                            "object\n+ 4 16 {\"b\":2}\n- 5 24 4 no JSON object\n"},
    {"[[1,2],{\"a\":1}]", "- 1 1 5 no JSON object\n+ 2 7 {\"a\":1}\n"},
    {"{\"a\":1,}\n{\"b\":1}",
     "- 1 0 8 not JSON: a character that cannot stand here, at byte 7\n+ 2 9 {\"b\":1}\n"},
    {"{\"a\":\"x\ny\"}\n{\"b\":1}", "- 1 0 7 not JSON: a control character in a string, at byte 7\n- 2 8 3 "
                                    "no JSON object\n+ 3 12 {\"b\":1}\n"},
    {"{\"a\":1\n{\"b\":1}\n",
     "- 1 0 6 not JSON: a character that cannot stand here, at byte 7\n+ 2 7 {\"b\":1}\n"},
    {"{\"a\":1}}\n{\"b\":1}", "- 1 0 8 not JSON: something behind the value, at byte 7\n+ 2 9 {\"b\":1}\n"},
    {"{\"a\":1} x\n{\"b\":1}", "- 1 0 9 not JSON: something behind the value, at byte 7\n+ 2 10 {\"b\":1}\n"},
    {"{\n\"a\": 1,\n\"b\": x\n}\n{\"c\":1}\n",
     "- 1 0 18 not JSON: a character that cannot stand here, at byte 15\n+ 2 19 {\"c\":1}\n"},
    {"{\"a\":tru}{\"b\":1}",
     "- 1 0 9 not JSON: a character that cannot stand here, at byte 8\n+ 2 9 {\"b\":1}\n"},
    {"[{\"a\":tru},{\"b\":1}]",
     "- 1 1 9 not JSON: a character that cannot stand here, at byte 9\n+ 2 11 {\"b\":1}\n"},
    {"[{\"a\":1},{\"a\":\"x},{\"a\":3},{\"a\":4}]",
     "+ 1 1 {\"a\":1}\n- 2 9 9 not JSON: a character that cannot stand here, at byte 20\n+ 3 18 "
     "{\"a\":3}\n+ 4 26 {\"a\":4}\n"},
    {"[{\"a\":1},{\"a\":2,{\"a\":3},{\"a\":4}]",
     "+ 1 1 {\"a\":1}\n- 2 9 7 not JSON: a character that cannot stand here, at byte 16\n+ 3 16 {\"a\":3}\n+ "
     "4 24 {\"a\":4}\n"},
    {"{\"Records\":[{\"a\":1}", "+ 1 12 {\"a\":1}\n! 19 ends inside an array\n"},
    {"{\"Records\":[{\"a\":1}]", "+ 1 12 {\"a\":1}\n! 20 ends inside an object\n"},
    {"{\"Records\":[{\"a\":1},{\"a\":", "+ 1 12 {\"a\":1}\n- 2 20 5 not JSON: ends too early, at byte 25\n"},
    {"{\"Records\":[],\"x\":1 y}", "- 1 20 2 not JSON behind a list of records\n"},
    {"  {\n  \"a\": x,\n{\"b\":\n1}\n  }\n  {\"c\":1}",
     "- 1 2 24 not JSON: a character that cannot stand here, at byte 11\n+ 2 29 {\"c\":1}\n"},
    {"[{\"a\":{}},\"b\":1},{\"a\":2}]",
     "- 1 1 15 not JSON: something behind the value, at byte 9\n+ 2 17 {\"a\":2}\n"},
    {"{\"Records\":[{\"eventVersion\":1,\"a\":[tru,{\"eventVersion\":2},{\"eventVersion\":3}]}",
     "- 1 12 27 not JSON: a character that cannot stand here, at byte 38\n+ 2 39 {\"eventVersion\":2}\n+ 3 "
     "58 {\"eventVersion\":3}\n"},
    {"{\"a\":1}\n{\"a\":", "+ 1 0 {\"a\":1}\n- 2 8 5 not JSON: ends too early, at byte 13\n"},
    {"{", "- 1 0 1 not JSON: ends too early, at byte 1\n"},
    {"{\"Records\":[", "- 1 0 12 not JSON: ends too early, at byte 12\n"},
    {"{\"Recor", "- 1 0 7 not JSON: ends too early, at byte 7\n"},
    {"\xEF\xBB", "- 1 0 2 no JSON object\n"},
    {"{\"Events\":[{\"CloudTrailEvent\":\"{}\"},{\"EventId\":\"x\"},{\"CloudTrailEvent\":7}]}",
     "+ 1 31 {}\n- 2 36 15 no text or object in \"CloudTrailEvent\"\n- 3 52 21 no text or object in "
     "\"CloudTrailEvent\"\n"},
    {"{\"Events\":[{\"CloudTrailEvent\":\"{\\\"a\\\":}\"},{\"CloudTrailEvent\":\"x\"},{\"CloudTrailEvent\":"
     "\"\"}]}",
     "- 1 11 30 not JSON: a character that cannot stand here, at byte 5 of the text\n"
     "- 2 42 23 no JSON object in the text\n- 3 66 22 not JSON: nothing but white space, at byte 0 of the "
     "text\n"},
    {LOGS_HEAD "{\"id\":\"\",\"timestamp\":1,\"message\":\"CWL CONTROL MESSAGE: "
               "x\"},{\"id\":\"\",\"timestamp\":1,\"message\":\"START x\"}]}",
     "- 1 173 43 no JSON object in the text\n"},
    {"{\"detail-type\":\"d\",\"source\":\"s\",\"detail\":{\"a\":1},\"x\":tru}\n{}",
     "- 1 0 57 not JSON: a character that cannot stand here, at byte 56\n+ 2 58 {}\n"},
};

START_TEST(results_one_by_one)
{
    const struct script *s = &scripts[_i];
    struct framed f = frame_text(s->input, strlen(s->input));
    ck_assert_msg(f.all.n == strlen(s->results) && (!f.all.n || memcmp(f.all.p, s->results, f.all.n) == 0),
                  "%s:\n%.*sexpected:\n%s", s->input, (int)f.all.n, f.all.p ? f.all.p : "", s->results);
    struct bytes input = bytes_of(s->input, strlen(s->input));
    assert_same(s->input, input, &f);
    free(input.p);
    framed_free(&f);
}
END_TEST

/* ---- sizes ---- */

/* A record of exactly n bytes. */
static void add_sized(struct trail_text *t, size_t n)
{
    char *filler = malloc(n);
    ck_assert_ptr_nonnull(filler);
    memset(filler, 'x', n);
    add(t, "{\"eventID\":\"");
    trail_text_add(t, filler, n - 14);
    add(t, "\"}");
    free(filler);
}

static const struct {
    const char *name, *head, *between, *tail;
} places[] = {{"lines", "", "\n", ""},
              {"concatenated", "", "", ""},
              {"array", "[", ",", "]"},
              {"S3 file", "{\"Records\":[", ",", "]}"}};

static struct framed frame_sized(size_t place, size_t size, struct feeding how)
{
    struct trail_text t = {0};
    add(&t, places[place].head);
    add_record(&t, records[0], TEXT);
    add(&t, places[place].between);
    add_sized(&t, size);
    add(&t, places[place].between);
    add_record(&t, records[1], TEXT);
    add(&t, places[place].tail);
    struct framed f = frame_pushed(bytes_in(&t), how);
    trail_text_free(&t);
    return f;
}

START_TEST(longest_record_is_accepted)
{
    struct framed f = frame_sized((size_t)_i, TRAIL_MAX_RECORD, (struct feeding){SIZE_MAX, 0});
    ck_assert_msg(f.accepted == 3 && f.rejected == 0, "%s: %.*s", places[_i].name, (int)f.all.n, f.all.p);
    framed_free(&f);
}
END_TEST

START_TEST(longer_record_is_rejected_alone)
{
    static const struct feeding how[] = {{SIZE_MAX, 0}, {5000, 100}, {1, 0}};
    static const size_t sizes[] = {TRAIL_MAX_RECORD + 1, 3 * TRAIL_MAX_RECORD};
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < 3; i++) {
            struct framed f = frame_sized((size_t)_i, sizes[s], how[i]);
            ck_assert_msg(f.accepted == 2 && f.rejected == 1 && strstr(f.all.p, "longer than 1048576 bytes"),
                          "%s: %.*s", places[_i].name, (int)f.all.n, f.all.p);
            framed_free(&f);
        }
}
END_TEST

START_TEST(endless_record_needs_no_memory)
{
    struct framed f = {0};
    struct trail_reader *reader = trail_reader_new(0, 0);
    struct trail_framer *framer = trail_framer_new(reader);
    char piece[65536];
    memset(piece, 'x', sizeof piece);
    trail_reader_open_push(reader);
    trail_framer_start(framer);
    trail_reader_push(reader, "{\"a\":\"", 6);
    drain(framer, &f);
    for (size_t i = 0; i < 1000; i++) {
        trail_reader_push(reader, piece, sizeof piece);
        drain(framer, &f);
        if (trail_reader_window(reader)->n > (size_t)4 * TRAIL_MAX_RECORD)
            ck_abort_msg("window of %zu bytes", trail_reader_window(reader)->n);
    }
    trail_reader_push(reader, "\"}\n{\"b\":1}", 10);
    drain(framer, &f);
    trail_reader_push(reader, NULL, 0);
    drain(framer, &f);
    ck_assert_str_eq(strchr(f.all.p, '+'), "+ 2 65536009 {\"b\":1}\n");
    trail_framer_free(framer);
    trail_reader_free(reader);
    framed_free(&f);
}
END_TEST

START_TEST(wrapped_record_may_be_as_long)
{
    for (size_t over = 0; over < 2; over++) {
        struct trail_text record = {0}, t = {0};
        add_sized(&record, TRAIL_MAX_RECORD + over);
        trail_text_add(&record, "", 1);
        add(&t, EVENT_HEAD);
        add(&t, record.p);
        add(&t, "}\n{\"Events\":[" LOOKUP_EVENT);
        add_record(&t, record.p, STRING);
        add(&t, "}]}");
        struct framed f = frame_text(t.p, t.n);
        ck_assert_msg(f.accepted == (over ? 0 : 2) && f.rejected == (over ? 2 : 0), "%.*s", (int)f.all.n,
                      f.all.p);
        framed_free(&f);
        trail_text_free(&t);
        trail_text_free(&record);
    }
}
END_TEST

START_TEST(depth_is_limited)
{
    struct trail_text t = {0};
    add(&t, "{\"a\":");
    for (int i = 0; i < TRAIL_MAX_DEPTH; i++)
        add(&t, "[");
    for (int i = 0; i < TRAIL_MAX_DEPTH; i++)
        add(&t, "]");
    add(&t, "}\n{\"b\":1}\n");
    struct framed f = frame_text(t.p, t.n);
    ck_assert_str_eq(f.all.p, "- 1 0 262 not JSON: nested deeper than 128, at byte 132\n+ 2 263 {\"b\":1}\n");
    assert_same("deep", bytes_in(&t), &f);
    framed_free(&f);
    trail_text_free(&t);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static Suite *suite(void)
{
    Suite *s = suite_create("frame");
    TCase *t = tcase_create("forms");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, form_gives_the_records, 0, N_FORMS);
    tcase_add_loop_test(t, packing_and_pieces_change_nothing, 0, N_FORMS);
    tcase_add_loop_test(t, a_comma_too_many_in_pieces, 0, N_FORMS);
    tcase_add_loop_test(t, every_window_will_do, 0, N_FORMS);
    tcase_add_test(t, forms_may_be_mixed);
    tcase_add_loop_test(t, ordinary_records_stay_whole, 0, COUNT(ordinary));
    tcase_add_loop_test(t, results_one_by_one, 0, COUNT(scripts));
    suite_add_tcase(s, t);
    t = tcase_create("sizes");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, longest_record_is_accepted, 0, COUNT(places));
    tcase_add_loop_test(t, longer_record_is_rejected_alone, 0, COUNT(places));
    tcase_add_test(t, endless_record_needs_no_memory);
    tcase_add_test(t, wrapped_record_may_be_as_long);
    tcase_add_test(t, depth_is_limited);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_tap(suite());
}
