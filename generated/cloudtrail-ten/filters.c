/* filters.c - the alerts' filters as Boolean functions of a record's tests. */
#include "pack.h"

#include "trail/match.h"

/*
 * Assigning privileges
 *
 *     eventName.keyword:AttachUserPolicy AND requestParameters.policyArn.keyword:@admin_policies AND NOT
 *     _exists_:errorCode
 */
static bool filter_assigning_privileges(const uint64_t *tests)
{
    return trail_get(tests, EVENT_NAME_IS_ATTACH_USER_POLICY_0) &&
        (trail_get(tests, REQUEST_PARAMETERS_POLICY_ARN_IS_ARN_AWS_IAM_AWS_POLICY_ADMINISTRATOR_ACCESS_1) ||
            trail_get(tests, REQUEST_PARAMETERS_POLICY_ARN_IS_ARN_AWS_CN_IAM_AWS_POLICY_ADMINISTRATOR_ACCESS_2) ||
            trail_get(tests, REQUEST_PARAMETERS_POLICY_ARN_IS_ARN_AWS_US_GOV_IAM_AWS_POLICY_ADMINISTRATOR_ACCESS_3) ||
            trail_get(tests, REQUEST_PARAMETERS_POLICY_ARN_IS_ARN_AWS_IAM_AWS_POLICY_IAMFULL_ACCESS_4)) &&
        !trail_get(tests, ERROR_CODE_EXISTS_5);
}

/*
 * Process failure
 *
 *     errorCode.keyword:@denied_error_codes
 */
static bool filter_process_failure(const uint64_t *tests)
{
    return trail_get(tests, ERROR_CODE_IS_ACCESS_DENIED_6) ||
        trail_get(tests, ERROR_CODE_IS_ACCESS_DENIED_EXCEPTION_7) ||
        trail_get(tests, ERROR_CODE_IS_AUTHORIZATION_ERROR_8) ||
        trail_get(tests, ERROR_CODE_IS_CLIENT_AUTH_FAILURE_9) ||
        trail_get(tests, ERROR_CODE_IS_CLIENT_UNAUTHORIZED_OPERATION_10) ||
        trail_get(tests, ERROR_CODE_IS_FORBIDDEN_EXCEPTION_11) ||
        trail_get(tests, ERROR_CODE_IS_UNAUTHORIZED_EXCEPTION_12) ||
        trail_get(tests, ERROR_CODE_IS_UNAUTHORIZED_OPERATION_13);
}

/*
 * New admin
 *
 *     eventName.keyword:AddUserToGroup AND requestParameters.groupName.keyword:/.*admin.*<2f>i AND NOT _exists_:errorCode
 */
static bool filter_new_admin(const uint64_t *tests)
{
    return trail_get(tests, EVENT_NAME_IS_ADD_USER_TO_GROUP_14) &&
        trail_get(tests, REQUEST_PARAMETERS_GROUP_NAME_MATCHES_15) &&
        !trail_get(tests, ERROR_CODE_EXISTS_5);
}

/*
 * Security group modified
 *
 *     (requestParameters.groupId.keyword:@critical_security_groups OR requestParameters.ModifySecurityGroupRulesRequest.GroupId.keyword:@critical_security_groups)
 *     AND NOT readOnly:true AND NOT _exists_:errorCode
 */
static bool filter_security_group_modified(const uint64_t *tests)
{
    return (trail_get(tests, REQUEST_PARAMETERS_GROUP_ID_IS_SG_0A11BCD22EF334455_16) ||
            trail_get(tests, REQUEST_PARAMETERS_GROUP_ID_IS_SG_903004F8_17) ||
            trail_get(tests, REQUEST_PARAMETERS_MODIFY_SECURITY_GROUP_RULES_R_IS_SG_0A11BCD22EF334455_18) ||
            trail_get(tests, REQUEST_PARAMETERS_MODIFY_SECURITY_GROUP_RULES_R_IS_SG_903004F8_19)) &&
        !trail_get(tests, READ_ONLY_HAS_TRUE_20) &&
        !trail_get(tests, ERROR_CODE_EXISTS_5);
}

/*
 * Login with temporary credentials
 *
 *     eventName.keyword:AssumeRole AND _exists_:userIdentity.accountId AND NOT userIdentity.accountId.keyword:@trusted_accounts
 *     AND NOT _exists_:errorCode
 */
static bool filter_login_with_temporary_credentials(const uint64_t *tests)
{
    return trail_get(tests, EVENT_NAME_IS_ASSUME_ROLE_21) &&
        trail_get(tests, USER_IDENTITY_ACCOUNT_ID_EXISTS_22) &&
        !(trail_get(tests, USER_IDENTITY_ACCOUNT_ID_IS_123456789012_23) ||
                trail_get(tests, USER_IDENTITY_ACCOUNT_ID_IS_111122223333_24)) &&
        !trail_get(tests, ERROR_CODE_EXISTS_5);
}

/*
 * Granting permission to a key
 *
 *     eventName.keyword:CreateGrant AND requestParameters.granteePrincipal.keyword:/arn:aws[a-z<5c>-]*:(iam|sts)::[0-9]{12}:.*<2f>
 *     AND NOT (requestParameters.granteePrincipal:@trusted_accounts AND NOT requestParameters.granteePrincipal.keyword:/arn:aws[a-z<5c>-]*:(iam|sts)::[0-9]{12}:.*[0-9]{12}.*<2f>)
 *     AND NOT _exists_:errorCode
 */
static bool filter_granting_permission_to_a_key(const uint64_t *tests)
{
    return trail_get(tests, EVENT_NAME_IS_CREATE_GRANT_25) &&
        trail_get(tests, REQUEST_PARAMETERS_GRANTEE_PRINCIPAL_MATCHES_26) &&
        !((trail_get(tests, REQUEST_PARAMETERS_GRANTEE_PRINCIPAL_HAS_123456789012_27) ||
                    trail_get(tests, REQUEST_PARAMETERS_GRANTEE_PRINCIPAL_HAS_111122223333_28)) &&
                !trail_get(tests, REQUEST_PARAMETERS_GRANTEE_PRINCIPAL_MATCHES_29)) &&
        !trail_get(tests, ERROR_CODE_EXISTS_5);
}

/*
 * Code deployment
 *
 *     eventName.keyword:@deployment_events AND NOT _exists_:errorCode
 */
static bool filter_code_deployment(const uint64_t *tests)
{
    return (trail_get(tests, EVENT_NAME_IS_CREATE_DEPLOYMENT_30) ||
            trail_get(tests, EVENT_NAME_IS_START_DEPLOYMENT_31) ||
            trail_get(tests, EVENT_NAME_IS_CONTINUE_DEPLOYMENT_32) ||
            trail_get(tests, EVENT_NAME_IS_CREATE_CONTAINER_SERVICE_DEPLOYMENT_33)) &&
        !trail_get(tests, ERROR_CODE_EXISTS_5);
}

/*
 * Specific login to the console
 *
 *     eventName.keyword:ConsoleLogin AND userIdentity.userName.keyword:@watched_users
 */
static bool filter_specific_login_to_the_console(const uint64_t *tests)
{
    return trail_get(tests, EVENT_NAME_IS_CONSOLE_LOGIN_34) &&
        (trail_get(tests, USER_IDENTITY_USER_NAME_IS_BREAK_GLASS_35) ||
            trail_get(tests, USER_IDENTITY_USER_NAME_IS_BILLING_ROOT_36));
}

/*
 * Too many login failures
 *
 *     eventName.keyword:ConsoleLogin AND responseElements.ConsoleLogin.keyword:Failure
 */
static bool filter_too_many_login_failures(const uint64_t *tests)
{
    return trail_get(tests, EVENT_NAME_IS_CONSOLE_LOGIN_34) &&
        trail_get(tests, RESPONSE_ELEMENTS_CONSOLE_LOGIN_IS_FAILURE_37);
}

/*
 * No log stream
 *
 *     *
 */
static bool filter_no_log_stream(const uint64_t *tests)
{
    (void)tests;
    return true;
}

bool (*const filters[])(const uint64_t *tests) = {
    [ALERT_assigning_privileges] = filter_assigning_privileges,
    [ALERT_process_failure] = filter_process_failure,
    [ALERT_new_admin] = filter_new_admin,
    [ALERT_security_group_modified] = filter_security_group_modified,
    [ALERT_login_with_temporary_credentials] = filter_login_with_temporary_credentials,
    [ALERT_granting_permission_to_a_key] = filter_granting_permission_to_a_key,
    [ALERT_code_deployment] = filter_code_deployment,
    [ALERT_specific_login_to_the_console] = filter_specific_login_to_the_console,
    [ALERT_too_many_login_failures] = filter_too_many_login_failures,
    [ALERT_no_log_stream] = filter_no_log_stream,
};
