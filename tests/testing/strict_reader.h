#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/forge/client.h"

namespace waybill::testing {

// A forge that answers only what it was told of; any other question is an Error that names it.
class StrictReader final : public forge::Reader {
 public:
  std::vector<forge::PullRequest> pulls;                // what there is; asked for by number, head, base, state
  std::map<Oid, std::vector<std::int64_t>> pulls_of;    // commit → numbers; others came from none
  std::map<std::string, forge::Release> release_pages;  // by tag
  std::map<Oid, std::vector<forge::CheckRun>> checks;
  std::map<std::string, std::vector<forge::WorkflowRun>> runs;  // workflow file → those that have not ended
  std::vector<forge::Ruleset> rules;
  std::map<std::int64_t, std::vector<forge::Review>> reviews_of;  // pull request → what was said of it
  std::set<std::string> writers;
  std::map<Oid, std::string> authors;  // commit → login; others are nobody's
  bool knows_reviews = false;
  bool knows_rulesets = false;
  bool knows_pulls = false;
  bool knows_checks = false;
  bool knows_runs = false;
  bool knows_releases = false;

  void answers_attestations(const Digest& subject, std::vector<Json> bundles) {
    attestations_[subject] = std::move(bundles);
  }
  const std::vector<std::string>& asked() const { return asked_; }

  forge::RepositoryInfo repository() const override { refuse("repository"); }

  std::optional<forge::PullRequest> pull_request(std::int64_t number) const override {
    note(knows_pulls, "pull request " + std::to_string(number));
    for (const auto& pull : pulls)
      if (pull.number == number) return pull;
    return std::nullopt;
  }

  std::vector<forge::PullRequest> pull_requests(const std::string& head, const std::string& base,
                                                const std::string& state) const override {
    note(knows_pulls, "pull requests " + head + " → " + base + " " + state);
    std::vector<forge::PullRequest> found;
    for (const auto& pull : pulls)
      if ((head.empty() || pull.head_ref == head) && (base.empty() || pull.base_ref == base) &&
          (state == "all" || pull.state == state))
        found.push_back(pull);
    return found;
  }

  std::vector<forge::PullRequest> pull_requests_of(const Oid& commit, bool) const override {
    note(knows_pulls, "pull requests of " + commit.hex());
    std::vector<forge::PullRequest> found;
    if (const auto numbers = pulls_of.find(commit); numbers != pulls_of.end())
      for (const std::int64_t number : numbers->second)
        if (const auto pull = pull_request(number)) found.push_back(*pull);
    return found;
  }

  std::vector<forge::Review> reviews(std::int64_t pull_request) const override {
    note(knows_reviews, "reviews of " + std::to_string(pull_request));
    const auto found = reviews_of.find(pull_request);
    return found == reviews_of.end() ? std::vector<forge::Review>{} : found->second;
  }

  bool may_write(const std::string& login) const override {
    note(knows_reviews, "what " + login + " may do");
    return writers.contains(login);
  }

  std::string author_of(const Oid& commit) const override {
    note(knows_reviews, "who wrote " + commit.hex());
    const auto found = authors.find(commit);
    return found == authors.end() ? std::string() : found->second;
  }

  std::optional<Oid> branch(const std::string& name) const override { refuse("branch " + name); }

  std::vector<forge::CheckRun> check_runs(const Oid& commit) const override {
    note(knows_checks, "checks of " + commit.hex());
    const auto found = checks.find(commit);
    return found == checks.end() ? std::vector<forge::CheckRun>{} : found->second;
  }

  std::optional<forge::Release> release(const std::string& tag) const override {
    note(knows_releases, "release " + tag);
    const auto found = release_pages.find(tag);
    return found == release_pages.end() ? std::nullopt : std::optional(found->second);
  }

  std::vector<forge::Release> releases() const override {
    note(knows_releases, "releases");
    std::vector<forge::Release> all;
    for (const auto& [tag, release] : release_pages) all.push_back(release);
    return all;
  }

  std::vector<forge::Ruleset> rulesets() const override {
    note(knows_rulesets, "rulesets");
    return rules;
  }

  std::vector<forge::WorkflowRun> runs_under_way(const std::string& workflow) const override {
    note(knows_runs, "runs of " + workflow);
    const auto found = runs.find(workflow);
    return found == runs.end() ? std::vector<forge::WorkflowRun>{} : found->second;
  }

  std::string asset(const forge::Asset& asset, std::size_t) const override { refuse("asset " + asset.name); }
  std::vector<forge::Deployment> deployments(const Oid& commit, const std::string&) const override {
    refuse("deployments of " + commit.hex());
  }

  std::map<Digest, std::vector<Json>> attestations(const std::vector<Digest>& subjects) const override {
    std::map<Digest, std::vector<Json>> found;
    for (const Digest& subject : subjects) found[subject] = attestations(subject);
    return found;
  }

  std::vector<Json> attestations(const Digest& subject) const override {
    const auto found = attestations_.find(subject);
    note(found != attestations_.end(), "attestations of " + subject.text());
    return found->second;
  }

 private:
  [[noreturn]] static void refuse(const std::string& question) {
    throw Error(Fault::kInternal, "the forge was asked for {}, which the test does not expect", question);
  }

  void note(bool known, const std::string& question) const {
    asked_.push_back(question);
    if (!known) refuse(question);
  }

  std::map<Digest, std::vector<Json>> attestations_;
  mutable std::vector<std::string> asked_;
};

}  // namespace waybill::testing
