/*
 * report.c - `sentry report`: what a scan finds, or what a state remembers, as a page or as parts of it.
 *
 * Options of its own are taken out of the command line; what is left is read as a scan's (arguments.h).
 */
#include "report/report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "baseline/baseline.h"
#include "commands.h"
#include "configured.h"
#include "notify/stored.h"
#include "progress.h"
#include "state/look.h"

enum { FINE = 0, WRONG = 2, DAMAGED = 3 };

enum format { FORMAT_HTML, FORMAT_JSON, FORMAT_CSV, FORMAT_SVG };

struct making {
    const struct trail_pack *pack;
    const char *program, *output, *state, *part, *title, *date, *baseline;
    enum format format;
    struct trail_arguments arguments;
    struct trail_config *config; /* NULL: none */
    struct report *report;
    struct baselines *baselines; /* NULL: none */
    struct trail *trail;
    struct trail_progress progress;
    uint64_t fired;
    bool out_of_memory;
};

static void print_help(const char *program)
{
    printf("Usage: %s report [OPTION...] [INPUT...] -o FILE\n"
           "Writes what the alerts find as one page that needs nothing but a browser.\n\n",
           program);
    fputs("  -o, --output=FILE       where to; - is standard output\n"
          "      --format=FORMAT     html (the page), json, csv or svg\n"
          "      --part=PART         of csv: alerts (default), series, groups or inputs;\n"
          "                          of svg: an alert's ID (default: the time line)\n"
          "      --state=FILE        the alerts that a scanner's state remembers, no input\n"
          "      --baseline=FILE     what is usual, from a file (default: learnt here)\n"
          "      --title=TEXT        the page's title (default: the pack's name)\n"
          "      --date=TEXT         when it was made, to be printed (default: nothing)\n"
          "  -h, --help              this\n\n"
          "Also as for a scan: -c, -j, --application, --subsystem, --since, --until, --now,\n"
          "--lateness, --frozen, --strict. The same logs give the same bytes.\n"
          "Exit: 0 all read, 2 wrong use or nothing written, 3 bad input, full disk.\n",
          stdout);
}

static void say(struct making *m, const char *message)
{
    trail_progress_clear(&m->progress);
    fprintf(stderr, "%s: %s\n", m->program, message);
}

static int wrong(struct making *m, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int wrong(struct making *m, const char *format, ...)
{
    char text[512];
    struct trail_text safe = {0};
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    trail_terminal_add(&safe, (struct trail_slice){text, strlen(text)});
    trail_text_add(&safe, "", 1);
    say(m, safe.failed ? "out of memory" : safe.p);
    fprintf(stderr, "Try '%s report --help'.\n", m->program);
    trail_text_free(&safe);
    return WRONG;
}

/* ---- the command line --------------------------------------------------------------------- */

/* The value of an option in argv[*i] (`-oX`, `-o X`, `--output=X`, `--output X`); NULL: it is another word. `*lacks`: there
 * is none. */
static const char *value_of(int argc, char **argv, int *i, char letter, const char *name, bool *lacks)
{
    const char *word = argv[*i];
    size_t n = strlen(name);
    if (letter && word[0] == '-' && word[1] == letter) {
        if (word[2])
            return word + 2;
    } else if (strncmp(word, "--", 2) == 0 && strncmp(word + 2, name, n) == 0 && word[2 + n] == '=') {
        return word + 3 + n;
    } else if (strncmp(word, "--", 2) != 0 || strcmp(word + 2, name) != 0) {
        return NULL;
    }
    *lacks = *i + 1 >= argc;
    return *lacks ? word : argv[++*i];
}

static bool read_format(struct making *m, const char *text)
{
    static const char *const names[] = {"html", "json", "csv", "svg"};
    for (unsigned i = 0; i < 4; i++)
        if (strcmp(text, names[i]) == 0) {
            m->format = (enum format)i;
            return true;
        }
    return false;
}

/* Takes out the report's own options; the others stay in argv. The exit code, or -1 to go on. */
static int take_options(struct making *m, int *argc, char **argv)
{
    const char *format = NULL;
    const struct {
        char letter;
        const char *name, **to;
    } options[] = {{'o', "output", &m->output}, {0, "format", &format},        {0, "part", &m->part},
                   {0, "state", &m->state},     {0, "baseline", &m->baseline}, {0, "title", &m->title},
                   {0, "date", &m->date}};
    int kept = 1;
    for (int i = 2; i < *argc; i++) {
        bool lacks = false, taken = false;
        if (strcmp(argv[i], "--") == 0) {
            while (i < *argc)
                argv[kept++] = argv[i++];
            break;
        }
        if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0) {
            print_help(m->program);
            return FINE;
        }
        for (size_t k = 0; k < sizeof options / sizeof *options && !taken; k++) {
            const char *word = argv[i],
                       *value = value_of(*argc, argv, &i, options[k].letter, options[k].name, &lacks);
            if (lacks)
                return wrong(m, "%s needs a value", word);
            taken = value != NULL;
            if (taken)
                *options[k].to = value;
        }
        if (!taken)
            argv[kept++] = argv[i];
    }
    *argc = kept;
    argv[kept] = NULL;
    if (format && !read_format(m, format))
        return wrong(m, "--format: '%s' is not html, json, csv or svg", format);
    return -1;
}

static bool is_part(const char *part, enum report_part *to)
{
    static const char *const names[] = {"alerts", "series", "groups", "inputs"};
    *to = REPORT_PART_ALERTS;
    for (unsigned i = 0; part && i < 4; i++)
        if (strcmp(part, names[i]) == 0) {
            *to = (enum report_part)i;
            return true;
        }
    return !part;
}

static bool is_alert(const struct trail_pack *p, const char *id)
{
    for (size_t i = 0; i < p->n_alerts; i++)
        if (strcmp(p->alerts[i].id, id) == 0)
            return true;
    return false;
}

/* The exit code, or -1 to go on. */
static int check(struct making *m)
{
    const struct trail_arguments *a = &m->arguments;
    enum report_part part;
    if (!m->output || !*m->output)
        return wrong(m, "-o is missing: it names the file to write, or - for standard output");
    if (a->follow || a->hits || a->stats || a->exit_code || a->action != TRAIL_ACT_SCAN)
        return wrong(
            m, "report takes no --follow, --hits, --stats, --list, --exit-code, --check-config or --version");
    if (m->part && (m->format == FORMAT_HTML || m->format == FORMAT_JSON))
        return wrong(m, "--part goes with --format=csv or --format=svg");
    if (m->format == FORMAT_CSV && !is_part(m->part, &part))
        return wrong(m, "--part: '%s' is not alerts, series, groups or inputs", m->part);
    if (m->format == FORMAT_SVG && m->part && !is_alert(m->pack, m->part))
        return wrong(m, "--part: the pack has no alert '%s' (--list names them)", m->part);
    if (m->state && a->n_inputs)
        return wrong(m, "--state has what fired: it goes without inputs");
    if (m->state && (m->config || a->now || a->lateness || a->strict))
        return wrong(m, "--state goes with --since and --until alone");
    if (m->state && m->baseline)
        return wrong(m, "--baseline goes with inputs: a state has no counts");
    if (!m->state && a->n_inputs == 0 && isatty(STDIN_FILENO))
        return wrong(m, "no input: name files or directories, or pipe a log in");
    return -1;
}

/* ---- gathering ---------------------------------------------------------------------------- */

static void keep(struct making *m, bool ok)
{
    m->out_of_memory |= !ok;
    if (!ok && m->trail)
        trail_stop(m->trail);
}

static void on_alert(void *user, const struct trail_fired *fired)
{
    struct making *m = user;
    m->fired += fired->state == TRAIL_FIRING;
    keep(m, report_fired(m->report, fired));
}

static void on_count(void *user, const struct trail_alert *alert, struct trail_slice group, int64_t time)
{
    struct making *m = user;
    keep(m, report_counted(m->report, alert, group, time));
}

static void on_records(void *user, int64_t minute, uint64_t n)
{
    struct making *m = user;
    keep(m, report_records(m->report, minute, n));
}

static void on_problem(void *user, const char *message)
{
    struct making *m = user;
    say(m, message);
    if (m->report)
        keep(m, report_problem(m->report, message));
}

static void on_progress(void *user, const struct trail_stats *stats)
{
    struct making *m = user;
    trail_progress_show(&m->progress, stats, m->fired, "alert");
}

static bool take_stats(struct making *m)
{
    size_t n = m->pack->n_alerts;
    struct trail_stats stats;
    struct trail_counts *counts = calloc(n + 1, sizeof *counts);
    if (!counts)
        return false;
    trail_stats(m->trail, &stats);
    for (size_t i = 0; i < n; i++)
        counts[i] = trail_counts(m->trail, i);
    report_inputs(m->report, &stats, counts);
    free(counts);
    return true;
}

static enum trail_status scan(struct making *m)
{
    static const char *const standard_input[] = {"-"};
    const struct trail_arguments *a = &m->arguments;
    struct trail_options options = {.on_alert = on_alert,
                                    .on_count = on_count,
                                    .on_records = on_records,
                                    .on_problem = on_problem,
                                    .on_progress = on_progress,
                                    .total = m->progress.on,
                                    .user = m,
                                    .events = true,
                                    .threads = a->threads,
                                    .now = a->now,
                                    .lateness = a->lateness,
                                    .since = a->since,
                                    .until = a->until,
                                    .waiting = m->config ? m->config->limits.waiting : 0,
                                    .groups_limit = m->config ? m->config->limits.groups : 0,
                                    .baseline = m->baseline,
                                    .frozen = a->frozen,
                                    .strict = a->strict};
    enum trail_status status, finished;
    m->trail = trail_new(m->pack, &options, &status);
    if (!m->trail)
        return status;
    status = trail_scan_all(m->trail, a->n_inputs ? a->n_inputs : 1, a->n_inputs ? a->inputs : standard_input,
                            a->labels);
    finished = trail_finish(m->trail);
    trail_progress_clear(&m->progress);
    if (!take_stats(m))
        return TRAIL_NO_MEMORY;
    return finished != TRAIL_OK ? finished : status;
}

static bool each_told(void *user, const struct state_told *told)
{
    struct making *m = user;
    struct trail_stored stored;
    if (trail_stored_read(&stored, m->pack, told->json)) {
        stored.fired.time = told->time;
        keep(m, report_fired(m->report, &stored.fired));
    }
    trail_stored_free(&stored);
    return !m->out_of_memory;
}

static enum trail_status recall(struct making *m)
{
    char error[STATE_ERROR];
    struct state_config config = {
        .path = m->state, .mode = STATE_LOOK, .pack = m->pack, .on_problem = on_problem, .user = m};
    struct state_wanted wanted = {.since = m->arguments.since, .until = m->arguments.until};
    struct state *state = state_open(&config, error);
    if (!state) {
        say(m, error);
        return TRAIL_INVALID;
    }
    bool ok = state_history(state, &wanted, each_told, m);
    state_close(state);
    return ok || m->out_of_memory ? TRAIL_OK : TRAIL_DAMAGED;
}

/* ---- writing ------------------------------------------------------------------------------ */

/* False: it was said why. */
static bool render(struct making *m, struct trail_text *to)
{
    enum report_part part;
    bool there = true;
    switch (m->format) {
    case FORMAT_HTML: report_html(m->report, to); break;
    case FORMAT_JSON: report_json(m->report, to); break;
    case FORMAT_CSV:
        is_part(m->part, &part);
        report_csv(m->report, part, to);
        break;
    case FORMAT_SVG: there = report_svg(m->report, m->part, to); break;
    }
    if (!there)
        say(m, "--part: nothing was counted for that alert: there is no picture");
    return there;
}

/* Whole or not at all, where the file is a regular one. */
static bool write_file(struct making *m, const struct trail_text *text)
{
    char path[4096];
    struct stat st;
    bool to_stdout = strcmp(m->output, "-") == 0;
    bool direct = to_stdout || (stat(m->output, &st) == 0 && !S_ISREG(st.st_mode));
    int n = snprintf(path, sizeof path, direct ? "%s" : "%s.new", m->output);
    FILE *file = to_stdout                        ? stdout
                 : n < 0 || n >= (int)sizeof path ? (errno = ENAMETOOLONG, NULL)
                                                  : fopen(path, "w");
    bool ok = file && fwrite(text->p, 1, text->n, file) == text->n;
    ok = file && (to_stdout ? fflush(file) : fclose(file)) == 0 && ok;
    ok = ok && (direct || rename(path, m->output) == 0);
    if (ok || (to_stdout && errno == EPIPE))
        return true;
    int error = errno;
    if (file && !direct)
        unlink(path);
    wrong(m, "%.300s: %s", to_stdout ? "standard output" : m->output, strerror(error));
    return false;
}

static int finish(struct making *m, enum trail_status status)
{
    struct trail_text text = {0};
    if (status == TRAIL_INVALID)
        return WRONG;
    m->out_of_memory |= status == TRAIL_NO_MEMORY || !report_finish(m->report);
    bool rendered = !m->out_of_memory && render(m, &text);
    m->out_of_memory |= text.failed;
    bool ok = rendered && !text.failed && write_file(m, &text);
    trail_text_free(&text);
    if (m->out_of_memory)
        say(m, "out of memory");
    return !ok ? WRONG : status == TRAIL_DAMAGED ? DAMAGED : FINE;
}

static int run(struct making *m)
{
    struct report_config config = {
        .pack = m->pack, .title = m->title, .date = m->date, .from_state = m->state != NULL};
    if (m->arguments.config) {
        m->config = trail_configured_load(&m->arguments, m->pack);
        if (!m->config || !trail_configured_inputs(&m->arguments, m->config))
            return WRONG;
    }
    int code = check(m);
    if (code >= 0)
        return code;
    if (m->baseline) {
        char error[512];
        m->baselines = config.baselines = baselines_read(m->baseline, error, sizeof error);
        if (!m->baselines)
            return wrong(m, "%s", error);
    }
    m->report = report_new(&config);
    if (!m->report) {
        say(m, "out of memory");
        return WRONG;
    }
    return finish(m, m->state ? recall(m) : scan(m));
}

int trail_report_command(const struct trail_pack *pack, int argc, char **argv)
{
    struct making m = {.pack = pack, .program = trail_program_name(argc, argv)};
    trail_progress_start(&m.progress);
    int code = take_options(&m, &argc, argv);
    if (code < 0)
        code = trail_arguments_read(&m.arguments, argc, argv) ? run(&m) : wrong(&m, "%s", m.arguments.error);
    trail_free(m.trail);
    report_free(m.report);
    baselines_free(m.baselines);
    trail_config_free(m.config);
    trail_arguments_free(&m.arguments);
    return code;
}
