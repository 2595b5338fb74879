# A sandbox with the example's charts, for the tests of the whole pipeline. Sourced; expects WAYBILL_BUILD.
# shellcheck shell=bash
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${WAYBILL_BUILD:?the folder that waybill was built in}
keep= verbose=
unset $(env | sed -n 's/^\(\(GIT\|GITHUB\|ACTIONS\|INPUT\|RUNNER\)_[A-Za-z_]*\)=.*/\1/p') 2>/dev/null || true
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0
export GIT_AUTHOR_NAME=Alice GIT_AUTHOR_EMAIL=alice@example.com GIT_COMMITTER_NAME=Alice GIT_COMMITTER_EMAIL=alice@example.com
tools=${WAYBILL_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/waybill/tools}/path
[ -f "$tools" ] && PATH=$(cat "$tools"):$PATH
for tool in helm cosign crane jq curl; do command -v "$tool" >/dev/null || { echo "$tool is missing: run tests/prepare" >&2; exit 1; }; done

# shellcheck source=../../examples/lib/sandbox.sh
. "$project/examples/lib/sandbox.sh"
# shellcheck source=../../examples/lib/repository.sh
. "$project/examples/lib/repository.sh"
# shellcheck source=../../examples/lib/rounds.sh
. "$project/examples/lib/rounds.sh"
# shellcheck source=../../examples/lib/attack_harness.sh
. "$project/examples/lib/attack_harness.sh"

# In memory where there is enough of it: every run clones, and file systems are slow at thousands of small files that come and go.
roomy() {
  local free; free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)
  [ "${free:-0}" -gt 6000000 ] && [ "$(awk '/^MemAvailable/ {print $2}' /proc/meminfo)" -gt 8000000 ] &&
    ! findmnt -no OPTIONS /dev/shm | finds noexec
}
work=$(mktemp -d "${TMPDIR:-$(roomy && echo /dev/shm || echo /tmp)}/waybill-pipeline-XXXXXX")
repository=octo/charts
trap 'code=$?; stop_sandbox || code=1; rm -rf "$work"; exit $code' EXIT

passed=0
# What waybill says in a statement: a member of the predicate, or a note where the format allows no other members.
stamp_in() {  # STATEMENT
  jq -c '.predicate | .waybill_stamp // ((.properties // [])[] | select(.name == "waybill_stamp") | .value | fromjson) //
    ((.annotations // [])[] | .comment | select(startswith("waybill_stamp: ")) | ltrimstr("waybill_stamp: ") | fromjson)' <<< "$1"
}
ok() { passed=$((passed + 1)); say "ok: $*"; }
not_ok() { die "$*"; }
