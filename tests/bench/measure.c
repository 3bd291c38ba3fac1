/*
 * measure.c - times shell commands in turn (A B C A B C …), so that a machine whose speed drifts is fair to
 * all.
 *
 *     measure RUNS NAME BYTES COMMAND [NAME BYTES COMMAND]...
 *
 * One round to warm up, then RUNS rounds. A command's time is its wall time, unless it writes seconds to file
 * descriptor 3: programs that first load their input into memory time only what they do with it there.
 *
 * MEASURE_CLOCK=cpu: processor time, user and system, in place of wall time. It says less (nothing of waiting), and is
 * the same while others work on the machine.
 *
 * MEASURE_TOUCH=N: before each command N MiB of memory are touched and given back. The host of a virtual machine may
 * have taken back what nobody used for a while; who touches it first then pays for that, whoever it is.
 *
 * Prints one line for each command, fields apart by tabs:
 *     name, bytes, seconds (median, least, most), peak memory in KiB, ratio (median, least, most)
 * where a round's ratio says how many times as fast, in bytes a second, the first command was as this one. With
 * 0 bytes only the times are compared. Exit 1 when a command fails.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_RUNS = 99, MAX_COMMANDS = 16, OWN_TIME = 3 };

struct command {
    const char *name, *text;
    double bytes;
    double seconds[MAX_RUNS], ratio[MAX_RUNS];
    long peak; /* KiB */
};

static bool on_cpu; /* MEASURE_CLOCK=cpu */

static size_t to_touch; /* bytes; MEASURE_TOUCH */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fail(const char *why, const char *command)
{
    fprintf(stderr, "measure: %s: %s\n", why, command);
    exit(1);
}

static void become(const char *text, const int own[2])
{
    int null = open("/dev/null", O_WRONLY);
    dup2(null, STDOUT_FILENO);
    if (own[1] != OWN_TIME) {
        dup2(own[1], OWN_TIME);
        close(own[1]);
    }
    if (own[0] != OWN_TIME)
        close(own[0]);
    execl("/bin/sh", "sh", "-c", text, (char *)NULL);
    _exit(127);
}

/* The seconds that the command wrote, few enough bytes for the pipe to hold; 0: none. */
static double own_time(int from)
{
    char text[64] = "";
    ssize_t n = read(from, text, sizeof text - 1);
    return n > 0 ? strtod(text, NULL) : 0;
}

/* In a process of its own, whose end gives the memory back. */
static void touch_memory(size_t n)
{
    pid_t pid = fork();
    if (pid == 0) {
        char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED)
            _exit(1);
        madvise(p, n, MADV_HUGEPAGE);
        memset(p, 1, n);
        _exit(0);
    }
    int status = -1;
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        fail("no memory to touch", "MEASURE_TOUCH");
}

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double run(struct command *c)
{
    int own[2], status = -1;
    struct rusage usage;
    if (to_touch > 0)
        touch_memory(to_touch);
    if (pipe(own) != 0)
        fail("no pipe", c->text);
    double start = now();
    pid_t pid = fork();
    if (pid == 0)
        become(c->text, own);
    close(own[1]);
    if (pid < 0 || wait4(pid, &status, 0, &usage) != pid || status != 0)
        fail("failed", c->text);
    double wall = now() - start, told = own_time(own[0]);
    close(own[0]);
    c->peak = usage.ru_maxrss > c->peak ? usage.ru_maxrss : c->peak;
    if (told > 0)
        return told;
    return on_cpu ? seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime) : wall;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts the values. */
static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static void print(struct command *c, size_t runs)
{
    double seconds = median(c->seconds, runs), ratio = median(c->ratio, runs);
    printf("%s\t%.0f\t%.6f\t%.6f\t%.6f\t%ld\t%.4f\t%.4f\t%.4f\n", c->name, c->bytes, seconds, c->seconds[0],
           c->seconds[runs - 1], c->peak, ratio, c->ratio[0], c->ratio[runs - 1]);
}

int main(int argc, char **argv)
{
    static struct command commands[MAX_COMMANDS];
    const char *clock = getenv("MEASURE_CLOCK"), *touch = getenv("MEASURE_TOUCH");
    on_cpu = clock && strcmp(clock, "cpu") == 0;
    to_touch = touch ? strtoul(touch, NULL, 10) << 20 : 0;
    size_t n = argc > 2 ? (size_t)(argc - 2) / 3 : 0;
    size_t runs = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    if (n == 0 || n > MAX_COMMANDS || (argc - 2) % 3 || runs == 0 || runs > MAX_RUNS) {
        fputs("usage: measure RUNS NAME BYTES COMMAND [NAME BYTES COMMAND]...\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < n; i++) {
        commands[i].name = argv[2 + 3 * i];
        commands[i].bytes = strtod(argv[3 + 3 * i], NULL);
        commands[i].text = argv[4 + 3 * i];
        run(&commands[i]);
    }
    const struct command *first = &commands[0];
    for (size_t r = 0; r < runs; r++)
        for (size_t i = 0; i < n; i++) {
            struct command *c = &commands[i];
            c->seconds[r] = run(c);
            double work = first->bytes > 0 && c->bytes > 0 ? first->bytes / c->bytes : 1;
            c->ratio[r] = c->seconds[r] / first->seconds[r] * work;
        }
    for (size_t i = 0; i < n; i++)
        print(&commands[i], runs);
    return 0;
}
