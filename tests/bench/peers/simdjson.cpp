/*
 * simdjson.cpp - the ten alerts of rules/cloudtrail-ten as somebody would write them by hand, with simdjson's On-Demand
 * parser, over NDJSON in memory.
 *
 *     simdjson [--label] [--hits] FILE
 *
 * --label: the input is prod-trail, so that the alert on silence wants the time of every record. --hits prints each match as
 * the alert's id, a tab and the event's ID, and reads that ID, which is otherwise left alone.
 *
 * One thread. A record's keys are walked once, in the order in which they come; what an event name makes necessary is looked up
 * in a second walk. Easier than what the scanner does: keys and values are compared as they stand where an escape is nothing
 * that AWS writes; a key may come once, whole and not with dots; an array is no list of values; counting windows and alerts
 * are left out, and a record that is damaged past what is asked for is not noticed.
 */
#include <simdjson.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "memory.h"

using namespace simdjson;
using std::string_view;

namespace
{

struct options {
    bool label, hits;
    const char *path;
};

/* Which minutes have an event: enough to tell half an hour of silence. 2000 to 2063, a bit each. */
struct minutes {
    static constexpr int64_t first = 946684800 / 60, count = int64_t(1) << 25;
    std::vector<uint64_t> bits = std::vector<uint64_t>(count / 64);
    int64_t least = count, most = -1;

    void add(int64_t minute)
    {
        minute -= first;
        if (minute < 0 || minute >= count)
            return;
        bits[size_t(minute / 64)] |= uint64_t(1) << (minute % 64);
        least = minute < least ? minute : least;
        most = minute > most ? minute : most;
    }

    size_t silences() const
    {
        size_t n = 0;
        int64_t before = least;
        for (int64_t m = least; m <= most; m++) {
            if (!(bits[size_t(m / 64)] >> (m % 64) & 1))
                continue;
            n += m - before > 30;
            before = m;
        }
        return n;
    }
};

struct scan {
    options o;
    minutes seen;
    size_t records = 0, matches = 0;
};

/* What the first walk finds. */
struct record {
    string_view time, name, id, error;
    bool has_error, read_only, critical_group;
};

template <size_t n> bool one_of(string_view value, const string_view (&list)[n])
{
    for (string_view each : list)
        if (value == each)
            return true;
    return false;
}

constexpr string_view trusted_accounts[] = {"123456789012", "111122223333"};
constexpr string_view admin_policies[] = {
    "arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws-cn:iam::aws:policy/AdministratorAccess",
    "arn:aws-us-gov:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/IAMFullAccess"};
constexpr string_view critical_groups[] = {"sg-0a11bcd22ef334455", "sg-903004f8"};
constexpr string_view watched_users[] = {"break-glass", "billing-root"};
constexpr string_view deployments[] = {"CreateDeployment", "StartDeployment", "ContinueDeployment",
                                       "CreateContainerServiceDeployment"};
constexpr string_view denied[] = {
    "AccessDenied",          "AccessDeniedException",        "AuthorizationError",
    "Client.AuthFailure",    "Client.UnauthorizedOperation", "ForbiddenException",
    "UnauthorizedException", "UnauthorizedOperation"};

int64_t number(string_view text, size_t at, size_t n)
{
    int64_t value = 0;
    for (size_t i = at; i < at + n; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

/* `2026-03-14T09:41:07Z` as minutes since 1970; the days as Howard Hinnant counts them (days_from_civil). */
int64_t minute_of(string_view text)
{
    if (text.size() < 20)
        return -1;
    int64_t y = number(text, 0, 4), m = number(text, 5, 2), d = number(text, 8, 2);
    y -= m <= 2;
    int64_t era = y / 400, year = y - era * 400;
    int64_t day = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int64_t days = era * 146097 + year * 365 + year / 4 - year / 100 + day - 719468;
    return days * 1440 + number(text, 11, 2) * 60 + number(text, 14, 2);
}

bool digits(string_view text, size_t at)
{
    if (at + 12 > text.size())
        return false;
    for (size_t i = at; i < at + 12; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

/* arn:aws[a-z\-]*:(iam|sts)::[0-9]{12}:.* whose account is not trusted, or that has a second such number. */
bool outsider(string_view arn)
{
    if (arn.substr(0, 7) != "arn:aws")
        return false;
    size_t at = arn.find(':', 7);
    if (at == arn.npos || (arn.substr(at, 6) != ":iam::" && arn.substr(at, 6) != ":sts::"))
        return false;
    at += 6;
    if (!digits(arn, at) || at + 12 >= arn.size() || arn[at + 12] != ':')
        return false;
    for (size_t i = at + 13; i + 12 <= arn.size(); i++)
        if (digits(arn, i))
            return true;
    return !one_of(arn.substr(at, 12), trusted_accounts);
}

bool holds_admin(string_view text)
{
    for (size_t i = 0; i + 5 <= text.size(); i++)
        if (strncasecmp(text.data() + i, "admin", 5) == 0)
            return true;
    return false;
}

/* requestParameters.groupId, or the one that ModifySecurityGroupRules keeps deeper. */
bool names_critical_group(ondemand::value parameters)
{
    ondemand::object object;
    bool found = false;
    if (parameters.get_object().get(object) != SUCCESS)
        return false;
    for (auto field : object) {
        ondemand::raw_json_string key;
        if (field.key().get(key) != SUCCESS)
            return found;
        string_view group;
        if (key == "groupId") {
            if (field.value().get_string().get(group) == SUCCESS)
                found |= one_of(group, critical_groups);
        } else if (key == "ModifySecurityGroupRulesRequest") {
            if (field.value()["GroupId"].get_string().get(group) == SUCCESS)
                found |= one_of(group, critical_groups);
        }
    }
    return found;
}

/* The value, if it is a string. */
void read_text(ondemand::value value, string_view &to)
{
    string_view text;
    if (value.get_string().get(text) == SUCCESS)
        to = text;
}

/* The first walk; false: no object. */
bool walk(ondemand::document_reference document, const options &o, record &r)
{
    ondemand::object object;
    bool truth;
    r = record();
    if (document.get_object().get(object) != SUCCESS)
        return false;
    for (auto field : object) {
        ondemand::raw_json_string raw;
        ondemand::value value;
        if (field.key().get(raw) != SUCCESS || field.value().get(value) != SUCCESS)
            return false;
        const char *key = raw.raw();
        if (memcmp(key, "eventName\"", 10) == 0) {
            read_text(value, r.name);
        } else if (memcmp(key, "errorCode\"", 10) == 0) {
            r.has_error = !value.is_null();
            if (r.has_error)
                read_text(value, r.error);
        } else if (memcmp(key, "requestParameters\"", 18) == 0) {
            r.critical_group = names_critical_group(value);
        } else if (memcmp(key, "readOnly\"", 9) == 0) {
            r.read_only = value.get_bool().get(truth) == SUCCESS && truth;
        } else if (o.label && memcmp(key, "eventTime\"", 10) == 0) {
            read_text(value, r.time);
        } else if (o.hits && memcmp(key, "eventID\"", 8) == 0) {
            read_text(value, r.id);
        }
    }
    return true;
}

/* A text two keys down, in a walk of its own; "" when there is none. */
string_view look_up(ondemand::document_reference document, const char *outer, const char *inner)
{
    string_view text;
    document.rewind();
    if (document.find_field_unordered(outer).find_field_unordered(inner).get_string().get(text) != SUCCESS)
        return string_view();
    return text;
}

void hit(scan &s, const record &r, const char *alert)
{
    s.matches++;
    if (s.o.hits)
        printf("%s\t%.*s\n", alert, int(r.id.size()), r.id.data());
}

/* The alerts that an event name opens. */
void ask_further(scan &s, ondemand::document_reference document, const record &r)
{
    if (r.name == "ConsoleLogin") {
        if (one_of(look_up(document, "userIdentity", "userName"), watched_users))
            hit(s, r, "specific-login-to-the-console");
        if (look_up(document, "responseElements", "ConsoleLogin") == "Failure")
            hit(s, r, "too-many-login-failures");
    }
    if (r.has_error)
        return;
    if (r.name == "AttachUserPolicy") {
        if (one_of(look_up(document, "requestParameters", "policyArn"), admin_policies))
            hit(s, r, "assigning-privileges");
    } else if (r.name == "AddUserToGroup") {
        if (holds_admin(look_up(document, "requestParameters", "groupName")))
            hit(s, r, "new-admin");
    } else if (r.name == "AssumeRole") {
        string_view account = look_up(document, "userIdentity", "accountId");
        if (!account.empty() && !one_of(account, trusted_accounts))
            hit(s, r, "login-with-temporary-credentials");
    } else if (r.name == "CreateGrant") {
        if (outsider(look_up(document, "requestParameters", "granteePrincipal")))
            hit(s, r, "granting-permission-to-a-key");
    } else if (one_of(r.name, deployments)) {
        hit(s, r, "code-deployment");
    }
}

void judge(scan &s, ondemand::document_reference document, record &r)
{
    if (s.o.label) {
        s.seen.add(minute_of(r.time));
        hit(s, r, "no-log-stream");
    }
    if (r.has_error && one_of(r.error, denied))
        hit(s, r, "process-failure");
    if (r.critical_group && !r.read_only && !r.has_error)
        hit(s, r, "security-group-modified");
    if (one_of(r.name, deployments) || r.name == "ConsoleLogin" || r.name == "AttachUserPolicy" ||
        r.name == "AddUserToGroup" || r.name == "AssumeRole" || r.name == "CreateGrant") {
        static std::string name, id; /* a second walk writes over the strings of the first */
        name.assign(r.name);
        id.assign(r.id);
        r.name = name;
        r.id = id;
        ask_further(s, document, r);
    }
}

bool run(scan &s, const char *p, size_t n)
{
    ondemand::parser parser;
    ondemand::document_stream stream;
#ifdef SIMDJSON_THREADS_ENABLED
    parser.threaded = false;
#endif
    if (parser.iterate_many(p, n, size_t(1) << 20).get(stream) != SUCCESS)
        return false;
    record r;
    for (auto document = stream.begin(); document != stream.end(); ++document) {
        ondemand::document_reference reference;
        if ((*document).get(reference) != SUCCESS || !walk(reference, s.o, r))
            return false;
        s.records++;
        judge(s, reference, r);
    }
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    scan s = {};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--version") == 0) {
            printf("simdjson %s (%s)\n", SIMDJSON_STRINGIFY(SIMDJSON_VERSION),
                   get_active_implementation()->name().c_str());
            return 0;
        }
        if (strcmp(argv[i], "--label") == 0)
            s.o.label = true;
        else if (strcmp(argv[i], "--hits") == 0)
            s.o.hits = true;
        else
            s.o.path = argv[i];
    }
    if (!s.o.path) {
        fputs("usage: simdjson [--label] [--hits] FILE\n       simdjson --version\n", stderr);
        return 2;
    }
    size_t n;
    char *p = peer_load(s.o.path, &n);
    double start = peer_now();
    bool fine = run(s, p, n);
    size_t silences = s.o.label ? s.seen.silences() : 0;
    peer_tell(peer_now() - start);
    fprintf(stderr, "%zu records, %zu matches, %zu silences%s\n", s.records, s.matches, silences,
            fine ? "" : "; stopped at a record that is no JSON");
    free(p);
    return fine ? 0 : 1;
}
