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
#include <time.h>

#include "window/timestamp.h"

enum {
    OPT_APPLICATION = 256,
    OPT_SUBSYSTEM,
    OPT_NOW,
    OPT_LATENESS,
    OPT_SINCE,
    OPT_UNTIL,
    OPT_HITS,
    OPT_EVENTS,
    OPT_LIST,
    OPT_STATS,
    OPT_EXIT_CODE,
    OPT_STRICT,
    OPT_COLOUR,
    OPT_VERSION,
    OPT_IDLE,
    OPT_HTTP,
    OPT_STATE,
    OPT_CHECK_CONFIG,
    OPT_BASELINE,
    OPT_FROZEN,
    AN_INPUT = 1, /* getopt's value for a word that is no option */
};

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'},
    {"check-config", no_argument, NULL, OPT_CHECK_CONFIG},
    {"output", required_argument, NULL, 'o'},
    {"threads", required_argument, NULL, 'j'},
    {"follow", no_argument, NULL, 'f'},
    {"idle", required_argument, NULL, OPT_IDLE},
    {"http", required_argument, NULL, OPT_HTTP},
    {"state", required_argument, NULL, OPT_STATE},
    {"baseline", required_argument, NULL, OPT_BASELINE},
    {"frozen", no_argument, NULL, OPT_FROZEN},
    {"help", no_argument, NULL, 'h'},
    {"application", required_argument, NULL, OPT_APPLICATION},
    {"subsystem", required_argument, NULL, OPT_SUBSYSTEM},
    {"now", required_argument, NULL, OPT_NOW},
    {"lateness", required_argument, NULL, OPT_LATENESS},
    {"since", required_argument, NULL, OPT_SINCE},
    {"until", required_argument, NULL, OPT_UNTIL},
    {"hits", no_argument, NULL, OPT_HITS},
    {"events", no_argument, NULL, OPT_EVENTS},
    {"list", no_argument, NULL, OPT_LIST},
    {"stats", no_argument, NULL, OPT_STATS},
    {"exit-code", no_argument, NULL, OPT_EXIT_CODE},
    {"strict", no_argument, NULL, OPT_STRICT},
    {"color", optional_argument, NULL, OPT_COLOUR},
    {"colour", optional_argument, NULL, OPT_COLOUR},
    {"version", no_argument, NULL, OPT_VERSION},
    {NULL, 0, NULL, 0},
};

/* The command line while it is read: labels wait for the next input. */
struct reading {
    struct trail_arguments *a;
    struct trail_input_labels labels;
    const char *waiting; /* the label option that no input has followed yet */
};

static bool fail(struct trail_arguments *a, const char *format, ...)
{
    char text[sizeof a->error];
    struct trail_text safe = {0};
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    trail_terminal_add(&safe, (struct trail_slice){text, strlen(text)});
    snprintf(a->error, sizeof a->error, "%.*s", (int)safe.n, safe.p ? safe.p : "");
    trail_text_free(&safe);
    return false;
}

static bool read_duration(struct trail_arguments *a, const char *option, const char *text, int64_t *to)
{
    *to = trail_duration_parse((struct trail_slice){text, strlen(text)});
    return *to >= 0 || fail(a, "%s: '%s' is not a duration (write 90s, 15m, 36h or 7d)", option, text);
}

bool trail_argument_time(const char *text, int64_t *to)
{
    char whole[64];
    size_t n = strlen(text);
    if (n == strlen("2026-01-31") && text[4] == '-')
        n = (size_t)snprintf(whole, sizeof whole, "%sT00:00:00Z", text);
    else
        n = (size_t)snprintf(whole, sizeof whole, "%s", text);
    *to = n < sizeof whole ? trail_time_parse_text((struct trail_slice){whole, n}) : TRAIL_NO_TIME;
    return *to != TRAIL_NO_TIME;
}

bool trail_argument_moment(const char *text, int64_t *to)
{
    struct timespec now;
    int64_t ago = trail_duration_parse((struct trail_slice){text, strlen(text)});
    if (ago < 0)
        return trail_argument_time(text, to);
    clock_gettime(CLOCK_REALTIME, &now);
    *to = trail_time_add((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000, -ago);
    return true;
}

bool trail_argument_number(const char *text, uint64_t *to)
{
    char *end;
    errno = 0;
    *to = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && !errno && *to >= 1;
}

bool trail_argument_threads(const char *text, unsigned *to)
{
    uint64_t n;
    bool fine = trail_argument_number(text, &n) && n <= 256;
    *to = fine ? (unsigned)n : 0;
    return fine;
}

static bool read_time(struct trail_arguments *a, const char *option, const char *text, int64_t *to)
{
    return trail_argument_time(text, to) ||
           fail(a, "%s: '%s' is not a time (write 2026-01-31, 2026-01-31T10:00:00Z or seconds since 1970)",
                option, text);
}

static bool read_idle(struct trail_arguments *a, const char *text)
{
    if (!read_duration(a, "--idle", text, &a->idle))
        return false;
    return a->idle > 0 || fail(a, "--idle: an input cannot be idle after no time at all; write 1m");
}

static bool read_threads(struct trail_arguments *a, const char *text)
{
    return trail_argument_threads(text, &a->threads) ||
           fail(a, "--threads: '%s' is not a number from 1 to 256", text);
}

static bool read_output(struct trail_arguments *a, const char *text)
{
    if (strcmp(text, "json") == 0)
        a->output = TRAIL_OUTPUT_JSON;
    else if (strcmp(text, "text") == 0)
        a->output = TRAIL_OUTPUT_TEXT;
    else
        return fail(a, "--output: '%s' is neither json nor text", text);
    return true;
}

static bool read_colour(struct trail_arguments *a, const char *text)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (unsigned i = 0; i < 3; i++) {
        if (strcmp(text ? text : "always", names[i]) == 0) {
            a->colour = (enum trail_colour)i;
            return true;
        }
    }
    return fail(a, "--color: '%s' is not auto, always or never", text);
}

static void add_input(struct reading *r, const char *path)
{
    struct trail_arguments *a = r->a;
    a->inputs[a->n_inputs] = path;
    a->labels[a->n_inputs++] = r->labels;
    r->waiting = NULL;
}

static bool read_input(struct reading *r, const char *word)
{
    if (r->a->n_inputs == 0 && trail_command_find(word))
        return fail(r->a, "'%s' is a command, and those come first; a file of that name is ./%s", word, word);
    add_input(r, word);
    return true;
}

static void set_label(struct reading *r, struct trail_slice *label, const char *option)
{
    *label = (struct trail_slice){optarg, strlen(optarg)};
    r->waiting = option;
}

/* ---- unknown options ---- */

enum { MAX_NAME = 24 }; /* bytes of an option's name and of what may be one */

/* Letters put in, left out or changed between two names of at most MAX_NAME bytes. */
static size_t distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
    size_t row[MAX_NAME + 1];
    for (size_t j = 0; j <= n_b; j++)
        row[j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            best = diagonal + 1 < best ? diagonal + 1 : best;
            row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
        }
    }
    return row[n_b];
}

/* The option that a word like `--hit=1` may be a misspelling of; NULL when none is near. An option that
 * begins so is near whatever it ends with. */
static const char *nearest_option(const char *word)
{
    const char *best = NULL;
    size_t n = strcspn(word + 2, "="), least = (n + 2) / 3 + 1;
    if (n < 2 || n > MAX_NAME)
        return NULL;
    for (const struct option *o = options; o->name; o++) {
        bool begins = strncmp(o->name, word + 2, n) == 0;
        size_t far = begins ? 0 : distance(word + 2, n, o->name, strlen(o->name));
        if (far < least) {
            least = far;
            best = o->name;
        }
    }
    return best;
}

/* One option or input; `word` is the one it stands in. */
static bool read_option(struct reading *r, int option, const char *word)
{
    struct trail_arguments *a = r->a;
    switch (option) {
    case AN_INPUT: return read_input(r, optarg);
    case OPT_APPLICATION: set_label(r, &r->labels.application, "--application"); return true;
    case OPT_SUBSYSTEM: set_label(r, &r->labels.subsystem, "--subsystem"); return true;
    case 'o': return read_output(a, optarg);
    case 'c': a->config = optarg; return true;
    case OPT_CHECK_CONFIG: a->action = TRAIL_ACT_CHECK_CONFIG; return true;
    case 'j': return read_threads(a, optarg);
    case OPT_NOW: return read_time(a, "--now", optarg, &a->now);
    case OPT_SINCE: return read_time(a, "--since", optarg, &a->since);
    case OPT_UNTIL: return read_time(a, "--until", optarg, &a->until);
    case 'f': a->follow = true; return true;
    case OPT_IDLE: return read_idle(a, optarg);
    case OPT_HTTP: a->http = optarg; return true;
    case OPT_STATE: a->state = optarg; return *optarg || fail(a, "--state wants the name of a file");
    case OPT_BASELINE: a->baseline = optarg; return *optarg || fail(a, "--baseline wants the name of a file");
    case OPT_FROZEN: a->frozen = true; return true;
    case OPT_LATENESS:
        if (!read_duration(a, "--lateness", optarg, &a->lateness))
            return false;
        a->lateness = a->lateness ? a->lateness : -1;
        return true;
    case OPT_HITS: a->hits = true; return true;
    case OPT_EVENTS: a->events = true; return true;
    case OPT_STATS: a->stats = true; return true;
    case OPT_EXIT_CODE: a->exit_code = true; return true;
    case OPT_STRICT: a->strict = true; return true;
    case OPT_COLOUR: return read_colour(a, optarg);
    case OPT_LIST: a->action = TRAIL_ACT_LIST; return true;
    case OPT_VERSION: a->action = TRAIL_ACT_VERSION; return true;
    case 'h': a->action = TRAIL_ACT_HELP; return true;
    case ':': return fail(a, "%s needs a value", word);
    default: break;
    }
    if (optopt && optopt < 256)
        return fail(a, "there is no option -%c", optopt);
    if (optopt)
        return fail(a, "%s takes no value", word);
    const char *near = nearest_option(word);
    int n = (int)strcspn(word, "=");
    return near ? fail(a, "there is no option %.*s: is --%s meant?", n, word, near)
                : fail(a, "there is no option %.*s", n, word);
}

static bool check(struct reading *r)
{
    struct trail_arguments *a = r->a;
    if (a->action == TRAIL_ACT_CHECK_CONFIG && !a->config)
        return fail(a, "--check-config goes with --config FILE");
    if (a->events && !a->hits)
        return fail(a, "--events goes with --hits");
    if (a->state && a->hits)
        return fail(a, "--state is for alerts: --hits keeps nothing");
    if (a->since && a->until && a->since >= a->until)
        return fail(a, "--since is not before --until: no event lies between them");
    if (a->follow && a->now)
        return fail(a, "--now is the clock of a replay: --follow goes by the machine's");
    if ((a->idle || a->http) && !a->follow)
        return fail(a, "%s goes with --follow", a->idle ? "--idle" : "--http");
    if (r->waiting && a->n_inputs)
        return fail(a, "%s stands behind all inputs: it labels the inputs that follow it", r->waiting);
    return true;
}

const char *trail_program_name(int argc, char **argv)
{
    const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
    return slash ? slash + 1 : argc > 0 ? argv[0] : "scanner";
}

bool trail_arguments_read(struct trail_arguments *a, int argc, char **argv)
{
    struct reading r = {.a = a};
    *a = (struct trail_arguments){.program = trail_program_name(argc, argv)};
    a->inputs = calloc((size_t)argc + 1, sizeof *a->inputs);
    a->labels = calloc((size_t)argc + 1, sizeof *a->labels);
    if (!a->inputs || !a->labels)
        return fail(a, "out of memory");

    optind = 0; /* start over, also when this is not the first command line of the process */
    opterr = 0;
    for (;;) {
        const char *word = argv[optind ? optind : 1];
        int option = getopt_long(argc, argv, "-:o:c:j:fh", options, NULL);
        if (option < 0)
            break;
        if (!read_option(&r, option, word))
            return false;
        if (a->action == TRAIL_ACT_HELP || a->action == TRAIL_ACT_VERSION)
            return true;
    }
    while (optind < argc)
        add_input(&r, argv[optind++]);
    if (!check(&r))
        return false;
    if (a->n_inputs == 0)
        a->labels[0] = r.labels; /* of standard input */
    return true;
}

void trail_arguments_free(struct trail_arguments *a)
{
    free(a->inputs);
    free(a->labels);
    a->inputs = NULL;
    a->labels = NULL;
}
