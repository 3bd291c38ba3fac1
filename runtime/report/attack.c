/*
 * attack.c - see attack.h.
 */
#include "attack.h"

#include <string.h>

const struct attack_tactic attack_tactics[ATTACK_TACTICS] = {
    {"reconnaissance", "Reconnaissance"},
    {"resource-development", "Resource Development"},
    {"initial-access", "Initial Access"},
    {"execution", "Execution"},
    {"persistence", "Persistence"},
    {"privilege-escalation", "Privilege Escalation"},
    {"defense-evasion", "Defense Evasion"},
    {"credential-access", "Credential Access"},
    {"discovery", "Discovery"},
    {"lateral-movement", "Lateral Movement"},
    {"collection", "Collection"},
    {"command-and-control", "Command and Control"},
    {"exfiltration", "Exfiltration"},
    {"impact", "Impact"},
    {"", "Other techniques"},
};

static bool are_digits(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] < '0' || p[i] > '9')
            return false;
    return true;
}

bool attack_read(const char *tag, struct attack_tag *to)
{
    static const char prefix[] = "attack.t";
    size_t n = sizeof prefix - 1, length = strlen(tag);
    *to = (struct attack_tag){0};
    if (length < n + 4 || strncmp(tag, prefix, n) != 0 || !are_digits(tag + n, 4))
        return false;
    const char *sub = tag + n + 4;
    if (*sub && (strlen(sub) != 4 || *sub != '.' || !are_digits(sub + 1, 3)))
        return false;
    to->id[0] = 'T';
    memcpy(to->id + 1, tag + n, length - n);
    /* A sub-technique stands behind its technique, which stands in for those that the table does not have. */
    for (size_t i = 0; i < n_attack_techniques; i++)
        if (strncmp(attack_techniques[i].id, to->id, strlen(attack_techniques[i].id)) == 0)
            to->technique = &attack_techniques[i];
    return true;
}

bool attack_is_of(const struct attack_tag *tag, size_t tactic)
{
    if (!tag->technique)
        return tactic == ATTACK_OTHER;
    const char *p = tag->technique->tactics, *id = attack_tactics[tactic].id;
    for (size_t n = strcspn(p, ","); *id && *p; n = strcspn(p, ",")) {
        if (strlen(id) == n && strncmp(p, id, n) == 0)
            return true;
        p += n + (p[n] == ',');
    }
    return false;
}
