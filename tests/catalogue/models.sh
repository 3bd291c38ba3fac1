#!/bin/sh
# The list of APIs has what its script makes of service models: of botocore's, where it is installed, and of models
# that are written here. Prints TAP.
set -u
here=$(cd "$(dirname "$0")" && pwd)
catalogue=$here/../../compiler/catalogue
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

same() { # NAME FILE FILE
    if cmp -s "$2" "$3"; then
        echo "ok - $1"
    else
        echo "not ok - $1: $(diff "$2" "$3" | head -n 5 | tr '\n' ' ')"
    fi
}

# ---- models written here ----

mkdir -p "$work/models/one/2020-01-02" "$work/models/one/2021-01-01" "$work/models/lambda/2015-03-31"
cat >"$work/models/one/2020-01-02/service-2.json" <<'EOF'
{"metadata": {"apiVersion": "2020-01-02", "endpointPrefix": "one", "signingName": "First", "protocol": "query"},
 "operations": {"MakeOne": {"name": "MakeOne", "input": {"shape": "MakeOneRequest"}}, "ListOnes": {"name": "ListOnes"}},
 "shapes": {"MakeOneRequest": {"type": "structure", "members": {
                "Name": {"shape": "String"}, "Tags": {"shape": "Tags"}, "Free": {"shape": "Map"},
                "Other": {"shape": "String", "locationName": "elsewhere"}, "Again": {"shape": "Nest"}}},
            "String": {"type": "string"}, "Map": {"type": "map", "key": {"shape": "String"}, "value": {"shape": "String"}},
            "Tags": {"type": "list", "member": {"shape": "Tag"}},
            "Tag": {"type": "structure", "members": {"Key": {"shape": "String"}, "Value": {"shape": "String"}}},
            "Nest": {"type": "structure", "members": {"Nest": {"shape": "Nest"}}}}}
EOF
cat >"$work/models/one/2021-01-01/service-2.json" <<'EOF'
{"metadata": {"apiVersion": "2021-01-01", "endpointPrefix": "one", "signingName": "first", "protocol": "json"},
 "operations": {"MakeOne": {"name": "MakeOne", "input": {"shape": "MakeOneRequest"}}},
 "shapes": {"MakeOneRequest": {"type": "structure", "members": {
                "Newer": {"shape": "Text"}, "Tags": {"shape": "Tag"}, "Free": {"shape": "Free"},
                "Paper": {"shape": "Paper"}}},
            "Text": {"type": "string"}, "Tag": {"type": "structure", "members": {"Colour": {"shape": "Text"}}},
            "Free": {"type": "structure", "members": {"Below": {"shape": "Text"}}},
            "Paper": {"type": "structure", "members": {}, "document": true}}}
EOF
cat >"$work/models/lambda/2015-03-31/service-2.json" <<'EOF'
{"metadata": {"apiVersion": "2015-03-31", "endpointPrefix": "lambda", "protocol": "rest-json"},
 "operations": {"Invoke": {"name": "Invoke"}}, "shapes": {}}
EOF
gzip "$work/models/lambda/2015-03-31/service-2.json"
mkdir -p "$work/models/xml/1"
cat >"$work/models/xml/1/service-2.json" <<'EOF'
{"metadata": {"apiVersion": "1", "endpointPrefix": "api.ecr", "signingName": "ecr", "protocol": "ec2"},
 "operations": {"Put": {"name": "Put", "input": {"shape": "P"}}},
 "shapes": {"P": {"type": "structure", "members": {"A": {"shape": "S"}}}, "S": {"type": "string"}}}
EOF
cat >"$work/wanted" <<'EOF'
Invoke lambda ~
Invoke20150331 lambda ~
Invoke20150331v2 lambda ~
ListOnes first,one =
MakeOne first,one ~ again{nest} elsewhere free name newer other paper tags{colour,key,value}
Put ecr *
EOF
sh "$catalogue/models.sh" "here & there" "$work/models" >"$work/made"
grep -v '^#' "$work/made" >"$work/list"
same "models of two versions" "$work/wanted" "$work/list"
if grep -q '^# Made by models.sh from here & there; facts alone' "$work/made"; then
    echo "ok - the list says where it is from"
else
    echo "not ok - the list says where it is from: $(head -n 3 "$work/made")"
fi

# ---- the list in the tree ----

grep -v '^#' "$catalogue/apis.txt" >"$work/apis"
LC_ALL=C sort "$work/apis" >"$work/sorted"
same "the list is sorted" "$work/apis" "$work/sorted"

botocore=$(python3 -c 'import botocore, os; print(os.path.dirname(botocore.__file__))' 2>/dev/null)/data
if [ ! -d "$botocore/iam" ]; then
    echo "ok - the list has botocore's APIs # SKIP no botocore"
    exit 0
fi
for service in iam sts kms lambda cloudfront signer ec2-instance-connect; do
    set -- "$@" "$botocore/$service"
done
sh "$catalogue/models.sh" botocore "$@" | grep -v '^#' >"$work/botocore"
# Every API, and of each every parameter, unless the list says that they are not known.
missing=$(awk 'function all(line, list, n, i) { n = split(line, list, /[ {},]+/); for (i = 4; i <= n; i++) has[list[1], list[2], list[i]] = 1 }
    FNR == NR { known[$1, $2] = $3; all($0); next }
    !(($1, $2) in known) { print $1; next }
    known[$1, $2] != "*" { n = split($0, list, /[ {},]+/); for (i = 4; i <= n; i++) if (!(($1, $2, list[i]) in has)) print $1, list[i] }' \
    "$work/apis" "$work/botocore" | head -n 5)
lines=$(wc -l <"$work/botocore")
if [ "$lines" -gt 300 ] && [ -z "$missing" ]; then
    echo "ok - the list has botocore's APIs"
else
    echo "not ok - the list has botocore's APIs: of $lines, $missing"
fi
