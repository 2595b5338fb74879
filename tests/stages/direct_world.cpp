#include "stages/direct_world.h"

#include "core/lineage/keys.h"

namespace waybill::stages {

namespace keys = lineage::keys;

DirectWorld::DirectWorld() {
  journey.policy = lineage::Policy::parse(std::string(lineage::kPolicyText) + "pipeline: direct\n", ".waybill.yml");
  facts.policy = journey.policy;
  facts.event = "push";
  forge.knows_pulls = true;
}

Oid DirectWorld::push(const testing::Files& files, const std::string& message) {
  return change("main", files, message);
}

Oid DirectWorld::contribute(const testing::Files& files, const std::string& message) {
  const Oid commit = push(files, message);
  attest_stage("validate-contribution", commit, commit);
  return commit;
}

Oid DirectWorld::merge_release(const std::string& version, const Oid& source) {
  attest(keys::kFormat, source, source);
  const Oid merged = push(release_files("web", version), "web: release " + version + " (#30)");
  attest_stage("validate-and-bump", merged, source);
  return merged;
}

void DirectWorld::tag_release(const Oid& released, const Oid& source) {
  attest(keys::kTag, released, source);
  tag(released, source);
}

Oid DirectWorld::release(const std::string& version, const Oid& source) {
  const Oid released = merge_release(version, source);
  tag_release(released, source);
  return released;
}

std::string DirectWorld::compose(const Oid& source) {
  std::string name = bump_branch(source);
  const std::string commit =
      fixture.git({"commit-tree", main().hex() + "^{tree}", "-p", main().hex(), "-m", "web: to release"});
  branch(name, Oid::parse(commit));
  return name;
}

forge::PullRequest& DirectWorld::open_release(const Oid& source, const std::string& version, std::int64_t number) {
  const std::string event = facts.event;
  const std::string name = compose(source);
  change(name, web_version(version), "web: version " + version);
  forge.pulls.push_back(pull(name, "main"));
  facts.pull.reset();
  facts.event = event;
  forge.pulls.back().number = number;
  return forge.pulls.back();
}

void DirectWorld::visit(const forge::PullRequest& pull) {
  facts.event = "pull_request_target";
  facts.pull = pull;
}

forge::PullRequest& DirectWorld::visit_contribution(const testing::Files& files,
                                                    const std::vector<std::string>& removed) {
  branch("feature", main());
  change("feature", files, "feat: a contribution", removed);
  facts.event = "pull_request_target";
  auto& pull = this->pull("feature", "main");
  pull.author = "ada";
  pull.head_repository = "ada/charts";
  return pull;
}

testing::Files web_version(const std::string& version) {
  return {{"charts/web/Chart.yaml", chart_files("web", version).at("charts/web/Chart.yaml")}};
}

std::vector<std::string> claimed(const Plan& plan) {
  std::vector<std::string> keys;
  for (const auto& claim : steps<Claim>(plan)) keys.push_back(claim.key);
  return keys;
}

}  // namespace waybill::stages
