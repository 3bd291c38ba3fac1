/*
 * reading.c - see reading.h.
 */
#include "reading.h"

#include <unistd.h>

#include "configured.h"

bool reading_start(struct reading *r, const struct trail_pack *pack, const struct trail_syntax *syntax,
                   int argc, char **argv)
{
    *r = (struct reading){.pack = pack};
    trail_progress_start(&r->progress);
    return trail_arguments_read(&r->arguments, syntax, argc, argv);
}

void reading_end(struct reading *r)
{
    trail_free(r->trail);
    trail_config_free(r->config);
    trail_arguments_free(&r->arguments);
}

bool reading_configure(struct reading *r)
{
    if (!r->arguments.config)
        return true;
    r->config = trail_configured_load(&r->arguments, r->pack);
    return r->config && trail_configured_inputs(&r->arguments, r->config);
}

bool reading_has_input(const struct reading *r)
{
    return r->arguments.n_inputs > 0 || !isatty(STDIN_FILENO);
}

const char *const *reading_inputs(const struct reading *r, size_t *n)
{
    static const char *const standard_input[] = {"-"};
    const struct trail_arguments *a = &r->arguments;
    *n = a->n_inputs ? a->n_inputs : 1;
    return a->n_inputs ? a->inputs : standard_input;
}

struct trail_options reading_options(const struct reading *r)
{
    const struct trail_arguments *a = &r->arguments;
    return (struct trail_options){.threads = a->threads,
                                  .now = a->now,
                                  .lateness = a->lateness,
                                  .since = a->since,
                                  .until = a->until,
                                  .waiting = r->config ? r->config->limits.waiting : 0,
                                  .groups_limit = r->config ? r->config->limits.groups : 0,
                                  .baseline = a->baseline,
                                  .frozen = a->frozen,
                                  .strict = a->strict,
                                  .total = r->progress.on};
}

enum trail_status reading_scan(struct reading *r, const struct trail_options *options)
{
    enum trail_status status, finished;
    r->trail = trail_new(r->pack, options, &status);
    if (!r->trail)
        return status;
    size_t n;
    const char *const *inputs = reading_inputs(r, &n);
    status = trail_scan_all(r->trail, n, inputs, r->arguments.labels);
    finished = trail_finish(r->trail);
    trail_progress_clear(&r->progress);
    return finished != TRAIL_OK ? finished : status;
}

void reading_say(struct reading *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    trail_progress_clear(&r->progress);
    trail_arguments_sayv(&r->arguments, format, args);
    va_end(args);
}
