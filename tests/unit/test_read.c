/*
 * test_read.c - one input's bytes, inflated: forms, pieces, damage.
 */
#include <sys/stat.h>

#include "read/folder.h"
#include "reading.h"

START_TEST(forms_are_told_apart)
{
    struct bytes text = sample(5000);
    assert_reads("plain", bytes_of(text.p, text.n), text, NULL);
    assert_reads("gzip", gzip_of(text.p, text.n), text, NULL);
    assert_reads("gzip members", pieces_of(gzip_of, text.p, text.n, 17), text, NULL);
    assert_reads("zstd", zstd_of(text.p, text.n), text, NULL);
    assert_reads("zstd frames", pieces_of(zstd_of, text.p, text.n, 17), text, NULL);
    free(text.p);
}
END_TEST

START_TEST(large_inputs_pass)
{
    struct bytes text = sample(700000);
    assert_reads("plain", bytes_of(text.p, text.n), text, NULL);
    assert_reads("gzip", pieces_of(gzip_of, text.p, text.n, 2), text, NULL);
    assert_reads("zstd", pieces_of(zstd_of, text.p, text.n, 2), text, NULL);
    free(text.p);
}
END_TEST

START_TEST(empty_inputs_are_inputs)
{
    struct bytes none = bytes_of("", 0);
    assert_reads("empty", bytes_of("", 0), none, NULL);
    assert_reads("empty gzip", gzip_of("", 0), none, NULL);
    assert_reads("empty zstd", zstd_of("", 0), none, NULL);
    assert_reads("empty members", pieces_of(gzip_of, "", 0, 5), none, NULL);
    free(none.p);
}
END_TEST

START_TEST(beginnings_of_magic_are_plain)
{
    static const char *const texts[] = {"\x1F",          "\x1Fx", "\x28", "\x28\xB5", "\x28\xB5\x2F",
                                        "\x28\xB5\x2Fx", "\x50",  "P*M",  "Px",       "\x50\x2A\x4Dx"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct bytes text = bytes_of(texts[i], strlen(texts[i]));
        assert_reads(texts[i], bytes_of(text.p, text.n), text, NULL);
        free(text.p);
    }
}
END_TEST

START_TEST(zeros_behind_gzip_are_padding)
{
    struct bytes text = sample(900), zeros = bytes_of((char[700]){0}, 700);
    assert_reads("padded", joined(gzip_of(text.p, text.n), zeros), text, NULL);
    free(text.p);
}
END_TEST

START_TEST(garbage_behind_is_told)
{
    struct bytes text = sample(900);
    assert_reads("gzip + x", joined(gzip_of(text.p, 900), bytes_of("x", 1)), text,
                 "no gzip member behind the last");
    assert_reads("gzip + text", joined(gzip_of(text.p, 900), bytes_of("{\"a\":1}", 7)), text,
                 "no gzip member");
    assert_reads("gzip + 1f", joined(gzip_of(text.p, 900), bytes_of("\x1Fgarbage behind", 15)), text,
                 "no gzip member");
    assert_reads("zstd + text", joined(zstd_of(text.p, 900), bytes_of("{\"a\":1}", 7)), text,
                 "no zstd frame behind");
    free(text.p);
}
END_TEST

START_TEST(skippable_frames_are_skipped)
{
    struct bytes text = sample(900), skip = bytes_of("\x53\x2A\x4D\x18\x03\0\0\0abc", 11);
    assert_reads("skippable first", joined(bytes_of(skip.p, skip.n), zstd_of(text.p, text.n)), text, NULL);
    assert_reads("skippable last", joined(zstd_of(text.p, text.n), skip), text, NULL);
    free(text.p);
}
END_TEST

/* A member with all that a header can hold; `fault` changes the byte of that offset in the header. */
static struct bytes rich_member(struct bytes text, size_t fault)
{
    static const char rich[] = "\x1F\x8B\x08\x1E\x01\x02\x03\x04\x00\x03\x05\x00"
                               "extra"
                               "a name.json\0"
                               "a comment";
    struct bytes plain = gzip_of(text.p, text.n), header = bytes_of(rich, sizeof rich);
    uint32_t crc = crc32_gzip_refl(0, header.p, header.n);
    unsigned char sum[2] = {(unsigned char)crc, (unsigned char)(crc >> 8)};
    header = joined(header, bytes_of(sum, 2));
    if (fault)
        header.p[fault] ^= 1;
    struct bytes body = bytes_of(plain.p + 10, plain.n - 10);
    free(plain.p);
    return joined(header, body);
}

START_TEST(gzip_headers_may_be_rich)
{
    struct bytes text = sample(900), none = bytes_of("", 0);
    assert_reads("rich header", rich_member(text, 0), text, NULL);
    assert_reads("rich header with a fault", rich_member(text, 5), none, "checksum in a gzip header");
    free(text.p);
    free(none.p);
}
END_TEST

START_TEST(other_methods_are_told)
{
    struct bytes none = bytes_of("", 0), member = gzip_of("abc", 3);
    member.p[2] = 7;
    assert_reads("method 7", member, none, "not deflated");
    free(none.p);
}
END_TEST

START_TEST(wrong_checksum_is_told_and_passed)
{
    struct bytes text = sample(3000);
    for (size_t back = 1; back <= 8; back++) { /* each byte of checksum and length */
        struct bytes first = gzip_of(text.p, 1000), second = gzip_of(text.p + 1000, 2000);
        first.p[first.n - back] ^= 0x10;
        assert_reads("wrong checksum", joined(first, second), text, "checksum or length");
    }
    free(text.p);
}
END_TEST

START_TEST(place_of_damage_is_told)
{
    struct bytes text = sample(3000), input = gzip_of(text.p, text.n);
    struct trail_reader *r = trail_reader_new(0, 0);
    input.n -= 9;
    struct result result = pushed(r, input, 100);
    char want[100];
    snprintf(want, sizeof want, "truncated gzip data, at byte %zu of the compressed input", input.n);
    ck_assert_str_eq(result.first, want);
    ck_assert_uint_eq(result.offset, result.bytes.n);
    result_free(&result);
    trail_reader_free(r);
    free(input.p);
    free(text.p);
}
END_TEST

static void assert_prefix(const struct result *result, struct bytes text, size_t cut)
{
    ck_assert_msg(result->bytes.n <= text.n &&
                      (!result->bytes.n || memcmp(result->bytes.p, text.p, result->bytes.n) == 0),
                  "cut at %zu", cut);
}

/* Cuts the input at each byte: that is told, unless it is where a member ends. */
static void assert_truncation_told(struct bytes input, struct bytes text, const size_t *ends, size_t n_ends)
{
    struct trail_reader *r = trail_reader_new(64, 0);
    for (size_t cut = 6; cut < input.n; cut++) {
        bool whole = false;
        for (size_t i = 0; i < n_ends; i++)
            whole = whole || cut == ends[i];
        static const size_t sizes[] = {1, 0, SIZE_MAX};
        for (size_t s = 0; s < 3; s++) {
            struct result result = pushed(r, (struct bytes){input.p, cut}, sizes[s]);
            assert_prefix(&result, text, cut);
            ck_assert_msg(result.problems == (whole ? 0 : 1), "cut at %zu: %zu problems", cut,
                          result.problems);
            if (!whole)
                ck_assert_msg(strstr(result.first, "truncated") != NULL, "cut at %zu: %s", cut, result.first);
            result_free(&result);
        }
        struct result result = from_file(r, (struct bytes){input.p, cut});
        assert_prefix(&result, text, cut);
        ck_assert_uint_eq(result.problems, whole ? 0 : 1);
        result_free(&result);
    }
    trail_reader_free(r);
    free(input.p);
}

START_TEST(every_truncation_of_gzip_is_told)
{
    struct bytes text = sample(1500), first = gzip_of(text.p, 700), second = gzip_of(text.p + 700, 800);
    size_t end = first.n;
    assert_truncation_told(joined(first, second), text, &end, 1);
    assert_truncation_told(rich_member(text, 0), text, NULL, 0);
    free(text.p);
}
END_TEST

START_TEST(every_truncation_of_zstd_is_told)
{
    struct bytes text = sample(1500), first = zstd_of(text.p, 700), second = zstd_of(text.p + 700, 800);
    size_t end = first.n;
    assert_truncation_told(joined(first, second), text, &end, 1);
    free(text.p);
}
END_TEST

/* Changes each byte: either nothing else comes out, or it is told. */
static void assert_changes_told(struct bytes input, struct bytes text, size_t magic)
{
    struct trail_reader *r = trail_reader_new(256, 0);
    for (size_t i = magic; i < input.n; i++) {
        for (int bit = 0; bit < 8; bit++) {
            input.p[i] ^= (unsigned char)(1 << bit);
            struct result result = pushed(r, input, bit % 2 ? SIZE_MAX : 5);
            bool same = result.bytes.n == text.n && memcmp(result.bytes.p, text.p, text.n) == 0;
            ck_assert_msg(same || result.problems, "byte %zu, bit %d", i, bit);
            result_free(&result);
            result = from_file(r, input);
            same = result.bytes.n == text.n && memcmp(result.bytes.p, text.p, text.n) == 0;
            ck_assert_msg(same || result.problems, "byte %zu, bit %d, of a file", i, bit);
            result_free(&result);
            input.p[i] ^= (unsigned char)(1 << bit);
        }
    }
    trail_reader_free(r);
    free(input.p);
}

START_TEST(every_change_of_a_bit_is_told)
{
    struct bytes text = sample(700);
    assert_changes_told(joined(gzip_of(text.p, 300), gzip_of(text.p + 300, 400)), text, 2);
    assert_changes_told(zstd_of(text.p, text.n), text, 4);
    free(text.p);
}
END_TEST

/* How much comes out in front of damage does not depend on the room for it. Of damaged deflated data the last
 * bytes may be anything. */
START_TEST(room_changes_nothing_in_front_of_damage)
{
    struct trail_reader *wide = trail_reader_new(0, 0), *narrow = trail_reader_new(100, 100);
    struct bytes text = sample(1000000);
    for (int form = 0; form < 2; form++) {
        struct bytes packed = form ? zstd_of(text.p, text.n) : gzip_of(text.p, text.n);
        uint64_t random = 1;
        size_t some = 0;
        for (int i = 0; i < 60; i++) {
            size_t at = next_random(&random) % packed.n;
            packed.p[at] ^= (unsigned char)(1 << i % 8);
            struct result a = from_file(wide, packed), b = from_file(narrow, packed);
            ck_assert_uint_eq(a.bytes.n, b.bytes.n);
            ck_assert_str_eq(a.first, b.first);
            if (form)
                ck_assert(!a.bytes.n || memcmp(a.bytes.p, b.bytes.p, a.bytes.n) == 0);
            some += a.bytes.n > 0 && a.bytes.n < text.n;
            result_free(&a);
            result_free(&b);
            packed.p[at] ^= (unsigned char)(1 << i % 8);
        }
        ck_assert_uint_gt(some, 10);
        free(packed.p);
    }
    free(text.p);
    trail_reader_free(wide);
    trail_reader_free(narrow);
}
END_TEST

START_TEST(a_bomb_needs_no_memory)
{
    size_t n = (size_t)64 << 20, seen = 0;
    char *zeros = calloc(1, n);
    ck_assert_ptr_nonnull(zeros);
    struct bytes input = gzip_of(zeros, n);
    struct trail_reader *r = trail_reader_new(1000, 1 << 20);
    trail_reader_open_push(r);
    trail_reader_push(r, (char *)input.p, input.n);
    enum trail_read got;
    while ((got = trail_reader_fill(r, trail_reader_window(r)->n)) == TRAIL_READ_MORE) {
        if (trail_reader_window(r)->n > 1 << 20)
            ck_abort_msg("window of %zu bytes", trail_reader_window(r)->n);
        seen += trail_reader_window(r)->n;
    }
    ck_assert_int_eq(got, TRAIL_READ_WAIT);
    ck_assert_uint_eq(seen, n);
    trail_reader_free(r);
    free(input.p);
    free(zeros);
}
END_TEST

START_TEST(window_keeps_what_is_wanted)
{
    struct bytes text = sample(100000);
    struct trail_reader *r = trail_reader_new(50, 0);
    trail_reader_open_push(r);
    trail_reader_push(r, (char *)text.p, text.n);
    const struct trail_window *w = trail_reader_window(r);
    uint64_t random = 3;
    size_t drop = 0;
    while (trail_reader_fill(r, drop) == TRAIL_READ_MORE) {
        ck_assert_mem_eq(w->p, text.p + w->offset, w->n);
        drop = next_random(&random) % (w->n + 1);
    }
    ck_assert_uint_eq(w->offset + w->n, text.n);
    trail_reader_free(r);
    free(text.p);
}
END_TEST

START_TEST(window_has_a_limit)
{
    struct bytes text = sample(5000);
    struct trail_reader *r = trail_reader_new(10, 1000);
    trail_reader_open_push(r);
    trail_reader_push(r, (char *)text.p, text.n);
    const struct trail_window *w = trail_reader_window(r);
    while (trail_reader_fill(r, 0) == TRAIL_READ_MORE)
        ;
    ck_assert_uint_eq(w->n, 1000);
    ck_assert_int_eq(trail_reader_fill(r, 0), TRAIL_READ_FULL);
    ck_assert_int_eq(trail_reader_fill(r, 10), TRAIL_READ_MORE);
    ck_assert_uint_eq(w->offset, 10);
    trail_reader_free(r);
    free(text.p);
}
END_TEST

START_TEST(single_bytes_cost_no_more_than_bytes)
{
    struct trail_reader *r = trail_reader_new(0, 0);
    trail_reader_open_push(r);
    for (size_t i = 0; i < 2000000; i++) { /* nothing is dropped: a move for each byte would take minutes */
        trail_reader_push(r, "x", 1);
        if (trail_reader_fill(r, i % 2) != TRAIL_READ_MORE || trail_reader_fill(r, 0) != TRAIL_READ_WAIT)
            ck_abort_msg("byte %zu", i);
    }
    ck_assert_uint_eq(trail_reader_bytes(r), 2000000);
    trail_reader_free(r);
}
END_TEST

START_TEST(what_cannot_be_opened_is_told)
{
    struct trail_reader *r = trail_reader_new(0, 0);
    ck_assert(!trail_reader_open(r, "/nowhere/at all"));
    ck_assert_str_eq(trail_reader_problem(r).text, "cannot be opened: No such file or directory");
    ck_assert_int_eq(trail_reader_fill(r, 0), TRAIL_READ_END);
    trail_reader_free(r);
}
END_TEST

START_TEST(what_cannot_be_read_is_told)
{
    struct trail_reader *r = trail_reader_new(0, 0);
    ck_assert(trail_reader_open(r, "/tmp"));
    ck_assert_int_eq(trail_reader_fill(r, 0), TRAIL_READ_DAMAGED);
    ck_assert_str_eq(trail_reader_problem(r).text, "cannot be read further: Is a directory");
    ck_assert_int_eq(trail_reader_fill(r, 0), TRAIL_READ_END);
    trail_reader_free(r);
}
END_TEST

START_TEST(standard_input_is_read)
{
    int ends[2], before = dup(STDIN_FILENO);
    struct result result = {0};
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], "{\"a\":1}\n", 8), 8);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    struct trail_reader *r = trail_reader_new(0, 0);
    ck_assert(trail_reader_open(r, "-"));
    ck_assert_int_eq(drain(r, &result), TRAIL_READ_END);
    ck_assert_uint_eq(result.bytes.n, 8);
    trail_reader_free(r);
    ck_assert_int_ne(fcntl(STDIN_FILENO, F_GETFD), -1); /* not ours to close */
    dup2(before, STDIN_FILENO);
    close(before);
    result_free(&result);
}
END_TEST

/* What is read of a file that grows by so many bytes when it has been opened, and of which the first `skip` are left
 * out. */
static void assert_reads_listed(size_t n, size_t grows, uint64_t skip)
{
    struct trail_reader *r = trail_reader_new(0, 0);
    struct bytes text = sample(n + grows);
    struct result result = {0};
    struct stat status;
    unlink("listed");
    append_to("listed", (const char *)text.p, n);
    ck_assert(trail_reader_open_file(r, "listed", &status));
    ck_assert_uint_eq((size_t)status.st_size, n);
    append_to("listed", (const char *)text.p + n, grows);
    if (skip) {
        trail_reader_skip(r, skip);
        ck_assert_uint_eq(trail_reader_window(r)->offset, skip);
    }
    const struct trail_window *w = trail_reader_window(r);
    size_t got = w->n;
    ck_assert(memcmp(w->p, text.p + skip, got) == 0);
    result.bytes.n = skip + got;
    result.room = text.n + 1;
    result.bytes.p = calloc(1, result.room);
    ck_assert_int_eq(drain(r, &result), TRAIL_READ_END);
    ck_assert_msg(result.bytes.n == text.n, "%zu and %zu bytes, %zu skipped: %zu", n, grows, (size_t)skip,
                  result.bytes.n);
    ck_assert(memcmp(result.bytes.p + skip + got, text.p + skip + got, text.n - skip - got) == 0);
    result_free(&result);
    free(text.p);
    trail_reader_free(r);
}

START_TEST(listed_files_are_read_to_their_end)
{
    static const size_t sizes[] = {0, 1, 100, 4096, 131071, 131072, 131073, 262144, 1000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        assert_reads_listed(sizes[i], 0, 0);
        assert_reads_listed(sizes[i], 77, 0);
        assert_reads_listed(sizes[i], 300000, 0);
        if (sizes[i] > 1)
            assert_reads_listed(sizes[i], 0, sizes[i] / 2);
        if (sizes[i] > 1)
            assert_reads_listed(sizes[i], 50, sizes[i] - 1);
    }
    unlink("listed");
}
END_TEST

START_TEST(what_is_no_file_any_more_is_not_waited_for)
{
    struct trail_reader *r = trail_reader_new(0, 0);
    struct stat status;
    ck_assert_int_eq(mkfifo("listed", 0666), 0);
    ck_assert(!trail_reader_open_file(r, "listed", &status));
    ck_assert(!trail_reader_open_file(r, ".", &status));
    ck_assert(!trail_reader_open_file(r, "nowhere/at all", &status));
    unlink("listed");
    trail_reader_free(r);
}
END_TEST

/* The first byte of a file, as the folder finds it; 0: there is none. */
static char first_byte(struct trail_folder *f, const char *path)
{
    struct stat status;
    char c = 0;
    int fd = trail_folder_open(f, path, O_RDONLY | O_CLOEXEC);
    if ((fd >= 0) != (trail_folder_stat(f, path, &status) == 0))
        ck_abort_msg("%s is there and is not", path);
    if (fd >= 0 && read(fd, &c, 1) != 1)
        ck_abort_msg("%s cannot be read", path);
    if (fd >= 0)
        close(fd);
    return c;
}

START_TEST(files_are_found_whatever_the_folder)
{
    static const struct {
        const char *path;
        char first;
    } files[] = {{"d1/a", 'a'},  {"d1/b", 'b'},    {"d1/c", 'c'}, {"d1/d2/a", 'd'},    {"d1/b", 'b'},
                 {"d1/none", 0}, {"d1/d2/a", 'd'}, {"here", 'h'}, {"./here", 'h'},     {"d1//a", 'a'},
                 {"d1/c", 'c'},  {"d1/c", 'c'},    {"d1/c", 'c'}, {"d1/b", 'b'},       {"none/a", 0},
                 {"none/a", 0},  {"none/a", 0},    {"none/a", 0}, {"d1/../d1/b", 'b'}, {"d1/d2/a", 'd'},
                 {"d1/a", 'a'},  {"d1/a", 'a'},    {"d3/a", 'x'}};
    struct trail_folder f = TRAIL_NO_FOLDER;
    mkdir("d1", 0777);
    mkdir("d1/d2", 0777);
    mkdir("d3", 0777);
    append_to("d3/a", "x", 1);
    append_to("d1/a", "a", 1);
    append_to("d1/b", "b", 1);
    append_to("d1/c", "c", 1);
    append_to("d1/d2/a", "d", 1);
    append_to("here", "h", 1);
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < sizeof files / sizeof *files; i++)
            ck_assert_msg(first_byte(&f, files[i].path) == files[i].first, "%s", files[i].path);
    trail_folder_free(&f);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("read");
    TCase *t = tcase_create("forms");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, forms_are_told_apart);
    tcase_add_test(t, large_inputs_pass);
    tcase_add_test(t, empty_inputs_are_inputs);
    tcase_add_test(t, beginnings_of_magic_are_plain);
    tcase_add_test(t, zeros_behind_gzip_are_padding);
    tcase_add_test(t, skippable_frames_are_skipped);
    tcase_add_test(t, gzip_headers_may_be_rich);
    suite_add_tcase(s, t);
    t = tcase_create("damage");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, garbage_behind_is_told);
    tcase_add_test(t, other_methods_are_told);
    tcase_add_test(t, wrong_checksum_is_told_and_passed);
    tcase_add_test(t, place_of_damage_is_told);
    tcase_add_test(t, every_truncation_of_gzip_is_told);
    tcase_add_test(t, every_truncation_of_zstd_is_told);
    tcase_add_test(t, every_change_of_a_bit_is_told);
    tcase_add_test(t, room_changes_nothing_in_front_of_damage);
    suite_add_tcase(s, t);
    t = tcase_create("window");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_bomb_needs_no_memory);
    tcase_add_test(t, window_keeps_what_is_wanted);
    tcase_add_test(t, window_has_a_limit);
    tcase_add_test(t, single_bytes_cost_no_more_than_bytes);
    tcase_add_test(t, what_cannot_be_opened_is_told);
    tcase_add_test(t, what_cannot_be_read_is_told);
    tcase_add_test(t, standard_input_is_read);
    tcase_add_test(t, listed_files_are_read_to_their_end);
    tcase_add_test(t, what_is_no_file_any_more_is_not_waited_for);
    tcase_add_test(t, files_are_found_whatever_the_folder);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
