/*
 * What a log's text may do to a terminal: nothing.
 */
#include "notify/terminal.h"
#include "suite.h"

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BYTES(literal)                 \
    {                                  \
        (literal), sizeof(literal) - 1 \
    }

static const struct {
    const char *name;
    struct trail_slice text;
    const char *shown;
} cases[] = {
    {"plain text", BYTES("build-bot"), "build-bot"},
    {"nothing", BYTES(""), ""},
    {"other scripts", BYTES("Grüße 東京 \xf0\x9f\x98\x80"), "Grüße 東京 \xf0\x9f\x98\x80"},
    {"a backslash", BYTES("C:\\new"), "C:\\new"},
    {"a colour", BYTES("\x1b[31mred"), "\\x1b[31mred"},
    {"a window title", BYTES("\x1b]0;owned\x07"), "\\x1b]0;owned\\a"},
    {"a device control string", BYTES("\x1bP$qm\x1b\\"), "\\x1bP$qm\\x1b\\"},
    {"NUL", BYTES("a\0b"), "a\\x00b"},
    {"a line break", BYTES("a\nb"), "a\\nb"},
    {"a carriage return", BYTES("a\rb"), "a\\rb"},
    {"a tab", BYTES("a\tb"), "a\\tb"},
    {"backspaces", BYTES("evil\b\b\b\bgood"), "evil\\b\\b\\b\\bgood"},
    {"DEL", BYTES("\x7f"), "\\x7f"},
    {"C1: CSI",
     BYTES("\xc2\x9b"
           "31m"),
     "\\u{9b}31m"},
    {"C1: next line", BYTES("a\xc2\x85z"), "a\\u{85}z"},
    {"a raw C1 byte",
     BYTES("\x9b"
           "31m"),
     "\\x9b31m"},
    {"right-to-left override", BYTES("\xe2\x80\xaegpj.exe"), "\\u{202e}gpj.exe"},
    {"isolates", BYTES("\xe2\x81\xa6x\xe2\x81\xa9"), "\\u{2066}x\\u{2069}"},
    {"marks of direction", BYTES("\xe2\x80\x8f\xd8\x9c"), "\\u{200f}\\u{61c}"},
    {"line separator", BYTES("\xe2\x80\xa8"), "\\u{2028}"},
    {"zero width space", BYTES("ad\xe2\x80\x8bmin"), "ad\\u{200b}min"},
    {"zero width joiner", BYTES("\xe2\x80\x8d"), "\\u{200d}"},
    {"soft hyphen", BYTES("ad\xc2\xadmin"), "ad\\u{ad}min"},
    {"byte order mark", BYTES("\xef\xbb\xbfx"), "\\u{feff}x"},
    {"tags", BYTES("\xf3\xa0\x81\x81"), "\\u{e0041}"},
    {"variation selector", BYTES("a\xef\xb8\x8f"), "a\\u{fe0f}"},
    {"a filler of Hangul", BYTES("\xe3\x85\xa4"), "\\u{3164}"},
    {"non-character", BYTES("\xef\xbf\xbf"), "\\u{ffff}"},
    {"non-character of another plane", BYTES("\xf0\x9f\xbf\xbe"), "\\u{1fffe}"},
    {"replacement character", BYTES("\xef\xbf\xbd"), "\xef\xbf\xbd"},
    {"a lone continuation", BYTES("\x80"), "\\x80"},
    {"a cut sequence", BYTES("\xe2\x82"), "\\xe2\\x82"},
    {"an overlong escape", BYTES("\xc0\x9b"), "\\xc0\\x9b"},
    {"a surrogate", BYTES("\xed\xa0\x80"), "\\xed\\xa0\\x80"},
    {"beyond Unicode", BYTES("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80"},
};

START_TEST(hostile_text_is_spelled_out)
{
    struct trail_text to = {0};
    trail_terminal_add(&to, cases[_i].text);
    trail_text_add(&to, "", 1);
    ck_assert_msg(strcmp(to.p, cases[_i].shown) == 0, "%s: got %s", cases[_i].name, to.p);
    trail_text_free(&to);
}
END_TEST

/* Whatever the bytes are, no control or non-ASCII C1 comes out: all two-byte texts. */
START_TEST(no_control_ever_comes_out)
{
    for (unsigned i = 0; i < 65536; i++) {
        char bytes[] = {(char)(i >> 8), (char)i};
        struct trail_text to = {0};
        trail_terminal_add(&to, (struct trail_slice){bytes, 2});
        for (size_t k = 0; k < to.n; k++) {
            unsigned char c = (unsigned char)to.p[k];
            ck_assert_msg(c >= 0x20 && c != 0x7f, "%04x gives %02x", i, c);
            ck_assert_msg(c != 0xc2 || (unsigned char)to.p[k + 1] >= 0xa0, "%04x gives C1", i);
        }
        trail_text_free(&to);
    }
}
END_TEST

static const struct {
    const char *text;
    size_t columns;
    const char *shown;
} clipped[] = {
    {"abcdef", 6, "abcdef"}, {"abcdef", 5, "abcd…"}, {"東京東京", 3, "東京…"},
    {"ab\ncd", 5, "ab\\n…"}, {"ab\ncd", 4, "ab…"},   {"", 1, ""},
    {"ab", 1, "…"},
};

START_TEST(long_text_is_cut_between_characters)
{
    struct trail_text to = {0};
    trail_text_add(&to, "> ", 2);
    trail_terminal_clip(&to, (struct trail_slice){clipped[_i].text, strlen(clipped[_i].text)},
                        clipped[_i].columns);
    trail_text_add(&to, "", 1);
    ck_assert_str_eq(to.p + 2, clipped[_i].shown);
    trail_text_free(&to);
}
END_TEST

START_TEST(columns_are_characters)
{
    ck_assert_uint_eq(trail_terminal_columns((struct trail_slice){"Grüße", strlen("Grüße")}), 5);
}
END_TEST

START_TEST(colour_is_asked_for_or_a_terminal)
{
    int pipes[2];
    ck_assert_int_eq(pipe(pipes), 0);
    ck_assert(trail_terminal_colour(TRAIL_COLOUR_ALWAYS, pipes[1]));
    ck_assert(!trail_terminal_colour(TRAIL_COLOUR_NEVER, pipes[1]));
    ck_assert(!trail_terminal_colour(TRAIL_COLOUR_AUTO, pipes[1]));
    close(pipes[0]);
    close(pipes[1]);
}
END_TEST

START_TEST(no_color_is_respected)
{
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal < 0)
        return;
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    bool plain = trail_terminal_colour(TRAIL_COLOUR_AUTO, terminal);
    setenv("NO_COLOR", "1", 1);
    bool refused = trail_terminal_colour(TRAIL_COLOUR_AUTO, terminal);
    setenv("NO_COLOR", "", 1);
    bool empty = trail_terminal_colour(TRAIL_COLOUR_AUTO, terminal);
    setenv("TERM", "dumb", 1);
    bool dumb = trail_terminal_colour(TRAIL_COLOUR_AUTO, terminal);
    close(terminal);
    ck_assert(plain && !refused && empty && !dumb);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("terminal");
    TCase *t = tcase_create("terminal");
    tcase_add_loop_test(t, hostile_text_is_spelled_out, 0, (int)(sizeof cases / sizeof *cases));
    tcase_add_test(t, no_control_ever_comes_out);
    tcase_add_loop_test(t, long_text_is_cut_between_characters, 0, (int)(sizeof clipped / sizeof *clipped));
    tcase_add_test(t, columns_are_characters);
    tcase_add_test(t, colour_is_asked_for_or_a_terminal);
    tcase_add_test(t, no_color_is_respected);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_tap(suite());
}
