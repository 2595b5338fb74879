#include "core/app/own_check.h"

#include "core/app/report.h"
#include "core/crypto/hash.h"
#include "core/stages/evidence.h"

namespace waybill::app {
namespace {

bool is_about_content(Fault fault) {
  return fault == Fault::kInput || fault == Fault::kUntrusted || fault == Fault::kConflict;
}

bool looks_at_proposals(const Session& session) {
  const auto& trigger = session.invocation.stage->triggers.of(session.facts->policy.pipeline);
  return trigger && stages::is_proposal(*trigger);
}

// What is refused: the pull request that a run looks at while it is open, or the group of a merge queue.
struct Target {
  std::string what;
  Oid head;
  std::string id;
};

std::optional<Target> refused(const stages::Facts& facts) {
  if (const auto& pull = facts.pull; pull && pull->state == "open")
    return Target{fmt::format("pull request #{}", pull->number), pull->head,
                  own_check_id(pull->number, pull->base_ref, pull->base, pull->head)};
  if (const auto& group = facts.group)
    return Target{"the merge queue", group->head, own_check_id(0, group->base_ref, group->base, group->head)};
  return std::nullopt;
}

}  // namespace

std::string own_check_id(std::int64_t pull_request, const std::string& base_ref, const Oid& base, const Oid& head) {
  return crypto::sha256(fmt::format("{}\n{}\n{}\n{}", pull_request, base_ref, base.hex(), head.hex())).hex();
}

void show_refusal(Session& session, const Error& error) {
  if (!session.applies() || !session.facts || !is_about_content(error.fault())) return;
  const auto target = refused(*session.facts);
  if (!target || !looks_at_proposals(session)) return;
  const std::string name = stages::own_check_name(session.invocation.stage->name);
  try {
    for (const forge::CheckRun& check : session.app_forge->check_runs(target->head))
      if (check.name == name &&
          (check.external_id == target->id ? check.conclusion == "failure" : check.conclusion == "success"))
        return;
    session.app_forge->create_check(name, target->head, "failure", "refused",
                                    session.log.redacted(explained(error.what(), error.hint())), target->id);
  } catch (const Error& unshown) {
    session.log.line(fmt::format("{} could not be told: {}", target->what, unshown.what()));
  }
}

}  // namespace waybill::app
