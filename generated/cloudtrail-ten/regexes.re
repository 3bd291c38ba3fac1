/* regexes.re - one DFA a regex, over code points; see trail/regex.h. */
#include "pack.h"

#include "trail/regex.h"

/*!re2c
    re2c:encoding:utf32 = 1;
    re2c:encoding-policy = ignore;
    re2c:yyfill:enable = 0;
    re2c:sentinel = 55296;
    re2c:api = custom;
    re2c:api:style = free-form;
    re2c:define:YYCTYPE = uint32_t;
    re2c:define:YYPEEK = "trail_peek(at, end, &width)";
    re2c:define:YYSKIP = "at += width;";
    re2c:define:YYBACKUP = "";
    re2c:define:YYRESTORE = "";

    end = [\ud800];
*/

/*
 * A value of requestParameters.groupName
 */
bool regex_0(const char *p, size_t n)
{
    const unsigned char *at = (const unsigned char *)p, *end = at + n;
    unsigned width;
    /*!re2c
        [^\ud800]* [Aa] [Dd] [Mm] [Ii] [Nn] [^\ud800]* end { return true; }
        * { return false; }
    */
}

/*
 * A value of requestParameters.granteePrincipal
 */
bool regex_1(const char *p, size_t n)
{
    const unsigned char *at = (const unsigned char *)p, *end = at + n;
    unsigned width;
    /*!re2c
        "arn\x3aaws" [\x2da-z]* "\x3a" ("iam" | "sts") "\x3a\x3a" [0-9]{12} "\x3a" [^\ud800]* end { return true; }
        * { return false; }
    */
}

/*
 * A value of requestParameters.granteePrincipal
 */
bool regex_2(const char *p, size_t n)
{
    const unsigned char *at = (const unsigned char *)p, *end = at + n;
    unsigned width;
    /*!re2c
        "arn\x3aaws" [\x2da-z]* "\x3a" ("iam" | "sts") "\x3a\x3a" [0-9]{12} "\x3a" [^\ud800]* [0-9]{12} [^\ud800]* end { return true; }
        * { return false; }
    */
}
