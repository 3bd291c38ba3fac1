/*
 * records.c - see records.h.
 *
 * A record is a shape with values put in: `$n` is a value of the kind n, `$*n` an array of some. Now and then
 * a value is absent, or of another kind than its field's.
 */
#include "records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORDS_SEED = 20230710 };

/* ---- values ----------------------------------------------------------------------------------- */

static const char *const names[] = {
    "AssumeRole",  "CreateUser",         "AddUserToGroup",    "ConsoleLogin",        "PutObject",
    "GetObject",   "CreateDeployment",   "DescribeInstances", "AttachUserPolicy",    "CreateGrant",
    "DeleteTrail", "UpdateFunctionCode", "UpdateTrail",       "BatchGetDeployments", "GetSessionToken",
    "ListBuckets", "PutBucketPolicy",    "Invoke20150331",    "DeleteUser",          "createuser",
};
static const char *const sources[] = {"iam.amazonaws.com",        "s3.amazonaws.com",
                                      "ec2.amazonaws.com",        "sts.amazonaws.com",
                                      "codedeploy.amazonaws.com", "signin.amazonaws.com"};
static const char *const people[] = {
    "alice",     "bob",   "Alice",         "build-bot", "john.smith", "SuperAdmins", "ops_team",
    "admin",     "Admin", "José",          "Ørsted",    "ПРИВЕТ",     "привет",      "Σίσυφος",
    "日本 太郎", "한국",  "jane@corp.com", "x",         "O'Neill",    "naïve-user",  "root",
};
static const char *const groups[] = {"sg-g666abcd",  "sg-e666dcef", "sg-0a11bcd22ef334455",
                                     "vpc-0a11bcd2", "subnet-5",    "i-0123456789abcdef0",
                                     "ami-5",        "SG-G666ABCD"};
static const char *const addresses[] = {
    "10.0.0.1",
    "10.0.0.200",
    "10.1.2.3",
    "192.168.1.1",
    "203.0.113.7",
    "198.51.100.23",
    "2001:db8::1",
    "2001:DB8::FF",
    "::1",
    "fe80::1",
    "s3.amazonaws.com",
    "AWS Internal",
    "2001:db8:0:0:0:0:0:1",
    "10.0.0.0/8",
    "300.1.1.1",
};
static const char *const types[] = {"IAMUser", "AssumedRole", "Root", "AWSService", "FederatedUser"};
static const char *const regions[] = {"us-east-1", "us-west-2", "eu-central-1", "ap-northeast-1"};
static const char *const errors[] = {"AccessDenied",        "Client.UnauthorizedOperation", "NoSuchKey",
                                     "ThrottlingException", "Failed authentication",        "accessdenied"};
static const char *const agents[] = {
    "aws-cli/2.1.30 Python/3.8.8 Linux/5.4 exe/x86_64",
    "Boto3/1.9.55 Python/2.7.5",
    "console.amazonaws.com",
    "[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.488]",
    "Mozilla/5.0 (X11; Linux x86_64)",
    "kali/2023",
};
static const char *const numbers[] = {"0",   "5",    "5.0",  "22",    "443",  "1000", "-3",   "1.08", "99.99",
                                      "1e3", "1E+3", "-0.5", "65535", "0.10", "7",    "3.14", "10",   "1.05"};
static const char *const words[] = {
    "admin", "Access", "denied", "user",  "not",     "authorized", "role", "policy",   "5",       "22",
    "1.08",  "don't",  "héllo",  "ÉCOLE", "東京",    "のり",       "😀",    "カタカナ", "foo_bar", "us",
    "east",  "1",      "a",      "über",  "STRASSE", "straße",     "x1y2", "привет",   "Group",   "Ωmega",
    "ﬁn",    "İzmir",  "key",    "naïve", "val",     "3,141.5",    "<b>",  ">5",       "<=x",
};
static const char *const separators[] = {" ",  " ",   "-",  "/", ":",  ".", "_", ", ",
                                         "::", " - ", "\"", "'", "\\", "=", "\t"};
static const char *const letters[] = {"a", "a", "a", "b", "b", "B", "é", "c", "É", "ê", "-"};
static const char *const empties[] = {"null", "{}", "[]",     "\"\"", "[null]", "{\"none\":null}",
                                      "true", "5",  "[[],{}]"};
static const char *const policies[] = {
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}",
    "{ \"Effect\": \"Deny\", \"Action\": [\"s3:GetObject\"] }",
    "not a policy",
};

const struct random_list random_lists[RANDOM_LISTS] = {
    {"sentences", {"not authorized", "access denied", "us east 1", "role policy", "admin user", "a a"}},
    {"people", {"alice", "bob", "SuperAdmins", "ops_team", "José", "root"}},
    {"phrases", {"sg-g666abcd", "assumed-role/Admin", "us-east-1", "john.smith", "admin"}},
    {"numbers", {"5", "22", "1000", "-3", "1.08"}},
    {"networks", {"10.0.0.0/8", "2001:db8::/32", "192.168.1.1"}},
    {"texts", {"true", "\"admin\"", "AccessDenied", "[5]", "5"}},
};

static void add_account(struct draft *d, struct random *r)
{
    static const char *const accounts[] = {"123456789012", "012345678901", "218007301253", "111122223333"};
    draft_text(d, RANDOM_OF(r, accounts));
}

static void add_arn(struct draft *d, struct random *r)
{
    static const char *const kinds[] = {":user/", ":assumed-role/Admin/", ":role/", ":group/team/"};
    if (random_one_in(r, 4)) {
        draft_text(d, random_one_in(r, 2) ? "arn:aws:iam::aws:policy/AdministratorAccess"
                                          : "arn:aws:iam::aws:policy/ReadOnlyAccess");
        return;
    }
    draft_text(d, "arn:aws:iam::");
    add_account(d, r);
    draft_text(d, RANDOM_OF(r, kinds));
    draft_text(d, RANDOM_OF(r, people));
}

static void add_words(struct draft *d, struct random *r)
{
    draft_text(d, RANDOM_OF(r, words));
    for (unsigned more = random_below(r, 4); more > 0; more--) {
        draft_text(d, RANDOM_OF(r, separators));
        draft_text(d, RANDOM_OF(r, words));
    }
}

/* Words, or one longer than any token, or than what Elasticsearch keeps of a keyword. */
static void add_long(struct draft *d, struct random *r)
{
    static const char *const units[] = {"a", "é", "ab", "a_", "x.", "日", "word ", "a-"};
    if (!random_one_in(r, 12)) {
        add_words(d, r);
        return;
    }
    const char *unit = RANDOM_OF(r, units);
    for (unsigned n = 120 + random_below(r, 400); n > 0; n--)
        draft_text(d, unit);
    draft_text(d, "admin");
}

static void add_time(struct draft *d, struct random *r)
{
    char text[40];
    unsigned day = 8 + random_below(r, 4), hour = random_below(r, 24), minute = random_below(r, 60);
    snprintf(text, sizeof text, "2023-07-%02uT%02u:%02u:00Z", day, hour, minute);
    draft_text(d, text);
}

/* The text of a string of the kind. */
static void add_text(struct draft *d, struct random *r, char kind)
{
    switch (kind) {
    case 'n': draft_text(d, RANDOM_OF(r, names)); break;
    case 's': draft_text(d, RANDOM_OF(r, sources)); break;
    case 'u': draft_text(d, RANDOM_OF(r, people)); break;
    case 'o': draft_text(d, RANDOM_OF(r, groups)); break;
    case 'i': draft_text(d, RANDOM_OF(r, addresses)); break;
    case 'y': draft_text(d, RANDOM_OF(r, types)); break;
    case 'r': draft_text(d, RANDOM_OF(r, regions)); break;
    case 'e': draft_text(d, RANDOM_OF(r, errors)); break;
    case 'g': draft_text(d, RANDOM_OF(r, agents)); break;
    case 'j': draft_text(d, RANDOM_OF(r, policies)); break;
    case 'm': draft_text(d, RANDOM_OF(r, numbers)); break;
    case 'd': add_account(d, r); break;
    case 'a': add_arn(d, r); break;
    case 't': add_time(d, r); break;
    case 'x': add_long(d, r); break;
    case 'l':
        for (unsigned n = random_below(r, 8); n > 0; n--)
            draft_text(d, RANDOM_OF(r, letters));
        break;
    default: add_words(d, r); break;
    }
}

/* ---- JSON ------------------------------------------------------------------------------------- */

/* `escape`: one letter in so many is written as \u….; 0: none. */
static void write_string(struct draft *out, struct random *r, const char *text, unsigned escape)
{
    char unit[8];
    draft_char(out, '"');
    for (const char *p = text; *p; p++) {
        bool letter = (unsigned char)*p < 0x80 && escape && random_one_in(r, escape);
        if (*p == '"' || *p == '\\') {
            draft_char(out, '\\');
            draft_char(out, *p);
        } else if (letter || (unsigned char)*p < 0x20) {
            snprintf(unit, sizeof unit, "\\u%04x", (unsigned)*p);
            draft_text(out, unit);
        } else {
            draft_char(out, *p);
        }
    }
    draft_char(out, '"');
}

static void write_value(struct draft *out, struct random *r, char kind)
{
    struct draft text = {0};
    if (random_one_in(r, 24)) {
        draft_text(out, RANDOM_OF(r, empties));
        return;
    }
    if (random_one_in(r, 40))
        kind = "umwi"[random_below(r, 4)];
    if (kind == '#') {
        draft_text(out, RANDOM_OF(r, numbers));
        return;
    }
    if (kind == 'b') {
        draft_text(out, random_one_in(r, 2) ? "true" : "false");
        return;
    }
    draft_text(&text, "");
    add_text(&text, r, kind);
    write_string(out, r, text.p, random_one_in(r, 12) ? 3 : 0);
    free(text.p);
}

static void write_array(struct draft *out, struct random *r, char kind)
{
    draft_char(out, '[');
    for (unsigned i = 0, n = random_below(r, 4); i < n; i++) {
        if (i)
            draft_char(out, ',');
        write_value(out, r, kind);
    }
    draft_char(out, ']');
}

/* ---- shapes ----------------------------------------------------------------------------------- */

/* With ' for ". */
static const char *const shapes[] = {
    "{'eventVersion':'1.08','userIdentity':{'type':$y,'arn':$a,'accountId':$d,'userName':$u,'sessionContext':"
    "{"
    "'attributes':{'mfaAuthenticated':$b,'creationDate':$t}}},'eventTime':$t,'eventSource':$s,'eventName':$n,"
    "'awsRegion':$r,'sourceIPAddress':$i,'userAgent':$g,'requestParameters':{'groupId':$o,'groupName':$u,"
    "'policyArn':$a},'responseElements':null,'errorCode':$e,'readOnly':$b}",
    "{'eventName':$n,'eventSource':$s,'sourceIPAddress':$i,'requestParameters':{'ipPermissions':{'items':[{"
    "'fromPort':$#,'toPort':$#,'ipRanges':{'items':[{'cidrIp':$i},{'cidrIp':$i}]}},{'fromPort':$#}]},"
    "'groupId':$o,'names':$*w},'additionalEventData':{'bytesTransferredOut':$#,'x-amz-id-2':$w}}",
    "{'eventName':$n,'letters':$l,'n':$#,'message':$x,'list':$*#,'tags':$*w,'errorCode':$e}",
    "{'letters':$l,'n':$m,'list':[{'name':$u,'port':$#},{'name':$w},$#],'message':$w,'ключ':$w,'with "
    "space':$u}",
    "{'eventName':$n,'requestParameters':{'policyDocument':$j,'userName':$u,'maxResults':$#},'letters':$*l,"
    "'requestParameters.userName':$u,'resources':[{'ARN':$a,'type':'AWS::S3::Object'},{'ARN':$a}]}",
    "{ 'n' : $# , 'message' : $x , 'tags' : { 'a' : { 'b' : $w , 'c' : $# } } , 'tags' : $*u , 'ip' : $*i }",
    "{'eventTime':$t,'ip':$i,'n':$*m,'message':$w,'letters':$l,'detail':{'deep':{'er':{'still':$w}},'flag':$"
    "b}}",
};

static void write_record(struct draft *out, struct random *r)
{
    for (const char *p = RANDOM_OF(r, shapes); *p; p++) {
        if (*p != '$') {
            draft_char(out, *p == '\'' ? '"' : *p);
            continue;
        }
        bool array = *++p == '*';
        p += array;
        if (array)
            write_array(out, r, *p);
        else
            write_value(out, r, *p);
    }
}

void records_write(struct draft *out)
{
    struct random r = {.state = RECORDS_SEED};
    for (size_t i = 0; i < N_RECORDS; i++) {
        write_record(out, &r);
        draft_char(out, '\n');
    }
}
