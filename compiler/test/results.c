/*
 * results.c - the results of `trailc test`: lines for a person, TAP, JUnit's XML.
 *
 * Needs: results whose texts are safe for a terminal (valid UTF-8 without control characters), so that what
 * is left to escape is each format's own. TAP is version 13 with its plan at the end; the XML is what JUnit's
 * Ant task writes and continuous integration reads: testsuites, a testsuite for each pack, a testcase for
 * each test.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

struct test_report {
    struct compile *c; /* outlives the packs' */
    struct test_options options;
    size_t tests; /* TAP lines so far */
    bool bailed;  /* TAP has ended */
    size_t packs, all, failed, broken;
    struct buffer xml;
};

/* ---- text --------------------------------------------------------------------------------------- */

static void print_failure(const struct result *t)
{
    printf("%s: FAILED %s: %s: %s\n", t->at.p, t->alert->id.p, t->name.p, t->why.p);
    for (size_t k = 0; k < t->n_details; k++)
        printf("    %s\n", t->details[k].p);
}

static void print_text(const struct test_report *r, const struct suite *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct result *t = &s->results[i];
        if (t->why.n)
            print_failure(t);
        else if (r->options.verbose)
            printf("passed %s: %s\n", t->alert->id.p, t->name.p);
        for (size_t k = 0; k < t->n_notes; k++)
            printf("%s: note %s: %s: %s\n", t->at.p, t->alert->id.p, t->name.p, t->notes[k].p);
    }
    printf("%s: %zu passed, %zu failed\n", s->name.p, s->n - s->failed, s->failed);
}

static const char *decided(const struct covered *c)
{
    if (c->when_true && c->when_false)
        return "";
    return c->when_true    ? "  never decided when false"
           : c->when_false ? "  never decided when true"
                           : "  never decided";
}

static void print_clause(const struct test_report *r, const struct covered *covered)
{
    const char *gap = decided(covered);
    printf("  %6zu %6zu  %s", covered->when_true, covered->when_false, covered->clause.p);
    printf(*gap && r->options.colour ? "\033[31m%s\033[0m\n" : "%s\n", gap);
}

/* Whether every clause decided a test both ways. */
static bool is_covered(const struct coverage *coverage)
{
    bool all = true;
    for (size_t k = 0; k < coverage->n; k++)
        all = all && !*decided(&coverage->clauses[k]);
    return all;
}

static void print_coverage(const struct test_report *r, const struct suite *s)
{
    size_t clauses, both, left_out = 0;
    coverage_sum(s, &clauses, &both);
    printf("%s: %zu of %zu clauses decided a test both when true and when false\n"
           "    true  false  tests that the clause decided, alone\n",
           s->name.p, both, clauses);
    for (size_t i = 0; i < s->n_coverage; i++) {
        if (!r->options.verbose && is_covered(&s->coverage[i])) {
            left_out++;
            continue;
        }
        printf("%s%s\n", s->coverage[i].alert->id.p, s->coverage[i].n ? "" : ": no clauses, every event");
        for (size_t k = 0; k < s->coverage[i].n; k++)
            print_clause(r, &s->coverage[i].clauses[k]);
    }
    if (left_out)
        printf("and %zu alert%s with no clause that did not (-v lists %s)\n", left_out,
               left_out == 1 ? "" : "s", left_out == 1 ? "it" : "them");
}

/* ---- TAP ---------------------------------------------------------------------------------------- */

/* In a description `#` starts a directive, and a backslash escapes. */
static void print_description(struct slice text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '#' || text.p[i] == '\\')
            putchar('\\');
        putchar(text.p[i]);
    }
}

/* A JSON string is a YAML scalar. */
static void print_scalar(struct compile *c, const char *before, struct slice text)
{
    struct buffer b = {.c = c};
    show_json(&b, text);
    printf("%s%s\n", before, b.p);
}

/* A block of YAML: not every reader of TAP takes `: ` within a quoted element of a list. Its first line says how far
 * it is indented, so that one may not begin with a blank of its own. */
static void print_details(size_t n, const struct slice *lines)
{
    for (size_t i = 0; i < n; i++) {
        bool blank = i == 0 && lines[i].n && lines[i].p[0] == ' ';
        printf("%s    %s%s\n", i ? "" : "  details: |\n", blank ? "\\x20" : "", lines[i].p + blank);
    }
}

static void print_tap_failure(const struct test_report *r, const struct result *t)
{
    puts("  ---");
    print_scalar(r->c, "  message: ", t->why);
    print_scalar(r->c, "  at: ", t->at);
    print_details(t->n_details, t->details);
    puts("  ...");
}

static void print_tap_test(struct test_report *r, const struct suite *s, const struct result *t)
{
    printf("%s %zu - ", t->why.n ? "not ok" : "ok", ++r->tests);
    print_description(s->name);
    printf(": %s: ", t->alert->id.p);
    print_description(t->name);
    putchar('\n');
    if (t->why.n)
        print_tap_failure(r, t);
    for (size_t i = 0; i < t->n_notes; i++)
        printf("# note: %s\n", t->notes[i].p);
}

static void print_tap_coverage(const struct suite *s)
{
    size_t clauses, both;
    coverage_sum(s, &clauses, &both);
    printf("# %s: %zu of %zu clauses decided a test both when true and when false\n", s->name.p, both,
           clauses);
    for (size_t i = 0; i < s->n_coverage; i++)
        for (size_t k = 0; k < s->coverage[i].n; k++)
            if (*decided(&s->coverage[i].clauses[k]))
                printf("# %s: %s%s\n", s->coverage[i].alert->id.p, s->coverage[i].clauses[k].clause.p,
                       decided(&s->coverage[i].clauses[k]));
}

static void print_tap(struct test_report *r, const struct suite *s)
{
    for (size_t i = 0; i < s->n; i++)
        print_tap_test(r, s, &s->results[i]);
    if (s->n_coverage)
        print_tap_coverage(s);
}

/* ---- XML ---------------------------------------------------------------------------------------- */

static void add_xml(struct buffer *b, struct slice text)
{
    for (size_t i = 0; i < text.n; i++) {
        switch (text.p[i]) {
        case '&': buffer_text(b, "&amp;"); break;
        case '<': buffer_text(b, "&lt;"); break;
        case '>': buffer_text(b, "&gt;"); break;
        case '"': buffer_text(b, "&quot;"); break;
        default: buffer_char(b, text.p[i]); break;
        }
    }
}

static void add_attribute(struct buffer *b, const char *name, struct slice text)
{
    buffer_printf(b, " %s=\"", name);
    add_xml(b, text);
    buffer_char(b, '"');
}

static void add_property(struct buffer *b, const char *prefix, struct slice name, struct slice value)
{
    buffer_printf(b, "      <property name=\"%s", prefix);
    add_xml(b, name);
    buffer_char(b, '"');
    add_attribute(b, "value", value);
    buffer_text(b, "/>\n");
}

static void add_xml_coverage(struct test_report *r, const struct suite *s)
{
    size_t clauses, both;
    struct buffer *b = &r->xml;
    if (!s->n_coverage)
        return;
    coverage_sum(s, &clauses, &both);
    buffer_text(b, "    <properties>\n");
    add_property(b, "coverage", SLICE(""), diag_format(r->c, "%zu of %zu", both, clauses));
    for (size_t i = 0; i < s->n_coverage; i++)
        for (size_t k = 0; k < s->coverage[i].n; k++) {
            const struct covered *c = &s->coverage[i].clauses[k];
            const char *prefix = diag_format(r->c, "coverage:%s:", s->coverage[i].alert->id.p).p;
            add_property(b, prefix, c->clause,
                         diag_format(r->c, "true %zu, false %zu", c->when_true, c->when_false));
        }
    buffer_text(b, "    </properties>\n");
}

static void add_xml_failure(struct buffer *b, const struct result *t)
{
    buffer_text(b, "      <failure type=\"test\"");
    add_attribute(b, "message", t->why);
    buffer_char(b, '>');
    add_xml(b, t->at);
    for (size_t i = 0; i < t->n_details; i++) {
        buffer_char(b, '\n');
        add_xml(b, t->details[i]);
    }
    buffer_text(b, "</failure>\n");
}

static void add_xml_notes(struct buffer *b, const struct result *t)
{
    buffer_text(b, "      <system-out>");
    for (size_t i = 0; i < t->n_notes; i++) {
        buffer_text(b, i ? "\nnote: " : "note: ");
        add_xml(b, t->notes[i]);
    }
    buffer_text(b, "</system-out>\n");
}

static void add_xml_test(struct test_report *r, const struct suite *s, const struct result *t)
{
    struct buffer *b = &r->xml, class = {.c = r->c};
    buffer_printf(&class, "%s.%s", s->name.p, t->alert->id.p);
    buffer_text(b, "    <testcase");
    add_attribute(b, "classname", buffer_slice(&class));
    add_attribute(b, "name", t->name);
    if (!t->why.n && !t->n_notes) {
        buffer_text(b, "/>\n");
        return;
    }
    buffer_text(b, ">\n");
    if (t->why.n)
        add_xml_failure(b, t);
    if (t->n_notes)
        add_xml_notes(b, t);
    buffer_text(b, "    </testcase>\n");
}

static void add_xml_suite(struct test_report *r, const struct suite *s)
{
    buffer_text(&r->xml, "  <testsuite");
    add_attribute(&r->xml, "name", s->name);
    buffer_printf(&r->xml, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\">\n", s->n, s->failed);
    add_xml_coverage(r, s);
    for (size_t i = 0; i < s->n; i++)
        add_xml_test(r, s, &s->results[i]);
    buffer_text(&r->xml, "  </testsuite>\n");
}

static bool write_xml(const struct test_report *r)
{
    const char *path = r->options.junit;
    FILE *f = fopen(path, "wb");
    size_t errors = r->broken;
    if (f)
        fprintf(
            f,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuites name=\"trailc\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n%s</testsuites>\n",
            r->all + errors, r->failed, errors, r->xml.n ? r->xml.p : "");
    bool failed = !f || ferror(f);
    if ((f && fclose(f) != 0) || failed)
        fprintf(stderr, "trailc: cannot write %s: %s\n", path, strerror(errno));
    else
        return true;
    return false;
}

/* ---- the whole ---------------------------------------------------------------------------------- */

struct test_report *test_report_new(const struct test_options *options)
{
    struct compile *c = scratch_new();
    struct test_report *r = NEW(c, struct test_report);
    r->c = c;
    r->options = *options;
    r->xml.c = c;
    if (options->tap)
        puts("TAP version 13");
    return r;
}

const struct test_options *test_report_options(const struct test_report *r)
{
    return &r->options;
}

void results_add(struct test_report *r, const struct suite *s)
{
    r->packs++;
    r->all += s->n;
    r->failed += s->failed;
    if (r->options.tap) {
        print_tap(r, s);
    } else {
        print_text(r, s);
        if (s->n_coverage)
            print_coverage(r, s);
    }
    if (r->options.junit)
        add_xml_suite(r, s);
}

/* ---- packs whose tests did not run --------------------------------------------------------------- */

/* Why, safe for a terminal: one line, and more. */
struct reason {
    const char *name, *type; /* of the testcase, of the error */
    struct slice pack, what;
    size_t n;
    struct slice *lines;
};

static void add_lines(struct compile *c, struct reason *why, struct slice text)
{
    for (size_t from = 0, to; from < text.n; from = to + 1) {
        for (to = from; to < text.n && text.p[to] != '\n';)
            to++;
        struct buffer line = {.c = c};
        show_text(&line, (struct slice){text.p + from, to - from}, SIZE_MAX);
        *PUSH(c, why->lines, why->n) = buffer_slice(&line);
    }
}

static void add_xml_reason(struct buffer *b, const struct reason *why)
{
    buffer_text(b, "  <testsuite");
    add_attribute(b, "name", why->pack);
    buffer_text(b, " tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n    <testcase");
    add_attribute(b, "classname", why->pack);
    buffer_printf(b, " name=\"%s\">\n      <error type=\"%s\"", why->name, why->type);
    add_attribute(b, "message", why->what);
    buffer_char(b, '>');
    for (size_t i = 0; i < why->n; i++) {
        buffer_text(b, i ? "\n" : "");
        add_xml(b, why->lines[i]);
    }
    buffer_text(b, "</error>\n    </testcase>\n  </testsuite>\n");
}

static struct reason reason_of(struct test_report *r, const char *pack, struct slice what)
{
    struct buffer name = {.c = r->c}, safe = {.c = r->c};
    show_text(&name, slice_of(pack), SIZE_MAX);
    show_text(&safe, what, SIZE_MAX);
    r->broken++;
    return (struct reason){.pack = buffer_slice(&name), .what = buffer_slice(&safe)};
}

/* What diag_print() says, a line each. */
static void add_diagnostics(struct compile *c, struct reason *why, struct compile *pack)
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    if (f) {
        diag_print(pack, f, false);
        fclose(f);
        add_lines(c, why, (struct slice){text, n});
    }
    free(text);
}

static void print_tap_reason(struct test_report *r, const struct reason *why)
{
    printf("not ok %zu - ", ++r->tests);
    print_description(why->pack);
    puts(": the pack compiles\n  ---");
    print_scalar(r->c, "  message: ", why->what);
    print_details(why->n, why->lines);
    puts("  ...");
}

void test_report_broken(struct test_report *r, struct compile *pack, const char *path)
{
    size_t errors = diag_errors(pack);
    struct reason why =
        reason_of(r, path, diag_format(r->c, "the pack has %zu error%s", errors, errors == 1 ? "" : "s"));
    why.name = "compiles";
    why.type = "pack";
    add_diagnostics(r->c, &why, pack);
    if (r->options.tap)
        print_tap_reason(r, &why);
    if (r->options.junit)
        add_xml_reason(&r->xml, &why);
}

bool test_report_stopped(struct test_report *r, struct compile *pack, const char *path)
{
    struct reason why = reason_of(r, path, pack->failure.n ? pack->failure : SLICE("a tool failed"));
    why.name = "runs";
    why.type = "tool";
    add_lines(r->c, &why, pack->failure_output);
    if (r->options.tap) {
        for (size_t i = 0; i < why.n; i++)
            printf("# %s\n", why.lines[i].p);
        printf("Bail out! %s: %s\n", why.pack.p, why.what.p);
        r->bailed = true;
    }
    if (r->options.junit)
        add_xml_reason(&r->xml, &why);
    return !r->options.tap;
}

/* ---- the end ------------------------------------------------------------------------------------- */

bool test_report_finish(struct test_report *r)
{
    bool written = !r->options.junit || write_xml(r);
    if (r->options.tap && !r->bailed)
        printf("1..%zu\n", r->tests);
    scratch_free(r->c);
    return written;
}
