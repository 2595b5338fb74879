#include "stages/world.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <utility>

#include "chart/charts.h"
#include "core/lineage/keys.h"
#include "core/stages/sequence.h"
#include "stages/files.h"
#include "testing/refusal.h"

namespace waybill::stages {
namespace {

constexpr const char* kOrigin = "refs/remotes/origin/";

Facts facts_of(const lineage::Policy& policy, const Oid& anchor) {
  return {.policy = policy,
          .anchor = anchor,
          .event = "pull_request_target",
          .pull = std::nullopt,
          .occasion = {},
          .builder = {"https://forge.example/octo/charts/.github/workflows/x.yml@refs/heads/main",
                      "https://forge.example/octo/charts/actions/runs/7/attempts/1"},
          .repository_id = "2002",
          .tool = "waybill 0.1.0",
          .now = parse_rfc3339("2026-11-21T12:00:00Z")};
}

}  // namespace

std::string rogue_message(const std::string& version, const Oid& commit) {
  return lineage::write_tag_message({.chart = "web",
                                     .path = "charts/web",
                                     .version = version,
                                     .entries = {},
                                     .changelog = "",
                                     .source_pull_request = "none",
                                     .commit = commit.hex(),
                                     .source = commit.hex()});
}

World::World() : facts(facts_of(journey.policy, Oid::parse(std::string(40, '0')))) {
  const Oid first = fixture.commit(std::string(kOrigin) + "main",
                                   joined({chart_files("web"),
                                           chart_files("api"),
                                           {{".waybill.yml", lineage::kPolicyText}, {"README.md", "# charts\n"}}}),
                                   "chore: two charts");
  branch("integration", first);
  branch("release", first);
  ports.demanded = [this](const std::vector<lineage::Requirement>& wanted) {
    return lineage::Judge(journey).verify(wanted);
  };
  ports.verified = [this](const std::vector<lineage::Requirement>& wanted) { return journey.examine(wanted).upstream; };
  ports.verified_ever = [this](const std::vector<lineage::Requirement>& wanted) {
    journey.policy_digest_known = false;
    const lineage::Examined examined = journey.examine(wanted);
    journey.policy_digest_known = true;
    return examined.upstream;
  };
  ports.withdrawn = [this](const lineage::Requirement& release) -> std::optional<std::string> {
    const auto found = lineage::Judge(journey).withdrawal(release);
    if (!found) return std::nullopt;
    return lineage::described_withdrawal(*found);
  };
  ports.verified_and_lost = [this](const std::vector<lineage::Requirement>& wanted) {
    const auto on_anchor = std::exchange(journey.on_anchor, nullptr);
    const auto upstream = ports.verified_ever(wanted);
    journey.on_anchor = on_anchor;
    return upstream;
  };
  ports.reader = &forge;
}

std::int64_t World::run_of(std::string_view stage) {
  const auto stages = lineage::stages_of(lineage::Pipeline::kFull);
  return 101 + std::distance(stages.begin(), std::ranges::find(stages, stage));
}

Oid World::change(const std::string& branch, const testing::Files& files, const std::string& message,
                  const std::vector<std::string>& removed) {
  return fixture.change(kOrigin + branch, files, message, removed);
}

void World::branch(const std::string& name, const Oid& commit) {
  fixture.set(kOrigin + name, commit);
}

void World::lose(const Oid& commit) {
  const std::string name = commit.hex();
  BOOST_REQUIRE(std::filesystem::remove(fixture.path() / "objects" / name.substr(0, 2) / name.substr(2)));
}

Oid World::tip(const std::string& branch) const {
  return fixture.tip(kOrigin + branch);
}

Oid World::before(const Oid& commit) const {
  return git::Repository::open(fixture.path()).commit(commit).parents.front();
}

Oid World::make(const EnsureCommit& step) {
  const auto repository = git::Repository::open(fixture.path());
  testing::Files files;
  std::vector<std::string> removed;
  if (step.subtree) {
    files = files_of(chart::read_subtree(repository, *step.subtree, step.path), step.path);
    removed.push_back(step.path);
  }
  for (const auto& file : step.files) files.insert_or_assign(file.path, file_of(file.mode, file.content));
  branch(step.branch, step.parent);
  const Oid commit = change(step.branch, files, step.message, removed);
  BOOST_TEST(git::Repository::open(fixture.path()).commit(commit).tree.hex() == step.tree.hex(),
             "the tree of " << step.branch << " is not the planned one");
  return commit;
}

void World::tag(const Oid& commit, const Oid& source, const std::string& path) {
  const chart::Metadata metadata = chart(commit, path).metadata;
  fixture.tag(chart::release_tag_name(metadata.name, metadata.version), commit,
              lineage::write_tag_message({.chart = metadata.name,
                                          .path = path,
                                          .version = metadata.version,
                                          .entries = {},
                                          .changelog = "- x",
                                          .source_pull_request = "none",
                                          .commit = commit.hex(),
                                          .source = source.hex()}));
}

forge::PullRequest& World::pull(const std::string& head, const std::string& base) {
  facts.event = "pull_request_target";
  facts.pull = forge::PullRequest{.number = 21,
                                  .title = head + " into " + base,
                                  .body = "prose\n",
                                  .state = "open",
                                  .merged = false,
                                  .merge_commit = std::nullopt,
                                  .head_ref = head,
                                  .head_repository = "octo/charts",
                                  .head = tip(head),
                                  .base_ref = base,
                                  .base = tip(base),
                                  .author = "waybill[bot]",
                                  .merged_by = "",
                                  .url = "https://forge.example/octo/charts/pull/21"};
  return *facts.pull;
}

forge::PullRequest& World::merged(const std::string& head, const std::string& base, const Oid& commit) {
  forge::PullRequest& request = pull(head, base);
  request.state = "closed";
  request.merged = true;
  request.merge_commit = commit;
  request.merged_by = "maria";
  return request;
}

Consignment World::chart(const Oid& commit, const std::string& path) {
  return consign(job(), commit, path);
}

void World::attest(std::string_view key, const Oid& commit, const Oid& source, const std::string& path) {
  const Consignment consignment = chart(commit, path);
  journey.chart = path;
  lineage::Draft draft = journey.draft(key);
  draft.identity.invocation =
      fmt::format("https://forge.example/octo/charts/actions/runs/{}/attempts/1", run_of(draft.stamp.stage));
  draft.stamp.version = consignment.metadata.version;
  draft.subjects = consignment.subjects();
  draft.resource = lineage::release_uri(facts.policy.anchor.server, facts.policy.anchor.repository,
                                        consignment.metadata.name, consignment.metadata.version);
  if (lineage::Journey::is_about_package(key)) {
    const chart::Package package = chart::package(consignment.subtree, path);
    draft.subjects = {{package.file_name, package.digest}};
  }
  if (key == lineage::keys::kTag)
    draft.results = {{"tag", chart::release_tag_name(consignment.metadata.name, consignment.metadata.version)},
                     {"commit", commit.hex()}};
  if (draft.stamp.stage != "validate-contribution") draft.stamp.shipment.source = source;
  journey.sign(draft);
}

void World::attest_stage(std::string_view stage, const Oid& commit, const Oid& source, const std::string& path) {
  for (const std::string& key : lineage::keys::of_stage(stage, facts.policy.kubernetes))
    if (facts.policy.makes(key) && (key != lineage::keys::kReviewed || facts.policy.reviews > 0))
      attest(key, commit, source, path);
}

void World::release(const Oid& released, const Oid& source) {
  for (const char* stage : {"validate-contribution", "filter-charts", "enforce-atomic", "format-chart-pr"})
    attest_stage(stage, source, source);
  for (const char* stage : {"validate-and-bump", "tag-charts"}) attest_stage(stage, released, source);
  tag(released, source);
}

void World::use_helm() {
  helm_.emplace(testing::helm());
  ports.charts = &*helm_;
}

void World::use_inputs(const Stage& stage, const Values& given) {
  inputs = given;
  complete_inputs(stage);
}

void World::complete_inputs(const Stage& stage) {
  for (const Input& input : stage.inputs) inputs.emplace(input.name, input.initial);
}

Job World::job() {
  repository_ = std::make_unique<git::Repository>(git::Repository::open(fixture.path()));
  ports.repository = repository_.get();
  facts.anchor = main();
  return {facts, ports, inputs, {}, {}, lineage::Upstream::nothing()};
}

Job World::surveyed(const Stage& stage) {
  static_cast<void>(job());
  complete_inputs(stage);
  return stages::surveyed(stage, facts, ports, inputs);
}

Plan World::planned(const Stage& stage) {
  return stage.plan(surveyed(stage));
}

void World::refuses(const Stage& stage, Fault fault, const std::vector<std::string_view>& said) {
  testing::refuses_saying(fault, said, [&] { static_cast<void>(planned(stage)); });
}

}  // namespace waybill::stages
