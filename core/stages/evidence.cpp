#include "core/stages/evidence.h"

#include <algorithm>
#include <iterator>

#include "core/base/parallel.h"
#include "core/base/unicode.h"
#include "core/lineage/keys.h"
#include "core/stages/journey.h"
#include "core/stages/protected_paths.h"
#include "core/stages/released.h"

namespace waybill::stages {

lineage::Stamp stamp(const Job& job, std::string_view stage, std::string_view key, const Consignment& consignment) {
  const Facts& facts = job.facts;
  lineage::Stamp stamp{.key = std::string(key),
                       .stage = std::string(stage),
                       .repository_id = facts.repository_id,
                       .policy_commit = facts.anchor.hex(),
                       .policy = facts.policy.digest,
                       .shipment = consignment.shipment,
                       .version = consignment.metadata.version,
                       .tool = facts.tool};
  if (const auto& pull = consignment.pull ? consignment.pull : facts.pull) {
    stamp.pull_request = pull->number;
    stamp.base_ref = pull->base_ref;
    stamp.base = pull->base.hex();
    stamp.head = pull->head.hex();
  } else {
    stamp.head = consignment.commit.hex();
  }
  return stamp;
}

Claim tested(const Job& job, std::string_view stage, std::string_view key, const Consignment& consignment,
             std::vector<lineage::Check> checks, std::vector<std::string> inputs) {
  return {std::string(key), stamp(job, stage, key, consignment), consignment.subjects(), std::move(inputs),
          Claim::Tested{std::move(checks)}};
}

Claim produced(const Job& job, std::string_view stage, std::string_view key, const Consignment& consignment,
               Json results, std::vector<std::string> inputs) {
  return {std::string(key), stamp(job, stage, key, consignment), consignment.subjects(), std::move(inputs),
          Claim::Produced{std::move(results)}};
}

std::vector<KubernetesCheck> run_checks(const Job& job, const Consignment& consignment) {
  std::vector<KubernetesCheck> all;
  std::string failed;
  const auto record = [&failed](const chart::CheckResult& result, std::vector<lineage::Check>& checks,
                                std::string name) {
    checks.push_back({std::move(name), result.passed, result.command});
    if (!result.passed) failed += fmt::format("\n`{}` failed:\n{}", result.command, result.output);
  };
  const chart::CheckResult lint = job.ports.helm().lint(consignment.subtree, consignment.path);
  for (const std::string& kubernetes : job.facts.policy.kubernetes) {
    KubernetesCheck& version = all.emplace_back(KubernetesCheck{kubernetes, {}});
    version.checks.push_back({"lint", lint.passed, lint.command});
    record(job.ports.helm().render(consignment.subtree, consignment.path, kubernetes), version.checks, "template");
  }
  if (!lint.passed) failed = fmt::format("\n`{}` failed:\n{}", lint.command, lint.output) + failed;
  if (!failed.empty()) throw Error(Fault::kInput, "{} did not pass its checks:{}", consignment.path, failed);
  return all;
}

std::vector<Checked> run_checks(const Job& job, const std::vector<const Consignment*>& consignments) {
  std::vector<Checked> all(consignments.size());
  in_parallel(consignments.size(), [&](std::size_t number) {
    try {
      all[number].checks = run_checks(job, *consignments[number]);
    } catch (const Error& error) {
      all[number].fault = error;
    }
  });
  return all;
}

const ChartNames::Paths& ChartNames::at(const Oid& commit) {
  const auto [place, is_new] = commits_.try_emplace(commit);
  if (is_new)
    for (const std::string& path : chart::chart_paths(job_.ports.git(), commit, job_.facts.policy.charts))
      if (const auto metadata = readable_metadata(job_, commit, path))
        place->second.emplace(case_folded(metadata->name), path);
  return place->second;
}

void ChartNames::require_own(const Consignment& consignment) {
  const std::string& name = consignment.metadata.name;
  const auto [first, last] = at(consignment.commit).equal_range(case_folded(name));
  for (auto other = first; other != last; ++other)
    if (other->second != consignment.path)
      throw Error(Fault::kInput, "{} and {} are both named `{}`, each chart needs a name of its own", consignment.path,
                  other->second, name)
          .hint(fmt::format("name: {}   # in {}/Chart.yaml", consignment.path.substr(consignment.path.rfind('/') + 1),
                            consignment.path));
}

std::vector<lineage::Check> structure_checks(const Job& job, const Consignment& consignment, ChartNames& names) {
  names.require_own(consignment);
  require_nothing_protected_changed(job, consignment);
  chart::require_name(consignment.metadata.name, consignment.path + "/Chart.yaml");
  chart::require_vendored_dependencies(consignment.subtree, consignment.path);
  return {{"structure", true, "waybill detect-changes"},
          {"dependencies", true, "helm dependency list " + consignment.path}};
}

std::vector<lineage::Requirement> requirements(const Job& job, std::string_view stage, const Consignment& consignment) {
  const std::string release = release_uri(job, consignment.metadata.name, consignment.metadata.version);
  const auto chart = consignment.waybill.find(consignment.path);
  std::vector<lineage::Requirement> all;
  for (const std::string& key : job.facts.policy.demanded_by(stage)) {
    lineage::Requirement requirement{key, consignment.path, consignment.subject_of(key), std::nullopt, release};
    if (chart != consignment.waybill.end())
      if (const auto entry = chart->second.find(key);
          entry != chart->second.end() && entry->second.statement && entry->second.subject)
        requirement.hint = lineage::Link{key, *entry->second.statement, *entry->second.subject};
    all.push_back(std::move(requirement));
  }
  return all;
}

std::vector<lineage::Requirement> requirements(const Job& job, std::string_view stage) {
  std::vector<lineage::Requirement> all;
  for (const Consignment& consignment : job.consignments)
    std::ranges::move(requirements(job, stage, consignment), std::back_inserter(all));
  return all;
}

lineage::Waybill waybill_of(const forge::PullRequest& pull) {
  try {
    return lineage::read_waybill(pull.body);
  } catch (const Error& error) {
    throw Error(error.fault(), "pull request #{}: {}", pull.number, error.what()).hint(error.hint());
  }
}

lineage::Waybill carried(const Job& job, const Consignment& consignment) {
  std::map<std::string, lineage::Entry> entries;
  const auto index = consignment.waybill.find(consignment.path);
  for (const lineage::Node* node : job.upstream.lineage(consignment.path)) {
    lineage::Entry entry{"", node->verified.link(), node->subject, node->verified.statement().predicate_type};
    if (index != consignment.waybill.end()) {
      const auto known = index->second.find(node->stamp.key);
      if (known != index->second.end() && known->second.statement == entry.statement) entry.id = known->second.id;
    }
    entries.insert_or_assign(node->stamp.key, std::move(entry));
  }
  return {{consignment.path, std::move(entries)}};
}

lineage::Waybill carried(const Job& job) {
  lineage::Waybill waybill;
  for (const Consignment& consignment : job.consignments) waybill.merge(carried(job, consignment));
  return waybill;
}

void report_set_aside(Plan& plan, const Job& job, std::set<std::string> next) {
  for (const SetAside& chart : job.set_aside) {
    plan.note(chart.why);
    if (!chart.redo_by.empty()) next.insert(chart.redo_by);
  }
  for (const std::string& stage : next)
    plan.add(EnsureDispatch{stage, job.facts.policy.anchor.branch, "content waits for its statements"});
}

std::string own_check_name(std::string_view stage) {
  return "waybill/" + std::string(stage);
}

bool is_own_check(const Job& job, std::string_view stage, const forge::CheckRun& check) {
  return check.name == own_check_name(stage) && check.app + "[bot]" == job.facts.policy.app;
}

bool has_passed(const Job& job, std::string_view stage, const forge::PullRequest& pull) {
  return std::ranges::any_of(job.ports.forge().check_runs(pull.head), [&](const forge::CheckRun& check) {
    return is_own_check(job, stage, check) && check.conclusion == "success";
  });
}

EnsureCheck own_check(const forge::PullRequest& pull, std::string_view stage, std::string title, std::string summary) {
  return {own_check_name(stage), pull.head,         pull.number, pull.base_ref, pull.base,
          std::move(title),      std::move(summary)};
}

std::string provenance_table(const Job& job, const Consignment& consignment) {
  std::string table = "| key | signed by | at | statement |\n|---|---|---|---|\n";
  for (const lineage::Node* node : job.upstream.lineage(consignment.path))
    table += fmt::format("| `{}` | `{}` | {} | `{}` |\n", node->stamp.key, node->stamp.stage,
                         to_rfc3339(node->verified.time()), node->verified.link().hex().substr(0, 16));
  return table;
}

}  // namespace waybill::stages
