/*
 * test_inputs.c - which files a path stands for.
 */
#include <check.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "read/inputs.h"
#include "suite.h"

static char root[] = "/tmp/trail-inputs-XXXXXX";
static char problems[4096];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st, (void)type, (void)where;
    return remove(path);
}

static void make_root(void)
{
    strcpy(root, "/tmp/trail-inputs-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
    ck_assert_int_eq(chdir(root), 0);
    problems[0] = 0;
}

static void remove_root(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Makes files, and directories (a slash at the end), in the order given. */
static void make(const char *const *names)
{
    for (; *names; names++) {
        if ((*names)[strlen(*names) - 1] == '/') {
            ck_assert_int_eq(mkdir(*names, 0777), 0);
        } else {
            FILE *f = fopen(*names, "w");
            ck_assert_ptr_nonnull(f);
            fclose(f);
        }
    }
}

#define MAKE(...) make((const char *const[]){__VA_ARGS__, NULL})

static void on_problem(void *user, const char *path, const char *what, bool lost)
{
    (void)user;
    snprintf(problems + strlen(problems), sizeof problems - strlen(problems), "%s%s %s\n",
             lost ? "" : "(fine) ", path, what);
}

/* The files that the path stands for, one a line, and what the call answered. */
static enum trail_listed listed(const char *path, char *to, size_t room)
{
    struct trail_inputs inputs = {0};
    enum trail_listed result = trail_inputs_add(&inputs, path, 7, on_problem, NULL);
    *to = 0;
    for (size_t i = 0; i < inputs.n; i++) {
        ck_assert_uint_eq(inputs.at[i].given, 7);
        snprintf(to + strlen(to), room - strlen(to), "%s\n", inputs.at[i].path);
    }
    trail_inputs_free(&inputs);
    return result;
}

static void assert_lists(const char *path, const char *want)
{
    char got[4096];
    ck_assert_int_eq(listed(path, got, sizeof got), TRAIL_LISTED);
    ck_assert_str_eq(got, want);
    ck_assert_str_eq(problems, "");
}

START_TEST(standard_input_is_itself)
{
    assert_lists("-", "-\n");
}
END_TEST

START_TEST(file_is_itself)
{
    MAKE("d/", "d/.hidden", "d/x");
    assert_lists("d/x", "d/x\n");
    assert_lists("d/.hidden", "d/.hidden\n");
}
END_TEST

START_TEST(tree_is_in_order_of_its_paths)
{
    MAKE("t/", "t/b", "t/a/", "t/a/z", "t/a-b", "t/a.x", "t/a/y/", "t/a/y/1", "t/B", "t/\xC3\xA9", "t/10",
         "t/9", "t/empty/");
    assert_lists("t", "t/10\nt/9\nt/B\nt/a-b\nt/a.x\nt/a/y/1\nt/a/z\nt/b\nt/\xC3\xA9\n");
}
END_TEST

START_TEST(slash_behind_a_directory_is_kept_single)
{
    MAKE("t/", "t/a");
    assert_lists("t/", "t/a\n");
    assert_lists("./t", "./t/a\n");
}
END_TEST

START_TEST(hidden_and_digests_are_left_out)
{
    MAKE("t/", "t/.a", "t/.git/", "t/.git/x", "t/CloudTrail-Digest/", "t/CloudTrail-Digest/x",
         "t/CloudTrail/", "t/CloudTrail/x", "t/deep/", "t/deep/CloudTrail-Digest/",
         "t/deep/CloudTrail-Digest/y");
    assert_lists("t", "t/CloudTrail/x\n");
    assert_lists("t/CloudTrail-Digest", "t/CloudTrail-Digest/x\n"); /* named itself */
    assert_lists("t/.git", "t/.git/x\n");
}
END_TEST

START_TEST(file_named_as_digests_is_a_file)
{
    MAKE("t/", "t/CloudTrail-Digest");
    assert_lists("t", "t/CloudTrail-Digest\n");
}
END_TEST

/* Of a tree with t/a in it, and what is no file: it is told, and nothing is wrong. */
static void assert_passes_over(const char *path, const char *want)
{
    char got[4096];
    ck_assert_int_eq(listed(path, got, sizeof got), TRAIL_LISTED);
    ck_assert_str_eq(got, "t/a\n");
    ck_assert_str_eq(problems, want);
    problems[0] = 0;
}

START_TEST(what_is_no_file_is_left_out_and_told)
{
    MAKE("t/", "t/a", "t/d/");
    ck_assert_int_eq(mkfifo("t/fifo", 0600), 0);
    assert_passes_over("t",
                       "(fine) t/fifo is a pipe, a socket or a device: left out; name it to have it read\n");
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "t/d/socket"};
    ck_assert_int_eq(bind(s, (struct sockaddr *)&address, sizeof address), 0);
    close(s);
    ck_assert_int_eq(symlink("../fifo", "t/d/link"), 0);
    ck_assert_int_eq(mkfifo("t/.hidden", 0600), 0);
    assert_passes_over(
        "t",
        "(fine) t/d/link is a pipe, a socket or a device: left out, like 2 more; name it to have it read\n");
    assert_lists("t/fifo", "t/fifo\n"); /* named itself */
}
END_TEST

/* Where /dev/null is a device, as it is nearly everywhere. */
START_TEST(a_link_to_a_device_is_left_out_and_told)
{
    MAKE("t/", "t/a");
    ck_assert_int_eq(symlink("/dev/null", "t/device"), 0);
    assert_passes_over(
        "t", "(fine) t/device is a pipe, a socket or a device: left out; name it to have it read\n");
}
END_TEST

static bool has_device(void)
{
    struct stat st;
    return stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode);
}

START_TEST(links_are_followed)
{
    MAKE("t/", "t/a", "other/", "other/b", "other/sub/", "other/sub/c", "lone");
    ck_assert_int_eq(symlink("../other", "t/link"), 0);
    ck_assert_int_eq(symlink("../lone", "t/0"), 0);
    assert_lists("t", "t/0\nt/a\nt/link/b\nt/link/sub/c\n");
}
END_TEST

START_TEST(links_into_the_tree_add_nothing)
{
    MAKE("t/", "t/b", "t/d/", "t/d/x", "t/e/", "t/e/y");
    ck_assert_int_eq(symlink("b", "t/a"), 0);
    ck_assert_int_eq(symlink("d", "t/c"), 0);
    ck_assert_int_eq(symlink("../e", "t/d/z"), 0);
    assert_lists("t", "t/b\nt/d/x\nt/e/y\n");
}
END_TEST

START_TEST(loops_of_links_end)
{
    MAKE("t/", "t/a", "t/d/", "t/d/x", "beside", "far/", "far/y");
    ck_assert_int_eq(symlink(".", "t/self"), 0);
    ck_assert_int_eq(symlink("..", "t/d/up"), 0);
    ck_assert_int_eq(symlink("../..", "t/d/above"), 0); /* holds `beside`, which is not below t */
    ck_assert_int_eq(symlink("/", "t/d/top"), 0);
    ck_assert_int_eq(symlink("../far", "t/out"), 0);
    ck_assert_int_eq(symlink("../far", "far/again"), 0);
    ck_assert_int_eq(symlink("../t", "far/back"), 0);
    assert_lists("t", "t/a\nt/d/x\nt/out/y\n");
}
END_TEST

START_TEST(two_links_to_one_file_are_one)
{
    MAKE("t/", "lone");
    ck_assert_int_eq(symlink("../lone", "t/2"), 0);
    ck_assert_int_eq(symlink("../lone", "t/1"), 0);
    assert_lists("t", "t/1\n");
}
END_TEST

START_TEST(link_that_is_named_is_followed)
{
    MAKE("t/", "t/a");
    ck_assert_int_eq(symlink("t", "link"), 0);
    ck_assert_int_eq(symlink("t/a", "file"), 0);
    assert_lists("link", "link/a\n");
    assert_lists("file", "file\n");
}
END_TEST

START_TEST(what_leads_nowhere_is_told)
{
    MAKE("t/", "t/a");
    ck_assert_int_eq(symlink("gone", "t/b"), 0);
    ck_assert_int_eq(symlink("c", "t/c"), 0);
    char got[4096];
    ck_assert_int_eq(listed("t", got, sizeof got), TRAIL_LISTED_PARTLY);
    ck_assert_str_eq(got, "t/a\n");
    ck_assert_str_eq(problems,
                     "t/b is a symbolic link that leads nowhere: No such file or directory\n"
                     "t/c is a symbolic link that leads nowhere: Too many levels of symbolic links\n");
}
END_TEST

START_TEST(what_is_not_there_is_told)
{
    char got[4096];
    ck_assert_int_eq(listed("nothing", got, sizeof got), TRAIL_LISTED_PARTLY);
    ck_assert_str_eq(got, "");
    ck_assert_str_eq(problems, "nothing cannot be opened: No such file or directory\n");
}
END_TEST

START_TEST(unreadable_directory_is_told)
{
    MAKE("t/", "t/a", "t/d/", "t/d/x");
    ck_assert_int_eq(chmod("t/d", 0), 0);
    char got[4096];
    enum trail_listed result = listed("t", got, sizeof got);
    bool all = access("t/d", R_OK) == 0; /* as root, nothing is unreadable */
    chmod("t/d", 0700);
    ck_assert_int_eq(result, all ? TRAIL_LISTED : TRAIL_LISTED_PARTLY);
    ck_assert_str_eq(got, all ? "t/a\nt/d/x\n" : "t/a\n");
    ck_assert_str_eq(problems, all ? "" : "t/d cannot be listed: Permission denied\n");
}
END_TEST

START_TEST(arguments_stay_in_order)
{
    MAKE("b", "a/", "a/2", "a/1");
    struct trail_inputs inputs = {0};
    ck_assert_int_eq(trail_inputs_add(&inputs, "b", 0, on_problem, NULL), TRAIL_LISTED);
    ck_assert_int_eq(trail_inputs_add(&inputs, "a", 1, on_problem, NULL), TRAIL_LISTED);
    ck_assert_int_eq(trail_inputs_add(&inputs, "b", 2, on_problem, NULL), TRAIL_LISTED);
    ck_assert_uint_eq(inputs.n, 4);
    ck_assert_str_eq(inputs.at[0].path, "b");
    ck_assert_str_eq(inputs.at[1].path, "a/1");
    ck_assert_str_eq(inputs.at[2].path, "a/2");
    ck_assert_str_eq(inputs.at[3].path, "b");
    ck_assert_uint_eq(inputs.at[3].given, 2);
    trail_inputs_free(&inputs);
}
END_TEST

START_TEST(depth_is_no_trouble)
{
    for (int i = 0; i < 300; i++) {
        ck_assert_int_eq(mkdir("deeper", 0777), 0);
        ck_assert_int_eq(chdir("deeper"), 0);
    }
    MAKE("x");
    ck_assert_int_eq(chdir(root), 0);
    char got[4096];
    ck_assert_int_eq(listed(".", got, sizeof got), TRAIL_LISTED);
    ck_assert_uint_eq(strlen(got), 2 + (size_t)300 * 7 + 2);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("inputs");
    TCase *t = tcase_create("inputs");
    tcase_add_checked_fixture(t, make_root, remove_root);
    tcase_add_test(t, standard_input_is_itself);
    tcase_add_test(t, file_is_itself);
    tcase_add_test(t, tree_is_in_order_of_its_paths);
    tcase_add_test(t, slash_behind_a_directory_is_kept_single);
    tcase_add_test(t, hidden_and_digests_are_left_out);
    tcase_add_test(t, file_named_as_digests_is_a_file);
    tcase_add_test(t, what_is_no_file_is_left_out_and_told);
    if (has_device())
        tcase_add_test(t, a_link_to_a_device_is_left_out_and_told);
    else
        puts("ok - a_link_to_a_device_is_left_out_and_told # SKIP /dev/null is no device here");
    tcase_add_test(t, links_are_followed);
    tcase_add_test(t, links_into_the_tree_add_nothing);
    tcase_add_test(t, loops_of_links_end);
    tcase_add_test(t, two_links_to_one_file_are_one);
    tcase_add_test(t, link_that_is_named_is_followed);
    tcase_add_test(t, what_leads_nowhere_is_told);
    tcase_add_test(t, what_is_not_there_is_told);
    tcase_add_test(t, unreadable_directory_is_told);
    tcase_add_test(t, arguments_stay_in_order);
    tcase_add_test(t, depth_is_no_trouble);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_tap(suite());
}
