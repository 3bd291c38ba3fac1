/*
 * shape.c - is this object a record, or does it wrap some?
 *
 * Needs: an object's first bytes, more of them when asked.
 * Guarantees: decides from the object alone; looks at the keys of the root only, in order, and stops at the
 * first that tells; each byte is passed once, the first element of a list that needs a look twice.
 */
#include "shape.h"

#include <string.h>

#define MAX_SPACE    4096 /* white space around a key, longer than any printer makes */
#define MAX_KEY      128  /* bytes of a key that could matter */
#define MAX_FOREIGN  4    /* keys that forwarders add */
#define MAX_WRAPPERS 4    /* wrappers in wrappers */

#define SLICE_IS(s, literal) \
    ((s).n == sizeof(literal) - 1 && memcmp((s).p, literal, sizeof(literal) - 1) == 0)

enum key {
    FOREIGN,
    OF_RECORD, /* CloudTrail's own */
    OF_FORM,   /* one that comes with a form, no mark of it */
    RECORDS,
    TRAIL_EVENTS, /* "Events" */
    FOUND_EVENTS, /* "events" */
    LOG_EVENTS,
    MESSAGE_TYPE,
    DETAIL,
    DETAIL_TYPE,
    SOURCE,
    DOCUMENT, /* "_source" */
    DOCUMENT_ID,
    HITS,
    CLOUDTRAIL_EVENT,
    MESSAGE,
    TIMESTAMP,
    EVENT_ID, /* "eventId" */
    INGESTION_TIME,
    LOG_EVENT_ID, /* "id" */
};

#define SEEN(key)    (1u << (key))
#define SEEN_DATA    SEEN(30) /* messageType is DATA_MESSAGE */
#define SEEN_CONTROL SEEN(31) /* messageType is CONTROL_MESSAGE */

struct name {
    const char *text;
    size_t n;
    enum key key;
};

#define NAME(text, key)             \
    {                               \
        text, sizeof(text) - 1, key \
    }

/* Keys of a root, the commonest first. Of each form that wraps, `forms` in sieve/sieve.c has a key, too. */
static const struct name root_names[] = {
    NAME("eventVersion", OF_RECORD),
    NAME("userIdentity", OF_RECORD),
    NAME("eventTime", OF_RECORD),
    NAME("eventSource", OF_RECORD),
    NAME("eventName", OF_RECORD),
    NAME("awsRegion", OF_RECORD),
    NAME("sourceIPAddress", OF_RECORD),
    NAME("userAgent", OF_RECORD),
    NAME("errorCode", OF_RECORD),
    NAME("errorMessage", OF_RECORD),
    NAME("requestParameters", OF_RECORD),
    NAME("responseElements", OF_RECORD),
    NAME("additionalEventData", OF_RECORD),
    NAME("requestID", OF_RECORD),
    NAME("eventID", OF_RECORD),
    NAME("eventType", OF_RECORD),
    NAME("eventCategory", OF_RECORD),
    NAME("apiVersion", OF_RECORD),
    NAME("managementEvent", OF_RECORD),
    NAME("readOnly", OF_RECORD),
    NAME("recipientAccountId", OF_RECORD),
    NAME("serviceEventDetails", OF_RECORD),
    NAME("sharedEventID", OF_RECORD),
    NAME("vpcEndpointId", OF_RECORD),
    NAME("sessionCredentialFromConsole", OF_RECORD),
    NAME("edgeDeviceDetails", OF_RECORD),
    NAME("tlsDetails", OF_RECORD),
    NAME("Records", RECORDS),
    NAME("Events", TRAIL_EVENTS),
    NAME("NextToken", OF_FORM),
    NAME("events", FOUND_EVENTS),
    NAME("searchedLogStreams", OF_FORM),
    NAME("nextToken", OF_FORM),
    NAME("messageType", MESSAGE_TYPE),
    NAME("owner", OF_FORM),
    NAME("logGroup", OF_FORM),
    NAME("logStream", OF_FORM),
    NAME("subscriptionFilters", OF_FORM),
    NAME("logEvents", LOG_EVENTS),
    NAME("version", OF_FORM),
    NAME("id", OF_FORM),
    NAME("detail-type", DETAIL_TYPE),
    NAME("source", SOURCE),
    NAME("account", OF_FORM),
    NAME("time", OF_FORM),
    NAME("region", OF_FORM),
    NAME("resources", OF_FORM),
    NAME("detail", DETAIL),
    NAME("replay-name", OF_FORM),
    NAME("_index", DOCUMENT_ID),
    NAME("_id", DOCUMENT_ID),
    NAME("_type", OF_FORM),
    NAME("_score", OF_FORM),
    NAME("_version", OF_FORM),
    NAME("_seq_no", OF_FORM),
    NAME("_primary_term", OF_FORM),
    NAME("_routing", OF_FORM),
    NAME("_ignored", OF_FORM),
    NAME("_source", DOCUMENT),
    NAME("fields", OF_FORM),
    NAME("highlight", OF_FORM),
    NAME("sort", OF_FORM),
    NAME("hits", HITS),
    NAME("took", OF_FORM),
    NAME("timed_out", OF_FORM),
    NAME("_shards", OF_FORM),
    NAME("_scroll_id", OF_FORM),
    NAME("pit_id", OF_FORM),
};

/* Keys of a list's element. */
static const struct name element_names[] = {
    NAME("CloudTrailEvent", CLOUDTRAIL_EVENT),
    NAME("message", MESSAGE),
    NAME("timestamp", TIMESTAMP),
    NAME("eventId", EVENT_ID),
    NAME("ingestionTime", INGESTION_TIME),
    NAME("id", LOG_EVENT_ID),
    NAME("_source", DOCUMENT),
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static enum key look_up(const struct name *names, size_t n, struct trail_slice key)
{
    for (size_t i = 0; i < n; i++)
        if (names[i].n == key.n && memcmp(names[i].text, key.p, key.n) == 0)
            return names[i].key;
    return FOREIGN;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static size_t pass_space(const char *p, size_t n, size_t i)
{
    while (i < n && is_space(p[i]))
        i++;
    return i;
}

bool trail_is_record_key(struct trail_slice key)
{
    return look_up(root_names, COUNT(root_names), key) == OF_RECORD;
}

/* "time" and "id" are EventBridge's, too, but where it writes them they do not come first. */
bool trail_is_log_key(struct trail_slice key)
{
    return SLICE_IS(key, "time") || SLICE_IS(key, "id") ||
           look_up(root_names, COUNT(root_names), key) == FOREIGN;
}

bool trail_shape_is_list(struct trail_slice key, enum trail_carry *carry)
{
    switch (look_up(root_names, COUNT(root_names), key)) {
    case RECORDS:
    case HITS: *carry = TRAIL_CARRY_RECORD; return true;
    case TRAIL_EVENTS: *carry = TRAIL_CARRY_TRAIL; return true;
    case FOUND_EVENTS:
    case LOG_EVENTS: *carry = TRAIL_CARRY_MESSAGE; return true;
    default: return false;
    }
}

/* ---- keys and members ---- */

enum trail_keyed trail_key_at(const char *p, size_t n, struct trail_slice *key, size_t *behind)
{
    size_t i = pass_space(p, n, 0);
    if (i > MAX_SPACE || (i < n && p[i] != '"'))
        return TRAIL_KEY_NONE;
    size_t from = ++i;
    while (i < n && p[i] != '"') {
        if (i - from == MAX_KEY || p[i] == '\\' || (unsigned char)p[i] < 0x20)
            return TRAIL_KEY_NONE;
        i++;
    }
    if (i >= n)
        return TRAIL_KEY_PARTLY;
    *key = (struct trail_slice){p + from, i - from};
    size_t colon = pass_space(p, n, i + 1);
    if (colon - i > MAX_SPACE || (colon < n && p[colon] != ':'))
        return TRAIL_KEY_NONE;
    if (colon == n)
        return TRAIL_KEY_PARTLY;
    *behind = pass_space(p, n, colon + 1);
    if (*behind - colon > MAX_SPACE)
        return TRAIL_KEY_NONE;
    return *behind < n ? TRAIL_KEYED : TRAIL_KEY_PARTLY;
}

/* Passes a value whose end is there, or whose text does. */
static bool pass_value(const char *p, size_t n, size_t *i)
{
    struct trail_skim skim;
    trail_skim_start(&skim);
    if (trail_skim(&skim, p + *i, n - *i) != TRAIL_SKIM_END)
        return false;
    *i += skim.at;
    return true;
}

/* The member at *i, which is moved behind it; false at the object's end, or where it is damaged or ends
 * early. */
static bool next_member(const char *p, size_t n, size_t *i, struct trail_slice *key,
                        struct trail_slice *value)
{
    size_t at = pass_space(p, n, *i);
    if (at < n && p[at] == ',')
        at = pass_space(p, n, at + 1);
    size_t from = at;
    if (at == n || p[at] != '"' || !pass_value(p, n, &at))
        return false;
    *key = (struct trail_slice){p + from + 1, at - from - 2};
    at = pass_space(p, n, at);
    if (at == n || p[at] != ':')
        return false;
    at = from = pass_space(p, n, at + 1);
    if (at == n || !pass_value(p, n, &at))
        return false;
    *value = (struct trail_slice){p + from, at - from};
    *i = at;
    return true;
}

bool trail_member(struct trail_slice object, struct trail_slice name, struct trail_slice *value)
{
    struct trail_slice key;
    size_t i = pass_space(object.p, object.n, 0) + 1;
    while (i < object.n && next_member(object.p, object.n, &i, &key, value))
        if (key.n == name.n && memcmp(key.p, name.p, key.n) == 0)
            return true;
    return false;
}

/* ---- the walk ---- */

/* Which of element_names an element has, as far as it can be read. */
static unsigned element_marks(const char *p, size_t n)
{
    struct trail_slice key, value;
    unsigned seen = 0;
    size_t i = 1;
    while (i < n && next_member(p, n, &i, &key, &value))
        seen |= SEEN(look_up(element_names, COUNT(element_names), key));
    return seen;
}

/* Whether an element with these marks begins the list that the key promises. */
static bool begins_list(unsigned key, unsigned marks)
{
    unsigned logged = SEEN(MESSAGE) | SEEN(TIMESTAMP);
    switch (key) {
    case TRAIL_EVENTS: return marks & SEEN(CLOUDTRAIL_EVENT);
    case FOUND_EVENTS: return (marks & logged) == logged && marks & (SEEN(INGESTION_TIME) | SEEN(EVENT_ID));
    case LOG_EVENTS: return (marks & logged) == logged && marks & SEEN(LOG_EVENT_ID);
    case HITS: return marks & SEEN(DOCUMENT);
    default: return false;
    }
}

static void enter_value(struct trail_walk *w)
{
    trail_skim_start(&w->skim);
    w->in_value = true;
    w->peeking = false;
}

/* The first element of the list at w->at decides whether it is one of the forms'. */
static enum trail_shape peek(struct trail_walk *w, const char *p, size_t n)
{
    size_t i = pass_space(p, n, w->at + 1);
    bool far = i - w->at > MAX_SPACE;
    if (i == n && !far)
        return TRAIL_SHAPE_MORE;
    bool known = w->key == RECORDS || (w->key == LOG_EVENTS && w->seen & SEEN_DATA);
    bool list = !far && (p[i] == ']' || (p[i] == '{' && known));
    if (!list && !far && p[i] == '{') {
        if (trail_skim(&w->skim, p + i, n - i) == TRAIL_SKIM_MORE)
            return TRAIL_SHAPE_MORE;
        list = begins_list(w->key, element_marks(p + i, w->skim.at));
    }
    if (list) {
        w->list = w->at;
        return TRAIL_SHAPE_LIST;
    }
    enter_value(w);
    return TRAIL_SHAPE_MORE;
}

/* A value has been passed: what does it say? */
static void note_value(struct trail_walk *w, const char *p)
{
    struct trail_slice value = {p + w->at, w->skim.at};
    char first = *value.p;
    switch (w->key) {
    case MESSAGE_TYPE:
        if (SLICE_IS(value, "\"DATA_MESSAGE\""))
            w->seen |= SEEN_DATA;
        if (SLICE_IS(value, "\"CONTROL_MESSAGE\""))
            w->seen |= SEEN_CONTROL;
        break;
    case DETAIL:
    case DOCUMENT:
        if (first == '{') {
            w->seen |= SEEN(w->key);
            w->inner = w->at;
            w->n_inner = value.n;
        }
        break;
    case LOG_EVENTS:
        if (first == '[')
            w->seen |= SEEN(w->key);
        break;
    default:
        if (first == '"')
            w->seen |= SEEN(w->key);
        break;
    }
}

/* The root's closing brace. */
static enum trail_shape conclude(const struct trail_walk *w)
{
    unsigned event = SEEN(DETAIL) | SEEN(DETAIL_TYPE) | SEEN(SOURCE),
             hit = SEEN(DOCUMENT) | SEEN(DOCUMENT_ID);
    unsigned control = SEEN_CONTROL | SEEN(LOG_EVENTS);
    bool is_event = (w->seen & event) == event, is_hit = (w->seen & hit) == hit;
    if (is_event != is_hit && !(is_event && w->seen & SEEN(DOCUMENT)) && !(is_hit && w->seen & SEEN(DETAIL)))
        return TRAIL_SHAPE_WRAPPER;
    return (w->seen & control) == control ? TRAIL_SHAPE_CONTROL : TRAIL_SHAPE_RECORD;
}

/* A list may begin with this member; sets what its elements would be. */
static bool may_be_list(struct trail_walk *w, struct trail_slice key, bool first_key)
{
    if (!trail_shape_is_list(key, &w->carry))
        return false;
    if (w->level == 1)
        return w->key == HITS;
    return w->key != HITS && (w->key != FOUND_EVENTS || first_key) && !(w->seen & SEEN_CONTROL);
}

/* The member at w->at, its value not passed yet. */
static enum trail_shape begin_member(struct trail_walk *w, struct trail_slice key, char first)
{
    bool first_key = !w->seen;
    w->key = look_up(root_names, COUNT(root_names), key);
    w->seen |= SEEN(FOREIGN);
    if (w->level == 0 && (w->key == OF_RECORD || (w->key == FOREIGN && ++w->foreign > MAX_FOREIGN)))
        return TRAIL_SHAPE_RECORD;
    if (w->level == 0 && w->key == HITS && first == '{') {
        w->level = 1;
        w->at++;
        return TRAIL_SHAPE_MORE;
    }
    enter_value(w);
    w->peeking = first == '[' && may_be_list(w, key, first_key);
    w->in_value = !w->peeking;
    if (w->level == 1)
        w->key = w->peeking ? HITS : OF_FORM;
    return TRAIL_SHAPE_MORE;
}

/* Looks for the next member; *stuck: more bytes are needed. */
static enum trail_shape next_key(struct trail_walk *w, const char *p, size_t n, bool *stuck)
{
    w->at = pass_space(p, n, w->at);
    if (!w->comma && w->at < n && p[w->at] == ',') {
        w->comma = true;
        w->at = pass_space(p, n, w->at + 1);
    }
    if (w->at < n && p[w->at] == '}') {
        if (w->level == 0)
            return conclude(w);
        w->comma = false;
        w->level = 0;
        w->at++;
        return TRAIL_SHAPE_MORE;
    }
    struct trail_slice key;
    size_t behind;
    enum trail_keyed keyed = trail_key_at(p + w->at, n - w->at, &key, &behind);
    *stuck = keyed == TRAIL_KEY_PARTLY;
    if (keyed != TRAIL_KEYED)
        return *stuck ? TRAIL_SHAPE_MORE : TRAIL_SHAPE_RECORD;
    w->comma = false;
    w->at += behind;
    return begin_member(w, key, p[w->at]);
}

enum trail_shape trail_shape(struct trail_walk *w, const char *p, size_t n)
{
    enum trail_shape shape = TRAIL_SHAPE_MORE;
    bool stuck = false;
    if (w->at == 0)
        w->at = 1;
    while (shape == TRAIL_SHAPE_MORE && !stuck) {
        if (w->peeking) {
            shape = peek(w, p, n);
            stuck = shape == TRAIL_SHAPE_MORE && w->peeking;
        } else if (w->in_value) {
            enum trail_skimmed got = trail_skim(&w->skim, p + w->at, n - w->at);
            if (got == TRAIL_SKIM_BROKEN)
                return TRAIL_SHAPE_RECORD;
            stuck = got == TRAIL_SKIM_MORE;
            if (!stuck) {
                note_value(w, p);
                w->at += w->skim.at;
                w->in_value = false;
            }
        } else {
            shape = next_key(w, p, n, &stuck);
        }
    }
    return shape;
}

struct trail_slice trail_unwrap(struct trail_slice object)
{
    for (int i = 0; i < MAX_WRAPPERS; i++) {
        struct trail_walk w = {0};
        if (trail_shape(&w, object.p, object.n) != TRAIL_SHAPE_WRAPPER)
            break;
        object = (struct trail_slice){object.p + w.inner, w.n_inner};
    }
    return object;
}
