# The attacks, one function each, with the rule of the trust model that it tests. Sourced by examples/run.
# shellcheck shell=bash

# The workflow file with the App's key left out and every permission asked for: what a writer of the repository would push.
own_workflow() {  # STAGE
  sed -i -e '/app-id:/d' -e '/app-private-key:/d' -e 's/contents: read/contents: write/' "$clone/.github/workflows/$1.yml"
  sed -i '$d' "$clone/.github/workflows/$1.yml"
}

attack_on_stage_definition() {  # T1: an edited stage file on another branch really runs, gets an identity, and may not sign
  local branch
  for branch in integrate/evil integration release; do
    fresh_clone main
    own_workflow validate-contribution
    sed -i 's/^on:/on:\n  push:\n    branches: ["**"]/' "$clone/.github/workflows/validate-contribution.yml"
    git -C "$clone" add -A && git -C "$clone" commit -q -m "ci: mine"
    idle
    git ls-remote "$base/$repository" refs/heads/main 'refs/tags/*' > "$work/before"
    git -C "$clone" push -q --force origin "HEAD:refs/heads/$branch"
    refused_by validate-contribution 3 "this run's workflow is" || return 1
    git ls-remote "$base/$repository" refs/heads/main 'refs/tags/*' | diff "$work/before" - || return 1
  done
}

attack_by_dispatch_elsewhere() {  # T1: a stage dispatched on a branch that is not the anchor
  fresh_clone main
  own_workflow tag-charts
  push_as_person elsewhere
  remember
  as "$maintainer" POST 'actions/workflows/tag-charts.yml/dispatches' '{"ref":"elsewhere"}' >/dev/null
  refused_by tag-charts 3 "is wanted" && unchanged
}

# A commit that lies on integration without any pull request: prints its id.
push_to_integration() {  # SED_EXPRESSION
  fresh_clone integration
  sed -i "$1" "$clone/charts/worker/values.yaml"
  git -C "$clone" commit -q -am "fix: change the worker"
  git -C "$clone" push -q origin HEAD:integration
  git -C "$clone" rev-parse HEAD
}

squat() {  # BRANCH: a person's branch under a name that waybill will want
  git -C "$clone" checkout -q -B squat origin/main
  printf 'evil: true\n' >> "$clone/charts/worker/values.yaml"
  push_as_person "$1"
}

attack_by_squatting_split() {  # T2: a person's branch under the name of the split
  local commit; commit=$(push_to_integration 's/^schedule: .*/schedule: "1 1 * * *"/')
  squat "split/worker/${commit:0:8}"
  remember
  as "$maintainer" POST 'actions/workflows/validate-contribution.yml/dispatches' '{"ref":"main"}' >/dev/null
  refused_by filter-charts 4 "branch \`split/worker/${commit:0:8}\` is at" && grep -vq integrate/worker "$work/effects" &&
    [ -z "$(open_pull integrate/worker split/)" ]
}

attack_by_squatting_bump() {  # T2: a person's branch under the name of the release branch
  local commit; commit=$(push_to_integration 's/^schedule: .*/schedule: "1 2 * * *"/')
  squat "bump/worker/${commit:0:8}"
  as "$maintainer" POST 'actions/workflows/validate-contribution.yml/dispatches' '{"ref":"main"}' >/dev/null
  refused_by format-chart-pr 4 "branch \`bump/worker/${commit:0:8}\` is at" && [ -z "$(open_pull main bump/)" ]
}

attack_by_squatting_train() {  # T2: a person's branch under the name of the release train
  local number commit; number=$(propose_release feature/train)
  merge "$number" squash
  commit=$(as "$maintainer" GET "pulls/$number" | jq -r .merge_commit_sha)
  squat "release-train/${commit:0:8}" 2>/dev/null || true
  idle
  published > "$work/before"
  # Whoever was first: a train that is not at the tagged commit releases nothing.
  number=$(open_pull release release-train/)
  [ -z "$number" ] || merge "$number" merge || true
  idle
  published | diff "$work/before" - && say "      stopped: nothing was published from a person's branch"
}

# Ships the fix C2 after C1, lets a policy change come in between where one is given, and sets integration back to C1.
ship_and_go_back() {  # [SED_EXPRESSION]
  local first
  fresh_clone integration
  sed -i 's/^replicas: 3$/replicas: 7/' "$clone/charts/web/values.yaml"
  ship feature/second "fix: the second state" >/dev/null
  if [ -n "${1:-}" ]; then
    fresh_clone main
    sed -i "$1" "$clone/.waybill.yml"
    git -C "$clone" commit -q -am "ci: another policy" && git -C "$clone" push -q origin HEAD:main
    idle
  fi
  git -C "$clone" fetch -q origin
  first=$(git -C "$clone" log --format=%H --first-parent origin/integration -- charts/web | sed -n 4p)
  git -C "$clone" push -q --force origin "$first:refs/heads/integration"
  remember
}

attack_by_replay() {  # T5: ship C1, ship the fix C2, then C1 again
  ship_and_go_back
  as "$maintainer" POST 'actions/workflows/filter-charts.yml/dispatches' '{"ref":"main"}' >/dev/null
  refused_by filter-charts 3 "which is shipped already" && unchanged
}

attack_by_replay_under_a_new_policy() {  # T5: evidence under the old policy is void, but what was shipped stays shipped
  ship_and_go_back 's/"1.32.11", //'
  as "$maintainer" POST 'actions/workflows/validate-contribution.yml/dispatches' '{"ref":"main"}' >/dev/null
  refused_by filter-charts 3 "which is shipped already" && unchanged
}

attack_with_forged_results() {  # T7: a chart that fails its checks, with a forged check and a forged waybill
  local number head
  fresh_clone integration
  printf '{{ fail "broken" }}\n' > "$clone/charts/worker/templates/broken.yaml"
  number=$(contribute feature/forged "fix: broken worker")
  idle
  head=$(as "$maintainer" GET "pulls/$number" | jq -r .head.sha)
  as "$contributor" POST check-runs "$(jq -nc --arg sha "$head" '{name: "waybill/validate-contribution", head_sha: $sha, status: "completed", conclusion: "success"}')" >/dev/null || true
  as "$contributor" POST "statuses/$head" '{"state":"success","context":"waybill/validate-contribution"}' >/dev/null || true
  remember
  merge "$number" merge
  refused_by filter-charts 3 "\`validate\` of charts/worker: no statement about" && unchanged
}

attack_by_a_fork() {  # T7: a fork's pull request whose own run, checks and description all say "passed"
  local mallory number run fork=$work/fork head
  mallory=$(operate POST users '{"login":"mallory","permissions":{}}' | jq -r .token)
  operate POST repositories '{"full_name":"mallory/charts","fork_of":"octo/charts"}' >/dev/null
  rm -rf "$fork"
  git clone -q -b integration "http://mallory:$mallory@127.0.0.1:$port/mallory/charts" "$fork"
  printf '{{ fail "broken" }}\n' > "$fork/charts/worker/templates/broken.yaml"
  # Its own definition of the stage: one job that passes, one that signs, with every permission there is.
  own_run 'steps: [{uses: actions/checkout@v5}]' > "$fork/.github/workflows/enforce-atomic.yml"
  own_run 'steps: [{uses: actions/checkout@v5}, {uses: waybill/waybill/actions/attest@v1, with: {key: scan, subject-digest: "sha256:0000000000000000000000000000000000000000000000000000000000000000", subject-name: worker, checks: passed}}]' \
    > "$fork/.github/workflows/validate-contribution.yml"
  git -C "$fork" checkout -q -b patch && git -C "$fork" add -A && git -C "$fork" commit -q -m "fix: harmless"
  git -C "$fork" push -q origin patch
  head=$(git -C "$fork" rev-parse HEAD)
  idle
  remember
  number=$(as "$mallory" POST pulls "$(jq -nc --rawfile body <(forged_waybill) '{title: "fix: harmless", head: "mallory:patch", base: "integration", body: $body}')" | jq -r .number)
  idle

  run=$(fork_run enforce-atomic)
  [ "$(jq -r .conclusion <<< "$run")" = success ] || { say "      expected: the fork's own job passes"; return 1; }
  say "      its own job ran on the pull request and passed"
  run=$(fork_run validate-contribution)
  run_log "$run" | finds -F "cannot get an identity token" || { run_log "$run" | sed 's/^/      | /'; return 1; }
  say "      its own job with every permission asked for: no identity, nothing signed"
  # What the contributor can say of it from outside.
  denied "$mallory" check-runs "{\"name\":\"waybill/validate-contribution\",\"head_sha\":\"$head\",\"status\":\"completed\",\"conclusion\":\"success\"}" &&
    denied "$mallory" "statuses/$head" '{"state":"success","context":"waybill/validate-contribution"}' &&
    denied "$mallory" attestations '{"bundle":{}}' || return 1
  refused_by validate-contribution 2 "belong to no chart" || return 1
  merge "$number" merge  # somebody with every right believes it all the same
  refused_by filter-charts 3 "\`validate\` of charts/worker: no statement about" && unchanged
}

# A workflow of somebody's own with one job: JOB_BODY
own_run() {
  printf 'name: passed\non:\n  pull_request:\npermissions: {contents: write, checks: write, pull-requests: write, id-token: write, attestations: write}\njobs:\n  stage:\n    runs-on: ubuntu-latest\n    %s\n' "$1"
}

# A description whose waybill claims what another chart's true statements say.
forged_waybill() {
  as "$maintainer" GET 'pulls?state=closed&base=integration&per_page=100' |
    jq -r '[.[] | select(.body | contains("charts/web"))][0].body'
}

fork_run() {  # STAGE: the run that the fork's own definition started
  operate GET runs | jq -c --arg stage "/$1.yml" '[.[] | select((.workflow | endswith($stage)) and .event == "pull_request")] | last'
}

denied() {  # TOKEN PATH JSON
  local code
  code=$(curl -sS -o "$work/output" -w '%{http_code}' -X POST "$base/api/v3/repos/$repository/$2" -H "Authorization: Bearer $1" -H 'Content-Type: application/json' -d "$3")
  [ "$code" = 403 ] || [ "$code" = 404 ] || { say "      expected: POST $2 is denied, it was answered $code"; return 1; }
  say "      stopped: POST ${2%%/*}: $(jq -r .message "$work/output")"
}

attack_by_lost_evidence() {  # a missing upstream key: one attestation is deleted before the next stage
  local number; number=$(propose feature/lost 's/^schedule: .*/schedule: "4 4 * * *"/')
  idle
  local id; id=$(operate GET runs | jq -r 'last.outputs["attestation-id"]' | jq -r '.["charts/worker"]["lint-test-v1.33.7"]')
  remember
  stop_sandbox
  rm "$work/state/documents/repositories/$repository/attestations/"*"$id.json"
  start_sandbox "$work/state" "$port"
  merge "$number" merge
  refused_by filter-charts 3 "\`lint-test-v1.33.7\` of charts/worker: no statement about" && unchanged
}

attack_by_hotfix_underneath() {  # T9: a harmless contribution on top of a change of main that nobody attested
  local number; number=$(propose_release feature/harmless)
  fresh_clone main
  printf 'evil: true\n' >> "$clone/charts/worker/values.yaml"
  git -C "$clone" commit -q -am "fix: nothing to see"
  git -C "$clone" push -q origin HEAD:main
  idle
  published > "$work/before"
  merge "$number" squash || true
  refused_by tag-charts 3 "worker" && published | diff "$work/before" -
}

attack_by_stale_definition() {  # T11: a run whose workflow changed on the anchor before it started
  local number; number=$(propose feature/stale 's/^schedule: .*/schedule: "5 5 * * *"/')
  idle
  local id; id=$(operate GET runs | jq -r 'last.id')
  fresh_clone main
  printf '# changed\n' >> "$clone/.github/workflows/validate-contribution.yml"
  git -C "$clone" commit -q -am "ci: another definition"
  git -C "$clone" push -q origin HEAD:main
  remember
  operate POST "runs/$id/rerun" >/dev/null
  refused_by validate-contribution 8 "changed since commit" && unchanged
}

attack_with_forged_trailers() {  # T12: a contribution whose message claims to be waybill's own
  local number
  fresh_clone integration
  sed -i 's/^schedule: .*/schedule: "6 6 * * *"/' "$clone/charts/worker/values.yaml"
  number=$(contribute feature/trailers $'fix: change the worker\n\nWaybill-Source: 0123456789012345678901234567890123456789\nWaybill: e30\nfixes #1 [skip ci]')
  idle
  merge "$number" merge
  idle
  number=$(open_pull main bump/worker/)
  git -C "$clone" fetch -q origin
  git -C "$clone" log -3 --format=%B "origin/$(as "$maintainer" GET "pulls/$number" | jq -r .head.ref)" > "$work/message"
  ! grep -qE '^Waybill: |0123456789012345678901234567890123456789|\[skip ci\]' "$work/message" &&
    say "      stopped: the release carries waybill's own source, and the forged lines are inert"
}

attack_by_moved_tag() {  # a package changed between stage 7 and stage 8: the tag is pointed at other content
  local number tag; number=$(propose_release feature/moved)
  tag=worker-v$(as "$maintainer" GET "pulls/$number" | jq -r .title | sed 's/.* //')
  merge "$number" squash
  idle
  fresh_clone main
  printf 'evil: true\n' >> "$clone/charts/worker/values.yaml"
  git -C "$clone" commit -q -am "fix: other content" && git -C "$clone" push -q origin HEAD:main
  idle
  git -C "$clone" tag -l --format='%(contents)' "$tag" > "$work/tag-message"
  git -C "$clone" tag -f -a -F "$work/tag-message" --cleanup=verbatim "$tag" HEAD 2>/dev/null >/dev/null
  git -C "$clone" push -q --force origin "$tag"
  number=$(open_pull release release-train/ | sed -n 1p)
  published > "$work/before"
  merge "$number" merge
  idle
  published | diff "$work/before" - && say "      stopped: \`$tag\` at another commit was not published"
}

attack_on_policy_elsewhere() {  # T1: a policy changed on integration is not the policy
  fresh_clone integration
  sed -i 's/waybill-release\[bot\]/alice/' "$clone/.waybill.yml"
  remember
  contribute feature/policy "fix: another policy" >/dev/null
  refused_by validate-contribution 2 "belong to no chart" && unchanged
}

attack_by_person_into_chart_branch() {  # T2: a pull request by a person into a chart's branch
  fresh_clone integrate/web
  printf 'evil: true\n' >> "$clone/charts/web/values.yaml"
  remember
  push_as_person split/web/01234567
  person_pull split/web/01234567 integrate/web >/dev/null
  refused_by enforce-atomic 3 "only \`waybill-release[bot]\` may open it" && unchanged
}

attack_by_person_into_main() {  # T2, T9: a release composed by a person
  fresh_clone main
  printf 'evil: true\n' >> "$clone/charts/web/values.yaml"
  remember
  push_as_person bump/web/01234567
  person_pull bump/web/01234567 main >/dev/null
  refused_by validate-and-bump 3 "a release is composed by" && unchanged
}

attack_by_one_sha_on_two_bases() {  # T2: a commit that passed for one base, before another one
  local number split head checks
  fresh_clone main
  sed -i 's/^merge: .*/merge: {integrate: people, sync: auto, main: people, release: people}/' "$clone/.waybill.yml"
  git -C "$clone" commit -q -am "ci: people merge" && git -C "$clone" push -q origin HEAD:main
  idle
  number=$(propose feature/bases 's/^schedule: .*/schedule: "3 1 * * *"/')
  idle
  merge "$number" merge
  idle
  split=$(open_pull integrate/worker split/)
  head=$(as "$maintainer" GET "pulls/$split" | jq -r .head.sha)
  remember
  number=$(person_pull "$(as "$maintainer" GET "pulls/$split" | jq -r .head.ref)" integrate/web)
  refused_by enforce-atomic 3 "only \`waybill-release[bot]\` may open it" && unchanged || return 1
  # The check hangs on the commit, whatever it is before; its id says for which pull request and base it was made.
  checks=$(as "$maintainer" GET "commits/$head/check-runs" | jq -r '.check_runs[] | select(.name == "waybill/enforce-atomic") | .external_id')
  [ "$checks" = "$(check_id "$split")" ] || { say "      expected: one check, made for #$split"; return 1; }
  [ "$checks" != "$(check_id "$number")" ] || return 1
  say "      stopped: the check of #$split does not count for #$number"
  merge "$number" merge  # a person does it all the same
  refused_by format-chart-pr 3 "exactly one chart may change" && [ -z "$(open_pull main bump/)" ] || return 1
  # waybill's own pull request, pointed at another base after its check.
  as "$maintainer" PATCH "pulls/$split" '{"base":"release"}' >/dev/null
  published > "$work/before"
  merge "$split" merge
  idle
  [ -z "$(open_pull main bump/)" ] && published | diff "$work/before" - && say "      stopped: nothing follows from a merge into \`release\`"
}

check_id() {  # PULL_REQUEST: what a check for it as it is now is made for
  as "$maintainer" GET "pulls/$1" | jq -j '"\(.number)\n\(.base.ref)\n\(.base.sha)\n\(.head.sha)"' | sha256sum | cut -d' ' -f1
}

attack_by_extra_commit() {  # T2, T12: a commit added to waybill's release branch after its check
  local number; number=$(propose_release feature/extra)
  local head; head=$(as "$maintainer" GET "pulls/$number" | jq -r .head.ref)
  fresh_clone "$head"
  printf 'evil: true\n' >> "$clone/charts/worker/values.yaml"
  remember
  push_as_person "$head" "worker: version 2.0.6"
  refused_by validate-and-bump 3 "commits; one contribution and one bump are wanted" && unchanged
}

attack_by_edited_notes() {  # T12: a pre-bumped chart with edited notes in place of waybill's bump
  local number; number=$(propose_release feature/notes)
  local head; head=$(as "$maintainer" GET "pulls/$number" | jq -r .head.ref)
  fresh_clone "$head"
  printf '\n- Nothing to see here\n' >> "$clone/charts/worker/CHANGELOG.md"
  git -C "$clone" add -A
  remember
  git -C "$clone" commit -q --amend --no-edit
  git -C "$clone" push -q --force origin "HEAD:refs/heads/$head"
  refused_by validate-and-bump 3 "is not the release edit of" && unchanged
}

attack_by_swapped_entry() {  # an entry swapped for another chart's valid attestation
  local number; number=$(propose feature/swap 's/^schedule: .*/schedule: "2 2 * * *"/')
  idle
  as "$maintainer" GET "pulls/$number" > "$work/pull.json"
  local other; other=$(as "$maintainer" GET 'pulls?state=closed&base=integration&per_page=100' |
    jq -r '[.[] | select(.body | contains("charts/web"))][0].body')
  python3 - "$work/pull.json" "$other" > "$work/body.json" <<'PY'
import hashlib, json, re, sys
block = re.compile(r'<!-- waybill:map:v1 sha256=[0-9a-f]+\r?\n(.*?)\r?\n-->', re.S)
body = json.load(open(sys.argv[1]))['body']
mine = json.loads(block.search(body).group(1))
theirs = json.loads(block.search(sys.argv[2]).group(1))
mine['charts/worker']['validate'] = theirs['charts/web']['validate']
text = json.dumps(mine, separators=(',', ':'), sort_keys=True)
for c in '<>&-': text = text.replace(c, '\\u%04x' % ord(c))
new = '<!-- waybill:map:v1 sha256=%s\n%s\n-->' % (hashlib.sha256(text.encode()).hexdigest(), text)
print(json.dumps({'body': block.sub(lambda _: new, body)}))
PY
  as "$contributor" PATCH "pulls/$number" "$(cat "$work/body.json")" >/dev/null
  remember
  merge "$number" merge
  refused_by filter-charts 3 "\`validate\` of charts/worker: the waybill has it under" && unchanged
}

attack_by_two_waybills() {  # a description with two blocks
  local number; number=$(propose feature/two 's/^schedule: .*/schedule: "3 3 * * *"/')
  idle
  as "$maintainer" GET "pulls/$number" | jq '{body: (.body + "\n" + .body)}' > "$work/body.json"
  as "$contributor" PATCH "pulls/$number" "$(cat "$work/body.json")" >/dev/null
  remember
  merge "$number" merge
  refused_by filter-charts 2 "two waybills" && unchanged
}

attack_after_validation() {  # T10: a chart's ignored file changed after validation, merged before the new run
  fresh_clone integration
  printf 'replicas: 9\n' > "$clone/charts/web/ci/one-replica-values.yaml"
  git -C "$clone" add -A
  git -C "$clone" commit -q -m "fix: web for ci"
  remember
  git -C "$clone" push -q origin HEAD:integration
  as "$maintainer" POST 'actions/workflows/format-chart-pr.yml/dispatches' '{"ref":"main"}' >/dev/null
  idle
  unchanged && say "      stopped: nothing was validated, so nothing moved"
}

attack_by_early_dispatch() {  # T11: every stage dispatched before its time
  remember
  local stage
  for stage in filter-charts format-chart-pr tag-charts publish-charts; do
    as "$maintainer" POST "actions/workflows/$stage.yml/dispatches" '{"ref":"main"}' >/dev/null
  done
  idle
  unchanged && say "      stopped: every stage found that nothing is due"
}

attack_by_tag_elsewhere() {  # an existing tag at another commit
  local number; number=$(propose_release feature/tag)
  local version; version=$(as "$maintainer" GET "pulls/$number" | jq -r .title | sed 's/.* //')
  fresh_clone main
  git -C "$clone" tag -a -m "squat" "worker-v$version" HEAD~1
  git -C "$clone" push -q origin "worker-v$version"
  idle
  published > "$work/before"
  merge "$number" squash
  refused_by tag-charts 4 "tag \`worker-v$version\` is at" && published | diff "$work/before" -
}

attack_on_registry() {  # a registry tag that already holds another digest
  local number tag other
  number=$(propose_release feature/registry)
  tag=$(as "$maintainer" GET "pulls/$number" | jq -r .title | sed 's/.* //')
  other=$(mktemp -d "$work/oci-XXXX")
  cp -r "$project/examples/charts/charts/worker" "$other/worker"
  sed -i "s/^version: .*/version: $tag/" "$other/worker/Chart.yaml"
  helm package -d "$other" "$other/worker" >/dev/null
  helm registry login --plain-http "127.0.0.1:$port" -u maria -p "$maintainer" >/dev/null 2>&1
  helm push --plain-http "$other/worker-$tag.tgz" "oci://127.0.0.1:$port/octo/charts" >/dev/null 2>&1
  merge "$number" squash
  idle
  number=$(open_pull release release-train/ | sed -n 1p)
  published > "$work/before"
  merge "$number" merge
  refused_by publish-charts 4 "holds sha256:" && published | diff "$work/before" -
}

attack_with_renamed_package() {  # T8: another file name, other bytes, nobody expected
  local package code
  verify_release web-v1.5.0 > /dev/null
  package=$work/dist/web-1.5.0.tgz
  cp "$package" "$work/dist/web-9.9.9.tgz"; cp "$work/dist/web-1.5.0.lineage.jsonl" "$work/dist/web-9.9.9.lineage.jsonl"
  gunzip -c "$package" | gzip -1 > "$work/dist/again.tgz"
  mkdir -p "$work/again" && mv "$work/dist/again.tgz" "$work/again/web-1.5.0.tgz"; cp "$work/dist/web-1.5.0.lineage.jsonl" "$work/again/"
  local root="--trusted-root $clone/.github/waybill/trusted-root.json" policy="--policy $clone/.waybill.yml"
  expect_exit 3 "web-1.5.0.tgz\` is wanted" "$build/core/waybill" verify "$work/dist/web-9.9.9.tgz" $policy $root &&
  expect_exit 3 "no statement about" "$build/core/waybill" verify "$work/again/web-1.5.0.tgz" $policy $root &&
  expect_exit 7 "nothing says who should have signed it" "$build/core/waybill" verify "$package" $root &&
  expect_exit 3 "is wanted" "$build/core/waybill" verify "$package" --repo octo/other --server "$base" $root
}
