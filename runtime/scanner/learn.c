/*
 * learn.c - `sentry learn`: reads history once, and says what is usual and which thresholds fit.
 *
 * What the alerts count is kept (counted.h) until the log is at its end, for only then is known which groups matter and
 * where the log had gaps; then each condition has its turn (course.h).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "file/replace.h"
#include "learn.h"
#include "reading.h"
#include "retune.h"
#include "window/window.h"

struct learn {
    struct reading r;
    const char *output, *merge, *write;
    struct counted **counted; /* of each alert; NULL: it does not count */
    struct learning l;
    struct retune *changes;
    size_t n_changes;
    uint64_t events;
    bool overlaps; /* what is merged is of the same time */
    struct coverage before, *coverage;
    const char *format; /* NULL: text on a terminal */
    bool text, out_of_memory, unreadable, stopped;
};

static void print_help(const char *program)
{
    printf("Usage: %s learn [OPTION...] [INPUT...] [-o FILE]\n"
           "Learns from past logs what is usual for each alert that counts, and proposes\n"
           "thresholds: what each would have told on this history, exactly.\n\n",
           program);
    fputs("  -o, --output=FILE     writes what was learnt, for --baseline and for --merge\n"
          "      --merge=FILE      adds what this file has; FILE may be the one of -o\n"
          "      --per-week=N      firings a week that are wanted at most (default: 1)\n"
          "      --groups=N        groups of an alert that are learnt (default: 10000)\n"
          "      --write=PACK      puts the proposed numbers into the rule files of PACK\n"
          "      --format=FORMAT   text or json (default: text on a terminal)\n"
          "  -h, --help            this\n\n"
          "Also as for a scan: -c, -j, --application, --subsystem, --since, --until, --now,\n"
          "--lateness, --strict. The same logs give the same answer.\n"
          "Exit: 0 all read, 2 wrong use or nothing written, 3 bad input, full disk.\n",
          stdout);
}

/* ---- the command line --------------------------------------------------------------------- */

static bool read_per_week(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    char *end;
    double *to = o->to;
    *to = strtod(value, &end);
    return (!*end && end != value && *to >= 0 && *to <= 1e9) ||
           trail_arguments_fail(
               a, "--per-week: '%s' is no number of alerts; write 1, or 0.25 for one in four weeks", value);
}

static bool read_groups(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    uint64_t n;
    if (!trail_argument_number(value, &n) || n > COUNTED_GROUPS)
        return trail_arguments_fail(a, "--groups: '%s' is no number from 1 to 1000000", value);
    *(size_t *)o->to = (size_t)n;
    return true;
}

static bool read_format(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    *(const char **)o->to = value;
    return strcmp(value, "text") == 0 || strcmp(value, "json") == 0 ||
           trail_arguments_fail(a, "--format: '%s' is not text or json", value);
}

static bool read_output(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    return trail_option_file(a, o, value) &&
           (strcmp(value, "-") != 0 ||
            trail_arguments_fail(a, "--output: a baseline is written to a file: name one"));
}

static bool start_reading(struct learn *m, const struct trail_pack *pack, int argc, char **argv)
{
    static const char *const shared[] = {"config", "threads",  "application", "subsystem", "since",  "until",
                                         "now",    "lateness", "strict",      "color",     "colour", NULL};
    const struct trail_option own[] = {
        {"output", 'o', TRAIL_OPTION_VALUE, read_output, &m->output},
        {"merge", 0, TRAIL_OPTION_VALUE, trail_option_file, &m->merge},
        {"write", 0, TRAIL_OPTION_VALUE, trail_option_text, &m->write},
        {"per-week", 0, TRAIL_OPTION_VALUE, read_per_week, &m->l.a_week},
        {"groups", 0, TRAIL_OPTION_VALUE, read_groups, &m->l.cap},
        {"format", 0, TRAIL_OPTION_VALUE, read_format, &m->format},
    };
    const struct trail_syntax syntax = {"learn", shared, own, sizeof own / sizeof *own};
    bool read = reading_start(&m->r, pack, &syntax, argc, argv);
    m->text = m->format ? strcmp(m->format, "text") == 0 : isatty(STDOUT_FILENO);
    return read;
}

/* ---- reading ------------------------------------------------------------------------------ */

static void stop(struct learn *m)
{
    m->stopped = true;
    trail_stop(m->r.trail);
}

static void on_count(void *user, const struct trail_alert *alert, struct trail_slice group, int64_t time)
{
    struct learn *m = user;
    struct counted **c = &m->counted[alert - m->r.pack->alerts];
    errno = 0;
    if ((!*c && !(*c = counted_new())) || !counted_add(*c, group, time)) {
        if (errno && errno != ENOMEM)
            reading_say(&m->r, "a temporary file: %s: set TMPDIR to a directory with more room",
                        strerror(errno));
        m->unreadable |= errno && errno != ENOMEM;
        m->out_of_memory |= !m->unreadable;
        stop(m);
    }
    m->events++;
}

static void on_records(void *user, const struct trail_alert *alert, struct trail_slice group, int64_t minute,
                       uint64_t n)
{
    struct learn *m = user;
    (void)group, (void)n;
    if (alert) /* that only asks whether there are events: nothing to learn */
        return;
    for (size_t i = 0; i < m->before.n && !m->overlaps; i++)
        m->overlaps = minute >= m->before.list[i].from && minute <= m->before.list[i].to;
    if (!coverage_add(m->coverage, minute, minute + 59999)) {
        m->out_of_memory = true;
        stop(m);
    }
}

static void on_problem(void *user, const char *message)
{
    struct learn *m = user;
    reading_say(&m->r, "%s", message);
}

static void on_progress(void *user, const struct trail_stats *stats)
{
    struct learn *m = user;
    trail_progress_show(&m->r.progress, stats, m->events, "counted event");
}

static enum trail_status scan(struct learn *m)
{
    struct trail_options options = reading_options(&m->r);
    options.on_count = on_count;
    options.on_records = on_records;
    options.on_problem = on_problem;
    options.on_progress = on_progress;
    options.user = m;
    enum trail_status status = reading_scan(&m->r, &options);
    if (m->r.trail)
        trail_times(m->r.trail, &m->l.from, &m->l.to);
    return status;
}

/* ---- learning ----------------------------------------------------------------------------- */

static bool counts(const struct trail_condition *c)
{
    return c->when != TRAIL_IMMEDIATELY;
}

static bool note_change(struct learn *m, const struct trail_alert *alert, const struct learnt *x)
{
    const struct trail_condition *c = &alert->conditions[x->condition];
    if (!x->proposes || !x->proposal.found || x->proposal.best == c->n)
        return true;
    struct retune *changes = realloc(m->changes, (m->n_changes + 1) * sizeof *changes);
    if (!changes)
        return false;
    m->changes = changes;
    changes[m->n_changes++] = (struct retune){alert, x->condition, x->proposal.best};
    return true;
}

static bool learn_alert(struct learn *m, size_t index, struct trail_text *out)
{
    const struct trail_alert *alert = &m->r.pack->alerts[index];
    struct counted **counted = &m->counted[index];
    struct learnt x;
    for (unsigned i = 0; i < alert->n_conditions; i++) {
        if (!counts(&alert->conditions[i]))
            continue;
        if (window_presence(m->r.pack, alert) > 0) {
            learn_print_presence(out, alert, i, m->text);
            continue;
        }
        if ((!*counted && !(*counted = counted_new())) || !learn_condition(&m->l, alert, i, *counted, &x) ||
            !note_change(m, alert, &x))
            return false;
        (m->text ? learn_print_text : learn_print_json)(out, &m->l, alert, &x, *counted);
    }
    return true;
}

static bool put(struct trail_text *out)
{
    bool ok =
        !out->failed && fwrite(out->p ? out->p : "", 1, out->n, stdout) == out->n && fflush(stdout) == 0;
    out->n = 0;
    return ok;
}

/* On a terminal: which alert has its turn, for trying thresholds takes a while where much is counted. */
static void show_turn(struct learn *m, size_t index)
{
    if (!m->r.progress.on || trail_progress_elapsed(&m->r.progress) < 1000)
        return;
    fprintf(stderr, "\r\033[Klearning %.50s, alert %zu of %zu", m->r.pack->alerts[index].id, index + 1,
            m->r.pack->n_alerts);
    m->r.progress.shown = true;
}

static int learn_all(struct learn *m)
{
    struct trail_text out = {0};
    int code = TRAIL_EXIT_FINE;
    if (m->text)
        learn_print_head(&out, &m->l, m->coverage);
    for (size_t i = 0; i < m->r.pack->n_alerts && code == TRAIL_EXIT_FINE; i++) {
        show_turn(m, i);
        bool ok = learn_alert(m, i, &out);
        trail_progress_clear(&m->r.progress);
        if (!ok) {
            reading_say(&m->r, "out of memory, or a temporary file cannot be read");
            code = TRAIL_EXIT_DAMAGED;
        } else if (!put(&out)) {
            if (errno != EPIPE)
                reading_say(&m->r, "standard output: %s", strerror(out.failed ? ENOMEM : errno));
            code = TRAIL_EXIT_DAMAGED;
        }
        counted_free(m->counted[i]);
        m->counted[i] = NULL;
    }
    trail_text_free(&out);
    for (size_t i = 0; i < baselines_count(m->l.baselines); i++)
        baseline_set_limit(baselines_at(m->l.baselines, i), m->l.cap);
    return code;
}

/* ---- writing ------------------------------------------------------------------------------ */

static int write_baseline(struct learn *m)
{
    struct replacing file;
    bool ok =
        replacing_start(&file, m->output, false) && baselines_write(m->l.baselines, m->r.pack, file.file);
    if (replacing_end(&file, ok))
        return TRAIL_EXIT_FINE;
    reading_say(&m->r, "%s: %s", m->output, strerror(errno));
    return TRAIL_EXIT_WRONG;
}

static int write_pack(struct learn *m)
{
    char error[700];
    size_t files;
    if (!retune_pack(m->write, m->changes, m->n_changes, &files, error, sizeof error)) {
        reading_say(&m->r, "--write: %s", error);
        return TRAIL_EXIT_WRONG;
    }
    reading_say(&m->r, "%s: %zu number%s written into %zu file%s: build the scanner anew", m->write,
                m->n_changes, m->n_changes == 1 ? "" : "s", files, files == 1 ? "" : "s");
    return TRAIL_EXIT_FINE;
}

static int finish(struct learn *m, enum trail_status status)
{
    if (status == TRAIL_NO_MEMORY || m->out_of_memory || m->unreadable) {
        if (!m->unreadable)
            reading_say(&m->r, "out of memory");
        return TRAIL_EXIT_DAMAGED;
    }
    if (status == TRAIL_INVALID || status == TRAIL_ABI_MISMATCH)
        return trail_arguments_wrong(&m->r.arguments, "the options make no sense together");
    if (m->overlaps)
        reading_say(&m->r, "%s: some of it is of the time of this history: what is in both counts twice",
                    m->merge);
    int code = learn_all(m);
    if (code == TRAIL_EXIT_FINE && m->output)
        code = write_baseline(m);
    if (code == TRAIL_EXIT_FINE && m->write)
        code = write_pack(m);
    return code != TRAIL_EXIT_FINE ? code : status == TRAIL_DAMAGED ? TRAIL_EXIT_DAMAGED : TRAIL_EXIT_FINE;
}

static bool start(struct learn *m)
{
    char error[700];
    m->counted = calloc(m->r.pack->n_alerts + 1, sizeof(struct counted *));
    m->l.baselines = m->merge ? baselines_read(m->merge, error, sizeof error) : baselines_new();
    if (!m->counted || !m->l.baselines) {
        reading_say(&m->r, "%s", m->merge && m->counted ? error : "out of memory");
        return false;
    }
    m->coverage = baselines_coverage(m->l.baselines);
    for (size_t i = 0; i < m->coverage->n; i++)
        if (!coverage_add(&m->before, m->coverage->list[i].from, m->coverage->list[i].to)) {
            reading_say(&m->r, "out of memory");
            return false;
        }
    m->l.applications = m->r.pack->fields[TRAIL_FIELD_APPLICATION] != NULL;
    m->l.subsystems = m->r.pack->fields[TRAIL_FIELD_SUBSYSTEM] != NULL;
    for (size_t i = 0; i < (m->r.arguments.n_inputs ? m->r.arguments.n_inputs : 1); i++) {
        m->l.applications |= m->r.arguments.labels[i].application.n > 0;
        m->l.subsystems |= m->r.arguments.labels[i].subsystem.n > 0;
    }
    return true;
}

static int run(struct learn *m)
{
    if (m->r.arguments.action == TRAIL_ACT_HELP) {
        print_help(m->r.arguments.program);
        return TRAIL_EXIT_FINE;
    }
    if (!reading_configure(&m->r))
        return TRAIL_EXIT_WRONG;
    if (!reading_has_input(&m->r))
        return trail_arguments_wrong(&m->r.arguments, READING_NO_INPUT);
    return start(m) ? finish(m, scan(m)) : TRAIL_EXIT_WRONG;
}

int trail_learn_command(const struct trail_pack *pack, int argc, char **argv)
{
    struct learn m = {.l = {.pack = pack, .a_week = 1, .cap = BASELINES_GROUPS}};
    bool read = start_reading(&m, pack, argc, argv);
    int code = read ? run(&m) : trail_arguments_wrong(&m.r.arguments, "%s", m.r.arguments.error);
    for (size_t i = 0; m.counted && i < pack->n_alerts; i++)
        counted_free(m.counted[i]);
    free(m.counted);
    free(m.changes);
    coverage_free(&m.before);
    baselines_free(m.l.baselines);
    reading_end(&m.r);
    return code;
}
