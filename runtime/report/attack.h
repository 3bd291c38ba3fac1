/*
 * attack.h - the techniques and tactics of MITRE ATT&CK that tags name: attack.t1098, attack.t1098.003.
 * The table is attack.txt, where its source is.
 */
#ifndef TRAIL_REPORT_ATTACK_H
#define TRAIL_REPORT_ATTACK_H

#include <stdbool.h>
#include <stddef.h>

struct attack_technique {
    const char *id, *tactics, *name; /* "T1098", "persistence,privilege-escalation" */
};
extern const struct attack_technique attack_techniques[];
extern const size_t n_attack_techniques;

/* In the order of the matrix; the last is for techniques that the table does not have. */
struct attack_tactic {
    const char *id, *name;
};
enum { ATTACK_TACTICS = 15, ATTACK_OTHER = ATTACK_TACTICS - 1 };
extern const struct attack_tactic attack_tactics[ATTACK_TACTICS];

/* What a tag says: false when it names no technique. `id` is as people write it, "T1098.003". */
struct attack_tag {
    char id[16];
    const struct attack_technique *technique; /* NULL: not in the table */
};
bool attack_read(const char *tag, struct attack_tag *);

/* Whether it belongs to the tactic. */
bool attack_is_of(const struct attack_tag *, size_t tactic);

#endif
