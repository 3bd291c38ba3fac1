/*
 * main.c - the command line: which passes run, and what becomes of their result.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/near.h"
#include "build/build.h"
#include "emit/output.h"
#include "explain/explain.h"
#include "explain/plan_text.h"
#include "format/format.h"
#include "logic/redundant.h"
#include "test/report.h"
#include "trailc.h"

#define VERSION "0.1.0"

static const char help[] =
    "Usage: trailc COMMAND [OPTION...] PACK...\n"
    "Compile alert rules for CloudTrail, or any JSON log, into one native scanner.\n"
    "  build PACK -o FILE         compile the pack, a directory or file of YAML\n"
    "  check PACK...              say what is wrong or doubtful, and what to write\n"
    "  test PACK...               run the alerts' own tests, compiled\n"
    "  emit PACK -o DIR           write the C and re2c files alone\n"
    "  explain PACK [ALERT...] [EVENTS...]  the plan; or why events match, or do not\n"
    "  fmt [--check] PACK...      lay rule files out in one way; or name them\n"
    "  schema                     print the JSON Schema of a rule file\n"
    "Options:\n"
    "  -o, --output PATH          the scanner (build), the directory (emit)\n"
    "  -j, --jobs N               compilers at once; default: all processors\n"
    "      --keep DIR             keep the generated files in DIR\n"
    "      --cc CC, --cflags FLAGS  default: $CC, $CFLAGS, or cc and -O2\n"
    "      --werror, --strict     warnings are errors; and descriptions, tests needed\n"
    "      --json; --fix          check, explain: as JSON; check: write certain fixes\n"
    "      --stdin-filename NAME  check, fmt: the file that `-` is the text of\n"
    "      --dump=tokens|ast|ir|plan  check: print what a pass made\n"
    "      --tap, --junit FILE, --coverage  test: TAP, XML; what decided\n"
    "  -v, --verbose              test: name the tests that pass, too\n"
    "      --color=WHEN           auto, always, never\n"
    "  -h, --help; --version\n"
    "Exit: 0 fine, 1 the pack has errors or failed tests, 2 wrong use, failed tool.\n"
    "See man trailc, and man trailc-rules for the language.\n";

enum { FINE = 0, PACK_FAILED = 1, TOOL_FAILED = 2 };

struct options {
    const char *command, *dump;
    unsigned given; /* bits: places in taken_by */
    struct build_options build;
    struct explain_options explain;
    struct test_options test;
    struct format_options format;
    bool werror, strict, json, fix, verbose;
    bool colour, colour_out; /* on standard error, on standard output */
};

static int __attribute__((format(printf, 1, 2))) misuse(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("trailc: ", stderr);
    vfprintf(stderr, format, args);
    va_end(args);
    fputs("\nTry `trailc --help`.\n", stderr);
    return TOOL_FAILED;
}

/* ---- the passes ------------------------------------------------------------------------------------ */

static struct compile *compile_new(const struct options *o)
{
    struct arena *arena = arena_new();
    struct compile *c = arena_alloc(arena, sizeof *c);
    c->arena = arena;
    c->werror = o->werror || o->strict;
    c->strict = o->strict;
    return c;
}

static void compile_free(struct compile *c)
{
    arena_free(c->arena);
}

/* The pack of what standard input holds. */
static bool load_stdin(struct compile *c, const char *name)
{
    struct slice text = stream_read(c, stdin);
    return name ? pack_load_edited(c, name, text) : pack_load_text(c, "-", text);
}

/* The compiler: YAML to a plan. False when the pack has errors. */
static bool compile(struct compile *c, const struct options *o, const char *path)
{
    /* All errors of a pack come in one run: filters are read even where a rule file has other faults. */
    bool loaded = strcmp(path, "-") == 0 ? load_stdin(c, o->format.stdin_filename) : pack_load(c, path);
    bool parsed = parse(c);
    bool checked = check(c), recognised = recognise(c);
    if (!loaded || !parsed || !checked || !recognised || diag_errors(c))
        return false;
    lower(c);
    if (limits(c))
        redundant(c);
    if (diag_errors(c))
        return false;
    plan(c);
    return true;
}

static void say(struct compile *c, const struct options *o)
{
    diag_print(c, stderr, o->colour);
}

/* ---- commands -------------------------------------------------------------------------------------- */

static int run_build(const struct options *o, const char *path)
{
    struct compile *c = compile_new(o);
    int result = PACK_FAILED;
    if (compile(c, o, path)) {
        emit(c);
        result = build(c, &o->build) ? FINE : TOOL_FAILED;
    }
    say(c, o);
    compile_free(c);
    return result;
}

static int run_emit(const struct options *o, const char *path)
{
    struct compile *c = compile_new(o);
    int result = PACK_FAILED;
    if (compile(c, o, path)) {
        emit(c);
        result = emit_write(c, o->build.output) ? FINE : TOOL_FAILED;
    }
    say(c, o);
    compile_free(c);
    return result;
}

/* Tokens are there whatever is wrong with the filters; the rest only of a pack without errors. */
static void dump(struct compile *c, const char *what)
{
    struct buffer b = {.c = c};
    bool tokens = strcmp(what, "tokens") == 0;
    if (strcmp(what, "plan") == 0)
        plan_print(c, &b);
    for (size_t i = 0; i < c->pack.n_alerts && strcmp(what, "plan") != 0; i++) {
        buffer_printf(&b, "%s: ", c->pack.alerts[i].id.p);
        if (tokens)
            tokens_print(&b, &c->pack.alerts[i].filter);
        else if (strcmp(what, "ast") == 0)
            node_print(&b, c->pack.alerts[i].tree);
        else
            expr_print(&b, c->pack.alerts[i].expr);
        buffer_char(&b, '\n');
    }
    fwrite(b.p, 1, b.n, stdout);
}

static int run_check(const struct options *o, const char *path)
{
    struct compile *c = compile_new(o);
    bool fine = compile(c, o, path);
    say(c, o);
    if (o->dump && (fine || strcmp(o->dump, "tokens") == 0))
        dump(c, o->dump);
    compile_free(c);
    return fine ? FINE : PACK_FAILED;
}

/* Makes the certain fixes, and those that only show behind them. */
static int run_fix(const struct options *o, const char *path)
{
    enum { ROUNDS = 10 };
    size_t total = 0, made = 1;
    int result = FINE;
    if (strcmp(path, "-") == 0)
        return misuse("%s", "--fix changes files: name one, not `-`");
    for (int round = 0; round < ROUNDS && made > 0 && result == FINE; round++) {
        struct compile *c = compile_new(o);
        compile(c, o, path);
        result = fix_files(c, &made);
        total += made;
        compile_free(c);
    }
    if (total > 0)
        fprintf(stderr, "%s: %zu fixed\n", path, total);
    return result;
}

/* What is said of all packs is one JSON document. */
static int run_check_json(const struct options *o, char **paths, int n)
{
    struct compile **packs = calloc((size_t)n, sizeof *packs);
    int result = packs ? FINE : TOOL_FAILED;
    for (int i = 0; packs && i < n; i++) {
        packs[i] = compile_new(o);
        if (!compile(packs[i], o, paths[i]))
            result = PACK_FAILED;
    }
    if (packs)
        diag_print_json_all((size_t)n, packs, stdout);
    for (int i = 0; packs && i < n; i++)
        compile_free(packs[i]);
    free(packs);
    return result;
}

/* Builds the pack's scanner and runs its tests; false: a tool failed. */
static bool build_and_test(struct compile *c, const struct options *o, const char *path,
                           struct test_report *report, size_t *failed)
{
    struct build_options build_options = o->build;
    char *directory = directory_temporary(c);
    if (!directory)
        return false;
    build_options.output = diag_format(c, "%s/scanner", directory).p;
    emit(c);
    bool fine = build(c, &build_options) && test_run(c, build_options.output, path, report, failed);
    directory_remove(c, directory);
    return fine;
}

/* *go_on: the report may have more. */
static int run_test(const struct options *o, const char *path, struct test_report *report, bool *go_on)
{
    struct compile *c = compile_new(o);
    size_t failed = 0;
    int result = PACK_FAILED;
    bool fine = compile(c, o, path);
    say(c, o);
    if (!fine) {
        test_report_broken(report, c, path);
    } else if (build_and_test(c, o, path, report, &failed)) {
        result = failed ? PACK_FAILED : FINE;
    } else {
        *go_on = test_report_stopped(report, c, path);
        result = TOOL_FAILED;
    }
    compile_free(c);
    return result;
}

static int run_tests(const struct options *o, char **paths, int n)
{
    struct test_options options = o->test;
    int result = FINE;
    bool go_on = true;
    options.verbose = o->verbose;
    options.colour = o->colour_out;
    struct test_report *report = test_report_new(&options);
    for (int i = 0; i < n && go_on; i++) {
        int one = run_test(o, paths[i], report, &go_on);
        result = one > result ? one : result;
    }
    return test_report_finish(report) ? result : TOOL_FAILED;
}

static int run_explain(const struct options *o, const char *path, char **arguments, int n)
{
    static const int results[] = {[EXPLAINED] = FINE,
                                  [EXPLAIN_UNKNOWN] = PACK_FAILED,
                                  [EXPLAIN_UNREAD] = TOOL_FAILED,
                                  [EXPLAIN_NO_EVENTS] = TOOL_FAILED};
    struct compile *c = compile_new(o);
    struct explain_options options = o->explain;
    int result = PACK_FAILED;
    options.json = o->json;
    options.verbose = o->verbose;
    options.colour = o->colour_out;
    bool fine = compile(c, o, path);
    say(c, o);
    enum explain_result explained = EXPLAINED;
    if (fine) {
        explained = explain_pack(c, &options, (size_t)n, arguments);
        result = results[explained];
    }
    if (explained == EXPLAIN_NO_EVENTS)
        misuse("explain takes --json, --record and labels with events: name a file of them");
    compile_free(c);
    return result;
}

static int run_fmt(const struct options *o, const char *path)
{
    struct compile *c = compile_new(o);
    int result = format_path(c, &o->format, path);
    say(c, o);
    compile_free(c);
    return result;
}

static int each(int (*run)(const struct options *, const char *), const struct options *o, char **paths,
                int n)
{
    int result = FINE;
    for (int i = 0; i < n; i++) {
        int one = run(o, paths[i]);
        result = one > result ? one : result;
    }
    return result;
}

static int run(const struct options *o, char **arguments, int n)
{
    const char *command = o->command;
    bool needs_output = strcmp(command, "build") == 0 || strcmp(command, "emit") == 0;
    if (strcmp(command, "schema") == 0) {
        if (n > 0)
            return misuse("schema takes no PACK: it prints the schema of all rule files");
        schema_print(stdout);
        return FINE;
    }
    if (n == 0)
        return misuse("%s: no PACK given", command);
    if (needs_output && n > 1)
        return misuse("%s takes one PACK", command);
    if (needs_output && !o->build.output)
        return misuse("%s needs -o", command);
    if (strcmp(command, "build") == 0)
        return run_build(o, arguments[0]);
    if (strcmp(command, "emit") == 0)
        return run_emit(o, arguments[0]);
    if (o->fix) {
        int result = each(run_fix, o, arguments, n);
        if (result != FINE)
            return result;
    }
    if (strcmp(command, "check") == 0 && o->json)
        return run_check_json(o, arguments, n);
    if (strcmp(command, "check") == 0)
        return each(run_check, o, arguments, n);
    if (strcmp(command, "fmt") == 0)
        return each(run_fmt, o, arguments, n);
    if (strcmp(command, "test") == 0)
        return run_tests(o, arguments, n);
    return run_explain(o, arguments[0], arguments + 1, n - 1);
}

/* ---- options --------------------------------------------------------------------------------------- */

enum {
    KEEP = 256,
    CC,
    CFLAGS,
    WERROR,
    STRICT,
    JSON,
    FIX,
    DUMP,
    COLOUR,
    RECORD,
    APPLICATION,
    SUBSYSTEM,
    TAP,
    JUNIT,
    COVERAGE,
    STDIN_FILENAME,
    CHECK,
    SHOW_VERSION
};

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"jobs", required_argument, NULL, 'j'},
    {"keep", required_argument, NULL, KEEP},
    {"cc", required_argument, NULL, CC},
    {"cflags", required_argument, NULL, CFLAGS},
    {"werror", no_argument, NULL, WERROR},
    {"strict", no_argument, NULL, STRICT},
    {"json", no_argument, NULL, JSON},
    {"fix", no_argument, NULL, FIX},
    {"dump", required_argument, NULL, DUMP},
    {"stdin-filename", required_argument, NULL, STDIN_FILENAME},
    {"check", no_argument, NULL, CHECK},
    {"verbose", no_argument, NULL, 'v'},
    {"record", required_argument, NULL, RECORD},
    {"application", required_argument, NULL, APPLICATION},
    {"subsystem", required_argument, NULL, SUBSYSTEM},
    {"tap", no_argument, NULL, TAP},
    {"junit", required_argument, NULL, JUNIT},
    {"coverage", no_argument, NULL, COVERAGE},
    {"color", required_argument, NULL, COLOUR},
    {"colour", required_argument, NULL, COLOUR},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, SHOW_VERSION},
    {NULL, 0, NULL, 0},
};

static const char *const commands[] = {"build", "check", "test", "emit", "explain", "fmt", "schema", NULL};

/* Options that not every command takes. */
static const struct {
    int option;
    const char *shown, *commands;
} taken_by[] = {
    {'o', "-o", "build, emit"},
    {'j', "-j", "build, test"},
    {KEEP, "--keep", "build, test"},
    {CC, "--cc", "build, test"},
    {CFLAGS, "--cflags", "build, test"},
    {WERROR, "--werror", "build, check, test, emit, explain"},
    {STRICT, "--strict", "build, check, test, emit, explain"},
    {JSON, "--json", "check, explain"},
    {FIX, "--fix", "check"},
    {DUMP, "--dump", "check"},
    {'v', "-v", "test, explain"},
    {RECORD, "--record", "explain"},
    {APPLICATION, "--application", "explain"},
    {SUBSYSTEM, "--subsystem", "explain"},
    {TAP, "--tap", "test"},
    {JUNIT, "--junit", "test"},
    {COVERAGE, "--coverage", "test"},
    {STDIN_FILENAME, "--stdin-filename", "check, fmt"},
    {CHECK, "--check", "fmt"},
};
#define N_TAKEN (sizeof taken_by / sizeof *taken_by)

static void note_given(struct options *o, int option)
{
    for (size_t i = 0; i < N_TAKEN; i++)
        if (taken_by[i].option == option)
            o->given |= 1u << i;
}

/* The command exists and takes every option that was given: 0, or the exit code. */
static int check_command(const struct options *o)
{
    struct nearest near = {.word = slice_of(o->command)};
    bool known = false;
    for (const char *const *name = commands; *name; name++) {
        nearest_try(&near, slice_of(*name));
        known = known || strcmp(o->command, *name) == 0;
    }
    if (!known && near.best.n)
        return misuse("no command `%s`: is `%s` meant?", o->command, near.best.p);
    if (!known)
        return misuse("no command `%s`: there are build, check, test, emit, explain, fmt and schema",
                      o->command);
    for (size_t i = 0; i < N_TAKEN; i++)
        if (o->given & 1u << i && !strstr(taken_by[i].commands, o->command))
            return misuse("%s takes no %s: that is for %s", o->command, taken_by[i].shown,
                          taken_by[i].commands);
    if (o->json && o->dump)
        return misuse("--json and --dump do not go together: both write to standard output");
    return 0;
}

/* An option that there is not, or one without its value. */
static int refuse_option(int option, const char *word)
{
    int n = (int)strcspn(word, "=");
    if (option == ':')
        return misuse("%s needs a value", word);
    if (optopt && optopt < KEEP)
        return misuse("there is no option -%c", optopt);
    if (optopt)
        return misuse("%.*s takes no value", n, word);
    struct nearest near = {.word = {word + 2, (size_t)n - 2}};
    for (const struct option *o = long_options; o->name; o++)
        nearest_try(&near, slice_of(o->name));
    return near.best.n ? misuse("there is no option %.*s: is --%s meant?", n, word, near.best.p)
                       : misuse("there is no option %.*s", n, word);
}

static bool one_of(const char *value, const char *const *choices)
{
    for (; *choices; choices++)
        if (strcmp(value, *choices) == 0)
            return true;
    return false;
}

static bool parse_jobs(const char *text, unsigned *jobs)
{
    char *end;
    errno = 0;
    unsigned long n = strtoul(text, &end, 10);
    *jobs = (unsigned)n;
    return *text >= '0' && *text <= '9' && !*end && !errno && n > 0 && n <= 1024;
}

static bool parse_record(const char *text, uint64_t *record)
{
    char *end;
    errno = 0;
    *record = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && !errno && *record > 0;
}

/* 0: go on; otherwise the exit code + 1. */
static int take_option(struct options *o, int option, const char *word)
{
    static const char *const dumps[] = {"tokens", "ast", "ir", "plan", NULL};
    static const char *const whens[] = {"auto", "always", "never", NULL};
    switch (option) {
    case 'o': o->build.output = optarg; return 0;
    case 'j':
        return parse_jobs(optarg, &o->build.jobs)
                   ? 0
                   : misuse("-j takes a number from 1 to 1024, not `%s`", optarg) + 1;
    case KEEP: o->build.keep = optarg; return 0;
    case CC: o->build.cc = optarg; return 0;
    case CFLAGS: o->build.cflags = optarg; return 0;
    case WERROR: o->werror = true; return 0;
    case STRICT: o->strict = true; return 0;
    case JSON: o->json = true; return 0;
    case FIX: o->fix = true; return 0;
    case STDIN_FILENAME: o->format.stdin_filename = optarg; return 0;
    case CHECK: o->format.check = true; return 0;
    case DUMP:
        o->dump = optarg;
        return one_of(optarg, dumps) ? 0
                                     : misuse("--dump takes tokens, ast, ir or plan, not `%s`", optarg) + 1;
    case 'v': o->verbose = true; return 0;
    case RECORD:
        return parse_record(optarg, &o->explain.record)
                   ? 0
                   : misuse("--record takes a number from 1 on, not `%s`", optarg) + 1;
    case APPLICATION: o->explain.application = slice_of(optarg); return 0;
    case SUBSYSTEM: o->explain.subsystem = slice_of(optarg); return 0;
    case TAP: o->test.tap = true; return 0;
    case JUNIT: o->test.junit = optarg; return 0;
    case COVERAGE: o->test.coverage = true; return 0;
    case COLOUR:
        if (!one_of(optarg, whens))
            return misuse("--color takes auto, always or never, not `%s`", optarg) + 1;
        if (strcmp(optarg, "auto") != 0)
            o->colour = o->colour_out = strcmp(optarg, "always") == 0;
        return 0;
    case 'h': fputs(help, stdout); return FINE + 1;
    case SHOW_VERSION: puts("trailc " VERSION); return FINE + 1;
    default: return refuse_option(option, word) + 1;
    }
}

int main(int argc, char **argv)
{
    const char *no_colour = getenv("NO_COLOR");
    bool colour = !(no_colour && *no_colour);
    struct options o = {.colour = colour && isatty(STDERR_FILENO),
                        .colour_out = colour && isatty(STDOUT_FILENO)};
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":o:j:vh", long_options, NULL)) != -1;) {
        int stop = take_option(&o, option, argv[optind - 1]);
        if (stop)
            return stop - 1;
        note_given(&o, option);
    }
    if (optind == argc)
        return misuse("no command given");
    o.command = argv[optind];
    int result = check_command(&o);
    if (!result)
        result = run(&o, argv + optind + 1, argc - optind - 1);
    if (fflush(stdout) != 0 && errno != EPIPE) {
        fprintf(stderr, "trailc: cannot write: %s\n", strerror(errno));
        return TOOL_FAILED;
    }
    return result;
}
