# Facts of one service model (botocore's service-2.json), one line an API:
#     name <tab> endpoint prefix <tab> signing name <tab> protocol <tab> API version <tab> parameters
# A parameter is `name=`, which has nothing below or takes anything there, or `name.member`, one of the fields below it.
# CloudTrail writes the first letter small.
(.shapes // {}) as $shapes
| .metadata as $service
| def shape: . as $ref | if ($ref.shape | type) == "string" then ($shapes[$ref.shape] // $ref) else $ref end;
  def kind: if .document or .eventstream or .jsonvalue then "open"
            else .type // (if .members then "structure" else "string" end) end;
  def small: (.[:1] | ascii_downcase) + .[1:];
  # A member's names: its own, and the one that it has on the wire.
  def names: [.key, (.value.locationName // .key)] | map(select(test("^[A-Za-z0-9_]+$")) | small) | unique[];
  # The structure that a member is, or a list of; null for all else.
  def below: shape | if kind == "list" then (.member // {} | below) elif kind == "structure" then . else null end;
  def parameters: to_entries[] | select(.value.jsonvalue | not)
      | names as $name | (.value | below) as $structure
      | if $structure and ($structure.members | length) > 0
        then ($structure.members | to_entries[] | names | "\($name).\(.)")
        else "\($name)=" end;
  select(.operations)
| .operations | to_entries[]
| [.key, $service.endpointPrefix, ($service.signingName // ""), $service.protocol, $service.apiVersion,
   ([.value.input // {} | shape | .members // {} | parameters] | join(" "))]
| @tsv
