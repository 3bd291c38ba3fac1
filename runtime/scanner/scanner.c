/*
 * scanner.c - the command line program that a pack becomes: options, results on standard output, all else on
 * standard error, an exit code.
 */
#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "notify/terminal.h"
#include "progress.h"
#include "trail/index.h"

enum { EXIT_FINE = 0, EXIT_FIRED = 1, EXIT_WRONG = 2, EXIT_DAMAGED = 3 };

/* A run of the program. */
struct scanner {
    const struct trail_pack *pack;
    struct trail_arguments arguments;
    struct trail_progress progress;
    struct trail *trail;
    struct trail_text line; /* being written */
    bool text, colour;
    uint64_t fired;  /* notifications that something fires, or hits with --hits */
    uint64_t blocks; /* of text */
    int write_error; /* an errno; 0: none */
    bool out_of_memory;
};

static void say(struct scanner *s, const char *message)
{
    trail_progress_clear(&s->progress);
    fprintf(stderr, "%s: %s\n", s->arguments.program, message);
}

/* ---- standard output ---------------------------------------------------------------------- */

static void note_write_error(struct scanner *s)
{
    if (!s->write_error)
        s->write_error = errno ? errno : EIO;
    if (s->trail)
        trail_stop(s->trail);
}

/* Writes the line and empties it. */
static void write_line(struct scanner *s)
{
    if (s->line.failed) {
        s->out_of_memory = true;
        if (s->trail)
            trail_stop(s->trail);
        return;
    }
    trail_progress_clear(&s->progress);
    errno = 0;
    if (!s->write_error && fwrite(s->line.p, 1, s->line.n, stdout) != s->line.n)
        note_write_error(s);
    s->line.n = 0;
}

static void flush(struct scanner *s)
{
    errno = 0;
    if (!s->write_error && (fflush(stdout) != 0 || ferror(stdout)))
        note_write_error(s);
}

/* ---- callbacks ---------------------------------------------------------------------------- */

static void on_alert(void *user, const struct trail_fired *fired)
{
    struct scanner *s = user;
    s->fired += fired->state == TRAIL_FIRING;
    if (s->text) {
        if (s->blocks++ > 0)
            trail_text_add(&s->line, "\n", 1);
        trail_fired_text(s->pack, fired, &s->line, s->colour);
    } else {
        trail_fired_json(s->pack, fired, &s->line);
        trail_text_add(&s->line, "\n", 1);
    }
    write_line(s);
}

static void on_hit(void *user, const struct trail_hit *hit)
{
    struct scanner *s = user;
    s->fired++;
    if (s->text) {
        trail_hit_text(hit, s->arguments.events, &s->line, s->colour);
    } else {
        trail_hit_json(hit, s->arguments.events, &s->line);
        trail_text_add(&s->line, "\n", 1);
    }
    write_line(s);
}

static void on_problem(void *user, const char *message)
{
    flush(user); /* where both go to one place, a message stands where it belongs */
    say(user, message);
}

static void on_progress(void *user, const struct trail_stats *stats)
{
    struct scanner *s = user;
    flush(s);
    trail_progress_show(&s->progress, stats, s->fired, s->arguments.hits ? "hit" : "alert");
}

/* ---- what is printed without a scan ------------------------------------------------------- */

static void print_help(const struct scanner *s)
{
    printf("Usage: %s [OPTION...] [INPUT...]\n"
           "Finds in logs what the alerts of the pack %s describe.\n",
           s->arguments.program, s->pack->name);
    fputs("INPUT: a file, a directory, or - for standard input (also when none is given).\n\n"
          "  -o, --output=json|text  one JSON object a line, or text for people\n"
          "                          (default: text on a terminal, json otherwise)\n"
          "      --application=NAME, --subsystem=NAME\n"
          "                          labels of the inputs that follow\n"
          "  -j, --threads=N         threads that read and match (default: processors)\n"
          "      --since=TIME, --until=TIME\n"
          "                          leave out events before, or from then on\n"
          "      --now=TIME          the clock of the replay (default: the newest event)\n"
          "      --lateness=D        how late an event may come (default 15m)\n"
          "      --hits [--events]   each matching event instead of alerts [the event, too]\n"
          "      --list              the alerts compiled in, with their filters\n"
          "      --stats             counts, as a JSON object on standard error\n"
          "      --strict            check each byte of records that no alert wants, too\n"
          "      --exit-code         exit with 1 when anything fired\n"
          "      --color=WHEN        auto, always or never; NO_COLOR is respected\n"
          "  -h, --help; --version   this; the pack and what it was built with\n\n"
          "TIME: 2026-01-31, 2026-01-31T10:00:00Z or seconds since 1970. D: 90s, 15m, 7d.\n"
          "Exit: 0 all read, 1 fired (--exit-code), 2 wrong use, 3 bad input, full disk.\n",
          stdout);
}

/* The one that TRAIL_KERNEL names, or the fastest; NULL: it cannot be had. */
static const struct trail_kernel *chosen_kernel(void)
{
    return trail_kernel_find(getenv("TRAIL_KERNEL"));
}

static void print_version(const struct scanner *s)
{
    const struct trail_pack *p = s->pack;
    printf("%s: pack %s%s%s\nhash %s\nABI %u, trailc " TRAIL_VERSION ", kernel %s\n", s->arguments.program,
           p->name, *p->version ? " " : "", p->version, p->hash, (unsigned)p->abi, chosen_kernel()->name);
}

static struct trail_slice text_of(const char *s)
{
    return (struct trail_slice){s, strlen(s)};
}

static void pad(struct trail_text *to, size_t columns, size_t width)
{
    while (columns++ < width)
        trail_text_add(to, " ", 1);
}

/* Adds a cell of a table and fills it up to its width. */
static void add_cell(struct trail_text *to, const char *text, size_t width)
{
    size_t from = to->n;
    trail_terminal_add(to, text_of(text));
    if (!to->failed)
        pad(to, trail_terminal_columns((struct trail_slice){to->p + from, to->n - from}), width + 2);
}

/* A filter that is written over several lines, on one. */
static void add_filter(struct trail_text *to, const char *filter)
{
    while (*filter) {
        size_t n = strcspn(filter, "\n");
        while (n && filter[n] && filter[n - 1] == ' ')
            n--;
        trail_terminal_add(to, (struct trail_slice){filter, n});
        filter += n;
        n = strspn(filter, " \n\r\t");
        if (n)
            trail_text_add(to, " ", filter[n] != 0);
        filter += n;
    }
}

static void list_text(struct scanner *s)
{
    size_t id = strlen("ID"), when = strlen("WHEN");
    for (size_t i = 0; i < s->pack->n_alerts; i++) {
        const struct trail_alert *a = &s->pack->alerts[i];
        id = strlen(a->id) > id ? strlen(a->id) : id;
        when = strlen(a->when) > when ? strlen(a->when) : when;
    }
    add_cell(&s->line, "ID", id);
    add_cell(&s->line, "PRIO", 4);
    add_cell(&s->line, "WHEN", when);
    trail_text_add(&s->line, "FILTER\n", 7);
    for (size_t i = 0; i < s->pack->n_alerts; i++) {
        const struct trail_alert *a = &s->pack->alerts[i];
        char priority[] = {'P', (char)('0' + a->priority % 10), 0};
        add_cell(&s->line, a->id, id);
        add_cell(&s->line, priority, 4);
        add_cell(&s->line, a->when, when);
        add_filter(&s->line, a->filter);
        trail_text_add(&s->line, "\n", 1);
    }
    write_line(s);
}

static void add_member(struct trail_text *to, const char *before, const char *key, const char *value)
{
    trail_text_add(to, before, strlen(before));
    trail_json_quote(to, text_of(key));
    trail_text_add(to, ":", 1);
    trail_json_quote(to, text_of(value));
}

static void list_json(struct scanner *s)
{
    for (size_t i = 0; i < s->pack->n_alerts; i++) {
        const struct trail_alert *a = &s->pack->alerts[i];
        char priority[] = {'P', (char)('0' + a->priority % 10), 0};
        add_member(&s->line, "{", "id", a->id);
        add_member(&s->line, ",", "alert", a->name);
        add_member(&s->line, ",", "priority", priority);
        add_member(&s->line, ",", "when", a->when);
        add_member(&s->line, ",", "filter", a->filter);
        trail_text_add(&s->line, "}\n", 2);
        write_line(s);
    }
}

/* ---- the scan ----------------------------------------------------------------------------- */

static cJSON *number(uint64_t n)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, n);
    return cJSON_CreateRaw(digits);
}

static cJSON *alert_stats(const struct scanner *s)
{
    cJSON *alerts = cJSON_CreateObject();
    for (size_t i = 0; alerts && i < s->pack->n_alerts; i++) {
        struct trail_counts counts = trail_counts(s->trail, i);
        cJSON *one = cJSON_AddObjectToObject(alerts, s->pack->alerts[i].id);
        cJSON_AddItemToObject(one, "hits", number(counts.hits));
        cJSON_AddItemToObject(one, "fired", number(counts.fired));
        if (counts.undecided)
            cJSON_AddTrueToObject(one, "undecided");
    }
    return alerts;
}

static void print_stats(struct scanner *s)
{
    struct trail_stats stats;
    char seconds[32];
    trail_stats(s->trail, &stats);
    const struct {
        const char *key;
        uint64_t n;
    } counts[] = {
        {"inputs", stats.inputs},      {"bytes", stats.bytes},           {"records", stats.records},
        {"matched", stats.matched},    {"unmatched", stats.unmatched},   {"rejected", stats.rejected},
        {"late", stats.late},          {"duplicates", stats.duplicates}, {"undated", stats.undated},
        {"future", stats.future},      {"early", stats.early},           {"lost", stats.lost},
        {"forgotten", stats.forgotten}};
    snprintf(seconds, sizeof seconds, "%.3f", (double)trail_progress_elapsed(&s->progress) / 1000);
    cJSON *object = cJSON_CreateObject();
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        cJSON_AddItemToObject(object, counts[i].key, number(counts[i].n));
    cJSON_AddItemToObject(object, "seconds", cJSON_CreateRaw(seconds));
    cJSON_AddItemToObject(object, "alerts", alert_stats(s));
    char *line = cJSON_PrintUnformatted(object);
    trail_progress_clear(&s->progress);
    if (line)
        fprintf(stderr, "%s\n", line);
    cJSON_free(line);
    cJSON_Delete(object);
}

/* Says what went wrong; the exit code. */
static int judge(struct scanner *s, enum trail_status status)
{
    /* A reader that has gone away is not an error worth a word. */
    if (s->write_error == EPIPE)
        return EXIT_FINE;
    if (s->write_error) {
        char message[160], buffer[96];
        snprintf(message, sizeof message, "standard output: %s",
                 strerror_r(s->write_error, buffer, sizeof buffer));
        say(s, message);
        return EXIT_WRONG;
    }
    if (s->out_of_memory || status == TRAIL_NO_MEMORY) {
        say(s, "out of memory");
        return EXIT_WRONG;
    }
    if (status == TRAIL_INVALID)
        return EXIT_WRONG;
    if (status == TRAIL_DAMAGED)
        return EXIT_DAMAGED;
    return s->arguments.exit_code && s->fired ? EXIT_FIRED : EXIT_FINE;
}

static int scan(struct scanner *s)
{
    static const char *const standard_input[] = {"-"};
    const struct trail_arguments *a = &s->arguments;
    struct trail_options options = {.on_alert = a->hits ? NULL : on_alert,
                                    .on_hit = a->hits ? on_hit : NULL,
                                    .on_problem = on_problem,
                                    .on_progress = on_progress,
                                    .user = s,
                                    .threads = a->threads,
                                    .now = a->now,
                                    .lateness = a->lateness,
                                    .since = a->since,
                                    .until = a->until,
                                    .strict = a->strict};
    enum trail_status status, finished;
    s->trail = trail_new(s->pack, &options, &status);
    if (!s->trail)
        return judge(s, status);
    status = trail_scan_all(s->trail, a->n_inputs ? a->n_inputs : 1, a->n_inputs ? a->inputs : standard_input,
                            a->labels);
    finished = trail_finish(s->trail);
    if (finished != TRAIL_OK)
        status = finished;
    trail_progress_clear(&s->progress);
    flush(s);
    if (a->stats)
        print_stats(s);
    return judge(s, status);
}

static int wrong_use(struct scanner *s, const char *message)
{
    say(s, message);
    fprintf(stderr, "Try '%s --help'.\n", s->arguments.program);
    return EXIT_WRONG;
}

static int wrong_kernel(struct scanner *s)
{
    char message[200];
    size_t n =
        (size_t)snprintf(message, sizeof message, "TRAIL_KERNEL names none of the kernels that work here:");
    for (const struct trail_kernel *const *k = trail_kernels; *k; k++)
        if ((*k)->works() && n < sizeof message)
            n += (size_t)snprintf(message + n, sizeof message - n, " %s", (*k)->name);
    say(s, message);
    return EXIT_WRONG;
}

static int run(struct scanner *s)
{
    const struct trail_arguments *a = &s->arguments;
    switch (a->action) {
    case TRAIL_ACT_HELP: print_help(s); break;
    case TRAIL_ACT_VERSION: print_version(s); break;
    case TRAIL_ACT_LIST: (a->output == TRAIL_OUTPUT_JSON ? list_json : list_text)(s); break;
    case TRAIL_ACT_SCAN:
        if (a->n_inputs == 0 && isatty(STDIN_FILENO))
            return wrong_use(s,
                             "no input: name files or directories, or pipe a log in (- reads the terminal)");
        return scan(s);
    }
    flush(s);
    return judge(s, TRAIL_OK);
}

int trail_main(const struct trail_pack *pack, int argc, char **argv)
{
    struct scanner s = {.pack = pack};
    trail_progress_start(&s.progress);
    bool read = trail_arguments_read(&s.arguments, argc, argv);
    bool terminal = isatty(STDOUT_FILENO);
    s.text = s.arguments.output == TRAIL_OUTPUT_TEXT || (s.arguments.output == TRAIL_OUTPUT_AUTO && terminal);
    s.colour = trail_terminal_colour(s.arguments.colour, STDOUT_FILENO);
    int code;
    if (pack->abi != TRAIL_ABI) {
        char message[120];
        snprintf(message, sizeof message,
                 "built for ABI %u, this runtime speaks %d: rebuild the scanner with trailc build",
                 (unsigned)pack->abi, TRAIL_ABI);
        say(&s, message);
        code = EXIT_WRONG;
    } else if (!chosen_kernel()) {
        code = wrong_kernel(&s);
    } else if (!read) {
        code = wrong_use(&s, s.arguments.error);
    } else {
        code = run(&s);
    }
    trail_free(s.trail);
    trail_text_free(&s.line);
    trail_arguments_free(&s.arguments);
    return code;
}
