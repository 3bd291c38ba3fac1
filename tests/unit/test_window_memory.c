/*
 * The window stage when memory runs out: at each of its allocations in turn. It says so, or does without; it
 * neither crashes nor leaks.
 */
#include "scene.h"

#if defined(__SANITIZE_ADDRESS__)

int main(void)
{
    puts("1..1\nok 1 - window stage without memory # SKIP the sanitizer has its own malloc");
    return 0;
}

#else

/* The C library's own, behind the ones below. */
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);
void *malloc(size_t);
void *calloc(size_t, size_t);
void *realloc(void *, size_t);
void *aligned_alloc(size_t, size_t);
void free(void *);

static bool watching;
static long allocations, fail_at, living;

static bool fails(void)
{
    return watching && ++allocations == fail_at;
}

void *malloc(size_t n)
{
    void *p = fails() ? NULL : __libc_malloc(n);
    living += watching && p;
    return p;
}

void *calloc(size_t n, size_t size)
{
    void *p = fails() ? NULL : __libc_calloc(n, size);
    living += watching && p;
    return p;
}

void *realloc(void *old, size_t n)
{
    void *p = fails() ? NULL : __libc_realloc(old, n);
    living += watching && p && !old;
    return p;
}

void *aligned_alloc(size_t alignment, size_t n)
{
    void *p = fails() ? NULL : __libc_memalign(alignment, n);
    living += watching && p;
    return p;
}

void free(void *p)
{
    living -= watching && p;
    __libc_free(p);
}

static char said[65536]; /* all lines of a run */
static size_t n_said;

static void note(void *user, const struct trail_fired *f)
{
    (void)user;
    bool was = watching;
    watching = false; /* the test's own memory does not count */
    char *line = scene_line(f);
    n_said += (size_t)snprintf(said + n_said, sizeof said - n_said, "%s\n", line);
    free(line);
    watching = was;
}

static const struct trail_label names[] = {{false, {"p", 1}}, {false, {"q", 1}}, {false, {"r*", 2}}};
static const struct trail_condition many[] = {{TRAIL_MORE_THAN, 3, 2, MINUTE, 0}},
                                    at_once[] = {{TRAIL_IMMEDIATELY, 3, 0, 0, 0}},
                                    none[] = {{TRAIL_LESS_THAN, 3, 1, MINUTE, 0}};
static const struct trail_alert alerts[] = {
    {.id = "many",
     .n_conditions = 1,
     .conditions = many,
     .group_by = {1, scene_user},
     .breakdown = {1, scene_ip}},
    {.id = "rationed", .n_conditions = 1, .conditions = at_once, .notify_every = MINUTE},
    {.id = "none",
     .n_conditions = 1,
     .conditions = none,
     .applications = {3, names},
     .notify_resolved = true},
};
static const struct trail_pack pack = {
    .name = "scene", .n_alerts = 3, .alerts = alerts, .n_fields = N_FIELDS, .fields = scene_fields};

static enum trail_status feed(struct window *w)
{
    const struct trail_slice unread = {"r", 1};
    enum trail_status status = window_unknown(w, &unread, NULL);
    for (int i = 0; i < 300 && status == TRAIL_OK; i++) {
        char id[32], group[64], breakdown[64];
        snprintf(id, sizeof id, "e%d", i);
        snprintf(group, sizeof group,
                 i % 3 == 0   ? "{\"user\":\"%d\"}"
                 : i % 3 == 1 ? "{}"
                              : "{\"application\":\"p\"}",
                 i / 30);
        snprintf(breakdown, sizeof breakdown, "{\"ip\":[\"%d\"]}", i % 7);
        struct hit h = scene_hit(START + i * SECOND, id);
        h.alert = (size_t)i % 3;
        h.group = str(group);
        h.breakdown = str(breakdown);
        status = window_hit(w, &h, NULL);
        if (status == TRAIL_OK && i % 10 == 0)
            status = window_advance(w, START, h.time - 20 * SECOND);
    }
    if (status == TRAIL_OK)
        status = window_finish(w, START, START + 10 * MINUTE);
    return status;
}

static enum trail_status run(long failing, size_t room)
{
    struct window_config config = {.pack = &pack,
                                   .on_alert = note,
                                   .pending_bytes = room,
                                   .groups_limit = room ? 1500 : 0,
                                   .single = true};
    enum trail_status status;
    n_said = 0;
    allocations = living = 0;
    fail_at = failing;
    watching = true;
    struct window *w = window_new(&config, &status);
    if (w)
        status = feed(w);
    if (w && status == TRAIL_NO_MEMORY && window_advance(w, START, START + HOUR) != TRAIL_NO_MEMORY)
        status = TRAIL_INVALID; /* it forgot */
    window_free(w);
    watching = false;
    return status;
}

static void fail_each(size_t room)
{
    static char complete[sizeof said];
    ck_assert_int_eq(run(0, room), TRAIL_OK);
    ck_assert_int_eq(living, 0);
    memcpy(complete, said, sizeof said);
    long n = allocations;
    size_t refused = 0;
    for (long i = 1; i <= n; i++) {
        enum trail_status status = run(i, room);
        ck_assert_msg(living == 0, "allocation %ld of %ld: %ld pieces leak", i, n, living);
        if (status == TRAIL_OK)
            ck_assert_msg(strcmp(said, complete) == 0, "allocation %ld of %ld: said something else", i, n);
        else
            ck_assert_msg(status == TRAIL_NO_MEMORY, "allocation %ld of %ld: status %d", i, n, (int)status);
        refused += status != TRAIL_OK;
    }
    printf("# %ld allocations, %zu of them refused aloud\n", n, refused);
    ck_assert_int_gt((long)refused, n / 2);
}

START_TEST(every_allocation_may_fail)
{
    fail_each(0);
}
END_TEST

/* And while groups are forgotten. */
START_TEST(every_allocation_may_fail_while_hits_wait_on_disk)
{
    fail_each(600);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("window stage without memory");
    TCase *t = tcase_create("memory");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, every_allocation_may_fail);
    tcase_add_test(t, every_allocation_may_fail_while_hits_wait_on_disk);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

#endif
