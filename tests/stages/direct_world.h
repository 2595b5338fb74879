#pragma once

#include <string>
#include <vector>

#include "stages/files.h"
#include "stages/plans.h"
#include "stages/world.h"

namespace waybill::stages {

// A chart monorepo whose contributions go to its default branch. charts/web 1.2.3 and charts/api 1.2.3 lie there since
// the policy came, unreleased.
class DirectWorld : public World {
 public:
  DirectWorld();

  // A person's commit on main, as stage 1 found it in a pull request.
  Oid contribute(const testing::Files& files, const std::string& message = "feat: a contribution");
  // One that nobody validated.
  Oid push(const testing::Files& files, const std::string& message = "feat: pushed");
  // charts/web at `source` is merged as a release of this version, with everything that stages 4 and 5 sign.
  Oid merge_release(const std::string& version, const Oid& source);
  // The same, and its tag.
  Oid release(const std::string& version, const Oid& source);
  void tag_release(const Oid& released, const Oid& source);

  // waybill's branch of a release of charts/web, made on main as it is, before the bump.
  std::string compose(const Oid& source);
  // Its open pull request, with a bump.
  forge::PullRequest& open_release(const Oid& source, const std::string& version, std::int64_t number = 30);
  // The event is that pull request.
  void visit(const forge::PullRequest& pull);
  // The event is a person's pull request into main.
  forge::PullRequest& visit_contribution(const testing::Files& files, const std::vector<std::string>& removed = {});

  std::string bump_branch(const Oid& source) const { return "bump/web/" + source.shortened(); }
};

// The charts/web/Chart.yaml of a version.
testing::Files web_version(const std::string& version);

std::vector<std::string> claimed(const Plan& plan);

}  // namespace waybill::stages
