#!/bin/sh
# The JSON Schema, in the hands of another validator: it takes every pack of the tree, and refuses what the compiler refuses,
# but for what `mistakes` says that no schema can know.
set -u
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export NODE_PATH=/usr/share/nodejs

"$TRAILC" schema >"$work/schema.json"

# Reads lines of {"file", "document"}; prints `valid FILE` or `invalid FILE: why` for each.
validate() {
    node -e '
        const fs = require("fs"), Ajv = require("ajv");
        const ajv = new Ajv({unknownFormats: "ignore"});
        const check = ajv.compile(JSON.parse(fs.readFileSync(process.argv[1], "utf8")));
        for (const line of fs.readFileSync(0, "utf8").split("\n").filter(line => line)) {
            const {file, document} = JSON.parse(line);
            console.log(check(document) ? `valid ${file}` : `invalid ${file}: ${ajv.errorsText(check.errors)}`);
        }' "$work/schema.json"
}

if node -e '
    const Ajv = require("ajv"), schema = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    process.exit(schema.$schema && new Ajv().validateSchema(schema) ? 0 : 1)' "$work/schema.json"; then
    echo "ok - the schema meets the meta-schema that it names"
else
    echo "not ok - the schema meets the meta-schema that it names"
fi

# Hovering shows a description of every key.
bare=$(jq -r '.definitions | to_entries[] | .key as $shape | .value.properties | to_entries[]
              | select((.value.description // "") | length < 10) | "\($shape).\(.key)"' "$work/schema.json")
[ -z "$bare" ] && echo "ok - every key is described" || echo "not ok - every key is described: $bare"

# ---- good packs ----

for file in $(find rules examples tests -name '*.yaml' | LC_ALL=C sort); do
    case $file in
    tests/golden/emit/* | tests/golden/pack/quoting-* | tests/golden/pack/tabs.yaml | tests/published/*) ;;
    tests/golden/* | tests/fuzz/*) continue ;;
    esac
    "$TRAILC" check --color=never "$file" 2>&1 | grep -q 'error\[E0' && continue
    echo "$file"
done >"$work/good"
xargs "$BUILD/tests/documents" <"$work/good" >"$work/good.json"
validate <"$work/good.json" >"$work/verdicts"
while read -r file; do
    if grep -q "^invalid $file:" "$work/verdicts"; then
        echo "not ok - takes $file: $(grep "^invalid $file:" "$work/verdicts" | cut -d: -f2-)"
    elif grep -q "^valid $file\$" "$work/verdicts"; then
        echo "ok - takes $file"
    else
        echo "not ok - takes $file: no verdict"
    fi
done <"$work/good"
[ "$(wc -l <"$work/good")" -ge 20 ] && echo "ok - many packs" || echo "not ok - many packs: $(wc -l <"$work/good")"

# ---- mistakes ----

n=0
grep -v '^#' tests/editors/mistakes | while read -r code verdict document; do
    n=$((n + 1))
    printf '%s\n' "$document" >"$work/$n.yaml"
    "$TRAILC" check --json "$work/$n.yaml" >"$work/said.json"
    grep -q "\"code\":[[:space:]]*\"$code\"" "$work/said.json" || printf 'not ok - %s: trailc does not say it of %s\n' "$code" "$document"
    printf '%s\t%s\t%s\t%s\n' "$work/$n.yaml" "$code" "$verdict" "$document" >>"$work/mistakes"
done
cut -f1 "$work/mistakes" | xargs "$BUILD/tests/documents" | validate >"$work/verdicts"
while IFS="$(printf '\t')" read -r file code verdict document; do
    case $verdict:$(grep -c "^valid $file\$" "$work/verdicts"):$(grep -c "^invalid $file:" "$work/verdicts") in
    refuses:0:1 | misses:1:0) printf 'ok - %s %s %s\n' "$verdict" "$code" "$document" ;;
    *) printf 'not ok - %s %s %s: %s\n' "$verdict" "$code" "$document" "$(grep " $file" "$work/verdicts")" ;;
    esac
done <"$work/mistakes"

# ---- every key with every value ----

# One document a line and a file; not the zones, for which the machine is asked.
keys() { jq -r --arg shape "$1" '.definitions[$shape].properties | keys_unsorted[]' "$work/schema.json"; }
mkdir "$work/each"
{
    keys alert | sed 's/.*/alert &/'
    keys header | sed 's/.*/header &/'
    keys defaults | sed 's/.*/defaults &/'
    keys hours | grep -v timezone | sed 's/.*/hours &/'
    keys condition | sed 's/.*/condition &/'
    keys test | sed 's/.*/test &/'
    keys expectation | sed 's/.*/expectation &/'
    echo label not
    echo label -
} | awk -v values=tests/editors/values -v directory="$work/each" '
    function map(pairs, key, value,    i, n, list, out) { # pairs, but for the key, which has the value
        n = split(pairs, list, ", ")
        for (i = 1; i <= n; i++)
            if (index(list[i], key ": ") != 1)
                out = out list[i] ", "
        return "{" out key ": " value "}"
    }
    BEGIN {
        while ((getline line <values) > 0)
            if (line !~ /^#/)
                value[++n] = line
    }
    {
        for (i = 1; i <= n; i++) {
            v = value[i]
            source = $2 == "file" || $2 == "events" ? "fires: true" : "events: [], fires: true"
            if ($1 == "alert") document = map("alert: a, filter: x", $2, v)
            if ($1 == "header") document = map("pack: p", $2, v)
            if ($1 == "defaults") document = "{pack: p, defaults: {" $2 ": " v "}}"
            if ($1 == "hours") document = "{alert: a, filter: x, active: {" $2 ": " v "}}"
            if ($1 == "condition") document = "{alert: a, filter: x, when: [" map("when: immediately", $2, v) "]}"
            if ($1 == "test") document = "{alert: a, filter: x, tests: [" map(source, $2, v) "]}"
            if ($1 == "expectation") document = "{alert: a, filter: x, tests: [{events: [], fires: [{" $2 ": " v "}]}]}"
            if ($1 == "label") document = "{alert: a, filter: x, applications: [" ($2 == "-" ? v : "{not: " v "}") "]}"
            file = sprintf("%s/%05d.yaml", directory, ++files)
            print document >file
            close(file)
            print file "\t" document
        }
    }' >"$work/each.documents"
cut -f1 "$work/each.documents" >"$work/each.files"
# What the compiler says of their shape. What no schema can know, see above, is no difference.
xargs -n 20000 "$TRAILC" check --json <"$work/each.files" | jq -r '.diagnostics[] | select(.code | startswith("E00"))
    | select(.message != "the pack has no alert")
    | if .message | test("^cannot read|the number 1(.0|e3)$") then "unknown \(.file)" else "refused \(.file)" end' |
    sort -u >"$work/each.said"
"$BUILD/tests/documents" - <"$work/each.files" 2>/dev/null | validate >"$work/verdicts"
awk -F '\t' -v said="$work/each.said" -v verdicts="$work/verdicts" '
    BEGIN {
        while ((getline line <said) > 0) {
            split(line, word, " ")
            if (word[1] == "refused") refuses[word[2]] = 1
            else skip[word[2]] = 1
        }
        while ((getline line <verdicts) > 0) {
            split(line, word, /[ :]/)
            verdict[word[2]] = word[1]
        }
    }
    $1 in verdict && !($1 in skip) {
        n++
        right += verdict[$1] == "valid"
        if ((verdict[$1] == "invalid") != ($1 in refuses)) {
            wrong++
            printf "    %s: %s to the schema, %s by trailc\n", $2, verdict[$1], $1 in refuses ? "refused" : "taken"
        }
    }
    END {
        ok = !wrong && n > 10000 && right > 1000
        printf "%s - schema and compiler agree on %d documents, %d of them right\n", ok ? "ok" : "not ok", n, right
    }' "$work/each.documents"
