/*
 * scribe.c - writes records.
 *
 * Needs: kinds whose templates name only fields of the table below. Guarantees: the same item gives
 * the same bytes, one line of valid JSON, keys in the order that a trail writes them in.
 *
 * A kind's record is put together once, as one long template, and cut into pieces: literal bytes
 * and the function that writes what comes behind them. A record is then a run over its pieces.
 */
#include "day.h"

#include <stdlib.h>
#include <string.h>

/* ---- bytes that grow ---- */

void *checked(void *memory)
{
    if (!memory) {
        fputs("day: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static char *out_room(struct out *o, size_t n)
{
    if (o->room - o->n < n) {
        o->room = (o->room + n) * 2;
        o->p = checked(realloc(o->p, o->room));
    }
    return o->p + o->n;
}

void out_add(struct out *o, const void *p, size_t n)
{
    if (n == 0)
        return;
    memcpy(out_room(o, n), p, n);
    o->n += n;
}

void out_text(struct out *o, const char *text)
{
    out_add(o, text, strlen(text));
}

/* ---- who, where, with what ---- */

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const users[] = {"alice.meier", "bob.okafor",   "carlos.diaz",   "dana.levi",
                                    "erin.walsh",  "farid.nazari", "grace.kim",     "henrik.lund",
                                    "ci-runner",   "etl-nightly",  "metrics-agent", "report-reader"};
static const char *const roles[] = {
    "orders-handler", "billing-worker",   "search-indexer",         "image-resizer",
    "node-group",     "deploy-pipeline",  "data-lake-crawler",      "platform-engineer",
    "read-only",      "support-engineer", "AWSServiceRoleForConfig"};
static const char *const things[] = {"orders",   "billing",   "search",  "images",   "catalog",
                                     "checkout", "inventory", "reports", "sessions", "telemetry"};
static const char *const agents[] = {
    "aws-cli/2.17.32 md/awscrt#0.21.2 ua/2.0 os/linux#6.1.0-18-amd64 md/arch#x86_64 lang/python#3.11.9 "
    "md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe",
    "Boto3/1.34.51 md/Botocore#1.34.51 ua/2.0 os/linux#5.10.215-203.850.amzn2.x86_64 md/arch#x86_64 "
    "lang/python#3.12.2 exec-env/AWS_Lambda_python3.12 cfg/retry-mode#legacy",
    "aws-sdk-java/2.25.11 Linux/5.10.216-204.855.amzn2.x86_64 OpenJDK_64-Bit_Server_VM/17.0.11+9-LTS "
    "Java/17.0.11 vendor/Amazon.com_Inc. io/sync http/Apache cfg/retry-mode/legacy",
    "APN/1.0 HashiCorp/1.0 Terraform/1.7.4 (+https://www.terraform.io) terraform-provider-aws/5.40.0 "
    "(+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.25.2 os/linux lang/go#1.21.8 "
    "md/GOOS#linux md/GOARCH#amd64",
    "aws-sdk-go/1.50.30 (go1.21.8; linux; amd64) amazon-ssm-agent/3.3.131.0",
    "aws-sdk-js/3.529.1 ua/2.1 os/linux#5.10.216 lang/js md/nodejs#20.11.1 api/dynamodb#3.529.1 "
    "exec-env/AWS_Lambda_nodejs20.x",
};
static const char *const browsers[] = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 "
    "Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.3.1 "
    "Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
};
static const char *const networks[] = {"192.0.2.", "198.51.100.", "203.0.113."}; /* RFC 5737 */

/* What one record is made of, while it is written. */
struct record {
    struct out *out;
    struct random random;
    const struct item *item;
    const char *region;
    unsigned user, role, thing, agent, network, host;
};

typedef void field_fn(struct record *);

static void put(struct record *r, const char *text)
{
    out_text(r->out, text);
}

/* A number that belongs to a name, so that alice has one access key all day. */
static uint64_t belongs(const char *what, unsigned index)
{
    return random_mix((uint64_t)(unsigned char)what[0] << 8 | (unsigned char)what[1], index);
}

static void letters(struct record *r, const char *alphabet, unsigned bits, size_t n, uint64_t value)
{
    char *to = out_room(r->out, n);
    struct random more = {value};
    unsigned left = 64, mask = (1u << bits) - 1;
    for (size_t i = 0; i < n; i++) {
        if (left < bits) {
            value = random_next(&more);
            left = 64;
        }
        to[i] = alphabet[value & mask];
        value >>= bits;
        left -= bits;
    }
    r->out->n += n;
}

static const char HEX[] = "0123456789abcdef";
static const char BASE32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* An ID of AWS's that says that it is an example: 4 letters, 9 that tell it apart, EXAMPLE. */
static void example_id(struct record *r, const char *prefix, uint64_t value)
{
    put(r, prefix);
    letters(r, BASE32, 5, 9, value);
    put(r, "EXAMPLE");
}

static void uuid(struct record *r, uint64_t high, uint64_t low)
{
    char *to = out_room(r->out, 36);
    high = (high & ~(uint64_t)0xf000) | 0x4000; /* version 4 */
    low = (low & ~((uint64_t)3 << 62)) | (uint64_t)2 << 62;
    for (int i = 0, at = 0; i < 32; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            to[at++] = '-';
        uint64_t half = i < 16 ? high : low;
        to[at++] = HEX[half >> (60 - 4 * (i % 16)) & 15];
    }
    r->out->n += 36;
}

static void write_account(struct record *r)
{
    put(r, ACCOUNT);
}
static void write_region(struct record *r)
{
    put(r, r->region);
}
static void write_user(struct record *r)
{
    put(r, users[r->user]);
}
static void write_role(struct record *r)
{
    put(r, roles[r->role]);
}
static void write_thing(struct record *r)
{
    put(r, things[r->thing]);
}
static void write_agent(struct record *r)
{
    put(r, agents[r->agent]);
}
static void write_service(struct record *r)
{
    put(r, r->item->kind->service);
}
static void write_browser(struct record *r)
{
    put(r, browsers[r->agent % COUNT(browsers)]);
}
static void write_userid(struct record *r)
{
    example_id(r, "AIDA", belongs("user", r->user));
}
static void write_key(struct record *r)
{
    example_id(r, "AKIA", belongs("key", r->user));
}
static void write_roleid(struct record *r)
{
    example_id(r, "AROA", belongs("role", r->role));
}
static void write_temp(struct record *r)
{
    example_id(r, "ASIA", random_next(&r->random));
}
static void write_hex8(struct record *r)
{
    letters(r, HEX, 4, 8, random_next(&r->random));
}
static void write_hex17(struct record *r)
{
    letters(r, HEX, 4, 17, random_next(&r->random));
}
static void write_hex64(struct record *r)
{
    letters(r, HEX, 4, 64, random_next(&r->random));
}
static void write_id(struct record *r)
{
    letters(r, BASE64, 6, 76, random_next(&r->random));
}
static void write_token(struct record *r)
{
    letters(r, BASE64, 6, 700, random_next(&r->random));
}
static void write_event(struct record *r)
{
    uuid(r, random_mix(r->item->seed, 1), random_mix(r->item->seed, 2));
}
static void write_request(struct record *r)
{
    uuid(r, random_mix(r->item->seed, 3), random_mix(r->item->seed, 4));
}
static void write_kms(struct record *r)
{
    uuid(r, belongs("kms", r->thing), belongs("more", r->thing));
}

static void write_uuid(struct record *r)
{
    uint64_t high = random_next(&r->random);
    uuid(r, high, random_next(&r->random));
}

static void decimal(struct record *r, unsigned value)
{
    char text[12];
    int n = snprintf(text, sizeof text, "%u", value);
    out_add(r->out, text, (size_t)n);
}

static void write_n(struct record *r)
{
    decimal(r, 1 + (unsigned)random_below(&r->random, 99));
}

static void write_ip(struct record *r)
{
    put(r, networks[r->network]);
    decimal(r, r->host);
}

/* A person's session is named after the person, a program's after what it runs on. */
static void write_session(struct record *r)
{
    if (r->role % 2)
        put(r, users[r->user]);
    else
        letters(r, HEX, 4, 16, belongs("session", r->user));
}

static void iso(struct record *r, int64_t time)
{
    char text[21];
    time_print(text, time);
    out_add(r->out, text, 20);
}

static void write_time(struct record *r)
{
    iso(r, r->item->time);
}

static void write_started(struct record *r)
{
    iso(r, r->item->time - 5 - (int64_t)random_below(&r->random, 3000));
}

/* `Mar 14, 2026, 6:12:33 AM`: how AWS's Java services print a time into a response. */
static void write_expires(struct record *r)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct date d = date_of(r->item->time + 3600);
    char text[64];
    int n = snprintf(text, sizeof text, "%s %d, %d, %d:%02d:%02d %s", months[d.month - 1], d.day, d.year,
                     d.hour % 12 ? d.hour % 12 : 12, d.minute, d.second, d.hour < 12 ? "AM" : "PM");
    out_add(r->out, text, (size_t)n);
}

static const struct field {
    const char *name;
    field_fn *write;
} fields[] = {
    {"account", write_account}, {"region", write_region},   {"user", write_user},
    {"userid", write_userid},   {"key", write_key},         {"role", write_role},
    {"roleid", write_roleid},   {"temp", write_temp},       {"session", write_session},
    {"started", write_started}, {"time", write_time},       {"expires", write_expires},
    {"thing", write_thing},     {"agent", write_agent},     {"browser", write_browser},
    {"ip", write_ip},           {"service", write_service}, {"event", write_event},
    {"request", write_request}, {"uuid", write_uuid},       {"kms", write_kms},
    {"hex8", write_hex8},       {"hex17", write_hex17},     {"hex64", write_hex64},
    {"id", write_id},           {"token", write_token},     {"n", write_n},
};

/* ---- templates of whole records ---- */

#define ROLE_IDENTITY                                                                                       \
    "'type':'AssumedRole','principalId':'<roleid>:<session>','arn':'arn:aws:sts::<account>:assumed-role/"   \
    "<role>/"                                                                                               \
    "<session>','accountId':'<account>','accessKeyId':'<temp>','sessionContext':{'sessionIssuer':{'type':'" \
    "Role',"                                                                                                \
    "'principalId':'<roleid>','arn':'arn:aws:iam::<account>:role/"                                          \
    "<role>','accountId':'<account>','userName':'<role>'}"                                                  \
    ",'webIdFederationData':{},'attributes':{'creationDate':'<started>','mfaAuthenticated':"

static const struct manner {
    const char *identity, *address, *agent;
} manners[] = {
    [BY_USER] = {"{'type':'IAMUser','principalId':'<userid>','arn':'arn:aws:iam::<account>:user/<user>',"
                 "'accountId':'<account>','accessKeyId':'<key>','userName':'<user>'}",
                 "<ip>", "<agent>"},
    [BY_ROLE] = {"{" ROLE_IDENTITY "'false'}}}", "<ip>", "<agent>"},
    [BY_CONSOLE] = {"{" ROLE_IDENTITY "'true'}}}", "<ip>", "<browser>"},
    [BY_FORWARD] = {"{" ROLE_IDENTITY "'false'}},'invokedBy':'<service>'}", "<service>", "<service>"},
    [BY_SERVICE] = {"{'type':'AWSService','invokedBy':'<service>'}", "<service>", "<service>"},
};

static void pair(struct out *o, const char *key, const char *value)
{
    out_text(o, ",'");
    out_text(o, key);
    out_text(o, "':");
    out_text(o, value);
}

static void quoted(struct out *o, const char *key, const char *value)
{
    out_text(o, ",'");
    out_text(o, key);
    out_text(o, "':'");
    out_text(o, value);
    out_text(o, "'");
}

static void template_head(struct out *o, const struct kind *k)
{
    const struct manner *m = &manners[k->by];
    out_text(o, "{'eventVersion':'");
    out_text(o, k->signin ? "1.08" : "1.11");
    out_text(o, "','userIdentity':");
    out_text(o, k->identity ? k->identity : m->identity);
    out_text(o, ",'eventTime':'<time>','eventSource':'");
    out_text(o, k->source);
    out_text(o, ".amazonaws.com'");
    quoted(o, "eventName", k->name);
    out_text(o, ",'awsRegion':'<region>'");
    quoted(o, "sourceIPAddress", k->address ? k->address : m->address);
    quoted(o, "userAgent", k->agent ? k->agent : m->agent);
}

static void template_body(struct out *o, const struct kind *k, bool failed)
{
    if (failed && k->error)
        quoted(o, "errorCode", k->error);
    if (failed && k->message)
        quoted(o, "errorMessage", k->message);
    pair(o, "requestParameters", k->request ? k->request : "null");
    pair(o, "responseElements", k->response && !(failed && k->error) ? k->response : "null");
    if (k->extra)
        pair(o, "additionalEventData", k->extra);
    if (!k->signin)
        out_text(o, ",'requestID':'<request>'");
    out_text(o, ",'eventID':'<event>'");
    pair(o, "readOnly", k->write ? "false" : "true");
    if (k->resources) {
        out_text(o, ",'resources':[");
        out_text(o, k->resources);
        out_text(o, "]");
    }
}

static void template_tail(struct out *o, const struct kind *k)
{
    quoted(o, "eventType", k->signin ? "AwsConsoleSignIn" : "AwsApiCall");
    out_text(o, ",'managementEvent':true,'recipientAccountId':'<account>'");
    if (k->shared)
        out_text(o, ",'sharedEventID':'<uuid>'");
    out_text(o, ",'eventCategory':'Management'");
    if (k->by != BY_SERVICE && k->by != BY_FORWARD) {
        out_text(o, ",'tlsDetails':{'tlsVersion':'TLSv1.3','cipherSuite':'TLS_AES_128_GCM_SHA256',"
                    "'clientProvidedHostHeader':'");
        out_text(o, k->source);
        out_text(o, k->global ? ".amazonaws.com'}" : ".<region>.amazonaws.com'}");
    }
    if (k->by == BY_CONSOLE)
        out_text(o, ",'sessionCredentialFromConsole':'true'");
    out_text(o, "}");
}

/* ---- recipes: templates cut into pieces ---- */

struct piece {
    size_t from, to; /* literal bytes, in recipe.text */
    field_fn *then;  /* NULL: nothing */
};

struct recipe {
    char *text;
    struct piece *pieces;
    size_t n;
};

static const struct field *field_named(const char *name, size_t n)
{
    for (size_t i = 0; i < COUNT(fields); i++)
        if (strlen(fields[i].name) == n && memcmp(fields[i].name, name, n) == 0)
            return &fields[i];
    fprintf(stderr, "day: no field <%.*s>\n", (int)n, name);
    exit(1);
}

static void recipe_make(struct recipe *recipe, const struct kind *k, bool failed)
{
    struct out text = {0};
    template_head(&text, k);
    template_body(&text, k, failed);
    template_tail(&text, k);

    size_t room = 0;
    for (size_t i = 0; i < text.n; i++) {
        room += text.p[i] == '<';
        text.p[i] = text.p[i] == '\'' ? '"' : text.p[i] == '`' ? '\'' : text.p[i];
    }
    recipe->text = text.p;
    recipe->pieces = checked(calloc(room + 1, sizeof *recipe->pieces));
    size_t from = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != '<')
            continue;
        const char *name = text.p + i + 1, *end = checked(memchr(name, '>', text.n - i - 1));
        recipe->pieces[recipe->n++] = (struct piece){from, i, field_named(name, (size_t)(end - name))->write};
        i = from = (size_t)(end - text.p) + 1;
    }
    recipe->pieces[recipe->n++] = (struct piece){from, text.n, NULL};
}

static void recipe_free(struct recipe *recipe)
{
    free(recipe->text);
    free(recipe->pieces);
}

/* ---- the scribe: recipes by kind ---- */

enum { SLOTS = 512 }; /* a few times as many as there are kinds */

struct scribe {
    struct slot {
        const struct kind *kind;
        struct recipe recipes[2]; /* it went well, it failed */
    } slots[SLOTS];
};

struct scribe *scribe_new(void)
{
    return checked(calloc(1, sizeof(struct scribe)));
}

void scribe_free(struct scribe *s)
{
    for (size_t i = 0; i < SLOTS; i++) {
        recipe_free(&s->slots[i].recipes[0]);
        recipe_free(&s->slots[i].recipes[1]);
    }
    free(s);
}

static struct slot *slot_of(struct scribe *s, const struct kind *k)
{
    size_t at = (uintptr_t)k / sizeof *k % SLOTS;
    while (s->slots[at].kind && s->slots[at].kind != k)
        at = (at + 1) % SLOTS;
    struct slot *slot = &s->slots[at];
    if (!slot->kind) {
        slot->kind = k;
        recipe_make(&slot->recipes[0], k, false);
        recipe_make(&slot->recipes[1], k, true);
    }
    return slot;
}

const char *item_region(const struct item *item)
{
    return item->kind->global || random_mix(item->seed, 5) % 100 < 15 ? "us-east-1" : "eu-central-1";
}

void scribe_write(struct scribe *s, struct out *out, const struct item *item)
{
    struct record r = {.out = out, .random = {item->seed}, .item = item, .region = item_region(item)};
    r.user = (unsigned)random_below(&r.random, COUNT(users));
    r.role = (unsigned)random_below(&r.random, COUNT(roles));
    r.thing = (unsigned)random_below(&r.random, COUNT(things));
    r.agent = (unsigned)random_below(&r.random, COUNT(agents));
    r.network = (unsigned)random_below(&r.random, COUNT(networks));
    r.host = 1 + (unsigned)random_below(&r.random, 254);
    bool failed = random_below(&r.random, 1000) < item->kind->error_rate;

    const struct recipe *recipe = &slot_of(s, item->kind)->recipes[failed];
    for (size_t i = 0; i < recipe->n; i++) {
        const struct piece *p = &recipe->pieces[i];
        out_add(out, recipe->text + p->from, p->to - p->from);
        if (p->then)
            p->then(&r);
    }
}
