#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/stages/journey.h"
#include "core/stages/table.h"
#include "lineage/journey.h"
#include "testing/git_fixture.h"
#include "testing/strict_reader.h"

namespace waybill::stages {

// A message of waybill's form for charts/web, by somebody who only writes like waybill.
std::string rogue_message(const std::string& version, const Oid& commit);

// A chart monorepo as a stage finds it: branches as they were fetched, a policy, evidence that is really signed and
// really verified, and a forge that answers only what it was told of. `main` and `integration` hold charts/web and
// charts/api.
class World {
 public:
  World();

  testing::GitFixture fixture;
  testing::StrictReader forge;
  lineage::Journey journey;
  Facts facts;
  Ports ports;
  Values inputs;

  // A commit on a branch of the forge.
  Oid change(const std::string& branch, const testing::Files& files, const std::string& message = "feat: a change",
             const std::vector<std::string>& removed = {});
  // A new branch at a commit.
  void branch(const std::string& name, const Oid& commit);
  // A commit that this clone has no more.
  void lose(const Oid& commit);
  Oid tip(const std::string& branch) const;
  Oid main() const { return tip("main"); }
  Oid before(const Oid& commit) const;  // its first parent
  // Carries a planned commit out as the forge would; what comes out must be the planned tree.
  Oid make(const EnsureCommit& step);
  // A tag of waybill's form for the chart at a commit, whoever made it.
  void tag(const Oid& commit, const Oid& source, const std::string& path = "charts/web");

  // The event's pull request, open, by waybill, from the tip of one branch into another.
  forge::PullRequest& pull(const std::string& head, const std::string& base);
  // The same, merged as this commit of its base.
  forge::PullRequest& merged(const std::string& head, const std::string& base, const Oid& commit);

  // A chart as it is at a commit.
  Consignment chart(const Oid& commit, const std::string& path = "charts/web");
  Consignment web(const Oid& commit) { return chart(commit); }
  // Signs a key about a chart at `commit`, which came from `source` on integration.
  void attest(std::string_view key, const Oid& commit, const Oid& source, const std::string& path = "charts/web");
  // Every key of a stage.
  void attest_stage(std::string_view stage, const Oid& commit, const Oid& source,
                    const std::string& path = "charts/web");
  // The run that signs for a stage: of each another one, its first attempt.
  static std::int64_t run_of(std::string_view stage);
  // Everything that stages 1 to 6 sign about charts/web, and its tag, when `released` on main came from `source`.
  void release(const Oid& released, const Oid& source);

  // What only some stages look with.
  void use_helm();
  // The inputs of a stage as it would have them by default, and these.
  void use_inputs(const Stage& stage, const Values& given);
  void complete_inputs(const Stage& stage);

  // Everything a stage may read; with its survey done and the demanded evidence verified, as the sequence does it.
  Job job();
  Job surveyed(const Stage& stage);
  Plan planned(const Stage& stage);
  // The stage stops with one text that says all of this.
  void refuses(const Stage& stage, Fault fault, const std::vector<std::string_view>& said);

 private:
  std::unique_ptr<git::Repository> repository_;
  std::optional<chart::Helm> helm_;
};

}  // namespace waybill::stages
