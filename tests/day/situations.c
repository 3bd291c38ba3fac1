/*
 * situations.c - what the ten alerts are for, once each, and near misses that none of them is for.
 *
 * Guarantees: the moments are the same for every seed; only names, addresses and IDs change. The
 * lists of rules/cloudtrail-ten/pack.yaml are what makes an account, a user or a group special here.
 */
#include "day.h"

#include <string.h>

#define AT(hour, minute, second) ((hour)*3600 + (minute)*60 + (second))

#define OUTSIDER "777788889999" /* an account that nobody trusts */
#define PARTNER  "111122223333" /* one that is trusted */
#define CRITICAL "sg-0a11bcd22ef334455"
#define KEY_ARN  "arn:aws:kms:<region>:<account>:key/<kms>"

#define IAM_USER(name)                                                                    \
    "{'type':'IAMUser','principalId':'<userid>','arn':'arn:aws:iam::<account>:user/" name \
    "','accountId':'<account>','accessKeyId':'<key>','userName':'" name "'}"
#define SIGN_IN(name)                                                                     \
    "{'type':'IAMUser','principalId':'<userid>','arn':'arn:aws:iam::<account>:user/" name \
    "','accountId':'<account>','userName':'" name "'}"
#define OUTSIDE(account) "{'type':'AWSAccount','principalId':'<roleid>:<session>','accountId':'" account "'}"
#define TEMPORARY                                                                                 \
    "{'credentials':{'accessKeyId':'<temp>','sessionToken':'<token>','expiration':'<expires>'},'" \
    "assumedRoleUser':"                                                                           \
    "{'assumedRoleId':'<roleid>:sync','arn':'arn:aws:sts::<account>:assumed-role/deploy-pipeline/sync'}}"
#define ASSUME                                 \
    "{'roleArn':'arn:aws:iam::<account>:role/" \
    "deploy-pipeline','roleSessionName':'sync','durationSeconds':3600}"
#define DEPLOYMENT                                                                                           \
    "{'applicationName':'orders','deploymentGroupName':'orders-prod','ignoreApplicationStopFailures':false," \
    "'updateOutdatedInstancesOnly':false,'revision':{'revisionType':'S3','s3Location':{'bucket':"            \
    "'amzn-s3-demo-bucket','key':'orders-<n>.zip','bundleType':'zip'}}}"
#define SSH_FOR_ALL                                                                          \
    "{'groupId':'" CRITICAL                                                                  \
    "','ipPermissions':{'items':[{'ipProtocol':'tcp','fromPort':22,'toPort':22,'groups':{}," \
    "'ipRanges':{'items':[{'cidrIp':'0.0.0.0/0'}]},'ipv6Ranges':{},'prefixListIds':{}}]}}"
#define GRANT(principal) \
    "{'keyId':'" KEY_ARN "','granteePrincipal':'" principal "','operations':['Decrypt','GenerateDataKey']}"
#define GRANTED      "{'grantId':'<hex64>','keyId':'" KEY_ARN "'}"
#define KEY_RESOURCE "{'accountId':'<account>','type':'AWS::KMS::Key','ARN':'" KEY_ARN "'}"
#define LOGIN_EXTRA \
    "{'LoginTo':'https://console.aws.amazon.com/console/home','MobileVersion':'No','MFAUsed':'No'}"

/* ---- the events ---- */

static const struct kind attach_admin = {
    "iam",
    "AttachUserPolicy",
    .by = BY_USER,
    .write = true,
    .global = true,
    .request = "{'userName':'etl-nightly','policyArn':'arn:aws:iam::aws:policy/AdministratorAccess'}"};
static const struct kind attach_amplify = {
    "iam",
    "AttachUserPolicy",
    .by = BY_CONSOLE,
    .write = true,
    .global = true,
    .request = "{'userName':'<user>','policyArn':'arn:aws:iam::aws:policy/AdministratorAccess-Amplify'}"};
static const struct kind attach_nobody = {
    "iam",
    "AttachUserPolicy",
    .by = BY_USER,
    .write = true,
    .global = true,
    .request = "{'userName':'etl-nigthly','policyArn':'arn:aws:iam::aws:policy/AdministratorAccess'}",
    .error = "NoSuchEntityException",
    .message = "The user with name etl-nigthly cannot be found.",
    .error_rate = 1000};

static const struct kind denied = {
    "iam",
    "ListUsers",
    .by = BY_USER,
    .global = true,
    .error = "AccessDenied",
    .message =
        "User: arn:aws:iam::<account>:user/<user> is not authorized to perform: iam:ListUsers on resource: "
        "arn:aws:iam::<account>:user/ because no identity-based policy allows the iam:ListUsers action",
    .error_rate = 1000};
static const struct kind throttled = {"iam",
                                      "ListUsers",
                                      .by = BY_USER,
                                      .global = true,
                                      .error = "ThrottlingException",
                                      .message = "Rate exceeded",
                                      .error_rate = 1000};

static const struct kind join_admins = {
    "iam",         "AddUserToGroup", .by = BY_CONSOLE,
    .write = true, .global = true,   .request = "{'groupName':'SuperAdmins','userName':'metrics-agent'}"};
static const struct kind create_admins = {
    "iam",
    "CreateGroup",
    .by = BY_CONSOLE,
    .write = true,
    .global = true,
    .request = "{'groupName':'SuperAdmins'}",
    .response = "{'group':{'path':'/"
                "','groupName':'SuperAdmins','groupId':'AGPACKCEVSQ6C2EXAMPLE','createDate':'<expires>',"
                "'arn':'arn:aws:iam::<account>:group/SuperAdmins'}}"};
static const struct kind leave_admins = {
    "iam",         "RemoveUserFromGroup", .by = BY_CONSOLE,
    .write = true, .global = true,        .request = "{'groupName':'SuperAdmins','userName':'<user>'}"};

static const struct kind open_group = {
    "ec2",
    "AuthorizeSecurityGroupIngress",
    .by = BY_USER,
    .write = true,
    .request = SSH_FOR_ALL,
    .response = "{'requestId':'<request>','_return':true,'securityGroupRuleSet':{'items':[{'groupOwnerId':"
                "'<account>','groupId':'" CRITICAL
                "','securityGroupRuleId':'sgr-<hex17>','isEgress':false,'ipProtocol':'tcp',"
                "'fromPort':22,'toPort':22,'cidrIpv4':'0.0.0.0/0'}]}}"};
static const struct kind open_group_dry = {"ec2",
                                           "AuthorizeSecurityGroupIngress",
                                           .by = BY_USER,
                                           .write = true,
                                           .request = SSH_FOR_ALL,
                                           .error = "Client.DryRunOperation",
                                           .message = "Request would have succeeded, but DryRun flag is set.",
                                           .error_rate = 1000};
static const struct kind look_at_group = {
    "ec2", "DescribeSecurityGroups", .by = BY_CONSOLE,
    .request =
        "{'securityGroupSet':{},'securityGroupIdSet':{'items':[{'groupId':'" CRITICAL "'}]},'filterSet':{}}"};

static const struct kind assume_outside = {"sts",
                                           "AssumeRole",
                                           .by = BY_USER,
                                           .identity = OUTSIDE(OUTSIDER),
                                           .address = "203.0.113.9",
                                           .request = ASSUME,
                                           .response = TEMPORARY,
                                           .shared = true,
                                           .global = true,
                                           .resources =
                                               "{'accountId':'<account>','type':'AWS::IAM::Role','ARN':'arn:"
                                               "aws:iam::<account>:role/deploy-pipeline'}"};
static const struct kind assume_partner = {"sts",
                                           "AssumeRole",
                                           .by = BY_USER,
                                           .identity = OUTSIDE(PARTNER),
                                           .request = ASSUME,
                                           .response = TEMPORARY,
                                           .shared = true,
                                           .global = true,
                                           .resources =
                                               "{'accountId':'<account>','type':'AWS::IAM::Role','ARN':'arn:"
                                               "aws:iam::<account>:role/deploy-pipeline'}"};

static const struct kind grant_outside = {"kms",
                                          "CreateGrant",
                                          .by = BY_USER,
                                          .write = true,
                                          .request = GRANT("arn:aws:iam::" OUTSIDER ":role/collector"),
                                          .response = GRANTED,
                                          .resources = KEY_RESOURCE};
static const struct kind grant_partner = {"kms",
                                          "CreateGrant",
                                          .by = BY_USER,
                                          .write = true,
                                          .request = GRANT("arn:aws:iam::" PARTNER ":role/collector"),
                                          .response = GRANTED,
                                          .resources = KEY_RESOURCE};
static const struct kind revoke_outside = {"kms",
                                           "RevokeGrant",
                                           .by = BY_USER,
                                           .write = true,
                                           .request = "{'keyId':'" KEY_ARN "','grantId':'<hex64>'}",
                                           .resources = KEY_RESOURCE};

static const struct kind deploy = {"codedeploy",          "CreateDeployment",
                                   .by = BY_USER,         .write = true,
                                   .request = DEPLOYMENT, .response = "{'deploymentId':'d-75I7MBT7C'}"};
static const struct kind look_at_deployment = {"codedeploy", "GetDeployment", .by = BY_CONSOLE,
                                               .request = "{'deploymentId':'d-75I7MBT7C'}"};

static const struct kind watched_login = {"signin",
                                          "ConsoleLogin",
                                          .by = BY_USER,
                                          .identity = SIGN_IN("break-glass"),
                                          .address = "203.0.113.200",
                                          .agent = "<browser>",
                                          .response = "{'ConsoleLogin':'Success'}",
                                          .extra = LOGIN_EXTRA,
                                          .write = true,
                                          .global = true,
                                          .signin = true};
static const struct kind watched_password = {
    "iam",         "UpdateLoginProfile", .by = BY_CONSOLE,
    .write = true, .global = true,       .request = "{'userName':'break-glass'}"};
static const struct kind watched_key = {"sts", "GetCallerIdentity", .by = BY_USER,
                                        .identity = IAM_USER("billing-root")};

#define FAILURE(who, ip, why)                                                                          \
    {                                                                                                  \
        "signin", "ConsoleLogin", .by = BY_USER, .identity = who, .address = ip, .agent = "<browser>", \
                                  .message = why, .error_rate = 1000,                                  \
                                  .response = "{'ConsoleLogin':'Failure'}", .extra = LOGIN_EXTRA,      \
                                  .write = true, .global = true, .signin = true                        \
    }
#define KNOWN                                                                                                \
    "{'type':'IAMUser','principalId':'<userid>','accountId':'<account>','accessKeyId':'','userName':'<user>" \
    "'}"
#define UNKNOWN                                                                                              \
    "{'type':'IAMUser','accountId':'<account>','accessKeyId':'','userName':'HIDDEN_DUE_TO_SECURITY_REASONS'" \
    "}"

static const struct kind login_failures[] = {
    FAILURE(KNOWN, "203.0.113.5", "Failed authentication"),
    FAILURE(KNOWN, "203.0.113.6", "Failed authentication"),
    FAILURE(KNOWN, "198.51.100.99", "Failed authentication"),
    FAILURE(UNKNOWN, "198.51.100.99", "No username found in supplied account"),
};

static const struct kind heartbeat = {
    "s3",
    "GetBucketAcl",
    .by = BY_SERVICE,
    .service = "cloudtrail.amazonaws.com",
    .request = "{'bucketName':'amzn-s3-demo-bucket','Host':'amzn-s3-demo-bucket.s3.<region>.amazonaws.com','"
               "acl':''}",
    .resources =
        "{'accountId':'<account>','type':'AWS::S3::Bucket','ARN':'arn:aws:s3:::amzn-s3-demo-bucket'}",
    .shared = true};

/* ---- when they happen ---- */

enum { BURST_STEP = 4800 }; /* ms between two of a burst: 125 fit into ten minutes */

/* A situation is one event, or a burst of events of a few kinds in turn. */
static const struct situation {
    int at; /* seconds of the day, UTC */
    bool fires;
    const char *alert, *what;
    const struct kind *kind;
    unsigned n, kinds; /* 0 is one */
    int decided;       /* when the alert is, if not at once */
    bool local;        /* `at` is Berlin's time */
} list[] = {
    {AT(1, 10, 0), false, "too-many-login-failures",
     "90 logins fail within eight minutes, every fifth record comes twice", login_failures, 90, 4, 0, false},
    {AT(2, 3, 4), true, "specific-login-to-the-console", "break-glass logs in without MFA", &watched_login, 0,
     0, 0, false},
    {AT(2, 40, 0), false, "specific-login-to-the-console",
     "the password of break-glass is changed by another user", &watched_password, 0, 0, 0, false},
    {SILENCE_FROM, true, "no-log-stream", "nothing is logged from 03:20 to 04:00", &heartbeat, 0, 0,
     SILENCE_FROM + 1800, false},
    {SILENCE_TO, false, "no-log-stream", "the trail is back", &heartbeat, 0, 0, 0, false},
    {AT(5, 12, 33), true, "login-with-temporary-credentials", "a role is assumed from account " OUTSIDER,
     &assume_outside, 0, 0, 0, false},
    {AT(5, 40, 2), false, "login-with-temporary-credentials",
     "the same role is assumed from the partner's account " PARTNER, &assume_partner, 0, 0, 0, false},
    {AT(7, 15, 0), false, "specific-login-to-the-console", "billing-root uses its key, not the console",
     &watched_key, 0, 0, 0, false},
    {AT(9, 40, 55), false, "assigning-privileges", "AdministratorAccess for a user that does not exist",
     &attach_nobody, 0, 0, 0, false},
    {AT(9, 41, 7), true, "assigning-privileges", "AdministratorAccess is attached to etl-nightly",
     &attach_admin, 0, 0, 0, false},
    {AT(10, 5, 30), false, "assigning-privileges", "AdministratorAccess-Amplify, which is another policy",
     &attach_amplify, 0, 0, 0, false},
    {AT(11, 2, 44), true, "process-failure", "iam:ListUsers is refused", &denied, 0, 0, 0, false},
    {AT(11, 20, 0), false, "process-failure", "iam:ListUsers is throttled", &throttled, 0, 0, 0, false},
    {AT(12, 30, 0), true, "too-many-login-failures", "120 logins fail within ten minutes", login_failures,
     120, 4, AT(12, 38, 0), false},
    {AT(14, 0, 10), false, "new-admin", "the group SuperAdmins is created", &create_admins, 0, 0, 0, false},
    {AT(14, 7, 31), true, "new-admin", "metrics-agent joins SuperAdmins", &join_admins, 0, 0, 0, false},
    {AT(14, 50, 0), false, "new-admin", "a user leaves SuperAdmins", &leave_admins, 0, 0, 0, false},
    {AT(15, 30, 0), true, "code-deployment", "orders is deployed in the afternoon", &deploy, 0, 0, 0, false},
    {AT(15, 31, 0), false, "code-deployment", "the deployment is looked at", &look_at_deployment, 0, 0, 0,
     false},
    {AT(16, 10, 0), false, "security-group-modified", CRITICAL " is looked at", &look_at_group, 0, 0, 0,
     false},
    {AT(16, 18, 0), false, "security-group-modified", "a dry run on " CRITICAL, &open_group_dry, 0, 0, 0,
     false},
    {AT(16, 20, 10), true, "security-group-modified", "SSH is opened to the world in " CRITICAL, &open_group,
     0, 0, 0, false},
    {AT(18, 33, 2), true, "granting-permission-to-a-key", "a key is granted to a role of account " OUTSIDER,
     &grant_outside, 0, 0, 0, false},
    {AT(18, 45, 0), false, "granting-permission-to-a-key", "a key is granted to a role of the partner's",
     &grant_partner, 0, 0, 0, false},
    {AT(18, 50, 0), false, "granting-permission-to-a-key", "the grant is revoked", &revoke_outside, 0, 0, 0,
     false},
    {AT(23, 30, 0), false, "code-deployment", "orders is deployed at 23:30 in Berlin, in the hour for it",
     &deploy, 0, 0, 0, true},
};

enum { N = sizeof list / sizeof *list };

static int64_t starts(const struct situation *s, int64_t day)
{
    return day + s->at - (s->local ? berlin_offset(day + DAY_SECONDS - 1) : 0);
}

void situations(struct items *items, int64_t day, uint64_t seed)
{
    struct random r = {random_mix(seed, 8)};
    for (size_t i = 0; i < N; i++) {
        const struct situation *s = &list[i];
        unsigned n = s->n ? s->n : 1, kinds = s->kinds ? s->kinds : 1;
        for (unsigned k = 0; k < n; k++) {
            int64_t time = starts(s, day) + (int64_t)k * BURST_STEP / 1000;
            items_add(items, &s->kind[k % kinds], time, random_next(&r), n > 1 && k % 5 == 0);
        }
    }
}

void situations_list(FILE *to, int64_t day)
{
    for (size_t i = 0; i < N; i++) {
        const struct situation *s = &list[i];
        char time[21];
        time_print(time, s->decided ? day + s->decided : starts(s, day));
        fprintf(to, "%s  %-32s  %s  %s\n", s->fires ? "fires" : "quiet", s->alert, time, s->what);
    }
}
