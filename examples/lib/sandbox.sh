# The sandbox as shell functions: start it, play its people, wait for its runs. Sourced by examples/run.
# shellcheck shell=bash

say() { printf '%s\n' "$*"; }
title() { printf '\n\033[1m%s\033[0m\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

start_sandbox() {  # STATE PORT
  state=$1 port=$2 base="http://127.0.0.1:$2"
  mkdir -p "$state"
  # What runs the stages: the binary, another program in its place, or an executor of whole jobs.
  "$build/core/waybill-sandbox" --state "$state" --port "$port" --waybill "${stage_program:-$build/core/waybill}" \
    --actions "$project/actions" ${executor:+--executor "$executor"} ${WAYBILL_TRANSCRIPT:+--transcript "$WAYBILL_TRANSCRIPT"} >>"$state/sandbox.log" 2>&1 &
  sandbox_pid=$!
  for _ in $(seq 1 100); do curl -sf -o /dev/null "$base/_sandbox/runs" && return; sleep 0.1; done
  cat "$state/sandbox.log" >&2
  die "the sandbox did not start"
}

stop_sandbox() {  # what it ends with is its verdict on itself: sanitizers report there
  [ -n "${sandbox_pid:-}" ] || return 0
  local code=0
  curl -sf -X POST "$base/_sandbox/stop" -o /dev/null || kill "$sandbox_pid" 2>/dev/null || true
  wait "$sandbox_pid" 2>/dev/null || code=$?
  sandbox_pid=
  [ "$code" = 0 ] && return
  tail -n 60 "$state/sandbox.log" >&2
  say "error: the sandbox ended with $code" >&2
  return 1
}

operate() {  # METHOD PATH [JSON]: the operator's side of the sandbox
  curl -sS --fail-with-body -X "$1" "$base/_sandbox/$2" ${3:+-H 'Content-Type: application/json' -d "$3"}
}

as() {  # TOKEN METHOD PATH [JSON]: one person's call of the forge's API
  local token=$1
  curl -sS --fail-with-body -X "$2" "$base/api/v3/repos/$repository/$3" -H "Authorization: Bearer $token" \
    -H 'Accept: application/vnd.github+json' ${4:+-H 'Content-Type: application/json' -d "$4"}
}

idle() { [ "$(operate GET "idle?timeout=${1:-300}" | jq -r .idle)" = true ] || die "the runs did not end in time"; }

# The newest open pull request whose base and head match: BASE HEAD_PREFIX
open_pull() {
  as "$maintainer" GET "pulls?state=open&base=$1&per_page=100" | jq -r --arg head "$2" '[.[] | select(.head.ref | startswith($head))] | sort_by(.number) | .[].number'
}

merge() {  # NUMBER METHOD: a maintainer merges exactly what is there now
  local head; head=$(as "$maintainer" GET "pulls/$1" | jq -r .head.sha)
  as "$maintainer" PUT "pulls/$1/merge" "$(jq -nc --arg sha "$head" --arg method "$2" '{sha: $sha, merge_method: $method}')" >/dev/null
}

contribute() {  # BRANCH TITLE [DESCRIPTION]: commits what lies in $clone and opens the pull request into $contributions; prints its number
  git -C "$clone" checkout -q -B "$1"
  git -C "$clone" add -A
  git -C "$clone" commit -q -m "$2"
  git -C "$clone" push -q origin "$1"
  as "$contributor" POST pulls "$(jq -nc --arg head "$1" --arg title "$2" --arg base "$contributions" --arg body "${3:-A contribution.}" '{title: $title, head: $head, base: $base, body: $body}')" | jq -r .number
}

fresh_clone() {  # BRANCH: the contributor starts from what is there now
  git -C "$clone" fetch -q --prune --tags --force origin
  git -C "$clone" checkout -q -B work "origin/$1"
  git -C "$clone" clean -qfdx
}

run_log() { curl -sS "$(jq -r .log <<< "$1")"; }  # RUN as JSON
finds() { grep "$@" > /dev/null; }  # unlike `grep -q` it reads to the end: nobody writes into a closed pipe

# Runs since the last call, one line each; with a problem their log.
seen_runs=0
print_runs() {
  operate GET runs | jq -r --argjson seen "$seen_runs" '.[$seen:][] |
    [.log, .job, (.workflow | sub(".*/"; "") | sub("\\.yml$"; "")), .event, .conclusion, .seconds, (.reason // "")] | @tsv' |
  while IFS=$'\t' read -r log _ stage event conclusion seconds reason; do
    printf '  %-24s %-20s %-9s %6.2f s  %s\n' "$stage" "$event" "$conclusion" "$seconds" "$reason"
    if [ "$conclusion" = success ] && [ -z "${verbose:-}" ]; then
      curl -sS "$log" | sed -n 's/^done: attest \([^ ]*\) of \([^ ]*\)  sha256:\(.\{16\}\).*/      \1 \2 \3/p' |
        awk '{printf "      %-22s %-16s %s\n", $1, $2, $3}'
      continue
    fi
    curl -sS "$log" | sed 's/^/      | /'
  done
  seen_runs=$(operate GET runs | jq length)
}
