# Branches, pull requests and tags that move between what was verified and what is done. Sourced by ../hostile.
# shellcheck shell=bash

# The next request like this waits four seconds; what happens meanwhile is the case's.
hold() {  # STAGE METHOD PATH
  operate POST faults "$(jq -nc --arg w "$1" --arg m "$2" --arg p "$3" '{workflow: $w, method: $m, path: $p, effect: "pass", delay: 4000}')" >/dev/null
}
until_held() {  # the request has come
  local tries
  for tries in $(seq 200); do
    operate GET faults | jq -e '.[0].met | length > 0' >/dev/null && return
    sleep 0.1
  done
  not_ok "after $tries looks nothing was held"
}

evil_commit() {  # BRANCH: one more change of worker on it, by a person
  fresh_clone "$1"
  printf 'evil: true\n' >> "$clone/charts/worker/values.yaml"
  git -C "$clone" commit -q -am "fix: more"
  git -C "$clone" push -q origin "HEAD:refs/heads/$1"
}

hostile proposed head_moved 'the head moves after its validation, and is merged before anybody looks'
case_head_moved() {
  number=$(open_pull integration feature/hostile)
  operate POST faults '{"workflow":"validate-contribution","method":"*","path":"/api/v3/app/*","effect":"kill"}' >/dev/null
  evil_commit feature/hostile
  merge "$number" merge
  stopped filter-charts 3 '`validate` of charts/worker: no statement about'
  nothing_changed 'check waybill/validate-contribution: success'
}

hostile proposed split_head_moved 'a commit is pushed to the split branch between its check and its merge'
case_split_head_moved() {
  hold enforce-atomic PUT '/api/v3/*/merge'
  merge "$(open_pull integration feature/hostile)" merge
  until_held
  evil_commit "$(as "$maintainer" GET "pulls/$(open_pull integrate/worker split/)" | jq -r .head.ref)"
  stopped enforce-atomic 8 'head'
  [ -z "$(open_pull main bump/)" ] || not_ok "it went on"
  [ -n "$(open_pull integrate/worker split/)" ] || not_ok "it was merged"
  tell "not merged"
}

hostile proposed split_base_moved 'the chart branch moves between the check and the merge'
case_split_base_moved() {
  hold enforce-atomic PUT '/api/v3/*/merge'
  merge "$(open_pull integration feature/hostile)" merge
  until_held
  evil_commit integrate/worker
  stopped format-chart-pr 3 '`atomic` of charts/worker: no statement about'
  [ -z "$(open_pull main bump/)" ] || not_ok "it went on"
}

hostile bumped bump_head_moved 'a commit is pushed to the release branch and merged before anybody looks'
case_bump_head_moved() {
  number=$(open_pull main bump/)
  operate POST faults '{"workflow":"validate-and-bump","method":"*","path":"/api/v3/app/*","effect":"kill"}' >/dev/null
  evil_commit "$(as "$maintainer" GET "pulls/$number" | jq -r .head.ref)"
  merge "$number" squash
  no_release worker
}

# What came onto main is no release: it has neither tag nor train.
no_release() {  # CHART
  idle
  git ls-remote "$base/$repository" "refs/tags/$1-v*" > "$work/tags"
  [ ! -s "$work/tags" ] || not_ok "it was tagged"
  [ -z "$(open_pull release release-train/)" ] || not_ok "there is a release train"
  run_log "$(last_run tag-charts)" > "$work/said"
  tell "tag-charts: $(sed -n 's/^::error[^:]*:://p; /is no release of waybill/p' "$work/said" | sed 's/%0A.*//' | sed -n 1p)"
  grep -qE '^::error|is no release of waybill' "$work/said" || { cat "$work/said"; not_ok "tag-charts does not say why"; }
  tell "not tagged"
}

hostile bumped bump_base_moved 'another chart changes on main underneath the release'
case_bump_base_moved() {
  fresh_clone main
  sed -i 's/^replicas: .*/replicas: 9/' "$clone/charts/web/values.yaml"
  git -C "$clone" commit -q -am "fix: a hotfix of web"
  git -C "$clone" push -q origin HEAD:main
  idle
  merge "$(open_pull main bump/worker/)" squash
  play_maintainer >/dev/null
  expect_releases worker-v2.0.6
  verify_release worker-v2.0.6 >/dev/null
  tell "harmless, released as worker-v2.0.6, which verifies"
}

hostile bumped bump_stolen 'a person opens a pull request of their own from waybill'"'"'s branch'
case_bump_stolen() {
  local head; number=$(open_pull main bump/)
  head=$(as "$maintainer" GET "pulls/$number" | jq -r .head.ref)
  as "$maintainer" PATCH "pulls/$number" '{"state":"closed"}' >/dev/null
  person_pull "$head" main >/dev/null
  stopped validate-and-bump 3 'a release is composed by'
  nothing_changed 'pull request bump/worker/|check waybill/validate-and-bump: success'
}

hostile bumped bump_reopened 'a release is closed, reopened by a person, and merged'
case_bump_reopened() {
  number=$(open_pull main bump/)
  as "$contributor" PATCH "pulls/$number" '{"state":"closed"}' >/dev/null
  idle
  as "$contributor" PATCH "pulls/$number" '{"state":"open"}' >/dev/null
  idle
  merge "$number" squash
  ships
}

hostile proposed reopened_elsewhere 'a validated contribution is closed, changed while nobody looks, and reopened'
case_reopened_elsewhere() {
  number=$(open_pull integration feature/hostile)
  as "$contributor" PATCH "pulls/$number" '{"state":"closed"}' >/dev/null
  fresh_clone feature/hostile
  printf '{{ fail "pwned" }}\n' > "$clone/charts/worker/templates/evil.yaml"
  git -C "$clone" add -A && git -C "$clone" commit -q -m "fix: more" && git -C "$clone" push -q origin HEAD:feature/hostile
  as "$contributor" PATCH "pulls/$number" '{"state":"open"}' >/dev/null
  stopped validate-contribution 2 'charts/worker did not pass its checks'
  nothing_changed 'check waybill/validate-contribution: success'
}

hostile bumped bump_retargeted 'a release is pointed at another branch and merged there'
case_bump_retargeted() {
  number=$(open_pull main bump/)
  as "$maintainer" PATCH "pulls/$number" '{"base":"release"}' >/dev/null
  idle
  published > "$work/published"
  merge "$number" merge
  idle
  published | diff "$work/published" - || not_ok "it was released"
  no_tag_of_worker
}
no_tag_of_worker() {
  [ -z "$(git ls-remote "$base/$repository" 'refs/tags/worker*')" ] || not_ok "it was tagged"
  tell "neither tagged nor released"
}

hostile proposed squat_chart_branch 'a person is first with the chart'"'"'s own branch, and other content'
case_squat_chart_branch() {
  fresh_clone main
  printf 'evil: true\n' >> "$clone/charts/web/values.yaml"
  push_as_person integrate/worker
  merge "$(open_pull integration feature/hostile)" merge
  idle
  release=$(open_pull main bump/worker/)
  [ -z "$release" ] || merge "$release" squash
  idle
  fresh_clone main
  never '^evil: true' "$clone/charts/web/values.yaml" "somebody's content came to main"
  tell "what lay on the squatted branch did not come to main"
}

# --- tags ---------------------------------------------------------------------------------------------------------------

# The train is merged, whatever became of its tag.
train_leaves() { merge "$(open_pull release release-train/)" merge || true; idle; }
not_published() { published > "$work/published"; never '^worker-' "$work/published" "it was published"; tell "not published"; }

tag_at() {  # OBJECT [MESSAGE_FILE]: worker's tag stands there
  git -C "$clone" fetch -q --tags --force origin
  git -C "$clone" tag -l --format='%(contents)' worker-v2.0.6 > "$work/message"
  git -C "$clone" push -q origin :refs/tags/worker-v2.0.6
  git -C "$clone" tag -f ${2:+-a --cleanup=verbatim -F "$2"} worker-v2.0.6 "$1" >/dev/null
  git -C "$clone" push -q --force origin refs/tags/worker-v2.0.6
  idle
}

hostile tagged tag_deleted 'the tag is deleted between packing and publishing'
case_tag_deleted() { git -C "$clone" push -q origin :refs/tags/worker-v2.0.6; idle; train_leaves; not_published; }
hostile tagged tag_lightweight 'the tag becomes one without a message, at the same commit'
case_tag_lightweight() { tag_at 'worker-v2.0.6^{commit}'; train_leaves; not_published; }
hostile tagged tag_before 'the tag is set back to the commit before, with its own message'
case_tag_before() { tag_at 'worker-v2.0.6^{commit}~1' "$work/message"; train_leaves; not_published; }
hostile tagged tag_nested 'the tag becomes a tag of a tag'
case_tag_nested() { git -C "$clone" fetch -q --tags --force origin; tag_at "$(git -C "$clone" rev-parse worker-v2.0.6)" "$work/message"; train_leaves; published_as_it_was; }
hostile tagged tag_message 'the tag at the same commit gets a message with other words'
case_tag_message() {
  git -C "$clone" fetch -q --tags --force origin
  git -C "$clone" tag -l --format='%(contents)' worker-v2.0.6 | sed 's/^\(##.*\)/\1\n- pwned/' > "$work/other"
  tag_at 'worker-v2.0.6^{commit}' "$work/other"
  train_leaves
  published_as_it_was
}

published_as_it_was() {
  expect_releases worker-v2.0.6
  verify_release worker-v2.0.6 >/dev/null
  as "$maintainer" GET releases/tags/worker-v2.0.6 | jq -r .body > "$work/notes"
  never pwned "$work/notes" "the notes are somebody's"
  tell "harmless, released as worker-v2.0.6, which verifies"
}

strike() { operate POST "repositories/$repository/schedule" '{"cron":"17 * * * *"}' >/dev/null; idle; }

# A tag that nobody attested neither counts for the next version nor stands without an alarm.
rogue() {  # TAG alarm|silent
  git -C "$clone" push -q origin "refs/tags/$1"
  idle
  begin_change
  contribute_all
  ships_to_main
  goes_out_as 2.0.6
  play_maintainer >/dev/null
  all_succeeded
  expect_releases worker-v2.0.6
  strike
  if [ "$2" = alarm ]; then stopped reconcile 3 "tag \`$1\` is no release: no \`tag\` statement about it verifies"
  else [ "$(last_run reconcile | jq -r .conclusion)" = success ] || not_ok "reconcile stumbled over it"; fi
}
hostile ready rogue_lightweight 'a rogue tag without a message'
case_rogue_lightweight() { git -C "$clone" tag worker-v9.9.9 origin/main; rogue worker-v9.9.9 alarm; }
hostile ready rogue_annotated 'a rogue tag with a message by a person'
case_rogue_annotated() { git -C "$clone" tag -a -m "worker 9.9.9" worker-v9.9.9 origin/main; rogue worker-v9.9.9 alarm; }
hostile ready rogue_forged 'a rogue tag with the message of a true one'
case_rogue_forged() {
  git -C "$clone" fetch -q --tags --force origin
  git -C "$clone" tag -l --format='%(contents)' web-v1.5.0 | sed 's/charts\/web/charts\/worker/g; s/1\.5\.0/9.9.9/g' > "$work/message"
  git -C "$clone" tag -a --cleanup=verbatim -F "$work/message" worker-v9.9.9 origin/main
  git -C "$clone" push -q origin refs/tags/worker-v9.9.9
  begin_change
  contribute_all
  ships_to_main
  play_maintainer >/dev/null
  stopped publish-charts 3 'tag `worker-v9.9.9` stands on' # it holds the others up: a person has to delete it
  not_published
  git -C "$clone" push -q origin :refs/tags/worker-v9.9.9
  as "$maintainer" POST actions/workflows/publish-charts.yml/dispatches '{"ref":"main"}' >/dev/null
  idle
  expect_releases worker-v2.0.6
  tell "released once that is deleted"
}
hostile ready rogue_dash 'a rogue tag in the form of others: worker-9.9.9'
case_rogue_dash() { git -C "$clone" tag worker-9.9.9 origin/main; rogue worker-9.9.9 alarm; }
hostile ready rogue_slash 'a rogue tag in the form of others: worker/9.9.9'
case_rogue_slash() { git -C "$clone" tag worker/9.9.9 origin/main; rogue worker/9.9.9 alarm; }
hostile ready rogue_huge 'a rogue tag with a version beyond all numbers'
case_rogue_huge() { git -C "$clone" tag worker-v99999999999999999999999.0.0 origin/main; rogue worker-v99999999999999999999999.0.0 alarm; }
