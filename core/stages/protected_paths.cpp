#include "core/stages/protected_paths.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "core/base/error.h"
#include "core/chart/folders.h"

namespace waybill::stages {
namespace {

std::vector<std::string> patterns(const lineage::Policy& policy) {
  std::vector<std::string> all = policy.protected_paths;
  all.insert(all.end(), {".github", std::string(lineage::kPolicyFile), "CODEOWNERS", "docs/CODEOWNERS",
                         ".gitattributes", ".gitmodules"});
  return all;
}

}  // namespace

bool is_protected(const lineage::Policy& policy, std::string_view path) {
  return chart::is_named(path, patterns(policy));
}

void require_nothing_protected_changed(const Job& job, const Consignment& consignment) {
  if (job.facts.policy.is_direct()) return;
  const auto& git = job.ports.git();
  const auto protected_ones = patterns(job.facts.policy);
  const auto is_protected = [&](const std::string& path) {
    return chart::is_named(chart::path_in(consignment.path, path), protected_ones);
  };
  std::set<git::Entry> there;
  std::set<git::Entry> here;
  if (const auto tree = git.subtree(job.facts.anchor, consignment.path))
    for (const git::Entry& file : git.files(*tree))
      if (is_protected(file.path)) there.insert(file);
  for (const auto& [path, file] : consignment.subtree)
    if (is_protected(path)) here.insert({path, file.mode, git::blob_id(file.content)});
  std::vector<git::Entry> unequal;
  std::ranges::set_symmetric_difference(there, here, std::back_inserter(unequal));
  std::set<std::string> differing;
  for (const git::Entry& file : unequal) differing.insert(chart::path_in(consignment.path, file.path));
  if (differing.empty()) return;
  throw Error(Fault::kInput, "{}: these files are not as they are on `{}`, where no contribution brings them:\n  {}",
              consignment.path, job.facts.policy.anchor.branch, fmt::join(differing, "\n  "))
      .hint(fmt::format("send them in a pull request to `{}`", job.facts.policy.anchor.branch));
}

}  // namespace waybill::stages
