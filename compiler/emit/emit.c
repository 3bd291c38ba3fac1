/*
 * emit.c - the plan becomes C and re2c text, in memory.
 *
 * Needs: plan. Guarantees: compile.files, the same bytes for the same pack:
 *
 *     pack.h       the pack's enums
 *     match.c      from keys to places, tests, plan
 *     filters.c    one function an alert
 *     regexes.re   one DFA a regex (several such files when there are many); emit_regexes.c
 *     fields.c     the fields that output and counting need
 *     pack.c       the constants that the runtime reads
 *     main.c       the scanner
 *     pack.mk      how to build it
 */
#include <string.h>

#include "emit.h"
#include "regex/regex.h"

struct slice emit_pack_symbol(struct compile *c)
{
    struct buffer b = {.c = c};
    for (size_t i = 0; i < c->pack.name.n; i++) {
        char ch = c->pack.name.p[i];
        bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z'), digit = ch >= '0' && ch <= '9';
        if (digit && i == 0)
            buffer_text(&b, "pack_");
        buffer_char(&b, letter || digit ? ch : '_');
    }
    buffer_text(&b, "_pack"); /* whatever the name, neither a keyword nor a function of the C library */
    return buffer_slice(&b);
}

/* ---- pack.h --------------------------------------------------------------------------------------- */

static void emit_header(struct compile *c, struct buffer *b, const struct regexes *regexes)
{
    buffer_text(b, "/*\n");
    emit_comment(b, " * Pack ", c->pack.name);
    buffer_text(b, " * Compiled by trailc; changes are lost.\n */\n#ifndef PACK_H\n#define PACK_H\n\n"
                   "#include \"trail/pack.h\"\n\nenum alert {\n");
    for (size_t i = 0; i < c->pack.n_alerts; i++)
        buffer_printf(b, "    ALERT_%s,\n", c->pack.alerts[i].symbol.p);
    buffer_text(b, "    ALERTS\n};\n\n/* Predicates: questions about one field each. A record sets the bit "
                   "of those that hold. */\n"
                   "enum test {\n");
    for (size_t i = 0; i < c->n_preds; i++)
        if (emit_is_first(c->preds[i]))
            buffer_printf(b, "    %s,\n", emit_bit(c->preds[i]));
    buffer_text(b, "    TESTS\n};\n\n"
                   "extern bool (*const filters[])(const uint64_t *tests); /* by alert */\n\n"
                   "void match(struct trail_match *, const char *record, size_t n);\n"
                   "bool asks(struct trail_match *, uint32_t root_number, const char *p, const char *end);\n"
                   "void fields_of(struct trail_match *, const char *record, size_t n, trail_field_fn *, "
                   "void *user);\n");
    for (size_t i = 0; i < regexes->n; i++)
        buffer_printf(b, "bool regex_%zu(const char *p, size_t n);\n", i);
    buffer_printf(b, "\nextern const struct trail_pack %s;\n\n#endif\n", emit_pack_symbol(c).p);
}

/* ---- filters.c ------------------------------------------------------------------------------------ */

static void emit_expr(struct buffer *b, const struct expr *e, unsigned indent)
{
    const char *between = e->kind == EXPR_AND ? " &&\n" : " ||\n";
    switch (e->kind) {
    case EXPR_TRUE: buffer_text(b, "true"); return;
    case EXPR_FALSE: buffer_text(b, "false"); return;
    case EXPR_PRED: buffer_printf(b, "trail_get(tests, %s)", emit_bit(e->pred)); return;
    case EXPR_NOT:
        buffer_char(b, '!');
        if (e->kids[0]->kind != EXPR_PRED)
            buffer_char(b, '(');
        emit_expr(b, e->kids[0], indent + 1);
        if (e->kids[0]->kind != EXPR_PRED)
            buffer_char(b, ')');
        return;
    case EXPR_AND:
    case EXPR_OR: break;
    }
    for (size_t i = 0, shown = 0; i < e->n; i++) {
        bool nested = e->kids[i]->kind == EXPR_AND || e->kids[i]->kind == EXPR_OR;
        if (e->kids[i]->kind == EXPR_PRED && !emit_is_first(e->kids[i]->pred))
            continue;
        if (shown++) {
            buffer_text(b, between);
            emit_indent(b, indent);
        }
        buffer_text(b, nested ? "(" : "");
        emit_expr(b, e->kids[i], indent + 1);
        buffer_text(b, nested ? ")" : "");
    }
}

void emit_filters(struct compile *c, struct buffer *b)
{
    buffer_text(b, "/* filters.c - the alerts' filters as Boolean functions of a record's tests. */\n"
                   "#include \"pack.h\"\n\n#include \"trail/match.h\"\n\n");
    for (size_t i = 0; i < c->pack.n_alerts; i++) {
        const struct alert *a = &c->pack.alerts[i];
        buffer_text(b, "/*\n");
        emit_comment(b, " * ", a->name);
        buffer_text(b, " *\n");
        emit_comment(b, " *     ", a->filter.s);
        buffer_text(b, " */\nstatic bool filter_");
        emit_lower(b, a->symbol);
        buffer_text(b, "(const uint64_t *tests)\n{\n");
        if (a->expr->kind == EXPR_TRUE || a->expr->kind == EXPR_FALSE)
            buffer_text(b, "    (void)tests;\n");
        buffer_text(b, "    return ");
        emit_expr(b, a->expr, 2);
        buffer_text(b, ";\n}\n\n");
    }
    buffer_text(b, "bool (*const filters[])(const uint64_t *tests) = {\n");
    for (size_t i = 0; i < c->pack.n_alerts; i++) {
        buffer_printf(b, "    [ALERT_%s] = filter_", c->pack.alerts[i].symbol.p);
        emit_lower(b, c->pack.alerts[i].symbol);
        buffer_text(b, ",\n");
    }
    buffer_text(b, "};\n");
}

/* ---- regexes --------------------------------------------------------------------------------------- */

static void collect_regexes(struct compile *c, struct regexes *r)
{
    for (size_t i = 0; i < c->n_preds; i++) {
        if (!c->preds[i]->regex)
            continue;
        void **known = map_at(c, &r->by_text, regex_canonical(c, c->preds[i]->regex));
        if (*known)
            continue;
        size_t *number = *known = NEW(c, size_t);
        *number = r->n;
        *PUSH(c, r->first, r->n) = c->preds[i];
    }
}

size_t regex_number(struct compile *c, const struct regexes *regexes, const struct pred *pred)
{
    return *(const size_t *)map_get(&regexes->by_text, regex_canonical(c, pred->regex));
}

/* ---- main.c, pack.mk ------------------------------------------------------------------------------- */

static void emit_main(struct compile *c, struct buffer *b)
{
    buffer_printf(b,
                  "/* main.c - the scanner. For a program of your own, see trail/trail.h. */\n"
                  "#include \"pack.h\"\n\n#include \"trail/trail.h\"\n\n"
                  "int main(int argc, char **argv)\n{\n    return trail_main(&%s, argc, argv);\n}\n",
                  emit_pack_symbol(c).p);
}

static void emit_makefile(struct compile *c, struct buffer *b)
{
    buffer_text(
        b,
        "# How to build the scanner of this pack. Set TRAIL to trailc's prefix; include from a Makefile, or\n"
        "#     make -f pack.mk TRAIL=/usr/local\n"
        "TRAIL ?= /usr/local\n"
        "RE2C ?= re2c\n"
        "SCANNER ?= scanner\n\n"
        "PACK_C = main.c");
    for (size_t i = 0; i < c->n_files; i++) {
        size_t n = strlen(c->files[i].name);
        const char *ending = n > 3 ? c->files[i].name + n - 3 : "";
        if (strcmp(ending, ".re") == 0)
            buffer_printf(b, " %.*s.c", (int)(n - 3), c->files[i].name);
        else if (n > 2 && strcmp(c->files[i].name + n - 2, ".c") == 0 &&
                 strcmp(c->files[i].name, "main.c") != 0)
            buffer_printf(b, " %s", c->files[i].name);
    }
    buffer_text(b, "\n\n$(SCANNER): $(PACK_C) pack.h\n"
                   "\t$(CC) -std=c11 -O2 -I$(TRAIL)/include $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(PACK_C) "
                   "-L$(TRAIL)/lib -ltrail -lisal -ldeflate -lzstd -lcjson -lyaml -lsqlite3 -lpthread\n\n"
                   "%.c: %.re\n\t$(RE2C) -W --no-generation-date --no-version -o $@ $<\n");
}

/* ---- the whole --------------------------------------------------------------------------------------- */

struct buffer *emit_file(struct compile *c, const char *name)
{
    struct output_file *f = PUSH(c, c->files, c->n_files);
    f->name = name;
    f->text.c = c;
    return &f->text;
}

void emit(struct compile *c)
{
    struct regexes regexes = {0};
    collect_regexes(c, &regexes);
    emit_header(c, emit_file(c, "pack.h"), &regexes);
    emit_match(c, emit_file(c, "match.c"), &regexes);
    emit_filters(c, emit_file(c, "filters.c"));
    emit_regexes(c, &regexes);
    emit_fields(c, emit_file(c, "fields.c"));
    emit_tables(c, emit_file(c, "pack.c"));
    emit_main(c, emit_file(c, "main.c"));
    struct buffer makefile = {.c = c};
    emit_makefile(c, &makefile);
    *emit_file(c, "pack.mk") = makefile;
}
