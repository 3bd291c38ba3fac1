/*
 * typical.c - a record as most are, and words as most names have, by which the plan judges how rare a text is.
 */
#include <ctype.h>

#include "trailc.h"

/* No fact about anybody: the keys and the habits of a record. */
static const char typical[] =
    "{\"eventVersion\":\"1.11\",\"userIdentity\":{\"type\":\"AssumedRole\",\"principalId\":"
    "\"AROACKCEVSQ6C2EXAMPLE:s\","
    "\"arn\":\"arn:aws:sts::123456789012:assumed-role/Role/"
    "session\",\"accountId\":\"123456789012\",\"accessKeyId\":"
    "\"ASIAIOSFODNN7EXAMPLE\",\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\",\"principalId\":"
    "\"AROACKCEVSQ6C2EXAMPLE\",\"arn\":\"arn:aws:iam::123456789012:role/"
    "Role\",\"accountId\":\"123456789012\","
    "\"userName\":\"Role\"},\"attributes\":{\"creationDate\":\"2026-03-14T02:03:04Z\",\"mfaAuthenticated\":"
    "\"false\"}}},"
    "\"eventTime\":\"2026-03-14T02:03:04Z\",\"eventSource\":\"service.amazonaws.com\",\"eventName\":"
    "\"DescribeThing\","
    "\"awsRegion\":\"eu-central-1\",\"sourceIPAddress\":\"192.0.2.80\",\"userAgent\":\"aws-cli/2.17.32 "
    "Mozilla/5.0\","
    "\"requestParameters\":{\"roleName\":\"x\"},\"responseElements\":null,\"requestID\":"
    "\"b06a9866-6c40-41c4-811c-b2fb041762c0\",\"eventID\":\"07f0e1bf-5829-425d-bd1d-457314a6eea1\","
    "\"readOnly\":true,"
    "\"resources\":[{\"accountId\":\"123456789012\",\"type\":\"AWS::Service::Thing\",\"ARN\":\"arn:aws:s3:::"
    "bucket\"}],"
    "\"eventType\":\"AwsApiCall\",\"managementEvent\":true,\"recipientAccountId\":\"123456789012\","
    "\"eventCategory\":"
    "\"Management\",\"tlsDetails\":{\"tlsVersion\":\"TLSv1.3\",\"cipherSuite\":\"TLS_AES_128_GCM_SHA256\","
    "\"clientProvidedHostHeader\":\"service.eu-central-1.amazonaws.com\"}}";

/* Of which names are made, and what parameters are called. */
static const char words[] =
    "access-account-action-active-address-admin-agent-alarm-alert-analytics-application-archive-artifact-"
    "asset-audit-authorization-auto-backend-backup-balancer-base-batch-bucket-build-cache-catalog-central-"
    "certificate-change-channel-check-client-cloud-cluster-code-collector-command-common-compute-config-"
    "configuration-connection-console-container-content-control-core-cost-create-credentials-customer-daily-"
    "dashboard-data-database-debug-default-delete-delivery-deploy-deployment-detail-developer-device-"
    "directory-disk-distribution-document-domain-download-east-edge-email-endpoint-engine-environment-error-"
    "event-example-execution-export-external-factory-failed-feature-file-filter-firewall-flow-folder-forward-"
    "frontend-function-gateway-general-generator-global-group-guard-handler-health-history-host-image-import-"
    "index-information-infrastructure-ingest-instance-integration-internal-inventory-invoice-job-key-lambda-"
    "landing-language-layer-library-license-lifecycle-limit-link-linux-list-load-local-lock-login-logging-"
    "machine-mail-main-manager-market-master-memory-message-metadata-metric-migration-mobile-model-module-"
    "monitor-monthly-network-node-north-notification-object-online-operation-operator-order-organization-"
    "origin-output-owner-package-parameter-parquet-partner-password-patch-payment-permission-person-pipeline-"
    "platform-policy-pool-portal-prepare-primary-private-process-processor-product-production-profile-"
    "program-project-protection-provider-proxy-public-publish-python-query-queue-reader-region-register-"
    "registry-release-remote-report-repository-request-reserved-resource-response-restore-result-retention-"
    "review-role-root-route-router-rule-runner-runtime-sample-scan-schedule-schema-search-secret-section-"
    "secure-security-select-server-service-session-setting-share-shipping-signal-simple-snapshot-software-"
    "source-south-stage-staging-standard-start-state-static-statistics-status-stock-storage-store-stream-"
    "string-subnet-support-switch-sync-system-table-target-task-team-template-temporary-terraform-test-text-"
    "ticket-time-token-tools-topic-trace-track-traffic-training-transfer-transport-trigger-trust-update-"
    "upload-user-utility-validation-value-vault-vendor-version-video-view-virtual-volume-warehouse-warning-"
    "watch-weekly-west-window-windows-worker-workflow-workspace-write-zone-bucketName-roleName-userName-"
    "groupName-policyName-policyArn-roleArn-resourceArn-functionName-tableName-logGroupName-logStreamName-"
    "keyId-secretId-instanceId-instanceType-imageId-volumeId-subnetId-vpcId-clusterName-encryptionContext-"
    "maxResults-nextToken-clientToken-clientRequestToken-filterSet-instancesSet-startTime-endTime-stackName-"
    "documentName-parameterName-topicArn-queueUrl-durationSeconds-roleSessionName-grantee-availabilityZone";

static bool same_letter(char a, char b, bool any_case)
{
    return a == b || (any_case && tolower((unsigned char)a) == tolower((unsigned char)b));
}

struct slice plan_typical(void)
{
    return (struct slice){typical, sizeof typical - 1};
}

struct slice plan_words(void)
{
    return (struct slice){words, sizeof words - 1};
}

unsigned plan_times_typical(struct slice text, bool any_case)
{
    unsigned times = 0;
    for (size_t i = 0; i + text.n < sizeof typical; i++) {
        size_t k = 0;
        while (k < text.n && same_letter(typical[i + k], text.p[k], any_case))
            k++;
        times += k == text.n;
    }
    return times;
}
