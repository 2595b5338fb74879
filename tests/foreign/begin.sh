# Nothing of the run around them reaches these tests; what is missing fails them. Sourced; expects WAYBILL_BUILD.
# shellcheck shell=bash
set -euo pipefail
shopt -s inherit_errexit

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(cd "$here/../.." && pwd)
build=${WAYBILL_BUILD:?the folder that waybill was built in}
mapfile -t leaking < <(env | sed -n 's/^\(\(GIT\|GITHUB\|GH\|ACTIONS\|INPUT\|RUNNER\)_[A-Za-z_]*\)=.*/\1/p')
[ "${#leaking[@]}" = 0 ] || unset "${leaking[@]}"
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 PYTHONDONTWRITEBYTECODE=1 NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
tools=${WAYBILL_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/waybill/tools}

# shellcheck source=../../examples/lib/sandbox.sh
. "$project/examples/lib/sandbox.sh"

needs() {  # FILE…: programs and folders that tests/prepare installs
  local file
  for file; do [ -e "$file" ] || command -v "$file" >/dev/null || die "$file is missing: run tests/prepare"; done
}

# The processes that were started end with the test, whatever becomes of it.
work=$(mktemp -d "${TMPDIR:-/tmp}/waybill-foreign-XXXXXX")
started=()
finish() {
  local code=$?
  stop_sandbox || code=1
  [ "${#started[@]}" = 0 ] || kill "${started[@]}" 2>/dev/null || true
  for _ in $(seq 1 50); do [ -n "$(jobs -pr)" ] || break; sleep 0.1; done
  [ -z "$(jobs -pr)" ] || kill -KILL "${started[@]}" 2>/dev/null || true
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT
