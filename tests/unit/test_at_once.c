/*
 * test_at_once.c - gzip files that are inflated at once: which ones are, that they give what they would as a
 * stream, and what memory that takes. (test_read.c reads every damaged file both ways.)
 */
#include <malloc.h>
#include <sys/stat.h>

#include "reading.h"

/* How many bytes of a file the window has first. */
static size_t first_window(struct trail_reader *r, const char *path, size_t most_at_once)
{
    trail_reader_at_once(r, most_at_once);
    ck_assert(trail_reader_open(r, path));
    ck_assert_int_eq(trail_reader_fill(r, 0), TRAIL_READ_MORE);
    return trail_reader_window(r)->n;
}

START_TEST(small_gzip_files_are_inflated_at_once)
{
    struct trail_reader *r = trail_reader_new(1000, 0);
    static const size_t sizes[] = {300, 900, 1001, 100000, 3000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char path[32];
        struct bytes text = sample(sizes[i]), packed = gzip_of(text.p, text.n);
        size_t all = text.n + packed.n;
        write_temporary(path, packed.p, packed.n);
        ck_assert_uint_eq(first_window(r, path, all), text.n);
        ck_assert(trail_reader_is_at_once(path, packed.n, all));
        ck_assert(!trail_reader_is_at_once(path, packed.n, all - 1));
        ck_assert_uint_le(first_window(r, path, all - 1), 2000);
        struct result result = from_path(r, path, all);
        assert_gives("at once", &result, text, NULL);
        ck_assert_uint_eq(trail_reader_stored(r), packed.n);
        result_free(&result);
        result = from_path(r, path, all - 1);
        assert_gives("as a stream", &result, text, NULL);
        result_free(&result);
        unlink(path);
        ck_assert(!trail_reader_is_at_once(path, packed.n, all));
        write_temporary(path, text.p, text.n);
        ck_assert(!trail_reader_is_at_once(path, text.n, SIZE_MAX));
        unlink(path);
        free(packed.p);
        free(text.p);
    }
    trail_reader_free(r);
}
END_TEST

/* A file that claims to be of another size, whatever the truth. */
START_TEST(claims_may_be_wrong)
{
    struct bytes text = sample(5000);
    static const size_t claims[] = {0, 1, 4999, 5001, 1 << 20, UINT32_MAX};
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        struct bytes packed = gzip_of(text.p, text.n);
        for (int k = 0; k < 4; k++)
            packed.p[packed.n - 4 + (size_t)k] = (unsigned char)(claims[i] >> 8 * k);
        assert_reads("a wrong length", packed, text, "a wrong checksum or length");
    }
    free(text.p);
}
END_TEST

START_TEST(members_behind_the_first_are_read)
{
    struct bytes text = sample(9000);
    static const size_t cuts[] = {1, 10, 4500, 8990, 8999};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        size_t cut = cuts[i];
        assert_reads("two members", joined(gzip_of(text.p, cut), gzip_of(text.p + cut, text.n - cut)), text,
                     NULL);
        struct bytes zeros = {calloc(1, 100), 100};
        assert_reads("and zeros",
                     joined(joined(gzip_of(text.p, cut), gzip_of(text.p + cut, text.n - cut)), zeros), text,
                     NULL);
    }
    free(text.p);
}
END_TEST

/* A file that had one member when it was opened, and from which the first `skip` bytes are left out. */
static void assert_skips_at_once(size_t grows, uint64_t skip)
{
    struct trail_reader *r = trail_reader_new(0, 0);
    struct bytes text = sample(200000 + grows), first = gzip_of(text.p, 200000);
    struct bytes second = gzip_of(text.p + 200000, grows);
    struct result result = {0};
    struct stat status;
    unlink("listed");
    append_to("listed", (const char *)first.p, first.n);
    trail_reader_at_once(r, (size_t)1 << 20);
    ck_assert(trail_reader_open_file(r, "listed", &status));
    if (grows)
        append_to("listed", (const char *)second.p, second.n);
    trail_reader_skip(r, skip);
    const struct trail_window *w = trail_reader_window(r);
    ck_assert_uint_eq(w->offset, skip);
    result.room = text.n + 1;
    result.bytes.p = calloc(1, result.room);
    memcpy(result.bytes.p, text.p, skip);
    memcpy(result.bytes.p + skip, w->p, w->n);
    result.bytes.n = skip + w->n;
    ck_assert_int_eq(drain(r, &result), TRAIL_READ_END);
    assert_gives("skipped", &result, text, NULL);
    result_free(&result);
    free(first.p);
    free(second.p);
    free(text.p);
    trail_reader_free(r);
    unlink("listed");
}

START_TEST(what_is_inflated_at_once_may_be_skipped)
{
    static const uint64_t skips[] = {0, 1, 100000, 199999, 200000};
    for (size_t i = 0; i < sizeof skips / sizeof *skips; i++) {
        assert_skips_at_once(0, skips[i]);
        assert_skips_at_once(300, skips[i]);
        assert_skips_at_once(300000, skips[i]);
    }
}
END_TEST

/* Reads a file of `random` bytes that no one can pack and `same` that pack to nearly none; it may say that
 * its length is 0. */
static void read_once(struct trail_reader *r, size_t random, size_t same, size_t most, bool lies)
{
    struct bytes text = {calloc(1, random + same), random + same};
    for (size_t i = 0; i < random; i++)
        text.p[i] = (unsigned char)(rand() >> 8);
    struct bytes packed = gzip_of(text.p, text.n);
    struct result result;
    char path[32];
    if (lies)
        memset(packed.p + packed.n - 4, 0, 4);
    write_temporary(path, packed.p, packed.n);
    result = from_path(r, path, most);
    ck_assert_uint_eq(result.bytes.n, text.n);
    ck_assert_uint_eq(result.problems, lies);
    result_free(&result);
    unlink(path);
    free(packed.p);
    free(text.p);
}

static size_t in_use(void)
{
    struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
}

/* What each of the files needs is not kept beside what the others did. (A sanitizer's memory is not
 * counted.) */
START_TEST(memory_for_files_at_once_is_bounded)
{
    const size_t most = (size_t)4 << 20;
    static const struct {
        size_t random, same;
        bool lies;
    } files[] = {{0, 3900000, false},
                 {3900000, 0, true},
                 {1900000, 2000000, false},
                 {0, 3900000, false},
                 {10, 3000, false}};
    size_t before = in_use();
    struct trail_reader *r = trail_reader_new(1000, 8000);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        read_once(r, files[i].random, files[i].same, most, files[i].lies);
        size_t now = in_use();
        ck_assert_msg(now < before + most + (512 << 10), "after file %zu: %zu bytes", i, now - before);
    }
    trail_reader_free(r);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("at_once");
    TCase *t = tcase_create("at_once");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, small_gzip_files_are_inflated_at_once);
    tcase_add_test(t, claims_may_be_wrong);
    tcase_add_test(t, members_behind_the_first_are_read);
    tcase_add_test(t, what_is_inflated_at_once_may_be_skipped);
    tcase_add_test(t, memory_for_files_at_once_is_bounded);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
