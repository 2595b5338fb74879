#include "core/adopt/policy_text.h"

#include <fmt/format.h>

#include "core/yaml/quote.h"

namespace waybill::adopt {
namespace {

constexpr std::string_view kKubernetes = R"(["1.32.11", "1.33.7"])";

std::string anchor(const Choices& choices) {
  const lineage::Anchor usual;
  std::string yaml = "anchor:\n";
  if (choices.server != usual.server) yaml += fmt::format("  server: {}\n", yaml::scalar(choices.server));
  if (choices.issuer != usual.issuer) yaml += fmt::format("  issuer: {}\n", yaml::scalar(choices.issuer));
  return yaml + fmt::format("  repository: {}\n  repository-id: {}\n  owner-id: {}\n  branch: {}\n",
                            yaml::scalar(choices.repository), choices.repository_id, choices.owner_id,
                            yaml::scalar(choices.branch));
}

std::string charts(const Choices& choices) {
  std::string list;
  for (const std::string& pattern : choices.charts) list += (list.empty() ? "" : ", ") + yaml::single_quoted(pattern);
  return fmt::format("charts: [{}]\n", list);
}

std::string signers(const Choices& choices) {
  std::string yaml = "signers:\n";
  for (const std::string_view stage : lineage::stages_of(choices.pipeline))
    yaml += fmt::format("  {0}: {{environment: waybill-{0}}}\n", stage);
  return yaml;
}

bool has_own_app(const Choices& choices) {
  lineage::Policy policy = lineage::Policy::standard("", "", "");
  policy.app = choices.app;
  return policy.has_own_app();
}

std::string merging(const Choices& choices) {
  const bool full = choices.pipeline == lineage::Pipeline::kFull;
  const char* by = has_own_app(choices) ? "auto" : "people";
  return fmt::format("merge: {{{}main: people, release: people}}\n",
                     full ? fmt::format("integrate: {0}, sync: {0}, ", by) : "");
}

std::string adopted(const Choices& choices) {
  if (choices.adopted.empty()) return {};
  std::string yaml =
      "# Tags from before waybill. Their versions are taken and what they tagged counts as shipped; they prove "
      "nothing.\nadopted:\n";
  for (const auto& [tag, commit] : choices.adopted)
    yaml += fmt::format("  {}: \"{}\"\n", yaml::scalar(tag), commit.hex());
  return yaml;
}

}  // namespace

Choices Choices::completed() const {
  namespace placeholder = lineage::placeholder;
  Choices complete = *this;
  if (complete.repository_id == placeholder::kRepositoryId) complete.repository_id = "1";
  if (complete.owner_id == placeholder::kOwnerId) complete.owner_id = "1";
  if (complete.app == placeholder::kApp) complete.app = "app[bot]";
  if (complete.trusted_root == placeholder::kTrustedRoot) complete.trusted_root.assign(64, '0');
  if (complete.signing_config == placeholder::kSigningConfig) complete.signing_config.assign(64, '0');
  return complete;
}

std::string policy_text(const Choices& choices) {
  std::string yaml = choices.schema.empty() ? "" : fmt::format("# yaml-language-server: $schema={}\n", choices.schema);
  yaml += fmt::format(
      "# What this repository releases, which evidence each stage demands, and who may sign it. Read at the tip of "
      "the\n"
      "# default branch only.\nversion: 1\npipeline: {}\n{}",
      lineage::name_of(choices.pipeline), anchor(choices));
  yaml += fmt::format("# The App that owns waybill's branches, pull requests and tags.\napp: {}\n",
                      yaml::scalar(choices.app));
  yaml += "# Where charts are; take out what is not to be released.\n" + charts(choices);
  yaml += fmt::format("# Every chart is linted and rendered for each of these.\nkubernetes: {}\n", kKubernetes);
  yaml += signers(choices);
  if (!choices.trusted_root.empty())
    yaml += fmt::format(
        "sigstore:\n  trusted-root: {{file: {}, sha256: \"{}\"}}\n  signing-config: {{file: {}, sha256: \"{}\"}}\n",
        kTrustedRootFile, choices.trusted_root, kSigningConfigFile, choices.signing_config);
  if (!choices.registry.empty())
    yaml += fmt::format("destinations:\n  - registry: {}\n", yaml::scalar(choices.registry));
  return yaml + merging(choices) + adopted(choices);
}

}  // namespace waybill::adopt
