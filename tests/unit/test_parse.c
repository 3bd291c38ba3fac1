/*
 * Filters and the trees, or the errors, that they are: E101-E107, E111, and what the names of fields say.
 */
#include "filters.h"
#include "suite.h"

/* Trees as parse_filter() leaves them, before check_filter(). */
static const struct filter_case cases[] = {
    /* clauses */
    {"eventName:ConsoleLogin", "(word eventName 'ConsoleLogin')", NULL},
    {"userName:\"specific username\"", "(phrase userName 'specific username')", NULL},
    {"eventName:Cre?te*", "(wildcard eventName 'Cre?te*')", NULL},
    {"groupName:/.*admin.*/", "(regex groupName '.*admin.*')", NULL},
    {"groupName.keyword:/admin|root/i", "(regex groupName.keyword 'admin|root' i)", NULL},
    {"n:[5 TO 20]", "(range n >= '5' <= '20')", NULL},
    {"n:{5 TO 20}", "(range n > '5' < '20')", NULL},
    {"n:[5 TO *}", "(range n >= '5')", NULL},
    {"n:{* TO 5]", "(range n <= '5')", NULL},
    {"n:>5", "(range n > '5')", NULL},
    {"n:>=5", "(range n >= '5')", NULL},
    {"n:<5", "(range n < '5')", NULL},
    {"n:<=5", "(range n <= '5')", NULL},
    {"n:>=-5", "(range n >= '-5')", NULL},
    {"n:>1.5e3", "(range n > '1.5e3')", NULL},
    {"t:[2023-07-10T12:00:00Z TO 2023-07-11]", "(range t >= '2023-07-10T12:00:00Z' <= '2023-07-11')", NULL},
    {"t:[\"2023-07-10 12:00\" TO \"*\"]", "(range t >= '2023-07-10 12:00' <= '*')", NULL},
    {"t:[a\\]b TO c\\ d]", "(range t >= 'a]b' <= 'c d')", NULL},
    {"n:[ 1   TO   2 ]", "(range n >= '1' <= '2')", NULL},
    {"f:*", "(exists f)", NULL},
    {"_exists_:f", "(exists f)", NULL},
    {"_exists_:a.b.\\json", "(exists a.b.json)", NULL},
    {"_exists_:\"a b\"", "(exists a b)", NULL},
    {"_exists_:(a OR b)", "(or (exists a) (exists b))", NULL},
    {"f:@admins", "(list f 'admins')", NULL},
    {"*", "all", NULL},
    {"*:*", "all", NULL},
    {"@admins", "(list * 'admins')", NULL},
    {"AccessDenied", "(word * 'AccessDenied')", NULL},
    {"\"not authorized\"", "(phrase * 'not authorized')", NULL},
    {"/re.*/", "(regex * 're.*')", NULL},
    {"w*", "(wildcard * 'w*')", NULL},
    {"?", "(wildcard * '?')", NULL},
    {"f:TO", "(word f 'TO')", NULL},
    {"f:and", "(word f 'and')", NULL},
    /* white space */
    {"f: a", "(word f 'a')", NULL},
    {"f :a", "(word f 'a')", NULL},
    {"f : a", "(word f 'a')", NULL},
    {"  f:a  ", "(word f 'a')", NULL},
    {"f:a\nAND\ng:b", "(and (word f 'a') (word g 'b'))", NULL},
    {"(\n  f:a\n  OR g:b\n)", "(or (word f 'a') (word g 'b'))", NULL},
    /* views and names */
    {"f.keyword:a", "(word f.keyword 'a')", NULL},
    {"f.numeric:5", "(word f.numeric '5')", NULL},
    {"f.ip:\"10.0.0.0/8\"", "(phrase f.ip '10.0.0.0/8')", NULL},
    {"f.json:\"{}\"", "(phrase f.json '{}')", NULL},
    {"a.\\json:x", "(word a.json 'x')", NULL},
    {"a.\\keyword.keyword:x", "(word a.keyword.keyword 'x')", NULL},
    {"keyword:x", "(word keyword 'x')", NULL},
    {".keyword:x", "(word .keyword 'x')", NULL},
    {"a.keyword.b:x", "(word a.keyword.b 'x')", NULL},
    {"a\\:b.c\\ d:x", "(word a:b.c d 'x')", NULL},
    {"a\\ :x", "(word a  'x')", NULL},
    {"a\\\\ :x", "(word a\\ 'x')", NULL},
    {"a\\\\b:x", "(word a\\b 'x')", NULL},
    {"\\\\a:x", "(word \\a 'x')", NULL},
    {"@timestamp:x", "(word @timestamp 'x')", NULL},
    {"a-b.c+d:x", "(word a-b.c+d 'x')", NULL},
    {"AND.x:y", "(word AND.x 'y')", NULL},
    /* escapes */
    {"f:a\\:b", "(word f 'a:b')", NULL},
    {"f:role\\/Admin\\/x", "(word f 'role/Admin/x')", NULL},
    {"f:\\-3", "(word f '-3')", NULL},
    {"f:\\\"x\\\"", "(word f '\\'x\\'')", NULL},
    {"f:a\\ b", "(word f 'a b')", NULL},
    {"f:\\*", "(word f '*')", NULL},
    {"f:\\*x*", "(wildcard f '*x*')", NULL},
    {"f:\\@name", "(word f '@name')", NULL},
    {"f:\\>5", "(word f '>5')", NULL},
    {"f:\\(a\\)", "(word f '(a)')", NULL},
    {"f:\\[1\\ TO\\ 2\\]", "(word f '[1 TO 2]')", NULL},
    {"f:\"say \\\"hi\\\"\"", "(phrase f 'say \\'hi\\'')", NULL},
    {"f:\"C:\\\\x\"", "(phrase f 'C:\\\\x')", NULL},
    {"f:\"a/b:c(d)\"", "(phrase f 'a/b:c(d)')", NULL},
    {"f:a=b", "(word f 'a=b')", NULL},
    {"f:#tag", "(word f '#tag')", NULL},
    {"f:R&D", "(word f 'R&D')", NULL},
    {"f:a|b", "(word f 'a|b')", NULL},
    {"f:don't", "(word f 'don't')", NULL},
    {"f:'tis", "(word f ''tis')", NULL},
    {"f:a=", "(word f 'a=')", NULL},
    {"f:/a\\/b/", "(regex f 'a\\\\/b')", NULL},
    {"f:/a b/", "(regex f 'a b')", NULL},
    {"f:/[:()\"]/", "(regex f '[:()\\']')", NULL},
    /* operators */
    {"f:a AND g:b", "(and (word f 'a') (word g 'b'))", NULL},
    {"f:a && g:b", "(and (word f 'a') (word g 'b'))", NULL},
    {"f:a OR g:b", "(or (word f 'a') (word g 'b'))", NULL},
    {"f:a || g:b", "(or (word f 'a') (word g 'b'))", NULL},
    {"f:a OR g:b OR h:c", "(or (word f 'a') (word g 'b') (word h 'c'))", NULL},
    {"NOT f:a", "(not (word f 'a'))", NULL},
    {"!f:a", "(not (word f 'a'))", NULL},
    {"-f:a", "(not (word f 'a'))", NULL},
    {"+f:a", "(word f 'a')", NULL},
    {"f:a NOT g:b", "(and (word f 'a') (not (word g 'b')))", NULL},
    {"f:a AND NOT g:b", "(and (word f 'a') (not (word g 'b')))", NULL},
    {"f:a AND -g:b", "(and (word f 'a') (not (word g 'b')))", NULL},
    {"f:a -g:b", "(and (word f 'a') (not (word g 'b')))", NULL},
    {"f:a !g:b", "(and (word f 'a') (not (word g 'b')))", NULL},
    {"NOT f:a AND NOT g:b", "(and (not (word f 'a')) (not (word g 'b')))", NULL},
    {"NOT f:a NOT g:b", "(and (not (word f 'a')) (not (word g 'b')))", NULL},
    {"-f:a -g:b", "(and (not (word f 'a')) (not (word g 'b')))", NULL},
    {"+f:a +g:b", "(and (word f 'a') (word g 'b'))", NULL},
    {"+f:a -g:b", "(and (word f 'a') (not (word g 'b')))", NULL},
    {"+f:a AND g:b", "(and (word f 'a') (word g 'b'))", NULL},
    {"f:a AND +g:b", "(and (word f 'a') (word g 'b'))", NULL},
    {"* NOT f:a", "(and all (not (word f 'a')))", NULL},
    {"*:* AND NOT f:a", "(and all (not (word f 'a')))", NULL},
    /* parentheses */
    {"(f:a)", "(word f 'a')", NULL},
    {"((f:a))", "(word f 'a')", NULL},
    {"(f:a AND g:b) OR h:c", "(or (and (word f 'a') (word g 'b')) (word h 'c'))", NULL},
    {"f:a AND (g:b OR h:c)", "(and (word f 'a') (or (word g 'b') (word h 'c')))", NULL},
    {"f:a OR (NOT g:b)", "(or (word f 'a') (not (word g 'b')))", NULL},
    {"(NOT f:a) OR (NOT g:b)", "(or (not (word f 'a')) (not (word g 'b')))", NULL},
    {"NOT (f:a OR g:b)", "(not (or (word f 'a') (word g 'b')))", NULL},
    {"f:(a OR b)", "(or (word f 'a') (word f 'b'))", NULL},
    {"f:(a AND b)", "(and (word f 'a') (word f 'b'))", NULL},
    {"f:(a AND (b OR \"c d\"))", "(and (word f 'a') (or (word f 'b') (phrase f 'c d')))", NULL},
    {"f:(+a -b)", "(and (word f 'a') (not (word f 'b')))", NULL},
    {"f:(NOT a)", "(not (word f 'a'))", NULL},
    {"f.keyword:(/x/ OR y*)", "(or (regex f.keyword 'x') (wildcard f.keyword 'y*'))", NULL},
    {"n:(>=5 AND <50)", "(and (range n >= '5') (range n < '50'))", NULL},
    {"f:([1 TO 5] OR *)", "(or (range f >= '1' <= '5') (exists f))", NULL},
    {"f:(*:*)", "all", NULL},
    {"f:(g:x OR y)", "(or (word g 'x') (word f 'y'))", NULL},
    {"f:(@admins OR bob)", "(or (list f 'admins') (word f 'bob'))", NULL},
    {"NOT f:(a OR b)", "(not (or (word f 'a') (word f 'b')))", NULL},
    {"(f:a)(g:b)", "E103@1", "(f:a) OR (g:b)"},
    /* E101: AND and OR mixed */
    {"f:a OR f:b AND f:c", "E101@1", "f:a OR (f:b AND f:c)"},
    {"f:a AND f:b OR f:c", "E101@1", "(f:a AND f:b) OR f:c"},
    {"f:a AND NOT f:b OR f:c", "E101@1", "(f:a AND NOT f:b) OR f:c"},
    {"f:a && !f:b || f:c", "E101@1", "(f:a AND NOT f:b) OR f:c"},
    {"f:a OR f:b NOT f:c", "E101@1", "(f:a OR f:b) AND NOT f:c"},
    {"a:1 AND b:2 OR c:3 AND d:4 OR e:5", "E101@1", "(a:1 AND b:2) OR (c:3 AND d:4) OR e:5"},
    {"f:(a AND b OR c)", "E101@4", "f:((a AND b) OR c)"},
    {"x:y AND (f:a AND f:b OR f:c)", "E101@10", "((f:a AND f:b) OR f:c)"},
    {"+f:a OR f:b", "E101@1", "f:a OR f:b"},
    {"f:a OR +f:b", "E101@8", "f:a OR f:b"},
    {"f:(+a OR b)", "E101@4", "f:(a OR b)"},
    /* E102: OR with NOT */
    {"f:a OR NOT f:b", "E102@8", "f:a OR (NOT f:b)"},
    {"NOT f:a OR f:b", "E102@1", "(NOT f:a) OR f:b"},
    {"NOT f:a OR NOT f:b", "E102@1", "(NOT f:a) OR (NOT f:b)"},
    {"f:a OR -f:b", "E102@8", "f:a OR (NOT f:b)"},
    {"f:c AND (NOT f:a OR f:b)", "E102@10", "((NOT f:a) OR f:b)"},
    {"f:(a OR NOT b)", "E102@9", "f:(a OR (NOT b))"},
    /* E103: no operator */
    {"userName:john smith", "E103@1", "userName:\"john smith\""},
    {"userName:john smith junior AND eventName:x", "E103@1",
     "userName:\"john smith junior\" AND eventName:x"},
    {"f:a f:b", "E103@1", "f:a OR f:b"},
    {"f:a b AND g:c:d", "E103@1 E107@14", "f:\"a b\""},
    {"f:a b c", "E103@1", "f:\"a b c\""},
    {"a b", "E103@1", "a OR b"},
    {"f:(a b)", "E103@4", "f:(a OR b)"},
    {"f:(a \"b c\" d*)", "E103@4", "f:(a OR \"b c\" OR d*)"},
    {"f:a f:b AND f:c", "E103@1", "f:a AND f:b AND f:c"},
    {"f:a AND f:b f:c", "E103@9", "f:a AND f:b AND f:c"},
    {"f:a f:b OR f:c", "E103@1", "f:a OR f:b OR f:c"},
    {"f:a f:b AND f:c OR f:d", "E103@1", "f:a OR (f:b AND f:c) OR f:d"},
    {"+f:a f:b", "E103@1", "f:a AND f:b"},
    {"f:a +f:b", "E103@1", "f:a AND f:b"},
    {"+f:a -f:b f:c", "E103@6", "f:a AND NOT f:b AND f:c"},
    {"-f:a f:b", "E103@1", "NOT f:a AND f:b"},
    {"f:a -f:b f:c", "E103@5", "f:a AND NOT f:b AND f:c"},
    {"f:\"a\" \"b\"", "E103@1", "f:\"a\" OR \"b\""},
    {"(f:a) (g:b c)", "E103@1 E103@8", NULL},
    {"f:a||b", "E103@4", "f:(a OR b)"},
    {"f:a||g:b", "E103@4", "f:a OR g:b"},
    {"f:a&&g:b", "E103@4", "f:a AND g:b"},
    {"a||b", "E103@2", "a OR b"},
    {"f:a|| g:b", "E103@4", NULL},
    {"f:\"a\"b", "E103@1", "f:\"a\" OR b"},
    /* E104: no value */
    {"InternalReason:", "E104@1", NULL},
    {"InternalReason: AND x:y", "E104@1", NULL},
    {"InternalReason: x:y", "E104@1", NULL},
    {"x:y OR f:", "E104@8", NULL},
    {"(f:)", "E104@2", NULL},
    {"f:()", "E104@1", NULL},
    {"f:( )", "E104@1", NULL},
    {"f:@", "E104@3", NULL},
    {"n:>", "E104@3", NULL},
    {"n:>= 5", "E104@3", "n:>=5"},
    {"n:< 5 AND x:y", "E104@3", "n:<5"},
    {"n:> -5", "E104@3", "n:>-5"},
    {"n:>\"5 6\"", "E104@3", "n:{\"5 6\" TO *}"},
    {"n:<= \"b\"", "E104@3", "n:[* TO \"b\"]"},
    {"f:NOT", "E104@1", "f:\"NOT\""},
    {"f:AND g:b", "E104@1", "f:\"AND\""},
    {"f:--", "E104@1", NULL},
    {"f:-\"a b\"", "E104@1", "NOT f:\"a b\""},
    {"f:-(a OR b)", "E104@1", NULL},
    {"f:~2", "E104@1", NULL},
    {"", "E104@1", NULL},
    /* E105: what is open, and operators without operands */
    {"(f:a", "E105@1", "(f:a)"},
    {"f:(a", "E105@3", "f:(a)"},
    {"((f:a) AND (g:b", "E105@12", "((f:a) AND (g:b))"},
    {"f:a)", "E105@4", "f:a"},
    {"f:a) AND g:b", "E105@4", "f:a AND g:b"},
    {"()", "E105@1", NULL},
    {"f:a AND ()", "E105@9", NULL},
    {"f:\"a", "E105@3", "f:\"a\""},
    {"f:\"a b", "E105@3", NULL},
    {"\"a", "E105@1", "\"a\""},
    {"f:/abc", "E105@3", "f:\"/abc\""},
    {"f:/abc AND g:b", "E105@3", "f:\"/abc\""},
    {"n:[1 TO 5", "E105@3", "n:[1 TO 5]"},
    {"n:[1 TO", "E105@3", NULL},
    {"n:[a TO TO b]", "E105@3", NULL},
    {"n:[1, 5]", "E105@3", "n:[1 TO 5]"},
    {"n:[1 to 5]", "E105@3", "n:[1 TO 5]"},
    {"n:[1..5}", "E105@3", "n:[1 TO 5}"},
    {"n:[5]", "E105@3", NULL},
    {"]", "E105@1", NULL},
    {"f:a AND ]", "E105@9", NULL},
    {"AND f:a", "E105@1", "f:a"},
    {"f:a AND", "E105@5", "f:a"},
    {"f:a OR OR f:b", "E105@8", "f:a OR f:b"},
    {"f:a AND OR f:b", "E105@9", "f:a AND f:b"},
    {"(f:a AND )", "E105@6", "(f:a)"},
    {"(OR f:a)", "E105@2", "(f:a)"},
    {"NOT", "E105@1", NULL},
    {"f:a AND NOT", "E105@9", NULL},
    {"NOT NOT f:a", "E105@1", "f:a"},
    {"NOT !f:a", "E105@1", "f:a"},
    {"+-f:a", "E105@1", NULL},
    {"f:a - g:b", "E105@5", "f:a NOT g:b"},
    {"! f:a", "E105@1", "NOT f:a"},
    {"+ f:a", "E105@1", "+f:a"},
    {"f:a -", "E105@5", NULL},
    {"f:'a b'", "E105@3", "f:\"a b\""},
    {"'a b' AND g:b", "E105@1", "\"a b\""},
    {"f:“a b”", "E105@3", "f:\"a b\""},
    {"f:“a”", "E105@3", "f:\"a\""},
    {"f:‘a b’", "E105@3", "f:\"a b\""},
    {"f:“a b", "E105@3", NULL},
    /* E106: operators in lower case */
    {"f:a and f:b", "E106@5", "f:a AND f:b"},
    {"f:a or f:b", "E106@5", "f:a OR f:b"},
    {"f:a not f:b", "E106@5", "f:a AND NOT f:b"},
    {"not f:a", "E106@1", "NOT f:a"},
    {"f:a And f:b", "E106@5", "f:a AND f:b"},
    {"f:a and not f:b", "E106@5 E106@9", "f:a AND NOT f:b"},
    {"f:(a or b or c)", "E106@6 E106@11", "f:(a OR b OR c)"},
    {"f:a or f:b AND f:c", "E101@1 E106@5", "f:a OR (f:b AND f:c)"},
    {"f:a and", "E106@5", "f:a"},
    {"or f:a", "E106@1", "f:a"},
    {"f:john smith and g:b", "E103@1 E106@14", "f:\"john smith\" AND g:b"},
    /* E107: unescaped characters */
    {"s:a:b", "E107@4", "s:\"a:b\""},
    {"s.keyword:arn:aws:iam::1:role/Admin", "E107@14", "s.keyword:\"arn:aws:iam::1:role/Admin\""},
    {"s::a", "E107@3", "s:\":a\""},
    {"s:role/Admin", "E107@7", "s:\"role/Admin\""},
    {"s:/aws/lambda/fn", "E107@3", "s:\"/aws/lambda/fn\""},
    {"s:/aws/iam/x AND g:b", "E107@3", "s:\"/aws/iam/x\""},
    {"s.keyword:*role/Admin*", "E107@16", "s.keyword:*role\\/Admin*"},
    {"s:a/b/c AND g:/re/", "E107@4", "s:\"a/b/c\""},
    {"s:/re/ix", "E107@3", "s:\"/re/ix\""},
    {"role/Admin", "E107@5", "\"role/Admin\""},
    {"arn:aws:iam::1:user/x", "E107@4", "\"arn:aws:iam::1:user/x\""},
    {"http://example.com/x", "E107@5", "\"http://example.com/x\""},
    {"url:https://example.com/x?y=1", "E107@10", "url:\"https://example.com/x?y=1\""},
    {"t:2023-07-10T11:36:52Z", "E107@16", "t:\"2023-07-10T11:36:52Z\""},
    {"t:>=2023-07-10T11:36:52Z", "E107@18", "t:>=2023-07-10T11\\:36\\:52Z"},
    {"c.ip:10.0.0.0/8", "E107@14", "c.ip:\"10.0.0.0/8\""},
    {"c.ip:2001:db8::1", "E107@10", "c.ip:\"2001:db8::1\""},
    {"n:-3", "E107@3", "n:\\-3"},
    {"n:+3", "E107@3", "n:\\+3"},
    {"s:!a", "E107@3", "NOT s:a"},
    {"s:=a", "E107@3", "s:a"},
    {"n:=>5", "E107@3", "n:>=5"},
    {"n:==5", "E107@3", "n:5"},
    {"s:a!b", "E107@4", "s:\"a!b\""},
    {"s:a[0]", "E107@4", "s:\"a[0]\""},
    {"s:a]", "E107@4", "s:\"a]\""},
    {"s:a{b}", "E107@4", "s:\"a{b}\""},
    {"s:a\"b\"", "E107@4", "s:\"a\\\"b\\\"\""},
    {"s:*:*", "E107@4", "s:*\\:*"},
    {"a.*:x", "E107@4", NULL},
    {"a*:x", "E107@3", NULL},
    {":x", "E107@1", NULL},
    {"f:a AND :x", "E107@9", NULL},
    {"s:domain\\user", "E107@9", "s:domain\\\\user"},
    {"s:\"C:\\Windows\"", "E107@6", "s:\"C:\\\\Windows\""},
    {"s:a\\", "E107@4", "s:\"a\\\\\""},
    {"s:\\", "E107@3", NULL},
    {"us\\er:x", "E107@3", NULL},
    {"\"eventName\": \"x\"", "E107@1", "eventName:\"x\""},
    {"\"eventName\":x AND g:b", "E107@1", "eventName:x"},
    {"f:ad​min", "E107@5", "f:admin"},
    {"f:a​ OR g:b", "E107@4", "f:a OR g:b"},
    {"f:\"ad​min\"", "(phrase f 'ad​min')", NULL},
    /* E111: fuzzy, proximity, boost */
    {"f:a~", "E111@4", "f:a"},
    {"f:a~1", "E111@4", "f:a"},
    {"f:\"a b\"~2", "E111@8", "f:\"a b\""},
    {"f:a^2 OR f:b^0.5", "E111@4 E111@13", "f:a"},
    {"(f:a)^3", "E111@6", "(f:a)"},
    {"g:b OR f:(a OR b)^3", "E111@18", "f:(a OR b)"},
    {"f:((a AND b)~ OR c)", "E111@13", "(a AND b)"},
    {"f:a~b", "E111@4", "f:a"},
    {"~", "E111@1", NULL},
    {"f:a\\~", "(word f 'a~')", NULL},
    /* E112, as far as names go */
    {"a.\\*:x", "E112@3", NULL},
    {"_exists_:*", "E112@10", NULL},
    {"_exists_:a*", "E112@10", NULL},
    {"n:>5*", "E112@3", NULL},
    {"n:<>5", "E112@3", NULL},
    {"n:>>5", "E112@3", NULL},
    {"n:=<5", "E107@3", "n:<=5"},
    /* all of a filter's errors */
    {"f:a:b AND g: OR (h:c d:e", "E101@1 E107@4 E104@11 E105@17 E103@18", NULL},
    {"f:a~ AND AND g:b)", "E111@4 E105@10 E105@17", "f:a"},
    {"f:a\xC2\xA0"
     "AND g:b",
     "E107@4", "f:a AND g:b"},
    {"f\xE3\x80\x80:a", "E107@2", "f :a"},
    {"f:a\x01"
     "b",
     "E107@4", NULL},
    {"f:\xFF\xFE", "(word f '\\xFF\\xFE')", NULL},
};

START_TEST(a_filter_is_its_tree_or_its_errors)
{
    check_case(&cases[_i], false);
}
END_TEST

START_TEST(a_rewrite_parses)
{
    check_rewrites(cases[_i].filter, false);
}
END_TEST

/* A rewrite of a refused filter that is refused for something else would send its reader in a circle. */
START_TEST(a_rewrite_is_not_the_filter)
{
    ck_assert(!cases[_i].rewrite || strcmp(cases[_i].rewrite, cases[_i].filter) != 0);
}
END_TEST

/* n opening parentheses, `f:a`, n closing ones. */
static char *nested(size_t n)
{
    char *s = malloc(2 * n + 4);
    memset(s, '(', n);
    memcpy(s + n, "f:a", 3);
    memset(s + n + 3, ')', n);
    s[2 * n + 3] = '\0';
    return s;
}

START_TEST(a_hundred_parentheses_are_read)
{
    char *s = nested(100);
    struct filtered *f = filter_of(s, false);
    ck_assert_str_eq(f->text, "(word f 'a')");
    filtered_free(f);
    free(s);
}
END_TEST

START_TEST(more_parentheses_are_refused_once)
{
    char *s = nested(1000);
    struct filtered *f = filter_of(s, false);
    ck_assert_str_eq(f->text, "E105@101");
    filtered_free(f);
    free(s);
}
END_TEST

START_TEST(many_groups_side_by_side_are_read)
{
    char s[MAX_FILTER] = "(f:a)";
    for (int i = 0; i < 200; i++)
        strcat(s, " OR (f:a)");
    struct filtered *f = filter_of(s, false);
    ck_assert_uint_eq(f->c.n_diags, 0);
    filtered_free(f);
}
END_TEST

/* As other languages write them. */
static const struct filter_case foreign_cases[] = {
    {"eventName=ConsoleLogin", "E107@10", "eventName:ConsoleLogin"},
    {"eventName = ConsoleLogin", "E107@11", "eventName:ConsoleLogin"},
    {"eventName == \"X\"", "E107@11", "eventName:\"X\""},
    {"eventName='X Y'", "E107@10", "eventName:\"X Y\""},
    {"eventName=*Login*", "E107@10", "eventName:*Login*"},
    {"eventName=/x.*/", "E107@10", "eventName:/x.*/"},
    {"eventName != X", "E107@11", "NOT eventName:X"},
    {"eventName!=\"X\"", "E107@10", "NOT eventName:\"X\""},
    {"eventName <> X", "E107@11", "NOT eventName:X"},
    {"a=b OR c!=d", "E107@2", "a:b OR (NOT c:d)"},
    {"a=b&&c=d||e=f", "E107@2", NULL},
    {"a=b&&c=d and ord", "E107@2", "a:b && c:d AND ord"},
    {"f:x AND (a = b or c = d) and not e = f", "E107@12", "f:x AND (a:b OR c:d) AND NOT e:f"},
    {"NOT a=b", "E107@6", "NOT a:b"},
    {"arn=arn:aws:iam::1:user/x", "E107@4", "arn:\"arn:aws:iam::1:user/x\""},
    {"n > 5", "E107@3", "n:>5"},
    {"n<=5", "E107@2", "n:<=5"},
    {"t >= \"2026-01-01\"", "E107@3", "t:[\"2026-01-01\" TO *]"},
    {"t < \"2026-01-01\"", "E107@3", "t:[* TO \"2026-01-01\"}"},
    {"a = null", "E107@3", "NOT _exists_:a"},
    {"a != null", "E107@3", "_exists_:a"},
    {"a IS NOT NULL", "E103@3", "_exists_:a"},
    {"a exists", "E103@3", "_exists_:a"},
    {"exists(a.b)", "E103@1", "_exists_:a.b"},
    {"a IN (A, B)", "E103@3", "a:(A OR B)"},
    {"a in ['A', \"B\"]", "E103@3", "a:(\"A\" OR \"B\")"},
    {"a not in (A,B)", "E103@3", "NOT a:(A OR B)"},
    {"a=(A OR B)", "E107@2", "a:(A OR B)"},
    {"a in @admins", "E103@3", "a:@admins"},
    {"a:(A, B)", "E103@5", "a:(A OR B)"},
    {"a:(\"A\",\"B\") AND c:d", "E103@7", "a:(\"A\" OR \"B\") AND c:d"},
    {"a is X", "E103@3", "a:X"},
    {"a is not X", "E103@3", "NOT a:X"},
    {"a like \"*x*\"", "E103@3", "a.keyword:*x*"},
    {"a LIKE '%x y'", "E103@3", "a.keyword:*x\\ y"},
    {"a.keyword contains x", "E103@11", "a.keyword:*x*"},
    {"a startsWith x AND b ends with y", "E103@3", "a.keyword:x* AND b.keyword:*y"},
    {"a =~ /x/", "E107@3", "a:/x/"},
    {"a =~ \"x\"", "E107@3", NULL}, /* of the whole, or of a part? */
    {"a matches x.*", "E103@3", NULL},
    {"{ $.a = \"X\" }", "E107@7", "a:\"X\""},
    {"{$.a = X}", "E107@6", "a:X"},
    {"{ ($.a = \"*X\") || ($.b.c = Y) }", "E107@8", "(a.keyword:*X) || (b.c:Y)"},
    {"{ $.a = X && $.b NOT EXISTS && $.c != \"Z\" }", "E107@7", "a:X && NOT _exists_:b && NOT c:\"Z\""},
    {"where a = b", "E107@9", "a:b"},
    {"f:(a OR b) AND c=d", "E107@17", "f:(a OR b) AND c:d"},
};

START_TEST(other_languages_are_refused_and_translated)
{
    check_case(&foreign_cases[_i], false);
    check_rewrites(foreign_cases[_i].filter, true);
}
END_TEST

/* What looks like it and is Lucene. */
static const struct filter_case not_foreign[] = {
    {"\"eventName=ConsoleLogin\"", "(phrase * 'eventName=ConsoleLogin')", NULL},
    {"eventName\\=ConsoleLogin", "(word * 'eventName=ConsoleLogin')", NULL},
    {"f:a=b", "(word f 'a=b')", NULL},
    {"f:(a=b OR c)", "(or (word f 'a=b') (word f 'c'))", NULL},
    {"f:(x AND (a=b OR c)) AND g:d", "(and (and (word f 'x') (or (word f 'a=b') (word f 'c'))) (word g 'd'))",
     NULL},
    {"dGVzdA==", "(word * 'dGVzdA==')", NULL},
    {"dGVzdA== AND f:x", "(and (word * 'dGVzdA==') (word f 'x'))", NULL},
    {"(dGVzdA==)", "(word * 'dGVzdA==')", NULL},
    {"=x", "(word * '=x')", NULL},
    {"1=1", "(word * '1=1')", NULL},
    {"a->b", "(word * 'a->b')", NULL},
    {"exists", "(word * 'exists')", NULL},
    {"AccessDenied NOT exists", "(and (word * 'AccessDenied') (not (word * 'exists')))", NULL},
    {"f:is AND like", "(and (word f 'is') (word * 'like'))", NULL},
    {"/a=b/", "(regex * 'a=b')", NULL},
    {"f:\"a = b\" AND g:x", "(and (phrase f 'a = b') (word g 'x'))", NULL},
    {"f:1,234", "(word f '1,234')", NULL},
    {"f:(1,234 OR x)", "(or (word f '1,234') (word f 'x'))", NULL},
};

START_TEST(what_only_looks_foreign_is_left_alone)
{
    check_case(&not_foreign[_i], false);
}
END_TEST

static const struct diag *only_diag(const struct filtered *f)
{
    ck_assert_uint_eq(f->c.n_diags, 1);
    return &f->c.diags[0];
}

START_TEST(messages_name_what_is_wrong)
{
    static const struct {
        const char *filter, *part;
    } messages[] = {
        {"f:a^2", "boost"},
        {"f:a~2", "fuzzy"},
        {"f:\"a b\"~2", "proximity"},
        {"f:a:b", "unescaped `:`"},
        {"f:a[0]", "unescaped `[`"},
        {"f:“a”", "typographic"},
        {"f:'a'", "single quotes"},
        {"InternalReason:", "no value after `InternalReason:`"},
        {"f:a AND", "`AND` has nothing on its right"},
        {"OR f:a", "`OR` has nothing on its left"},
        {"NOT NOT f:a", "two negations in a row"},
        {"+-f:a", "two signs in a row"},
        {"((f:a", "2 parentheses are never closed"},
        {"f:a Or g:b", "`Or` is a word here"},
        {"f:\\x", "`\\x` is no escape"},
        {"f:a\xC2\xAD", "U+00AD"},
        {"", "the filter is empty"},
    };
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        struct filtered *f = filter_of(messages[i].filter, false);
        const struct diag *d = only_diag(f);
        ck_assert_msg(strstr(d->message.p, messages[i].part) != NULL, "%s: %s", messages[i].filter,
                      d->message.p);
        filtered_free(f);
    }
}
END_TEST

static void check_note(const char *filter, const char *note)
{
    struct filtered *f = filter_of(filter, false);
    const struct diag *d = only_diag(f);
    char is[MAX_FILTER];
    snprintf(is, sizeof is, "%.*s", (int)d->note.n, d->note.p);
    ck_assert_str_eq(is, note);
    filtered_free(f);
}

START_TEST(mixed_operators_show_the_other_reading_and_lucenes)
{
    check_note("f:a OR f:b AND f:c", "or `(f:a OR f:b) AND f:c`; Lucene reads `f:b AND f:c` and drops `f:a`");
    check_note("a:1 AND b:2 OR c:3", "or `a:1 AND (b:2 OR c:3)`; Lucene reads `a:1 AND b:2` and drops `c:3`");
    check_note("a:1 AND NOT b:2 OR c:3",
               "or `a:1 AND ((NOT b:2) OR c:3)`; Lucene reads `a:1 AND NOT b:2` and drops `c:3`");
    check_note("a:1 OR b:2 NOT c:3",
               "or `a:1 OR (b:2 AND NOT c:3)`; Lucene reads `(a:1 OR b:2) AND NOT c:3`");
}
END_TEST

START_TEST(other_operators_show_lucenes_reading)
{
    check_note("f:a OR NOT f:b", "or `f:a AND NOT f:b`, which is what Lucene reads");
    check_note("NOT f:a OR NOT f:b", "or `NOT f:a AND NOT f:b`, which is what Lucene reads");
    check_note("f:a f:b", "Lucene reads `f:a OR f:b`");
    check_note("f:a f:b AND f:c", "Lucene reads `f:b AND f:c` and drops `f:a`");
    check_note("+f:a -f:b f:c", "Lucene reads `f:a AND NOT f:b` and drops `f:c`");
    check_note("userName:john smith", "Lucene looks for `smith` in every field");
}
END_TEST

/* Places: the source's bytes, whatever the way from there to the filter's text. */
START_TEST(places_are_those_of_the_source)
{
    struct compile c = {.arena = arena_new()};
    uint32_t at[] = {10, 12, 14, 16, 18, 20};
    struct text text = {.s = SLICE("f:a:b"), .source = 3, .at = at};
    ck_assert_ptr_null(parse_filter(&c, &text));
    ck_assert_uint_eq(c.diags[0].loc.source, 3);
    ck_assert_uint_eq(c.diags[0].loc.at, 16);
    ck_assert_uint_eq(c.diags[0].loc.n, 2);
    arena_free(c.arena);
}
END_TEST

START_TEST(a_clause_knows_where_its_value_is)
{
    struct compile c = {.arena = arena_new()};
    struct text text = text_of(&c, "f:(\"a b\" OR /re/i)");
    struct node *tree = parse_filter(&c, &text);
    const struct clause *phrase = tree->kids[0]->clause, *regex = tree->kids[1]->clause;
    ck_assert_uint_eq(phrase->from, 4);
    ck_assert_uint_eq(phrase->to, 7);
    ck_assert_uint_eq(phrase->value_loc.at, 3);
    ck_assert_uint_eq(phrase->value_loc.n, 5);
    ck_assert_uint_eq(regex->from, 13);
    ck_assert_uint_eq(regex->to, 15);
    ck_assert_uint_eq(regex->value_loc.n, 5);
    ck_assert_uint_eq(regex->field_loc.at, 0);
    arena_free(c.arena);
}
END_TEST

START_TEST(a_pack_of_filters_is_parsed_and_all_errors_are_said)
{
    struct compile c = {.arena = arena_new()};
    static const char *const filters[] = {"f:a", "f:", "g:b OR", "h:c"};
    for (size_t i = 0; i < 4; i++)
        PUSH(&c, c.pack.alerts, c.pack.n_alerts)->filter = text_of(&c, filters[i]);
    ck_assert(!parse(&c));
    ck_assert_uint_eq(c.n_diags, 2);
    ck_assert_ptr_nonnull(c.pack.alerts[0].tree);
    ck_assert_ptr_null(c.pack.alerts[1].tree);
    ck_assert_ptr_null(c.pack.alerts[2].tree);
    ck_assert_ptr_nonnull(c.pack.alerts[3].tree);
    arena_free(c.arena);
}
END_TEST

static Suite *parse_suite(void)
{
    Suite *s = suite_create("parse");
    TCase *t = tcase_create("filters");
    int n = (int)(sizeof cases / sizeof *cases);
    tcase_add_loop_test(t, a_filter_is_its_tree_or_its_errors, 0, n);
    tcase_add_loop_test(t, a_rewrite_parses, 0, n);
    tcase_add_loop_test(t, a_rewrite_is_not_the_filter, 0, n);
    tcase_add_test(t, a_hundred_parentheses_are_read);
    tcase_add_test(t, more_parentheses_are_refused_once);
    tcase_add_test(t, many_groups_side_by_side_are_read);
    tcase_add_test(t, mixed_operators_show_the_other_reading_and_lucenes);
    tcase_add_test(t, other_operators_show_lucenes_reading);
    tcase_add_test(t, messages_name_what_is_wrong);
    tcase_add_test(t, places_are_those_of_the_source);
    tcase_add_test(t, a_clause_knows_where_its_value_is);
    tcase_add_test(t, a_pack_of_filters_is_parsed_and_all_errors_are_said);
    tcase_add_loop_test(t, other_languages_are_refused_and_translated, 0,
                        (int)(sizeof foreign_cases / sizeof *foreign_cases));
    tcase_add_loop_test(t, what_only_looks_foreign_is_left_alone, 0,
                        (int)(sizeof not_foreign / sizeof *not_foreign));
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_tap(parse_suite());
}
