#include "core/stages/workflow_text.h"

#include "core/yaml/document.h"

namespace waybill::stages {
namespace {

bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string text_of(const yaml::Node& node, std::string_view key) {
  const auto value = node.kind() == yaml::Kind::kMapping ? node.find(key) : std::nullopt;
  return value && value->kind() == yaml::Kind::kScalar ? value->text() : std::string();
}

std::string environment_of(const yaml::Node& job) {
  const auto environment = job.find("environment");
  if (!environment || environment->kind() == yaml::Kind::kScalar) return text_of(job, "environment");
  return text_of(*environment, "name");
}

// NAME of `${{ secrets.NAME }}`.
std::string secret_in(std::string_view expression) {
  constexpr std::string_view kSecrets = "secrets.";
  const std::size_t at = expression.find(kSecrets);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = expression.substr(at + kSecrets.size());
  return std::string(rest.substr(0, rest.find_first_of(" }")));
}

}  // namespace

bool UsedAction::is_pinned() const {
  constexpr std::string_view kImage = "docker://";
  constexpr std::string_view kDigest = "sha256:";
  if (uses.starts_with("./")) return true;
  const std::string_view reference = std::string_view(uses).substr(uses.rfind('@') + 1);
  if (uses.starts_with(kImage)) return reference.starts_with(kDigest) && is_hex(reference.substr(kDigest.size()), 64);
  return is_hex(reference, 40);
}

bool UsedAction::runs(std::string_view name) const {
  return stage == name || uses.substr(0, uses.find('@')).ends_with("/actions/" + std::string(name));
}

std::vector<UsedAction> used_actions(std::string_view text, const std::string& name) {
  const yaml::Node jobs = yaml::parse(text, name).at("jobs");
  std::vector<UsedAction> found;
  for (const auto& [id, job] : jobs.members()) {
    if (std::string whole = text_of(job, "uses"); !whole.empty()) found.push_back({std::move(whole), {}, {}, {}});
    const auto steps = job.find("steps");
    if (!steps) continue;
    for (const yaml::Node& step : steps->items()) {
      std::string uses = text_of(step, "uses");
      if (uses.empty()) continue;
      const auto with = step.find("with");
      const auto input = [&with](std::string_view key) { return with ? text_of(*with, key) : std::string(); };
      found.push_back({std::move(uses), input("stage"), environment_of(job), secret_in(input("app-private-key"))});
    }
  }
  return found;
}

}  // namespace waybill::stages
