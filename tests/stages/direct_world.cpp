#include "stages/direct_world.h"

#include <algorithm>

#include "core/lineage/keys.h"

namespace waybill::stages {
namespace {

namespace keys = lineage::keys;

}  // namespace

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
  for (const std::string& key : keys::of_stage("validate-contribution", facts.policy.kubernetes))
    attest(key, commit, commit);
  return commit;
}

Oid DirectWorld::merge_release(const std::string& version, const Oid& source) {
  attest(keys::kFormat, source, source);
  testing::Files edit = web_version(version);
  edit.insert({{"charts/web/CHANGELOG.md", "# Changelog\n\n## [" + version + "]\n\n### Added\n\n- Released\n"}});
  const Oid merged = push(edit, "web: release " + version + " (#30)");
  for (const auto key : {keys::kVerify, keys::kSemver, keys::kOverall}) attest(key, merged, source);
  return merged;
}

void DirectWorld::tag_release(const std::string& version, const Oid& released, const Oid& source) {
  attest(keys::kTag, released, source);
  fixture.tag("web-v" + version, released,
              lineage::write_tag_message({.chart = "web",
                                          .path = "charts/web",
                                          .version = version,
                                          .entries = {},
                                          .changelog = "- x",
                                          .source_pull_request = "none",
                                          .commit = released.hex(),
                                          .source = source.hex()}));
}

Oid DirectWorld::release(const std::string& version, const Oid& source) {
  const Oid released = merge_release(version, source);
  tag_release(version, released, source);
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

testing::Files web_values(const std::string& image) {
  return {{"charts/web/values.yaml", "image: registry.example/" + image + "\n"}};
}

testing::Files web_version(const std::string& version) {
  return {{"charts/web/Chart.yaml", chart_files("web", version).at("charts/web/Chart.yaml")}};
}

bool has_note(const Plan& plan, std::string_view text) {
  return std::ranges::any_of(plan.notes(),
                             [text](const std::string& note) { return note.find(text) != std::string::npos; });
}

}  // namespace waybill::stages
