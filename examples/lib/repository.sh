# A chart repository in the sandbox with workflows and a policy. Sourced by examples/run.
# shellcheck shell=bash

pipeline=${pipeline-full}                    # which one it gets; empty = what `waybill init` chooses
contributions=${contributions:-integration}  # the branch that people's pull requests go to
app_login=${app_login:-waybill-release[bot]}  # whom the policy names as its App
visibility=${visibility:-public}             # of the repository
trust_from=${trust_from-} registry_host=${registry_host-}   # whose Sigstore and registry; empty = the sandbox's
policy_edit=${policy_edit-}                  # what sed is to make of the policy; empty = nothing

app_permissions='{"contents":"write","pull_requests":"write","checks":"write","actions":"write","deployments":"write","metadata":"read"}'

# Puts the pipeline into $clone as `waybill init` writes it.
install_pipeline() {
  mkdir -p "$clone/.github/waybill"
  curl -sf "${trust_from:-$base/trust}/trusted_root.json" -o "$clone/.github/waybill/trusted-root.json"
  curl -sf "${trust_from:-$base/trust}/signing_config.json" -o "$clone/.github/waybill/signing-config.json"
  GITHUB_TOKEN=$maintainer "$build/core/waybill" init --write ${pipeline:+--pipeline "$pipeline"} --repository "$repository" --app "$app_login" \
    --registry "${registry_host:-127.0.0.1:$port}/${repository%%/*}/charts" --server-url "$base" --api-url "$base/api/v3" --issuer "$base/oidc" \
    "$clone" > "$work/init.log" 2>&1 || { cat "$work/init.log" >&2; die "waybill init failed"; }
  [ -z "$policy_edit" ] || sed -i "$policy_edit" "$clone/.waybill.yml"
  sed -i '/^          mode: plan$/d' "$clone"/.github/workflows/*.yml   # where there are releases, it starts with plans
}

# What a person sets up once: the App's id as a variable, its key in the environment of each stage.
give_app() {
  operate POST "repositories/$repository/variables" "$(jq -nc --arg id "$(jq -r .app_id "$work/app.json")" '{name: "WAYBILL_APP_ID", value: $id}')" >/dev/null
  local stage
  for stage in $(grep -l '^    environment:' "$project"/examples/chart-pipeline/.github/workflows/*.yml); do
    operate POST "repositories/$repository/secrets" "$(jq -nc --arg env "waybill-$(basename "$stage" .yml)" \
      --arg key "$(jq -r .private_key "$work/app.json")" '{environment: $env, name: "WAYBILL_APP_PRIVATE_KEY", value: $key}')" >/dev/null
  done
}

# create_repository SOURCE: SOURCE is a folder of charts or anything git can clone
create_repository() {
  contributor=$(operate POST users '{"login":"alice"}' | jq -r .token)
  maintainer=$(operate POST users '{"login":"maria"}' | jq -r .token)
  operate POST apps "$(jq -nc --argjson p "$app_permissions" '{slug: "waybill-release", permissions: $p}')" > "$work/app.json"

  local seed=$work/seed
  if [ -d "$1" ] && [ ! -d "$1/.git" ] && [ ! -f "$1/HEAD" ]; then
    cp -r "$1" "$seed"
    git -C "$seed" init -q -b main
    git -C "$seed" add -A
    git -C "$seed" commit -q -m "Charts"
  else
    git clone -q --bare "$1" "$seed"
  fi
  local default; default=$(git -C "$seed" symbolic-ref --short HEAD)
  operate POST repositories "$(jq -nc --arg name "$repository" --arg from "$seed" --arg branch "$default" --arg visibility "$visibility" \
    '{full_name: $name, from: $from, default_branch: $branch, visibility: $visibility}')" > "$work/repository.json"
  give_app

  clone=$work/clone
  git clone -q "http://maria:$maintainer@127.0.0.1:$port/$repository" "$clone"
  [ "$default" = main ] || die "the default branch is \`$default\`; examples/run plays on main"
  install_pipeline
  git -C "$clone" add -A
  git -C "$clone" commit -q -m "ci: release charts with waybill"
  git -C "$clone" push -q origin main main:release
  [ "$contributions" = main ] || git -C "$clone" push -q origin "main:$contributions"
  idle 120
}
