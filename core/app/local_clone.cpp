#include "core/app/local_clone.h"

#include <iostream>

#include "core/adopt/survey.h"
#include "core/base/error.h"
#include "core/lineage/policy.h"

namespace waybill::app {
namespace {

constexpr std::size_t kPolicyBytes = 256 * 1024;

Oid commit_of(const git::Repository& git, const std::string& name) {
  const auto commit = git.resolve(name);
  if (!commit) throw Error(Fault::kInput, "`{}` is no commit, tag or branch here", name).hint("git fetch --tags");
  return *commit;
}

}  // namespace

LocalClone::LocalClone(const cxxopts::ParseResult& asked)
    : git(git::Repository::open(asked["workspace"].as<std::string>())),
      tip(commit_of(git, asked["commit"].as<std::string>())) {
  const std::string file(lineage::kPolicyFile);
  if (const auto text = git.file(tip, file, kPolicyBytes)) {
    const auto policy = lineage::Policy::parse(*text, file);
    patterns = policy.charts;
    rules = policy.versions;
  }
  if (asked.count("charts") > 0) patterns = asked["charts"].as<std::vector<std::string>>();
  if (patterns.empty()) patterns = adopt::chart_patterns(git, tip);
}

cxxopts::Options clone_options(const std::string& command, const std::string& help) {
  cxxopts::Options options("waybill " + command, help);
  auto add = options.add_options();
  add("workspace", "The clone", cxxopts::value<std::string>()->default_value("."), "DIR");
  add("commit", "Commit, tag or branch to look at", cxxopts::value<std::string>()->default_value("HEAD"), "NAME");
  add("charts",
      "Where charts are, one `*` for each folder level (the policy's `charts`, else everywhere but what ct.yaml "
      "excludes)",
      cxxopts::value<std::vector<std::string>>(), "PATTERN,…");
  add("h,help", "Print this");
  return options;
}

std::optional<cxxopts::ParseResult> parsed(cxxopts::Options& options, const std::vector<std::string>& arguments) {
  std::vector<const char*> argv{"waybill"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  try {
    auto found = options.parse(static_cast<int>(argv.size()), argv.data());
    if (!found.unmatched().empty())
      throw Error(Fault::kInput, "`{}` is not expected here", found.unmatched().front())
          .hint(options.program() + " --help");
    if (found.count("help") == 0) return found;
    std::cout << options.help();
    return std::nullopt;
  } catch (const cxxopts::exceptions::exception& error) {
    throw Error(Fault::kInput, "{}", error.what()).hint(options.program() + " --help");
  }
}

void refuse(const std::vector<std::string>& faults) {
  if (!faults.empty()) throw Error(Fault::kInput, "{}", fmt::join(faults, "\n"));
}

}  // namespace waybill::app
