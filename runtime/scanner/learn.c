/*
 * learn.c - `sentry learn`: reads history once, and says what is usual and which thresholds fit.
 *
 * Options of its own are taken out of the command line; what is left is read as a scan's (arguments.h). What the
 * alerts count is kept (counted.h) until the log is at its end, for only then is known which groups matter and where
 * the log had gaps; then each condition has its turn (course.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "configured.h"
#include "learn.h"
#include "notify/terminal.h"
#include "progress.h"
#include "retune.h"
#include "window/window.h"

enum { FINE = 0, WRONG = 2, DAMAGED = 3 };

struct learn {
    const struct trail_pack *pack;
    const char *program, *output, *merge, *write, *format, *per_week, *groups;
    struct trail_arguments arguments;
    struct trail_config *config; /* NULL: none */
    struct trail *trail;
    struct trail_progress progress;
    struct counted **counted; /* of each alert; NULL: it does not count */
    struct learning l;
    struct retune *changes;
    size_t n_changes;
    uint64_t events;
    bool overlaps; /* what is merged is of the same time */
    struct coverage before, *coverage;
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

static void say(struct learn *m, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct learn *m, const char *format, ...)
{
    char text[1024];
    struct trail_text safe = {0};
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    trail_progress_clear(&m->progress);
    trail_terminal_add(&safe, (struct trail_slice){text, strlen(text)});
    fprintf(stderr, "%s: %.*s\n", m->program, (int)safe.n, safe.p ? safe.p : "");
    trail_text_free(&safe);
}

static int wrong(struct learn *m, const char *what, const char *value)
{
    say(m, what, value);
    fprintf(stderr, "Try '%s learn --help'.\n", m->program);
    return WRONG;
}

/* ---- the command line --------------------------------------------------------------------- */

/* The value of an option in argv[*i], as `-oX`, `-o X`, `--output=X` or `--output X`; NULL: it is another word. */
static const char *value_of(int argc, char **argv, int *i, char letter, const char *name, bool *lacks)
{
    const char *word = argv[*i];
    size_t n = strlen(name);
    bool is_short = letter && word[0] == '-' && word[1] == letter;
    bool is_long = strncmp(word, "--", 2) == 0 && strncmp(word + 2, name, n) == 0;
    if (is_short && word[2])
        return word + 2;
    if (is_long && word[2 + n] == '=')
        return word + 3 + n;
    if (!is_short && !(is_long && word[2 + n] == 0))
        return NULL;
    *lacks = *i + 1 >= argc;
    return *lacks ? word : argv[++*i];
}

/* Takes out the command's own options; the others stay in argv. The exit code, or -1 to go on. */
static int take_options(struct learn *m, int *argc, char **argv)
{
    const struct {
        char letter;
        const char *name, **to;
    } options[] = {{'o', "output", &m->output},   {0, "merge", &m->merge},   {0, "write", &m->write},
                   {0, "per-week", &m->per_week}, {0, "groups", &m->groups}, {0, "format", &m->format}};
    int kept = 1;
    for (int i = 2; i < *argc; i++) {
        bool lacks = false, taken = false;
        const char *word = argv[i];
        if (strcmp(word, "--") == 0) {
            while (i < *argc)
                argv[kept++] = argv[i++];
            break;
        }
        if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0) {
            print_help(m->program);
            return FINE;
        }
        for (size_t k = 0; k < sizeof options / sizeof *options && !taken; k++) {
            const char *value = value_of(*argc, argv, &i, options[k].letter, options[k].name, &lacks);
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
    return -1;
}

/* The exit code, or -1 to go on. */
static int read_values(struct learn *m)
{
    char *end;
    m->l.a_week = 1;
    m->l.cap = BASELINES_GROUPS;
    if (m->per_week) {
        m->l.a_week = strtod(m->per_week, &end);
        if (*end || end == m->per_week || !(m->l.a_week >= 0 && m->l.a_week <= 1e9))
            return wrong(m, "--per-week: '%s' is no number of alerts; write 1, or 0.25 for one in four weeks",
                         m->per_week);
    }
    if (m->groups) {
        long n = strtol(m->groups, &end, 10);
        if (*end || end == m->groups || n < 1 || n > COUNTED_GROUPS)
            return wrong(m, "--groups: '%s' is no number from 1 to 1000000", m->groups);
        m->l.cap = (size_t)n;
    }
    if (m->format && strcmp(m->format, "text") != 0 && strcmp(m->format, "json") != 0)
        return wrong(m, "--format: '%s' is not text or json", m->format);
    if (m->output && strcmp(m->output, "-") == 0)
        return wrong(m, "%s: a baseline is written to a file: name one", "--output");
    m->text = m->format ? strcmp(m->format, "text") == 0 : isatty(STDOUT_FILENO);
    return -1;
}

/* What a scan may be asked and learning may not. The exit code, or -1 to go on. */
static int check(struct learn *m)
{
    const struct trail_arguments *a = &m->arguments;
    const char *other = a->follow                     ? "--follow"
                        : a->hits                     ? "--hits"
                        : a->state                    ? "--state"
                        : a->http                     ? "--http"
                        : a->stats                    ? "--stats"
                        : a->exit_code                ? "--exit-code"
                        : a->action != TRAIL_ACT_SCAN ? "--list, --version or --check-config"
                                                      : NULL;
    if (other)
        return wrong(m, "%s is for scanning, and not for learning", other);
    if (a->n_inputs == 0 && isatty(STDIN_FILENO))
        return wrong(m, "no input: name files or directories, or pipe a log in%s", "");
    return -1;
}

/* ---- reading ------------------------------------------------------------------------------ */

static void stop(struct learn *m)
{
    m->stopped = true;
    trail_stop(m->trail);
}

static void on_count(void *user, const struct trail_alert *alert, struct trail_slice group, int64_t time)
{
    struct learn *m = user;
    struct counted **c = &m->counted[alert - m->pack->alerts];
    errno = 0;
    if ((!*c && !(*c = counted_new())) || !counted_add(*c, group, time)) {
        if (errno && errno != ENOMEM)
            say(m, "%s: %s: set TMPDIR to a directory with more room", "a temporary file", strerror(errno));
        m->unreadable |= errno && errno != ENOMEM;
        m->out_of_memory |= !m->unreadable;
        stop(m);
    }
    m->events++;
}

static void on_records(void *user, int64_t minute, uint64_t n)
{
    struct learn *m = user;
    (void)n;
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
    trail_progress_clear(&m->progress);
    fprintf(stderr, "%s: %s\n", m->program, message);
}

static void on_progress(void *user, const struct trail_stats *stats)
{
    struct learn *m = user;
    trail_progress_show(&m->progress, stats, m->events, "counted event");
}

static enum trail_status scan(struct learn *m)
{
    static const char *const standard_input[] = {"-"};
    const struct trail_arguments *a = &m->arguments;
    struct trail_options options = {.on_count = on_count,
                                    .on_records = on_records,
                                    .on_problem = on_problem,
                                    .on_progress = on_progress,
                                    .total = m->progress.on,
                                    .user = m,
                                    .threads = a->threads,
                                    .now = a->now,
                                    .lateness = a->lateness,
                                    .since = a->since,
                                    .until = a->until,
                                    .waiting = m->config ? m->config->limits.waiting : 0,
                                    .groups_limit = m->config ? m->config->limits.groups : 0,
                                    .strict = a->strict};
    enum trail_status status, finished;
    m->trail = trail_new(m->pack, &options, &status);
    if (!m->trail)
        return status;
    status = trail_scan_all(m->trail, a->n_inputs ? a->n_inputs : 1, a->n_inputs ? a->inputs : standard_input,
                            a->labels);
    finished = trail_finish(m->trail);
    trail_progress_clear(&m->progress);
    trail_times(m->trail, &m->l.from, &m->l.to);
    return finished != TRAIL_OK ? finished : status;
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
    const struct trail_alert *alert = &m->pack->alerts[index];
    struct counted **counted = &m->counted[index];
    struct learnt x;
    for (unsigned i = 0; i < alert->n_conditions; i++) {
        if (!counts(&alert->conditions[i]))
            continue;
        if (window_presence(m->pack, alert) > 0) {
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
    if (!m->progress.on || trail_progress_elapsed(&m->progress) < 1000)
        return;
    fprintf(stderr, "\r\033[Klearning %.50s, alert %zu of %zu", m->pack->alerts[index].id, index + 1,
            m->pack->n_alerts);
    m->progress.shown = true;
}

static int learn_all(struct learn *m)
{
    struct trail_text out = {0};
    int code = FINE;
    if (m->text)
        learn_print_head(&out, &m->l, m->coverage);
    for (size_t i = 0; i < m->pack->n_alerts && code == FINE; i++) {
        show_turn(m, i);
        bool ok = learn_alert(m, i, &out);
        trail_progress_clear(&m->progress);
        if (!ok) {
            say(m, "out of memory, or a temporary file cannot be read");
            code = DAMAGED;
        } else if (!put(&out)) {
            if (errno != EPIPE)
                say(m, "standard output: %s", strerror(out.failed ? ENOMEM : errno));
            code = DAMAGED;
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

/* Beside the file, and then in its place. */
static int write_baseline(struct learn *m)
{
    char *beside = malloc(strlen(m->output) + 8);
    if (!beside) {
        say(m, "out of memory");
        return DAMAGED;
    }
    sprintf(beside, "%s.XXXXXX", m->output);
    int fd = mkostemp(beside, O_CLOEXEC);
    mode_t mask = umask(0);
    umask(mask);
    FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
    bool ok = f && fchmod(fd, 0666 & ~mask) == 0 && baselines_write(m->l.baselines, m->pack, f) &&
              fflush(f) == 0 && fsync(fd) == 0;
    int error = errno;
    if (f && fclose(f) != 0 && ok) {
        error = errno;
        ok = false;
    }
    if (ok && rename(beside, m->output) != 0) {
        error = errno;
        ok = false;
    }
    if (!ok) {
        say(m, "%s: %s", m->output, strerror(error));
        if (fd >= 0)
            unlink(beside);
    }
    free(beside);
    return ok ? FINE : WRONG;
}

static int write_pack(struct learn *m)
{
    char error[700];
    size_t files;
    if (!retune_pack(m->write, m->changes, m->n_changes, &files, error, sizeof error)) {
        say(m, "--write: %s", error);
        return WRONG;
    }
    say(m, "%s: %zu number%s written into %zu file%s: build the scanner anew", m->write, m->n_changes,
        m->n_changes == 1 ? "" : "s", files, files == 1 ? "" : "s");
    return FINE;
}

static int finish(struct learn *m, enum trail_status status)
{
    if (status == TRAIL_NO_MEMORY || m->out_of_memory || m->unreadable) {
        if (!m->unreadable)
            say(m, "out of memory");
        return DAMAGED;
    }
    if (status == TRAIL_INVALID || status == TRAIL_ABI_MISMATCH)
        return wrong(m, "the options make no sense together%s", "");
    if (m->overlaps)
        say(m, "%s: some of it is of the time of this history: what is in both counts twice", m->merge);
    int code = learn_all(m);
    if (code == FINE && m->output)
        code = write_baseline(m);
    if (code == FINE && m->write)
        code = write_pack(m);
    return code != FINE ? code : status == TRAIL_DAMAGED ? DAMAGED : FINE;
}

static bool start(struct learn *m)
{
    char error[700];
    m->counted = calloc(m->pack->n_alerts + 1, sizeof(struct counted *));
    m->l.pack = m->pack;
    m->l.baselines = m->merge ? baselines_read(m->merge, error, sizeof error) : baselines_new();
    if (!m->counted || !m->l.baselines) {
        say(m, "%s", m->merge && m->counted ? error : "out of memory");
        return false;
    }
    m->coverage = baselines_coverage(m->l.baselines);
    for (size_t i = 0; i < m->coverage->n; i++)
        if (!coverage_add(&m->before, m->coverage->list[i].from, m->coverage->list[i].to)) {
            say(m, "out of memory");
            return false;
        }
    m->l.applications = m->pack->fields[TRAIL_FIELD_APPLICATION] != NULL;
    m->l.subsystems = m->pack->fields[TRAIL_FIELD_SUBSYSTEM] != NULL;
    for (size_t i = 0; i < (m->arguments.n_inputs ? m->arguments.n_inputs : 1); i++) {
        m->l.applications |= m->arguments.labels[i].application.n > 0;
        m->l.subsystems |= m->arguments.labels[i].subsystem.n > 0;
    }
    return true;
}

static int run(struct learn *m)
{
    int code = read_values(m);
    if (code < 0 && m->arguments.config) {
        m->config = trail_configured_load(&m->arguments, m->pack);
        if (!m->config || !trail_configured_inputs(&m->arguments, m->config))
            return WRONG;
    }
    if (code < 0)
        code = check(m);
    if (code < 0)
        code = start(m) ? finish(m, scan(m)) : WRONG;
    return code;
}

int trail_learn_command(const struct trail_pack *pack, int argc, char **argv)
{
    struct learn m = {.pack = pack, .program = trail_program_name(argc, argv)};
    trail_progress_start(&m.progress);
    int code = take_options(&m, &argc, argv);
    if (code < 0)
        code = trail_arguments_read(&m.arguments, argc, argv) ? run(&m) : wrong(&m, "%s", m.arguments.error);
    trail_free(m.trail);
    for (size_t i = 0; m.counted && i < pack->n_alerts; i++)
        counted_free(m.counted[i]);
    free(m.counted);
    free(m.changes);
    coverage_free(&m.before);
    baselines_free(m.l.baselines);
    trail_config_free(m.config);
    trail_arguments_free(&m.arguments);
    return code;
}
