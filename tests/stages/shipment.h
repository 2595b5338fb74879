#pragma once

#include <string>
#include <vector>

#include "stages/files.h"
#include "stages/plans.h"
#include "stages/world.h"

namespace waybill::stages {

// One contribution to charts/web on its way to be 1.3.0, step by step, as the stages leave it: branches, pull requests,
// statements. Runs are dispatched: no event names a pull request.
class ShipmentUnderWay {
 public:
  explicit ShipmentUnderWay(const testing::Files& contribution = web_image("app:2"),
                            const std::string& message = "feat: the second app");

  World world;
  testing::Files contribution;
  Oid source;         // on integration
  std::string split;  // branch names
  std::string release;
  Oid final_commit = source;  // of the release branch, once it has its version

  void validated();
  void split_off();     // pull request #31, open
  void stands_alone();  // #31 is merged into integrate/web
  void composed();      // pull request #32 into main, open
  void bumped();
  void merged_to_main();  // #32, squashed
  void tagged();
  void sent();      // pull request #33 of the tagged commit into release, open
  void released();  // #33 is merged; the package is attested

  // Another policy is in force from now on.
  void policy_changes();
  // A later contribution to the same chart lies on integration, validated.
  Oid another_contribution();

  forge::PullRequest& pull(std::int64_t number);
  // The branch of the open release train.
  std::string train() const { return "release-train/" + world.main().shortened(); }
  // The keys that a stage's plan attests, and the stages that it dispatches.
  static std::vector<std::string> attested(const Plan& plan);
  static std::vector<std::string> dispatched(const Plan& plan);
  Plan planned(const Stage& stage) { return world.planned(stage); }
  // Signs what the plan claims, as the applier does.
  void carry_out(const Plan& plan);

 private:
  void open_pull(std::int64_t number, const std::string& head, const std::string& base);
  void merge_pull(std::int64_t number, const Oid& commit);
};

}  // namespace waybill::stages
