#include <algorithm>
#include <set>

#include "core/stages/doctor.h"
#include "core/stages/ruleset_audit.h"
#include "core/stages/table.h"

namespace waybill::stages {
namespace {

using Names = std::set<std::string>;

constexpr const char* kNewKey = "\nthen make a new key on the App's page and delete the old one: others could read it";

// The App's key and where it lies.
class Key {
 public:
  Key(const Job& job, const std::vector<KeyPlace>& places, Findings& findings)
      : job_(job), settings_(job.ports.forge_settings()), findings_(findings) {
    for (const KeyPlace& place : places) {
      wanted_[place.environment].insert(place.secret);
      secrets_.insert(place.secret);
    }
  }

  void environments() {
    std::vector<forge::Environment> there;
    if (!findings_.look("which environments there are", [&] { there = settings_.environments(); })) return;
    for (const auto& [name, secrets] : wanted_)
      if (std::ranges::find(there, name, &forge::Environment::name) == there.end())
        findings_.wrong(fmt::format("there is no environment `{}`: without one, its secrets are every branch's", name),
                        limit(name) + fill(name, *secrets.begin()));
    for (const forge::Environment& environment : there)
      if (!look(environment)) return;  // what one does not show, none does
  }

  void others() {
    const std::string& repository = job_.facts.policy.anchor.repository;
    const std::string owner = repository.substr(0, repository.find('/'));
    nowhere(forge::SecretsOf::kRepository, "the repository", "--repo " + repository);
    nowhere(forge::SecretsOf::kDependabot, "Dependabot", "--app dependabot --repo " + repository);
    forge::MergeSettings owned;
    const auto owner_of = [&] { owned = settings_.merging(); };
    if (findings_.look("who owns the repository", owner_of) && owned.owner_type == "Organization")
      nowhere(forge::SecretsOf::kOrganisation, "the organisation", "--org " + owner);
  }

 private:
  std::string api(std::string_view method, const std::string& environment) const {
    return fmt::format("gh api -X {} repos/{}/environments/{}", method, job_.facts.policy.anchor.repository,
                       environment);
  }

  std::string limit(const std::string& name) const {
    return fmt::format(
        "{} -F 'deployment_branch_policy[protected_branches]=false' "
        "-F 'deployment_branch_policy[custom_branch_policies]=true'\n{}/deployment-branch-policies -f name={}",
        api("PUT", name), api("POST", name), job_.facts.policy.anchor.branch);
  }

  std::string fill(const std::string& name, const std::string& secret) const {
    return fmt::format("\ngh secret set {} --repo {} --env {} < app-private-key.pem", secret,
                       job_.facts.policy.anchor.repository, name);
  }

  // False when its secrets are not shown.
  bool look(const forge::Environment& environment) {
    const std::string& name = environment.name;
    Names secrets;
    if (!findings_.look(fmt::format("whether the environment `{}` has the App's key", name),
                        [&] { secrets = settings_.environment_secrets(name); }))
      return false;
    Names missing;
    if (const auto wanted = wanted_.find(name); wanted != wanted_.end())
      std::ranges::set_difference(wanted->second, secrets, std::inserter(missing, missing.end()));
    for (const std::string& secret : missing)
      findings_.wrong(fmt::format("the environment `{}` has no secret `{}`", name, secret),
                      fill(name, secret).substr(1));
    const bool has_key = std::ranges::any_of(secrets_, [&](const auto& secret) { return secrets.contains(secret); });
    if (!has_key && !wanted_.contains(name)) return true;
    if (is_limited(environment) && missing.empty())
      findings_.right(fmt::format("the environment `{}` is for `{}` alone and has the App's key", name,
                                  job_.facts.policy.anchor.branch));
    return true;
  }

  bool is_limited(const forge::Environment& environment) {
    const std::string& name = environment.name;
    const std::string& branch = job_.facts.policy.anchor.branch;
    if (environment.limit != forge::Environment::For::kListed) {
      findings_.wrong(fmt::format("the environment `{}` is for {}, `{}` alone is wanted", name,
                                  environment.limit == forge::Environment::For::kAll ? "every branch and tag"
                                                                                     : "every protected branch",
                                  branch),
                      limit(name));
      return false;
    }
    std::vector<forge::BranchPolicy> listed;
    if (!findings_.look(fmt::format("which branches the environment `{}` is for", name),
                        [&] { listed = settings_.branch_policies(name); }))
      return false;
    std::vector<std::string> found;
    for (const auto& one : listed) found.push_back(fmt::format("{} `{}`", one.type, one.name));
    if (found == std::vector<std::string>{"branch `" + branch + "`"}) return true;
    findings_.wrong(fmt::format("the environment `{}` is for {}; `{}` alone is wanted", name,
                                found.empty() ? "no branch" : fmt::format("{}", fmt::join(found, ", ")), branch),
                    fmt::format("Settings, Environments, {}, Deployment branches and tags: `{}` alone", name, branch));
    return false;
  }

  void nowhere(forge::SecretsOf whose, std::string_view owner, const std::string& place) {
    Names there;
    if (!findings_.look(fmt::format("whether the App's key is a secret of {}", owner),
                        [&] { there = settings_.secrets(whose); }))
      return;
    bool found = false;
    for (const std::string& secret : secrets_) {
      if (!there.contains(secret)) continue;
      found = true;
      findings_.wrong(fmt::format("the App's key `{}` is a secret of {} too, which more than `{}` can read", secret,
                                  owner, job_.facts.policy.anchor.branch),
                      fmt::format("gh secret delete {} {}{}", secret, place, kNewKey));
    }
    if (!found) findings_.right(fmt::format("the App's key is no secret of {}", owner));
  }

  const Job& job_;
  const forge::SettingsReader& settings_;
  Findings& findings_;
  std::map<std::string, Names> wanted_;  // environment → its secrets
  Names secrets_;
};

}  // namespace

void examine_key(const Job& job, const std::vector<KeyPlace>& places, Findings& findings) {
  Key key(job, places, findings);
  key.environments();
  key.others();
}

std::optional<std::int64_t> examine_app(const Job& job, Findings& findings) {
  const std::string slug = app_slug(job.facts.policy);
  std::optional<forge::App> app;
  if (!findings.look("what the App may do", [&] { app = job.ports.forge_settings().app(slug); })) return std::nullopt;
  if (!app) {
    findings.wrong(
        fmt::format("what the App `{}` may do could not be looked at: it is private, or there is none", slug),
        "with:\n  token: ${{ secrets.DOCTOR_TOKEN }} # of the App's owner\nor make the App public on its page",
        Fault::kPermission);
    return std::nullopt;
  }
  const auto page = [&slug](const std::string& what) {
    return fmt::format("the page of the App `{}`, Permissions: {}; then accept it where the App is installed", slug,
                       what);
  };
  const auto needed = app_permissions(job.facts.policy.pipeline);
  bool sound = true;
  const auto wrong = [&](const std::string& text, const std::string& cure) {
    sound = false;
    findings.wrong(fmt::format("the App `{}` {}", slug, text), page(cure));
  };
  for (const auto& [name, level] : needed) {
    const auto held = app->permissions.find(name);
    if (held == app->permissions.end() || (level == "write" && held->second == "read"))
      wrong(fmt::format("lacks `{}: {}`", name, level), fmt::format("grant `{}: {}`", name, level));
  }
  for (const auto& [name, level] : app->permissions) {
    const auto wanted = needed.find(name);
    if (name != "metadata" && wanted == needed.end())
      wrong(fmt::format("may do more than any stage needs: `{}: {}`", name, level),
            fmt::format("take `{}` away", name));
    else if (wanted != needed.end() && wanted->second == "read" && level != "read")
      wrong(fmt::format("may do more than any stage needs: `{}: {}`", name, level), fmt::format("`{}: read`", name));
  }
  if (sound) findings.right(fmt::format("the App `{}` may do what the stages need, and nothing else", slug));
  return app->id;
}

}  // namespace waybill::stages
