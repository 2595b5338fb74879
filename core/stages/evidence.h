#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/stages/job.h"
#include "core/stages/plan.h"

// What the chart stages say about a chart: checks they ran, claims they make, entries they hand on.
namespace waybill::stages {

// The stamp of a statement by this stage about a consignment; the pull request is the one that it travels in, else the
// event's.
lineage::Stamp stamp(const Job& job, std::string_view stage, std::string_view key, const Consignment& consignment);

Claim tested(const Job& job, std::string_view stage, std::string_view key, const Consignment& consignment,
             std::vector<lineage::Check> checks, std::vector<std::string> inputs);
Claim produced(const Job& job, std::string_view stage, std::string_view key, const Consignment& consignment,
               Json results, std::vector<std::string> inputs);

// One Kubernetes version's checks of a chart.
struct KubernetesCheck {
  std::string kubernetes;
  std::vector<lineage::Check> checks;
};
// helm lint --strict and helm template for every Kubernetes version of the policy. Every failed check of every chart is
// in the one Fault::kInput, with helm's text and the command that reproduces it.
std::vector<KubernetesCheck> run_checks(const Job& job, const Consignment& consignment);
// The same of several charts at once; what each came to, in their order.
struct Checked {
  std::vector<KubernetesCheck> checks;
  std::optional<Error> fault;
};
std::vector<Checked> run_checks(const Job& job, const std::vector<const Consignment*>& consignments);
// The charts of commits by name; each commit is looked at once.
class ChartNames {
 public:
  explicit ChartNames(const Job& job) : job_(job) {}

  // Tags, branches and packages are named after the chart: Fault::kInput where another one of its commit has its name
  // (trust.md T27).
  void require_own(const Consignment& consignment);

 private:
  using Paths = std::multimap<std::string, std::string>;  // by name without case

  const Paths& at(const Oid& commit);

  const Job& job_;
  std::map<Oid, Paths> commits_;
};
// Structure and dependencies of a chart; the checks that hold, Fault::kInput for those that do not.
std::vector<lineage::Check> structure_checks(const Job& job, const Consignment& consignment, ChartNames& names);

// What must verify before the stage plans: every key that the policy demands of a consignment, of the bytes that the
// survey found, with what the waybill says of it; a verification summary must be about this very release.
std::vector<lineage::Requirement> requirements(const Job& job, std::string_view stage, const Consignment& consignment);
// The same of every consignment.
std::vector<lineage::Requirement> requirements(const Job& job, std::string_view stage);

// Verified upstream entries of the consignments as a waybill, the forge's ids kept where the index that travelled names
// them.
lineage::Waybill carried(const Job& job);
// The same for one chart.
lineage::Waybill carried(const Job& job, const Consignment& consignment);
// The waybill in a description; hostile blocks are Fault::kInput.
lineage::Waybill waybill_of(const forge::PullRequest& pull);

// Says of every chart that was set aside why, and starts the stages that have to look: those of the set-aside charts,
// and `next` where no event of this plan would.
void report_set_aside(Plan& plan, const Job& job, std::set<std::string> next = {});

// "waybill/<stage>"
std::string own_check_name(std::string_view stage);
// The App has answered the head of a pull request: with any conclusion, or well.
bool is_own_check(const Job& job, std::string_view stage, const forge::CheckRun& check);
bool has_passed(const Job& job, std::string_view stage, const forge::PullRequest& pull);
EnsureCheck own_check(const forge::PullRequest& pull, std::string_view stage, std::string title, std::string summary);

// A Markdown table of the verified evidence of a chart: key, signer, statement.
std::string provenance_table(const Job& job, const Consignment& consignment);

}  // namespace waybill::stages
