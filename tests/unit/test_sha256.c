/* SHA-256 against the examples of FIPS 180-4 and NIST's CAVS, and around the ends of a block. */
#include "packs.h"

static const struct {
    const char *bytes, *hex;
} vectors[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrs"
     "tnopq"
     "rstu",
     "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {"\xbd", "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"},
    {"\xc9\x8c\x8e\x55", "7abc22c0ae5af26ce93dbb94433a0e0b2e119d014f8e7f65bd56c61ccccd9504"},
};

START_TEST(vector)
{
    struct compile *c = new_compile();
    ck_assert_str_eq(sha256_hex(c, slice_of(vectors[_i].bytes)).p, vectors[_i].hex);
    end_compile(c);
}
END_TEST

/* Lengths at which the padding needs another block. */
static const struct {
    size_t n;
    const char *hex;
} zeros[] = {
    {55, "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7"},
    {56, "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb"},
    {57, "65a16cb7861335d5ace3c60718b5052e44660726da4cd13bb745381b235a1785"},
    {64, "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"},
    {1000, "541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53"},
};

START_TEST(zero_bytes)
{
    static const char buffer[1000];
    struct compile *c = new_compile();
    ck_assert_str_eq(sha256_hex(c, (struct slice){buffer, zeros[_i].n}).p, zeros[_i].hex);
    end_compile(c);
}
END_TEST

START_TEST(million_a)
{
    struct compile *c = new_compile();
    struct buffer b = {.c = c};
    for (int i = 0; i < 1000000; i++)
        buffer_char(&b, 'a');
    ck_assert_str_eq(sha256_hex(c, buffer_slice(&b)).p,
                     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    end_compile(c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sha256");
    TCase *tcase = tcase_create("sha256");
    tcase_add_loop_test(tcase, vector, 0, sizeof vectors / sizeof *vectors);
    tcase_add_loop_test(tcase, zero_bytes, 0, sizeof zeros / sizeof *zeros);
    tcase_add_test(tcase, million_a);
    suite_add_tcase(suite, tcase);
    return run_tap(suite);
}
