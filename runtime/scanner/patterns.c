/*
 * patterns.c - `sentry patterns`: which kinds of events there are in logs, and which of them no alert wants.
 */
#include "patterns.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "arguments.h"
#include "commands.h"
#include "patterns/gather.h"
#include "patterns/store.h"
#include "patterns/suggest.h"
#include "progress.h"
#include "trail/index.h"

enum { EXIT_FINE = 0, EXIT_FOUND = 1, EXIT_WRONG = 2, EXIT_DAMAGED = 3, MIN_ID = 4 };

enum {
    OPT_RARE = 256,
    OPT_UNCOVERED,
    OPT_KNOWN,
    OPT_SAVE,
    OPT_SUGGEST,
    OPT_EXAMPLES,
    OPT_MAX,
    OPT_SINCE,
    OPT_UNTIL,
    OPT_APPLICATION,
    OPT_SUBSYSTEM,
    OPT_EXIT_CODE
};

struct patterns {
    struct listing list; /* first: what it was found by */
    struct gather gather;
    struct trail_progress progress;
    struct trail *trail;
    struct trail_options options;
    struct trail_input_labels labels;
    struct set *known; /* NULL: none is named */
    const char *save, *suggest;
    size_t max;
    bool exit_code;
    size_t n_inputs;
    char *const *inputs;
};

static void print_help(const char *program)
{
    printf("Usage: %s patterns [OPTION...] [INPUT...]\n"
           "Lists the kinds of events in logs, and which alerts want them.\n\n",
           program);
    fputs("      --rare              the rarest first; else the most frequent\n"
          "      --uncovered         only those that no alert wants\n"
          "  -n, --limit=N           no more than N of them\n"
          "      --examples          with the first event of each\n"
          "      --known=FILE        only those that no such file knows\n"
          "      --save=FILE         write what was found, and what was known, to a file\n"
          "      --suggest=PATTERN   print the beginning of a rule for one, YAML\n"
          "  -o, --output=text|json|csv   default: text on a terminal, json otherwise\n"
          "      --since=TIME, --until=TIME   leave out events before, and from then on\n"
          "      --application=NAME, --subsystem=NAME   labels of the inputs\n"
          "  -j, --threads=N         threads that read (default: processors)\n"
          "      --max=N             patterns that are told apart (default 10000)\n"
          "      --exit-code         exit with 1 when any is listed\n"
          "  -h, --help              this\n\n"
          "TIME: 2026-01-31, 2026-01-31T10:00:00Z, seconds since 1970; 24h: so long ago.\n"
          "Exit: 0 all read, 1 listed (--exit-code), 2 wrong use, 3 bad input, over --max.\n",
          stdout);
}

/* ---- the scan ----------------------------------------------------------------------------- */

static void on_problem(void *user, const char *message)
{
    struct patterns *p = user;
    trail_progress_clear(&p->progress);
    fprintf(stderr, "%s: %s\n", p->list.a.program, message);
}

static void on_progress(void *user, const struct trail_stats *stats)
{
    struct patterns *p = user;
    trail_progress_show(&p->progress, stats, set_n(p->gather.set), "pattern");
}

static void summarize(void *user, const struct trail_seen *seen, struct trail_text *to)
{
    const struct patterns *p = user;
    gather_summarize(&p->gather, seen, to);
}

static void take(void *user, const struct trail_source *source, int64_t time, struct trail_slice summary)
{
    struct patterns *p = user;
    gather_take(&p->gather, source, time, summary);
    if (p->gather.failed)
        trail_stop(p->trail);
}

/* Reads the inputs. */
static enum trail_status scan(struct patterns *p)
{
    static const struct trail_records records = {summarize, take};
    static const char *const standard_input[] = {"-"};
    size_t n = p->n_inputs ? p->n_inputs : 1;
    enum trail_status status;
    struct trail_input_labels *labels = calloc(n, sizeof *labels);
    trail_progress_start(&p->progress);
    p->options.on_problem = on_problem;
    p->options.on_progress = on_progress;
    p->options.records = &records;
    p->options.total = p->progress.on;
    p->options.user = p;
    p->trail = labels ? trail_new(p->list.pack, &p->options, &status) : NULL;
    if (!p->trail) {
        status = labels ? status : TRAIL_NO_MEMORY;
        free(labels);
        return status;
    }
    for (size_t i = 0; i < n; i++)
        labels[i] = p->labels;
    status =
        trail_scan_all(p->trail, n, p->n_inputs ? (const char *const *)p->inputs : standard_input, labels);
    trail_progress_clear(&p->progress);
    trail_free(p->trail);
    free(labels);
    return p->gather.failed ? TRAIL_NO_MEMORY : status;
}

/* ---- what becomes of it ------------------------------------------------------------------- */

static int fail(const struct patterns *p, const char *message)
{
    fprintf(stderr, "%s: %s\n", p->list.a.program, message);
    return EXIT_WRONG;
}

static bool say_of_file(const struct patterns *p, const char *path, const char *error)
{
    struct trail_text safe = {0};
    trail_terminal_add(&safe, (struct trail_slice){path, strlen(path)});
    fprintf(stderr, "%s: %.*s: %s\n", p->list.a.program, (int)safe.n, safe.p ? safe.p : "", error);
    trail_text_free(&safe);
    return false;
}

/* What is known and what was found, in one file. */
static bool save(struct patterns *p)
{
    char error[STORE_ERROR];
    struct set *all = p->known ? p->known : p->gather.set;
    for (size_t i = 0; p->known && i < set_n(p->gather.set); i++)
        if (!set_merge(all, set_at(p->gather.set, i)))
            return say_of_file(p, p->save, "out of memory");
    return store_save(all, p->save, error) || say_of_file(p, p->save, error);
}

/* The patterns whose names begin so: how many, and one of them. */
static size_t named(const struct set *s, const char *name, const struct set_pattern **one)
{
    size_t n = 0;
    for (size_t i = 0; s && i < set_n(s); i++) {
        const struct set_pattern *p = set_at(s, i);
        char id[PATTERN_ID];
        pattern_id(id, (struct trail_slice){p->text, p->n_text});
        if (strncmp(id, name, strlen(name)) == 0) {
            *one = p;
            n++;
        }
    }
    return n;
}

/* Prints the rule. */
static int suggest(struct patterns *p)
{
    const struct set_pattern *one = NULL;
    size_t n = named(p->gather.set, p->suggest, &one);
    if (n == 0)
        n = named(p->known, p->suggest, &one);
    if (n != 1)
        return asking_wrong(&p->list.a,
                            n ? "--suggest: several patterns begin with %s: write more of it"
                              : "--suggest: no pattern %s is in what was read",
                            p->suggest);
    suggest_add(&p->list.a.line, one);
    if (!p->list.a.line.failed && fwrite(p->list.a.line.p, 1, p->list.a.line.n, stdout) != p->list.a.line.n)
        p->list.a.failed = true;
    return asking_close(&p->list.a, true);
}

static void find_width(struct listing *l)
{
    struct winsize size = {0};
    if (l->a.output == ASKING_AUTO)
        l->a.output = isatty(STDOUT_FILENO) ? ASKING_TEXT : ASKING_JSON;
    if (isatty(STDOUT_FILENO))
        l->width = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

static int list(struct patterns *p, enum trail_status status)
{
    char text[200];
    uint64_t left_out = set_left_out(p->gather.set);
    find_width(&p->list);
    p->list.found = p->gather.set;
    p->list.known = p->known;
    listing_print(&p->list);
    int code = asking_close(&p->list.a, status == TRAIL_OK && left_out == 0);
    if (left_out) {
        snprintf(text, sizeof text,
                 "%" PRIu64 " event%s of patterns beyond the first %zu: left out (--max tells more apart)",
                 left_out, left_out == 1 ? " is" : "s are", p->max);
        fail(p, text);
    }
    return code == EXIT_FINE && p->exit_code && p->list.listed ? EXIT_FOUND : code;
}

/* Whether the logs need not be read: what is wanted is in a file. */
static bool is_settled(const struct patterns *p)
{
    const struct set_pattern *one;
    return p->suggest && p->n_inputs == 0 && named(p->known, p->suggest, &one) > 0;
}

static int run(struct patterns *p)
{
    p->gather.pack = p->list.pack;
    p->gather.set = set_new(p->max);
    if (!p->gather.set)
        return fail(p, "out of memory");
    if (is_settled(p))
        return suggest(p);
    if (p->n_inputs == 0 && isatty(STDIN_FILENO))
        return asking_wrong(&p->list.a,
                            "no input: name files or directories, or pipe a log in (- reads the terminal)");
    enum trail_status status = scan(p);
    if (status == TRAIL_NO_MEMORY)
        return fail(p, "out of memory");
    if (status != TRAIL_OK && status != TRAIL_DAMAGED)
        return EXIT_WRONG;
    if (p->suggest)
        return suggest(p);
    int code = list(p, status); /* before it is saved, for then it is known */
    return !p->save || save(p) ? code : EXIT_WRONG;
}

/* ---- the command line --------------------------------------------------------------------- */

static bool read_number(const char *text, size_t most, size_t *to)
{
    uint64_t n;
    bool fine = trail_argument_number(text, &n) && n <= most;
    *to = fine ? (size_t)n : 0;
    return fine;
}

static bool is_name(const char *text)
{
    size_t n = strlen(text);
    return n >= MIN_ID && n < PATTERN_ID && strspn(text, "0123456789abcdef") == n;
}

static int load(struct patterns *p, const char *path)
{
    char error[STORE_ERROR];
    if (!p->known)
        p->known = set_new(STORE_PATTERNS);
    if (!p->known)
        return fail(p, "out of memory");
    return store_load(p->known, path, error) || say_of_file(p, path, error) ? EXIT_FINE : EXIT_WRONG;
}

/* 0, or the exit code + 1. */
static int read_option(struct patterns *p, int option, const char *word)
{
    struct asking *a = &p->list.a;
    int64_t *time = option == OPT_SINCE ? &p->options.since : &p->options.until;
    switch (option) {
    case OPT_RARE: p->list.order = SET_RARE; return 0;
    case OPT_UNCOVERED: p->list.uncovered = true; return 0;
    case OPT_EXAMPLES: p->gather.examples = true; return 0;
    case OPT_EXIT_CODE: p->exit_code = true; return 0;
    case OPT_APPLICATION: p->labels.application = (struct trail_slice){optarg, strlen(optarg)}; return 0;
    case OPT_SUBSYSTEM: p->labels.subsystem = (struct trail_slice){optarg, strlen(optarg)}; return 0;
    case OPT_SAVE: p->save = optarg; return 0;
    case OPT_KNOWN: return load(p, optarg) == EXIT_FINE ? 0 : EXIT_WRONG + 1;
    case OPT_SUGGEST:
        p->suggest = optarg;
        return is_name(optarg) ? 0
                               : asking_wrong(a, "--suggest: '%s' is no pattern's name: %d to 16 of 0-9 a-f",
                                              optarg, MIN_ID) +
                                     1;
    case OPT_MAX:
        return read_number(optarg, STORE_PATTERNS, &p->max)
                   ? 0
                   : asking_wrong(a, "--max: '%s' is not a number from 1 to 1000000", optarg) + 1;
    case 'n':
        return read_number(optarg, SIZE_MAX / 2, &p->list.limit)
                   ? 0
                   : asking_wrong(a, "--limit: '%s' is not a number from 1 on", optarg) + 1;
    case 'j':
        return trail_argument_threads(optarg, &p->options.threads)
                   ? 0
                   : asking_wrong(a, "--threads: '%s' is not a number from 1 to 256", optarg) + 1;
    case OPT_SINCE:
    case OPT_UNTIL:
        return trail_argument_moment(optarg, time) ? 0 : asking_wrong(a, TRAIL_NOT_A_MOMENT, optarg) + 1;
    case 'o':
        return asking_set_output(a, optarg, true)
                   ? 0
                   : asking_wrong(a, "--output: '%s' is not text, json or csv", optarg) + 1;
    case 'h': print_help(a->program); return EXIT_FINE + 1;
    case ':': return asking_wrong(a, "%s needs a value", word) + 1;
    default: return asking_wrong(a, "there is no option %s", word) + 1;
    }
}

static int check(const struct patterns *p)
{
    if (p->options.since && p->options.until && p->options.since >= p->options.until)
        return asking_wrong(&p->list.a, "--since is not before --until: no event lies between them");
    if (p->suggest && (p->save || p->exit_code))
        return asking_wrong(&p->list.a, "--suggest prints a rule and nothing else: leave out %s",
                            p->save ? "--save" : "--exit-code");
    return EXIT_FINE;
}

int trail_patterns_command(const struct trail_pack *pack, int argc, char **argv)
{
    static const struct option options[] = {{"rare", no_argument, NULL, OPT_RARE},
                                            {"uncovered", no_argument, NULL, OPT_UNCOVERED},
                                            {"known", required_argument, NULL, OPT_KNOWN},
                                            {"save", required_argument, NULL, OPT_SAVE},
                                            {"suggest", required_argument, NULL, OPT_SUGGEST},
                                            {"examples", no_argument, NULL, OPT_EXAMPLES},
                                            {"max", required_argument, NULL, OPT_MAX},
                                            {"limit", required_argument, NULL, 'n'},
                                            {"since", required_argument, NULL, OPT_SINCE},
                                            {"until", required_argument, NULL, OPT_UNTIL},
                                            {"application", required_argument, NULL, OPT_APPLICATION},
                                            {"subsystem", required_argument, NULL, OPT_SUBSYSTEM},
                                            {"threads", required_argument, NULL, 'j'},
                                            {"output", required_argument, NULL, 'o'},
                                            {"exit-code", no_argument, NULL, OPT_EXIT_CODE},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    struct patterns p = {.list = {.pack = pack, .a = {.command = "patterns"}}, .max = SET_MAX};
    int stop = 0, code;
    p.list.a.program = trail_program_name(argc, argv);
    optind = 2;
    opterr = 0;
    for (int option; !stop && (option = getopt_long(argc, argv, ":o:n:j:h", options, NULL)) >= 0;)
        stop = read_option(&p, option, argv[optind - 1]);
    p.inputs = argv + optind;
    p.n_inputs = (size_t)(argc - optind);
    code = stop ? stop - 1 : check(&p);
    if (!stop && code == EXIT_FINE && !trail_kernel_find(getenv("TRAIL_KERNEL")))
        code = fail(&p, "TRAIL_KERNEL names no kernel that works here");
    else if (!stop && code == EXIT_FINE)
        code = run(&p);
    set_free(p.gather.set);
    set_free(p.known);
    trail_text_free(&p.list.a.line);
    return code;
}
