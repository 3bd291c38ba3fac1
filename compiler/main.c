/*
 * main.c - the command line: which passes run, and what becomes of their result.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trailc.h"

#define VERSION "0.1.0"

static const char help[] = "Usage: trailc COMMAND [OPTION...] PACK...\n"
                           "Compile alert rules for CloudTrail, or any JSON log, into one native scanner.\n"
                           "  build PACK -o FILE         compile the pack, a directory or file of YAML\n"
                           "  check PACK...              say what is wrong or doubtful, and what to write\n"
                           "  test PACK...               run the alerts' own tests, compiled\n"
                           "  emit PACK -o DIR           write the C and re2c files alone\n"
                           "  explain PACK [ALERT...]    show the plan: fields, discriminators, DFA sizes\n"
                           "  schema                     print the JSON Schema of a rule file\n"
                           "Options:\n"
                           "  -o, --output PATH          the scanner (build), the directory (emit)\n"
                           "  -j, --jobs N               compilers at once; default: all processors\n"
                           "      --keep DIR             keep the generated files in DIR\n"
                           "      --cc CC, --cflags FLAGS  default: $CC, $CFLAGS, or cc and -O2\n"
                           "      --werror               warnings are errors\n"
                           "      --strict               and alerts need a description and tests\n"
                           "      --json                 check: diagnostics as JSON, for editors\n"
                           "      --dump=ast|ir|plan     check: print what a pass made\n"
                           "  -v, --verbose              test: name the tests that pass, too\n"
                           "      --color=WHEN           auto, always, never\n"
                           "  -h, --help; --version\n"
                           "Exit: 0 fine, 1 the pack has errors or failed tests, 2 wrong use, failed tool.\n"
                           "See man trailc, and man trailc-rules for the language.\n";

enum { FINE = 0, PACK_FAILED = 1, TOOL_FAILED = 2 };

struct options {
    const char *command, *dump;
    struct build_options build;
    bool werror, strict, json, verbose, colour;
};

static int misuse(const char *format, const char *what)
{
    fputs("trailc: ", stderr);
    fprintf(stderr, format, what);
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

/* The compiler: YAML to a plan. False when the pack has errors. */
static bool compile(struct compile *c, const char *path)
{
    /* All errors of a pack come in one run: filters are read even where a rule file has other faults. */
    bool loaded = pack_load(c, path);
    bool parsed = parse(c);
    bool checked = check(c);
    if (!loaded || !parsed || !checked || diag_errors(c))
        return false;
    lower(c);
    redundant(c);
    if (diag_errors(c))
        return false;
    plan(c);
    return true;
}

static void say(const struct compile *c, const struct options *o)
{
    diag_print(c, stderr, o->colour);
}

/* ---- commands -------------------------------------------------------------------------------------- */

static int run_build(const struct options *o, const char *path)
{
    struct compile *c = compile_new(o);
    int result = PACK_FAILED;
    if (compile(c, path)) {
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
    if (compile(c, path)) {
        emit(c);
        result = emit_write(c, o->build.output) ? FINE : TOOL_FAILED;
    }
    say(c, o);
    compile_free(c);
    return result;
}

static void dump(struct compile *c, const char *what)
{
    struct buffer b = {.c = c};
    if (strcmp(what, "plan") == 0)
        plan_print(c, &b);
    for (size_t i = 0; i < c->pack.n_alerts && strcmp(what, "plan") != 0; i++) {
        buffer_printf(&b, "%s: ", c->pack.alerts[i].id.p);
        if (strcmp(what, "ast") == 0)
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
    bool fine = compile(c, path);
    if (o->json)
        diag_print_json(c, stdout);
    else
        say(c, o);
    if (fine && o->dump)
        dump(c, o->dump);
    compile_free(c);
    return fine ? FINE : PACK_FAILED;
}

static int run_test(const struct options *o, const char *path)
{
    struct compile *c = compile_new(o);
    struct test_counts counts = {0, 0};
    int result = PACK_FAILED;
    bool fine = compile(c, path);
    say(c, o);
    char *directory = fine ? directory_temporary(c) : NULL;
    if (directory) {
        struct build_options build_options = o->build;
        build_options.output = diag_format(c, "%s/scanner", directory).p;
        emit(c);
        fine = build(c, &build_options) && test_run(c, build_options.output, o->verbose, &counts);
        result = !fine ? TOOL_FAILED : counts.failed ? PACK_FAILED : FINE;
        if (fine)
            printf("%s: %zu passed, %zu failed\n", path, counts.passed, counts.failed);
        directory_remove(c, directory);
    } else if (fine) {
        result = TOOL_FAILED;
    }
    compile_free(c);
    return result;
}

static int run_explain(const struct options *o, const char *path, char **alerts, int n)
{
    struct compile *c = compile_new(o);
    bool fine = compile(c, path);
    say(c, o);
    if (fine) {
        struct buffer b = {.c = c};
        for (int i = 0; i < n && fine; i++)
            fine = plan_print_alert(c, &b, slice_of(alerts[i]));
        if (n == 0)
            plan_print(c, &b);
        fwrite(b.p, 1, b.n, stdout);
    }
    compile_free(c);
    return fine ? FINE : PACK_FAILED;
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
    if (strcmp(command, "schema") == 0 && n == 0) {
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
    if (strcmp(command, "check") == 0)
        return each(run_check, o, arguments, n);
    if (strcmp(command, "test") == 0)
        return each(run_test, o, arguments, n);
    if (strcmp(command, "explain") == 0)
        return run_explain(o, arguments[0], arguments + 1, n - 1);
    return misuse("no command `%s`", command);
}

/* ---- options --------------------------------------------------------------------------------------- */

enum { KEEP = 256, CC, CFLAGS, WERROR, STRICT, JSON, DUMP, COLOUR, SHOW_VERSION };

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"jobs", required_argument, NULL, 'j'},
    {"keep", required_argument, NULL, KEEP},
    {"cc", required_argument, NULL, CC},
    {"cflags", required_argument, NULL, CFLAGS},
    {"werror", no_argument, NULL, WERROR},
    {"strict", no_argument, NULL, STRICT},
    {"json", no_argument, NULL, JSON},
    {"dump", required_argument, NULL, DUMP},
    {"verbose", no_argument, NULL, 'v'},
    {"color", required_argument, NULL, COLOUR},
    {"colour", required_argument, NULL, COLOUR},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, SHOW_VERSION},
    {NULL, 0, NULL, 0},
};

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

/* 0: go on; otherwise the exit code + 1. */
static int take_option(struct options *o, int option)
{
    static const char *const dumps[] = {"ast", "ir", "plan", NULL};
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
    case DUMP:
        o->dump = optarg;
        return one_of(optarg, dumps) ? 0 : misuse("--dump takes ast, ir or plan, not `%s`", optarg) + 1;
    case 'v': o->verbose = true; return 0;
    case COLOUR:
        if (!one_of(optarg, whens))
            return misuse("--color takes auto, always or never, not `%s`", optarg) + 1;
        if (strcmp(optarg, "auto") != 0)
            o->colour = strcmp(optarg, "always") == 0;
        return 0;
    case 'h': fputs(help, stdout); return FINE + 1;
    case SHOW_VERSION: puts("trailc " VERSION); return FINE + 1;
    default: fputs("Try `trailc --help`.\n", stderr); return TOOL_FAILED + 1;
    }
}

int main(int argc, char **argv)
{
    const char *no_colour = getenv("NO_COLOR");
    struct options o = {.colour = isatty(STDERR_FILENO) && !(no_colour && *no_colour)};
    for (int option; (option = getopt_long(argc, argv, "o:j:vh", long_options, NULL)) != -1;) {
        int stop = take_option(&o, option);
        if (stop)
            return stop - 1;
    }
    if (optind == argc)
        return misuse("%s", "no command given");
    o.command = argv[optind];
    int result = run(&o, argv + optind + 1, argc - optind - 1);
    if (fflush(stdout) != 0 && errno != EPIPE) {
        fprintf(stderr, "trailc: cannot write: %s\n", strerror(errno));
        return TOOL_FAILED;
    }
    return result;
}
