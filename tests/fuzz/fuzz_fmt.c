/*
 * fuzz_fmt.c - any bytes as a rule file that is to be formatted. What the formatter makes has to say the same and
 * must not change when it is formatted again: it tests that itself, and FORMAT_BUG is what it must never answer.
 *
 * Half of the inputs are changed by lines, words and pieces of YAML in place of bytes: of these many more can
 * still be read.
 */
#include <stdlib.h>
#include <string.h>

#include "format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t room, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t n, size_t room);

static const char *const pieces[] = {
    "\n",
    " ",
    "\t",
    "\n\n",
    "\n  \n",
    "#c",
    " # c\n",
    "- ",
    "? ",
    ": ",
    "|",
    "|-",
    "|+",
    "|2",
    ">",
    ">-",
    ">+",
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "&a ",
    "*a",
    "!t ",
    "---\n",
    "...\n",
    "alert: ",
    "filter: ",
    "when: ",
    "show: ",
    "tests:\n",
    "- name: x\n",
    "notify: [a, b]",
    "pack: p\n",
    "null",
    "~",
    "lists:\n  l: [a]\n",
    "\"a\\nb\"",
    "'it''s'",
    "\"x  \\\n   y\"",
    "'a\n\n  b'",
    "<<: *a",
    "description: |\n  a\n   b\n\n  c\n",
    "description: >\n  a\n  b\n\n\n   c\n",
    "a:x AND b:y",
    "immediately",
    "more than 5 in 10m",
    "%YAML 1.1\n",
    "\xEF\xBB\xBF",
    "\r\n",
    "\xC2\xA0",
    "\xE2\x80\xA8",
};

/* Where the line or word that holds the byte at *from ends; *from is moved to where it begins. */
static size_t piece_of(const uint8_t *p, size_t n, size_t *from, bool line)
{
    size_t to = *from;
    while (*from > 0 && p[*from - 1] != '\n' && (line || p[*from - 1] != ' '))
        --*from;
    while (to < n && p[to] != '\n' && (line || p[to] != ' '))
        to++;
    return to < n ? to + 1 : n;
}

size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t room, unsigned seed)
{
    if (seed % 2 == 0 || n < 2)
        return LLVMFuzzerMutate(p, n, room);
    srand(seed);
    size_t from = (size_t)rand() % n, to = from, more;
    if (rand() % 4)
        to = piece_of(p, n, &from, rand() % 2);
    const char *piece = pieces[(size_t)rand() % (sizeof pieces / sizeof *pieces)];
    char again[256];
    switch (rand() % 4) {
    case 0: piece = ""; break; /* it goes */
    case 1:                    /* it comes twice */
        more = to - from < sizeof again ? to - from : sizeof again - 1;
        memcpy(again, p + from, more);
        again[more] = '\0';
        piece = again;
        to = from;
        break;
    case 2: to = from; break; /* something comes before it */
    default: break;           /* or in its place */
    }
    more = strlen(piece);
    if (n - (to - from) + more > room)
        return LLVMFuzzerMutate(p, n, room);
    memmove(p + from + more, p + to, n - to);
    memcpy(p + from, piece, more);
    return n - (to - from) + more;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *arena = arena_new();
    struct compile *c = arena_alloc(arena, sizeof *c);
    c->arena = arena;
    struct slice text = slice_copy(c, (const char *)data, n), out = {NULL, 0};
    const char *why = NULL;
    if (format_text(c, "fuzz.yaml", text, &out, &why) == FORMAT_BUG)
        abort();
    arena_free(arena);
    return 0;
}
