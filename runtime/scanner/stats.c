/*
 * stats.c - see stats.h.
 */
#include "stats.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>

static cJSON *number(uint64_t n)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, n);
    return cJSON_CreateRaw(digits);
}

static cJSON *alert_stats(const struct trail_pack *pack, const struct trail_counts *list)
{
    cJSON *alerts = cJSON_CreateObject();
    for (size_t i = 0; alerts && i < pack->n_alerts; i++) {
        cJSON *one = cJSON_AddObjectToObject(alerts, pack->alerts[i].id);
        cJSON_AddItemToObject(one, "hits", number(list[i].hits));
        cJSON_AddItemToObject(one, "fired", number(list[i].fired));
        if (list[i].undecided)
            cJSON_AddTrueToObject(one, "undecided");
    }
    return alerts;
}

char *stats_json(const struct trail_pack *pack, const struct trail_stats *stats,
                 const struct trail_counts *counts_of, int64_t elapsed)
{
    char seconds[32];
    const struct {
        const char *key;
        uint64_t n;
    } counts[] = {
        {"inputs", stats->inputs},      {"bytes", stats->bytes},           {"records", stats->records},
        {"matched", stats->matched},    {"unmatched", stats->unmatched},   {"rejected", stats->rejected},
        {"late", stats->late},          {"duplicates", stats->duplicates}, {"undated", stats->undated},
        {"future", stats->future},      {"early", stats->early},           {"lost", stats->lost},
        {"forgotten", stats->forgotten}};
    snprintf(seconds, sizeof seconds, "%.3f", (double)elapsed / 1000);
    cJSON *object = cJSON_CreateObject();
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        cJSON_AddItemToObject(object, counts[i].key, number(counts[i].n));
    if (stats->unlearnt)
        cJSON_AddItemToObject(object, "unlearnt", number(stats->unlearnt));
    cJSON_AddItemToObject(object, "seconds", cJSON_CreateRaw(seconds));
    cJSON_AddItemToObject(object, "alerts", alert_stats(pack, counts_of));
    char *line = cJSON_PrintUnformatted(object);
    cJSON_Delete(object);
    return line;
}
