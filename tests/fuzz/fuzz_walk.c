/*
 * fuzz_walk.c - any bytes as a record, through the shipped pack's matcher and field walker.
 *
 * The record lies at the very end of an allocation but for the padding, so that reading further is seen; and
 * what is valid JSON must give the same verdict when it is written anew.
 */
#include <stdlib.h>
#include <string.h>

#include "pack.h"
#include "trail/match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void count_field(void *user, unsigned field, struct trail_slice json)
{
    volatile char last = json.n ? json.p[json.n - 1] : '\0';
    (void)last;
    *(size_t *)user += field;
}

static void match_copy(struct trail_match *m, const char *p, size_t n)
{
    char *record = malloc(n + TRAIL_PADDING);
    size_t fields = 0;
    if (!record)
        abort();
    if (n)
        memcpy(record, p, n);
    memset(record + n, 0, TRAIL_PADDING);
    cloudtrail_ten_pack.match(m, record, n);
    cloudtrail_ten_pack.fields_of(m, record, n, count_field, &fields);
    free(record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct trail_match *m;
    size_t at;
    if (!m)
        m = trail_match_new(&cloudtrail_ten_pack);
    if (!m || n > TRAIL_MAX_RECORD)
        return 0;
    match_copy(m, (const char *)data, n);
    if (trail_json_check((const char *)data, n, &at) != TRAIL_JSON_OK)
        return 0;
    uint64_t hits = m->hits[0];
    struct trail_text text = {0};
    trail_json_rewrite(&text, (struct trail_slice){(const char *)data, n});
    /* Broken UTF-8 becomes U+FFFD, which is another text. */
    bool ascii = !text.failed;
    for (size_t i = 0; i < n; i++)
        ascii = ascii && data[i] < 0x80;
    if (ascii) {
        match_copy(m, text.p, text.n);
        if (m->hits[0] != hits)
            abort();
    }
    trail_text_free(&text);
    return 0;
}
