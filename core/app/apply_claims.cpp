#include "core/app/applier.h"
#include "core/base/error.h"
#include "core/base/overloaded.h"

namespace waybill::app {

lineage::Link Applier::link(const std::string& chart, const std::string& key) const {
  if (const Ledger::Receipt* receipt = ledger_.find(chart, key)) return receipt->link;
  return job_.upstream.link(key, chart);
}

intoto::Statement Applier::statement(const stages::Claim& claim) const {
  std::vector<lineage::Link> links;
  for (const std::string& key : claim.inputs) links.push_back(link(claim.stamp.shipment.chart, key));
  const lineage::Builder& builder = job_.facts.builder;
  const auto& anchor = job_.facts.policy.anchor;
  const std::string policy_uri = fmt::format("{}/{}/blob/{}/{}", anchor.server, anchor.repository,
                                             claim.stamp.policy_commit, lineage::kPolicyFile);
  return std::visit(
      Overloaded{[&](const stages::Claim::Tested& tested) {
                   return lineage::test_result(claim.stamp, claim.subjects, tested.checks, links, builder);
                 },
                 [&](const stages::Claim::Produced& produced) {
                   return lineage::provenance(claim.stamp, claim.subjects, links, builder, produced.results);
                 },
                 [&](const stages::Claim::Summarised& summary) {
                   return lineage::verification_summary(claim.stamp, claim.subjects,
                                                        {summary.resource_uri, summary.withdrawn.empty(),
                                                         summary.levels, session_.clock.now(), summary.withdrawn},
                                                        links, builder, policy_uri);
                 },
                 [&](const stages::Claim::Described& described) {
                   return lineage::stamped(claim.stamp, claim.subjects, described.predicate_type, described.predicate,
                                           links, builder);
                 }},
      claim.content);
}

std::optional<Ledger::Receipt> Applier::standing(const stages::Claim& claim, const intoto::Statement& wanted) const {
  const std::string& chart = claim.stamp.shipment.chart;
  const Digest& subject = claim.subjects.front().digest;
  const lineage::Requirement required{claim.key, chart, subject, std::nullopt};
  std::optional<lineage::Node> node = session_.examiner->withdrawal(required);
  if (!node)
    if (const auto found = session_.examiner->examine({required}).upstream) node = found->at(claim.key, chart);
  if (!node) return std::nullopt;
  const intoto::Statement& said = node->verified.statement();
  if (!lineage::same_claim(said, wanted)) return std::nullopt;
  const Digest statement = node->verified.link();
  return Ledger::Receipt{
      chart, claim.key, {claim.key, statement, subject}, {"", statement, subject, said.predicate_type}, node->bundle};
}

bool Applier::ensure(const stages::Claim& step) {
  const intoto::Statement wanted = statement(step);
  if (step.once)
    if (auto receipt = standing(step, wanted)) {
      ledger_.add(std::move(*receipt));
      return true;
    }
  const sigstore::Signer signer(*session_.signing, *session_.verifier, session_.http,
                                [this] { return session_.identity->fetch("sigstore"); });
  const auto made = signer.sign(wanted);
  const auto wrong = lineage::identity_failures(made.statement.identity(), step.key, job_.facts.policy);
  if (!wrong.empty())
    throw Error(Fault::kUntrusted, "this run may not sign `{}`: {}", step.key, fmt::join(wrong, "; "))
        .hint("run the stage from the workflow that the policy names as its signer");
  std::vector<Digest> subjects;
  for (const auto& about : step.subjects) subjects.push_back(about.digest);
  const std::int64_t id = session_.keep(made.bundle, subjects);
  const Digest subject = subjects.front();
  for (const Digest& about : subjects) session_.store->remember(about, made.bundle);
  ledger_.add(
      {step.stamp.shipment.chart,
       step.key,
       {step.key, made.bundle.link(), subject},
       {id == 0 ? "" : std::to_string(id), made.bundle.link(), subject, made.statement.statement().predicate_type},
       made.bundle});
  return false;
}

std::string Applier::lineage_of(const stages::EnsureAsset::LineageOf& wanted) const {
  std::string lines = lineage::lineage_lines(job_.upstream.lineage(wanted.chart));
  bool found = false;
  for (const Ledger::Receipt& receipt : ledger_.receipts()) {
    if (receipt.chart != wanted.chart) continue;
    lines += receipt.bundle.json() + "\n";
    found = found || receipt.key == wanted.key;
  }
  if (!found)
    throw Error(Fault::kInternal, "`{}` of {} was not attested before its lineage is asked for", wanted.key,
                wanted.chart);
  return lines;
}

}  // namespace waybill::app
