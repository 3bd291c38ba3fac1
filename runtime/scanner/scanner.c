/*
 * scanner.c - the command line program that a pack becomes: options, results on standard output, all else on
 * standard error, an exit code.
 */
#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "commands.h"
#include "configured.h"
#include "delivery.h"
#include "keeping.h"
#include "notify/stored.h"
#include "notify/terminal.h"
#include "progress.h"
#include "service.h"
#include "state/state.h"
#include "trail/index.h"

enum { EXIT_FINE = 0, EXIT_FIRED = 1, EXIT_WRONG = 2, EXIT_DAMAGED = 3 };

/* A run of the program. */
struct scanner {
    const struct trail_pack *pack;
    struct trail_arguments arguments;
    struct trail_config *config; /* NULL: none */
    struct trail_progress progress;
    struct trail *trail;
    struct live *live; /* with --follow, instead */
    struct delivery *delivery;
    struct trail_text line; /* being written */
    bool text, colour;
    uint64_t fired;      /* notifications that something fires, or hits with --hits */
    uint64_t blocks;     /* of text */
    int write_error;     /* an errno; 0: none */
    struct state *state; /* NULL: none */
    int64_t unflushed;   /* the last notification that was written; 0: all is noted */
    bool out_of_memory;
};

static void say_at(struct scanner *s, enum supervisor_level level, const char *message)
{
    trail_progress_clear(&s->progress);
    fprintf(stderr, "%s%s: %s\n", supervisor_level(level), s->arguments.program, message);
}

/* Something is wrong with what is read, stored or sent, and it goes on. */
static void say(struct scanner *s, const char *message)
{
    say_at(s, SUPERVISOR_WARNING, message);
}

/* It does not go on. */
static void say_error(struct scanner *s, const char *message)
{
    say_at(s, SUPERVISOR_ERROR, message);
}

/* ---- standard output ---------------------------------------------------------------------- */

static void stop(struct scanner *s)
{
    if (s->trail)
        trail_stop(s->trail);
    if (s->live)
        live_stop(s->live);
}

static void note_write_error(struct scanner *s)
{
    if (!s->write_error)
        s->write_error = errno ? errno : EIO;
    stop(s);
}

/* Writes the line and empties it. */
static void write_line(struct scanner *s)
{
    if (s->line.failed) {
        s->out_of_memory = true;
        stop(s);
        return;
    }
    trail_progress_clear(&s->progress);
    errno = 0;
    if (!s->write_error && fwrite(s->line.p, 1, s->line.n, stdout) != s->line.n)
        note_write_error(s);
    s->line.n = 0;
}

static void flush(struct scanner *s)
{
    errno = 0;
    if (!s->write_error && (fflush(stdout) != 0 || ferror(stdout)))
        note_write_error(s);
}

/* ---- callbacks ---------------------------------------------------------------------------- */

static void on_alert(void *user, const struct trail_fired *fired)
{
    struct scanner *s = user;
    s->fired += fired->state == TRAIL_FIRING;
    if (s->text) {
        if (s->blocks++ > 0)
            trail_text_add(&s->line, "\n", 1);
        trail_fired_text(s->pack, fired, &s->line, s->colour);
    } else {
        trail_fired_json(s->pack, fired, &s->line);
        trail_text_add(&s->line, "\n", 1);
    }
    write_line(s);
}

/* With a state nothing is said before it is stored. */
static void store_alert(void *user, const struct trail_fired *fired)
{
    struct scanner *s = user;
    s->fired += fired->state == TRAIL_FIRING;
    if (state_fired(s->state, fired, NULL) == TRAIL_OK)
        return;
    s->out_of_memory = true;
    stop(s);
}

static void on_stored(void *user, int64_t id, struct trail_slice json)
{
    struct scanner *s = user;
    struct trail_stored stored;
    if (s->write_error)
        return;
    if (!s->text) {
        trail_text_add(&s->line, json.p, json.n);
        trail_text_add(&s->line, "\n", 1);
    } else if (trail_stored_read(&stored, s->pack, json)) {
        if (s->blocks++ > 0)
            trail_text_add(&s->line, "\n", 1);
        trail_fired_text(s->pack, &stored.fired, &s->line, s->colour);
    }
    if (s->text)
        trail_stored_free(&stored);
    write_line(s);
    s->unflushed = id;
}

/* Notes what standard output has got. */
static void note_printed(struct scanner *s)
{
    flush(s);
    if (s->write_error || s->out_of_memory || !s->unflushed)
        return;
    if (state_printed(s->state, s->unflushed) != TRAIL_OK)
        s->out_of_memory = true;
    s->unflushed = 0;
}

static void on_hit(void *user, const struct trail_hit *hit)
{
    struct scanner *s = user;
    s->fired++;
    if (s->text) {
        trail_hit_text(hit, s->arguments.events, &s->line, s->colour);
    } else {
        trail_hit_json(hit, s->arguments.events, &s->line);
        trail_text_add(&s->line, "\n", 1);
    }
    write_line(s);
}

static void on_problem(void *user, const char *message)
{
    flush(user); /* where both go to one place, a message stands where it belongs */
    say(user, message);
}

static void on_progress(void *user, const struct trail_stats *stats)
{
    struct scanner *s = user;
    flush(s);
    trail_progress_show(&s->progress, stats, s->fired, s->arguments.hits ? "hit" : "alert");
}

/* ---- what is printed without a scan ------------------------------------------------------- */

static void print_help(const struct scanner *s)
{
    printf("Usage: %s [OPTION...] [INPUT...] or COMMAND [--help]\n"
           "Finds in logs what the alerts of the pack %s describe.\n",
           s->arguments.program, s->pack->name);
    fputs("COMMAND: channels, history, learn, outbox, patterns, report.\n"
          "INPUT: a file, a directory, or - for standard input (also when none is given).\n\n"
          "  -c, --config=FILE       channels, inputs, limits; --check-config only reads it\n"
          "  -f, --follow            keep reading what is appended, rotated or added\n"
          "      --state=FILE        what outlives a run: positions, windows, messages\n"
          "      --idle=D            with -f: who is silent so long holds no time back (1m)\n"
          "      --http=ADDRESS:PORT with -f: /metrics, /healthz and /readyz\n"
          "  -o, --output=json|text  one JSON object a line, or text (on a terminal)\n"
          "      --application=NAME, --subsystem=NAME   labels of the inputs that follow\n"
          "  -j, --threads=N         threads that read and match (default: processors)\n"
          "      --baseline=FILE, --frozen    what is usual, from a file; learn no more\n"
          "      --since=TIME, --until=TIME, --now=TIME   which events; a replay's clock\n"
          "      --lateness=D        how late an event may come (default 15m)\n"
          "      --hits, --events    each matching event instead of alerts; itself, too\n"
          "      --list, --stats     the alerts compiled in; counts, on standard error\n"
          "      --exit-code, --strict   exit with 1 when anything fired; check every byte\n"
          "  -h, --help; --version; --color=WHEN   this; the pack; auto, always or never\n\n"
          "TIME: 2026-01-31, 2026-01-31T10:00:00Z or seconds since 1970. D: 90s, 15m, 7d.\n"
          "Exit: 0 all read, 1 fired (--exit-code), 2 wrong use, 3 bad input, full disk.\n",
          stdout);
}

/* The one that TRAIL_KERNEL names, or the fastest; NULL: it cannot be had. */
static const struct trail_kernel *chosen_kernel(void)
{
    return trail_kernel_find(getenv("TRAIL_KERNEL"));
}

static void print_version(const struct scanner *s)
{
    const struct trail_pack *p = s->pack;
    printf("%s: pack %s%s%s\nhash %s\nABI %u, trailc " TRAIL_VERSION ", kernel %s\n", s->arguments.program,
           p->name, *p->version ? " " : "", p->version, p->hash, (unsigned)p->abi, chosen_kernel()->name);
}

static struct trail_slice text_of(const char *s)
{
    return (struct trail_slice){s, strlen(s)};
}

static void pad(struct trail_text *to, size_t columns, size_t width)
{
    while (columns++ < width)
        trail_text_add(to, " ", 1);
}

/* Adds a cell of a table and fills it up to its width. */
static void add_cell(struct trail_text *to, const char *text, size_t width)
{
    size_t from = to->n;
    trail_terminal_add(to, text_of(text));
    if (!to->failed)
        pad(to, trail_terminal_columns((struct trail_slice){to->p + from, to->n - from}), width + 2);
}

/* A filter that is written over several lines, on one. */
static void add_filter(struct trail_text *to, const char *filter)
{
    while (*filter) {
        size_t n = strcspn(filter, "\n");
        while (n && filter[n] && filter[n - 1] == ' ')
            n--;
        trail_terminal_add(to, (struct trail_slice){filter, n});
        filter += n;
        n = strspn(filter, " \n\r\t");
        if (n)
            trail_text_add(to, " ", filter[n] != 0);
        filter += n;
    }
}

static void list_text(struct scanner *s)
{
    size_t id = strlen("ID"), when = strlen("WHEN");
    for (size_t i = 0; i < s->pack->n_alerts; i++) {
        const struct trail_alert *a = &s->pack->alerts[i];
        id = strlen(a->id) > id ? strlen(a->id) : id;
        when = strlen(a->when) > when ? strlen(a->when) : when;
    }
    add_cell(&s->line, "ID", id);
    add_cell(&s->line, "PRIO", 4);
    add_cell(&s->line, "WHEN", when);
    trail_text_add(&s->line, "FILTER\n", 7);
    for (size_t i = 0; i < s->pack->n_alerts; i++) {
        const struct trail_alert *a = &s->pack->alerts[i];
        char priority[] = {'P', (char)('0' + a->priority % 10), 0};
        add_cell(&s->line, a->id, id);
        add_cell(&s->line, priority, 4);
        add_cell(&s->line, a->when, when);
        add_filter(&s->line, a->filter);
        trail_text_add(&s->line, "\n", 1);
    }
    write_line(s);
}

static void add_member(struct trail_text *to, const char *before, const char *key, const char *value)
{
    trail_text_add(to, before, strlen(before));
    trail_json_quote(to, text_of(key));
    trail_text_add(to, ":", 1);
    trail_json_quote(to, text_of(value));
}

static void list_json(struct scanner *s)
{
    for (size_t i = 0; i < s->pack->n_alerts; i++) {
        const struct trail_alert *a = &s->pack->alerts[i];
        char priority[] = {'P', (char)('0' + a->priority % 10), 0};
        add_member(&s->line, "{", "id", a->id);
        add_member(&s->line, ",", "alert", a->name);
        add_member(&s->line, ",", "priority", priority);
        add_member(&s->line, ",", "when", a->when);
        add_member(&s->line, ",", "filter", a->filter);
        trail_text_add(&s->line, "}\n", 2);
        write_line(s);
    }
}

/* ---- the scan ----------------------------------------------------------------------------- */

static cJSON *number(uint64_t n)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, n);
    return cJSON_CreateRaw(digits);
}

static cJSON *alert_stats(const struct scanner *s)
{
    cJSON *alerts = cJSON_CreateObject();
    for (size_t i = 0; alerts && i < s->pack->n_alerts; i++) {
        struct trail_counts counts = s->live ? live_counts(s->live, i) : trail_counts(s->trail, i);
        cJSON *one = cJSON_AddObjectToObject(alerts, s->pack->alerts[i].id);
        cJSON_AddItemToObject(one, "hits", number(counts.hits));
        cJSON_AddItemToObject(one, "fired", number(counts.fired));
        if (counts.undecided)
            cJSON_AddTrueToObject(one, "undecided");
    }
    return alerts;
}

static void print_stats(struct scanner *s)
{
    struct trail_stats stats;
    char seconds[32];
    if (s->live) {
        struct live_stats live;
        live_stats(s->live, &live);
        stats = live.stats;
    } else {
        trail_stats(s->trail, &stats);
    }
    const struct {
        const char *key;
        uint64_t n;
    } counts[] = {
        {"inputs", stats.inputs},      {"bytes", stats.bytes},           {"records", stats.records},
        {"matched", stats.matched},    {"unmatched", stats.unmatched},   {"rejected", stats.rejected},
        {"late", stats.late},          {"duplicates", stats.duplicates}, {"undated", stats.undated},
        {"future", stats.future},      {"early", stats.early},           {"lost", stats.lost},
        {"forgotten", stats.forgotten}};
    snprintf(seconds, sizeof seconds, "%.3f", (double)trail_progress_elapsed(&s->progress) / 1000);
    cJSON *object = cJSON_CreateObject();
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        cJSON_AddItemToObject(object, counts[i].key, number(counts[i].n));
    if (stats.unlearnt)
        cJSON_AddItemToObject(object, "unlearnt", number(stats.unlearnt));
    cJSON_AddItemToObject(object, "seconds", cJSON_CreateRaw(seconds));
    cJSON_AddItemToObject(object, "alerts", alert_stats(s));
    char *line = cJSON_PrintUnformatted(object);
    trail_progress_clear(&s->progress);
    if (line)
        fprintf(stderr, "%s\n", line);
    cJSON_free(line);
    cJSON_Delete(object);
}

/* Says what went wrong; the exit code. */
static int judge(struct scanner *s, enum trail_status status)
{
    /* A reader that has gone away is not an error worth a word. */
    if (s->write_error == EPIPE)
        return EXIT_FINE;
    if (s->write_error) {
        char message[160], buffer[96];
        snprintf(message, sizeof message, "standard output: %s",
                 strerror_r(s->write_error, buffer, sizeof buffer));
        say_error(s, message);
        return EXIT_WRONG;
    }
    if (s->out_of_memory || status == TRAIL_NO_MEMORY) {
        say_error(s, "out of memory");
        return EXIT_WRONG;
    }
    if (status == TRAIL_INVALID)
        return EXIT_WRONG;
    if (status == TRAIL_DAMAGED)
        return EXIT_DAMAGED;
    return s->arguments.exit_code && s->fired ? EXIT_FIRED : EXIT_FINE;
}

static void on_state_problem(void *user, const char *message)
{
    flush(user);
    say(user, message);
}

static void on_committed(void *user)
{
    struct scanner *s = user;
    note_printed(s);
    if (s->delivery)
        delivery_wake(s->delivery);
}

/* False: it was said why. */
static bool open_state(struct scanner *s)
{
    char error[STATE_ERROR];
    const char *every = getenv("TRAIL_COMMIT");
    struct state_config config = {.path = s->arguments.state,
                                  .mode = STATE_RUN,
                                  .pack = s->pack,
                                  .on_problem = on_state_problem,
                                  .on_stored = on_stored,
                                  .on_committed = on_committed,
                                  .every = every ? strtoll(every, NULL, 10) : 0,
                                  .user = s};
    s->state = state_open(&config, error);
    if (!s->state)
        say_error(s, error);
    return s->state != NULL;
}

/* The last commit, and what is printed after it. False: something could not be stored. */
static bool close_state(struct scanner *s, enum trail_status status)
{
    bool ok = true;
    /* What was cut off in the midst of a piece is no state to go on from: the last commit stands. */
    bool whole = (status == TRAIL_OK || status == TRAIL_DAMAGED) && (s->trail || s->live);
    if (whole && !s->write_error && !s->out_of_memory) {
        ok = state_commit_snapshot(s->state) && state_commit(s->state);
        if (!ok)
            say_error(
                s, "not all of the scan is stored: once there is room, start it again, and it goes on from "
                   "where the state ends");
    }
    state_close(s->state);
    s->state = NULL;
    return ok;
}

/* ---- as a service ------------------------------------------------------------------------- */

static const char *const standard_input[] = {"-"};

static void flush_all(void *user)
{
    flush(user);
}

static void say_of_service(void *user, enum supervisor_level level, const char *message)
{
    flush(user);
    say_at(user, level, message);
}

static void say_line(void *user, const char *message)
{
    say(user, message);
}

/* Into the state, or onto standard output; and to the channels. */
static void follow_alert(void *user, const struct trail_fired *fired)
{
    struct scanner *s = user;
    (s->state ? store_alert : on_alert)(s, fired);
    if (!s->delivery || s->out_of_memory)
        return;
    if (!delivery_route(s->delivery, fired)) {
        say_error(s, "a message cannot be put into the outbox");
        s->out_of_memory = true;
        stop(s);
    } else if (!s->state) {
        delivery_wake(s->delivery);
    }
}

static bool reload(void *user)
{
    struct scanner *s = user;
    struct trail_config *config = trail_configured_load(&s->arguments, s->pack);
    if (config && delivery_reload(s->delivery, config))
        return true;
    trail_config_free(config);
    say(s, "the configuration stays what it was");
    return false;
}

static bool open_delivery(struct scanner *s)
{
    struct delivery_config config = {.config = s->config,
                                     .pack = s->pack,
                                     .outbox = s->state ? state_outbox(s->state) : NULL,
                                     .state = s->state,
                                     .say = say_line,
                                     .user = s};
    s->delivery = !s->state || config.outbox ? delivery_new(&config) : NULL;
    s->out_of_memory |= !s->delivery;
    return s->delivery;
}

static int serve(struct scanner *s)
{
    const struct trail_arguments *a = &s->arguments;
    struct live_keeper keeper;
    char address[128];
    struct service service = {.pack = s->pack,
                              .program = a->program,
                              .live = {.options = {.on_alert = a->hits ? NULL : follow_alert,
                                                   .on_hit = a->hits ? on_hit : NULL,
                                                   .on_problem = on_problem,
                                                   .user = s,
                                                   .lateness = a->lateness,
                                                   .since = a->since,
                                                   .until = a->until,
                                                   .waiting = s->config ? s->config->limits.waiting : 0,
                                                   .groups_limit = s->config ? s->config->limits.groups : 0,
                                                   .baseline = a->baseline,
                                                   .frozen = a->frozen,
                                                   .strict = a->strict},
                                       .n_inputs = a->n_inputs ? a->n_inputs : 1,
                                       .inputs = a->n_inputs ? a->inputs : standard_input,
                                       .labels = a->labels,
                                       .clock = &trail_clock_system,
                                       .idle = a->idle,
                                       .tells = !getenv("TRAIL_POLL")},
                              .http = a->http,
                              .engine = &s->live,
                              .delivery = s->delivery,
                              .flush = flush_all,
                              .say = say_of_service,
                              .reload = s->delivery ? reload : NULL,
                              .user = s};
    if (s->state) {
        keeper = keeping_of(s->state);
        service.live.keeper = &keeper;
    }
    if (!a->http && s->config && s->config->http.host) {
        bool six = strchr(s->config->http.host, ':');
        snprintf(address, sizeof address, six ? "[%s]:%u" : "%s:%u", s->config->http.host,
                 s->config->http.port);
        service.http = address;
    }
    enum trail_status status = service_run(&service);
    flush(s);
    delivery_free(s->delivery);
    s->delivery = NULL;
    if (s->state && !close_state(s, status) && status == TRAIL_OK)
        status = TRAIL_DAMAGED;
    if (a->stats && s->live)
        print_stats(s);
    return judge(s, status);
}

static int follow(struct scanner *s)
{
    if (s->arguments.state && !open_state(s))
        return EXIT_WRONG;
    if (s->config && !s->arguments.hits && !open_delivery(s))
        return judge(s, TRAIL_NO_MEMORY);
    return serve(s);
}

/* Before anything has been scanned; the exit code. */
static int leave_state(struct scanner *s, enum trail_status status)
{
    state_close(s->state);
    s->state = NULL;
    return judge(s, status);
}

static int scan(struct scanner *s)
{
    const struct trail_arguments *a = &s->arguments;
    if (a->state && !open_state(s))
        return EXIT_WRONG;
    if (a->state && s->config && s->config->n_channels > 0)
        say_at(s, SUPERVISOR_INFO, "a scan prints what fires; channels are told with --follow");
    const struct trail_keeper *keeper = a->state ? state_keeper(s->state) : NULL;
    if (a->state && !keeper)
        return leave_state(s, TRAIL_NO_MEMORY);
    struct trail_options options = {.on_alert = a->hits    ? NULL
                                                : a->state ? store_alert
                                                           : on_alert,
                                    .on_hit = a->hits ? on_hit : NULL,
                                    .on_problem = on_problem,
                                    .keeper = keeper,
                                    .on_progress = on_progress,
                                    .total = s->progress.on,
                                    .user = s,
                                    .threads = a->threads,
                                    .now = a->now,
                                    .lateness = a->lateness,
                                    .since = a->since,
                                    .until = a->until,
                                    .waiting = s->config ? s->config->limits.waiting : 0,
                                    .groups_limit = s->config ? s->config->limits.groups : 0,
                                    .baseline = a->baseline,
                                    .frozen = a->frozen,
                                    .strict = a->strict};
    enum trail_status status, finished;
    s->trail = trail_new(s->pack, &options, &status);
    if (!s->trail)
        return leave_state(s, status == TRAIL_DAMAGED ? TRAIL_INVALID : status);
    status = trail_scan_all(s->trail, a->n_inputs ? a->n_inputs : 1, a->n_inputs ? a->inputs : standard_input,
                            a->labels);
    finished = trail_finish(s->trail);
    if (finished != TRAIL_OK)
        status = finished;
    if (s->state && !close_state(s, status) && status == TRAIL_OK)
        status = TRAIL_DAMAGED;
    trail_progress_clear(&s->progress);
    flush(s);
    if (a->stats)
        print_stats(s);
    return judge(s, status);
}

static int wrong_use(struct scanner *s, const char *message)
{
    say_error(s, message);
    fprintf(stderr, "Try '%s --help'.\n", s->arguments.program);
    return EXIT_WRONG;
}

static int wrong_kernel(struct scanner *s)
{
    char message[200];
    size_t n =
        (size_t)snprintf(message, sizeof message, "TRAIL_KERNEL names none of the kernels that work here:");
    for (const struct trail_kernel *const *k = trail_kernels; *k; k++)
        if ((*k)->works() && n < sizeof message)
            n += (size_t)snprintf(message + n, sizeof message - n, " %s", (*k)->name);
    say_error(s, message);
    return EXIT_WRONG;
}

static bool configure(struct scanner *s)
{
    s->config = trail_configured_load(&s->arguments, s->pack);
    return s->config && trail_configured_inputs(&s->arguments, s->config);
}

static int run(struct scanner *s)
{
    const struct trail_arguments *a = &s->arguments;
    switch (a->action) {
    case TRAIL_ACT_HELP: print_help(s); break;
    case TRAIL_ACT_VERSION: print_version(s); break;
    case TRAIL_ACT_LIST: (a->output == TRAIL_OUTPUT_JSON ? list_json : list_text)(s); break;
    case TRAIL_ACT_CHECK_CONFIG:
        if (!configure(s))
            return EXIT_WRONG;
        printf("%s: fine: %zu channels, %zu inputs, %zu mutes\n", a->config, s->config->n_channels,
               s->config->n_inputs, s->config->n_mutes);
        break;
    case TRAIL_ACT_SCAN:
        if (a->config && !configure(s))
            return EXIT_WRONG;
        if (a->n_inputs == 0 && isatty(STDIN_FILENO))
            return wrong_use(s,
                             "no input: name files or directories, or pipe a log in (- reads the terminal)");
        return a->follow ? follow(s) : scan(s);
    }
    flush(s);
    return judge(s, TRAIL_OK);
}

int trail_main(const struct trail_pack *pack, int argc, char **argv)
{
    struct scanner s = {.pack = pack};
    const struct trail_command *command = argc > 1 ? trail_command_find(argv[1]) : NULL;
    if (command && command->run && pack->abi == TRAIL_ABI)
        return command->run(pack, argc, argv);
    trail_progress_start(&s.progress);
    bool read = trail_arguments_read(&s.arguments, argc, argv);
    bool terminal = isatty(STDOUT_FILENO);
    s.text = s.arguments.output == TRAIL_OUTPUT_TEXT || (s.arguments.output == TRAIL_OUTPUT_AUTO && terminal);
    s.colour = trail_terminal_colour(s.arguments.colour, STDOUT_FILENO);
    int code;
    if (pack->abi != TRAIL_ABI) {
        char message[120];
        snprintf(message, sizeof message,
                 "built for ABI %u, this runtime speaks %d: rebuild the scanner with trailc build",
                 (unsigned)pack->abi, TRAIL_ABI);
        say_error(&s, message);
        code = EXIT_WRONG;
    } else if (!chosen_kernel()) {
        code = wrong_kernel(&s);
    } else if (!read) {
        code = wrong_use(&s, s.arguments.error);
    } else {
        code = run(&s);
    }
    trail_free(s.trail);
    live_free(s.live);
    delivery_free(s.delivery);
    state_close(s.state);
    trail_text_free(&s.line);
    trail_arguments_free(&s.arguments);
    trail_config_free(s.config);
    return code;
}
