/*
 * commands.c - which words are commands of a scanner. A new one is an entry here and a prototype in commands.h.
 */
#include "commands.h"

#include <string.h>

static const struct trail_command commands[] = {
    {"channels", trail_channels_command}, {"outbox", trail_outbox_command},
    {"history", trail_history_command},   {"learn", trail_learn_command},
    {"patterns", trail_patterns_command}, {"report", trail_report_command},
};

const struct trail_command *trail_command_find(const char *word)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, word) == 0)
            return &commands[i];
    return NULL;
}
