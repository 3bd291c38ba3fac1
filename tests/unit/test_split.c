/*
 * One input on several threads: whatever is in it, and wherever its blocks begin, the chunks hold what they
 * hold with one thread. Random inputs of every form, damaged, packed, as files, on standard input and through
 * pipes.
 *
 *     test_split [SEED [INPUTS]]
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>

#include "engine/pool.h"
#include "engine/split.h"
#include "packed.h"
#include "recorder.h"

/* ---- reading that fails ------------------------------------------------------------------- */

static atomic_int reads_before =
    -1;                 /* so many of pread's calls are answered, then one fails; -1: none does */
static bool reads_half; /* the last one that is answered gives half of what it is asked for */
static off_t failed_at; /* the offset of the one that fails */

/* The library's is called in its place. */
ssize_t pread(int fd, void *to, size_t n, off_t offset)
{
    int before = reads_before >= 0 ? atomic_fetch_sub(&reads_before, 1) : -1;
    if (before == 0) {
        failed_at = offset;
        errno = EIO;
        return -1;
    }
    return syscall(SYS_pread64, fd, to, reads_half && before == 1 ? n / 2 : n, offset);
}

/* ---- what the pool tells ------------------------------------------------------------------ */

struct told {
    struct trail_text text;
    uint64_t records, rejected, bytes, problems;
    int64_t newest, oldest;
    bool damaged, ended;
    size_t stop_after; /* chunks; 0: never */
    size_t chunks;
    size_t cut_after; /* chunks, then the input becomes as short as `cut_to`; 0: never */
    off_t cut_to;
};

static void tell(struct told *to, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    trail_text_add(&to->text, text, (size_t)n);
}

static void tell_text(struct told *to, const struct chunk *c, struct part part)
{
    struct trail_slice s = chunk_text(c, part);
    trail_text_add(&to->text, " ", 1);
    trail_text_add(&to->text, s.p, s.n);
}

static void tell_entry(struct told *to, const struct chunk *c, const struct entry *e)
{
    tell(to, "%d %" PRId64 " %" PRId64, (int)e->kind, e->newest, e->oldest);
    if (e->kind == ENTRY_EVENT) {
        tell(to, " %" PRIu64 " %" PRIu64 " %" PRId64 " %d %" PRIx64, e->source.record, e->source.offset,
             e->time, e->future, e->hash[0]);
        tell_text(to, c, e->event_id);
        for (size_t i = e->first_hit; i < e->first_hit + e->n_hits; i++) {
            tell(to, " %zu", c->found[i].alert);
            tell_text(to, c, c->found[i].group);
            tell_text(to, c, c->found[i].breakdown);
            tell_text(to, c, c->found[i].fields);
        }
    }
    tell_text(to, c, e->text);
    tell(to, "\n");
}

static bool take(void *user, size_t input, const struct chunk *c)
{
    struct told *to = user;
    if (to->ended || input != 0)
        ck_abort_msg("a chunk behind the last one");
    for (size_t i = 0; i < c->n_entries; i++)
        tell_entry(to, c, &c->entries[i]);
    to->records += c->records;
    to->rejected += c->rejected;
    to->bytes += c->inflated;
    to->problems += c->problems;
    to->newest = c->newest;
    to->oldest = c->oldest;
    to->damaged |= c->damaged;
    to->ended = c->end;
    to->chunks++;
    if (to->chunks == to->cut_after)
        ck_assert_int_eq(truncate("input", to->cut_to), 0);
    return to->chunks != to->stop_after;
}

/* Runs the pool over one input. */
static struct told run_as(struct told told, const char *path, unsigned threads, size_t block)
{
    static const struct trail_input_labels labels = {.application = {"prod-trail", 10}};
    struct pool_input input = {.path = path, .labels = &labels};
    struct pool_config config = {.worker = {.pack = &fixture_pack,
                                            .now = (T0 + 100000) * 1000,
                                            .render = true,
                                            .keep_events = true,
                                            .each_hit = true},
                                 .n_inputs = 1,
                                 .inputs = &input,
                                 .threads = threads,
                                 .block = block,
                                 .take = take,
                                 .user = &told};
    ck_assert_int_eq(pool_run(&config), TRAIL_OK);
    tell(&told, "= %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRId64 " %" PRId64 " %d %d",
         told.records, told.rejected, told.bytes, told.problems, told.newest, told.oldest, told.damaged,
         told.ended);
    trail_text_add(&told.text, "", 1);
    return told;
}

static struct told run(const char *path, unsigned threads, size_t block, size_t stop_after)
{
    return run_as((struct told){.stop_after = stop_after}, path, threads, block);
}

static void assert_told(const struct told *expected, const struct told *got, const char *what)
{
    const char *a = expected->text.p, *b = got->text.p;
    size_t same = 0;
    if (strcmp(a, b) == 0)
        return;
    while (a[same] == b[same])
        same++;
    while (same > 0 && a[same - 1] != '\n')
        same--;
    ck_abort_msg("%s: one thread tells\n%.600s\nand several\n%.600s", what, a + same, b + same);
}

/* ---- standard input ----------------------------------------------------------------------- */

/* Standard input brings the file's bytes through a pipe, in pieces. */
struct writer {
    const char *path;
    uint64_t random;
    int fd;
    pthread_t thread;
};

static void *write_pieces(void *user)
{
    struct writer *w = user;
    char piece[5000];
    int from = open(w->path, O_RDONLY);
    for (;;) {
        ssize_t n = read(from, piece, next_random(&w->random) % sizeof piece + 1);
        if (n <= 0 || write(w->fd, piece, (size_t)n) != n)
            break;
    }
    close(from);
    close(w->fd);
    return NULL;
}

enum source { AS_FILE, AS_STDIN, AS_PIPE };

static struct told run_from(enum source source, const char *path, unsigned threads, size_t block,
                            uint64_t random)
{
    if (source == AS_FILE)
        return run(path, threads, block, 0);
    struct writer w = {.path = path, .random = random};
    int ends[2] = {-1, -1}, stdin_was = dup(STDIN_FILENO);
    if (source == AS_PIPE) {
        ck_assert_int_eq(pipe(ends), 0);
        w.fd = ends[1];
        ck_assert_int_eq(pthread_create(&w.thread, NULL, write_pieces, &w), 0);
    } else {
        ends[0] = open(path, O_RDONLY);
    }
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    struct told told = run("-", threads, block, 0);
    if (source == AS_PIPE)
        pthread_join(w.thread, NULL);
    dup2(stdin_was, STDIN_FILENO);
    close(stdin_was);
    return told;
}

/* ---- random inputs ------------------------------------------------------------------------ */

static uint64_t random_state;

static unsigned below(unsigned n)
{
    return (unsigned)(next_random(&random_state) % n);
}

static unsigned records; /* written to the input so far */

/* What stands between a record's members. */
static void write_record(const char *gap)
{
    static const char *const names[] = {"AddUserToGroup", "ConsoleLogin", "ListUsers", "DeleteTrail"};
    unsigned shape = below(12);
    line("{%s", gap);
    if (shape == 0)
        line("\"first\":[{\"eventVersion\":\"1\"},{}],%s", gap);
    else if (shape < 9)
        line("\"eventVersion\":\"1.08\",%s", gap);
    line("\"eventTime\":\"%" PRId64 "\",%s\"eventName\":\"%s\",%s\"eventID\":\"e%u\"",
         T0 + (int64_t)records * 7 % 5000 - below(100), gap, names[below(4)], gap, records);
    if (below(3) == 0)
        line(",%s\"userIdentity\": {%s\"userName\":\"u%u\"}", gap, gap, below(5));
    if (below(8) == 0)
        line(",\"requestParameters\":{\"a\":[{\"eventVersion\":\"2\"},\n{\"eventVersion\":\"3\"}\n]}");
    if (below(10) == 0)
        line(",%s\"long\":\"%0*d\"", gap, (int)below(900) + 1, 0);
    line("%s}", below(2) ? gap : "");
    records++;
}

static void write_records(unsigned n, const char *gap, const char *between)
{
    for (unsigned i = 0; i < n; i++) {
        line("%s", i > 0 ? between : "");
        write_record(gap);
    }
}

/* Text in text: the record that is about to be written, quoted. */
static void write_texts(unsigned n, const char *before, const char *between)
{
    for (unsigned i = 0; i < n; i++) {
        line("%s%s", i > 0 ? between : "", before);
        size_t from = file_text.n;
        write_record("");
        struct trail_text copy = {0};
        trail_text_add(&copy, file_text.p + from, file_text.n - from);
        file_text.n = from;
        trail_json_quote(&file_text, (struct trail_slice){copy.p, copy.n});
        trail_text_free(&copy);
        line("}");
    }
}

static void write_form(void)
{
    unsigned n = below(4) == 0 ? 0 : below(60);
    switch (below(12)) {
    case 0:
    case 1:
    case 2: write_records(n, "", "\n"); break;
    case 3: write_records(n, "", "\r\n"); break;
    case 4: write_records(n, "\n  ", "\n"); break;
    case 5: write_records(n, "", below(2) ? "" : " \n\n "); break;
    case 6:
        line("{\"Records\":[");
        write_records(n, "", ",");
        line("]}");
        break;
    case 7:
        line("{\n  \"Records\": [\n    ");
        write_records(n, "\n      ", ",\n    ");
        line("\n  ]\n}");
        break;
    case 8:
        line("[\n");
        write_records(n, "", ",\n");
        line("\n]");
        break;
    case 9:
        line("{\"Events\":[");
        write_texts(n + 1, "{\"EventId\":\"x\",\"CloudTrailEvent\":", ",");
        line("],\"NextToken\":\"y\"}");
        break;
    case 10:
        line("{\"messageType\":\"DATA_MESSAGE\",\"logGroup\":\"g\",\"logEvents\":[");
        write_texts(n, "{\"id\":\"1\",\"timestamp\":2,\"message\":", ",\n");
        line("]}");
        break;
    default:
        for (unsigned i = 0; i < n; i++)
            line("%s\n", below(5) ? "{}" : "not a record {\"eventVersion\":1");
        break;
    }
    line("%s", below(10) == 0 ? "" : below(10) == 0 ? "\xEF\xBB\xBF" : "\n");
}

/* Changes some bytes: anywhere, or around the places where blocks begin. */
static void damage(size_t block)
{
    static const char bytes[] = "\"{}[],:\n\\x\x01";
    for (unsigned i = below(12) + 1; i > 0 && file_text.n > 0; i--) {
        size_t at = next_random(&random_state) % file_text.n;
        if (below(2))
            at = at / block * block + below(8);
        if (at >= file_text.n)
            continue;
        if (below(4))
            file_text.p[at] = bytes[below(sizeof bytes - 1)];
        else
            memmove(file_text.p + at, file_text.p + at + 1, --file_text.n - at);
    }
}

/* Of damaged deflated data ISA-L may give some bytes, in front of where it sees that, which are in no one's
 * hands. */
static bool comparable;

/* The input as one or several members or frames, whole or not. */
static void pack(bool gzip)
{
    struct trail_text plain = file_text;
    file_text = (struct trail_text){0};
    for (size_t at = 0, n; at < plain.n || !file_text.n; at += n) {
        n = below(2) ? plain.n - at : below(3000) + 1;
        n = n < plain.n - at ? n : plain.n - at;
        struct bytes b = gzip ? gzip_of(plain.p + at, n) : zstd_of(plain.p + at, n);
        if (gzip && below(20) == 0)
            ((unsigned char *)b.p)[b.n - 6] ^= 1; /* its checksum */
        trail_text_add(&file_text, (const char *)b.p, b.n);
        free(b.p);
    }
    if (below(5) == 0)
        file_text.n -= below((unsigned)file_text.n);
    if (below(3) == 0 && file_text.n > 0) {
        file_text.p[below((unsigned)file_text.n)] ^= (char)(1 << below(8));
        comparable = !gzip;
    }
    trail_text_free(&plain);
}

static void write_input(size_t block)
{
    records = 0;
    comparable = true;
    line("%s", below(8) == 0 ? "\xEF\xBB\xBF" : "");
    for (unsigned i = below(4) + 1; i > 0; i--)
        write_form();
    if (below(8) == 0 && file_text.n > 0)
        file_text.n -= below((unsigned)file_text.n);
    if (below(2))
        damage(block);
    if (below(3) == 0)
        pack(below(3) > 0);
}

static unsigned first_seed = 1, inputs = 1500;

START_TEST(any_input_reads_the_same_on_any_number_of_threads)
{
    static const size_t blocks[] = {64, 100, 257, 1000, 4096, 16384};
    static const unsigned threads[] = {2, 3, 8};
    uint64_t all = 0;
    for (unsigned i = 0; i < inputs; i++) {
        char what[64];
        random_state = first_seed + i;
        size_t block = blocks[below(6)];
        write_input(block);
        write_file("input");
        enum source source = below(3) ? AS_FILE : below(2) ? AS_STDIN : AS_PIPE;
        struct told one = run_from(source, "input", 1, block, i);
        struct told several = run_from(source, "input", threads[below(3)], block, i + 1);
        snprintf(what, sizeof what, "seed %u, source %d, blocks of %zu", first_seed + i, (int)source, block);
        if (comparable)
            assert_told(&one, &several, what);
        all += one.records;
        trail_text_free(&one.text);
        trail_text_free(&several.text);
    }
    printf("# %u inputs from seed %u, %" PRIu64 " records\n", inputs, first_seed, all);
}
END_TEST

/* ---- what chance seldom makes ------------------------------------------------------------- */

static void assert_same_on_threads(size_t block, const char *what)
{
    static const unsigned threads[] = {2, 3, 8};
    struct told one = run("input", 1, 0, 0);
    for (size_t i = 0; i < 3; i++) {
        struct told several = run("input", threads[i], block, 0);
        assert_told(&one, &several, what);
        trail_text_free(&several.text);
    }
    trail_text_free(&one.text);
}

START_TEST(records_longer_than_a_block_and_than_a_record_may_be)
{
    static const int lengths[] = {70000, 1000000, 1048000, 1049000, 3000000};
    random_state = 1;
    for (size_t i = 0; i < 5; i++) {
        records = 0;
        write_records(300, "", "\n");
        line("\n{\"eventName\":\"AddUserToGroup\",\"long\":\"");
        for (int n = 0; n < lengths[i]; n += 1000)
            line("%01000d", 0);
        line("\",\"eventID\":\"long\"}\n");
        write_records(300, "", "\n");
        write_file("input");
        assert_same_on_threads(16384, "a long line");
        assert_same_on_threads(200000, "a long line");
    }
}
END_TEST

START_TEST(more_problems_than_are_told)
{
    for (int i = 0; i < 200; i++)
        line("{\"broken\":}\n{\"eventName\":\"AddUserToGroup\",\"eventTime\":%d}\n", i);
    write_file("input");
    assert_same_on_threads(256, "problems");
    struct told told = run("input", 3, 256, 0);
    ck_assert_uint_eq(told.problems, 200);
    ck_assert_ptr_nonnull(strstr(told.text.p, "input: 180 more problems\n"));
    trail_text_free(&told.text);
}
END_TEST

/* Objects that are wrong, and go on behind the end of the input: what tells that first depends on the pieces.
 */
START_TEST(what_is_wrong_in_front_of_damage_is_told_before_it)
{
    static const char *const wrong[] = {"tru \"y\":[", "{\"a\":\"\\z\",\"b\":[", "01,\"y\":[", "[1 2,"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        random_state = 1;
        records = 0;
        write_records(20, "", "\n");
        line("\n{\"eventVersion\":\"%0300d\",\"x\":%s\n", 0, wrong[i]);
        line("{\"eventVersion\":\"2\"},\n{\"eventVersion\":\"%0300d", 0);
        struct bytes packed = gzip_of(file_text.p, file_text.n);
        file_text.n = 0;
        trail_text_add(&file_text, (const char *)packed.p, packed.n - 10);
        free(packed.p);
        write_file("input");
        assert_same_on_threads(64, wrong[i]);
        assert_same_on_threads(257, wrong[i]);
    }
}
END_TEST

START_TEST(no_bytes_and_no_file)
{
    write_file("input");
    assert_same_on_threads(64, "an empty file");
    struct told one = run_from(AS_STDIN, "input", 1, 64, 1), several = run_from(AS_STDIN, "input", 2, 64, 1);
    assert_told(&one, &several, "empty standard input");
    ck_assert(several.ended);
    trail_text_free(&one.text);
    trail_text_free(&several.text);
    remove("input");
    assert_same_on_threads(64, "no file");
}
END_TEST

static void read_next(struct split *s, struct block *b)
{
    block_clear(b);
    b->guess = (struct trail_stand){.places = {{true, TRAIL_CARRY_RECORD}}, .n_places = 1};
    split_read(s, b);
    if (b->to_fetch)
        split_fetch(b);
}

/* Where a block begins is known before it is read, whatever is at its end: here, an element that hides where the next
 * one begins. */
START_TEST(a_block_behind_small_elements_that_ends_in_a_large_one)
{
    struct worker_config config = {.pack = &fixture_pack, .now = 1};
    line("[");
    for (int i = 0; i < 40; i++)
        line("{\"eventVersion\":\"%0*d\"},", i % 11 < 10 ? 100 : 4000, i);
    line("{}]");
    write_file("input");
    struct stat status;
    ck_assert_int_eq(stat("input", &status), 0);
    struct split *s = split_new(&config, 0, "input", NULL, WORKER_FILE, &status, 4096);
    struct block *b = block_new(4096);
    read_next(s, b);
    for (int i = 1; i < 10 && !b->over; i++) {
        read_next(s, b);
        ck_assert_msg(b->guessed, "block %d at %ju, whose border is %ju", i, (uintmax_t)b->offset,
                      (uintmax_t)b->border);
    }
    block_free(b);
    split_free(s);
}
END_TEST

START_TEST(a_large_input_is_read_in_blocks)
{
    random_state = 1;
    write_records(3000, "", "\n");
    write_file("input");
    struct told told = run("input", 2, 4096, 0);
    ck_assert_uint_eq(told.records, 3000);
    ck_assert_uint_gt(told.chunks, told.bytes / 4096 / 2);
    trail_text_free(&told.text);
}
END_TEST

START_TEST(who_takes_chunks_can_stop)
{
    random_state = 1;
    write_records(3000, "", "\n");
    write_file("input");
    for (size_t after = 1; after < 20; after += 3) {
        struct told told = run("input", 3, 4096, after);
        ck_assert_uint_eq(told.chunks, after);
        ck_assert(!told.ended);
        trail_text_free(&told.text);
    }
}
END_TEST

/* Where something else is told than events, or nothing more. */
static const char *end_of_events(const char *text)
{
    while (*text == '0')
        text = strchr(text, '\n') + 1;
    return text;
}

/* Of the whole input's events the first ones are told, and its end. */
static void assert_begins(const struct told *whole, const struct told *part, const char *what, int number)
{
    const char *a = whole->text.p, *b = part->text.p;
    size_t n = (size_t)(end_of_events(b) - b);
    ck_assert_msg(part->ended, "%s %d: it has not ended", what, number);
    ck_assert_msg(n <= whole->text.n && memcmp(a, b, n) == 0, "%s %d: other events\n%s", what, number, b);
}

/* Records of a line each. */
static void write_lines(void)
{
    for (int i = 0; i < 3000; i++)
        line("{\"eventVersion\":\"1.08\",\"eventTime\":\"%d\",\"eventName\":\"AddUserToGroup\","
             "\"eventID\":\"e%d\",\"long\":\"%0*d\"}\n",
             (int)T0 + i, i, 1 + i * 37 % 500, 0);
}

START_TEST(a_file_that_is_cut_while_it_is_read)
{
    write_lines();
    write_file("input");
    struct told whole = run("input", 1, 4096, 0);
    size_t shorter = 0;
    for (int i = 0; i < 60; i++) {
        write_lines();
        off_t size = (off_t)file_text.n;
        write_file("input");
        struct told told = run_as((struct told){.cut_after = 1 + (size_t)i % 7, .cut_to = size * i / 60},
                                  "input", 2 + (unsigned)i % 3, 1024);
        assert_begins(&whole, &told, "cut", i);
        shorter += told.records < whole.records;
        trail_text_free(&told.text);
    }
    ck_assert_uint_gt(shorter, 30);
    trail_text_free(&whole.text);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_further)
{
    write_lines();
    write_file("input");
    struct told whole = run("input", 1, 4096, 0);
    for (int i = 0; i < 60; i++) {
        reads_before = i;
        struct told told = run("input", 2 + (unsigned)i % 3, 4096, 0);
        ck_assert_msg(reads_before < 0, "fewer than %d reads by place", i);
        reads_before = -1;
        assert_begins(&whole, &told, "fails", i);
        ck_assert_msg(told.damaged && strstr(told.text.p, "cannot be read further"), "%d: lost in silence",
                      i);
        trail_text_free(&told.text);
    }
    trail_text_free(&whole.text);
}
END_TEST

/* What a block had of bytes before the place that cannot be read is framed, as where one thread reads. */
START_TEST(what_could_be_read_is_told)
{
    write_lines();
    write_file("input");
    struct told whole = run("input", 1, 4096, 0);
    for (int i = 1; i < 40; i++) {
        reads_half = true;
        reads_before = i;
        struct told told = run("input", 2, 4096, 0);
        reads_half = false;
        reads_before = -1;
        assert_begins(&whole, &told, "fails behind half a block", i);
        ck_assert_msg(told.damaged, "%d: lost in silence", i);
        ck_assert_msg(told.bytes >= (uint64_t)failed_at, "%d: read up to %jd, told up to %ju", i,
                      (intmax_t)failed_at, (uintmax_t)told.bytes);
        trail_text_free(&told.text);
    }
    trail_text_free(&whole.text);
}
END_TEST

START_TEST(a_pipe_that_says_nothing_does_not_keep_it_from_stopping)
{
    static const char text[] = "{\"eventName\":\"AddUserToGroup\"}\n";
    int ends[2], stdin_was = dup(STDIN_FILENO);
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], text, sizeof text - 1), sizeof text - 1);
    dup2(ends[0], STDIN_FILENO);
    struct told told = run("-", 2, 4096, 1);
    ck_assert_uint_eq(told.records, 1);
    dup2(stdin_was, STDIN_FILENO);
    close(stdin_was);
    close(ends[0]);
    close(ends[1]);
    trail_text_free(&told.text);
}
END_TEST

int main(int argc, char **argv)
{
    first_seed = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : first_seed;
    inputs = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : inputs;
    Suite *s = suite_create("split");
    TCase *t = tcase_create("split");
    tcase_set_timeout(t, 600);
    tcase_add_test(t, any_input_reads_the_same_on_any_number_of_threads);
    tcase_add_test(t, records_longer_than_a_block_and_than_a_record_may_be);
    tcase_add_test(t, more_problems_than_are_told);
    tcase_add_test(t, what_is_wrong_in_front_of_damage_is_told_before_it);
    tcase_add_test(t, no_bytes_and_no_file);
    tcase_add_test(t, a_block_behind_small_elements_that_ends_in_a_large_one);
    tcase_add_test(t, a_large_input_is_read_in_blocks);
    tcase_add_test(t, who_takes_chunks_can_stop);
    tcase_add_test(t, a_file_that_is_cut_while_it_is_read);
    tcase_add_test(t, a_file_that_cannot_be_read_further);
    tcase_add_test(t, what_could_be_read_is_told);
    tcase_add_test(t, a_pipe_that_says_nothing_does_not_keep_it_from_stopping);
    suite_add_tcase(s, t);
    return run_suite(s);
}
