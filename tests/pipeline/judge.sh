# What a stage said and what changed meanwhile. Sourced after begin.sh.
# shellcheck shell=bash

look() { "$project/tests/pipeline/picture" "$base" "$maintainer" "$repository" "$state" "$@"; }  # CHART…
last_run() { operate GET runs | jq -c --arg stage "/$1.yml" '[.[] | select(.workflow | endswith($stage))] | last'; }

errors_of() { run_log "$1" | sed -n 's/^::error[^:]*:://p' | sed 's/%0A/\n/g; s/%25/%/g'; }  # RUN as JSON

# Every TEXT stands in one error of the last run of STAGE, which ended with CODE.
says() {  # STAGE CODE TEXT…
  local run stage=$1 code=$2 text; shift 2
  run=$(last_run "$stage")
  errors_of "$run" > "$work/said"
  [ "$(jq -r .exit_code <<< "$run")" = "$code" ] || { run_log "$run"; not_ok "$stage ended with $(jq -r .exit_code <<< "$run"), not $code"; }
  for text in "$@"; do grep -qF -- "$text" "$work/said" || { cat "$work/said"; not_ok "$stage does not say: $text"; }; done
}

nothing_but() {  # ALLOWED CHART…: the picture differs from the one before by these lines alone, and by checks that refuse
  local allowed=$1; shift
  look "$@" > "$work/after"
  { diff --text "$work/before" "$work/after" || true; } | sed -n '/^[<>]/p' |
    { grep --text -vE -- "$allowed|^. *\$|^.     check waybill/[a-z-]*: failure\$" || true; } > "$work/difference"
  [ -s "$work/difference" ] || return 0
  cat "$work/difference"
  not_ok "something was written"
}
