/*
 * build.c - from the emitted files to a scanner: re2c, cc, and the runtime's library.
 *
 * Needs: emit. The runtime is found beside trailc itself (built in place: its directory has include/ and
 * libtrail.a) or under the prefix that trailc was installed to (bin/../include, bin/../lib/libtrail.a).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build/build.h"
#include "emit/output.h"
#include "trailc.h"

/* ---- files ---------------------------------------------------------------------------------------- */

static bool write_file(struct compile *c, const char *path, struct slice text)
{
    FILE *f = fopen(path, "wb");
    bool written = f && fwrite(text.p, 1, text.n, f) == text.n;
    if ((f && fclose(f) != 0) || !written)
        return tool_failed(c, "cannot write %s: %s", path, strerror(errno));
    return true;
}

static bool make_directory(struct compile *c, const char *directory)
{
    if (mkdir(directory, 0777) == 0 || errno == EEXIST)
        return true;
    return tool_failed(c, "cannot make the directory %s: %s", directory, strerror(errno));
}

bool emit_write(struct compile *c, const char *directory)
{
    if (!make_directory(c, directory))
        return false;
    for (size_t i = 0; i < c->n_files; i++)
        if (!write_file(c, diag_format(c, "%s/%s", directory, c->files[i].name).p,
                        buffer_slice(&c->files[i].text)))
            return false;
    return true;
}

/* ---- the runtime ---------------------------------------------------------------------------------- */

struct runtime {
    const char *include, *library;
};

static bool runtime_at(struct compile *c, struct runtime *r, const char *include, const char *library)
{
    r->include = include;
    r->library = library;
    return access(library, R_OK) == 0 && access(diag_format(c, "%s/trail/pack.h", include).p, R_OK) == 0;
}

static bool runtime_find(struct compile *c, struct runtime *r)
{
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = '\0';
    if (runtime_at(c, r, diag_format(c, "%s/include", self).p, diag_format(c, "%s/libtrail.a", self).p) ||
        runtime_at(c, r, diag_format(c, "%s/../include", self).p,
                   diag_format(c, "%s/../lib/libtrail.a", self).p))
        return true;
    return tool_failed(
        c, "no runtime beside %s: libtrail.a and include/trail are needed there, or in ../lib and ../include",
        self);
}

/* ---- commands ------------------------------------------------------------------------------------- */

struct command {
    struct compile *c;
    size_t n;
    char **argv;
};

static void add(struct command *command, const char *argument)
{
    size_t n = strlen(argument);
    char *copy = arena_alloc(command->c->arena, n + 1);
    memcpy(copy, argument, n);
    *PUSH(command->c, command->argv, command->n) = copy;
}

/* Words between spaces, as make and cc's other drivers split CFLAGS. */
static void add_words(struct command *command, const char *words)
{
    while (words && *words) {
        size_t n = strcspn(words, " \t\n");
        if (n)
            add(command, slice_copy(command->c, words, n).p);
        words += n + strspn(words + n, " \t\n");
    }
}

static struct job job_of(struct command *command, const char *name, const char *log)
{
    *PUSH(command->c, command->argv, command->n) = NULL;
    return (struct job){.argv = command->argv, .log = log, .name = slice_of(name)};
}

/* `match.c` in DIR with another ending: DIR/match.o */
static const char *sibling(struct compile *c, const char *directory, const char *name, const char *ending)
{
    const char *dot = strrchr(name, '.');
    return diag_format(c, "%s/%.*s%s", directory, (int)(dot - name), name, ending).p;
}

static bool has_ending(const char *name, const char *ending)
{
    size_t n = strlen(name), m = strlen(ending);
    return n > m && strcmp(name + n - m, ending) == 0;
}

static const char *setting(const char *option, const char *variable, const char *otherwise)
{
    const char *value = option ? option : getenv(variable);
    return value && *value ? value : otherwise;
}

struct site {
    struct compile *c;
    const struct build_options *options;
    const char *directory;
    struct runtime runtime;
    unsigned parallel;
    struct trail_progress *progress;
};

static bool run_jobs(const struct site *s, size_t n, const struct job *list, const char *doing)
{
    struct jobs jobs = {
        .n = n, .list = list, .parallel = s->parallel, .doing = doing, .progress = s->progress};
    return jobs_run(s->c, &jobs);
}

static bool run_re2c(const struct site *s)
{
    static const char *const flags[] = {"-i", "-W", "-Werror", "--no-generation-date", "--no-version", "-o"};
    size_t n = 0;
    struct job *jobs = NULL;
    for (size_t i = 0; i < s->c->n_files; i++) {
        const char *name = s->c->files[i].name;
        if (!has_ending(name, ".re"))
            continue;
        struct command command = {.c = s->c};
        add(&command, setting(NULL, "RE2C", "re2c"));
        for (size_t k = 0; k < sizeof flags / sizeof *flags; k++)
            add(&command, flags[k]);
        add(&command, sibling(s->c, s->directory, name, ".c"));
        add(&command, diag_format(s->c, "%s/%s", s->directory, name).p);
        *PUSH(s->c, jobs, n) = job_of(&command, name, sibling(s->c, s->directory, name, ".re2c.log"));
    }
    return run_jobs(s, n, jobs, "re2c");
}

static bool run_cc(const struct site *s)
{
    size_t n = 0;
    struct job *jobs = NULL;
    for (size_t i = 0; i < s->c->n_files; i++) {
        const char *name = s->c->files[i].name;
        if (!has_ending(name, ".c") && !has_ending(name, ".re"))
            continue;
        struct command command = {.c = s->c};
        add_words(&command, setting(s->options->cc, "CC", "cc"));
        add(&command, "-std=c11");
        add_words(&command, setting(s->options->cflags, "CFLAGS", "-O2"));
        /* The same pack gives the same bytes, wherever it is built. */
        add(&command, diag_format(s->c, "-ffile-prefix-map=%s=.", s->directory).p);
        add(&command, diag_format(s->c, "-I%s", s->runtime.include).p);
        /* -O2 takes cc three times as long for the gotos of DFAs, and makes them no faster. */
        if (has_ending(name, ".re"))
            add(&command, "-O1");
        add(&command, "-c");
        add(&command, "-o");
        add(&command, sibling(s->c, s->directory, name, ".o"));
        add(&command, sibling(s->c, s->directory, name, ".c"));
        *PUSH(s->c, jobs, n) = job_of(&command, name, sibling(s->c, s->directory, name, ".cc.log"));
    }
    return run_jobs(s, n, jobs, "cc");
}

static bool run_link(const struct site *s)
{
    struct command command = {.c = s->c};
    add_words(&command, setting(s->options->cc, "CC", "cc"));
    add_words(&command, setting(s->options->cflags, "CFLAGS", "-O2"));
    add_words(&command, setting(s->options->ldflags, "LDFLAGS", ""));
    add(&command, "-o");
    add(&command, s->options->output);
    for (size_t i = 0; i < s->c->n_files; i++)
        if (has_ending(s->c->files[i].name, ".c") || has_ending(s->c->files[i].name, ".re"))
            add(&command, sibling(s->c, s->directory, s->c->files[i].name, ".o"));
    add(&command, s->runtime.library);
    add_words(&command, "-lisal -ldeflate -lzstd -lcjson -lyaml -lsqlite3 -lpthread");
    struct job job = job_of(&command, "scanner", diag_format(s->c, "%s/link.log", s->directory).p);
    return run_jobs(s, 1, &job, "link");
}

bool build(struct compile *c, const struct build_options *options)
{
    struct trail_progress progress;
    struct site s = {.c = c, .options = options, .progress = &progress};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    s.parallel = options->jobs ? options->jobs : processors > 0 ? (unsigned)processors : 1;
    if (!runtime_find(c, &s.runtime))
        return false;
    trail_progress_start(&progress);
    s.directory = options->keep ? options->keep : directory_temporary(c);
    if (!s.directory)
        return false;
    bool built = emit_write(c, s.directory) && run_re2c(&s) && run_cc(&s) && run_link(&s);
    trail_progress_clear(&progress);
    if (!options->keep)
        directory_remove(c, s.directory);
    return built;
}
