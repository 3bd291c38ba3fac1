// The ten alerts of rules/cloudtrail-ten asked of DuckDB, one thread, in one pass over an NDJSON file of which it reads only the
// fields that they need. With --hits each match is printed as the alert's id, a tab and the event's ID; with --label the input
// is prod-trail, every record is one of the alert on silence, and which minutes have an event is asked, too.
//
//     node duckdb.mjs FOLDER [--label] [--hits] FILE       FOLDER: where `npm install @duckdb/node-api` was done
//     node duckdb.mjs FOLDER --version
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const [folder, ...rest] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(resolve(folder, 'x.js'))('@duckdb/node-api');
const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
const rows = async (sql) => (await connection.runAndReadAll(sql)).getRows();

if (rest[0] === '--version') {
    console.log('DuckDB ' + (await rows('SELECT version()'))[0][0]);
    process.exit(0);
}
const label = rest.includes('--label'), hits = rest.includes('--hits'), file = rest[rest.length - 1];
const trusted = "IN ('123456789012', '111122223333')";
const parameter = (name) => `(requestParameters->>'$.${name}')`;
const arn = 'arn:aws[a-z\\-]*:(iam|sts)::[0-9]{12}:';

const alerts = {
    'process-failure': `errorCode IN ('AccessDenied', 'AccessDeniedException', 'AuthorizationError', 'Client.AuthFailure',
        'Client.UnauthorizedOperation', 'ForbiddenException', 'UnauthorizedException', 'UnauthorizedOperation')`,
    'security-group-modified': `errorCode IS NULL AND readOnly IS DISTINCT FROM true
        AND (${parameter('groupId')} IN ('sg-0a11bcd22ef334455', 'sg-903004f8')
          OR ${parameter('ModifySecurityGroupRulesRequest.GroupId')} IN ('sg-0a11bcd22ef334455', 'sg-903004f8'))`,
    'assigning-privileges': `eventName = 'AttachUserPolicy' AND errorCode IS NULL AND ${parameter('policyArn')} IN
        ('arn:aws:iam::aws:policy/AdministratorAccess', 'arn:aws-cn:iam::aws:policy/AdministratorAccess',
         'arn:aws-us-gov:iam::aws:policy/AdministratorAccess', 'arn:aws:iam::aws:policy/IAMFullAccess')`,
    'new-admin': `eventName = 'AddUserToGroup' AND errorCode IS NULL AND ${parameter('groupName')} ILIKE '%admin%'`,
    'login-with-temporary-credentials': `eventName = 'AssumeRole' AND errorCode IS NULL
        AND userIdentity.accountId IS NOT NULL AND userIdentity.accountId NOT ${trusted}`,
    'granting-permission-to-a-key': `eventName = 'CreateGrant' AND errorCode IS NULL
        AND regexp_full_match(${parameter('granteePrincipal')}, '${arn}.*')
        AND NOT (split_part(${parameter('granteePrincipal')}, ':', 5) ${trusted}
                 AND NOT regexp_full_match(${parameter('granteePrincipal')}, '${arn}.*[0-9]{12}.*'))`,
    'code-deployment': `errorCode IS NULL AND eventName IN
        ('CreateDeployment', 'StartDeployment', 'ContinueDeployment', 'CreateContainerServiceDeployment')`,
    'specific-login-to-the-console': `eventName = 'ConsoleLogin' AND userIdentity.userName IN ('break-glass', 'billing-root')`,
    'too-many-login-failures': `eventName = 'ConsoleLogin' AND (responseElements->>'$.ConsoleLogin') = 'Failure'`,
};
const source = `read_ndjson('${file.replaceAll("'", "''")}', maximum_object_size = 2097152, columns = {
    eventTime: 'VARCHAR', eventName: 'VARCHAR', eventID: 'VARCHAR', errorCode: 'VARCHAR', readOnly: 'BOOLEAN',
    userIdentity: 'STRUCT(accountId VARCHAR, userName VARCHAR)', requestParameters: 'JSON', responseElements: 'JSON'})`;
const counts = Object.entries(alerts).map(([id, test], i) =>
    hits ? `list(eventID) FILTER (${test}) AS a${i}` : `count(*) FILTER (${test}) AS a${i}`);
if (label && hits)
    counts.push('list(eventID) AS every');

const minute = label ? 'epoch(eventTime::TIMESTAMP)::BIGINT // 60' : '0';
const answer = await rows(`SELECT ${minute} AS minute, ${counts.join(', ')} FROM ${source} GROUP BY 1`);
if (hits) {
    const names = [...Object.keys(alerts), 'no-log-stream'];
    for (const row of answer)
        row.slice(1).forEach((list, i) => list?.items.forEach((id) => console.log(names[i] + '\t' + id)));
}
