/*
 * day.c - writes a day of CloudTrail in which everything happens that the ten alerts are for, once
 * each, with near misses beside them and an everyday background that none of them is for.
 */
#include "day.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

struct options {
    const char *out;
    uint64_t seed, records, duplicates;
    int64_t day;
    bool ndjson, list, stats, duplicates_given, everyday;
};

static void usage(FILE *to)
{
    fputs("Usage: day --out DIR [OPTION…]\n"
          "       day --format ndjson [--out FILE] [OPTION…]\n"
          "       day --list\n"
          "Writes a day of CloudTrail with the situations of the ten alerts in it.\n"
          "\n"
          "  --out PATH          a new or empty directory; with ndjson a file, - is standard output\n"
          "  --format FORMAT     s3 (gzip files as a trail delivers them, the default) or ndjson\n"
          "  --records N         everyday records (20000); the situations come on top\n"
          "  --seed N            other records, the same situations (1)\n"
          "  --date YYYY-MM-DD   the day (2026-03-14)\n"
          "  --duplicates N      percent of the records that come twice (19 with s3, 0 with ndjson)\n"
          "  --everyday          a day among many: no situations, no silence; fewer records on days off, "
          "office hours, jobs\n"
          "  --list              only say what happens when\n"
          "  --stats             describe the records on standard error\n"
          "  --help\n",
          to);
}

static bool number(const char *text, uint64_t low, uint64_t high, uint64_t *value)
{
    char *end;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    if (errno || end == text || *end || *text < '0' || *text > '9' || n < low || n > high) {
        fprintf(stderr, "day: `%s` is not a number from %llu to %llu\n", text, (unsigned long long)low,
                (unsigned long long)high);
        return false;
    }
    *value = n;
    return true;
}

static bool format(const char *text, bool *ndjson)
{
    *ndjson = strcmp(text, "ndjson") == 0;
    if (*ndjson || strcmp(text, "s3") == 0)
        return true;
    fprintf(stderr, "day: no format `%s`: s3 or ndjson\n", text);
    return false;
}

static bool date(const char *text, int64_t *day)
{
    if (date_parse(text, day))
        return true;
    fprintf(stderr, "day: `%s` is not a date such as 2026-03-14\n", text);
    return false;
}

static bool options_read(struct options *o, int argc, char **argv)
{
    static const struct option names[] = {
        {"out", required_argument, NULL, 'o'},
        {"format", required_argument, NULL, 'f'},
        {"records", required_argument, NULL, 'n'},
        {"seed", required_argument, NULL, 's'},
        {"date", required_argument, NULL, 'd'},
        {"duplicates", required_argument, NULL, 'D'},
        {"list", no_argument, NULL, 'l'},
        {"stats", no_argument, NULL, 'S'},
        {"everyday", no_argument, NULL, 'e'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        bool fine = true;
        switch (c) {
        case 'o': o->out = optarg; break;
        case 'f': fine = format(optarg, &o->ndjson); break;
        case 'n': fine = number(optarg, MIN_RECORDS, 50000000, &o->records); break;
        case 's': fine = number(optarg, 0, UINT64_MAX, &o->seed); break;
        case 'd': fine = date(optarg, &o->day); break;
        case 'D': fine = o->duplicates_given = number(optarg, 0, 100, &o->duplicates); break;
        case 'l': o->list = true; break;
        case 'S': o->stats = true; break;
        case 'e': o->everyday = true; break;
        case 'h': usage(stdout); exit(0);
        default: fine = false;
        }
        if (!fine)
            return false;
    }
    if (!o->duplicates_given)
        o->duplicates = o->ndjson ? 0 : 19;
    if (!o->out && o->ndjson)
        o->out = "-";
    if (optind == argc && (o->list || o->out))
        return true;
    usage(stderr);
    return false;
}

int main(int argc, char **argv)
{
    struct options o = {.seed = 1, .records = 20000};
    date_parse("2026-03-14", &o.day);
    if (!options_read(&o, argc, argv))
        return 2;
    if (o.list) {
        situations_list(stdout, o.day);
        return 0;
    }

    struct items items = {0};
    if (o.everyday)
        everyday(&items, o.day, o.records, o.seed);
    else {
        background(&items, o.day, o.records, o.seed);
        situations(&items, o.day, o.seed);
    }
    items_sort(&items);

    struct shape shape = {0};
    struct delivery d = {o.out, o.seed, (unsigned)o.duplicates * 10, o.stats ? &shape : NULL};
    bool fine = o.ndjson ? deliver_ndjson(&d, &items) : deliver_s3(&d, &items, o.day);
    if (fine && o.stats)
        shape_print(&shape, stderr);
    shape_free(&shape);
    free(items.list);
    return fine ? 0 : 1;
}
