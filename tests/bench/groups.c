/*
 * groups.c - records of which a fifth count, each for one of many groups.
 *
 *     groups GROUPS >FILE
 *
 * Five records for each group, NDJSON of some 560 bytes each, in order of time over one day. Every fifth is a
 * GetSecretValue by a key, a group's own; the order of the keys jumps about, so that neighbours in the log are no
 * neighbours in a table. The same number gives the same bytes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define DAY INT64_C(86400)

enum { EVERY = 5, MOST = 10000000 };

static const char *const names[EVERY] = {"DescribeInstances", "Decrypt", "GetSecretValue", "GetBucketAcl",
                                         "DescribeTable"};
static const char *const sources[EVERY] = {"ec2", "kms", "secretsmanager", "s3", "dynamodb"};

/* A number's bits, spread: no two numbers give the same. */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 31;
    x *= UINT64_C(0x7fb5d329728ea185);
    x ^= x >> 27;
    x *= UINT64_C(0x81dadef4bc2dd44d);
    return x ^ x >> 33;
}

static void print_record(int64_t i, int64_t n)
{
    int64_t second = i * DAY / n, group = i / EVERY;
    int kind = (int)(i % EVERY);
    uint64_t id = mix((uint64_t)i + 1), key = mix((uint64_t)group + 1) >> 4;
    printf("{\"eventVersion\":\"1.11\",\"userIdentity\":{\"type\":\"IAMUser\",\"accountId\":\"123456789012\","
           "\"accessKeyId\":\"AKIA%015" PRIX64 "\",\"userName\":\"batch-%" PRId64 "\"},"
           "\"eventTime\":\"2026-03-14T%02d:%02d:%02dZ\",\"eventSource\":\"%s.amazonaws.com\",\"eventName\":"
           "\"%s\","
           "\"awsRegion\":\"eu-central-1\",\"sourceIPAddress\":\"198.51.100.%d\",\"userAgent\":\"aws-sdk-go-"
           "v2/1.30\","
           "\"requestParameters\":{\"name\":\"resource-%" PRIu64 "\"},\"responseElements\":null,"
           "\"eventID\":\"%08" PRIx32 "-0000-4000-8000-%012" PRIx64 "\",\"readOnly\":true,"
           "\"eventType\":\"AwsApiCall\",\"managementEvent\":true,\"recipientAccountId\":\"123456789012\"}\n",
           key, group % 1000, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60),
           sources[kind], names[kind], (int)(id % 200), id % 100000, (uint32_t)id, (uint64_t)i);
}

int main(int argc, char **argv)
{
    long groups = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
    if (groups < 1 || groups > MOST) {
        fputs("usage: groups GROUPS\n", stderr);
        return 2;
    }
    for (int64_t i = 0; i < (int64_t)groups * EVERY; i++)
        print_record(i, (int64_t)groups * EVERY);
    return fflush(stdout) == 0 ? 0 : 1;
}
