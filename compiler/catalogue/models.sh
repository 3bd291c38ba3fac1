#!/bin/sh
# Makes apis.txt, the list of every API of AWS, from service models:
#     compiler/catalogue/models.sh "WHERE FROM" DIRECTORY... > compiler/catalogue/apis.txt
# A directory holds models as botocore's data has them: NAME/VERSION/service-2.json, plain or .gz. "WHERE FROM" goes into
# the head of the list. Needs jq and awk. What several directories have becomes one list: an API that was taken away is
# still in old logs, so old models are worth keeping beside new ones.
set -eu
here=$(dirname "$0")
from=$1
shift
facts=$(mktemp)
trap 'rm -f "$facts"' EXIT

LC_ALL=C
export LC_ALL
find "$@" -name 'service-2.json' -o -name 'service-2.json.gz' | sort | while read -r model; do
    case $model in
    *.gz) gzip -dc "$model" ;;
    *) cat "$model" ;;
    esac | jq -r -f "$here/models.jq"
done >"$facts"

awk -v from="$from" 'sub(/^#: ?/, "# ") { sub(/ $/, ""); at = index($0, "FROM"); print at ? substr($0, 1, at - 1) from substr($0, at + 4) : $0 }' "$0"
awk -F '\t' -f "$here/models.awk" "$here/sources.txt" "$facts" | sort
exit 0

#: Every API of AWS: event name, event sources without `.amazonaws.com`, how its parameters are known, parameters.
#:
#: Made by models.sh from FROM; facts alone. Sorted by byte order.
#: The third column: `=` the parameters are logged as they stand here; `~` some services of this kind write the first letter
#: as a capital; `*` the log's parameters are not those of the model (EC2 and the services that speak XML over REST).
#: name{a,b} has the fields a and b below it; what is below a name alone is not known.
