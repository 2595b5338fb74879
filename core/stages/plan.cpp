#include "core/stages/plan.h"

#include <fmt/format.h>

#include "core/base/overloaded.h"
#include "core/crypto/hash.h"

namespace waybill::stages {
namespace {

std::string where(const std::variant<Oid, std::string>& head) {
  if (const auto* commit = std::get_if<Oid>(&head)) return commit->shortened();
  return "the tip of " + std::get<std::string>(head);
}

std::string about(const Claim& claim) {
  return claim.stamp.shipment.chart.empty() ? claim.subjects.front().name : claim.stamp.shipment.chart;
}

OrderedJson details(const Claim& claim) {
  OrderedJson subjects = OrderedJson::array();
  for (const auto& subject : claim.subjects)
    subjects.push_back({{"name", subject.name}, {"digest", subject.digest.text()}});
  OrderedJson json{{"kind", "attest"},
                   {"key", claim.key},
                   {"chart", claim.stamp.shipment.chart},
                   {"subjects", subjects},
                   {"inputs", claim.inputs}};
  std::visit(
      Overloaded{
          [&json](const Claim::Tested& tested) {
            for (const auto& check : tested.checks)
              json["checks"].push_back({{"name", check.name}, {"passed", check.passed}});
          },
          [&json](const Claim::Produced& produced) { json["results"] = OrderedJson::parse(produced.results.dump()); },
          [&json](const Claim::Summarised& summary) {
            json["resource"] = summary.resource_uri;
            if (!summary.withdrawn.empty()) json["failed"] = summary.withdrawn;
          },
          [&json](const Claim::Described& described) { json["predicate-type"] = described.predicate_type; }},
      claim.content);
  return json;
}

OrderedJson details(const EnsureBranch& step) {
  return {{"kind", "branch"}, {"name", step.name}, {"commit", step.commit.hex()}};
}

OrderedJson details(const EnsureCommit& step) {
  OrderedJson files = OrderedJson::array();
  for (const auto& file : step.files)
    files.push_back({{"path", file.path}, {"digest", crypto::sha256(file.content).text()}});
  return {{"kind", "commit"},  {"branch", step.branch}, {"parent", step.parent.hex()}, {"tree", step.tree.hex()},
          {"path", step.path}, {"files", files},        {"message", step.message}};
}

OrderedJson details(const EnsureMergeCommit& step) {
  OrderedJson paths = OrderedJson::array();
  for (const auto& entry : step.entries) paths.push_back(entry.path);
  OrderedJson json{{"kind", "merge-commit"}, {"branch", step.branch}, {"parent", step.parent.hex()}};
  if (step.merged) json["merged"] = step.merged->hex();
  json.update({{"tree", step.tree.hex()}, {"paths", paths}, {"message", step.message}});
  return json;
}

OrderedJson details(const EnsurePullRequest& step) {
  return {
      {"kind", "pull-request"}, {"head", step.head}, {"base", step.base}, {"title", step.title}, {"prose", step.prose}};
}

OrderedJson details(const EnsureWaybill& step) {
  return {{"kind", "waybill"}, {"pull-request", step.pull_request}};
}

OrderedJson details(const EnsureMerged& step) {
  return {{"kind", "merge"}, {"pull-request", step.pull_request}, {"head", step.head.hex()}, {"method", step.method}};
}

OrderedJson details(const EnsureClosed& step) {
  return {{"kind", "close"}, {"pull-request", step.pull_request}, {"why", step.why}};
}

OrderedJson details(const EnsureCheck& step) {
  return {{"kind", "check"},
          {"name", step.name},
          {"head", where(step.head)},
          {"base", step.base_ref},
          {"title", step.title}};
}

OrderedJson details(const EnsureTag& step) {
  return {{"kind", "tag"}, {"name", step.name}, {"commit", step.commit.hex()}, {"changelog", step.message.changelog}};
}

OrderedJson details(const EnsureDraft& step) {
  OrderedJson json{{"kind", "release-draft"}, {"tag", step.tag}, {"name", step.name}};
  if (step.prerelease) json["prerelease"] = true;
  return json;
}

OrderedJson details(const EnsureAsset& step) {
  OrderedJson json{{"kind", "asset"}, {"tag", step.tag}, {"name", step.name}};
  if (const auto* bytes = std::get_if<std::string>(&step.content)) json["digest"] = crypto::sha256(*bytes).text();
  return json;
}

OrderedJson details(const EnsurePublished& step) {
  return {{"kind", "release-published"}, {"tag", step.tag}};
}

OrderedJson details(const EnsureWithdrawn& step) {
  return {{"kind", "release-withdrawn"}, {"tag", step.tag}, {"notice", step.notice}};
}

OrderedJson details(const EnsureManifest& step) {
  return {{"kind", "manifest"}, {"repository", step.repository}, {"digest", step.manifest.digest.text()}};
}

OrderedJson details(const EnsureReferrer& step) {
  return {{"kind", "referrer"},
          {"repository", step.repository},
          {"subject", step.subject.digest.text()},
          {"key", step.key}};
}

OrderedJson details(const EnsureRegistryTag& step) {
  return {{"kind", "registry-tag"},
          {"repository", step.repository},
          {"tag", step.tag},
          {"digest", step.manifest.digest.text()}};
}

OrderedJson details(const EnsureIndex& step) {
  OrderedJson json{{"kind", "index"}, {"branch", step.branch}};
  for (const auto& entry : step.listed)
    json["listed"].push_back({{"name", entry.name}, {"version", entry.version}, {"digest", entry.digest.text()}});
  for (const auto& [name, version] : step.unlisted) json["unlisted"].push_back({{"name", name}, {"version", version}});
  return json;
}

OrderedJson details(const EnsureDeployment& step) {
  return {{"kind", "deployment"}, {"commit", step.commit.hex()}, {"environment", step.environment}};
}

OrderedJson details(const EnsureDispatch& step) {
  OrderedJson json{{"kind", "dispatch"}, {"workflow", step.workflow}, {"ref", step.ref}, {"why", step.why}};
  if (step.pull_request != 0) json["pull-request"] = step.pull_request;
  if (!step.merge_group.empty()) json["merge-group"] = step.merge_group;
  return json;
}

OrderedJson details(const EnsureRuleset& step) {
  return {
      {"kind", "ruleset"}, {"name", step.name}, {"drift", step.drift}, {"body", OrderedJson::parse(step.body.dump())}};
}

}  // namespace

std::string predicate_type(const Claim& claim) {
  return std::visit(Overloaded{[](const Claim::Tested&) { return std::string(intoto::kTestResult); },
                               [](const Claim::Produced&) { return std::string(intoto::kProvenance); },
                               [](const Claim::Summarised&) { return std::string(intoto::kSummary); },
                               [](const Claim::Described& described) { return described.predicate_type; }},
                    claim.content);
}

std::string title(const Step& step) {
  return std::visit(
      Overloaded{
          [](const Claim& s) { return fmt::format("attest {} of {}", s.key, about(s)); },
          [](const EnsureBranch& s) { return fmt::format("branch {} at {}", s.name, s.commit.shortened()); },
          [](const EnsureCommit& s) {
            return fmt::format("commit to {}: {}", s.branch, s.message.substr(0, s.message.find('\n')));
          },
          [](const EnsureMergeCommit& s) {
            if (!s.merged) return fmt::format("commit to {}: {} files", s.branch, s.entries.size());
            return fmt::format("commit to {}: {} merged into {}", s.branch, s.merged->shortened(),
                               s.parent.shortened());
          },
          [](const EnsurePullRequest& s) { return fmt::format("pull request {} → {}", s.head, s.base); },
          [](const EnsureWaybill& s) { return fmt::format("waybill of pull request #{}", s.pull_request); },
          [](const EnsureMerged& s) {
            return fmt::format("merge pull request #{} at {}", s.pull_request, s.head.shortened());
          },
          [](const EnsureClosed& s) { return fmt::format("close pull request #{}: {}", s.pull_request, s.why); },
          [](const EnsureCheck& s) { return fmt::format("check {} on {}", s.name, where(s.head)); },
          [](const EnsureTag& s) { return fmt::format("tag {} at {}", s.name, s.commit.shortened()); },
          [](const EnsureDraft& s) { return fmt::format("draft release {}", s.tag); },
          [](const EnsureAsset& s) { return fmt::format("asset {} of release {}", s.name, s.tag); },
          [](const EnsurePublished& s) { return fmt::format("publish release {}", s.tag); },
          [](const EnsureWithdrawn& s) { return fmt::format("mark release {} as withdrawn", s.tag); },
          [](const EnsureManifest& s) { return fmt::format("push {}@{}", s.repository, s.manifest.digest.text()); },
          [](const EnsureReferrer& s) {
            return fmt::format("attach {} to {}@{}", s.key, s.repository, s.subject.digest.text());
          },
          [](const EnsureRegistryTag& s) { return fmt::format("registry tag {}:{}", s.repository, s.tag); },
          [](const EnsureIndex& s) {
            std::vector<std::string> changes;
            for (const auto& entry : s.listed) changes.push_back(entry.name + " " + entry.version);
            for (const auto& [name, version] : s.unlisted) changes.push_back(fmt::format("no {} {}", name, version));
            return fmt::format("index of {}: {}", s.branch, fmt::join(changes, ", "));
          },
          [](const EnsureDeployment& s) {
            return fmt::format("deployment of {} to {}", s.commit.shortened(), s.environment);
          },
          [](const EnsureDispatch& s) { return fmt::format("dispatch {}: {}", s.workflow, s.why); },
          [](const EnsureRuleset& s) { return fmt::format("ruleset {}: {}", s.name, fmt::join(s.drift, "; ")); }},
      step);
}

OrderedJson to_json(const Plan& plan) {
  OrderedJson steps = OrderedJson::array();
  for (std::size_t i = 0; i < plan.steps().size(); ++i) {
    steps.push_back(std::visit([](const auto& one) { return details(one); }, plan.steps()[i]));
    if (!plan.apart(i).empty()) steps.back()["apart"] = plan.apart(i);
  }
  OrderedJson outputs = OrderedJson::object();
  for (const auto& [name, value] : plan.outputs()) outputs[name] = OrderedJson::parse(value.dump());
  OrderedJson json{{"steps", steps}, {"notes", plan.notes()}, {"outputs", outputs}};
  for (const Error& alarm : plan.alarms()) json["alarms"].push_back(alarm.what());
  return json;
}

}  // namespace waybill::stages
