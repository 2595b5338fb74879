# What lies where nobody but waybill should write: releases, the registry, policy, workflows, files of git. Sourced by ../hostile.
# shellcheck shell=bash

# --- releases and the registry -------------------------------------------------------------------------------------------

release_by_person() {  # DRAFT: prints its id
  as "$maintainer" POST releases "$(jq -nc --argjson draft "$1" '{tag_name: "worker-v2.0.6", name: "worker 2.0.6", body: "pwned", draft: $draft}')" | jq -r .id
}
upload() {  # RELEASE NAME FILE
  curl -sS --fail-with-body -X POST "$base/api/uploads/repos/$repository/releases/$1/assets?name=$2" -H "Authorization: Bearer $maintainer" \
    -H 'Content-Type: application/octet-stream' --data-binary "@$3" >/dev/null
}
replace_asset() {  # NAME FILE: of the published release
  local asset; asset=$(as "$maintainer" GET releases/tags/worker-v2.0.6 | jq -r --arg name "$1" '.assets[] | select(.name == $name) | .id')
  as "$maintainer" DELETE "releases/assets/$asset"
  upload "$(as "$maintainer" GET releases/tags/worker-v2.0.6 | jq -r .id)" "$1" "$2"
}
other_package() {  # [VERSION]: $work/other.tgz, a chart like worker with other bytes
  local folder=$work/other-package
  mkdir -p "$folder"
  cp -r "$project/examples/charts/charts/worker" "$folder/worker"
  sed -i "s/^version: .*/version: ${1:-2.0.6}/" "$folder/worker/Chart.yaml"
  helm package -d "$folder" "$folder/worker" >/dev/null
  mv "$folder/worker-${1:-2.0.6}.tgz" "$work/other.tgz"
}

hostile tagged release_first 'a person publishes the release before waybill does'
case_release_first() {
  release_by_person false >/dev/null
  train_leaves
  in_registry && not_ok "it was pushed all the same"
  strike
  stopped reconcile 3 'release `worker-v2.0.6` is visible, but its package `worker-2.0.6.tgz` is not there'
}
in_registry() { curl -sS "$base/v2/$repository/worker/tags/list" | jq -e '.tags // [] | index("2.0.6") != null' >/dev/null; }

hostile tagged draft_first 'a person drafts the release with another package'
case_draft_first() {
  other_package
  upload "$(release_by_person true)" worker-2.0.6.tgz "$work/other.tgz"
  train_leaves
  stopped publish-charts 4 'asset `worker-2.0.6.tgz` of release `worker-v2.0.6` is' 'is wanted'
  not_published
}
hostile tagged draft_lineage 'a person drafts the release with another lineage'
case_draft_lineage() {
  echo '{}' > "$work/lineage"
  upload "$(release_by_person true)" worker-2.0.6.lineage.jsonl "$work/lineage"
  train_leaves
  expect_releases worker-v2.0.6
  verify_release worker-v2.0.6 >/dev/null
  tell "replaced by the true one, released as worker-v2.0.6, which verifies"
}
hostile published asset_package 'the package of a published release is replaced'
case_asset_package() {
  other_package
  refused_at_once 'Cannot delete assets of an immutable release' replace_asset worker-2.0.6.tgz "$work/other.tgz"
  nothing_changed
}

# PACKAGE with what lies beside it, verified by somebody who fetched both.
verify_fetched() { "$build/core/waybill" verify "$work/dist/$1" --policy "$clone/.waybill.yml" --trusted-root "$clone/.github/waybill/trusted-root.json"; }
fetch_both() { verify_release web-v1.5.0 >/dev/null; verify_release worker-v2.0.6 >/dev/null; }

hostile published fetched_package 'another package is fetched beside the true lineage'
case_fetched_package() { fetch_both; other_package; cp "$work/other.tgz" "$work/dist/worker-2.0.6.tgz"; refused_at_once 'no statement about' verify_fetched worker-2.0.6.tgz; }
hostile published fetched_lineage 'the true package is fetched beside the lineage of another chart'
case_fetched_lineage() { fetch_both; cp "$work/dist/web-1.5.0.lineage.jsonl" "$work/dist/worker-2.0.6.lineage.jsonl"; refused_at_once 'no statement about' verify_fetched worker-2.0.6.tgz; }
hostile published fetched_cut 'the true package is fetched beside a lineage that lacks a line'
case_fetched_cut() {
  local line
  fetch_both
  cp "$work/dist/worker-2.0.6.lineage.jsonl" "$work/whole"
  for line in $(seq "$(wc -l < "$work/whole")"); do
    sed "${line}d" "$work/whole" > "$work/dist/worker-2.0.6.lineage.jsonl"
    ! verify_fetched worker-2.0.6.tgz > "$work/output" 2>&1 || not_ok "it verifies without line $line"
  done
  tell "verify: none of its $line lines can be missing"
}

crane_in() { export DOCKER_CONFIG=$work/docker; crane auth login "127.0.0.1:$port" -u waybill -p "$maintainer" >/dev/null 2>&1; }
hostile tagged registry_taken 'the version lies in the registry already, as something else than a chart'
case_registry_taken() {
  crane_in
  echo text > "$work/layer"
  crane append --insecure -f <(tar -C "$work" -cf - layer) -t "127.0.0.1:$port/octo/charts/worker:2.0.6" >/dev/null 2>&1
  train_leaves
  stopped publish-charts 4 'octo/charts/worker:2.0.6` holds sha256:'
  not_published
}
hostile published registry_other 'a version that nobody released is pushed'
case_registry_other() {
  crane_in
  crane tag --insecure "127.0.0.1:$port/octo/charts/worker:2.0.6" 9999.0.0 2>/dev/null
  strike
  stopped reconcile 3 'octo/charts/worker:9999.0.0` is a version that no tag of this repository stands for'
}

# --- versions -------------------------------------------------------------------------------------------------------------

wish() {  # TRAILER
  says_all $'fix: change the worker\n\n'"$1"
}
hostile ready wish_low 'a wish for a version that is taken'
case_wish_low() { wish 'Release-As: 2.0.5'; merge "$number" merge; stopped format-chart-pr 2 'Release-As 2.0.5' 'wanted a higher version'; [ -z "$(open_pull main bump/)" ] || not_ok "it went on"; }
hostile ready wish_beyond 'a wish for a version beyond all numbers'
case_wish_beyond() { wish 'Release-As: 99999999999999999999999.0.0'; merge "$number" merge; stopped format-chart-pr 2 'for worker: that is more than one step above'; [ -z "$(open_pull main bump/)" ] || not_ok "it went on"; }
hostile ready wish_text 'a wish for a version that is a shell command'
case_wish_text() { wish 'Release-As: $(touch pwned)'; ships_to_main; goes_out_as 2.0.6; nothing_ran; }
goes_out_as() { [ "$(as "$maintainer" GET "pulls/$release" | jq -r .title | grep -o '[0-9.]*$')" = "$1" ] || not_ok "it is to be another version"; }  # VERSION
hostile ready version_written 'a version written by hand that is taken'
case_version_written() {
  begin_change
  sed -i 's/^version: .*/version: 1.0.0/' "$clone/charts/worker/Chart.yaml"
  contribute_all
  ships_to_main
  goes_out_as 2.0.6
}

# --- policy, workflows, files of git --------------------------------------------------------------------------------------

outside() {  # FILE TEXT: a contribution with this file too
  begin_change
  mkdir -p "$(dirname "$clone/$1")"
  printf '%s\n' "$2" >> "$clone/$1"
  refused "belong to no chart" "$1"
}
hostile ready outside_policy 'a policy changed by a contribution'
case_outside_policy() { outside .waybill.yml 'merge: {integrate: auto, sync: auto, main: auto, release: auto}'; }
hostile ready outside_attributes 'root .gitattributes with filters, by a contribution'
case_outside_attributes() { outside .gitattributes '* text eol=crlf filter=pwned export-subst'; }
hostile ready outside_modules '.gitmodules by a contribution'
case_outside_modules() { outside .gitmodules '[submodule "x"] path = x'; }
hostile ready outside_owners 'CODEOWNERS changed by a contribution'
case_outside_owners() { outside .github/CODEOWNERS '* @alice'; }
hostile ready outside_root 'another trusted root by a contribution'
case_outside_root() { outside .github/waybill/trusted-root.json ' '; }
hostile ready outside_workflow 'a stage'"'"'s workflow changed by a contribution: its own copy runs, and may not sign'
case_outside_workflow() {
  begin_change
  own_workflow validate-contribution
  sed -i 's/pull_request_target:/pull_request:/' "$clone/.github/workflows/validate-contribution.yml"
  contribute_all
  runs_since | jq -e 'any(.event == "pull_request")' >/dev/null || not_ok "its own copy did not run"
  stopped validate-contribution 2 "belong to no chart" ".github/workflows/validate-contribution.yml"
  stopped validate-contribution 3 "is wanted"
  nothing_changed
}
hostile ready policy_in_pull 'a pull request to main that changes the policy and a chart at once'
case_policy_in_pull() {
  fresh_clone main
  worker_change
  sed -i "s/waybill-release\[bot\]/alice/; s/main: people/main: auto/" "$clone/.waybill.yml"
  push_as_person feature/hostile-policy
  person_pull feature/hostile-policy main >/dev/null
  stopped validate-and-bump 3 'a release is composed by `waybill-release[bot]` alone'
  nothing_changed
}

hostile ready inner_attributes 'a chart with .gitattributes that would write other bytes into a work tree'
case_inner_attributes() {
  begin_change
  printf '* text eol=crlf ident export-subst filter=pwned\n' > "$clone/charts/worker/.gitattributes"
  printf '# $Id$ $Format:%%H$\n' >> "$clone/charts/worker/templates/_hostile.tpl"
  contribute_all
  ships_to_main
  ships
  gunzip -c "$work/dist/worker-2.0.6.tgz" | tar -xO worker/templates/_hostile.tpl | finds -F '$Id$ $Format:%H$' || not_ok "the package holds other bytes"
}
hostile ready inner_ignore 'a chart with a .helmignore that hides what is shipped'
case_inner_ignore() {
  begin_change
  printf 'templates/\nChart.yaml\nvalues.yaml\n' > "$clone/charts/worker/.helmignore"
  refused 'charts/worker/Chart.yaml is missing from what ships'
}
# A commit on integration with one more folder in charts/NAME, past git's own look at names: sets $made.
in_tree() {  # CHART FOLDER TREE
  local chart charts root
  chart=$({ git -C "$clone" ls-tree "origin/integration:$1"; printf '040000 tree %s\t%s\n' "$3" "$2"; } | git -C "$clone" mktree)
  charts=$({ git -C "$clone" ls-tree origin/integration:charts | grep -v "${1#charts/}$"; printf '040000 tree %s\t%s\n' "$chart" "${1#charts/}"; } | git -C "$clone" mktree)
  root=$({ git -C "$clone" ls-tree origin/integration | grep -v 'charts$'; printf '040000 tree %s\tcharts\n' "$charts"; } | git -C "$clone" mktree)
  made=$(git -C "$clone" commit-tree -p origin/integration -m "fix: change the worker" "$root")
}
hostile ready inner_git 'a folder .GIT in a chart, with a config'
case_inner_git() {
  fresh_clone integration
  printf '[core]\n\tfsmonitor = touch pwned\n' > "$work/config"
  in_tree charts/worker .GIT "$(printf '100644 blob %s\tconfig\n' "$(git -C "$clone" hash-object -w "$work/config")" | git -C "$clone" mktree)"
  git -C "$clone" push -q origin "$made:refs/heads/feature/hostile-git"
  person_pull feature/hostile-git integration >/dev/null
  stopped validate-contribution 2 'is not a name that a git tree may hold'
  nothing_changed
}
hostile ready fork_wish 'a contribution by a fork that wishes for version 9999'
case_fork_wish() {
  local fork=$work/fork mallory
  mallory=$(operate POST users '{"login":"mallory","permissions":{}}' | jq -r .token)
  operate POST repositories '{"full_name":"mallory/charts","fork_of":"octo/charts"}' >/dev/null
  rm -rf "$fork"
  git clone -q -b integration "http://mallory:$mallory@127.0.0.1:$port/mallory/charts" "$fork"
  sed -i 's/^schedule: .*/schedule: "8 8 * * *"/' "$fork/charts/worker/values.yaml"
  git -C "$fork" checkout -q -b feature/wish && git -C "$fork" commit -q -am $'fix: change the worker\n\nRelease-As: 9999.0.0' && git -C "$fork" push -q origin feature/wish
  number=$(as "$mallory" POST pulls '{"title":"fix: change the worker","head":"mallory:feature/wish","base":"integration","body":""}' | jq -r .number)
  idle
  merge "$number" merge
  stopped format-chart-pr 2 'for worker: that is more than one step above'
  [ -z "$(open_pull main bump/worker/)" ] || not_ok "it is proposed to main"
  tell "not proposed to main"
}
