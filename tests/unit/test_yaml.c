/*
 * YAML as trees: values, kinds, places of every byte, JSON, and what is refused.
 *
 * A case's `places` has one character for each byte of the value: where it was written, as the character at
 * that offset of the source (`^` for a line end, which a caret could not show).
 */
#include "packs.h"

static struct yaml *parse_one(struct compile *c, const char *text)
{
    struct yaml **documents = NULL;
    size_t n = 0;
    uint32_t source;
    if (!source_add(c, "t.yaml", slice_of(text), &source) || !yaml_parse(c, source, &documents, &n))
        return NULL;
    return n == 1 ? documents[0] : NULL;
}

static const struct {
    const char *yaml, *value, *places;
} scalars[] = {
    {"k: plain words", "plain words", "plain words"},
    {"k: über Öl", "über Öl", "über Öl"},
    {"\xEF\xBB\xBFk: über", "über", "über"},
    {"ключ: \"значение\"\nk: x", "x", "x"},
    {"k: two\n  lines", "two lines", "two^lines"},
    {"k: 'two  \n\t lines'", "two lines", "two^lines"},
    {"k: a\n\n\n  b", "a\n\nb", "a^^b"},
    {"k: a\r\n  b\r\n", "a b", "a\rb"},
    {"k: 'single'", "single", "single"},
    {"k: 'it''s'", "it's", "it's"},
    {"k: 'a\n\n  b'", "a\nb", "a^b"},
    {"k: ' a  b '", " a  b ", " a  b "},
    {"k: \"double\"", "double", "double"},
    {"k: \"a\\tb\\\\c\\/d\\\"e\"", "a\tb\\c/d\"e", "a\\b\\c\\d\\e"},
    {"k: \"\\x41\\u00e9\\U0001F600!\"", "A\xC3\xA9\xF0\x9F\x98\x80!", "\\\\\\\\\\\\\\!"},
    {"k: \"\\ud83d\\ude00!\"", "\xF0\x9F\x98\x80!", "\\\\\\\\!"},
    {"k: \"\\UD83D\\uDE00\\n\"", NULL, NULL}, /* \U takes eight digits */
    {"k: \"\\\\ud83d\"", "\\ud83d", "\\ud83d"},
    {"k: '\\ud83d'", "\\ud83d", "\\ud83d"},
    {"k: \\uDe00 x", "\\uDe00 x", "\\uDe00 x"},
    {"k: \"a\\\n   b\"", "ab", "ab"},
    {"k: \"a  \\\n   b\"", "a  b", "a  b"},
    {"k: \"a\\\n\n   b\"", "a\nb", "a^b"},
    {"k: \"a\n   b\"", "a b", "a^b"},
    {"k: \"a \\  b\"", "a   b", "a \\ b"},
    {"k: \"\\N\\_\\L\\P\\e\\0\\a\\b\\v\\f\\r\"", "\xC2\x85\xC2\xA0\xE2\x80\xA8\xE2\x80\xA9\x1B",
     NULL}, /* the NUL ends the comparison */
    {"k: |\n  one\n  two\n", "one\ntwo\n", "one^two^"},
    {"k: |-\n  one\n  two\n\n\n", "one\ntwo", "one^two"},
    {"k: |+\n  one\n\n\nz: 1", "one\n\n\n", "one^^^"},
    {"k: |  # why\n  one\n", "one\n", "one^"},
    {"k: |\n  one\n   two\n\n  three\n", "one\n two\n\nthree\n", "one^ two^^three^"},
    {"k: |2\n   one\n  two\n", " one\ntwo\n", " one^two^"},
    {"k:\n  j: |1-\n     one\n   two\n", NULL, NULL}, /* a mapping: see below */
    {"k: |\r\n  one\r\n  two\r\n", "one\ntwo\n", "one\rtwo\r"},
    {"k: |\n  \\ud83d\n", "\\ud83d\n", "\\ud83d^"},
    {"k: >\n  one\n  two\n\n  three\n", "one two\nthree\n", "one^two^three^"},
    {"k: >-\n  one\n    more\n  two\n", "one\n  more\ntwo", "one^  more^two"},
    {"k: >+\n  one\n  two\n\n", "one two\n\n", "one^two^^"},
    {"k: >\n\n  one\n", "\none\n", "^one^"},
    {"k: a\xE2\x80\xA8  b",
     "a\xE2\x80\xA8"
     "b",
     NULL},
    {"k: &anchor value", "value", "value"},
    {"k: &anchor # note\n  \"value\"", "value", "value"},
    {"k: &a |\n  one\n", "one\n", "one^"},
    {"{\"k\":\"v\"}", "v", "v"},
    {"k: \"\"", "", ""},
    {"k: ''", "", ""},
    {"k: |\nj: 1", "", ""},
};

START_TEST(places)
{
    struct compile *c = new_compile();
    struct yaml *root = parse_one(c, scalars[_i].yaml);
    const struct yaml *value = root ? yaml_get(root, "k") : NULL;
    if (!scalars[_i].value) {
        ck_assert_msg(!value || value->kind == YAML_MAP, "%s", scalars[_i].yaml);
        end_compile(c);
        return;
    }
    ck_assert_msg(value != NULL, "%s: %s", scalars[_i].yaml, said(c));
    ck_assert_str_eq(value->text.s.p, scalars[_i].value);
    for (size_t i = 0; scalars[_i].places && i < value->text.s.n; i++) {
        char at = scalars[_i].yaml[value->text.at[i]];
        ck_assert_msg((at == '\n' ? '^' : at) == scalars[_i].places[i], "%s: byte %zu", scalars[_i].yaml, i);
        ck_assert_uint_lt(value->text.at[i], value->text.at[value->text.s.n]);
        if (i)
            ck_assert_uint_le(value->text.at[i - 1], value->text.at[i]);
    }
    end_compile(c);
}
END_TEST

static const struct {
    const char *yaml;
    enum yaml_kind kind;
} kinds[] = {
    {"~", YAML_NULL},         {"null", YAML_NULL},       {"NULL", YAML_NULL},
    {"", YAML_NULL},          {"nULL", YAML_TEXT},       {"true", YAML_BOOL},
    {"False", YAML_BOOL},     {"TRUE", YAML_BOOL},       {"yes", YAML_TEXT},
    {"on", YAML_TEXT},        {"0", YAML_NUMBER},        {"-0", YAML_NUMBER},
    {"12", YAML_NUMBER},      {"1.50", YAML_NUMBER},     {"1e5", YAML_NUMBER},
    {"-1.5E+3", YAML_NUMBER}, {"012", YAML_TEXT},        {"+1", YAML_TEXT},
    {".5", YAML_TEXT},        {"5.", YAML_TEXT},         {"0x1F", YAML_TEXT},
    {"0o17", YAML_TEXT},      {".inf", YAML_TEXT},       {"1e", YAML_TEXT},
    {"1_000", YAML_TEXT},     {"-", YAML_LIST},          {"'1'", YAML_TEXT},
    {"\"true\"", YAML_TEXT},  {"''", YAML_TEXT},         {"|\n  1", YAML_TEXT},
    {"12:30", YAML_TEXT},     {"2026-01-01", YAML_TEXT}, {"012345678901", YAML_TEXT},
    {"[1]", YAML_LIST},       {"{a: 1}", YAML_MAP},
};

START_TEST(kind)
{
    struct compile *c = new_compile();
    const char *text = diag_format(c, "k:\n  %s\n", kinds[_i].yaml).p;
    struct yaml *root = parse_one(c, text);
    ck_assert_msg(root && yaml_get(root, "k")->kind == kinds[_i].kind, "%s", kinds[_i].yaml);
    end_compile(c);
}
END_TEST

static const struct {
    const char *yaml, *json;
} jsons[] = {
    {"{a: 1, b: [x, 'y', null, true], c: {}}", "{\"a\":1,\"b\":[\"x\",\"y\",null,true],\"c\":{}}"},
    {"{\"a\":\"\\ud83d\\ude00\\u0000\\\"\\\\\\/\\b\\f\\n\\r\\t\"}",
     "{\"a\":\"\xF0\x9F\x98\x80\\u0000\\\"\\\\/\\u0008\\u000c\\u000a\\u000d\\u0009\"}"},
    {"{\"\\ud83d\\ude00\": 1}", "{\"\xF0\x9F\x98\x80\":1}"},
    {"{\"a\":1,\"b\":-2.50e+10,\"c\":[],\"d\":[{}],\"e\":true,\"f\":null}",
     "{\"a\":1,\"b\":-2.50e+10,\"c\":[],\"d\":[{}],\"e\":true,\"f\":null}"},
    {"{\n\t\"a\": [\n\t\t1,\n\t\t2\n\t]\n}", "{\"a\":[1,2]}"},
    {"a: 012345678901\nb: 12345678901234567890\nc: 2026-01-01T00:00:00Z\nd: True\ne: ~\nf:",
     "{\"a\":\"012345678901\",\"b\":12345678901234567890,\"c\":\"2026-01-01T00:00:00Z\",\"d\":true,\"e\":"
     "null,\"f\":null}"},
    {"1: one\ntrue: yes\n~: nothing", "{\"1\":\"one\",\"true\":\"yes\",\"~\":\"nothing\"}"},
    {"a: &x {b: 1}\nc: *x", "{\"a\":{\"b\":1},\"c\":{\"b\":1}}"},
    {"- 1\n- - 2\n  - 3\n-\n", "[1,[2,3],null]"},
    {"a: |\n  two\n  lines\n", "{\"a\":\"two\\u000alines\\u000a\"}"},
    {"{\"url\":\"https://x/y?z=1#f\"}", "{\"url\":\"https://x/y?z=1#f\"}"},
};

START_TEST(as_json)
{
    struct compile *c = new_compile();
    struct yaml *root = parse_one(c, jsons[_i].yaml);
    ck_assert_msg(root != NULL, "%s: %s", jsons[_i].yaml, said(c));
    struct buffer b = {.c = c};
    json_add(&b, root);
    ck_assert_str_eq(buffer_slice(&b).p, jsons[_i].json);
    end_compile(c);
}
END_TEST

static const struct {
    const char *yaml, *said;
} bad[] = {
    {"a: [1, 2", "E001 1:4"},
    {"a: [1, 2\nb: 3\n", "E001 2:2"},
    {"a: \"open\nb: 1\n", "E001 1:4 write \"open\""},
    {"a: 1\n\tb: 2\n", "E001 2:1 write b: 2"},
    {"a:\n\tb: 2\n", "E001 2:1 write   b: 2"},
    {"a: *", "E001 1:4 write '*'"},
    {"a: *x AND b", "E001 1:4 write '*x AND b'"},
    {"a: *x", "E001 1:4 write '*x'"},
    {"a: @list", "E001 1:4 write '@list'"},
    {"a: `x`", "E001 1:4 write '`x`'"},
    {"a: %x", "E001 1:4 write '%x'"},
    {"a: !tag b", "E001 1:4 write '!tag b'"},
    {"a: !!str 5", "E001 1:4 write '5'"},
    {"a: b: c", "E001 1:5 write 'b: c'"},
    {"a: it's b: c", "E001 1:10 write \"it's b: c\""},
    {"a: 1\n b: 2\n", "E001 2:2 write b: 2"},
    {"a: \"x\" AND y", "E001 1:8 write '\"x\" AND y'"},
    {"a: 1\nb\n", "E001 2:1"},
    {"a: 1\na: 2\n", "E003 2:1"},
    {"a: 1\n\"a\": 2\nb: {c: 1, c: 1, c: 1}\n", "E003 2:1; E003 3:11; E003 3:17"},
    {"a: 1\n'\xC3\xA9': 2\n\"\\u00e9\": 3\n", "E003 3:1"},
    {"{a: 1, a: 2", "E001 1:1"},
    {"? [a]\n: 1\n", "E001 1:3"},
    {"a: \"\\ud83d\"\n", "E001 1:5"},
    {"a: \"x\\ude00\\ud83d\"\n", "E001 1:6"},
    {"a: \"\\ud83d\\u0041\"\n", "E001 1:5"},
    {"a: \"\\q\"\n", "E001 1:5"},
    {"a: \"\\u12\"\n", "E001 1:7"},
    {"a: \xFF\n", "E001 1:4"},
    {"a: \xED\xA0\x80\n", "E001 1:4"},
    {"a: \x01\n", "E001 1:4"},
    {"a: x\x7F\n", "E001 1:5"},
    {"\xC3\xA9: 1\nb: \xC3\xA9\xC3\xA9 \x02\n", "E001 2:7"},
    {"\xEF\xBB\xBF"
     "a: *\n",
     "E001 1:5 write '*'"},
    {"a: &x [*x]\n", "E001 1:8"},
    {"a: &x {b: {c: *x}}\n", "E001 1:15"},
    {"a: 1\n--- b: 2\n", "E001 2:6"},
    {"a: |x\n  b\n", "E001 1:5 write x b"},
    {"a: 1\n---\nb: [\n---\nc: 1\n", "E001 4:1"},
    {"}", "E001 1:1"},
    {"%YAML 9.9\n---\na: 1\n", "E001 1:1"},
};

START_TEST(refused)
{
    struct compile *c = new_compile();
    ck_assert_msg(!parse_one(c, bad[_i].yaml), "%s", bad[_i].yaml);
    ck_assert_msg(strcmp(said(c), bad[_i].said) == 0, "%s: %s", bad[_i].yaml, said(c));
    end_compile(c);
}
END_TEST

START_TEST(utf16)
{
    struct compile *c = new_compile();
    uint32_t source;
    ck_assert(!source_add(c, "t",
                          SLICE("\xFF\xFE"
                                "a\0:\0"),
                          &source));
    ck_assert_ptr_nonnull(strstr(c->diags[0].message.p, "UTF-16"));
    ck_assert(!source_add(c, "t", SLICE("\0a\0:"), &source));
    ck_assert_ptr_nonnull(strstr(c->diags[1].message.p, "UTF-16"));
    end_compile(c);
}
END_TEST

/* `open` n times, `close` n times; says what came of it. */
static const char *nested(struct compile *c, const char *open, const char *close, int n)
{
    struct buffer b = {.c = c};
    for (int i = 0; i < n; i++)
        buffer_text(&b, open);
    buffer_char(&b, '1');
    for (int i = 0; i < n; i++)
        buffer_text(&b, close);
    parse_one(c, buffer_slice(&b).p);
    return said(c);
}

START_TEST(nesting_is_bounded)
{
    struct compile *c = new_compile();
    ck_assert_str_eq(nested(c, "[", "]", 64), "");
    ck_assert_str_eq(nested(c, "[", "]", 65), "E001 1:65");
    end_compile(c);
    c = new_compile();
    ck_assert_str_eq(nested(c, "{a: ", "}", 100000), "E001 1:257");
    end_compile(c);
    c = new_compile();
    ck_assert_str_eq(nested(c, "- ", "", 100000), "E001 1:129");
    end_compile(c);
}
END_TEST

/* Nested by aliases: each line puts the one before into another list. */
START_TEST(nesting_by_aliases_is_bounded)
{
    struct compile *c = new_compile();
    struct buffer b = {.c = c};
    buffer_text(&b, "a0: &a0 [1]\n");
    for (int i = 1; i < 70; i++)
        buffer_printf(&b, "a%d: &a%d [*a%d]\n", i, i, i - 1);
    ck_assert_ptr_null(parse_one(c, buffer_slice(&b).p));
    ck_assert_ptr_nonnull(strstr(said(c), "E001"));
    end_compile(c);
}
END_TEST

START_TEST(expansion_is_bounded)
{
    struct compile *c = new_compile();
    struct buffer b = {.c = c};
    buffer_text(&b, "a0: &a0 [lol]\n");
    for (int i = 1; i < 30; i++)
        buffer_printf(&b, "a%d: &a%d [*a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1, i - 1);
    ck_assert_ptr_null(parse_one(c, buffer_slice(&b).p));
    ck_assert_ptr_nonnull(strstr(c->diags[0].message.p, "repeat more than 8 MiB"));
    end_compile(c);
}
END_TEST

START_TEST(anchors_are_bounded)
{
    struct compile *c = new_compile();
    struct buffer b = {.c = c};
    for (int i = 0; i < 1001; i++)
        buffer_printf(&b, "- &a%d x\n", i);
    ck_assert_ptr_null(parse_one(c, buffer_slice(&b).p));
    ck_assert_str_eq(said(c), "E001 1001:10");
    end_compile(c);
}
END_TEST

START_TEST(size_is_bounded)
{
    struct compile *c = new_compile();
    char *text = calloc(1, MAX_SOURCE + 1);
    memset(text, ' ', MAX_SOURCE + 1);
    uint32_t source;
    ck_assert(source_add(c, "t", (struct slice){text, MAX_SOURCE}, &source));
    ck_assert(!source_add(c, "t", (struct slice){text, MAX_SOURCE + 1}, &source));
    ck_assert_str_eq(said(c), "E001");
    free(text);
    end_compile(c);
}
END_TEST

/* Many keys take no long time, and an anchor that is named again is the later one. */
START_TEST(many_keys)
{
    struct compile *c = new_compile();
    struct buffer b = {.c = c};
    for (int i = 0; i < 20000; i++)
        buffer_printf(&b, "k%d: %d\n", i, i);
    buffer_text(&b, "k7: again\n");
    ck_assert_ptr_null(parse_one(c, buffer_slice(&b).p));
    ck_assert_str_eq(said(c), "E003 20001:1");
    end_compile(c);
}
END_TEST

START_TEST(anchor_named_again)
{
    struct compile *c = new_compile();
    struct yaml *root = parse_one(c, "a: &x 1\nb: &x 2\nc: *x\n");
    ck_assert_str_eq(yaml_get(root, "c")->text.s.p, "2");
    end_compile(c);
}
END_TEST

START_TEST(documents)
{
    struct compile *c = new_compile();
    struct yaml **list = NULL;
    size_t n = 0;
    uint32_t source;
    ck_assert(
        source_add(c, "t", SLICE("# only\n---\na: 1\n---\n---\nb: &x 2\n...\n---\nc: 3\n---\n"), &source));
    ck_assert(yaml_parse(c, source, &list, &n));
    ck_assert_uint_eq(n, 3);
    ck_assert(source_add(c, "t", SLICE(""), &source));
    ck_assert(yaml_parse(c, source, &list, &n));
    ck_assert_uint_eq(n, 3);
    end_compile(c);
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(tcase, test, 0, sizeof(table) / sizeof *(table))

int main(void)
{
    Suite *suite = suite_create("yaml");
    TCase *tcase = tcase_create("yaml");
    tcase_set_timeout(tcase, 30);
    LOOP(places, scalars);
    LOOP(kind, kinds);
    LOOP(as_json, jsons);
    LOOP(refused, bad);
    tcase_add_test(tcase, utf16);
    tcase_add_test(tcase, nesting_is_bounded);
    tcase_add_test(tcase, nesting_by_aliases_is_bounded);
    tcase_add_test(tcase, expansion_is_bounded);
    tcase_add_test(tcase, anchors_are_bounded);
    tcase_add_test(tcase, size_is_bounded);
    tcase_add_test(tcase, many_keys);
    tcase_add_test(tcase, anchor_named_again);
    tcase_add_test(tcase, documents);
    suite_add_tcase(suite, tcase);
    return run_tap(suite);
}
