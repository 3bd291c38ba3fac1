/*
 * files.c - `trailc fmt`: which files are formatted, and how they are written.
 *
 * Guarantees: a file is replaced as a whole or not at all, its mode is kept, and so is a link that leads to
 * it; one that has errors, or that the formatter cannot lay out, keeps its bytes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format.h"

enum { FINE = 0, UNFORMATTED = 1, FAILED = 2 };

static int cannot_write(const char *path)
{
    fprintf(stderr, "trailc: cannot write %s: %s\n", path, strerror(errno));
    return FAILED;
}

/* ---- writing ---------------------------------------------------------------------------------- */

static bool write_all(int fd, struct slice text)
{
    for (size_t at = 0; at < text.n;) {
        ssize_t n = write(fd, text.p + at, text.n - at);
        if (n < 0 && errno != EINTR)
            return false;
        at += n > 0 ? (size_t)n : 0;
    }
    return fsync(fd) == 0;
}

int file_replace(struct compile *c, const char *path, struct slice text)
{
    struct stat status;
    char *real = realpath(path, NULL);
    if (!real || stat(real, &status) != 0 || access(real, W_OK) != 0) {
        free(real);
        return cannot_write(path);
    }
    const char *slash = strrchr(real, '/');
    char *beside = (char *)diag_format(c, "%.*s.%s.XXXXXX", (int)(slash + 1 - real), real, slash + 1).p;
    int fd = mkstemp(beside);
    bool good = fd >= 0 && write_all(fd, text) && fchmod(fd, status.st_mode & 07777) == 0;
    if (good && (status.st_uid != geteuid() || status.st_gid != getegid()))
        good = fchown(fd, status.st_uid, status.st_gid) == 0;
    if (fd >= 0)
        good = close(fd) == 0 && good;
    good = good && rename(beside, real) == 0;
    int result = good ? FINE : cannot_write(path);
    if (!good && fd >= 0)
        unlink(beside);
    free(real);
    return result;
}

/* ---- one file --------------------------------------------------------------------------------- */

static bool is_json(const char *name)
{
    size_t n = strlen(name);
    return n > 5 && strcmp(name + n - 5, ".json") == 0;
}

static int say_left(const char *name, enum format_result result, const char *why)
{
    if (result == FORMAT_LEFT)
        fprintf(stderr, "trailc: %s stays as it is: it has %s\n", name, why);
    if (result == FORMAT_BUG)
        fprintf(stderr,
                "trailc: %s stays as it is: formatted, it would not say the same (a fault of trailc)\n",
                name);
    return result == FORMAT_LEFT ? FINE : result == FORMAT_BUG ? FAILED : UNFORMATTED;
}

/* The text of a source that read_whole() or source_read() added last. */
static int format_source(struct compile *c, const struct format_options *o, const char *name, bool to_stdout)
{
    struct slice text = c->sources[c->n_sources - 1].text, out = text;
    const char *why = NULL;
    enum format_result result =
        is_json(name) ? FORMAT_DONE : format_text(c, c->sources[c->n_sources - 1].name, text, &out, &why);
    if (result != FORMAT_DONE)
        out = text;
    bool changes = !slice_eq(text, out);
    if (to_stdout && !o->check && result != FORMAT_FAILED)
        fwrite(out.p, 1, out.n, stdout);
    if (result != FORMAT_DONE)
        return say_left(name, result, why);
    if (changes && o->check)
        printf("%s\n", name);
    if (changes && !o->check && !to_stdout)
        return file_replace(c, name, out);
    return changes && o->check ? UNFORMATTED : FINE;
}

static int format_file(struct compile *c, const struct format_options *o, const char *path)
{
    uint32_t source;
    return source_read(c, path, &source) ? format_source(c, o, path, false) : UNFORMATTED;
}

static int format_stdin(struct compile *c, const struct format_options *o)
{
    uint32_t source;
    const char *name = o->stdin_filename ? o->stdin_filename : "-";
    return source_add(c, name, stream_read(c, stdin), &source) ? format_source(c, o, name, true)
                                                               : UNFORMATTED;
}

int format_path(struct compile *c, const struct format_options *o, const char *path)
{
    struct stat status;
    size_t n = 0;
    int worst = FINE;
    if (strcmp(path, "-") == 0)
        return format_stdin(c, o);
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
        return format_file(c, o, path);
    const char **paths = rule_files(c, path, &n);
    for (size_t i = 0; i < n; i++) {
        int result = format_file(c, o, paths[i]);
        worst = result > worst ? result : worst;
    }
    return n ? worst : UNFORMATTED;
}
