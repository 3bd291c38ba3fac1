/*
 * arguments.c - reads a scanner's command line.
 *
 * Options may stand anywhere (getopt_long); labels hold for the inputs that follow them, so the order of
 * options and inputs is kept. What is wrong is said in words, never guessed around.
 */
#include "arguments.h"
#include "commands.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "config/nearest.h"
#include "window/timestamp.h"

/* What getopt gives for the option in row i of the table, and for a word that is no option. */
enum { AN_OPTION = 256, AN_INPUT = 1 };

/* The options of one command line. */
struct table {
    struct trail_option options[TRAIL_OPTIONS];
    size_t n;
    struct option forms[TRAIL_OPTIONS + 1]; /* as getopt wants them */
    char letters[2 * TRAIL_OPTIONS + 4];
};

/* ---- messages ---- */

static struct trail_text safe_text(const char *format, va_list args)
{
    struct trail_text text = {0}, safe = {0};
    trail_text_addv(&text, format, args);
    trail_terminal_add(&safe, (struct trail_slice){text.p, text.n});
    trail_text_add(&safe, "", 1);
    safe.failed |= text.failed;
    trail_text_free(&text);
    return safe;
}

bool trail_arguments_fail(struct trail_arguments *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct trail_text safe = safe_text(format, args);
    va_end(args);
    snprintf(a->error, sizeof a->error, "%s", safe.failed ? "out of memory" : safe.p);
    trail_text_free(&safe);
    return false;
}

void trail_arguments_sayv(const struct trail_arguments *a, const char *format, va_list args)
{
    struct trail_text safe = safe_text(format, args);
    fprintf(stderr, "%s: %s\n", a->program, safe.failed ? "out of memory" : safe.p);
    trail_text_free(&safe);
}

void trail_arguments_say(const struct trail_arguments *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    trail_arguments_sayv(a, format, args);
    va_end(args);
}

int trail_arguments_wrong(const struct trail_arguments *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    trail_arguments_sayv(a, format, args);
    va_end(args);
    fprintf(stderr, "Try '%s%s%s --help'.\n", a->program, a->command ? " " : "",
            a->command ? a->command : "");
    return TRAIL_EXIT_WRONG;
}

/* ---- values ---- */

bool trail_option_flag(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    (void)a, (void)value;
    *(bool *)o->to = true;
    return true;
}

bool trail_option_text(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    (void)a;
    *(const char **)o->to = value;
    return true;
}

bool trail_option_file(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    *(const char **)o->to = value;
    return *value || trail_arguments_fail(a, "--%s wants the name of a file", o->name);
}

bool trail_argument_number(const char *text, uint64_t *to)
{
    char *end;
    errno = 0;
    *to = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && !errno && *to >= 1;
}

bool trail_option_number(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    return trail_argument_number(value, o->to) ||
           trail_arguments_fail(a, "--%s: '%s' is not a number from 1 on", o->name, value);
}

static bool is_time(const char *text, int64_t *to)
{
    *to = trail_time_parse_given((struct trail_slice){text, strlen(text)});
    return *to != TRAIL_NO_TIME;
}

static bool read_time(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    return is_time(value, o->to) || trail_arguments_fail(a,
                                                         "--%s: '%s' is not a time (write 2026-01-31, "
                                                         "2026-01-31T10:00:00Z or seconds since 1970)",
                                                         o->name, value);
}

bool trail_option_moment(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    int64_t ago = trail_duration_parse((struct trail_slice){value, strlen(value)});
    if (ago < 0)
        return is_time(value, o->to) ||
               trail_arguments_fail(a,
                                    "--%s: '%s' is not a time (write 2026-01-31, 2026-01-31T10:00:00Z, "
                                    "seconds since 1970, or 24h for so long ago)",
                                    o->name, value);
    *(int64_t *)o->to = trail_time_add(trail_time_now(CLOCK_REALTIME), -ago);
    return true;
}

static bool read_duration(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    int64_t *to = o->to;
    *to = trail_duration_parse((struct trail_slice){value, strlen(value)});
    return *to >= 0 || trail_arguments_fail(a, "--%s: '%s' is not a duration (write 90s, 15m, 36h or 7d)",
                                            o->name, value);
}

static bool read_idle(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    if (!read_duration(a, o, value))
        return false;
    return a->idle > 0 ||
           trail_arguments_fail(a, "--idle: an input cannot be idle after no time at all; write 1m");
}

static bool read_lateness(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    if (!read_duration(a, o, value))
        return false;
    a->lateness = a->lateness ? a->lateness : -1;
    return true;
}

static bool read_threads(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    uint64_t n;
    if (!trail_argument_number(value, &n) || n > 256)
        return trail_arguments_fail(a, "--%s: '%s' is not a number from 1 to 256", o->name, value);
    a->threads = (unsigned)n;
    return true;
}

static bool read_output(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    if (strcmp(value, "json") == 0)
        a->output = TRAIL_OUTPUT_JSON;
    else if (strcmp(value, "text") == 0)
        a->output = TRAIL_OUTPUT_TEXT;
    else
        return trail_arguments_fail(a, "--%s: '%s' is neither json nor text", o->name, value);
    return true;
}

static bool read_colour(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    static const char *const names[] = {"auto", "always", "never"};
    (void)o;
    for (unsigned i = 0; i < 3; i++) {
        if (strcmp(value ? value : "always", names[i]) == 0) {
            a->colour = (enum trail_colour)i;
            return true;
        }
    }
    return trail_arguments_fail(a, "--color: '%s' is not auto, always or never", value);
}

/* ---- inputs ---- */

static void add_input(struct trail_arguments *a, const char *path)
{
    a->inputs[a->n_inputs] = path;
    a->labels[a->n_inputs + 1] = a->labels[a->n_inputs];
    a->n_inputs++;
}

static bool read_input(struct trail_arguments *a, const char *word)
{
    if (a->n_inputs == 0 && trail_command_find(word))
        return trail_arguments_fail(a, "'%s' is a command, and those come first; a file of that name is ./%s",
                                    word, word);
    add_input(a, word);
    return true;
}

/* A label is that of the next input, and of those behind it. */
static bool read_application(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    (void)o;
    a->labels[a->n_inputs].application = (struct trail_slice){value, strlen(value)};
    return true;
}

static bool read_subsystem(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    (void)o;
    a->labels[a->n_inputs].subsystem = (struct trail_slice){value, strlen(value)};
    return true;
}

/* The option whose label no input has got; NULL: there is none. */
static const char *unused_label(const struct trail_arguments *a)
{
    if (a->n_inputs == 0)
        return NULL; /* standard input has */
    const struct trail_input_labels *next = &a->labels[a->n_inputs], *last = next - 1;
    return next->application.p != last->application.p ? "--application"
           : next->subsystem.p != last->subsystem.p   ? "--subsystem"
                                                      : NULL;
}

/* ---- the table ---- */

static bool read_action(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    (void)value;
    a->action = strcmp(o->name, "help") == 0      ? TRAIL_ACT_HELP
                : strcmp(o->name, "version") == 0 ? TRAIL_ACT_VERSION
                : strcmp(o->name, "list") == 0    ? TRAIL_ACT_LIST
                                                  : TRAIL_ACT_CHECK_CONFIG;
    return true;
}

static bool is_in(const char *const *names, const char *name)
{
    for (; names && *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static const struct trail_option *find(const struct trail_option *list, size_t n, const char *name,
                                       size_t length)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(list[i].name) == length && memcmp(list[i].name, name, length) == 0)
            return &list[i];
    return NULL;
}

static const struct trail_option *find_letter(const struct trail_option *list, size_t n, int letter)
{
    for (size_t i = 0; i < n; i++)
        if (letter && list[i].letter == letter)
            return &list[i];
    return NULL;
}

static void add_option(struct table *t, const struct trail_option *o)
{
    static const char *const colons[] = {"", ":", "::"};
    if (t->n == TRAIL_OPTIONS || find(t->options, t->n, o->name, strlen(o->name)))
        return;
    t->options[t->n] = *o;
    t->forms[t->n] = (struct option){o->name, (int)o->kind, NULL, AN_OPTION + (int)t->n};
    if (find_letter(t->options, t->n, o->letter))
        t->options[t->n].letter = 0;
    else if (o->letter)
        snprintf(t->letters + strlen(t->letters), 4, "%c%s", o->letter, colons[o->kind]);
    t->n++;
}

enum { OF_A_SCAN = 26 };

static void scan_options(struct trail_arguments *a, struct trail_option to[OF_A_SCAN])
{
    const struct trail_option options[OF_A_SCAN] = {
        {"config", 'c', TRAIL_OPTION_VALUE, trail_option_text, &a->config},
        {"check-config", 0, TRAIL_OPTION_FLAG, read_action, NULL},
        {"output", 'o', TRAIL_OPTION_VALUE, read_output, NULL},
        {"threads", 'j', TRAIL_OPTION_VALUE, read_threads, NULL},
        {"follow", 'f', TRAIL_OPTION_FLAG, trail_option_flag, &a->follow},
        {"idle", 0, TRAIL_OPTION_VALUE, read_idle, &a->idle},
        {"http", 0, TRAIL_OPTION_VALUE, trail_option_text, &a->http},
        {"state", 0, TRAIL_OPTION_VALUE, trail_option_file, &a->state},
        {"baseline", 0, TRAIL_OPTION_VALUE, trail_option_file, &a->baseline},
        {"frozen", 0, TRAIL_OPTION_FLAG, trail_option_flag, &a->frozen},
        {"help", 'h', TRAIL_OPTION_FLAG, read_action, NULL},
        {"application", 0, TRAIL_OPTION_VALUE, read_application, NULL},
        {"subsystem", 0, TRAIL_OPTION_VALUE, read_subsystem, NULL},
        {"now", 0, TRAIL_OPTION_VALUE, read_time, &a->now},
        {"lateness", 0, TRAIL_OPTION_VALUE, read_lateness, &a->lateness},
        {"since", 0, TRAIL_OPTION_VALUE, read_time, &a->since},
        {"until", 0, TRAIL_OPTION_VALUE, read_time, &a->until},
        {"hits", 0, TRAIL_OPTION_FLAG, trail_option_flag, &a->hits},
        {"events", 0, TRAIL_OPTION_FLAG, trail_option_flag, &a->events},
        {"list", 0, TRAIL_OPTION_FLAG, read_action, NULL},
        {"stats", 0, TRAIL_OPTION_FLAG, trail_option_flag, &a->stats},
        {"exit-code", 0, TRAIL_OPTION_FLAG, trail_option_flag, &a->exit_code},
        {"strict", 0, TRAIL_OPTION_FLAG, trail_option_flag, &a->strict},
        {"color", 0, TRAIL_OPTION_MAYBE, read_colour, NULL},
        {"colour", 0, TRAIL_OPTION_MAYBE, read_colour, NULL},
        {"version", 0, TRAIL_OPTION_FLAG, read_action, NULL},
    };
    memcpy(to, options, sizeof options);
}

static void make_table(struct table *t, const struct trail_option scan[OF_A_SCAN],
                       const struct trail_syntax *s)
{
    *t = (struct table){.letters = "-:"};
    for (size_t i = 0; i < s->n_own; i++)
        add_option(t, &s->own[i]);
    for (size_t i = 0; i < OF_A_SCAN; i++)
        if (!s->command || strcmp(scan[i].name, "help") == 0 || is_in(s->shared, scan[i].name))
            add_option(t, &scan[i]);
}

/* ---- unknown options ---- */

/* The option that a word like `--hit=1` may be a misspelling of; NULL when none is near. An option that
 * begins so is near whatever it ends with. */
static const char *nearest_option(const struct table *t, const char *word)
{
    const char *names[TRAIL_OPTIONS + 1] = {NULL};
    char name[64];
    size_t n = strcspn(word + 2, "=");
    if (n < 2 || n >= sizeof name)
        return NULL;
    memcpy(name, word + 2, n);
    name[n] = 0;
    for (size_t i = 0; i < t->n; i++) {
        names[i] = t->options[i].name;
        if (strncmp(names[i], name, n) == 0)
            return names[i];
    }
    return trail_nearest(name, names);
}

/* Says of a word that is no option why it is none. */
static bool refuse(struct trail_arguments *a, const struct table *t,
                   const struct trail_option scan[OF_A_SCAN], const char *word)
{
    size_t n = strcspn(word, "=");
    char letter[] = {'-', (char)optopt, 0};
    bool is_short = optopt && optopt < AN_OPTION;
    const struct trail_option *other = is_short ? find_letter(scan, OF_A_SCAN, optopt)
                                       : n > 2  ? find(scan, OF_A_SCAN, word + 2, n - 2)
                                                : NULL;
    if (optopt >= AN_OPTION)
        return trail_arguments_fail(a, "%s takes no value", word);
    if (other)
        return trail_arguments_fail(a, "--%s is for scanning: %s takes no such option", other->name,
                                    a->command);
    if (is_short)
        return trail_arguments_fail(a, "there is no option %s", letter);
    const char *near = nearest_option(t, word);
    return near ? trail_arguments_fail(a, "there is no option %.*s: is --%s meant?", (int)n, word, near)
                : trail_arguments_fail(a, "there is no option %.*s", (int)n, word);
}

static bool check(struct trail_arguments *a)
{
    const char *unused = unused_label(a);
    if (a->action == TRAIL_ACT_CHECK_CONFIG && !a->config)
        return trail_arguments_fail(a, "--check-config goes with --config FILE");
    if (a->events && !a->hits)
        return trail_arguments_fail(a, "--events goes with --hits");
    if (a->state && a->hits)
        return trail_arguments_fail(a, "--state is for alerts: --hits keeps nothing");
    if (a->since && a->until && a->since >= a->until)
        return trail_arguments_fail(a, "--since is not before --until: no event lies between them");
    if (a->follow && a->now)
        return trail_arguments_fail(a, "--now is the clock of a replay: --follow goes by the machine's");
    if ((a->idle || a->http) && !a->follow)
        return trail_arguments_fail(a, "%s goes with --follow", a->idle ? "--idle" : "--http");
    if (unused)
        return trail_arguments_fail(a, "%s stands behind all inputs: it labels the inputs that follow it",
                                    unused);
    return true;
}

const char *trail_program_name(int argc, char **argv)
{
    const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
    return slash ? slash + 1 : argc > 0 ? argv[0] : "scanner";
}

/* Reads the words; false: one of them is wrong. */
static bool read_words(struct trail_arguments *a, const struct trail_syntax *syntax, int argc, char **argv)
{
    struct trail_option scan[OF_A_SCAN];
    struct table t;
    scan_options(a, scan);
    make_table(&t, scan, syntax);
    optind = 0; /* start over, also when this is not the first command line of the process */
    opterr = 0;
    for (;;) {
        const char *word = argv[optind ? optind : 1];
        int code = getopt_long(argc, argv, t.letters, t.forms, NULL);
        if (code < 0)
            break;
        if (code == ':')
            return trail_arguments_fail(a, "%s needs a value", word);
        if (code == '?')
            return refuse(a, &t, scan, word);
        const struct trail_option *o =
            code >= AN_OPTION ? &t.options[code - AN_OPTION] : find_letter(t.options, t.n, code);
        if (code == AN_INPUT ? !read_input(a, optarg) : !o->read(a, o, optarg))
            return false;
        if (a->action == TRAIL_ACT_HELP || a->action == TRAIL_ACT_VERSION)
            return true;
    }
    while (optind < argc)
        add_input(a, argv[optind++]);
    return check(a);
}

bool trail_arguments_read(struct trail_arguments *a, const struct trail_syntax *syntax, int argc, char **argv)
{
    *a = (struct trail_arguments){.program = trail_program_name(argc, argv), .command = syntax->command};
    a->inputs = calloc((size_t)argc + 1, sizeof *a->inputs);
    a->labels = calloc((size_t)argc + 1, sizeof *a->labels);
    if (!a->inputs || !a->labels)
        return trail_arguments_fail(a, "out of memory");
    bool skips = a->command && argc > 1; /* the command's own word */
    return read_words(a, syntax, argc - skips, argv + skips);
}

void trail_arguments_free(struct trail_arguments *a)
{
    free(a->inputs);
    free(a->labels);
    a->inputs = NULL;
    a->labels = NULL;
}
