#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/app/ledger.h"
#include "core/app/session.h"
#include "core/base/error.h"
#include "core/stages/plan.h"

namespace waybill::app {

// What became of one step.
struct Done {
  const stages::Step& step;
  std::string title;
  bool already = false;  // it was so before
};

// Carries out a plan, step by step, in its order. Every effect is looked for first: already so = nothing to do, absent
// = made, different = Fault::kConflict with both values named. Killed between any two steps and run again, it ends the
// same.
class Applier {
 public:
  Applier(Session& session, const stages::Job& job,
          std::function<oci::Registry&(const std::string& repository)> registry);

  // `report` hears of each step as it is done. A description without room for what is to be written into it is refused
  // before the first step. What comes back is why steps that are kept apart could not be done.
  std::vector<Error> apply(const stages::Plan& plan, const std::function<void(const Done&)>& report);

  const Ledger& ledger() const { return ledger_; }

 private:
  bool ensure(const stages::Claim& step);
  bool ensure(const stages::EnsureBranch& step);
  bool ensure(const stages::EnsureCommit& step);
  bool ensure(const stages::EnsureMergeCommit& step);
  bool ensure(const stages::EnsurePullRequest& step);
  bool ensure(const stages::EnsureWaybill& step);
  bool ensure(const stages::EnsureMerged& step);
  bool ensure(const stages::EnsureClosed& step);
  bool ensure(const stages::EnsureCheck& step);
  bool ensure(const stages::EnsureTag& step);
  bool ensure(const stages::EnsureDraft& step);
  bool ensure(const stages::EnsureAsset& step);
  bool ensure(const stages::EnsurePublished& step);
  bool ensure(const stages::EnsureWithdrawn& step);
  bool ensure(const stages::EnsureManifest& step);
  bool ensure(const stages::EnsureReferrer& step);
  bool ensure(const stages::EnsureRegistryTag& step);
  bool ensure(const stages::EnsureIndex& step);
  bool ensure(const stages::EnsureDeployment& step);
  bool ensure(const stages::EnsureDispatch& step);
  bool ensure(const stages::EnsureRuleset& step);

  // True when the tip is a commit of the App's with this tree and these parents; Fault::kConflict otherwise.
  bool is_made(const std::string& branch, const Oid& tip, const Oid& tree, const std::vector<Oid>& parents) const;
  void make_commit(const std::string& branch, const std::optional<Oid>& tip, const Oid& planned, const Oid& tree,
                   const std::string& message, const std::vector<Oid>& parents);
  void require_room(const stages::Plan& plan) const;
  lineage::Link link(const std::string& chart, const std::string& key) const;
  intoto::Statement statement(const stages::Claim& claim) const;
  std::optional<Ledger::Receipt> standing(const stages::Claim& claim, const intoto::Statement& wanted) const;
  std::string other_place() const;
  bool write_waybill(std::int64_t pull_request, const lineage::Waybill& carried);
  std::string lineage_of(const stages::EnsureAsset::LineageOf& wanted) const;
  stages::EnsureReferrer::Kept attested(const stages::EnsureReferrer& step) const;
  forge::Release release(const std::string& tag) const;

  Session& session_;
  const stages::Job& job_;
  const forge::Client& app_;
  std::function<oci::Registry&(const std::string&)> registry_;
  Ledger ledger_;
};

}  // namespace waybill::app
