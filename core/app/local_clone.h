#pragma once

#include <cxxopts.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/base/oid.h"
#include "core/git/repository.h"
#include "core/lineage/version_rules.h"

namespace waybill::app {

// What the commands that need no forge have in common: a clone, a commit of it, where its charts are, and the policy's
// rules for versions where that commit has one. The work tree is never looked at.
struct LocalClone {
  explicit LocalClone(const cxxopts::ParseResult& asked);

  git::Repository git;
  Oid tip;
  std::vector<std::string> patterns;  // --charts, else the policy's, else those of adopt::chart_patterns
  lineage::VersionRules rules;
};

// With --workspace, --commit, --charts and --help.
cxxopts::Options clone_options(const std::string& command, const std::string& help);

// Nothing when the help was asked for and is printed. Fault::kInput for what nobody knows.
std::optional<cxxopts::ParseResult> parsed(cxxopts::Options& options, const std::vector<std::string>& arguments);

// One Fault::kInput with a line for each fault, if there is any.
void refuse(const std::vector<std::string>& faults);

}  // namespace waybill::app
