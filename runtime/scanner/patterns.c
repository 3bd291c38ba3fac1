/*
 * patterns.c - `sentry patterns`: which kinds of events there are in logs, and which of them no alert wants.
 */
#include "patterns.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "commands.h"
#include "patterns/gather.h"
#include "patterns/store.h"
#include "patterns/suggest.h"
#include "reading.h"

enum { MIN_ID = 4 };

struct patterns {
    struct reading r;
    struct listing list; /* what it was found by */
    struct gather gather;
    struct trail_input_labels labels; /* of all inputs */
    struct set *known;                /* NULL: none is named */
    const char *save, *suggest;
    size_t max;
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
    reading_say(&p->r, "%s", message);
}

static void on_progress(void *user, const struct trail_stats *stats)
{
    struct patterns *p = user;
    trail_progress_show(&p->r.progress, stats, set_n(p->gather.set), "pattern");
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
        trail_stop(p->r.trail);
}

static enum trail_status scan(struct patterns *p)
{
    static const struct trail_records records = {summarize, take};
    struct trail_options options = reading_options(&p->r);
    options.on_problem = on_problem;
    options.on_progress = on_progress;
    options.records = &records;
    options.user = p;
    for (size_t i = 0; i <= p->r.arguments.n_inputs; i++)
        p->r.arguments.labels[i] = p->labels;
    enum trail_status status = reading_scan(&p->r, &options);
    return p->gather.failed ? TRAIL_NO_MEMORY : status;
}

/* ---- what becomes of it ------------------------------------------------------------------- */

static bool could_not_save(const struct patterns *p, const char *error)
{
    trail_arguments_say(&p->r.arguments, "%s: %s", p->save, error);
    return false;
}

/* What is known and what was found, in one file. */
static bool save(struct patterns *p)
{
    char error[STORE_ERROR];
    struct set *all = p->known ? p->known : p->gather.set;
    for (size_t i = 0; p->known && i < set_n(p->gather.set); i++)
        if (!set_merge(all, set_at(p->gather.set, i)))
            return could_not_save(p, "out of memory");
    return store_save(all, p->save, error) || could_not_save(p, error);
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
        return trail_arguments_wrong(&p->r.arguments,
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
    uint64_t left_out = set_left_out(p->gather.set);
    find_width(&p->list);
    p->list.found = p->gather.set;
    p->list.known = p->known;
    listing_print(&p->list);
    int code = asking_close(&p->list.a, status == TRAIL_OK && left_out == 0);
    if (left_out)
        trail_arguments_say(&p->r.arguments,
                            "%" PRIu64
                            " event%s of patterns beyond the first %zu: left out (--max tells more apart)",
                            left_out, left_out == 1 ? " is" : "s are", p->max);
    return code == TRAIL_EXIT_FINE && p->r.arguments.exit_code && p->list.listed ? TRAIL_EXIT_FOUND : code;
}

/* Whether the logs need not be read: what is wanted is in a file. */
static bool is_settled(const struct patterns *p)
{
    const struct set_pattern *one;
    return p->suggest && p->r.arguments.n_inputs == 0 && named(p->known, p->suggest, &one) > 0;
}

static int no_memory(const struct patterns *p)
{
    trail_arguments_say(&p->r.arguments, "out of memory");
    return TRAIL_EXIT_WRONG;
}

static int run(struct patterns *p)
{
    const struct trail_arguments *a = &p->r.arguments;
    if (a->action == TRAIL_ACT_HELP) {
        print_help(a->program);
        return TRAIL_EXIT_FINE;
    }
    if (p->suggest && (p->save || a->exit_code))
        return trail_arguments_wrong(a, "--suggest prints a rule and nothing else: leave out %s",
                                     p->save ? "--save" : "--exit-code");
    p->gather.pack = p->list.pack;
    p->gather.set = set_new(p->max);
    if (!p->gather.set)
        return no_memory(p);
    if (is_settled(p))
        return suggest(p);
    if (!reading_has_input(&p->r))
        return trail_arguments_wrong(a, READING_NO_INPUT);
    enum trail_status status = scan(p);
    if (status == TRAIL_NO_MEMORY)
        return no_memory(p);
    if (status != TRAIL_OK && status != TRAIL_DAMAGED)
        return TRAIL_EXIT_WRONG;
    if (p->suggest)
        return suggest(p);
    int code = list(p, status); /* before it is saved, for then it is known */
    return !p->save || save(p) ? code : TRAIL_EXIT_WRONG;
}

/* ---- the command line --------------------------------------------------------------------- */

static bool read_label(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    (void)a;
    *(struct trail_slice *)o->to = (struct trail_slice){value, strlen(value)};
    return true;
}

static bool read_max(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    uint64_t n;
    if (!trail_argument_number(value, &n) || n > STORE_PATTERNS)
        return trail_arguments_fail(a, "--max: '%s' is not a number from 1 to 1000000", value);
    *(size_t *)o->to = (size_t)n;
    return true;
}

static bool read_rare(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    (void)a, (void)value;
    *(enum set_order *)o->to = SET_RARE;
    return true;
}

static bool read_name(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    size_t n = strlen(value);
    *(const char **)o->to = value;
    return (n >= MIN_ID && n < PATTERN_ID && strspn(value, "0123456789abcdef") == n) ||
           trail_arguments_fail(a, "--suggest: '%s' is no pattern's name: %d to 16 of 0-9 a-f", value,
                                MIN_ID);
}

/* One file more that is known. */
static bool read_known(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    char error[STORE_ERROR];
    struct set **known = o->to;
    if (!*known)
        *known = set_new(STORE_PATTERNS);
    if (!*known)
        return trail_arguments_fail(a, "out of memory");
    return store_load(*known, value, error) || trail_arguments_fail(a, "%s: %s", value, error);
}

static bool start(struct patterns *p, const struct trail_pack *pack, int argc, char **argv)
{
    static const char *const shared[] = {"threads", "exit-code", NULL};
    const struct trail_option own[] = {
        {"rare", 0, TRAIL_OPTION_FLAG, read_rare, &p->list.order},
        {"uncovered", 0, TRAIL_OPTION_FLAG, trail_option_flag, &p->list.uncovered},
        {"known", 0, TRAIL_OPTION_VALUE, read_known, &p->known},
        {"save", 0, TRAIL_OPTION_VALUE, trail_option_file, &p->save},
        {"suggest", 0, TRAIL_OPTION_VALUE, read_name, &p->suggest},
        {"examples", 0, TRAIL_OPTION_FLAG, trail_option_flag, &p->gather.examples},
        {"max", 0, TRAIL_OPTION_VALUE, read_max, &p->max},
        {"limit", 'n', TRAIL_OPTION_VALUE, trail_option_number, &p->list.limit},
        {"since", 0, TRAIL_OPTION_VALUE, trail_option_moment, &p->r.arguments.since},
        {"until", 0, TRAIL_OPTION_VALUE, trail_option_moment, &p->r.arguments.until},
        {"application", 0, TRAIL_OPTION_VALUE, read_label, &p->labels.application},
        {"subsystem", 0, TRAIL_OPTION_VALUE, read_label, &p->labels.subsystem},
        {"output", 'o', TRAIL_OPTION_VALUE, asking_option_output, &p->list.a.output},
    };
    const struct trail_syntax syntax = {"patterns", shared, own, sizeof own / sizeof *own};
    return reading_start(&p->r, pack, &syntax, argc, argv);
}

int trail_patterns_command(const struct trail_pack *pack, int argc, char **argv)
{
    struct patterns p = {.list = {.pack = pack, .a = {.arguments = &p.r.arguments}}, .max = SET_MAX};
    bool read = start(&p, pack, argc, argv);
    int code = read ? run(&p) : trail_arguments_wrong(&p.r.arguments, "%s", p.r.arguments.error);
    set_free(p.gather.set);
    set_free(p.known);
    trail_text_free(&p.list.a.line);
    reading_end(&p.r);
    return code;
}
