/*
 * configured.c - see configured.h.
 */
#include "configured.h"

#include "supervisor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each line with its level, where the journal reads them. */
static void print_messages(const struct trail_text *messages)
{
    const char *p = messages->p, *end = p ? p + messages->n : p;
    while (p < end) {
        const char *line = memchr(p, '\n', (size_t)(end - p));
        size_t n = line ? (size_t)(line + 1 - p) : (size_t)(end - p);
        bool warns = memmem(p, n, ": warning: ", strlen(": warning: ")) != NULL;
        fprintf(stderr, "%s%.*s", supervisor_level(warns ? SUPERVISOR_WARNING : SUPERVISOR_ERROR), (int)n, p);
        p += n;
    }
}

struct trail_config *trail_configured_load(const struct trail_arguments *a, const struct trail_pack *pack)
{
    struct trail_text messages = {0};
    struct trail_config *config = trail_config_load(a->config, 0, &messages);
    if (config && !trail_config_fits(config, pack, &messages)) {
        trail_config_free(config);
        config = NULL;
    }
    if (messages.failed)
        fprintf(stderr, "%s: out of memory\n", a->program);
    print_messages(&messages);
    trail_text_free(&messages);
    return config;
}

/* Fills in labels that the command line leaves open. */
static void label(struct trail_arguments *a, const struct trail_input_config *input)
{
    for (size_t i = 0; i < a->n_inputs; i++) {
        if (strcmp(a->inputs[i], input->path) != 0)
            continue;
        if (!a->labels[i].application.n)
            a->labels[i].application = input->labels.application;
        if (!a->labels[i].subsystem.n)
            a->labels[i].subsystem = input->labels.subsystem;
    }
}

bool trail_configured_inputs(struct trail_arguments *a, const struct trail_config *config)
{
    struct trail_input_labels given =
        a->n_inputs ? (struct trail_input_labels){{NULL, 0}, {NULL, 0}} : a->labels[0];
    if (!a->n_inputs && config->n_inputs) {
        const char **inputs = calloc(config->n_inputs + 1, sizeof *inputs);
        struct trail_input_labels *labels = calloc(config->n_inputs + 1, sizeof *labels);
        if (!inputs || !labels) {
            free(inputs);
            free(labels);
            return false;
        }
        free(a->inputs);
        free(a->labels);
        a->inputs = inputs;
        a->labels = labels;
        for (size_t i = 0; i < config->n_inputs; i++) {
            a->inputs[a->n_inputs] = config->inputs[i].path;
            a->labels[a->n_inputs++] = given;
        }
    }
    for (size_t i = 0; i < config->n_inputs; i++)
        label(a, &config->inputs[i]);
    return true;
}
