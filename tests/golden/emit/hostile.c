==== fields.c
/* fields.c - the values that output and counting need of a record that matched. */
#include "pack.h"

#include "trail/match.h"

/* The fields, and the paths on the way to them. */
enum place {
    AT_RECORD,
    AT_EVENT_TIME,
    AT_EVENT_ID,
    AT_A_B,
};

/* The place that a key leads to. */
static inline uint32_t child(uint32_t place, const char *key, size_t n)
{
    switch (place) {
    case AT_RECORD:
        switch (n) {
        case 4:
            if (memcmp(key, "a\042 b", 4) == 0) {
                return AT_A_B;
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
    default: return TRAIL_NOWHERE;
    }
}

static inline bool wants_whole(uint32_t place)
{
    switch (place) {
    case AT_EVENT_TIME: return true;
    case AT_EVENT_ID: return true;
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
    case AT_A_B: m->field(m->field_user, 4, json); break;
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
    case AT_A_B:
        return trail_get(m->fields, 4);
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
 * end *<2f> int main(void) { /<2a> <5c>
 *
 *     f.keyword:"*<2f> <3f><3f>/ <5c><5c> <5c>" %d %s <09>1" OR g.keyword:/.*<5c>*<5c>/ <5c><3f><5c><3f><5c>/ [%{}<5c>"]<3f>/ OR h.keyword:@many
 */
static bool filter_end_int_main_void(const uint64_t *tests)
{
    return trail_get(tests, F_IS_D_S_1_0) ||
        trail_get(tests, G_MATCHES_1) ||
        trail_get(tests, H_IS_INT_X_2) ||
        trail_get(tests, H_IS_3) ||
        trail_get(tests, H_IS_4) ||
        trail_get(tests, H_IS_RE2C_5) ||
        trail_get(tests, H_IS_1_6);
}

/*
 * while
 *
 *     "while" OR int:if
 */
static bool filter_alert_while(const uint64_t *tests)
{
    return trail_get(tests, ANY_HAS_WHILE_7) ||
        trail_get(tests, INT_HAS_IF_8);
}

/*
 * <5c> #error <3f><3f>/
 *
 *     x:"<e2><80><ae>*<2f> z" OR y.keyword:"a
 *      b"
 */
static bool filter_error(const uint64_t *tests)
{
    return trail_get(tests, X_HAS_Z_9) ||
        trail_get(tests, Y_IS_A_B_10);
}

/*
 * below
 *
 *     _exists_:"%d <3f><3f>/.a.*<2f> int c;" AND zebra
 */
static bool filter_below(const uint64_t *tests)
{
    return trail_get(tests, D_A_INT_C__EXISTS_11) &&
        trail_get(tests, ANY_HAS_ZEBRA_12);
}

bool (*const filters[])(const uint64_t *tests) = {
    [ALERT_end_int_main_void] = filter_end_int_main_void,
    [ALERT_alert_while] = filter_alert_while,
    [ALERT_error] = filter_error,
    [ALERT_below] = filter_below,
};
==== main.c
/* main.c - the scanner. For a program of your own, see trail/trail.h. */
#include "pack.h"

#include "trail/trail.h"

int main(int argc, char **argv)
{
    return trail_main(&int______________pack, argc, argv);
}
==== match.c
/* match.c - which alerts' filters does a record meet? The steps are in trail/match.h. */
#include "pack.h"

#include "trail/match.h"

/* The paths that filters ask about, and those on the way to them. */
enum place {
    AT_RECORD,
    AT_EVENT_TIME,
    AT_F,
    AT_G,
    AT_H,
    AT_INT,
    AT_X,
    AT_Y,
    AT_D_PLACE_8,
    AT_D_A,
    AT_D_A_INT_C_PLACE_10,
    AT_ANYTHING_BELOW,
    AT_D_A_INT_C_ANYTHING_BELOW,
};

/* The place that a key leads to. */
static inline uint32_t child(uint32_t place, const char *key, size_t n)
{
    switch (place) {
    case AT_RECORD:
        switch (n) {
        case 1:
            switch (key[0]) {
            case 'f':
                if (memcmp(key, "f", 1) == 0) {
                    return AT_F;
                }
                break;
            case 'g':
                if (memcmp(key, "g", 1) == 0) {
                    return AT_G;
                }
                break;
            case 'h':
                if (memcmp(key, "h", 1) == 0) {
                    return AT_H;
                }
                break;
            case 'x':
                if (memcmp(key, "x", 1) == 0) {
                    return AT_X;
                }
                break;
            case 'y':
                if (memcmp(key, "y", 1) == 0) {
                    return AT_Y;
                }
                break;
            default: break;
            }
            break;
        case 3:
            if (memcmp(key, "int", 3) == 0) {
                return AT_INT;
            }
            break;
        case 6:
            if (memcmp(key, "\045d \077\077/", 6) == 0) {
                return AT_D_PLACE_8;
            }
            break;
        case 9:
            if (memcmp(key, "eventTime", 9) == 0) {
                return AT_EVENT_TIME;
            }
            break;
        default: break;
        }
        return AT_ANYTHING_BELOW;
    case AT_EVENT_TIME:
        return AT_ANYTHING_BELOW;
    case AT_F:
        return AT_ANYTHING_BELOW;
    case AT_G:
        return AT_ANYTHING_BELOW;
    case AT_H:
        return AT_ANYTHING_BELOW;
    case AT_INT:
        return AT_ANYTHING_BELOW;
    case AT_X:
        return AT_ANYTHING_BELOW;
    case AT_Y:
        return AT_ANYTHING_BELOW;
    case AT_D_PLACE_8:
        switch (n) {
        case 1:
            if (memcmp(key, "a", 1) == 0) {
                return AT_D_A;
            }
            break;
        default: break;
        }
        return AT_ANYTHING_BELOW;
    case AT_D_A:
        switch (n) {
        case 9:
            if (memcmp(key, "\052/ int c;", 9) == 0) {
                return AT_D_A_INT_C_PLACE_10;
            }
            break;
        default: break;
        }
        return AT_ANYTHING_BELOW;
    case AT_D_A_INT_C_PLACE_10:
        return AT_D_A_INT_C_ANYTHING_BELOW;
    case AT_ANYTHING_BELOW:
        return AT_ANYTHING_BELOW;
    case AT_D_A_INT_C_ANYTHING_BELOW:
        return AT_D_A_INT_C_ANYTHING_BELOW;
    default: return TRAIL_NOWHERE;
    }
}

/* --------
 * every value
 */

/* Strings without which tests here cannot hold: text, length, test. */
static const struct trail_literal at_any_text_literals_list[] = {
    {"while", 5, 0},
    {"zebra", 5, 0},
};
static const struct trail_gram at_any_text_literals_grams[] = {
    {0, 0, 0}, {0, 1, 0}, {1, 0, 1}, {1, 1, 3},
};
static const uint64_t at_any_text_literals_bits[] = {
    0x2000000, 0x20000001200000,
};
static const uint32_t at_any_text_literals_heads[] = {
    2, 4,
};
static const struct trail_literals at_any_text_literals = {
    .width = 4,
    .step = 2,
    .shift = 25,
    .tests = 1,
    .ascii = true,
    .bits = at_any_text_literals_bits,
    .heads = at_any_text_literals_heads,
    .grams = at_any_text_literals_grams,
    .list = at_any_text_literals_list,
};

/* One token of a value here. */
static void at_any_token(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 5:
        if (memcmp(p, "while", 5) == 0) {
            trail_set(m->tests, ANY_HAS_WHILE_7);
        }
        if (memcmp(p, "zebra", 5) == 0) {
            trail_set(m->tests, ANY_HAS_ZEBRA_12);
        }
        break;
    default: break;
    }
}

static void at_any_text(struct trail_match *m, const struct trail_value *v)
{
    uint64_t maybe[1] = {0};
    if (!v->string) {
        at_any_token(m, trail_scalar_token(m, v), v->n);
        return;
    }
    if (!trail_literals_find(&at_any_text_literals, v->p, v->n, maybe))
        return;
    struct trail_tokens t;
    for (trail_tokens_start(&t, v->p, v->n); trail_tokens_next(&t);)
        at_any_token(m, t.p, t.n);
}

/* --------
 * f
 */

/* A whole value here. */
static void at_f_keyword(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 19:
        if (memcmp(p, "\052/ \077\077/ \134 \042 \045d \045s \0111", 19) == 0) {
            trail_set(m->tests, F_IS_D_S_1_0);
            trail_set(m->candidates, ALERT_end_int_main_void);
        }
        break;
    default: break;
    }
}

/* --------
 * g
 */

/* A whole value here. */
static void at_g_keyword(struct trail_match *m, const char *p, size_t n)
{
    if (regex_0(p, n)) {
        trail_set(m->tests, G_MATCHES_1);
        trail_set(m->candidates, ALERT_end_int_main_void);
    }
}

/* --------
 * h
 */

/* A whole value here. */
static void at_h_keyword(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 2:
        if (memcmp(p, "\134\012", 2) == 0) {
            trail_set(m->tests, H_IS_4);
            trail_set(m->candidates, ALERT_end_int_main_void);
        }
        if (memcmp(p, "\0011", 2) == 0) {
            trail_set(m->tests, H_IS_1_6);
            trail_set(m->candidates, ALERT_end_int_main_void);
        }
        break;
    case 4:
        if (memcmp(p, "\077\077/\042", 4) == 0) {
            trail_set(m->tests, H_IS_3);
            trail_set(m->candidates, ALERT_end_int_main_void);
        }
        break;
    case 10:
        if (memcmp(p, "\045} /\052!re2c", 10) == 0) {
            trail_set(m->tests, H_IS_RE2C_5);
            trail_set(m->candidates, ALERT_end_int_main_void);
        }
        break;
    case 12:
        if (memcmp(p, "\052/ int x; /\052", 12) == 0) {
            trail_set(m->tests, H_IS_INT_X_2);
            trail_set(m->candidates, ALERT_end_int_main_void);
        }
        break;
    default: break;
    }
}

/* --------
 * int
 */

/* One token of a value here. */
static void at_int_token(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 2:
        if (memcmp(p, "if", 2) == 0) {
            trail_set(m->tests, INT_HAS_IF_8);
        }
        break;
    default: break;
    }
}

static void at_int_text(struct trail_match *m, const struct trail_value *v)
{
    if (!v->string) {
        at_int_token(m, trail_scalar_token(m, v), v->n);
        return;
    }
    struct trail_tokens t;
    for (trail_tokens_start(&t, v->p, v->n); trail_tokens_next(&t);)
        at_int_token(m, t.p, t.n);
}

/* --------
 * x
 */

/* One token of a value here. */
static void at_x_token(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 1:
        if (memcmp(p, "z", 1) == 0) {
            trail_set(m->tests, X_HAS_Z_9);
            trail_set(m->candidates, ALERT_error);
        }
        break;
    default: break;
    }
}

static void at_x_text(struct trail_match *m, const struct trail_value *v)
{
    if (!v->string) {
        at_x_token(m, trail_scalar_token(m, v), v->n);
        return;
    }
    struct trail_tokens t;
    for (trail_tokens_start(&t, v->p, v->n); trail_tokens_next(&t);)
        at_x_token(m, t.p, t.n);
}

/* --------
 * y
 */

/* A whole value here. */
static void at_y_keyword(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 4:
        if (memcmp(p, "a\012 b", 4) == 0) {
            trail_set(m->tests, Y_IS_A_B_10);
            trail_set(m->candidates, ALERT_error);
        }
        break;
    default: break;
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
        break;
    case AT_F:
        at_f_keyword(m, v->p, v->n);
        break;
    case AT_G:
        at_g_keyword(m, v->p, v->n);
        break;
    case AT_H:
        at_h_keyword(m, v->p, v->n);
        break;
    case AT_INT:
        at_int_text(m, v);
        break;
    case AT_X:
        at_x_text(m, v);
        break;
    case AT_Y:
        at_y_keyword(m, v->p, v->n);
        break;
    case AT_D_A_INT_C_PLACE_10:
        trail_set(m->tests, D_A_INT_C__EXISTS_11);
        trail_set(m->candidates, ALERT_below);
        break;
    case AT_D_A_INT_C_ANYTHING_BELOW:
        trail_set(m->tests, D_A_INT_C__EXISTS_11);
        trail_set(m->candidates, ALERT_below);
        break;
    default: break;
    }
}

/* Places whose JSON text is asked about. */
static inline bool wants_whole(uint32_t place)
{
    switch (place) {
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
    default: break;
    }
}

/* The root's keys that the pack knows. */
enum root {
    ROOT_EVENT_TIME,
    ROOT_F,
    ROOT_G,
    ROOT_H,
    ROOT_INT,
    ROOT_X,
    ROOT_Y,
    ROOT_D_PLACE_8,
    ROOTS
};

static const uint32_t root_places[ROOTS] = {
    [ROOT_EVENT_TIME] = AT_EVENT_TIME,
    [ROOT_F] = AT_F,
    [ROOT_G] = AT_G,
    [ROOT_H] = AT_H,
    [ROOT_INT] = AT_INT,
    [ROOT_X] = AT_X,
    [ROOT_Y] = AT_Y,
    [ROOT_D_PLACE_8] = AT_D_PLACE_8,
};

static inline uint32_t root(const char *key, size_t n)
{
    switch (n) {
    case 1:
        switch (key[0]) {
        case 'f':
            if (memcmp(key, "f", 1) == 0) {
                return ROOT_F;
            }
            break;
        case 'g':
            if (memcmp(key, "g", 1) == 0) {
                return ROOT_G;
            }
            break;
        case 'h':
            if (memcmp(key, "h", 1) == 0) {
                return ROOT_H;
            }
            break;
        case 'x':
            if (memcmp(key, "x", 1) == 0) {
                return ROOT_X;
            }
            break;
        case 'y':
            if (memcmp(key, "y", 1) == 0) {
                return ROOT_Y;
            }
            break;
        default: break;
        }
        break;
    case 3:
        if (memcmp(key, "int", 3) == 0) {
            return ROOT_INT;
        }
        break;
    case 6:
        if (memcmp(key, "\045d \077\077/", 6) == 0) {
            return ROOT_D_PLACE_8;
        }
        break;
    case 9:
        if (memcmp(key, "eventTime", 9) == 0) {
            return ROOT_EVENT_TIME;
        }
        break;
    default: break;
    }
    return TRAIL_NOWHERE;
}

#define BIT(i) ((uint64_t)1 << ((i) % 64))

/* Looked into in every record: the time and the discriminators. */
static const uint64_t first[ROOTS / 64 + 1] = {BIT(ROOT_EVENT_TIME) | BIT(ROOT_F) | BIT(ROOT_G) | BIT(ROOT_H) | BIT(ROOT_X) | BIT(ROOT_Y) | BIT(ROOT_D_PLACE_8), };

/* What each alert's filter looks into. */
static const uint64_t needs[ALERTS][ROOTS / 64 + 1] = {
    [ALERT_end_int_main_void] = {BIT(ROOT_F) | BIT(ROOT_G) | BIT(ROOT_H), },
    [ALERT_alert_while] = {BIT(ROOT_INT), },
    [ALERT_error] = {BIT(ROOT_X) | BIT(ROOT_Y), },
    [ALERT_below] = {BIT(ROOT_D_PLACE_8), },
};

/* Asked of every record: no discriminator rules them out. */
static const uint64_t residual[ALERTS / 64 + 1] = {BIT(ALERT_alert_while), };

/* Ask about every value of the record. */
static const uint64_t everything[ALERTS / 64 + 1] = {BIT(ALERT_alert_while) | BIT(ALERT_below), };

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
    "a\042 b",
};

static const struct trail_condition end_int_main_void_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 3, .n = UINT64_C(0), .span = INT64_C(0)},
};
static const uint16_t end_int_main_void_show[] = {4};
static const char *const end_int_main_void_tags[] = {"\052/ \043error \077\077/"};

static const struct trail_condition alert_while_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 3, .n = UINT64_C(0), .span = INT64_C(0)},
};

static const struct trail_condition error_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 3, .n = UINT64_C(0), .span = INT64_C(0)},
};

static const struct trail_condition below_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 3, .n = UINT64_C(0), .span = INT64_C(0)},
};

static const struct trail_alert alerts[ALERTS] = {
    [ALERT_end_int_main_void] = {
        .id = "end-int-main-void",
        .name = "end \052/ int main(void) { /\052 \134",
        .description = "a \042 quote, a \077\077/\012 line and a digit behind \0111",
        .filter = "f.keyword:\042\052/ \077\077/ \134\134 \134\042 \045d \045s \0111\042 OR g.keyword:/.\052\134\052\134/ \134\077\134\077\134/ [\045{}\134\042]\077/ OR h.keyword:@many",
        .when = "immediately",
        .priority = 3,
        .n_conditions = 1,
        .conditions = end_int_main_void_when,
        .show = {1, end_int_main_void_show},
        .tags = {1, end_int_main_void_tags},
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "d2c7b41fa6b0b54f2a8e50f1037ec140d24c53d1a2bd002da42f640fa95ed842",
    },
    [ALERT_alert_while] = {
        .id = "while",
        .name = "while",
        .description = "",
        .filter = "\042while\042 OR int:if",
        .when = "immediately",
        .priority = 3,
        .n_conditions = 1,
        .conditions = alert_while_when,
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "8f0f56033137da4689d38f38c8b7b2b36e27cef0aa75563b667f94a6f76f3ca5",
    },
    [ALERT_error] = {
        .id = "error",
        .name = "\134 \043error \077\077/",
        .description = "",
        .filter = "x:\042\342\200\256\052/ z\042 OR y.keyword:\042a\012 b\042",
        .when = "immediately",
        .priority = 3,
        .n_conditions = 1,
        .conditions = error_when,
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "08de058d30d2a189151f23d593bc6aadbf7c08af4ae8a4de551d163bdb62edcf",
    },
    [ALERT_below] = {
        .id = "below",
        .name = "below",
        .description = "",
        .filter = "_exists_:\042\045d \077\077/.a.\052/ int c;\042 AND zebra",
        .when = "immediately",
        .priority = 3,
        .n_conditions = 1,
        .conditions = below_when,
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "178e83b576ac42c0415182aa0cde708e4bf8ecd2cbb2d2339f19e69bae1fa62a",
    },
};

/* What the sieve looks for. */
static const uint32_t wanted_by_1[] = {ALERT_end_int_main_void};
static const uint32_t wanted_by_2[] = {ALERT_end_int_main_void};
static const uint32_t wanted_by_3[] = {ALERT_end_int_main_void};
static const uint32_t wanted_by_4[] = {ALERT_alert_while};
static const uint32_t wanted_by_5[] = {ALERT_alert_while};
static const uint32_t wanted_by_6[] = {ALERT_error};
static const uint32_t wanted_by_7[] = {ALERT_error};
static const uint32_t wanted_by_8[] = {ALERT_below};

static const struct trail_needle needle_list[] = {
    {.text = {"\042eventTime\042", 11}, .at = 5, .print_class = 4, .time = true, .root = true, .number = 0},
    {.text = {"\042f\042", 3}, .at = 0, .print_class = 3, .root = true, .number = 1, .n = 1, .alerts = wanted_by_1},
    {.text = {"\042g\042", 3}, .at = 0, .print_class = 3, .root = true, .number = 2, .n = 1, .alerts = wanted_by_2},
    {.text = {"\042h\042", 3}, .at = 0, .print_class = 3, .root = true, .number = 3, .n = 1, .alerts = wanted_by_3},
    {.text = {"while", 5}, .at = 0, .any_case = true, .n = 1, .alerts = wanted_by_4},
    {.text = {"\042int\042", 5}, .at = 0, .print_class = 2, .n = 1, .alerts = wanted_by_5},
    {.text = {"\042x\042", 3}, .at = 0, .print_class = 3, .root = true, .number = 5, .n = 1, .alerts = wanted_by_6},
    {.text = {"\042y\042", 3}, .at = 0, .print_class = 3, .root = true, .number = 6, .n = 1, .alerts = wanted_by_7},
    {.text = {"zebra", 5}, .at = 2, .print_class = 1, .any_case = true, .n = 1, .alerts = wanted_by_8},
};

/* Of these no text is known: any record may meet them. */
static const uint64_t always[ALERTS / 64 + 1] = {0, };

/* Every record does meet these. */
static const uint64_t every[ALERTS / 64 + 1] = {0, };

/* Of these the texts tell in records of ASCII alone. */
static const uint64_t ascii[ALERTS / 64 + 1] = {(uint64_t)1 << (ALERT_alert_while % 64) | (uint64_t)1 << (ALERT_below % 64), };

/* What records hold behind a key of the root, */
static const struct trail_within within[] = {
    {.key = {"\042\045d \077\077/", 7}, .name = {"\052/ int c;", 9}},
};

/* and which of these each alert's do. */
static const uint32_t within_of[ALERTS + 1] = {
    [ALERT_below] = 1,
};

static const struct trail_needles needles = {
    .n = 9,
    .list = needle_list,
    .always = always,
    .every = every,
    .ascii = ascii,
    .within = within,
    .within_of = within_of,
    .asks = asks,
};

const struct trail_pack int______________pack = {
    .abi = TRAIL_ABI,
    .name = "int; } /\052 \052/ \077\077/",
    .version = "\042); system(\042id\042); //",
    .hash = "18a2e39e10801d9ef93768cf4064d005c2659cb655d62f4f752bfb0ce91117ab",
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
 * Pack int; } /<2a> *<2f> <3f><3f>/
 * Compiled by trailc; changes are lost.
 */
#ifndef PACK_H
#define PACK_H

#include "trail/pack.h"

enum alert {
    ALERT_end_int_main_void,
    ALERT_alert_while,
    ALERT_error,
    ALERT_below,
    ALERTS
};

/* Predicates: questions about one field each. A record sets the bit of those that hold. */
enum test {
    F_IS_D_S_1_0,
    G_MATCHES_1,
    H_IS_INT_X_2,
    H_IS_3,
    H_IS_4,
    H_IS_RE2C_5,
    H_IS_1_6,
    ANY_HAS_WHILE_7,
    INT_HAS_IF_8,
    X_HAS_Z_9,
    Y_IS_A_B_10,
    D_A_INT_C__EXISTS_11,
    ANY_HAS_ZEBRA_12,
    TESTS
};

extern bool (*const filters[])(const uint64_t *tests); /* by alert */

void match(struct trail_match *, const char *record, size_t n);
bool asks(struct trail_match *, uint32_t root_number, const char *p, const char *end);
void fields_of(struct trail_match *, const char *record, size_t n, trail_field_fn *, void *user);
bool regex_0(const char *p, size_t n);

extern const struct trail_pack int______________pack;

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
 * A value of g
 *     [^\ud800]* "\x2a\x2f\x20\x3f\x3f\x2f\x20" [\x22\x25\x7b\x7d]?
 */
bool regex_0(const char *p, size_t n)
{
    const unsigned char *at = (const unsigned char *)p, *end = at + n;
s0: /*!re2c
        [^\x2a\ud800] { goto s0; }
        "\x2a" { goto s1; }
        * { return false; }
    */
s1: /*!re2c
        [^\x2a\x2f\ud800] { goto s0; }
        "\x2a" { goto s1; }
        "\x2f" { goto s2; }
        * { return false; }
    */
s2: /*!re2c
        [^\x20\x2a\ud800] { goto s0; }
        "\x20" { goto s3; }
        "\x2a" { goto s1; }
        * { return false; }
    */
s3: /*!re2c
        [^\x2a\x3f\ud800] { goto s0; }
        "\x2a" { goto s1; }
        "\x3f" { goto s4; }
        * { return false; }
    */
s4: /*!re2c
        [^\x2a\x3f\ud800] { goto s0; }
        "\x2a" { goto s1; }
        "\x3f" { goto s5; }
        * { return false; }
    */
s5: /*!re2c
        [^\x2a\x2f\ud800] { goto s0; }
        "\x2a" { goto s1; }
        "\x2f" { goto s6; }
        * { return false; }
    */
s6: /*!re2c
        [^\x20\x2a\ud800] { goto s0; }
        "\x20" { goto s7; }
        "\x2a" { goto s1; }
        * { return false; }
    */
s7: /*!re2c
        [^\x22\x25\x2a\x7b\x7d\ud800] { goto s0; }
        [\x22\x25\x7b\x7d] { goto s8; }
        "\x2a" { goto s1; }
        end { return true; }
        * { return false; }
    */
s8: /*!re2c
        [^\x2a\ud800] { goto s0; }
        "\x2a" { goto s1; }
        end { return true; }
        * { return false; }
    */
}
