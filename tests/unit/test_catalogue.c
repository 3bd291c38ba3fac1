/*
 * The catalogue's tables, and what is said of names held against it: E120, W204, W206, W207. Exact carets are in
 * tests/golden; here are the edges, and that every rewrite is one.
 */
#include "catalogue/catalogue.h"
#include "packs.h"

static struct path *path_of(struct compile *c, const char *name)
{
    return path_intern(c, slice_of(name));
}

/* ---- tables ------------------------------------------------------------------------------------ */

START_TEST(fields_are_sorted_and_lie_in_a_field)
{
    struct compile *c = new_compile();
    size_t n;
    const struct field *fields = catalogue_fields(&n);
    ck_assert_uint_gt(n, 100);
    for (size_t i = 0; i < n; i++) {
        const struct path *path = path_of(c, fields[i].path);
        if (i > 0)
            ck_assert_int_lt(strcmp(fields[i - 1].path, fields[i].path), 0);
        ck_assert_ptr_eq(catalogue_field(path), &fields[i]);
        const char *dot = strrchr(fields[i].path, '.');
        if (!dot)
            continue;
        struct slice above = {fields[i].path, (size_t)(dot - fields[i].path)};
        const struct field *in = catalogue_field(path_intern(c, above));
        ck_assert_msg(in && (in->kind == FIELD_OBJECT || in->kind == FIELD_ARRAY || in->kind == FIELD_OPEN),
                      "%s", fields[i].path);
    }
    end_compile(c);
}
END_TEST

static const struct {
    const char *path, *field; /* the field that is found, or NULL */
} paths[] = {
    {"eventName", "eventName"},
    {"eventname", NULL},
    {"userIdentity", "userIdentity"},
    {"userIdentity.arn", "userIdentity.arn"},
    {"userIdentity.arn.x", NULL},
    {"userIdentity.x", NULL},
    {"resources.ARN", "resources.ARN"},
    {"resources.x", NULL},
    {"requestParameters.a.b.c", "requestParameters"},
    {"requestParametersX.a", NULL},
    {"responseElements.ConsoleLogin.x", NULL},
    {"eventContext.requestContext.aws:PrincipalTag", "eventContext.requestContext"},
    {"", NULL},
    {".", NULL},
    {"userIdentity.", NULL},
};

START_TEST(paths_have_their_field)
{
    struct compile *c = new_compile();
    const struct field *field = catalogue_field(path_of(c, paths[_i].path));
    if (paths[_i].field)
        ck_assert_msg(field && strcmp(field->path, paths[_i].field) == 0, "%s", paths[_i].path);
    else
        ck_assert_msg(!field, "%s is %s", paths[_i].path, field ? field->path : "");
    end_compile(c);
}
END_TEST

static void check_sorted(const struct slice *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ck_assert_uint_gt(list[i].n, 0);
        ck_assert_uint_eq(strlen(list[i].p), list[i].n);
        if (i > 0)
            ck_assert_msg(slice_cmp(list[i - 1], list[i]) < 0, "%s", list[i].p);
    }
}

START_TEST(names_are_decoded_in_order)
{
    struct compile *c = new_compile();
    const struct catalogue *k = catalogue(c);
    ck_assert_ptr_eq(catalogue(c), k);
    ck_assert_uint_gt(k->n_names, 15000);
    ck_assert_uint_gt(k->n_sources, 300);
    check_sorted(k->names, k->n_names);
    check_sorted(k->words, k->n_words);
    for (size_t i = 0; i < k->n_names; i++)
        ck_assert_uint_eq(catalogue_name(k, k->names[i]), i);
    ck_assert_uint_eq(catalogue_name(k, SLICE("CreateUsr")), NO_NAME);
    ck_assert_uint_eq(catalogue_name(k, SLICE("")), NO_NAME);
    ck_assert_uint_eq(catalogue_name(k, SLICE("createuser")), NO_NAME);
    ck_assert_uint_eq(catalogue_name_any_case(k, SLICE("createuser"), 0),
                      catalogue_name(k, SLICE("CreateUser")));
    end_compile(c);
}
END_TEST

START_TEST(every_name_has_rows_and_every_row_a_source)
{
    struct compile *c = new_compile();
    const struct catalogue *k = catalogue(c);
    size_t next = 0;
    for (size_t name = 0; name < k->n_names; name++) {
        size_t first, n = catalogue_rows(name, &first), sources[3];
        ck_assert_uint_eq(first, next);
        ck_assert_uint_gt(n, 0);
        for (size_t i = 0; i < n; i++) {
            ck_assert_uint_eq(row_name(first + i), name);
            size_t of_row = row_sources(first + i, sources);
            ck_assert_uint_gt(of_row, 0);
            ck_assert(row_has_source(first + i, sources[of_row - 1]));
            ck_assert_uint_lt(sources[of_row - 1], k->n_sources);
        }
        next += n;
    }
    ck_assert_uint_eq(next, catalogue_n_rows());
    end_compile(c);
}
END_TEST

static const struct {
    const char *name, *stem;
} versions[] = {
    {"CreateFunction20150331", "CreateFunction"},
    {"CreateFunction20991231v9", "CreateFunction"},
    {"CreateFunction2015033", NULL},
    {"CreateFunction19990331", NULL},
    {"CreateFunction20150331v", NULL},
    {"CreateUser20150331", NULL},
    {"createFunction20150331", NULL},
    {"CreateDistribution2014_11_06", "CreateDistribution"},
    {"CreateDistribution20141106", NULL},
    {"20150331", NULL},
    {"CreateFunction2014_11_06", "CreateFunction"},
    {"", NULL},
};

START_TEST(names_carry_versions_where_a_service_writes_them)
{
    struct compile *c = new_compile();
    const struct catalogue *k = catalogue(c);
    size_t id = catalogue_versioned(k, slice_of(versions[_i].name), false);
    if (versions[_i].stem)
        ck_assert_msg(id == catalogue_name(k, slice_of(versions[_i].stem)), "%s", versions[_i].name);
    else
        ck_assert_msg(id == NO_NAME, "%s", versions[_i].name);
    end_compile(c);
}
END_TEST

static const struct {
    const char *name, *source, *path;
    int depth; /* -1: it may have it */
} parameters[] = {
    {"AddUserToGroup", "iam.amazonaws.com", "groupName", -1},
    {"AddUserToGroup", "iam.amazonaws.com", "GroupName", 0},
    {"AddUserToGroup", "iam.amazonaws.com", "groupname", 0},
    {"AddUserToGroup", "iam.amazonaws.com", "groupName.anything", -1},
    {"AddUserToGroup", "iam.amazonaws.com", "", 0},
    {"AssumeRole", "sts.amazonaws.com", "tags.key", -1},
    {"AssumeRole", "sts.amazonaws.com", "tags.ky", 1},
    {"AssumeRole", "sts.amazonaws.com", "tags.key.x", -1},
    {"AssumeRole", "sts.amazonaws.com", "policyArns.arn", -1},
    {"AssumeRole", "sts.amazonaws.com", "zebra", 0},
    {"GetCostAndUsage", "ce.amazonaws.com", "granularity", -1},
    {"GetCostAndUsage", "ce.amazonaws.com", "Granularity", -1},
    {"GetCostAndUsage", "ce.amazonaws.com", "granularitY", 0},
    {"RunInstances", "ec2.amazonaws.com", "anything.at.all", -1},
    {"PutBucketPolicy", "s3.amazonaws.com", "bucketPolicy.Statement", -1},
    {"ConsoleLogin", "signin.amazonaws.com", "anything", -1},
    {"ListAccessPoints", "s3.amazonaws.com", "x", -1},
};

START_TEST(apis_have_their_parameters)
{
    struct compile *c = new_compile();
    const struct catalogue *k = catalogue(c);
    size_t first, n = catalogue_rows(catalogue_name(k, slice_of(parameters[_i].name)), &first), found = 0;
    const struct path *path = path_of(c, parameters[_i].path);
    for (size_t row = first; row < first + n; row++) {
        for (size_t source = 0; source < k->n_sources; source++) {
            if (!row_has_source(row, source) ||
                !slice_eq(k->sources[source], slice_of(parameters[_i].source)))
                continue;
            size_t depth = 99;
            bool has = row_has_parameter(k, row, path->keys, path->n, &depth);
            ck_assert_int_eq(has ? -1 : (int)depth, parameters[_i].depth);
            found++;
        }
    }
    ck_assert_uint_ge(found, 1);
    end_compile(c);
}
END_TEST

/* ---- the pass ---------------------------------------------------------------------------------- */

static struct compile *recognised(const char *yaml)
{
    struct compile *c = load(yaml);
    if (parse(c) && check(c))
        recognise(c);
    return c;
}

static const struct {
    const char *filter, *said; /* columns count from the `f` of `filter: ` */
} filters[] = {
    {"eventName:CreateUser", ""},
    {"eventName:(CreateUser OR DeleteUser)", ""},
    {"userName:x", "E120 2:9 write userIdentity.userName"},
    {"userName.keyword:x", "E120 2:9 write userIdentity.userName.keyword"},
    {"user-name:x", "E120 2:9 write userIdentity.userName"},
    {"userIdentity.\\\\json:x", "E120 2:9 write userIdentity"},
    {"userIdentity.accountid:x", "E120 2:9 write userIdentity.accountId"},
    {"responseElement.console.Login:x", "E120 2:9 write responseElements.ConsoleLogin"},
    {"requestparameters.x.y:x", "E120 2:9 write requestParameters.x.y"},
    {"evetnName:CreateUser", "E120 2:9 write eventName"},
    {"zzz.zzz:x", "E120 2:9"},
    {"detail.userName:x", "E120 2:9 write userIdentity.userName"},
    {"detail.usrName:x", "E120 2:9"},
    {"sessionContext.userName:x", "E120 2:9 write userIdentity.sessionContext.sessionIssuer.userName"},
    {"ciphersuite:x", "E120 2:9 write tlsDetails.cipherSuite"},
    /* views that do not compare names */
    {"eventName.json:x OR eventName.numeric:5 OR eventName:[a TO b] OR eventName:*", ""},
    {"eventName:@l", ""},
    /* near names come from the pinned source first */
    {"eventSource:kms.amazonaws.com AND eventName:CreateKy", "W204 2:53 write eventName:CreateKey"},
    {"eventSource:glue.amazonaws.com AND eventName:CreateJb", "W204 2:54 write eventName:CreateJob"},
    {"eventSource:iam.amazonaws.com AND eventName:CreateKey", "W204 2:53"},
    {"eventSource:(iam.amazonaws.com OR kms.amazonaws.com) AND eventName:CreateKey", ""},
    {"eventSource:nosuch AND eventName:CreateKey", "W204 2:21"},
    {"NOT eventSource:iam.amazonaws.com AND eventName:CreateKey", ""},
    {"eventSource:iam.amazonaws.com OR eventName:CreateKey", ""},
    {"eventSource:iam.amazonaws.com AND (eventName:CreateKey OR errorCode:x)", "W204 2:54"},
    {"eventSource:iam* AND eventName:CreateKey", ""},
    {"(eventSource:iam.amazonaws.com AND errorCode:x) AND eventName:CreateKey", "W204 2:71"},
    {"(eventSource:iam.amazonaws.com OR errorCode:x) AND eventName:CreateKey", ""},
    {"eventSource.keyword:ec2.amazonaws.com AND eventName:ReportInstanceStatus", ""},
    {"eventSource:\"ec2 amazonaws.com\" AND eventName:RunInstances", ""},
    {"eventSource:\"amazonaws.com ec2\"", "W204 2:21"},
    {"eventSource:ec3", "W204 2:21 write eventSource:\"ec2.amazonaws.com\""},
    {"eventName.keyword:/.*[abcdef]?deployment/",
     "W204 2:27 write eventName.keyword:/.*[abcdef]?Deployment/"},
    /* parameters */
    {"eventName:AddUserToGroup AND requestParameters.groupNam:x",
     "W207 2:38 write requestParameters.groupName"},
    {"requestParameters.groupNam:x AND eventName:AddUserToGroup",
     "W207 2:9 write requestParameters.groupName"},
    {"eventName:AddUserToGroup AND NOT requestParameters.groupNam:*",
     "W207 2:42 write requestParameters.groupName"},
    {"eventName:AddUserToGroup OR requestParameters.groupNam:x", ""},
    {"NOT eventName:AddUserToGroup AND requestParameters.groupNam:x", ""},
    {"eventName:(AddUserToGroup OR NoSuchThingAtAll) AND requestParameters.groupNam:x", "W204 2:38"},
    {"eventName:(AddUserToGroup OR RunInstances) AND requestParameters.groupNam:x", ""},
    {"eventName:Add* AND requestParameters.groupNam:x", ""},
    {"eventName:@l AND requestParameters.groupNam:x", "W207 2:26 write requestParameters.groupName"},
    {"eventName:AddUserToGroup AND requestParameters:*", ""},
    {"eventName:AddUserToGroup AND (errorCode:x OR (userAgent:y AND requestParameters.groupNam:x))",
     "W207 2:71 write requestParameters.groupName"},
    /* bounds */
    {"userIdentity.accountId:[1 TO 9]", "W206 2:32 write userIdentity.accountId.numeric:[1 TO 9]"},
    {"userIdentity.accountId:>=7", "W206 2:32 write userIdentity.accountId.numeric:[7 TO *]"},
    {"userIdentity.accountId:[a TO b] OR userIdentity.accountId.keyword:[1 TO 9]", ""},
    {"readOnly:[0 TO 1] OR resources:[0 TO 1] OR requestParameters.x:[0 TO 1]", ""},
};

static const char *yaml_of(const char *filter, char *room, size_t n)
{
    snprintf(room, n, "alert: a\nfilter: %s\n---\nlists: {l: [AddUserToGroup, RemoveUserFromGroup]}\n",
             filter);
    return room;
}

START_TEST(filters_are_held_against_the_catalogue)
{
    char yaml[1024];
    struct compile *c = recognised(yaml_of(filters[_i].filter, yaml, sizeof yaml));
    char said_of[1024] = "", *word;
    snprintf(said_of, sizeof said_of, "%s", said(c));
    /* W201 is none of the catalogue's. */
    if ((word = strstr(said_of, "W201")))
        *word = '\0';
    ck_assert_msg(strcmp(said_of, filters[_i].said) == 0, "%s\n  says %s\n  not  %s", filters[_i].filter,
                  said_of, filters[_i].said);
    end_compile(c);
}
END_TEST

/* Whether a message is about names. */
static bool of_catalogue(const struct diag *d)
{
    return d->code == E120 || d->code == W204 || d->code == W206 || d->code == W207;
}

/* The rewrite in the place of what is marked: of a field the field, of a value the whole clause. */
START_TEST(rewrites_are_fine)
{
    char yaml[1024], again[2048];
    struct compile *c = recognised(yaml_of(filters[_i].filter, yaml, sizeof yaml));
    for (size_t i = 0; i < c->n_diags; i++) {
        const struct diag *d = &c->diags[i];
        if (!of_catalogue(d) || d->rewrite.n == 0)
            continue;
        bool field = d->code == E120 || d->code == W207;
        snprintf(again, sizeof again, "%.*s%.*s%s", field ? (int)d->loc.at : 17, yaml, (int)d->rewrite.n,
                 d->rewrite.p, field ? yaml + d->loc.at + d->loc.n : "\n");
        struct compile *better = recognised(again);
        ck_assert_msg(diag_errors(better) == 0, "%s says %s", again, said(better));
        for (size_t k = 0; k < better->n_diags; k++)
            ck_assert_msg(!of_catalogue(&better->diags[k]), "%s says %s", again, said(better));
        end_compile(better);
    }
    end_compile(c);
}
END_TEST

START_TEST(other_logs_have_other_fields)
{
    struct compile *c =
        recognised("schema: none\n---\nalert: a\nfilter: userName:x AND eventName:CreateUsr\nshow: [x]\n");
    ck_assert_str_eq(said(c), "");
    end_compile(c);
}
END_TEST

START_TEST(keys_name_fields_too)
{
    struct compile *c =
        recognised("time: eventtime\napplication: a.b\nsubsystem: c.d\n---\nalert: a\nfilter: '*'\n"
                   "group_by: [userName]\nshow: [eventName, requestParameters.x]\n");
    ck_assert_str_eq(said(c), "E120 1:7 write eventTime; E120 7:12 write userIdentity.userName");
    end_compile(c);
}
END_TEST

/* A default that many alerts share is said once; a list, in the place where it stands. */
START_TEST(what_is_shared_is_said_once)
{
    struct compile *c =
        recognised("lists: {l: [CreateUser, CreateUsr]}\ndefaults: {show: [userName]}\n---\n"
                   "alert: a\nfilter: eventName:@l\n---\nalert: b\nfilter: eventName.keyword:@l\n");
    ck_assert_str_eq(said(c), "W204 1:25 write CreateUser; E120 2:19 write userIdentity.userName");
    end_compile(c);
}
END_TEST

/* Of very many wrong names only the first have their rewrites looked for. */
START_TEST(many_wrong_names_take_no_time)
{
    struct compile *c = new_compile();
    struct buffer b = {.c = c};
    buffer_text(&b, "alert: a\nfilter: eventName:(NoSuchEvent");
    for (unsigned i = 0; i < 3000; i++)
        buffer_printf(&b, " OR NoSuchEvent%u", i);
    buffer_text(&b, ")\n");
    pack_load_text(c, "dir/test.yaml", buffer_slice(&b));
    ck_assert(parse(c) && check(c) && recognise(c));
    ck_assert_uint_eq(c->n_diags, 3001);
    end_compile(c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("catalogue");
    TCase *tcase = tcase_create("catalogue");
    tcase_set_timeout(tcase, 0);
    tcase_add_test(tcase, fields_are_sorted_and_lie_in_a_field);
    tcase_add_loop_test(tcase, paths_have_their_field, 0, sizeof paths / sizeof *paths);
    tcase_add_test(tcase, names_are_decoded_in_order);
    tcase_add_test(tcase, every_name_has_rows_and_every_row_a_source);
    tcase_add_loop_test(tcase, names_carry_versions_where_a_service_writes_them, 0,
                        sizeof versions / sizeof *versions);
    tcase_add_loop_test(tcase, apis_have_their_parameters, 0, sizeof parameters / sizeof *parameters);
    tcase_add_loop_test(tcase, filters_are_held_against_the_catalogue, 0, sizeof filters / sizeof *filters);
    tcase_add_loop_test(tcase, rewrites_are_fine, 0, sizeof filters / sizeof *filters);
    tcase_add_test(tcase, other_logs_have_other_fields);
    tcase_add_test(tcase, keys_name_fields_too);
    tcase_add_test(tcase, what_is_shared_is_said_once);
    tcase_add_test(tcase, many_wrong_names_take_no_time);
    suite_add_tcase(suite, tcase);
    return run_tap(suite);
}
