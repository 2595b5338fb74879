# The store of attestations, which strangers fill and others may empty; clocks; checks. Sourced by ../hostile.
# shellcheck shell=bash

stored() { printf '%s\n' "$state/documents/repositories/$repository/attestations/"*.json; }
stamp_of() { jq -r '"\(.key) \(.chart // .shipment.chart)"' <<< "$(stamp_in "$(jq -r '.document.bundle.dsseEnvelope.payload' "$1" | base64 -d)")"; }

# The files of the statements about worker under a key, newest last.
about_worker() {  # KEY
  local file
  for file in $(stored); do [ "$(stamp_of "$file")" != "$1 charts/worker" ] || echo "$file"; done
}

forget() {  # KEY: the store loses them
  local files; files=$(about_worker "$1")
  [ -n "$files" ] || not_ok "there is no $1 to delete"
  stop_sandbox
  # shellcheck disable=SC2086
  rm $files
  start_sandbox "$state" "$port"
}

put_bundle() {  # FILE [TIMES]: a writer of the repository stores it
  local count
  jq -c '{bundle: .}' "$1" > "$work/put.json"
  for count in $(seq "${2:-1}"); do as "$contributor" POST attestations "@$work/put.json" >/dev/null || not_ok "bundle $count was not taken"; done
}

bundle() { jq -c .document.bundle "$(about_worker "$1" | tail -1)"; }  # KEY

hostile proposed lost_validate 'the statement of stage 1 is deleted'
case_lost_validate() {
  forget validate
  merge "$(open_pull integration feature/hostile)" merge
  stopped filter-charts 3 '`validate` of charts/worker: no statement about'
  nothing_changed 'attested validate of'
}
hostile bumped lost_overall 'the verdict of stage 5 is deleted before the merge'
case_lost_overall() { forget workflow-5-overall; merge "$(open_pull main bump/)" squash; no_release worker; }
hostile tagged lost_tag 'the statement about the tag is deleted before publishing'
case_lost_tag() { forget tag; train_leaves; not_published; }
hostile tagged lost_package 'the statement about the package is deleted before publishing'
case_lost_package() { forget package; train_leaves; stopped publish-charts 3 '`package` of charts/worker: no statement about'; not_published; }

other_signature='.dsseEnvelope.signatures[0].sig |= (.[0:20] + (if .[20:21] == "A" then "B" else "A" end) + .[21:])'
hostile proposed junk_50 'fifty bundles of junk about the same chart beside the true one'
case_junk_50() {
  bundle validate | jq -c '.dsseEnvelope.payload |= (@base64d | sub("\"validate-contribution\""; "\"pwned\"") | @base64)' > "$work/junk.json"
  put_bundle "$work/junk.json" 50
  number=$(open_pull integration feature/hostile)
  ships_to_main
  ships
}
# It is safe, but T28 wants such a bundle passed over: the shipment stands still until somebody deletes it.
hostile proposed junk_same_words 'the true statement with another signature beside the true one'
case_junk_same_words() {
  bundle validate | jq -c "$other_signature" > "$work/junk.json"
  put_bundle "$work/junk.json"
  number=$(open_pull integration feature/hostile)
  merges_to_main
  ships
}
hostile proposed junk_alone 'junk about the same chart in place of the true one'
case_junk_alone() {
  bundle validate | jq -c "$other_signature" > "$work/junk.json"
  forget validate
  put_bundle "$work/junk.json" 3
  watch
  merge "$(open_pull integration feature/hostile)" merge
  stopped filter-charts 3 '`validate` of charts/worker: no statement about'
  nothing_changed
}
hostile proposed junk_shapes 'bundles without certificate, without signature, and with a payload that is no statement'
case_junk_shapes() {
  local shape
  for shape in '.verificationMaterial = {}' '.dsseEnvelope.signatures = []' '.mediaType = "x"' '.dsseEnvelope.payloadType = "x"' \
    '.verificationMaterial.tlogEntries = [{}]' '.verificationMaterial.certificate = {rawBytes: "AAAA"}'; do
    bundle validate | jq -c "$shape" > "$work/junk.json"
    put_bundle "$work/junk.json"
  done
  number=$(open_pull integration feature/hostile)
  ships_to_main
}
hostile proposed junk_replayed 'a true statement about another chart in the place of this one'"'"'s'
case_junk_replayed() {
  local file
  for file in $(stored); do [ "$(stamp_of "$file")" = "validate charts/web" ] && jq -c .document.bundle "$file" > "$work/junk.json"; done
  forget validate
  put_bundle "$work/junk.json"
  watch
  merge "$(open_pull integration feature/hostile)" merge
  stopped filter-charts 3 '`validate` of charts/worker: no statement about'
  nothing_changed
}

# The same content, validated by the same stages in a repository of somebody else's; its statements come into our store.
foreign_statements() {
  local own=$repository own_clone=$clone own_work=$work mallory
  mallory=$(operate POST users '{"login":"mallory"}' | jq -r .token)
  repository=mallory/evil work=$own_work/evil clone=$own_work/evil/clone
  mkdir -p "$work"
  cp "$own_work/app.json" "$work/"
  git clone -q --bare "$base/$own" "$work/seed"
  operate POST repositories "$(jq -nc --arg from "$work/seed" '{full_name: "mallory/evil", from: $from, default_branch: "main"}')" >/dev/null
  give_app
  git clone -q "http://mallory:$mallory@127.0.0.1:$port/mallory/evil" "$clone"
  rm "$clone/.waybill.yml"
  maintainer=$mallory install_pipeline
  git -C "$clone" add -A && git -C "$clone" commit -q -m "ci: mine" && git -C "$clone" push -q origin HEAD:main
  idle
  git -C "$clone" checkout -q -B feature/evil origin/feature/hostile
  git -C "$clone" merge -q -X ours -m "Mine" main 2>/dev/null && git -C "$clone" push -q origin feature/evil
  git -C "$clone" push -q origin "main:refs/heads/integration" --force
  maintainer=$mallory contributor=$mallory person_pull feature/evil integration >/dev/null
  idle
  bundle validate > "$own_work/foreign.json" || { verbose=1 print_runs | tail -30; not_ok "the other repository has signed nothing"; }
  repository=$own clone=$own_clone work=$own_work
}
subject_of() { jq -r .dsseEnvelope.payload | base64 -d | jq -c '.subject[0].digest'; }
hostile proposed foreign_statement 'the same content validated by another repository'"'"'s workflow, in the place of our own statement'
case_foreign_statement() {
  foreign_statements
  [ "$(subject_of < "$work/foreign.json")" = "$(bundle validate | subject_of)" ] || not_ok "it is about something else"
  forget validate
  put_bundle "$work/foreign.json"
  watch
  merge "$(open_pull integration feature/hostile)" merge
  stopped filter-charts 3 '`validate` of charts/worker: no statement about'
  nothing_changed
}

hostile proposed forged_check 'checks posted with a person'"'"'s token'
case_forged_check() {
  local head; head=$(git ls-remote "$base/$repository" refs/heads/feature/hostile | cut -f1)
  refused_at_once 403 as "$contributor" POST check-runs "$(jq -nc --arg sha "$head" '{name: "waybill/enforce-atomic", head_sha: $sha, status: "completed", conclusion: "success"}')"
  as "$contributor" POST "statuses/$head" '{"state":"success","context":"waybill/enforce-atomic"}' >/dev/null || true
  nothing_changed
}

# --- clocks: the forge's is set, the runner's goes right -----------------------------------------------------------------

shift_clock() { operate POST clock "$(jq -nc --arg now "$(date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ)" '{now: $now}')" >/dev/null; }  # WHEN
hostile proposed clock_near 'the forge is fifty seconds ahead of the runner'
case_clock_near() { shift_clock '+50 seconds'; number=$(open_pull integration feature/hostile); ships_to_main; }
hostile proposed clock_ahead 'the forge is two hours ahead of the runner'
case_clock_ahead() {
  shift_clock '+2 hours'
  merge "$(open_pull integration feature/hostile)" merge
  stopped filter-charts 6 "'Expiration time' claim ('exp')"
  nothing_changed
}
hostile ready clock_back 'time goes backwards between one statement and the next'
case_clock_back() {
  shift_clock '+55 seconds'
  begin_change
  contribute_all
  stop_sandbox
  start_sandbox "$state" "$port"
  watch
  merge "$number" merge
  stopped enforce-atomic 3 '`filter` of charts/worker'
  [ -z "$(open_pull main bump/)" ] || not_ok "it went on"
  tell "nothing comes to main"
}
