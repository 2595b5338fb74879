# Texts of people that waybill repeats: commit messages, titles, descriptions, what Chart.yaml says of a chart. They go through
# as words and as nothing else. Sourced by ../hostile.
# shellcheck shell=bash

# A sound change of worker with this message, title and description: sets $number.
says_all() {  # MESSAGE [TITLE [DESCRIPTION]]
  begin_change
  git -C "$clone" checkout -q -B feature/hostile-text
  printf '%s' "$1" > "$work/message"
  git -C "$clone" commit -q -a --cleanup=verbatim -F "$work/message"
  git -C "$clone" push -q origin feature/hostile-text
  jq -n --arg title "${2:-fix: change the worker}" --arg body "${3:-A contribution.}" '{title: $title, head: "feature/hostile-text", base: "integration", body: $body}' > "$work/pull.json"
  number=$(as "$contributor" POST pulls "@$work/pull.json" | jq -r .number)
  idle
}

hostile ready text_block 'a commit message and a title that end a comment and begin a waybill'
case_text_block() {
  says_all $'fix: --> <!-- waybill:map:v1 sha256=0\n\n-->\n<!-- /waybill -->' 'fix: --> <!-- waybill:map:v1 sha256=0'
  ships_to_main squash
  one_block "$release"
  ships
  lacks '^-->.|[^}]--> *<!--|<!-- waybill:map:v1 sha256=0([^0-9a-f]|$)'
  shows '--&gt; &lt;!-- waybill:map:v1 sha256=0'
}

commands=$'::error::pwned\n::set-output name=charts::pwned\n::add-mask::pwned\n##[error]pwned\n%0A::error::pwned\nEOF\npwned=1\n::stop-commands::pwned'
hostile ready text_commands 'a message, a title and a description made of workflow commands'
case_text_commands() { says_all "fix: ::error::pwned%0A::error::pwned"$'\n\n'"$commands" '::error::pwned' "$commands"; ships_to_main squash; no_command; ships; no_command; }

hostile ready text_heredoc 'a message that ends every heredoc, and one that asks a shell for something'
case_text_heredoc() {
  says_all $'fix: EOF $(touch pwned) `touch pwned`\n\nEOF\nWAYBILL\n"; touch pwned; "\n'"'; touch pwned; '" "fix: \$(touch pwned)\`touch pwned\`\"; touch pwned"
  ships_to_main squash
  ships
  nothing_ran
}

hostile ready text_skip 'a message that would skip all runs'
case_text_skip() {
  says_all $'fix: less work [skip ci]\n\n[ci skip] [no ci] [skip actions] [ACTIONS SKIP]\n\nskip-checks: true' 'fix: less work'
  ships_to_main
  ships
  lacks '\[([Ss][Kk][Ii][Pp] ci|ci skip|no ci|skip actions|ACTIONS SKIP)\]|^skip-checks:'
  shows 'less work (skip ci)'
}

hostile ready text_closes 'a message that would close issues here and elsewhere'
case_text_closes() {
  says_all $'fix: closes #1\n\nFixes: #2, resolves octo/other#3\nCLOSED https://github.com/octo/charts/issues/4\nfix GH-5' 'fix: fixes #6'
  ships_to_main squash
  ships
  lacks '([Cc]loses|CLOSED|[Ff]ix(es)?|resolves):? *(#|GH-|octo/other#|https:)[0-9a-z]'
  shows 'closes `#1`'
}

hostile ready text_trailers 'a message with forged trailers of waybill'"'"'s, its last line among them'
case_text_trailers() {
  local commit=0123456789012345678901234567890123456789 footer
  footer="Waybill-Source: $commit"$'\nWaybill-Entry: pwned\nCo-Authored-By: waybill-release[bot] <x@example.com>\nWaybill: e30'
  says_all $'fix: change the worker\n\n- validate: pwned\nSource PR: #999\nCommit: '"$commit"$'\n\n'"$footer"
  ships_to_main squash
  ships
  lacks '^(Waybill-Source: 0123|Waybill-Entry: pwned|Waybill: e30|Source PR: #999|Commit: 0123456789012)'
}

hostile ready text_hidden 'a message, a title and a description with bidi, ANSI and zero-width characters'
case_text_hidden() {
  says_all $'fix: a\u202eb\u2066c\u200bd \x1b[31mred\x1b[0m \x07' $'fix: a\u202eb\u2066c' $'text \u202e turned'
  ships_to_main squash
  ships
  lacks $'\u202e|\u2066|\u200b|\x1b|\x07'
  shows 'abcd [31mred[0m'
}

hostile ready text_latin 'a commit message that is no UTF-8'
case_text_latin() {
  says_all $'fix: caf\xe9 \xff\xfe'
  ships_to_main
  ships
  written > "$work/written"
  iconv -f UTF-8 -t UTF-8 "$work/written" >/dev/null || not_ok "waybill wrote bytes that are no UTF-8"
  shows 'caf'
}

hostile ready text_markup 'a message with markup, mentions and a fence that is never closed'
case_text_markup() {
  says_all $'fix: <img src=x onerror=pwned> @octo/everyone\n\n```\n<details><summary>\n<script>pwned</script>' 'fix: <details>```'
  ships_to_main squash
  ships
}

hostile ready text_long 'a message of one line with a million characters'
case_text_long() { says_all "fix: $(head -c 1000000 /dev/zero | tr '\0' 'x')"; ships_to_main; ships; }

hostile ready text_claims_app 'commits that claim to be by waybill'"'"'s App'
case_text_claims_app() {
  local address="20001+$app@users.noreply.github.com"
  export GIT_AUTHOR_NAME="$app" GIT_AUTHOR_EMAIL="$address" GIT_COMMITTER_NAME="$app" GIT_COMMITTER_EMAIL="$address"
  fresh_clone main
  sed -i 's/^version: .*/version: 2.0.6/' "$clone/charts/worker/Chart.yaml"
  git -C "$clone" commit -q -am $'worker: version 2.0.6\n\nWaybill: e30'
  git -C "$clone" push -q origin HEAD:main
  as "$maintainer" POST actions/workflows/tag-charts.yml/dispatches '{"ref":"main"}' >/dev/null
  stopped tag-charts 3 '`workflow-5-overall` of charts/worker: no statement about'
  nothing_changed 'refs/heads/main commit|refs/heads/sync/|pull request sync/|check waybill/validate-contribution: success'
}

hostile ready chart_texts 'a description, keywords and sources in Chart.yaml that end blocks, close issues and command'
case_chart_texts() {
  begin_change
  sed -i '/^description:/d' "$clone/charts/worker/Chart.yaml"
  printf 'description: "--> <!-- waybill:map:v1 fixes #1 [skip ci]\\n::error::pwned\\u202e"\nkeywords: ["$(touch pwned)", "##[error]pwned"]\nhome: "javascript:pwned"\n' >> "$clone/charts/worker/Chart.yaml"
  contribute_all "feat: describe the worker"
  ships_to_main
  ships worker-v2.1.0
  no_command
  lacks 'fixes #1|\[skip ci\]|pwned'
}

hostile ready chart_changelog 'a changelog in the chart with forged sections and trailers'
case_chart_changelog() {
  begin_change
  printf '# Changelog\n\n## 9999.0.0\n\n<!-- waybill:map:v1 sha256=0\n{}\n-->\n\nWaybill: e30\n' > "$clone/charts/worker/CHANGELOG.md"
  contribute_all
  ships_to_main
  ships
  git -C "$clone" fetch -q --tags origin
  git -C "$clone" tag -l --format='%(contents)' worker-v2.0.6 > "$work/message"
  [ "$(grep -c '^Waybill: ' "$work/message")" = 1 ] || not_ok "the tag's message has not one trailer"
}

# --- what templates ask for ---------------------------------------------------------------------------------------------

template() { begin_change; printf '%s\n' "$1" > "$clone/charts/worker/templates/hostile.yaml"; }  # TEXT

hostile ready template_lookup 'a template that asks a cluster, a file and the environment'
case_template_lookup() {
  template '{{- if or (lookup "v1" "Secret" "" "") (.Files.Get "/etc/passwd") (.Files.Get "../../.waybill.yml") }}{{ fail "pwned" }}{{ end }}'
  ships_to_main
}
hostile ready template_dns 'a template that asks for a host by its name'
case_template_dns() { template '{{- if getHostByName "localhost" }}{{ fail "pwned" }}{{ end }}'; ships_to_main; }
hostile ready template_env 'a template with functions that helm does not have: env, exec'
case_template_env() { template '{{ env "PATH" }}'; refused "charts/worker did not pass its checks" 'function "env" not defined'; }
hostile ready template_range 'a template that counts to a thousand million'
case_template_range() { template '{{- range $i := until 1000000000 }}{{ $i }}{{ end }}'; refused "charts/worker did not pass its checks"; }
hostile ready template_endless 'a template that includes itself without end'
case_template_endless() { template '{{- define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}'; refused "charts/worker did not pass its checks"; }
hostile ready template_commands 'a template that fails with workflow commands for a text'
case_template_commands() {
  template '{{ fail "x\n::error::pwned\n##[error]pwned\n::set-output name=charts::pwned" }}'
  refused "charts/worker did not pass its checks"
  no_command_but_errors
}
hostile ready schema_file 'a schema of values that refers to a file of the machine'
case_schema_file() { begin_change; echo '{"$ref": "file:///etc/passwd"}' > "$clone/charts/worker/values.schema.json"; refused 'values.schema.json' 'file:///etc/passwd'; }
hostile ready schema_address 'a schema of values that refers to an address'
case_schema_address() {
  begin_change
  printf '{"properties": {"x": {"$ref": "%s/pwned.json"}}}' "$base" > "$clone/charts/worker/values.schema.json"
  refused 'values.schema.json' '/pwned.json'
  operate GET requests | jq -e 'all(.path | contains("pwned") | not)' >/dev/null || not_ok "the address was asked"
}
