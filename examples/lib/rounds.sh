# The journeys that examples/run shows. Sourced by examples/run.
# shellcheck shell=bash

begin() {  # SOURCE
  title "Starting the sandbox: forge, identities, certificate authority, timestamps, log, registry"
  start_sandbox "$work/state" "$(free_port)"
  say "  $base"
  create_repository "$1"
  print_runs
}

# What a maintainer does: merge what waits for people on main and on release until nothing waits any more.
play_maintainer() {
  local number progressed=1
  while [ -n "$progressed" ]; do
    progressed=
    idle
    for number in $(open_pull main bump/); do
      say "  maria merges pull request #$number into main"
      merge "$number" squash
      progressed=1
      idle
    done
    for number in $(open_pull release release-train/); do
      say "  maria merges pull request #$number into release"
      merge "$number" merge
      progressed=1
      idle
    done
  done
}

require_success() {
  local failed; failed=$(operate GET runs | jq -r --argjson from "$1" '.[$from:][] | select(.conclusion != "success") | "\(.id) \(.workflow): \(.conclusion)"')
  [ -z "$failed" ] || { print_runs; die "runs failed:"$'\n'"$failed"; }
}

published() {  # lists tags of visible releases
  as "$maintainer" GET 'releases?per_page=100' | jq -r '.[] | select(.draft == false) | .tag_name' | sort
}

# Ships one contribution that is already in $clone: BRANCH TITLE; at the end every run since then succeeded.
ship() {
  local from began number
  from=$(operate GET runs | jq length) began=$(date +%s.%N)
  number=$(contribute "$1" "$2")
  say "  alice opens pull request #$number into integration: $2"
  idle
  require_success "$from"
  say "  maria merges pull request #$number into integration"
  merge "$number" merge
  play_maintainer
  require_success "$from"
  title "Stages that ran"
  print_runs
  operate GET runs | jq -r --argjson from "$from" '[.[$from:][] | {stage: (.workflow | sub(".*/"; "") | sub("\\.yml$"; "")), seconds}] |
    group_by(.stage)[] | [.[0].stage, length, (map(.seconds) | add)] | @tsv' | sort |
    awk -F'\t' 'BEGIN {printf "\n  %-24s %5s %9s\n", "stage", "runs", "seconds"} {printf "  %-24s %5d %9.2f\n", $1, $2, $3; all += $3} END {printf "  %-24s %5s %9.2f\n", "all", "", all}'
  printf '  from contribution to the last release: %.1f s\n' "$(echo "$(date +%s.%N) $began" | awk '{print $1 - $2}')"
}

# Fetches a release's package and lineage and verifies them offline. TAG
verify_release() {
  local dir=$work/dist asset
  mkdir -p "$dir"
  as "$maintainer" GET "releases/tags/$1" | jq -r '.assets[] | "\(.name)\t\(.url)"' > "$work/assets"
  while IFS=$'\t' read -r asset url; do
    curl -sSfL -H "Authorization: Bearer $maintainer" -H 'Accept: application/octet-stream' -o "$dir/$asset" "$url"
  done < "$work/assets"
  local package; package=$(cut -f1 "$work/assets" | grep '\.tgz$')
  title "$1"
  env -i PATH="$PATH" "$build/core/waybill" verify "$dir/$package" --policy "$clone/.waybill.yml" \
    --trusted-root "$clone/.github/waybill/trusted-root.json"
}

verify_releases() {
  title "Every release, verified offline from package and lineage alone"
  local tag
  for tag in $(published); do
    grep -qxF "$tag" "$work/verified" 2>/dev/null && continue
    verify_release "$tag"
    echo "$tag" >> "$work/verified"
  done
}

expect_releases() {  # TAG…
  local tag
  for tag in "$@"; do published | finds -xF "$tag" || die "release $tag is missing; there are: $(published | tr '\n' ' ')"; done
}

round_one() {
  title "Round one: one contribution touches two charts"
  fresh_clone integration
  sed -i 's/^replicas: 2$/replicas: 3/' "$clone/charts/web/values.yaml"
  sed -i 's/megabytes: 64/megabytes: 128/' "$clone/charts/api/values.yaml"
  ship feature/more-capacity "feat: more capacity for web and api"
  verify_releases
  expect_releases web-v1.5.0 api-v0.8.0
}

round_two() {
  title "Round two: the same chart again, while a hotfix to another one is on main"
  fresh_clone main
  sed -i 's/0 3 \* \* \*/30 3 * * */' "$clone/charts/worker/values.yaml"
  git -C "$clone" commit -qam "fix: start after the backup"
  git -C "$clone" push -q origin HEAD:main
  idle
  fresh_clone integration
  sed -i 's/^replicas: 3$/replicas: 4/' "$clone/charts/web/values.yaml"
  ship feature/one-more "fix: one more replica of web"
  verify_releases
  expect_releases web-v1.5.1 worker-v2.0.6
}

round_three() {
  title "Round three: a chart and the chart in this repository that it depends on"
  fresh_clone integration
  printf 'app.kubernetes.io/part-of: platform\n' > "$work/label"
  for file in common web/charts/common; do
    sed -i '/managed-by/a app.kubernetes.io/part-of: platform' "$clone/charts/$file/templates/_names.tpl"
  done
  ship feature/part-of "feat: label everything as part of the platform"
  verify_releases
  expect_releases common-v0.4.0 web-v1.6.0
}

# Touches the given charts (or the first two that can be linted) of a repository that waybill has never seen.
round_any_repository() {
  local chart changed=() refused
  fresh_clone integration
  if [ $# -eq 0 ]; then
    for chart in "$clone"/charts/*/; do
      [ "${#changed[@]}" -lt 2 ] && helm lint --strict "$chart" >/dev/null 2>&1 && changed+=("charts/$(basename "$chart")")
    done
  else
    changed=("$@")
  fi
  title "A contribution to ${changed[*]} of $repo"
  for chart in "${changed[@]}"; do printf '\n# Touched by the example.\n' >> "$clone/$chart/values.yaml"; done
  ship feature/example "fix: a change that the example made"
  verify_releases

  for chart in "$clone"/charts/*/; do
    helm lint --strict "$chart" >/dev/null 2>&1 || refused=charts/$(basename "$chart")
  done
  [ -n "${refused:-}" ] || return 0
  title "A contribution to $refused, whose dependencies are not vendored, is refused"
  fresh_clone integration
  printf '\n# Touched by the example.\n' >> "$clone/$refused/values.yaml"
  contribute feature/refused "fix: a change that cannot be validated" >/dev/null
  idle
  verbose=1 print_runs
  [ "$(operate GET runs | jq -r '.[-1].conclusion')" = failure ] || die "it was not refused"
}
