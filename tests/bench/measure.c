/*
 * measure.c - times shell commands in turn (A B C A B C …), so that a machine whose speed drifts is fair to
 * all.
 *
 *     measure RUNS BYTES RECORDS NAME COMMAND [NAME COMMAND]...
 *
 * One warm-up round, then RUNS rounds. Prints, for each: median and range of wall seconds, MB/s and records/s
 * at the median, peak memory, and how many times the first command's speed is this one's (the median of the
 * rounds' ratios). Exit 1 when a command fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_RUNS = 99, MAX_COMMANDS = 16 };

struct command {
    const char *name, *text;
    double seconds[MAX_RUNS], ratio[MAX_RUNS];
    long peak; /* KiB */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double run(struct command *c)
{
    double start = now();
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        execl("/bin/sh", "sh", "-c", c->text, (char *)NULL);
        _exit(127);
    }
    int status = -1;
    struct rusage usage;
    if (pid < 0 || wait4(pid, &status, 0, &usage) != pid || status != 0) {
        fprintf(stderr, "measure: failed: %s\n", c->text);
        exit(1);
    }
    c->peak = usage.ru_maxrss > c->peak ? usage.ru_maxrss : c->peak;
    return now() - start;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static void print(struct command *c, size_t runs, double bytes, double records)
{
    double middle = median(c->seconds, runs);
    printf("%-28s %8.3f s (%.3f-%.3f) %9.1f MB/s %11.0f records/s %7.1f MiB  x%.3g\n", c->name, middle,
           c->seconds[0], c->seconds[runs - 1], bytes / middle / 1e6, records / middle,
           (double)c->peak / 1024, median(c->ratio, runs));
}

int main(int argc, char **argv)
{
    static struct command commands[MAX_COMMANDS];
    size_t n = argc > 4 ? (size_t)(argc - 4) / 2 : 0;
    size_t runs = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    if (n == 0 || n > MAX_COMMANDS || argc % 2 || runs == 0 || runs > MAX_RUNS) {
        fputs("usage: measure RUNS BYTES RECORDS NAME COMMAND [NAME COMMAND]...\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < n; i++) {
        commands[i].name = argv[4 + 2 * i];
        commands[i].text = argv[5 + 2 * i];
        run(&commands[i]);
    }
    for (size_t r = 0; r < runs; r++)
        for (size_t i = 0; i < n; i++) {
            commands[i].seconds[r] = run(&commands[i]);
            commands[i].ratio[r] = commands[0].seconds[r] / commands[i].seconds[r];
        }
    for (size_t i = 0; i < n; i++)
        print(&commands[i], runs, strtod(argv[2], NULL), strtod(argv[3], NULL));
    return 0;
}
