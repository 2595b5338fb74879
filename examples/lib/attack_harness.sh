# How attacks are played and judged: each starts from a repository that has released once, does one wrong thing, and expects one
# stage to stop with a text, and nothing merged, tagged or published. Sourced by examples/run.
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
  local run
  run=$(wait_stage "$1")
  if [ "$(jq -r .conclusion <<< "$run")" != failure ] || [ "$(jq -r .exit_code <<< "$run")" != "$2" ] ||
     ! run_log "$run" | finds -F -- "$3"; then
    run_log "$run" | sed 's/^/      | /'
    say "      expected: $1 ends with $2 and says: $3"
    return 1
  fi
  run_log "$run" | grep -F -- "$3" | sed -n 1p | sed 's/^.*::error[^:]*:://; s/%0A.*//; s/^/      stopped: /' | cut -c1-220
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

expect_exit() {  # CODE TEXT COMMAND…
  local code=0 wanted=$1 text=$2; shift 2
  "$@" > "$work/output" 2>&1 || code=$?
  if [ "$code" != "$wanted" ] || ! grep -qF -- "$text" "$work/output"; then
    sed 's/^/      | /' "$work/output"; say "      expected exit $wanted and: $text (exit was $code)"
    return 1
  fi
  grep -F -- "$text" "$work/output" | sed -n 1p | sed 's/^/      stopped: /' | cut -c1-220
}

# Every attack starts from the same state: one release of web and api, saved once and restored for each.
run_attacks() {
  local name failed=0 passed=0 chosen=("$@")
  [ "${#chosen[@]}" -gt 0 ] || mapfile -t chosen < <(attack_names)
  local fixed; fixed=$(free_port)
  title "Preparing: one release of two charts"
  start_sandbox "$work/state" "$fixed"
  create_repository "$project/examples/charts"
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
