/*
 * lucene.c - filters held against Lucene.
 *
 *     lucene records FILE                          writes the project's own corpus
 *     lucene campaign CORPUS DIRECTORY SEED N      draws N filters and asks Lucene: TAP
 *     lucene bless CORPUS DIRECTORY SEED N FILE    the same, and stores the verdicts
 *     lucene replay CORPUS DIRECTORY N FILE        the stored verdicts, the first N: TAP
 *
 * Works in DIRECTORY. Of the environment: TRAILC and LUCENE, the commands to run.
 */
#include <stdlib.h>
#include <string.h>

#include "lucene.h"
#include "records.h"

static int write_records(const char *path)
{
    struct draft d = {0};
    records_write(&d);
    bool good = file_write(path, d.p, d.n);
    free(d.p);
    return good ? 0 : 1;
}

static const char *command(const char *variable, const char *otherwise)
{
    const char *value = getenv(variable);
    return value && *value ? value : otherwise;
}

static bool run(int n, char **arguments)
{
    struct site site = {arguments[2], command("TRAILC", "build/trailc"), command("LUCENE", "false"),
                        arguments[1]};
    struct corpus *corpus = corpus_read(site.corpus);
    bool good = false;
    if (!corpus) {
        printf("not ok - %s can be read\n", site.corpus);
        return false;
    }
    vocabulary_read(corpus);
    if (strcmp(arguments[0], "replay") == 0)
        good = replay(&site, corpus, arguments[4], strtoul(arguments[3], NULL, 10));
    else
        good = campaign(&site, corpus, strtoull(arguments[3], NULL, 10), strtoul(arguments[4], NULL, 10),
                        n == 6 ? arguments[5] : NULL);
    vocabulary_free();
    corpus_free(corpus);
    return good;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int n;
    } commands[] = {{"campaign", 5}, {"bless", 6}, {"replay", 5}};
    if (argc == 3 && strcmp(argv[1], "records") == 0)
        return write_records(argv[2]);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (argc == commands[i].n + 1 && strcmp(argv[1], commands[i].name) == 0)
            return run(argc - 1, argv + 1) ? 0 : 1;
    fputs("usage: lucene records FILE | campaign|bless|replay CORPUS DIRECTORY ...\n", stderr);
    return 2;
}
