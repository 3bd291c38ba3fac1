/*
 * random_words.c - the vocabulary that random filters and events share.
 */
#include <stdlib.h>
#include <string.h>

#include "random.h"

/* One of the list, half the time one of its first: few come often, many come at times. */
#define OFTEN_OF(r, list) (random_one_in((r), 2) ? (list)[random_below((r), 8)] : RANDOM_OF((r), (list)))

/* ---- paths ------------------------------------------------------------------------------------ */

static const char *const paths[] = {
    "eventName",
    "n",
    "user.name",
    "a.b",
    "list",
    "user",
    "letters",
    "eventSource",
    "ip",
    "errorCode",
    "user.id",
    "user.tags",
    "a",
    "a.b.c",
    "a.b.d",
    "list.name",
    "list.port",
    "params.items",
    "params.keyword",
    "params.items.name",
    "params.n",
    "ключ",
    "with space",
    "é.ü",
    "x-y",
    "deep.a.b.c.d",
};

/* Two hundred bytes, but for what tells such names apart. */
#define TEN(a)  a a a a a a a a a a
#define LONG(a) TEN(TEN("x")) TEN("long_name") a

const char *const random_hostile_paths[] = {
    "eventName",
    "n",
    "user.name",
    "letters",
    /* one name by letter case and punctuation */
    "User.Name",
    "user-name",
    "user_name",
    "user name",
    "USER_NAME",
    "username",
    "user.",
    /* C's words, and the generated code's own */
    "int",
    "switch.default",
    "any",
    "match",
    "exists.0",
    "0",
    "1abc",
    "_",
    "__LINE__",
    "NULL",
    "main",
    /* ends of comments and literals, splices, trigraphs, escapes, formats */
    "*/",
    "/*x*/",
    "//",
    "?"
    "?/",
    "?"
    "?'?"
    "?(",
    "\\",
    "a\\",
    "a\\0",
    "\\x41",
    "\\\n",
    "a\\\nb",
    "\n#define n 0",
    "#define n",
    "\"",
    "\");}",
    "'",
    "%s%n",
    "{}",
    "\t",
    /* empty keys, and keys with dots in other places */
    ".x",
    "x..y",
    "x.y",
    "x.",
    /* UTF-8: letters, a combining mark, right to left, an unseen one */
    "é",
    "e\xCC\x81",
    "ключ.日本",
    "\xE2\x80\xAEtxt",
    "a\xE2\x80\x8B"
    "b",
    LONG("a"),
    LONG("A"),
    LONG("b.c"),
    NULL,
};
#define N_HOSTILE (sizeof random_hostile_paths / sizeof *random_hostile_paths - 1)

const char *random_path(struct random *r)
{
    if (r->hostile)
        return random_one_in(r, 4) ? OFTEN_OF(r, paths) : random_hostile_paths[random_below(r, N_HOSTILE)];
    return OFTEN_OF(r, paths);
}

size_t random_keys_below(const struct random *r, const char *path, size_t room, struct draft *keys)
{
    size_t n = 0, top = strlen(path), known_paths = r->hostile ? N_HOSTILE : sizeof paths / sizeof *paths;
    for (size_t i = 0; i < known_paths && n < room; i++) {
        const char *key = r->hostile ? random_hostile_paths[i] : paths[i];
        if (top && (strncmp(key, path, top) != 0 || key[top] != '.'))
            continue;
        key += top + (top > 0);
        size_t length = strcspn(key, ".");
        bool known = false;
        for (size_t k = 0; k < n; k++)
            known = known || (keys[k].n == length && memcmp(keys[k].p, key, length) == 0);
        if (!known)
            draft_add(&keys[n++], key, length);
    }
    return n;
}

/* ---- lists ------------------------------------------------------------------------------------ */

/* So many phrases that their rows of bits take more than one word. */
#define PAIRS(a)   a " admin", a " alice", a " user"
#define TRIPLES(a) PAIRS(a " admin"), PAIRS(a " alice"), PAIRS(a " user")

const struct random_list random_lists[RANDOM_LISTS] = {
    {"sentences", {TRIPLES("admin"), TRIPLES("alice"), TRIPLES("user")}},
    {"people", {"alice", "bob", "SuperAdmins", "foo_bar"}},
    {"phrases", {"sg-g666abcd", "assumed-role/Admin", "us-east-1", "héllo x", "admin"}},
    {"numbers", {"5", "22", "1000", "-3", "1.08", "12345678901234567890"}},
    {"networks", {"10.0.0.0/8", "2001:db8::/32", "192.168.1.1"}},
    {"texts", {"true", "\"admin\"", "AccessDenied", "[5]", "5"}},
};

/* ---- values ----------------------------------------------------------------------------------- */

static const char *const pieces[] = {
    "admin",  "Admin",    "alice",   "CreateUser", "user",        "héllo", "us-east-1", "5",          "User",
    "Create", "ADMIN",    "root",    "iam",        "SuperAdmins", "aws",   "arn",       "DeleteUser", "bob",
    "s3",     "x",        "foo_bar", "don't",      "22",          "1.08",  "日本",      "東京",       "ÉCOLE",
    "のり",   "カタカナ", "привет",  "ПРИВЕТ",     "Σίσυφος",     "한국",  "😀",         "👍🏽",   "naïve",
};

static const char *const wholes[] = {
    "arn:aws:iam::aws:policy/AdministratorAccess",
    "arn:aws:iam::123456789012:user/alice",
    "arn:aws:sts::123456789012:assumed-role/Admin/x",
    "sg-g666abcd",
    "s3.amazonaws.com",
    "AccessDenied",
    "admin",
    "2023-07-10T11:42:36Z",
    "iam.amazonaws.com",
    "Client.UnauthorizedOperation",
    "2023-07-10",
    "{\"Effect\":\"Allow\",\"Action\":\"*\"}",
    "aws-cli/2.1 Python/3.8",
    "C:\\Users\\alice",
    "a b  c",
    "/aws/lambda/fn",
    "x=1&y=2|z",
    "(parens) [brackets] {braces}",
    "50% ~off^ @home #tag $1 <b>!",
    "line\nbreak\ttab",
    "user@example.com",
    "*",
    "?",
    "\"",
    "\\",
    "_",
    "__init__",
    "1,234.5",
    "true",
    "false",
    "null",
    "é́",
    "",
    " ",
};

static const char *const separators[] = {"-", " ", "/", ":", ".", "_", ",", "", "::", " - ", "\"", "'"};

static const char *const numbers[] = {
    "5",
    "5.0",
    "22",
    "0",
    "-3",
    "1000",
    "1.08",
    "5e0",
    "-0",
    "0.0",
    "1",
    "0.5e1",
    "50E-1",
    "-3.0",
    "443",
    "1e3",
    "1E+3",
    "0.1",
    "0.10",
    "1.080",
    "99.99",
    "1e400",
    "-1e400",
    "1e-400",
    "12345678901234567890",
    "12345678901234567891",
    "123456789012",
    "10",
    "9",
    "-10",
};

static const char *const not_quite_numbers[] = {"007",  "+5", "5.",  ".5",  " 5",   "5 ",
                                                "0x10", "1e", "5,0", "--5", "1e5e", "٥"};

static const char *const addresses[] = {
    "10.0.0.1", "10.0.0.200",  "10.1.2.3",     "192.168.1.1",          "203.0.113.7",
    "0.0.0.0",  "2001:db8::1", "2001:DB8::FF", "2001:db8:0:0:0:0:0:1", "::ffff:10.0.0.1",
    "::1",      "fe80::1",
};

static const char *const not_quite_addresses[] = {"10.0.0.0/8", "300.1.1.1",        "10.0.0",
                                                  "10.0.0.01",  "2001:db8::1%eth0", "AWS Internal"};

const char *random_piece(struct random *r)
{
    return OFTEN_OF(r, pieces);
}

const char *random_number(struct random *r)
{
    return OFTEN_OF(r, numbers);
}

const char *random_address(struct random *r)
{
    return OFTEN_OF(r, addresses);
}

/* A word longer than any token. */
static void long_word(struct random *r, struct draft *d)
{
    static const char *const units[] = {"a", "a", "é", "ab", "a_", "日", "x."};
    const char *unit = RANDOM_OF(r, units);
    for (unsigned n = 120 + random_below(r, 400); n > 0; n--)
        draft_text(d, unit);
    if (random_one_in(r, 2))
        draft_text(d, "admin");
}

static void broken_bytes(struct random *r, struct draft *d)
{
    static const char *const broken[] = {
        "\xFF", "\x80", "\xC3", "\xE2\x84", "\xED\xA0\x80", "\xC0\xAF", "\xF4\x90\x80\x80"};
    draft_text(d, RANDOM_OF(r, broken));
}

static void pieces_joined(struct random *r, struct draft *d)
{
    draft_text(d, random_piece(r));
    for (unsigned more = random_below(r, 3); more > 0; more--) {
        draft_text(d, RANDOM_OF(r, separators));
        draft_text(d, random_piece(r));
    }
}

void random_string(struct random *r, struct draft *d)
{
    unsigned dice = random_below(r, 64);
    if (dice < 16)
        draft_text(d, OFTEN_OF(r, wholes));
    else if (dice < 20)
        draft_text(d, random_number(r));
    else if (dice < 24)
        draft_text(d, random_address(r));
    else if (dice < 26)
        draft_text(d, RANDOM_OF(r, not_quite_numbers));
    else if (dice < 28)
        draft_text(d, RANDOM_OF(r, not_quite_addresses));
    else if (dice == 28)
        long_word(r, d);
    else
        pieces_joined(r, d);
    if (random_one_in(r, 60)) {
        broken_bytes(r, d);
        if (random_one_in(r, 2))
            draft_text(d, random_piece(r));
    }
}
