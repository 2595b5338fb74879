#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/stages/journey.h"
#include "core/stages/table.h"
#include "lineage/journey.h"
#include "testing/git_fixture.h"
#include "testing/strict_reader.h"

namespace waybill::stages {

// A chart monorepo as a stage finds it: branches as they were fetched, a policy, evidence that is really signed and
// really verified, and a forge that answers only what it was told of. `main` and `integration` hold charts/web and
// charts/api.
class World {
 public:
  World();

  testing::GitFixture fixture;
  testing::StrictReader forge;
  lineage::Journey journey;  // of charts/web
  Facts facts;
  Ports ports;
  Values inputs;

  // A commit on a branch of the forge.
  Oid change(const std::string& branch, const testing::Files& files, const std::string& message = "feat: a change",
             const std::vector<std::string>& removed = {});
  // A new branch at a commit.
  void branch(const std::string& name, const Oid& commit);
  Oid tip(const std::string& branch) const;
  Oid main() { return tip("main"); }

  // The event's pull request, open, by waybill, from the tip of one branch into another.
  forge::PullRequest& pull(const std::string& head, const std::string& base);

  // charts/web as it is at a commit.
  Consignment web(const Oid& commit);
  // Signs a key about charts/web at `commit`, which came from `source` on integration.
  void attest(std::string_view key, const Oid& commit, const Oid& source);
  // Everything that stages 1 to 6 sign about charts/web, and its tag, when `released` on main came from `source`.
  void release(const std::string& version, const Oid& released, const Oid& source);

  // Everything a stage may read; with its survey done and the demanded evidence verified, as the sequence does it.
  Job job();
  Job surveyed(const Stage& stage);
  Plan planned(const Stage& stage);

 private:
  std::unique_ptr<git::Repository> repository_;
};

// The files of a small chart that lints and renders, below charts/<name>/.
testing::Files chart_files(const std::string& name, const std::string& version = "1.2.3");

template <class Step_>
std::vector<Step_> steps(const Plan& plan) {
  std::vector<Step_> found;
  for (const Step& step : plan.steps())
    if (const auto* one = std::get_if<Step_>(&step)) found.push_back(*one);
  return found;
}

std::vector<std::string> titles(const Plan& plan);

}  // namespace waybill::stages
