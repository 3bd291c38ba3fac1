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
    re2c:define:YYPEEK = "trail_next(&at, end)";
    re2c:define:YYSKIP = "";
    re2c:define:YYBACKUP = "";
    re2c:define:YYRESTORE = "";

    end = [\ud800];
*/

/*
 * A value of requestParameters.groupName
 *     [^\ud800]* [Aa] [Dd] [Mm] [Ii] [Nn] [^\ud800]*
 */
bool regex_0(const char *p, size_t n)
{
    const unsigned char *at = (const unsigned char *)p, *end = at + n;
s0: /*!re2c
        [^Aa\ud800] { goto s0; }
        [Aa] { goto s1; }
        * { return false; }
    */
s1: /*!re2c
        [^ADad\ud800] { goto s0; }
        [Aa] { goto s1; }
        [Dd] { goto s2; }
        * { return false; }
    */
s2: /*!re2c
        [^AMam\ud800] { goto s0; }
        [Aa] { goto s1; }
        [Mm] { goto s3; }
        * { return false; }
    */
s3: /*!re2c
        [^AIai\ud800] { goto s0; }
        [Aa] { goto s1; }
        [Ii] { goto s4; }
        * { return false; }
    */
s4: /*!re2c
        [^ANan\ud800] { goto s0; }
        [Aa] { goto s1; }
        [Nn] { return true; }
        * { return false; }
    */
}

/*
 * A value of requestParameters.granteePrincipal
 *     "arn\x3aaws" [\x2da-z]* "\x3a" ("iam" | "sts") "\x3a\x3a" [0-9]{12} "\x3a" [^\ud800]*
 */
bool regex_1(const char *p, size_t n)
{
    const unsigned char *at = (const unsigned char *)p, *end = at + n;
    /*!re2c
        "arn\x3aaws" { goto s1; }
        * { return false; }
    */
s1: /*!re2c
        [\x2da-z] { goto s1; }
        "\x3a" { goto s2; }
        * { return false; }
    */
s2: /*!re2c
        "iam" | "sts" { goto s3; }
        * { return false; }
    */
s3: /*!re2c
        "\x3a\x3a" [0-9]{12} "\x3a" { return true; }
        * { return false; }
    */
}

/*
 * A value of requestParameters.granteePrincipal
 *     "arn\x3aaws" [\x2da-z]* "\x3a" ("iam" | "sts") "\x3a\x3a" [0-9]{12} "\x3a" [^\ud800]* [0-9]{12} [^\ud800]*
 */
bool regex_2(const char *p, size_t n)
{
    const unsigned char *at = (const unsigned char *)p, *end = at + n;
    /*!re2c
        "arn\x3aaws" { goto s1; }
        * { return false; }
    */
s1: /*!re2c
        [\x2da-z] { goto s1; }
        "\x3a" { goto s2; }
        * { return false; }
    */
s2: /*!re2c
        "iam" | "sts" { goto s3; }
        * { return false; }
    */
s3: /*!re2c
        "\x3a\x3a" [0-9]{12} "\x3a" { goto s4; }
        * { return false; }
    */
s4: /*!re2c
        [^0-9\ud800] { goto s4; }
        [0-9] { goto s5; }
        * { return false; }
    */
s5: /*!re2c
        [^0-9\ud800] { goto s4; }
        [0-9] { goto s6; }
        * { return false; }
    */
s6: /*!re2c
        [^0-9\ud800] { goto s4; }
        [0-9] { goto s7; }
        * { return false; }
    */
s7: /*!re2c
        [^0-9\ud800] { goto s4; }
        [0-9] { goto s8; }
        * { return false; }
    */
s8: /*!re2c
        [^0-9\ud800] { goto s4; }
        [0-9] { goto s9; }
        * { return false; }
    */
s9: /*!re2c
        [^0-9\ud800] { goto s4; }
        [0-9] { goto s10; }
        * { return false; }
    */
s10: /*!re2c
        [^0-9\ud800] { goto s4; }
        [0-9] { goto s11; }
        * { return false; }
    */
s11: /*!re2c
        [^0-9\ud800] { goto s4; }
        [0-9] { goto s12; }
        * { return false; }
    */
s12: /*!re2c
        [^0-9\ud800] { goto s4; }
        [0-9] { goto s13; }
        * { return false; }
    */
s13: /*!re2c
        [^0-9\ud800] { goto s4; }
        [0-9] { goto s14; }
        * { return false; }
    */
s14: /*!re2c
        [^0-9\ud800] { goto s4; }
        [0-9] { goto s15; }
        * { return false; }
    */
s15: /*!re2c
        [^0-9\ud800] { goto s4; }
        [0-9] { return true; }
        * { return false; }
    */
}
