#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/sandbox/run_subset.h"
#include "core/sandbox/run_workflow.h"

namespace waybill::sandbox {
namespace {

constexpr std::array<std::string_view, 3> kDefaultTypes = {"opened", "synchronize", "reopened"};

bool is_pull_request(std::string_view event) {
  return event == "pull_request" || event == "pull_request_target";
}

std::vector<std::string> one_or_more(const yaml::Node& node) {
  return node.kind() == yaml::Kind::kScalar ? std::vector{node.text()} : node.texts();
}

std::vector<std::string> read_branches(const yaml::Node& node, const std::string& where) {
  std::vector<std::string> patterns = one_or_more(node);
  for (const std::string& pattern : patterns)
    if (pattern.find_first_of("?+[]!\\") != std::string::npos) subset::refuse(fmt::format("{} `{}`", where, pattern));
  return patterns;
}

std::map<std::string, std::string> read_inputs(const yaml::Node& node, const std::string& where) {
  std::map<std::string, std::string> inputs;
  for (const auto& [name, input] : node.members()) {
    if (input.kind() == yaml::Kind::kNull) {
      inputs[name];
      continue;
    }
    subset::require_members(input, where + "." + name, {"description", "required", "default", "type", "options"});
    const auto given = input.find("default");
    inputs[name] = given ? given->text() : std::string();
  }
  return inputs;
}

Trigger read_filters(const yaml::Node& node, const std::string& event) {
  Trigger trigger;
  const std::string where = "on." + event;
  if (is_pull_request(event)) trigger.types.assign(kDefaultTypes.begin(), kDefaultTypes.end());
  if (node.kind() == yaml::Kind::kNull || event == "schedule") return trigger;
  if (is_pull_request(event)) subset::require_members(node, where, {"types", "branches"});
  if (event == "merge_group") subset::require_members(node, where, {"types", "branches"});
  if (event == "push") subset::require_members(node, where, {"branches"});
  if (event == "workflow_dispatch") subset::require_members(node, where, {"inputs"});
  if (event == "repository_dispatch") subset::require_members(node, where, {"types"});
  if (const auto types = node.find("types")) trigger.types = one_or_more(*types);
  if (const auto branches = node.find("branches")) trigger.branches = read_branches(*branches, where + ".branches");
  if (const auto inputs = node.find("inputs"); inputs && inputs->kind() != yaml::Kind::kNull)
    trigger.inputs = read_inputs(*inputs, where + ".inputs");
  return trigger;
}

}  // namespace

std::optional<Trigger> read_trigger(const yaml::Node& file, const std::string& event) {
  const auto on = file.find("on");
  if (!on) return std::nullopt;
  Trigger plain;
  if (is_pull_request(event)) plain.types.assign(kDefaultTypes.begin(), kDefaultTypes.end());
  if (on->kind() == yaml::Kind::kMapping) {
    const auto filters = on->find(event);
    return filters ? std::optional(read_filters(*filters, event)) : std::nullopt;
  }
  const std::vector<std::string> names = one_or_more(*on);
  return std::ranges::find(names, event) == names.end() ? std::nullopt : std::optional(plain);
}

bool passes(const Trigger& trigger, const Event& event) {
  if (!trigger.types.empty() && std::ranges::find(trigger.types, event.action) == trigger.types.end()) return false;
  if (trigger.branches.empty()) return true;
  // With a filter for branches alone, pushed tags start nothing.
  if (event.name == "push" && !event.ref.starts_with("refs/heads/")) return false;
  return std::ranges::any_of(trigger.branches,
                             [&](const std::string& pattern) { return matches_branch(pattern, event.branch); });
}

bool matches_branch(std::string_view pattern, std::string_view branch) {
  // Whether what was taken of the pattern so far matches the first so many characters of the branch.
  std::vector<bool> matches(branch.size() + 1);
  matches[0] = true;
  while (!pattern.empty()) {
    const bool star = pattern.front() == '*';
    const bool any = pattern.starts_with("**");
    std::vector<bool> longer(branch.size() + 1);
    for (std::size_t i = 0; i <= branch.size(); ++i)
      longer[i] = star ? matches[i] || (i > 0 && longer[i - 1] && (any || branch[i - 1] != '/'))
                       : i > 0 && matches[i - 1] && branch[i - 1] == pattern.front();
    matches = std::move(longer);
    pattern.remove_prefix(any ? 2 : 1);
  }
  return matches.back();
}

}  // namespace waybill::sandbox
