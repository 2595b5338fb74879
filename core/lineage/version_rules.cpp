#include "core/lineage/version_rules.h"

#include <algorithm>
#include <vector>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/lineage/policy_keys.h"
#include "core/lineage/version_rule_names.h"

namespace waybill::lineage {
namespace {

constexpr std::size_t kLongestName = 16;

// A value of the mapping, one of those that the table of keys allows.
std::string chosen(const yaml::Node& node, std::string_view path) {
  const auto key = std::ranges::find(policy_keys(), path, &PolicyKey::path);
  if (std::ranges::find(key->allowed, node.text()) == key->allowed.end())
    throw Error(Fault::kInput, "{}: `{}` is none of {}", node.where(), printable_line(node.text()),
                fmt::join(key->allowed.begin(), key->allowed.end(), ", "));
  return node.text();
}

}  // namespace

VersionRules VersionRules::parse(const yaml::Node& node) {
  VersionRules rules;
  std::vector<std::string> findings;
  const auto read = [&](std::string_view key, const auto& take) {
    try {
      if (const auto found = node.find(key)) take(*found, "versions." + std::string(key));
    } catch (const Error& error) {
      if (error.fault() != Fault::kInput) throw;
      findings.emplace_back(error.what());
    }
  };
  node.require_only(names_below("versions"));
  read("types", [&](const yaml::Node& mapping, const std::string&) {
    for (const auto& [type, level] : mapping.members()) rules.types[type] = chosen(level, "versions.types.<type>");
  });
  read("scopes", [&](const auto& text, const auto& path) { rules.scopes_narrow = chosen(text, path) == "narrow"; });
  read("initial", [&](const auto& text, const auto& path) { rules.small_features = chosen(text, path) == "patch"; });
  read("app-version",
       [&](const auto& text, const auto& path) { rules.app_version = named(chosen(text, path), kCarriedNames); });
  read("dependencies",
       [&](const auto& text, const auto& path) { rules.dependencies = named(chosen(text, path), kCarriedNames); });
  read("dependents", [&](const auto& text, const auto& path) { rules.dependents = chosen(text, path) == "patch"; });
  read("values-break",
       [&](const auto& text, const auto& path) { rules.values_break = named(chosen(text, path), kValuesBreakNames); });
  read("reverts", [&](const auto& text, const auto& path) { rules.reverts_cancel = chosen(text, path) == "cancel"; });
  read("bump", [&](const auto& text, const auto& path) { rules.written = chosen(text, path) == "written"; });
  read("pre-release",
       [&](const auto& text, const auto&) { rules.pre_release = pre_release_name(text.text(), text.where()); });
  read("commits",
       [&](const auto& text, const auto& path) { rules.commits = named(chosen(text, path), kCommitsNames); });
  read("squashed", [&](const auto& text, const auto& path) { rules.squashed = chosen(text, path) == "raise"; });
  if (!findings.empty()) throw Error(Fault::kInput, "{}", fmt::join(findings, "\n"));
  return rules;
}

std::string pre_release_name(const std::string& text, std::string_view where) {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  };
  if (text.size() > kLongestName || !std::ranges::all_of(text, fits) ||
      text.find_first_not_of("0123456789") == std::string::npos)
    throw Error(Fault::kInput, "{}: `{}` cannot name pre-releases, letters, digits and hyphens are wanted as in `rc`",
                where, printable_line(text));
  return text;
}

}  // namespace waybill::lineage
