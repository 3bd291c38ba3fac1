/*
 * asking.c - see asking.h.
 */
#include "asking.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "notify/terminal.h"
#include "window/timestamp.h"

static struct trail_slice slice(const char *text)
{
    return (struct trail_slice){text, strlen(text)};
}

static void add(struct asking *a, const char *text)
{
    trail_text_add(&a->line, text, strlen(text));
}

static bool set_output(const struct trail_option *o, const char *value, bool csv)
{
    enum asking_output *to = o->to;
    *to = strcmp(value, "text") == 0         ? ASKING_TEXT
          : strcmp(value, "json") == 0       ? ASKING_JSON
          : csv && strcmp(value, "csv") == 0 ? ASKING_CSV
                                             : ASKING_AUTO;
    return *to != ASKING_AUTO;
}

bool asking_option_output(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    return set_output(o, value, true) ||
           trail_arguments_fail(a, "--output: '%s' is not text, json or csv", value);
}

bool asking_option_plain_output(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    return set_output(o, value, false) ||
           trail_arguments_fail(a, "--output: '%s' is neither text nor json", value);
}

static void on_problem(void *user, const char *message)
{
    const struct asking *a = user;
    trail_arguments_say(a->arguments, "%s", message);
}

bool asking_open(struct asking *a, const struct trail_pack *pack)
{
    char error[STATE_ERROR];
    struct state_config config = {
        .path = a->file, .mode = STATE_LOOK, .pack = pack, .on_problem = on_problem, .user = a};
    if (a->output == ASKING_AUTO)
        a->output = isatty(STDOUT_FILENO) ? ASKING_TEXT : ASKING_JSON;
    a->state = state_open(&config, error);
    if (!a->state)
        trail_arguments_say(a->arguments, "%s", error);
    return a->state != NULL;
}

int asking_close(struct asking *a, bool ok)
{
    int error = a->failed || fflush(stdout) != 0 ? errno : 0;
    bool memory = a->line.failed;
    state_close(a->state);
    trail_text_free(&a->line);
    if (memory)
        trail_arguments_say(a->arguments, "out of memory");
    else if (error && error != EPIPE)
        trail_arguments_say(a->arguments, "standard output: %s", strerror(error));
    if (memory || (error && error != EPIPE))
        return TRAIL_EXIT_WRONG;
    return ok ? TRAIL_EXIT_FINE : TRAIL_EXIT_DAMAGED;
}

void asking_cell(struct asking *a, const char *text, size_t width)
{
    size_t from = a->line.n;
    trail_terminal_add(&a->line, slice(text));
    if (a->line.failed)
        return;
    size_t columns = trail_terminal_columns((struct trail_slice){a->line.p + from, a->line.n - from});
    do
        add(a, " ");
    while (columns++ < width + 1);
}

void asking_time(struct asking *a, int64_t time)
{
    char text[TRAIL_TIME_ROOM];
    trail_time_format(text, time == TRAIL_NO_TIME ? time : time - time % 1000);
    asking_cell(a, *text ? text : "-", strlen("2026-01-01T00:00:00Z"));
}

void asking_field(struct asking *a, struct trail_slice text, bool last)
{
    add(a, "\"");
    if (text.n > 0 && strchr("=+-@\t\r\n", *text.p) && *text.p)
        add(a, "'");
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '"')
            add(a, "\"");
        if (c < ' ' || c == 127)
            add(a, " ");
        else
            trail_text_add(&a->line, text.p + i, 1);
    }
    add(a, last ? "\"" : "\",");
}

void asking_member(struct asking *a, const char *before, const char *key, const char *value)
{
    trail_json_add_member(&a->line, before, key, value);
}

void asking_member_time(struct asking *a, const char *before, const char *key, int64_t time)
{
    char text[TRAIL_TIME_ROOM];
    trail_time_format(text, time);
    asking_member(a, before, key, *text ? text : NULL);
}

bool asking_end_line(struct asking *a)
{
    add(a, "\n");
    while (!a->line.failed && a->output == ASKING_TEXT && a->line.n > 1 && a->line.p[a->line.n - 2] == ' ') {
        a->line.p[a->line.n - 2] = '\n'; /* no blanks at a line's end */
        a->line.n--;
    }
    if (!a->line.failed && fwrite(a->line.p, 1, a->line.n, stdout) != a->line.n)
        a->failed = true;
    a->line.n = 0;
    return !a->line.failed && !a->failed;
}
