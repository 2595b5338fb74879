#include "core/stages/protection.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/stages/evidence.h"
#include "core/stages/table.h"

namespace waybill::stages {
namespace {

constexpr int kAdmins = 5;  // RepositoryRole of those who administer a repository

using Texts = std::vector<std::string>;

// Every name that begins as the pattern does: a name below another one's would keep it from being made.
Texts all_of(const std::string& pattern) {
  const std::string beginning = "refs/heads/" + pattern.substr(0, pattern.find('<'));
  return {beginning + "*", beginning + "**/*"};
}

Json rule(const char* type) {
  return {{"type", type}};
}

Json by_pull_request(const Texts& methods, int reviews = 0) {
  return {{"type", "pull_request"},
          {"parameters",
           {{"allowed_merge_methods", methods},
            {"dismiss_stale_reviews_on_push", true},
            {"require_code_owner_review", false},
            {"require_last_push_approval", reviews > 0},
            {"required_approving_review_count", reviews},
            {"required_review_thread_resolution", false}}}};
}

class Rules {
 public:
  Rules(const lineage::Policy& policy, std::int64_t app) : policy_(policy), app_(app) {}

  std::vector<Protection> all;

  void own_branches() {
    const auto& branches = policy_.branches;
    Texts names;
    Texts patterns{branches.bump, branches.train};
    if (!policy_.is_direct()) {
      patterns.insert(patterns.begin(), {branches.split, branches.sync});
      if (policy_.merging.integrate) patterns.push_back(branches.chart);
    }
    for (const std::string& pattern : patterns)
      for (std::string& name : all_of(pattern)) names.push_back(std::move(name));
    if (policy_.carries_other_files && !policy_.is_direct())
      for (std::string& name : all_of(branches.carry)) names.push_back(std::move(name));
    if (!branches.index.empty()) names.push_back("refs/heads/" + branches.index);
    add("own branches", "branch", names, {by_app("always")}, {rule("creation"), rule("update"), rule("deletion")},
        "only the App makes, moves and deletes the branches that waybill composes");
  }

  // Where people merge what stage 3 proved, a rule against updates would keep them out too.
  void chart_branches() {
    if (policy_.is_direct() || policy_.merging.integrate) return;
    const Texts names = all_of(policy_.branches.chart);
    add("branches of charts", "branch", names, {by_app("always")}, {rule("creation"), rule("deletion")},
        "only the App makes and deletes the branches of charts");
    add("merges into branches of charts", "branch", names, {},
        {rule("non_fast_forward"), by_pull_request({"merge"}), checked({kEnforceAtomic.name})},
        "people merge into them what stage 3 proved, and nothing else");
  }

  void integration() {
    if (policy_.is_direct()) return;
    add("integration", "branch", {"refs/heads/" + policy_.branches.integration}, {by_admins()},
        {rule("deletion"), rule("non_fast_forward"), by_pull_request({"merge", "squash"}),
         checked({kValidateContribution.name})},
        "contributions come by pull requests that stage 1 validated");
  }

  void main() {
    std::vector<std::string_view> checks{kValidateAndBump.name};
    if (policy_.is_direct()) checks.insert(checks.begin(), kValidateContribution.name);
    add("main", "branch", {policy_.anchor.ref()}, {by_admins()},
        {rule("deletion"), rule("non_fast_forward"), rule("required_linear_history"), rule("required_signatures"),
         by_pull_request({"squash"}, policy_.reviews), checked(checks)},
        "what is released comes by pull requests that stage 5 summed up; admins merge hotfixes and definitions");
  }

  void release() {
    add("release", "branch", {"refs/heads/" + policy_.branches.release}, {},
        {rule("deletion"), rule("non_fast_forward"), by_pull_request({"merge"}), checked({kReleaseCharts.name})},
        "what is published comes by merge commits, so that tags stay on the branch; nobody is excepted");
  }

  void tags() {
    const Texts names{"refs/tags/*-v[0-9]*"};
    add("tags stay", "tag", names, {}, {rule("update"), rule("deletion"), rule("non_fast_forward")},
        "no tag of a version moves or goes, for anybody");
    add("tags come from the App", "tag", names, {by_app("always")}, {rule("creation")},
        "only stage 6 makes tags of versions");
  }

 private:
  Json by_app(const char* mode) const {
    return {{"actor_id", app_}, {"actor_type", "Integration"}, {"bypass_mode", mode}};
  }

  static Json by_admins() {
    return {{"actor_id", kAdmins}, {"actor_type", "RepositoryRole"}, {"bypass_mode", "pull_request"}};
  }

  Json checked(const std::vector<std::string_view>& stages) const {
    Json checks = Json::array();
    for (const std::string_view stage : stages)
      checks.push_back({{"context", own_check_name(stage)}, {"integration_id", app_}});
    return {{"type", "required_status_checks"},
            {"parameters",
             {{"strict_required_status_checks_policy", false},
              {"do_not_enforce_on_create", true},
              {"required_status_checks", checks}}}};
  }

  void add(const std::string& name, const char* target, const Texts& references, std::vector<Json> actors,
           std::vector<Json> rules, std::string why) {
    all.push_back({{{"name", "waybill: " + name},
                    {"target", target},
                    {"enforcement", "active"},
                    {"bypass_actors", std::move(actors)},
                    {"conditions", {{"ref_name", {{"include", references}, {"exclude", Json::array()}}}}},
                    {"rules", std::move(rules)}},
                   std::move(why)});
  }

  const lineage::Policy& policy_;
  std::int64_t app_;
};

Json at(const Json& json, const char* pointer) {
  const Json::json_pointer where(pointer);
  return json.contains(where) ? json.at(where) : Json();
}

Json sorted(Json list) {
  if (list.is_array()) std::sort(list.begin(), list.end());
  return list;
}

const Json* rule_of(const Json& ruleset, const Json& type) {
  const auto rules = ruleset.find("rules");
  if (rules == ruleset.end() || !rules->is_array()) return nullptr;
  const auto found = std::ranges::find_if(*rules, [&type](const Json& one) { return at(one, "/type") == type; });
  return found == rules->end() ? nullptr : &*found;
}

class Comparison {
 public:
  Comparison(const Json& wanted, const Json& there) : wanted_(wanted), there_(there) {}

  Texts found;

  void compare() {
    for (const char* name : {"/target", "/enforcement"})
      expect(std::string(name + 1), at(wanted_, name), at(there_, name));
    for (const char* list : {"include", "exclude"}) {
      const std::string pointer = std::string("/conditions/ref_name/") + list;
      expect(list, sorted(at(wanted_, pointer.c_str())), sorted(at(there_, pointer.c_str())));
    }
    actors();
    for (const Json& rule : wanted_.at("rules"))
      if (const Json* same = rule_of(there_, rule.at("type")))
        parameters(rule, *same);
      else
        found.push_back(fmt::format("the rule `{}` is missing", rule.at("type").get<std::string>()));
    for (const Json& rule : there_.value("rules", Json::array()))
      if (rule_of(wanted_, at(rule, "/type")) == nullptr)
        found.push_back(fmt::format("the rule {} is one too many", at(rule, "/type").dump()));
  }

 private:
  void expect(const std::string& what, const Json& wanted, const Json& seen) {
    if (wanted != seen) found.push_back(fmt::format("{} is {}, {} is wanted", what, seen.dump(), wanted.dump()));
  }

  void actors() {
    if (there_.contains("bypass_actors"))
      expect("bypass_actors", sorted(wanted_.at("bypass_actors")), sorted(there_.at("bypass_actors")));
    else
      found.emplace_back("who may bypass it is not shown to this token");
  }

  void reviews(const Json& wanted, const Json& seen) {
    const Json& count = wanted.at("required_approving_review_count");
    const Json there = at(seen, "/required_approving_review_count");
    if (count == 0) return;
    if (!there.is_number_integer() || there < count) expect("required_approving_review_count", count, there);
    for (const char* name : {"dismiss_stale_reviews_on_push", "require_last_push_approval"})
      expect(name, true, seen.is_object() ? seen.value(name, Json()) : Json());
  }

  void parameters(const Json& wanted, const Json& seen) {
    if (wanted.at("type") == "pull_request") {
      expect("allowed_merge_methods", sorted(at(wanted, "/parameters/allowed_merge_methods")),
             sorted(at(seen, "/parameters/allowed_merge_methods")));
      reviews(wanted.at("parameters"), at(seen, "/parameters"));
    }
    if (wanted.at("type") != "required_status_checks") return;
    // One pull request after the other would have to be brought up to date and checked again.
    expect("strict_required_status_checks_policy", false, at(seen, "/parameters/strict_required_status_checks_policy"));
    const Json checks = at(seen, "/parameters/required_status_checks");
    for (const Json& check : at(wanted, "/parameters/required_status_checks"))
      if (std::ranges::none_of(checks, [&check](const Json& one) {
            return at(one, "/context") == check.at("context") &&
                   at(one, "/integration_id") == check.at("integration_id");
          }))
        found.push_back(
            fmt::format("the check `{}` of the App is not required", check.at("context").get<std::string>()));
  }

  const Json& wanted_;
  const Json& there_;
};

}  // namespace

std::vector<Protection> protections(const lineage::Policy& policy, std::int64_t app) {
  Rules rules(policy, app);
  rules.own_branches();
  rules.chart_branches();
  rules.integration();
  rules.main();
  rules.release();
  rules.tags();
  return std::move(rules.all);
}

std::vector<std::string> beyond_rulesets(const lineage::Policy& policy) {
  Texts lines{
      "that a tag stands on the default branch: stage 7 refuses any other",
      "that a pull request is waybill's own: every stage compares author, branch and trees",
      "that a check was made for this base: stages read head and base again before they merge",
  };
  if (!policy.is_direct())
    lines.emplace_back("that only one chart differs: stage 3 proves it by tree ids, stages 5 and 7 again");
  return lines;
}

std::vector<std::string> differences(const Json& wanted, const Json& there) {
  Comparison comparison(wanted, there);
  comparison.compare();
  return std::move(comparison.found);
}

}  // namespace waybill::stages
