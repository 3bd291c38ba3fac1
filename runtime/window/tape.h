/*
 * tape.h - numbers and texts in a row of bytes, for what outlives a process: the windows' state and the calls
 * that made it. The same on every machine.
 *
 * Numbers are LEB128 (seven bits a byte, the lowest first), signed ones with the sign in the lowest bit; texts
 * have their length before them.
 */
#ifndef TRAIL_TAPE_H
#define TRAIL_TAPE_H

#include <trail/json.h>

/* Writing: to->failed says that memory ran out. */
void tape_byte(struct trail_text *to, unsigned char);
void tape_number(struct trail_text *to, uint64_t);
void tape_signed(struct trail_text *to, int64_t);
void tape_word(struct trail_text *to, uint64_t); /* eight bytes, whatever the value */
void tape_text(struct trail_text *to, struct trail_slice);

/* Reading. What is not there is 0 or empty, and `bad` from then on. */
struct tape {
    const char *p, *end;
    bool bad;
};

unsigned char tape_get_byte(struct tape *);
uint64_t tape_get_number(struct tape *);
int64_t tape_get_signed(struct tape *);
uint64_t tape_get_word(struct tape *);
struct trail_slice tape_get_text(struct tape *); /* borrows the tape */

/* A number of at most `most`; more is bad. */
size_t tape_get_size(struct tape *, size_t most);

#endif
