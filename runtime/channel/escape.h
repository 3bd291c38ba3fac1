/*
 * escape.h - texts that may come from a log, on their way to a receiver.
 *
 * Each function takes any bytes and adds what is safe at its destination. All but the JSON one first make visible
 * what people would not see (trail_terminal_add(): controls, bidirectional and invisible characters, bytes that
 * are not UTF-8, each spelled out as \n, \x1b, \u{202e}), so what arrives is one line of valid UTF-8.
 *
 * `most` is the number of characters that the destination takes; a longer text ends with an ellipsis there.
 */
#ifndef TRAIL_ESCAPE_H
#define TRAIL_ESCAPE_H

#include "trail/json.h"

enum { TRAIL_ESCAPE_ALL = 100000 }; /* characters, where the destination has no limit */

/* A line of plain text: mail, a log. */
void trail_escape_plain(struct trail_text *, struct trail_slice, size_t most);

/* HTML, between tags or in a quoted attribute. */
void trail_escape_html(struct trail_text *, struct trail_slice, size_t most);

/*
 * A JSON string, quotes included, of a plain line: for fields that receivers show as plain text (plain_text of
 * Slack, TextRun of Teams, custom details of PagerDuty).
 */
void trail_escape_json(struct trail_text *, struct trail_slice, size_t most);

/*
 * A JSON string for Slack, in which & < > are entities, at most `most` characters long after that. With
 * `markup` (where Slack looks for it: the text of a message, not plain_text) a word joiner (U+2060) stands
 * where @name, a URL or a domain would become a mention or a link.
 */
void trail_escape_slack(struct trail_text *, struct trail_slice, size_t most, bool markup);

/* The value of a mail header (RFC 5322), without its name: ASCII as it is, else encoded words (RFC 2047), folded
 * so that no line exceeds 78 characters; `used` are those of the name. */
void trail_escape_header(struct trail_text *, struct trail_slice, size_t most, size_t used);

/* Text for a body of mail: quoted-printable (RFC 2045) of lines that end with \n. */
void trail_quoted_printable(struct trail_text *, struct trail_slice);

/* The value of a parameter of structured data (RFC 5424, 6.3.3), quotes included. */
void trail_escape_syslog(struct trail_text *, struct trail_slice, size_t most);

/* The text's first `most` characters, or all; never half a character. */
struct trail_slice trail_clip(struct trail_slice, size_t most);

#endif
