# What the cases have in common: where hostile text may show up, and the ways that a shipment goes. Sourced by ../hostile.
# shellcheck shell=bash

# What the runner carries out of a log: NAME TEXT of each command that stands outside of `stop-commands`.
commands_of() {
  awk '{ line = $0; sub(/\r$/, "", line); sub(/^[ \t]+/, "", line) }
    line ~ /^::[^:]+::/ { head = substr(line, 3); end = index(head, "::"); data = substr(head, end + 2); head = substr(head, 1, end - 1)
      if (stop != "") { if (head == stop) stop = ""; next }
      name = head; sub(/ .*/, "", name); if (name == "stop-commands") stop = data; print name, data; next }
    stop == "" && line ~ /##\[/ { print "##", line }'
}

never() {  # REGEX FILE WHAT: no line of the file is like this
  ! grep --text -nE -- "$1" "$2" || not_ok "$3"
}

# Of the runs since `watch`, none has given the runner a command but to mask and to group, and where one failed, to show why.
commands_since() { runs_since | jq -r '.[].log' | while read -r log; do curl -sS "$log" | commands_of; done; }
no_command_but_errors() {
  commands_since > "$work/commands"
  grep -q . "$work/commands" || not_ok "no run has given a command"
  sed -E '/^(stop-commands|add-mask|group|endgroup|error|notice) |^endgroup$/d; /^## ##\[(group|endgroup|error)\](Run |Process |$)/d' "$work/commands" > "$work/unmeant"
  never . "$work/unmeant" "a command that nobody meant"
  never '^add-mask .*pwned|^[a-z]+ pwned|^## .*pwned' "$work/commands" "a command by the hostile text"
  tell "no workflow command"
}
no_command() {
  no_command_but_errors
  never '^error ' "$work/commands" "an error where none is"
}

# The contribution in $clone goes by all its stages to the pull request on main, and to the end.
ships_to_main() {  # [METHOD] [CHART]
  [ -n "${number:-}" ] || contribute_all
  merges_to_main "$@"
  tell "harmless, goes to main as #$release"
}

merges_to_main() {  # [METHOD] [CHART]: sets $release
  merge "$number" "${1:-merge}"
  idle
  release=$(open_pull main "bump/${2:-worker}/")
  [ -n "$release" ] || { verbose=1 print_runs; not_ok "no pull request for main"; }
  one_block "$release"
  all_succeeded
}
all_succeeded() { runs_since | jq -e 'all(.conclusion == "success")' >/dev/null || { verbose=1 print_runs; not_ok "a run failed"; }; }

ships() {  # [TAG]: from the pull request on main to the registry, and what comes out verifies
  play_maintainer >/dev/null
  all_succeeded
  expect_releases "${1:-worker-v2.0.6}"
  verify_release "${1:-worker-v2.0.6}" >/dev/null
  tell "harmless, released as ${1:-worker-v2.0.6}, which verifies"
}

app='waybill-release[bot]'
# Everything that waybill wrote where people and machines read it, with a line before each part.
written() {
  git -C "$clone" fetch -q --prune --tags --force origin
  as "$maintainer" GET 'pulls?state=all&per_page=100' | jq -r --arg app "$app" '.[] | select(.user.login == $app) | "pull #\(.number)\n\(.title)\n\(.body)"'
  git -C "$clone" log --remotes --since=2000-01-01 --fixed-strings --author="$app" --format='commit %h%n%B'
  git -C "$clone" for-each-ref refs/tags --format='tag %(refname)%0a%(contents)'
  as "$maintainer" GET 'releases?per_page=100' | jq -r '.[] | "release \(.tag_name)\n\(.name)\n\(.body)"'
  git -C "$clone" show "${1:-origin/main}:charts/worker/CHANGELOG.md" 2>/dev/null || true
}

# A description has one waybill, which its own digest confirms.
one_block() {  # PULL_REQUEST
  as "$maintainer" GET "pulls/$1" | jq -j .body > "$work/body"
  [ "$(grep --text -c '<!-- waybill:map:v1 sha256=' "$work/body")" = 1 ] || { cat "$work/body"; not_ok "#$1 has not one waybill"; }
  local digest; digest=$(sed -n 's/^<!-- waybill:map:v1 sha256=//p' "$work/body")
  [ "$(sed -n '/^<!-- waybill:map:v1/{n;p}' "$work/body" | tr -d '\n' | sha256sum | cut -d' ' -f1)" = "$digest" ] || not_ok "the waybill of #$1 is broken"
}

lacks() {  # REGEX: in nothing that waybill wrote
  written > "$work/written"
  never "$1" "$work/written" "waybill wrote what it should not"
}
shows() {  # TEXT…: waybill wrote it; after `lacks`
  local text
  for text; do grep --text -qF -- "$text" "$work/written" || { cat "$work/written"; not_ok "waybill did not write: $text"; }; done
}
