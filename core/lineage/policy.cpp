#include "core/lineage/policy.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/lineage/keys.h"

namespace waybill::lineage {
namespace {

void replace(std::string& text, std::string_view mark, std::string_view value) {
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
    text.replace(at, mark.size(), value);
}

}  // namespace

std::string standard_workflow(std::string_view stage) {
  return ".github/workflows/" + std::string(stage) + ".yml";
}

Signer Signer::standard(const std::string& stage, const std::vector<std::string>& kubernetes, Pipeline pipeline) {
  const bool on_push = stage == "tag-charts" || (pipeline == Pipeline::kDirect && stage == "format-chart-pr");
  return {stage,
          standard_workflow(stage),
          {on_push ? "push" : "pull_request_target", "workflow_dispatch"},
          "",
          keys::of_stage(stage, kubernetes)};
}

std::string Anchor::identity(std::string_view workflow) const {
  return fmt::format("{}/{}/{}@{}", server, repository, workflow, ref());
}

bool is_own_registry(std::string_view host, const std::string& server) {
  if (server == Anchor{}.server) return host == "ghcr.io";
  const std::string own = server.substr(server.rfind('/') + 1);
  return host == own || host == "containers." + own;
}

std::string Branches::filled(const std::string& pattern, std::string_view chart, std::string_view sha8) {
  std::string name = pattern;
  replace(name, "<chart>", chart);
  replace(name, "<sha8>", sha8);
  return name;
}

bool Branches::matches(const std::string& pattern, std::string_view chart, std::string_view name) {
  constexpr std::size_t kDigits = 8;
  const std::string with_chart = filled(pattern, chart, "<sha8>");
  const std::size_t at = with_chart.find("<sha8>");
  if (at == std::string::npos) return name == with_chart;
  if (name.size() < at + kDigits) return false;
  const std::string_view digits = name.substr(at, kDigits);
  return digits.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         name == filled(pattern, chart, digits);
}

Policy Policy::standard(const std::string& server, const std::string& repository, const std::string& branch) {
  Policy policy{.digest = crypto::sha256("")};
  policy.anchor.server = server;
  policy.anchor.repository = repository;
  policy.anchor.branch = branch;
  return policy.across_pipelines();
}

Policy Policy::across_pipelines() const {
  Policy policy = *this;
  for (const Pipeline from : {Pipeline::kFull, Pipeline::kDirect})
    for (const std::string_view stage : stages_of(from)) {
      const Signer standard = Signer::standard(std::string(stage), kubernetes, from);
      const auto known = std::ranges::find(policy.signers, stage, &Signer::stage);
      Signer& signer = known != policy.signers.end() ? *known : policy.signers.emplace_back(standard);
      for (const std::string& event : standard.events)
        if (std::ranges::find(signer.events, event) == signer.events.end()) signer.events.push_back(event);
    }
  return policy;
}

const Signer& Policy::signer_of(std::string_view key) const {
  for (const Signer& signer : signers)
    if (std::ranges::find(signer.keys, key) != signer.keys.end()) return signer;
  // A standard policy does not know the Kubernetes versions: every lint-test key belongs to the first stage.
  if (kubernetes.empty() && key.starts_with(keys::lint_test("")) && !signers.empty()) return signers.front();
  throw Error(Fault::kInput, "the policy names no signer of the key `{}`", key);
}

bool Policy::makes(std::string_view key) const {
  return std::ranges::all_of(kBillFormatNames, [&](const auto& format) {
    return keys::bill_of_materials(format.second) != key || std::ranges::find(bills, format.second) != bills.end();
  });
}

std::string Policy::workflow_of(std::string_view stage) const {
  const auto signer = std::ranges::find(signers, stage, &Signer::stage);
  return signer != signers.end() ? signer->workflow : standard_workflow(stage);
}

std::vector<std::string> Policy::demanded_by(std::string_view stage) const {
  const auto found = demanded.find(std::string(stage));
  std::vector<std::string> all =
      found != demanded.end() ? found->second : keys::before_stage(stage, kubernetes, pipeline, bills);
  const bool releases = stage == "release-charts" || stage == "publish-charts";
  if (releases && reviews > 0 && std::ranges::find(all, keys::kReviewed) == all.end())
    all.emplace_back(keys::kReviewed);
  return all;
}

}  // namespace waybill::lineage
