/*
 * background.c - the everyday of an account: services that call each other, programs, a few people.
 *
 * Guarantees: none of it is for any of the ten alerts. So no call is refused for want of permission
 * (other errors there are), no login fails, roles are assumed by the account's own principals and by
 * services, grants go to services and to own roles, and no half hour is empty but the one that is meant to
 * be.
 */
#include "day.h"

#include <stdlib.h>

#define KEY_ARN         "arn:aws:kms:<region>:<account>:key/<kms>"
#define KEY_RESOURCE    "{'accountId':'<account>','type':'AWS::KMS::Key','ARN':'" KEY_ARN "'}"
#define BUCKET          "<thing>-<region>-<account>"
#define BUCKET_RESOURCE "{'accountId':'<account>','type':'AWS::S3::Bucket','ARN':'arn:aws:s3:::" BUCKET "'}"
#define BUCKET_HOST     "'bucketName':'" BUCKET "','Host':'" BUCKET ".s3.<region>.amazonaws.com'"
#define S3_EXTRA                                                                                 \
    "{'SignatureVersion':'SigV4','CipherSuite':'TLS_AES_128_GCM_SHA256','bytesTransferredIn':0," \
    "'AuthenticationMethod':'AuthHeader','x-amz-id-2':'<id>','bytesTransferredOut':4<n>}"
#define ROLE_RESOURCE(role) \
    "{'accountId':'<account>','type':'AWS::IAM::Role','ARN':'arn:aws:iam::<account>:role/" role "'}"
#define CREDENTIALS(role)                                                                         \
    "{'credentials':{'accessKeyId':'<temp>','sessionToken':'<token>','expiration':'<expires>'},'" \
    "assumedRoleUser':"                                                                           \
    "{'assumedRoleId':'<roleid>:<session>','arn':'arn:aws:sts::<account>:assumed-role/" role "/<session>'}}"
#define SESSION_POLICY                                                                             \
    "{\\n  \\'Version\\': \\'2012-10-17\\',\\n  \\'Statement\\': [\\n    {\\n      \\'Effect\\': " \
    "\\'Allow\\',\\n      "                                                                        \
    "\\'Action\\': [\\n        \\'s3:GetObject\\',\\n        \\'s3:ListBucket\\',\\n        "      \
    "\\'kms:Decrypt\\'\\n      "                                                                   \
    "],\\n      \\'Resource\\': [\\'arn:aws:s3:::" BUCKET "\\', \\'arn:aws:s3:::" BUCKET           \
    "/*\\']\\n    }\\n  ]\\n}"
#define ALLOW(service)                                                                                       \
    "{\\'Effect\\':\\'Allow\\',\\'Action\\':[\\'" service ":Describe*\\',\\'" service ":Get*\\',\\'" service \
    ":List*\\',\\'" service ":Create*\\',\\'" service ":Tag*\\'],\\'Resource\\':\\'*\\'}"
#define LONG_POLICY                                                                                                                                                                                      \
    "{\\'Version\\':\\'2012-10-17\\',\\'Statement\\':[" ALLOW("ec2") "," ALLOW("ecs") "," ALLOW("ecr") "," ALLOW("elasticloadbalancing") "," ALLOW("autoscaling") "," ALLOW("cloudformation") "," ALLOW( \
        "logs") "," ALLOW("servicediscovery") "," ALLOW("codedeploy") "," ALLOW("route53") "," ALLOW("cloud"                                                                                             \
                                                                                                     "watc"                                                                                              \
                                                                                                     "h") "," ALLOW("secretsmanager") "," ALLOW("application-autoscaling") "," ALLOW("events") "," ALLOW("kms") "]}"
#define TRUST_POLICY                                                                                  \
    "{\\'Version\\':\\'2012-10-17\\',\\'Statement\\':[{\\'Effect\\':\\'Allow\\',\\'Principal\\':{\\'" \
    "Service\\':"                                                                                     \
    "\\'lambda.amazonaws.com\\'},\\'Action\\':\\'sts:AssumeRole\\'}]}"

static const struct kind kinds[] = {
    /* keys, mostly used by services for somebody */
    {"kms", "Decrypt", 110, BY_FORWARD, "secretsmanager.amazonaws.com",
     .request = "{'encryptionContext':{'SecretARN':'arn:aws:secretsmanager:<region>:<account>:secret:<thing>/"
                "database-<hex8>',"
                "'SecretVersionId':'<uuid>'},'encryptionAlgorithm':'SYMMETRIC_DEFAULT'}",
     .resources = KEY_RESOURCE},
    {"kms", "Decrypt", 60, BY_FORWARD, "ssm.amazonaws.com",
     .request =
         "{'encryptionContext':{'PARAMETER_ARN':'arn:aws:ssm:<region>:<account>:parameter/<thing>/prod/"
         "password'},"
         "'encryptionAlgorithm':'SYMMETRIC_DEFAULT'}",
     .resources = KEY_RESOURCE},
    {"kms", "Decrypt", 30, BY_ROLE, NULL,
     .request = "{'encryptionContext':{'aws:s3:arn':'arn:aws:s3:::" BUCKET
                "'},'encryptionAlgorithm':'SYMMETRIC_DEFAULT',"
                "'keyId':'" KEY_ARN "'}",
     .resources = KEY_RESOURCE, .error = "InvalidCiphertextException", .error_rate = 10},
    {"kms", "GenerateDataKey", 70, BY_SERVICE, "s3.amazonaws.com",
     .request = "{'encryptionContext':{'aws:s3:arn':'arn:aws:s3:::" BUCKET "'},'keyId':'" KEY_ARN
                "','keySpec':'AES_256'}",
     .resources = KEY_RESOURCE, .shared = true},
    {"kms", "GenerateDataKey", 40, BY_FORWARD, "sqs.amazonaws.com",
     .request = "{'encryptionContext':{'aws:sqs:arn':'arn:aws:sqs:<region>:<account>:<thing>-queue'},'keyId':"
                "'" KEY_ARN "','numberOfBytes':64}",
     .resources = KEY_RESOURCE},
    {"kms", "Encrypt", 15, BY_FORWARD, "ssm.amazonaws.com",
     .request = "{'keyId':'alias/aws/"
                "ssm','encryptionAlgorithm':'SYMMETRIC_DEFAULT','encryptionContext':{'PARAMETER_ARN':"
                "'arn:aws:ssm:<region>:<account>:parameter/<thing>/prod/token'}}",
     .resources = KEY_RESOURCE},
    {"kms", "CreateGrant", 8, BY_SERVICE, "dynamodb.amazonaws.com",
     .request = "{'keyId':'" KEY_ARN "','retiringPrincipal':'dynamodb.<region>.amazonaws.com','constraints':"
                "{'encryptionContextSubset':{'aws:dynamodb:tableName':'<thing>','aws:dynamodb:subscriberId':'"
                "<account>'}"
                "},"
                "'granteePrincipal':'dynamodb.<region>.amazonaws.com','operations':['DescribeKey','"
                "GenerateDataKey','"
                "Decrypt',"
                "'Encrypt','ReEncryptFrom','ReEncryptTo','RetireGrant']}",
     "{'grantId':'<hex64>','keyId':'" KEY_ARN "'}", .resources = KEY_RESOURCE, .write = true, .shared = true},
    {"kms", "CreateGrant", 4, BY_ROLE, NULL,
     .request = "{'keyId':'" KEY_ARN
                "','granteePrincipal':'arn:aws:iam::<account>:role/<role>','operations':['Decrypt',"
                "'GenerateDataKey','CreateGrant'],'constraints':{'encryptionContextSubset':{'aws:ebs:id':'"
                "vol-<hex17>'}}"
                "}",
     "{'grantId':'<hex64>','keyId':'" KEY_ARN "'}", .resources = KEY_RESOURCE, .write = true},

    /* roles */
    {"sts", "AssumeRole", 50, BY_SERVICE, "lambda.amazonaws.com",
     .request = "{'roleArn':'arn:aws:iam::<account>:role/<role>','roleSessionName':'<session>'}",
     CREDENTIALS("<role>"), .resources = ROLE_RESOURCE("<role>"), .shared = true},
    {"sts", "AssumeRole", 25, BY_SERVICE, "ec2.amazonaws.com",
     .request = "{'roleArn':'arn:aws:iam::<account>:role/<role>','roleSessionName':'i-<hex17>'}",
     CREDENTIALS("<role>"), .resources = ROLE_RESOURCE("<role>"), .shared = true},
    {"sts", "AssumeRole", 190, BY_SERVICE, "athena.amazonaws.com",
     .request = "{'roleArn':'arn:aws:iam::<account>:role/"
                "<role>','roleSessionName':'<session>','policy':'" SESSION_POLICY "','durationSeconds':900}",
     CREDENTIALS("<role>"), .resources = ROLE_RESOURCE("<role>"), .shared = true},
    {"sts", "AssumeRole", 24, BY_SERVICE, "ecs.amazonaws.com",
     .request = "{'roleArn':'arn:aws:iam::<account>:role/"
                "<role>','roleSessionName':'<session>','policy':'" LONG_POLICY "','durationSeconds':3600}",
     CREDENTIALS("<role>"), .resources = ROLE_RESOURCE("<role>"), .shared = true},
    {"organizations", "DescribeOrganization", 14, BY_SERVICE, "config.amazonaws.com", .global = true},
    {"sts", "AssumeRole", 14, BY_USER, NULL,
     .request =
         "{'roleArn':'arn:aws:iam::<account>:role/<role>','roleSessionName':'<user>','durationSeconds':3600}",
     CREDENTIALS("<role>"), .resources = ROLE_RESOURCE("<role>")},
    {"sts", "GetCallerIdentity", 18, .by = BY_ROLE},
    {"iam", "GetRole", 14, BY_USER, NULL, .request = "{'roleName':'<role>'}", .global = true,
     .error = "NoSuchEntityException", .message = "The role with name <role> cannot be found.",
     .error_rate = 120},
    {"iam", "ListAttachedRolePolicies", 12, BY_USER, NULL, .request = "{'roleName':'<role>'}",
     .global = true},
    {"iam", "CreateRole", 3, BY_USER, NULL,
     .request = "{'path':'/','roleName':'<thing>-<hex8>','assumeRolePolicyDocument':'" TRUST_POLICY
                "','maxSessionDuration':3600}",
     "{'role':{'path':'/','roleName':'<thing>-<hex8>','roleId':'<roleid>','createDate':'<expires>','arn':"
     "'arn:aws:iam::<account>:role/<thing>-<hex8>'}}",
     .global = true, .write = true, .error = "EntityAlreadyExistsException",
     .message = "Role with name <thing> already exists.", .error_rate = 150},
    {"iam", "PutRolePolicy", 4, BY_USER, NULL,
     .request = "{'roleName':'<role>','policyName':'<thing>-read','policyDocument':'{\\'Version\\':\\'2012-"
                "10-17\\',\\'"
                "Statement\\':"
                "[{\\'Effect\\':\\'Allow\\',\\'Action\\':[\\'dynamodb:GetItem\\',\\'dynamodb:Query\\'],\\'"
                "Resource\\':"
                "\\'arn:aws:dynamodb:eu-central-1:<account>:table/<thing>\\'}]}'}",
     .global = true, .write = true},
    {"iam", "AttachUserPolicy", 1, BY_CONSOLE, NULL,
     .request = "{'userName':'<user>','policyArn':'arn:aws:iam::aws:policy/ReadOnlyAccess'}", .global = true,
     .write = true},
    {"iam", "AddUserToGroup", 1, BY_CONSOLE, NULL,
     .request = "{'groupName':'developers','userName':'<user>'}", .global = true, .write = true},
    {"signin", "ConsoleLogin", 4, BY_USER, NULL, NULL, "{'ConsoleLogin':'Success'}",
     "{'LoginTo':'https://console.aws.amazon.com/console/"
     "home?hashArgs=%23&isauthcode=true&state=hashArgsFromTB_<region>_"
     "<hex8>','MobileVersion':'No','MFAIdentifier':'arn:aws:iam::<account>:mfa/<user>','MFAUsed':'Yes'}",
     .agent = "<browser>", .global = true, .write = true, .signin = true},

    /* buckets */
    {"s3", "GetBucketAcl", 100, BY_SERVICE, "cloudtrail.amazonaws.com",
     .request = "{" BUCKET_HOST ",'acl':''}", .extra = S3_EXTRA, .resources = BUCKET_RESOURCE,
     .shared = true},
    {"s3", "GetBucketPolicy", 55, BY_SERVICE, "config.amazonaws.com",
     .request = "{" BUCKET_HOST ",'policy':''}", .extra = S3_EXTRA, .resources = BUCKET_RESOURCE,
     .shared = true, .error = "NoSuchBucketPolicy", .message = "The bucket policy does not exist",
     .error_rate = 800},
    {"s3", "GetBucketEncryption", 40, BY_SERVICE, "config.amazonaws.com",
     .request = "{" BUCKET_HOST ",'encryption':''}", .extra = S3_EXTRA, .resources = BUCKET_RESOURCE,
     .shared = true},
    {"s3", "GetBucketTagging", 50, BY_FORWARD, "config.amazonaws.com",
     .request = "{" BUCKET_HOST ",'tagging':''}", .extra = S3_EXTRA, .resources = BUCKET_RESOURCE,
     .error = "NoSuchTagSet", .message = "The TagSet does not exist", .error_rate = 850},
    {"s3", "ListBuckets", 12, BY_CONSOLE, NULL, .request = "{'Host':'s3.<region>.amazonaws.com'}",
     .extra = S3_EXTRA},

    /* machines */
    {"ec2", "DescribeInstances", 60, BY_ROLE, NULL,
     .request =
         "{'instancesSet':{'items':[{'instanceId':'i-<hex17>'},{'instanceId':'i-<hex17>'}]},'filterSet':{}}",
     .error = "Client.RequestLimitExceeded", .message = "Request limit exceeded.", .error_rate = 200},
    {"ec2", "DescribeVolumes", 30, BY_ROLE, NULL,
     .request = "{'maxResults':<n>,'volumeSet':{},'filterSet':{'items':[{'name':'attachment.instance-id','"
                "valueSet':{'"
                "items':"
                "[{'value':'i-<hex17>'}]}}]}}"},
    {"ec2", "DescribeNetworkInterfaces", 40, BY_FORWARD, "elasticloadbalancing.amazonaws.com",
     .request = "{'networkInterfaceIdSet':{},'filterSet':{'items':[{'name':'description','valueSet':{'items':"
                "[{'value':"
                "'ELB app/<thing>/<hex17>'}]}}]}}"},
    {"ec2", "DescribeSecurityGroups", 25, BY_ROLE, NULL,
     .request =
         "{'securityGroupSet':{},'securityGroupIdSet':{'items':[{'groupId':'sg-<hex17>'}]},'filterSet':{}}",
     .error = "Client.InvalidGroup.NotFound", .message = "The security group `sg-<hex17>` does not exist",
     .error_rate = 150},
    {"ec2", "CreateNetworkInterface", 12, BY_FORWARD, "lambda.amazonaws.com",
     .request = "{'subnetId':'subnet-<hex17>','description':'AWS Lambda VPC "
                "ENI-<thing>-<uuid>','groupSet':{'items':[{'groupId':"
                "'sg-<hex17>'}]},'privateIpAddressesSet':{},'clientToken':'<uuid>'}",
     "{'requestId':'<request>','networkInterface':{'networkInterfaceId':'eni-<hex17>','subnetId':'subnet-<"
     "hex17>',"
     "'vpcId':'vpc-<hex17>','availabilityZone':'<region>a','description':'AWS Lambda VPC "
     "ENI-<thing>','ownerId':"
     "'<account>','requesterManaged':false,'status':'pending','macAddress':'0a:1b:2c:3d:4e:<n>','"
     "privateIpAddress':"
     "'10.0.12.<n>','sourceDestCheck':true,'interfaceType':'lambda','groupSet':{'items':[{'groupId':'sg-<"
     "hex17>',"
     "'groupName':'<thing>-lambda'}]},'tagSet':{}}}",
     .write = true},
    {"ec2", "AuthorizeSecurityGroupIngress", 2, BY_USER, NULL,
     .request =
         "{'groupId':'sg-<hex17>','ipPermissions':{'items':[{'ipProtocol':'tcp','fromPort':443,'toPort':443,'"
         "groups':{},"
         "'ipRanges':{'items':[{'cidrIp':'203.0.113.0/"
         "24','description':'office'}]},'ipv6Ranges':{},'prefixListIds':{}}]}}",
     "{'requestId':'<request>','_return':true,'securityGroupRuleSet':{'items':[{'groupOwnerId':'<account>','"
     "groupId':"
     "'sg-<hex17>','securityGroupRuleId':'sgr-<hex17>','description':'office','isEgress':false,'ipProtocol':'"
     "tcp',"
     "'fromPort':443,'toPort':443,'cidrIpv4':'203.0.113.0/24'}]}}",
     .write = true},
    {"ec2", "RunInstances", 6, BY_FORWARD, "autoscaling.amazonaws.com",
     .request =
         "{'instancesSet':{'items':[{'imageId':'ami-<hex17>','minCount':1,'maxCount':1}]},'instanceType':'"
         "m6i."
         "large',"
         "'blockDeviceMapping':{'items':[{'deviceName':'/dev/"
         "xvda','ebs':{'volumeSize':40,'deleteOnTermination':true,"
         "'volumeType':'gp3','encrypted':true}}]},'availabilityZone':'<region>b','monitoring':{'enabled':"
         "false},"
         "'disableApiTermination':false,'clientToken':'fleet-<uuid>','launchTemplate':{'launchTemplateId':'"
         "lt-<"
         "hex17>',"
         "'version':'<n>'},'tagSpecificationSet':{'items':[{'resourceType':'instance','tags':[{'key':'Name','"
         "value':"
         "'<thing>'},{'key':'aws:autoscaling:groupName','value':'<thing>-asg'}]}]}}",
     "{'requestId':'<request>','reservationId':'r-<hex17>','ownerId':'<account>','groupSet':{},'instancesSet'"
     ":{'items':"
     "[{'instanceId':'i-<hex17>','imageId':'ami-<hex17>','instanceState':{'code':0,'name':'pending'},'"
     "privateDnsName':"
     "'ip-10-0-31-<n>.<region>.compute.internal','amiLaunchIndex':0,'instanceType':'m6i.large','launchTime':"
     "1773480000000,'placement':{'availabilityZone':'<region>b','tenancy':'default'},'monitoring':{'state':'"
     "disabled'},"
     "'subnetId':'subnet-<hex17>','vpcId':'vpc-<hex17>','privateIpAddress':'10.0.31.<n>','stateReason':{'"
     "code':"
     "'pending','message':'pending'},'architecture':'x86_64','rootDeviceType':'ebs','rootDeviceName':'/dev/"
     "xvda',"
     "'virtualizationType':'hvm','hypervisor':'xen','groupSet':{'items':[{'groupId':'sg-<hex17>','groupName':"
     "'<thing>'}]},'sourceDestCheck':true,'networkInterfaceSet':{'items':[{'networkInterfaceId':'eni-<hex17>'"
     ","
     "'subnetId':'subnet-<hex17>','vpcId':'vpc-<hex17>','ownerId':'<account>','status':'in-use','macAddress':"
     "'0a:1b:2c:3d:4e:<n>','privateIpAddress':'10.0.31.<n>'}]},'ebsOptimized':false,'enaSupport':true}]}}",
     .write = true, .error = "Server.InsufficientInstanceCapacity",
     .message =
         "We currently do not have sufficient m6i.large capacity in the Availability Zone you requested.",
     .error_rate = 60},

    /* logs and what watches */
    {"logs", "CreateLogStream", 70, BY_FORWARD, "lambda.amazonaws.com",
     .request = "{'logGroupName':'/aws/lambda/<thing>','logStreamName':'2026/03/14/[$LATEST]<hex17><hex8>'}",
     .write = true, .error = "ResourceAlreadyExistsException",
     .message = "The specified log stream already exists", .error_rate = 60},
    {"logs", "DescribeLogGroups", 20, BY_CONSOLE, NULL,
     .request = "{'logGroupNamePrefix':'/aws/lambda/<thing>','limit':50}", .error = "ThrottlingException",
     .message = "Rate exceeded", .error_rate = 200},
    {"logs", "PutMetricFilter", 8, BY_USER, NULL,
     .request =
         "{'logGroupName':'/aws/cloudtrail/prod','filterName':'<thing>-errors','filterPattern':'{ $.status "
         "\\u003d 500 \\u0026\\u0026 "
         "$.service \\u003d \\'<thing>\\' "
         "}','metricTransformations':[{'metricName':'<thing>-errors','metricNamespace':"
         "'prod','metricValue':'1'}]}",
     .write = true},
    {"monitoring", "DescribeAlarms", 30, BY_ROLE, NULL,
     .request = "{'alarmNamePrefix':'<thing>-','maxRecords':<n>}"},
    {"cloudtrail", "LookupEvents", 10, BY_CONSOLE, NULL,
     .request =
         "{'lookupAttributes':[{'attributeKey':'ReadOnly','attributeValue':'false'}],'maxResults':50}"},
    {"health", "DescribeEventAggregates", 20, BY_CONSOLE, NULL,
     .request = "{'filter':{'eventStatusCodes':['open','upcoming']},'aggregateField':'eventTypeCategory'}",
     .global = true},
    {"config", "PutEvaluations", 25, BY_FORWARD, "config.amazonaws.com",
     .request =
         "{'evaluations':[{'complianceResourceType':'AWS::EC2::Volume','complianceResourceId':'vol-<hex17>','"
         "complianceType':"
         "'COMPLIANT','orderingTimestamp':'<expires>'}],'testMode':false}",
     "{'failedEvaluations':[]}", .write = true},

    /* what programs keep and run */
    {"ssm", "GetParameters", 40, BY_ROLE, NULL,
     .request = "{'withDecryption':true,'names':['/<thing>/prod/url','/<thing>/prod/password']}",
     .error = "ThrottlingException", .message = "Rate exceeded", .error_rate = 150},
    {"ssm", "UpdateInstanceInformation", 55, BY_ROLE, NULL,
     .request = "{'instanceId':'i-<hex17>','agentVersion':'3.3.131.0','agentStatus':'Active','platformType':'"
                "Linux','"
                "platformName':"
                "'Amazon Linux','platformVersion':'2023','ipAddress':'10.0.31.<n>','computerName':"
                "'ip-10-0-31-<n>.<region>.compute.internal','agentName':'amazon-ssm-agent','availabilityZone'"
                ":'<region>"
                "a'}",
     .write = true},
    {"secretsmanager", "GetSecretValue", 45, BY_ROLE, NULL,
     .request = "{'secretId':'arn:aws:secretsmanager:<region>:<account>:secret:<thing>/database-<hex8>'}",
     .error = "ResourceNotFoundException", .message = "Secrets Manager can`t find the specified secret.",
     .error_rate = 60},
    {"dynamodb", "DescribeTable", 45, BY_FORWARD, "application-autoscaling.amazonaws.com",
     .request = "{'tableName':'<thing>'}",
     .resources = "{'accountId':'<account>','type':'AWS::DynamoDB::Table','ARN':"
                  "'arn:aws:dynamodb:<region>:<account>:table/<thing>'}",
     .error = "ResourceNotFoundException",
     .message = "Requested resource not found: Table: <thing>-<hex8> not found", .error_rate = 80},
    {"rds", "DescribeDBInstances", 25, BY_ROLE, NULL, .request = "{'dBInstanceIdentifier':'<thing>-prod'}",
     .error = "DBInstanceNotFoundFault", .message = "DBInstance <thing>-prod not found.", .error_rate = 90},
    {"lambda", "GetFunctionConfiguration20150331v2", 15, BY_USER, NULL,
     .request = "{'functionName':'arn:aws:lambda:<region>:<account>:function:<thing>'}"},
    {"ecr", "BatchGetImage", 25, BY_FORWARD, "ecs.amazonaws.com",
     .request =
         "{'registryId':'<account>','repositoryName':'<thing>','imageIds':[{'imageTag':'release-<n>'}],'"
         "acceptedMediaTypes':"
         "['application/vnd.docker.distribution.manifest.v2+json','application/"
         "vnd.oci.image.manifest.v1+json']}",
     .resources = "{'accountId':'<account>','ARN':'arn:aws:ecr:<region>:<account>:repository/<thing>'}"},
    {"athena", "StartQueryExecution", 35, BY_ROLE, NULL,
     .request =
         "{'queryString':'SELECT day, count(*) AS n\\nFROM \\'<thing>\\'.\\'events\\'\\nWHERE status >= "
         "<n>\\nGROUP BY day\\nORDER BY "
         "n "
         "DESC','clientRequestToken':'<uuid>','queryExecutionContext':{'database':'<thing>'},'workGroup':'"
         "primary',"
         "'resultConfiguration':{'outputLocation':'s3://" BUCKET "/athena/'}}",
     "{'queryExecutionId':'<uuid>'}", .write = true, .error = "InvalidRequestException",
     .message = "line 2:6: Schema \\'<thing>\\' does not exist", .error_rate = 80},
    {"codedeploy", "GetDeployment", 6, BY_ROLE, NULL, .request = "{'deploymentId':'d-<hex8>'}"},
    {"codedeploy", "ListDeployments", 4, BY_CONSOLE, NULL,
     .request = "{'applicationName':'<thing>','deploymentGroupName':'<thing>-prod','includeOnlyStatuses':['"
                "InProgress']"
                "}"},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

/*
 * When somebody works: a share for each hour, and for days off. Programs and services are busy by day, too, for
 * people use what they serve, and never rest; people come at eight and go at six, eat at noon, and hardly come at
 * weekends. No account's counts are public, so these are no measurement: an office that sells to offices.
 */
struct rhythm {
    unsigned char hours[24];
    unsigned days_off; /* of 100 that it does on others */
};
static const struct rhythm programs = {
    {3, 3, 3, 3, 3, 4, 5, 7, 9, 10, 10, 9, 8, 9, 10, 10, 9, 8, 7, 6, 5, 4, 4, 3}, 70};
static const struct rhythm people = {
    {1, 1, 1, 1, 1, 1, 2, 8, 24, 36, 38, 36, 22, 30, 36, 34, 28, 16, 8, 5, 4, 3, 2, 1}, 12};

/* How busy each twenty minutes are, nothing in the silence. `ahead`: seconds that the rhythm is ahead of UTC. */
static unsigned busy(const struct rhythm *rhythm, int64_t ahead, unsigned piece, bool silence)
{
    bool silent = silence && piece >= SILENCE_FROM / 1200 && piece < SILENCE_TO / 1200;
    return silent ? 0 : rhythm->hours[(piece / 3 + (unsigned)(ahead / 3600)) % 24];
}

/* The moment by which the share i of n of the day's work is done. */
static int64_t moment(const struct rhythm *rhythm, int64_t ahead, uint64_t i, uint64_t n, bool silence)
{
    uint64_t whole = 0, before = 0;
    for (unsigned piece = 0; piece < 72; piece++)
        whole += busy(rhythm, ahead, piece, silence) * 1200;
    uint64_t at = i * whole / n;
    for (unsigned piece = 0; piece < 72; piece++) {
        unsigned share = busy(rhythm, ahead, piece, silence);
        if (at < before + share * 1200)
            return piece * 1200 + (int64_t)((at - before) / share);
        before += share * 1200;
    }
    return DAY_SECONDS - 1;
}

static const struct kind *kind_of(uint64_t ticket)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (ticket < kinds[i].weight)
            return &kinds[i];
        ticket -= kinds[i].weight;
    }
    return &kinds[0];
}

/* 0 is Sunday: 1970-01-01 was a Thursday. */
static unsigned weekday(int64_t day)
{
    return (unsigned)((day / DAY_SECONDS + 4) % 7);
}

static uint64_t all_tickets(void)
{
    uint64_t tickets = 0;
    for (size_t i = 0; i < KINDS; i++)
        tickets += kinds[i].weight;
    return tickets;
}

void background(struct items *items, int64_t day, size_t n, uint64_t seed)
{
    struct random r = {random_mix(seed, 7)};
    uint64_t tickets = all_tickets();
    for (size_t i = 0; i < n; i++) {
        int64_t time =
            day + moment(&programs, 0, i * 1000 + random_below(&r, 1000), (uint64_t)n * 1000, true);
        const struct kind *kind = kind_of(random_below(&r, tickets));
        items_add(items, kind, time, random_next(&r), false);
    }
}

/* Programs that the clock starts. */
static const struct kind nightly = {
    "sts",
    "AssumeRole",
    0,
    BY_SERVICE,
    "athena.amazonaws.com",
    .request = "{'roleArn':'arn:aws:iam::<account>:role/<role>','roleSessionName':'nightly-<hex8>'}",
    CREDENTIALS("<role>"),
    .resources = ROLE_RESOURCE("<role>"),
    .shared = true};
static const struct kind inventory = {"ec2",
                                      "DescribeInstances",
                                      0,
                                      BY_ROLE,
                                      NULL,
                                      .request = "{'maxResults':1000,'instancesSet':{},'filterSet':{}}",
                                      .error = "Client.RequestLimitExceeded",
                                      .message = "Request limit exceeded.",
                                      .error_rate = 300};
static const struct kind summary = {"ssm",
                                    "GetParameters",
                                    0,
                                    BY_ROLE,
                                    NULL,
                                    .request = "{'withDecryption':true,'names':['/<thing>/prod/url']}",
                                    .error = "ThrottlingException",
                                    .message = "Rate exceeded",
                                    .error_rate = 250};

struct job {
    const struct kind *kind;
    unsigned at, every, minutes; /* it begins, again, and lasts; of the day, UTC */
    unsigned share;              /* calls each time, about, of 1000 records of the day */
    unsigned weekdays;           /* bit 0 is Sunday */
};
static const struct job jobs[] = {
    {&nightly, 90, 1440, 45, 12, 0x7C}, /* behind each working day */
    {&inventory, 5, 60, 6, 3, 0x7F},    /* each hour, asks faster than it may */
    {&summary, 240, 1440, 90, 60, 0x01},
};

/* One run: a little late, and some have more to do. */
static void run(struct items *items, const struct job *job, int64_t time, size_t n, struct random *r)
{
    uint64_t calls = n * job->share * (70 + random_below(r, 61)) / 100000;
    time += (int64_t)random_below(r, 180);
    for (uint64_t i = 0; i < calls; i++) {
        int64_t at = time + (int64_t)random_below(r, job->minutes * 60);
        items_add(items, job->kind, at, random_next(r), false);
    }
}

static void run_jobs(struct items *items, int64_t day, size_t n, uint64_t seed)
{
    struct random r = {random_mix(seed, 9)};
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
        for (unsigned at = jobs[i].at; at < 1440 && jobs[i].weekdays >> weekday(day) & 1; at += jobs[i].every)
            run(items, &jobs[i], day + at * 60, n, &r);
}

void everyday(struct items *items, int64_t day, size_t n, uint64_t seed)
{
    struct random r = {random_mix(seed, 8)};
    uint64_t tickets = all_tickets(), today = 85 + random_below(&r, 16);
    bool off = weekday(day) == 0 || weekday(day) == 6;
    for (size_t i = 0; i < n; i++) {
        const struct kind *kind = kind_of(random_below(&r, tickets));
        bool person = kind->by == BY_USER || kind->by == BY_CONSOLE;
        const struct rhythm *rhythm = person ? &people : &programs;
        uint64_t share = off ? rhythm->days_off * today : 100 * today;
        int64_t time = moment(rhythm, person ? berlin_offset(day + DAY_SECONDS / 2) : 0,
                              i * 1000 + random_below(&r, 1000), (uint64_t)n * 1000, false);
        uint64_t of = random_next(&r);
        if (random_below(&r, 10000) < share)
            items_add(items, kind, day + time, of, false);
    }
    run_jobs(items, day, n, seed);
}

/* ---- items ---- */

void items_add(struct items *items, const struct kind *kind, int64_t time, uint64_t seed, bool twice)
{
    if (items->n == items->room) {
        items->room = items->room ? items->room * 2 : 4096;
        items->list = checked(realloc(items->list, items->room * sizeof *items->list));
    }
    items->list[items->n] = (struct item){time, seed, kind, (uint32_t)items->n, twice};
    items->n++;
}

static int earlier(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

void items_sort(struct items *items)
{
    qsort(items->list, items->n, sizeof *items->list, earlier);
}
