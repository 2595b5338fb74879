# A chart repository in the sandbox with an example's workflows and policy. Sourced by examples/run.
# shellcheck shell=bash

example=${example:-chart-pipeline}         # the folder of examples/ whose pipeline it gets
contributions=${contributions:-integration}  # the branch that people's pull requests go to

app_permissions='{"contents":"write","pull_requests":"write","checks":"write","actions":"write","deployments":"write","metadata":"read"}'

# Commits the pipeline onto $clone's main: workflows, policy, trust material. CHART_ROOTS as YAML list
install_pipeline() {
  mkdir -p "$clone/.github/workflows" "$clone/.github/waybill"
  cp "$project/examples/$example"/.github/workflows/*.yml "$clone/.github/workflows/"
  curl -sf "$base/trust/trusted_root.json" -o "$clone/.github/waybill/trusted-root.json"
  curl -sf "$base/trust/signing_config.json" -o "$clone/.github/waybill/signing-config.json"
  local root config
  root=$(sha256sum < "$clone/.github/waybill/trusted-root.json" | cut -d' ' -f1)
  config=$(sha256sum < "$clone/.github/waybill/signing-config.json" | cut -d' ' -f1)
  sed -e "s#https://github.com#$base#" -e "s#https://token.actions.githubusercontent.com#$base/oidc#" \
      -e "s#OWNER/NAME#$repository#" -e "s#repository-id: 1#repository-id: $repository_id#" -e "s#owner-id: 1#owner-id: $owner_id#" \
      -e "s#^charts: .*#charts: $1#" -e "s#ghcr.io/OWNER#127.0.0.1:$port/${repository%%/*}#" \
      -e "/trusted-root:/s#0\{64\}#$root#" -e "/signing-config:/s#0\{64\}#$config#" \
      "$project/examples/$example/.waybill.yml" > "$clone/.waybill.yml"
}

# create_repository SOURCE CHART_ROOTS: SOURCE is a folder of charts or anything git can clone
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
  operate POST repositories "$(jq -nc --arg name "$repository" --arg from "$seed" --arg branch "$default" \
    '{full_name: $name, from: $from, default_branch: $branch, visibility: "public"}')" > "$work/repository.json"
  repository_id=$(jq -r .id "$work/repository.json") owner_id=$(jq -r .owner_id "$work/repository.json")
  operate POST "repositories/$repository/variables" "$(jq -nc --arg id "$(jq -r .app_id "$work/app.json")" '{name: "WAYBILL_APP_ID", value: $id}')" >/dev/null
  local stage
  for stage in "$project/examples/$example"/.github/workflows/*.yml; do
    operate POST "repositories/$repository/secrets" "$(jq -nc --arg env "waybill-$(basename "$stage" .yml)" \
      --arg key "$(jq -r .private_key "$work/app.json")" '{environment: $env, name: "WAYBILL_APP_PRIVATE_KEY", value: $key}')" >/dev/null
  done

  clone=$work/clone
  git clone -q "http://maria:$maintainer@127.0.0.1:$port/$repository" "$clone"
  [ "$default" = main ] || die "the default branch is \`$default\`; the example's workflows say main"
  install_pipeline "$2"
  git -C "$clone" add -A
  git -C "$clone" commit -q -m "ci: release charts with waybill"
  git -C "$clone" push -q origin main main:release
  [ "$contributions" = main ] || git -C "$clone" push -q origin "main:$contributions"
  idle 120
}
