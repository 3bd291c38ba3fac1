tests/golden/emit/language.yaml:9:41: warning[W201]: `sg-1234` is 2 words: read as the phrase "sg 1234"
    filter: eventName:ConsoleLogin AND (a.b:sg-1234 OR a.b:"two words") AND NOT a.c:x
                                            ^~~~~~~
  = write: a.b.keyword:sg-1234
  = note: the rewrite compares the whole value; `"sg-1234"` means the phrase
==== fields.c
/* fields.c - the values that output and counting need of a record that matched. */
#include "pack.h"

#include "trail/match.h"

/* The fields, and the paths on the way to them. */
enum place {
    AT_RECORD,
    AT_EVENT_TIME,
    AT_EVENT_ID,
    AT_USER,
    AT_USER_NAME,
    AT_IP,
    AT_A,
    AT_A_B,
};

/* The place that a key leads to. */
static inline uint32_t child(uint32_t place, const char *key, size_t n)
{
    switch (place) {
    case AT_RECORD:
        switch (n) {
        case 1:
            if (memcmp(key, "a", 1) == 0) {
                return AT_A;
            }
            break;
        case 2:
            if (memcmp(key, "ip", 2) == 0) {
                return AT_IP;
            }
            break;
        case 4:
            if (memcmp(key, "user", 4) == 0) {
                return AT_USER;
            }
            break;
        case 7:
            if (memcmp(key, "eventID", 7) == 0) {
                return AT_EVENT_ID;
            }
            break;
        case 9:
            if (memcmp(key, "eventTime", 9) == 0) {
                return AT_EVENT_TIME;
            }
            break;
        default: break;
        }
        return TRAIL_NOWHERE;
    case AT_USER:
        switch (n) {
        case 4:
            if (memcmp(key, "name", 4) == 0) {
                return AT_USER_NAME;
            }
            break;
        default: break;
        }
        return TRAIL_NOWHERE;
    case AT_A:
        switch (n) {
        case 1:
            if (memcmp(key, "b", 1) == 0) {
                return AT_A_B;
            }
            break;
        default: break;
        }
        return TRAIL_NOWHERE;
    default: return TRAIL_NOWHERE;
    }
}

static inline bool wants_whole(uint32_t place)
{
    switch (place) {
    case AT_EVENT_TIME: return true;
    case AT_EVENT_ID: return true;
    case AT_USER: return true;
    case AT_USER_NAME: return true;
    case AT_IP: return true;
    case AT_A_B: return true;
    default: return false;
    }
}

static inline void whole(struct trail_match *m, uint32_t place, struct trail_slice json, bool element)
{
    if (element)
        return;
    switch (place) {
    case AT_EVENT_TIME: m->field(m->field_user, 0, json); break;
    case AT_EVENT_ID: m->field(m->field_user, 1, json); break;
    case AT_USER: m->field(m->field_user, 6, json); break;
    case AT_USER_NAME: m->field(m->field_user, 4, json); break;
    case AT_IP: m->field(m->field_user, 5, json); break;
    case AT_A_B: m->field(m->field_user, 7, json); break;
    default: break;
    }
}

static const struct trail_visitor visitor = {child, NULL, wants_whole, whole};

/* Whether a key of the record leads to a field that is wanted. */
static inline bool leads(const struct trail_match *m, uint32_t place)
{
    if (!m->fields) {
        return true;
    }
    switch (place) {
    case AT_EVENT_TIME:
        return trail_get(m->fields, 0);
    case AT_EVENT_ID:
        return trail_get(m->fields, 1);
    case AT_USER:
        return trail_get(m->fields, 6) ||
               trail_get(m->fields, 4);
    case AT_IP:
        return trail_get(m->fields, 5);
    case AT_A:
        return trail_get(m->fields, 7);
    default: return true;
    }
}

void fields_of(struct trail_match *m, const char *record, size_t n, trail_field_fn *fn, void *user)
{
    m->field = fn;
    m->field_user = user;
    trail_walk_record(m, &visitor, leads, record, n);
}
==== filters.c
/* filters.c - the alerts' filters as Boolean functions of a record's tests. */
#include "pack.h"

#include "trail/match.h"

/*
 * words and phrases
 *
 *     eventName:ConsoleLogin AND (a.b:sg-1234 OR a.b:"two words") AND NOT a.c:x
 */
static bool filter_words_and_phrases(const uint64_t *tests)
{
    return trail_get(tests, EVENT_NAME_HAS_CONSOLELOGIN_0) &&
        (trail_get(tests, A_B_HAS_SG_1234_1) ||
            trail_get(tests, A_B_HAS_TWO_WORDS_2)) &&
        !trail_get(tests, A_C_HAS_X_3);
}

/*
 * wildcards and regexes
 *
 *     eventName:Create* AND a.b.keyword:/ab{2,3}[^c-e]<3f><5c>.x/i AND a.c:/.*admin.*<2f>
 */
static bool filter_wildcards_and_regexes(const uint64_t *tests)
{
    return trail_get(tests, EVENT_NAME_HAS_MATCH_4) &&
        trail_get(tests, A_B_MATCHES_5) &&
        trail_get(tests, A_C_HAS_MATCH_6);
}

/*
 * ranges
 *
 *     n:[1 TO 5} AND m.keyword:[a TO c] AND eventTime:["2026-01-01" TO *] AND size.numeric:>1.5e3
 */
static bool filter_ranges(const uint64_t *tests)
{
    return trail_get(tests, N_RANGE_1_TO_5_7) &&
        trail_get(tests, M_BETWEEN_A_TO_C_8) &&
        trail_get(tests, EVENT_TIME_BETWEEN_2026_01_01_TO_ANY_9) &&
        trail_get(tests, SIZE_RANGE_1_5E3_TO_ANY_10);
}

/*
 * addresses
 *
 *     ip.ip:10.0.0.0<5c>/8 OR ip.ip:@networks
 */
static bool filter_addresses(const uint64_t *tests)
{
    return trail_get(tests, IP_IN_NETWORK_11) ||
        trail_get(tests, IP_IN_NETWORK_12);
}

/*
 * lists
 *
 *     eventName.keyword:@names AND user.name:@names
 */
static bool filter_lists(const uint64_t *tests)
{
    return (trail_get(tests, EVENT_NAME_IS_ALICE_13) ||
            trail_get(tests, EVENT_NAME_IS_BOB_SMITH_14) ||
            trail_get(tests, EVENT_NAME_IS_QUOTED_15)) &&
        (trail_get(tests, USER_NAME_HAS_ALICE_16) ||
            trail_get(tests, USER_NAME_HAS_BOB_SMITH_17) ||
            trail_get(tests, USER_NAME_HAS_QUOTED_18));
}

/*
 * existence
 *
 *     _exists_:a AND NOT a.d:*
 */
static bool filter_existence(const uint64_t *tests)
{
    return trail_get(tests, A_EXISTS_19) &&
        !trail_get(tests, A_D_EXISTS_20);
}

/*
 * every value
 *
 *     "access denied" OR root
 */
static bool filter_every_value(const uint64_t *tests)
{
    return trail_get(tests, ANY_HAS_ACCESS_DENIED_21) ||
        trail_get(tests, ANY_HAS_ROOT_22);
}

/*
 * json text
 *
 *     policy.json:*<5c>"Effect<5c>"<5c>:<5c>"Allow<5c>"*
 */
static bool filter_json_text(const uint64_t *tests)
{
    return trail_get(tests, POLICY_JSON_MATCHES_23);
}

/*
 * every event
 *
 *     *
 */
static bool filter_every_event(const uint64_t *tests)
{
    (void)tests;
    return true;
}

/*
 * what is usual
 *
 *     eventName:ConsoleLogin
 */
static bool filter_what_is_usual(const uint64_t *tests)
{
    return trail_get(tests, EVENT_NAME_HAS_CONSOLELOGIN_0);
}

/*
 * several ranges
 *
 *     size.numeric:[-2 TO 7] OR size:{10 TO 20} OR size.ip:10.0.0.0<5c>/8 OR size.keyword:["a" TO "b"]
 */
static bool filter_several_ranges(const uint64_t *tests)
{
    return trail_get(tests, SIZE_RANGE_2_TO_7_24) ||
        trail_get(tests, SIZE_RANGE_10_TO_20_25) ||
        trail_get(tests, SIZE_IN_NETWORK_26) ||
        trail_get(tests, SIZE_BETWEEN_A_TO_B_27);
}

bool (*const filters[])(const uint64_t *tests) = {
    [ALERT_words_and_phrases] = filter_words_and_phrases,
    [ALERT_wildcards_and_regexes] = filter_wildcards_and_regexes,
    [ALERT_ranges] = filter_ranges,
    [ALERT_addresses] = filter_addresses,
    [ALERT_lists] = filter_lists,
    [ALERT_existence] = filter_existence,
    [ALERT_every_value] = filter_every_value,
    [ALERT_json_text] = filter_json_text,
    [ALERT_every_event] = filter_every_event,
    [ALERT_what_is_usual] = filter_what_is_usual,
    [ALERT_several_ranges] = filter_several_ranges,
};
==== main.c
/* main.c - the scanner. For a program of your own, see trail/trail.h. */
#include "pack.h"

#include "trail/trail.h"

int main(int argc, char **argv)
{
    return trail_main(&language_pack, argc, argv);
}
==== match.c
/* match.c - which alerts' filters does a record meet? The steps are in trail/match.h. */
#include "pack.h"

#include "trail/match.h"

/* The paths that filters ask about, and those on the way to them. */
enum place {
    AT_RECORD,
    AT_EVENT_TIME,
    AT_EVENT_NAME,
    AT_A,
    AT_A_B,
    AT_A_C,
    AT_N,
    AT_M,
    AT_SIZE,
    AT_IP,
    AT_USER,
    AT_USER_NAME,
    AT_A_D,
    AT_POLICY,
    AT_ANYTHING_BELOW,
    AT_A_ANYTHING_BELOW,
    AT_A_D_ANYTHING_BELOW,
};

/* The place that a key leads to. */
static inline uint32_t child(uint32_t place, const char *key, size_t n)
{
    switch (place) {
    case AT_RECORD:
        switch (n) {
        case 1:
            if (memcmp(key, "a", 1) == 0) {
                return AT_A;
            }
            if (memcmp(key, "n", 1) == 0) {
                return AT_N;
            }
            if (memcmp(key, "m", 1) == 0) {
                return AT_M;
            }
            break;
        case 2:
            if (memcmp(key, "ip", 2) == 0) {
                return AT_IP;
            }
            break;
        case 4:
            if (memcmp(key, "size", 4) == 0) {
                return AT_SIZE;
            }
            if (memcmp(key, "user", 4) == 0) {
                return AT_USER;
            }
            break;
        case 6:
            if (memcmp(key, "policy", 6) == 0) {
                return AT_POLICY;
            }
            break;
        case 9:
            if (memcmp(key, "eventTime", 9) == 0) {
                return AT_EVENT_TIME;
            }
            if (memcmp(key, "eventName", 9) == 0) {
                return AT_EVENT_NAME;
            }
            break;
        default: break;
        }
        return AT_ANYTHING_BELOW;
    case AT_EVENT_TIME:
        return AT_ANYTHING_BELOW;
    case AT_EVENT_NAME:
        return AT_ANYTHING_BELOW;
    case AT_A:
        switch (n) {
        case 1:
            if (memcmp(key, "b", 1) == 0) {
                return AT_A_B;
            }
            if (memcmp(key, "c", 1) == 0) {
                return AT_A_C;
            }
            if (memcmp(key, "d", 1) == 0) {
                return AT_A_D;
            }
            break;
        default: break;
        }
        return AT_A_ANYTHING_BELOW;
    case AT_A_B:
        return AT_A_ANYTHING_BELOW;
    case AT_A_C:
        return AT_A_ANYTHING_BELOW;
    case AT_N:
        return AT_ANYTHING_BELOW;
    case AT_M:
        return AT_ANYTHING_BELOW;
    case AT_SIZE:
        return AT_ANYTHING_BELOW;
    case AT_IP:
        return AT_ANYTHING_BELOW;
    case AT_USER:
        switch (n) {
        case 4:
            if (memcmp(key, "name", 4) == 0) {
                return AT_USER_NAME;
            }
            break;
        default: break;
        }
        return AT_ANYTHING_BELOW;
    case AT_USER_NAME:
        return AT_ANYTHING_BELOW;
    case AT_A_D:
        return AT_A_D_ANYTHING_BELOW;
    case AT_POLICY:
        return AT_ANYTHING_BELOW;
    case AT_ANYTHING_BELOW:
        return AT_ANYTHING_BELOW;
    case AT_A_ANYTHING_BELOW:
        return AT_A_ANYTHING_BELOW;
    case AT_A_D_ANYTHING_BELOW:
        return AT_A_D_ANYTHING_BELOW;
    default: return TRAIL_NOWHERE;
    }
}

/* --------
 * every value
 */

/* Strings without which tests here cannot hold: text, length, test. */
static const struct trail_literal at_any_text_literals_list[] = {
    {"denied", 6, 0},
    {"root", 4, 0},
};
static const struct trail_gram at_any_text_literals_grams[] = {
    {0, 0, 0}, {1, 0, 1},
};
static const uint64_t at_any_text_literals_bits[] = {
    0x1040000000,
};
static const uint32_t at_any_text_literals_heads[] = {
    2,
};
static const struct trail_literals at_any_text_literals = {
    .width = 4,
    .step = 1,
    .shift = 26,
    .tests = 1,
    .ascii = true,
    .bits = at_any_text_literals_bits,
    .heads = at_any_text_literals_heads,
    .grams = at_any_text_literals_grams,
    .list = at_any_text_literals_list,
};

/* One token of a value here. */
static void at_any_token(struct trail_match *m, const char *p, size_t n, uint64_t *rows)
{
    static const uint64_t first[1] = {0x1};
    static const uint64_t last[1] = {0x2};
    uint64_t here[1] = {0};
    switch (n) {
    case 4:
        if (memcmp(p, "root", 4) == 0) {
            trail_set(m->tests, ANY_HAS_ROOT_22);
        }
        break;
    case 6:
        if (memcmp(p, "access", 6) == 0) {
            here[0] |= (uint64_t)1 << 0;
        }
        if (memcmp(p, "denied", 6) == 0) {
            here[0] |= (uint64_t)1 << 1;
        }
        break;
    default: break;
    }
    for (size_t w = 0; w < 1; w++) {
        rows[w] = (rows[w] << 1 | first[w]) & here[w];
        for (uint64_t done = rows[w] & last[w]; done; done &= done - 1) {
            switch (w * 64 + (size_t)__builtin_ctzll(done)) {
            case 1:
                trail_set(m->tests, ANY_HAS_ACCESS_DENIED_21);
                break;
            default: break;
            }
        }
    }
}

static void at_any_text(struct trail_match *m, const struct trail_value *v)
{
    uint64_t rows[1] = {0};
    uint64_t maybe[1] = {0};
    if (!v->string) {
        at_any_token(m, trail_scalar_token(m, v), v->n, rows);
        return;
    }
    if (!trail_literals_find(&at_any_text_literals, v->p, v->n, maybe))
        return;
    struct trail_tokens t;
    for (trail_tokens_start(&t, v->p, v->n); trail_tokens_next(&t);)
        at_any_token(m, t.p, t.n, rows);
}

/* --------
 * eventTime
 */

/* A whole value here. */
static void at_event_time_keyword(struct trail_match *m, const char *p, size_t n)
{
    static const struct trail_string_range range_9 = {
        .low_bound = TRAIL_INCLUSIVE,
        .high_bound = TRAIL_OPEN,
        .low = {"2026-01-01", 10},
        .high = {"\052", 1},
    };
    if (trail_string_in(p, n, &range_9)) {
        trail_set(m->tests, EVENT_TIME_BETWEEN_2026_01_01_TO_ANY_9);
    }
}

/* --------
 * eventName
 */

/* Strings without which tests here cannot hold: text, length, test. */
static const struct trail_literal at_event_name_text_literals_list[] = {
    {"consolelogin", 12, 0},
    {"create", 6, 1},
};
static const struct trail_gram at_event_name_text_literals_grams[] = {
    {0, 4, 0}, {0, 5, 1}, {0, 6, 0}, {1, 0, 3}, {1, 1, 2}, {1, 2, 0},
};
static const uint64_t at_event_name_text_literals_bits[] = {
    0x0, 0x40000000000, 0x101008000000000, 0x80000000002000,
};
static const uint32_t at_event_name_text_literals_heads[] = {
    0, 6, 5, 4,
};
static const struct trail_literals at_event_name_text_literals = {
    .width = 4,
    .step = 3,
    .shift = 24,
    .tests = 2,
    .ascii = true,
    .bits = at_event_name_text_literals_bits,
    .heads = at_event_name_text_literals_heads,
    .grams = at_event_name_text_literals_grams,
    .list = at_event_name_text_literals_list,
};

/* One token of a value here. */
static void at_event_name_token(struct trail_match *m, const char *p, size_t n, const uint64_t *maybe)
{
    switch (n) {
    case 12:
        if (memcmp(p, "consolelogin", 12) == 0) {
            trail_set(m->tests, EVENT_NAME_HAS_CONSOLELOGIN_0);
            trail_set(m->candidates, ALERT_words_and_phrases);
            trail_set(m->candidates, ALERT_what_is_usual);
        }
        break;
    default: break;
    }
    for (size_t w = 0; w < 1; w++) {
        for (uint64_t bits = maybe[w]; bits; bits &= bits - 1) {
            switch (w * 64 + (size_t)__builtin_ctzll(bits)) {
            case 1:
                if (regex_0(p, n)) {
                    trail_set(m->tests, EVENT_NAME_HAS_MATCH_4);
                    trail_set(m->candidates, ALERT_wildcards_and_regexes);
                }
                break;
            default: break;
            }
        }
    }
}

static void at_event_name_text(struct trail_match *m, const struct trail_value *v)
{
    uint64_t maybe[1] = {0};
    if (!v->string) {
        memset(maybe, 0xff, sizeof maybe);
        at_event_name_token(m, trail_scalar_token(m, v), v->n, maybe);
        return;
    }
    if (!trail_literals_find(&at_event_name_text_literals, v->p, v->n, maybe))
        return;
    struct trail_tokens t;
    for (trail_tokens_start(&t, v->p, v->n); trail_tokens_next(&t);)
        at_event_name_token(m, t.p, t.n, maybe);
}

/* A whole value here. */
static void at_event_name_keyword(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 5:
        if (memcmp(p, "alice", 5) == 0) {
            trail_set(m->tests, EVENT_NAME_IS_ALICE_13);
            trail_set(m->candidates, ALERT_lists);
        }
        break;
    case 8:
        if (memcmp(p, "\042quoted\042", 8) == 0) {
            trail_set(m->tests, EVENT_NAME_IS_QUOTED_15);
            trail_set(m->candidates, ALERT_lists);
        }
        break;
    case 9:
        if (memcmp(p, "bob smith", 9) == 0) {
            trail_set(m->tests, EVENT_NAME_IS_BOB_SMITH_14);
            trail_set(m->candidates, ALERT_lists);
        }
        break;
    default: break;
    }
}

/* --------
 * a.b
 */

/* One token of a value here. */
static void at_a_b_token(struct trail_match *m, const char *p, size_t n, uint64_t *rows)
{
    static const uint64_t first[1] = {0x5};
    static const uint64_t last[1] = {0xa};
    uint64_t here[1] = {0};
    switch (n) {
    case 2:
        if (memcmp(p, "sg", 2) == 0) {
            here[0] |= (uint64_t)1 << 0;
        }
        break;
    case 3:
        if (memcmp(p, "two", 3) == 0) {
            here[0] |= (uint64_t)1 << 2;
        }
        break;
    case 4:
        if (memcmp(p, "1234", 4) == 0) {
            here[0] |= (uint64_t)1 << 1;
        }
        break;
    case 5:
        if (memcmp(p, "words", 5) == 0) {
            here[0] |= (uint64_t)1 << 3;
        }
        break;
    default: break;
    }
    for (size_t w = 0; w < 1; w++) {
        rows[w] = (rows[w] << 1 | first[w]) & here[w];
        for (uint64_t done = rows[w] & last[w]; done; done &= done - 1) {
            switch (w * 64 + (size_t)__builtin_ctzll(done)) {
            case 1:
                trail_set(m->tests, A_B_HAS_SG_1234_1);
                break;
            case 3:
                trail_set(m->tests, A_B_HAS_TWO_WORDS_2);
                break;
            default: break;
            }
        }
    }
}

static void at_a_b_text(struct trail_match *m, const struct trail_value *v)
{
    uint64_t rows[1] = {0};
    if (!v->string) {
        at_a_b_token(m, trail_scalar_token(m, v), v->n, rows);
        return;
    }
    struct trail_tokens t;
    for (trail_tokens_start(&t, v->p, v->n); trail_tokens_next(&t);)
        at_a_b_token(m, t.p, t.n, rows);
}

/* A whole value here. */
static void at_a_b_keyword(struct trail_match *m, const char *p, size_t n)
{
    if (regex_1(p, n)) {
        trail_set(m->tests, A_B_MATCHES_5);
    }
}

/* --------
 * a.c
 */

/* One token of a value here. */
static void at_a_c_token(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 1:
        if (memcmp(p, "x", 1) == 0) {
            trail_set(m->tests, A_C_HAS_X_3);
        }
        break;
    default: break;
    }
    if (regex_2(p, n)) {
        trail_set(m->tests, A_C_HAS_MATCH_6);
    }
}

static void at_a_c_text(struct trail_match *m, const struct trail_value *v)
{
    if (!v->string) {
        at_a_c_token(m, trail_scalar_token(m, v), v->n);
        return;
    }
    struct trail_tokens t;
    for (trail_tokens_start(&t, v->p, v->n); trail_tokens_next(&t);)
        at_a_c_token(m, t.p, t.n);
}

/* --------
 * n
 */

/* A whole value here. */
static void at_n_keyword(struct trail_match *m, const char *p, size_t n)
{
    struct trail_number number;
    if (trail_number_read(p, n, &number)) {
        static const struct trail_number_range range_7 = {
            .low_bound = TRAIL_INCLUSIVE,
            .high_bound = TRAIL_EXCLUSIVE,
            .low = {.negative = false, .exponent = 1, .digits = {"1", 1}},
            .high = {.negative = false, .exponent = 1, .digits = {"5", 1}},
        };
        if (trail_number_within(&number, &range_7)) {
            trail_set(m->tests, N_RANGE_1_TO_5_7);
            trail_set(m->candidates, ALERT_ranges);
        }
    }
}

/* --------
 * m
 */

/* A whole value here. */
static void at_m_keyword(struct trail_match *m, const char *p, size_t n)
{
    static const struct trail_string_range range_8 = {
        .low_bound = TRAIL_INCLUSIVE,
        .high_bound = TRAIL_INCLUSIVE,
        .low = {"a", 1},
        .high = {"c", 1},
    };
    if (trail_string_in(p, n, &range_8)) {
        trail_set(m->tests, M_BETWEEN_A_TO_C_8);
    }
}

/* --------
 * size
 */

/* A whole value here. */
static void at_size_keyword(struct trail_match *m, const char *p, size_t n)
{
    static const struct trail_string_range range_27 = {
        .low_bound = TRAIL_INCLUSIVE,
        .high_bound = TRAIL_INCLUSIVE,
        .low = {"a", 1},
        .high = {"b", 1},
    };
    if (trail_string_in(p, n, &range_27)) {
        trail_set(m->tests, SIZE_BETWEEN_A_TO_B_27);
        trail_set(m->candidates, ALERT_several_ranges);
    }
    struct trail_number number;
    if (trail_number_read(p, n, &number)) {
        static const struct trail_number_range range_10 = {
            .low_bound = TRAIL_EXCLUSIVE,
            .high_bound = TRAIL_OPEN,
            .low = {.negative = false, .exponent = 4, .digits = {"15", 2}},
            .high = {.negative = false, .exponent = 0, .digits = {"", 0}},
        };
        if (trail_number_within(&number, &range_10)) {
            trail_set(m->tests, SIZE_RANGE_1_5E3_TO_ANY_10);
        }
        static const struct trail_number_range range_24 = {
            .low_bound = TRAIL_INCLUSIVE,
            .high_bound = TRAIL_INCLUSIVE,
            .low = {.negative = true, .exponent = 1, .digits = {"2", 1}},
            .high = {.negative = false, .exponent = 1, .digits = {"7", 1}},
        };
        if (trail_number_within(&number, &range_24)) {
            trail_set(m->tests, SIZE_RANGE_2_TO_7_24);
            trail_set(m->candidates, ALERT_several_ranges);
        }
        static const struct trail_number_range range_25 = {
            .low_bound = TRAIL_EXCLUSIVE,
            .high_bound = TRAIL_EXCLUSIVE,
            .low = {.negative = false, .exponent = 2, .digits = {"1", 1}},
            .high = {.negative = false, .exponent = 2, .digits = {"2", 1}},
        };
        if (trail_number_within(&number, &range_25)) {
            trail_set(m->tests, SIZE_RANGE_10_TO_20_25);
            trail_set(m->candidates, ALERT_several_ranges);
        }
    }
    uint8_t address[16];
    if (trail_ip_read(p, n, address)) {
        static const struct trail_ip_range range_26 = {
            .low = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 0},
            .high = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 255, 255, 255},
        };
        if (trail_ip_within(address, &range_26)) {
            trail_set(m->tests, SIZE_IN_NETWORK_26);
            trail_set(m->candidates, ALERT_several_ranges);
        }
    }
}

/* --------
 * ip
 */

/* A whole value here. */
static void at_ip_keyword(struct trail_match *m, const char *p, size_t n)
{
    uint8_t address[16];
    if (trail_ip_read(p, n, address)) {
        static const struct trail_ip_range range_11 = {
            .low = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 0},
            .high = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 255, 255, 255},
        };
        if (trail_ip_within(address, &range_11)) {
            trail_set(m->tests, IP_IN_NETWORK_11);
            trail_set(m->candidates, ALERT_addresses);
        }
        static const struct trail_ip_range range_12 = {
            .low = {32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
            .high = {32, 1, 13, 184, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255},
        };
        if (trail_ip_within(address, &range_12)) {
            trail_set(m->tests, IP_IN_NETWORK_12);
            trail_set(m->candidates, ALERT_addresses);
        }
    }
}

/* --------
 * user.name
 */

/* Strings without which tests here cannot hold: text, length, test. */
static const struct trail_literal at_user_name_text_literals_list[] = {
    {"alice", 5, 0},
    {"smith", 5, 0},
    {"quoted", 6, 0},
};
static const struct trail_gram at_user_name_text_literals_grams[] = {
    {0, 0, 0}, {0, 1, 0}, {1, 0, 0}, {1, 1, 0}, {2, 0, 4}, {2, 1, 2},
};
static const uint64_t at_user_name_text_literals_bits[] = {
    0x50000000000, 0x1000400000, 0x40000000000000, 0x8000,
};
static const uint32_t at_user_name_text_literals_heads[] = {
    5, 6, 1, 3,
};
static const struct trail_literals at_user_name_text_literals = {
    .width = 4,
    .step = 2,
    .shift = 24,
    .tests = 1,
    .ascii = true,
    .bits = at_user_name_text_literals_bits,
    .heads = at_user_name_text_literals_heads,
    .grams = at_user_name_text_literals_grams,
    .list = at_user_name_text_literals_list,
};

/* One token of a value here. */
static void at_user_name_token(struct trail_match *m, const char *p, size_t n, uint64_t *rows)
{
    static const uint64_t first[1] = {0x1};
    static const uint64_t last[1] = {0x2};
    uint64_t here[1] = {0};
    switch (n) {
    case 3:
        if (memcmp(p, "bob", 3) == 0) {
            here[0] |= (uint64_t)1 << 0;
        }
        break;
    case 5:
        if (memcmp(p, "alice", 5) == 0) {
            trail_set(m->tests, USER_NAME_HAS_ALICE_16);
        }
        if (memcmp(p, "smith", 5) == 0) {
            here[0] |= (uint64_t)1 << 1;
        }
        break;
    case 6:
        if (memcmp(p, "quoted", 6) == 0) {
            trail_set(m->tests, USER_NAME_HAS_QUOTED_18);
        }
        break;
    default: break;
    }
    for (size_t w = 0; w < 1; w++) {
        rows[w] = (rows[w] << 1 | first[w]) & here[w];
        for (uint64_t done = rows[w] & last[w]; done; done &= done - 1) {
            switch (w * 64 + (size_t)__builtin_ctzll(done)) {
            case 1:
                trail_set(m->tests, USER_NAME_HAS_BOB_SMITH_17);
                break;
            default: break;
            }
        }
    }
}

static void at_user_name_text(struct trail_match *m, const struct trail_value *v)
{
    uint64_t rows[1] = {0};
    uint64_t maybe[1] = {0};
    if (!v->string) {
        at_user_name_token(m, trail_scalar_token(m, v), v->n, rows);
        return;
    }
    if (!trail_literals_find(&at_user_name_text_literals, v->p, v->n, maybe))
        return;
    struct trail_tokens t;
    for (trail_tokens_start(&t, v->p, v->n); trail_tokens_next(&t);)
        at_user_name_token(m, t.p, t.n, rows);
}

/* --------
 * policy
 */

/* The JSON text of a value here. */
static void at_policy_json(struct trail_match *m, const char *p, size_t n)
{
    if (regex_3(p, n)) {
        trail_set(m->tests, POLICY_JSON_MATCHES_23);
        trail_set(m->candidates, ALERT_json_text);
    }
}

/* A value at a place: runs its tests. */
static inline void value(struct trail_match *m, uint32_t place, const struct trail_value *v)
{
    at_any_text(m, v);
    switch (place) {
    case AT_EVENT_TIME:
        if (!m->time.n)
            m->time = v->raw;
        at_event_time_keyword(m, v->p, v->n);
        break;
    case AT_EVENT_NAME:
        at_event_name_text(m, v);
        at_event_name_keyword(m, v->p, v->n);
        break;
    case AT_A:
        trail_set(m->tests, A_EXISTS_19);
        trail_set(m->candidates, ALERT_existence);
        break;
    case AT_A_B:
        trail_set(m->tests, A_EXISTS_19);
        trail_set(m->candidates, ALERT_existence);
        at_a_b_text(m, v);
        at_a_b_keyword(m, v->p, v->n);
        break;
    case AT_A_C:
        trail_set(m->tests, A_EXISTS_19);
        trail_set(m->candidates, ALERT_existence);
        at_a_c_text(m, v);
        break;
    case AT_N:
        at_n_keyword(m, v->p, v->n);
        break;
    case AT_M:
        at_m_keyword(m, v->p, v->n);
        break;
    case AT_SIZE:
        at_size_keyword(m, v->p, v->n);
        break;
    case AT_IP:
        at_ip_keyword(m, v->p, v->n);
        break;
    case AT_USER_NAME:
        at_user_name_text(m, v);
        break;
    case AT_A_D:
        trail_set(m->tests, A_D_EXISTS_20);
        trail_set(m->tests, A_EXISTS_19);
        trail_set(m->candidates, ALERT_existence);
        break;
    case AT_POLICY:
        break;
    case AT_A_ANYTHING_BELOW:
        trail_set(m->tests, A_EXISTS_19);
        trail_set(m->candidates, ALERT_existence);
        break;
    case AT_A_D_ANYTHING_BELOW:
        trail_set(m->tests, A_D_EXISTS_20);
        trail_set(m->tests, A_EXISTS_19);
        trail_set(m->candidates, ALERT_existence);
        break;
    default: break;
    }
}

/* Places whose JSON text is asked about. */
static inline bool wants_whole(uint32_t place)
{
    switch (place) {
    case AT_POLICY: return true;
    default: return false;
    }
}

static inline void whole(struct trail_match *m, uint32_t place, struct trail_slice json, bool element)
{
    (void)m;
    (void)element;
    if (trail_absent(json))
        return;
    switch (place) {
    case AT_POLICY: at_policy_json(m, json.p, json.n); break;
    default: break;
    }
}

/* The root's keys that the pack knows. */
enum root {
    ROOT_EVENT_TIME,
    ROOT_EVENT_NAME,
    ROOT_A,
    ROOT_N,
    ROOT_M,
    ROOT_SIZE,
    ROOT_IP,
    ROOT_USER,
    ROOT_POLICY,
    ROOTS
};

static const uint32_t root_places[ROOTS] = {
    [ROOT_EVENT_TIME] = AT_EVENT_TIME,
    [ROOT_EVENT_NAME] = AT_EVENT_NAME,
    [ROOT_A] = AT_A,
    [ROOT_N] = AT_N,
    [ROOT_M] = AT_M,
    [ROOT_SIZE] = AT_SIZE,
    [ROOT_IP] = AT_IP,
    [ROOT_USER] = AT_USER,
    [ROOT_POLICY] = AT_POLICY,
};

static inline uint32_t root(const char *key, size_t n)
{
    switch (n) {
    case 1:
        if (memcmp(key, "a", 1) == 0) {
            return ROOT_A;
        }
        if (memcmp(key, "n", 1) == 0) {
            return ROOT_N;
        }
        if (memcmp(key, "m", 1) == 0) {
            return ROOT_M;
        }
        break;
    case 2:
        if (memcmp(key, "ip", 2) == 0) {
            return ROOT_IP;
        }
        break;
    case 4:
        if (memcmp(key, "size", 4) == 0) {
            return ROOT_SIZE;
        }
        if (memcmp(key, "user", 4) == 0) {
            return ROOT_USER;
        }
        break;
    case 6:
        if (memcmp(key, "policy", 6) == 0) {
            return ROOT_POLICY;
        }
        break;
    case 9:
        if (memcmp(key, "eventTime", 9) == 0) {
            return ROOT_EVENT_TIME;
        }
        if (memcmp(key, "eventName", 9) == 0) {
            return ROOT_EVENT_NAME;
        }
        break;
    default: break;
    }
    return TRAIL_NOWHERE;
}

#define BIT(i) ((uint64_t)1 << ((i) % 64))

/* Looked into in every record: the time and the discriminators. */
static const uint64_t first[ROOTS / 64 + 1] = {BIT(ROOT_EVENT_TIME) | BIT(ROOT_EVENT_NAME) | BIT(ROOT_A) | BIT(ROOT_N) | BIT(ROOT_SIZE) | BIT(ROOT_IP) | BIT(ROOT_POLICY), };

/* What each alert's filter looks into. */
static const uint64_t needs[ALERTS][ROOTS / 64 + 1] = {
    [ALERT_words_and_phrases] = {BIT(ROOT_EVENT_NAME) | BIT(ROOT_A), },
    [ALERT_wildcards_and_regexes] = {BIT(ROOT_EVENT_NAME) | BIT(ROOT_A), },
    [ALERT_ranges] = {BIT(ROOT_EVENT_TIME) | BIT(ROOT_N) | BIT(ROOT_M) | BIT(ROOT_SIZE), },
    [ALERT_addresses] = {BIT(ROOT_IP), },
    [ALERT_lists] = {BIT(ROOT_EVENT_NAME) | BIT(ROOT_USER), },
    [ALERT_existence] = {BIT(ROOT_A), },
    [ALERT_every_value] = {0, },
    [ALERT_json_text] = {BIT(ROOT_POLICY), },
    [ALERT_every_event] = {0, },
    [ALERT_what_is_usual] = {BIT(ROOT_EVENT_NAME), },
    [ALERT_several_ranges] = {BIT(ROOT_SIZE), },
};

/* Asked of every record: no discriminator rules them out. */
static const uint64_t residual[ALERTS / 64 + 1] = {BIT(ALERT_every_value) | BIT(ALERT_every_event), };

/* Ask about every value of the record. */
static const uint64_t everything[ALERTS / 64 + 1] = {BIT(ALERT_every_value), };

static const struct trail_visitor visitor = {child, value, wants_whole, whole};

static const struct trail_plan plan = {
    .n_roots = ROOTS,
    .root = root,
    .places = root_places,
    .root_words = ROOTS / 64 + 1,
    .first = first,
    .time = ROOT_EVENT_TIME,
    .needs = &needs[0][0],
    .residual = residual,
    .everything = everything,
    .filters = filters,
};

void match(struct trail_match *m, const char *record, size_t n)
{
    struct trail_span spans[ROOTS] = {{NULL, NULL}};
    uint64_t needed[ROOTS / 64 + 1];
    trail_match_record(m, &visitor, &plan, record, n, spans, needed);
}

bool asks(struct trail_match *m, uint32_t root_number, const char *p, const char *end)
{
    return trail_ask_root(m, &visitor, &plan, root_number, p, end);
}
==== pack.c
/* pack.c - the pack's constants; trail/pack.h says what they mean. */
#include "pack.h"

static const char *const fields[] = {
    "eventTime",
    "eventID",
    NULL,
    NULL,
    "user.name",
    "ip",
    "user",
    "a.b",
};

static const int64_t zone_0_from[] = {
    INT64_C(0),
};
static const int32_t zone_0_offset[] = {
    0,
};
static const struct trail_zone zone_0 = {"UTC", 1, zone_0_from, zone_0_offset};

static const struct trail_condition words_and_phrases_when[] = {
    {.when = TRAIL_MORE_THAN, .priority = 3, .n = UINT64_C(3), .span = INT64_C(600000)},
};
static const uint16_t words_and_phrases_group_by[] = {4};
static const uint16_t words_and_phrases_breakdown[] = {5};
static const uint16_t words_and_phrases_show[] = {6, 7};
static const struct trail_hours words_and_phrases_active[] = {
    {.days = 0x1f, .from = 1320, .to = 360, .zone = &zone_0},
};
static const struct trail_label words_and_phrases_applications[] = {
    {.exclude = false, .pattern = {"prod-\052", 6}},
    {.exclude = true, .pattern = {"prod-test", 9}},
};
static const char *const words_and_phrases_notify[] = {"mail"};
static const char *const words_and_phrases_tags[] = {"t1"};

static const struct trail_condition wildcards_and_regexes_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 3, .n = UINT64_C(0), .span = INT64_C(0)},
};

static const struct trail_condition ranges_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 3, .n = UINT64_C(0), .span = INT64_C(0)},
};

static const struct trail_condition addresses_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 3, .n = UINT64_C(0), .span = INT64_C(0)},
};

static const struct trail_condition lists_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 3, .n = UINT64_C(0), .span = INT64_C(0)},
};

static const struct trail_condition existence_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 3, .n = UINT64_C(0), .span = INT64_C(0)},
};

static const struct trail_condition every_value_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 3, .n = UINT64_C(0), .span = INT64_C(0)},
};

static const struct trail_condition json_text_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 3, .n = UINT64_C(0), .span = INT64_C(0)},
};

static const struct trail_condition every_event_when[] = {
    {.when = TRAIL_LESS_THAN, .priority = 3, .n = UINT64_C(1), .span = INT64_C(1800000)},
};

static const struct trail_condition what_is_usual_when[] = {
    {.when = TRAIL_MORE_THAN_USUAL, .priority = 2, .n = UINT64_C(10), .span = INT64_C(3600000), .margin = 12500},
    {.when = TRAIL_LESS_THAN_USUAL, .priority = 4, .n = UINT64_C(0), .span = INT64_C(86400000)},
};
static const uint16_t what_is_usual_group_by[] = {4};

static const struct trail_condition several_ranges_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 3, .n = UINT64_C(0), .span = INT64_C(0)},
};

static const struct trail_alert alerts[ALERTS] = {
    [ALERT_words_and_phrases] = {
        .id = "words-and-phrases",
        .name = "words and phrases",
        .description = "",
        .filter = "eventName:ConsoleLogin AND (a.b:sg-1234 OR a.b:\042two words\042) AND NOT a.c:x",
        .when = "more than 3 in 10m",
        .priority = 3,
        .n_conditions = 1,
        .conditions = words_and_phrases_when,
        .group_by = {1, words_and_phrases_group_by},
        .breakdown = {1, words_and_phrases_breakdown},
        .show = {2, words_and_phrases_show},
        .n_active = 1,
        .active = words_and_phrases_active,
        .applications = {2, words_and_phrases_applications},
        .notify = {1, words_and_phrases_notify},
        .tags = {1, words_and_phrases_tags},
        .notify_resolved = true,
        .retire = INT64_C(86400000),
        .hash = "efdc406638088f0c70d0b05c97389886fe48f12507402f4025dea9b6e15bbc95",
    },
    [ALERT_wildcards_and_regexes] = {
        .id = "wildcards-and-regexes",
        .name = "wildcards and regexes",
        .description = "",
        .filter = "eventName:Create\052 AND a.b.keyword:/ab{2,3}[\136c-e]\077\134.x/i AND a.c:/.\052admin.\052/",
        .when = "immediately",
        .priority = 3,
        .n_conditions = 1,
        .conditions = wildcards_and_regexes_when,
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "db0283de27579a4c18e1493ba254d08a38a78447fb6af447cea7e56c3e33d684",
    },
    [ALERT_ranges] = {
        .id = "ranges",
        .name = "ranges",
        .description = "",
        .filter = "n:[1 TO 5} AND m.keyword:[a TO c] AND eventTime:[\0422026-01-01\042 TO \052] AND size.numeric:>1.5e3",
        .when = "immediately",
        .priority = 3,
        .n_conditions = 1,
        .conditions = ranges_when,
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "f1deaf5e5b5943068f431f4703f9b8f7cb215ded12b0901aab899bb22c000459",
    },
    [ALERT_addresses] = {
        .id = "addresses",
        .name = "addresses",
        .description = "",
        .filter = "ip.ip:10.0.0.0\134/8 OR ip.ip:@networks",
        .when = "immediately",
        .priority = 3,
        .n_conditions = 1,
        .conditions = addresses_when,
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "d5ef4fd72eeb1ef0a0eb602902113ad3c356e3f1a06f72ed902ae5408114b40c",
    },
    [ALERT_lists] = {
        .id = "lists",
        .name = "lists",
        .description = "",
        .filter = "eventName.keyword:@names AND user.name:@names",
        .when = "immediately",
        .priority = 3,
        .n_conditions = 1,
        .conditions = lists_when,
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "311c8e49c06eed2a4c9df35620bc328299eba52ef3e946aa15e28d95fd795fa5",
    },
    [ALERT_existence] = {
        .id = "existence",
        .name = "existence",
        .description = "",
        .filter = "_exists_:a AND NOT a.d:\052",
        .when = "immediately",
        .priority = 3,
        .n_conditions = 1,
        .conditions = existence_when,
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "084909b29a40da8340144a76896409594f8bb74dfe68036c019c01e9aa5cc279",
    },
    [ALERT_every_value] = {
        .id = "every-value",
        .name = "every value",
        .description = "",
        .filter = "\042access denied\042 OR root",
        .when = "immediately",
        .priority = 3,
        .n_conditions = 1,
        .conditions = every_value_when,
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "3b292740cb93dc2509e01966d11487e1f7e02957ed97d4f7011019e6e9426e3a",
    },
    [ALERT_json_text] = {
        .id = "json-text",
        .name = "json text",
        .description = "",
        .filter = "policy.json:\052\134\042Effect\134\042\134:\134\042Allow\134\042\052",
        .when = "immediately",
        .priority = 3,
        .n_conditions = 1,
        .conditions = json_text_when,
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "9416eb647d70c28bab7ea48129735aeb140b79b1d08f29f555fe97a8c61cd769",
    },
    [ALERT_every_event] = {
        .id = "every-event",
        .name = "every event",
        .description = "",
        .filter = "\052",
        .when = "less than 1 in 30m",
        .priority = 3,
        .n_conditions = 1,
        .conditions = every_event_when,
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "d367e8b197f8e5a5d09af31a884bb6a01b4df373c745c1d4eba884724c853b5f",
    },
    [ALERT_what_is_usual] = {
        .id = "what-is-usual",
        .name = "what is usual",
        .description = "",
        .filter = "eventName:ConsoleLogin",
        .when = "more than usual in 1h by 12.5\045 at least 10; less than usual in 1d",
        .priority = 3,
        .n_conditions = 2,
        .conditions = what_is_usual_when,
        .group_by = {1, what_is_usual_group_by},
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "2a725c52dbde9b810b46400fe4add2056e49f7fc752fd7eebbf1a3ebb43f7de1",
    },
    [ALERT_several_ranges] = {
        .id = "several-ranges",
        .name = "several ranges",
        .description = "",
        .filter = "size.numeric:[-2 TO 7] OR size:{10 TO 20} OR size.ip:10.0.0.0\134/8 OR size.keyword:[\042a\042 TO \042b\042]",
        .when = "immediately",
        .priority = 3,
        .n_conditions = 1,
        .conditions = several_ranges_when,
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "a2a0afdc98fc931921317992e509b4c44e0bc366cc67625f103e72f7ecbe5116",
    },
};

/* What the sieve looks for. */
static const uint32_t wanted_by_1[] = {ALERT_words_and_phrases, ALERT_wildcards_and_regexes, ALERT_lists, ALERT_what_is_usual};
static const uint32_t wanted_by_2[] = {ALERT_ranges};
static const uint32_t wanted_by_3[] = {ALERT_addresses};
static const uint32_t wanted_by_4[] = {ALERT_existence};
static const uint32_t wanted_by_5[] = {ALERT_existence};
static const uint32_t wanted_by_6[] = {ALERT_every_value};
static const uint32_t wanted_by_7[] = {ALERT_every_value};
static const uint32_t wanted_by_8[] = {ALERT_json_text};
static const uint32_t wanted_by_9[] = {ALERT_several_ranges};

static const struct trail_needle needle_list[] = {
    {.text = {"\042eventTime\042", 11}, .at = 5, .print_class = 3, .time = true, .root = true, .number = 0},
    {.text = {"\042eventName\042", 11}, .at = 4, .print_class = 1, .root = true, .number = 1, .n = 4, .alerts = wanted_by_1},
    {.text = {"\042n\042", 3}, .at = 0, .print_class = 4, .root = true, .number = 3, .n = 1, .alerts = wanted_by_2},
    {.text = {"\042ip\042", 4}, .at = 0, .root = true, .number = 6, .n = 1, .alerts = wanted_by_3},
    {.text = {"\042a\042", 3}, .at = 0, .print_class = 4, .root = true, .number = 2, .n = 1, .alerts = wanted_by_4},
    {.text = {"\042a.", 3}, .at = 0, .print_class = 4, .n = 1, .alerts = wanted_by_5},
    {.text = {"denied", 6}, .at = 3, .print_class = 2, .any_case = true, .n = 1, .alerts = wanted_by_6},
    {.text = {"root", 4}, .at = 1, .print_class = 2, .any_case = true, .n = 1, .alerts = wanted_by_7},
    {.text = {"Effect", 6}, .at = 0, .print_class = 3, .n = 1, .alerts = wanted_by_8},
    {.text = {"\042size\042", 6}, .at = 1, .root = true, .number = 5, .n = 1, .alerts = wanted_by_9},
};

/* Of these no text is known: any record may meet them. */
static const uint64_t always[ALERTS / 64 + 1] = {(uint64_t)1 << (ALERT_every_event % 64), };

/* Every record does meet these. */
static const uint64_t every[ALERTS / 64 + 1] = {(uint64_t)1 << (ALERT_every_event % 64), };

/* Of these the texts tell in records of ASCII alone. */
static const uint64_t ascii[ALERTS / 64 + 1] = {(uint64_t)1 << (ALERT_every_value % 64), };

/* What records hold behind a key of the root, */
static const struct trail_within within[] = {
    {.key = {"\042a", 2}, .name = {"b\042", 2}},
    {.key = {"\042user", 5}, .name = {"name\042", 5}},
};

/* and which of these each alert's do. */
static const uint32_t within_of[ALERTS + 1] = {
    [ALERT_words_and_phrases] = 1,
    [ALERT_wildcards_and_regexes] = 1,
    [ALERT_lists] = 2,
};

static const struct trail_needles needles = {
    .n = 10,
    .list = needle_list,
    .always = always,
    .every = every,
    .ascii = ascii,
    .within = within,
    .within_of = within_of,
    .asks = asks,
};

const struct trail_pack language_pack = {
    .abi = TRAIL_ABI,
    .name = "language",
    .version = "",
    .hash = "93f6309d22ed1c481a7845f946e9aca50ee1f346c6d8bfac1dffbdbfc085387b",
    .n_alerts = ALERTS,
    .alerts = alerts,
    .n_tests = TESTS,
    .n_fields = sizeof fields / sizeof *fields,
    .fields = fields,
    .match = match,
    .fields_of = fields_of,
    .needles = &needles,
};
==== pack.h
/*
 * Pack language
 * Compiled by trailc; changes are lost.
 */
#ifndef PACK_H
#define PACK_H

#include "trail/pack.h"

enum alert {
    ALERT_words_and_phrases,
    ALERT_wildcards_and_regexes,
    ALERT_ranges,
    ALERT_addresses,
    ALERT_lists,
    ALERT_existence,
    ALERT_every_value,
    ALERT_json_text,
    ALERT_every_event,
    ALERT_what_is_usual,
    ALERT_several_ranges,
    ALERTS
};

/* Predicates: questions about one field each. A record sets the bit of those that hold. */
enum test {
    EVENT_NAME_HAS_CONSOLELOGIN_0,
    A_B_HAS_SG_1234_1,
    A_B_HAS_TWO_WORDS_2,
    A_C_HAS_X_3,
    EVENT_NAME_HAS_MATCH_4,
    A_B_MATCHES_5,
    A_C_HAS_MATCH_6,
    N_RANGE_1_TO_5_7,
    M_BETWEEN_A_TO_C_8,
    EVENT_TIME_BETWEEN_2026_01_01_TO_ANY_9,
    SIZE_RANGE_1_5E3_TO_ANY_10,
    IP_IN_NETWORK_11,
    IP_IN_NETWORK_12,
    EVENT_NAME_IS_ALICE_13,
    EVENT_NAME_IS_BOB_SMITH_14,
    EVENT_NAME_IS_QUOTED_15,
    USER_NAME_HAS_ALICE_16,
    USER_NAME_HAS_BOB_SMITH_17,
    USER_NAME_HAS_QUOTED_18,
    A_EXISTS_19,
    A_D_EXISTS_20,
    ANY_HAS_ACCESS_DENIED_21,
    ANY_HAS_ROOT_22,
    POLICY_JSON_MATCHES_23,
    SIZE_RANGE_2_TO_7_24,
    SIZE_RANGE_10_TO_20_25,
    SIZE_IN_NETWORK_26,
    SIZE_BETWEEN_A_TO_B_27,
    TESTS
};

extern bool (*const filters[])(const uint64_t *tests); /* by alert */

void match(struct trail_match *, const char *record, size_t n);
bool asks(struct trail_match *, uint32_t root_number, const char *p, const char *end);
void fields_of(struct trail_match *, const char *record, size_t n, trail_field_fn *, void *user);
bool regex_0(const char *p, size_t n);
bool regex_1(const char *p, size_t n);
bool regex_2(const char *p, size_t n);
bool regex_3(const char *p, size_t n);

extern const struct trail_pack language_pack;

#endif
==== pack.mk
# How to build the scanner of this pack. Set TRAIL to trailc's prefix; include from a Makefile, or
#     make -f pack.mk TRAIL=/usr/local
TRAIL ?= /usr/local
RE2C ?= re2c
SCANNER ?= scanner

PACK_C = main.c match.c filters.c regexes.c fields.c pack.c

$(SCANNER): $(PACK_C) pack.h
	$(CC) -std=c11 -O2 -I$(TRAIL)/include $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(PACK_C) -L$(TRAIL)/lib -ltrail -lisal -ldeflate -lzstd -lcjson -lyaml -lsqlite3 -lpthread

%.c: %.re
	$(RE2C) -W --no-generation-date --no-version -o $@ $<
==== regexes.re
/* regexes.re - one DFA a regex, over code points; see trail/regex.h. */
#include "pack.h"

#include "trail/regex.h"

/*!re2c
    re2c:encoding:utf32 = 1;
    re2c:encoding-policy = ignore;
    re2c:yyfill:enable = 0;
    re2c:sentinel = 55296;
    re2c:api = custom;
    re2c:api:style = free-form;
    re2c:define:YYCTYPE = uint32_t;
    re2c:define:YYPEEK = "trail_next(&at, end)";
    re2c:define:YYSKIP = "";
    re2c:define:YYBACKUP = "";
    re2c:define:YYRESTORE = "";

    end = [\ud800];
*/

/*
 * A token of eventName
 *     "create" [^\ud800]*
 */
bool regex_0(const char *p, size_t n)
{
    const unsigned char *at = (const unsigned char *)p, *end = at + n;
    /*!re2c
        "create" { return true; }
        * { return false; }
    */
}

/*
 * A value of a.b
 *     [Aa] [Bb]{2,3} [^C-Ec-e\ud800]? "\x2e" [Xx]
 */
bool regex_1(const char *p, size_t n)
{
    const unsigned char *at = (const unsigned char *)p, *end = at + n;
    /*!re2c
        [Aa] [Bb] [Bb] { goto s1; }
        * { return false; }
    */
s1: /*!re2c
        [^\x2eB-Eb-e\ud800] { goto s2; }
        "\x2e" { goto s3; }
        [Bb] { goto s4; }
        * { return false; }
    */
s2: /*!re2c
        "\x2e" { goto s5; }
        * { return false; }
    */
s3: /*!re2c
        "\x2e" { goto s5; }
        [Xx] end { return true; }
        * { return false; }
    */
s4: /*!re2c
        [^\x2eC-Ec-e\ud800] { goto s2; }
        "\x2e" { goto s3; }
        * { return false; }
    */
s5: /*!re2c
        [Xx] end { return true; }
        * { return false; }
    */
}

/*
 * A token of a.c
 *     [^\ud800]* "admin" [^\ud800]*
 */
bool regex_2(const char *p, size_t n)
{
    const unsigned char *at = (const unsigned char *)p, *end = at + n;
s0: /*!re2c
        [^a\ud800] { goto s0; }
        "a" { goto s1; }
        * { return false; }
    */
s1: /*!re2c
        [^ad\ud800] { goto s0; }
        "a" { goto s1; }
        "d" { goto s2; }
        * { return false; }
    */
s2: /*!re2c
        [^am\ud800] { goto s0; }
        "a" { goto s1; }
        "m" { goto s3; }
        * { return false; }
    */
s3: /*!re2c
        [^ai\ud800] { goto s0; }
        "a" { goto s1; }
        "i" { goto s4; }
        * { return false; }
    */
s4: /*!re2c
        [^an\ud800] { goto s0; }
        "a" { goto s1; }
        "n" { return true; }
        * { return false; }
    */
}

/*
 * A value of policy
 *     [^\ud800]* "\x22Effect\x22\x3a\x22Allow\x22" [^\ud800]*
 */
bool regex_3(const char *p, size_t n)
{
    const unsigned char *at = (const unsigned char *)p, *end = at + n;
s0: /*!re2c
        [^\x22\ud800] { goto s0; }
        "\x22" { goto s1; }
        * { return false; }
    */
s1: /*!re2c
        [^\x22E\ud800] { goto s0; }
        "\x22" { goto s1; }
        "E" { goto s2; }
        * { return false; }
    */
s2: /*!re2c
        [^\x22f\ud800] { goto s0; }
        "\x22" { goto s1; }
        "f" { goto s3; }
        * { return false; }
    */
s3: /*!re2c
        [^\x22f\ud800] { goto s0; }
        "\x22" { goto s1; }
        "f" { goto s4; }
        * { return false; }
    */
s4: /*!re2c
        [^\x22e\ud800] { goto s0; }
        "\x22" { goto s1; }
        "e" { goto s5; }
        * { return false; }
    */
s5: /*!re2c
        [^\x22c\ud800] { goto s0; }
        "\x22" { goto s1; }
        "c" { goto s6; }
        * { return false; }
    */
s6: /*!re2c
        [^\x22t\ud800] { goto s0; }
        "\x22" { goto s1; }
        "t" { goto s7; }
        * { return false; }
    */
s7: /*!re2c
        [^\x22\ud800] { goto s0; }
        "\x22" { goto s8; }
        * { return false; }
    */
s8: /*!re2c
        [^\x22\x3aE\ud800] { goto s0; }
        "\x22" { goto s1; }
        "\x3a" { goto s9; }
        "E" { goto s2; }
        * { return false; }
    */
s9: /*!re2c
        [^\x22\ud800] { goto s0; }
        "\x22" { goto s10; }
        * { return false; }
    */
s10: /*!re2c
        [^\x22AE\ud800] { goto s0; }
        "\x22" { goto s1; }
        "A" { goto s11; }
        "E" { goto s2; }
        * { return false; }
    */
s11: /*!re2c
        [^\x22l\ud800] { goto s0; }
        "\x22" { goto s1; }
        "l" { goto s12; }
        * { return false; }
    */
s12: /*!re2c
        [^\x22l\ud800] { goto s0; }
        "\x22" { goto s1; }
        "l" { goto s13; }
        * { return false; }
    */
s13: /*!re2c
        [^\x22o\ud800] { goto s0; }
        "\x22" { goto s1; }
        "o" { goto s14; }
        * { return false; }
    */
s14: /*!re2c
        [^\x22w\ud800] { goto s0; }
        "\x22" { goto s1; }
        "w" { goto s15; }
        * { return false; }
    */
s15: /*!re2c
        [^\x22\ud800] { goto s0; }
        "\x22" { return true; }
        * { return false; }
    */
}
