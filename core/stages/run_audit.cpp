#include "core/stages/run_audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>

#include "core/base/number.h"
#include "core/base/text.h"

namespace waybill::stages {
namespace {

// Of the forge's clock against the timestamp authority's.
constexpr std::chrono::minutes kSkew{5};

}  // namespace

std::optional<RunName> run_named(const std::string& invocation) {
  constexpr std::string_view kRuns = "/actions/runs/";
  const std::size_t at = invocation.find(kRuns);
  if (at == std::string::npos) return std::nullopt;
  std::string_view rest = std::string_view(invocation).substr(at + kRuns.size());
  const auto run = whole_number(take_until('/', rest));
  const bool attempts = take_until('/', rest) == "attempts";
  const auto attempt = whole_number(rest);
  if (!attempts || !run || !attempt || *run <= 0 || *attempt <= 0) return std::nullopt;
  return RunName{*run, *attempt};
}

std::string workflow_in(const sigstore::Identity& identity, const lineage::Anchor& anchor) {
  const std::string beginning = anchor.server + "/" + anchor.repository + "/";
  if (!identity.config_uri.starts_with(beginning)) return identity.config_uri;
  const std::string rest = identity.config_uri.substr(beginning.size());
  return rest.substr(0, rest.find('@'));
}

std::vector<std::string> run_differences(const sigstore::Identity& identity, Time signed_at,
                                         const forge::RunAttempt& run, const lineage::Anchor& anchor, Time now) {
  std::vector<std::string> found;
  const auto expect = [&found](std::string_view what, const std::string& forge, const std::string& certificate) {
    if (forge != certificate)
      found.push_back(fmt::format("its {} is `{}`, the certificate says `{}`", what, forge, certificate));
  };
  expect("workflow", run.path, workflow_in(identity, anchor));
  expect("event", run.event, identity.trigger);
  expect("commit", run.head_sha, identity.source_digest);
  expect("repository", std::to_string(run.repository_id), identity.repository_id);
  const Time end = run.status == "completed" ? run.updated : std::max(run.updated, now);
  if (signed_at < run.started - kSkew || signed_at > end + kSkew)
    found.push_back(fmt::format("it ran from {} to {}, what it signed is of {}", to_rfc3339(run.started),
                                to_rfc3339(end), to_rfc3339(signed_at)));
  return found;
}

}  // namespace waybill::stages
