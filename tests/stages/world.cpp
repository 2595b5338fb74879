#include "stages/world.h"

#include "chart/charts.h"
#include "core/lineage/keys.h"
#include "core/stages/evidence.h"

namespace waybill::stages {
namespace {

constexpr const char* kOrigin = "refs/remotes/origin/";

testing::Files joined(testing::Files one, const testing::Files& other) {
  one.insert(other.begin(), other.end());
  return one;
}

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

testing::Files chart_files(const std::string& name, const std::string& version) {
  testing::Files files;
  for (const auto& [path, file] : testing::small_chart(name, version))
    files.emplace("charts/" + name + "/" + path, file.content);
  return files;
}

World::World() : facts(facts_of(journey.policy, Oid::parse(std::string(40, '0')))) {
  const Oid first = fixture.commit(std::string(kOrigin) + "main",
                                   joined(joined(chart_files("web"), chart_files("api")),
                                          {{".waybill.yml", lineage::kPolicyText}, {"README.md", "# charts\n"}}),
                                   "chore: two charts");
  branch("integration", first);
  branch("release", first);
  ports.verified = [this](const std::vector<lineage::Requirement>& wanted) { return journey.examine(wanted).upstream; };
  ports.verified_ever = [this](const std::vector<lineage::Requirement>& wanted) {
    journey.policy_digest_known = false;
    const lineage::Examined examined = journey.examine(wanted);
    journey.policy_digest_known = true;
    return examined.upstream;
  };
  ports.reader = &forge;
}

Oid World::change(const std::string& branch, const testing::Files& files, const std::string& message,
                  const std::vector<std::string>& removed) {
  return fixture.change(kOrigin + branch, files, message, removed);
}

void World::branch(const std::string& name, const Oid& commit) {
  fixture.set(kOrigin + name, commit);
}

Oid World::tip(const std::string& branch) const {
  return fixture.tip(kOrigin + branch);
}

forge::PullRequest& World::pull(const std::string& head, const std::string& base) {
  facts.pull = forge::PullRequest{.number = 21,
                                  .title = "web: one chart's part of integration",
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

Job World::job() {
  repository_ = std::make_unique<git::Repository>(git::Repository::open(fixture.path()));
  ports.repository = repository_.get();
  facts.anchor = main();
  return {facts, ports, inputs, {}, {}, lineage::Upstream::nothing()};
}

Job World::surveyed(const Stage& stage) {
  Job job = this->job();
  Survey survey = stage.survey(job);
  job.consignments = std::move(survey.due);
  job.set_aside = std::move(survey.set_aside);
  const sigstore::Verifier verifier(journey.sigstore.trusted_root());
  job.upstream = lineage::verify(requirements(job, stage.name), journey.expectations(verifier));
  return job;
}

Plan World::planned(const Stage& stage) {
  return stage.plan(surveyed(stage));
}

Consignment World::web(const Oid& commit) {
  return consign(job(), commit, "charts/web");
}

void World::attest(std::string_view key, const Oid& commit, const Oid& source) {
  lineage::Draft draft = journey.draft(key);
  const Consignment consignment = web(commit);
  draft.subjects = consignment.subjects();
  draft.resource = lineage::release_uri(facts.policy.anchor.server, facts.policy.anchor.repository,
                                        consignment.metadata.name, consignment.metadata.version);
  if (draft.stamp.stage != "validate-contribution") draft.stamp.shipment.source = source;
  journey.sign(draft);
}

void World::release(const std::string& version, const Oid& released, const Oid& source) {
  namespace keys = lineage::keys;
  bool bumped = false;
  for (const std::string& key : lineage::Journey::all_keys()) {
    bumped = bumped || key == keys::kVerify;
    attest(key, bumped ? released : source, source);
    if (key == keys::kTag) break;
  }
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

std::vector<std::string> titles(const Plan& plan) {
  std::vector<std::string> all;
  for (const Step& step : plan.steps()) all.push_back(title(step));
  return all;
}

}  // namespace waybill::stages
