# Attacks that must fail. Each starts from a repository that has released once, does one wrong thing, and expects one stage to
# stop with a text, and nothing merged, tagged or published. Sourced by examples/run.
# shellcheck shell=bash

attack_names() { declare -F | sed -n 's/^declare -f attack_\([a-z_]*\)$/\1/p' | grep -v '^names$'; }

# Refs, releases, tags and registry content: what an attack must not change. Branches of people are left out.
effects() {
  git ls-remote "$base/$repository" 'refs/heads/main' 'refs/heads/release' 'refs/heads/integrate/*' 'refs/tags/*' | sort
  published
  find "$state" -path '*registry*' -type f -name '*' 2>/dev/null | sort
}

wait_stage() {  # STAGE: the last run of this stage → conclusion
  idle
  operate GET runs | jq -r --arg stage "/$1.yml" '[.[] | select(.workflow | endswith($stage))] | last'
}

# STAGE EXIT TEXT: the last run of the stage failed with this exit code and says this
refused_by() {
  local run id
  run=$(wait_stage "$1")
  id=$(jq -r .id <<< "$run")
  if [ "$(jq -r .conclusion <<< "$run")" != failure ] || [ "$(jq -r .exit_code <<< "$run")" != "$2" ] ||
     ! operate GET "runs/$id/log" | grep -qF -- "$3"; then
    operate GET "runs/$id/log" | sed 's/^/      | /'
    say "      expected: $1 ends with $2 and says: $3"
    return 1
  fi
  operate GET "runs/$id/log" | grep -F -- "$3" | head -1 | sed 's/^.*::error[^:]*:://; s/%0A.*//; s/^/      stopped: /' | cut -c1-220
}

unchanged() {  # compares with what was recorded by remember
  idle
  diff <(cat "$work/effects") <(effects) > "$work/difference" && return
  say "      something changed:"; sed 's/^/      | /' "$work/difference"
  return 1
}
remember() { idle; effects > "$work/effects"; }

# One validated contribution to worker, merged into integration or not: prints its number
propose() {  # BRANCH SED_EXPRESSION
  fresh_clone integration
  sed -i "$2" "$clone/charts/worker/values.yaml"
  contribute "$1" "fix: change the worker"
}

# A contribution up to the open pull request on main.
propose_release() {  # BRANCH: prints the number of the pull request on main
  local number; number=$(propose "$1" 's/^schedule: .*/schedule: "15 4 * * *"/')
  idle
  merge "$number" merge
  idle
  open_pull main bump/worker/
}

push_as_person() {  # BRANCH: commits $clone and pushes
  git -C "$clone" add -A
  git -C "$clone" commit -q --allow-empty -m "${2:-change}"
  git -C "$clone" push -q --force origin "HEAD:refs/heads/$1"
}

person_pull() {  # HEAD BASE: prints the number
  as "$contributor" POST pulls "$(jq -nc --arg head "$1" --arg base "$2" '{title: "A pull request by a person", head: $head, base: $base, body: ""}')" | jq -r .number
}

attack_on_stage_definition() {  # T1: an edited stage file on another branch really runs, and may not sign
  fresh_clone main
  sed -i 's/^on:/on:\n  push:\n    branches: ["**"]/' "$clone/.github/workflows/validate-contribution.yml"
  remember
  push_as_person "integrate/evil"
  refused_by validate-contribution 3 "this run's workflow is" && unchanged
}

attack_on_policy_elsewhere() {  # T1: a policy changed on integration is not the policy
  fresh_clone integration
  sed -i 's/waybill-release\[bot\]/alice/' "$clone/.waybill.yml"
  remember
  contribute feature/policy "fix: another policy" >/dev/null
  refused_by validate-contribution 2 "belong to no chart" && unchanged
}

attack_by_squatting_split() {  # T2: a person's branch under waybill's name
  local number; number=$(propose feature/squat 's/^schedule: .*/schedule: "1 1 * * *"/')
  idle
  remember
  merge "$number" merge
  local source; source=$(as "$maintainer" GET "pulls/$number" | jq -r .merge_commit_sha)
  unchanged_except_squat "$source"
}

unchanged_except_squat() {
  # The split branch exists already by waybill; a person adds a commit to it, and the check runs again.
  idle
  local pull; pull=$(open_pull integrate/worker split/)
  [ -z "$pull" ] || return 1
  say "      waybill was faster: the split of ${1:0:8} is merged"
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

attack_by_dispatch_elsewhere() {  # T1: a stage dispatched on a branch that is not the anchor
  fresh_clone main
  git -C "$clone" push -q --force origin HEAD:refs/heads/elsewhere
  remember
  as "$maintainer" POST 'actions/workflows/tag-charts.yml/dispatches' '{"ref":"elsewhere"}' >/dev/null
  refused_by tag-charts 3 "is wanted" && unchanged
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
  idle
  published | diff "$work/before" - && say "      stopped: worker-v$version is not waybill's tag, nothing was published from it"
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
  number=$(open_pull release release-train/ | head -1)
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

expect_exit() {  # CODE TEXT COMMAND…
  local code=0 wanted=$1 text=$2; shift 2
  "$@" > "$work/output" 2>&1 || code=$?
  if [ "$code" != "$wanted" ] || ! grep -qF -- "$text" "$work/output"; then
    sed 's/^/      | /' "$work/output"; say "      expected exit $wanted and: $text (exit was $code)"
    return 1
  fi
  grep -F -- "$text" "$work/output" | head -1 | sed 's/^/      stopped: /' | cut -c1-220
}

# Every attack starts from the same state: one release of web and api, saved once and restored for each.
run_attacks() {
  local name failed=0 passed=0 chosen=("$@")
  [ "${#chosen[@]}" -gt 0 ] || mapfile -t chosen < <(attack_names)
  local fixed; fixed=$(free_port)
  title "Preparing: one release of two charts"
  start_sandbox "$work/state" "$fixed"
  create_repository "$project/examples/charts" '["charts/*"]'
  round_one > "$work/prepared.log" 2>&1 || { cat "$work/prepared.log"; die "the preparation failed"; }
  stop_sandbox
  cp -r "$work/state" "$work/saved-state"; cp -r "$clone" "$work/saved-clone"
  for name in "${chosen[@]}"; do
    title "$name"
    rm -rf "$work/state" "$clone"
    cp -r "$work/saved-state" "$work/state"; cp -r "$work/saved-clone" "$clone"
    start_sandbox "$work/state" "$fixed"
    if "attack_$name"; then passed=$((passed + 1)); else failed=$((failed + 1)); say "      NOT STOPPED AS EXPECTED"; fi
    stop_sandbox
  done
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" = 0 ]
}
