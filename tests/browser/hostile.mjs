// A log that wants out of wherever it is put: markup, scripts, ends of strings, formulas, what the eye does not see.
const evil = [
  "</script><img src=x onerror=pwned('script')>",
  "<!--<script>", "-->", "]]>", "</title><script>pwned('title')</script>",
  "\"><img src=x onerror=pwned('attribute')>", "' onmouseover='pwned(1)", "`${pwned('template')}`",
  "javascript:pwned('url')", "=HYPERLINK(\"http://evil.example/\",\"x\")", "+1+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "\t=1+1", "\r=1",
  "\u2028alert(1)\u2029", "\u202egnp.exe", "a\u0000b\u001b[31m", "&lt;img&gt;&amp;", "\\u003cimg src=x onerror=pwned('unescaped')>",
  "</textarea></svg></style><svg onload=pwned('svg')>", "x".repeat(3000), "{{constructor.constructor('pwned(2)')()}}", "%3Cscript%3E",
];
let n = 0;
for (let round = 0; round < 6; round++)
  for (const text of evil)
    console.log(JSON.stringify({ time: 1773480000 + n * 7, id: "e" + ++n, name: text, agent: evil[(n * 5 + round) % 3], ["</pre><img src=x onerror=pwned('key')>"]: text }));
