#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/git/repository.h"
#include "core/lineage/policy.h"

namespace waybill::app {

// A clone in the state that its policy is held against.
struct PolicyPlace {
  const git::Repository& git;
  Oid commit;                                                               // whose charts are looked at
  std::string described;                                                    // where files are looked for, in words
  std::function<std::optional<std::string>(const std::string& path)> file;  // nothing when it is no file there

  // Everything as a commit has it.
  static PolicyPlace at_commit(const git::Repository& git, const Oid& commit);
  // Files as they lie in the work tree, charts as the commit has them.
  static PolicyPlace in_work_tree(const git::Repository& git, const Oid& commit, const std::filesystem::path& folder);
};

// What a policy names and is not there as it says, each with its cure: pinned files with other bytes or unreadable,
// patterns without a chart, workflow files of signers, commits of adopted tags.
std::vector<Error> policy_findings(const lineage::Policy& policy, const PolicyPlace& place, Time now);

}  // namespace waybill::app
