/*
 * test_replace.c - a file is replaced whole or not at all, and nothing is left beside it.
 */
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/replace.h"
#include "suite.h"

static char directory[] = "/tmp/test-replace-XXXXXX", path[64];

static void start(void)
{
    strcpy(directory, "/tmp/test-replace-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/file", directory);
}

static void end(void)
{
    unlink(path);
    rmdir(path);
    ck_assert_msg(rmdir(directory) == 0, "something is left in %s", directory);
}

static bool replace(const char *text, bool keeps, bool ok)
{
    struct replacing r;
    ok = replacing_start(&r, path, keeps) && fputs(text, r.file) >= 0 && ok;
    return replacing_end(&r, ok);
}

static const char *content(void)
{
    static char text[64];
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[n] = 0;
    if (f)
        fclose(f);
    return f ? text : "(none)";
}

static unsigned mode(void)
{
    struct stat st;
    return stat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

START_TEST(a_new_file_is_what_the_umask_says)
{
    mode_t before = umask(027);
    ck_assert(replace("one", false, true));
    umask(before);
    ck_assert_str_eq(content(), "one");
    ck_assert_uint_eq(mode(), 0640);
}
END_TEST

START_TEST(a_file_that_is_kept_stays_as_it_is)
{
    ck_assert(replace("one", false, true));
    ck_assert_int_eq(chmod(path, 0604), 0);
    ck_assert(replace("two", true, true));
    ck_assert_str_eq(content(), "two");
    ck_assert_uint_eq(mode(), 0604);
}
END_TEST

START_TEST(a_file_that_is_kept_is_there)
{
    errno = 0;
    ck_assert(!replace("one", true, true));
    ck_assert_int_eq(errno, ENOENT);
    ck_assert_str_eq(content(), "(none)");
}
END_TEST

START_TEST(what_stood_there_stands_when_it_fails)
{
    ck_assert(replace("one", false, true));
    ck_assert(!replace("two", false, false));
    ck_assert_str_eq(content(), "one");
}
END_TEST

START_TEST(the_reason_is_told)
{
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert(!replace("one", false, true));
    ck_assert_int_eq(errno, EISDIR);
}
END_TEST

START_TEST(a_directory_that_is_not_there)
{
    struct replacing r;
    ck_assert(!replacing_start(&r, "/nonexistent/file", false));
    ck_assert(!replacing_end(&r, false));
    ck_assert_int_eq(errno, ENOENT);
}
END_TEST

START_TEST(a_full_disk_is_told)
{
    struct replacing r;
    bool ok = replacing_start(&r, path, false);
    FILE *full = fopen("/dev/full", "w");
    if (full) {
        ck_assert(ok);
        ck_assert_ptr_nonnull(freopen("/dev/full", "w", r.file));
        ok = fputs("one", r.file) >= 0;
        ck_assert(!replacing_end(&r, ok));
        ck_assert_int_eq(errno, ENOSPC);
        ck_assert_str_eq(content(), "(none)");
        fclose(full);
    } else {
        replacing_end(&r, false);
    }
}
END_TEST

START_TEST(a_link_stays_one)
{
    char link[80], to[64];
    snprintf(link, sizeof link, "%s/link", directory);
    ck_assert(replace("one", false, true));
    ck_assert_int_eq(symlink("file", link), 0);
    struct replacing r;
    bool ok = replacing_start(&r, link, true) && fputs("two", r.file) >= 0;
    ck_assert(replacing_end(&r, ok));
    ssize_t n = readlink(link, to, sizeof to);
    unlink(link);
    ck_assert_int_eq(n, 4);
    ck_assert_str_eq(content(), "two");
}
END_TEST

/* In a directory that gives its group to what is made in it. Others than root may not try. */
START_TEST(a_file_that_is_kept_stays_in_its_group)
{
    struct stat st;
    ck_assert(replace("one", false, true));
    if (chown(directory, (uid_t)-1, getegid() + 1) != 0 || chmod(directory, 02700) != 0)
        return;
    ck_assert(replace("two", true, true));
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_gid, getegid());
}
END_TEST

/* A pipe, as any device, is written to where it is. */
START_TEST(what_is_no_file_is_not_replaced)
{
    struct stat st;
    char text[8] = "";
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert(replace("one", false, true));
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert(S_ISFIFO(st.st_mode));
    ck_assert_int_eq(read(fd, text, sizeof text - 1), 3);
    ck_assert_str_eq(text, "one");
    close(fd);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("replace");
    TCase *t = tcase_create("replace");
    tcase_add_checked_fixture(t, start, end);
    tcase_add_test(t, a_new_file_is_what_the_umask_says);
    tcase_add_test(t, a_file_that_is_kept_stays_as_it_is);
    tcase_add_test(t, a_file_that_is_kept_is_there);
    tcase_add_test(t, what_stood_there_stands_when_it_fails);
    tcase_add_test(t, the_reason_is_told);
    tcase_add_test(t, a_directory_that_is_not_there);
    tcase_add_test(t, a_full_disk_is_told);
    tcase_add_test(t, a_link_stays_one);
    tcase_add_test(t, a_file_that_is_kept_stays_in_its_group);
    tcase_add_test(t, what_is_no_file_is_not_replaced);
    suite_add_tcase(s, t);
    return run_tap(s);
}
