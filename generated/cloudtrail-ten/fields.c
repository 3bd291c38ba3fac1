/* fields.c - the values that output and counting need of a record that matched. */
#include "pack.h"

#include "trail/match.h"

/* The fields, and the paths on the way to them. */
enum place {
    AT_RECORD,
    AT_EVENT_TIME,
    AT_EVENT_ID,
    AT_USER_IDENTITY,
    AT_USER_IDENTITY_USER_NAME,
    AT_USER_IDENTITY_ARN,
    AT_SOURCE_IPADDRESS,
    AT_REQUEST_PARAMETERS,
    AT_EVENT_SOURCE,
    AT_EVENT_NAME,
    AT_ERROR_CODE,
    AT_ERROR_MESSAGE,
    AT_USER_AGENT,
    AT_AWS_REGION,
    AT_REQUEST_PARAMETERS_ROLE_ARN,
    AT_REQUEST_PARAMETERS_ROLE_SESSION_NAME,
    AT_RESPONSE_ELEMENTS,
    AT_RESPONSE_ELEMENTS_GRANT_ID,
    AT_RESPONSE_ELEMENTS_CONSOLE_LOGIN,
    AT_ADDITIONAL_EVENT_DATA,
    AT_ADDITIONAL_EVENT_DATA_MFAUSED,
};

/* The place that a key leads to. */
static inline uint32_t child(uint32_t place, const char *key, size_t n)
{
    switch (place) {
    case AT_RECORD:
        switch (n) {
        case 7:
            if (memcmp(key, "eventID", 7) == 0) {
                return AT_EVENT_ID;
            }
            break;
        case 9:
            switch (key[1]) {
            case 'v':
                if (memcmp(key, "eventTime", 9) == 0) {
                    return AT_EVENT_TIME;
                }
                if (memcmp(key, "eventName", 9) == 0) {
                    return AT_EVENT_NAME;
                }
                break;
            case 'r':
                if (memcmp(key, "errorCode", 9) == 0) {
                    return AT_ERROR_CODE;
                }
                break;
            case 's':
                if (memcmp(key, "userAgent", 9) == 0) {
                    return AT_USER_AGENT;
                }
                break;
            case 'w':
                if (memcmp(key, "awsRegion", 9) == 0) {
                    return AT_AWS_REGION;
                }
                break;
            default: break;
            }
            break;
        case 11:
            if (memcmp(key, "eventSource", 11) == 0) {
                return AT_EVENT_SOURCE;
            }
            break;
        case 12:
            if (memcmp(key, "userIdentity", 12) == 0) {
                return AT_USER_IDENTITY;
            }
            if (memcmp(key, "errorMessage", 12) == 0) {
                return AT_ERROR_MESSAGE;
            }
            break;
        case 15:
            if (memcmp(key, "sourceIPAddress", 15) == 0) {
                return AT_SOURCE_IPADDRESS;
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
        case 19:
            if (memcmp(key, "additionalEventData", 19) == 0) {
                return AT_ADDITIONAL_EVENT_DATA;
            }
            break;
        default: break;
        }
        return TRAIL_NOWHERE;
    case AT_USER_IDENTITY:
        switch (n) {
        case 3:
            if (memcmp(key, "arn", 3) == 0) {
                return AT_USER_IDENTITY_ARN;
            }
            break;
        case 8:
            if (memcmp(key, "userName", 8) == 0) {
                return AT_USER_IDENTITY_USER_NAME;
            }
            break;
        default: break;
        }
        return TRAIL_NOWHERE;
    case AT_REQUEST_PARAMETERS:
        switch (n) {
        case 7:
            if (memcmp(key, "roleArn", 7) == 0) {
                return AT_REQUEST_PARAMETERS_ROLE_ARN;
            }
            break;
        case 15:
            if (memcmp(key, "roleSessionName", 15) == 0) {
                return AT_REQUEST_PARAMETERS_ROLE_SESSION_NAME;
            }
            break;
        default: break;
        }
        return TRAIL_NOWHERE;
    case AT_RESPONSE_ELEMENTS:
        switch (n) {
        case 7:
            if (memcmp(key, "grantId", 7) == 0) {
                return AT_RESPONSE_ELEMENTS_GRANT_ID;
            }
            break;
        case 12:
            if (memcmp(key, "ConsoleLogin", 12) == 0) {
                return AT_RESPONSE_ELEMENTS_CONSOLE_LOGIN;
            }
            break;
        default: break;
        }
        return TRAIL_NOWHERE;
    case AT_ADDITIONAL_EVENT_DATA:
        switch (n) {
        case 7:
            if (memcmp(key, "MFAUsed", 7) == 0) {
                return AT_ADDITIONAL_EVENT_DATA_MFAUSED;
            }
            break;
        default: break;
        }
        return TRAIL_NOWHERE;
    default: return TRAIL_NOWHERE;
    }
}

static inline bool wants_whole(uint32_t place)
{
    switch (place) {
    case AT_EVENT_TIME: return true;
    case AT_EVENT_ID: return true;
    case AT_USER_IDENTITY: return true;
    case AT_USER_IDENTITY_USER_NAME: return true;
    case AT_USER_IDENTITY_ARN: return true;
    case AT_SOURCE_IPADDRESS: return true;
    case AT_REQUEST_PARAMETERS: return true;
    case AT_EVENT_SOURCE: return true;
    case AT_EVENT_NAME: return true;
    case AT_ERROR_CODE: return true;
    case AT_ERROR_MESSAGE: return true;
    case AT_USER_AGENT: return true;
    case AT_AWS_REGION: return true;
    case AT_REQUEST_PARAMETERS_ROLE_ARN: return true;
    case AT_REQUEST_PARAMETERS_ROLE_SESSION_NAME: return true;
    case AT_RESPONSE_ELEMENTS: return true;
    case AT_RESPONSE_ELEMENTS_GRANT_ID: return true;
    case AT_RESPONSE_ELEMENTS_CONSOLE_LOGIN: return true;
    case AT_ADDITIONAL_EVENT_DATA_MFAUSED: return true;
    default: return false;
    }
}

static inline void whole(struct trail_match *m, uint32_t place, struct trail_slice json, bool element)
{
    if (element)
        return;
    switch (place) {
    case AT_EVENT_TIME: m->field(m->field_user, 0, json); break;
    case AT_EVENT_ID: m->field(m->field_user, 1, json); break;
    case AT_USER_IDENTITY: m->field(m->field_user, 14, json); break;
    case AT_USER_IDENTITY_USER_NAME: m->field(m->field_user, 4, json); break;
    case AT_USER_IDENTITY_ARN: m->field(m->field_user, 5, json); break;
    case AT_SOURCE_IPADDRESS: m->field(m->field_user, 6, json); break;
    case AT_REQUEST_PARAMETERS: m->field(m->field_user, 7, json); break;
    case AT_EVENT_SOURCE: m->field(m->field_user, 8, json); break;
    case AT_EVENT_NAME: m->field(m->field_user, 9, json); break;
    case AT_ERROR_CODE: m->field(m->field_user, 10, json); break;
    case AT_ERROR_MESSAGE: m->field(m->field_user, 11, json); break;
    case AT_USER_AGENT: m->field(m->field_user, 12, json); break;
    case AT_AWS_REGION: m->field(m->field_user, 13, json); break;
    case AT_REQUEST_PARAMETERS_ROLE_ARN: m->field(m->field_user, 15, json); break;
    case AT_REQUEST_PARAMETERS_ROLE_SESSION_NAME: m->field(m->field_user, 16, json); break;
    case AT_RESPONSE_ELEMENTS: m->field(m->field_user, 18, json); break;
    case AT_RESPONSE_ELEMENTS_GRANT_ID: m->field(m->field_user, 17, json); break;
    case AT_RESPONSE_ELEMENTS_CONSOLE_LOGIN: m->field(m->field_user, 19, json); break;
    case AT_ADDITIONAL_EVENT_DATA_MFAUSED: m->field(m->field_user, 20, json); break;
    default: break;
    }
}

static const struct trail_visitor visitor = {child, NULL, wants_whole, whole};

/* Whether a key of the record leads to a field that is wanted. */
static inline bool leads(const struct trail_match *m, uint32_t place)
{
    if (!m->fields) {
        return true;
    }
    switch (place) {
    case AT_EVENT_TIME:
        return trail_get(m->fields, 0);
    case AT_EVENT_ID:
        return trail_get(m->fields, 1);
    case AT_USER_IDENTITY:
        return trail_get(m->fields, 14) ||
               trail_get(m->fields, 4) ||
               trail_get(m->fields, 5);
    case AT_SOURCE_IPADDRESS:
        return trail_get(m->fields, 6);
    case AT_REQUEST_PARAMETERS:
        return trail_get(m->fields, 7) ||
               trail_get(m->fields, 15) ||
               trail_get(m->fields, 16);
    case AT_EVENT_SOURCE:
        return trail_get(m->fields, 8);
    case AT_EVENT_NAME:
        return trail_get(m->fields, 9);
    case AT_ERROR_CODE:
        return trail_get(m->fields, 10);
    case AT_ERROR_MESSAGE:
        return trail_get(m->fields, 11);
    case AT_USER_AGENT:
        return trail_get(m->fields, 12);
    case AT_AWS_REGION:
        return trail_get(m->fields, 13);
    case AT_RESPONSE_ELEMENTS:
        return trail_get(m->fields, 18) ||
               trail_get(m->fields, 17) ||
               trail_get(m->fields, 19);
    case AT_ADDITIONAL_EVENT_DATA:
        return trail_get(m->fields, 20);
    default: return true;
    }
}

void fields_of(struct trail_match *m, const char *record, size_t n, trail_field_fn *fn, void *user)
{
    m->field = fn;
    m->field_user = user;
    trail_walk_record(m, &visitor, leads, record, n);
}
