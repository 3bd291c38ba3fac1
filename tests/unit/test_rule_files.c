/* Packs in directories, lists in files, and that nothing in a rule file brings the loader down. */
#include <sys/stat.h>
#include <unistd.h>

#include "packs.h"

static char directory[64];

static void make_directory(void)
{
    snprintf(directory, sizeof directory, "/tmp/trailc-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
}

static void remove_directory(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    ck_assert_int_eq(system(command), 0);
}

static const char *path_of(struct compile *c, const char *name)
{
    return diag_format(c, "%s/%s", directory, name).p;
}

static void write_file(struct compile *c, const char *name, const char *text)
{
    FILE *f = fopen(path_of(c, name), "wb");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

START_TEST(byte_order_of_names)
{
    struct compile *c = new_compile();
    write_file(c, "b.yaml", "alert: b\nfilter: x\n");
    write_file(c, "B.yml", "alert: B\nfilter: x\nid: bb\n");
    write_file(c, "a2.json", "{\"alert\":\"a2\",\"filter\":\"x\"}");
    write_file(c, "a10.yaml", "alert: a10\nfilter: x\n---\nalert: z\nfilter: x\n");
    write_file(c, "pack.yaml", "pack: the pack\n");
    write_file(c, ".hidden.yaml", "alert: hidden\nfilter: x\n");
    write_file(c, "notes.txt", "alert: [\n");
    write_file(c, ".yaml", "alert: [\n");
    mkdir(path_of(c, "sub.yaml"), 0700);
    mkdir(path_of(c, "sub"), 0700);
    write_file(c, "sub/c.yaml", "alert: deeper\nfilter: x\n");
    ck_assert_msg(pack_load(c, directory), "%s", said(c));
    static const char *const order[] = {"B", "a10", "z", "a2", "b"};
    ck_assert_uint_eq(c->pack.n_alerts, 5);
    for (size_t i = 0; i < 5; i++)
        ck_assert_str_eq(c->pack.alerts[i].name.p, order[i]);
    ck_assert_str_eq(c->pack.name.p, "the pack");
    ck_assert_str_eq(c->sources[0].name, path_of(c, "B.yml"));
    end_compile(c);
}
END_TEST

START_TEST(names_of_packs)
{
    struct compile *c = new_compile();
    write_file(c, "my.rules.yaml", "alert: a\nfilter: x\n");
    ck_assert(pack_load(c, directory));
    ck_assert_str_eq(c->pack.name.p, strrchr(directory, '/') + 1);
    ck_assert(pack_load(c, diag_format(c, "%s/", directory).p));
    ck_assert_str_eq(c->pack.name.p, strrchr(directory, '/') + 1);
    ck_assert_str_eq(c->sources[1].name, path_of(c, "my.rules.yaml"));
    ck_assert(pack_load(c, path_of(c, "my.rules.yaml")));
    ck_assert_str_eq(c->pack.name.p, "my.rules");
    end_compile(c);
}
END_TEST

START_TEST(nothing_to_read)
{
    struct compile *c = new_compile();
    ck_assert(!pack_load(c, directory));
    ck_assert_str_eq(said(c), "E001");
    ck_assert_ptr_nonnull(strstr(c->diags[0].message.p, "has no rules"));
    end_compile(c);
    c = new_compile();
    ck_assert(!pack_load(c, path_of(c, "nowhere.yaml")));
    ck_assert_str_eq(said(c), "E001");
    ck_assert_ptr_nonnull(strstr(c->diags[0].message.p, "nowhere.yaml: No such file"));
    end_compile(c);
}
END_TEST

/* One broken file does not keep the others from being read. */
START_TEST(all_files_are_read)
{
    struct compile *c = new_compile();
    write_file(c, "a.yaml", "alert: a\nfilter: x\nnope: 1\n");
    write_file(c, "b.yaml", "alert: [\n");
    write_file(c, "c.yaml", "alert: \xFF\n");
    write_file(c, "d.yaml", "alert: d\nfilter: x\npriority: 1\n");
    symlink("nowhere", path_of(c, "e.yaml"));
    ck_assert(!pack_load(c, directory));
    ck_assert_str_eq(said(c), "E002 3:1; E001 1:8; E001 1:8; E004 3:11 write P1; E001");
    end_compile(c);
}
END_TEST

START_TEST(list_in_a_file)
{
    struct compile *c = new_compile();
    mkdir(path_of(c, "lists"), 0700);
    write_file(
        c, "lists/bad.txt",
        "\xEF\xBB\xBF# bad\n10.0.0.1\n  10.0.0.2 \t# office\r\n\n#\n\xC3\xA9ve#1\n  # indented\nlast line");
    write_file(c, "pack.yaml", "lists: {bad: {file: lists/bad.txt}}\n---\nalert: a\nfilter: ip:@bad\n");
    ck_assert_msg(pack_load(c, directory), "%s", said(c));
    struct list *list = &c->pack.lists[0];
    static const char *const values[] = {"10.0.0.1", "10.0.0.2", "\xC3\xA9ve#1", "last line"};
    ck_assert_uint_eq(list->n, 4);
    for (size_t i = 0; i < 4; i++) {
        ck_assert(slice_eq(list->values[i].s, slice_of(values[i])));
        struct loc loc = text_loc(&list->values[i], 0, list->values[i].s.n);
        ck_assert(memcmp(c->sources[loc.source].text.p + loc.at, values[i], loc.n) == 0);
        ck_assert_str_eq(c->sources[loc.source].name, path_of(c, "lists/bad.txt"));
    }
    end_compile(c);
}
END_TEST

static const struct {
    const char *text, *said;
} list_files[] = {
    {"", "E004 1:9"},
    {"# only\n\n  \n", "E004 1:9"},
    {"a\nb\x01\n", "E001 2:2"},
    {"a\n\xE9t\xE9\n", "E001 2:1"},
    {"a\nb\n", ""},
};

START_TEST(list_file_says)
{
    struct compile *c = new_compile();
    write_file(c, "l.txt", list_files[_i].text);
    write_file(c, "p.yaml", "lists: {a: {file: l.txt}}\n---\nalert: a\nfilter: x\n");
    pack_load(c, path_of(c, "p.yaml"));
    ck_assert_msg(strcmp(said(c), list_files[_i].said) == 0, "%s: %s", list_files[_i].text, said(c));
    end_compile(c);
}
END_TEST

START_TEST(list_file_is_a_file)
{
    struct compile *c = new_compile();
    mkdir(path_of(c, "d"), 0700);
    ck_assert_int_eq(mkfifo(path_of(c, "fifo"), 0600), 0);
    write_file(c, "p.yaml", "lists: {a: {file: d}, b: {file: fifo}}\n---\nalert: a\nfilter: x\n");
    pack_load(c, path_of(c, "p.yaml"));
    ck_assert_str_eq(said(c), "E004 1:19; E004 1:33");
    end_compile(c);
}
END_TEST

/* A file that is there, but not in the pack. */
START_TEST(list_file_outside)
{
    struct compile *c = new_compile();
    mkdir(path_of(c, "sub"), 0700);
    write_file(c, "l.txt", "x\n");
    write_file(c, "sub/p.yaml",
               diag_format(c, "lists: {a: {file: ../l.txt}, b: {file: %s/l.txt}}\n---\nalert: a\nfilter: x\n",
                           directory)
                   .p);
    pack_load(c, path_of(c, "sub/p.yaml"));
    ck_assert_str_eq(said(c), "E004 1:19; E004 1:40");
    end_compile(c);
}
END_TEST

START_TEST(test_in_a_file)
{
    struct compile *c = new_compile();
    mkdir(path_of(c, "t"), 0700);
    write_file(c, "t/e.json", "{}");
    write_file(c, "p.yaml", "alert: a\nfilter: x\ntests: [{file: t/e.json, fires: true}]\n");
    ck_assert_msg(pack_load(c, path_of(c, "p.yaml")), "%s", said(c));
    ck_assert_str_eq(c->pack.alerts[0].tests[0].file.p, path_of(c, "t/e.json"));
    end_compile(c);
}
END_TEST

/* ---- any bytes -------------------------------------------------------------------------------- */

static const char seed_pack[] =
    "pack: p\nversion: \"1\"\nschema: cloudtrail\nlists: &l {a: [b, 'c'], d: [\"e\\u00e9\\ud83d\\ude00\"]}\n"
    "defaults: {priority: P4, notify: [mail], active: {days: Mon-Fri, from: \"08:00\", to: \"18:00\", "
    "timezone: Europe/Berlin}}\n"
    "---\nalert: one \xC3\xA9\ndescription: >+\n  folded\n   more\n\n  end\n\nfilter: |2-\n   a:b\n  AND "
    "c:@a\n"
    "when: [{when: more than 100 in 10m, priority: P1}, {when: at least 1 in 1h30m}]\ngroup_by: [x.y]\n"
    "tests:\n  - {name: n, events: &e [{\"a\":{\"b\":[1,2.5e3,null,true]}}], fires: [{time: "
    "2026-01-01T00:00:00Z, group: g, count: 1}]}\n"
    "  - {events: *e, fires: "
    "3}\n---\n{\"alert\":\"two\",\"filter\":\"x\\t\\/\",\"applications\":[\"p*\",{\"not\":\"q\"}]}\n";

static uint32_t seed = 20260101;

static uint32_t random_below(uint32_t n)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
}

static size_t mutate(char *text, size_t n, size_t room)
{
    static const char bytes[] =
        "{}[]:,-?&*!|>'\"%@`#\n\r\t \\~0aPu\xC3\xEF\xBB\xBF\xE2\x80\xA8\x85\x00\x01\xFF";
    for (uint32_t k = 1 + random_below(4); k > 0; k--) {
        size_t at = random_below((uint32_t)n);
        switch (random_below(4)) {
        case 0: text[at] = bytes[random_below(sizeof bytes)]; break;
        case 1:
            memmove(text + at, text + at + 1, n - at - 1);
            n--;
            break;
        case 2:
            if (n < room) {
                memmove(text + at + 1, text + at, n - at);
                text[at] = bytes[random_below(sizeof bytes)];
                n++;
            }
            break;
        default: { /* a piece of it somewhere else */
            size_t from = random_below((uint32_t)n), size = random_below(20);
            for (size_t i = 0; i < size && from + i < n && at + i < n; i++)
                text[at + i] = text[from + i];
        }
        }
    }
    return n;
}

/* Every place that was said lies in its source. */
static void check_places(struct compile *c)
{
    for (size_t i = 0; i < c->n_diags; i++) {
        struct loc loc = c->diags[i].loc;
        if (loc.source == NOWHERE)
            continue;
        ck_assert_uint_lt(loc.source, c->n_sources);
        ck_assert_uint_le((size_t)loc.at + loc.n, c->sources[loc.source].text.n);
    }
}

START_TEST(survives_mutations)
{
    size_t n = sizeof seed_pack - 1, fine = 0;
    for (int round = 0; round < 4000; round++) {
        /* A copy of just its size, so that a byte read behind it is seen. */
        char room[sizeof seed_pack + 8];
        memcpy(room, seed_pack, n);
        size_t size = round ? mutate(room, n, sizeof room) : n;
        char *text = malloc(size);
        memcpy(text, room, size);
        struct compile *c = new_compile();
        bool good = pack_load_text(c, "m.yaml", (struct slice){text, size});
        ck_assert(good == (c->n_diags == 0));
        ck_assert(round > 0 || good);
        check_places(c);
        said(c);
        fine += good;
        end_compile(c);
        free(text);
    }
    ck_assert_uint_gt(fine, 100);
    ck_assert_uint_lt(fine, 3900);
}
END_TEST

START_TEST(survives_every_prefix)
{
    for (size_t n = 0; n < sizeof seed_pack; n++) {
        char *text = malloc(n ? n : 1);
        memcpy(text, seed_pack, n);
        struct compile *c = new_compile();
        pack_load_text(c, "m.yaml", (struct slice){text, n});
        check_places(c);
        end_compile(c);
        free(text);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rule files");
    TCase *tcase = tcase_create("files");
    tcase_add_checked_fixture(tcase, make_directory, remove_directory);
    tcase_add_test(tcase, byte_order_of_names);
    tcase_add_test(tcase, names_of_packs);
    tcase_add_test(tcase, nothing_to_read);
    tcase_add_test(tcase, all_files_are_read);
    tcase_add_test(tcase, list_in_a_file);
    tcase_add_loop_test(tcase, list_file_says, 0, sizeof list_files / sizeof *list_files);
    tcase_add_test(tcase, list_file_is_a_file);
    tcase_add_test(tcase, list_file_outside);
    tcase_add_test(tcase, test_in_a_file);
    suite_add_tcase(suite, tcase);
    TCase *any = tcase_create("any bytes");
    tcase_add_test(any, survives_mutations);
    tcase_add_test(any, survives_every_prefix);
    suite_add_tcase(suite, any);
    return run_tap(suite);
}
