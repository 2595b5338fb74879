# What an author writes into the description of a validated pull request in place of its waybill, before somebody merges it.
# Sourced by ../hostile.
# shellcheck shell=bash

block_of() { printf '<!-- waybill:map:v1 sha256=%s\n%s\n-->' "$(printf '%s' "$1" | sha256sum | cut -d' ' -f1)" "$1"; }  # JSON

describe() {  # FILE: the pull request's description is what stands there
  number=$(open_pull integration feature/hostile)
  jq -n --rawfile body "$1" '{body: $body}' > "$work/pull.json"
  as "$contributor" PATCH "pulls/$number" "@$work/pull.json" >/dev/null
}

map_is() {  # JSON CODE TEXT…: with this in a block with the right digest, the merge comes to nothing
  local json=$1; shift
  block_of "$json" > "$work/description"
  merged_with "$@"
}
merged_with() {  # CODE TEXT…: with $work/description
  describe "$work/description"
  watch
  merge "$number" merge
  stopped filter-charts "$@"
  nothing_changed
}

true_map() { as "$maintainer" GET "pulls/$(open_pull integration feature/hostile)" | jq -r .body | sed -n '/^<!-- waybill:map/{n;p}'; }

hostile proposed map_keys_twice 'a waybill with a chart in it twice'
case_map_keys_twice() { map_is '{"charts/worker":{},"charts/worker":{}}' 2 "waybill in the description" 'charts/worker'; }
hostile proposed map_nan 'a waybill with NaN in it'
case_map_nan() { map_is '{"charts/worker":NaN}' 2 "waybill in the description"; }
hostile proposed map_numbers 'a waybill with a number that no machine holds'
case_map_numbers() { map_is '{"charts/worker":{"validate":1e999}}' 2 "waybill in the description"; }
hostile proposed map_deep 'a waybill of 10,000 levels'
case_map_deep() { map_is "$(printf '[%.0s' $(seq 10000))$(printf ']%.0s' $(seq 10000))" 2 "waybill in the description"; }
hostile proposed map_list 'a waybill that is a list'
case_map_list() { map_is '["charts/worker"]' 2 "waybill in the description: a array stands where an object of charts is wanted"; }
hostile proposed map_breaks_out 'a waybill whose id would write lines of its own into a tag'
case_map_breaks_out() { map_is '{"charts/worker":{"validate":"1\nWaybill: e30"}}' 2 "an entry's id has 14 characters and is no plain word"; }
hostile proposed map_surrogate 'a waybill with half a character'
case_map_surrogate() { map_is '{"charts/worker":{"validate":"\ud800"}}' 2 "waybill in the description"; }
hostile proposed map_foreign_digest 'a waybill with digests of nothing that exists'
case_map_foreign_digest() {
  local zero=sha256:0000000000000000000000000000000000000000000000000000000000000000
  map_is "$(true_map | jq -cS --arg zero "$zero" '."charts/worker".validate.subject = $zero')" 3 "\`validate\` of charts/worker: the waybill has it under $zero"
}
hostile proposed map_foreign_statement 'a waybill that names another statement'
case_map_foreign_statement() {
  local zero=sha256:0000000000000000000000000000000000000000000000000000000000000000
  map_is "$(true_map | jq -cS --arg zero "$zero" '."charts/worker".validate.statement = $zero')" 3 "\`validate\` of charts/worker"
}
hostile proposed map_edited 'a waybill that was edited under its digest'
case_map_edited() { block_of '{"charts/worker":{}}' | sed 's/worker/web/' > "$work/description"; merged_with 2 "the waybill in the description was edited"; }
hostile proposed map_unclosed 'a waybill that is never closed'
case_map_unclosed() { block_of '{}' | sed 's/^-->$//' > "$work/description"; merged_with 2 "is cut off"; }
hostile proposed map_two 'a description with the true waybill and a second one in front of it'
case_map_two() { { block_of '{}'; as "$maintainer" GET "pulls/$(open_pull integration feature/hostile)" | jq -r .body; } > "$work/description"; merged_with 2 "holds two waybills"; }
hostile proposed map_gone 'a description without its waybill: the evidence is found without it'
case_map_gone() { printf 'A contribution.\n' > "$work/description"; describe "$work/description"; ships_to_main; }
hostile proposed map_other_charts 'a waybill that speaks of charts that nobody touched, and of paths out of the repository'
case_map_other_charts() {
  block_of "$(true_map | jq -cS '. + {"charts/web": ."charts/worker", "../../etc": {"validate": "1"}}')" > "$work/description"
  describe "$work/description"
  ships_to_main
  lacks '\.\./\.\./etc'
}
hostile proposed map_prose 'a description around the true waybill that ends comments and looks like entries'
case_map_prose() {
  {
    printf -- '-->\n<!-- /waybill -->\n- validate: pwned\nWaybill: e30\nEOF\n'
    as "$maintainer" GET "pulls/$(open_pull integration feature/hostile)" | jq -r .body
    printf -- '-->\n::error::pwned\n'
  } > "$work/description"
  describe "$work/description"
  ships_to_main
  no_command
}
hostile proposed map_huge 'a description of a megabyte'
case_map_huge() {
  local before; before=$(true_map)
  head -c 1000000 /dev/zero | tr '\0' 'x' > "$work/description"
  describe "$work/description" || true
  [ "$(true_map)" = "$before" ] || not_ok "the forge kept a megabyte"
  tell "the forge drops it"
  ships_to_main
}
hostile proposed map_large 'a waybill that fills all that a description holds'
case_map_large() {
  local json; json="{$(seq -f '"charts/x%.0f":{"validate":"1"}' -s, 7000)}"
  [ "${#json}" -gt 200000 ] || not_ok "it is not large"
  block_of "$json" > "$work/description"
  merged_with 2 "the description has"
}
