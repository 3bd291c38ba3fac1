#!/bin/sh
# rules.sh N: prints a pack of N made-up rules, always the same for the same N. Nine in ten name an event and ask for more than
# its name; one in ten names none, and asks every record a regex or a wildcard over its request parameters or ARNs.
# Of those that name an event one in twenty names one that is common in tests/day, the others one that is not in it:
# most rules of a large pack wait for what seldom happens. Those are made up: `schema: none`.
set -eu
if [ $# -ne 1 ] || ! [ "$1" -gt 0 ] 2>/dev/null; then
    echo "usage: rules.sh N" >&2
    exit 2
fi
exec awk -v n="$1" '
function pick(words, salt) { return words[1 + (i * 31 + int(i / 7) * 17 + salt * 13) % words[0]] }
function list(words, text,    count) { count = split(text, words, " "); words[0] = count }

# What a rule asks beside the name of its event.
function second(kind) {
    if (kind == 0) return "requestParameters." pick(parameters, 1) ".keyword:/.*" pick(things, 2) "-" i "[0-9]*-.*/"
    if (kind == 1) return "requestParameters." pick(parameters, 3) ":" pick(things, 4) i "*"
    if (kind == 2) return "userIdentity.arn.keyword:*role\\/" pick(things, 5) "\\-" i "*"
    if (kind == 3) return "NOT userIdentity.userName.keyword:(" pick(things, 6) " OR " pick(things, 7) "\\-" i ")"
    if (kind == 4) return "sourceIPAddress.ip:\"10." i % 250 ".0.0/16\" AND NOT _exists_:errorCode"
    if (kind == 5) return "userAgent:(" pick(agents, 8) " OR " pick(agents, 9) i "*)"
    return "responseElements." pick(parameters, 10) ".keyword:" pick(things, 11) "\\-" i
}

# What a rule asks that names no event.
function residual(kind) {
    if (kind == 0) return "requestParameters." pick(parameters, 1) ".keyword:/" pick(things, 2) "-" i "-[a-z0-9]+/"
    if (kind == 1) return "userIdentity.arn.keyword:/arn:aws:sts::[0-9]{12}:assumed-role\\/" pick(things, 3) "-" i "-.*/"
    if (kind == 2) return "requestParameters." pick(parameters, 4) ".keyword:*" pick(things, 5) "\\-" i "*"
    if (kind == 3) return "resources.ARN.keyword:*\\:" pick(things, 6) "\\-" i "\\/*"
    return "requestParameters." pick(parameters, 7) ":/" pick(things, 8) "[0-9]*" i "/ AND readOnly:false"
}

function condition(kind) {
    if (kind == 0) return "when: more than 20 in 10m\ngroup_by: [userIdentity.arn]"
    if (kind == 1) return "when: at least 5 in 1h\ngroup_by: [sourceIPAddress]"
    return "when: immediately"
}

BEGIN {
    list(verbs, "Create Delete Update Put Attach Detach Modify Disable Enable Register Associate Reset Restore Revoke Import Cancel Tag")
    list(nouns, "AccessAnalyzer BackupVault Broker CachePolicy Canary CertificateAuthority ClusterParameter CodeRepository Connector ConformancePack DataCatalog DataSource DetectorFilter DirectConnect DomainName EndpointGroup EventBus FirewallRule FlowLog GatewayRoute GraphqlApi HostedZone IdentityPool ImageBuilder IngestionJob IpamPool JobQueue KeyRotation LaunchTemplate Listener LoggingOptions MailDomain MeshRoute NotebookInstance OrganizationUnit PatchBaseline PipelineStage PlacementGroup ProxyTarget QueuePolicy RecoveryPoint ReplicationSet ResolverRule ResourceShare RuleGroup SamlProvider ScalingPlan SecretVersion ServiceQuota SnapshotBlock StateMachine StorageLens StreamConsumer TopicPolicy TrustStore UserPool VaultLock VirtualMfa VpnTunnel WorkGroupLimit")
    list(common, "AssumeRole Decrypt GetBucketAcl GenerateDataKey DescribeInstances GetSecretValue DescribeTable GetParameters CreateLogStream StartQueryExecution DescribeVolumes PutEvaluations RunInstances ConsoleLogin GetRole")
    list(parameters, "bucketName roleName policyArn functionName keyId secretId tableName logGroupName instanceId roleArn groupName userName")
    list(things, "staging payroll vendor legacy sandbox exports mirror ledger archive quarantine tokens forensics migrate canary partner")
    list(agents, "curl wget nmap kali masscan hydra pacu sqlmap gobuster nikto")
    print "pack: made-up-" n "\nschema: none"
    for (i = 1; i <= n; i++) {
        print "---\nalert: Rule " i "\npriority: P" 1 + i % 5
        if (i % 10 == 0)
            print "filter: >-\n  " residual(int(i / 10) % 5)
        else
            print "filter: >-\n  eventName.keyword:" (i % 20 == 7 ? pick(common, 0) : verbs[1 + i % verbs[0]] nouns[1 + int(i / verbs[0]) % nouns[0]]) \
                "\n  AND " second(i % 20 == 7 && i % 7 == 3 ? 0 : i % 7)
        print condition(i % 8)
    }
}'
