/*
 * scanner.c - the command line program that a pack becomes: options, results on standard output, all else on
 * standard error, an exit code.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "configured.h"
#include "delivery.h"
#include "keeping.h"
#include "list.h"
#include "notify/stored.h"
#include "reading.h"
#include "service.h"
#include "state/state.h"
#include "stats.h"
#include "trail/index.h"

/* A run of the program. */
struct scanner {
    struct reading r;
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
    trail_progress_clear(&s->r.progress);
    fprintf(stderr, "%s%s: %s\n", supervisor_level(level), s->r.arguments.program, message);
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
    if (s->r.trail)
        trail_stop(s->r.trail);
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
    trail_progress_clear(&s->r.progress);
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
        trail_fired_text(s->r.pack, fired, &s->line, s->colour);
    } else {
        trail_fired_json(s->r.pack, fired, &s->line);
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
    } else if (trail_stored_read(&stored, s->r.pack, json)) {
        if (s->blocks++ > 0)
            trail_text_add(&s->line, "\n", 1);
        trail_fired_text(s->r.pack, &stored.fired, &s->line, s->colour);
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
        trail_hit_text(hit, s->r.arguments.events, &s->line, s->colour);
    } else {
        trail_hit_json(hit, s->r.arguments.events, &s->line);
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
    trail_progress_show(&s->r.progress, stats, s->fired, s->r.arguments.hits ? "hit" : "alert");
}

/* ---- what is printed without a scan ------------------------------------------------------- */

static void print_help(const struct scanner *s)
{
    printf("Usage: %s [OPTION...] [INPUT...] or COMMAND [--help]\n"
           "Finds in logs what the alerts of the pack %s describe.\n",
           s->r.arguments.program, s->r.pack->name);
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
    const struct trail_pack *p = s->r.pack;
    printf("%s: pack %s%s%s\nhash %s\nABI %u, trailc " TRAIL_VERSION ", kernel %s\n", s->r.arguments.program,
           p->name, *p->version ? " " : "", p->version, p->hash, (unsigned)p->abi, chosen_kernel()->name);
}

/* ---- the scan ----------------------------------------------------------------------------- */

/* On standard error. */
static void print_stats(struct scanner *s)
{
    const struct trail_pack *pack = s->r.pack;
    struct live_stats live;
    struct trail_counts *counts = calloc(pack->n_alerts + 1, sizeof *counts);
    if (!counts)
        return;
    if (s->live)
        live_stats(s->live, &live);
    else
        trail_stats(s->r.trail, &live.stats);
    for (size_t i = 0; i < pack->n_alerts; i++)
        counts[i] = s->live ? live_counts(s->live, i) : trail_counts(s->r.trail, i);
    char *line = stats_json(pack, &live.stats, counts, trail_progress_elapsed(&s->r.progress));
    trail_progress_clear(&s->r.progress);
    if (line)
        fprintf(stderr, "%s\n", line);
    free(line);
    free(counts);
}

/* Says what went wrong; the exit code. */
static int judge(struct scanner *s, enum trail_status status)
{
    /* A reader that has gone away is not an error worth a word. */
    if (s->write_error == EPIPE)
        return TRAIL_EXIT_FINE;
    if (s->write_error) {
        char message[160], buffer[96];
        snprintf(message, sizeof message, "standard output: %s",
                 strerror_r(s->write_error, buffer, sizeof buffer));
        say_error(s, message);
        return TRAIL_EXIT_WRONG;
    }
    if (s->out_of_memory || status == TRAIL_NO_MEMORY) {
        say_error(s, "out of memory");
        return TRAIL_EXIT_WRONG;
    }
    if (status == TRAIL_INVALID)
        return TRAIL_EXIT_WRONG;
    if (status == TRAIL_DAMAGED)
        return TRAIL_EXIT_DAMAGED;
    return s->r.arguments.exit_code && s->fired ? TRAIL_EXIT_FOUND : TRAIL_EXIT_FINE;
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
    struct state_config config = {.path = s->r.arguments.state,
                                  .mode = STATE_RUN,
                                  .pack = s->r.pack,
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
    bool whole = (status == TRAIL_OK || status == TRAIL_DAMAGED) && (s->r.trail || s->live);
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
    struct trail_config *config = trail_configured_load(&s->r.arguments, s->r.pack);
    if (config && delivery_reload(s->delivery, config))
        return true;
    trail_config_free(config);
    say(s, "the configuration stays what it was");
    return false;
}

static bool open_delivery(struct scanner *s)
{
    struct delivery_config config = {.config = s->r.config,
                                     .pack = s->r.pack,
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
    const struct trail_arguments *a = &s->r.arguments;
    struct live_keeper keeper;
    char address[128];
    struct trail_options options = reading_options(&s->r);
    options.on_alert = a->hits ? NULL : follow_alert;
    options.on_hit = a->hits ? on_hit : NULL;
    options.on_problem = on_problem;
    options.user = s;
    options.total = false; /* it has no end */
    struct service service = {.pack = s->r.pack,
                              .live = {.options = options,
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
    service.live.inputs = reading_inputs(&s->r, &service.live.n_inputs);
    if (s->state) {
        keeper = keeping_of(s->state);
        service.live.keeper = &keeper;
    }
    if (!a->http && s->r.config && s->r.config->http.host) {
        bool six = strchr(s->r.config->http.host, ':');
        snprintf(address, sizeof address, six ? "[%s]:%u" : "%s:%u", s->r.config->http.host,
                 s->r.config->http.port);
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
    if (s->r.arguments.state && !open_state(s))
        return TRAIL_EXIT_WRONG;
    if (s->r.config && !s->r.arguments.hits && !open_delivery(s))
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
    const struct trail_arguments *a = &s->r.arguments;
    if (a->state && !open_state(s))
        return TRAIL_EXIT_WRONG;
    if (a->state && s->r.config && s->r.config->n_channels > 0)
        say_at(s, SUPERVISOR_INFO, "a scan prints what fires; channels are told with --follow");
    const struct trail_keeper *keeper = a->state ? state_keeper(s->state) : NULL;
    if (a->state && !keeper)
        return leave_state(s, TRAIL_NO_MEMORY);
    struct trail_options options = reading_options(&s->r);
    options.on_alert = a->hits ? NULL : a->state ? store_alert : on_alert;
    options.on_hit = a->hits ? on_hit : NULL;
    options.on_problem = on_problem;
    options.on_progress = on_progress;
    options.keeper = keeper;
    options.user = s;
    enum trail_status status = reading_scan(&s->r, &options);
    if (!s->r.trail)
        return leave_state(s, status == TRAIL_DAMAGED ? TRAIL_INVALID : status);
    if (s->state && !close_state(s, status) && status == TRAIL_OK)
        status = TRAIL_DAMAGED;
    flush(s);
    if (a->stats)
        print_stats(s);
    return judge(s, status);
}

static int wrong_use(struct scanner *s, const char *message)
{
    say_error(s, message);
    fprintf(stderr, "Try '%s --help'.\n", s->r.arguments.program);
    return TRAIL_EXIT_WRONG;
}

static void say_wrong_kernel(struct scanner *s)
{
    char message[200];
    size_t n =
        (size_t)snprintf(message, sizeof message, "TRAIL_KERNEL names none of the kernels that work here:");
    for (const struct trail_kernel *const *k = trail_kernels; *k; k++)
        if ((*k)->works() && n < sizeof message)
            n += (size_t)snprintf(message + n, sizeof message - n, " %s", (*k)->name);
    say_error(s, message);
}

static int run(struct scanner *s)
{
    const struct trail_arguments *a = &s->r.arguments;
    switch (a->action) {
    case TRAIL_ACT_HELP: print_help(s); break;
    case TRAIL_ACT_VERSION: print_version(s); break;
    case TRAIL_ACT_LIST:
        (a->output == TRAIL_OUTPUT_JSON ? list_json : list_text)(s->r.pack, &s->line);
        write_line(s);
        break;
    case TRAIL_ACT_CHECK_CONFIG:
        if (!reading_configure(&s->r))
            return TRAIL_EXIT_WRONG;
        printf("%s: fine: %zu channels, %zu inputs, %zu mutes\n", a->config, s->r.config->n_channels,
               s->r.config->n_inputs, s->r.config->n_mutes);
        break;
    case TRAIL_ACT_SCAN:
        if (!reading_configure(&s->r))
            return TRAIL_EXIT_WRONG;
        if (!reading_has_input(&s->r))
            return wrong_use(s, READING_NO_INPUT);
        return a->follow ? follow(s) : scan(s);
    }
    flush(s);
    return judge(s, TRAIL_OK);
}

/* Whether this runtime can do anything with this pack, on this machine. False: it was said why not. */
static bool is_fit(const struct trail_pack *pack, int argc, char **argv)
{
    struct scanner s = {.r = {.pack = pack, .arguments = {.program = trail_program_name(argc, argv)}}};
    char message[120];
    bool fits = pack->abi == TRAIL_ABI, works = chosen_kernel() != NULL;
    snprintf(message, sizeof message,
             "built for ABI %u, this runtime speaks %d: rebuild the scanner with trailc build",
             (unsigned)pack->abi, TRAIL_ABI);
    if (!fits)
        say_error(&s, message);
    else if (!works)
        say_wrong_kernel(&s);
    return fits && works;
}

static int scan_command(const struct trail_pack *pack, int argc, char **argv)
{
    static const struct trail_syntax syntax = {0};
    struct scanner s = {0};
    bool read = reading_start(&s.r, pack, &syntax, argc, argv);
    const struct trail_arguments *a = &s.r.arguments;
    s.text = a->output == TRAIL_OUTPUT_TEXT || (a->output == TRAIL_OUTPUT_AUTO && isatty(STDOUT_FILENO));
    s.colour = trail_terminal_colour(a->colour, STDOUT_FILENO);
    int code = read ? run(&s) : wrong_use(&s, a->error);
    live_free(s.live);
    delivery_free(s.delivery);
    state_close(s.state);
    trail_text_free(&s.line);
    reading_end(&s.r);
    return code;
}

int trail_main(const struct trail_pack *pack, int argc, char **argv)
{
    const struct trail_command *command = argc > 1 ? trail_command_find(argv[1]) : NULL;
    if (!is_fit(pack, argc, argv))
        return TRAIL_EXIT_WRONG;
    return (command ? command->run : scan_command)(pack, argc, argv);
}
