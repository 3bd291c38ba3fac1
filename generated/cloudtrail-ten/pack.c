/* pack.c - the pack's constants; trail/pack.h says what they mean. */
#include "pack.h"

static const char *const fields[] = {
    "eventTime",
    "eventID",
    NULL,
    NULL,
    "userIdentity.userName",
    "userIdentity.arn",
    "sourceIPAddress",
    "requestParameters",
    "eventSource",
    "eventName",
    "errorCode",
    "errorMessage",
    "userAgent",
    "awsRegion",
    "userIdentity",
    "requestParameters.roleArn",
    "requestParameters.roleSessionName",
    "responseElements.grantId",
    "responseElements",
    "responseElements.ConsoleLogin",
    "additionalEventData.MFAUsed",
};

static const int64_t zone_0_from[] = {
    INT64_C(0), INT64_C(323830800), INT64_C(338950800), INT64_C(354675600), INT64_C(370400400), INT64_C(386125200),
    INT64_C(401850000), INT64_C(417574800), INT64_C(433299600), INT64_C(449024400), INT64_C(465354000), INT64_C(481078800),
    INT64_C(496803600), INT64_C(512528400), INT64_C(528253200), INT64_C(543978000), INT64_C(559702800), INT64_C(575427600),
    INT64_C(591152400), INT64_C(606877200), INT64_C(622602000), INT64_C(638326800), INT64_C(654656400), INT64_C(670381200),
    INT64_C(686106000), INT64_C(701830800), INT64_C(717555600), INT64_C(733280400), INT64_C(749005200), INT64_C(764730000),
    INT64_C(780454800), INT64_C(796179600), INT64_C(811904400), INT64_C(828234000), INT64_C(846378000), INT64_C(859683600),
    INT64_C(877827600), INT64_C(891133200), INT64_C(909277200), INT64_C(922582800), INT64_C(941331600), INT64_C(954032400),
    INT64_C(972781200), INT64_C(985482000), INT64_C(1004230800), INT64_C(1017536400), INT64_C(1035680400), INT64_C(1048986000),
    INT64_C(1067130000), INT64_C(1080435600), INT64_C(1099184400), INT64_C(1111885200), INT64_C(1130634000), INT64_C(1143334800),
    INT64_C(1162083600), INT64_C(1174784400), INT64_C(1193533200), INT64_C(1206838800), INT64_C(1224982800), INT64_C(1238288400),
    INT64_C(1256432400), INT64_C(1269738000), INT64_C(1288486800), INT64_C(1301187600), INT64_C(1319936400), INT64_C(1332637200),
    INT64_C(1351386000), INT64_C(1364691600), INT64_C(1382835600), INT64_C(1396141200), INT64_C(1414285200), INT64_C(1427590800),
    INT64_C(1445734800), INT64_C(1459040400), INT64_C(1477789200), INT64_C(1490490000), INT64_C(1509238800), INT64_C(1521939600),
    INT64_C(1540688400), INT64_C(1553994000), INT64_C(1572138000), INT64_C(1585443600), INT64_C(1603587600), INT64_C(1616893200),
    INT64_C(1635642000), INT64_C(1648342800), INT64_C(1667091600), INT64_C(1679792400), INT64_C(1698541200), INT64_C(1711846800),
    INT64_C(1729990800), INT64_C(1743296400), INT64_C(1761440400), INT64_C(1774746000), INT64_C(1792890000), INT64_C(1806195600),
    INT64_C(1824944400), INT64_C(1837645200), INT64_C(1856394000), INT64_C(1869094800), INT64_C(1887843600), INT64_C(1901149200),
    INT64_C(1919293200), INT64_C(1932598800), INT64_C(1950742800), INT64_C(1964048400), INT64_C(1982797200), INT64_C(1995498000),
    INT64_C(2014246800), INT64_C(2026947600), INT64_C(2045696400), INT64_C(2058397200), INT64_C(2077146000), INT64_C(2090451600),
    INT64_C(2108595600), INT64_C(2121901200), INT64_C(2140045200), INT64_C(2153350800), INT64_C(2172099600), INT64_C(2184800400),
    INT64_C(2203549200), INT64_C(2216250000), INT64_C(2234998800), INT64_C(2248304400), INT64_C(2266448400), INT64_C(2279754000),
    INT64_C(2297898000), INT64_C(2311203600), INT64_C(2329347600), INT64_C(2342653200), INT64_C(2361402000), INT64_C(2374102800),
    INT64_C(2392851600), INT64_C(2405552400), INT64_C(2424301200), INT64_C(2437606800), INT64_C(2455750800), INT64_C(2469056400),
    INT64_C(2487200400), INT64_C(2500506000), INT64_C(2519254800), INT64_C(2531955600), INT64_C(2550704400), INT64_C(2563405200),
    INT64_C(2582154000), INT64_C(2595459600), INT64_C(2613603600), INT64_C(2626909200), INT64_C(2645053200), INT64_C(2658358800),
    INT64_C(2676502800), INT64_C(2689808400), INT64_C(2708557200), INT64_C(2721258000), INT64_C(2740006800), INT64_C(2752707600),
    INT64_C(2771456400), INT64_C(2784762000), INT64_C(2802906000), INT64_C(2816211600), INT64_C(2834355600), INT64_C(2847661200),
    INT64_C(2866410000), INT64_C(2879110800), INT64_C(2897859600), INT64_C(2910560400), INT64_C(2929309200), INT64_C(2942010000),
    INT64_C(2960758800), INT64_C(2974064400), INT64_C(2992208400), INT64_C(3005514000), INT64_C(3023658000), INT64_C(3036963600),
    INT64_C(3055712400), INT64_C(3068413200), INT64_C(3087162000), INT64_C(3099862800), INT64_C(3118611600), INT64_C(3131917200),
    INT64_C(3150061200), INT64_C(3163366800), INT64_C(3181510800), INT64_C(3194816400), INT64_C(3212960400), INT64_C(3226266000),
    INT64_C(3245014800), INT64_C(3257715600), INT64_C(3276464400), INT64_C(3289165200), INT64_C(3307914000), INT64_C(3321219600),
    INT64_C(3339363600), INT64_C(3352669200), INT64_C(3370813200), INT64_C(3384118800), INT64_C(3402867600), INT64_C(3415568400),
    INT64_C(3434317200), INT64_C(3447018000), INT64_C(3465766800), INT64_C(3479072400), INT64_C(3497216400), INT64_C(3510522000),
    INT64_C(3528666000), INT64_C(3541971600), INT64_C(3560115600), INT64_C(3573421200), INT64_C(3592170000), INT64_C(3604870800),
    INT64_C(3623619600), INT64_C(3636320400), INT64_C(3655069200), INT64_C(3668374800), INT64_C(3686518800), INT64_C(3699824400),
    INT64_C(3717968400), INT64_C(3731274000), INT64_C(3750022800), INT64_C(3762723600), INT64_C(3781472400), INT64_C(3794173200),
    INT64_C(3812922000), INT64_C(3825622800), INT64_C(3844371600), INT64_C(3857677200), INT64_C(3875821200), INT64_C(3889126800),
    INT64_C(3907270800), INT64_C(3920576400), INT64_C(3939325200), INT64_C(3952026000), INT64_C(3970774800), INT64_C(3983475600),
    INT64_C(4002224400), INT64_C(4015530000), INT64_C(4033674000), INT64_C(4046979600), INT64_C(4065123600), INT64_C(4078429200),
    INT64_C(4096573200),
};
static const int32_t zone_0_offset[] = {
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200, 3600, 7200,
    3600,
};
static const struct trail_zone zone_0 = {"Europe/Berlin", 241, zone_0_from, zone_0_offset};

static const struct trail_condition assigning_privileges_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 1, .n = UINT64_C(0), .span = INT64_C(0)},
};
static const uint16_t assigning_privileges_show[] = {4, 5, 6, 7};
static const char *const assigning_privileges_notify[] = {"security-mail", "sec-ops-slack", "soar"};
static const char *const assigning_privileges_tags[] = {"attack.t1098", "attack.t1098.003"};

static const struct trail_condition process_failure_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 4, .n = UINT64_C(0), .span = INT64_C(0)},
};
static const uint16_t process_failure_group_by[] = {5};
static const uint16_t process_failure_show[] = {5, 8, 9, 10, 11, 6, 12};
static const char *const process_failure_notify[] = {"sec-ops-slack", "soar"};
static const char *const process_failure_tags[] = {"attack.t1526", "attack.t1580"};

static const struct trail_condition new_admin_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 1, .n = UINT64_C(0), .span = INT64_C(0)},
};
static const uint16_t new_admin_show[] = {4, 5, 6, 7};
static const char *const new_admin_notify[] = {"security-mail", "sec-ops-slack", "soar"};
static const char *const new_admin_tags[] = {"attack.t1098"};

static const struct trail_condition security_group_modified_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 2, .n = UINT64_C(0), .span = INT64_C(0)},
};
static const uint16_t security_group_modified_show[] = {5, 9, 13, 6, 7};
static const char *const security_group_modified_notify[] = {"security-mail", "sec-ops-slack", "soar"};
static const char *const security_group_modified_tags[] = {"attack.t1562.007"};

static const struct trail_condition login_with_temporary_credentials_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 2, .n = UINT64_C(0), .span = INT64_C(0)},
};
static const uint16_t login_with_temporary_credentials_show[] = {14, 6, 12, 15, 16};
static const char *const login_with_temporary_credentials_notify[] = {"security-mail", "sec-ops-slack", "soar"};
static const char *const login_with_temporary_credentials_tags[] = {"attack.t1078.004", "attack.t1199", "attack.t1550.001"};

static const struct trail_condition granting_permission_to_a_key_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 1, .n = UINT64_C(0), .span = INT64_C(0)},
};
static const uint16_t granting_permission_to_a_key_show[] = {5, 6, 7, 17};
static const char *const granting_permission_to_a_key_notify[] = {"security-mail", "sec-ops-slack", "soar"};
static const char *const granting_permission_to_a_key_tags[] = {"attack.t1098", "attack.t1537"};

static const struct trail_condition code_deployment_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 3, .n = UINT64_C(0), .span = INT64_C(0)},
};
static const uint16_t code_deployment_show[] = {5, 6, 8, 9, 7, 18};
static const struct trail_hours code_deployment_active[] = {
    {.days = 0x7f, .from = 0, .to = 1380, .zone = &zone_0},
};
static const char *const code_deployment_notify[] = {"sec-ops-slack", "soar"};
static const char *const code_deployment_tags[] = {"attack.t1072"};

static const struct trail_condition specific_login_to_the_console_when[] = {
    {.when = TRAIL_IMMEDIATELY, .priority = 2, .n = UINT64_C(0), .span = INT64_C(0)},
};
static const uint16_t specific_login_to_the_console_show[] = {4, 5, 6, 12, 19, 20};
static const char *const specific_login_to_the_console_notify[] = {"security-mail", "sec-ops-slack", "soar"};
static const char *const specific_login_to_the_console_tags[] = {"attack.t1078.004"};

static const struct trail_condition too_many_login_failures_when[] = {
    {.when = TRAIL_MORE_THAN, .priority = 2, .n = UINT64_C(100), .span = INT64_C(600000)},
};
static const uint16_t too_many_login_failures_breakdown[] = {4, 6};
static const uint16_t too_many_login_failures_show[] = {4, 6, 12, 11};
static const char *const too_many_login_failures_notify[] = {"security-mail", "sec-ops-slack", "soar"};
static const char *const too_many_login_failures_tags[] = {"attack.t1110", "attack.t1110.003"};

static const struct trail_condition no_log_stream_when[] = {
    {.when = TRAIL_LESS_THAN, .priority = 1, .n = UINT64_C(1), .span = INT64_C(1800000)},
};
static const struct trail_label no_log_stream_applications[] = {
    {.exclude = false, .pattern = {"prod-trail", 10}},
};
static const char *const no_log_stream_notify[] = {"security-mail", "sec-ops-slack", "soar"};
static const char *const no_log_stream_tags[] = {"attack.t1562.008"};

static const struct trail_alert alerts[ALERTS] = {
    [ALERT_assigning_privileges] = {
        .id = "assigning-privileges",
        .name = "Assigning privileges",
        .description = "A user was given administrator rights by a policy attached to it. Whoever holds that user\047s keys now owns the account. Check first: who did it (userIdentity, sourceIPAddress) and whether a change was announced. If not, detach the policy, deactivate the access keys of both users, and look for what the new administrator did since.",
        .filter = "eventName.keyword:AttachUserPolicy AND requestParameters.policyArn.keyword:@admin_policies AND NOT _exists_:errorCode",
        .when = "immediately",
        .priority = 1,
        .n_conditions = 1,
        .conditions = assigning_privileges_when,
        .show = {4, assigning_privileges_show},
        .notify = {3, assigning_privileges_notify},
        .tags = {2, assigning_privileges_tags},
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "102c202002bf753545988715f8c922a983180d67f7036c4d1be2600e2b749ff4",
    },
    [ALERT_process_failure] = {
        .id = "process-failure",
        .name = "Process failure",
        .description = "A call was refused for want of permission. One is a mistake in a policy; many of different kinds from one principal are somebody finding out what stolen keys can do. Check first: is the principal a program that was just deployed, and what else did it call in the last hour. Repeats of one principal are held back for an hour and counted.",
        .filter = "errorCode.keyword:@denied_error_codes",
        .when = "immediately",
        .priority = 4,
        .n_conditions = 1,
        .conditions = process_failure_when,
        .group_by = {1, process_failure_group_by},
        .show = {7, process_failure_show},
        .notify = {2, process_failure_notify},
        .tags = {2, process_failure_tags},
        .notify_every = INT64_C(3600000),
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "5ec40d44f15315906761e652c0a2a32fc2c5eeefca1d7d2e5b7bd9834d0d53c1",
    },
    [ALERT_new_admin] = {
        .id = "new-admin",
        .name = "New admin",
        .description = "A user joined a group whose name says administrators. Check first: is there a request for it, and does the one who added the user belong to those who may. If not, remove the user from the group and deactivate its keys and password.",
        .filter = "eventName.keyword:AddUserToGroup AND requestParameters.groupName.keyword:/.\052admin.\052/i AND NOT _exists_:errorCode",
        .when = "immediately",
        .priority = 1,
        .n_conditions = 1,
        .conditions = new_admin_when,
        .show = {4, new_admin_show},
        .notify = {3, new_admin_notify},
        .tags = {1, new_admin_tags},
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "b3d4a556689164d8f9de17210b648bc593b884fbf11b55dafe7e65bbbad148d9",
    },
    [ALERT_security_group_modified] = {
        .id = "security-group-modified",
        .name = "Security group modified",
        .description = "The rules of a critical security group were changed, or the group was deleted. Check first: requestParameters.ipPermissions, whether anything opened to 0.0.0.0/0 or ::/0, and for which ports. If nobody announced it, take the rule back and look at the connections that came in since (VPC flow logs).",
        .filter = "(requestParameters.groupId.keyword:@critical_security_groups OR requestParameters.ModifySecurityGroupRulesRequest.GroupId.keyword:@critical_security_groups) AND NOT readOnly:true AND NOT _exists_:errorCode",
        .when = "immediately",
        .priority = 2,
        .n_conditions = 1,
        .conditions = security_group_modified_when,
        .show = {5, security_group_modified_show},
        .notify = {3, security_group_modified_notify},
        .tags = {1, security_group_modified_tags},
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "6258b953a66cdcd9dd24c35421c59241623906d4aa93476326efe0155cc8f6b4",
    },
    [ALERT_login_with_temporary_credentials] = {
        .id = "login-with-temporary-credentials",
        .name = "Login with temporary credentials",
        .description = "A role of ours was assumed by a principal of an account that is not on the list of trusted ones: somebody outside now holds temporary credentials here. Check first: whose account userIdentity.accountId is and who wrote the role\047s trust policy. If nobody knows, take the account out of the trust policy and revoke the role\047s active sessions.",
        .filter = "eventName.keyword:AssumeRole AND _exists_:userIdentity.accountId AND NOT userIdentity.accountId.keyword:@trusted_accounts AND NOT _exists_:errorCode",
        .when = "immediately",
        .priority = 2,
        .n_conditions = 1,
        .conditions = login_with_temporary_credentials_when,
        .show = {5, login_with_temporary_credentials_show},
        .notify = {3, login_with_temporary_credentials_notify},
        .tags = {3, login_with_temporary_credentials_tags},
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "43eccb5b5ca6fc65a06c13ff5b758cf6a63a51a6ba7329d97c32b5f7a00236af",
    },
    [ALERT_granting_permission_to_a_key] = {
        .id = "granting-permission-to-a-key",
        .name = "Granting permission to a key",
        .description = "A KMS key of ours was granted to a principal of an account that is not trusted: whoever that is may now use the key for the operations listed. Check first: requestParameters.operations (Decrypt opens what the key protects) and who made the grant. If it is not wanted, revoke it (kms revoke-grant with responseElements.grantId) and look for Decrypt calls since.",
        .filter = "eventName.keyword:CreateGrant AND requestParameters.granteePrincipal.keyword:/arn:aws[a-z\134-]\052:(iam|sts)::[0-9]{12}:.\052/ AND NOT (requestParameters.granteePrincipal:@trusted_accounts AND NOT requestParameters.granteePrincipal.keyword:/arn:aws[a-z\134-]\052:(iam|sts)::[0-9]{12}:.\052[0-9]{12}.\052/) AND NOT _exists_:errorCode",
        .when = "immediately",
        .priority = 1,
        .n_conditions = 1,
        .conditions = granting_permission_to_a_key_when,
        .show = {4, granting_permission_to_a_key_show},
        .notify = {3, granting_permission_to_a_key_notify},
        .tags = {2, granting_permission_to_a_key_tags},
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "1c569f612c1105a7b069e92befe3b124e214155757c0811dfcbd6c22aaa4e509",
    },
    [ALERT_code_deployment] = {
        .id = "code-deployment",
        .name = "Code deployment",
        .description = "New code was deployed outside the hour that deployments are allowed in, 23:00 to midnight local time. Check first: who started it, from which revision, and whether it is an emergency fix that somebody announced. If not, stop the deployment (with its roll-back) and compare the revision with what was reviewed.",
        .filter = "eventName.keyword:@deployment_events AND NOT _exists_:errorCode",
        .when = "immediately",
        .priority = 3,
        .n_conditions = 1,
        .conditions = code_deployment_when,
        .show = {6, code_deployment_show},
        .n_active = 1,
        .active = code_deployment_active,
        .notify = {2, code_deployment_notify},
        .tags = {1, code_deployment_tags},
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "e670b39f3f9e2cdad54cc0257131aedd5552bc11217e7facb1c0262375b2800e",
    },
    [ALERT_specific_login_to_the_console] = {
        .id = "specific-login-to-the-console",
        .name = "Specific login to the console",
        .description = "Somebody used, or tried, the console login of a watched user, an account that nobody needs on an ordinary day. Check first: responseElements.ConsoleLogin (Success or Failure), additionalEventData.MFAUsed, and whether the user\047s keepers were just called out. If not, change the password, end the sessions, and follow what the user did.",
        .filter = "eventName.keyword:ConsoleLogin AND userIdentity.userName.keyword:@watched_users",
        .when = "immediately",
        .priority = 2,
        .n_conditions = 1,
        .conditions = specific_login_to_the_console_when,
        .show = {6, specific_login_to_the_console_show},
        .notify = {3, specific_login_to_the_console_notify},
        .tags = {1, specific_login_to_the_console_tags},
        .notify_resolved = false,
        .retire = INT64_C(86400000),
        .hash = "948af3f5af31ec953d51e50fadc725e6662d3d89a3267ac3b63224ed9e6dd426",
    },
    [ALERT_too_many_login_failures] = {
        .id = "too-many-login-failures",
        .name = "Too many login failures",
        .description = "More than a hundred logins to the console failed within ten minutes: passwords are being guessed. Check first: the distribution of users and addresses below (one user from many addresses, or many users from one), and whether any of those users logged in with success meanwhile. Block the addresses, and change the passwords of users that were hit.",
        .filter = "eventName.keyword:ConsoleLogin AND responseElements.ConsoleLogin.keyword:Failure",
        .when = "more than 100 in 10m",
        .priority = 2,
        .n_conditions = 1,
        .conditions = too_many_login_failures_when,
        .breakdown = {2, too_many_login_failures_breakdown},
        .show = {4, too_many_login_failures_show},
        .notify = {3, too_many_login_failures_notify},
        .tags = {2, too_many_login_failures_tags},
        .notify_resolved = true,
        .retire = INT64_C(86400000),
        .hash = "5ccbbef6b92eeb713c38dbbda49e869e4b6a88614f26b22ab9a48e22b2f6567d",
    },
    [ALERT_no_log_stream] = {
        .id = "no-log-stream",
        .name = "No log stream",
        .description = "For half an hour nothing came from the production trail; while it is silent, no other alert can fire. Check first: whether the trail still logs (cloudtrail get-trail-status), whether its bucket, bucket policy or key changed, and the last StopLogging, UpdateTrail, PutEventSelectors or DeleteTrail in the account. Somebody who does harm turns the log off first.",
        .filter = "\052",
        .when = "less than 1 in 30m",
        .priority = 1,
        .n_conditions = 1,
        .conditions = no_log_stream_when,
        .applications = {1, no_log_stream_applications},
        .notify = {3, no_log_stream_notify},
        .tags = {1, no_log_stream_tags},
        .notify_every = INT64_C(3600000),
        .notify_resolved = true,
        .retire = INT64_C(86400000),
        .hash = "16104f341ba742201ec5487a9694f8d16a0ec1c4dc17a57b1a659e92f3a0314c",
    },
};

/* What the sieve looks for. */
static const uint32_t wanted_by_1[] = {ALERT_assigning_privileges, ALERT_new_admin, ALERT_login_with_temporary_credentials, ALERT_granting_permission_to_a_key, ALERT_code_deployment, ALERT_specific_login_to_the_console, ALERT_too_many_login_failures};
static const uint32_t wanted_by_2[] = {ALERT_process_failure};
static const uint32_t wanted_by_3[] = {ALERT_security_group_modified};
static const uint32_t wanted_by_4[] = {ALERT_security_group_modified};
static const uint64_t values_of_1[16] = {0x10000000, 0x20, 0x0, 0x0, 0x4, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x200000000100, 0x10000, 0x400000000000000, 0x1000000, 0x4000000000000};
static const uint64_t values_of_2[16] = {0x0, 0x0, 0x0, 0x0, 0x40000000000000, 0x2000000000000, 0x0, 0x0, 0x0, 0x40000000, 0x1000, 0x0, 0x80000, 0x0, 0x0, 0x1000000000000000};

static const struct trail_needle needle_list[] = {
    {.text = {"\042eventTime\042", 11}, .at = 5, .time = true, .root = true, .number = 0},
    {.text = {"\042eventName\042", 11}, .at = 4, .print_class = 1, .root = true, .number = 1, .n = 7, .alerts = wanted_by_1, .n_begin = 8, .values = values_of_1},
    {.text = {"\042errorCode\042", 11}, .at = 6, .print_class = 2, .root = true, .number = 3, .n = 1, .alerts = wanted_by_2, .n_begin = 8, .values = values_of_2},
    {.text = {"\042sg-0a11bcd22ef334455\042", 22}, .at = 1, .print_class = 3, .n = 1, .alerts = wanted_by_3},
    {.text = {"\042sg-903004f8\042", 13}, .at = 1, .print_class = 3, .n = 1, .alerts = wanted_by_4},
};

/* Of these no text is known: any record may meet them. */
static const uint64_t always[ALERTS / 64 + 1] = {(uint64_t)1 << (ALERT_no_log_stream % 64), };

/* Every record does meet these. */
static const uint64_t every[ALERTS / 64 + 1] = {(uint64_t)1 << (ALERT_no_log_stream % 64), };

/* Of these the texts tell in records of ASCII alone. */
static const uint64_t ascii[ALERTS / 64 + 1] = {0, };

/* What records hold behind a key of the root, */
static const struct trail_within within[] = {
    {.key = {"\042requestParameters", 18}, .name = {"policyArn\042", 10}},
    {.key = {"\042requestParameters", 18}, .name = {"groupName\042", 10}},
    {.key = {"\042userIdentity", 13}, .name = {"accountId", 9}},
    {.key = {"\042requestParameters", 18}, .name = {"granteePrincipal\042", 17}},
    {.key = {"\042userIdentity", 13}, .name = {"userName\042", 9}},
    {.key = {"\042responseElements", 17}, .name = {"ConsoleLogin\042", 13}},
};

/* and which of these each alert's do. */
static const uint32_t within_of[ALERTS + 1] = {
    [ALERT_assigning_privileges] = 1,
    [ALERT_new_admin] = 2,
    [ALERT_login_with_temporary_credentials] = 3,
    [ALERT_granting_permission_to_a_key] = 4,
    [ALERT_specific_login_to_the_console] = 5,
    [ALERT_too_many_login_failures] = 6,
};

static const struct trail_needles needles = {
    .n = 5,
    .list = needle_list,
    .always = always,
    .every = every,
    .ascii = ascii,
    .within = within,
    .within_of = within_of,
    .asks = asks,
};

const struct trail_pack cloudtrail_ten_pack = {
    .abi = TRAIL_ABI,
    .name = "cloudtrail-ten",
    .version = "1.0",
    .hash = "ff5a9a9f195cd5cb876a7aaf2415ba91afc955b8dcf599c9d3424e7185cfc17a",
    .n_alerts = ALERTS,
    .alerts = alerts,
    .n_tests = TESTS,
    .n_fields = sizeof fields / sizeof *fields,
    .fields = fields,
    .match = match,
    .fields_of = fields_of,
    .needles = &needles,
};
