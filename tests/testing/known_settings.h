#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/forge/settings.h"

namespace waybill::testing {

// Settings of a repository as a test wants them; what is `hidden`, by the name of its question, this token may not see.
class KnownSettings final : public forge::SettingsReader {
 public:
  forge::MergeSettings merges{.archived = false, .owner_type = "Organization", .squash = true, .merge_commit = true};
  forge::ActionsSettings actions_settings{.enabled = true, .allowed = "all"};
  std::string usual = "read";
  bool immutable = true;
  std::vector<forge::Workflow> files;
  std::map<std::string, forge::Environment::For> limits;             // by environment
  std::map<std::string, std::vector<forge::BranchPolicy>> branches;  // of those that are listed
  std::map<std::string, std::set<std::string>> kept;                 // secrets by environment
  std::map<forge::SecretsOf, std::set<std::string>> others;
  std::optional<forge::App> page;
  std::function<std::optional<forge::RunAttempt>(std::int64_t run, std::int64_t attempt)> runs;
  std::map<std::string, forge::RunAttempt> successes;  // by workflow file
  std::set<std::string> hidden;
  mutable std::vector<std::string> asked;

  forge::MergeSettings merging() const override { return shown("merging", merges); }
  forge::ActionsSettings actions() const override { return shown("actions", actions_settings); }
  std::string usual_job_permissions() const override { return shown("usual_job_permissions", usual); }
  bool has_immutable_releases() const override { return shown("has_immutable_releases", immutable); }
  std::vector<forge::Workflow> workflows() const override { return shown("workflows", files); }

  std::vector<forge::Environment> environments() const override {
    std::vector<forge::Environment> all;
    for (const auto& [name, limit] : limits) all.push_back({name, limit});
    return shown("environments", all);
  }

  std::vector<forge::BranchPolicy> branch_policies(const std::string& environment) const override {
    return shown("branch_policies", branches.at(environment));
  }

  std::set<std::string> secrets(forge::SecretsOf whose) const override {
    const auto found = others.find(whose);
    return shown("secrets", found == others.end() ? std::set<std::string>() : found->second);
  }

  std::set<std::string> environment_secrets(const std::string& environment) const override {
    const auto found = kept.find(environment);
    return shown("environment_secrets", found == kept.end() ? std::set<std::string>() : found->second);
  }

  std::optional<forge::App> app(const std::string& slug) const override {
    return shown("app", page && page->slug == slug ? page : std::nullopt);
  }

  std::optional<forge::RunAttempt> run_attempt(std::int64_t run, std::int64_t attempt) const override {
    shown("run_attempt", 0);
    asked.push_back(std::to_string(run) + "." + std::to_string(attempt));
    return runs(run, attempt);
  }

  std::optional<forge::RunAttempt> last_success(const std::string& workflow) const override {
    const auto found = successes.find(workflow);
    return found == successes.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  template <class Value>
  Value shown(const std::string& question, Value value) const {
    if (hidden.contains(question)) throw Error(Fault::kPermission, "{}: the token lacks the permission", question);
    return value;
  }
};

}  // namespace waybill::testing
