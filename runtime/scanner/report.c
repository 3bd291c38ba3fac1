/*
 * report.c - `sentry report`: what a scan finds, or what a state remembers, as a page or as parts of it.
 */
#include "report/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/baseline.h"
#include "commands.h"
#include "file/replace.h"
#include "notify/stored.h"
#include "reading.h"
#include "state/look.h"

enum format { FORMAT_HTML, FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_SVG };

struct making {
    struct reading r;
    const char *output, *part, *title, *date;
    enum format format;
    struct report *report;
    struct baselines *baselines; /* NULL: none */
    uint64_t fired;
    bool out_of_memory;
};

static void print_help(const char *program)
{
    printf("Usage: %s report [OPTION...] [INPUT...] -o FILE\n"
           "Writes what the alerts find as one page that needs nothing but a browser.\n\n",
           program);
    fputs("  -o, --output=FILE       where to; - is standard output (default of text)\n"
          "      --format=FORMAT     html (the page), text, json, csv or svg\n"
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

/* ---- the command line --------------------------------------------------------------------- */

static bool read_format(struct trail_arguments *a, const struct trail_option *o, const char *text)
{
    static const char *const names[] = {"html", "text", "json", "csv", "svg"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(text, names[i]) == 0) {
            *(enum format *)o->to = (enum format)i;
            return true;
        }
    return trail_arguments_fail(a, "--format: '%s' is not html, text, json, csv or svg", text);
}

static bool start(struct making *m, const struct trail_pack *pack, int argc, char **argv)
{
    static const char *const shared[] = {"config", "threads", "application", "subsystem", "since",
                                         "until",  "now",     "lateness",    "state",     "baseline",
                                         "frozen", "strict",  "color",       "colour",    NULL};
    const struct trail_option own[] = {
        {"output", 'o', TRAIL_OPTION_VALUE, trail_option_text, &m->output},
        {"format", 0, TRAIL_OPTION_VALUE, read_format, &m->format},
        {"part", 0, TRAIL_OPTION_VALUE, trail_option_text, &m->part},
        {"title", 0, TRAIL_OPTION_VALUE, trail_option_text, &m->title},
        {"date", 0, TRAIL_OPTION_VALUE, trail_option_text, &m->date},
    };
    const struct trail_syntax syntax = {"report", shared, own, sizeof own / sizeof *own};
    bool read = reading_start(&m->r, pack, &syntax, argc, argv);
    if (!m->output && m->format == FORMAT_TEXT)
        m->output = "-";
    return read;
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
    const struct trail_arguments *a = &m->r.arguments;
    enum report_part part;
    if (!m->output || !*m->output)
        return trail_arguments_wrong(a,
                                     "-o is missing: it names the file to write, or - for standard output");
    if (m->part && m->format != FORMAT_CSV && m->format != FORMAT_SVG)
        return trail_arguments_wrong(a, "--part goes with --format=csv or --format=svg");
    if (m->format == FORMAT_CSV && !is_part(m->part, &part))
        return trail_arguments_wrong(a, "--part: '%s' is not alerts, series, groups or inputs", m->part);
    if (m->format == FORMAT_SVG && m->part && !is_alert(m->r.pack, m->part))
        return trail_arguments_wrong(a, "--part: the pack has no alert '%s' (--list names them)", m->part);
    if (a->state && a->n_inputs)
        return trail_arguments_wrong(a, "--state has what fired: it goes without inputs");
    if (a->state && (m->r.config || a->now || a->lateness || a->strict))
        return trail_arguments_wrong(a, "--state goes with --since and --until alone");
    if (a->state && a->baseline)
        return trail_arguments_wrong(a, "--baseline goes with inputs: a state has no counts");
    if (!a->state && !reading_has_input(&m->r))
        return trail_arguments_wrong(a, READING_NO_INPUT);
    return -1;
}

/* ---- gathering ---------------------------------------------------------------------------- */

static void keep(struct making *m, bool ok)
{
    m->out_of_memory |= !ok;
    if (!ok && m->r.trail)
        trail_stop(m->r.trail);
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

static void on_records(void *user, const struct trail_alert *alert, struct trail_slice group, int64_t minute,
                       uint64_t n)
{
    struct making *m = user;
    keep(m, report_records(m->report, alert, group, minute, n));
}

static void on_problem(void *user, const char *message)
{
    struct making *m = user;
    reading_say(&m->r, "%s", message);
    if (m->report)
        keep(m, report_problem(m->report, message));
}

static void on_progress(void *user, const struct trail_stats *stats)
{
    struct making *m = user;
    trail_progress_show(&m->r.progress, stats, m->fired, "alert");
}

static bool take_stats(struct making *m)
{
    size_t n = m->r.pack->n_alerts;
    struct trail_stats stats;
    struct trail_counts *counts = calloc(n + 1, sizeof *counts);
    if (!counts)
        return false;
    trail_stats(m->r.trail, &stats);
    for (size_t i = 0; i < n; i++)
        counts[i] = trail_counts(m->r.trail, i);
    report_inputs(m->report, &stats, counts);
    free(counts);
    return true;
}

static enum trail_status scan(struct making *m)
{
    struct trail_options options = reading_options(&m->r);
    options.on_alert = on_alert;
    options.on_count = on_count;
    options.on_records = on_records;
    options.on_problem = on_problem;
    options.on_progress = on_progress;
    options.user = m;
    options.events = true;
    enum trail_status status = reading_scan(&m->r, &options);
    return !m->r.trail || take_stats(m) ? status : TRAIL_NO_MEMORY;
}

static bool each_told(void *user, const struct state_told *told)
{
    struct making *m = user;
    struct trail_stored stored;
    if (trail_stored_read(&stored, m->r.pack, told->json)) {
        stored.fired.time = told->time;
        keep(m, report_fired(m->report, &stored.fired));
    }
    trail_stored_free(&stored);
    return !m->out_of_memory;
}

static enum trail_status recall(struct making *m)
{
    char error[STATE_ERROR];
    struct state_config config = {.path = m->r.arguments.state,
                                  .mode = STATE_LOOK,
                                  .pack = m->r.pack,
                                  .on_problem = on_problem,
                                  .user = m};
    struct state_wanted wanted = {.since = m->r.arguments.since, .until = m->r.arguments.until};
    struct state *state = state_open(&config, error);
    if (!state) {
        reading_say(&m->r, "%s", error);
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
    case FORMAT_TEXT: report_text(m->report, to); break;
    case FORMAT_JSON: report_json(m->report, to); break;
    case FORMAT_CSV:
        is_part(m->part, &part);
        report_csv(m->report, part, to);
        break;
    case FORMAT_SVG: there = report_svg(m->report, m->part, to); break;
    }
    if (!there)
        reading_say(&m->r, "--part: nothing was counted for that alert: there is no picture");
    return there;
}

static bool put(FILE *to, const struct trail_text *text)
{
    return fwrite(text->p, 1, text->n, to) == text->n;
}

static bool write_to(const char *path, const struct trail_text *text)
{
    struct replacing file;
    bool ok = replacing_start(&file, path, false) && put(file.file, text);
    return replacing_end(&file, ok);
}

static bool write_file(struct making *m, const struct trail_text *text)
{
    bool to_stdout = strcmp(m->output, "-") == 0;
    bool ok = to_stdout ? put(stdout, text) && fflush(stdout) == 0 : write_to(m->output, text);
    if (ok || (to_stdout && errno == EPIPE))
        return true;
    reading_say(&m->r, "%s: %s", to_stdout ? "standard output" : m->output, strerror(errno));
    return false;
}

static int finish(struct making *m, enum trail_status status)
{
    struct trail_text text = {0};
    if (status == TRAIL_INVALID)
        return TRAIL_EXIT_WRONG;
    m->out_of_memory |= status == TRAIL_NO_MEMORY || !report_finish(m->report);
    bool rendered = !m->out_of_memory && render(m, &text);
    m->out_of_memory |= text.failed;
    bool ok = rendered && !text.failed && write_file(m, &text);
    trail_text_free(&text);
    if (m->out_of_memory)
        reading_say(&m->r, "out of memory");
    return !ok ? TRAIL_EXIT_WRONG : status == TRAIL_DAMAGED ? TRAIL_EXIT_DAMAGED : TRAIL_EXIT_FINE;
}

static int run(struct making *m)
{
    const struct trail_arguments *a = &m->r.arguments;
    struct report_config config = {
        .pack = m->r.pack, .title = m->title, .date = m->date, .from_state = a->state != NULL};
    if (a->action == TRAIL_ACT_HELP) {
        print_help(a->program);
        return TRAIL_EXIT_FINE;
    }
    if (!reading_configure(&m->r))
        return TRAIL_EXIT_WRONG;
    int code = check(m);
    if (code >= 0)
        return code;
    if (a->baseline) {
        char error[512];
        m->baselines = config.baselines = baselines_read(a->baseline, error, sizeof error);
        if (!m->baselines) {
            reading_say(&m->r, "%s", error);
            return TRAIL_EXIT_WRONG;
        }
    }
    m->report = report_new(&config);
    if (!m->report) {
        reading_say(&m->r, "out of memory");
        return TRAIL_EXIT_WRONG;
    }
    return finish(m, a->state ? recall(m) : scan(m));
}

int trail_report_command(const struct trail_pack *pack, int argc, char **argv)
{
    struct making m = {0};
    bool read = start(&m, pack, argc, argv);
    int code = read ? run(&m) : trail_arguments_wrong(&m.r.arguments, "%s", m.r.arguments.error);
    report_free(m.report);
    baselines_free(m.baselines);
    reading_end(&m.r);
    return code;
}
