# The ten alerts of rules/cloudtrail-ten as a jq program: each match as the alert's id, a tab and the event's ID. With
# --argjson every true the input is prod-trail, and every record is one of the alert on silence.
def text: if type == "string" then . else "" end;
def ok: .errorCode == null;
def trusted: . == "123456789012" or . == "111122223333";
def grantee: "^arn:aws[a-z\\-]*:(iam|sts)::[0-9]{12}:";
def critical: . == "sg-0a11bcd22ef334455" or . == "sg-903004f8";

.eventName as $name | .eventID as $id
| (if $every then "no-log-stream" else empty end),
  (if (.errorCode | . == "AccessDenied" or . == "AccessDeniedException" or . == "AuthorizationError"
       or . == "Client.AuthFailure" or . == "Client.UnauthorizedOperation" or . == "ForbiddenException"
       or . == "UnauthorizedException" or . == "UnauthorizedOperation") then "process-failure" else empty end),
  (if ok and .readOnly != true and (.requestParameters | type) == "object"
      and (.requestParameters | (.groupId | critical) or (.ModifySecurityGroupRulesRequest | type == "object" and (.GroupId | critical)))
   then "security-group-modified" else empty end),
  (if $name == "AttachUserPolicy" and ok
      and (.requestParameters.policyArn | text | test("^arn:(aws|aws-cn|aws-us-gov):iam::aws:policy/AdministratorAccess$|^arn:aws:iam::aws:policy/IAMFullAccess$"))
   then "assigning-privileges" else empty end),
  (if $name == "AddUserToGroup" and ok and (.requestParameters.groupName | text | test("admin"; "i")) then "new-admin" else empty end),
  (if $name == "AssumeRole" and ok and .userIdentity.accountId != null and (.userIdentity.accountId | trusted | not)
   then "login-with-temporary-credentials" else empty end),
  (if $name == "CreateGrant" and ok
      and (.requestParameters.granteePrincipal | text | test(grantee)
           and ((sub(grantee; "") | test("[0-9]{12}")) or (split(":")[4] | trusted | not)))
   then "granting-permission-to-a-key" else empty end),
  (if ok and ($name == "CreateDeployment" or $name == "StartDeployment" or $name == "ContinueDeployment"
              or $name == "CreateContainerServiceDeployment") then "code-deployment" else empty end),
  (if $name == "ConsoleLogin" and (.userIdentity.userName | . == "break-glass" or . == "billing-root")
   then "specific-login-to-the-console" else empty end),
  (if $name == "ConsoleLogin" and (.responseElements | type == "object" and .ConsoleLogin == "Failure")
   then "too-many-login-failures" else empty end)
| . + "\t" + $id
