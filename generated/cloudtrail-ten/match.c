/* match.c - which alerts' filters does a record meet? The steps are in trail/match.h. */
#include "pack.h"

#include "trail/match.h"

/* The paths that filters ask about, and those on the way to them. */
enum place {
    AT_RECORD,
    AT_EVENT_TIME,
    AT_EVENT_NAME,
    AT_REQUEST_PARAMETERS,
    AT_REQUEST_PARAMETERS_POLICY_ARN,
    AT_ERROR_CODE,
    AT_REQUEST_PARAMETERS_GROUP_NAME,
    AT_REQUEST_PARAMETERS_GROUP_ID,
    AT_REQUEST_PARAMETERS_MODIFY_SECURITY_GROUP_RULES_REQUEST,
    AT_REQUEST_PARAMETERS_MODIFY_SECURITY_GROUP_RULES_REQUEST_GROUP_ID,
    AT_READ_ONLY,
    AT_USER_IDENTITY,
    AT_USER_IDENTITY_ACCOUNT_ID,
    AT_REQUEST_PARAMETERS_GRANTEE_PRINCIPAL,
    AT_USER_IDENTITY_USER_NAME,
    AT_RESPONSE_ELEMENTS,
    AT_RESPONSE_ELEMENTS_CONSOLE_LOGIN,
    AT_ERROR_CODE_ANYTHING_BELOW,
    AT_USER_IDENTITY_ACCOUNT_ID_ANYTHING_BELOW,
};

/* The place that a key leads to. */
static inline uint32_t child(uint32_t place, const char *key, size_t n)
{
    switch (place) {
    case AT_RECORD:
        switch (n) {
        case 8:
            if (memcmp(key, "readOnly", 8) == 0) {
                return AT_READ_ONLY;
            }
            break;
        case 9:
            if (memcmp(key, "eventTime", 9) == 0) {
                return AT_EVENT_TIME;
            }
            if (memcmp(key, "eventName", 9) == 0) {
                return AT_EVENT_NAME;
            }
            if (memcmp(key, "errorCode", 9) == 0) {
                return AT_ERROR_CODE;
            }
            break;
        case 12:
            if (memcmp(key, "userIdentity", 12) == 0) {
                return AT_USER_IDENTITY;
            }
            break;
        case 16:
            if (memcmp(key, "responseElements", 16) == 0) {
                return AT_RESPONSE_ELEMENTS;
            }
            break;
        case 17:
            if (memcmp(key, "requestParameters", 17) == 0) {
                return AT_REQUEST_PARAMETERS;
            }
            break;
        default: break;
        }
        return TRAIL_NOWHERE;
    case AT_REQUEST_PARAMETERS:
        switch (n) {
        case 7:
            if (memcmp(key, "groupId", 7) == 0) {
                return AT_REQUEST_PARAMETERS_GROUP_ID;
            }
            break;
        case 9:
            if (memcmp(key, "policyArn", 9) == 0) {
                return AT_REQUEST_PARAMETERS_POLICY_ARN;
            }
            if (memcmp(key, "groupName", 9) == 0) {
                return AT_REQUEST_PARAMETERS_GROUP_NAME;
            }
            break;
        case 16:
            if (memcmp(key, "granteePrincipal", 16) == 0) {
                return AT_REQUEST_PARAMETERS_GRANTEE_PRINCIPAL;
            }
            break;
        case 31:
            if (memcmp(key, "ModifySecurityGroupRulesRequest", 31) == 0) {
                return AT_REQUEST_PARAMETERS_MODIFY_SECURITY_GROUP_RULES_REQUEST;
            }
            break;
        default: break;
        }
        return TRAIL_NOWHERE;
    case AT_ERROR_CODE:
        return AT_ERROR_CODE_ANYTHING_BELOW;
    case AT_REQUEST_PARAMETERS_MODIFY_SECURITY_GROUP_RULES_REQUEST:
        switch (n) {
        case 7:
            if (memcmp(key, "GroupId", 7) == 0) {
                return AT_REQUEST_PARAMETERS_MODIFY_SECURITY_GROUP_RULES_REQUEST_GROUP_ID;
            }
            break;
        default: break;
        }
        return TRAIL_NOWHERE;
    case AT_USER_IDENTITY:
        switch (n) {
        case 8:
            if (memcmp(key, "userName", 8) == 0) {
                return AT_USER_IDENTITY_USER_NAME;
            }
            break;
        case 9:
            if (memcmp(key, "accountId", 9) == 0) {
                return AT_USER_IDENTITY_ACCOUNT_ID;
            }
            break;
        default: break;
        }
        return TRAIL_NOWHERE;
    case AT_USER_IDENTITY_ACCOUNT_ID:
        return AT_USER_IDENTITY_ACCOUNT_ID_ANYTHING_BELOW;
    case AT_RESPONSE_ELEMENTS:
        switch (n) {
        case 12:
            if (memcmp(key, "ConsoleLogin", 12) == 0) {
                return AT_RESPONSE_ELEMENTS_CONSOLE_LOGIN;
            }
            break;
        default: break;
        }
        return TRAIL_NOWHERE;
    case AT_ERROR_CODE_ANYTHING_BELOW:
        return AT_ERROR_CODE_ANYTHING_BELOW;
    case AT_USER_IDENTITY_ACCOUNT_ID_ANYTHING_BELOW:
        return AT_USER_IDENTITY_ACCOUNT_ID_ANYTHING_BELOW;
    default: return TRAIL_NOWHERE;
    }
}

/* --------
 * eventName
 */

/* A whole value here. */
static void at_event_name_keyword(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 10:
        if (memcmp(p, "AssumeRole", 10) == 0) {
            trail_set(m->tests, EVENT_NAME_IS_ASSUME_ROLE_21);
            trail_set(m->candidates, ALERT_login_with_temporary_credentials);
        }
        break;
    case 11:
        if (memcmp(p, "CreateGrant", 11) == 0) {
            trail_set(m->tests, EVENT_NAME_IS_CREATE_GRANT_25);
            trail_set(m->candidates, ALERT_granting_permission_to_a_key);
        }
        break;
    case 12:
        if (memcmp(p, "ConsoleLogin", 12) == 0) {
            trail_set(m->tests, EVENT_NAME_IS_CONSOLE_LOGIN_34);
            trail_set(m->candidates, ALERT_specific_login_to_the_console);
            trail_set(m->candidates, ALERT_too_many_login_failures);
        }
        break;
    case 14:
        if (memcmp(p, "AddUserToGroup", 14) == 0) {
            trail_set(m->tests, EVENT_NAME_IS_ADD_USER_TO_GROUP_14);
            trail_set(m->candidates, ALERT_new_admin);
        }
        break;
    case 15:
        if (memcmp(p, "StartDeployment", 15) == 0) {
            trail_set(m->tests, EVENT_NAME_IS_START_DEPLOYMENT_31);
            trail_set(m->candidates, ALERT_code_deployment);
        }
        break;
    case 16:
        if (memcmp(p, "AttachUserPolicy", 16) == 0) {
            trail_set(m->tests, EVENT_NAME_IS_ATTACH_USER_POLICY_0);
            trail_set(m->candidates, ALERT_assigning_privileges);
        }
        if (memcmp(p, "CreateDeployment", 16) == 0) {
            trail_set(m->tests, EVENT_NAME_IS_CREATE_DEPLOYMENT_30);
            trail_set(m->candidates, ALERT_code_deployment);
        }
        break;
    case 18:
        if (memcmp(p, "ContinueDeployment", 18) == 0) {
            trail_set(m->tests, EVENT_NAME_IS_CONTINUE_DEPLOYMENT_32);
            trail_set(m->candidates, ALERT_code_deployment);
        }
        break;
    case 32:
        if (memcmp(p, "CreateContainerServiceDeployment", 32) == 0) {
            trail_set(m->tests, EVENT_NAME_IS_CREATE_CONTAINER_SERVICE_DEPLOYMENT_33);
            trail_set(m->candidates, ALERT_code_deployment);
        }
        break;
    default: break;
    }
}

/* --------
 * requestParameters.policyArn
 */

/* A whole value here. */
static void at_request_parameters_policy_arn_keyword(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 37:
        if (memcmp(p, "arn:aws:iam::aws:policy/IAMFullAccess", 37) == 0) {
            trail_set(m->tests, REQUEST_PARAMETERS_POLICY_ARN_IS_ARN_AWS_IAM_AWS_POLICY_IAMFULL_ACCESS_4);
        }
        break;
    case 43:
        if (memcmp(p, "arn:aws:iam::aws:policy/AdministratorAccess", 43) == 0) {
            trail_set(m->tests, REQUEST_PARAMETERS_POLICY_ARN_IS_ARN_AWS_IAM_AWS_POLICY_ADMINISTRATOR_ACCESS_1);
        }
        break;
    case 46:
        if (memcmp(p, "arn:aws-cn:iam::aws:policy/AdministratorAccess", 46) == 0) {
            trail_set(m->tests, REQUEST_PARAMETERS_POLICY_ARN_IS_ARN_AWS_CN_IAM_AWS_POLICY_ADMINISTRATOR_ACCESS_2);
        }
        break;
    case 50:
        if (memcmp(p, "arn:aws-us-gov:iam::aws:policy/AdministratorAccess", 50) == 0) {
            trail_set(m->tests, REQUEST_PARAMETERS_POLICY_ARN_IS_ARN_AWS_US_GOV_IAM_AWS_POLICY_ADMINISTRATOR_ACCESS_3);
        }
        break;
    default: break;
    }
}

/* --------
 * errorCode
 */

/* A whole value here. */
static void at_error_code_keyword(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 12:
        if (memcmp(p, "AccessDenied", 12) == 0) {
            trail_set(m->tests, ERROR_CODE_IS_ACCESS_DENIED_6);
            trail_set(m->candidates, ALERT_process_failure);
        }
        break;
    case 18:
        if (memcmp(p, "AuthorizationError", 18) == 0) {
            trail_set(m->tests, ERROR_CODE_IS_AUTHORIZATION_ERROR_8);
            trail_set(m->candidates, ALERT_process_failure);
        }
        if (memcmp(p, "Client.AuthFailure", 18) == 0) {
            trail_set(m->tests, ERROR_CODE_IS_CLIENT_AUTH_FAILURE_9);
            trail_set(m->candidates, ALERT_process_failure);
        }
        if (memcmp(p, "ForbiddenException", 18) == 0) {
            trail_set(m->tests, ERROR_CODE_IS_FORBIDDEN_EXCEPTION_11);
            trail_set(m->candidates, ALERT_process_failure);
        }
        break;
    case 21:
        if (memcmp(p, "AccessDeniedException", 21) == 0) {
            trail_set(m->tests, ERROR_CODE_IS_ACCESS_DENIED_EXCEPTION_7);
            trail_set(m->candidates, ALERT_process_failure);
        }
        if (memcmp(p, "UnauthorizedException", 21) == 0) {
            trail_set(m->tests, ERROR_CODE_IS_UNAUTHORIZED_EXCEPTION_12);
            trail_set(m->candidates, ALERT_process_failure);
        }
        if (memcmp(p, "UnauthorizedOperation", 21) == 0) {
            trail_set(m->tests, ERROR_CODE_IS_UNAUTHORIZED_OPERATION_13);
            trail_set(m->candidates, ALERT_process_failure);
        }
        break;
    case 28:
        if (memcmp(p, "Client.UnauthorizedOperation", 28) == 0) {
            trail_set(m->tests, ERROR_CODE_IS_CLIENT_UNAUTHORIZED_OPERATION_10);
            trail_set(m->candidates, ALERT_process_failure);
        }
        break;
    default: break;
    }
}

/* --------
 * requestParameters.groupName
 */

/* A whole value here. */
static void at_request_parameters_group_name_keyword(struct trail_match *m, const char *p, size_t n)
{
    if (regex_0(p, n)) {
        trail_set(m->tests, REQUEST_PARAMETERS_GROUP_NAME_MATCHES_15);
    }
}

/* --------
 * requestParameters.groupId
 */

/* A whole value here. */
static void at_request_parameters_group_id_keyword(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 11:
        if (memcmp(p, "sg-903004f8", 11) == 0) {
            trail_set(m->tests, REQUEST_PARAMETERS_GROUP_ID_IS_SG_903004F8_17);
            trail_set(m->candidates, ALERT_security_group_modified);
        }
        break;
    case 20:
        if (memcmp(p, "sg-0a11bcd22ef334455", 20) == 0) {
            trail_set(m->tests, REQUEST_PARAMETERS_GROUP_ID_IS_SG_0A11BCD22EF334455_16);
            trail_set(m->candidates, ALERT_security_group_modified);
        }
        break;
    default: break;
    }
}

/* --------
 * requestParameters.ModifySecurityGroupRulesRequest.GroupId
 */

/* A whole value here. */
static void at_request_parameters_modify_security_group_rules_request_group_id_keyword(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 11:
        if (memcmp(p, "sg-903004f8", 11) == 0) {
            trail_set(m->tests, REQUEST_PARAMETERS_MODIFY_SECURITY_GROUP_RULES_R_IS_SG_903004F8_19);
            trail_set(m->candidates, ALERT_security_group_modified);
        }
        break;
    case 20:
        if (memcmp(p, "sg-0a11bcd22ef334455", 20) == 0) {
            trail_set(m->tests, REQUEST_PARAMETERS_MODIFY_SECURITY_GROUP_RULES_R_IS_SG_0A11BCD22EF334455_18);
            trail_set(m->candidates, ALERT_security_group_modified);
        }
        break;
    default: break;
    }
}

/* --------
 * readOnly
 */

/* Strings without which tests here cannot hold: text, length, test. */
static const struct trail_literal at_read_only_text_literals_list[] = {
    {"true", 4, 0},
};
static const struct trail_gram at_read_only_text_literals_grams[] = {
    {0, 0, 0},
};
static const uint64_t at_read_only_text_literals_bits[] = {
    0x40000000000000,
};
static const uint32_t at_read_only_text_literals_heads[] = {
    1,
};
static const struct trail_literals at_read_only_text_literals = {
    .width = 4,
    .step = 1,
    .shift = 26,
    .tests = 1,
    .ascii = true,
    .bits = at_read_only_text_literals_bits,
    .heads = at_read_only_text_literals_heads,
    .grams = at_read_only_text_literals_grams,
    .list = at_read_only_text_literals_list,
};

/* One token of a value here. */
static void at_read_only_token(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 4:
        if (memcmp(p, "true", 4) == 0) {
            trail_set(m->tests, READ_ONLY_HAS_TRUE_20);
        }
        break;
    default: break;
    }
}

static void at_read_only_text(struct trail_match *m, const struct trail_value *v)
{
    uint64_t maybe[1] = {0};
    if (!v->string) {
        at_read_only_token(m, trail_scalar_token(m, v), v->n);
        return;
    }
    if (!trail_literals_find(&at_read_only_text_literals, v->p, v->n, maybe))
        return;
    struct trail_tokens t;
    for (trail_tokens_start(&t, v->p, v->n); trail_tokens_next(&t);)
        at_read_only_token(m, t.p, t.n);
}

/* --------
 * userIdentity.accountId
 */

/* A whole value here. */
static void at_user_identity_account_id_keyword(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 12:
        if (memcmp(p, "123456789012", 12) == 0) {
            trail_set(m->tests, USER_IDENTITY_ACCOUNT_ID_IS_123456789012_23);
        }
        if (memcmp(p, "111122223333", 12) == 0) {
            trail_set(m->tests, USER_IDENTITY_ACCOUNT_ID_IS_111122223333_24);
        }
        break;
    default: break;
    }
}

/* --------
 * requestParameters.granteePrincipal
 */

/* Strings without which tests here cannot hold: text, length, test. */
static const struct trail_literal at_request_parameters_grantee_principal_text_literals_list[] = {
    {"123456789012", 12, 0},
    {"111122223333", 12, 0},
};
static const struct trail_gram at_request_parameters_grantee_principal_text_literals_grams[] = {
    {0, 0, 0}, {0, 1, 1}, {0, 2, 2}, {0, 3, 3}, {1, 4, 0}, {1, 5, 0}, {1, 6, 5}, {1, 7, 4},
};
static const uint64_t at_request_parameters_grantee_principal_text_literals_bits[] = {
    0x2000000000080000, 0x20000000030000, 0x0, 0x10,
};
static const uint32_t at_request_parameters_grantee_principal_text_literals_heads[] = {
    7, 8, 0, 6,
};
static const struct trail_literals at_request_parameters_grantee_principal_text_literals = {
    .width = 4,
    .step = 4,
    .shift = 24,
    .tests = 1,
    .ascii = true,
    .bits = at_request_parameters_grantee_principal_text_literals_bits,
    .heads = at_request_parameters_grantee_principal_text_literals_heads,
    .grams = at_request_parameters_grantee_principal_text_literals_grams,
    .list = at_request_parameters_grantee_principal_text_literals_list,
};

/* One token of a value here. */
static void at_request_parameters_grantee_principal_token(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 12:
        if (memcmp(p, "123456789012", 12) == 0) {
            trail_set(m->tests, REQUEST_PARAMETERS_GRANTEE_PRINCIPAL_HAS_123456789012_27);
        }
        if (memcmp(p, "111122223333", 12) == 0) {
            trail_set(m->tests, REQUEST_PARAMETERS_GRANTEE_PRINCIPAL_HAS_111122223333_28);
        }
        break;
    default: break;
    }
}

static void at_request_parameters_grantee_principal_text(struct trail_match *m, const struct trail_value *v)
{
    uint64_t maybe[1] = {0};
    if (!v->string) {
        at_request_parameters_grantee_principal_token(m, trail_scalar_token(m, v), v->n);
        return;
    }
    if (!trail_literals_find(&at_request_parameters_grantee_principal_text_literals, v->p, v->n, maybe))
        return;
    struct trail_tokens t;
    for (trail_tokens_start(&t, v->p, v->n); trail_tokens_next(&t);)
        at_request_parameters_grantee_principal_token(m, t.p, t.n);
}

/* A whole value here. */
static void at_request_parameters_grantee_principal_keyword(struct trail_match *m, const char *p, size_t n)
{
    if (regex_1(p, n)) {
        trail_set(m->tests, REQUEST_PARAMETERS_GRANTEE_PRINCIPAL_MATCHES_26);
    }
    if (regex_2(p, n)) {
        trail_set(m->tests, REQUEST_PARAMETERS_GRANTEE_PRINCIPAL_MATCHES_29);
    }
}

/* --------
 * userIdentity.userName
 */

/* A whole value here. */
static void at_user_identity_user_name_keyword(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 11:
        if (memcmp(p, "break-glass", 11) == 0) {
            trail_set(m->tests, USER_IDENTITY_USER_NAME_IS_BREAK_GLASS_35);
        }
        break;
    case 12:
        if (memcmp(p, "billing-root", 12) == 0) {
            trail_set(m->tests, USER_IDENTITY_USER_NAME_IS_BILLING_ROOT_36);
        }
        break;
    default: break;
    }
}

/* --------
 * responseElements.ConsoleLogin
 */

/* A whole value here. */
static void at_response_elements_console_login_keyword(struct trail_match *m, const char *p, size_t n)
{
    switch (n) {
    case 7:
        if (memcmp(p, "Failure", 7) == 0) {
            trail_set(m->tests, RESPONSE_ELEMENTS_CONSOLE_LOGIN_IS_FAILURE_37);
        }
        break;
    default: break;
    }
}

/* A value at a place: runs its tests. */
static inline void value(struct trail_match *m, uint32_t place, const struct trail_value *v)
{
    switch (place) {
    case AT_EVENT_TIME:
        if (!m->time.n)
            m->time = v->raw;
        break;
    case AT_EVENT_NAME:
        at_event_name_keyword(m, v->p, v->n);
        break;
    case AT_REQUEST_PARAMETERS_POLICY_ARN:
        at_request_parameters_policy_arn_keyword(m, v->p, v->n);
        break;
    case AT_ERROR_CODE:
        trail_set(m->tests, ERROR_CODE_EXISTS_5);
        at_error_code_keyword(m, v->p, v->n);
        break;
    case AT_REQUEST_PARAMETERS_GROUP_NAME:
        at_request_parameters_group_name_keyword(m, v->p, v->n);
        break;
    case AT_REQUEST_PARAMETERS_GROUP_ID:
        at_request_parameters_group_id_keyword(m, v->p, v->n);
        break;
    case AT_REQUEST_PARAMETERS_MODIFY_SECURITY_GROUP_RULES_REQUEST_GROUP_ID:
        at_request_parameters_modify_security_group_rules_request_group_id_keyword(m, v->p, v->n);
        break;
    case AT_READ_ONLY:
        at_read_only_text(m, v);
        break;
    case AT_USER_IDENTITY_ACCOUNT_ID:
        trail_set(m->tests, USER_IDENTITY_ACCOUNT_ID_EXISTS_22);
        at_user_identity_account_id_keyword(m, v->p, v->n);
        break;
    case AT_REQUEST_PARAMETERS_GRANTEE_PRINCIPAL:
        at_request_parameters_grantee_principal_text(m, v);
        at_request_parameters_grantee_principal_keyword(m, v->p, v->n);
        break;
    case AT_USER_IDENTITY_USER_NAME:
        at_user_identity_user_name_keyword(m, v->p, v->n);
        break;
    case AT_RESPONSE_ELEMENTS_CONSOLE_LOGIN:
        at_response_elements_console_login_keyword(m, v->p, v->n);
        break;
    case AT_ERROR_CODE_ANYTHING_BELOW:
        trail_set(m->tests, ERROR_CODE_EXISTS_5);
        break;
    case AT_USER_IDENTITY_ACCOUNT_ID_ANYTHING_BELOW:
        trail_set(m->tests, USER_IDENTITY_ACCOUNT_ID_EXISTS_22);
        break;
    default: break;
    }
}

/* Places whose JSON text is asked about. */
static inline bool wants_whole(uint32_t place)
{
    switch (place) {
    default: return false;
    }
}

static inline void whole(struct trail_match *m, uint32_t place, struct trail_slice json, bool element)
{
    (void)m;
    (void)element;
    if (trail_absent(json))
        return;
    switch (place) {
    default: break;
    }
}

/* The root's keys that the pack knows. */
enum root {
    ROOT_EVENT_TIME,
    ROOT_EVENT_NAME,
    ROOT_REQUEST_PARAMETERS,
    ROOT_ERROR_CODE,
    ROOT_READ_ONLY,
    ROOT_USER_IDENTITY,
    ROOT_RESPONSE_ELEMENTS,
    ROOTS
};

static const uint32_t root_places[ROOTS] = {
    [ROOT_EVENT_TIME] = AT_EVENT_TIME,
    [ROOT_EVENT_NAME] = AT_EVENT_NAME,
    [ROOT_REQUEST_PARAMETERS] = AT_REQUEST_PARAMETERS,
    [ROOT_ERROR_CODE] = AT_ERROR_CODE,
    [ROOT_READ_ONLY] = AT_READ_ONLY,
    [ROOT_USER_IDENTITY] = AT_USER_IDENTITY,
    [ROOT_RESPONSE_ELEMENTS] = AT_RESPONSE_ELEMENTS,
};

static inline uint32_t root(const char *key, size_t n)
{
    switch (n) {
    case 8:
        if (memcmp(key, "readOnly", 8) == 0) {
            return ROOT_READ_ONLY;
        }
        break;
    case 9:
        if (memcmp(key, "eventTime", 9) == 0) {
            return ROOT_EVENT_TIME;
        }
        if (memcmp(key, "eventName", 9) == 0) {
            return ROOT_EVENT_NAME;
        }
        if (memcmp(key, "errorCode", 9) == 0) {
            return ROOT_ERROR_CODE;
        }
        break;
    case 12:
        if (memcmp(key, "userIdentity", 12) == 0) {
            return ROOT_USER_IDENTITY;
        }
        break;
    case 16:
        if (memcmp(key, "responseElements", 16) == 0) {
            return ROOT_RESPONSE_ELEMENTS;
        }
        break;
    case 17:
        if (memcmp(key, "requestParameters", 17) == 0) {
            return ROOT_REQUEST_PARAMETERS;
        }
        break;
    default: break;
    }
    return TRAIL_NOWHERE;
}

#define BIT(i) ((uint64_t)1 << ((i) % 64))

/* Looked into in every record: the time and the discriminators. */
static const uint64_t first[ROOTS / 64 + 1] = {BIT(ROOT_EVENT_TIME) | BIT(ROOT_EVENT_NAME) | BIT(ROOT_REQUEST_PARAMETERS) | BIT(ROOT_ERROR_CODE), };

/* What each alert's filter looks into. */
static const uint64_t needs[ALERTS][ROOTS / 64 + 1] = {
    [ALERT_assigning_privileges] = {BIT(ROOT_EVENT_NAME) | BIT(ROOT_REQUEST_PARAMETERS) | BIT(ROOT_ERROR_CODE), },
    [ALERT_process_failure] = {BIT(ROOT_ERROR_CODE), },
    [ALERT_new_admin] = {BIT(ROOT_EVENT_NAME) | BIT(ROOT_REQUEST_PARAMETERS) | BIT(ROOT_ERROR_CODE), },
    [ALERT_security_group_modified] = {BIT(ROOT_REQUEST_PARAMETERS) | BIT(ROOT_ERROR_CODE) | BIT(ROOT_READ_ONLY), },
    [ALERT_login_with_temporary_credentials] = {BIT(ROOT_EVENT_NAME) | BIT(ROOT_ERROR_CODE) | BIT(ROOT_USER_IDENTITY), },
    [ALERT_granting_permission_to_a_key] = {BIT(ROOT_EVENT_NAME) | BIT(ROOT_REQUEST_PARAMETERS) | BIT(ROOT_ERROR_CODE), },
    [ALERT_code_deployment] = {BIT(ROOT_EVENT_NAME) | BIT(ROOT_ERROR_CODE), },
    [ALERT_specific_login_to_the_console] = {BIT(ROOT_EVENT_NAME) | BIT(ROOT_USER_IDENTITY), },
    [ALERT_too_many_login_failures] = {BIT(ROOT_EVENT_NAME) | BIT(ROOT_RESPONSE_ELEMENTS), },
    [ALERT_no_log_stream] = {0, },
};

/* Asked of every record: no discriminator rules them out. */
static const uint64_t residual[ALERTS / 64 + 1] = {BIT(ALERT_no_log_stream), };

/* Ask about every value of the record. */
static const uint64_t everything[ALERTS / 64 + 1] = {0, };

static const struct trail_visitor visitor = {child, value, wants_whole, whole};

static const struct trail_plan plan = {
    .n_roots = ROOTS,
    .root = root,
    .places = root_places,
    .root_words = ROOTS / 64 + 1,
    .first = first,
    .time = ROOT_EVENT_TIME,
    .needs = &needs[0][0],
    .residual = residual,
    .everything = everything,
    .filters = filters,
};

void match(struct trail_match *m, const char *record, size_t n)
{
    struct trail_span spans[ROOTS] = {{NULL, NULL}};
    uint64_t needed[ROOTS / 64 + 1];
    trail_match_record(m, &visitor, &plan, record, n, spans, needed);
}

bool asks(struct trail_match *m, uint32_t root_number, const char *p, const char *end)
{
    return trail_ask_root(m, &visitor, &plan, root_number, p, end);
}
