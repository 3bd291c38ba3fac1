/*
 * keys.c - every key that a rule document may have. The loader reads by these tables, and `trailc schema`
 * prints them.
 *
 * A new key is one line here, and a type in values.c when no type fits.
 */
#include "document.h"

#define LENGTH(array)      (sizeof(array) / sizeof *(array))
#define AT(type, member)   .at = offsetof(type, member)
#define MANY(type, member) .at = offsetof(type, member), .count = offsetof(type, n_##member)

static const struct key alert_keys[] = {
    {"alert", &type_name, AT(struct alert, name), .example = "New admin", .required = true, .own = true,
     .says = "The alert's name, unique in the pack."},
    {"id", &type_id, AT(struct alert, id), .example = "new-admin", .own = true,
     .says = "The alert's ID, unique in the pack. Made of the name when not given."},
    {"description", &type_text, AT(struct alert, description),
     .example = "A user joined an administrators' group.",
     .says = "What it means, for the person who is notified."},
    {"priority", &type_priority, AT(struct alert, priority), .example = "P2",
     .says = "P1 (critical) to P5 (information). Default P3."},
    {"filter", &type_filter, AT(struct alert, filter), .example = "eventName:AddUserToGroup",
     .says = "Which events it is about, in the filter language. Needed, here or in the defaults; '*' is "
             "every event."},
    {"when", &type_when, MANY(struct alert, when), .example = "more than 100 in 10m",
     .says =
         "When it fires: immediately (the default), or more than, at least, less than or at most N in D, or "
         "more or less than usual in D. A list of "
         "conditions gives each its priority; the highest that holds wins."},
    {"group_by", &type_paths, MANY(struct alert, group_by), .example = "[userIdentity.userName]",
     .says = "Fields: the condition holds for each value (or tuple of values) by itself."},
    {"breakdown", &type_paths, MANY(struct alert, breakdown), .example = "[sourceIPAddress]",
     .says = "Fields whose distribution of values the notification lists."},
    {"active", &type_active, MANY(struct alert, active),
     .example = "{days: Mon-Fri, from: \"08:00\", to: \"18:00\"}",
     .says = "When it may fire; counting goes on at other times. Default always."},
    {"applications", &type_labels, MANY(struct alert, applications), .example = "[prod-*, {not: prod-test}]",
     .says = "Which inputs it is about, by their application."},
    {"subsystems", &type_labels, MANY(struct alert, subsystems), .example = "[iam*]",
     .says = "Which inputs it is about, by their subsystem."},
    {"show", &type_paths, MANY(struct alert, show), .example = "[userIdentity.userName, requestParameters]",
     .says = "Fields that the notification carries. Default the whole event."},
    {"notify", &type_channels, MANY(struct alert, notify), .example = "[security-mail]",
     .says = "Channels, which are configured where the scanner runs."},
    {"notify_every", &type_duration, AT(struct alert, notify_every), .example = "10m",
     .says = "How often to notify again while the condition holds (default 10m); for immediate alerts, at "
             "most how often."},
    {"notify_resolved", &type_flag, AT(struct alert, notify_resolved), .example = "true",
     .says = "Whether to notify when the condition no longer holds. Default false."},
    {"retire", &type_duration, AT(struct alert, retire), .example = "24h",
     .says = "After how long a silent group is forgotten. Default 24h."},
    {"tags", &type_tags, MANY(struct alert, tags), .example = "[attack.t1098]",
     .says = "Labels that the notification carries."},
    {"tests", &type_tests, MANY(struct alert, tests),
     .example = "[{name: an admin, events: [{eventName: AddUserToGroup}], fires: true}]",
     .says = "Events and whether the alert fires on them; `trailc test` runs them."},
};

static const struct key header_keys[] = {
    {"pack", &type_name, AT(struct header, pack.name), .example = "cloudtrail-ten",
     .says = "The pack's name. Default the name of its directory or file."},
    {"version", &type_version, AT(struct header, pack.version), .example = "\"1.0\"",
     .says = "The pack's version."},
    {"schema", &type_log_schema, AT(struct header, pack.schema), .example = "cloudtrail",
     .says = "What the events are: cloudtrail (the default), or none for any other JSON log."},
    {"time", &type_path, AT(struct header, pack.time), .example = "eventTime",
     .says =
         "The field with the event's time: RFC 3339, or epoch seconds or milliseconds. Default eventTime."},
    {"event_id", &type_path, AT(struct header, pack.event_id), .example = "eventID",
     .says = "The field that tells events apart. Default eventID."},
    {"application", &type_path, AT(struct header, pack.application), .example = "service.name",
     .says = "The field to take the application from, where the input names none."},
    {"subsystem", &type_path, AT(struct header, pack.subsystem), .example = "eventSource",
     .says = "The field to take the subsystem from, where the input names none."},
    {"lists", &type_lists, .at = offsetof(struct header, pack.lists),
     .count = offsetof(struct header, pack.n_lists),
     .example = "{admins: [alice, bob], bad_addresses: {file: bad.txt}}",
     .says = "Named values, for `field:@name` in filters."},
    {"defaults", &type_defaults, AT(struct header, defaults),
     .example = "{priority: P4, notify: [security-mail]}",
     .says = "Keys of an alert, for the alerts that do not give them."},
};

static const struct key condition_keys[] = {
    {"when", &type_condition, .example = "more than 100 in 10m", .required = true, .says = "A condition."},
    {"priority", &type_priority, AT(struct when, priority), .example = "P1",
     .says = "The alert's priority while it holds. Default the alert's own."},
};

static const struct key hours_keys[] = {
    {"days", &type_days, AT(struct hours, days), .example = "[Mon-Fri]",
     .says = "Weekdays, of the beginning when the hours pass midnight. Default every day."},
    {"from", &type_from, AT(struct hours, from), .example = "\"08:00\"",
     .says = "The first minute. Default \"00:00\"."},
    {"to", &type_to, AT(struct hours, to), .example = "\"18:00\"",
     .says = "The first minute that is outside again; earlier than `from`, it is on the next day. Default "
             "\"24:00\"."},
    {"timezone", &type_zone, AT(struct hours, zone), .example = "Europe/Berlin",
     .says = "The zone of these hours, by its IANA name. Default UTC."},
};

static const struct key label_keys[] = {
    {"not", &type_label, .example = "prod-test", .required = true,
     .says = "A label to leave out; * and ? are wildcards."},
};

static const struct key test_keys[] = {
    {"name", &type_name, AT(struct test, name), .example = "an admin", .says = "What the test shows."},
    {"fires", &type_fires, .example = "true", .required = true,
     .says = "Whether the alert fires, how often, or exactly with which time, group and count."},
    {"application", &type_name, AT(struct test, application), .example = "prod-trail",
     .says = "The application that the events are of."},
    {"subsystem", &type_name, AT(struct test, subsystem), .example = "iam",
     .says = "The subsystem that the events are of."},
    {"now", &type_time, AT(struct test, now), .example = "2026-01-01T10:00:00Z",
     .says = "The clock when all has been read. Default the last event's time."},
    {"file", &type_test_file, AT(struct test, file), .example = "events.json",
     .says = "A file of events instead, or a directory of them, below the rule file's directory."},
    {"events", &type_events, MANY(struct test, events), .example = "[{eventName: AddUserToGroup}]",
     .says = "The events, in the order in which they arrive."},
};

static const struct key test_file_keys[] = {
    {"alert", &type_name, AT(struct alert, name), .example = "New admin",
     .says = "The name or ID of the alert that the tests are of, where the rule file has several."},
    {"tests", &type_tests, MANY(struct alert, tests), .required = true,
     .example = "[{name: an admin, events: [{eventName: AddUserToGroup}], fires: true}]",
     .says = "Events and whether the alert fires on them."},
};

static const struct key expectation_keys[] = {
    {"time", &type_time, AT(struct expectation, time), .example = "2026-01-01T10:00:00Z",
     .says = "The time of the last event in the notification."},
    {"group", &type_group, AT(struct expectation, group), .example = "{userIdentity.userName: mallory}",
     .says = "The group's values by field, or the value when there is one field."},
    {"count", &type_count, AT(struct expectation, count), .example = "101",
     .says = "The number of events in the window."},
};

static const struct key list_file_keys[] = {
    {"file", &type_list_file, .example = "bad.txt", .required = true,
     .says = "A file below the rule file's directory: one value a line, # begins a comment."},
};

const struct shape shape_alert = {.name = "alert",
                                  .noun = "an alert",
                                  .says = "An alert.",
                                  .keys = alert_keys,
                                  .n = LENGTH(alert_keys),
                                  .beside = &shape_header};
const struct shape shape_header = {.name = "header",
                                   .noun = "the pack's header",
                                   .says = "The pack's header: at most one document.",
                                   .keys = header_keys,
                                   .n = LENGTH(header_keys),
                                   .beside = &shape_alert};
const struct shape shape_defaults = {.name = "defaults",
                                     .noun = "`defaults`",
                                     .says = "Keys of an alert, for the alerts that do not give them.",
                                     .keys = alert_keys,
                                     .n = LENGTH(alert_keys),
                                     .defaults = true};
const struct shape shape_condition = {.name = "condition",
                                      .noun = "an entry of `when`",
                                      .says = "A condition with a priority.",
                                      .keys = condition_keys,
                                      .n = LENGTH(condition_keys)};
const struct shape shape_hours = {.name = "hours",
                                  .noun = "an entry of `active`",
                                  .says = "Hours of the week.",
                                  .keys = hours_keys,
                                  .n = LENGTH(hours_keys)};
const struct shape shape_label = {.name = "label",
                                  .noun = "an excluded label",
                                  .says = "A label to leave out.",
                                  .keys = label_keys,
                                  .n = LENGTH(label_keys)};
const struct shape shape_test = {.name = "test",
                                 .noun = "a test",
                                 .says = "Events, and what the alert has to make of them.",
                                 .keys = test_keys,
                                 .n = LENGTH(test_keys)};
const struct shape shape_expectation = {.name = "expectation",
                                        .noun = "an entry of `fires`",
                                        .says = "One expected notification.",
                                        .keys = expectation_keys,
                                        .n = LENGTH(expectation_keys)};
const struct shape shape_list_file = {.name = "list_file",
                                      .noun = "a list's file",
                                      .says = "A list that is in a file.",
                                      .keys = list_file_keys,
                                      .n = LENGTH(list_file_keys)};

const struct shape shape_test_file = {.name = "test_file",
                                      .noun = "a document of a file of tests",
                                      .says =
                                          "A document of NAME.test.yaml: the tests of an alert in NAME.yaml.",
                                      .keys = test_file_keys,
                                      .n = LENGTH(test_file_keys)};

const struct shape *const all_shapes[] = {
    &shape_alert, &shape_header,      &shape_defaults,  &shape_condition, &shape_hours, &shape_label,
    &shape_test,  &shape_expectation, &shape_list_file, &shape_test_file, NULL};
